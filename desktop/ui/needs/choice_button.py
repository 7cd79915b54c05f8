"""A radio button drawn as a wide button, with its key at the right."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QRadioButton, QSizePolicy, QWidget

from desktop.ui.theme import colour, theme

_PAD, _RING = 14, 16


class ChoiceButton(QRadioButton):
    """`side` is what it stands for: "mine", "theirs" or "value"."""

    def __init__(self, side: str, words: str, key: str, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self.side, self._key = side, key
        self.setAccessibleName(words)
        self.setAccessibleDescription(f"Key {key}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def hitButton(self, *_where: object) -> bool:
        return True

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(theme().font("table", 600))
        width = 2 * _PAD + _RING + 10 + metrics.horizontalAdvance(self.text()) + 40
        return QSize(width, theme().metrics.field)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, theme().metrics.field)

    def _paint_frame(self, painter: QPainter) -> None:
        area = QRectF(self.rect())
        if self.hasFocus():
            painter.setPen(QPen(colour("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 5, 5)
            area = area.adjusted(3, 3, -3, -3)
        on = self.isChecked()
        painter.setPen(QPen(colour("accent" if on else "control"), 2 if on else 1))
        painter.setBrush(colour("hover" if self.underMouse() and not on else "surface"))
        inset = 1.0 if on else 0.5
        painter.drawRoundedRect(area.adjusted(inset, inset, -inset, -inset), 4, 4)

    def _paint_ring(self, painter: QPainter) -> None:
        middle = self.height() / 2
        ring = QRectF(_PAD, middle - _RING / 2, _RING, _RING)
        painter.setBrush(colour("surface"))
        painter.setPen(QPen(colour("accent" if self.isChecked() else "control"), 1.4))
        painter.drawEllipse(ring.adjusted(0.7, 0.7, -0.7, -0.7))
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("accent"))
            painter.drawEllipse(ring.adjusted(4, 4, -4, -4))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_frame(painter)
        self._paint_ring(painter)
        small = theme().font("caption")
        width = QFontMetrics(small).horizontalAdvance(self._key) + 12
        cap = QRect(self.width() - _PAD - width, (self.height() - 18) // 2, width, 18)
        painter.setPen(QPen(colour("line2"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(cap).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.setFont(small)
        painter.setPen(colour("ink2"))
        painter.drawText(cap, int(Qt.AlignmentFlag.AlignCenter), self._key)
        font = theme().font("table", 600)
        left = _PAD + _RING + 9
        area = QRect(left, 0, max(0, cap.left() - 8 - left), self.height())
        painter.setFont(font)
        painter.setPen(colour("ink"))
        shown = QFontMetrics(font).elidedText(self.text(), Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
        painter.end()
