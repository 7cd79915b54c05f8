"""Pull: read what changed at the portal and take it in (sync.md I8-I11, D1-D6; pack section 1.3).

Pages come newest first, so that a record that changes during the pass is seen twice rather than skipped. Each page is
one short transaction: a row is whole by itself and reading it again is harmless, so no staging table is needed; the
watermark moves in the transaction of the last page, and only after a complete pass. A listing whose total fell while
it was read is read again.
"""

from __future__ import annotations

from collections.abc import Collection as Collected
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
from desktop.store.lists import Question
from desktop.store.portals import Watermark
from desktop.store.records import StoredRecord
from desktop.store.store import Unit
from desktop.sync import by_hand, outbox, watch
from desktop.sync.page_in import PageIn
from desktop.sync.trip import Trip
from desktop.sync.trouble import note
from desktop.sync.whose import not_ours

OVERLAP = timedelta(minutes=5)
SWEEP_EVERY = timedelta(days=7)
MANY = 2_000
_DOUBTS_ASKED = 20


@dataclass
class Pulled:
    """What a pull did. `failure` = it was cut short; what was read until then is kept. `seen` = ids read in full scopes.

    `owes` = a comparison of the whole is due and was put off.
    """

    pulled: int = 0
    merged: int = 0
    failure: Unavailable | None = None
    cancelled: bool = False
    owes: bool = False
    seen: dict[str, datetime] = field(default_factory=dict)


@dataclass
class _Listing:
    """What one reading of a scope showed. `steady` = it was read to its end and did not shrink meanwhile."""

    whole: bool
    ids: set[str] = field(default_factory=set)
    newest: str = ""
    steady: bool = False


class Pull:
    """One pull of one collection from one portal."""

    def __init__(self, trip: Trip) -> None:
        self._trip = trip
        self._store = trip.store
        self._collection = trip.collection
        self._portal = trip.portal
        self._page_in = PageIn(trip.terms)
        self._result = Pulled()
        self._unindexed = False
        self._put_off = False
        self._gone_back = False

    def run(self, full: bool = False, *, put_off: bool = False) -> Pulled:
        """Read every scope: what changed since the watermark, or everything when `full`, new, or a week old.

        `put_off` = people's work waits to be sent, so the weekly comparison of everything comes after it (D18).
        """
        self._put_off = put_off
        try:
            return self._run(full)
        finally:
            if self._unindexed:
                self._store.index_facets(self._collection.facets(Document()))

    def _run(self, full: bool) -> Pulled:
        listed: set[str] = set()
        whole: list[str] = []
        for scope in self._portal.scopes(self._store.clock()):
            listing = self._scope(scope, full)
            listed |= listing.ids
            if listing.whole and listing.steady:
                whole.append(scope)
            if self._result.failure or self._result.cancelled:
                return self._result
        if whole:
            self._doubt(listed, whole)
        return self._result

    def sweep(self, scope: str) -> Pulled:
        """Read one scope in full, to have fresh copies at hand before many changes are sent."""
        self._scope(scope, full=True)
        return self._result

    def _scope(self, scope: str, full: bool) -> _Listing:
        """Read what is new, or the whole: also when the portal turns out to have gone back in time (I11)."""
        with self._store.read() as unit:
            mark = unit.portals.watermark(self._collection.name, scope)
        now = self._store.clock()
        if full or mark is None or not mark.since:
            return self._passes(scope, mark, whole=True)
        if abs(now - mark.swept_at) > SWEEP_EVERY:
            if not self._put_off:
                return self._passes(scope, mark, whole=True)
            self._result.owes = True
        # The newest version that we know of must be listed again. If not, it was deleted, or the portal was restored.
        with self._store.read() as unit:
            newest = max(mark.since, self._newest(unit, scope))
        listing = self._passes(scope, mark, whole=False)
        if listing.steady and listing.newest < newest and not self._result.cancelled:
            listing = self._passes(scope, mark, whole=True)
            self._gone_back = self._gone_back or (listing.steady and listing.newest < newest)
        return listing

    def _newest(self, unit: Unit, scope: str) -> str:
        return unit.lists.newest_version(self._collection.name, scope, self._portal.unlisted)

    def _passes(self, scope: str, mark: Watermark | None, *, whole: bool) -> _Listing:
        listing = _Listing(whole)
        for _ in range(3):
            listing = self._pass(scope, mark, whole)
            if listing.steady or self._result.failure or self._result.cancelled:
                break
        return listing

    def _pass(self, scope: str, mark: Watermark | None, whole: bool) -> _Listing:
        """One pass over the pages; not steady when the listing shrank under it and must be read again."""
        listing, first_total = _Listing(whole), -1
        old = "" if whole or mark is None else mark.since
        for page in ahead(self._portal.pages(scope, _earlier(old))):
            if isinstance(page, Unavailable):
                self._fail(page)
                return listing
            if first_total < 0:
                first_total = page.total
                self._make_way(page.total)
            last = page.number >= page.pages
            shrank = last and page.total < first_total
            fresh = [s for s in page.snapshots if s.portal_id not in listing.ids]
            listing.ids.update(s.portal_id for s in fresh)
            listing.newest = max([listing.newest, *(s.version for s in fresh)])
            swept = self._store.clock() if whole or mark is None else mark.swept_at
            moved = Watermark(max(old, listing.newest), swept) if last and not shrank else None
            self._take(scope, fresh, moved)
            done = len(listing.ids)
            words = f"{scope}: {done:,} of {page.total:,} {self._collection.title.lower()} read"
            self._trip.tell(done, page.total, words)
            listing.steady = last and not shrank
            if shrank:
                return listing
            if self._trip.cancelled():
                self._result.cancelled = True
                return listing
        return listing

    def _make_way(self, coming: int) -> None:
        """A first copy of many records: leave the list indexes for the end."""
        if self._unindexed or coming < MANY:
            return
        with self._store.read() as unit:
            held = unit.lists.count(Question(self._collection.name))
        if held < coming:
            self._store.drop_facet_indexes()
            self._unindexed = True

    def _fail(self, failure: Unavailable) -> None:
        self._result.failure = note(self._trip, "read", failure)

    def _take(self, scope: str, snapshots: Iterable[Snapshot], moved: Watermark | None) -> None:
        """One page into the store, with the watermark if it is the last."""
        now = self._store.clock()
        with self._store.write(durable=False) as unit:
            watch.note_answer(unit, self._collection.name, "read")
            taken = self._page_in.take(unit, list(snapshots))
            self._result.pulled += taken.changed
            self._result.merged += taken.merged
            if moved is not None:
                unit.portals.set_watermark(self._collection.name, scope, moved)
        for snapshot in snapshots:
            self._result.seen[snapshot.portal_id] = now

    def _doubt(self, listed: set[str], scopes: Collected[str]) -> None:
        """After a complete listing of `scopes`: who was not in it. A suspicion, never a deletion (I9)."""
        with self._store.read() as unit:
            ids = unit.records.portal_ids(self._collection.name)
            absent = unit.records.contents([key for pid, key in ids.items() if pid not in listed])
        unlisted = self._portal.unlisted
        doubted = [r for r in absent if self._cycle(r.document) in scopes and r.state not in unlisted]
        if doubted and (failure := not_ours(self._trip)):
            self._result.failure = failure
            return
        for record in doubted[:_DOUBTS_ASKED]:
            answer = self._portal.fetch(record.portal_id or "")
            if isinstance(answer, Unavailable):
                self._fail(answer)
                return
            moved = isinstance(answer, Snapshot) and self._cycle(answer.document) not in scopes
            if isinstance(answer, Snapshot) and (moved or answer.state in unlisted):
                with self._store.write() as unit:
                    self._result.merged += self._page_in.merge(unit, record.id, answer).merged
            else:
                self._mark_missing(record.id, answer)
        if len(doubted) > _DOUBTS_ASKED:
            with self._store.write() as unit:  # the next pull reads everything again and asks about the rest
                unit.portals.forget_watermarks(self._collection.name)

    def _cycle(self, document: Document) -> str:
        return str(self._collection.facets(document).get("cycle"))

    def _mark_missing(self, record_id: str, answer: Snapshot | NotFound) -> None:
        with self._store.write() as unit:
            record = unit.records.get(record_id)
            if record is None or record.portal_id is None:
                return
            unit.journal.write(
                "missing", record_id, {"answers_by_id": isinstance(answer, Snapshot)}, actor=""
            )
            # What was deleted there still answers by its id (pack 1.3). This one never was there, says the portal.
            if self._gone_back and record.saved_at is not None and isinstance(answer, NotFound):
                watch.note_restored(unit, self._collection.name)
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
    """Ask a person about a record that the portal does not list any more; unsent work is kept.

    A question that is open already comes first: the record is flagged, and its answer is not sent anywhere.
    """
    if by_hand.gone_as_asked(unit, collection, record.id):
        return
    if unit.decisions.of_record(record.id) is None:
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
    """A portal time moved back by the overlap; "" and unreadable ones read everything again."""
    try:
        return (datetime.fromisoformat(version) - OVERLAP).isoformat()
    except ValueError:
        return ""
