"""Few choices: a box that opens a short list. The first line is "Not answered", in so many words."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from desktop.model.collection import CodeLists
from desktop.model.document import Value
from desktop.ui.fields.code_picker import NOT_ANSWERED
from desktop.ui.fields.codes import options_of
from desktop.ui.fields.control import Control
from desktop.ui.theme import colour, theme

FEW = 8
"""Fewer choices than this need no search."""


class ChoiceBox(QComboBox):
    """Paints the label and, at its right, the code. The wheel scrolls the page and never the answer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(10)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.read_only = False

    def _paint_code(self, painter: QPainter, code: str, right: int) -> int:
        small = theme().font("caption")
        width = QFontMetrics(small).horizontalAdvance(code) + 12
        box = QRect(right - width, (self.height() - 19) // 2, width, 19)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour("line2"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.setFont(small)
        painter.setPen(colour("ink2"))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), code)
        return box.left() - 8

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        end = self.width() - 34
        code = str(self.currentData() or "")
        if code and not code.islower():  # a code that is a word says nothing beside its label
            end = self._paint_code(painter, code, end)
        text = self.currentText()
        painter.setFont(theme().font("body"))
        painter.setPen(colour("ink" if code else "ink3"))
        area = QRect(11, 0, max(0, end - 11), self.height())
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
        painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.read_only and event.key() not in {Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape}:
            event.ignore()
            return
        super().keyPressEvent(event)


class ChoiceControl(Control):
    """One of a few codes. A value that is in no list is shown as an entry of its own until it is changed."""

    def __init__(self, lists: CodeLists, list_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lists, self._list_name = lists, list_name
        self._held: Value = None
        self._box = ChoiceBox()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._box)
        self._fit_width()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._box.activated.connect(self._on_activated)
        self.show_value(None)

    def _fit_width(self) -> None:
        options = options_of(self._lists, self._list_name)
        longest = max((len(option.said) for option in options), default=0)
        if longest <= 24:
            self._box.setMaximumWidth(round(240 * theme().scale / 100))
            layout = self.layout()
            assert isinstance(layout, QHBoxLayout)
            layout.setStretch(0, 100)
            layout.addStretch(1)

    def value(self) -> Value:
        code = self._box.currentData()
        return str(code) if code else None

    def show_value(self, value: Value) -> None:
        self._held = value
        options = options_of(self._lists, self._list_name, value)
        self._box.blockSignals(True)
        self._box.clear()
        self._box.addItem(NOT_ANSWERED, "")
        for option in options:
            self._box.addItem(option.said, option.code)
        if value is not None and value not in {o.code for o in options}:
            self._box.addItem(str(value), str(value))
        found = self._box.findData("" if value is None else str(value))
        self._box.setCurrentIndex(max(found, 0))
        self._box.setToolTip(self._box.currentText())
        self._box.blockSignals(False)

    def inputs(self) -> list[QWidget]:
        return [self._box]

    def set_read_only(self, read_only: bool, why: str) -> None:
        self._box.read_only = read_only
        self._box.setEnabled(not read_only)
        self._box.setToolTip(why if read_only else self._box.currentText())

    def open_popup(self) -> None:
        if not self._box.read_only:
            self._box.setFocus()
            self._box.showPopup()

    def _on_activated(self, _place: int) -> None:
        self._box.setToolTip(self._box.currentText())
        if self.value() != self._held:
            self._held = self.value()
            self.edited.emit()
            self.committed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.committed.emit()
