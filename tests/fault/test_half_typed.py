"""The program is killed while somebody types: what stood in the field is offered after the restart, and was never readable."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.ui.main_window import MainWindow
from desktop.ui.run import settle
from tests.fault.conftest import PASSPHRASE, Desk
from tests.ui.pressing import press

ROOT = Path(__file__).parents[2]
TYPED = "zoraida.half@typ"

CHILD = """
    import sys
    from pathlib import Path
    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtTest import QTest
    from desktop.services.workspace import Workspace
    from desktop.ui.main_window import MainWindow
    from desktop.ui.run import application, settle
    from desktop.ui.theme import apply_theme

    folder, passphrase, record, field, typed = sys.argv[1:]
    app = application()
    apply_theme(app, "light", 100, "comfortable")
    workspace = Workspace.open(Path(folder), passphrase)
    window = MainWindow(workspace, automatic=False)
    window.show()
    window.start("record", **({"record_id": record} if record else {"collection": "trainees"}))
    settle(window)
    page = window.stack.page
    page.go_to_field(field)
    line = page.screen_view.form.row(field).control.inputs()[0]
    line.selectAll()
    QTest.keyClicks(line, typed)

    def look():
        if workspace.drafts.of(record or None, "trainees") is not None:
            print("kept", flush=True)

    timer = QTimer(interval=20)
    timer.timeout.connect(look)
    timer.start()
    app.exec()
"""


@contextmanager
def _typing(desk: Desk, record: str, field: str, typed: str) -> Iterator[subprocess.Popen[str]]:
    """Another process in which somebody has just typed and not left the field; killed at the end at the latest."""
    command = [sys.executable, "-c", textwrap.dedent(CHILD), str(desk.folder), PASSPHRASE]
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(
        [*command, record, field, typed], cwd=ROOT, stdout=subprocess.PIPE, text=True, env=env
    ) as child:
        try:
            assert child.stdout is not None
            assert child.stdout.readline() == "kept\n"
            yield child
        finally:
            child.kill()


@pytest.fixture
def after(desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Any]]:
    """The window after the restart."""
    made: list[MainWindow] = []

    def start() -> MainWindow:
        monkeypatch.setenv("TEST_PORTAL_TOKEN", desk.portal.token)
        desk.reopen()
        window = MainWindow(desk.workspace, automatic=False)
        made.append(window)
        qtbot.addWidget(window)
        window.show()
        window.start()
        settle(window)
        return window

    yield start
    for window in made:
        window.close()


def test_killed_while_typing_in_a_record(desk: Desk, after: Callable[[], Any]) -> None:
    """I1: kill -9 before the field was left. The record is as saved; what was typed is offered, put back, and saved."""
    record = desk.at(desk.in_training())
    before = record.document.get("email")
    desk.close()
    with _typing(desk, record.id, "email", TYPED) as child:
        child.kill()
        child.wait()
    for path in desk.folder.rglob("*"):
        if path.is_file():
            assert TYPED.encode() not in path.read_bytes(), f"{path.name} can be read by anybody"
    window = after()
    page = window.stack.page
    assert window.stack.name == "record"
    assert page.session.view.id == record.id
    assert page.screen_view.left_over.isVisible()
    assert desk.workspace.records.view(record.id).document.get("email") == before
    press(Qt.Key.Key_Space)
    assert page.screen_view.form.row("email").control.value() == TYPED
    press(Qt.Key.Key_End, ".example.org", Qt.Key.Key_Tab)
    settle(window)
    assert desk.workspace.records.view(record.id).document.get("email") == f"{TYPED}.example.org"
    assert desk.workspace.drafts.latest() is None


def test_killed_while_typing_the_first_answer_of_a_new_record(desk: Desk, after: Callable[[], Any]) -> None:
    """I1: nothing of the record was saved yet, and still nothing is lost."""
    desk.close()
    with _typing(desk, "", "first_names", "Zorai") as child:
        child.kill()
        child.wait()
    window = after()
    page = window.stack.page
    assert window.stack.name == "record"
    assert page.session.view is None
    page.screen_view.left_over.put_back.click()
    assert page.screen_view.form.row("first_names").control.value() == "Zorai"
