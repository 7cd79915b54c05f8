"""What the test of a connection came to, in words: what works, or what is in the way and what to do about it."""

from __future__ import annotations

from desktop.model.verdict import PortalState, Probe
from desktop.ui.parts.answer_line import AnswerLine
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


class ConnectionLine(AnswerLine):
    """What the test of a connection came to."""

    def show_waiting(self, portal: str) -> None:
        """The test is under way."""
        self.show_answer("clock", "ink2", f"Asking {portal}")

    def show_probe(self, probe: Probe, portal: str) -> None:
        """What the portal said."""
        look = PORTAL[probe.state]
        good = probe.state is PortalState.UP
        self.show_answer("circle-check" if good else look.icon, look.ink, connection_words(probe, portal))
