"""Text, email address and whole number: one line each."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from desktop.model.collection import Field, Kind
from desktop.model.document import Value
from desktop.ui.fields.control import Control
from desktop.ui.fields.line_edit import LineEdit

_SHORT_WIDTH = 140


class TextControl(Control):
    """A whole number is given back as one when it is one, otherwise as the text that it is."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = field.kind == Kind.INTEGER
        self._edit = LineEdit()
        self._shown: Value = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._edit)
        if self._number:
            self._edit.setMaximumWidth(_SHORT_WIDTH)
            row.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if field.kind == Kind.EMAIL:
            self._edit.setInputMethodHints(Qt.InputMethodHint.ImhEmailCharactersOnly)
        self._edit.textEdited.connect(self.edited)
        self._edit.left.connect(self.committed)
        self._edit.returnPressed.connect(self.committed)

    def value(self) -> Value:
        text = self._edit.text()
        if self._shown is not None and text == str(self._shown):
            return self._shown
        if self._number and text.strip().isascii() and text.strip().isdigit():
            return int(text)
        return text.strip() or None

    def show_value(self, value: Value) -> None:
        self._shown = value
        self._edit.setText("" if value is None else str(value))
        self._edit.setCursorPosition(0)

    def inputs(self) -> list[QWidget]:
        return [self._edit]

    def set_read_only(self, read_only: bool, why: str) -> None:
        self._edit.setReadOnly(read_only)
        self._edit.setToolTip(why if read_only else "")
