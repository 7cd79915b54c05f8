"""A person says that a file was uploaded, with the receipt that the portal showed if it showed one."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from desktop.services.exports import LONGEST_RECEIPT
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import row
from desktop.ui.parts.text import Text


class UploadedDialog(QDialog):
    """`said` carries the receipt, "" when there is none. Esc says nothing."""

    said = Signal(str)

    def __init__(self, names: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.receipt = QLineEdit()
        self.receipt.setMaxLength(LONGEST_RECEIPT)
        self.main_button, self.not_yet = Button("I uploaded it", "primary"), Button("Not yet", "quiet")
        self.main_button.setDefault(True)
        self.setWindowTitle("I uploaded it")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(420)
        label = Text("&Receipt or upload number, if Register showed one", weight=500)
        label.setBuddy(self.receipt)
        self.receipt.setAccessibleName("Receipt or upload number")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(8)
        column.addWidget(Text(f"{names} is at Register?", "section", wrap=True))
        column.addWidget(
            Text(
                "Holdfast then sends none of it a second way, and waits to read it back. It counts as confirmed only when "
                "it was read back.",
                tone="ink2",
                wrap=True,
            )
        )
        column.addWidget(label)
        column.addWidget(self.receipt)
        column.addSpacing(8)
        column.addLayout(row(None, self.not_yet, self.main_button))
        self.main_button.clicked.connect(self._on_said)
        self.not_yet.clicked.connect(self.reject)
        self.receipt.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_said(self) -> None:
        self.said.emit(self.receipt.text())
        self.accept()
