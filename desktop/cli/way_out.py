"""`queue --out` and `queue --from`: what waits, saved as a file, and what is in such a file (D25)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from desktop.cli import words
from desktop.cli.answer import Answer
from desktop.cli.output import table
from desktop.cli.session import Session
from desktop.collections import all_collections
from desktop.model.change import Change
from desktop.model.collection import Collection
from desktop.model.errors import UsageError
from desktop.services import queue_file, typing_list, way_out, wording
from desktop.services.core import today_in_london
from desktop.services.queue_file import QueueFile
from desktop.services.unsent import Unsent, in_turn
from desktop.services.way_out import SHEET, Saved


def saved(session: Session) -> Saved:
    """Write everything that is not at the portal yet."""
    target = Path(session.args.out)
    way_out.refuse_other_kinds(target)
    _refuse_no_folder(target)
    return session.workspace.way_out.save(target)


def _refuse_no_folder(target: Path) -> None:
    if not target.absolute().parent.is_dir():
        raise UsageError(f"There is no folder {target.parent.name}. Make it first; nothing was written.")


def data_of(file: Saved) -> dict[str, Any]:
    """What `queue --out` adds to its object."""
    return {"file": str(file.file), "records": file.records, "changes": file.changes}


def told(file: Saved) -> str:
    """Where it went and who can read it."""
    changes, records = wording.count(file.changes, "change"), wording.count(file.records, "record")
    readers = (
        "Anybody can read it, and it holds personal data: delete it when all is typed."
        if file.file.suffix.lower() == SHEET
        else "It opens with the passphrase of this workspace: holdfast queue --from"
    )
    return f"{changes} of {records}, drafts too, saved as {file.file.name}. {readers}"


def shown(session: Session) -> Answer:
    """What is in a saved queue, without a workspace; with `--out FILE.csv` its spreadsheet is written, too."""
    source = Path(session.args.source)
    target = Path(session.args.out) if session.args.out is not None else None
    if target is not None and target.suffix.lower() != SHEET:
        raise UsageError(
            f"Of a saved queue only the spreadsheet can be made: give a file name that ends in {SHEET}. Nothing was written."
        )
    if target is not None:
        _refuse_no_folder(target)
    queue_file.look_at(source)
    content = queue_file.read_queue_file(source, session.file_passphrase("saved queue"))
    collections = all_collections()
    turns = in_turn(content.unsent)
    data = _data(content, collections, turns, source)
    sheet = way_out.write_sheet(target, content.unsent, collections, today_in_london()) if target else None
    if sheet is not None:
        data |= data_of(sheet)

    def lines() -> Iterator[str]:
        made = f"{words.when(content.made_at)} by {content.made_by or 'Holdfast'}"
        of = f"{wording.count(content.changes, 'change')} of {wording.count(len(content.unsent), 'record')}"
        yield f"{content.organisation.name}: {of}, saved {made}"
        heads = ("No.", "Name", "What", "State", "Tries", "Why", "Id")
        yield from table(heads, (_row(collections, n, *turn) for n, turn in enumerate(turns, start=1)))
        if sheet is not None:
            yield told(sheet)

    return Answer(data, lines)


def _row(collections: Mapping[str, Collection], place: int, one: Unsent, change: Change) -> tuple[str, ...]:
    what = wording.what_will_be_sent(collections[one.record.collection], change, one.record)
    state, tries = wording.CHANGE[change.state], str(change.attempts or "")
    return str(place), one.record.label, what, state, tries, change.reason, change.id


def _data(
    content: QueueFile,
    collections: Mapping[str, Collection],
    turns: list[tuple[Unsent, Change]],
    source: Path,
) -> dict[str, Any]:
    rows, last = content.journal
    return {
        "from": str(source),
        "records": len(content.unsent),
        "changes": content.changes,
        "format": queue_file.FORMAT,
        "program": content.program,
        "organisation": content.organisation.name,
        "made_at": words.iso(content.made_at),
        "made_by": content.made_by,
        "journal": {"rows": rows, "last": last},
        "items": [_item(collections[one.record.collection], one, change) for one, change in turns],
    }


def _item(collection: Collection, one: Unsent, change: Change) -> dict[str, Any]:
    """As `queue` lists a change, with the answers that a person would type."""
    record = one.record
    return {
        "id": change.id,
        "record": record.id,
        "portal_id": record.portal_id,
        "collection": record.collection,
        "kind": change.kind,
        "target": change.target,
        "state": change.state,
        "attempts": change.attempts,
        "next_try": words.iso(change.not_before),
        "reason": change.reason,
        "label": record.label,
        "what": wording.what_will_be_sent(collection, change, record),
        "saved_at": words.iso(record.saved_at or change.created_at),
        "actor": change.actor,
        "answers": [
            {
                "field": answer.path,
                "question": answer.question,
                "ours": answer.ours,
                "code": answer.code,
                "theirs": answer.theirs,
            }
            for answer in typing_list.answers(collection, record, change)
        ],
    }
