"""The two small windows of saved filters: give a name, and the list of one's own."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.services.filters import LONGEST_NAME, SavedFilter
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import row
from desktop.ui.parts.dialog import Dialog
from desktop.ui.parts.text import Text
from desktop.ui.records.list_dialog import ListDialog


class NameDialog(Dialog):
    """Asks for a name. `named` carries it; whoever asked closes the window, or says why it cannot be.

    `taken` = names that are replaced when they are given again: the button then says so.
    """

    named = Signal(str)

    def __init__(
        self,
        title: str,
        text: str,
        do: str,
        parent: QWidget,
        *,
        name: str = "",
        taken: Collection[str] = (),
    ) -> None:
        super().__init__(title, parent, 10)
        self._do, self._taken = do, {known.casefold() for known in taken}
        self.setMinimumWidth(400)
        self.line = QLineEdit(name)
        self.line.setMaxLength(LONGEST_NAME)
        label = Text("Name of the filter", weight=500)
        label.setBuddy(self.line)
        self.line.setAccessibleName("Name of the filter")
        self.problem = Text(role="table", tone="refused", weight=500, wrap=True)
        self.problem.hide()
        self.main_button, self.not_now = Button(do, "primary"), Button("Not now", "quiet")
        self.column.addWidget(Text(title, "section"))
        if text:
            self.column.addWidget(Text(text, "table", "ink2", wrap=True))
        self.column.addWidget(label)
        self.column.addWidget(self.line)
        self.column.addWidget(self.problem)
        self.column.addSpacing(4)
        self.column.addLayout(row(None, self.not_now, self.main_button))
        self.main_button.clicked.connect(self._on_main_clicked)
        self.main_button.setDefault(True)
        self.not_now.clicked.connect(self.reject)
        self.line.textChanged.connect(self._on_text_changed)
        self.line.selectAll()
        self.line.setFocus()

    def show_problem(self, sentence: str) -> None:
        """Why this name cannot be."""
        self.problem.setText(sentence)
        self.problem.show()
        self.line.setAccessibleDescription(sentence)
        self.line.setFocus()

    def _on_text_changed(self, text: str) -> None:
        self.problem.hide()
        again = text.strip().casefold() in self._taken
        self.main_button.set_words("Replace that filter" if again else self._do)

    def _on_main_clicked(self) -> None:
        if self.line.text().strip():
            self.named.emit(self.line.text().strip())
        else:
            self.show_problem("Enter a name, such as Starting in January.")


class OwnFilters(ListDialog):
    """One's own saved filters. F2 renames, Delete removes."""

    rename_asked = Signal(str)
    remove_asked = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        none = Text("You have no saved filters of your own.", tone="ink2")
        super().__init__("Your saved filters", none, parent)
        self.rename = Button("Rename", icon="pencil-line", tip="F2")
        self.remove = Button("Remove", icon="trash-2", tip="Delete")
        self.column.addLayout(row(self.rename, self.remove, None, self.close_button))
        self.resize(420, 340)
        self.rename.clicked.connect(self._on_rename_clicked)
        self.remove.clicked.connect(self._on_remove_clicked)
        self.rename.setShortcut("F2")
        self.remove.setShortcut("Delete")

    def show_filters(self, filters: Sequence[SavedFilter]) -> None:
        """List these; the place in the list stays."""
        self.show_lines([known.name for known in filters])
        for button in (self.rename, self.remove):
            button.setEnabled(bool(filters))

    def _on_rename_clicked(self) -> None:
        if self.list.currentItem() is not None:
            self.rename_asked.emit(self.list.currentItem().text())

    def _on_remove_clicked(self) -> None:
        if self.list.currentItem() is not None:
            self.remove_asked.emit(self.list.currentItem().text())
