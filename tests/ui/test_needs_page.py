"""Needs you: side by side, decided by one key, nothing lost; refusals, unknowns, duplicates and what is missing."""

from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop.model.document import Child, ChildPatch, Document, Patch
from desktop.ui.needs import deeds as needs_deeds
from desktop.ui.needs.cases import MINE, THEIRS, TYPED, build, outcome
from desktop.ui.needs.conflict_view import ConflictView
from desktop.ui.needs.duplicate_view import DuplicateView
from desktop.ui.needs.need_list import Head, NeedModel, caption
from desktop.ui.needs.told_views import ToldView
from tests.ui.pressing import press
from tests.ui.test_shell import focusables, name_of

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
FUNDED = {
    "training_route": "12",
    "course_subject_1": "100403",
    "course_age_range": "13918",
    "fund_code": "2",
    "funding_method": "6",
}


@pytest.fixture
def later(clock):
    def move(minutes=5):
        clock.now += timedelta(minutes=minutes)

    return move


@pytest.fixture
def funding_conflict(workspace, portal, editable, later):
    """Both sides changed the funding of one trainee; two other answers merged by themselves."""
    row = editable()[0]
    portal.control.edit(row.portal_id, **FUNDED)
    later()
    workspace.sync.run("trainees")
    workspace.records.edit(
        row.id, Patch({"fund_code": "7", "funding_method": "D", "email": "mine@example.org"})
    )
    later()
    portal.control.edit(row.portal_id, fund_code="7", funding_method="4", itt_end_date="2027-07-16")
    workspace.sync.run("trainees")
    assert workspace.records.view(row.id).conflict is not None
    return row.id


@pytest.fixture
def date_conflict(workspace, portal, editable, later):
    row = editable()[1]
    workspace.records.edit(row.id, Patch({"itt_end_date": "2027-07-02"}))
    later()
    portal.control.edit(row.portal_id, itt_end_date="2027-07-16")
    workspace.sync.run("trainees")
    return row.id


@pytest.fixture
def refused(workspace, editable, later):
    """The portal does not take a placement at a school that it does not know."""
    row = editable()[2]
    workspace.records.edit(
        row.id, Patch({}, {"placements": {"local": ChildPatch({"urn": "999999"}, added=True)}})
    )
    later()
    workspace.sync.run("trainees")
    return row.id


@pytest.fixture
def unknown(workspace, portal, editable, later):
    """A new trainee was sent and no answer came."""
    known = workspace.records.view(editable()[3].id).document
    fields = {
        **known.fields,
        "first_names": "Daniela",
        "last_name": "Whitcombe",
        "hesa_id": "0310261553101",
        "provider_trainee_id": "NM26-77777",
        "email": "d@example.org",
    }
    degrees = [Child("", dict(c.fields)) for c in known.children.get("degrees", ())]
    view = workspace.records.add("trainees", Document(fields, {"degrees": degrees}))
    later()
    portal.control.fault("lost_reply", match="POST /trainees")
    portal.control.limits(2)  # a look whose records these are, the new one, and then nothing for a while
    workspace.sync.run("trainees", pull=False)
    portal.control.limits(None)
    portal.control.fault("maintenance")
    assert workspace.records.view(view.id).sync == "unknown"
    return view.id


@pytest.fixture
def duplicate(workspace, editable, later):
    """A new trainee whom the portal takes for one that it has."""
    known = workspace.records.view(editable()[4].id)
    fields = {
        **known.document.fields,
        "hesa_id": "0310261553777",
        "provider_trainee_id": "NM26-99001",
        "email": "other@example.org",
    }
    degrees = [Child("", dict(c.fields)) for c in known.document.children.get("degrees", ())]
    view = workspace.records.add("trainees", Document(fields, {"degrees": degrees}))
    later()
    workspace.sync.run("trainees")
    return view.id


@pytest.fixture
def open_needs(make_window, workspace, settle, qtbot):
    return Needs(make_window, workspace, settle, qtbot)


class Needs:
    """Opens the page; `done` waits for it, `window` is the one that was opened last."""

    def __init__(self, make_window, workspace, settle, qtbot):
        self._make, self._workspace, self._settle, self._qtbot = make_window, workspace, settle, qtbot
        self.window: Any = None

    def __call__(self, **where):
        self.window = self._make(self._workspace, "home")
        self.window.go("needs", **where)
        self.done()
        self.window.activateWindow()
        self._qtbot.waitUntil(lambda: QApplication.activeWindow() is self.window)
        self.window.stack.page.view.list.setFocus()
        return self.window.stack.page

    def done(self):
        self._settle(self.window)


# --- the conflict as data


def case_of(workspace, record_id):
    collection = workspace.collections["trainees"]
    view = workspace.records.view(record_id)

    def live(document):
        return workspace.checks.live("trainees", document, record_id)

    history = workspace.activity.entries(record_id, 100)
    return build(collection, view, history, workspace.now(), live), live, collection


def test_a_conflict_is_told_by_unit_with_what_each_side_pays(workspace, funding_conflict):
    case, _, _ = case_of(workspace, funding_conflict)
    unit = case.units[0]
    assert unit.title == "Funding"
    rows = {row.label: row for row in unit.rows}
    assert rows["Student finance"].note == "Same on both sides"
    assert rows["Funding method"].note == "Different"
    assert rows["Funding method"].before.text == "No funding"
    assert (rows["Funding method"].mine.text, rows["Funding method"].mine.code) == (
        "Postgraduate bursary",
        "D",
    )
    assert rows["What it pays"].mine.text == "£29,000"
    assert "no scholarship" in rows["What it pays"].theirs.trouble.lower()
    assert rows["What it pays"].before.text == "£0"
    assert "Subject 1 Mathematics" in unit.also
    assert "both changed the funding" in case.sentence
    assert "two answers belong together" in case.sentence
    assert case.mine_at.startswith("Priya Nandakumar, ")


def test_what_was_merged_without_anybody_is_told_too(workspace, funding_conflict):
    case, _, _ = case_of(workspace, funding_conflict)
    assert {(m.label, m.text, m.whose) for m in case.merged} == {
        ("Email address", "mine@example.org", "Yours. The portal had not changed it."),
        ("Expected end date", "16 July 2027", "The portal’s. You had not changed it."),
    }


def test_the_outcome_is_what_would_be_sent_and_is_checked_as_a_whole(workspace, funding_conflict):
    case, live, collection = case_of(workspace, funding_conflict)
    mine = outcome(collection, case, {"funding": MINE}, {}, live)
    assert ("Funding method", "Postgraduate bursary") in mine.sends
    assert ("Email address", "mine@example.org") in mine.sends
    assert mine.problems == ()
    theirs = outcome(collection, case, {"funding": THEIRS}, {}, live)
    assert [label for label, _ in theirs.sends] == ["Email address"]
    assert any("scholarship" in problem for problem in theirs.problems)
    typed = outcome(collection, case, {"funding": TYPED}, {"funding_method": "6", "fund_code": "7"}, live)
    assert ("Funding method", "No funding") in typed.sends


# --- deciding


def test_one_keeps_ours_and_control_enter_saves_and_goes_on(
    open_needs, workspace, funding_conflict, date_conflict
):
    page = open_needs()
    assert page.view.list.current_need().record_id == funding_conflict, "most money first"
    assert not page.view.bar.save.isEnabled()
    press("1")
    assert page.view.case.choices() == {"funding": MINE}
    press(Qt.Key.Key_Return, held=CTRL)
    open_needs.done()
    after = workspace.records.view(funding_conflict)
    assert after.conflict is None
    assert after.document.get("funding_method") == "D"
    assert page.view.list.current_need().record_id == date_conflict
    assert isinstance(page.view.case, ConflictView)


def test_two_takes_the_portals_and_ours_stays_in_the_history(open_needs, workspace, date_conflict):
    page = open_needs()
    press("2", Qt.Key.Key_Return, held=Qt.KeyboardModifier.NoModifier)
    press(Qt.Key.Key_Return, held=CTRL)
    open_needs.done()
    assert workspace.records.view(date_conflict).document.get("itt_end_date") == "2027-07-16"
    lost = [e.detail.get("lost") for e in workspace.activity.entries(date_conflict) if e.event == "resolved"]
    assert lost == [{"itt_end_date": "2027-07-02"}]
    assert page.view._stack.currentIndex() == 1


def test_e_types_another_answer(open_needs, workspace, date_conflict):
    page = open_needs()
    press("e")
    grid = page.view.case.grids[0]
    assert grid.choice == TYPED
    entry = grid._rows[0].control
    assert entry.has_focus()
    entry.show_value("2027-07-09")
    entry.edited.emit()
    press(Qt.Key.Key_Return, held=CTRL)
    open_needs.done()
    assert workspace.records.view(date_conflict).document.get("itt_end_date") == "2027-07-09"


def test_digits_typed_into_an_answer_choose_nothing(open_needs, date_conflict):
    page = open_needs()
    press("e")
    press("1", "2")
    assert page.view.case.choices() == {"itt_end_date": TYPED}
    assert page.view.case.grids[0]._rows[0].control.inputs()[0].text().endswith("12")


def test_decide_later_goes_on_and_decides_nothing(open_needs, workspace, funding_conflict, date_conflict):
    page = open_needs()
    press(Qt.Key.Key_D, held=CTRL)
    open_needs.done()
    assert page.view.list.current_need().record_id == date_conflict
    assert workspace.records.view(funding_conflict).conflict is not None


def test_the_card_below_says_what_will_be_sent(open_needs, funding_conflict):
    page = open_needs()
    sends = page.view.case._sends._text
    assert "choose one" in sends.text()
    press("1")
    assert "Funding method Postgraduate bursary" in sends.text()
    press("2")
    assert "must be put right first" in sends.text()


def test_a_choice_is_not_taken_away_by_a_sync_that_changed_nothing(open_needs, workspace, date_conflict):
    page = open_needs()
    press("1")
    case = page.view.case
    page.refresh(None)
    open_needs.done()
    assert page.view.case is case
    assert case.choices() == {"itt_end_date": MINE}


# --- what is told rather than compared


def test_a_refusal_shows_the_portals_words_and_leads_to_the_field(open_needs, workspace, refused):
    page = open_needs()
    case = page.view.case
    assert isinstance(case, ToldView)
    path, label, message = case.told.said[0]
    assert path.startswith("placements.")
    assert label
    assert message
    case.field_asked.emit(path)
    open_needs.done()
    window = open_needs.window
    assert window.stack.name == "record"
    assert window.stack.page.screen_view.form.focused_path() == path


def test_a_refused_change_can_be_taken_back(open_needs, workspace, refused):
    page = open_needs()
    page.view.case.way_chosen.emit("take_back")
    open_needs.done()
    assert workspace.conflicts.needs() == []
    assert not workspace.records.view(refused).pending


def test_an_unknown_says_what_is_known_and_that_nothing_is_sent_twice(open_needs, workspace, unknown):
    page = open_needs()
    told = page.view.case.told
    assert told.sentence.startswith("This was sent, and no answer came. It may have arrived.")
    assert "before it sends anything again" in told.next_text
    assert dict(told.facts)["What was sent"].startswith("New trainee")
    assert "Sent" in dict(told.facts)
    assert dict(told.facts)["Next look"] == "14:08", "so long after it was sent, and not before"


def test_an_unknown_waits_for_a_portal_that_is_down_and_says_so(open_needs, workspace, unknown, later):
    later(30)
    workspace.sync.run("trainees")
    told = open_needs().view.case.told
    assert dict(told.facts)["Next look"].startswith("When Register answers again (next try ")


def test_a_possible_duplicate_is_put_side_by_side_and_linked(open_needs, workspace, duplicate, monkeypatch):
    asked = []

    def second_time(*said):
        asked.append(said[1:])
        return len(asked) > 1

    monkeypatch.setattr(needs_deeds, "ask", second_time)
    page = open_needs()
    case = page.view.case
    assert isinstance(case, DuplicateView)
    assert len(case._buttons) == 1
    case._buttons[0].click()
    open_needs.done()
    assert workspace.records.view(duplicate).conflict is not None, "the first answer was no"
    assert "cannot be undone" in asked[0][1]
    case._buttons[0].click()
    open_needs.done()
    after = workspace.records.view(duplicate)
    assert after.portal_id is not None
    assert after.conflict is None


def test_a_possible_duplicate_can_stay_a_draft(open_needs, workspace, duplicate):
    page = open_needs()
    page.view.case.kept_as_draft.emit()
    open_needs.done()
    after = workspace.records.view(duplicate)
    assert after.portal_id is None
    assert after.conflict is None
    assert [need.kind for need in workspace.conflicts.needs()] == ["refused"]


@pytest.fixture
def missing(workspace, portal, editable, later):
    """A trainee with a change that waits, deleted at the portal."""
    row = editable()[5]
    portal.control.discard(row.portal_id)
    workspace.records.edit(row.id, Patch({"email": "kept@example.org"}))
    later(60)
    workspace.sync.run("trainees", full=True)
    assert workspace.records.view(row.id).missing
    return row.id


def test_a_missing_record_is_kept_by_a_person(open_needs, workspace, missing):
    page = open_needs(record_id=missing)
    assert page.view.list.current_need().kind == "missing"
    page.view.case.way_chosen.emit("keep")
    open_needs.done()
    assert workspace.records.view(missing).document.get("email") == "kept@example.org"
    assert workspace.conflicts.open() == []


def test_a_missing_record_is_sent_again_as_new(open_needs, workspace, missing):
    page = open_needs(record_id=missing)
    page.view.case.way_chosen.emit("send_anew")
    open_needs.done()
    after = workspace.records.view(missing)
    assert after.portal_id is None
    assert after.document.get("email") == "kept@example.org"
    assert after.changes[0].kind == "create"


def test_nothing_to_decide_says_so(open_needs):
    page = open_needs()
    assert page.view._stack.currentIndex() == 1
    assert not page.view.bar.isVisible()


def test_a_need_of_a_record_is_found_from_elsewhere(open_needs, funding_conflict, date_conflict):
    page = open_needs(record_id=date_conflict)
    assert page.view.list.current_need().record_id == date_conflict


# --- looks


def test_the_list_keeps_qts_rules_and_says_each_need_in_words(
    qtmodeltester, workspace, funding_conflict, refused
):
    model = NeedModel()
    model.show_needs(workspace.conflicts.needs())
    qtmodeltester.check(model)
    entries = [model.entry(p) for p in range(model.rowCount())]
    assert [(e.title, e.count) for e in entries if isinstance(e, Head)] == [
        ("Conflicts", 1),
        ("Refused by the portal", 1),
    ]
    need = model.needs()[0]
    assert caption(need).endswith("£29,000")
    spoken = model.data(model.index(1, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert ", Conflict, Funding method" in spoken


def test_a_small_window_shows_the_list_and_then_the_case(make_window, workspace, settle, funding_conflict):
    window = make_window(workspace, "needs", (682, 466))
    settle(window)
    page = window.stack.page
    assert page.view._left.isVisible()
    assert not page.view._area.isVisible()
    page.view.show_case_side()
    assert not page.view._left.isVisible()
    assert page.view._area.isVisible()
    assert page.view._area.horizontalScrollBar().maximum() == 0
    before = [cells["base"] for _, cells in page.view.case.grids[0]._lines]
    assert not any(cell.isVisible() for cell in before)
    page.view._to_list.click()
    assert page.view._left.isVisible()


def test_everything_that_takes_the_keyboard_has_a_name(open_needs, funding_conflict):
    page = open_needs()
    press("e")
    found = focusables(page)
    assert len(found) >= 8
    assert [type(w).__name__ for w in found if not name_of(w).strip()] == []
