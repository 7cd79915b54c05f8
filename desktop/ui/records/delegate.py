"""Paints one cell of the records table: ground, mark of the current row, words, amounts, state.

Fonts and metrics are made once for a theme; grounds are filled without antialiasing, or hairlines show between cells
at 150 % (ui.md section 13).
"""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem

from desktop.services.views import Row
from desktop.ui.icons import paint_icon
from desktop.ui.parts.state_label import StatePainter
from desktop.ui.records.cells import READING
from desktop.ui.records.columns import Column, Style, look_of
from desktop.ui.records.model import ROW_ROLE, TICK_COLUMN, RecordsModel
from desktop.ui.theme import colour, theme

PAD = 10
BOX = 16
TICK_WIDTH = 44

_INKS = {Style.NAME: "ink", Style.TEXT: "ink", Style.QUIET: "ink2", Style.MONEY: "ink", Style.SYNC: "ink"}


class RecordDelegate(QStyledItemDelegate):
    """One delegate for all columns; `columns` is the model's own list."""

    def __init__(self, model: RecordsModel, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._model = model
        self._view = view
        self._states = StatePainter()
        self._made_for: tuple[int, str] = (0, "")
        self._fit()

    def _fit(self) -> None:
        now = (theme().scale, theme().family)
        if now == self._made_for:
            return
        self._made_for = now
        self._fonts: dict[bool, QFont] = {
            True: theme().font("table", 600),
            False: theme().font("table", 400),
        }
        self._metrics = {strong: QFontMetrics(font) for strong, font in self._fonts.items()}

    def width_for(self, column: Column) -> int:
        """A column's width at the person's text size."""
        return round(column.width * theme().scale / 100)

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        area: QRect = option.rect  # type: ignore[attr-defined]
        current = self._view.currentIndex()
        is_current = current.isValid() and current.row() == index.row()
        ticked = self._model.is_ticked(index.row())
        hovered = getattr(self._view, "hover_place", -1) == index.row()
        ground = "select" if ticked else "hover" if hovered or is_current else "surface"
        painter.fillRect(area, colour(ground))
        painter.fillRect(QRect(area.left(), area.bottom(), area.width(), 1), colour("line"))
        if is_current and self._view.visualRect(index).left() <= 0 and index.column() == TICK_COLUMN:
            painter.fillRect(QRect(area.left(), area.top(), 3, area.height()), colour("accent"))

    def _paint_words(self, painter: QPainter, area: QRect, row: Row, column: Column) -> None:
        strong = column.style in {Style.NAME, Style.MONEY}
        text = column.text(row)
        quiet = column.style == Style.TEXT and text in _NOTHING
        painter.setFont(self._fonts[strong])
        painter.setPen(colour("ink2" if quiet else _INKS[column.style]))
        shown = self._metrics[strong].elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(area, int(side | Qt.AlignmentFlag.AlignVCenter), shown)

    def _paint_instead(self, painter: QPainter, area: QRect, index: QModelIndex) -> None:
        """A bar where the name will stand once it is read; the words of a record that is gone."""
        text = str(index.data() or "")
        if text == READING:
            width = max(0, area.width() * 3 // 5 - PAD)
            painter.fillRect(QRect(area.left() + PAD, area.center().y() - 4, width, 8), colour("sunken"))
        elif text:
            painter.setFont(self._fonts[False])
            painter.setPen(colour("ink2"))
            painter.drawText(area.adjusted(PAD, 0, -4, 0), int(Qt.AlignmentFlag.AlignVCenter), text)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        self._fit()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        place = self._model.index(index.row(), index.column())
        self._paint_ground(painter, option, place)
        row: Row | None = index.data(ROW_ROLE)
        area: QRect = option.rect  # type: ignore[attr-defined]
        if index.column() == TICK_COLUMN:
            paint_box(painter, area, Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)))
        elif row is None:
            self._paint_instead(painter, area, place)
        elif area.width() > PAD * 2:
            column = self._model.columns[index.column() - 1]
            inner = area.adjusted(PAD, 0, -PAD if column.right else -4, 0)
            if column.style == Style.SYNC:
                self._states.paint(painter, inner, look_of(row), row.caption)
            else:
                self._paint_words(painter, inner, row, column)
        if self._view.hasFocus() and self._view.currentIndex() == place:
            painter.setPen(QPen(colour("focus"), 2))
            painter.drawRect(area.adjusted(1, 1, -1, -2))
        painter.restore()

    def sizeHint(self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        if index.column() == TICK_COLUMN:
            return QSize(TICK_WIDTH, theme().metrics.row)
        return QSize(self.width_for(self._model.columns[index.column() - 1]), theme().metrics.row)


_NOTHING = frozenset({"None", "Not answered", "Not known", ""})


def paint_box(painter: QPainter, area: QRect, state: Qt.CheckState) -> None:
    """A tick box in the middle of `area`, in our colours."""
    painter.save()
    left = area.left() + (area.width() - BOX) // 2 + 1
    box = QRect(left, area.top() + (area.height() - BOX) // 2, BOX, BOX)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if state == Qt.CheckState.Unchecked:
        painter.setPen(QPen(colour("control"), 1))
        painter.setBrush(colour("surface"))
        painter.drawRoundedRect(box.toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("accent"))
        painter.drawRoundedRect(box, 3, 3)
        name = "check" if state == Qt.CheckState.Checked else "minus"
        paint_icon(painter, name, "onAccent", box.adjusted(2, 2, -2, -2))
    painter.restore()
