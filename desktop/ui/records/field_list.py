"""A searchable list of questions with a tick each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QLineEdit, QListView, QVBoxLayout, QWidget

from desktop.ui.records.bulk_answers import Asked
from desktop.ui.records.pick_list import PickDelegate

_KEY = Qt.ItemDataRole.UserRole + 1
_SOUGHT = Qt.ItemDataRole.UserRole + 2


class FieldList(QWidget):
    """`toggled` carries the question's key. Space and Enter tick; Down in the search goes to the list."""

    toggled = Signal(str, bool)

    def __init__(self, questions: Sequence[Asked], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = QLineEdit(placeholderText="Find a question")
        self.search.setAccessibleName("Find a question")
        self.list = QListView()
        self.list.setAccessibleName("Questions to change")
        self.list.setProperty("ring", True)
        self._items = QStandardItemModel(self)
        self._proxy = QSortFilterProxyModel(self)
        for asked in questions:
            item = QStandardItem(asked.label)
            item.setData(asked.key, _KEY)
            item.setData(f"{asked.label} {asked.section}", _SOUGHT)
            item.setToolTip(f"{asked.label}, in {asked.section}" if asked.section else asked.label)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            item.setCheckState(Qt.CheckState.Unchecked)
            self._items.appendRow(item)
        self._arrange()
        self.search.textChanged.connect(self._on_text_changed)
        self.list.clicked.connect(self._toggle)
        for widget in (self.search, self.list):
            widget.installEventFilter(self)

    def _arrange(self) -> None:
        self._proxy.setSourceModel(self._items)
        self._proxy.setFilterRole(_SOUGHT)
        self._proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.list.setModel(self._proxy)
        self.list.setItemDelegate(PickDelegate(self.list))
        self.list.setProperty("framed", True)
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setCurrentIndex(self._proxy.index(0, 0))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)

    def tick(self, key: str, *, on: bool = True) -> None:
        """Tick or untick a question."""
        for row in range(self._items.rowCount()):
            item = self._items.item(row)
            state = Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
            if item.data(_KEY) == key and item.checkState() != state:
                item.setCheckState(state)
                self.list.scrollTo(self._proxy.mapFromSource(item.index()))
                self.toggled.emit(key, on)

    def _toggle(self, index: QModelIndex) -> None:
        if index.isValid():
            item = self._items.itemFromIndex(self._proxy.mapToSource(index))
            self.tick(str(item.data(_KEY)), on=item.checkState() != Qt.CheckState.Checked)

    def _on_text_changed(self, text: str) -> None:
        self._proxy.setFilterFixedString(text.strip())
        self.list.setCurrentIndex(self._proxy.index(0, 0))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = event.key()
            if watched is self.search and key == Qt.Key.Key_Down:
                self.list.setFocus()
                return True
            ticks = key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
            if ticks or (watched is self.list and key == Qt.Key.Key_Space):
                self._toggle(self.list.currentIndex())
                return True
        return super().eventFilter(watched, event)
