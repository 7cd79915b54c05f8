"""The section on the passphrase: whether this computer remembers it, and changing it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.model.key_store import KeyStore
from desktop.policy import policy
from desktop.services.unlocking import LOST
from desktop.ui.first_run import answers as checks
from desktop.ui.first_run.labelled import Labelled, secret
from desktop.ui.first_run.passphrase import NO_STORE, REMEMBER, REMEMBER_HELP, Strength
from desktop.ui.icons import set_icon
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import row
from desktop.ui.parts.text import Text
from desktop.ui.settings.section import Section, Tick

SAME = "That is the passphrase you have. Choose another one."
TO_REMEMBER = " To begin, type the passphrase you have below, then tick this."


class PassphraseSection(Section):
    """`change_asked` carries the passphrase that counts now and the new one."""

    change_asked = Signal(str, str)
    remember_asked = Signal(str)
    forget_asked = Signal()

    def __init__(self) -> None:
        super().__init__(
            "Passphrase",
            "Nobody can find it for you. When it is forgotten, only the recovery sheet opens the records.",
        )
        self.remember = Tick(REMEMBER, REMEMBER_HELP)
        self._lost_line, self.lost = QWidget(), Text(weight=500, wrap=True)
        mark = Text()
        set_icon(mark, "triangle-alert", "conflict")
        line = row(mark, self.lost, spacing=8)
        line.setContentsMargins(0, 0, 0, 0)
        self._lost_line.setLayout(line)
        self._lost_line.hide()
        self.current, self.new, self.again = secret(), secret(), secret()
        self.current_row = Labelled("The passphrase you have", self.current)
        self.new_row = Labelled("New passphrase", self.new)
        self.again_row = Labelled("The new passphrase again", self.again)
        self.strength = Strength()
        self.change = Button("Change the passphrase")
        for part in (
            self._lost_line,
            self.remember,
            self.current_row,
            self.new_row,
            self.strength,
            self.again_row,
        ):
            self.body.addWidget(part)
        self.body.addLayout(row(self.change, None))
        self.new.textChanged.connect(self.strength.show_for)
        self.change.clicked.connect(self._on_change_clicked)
        self.remember.box.clicked.connect(self._on_remember_clicked)

    def show_remembered(self, store: KeyStore, wanted: bool) -> None:
        """How this computer's credential store stands to this workspace; `wanted` = it was to have the key."""
        forbidden = policy().forbids("RememberKey")
        holds, there = store is KeyStore.HOLDS and not forbidden, store is not KeyStore.NONE
        self.remember.box.setEnabled(there and not forbidden)
        self.remember.box.setChecked(holds)
        usual = REMEMBER_HELP + ("" if holds else TO_REMEMBER) if there else NO_STORE
        self.remember.set_help(policy().said("RememberKey") if forbidden else usual)
        lost = LOST.get(store, "") if wanted and not forbidden else ""
        self.lost.setText(lost)
        self._lost_line.setVisible(bool(lost))

    def show_changed(self) -> None:
        """The new one counts."""
        for edit in (self.current, self.new, self.again):
            edit.clear()
        self._be_busy(False)

    def show_wrong(self, words: str) -> None:
        """The store did not take the passphrase that was given as the present one."""
        self._be_busy(False)
        self.current_row.complain(words)
        self.current.selectAll()

    def _be_busy(self, busy: bool) -> None:
        self.change.allow(not busy, "Changing the passphrase")

    def _on_change_clicked(self) -> None:
        current, new = self.current.text(), self.new.text()
        wrong = [
            self.again_row.complain(checks.wrong_again(new, self.again.text())),
            self.new_row.complain(checks.wrong_passphrase(new) or (SAME if new == current else "")),
            self.current_row.complain("" if current else "Enter the passphrase you have."),
        ]
        if not any(wrong):
            self._be_busy(True)
            self.change_asked.emit(current, new)

    def _on_remember_clicked(self, wanted: bool) -> None:
        if not wanted:
            self.forget_asked.emit()
        elif self.current.text():
            self.remember_asked.emit(self.current.text())
        else:
            self.remember.box.setChecked(False)
            self.current_row.complain("Enter the passphrase you have, then tick the box above again.")
