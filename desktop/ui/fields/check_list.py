"""Several codes in one field: a box for each entry of the list. The value is the codes with commas between them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.model.collection import CodeLists
from desktop.model.document import Value
from desktop.ui.fields.codes import options_of
from desktop.ui.fields.control import Control
from desktop.ui.parts.text import Text


class CheckLine(QWidget):
    """A box with words that may take several lines (a QCheckBox breaks none)."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.box = QCheckBox()
        self.box.setAccessibleName(words)
        label = Text(words, wrap=True)
        label.setBuddy(self.box)
        label.installEventFilter(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(8)
        row.addWidget(self.box, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(label, 1)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonRelease and self.box.isEnabled():
            self.box.click()
        return super().eventFilter(watched, event)


class CheckListControl(Control):
    """Codes that are in no list stay in the value, after the ticked ones."""

    def __init__(self, lists: CodeLists, list_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._boxes: dict[str, QCheckBox] = {}
        self._strange: list[str] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 4, 0, 4)
        self._column.setSpacing(2)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        for option in options_of(lists, list_name):
            line = CheckLine(option.label)
            self._boxes[option.code] = line.box
            self._column.addWidget(line)
            line.box.clicked.connect(self._on_clicked)

    def show_only(self, codes: frozenset[str] | None) -> None:
        """Hide entries that do not fit what was answered elsewhere; None shows all. A ticked one stays."""
        for code, box in self._boxes.items():
            line = box.parentWidget()
            if line is not None:
                line.setVisible(codes is None or code in codes or box.isChecked())

    def value(self) -> Value:
        ticked = [code for code, box in self._boxes.items() if box.isChecked()]
        return ",".join([*ticked, *self._strange]) or None

    def show_value(self, value: Value) -> None:
        codes = [part.strip() for part in str(value or "").split(",") if part.strip()]
        for code, box in self._boxes.items():
            box.setChecked(code in codes)
        self._strange = [code for code in codes if code not in self._boxes]

    def inputs(self) -> list[QWidget]:
        return list(self._boxes.values())

    def set_words(self, name: str, description: str) -> None:
        self.setAccessibleName(name)
        self.setAccessibleDescription(description)

    def set_read_only(self, read_only: bool, why: str) -> None:
        for box in self._boxes.values():
            box.setEnabled(not read_only)
            box.setToolTip(why if read_only else "")

    def _on_clicked(self) -> None:
        self.edited.emit()
        self.committed.emit()
