"""Needs that are told rather than compared: refused, not known yet, closed or missing at the portal.

Each shows what is known, what happens next, and the few things that can be done. Plain data in, past-tense signals out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from desktop.model.change import ChangeKind
from desktop.model.collection import Collection
from desktop.services.views import HistoryEntry, Need, PortalView, QueueItem
from desktop.ui import words
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import Card, outdent
from desktop.ui.parts.text import Text
from desktop.ui.record.outlook import refused_path

PUT_RIGHT, TAKE_BACK, LOOK, OPEN, SHEET = "put_right", "take_back", "look", "open", "sheet"
GIVE_UP, KEEP, SEND_ANEW = "give_up", "keep", "send_anew"


@dataclass(frozen=True)
class Way:
    """One thing to do: key, words, and a sentence on what follows."""

    key: str
    words: str
    text: str = ""
    kind: str = "secondary"


@dataclass(frozen=True)
class Told:
    """What such a screen says. `facts` are pairs; `said` the portal's words as (path, label, message)."""

    sentence: str
    title: str
    facts: tuple[tuple[str, str], ...]
    next_title: str
    next_text: str
    ways: tuple[Way, ...]
    said: tuple[tuple[str, str, str], ...] = ()


def told(
    collection: Collection, need: Need, history: Sequence[HistoryEntry], now: datetime, portal: PortalView
) -> Told:
    """What to say of a need that is no conflict of fields: what happened, what is safe, what each way will do."""
    if need.kind == "unknown":
        return _unknown(collection, need, history, now, portal)
    makers = {"refused": _refused, "held": _held, "closed": _closed, "missing": _missing}
    return makers[need.kind](collection, need, history, now)


def _times(
    history: Sequence[HistoryEntry], event: str, words_: str, now: datetime
) -> tuple[tuple[str, str], ...]:
    entry = next((e for e in history if e.event == event), None)
    return ((words_, words.when(entry.at, now)),) if entry else ()


def _refused(collection: Collection, need: Need, history: Sequence[HistoryEntry], now: datetime) -> Told:
    short, change = collection.portal_short, need.change
    assert change is not None
    said = tuple(
        (refused_path(change, path), _label(collection, change, path), message)
        for path, message in change.refusals
    )
    opens = "Opens the record at the field. What you save there is sent in its turn."
    ways = [Way(PUT_RIGHT, "Put right", opens, "primary")]
    if not collection.sends:
        sheet = "What to do next stands there: try it again, go another way, or say that it is there already."
        ways = [
            Way(SHEET, "Go to its sheet", sheet, "primary"),
            Way(PUT_RIGHT, "Open the record", "To put it right."),
        ]
    if change.kind is not ChangeKind.CREATE:
        back = (
            "The action is not done, and not tried again. You can ask for it again later."
            if change.kind is ChangeKind.ACTION
            else f"The record is then as {short} has it. Yours stays readable in the history."
        )
        ways.append(Way(TAKE_BACK, "Take this change back", back))
    again = "is sent again" if collection.sends else "can be typed again"
    return Told(
        f"{short} did not take this change. Nothing is lost: it is kept here, and {again} once you have put it right.",
        f"What {short} said",
        (
            ("What was sent" if collection.sends else "What was typed", change.what),
            *_times(history, "refused", "Refused", now),
        ),
        "What you can do",
        _next_after_refusal(collection),
        tuple(ways),
        said or (("", "", need.what),),
    )


def _held(collection: Collection, need: Need, history: Sequence[HistoryEntry], now: datetime) -> Told:
    """A change that Holdfast holds because of what a colleague recorded: the portal knows nothing of it."""
    found = _refused(collection, need, history, now)
    return replace(
        found,
        sentence=f"This change was not put to {collection.portal_short}. Nothing is lost: it is kept here until you have decided.",
        title="Why it is held",
        facts=found.facts[1:],
        next_text="Speak with your colleague first if you are not sure.",
    )


def _next_after_refusal(collection: Collection) -> str:
    short = collection.portal_short
    if not collection.sends:
        return f"If you think that {short} is wrong, show its support the words above."
    return (
        f"Change what {short} did not take. Nothing is sent until you do. If you think that {short} is wrong, show "
        "its support the words above."
    )


def _label(collection: Collection, change: QueueItem, path: str) -> str:
    field = collection.field(refused_path(change, path))
    return field.label if field else ""


def _unknown(
    collection: Collection, need: Need, history: Sequence[HistoryEntry], now: datetime, portal: PortalView
) -> Told:
    short, change = collection.portal_short, need.change
    assert change is not None
    tries = (("Tries", words.number(change.attempts)),) if change.attempts > 1 else ()
    what = {
        ChangeKind.CREATE: "If it is there, it is taken as sent. If it is not there after a while, it is sent once more.",
        ChangeKind.ACTION: f"If {short} shows it, it is taken as done. If not, it is sent once more.",
    }.get(
        change.kind,
        f"If {short} has your values, it is taken as sent. If it has the old ones, they are sent once more.",
    )
    return Told(
        "This was sent, and no answer came. It may have arrived. It is kept here, and nothing is sent twice by guess.",
        "What we know",
        (
            ("What was sent", change.what),
            *_times(history, "sending", "Sent", now),
            *tries,
            *_times(history, "looked", "Looked for it", now),
            ("Next look", _next_look(change, portal, now)),
        ),
        "What happens next",
        f"Holdfast looks at {short} before it sends anything again. {what} You need not do anything.",
        (Way(LOOK, "Look now", f"Asks {short} at once whether it is there.", "primary"),),
    )


def _next_look(change: QueueItem, portal: PortalView, now: datetime) -> str:
    """When it is looked for, as far as that is known."""
    if not portal.connected:
        return f"When {portal.portal_short} is connected"
    if words.is_down(portal.state):
        tried = portal.next_check
        asked = f" (next try {words.when(tried, now)})" if tried and tried > now else ""
        return f"When {portal.portal_short} answers again{asked}"
    if change.next_try and change.next_try > now:
        return words.when(change.next_try, now)
    return "With the next sync"


def _closed(collection: Collection, need: Need, _history: Sequence[HistoryEntry], _now: datetime) -> Told:
    short = collection.portal_short
    return Told(
        f"You changed this record, and then it was closed at {short}. Your change is kept here and is not sent.",
        "Why it cannot be sent",
        (("At the portal", need.what),),
        "What you can do",
        f"If it was closed by mistake, ask {short}’s support to open it: your change is then sent by itself. "
        "Nothing happens to it until you decide.",
        (
            Way(
                GIVE_UP,
                "Give up my change",
                f"The record is then as {short} has it. This cannot be undone here; your values stay readable in "
                "the history.",
            ),
        ),
    )


def _missing(collection: Collection, _need: Need, history: Sequence[HistoryEntry], now: datetime) -> Told:
    short, one = collection.portal_short, collection.singular
    return Told(
        f"{short} does not list this record any more. Somebody may have deleted it there.",
        "What we know",
        (*_times(history, "missing", "Not in the list since", now), ("Here", "Everything is kept")),
        "What you can do",
        f"Look at {short} whether it was deleted by mistake. Everything is kept here, and nothing is sent until you "
        "decide.",
        (
            Way(KEEP, "Keep it here, unsent", "It stays in your list; its changes are not sent.", "primary"),
            Way(
                GIVE_UP,
                "Give up my change",
                f"It stays in your list as {short} last had it. Your values stay readable in the history.",
            ),
            Way(
                SEND_ANEW,
                "Send it again as new",
                f"If {short} lost it: all of it goes again, as a new {one}. Once sent, that cannot be undone here.",
            ),
        ),
    )


class ToldView(QWidget):
    """Two cards: what is known, and what can be done."""

    way_chosen = Signal(str)
    field_asked = Signal(str)

    def __init__(self, told_: Told) -> None:
        super().__init__()
        self.told = told_
        self._buttons: list[Button] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self._known_card())
        column.addWidget(self._next_card())

    def _known_card(self) -> Card:
        card = Card("error" if self.told.said else "plain")
        card.add_head(self.told.title)
        for path, label, message in self.told.said:
            card.body.addWidget(Text(label, weight=500)) if label else None
            card.body.addWidget(Text(f"“{message}”", wrap=True))
            if path:
                button = Button(f"Put right: {label or path}", "link", small=True)
                button.setProperty("path", path)
                button.clicked.connect(self._on_field_clicked)
                card.body.addLayout(outdent(button))
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for number, (label, text) in enumerate(self.told.facts):
            grid.addWidget(Text(label, "table", "ink2"), number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(Text(text, "table", wrap=True), number, 1)
        card.body.addLayout(grid)
        return card

    def _next_card(self) -> Card:
        card = Card("plain")
        card.add_head(self.told.next_title)
        card.body.addWidget(Text(self.told.next_text, wrap=True))
        ways = QGridLayout()
        ways.setHorizontalSpacing(12)
        ways.setVerticalSpacing(10)
        ways.setColumnStretch(1, 1)
        for number, way in enumerate(self.told.ways):
            button = Button(way.words, "primary" if way.kind == "primary" else "secondary")
            button.setProperty("way", way.key)
            button.clicked.connect(self._on_way_clicked)
            self._buttons.append(button)
            ways.addWidget(button, number, 0)
            ways.addWidget(Text(way.text, "table", "ink2", wrap=True), number, 1)
        card.body.addLayout(ways)
        return card

    def take_focus(self) -> None:
        if self._buttons:
            self._buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_way_clicked(self) -> None:
        self.way_chosen.emit(str(self.sender().property("way")))

    def _on_field_clicked(self) -> None:
        self.field_asked.emit(str(self.sender().property("path")))
