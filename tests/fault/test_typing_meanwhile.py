"""A person goes on typing while a sync is under way: nothing typed is lost, nothing stale is sent (I1, I2, I5, T8)."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa

from desktop.model.change import ChangeState
from desktop.model.document import Patch
from desktop.model.errors import HoldfastError
from desktop.store.changes import Outbox
from desktop.sync.claims import Claims
from desktop.sync.settle import Settle
from tests.fault.conftest import UK_DEGREE, Desk, a_new_school

REASONS = "change_in_personal_or_health_circumstances"


def test_an_edit_without_its_queue_row_is_no_edit(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """I1: the queue row cannot be written, so the edit was not made and nothing says it was."""
    record = desk.at(desk.in_training())
    before, events = record.document.get("email"), desk.events()

    def fail(*_: object) -> None:
        raise sa.exc.OperationalError("INSERT", {}, Exception("disk full"))

    with monkeypatch.context() as broken:
        broken.setattr(Outbox, "add", fail)
        with pytest.raises(HoldfastError):
            desk.edit(record, email="new@example.com")
    assert desk.view(record).document.get("email") == before
    assert desk.view(record).version == record.version
    assert desk.events() == events
    assert desk.changes() == []
    desk.assert_healthy()


def test_a_new_record_without_its_queue_row_is_no_record(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """I1, for a new record."""
    count = len(desk.all())
    person = desk.person()

    def fail(*_: object) -> None:
        raise sa.exc.OperationalError("INSERT", {}, Exception("disk full"))

    with monkeypatch.context() as broken:
        broken.setattr(Outbox, "add", fail)
        with pytest.raises(HoldfastError):
            desk.workspace.records.add("trainees", person)
    assert len(desk.all()) == count


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        ("create", "create"),
        ("update", "update"),
        ("add_child", "nested"),
        ("update_child", "nested"),
        ("remove_child", "nested"),
        ("act", "action"),
    ],
)
def test_sending_is_on_disk_before_the_request_leaves(desk: Desk, call: str, kind: str) -> None:
    """I5: seen from within the request, the row says sending and holds what is being sent."""
    record = desk.add() if call == "create" else desk.at(desk.in_training())
    if call == "update":
        desk.edit(record, email="new@example.com")
    elif call == "add_child":
        desk.add_child(record, "placements", urn=a_new_school(desk))
    elif call == "update_child":
        child_id = record.document.children["degrees"][0].id
        desk.edit_child(record, "degrees", child_id, graduation_year=2009)
    elif call == "remove_child":
        desk.add_child(record, "degrees", **UK_DEGREE)
        desk.sync()
        desk.remove_child(record, "degrees", desk.view(record).document.children["degrees"][0].id)
    elif call == "act":
        desk.workspace.records.act(record.id, "defer", {"defer_date": "2026-10-01"})
    seen: list[tuple[ChangeState, str, int, bool, str]] = []

    def look(*_: object) -> None:
        with desk.read() as unit:
            (change,) = unit.outbox.of_record(record.id)
        shown = desk.view(record).sync
        seen.append((change.state, change.kind, change.attempts, change.sent_at is not None, shown))

    desk.taps.before(call, look)
    desk.sync()
    assert seen == [(ChangeState.SENDING, kind, 1, True, "sending")]
    desk.assert_settled()


def test_what_is_typed_while_an_update_travels_stays(desk: Desk) -> None:
    """I2, T8: the reply to the first edit does not undo the second, neither of the same field nor of another."""
    record = desk.edit(desk.at(desk.in_training()), email="first@example.com", first_names="Ann")

    def type_on(*_: object) -> None:
        desk.edit(record, email="second@example.com", middle_names="Bea")

    desk.taps.before("update", type_on)
    desk.sync()
    now = desk.view(record)
    assert (now.document.get("email"), now.document.get("middle_names")) == ("second@example.com", "Bea")
    assert now.document.get("first_names") == "Ann"
    desk.sync()
    held = desk.trainee(record)
    assert (held["email"], held["middle_names"], held["first_names"]) == ("second@example.com", "Bea", "Ann")
    assert len([w for w in desk.writes() if w[0] == "PUT"]) == 2
    desk.assert_settled()


@pytest.mark.parametrize("when", ["before", "after"])
def test_what_is_typed_while_a_create_travels_becomes_an_edit(desk: Desk, when: str) -> None:
    """I2, T8: the person goes on filling in the new record, its degree included."""
    new = desk.add(middle_names=None)
    child_id = new.document.children["degrees"][0].id

    def type_on(*_: object) -> None:
        desk.edit(new, middle_names="Bea", email="second@example.com")
        desk.edit_child(new, "degrees", child_id, graduation_year=2008)

    getattr(desk.taps, when)("create", type_on)
    desk.sync()
    desk.sync()
    held = desk.trainee(new)
    assert (held["middle_names"], held["email"]) == ("Bea", "second@example.com")
    assert [d["graduation_year"] for d in held["degrees"]] == [2008]
    assert len([w for w in desk.writes() if w == ("POST", "/trainees")]) == 1
    desk.assert_settled()


def test_a_child_is_edited_under_its_old_id_after_it_got_the_portals(desk: Desk) -> None:
    """I2: an open form knows the placement by the id it had before it was sent."""
    record = desk.at(desk.in_training())
    local_id = desk.add_child(record, "placements", name="Hill Nursery", postcode="BN1 1AA")
    desk.sync()
    desk.edit_child(record, "placements", local_id, name="Hill Nursery School")
    desk.sync()
    assert [p["name"] for p in desk.trainee(record)["placements"]].count("Hill Nursery School") == 1
    desk.assert_settled()


def test_a_child_removed_while_it_travels_is_removed_at_the_portal(desk: Desk) -> None:
    """I2, T8: taken out again here before the portal's yes came."""
    record = desk.at(desk.in_training())
    count = len(desk.trainee(record)["placements"])
    local_id = desk.add_child(record, "placements", name="Hill Nursery", postcode="BN1 1AA")
    desk.taps.before("add_child", lambda *_: desk.remove_child(record, "placements", local_id))
    desk.sync()
    desk.sync()
    assert len(desk.trainee(record)["placements"]) == count
    desk.assert_settled()


def test_a_child_edited_while_it_travels_keeps_the_edit(desk: Desk) -> None:
    """I2, T8: the placement's name was corrected while it was being sent."""
    record = desk.at(desk.in_training())
    local_id = desk.add_child(record, "placements", name="Hill Nursery", postcode="BN1 1AA")
    desk.taps.before(
        "add_child", lambda *_: desk.edit_child(record, "placements", local_id, name="Dale Nursery")
    )
    desk.sync()
    desk.sync()
    names = [p["name"] for p in desk.trainee(record)["placements"]]
    assert names.count("Dale Nursery") == 1
    assert "Hill Nursery" not in names
    desk.assert_settled()


@pytest.mark.parametrize("call", ["pages", "fetch", "probe", "update", "create"])
def test_typing_in_the_middle_of_any_request_harms_nothing(desk: Desk, call: str) -> None:
    """T8: an edit of every record at work, during each kind of request, also while unknown outcomes are settled."""
    record = desk.edit(desk.at(desk.in_training(0)), email="first@example.com")
    other = desk.edit(desk.at(desk.in_training(1)), email="other@example.com")
    new = desk.add(middle_names=None)
    desk.control.fault("lost_reply", match="PUT /trainees", count=1)
    numbers = iter(range(100))

    def type_on(*_: object) -> None:
        for r in (record, other, new):
            desk.edit(r, middle_names=f"Bea{'abcdefghijklmnopqrstuvwxyz'[next(numbers) % 26]}")

    desk.taps.before(call, type_on)
    desk.taps.after(call, lambda *_: type_on())
    for _ in range(4):
        desk.sync()
    for r in (record, other, new):
        assert desk.trainee(r)["middle_names"] == desk.view(r).document.get("middle_names")
    assert desk.trainee(record)["email"] == "first@example.com"
    desk.assert_settled()


def test_an_edit_between_reading_the_queue_and_claiming_is_not_lost(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """I2, T8: the smallest window: the record was looked at, the person types, then the row is claimed."""
    record = desk.edit(desk.at(desk.in_training()), email="first@example.com")
    claim, windows = Claims.claim, iter(["second@example.com"])

    def late(self: Claims, *args: object, **rest: object) -> object:
        for address in windows:
            desk.edit(record, email=address)
            desk.add_child(record, "placements", name="Hill Nursery", postcode="BN1 1AA")
        return claim(self, *args, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Claims, "claim", late)
    desk.sync()
    desk.sync()
    assert desk.trainee(record)["email"] == "second@example.com"
    assert "Hill Nursery" in [p["name"] for p in desk.trainee(record)["placements"]]
    desk.assert_settled()


@pytest.mark.parametrize("what", ["revert", "take_back", "discard"])
def test_what_is_taken_back_just_before_it_is_claimed_is_not_sent(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """I3, I5: the row went while the push was about to claim it: no request leaves for it."""
    record = (
        desk.add() if what == "discard" else desk.edit(desk.at(desk.in_training()), email="a@example.com")
    )
    claim, chances = Claims.claim, iter([1])

    def late(self: Claims, *args: object, **rest: object) -> object:
        for _ in chances:
            if what == "revert":
                desk.workspace.records.revert(record.id)
            elif what == "take_back":
                desk.workspace.queue.take_back(desk.changes(record)[0].id)
            else:
                desk.workspace.records.discard(record.id)
        return claim(self, *args, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Claims, "claim", late)
    report = desk.sync()
    assert desk.writes() == []
    assert (report.pushed, report.queued) == (0, 0)
    desk.assert_settled()


@pytest.mark.parametrize("kind", ["update", "nested", "action"])
def test_typing_while_an_unknown_outcome_is_read(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """T8: settling asks the portal; the person types between question and answer."""
    record = desk.at(desk.in_training())
    if kind == "update":
        desk.edit(record, email="first@example.com")
    elif kind == "nested":
        desk.add_child(record, "placements", name="Hill Nursery", postcode="BN1 1AA")
    else:
        desk.workspace.records.act(record.id, "defer", {"defer_date": "2026-10-01"})
    desk.control.fault("lost_reply", match="PUT" if kind == "update" else "POST", count=1)
    compare, chances = Settle._by_reading, iter([1])

    def late(self: Settle, *args: object) -> object:
        for _ in chances:
            desk.taps.after("fetch", lambda *_: desk.edit(record, middle_names="Bea"))
        return compare(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(Settle, "_by_reading", late)
    desk.sync()
    desk.sync()
    assert desk.trainee(record)["middle_names"] == "Bea"
    assert len(desk.writes()) == 2
    desk.assert_settled()


def test_an_action_confirmed_while_an_edit_travels_goes_after_it(desk: Desk) -> None:
    """I5, D10: one request of a record at a time, the action last."""
    record = desk.edit(desk.at(desk.in_training()), email="first@example.com")
    desk.taps.before(
        "update",
        lambda *_: desk.workspace.records.act(record.id, "defer", {"defer_date": "2026-10-01"}),
    )
    desk.sync()
    desk.sync()
    assert [w[0] for w in desk.writes()] == ["PUT", "POST"]
    desk.assert_settled()


def test_the_same_edit_typed_twice_is_one_request(desk: Desk) -> None:
    """D10: edits of one record are one PUT; the journal keeps each."""
    record = desk.at(desk.in_training())
    for name in ("a", "b", "c"):
        desk.edit(record, email=f"{name}@example.com")
    desk.sync()
    assert [w[0] for w in desk.writes()] == ["PUT"]
    assert desk.events(record).count("edited") == 3
    desk.assert_settled()


def test_a_person_types_while_syncs_run_in_another_thread(desk: Desk) -> None:
    """T8, for real: two threads, no agreed moments. Nothing is lost, nobody meets an error, and in the end all is sent."""
    records = [desk.at(desk.in_training(n)).id for n in range(3)]
    last: dict[str, str] = {}
    errors: list[BaseException] = []

    def type_on() -> None:
        try:
            for number in range(60):
                record = records[number % 3]
                last[record] = f"typed{number}@example.com"
                desk.edit(record, email=last[record])
                if number % 20 == 7:
                    desk.add_child(record, "placements", name=f"Nursery {number}", postcode="BN1 1AA")
        except BaseException as error:  # noqa: BLE001 - told by the test's own thread
            errors.append(error)

    typing = threading.Thread(target=type_on)
    typing.start()
    syncs = 0
    while typing.is_alive() or syncs < 3:
        desk.sync()
        syncs += 1
    typing.join()
    assert errors == []
    desk.sync()
    assert {r: desk.trainee(r)["email"] for r in records} == last
    desk.assert_settled()


@pytest.mark.parametrize("refused", [False, True])
@pytest.mark.parametrize("what", ["field", "child"])
def test_what_is_reverted_while_it_is_turned_away_leaves_no_row(desk: Desk, what: str, refused: bool) -> None:
    """I7, D29: the row was away when its content was taken back. It must not come back with nothing to send."""
    record = desk.at(desk.in_training())
    call = "update" if what == "field" else "add_child"
    if what == "field":
        desk.edit(record, employing_school_urn="999123" if refused else "740113")
    else:
        desk.add_child(record, "placements", urn="999123" if refused else "740113")

    def meanwhile(*_: object) -> None:
        desk.workspace.records.revert(record.id)
        if not refused:
            desk.control.fault("unauthorised")

    desk.taps.before(call, meanwhile)
    desk.taps.after(call, lambda *_: desk.control.fault("unavailable"))
    report = desk.sync(pull=False)
    assert report.problems == ()
    # After a refusal that could not be looked into, what it may have emptied there is kept to be sent (pack 1.6).
    assert refused or desk.changes(record) == []
    desk.control.fault("up")
    desk.sync()
    desk.assert_settled()


def test_what_was_typed_over_an_answer_that_moved_unseen_is_a_question(desk: Desk) -> None:
    """I2, I14: the form showed the old answer when the person began; a sync brought another one before it was saved."""
    trainee = desk.in_training()
    record = desk.at(trainee)
    shown = record.document.fields["email"]
    desk.control.edit(trainee, email="theirs@example.com", middle_names="Theirs")
    desk.sync()
    desk.workspace.records.edit(record.id, Patch({"email": "mine@example.com"}), seen={"email": shown})
    (row,) = desk.conflict().fields
    assert (row.base, row.mine, row.theirs) == (shown, "mine@example.com", "theirs@example.com")
    desk.sync()
    assert desk.writes() == []
    desk.workspace.conflicts.resolve(desk.conflict().id, {"email": "mine"})
    desk.sync()
    assert desk.trainee(record)["email"] == "mine@example.com"
    desk.assert_settled()


def test_the_same_answer_as_the_unseen_one_is_agreement(desk: Desk) -> None:
    """I14: no question when both say the same."""
    trainee = desk.in_training()
    record = desk.at(trainee)
    shown = record.document.fields["email"]
    desk.control.edit(trainee, email="theirs@example.com")
    desk.sync()
    desk.workspace.records.edit(record.id, Patch({"email": "theirs@example.com"}), seen={"email": shown})
    assert (desk.conflicts(), desk.changes(record)) == ([], [])
