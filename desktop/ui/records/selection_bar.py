"""The bar under the records table while records are ticked: how many, what money, what can be done with them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from desktop.ui import words
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.text import Text
from desktop.ui.theme import theme

_WANTED = "wanted"
_SIDES, _GAP = 48, 8
"""Pixels at both sides together, and between two buttons."""
_HINTS = (("Space", "select"), ("Enter", "open"), ("Shift F10", "menu"))


class SelectionBar(QFrame):
    """Past-tense signals; the page acts."""

    change_asked = Signal()
    export_asked = Signal()
    type_asked = Signal()
    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "bar")
        self._count = Text(weight=600)
        self._money = Text(tone="ink2")
        self._change = Button("Change", icon="pencil-line", tip="F2")
        self._export = Button("Export", icon="download")
        self.type = Button("Type on the website", icon="list-checks", tip="One after another")
        self._clear = Button("Clear selection", "quiet")
        self._hints = QWidget()
        self._added: list[Button] = []
        self._arrange()
        self._change.clicked.connect(self.change_asked)
        self._export.clicked.connect(self.export_asked)
        self.type.clicked.connect(self.type_asked)
        self.type.hide()
        self._clear.clicked.connect(self.cleared)

    def _arrange(self) -> None:
        hints = QHBoxLayout(self._hints)
        hints.setContentsMargins(0, 0, 0, 0)
        hints.setSpacing(6)
        for key, deed in _HINTS:
            cap = Text(key, "caption")
            cap.setProperty("part", "code")
            hints.addWidget(cap, 0, Qt.AlignmentFlag.AlignVCenter)
            hints.addWidget(Text(deed, "caption"), 0, Qt.AlignmentFlag.AlignVCenter)
            hints.addSpacing(8)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(_SIDES // 2, 0, _SIDES // 2, 0)
        row.setSpacing(_GAP)
        row.addWidget(self._count)
        row.addWidget(self._money)
        row.addSpacing(8)
        row.addWidget(self._change)
        row.addWidget(self._export)
        row.addWidget(self.type)
        row.addWidget(self._clear)
        row.addStretch(1)
        row.addWidget(self._hints)
        self.setFixedHeight(theme().metrics.field + 24)

    def add_deed(self, button: Button) -> None:
        """One more thing that can be done with them, before the way out."""
        self._added.append(button)
        self._row.insertWidget(self._row.indexOf(self._clear), button)
        QWidget.setTabOrder(self.type, button)
        QWidget.setTabOrder(button, self._clear)

    def offer(self, button: Button, *, wanted: bool) -> None:
        """Show what `add_deed` added, where there is room for it."""
        button.setProperty(_WANTED, wanted)
        self._fit()

    def show_count(self, count: int, hidden: int = 0) -> None:
        """How many are ticked, and how many of them the filters hide just now."""
        self.setVisible(count > 0)
        also = f", {words.number(hidden)} not shown" if hidden else ""
        self._count.setText(f"{words.number(count)} selected{also}")
        self._change.set_words(f"Change {words.number(count)}")
        self._export.set_words(f"Export {words.number(count)}")
        self._fit()

    def show_money(self, pounds: int | None) -> None:
        """The sum that hangs on them; None while it is being added up."""
        self._money.setText("…" if pounds is None else f"{words.money(pounds)} of funding" if pounds else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """First what was always here, then what was added, then the hints, as far as there is room."""
        always = [
            w for w in (self._count, self._change, self._export, self.type, self._clear) if not w.isHidden()
        ]
        left = self.width() - _SIDES - sum(w.sizeHint().width() + _GAP for w in always)
        for button in self._added:
            shown = bool(button.property(_WANTED)) and left >= button.sizeHint().width() + _GAP
            button.setVisible(shown)
            left -= button.sizeHint().width() + _GAP if shown else 0
        self._hints.setVisible(self.width() >= 860 and left >= self._hints.sizeHint().width())
        self._money.setVisible(self.width() >= 480)
