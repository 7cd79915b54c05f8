"""Subject access: everything that is held here about one person, as files that can be handed to them.

A zip with a PDF to read, the answers and the history as CSV, and all of it as JSON; with a password it opens in 7-Zip and
WinZip. Other people are limited to what concerns this one: who a mentor is, is left out, that there is one is not; staff
of the office are not named. Nothing is written in clear but the file itself.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from desktop.collections.reading import long_day
from desktop.handover import locked_zip
from desktop.handover.cells import guarded
from desktop.handover.sections import Report, Section
from desktop.model.collection import Collection
from desktop.model.document import Document, Value, value_at
from desktop.model.errors import UsageError
from desktop.model.person import Role
from desktop.model.retention import months_after
from desktop.services import traces, wording
from desktop.services.core import LONDON, Core
from desktop.services.people import demand
from desktop.services.retention import Keeping, end_of
from desktop.services.views import Organisation
from desktop.store.files import write_whole
from desktop.store.journal import Entry
from desktop.store.lists import Question
from desktop.store.records import StoredRecord
from desktop.store.store import Unit

SHORTEST_PASSWORD = 12
LEFT_OUT = "Left out: it says who somebody else is"
_STAFF, _ITSELF = "Somebody of this office", "Holdfast or the portal"
_ANSWERS = ("Part", "Question", "Here", "At the portal")
_HISTORY = ("When", "By", "What happened", "Question", "Before", "After")

_KINDS = {
    "typing": "Answers that were typed and not saved yet",
    "act_body": "A change of several records that can be undone",
    "import": "A file that was read in",
    "export": "A file that was made for the portal",
    "export_rows": "The rows of a file that was made for the portal",
    "explained": "A finding that somebody explained",
    "keying": "Typing on the portal’s website",
    "lookup": "What the Teaching Record System told on a lookup",
    "decided": "The last decision about a conflict",
    "filter": "A saved question",
    "payment file": "A payment file that was read in",
    "sign-off rows": "A file of the portal for signing off",
}
"""Kept things in words, by kind; others are said by what they are called."""

Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Held:
    """Everything held about one person. Rows are in words; `data` is the same for a program.

    waiting   what is not at the portal yet;  conflict: what is in question, with both sides
    elsewhere (where, what) beside the record: kept things, kept files, records of other people
    """

    label: str
    collection: Collection
    made_at: datetime
    keeping: str
    answers: Rows
    portal: Rows
    waiting: Rows
    conflict: Rows
    history: Rows
    elsewhere: Rows
    backups: str
    data: dict[str, Any]


@dataclass(frozen=True)
class Made:
    """What was written."""

    path: Path
    answers: int
    history: int
    locked: bool


class SubjectAccess:
    """Gathers and writes. Worker thread: kept files and other records are read through."""

    def __init__(self, core: Core, keeping: Keeping, organisation: Organisation) -> None:
        self._core = core
        self._keeping = keeping
        self._organisation = organisation

    def make(self, record_id: str, path: Path, password: str = "") -> Made:
        """Write everything held about one person as a zip. The history notes that it was done, not what was in it.

        Raises UnknownRef, UsageError for a password that is too short or another ending, NotAllowed, DiskFull, StoreError.
        """
        if path.suffix.lower() != ".zip":
            raise UsageError("It is saved as a .zip: give a file name that ends so. Nothing was written.")
        if password and len(password) < SHORTEST_PASSWORD:
            raise UsageError(
                f"Choose a password of at least {SHORTEST_PASSWORD} characters. Nothing was written."
            )
        with self._core.store.read() as unit:
            demand(unit, Role.ADMINISTER)
        held = self.held(record_id)
        write_whole(path, locked_zip.pack(_files(held, self._organisation.name), password))
        with self._core.store.write() as unit:
            unit.journal.write("subject_access", record_id, {"locked": bool(password)})
        return Made(path, len(held.answers), len(held.history), bool(password))

    def held(self, record_id: str) -> Held:
        """Everything, in words and as data. Raises UnknownRef."""
        with self._core.store.read() as unit:
            record = self._core.record(unit, record_id)
            collection = self._core.collection_of(record)
            told = _Told(collection)
            entries = unit.journal.entries(record_id, limit=-1)[::-1]
            changes = unit.outbox.of_record(record_id)
            conflict = unit.decisions.of_record(record_id)
            person = traces.person(unit, collection, record)
            kept = [*_kept(unit, person), *self._mentions(unit, collection, record)]
        files = traces.files_naming(self._core.store, [person])
        kept += [("Kept file", "A file that was read in or handed over names this person")] * len(files)
        base = record.base
        data = {
            "record": {"id": record.id, "portal_id": record.portal_id, "state": record.state},
            "here": told.plain(record.document),
            "at_portal": told.plain(base.document) if base else None,
            "what_else_the_portal_showed": base.extras if base else {},
            "not_at_the_portal_yet": [
                {"kind": c.kind, "target": c.target, "state": c.state, "since": c.created_at.isoformat()}
                for c in changes
            ],
            "history": [
                {"at": e.at.isoformat(), "event": e.event, "detail": told.detail(e.detail)} for e in entries
            ],
        }
        return Held(
            label=record.label,
            collection=collection,
            made_at=self._core.now(),
            keeping=self._how_long(record),
            answers=tuple(told.answers(record)),
            portal=tuple(
                (name, str(value)) for name, value in (base.extras if base else {}).items() if value
            ),
            waiting=tuple((wording.CHANGE[c.state], told.sending(c.target, c, record)) for c in changes),
            conflict=tuple(
                (
                    wording.label_of(collection, f.field),
                    told.value(f.field, f.mine),
                    told.value(f.field, f.theirs),
                )
                for f in (conflict.fields if conflict else ())
            ),
            history=tuple(row for entry in entries for row in told.history(entry)),
            elsewhere=tuple(kept),
            backups=_BACKUPS,
            data=data,
        )

    def _how_long(self, record: StoredRecord) -> str:
        for one in self._keeping.rules():
            ended = end_of(record, one.rule) if one.on and one.collection == record.collection else None
            if ended is not None:
                until = long_day(months_after(ended, one.months))
                return f"Kept until {until}: {one.months} months after {one.rule.begins}. {one.rule.reason}"
        return (
            "Kept as long as the work with this record goes on; how long after that depends on how it ends."
        )

    def _mentions(
        self, unit: Unit, collection: Collection, record: StoredRecord
    ) -> Iterator[tuple[str, str]]:
        """Records of other people that name this one where they say who somebody else is."""
        own = {str(v) for key in collection.keys if (v := record.document.get(key))}
        if not own or not collection.about_others:
            return
        keys = unit.lists.find(Question(collection.name), -1)
        named = sum(
            bool(own & set(_others_of(collection, other.document)))
            for start in range(0, len(keys), 500)
            for other in unit.records.contents(keys[start : start + 500])
            if other.id != record.id
        )
        if named:
            yield "Records of other people", f"Named in {wording.count(named, 'record')} of other people"


def _others_of(collection: Collection, document: Document) -> Iterator[str]:
    for path in collection.about_others:
        kind, _, name = path.rpartition(".")
        holders = [child.fields for child in document.children.get(kind, ())] if kind else [document.fields]
        yield from (str(fields[name]) for fields in holders if fields.get(name))


def _kept(unit: Unit, person: traces.Person) -> Iterator[tuple[str, str]]:
    for kind, thing in traces.naming(unit, [person]):
        when = long_day(thing.at.astimezone(LONDON).date())
        yield _KINDS.get(kind, kind.replace("_", " ").capitalize()), f"Names this person. Kept since {when}"


_BACKUPS = (
    "Encrypted backups of the whole workspace may hold earlier states of the same answers. They are read only to put a "
    "workspace back, and each goes after at most a year."
)


class _Told:
    """Says what is held in words, without saying who somebody else is."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    def _is_anothers(self, path: str) -> bool:
        parts = path.split(".")
        return (f"{parts[0]}.{parts[-1]}" if len(parts) > 2 else path) in self._collection.about_others

    def value(self, path: str, value: Value) -> str:
        if value in (None, ""):
            return ""
        return LEFT_OUT if self._is_anothers(path) else wording.value_of(self._collection, path, value)

    def answers(self, record: StoredRecord) -> Iterator[tuple[str, ...]]:
        """(part, question, here, at the portal) of everything that either side answers, in the order of the form."""
        base = record.base.document if record.base else None
        parts = {section.key: section.title for section in self._collection.sections}
        for part, label, path in self._paths(parts, record.document, base):
            here, there = value_at(record.document, path), value_at(base, path) if base else None
            if here not in (None, "") or there not in (None, ""):
                yield part, label, self.value(path, here), self.value(path, there)

    def _paths(
        self, parts: Mapping[str, str], here: Document, there: Document | None
    ) -> Iterator[tuple[str, str, str]]:
        for field in self._collection.fields:
            yield parts.get(field.section, ""), field.label, field.name
        for kind in self._collection.children:
            sides = (here, there) if there is not None else (here,)
            ids = dict.fromkeys(child.id for side in sides for child in side.children.get(kind.key, ()))
            for number, child_id in enumerate(ids, 1):
                for field in kind.fields:
                    yield (
                        f"{kind.singular.capitalize()} {number}",
                        field.label,
                        f"{kind.key}.{child_id}.{field.name}",
                    )

    def sending(self, target: str, change: Any, record: StoredRecord) -> str:
        """What waits, without a name that a child of somebody else gives it."""
        kind = target.split(".", maxsplit=1)[0]
        if any(path.startswith(f"{kind}.") for path in self._collection.about_others):
            found = self._collection.child_kind(kind)
            return f"{found.singular.capitalize()} changed" if found else kind
        return wording.what_will_be_sent(self._collection, change, record)

    def history(self, entry: Entry) -> Iterator[tuple[str, ...]]:
        """A line for what happened, or one for each answer that changed."""
        at = entry.at.astimezone(LONDON)
        detail = self.detail(entry.detail)
        head = (
            f"{long_day(at.date())}, {at:%H:%M}",
            _STAFF if entry.actor else _ITSELF,
            wording.sentence(self._collection, entry.event, entry.detail),
        )
        fields = detail.get("fields")
        if entry.event not in ("edited", "reverted") or not isinstance(fields, Mapping):
            yield (*head, "", "", "")
            return
        for path, (before, after) in fields.items():
            label = wording.label_of(self._collection, path)
            yield (*head, label, self.value(path, before), self.value(path, after))

    def detail(self, data: Any, path: str = "") -> Any:
        """A piece of the history as data, without answers that say who somebody else is."""
        if path and self._is_anothers(path):
            return LEFT_OUT if not isinstance(data, list) else [LEFT_OUT] * len(data)
        if isinstance(data, Mapping):
            return {key: self.detail(value, str(key)) for key, value in data.items()}
        if isinstance(data, list):
            return [self.detail(one) for one in data]
        return data

    def plain(self, document: Document) -> dict[str, Any]:
        """A document as data: fields by name, children as lists."""
        found: dict[str, Any] = {
            name: LEFT_OUT if self._is_anothers(name) else value
            for name, value in document.fields.items()
            if value is not None
        }
        for kind, group in document.children.items():
            found[kind] = [
                {
                    name: LEFT_OUT if self._is_anothers(f"{kind}.{name}") else value
                    for name, value in child.fields.items()
                    if value is not None
                }
                for child in group
            ]
        return found


# -- the files ----------------------------------------------------------------------------------------------------


def _files(held: Held, organisation: str) -> dict[str, bytes]:
    from desktop.handover.sections_pdf import drawn

    return {
        "everything-held.pdf": drawn(_report(held, organisation)),
        "answers.csv": _csv(_ANSWERS, held.answers),
        "history.csv": _csv(_HISTORY, held.history),
        "everything-held.json": json.dumps(held.data, indent=1, ensure_ascii=False, default=str).encode(),
    }


def _csv(heads: Sequence[str], rows: Rows) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(heads)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig", "replace")


def _report(held: Held, organisation: str) -> Report:
    at = held.made_at.astimezone(LONDON)
    nothing = "Nothing."
    portal = held.collection.portal
    return Report(
        f"Everything held about {held.label}",
        (
            f"Held by {organisation} in Holdfast, a program that keeps, checks and sends records for {portal}.",
            f"Made on {long_day(at.date())}, {at:%H:%M}. {held.keeping}",
            "Sources: what this office typed or read from files, and what the portal showed. The data goes to the portal.",
        ),
        (
            Section(
                "Your answers",
                "As held here, and as the portal last showed them.",
                _ANSWERS,
                (3, 4, 5, 5),
                held.answers,
            ),
            Section(
                "What else the portal showed",
                "" if held.portal else nothing,
                ("Name", "Value"),
                (2, 5),
                held.portal,
            ),
            Section(
                "Not at the portal yet",
                "" if held.waiting else nothing,
                ("State", "What"),
                (2, 5),
                held.waiting,
            ),
            Section(
                "In question between here and the portal",
                "" if held.conflict else nothing,
                ("Question", "Here", "At the portal"),
                (3, 4, 4),
                held.conflict,
            ),
            Section(
                "What happened", "" if held.history else nothing, _HISTORY, (4, 4, 5, 4, 4, 4), held.history
            ),
            Section(
                "Where else you are named",
                "" if held.elsewhere else nothing,
                ("Where", "What"),
                (2, 5),
                held.elsewhere,
            ),
            Section("Backups", held.backups, (), (), ()),
        ),
    )
