"""Typing on the portal's website: durable step by step, never sent as well, and true only when it was read back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from desktop.model.change import ChangeState
from desktop.model.document import Patch
from desktop.model.errors import UnknownName, UsageError
from desktop.services.keying import NotReady, SomebodyElse
from desktop.services.keying_job import Stand, Why
from desktop.services.views import Organisation
from desktop.services.workspace import Workspace
from tests.fault.conftest import PASSPHRASE, TRAINEES
from tests.fault.test_web_reading import scitt as _website

website = _website
"""An office that loads the website's export."""

RETURN = {"return_date": "2026-10-01", "new_end_date": "2027-09-30"}


def type_all(keying, item_id, outcomes=None):
    """Go through every page of a sheet; `outcomes` = what the portal shows after the pages that ask."""
    now = keying.begin(item_id, anyway=True)
    while now.page:
        now = keying.page_done(item_id, now.page, (outcomes or {}).get(now.page, ""))
    return now


@pytest.fixture
def keying(desk):
    return desk.workspace.keying


@pytest.fixture
def deferred(desk):
    """A trainee whom the portal has as deferred."""
    portal_id = desk.in_training()
    desk.control.edit(portal_id, state="deferred", defer_date="2026-09-20")
    desk.sync()
    return desk.at(portal_id)


@pytest.fixture
def leaver(desk):
    """A trainee who never started, by the portal."""
    portal_id = desk.in_training()
    desk.control.edit(portal_id, trainee_start_date=None)
    desk.sync(full=True)
    return desk.at(portal_id)


@pytest.fixture
def scitt(tmp_path, desk):
    """A workspace of an organisation without an API, with one new trainee as its office has them."""
    made = Workspace.create(
        tmp_path / "scitt",
        Organisation("Larkfield SCITT", "scitt"),
        PASSPHRASE,
        clock=desk.clock,
        actor="Sam",
    )
    yield made
    made.close()


def ask(desk, record, action, fields):
    desk.workspace.records.act(record.id, action, fields)
    (item,) = desk.workspace.keying.of_record(record.id)
    return item


def test_an_action_that_only_the_website_does_is_never_sent_and_holds_nothing_up(desk, keying, deferred):
    other = desk.at(desk.in_training(3))
    item = ask(desk, deferred, "reinstate", RETURN)
    desk.edit(other, email="other@example.com")
    before = len(desk.writes())
    desk.sync()
    assert [path for method, path in desk.writes()[before:]] == [f"/trainees/{other.portal_id}"]
    (change,) = desk.changes(deferred)
    assert (change.state, change.group, change.place) == (ChangeState.QUEUED, "hand", None)
    assert change.reason == "Only Register’s website can do this. Type it there."
    assert (item.why, item.stand, item.missing, item.why_not) == (Why.ONLY, Stand.WAITING, (), "")


def test_typed_to_the_end_it_is_unknown_until_it_is_read_back(desk, keying, deferred):
    item = ask(desk, deferred, "reinstate", RETURN)
    end = type_all(keying, item.id)
    assert (end.page, end.stopped) == ("", "")
    left = keying.finish(item.id, "accepted", reference="R 12")
    assert (left.stand, left.reference, left.by) == (Stand.TYPED, "R 12", "Sam")
    (change,) = desk.changes(deferred)
    assert change.state is ChangeState.UNKNOWN
    assert "reference R 12" in change.reason
    assert "Its last page was seen" in change.reason
    desk.sync()
    assert desk.states(deferred) == [ChangeState.UNKNOWN], "Register does not show it yet"
    assert desk.workspace.home().needs == (), "what waits to be read back is nothing to decide"
    desk.control.edit(deferred.portal_id, state="trn_received", itt_end_date="2027-09-30")
    desk.sync()
    assert desk.changes(deferred) == []
    assert desk.view(deferred).state == "trn_received"
    assert keying.items() == []
    desk.assert_healthy()
    other = desk.at(desk.in_training(5))
    desk.edit(other, email="other@example.com")
    keying.begin(f"{other.id}:change")
    with desk.read() as unit:
        assert [kept.name for kept in unit.kept.all("keying")] == [f"{other.id}:change"], (
            "the old one is swept"
        )


@pytest.mark.parametrize("said", ["accepted", "unsure"])
def test_edits_typed_on_the_website_are_not_sent_and_are_confirmed_by_reading(desk, keying, said):
    view = desk.at(desk.in_training())
    desk.edit(view, email="new@example.com")
    item_id = f"{view.id}:change"
    assert keying.items() == [], "Holdfast sends it by itself"
    keying.begin(item_id)
    (item,) = keying.items()
    assert item.stand is Stand.BEGUN
    before = desk.writes()
    desk.sync()
    assert desk.writes() == before, "nothing of a record is sent while somebody types it"
    type_all(keying, item_id)
    keying.finish(item_id, said)
    desk.sync()
    assert desk.states(view) == [ChangeState.UNKNOWN]
    assert desk.writes() == before
    desk.control.edit(view.portal_id, email="new@example.com")
    desk.sync()
    assert desk.changes(view) == []
    desk.assert_settled()


def test_a_half_typed_sheet_goes_on_after_a_restart(desk, keying, deferred):
    item = ask(desk, deferred, "reinstate", RETURN)
    first = keying.begin(item.id)
    second = keying.page_done(item.id, first.page)
    desk.clock.forward(hours=3)
    again = desk.reopen().keying
    (listed,) = again.items()
    assert (listed.stand, listed.place, listed.pages, listed.by) == (Stand.BEGUN, 2, 3, "Sam")
    found = again.begin(item.id)
    assert (found.page, dict(found.done)) == (second.page, {first.page: ""})
    assert [e for e in desk.events(deferred) if e.startswith("key")] == ["keying_begun", "keyed_page"]


def test_the_clock_of_the_portals_session_begins_anew_with_each_page(desk, keying, deferred):
    item = ask(desk, deferred, "reinstate", RETURN)
    first = keying.begin(item.id)
    desk.clock.forward(minutes=50)
    second = keying.page_done(item.id, first.page)
    assert second.ends_at - first.ends_at >= timedelta(minutes=50)
    assert timedelta(hours=1, minutes=59) < second.ends_at - desk.clock.now <= timedelta(hours=2)


def test_somebody_else_sees_who_types_it_and_takes_over_on_purpose(desk, keying, deferred):
    item = ask(desk, deferred, "reinstate", RETURN)
    opened = keying.begin(item.id)
    desk.close()
    other = Workspace.open(desk.folder, PASSPHRASE, clock=desk.clock, actor="Priya")
    try:
        (listed,) = other.keying.items()
        assert (listed.by, listed.stand) == ("Sam", Stand.BEGUN)
        with pytest.raises(SomebodyElse, match="Sam is typing this") as refused:
            other.keying.begin(item.id)
        assert refused.value.lease.since <= desk.clock.now
        with pytest.raises(SomebodyElse):
            other.keying.page_done(item.id, opened.page)
        assert other.keying.begin(item.id, take_over=True).item.by == "Priya"
    finally:
        other.close()
    desk.reopen()
    assert "keying_taken_over" in desk.events(deferred)


def test_an_answer_that_changes_meanwhile_is_shown_and_what_was_typed_counts(desk, keying):
    view = desk.at(desk.in_training())
    desk.edit(view, email="first@example.com")
    item_id = f"{view.id}:change"
    assert keying.begin(item_id).moved == ()
    desk.edit(view, email="second@example.com")
    (moved,) = keying.get(item_id).moved
    assert (moved.line.label, moved.was, moved.line.words) == (
        "Email address",
        "first@example.com",
        "second@example.com",
    )
    type_all(keying, item_id)
    keying.finish(item_id, "accepted")
    desk.control.edit(view.portal_id, email="first@example.com")
    desk.sync()
    confirmed = next(e for e in desk.history(view) if e.event == "confirmed")
    assert confirmed.detail["fields"] == {"email": "first@example.com"}
    assert desk.trainee(view)["email"] == "second@example.com", "the later edit went its own way"
    desk.assert_settled()


def test_new_answers_are_typed_too_when_a_person_says_so(desk, keying):
    view = desk.at(desk.in_training())
    desk.edit(view, email="first@example.com")
    item_id = f"{view.id}:change"
    keying.begin(item_id)
    desk.edit(view, email="second@example.com")
    assert keying.take_new_answers(item_id).moved == ()
    type_all(keying, item_id)
    keying.finish(item_id, "accepted")
    desk.control.edit(view.portal_id, email="second@example.com")
    desk.sync()
    assert desk.changes(view) == []


def test_a_change_that_was_taken_back_meanwhile_holds_nothing(desk, keying):
    view = desk.at(desk.in_training())
    desk.edit(view, email="first@example.com")
    item_id = f"{view.id}:change"
    keying.begin(item_id)
    desk.workspace.records.revert(view.id)
    with pytest.raises(UnknownName, match="nothing to type"):
        keying.page_done(item_id, "contact")
    desk.workspace.records.act(view.id, "defer", {"defer_date": "2026-10-01"})
    desk.sync()
    assert desk.trainee(view)["state"] == "deferred"


def test_what_the_website_did_not_take_waits_for_a_person(desk, keying):
    view = desk.at(desk.in_training())
    desk.edit(view, email="first@example.com")
    item_id = f"{view.id}:change"
    keying.begin(item_id)
    with pytest.raises(UsageError, match="Say what the website did not take"):
        keying.finish(item_id, "refused")
    assert keying.finish(item_id, "refused", why="Email is used by somebody else") is None
    (need,) = desk.workspace.conflicts.needs()
    assert need.kind == "refused"
    assert "Email is used by somebody else" in need.what
    desk.edit(view, email="better@example.com")
    desk.sync()
    assert desk.trainee(view)["email"] == "better@example.com"


def test_given_up_it_waits_as_before(desk, keying, deferred):
    item = ask(desk, deferred, "reinstate", RETURN)
    keying.begin(item.id)
    keying.give_up(item.id, "The page does not open")
    (again,) = keying.items()
    assert (again.stand, again.place) == (Stand.WAITING, 0)
    (change,) = desk.changes(deferred)
    assert change.reason == "Not typed: The page does not open"
    with pytest.raises(UsageError, match="nothing to give up"):
        keying.give_up(item.id)


def test_typed_and_yet_not_there_it_waits_again(desk, keying, deferred):
    item = ask(desk, deferred, "reinstate", RETURN)
    type_all(keying, item.id)
    keying.finish(item.id, "unsure")
    keying.give_up(item.id)
    assert desk.states(deferred) == [ChangeState.QUEUED]
    assert "keyed_not_there" in desk.events(deferred)
    assert keying.begin(item.id).page == "date"


def test_a_trainee_who_was_deleted_as_asked_goes_when_no_list_has_them(desk, keying, leaver):
    item = ask(desk, leaver, "delete", {"delete_reason": "Never came"})
    begun = keying.begin(item.id)
    asked = keying.page_done(item.id, begun.page, "started")
    assert asked.page == "did-start"
    sure = keying.page_done(item.id, "did-start", "sure")
    assert (sure.page, sure.item.place, sure.item.pages) == ("confirm", 2, 2)
    keying.page_done(item.id, "confirm")
    keying.finish(item.id, "accepted")
    desk.sync()
    assert desk.view(leaver).state == "trn_received", "it is still in the list"
    desk.control.discard(leaver.portal_id)
    desk.sync(full=True)
    assert leaver.portal_id not in {view.portal_id for view in desk.all()}
    assert desk.conflicts() == []
    assert "deleted_there" in desk.events()
    desk.assert_healthy()


def test_a_trainee_who_is_gone_before_anybody_typed_it_is_a_question(desk, keying, leaver):
    ask(desk, leaver, "delete", {})
    desk.control.discard(leaver.portal_id)
    desk.sync(full=True)
    assert desk.conflict().record_id == leaver.id


def test_what_the_portal_shows_can_end_a_sheet(desk, keying, leaver):
    item = ask(desk, leaver, "delete", {})
    begun = keying.begin(item.id)
    with pytest.raises(UsageError, match="Say what the website shows now"):
        keying.page_done(item.id, begun.page)
    stopped = keying.page_done(item.id, begun.page, "gone")
    assert stopped.page == ""
    assert "Withdraw them instead" in stopped.stopped


def test_edits_of_a_record_come_before_its_actions(desk, keying, scitt):
    made = scitt.records.add(TRAINEES, desk.person(provider_trainee_id="N-1"))
    items = scitt.keying.items()
    assert [(item.journey, item.why, item.why_not) for item in items] == [("register", Why.NO_WAY_IN, "")]
    assert made.id == items[0].record_id


def test_a_draft_is_typed_by_what_the_website_asks_and_what_is_missing_is_said_first(desk, scitt):
    """What only the API asks for keeps nobody from typing; what the website will refuse is said first."""
    person = desk.person(provider_trainee_id=None, hesa_id="7", date_of_birth="2015-04-12")
    made = scitt.records.add(TRAINEES, person)
    assert made.sync == "draft"
    item = scitt.keying.items()[0]
    assert item.missing == ("Trainee ID",)
    (young,) = item.wrong
    assert "16" in young
    with pytest.raises(NotReady, match="Trainee ID") as refused:
        scitt.keying.begin(item.id)
    assert (refused.value.missing, refused.value.wrong) == (("Trainee ID",), (young,))
    scitt.records.edit(made.id, Patch({"provider_trainee_id": "N-7", "date_of_birth": "1999-04-12"}))
    assert scitt.records.view(made.id).sync == "draft", "the HESA ID is still wrong"
    assert scitt.keying.begin(item.id).page == "route"
    type_all(scitt.keying, item.id)
    scitt.keying.finish(item.id, "accepted")
    (change,) = scitt.records.view(made.id).changes
    assert change.state is ChangeState.UNKNOWN
    scitt.keying.give_up(item.id)
    (change,) = scitt.records.view(made.id).changes
    assert change.state is ChangeState.HELD, "a draft is a draft again"


def test_what_the_website_does_not_ask_for_cannot_be_typed(desk, keying):
    view = desk.at(desk.in_training())
    desk.edit(view, course_year=3)
    found = keying.get(f"{view.id}:change")
    assert found.sheet.pages == ()
    assert found.item.why_not == "Register’s website does not ask for it: year of course."
    with pytest.raises(UsageError, match="does not ask"):
        keying.begin(f"{view.id}:change")


def test_what_is_on_its_way_is_not_typed_as_well(desk, keying):
    view = desk.at(desk.in_training())
    desk.edit(view, email="first@example.com")
    desk.control.fault("lost_reply", match="PUT /trainees", count=1)
    desk.sync()
    if desk.states(view) == [ChangeState.UNKNOWN]:
        with pytest.raises(UsageError, match="may have arrived"):
            keying.begin(f"{view.id}:change")
    else:
        assert desk.changes(view) == []


def test_days_ahead_and_unwritable_words_are_refused(desk, keying, deferred):
    item = ask(desk, deferred, "reinstate", RETURN)
    keying.begin(item.id)
    with pytest.raises(UsageError, match="future"):
        keying.finish(item.id, "accepted", on=desk.workspace.today() + timedelta(days=1))
    with pytest.raises(UsageError, match="200 characters"):
        keying.finish(item.id, "accepted", reference="x" * 201)
    with pytest.raises(UsageError, match="none of"):
        keying.finish(item.id, "perhaps")
    assert keying.items()[0].stand is Stand.BEGUN


@pytest.fixture
def on_word():
    """Make a collection one from whose portal nothing can be read afterwards: it takes the person's word."""
    changed = []

    def make(collection):
        changed.append((collection, collection.journeys))
        journeys = tuple(replace(journey, read_back=False) for journey in collection.journeys)
        object.__setattr__(collection, "journeys", journeys)

    yield make
    for collection, journeys in changed[::-1]:
        object.__setattr__(collection, "journeys", journeys)


def test_where_nothing_can_be_read_back_what_a_person_saw_is_the_proof(desk, keying, on_word):
    on_word(desk.collection)
    view = desk.at(desk.in_training())
    desk.edit(view, email="first@example.com")
    item_id = f"{view.id}:change"
    keying.begin(item_id)
    desk.edit(view, email="second@example.com")
    type_all(keying, item_id)
    left = keying.finish(item_id, "accepted", reference="R 7")
    now = desk.view(view)
    assert now.base.get("email") == "first@example.com"
    assert now.pending.fields == {"email": "second@example.com"}, "the later edit is to be typed, too"
    assert now.extras["reference"] == "R 7"
    assert left is None or left.stand is Stand.WAITING
    assert desk.workspace.care.doctor() == []


def test_a_new_record_then_goes_by_the_portals_reference(desk, scitt, on_word):
    on_word(scitt.collections[TRAINEES])
    made = scitt.records.add(TRAINEES, desk.person(provider_trainee_id="N-1"))
    item = scitt.keying.items()[0]
    type_all(scitt.keying, item.id)
    assert scitt.keying.finish(item.id, "accepted", reference="TRN 1234567") is None
    view = scitt.records.view(made.id)
    assert (view.portal_id, view.changes, view.sync) == ("TRN 1234567", (), "clean")
    assert scitt.care.doctor() == []


def test_nobody_is_sure_then_it_stays_unknown_even_there(desk, keying, on_word):
    on_word(desk.collection)
    view = desk.at(desk.in_training())
    desk.edit(view, email="first@example.com")
    type_all(keying, f"{view.id}:change")
    assert keying.finish(f"{view.id}:change", "unsure").stand is Stand.TYPED
    assert desk.states(view) == [ChangeState.UNKNOWN]


def test_a_new_trainee_typed_by_an_office_without_an_api_is_confirmed_by_the_export(desk, website):
    """The whole circle: a draft that the API would not take, the sheet, the website, its export (pack 9.1)."""
    website.load()
    keying = desk.workspace.keying
    made = desk.add(provider_trainee_id="N-1", hesa_id=None)
    item_id = f"{made.id}:register"
    type_all(keying, item_id)
    keying.finish(item_id, "accepted")
    website.load()
    assert keying.get(item_id).item.stand is Stand.TYPED, "the website's list does not show it yet"
    portal_id = website.registers(made)
    assert website.load().confirmed == 1
    view = desk.view(made)
    assert (view.portal_id, view.changes, keying.items()) == (portal_id, (), [])
    desk.edit(view, email="new@example.com")
    (item,) = keying.items()
    assert (item.journey, item.why) == ("change", Why.NO_WAY_IN)
    desk.workspace.records.act(view.id, "defer", {"defer_date": "2026-10-01"})
    first, second = keying.items()
    assert (first.why_not, second.journey) == ("", "defer")
    assert second.why_not == "Waits until the other changes of this record are sent."
