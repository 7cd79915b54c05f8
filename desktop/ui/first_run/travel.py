"""Step 3: how the records reach the portal: directly, or first in practice. The connection may be tested here."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QFrame, QLineEdit, QRadioButton, QVBoxLayout

from desktop.model.errors import UsageError
from desktop.model.verdict import Probe
from desktop.services import tokens
from desktop.services.portals import check_address
from desktop.ui.first_run.answers import Answers
from desktop.ui.first_run.choice_card import ChoiceCard
from desktop.ui.first_run.choosing import choose
from desktop.ui.first_run.connection import ConnectionLine
from desktop.ui.first_run.labelled import Labelled, secret
from desktop.ui.first_run.step import Step
from desktop.ui.operations import Lane, Operations
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import row
from desktop.ui.trouble import Trouble

IN_SIGHT = 16
"""So many pixels stay free round what is brought into sight."""
EXAMPLE = "https://www.register-trainee-teachers.service.gov.uk"


class TravelStep(Step):
    """`test` asks the portal with the answers given (worker thread). `practice` = whether practice can be offered."""

    name = "How records travel"

    def __init__(
        self, portal: str, test: Callable[[Answers], Probe], operations: Operations, *, practice: bool
    ) -> None:
        super().__init__(
            f"How do your records reach {portal}?",
            f"It depends on what {portal} lets your organisation use. You can change this later in Settings.",
        )
        self._portal, self._test, self._operations = portal, test, operations
        self._answers = Answers()
        self.direct, self.later, self.practice = QRadioButton(), QRadioButton(), QRadioButton()
        self._group = group = QButtonGroup(self)
        for button in (self.direct, self.later, self.practice):
            group.addButton(button)
        self.address, self.token = QLineEdit(), secret()
        self.test_button = Button("Test the connection")
        self.line = ConnectionLine()
        self.address_row = Labelled(f"Address of {portal}", self.address, f"For example {EXAMPLE}")
        self.token_row = Labelled(
            "Access token",
            self.token,
            f"From your organisation’s settings in {portal}. It is kept so that only you can use it, and never shown.",
        )
        self._fields = self._make_fields()
        direct, later, practise = self._cards(portal)
        self.add(direct, self._fields, later, practise)
        self._practice_card.setVisible(practice)
        self.column.addStretch(1)
        self.direct.toggled.connect(self._fit_fields)
        self.practice.toggled.connect(self.moved)
        self.test_button.clicked.connect(self._on_test_clicked)
        for grown in (self.line.said, self.verticalScrollBar().rangeChanged):
            grown.connect(self._bring_line_into_sight, Qt.ConnectionType.QueuedConnection)
        for edit in (self.address, self.token):
            edit.textEdited.connect(self.line.clear)

    def _cards(self, portal: str) -> tuple[ChoiceCard, ...]:
        direct = ChoiceCard(
            self.direct,
            "Directly, with an access token",
            "Holdfast sends each change and reads the answer itself.",
        )
        later = ChoiceCard(
            self.later,
            "Not yet",
            "Keep and check records here first. Nothing is sent, and you can connect at any time.",
            "No token needed",
        )
        self._practice_card = ChoiceCard(
            self.practice,
            "Practise first",
            f"A practice {portal} runs on this computer, with made-up people. You can take it down and bring it back.",
            "Nothing of it is kept when you close Holdfast",
        )
        return direct, later, self._practice_card

    def _make_fields(self) -> QFrame:
        box = QFrame()
        box.setProperty("card", "plain")
        column = QVBoxLayout(box)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(12)
        column.addWidget(self.address_row)
        column.addWidget(self.token_row)
        column.addLayout(row(self.test_button, None))
        column.addWidget(self.line)
        return box

    def show_answers(self, answers: Answers) -> None:
        self._answers = answers
        chosen = self.practice if answers.practice else self.later if not answers.direct else self.direct
        choose(self._group, chosen)
        self.address.setText(answers.url)
        self.token.setText(answers.token)
        self._fit_fields()

    def keep(self, answers: Answers) -> None:
        answers.practice, answers.direct = self.practice.isChecked(), self.direct.isChecked()
        answers.url, answers.token = self.address.text().strip(), self.token.text().strip()

    def complete(self) -> bool:
        """Address and token must be such as can be; whether they are right, only the portal can say."""
        if not self.direct.isChecked():
            return True
        wrong = [
            self.token_row.complain(_told(tokens.clean, self.token.text())),
            self.address_row.complain(_told(check_address, self.address.text())),
        ]
        return not any(wrong)

    def leave_out_practice(self) -> None:
        """The workspace is made: it is not for practice any more."""
        self._practice_card.hide()

    def caption(self, answers: Answers) -> str:
        return "Practice" if answers.practice else answers.url if answers.direct else "Not connected yet"

    def _fit_fields(self) -> None:
        self._fields.setVisible(self.direct.isChecked())
        self.moved.emit()

    def _on_test_clicked(self) -> None:
        if not self.complete():
            return
        self.keep(self._answers)
        self.line.show_waiting(self._portal)
        self.test_button.allow(False, "Asking the portal")
        asked = self._answers
        self._operations.run(
            lambda: self._test(asked), self._on_tested, lane=Lane.NETWORK, on_failure=self._on_test_failed
        )

    def _bring_line_into_sight(self) -> None:
        """Once the words have their place, and again when they take more: in a low window they would be below the edge."""
        if self.line.isVisible():
            self.column.activate()
            self.ensureWidgetVisible(self.line, 0, IN_SIGHT)

    def _on_tested(self, probe: Probe) -> None:
        self.test_button.allow(True)
        self.line.show_probe(probe, self._portal)

    def _on_test_failed(self, trouble: Trouble) -> None:
        self.test_button.allow(True)
        self.line.clear()
        self.address_row.complain(f"{trouble.title}. {trouble.text}")


def _told(check: Callable[[str], str], text: str) -> str:
    """What a check says against a text; "" = nothing."""
    try:
        check(text)
    except UsageError as error:
        return str(error)
    return ""
