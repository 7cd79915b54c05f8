"""Step 1: which organisation the records belong to."""

from __future__ import annotations

from PySide6.QtWidgets import QButtonGroup, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from desktop.ui.first_run import answers as checks
from desktop.ui.first_run.answers import KINDS, Answers
from desktop.ui.first_run.choosing import choose
from desktop.ui.first_run.labelled import Labelled
from desktop.ui.first_run.step import Step
from desktop.ui.parts.text import Text


class OrganisationStep(Step):
    """Kind, name, and the numbers by which portals know it."""

    name = "Organisation"

    def __init__(self) -> None:
        super().__init__(
            "Which organisation are you?",
            "Its name stands on what you save and print. Its number tells Holdfast whose records a portal shows.",
        )
        self.kinds = QButtonGroup(self)
        self.organisation, self.ukprn, self.urn = QLineEdit(), QLineEdit(), QLineEdit()
        self.name_row = Labelled("Name of your organisation", self.organisation)
        self.ukprn_row = Labelled(
            "UKPRN", self.ukprn, "8 digits, beginning with 1. Leave it empty if you have none.", width=160
        )
        self.urn_row = Labelled(
            "URN", self.urn, "6 digits. Schools have one. Leave it empty if you have none.", width=160
        )
        self.add(self._kind_box(), self.name_row, self.ukprn_row, self.urn_row)
        self.column.addStretch(1)

    def _kind_box(self) -> QWidget:
        box = QWidget()
        box.setAccessibleName("Kind of organisation")
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(Text("Kind of organisation", weight=500))
        for number, (_key, words, more) in enumerate(KINDS):
            button = QRadioButton(words)
            button.setAccessibleDescription(more)
            button.setToolTip(more)
            self.kinds.addButton(button, number)
            column.addWidget(button)
        return box

    def show_answers(self, answers: Answers) -> None:
        keys = [key for key, _words, _more in KINDS]
        choose(self.kinds, self.kinds.button(keys.index(answers.kind)))
        self.organisation.setText(answers.name)
        self.ukprn.setText(answers.ukprn)
        self.urn.setText(answers.urn)

    def keep(self, answers: Answers) -> None:
        answers.kind = KINDS[self.kinds.checkedId()][0]
        answers.name = self.organisation.text()
        answers.ukprn, answers.urn = self.ukprn.text(), self.urn.text()

    def complete(self) -> bool:
        wrong = [
            self.urn_row.complain(checks.wrong_urn(self.urn.text())),
            self.ukprn_row.complain(checks.wrong_ukprn(self.ukprn.text())),
            self.name_row.complain(checks.wrong_name(self.organisation.text())),
        ]
        return not any(wrong)

    def caption(self, answers: Answers) -> str:
        return answers.name.strip()
