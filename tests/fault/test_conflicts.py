"""Both sides moved: merged where they differ in place, asked where they differ in value, and asked once (I14-I16, D21-D23).

The rows of the conflict table (domain pack 3.3) in order, then the life of a conflict.
"""

from __future__ import annotations

import pytest

from desktop.model.change import ChangeState
from desktop.model.conflict import ConflictKind
from desktop.model.errors import UnknownName, UsageError
from desktop.model.verdict import Duplicate
from tests.fault.conftest import UK_DEGREE, Desk, a_new_school

WITHDRAWAL = {
    "withdrawal_date": "2026-10-02",
    "trigger": "trainee",
    "reasons": "change_in_personal_or_health_circumstances",
    "future_interest": "no",
}


def _both_moved(desk: Desk, number: int = 0) -> str:
    """The local id of a record whose e-mail both sides changed."""
    trainee_id = desk.in_training(number)
    record = desk.edit(desk.at(trainee_id), email="mine@example.com")
    desk.control.edit(trainee_id, email="theirs@example.com")
    desk.sync()
    return record.id


class TestTable:
    """Domain pack 3.3, row by row."""

    @pytest.mark.parametrize("state", ["withdrawn", "recommended_for_award", "awarded"])
    def test_a_closed_record_parks_the_edit_with_its_reason(self, desk: Desk, state: str) -> None:
        """Row 1: cannot push; park, show reason, offer to give it up."""
        trainee_id = desk.in_training()
        record = desk.edit(desk.at(trainee_id), email="late@example.com")
        desk.add_child(record, "placements", name="Hill Nursery")
        desk.control.edit(trainee_id, state=state)
        desk.sync()
        desk.sync()
        conflict = desk.conflict()
        assert conflict.kind is ConflictKind.CLOSED
        assert desk.collection.state(state).label.lower() in conflict.reason  # type: ignore[union-attr]
        assert set(desk.states(record)) == {ChangeState.CONFLICT}
        assert desk.view(record).document.get("email") == "late@example.com"
        assert desk.writes() == []
        with pytest.raises(UsageError):
            desk.workspace.conflicts.resolve_all(conflict.id, "mine")
        desk.workspace.conflicts.resolve_all(conflict.id, "theirs")
        desk.sync()
        desk.assert_settled()

    def test_a_record_that_is_open_again_lets_the_edit_go(self, desk: Desk) -> None:
        """Row 1, undone at the portal by its support."""
        trainee_id = desk.in_training()
        record = desk.edit(desk.at(trainee_id), email="late@example.com")
        desk.control.edit(trainee_id, state="withdrawn")
        desk.sync()
        desk.control.edit(trainee_id, state="trn_received")
        desk.sync()
        assert desk.trainee(record)["email"] == "late@example.com"
        desk.assert_settled()

    def test_an_edit_that_is_taken_back_ends_the_question(self, desk: Desk) -> None:
        """Row 1: nothing is left to send, so there is nothing left to ask."""
        trainee_id = desk.in_training()
        record = desk.edit(desk.at(trainee_id), email="late@example.com")
        desk.control.edit(trainee_id, state="withdrawn")
        desk.sync()
        desk.workspace.records.revert(record.id)
        assert desk.conflicts() == []
        desk.assert_settled()

    def test_different_fields_are_merged(self, desk: Desk) -> None:
        """Row 2: both edits are at the portal afterwards."""
        trainee_id = desk.in_training()
        record = desk.edit(desk.at(trainee_id), email="mine@example.com")
        desk.control.edit(trainee_id, middle_names="Theirs")
        report = desk.sync()
        assert (report.conflicts, report.merged, report.pushed) == (0, 1, 1)
        held = desk.trainee(record)
        assert (held["email"], held["middle_names"]) == ("mine@example.com", "Theirs")
        desk.assert_settled()

    def test_the_same_field_is_asked(self, desk: Desk) -> None:
        """Row 3: base, mine, theirs, who and when."""
        trainee_id = desk.in_training()
        base = desk.at(trainee_id).document.get("email")
        record = _both_moved(desk)
        conflict = desk.conflict()
        (row,) = conflict.fields
        assert (row.field, row.base, row.mine, row.theirs) == (
            "email",
            base,
            "mine@example.com",
            "theirs@example.com",
        )
        assert conflict.mine_by == "Sam"
        assert conflict.theirs_at == desk.control.trainee(trainee_id)["updated_at"]
        assert desk.view(record).sync == "conflict"
        assert desk.writes() == []

    def test_the_same_value_is_agreement(self, desk: Desk) -> None:
        """Row 3, I14: both typed the same; blanks and Unicode form do not count (D22)."""
        trainee_id = desk.in_training()
        desk.edit(desk.at(trainee_id), first_names=" Zoé  Ann ")
        desk.control.edit(trainee_id, first_names="Zoe\u0301 Ann")
        report = desk.sync()
        assert (report.conflicts, report.pushed, report.queued) == (0, 0, 0)
        desk.assert_settled()

    def test_funding_is_decided_as_one(self, desk: Desk) -> None:
        """Row 4: method here, start date there: one question over the whole group."""
        trainee_id = desk.in_training(training_route="12")
        desk.edit(desk.at(trainee_id), fund_code="2", funding_method="6")
        desk.control.edit(trainee_id, itt_start_date="2026-09-14")
        desk.sync()
        fields = {row.field for row in desk.conflict().fields}
        assert {"funding_method", "itt_start_date"} <= fields
        assert {row.unit for row in desk.conflict().fields} == {"funding"}

    @pytest.mark.parametrize(
        ("action", "fields", "there"),
        [
            ("defer", {"defer_date": "2026-10-01"}, {"state": "deferred", "defer_date": "2026-10-01"}),
            ("withdraw", WITHDRAWAL, {"state": "withdrawn", "withdrawal_date": "2026-10-02"}),
            (
                "recommend",
                {"qts_standards_met_date": "2026-10-01"},
                {"state": "recommended_for_award", "outcome_date": "2026-10-01"},
            ),
        ],
    )
    def test_an_action_that_somebody_did_already_is_done(
        self, desk: Desk, action: str, fields: dict, there: dict
    ) -> None:
        """Row 6: same state, same date: done, and no request for it."""
        record = desk.at(desk.in_training())
        for name in ("One", "Two"):
            desk.add_child(record, "placements", name=name)
        desk.sync()
        desk.control.clear_requests()
        desk.workspace.records.act(record.id, action, dict(fields))
        desk.control.edit(record.portal_id, **there)
        desk.sync()
        assert desk.writes() == []
        assert desk.changes() == []
        assert "action_done" in desk.events(record)
        desk.assert_settled()

    @pytest.mark.parametrize(
        "there",
        [
            {"state": "withdrawn", "withdrawal_date": "2026-10-03"},
            {"state": "deferred", "defer_date": "2026-09-30"},
        ],
    )
    def test_an_action_on_another_state_is_asked(self, desk: Desk, there: dict) -> None:
        """Row 7, D23: never sent against a state that it was not confirmed for."""
        record = desk.at(desk.in_training())
        desk.workspace.records.act(record.id, "defer", {"defer_date": "2026-10-01"})
        desk.control.edit(record.portal_id, **there)
        desk.sync()
        desk.sync()
        (change,) = desk.changes(record)
        assert change.state is ChangeState.REJECTED
        assert change.reason
        assert desk.writes() == []
        desk.workspace.queue.take_back(change.id)
        desk.assert_settled()

    def test_a_placement_that_is_there_by_now_is_done(self, desk: Desk) -> None:
        """Row 8: the same URN, whatever name we gave it."""
        urn = a_new_school(desk)
        record = desk.at(desk.in_training())
        held = desk.trainee(record)["placements"]
        desk.add_child(record, "placements", urn=urn, name="As I call it")
        desk.control.edit(record.portal_id, placements=[*held, {"urn": urn}])
        desk.sync()
        assert [p["urn"] for p in desk.trainee(record)["placements"]].count(urn) == 1
        assert desk.writes() == []
        desk.assert_settled()

    def test_a_degree_that_is_there_by_now_is_adopted(self, desk: Desk) -> None:
        """Row 9: 409, or found by reading; the portal's id is ours from then on."""
        record = desk.at(desk.in_training())
        held = desk.trainee(record)["degrees"]
        mine = UK_DEGREE | {"graduation_year": 2007}
        local_id = desk.add_child(record, "degrees", **mine)
        desk.taps.before("add_child", lambda *_: desk.control.edit(record.portal_id, degrees=[*held, mine]))
        desk.sync()
        assert [d["graduation_year"] for d in desk.trainee(record)["degrees"]].count(2007) == 1
        assert desk.view(record).document.child("degrees", local_id) is None
        desk.assert_settled()

    def test_a_degree_that_is_there_with_another_institution_is_asked(self, desk: Desk) -> None:
        """Row 9: adopted, but what differs is not overwritten in either direction."""
        record = desk.at(desk.in_training())
        held = desk.trainee(record)["degrees"]
        mine = UK_DEGREE | {"graduation_year": 2007}
        desk.add_child(record, "degrees", **mine)
        theirs = mine | {"institution": "0149"}
        desk.taps.before("add_child", lambda *_: desk.control.edit(record.portal_id, degrees=[*held, theirs]))
        desk.sync()
        (row,) = [f for f in desk.conflict().fields if f.mine != f.theirs]
        assert (row.field.rpartition(".")[2], row.mine, row.theirs) == ("institution", "0116", "0149")
        desk.sync(full=True)
        desk.workspace.conflicts.resolve_all(desk.conflict().id, "mine")
        desk.sync()
        degrees = [d for d in desk.trainee(record)["degrees"] if d["graduation_year"] == 2007]
        assert [d["institution"] for d in degrees] == ["0116"]
        desk.assert_settled()

    def test_a_degree_that_the_portal_takes_for_another_is_refused(self, desk: Desk) -> None:
        """Row 9: 409 against a degree that was there all along: the portal's word stands, nothing is sent for ever."""
        record = desk.at(desk.in_training())
        old = desk.trainee(record)["degrees"][0]["degree_id"]
        desk.add_child(record, "degrees", **(UK_DEGREE | {"graduation_year": 2007}))
        desk.control.fault("unavailable", match="POST /trainees")
        desk.taps.instead("add_child", lambda *_: Duplicate("This is a duplicate degree", child_ids=(old,)))
        for _ in range(3):
            desk.sync()
        (change,) = desk.changes(record)
        assert change.state is ChangeState.REJECTED
        assert "duplicate" in change.reason
        assert len(desk.writes()) == 1

    def test_a_degree_changed_into_another_is_refused(self, desk: Desk) -> None:
        """Row 9, for a change: the portal's 409 is no success."""
        record = desk.at(desk.in_training())
        desk.add_child(record, "degrees", **(UK_DEGREE | {"graduation_year": 2008}))
        desk.sync()
        desk.control.clear_requests()
        record = desk.view(record)
        second = next(
            c.id for c in record.document.children["degrees"] if c.fields.get("graduation_year") == 2008
        )
        held = desk.trainee(record)["degrees"]
        desk.edit_child(record, "degrees", second, graduation_year=2007)
        twin = UK_DEGREE | {"graduation_year": 2007}
        desk.taps.before(
            "update_child", lambda *_: desk.control.edit(record.portal_id, degrees=[*held, twin])
        )
        for _ in range(3):
            desk.sync()
        (change,) = desk.changes(record)
        assert change.state is ChangeState.REJECTED
        assert desk.events(record).count("confirmed") == 1
        assert len(desk.writes()) == 1
        desk.edit_child(record, "degrees", second, graduation_year=2009)
        desk.sync()
        desk.assert_settled()

    def test_a_child_that_was_removed_while_we_changed_it_is_asked(self, desk: Desk) -> None:
        """Row 10, for a change: 404 for the child says nothing about the trainee."""
        record = desk.at(desk.in_training())
        local_id = desk.add_child(record, "placements", name="Hill Nursery", postcode="BN1 1AA")
        desk.sync()
        held = [p for p in desk.trainee(record)["placements"] if p["name"] != "Hill Nursery"]
        desk.edit_child(record, "placements", local_id, name="Dale Nursery")
        desk.taps.before("update_child", lambda *_: desk.control.edit(record.portal_id, placements=held))
        desk.sync()
        assert not desk.view(record).missing
        assert desk.conflict().kind is ConflictKind.FIELDS
        desk.workspace.conflicts.resolve_all(desk.conflict().id, "mine")
        desk.sync()
        assert [p["name"] for p in desk.trainee(record)["placements"]].count("Dale Nursery") == 1
        desk.assert_settled()

    @pytest.mark.parametrize("kind", ["degrees", "placements"])
    def test_a_child_that_is_gone_already_is_done(self, desk: Desk, kind: str) -> None:
        """Row 10: 404 for the child on DELETE: done."""
        record = desk.at(desk.in_training())
        fields = UK_DEGREE if kind == "degrees" else {"name": "Hill Nursery"}
        local_id = desk.add_child(record, kind, **fields)
        desk.sync()
        held = desk.trainee(record)[kind]
        id_name = f"{kind[:-1]}_id"
        known = {c.id for c in record.document.children.get(kind, ())}
        added = next(c for c in held if c[id_name] not in known)
        desk.remove_child(
            record, kind, local_id if desk.view(record).document.child(kind, local_id) else added[id_name]
        )
        rest = [c for c in held if c is not added]
        desk.taps.before("remove_child", lambda *_: desk.control.edit(record.portal_id, **{kind: rest}))
        desk.sync()
        assert desk.changes() == []
        desk.assert_settled()

    def test_a_trainee_that_is_gone_stops_everything_of_it(self, desk: Desk) -> None:
        """Row 10: 404 for the trainee: nothing more is sent for it, a person is asked, the work is kept."""
        trainee_id = desk.in_training()
        record = desk.edit(desk.at(trainee_id), email="kept@example.com")
        desk.add_child(record, "placements", name="Hill Nursery")
        desk.workspace.records.act(record.id, "defer", {"defer_date": "2026-10-01"})
        desk.control.edit(trainee_id, ukprn="10000001")
        for _ in range(3):
            desk.sync()
        assert desk.conflict().kind is ConflictKind.MISSING
        assert desk.writes() == []
        now = desk.view(record)
        assert now.missing
        assert now.document.get("email") == "kept@example.com"
        assert ChangeState.SENDING not in desk.states()
        desk.assert_healthy()


class TestLife:
    """I15: a conflict lives until a person or the two sides themselves end it, and then it is over for good."""

    def test_it_survives_restarts_and_later_pulls_under_one_id(self, desk: Desk) -> None:
        record = _both_moved(desk)
        first = desk.conflict()
        desk.reopen()
        for _ in range(2):
            desk.sync(full=True)
        assert desk.conflict() == first
        assert desk.events(record).count("conflict") == 1
        desk.control.edit(desk.view(record).portal_id, email="again@example.com", middle_names="Bea")
        desk.sync()
        later = desk.conflict()
        assert later.id == first.id
        assert (later.fields[0].base, later.fields[0].theirs) == (first.fields[0].base, "again@example.com")
        assert desk.view(record).document.get("middle_names") == "Bea"

    @pytest.mark.parametrize("side", ["mine", "theirs", "value"])
    def test_settling_it_ends_it_for_good(self, desk: Desk, side: str) -> None:
        record = _both_moved(desk)
        choice = ("value", "third@example.com") if side == "value" else side
        desk.workspace.conflicts.resolve(desk.conflict().id, {"email": choice})
        for _ in range(2):
            desk.sync(full=True)
        expected = {"mine": "mine@example.com", "theirs": "theirs@example.com", "value": "third@example.com"}
        assert desk.trainee(record)["email"] == expected[side]
        assert desk.conflicts() == []
        desk.assert_settled()

    @pytest.mark.parametrize(
        ("side", "loser"),
        [("mine", "theirs@example.com"), ("theirs", "mine@example.com"), ("value", "mine@example.com")],
    )
    def test_the_loser_stays_readable(self, desk: Desk, side: str, loser: str) -> None:
        record = _both_moved(desk)
        choice = ("value", "third@example.com") if side == "value" else side
        desk.workspace.conflicts.resolve(desk.conflict().id, {"email": choice})
        desk.sync()
        (entry,) = [e for e in desk.history(record) if e.event == "resolved"]
        assert loser in str(entry.detail)
        assert entry.actor == "Sam"

    def test_a_portal_that_goes_back_ends_it_by_itself(self, desk: Desk) -> None:
        base = desk.at(desk.in_training()).document.get("email")
        record = _both_moved(desk)
        desk.control.edit(desk.view(record).portal_id, email=base)
        desk.sync()
        assert desk.trainee(record)["email"] == "mine@example.com"
        assert "conflict_over" in desk.events(record)
        desk.assert_settled()

    def test_a_portal_that_comes_to_our_value_ends_it_by_itself(self, desk: Desk) -> None:
        record = _both_moved(desk)
        desk.control.edit(desk.view(record).portal_id, email="mine@example.com")
        desk.sync()
        assert desk.conflicts() == []
        desk.assert_settled()

    @pytest.mark.parametrize("how", ["type", "revert"])
    def test_a_person_who_comes_to_their_value_ends_it(self, desk: Desk, how: str) -> None:
        """I14: both sides say the same, so it is no conflict any more, also before anything is read again."""
        record = _both_moved(desk)
        if how == "type":
            desk.edit(record, email="theirs@example.com")
        else:
            desk.workspace.records.revert(record)
        assert desk.conflicts() == []
        assert desk.view(record).sync == "clean"
        desk.sync()
        desk.assert_settled()

    def test_mine_is_what_stands_there_now(self, desk: Desk) -> None:
        record = _both_moved(desk)
        desk.edit(record, email="later@example.com")
        assert desk.conflict().fields[0].mine == "later@example.com"
        desk.workspace.conflicts.resolve_all(desk.conflict().id, "mine")
        desk.sync()
        assert desk.trainee(record)["email"] == "later@example.com"
        desk.assert_settled()

    def test_other_edits_of_the_record_wait_with_it(self, desk: Desk) -> None:
        """D21: a record in question is not sent in part."""
        record = _both_moved(desk)
        desk.edit(record, middle_names="Bea")
        desk.add_child(record, "placements", name="Hill Nursery")
        desk.sync()
        assert desk.writes() == []
        assert set(desk.states(record)) == {ChangeState.CONFLICT}
        desk.workspace.conflicts.resolve_all(desk.conflict().id, "theirs")
        desk.sync()
        desk.sync()
        held = desk.trainee(record)
        assert (held["middle_names"], held["email"]) == ("Bea", "theirs@example.com")
        desk.assert_settled()

    def test_an_action_waits_for_the_decision(self, desk: Desk) -> None:
        """D23: what cannot be undone is not sent while a person has something to decide about the record."""
        record = _both_moved(desk)
        desk.workspace.records.act(record, "defer", {"defer_date": "2026-10-01"})
        desk.sync()
        assert desk.writes() == []
        desk.workspace.conflicts.resolve_all(desk.conflict().id, "mine")
        desk.sync()
        desk.sync()
        assert [w[0] for w in desk.writes()] == ["PUT", "POST"]
        desk.assert_settled()

    def test_units_can_be_settled_one_by_one(self, desk: Desk) -> None:
        trainee_id = desk.in_training()
        record = desk.edit(desk.at(trainee_id), email="mine@example.com", middle_names="Mine")
        desk.control.edit(trainee_id, email="theirs@example.com", middle_names="Theirs")
        desk.sync()
        first = desk.conflict()
        desk.workspace.conflicts.resolve(first.id, {"email": "mine"})
        assert [f.field for f in desk.conflict().fields] == ["middle_names"]
        desk.sync(full=True)
        assert [f.field for f in desk.conflict().fields] == ["middle_names"]
        assert desk.writes() == []
        desk.workspace.conflicts.resolve(first.id, {"middle_names": "theirs"})
        desk.sync()
        held = desk.trainee(record)
        assert (held["email"], held["middle_names"]) == ("mine@example.com", "Theirs")
        desk.assert_settled()

    def test_what_was_settled_may_be_contested_anew(self, desk: Desk) -> None:
        """I15: settling ends this question; a new edit at the portal is a new one."""
        record = _both_moved(desk)
        desk.workspace.conflicts.resolve_all(desk.conflict().id, "mine")
        desk.control.edit(desk.view(record).portal_id, email="third@example.com")
        desk.sync()
        (row,) = desk.conflict().fields
        assert (row.base, row.mine, row.theirs) == (
            "theirs@example.com",
            "mine@example.com",
            "third@example.com",
        )

    def test_choices_that_contradict_change_nothing(self, desk: Desk) -> None:
        trainee_id = desk.in_training(training_route="12")
        desk.edit(desk.at(trainee_id), fund_code="2", funding_method="6")
        desk.control.edit(trainee_id, itt_start_date="2026-09-14")
        desk.sync()
        before = desk.conflict()
        for choices in (
            {},
            {"email": "mine"},
            {"funding_method": "mine", "itt_start_date": "theirs"},
            {"funding_method": "x"},
        ):
            with pytest.raises(UsageError):
                desk.workspace.conflicts.resolve(before.id, choices)
        with pytest.raises(UnknownName):
            desk.workspace.conflicts.resolve("nothing", {"email": "mine"})
        assert desk.conflict() == before

    def test_a_group_follows_one_choice(self, desk: Desk) -> None:
        trainee_id = desk.in_training(training_route="12")
        record = desk.edit(desk.at(trainee_id), fund_code="2", funding_method="6")
        desk.control.edit(trainee_id, itt_start_date="2026-09-14")
        desk.sync()
        desk.workspace.conflicts.resolve(desk.conflict().id, {"funding_method": "theirs"})
        now = desk.view(record)
        assert now.document.get("itt_start_date") == "2026-09-14"
        assert now.document.get("fund_code") == desk.trainee(record)["fund_code"]
        assert not now.pending
        desk.sync()
        desk.assert_settled()


class TestChildren:
    """A child is one unit: its fields are decided together."""

    def _degree(self, desk: Desk) -> tuple[str, str, dict]:
        record = desk.at(desk.in_training())
        body = desk.trainee(record)["degrees"][0]
        return record.id, body["degree_id"], body

    def test_both_changed_one_degree(self, desk: Desk) -> None:
        record, degree_id, body = self._degree(desk)
        desk.edit_child(record, "degrees", degree_id, graduation_year=2001)
        desk.control.edit(desk.view(record).portal_id, degrees=[body | {"graduation_year": 2002}])
        desk.sync()
        desk.workspace.conflicts.resolve_all(desk.conflict().id, "mine")
        desk.sync()
        assert desk.trainee(record)["degrees"][0]["graduation_year"] == 2001
        desk.assert_settled()

    @pytest.mark.parametrize("side", ["mine", "theirs"])
    def test_changed_here_and_removed_there(self, desk: Desk, side: str) -> None:
        record, degree_id, _ = self._degree(desk)
        desk.add_child(record, "degrees", **(UK_DEGREE | {"graduation_year": 2003}))
        desk.sync()
        others = [d for d in desk.trainee(record)["degrees"] if d["degree_id"] != degree_id]
        desk.edit_child(record, "degrees", degree_id, graduation_year=2001)
        desk.control.edit(desk.view(record).portal_id, degrees=others)
        desk.sync()
        assert desk.conflict().kind is ConflictKind.FIELDS
        desk.sync(full=True)
        desk.workspace.conflicts.resolve_all(desk.conflict().id, side)
        for _ in range(2):
            desk.sync()
        years = [d["graduation_year"] for d in desk.trainee(record)["degrees"]]
        assert years == ([2001, 2003] if side == "mine" else [2003])
        desk.assert_settled()

    @pytest.mark.parametrize("side", ["mine", "theirs"])
    def test_removed_here_and_changed_there(self, desk: Desk, side: str) -> None:
        record, degree_id, body = self._degree(desk)
        desk.add_child(record, "degrees", **(UK_DEGREE | {"graduation_year": 2003}))
        desk.sync()
        others = [d for d in desk.trainee(record)["degrees"] if d["degree_id"] != degree_id]
        desk.remove_child(record, "degrees", degree_id)
        desk.control.edit(desk.view(record).portal_id, degrees=[body | {"graduation_year": 2002}, *others])
        desk.sync()
        assert desk.conflict().kind is ConflictKind.FIELDS
        desk.sync(full=True)
        desk.workspace.conflicts.resolve_all(desk.conflict().id, side)
        for _ in range(2):
            desk.sync()
        years = [d["graduation_year"] for d in desk.trainee(record)["degrees"]]
        assert years == ([2003] if side == "mine" else [2002, 2003])
        desk.assert_settled()

    def test_both_removed_it(self, desk: Desk) -> None:
        record, degree_id, _ = self._degree(desk)
        desk.add_child(record, "degrees", **(UK_DEGREE | {"graduation_year": 2003}))
        desk.sync()
        others = [d for d in desk.trainee(record)["degrees"] if d["degree_id"] != degree_id]
        desk.remove_child(record, "degrees", degree_id)
        desk.control.edit(desk.view(record).portal_id, degrees=others)
        desk.sync()
        assert desk.changes() == []
        desk.assert_settled()

    def test_a_question_about_a_child_ends_when_the_portal_goes_back(self, desk: Desk) -> None:
        record, degree_id, body = self._degree(desk)
        desk.edit_child(record, "degrees", degree_id, graduation_year=2001)
        desk.control.edit(desk.view(record).portal_id, degrees=[body | {"graduation_year": 2002}])
        desk.sync()
        assert desk.conflicts()
        desk.control.edit(desk.view(record).portal_id, degrees=[body])
        desk.sync()
        desk.sync()
        assert desk.trainee(record)["degrees"][0]["graduation_year"] == 2001
        desk.assert_settled()


class TestMissing:
    """I9: a record that the portal does not list is flagged, never removed; a person says what becomes of the work."""

    def _gone(self, desk: Desk) -> str:
        trainee_id = desk.in_training()
        record = desk.edit(desk.at(trainee_id), email="kept@example.com")
        desk.control.discard(trainee_id)
        desk.sync(full=True)
        assert desk.conflict().kind is ConflictKind.MISSING
        return record.id

    def test_it_stays_missing_though_its_id_still_answers(self, desk: Desk) -> None:
        """Pack 1.3: GET by id finds deleted ones. Only a listing can tell that it is back."""
        record = self._gone(desk)
        for _ in range(3):
            desk.sync()
        assert desk.view(record).missing
        assert desk.conflict().kind is ConflictKind.MISSING
        assert desk.writes() == []

    def test_an_action_is_not_sent_to_a_deleted_record(self, desk: Desk) -> None:
        record = self._gone(desk)
        desk.workspace.records.act(record, "defer", {"defer_date": "2026-10-01"})
        for _ in range(3):
            desk.sync()
        assert desk.writes() == []
        assert desk.view(record).missing

    def test_an_unknown_outcome_of_a_deleted_record_does_not_bring_it_back(self, desk: Desk) -> None:
        trainee_id = desk.in_training()
        record = desk.edit(desk.at(trainee_id), email="kept@example.com")
        desk.control.fault("refuse", match="PUT", count=1)
        desk.taps.after("update", lambda *_: desk.control.fault("unavailable"))
        desk.sync()
        desk.control.fault("up")
        desk.clock.forward(hours=2)
        desk.control.discard(trainee_id)
        desk.sync(full=True)
        for _ in range(2):
            desk.sync(full=True)
        assert desk.view(record).missing
        assert desk.conflict().kind is ConflictKind.MISSING

    def test_giving_up_keeps_the_record_and_sends_nothing(self, desk: Desk) -> None:
        record = self._gone(desk)
        desk.workspace.conflicts.resolve_all(desk.conflict().id, "theirs")
        desk.sync(full=True)
        assert desk.conflicts() == []
        assert desk.changes() == []
        assert desk.view(record).missing
        assert desk.writes() == []

    def test_keeping_parks_the_work_with_a_reason(self, desk: Desk) -> None:
        record = self._gone(desk)
        desk.workspace.conflicts.resolve_all(desk.conflict().id, "mine")
        desk.sync(full=True)
        assert desk.conflicts() == []
        assert desk.states(record) == [ChangeState.REJECTED]
        assert desk.writes() == []
        desk.edit(record, email="typed.on@example.com")
        desk.sync()
        assert desk.writes() == [], "sent to a record that the portal has deleted"

    def test_back_in_the_list_it_goes_on(self, desk: Desk) -> None:
        record = self._gone(desk)
        desk.control.edit(desk.view(record).portal_id, deleted=False)
        desk.sync()
        assert not desk.view(record).missing
        assert desk.trainee(record)["email"] == "kept@example.com"
        desk.assert_settled()

    def test_a_clean_record_that_went_is_asked_about_too(self, desk: Desk) -> None:
        trainee_id = desk.in_training()
        record = desk.at(trainee_id)
        desk.control.discard(trainee_id)
        desk.sync()
        assert not desk.view(record).missing, "an incremental list proves nothing"
        desk.sync(full=True)
        assert desk.view(record).missing
        assert desk.conflict().kind is ConflictKind.MISSING

    def test_a_record_that_moved_to_an_unread_year_is_not_missing(self, desk: Desk) -> None:
        """Pack 1.3 (3): its start was put into a year that we do not read."""
        trainee_id = desk.in_training()
        desk.control.edit(trainee_id, itt_start_date="2021-09-07", trainee_start_date="2021-09-07")
        desk.sync(full=True)
        assert desk.conflicts() == []
        assert desk.at(trainee_id).document.get("itt_start_date") == "2021-09-07"
        desk.assert_both_sides_equal()


def test_an_answer_typed_into_an_open_question_is_not_taken_for_no_answer(desk: Desk) -> None:
    """I2, I15: what is typed is what both sides once agreed on, and the portal moves once more: it stays a question."""
    trainee = desk.in_training()
    record = desk.at(trainee)
    agreed = record.document.fields["email"]
    desk.edit(record, email="mine@example.com")
    desk.control.edit(trainee, email="theirs@example.com")
    desk.sync()
    desk.edit(record, email=agreed)
    for theirs in ("later@example.com", "last@example.com"):
        desk.control.edit(trainee, email=theirs)
        desk.sync()
        (row,) = desk.conflict().fields
        assert (row.mine, row.theirs) == (agreed, theirs)
        assert desk.view(record).document.fields["email"] == agreed
