"""What a workspace remembers of its exchanges: one small thing for each record that was exchanged, none for one that never was.

It is brought up to date when a change file is made or taken in, never by an edit. A record that the portal showed, and that
nobody here changed, needs nothing remembered at all.
"""

from __future__ import annotations

import platform
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from desktop.model.change import ChangeKind
from desktop.model.collection import Collection
from desktop.model.conflict import Conflict, ConflictKind
from desktop.model.document import Document, apply, patch_of
from desktop.model.snapshot import Snapshot
from desktop.store.files import identity
from desktop.store.records import StoredRecord
from desktop.store.store import DB_FILE, Store, Unit
from desktop.sync.exchange import Dot, Known, Terms, UnitValue, nothing, units_of
from desktop.sync.exchange_look import Hand, Observer, Sight
from desktop.sync.shown import Shown

KIND = "exchange"
"""Kind of the things kept of records, by local id."""
SETTLED = "exchange_settled"
"""Kind of the things kept of questions between colleagues that were settled since the last look, by local id."""
_ME = "exchange_me"
_BY_FIELDS = (ConflictKind.FIELDS, ConflictKind.COLLEAGUE)


@dataclass(frozen=True)
class Page:
    """What is remembered of one record. `asked`: unit -> the writes of others about which a person is asked here."""

    collection: str
    known: Known
    asked: Mapping[str, tuple[Dot, ...]] = field(default_factory=dict)


def terms_of(collection: Collection) -> Terms:
    """On which terms records of a collection are exchanged."""
    lookup = frozenset(collection.unit_of(f.name) for f in collection.fields if f.lookup)

    def erased(document: Document) -> frozenset[str]:
        answered = collection.looked_up is not None and collection.looked_up(document)
        return lookup if answered else frozenset()

    return Terms(collection.unit_of, collection.sends, erased, lookup)


def writer(store: Store, unit: Unit) -> str:
    """Who this copy of the workspace is among all that write. A copy in another place, or one put back, is somebody else."""
    here = {
        "computer": platform.node(),
        "folder": str(store.folder.absolute()),
        "file": list(identity(store.folder / DB_FILE) or ()),
    }
    kept = unit.kept.get(_ME, "me")
    if kept is not None and {n: kept.body.get(n) for n in here} == here:
        return str(kept.body["writer"])
    return new_writer(unit, here)


def new_writer(unit: Unit, here: Mapping[str, object] | None = None) -> str:
    """From now on another one: this copy has found out that it went back in time."""
    if here is None:
        kept = unit.kept.get(_ME, "me")
        here = kept.body if kept is not None else {}
    name = secrets.token_hex(6)
    unit.kept.put(_ME, "me", {**here, "writer": name})
    return name


class Book:
    """All pages, within one unit of work."""

    def __init__(self, unit: Unit, me: str) -> None:
        self._unit = unit
        self.me = me
        self._pages = {
            thing.name: Page(
                thing.body["collection"],
                Known.from_json(thing.body["known"]),
                {
                    u: tuple((str(a), int(n)) for a, n in dots)
                    for u, dots in thing.body.get("asked", {}).items()
                },
            )
            for thing in unit.kept.all(KIND)
        }
        self._settled = {thing.name: frozenset(thing.body["units"]) for thing in unit.kept.all(SETTLED)}
        self._of = {known_as: name for name, page in self._pages.items() for known_as in page.known.ids}

    def page(self, record_id: str) -> Page | None:
        return self._pages.get(record_id)

    def all(self) -> dict[str, Page]:
        """Local id -> page, also of drafts that were deleted."""
        return dict(self._pages)

    def under(self, known: Known) -> list[str]:
        """Local ids of the pages of a record that is known under other ids elsewhere, the earliest first."""
        return sorted({self._of[i] for i in known.ids if i in self._of})

    def put(self, record_id: str, page: Page) -> None:
        """Remember this from now on; nothing, where nothing needs to be."""
        before = self._pages.get(record_id)
        if before == page and record_id not in self._settled:
            return
        if self._settled.pop(record_id, None) is not None:
            self._unit.kept.remove(SETTLED, record_id)
        self._pages[record_id] = page
        self._of |= dict.fromkeys(page.known.ids, record_id)
        body: dict[str, object] = {"collection": page.collection, "known": page.known.to_json()}
        if page.asked:
            body["asked"] = dict(page.asked)
        self._unit.kept.put(KIND, record_id, body)

    def remove(self, record_id: str) -> None:
        """Forget a page, as when two records turned out to be one."""
        self._pages.pop(record_id, None)
        self._settled.pop(record_id, None)
        self._unit.kept.remove(KIND, record_id)
        self._unit.kept.remove(SETTLED, record_id)

    # -- looking --------------------------------------------------------------------------------------------------

    def look(self, collection: Collection, record: StoredRecord) -> Known:
        """What is known of a record with what was written here since the last look. Stores nothing."""
        page = self._pages.get(record.id)
        known = page.known if page else Known(frozenset({record.id}))
        terms = terms_of(collection)
        if terms.read and record.base is not None:
            known = replace(known, shown=Shown(record.base, record.base.version))
        conflict = self._unit.decisions.of_record(record.id)
        by_fields = conflict is not None and conflict.kind in _BY_FIELDS
        settled = self._settled.get(record.id, frozenset())
        sight = Sight(
            record.document,
            record.base,
            {
                c.target: dict(c.payload.get("fields", {}))
                for c in self._unit.outbox.of_record(record.id)
                if c.kind is ChangeKind.ACTION
            },
            frozenset(row.unit for row in conflict.fields) if conflict and by_fields else frozenset(),
            {unit: dots for unit, dots in page.asked.items() if unit in settled} if page else {},
            self._aliases(known),
            _before(collection, record.base, conflict) if conflict else {},
        )
        at = record.saved_at or self._unit.now
        hand = Hand(f"{self.me}/{record.id}", at.isoformat(), record.saved_by or self._unit.actor)
        return Observer(known, sight, terms, hand).known()

    def deleted(self, record_id: str, page: Page, collection: Collection) -> Known:
        """What is known of a record that is not here any more."""
        hand = Hand(f"{self.me}/{record_id}", self._unit.now.isoformat(), self._unit.actor)
        return Observer(page.known, Sight(Document()), terms_of(collection), hand).deleted()

    def _aliases(self, known: Known) -> dict[str, str]:
        """Children that got an id at the portal since."""
        local = {u.partition(".")[2] for u in known.writes if "." in u}
        found = {child: self._unit.portals.child_alias(child) for child in local}
        return {child: now for child, now in found.items() if now and now != child}

    def open_still(self, record_id: str, page: Page) -> Mapping[str, tuple[Dot, ...]]:
        """Of what a person was asked, the part that was not settled."""
        conflict = self._unit.decisions.of_record(record_id)
        asked = (
            {row.unit for row in conflict.fields}
            if conflict and conflict.kind is ConflictKind.COLLEAGUE
            else set()
        )
        return {unit: dots for unit, dots in page.asked.items() if unit in asked}


def _before(collection: Collection, base: Snapshot | None, conflict: Conflict) -> dict[str, UnitValue]:
    """Unit -> what the portal had when the answer was typed that is in question now."""
    if conflict.kind is not ConflictKind.FIELDS:
        return {}
    there = base.document if base else Document()
    former = units_of(
        apply(there, patch_of(there, {r.field: r.base for r in conflict.fields})), collection.unit_of
    )
    added = {u for u in {r.unit for r in conflict.fields} if "." in u} - {
        r.unit for r in conflict.fields if r.base is not None
    }
    return {r.unit: None if r.unit in added else former.get(r.unit, nothing(r.unit)) for r in conflict.fields}


def needs_page(collection: Collection, known: Known) -> bool:
    """Whether anything has to be remembered: not of a record that a portal shows whole, and that nobody else changed."""
    return not collection.sends or bool(known.seen) or len(known.ids) > 1 or known.shown is None


def settle(unit: Unit, record_id: str, units: list[str]) -> None:
    """A person has settled these questions between colleagues."""
    kept = unit.kept.get(SETTLED, record_id)
    before = list(kept.body["units"]) if kept is not None else []
    unit.kept.put(SETTLED, record_id, {"units": sorted({*before, *units})})
