"""When it is back: how long the queue will take, and within which limit."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QProgressBar

from desktop.services.views import QueueSummary
from desktop.ui.parts.card import Card, line
from desktop.ui.parts.text import Text
from desktop.ui.words import about, capital, count, number


class BackCard(Card):
    """Numbers of a `QueueSummary`."""

    def __init__(self) -> None:
        super().__init__(padding=16)
        self._head = self.add_head("When it is back")
        self._lasts = Text(role="figure")
        self._for = Text(tone="ink2", wrap=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Share of money first")
        self._first, self._all = Text(role="caption"), Text(role="caption")
        self._limit = Text(role="table", tone="ink2", wrap=True)
        under = QHBoxLayout()
        under.addWidget(self._first)
        under.addStretch(1)
        under.addWidget(self._all)
        for widget in (self._lasts, self._for):
            self.body.addWidget(widget)
        self.body.addSpacing(4)
        self.body.addWidget(self._bar)
        self.body.addLayout(under)
        self.body.addWidget(line())
        self.body.addWidget(self._limit)

    def show_summary(self, summary: QueueSummary, money_eta_s: float, short: str, *, down: bool) -> None:
        """`money_eta_s` = when the last of the money-first changes has had its turn."""
        self._head.setText("When it is back" if down else "How long it takes")
        self._lasts.setText(capital(about(summary.eta_s)) if summary.count else "No time")
        self._for.setText(
            f"for {count(summary.count - summary.by_hand, 'change')}, {count(summary.requests, 'request')}"
        )
        share = min(1.0, money_eta_s / summary.eta_s) if summary.eta_s else 0.0
        self._bar.setRange(0, 100)
        self._bar.setValue(round(100 * share))
        self._first.setText(f"Money first: {about(money_eta_s)}" if money_eta_s else "No money among them")
        self._all.setText(f"All: {about(summary.eta_s).removeprefix('about ')}")
        self._bar.setAccessibleDescription(self._first.text())
        self._limit.setText(
            f"{short} allows this office {number(100)} requests a minute. "
            f"This computer keeps to {number(summary.share)}."
        )
