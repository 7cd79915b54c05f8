"""Step 3 where no portal takes the records from a program: begin at once, or practise the typing first."""

from __future__ import annotations

from PySide6.QtWidgets import QButtonGroup, QRadioButton

from desktop.ui.first_run.answers import Answers
from desktop.ui.first_run.choice_card import ChoiceCard
from desktop.ui.first_run.choosing import choose
from desktop.ui.first_run.step import Step


class PractisingStep(Step):
    """Offered only where practice can be started."""

    name = "Practise first"

    def __init__(self) -> None:
        super().__init__(
            "Do you want to practise first?",
            "The portal has no way in for programs. Holdfast shows you page by page what to type there.",
        )
        self.begin, self.practice = QRadioButton(), QRadioButton()
        self._group = group = QButtonGroup(self)
        for button in (self.begin, self.practice):
            group.addButton(button)
        self.add(
            ChoiceCard(self.begin, "Begin now", "Set up your own workspace, with your own records."),
            ChoiceCard(
                self.practice,
                "Practise first",
                "A practice website runs on this computer, with made-up schools and teachers. Type into it what Holdfast shows.",
                "Nothing of it is kept when you close Holdfast",
            ),
        )
        self.column.addStretch(1)
        self.practice.toggled.connect(self.moved)

    def show_answers(self, answers: Answers) -> None:
        choose(self._group, self.practice if answers.practice else self.begin)

    def keep(self, answers: Answers) -> None:
        answers.practice, answers.direct = self.practice.isChecked(), False

    def caption(self, answers: Answers) -> str:
        return "Practice" if answers.practice else "Not now"
