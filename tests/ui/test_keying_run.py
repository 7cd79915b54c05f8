"""Typing many ECTs in a row in the window: chosen in Records, one sheet after another, and how it went (pack 9)."""

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication, QLabel

from desktop.services.records import document_from
from desktop.services.views import Organisation, RecordQuery
from desktop.services.workspace import Workspace
from desktop.store import vault
from desktop.ui.theme import theme
from tests.ui.conftest import HandClock
from tests.unit.collections.ects.sample import ECT, MENTOR

CHEAP = {"name": "argon2id", "memory_kib": 8, "passes": 1, "lanes": 1}
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
USUAL = {"find": "found", "name": "email", "email": "on", "start": "on", "pattern": "body"}


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    """Three ECTs, and a mentor of the first one."""
    monkeypatch.setattr(vault, "_KDF", CHEAP)
    clock = HandClock(datetime(2026, 9, 20, 9, tzinfo=UTC))
    organisation = Organisation("Northmoor Academy", "school", "", "123456", ("ects",))
    made = Workspace.create(tmp_path / "w", organisation, "made up", clock=clock, actor="Jo", remember=False)
    people = [
        ECT | {"trn": f"301234{n}", "email": f"e{n}@example.com", "last_name": f"Okafor {n}"}
        for n in (5, 6, 7)
    ]
    for answers in (*people, MENTOR):
        made.records.add("ects", document_from(made.collection("ects"), answers))
    yield made
    made.close()


@pytest.fixture
def page(make_window, workspace):
    return make_window(workspace, "keying").stack.page


@pytest.mark.parametrize("scale", [100, 150])
def test_how_long_one_is_signed_in_is_read_whole_in_the_narrowest_sheet(page, settle, scale):
    """Section 7: the portal forgets who one is after two hours."""
    theme().set(scale=scale)
    page.all.click()
    settle(page.window())
    sheet = page.desk.window
    sheet.resize(sheet.minimumWidth(), 700)
    settle(page.window())
    told = next(one for one in sheet.findChildren(QLabel) if one.text().startswith("Signed in there until"))
    room = QRect(0, 0, told.width(), 9_999)
    needed = told.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, told.text())
    assert (needed.width() <= told.width(), needed.height() <= told.height()) == (True, True)
    assert told.mapTo(sheet, told.rect().bottomRight()).x() < sheet.width()


def words_of(widget):
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def in_front(qtbot, page):
    sheet = page.desk.window
    sheet.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is sheet)
    return sheet


def type_on(page, settle, **shown):
    """All pages of the open sheet up to its end; `shown` = what the portal shows where it is not the usual."""
    sheet = page.desk.window
    while sheet.keying.page:
        key = sheet.keying.page
        sheet.page_done.emit(key, {**USUAL, **shown}.get(key, ""))
        settle(page.window())
    return sheet


def test_all_that_can_be_typed_comes_one_after_another_in_one_window(qtbot, page, settle, workspace):
    qtbot.keyClick(page.all, Qt.Key.Key_Space)
    settle(page.window())
    sheet = in_front(qtbot, page)
    assert sheet.run_place.text() == "One after another: 1 of 4"
    assert "The same on each of the 3 sheets" in words_of(sheet)
    assert "Select lead provider: Teach First" in words_of(sheet)
    for number in (2, 3):
        type_on(page, settle)
        assert not sheet.finish.reference.isVisible(), "this portal shows none"
        qtbot.waitUntil(lambda: sheet.focusWidget() is sheet.finish.accepted)
        qtbot.keyClick(sheet.finish.accepted, Qt.Key.Key_Return)
        settle(page.window())
        assert page.desk.window is sheet, "the same window goes on"
        assert sheet.run_place.text() == f"One after another: {number} of 4"
        assert sheet.keying.page == "find"
        assert "The same on each" not in words_of(sheet)


def test_one_that_is_stopped_holds_up_none_and_the_card_tells(qtbot, page, settle, workspace):
    page.all.click()
    settle(page.window())
    sheet = type_on(page, settle, find="exempt")
    assert "exempt from induction" in words_of(sheet.page)
    assert "The website went no further" in words_of(sheet)
    assert not sheet.finish.instead.isVisible()
    sheet.finish.refused.click()
    settle(page.window())
    assert sheet.run_place.text() == "One after another: 2 of 4"
    type_on(page, settle)
    assert sheet.finish.why.text() == "", "the reason was the one before's"
    qtbot.keyClick(in_front(qtbot, page), Qt.Key.Key_Return, CTRL | SHIFT)
    settle(page.window())
    assert sheet.run_place.text() == "One after another: 3 of 4"
    sheet.close()
    settle(page.window())
    story = page.running.card.story
    assert "Okafor 5, Sam: stopped by the portal: The teacher is exempt" in story
    assert "Okafor 6, Sam: set aside." in story
    assert "Lindqvist, Priya: It waits until" in story
    page.running.card.go_on.click()
    settle(page.window())
    assert page.desk.window.keying.item.record_label == "Okafor 7, Sam"


def test_those_chosen_in_records_are_typed(qtbot, make_window, workspace, settle):
    window = make_window(workspace, "records")
    records = window.stack.page
    keys = workspace.records.find(RecordQuery("ects", filters={"kind": "ect"}))[:2]
    records.model.set_ticked(list(keys), True)
    settle(window)
    assert records.view.bar.type.isVisible()
    qtbot.keyClick(records.view.bar.type, Qt.Key.Key_Space)
    settle(window)
    assert window.stack.name == "keying"
    page = window.stack.page
    assert page.desk.window.run_place.text() == "One after another: 1 of 2"


def test_the_summary_is_saved_and_the_run_ended(page, settle, workspace, tmp_path, monkeypatch):
    workspace.keying_runs.begin()
    page.refresh(None)
    settle(page.window())
    card = page.running.card
    assert card.head.text() == "One after another: 0 of 4 gone through"
    monkeypatch.setattr("desktop.ui.keying.running.save_as", lambda *_: tmp_path / "summary.csv")
    card.save.click()
    settle(page.window())
    assert "Still to do" in (tmp_path / "summary.csv").read_text("utf-8-sig")
    monkeypatch.setattr("desktop.ui.keying.running.ask", lambda *_, **__: True)
    card.end.click()
    settle(page.window())
    assert not card.isVisible()
    assert workspace.keying_runs.get() is None


def test_a_mentor_who_is_there_already_is_linked_with_one_button(qtbot, page, settle, workspace):
    """Section 1.2, step 1: offer to just assign."""
    first = next(item for item in workspace.keying.items() if item.record_label == "Okafor 5, Sam")
    page.desk.open(first.id)
    settle(page.window())
    type_on(page, settle).finish.accepted.click()
    settle(page.window())
    mentor = next(item for item in workspace.keying.items() if item.journey == "register_mentor")
    page.desk.open(mentor.id)
    settle(page.window())
    sheet = type_on(page, settle, find="already_registered")
    assert sheet.finish.instead.words == "Link this mentor to the ECT instead"
    qtbot.waitUntil(lambda: sheet.focusWidget() is sheet.finish.instead)
    qtbot.keyClick(sheet.finish.instead, Qt.Key.Key_Return)
    settle(page.window())
    assert "mentor" in [item.journey for item in workspace.keying.items()]
    assert page.desk.window is None


def test_what_was_stopped_says_why_and_is_tried_again(page, settle, workspace):
    (item, *_) = workspace.keying.items()
    page.desk.open(item.id)
    settle(page.window())
    type_on(page, settle, find="not_found").finish.refused.click()
    settle(page.window())
    page.table.stand_on(item.id)
    card = page.card
    assert card.again.isVisible()
    assert not card.begin.isVisible()
    assert "found no teacher" in card.story
    card.again.click()
    settle(page.window())
    assert card.begin.isVisible()
    assert "Date of birth" in card.story


def test_ways_to_stop_are_folded_so_that_the_answers_keep_their_room(qtbot, page, settle):
    """Section 1.1, outcomes of step 1: eight of them, six of which stop."""
    page.all.click()
    settle(page.window())
    sheet = in_front(qtbot, page)
    shown = [b.words for b in sheet.asked.buttons if b.isVisible()]
    assert shown == ["The teacher’s details", "A question for the NI number"]
    sheet.asked.stops.setFocus()
    qtbot.keyClick(sheet.asked.stops, Qt.Key.Key_Return)
    stops = [b for b in sheet.asked.buttons if b.isVisible()]
    assert len(stops) == 6
    assert sheet.focusWidget() is stops[0]
    qtbot.keyClick(stops[0], Qt.Key.Key_Return)
    settle(page.window())
    assert "found no teacher" in words_of(sheet.page)


def test_those_set_aside_come_again(page, settle, workspace):
    page.all.click()
    settle(page.window())
    for _ in range(3):
        page.desk.window.later.click()
        settle(page.window())
    card = page.running.card
    assert card.go_on.words == "Go on with those set aside"
    card.go_on.click()
    settle(page.window())
    assert page.desk.window.run_place.text() == "One after another: 1 of 4"


def test_needs_you_leads_to_the_sheet_and_what_can_be_done(page, settle, workspace):
    """Section 9: blocked, with the reason and what next."""
    (item, *_) = workspace.keying.items()
    page.desk.open(item.id)
    settle(page.window())
    type_on(page, settle, find="already_registered").finish.refused.click()
    window = page.window()
    settle(window)
    window.go("needs")
    settle(window)
    case = window.stack.page.view.case
    assert "registered at this school already" in words_of(case)
    case.way_chosen.emit("sheet")
    settle(window)
    assert window.stack.name == "keying"
    assert window.stack.page.chosen.id == item.id
    assert window.stack.page.card.instead.isVisible()
