"""Going from one workspace to another: the list, another folder, a new one. One window at a time."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMenu

from desktop import paths
from desktop.model.document import Patch
from desktop.practice.server import PROVIDER_NAME
from desktop.services.views import Organisation
from desktop.services.workspace import Workspace
from desktop.ui import start
from desktop.ui.first_run.making import Made
from desktop.ui.main_window import MainWindow
from desktop.ui.parts.ask import Question
from desktop.ui.shell import switcher
from desktop.ui.shell.known import FILE, Known
from desktop.ui.shell.locked_window import LockedWindow
from desktop.ui.shell.memory import Memory
from desktop.ui.shell.switcher import Wish


@pytest.fixture
def known(tmp_path):
    return Known(tmp_path / "config")


@pytest.fixture
def other(tmp_path) -> Path:
    folder = Path(tmp_path) / "other"
    Workspace.create(folder, Organisation("Fenland SCITT", "scitt"), "practice", remember=False).close()
    return folder


@pytest.fixture
def office(qtbot, workspace, known, other, settle):
    """A window that knows another workspace."""
    known.note("Fenland SCITT", other)
    known.note(PROVIDER_NAME, workspace.folder)
    window = MainWindow(workspace, automatic=False, known=known)
    qtbot.addWidget(window)
    window.show()
    window.start()
    settle(window)
    yield window
    window.close()


# -- the list ------------------------------------------------------------------------------------------------


def test_the_list_has_the_newest_first_and_nothing_personal(known, tmp_path, other):
    known.note("Northmoor", tmp_path)
    known.note("Fenland SCITT", other)
    known.note("Northmoor, renamed", tmp_path)
    assert [one.name for one in known.all()] == ["Northmoor, renamed", "Fenland SCITT"]
    text = (tmp_path / "config" / FILE).read_text(encoding="utf-8")
    assert set(text.split('"')[1::2]) >= {"name", "folder"}


def test_a_folder_that_is_gone_is_left_out(known, tmp_path):
    known.note("Gone", tmp_path / "gone")
    assert known.all() == []


@pytest.mark.parametrize("broken", ["", "{", "[1]", '{"a": 1}', '[{"name": "x"}]'])
def test_a_broken_list_counts_as_empty(tmp_path, broken):
    (tmp_path / FILE).write_text(broken, encoding="utf-8")
    known = Known(tmp_path)
    assert known.all() == []
    known.note("Northmoor", tmp_path)
    assert len(known.all()) == 1


# -- switching ------------------------------------------------------------------------------------------------


def test_the_head_of_the_rail_lists_them_and_marks_this_one(office, monkeypatch):
    monkeypatch.setattr(QMenu, "popup", lambda *_: None)
    office.rail.head.click()
    menu = office.findChild(QMenu)
    words = [action.text() for action in menu.actions() if action.text()]
    assert words == [
        PROVIDER_NAME,
        "Fenland SCITT",
        "Open another folder",
        "Set up a new workspace",
        "Restore a backup",
    ]
    assert [action.isChecked() for action in menu.actions()[:2]] == [True, False]


def test_choosing_another_closes_this_one_in_good_order(qtbot, office, workspace, portal, editable, other):
    workspace.records.edit(editable()[0].id, Patch({"email": "moved@mail.example"}))
    portal.control.fault("slow", seconds=0.3)
    office.sync_now()
    with qtbot.waitSignal(office.closed, timeout=15_000):
        office.switcher.go(other)
    assert office.switcher.wish == Wish(other)
    assert not office.operations.busy


def test_ctrl_k_finds_them(office):
    words = [command.words for command in office.ways.commands()]
    assert "Open Fenland SCITT" in words
    assert "Set up a new workspace" in words


def test_a_page_that_may_not_be_left_keeps_the_window(office, other, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(office.stack.page, "may_leave", lambda: False)
        office.switcher.go(other)
        assert office.isVisible()
        assert office.switcher.wish is None


def test_a_folder_without_a_workspace_is_not_opened(office, tmp_path, monkeypatch):
    told: list[str] = []
    monkeypatch.setattr(Question, "exec", lambda question: told.append(question.accessibleName()))
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(empty))
    office.switcher.ask_for_folder()
    assert told == ["There is no workspace in that folder"]
    assert office.isVisible()


def test_a_new_one_is_set_up_in_the_folder_chosen(qtbot, office, tmp_path, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "fresh"))
    with qtbot.waitSignal(office.closed):
        office.switcher.ask_for_new()
    assert office.switcher.wish == Wish(tmp_path / "fresh", set_up=True)


def test_settings_open_the_same_one_again_for_what_counts_then(qtbot, office, workspace, settle):
    office.go("settings")
    settle(office)
    records = office.stack.page.records.section
    assert not records.later.isVisibleTo(records)
    records.lines["ects"].box.click()
    qtbot.waitUntil(lambda: records.later.isVisibleTo(records))
    with qtbot.waitSignal(office.closed):
        records.again.click()
    assert office.switcher.wish == Wish(workspace.folder.absolute())


def test_practice_cannot_be_opened_again(window, monkeypatch):
    told = []
    monkeypatch.setattr(switcher, "tell", lambda *words: told.append(words[0]))
    window.switcher.open_again()
    assert told == ["This is practice"]
    assert window.isVisible()


def test_a_window_that_stands_alone_offers_nothing(window):
    assert window.rail.head.focusPolicy() == Qt.FocusPolicy.NoFocus
    assert window.rail.head.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    assert not any("workspace" in command.words for command in window.ways.commands())


# -- from one to the next -----------------------------------------------------------------------------------------


@pytest.fixture
def stage(monkeypatch, tmp_path, workspace):
    """`start.run` with windows that only note what they were opened on; `script` says where each one leads."""
    monkeypatch.setattr(paths, "config_folder", lambda: tmp_path / "config")
    monkeypatch.setenv("HOLDFAST_PASSPHRASE", "practice")
    workspace.close()
    opened: list[str] = []
    script: list[Wish | None] = []

    def show(workspace, *_args, **_more):
        opened.append(workspace.organisation.name)
        return 0, script.pop(0)

    monkeypatch.setattr(start, "run_window", show)
    return opened, script


def test_the_next_workspace_opens_after_the_first_is_closed(stage, workspace, other):
    opened, script = stage
    script += [Wish(other), Wish(workspace.folder), None]
    assert start.run(workspace.folder) == 0
    assert opened == [PROVIDER_NAME, "Fenland SCITT", PROVIDER_NAME]


def test_one_that_does_not_open_leads_back(stage, workspace, other, monkeypatch):
    opened, script = stage
    monkeypatch.setattr(start, "ask", lambda *_, **__: False)
    (other / "holdfast.db").write_bytes(b"no database at all" * 500)
    script += [Wish(other), None]
    assert start.run(workspace.folder) == 0
    assert opened == [PROVIDER_NAME, PROVIDER_NAME]


def test_giving_up_at_the_passphrase_leads_back(stage, workspace, other, monkeypatch):
    opened, script = stage
    monkeypatch.setattr(start, "open_workspace", _giving_up_on(other, start.open_workspace))
    script += [Wish(other), None]
    assert start.run(workspace.folder) == 0
    assert opened == [PROVIDER_NAME, PROVIDER_NAME]


def _giving_up_on(folder, usual):
    def opening(wish: Wish, practice=None) -> Made | None:
        return None if wish.folder == folder else usual(wish, practice)

    return opening


def test_giving_up_at_the_first_one_ends_the_program(stage, workspace, monkeypatch):
    monkeypatch.setattr(start, "open_workspace", lambda *_: None)
    assert start.run(workspace.folder) == 0


def test_a_first_one_that_does_not_open_is_exit_4(stage, workspace, monkeypatch):
    monkeypatch.setattr(start, "ask", lambda *_, **__: False)
    (workspace.folder / "holdfast.key").write_bytes(b"{}")
    assert start.run(workspace.folder) == 4


def test_after_a_lock_the_passphrase_is_asked_for(workspace, monkeypatch):
    """Also where the computer remembers the key."""
    workspace.close()
    memory = Memory(workspace.folder)
    memory.locked = True
    memory.save()
    monkeypatch.delenv("HOLDFAST_PASSPHRASE", raising=False)
    asked: list[LockedWindow] = []

    def give_up(window: LockedWindow) -> None:
        asked.append(window)

    monkeypatch.setattr(LockedWindow, "ask", give_up)
    assert start.open_workspace(Wish(workspace.folder)) is None
    assert len(asked) == 1
