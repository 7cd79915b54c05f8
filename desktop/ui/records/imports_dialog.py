"""What was imported before: one line each, with a button that undoes it whole and one that gives its file back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.services.importing import Imported
from desktop.ui import words
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import row
from desktop.ui.parts.progress import ProgressBox
from desktop.ui.parts.text import Text
from desktop.ui.records.list_dialog import ListDialog

NOT_KEPT = "The file was not kept: it can hold what is deleted once the portal has found a person."


class ImportsDialog(ListDialog):
    """Newest first. Signals carry the id of an import; `file_asked` its name, too."""

    undo_asked = Signal(str)
    file_asked = Signal(str, str)

    def __init__(self, parent: QWidget) -> None:
        none = "Nothing was imported yet. Open a file with Ctrl+Shift+O, or drop one on the list."
        super().__init__("Earlier imports", Text(none, tone="ink2", wrap=True), parent)
        self._imports: Sequence[Imported] = ()
        self._busy = False
        self.list.setWordWrap(True)
        self.told = Text("", "table", "ink2", wrap=True)
        self.progress = ProgressBox("Undoing", stop="Stop, and leave all as it was")
        self.undo = Button("Undo this import", icon="undo-2")
        self.file = Button("Save the file", "quiet", "download")
        self.column.addWidget(self.told)
        self.column.addWidget(self.progress)
        self.column.addLayout(row(self.undo, self.file, None, self.close_button))
        self.take_room(720, 440)
        self.told.hide()
        self.show_busy(False)
        self.list.currentRowChanged.connect(self._on_row_changed)
        self.undo.clicked.connect(self._on_undo_clicked)
        self.file.clicked.connect(self._on_file_clicked)

    def show_imports(self, imports: Sequence[Imported], now: datetime) -> None:
        """List these; the place in the list stays."""
        self._imports = imports
        self.show_lines([_line(one, now) for one in imports])
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
        kept = one is None or one.is_kept
        self.file.allow(free and kept, "" if kept else NOT_KEPT)

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
