"""The sides of an answer in an open form: what it was, what stands here, what the portal has, and who moved it."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.model.document import Patch
from desktop.ui.fields.notes import Mark
from desktop.ui.record.sides_popover import SidesPopover
from tests.ui.pressing import keyboard, popup, press

pytestmark = pytest.mark.opens("records")

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def page(open_record, editable):
    return open_record(editable()[0].id)


@pytest.fixture
def moved(page, portal, clock, workspace, done):
    """The portal moves answers of the open record, and a real sync reads it."""

    def move(**fields):
        clock.now += timedelta(minutes=5)
        portal.control.edit(page.session.view.portal_id, **fields)
        workspace.sync.run("trainees")
        page.refresh(None)
        done()

    return move


def control(page, path):
    return page.screen_view.form.row(path).control


def row(page, path):
    return page.screen_view.form.row(path).row


# --- a sync below an open form


def test_a_sync_while_typing_replaces_nothing_in_the_form(page, workspace, moved):
    before = control(page, "last_name").value()
    page.go_to_field("email")
    press(Qt.Key.Key_A, held=CTRL)
    press("mine@example.org")
    moved(email="theirs@example.org", last_name="Newname")
    assert control(page, "email").value() == "mine@example.org"
    assert keyboard() is control(page, "email").inputs()[0]
    assert control(page, "last_name").value() == before
    assert workspace.records.view(page.session.view.id).document.get("last_name") == "Newname"


def test_what_was_typed_before_the_portal_moved_it_is_asked_about(page, workspace, moved, done):
    """Typing on is no answer to the line below the field: who did not look up is asked (I14)."""
    before = control(page, "email").value()
    page.go_to_field("email")
    press(Qt.Key.Key_A, held=CTRL)
    press("mine")
    moved(email="theirs@example.org")
    press("@example.org")
    press(Qt.Key.Key_Tab)
    done()
    conflict = workspace.records.view(page.session.view.id).conflict
    assert conflict is not None
    (asked,) = conflict.fields
    assert (asked.base, asked.mine, asked.theirs) == (before, "mine@example.org", "theirs@example.org")


def test_an_answer_begun_in_sight_of_the_portals_is_no_question(page, workspace, moved, done):
    page.go_to_field("email")
    moved(email="theirs@example.org")
    press(Qt.Key.Key_A, held=CTRL)
    press("mine@example.org")
    press(Qt.Key.Key_Tab)
    done()
    view = workspace.records.view(page.session.view.id)
    assert (view.document.get("email"), view.conflict) == ("mine@example.org", None)


def test_what_the_portal_moved_is_marked_and_offered(page, moved):
    page.go_to_field("email")
    press("x")
    moved(email="theirs@example.org", last_name="Newname")
    assert row(page, "last_name").mark == Mark.PORTAL
    note = row(page, "last_name").notes[-1]
    assert (note.text, note.link_words) == ("The portal changed this to Newname.", "Take it")
    assert row(page, "email").notes[-1].text == "The portal changed this to theirs@example.org."


def test_taking_it_shows_it_and_makes_no_change_of_ours(page, workspace, moved, done):
    moved(last_name="Newname")
    page.screen_view.form.link_followed.emit("last_name", "take")
    done()
    assert control(page, "last_name").value() == "Newname"
    assert row(page, "last_name").mark == Mark.NONE
    view = workspace.records.view(page.session.view.id)
    assert not view.pending
    assert view.changes == ()


def test_answering_it_again_is_a_change_of_ours(page, workspace, moved, done):
    before = control(page, "last_name").value()
    moved(last_name="Newname")
    page.go_to_field("last_name")
    press(Qt.Key.Key_A, held=CTRL)
    press(before, Qt.Key.Key_Tab)
    done()
    assert workspace.records.view(page.session.view.id).pending.fields == {"last_name": before}


def test_saving_another_answer_does_not_send_the_old_one_back(page, workspace, moved, done):
    moved(last_name="Newname")
    page.go_to_field("middle_names")
    press(Qt.Key.Key_A, held=CTRL)
    press("Bea", Qt.Key.Key_Tab)
    done()
    assert workspace.records.view(page.session.view.id).pending.fields == {"middle_names": "Bea"}
    assert row(page, "last_name").mark == Mark.PORTAL


def test_the_record_opened_anew_shows_what_it_holds(page, window, workspace, moved, settle, editable):
    record_id = page.session.view.id
    moved(last_name="Newname")
    window.go("record", record_id=editable()[1].id)
    settle(window)
    window.go("record", record_id=record_id)
    settle(window)
    assert control(page, "last_name").value() == "Newname"
    assert row(page, "last_name").mark == Mark.NONE


# --- looking at the sides


def test_hovering_says_what_it_was_and_what_the_portal_has(page, workspace, done):
    base = page.session.view.base.get("email")
    page.go_to_field("email")
    press(Qt.Key.Key_A, held=CTRL)
    press("mine@example.org", Qt.Key.Key_Tab)
    done()
    assert row(page, "email").toolTip() == (f"Before: {base}\nYours: mine@example.org\nThe portal’s: {base}")
    assert row(page, "first_names").toolTip() == ""


def test_a_key_opens_the_sides_of_the_field_in_hand_with_who_and_when(page, workspace, done):
    base = page.session.view.base.get("email")
    page.go_to_field("email")
    press(Qt.Key.Key_A, held=CTRL)
    press("mine@example.org", Qt.Key.Key_Tab)
    done()
    page.refresh(None)
    done()
    page.go_to_field("email")
    press(Qt.Key.Key_I, held=CTRL)
    found = popup()
    assert isinstance(found, SidesPopover)
    said = found.accessibleDescription()
    assert f"Before: {base}." in said
    assert "Yours: mine@example.org. Priya Nandakumar, 14:02" in said
    assert f"The portal’s: {base}." in said
    press(Qt.Key.Key_Escape)
    assert QApplication.activePopupWidget() is None


def test_the_popover_gives_the_field_the_portals_value(page, workspace, moved, done):
    moved(last_name="Newname")
    page.go_to_field("last_name")
    press(Qt.Key.Key_I, held=CTRL)
    assert "seen at Register" in popup().accessibleDescription()
    QTest.keyClick(popup().focusWidget(), Qt.Key.Key_Space)
    done()
    assert control(page, "last_name").value() == "Newname"


def test_a_field_that_nobody_moved_says_so(page):
    page.go_to_field("first_names")
    press(Qt.Key.Key_I, held=CTRL)
    assert popup().accessibleDescription().startswith("Here and at the portal: ")


def test_a_record_that_the_portal_does_not_know_says_so(window, workspace, settle):
    from desktop.model.document import Document

    view = workspace.records.add("trainees", Document({"first_names": "Ada"}))
    window.go("record", record_id=view.id, field="first_names")
    settle(window)
    press(Qt.Key.Key_I, held=CTRL)
    assert popup().accessibleDescription() == "Yours: Ada. The portal’s: not at Register yet."


def test_the_base_key_takes_what_the_portal_moved(page, moved, done):
    moved(last_name="Newname")
    page.go_to_field("last_name")
    press(Qt.Key.Key_B, held=CTRL | SHIFT)
    done()
    assert control(page, "last_name").value() == "Newname"


def test_a_conflict_shows_all_three(page, workspace, moved):
    base = page.session.view.base.get("email")
    workspace.records.edit(page.session.view.id, Patch({"email": "mine@example.org"}))
    moved(email="theirs@example.org")
    page.go_to_field("email")
    press(Qt.Key.Key_I, held=CTRL)
    said = popup().accessibleDescription()
    assert [part in said for part in (f"Before: {base}", "Yours: mine@", "The portal’s: theirs@")] == [
        True
    ] * 3
