"""Typing on the website: the list, and the sheet beside the browser, all of it by keyboard."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel

from desktop.model.change import ChangeState
from desktop.model.document import Patch
from desktop.services.keying_job import Stand
from desktop.services.views import RecordQuery
from desktop.store import vault
from desktop.ui.keying import opening
from desktop.ui.keying import page as page_module
from desktop.ui.keying.sheet_window import SheetWindow
from desktop.ui.keying.steps import DONE, HERE, TO_COME
from desktop.ui.parts.clipboard import MARKS, PrivateClipboard
from tests.fault.conftest import CHEAP

RETURN = {"return_date": "2026-10-01", "new_end_date": "2027-09-30"}
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture(autouse=True)
def _cheap_keys(monkeypatch):
    """The passphrase costs a tenth of a second on purpose; not here."""
    monkeypatch.setattr(vault, "_KDF", CHEAP)


def in_state(workspace, state):
    query = RecordQuery("trainees", filters={"state": (state,)})
    return [row.id for row in workspace.records.rows(workspace.records.find(query))]


@pytest.fixture
def deferred(workspace):
    """A deferred trainee whose return was asked for; the id of the sheet."""
    record_id = in_state(workspace, "deferred")[0]
    workspace.records.act(record_id, "reinstate", RETURN)
    return f"{record_id}:reinstate"


@pytest.fixture
def window(make_window, workspace, deferred):
    return make_window(workspace, "keying")


@pytest.fixture
def page(window):
    return window.stack.page


@pytest.fixture
def open_sheet(qtbot, window, page, settle):
    """Begin the chosen sheet with the keyboard, and give its window in front."""

    def begin():
        page.table.focus_first()
        qtbot.keyClick(page.table, Qt.Key.Key_Return)
        settle(window)
        sheet = page.desk.window
        sheet.activateWindow()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is sheet)
        qtbot.waitUntil(lambda: sheet.focusWidget() is not None)
        return sheet

    return begin


def copied():
    return QGuiApplication.clipboard().text()


def words_of(widget):
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def test_hand_over_counts_the_sheets_and_leads_to_them(qtbot, make_window, workspace, deferred, settle):
    window = make_window(workspace, "handover")
    button = window.stack.page.screen_view.keying
    assert button.words == "Type on the website (1)"
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    settle(window)
    assert window.stack.name == "keying"
    assert window.rail.item("handover").isChecked()
    assert window.stack.page.statement == "1 sheet to type on Register’s website"


def test_without_anything_to_type_the_page_says_how_it_comes(make_window, workspace):
    page = make_window(workspace, "keying").stack.page
    assert page.empty.isVisible()
    assert not page.table.isVisible()
    assert "Actions" in words_of(page.empty)


def test_enter_begins_the_sheet_and_each_page_is_typed_by_keyboard(
    qtbot, window, page, settle, open_sheet, workspace, deferred
):
    sheet = open_sheet()
    first, second = sheet.lines
    assert first.hasFocus()
    assert first.accessibleName() == "When: Another date"
    qtbot.keyClick(first, Qt.Key.Key_Return)
    assert copied() == "Another date"
    assert second.hasFocus(), "Enter copies and goes on"
    said = []
    for _ in range(3):
        qtbot.keyClick(second, Qt.Key.Key_Space)
        said.append(copied())
    assert said == ["1", "10", "2026"], "a date goes in three parts"
    assert sheet.done.hasFocus()
    qtbot.keyClick(sheet.done, Qt.Key.Key_Return)
    settle(window)
    assert sheet.keying.page == "end"
    qtbot.keyClick(sheet, Qt.Key.Key_Return, CTRL)
    settle(window)
    assert sheet.keying.page == "check"
    qtbot.keyClick(sheet, Qt.Key.Key_Left, ALT)
    settle(window)
    assert sheet.keying.page == "end"
    assert dict(workspace.keying.get(deferred).done).keys() == {"date", "end"}


def test_ctrl_c_copies_and_stays(qtbot, open_sheet):
    sheet = open_sheet()
    line = sheet.lines[1]
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_C, CTRL)
    assert copied() == "1"
    assert line.hasFocus()
    qtbot.keyClick(line, Qt.Key.Key_Up)
    assert sheet.lines[0].hasFocus()
    qtbot.keyClick(sheet.lines[0], Qt.Key.Key_Down)
    assert line.hasFocus()


def test_the_head_says_where_one_is_and_how_long_the_portal_remembers(open_sheet, settle, window):
    sheet = open_sheet()
    assert "Page 1 of 3" in words_of(sheet)
    assert "Signed in there until" in words_of(sheet)
    assert sheet.steps._steps == [HERE, TO_COME, TO_COME]
    sheet.page_asked.emit("check")
    settle(window)
    assert sheet.steps._steps == [TO_COME, TO_COME, HERE], "nothing is done by looking at it"
    sheet.page_done.emit("check", "")
    settle(window)
    assert sheet.steps._steps == [TO_COME, TO_COME, DONE]


def test_the_end_is_asked_for_and_waits_to_be_read_back(
    qtbot, window, page, settle, open_sheet, workspace, deferred
):
    sheet = open_sheet()
    for _ in range(3):
        qtbot.keyClick(sheet, Qt.Key.Key_Return, CTRL)
        settle(window)
    qtbot.waitUntil(sheet.finish.reference.hasFocus)
    qtbot.keyClicks(sheet.finish.reference, "R 12")
    sheet.finish.accepted.setFocus()
    qtbot.keyClick(sheet.finish.accepted, Qt.Key.Key_Return)
    settle(window)
    assert page.desk.window is None
    assert page.statement == "1 sheet waits to be read back"
    assert (page.chosen.stand, page.chosen.reference) == (Stand.TYPED, "R 12")
    assert not page.card.begin.isEnabled()
    assert page.card.begin.toolTip()
    (change,) = workspace.records.view(page.chosen.record_id).changes
    assert change.state is ChangeState.UNKNOWN


def test_a_refusal_needs_its_words(qtbot, window, settle, open_sheet, workspace):
    sheet = open_sheet()
    for _ in range(3):
        qtbot.keyClick(sheet, Qt.Key.Key_Return, CTRL)
        settle(window)
    finish = sheet.finish
    finish.refused.setFocus()
    qtbot.keyClick(finish.refused, Qt.Key.Key_Space)
    assert finish.problem.text() == "Say what the website did not take."
    assert finish.why.hasFocus()
    qtbot.keyClicks(finish.why, "The date is before the deferral")
    qtbot.keyClick(finish.refused, Qt.Key.Key_Space)
    settle(window)
    (need,) = workspace.conflicts.needs()
    assert "The date is before the deferral" in need.what


def test_a_day_that_cannot_be_read_is_said_there(qtbot, window, settle, open_sheet, workspace, deferred):
    sheet = open_sheet()
    for _ in range(3):
        qtbot.keyClick(sheet, Qt.Key.Key_Return, CTRL)
        settle(window)
    sheet.finish.day.show_value("32 x 2026")
    qtbot.keyClick(sheet.finish.accepted, Qt.Key.Key_Space)
    settle(window)
    assert "cannot be read" in sheet.finish.problem.text()
    assert workspace.keying.get(deferred).item.stand is Stand.BEGUN


def test_esc_keeps_the_place_and_enter_goes_on(qtbot, window, page, settle, open_sheet):
    sheet = open_sheet()
    qtbot.keyClick(sheet, Qt.Key.Key_Return, CTRL)
    settle(window)
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    settle(window)
    assert page.desk.window is None
    assert page.statement == "1 sheet to type on Register’s website"
    assert page.card.begin.words == "Go on typing"
    assert "You began at" in page.card.story
    assert open_sheet().keying.page == "end"


def test_the_sheet_goes_with_the_window_and_its_copy_with_the_sheet(qtbot, window, page, open_sheet):
    sheet = open_sheet()
    qtbot.keyClick(sheet.lines[0], Qt.Key.Key_C, CTRL)
    assert copied() == "Another date"
    window.close()
    assert page.desk.window is None
    assert not copied()


def test_locking_covers_the_sheet_and_takes_the_copy_away(qtbot, window, page, open_sheet):
    sheet = open_sheet()
    qtbot.keyClick(sheet.lines[0], Qt.Key.Key_C, CTRL)
    window.lock.lock()
    assert not sheet.isVisible()
    assert not copied()
    assert page.desk.window is sheet


def test_what_changed_meanwhile_is_shown_until_it_is_typed(qtbot, make_window, workspace, editable, settle):
    view = workspace.records.view(editable()[0].id)
    workspace.records.edit(view.id, Patch({"email": "first@example.com"}))
    window = make_window(workspace, "keying", item=f"{view.id}:change")
    sheet = window.stack.page.desk.window
    assert "Changed here since you began" not in words_of(sheet)
    workspace.records.edit(view.id, Patch({"email": "second@example.com"}))
    settle(window)
    assert "Changed since you began. It was: first@example.com" in words_of(sheet)
    sheet.new_answers_typed.emit()
    settle(window)
    assert "first@example.com" not in words_of(sheet)
    assert "second@example.com" in words_of(sheet)


def test_a_sheet_whose_change_is_taken_back_closes(make_window, workspace, editable, settle):
    view = workspace.records.view(editable()[0].id)
    workspace.records.edit(view.id, Patch({"email": "first@example.com"}))
    window = make_window(workspace, "keying", item=f"{view.id}:change")
    assert window.stack.page.desk.window is not None
    workspace.records.revert(view.id)
    settle(window)
    assert window.stack.page.desk.window is None


def test_what_is_missing_is_said_before_anybody_types(make_window, workspace, editable, settle, monkeypatch):
    view = workspace.records.view(editable()[0].id)
    document = view.document.copy()
    document.fields |= {"provider_trainee_id": None, "first_names": "Wren", "email": "wren@example.com"}
    made = workspace.records.add("trainees", document)
    asked = []

    def answer(_over, title, text, *_rest, **_more):
        asked.append((title, text))
        return len(asked) > 1

    monkeypatch.setattr(opening, "ask", answer)
    window = make_window(workspace, "keying", item=f"{made.id}:register")
    assert asked[0][0] == "Something is missing"
    assert "Trainee ID" in asked[0][1]
    assert window.stack.page.desk.window is None
    window.stack.page.desk.open(f"{made.id}:register")
    settle(window)
    sheet = next(w for w in QApplication.topLevelWidgets() if isinstance(w, SheetWindow) and w.isVisible())
    sheet.page_asked.emit("trainee-id")
    settle(window)
    assert sheet.lines[0].accessibleName() == "Trainee ID: missing, find it out first"
    assert sheet.lines[0].copy_buttons == []


def test_what_the_website_shows_decides_the_next_page(qtbot, make_window, workspace, settle):
    record_id = in_state(workspace, "withdrawn")[0]
    workspace.records.act(record_id, "undo-withdrawal", {"undo_reason": "By mistake"})
    window = make_window(workspace, "keying", item=f"{record_id}:undo-withdrawal")
    sheet = window.stack.page.desk.window
    sheet.page_done.emit("write", "")
    settle(window)
    assert not sheet.done.isVisible()
    assert [button.words for button in sheet.asked.buttons] == [
        "They are in training again",
        "The support team will not undo it",
    ]
    sheet.asked.buttons[1].setFocus()
    qtbot.keyClick(sheet.asked.buttons[1], Qt.Key.Key_Return)
    settle(window)
    assert not sheet.finish.accepted.isVisible(), "it was not taken"
    assert "register them again" in sheet.finish.why.text()


def test_given_up_it_waits_as_before(window, page, settle, open_sheet, monkeypatch, workspace):
    sheet = open_sheet()
    monkeypatch.setattr(opening, "ask", lambda *_a, **_k: True)
    sheet.give_up.click()
    settle(window)
    assert page.desk.window is None
    assert workspace.keying.items()[0].stand is Stand.WAITING


def test_typed_and_not_there_is_said_from_the_list(window, page, settle, monkeypatch, workspace, deferred):
    now = workspace.keying.begin(deferred)
    while now.page:
        now = workspace.keying.page_done(deferred, now.page)
    workspace.keying.finish(deferred, "unsure")
    settle(window)
    assert page.card.back.words == "It is not at Register"
    monkeypatch.setattr(page_module, "ask", lambda *_a, **_k: True)
    page.card.back.click()
    settle(window)
    assert workspace.keying.items()[0].stand is Stand.WAITING


def test_stays_on_top_is_remembered(qtbot, window, page, open_sheet):
    sheet = open_sheet()
    assert sheet.windowFlags() & Qt.WindowType.WindowStaysOnTopHint
    sheet.on_top.setFocus()
    qtbot.keyClick(sheet.on_top, Qt.Key.Key_Space)
    assert sheet.isVisible()
    assert not sheet.windowFlags() & Qt.WindowType.WindowStaysOnTopHint
    assert window.preferences.memory.sheet_on_top is False


def test_the_sheet_is_written_as_pdf(window, page, settle, workspace, deferred, tmp_path):
    page.desk.write_paper(deferred, tmp_path / "sheet.pdf")
    settle(window)
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")


def test_everything_on_the_sheet_has_a_name_and_tab_reaches_it(qtbot, open_sheet):
    sheet = open_sheet()
    reached = set()
    for _ in range(20):
        here = sheet.focusWidget()
        assert here.accessibleName() or here.text(), here
        reached.add(here)
        qtbot.keyClick(here, Qt.Key.Key_Tab)
    assert {*sheet.lines, sheet.done, sheet.paper, sheet.give_up, sheet.on_top} <= reached


def test_the_record_asks_for_what_only_the_website_does(qtbot, make_window, workspace, settle):
    record_id = in_state(workspace, "deferred")[0]
    window = make_window(workspace, "record", record_id=record_id)
    page = window.stack.page
    page.deeds.choose("act:reinstate")
    dialog = page.deeds.dialog
    assert dialog.main_button.words == "Ask for it"
    assert "Hand-over" in words_of(dialog)
    for row, value in zip(dialog._rows, RETURN.values(), strict=True):
        row.control.show_value(value)
    dialog.main_button.click()
    settle(window)
    assert [item.journey for item in workspace.keying.items()] == ["reinstate"]


def test_waiting_shows_it_as_work_for_a_person(qtbot, make_window, workspace, deferred, settle):
    window = make_window(workspace, "waiting")
    view = window.stack.page.screen_view
    assert view.title == "1 change waits to be typed on Register’s website"
    assert not view.back.isVisible()
    table = view.table
    spoken = [table.spoken_row(row) for row in range(table.grouped.rowCount())]
    assert spoken[0] == "To type on the website, 1 change, in Hand-over"
    assert "By hand" in spoken[1]
    table.focus_first()
    view._type.click()
    settle(window)
    assert window.stack.name == "keying"
    assert window.stack.page.desk.window.keying.item.id == deferred


def test_a_private_copy_is_marked_and_taken_off_only_if_it_is_still_ours(qtbot):
    clipboard = PrivateClipboard()
    clipboard.copy("1204486")
    data = QGuiApplication.clipboard().mimeData()
    assert copied() == "1204486"
    assert {name: bytes(data.data(name).data()) for name in MARKS} == MARKS
    assert clipboard._timer.isActive()
    QGuiApplication.clipboard().setText("somebody else's")
    clipboard.clear()
    assert copied() == "somebody else's"
    clipboard.copy("1204486")
    clipboard._timer.timeout.emit()
    assert not copied()
    assert not clipboard._timer.isActive()
