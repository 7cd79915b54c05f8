"""A labelled field: label, control, help, and under it what must be put right. For set-up and settings."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from desktop.ui.icons import set_icon
from desktop.ui.parts.card import row
from desktop.ui.parts.text import Text
from desktop.ui.theme import repolish, scaled


class Labelled(QWidget):
    """`beside` stands at the right of the control: a button, a count."""

    def __init__(
        self, label: str, control: QWidget, help_text: str = "", *beside: QWidget, width: int = 0
    ) -> None:
        super().__init__()
        self._control, self._help = control, help_text
        words = Text(label, weight=500)
        words.setBuddy(control)
        control.setAccessibleName(label)
        control.setAccessibleDescription(help_text)
        self._icon, self._problem = Text(), Text(role="table", tone="refused", weight=500, wrap=True)
        set_icon(self._icon, "circle-x", "refused")
        if width:
            control.setMaximumWidth(scaled(width))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(words)
        line = row(spacing=8)
        line.addWidget(control, 1)
        for widget in beside:
            line.addWidget(widget)
        if width:
            line.addStretch(1)
        column.addLayout(line)
        if help_text:
            column.addWidget(Text(help_text, "caption", wrap=True))
        told = row(spacing=6)
        told.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        told.addWidget(self._problem, 1)
        column.addLayout(told)
        self.complain("")

    @property
    def problem(self) -> str:
        """What is said to be wrong; "" = nothing."""
        return self._problem.text()

    def complain(self, words: str) -> bool:
        """Say what is wrong ("" takes it back), and put the keyboard there. Whether something is."""
        self._problem.setText(words)
        self._problem.setVisible(bool(words))
        self._icon.setVisible(bool(words))
        self._control.setAccessibleDescription(f"{words} {self._help}".strip())
        self._control.setProperty("state", "err" if words else "")
        repolish(self._control)
        if words:
            self._control.setFocus(Qt.FocusReason.OtherFocusReason)
        return bool(words)


def secret() -> QLineEdit:
    """A field for a passphrase or a token: what is typed is not shown."""
    return QLineEdit(echoMode=QLineEdit.EchoMode.Password)
