"""A portal's last 24 hours: state, bars, the last tries. Used on Home and on Waiting."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout

from desktop.services.views import PortalView
from desktop.ui.icons import set_icon
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import Card, clear, line, outdent
from desktop.ui.parts.day_strip import DayStrip
from desktop.ui.parts.text import ElidedLabel, Text
from desktop.ui.words import PORTAL, TRY, clock, count, portal_caption, same_day, when


class PortalCard(Card):
    """`shown` tries are listed; the link below opens all of them."""

    history_asked = Signal()

    def __init__(self, title: str, shown: int = 5, *, with_state: bool = True, padding: int = 20) -> None:
        super().__init__(padding=padding)
        self._shown, self._with_state = shown, with_state
        self._icon, self._word = Text(), Text(weight=600)
        self.add_head(title, self._icon, self._word)
        self._strip = DayStrip()
        self._line = line()
        self._tries = QGridLayout()
        self._tries.setHorizontalSpacing(16)
        self._tries.setVerticalSpacing(8)
        self._tries.setColumnMinimumWidth(0, 42)
        self._tries.setColumnStretch(1, 1)
        self._foot = line()
        self._all = Button("", "link")
        self.body.addSpacing(2)
        self.body.addWidget(self._strip)
        self.body.addWidget(self._line)
        self.body.addLayout(self._tries)
        self.body.addStretch(1)
        self.body.addWidget(self._foot)
        self.body.addLayout(outdent(self._all))
        self._all.clicked.connect(self.history_asked)
        self._strip.opened.connect(self.history_asked)

    def show_portal(self, portal: PortalView | None, now: datetime) -> None:
        """Show a portal; None = none is connected."""
        for label in (self._icon, self._word):
            label.setVisible(self._with_state and portal is not None)
        clear(self._tries)
        by_file = portal is not None and portal.by_file
        for part in (self._strip, self._line):
            part.setVisible(not by_file)
        if portal is None or not portal.connected:
            self._show_none(portal, now)
            return
        look = PORTAL[portal.state]
        set_icon(self._icon, look.icon, look.ink)
        self._word.setText(look.word)
        self._word.set_tone(look.ink)
        self._strip.show_strip(portal.strip, now)
        for place, (at, state, text) in enumerate(portal.tries[: self._shown]):
            self._tries.addWidget(Text(when(at, now), "table", "ink3"), place, 0)
            said = ElidedLabel(TRY.get(state, text), "table")
            said.setAccessibleDescription(text)
            self._tries.addWidget(said, place, 1)
        today = sum(same_day(at, now) for at, _state, _text in portal.tries)
        self._all.set_words(f"All {count(today, 'try', 'tries')} today" if today else "History of the portal")
        self._all.show()
        self._foot.show()

    def _show_none(self, portal: PortalView | None, now: datetime) -> None:
        """No program has a way in: none is connected, or people carry what goes there."""
        if portal is not None and portal.by_file:
            word, icon, text = (
                "By files",
                "file-output",
                f"{portal_caption(portal, now)}. Hand-over has the rest.",
            )
        else:
            word, icon, text = "Not connected", "unplug", "No portal is connected yet."
        self._word.setText(word)
        self._word.set_tone("ink3")
        set_icon(self._icon, icon, "ink3")
        self._strip.show_strip((), now)
        self._tries.addWidget(Text(text, "table", "ink2", wrap=True), 0, 0, 1, 2)
        self._all.hide()
        self._foot.hide()

    @staticmethod
    def since_words(portal: PortalView) -> str:
        """As "26 tries since 10:42" while it cannot be used; "" when it can."""
        if portal.since is None:
            return ""
        tries = sum(at >= portal.since for at, _state, _text in portal.tries)
        return f"{count(tries, 'try', 'tries')} since {clock(portal.since)}" if tries else ""
