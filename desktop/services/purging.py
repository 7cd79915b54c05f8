"""Taking people out of a workspace for good, inside one unit of work, and the proof that they are gone.

What goes: the record with its children, base, open rows and conflict; what was kept of it; the content of its rows in the
history (`Journal.blank`), whose chain runs on; kept files that name it. The caller rewrites the file afterwards
(`Store.wipe`) and proves it (`proof`): every page is read with the key, whatever SQLite makes of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from desktop.services import traces
from desktop.services.act_log import BODIES, HEADS
from desktop.services.core import Core
from desktop.services.export_shelf import copy
from desktop.services.traces import NamingFile, Person
from desktop.store import removed, sealed
from desktop.store.journal import PURGED
from desktop.store.kept import KeptThing
from desktop.store.records import StoredRecord
from desktop.store.store import Unit

GONE = "gone"
"""Marks a kept thing whose sealed file was removed on purpose."""

_OWN = ("record", "record_id")


@dataclass(frozen=True)
class Taken:
    """What was removed, in numbers. `files` = kept files; `shared` = of them, or left, those that name others, too."""

    records: int
    children: int
    history: int
    kept: int
    files: int
    shared_left: int


@dataclass(frozen=True)
class Proof:
    """What the search afterwards found. `left` values are in the workspace and nobody else's; `others` are others', too.

    looked_for  values of the removed people;  pages: pages of the database read;  files: kept files read
    """

    looked_for: int
    pages: int
    files: int
    others: int
    left: int

    @property
    def clean(self) -> bool:
        return self.left == 0


def take_out(
    unit: Unit,
    records: Sequence[StoredRecord],
    people: Sequence[Person],
    files: Sequence[NamingFile],
    rules: Sequence[str],
) -> Taken:
    """Remove the records and every trace but the files themselves; `files` = those that the caller removes afterwards.

    `rules` = by which; they stand in the row "purged" of the history.
    """
    children = sum(len(group) for one in records for group in one.document.children.values())
    for collection in {one.collection for one in records}:
        ids = [one.portal_id for one in records if one.collection == collection and one.portal_id]
        removed.note(unit, collection, ids)
    for record in records:
        _forget_aliases(unit, record)
        unit.records.remove(record.key)
    kept = _scrub(unit, people)
    _mark_gone(unit, files)
    marks = {mark for one in people for mark in one.marks}
    rows = unit.journal.naming((one.record_id for one in people), marks)
    blanked = unit.journal.blank(rows)
    unit.journal.write(PURGED, None, {"rules": [*rules], "records": len(records), "blanked": blanked})
    unit.touched.records.add("*")
    unit.touched.queue = True
    return Taken(len(records), children, len(rows), kept, len(files), 0)


def _forget_aliases(unit: Unit, record: StoredRecord) -> None:
    for group in record.document.children.values():
        for child in group:
            unit.connection.exec_driver_sql(
                "DELETE FROM aliases WHERE local_id = ? OR portal_id = ?",
                (child.id, child.portal_id or child.id),
            )


def _scrub(unit: Unit, people: Sequence[Person]) -> int:
    """How many kept things named these people, and do not any more."""
    ids = {i for one in people for i in one.ids}
    found = traces.naming(unit, people)
    for kind, thing in found:
        if _is_theirs(thing, ids):
            unit.kept.remove(kind, thing.name)
        elif kind == BODIES:
            _scrub_act(unit, thing, ids)
        else:
            unit.kept.rewrite(kind, thing.name, traces.without(thing.body, people))
    return len(found)


def _is_theirs(thing: KeptThing, ids: set[str]) -> bool:
    return any(i in thing.name for i in ids) or any(thing.body.get(name) in ids for name in _OWN)


def _scrub_act(unit: Unit, thing: KeptThing, ids: set[str]) -> None:
    """The way back of an act is kept for the other records; where none is left, the act goes."""
    body = thing.body
    steps = {record_id: step for record_id, step in body["steps"].items() if record_id not in ids}
    made, gone = ([one for one in body[name] if one[0] not in ids] for name in ("made", "gone"))
    if steps or made or gone:
        unit.kept.rewrite(BODIES, thing.name, {**body, "steps": steps, "made": made, "gone": gone})
    else:
        unit.kept.remove(BODIES, thing.name)
        unit.kept.remove(HEADS, thing.name)


def _mark_gone(unit: Unit, files: Iterable[NamingFile]) -> None:
    """Whoever shows a list of files says that the file itself is not kept any more."""
    names = {one.name for one in files}
    for kind, thing in unit.kept.every():
        copies = {thing.body.get("sealed"), *(copy(thing.name, n) for n in range(len(_files(thing))))}
        if names & copies:
            unit.kept.rewrite(kind, thing.name, {**thing.body, GONE: True})


def _files(thing: KeptThing) -> Sequence[Any]:
    listed = thing.body.get("files", ())
    return listed if isinstance(listed, list) else ()


def proof(core: Core, people: Sequence[Person]) -> Proof:
    """Search the whole workspace for everything that was held of these people. Reads every page and every kept file."""
    values = {value for one in people for value in one.values}
    needles = {value: value.encode("utf-8", "surrogatepass") for value in values}
    seen: set[str] = set()
    pages = 0
    for page in core.store.pages():
        pages += 1
        seen |= {value for value in needles.keys() - seen if needles[value] in page}
    files = 0
    for path in sealed.all_of(core.store):
        files += 1
        texts = list(traces.texts_of(sealed.read(core.store, sealed.name_of(path)) or b""))
        seen |= {value for value in values - seen if any(value in text for text in texts)}
    others = {value for value in seen if _is_anothers(core, value)}
    return Proof(len(values), pages, files, len(others), len(seen - others))


def _is_anothers(core: Core, value: str) -> bool:
    """Whether a record that is still here holds a value, too; or the workspace itself, such as the name of a place."""
    with core.store.read() as unit:
        return unit.records.mention(value) or value in (unit.meta("organisation") or "")
