"""Writing the content of records inside a unit of work: the one way for a form, a bulk act, a paste and an undo (I1).

Every write lays down the record, its journal row and the rows of the queue together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from desktop.model.change import ChangeState
from desktop.model.collection import Collection, Kind
from desktop.model.document import ChildPatch, Document, Fields, Patch, apply, diff, value_at
from desktop.model.errors import UnknownName
from desktop.model.ids import RecordId, new_id
from desktop.services.core import Core, refuse_unwritable
from desktop.store.behind import CHUNK
from desktop.store.records import StoredRecord
from desktop.store.store import Unit
from desktop.sync import advice, outbox

_OPEN_FATE = (ChangeState.SENDING, ChangeState.UNKNOWN)


def closed(collection: Collection, record: StoredRecord) -> str:
    """Why a record takes no edits, in a sentence; "" when it does."""
    if collection.takes_edits(record.state):
        return ""
    state = collection.state(record.state)
    label = state.label if state else record.state
    label = label if label[:2].isupper() else label[:1].lower() + label[1:]
    return f"{collection.portal_short} takes no changes of a {collection.singular} that is {label}."


def patched(unit: Unit, collection: Collection, record: StoredRecord, patch: Patch) -> Document:
    """The local content with a patch laid over it. Raises UnknownName, UsageError."""
    patch = as_now(unit, patch)
    check_names(collection, patch)
    after = apply(record.document, patch)
    as_kinds(collection, after)
    return after


def as_now(unit: Unit, patch: Patch) -> Patch:
    """A form may know a child by the local id it had before the portal gave it one."""
    if not patch.children:
        return patch
    children: dict[str, dict[str, ChildPatch]] = {}
    for kind, patches in patch.children.items():
        for child_id, child_patch in patches.items():
            now = child_id if child_patch.added else unit.portals.child_alias(child_id) or child_id
            children.setdefault(kind, {})[now] = child_patch
    return Patch(patch.fields, children)


def store(
    core: Core,
    unit: Unit,
    record: StoredRecord,
    after: Document,
    event: str,
    *,
    group: str = "",
    changed: Patch | None = None,
) -> StoredRecord:
    """Make `after` the local content. `event` ("edited", "reverted") and `group` (a bulk act) are for the journal.

    `changed` = what leads there from the present content, if it is known already.
    """
    collection = core.collection_of(record)
    base = record.base.document if record.base else Document()
    kept = _without_lookup(collection, after)
    if kept is not after:
        after, changed = kept, None
    if changed is None:
        changed = diff(record.document, after)
    saved = unit.records.save(collection, record, pending=diff(base, after), saved=(unit.now, unit.actor))
    if changed:
        values = {
            p: [
                collection.tellable(p, value_at(record.document, p)),
                collection.tellable(p, value_at(after, p)),
            ]
            for p in changed.touched()
        }
        unit.journal.write(event, record.id, _grouped({"fields": values}, group))
    advice.keep_in_step(unit, collection, record.id, after, changed.touched())
    outbox.follow(unit, collection, saved, core.today(), edited=True)
    _follow_related(core, unit, collection, record.id, record.document, after)
    return core.record(unit, record.id)


def as_new(collection: Collection, document: Document) -> Document:
    """A copy that can be added: children with ids, values of the right kinds. Raises UnknownName, UsageError."""
    document = document.copy()
    for group in document.children.values():
        for child in group:
            child.id = child.id or new_id()
    children = {
        kind: {child.id: ChildPatch(child.fields, added=True) for child in group}
        for kind, group in document.children.items()
    }
    check_names(collection, Patch(document.fields, children))
    as_kinds(collection, document)
    return _without_lookup(collection, document)


def add(
    core: Core, unit: Unit, collection: Collection, record_id: str, document: Document, *, group: str = ""
) -> StoredRecord:
    """A new record with its queue row; `document` as `as_new` left it."""
    _begin(
        core, unit, collection, unit.records.add(collection, record_id, document, unit.now, unit.actor), group
    )
    return core.record(unit, record_id)


def add_many(
    core: Core, unit: Unit, collection: Collection, documents: Mapping[RecordId, Document], *, group: str = ""
) -> Iterator[RecordId]:
    """As `add`, for any number, by local id; yields the id of each as it is done. Memory stays bounded (D30)."""
    rest = iter(documents.items())
    while some := dict(islice(rest, CHUNK)):
        unit.add(collection, some)
        for record_id in some:
            _begin(core, unit, collection, core.record(unit, record_id), group)
            yield record_id


def _begin(core: Core, unit: Unit, collection: Collection, record: StoredRecord, group: str) -> None:
    fields = {p: collection.tellable(p, value) for p, value in record.pending.fields.items()}
    unit.journal.write("added", record.id, _grouped({"fields": fields}, group))
    outbox.follow(unit, collection, record, core.today(), edited=True)
    _follow_related(core, unit, collection, record.id, record.document)


def _follow_related(
    core: Core, unit: Unit, collection: Collection, record_id: RecordId, *documents: Document
) -> None:
    """What rules say of other records may depend on this one: as it was, and as it is."""
    found = {
        other.id: other
        for document in documents
        for other in outbox.related_records(unit, collection, document, record_id)
    }
    for other in found.values():
        outbox.follow(unit, collection, other, core.today())


def may_be_there(unit: Unit, record: StoredRecord) -> bool:
    """Whether the portal has the record, or may have: then it cannot be deleted here."""
    changes = unit.outbox.of_record(record.id)
    sent = any(c.state in _OPEN_FATE or "document" in c.payload for c in changes)
    return record.portal_id is not None or sent


def discard(core: Core, unit: Unit, record: StoredRecord, group: str = "") -> None:
    """Delete a draft that never reached the portal (`may_be_there`)."""
    collection = core.collection_of(record)
    content = record.document.to_json()
    content["fields"] = {p: collection.tellable(p, value) for p, value in content["fields"].items()}
    unit.journal.write("discarded", record.id, _grouped({"content": content}, group))
    unit.records.remove(record.key)
    advice.forget(unit, record.id)
    _follow_related(core, unit, collection, record.id, record.document)
    unit.touched.records.add("*")
    unit.touched.queue = True


def _grouped(detail: dict[str, Any], group: str) -> Mapping[str, Any]:
    return detail | {"group": group} if group else detail


def inverse(collection: Collection, before: Document, after: Document) -> Patch:
    """The patch that takes an edit back. Children that were removed come back under their old id."""
    return keepable(collection, diff(after, before))


def keepable(collection: Collection, patch: Patch) -> Patch:
    """A patch as it may be kept for an undo: what is asked only to find a person is never kept for that."""
    fields = {n: v for n, v in patch.fields.items() if not is_lookup(collection, n)}
    return patch if len(fields) == len(patch.fields) else Patch(fields, patch.children)


def is_lookup(collection: Collection, path: str) -> bool:
    """Whether a field is asked only to find a person."""
    field = collection.field(path)
    return field is not None and field.lookup


def _without_lookup(collection: Collection, document: Document) -> Document:
    """What was asked only to find a person goes once the portal has answered who it is."""
    answered = collection.looked_up is not None and collection.looked_up(document)
    return collection.without_lookup(document) if answered else document


def check_names(collection: Collection, patch: Patch) -> None:
    """Raises UnknownName for the first field or child kind that the collection does not have."""
    for name, value in patch.fields.items():
        if collection.field(name) is None or "." in name:
            raise UnknownName(f'{collection.title} have no field "{name[:80]}".')
        refuse_unwritable(value)
    for kind, patches in patch.children.items():
        if collection.child_kind(kind) is None:
            raise UnknownName(f'{collection.title} have no "{kind[:80]}".')
        for child_patch in patches.values():
            for name, value in child_patch.fields.items():
                if collection.field(f"{kind}.{name}") is None:
                    raise UnknownName(f'{kind.capitalize()} have no field "{name[:80]}".')
                refuse_unwritable(value)


def as_kinds(collection: Collection, document: Document) -> None:
    """Codes are text even where they look like numbers; "" is None; whole numbers stay whole numbers."""

    def settle(fields: Fields, prefix: str) -> None:
        for name, value in fields.items():
            if value == "":
                fields[name] = None
            elif isinstance(value, int):
                known = collection.field(f"{prefix}{name}")
                if known is not None and known.kind is not Kind.INTEGER:
                    fields[name] = str(value)

    settle(document.fields, "")
    for kind, group in document.children.items():
        for child in group:
            settle(child.fields, f"{kind}.")
