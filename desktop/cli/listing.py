"""The verb list: records of a collection, filtered, searched, page by page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from desktop.cli import typed, words
from desktop.cli.answer import Answer
from desktop.cli.output import table
from desktop.cli.session import Session
from desktop.cli.shown import answered, children_data
from desktop.model.collection import Collection, Kind
from desktop.model.errors import UnknownName
from desktop.model.standing import Sync
from desktop.services.views import RecordQuery, Row
from desktop.validation.entry import parse_value

_STANDINGS = tuple(s.value for s in Sync)


def list(session: Session) -> Answer:  # noqa: A001 - the verb's name
    """Records in the order of their names; `total` counts all that match."""
    args, workspace = session.args, session.workspace
    collection = workspace.collection(args.collection)
    query = RecordQuery(collection.name, args.search, _filters(collection, args.filter))
    total = workspace.records.count(query)
    rows = workspace.records.page(query, -1 if args.limit is None else args.limit, args.offset)
    records = [_row_data(row) for row in rows]
    if args.fields:
        held = workspace.records.documents([row.key for row in rows])
        for data in records:
            if (document := held.get(data["id"])) is not None:
                data |= {"fields": answered(document.fields), "children": children_data(document)}
    return Answer({"total": total, "records": records}, lambda: _lines(collection, rows, total))


def _filters(collection: Collection, asked: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Name -> accepted values; the same name again widens. Raises UnknownName for a state that does not exist."""
    found: dict[str, tuple[str, ...]] = {}
    for name, text in map(typed.split, asked):
        found[name] = (*found.get(name, ()), _meant(collection, name, text))
    for name, known in (("sync", _STANDINGS), ("state", tuple(s.key for s in collection.states))):
        if strange := [v for v in found.get(name, ()) if v not in known]:
            raise UnknownName(f'"{strange[0][:80]}" is not a value of {name}. There are: {", ".join(known)}.')
    return found


def _meant(collection: Collection, name: str, text: str) -> str:
    """Dates as people type them and labels of codes, as the store keeps them; all else as it is."""
    field = collection.field(name)
    if field is None or field.kind not in (Kind.DATE, Kind.CODE):
        return text
    meant = parse_value(field, text, collection.code_lists)
    return "" if meant is None else str(meant)


def _row_data(row: Row) -> dict[str, Any]:
    return {
        "id": row.id,
        "portal_id": row.portal_id,
        "label": row.label,
        "sync": row.sync,
        "state": row.state,
        "caption": row.caption,
        "errors": row.errors,
        "missing": row.missing,
    }


def _lines(collection: Collection, rows: Sequence[Row], total: int) -> Iterator[str]:
    heads = ("Name", "Here", "", collection.portal_short, "Portal id", "Local id")
    labels = {s.key: s.label for s in collection.states}
    yield from table(
        heads,
        (
            (r.label, words.SYNC[r.sync], r.caption, labels.get(r.state, r.state), r.portal_id, r.id)
            for r in rows
        ),
    )
    shown = "" if len(rows) == total else f"{len(rows):,} of "
    yield f"{shown}{total:,} {collection.singular if total == 1 else collection.title.lower()}"
