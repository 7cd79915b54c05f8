"""Progress with words and a way to stop that says what stays."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from desktop.services.views import Progress
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.text import Text
from desktop.ui.words import number


class ProgressBox(QWidget):
    """A slim bar, words under it ("412 of 1,236 read"), and a Stop button when the work can be stopped.

    `stop` = what that button says where nothing stays of work that was stopped; else it says what stays.
    """

    stop_asked = Signal()

    def __init__(
        self, name: str, *, can_stop: bool = True, stop: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._stop_words = stop
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(name)
        self._words = Text(name, "table", "ink2")
        self._stop = Button("Stop", "quiet", small=True)
        self._stop.setVisible(can_stop)
        self._stop.clicked.connect(self.stop_asked)
        under = QHBoxLayout()
        under.addWidget(self._words, 1)
        under.addWidget(self._stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._bar)
        column.addLayout(under)
        self.show_progress(Progress(0, 0, name))

    def show_progress(self, progress: Progress) -> None:
        """Move the bar and say where the work stands."""
        self._bar.setRange(0, progress.total)
        self._bar.setValue(progress.done)
        self._words.setText(progress.words)
        self._bar.setAccessibleDescription(progress.words)
        keeps = f"Stop, keep the {number(progress.done)}" if progress.done else "Stop"
        self._stop.set_words(self._stop_words or keeps)
