"""Two people at one workspace: who may send, and a half-typed sheet that goes from one to the other."""

from datetime import timedelta

import pytest

from desktop.model.change import ChangeState
from desktop.model.lease import USUAL_MINUTES, Lease
from desktop.model.person import ALL_ROLES, Role
from desktop.services.keying import SomebodyElse
from desktop.services.keying_job import Stand
from desktop.services.people import NotAllowed
from desktop.sync import leases

RETURN = {"return_date": "2026-10-01", "new_end_date": "2027-09-30"}


@pytest.fixture
def people(desk):
    """Sam, who only enters, and Priya, who may everything, sits here; Sam made the workspace."""
    known = desk.workspace.people
    priya = known.add("Priya", ALL_ROLES)
    known.take_over(priya.id)
    known.change(known.named("Sam").id, roles={Role.ENTER})
    return known


@pytest.fixture
def sit(people):
    def down(name):
        people.take_over(people.named(name).id)

    return down


@pytest.fixture
def item(desk, people):
    """A trainee's return from a deferral that only the website can do; the id of the sheet."""
    portal_id = desk.in_training()
    desk.control.edit(portal_id, state="deferred", defer_date="2026-09-20")
    desk.sync()
    record = desk.at(portal_id)
    desk.workspace.records.act(record.id, "reinstate", RETURN)
    return f"{record.id}:reinstate"


# --- sending --------------------------------------------------------------------------------------------------------


def test_who_may_only_enter_sends_nothing_and_a_pass_by_itself_only_reads(desk, people, sit):
    desk.sync()
    sit("Sam")
    record = desk.at(desk.in_training())
    desk.edit(record, email="by.sam@example.com")
    before = desk.writes()
    with pytest.raises(NotAllowed, match=r"Sam can enter records, not send them\. Ask Priya, who can."):
        desk.sync()
    assert desk.sync(push=False).pushed == 0, "reading is allowed"
    desk.control.edit(desk.in_training(2), email="by.the.portal@example.com")
    assert desk.sync(by_person=False).pulled == 1
    assert desk.writes() == before
    assert desk.states(record) == [ChangeState.QUEUED]
    later = desk.workspace.sync.due().at
    assert later > desk.clock.now + timedelta(minutes=5), "what waits is no reason to hurry"
    sit("Priya")
    assert desk.workspace.sync.due().at < desk.clock.now + timedelta(seconds=30), "now it goes"
    desk.sync(by_person=False)
    assert desk.trainee(record)["email"] == "by.sam@example.com"
    edits = [e for e in desk.history(record) if e.event == "edited"]
    assert [e.actor for e in edits] == ["Sam"]
    desk.assert_healthy()


# --- one half-typed sheet -------------------------------------------------------------------------------------------


def test_a_half_typed_sheet_goes_from_one_to_the_other_only_when_asked(desk, people, sit, item):
    keying = desk.workspace.keying
    sit("Sam")
    begun = keying.begin(item)
    keying.page_done(item, begun.page)
    since = begun.item.lease.since
    desk.clock.forward(minutes=20)
    sit("Priya")
    with pytest.raises(
        SomebodyElse, match=r"Sam is typing this on .*Ask them first, or take it over."
    ) as refused:
        keying.begin(item)
    lease = refused.value.lease
    assert (lease.person, lease.since, lease.journey) == ("Sam", since, "reinstate")
    assert lease.computer
    for deed in (
        lambda: keying.page_done(item, "end"),
        lambda: keying.finish(item, "accepted"),
        lambda: keying.give_up(item),
    ):
        with pytest.raises(SomebodyElse):
            deed()
    taken = keying.begin(item, take_over=True)
    assert (taken.item.by, taken.item.lease.person, taken.page) == ("Priya", "Priya", "end"), (
        "typed pages stay"
    )
    assert taken.item.lease.since > since
    row = next(e for e in desk.history() if e.event == "keying_taken_over")
    assert (row.actor, row.detail["from"], row.detail["computer"]) == ("Priya", "Sam", lease.computer)
    sit("Sam")
    with pytest.raises(SomebodyElse, match="Priya is typing this"):
        keying.page_done(item, "end")
    desk.assert_healthy()


def test_a_lease_ends_by_itself_with_the_session_of_the_portal(desk, people, sit, item):
    keying = desk.workspace.keying
    sit("Sam")
    keying.begin(item)
    desk.clock.forward(minutes=100)
    keying.page_done(item, "date")
    sit("Priya")
    desk.clock.forward(minutes=USUAL_MINUTES - 1)
    with pytest.raises(SomebodyElse) as refused:
        keying.begin(item)
    desk.clock.now = refused.value.free_at
    begun = keying.begin(item)
    assert begun.item.lease.person == "Priya", "nobody need be asked any more"
    assert [e.detail["from"] for e in desk.history() if e.event == "keying_taken_over"] == ["Sam"]


def test_a_sheet_is_still_somebodys_after_a_restart_and_nothing_is_sent_meanwhile(desk, people, sit, item):
    sit("Sam")
    desk.workspace.keying.begin(item)
    workspace = desk.reopen()
    assert workspace.actor == "Sam"
    workspace.people.take_over(workspace.people.named("Priya").id)
    (waiting,) = workspace.keying.items()
    assert (waiting.stand, waiting.lease.person) == (Stand.BEGUN, "Sam")
    with desk.read() as unit:
        assert leases.here(unit) == {item: waiting.lease}


def test_who_may_not_send_cannot_say_that_a_sheet_is_typed_to_the_end(desk, people, sit, item):
    keying = desk.workspace.keying
    sit("Sam")
    now = keying.begin(item)
    while now.page:
        now = keying.page_done(item, now.page)
    with pytest.raises(NotAllowed, match="Sam can enter records, not send them"):
        keying.finish(item, "accepted")
    assert keying.get(item).item.stand is Stand.BEGUN, "all of it is kept"
    sit("Priya")
    keying.begin(item, take_over=True)
    assert keying.finish(item, "accepted").by == "Priya"


# --- another workspace ----------------------------------------------------------------------------------------------


def test_what_another_workspace_told_warns_and_holds_nothing_back(desk, people, item):
    keying, since = desk.workspace.keying, desk.clock.now
    lease = Lease("Gareth", "OFFICE-2", since, since, "reinstate", "date")
    told = Lease.from_json(lease.to_json())
    assert told == lease
    assert lease.to_json().keys() == {"person", "computer", "since", "seen", "journey", "page"}
    with desk.write() as unit:
        leases.note_elsewhere(unit, item, told)
    (waiting,) = keying.items()
    assert (waiting.stand, waiting.lease) == (Stand.WAITING, lease)
    with pytest.raises(SomebodyElse, match="Gareth is typing this on OFFICE-2"):
        keying.begin(item)
    assert keying.begin(item, take_over=True).item.lease.person == "Priya"
    assert [e.detail["from"] for e in desk.history() if e.event == "keying_taken_over"] == ["Gareth"]
    keying.give_up(item)
    (waiting,) = keying.items()
    assert waiting.lease is None, "taken over means over"


def test_a_page_and_a_time_may_be_missing_of_what_is_told_but_not_a_name():
    told = {
        "person": "Gareth",
        "computer": "",
        "since": "2026-10-05T09:00:00+00:00",
        "journey": "x",
        "page": "",
    }
    assert Lease.from_json(told).seen == Lease.from_json(told).since
    with pytest.raises(KeyError):
        Lease.from_json({name: value for name, value in told.items() if name != "person"})
