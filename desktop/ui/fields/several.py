"""Several answers of one code list (disabilities): as many pickers as there are answers, and one more when asked for.

The answers close up when one is taken out, as the portal takes them as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.model.collection import CodeLists
from desktop.model.document import Value
from desktop.ui.fields.code_picker import CodePicker
from desktop.ui.fields.control import Control
from desktop.ui.parts.buttons import Button, IconButton


class SeveralControl(Control):
    """`values()` gives one value a path; `value` and `show_value` are of the first and not used by the form."""

    def __init__(
        self,
        lists: CodeLists,
        list_name: str,
        paths: Sequence[str],
        singular: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._lists, self._list_name, self._paths = lists, list_name, tuple(paths)
        self._singular = singular
        self._name, self._description = singular, ""
        self._read_only, self._why = False, ""
        self._error = False
        self._pickers: list[CodePicker] = []
        self._lines: list[QWidget] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._add = Button(f"Add another {singular.lower()}", "link", "plus")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._add.clicked.connect(self._on_add_clicked)
        self._show([None])
        self._column.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)  # after the lines, for Tab too

    # --- as a control

    def values(self) -> dict[str, Value]:
        """Path -> answer, closed up from the first path on."""
        given = [v for v in (picker.value() for picker in self._pickers) if v is not None]
        return {path: given[n] if n < len(given) else None for n, path in enumerate(self._paths)}

    def show_values(self, values: Mapping[str, Value]) -> None:
        """Show these answers, without any signal."""
        given = [values[p] for p in self._paths if values.get(p) is not None]
        if given != [v for v in (picker.value() for picker in self._pickers) if v is not None]:
            self._show(given or [None])

    def value(self) -> Value:
        return self.values()[self._paths[0]]

    def show_value(self, value: Value) -> None:
        self.show_values({self._paths[0]: value})

    def inputs(self) -> list[QWidget]:
        return [widget for picker in self._pickers for widget in picker.inputs()]

    def set_read_only(self, read_only: bool, why: str) -> None:
        self._read_only, self._why = read_only, why
        self._dress()

    def set_state(self, *, error: bool) -> None:
        self._error = error
        super().set_state(error=error)

    def set_words(self, name: str, description: str) -> None:
        self._name, self._description = name, description
        self._dress()

    def settle(self) -> None:
        for picker in self._pickers:
            picker.settle()

    def open_popup(self) -> None:
        held = next((p for p in self._pickers if p.has_focus()), self._pickers[0])
        held.open_popup()

    # --- inside

    def _show(self, given: Sequence[Value]) -> None:
        while len(self._pickers) > len(given):
            self._drop(len(self._pickers) - 1)
        while len(self._pickers) < len(given):
            self._append()
        for picker, value in zip(self._pickers, given, strict=True):
            picker.show_value(value)
        self._dress()

    def _append(self) -> CodePicker:
        picker = CodePicker(self._lists, self._list_name)
        remove = IconButton("x", f"Remove this {self._singular.lower()}", framed=False)
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(picker, 1)
        row.addWidget(remove)
        picker.edited.connect(self.edited)
        picker.typing.connect(self.typing)
        picker.committed.connect(self.committed)
        remove.setProperty("line", len(self._lines))
        remove.clicked.connect(self._on_remove_clicked)
        self._column.insertWidget(len(self._lines), line)
        self._pickers.append(picker)
        self._lines.append(line)
        if self._column.indexOf(self._add) >= 0:
            self._reach_in_order()
        return picker

    def _reach_in_order(self) -> None:
        """Tab goes from line to line and then to the button that adds one, also when lines came later."""
        stops: list[QWidget] = []
        for picker, line in zip(self._pickers, self._lines, strict=True):
            stops += [*picker.inputs(), *line.findChildren(IconButton)]
        for one, other in pairwise([*stops, self._add]):
            QWidget.setTabOrder(one, other)

    def _drop(self, place: int) -> None:
        self._pickers.pop(place)
        line = self._lines.pop(place)
        line.hide()
        self._column.removeWidget(line)
        line.deleteLater()

    def _dress(self) -> None:
        for number, (picker, line) in enumerate(zip(self._pickers, self._lines, strict=True), start=1):
            picker.set_words(f"{self._name} {number}", self._description)
            picker.set_read_only(self._read_only, self._why)
            picker.set_state(error=self._error)
            remove = line.findChild(IconButton)
            if remove is not None:
                remove.setVisible(
                    not self._read_only and (len(self._pickers) > 1 or picker.value() is not None)
                )
                remove.setProperty("line", number - 1)
        full = len(self._pickers) >= len(self._paths)
        empty = any(picker.value() is None for picker in self._pickers)
        self._add.setVisible(not self._read_only and not full and not empty)

    def _on_add_clicked(self) -> None:
        picker = self._append()
        self._dress()
        picker.take_focus()

    def _on_remove_clicked(self) -> None:
        place = int(self.sender().property("line"))
        if len(self._pickers) == 1:
            self._pickers[0].show_value(None)
        else:
            self._drop(place)
        self._dress()
        self._pickers[min(place, len(self._pickers) - 1)].take_focus()
        self.edited.emit()
        self.committed.emit()
