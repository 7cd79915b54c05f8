"""A table with group heads: one delegate, fixed rows, no grid, everything by keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop.ui.parts.accessible_table import ReadableTable
from desktop.ui.parts.grouped_model import ENTRY_ROLE, Cell, Column, Group, GroupedModel, Line
from desktop.ui.parts.state_label import StatePainter
from desktop.ui.theme import colour, scaled, theme

PAD = 10
Index = QModelIndex | QPersistentModelIndex


class _Delegate(QStyledItemDelegate):
    """Paints heads and lines. Fonts and metrics are made once for a theme."""

    def __init__(self, table: GroupedTable) -> None:
        super().__init__(table)
        self._table = table
        self._states = StatePainter()
        self.refit()

    def refit(self) -> None:
        """Make the fonts anew, after the theme changed."""
        self._fonts = {
            "plain": theme().font("table"),
            "quiet": theme().font("table"),
            "strong": theme().font("table", 600),
            "note": theme().font("caption"),
        }
        self._metrics = {name: QFontMetrics(font) for name, font in self._fonts.items()}

    def _write(
        self, painter: QPainter, area: QRect, words: str, kind: str, key: str, *, right: bool = False
    ) -> int:
        """Write one line of words, elided; gives the width that it took."""
        metrics = self._metrics[kind]
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(0, area.width()))
        painter.setFont(self._fonts[kind])
        painter.setPen(colour(key))
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(area, int(side | Qt.AlignmentFlag.AlignVCenter), shown)
        return metrics.horizontalAdvance(shown)

    def _paint_head(self, painter: QPainter, area: QRect, group: Group) -> None:
        inner = area.adjusted(PAD, 0, -PAD, 0)
        link = self._table.grouped.link(group)
        if link:
            inner.adjust(0, 0, -self._write(painter, inner, link, "strong", "link", right=True) - PAD, 0)
        taken = self._write(painter, inner, group.title, "strong", "ink")
        self._write(painter, inner.adjusted(taken + PAD, 0, 0, 0), group.aside, "plain", "ink2")

    def _paint_cell(self, painter: QPainter, area: QRect, cell: Cell, column: Column) -> None:
        inner = area.adjusted(PAD, 0, -PAD, 0)
        if cell.look is not None:
            self._states.paint(painter, inner, cell.look, cell.note, cell.text)
            return
        kind = column.kind if column.kind in self._fonts else "plain"
        key = "ink2" if kind == "quiet" else "ink"
        taken = self._write(painter, inner, cell.text, kind, key, right=column.right)
        if cell.note and taken + 40 < inner.width():
            self._write(painter, inner.adjusted(taken + 10, 0, 0, 0), cell.note, "note", "ink3")

    def _paint_ring(self, painter: QPainter, area: QRect, index: Index, *, whole: bool) -> None:
        """This cell's part of the focus ring around the row."""
        ink = colour("focus")
        painter.fillRect(QRect(area.left(), area.top(), area.width(), 2), ink)
        painter.fillRect(QRect(area.left(), area.bottom() - 1, area.width(), 2), ink)
        if whole or index.column() == self._table.first_column():
            painter.fillRect(QRect(area.left(), area.top(), 2, area.height()), ink)
        if whole or index.column() == self._table.last_column():
            painter.fillRect(QRect(area.right() - 1, area.top(), 2, area.height()), ink)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        area: QRect = option.rect  # type: ignore[attr-defined]
        entry = index.data(ENTRY_ROLE)
        current = self._table.currentIndex().row() == index.row()
        painter.save()
        head = isinstance(entry, Group)
        ground = "canvas" if head else "select" if current else "surface"
        painter.fillRect(area, colour(ground))
        if head:
            if index.column() == 0:
                self._paint_head(painter, area, entry)
        elif isinstance(entry, Line):
            self._paint_cell(
                painter, area, entry.cells[index.column()], self._table.grouped.columns[index.column()]
            )
        bottom = area.bottom()
        painter.setPen(QPen(colour("line"), 1))
        painter.drawLine(area.left(), bottom, area.right(), bottom)
        if current and index.column() == self._table.first_column():
            painter.fillRect(QRect(area.left(), area.top(), 3, area.height()), colour("accent"))
        if current and self._table.hasFocus():
            self._paint_ring(painter, area, index, whole=head)
        painter.restore()


class _Header(QHeaderView):
    """A header with one line under all of it; the sections' own lines leave gaps at 150 %."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setHighlightSections(False)
        self.setSectionsClickable(False)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.fillRect(0, self.height() - 1, self.width(), 1, colour("line2"))
        painter.end()


class GroupedTable(ReadableTable):
    """`show_groups` keeps the current row. Enter or a double click opens it, Space or a click turns a head."""

    line_opened = Signal(object)
    """The payload of a line."""
    line_changed = Signal(object)
    """The payload of the current line, None on a head."""

    def __init__(self, columns: Sequence[Column], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grouped = GroupedModel(columns)
        self._delegate = _Delegate(self)
        self.setAccessibleName(name)
        self.setProperty("framed", True)
        self.setModel(self.grouped)
        self.setItemDelegate(self._delegate)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setHorizontalHeader(_Header(self))
        self.selectionModel().currentRowChanged.connect(self._on_current_row_changed)
        theme().changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def spoken_row(self, place: int) -> str:
        role = Qt.ItemDataRole.AccessibleTextRole
        said = (self.grouped.index(place, column).data(role) for column in self.columns_in_order())
        return ", ".join(filter(None, said))

    def show_groups(self, groups: Sequence[Group]) -> None:
        """Put these in place of the others; the current row and the scrolling stay where they were."""
        entry = self.grouped.entry(self.currentIndex().row())
        place = self.verticalScrollBar().value()
        self.grouped.show_groups(groups)
        self._span_heads()
        if entry is not None and (row := self.grouped.row_of(entry.key)) >= 0:
            self.setCurrentIndex(self.grouped.index(row, 0))
        self.verticalScrollBar().setValue(place)

    @property
    def payload(self) -> Any:
        """Payload of the current line; None on a head or nothing."""
        entry = self.grouped.entry(self.currentIndex().row())
        return entry.payload if isinstance(entry, Line) else None

    def stand_on(self, key: str) -> None:
        """Make the line of this key the current one, without telling anybody; nothing when it is not there."""
        place = self.grouped.row_of(key)
        if place >= 0 and self.currentIndex().row() != place:
            was = self.blockSignals(True)
            self.setCurrentIndex(self.grouped.index(place, 0))
            self.blockSignals(was)

    def set_title(self, column: int, title: str) -> None:
        """Another word at the head of a column."""
        columns = list(self.grouped.columns)
        old = columns[column]
        columns[column] = Column(title, old.width, old.kind, old.right, old.stretch, old.least)
        self.grouped.columns = tuple(columns)
        self.horizontalHeader().viewport().update()

    def set_width(self, column: int, width: int) -> None:
        """Another width of a column, in logical pixels at 100 %."""
        columns = list(self.grouped.columns)
        columns[column] = replace(columns[column], width=width)
        self.grouped.columns = tuple(columns)
        self._fit()

    def first_column(self) -> int:
        """The leftmost column that is shown."""
        return next((n for n in range(len(self.grouped.columns)) if not self.isColumnHidden(n)), 0)

    def last_column(self) -> int:
        """The rightmost column that is shown."""
        return max((n for n in range(len(self.grouped.columns)) if not self.isColumnHidden(n)), default=0)

    def focus_first(self) -> None:
        """Take the keyboard, on the current line or the first one."""
        if self.payload is None and self.grouped.rowCount():
            first = next(
                (n for n in range(self.grouped.rowCount()) if isinstance(self.grouped.entry(n), Line)), 0
            )
            self.setCurrentIndex(self.grouped.index(first, 0))
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _span_heads(self) -> None:
        self.clearSpans()
        for row in self.grouped.heads():
            self.setSpan(row, 0, 1, len(self.grouped.columns))

    def _toggle(self, group: Group) -> None:
        if not self.grouped.link(group):
            return
        place = self.verticalScrollBar().value()
        self.grouped.toggle(group.key)
        self._span_heads()
        self.setCurrentIndex(self.grouped.index(self.grouped.row_of(group.key), 0))
        self.verticalScrollBar().setValue(place)

    def _open_current(self) -> None:
        entry = self.grouped.entry(self.currentIndex().row())
        if isinstance(entry, Group):
            self._toggle(entry)
        elif entry is not None:
            self.line_opened.emit(entry.payload)

    def _on_current_row_changed(self) -> None:
        self.line_changed.emit(self.payload)
        self.viewport().update()

    def _on_theme_changed(self) -> None:
        self._delegate.refit()
        self.verticalHeader().setDefaultSectionSize(theme().metrics.row)
        self.horizontalHeader().setFixedHeight(theme().metrics.head)
        self._fit()

    def _fit(self) -> None:
        head = self.horizontalHeader()
        for number, column in enumerate(self.grouped.columns):
            self.setColumnHidden(number, self.width() < scaled(column.least))
            mode = QHeaderView.ResizeMode.Stretch if column.stretch else QHeaderView.ResizeMode.Fixed
            head.setSectionResizeMode(number, mode)
            if not column.stretch:
                head.resizeSection(number, scaled(column.width))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        entry = self.grouped.entry(self.indexAt(event.position().toPoint()).row())
        if isinstance(entry, Group) and event.button() == Qt.MouseButton.LeftButton:
            self._toggle(entry)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        entry = self.grouped.entry(self.indexAt(event.position().toPoint()).row())
        if isinstance(entry, Line):
            self.line_opened.emit(entry.payload)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} or (
            event.key() == Qt.Key.Key_Space and self.payload is None
        ):
            self._open_current()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def menu_place(self) -> QPoint:
        """Where a menu for the current row belongs, on the screen."""
        area = self.visualRect(self.currentIndex())
        return self.viewport().mapToGlobal(QPoint(PAD * 2, area.bottom()))
