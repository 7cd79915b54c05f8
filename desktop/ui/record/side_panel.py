"""Beside the form: what must be put right, the money, people who may be the same, what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout

from desktop.ui import words
from desktop.ui.fields.link_label import LinkLabel
from desktop.ui.icons import set_icon
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import Card, outdent
from desktop.ui.parts.money_card import MoneyCard
from desktop.ui.parts.text import Text
from desktop.ui.record.outlook import Problem
from desktop.ui.theme import theme

_MOST = 8


@dataclass(frozen=True)
class Happening:
    """One line of history: when, in few words, and what."""

    when: str
    what: str
    who: str = ""


def clear(layout: QVBoxLayout | QGridLayout) -> None:
    """Take every widget out of a layout and let it go."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()


class LinkText(LinkLabel):
    """A sentence that is a link as a whole, and breaks its lines (a button cannot)."""

    def __init__(self, words_: str, key: str) -> None:
        super().__init__("body")
        self._words, self._key = words_, key
        self.setMinimumHeight(24)
        self.setAccessibleName(words_)
        theme().changed.connect(self._fill)
        self._fill()

    def _fill(self) -> None:
        self.show_words("", self._key, self._words)


class ErrorSummary(Card):
    """Red edge, how many things to put right, each a link to its field. Takes the keyboard after a Save with errors."""

    path_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__("error", 16)
        picture = Text()
        set_icon(picture, "circle-x", "refused", 18)
        self._title = Text(role="section", tone="refused", wrap=True)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._title, 1)
        self._links = QVBoxLayout()
        self._links.setSpacing(8)
        self._foot = Text(role="caption", wrap=True)
        self.body.addLayout(head)
        self.body.addLayout(self._links)
        self.body.addWidget(self._foot)
        self.links: list[LinkText] = []
        self._shown: tuple[Problem, ...] = ()
        self.hide()

    def show_problems(self, problems: Sequence[Problem], foot: str) -> None:
        """Show these, or nothing when there are none."""
        self.setVisible(bool(problems))
        self._foot.setText(foot)
        if tuple(problems) == self._shown:
            return
        self._shown = tuple(problems)
        title = f"{words.count(len(problems), 'thing')} to put right"
        self._title.setText(title)
        self.setAccessibleName(title)
        held = any(link.hasFocus() for link in self.links)
        clear(self._links)
        self.links = [LinkText(problem.title, problem.path) for problem in problems[:_MOST]]
        for link in self.links:
            link.followed.connect(self.path_chosen)
            self._links.addWidget(link)
        if len(problems) > _MOST:
            self._links.addWidget(Text(f"and {len(problems) - _MOST} more", "caption"))
        if held:
            self.take_focus()

    def take_focus(self) -> None:
        """The keyboard goes to the first link, so that Enter leads to its field."""
        (self.links[0] if self.links else self).setFocus(Qt.FocusReason.OtherFocusReason)


class Duplicates(Card):
    """Somebody who is the same to the portal is already here; said while a new record is typed."""

    record_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__("plain", 16)
        picture = Text()
        set_icon(picture, "users", "conflict", 18)
        self._title = Text("Already here?", "section", "conflict", wrap=True)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._title, 1)
        self._text = Text(role="table", wrap=True)
        self._links = QVBoxLayout()
        self.body.addLayout(head)
        self.body.addWidget(self._text)
        self.body.addLayout(self._links)
        self._shown: tuple[tuple[str, str], ...] = ()
        self.hide()

    def show_people(self, people: Sequence[tuple[str, str]], portal_short: str) -> None:
        """(record id, words) of each; nothing when there is nobody."""
        self.setVisible(bool(people))
        if tuple(people) == self._shown:
            return
        self._shown = tuple(people)
        self._text.setText(f"{portal_short} would take this for the same person. Open the record to compare.")
        clear(self._links)
        for record_id, said in people:
            link = LinkText(said, record_id)
            link.followed.connect(self.record_chosen)
            self._links.addWidget(link)


class HistoryCard(Card):
    """What happened to the record, newest first."""

    full_asked = Signal()

    def __init__(self, title: str = "What happened", *, more: bool = True) -> None:
        super().__init__("plain", 16)
        self.add_head(title)
        self._lines = QGridLayout()
        self._lines.setVerticalSpacing(8)
        self._lines.setHorizontalSpacing(12)
        self._lines.setColumnStretch(1, 1)
        self.body.addLayout(self._lines)
        self._more = Button("Full history", "link", small=True)
        self.body.addLayout(outdent(self._more))
        self._offers_more = more
        self._more.hide()
        self._more.clicked.connect(self.full_asked)
        self._shown: tuple[Happening, ...] | None = None

    def show_entries(self, entries: Sequence[Happening]) -> None:
        if tuple(entries) == self._shown:
            return
        self._shown = tuple(entries)
        clear(self._lines)
        self._more.setVisible(self._offers_more and bool(entries))
        if not entries:
            self._lines.addWidget(Text("Nothing yet.", "table", "ink2"), 0, 0, 1, 2)
        top = Qt.AlignmentFlag.AlignTop
        for number, entry in enumerate(entries):
            what = f"{entry.what} ({entry.who})" if entry.who else entry.what
            self._lines.addWidget(Text(entry.when, "table", "ink3"), number, 0, top)
            self._lines.addWidget(Text(what, "table", wrap=True), number, 1, top)


class SidePanel(QFrame):
    """The cards, one under the other."""

    def __init__(self) -> None:
        super().__init__()
        self.summary = ErrorSummary()
        self.duplicates = Duplicates()
        self.money = MoneyCard()
        self.history = HistoryCard()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(20, 20, 20, 20)
        self.column.setSpacing(16)
        for card in (self.summary, self.duplicates, self.money, self.history):
            self.column.addWidget(card)
        self.column.addStretch(1)
