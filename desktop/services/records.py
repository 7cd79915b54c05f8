"""Records: finding, reading, adding, editing, and the actions of a person on one record."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from desktop.model.change import Change, ChangeKind
from desktop.model.collection import Collection
from desktop.model.document import Child, Document, Fields, Patch, Value, diff
from desktop.model.errors import AmbiguousRef, HoldfastError, UnknownName, UnknownRef, UsageError
from desktop.model.finding import Finding, Severity
from desktop.model.ids import RecordId, new_id
from desktop.model.person import Role
from desktop.services import writing
from desktop.services.core import Core
from desktop.services.people import demand, sitting
from desktop.services.queue import Queue, caption_of
from desktop.services.views import Edited, RecordQuery, RecordView, Row
from desktop.store.lists import Question
from desktop.store.records import StoredRecord
from desktop.store.store import Unit
from desktop.sync import outbox
from desktop.sync.absorb import contest, owed
from desktop.validation.engine import check_action

_STORABLE = range(-(1 << 63), 1 << 63)
"""Whole numbers that JSON text in the database can hold; larger ones are kept as text, and a rule says so."""


class ActionRefused(HoldfastError):
    """An action was not queued; `findings` say why."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(" ".join(f.message for f in findings) or "This is not possible now.")
        self.findings = tuple(findings)


class Records:
    """All that can be done to records. Reads may come from any thread; writes take the one writer's turn."""

    def __init__(self, core: Core, queue: Queue) -> None:
        self._core = core
        self._queue = queue

    # -- finding ------------------------------------------------------------------------------------

    def find(self, query: RecordQuery) -> array[int]:
        """Keys of the matching records, in order. Raises UnknownName for a filter that does not exist."""
        with self._core.store.read() as unit:
            return array("q", unit.lists.find(self._question(query)))

    def count(self, query: RecordQuery) -> int:
        with self._core.store.read() as unit:
            return unit.lists.count(self._question(query))

    def page(self, query: RecordQuery, limit: int, offset: int = 0) -> list[Row]:
        """Rows `offset` to `offset + limit` of a query."""
        with self._core.store.read() as unit:
            return self._rows(unit, unit.lists.find(self._question(query), limit, offset))

    def rows(self, keys: Sequence[int]) -> list[Row]:
        """Rows in the order of the keys; records that are gone are left out."""
        with self._core.store.read() as unit:
            return self._rows(unit, list(keys))

    def documents(self, keys: Sequence[int]) -> dict[RecordId, Document]:
        """The local content of many records, read together; records that are gone are left out."""
        with self._core.store.read() as unit:
            return {record.id: record.document.copy() for record in unit.records.contents(keys)}

    def child_id(self, record_id: str, kind: str, named: str) -> str:
        """The id by which a child goes now, also when named by the one it had before it was sent. Raises UnknownRef."""
        with self._core.store.read() as unit:
            document = self._core.record(unit, record_id).document
            for child_id in (named, unit.portals.child_alias(named) or named):
                if document.child(kind, child_id) is not None:
                    return child_id
        raise UnknownRef(f'This record has nothing called "{named[:80]}" among its {kind}.')

    def facet_values(self, collection: str, name: str) -> dict[str | int | None, int]:
        """The values a facet takes, and how many records have each."""
        with self._core.store.read() as unit:
            return unit.lists.facet_values(collection, name)

    def resolve(self, collection: str, ref: str) -> RecordId:
        """The one record that `ref` names. Raises UnknownRef, or AmbiguousRef with the candidates."""
        known = self._core.collection(collection)
        with self._core.store.read() as unit:
            found = unit.lists.matching_ref(known.name, ref)
        if not found:
            raise UnknownRef(f'No {known.singular} on this computer has the reference "{ref[:80]}".')
        if len(found) > 1:
            ids = [record_id for record_id, _ in found]
            raise AmbiguousRef(
                f"{len(found)} records have this reference. Name one of them by its id: {', '.join(ids[:10])}.",
                ids,
            )
        return found[0][0]

    def _question(self, query: RecordQuery) -> Question:
        known = self._core.collection(query.collection)
        facet_names = known.facets(Document()).keys()
        special: dict[str, tuple[str, ...]] = {"sync": (), "state": ()}
        flags = {"money_only": False, "errors": False, "unready": False}
        facets: dict[str, tuple[str, ...]] = {}
        fields: dict[str, tuple[str, ...]] = {}
        for name, value in query.filters.items():
            values = (value,) if isinstance(value, str) else tuple(value)
            if name in special:
                special[name] = values
            elif name in flags:
                flags[name] = values not in ((), ("",), ("0",))
            elif known.field(name) is not None and "." not in name:
                fields[name] = values
            elif name in facet_names:
                facets[name] = values
            else:
                raise UnknownName(f'There is no field "{name}" to filter {known.title.lower()} by.')
        plain_sorts = {"label", "sync", "state", "updated"}
        if query.sort not in plain_sorts and query.sort not in facet_names:
            raise UnknownName(f'{known.title} cannot be sorted by "{query.sort}".')
        return Question(
            known.name,
            tuple(query.search.split()),
            special["sync"],
            special["state"],
            facets,
            fields,
            flags["money_only"],
            flags["errors"],
            flags["unready"],
            query.sort,
            query.descending,
        )

    def _rows(self, unit: Unit, keys: list[int]) -> list[Row]:
        lines = unit.lists.lines(keys)
        captions = self._queue.captions(unit, ((line.id, line.sync) for line in lines))
        return [
            Row(
                line.key,
                line.id,
                line.label,
                line.portal_id,
                line.sync,
                captions.of(line.id, line.sync, line.errors),
                line.state,
                line.facets,
                line.errors,
                line.missing,
            )
            for line in lines
        ]

    # -- one record ---------------------------------------------------------------------------------

    def view(self, record_id: str) -> RecordView:
        """One record as the record screen shows it. Raises UnknownRef."""
        with self._core.store.read() as unit:
            return self._view(unit, self._core.record(unit, record_id))

    def view_in(self, unit: Unit, record_id: str) -> RecordView:
        """The same, inside a unit of work."""
        return self._view(unit, self._core.record(unit, record_id))

    def _view(self, unit: Unit, record: StoredRecord) -> RecordView:
        collection = self._core.collection_of(record)
        findings = outbox.findings_of(collection, record, self._core.today(), unit)
        items = self._queue.items_of(unit, record)
        state = collection.state(record.state)
        who = sitting(unit)
        why_not = writing.closed(collection, record) or who.why_not(Role.ENTER)
        caption = caption_of(record, items)
        legal = [a.name for a in collection.actions if record.state in a.allowed]
        return RecordView(
            id=record.id,
            key=record.key,
            collection=record.collection,
            label=record.label,
            portal_id=record.portal_id,
            sync=record.sync,
            caption=caption,
            state=record.state,
            state_label=state.label if state else record.state or f"Not at {collection.portal_short} yet",
            editable=not why_not,
            why_not_editable=why_not,
            document=record.document.copy(),
            base=record.base.document.copy() if record.base else None,
            pending=record.pending,
            extras=dict(record.base.extras) if record.base else {},
            findings=tuple(findings),
            money=collection.money(record.document),
            money_at_portal=collection.money(record.base.document) if record.base else None,
            version=record.version,
            saved_at=record.saved_at,
            conflict=unit.decisions.of_record(record.id),
            changes=tuple(items),
            actions=tuple(legal),
            missing=record.missing,
            why_not_act=who.why_not(Role.SEND),
        )

    def add(self, collection: str, document: Document) -> RecordView:
        """A new record, with its queue row, in one transaction. Raises UnknownName for fields that do not exist."""
        known = self._core.collection(collection)
        document = writing.as_new(known, document)
        with self._core.store.write() as unit:
            demand(unit, Role.ENTER)
            return self._view(unit, writing.add(self._core, unit, known, new_id(), document))

    def edit(
        self,
        record_id: str,
        patch: Patch,
        *,
        group: str = "",
        seen: Mapping[str, Value] = MappingProxyType({}),
    ) -> Edited:
        """Lay a patch over the local content and bring the queue in step, in one transaction (I1).

        The patch is relative to what the form showed: fields it does not name keep what they hold by now.
        `seen` = what it showed of answers that the portal moved while they were typed: a conflict then (`absorb.contest`).
        `group` names a bulk act in the journal. Raises UnknownRef, UnknownName, UsageError.
        """
        with self._core.store.write() as unit:
            demand(unit, Role.ENTER)
            unit.hold((record_id,))
            record = self._core.record(unit, record_id)
            collection = self._core.collection_of(record)
            if why := writing.closed(collection, record):
                raise UsageError(f"{why} Nothing was changed.")
            before, after = record.document, writing.patched(unit, collection, record, patch)
            saved = writing.store(self._core, unit, record, after, "edited", group=group)
            if seen and contest(unit, collection, saved, seen):
                outbox.follow(unit, collection, saved, self._core.today())
                saved = self._core.record(unit, record.id)
            return Edited(self._view(unit, saved), writing.inverse(collection, before, saved.document))

    def revert(self, record_id: str, paths: Sequence[str] = ()) -> Edited:
        """Take changes back to what the portal holds: all of them, or the named paths (fields or `kind.id`)."""
        with self._core.store.write() as unit:
            demand(unit, Role.ENTER)
            record = self._core.record(unit, record_id)
            if record.base is None:
                raise UsageError("This record was never at the portal, so there is nothing to go back to.")
            before, after = record.document, record.document.copy()
            for path in paths or record.pending.touched():
                _take_back(after, record.base.document, path)
            after.fields.update(owed(unit, record))
            saved = writing.store(self._core, unit, record, after, "reverted")
            collection = self._core.collection_of(record)
            return Edited(self._view(unit, saved), writing.inverse(collection, before, saved.document))

    def discard(self, record_id: str) -> None:
        """Delete a draft that never reached the portal. Raises UsageError when it may have."""
        with self._core.store.write() as unit:
            demand(unit, Role.ENTER)
            record = self._core.record(unit, record_id)
            if writing.may_be_there(unit, record):
                raise UsageError("This record is, or may be, at the portal, so it cannot be deleted here.")
            writing.discard(self._core, unit, record)

    def copy(self, record_id: str) -> RecordView:
        """A new draft with the content of a record but for what names one person."""
        with self._core.store.read() as unit:
            record = self._core.record(unit, record_id)
        collection = self._core.collection_of(record)
        document = record.document.copy()
        for key in collection.keys:
            document.fields.pop(key, None)
        for group in document.children.values():
            for child in group:
                child.id, child.portal_id = new_id(), None
        return self.add(collection.name, document)

    def act(self, record_id: str, action: str, fields: Fields) -> RecordView:
        """Queue an action that a person confirmed. Raises UnknownName, or ActionRefused with findings."""
        with self._core.store.write() as unit:
            demand(unit, Role.SEND)
            record = self._core.record(unit, record_id)
            collection = self._core.collection_of(record)
            known = collection.action(action)
            if known is None:
                names = ", ".join(a.name for a in collection.actions)
                raise UnknownName(f'There is no action "{action}". There are: {names}.')
            names_there = {f.name for f in known.fields}
            if strange := sorted(set(fields) - names_there):
                raise UnknownName(f'The action "{action}" has no field "{strange[0]}".')
            findings = self.action_findings(collection, record, action, fields)
            errors = [f for f in findings if f.severity is Severity.ERROR]
            queued = unit.outbox.of_record(record.id)
            if any(c.kind is ChangeKind.ACTION for c in queued):
                errors.append(
                    Finding("ACTION-OPEN", Severity.ERROR, "", _one_at_a_time(queued, collection), record.id)
                )
            if errors:
                raise ActionRefused(errors)
            outbox.queue_action(unit, record, action, fields)
            return self._view(unit, self._core.record(unit, record.id))

    def action_findings(
        self, collection: Collection, record: StoredRecord, action: str, fields: Fields
    ) -> list[Finding]:
        """What the rules say of an action on this record with these fields."""
        known = collection.action(action)
        if known is None:
            return []
        context = outbox.context_of(collection, record, self._core.today())
        return check_action(known, record.document, fields, context, record.id)

    def possible_duplicates(self, collection: str, document: Document, but: str = "") -> list[Row]:
        """Records here that the portal would call the same person (pack 1.5); `but` = this record itself."""
        known = self._core.collection(collection)
        identity = known.identity(document)
        if identity is None:
            return []
        surname = str(document.get("last_name") or "")
        with self._core.store.read() as unit:
            keys = unit.lists.find(Question(known.name, tuple(surname.split())), 200)
            twins = [
                r.key
                for r in unit.records.contents(keys)
                if r.id != but and known.identity(r.document) == identity
            ]
            return self._rows(unit, twins)


def _one_at_a_time(queued: Sequence[Change], collection: Collection) -> str:
    waiting = next(c for c in queued if c.kind is ChangeKind.ACTION)
    known = collection.action(waiting.target)
    label = known.label if known else waiting.target
    return f'"{label}" is already waiting for this record. Take it back first if it is wrong.'


def _take_back(document: Document, base: Document, path: str) -> None:
    parts = path.split(".")
    if len(parts) == 1:
        document.fields[path] = base.fields.get(path)
        return
    group = document.children.setdefault(parts[0], [])
    held, old = document.child(parts[0], parts[1]), base.child(parts[0], parts[1])
    if old is None:
        if held is not None:
            group.remove(held)
    elif held is None:
        group.append(old.copy())
    elif len(parts) == 3:
        held.fields[parts[2]] = old.fields.get(parts[2])
    else:
        held.fields = dict(old.fields)


def document_from(collection: Collection, data: Mapping[str, object]) -> Document:
    """A document from plain JSON: fields flat, children as lists under their own keys (contract, verb `add`).

    Raises UnknownName for names the collection does not have, UsageError for shapes it cannot be.
    """
    document = Document()
    for name, value in data.items():
        if collection.child_kind(name) is not None:
            document.children[name] = [_child_from(name, c) for c in _listed(name, value)]
        elif collection.field(name) is None or "." in name:
            raise UnknownName(f'{collection.title} have no field "{name[:80]}".')
        else:
            document.fields[name] = plain(name, value)
    writing.check_names(collection, diff(Document(), document))
    return document


def _listed(name: str, value: object) -> list[object]:
    if not isinstance(value, list):
        raise UsageError(f'"{name}" must be a list of objects.')
    return value


def _child_from(kind: str, value: object) -> Child:
    if not isinstance(value, dict):
        raise UsageError(f'Each of "{kind}" must be an object of fields.')
    return Child(new_id(), {str(n): plain(str(n), v) for n, v in value.items()})


def plain(name: str, value: object) -> str | int | None:
    """A JSON value as the model keeps it. Raises UsageError for lists, objects and the like."""
    if isinstance(value, bool):
        raise UsageError(f'"{name[:80]}" must be text or a number, not true or false.')
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and value not in _STORABLE:
        return str(value)
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, list) and all(isinstance(v, str) for v in value):
        return ",".join(value)
    raise UsageError(f'"{name[:80]}" must be text or a number.')
