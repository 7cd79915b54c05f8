"""A sign-off as lists of people: the file of the website laid against the records of this computer. Pure functions.

Nothing here decides or changes anything: every line is a question for a person.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum

import orjson

from desktop.collections.reading import is_blank, text
from desktop.collections.trainees import sign_off as rules
from desktop.collections.trainees.sign_off import Ruling, Standing
from desktop.handover.register_sign_off import FileRow
from desktop.model.collection import Collection
from desktop.model.document import Document, Fields, Value, same
from desktop.model.finding import Severity
from desktop.model.glimpse import ShownList
from desktop.model.ids import RecordId
from desktop.model.standing import Sync
from desktop.services import wording
from desktop.store.records import StoredRecord
from desktop.sync import outbox

RULE_BOOK = "Rule book, section {}"
_OUTCOMES = ("outcome_date", "awarded_at", "defer_date", "withdrawal_date")
_IN_TRAINING = {"submitted_for_trn", "trn_received"}
_WAITS = {
    Sync.QUEUED: "Waits to be sent",
    Sync.SENDING: "Is being sent",
    Sync.UNKNOWN: "Sent, and no answer came",
    Sync.DRAFT: "A draft, not sent before it is put right",
    Sync.REJECTED: "Register refused it",
    Sync.CONFLICT: "Waits for your decision",
}


class ListKey(StrEnum):
    """The lists of a sign-off, in the order in which they are worked through."""

    MISSING = "missing"
    NOT_HERE = "not-here"
    NOT_EXPECTED = "not-expected"
    DIFFERS = "differs"
    MEND = "mend"
    UNSENT = "unsent"
    LOOK = "look"
    CHANGED = "changed"


@dataclass(frozen=True)
class Entry:
    """One line of a list. `record_id` None = not on this computer; `row` = of the file, 0 = not in it.

    field   path of the answer it is about, "" = the whole record;  what = that in words
    here, there  the two answers in words, where a difference is told
    why     what is the matter;  source = where the rule stands, or ""
    """

    record_id: RecordId | None
    register_id: str
    label: str
    why: str
    source: str = ""
    field: str = ""
    what: str = ""
    here: str = ""
    there: str = ""
    row: int = 0


@dataclass
class Found:
    """What came of comparing. `digests` = record -> what was there of it, for those who belong in the file."""

    lists: dict[ListKey, list[Entry]] = field(default_factory=lambda: {key: [] for key in ListKey})
    digests: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    expected: int = 0
    matched: int = 0


class Comparing:
    """Takes record after record, then is asked for what is left of the file. `rows` None = no file is loaded."""

    def __init__(
        self, collection: Collection, kind: str, cycle: int, today: date, rows: Sequence[FileRow] | None
    ) -> None:
        self.found = Found()
        self._collection, self._kind, self._cycle, self._today = collection, kind, cycle, today
        self._loaded = rows is not None
        self._rows = {row.register_id: row for row in rows or ()}
        self._by_number = _by_number(rows or ())
        self._sources = {rule.id: rule.source for rule in collection.rules}

    def take(self, record: StoredRecord, withdrawal: date | None) -> None:
        """Compare one record. `withdrawal` = the day of one that waits to be sent."""
        who = standing(record, withdrawal)
        ruling = rules.ruling(self._kind, self._cycle, who, self._today)
        row = self._row_of(record)
        told = _Told(record, row)
        if ruling.belongs:
            self._belongs(told, who, ruling)
        elif row is not None:
            why = ruling.words + (". Your withdrawal is not sent yet" if withdrawal else "")
            self._add(ListKey.NOT_EXPECTED, told.entry(why, ruling.source))
        if row is not None:
            self.found.matched += 1
            self._add(ListKey.DIFFERS, *Differences(self._collection, record, row))

    def rest(self) -> Iterator[FileRow]:
        """The rows of the file that no record took, in its order."""
        return iter(self._rows.values())

    def not_here(self, row: FileRow) -> None:
        """Nobody on this computer is meant by this row."""
        why = "Not on this computer. Get the trainees from Register, then look again"
        source = RULE_BOOK.format("9.1")
        self._add(ListKey.NOT_HERE, Entry(None, row.register_id, row.label, why, source, row=row.row))

    def _row_of(self, record: StoredRecord) -> FileRow | None:
        """By its id at Register; what is not there by our knowledge, by a number that only one has."""
        if record.portal_id is not None:
            return self._rows.pop(record.portal_id, None)
        for name in _NUMBERS:
            row = self._by_number.get((name, _plain(record.document.get(name))))
            if row is not None:
                return self._rows.pop(row.register_id, None)
        return None

    def _belongs(self, told: _Told, who: Standing, ruling: Ruling) -> None:
        record, found = told.record, self.found
        found.expected += 1
        found.digests[record.id] = digest(who)
        found.labels[record.id] = record.label
        if told.row is None and self._loaded:
            why = f"{ruling.words}. {_why_missing(record)}"
            self._add(ListKey.MISSING, told.entry(why, ruling.source))
        if not record.state or self._collection.takes_edits(record.state):
            self._add(ListKey.MEND, *self._errors(told))
        if record.sync is not Sync.CLEAN:
            self._add(ListKey.UNSENT, self._unsent(told))
        for point in rules.points(self._kind, self._cycle, who, self._today):
            what = wording.label_of(self._collection, point.field) if point.field else "Outcome"
            self._add(ListKey.LOOK, told.entry(point.words, point.source, field=point.field, what=what))

    def _errors(self, told: _Told) -> Iterator[Entry]:
        for finding in outbox.findings_of(self._collection, told.record, self._today):
            if finding.severity is Severity.ERROR:
                path = finding.field
                what = wording.label_of(self._collection, path) if path else "The record"
                source = self._sources.get(finding.rule, "")
                yield told.entry(finding.message, source, field=path, what=what)

    def _unsent(self, told: _Told) -> Entry:
        record = told.record
        why = _WAITS.get(record.sync, "Not at Register as it is here")
        if record.portal_id is None and told.row is not None:
            why = "In the file already: read Register’s list, so that the two are known as one"
        touched = wording.touched(self._collection, record.pending) or "An action"
        return told.entry(why, what=touched if record.portal_id else "New trainee")

    def _add(self, key: ListKey, *entries: Entry) -> None:
        self.found.lists[key] += entries


@dataclass(frozen=True)
class _Told:
    """One record, and its row in the file."""

    record: StoredRecord
    row: FileRow | None

    def entry(self, why: str, source: str = "", *, field: str = "", what: str = "") -> Entry:
        """`source` = section of the rule book."""
        record, row = self.record, self.row
        return Entry(
            record.id,
            record.portal_id or (row.register_id if row else ""),
            record.label,
            why,
            RULE_BOOK.format(source) if source else "",
            field,
            what,
            row=row.row if row else 0,
        )


class Differences:
    """Where a row of the file says something else than the record, as lines of a list."""

    def __init__(self, collection: Collection, record: StoredRecord, row: FileRow) -> None:
        self._collection, self._record, self._row = collection, record, row
        self._pending = {path.split(".")[0] for path in record.pending.touched()}

    def __iter__(self) -> Iterator[Entry]:
        fields, row = self._record.document.fields, self._row
        for name, theirs in row.answers.items():
            if not same(fields.get(name), theirs):
                yield self._differs(name, self._words(name, fields.get(name)), self._words(name, theirs))
        for shown in row.sets:
            first = shown.fields[0]
            held = [text(fields.get(n)) for n in shown.fields if not is_blank(fields.get(n))]
            if sorted(held) != sorted(shown.values):
                yield self._differs(first, self._all_words(first, held), self._all_words(first, shown.values))
        state = self._record.state
        if row.state and state and _course_of(row.state) != _course_of(state):
            yield self._differs(
                "", self._state_words(state), self._state_words(row.state), "State at Register"
            )
        for kind in self._collection.children:
            listed = row.children.get(kind.key)
            ours = [child.fields for child in self._record.document.children.get(kind.key, ())]
            if listed is not None and not _as_shown(ours, listed):
                codes = self._collection.code_lists
                both = ["; ".join(kind.label(f, codes) for f in some) for some in (ours, listed.children)]
                yield self._differs(kind.key, both[0] or "None", both[1] or "None", kind.title)

    def _words(self, name: str, value: Value) -> str:
        return wording.value_of(self._collection, name, value)

    def _all_words(self, name: str, values: Iterable[str]) -> str:
        return ", ".join(self._words(name, value) for value in values) or self._words(name, None)

    def _state_words(self, state: str) -> str:
        known = self._collection.state(state)
        return known.label if known else state

    def _differs(self, name: str, here: str, there: str, what: str = "") -> Entry:
        record, row = self._record, self._row
        if name in self._pending:
            why = "Your change is not sent yet"
        else:
            why = _newer(record.base.version if record.base else "", row.changed_at)
        what = what or wording.label_of(self._collection, name)
        return Entry(record.id, row.register_id, record.label, why, "", name, what, here, there, row.row)


def standing(record: StoredRecord, withdrawal: date | None) -> Standing:
    """A record as the rules of sign-off look at it."""
    extras = record.base.extras if record.base else {}
    gone = rules.day_of(extras.get("withdrawal_date")) if record.state == "withdrawn" else None
    return Standing(record.document, record.state, extras, gone or withdrawal)


def digest(who: Standing) -> str:
    """What would be signed of a trainee: the answers, and how the training ended. Ids and a TRN that arrives are no part."""
    ended = who.state if who.state not in _IN_TRAINING else ""
    seen = [
        {name: value for name, value in who.document.fields.items() if not is_blank(value)},
        _children_seen(who.document),
        [ended, str(who.withdrawn or ""), *(text(who.extras.get(name)) for name in _OUTCOMES)],
    ]
    return hashlib.sha256(orjson.dumps(seen, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]


def _children_seen(document: Document) -> dict[str, list[dict[str, Value]]]:
    return {
        kind: sorted(({n: v for n, v in child.fields.items() if not is_blank(v)} for child in group), key=str)
        for kind, group in document.children.items()
        if group
    }


def rows_digest(rows: Iterable[FileRow]) -> str:
    """What a file says of everybody in it, in whatever order and whenever it was downloaded."""
    said = sorted((row.register_id, _course_of(row.state), str(row.to_json()[5:])) for row in rows)
    return hashlib.sha256(orjson.dumps(said)).hexdigest()[:16]


def changed_since(before: Mapping[str, str], found: Found, names: Mapping[str, str]) -> list[Entry]:
    """Who is another than when it was signed. `before` = digests of then, `names` = labels of then."""
    entries = []
    for record_id, seen in found.digests.items():
        if record_id not in before:
            entries.append(
                Entry(RecordId(record_id), "", found.labels[record_id], "Counts now, did not then")
            )
        elif before[record_id] != seen:
            entries.append(
                Entry(RecordId(record_id), "", found.labels[record_id], "Changed since it was signed")
            )
    for record_id in before.keys() - found.digests.keys():
        label = names.get(record_id, "A trainee")
        entries.append(Entry(RecordId(record_id), "", label, "Counted then, does not now"))
    return sorted(entries, key=lambda entry: entry.label.casefold())


_NUMBERS = ("provider_trainee_id", "hesa_id")


def _by_number(rows: Iterable[FileRow]) -> dict[tuple[str, str], FileRow]:
    """The rows under the numbers that only one of them has."""
    found: dict[tuple[str, str], FileRow | None] = {}
    for row in rows:
        for name in _NUMBERS:
            if number := _plain(row.answers.get(name)):
                found[name, number] = None if (name, number) in found else row
    return {key: row for key, row in found.items() if row is not None}


def _plain(value: Value) -> str:
    return "".join(text(value).split()).casefold()


def _why_missing(record: StoredRecord) -> str:
    """What may be the reason that Register left somebody out."""
    if record.missing:
        return "Register’s list does not have this trainee any more"
    if record.portal_id is None:
        return f"Not at Register: {_WAITS.get(record.sync, 'not sent').lower()}"
    if record.sync is not Sync.CLEAN:
        return f"Register has other answers: {_WAITS[record.sync].lower()}"
    return "Nothing in this record explains it: look at it on Register’s website"


def _newer(version: str, changed_at: datetime) -> str:
    """Which of the two is newer, and what to do. `version` = of what Holdfast last read; the file has whole seconds."""
    try:
        ours = datetime.fromisoformat(version).replace(microsecond=0)
    except ValueError:
        ours = changed_at
    if ours.tzinfo is None:
        ours = ours.replace(tzinfo=UTC)
    if ours < changed_at:
        return "Register changed it since Holdfast last read it: get the trainees from Register"
    if ours > changed_at:
        return "The file is older than what Holdfast read: download it again"
    return "Register’s file says so, Holdfast read otherwise: look at it on Register’s website"


def _as_shown(ours: Sequence[Fields], listed: ShownList) -> bool:
    """Whether each child of the file is one of ours, and none of ours is left where the file shows all."""
    left = list(ours)
    for shown in listed.children:
        match = next((one for one in left if all(same(one.get(n), v) for n, v in shown.items())), None)
        if match is None:
            return False
        left.remove(match)
    return not (left and listed.whole)


def _course_of(state: str) -> str:
    """A TRN that arrives is no difference."""
    return "training" if state in _IN_TRAINING else state
