"""A workspace full of planted secrets, and the real program on it that shows them and then locks.

`python -m tests.locked.office make FOLDER SECRETS` makes it; `... show FOLDER` opens the window, goes through its pages, says
"shown" and waits for a line on stdin; then it presses the lock. What runs under its process id afterwards is looked into.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import traceback
from itertools import product
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.model.document import Document
from desktop.services.views import Organisation, RecordQuery
from desktop.services.workspace import Workspace
from desktop.ui import start
from desktop.ui.main_window import MainWindow
from desktop.ui.run import settle

PASSPHRASE = "Zwischenraumpassphrase-7731"
TOKEN = "tok-Quollverblixen-000099881"
PEOPLE = 250
HALF_TYPED = "half.typed@mail.example"
MARK = "quollver"
"""Every planted string holds it, so that one look finds them all, also cut off."""


def planted() -> dict[str, list[str]]:
    """A thousand made-up strings that stand nowhere else: names, and e-mail addresses."""
    words = iter(f"{MARK}{''.join(four)}" for four in product("bdfgklmnpr", repeat=4))
    fields = ("first_names", "middle_names", "last_name", "email")
    found = {field: [next(words) for _ in range(PEOPLE)] for field in fields}
    return found | {"email": [f"{word}@mail.example" for word in found["email"]]}


def make(folder: Path) -> None:
    """The workspace, its token in it."""
    secrets = planted()
    workspace = Workspace.create(folder, Organisation("Weybury SCITT", "hei"), PASSPHRASE, remember=False)
    for number in range(PEOPLE):
        workspace.records.add(
            "trainees", Document({name: values[number] for name, values in secrets.items()})
        )
    workspace.portals.connect("trainees", "http://127.0.0.1:9", token=TOKEN, in_workspace=True)
    workspace.close()


class Guide(QObject):
    """Waits for the window, goes through its pages, and locks it when it is told to."""

    told = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self, interval=200)
        self._timer.timeout.connect(self._on_look)
        self._timer.start()
        self.told.connect(self._on_told)
        self._window: MainWindow | None = None

    def _on_look(self) -> None:
        window = next((one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow)), None)
        if window is None or not window.isVisible():
            return
        self._timer.stop()
        self._window = window
        try:
            self._go_through(window)
        except BaseException:  # noqa: BLE001 - whoever waits for this process must see it end
            traceback.print_exc()
            os._exit(1)
        threading.Thread(target=self._listen, daemon=True).start()

    def _go_through(self, window: MainWindow) -> None:
        window.autosync.automatic = False
        workspace = window._workspace
        keys = workspace.records.find(RecordQuery("trainees"))
        rows = workspace.records.rows(keys)
        documents = [workspace.records.view(row.id).document for row in rows]
        window.go("records")
        settle(window)
        for row in rows[:5]:
            window.go("record", record_id=row.id)
            settle(window)
        page: Any = window.stack.page
        line = page.screen_view.form.row("email").control.inputs()[0]
        line.selectAll()
        QTest.keyClicks(line, HALF_TYPED)
        sys.stdout.write(json.dumps({"key": workspace._store._data_key.hex(), "held": len(documents)}) + "\n")
        sys.stdout.flush()
        self._held = documents

    def _listen(self) -> None:
        sys.stdin.readline()
        self.told.emit()

    def _on_told(self) -> None:
        assert self._window is not None
        self._window.lock.lock()


def show(folder: Path) -> None:
    """The real window, opened with the passphrase of the environment."""
    from desktop.ui.run import application

    application()
    guide = Guide()
    start.run(folder)
    guide.deleteLater()


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(Path(sys.argv[2]))
    else:
        os.environ["HOLDFAST_PASSPHRASE"] = PASSPHRASE
        show(Path(sys.argv[2]))
