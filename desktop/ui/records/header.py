"""The header of the records table: a box that ticks all shown, and the arrow of the sort."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from desktop.ui.icons import paint_icon
from desktop.ui.records.line_painter import PAD, paint_box
from desktop.ui.records.model import TICK_COLUMN, RecordsModel
from desktop.ui.theme import colour, theme

ARROW = 16


class RecordsHeader(QHeaderView):
    """Paints its sections itself: what a sheet draws cannot hold a tick box or an arrow after the words."""

    sort_asked = Signal(str)
    """Name of the column's sort, as a RecordQuery knows it."""
    all_ticked = Signal(bool)

    def __init__(self, model: RecordsModel, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._model = model
        self._sort = ""
        self._descending = False
        self._pressed = QPoint()
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setMinimumSectionSize(36)
        self.setAccessibleName("Column heads")

    def show_sort(self, sort: str, *, descending: bool) -> None:
        """Mark the column that the table is sorted by."""
        self._sort, self._descending = sort, descending
        self.viewport().update()

    def toggle_all(self) -> None:
        """Tick all shown, or none when all are ticked."""
        self.all_ticked.emit(self._model.tick_state() != Qt.CheckState.Checked)

    def _paint_words(self, painter: QPainter, area: QRect, section: int) -> None:
        column = self._model.columns[section - 1]
        sorted_by = bool(column.sort) and column.sort == self._sort
        font = theme().font("table", 600 if sorted_by else 500)
        metrics = QFontMetrics(font)
        inner = area.adjusted(PAD, 0, -PAD if column.right else -2, 0)
        painter.setFont(font)
        painter.setPen(colour("ink" if sorted_by else "ink2"))
        room = inner.width() - (ARROW + 4 if sorted_by else 0)
        shown = metrics.elidedText(column.title, Qt.TextElideMode.ElideRight, max(0, room))
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)
        if sorted_by:
            left = inner.left() + metrics.horizontalAdvance(shown) + (6 if shown else 0)
            box = QRect(left, area.center().y() - ARROW // 2 + 1, ARROW, ARROW)
            paint_icon(painter, "chevron-up" if self._descending else "chevron-down", "ink2", box)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        painter.save()
        painter.fillRect(rect, colour("surface"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), colour("line2"))
        if logicalIndex == TICK_COLUMN:
            paint_box(painter, rect, self._model.tick_state())
        elif logicalIndex <= len(self._model.columns):
            self._paint_words(painter, rect, logicalIndex)
        painter.restore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        here = event.position().toPoint()
        if event.button() != Qt.MouseButton.LeftButton or (here - self._pressed).manhattanLength() > 4:
            return
        if self.cursor().shape() == Qt.CursorShape.SplitHCursor:
            return
        section = self.logicalIndexAt(here)
        if section == TICK_COLUMN:
            self.toggle_all()
        elif section > 0 and (sort := self._model.columns[section - 1].sort):
            self.sort_asked.emit(sort)
