"""A conflict as it is put to a person: units, rows of three columns, what it pays, what would be sent. No Qt.

Made from the record as it stands and its history; nothing here reads or writes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from desktop.model.collection import Collection
from desktop.model.conflict import Conflict, FieldConflict
from desktop.model.document import Child, Document, Value, diff, same, value_at
from desktop.model.finding import Finding, Severity
from desktop.services.views import HistoryEntry, RecordView
from desktop.ui import words
from desktop.ui.record.money_words import sum_words
from desktop.validation.entry import show_value

BASE, MINE, THEIRS, TYPED = "base", "mine", "theirs", "value"
Live = Callable[[Document], Sequence[Finding]]
_CHILD_FIELD = 3


@dataclass(frozen=True)
class Side:
    """One cell: the value in words, its code in small; `trouble` = words in red instead of a sum."""

    text: str
    code: str = ""
    trouble: str = ""


@dataclass(frozen=True)
class CaseRow:
    """One answer on its three sides. `path` is "" for the row that says what is paid."""

    path: str
    label: str
    note: str
    before: Side
    mine: Side
    theirs: Side
    differs: bool


@dataclass(frozen=True)
class UnitCase:
    """What is decided as one. `also` names answers of the unit that are alike on both sides."""

    unit: str
    title: str
    rows: tuple[CaseRow, ...]
    also: str = ""


@dataclass(frozen=True)
class Merged:
    """An answer that was put together without anybody: its value, and whose it is."""

    label: str
    text: str
    whose: str


@dataclass(frozen=True)
class ConflictCase:
    """The whole screen. `before_at`, `mine_at`, `theirs_at` are the small words under the column heads."""

    conflict: Conflict
    view: RecordView
    sentence: str
    units: tuple[UnitCase, ...]
    merged: tuple[Merged, ...]
    before_at: str
    mine_at: str
    theirs_at: str

    @property
    def whose(self) -> str:
        """Whose the other answers are, in the genitive: "the portal’s", "Sam Okafor’s"."""
        return whose(self.conflict)


def whose(conflict: Conflict | None) -> str:
    """Whose the other side of a conflict is, in the genitive."""
    return f"{conflict.colleague}’s" if conflict and conflict.colleague else "the portal’s"


@dataclass(frozen=True)
class Outcome:
    """What a decision leads to: what would be sent, and what the rules say of the whole record as it would be.

    findings  errors first, then what is to be looked at in the answers that are decided
    """

    sends: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]
    undecided: int

    @property
    def problems(self) -> tuple[str, ...]:
        """What would have to be put right before anything is sent."""
        return tuple(f.message for f in self.findings if f.severity is Severity.ERROR)


def build(
    collection: Collection, view: RecordView, history: Sequence[HistoryEntry], now: datetime, live: Live
) -> ConflictCase:
    """The case of a record's open conflict."""
    conflict = view.conflict
    assert conflict is not None, "the record has an open conflict"
    units: dict[str, list[FieldConflict]] = {}
    for row in conflict.fields:
        units.setdefault(row.unit, []).append(row)
    cases = tuple(_unit_case(collection, view, unit, rows, live) for unit, rows in units.items())
    return ConflictCase(
        conflict=conflict,
        view=view,
        sentence=_sentence(collection, cases, conflict.reason),
        units=cases,
        merged=_merged(collection, view, conflict, history),
        before_at=_before_at(history, conflict, now),
        mine_at=_mine_at(history, conflict, now),
        theirs_at=_theirs_at(conflict, now),
    )


def _sentence(collection: Collection, units: Sequence[UnitCase], reason: str) -> str:
    titles = [unit.title[:1].lower() + unit.title[1:] for unit in units]
    both = reason or f"You and someone at {collection.portal_short} both changed the {_listed(titles)}."
    if len(units) > 1:
        return f"{both} These are {words.spelled(len(units))} decisions."
    count = sum(1 for row in units[0].rows if row.path)
    if count > 1:
        return f"{both} These {words.spelled(count)} answers belong together, so choose them as one."
    return f"{both} Choose one."


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


# --- one unit


def unit_title(collection: Collection, unit: str, document: Document) -> str:
    """What a unit is called: its field's label, its child's line, or the unit's own name."""
    parts = unit.split(".")
    if len(parts) > 1:
        kind = collection.child_kind(parts[0])
        child = document.child(parts[0], parts[1])
        if kind is None:
            return unit
        label = kind.label(child.fields, collection.code_lists) if child else ""
        return f"{kind.singular.capitalize()} {label}".strip()
    field = collection.field(unit)
    return field.label if field else words.capital(unit.replace("_", " "))


def _unit_case(
    collection: Collection, view: RecordView, unit: str, rows: Sequence[FieldConflict], live: Live
) -> UnitCase:
    shown = [_case_row(collection, row) for row in rows]
    shown.sort(key=lambda row: _order(collection, row.path))
    if any((field := collection.field(row.field)) and field.money for row in rows):
        shown.append(_money_row(collection, view, rows, live))
    mates = [f for f in collection.fields if f.unit == unit and f.name not in {r.field for r in rows}]
    alike = [
        f"{f.label} {show_value(f, view.document.get(f.name), collection.code_lists)}"
        for f in mates
        if view.document.get(f.name) is not None
    ]
    also = f"Same on both sides: {'; '.join(alike)}." if alike else ""
    return UnitCase(unit, unit_title(collection, unit, view.document), tuple(shown), also)


def _order(collection: Collection, path: str) -> int:
    names = [f.name for f in collection.fields]
    return names.index(path) if path in names else len(names)


def _case_row(collection: Collection, row: FieldConflict) -> CaseRow:
    differs = not same(row.mine, row.theirs)
    field = collection.field(row.field)
    return CaseRow(
        row.field,
        field.label if field else row.field,
        "Different" if differs else "Same on both sides",
        side_of(collection, row.field, row.base),
        side_of(collection, row.field, row.mine),
        side_of(collection, row.field, row.theirs),
        differs,
    )


def side_of(collection: Collection, path: str, value: Value) -> Side:
    """A value in a cell: words, and the code if it has one."""
    field = collection.field(path)
    if value is None or value == "":
        return Side("Not answered")
    text = show_value(field, value, collection.code_lists) if field else str(value)
    return Side(text, str(value) if field and field.codes and text != str(value) else "")


def _money_row(
    collection: Collection, view: RecordView, rows: Sequence[FieldConflict], live: Live
) -> CaseRow:
    before = with_values(view.base or view.document, {r.field: r.base for r in rows})
    mine = with_values(view.document, {r.field: r.mine for r in rows})
    theirs = with_values(view.document, {r.field: r.theirs for r in rows})
    money = collection.money(mine) or collection.money(theirs)
    paths = {r.field for r in rows}
    return CaseRow(
        "",
        "What it pays",
        f"From the {money.cycle} table" if money else "By our reading of the table",
        _sum(collection, before, paths, None),
        _sum(collection, mine, paths, live),
        _sum(collection, theirs, paths, live),
        differs=True,
    )


def _sum(collection: Collection, document: Document, paths: set[str], live: Live | None) -> Side:
    """The sum, or why nothing can be paid for these answers."""
    money = collection.money(document)
    if money is None and live is not None:
        wrong = [f for f in live(document) if f.severity is Severity.ERROR and f.field in paths]
        if wrong:
            return Side("", trouble=wrong[0].message)
    return Side("£0" if money is None else sum_words(money))


# --- documents of a decision


def with_values(document: Document, values: Mapping[str, Value]) -> Document:
    """A copy of `document` with these answers; children that it does not have are added."""
    made = document.copy()
    for path, value in values.items():
        parts = path.split(".")
        if len(parts) == 1:
            made.fields[path] = value
        elif len(parts) == _CHILD_FIELD:
            child = made.child(parts[0], parts[1])
            if child is None:
                child = Child(parts[1], {})
                made.children.setdefault(parts[0], []).append(child)
            child.fields[parts[2]] = value
    return made


def outcome(
    collection: Collection,
    case: ConflictCase,
    choices: Mapping[str, str],
    typed: Mapping[str, Value],
    live: Live,
) -> Outcome:
    """What follows from `choices` (unit -> "mine", "theirs" or "value"); units without one stay as they are."""
    values: dict[str, Value] = {}
    undecided = 0
    for unit in case.units:
        choice = choices.get(unit.unit, "")
        undecided += not choice
        for row in case.conflict.fields:
            if row.unit == unit.unit and choice == THEIRS:
                values[row.field] = row.theirs
            elif row.unit == unit.unit and choice == TYPED:
                values[row.field] = typed.get(row.field, row.mine)
    result = with_values(case.view.document, values)
    base = case.view.base or Document()
    sends = tuple(_sent(collection, path, value_at(result, path)) for path in diff(base, result).touched())
    found = live(result)
    contested = {row.field for row in case.conflict.fields}
    errors = [f for f in found if f.severity is Severity.ERROR]
    odd = [f for f in found if f.severity is Severity.WARNING and f.field in contested]
    return Outcome(sends, (*errors, *odd), undecided)


def _sent(collection: Collection, path: str, value: Value) -> tuple[str, str]:
    """(label, value in words) of one thing that would be sent; a whole child is named only."""
    parts = path.split(".")
    kind = collection.child_kind(parts[0]) if len(parts) > 1 else None
    field = collection.field(path)
    if kind is not None and len(parts) < _CHILD_FIELD:
        return kind.singular, ""
    label = field.label if field else path
    text = show_value(field, value, collection.code_lists) if field and value not in {None, ""} else ""
    return (f"{kind.singular}, {label.lower()}" if kind else label), text or "no answer"


# --- what was merged without anybody, and when


def _merged(
    collection: Collection, view: RecordView, conflict: Conflict, history: Sequence[HistoryEntry]
) -> tuple[Merged, ...]:
    contested = {row.field for row in conflict.fields}
    if conflict.colleague:
        taken = next((e.detail for e in history if e.event == "taken_in"), {})
        moved = [path for path in taken.get("fields", {}) if path not in contested]
        named = f"{taken.get('from') or conflict.colleague}’s. You had not changed it."
        told = [_sent(collection, path, value_at(view.document, path)) for path in moved]
        return tuple(Merged(words.capital(label), text, named) for label, text in told)
    found: list[Merged] = []
    for path in view.pending.touched():
        if path not in contested:
            label, text = _sent(collection, path, value_at(view.document, path))
            found.append(Merged(words.capital(label), text, "Yours. The portal had not changed it."))
    entry = next((e for e in history if e.event == "merged"), None)
    theirs: Mapping[str, Any] = entry.detail.get("theirs", {}) if entry else {}
    for path in theirs:
        if path not in contested:
            label, text = _sent(collection, path, value_at(view.document, path))
            found.append(Merged(words.capital(label), text, "The portal’s. You had not changed it."))
    return tuple(found)


def _before_at(history: Sequence[HistoryEntry], conflict: Conflict, now: datetime) -> str:
    agreed = ("confirmed", "arrived", "portal_changed")
    at = next((e.at for e in history if e.event in agreed and e.at <= conflict.created_at), None)
    return f"Both agreed, {words.when(at, now)}" if at else "When both agreed"


def _mine_at(history: Sequence[HistoryEntry], conflict: Conflict, now: datetime) -> str:
    paths = {row.field for row in conflict.fields}
    edits = (e for e in history if e.event in {"edited", "added"})
    entry = next((e for e in edits if paths & set(e.detail.get("fields", {}))), None)
    who = (entry.actor if entry else "") or conflict.mine_by or "Here"
    return f"{who}, {words.when(entry.at, now)}" if entry else who


def _theirs_at(conflict: Conflict, now: datetime) -> str:
    try:
        at = datetime.fromisoformat(conflict.theirs_at)
    except ValueError:
        return "Seen in the last reading"
    where = conflict.colleague or "Changed at the portal"
    return f"{where}, {words.when(at, now)}" if at.tzinfo else where
