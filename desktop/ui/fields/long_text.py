"""Text of several lines. Tab leaves it, as everywhere in a form."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QSizePolicy, QWidget

from desktop.model.document import Value
from desktop.ui.fields.control import Control
from desktop.ui.fields.line_edit import is_left
from desktop.ui.theme import theme

_LINES = 4


class TextBox(QPlainTextEdit):
    """`left` when the keyboard goes elsewhere."""

    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if is_left(event):
            self.left.emit()


class LongTextControl(Control):
    """`value` is the text without blanks at its ends."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._showing = False
        self._box = TextBox()
        self._box.setTabChangesFocus(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._box)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._box.textChanged.connect(self._on_text_changed)
        self._box.left.connect(self.committed)
        theme().changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        self._box.setFixedHeight(self._box.fontMetrics().lineSpacing() * _LINES + 14)

    def value(self) -> Value:
        return self._box.toPlainText().strip() or None

    def show_value(self, value: Value) -> None:
        self._showing = True
        self._box.setPlainText("" if value is None else str(value))
        self._showing = False

    def inputs(self) -> list[QWidget]:
        return [self._box]

    def set_read_only(self, read_only: bool, why: str) -> None:
        self._box.setReadOnly(read_only)
        self._box.setToolTip(why if read_only else "")

    def _on_text_changed(self) -> None:
        if not self._showing:
            self.edited.emit()
