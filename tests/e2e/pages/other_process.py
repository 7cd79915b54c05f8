"""The program in a process of its own, in which somebody saves one answer and types half of another until it is killed.

Run as `python -m tests.e2e.pages.other_process FOLDER PASSPHRASE ACTOR TIME NAME SAVED_PATH SAVED HALF_PATH HALF`. It says "kept"
on stdout once the half answer can no longer be lost.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QTimer

from desktop.services.workspace import Workspace
from desktop.ui.main_window import MainWindow
from desktop.ui.run import application
from desktop.ui.theme import apply_theme
from tests.e2e.pages.window import App

ROOT = Path(__file__).parents[3]
KEPT = "kept"
LOOK_MS = 20


@contextmanager
def somebody_types(
    workspace: Sequence[str], name: str, saved: tuple[str, str], half: tuple[str, str]
) -> Iterator[subprocess.Popen[str]]:
    """The other process while it waits to be killed, which happens at the end at the latest.

    workspace  its folder, passphrase and user, and what time it is there
    """
    command = [sys.executable, "-m", "tests.e2e.pages.other_process", *workspace, name, *saved, *half]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == f"{KEPT}\n"
            yield process
        finally:
            process.kill()


def main(folder: str, passphrase: str, actor: str, time: str, name: str, *answers: str) -> None:
    """Sit down, save one answer, type half of the next, and wait for the end."""
    app = application()
    apply_theme(app, "light", 100, "comfortable")
    now = datetime.fromisoformat(time)
    workspace = Workspace.open(Path(folder), passphrase, clock=lambda: now, actor=actor)
    person = App(MainWindow(workspace, automatic=False))
    person.window.show()
    person.window.start()
    person.wait()
    record = person.records().open(name)
    record.answer(*answers[:2])
    record.begin(*answers[2:])

    def look() -> None:
        if workspace.drafts.latest() is not None:
            sys.stdout.write(f"{KEPT}\n")
            sys.stdout.flush()
            timer.stop()

    timer = QTimer(interval=LOOK_MS)
    timer.timeout.connect(look)
    timer.start()
    app.exec()


if __name__ == "__main__":
    main(*sys.argv[1:])
