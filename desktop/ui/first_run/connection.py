"""What the test of a connection came to, in words: what works, or what is in the way and what to do about it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop.model.verdict import PortalState, Probe
from desktop.ui.icons import set_icon
from desktop.ui.parts.card import row
from desktop.ui.parts.text import Text
from desktop.ui.words import PORTAL

_NEXT: dict[PortalState, str] = {
    PortalState.SIGN_IN: "Look first whether all of it was copied. Nothing is lost.",
    PortalState.API_OFF: "Check the address letter by letter. Nothing is lost.",
}
_LATER = "Go on all the same: Holdfast tries again by itself, and nothing is lost."


def connection_words(probe: Probe, portal: str) -> str:
    """One or two sentences for what a portal said, under its short name."""
    if probe.state is PortalState.UP:
        slow = "slowly" in probe.detail
        return f"{portal} answers, but slowly." if slow else f"{portal} answers and takes this access token."
    detail = probe.detail.rstrip(".") or f"{portal} did not answer"
    return f"{detail}. {_NEXT.get(probe.state, _LATER)}"


class ConnectionLine(QWidget):
    """Icon and words; empty before the first test."""

    said = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._icon, self._words = Text(), Text(role="table", wrap=True)
        line = row(spacing=8)
        line.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self._words, 1)
        self.setLayout(line)
        self.hide()

    @property
    def words(self) -> str:
        return self._words.text()

    def clear(self) -> None:
        """What was said is about other answers."""
        self._words.clear()
        self.hide()

    def show_waiting(self, portal: str) -> None:
        """The test is under way."""
        self._show("clock", "ink2", f"Asking {portal}")

    def show_probe(self, probe: Probe, portal: str) -> None:
        """What the portal said."""
        look = PORTAL[probe.state]
        good = probe.state is PortalState.UP
        self._show("circle-check" if good else look.icon, look.ink, connection_words(probe, portal))

    def _show(self, icon: str, key: str, words: str) -> None:
        set_icon(self._icon, icon, key)
        self._words.setText(words)
        self.setAccessibleName(words)
        self.show()
        self.said.emit()
