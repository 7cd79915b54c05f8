"""The rows of one record follow from its content, in the same transaction (I1, I7): which come, move, stay and go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from desktop.collections.trainees import COLLECTION
from desktop.model.change import Change, ChangeKind, ChangeState
from desktop.model.collection import Collection, Context, Money, Rule
from desktop.model.conflict import Conflict, ConflictKind, FieldConflict
from desktop.model.document import Child, ChildPatch, Document, Patch, Value
from desktop.model.finding import Finding, Severity
from desktop.model.ids import ChangeId, ConflictId
from desktop.model.snapshot import Snapshot
from desktop.model.standing import Sync
from desktop.store.records import StoredRecord
from desktop.store.store import Store, Unit
from desktop.store.vault import new_data_key
from desktop.sync import outbox

K, S = ChangeKind, ChangeState
NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)
TODAY = date(2026, 10, 5)
NOT_THERE = "Register does not have this trainee, so nothing can be sent for it."
seen: list[Context] = []


def _email(document: Document, context: Context) -> Iterable[Finding]:
    """`bad` is an error, `odd` a warning."""
    seen.append(context)
    severity = {"bad": Severity.ERROR, "odd": Severity.WARNING}.get(str(document.get("email")))
    return [Finding("E", severity, "email", "m", portal_text="p")] if severity else []


def _paid(document: Document) -> Money | None:
    return Money((9000,), "bursary", "2026") if document.get("fund_code") == "7" else None


def _person(document: Document) -> tuple[str, ...] | None:
    name = document.get("last_name")
    return (str(name),) if name else None


RULES = (Rule("E", Severity.ERROR, "", "", _email),)
SMALL = replace(COLLECTION, rules=RULES, money=_paid, identity=_person)


@dataclass
class Bench:
    """One unit of work, and a record in it."""

    unit: Unit
    collection: Collection
    record: StoredRecord

    def edit(self, *, edited: bool = False, **fields: Value) -> None:
        self.patch(
            Patch({**self.record.pending.fields, **fields}, self.record.pending.children), edited=edited
        )

    def patch(self, pending: Patch, *, edited: bool = False) -> None:
        self.record = self.unit.records.save(self.collection, self.read(), pending=pending)
        self.follow(edited=edited)

    def read(self) -> StoredRecord:
        held = self.unit.records.get(self.record.id)
        assert held is not None
        return held

    def follow(self, *, edited: bool = False) -> None:
        outbox.follow(self.unit, self.collection, self.record, TODAY, edited=edited)

    def lose(self) -> None:
        """The portal lists it no more."""
        self.record = self.unit.records.save(self.collection, self.record, missing=True)

    def force(self, state: ChangeState, **changed: Any) -> Change:
        """The only row, brought by legal moves to where the sync would have put it."""
        change = self.row()
        for step in {S.UNKNOWN: (S.SENDING, S.UNKNOWN), S.SENDING: (S.SENDING,)}.get(state, (state,)):
            change = self.unit.outbox.update(change, state=step, **changed)
        return change

    def ask(self, kind: ConflictKind, *rows: FieldConflict) -> None:
        conflict = Conflict(ConflictId(self.record.id), self.record.id, self.collection.name, kind, rows, NOW)
        self.unit.decisions.put(self.record.key, conflict)

    def question(self) -> Conflict | None:
        return self.unit.decisions.of_record(self.record.id)

    def rows(self) -> list[Change]:
        return self.unit.outbox.of_record(self.record.id)

    def row(self) -> Change:
        (row,) = self.rows()
        return row

    def places(self) -> set[tuple[ChangeKind, str, ChangeState]]:
        return {(c.kind, c.target, c.state) for c in self.rows()}

    def standing(self) -> tuple[Sync, int | None]:
        return self.read().sync, self.read().errors

    def told(self) -> list[tuple[str, dict[str, Any]]]:
        """What the journal says of the record, oldest first."""
        self.unit.journal.flush()
        return [(e.event, e.detail) for e in self.unit.journal.entries(self.record.id)][::-1]


numbers = count(1)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = Store.create(tmp_path_factory.mktemp("store"), new_data_key(), lambda: NOW, "Sam")
    yield opened
    opened.close()


@pytest.fixture
def unit(store: Store) -> Iterator[Unit]:
    with store.write(durable=False) as unit:
        yield unit


def new(unit: Unit, **fields: Value) -> Bench:
    """A record that the portal has not seen; nothing has followed yet."""
    return Bench(
        unit, SMALL, unit.records.add(SMALL, f"n{next(numbers)}", Document(dict(fields)), NOW, "Sam")
    )


def pulled(
    unit: Unit, *, children: tuple[Child, ...] = (), state: str = "trn_received", **fields: Value
) -> Bench:
    """A record as the portal showed it."""
    number = next(numbers)
    document = Document(dict(fields), {"degrees": list(children)})
    snapshot = Snapshot(f"p{number}", "v1", state, document, {"trn": "1234567"})
    unit.records.add_pulled(SMALL, [(f"r{number}", snapshot)])
    record = unit.records.get(f"r{number}")
    assert record is not None
    return Bench(unit, SMALL, record)


def edited(unit: Unit, **fields: Any) -> Bench:
    """A record of the portal with one edit waiting."""
    bench = pulled(unit, email="a", **fields)
    bench.edit(email="b")
    return bench


class TestNewRecord:
    def test_it_waits_to_be_created(self, unit: Unit) -> None:
        bench = new(unit, email="a")
        bench.follow()
        row = bench.row()
        assert row == Change(row.id, bench.record.id, "trainees", K.CREATE, "", S.QUEUED, NOW, actor="Sam")
        assert bench.standing() == (Sync.QUEUED, 0)

    def test_the_window_hears_of_it(self, unit: Unit) -> None:
        bench = new(unit)
        unit.touched.records.clear()
        unit.touched.queue = False
        bench.follow()
        assert (unit.touched.records, unit.touched.queue) == ({bench.record.id}, True)

    def test_with_an_error_it_is_a_draft(self, unit: Unit) -> None:
        bench = new(unit, email="bad")
        bench.follow()
        assert bench.places() == {(K.CREATE, "", S.HELD)}
        assert bench.standing() == (Sync.DRAFT, 1)

    def test_a_warning_does_not_hold_it(self, unit: Unit) -> None:
        bench = new(unit, email="odd")
        bench.follow()
        assert (bench.places(), bench.standing()) == ({(K.CREATE, "", S.QUEUED)}, (Sync.QUEUED, 0))

    def test_it_moves_between_draft_and_queue_as_errors_come_and_go(self, unit: Unit) -> None:
        bench = new(unit, email="bad")
        bench.follow()
        first = bench.row().id
        for email, state in (("a", S.QUEUED), ("bad", S.HELD), ("b", S.QUEUED)):
            bench.edit(email=email)
            assert (bench.row().id, bench.row().state) == (first, state)

    def test_the_journal_tells_a_draft_from_what_waits_for_the_portal(self, unit: Unit) -> None:
        """The evidence must not count as the portal's what waited for a person. The program saw it, nobody said it."""
        bench = new(unit, email="bad")
        bench.follow()
        for email in ("bad", "a", "b", "bad"):
            bench.edit(email=email)
        row = {"kind": "create", "target": ""}
        assert bench.told() == [("held", row), ("ready", row), ("held", row)]
        assert {e.actor for e in unit.journal.entries(bench.record.id)} == {""}

    def test_what_can_be_sent_at_once_was_never_a_draft(self, unit: Unit) -> None:
        bench = new(unit, email="a")
        bench.follow()
        bench.edit(fund_code="7")
        assert bench.told() == []

    def test_its_children_go_with_it(self, unit: Unit) -> None:
        bench = new(unit, email="a")
        bench.patch(Patch({"email": "a"}, {"degrees": {"d": ChildPatch({"grade": "02"}, added=True)}}))
        assert bench.places() == {(K.CREATE, "", S.QUEUED)}


class TestEdits:
    def test_a_clean_record_has_no_rows_and_is_not_judged(self, unit: Unit) -> None:
        """What the portal holds is its own affair; the rules speak of what we would send."""
        bench = pulled(unit, email="bad")
        seen.clear()
        bench.follow()
        assert (bench.rows(), bench.standing(), seen) == ([], (Sync.CLEAN, None), [])

    def test_fields_are_one_row_and_each_child_its_own(self, unit: Unit) -> None:
        bench = pulled(unit, children=(Child("d1", {"grade": "02"}, "d1"), Child("d2", {}, "d2")), email="a")
        children = {"d1": ChildPatch({"grade": "03"}), "d2": ChildPatch(removed=True)}
        bench.patch(Patch({"email": "b", "sex": "10"}, {"degrees": children}))
        assert bench.places() == {
            (K.UPDATE, "", S.QUEUED),
            (K.NESTED, "degrees.d1", S.QUEUED),
            (K.NESTED, "degrees.d2", S.QUEUED),
        }

    def test_more_edits_are_the_same_row(self, unit: Unit) -> None:
        bench = edited(unit)
        first = bench.row()
        bench.edit(sex="10")
        assert bench.row() == first

    def test_an_edit_that_is_undone_needs_no_sending(self, unit: Unit) -> None:
        bench = edited(unit)
        bench.patch(Patch())
        assert (bench.rows(), bench.standing()) == ([], (Sync.CLEAN, None))
        assert bench.told() == [("not_needed", {"kind": "update", "target": ""})]

    def test_all_is_undone_at_once(self, unit: Unit) -> None:
        bench = pulled(unit, email="a")
        children = {f"d{n}": ChildPatch({"grade": "03"}, added=True) for n in range(3)}
        bench.patch(Patch({"email": "b"}, {"degrees": children}))
        bench.patch(Patch())
        assert (bench.rows(), bench.standing()) == ([], (Sync.CLEAN, None))

    def test_one_of_two_children_is_undone(self, unit: Unit) -> None:
        both = {"d1": ChildPatch({"grade": "03"}, added=True), "d2": ChildPatch({"grade": "05"}, added=True)}
        bench = pulled(unit)
        bench.patch(Patch({}, {"degrees": both}))
        bench.patch(Patch({}, {"degrees": {"d2": both["d2"]}}))
        assert bench.places() == {(K.NESTED, "degrees.d2", S.QUEUED)}
        assert bench.told() == [("not_needed", {"kind": "nested", "target": "degrees.d1"})]

    def test_an_error_in_one_holds_all(self, unit: Unit) -> None:
        bench = pulled(unit)
        bench.patch(Patch({"email": "bad"}, {"degrees": {"d1": ChildPatch({"grade": "03"}, added=True)}}))
        assert bench.places() == {(K.UPDATE, "", S.HELD), (K.NESTED, "degrees.d1", S.HELD)}
        assert bench.standing() == (Sync.DRAFT, 1)


class TestWhatIsNotTouched:
    @pytest.mark.parametrize("state", [S.SENDING, S.UNKNOWN])
    @pytest.mark.parametrize("email", ["a", "bad", "c"])
    def test_a_row_whose_fate_is_open(self, unit: Unit, state: ChangeState, email: str) -> None:
        """I12: whatever is typed meanwhile, also back to what it was; and no second row beside it (I5)."""
        bench = edited(unit)
        sent = bench.force(state, payload={"fields": {"email": "b"}}, attempts=1)
        bench.patch(Patch({"email": email}) if email != "a" else Patch())
        assert bench.row() == sent

    def test_rows_behind_one_whose_fate_is_open_still_follow(self, unit: Unit) -> None:
        bench = edited(unit)
        bench.force(S.UNKNOWN)
        bench.patch(Patch({"email": "b"}, {"degrees": {"d1": ChildPatch({"grade": "1"}, added=True)}}))
        bench.edit(email="bad")
        assert bench.places() == {(K.UPDATE, "", S.UNKNOWN), (K.NESTED, "degrees.d1", S.HELD)}

    def test_an_action(self, unit: Unit) -> None:
        """A person confirmed it; no edit takes it back or sends it to the drafts."""
        bench = pulled(unit, email="a")
        action = outbox.queue_action(unit, bench.record, "defer", {"defer_date": "2026-10-01"})
        bench.edit(email="bad")
        assert action in bench.rows()
        bench.patch(Patch())
        assert bench.rows() == [action]

    def test_what_the_portal_refused_until_somebody_edits(self, unit: Unit) -> None:
        """D19: a pull must not send it again; a person's edit may."""
        bench = edited(unit)
        refused = bench.force(S.REJECTED, reason="Not a real address")
        bench.edit(email="c")
        outbox.follow(unit, SMALL, bench.record, TODAY)
        assert bench.row() == refused
        bench.edit(email="d", edited=True)
        assert (bench.row().state, bench.row().reason) == (S.QUEUED, "")

    def test_what_was_refused_and_is_undone_goes(self, unit: Unit) -> None:
        bench = edited(unit)
        bench.force(S.REJECTED)
        bench.patch(Patch())
        assert bench.rows() == []

    def test_a_row_that_is_where_it_belongs(self, unit: Unit) -> None:
        """It keeps its waiting time and reason: a pull that changes nothing must not send it early."""
        bench = edited(unit)
        later = NOW + timedelta(minutes=5)
        waits = unit.outbox.update(bench.row(), not_before=later, reason="Busy", payload={"x": 1})
        bench.follow()
        assert bench.row() == waits


class TestMoving:
    def test_a_row_that_moves_starts_afresh(self, unit: Unit) -> None:
        bench = edited(unit)
        unit.outbox.update(
            bench.row(), not_before=NOW, reason="Busy", payload={"fields": {"email": "b"}}, attempts=2
        )
        bench.edit(email="bad")
        row = bench.row()
        assert (row.state, row.not_before, row.reason, row.payload, row.attempts) == (S.HELD, None, "", {}, 2)

    def test_a_create_that_may_have_arrived_keeps_what_was_sent(self, unit: Unit) -> None:
        """D13: by that it is known again in a listing. What else was noted of the try goes."""
        bench = new(unit, email="a")
        bench.follow()
        sent = {"document": Document({"email": "a"}).to_json(), "lost": True, "other": 1}
        unit.outbox.update(bench.row(), payload=sent, attempts=1)
        bench.edit(email="bad")
        assert bench.row().payload == {"document": sent["document"], "lost": True}

    def test_a_create_that_never_left_keeps_nothing(self, unit: Unit) -> None:
        bench = new(unit, email="a")
        bench.follow()
        unit.outbox.update(bench.row(), payload={"document": {}})
        bench.edit(email="bad")
        assert bench.row().payload == {}

    @pytest.mark.parametrize("attempts", [0, 1])
    def test_a_create_keeps_what_its_record_was_before(self, unit: Unit, attempts: int) -> None:
        """However often it is edited: the old record, put back, must not be taken for the new one."""
        bench = new(unit, email="a")
        bench.follow()
        unit.outbox.update(bench.row(), payload={"was": "P1"}, attempts=attempts)
        bench.edit(email="bad")
        assert bench.row().payload == {"was": "P1"}

    def test_an_update_keeps_nothing_however_often_it_was_sent(self, unit: Unit) -> None:
        """Its content is read from pending each time (D10); the words are the same, the meaning is not."""
        bench = edited(unit)
        unit.outbox.update(bench.row(), payload={"document": {}, "lost": True}, attempts=3)
        bench.edit(email="bad")
        assert bench.row().payload == {}

    def test_money_moves_a_row_to_the_front_and_leaves_its_reason(self, unit: Unit) -> None:
        bench = edited(unit)
        unit.outbox.update(bench.row(), reason="Busy", not_before=NOW)
        bench.edit(fund_code="7")
        row = bench.row()
        assert (row.state, row.money, row.rank, row.reason, row.not_before) == (
            S.QUEUED,
            True,
            0,
            "Busy",
            None,
        )


class TestMissing:
    """The portal no longer lists the record."""

    def test_its_changes_are_refused_and_say_why(self, unit: Unit) -> None:
        bench = edited(unit)
        bench.lose()
        bench.edit(sex="10")
        assert (bench.row().state, bench.row().reason) == (S.REJECTED, NOT_THERE)
        assert bench.standing() == (Sync.REJECTED, 0)

    def test_a_change_that_comes_then_is_refused_at_once(self, unit: Unit) -> None:
        bench = pulled(unit, email="a")
        bench.lose()
        bench.edit(email="b")
        assert (bench.row().state, bench.row().reason) == (S.REJECTED, NOT_THERE)

    def test_a_draft_stays_a_draft(self, unit: Unit) -> None:
        """It was never asked of the portal, so it was not refused."""
        bench = pulled(unit, email="a")
        bench.edit(email="bad")
        bench.lose()
        bench.edit(email="c")
        assert (bench.row().state, bench.row().reason) == (S.HELD, "")

    def test_an_error_counts_before_it(self, unit: Unit) -> None:
        bench = pulled(unit, email="a")
        bench.lose()
        bench.edit(email="bad")
        assert (bench.row().state, bench.row().reason) == (S.HELD, "")


class TestConflict:
    ROW = FieldConflict("email", "email", "x", "b", "a")

    def test_nothing_of_the_record_is_sent(self, unit: Unit) -> None:
        """Rows that were there, also refused ones, and such as come now; errors do not matter meanwhile."""
        bench = edited(unit)
        bench.force(S.REJECTED, reason="No")
        bench.ask(ConflictKind.FIELDS, self.ROW)
        bench.patch(Patch({"email": "c"}, {"degrees": {"d1": ChildPatch({"grade": "1"}, added=True)}}))
        assert bench.places() == {(K.UPDATE, "", S.CONFLICT), (K.NESTED, "degrees.d1", S.CONFLICT)}
        assert {c.reason for c in bench.rows()} == {""}
        bench.edit(edited=True, email="bad")
        assert {c.state for c in bench.rows()} == {S.CONFLICT}
        assert bench.told() == []  # who had never been a draft is not called ready
        assert bench.standing() == (Sync.CONFLICT, 1)

    def test_a_record_in_question_is_judged_again_only_when_a_person_touches_it(self, unit: Unit) -> None:
        """Nothing of it goes before, so a pull of many such records need not run all the rules each time."""
        bench = pulled(unit, email="a")
        bench.edit(email="bad", sex="10")
        bench.record = bench.read()
        bench.ask(ConflictKind.FIELDS, self.ROW)
        seen.clear()
        bench.follow()
        assert (seen, bench.standing()) == ([], (Sync.CONFLICT, 1))
        bench.edit(edited=True, email="b")
        assert (len(seen), bench.standing()) == (1, (Sync.CONFLICT, 0))

    def test_it_is_over_when_both_sides_say_the_same(self, unit: Unit) -> None:
        bench = pulled(unit, email="a", sex="10")
        bench.ask(ConflictKind.FIELDS, self.ROW, replace(self.ROW, field="sex"))
        bench.edit(email=" a ", last_name="Quill")
        assert bench.question() is None
        assert bench.told() == [("conflict_over", {"why": "both sides agree now"})]
        assert (bench.places(), bench.standing()) == ({(K.UPDATE, "", S.QUEUED)}, (Sync.QUEUED, 0))

    def test_one_field_that_differs_keeps_it_open(self, unit: Unit) -> None:
        bench = pulled(unit, email="a", sex="10")
        bench.ask(ConflictKind.FIELDS, replace(self.ROW, field="sex"), self.ROW)
        bench.edit(email="b")
        assert bench.question() is not None
        assert bench.places() == {(K.UPDATE, "", S.CONFLICT)}

    def test_a_childs_field_counts_by_its_path(self, unit: Unit) -> None:
        bench = pulled(unit, children=(Child("d1", {"grade": "02"}, "d1"),))
        bench.ask(ConflictKind.FIELDS, replace(self.ROW, field="degrees.d1.grade", unit="degrees.d1"))
        bench.patch(Patch({}, {"degrees": {"d1": ChildPatch({"grade": "03"})}}))
        assert bench.question() is not None
        bench.patch(Patch())
        assert bench.question() is None

    @pytest.mark.parametrize(
        ("kind", "over"),
        [(ConflictKind.CLOSED, True), (ConflictKind.DUPLICATE, False), (ConflictKind.MISSING, False)],
    )
    def test_taking_the_edit_back_answers_only_a_closed_record(
        self, unit: Unit, kind: ConflictKind, over: bool
    ) -> None:
        bench = edited(unit)
        bench.ask(kind)
        bench.edit(sex="10")
        assert bench.question() is not None
        bench.patch(Patch())
        assert (bench.question() is None) is over

    def test_a_new_record_like_somebody_stays_in_question(self, unit: Unit) -> None:
        """It has no base to agree with, whatever is typed."""
        bench = new(unit, email="a")
        bench.ask(ConflictKind.DUPLICATE)
        bench.follow()
        assert bench.question() is not None
        assert bench.places() == {(K.CREATE, "", S.CONFLICT)}


class TestMoney:
    @pytest.mark.parametrize(("fund_code", "money"), [("7", True), ("2", False)])
    def test_of_a_new_record_by_what_it_says(self, unit: Unit, fund_code: str, money: bool) -> None:
        bench = new(unit, fund_code=fund_code)
        bench.follow()
        assert bench.row().money is money

    @pytest.mark.parametrize(
        ("before", "edit", "money"),
        [
            ({"fund_code": "7"}, {"fund_code": "2"}, True),  # takes it away
            ({"fund_code": "2"}, {"fund_code": "7"}, True),  # brings it
            ({"fund_code": "7"}, {"training_route": "12"}, True),  # may change how much
            ({"fund_code": "7"}, {"email": "b"}, False),
            ({"fund_code": "2"}, {"training_route": "12"}, False),
            ({"fund_code": "7"}, {"email": "b", "training_route": "12"}, True),
            ({"fund_code": "7"}, {"unheard_of": "b"}, False),  # a field of a newer program
        ],
    )
    def test_of_an_edit_by_what_it_touches(
        self, unit: Unit, before: dict[str, Any], edit: dict[str, Any], money: bool
    ) -> None:
        bench = pulled(unit, **before)
        bench.edit(**edit)
        assert bench.row().money is money

    def test_a_child_carries_none(self, unit: Unit) -> None:
        bench = pulled(unit, fund_code="7")
        patch = Patch({"fund_code": "2"}, {"degrees": {"d1": ChildPatch({"grade": "1"}, added=True)}})
        bench.patch(patch)
        assert {c.kind: c.money for c in bench.rows()} == {K.UPDATE: True, K.NESTED: False}


class TestActions:
    def test_one_is_queued_with_its_answers(self, unit: Unit) -> None:
        bench = pulled(unit)
        unit.touched.records.clear()
        unit.touched.queue = False
        change = outbox.queue_action(unit, bench.record, "defer", {"defer_date": "2026-10-01"})
        payload = {"fields": {"defer_date": "2026-10-01"}}
        at, actor = unit.now, unit.actor
        assert change == Change(
            change.id, bench.record.id, "trainees", K.ACTION, "defer", S.QUEUED, at, actor, payload
        )
        assert bench.row() == change
        told = {"action": "defer", "fields": {"defer_date": "2026-10-01"}}
        assert bench.told() == [("action_queued", told)]
        assert bench.standing()[0] is Sync.QUEUED
        assert (unit.touched.records, unit.touched.queue) == ({bench.record.id}, True)


class TestStanding:
    def test_it_is_derived_again_when_only_rows_moved(self, unit: Unit) -> None:
        bench = edited(unit)
        bench.force(S.SENDING)
        assert bench.standing() == (Sync.QUEUED, 0)
        outbox.restand(unit, bench.record.id)
        assert bench.standing() == (Sync.SENDING, 0)

    def test_a_record_that_is_gone_has_none(self, unit: Unit) -> None:
        unit.touched.records.clear()
        outbox.restand(unit, "gone")
        assert unit.touched.records == set()

    def test_a_question_counts_though_no_row_says_so(self, unit: Unit) -> None:
        bench = pulled(unit, email="a")
        bench.ask(ConflictKind.MISSING)
        outbox.restand(unit, bench.record.id)
        assert bench.standing()[0] is Sync.CONFLICT


class TestRules:
    def test_they_know_what_the_portal_showed(self, unit: Unit) -> None:
        bench = pulled(unit, email="a")
        bench.edit(email="odd")
        assert seen[-1] == Context(
            today=TODAY,
            codes=SMALL.code_lists,
            state="trn_received",
            extras={"trn": "1234567"},
            base=Document({"email": "a"}, {"degrees": []}),
        )

    def test_of_a_new_record_there_is_nothing_to_know(self, unit: Unit) -> None:
        bench = new(unit)
        assert outbox.context_of(SMALL, bench.record, TODAY) == Context(today=TODAY, codes=SMALL.code_lists)

    def test_each_finding_names_the_record(self, unit: Unit) -> None:
        bench = new(unit, email="odd")
        found = outbox.findings_of(SMALL, bench.record, TODAY)
        assert [(f.rule, f.record) for f in found] == [("E", bench.record.id)]


class TestTwins:
    """D15: two new records of one person never go out at once; the portal would take both."""

    def test_the_second_waits_while_the_first_is_under_way(self, unit: Unit) -> None:
        first, second, other = (new(unit, last_name=n) for n in ("Twin", "Twin", "Quill"))
        for bench in (first, second, other):
            bench.follow()
        assert not outbox.twin_under_way(unit, SMALL, second.record)
        sent = {"document": first.record.document.to_json()}
        unit.outbox.update(first.row(), state=S.SENDING, payload=sent)
        assert outbox.twin_under_way(unit, SMALL, second.record)
        assert not outbox.twin_under_way(unit, SMALL, first.record)  # itself is no twin
        assert not outbox.twin_under_way(unit, SMALL, other.record)

    def test_it_counts_what_was_sent_and_not_what_was_typed_since(self, unit: Unit) -> None:
        first, second = new(unit, last_name="Before"), new(unit, last_name="Before")
        first.follow()
        unit.outbox.update(
            first.row(), state=S.SENDING, payload={"document": first.record.document.to_json()}
        )
        first.edit(last_name="After")
        assert outbox.twin_under_way(unit, SMALL, second.record)

    def test_nobody_is_the_twin_of_somebody_unknown(self, unit: Unit) -> None:
        """Without a name and a birthday it is nobody in particular; the same for a create of which nothing is noted."""
        first, second = new(unit), new(unit)
        first.follow()
        unit.outbox.update(first.row(), state=S.SENDING, payload={})
        assert not outbox.twin_under_way(unit, SMALL, second.record)

    def test_another_collection_may_have_a_person_of_the_same_name(self, unit: Unit) -> None:
        first, second = new(unit, last_name="Shared"), new(unit, last_name="Shared")
        sent = {"document": first.record.document.to_json()}
        row = Change(
            ChangeId("elsewhere"), first.record.id, "teachers", K.CREATE, "", S.UNKNOWN, NOW, payload=sent
        )
        unit.outbox.add(first.record.key, row)
        assert not outbox.twin_under_way(unit, SMALL, second.record)

    def test_an_edit_of_the_same_person_is_no_twin(self, unit: Unit) -> None:
        bench = pulled(unit, last_name="Edited")
        bench.edit(email="b")
        bench.force(S.UNKNOWN, payload={"document": Document({"last_name": "Edited"}).to_json()})
        assert not outbox.twin_under_way(unit, SMALL, new(unit, last_name="Edited").record)


def test_the_store_counts_places_in_the_order_of_sending(unit: Unit) -> None:
    """What the window says ("4th in the queue, money") is what the sync does."""
    for at in (2, 0, 1):
        for kind in K:
            for money in (False, True):
                bench = pulled(unit)
                change_id = ChangeId(f"{kind}-{money}-{at}-{bench.record.id}")
                made = NOW + timedelta(seconds=at)
                unit.outbox.add(
                    bench.record.key,
                    Change(change_id, bench.record.id, "trainees", kind, "", S.QUEUED, made, money=money),
                )
    line = outbox.in_order(unit.outbox.all(states=(S.QUEUED,)))
    assert [unit.outbox.place(c) for c in line] == list(range(1, len(line) + 1))
    firsts = {c.record_id: c for c in line[::-1]}
    places = unit.outbox.places(firsts)
    assert places == {r: (unit.outbox.place(c), c.rank == 0) for r, c in firsts.items()}


def test_what_is_typed_by_hand_has_no_place(unit: Unit) -> None:
    """A whole collection, or one action of another."""
    made = [
        ("typed", "pupils", K.CREATE, ""),
        ("asked", "trainees", K.ACTION, "reinstate"),
        ("sent", "trainees", K.ACTION, "defer"),
    ]
    rows = {}
    for place, (name, collection, kind, target) in enumerate(made):
        bench = pulled(unit)
        at = NOW + timedelta(seconds=place)
        row = Change(ChangeId(name), bench.record.id, collection, kind, target, S.QUEUED, at)
        unit.outbox.add(bench.record.key, row)
        rows[name] = row
    typed = [("pupils", ""), ("trainees", "reinstate")]
    everybody = [row.record_id for row in rows.values()]
    place = unit.outbox.place(rows["sent"], typed)
    assert unit.outbox.place(rows["sent"]) - place == 2
    assert unit.outbox.places(everybody, typed) == {rows["sent"].record_id: (place, False)}
