"""A state as icon, word and colour, always all three: as a widget, and as a painter for delegates."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.ui.icons import paint_icon
from desktop.ui.theme import colour, theme
from desktop.ui.words import Look

ICON = 16
HEIGHT = 22


class StatePainter:
    """Paints a state inside a rectangle. Make one and keep it: fonts and metrics are made once for a theme."""

    def __init__(self) -> None:
        self._made_for: tuple[int, str] = (0, "")
        self._fit()

    def _fit(self) -> None:
        now = (theme().scale, theme().family)
        if now == self._made_for:
            return
        self._made_for = now
        self._strong, self._plain = theme().font("table", 600), theme().font("table", 400)
        self._small = theme().font("caption")
        self._strong_metrics, self._plain_metrics = QFontMetrics(self._strong), QFontMetrics(self._plain)
        self._small_metrics = QFontMetrics(self._small)

    def size(self, look: Look, caption: str = "", word: str = "") -> QSize:
        """Space it takes when nothing is elided."""
        self._fit()
        metrics = self._plain_metrics if look.quiet else self._strong_metrics
        width = ICON + 6 + metrics.horizontalAdvance(word or look.word) + (14 if look.filled else 0)
        if caption:
            width += 8 + self._small_metrics.horizontalAdvance(caption) + 1  # letters have parts of a pixel
        return QSize(width + 1, max(HEIGHT, metrics.height() + 4))

    def paint(self, painter: QPainter, area: QRect, look: Look, caption: str = "", word: str = "") -> None:
        """Paint at the left of `area`, in its vertical middle; the caption is elided last and first to go."""
        self._fit()
        word = word or look.word
        metrics = self._plain_metrics if look.quiet else self._strong_metrics
        painter.save()
        left = area.left()
        if look.filled:
            width = min(area.width(), ICON + 6 + metrics.horizontalAdvance(word) + 14)
            height = max(HEIGHT, metrics.height() + 4)
            label = QRect(left, area.center().y() - height // 2 + 1, width, height)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(look.tint))
            painter.drawRoundedRect(QRectF(label), 4, 4)
            left += 6
        top = area.center().y() - ICON // 2 + 1
        paint_icon(painter, look.icon, look.ink, QRect(QPoint(left, top), QSize(ICON, ICON)))
        left += ICON + 6
        end = area.right() - (7 if look.filled else 0)
        painter.setPen(colour(look.word_ink))
        painter.setFont(self._plain if look.quiet else self._strong)
        shown = metrics.elidedText(word, Qt.TextElideMode.ElideRight, max(0, end - left + 1))
        box = QRect(left, area.top(), max(0, end - left + 1), area.height())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
        left += metrics.horizontalAdvance(word) + (7 if look.filled else 0) + 8
        if caption and left < area.right() - 12:
            painter.setPen(colour("ink3"))
            painter.setFont(self._small)
            box = QRect(left, area.top(), area.right() - left + 1, area.height())
            shown = self._small_metrics.elidedText(caption, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
        painter.restore()


class StateLabel(QWidget):
    """A state as a small label. `set_look` changes it; the accessible name is the word and the caption."""

    def __init__(self, look: Look, caption: str = "", word: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._painter = StatePainter()
        self._look, self._caption, self._word = look, caption, word
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.set_look(look, caption, word)

    @property
    def look(self) -> Look:
        return self._look

    def set_look(self, look: Look, caption: str = "", word: str = "") -> None:
        self._look, self._caption, self._word = look, caption, word
        self.setAccessibleName(", ".join(part for part in (word or look.word, caption) if part))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return self._painter.size(self._look, self._caption, self._word)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(60, self.sizeHint().width()), self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._painter.paint(painter, self.rect(), self._look, self._caption, self._word)
        painter.end()
