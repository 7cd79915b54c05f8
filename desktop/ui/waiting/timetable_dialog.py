"""When Holdfast sends by itself: on or off, how often it looks, this computer's share, quiet hours."""

from __future__ import annotations

from datetime import time

from PySide6.QtCore import QTime, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QFormLayout, QSpinBox, QTimeEdit, QVBoxLayout, QWidget

from desktop.model.errors import UsageError
from desktop.model.timetable import Timetable
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import row
from desktop.ui.parts.text import Text

_EVENING, _MORNING = time(22), time(6, 30)


class TimetableDialog(QDialog):
    """`chosen` carries the new timetable; Esc leaves everything as it was."""

    chosen = Signal(Timetable)

    def __init__(self, timetable: Timetable, portal: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._portal = portal
        self.automatic = QCheckBox("Send and read by itself while Holdfast is open")
        self.every = _number(1, 1440, " minutes")
        self.share = _number(1, 100, " requests a minute")
        self.quiet = QCheckBox("Quiet hours: nothing goes by itself")
        self.begins, self.ends = QTimeEdit(), QTimeEdit()
        self.problem = Text(role="table", tone="refused", weight=500, wrap=True)
        self.main_button, self.not_now = Button("Keep these times", "primary"), Button("Not now", "quiet")
        self._arrange()
        self._show(timetable)
        self.automatic.toggled.connect(self._fit)
        self.quiet.toggled.connect(self._fit)
        self.main_button.clicked.connect(self._on_main_clicked)
        self.not_now.clicked.connect(self.reject)

    def _arrange(self) -> None:
        self.setWindowTitle("When to send")
        self.setMinimumWidth(460)
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(10)
        for words, box in (
            (f"&Look at {self._portal} every", self.every),
            ("This computer’s &share", self.share),
            ("&From", self.begins),
            ("&Until", self.ends),
        ):
            form.addRow(words, box)
            box.setAccessibleName(words.replace("&", ""))
        for edit in (self.begins, self.ends):
            edit.setDisplayFormat("HH:mm")
            edit.setButtonSymbols(QTimeEdit.ButtonSymbols.NoButtons)
        form.insertRow(2, self.quiet)
        self._form = form
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(Text("When to send", "section"))
        column.addWidget(self.automatic)
        column.addLayout(form)
        column.addWidget(
            Text(
                f"{self._portal} takes 100 requests a minute from one office. Leave 20 for people on its pages, and divide "
                "the other 80 by the number of computers that run Holdfast. Send now works at any time.",
                "caption",
                wrap=True,
            )
        )
        column.addWidget(self.problem)
        column.addLayout(row(None, self.not_now, self.main_button))

    def _show(self, table: Timetable) -> None:
        self.automatic.setChecked(table.automatic)
        self.every.setValue(table.every_min)
        self.share.setValue(table.share)
        self.quiet.setChecked(table.quiet_from is not None)
        self.begins.setTime(_shown(table.quiet_from or _EVENING))
        self.ends.setTime(_shown(table.quiet_until or _MORNING))
        self.problem.hide()
        self._fit()

    def timetable(self) -> Timetable:
        """As it stands in the boxes. Raises UsageError."""
        quiet = self.quiet.isChecked()
        return Timetable(
            self.automatic.isChecked(),
            self.every.value(),
            self.share.value(),
            _time(self.begins) if quiet else None,
            _time(self.ends) if quiet else None,
        )

    def _fit(self) -> None:
        """What depends on a tick cannot be changed without it."""
        by_itself = self.automatic.isChecked()
        self.every.setEnabled(by_itself)
        self.quiet.setEnabled(by_itself)
        for edit in (self.begins, self.ends):
            edit.setEnabled(by_itself and self.quiet.isChecked())

    def _on_main_clicked(self) -> None:
        try:
            table = self.timetable()
        except UsageError as error:
            self.problem.setText(str(error))
            self.problem.show()
            return
        self.chosen.emit(table)
        self.accept()


def _number(least: int, most: int, unit: str) -> QSpinBox:
    box = QSpinBox()
    box.setRange(least, most)
    box.setSuffix(unit)
    box.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
    return box


def _shown(at: time) -> QTime:
    return QTime(at.hour, at.minute)


def _time(edit: QTimeEdit) -> time:
    shown = edit.time()
    return time(shown.hour(), shown.minute())
