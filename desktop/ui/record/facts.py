"""Who a record is and where it stands, in the few words of its head. Pure functions of views."""

from __future__ import annotations

from datetime import datetime

from desktop.model.collection import Collection
from desktop.model.document import Document
from desktop.model.standing import Sync
from desktop.services.views import RecordView
from desktop.ui import words
from desktop.ui.words import Look

_MOST_IDS = 2


def spoken_name(label: str) -> str:
    """The name as one says it: `Farrukh, Zain` is Zain Farrukh."""
    last, comma, first = label.partition(", ")
    return f"{first} {last}" if comma and first else label


def look_of_view(view: RecordView | None) -> Look:
    """How the record's state is shown; a new one that is not saved yet is a draft in words of its own."""
    if view is None:
        return Look("Not saved yet", "pencil-line", "check")
    if view.missing:
        return words.MISSING
    if view.sync == Sync.CLEAN and view.portal_id is None:
        return words.SAVED
    if view.sync == Sync.DRAFT and not view.caption:
        return Look("Draft", "pencil-line", "draft", filled=True)
    return words.SYNC[view.sync]


def facts_of(
    collection: Collection, view: RecordView | None, document: Document, place: int, count: int
) -> list[str]:
    """Own number, the portal's number, the portal's state, the place in the list."""
    if view is None:
        return [
            f"Saved with the first answer. Sent to {collection.portal_short} when nothing is left to put right."
        ]
    ids: list[str] = []
    for key in collection.keys:
        value = document.get(key) or view.extras.get(key)
        if value:
            ids.append(str(value) if key == collection.own_key else f"{_key_words(collection, key)} {value}")
    state = f"{view.state_label} at the portal" if view.portal_id else view.state_label
    where = f"Record {words.number(place + 1)} of {words.number(count)}" if place >= 0 and count else ""
    return [*ids[:_MOST_IDS], state, where]


def _key_words(collection: Collection, key: str) -> str:
    field = collection.field(key)
    return field.label if field else key.upper()


def saved_words(view: RecordView | None, now: datetime) -> str:
    """When it was saved, such as `Saved here 13:54`; "" while there is nothing on disk."""
    if view is None or view.saved_at is None:
        return ""
    return f"Saved here {words.when(view.saved_at, now)}"
