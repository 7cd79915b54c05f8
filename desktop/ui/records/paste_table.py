"""The pasted rows on screen: state as icon and word, old and new answer, and a header in which columns are mapped."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop.services.pasted_rows import PastedCell, PastedRow, RowStatus, UnreadCell
from desktop.ui.icons import paint_icon
from desktop.ui.parts.accessible_table import ReadableTable
from desktop.ui.parts.state_label import StatePainter
from desktop.ui.records.line_painter import paint_box
from desktop.ui.records.paste_model import (
    CELL_ROLE,
    FIRST,
    ROW_ROLE,
    SAME_ROLE,
    STATUS,
    STATUS_LOOKS,
    TICK,
    WHO,
    PasteModel,
    use_words,
)
from desktop.ui.theme import colour, scaled, theme

_PAD, _ICON = 10, 14
_WIDTHS = {TICK: 40, STATUS: 165, WHO: 170}
_WIDTH = 170
_HEAD = 48


class _Delegate(QStyledItemDelegate):
    """Fonts and metrics are made once for a theme."""

    def __init__(self, table: PasteTable) -> None:
        super().__init__(table)
        self._table = table
        self._states = StatePainter()
        self.refit()

    def refit(self) -> None:
        """Make the fonts anew, after the theme changed."""
        self._plain, self._strong = theme().font("table"), theme().font("table", 600)
        self._metrics = {id(font): QFontMetrics(font) for font in (self._plain, self._strong)}

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        area: QRect = option.rect  # type: ignore[attr-defined]
        row: PastedRow = index.data(ROW_ROLE)
        here = self._table.currentIndex()
        painter.save()
        painter.fillRect(area, colour("hover" if here.row() == index.row() else "surface"))
        painter.fillRect(QRect(area.left(), area.bottom(), area.width(), 1), colour("line"))
        inner = area.adjusted(_PAD, 0, -4, 0)
        if index.column() == TICK:
            if row.can_be_saved:
                paint_box(painter, area, Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)))
        elif index.column() == STATUS:
            self._states.paint(painter, inner, STATUS_LOOKS[row.status])
        elif index.column() == WHO:
            self._write(painter, inner, row.label or f"Row {row.number}", strong=True)
        else:
            self._paint_cell(painter, inner, index.data(CELL_ROLE), index.data(SAME_ROLE))
        if self._table.hasFocus() and here.row() == index.row() and here.column() == index.column():
            painter.setPen(QPen(colour("focus"), 2))
            painter.drawRect(area.adjusted(1, 1, -1, -2))
        painter.restore()

    def _paint_cell(
        self, painter: QPainter, area: QRect, cell: PastedCell | UnreadCell | None, same: str
    ) -> None:
        if cell is None:
            self._write(painter, area, same, key="ink3")
            return
        if isinstance(cell, UnreadCell):
            box = QRect(area.left(), area.center().y() - _ICON // 2 + 1, _ICON, _ICON)
            paint_icon(painter, "circle-x", "refused", box)
            self._write(painter, area.adjusted(_ICON + 5, 0, 0, 0), cell.text, key="refused")
        else:
            self._write(painter, area, cell.new_words or "Emptied", strong=True, key="waiting")

    def _write(
        self, painter: QPainter, area: QRect, words: str, *, strong: bool = False, key: str = "ink"
    ) -> None:
        font = self._strong if strong else self._plain
        painter.setFont(font)
        painter.setPen(colour(key))
        shown = self._metrics[id(font)].elidedText(words, Qt.TextElideMode.ElideRight, max(0, area.width()))
        painter.drawText(area, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)

    def sizeHint(self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(scaled(_WIDTHS.get(index.column(), _WIDTH)), theme().metrics.row)


class _Header(QHeaderView):
    """Two lines: what the column is used for, with an arrow, and what it was called in the spreadsheet."""

    def __init__(self, table: PasteTable, model: PasteModel) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._model = model
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(36)
        self.setAccessibleName("Columns of the spreadsheet")

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        painter.save()
        painter.fillRect(rect, colour("surface"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), colour("line2"))
        inner = rect.adjusted(_PAD, 0, -4, 0)
        if logicalIndex == TICK:
            paint_box(painter, rect, self._model.tick_state())
        elif logicalIndex < FIRST:
            title = self._model.headerData(logicalIndex, Qt.Orientation.Horizontal)
            self._write(painter, inner, str(title), theme().font("table", 500), "ink2")
        else:
            column = self._model.columns[logicalIndex - FIRST]
            upper = QRect(inner.left(), rect.top() + 4, inner.width() - 20, rect.height() // 2 - 2)
            lower = QRect(inner.left(), rect.center().y(), inner.width(), rect.height() // 2 - 4)
            self._write(
                painter, upper, use_words(column), theme().font("table", 600), "ink" if column.use else "ink3"
            )
            below = column.heading or f"Column {column.place + 1}"
            self._write(painter, lower, below, theme().font("caption"), "ink3")
            paint_icon(
                painter, "chevron-down", "ink2", QRect(rect.right() - 22, upper.center().y() - 6, 14, 14)
            )
        painter.restore()

    def _write(self, painter: QPainter, area: QRect, words: str, font: QFont, key: str) -> None:
        painter.setFont(font)
        painter.setPen(colour(key))
        shown = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, max(0, area.width()))
        painter.drawText(area, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)


class PasteTable(ReadableTable):
    """Space ticks, Alt+Down maps the current column, as a click on its head does; Enter says whose a row is."""

    mapping_asked = Signal(int, QPoint)
    """Place of a column on the clipboard, and where a menu for it belongs."""
    whose_asked = Signal(int, QPoint)
    """Place of a row that may be about several people, and where a menu for it belongs."""
    place_changed = Signal()

    def __init__(self, model: PasteModel) -> None:
        super().__init__()
        self.pasted = model
        self._delegate = _Delegate(self)
        self._head = _Header(self, model)
        self.setProperty("framed", True)
        self.setAccessibleName("Rows that were pasted")
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setHorizontalHeader(self._head)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setCornerWidget(QWidget())
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(20)
        self._head.sectionClicked.connect(self._on_section_clicked)
        model.modelReset.connect(self._fit)
        model.ticks_changed.connect(self._head.viewport().update)
        theme().changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def _on_theme_changed(self) -> None:
        self._delegate.refit()
        self.verticalHeader().setDefaultSectionSize(theme().metrics.row)
        self._head.setFixedHeight(scaled(_HEAD))
        self._fit()

    def _fit(self) -> None:
        for section in range(self.pasted.columnCount()):
            self._head.resizeSection(section, scaled(_WIDTHS.get(section, _WIDTH)))
        self._bring_changes_forward()
        if self.pasted.rowCount() and not self.currentIndex().isValid():
            self.setCurrentIndex(self.pasted.index(0, STATUS))

    def _bring_changes_forward(self) -> None:
        """What changes or cannot be read stands first, then what is the same, then what is left out."""
        changed = self.pasted.changed_columns()
        columns = self.pasted.columns
        places = range(len(columns))
        order = sorted(places, key=lambda place: (place not in changed, not columns[place].use, place))
        for visual, place in enumerate(order, FIRST):
            self._head.moveSection(self._head.visualIndex(place + FIRST), visual)

    def _ask_mapping(self, section: int) -> None:
        if section >= FIRST:
            below = QPoint(self._head.sectionViewportPosition(section), self._head.height())
            place = self.pasted.columns[section - FIRST].place
            self.mapping_asked.emit(place, self._head.viewport().mapToGlobal(below))

    def _ask_whose(self, index: QModelIndex | QPersistentModelIndex) -> None:
        row = self.pasted.row_at(index.row())
        if self.pasted.asks and row.status is RowStatus.CLASH and row.candidates:
            below = self.visualRect(index).bottomLeft()
            self.whose_asked.emit(index.row(), self.viewport().mapToGlobal(below))

    def _on_section_clicked(self, section: int) -> None:
        if section == TICK:
            self.pasted.toggle(range(self.pasted.rowCount()))
        else:
            self._ask_mapping(section)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        here = self.currentIndex()
        if event.key() == Qt.Key.Key_Space and here.isValid():
            self.pasted.toggle([here.row()])
        elif (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and here.isValid() and not event.modifiers()
        ):
            self._ask_whose(here)
        elif event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._ask_mapping(here.column())
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.column() == TICK and event.button() == Qt.MouseButton.LeftButton:
            self.pasted.toggle([index.row()])
        super().mousePressEvent(event)
        if index.column() in (STATUS, WHO) and event.button() == Qt.MouseButton.LeftButton:
            self._ask_whose(index)

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()
        self.place_changed.emit()
