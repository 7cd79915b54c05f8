"""Records and their base snapshots within one transaction: local = base + pending, always recomputable (I7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

import orjson
import sqlalchemy as sa

from desktop.model.collection import Collection
from desktop.model.document import Document, Patch, apply, diff
from desktop.model.errors import StaleWrite
from desktop.model.ids import RecordId
from desktop.model.snapshot import Snapshot
from desktop.model.standing import Sync
from desktop.store import schema, times
from desktop.store.behind import CHUNK, Behind, among
from desktop.store.lists import WORK

_R = schema.records
_S = schema.snapshots

# Statements of the path from keystroke to disk are built once: building them costs more than running them.
_WHOLE = sa.select(_R, _S.c.body).outerjoin(_S, _S.c.key == _R.c.key)
_BY_ID = _WHOLE.where(_R.c.id == sa.bindparam("id"))
_BY_IDS = _WHOLE.where(among(_R.c.id))
_MET = (
    sa.select(_R, _S.c.body)
    .join(_S, _S.c.key == _R.c.key)
    .where(_R.c.collection == sa.bindparam("of"), among(_R.c.portal_id))
)
_OUTLINES = sa.select(_R.c.id, _R.c.portal_id, _R.c.sync, _R.c.pending).where(among(_R.c.id))
_BY_KEY = _WHOLE.where(_R.c.key == sa.bindparam("key"))
_BY_PORTAL_ID = _WHOLE.where(
    _R.c.collection == sa.bindparam("of"), _R.c.portal_id == sa.bindparam("portal_id")
)
_WRITE_DOWN = (
    "UPDATE records SET pending = ?, portal_version = ?, state = ?, version = ?, missing = ?, saved_at = ?, saved_by = ?, "
    "sync = ?, errors = ? WHERE key = ?"
)
_LISTED = ("label", "sort", "facets", "refs")
_LIST_DOWN = "UPDATE records SET label = ?, sort = ?, facets = ?, refs = ? WHERE key = ?"
_INDEX = "INSERT OR REPLACE INTO words (rowid, text) VALUES (?, ?)"
_PUT_BODY = (
    "INSERT INTO snapshots (key, body) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET body = excluded.body"
)
_ADD_PULLED = (
    "INSERT INTO records (key, id, collection, portal_id, state, portal_version, label, sort, facets, refs, version, "
    "sync, missing, saved_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 'clean', 0, '')"
)
_ADD_NEW = (
    "INSERT INTO records (key, id, collection, pending, label, sort, facets, refs, saved_at, saved_by, portal_version, "
    "state, version, sync, missing) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', 1, 'draft', 0)"
)
_REFRESH = (
    "UPDATE records SET state = ?, portal_version = ?, label = ?, sort = ?, facets = ?, refs = ?, "
    "version = version + 1, missing = 0, errors = NULL WHERE key = ?"
)
_STALE = "This record changed while it was being saved. Read it again and repeat the change."
_SAVE = sa.update(_R).where(_R.c.key == sa.bindparam("at_key"), _R.c.version == sa.bindparam("at_version"))
_STAND = sa.update(_R).where(_R.c.key == sa.bindparam("at_key"))


@dataclass(frozen=True)
class StoredRecord:
    """One record as the tables have it. `key` is small, local to this file, and the order of arrival."""

    key: int
    id: RecordId
    collection: str
    portal_id: str | None
    base: Snapshot | None
    pending: Patch
    version: int
    state: str
    sync: Sync
    errors: int | None
    missing: bool
    label: str
    saved_at: datetime | None
    saved_by: str

    @cached_property
    def document(self) -> Document:
        """The local content. Shared: copy before changing it."""
        return apply(self.base.document if self.base else Document(), self.pending)


@dataclass(frozen=True)
class Known:
    """What a pull needs to know of a record it meets again. `body` is its base as stored text, `version` the base's."""

    key: int
    id: RecordId
    body: str
    local_work: bool
    missing: bool
    version: str


@dataclass(frozen=True)
class Outline:
    """What of a record its outbox and its standing follow from, without the content."""

    id: RecordId
    portal_id: str | None
    sync: Sync
    pending: Patch


def body_text(snapshot: Snapshot) -> str:
    """A base as stored: equal texts are equal bodies."""
    return orjson.dumps(snapshot.to_json()).decode()


def derived_columns(collection: Collection, document: Document, base: Snapshot | None) -> dict[str, Any]:
    """Columns that can be computed from the content, so that lists need not read it."""
    label = collection.label(document)
    extras = base.extras if base else {}
    refs = [str(v) for k in collection.keys if (v := document.get(k) or extras.get(k))]
    facets = collection.facets(document)
    return {
        "label": label,
        "sort": label.casefold(),
        "refs": orjson.dumps(refs).decode(),
        "facets": orjson.dumps(facets).decode(),
        "text": " ".join([label, *refs]),
    }


def listed_columns(collection: Collection, record: StoredRecord) -> tuple[Any, ...]:
    """What the lists should hold of a record: name, order, filters, references, each as it is stored."""
    columns = derived_columns(collection, record.document, record.base)
    return tuple(columns[name] for name in _LISTED)


class Records:
    """Reading and writing records. Every write moves the record's version."""

    def __init__(self, behind: Behind) -> None:
        self._behind = behind
        self._held: dict[str, StoredRecord] = {}
        self._derived: dict[int, dict[str, Any]] = {}
        self._moved: dict[int, str] = {}
        self._relisted: set[int] = set()
        self._renamed: dict[int, str] = {}
        self._bodies: dict[int, str] = {}
        behind.join(self._write_down)

    @property
    def _connection(self) -> sa.Connection:
        return self._behind.connection

    # -- records in hand (see `behind`) ---------------------------------------------------------------

    def hold(self, record_ids: Sequence[str]) -> None:
        """Take these records in hand in place of those before."""
        self._held, self._derived = {}, {}
        for row in self._behind.rows(_BY_IDS, record_ids):
            self._take(row)

    def meet(self, collection: str, portal_ids: Sequence[str]) -> dict[str, Known]:
        """What is here of these portal ids; those with local work are taken in hand in place of those before."""
        self._held, self._derived = {}, {}
        found: dict[str, Known] = {}
        for row in self._behind.rows(_MET, portal_ids, of=collection):
            key, record_id, _, portal_id, pending, _, _, sync, _, missing, *_, version, body = row
            work = pending is not None or sync != Sync.CLEAN
            found[portal_id] = Known(key, record_id, body, work, bool(missing), version)
            if work:
                self._take(row)
        return found

    def _take(self, row: Any) -> None:
        record = _record(row)
        self._held[record.id] = record
        self._derived[record.key] = dict(zip(_LISTED, row[10:14], strict=True))

    def _write_down(self, connection: sa.Connection) -> None:
        """Every record in hand that moved, in one statement for the rows, those of lists, and the bodies."""
        moved = [self._held[i] for i in self._moved.values()]
        self._moved = {}
        if moved:
            rows = [(*_standing_row(r), r.key) for r in moved]
            connection.exec_driver_sql(_WRITE_DOWN, rows)
        if self._relisted:
            listed, self._relisted = self._relisted, set()
            columns = [(*(self._derived[key][n] for n in _LISTED), key) for key in listed]
            connection.exec_driver_sql(_LIST_DOWN, columns)
        if self._renamed:
            texts, self._renamed = list(self._renamed.items()), {}
            connection.exec_driver_sql(_INDEX, texts)
        if self._bodies:
            bodies, self._bodies = list(self._bodies.items()), {}
            connection.exec_driver_sql(_PUT_BODY, bodies)

    # -- one record ---------------------------------------------------------------------------------

    def get(self, record_id: str) -> StoredRecord | None:
        return self._held.get(record_id) or self._one(_BY_ID, {"id": record_id})

    def at(self, key: int) -> StoredRecord | None:
        return self._one(_BY_KEY, {"key": key})

    def by_portal_id(self, collection: str, portal_id: str) -> StoredRecord | None:
        return self._one(_BY_PORTAL_ID, {"of": collection, "portal_id": portal_id})

    def _one(self, query: sa.Select[Any], of: dict[str, Any]) -> StoredRecord | None:
        row = self._connection.execute(query, of).first()
        return _record(row) if row else None

    def add(
        self, collection: Collection, record_id: str, document: Document, at: datetime, by: str
    ) -> StoredRecord:
        """A new local record that the portal has not seen: base none, pending everything."""
        ((record, _),) = self._insert(collection, {RecordId(record_id): document}, at, by)
        return record

    def add_new(
        self, collection: Collection, documents: Mapping[RecordId, Document], at: datetime, by: str
    ) -> None:
        """As `add`, many at once, by local id; they are in hand from now on in place of those before."""
        self._held, self._derived = {}, {}
        for record, listed in self._insert(collection, documents, at, by):
            self._held[record.id] = record
            self._derived[record.key] = listed

    def _insert(
        self, collection: Collection, documents: Mapping[RecordId, Document], at: datetime, by: str
    ) -> list[tuple[StoredRecord, dict[str, Any]]]:
        """The new records, each with its columns of the lists."""
        made, rows, texts = [], [], []
        for key, (record_id, document) in enumerate(documents.items(), self._next_key()):
            columns = derived_columns(collection, document, None)
            texts.append((key, columns.pop("text")))
            pending = diff(Document(), document)
            rows.append(
                (
                    key,
                    record_id,
                    collection.name,
                    _pending_text(pending),
                    *(columns[name] for name in _LISTED),
                    times.to_text(at),
                    by,
                )
            )
            record = StoredRecord(
                key,
                record_id,
                collection.name,
                portal_id=None,
                base=None,
                pending=pending,
                version=1,
                state="",
                sync=Sync.DRAFT,
                errors=None,
                missing=False,
                label=columns["label"],
                saved_at=at,
                saved_by=by,
            )
            made.append((record, columns))
        self._connection.exec_driver_sql(_ADD_NEW, rows)
        self._connection.exec_driver_sql(_INDEX, texts)
        return made

    def _next_key(self) -> int:
        return int(self._connection.execute(sa.select(sa.func.max(_R.c.key))).scalar() or 0) + 1

    def save(
        self,
        collection: Collection,
        record: StoredRecord,
        *,
        base: Snapshot | None = None,
        pending: Patch | None = None,
        missing: bool | None = None,
        saved: tuple[datetime, str] | None = None,
    ) -> StoredRecord:
        """Write a new base and/or pending patch of a record as it was read. Raises StaleWrite if it moved on since.

        `saved` = (when, who) for an edit by a person; None leaves the old.
        """
        new = replace(
            record,
            base=base or record.base,
            pending=record.pending if pending is None else pending,
            portal_id=base.portal_id if base else record.portal_id,
            state=base.state if base else record.state,
            version=record.version + 1,
            missing=record.missing if missing is None else missing,
            saved_at=saved[0] if saved else record.saved_at,
            saved_by=saved[1] if saved else record.saved_by,
        )
        written = self._write(collection, record, new)
        if base is not None:
            self._bodies[record.key] = body_text(base)
            self._behind.wait()
        return written

    def detach(
        self, collection: Collection, record: StoredRecord, saved: tuple[datetime, str]
    ) -> StoredRecord:
        """The portal has it no more: all that is known of it becomes content of our own, as of a new record."""
        new = replace(
            record,
            base=None,
            pending=diff(Document(), record.document),
            portal_id=None,
            state="",
            version=record.version + 1,
            missing=False,
            saved_at=saved[0],
            saved_by=saved[1],
        )
        written = self._write(collection, record, new)
        self._connection.execute(sa.delete(_S).where(_S.c.key == record.key))
        return written

    def _write(self, collection: Collection, record: StoredRecord, new: StoredRecord) -> StoredRecord:
        """The row of `record` becomes `new`. Raises StaleWrite."""
        columns = derived_columns(collection, new.document, new.base)
        text = columns.pop("text")
        if new.label != columns["label"]:
            new = replace(new, label=columns["label"])
        if record.id in self._held and record.portal_id == new.portal_id:
            self._write_later(record, new, columns, text)
            return new
        connection = self._connection
        self._held.pop(record.id, None)
        written = connection.execute(
            _SAVE,
            {
                "at_key": record.key,
                "at_version": record.version,
                "pending": _pending_text(new.pending),
                "portal_id": new.portal_id,
                "portal_version": new.base.version if new.base else "",
                "state": new.state,
                "version": new.version,
                "missing": int(new.missing),
                "saved_at": times.to_text(new.saved_at),
                "saved_by": new.saved_by,
                **columns,
            },
        )
        if written.rowcount != 1:
            raise StaleWrite(_STALE)
        connection.exec_driver_sql(_INDEX, (record.key, text))
        return new

    def _write_later(
        self, record: StoredRecord, new: StoredRecord, columns: dict[str, Any], text: str
    ) -> None:
        """A record in hand: its row waits, with those of the lists and the index if it moves in them."""
        if self._held[record.id].version != record.version:
            raise StaleWrite(_STALE)
        self._held[record.id] = new
        self._moved[new.key] = new.id
        was = self._derived[record.key]
        if was != columns:
            self._derived[record.key] = columns
            self._relisted.add(record.key)
            if (was["label"], was["refs"]) != (columns["label"], columns["refs"]):
                self._renamed[record.key] = text
        self._behind.wait()

    def stand(self, key: int, record_id: str, sync: Sync, errors: int | None) -> None:
        """Write the derived standing of a record."""
        held = self._held.get(record_id)
        if held is not None:
            self._held[record_id] = replace(held, sync=sync, errors=errors)
            self._moved[key] = record_id
            self._behind.wait()
            return
        self._connection.execute(_STAND, {"at_key": key, "sync": sync, "errors": errors})

    def remove(self, key: int) -> None:
        """Remove a record with all that hangs on it. The caller journals who asked for it."""
        connection = self._connection
        self._held = {i: r for i, r in self._held.items() if r.key != key}
        connection.execute(sa.delete(_R).where(_R.c.key == key))

    # -- many records, for a pull -------------------------------------------------------------------

    def add_pulled(self, collection: Collection, pulled: Sequence[tuple[str, Snapshot]]) -> None:
        """New records straight from the portal: (local id, snapshot)."""
        if not pulled:
            return
        rows, bodies, texts = [], [], []
        for key, (record_id, s) in enumerate(pulled, self._next_key()):
            columns = derived_columns(collection, s.document, s)
            listed = (columns[n] for n in _LISTED)
            rows.append((key, record_id, collection.name, s.portal_id, s.state, s.version, *listed))
            bodies.append((key, body_text(s)))
            texts.append((key, columns["text"]))
        self._connection.exec_driver_sql(_ADD_PULLED, rows)
        self._connection.exec_driver_sql(_PUT_BODY, bodies)
        self._connection.exec_driver_sql("INSERT INTO words (rowid, text) VALUES (?, ?)", texts)

    def refresh(self, collection: Collection, pulled: Sequence[tuple[int, Snapshot]]) -> None:
        """New bases for clean records without local work: (key, snapshot)."""
        if not pulled:
            return
        rows, bodies, texts = [], [], []
        for key, s in pulled:
            columns = derived_columns(collection, s.document, s)
            rows.append((s.state, s.version, *(columns[n] for n in _LISTED), key))
            bodies.append((key, body_text(s)))
            texts.append((key, columns["text"]))
        self._connection.exec_driver_sql(_REFRESH, rows)
        self._connection.exec_driver_sql(_PUT_BODY, bodies)
        self._connection.exec_driver_sql(_INDEX, texts)

    def portal_ids(self, collection: str) -> dict[str, int]:
        """Portal id -> key of every record of a collection that is not already flagged as missing."""
        query = sa.select(_R.c.portal_id, _R.c.key).where(
            _R.c.collection == collection, _R.c.portal_id.is_not(None), _R.c.missing == 0
        )
        return dict(self._connection.execute(query).tuples().all())

    def listed(self, key: int) -> tuple[Any, ...]:
        """What the lists hold of a record, as `listed_columns`."""
        query = sa.select(*(_R.c[name] for name in _LISTED)).where(_R.c.key == key)
        return tuple(self._connection.execute(query).one())

    def relist(self, collection: Collection, record: StoredRecord) -> None:
        """Write what the lists should hold of a record, and under which words it is found."""
        columns = listed_columns(collection, record)
        self._connection.exec_driver_sql(_LIST_DOWN, (*columns, record.key))
        words = derived_columns(collection, record.document, record.base)["text"]
        self._connection.exec_driver_sql(_INDEX, (record.key, words))

    def mention(self, text: str) -> bool:
        """Whether a record that is here holds a text, now or in its history, or somebody who worked here is named so."""
        asked = (
            "SELECT EXISTS (SELECT 1 FROM records WHERE instr(pending, ?1) OR instr(label, ?1) OR instr(refs, ?1) "
            "OR instr(facets, ?1) OR instr(portal_id, ?1) OR instr(saved_by, ?1)) "
            "OR EXISTS (SELECT 1 FROM snapshots WHERE instr(body, ?1)) "
            "OR EXISTS (SELECT 1 FROM journal WHERE instr(actor, ?1) OR (instr(detail, ?1) "
            "AND record_id IN (SELECT id FROM records)))"
        )
        return bool(self._connection.exec_driver_sql(asked, (text,)).scalar())

    def outlines(self, record_ids: Sequence[str]) -> dict[str, Outline]:
        """Local id -> outline; ids that are no more are left out."""
        self._behind.settle()
        return {
            record_id: Outline(record_id, portal_id, Sync(sync), _pending(pending))
            for record_id, portal_id, sync, pending in self._behind.rows(_OUTLINES, record_ids)
        }

    def with_work(self, collection: str, *, thorough: bool = False) -> set[RecordId]:
        """Local ids of the records that are not clean; when `thorough`, also of those that say so and yet differ."""
        found = sa.or_(WORK, _R.c.pending.is_not(None)) if thorough else WORK
        return set(self._connection.scalars(sa.select(_R.c.id).where(_R.c.collection == collection, found)))

    def contents(self, keys: Sequence[int]) -> list[StoredRecord]:
        """Whole records in the order of `keys`."""
        found: dict[int, StoredRecord] = {}
        for start in range(0, len(keys), CHUNK):
            query = _WHOLE
            for row in self._connection.execute(query.where(_R.c.key.in_(list(keys[start : start + CHUNK])))):
                found[row.key] = _record(row)
        return [found[k] for k in keys if k in found]


def _pending(text: str | None) -> Patch:
    return Patch.from_json(orjson.loads(text)) if text else Patch()


def _pending_text(pending: Patch) -> str | None:
    return orjson.dumps(pending.to_json()).decode() if pending else None


def _standing_row(record: StoredRecord) -> tuple[Any, ...]:
    """The columns of a record that move without moving it in any list, in the order of `_WRITE_DOWN`."""
    return (
        _pending_text(record.pending),
        record.base.version if record.base else "",
        record.state,
        record.version,
        int(record.missing),
        times.to_text(record.saved_at),
        record.saved_by,
        record.sync.value,
        record.errors,
    )


def _record(row: Any) -> StoredRecord:
    """Of a row of `_WHOLE`, in the order of the tables: by place is twice as fast as by name."""
    key, record_id, collection, portal_id, pending, version, state, sync, errors, missing, label, *rest = row
    _, _, _, saved_at, saved_by, _, body = rest
    return StoredRecord(
        key,
        RecordId(record_id),
        collection,
        portal_id,
        Snapshot.from_json(orjson.loads(body)) if body else None,
        _pending(pending),
        version,
        state,
        Sync(sync),
        errors,
        bool(missing),
        label,
        times.from_text(saved_at),
        saved_by,
    )
