"""What is not at the portal yet, as a spreadsheet for people who must type it on the portal's own pages (D25, D20).

One row for each answer that differs, in the order of sending. Words and codes stand side by side, and a change whose
fate is unknown says so, so that nobody types twice what arrived after all.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from desktop.handover.cells import guarded
from desktop.model.change import Change, ChangeKind, ChangeState
from desktop.model.collection import Collection
from desktop.model.document import Child, Document, Fields, Value
from desktop.model.finding import Finding, Severity
from desktop.services import wording
from desktop.services.unsent import Unsent, in_turn
from desktop.store.records import StoredRecord
from desktop.sync import outbox
from desktop.validation.entry import show_value

HEADS = (
    "Order",
    "ID at the portal",
    "Provider trainee ID",
    "TRN",
    "Name",
    "Kind of change",
    "Which one",
    "Question",
    "Our answer",
    "Our answer as code",
    "The portal’s last answer",
    "State",
    "Why it waits",
    "Saved",
    "Saved by",
)
_OWN_ID, _TRN = "provider_trainee_id", "trn"
_KINDS = {ChangeKind.CREATE: "new", ChangeKind.UPDATE: "change", ChangeKind.ACTION: "action"}


@dataclass(frozen=True)
class Answer:
    """One answer of one change. `path` as in a finding; `code` as it is kept, "" when words are all there is.

    which   the degree or placement it belongs to; "" for the record itself
    theirs  what the portal last showed, in words; "" when it never had the record or the child
    """

    path: str
    which: str
    question: str
    ours: str
    code: str
    theirs: str


def as_csv(unsent: Sequence[Unsent], collections: Mapping[str, Collection], today: date) -> bytes:
    """The whole spreadsheet: UTF-8 with a mark, so that Excel reads names right."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADS)
    findings = {one.record.id: _errors(one, collections[one.record.collection], today) for one in unsent}
    for place, (one, change) in enumerate(in_turn(unsent), start=1):
        collection = collections[one.record.collection]
        for row in _rows(collection, one, change, findings[one.record.id]):
            writer.writerow([place, *map(guarded, row)])
    return text.getvalue().encode("utf-8-sig", "replace")


def _errors(one: Unsent, collection: Collection, today: date) -> list[Finding]:
    if all(change.state is not ChangeState.HELD for change in one.changes):
        return []
    found = outbox.findings_of(collection, one.record, today)
    return [finding for finding in found if finding.severity is Severity.ERROR]


def _rows(
    collection: Collection, one: Unsent, change: Change, errors: Sequence[Finding]
) -> Iterator[list[str]]:
    record = one.record
    extras = record.base.extras if record.base else {}
    who = [
        record.portal_id or "",
        *(str(record.document.get(name) or extras.get(name) or "") for name in (_OWN_ID, _TRN)),
        record.label,
        _kind(collection, change),
    ]
    of_action = change.kind is ChangeKind.ACTION
    at = change.created_at if of_action else record.saved_at or change.created_at
    by = change.actor if of_action else record.saved_by or change.actor
    saved = [f"{at.astimezone():%Y-%m-%d %H:%M}", by]
    for answer in answers(collection, record, change):
        why = _why(collection, one, change, answer.path, errors)
        told = [answer.which, answer.question, answer.ours, answer.code, answer.theirs]
        yield [*who, *told, wording.CHANGE[change.state], why, *saved]


def _kind(collection: Collection, change: Change) -> str:
    if change.kind is not ChangeKind.NESTED:
        return _KINDS[change.kind]
    kind = collection.child_kind(change.target.partition(".")[0])
    return kind.singular.lower() if kind else change.target


# --- the answers of one change --------------------------------------------------------------------------------------


def answers(collection: Collection, record: StoredRecord, change: Change) -> list[Answer]:
    """What a person would have to type for one change, in the order of the form; never empty.

    The content is the record's as it stands now: what was typed after a request left counts, too.
    """
    if change.kind is ChangeKind.CREATE:
        found = _of_new(collection, record.document)
    elif change.kind is ChangeKind.UPDATE:
        found = _of_update(collection, record, change)
    elif change.kind is ChangeKind.NESTED:
        found = _of_child(collection, record, change)
    else:
        found = _of_action(collection, change)
    return found or [
        Answer(
            "", "", "", wording.what_will_be_sent(collection, change, record), "", _state(collection, record)
        )
    ]


def _of_new(collection: Collection, document: Document) -> list[Answer]:
    found = [_answer(collection, name, document.get(name), None) for name in _answered(document.fields)]
    for kind in collection.children:
        for child in document.children.get(kind.key, ()):
            which = kind.label(child.fields, collection.code_lists)
            found += [
                _answer(collection, f"{kind.key}.{child.id}.{name}", child.fields[name], None, which)
                for name in _answered(child.fields)
            ]
    return _in_form_order(collection, found)


def _of_update(collection: Collection, record: StoredRecord, change: Change) -> list[Answer]:
    """What differs; and, while its fate is open, what was sent and taken back since."""
    theirs = record.base.document if record.base else Document()
    names = dict.fromkeys([*record.pending.fields, *_sent(change)])
    found = [_answer(collection, name, record.document.get(name), theirs) for name in names]
    return _in_form_order(collection, found)


def _of_child(collection: Collection, record: StoredRecord, change: Change) -> list[Answer]:
    kind_key, _, child_id = change.target.partition(".")
    kind = collection.child_kind(kind_key)
    patch = record.pending.children.get(kind_key, {}).get(child_id)
    here = record.document.child(kind_key, child_id)
    there = record.base.document.child(kind_key, child_id) if record.base else None
    shown = here or there
    if kind is None or shown is None:
        return []
    which = kind.label(shown.fields, collection.code_lists)
    if here is None:
        return [Answer(change.target, which, kind.singular.capitalize(), "Remove it", "", which)]
    new = patch is not None and patch.added
    names = (
        _answered(here.fields)
        if new
        else [*dict.fromkeys([*(patch.fields if patch else ()), *_sent(change)])]
    )
    found = [
        _answer(collection, f"{change.target}.{name}", here.fields.get(name), None if new else there, which)
        for name in names
    ]
    return _in_form_order(collection, found)


def _of_action(collection: Collection, change: Change) -> list[Answer]:
    action = collection.action(change.target)
    if action is None:
        return []
    given: Fields = change.payload.get("fields", {})
    lists = collection.code_lists
    return [
        Answer(
            field.name,
            "",
            f"{action.label}: {field.label}",
            show_value(field, given[field.name], lists),
            str(given[field.name]),
            "",
        )
        for field in action.fields
        if given.get(field.name) not in (None, "")
    ]


def _answer(
    collection: Collection, path: str, value: Value, theirs: Document | Child | None, which: str = ""
) -> Answer:
    name = path.rpartition(".")[2]
    last = wording.value_of(collection, path, theirs.fields.get(name)) if theirs is not None else ""
    code = "" if value is None else str(value)
    ours = wording.value_of(collection, path, value)
    return Answer(path, which, wording.label_of(collection, path), ours, code, last)


def _answered(fields: Fields) -> list[str]:
    return [name for name, value in fields.items() if value is not None and value != ""]


def _sent(change: Change) -> Iterable[str]:
    """Names of the answers that a request carried whose fate is open."""
    return change.payload.get("fields", {}) if change.state in outbox.FATE_OPEN else ()


def _in_form_order(collection: Collection, found: Iterable[Answer]) -> list[Answer]:
    """The record's own answers first, as the form has them; then child by child."""
    return sorted(found, key=lambda a: (a.path.count(".") > 0, _child(a.path), collection.place(a.path)))


def _child(path: str) -> str:
    return path.rpartition(".")[0]


def _state(collection: Collection, record: StoredRecord) -> str:
    state = collection.state(record.state)
    return state.label if state else ""


# --- why it waits ---------------------------------------------------------------------------------------------------


def _why(collection: Collection, one: Unsent, change: Change, path: str, errors: Sequence[Finding]) -> str:
    """Why one answer is not at the portal, in plain English; "" when it only waits for its turn."""
    if change.state is ChangeState.HELD:
        own = [finding.message for finding in errors if finding.field == path]
        return " ".join(own) or "Another answer of this record must be put right first."
    if change.state is ChangeState.CONFLICT:
        return _of_conflict(collection, one, path) or change.reason
    if change.state in outbox.FATE_OPEN:
        look = f"It may have arrived: look at {collection.portal_short} before you type it."
        return f"{look} {change.reason}".strip()
    if change.state is ChangeState.REJECTED:
        told = [str(r["message"]) for r in change.payload.get("refusals", ()) if r.get("field") == path]
        return f"{collection.portal_short}: {'; '.join(told)}" if told else change.reason
    return outbox.may_go(change, one.changes) or change.reason


def _of_conflict(collection: Collection, one: Unsent, path: str) -> str:
    conflict = one.conflict
    if conflict is None or not conflict.fields:
        return conflict.reason if conflict else ""
    units = {field.unit for field in conflict.fields}
    if path in {field.field for field in conflict.fields} or collection.unit_of(path) in units:
        return f"{collection.portal_short} has another answer, and nobody has decided yet which one counts."
    return "Waits until somebody has decided about another answer of this record."
