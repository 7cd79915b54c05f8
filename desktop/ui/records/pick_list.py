"""A small popup in which one picks several values of a filter, with a search line when there are many."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QFontMetrics,
    QHideEvent,
    QKeyEvent,
    QPainter,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from desktop.ui.parts.buttons import Button
from desktop.ui.records.line_painter import paint_box
from desktop.ui.theme import colour, theme

MANY = 9
WIDTH = 300
_CODE = Qt.ItemDataRole.UserRole + 1
_MOST_LINES = 10


class PickDelegate(QStyledItemDelegate):
    """A box in our colours, then the words."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        area: QRect = option.rect  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        painter.save()
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painter.fillRect(area, colour("accentSoft"))
        box = QRect(area.left(), area.top(), 32, area.height())
        paint_box(painter, box, Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)))
        font = theme().font("table")
        words = area.adjusted(34, 0, -6, 0)
        shown = QFontMetrics(font).elidedText(str(index.data()), Qt.TextElideMode.ElideRight, words.width())
        painter.setFont(font)
        painter.setPen(colour("ink"))
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
        painter.restore()

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(160, theme().metrics.field - 2)


class PickList(QFrame):
    """Opens under a chip. Each tick counts at once; Esc or a click beside it closes."""

    picked = Signal(tuple)
    """All ticked codes, in the list's order."""
    closed = Signal()

    def __init__(
        self, name: str, options: Sequence[tuple[str, str]], ticked: Sequence[str], parent: QWidget
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("part", "popover")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(name)
        self._items = QStandardItemModel(self)
        self._proxy = QSortFilterProxyModel(self)
        self._search = QLineEdit()
        self._list = QListView()
        self._clear = Button("Clear", "quiet", small=True)
        self._fill(options, frozenset(ticked))
        self._arrange(name)
        self._search.textChanged.connect(self._proxy.setFilterFixedString)
        self._search.installEventFilter(self)
        self._list.installEventFilter(self)
        self._list.clicked.connect(self._on_clicked)
        self._clear.clicked.connect(self._on_clear_clicked)

    def _fill(self, options: Sequence[tuple[str, str]], ticked: frozenset[str]) -> None:
        for code, label in options:
            item = QStandardItem(label)
            item.setData(code, _CODE)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            self._mark(item, on=code in ticked)
            self._items.appendRow(item)
        self._proxy.setSourceModel(self._items)
        self._proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)

    def _mark(self, item: QStandardItem, *, on: bool) -> None:
        item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)

    def _arrange(self, name: str) -> None:
        self._search.setPlaceholderText(f"Search {name.lower()}")
        self._search.setAccessibleName(f"Search {name.lower()}")
        if self._items.rowCount() <= MANY:
            self._search.hide()
        self._list.setModel(self._proxy)
        self._list.setAccessibleName(name)
        self._list.setProperty("part", "plain")
        self._list.setUniformItemSizes(True)
        self._list.setItemDelegate(PickDelegate(self._list))
        self._list.setMouseTracking(True)
        self._list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        line = theme().metrics.field - 2
        self._list.setFixedHeight(min(self._items.rowCount(), _MOST_LINES) * line + 4)
        self._list.setCurrentIndex(self._proxy.index(0, 0))
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addWidget(self._search)
        column.addWidget(self._list)
        column.addWidget(self._clear, 0, Qt.AlignmentFlag.AlignLeft)
        self.setFixedWidth(round(WIDTH * theme().scale / 100))

    def open_under(self, widget: QWidget) -> None:
        """Show below a chip, kept on its screen, with the keyboard in it."""
        self.adjustSize()
        at = widget.mapToGlobal(QPoint(0, widget.height() + 4))
        area = widget.screen().availableGeometry()
        at.setX(max(area.left(), min(at.x(), area.right() - self.width())))
        at.setY(max(area.top(), min(at.y(), area.bottom() - self.height())))
        self.move(at)
        self.show()
        (self._list if self._search.isHidden() else self._search).setFocus()

    def ticked(self) -> tuple[str, ...]:
        rows = (self._items.item(i) for i in range(self._items.rowCount()))
        return tuple(str(r.data(_CODE)) for r in rows if r.checkState() == Qt.CheckState.Checked)

    def _toggle(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        item = self._items.itemFromIndex(self._proxy.mapToSource(index))
        self._mark(item, on=item.checkState() != Qt.CheckState.Checked)
        self.picked.emit(self.ticked())

    def _on_clicked(self, index: QModelIndex) -> None:
        self._toggle(index)

    def _on_clear_clicked(self) -> None:
        for i in range(self._items.rowCount()):
            self._mark(self._items.item(i), on=False)
        self.picked.emit(())
        self.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = event.key()
            if watched is self._search and key == Qt.Key.Key_Down:
                self._list.setFocus()
                return True
            if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._toggle(self._list.currentIndex())
                return True
            if watched is self._list and key == Qt.Key.Key_Space:
                self._toggle(self._list.currentIndex())
                return True
        return super().eventFilter(watched, event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.closed.emit()
