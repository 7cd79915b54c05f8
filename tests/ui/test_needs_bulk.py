"""Needs you, many at once: what is alike is told, looked at before it is decided, decided with one press, and undone."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from desktop.model.document import Patch
from desktop.services.deciding import DecisionPreview
from desktop.ui.needs.cases import MINE, THEIRS, TYPED
from desktop.ui.needs.many_dialog import ManyDialog, summary_of
from desktop.ui.parts.buttons import Button
from tests.ui.pressing import press

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def conflicts(workspace, portal, editable, clock):
    """Three records with the same two end dates, and one with others; their ids in the order of the records."""
    rows = editable()[:4]
    dates = [("2027-07-02", "2027-07-16")] * 3 + [("2027-07-30", "2027-08-06")]
    for row, (mine, _theirs) in zip(rows, dates, strict=True):
        workspace.records.edit(row.id, Patch({"itt_end_date": mine}))
    clock.now += timedelta(minutes=5)
    for row, (_mine, theirs) in zip(rows, dates, strict=True):
        portal.control.edit(row.portal_id, itt_end_date=theirs)
    workspace.sync.run("trainees")
    assert len(workspace.conflicts.open()) == 4
    return [row.id for row in rows]


@pytest.fixture
def window(make_window, workspace, conflicts):
    return make_window(workspace, "needs", record_id=conflicts[0])


@pytest.fixture
def page(in_front):
    page = in_front()
    page.view.list.setFocus()
    return page


def dialog_of(page):
    return next(found for found in page.findChildren(ManyDialog) if found.isVisible())


def alike_buttons(page):
    return page.view.case.alike.findChildren(Button)


def end_dates(workspace, ids):
    return [workspace.records.view(i).document.get("itt_end_date") for i in ids]


def test_a_case_says_where_else_the_same_is_asked(page):
    said = [(b.words, b.accessibleDescription()) for b in alike_buttons(page)]
    assert said == [
        ("Decide all 3", "Expected end date: the same two answers in 3 records"),
        ("Decide all 4", "Expected end date: also asked, with other answers, in 1 more record"),
    ]


def test_all_with_the_same_answers_are_looked_at_and_then_decided(page, workspace, conflicts, done):
    alike_buttons(page)[0].click()
    done()
    dialog = dialog_of(page)
    assert dialog.title.text() == "Decide 3 records at once"
    assert dialog.side == MINE
    assert (
        dialog.summary.text() == "3 records will be decided. 3 have something to send to Register afterwards."
    )
    model = dialog.table.grouped
    assert (model.entry(0).title, model.entry(0).aside) == ("Will be decided", "3")
    assert [cell.text for cell in model.entry(1).cells[1:]] == [
        "Expected end date",
        "2 July 2027",
        "16 July 2027",
        "Nothing to put right",
    ]
    assert len(workspace.conflicts.open()) == 4, "nothing is decided by looking"
    assert dialog.do.words == "Keep yours in 3 records"
    dialog.do.click()
    done()
    assert end_dates(workspace, conflicts[:3]) == ["2027-07-02"] * 3
    assert [c.record_id for c in workspace.conflicts.open()] == [conflicts[3]]
    toast = page.window().toast
    assert toast.words == "3 decisions saved"
    assert page.view.last.isVisible()
    here = toast.mapToGlobal(toast.rect().bottomLeft()).y()
    assert here < page.view.last.mapToGlobal(page.view.last.rect().topLeft()).y(), "Undo would be covered"


def test_the_other_side_is_taken_for_the_field_in_every_record_by_keyboard(page, workspace, conflicts, done):
    press("2")
    alike_buttons(page)[1].setFocus()
    press(Qt.Key.Key_Space)
    done()
    dialog = dialog_of(page)
    assert dialog.side == THEIRS, "as it was chosen in the case"
    press("1")
    done()
    assert dialog.do.words == "Keep yours in 4 records"
    press("2")
    done()
    assert "Nothing is sent: Register has these answers already." in dialog.summary.text()
    dialog.do.setFocus()
    press(Qt.Key.Key_Space)
    done()
    assert end_dates(workspace, conflicts) == ["2027-07-16"] * 3 + ["2027-08-06"]
    assert workspace.conflicts.open() == []


def test_one_by_one_leaves_everything_open(page, workspace, conflicts, done):
    alike_buttons(page)[1].click()
    done()
    dialog_of(page).back.click()
    done()
    assert len(workspace.conflicts.open()) == 4


def test_what_moved_while_the_preview_stood_stays_open_and_is_said(page, workspace, conflicts, done):
    alike_buttons(page)[0].click()
    done()
    workspace.records.edit(conflicts[1], Patch({"itt_end_date": "2027-07-05"}))
    done()
    dialog_of(page).do.click()
    done()
    assert page.window().toast.words == "2 decisions saved, 1 left open"
    assert {c.record_id for c in workspace.conflicts.open()} == {conflicts[1], conflicts[3]}


def test_stopping_while_it_is_decided_decides_none(page, workspace, conflicts, done, monkeypatch):
    alike_buttons(page)[1].click()
    done()
    dialog = dialog_of(page)
    decide = workspace.deciding.decide

    def stopped(*what, **how):
        dialog._running.cancel()
        return decide(*what, **how)

    monkeypatch.setattr(workspace.deciding, "decide", stopped)
    dialog.decide()
    done()
    assert dialog.isVisible()
    assert dialog.summary.text() == "Stopped. Nothing was decided: all of these are open as before."
    assert len(workspace.conflicts.open()) == 4
    dialog.reject()


def test_several_chosen_in_the_list_are_decided_in_the_same_way(page, workspace, conflicts, done):
    chosen = page.view.list
    last = chosen.currentIndex().row() == chosen.needs.rowCount() - 1
    press(Qt.Key.Key_Up if last else Qt.Key.Key_Down, held=SHIFT)
    assert page.view.bar.all_theirs.words == "Take the portal’s in all 2"
    assert not page.view.bar.save.isVisible()
    page.view.bar.all_theirs.click()
    done()
    dialog = dialog_of(page)
    assert (dialog.side, dialog.title.text()) == (THEIRS, "Decide 2 records at once")
    dialog.do.click()
    done()
    assert len(workspace.conflicts.open()) == 2


def test_one_press_opens_all_of_a_decision_again(page, workspace, conflicts, done):
    alike_buttons(page)[1].click()
    done()
    dialog_of(page).do.click()
    done()
    strip = page.view.last
    assert strip.isVisible(), "also when nothing is left to decide"
    assert strip.text.text() == "4 decisions (yours kept), 14:07. It can be undone until it is sent."
    page.setFocus()
    press("u")
    done()
    assert len(workspace.conflicts.open()) == 4
    assert page.window().toast.words == "4 questions open again"
    assert not strip.isVisible()


def test_a_decision_that_was_sent_is_not_undone_and_says_why(page, workspace, conflicts, done, clock):
    press("1")
    press(Qt.Key.Key_Return, held=CTRL)
    done()
    assert page.view.last.undo.isVisible()
    workspace.sync.run("trainees")
    done()
    strip = page.view.last
    assert not strip.undo.isVisible()
    assert "It cannot be undone any more. Register has had it since" in strip.text.text()
    assert "in the history" in strip.text.text()


def test_what_the_choice_would_leave_to_put_right_is_told_before_it_is_saved(
    make_window, workspace, portal, editable, clock, settle
):
    row = editable()[0]
    workspace.records.edit(row.id, Patch({"itt_end_date": "2020-07-02"}))
    clock.now += timedelta(minutes=5)
    portal.control.edit(row.portal_id, itt_end_date="2027-07-16")
    workspace.sync.run("trainees")
    window = make_window(workspace, "needs")
    page = window.stack.page
    case = page.view.case
    assert not case.result.isVisible()
    case.choose(MINE)
    told = [
        label.text()
        for label in case.result.findChildren(type(case.result._lines.itemAt(0).itemAt(1).widget()))
    ]
    assert any(text.startswith("To put right: ") for text in told)
    jump = case.result.findChildren(Button)[0]
    assert jump.words == "Go to expected end date"
    jump.click()
    assert case.choices() == {"itt_end_date": TYPED}
    assert case.grids[0]._rows[0].control.has_focus()
    case.choose(THEIRS)
    assert not any(b.isVisible() for b in case.result.findChildren(Button))
    assert workspace.records.view(row.id).conflict is not None, "nothing was saved by looking"


def test_a_thousand_lines_are_counted_and_two_hundred_listed():
    line = DecisionPreview(1_000, 1_000, 3, (), ())
    assert summary_of(line, "Register") == (
        "1,000 records will be decided. 1,000 have something to send to Register afterwards. "
        "3 of them then wait as drafts until something is put right."
    )
