"""The verbs about what is on its way to a portal, and when it goes: queue, take-back, pause, resume, timetable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from desktop.cli import way_out, words
from desktop.cli.answer import Answer
from desktop.cli.output import pairs, table
from desktop.cli.records import changed
from desktop.cli.session import Session
from desktop.cli.shown import change_data
from desktop.model.errors import UnknownName, UsageError
from desktop.model.timetable import Timetable, clock_time
from desktop.services import wording
from desktop.services.views import QueueItem


def queue(session: Session) -> Answer:
    """Everything that waits, is being sent, is not known to have arrived, or is stuck; in the order of sending.

    `--out` saves it, with drafts; `--from` shows a saved one instead.
    """
    if session.args.source is not None:
        return way_out.shown(session)
    saved = way_out.saved(session) if session.args.out is not None else None
    items = session.workspace.queue.items()
    today = session.workspace.today()
    summary = session.workspace.queue.summary()

    def lines() -> Iterator[str]:
        heads = ("No.", "Name", "What", "State", "Tries", "Next try", "Why", "Id")
        yield from table(
            heads, ((*_row(item), words.when(item.next_try, today), item.reason, item.id) for item in items)
        )
        yield _summed(items)
        if saved:
            yield way_out.told(saved)

    data: dict[str, Any] = {
        "items": [change_data(item) for item in items],
        "paused": summary.paused,
        "held": summary.held,
        "money_gbp": summary.money_gbp,
    }
    return Answer(data | way_out.data_of(saved) if saved else data, lines)


def _row(item: QueueItem) -> tuple[str, str, str, str, str]:
    place = str(item.place) if item.place else ""
    return place, item.record_label, item.what, wording.CHANGE[item.state], str(item.attempts or "")


def _summed(items: Sequence[QueueItem]) -> str:
    return f"{wording.count(len(items), 'change')} on the way" if items else "Nothing is waiting."


def take_back(session: Session) -> Answer:
    """Take one change back before it is sent; exit 2 when it may be on its way already."""
    workspace, change_id = session.workspace, session.args.id
    item = next((i for i in workspace.queue.items() if i.id == change_id), None)
    if item is None:
        raise UnknownName(f'No change with the id "{change_id[:80]}" waits. See: holdfast queue')
    workspace.queue.take_back(change_id)
    view = workspace.records.view(item.record_id)
    return changed(workspace.collection(item.collection), view, f"Taken back: {item.what}.")


def pause(session: Session) -> Answer:
    """Nothing goes by itself until `resume`."""
    session.workspace.queue.pause()
    return Answer(
        {"paused": True}, lambda: ("Paused: nothing is sent by itself. Go on with: holdfast resume",)
    )


def resume(session: Session) -> Answer:
    """Go on: also after a portal was put back to an older copy."""
    session.workspace.queue.resume()
    return Answer({"paused": False}, lambda: ("What waits is sent with the next pass: holdfast sync",))


def timetable(session: Session) -> Answer:
    """Show the timetable, or change what was named. Raises UsageError for what cannot be kept."""
    schedule, args = session.workspace.schedule, session.args
    old = schedule.timetable()
    new = replace(old, **_changes(args))
    if new != old:
        schedule.change(new)
    due = session.workspace.sync.due()
    data = {**new.to_json(), "next_pass": words.iso(due.at) if due else None}
    return Answer(data, lambda: _timetable_lines(new))


def _changes(args: Any) -> dict[str, Any]:
    named: dict[str, Any] = {"every_min": args.every, "share": args.share}
    if args.automatic is not None:
        named["automatic"] = args.automatic == "on"
    found = {n: v for n, v in named.items() if v is not None}
    if args.quiet is not None:
        begin, dash, end = args.quiet.partition("-")
        off = args.quiet.strip().lower() == "off"
        if not off and not dash:
            raise UsageError("Quiet hours look like 22:00-06:30, or off.")
        found["quiet_from"], found["quiet_until"] = (
            (None, None) if off else (clock_time(begin), clock_time(end))
        )
    return found


def _timetable_lines(table: Timetable) -> Iterator[str]:
    quiet = f"{table.quiet_from:%H:%M} to {table.quiet_until:%H:%M}" if table.quiet_from else "none"
    yield from pairs(
        [
            ("By itself", "on" if table.automatic else "off"),
            ("A look every", wording.count(table.every_min, "minute")),
            ("This computer's share", f"{wording.count(table.share, 'request')} a minute"),
            ("Quiet hours", quiet),
        ]
    )
