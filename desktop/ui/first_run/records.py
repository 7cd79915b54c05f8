"""The last step: the workspace is made, and the records are read from the portal, with progress and a way to stop."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal

from desktop.services.views import Progress
from desktop.ui.first_run.answers import Answers
from desktop.ui.first_run.step import Step
from desktop.ui.icons import set_icon
from desktop.ui.parts.card import row
from desktop.ui.parts.progress import ProgressBox
from desktop.ui.parts.text import Text

CONNECT_LATER = "Nothing is read or sent until you connect a portal in Settings."
BY_HAND = "You add your records, Holdfast checks them and shows you, page by page, what to type on the portal’s website."


class RecordsStep(Step):
    """Says what will happen, then how far it is, then what is in the way if something is."""

    name = "Begin"
    stop_asked = Signal()

    def __init__(self, portal: str, folder: Path, sends: Callable[[], bool]) -> None:
        """`sends` = whether a portal takes any of the chosen records from a program."""
        super().__init__("Bring your records here", "")
        self._portal, self._folder, self._sends = portal, folder, sends
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
            self.text.setText("A practice portal starts on this computer, with made-up people.")
            self._where.setText("Nothing leaves this computer, and nothing is kept when you close Holdfast.")
        elif answers.direct:
            self.title.setText("Bring your records here")
            self.text.setText(
                f"Holdfast reads what {self._portal} has, which may take some minutes. Nothing is sent. "
                "You can stop at any time and keep what was read."
            )
            self._where.setText(f"They are kept in {self._folder}, encrypted.")
        else:
            self.title.setText("Ready to begin")
            self.text.setText(CONNECT_LATER if self._sends() else BY_HAND)
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
