"""Several people at one window: names, what each may do, who sits here, and whose sheet it is; all of it by keyboard."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QCheckBox

from desktop.model.document import Patch
from desktop.model.person import Role
from desktop.services.views import RecordQuery
from desktop.ui.keying import opening
from desktop.ui.settings import people as people_settings
from desktop.ui.theme import theme
from tests.ui import walking

RETURN = {"return_date": "2026-10-01", "new_end_date": "2027-09-30"}
WHY_NOT_SEND = "Sam Ode can enter records, not send them. Ask Priya Nandakumar, who can."


@pytest.fixture
def several(workspace):
    """Priya, who may everything and sits here, and Sam, who enters."""
    workspace.people.add("Sam Ode", {Role.ENTER})
    return workspace


@pytest.fixture
def sams(several):
    """The same with Sam at the computer."""
    several.people.take_over(several.people.named("Sam Ode").id)
    return several


@pytest.fixture
def show(make_window, settle):
    """A window past its first question, on a page."""

    def open_window(workspace, page, size=(1440, 900), **where):
        window = make_window(workspace, page, size, **where)
        if window.seat.dialog is not None:
            window.seat.dialog.reject()
            settle(window)
        return window

    return open_window


@pytest.fixture
def deferred(several):
    """The sheet of a trainee whose return was asked for."""
    query = RecordQuery("trainees", filters={"state": ("deferred",)})
    record_id = several.records.rows(several.records.find(query))[0].id
    several.records.act(record_id, "reinstate", RETURN)
    return f"{record_id}:reinstate"


def said_of(widget):
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Description)


def sheet_of(page):
    return page.desk.window


def answering(monkeypatch, module, *answers):
    """Let the questions of a module be answered so, one after another; gives what was asked."""
    asked, left = [], list(answers)

    def answer(_parent, *words, **_grave):
        asked.append(words)
        return left.pop(0)

    monkeypatch.setattr(module, "ask", answer)
    return asked


def words_of(commands):
    return [command.words for command in commands]


# --- one person -----------------------------------------------------------------------------------------------------


def test_with_one_person_there_is_nothing_to_see(make_window, workspace, settle):
    window = make_window(workspace, "activity")
    assert window.seat.dialog is None, "nobody is asked who sits here"
    assert window.rail.foot.focusPolicy() is Qt.FocusPolicy.NoFocus
    assert not [words for words in words_of(window.ways.commands()) if "takes over" in words]
    assert window.stack.page.who.isHidden()
    window.go("settings")
    settle(window)
    people = window.stack.page.people
    assert people.note.isHidden()
    (line,) = people.section.lines.values()
    assert line.name.text() == "Priya Nandakumar"
    assert not [box for box in line.findChildren(QCheckBox) if box.isVisible()], "everything is allowed"


def test_one_person_who_may_not_everything_sees_what_is_missing(show, workspace, settle):
    workspace.people.change("", roles={Role.ADMINISTER})
    window = show(workspace, "settings")
    me = workspace.people.current
    assert not window.strip.button.isEnabled()
    assert said_of(window.strip.button).endswith(
        "Nobody here can yet. Priya Nandakumar can change that in Settings, People."
    )
    box = window.stack.page.people.section.lines[me.id].ticks.boxes[Role.SEND]
    box.click()
    settle(window)
    assert window.strip.button.isEnabled()


# --- the list -------------------------------------------------------------------------------------------------------


def type_in(qtbot, field, text):
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_somebody_is_added_renamed_given_a_role_and_leaves(qtbot, show, workspace, settle, monkeypatch):
    window = show(workspace, "settings")
    section = window.stack.page.people.section
    type_in(qtbot, section.new.name, "Sam Ode")
    settle(window)
    assert section.new.name.text() == "", "ready for the next"
    sam = workspace.people.named("Sam Ode")
    assert sam.roles == {Role.ENTER, Role.SEND}
    assert window.rail.foot.focusPolicy() is Qt.FocusPolicy.StrongFocus, "now somebody could take over"
    line = section.lines[sam.id]
    qtbot.keyClick(line.ticks.boxes[Role.SEND], Qt.Key.Key_Space)
    settle(window)
    assert workspace.people.named("Sam Ode").roles == {Role.ENTER}
    type_in(qtbot, line.name, "Samira Ode")
    settle(window)
    assert workspace.people.named("samira ode").former == ("Sam Ode",)
    asked = answering(monkeypatch, people_settings, True)
    line.leave.setFocus()
    qtbot.keyClick(line.leave, Qt.Key.Key_Space)
    settle(window)
    assert [title for title, *_ in asked] == ["Samira Ode no longer works here?"]
    line = section.lines[sam.id]
    assert line.told.text() == "Stopped working here on 13 October 2026. The history keeps the name."
    qtbot.keyClick(line.back, Qt.Key.Key_Space)
    settle(window)
    assert workspace.people.named("Samira Ode").left is None


def test_what_cannot_be_is_said_under_the_name_and_put_back(qtbot, show, several, settle):
    window = show(several, "settings")
    section = window.stack.page.people.section
    priya, sam = several.people.named("Priya Nandakumar"), several.people.named("Sam Ode")
    mine, theirs = section.lines[priya.id], section.lines[sam.id]
    qtbot.keyClick(mine.ticks.boxes[Role.ADMINISTER], Qt.Key.Key_Space)
    settle(window)
    assert "is the only one who looks after settings and people" in mine.field.problem
    assert mine.ticks.boxes[Role.ADMINISTER].isChecked()
    type_in(qtbot, theirs.name, "PRIYA NANDAKUMAR")
    settle(window)
    assert "There is a Priya Nandakumar here already" in theirs.field.problem
    qtbot.keyClick(section.new.add, Qt.Key.Key_Space)
    assert section.new.field.problem == "Enter the name of your colleague."
    assert not mine.leave.isEnabled()
    assert said_of(mine.leave).startswith("Priya Nandakumar sits here now.")


@pytest.mark.parametrize("size", [(1440, 900, 100), (720, 450, 100), (1024, 700, 130)])
def test_settings_with_several_people_by_keyboard_in_every_size(qtbot, show, several, size):
    tove = several.people.add("Tove Lind", set())
    several.people.remove(tove.id)
    theme().set(scale=size[2])
    window = show(several, "settings", size[:2])
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    section = window.stack.page.people.section
    order, traps = walking.walked(window, window.rail.items[0])
    mine = [place for place, widget in enumerate(order) if section.isAncestorOf(widget)]
    assert mine == [*range(mine[0], mine[0] + len(mine))], "one after another, without a jump elsewhere"
    here = [order[place] for place in (mine[0] - 1, *mine)]
    faults = [*traps, *walking.nameless(section), *walking.not_reached(section, order)]
    faults += walking.out_of_order(window, here) + walking.undescribed(section) + walking.clipped(section)
    faults += walking.small_targets(section)
    assert not faults, "\n".join(faults)


# --- what a role does not allow -------------------------------------------------------------------------------------


def test_what_a_role_does_not_allow_is_off_and_says_whom_to_ask(show, sams, settle):
    window = show(sams, "home")
    assert not window.strip.button.isEnabled()
    assert said_of(window.strip.button) == WHY_NOT_SEND
    window.go("handover")
    settle(window)
    make = window.stack.page.screen_view.make
    assert (make.isEnabled(), said_of(make)) == (False, WHY_NOT_SEND)
    window.go("settings")
    settle(window)
    page = window.stack.page
    assert page.people.note.isVisible()
    for part in (page.backup.now, page.sending.change, page.people.section.new.add):
        assert not part.isEnabled()
        assert said_of(part).startswith("Sam Ode can enter records, not look after settings and people.")
    assert page.look.contrast.box.isEnabled(), "how it looks is everybody's own"
    assert not walking.undescribed(window)
    sams.people.take_over(sams.people.named("Priya Nandakumar").id)
    settle(window)
    assert window.strip.button.isEnabled()
    assert page.backup.now.isEnabled()
    assert page.people.note.isHidden()


def test_waiting_says_that_nothing_goes_while_somebody_sits_here_who_may_not_send(
    show, sams, editable, settle
):
    sams.records.edit(editable()[0].id, Patch({"email": "new@example.com"}))
    window = show(sams, "waiting")
    view = window.stack.page.screen_view
    assert view.banner.isVisible()
    assert view.banner.accessibleName().startswith("Nothing is sent while Sam Ode sits here")
    window.sync_now()
    settle(window)
    assert window.frame.banner.isVisible(), "F5 is refused in words"
    assert sams.queue.summary().count == 1


def test_the_end_of_a_sheet_is_off_for_who_may_not_send(show, deferred, sams, settle):
    now = sams.keying.begin(deferred)
    while now.page:
        now = sams.keying.page_done(deferred, now.page)
    window = show(sams, "keying", item=deferred)
    settle(window)
    finish = window.stack.page.desk.window.finish
    for button in (finish.accepted, finish.refused, finish.unsure):
        assert (button.isEnabled(), said_of(button)) == (False, WHY_NOT_SEND)
    assert finish.problem.text() == WHY_NOT_SEND


# --- who sits here --------------------------------------------------------------------------------------------------


def test_the_start_asks_who_sits_here_and_remembers_the_last(qtbot, make_window, several, settle):
    window = make_window(several)
    dialog = window.seat.dialog
    assert dialog.list.currentItem().text() == "Priya Nandakumar"
    qtbot.keyClick(dialog.list, Qt.Key.Key_Down)
    qtbot.keyClick(dialog.list, Qt.Key.Key_Return)
    settle(window)
    assert several.actor == "Sam Ode"
    assert window.rail.foot.accessibleName() == "Sam Ode sits here. Somebody else takes over"
    window.close()
    again = make_window(several)
    assert again.seat.dialog.list.currentItem().text() == "Sam Ode"
    qtbot.keyClick(again.seat.dialog.list, Qt.Key.Key_Escape)
    settle(again)
    assert several.actor == "Sam Ode"
    assert again.seat.dialog is None


def test_a_variable_answers_for_a_person(monkeypatch, make_window, several, settle):
    monkeypatch.setenv("HOLDFAST_PERSON", "sam ode")
    window = make_window(several)
    settle(window)
    assert window.seat.dialog is None
    assert several.actor == "Sam Ode"


def test_a_variable_that_names_nobody_here_leads_to_the_question(monkeypatch, make_window, several):
    monkeypatch.setenv("HOLDFAST_PERSON", "Somebody of another office")
    window = make_window(several)
    assert window.seat.dialog is not None
    assert several.actor == "Priya Nandakumar"


def test_somebody_takes_over_by_the_rail_and_by_ctrl_k(qtbot, show, several, settle):
    window = show(several, "home")
    window.rail.foot.setFocus()
    qtbot.keyClick(window.rail.foot, Qt.Key.Key_Space)
    settle(window)
    assert window.seat.dialog is not None
    window.seat.dialog.reject()
    settle(window)
    commands = {command.words: command.act for command in window.ways.commands()}
    assert "Somebody else takes over" in commands
    commands["Sam Ode takes over"]()
    settle(window)
    assert several.actor == "Sam Ode"
    rows = [e for e in several.activity.entries() if e.event == "person_here"]
    assert [(e.actor, e.text) for e in rows] == [("Sam Ode", "Sam Ode took over at this computer")]


def test_what_was_half_typed_is_kept_for_who_typed_it(qtbot, show, several, editable, settle):
    record = editable()[0].id
    window = show(several, "record", record_id=record)
    page = window.stack.page
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    page.open(record_id=record, field="middle_names")
    settle(window)
    field = window.focusWidget()
    field.selectAll()
    qtbot.keyClicks(field, "Quill")
    window.seat.hand_over(several.people.named("Sam Ode").id)
    settle(window)
    edited = next(e for e in several.activity.entries(record) if e.event == "edited")
    assert edited.actor == "Priya Nandakumar"
    assert several.records.view(record).document.get("middle_names") == "Quill"
    assert several.actor == "Sam Ode"


# --- history --------------------------------------------------------------------------------------------------------


def test_the_history_of_one_person(qtbot, show, sams, editable, settle):
    sams.records.edit(editable()[0].id, Patch({"email": "by.sam@example.com"}))
    window = show(sams, "activity")
    page = window.stack.page
    assert page.who.isVisible()
    names = [page.who.box.itemText(n) for n in range(page.who.box.count())]
    assert names == ["Everybody", "Priya Nandakumar", "Sam Ode", "Holdfast itself"]
    page.who.box.setFocus()
    for _ in range(2):
        qtbot.keyClick(page.who.box, Qt.Key.Key_Down)
    settle(window)
    model = page.table.grouped
    entries = [model.entry(row) for row in range(model.rowCount())]
    who = {entry.cells[3].text for entry in entries if hasattr(entry, "cells")}
    assert who == {"Sam Ode"}


# --- whose sheet ----------------------------------------------------------------------------------------------------


def test_a_sheet_is_taken_over_after_a_question_and_the_history_notes_it(
    qtbot, show, deferred, sams, settle, clock, monkeypatch
):
    sams.keying.begin(deferred)
    clock.now += timedelta(minutes=35)
    sams.people.take_over(sams.people.named("Priya Nandakumar").id)
    window = show(sams, "keying")
    page = window.stack.page
    assert "Sam Ode is typing this on " in page.card.story
    assert "for 35 min now. If Sam Ode does not move on, anybody may go on from 16:02 on" in page.card.story
    assert page.card.begin.words == "Take it over"
    asked = answering(monkeypatch, opening, False, True)
    for _ in range(2):
        page.table.focus_first()
        qtbot.keyClick(page.table, Qt.Key.Key_Return)
        settle(window)
    assert asked[0][0] == "Sam Ode is typing this"
    assert asked[0][2:] == ("Take it over", "Leave it to Sam Ode")
    assert page.desk.window.keying.item.lease.person == "Priya Nandakumar"
    (row,) = [e for e in sams.activity.entries() if e.event == "keying_taken_over"]
    assert (row.actor, row.detail["from"]) == ("Priya Nandakumar", "Sam Ode")


def test_the_sheet_of_who_leaves_the_seat_is_closed_and_after_the_session_anybody_goes_on(
    qtbot, show, deferred, sams, settle, clock
):
    window = show(sams, "keying", item=deferred)
    settle(window)
    page = window.stack.page
    assert sheet_of(page).isVisible()
    window.go("home")
    settle(window)
    sams.people.take_over(sams.people.named("Priya Nandakumar").id)
    settle(window)
    assert sheet_of(page) is None, "nobody types on another's sheet by mistake"
    clock.now += timedelta(minutes=120)
    window.go("keying")
    settle(window)
    assert "has not moved on since. Anybody may go on." in page.card.story
    assert page.card.begin.words == "Go on typing"
    page.table.focus_first()
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    settle(window)
    assert sheet_of(page).keying.item.by == "Priya Nandakumar"
