"""New records: our own key, adoption by nothing but that key, and a person for everybody who only looks the same (D12-D15)."""

from __future__ import annotations

import pytest

from desktop.model.change import ChangeState
from desktop.model.conflict import ConflictKind
from desktop.model.errors import UsageError
from tests.fault.conftest import UK_DEGREE, Desk


def _twin_at_portal(desk: Desk, record_id: str, **other: object) -> str:
    """Somebody typed the same person on the web, before we sent ours."""
    document = desk.view(record_id).document
    fields = {k: v for k, v in document.fields.items() if v is not None}
    children = [c.fields for c in document.children["degrees"]]
    body = desk.control.add(**(fields | {"degrees": children, "state": "trn_received"} | other))
    return str(body["trainee_id"])


def test_a_free_key_field_is_filled_before_the_first_send(desk: Desk) -> None:
    """D12: the key is on disk before the request leaves, and stays for good."""
    new = desk.add(provider_trainee_id=None)
    keys: list[object] = []
    desk.taps.before(
        "create", lambda document: keys.append(desk.view(new).document.get("provider_trainee_id"))
    )
    desk.control.fault("refuse", match="POST /trainees", count=1)
    desk.sync()
    desk.sync()
    assert keys
    assert keys[0] == f"HF-{new.id}"
    assert desk.trainee(new)["provider_trainee_id"] == f"HF-{new.id}"
    desk.assert_settled()


def test_a_providers_own_number_is_kept(desk: Desk) -> None:
    """D12: no key of ours over one of theirs."""
    new = desk.add(provider_trainee_id="NM26-0815")
    desk.sync()
    assert desk.trainee(new)["provider_trainee_id"] == "NM26-0815"


def test_typing_while_the_key_is_given_harms_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """T8: the person types between the look at the record and the writing of its key."""
    from desktop.sync.sending import Sending

    new = desk.add(provider_trainee_id=None)
    send, chances = Sending._create, iter([1])

    def late(self: Sending, *args: object) -> object:
        for _ in chances:
            desk.edit(new, middle_names="Bea")
        return send(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(Sending, "_create", late)
    desk.sync()
    desk.sync()
    assert desk.trainee(new)["middle_names"] == "Bea"
    desk.assert_settled()


def test_somebody_alike_is_a_question_for_a_person(desk: Desk) -> None:
    """D14: 409 with a record that does not carry our key: nothing is merged, nothing sent again, both are shown."""
    new = desk.add()
    trainee_id = _twin_at_portal(desk, new.id, email="else@example.org", provider_trainee_id="W-1")
    for _ in range(3):
        desk.sync()
    conflict = desk.conflict()
    assert (conflict.kind, conflict.record_id) == (ConflictKind.DUPLICATE, new.id)
    assert [c["portal_id"] for c in conflict.candidates] == [trainee_id]
    assert desk.states(new) == [ChangeState.CONFLICT]
    assert desk.view(new).sync == "conflict"
    assert len(desk.writes()) == 1
    assert desk.trainee(desk.at(trainee_id))["email"] == "else@example.org"
    desk.assert_nothing_doubled()
    desk.assert_healthy()


def test_somebody_alike_with_the_same_number_is_a_question_too(desk: Desk) -> None:
    """D14: typed on the web with the same student number before we ever sent ours: never merged by the program."""
    new = desk.add(provider_trainee_id="NM26-0815")
    trainee_id = _twin_at_portal(desk, new.id, middle_names="Web")
    for _ in range(3):
        desk.sync(pull=False)
    assert desk.conflict().kind is ConflictKind.DUPLICATE
    for _ in range(2):
        desk.sync()
    assert desk.conflict().kind is ConflictKind.DUPLICATE
    assert desk.view(new).portal_id is None
    assert desk.at(trainee_id).document.get("middle_names") == "Web"
    assert desk.view(new).document.get("middle_names") == new.document.get("middle_names")
    desk.assert_healthy()


def test_a_409_after_a_lost_reply_is_our_own_record(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """D14, I13: the listing did not show it yet, the repeat met 409 with our key: it is adopted, no error for anybody."""
    new = desk.add(provider_trainee_id="NM26-0815")
    desk.control.fault("lost_reply", match="POST /trainees", count=1)
    desk.taps.after("create", lambda *_: desk.control.fault("unavailable"))
    desk.sync()
    desk.control.fault("up")
    desk.clock.forward(hours=2)
    # The listings hide it once (a replica that lags behind): settling and pull find nothing.
    hidden = desk.named(provider_trainee_id="NM26-0815")[0]["trainee_id"]
    desk.control.edit(hidden, record_source="hesa_trn_data", updated_at=desk.clock.now.isoformat())
    desk.taps.before("create", lambda *_: desk.control.edit(hidden, record_source="api"))
    desk.sync()
    assert len([w for w in desk.writes() if w == ("POST", "/trainees")]) == 2
    assert desk.view(new).portal_id == hidden
    desk.sync()
    desk.assert_settled()


def test_an_adopted_record_keeps_what_was_typed_meanwhile(desk: Desk) -> None:
    """D13: found by its key in the listing; edits since the send are pending edits."""
    new = desk.add(middle_names=None)
    desk.control.fault("lost_reply", match="POST /trainees", count=1)
    desk.taps.after("create", lambda *_: desk.control.fault("unavailable"))
    desk.sync()
    desk.edit(new, middle_names="Bea", provider_trainee_id="CHANGED-SINCE")
    desk.control.fault("up")
    desk.clock.forward(hours=2)
    desk.sync()
    desk.sync()
    held = desk.trainee(new)
    assert (held["middle_names"], held["provider_trainee_id"]) == ("Bea", "CHANGED-SINCE")
    desk.assert_settled()


def test_a_number_used_twice_never_makes_two_people_one(desk: Desk) -> None:
    """D13, D14: two new trainees got the same student number by mistake; both replies were lost, both had landed."""
    one = desk.add(provider_trainee_id="NM26-TWICE")
    two = desk.add(provider_trainee_id="NM26-TWICE", last_name="Quill")
    desk.control.fault("lost_reply", match="POST /trainees", count=2)
    for _ in range(3):
        desk.sync()
    assert desk.trainee(one)["last_name"] == "Ashcombe"
    assert desk.trainee(two)["last_name"] == "Quill"
    desk.assert_both_sides_equal()
    desk.assert_healthy()


def test_an_older_record_with_the_same_number_is_not_taken_for_ours(desk: Desk) -> None:
    """D14: she was here two years ago under the same student number; our create did not land. Two records, not one."""
    old = desk.control.add(
        **{k: v for k, v in desk.person(provider_trainee_id="NM-0815").fields.items() if v is not None},
        degrees=[UK_DEGREE],
        state="withdrawn",
    )["trainee_id"]
    new = desk.add(provider_trainee_id="NM-0815")
    desk.control.fault("refuse", match="POST /trainees", count=1)
    desk.sync(pull=False)
    desk.sync()
    desk.sync()
    assert desk.view(new).portal_id not in (None, old)
    desk.assert_both_sides_equal()
    desk.assert_healthy()


def test_a_restored_workspace_knows_its_own_records_again(desk: Desk) -> None:
    """D12, I13: the copy of the workspace is older than the send; the key is the same, so nobody is asked."""
    new = desk.add(provider_trainee_id=None)
    body = {k: v for k, v in new.document.fields.items() if v is not None}
    degrees = [c.fields for c in new.document.children["degrees"]]
    made = desk.control.add(
        **(body | {"provider_trainee_id": f"HF-{new.id}", "degrees": degrees, "record_source": "api"})
    )
    desk.sync(pull=False)
    assert desk.view(new).portal_id == made["trainee_id"]
    desk.sync()
    desk.assert_settled()


def test_two_new_records_of_one_person_do_not_travel_at_once(desk: Desk) -> None:
    """D15: while it is unknown what came of the first, the second of the same identity waits."""
    one = desk.add(provider_trainee_id="A-1")
    document = desk.view(one).document.copy()
    document.fields |= {"provider_trainee_id": "A-2"}
    for child in document.children["degrees"]:
        child.id = ""
    two = desk.workspace.records.add("trainees", document)
    desk.control.fault("lost_reply", match="POST /trainees", count=1)
    desk.taps.after("fetch", lambda *_: None)
    desk.taps.after("create", lambda *_: desk.control.fault("up"))
    seen: list[ChangeState] = []
    desk.taps.before("create", lambda *_: None)
    desk.taps.before(
        "create", lambda *_: seen.extend(desk.states(one)) if desk.writes() else None, always=True
    )
    desk.sync()
    assert ChangeState.UNKNOWN not in seen, "the second left while the first was unknown"
    desk.sync()
    assert desk.view(one).portal_id is not None
    assert desk.conflict().record_id == two.id
    desk.assert_nothing_doubled()


class TestDeciding:
    """D14: link, or keep as a draft and change what differs."""

    def _asked(self, desk: Desk, **other: object) -> tuple[str, str]:
        new = desk.add(middle_names="Mine", ni_number=None)
        trainee_id = _twin_at_portal(
            desk, new.id, **({"middle_names": "Theirs", "provider_trainee_id": "W-1"} | other)
        )
        desk.sync()
        return new.id, trainee_id

    def test_linking_makes_it_an_edit_of_the_portals_record(self, desk: Desk) -> None:
        record, trainee_id = self._asked(desk)
        desk.workspace.conflicts.link(desk.conflict().id, trainee_id)
        desk.sync()
        desk.sync()
        assert desk.view(record).portal_id == trainee_id
        assert desk.trainee(record)["middle_names"] == "Mine"
        assert len(desk.trainee(record)["degrees"]) == 1
        assert [w[0] for w in desk.writes()] == ["POST", "PUT"]
        desk.assert_settled()

    def test_linking_before_and_after_the_pull_is_the_same(self, desk: Desk) -> None:
        record, trainee_id = self._asked(desk)
        desk.sync()
        count = len(desk.all())
        desk.workspace.conflicts.link(desk.conflict().id, trainee_id)
        desk.sync()
        assert len(desk.all()) == count - 1
        assert desk.view(record).portal_id == trainee_id
        desk.assert_settled()

    def test_linking_to_a_draft_that_no_list_shows(self, desk: Desk) -> None:
        """Pack 1.3: a draft typed on the web is named by the 409 and never listed: it is not missing for that."""
        record, trainee_id = self._asked(desk, state="draft")
        desk.workspace.conflicts.link(desk.conflict().id, trainee_id)
        for _ in range(2):
            desk.sync(full=True)
        assert desk.trainee(record)["middle_names"] == "Mine"
        assert not desk.view(record).missing
        assert desk.conflicts() == []
        assert desk.sync().requests == 4, "the whole is read again and again"
        assert desk.changes() == []

    def test_a_draft_in_question_can_be_deleted(self, desk: Desk) -> None:
        """The portal's 409 was a no: nothing of it is there."""
        record, _ = self._asked(desk)
        desk.workspace.records.discard(record)
        assert desk.conflicts() == []
        desk.sync()
        desk.assert_settled()

    def test_linking_to_somebody_who_was_not_named_is_refused(self, desk: Desk) -> None:
        self._asked(desk)
        with pytest.raises(UsageError):
            desk.workspace.conflicts.link(desk.conflict().id, desk.in_training())

    def test_a_kept_draft_waits_until_it_is_edited(self, desk: Desk) -> None:
        record, _ = self._asked(desk)
        desk.workspace.conflicts.keep_draft(desk.conflict().id)
        desk.sync()
        assert desk.states(record) == [ChangeState.REJECTED]
        assert len(desk.writes()) == 1
        desk.edit(record, date_of_birth="1998-03-02")
        desk.sync()
        desk.sync()
        assert desk.view(record).portal_id is not None
        desk.assert_settled()

    def test_edited_first_and_then_kept_is_tried_again(self, desk: Desk) -> None:
        record, _ = self._asked(desk)
        desk.edit(record, date_of_birth="1998-03-02")
        desk.workspace.conflicts.keep_draft(desk.conflict().id)
        desk.sync()
        assert desk.view(record).portal_id is not None
        desk.assert_settled()

    def test_a_question_survives_a_restart(self, desk: Desk) -> None:
        record, _ = self._asked(desk)
        before = desk.conflict()
        desk.reopen()
        assert desk.conflict() == before
        desk.sync()
        assert desk.conflict().id == before.id
        assert desk.view(record).sync == "conflict"

    def test_neither_side_may_be_taken_blindly(self, desk: Desk) -> None:
        self._asked(desk)
        for side in ("mine", "theirs"):
            with pytest.raises(UsageError):
                desk.workspace.conflicts.resolve_all(desk.conflict().id, side)
        assert desk.conflict().kind is ConflictKind.DUPLICATE


def test_degrees_of_a_new_record_find_their_own_selves_again(desk: Desk) -> None:
    """I2: the portal sorts degrees by year and changes one's institution; an edit typed meanwhile stays with its degree."""
    person = desk.person()
    first = person.children["degrees"][0]
    first.fields = dict(UK_DEGREE | {"graduation_year": 2022, "institution": "9999", "subject": "100403"})
    first.id = "a"
    other = first.copy()
    other.id, other.fields = "b", dict(UK_DEGREE | {"graduation_year": 2010, "subject": "100320"})
    person.children["degrees"].append(other)
    new = desk.workspace.records.add("trainees", person)
    if new.sync == "draft":
        first.fields["institution"] = "0133"
        desk.workspace.records.discard(new.id)
        new = desk.workspace.records.add("trainees", person)
    desk.taps.before("create", lambda *_: desk.edit_child(new, "degrees", "b", grade="03"))
    desk.sync()
    desk.sync()
    held = {d["graduation_year"]: d["grade"] for d in desk.trainee(new)["degrees"]}
    assert held == {2022: "02", 2010: "03"}
    desk.assert_settled()
