"""A filter as a chip: its name while it is off, name and value with a cross while it is on."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QIcon, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QStyle, QStyleOptionButton, QWidget

from desktop.ui.icons import paint_icon
from desktop.ui.theme import colour, theme

_PAD, _GAP, _ICON = 10, 6, 14
_WIDEST = 300


class Chip(QPushButton):
    """`pressed_open` = show what there is to choose; `cleared` = the cross, Delete or Backspace."""

    opened = Signal()
    cleared = Signal()

    def __init__(
        self, name: str, *, icon: str = "chevron-down", tip: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._tip = tip
        self.setProperty("chip", True)
        self.setCheckable(True)
        self.setAutoDefault(False)
        self._name = name
        self._icon = icon
        self._value = ""
        self._say()

    @property
    def value(self) -> str:
        return self._value

    def set_value(self, value: str) -> None:
        """Words for what is chosen; "" = the filter is off."""
        self._value = value
        self.setChecked(bool(value))
        self._say()
        self.updateGeometry()
        self.update()

    def _say(self) -> None:
        self.setAccessibleName(f"{self._name}, {self._value}" if self._value else self._name)
        self.setAccessibleDescription("Delete takes this filter away" if self._value else "")
        self.setToolTip(self._value or self._tip)

    def _metrics(self, weight: int) -> QFontMetrics:
        return QFontMetrics(theme().font("table", weight))

    def _cross(self) -> QRect:
        return QRect(self.width() - _PAD - _ICON, 0, _ICON + _PAD, self.height())

    def _draw_words(self, painter: QPainter) -> None:
        has_icon = bool(self._icon or self._value)
        left, end = _PAD, self.width() - (_PAD + _ICON if has_icon else _PAD - 2)
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for text, weight in ((self._name, 500), (self._value, 600)):
            if not text:
                continue
            metrics = self._metrics(weight)
            painter.setFont(theme().font("table", weight))
            painter.setPen(colour("ink"))
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0, end - left))
            painter.drawText(QRect(left, 0, max(0, end - left), self.height()), flags, shown)
            left += metrics.horizontalAdvance(shown) + _GAP

    def sizeHint(self) -> QSize:
        width = 2 * _PAD + self._metrics(500).horizontalAdvance(self._name)
        if self._value:
            width += _GAP + self._metrics(600).horizontalAdvance(self._value)
        if self._icon or self._value:
            width += _ICON + 4
        return QSize(min(width + 2, _WIDEST), theme().metrics.field - 4)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""  # type: ignore[attr-defined]
        option.icon = QIcon()  # type: ignore[attr-defined]
        painter = QPainter(self)
        self.style().drawControl(QStyle.ControlElement.CE_PushButton, option, painter, self)
        self._draw_words(painter)
        name = "x" if self._value else self._icon
        if name:
            top = (self.height() - _ICON) // 2
            paint_icon(painter, name, "ink2", QRect(self.width() - _PAD - _ICON + 2, top, _ICON, _ICON))
        painter.end()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        inside = self._cross().contains(event.position().toPoint())
        super().mouseReleaseEvent(event)
        self.setChecked(bool(self._value))
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            (self.cleared if inside and self._value else self.opened).emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace} and self._value:
            self.cleared.emit()
        elif key in {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down}:
            self.opened.emit()
        else:
            super().keyPressEvent(event)
