"""When Register was last read by its export, or how that is done; with the file itself."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.services.web_reading import WebLoaded
from desktop.ui.handover.reading_words import last_words
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.text import Text

_HOW = "Register was not read yet. Download the export of your trainees from its website, and load it here."


class LastRead(QWidget):
    """`by_files` = Register has no API for this organisation, so that it is told how reading is done."""

    save_asked = Signal(str, str)
    """Id and name of the file that was loaded."""

    def __init__(self, *, by_files: bool) -> None:
        super().__init__()
        self._by_files = by_files
        self._last: WebLoaded | None = None
        self._words = Text("", "table", "ink2", wrap=True)
        self.save = Button("Save that file", "link")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addWidget(self._words, 1)
        line.addWidget(self.save)
        self.save.clicked.connect(self._on_save_clicked)
        self.hide()

    @property
    def words(self) -> str:
        return self._words.text()

    def show_last(self, last: WebLoaded | None, now: datetime) -> None:
        """Say it; nothing where Register is read over its API and never was by a file."""
        self._last = last
        words = last_words(last, now) or (_HOW if self._by_files else "")
        self._words.setText(words)
        self.save.setVisible(last is not None)
        self.setVisible(bool(words))

    def _on_save_clicked(self) -> None:
        if self._last is not None:
            self.save_asked.emit(self._last.id, self._last.file)
