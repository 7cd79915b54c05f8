"""A toast: one line at the bottom left of the content for six seconds. Never for errors."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEasingCurve, QEvent, QObject, QPoint, QPropertyAnimation, QTimer, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QGraphicsDropShadowEffect, QHBoxLayout, QWidget

from desktop.ui.icons import set_icon
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.text import ElidedLabel, Text
from desktop.ui.theme import theme

SHOWN_MS = 6_000
SLIDE_MS = 120
SLIDE_PX = 8
MARGIN = 24
GAP = 8


class Toast(QFrame):
    """Lies over its parent and keeps its place when the parent is resized. It may offer one deed, such as Undo.

    `foot` = how many pixels at the parent's lower edge it must not cover.
    """

    acted = Signal()

    def __init__(self, parent: QWidget, foot: Callable[[], int] = lambda: 0) -> None:
        super().__init__(parent)
        self._foot = foot
        self.setProperty("part", "toast")
        self._icon, self._words = Text(), ElidedLabel(role="table", weight=500)
        set_icon(self._icon, "circle-check", "confirmed")
        self.deed = Button("", "link")
        self.deed.hide()
        self.deed.clicked.connect(self.acted)
        self.deed.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 16, 10)
        row.addWidget(self._icon)
        row.addWidget(self._words)
        row.addWidget(self.deed)
        self._timer = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._timer.timeout.connect(self.hide)
        self._slide = QPropertyAnimation(self, b"pos", self)
        self._slide.setDuration(SLIDE_MS)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self.still = False
        self._shadow()
        theme().changed.connect(self._shadow)
        parent.installEventFilter(self)
        self.hide()

    @property
    def words(self) -> str:
        return self._words.text()

    def say(self, words: str, deed: str = "") -> None:
        """Show a line; a newer one takes the place of an older one. `deed` = words of its button."""
        self._words.setText(words)
        self.deed.set_words(deed)
        self.deed.setVisible(bool(deed))
        self._fit()
        self.raise_()
        self.show()
        place = self._place()
        if self.still:
            self.move(place)
        else:
            self._slide.stop()
            self._slide.setStartValue(place + QPoint(0, SLIDE_PX))
            self._slide.setEndValue(place)
            self._slide.start()
        self._timer.start()

    def _fit(self) -> None:
        """As wide as its words; in a narrow window it ends them with "…"."""
        self.adjustSize()
        parent = self.parentWidget()
        if parent is not None and parent.width() > 2 * MARGIN:
            self.resize(min(self.width(), parent.width() - 2 * MARGIN), self.height())

    def _place(self) -> QPoint:
        parent = self.parentWidget()
        assert parent is not None
        return QPoint(MARGIN, parent.height() - self.height() - (self._foot() or MARGIN - GAP) - GAP)

    def _shadow(self) -> None:
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(16)
        shadow.setOffset(0, 4)
        ground = QColor(theme().colour("sunken" if theme().dark else "ink"))  # a copy: the cache is shared
        ground.setAlphaF(0.22)
        shadow.setColor(ground)
        self.setGraphicsEffect(shadow)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.Resize, QEvent.Type.LayoutRequest} and self.isVisible():
            self._slide.stop()
            self.move(self._place())
        return super().eventFilter(watched, event)
