"""A list on paper: heads on every page, fair column widths, page x of y. Draws on any printer of Qt."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPageLayout, QPainter, QPen
from PySide6.QtPrintSupport import QPrinter

from desktop.ui.theme import theme
from desktop.ui.tokens import LIGHT

_GAP, _LINE = 6.0, 1.7
"""Points between columns; height of a line in heights of its letters."""
_SAMPLE = 300
"""So many rows decide how wide the columns are."""


class Paper:
    """One list. `draw` may be called on any thread; nobody else paints on that printer meanwhile."""

    def __init__(self, title: str, subtitle: str, heads: Sequence[str]) -> None:
        self._title, self._subtitle, self._heads = title, subtitle, list(heads)
        self._family = theme().family

    def draw(self, printer: QPrinter, rows: Sequence[Sequence[str]]) -> int:
        """Print the rows, A4 sideways; returns the number of pages."""
        printer.setPageOrientation(QPageLayout.Orientation.Landscape)
        painter = QPainter(printer)
        unit = printer.logicalDpiX() / 72
        painter.scale(unit, unit)
        area = QRectF(0, 0, painter.viewport().width() / unit, painter.viewport().height() / unit)
        plain, strong = self._font(8), self._font(8, QFont.Weight.DemiBold)
        metrics = QFontMetricsF(plain)
        height = metrics.height() * _LINE
        widths = self._widths(rows, metrics, area.width())
        top = 40.0
        fits = max(1, int((area.height() - top - 3 * height) // height))
        pages = max(1, -(-len(rows) // fits))
        for page in range(pages):
            if page:
                printer.newPage()
            self._frame(painter, area, f"Page {page + 1} of {pages}")
            lines = rows[page * fits : (page + 1) * fits]
            for place, texts in enumerate([self._heads, *lines]):
                painter.setFont(plain if place else strong)
                self._row(painter, QRectF(0, top + place * height, area.width(), height), texts, widths)
        painter.end()
        return pages

    def _font(self, points: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        """In points of the scaled painter, which are its pixels."""
        font = QFont(self._family)
        font.setPixelSize(points)
        font.setWeight(weight)
        return font

    def _widths(self, rows: Sequence[Sequence[str]], metrics: QFontMetricsF, room: float) -> Sequence[float]:
        """As wide as their words; all give way alike when there is no room."""
        wanted = [
            max(metrics.horizontalAdvance(text[:60]) for text in texts) * 1.08 + _GAP
            for texts in zip(self._heads, *rows[:_SAMPLE], strict=True)
        ]
        over = sum(wanted)
        return [width * room / over for width in wanted] if over > room else wanted

    def _frame(self, painter: QPainter, area: QRectF, page: str) -> None:
        painter.setPen(QPen(LIGHT["ink"]))
        painter.setFont(self._font(13, QFont.Weight.DemiBold))
        painter.drawText(QRectF(0, 0, area.width(), 18), int(Qt.AlignmentFlag.AlignLeft), self._title)
        painter.setFont(self._font(8))
        painter.drawText(QRectF(0, 20, area.width(), 12), int(Qt.AlignmentFlag.AlignLeft), self._subtitle)
        foot = QRectF(0, area.height() - 14, area.width(), 12)
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignRight), page)

    def _row(self, painter: QPainter, area: QRectF, texts: Sequence[str], widths: Sequence[float]) -> None:
        painter.setPen(QPen(LIGHT["ink"]))
        metrics, left = QFontMetricsF(painter.font()), 0.0
        for text, width in zip(texts, widths, strict=True):
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width - _GAP)
            box = QRectF(left, area.top(), width, area.height())
            painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), shown)
            left += width
        painter.setPen(QPen(QColor(LIGHT["line2"]), 0.5))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
