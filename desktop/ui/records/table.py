"""The records table as people use it: keys, ticks, hover, column widths that follow the window.

It shows a `RecordsModel` and says what was asked for; it reads and writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from desktop.ui.records.columns import fitting
from desktop.ui.records.delegate import TICK_WIDTH, RecordDelegate
from desktop.ui.records.header import RecordsHeader
from desktop.ui.records.model import TICK_COLUMN, Index, RecordsModel
from desktop.ui.theme import theme

_TYPE_PAUSE_MS = 900
"""After this long a pause, typing begins a new search by name."""
_NAME_COLUMN = 1
_SPARE = 160
"""So much more than it needs the last column keeps, before the others grow too."""
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class RecordsTable(QTableView):
    """Signals carry places (line numbers); the page knows which record stands there."""

    opened = Signal(int)
    menu_asked = Signal(int, QPoint)
    copy_asked = Signal()
    typed = Signal(str)
    """What was typed so far to find a name in the first column."""
    widths_changed = Signal()
    """A person drew a column wider or narrower."""

    def __init__(self, model: RecordsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.records = model
        self._hidden: frozenset[str] = frozenset()
        self._widths: dict[str, int] = {}
        self._typed = ""
        self._anchor = -1
        self._fitting = False
        self._hover = -1
        self._delegate = RecordDelegate(model, self)
        self._head = RecordsHeader(model, self)
        self._pause = QTimer(self, singleShot=True, interval=_TYPE_PAUSE_MS)
        self._set_up()
        self._pause.timeout.connect(self._forget_typed)
        self._head.all_ticked.connect(self._on_all_ticked)
        self._head.sectionResized.connect(self._on_section_resized)
        self.doubleClicked.connect(self._on_double_clicked)
        theme().changed.connect(self._on_theme_changed)

    def _set_up(self) -> None:
        self.setProperty("framed", True)
        self.setAccessibleName("Records")
        self.setModel(self.records)
        self.setItemDelegate(self._delegate)
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

    def set_columns(self, hidden: frozenset[str], widths: Mapping[str, int]) -> None:
        """Which columns a person put away, and the widths (at text size 100 %) that were drawn by hand."""
        self._hidden, self._widths = hidden, dict(widths)
        self.fit()

    @property
    def hidden_columns(self) -> frozenset[str]:
        return self._hidden

    @property
    def widths(self) -> Mapping[str, int]:
        return dict(self._widths)

    def shown_columns(self) -> list[str]:
        """Keys of the columns on screen now, in order."""
        return [c.key for i, c in enumerate(self.records.columns, start=1) if not self.isColumnHidden(i)]

    def fit(self) -> None:
        """Show as many columns as there is room for; the last takes what is left."""
        if self._fitting:
            return
        self._fitting = True
        try:
            self._fit()
        finally:
            self._fitting = False

    def _fit(self) -> None:
        room = self.viewport().width() - TICK_WIDTH
        wanted = [c for c in self.records.columns if c.key not in self._hidden]
        shown = {c.key for c in fitting(wanted, room, theme().scale)}
        self._head.setSectionResizeMode(TICK_COLUMN, QHeaderView.ResizeMode.Fixed)
        self._head.resizeSection(TICK_COLUMN, TICK_WIDTH)
        scale = theme().scale
        widths = {c.key: self._widths.get(c.key, c.width) for c in wanted if c.key in shown}
        over = max(0, sum(widths.values()) - room * 100 // scale)
        for column in reversed([c for c in wanted if c.key in shown]):
            give = min(over, max(0, widths[column.key] - column.narrowest))
            widths[column.key] -= give
            over -= give
        left, last = room, 0
        for section, column in enumerate(self.records.columns, start=1):
            self.setColumnHidden(section, column.key not in shown)
            if column.key not in shown:
                continue
            width = widths[column.key] * scale // 100
            self._head.setSectionResizeMode(section, QHeaderView.ResizeMode.Interactive)
            self._head.resizeSection(section, width)
            left, last = left - width, section
        if last and left > 0:
            self._spread(left, last)

    def _spread(self, left: int, last: int) -> None:
        """Give spare room to the name in a small window, to all columns alike in a large one, the rest to the last."""
        if self.viewport().width() < 640:
            growing, share = [_NAME_COLUMN], left // 2
        else:
            growing = [s for s in range(_NAME_COLUMN, last) if not self.isColumnHidden(s)]
            share = max(0, left - _SPARE) // max(1, len(growing))
        for section in growing:
            size = self._head.sectionSize(section)
            more = share if len(growing) == 1 else min(share, size * 2 // 5)
            self._head.resizeSection(section, size + more)
            left -= more
        self._head.resizeSection(last, self._head.sectionSize(last) + left)

    # --- place

    def place(self) -> int:
        """The current line, -1 for none."""
        return self.currentIndex().row()

    def go_to(self, place: int, column: int = _NAME_COLUMN) -> None:
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

    def _on_section_resized(self, section: int, _old: int, new: int) -> None:
        if self._fitting or section == TICK_COLUMN or section > len(self.records.columns):
            return
        self._widths[self.records.columns[section - 1].key] = max(36, new * 100 // theme().scale)
        self.widths_changed.emit()

    def _on_double_clicked(self, index: QModelIndex) -> None:
        if index.column() != TICK_COLUMN:
            self.opened.emit(index.row())

    def _on_theme_changed(self) -> None:
        self.verticalHeader().setDefaultSectionSize(theme().metrics.row)
        self._head.setFixedHeight(theme().metrics.head)
        self.fit()
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
        elif key == Qt.Key.Key_C and control:
            self.copy_asked.emit()
        elif key in {Qt.Key.Key_Home, Qt.Key.Key_End} and plain:
            last = self.records.rowCount() - 1
            self.go_to(0 if key == Qt.Key.Key_Home else last, max(self.currentIndex().column(), 0))
        else:
            return False
        return True

    # --- Qt

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

    @property
    def hover_place(self) -> int:
        return self._hover

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
        self.fit()
