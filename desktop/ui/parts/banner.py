"""Banners: one bold sentence, one plain one, at most one button. One a page; the worst wins."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.ui import tokens
from desktop.ui.icons import set_icon
from desktop.ui.parts.buttons import Button, IconButton
from desktop.ui.parts.card import paint_edge
from desktop.ui.parts.text import Text
from desktop.ui.theme import colour

Tone = Literal["conflict", "refused", "waiting", "confirmed"]


class Banner(QFrame):
    """A tinted box over the page: amber for an outage, red only for what was refused or not saved."""

    acted = Signal()
    """The button was pressed."""
    dismissed = Signal()

    def __init__(
        self,
        tone: Tone = "conflict",
        icon: str = "cloud-off",
        *,
        can_close: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tone: str = tone
        self._icon = Text()
        self._title = Text(role="body", weight=600, wrap=True)
        self._text = Text(role="body", wrap=True)
        self._button = Button("")
        self._button.hide()
        self._close = IconButton("x", "Close this message", framed=False)
        if not can_close:
            self._close.hide()  # setVisible(True) before it has a parent would flash a window
        self._arrange()
        self._button.clicked.connect(self.acted)
        self._close.clicked.connect(self.dismissed)
        set_icon(self._icon, icon, tone, 24)

    def _arrange(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._text)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 12, 16, 12)
        row.setSpacing(14)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        row.addWidget(self._button, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def show_words(self, title: str, text: str = "", *, tone: Tone | None = None, icon: str = "") -> None:
        """Say something; `tone` and `icon` stay as they were when not given."""
        if tone:
            self._tone = tone
        name = icon or str(self._icon.property("iconName"))
        set_icon(self._icon, name, self._tone, 24)
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.update()

    def set_button(self, words: str, icon: str = "") -> None:
        """Offer one button, or none with empty words."""
        self._button.setVisible(bool(words))
        if words:
            self._button.set_words(words)
        if words and icon:
            self._button.set_symbol(icon)

    @property
    def title(self) -> str:
        return self._title.text()

    @property
    def text(self) -> str:
        return self._text.text()

    @property
    def button(self) -> Button:
        return self._button

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour(self._tone), 1))
        painter.setBrush(colour(f"{self._tone}Tint"))
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, tokens.RADIUS_CARD, tokens.RADIUS_CARD)
        paint_edge(painter, self.rect(), self._tone)
        painter.end()
