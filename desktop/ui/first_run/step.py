"""One step of the set-up: a question as its title, a sentence, and the fields under it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.ui.first_run.answers import Answers
from desktop.ui.parts.scroll_page import ScrollPage
from desktop.ui.parts.text import Text
from desktop.ui.shell.keys import first_focusable

WIDEST = 768


class Step(ScrollPage):
    """Shows the answers it is about and keeps them. `name` stands in the list of steps."""

    moved = Signal()
    """Something changed that the words of buttons or of the list depend on."""

    name = ""

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self.setAccessibleName(title)
        self.title, self.text = Text(title, "title", wrap=True), Text(text, tone="ink2", wrap=True)
        self.column.setSpacing(16)
        self.column.addWidget(self.title)
        self.column.addSpacing(-12)
        self.column.addWidget(self.text)
        self.column.addSpacing(4)

    def add(self, *parts: QWidget) -> None:
        """Fields and cards, from top to bottom."""
        for part in parts:
            part.setMaximumWidth(WIDEST)
            self.add_limited(part)

    def focus_first(self) -> None:
        """Put the keyboard on the first field."""
        first = first_focusable(self)
        if first is not None:
            first.setFocus()

    def show_answers(self, answers: Answers) -> None:
        """Show what was answered before."""

    def keep(self, answers: Answers) -> None:
        """Take over what is typed, right or wrong, so that going back loses nothing."""

    def complete(self) -> bool:
        """Whether one may go on; what is wrong is said beside its field, and the keyboard is put there."""
        return True

    def caption(self, _answers: Answers) -> str:
        """What was answered, for the list of steps; never a secret."""
        return ""
