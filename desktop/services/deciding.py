"""Many conflicts with one decision: which ones are alike, what a decision would do to each, and making it.

Each record is settled as one alone would be (`settling.settle_fields`), all in one transaction: either all are decided
or, when it is stopped, none. Whoever decides has seen certain answers; a conflict that says something else by the time of
saving is left open and named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from desktop.model.collection import Collection
from desktop.model.conflict import Conflict, FieldConflict
from desktop.model.document import Document, diff, normalise, same
from desktop.model.errors import UsageError
from desktop.model.finding import Severity
from desktop.model.ids import ConflictId, RecordId
from desktop.model.person import Role
from desktop.services import wording
from desktop.services.bulk import LeftOut
from desktop.services.core import Core
from desktop.services.last_decision import LastDecision, Undeciding, Undone, keep_last, settled
from desktop.services.people import demand
from desktop.services.settling import decided, present, settle_fields
from desktop.services.views import Choice, Progress
from desktop.store.records import StoredRecord
from desktop.store.store import Unit
from desktop.sync import outbox
from desktop.validation.engine import check

LINES = 200
"""So many records of a preview are listed; all are counted."""
_TELL_EVERY = 25


@dataclass(frozen=True)
class Member:
    """One decision of a pattern: a unit of a conflict, with the answers that were seen when it was chosen."""

    conflict_id: ConflictId
    record_id: RecordId
    unit: str
    seen: tuple[FieldConflict, ...]


@dataclass(frozen=True)
class Pattern:
    """Open decisions that are like one of them, that one first.

    same_answers  the same field (or group of fields) with the same two answers
    same_field    the same field, whatever the answers; holds the others too
    """

    same_answers: tuple[Member, ...]
    same_field: tuple[Member, ...]


@dataclass(frozen=True)
class DecisionLine:
    """One record of a preview, in words. `problem` = what must be put right afterwards, "" when nothing."""

    record_id: RecordId
    label: str
    field_label: str
    kept: str
    dropped: str
    problem: str


@dataclass(frozen=True)
class DecisionPreview:
    """What a decision would do. `records` are decided; of these `to_send` have something to send afterwards, and
    `to_put_right` cannot be sent until errors are put right. `lines` are the first of them.
    """

    records: int
    to_send: int
    to_put_right: int
    left_out: tuple[LeftOut, ...]
    lines: tuple[DecisionLine, ...]


@dataclass(frozen=True)
class Decided:
    """What came of it: records decided, and those left open. `stopped` = nothing was decided at all."""

    records: int
    left_out: tuple[LeftOut, ...]
    stopped: bool = False


class _Stopped(Exception):
    """Leaves the transaction without a trace when a person stopped it."""


def plain(path: str) -> str:
    """A path or unit without the id of its child: `degrees.<id>.grade` as `degrees.grade`, `degrees.<id>` as `degrees`."""
    parts = path.split(".")
    return path if len(parts) == 1 else ".".join((parts[0], *parts[2:]))


def member_of(conflict: Conflict, unit: str) -> Member:
    """One unit of a conflict as it is seen now."""
    seen = tuple(row for row in conflict.fields if row.unit == unit)
    return Member(conflict.id, conflict.record_id, unit, seen)


def members_of(conflicts: Iterable[Conflict]) -> list[Member]:
    """Every decision that these conflicts ask for; those of another kind than fields have none."""
    return [
        member_of(conflict, unit)
        for conflict in conflicts
        if conflict.by_fields
        for unit in dict.fromkeys(row.unit for row in conflict.fields)
    ]


def pattern_of(conflicts: Iterable[Conflict], conflict: Conflict, unit: str) -> Pattern:
    """Decisions that are like this one among all open `conflicts` (of the same collection)."""
    own = member_of(conflict, unit)
    others = [
        member
        for member in members_of(
            c for c in conflicts if c.collection == conflict.collection and c.colleague == conflict.colleague
        )
        if plain(member.unit) == plain(unit) and (member.conflict_id, member.unit) != (conflict.id, unit)
    ]
    alike = [member for member in others if _answers(member) == _answers(own)]
    return Pattern((own, *alike), (own, *others))


def _answers(member: Member) -> frozenset[tuple[str, str, str]]:
    """The two answers wherever they differ, in a form that can be compared between records."""
    return frozenset(
        (plain(row.field), str(normalise(row.mine)), str(normalise(row.theirs)))
        for row in member.seen
        if not same(row.mine, row.theirs)
    )


@dataclass(frozen=True)
class _Case:
    """One record that a decision is about, or why it is left out."""

    record_id: RecordId
    label: str
    record: StoredRecord | None = None
    conflict: Conflict | None = None
    choices: Mapping[str, Choice] = field(default_factory=dict)
    why: str = ""

    def left_out(self) -> LeftOut:
        return LeftOut(self.record_id, self.label, self.why)


class Deciding:
    """Previews and makes decisions about many conflicts. `side` is "mine" or "theirs". Any thread."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._undeciding = Undeciding(core)

    def preview(
        self,
        members: Sequence[Member],
        side: str,
        progress: Callable[[Progress], None] = lambda _: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> DecisionPreview:
        """What the decision would do to each record; nothing is changed. Cut short when cancelled."""
        _insist_on_side(side)
        lines: list[DecisionLine] = []
        left: list[LeftOut] = []
        records = to_send = to_put_right = 0
        with self._core.store.read() as unit:
            for case in self._cases(unit, members, side, progress, "looked at"):
                if cancelled():
                    break
                if case.record is None or case.conflict is None:
                    left.append(case.left_out())
                    continue
                collection = self._core.collection_of(case.record)
                after = decided(case.conflict, case.record, case.choices)
                problem = self._problem(unit, collection, case.record, after)
                records += 1
                to_put_right += bool(problem)
                to_send += _sends(case.record, after)
                if len(lines) < LINES:
                    lines.append(_line(collection, case, side, problem))
        return DecisionPreview(records, to_send, to_put_right, tuple(left), tuple(lines))

    def decide(
        self,
        members: Sequence[Member],
        side: str,
        *,
        words: str = "",
        progress: Callable[[Progress], None] = lambda _: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Decided:
        """Decide them all in one transaction; nothing at all when cancelled. `words` name it for the undo."""
        _insist_on_side(side)
        left: list[LeftOut] = []
        kept = []
        today = self._core.today()
        try:
            with self._core.store.write() as unit:
                demand(unit, Role.ENTER)
                for case in self._cases(unit, members, side, progress, "decided"):
                    _stop_if(cancelled())
                    if case.record is None or case.conflict is None:
                        left.append(case.left_out())
                        continue
                    collection = self._core.collection_of(case.record)
                    saved = settle_fields(
                        unit, collection, case.record, case.conflict, case.choices, today=today
                    )
                    kept.append(settled(collection, case.record, saved, case.conflict))
                if kept:
                    keep_last(unit, words or wording.count(len(kept), "decision"), kept)
                    unit.touched.records.add("*")
        except _Stopped:
            return Decided(0, (), stopped=True)
        return Decided(len(kept), tuple(left))

    def last(self) -> LastDecision | None:
        """The decision that was made last, and whether it can be undone."""
        return self._undeciding.last()

    def undo(self) -> Undone:
        """Open the questions of the last decision again. Raises UsageError when that would not be honest."""
        return self._undeciding.undo()

    def _cases(
        self,
        unit: Unit,
        members: Sequence[Member],
        side: str,
        progress: Callable[[Progress], None],
        done_words: str,
    ) -> Iterator[_Case]:
        """One case a record, in the order of the members."""
        by_record: dict[str, list[Member]] = {}
        for member in members:
            by_record.setdefault(member.record_id, []).append(member)
        total = len(by_record)
        for number, record_id in enumerate(unit.one_by_one([*by_record]), start=1):
            yield self._case(unit, by_record[record_id], side)
            if number % _TELL_EVERY == 0 or number == total:
                progress(Progress(number, total, f"{number:,} of {total:,} {done_words}"))

    @staticmethod
    def _case(unit: Unit, members: Sequence[Member], side: str) -> _Case:
        record_id = members[0].record_id
        record = unit.records.get(record_id)
        if record is None:
            return _Case(record_id, "", why="It is not on this computer any more.")
        stored = unit.decisions.of_record(record_id)
        if stored is None or any(stored.id != member.conflict_id for member in members):
            return _Case(record_id, record.label, why="It is decided already.")
        conflict = present(stored, record)
        now = {member.unit: member_of(conflict, member.unit) for member in members}
        if any(not now[m.unit].seen or _answers(now[m.unit]) != _answers(m) for m in members):
            why = "Its answers changed while you were deciding. Look at them again."
            return _Case(record_id, record.label, why=why)
        choices: dict[str, Choice] = {row.field: side for row in conflict.fields if row.unit in now}
        return _Case(record_id, record.label, record, conflict, choices)

    def _problem(self, unit: Unit, collection: Collection, record: StoredRecord, after: Document) -> str:
        """The first thing that would keep the record from being sent."""
        context = outbox.context_of(collection, record, self._core.today(), unit, after)
        found = check(collection, after, context, record.id)
        return next((f.message for f in found if f.severity is Severity.ERROR), "")


def _stop_if(cancelled: bool) -> None:
    if cancelled:
        raise _Stopped


def _insist_on_side(side: str) -> None:
    if side not in ("mine", "theirs"):
        raise UsageError('Choose "mine" or "theirs".')


def _sends(record: StoredRecord, after: Document) -> bool:
    """Whether anything of the record goes to the portal afterwards."""
    return record.base is not None and bool(diff(record.base.document, after))


def _line(collection: Collection, case: _Case, side: str, problem: str) -> DecisionLine:
    assert case.record is not None
    assert case.conflict is not None
    rows = [
        row for row in case.conflict.fields if row.field in case.choices and not same(row.mine, row.theirs)
    ]
    labels = dict.fromkeys(wording.label_of(collection, row.field) for row in rows)
    mine = ", ".join(wording.value_of(collection, row.field, row.mine) for row in rows)
    theirs = ", ".join(wording.value_of(collection, row.field, row.theirs) for row in rows)
    kept, dropped = (mine, theirs) if side == "mine" else (theirs, mine)
    return DecisionLine(case.record.id, case.label, ", ".join(labels), kept, dropped, problem)
