"""When Holdfast itself made a mistake: say so, say that the work is kept, and offer the report. No personal data in it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QVBoxLayout, QWidget

from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import row
from desktop.ui.parts.text import Text


class CrashDialog(QDialog):
    """Shown once for a bug; further ones are added to its report while it is open."""

    def __init__(self, report: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Holdfast made a mistake")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(560, 380)
        self._report = QPlainTextEdit(report, readOnly=True)
        self._report.setAccessibleName("Crash report")
        copy, close = Button("Copy the report", icon="copy"), Button("Carry on", "primary")
        copy.clicked.connect(self._on_copy_clicked)
        close.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(Text("Something went wrong in Holdfast, not in your data", "section", wrap=True))
        column.addWidget(
            Text(
                "What you saved is kept on this computer. The last step may not have been done: look, and do it again. "
                "The report names places in the program only, no people and no values.",
                wrap=True,
            )
        )
        column.addWidget(self._report, 1)
        column.addLayout(row(None, copy, close))

    @property
    def report(self) -> str:
        return self._report.toPlainText()

    def add(self, report: str) -> None:
        """One more bug while this is open."""
        self._report.appendPlainText(f"\n{report}")

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self.report)
