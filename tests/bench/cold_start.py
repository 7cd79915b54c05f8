"""The window as a process of its own, on a workspace that is there already: says when its first row was painted.

    python -m tests.bench.cold_start FOLDER BEGUN

BEGUN = `time.monotonic()` just before the process was started. Prints one line of JSON: seconds from there to the first
painted page, to the first painted row of the records, and to a table that knows all its lines; resident megabytes then.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

BEGUN = float(sys.argv[2]) if __name__ == "__main__" else 0.0


def main() -> None:
    """Start as `holdfast` does, with the Records as first page."""
    from desktop.__main__ import spare_the_collector

    spare_the_collector()
    from PySide6.QtCore import QTimer

    from desktop.ui.main_window import MainWindow
    from desktop.ui.records.line_painter import LinePainter
    from desktop.ui.start import run

    told: dict[str, float] = {}
    start, paint, closing = MainWindow.start, LinePainter.paint, MainWindow.closeEvent

    def mark(name: str) -> None:
        told.setdefault(name, time.monotonic() - BEGUN)

    def on_records(self: MainWindow, *_: Any, **__: Any) -> None:
        start(self, "records")
        watch = QTimer(self, interval=20)
        watch.timeout.connect(lambda: _when_calm(self, mark))
        watch.start()

    def painted(*args: Any, **more: Any) -> None:
        paint(*args, **more)
        mark("first row")

    def closed(self: MainWindow, event: Any) -> None:
        told["megabytes"] = _resident_mb()
        print(json.dumps(told), flush=True)
        closing(self, event)

    MainWindow.start = on_records  # type: ignore[method-assign]
    LinePainter.paint = painted  # type: ignore[method-assign]
    MainWindow.closeEvent = closed  # type: ignore[method-assign]
    sys.exit(run(Path(sys.argv[1])))


def _when_calm(window: Any, mark: Any) -> None:
    """All lines are there and nothing is under way: scroll to the end and back, then leave."""
    page = window.stack.page
    if window.operations.busy or page is None or page.table.model().rowCount() <= 200:
        return
    mark("all lines")
    for place in (page.table.model().rowCount() - 1, 0):
        page.table.go_to(place)
        page.table.repaint()
    window.close()


def _resident_mb() -> float:
    """What the process holds in memory now."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * 4096 / 1_000_000


if __name__ == "__main__":
    main()
