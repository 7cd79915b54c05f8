"""The money panel: a sum, what it is, and what it hangs on. An ambiguous table shows both sums, never one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from desktop.ui.icons import set_icon
from desktop.ui.parts.card import Card, clear, line
from desktop.ui.parts.text import Text
from desktop.ui.words import WILL_BE_CHECKED, money

UNKNOWN = "Not known yet"
OUR_READING = "Our reading of the table. The portal decides what is paid."


class MoneyCard(Card):
    """Shown beside a record. `show_money` may be called again and again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("money", 16, parent)
        self._aside = Text(role="caption")
        self.add_head("Money", self._aside)
        self._sum = Text(role="figure")
        self._what = Text(tone="ink2", wrap=True)
        self._lines = QGridLayout()
        self._lines.setVerticalSpacing(6)
        self._lines.setColumnStretch(1, 1)
        note = QHBoxLayout()
        note.setSpacing(6)
        ring = Text()
        set_icon(ring, WILL_BE_CHECKED.icon, WILL_BE_CHECKED.ink)
        note.addWidget(ring)
        note.addWidget(Text(OUR_READING, "caption", wrap=True), 1)
        self._shown: tuple[tuple[str, str], ...] = ()
        self.body.addWidget(self._sum)
        self.body.addWidget(self._what)
        self.body.addWidget(line())
        self.body.addLayout(self._lines)
        self.body.addLayout(note)

    def show_money(
        self,
        amounts: Sequence[int],
        what: str,
        aside: str = "",
        lines: Sequence[tuple[str, str]] = (),
        *,
        known: bool = True,
    ) -> None:
        """Show a sum (or two where the source is ambiguous), what it is, and pairs such as ("Needed by", ...).

        Where not `known`, no sum is named. The card has its colour only while there is money in it.
        """
        self.set_kind("money" if any(amounts) else "plain")
        sums = " or ".join(money(amount) for amount in amounts) or money(0)
        self._sum.setText(sums if known else UNKNOWN)
        self._what.setText(what)
        self._aside.setText(aside)
        if tuple(lines) == self._shown:
            return
        self._shown = tuple(lines)
        clear(self._lines)
        for number, (label, value) in enumerate(lines):
            self._lines.addWidget(Text(label, "table", "ink2"), number, 0, Qt.AlignmentFlag.AlignTop)
            self._lines.addWidget(Text(value, "table", weight=500, wrap=True), number, 1)
