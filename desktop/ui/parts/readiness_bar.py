"""How ready a collection is: one bar of four parts that differ by pattern too, so it reads without colour."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.ui.theme import colour

CONFIRMED, WAITING, DRAFTS, NEEDS_YOU = "confirmed", "waiting", "drafts", "needs"
HEIGHT = 16
LEAST = 20
GAP = 3


class ReadinessBar(QWidget):
    """Confirmed solid, waiting striped, drafts hollow, needs-you solid ochre; no part is under 20 px wide."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: list[tuple[str, int]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_counts(self, confirmed: int, waiting: int, drafts: int, needs_you: int) -> None:
        """Draw these numbers of records."""
        pairs = [(CONFIRMED, confirmed), (WAITING, waiting), (DRAFTS, drafts), (NEEDS_YOU, needs_you)]
        self._parts = [(kind, many) for kind, many in pairs if many > 0]
        self.setAccessibleName("How ready the records are")
        self.setAccessibleDescription(
            f"{confirmed:,} confirmed, {waiting:,} waiting, {drafts:,} drafts, {needs_you:,} need you"
        )
        self.update()

    def widths(self) -> list[tuple[str, float]]:
        """Each part with its width in pixels, as painted."""
        if not self._parts:
            return []
        room = self.width() - GAP * (len(self._parts) - 1)
        total = sum(many for _, many in self._parts)
        ideal = [(kind, many, room * many / total) for kind, many in self._parts]
        small = sum(max(LEAST, width) for _, _, width in ideal if width < LEAST)
        large = sum(many for _, many, width in ideal if width >= LEAST) or 1
        return [
            (kind, float(LEAST) if width < LEAST else (room - small) * many / large)
            for kind, many, width in ideal
        ]

    def sizeHint(self) -> QSize:
        return QSize(240, HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = 0.0
        for kind, width in self.widths():
            paint_part(painter, QRectF(left, 0, width, self.height()), kind)
            left += width + GAP
        if not self._parts:
            painter.setPen(QPen(colour("line2"), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)
        painter.end()


class Swatch(QWidget):
    """The little square of one part, beside its count."""

    def __init__(self, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind = kind
        self.setFixedSize(12, 12)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_part(painter, QRectF(self.rect()), self._kind)
        painter.end()


def paint_part(painter: QPainter, area: QRectF, kind: str) -> None:
    """One part of the bar in its pattern."""
    painter.save()
    path = QPainterPath()
    path.addRoundedRect(area, 2, 2)
    if kind == DRAFTS:
        painter.setPen(QPen(colour("barErr"), 2))
        painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 1, 1)
    else:
        key = {CONFIRMED: "barOk", WAITING: "barWait", NEEDS_YOU: "barNeed"}[kind]
        painter.fillPath(path, colour(key))
    if kind == WAITING:
        painter.setClipPath(path)
        painter.setPen(QPen(colour("hatch"), 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        height = area.height()
        x = area.left() - height
        while x < area.right() + height:
            painter.drawLine(int(x), int(area.bottom()) + 2, int(x + height) + 4, int(area.top()) - 2)
            x += 8
    painter.restore()
