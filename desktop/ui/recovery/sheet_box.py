"""The code of a recovery sheet on screen, with its two ways onto paper. It is shown once and kept nowhere."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from desktop.handover.recovery_sheet import RecoverySheet, write_recovery_sheet
from desktop.model.errors import HoldfastError
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import Card, row
from desktop.ui.parts.save_as import save_as
from desktop.ui.parts.text import Text

IN_A_LINE = 4
WROTE = "I have printed it, saved it, or written it down"

COUNTS = "The sheet counts only once this is ticked."


class SheetBox(Card):
    """`taken` says whether the person has it somewhere else now."""

    taken = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setAccessibleName("Recovery sheet")
        self._sheet: RecoverySheet | None = None
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(20)
        self._grid.setVerticalSpacing(4)
        self._groups: list[Text] = []
        self.about = Text(tone="ink2", wrap=True)
        self.print, self.save = Button("Print it"), Button("Save as PDF", icon="save")
        self.wrote = QCheckBox(WROTE)
        self.message = Text(tone="ink2", wrap=True)
        self._counts = Text(COUNTS, "caption", wrap=True)
        self._counts.setContentsMargins(24, 0, 0, 0)
        self.wrote.setAccessibleDescription(COUNTS)
        self.body.addWidget(self.about)
        self.body.addLayout(self._grid)
        self.body.addSpacing(4)
        self.body.addLayout(row(self.print, self.save, None))
        self.body.addWidget(self.message)
        self.body.addWidget(self.wrote)
        self.body.addWidget(self._counts)
        self.message.hide()
        self.print.clicked.connect(self._on_print_clicked)
        self.save.clicked.connect(self._on_save_clicked)
        self.wrote.toggled.connect(self.taken)

    def show_sheet(self, sheet: RecoverySheet) -> None:
        """This one, not taken yet."""
        self._sheet = sheet
        for old in self._groups:
            old.deleteLater()
        self._groups = [Text(group, "title") for group in sheet.groups]
        for number, group in enumerate(self._groups):
            group.setAccessibleName(f"Group {number + 1}: {' '.join(group.text())}")
            group.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByKeyboard)
            self._grid.addWidget(group, number // IN_A_LINE, number % IN_A_LINE)
        self._grid.setColumnStretch(IN_A_LINE, 1)
        self.about.setText(f"Sheet number {sheet.number}, for {sheet.organisation or 'this workspace'}")
        self.message.hide()
        self.wrote.setChecked(False)

    def save_to(self, path: Path) -> None:
        """Write the PDF where the person wants it; the only copy that stays on a disk."""
        assert self._sheet is not None
        try:
            write_recovery_sheet(path, self._sheet)
        except HoldfastError as error:
            self._tell(str(error))
            return
        self._tell(
            f"Saved as {path.name}. Move it off this computer: beside the records it protects nothing."
        )
        self.wrote.setChecked(True)

    def _on_save_clicked(self) -> None:
        assert self._sheet is not None
        name = f"holdfast-recovery-{self._sheet.number}.pdf"
        if (path := save_as(self, "Save the recovery sheet", name, {".pdf": "PDF (*.pdf)"})) is not None:
            self.save_to(path)

    def _on_print_clicked(self) -> None:
        try:
            from PySide6.QtPrintSupport import QPrintDialog, QPrinter
        except ImportError:  # a Linux without the printing library
            self._tell("This computer has no way to print from Holdfast. Save it as PDF, or write it down.")
            return
        from desktop.ui.recovery.paper import print_sheet

        assert self._sheet is not None
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self)
        dialog.setWindowTitle("Print the recovery sheet")
        if dialog.exec() == QPrintDialog.DialogCode.Accepted:
            print_sheet(printer, self._sheet)
            self._tell("Sent to the printer. Fetch the page now.")
            self.wrote.setChecked(True)
        dialog.deleteLater()

    def _tell(self, words: str) -> None:
        self.message.setText(words)
        self.message.show()
