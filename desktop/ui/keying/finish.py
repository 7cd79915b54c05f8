"""The end of a sheet: what did the website say? Accepted, Refused with a reason, or Not sure. Nothing is guessed."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from desktop.model.person import Role
from desktop.services.keying import LONGEST_REFERENCE, LONGEST_WHY, Keying
from desktop.ui.fields.date_entry import DateEntry
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.flow_layout import FlowLayout
from desktop.ui.parts.text import Text
from desktop.ui.shell.rights import needs

_REFERENCE = "Reference, if the website showed one"


class FinishPanel(QWidget):
    """`said` carries what the portal said, reference, day (ISO text, "" = today) and reason."""

    said = Signal(str, str, str, str)

    def __init__(self, today: date) -> None:
        super().__init__()
        self._today = today
        self._item = ""
        self.ending = Text(tone="ink2", wrap=True)
        self.reference, self.why = QLineEdit(), QLineEdit()
        self.reference.setMaxLength(LONGEST_REFERENCE)
        self.why.setMaxLength(LONGEST_WHY)
        self.day = DateEntry(today)
        self.accepted = needs(Button("Accepted", "primary", "circle-check"), Role.SEND)
        self.refused = needs(Button("Refused", icon="octagon-x"), Role.SEND)
        self.unsure = needs(Button("Not sure", icon="circle-question-mark"), Role.SEND)
        self.instead = needs(Button("", "primary", "chevron-right"), Role.SEND)
        self.problem = Text(role="table", tone="refused", weight=500, wrap=True)
        self._labels = {"reference": Text(_REFERENCE, weight=500, wrap=True)}
        self._arrange()
        self.accepted.clicked.connect(self._on_accepted)
        self.refused.clicked.connect(self._on_refused)
        self.instead.clicked.connect(self._on_instead)
        self.unsure.clicked.connect(self._on_unsure)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(Text("What did the website say at the end?", "section", wrap=True))
        column.addWidget(self.ending)
        column.addSpacing(6)
        why_label, day_label = (
            Text("What it did not take, if it refused", weight=500),
            Text("Typed on", weight=500),
        )
        for label, field, name in (
            (self._labels["reference"], self.reference, _REFERENCE),
            (why_label, self.why, "What it did not take, if it refused"),
        ):
            label.setBuddy(field)
            field.setAccessibleName(name)
            column.addWidget(label)
            column.addWidget(field)
        self.day.set_words("Typed on", "The day on which it was typed. Leave it as it is for today.")
        column.addWidget(day_label)
        column.addWidget(self.day)
        column.addSpacing(6)
        column.addWidget(self.problem)
        buttons = FlowLayout()
        for button in (self.accepted, self.instead, self.refused, self.unsure):
            buttons.addWidget(button)
        column.addLayout(buttons)
        self.problem.hide()

    def show_keying(self, keying: Keying) -> None:
        """Ask about this sheet."""
        journey = keying.sheet.journey
        if keying.item.id != self._item:
            self._item = keying.item.id
            self.reference.clear()
            self.why.clear()
        self.ending.setText(f"Accepted means: {journey.ending}")
        self.ending.setVisible(not keying.stopped)
        shows = journey.read_back or bool(journey.reference)
        for part in (self._labels["reference"], self.reference):
            part.setVisible(shows)
        self._labels["reference"].setText(
            f"{journey.reference}, if there is one" if journey.reference else _REFERENCE
        )
        self.reference.setAccessibleName(self._labels["reference"].text())
        self.accepted.setVisible(not keying.stopped)
        self.unsure.setVisible(not keying.stopped)
        self.instead.setVisible(bool(keying.instead))
        self.instead.set_words(keying.instead)
        self.day.show_value(self._today.isoformat())
        if keying.stopped and not self.why.text():
            self.why.setText(keying.stopped)
        self.show_problem(self.unsure.forbidden)

    def show_problem(self, words: str) -> None:
        """Why it was not taken in; "" takes the words away."""
        self.problem.setText(words)
        self.problem.setVisible(bool(words))

    def take_focus(self) -> None:
        """The keyboard goes to the first thing to answer."""
        stopped = self.accepted.isHidden()
        way = self.refused if self.instead.isHidden() else self.instead
        typed = self.accepted if self.reference.isHidden() else self.reference
        first = way if stopped else typed
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self, said: str) -> None:
        day = str(self.day.value() or "")
        self.said.emit(said, self.reference.text(), day, self.why.text())

    def _on_accepted(self) -> None:
        self._say("accepted")

    def _on_instead(self) -> None:
        self._say("instead")

    def _on_unsure(self) -> None:
        self._say("unsure")

    def _on_refused(self) -> None:
        if not self.why.text().strip():
            self.show_problem("Say what the website did not take.")
            self.why.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._say("refused")
