"""Pull: read what changed at the portal and take it in (sync.md I8-I11, D1-D6; pack section 1.3).

Pages come newest first, so that a record that changes during the pass is seen twice rather than skipped. Each page is
one short transaction: a row is whole by itself and reading it again is harmless, so no staging table is needed; the
watermark moves in the transaction of the last page, and only after a complete pass. A listing whose total fell while
it was read is read again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from desktop.model.collection import Collection
from desktop.model.conflict import Conflict, ConflictKind
from desktop.model.document import Document
from desktop.model.ids import ConflictId, new_id
from desktop.model.snapshot import Snapshot
from desktop.model.verdict import NotFound, Page, Unavailable
from desktop.store.portals import Watermark
from desktop.store.records import Question, StoredRecord, body_text
from desktop.store.store import Unit
from desktop.sync import adopt, outbox, watch
from desktop.sync.absorb import absorb
from desktop.sync.trip import Trip

OVERLAP = timedelta(minutes=5)
SWEEP_EVERY = timedelta(days=7)
MANY = 2_000
_DOUBTS_ASKED = 20


@dataclass
class Pulled:
    """What a pull did. `failure` = it was cut short; what was read until then is kept. `seen` = ids read in full scopes."""

    pulled: int = 0
    merged: int = 0
    failure: Unavailable | None = None
    cancelled: bool = False
    seen: dict[str, datetime] = field(default_factory=dict)


class Pull:
    """One pull of one collection from one portal."""

    def __init__(self, trip: Trip) -> None:
        self._trip = trip
        self._store = trip.store
        self._collection = trip.collection
        self._portal = trip.portal
        self._result = Pulled()
        self._unindexed = False

    def run(self, full: bool = False) -> Pulled:
        """Read every scope: what changed since the watermark, or everything when `full`, new, or a week old."""
        try:
            return self._run(full)
        finally:
            if self._unindexed:
                self._store.index_facets(self._collection.facets(Document()))

    def _run(self, full: bool) -> Pulled:
        scopes = self._portal.scopes(self._store.clock())
        listed: set[str] = set()
        complete = True
        for scope in scopes:
            ids, whole = self._scope(scope, full)
            complete = complete and whole
            listed |= ids
            if self._result.failure or self._result.cancelled:
                return self._result
        if complete:
            self._doubt(listed, scopes)
        return self._result

    def sweep(self, scope: str) -> Pulled:
        """Read one scope in full, to have fresh copies at hand before many changes are sent."""
        self._scope(scope, full=True)
        return self._result

    def _scope(self, scope: str, full: bool) -> tuple[set[str], bool]:
        """(ids listed, whether the listing was the whole scope)."""
        with self._store.read() as unit:
            mark = unit.portals.watermark(self._collection.name, scope)
        now = self._store.clock()
        whole = full or mark is None or not mark.since or now - mark.swept_at > SWEEP_EVERY
        since = "" if whole or mark is None else _earlier(mark.since)
        ids: set[str] = set()
        for _ in range(3):
            ids, steady = self._pass(scope, since, whole, mark)
            if steady or self._result.failure or self._result.cancelled:
                return ids, whole
        return ids, False

    def _pass(self, scope: str, since: str, whole: bool, mark: Watermark | None) -> tuple[set[str], bool]:
        """One pass over the pages; False when the listing shrank under it and must be read again."""
        ids: set[str] = set()
        newest, first_total = (mark.since if mark else ""), -1
        for page in ahead(self._portal.pages(scope, since)):
            if isinstance(page, Unavailable):
                self._fail(page)
                return ids, True
            if first_total < 0:
                first_total = page.total
                self._make_way(page.total)
            last = page.number >= page.pages
            shrank = last and page.total < first_total
            fresh = [s for s in page.snapshots if s.portal_id not in ids]
            ids.update(s.portal_id for s in fresh)
            newest = max([newest, *(s.version for s in fresh)])
            swept = self._store.clock() if whole or mark is None else mark.swept_at
            moved = Watermark(newest, swept) if last and not shrank else None
            self._take(scope, fresh, moved)
            self._trip.tell(len(ids), page.total, _words(len(ids), page.total, self._collection))
            if shrank:
                return ids, False
            if self._trip.cancelled():
                self._result.cancelled = True
                return ids, True
        return ids, True

    def _make_way(self, coming: int) -> None:
        """A first copy of many records: leave the list indexes for the end."""
        if self._unindexed or coming < MANY:
            return
        with self._store.read() as unit:
            held = unit.records.count(Question(self._collection.name))
        if held < coming:
            self._store.drop_facet_indexes()
            self._unindexed = True

    def _fail(self, failure: Unavailable) -> None:
        self._result.failure = failure
        with self._store.write() as unit:
            watch.note_failure(unit, self._collection.name, "read", failure, self._trip.chance)

    def _take(self, scope: str, snapshots: Iterable[Snapshot], moved: Watermark | None) -> None:
        """One page into the store, with the watermark if it is the last."""
        now = self._store.clock()
        with self._store.write(durable=False) as unit:
            watch.note_answer(unit, self._collection.name, "read")
            self._result.pulled += self._take_page(unit, list(snapshots))
            if moved is not None:
                unit.portals.set_watermark(self._collection.name, scope, moved)
        for snapshot in snapshots:
            self._result.seen[snapshot.portal_id] = now

    def _take_page(self, unit: Unit, snapshots: list[Snapshot]) -> int:
        """How many records changed here."""
        known = unit.records.known(self._collection.name, [s.portal_id for s in snapshots])
        ours = adopt.sent_creates(unit, self._collection)
        new: list[tuple[str, Snapshot]] = []
        clean: list[tuple[int, Snapshot]] = []
        changed = 0
        for snapshot in snapshots:
            held = known.get(snapshot.portal_id)
            if held is None:
                key = adopt.own_key_of(self._collection, snapshot.document)
                create = ours.get(key) if key else None
                if create is not None and adopt.is_ours(self._collection, create, snapshot):
                    self._adopt(unit, create.record_id, snapshot)
                else:
                    new.append((new_id(), snapshot))
                    unit.journal.write("arrived", new[-1][0], {"portal_version": snapshot.version}, actor="")
            elif held.body == body_text(snapshot) and not held.missing:
                continue
            elif held.local_work:
                changed += self._merge(unit, held.id, snapshot)
            else:
                clean.append((held.key, snapshot))
                unit.journal.write("portal_changed", held.id, {"portal_version": snapshot.version}, actor="")
                unit.touched.records.add(held.id)
        unit.records.add_pulled(self._collection, new)
        unit.records.refresh(self._collection, clean)
        if new:
            unit.touched.records.add("*")
        return changed + len(new) + len(clean)

    def _adopt(self, unit: Unit, record_id: str, snapshot: Snapshot) -> None:
        record = unit.records.get(record_id)
        change = next(c for c in unit.outbox.of_record(record_id) if c.kind == "create")
        assert record is not None
        adopt.adopt(unit, self._trip.terms, record, change, snapshot)

    def _merge(self, unit: Unit, record_id: str, snapshot: Snapshot) -> int:
        record = unit.records.get(record_id)
        assert record is not None
        done = absorb(unit, self._collection, record, snapshot, self._trip.today)
        self._result.merged += done.merged
        return int(done.changed)

    def _doubt(self, listed: set[str], scopes: tuple[str, ...]) -> None:
        """After a complete listing: who was not in it. A suspicion, never a deletion (I9)."""
        with self._store.read() as unit:
            absent = [
                (pid, key)
                for pid, key in unit.records.portal_ids(self._collection.name).items()
                if pid not in listed
            ]
        for portal_id, key in absent[:_DOUBTS_ASKED]:
            with self._store.read() as unit:
                record = unit.records.at(key)
            if record is None or str(self._collection.facets(record.document).get("cycle")) not in scopes:
                continue
            answer = self._portal.fetch(portal_id)
            if isinstance(answer, Unavailable):
                self._fail(answer)
                return
            self._mark_missing(record.id, answer)

    def _mark_missing(self, record_id: str, answer: Snapshot | NotFound) -> None:
        with self._store.write() as unit:
            record = unit.records.get(record_id)
            if record is None or record.portal_id is None:
                return
            unit.journal.write(
                "missing", record_id, {"answers_by_id": isinstance(answer, Snapshot)}, actor=""
            )
            open_missing(
                unit,
                self._collection,
                unit.records.save(self._collection, record, missing=True),
                self._trip.today,
            )


def ahead(pages: Iterator[Page | Unavailable]) -> Iterator[Page | Unavailable]:
    """The same pages, each fetched while the one before it is being stored. One request at a time all the same."""
    done = object()
    with ThreadPoolExecutor(1, thread_name_prefix="read ahead") as pool:
        coming = pool.submit(next, pages, done)
        while (page := coming.result()) is not done:
            coming = pool.submit(next, pages, done)
            yield page  # type: ignore[misc]


def open_missing(unit: Unit, collection: Collection, record: StoredRecord, today: date) -> None:
    """Ask a person about a record that the portal does not list any more; unsent work is kept."""
    conflict = Conflict(
        ConflictId(new_id()),
        record.id,
        collection.name,
        ConflictKind.MISSING,
        (),
        unit.now,
        record.saved_by,
        record.base.version if record.base else "",
        f"{collection.portal_short} does not list this {collection.singular} any more. "
        "It may have been deleted there. Your copy is kept.",
    )
    unit.decisions.put(record.key, conflict)
    outbox.follow(unit, collection, record, today)


def _earlier(version: str) -> str:
    """A portal time moved back by the overlap; unreadable ones read everything again."""
    try:
        return (datetime.fromisoformat(version) - OVERLAP).isoformat()
    except ValueError:
        return ""


def _words(done: int, total: int, collection: Collection) -> str:
    return f"{done:,} of {total:,} {collection.title.lower()} read"
