"""Half-typed answers: kept while they are typed, gone once they are saved, offered after an end in the middle."""

import pytest
from PySide6.QtCore import Qt

from desktop.model.document import Document, Patch
from desktop.ui.record.keeper import KEEP_MS
from tests.ui.pressing import keyboard, press

pytestmark = pytest.mark.opens("records")

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(open_record, editable):
    return open_record(editable()[0].id)


@pytest.fixture
def kept(workspace, qtbot):
    """Wait until something is kept of a form, and give it."""

    def wait(record_id=None, collection="trainees"):
        qtbot.waitUntil(lambda: workspace.drafts.of(record_id, collection) is not None, timeout=5_000)
        return workspace.drafts.of(record_id, collection)

    return wait


def control(page, path):
    return page.screen_view.form.row(path).control


def left_over(page):
    return page.screen_view.left_over


# --- keeping


def test_it_is_kept_well_within_a_second():
    assert KEEP_MS <= 500


def test_what_is_typed_is_kept_before_the_field_is_left(page, kept, workspace):
    record_id = page.session.view.id
    before = workspace.records.view(record_id).document.get("email")
    page.go_to_field("email")
    press(Qt.Key.Key_A, held=CTRL)
    press("half@typ")
    half = kept(record_id)
    assert half.values == {"email": "half@typ"}
    assert half.actor == "Priya Nandakumar"
    assert workspace.records.view(record_id).document.get("email") == before


def test_leaving_the_field_saves_it_and_keeps_nothing_more(page, kept, workspace, done):
    record_id = page.session.view.id
    page.go_to_field("email")
    press(Qt.Key.Key_A, held=CTRL)
    press("whole@example.org")
    kept(record_id)
    press(Qt.Key.Key_Tab)
    done()
    assert workspace.records.view(record_id).document.get("email") == "whole@example.org"
    assert workspace.drafts.latest() is None


def test_a_half_typed_code_is_kept_as_the_letters_that_stand_there(page, kept):
    page.go_to_field("course_subject_2")
    press("ma", Qt.Key.Key_Escape)
    assert kept(page.session.view.id).values == {"course_subject_2": "ma"}


def test_typing_it_back_keeps_nothing(page, kept, workspace, qtbot):
    record_id = page.session.view.id
    page.go_to_field("email")
    press(Qt.Key.Key_End, "x")
    kept(record_id)
    press(Qt.Key.Key_Backspace)
    qtbot.waitUntil(lambda: workspace.drafts.latest() is None, timeout=5_000)


def test_leaving_the_page_saves_it_and_keeps_nothing_more(page, kept, workspace, window):
    record_id = page.session.view.id
    page.go_to_field("email")
    press(Qt.Key.Key_A, held=CTRL)
    press("half@typ")
    kept(record_id)
    window.go("records")
    assert workspace.records.view(record_id).document.get("email") == "half@typ"
    assert workspace.drafts.latest() is None


def test_the_first_letters_of_a_new_record_are_kept_too(open_record, kept, done):
    page = open_record(collection="trainees")
    done()
    press("Ad")
    half = kept()
    assert half.record_id is None
    assert half.values == {"first_names": "Ad"}
    assert page.session.view is None


def test_keeping_is_no_edit(page, kept, workspace):
    before = [entry.seq for entry in workspace.activity.entries(limit=5)]
    waiting = len(workspace.queue.items())
    page.go_to_field("email")
    press("x")
    kept(page.session.view.id)
    assert [entry.seq for entry in workspace.activity.entries(limit=5)] == before
    assert len(workspace.queue.items()) == waiting


# --- offering


@pytest.fixture
def cut_off(workspace, editable):
    """A record in which somebody was typing when the program ended."""
    record_id = editable()[0].id
    workspace.drafts.keep(record_id, "trainees", {"email": "half@typ"})
    return record_id


def test_the_record_offers_it_and_changes_nothing_by_itself(cut_off, open_record, workspace):
    before = workspace.records.view(cut_off).document.get("email")
    page = open_record(cut_off)
    assert left_over(page).isVisible()
    assert left_over(page)._text.text() == "Email address: half@typ. It was not saved yet."
    assert keyboard() is left_over(page).put_back
    assert control(page, "email").value() == before


def test_putting_it_back_stands_in_the_field_and_is_saved_when_it_is_left(
    cut_off, open_record, workspace, done
):
    page = open_record(cut_off)
    press(Qt.Key.Key_Space)
    assert not left_over(page).isVisible()
    assert control(page, "email").value() == "half@typ"
    assert page.screen_view.form.focused_path() == "email"
    assert workspace.records.view(cut_off).document.get("email") != "half@typ"
    press(Qt.Key.Key_End, "e.example.org", Qt.Key.Key_Tab)
    done()
    assert workspace.records.view(cut_off).document.get("email") == "half@type.example.org"
    assert workspace.drafts.latest() is None


def test_throwing_it_away_leaves_the_record_as_it_was(cut_off, open_record, workspace, done):
    page = open_record(cut_off)
    before = workspace.records.view(cut_off).document
    left_over(page).throw_away.click()
    done()
    assert not left_over(page).isVisible()
    assert workspace.drafts.latest() is None
    assert workspace.records.view(cut_off).document == before


def test_it_stays_offered_while_something_else_is_typed_and_saved(
    cut_off, open_record, workspace, done, window
):
    page = open_record(cut_off)
    page.go_to_field("middle_names")
    press("Bea", Qt.Key.Key_Tab)
    done()
    window.go("records")
    assert workspace.drafts.of(cut_off, "trainees").values == {"email": "half@typ"}
    assert left_over(open_record(cut_off)).isVisible()


def test_what_was_saved_after_all_is_not_offered(cut_off, workspace, open_record):
    workspace.records.edit(cut_off, Patch({"email": "half@typ"}))
    assert workspace.drafts.latest() is None
    assert not left_over(open_record(cut_off)).isVisible()


def test_the_answers_of_a_new_record_and_of_a_degree_come_back(open_record, workspace, editable, done):
    workspace.drafts.keep(None, "trainees", {"first_names": "Ad"})
    page = open_record(collection="trainees")
    done()
    left_over(page).put_back.click()
    assert control(page, "first_names").value() == "Ad"
    record_id = editable()[1].id
    workspace.drafts.keep(record_id, "trainees", {"degrees.begun.other_grade": "merit"})
    page = open_record(record_id)
    done()
    left_over(page).put_back.click()
    assert page.screen_view.form.focused_path() == "degrees.begun.other_grade"
    press(Qt.Key.Key_Tab)
    done()
    degrees = workspace.records.view(record_id).document.children["degrees"]
    assert degrees[-1].fields.get("other_grade") == "merit"


def test_half_a_code_stands_in_its_picker_again(open_record, workspace, editable):
    record_id = editable()[0].id
    workspace.drafts.keep(record_id, "trainees", {"course_subject_2": "ma"})
    page = open_record(record_id)
    left_over(page).put_back.click()
    assert control(page, "course_subject_2").inputs()[0].text() == "ma"
    assert "course_subject_2" not in page.session.typed


def test_a_record_that_is_gone_offers_nothing(workspace):
    view = workspace.records.add("trainees", Document({"first_names": "Ada"}))
    workspace.drafts.keep(view.id, "trainees", {"email": "half@typ"})
    workspace.records.discard(view.id)
    assert workspace.drafts.latest() is None


def test_the_start_of_the_window_leads_to_it(cut_off, make_window, workspace, settle):
    window = make_window(workspace, "home")
    settle(window)
    assert window.stack.name == "record"
    assert window.stack.page.session.view.id == cut_off
    assert left_over(window.stack.page).isVisible()
