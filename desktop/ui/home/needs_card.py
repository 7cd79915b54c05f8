"""Needs you, on Home: the first few things that only a person can decide."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.services.views import Need
from desktop.ui.icons import set_icon
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import RING, Card, clear, line
from desktop.ui.parts.state_label import StateLabel
from desktop.ui.parts.text import ElidedLabel, Text
from desktop.ui.theme import scaled, theme
from desktop.ui.words import NEED_DEED, count, money, need_look

SHOWN = 5
STATE_WIDTH = 130


class NeedsCard(Card):
    """A row's link goes to that decision, the head's link to all of them."""

    need_chosen = Signal(str)
    """The record's id."""
    all_asked = Signal()

    def __init__(self) -> None:
        super().__init__(padding=0)
        self._aside = Text(tone="ink2")
        self._all = Button("Open all", "link")
        head = QHBoxLayout()
        head.setContentsMargins(20, 14, 20, 14)
        head.setSpacing(12)
        head.addWidget(Text("Needs you", "section"))
        head.addWidget(self._aside)
        head.addStretch(1)
        head.addWidget(self._all)
        head.addSpacing(-RING)
        self._deeds: list[Button] = []
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self.body.setSpacing(0)
        self.body.addLayout(head)
        self.body.addLayout(self._rows)
        self.body.addStretch(1)
        self._all.clicked.connect(self.all_asked)

    def stops(self) -> list[QWidget]:
        """What takes the keyboard here, in reading order."""
        return [self._all, *self._deeds]

    def show_needs(self, needs: Sequence[Need]) -> None:
        """Show the first few, the most money first; an empty list says so."""
        many = len(needs)
        self._aside.setText(f"{count(many, 'record waits', 'records wait')} for a decision" if many else "")
        self._all.setVisible(many > 0)
        clear(self._rows)
        self._deeds = []
        self._rows.addWidget(line())
        if not many:
            self._rows.addWidget(self._nothing())
        first = sorted(needs, key=lambda need: -(need.money_gbp or 0))[:SHOWN]
        for place, need in enumerate(first):
            if place:
                self._rows.addWidget(line())
            self._rows.addWidget(self._row(need))

    def _row(self, need: Need) -> QWidget:
        box = QWidget()
        box.setMinimumHeight(theme().metrics.two_lines - 1)
        state = StateLabel(need_look(need))
        holder = QWidget()
        holder.setFixedWidth(scaled(STATE_WIDTH))
        held = QHBoxLayout(holder)
        held.setContentsMargins(0, 0, 0, 0)
        held.addWidget(state, 0, Qt.AlignmentFlag.AlignLeft)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(ElidedLabel(need.label, "body", weight=600))
        words.addWidget(ElidedLabel(need.what, "table", "ink2"))
        words.addStretch(1)
        deed = Button(NEED_DEED.get(need.kind, "Decide"), "link")
        deed.setAccessibleName(f"{deed.words}: {need.label}")
        deed.setProperty("record", need.record_id)
        deed.clicked.connect(self._on_deed_clicked)
        self._deeds.append(deed)
        layout = QHBoxLayout(box)
        layout.setContentsMargins(20, 4, 20, 4)
        layout.setSpacing(12)
        layout.addWidget(holder)
        layout.addLayout(words, 1)
        if need.money_gbp:
            layout.addWidget(Text(money(need.money_gbp), weight=600))
        layout.addWidget(deed)
        layout.addSpacing(-RING)
        return box

    def _nothing(self) -> QWidget:
        box = QWidget()
        tick = Text()
        set_icon(tick, "circle-check", "confirmed", 20)
        layout = QHBoxLayout(box)
        layout.setContentsMargins(20, 20, 20, 20)
        layout.addWidget(tick)
        layout.addWidget(Text("Nothing needs you now.", tone="ink2"), 1)
        return box

    def _on_deed_clicked(self) -> None:
        deed = self.sender()
        if deed is not None:
            self.need_chosen.emit(str(deed.property("record")))
