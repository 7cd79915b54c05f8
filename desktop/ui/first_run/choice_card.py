"""A card that is chosen: a radio button or a tick box with a title, a sentence, and small words at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QBoxLayout, QFrame, QVBoxLayout

from desktop.ui.parts.text import Text
from desktop.ui.theme import repolish, scaled

ASIDE, ASIDE_FROM = 190, 520


class ChoiceCard(QFrame):
    """The whole card takes the click; the button takes the keyboard and says all of it to a screen reader."""

    chosen = Signal(bool)

    def __init__(self, button: QAbstractButton, title: str, text: str, aside: str = "") -> None:
        super().__init__()
        self.button = button
        button.setAccessibleName(title)
        button.setAccessibleDescription(" ".join(part for part in (text, aside) if part))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Text(title, "body", weight=600, wrap=True))
        words.addWidget(Text(text, tone="ink2", wrap=True))
        self._aside = Text(aside, "caption", wrap=True)
        self._aside.setVisible(bool(aside))
        self._inner = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._inner.setSpacing(12)
        self._inner.addLayout(words, 1)
        self._inner.addWidget(self._aside, 0, Qt.AlignmentFlag.AlignTop)
        row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        row.setContentsMargins(16, 14, 16, 14)
        row.setSpacing(10)
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(self._inner, 1)
        button.toggled.connect(self._on_toggled)
        self._paint()

    def _paint(self) -> None:
        self.setProperty("card", "chosen" if self.button.isChecked() else "choice")
        repolish(self)

    def _on_toggled(self, checked: bool) -> None:
        self._paint()
        self.chosen.emit(checked)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.button.click()
            self.button.setFocus(Qt.FocusReason.MouseFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= scaled(ASIDE_FROM)
        beside, under = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._inner.setDirection(beside if wide else under)
        self._inner.setSpacing(12 if wide else 2)
        self._aside.setFixedWidth(scaled(ASIDE)) if wide else self._aside.setMaximumWidth(16_777_215)
        if not wide:
            self._aside.setMinimumWidth(0)
