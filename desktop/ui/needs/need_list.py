"""The list of what needs a person: groups with counts, two lines a need. Several can be chosen for one decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.services.views import Need
from desktop.ui import words
from desktop.ui.icons import paint_icon
from desktop.ui.record.facts import spoken_name
from desktop.ui.theme import colour, theme

Index = QModelIndex | QPersistentModelIndex
ENTRY_ROLE = Qt.ItemDataRole.UserRole + 1
_TITLES = {
    "conflict": "Conflicts",
    "duplicate": "Already there?",
    "closed": "Closed at the portal",
    "missing": "Missing at the portal",
    "refused": "Refused by the portal",
    "held": "Held because of a colleague",
    "unknown": "Not known yet",
}
_PAD = 16


@dataclass(frozen=True)
class Head:
    """Title of a group, and how many stand in it."""

    title: str
    count: int


def need_key(need: Need) -> str:
    """What makes two readings of the list speak of the same need."""
    if need.conflict is not None:
        return f"conflict {need.conflict.id}"
    return f"change {need.change.id}" if need.change else f"{need.kind} {need.record_id}"


def grouped(needs: Sequence[Need]) -> list[Head | Need]:
    """Groups in the order of what a person can do about them, each with its head; the most money first."""
    found: list[Head | Need] = []
    for kind, title in _TITLES.items():
        mine = sorted((need for need in needs if need.kind == kind), key=lambda need: -(need.money_gbp or 0))
        if mine:
            found += [Head(title, len(mine)), *mine]
    return found


def caption(need: Need) -> str:
    """The second line: what it is about, and what hangs on it."""
    if need.kind == "conflict":
        _, _, fields = need.what.partition(": ")
        about = fields or need.what
    elif need.kind in {"refused", "held", "unknown"} and need.change is not None:
        about = need.change.what
    else:
        about = need.what
    money = f", {words.money(need.money_gbp)}" if need.money_gbp else ""
    return f"{about}{money}"


class NeedModel(QAbstractListModel):
    """Heads and needs as one list. `show_needs` keeps nothing; the view finds its place by `need_key`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[Head | Need] = []

    def show_needs(self, needs: Sequence[Need]) -> None:
        self.beginResetModel()
        self._entries = grouped(needs)
        self.endResetModel()

    def entry(self, place: int) -> Head | Need | None:
        return self._entries[place] if 0 <= place < len(self._entries) else None

    def needs(self) -> list[Need]:
        """In the order of the list."""
        return [entry for entry in self._entries if isinstance(entry, Need)]

    def place_of(self, key: str) -> int:
        """Line of a need, -1 when it is settled."""
        for place, entry in enumerate(self._entries):
            if isinstance(entry, Need) and need_key(entry) == key:
                return place
        return -1

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._entries)

    def flags(self, index: Index) -> Qt.ItemFlag:
        entry = self.entry(index.row()) if index.isValid() else None
        if entry is None:
            return Qt.ItemFlag.NoItemFlags
        if isinstance(entry, Need):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self.entry(index.row()) if index.isValid() else None
        if entry is None:
            return None
        if role == ENTRY_ROLE:
            return entry
        if isinstance(entry, Head):
            told = {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}
            return f"{entry.title}, {entry.count}" if role in told else None
        if role == Qt.ItemDataRole.DisplayRole:
            return spoken_name(entry.label)
        if role == Qt.ItemDataRole.ToolTipRole:
            return caption(entry)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{spoken_name(entry.label)}, {words.need_look(entry).word}, {caption(entry)}"
        return None


class NeedDelegate(QStyledItemDelegate):
    """Icon, name, and what it is about; the current one with its mark at the left."""

    def _paint_head(self, painter: QPainter, area: QRect, head: Head) -> None:
        painter.setFont(theme().font("caption", 600))
        painter.setPen(colour("ink2"))
        inner = area.adjusted(_PAD, 12, -_PAD, -2)
        flags = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inner, int(flags | Qt.AlignmentFlag.AlignLeft), head.title)
        painter.drawText(inner, int(flags | Qt.AlignmentFlag.AlignRight), words.number(head.count))

    def _paint_need(self, painter: QPainter, area: QRect, need: Need, *, chosen: bool, hover: bool) -> None:
        if chosen or hover:
            painter.fillRect(area, colour("select" if chosen else "hover"))
        if chosen:
            painter.fillRect(QRect(area.left(), area.top(), 3, area.height()), colour("accent"))
        look = words.need_look(need)
        lines = area.adjusted(_PAD + 26, 7, -10, -7)
        half = lines.height() // 2
        paint_icon(
            painter, look.icon, look.ink, QRect(area.left() + _PAD, lines.top() + (half - 16) // 2, 16, 16)
        )
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        for text, font, key, top in (
            (spoken_name(need.label), theme().font("body", 600), "ink", lines.top()),
            (caption(need), theme().font("table"), "ink2", lines.top() + half),
        ):
            painter.setFont(font)
            painter.setPen(colour(key))
            shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, lines.width())
            painter.drawText(QRect(lines.left(), top, lines.width(), half), flags, shown)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry = index.data(ENTRY_ROLE)
        area: QRect = option.rect  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        painter.save()
        if isinstance(entry, Head):
            self._paint_head(painter, area, entry)
        elif isinstance(entry, Need):
            chosen = bool(state & QStyle.StateFlag.State_Selected)
            hover = bool(state & QStyle.StateFlag.State_MouseOver)
            self._paint_need(painter, area, entry, chosen=chosen, hover=hover)
            if state & QStyle.StateFlag.State_HasFocus and state & QStyle.StateFlag.State_KeyboardFocusChange:
                painter.setPen(colour("focus"))
                painter.drawRect(area.adjusted(1, 1, -2, -2))
        painter.restore()

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        if isinstance(index.data(ENTRY_ROLE), Head):
            return QSize(200, round(36 * theme().scale / 100))
        return QSize(200, max(theme().metrics.two_lines - 4, round(50 * theme().scale / 100)))


class NeedList(QListView):
    """Several can be chosen with Shift or Ctrl; `shown` is the one to look at."""

    need_shown = Signal(object)
    choice_changed = Signal(int)
    """How many are chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.needs = NeedModel(self)
        self.setModel(self.needs)
        self.setItemDelegate(NeedDelegate(self))
        self.setProperty("part", "plain")
        self.setAccessibleName("What needs you")
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setMouseTracking(True)
        self.setUniformItemSizes(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.selectionModel().selectionChanged.connect(self._on_selection_changed)
        self.selectionModel().currentChanged.connect(self._on_current_changed)
        theme().changed.connect(self.scheduleDelayedItemsLayout)

    def show_needs(self, needs: Sequence[Need], key: str = "") -> None:
        """Show these with the one of `key` chosen, else the one that now stands where it stood, else the first."""
        old = self.currentIndex().row()
        self.needs.show_needs(needs)
        place = self.needs.place_of(key) if key else -1
        if place < 0:
            places = [p for p in range(self.needs.rowCount()) if isinstance(self.needs.entry(p), Need)]
            place = next((p for p in places if p >= max(old, 0)), places[-1] if places else -1)
        if place >= 0:
            self.setCurrentIndex(self.needs.index(place, 0))

    def current_need(self) -> Need | None:
        entry = self.needs.entry(self.currentIndex().row())
        return entry if isinstance(entry, Need) else None

    def chosen(self) -> list[Need]:
        """All chosen ones, in the order of the list."""
        rows = sorted(index.row() for index in self.selectedIndexes())
        entries = (self.needs.entry(row) for row in rows)
        return [entry for entry in entries if isinstance(entry, Need)]

    def step(self, by: int) -> None:
        """Choose the next or the last one."""
        place = self.currentIndex().row() + by
        while 0 <= place < self.needs.rowCount():
            if isinstance(self.needs.entry(place), Need):
                index = self.needs.index(place, 0)
                self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
                return
            place += by

    def _on_selection_changed(self, _chosen: QItemSelection, _left: QItemSelection) -> None:
        self.choice_changed.emit(len(self.selectedIndexes()))

    def _on_current_changed(self, current: QModelIndex, _last: QModelIndex) -> None:
        entry = self.needs.entry(current.row())
        if isinstance(entry, Need):
            self.need_shown.emit(entry)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())
