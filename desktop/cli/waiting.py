"""The verbs queue and take-back: what is on its way to a portal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from desktop.cli import words
from desktop.cli.answer import Answer
from desktop.cli.output import table
from desktop.cli.records import changed
from desktop.cli.session import Session
from desktop.cli.shown import change_data
from desktop.model.errors import UnknownName
from desktop.services import wording
from desktop.services.views import QueueItem


def queue(session: Session) -> Answer:
    """Everything that waits, is being sent, is not known to have arrived, or is stuck; in the order of sending."""
    items = session.workspace.queue.items()
    today = session.workspace.today()
    summary = session.workspace.queue.summary()

    def lines() -> Iterator[str]:
        heads = ("No.", "Name", "What", "State", "Tries", "Next try", "Why", "Id")
        yield from table(
            heads, ((*_row(item), words.when(item.next_try, today), item.reason, item.id) for item in items)
        )
        yield _summed(items)

    data = {
        "items": [change_data(item) for item in items],
        "paused": summary.paused,
        "money_gbp": summary.money_gbp,
    }
    return Answer(data, lines)


def _row(item: QueueItem) -> tuple[str, str, str, str, str]:
    place = str(item.place) if item.place else ""
    return place, item.record_label, item.what, words.CHANGE[item.state], str(item.attempts or "")


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
