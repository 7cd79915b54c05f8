"""Settings on the recovery sheet: which one counts, and making a new one."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.handover.recovery_sheet import RecoverySheet
from desktop.model.errors import WrongPassphrase
from desktop.services.unlocking import SheetDraft, SheetView, draft_sheet
from desktop.ui import words
from desktop.ui.first_run.labelled import Labelled, secret
from desktop.ui.icons import set_icon
from desktop.ui.operations import Lane
from desktop.ui.page import Context
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import row
from desktop.ui.parts.text import Text
from desktop.ui.recovery.dialog import SheetDialog
from desktop.ui.settings.section import Section
from desktop.ui.trouble import Trouble

TEXT = "One page of paper with a code. It opens your records when the passphrase is forgotten, on this computer and on another."
NONE = "There is no recovery sheet yet. If the passphrase is forgotten, nothing else opens the records on another computer."
WRONG = "That is neither the passphrase nor the code of the sheet that counts. Nothing was changed."


class RecoverySection(Section):
    """`make_asked` carries the passphrase."""

    make_asked = Signal(str)

    def __init__(self) -> None:
        super().__init__("Recovery sheet", TEXT)
        self._mark, self.state = Text(), Text(wrap=True)
        self.passphrase = secret()
        self.passphrase_row = Labelled("The passphrase you have", self.passphrase)
        self.make = Button("Make a recovery sheet")
        self.body.addLayout(row(self._mark, self.state, spacing=8))
        self.body.addWidget(self.passphrase_row)
        self.body.addLayout(row(self.make, None))
        self.make.clicked.connect(self._on_clicked)
        self.passphrase.returnPressed.connect(self._on_clicked)
        self.show_sheet(None)

    def show_sheet(self, sheet: SheetView | None) -> None:
        """The one that counts."""
        set_icon(
            self._mark, "circle-check" if sheet else "triangle-alert", "confirmed" if sheet else "conflict"
        )
        made = (
            f"Sheet number {sheet.number}, made on {words.long_date(sheet.made)}, counts." if sheet else NONE
        )
        self.state.setText(made)
        self.make.set_words("Make a new sheet" if sheet else "Make a recovery sheet")

    def complain(self, told: str) -> None:
        """Say what is wrong with the passphrase; "" = nothing. The button can be pressed again."""
        self.make.allow(True)
        self.passphrase_row.complain(told)

    def forget_typed(self) -> None:
        """It is done, or left: the field is empty again."""
        self.complain("")
        self.passphrase.clear()

    def _on_clicked(self) -> None:
        typed = self.passphrase.text()
        if self.passphrase_row.complain("" if typed else "Enter the passphrase you have."):
            return
        self.make.allow(False, "Checking the passphrase")
        self.make_asked.emit(typed)


class RecoveryHere(QObject):
    """Checks the passphrase, shows the sheet, and puts it in force; belongs to the page of settings."""

    def __init__(self, context: Context, over: QObject) -> None:
        super().__init__(over)
        self._context = context
        self._passphrase = context.workspace.passphrase
        self._before = ""
        self.section = RecoverySection()
        self.section.make_asked.connect(self._on_make_asked)

    def look(self) -> None:
        """Read which sheet counts, and show it."""
        self._context.operations.run(self._passphrase.sheet, self._on_read, key="settings-recovery")

    def _on_read(self, sheet: SheetView | None) -> None:
        self._before = sheet.number if sheet else ""
        self.section.show_sheet(sheet)

    def _on_make_asked(self, typed: str) -> None:
        def work() -> tuple[str, SheetDraft]:
            self._passphrase.check(typed)
            return typed, draft_sheet(self._context.workspace.today())

        self._context.operations.run(work, self._on_checked, lane=Lane.NETWORK, on_failure=self._on_refused)

    def _on_checked(self, found: tuple[str, SheetDraft]) -> None:
        typed, draft = found
        self.section.forget_typed()
        workspace = self._context.workspace
        sheet = RecoverySheet(
            workspace.organisation.name,
            str(workspace.folder.absolute()),
            draft.number,
            draft.made,
            draft.code,
        )
        dialog = SheetDialog(sheet, self._before, self.section)
        dialog.accepted.connect(lambda: self._put_in_force(typed, draft))
        dialog.open()

    def _put_in_force(self, typed: str, draft: SheetDraft) -> None:
        self._context.operations.run(
            lambda: self._passphrase.put_in_force(typed, draft), self._on_done, on_failure=self._on_refused
        )

    def _on_done(self, _nothing: Any) -> None:
        self._context.shell.say("The recovery sheet counts from now on.")
        self.look()

    def _on_refused(self, trouble: Trouble) -> None:
        told = f"{trouble.title}. {trouble.text}"
        self.section.complain(WRONG if isinstance(trouble.error, WrongPassphrase) else told)
