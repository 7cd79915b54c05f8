"""The records table as people use it: keys, ticks, hover, column widths that follow the window.

It shows a `RecordsModel` and says what was asked for; it reads and writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget

from desktop.ui.parts.accessible_table import ReadableTable
from desktop.ui.records.header import RecordsHeader
from desktop.ui.records.line_painter import LinePainter
from desktop.ui.records.model import TICK_COLUMN, Index, RecordsModel
from desktop.ui.records.widths import NAME_COLUMN, Widths
from desktop.ui.theme import theme

_TYPE_PAUSE_MS = 900
"""After this long a pause, typing begins a new search by name."""
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
_PLAIN = Qt.KeyboardModifier.NoModifier
DEED_KEYS: Mapping[tuple[Qt.Key, Qt.KeyboardModifier], str] = {
    (Qt.Key.Key_C, _CTRL): "copy",
    (Qt.Key.Key_C, _CTRL | _SHIFT): "twin",
    (Qt.Key.Key_V, _CTRL): "paste",
    (Qt.Key.Key_D, _CTRL): "fill",
    (Qt.Key.Key_F2, _PLAIN): "change",
}


class RecordsTable(ReadableTable):
    """Signals carry places (line numbers); the page knows which record stands there."""

    opened = Signal(int)
    menu_asked = Signal(int, QPoint)
    deed_asked = Signal(str)
    """A key asks for what the menu offers too, by its name there (`DEED_KEYS`)."""
    typed = Signal(str)
    """What was typed so far to find a name in the first column."""

    def __init__(self, model: RecordsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.records = model
        self._typed = ""
        self._anchor = -1
        self._hover = -1
        self._lines = LinePainter(model)
        self._head = RecordsHeader(model, self)
        self.columns = Widths(self)
        self._pause = QTimer(self, singleShot=True, interval=_TYPE_PAUSE_MS)
        self._set_up()
        self._pause.timeout.connect(self._forget_typed)
        self._head.all_ticked.connect(self._on_all_ticked)
        self.doubleClicked.connect(self._on_double_clicked)
        theme().changed.connect(self._on_theme_changed)

    def _set_up(self) -> None:
        self.setProperty("framed", True)
        self.setAccessibleName("Records")
        self.setModel(self.records)
        self.setHorizontalHeader(self._head)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(20)
        self._on_theme_changed()

    # --- columns

    @property
    def head(self) -> RecordsHeader:
        return self._head

    # --- place

    def place(self) -> int:
        """The current line, -1 for none."""
        return self.currentIndex().row()

    def go_to(self, place: int, column: int = NAME_COLUMN) -> None:
        """Make a line current and bring it into sight."""
        if 0 <= place < self.records.rowCount():
            index = self.records.index(place, column)
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def top_place(self) -> int:
        """The first line in sight."""
        return self.rowAt(1)

    # --- slots

    def _on_all_ticked(self, on: bool) -> None:
        self.records.set_ticked(self.records.keys, on)

    def _on_double_clicked(self, index: QModelIndex) -> None:
        if index.column() != TICK_COLUMN:
            self.opened.emit(index.row())

    def _on_theme_changed(self) -> None:
        self.verticalHeader().setDefaultSectionSize(theme().metrics.row)
        self._head.setFixedHeight(theme().metrics.head)
        self.columns.fit()
        self.viewport().update()

    def _forget_typed(self) -> None:
        self._typed = ""

    # --- keys

    def _tick(self, place: int) -> None:
        if 0 <= place < self.records.rowCount():
            self.records.set_ticked([self.records.keys[place]], not self.records.is_ticked(place))
            self._anchor = place

    def _tick_range(self, step: int) -> None:
        """Shift with an arrow: take the next line into the ticked range, or give the last one back."""
        here = self.place()
        there = min(max(here + step, 0), self.records.rowCount() - 1)
        if here < 0 or there == here:
            return
        if self._anchor < 0 or not self.records.is_ticked(here):
            self._anchor = here
        keys = self.records.keys
        growing = abs(there - self._anchor) > abs(here - self._anchor)
        if growing:
            self.records.set_ticked([keys[here], keys[there]], on=True)
        else:
            self.records.set_ticked([keys[here]], on=False)
        self.go_to(there, max(self.currentIndex().column(), 0))

    def _tick_to(self, place: int) -> None:
        """Shift and click: tick from the last ticked line to here."""
        first, last = sorted((self._anchor if self._anchor >= 0 else self.place(), place))
        self.records.set_ticked(self.records.keys[max(first, 0) : last + 1], on=True)

    def _type(self, text: str) -> None:
        self._typed += text
        self._pause.start()
        self.typed.emit(self._typed)

    def _own_key(self, event: QKeyEvent) -> bool:
        key, held = event.key(), event.modifiers()
        plain = held in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}
        control = bool(held & Qt.KeyboardModifier.ControlModifier)
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and plain and self.place() >= 0:
            self.opened.emit(self.place())
        elif key == Qt.Key.Key_Space and plain and not self._typed:
            self._tick(self.place())
        elif key in _STEPS and held & Qt.KeyboardModifier.ShiftModifier and not control:
            self._tick_range(_STEPS[Qt.Key(key)])
        elif key == Qt.Key.Key_A and control:
            self.records.set_ticked(self.records.keys, on=True)
        elif deed := DEED_KEYS.get((Qt.Key(key), held)):
            self.deed_asked.emit(deed)
        elif key in {Qt.Key.Key_Home, Qt.Key.Key_End} and plain:
            last = self.records.rowCount() - 1
            self.go_to(0 if key == Qt.Key.Key_Home else last, max(self.currentIndex().column(), 0))
        else:
            return False
        return True

    # --- Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        first, last = (self.rowAt(y) for y in (event.rect().top(), event.rect().bottom()))
        if first < 0:
            return
        last = last if last >= 0 else self.records.rowCount() - 1
        cells = [(c, self.columnViewportPosition(c), self.columnWidth(c)) for c in self.columns_in_order()]
        left, width, here = -self._head.offset(), self._head.length(), self.currentIndex()
        painter = QPainter(self.viewport())
        for place in range(first, last + 1):
            line = QRect(left, self.rowViewportPosition(place), width, self.rowHeight(place))
            if event.region().intersects(line):
                current = place == here.row()
                ring = here.column() if current and self.hasFocus() else -1
                self._lines.paint(
                    painter, line, place, cells, current=current, hovered=place == self._hover, ring=ring
                )
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._own_key(event):
            event.accept()
            return
        text = event.text()
        shifted = event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        if text and text.isprintable() and shifted == Qt.KeyboardModifier.NoModifier:
            self._type(text)
            event.accept()
            return
        super().keyPressEvent(event)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        for index in (current, previous):
            if index.isValid():
                self._repaint_line(index.row())

    def _repaint_line(self, place: int) -> None:
        if place >= 0:
            top = self.rowViewportPosition(place)
            self.viewport().update(0, top, self.viewport().width(), self.rowHeight(place))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        left = event.button() == Qt.MouseButton.LeftButton
        if left and index.isValid() and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._tick_to(index.row())
        elif left and index.isValid() and index.column() == TICK_COLUMN:
            self._tick(index.row())
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._set_hover(self.rowAt(int(event.position().y())))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._set_hover(-1)

    def _set_hover(self, place: int) -> None:
        old, self._hover = self._hover, place
        if old != place:
            self._repaint_line(old)
            self._repaint_line(place)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        place = self.indexAt(event.pos()).row()
        at = event.globalPos()
        if event.reason() != QContextMenuEvent.Reason.Mouse:
            place = self.place()
            at = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
        if place >= 0:
            self.menu_asked.emit(place, at)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.columns.fit()
