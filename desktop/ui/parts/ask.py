"""One question with two answers, for what cannot be undone or has a price. The buttons say what they do; never "OK / Cancel"."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import row
from desktop.ui.parts.text import Text


class Question(QDialog):
    """Esc and closing mean the safe answer, which has the focus first."""

    def __init__(self, title: str, text: str, do: str, keep: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Holdfast")
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.setMinimumWidth(400)
        self.keep, self.do = Button(keep), Button(do, "danger")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(Text(title, "section", wrap=True))
        if text:
            column.addWidget(Text(text, tone="ink2", wrap=True))
        column.addSpacing(4)
        column.addLayout(row(None, self.keep, self.do))
        self.do.clicked.connect(self.accept)
        self.keep.clicked.connect(self.reject)
        self.keep.setFocus(Qt.FocusReason.OtherFocusReason)


def ask(parent: QWidget | None, title: str, text: str, do: str, keep: str, *, grave: bool = True) -> bool:
    """Whether the person wants it done. `grave` = it cannot be undone: its button warns by its colour, too."""
    question = Question(title, text, do, keep, parent)
    if not grave:
        question.do.setProperty("kind", "primary")
    wanted = question.exec() == QDialog.DialogCode.Accepted
    question.deleteLater()
    return wanted


def tell(title: str, text: str, parent: QWidget | None = None) -> None:
    """Say something that ends the work, such as a workspace that cannot be opened."""
    question = Question(title, text, "Close", "", parent)
    question.keep.hide()
    question.do.setProperty("kind", "primary")
    question.exec()
    question.deleteLater()
