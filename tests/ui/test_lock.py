"""The lock: nothing of the records is to be seen or reached, work goes on behind it, and all of it comes back unharmed."""

from datetime import timedelta

import pytest
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QVBoxLayout

from desktop.model.document import Patch
from desktop.model.errors import WrongPassphrase
from desktop.services.unlocking import pause_s
from desktop.store import vault
from desktop.ui.parts.ask import Question
from desktop.ui.shell.go_to import GoTo
from desktop.ui.shell.lock import TITLE
from desktop.ui.shell.lock_screen import LockScreen
from desktop.ui.shell.memory import Memory


def everything_read(root: QObject) -> str:
    """All that a screen reader finds under a window."""
    found: list[str] = []

    def walk(interface) -> None:
        found.extend(interface.text(kind) for kind in (QAccessible.Text.Name, QAccessible.Text.Value))
        for number in range(interface.childCount()):
            child = interface.child(number)
            if child is not None:
                walk(child)

    walk(QAccessible.queryAccessibleInterface(root))
    return " ".join(found)


def unlock(qtbot, window, passphrase: str = "practice") -> None:
    window.lock.screen.entry.field.setText(passphrase)
    window.lock.screen.unlock.click()
    qtbot.waitUntil(lambda: not window.lock.locked, timeout=10_000)


@pytest.fixture
def locked(qtbot, make_window, workspace):
    window = make_window(workspace, "records")
    qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert window.lock.locked
    return window


def test_nothing_of_the_records_is_left_to_see_or_to_read_aloud(locked, editable):
    names = [row.label.partition(",")[0] for row in editable()]
    told = everything_read(locked)
    assert "Holdfast is locked" in told
    assert [name for name in names if name in told] == []
    assert locked.windowTitle() == TITLE
    assert not locked.frame.isVisible()
    assert not locked.isAncestorOf(locked.frame)


def test_keys_of_the_window_do_nothing_while_it_is_locked(qtbot, locked):
    page = locked.stack.name
    for key in (Qt.Key.Key_1, Qt.Key.Key_K, Qt.Key.Key_N, Qt.Key.Key_Z):
        qtbot.keyClick(locked, key, Qt.KeyboardModifier.ControlModifier)
    assert locked.stack.name == page
    assert locked.findChild(GoTo) is None


def test_the_right_passphrase_brings_everything_back(qtbot, locked):
    unlock(qtbot, locked)
    assert locked.frame.isVisible()
    assert locked.windowTitle().endswith(locked._workspace.organisation.name)
    qtbot.keyClick(locked, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert locked.stack.name == "home"


def test_sending_goes_on_behind_the_lock(qtbot, locked, workspace, editable, settle):
    workspace.records.edit(editable()[0].id, Patch({"email": "moved@mail.example"}))
    locked.sync_now()
    settle(locked)
    assert workspace.queue.summary().count == 0
    assert locked.lock.locked


def test_wrong_passphrases_wait_longer_each_time(qtbot, locked):
    screen = locked.lock.screen
    for wrong in range(1, 4):
        screen.entry.field.setText("wrong")
        screen.unlock.click()
        qtbot.waitUntil(lambda wrong=wrong: screen.entry._wrong == wrong)
    assert not screen.unlock.isEnabled()
    assert "Try again in 2 seconds." in screen.entry.message.text()
    screen.entry.field.setText("practice")
    screen.entry.field.returnPressed.emit()
    assert locked.lock.locked
    for _ in range(2):
        screen.entry._on_second()
    assert screen.unlock.isEnabled()
    unlock(qtbot, locked)


def test_pauses_double_and_end_at_a_minute():
    assert [pause_s(n) for n in range(1, 11)] == [0, 0, 2, 4, 8, 16, 32, 60, 60, 60]


def test_empty_field_is_said_and_forgotten_passphrase_has_words(locked):
    screen = locked.lock.screen
    screen.unlock.click()
    assert screen.entry.message.text() == "Enter the passphrase."
    screen.forgotten.link.click()
    assert screen.forgotten._words.isVisible()


def test_exchanged_key_file_does_not_open_the_lock(workspace):
    """Whoever can write into the folder could put a key file of their own there, with a passphrase that they know."""
    slot = vault.read_slot(workspace.folder)
    vault.write_slot(workspace.folder, vault.wrap(vault.new_data_key(), "theirs", slot.workspace))
    with pytest.raises(WrongPassphrase):
        workspace.passphrase.check("theirs")


# -- what was open --------------------------------------------------------------------------------------------


def test_open_dialogs_are_hidden_and_come_back_with_what_was_half_typed(qtbot, window):
    dialog = QDialog(window)
    field = QLineEdit()
    QVBoxLayout(dialog).addWidget(field)
    dialog.open()
    field.setText("half a sent")
    with qtbot.assertNotEmitted(dialog.finished):
        window.lock.lock()
        assert not dialog.isVisible()
        unlock(qtbot, window)
    assert dialog.isVisible()
    assert dialog.isModal()
    assert field.text() == "half a sent"


def test_a_question_that_waits_for_its_answer_waits_on(qtbot, window):
    question = Question("Take it back?", "", "Take it back", "Keep it", window)
    question.open()
    with qtbot.assertNotEmitted(question.finished):
        window.lock.lock()
        unlock(qtbot, window)
    with qtbot.waitSignal(question.accepted):
        question.do.click()


def test_a_question_in_its_own_loop_is_not_answered_by_the_lock(window):
    """`QDialog.exec` ends when the dialog hides itself; then "keep it" would have been answered by nobody."""
    question = Question("Take it back?", "", "Take it back", "Keep it", window)
    seen: list[bool] = []

    def lock_and_go_on() -> None:
        window.lock.lock()
        seen.append(question.isVisible())
        window.lock.screen.unlocked.emit()
        seen.append(question.isVisible())
        question.do.click()

    QTimer.singleShot(0, lock_and_go_on)
    assert question.exec() == QDialog.DialogCode.Accepted
    assert seen == [False, True]


def test_a_dialog_that_opens_while_it_is_locked_waits_as_well(qtbot, locked):
    locked.activateWindow()
    qtbot.waitUntil(locked.isActiveWindow)
    dialog = QDialog(locked)
    dialog.open()
    dialog.activateWindow()
    qtbot.waitUntil(lambda: not dialog.isVisible())
    unlock(qtbot, locked)
    assert dialog.isVisible()


def test_half_typed_text_in_a_page_stays(qtbot, window, settle):
    window.go("records")
    settle(window)
    field = window.stack.page.findChild(QLineEdit)
    field.setText("Ashc")
    window.lock.lock()
    unlock(qtbot, window)
    assert field.text() == "Ashc"


def test_closing_while_locked_ends_in_good_order(locked):
    assert locked.close()
    assert not locked.operations.busy


def test_who_ends_the_program_to_get_round_the_lock_is_asked_at_the_next_start(qtbot, locked, workspace):
    assert Memory(workspace.folder).locked
    unlock(qtbot, locked)
    assert not Memory(workspace.folder).locked


def test_practice_tells_its_passphrase(window):
    window.lock.hint = "This is practice. Its passphrase is: practice"
    window.lock.lock()
    assert window.lock.screen.hint.isVisible()


# -- nobody there -----------------------------------------------------------------------------------------------


def test_it_locks_when_nobody_was_there_for_so_long(window, clock):
    window.preferences.put("lock_minutes", 15)
    clock.now += timedelta(minutes=14)
    window.idle.look()
    assert not window.lock.locked
    clock.now += timedelta(minutes=1)
    window.idle.look()
    assert window.lock.locked


def test_a_key_counts_as_somebody_and_the_first_after_a_long_while_does_not(qtbot, window, clock):
    window.preferences.put("lock_minutes", 15)
    window.activateWindow()
    qtbot.waitUntil(lambda: window.idle._window is window.windowHandle())
    clock.now += timedelta(minutes=10)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Tab)
    clock.now += timedelta(minutes=10)
    window.idle.look()
    assert not window.lock.locked
    clock.now += timedelta(hours=8)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Tab)
    assert window.lock.locked


def test_never_means_never(window, clock):
    window.preferences.put("lock_minutes", 0)
    clock.now += timedelta(days=3)
    window.idle.look()
    assert not window.lock.locked


def test_it_locks_when_the_system_suspends_it(window):
    window.idle._on_state_changed(Qt.ApplicationState.ApplicationSuspended)
    assert window.lock.locked


def test_the_field_has_the_keyboard(qtbot, locked):
    locked.activateWindow()
    qtbot.waitUntil(locked.isActiveWindow)
    assert isinstance(locked.centralWidget(), LockScreen)
    assert QApplication.focusWidget() is locked.lock.screen.entry.field


@pytest.mark.parametrize("list_open", [True, False])
def test_a_code_that_is_half_typed_is_no_answer_because_of_the_lock(
    qtbot, make_window, workspace, editable, settle, list_open
):
    """Also while its list is open: the picker makes up for the loss of focus that Qt swallows then."""
    record_id = editable()[0].id
    before = workspace.records.view(record_id).document.get("course_subject_1")
    window = make_window(workspace, "record", record_id=record_id)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    row = window.stack.page.screen_view.form.row("course_subject_1")
    (line,) = row.control.inputs()
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, "geog")
    popup = line.completer().popup()
    qtbot.waitUntil(popup.isVisible)
    if not list_open:
        popup.hide()
        line.setFocus()
    window.lock.lock()
    settle(window)
    assert workspace.records.view(record_id).document.get("course_subject_1") == before
    assert workspace.queue.summary().count == 0
    assert not popup.isVisible()
    unlock(qtbot, window)
    settle(window)
    assert line.text() == "geog"
    assert workspace.records.view(record_id).document.get("course_subject_1") == before
