"""What a screen shows while it has nothing: a drawing, a sentence, up to three ways to begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.ui.icons import set_icon
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import Card
from desktop.ui.parts.text import Text
from desktop.ui.theme import colour

CARD_WIDTH = 272
NARROW = 660
QWIDGETSIZE_MAX = 16_777_215
ONE_CARD = 3
"""Parts of the row of cards when there is one: it stands between two stretches."""
LOW = 420
"""Under this height the words and cards go before the drawing."""


@dataclass(frozen=True)
class Way:
    """One card: where it leads (`key`), and what it says. `main` marks the one main button; `needs` = a role, "" = none."""

    key: str
    icon: str
    title: str
    text: str
    button: str
    main: bool = False
    needs: str = ""


class Drawing(QWidget):
    """Two ends and a line, in line style: a sheet here, the portal there, and an arrow or a tick between."""

    def __init__(self, *, done: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._done = done
        self.setFixedSize(200, 82)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour("control"), 1.5))
        painter.setBrush(colour("surface"))
        painter.drawRoundedRect(QRectF(8, 1, 74, 65), 5, 5)
        painter.drawLine(QPointF(8, 17), QPointF(82, 17))
        painter.setPen(QPen(colour("line2"), 3, c=Qt.PenCapStyle.RoundCap))
        for top, width in ((29, 40), (39, 52), (49, 30)):
            painter.drawLine(QPointF(19, top), QPointF(19 + width, top))
        key = "confirmed" if self._done else "accent"
        painter.setPen(QPen(colour(key), 1.5))
        painter.setBrush(colour("confirmedTint" if self._done else "accentSoft"))
        for top in (5, 25, 45):
            painter.drawRoundedRect(QRectF(137, top, 55, 16), 2, 2)
        pen = QPen(colour(key), 2, c=Qt.PenCapStyle.RoundCap)
        if self._done:
            painter.setPen(pen)
            painter.drawLine(QPointF(95, 34), QPointF(124, 34))
        else:
            painter.setPen(pen)
            painter.drawPolyline([QPointF(100, 27), QPointF(93, 34), QPointF(100, 41)])
            for left in (104, 111, 118, 124):
                painter.drawPoint(QPointF(left, 34))
        painter.setPen(QPen(colour("line2"), 1.5))
        painter.drawLine(QPointF(0, 80), QPointF(200, 80))
        painter.end()


class EmptyState(QWidget):
    """Centred in its page. The only place where text is centred."""

    way_chosen = Signal(str)
    """The key of the card whose button was pressed."""

    def __init__(
        self,
        title: str,
        text: str,
        ways: Sequence[Way] = (),
        *,
        done: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._row: QBoxLayout | None = None
        self._stood: list[Card] = []
        self._ways: list[Card] = []
        self._title = Text(title, "section", wrap=True)
        self._text = Text(text, "body", "ink2", wrap=True)
        for label in (self._title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        words = QWidget()
        words.setMaximumWidth(480)
        inner = QVBoxLayout(words)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(6)
        inner.addWidget(self._title)
        inner.addWidget(self._text)
        column = QVBoxLayout(self)
        column.setSpacing(24)
        column.addStretch(2)
        self._drawing = Drawing(done=done)
        column.addWidget(self._drawing, 0, Qt.AlignmentFlag.AlignHCenter)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(words, 1000)
        middle.addStretch(1)
        column.addLayout(middle)
        if ways:
            column.addWidget(self._cards(ways))
        column.addStretch(3)
        words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    @property
    def title(self) -> str:
        return self._title.text()

    def set_words(self, title: str, text: str) -> None:
        """Change what is said."""
        self._title.setText(title)
        self._text.setText(text)

    def _cards(self, ways: Sequence[Way]) -> QWidget:
        box = QWidget()
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, box)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(16)
        self._row.addStretch(1)
        for way in ways:
            card = Card(padding=20)
            self._ways.append(card)
            card.setMinimumWidth(200)
            self._stood.append(card)
            picture = Text()
            set_icon(picture, way.icon, "accent", 20)
            button = Button(way.button, "primary" if way.main else "secondary")
            button.setProperty("way", way.key)
            button.setProperty("needs", way.needs)
            button.clicked.connect(self._on_button_clicked)
            text = Text(way.text, "body", "ink2", wrap=True)
            text.setAlignment(Qt.AlignmentFlag.AlignTop)
            card.body.addWidget(picture)
            card.body.addWidget(Text(way.title, "section"))
            card.body.addWidget(text, 1)
            card.body.addSpacing(8)
            card.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
            self._row.addWidget(card, CARD_WIDTH)
        self._row.addStretch(1)
        return box

    def _on_button_clicked(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.way_chosen.emit(str(sender.property("way")))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._row is not None:
            across = self.width() >= NARROW or self._row.count() <= ONE_CARD
            self._row.setDirection(
                QBoxLayout.Direction.LeftToRight if across else QBoxLayout.Direction.TopToBottom
            )
            for (
                card
            ) in self._ways:  # under each other they are as wide as the height of their words is reckoned for
                card.setMaximumWidth(CARD_WIDTH if across else NARROW)
            for (
                card
            ) in self._stood:  # one under the other they are as wide as the page, else their words are cut
                card.setMaximumWidth(CARD_WIDTH if across else QWIDGETSIZE_MAX)
            self._drawing.setVisible(self.height() >= LOW)
