"""What was imported before: one line each, with a button that undoes it whole and one that gives its file back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QListWidget, QVBoxLayout, QWidget

from desktop.services.importing import Imported
from desktop.ui import words
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import row
from desktop.ui.parts.progress import ProgressBox
from desktop.ui.parts.text import Text


class ImportsDialog(QDialog):
    """Newest first. Signals carry the id of an import; `file_asked` its name, too."""

    undo_asked = Signal(str)
    file_asked = Signal(str, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._imports: Sequence[Imported] = ()
        self._busy = False
        self.setWindowTitle("Earlier imports")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.list = QListWidget()
        self.list.setProperty("framed", True)
        self.list.setProperty("part", "menu")
        self.list.setWordWrap(True)
        self.list.setAccessibleName("Earlier imports")
        self.none = Text(
            "Nothing was imported yet. Open a file with Ctrl+Shift+O, or drop one on the list.",
            tone="ink2",
            wrap=True,
        )
        self.told = Text("", "table", "ink2", wrap=True)
        self.progress = ProgressBox("Undoing", can_stop=False)
        self.undo = Button("Undo this import", icon="undo-2")
        self.file = Button("Save the file", "quiet", "download")
        self.close_button = Button("Close", "quiet")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(Text("Earlier imports", "section"))
        column.addWidget(self.list, 1)
        column.addWidget(self.none)
        column.addWidget(self.told)
        column.addWidget(self.progress)
        column.addLayout(row(self.undo, self.file, None, self.close_button))
        self.resize(min(720, parent.window().width() - 48), min(440, parent.window().height() - 48))
        self.told.hide()
        self.show_busy(False)
        self.list.currentRowChanged.connect(self._on_row_changed)
        self.undo.clicked.connect(self._on_undo_clicked)
        self.file.clicked.connect(self._on_file_clicked)
        self.close_button.clicked.connect(self.accept)

    def show_imports(self, imports: Sequence[Imported], now: datetime) -> None:
        """List these; the place in the list stays."""
        place = self.list.currentRow()
        self._imports = imports
        self.list.clear()
        self.list.addItems([_line(one, now) for one in imports])
        self.list.setCurrentRow(max(0, min(place, len(imports) - 1)))
        self.list.setVisible(bool(imports))
        self.none.setVisible(not imports)
        self._on_row_changed()

    def show_busy(self, busy: bool) -> None:
        """An undo is under way."""
        self._busy = busy
        self.progress.setVisible(busy)
        self.list.setEnabled(not busy)
        self.close_button.setEnabled(not busy)
        self._on_row_changed()

    def tell(self, sentence: str) -> None:
        """What came of it."""
        self.told.setText(sentence)
        self.told.show()

    def _current(self) -> Imported | None:
        place = self.list.currentRow()
        return self._imports[place] if 0 <= place < len(self._imports) else None

    def _on_row_changed(self) -> None:
        one = self._current()
        free = one is not None and not self._busy
        self.undo.setEnabled(free and one is not None and one.can_undo)
        self.file.setEnabled(free)

    def _on_undo_clicked(self) -> None:
        if (one := self._current()) is not None:
            self.undo_asked.emit(one.id)

    def _on_file_clicked(self) -> None:
        if (one := self._current()) is not None:
            self.file_asked.emit(one.id, one.file)

    def reject(self) -> None:
        if not self._busy:
            super().reject()


def _line(one: Imported, now: datetime) -> str:
    """Such as: 412 rows from trainees.xlsx, 3 Oct: 400 added, 10 changed, 2 not taken."""
    parts = [
        f"{words.number(number)} {said}"
        for number, said in (
            (one.added, "added"),
            (one.updated, "changed"),
            (one.unchanged, "the same already"),
            (one.refused, "not taken"),
        )
        if number
    ]
    undone = "" if one.can_undo else ". Undone"
    return f"{words.count(one.rows, 'row')} from {one.file}, {words.when(one.at, now)}: {', '.join(parts)}{undone}"
