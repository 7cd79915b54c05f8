"""The last step: the workspace is made, and the records are read from the portal, with progress and a way to stop."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal

from desktop.services.views import Progress
from desktop.ui.first_run.answers import Answers
from desktop.ui.first_run.step import Step
from desktop.ui.icons import set_icon
from desktop.ui.parts.card import row
from desktop.ui.parts.progress import ProgressBox
from desktop.ui.parts.text import Text


class RecordsStep(Step):
    """Says what will happen, then how far it is, then what is in the way if something is."""

    name = "Bring your records here"
    stop_asked = Signal()

    def __init__(self, portal: str, folder: Path) -> None:
        super().__init__("Bring your records here", "")
        self._portal, self._folder = portal, folder
        self._where = Text(role="caption", wrap=True)
        self.progress = ProgressBox("Reading your records")
        self.progress.hide()
        self._icon, self.message = Text(), Text(wrap=True)
        told = row(spacing=8)
        told.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        told.addWidget(self.message, 1)
        self.add(self._where, self.progress)
        self.column.addLayout(told)
        self.column.addStretch(1)
        self.progress.stop_asked.connect(self.stop_asked)
        self.tell("")

    def show_answers(self, answers: Answers) -> None:
        if answers.practice:
            self.title.setText("Ready to practise")
            self.text.setText(
                f"A practice {self._portal} starts on this computer, with 250 made-up trainees."
            )
            self._where.setText("Nothing leaves this computer, and nothing is kept when you close Holdfast.")
        elif answers.direct:
            self.title.setText("Bring your records here")
            self.text.setText(
                f"Holdfast reads what {self._portal} has, which may take some minutes. Nothing is sent. "
                "You can stop at any time and keep what was read."
            )
            self._where.setText(f"They are kept in {self._folder}, encrypted.")
        else:
            self.title.setText("Ready")
            self.text.setText(
                "The workspace is made. Nothing is read or sent until you connect a portal in Settings."
            )
            self._where.setText(f"Your records are kept in {self._folder}, encrypted.")

    def show_progress(self, progress: Progress) -> None:
        """How far the reading is."""
        self.progress.show()
        self.progress.show_progress(progress)

    def tell(self, words: str, *, grave: bool = False) -> None:
        """What is in the way; "" takes it back."""
        set_icon(self._icon, "circle-x" if grave else "triangle-alert", "refused" if grave else "conflict")
        self._icon.setVisible(bool(words))
        self.message.setText(words)
        self.message.setVisible(bool(words))
