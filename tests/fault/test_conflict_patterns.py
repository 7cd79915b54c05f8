"""Many conflicts with one decision: alike ones are found, previewed, decided as one alone would be, and undone while honest.

A decision of a thousand is a thousand decisions: the journal keeps every answer that was not chosen (I15).
"""

from __future__ import annotations

import pytest

from desktop.model.change import ChangeState
from desktop.model.errors import UsageError
from desktop.model.evidence import Fate
from desktop.services.deciding import member_of, members_of, pattern_of
from desktop.services.views import Progress
from tests.fault.conftest import Desk

MINE, THEIRS = "2027-07-02", "2027-07-16"


def conflict_about(desk: Desk, number: int, field: str, mine: str, theirs: str) -> str:
    """Both sides change one field of a record; its local id. The conflict is there after the next sync."""
    trainee_id = desk.in_training(number)
    record = desk.edit(desk.at(trainee_id), **{field: mine})
    desk.control.edit(trainee_id, **{field: theirs})
    return record.id


@pytest.fixture
def alike(desk: Desk) -> list[str]:
    """Three records with the same two end dates, then one with others."""
    found = [conflict_about(desk, n, "itt_end_date", MINE, THEIRS) for n in range(3)]
    found.append(conflict_about(desk, 3, "itt_end_date", "2027-07-30", "2027-08-06"))
    desk.sync()
    assert len(desk.conflicts()) == 4
    return found


def pattern(desk: Desk, record_id: str):
    own = next(c for c in desk.conflicts() if c.record_id == record_id)
    return pattern_of(desk.conflicts(), own, own.fields[0].unit)


def test_the_same_two_answers_are_told_from_other_answers_of_the_field(desk: Desk, alike: list[str]) -> None:
    found = pattern(desk, alike[0])
    assert found.same_answers[0].record_id == alike[0], "the one that was asked about comes first"
    assert {m.record_id for m in found.same_answers} == set(alike[:3])
    assert {m.record_id for m in found.same_field} == set(alike)
    assert {m.record_id for m in pattern(desk, alike[3]).same_answers} == {alike[3]}


def test_children_are_alike_whatever_their_ids(desk: Desk) -> None:
    for number in range(2):
        record = desk.at(desk.in_training(number))
        degree = record.document.children["degrees"][0]
        desk.edit_child(record, "degrees", degree.id, graduation_year=2015)
        first, *others = desk.trainee(record)["degrees"]
        theirs = [{**first, "graduation_year": "2016"}, *others]
        desk.control.edit(record.portal_id, degrees=theirs)
    desk.sync()
    first = desk.conflicts()[0]
    assert len(pattern_of(desk.conflicts(), first, first.fields[0].unit).same_answers) == 2


@pytest.mark.parametrize(("side", "kept", "lost"), [("mine", MINE, THEIRS), ("theirs", THEIRS, MINE)])
def test_all_are_decided_and_every_loser_stays_readable(
    desk: Desk, alike: list[str], side: str, kept: str, lost: str
) -> None:
    result = desk.workspace.deciding.decide(pattern(desk, alike[0]).same_answers, side)
    assert (result.records, result.left_out) == (3, ())
    for record_id in alike[:3]:
        assert desk.view(record_id).document.get("itt_end_date") == kept
        resolved = next(e for e in desk.history(desk.view(record_id)) if e.event == "resolved")
        assert resolved.detail["lost"] == {"itt_end_date": lost}
        assert resolved.actor == "Sam"
    assert [c.record_id for c in desk.conflicts()] == [alike[3]]
    desk.sync()
    desk.assert_settled(but=(alike[3],))


def test_a_decision_of_many_is_the_decision_of_one(desk: Desk) -> None:
    """The same journal, queue and document as `resolve` leaves."""
    ids = [conflict_about(desk, n, "email", "mine@example.com", "theirs@example.com") for n in range(2)]
    desk.sync()
    alone, many = (next(c for c in desk.conflicts() if c.record_id == i) for i in ids)
    desk.workspace.conflicts.resolve(alone.id, {"email": "mine"})
    desk.workspace.deciding.decide(members_of([many]), "mine")
    first, second = (desk.view(i) for i in ids)
    assert first.pending == second.pending
    assert [c.state for c in first.changes] == [c.state for c in second.changes] == [ChangeState.QUEUED]
    details = [next(e.detail for e in desk.history(v) if e.event == "resolved") for v in (first, second)]
    for detail in details:
        detail["values"]["email"].pop("base")
    assert details[0] == details[1]


def test_only_the_named_unit_is_decided(desk: Desk) -> None:
    trainee_id = desk.in_training()
    record = desk.edit(desk.at(trainee_id), email="mine@example.com", itt_end_date=MINE)
    desk.control.edit(trainee_id, email="theirs@example.com", itt_end_date=THEIRS)
    desk.sync()
    result = desk.workspace.deciding.decide([member_of(desk.conflict(), "email")], "theirs")
    assert result.records == 1
    assert [f.field for f in desk.conflict().fields] == ["itt_end_date"]
    assert desk.view(record).document.get("itt_end_date") == MINE


def test_the_preview_changes_nothing_and_counts_what_would_be_sent(desk: Desk, alike: list[str]) -> None:
    before = [desk.view(i).version for i in alike]
    members = pattern(desk, alike[0]).same_field
    mine = desk.workspace.deciding.preview(members, "mine")
    assert (mine.records, mine.to_send, mine.to_put_right, mine.left_out) == (4, 4, 0, ())
    assert (mine.lines[0].kept, mine.lines[0].dropped) == ("2 July 2027", "16 July 2027")
    assert mine.lines[0].field_label == "Expected end date"
    theirs = desk.workspace.deciding.preview(members, "theirs")
    assert (theirs.records, theirs.to_send) == (4, 0), "the portal has its own answer already"
    assert [desk.view(i).version for i in alike] == before
    assert len(desk.conflicts()) == 4


def test_the_preview_says_what_must_be_put_right_afterwards(desk: Desk) -> None:
    conflict_about(desk, 0, "itt_end_date", "2020-07-02", THEIRS)
    desk.sync()
    members = members_of(desk.conflicts())
    mine = desk.workspace.deciding.preview(members, "mine")
    assert mine.to_put_right == 1
    assert mine.lines[0].problem
    assert desk.workspace.deciding.preview(members, "theirs").to_put_right == 0


def test_what_moved_since_it_was_seen_is_left_open_and_named(desk: Desk, alike: list[str]) -> None:
    members = pattern(desk, alike[0]).same_answers
    desk.edit(alike[1], itt_end_date="2027-07-05")
    decided = next(c for c in desk.conflicts() if c.record_id == alike[2])
    desk.workspace.conflicts.resolve_all(decided.id, "theirs")
    preview = desk.workspace.deciding.preview(members, "mine")
    result = desk.workspace.deciding.decide(members, "mine")
    assert result.records == preview.records == 1
    assert result.left_out == preview.left_out
    assert {(one.record_id, one.why.split(".")[0]) for one in result.left_out} == {
        (alike[1], "Its answers changed while you were deciding"),
        (alike[2], "It is decided already"),
    }
    assert desk.view(alike[1]).conflict is not None


def test_stopping_decides_nothing_at_all(desk: Desk, alike: list[str]) -> None:
    asked: list[int] = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > 2

    members = pattern(desk, alike[0]).same_answers
    result = desk.workspace.deciding.decide(members, "mine", cancelled=cancelled)
    assert (result.stopped, result.records) == (True, 0)
    assert len(desk.conflicts()) == 4
    assert "resolved" not in desk.events()
    desk.assert_healthy()


def test_progress_is_told_to_the_last_record(desk: Desk, alike: list[str]) -> None:
    told: list[Progress] = []
    desk.workspace.deciding.decide(members_of(desk.conflicts()), "mine", progress=told.append)
    assert (told[-1].done, told[-1].total, told[-1].words) == (4, 4, "4 of 4 decided")


def test_a_side_that_is_none_is_refused(desk: Desk, alike: list[str]) -> None:
    with pytest.raises(UsageError):
        desk.workspace.deciding.decide(members_of(desk.conflicts()), "newest")


class TestUndo:
    """One decision, of one record or of many, can be undone until the portal has had it."""

    @pytest.mark.parametrize("side", ["mine", "theirs"])
    def test_all_questions_are_open_again_with_the_same_answers(
        self, desk: Desk, alike: list[str], side: str
    ) -> None:
        before = {str(c.record_id): c.fields for c in desk.conflicts()}
        desk.workspace.deciding.decide(members_of(desk.conflicts()), side, words="4 end dates")
        last = desk.workspace.deciding.last()
        assert last is not None
        assert (last.words, last.records, last.possible, last.why_not) == ("4 end dates", 4, 4, "")
        undone = desk.workspace.deciding.undo()
        assert (undone.records, undone.left_out) == (4, 0)
        assert {str(c.record_id): c.fields for c in desk.conflicts()} == before
        assert all(desk.view(i).document.get("itt_end_date") == before[i][0].mine for i in alike)
        assert desk.events(desk.view(alike[0]))[-2:].count("decision_undone") == 1
        assert desk.workspace.deciding.last() is None
        desk.sync()
        assert len(desk.conflicts()) == 4, "reading the portal again asks the same questions, once"
        assert desk.writes() == []

    def test_one_decision_alone_is_undone_too(self, desk: Desk) -> None:
        record_id = conflict_about(desk, 0, "email", "mine@example.com", "theirs@example.com")
        desk.sync()
        desk.workspace.conflicts.resolve_all(desk.conflict().id, "theirs")
        desk.workspace.deciding.undo()
        assert desk.view(record_id).document.get("email") == "mine@example.com"
        assert desk.conflict().record_id == record_id

    @pytest.mark.parametrize("side", ["mine", "theirs"])
    def test_the_evidence_tells_that_it_waits_for_a_decision_again(
        self, desk: Desk, alike: list[str], side: str
    ) -> None:
        desk.workspace.deciding.decide(members_of(desk.conflicts()), side)
        decided = desk.clock.now
        desk.clock.forward(minutes=5)
        desk.workspace.deciding.undo()
        undone = desk.clock.now
        desk.clock.forward(hours=1)
        then, after = desk.workspace.activity.evidence.stood([decided, undone])
        assert all(Fate.DECISION not in then.get(i, ()) for i in alike)
        assert all(after[i] == {Fate.DECISION} for i in alike)

    def test_the_history_says_in_words_what_was_decided_and_undone(
        self, desk: Desk, alike: list[str]
    ) -> None:
        desk.workspace.deciding.decide(members_of(desk.conflicts()), "theirs")
        desk.workspace.deciding.undo()
        texts = [entry.text for entry in desk.history(alike[0])]
        assert "Decided: Expected end date, Register’s taken" in texts
        assert "Decision undone: the question is open again" in texts

    def test_what_the_portal_has_had_is_not_undone_and_says_so(self, desk: Desk, alike: list[str]) -> None:
        desk.workspace.deciding.decide(members_of(desk.conflicts()), "mine")
        desk.sync()
        last = desk.workspace.deciding.last()
        assert last is not None
        assert (last.records, last.possible) == (4, 0)
        assert last.why_not.startswith("Register has had it since")
        with pytest.raises(UsageError, match="cannot be undone any more"):
            desk.workspace.deciding.undo()
        desk.assert_settled()

    def test_what_was_typed_afterwards_is_left_and_the_rest_is_undone(
        self, desk: Desk, alike: list[str]
    ) -> None:
        desk.workspace.deciding.decide(members_of(desk.conflicts()), "mine")
        desk.edit(alike[0], itt_end_date="2027-07-09")
        undone = desk.workspace.deciding.undo()
        assert (undone.records, undone.left_out) == (3, 1)
        assert "changed after it" in undone.why_not
        assert desk.view(alike[0]).document.get("itt_end_date") == "2027-07-09"
        assert desk.view(alike[0]).conflict is None
        desk.assert_healthy()

    def test_a_decision_survives_the_program(self, desk: Desk, alike: list[str]) -> None:
        desk.workspace.deciding.decide(members_of(desk.conflicts()), "theirs")
        desk.reopen()
        assert desk.workspace.deciding.undo().records == 4
        assert len(desk.conflicts()) == 4
