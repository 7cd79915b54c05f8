"""Choosing the passphrase of change files, typed twice."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import row
from desktop.ui.parts.dialog import Dialog
from desktop.ui.parts.text import Text


class AgreeDialog(Dialog):
    """`chosen` carries a passphrase that was typed twice alike; the service says whether it will do."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Passphrase of change files", parent)
        self.first, self.second = (QLineEdit(echoMode=QLineEdit.EchoMode.Password) for _ in range(2))
        self.problem = Text(role="table", tone="refused", weight=500, wrap=True)
        self.choose, self._not_now = Button("Use it from now on", "primary"), Button("Not now", "quiet")
        self.column.addWidget(Text("Passphrase of change files", "title"))
        self.column.addWidget(
            Text(
                "Agree on one with your colleagues. Each of them types it once, when they take in the first file. Tell it to "
                "them in person: whoever has it and a file can read all that is in it.",
                tone="ink2",
                wrap=True,
            )
        )
        for label, field in (("Passphrase", self.first), ("The same again", self.second)):
            words = Text(label, weight=500)
            words.setBuddy(field)
            field.setAccessibleName(label)
            field.returnPressed.connect(self._on_choose)
            self.column.addWidget(words)
            self.column.addWidget(field)
        self.column.addWidget(self.problem)
        self.column.addStretch(1)
        self.column.addLayout(row(None, self._not_now, self.choose))
        self.problem.hide()
        self.choose.clicked.connect(self._on_choose)
        self._not_now.clicked.connect(self.reject)
        self.choose.setAutoDefault(False)
        self.take_room(460, 360)
        self.first.setFocus()

    def show_problem(self, words: str) -> None:
        """Why it will not do."""
        self.problem.setText(words)
        self.problem.show()
        self.first.setFocus(Qt.FocusReason.OtherFocusReason)
        self.first.selectAll()

    def _on_choose(self) -> None:
        if self.first.text() != self.second.text():
            self.show_problem("The two are not the same. Type them again.")
            return
        self.chosen.emit(self.first.text())
