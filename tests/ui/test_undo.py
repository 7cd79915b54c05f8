"""Undo and redo of whole acts from anywhere in the window, on real acts."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop.services import acts
from desktop.services.views import Progress
from desktop.ui.shell.go_to import GoTo

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def keys(editable):
    return [row.key for row in editable()[:3]]


@pytest.fixture
def change(window, workspace, keys, settle):
    """One act on three records."""

    def do(value: str = "part-time"):
        act = workspace.acts.change(
            keys, {"training_route": value} if value.isdigit() else {"last_name": value}
        )
        settle(window)
        return act

    settle(window)
    return do


def names(workspace, keys):
    return [row.label.partition(",")[0] for row in workspace.records.rows(keys)]


def test_an_act_offers_undo_and_undo_takes_it_back(qtbot, window, workspace, keys, change, settle):
    before = names(workspace, keys)
    act = change("Newname")
    assert names(workspace, keys) == ["Newname"] * 3
    assert window.toast.words == act.words
    assert window.toast.deed.words == "Undo"
    window.toast.deed.click()
    settle(window)
    assert names(workspace, keys) == before
    assert window.toast.words == f"Undone: {act.words}"
    assert not window.toast.deed.isVisible()


@pytest.mark.parametrize(("key", "held"), [(Qt.Key.Key_Z, CTRL | SHIFT), (Qt.Key.Key_Y, CTRL)])
def test_keys_undo_and_do_again(qtbot, window, workspace, keys, change, settle, key, held):
    before = names(workspace, keys)
    act = change("Newname")
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    settle(window)
    assert names(workspace, keys) == before
    qtbot.keyClick(window, key, held)
    settle(window)
    assert names(workspace, keys) == ["Newname"] * 3
    assert window.toast.words == f"Done again: {act.words}"


def test_a_text_field_keeps_ctrl_z_for_itself(qtbot, window, workspace, keys, change, settle):
    change("Newname")
    window.go("settings")
    settle(window)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    field = window.stack.page.portals["trainees"].token
    field.setFocus()
    qtbot.keyClicks(field, "abc")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Z, CTRL)
    settle(window)
    assert names(workspace, keys) == ["Newname"] * 3


def test_nothing_to_undo_is_said(qtbot, window, settle):
    settle(window)
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    settle(window)
    assert window.toast.words == "Nothing to undo"
    qtbot.keyClick(window, Qt.Key.Key_Y, CTRL)
    settle(window)
    assert window.toast.words == "Nothing to do again"


def test_undo_and_redo_stand_in_ctrl_k(qtbot, window, workspace, keys, change, settle):
    before = names(workspace, keys)
    act = change("Newname")
    window.ways.go_to()
    dialog = window.findChild(GoTo)
    qtbot.keyClicks(dialog.field, "undo")
    assert dialog.list.item(0).text() == f"Undo: {act.words}"
    qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    settle(window)
    assert names(workspace, keys) == before
    assert window.ways.commands()[0].words == f"Do again: {act.words}"


def test_what_was_changed_since_is_left_and_said(qtbot, window, workspace, keys, change, settle):
    from desktop.model.document import Patch

    change("Newname")
    row = workspace.records.rows(keys[:1])[0]
    workspace.records.edit(row.id, Patch({"last_name": "Later"}))
    settle(window)
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    settle(window)
    assert names(workspace, keys)[0] == "Later"
    assert "1 record left as it is, changed since" in window.toast.words


def test_an_act_of_an_earlier_day_is_not_offered_again(make_window, workspace, keys, settle):
    workspace.acts.change(keys, {"last_name": "Newname"})
    window = make_window(workspace)
    settle(window)
    assert window.undo.undoable is not None
    assert window.toast.words == ""


def test_undoing_a_large_act_shows_how_far_it_is_and_can_be_stopped(
    qtbot, window, workspace, keys, change, settle, monkeypatch
):
    """Each record is told of here; a real act of some hundreds tells of every so many."""
    monkeypatch.setattr(acts, "_OFTEN", 1)
    act = change("Newname")
    seen: list[str] = []
    space = window.frame.turning

    def look(progress: Progress) -> None:
        seen.append(progress.words)
        if len(seen) == 1:
            assert space.isVisible()
            space.stop_asked.emit()

    window.undo.progress_made.connect(look)
    monkeypatch.setattr(workspace.acts, "undo", _held_until_stopped(workspace.acts.undo))
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    settle(window)
    assert seen == ["1 of 3 undone"]
    assert names(workspace, keys) == ["Newname"] * 3
    assert window.toast.words == "Stopped. Everything is as it was before."
    assert not space.isVisible()
    monkeypatch.undo()
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    settle(window)
    assert window.toast.words == f"Undone: {act.words}"
    assert "Newname" not in names(workspace, keys)


def _held_until_stopped(really):
    """The real one, which waits after its first word until it was asked to stop."""

    def undo(progress, cancelled):
        def report(told: Progress) -> None:
            progress(told)
            while not cancelled():
                pass

        return really(report, cancelled)

    return undo
