"""The list under a code picker: words in any order find a line, the code too; each line is label, then code in a box."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.ui.fields.codes import Option, fitting
from desktop.ui.theme import colour, theme

Index = QModelIndex | QPersistentModelIndex
OPTION_ROLE = Qt.ItemDataRole.UserRole + 1
_PAD = 10


class OptionModel(QAbstractListModel):
    """The options of one list."""

    def __init__(self, options: Sequence[Option], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.options = list(options)

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.options)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        option = self.options[index.row()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole}:
            return option.said
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{option.said}, {option.box}" if option.box else option.said
        return option if role == OPTION_ROLE else None


class OptionFilter(QSortFilterProxyModel):
    """Lines that fit what is typed; best first: those whose label begins with it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._shown: frozenset[str] = frozenset()

    def look_for(self, text: str) -> None:
        """Show what fits `text`, or nearly does when nothing fits; everything for ""."""
        self._text = " ".join(text.split())
        source = self.sourceModel()
        if isinstance(source, OptionModel):
            self._shown = frozenset(option.code for option in fitting(source.options, self._text))
        self.invalidateFilter()

    def filterAcceptsRow(self, source_row: int, _source_parent: Index) -> bool:
        if not self._text:
            return True
        source = self.sourceModel()
        assert isinstance(source, OptionModel)
        return source.options[source_row].code in self._shown


class OptionDelegate(QStyledItemDelegate):
    """Label, and the code in a small box at its right."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        found: Option | None = index.data(OPTION_ROLE)
        if found is None:
            return
        area: QRect = option.rect  # type: ignore[attr-defined]
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        painter.save()
        painter.fillRect(area, colour("accentSoft" if chosen else "raised"))
        small = theme().font("caption")
        code_width = QFontMetrics(small).horizontalAdvance(found.box) + 12 if found.box else 0
        code = QRect(area.right() - code_width - _PAD + 1, area.center().y() - 9, code_width, 19)
        font = theme().font("table")
        inner = QRect(area.left() + _PAD, area.top(), code.left() - area.left() - 2 * _PAD, area.height())
        painter.setFont(font)
        painter.setPen(colour("ink2" if found.retired else "ink"))
        said = QFontMetrics(font).elidedText(found.said, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), said)
        if found.box:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colour("line2"), 1))
            painter.drawRoundedRect(QRectF(code).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
            painter.setFont(small)
            painter.setPen(colour("ink2"))
            painter.drawText(code, int(Qt.AlignmentFlag.AlignCenter), found.box)
        painter.restore()

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(200, theme().metrics.field)
