"""Money at risk: what rests on changes that the portal has not had, the largest sums first."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.model.standing import Sync
from desktop.services.views import MoneyAtRisk
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import RING, Card, clear, line, outdent, row
from desktop.ui.parts.row_button import RowButton
from desktop.ui.parts.state_label import StateLabel
from desktop.ui.parts.text import ElidedLabel, Text
from desktop.ui.theme import scaled
from desktop.ui.words import SYNC, count, money

SHOWN = 4
ROW = 33
STATE_WIDTH = 112
SUM_WIDTH = 68


class MoneyAtRiskCard(Card):
    """A row opens its record, the link all of them."""

    record_chosen = Signal(str)
    all_asked = Signal()
    payments_asked = Signal()

    def __init__(self) -> None:
        super().__init__("money")
        self._how_many = Text(role="caption")
        self.add_head("Money at risk", self._how_many)
        self._sum = Text(role="figure")
        self._what = Text("rests on changes the portal has not had", tone="ink2", wrap=True)
        self._lines: list[RowButton] = []
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self._all = Button("", "link")
        self._payments = Button("Check what was paid", "link")
        self.body.addWidget(self._sum)
        self.body.addWidget(self._what)
        self.body.addSpacing(4)
        self.body.addLayout(outdent(self._rows, right=True))
        self.body.addLayout(outdent(self._all))
        self.body.addStretch(1)
        self.body.addLayout(outdent(self._payments))
        self._all.clicked.connect(self.all_asked)
        self._payments.clicked.connect(self.payments_asked)

    def stops(self) -> list[QWidget]:
        """What takes the keyboard here, in reading order."""
        return [*self._lines, self._all, self._payments]

    def show_money(self, risk: MoneyAtRisk, singular: str) -> None:
        """Show the sum and its largest parts."""
        many = len(risk.rows)
        self._how_many.setText(count(many, singular) if many else "")
        self.set_kind("money" if risk.total_gbp else "plain")
        self._sum.setText(money(risk.total_gbp))
        self._what.setText(
            "rests on changes the portal has not had"
            if many
            else "Nothing rests on changes the portal has not had"
        )
        clear(self._rows)
        self._lines = []
        for record_id, label, sync, caption, pounds in risk.rows[:SHOWN]:
            self._rows.addLayout(row(RING, line(), RING, spacing=0))
            self._rows.addWidget(self._row(record_id, label, sync, caption, pounds))
        if many:
            self._rows.addLayout(row(RING, line(), RING, spacing=0))
        self._all.setVisible(many > SHOWN)
        self._all.set_words(f"All {count(many, singular)}")

    def _row(self, record_id: str, label: str, sync: Sync, caption: str, pounds: int) -> RowButton:
        word = standing_word(sync, caption)
        button = RowButton(f"{label}, {word}, {money(pounds)}", ROW)
        button.setProperty("record", record_id)
        button.clicked.connect(self._on_row_clicked)
        self._lines.append(button)
        state = StateLabel(replace(SYNC[sync], filled=False), word=word)
        state.setFixedWidth(scaled(STATE_WIDTH))
        amount = Text(money(pounds), "body", weight=600)
        amount.setMinimumWidth(scaled(SUM_WIDTH))
        amount.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        button.add(ElidedLabel(label), 1)
        button.add(state)
        button.add(amount)
        return button

    def _on_row_clicked(self) -> None:
        button = self.sender()
        if button is not None:
            self.record_chosen.emit(str(button.property("record")))


def standing_word(sync: Sync, caption: str) -> str:
    """Few words for where a record stands: "2 to fix", "1st in queue", "Needs you", "Unknown"."""
    if sync in {Sync.CONFLICT, Sync.REJECTED}:
        return "Needs you"
    place = caption.partition(",")[0]
    if sync is Sync.QUEUED and place[:1].isdigit():
        return f"{place} in queue" if "queue" not in place else place
    return caption or SYNC[sync].word
