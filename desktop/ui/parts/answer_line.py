"""What came of asking somebody, in one line: an icon and words. Empty and out of sight before the first."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop.ui.icons import set_icon
from desktop.ui.parts.card import row
from desktop.ui.parts.text import Text


class AnswerLine(QWidget):
    """`said` comes with each answer that is shown."""

    said = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._icon, self._words = Text(), Text(role="table", wrap=True)
        line = row(spacing=8)
        line.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self._words, 1)
        self.setLayout(line)
        self.hide()

    @property
    def words(self) -> str:
        return self._words.text()

    def clear(self) -> None:
        """What was said is about something else now."""
        self._words.clear()
        self.hide()

    def show_answer(self, icon: str, ink: str, words: str) -> None:
        """An icon in a colour of the theme, and the words."""
        set_icon(self._icon, icon, ink)
        self._words.setText(words)
        self.setAccessibleName(words)
        self.show()
        self.said.emit()
