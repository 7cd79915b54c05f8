"""The section on one portal: address, access token, whether they work."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from desktop.model.verdict import PortalState, Probe
from desktop.services.views import PortalView
from desktop.ui.first_run.connection import ConnectionLine
from desktop.ui.first_run.labelled import Labelled, secret
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import row
from desktop.ui.parts.text import Text
from desktop.ui.settings.section import Section
from desktop.ui.trouble import Trouble
from desktop.ui.words import long_date


class PortalSection(Section):
    """`test_asked` and `kept` carry address and token as typed; an empty token means the one in use."""

    test_asked = Signal(str, str)
    kept = Signal(str, str)
    steps_asked = Signal()

    def __init__(self, portal: str) -> None:
        super().__init__(portal)
        self._portal, self._url, self._connected = portal, "", False
        self.address, self.token = QLineEdit(), secret()
        self.standing = Text(tone="ink2", wrap=True)
        self.address_row = Labelled("Address", self.address)
        self.token_row = Labelled(
            "Access token",
            self.token,
            "Leave it empty to go on with the one in use. A new one takes its place; neither is ever shown.",
        )
        self.line = ConnectionLine()
        self.test, self.keep = Button("Test the connection"), Button("Keep and use it")
        self.steps = Button(
            "Check each step", "link", tip="Which step between this computer and the portal fails"
        )
        self.body.addWidget(self.standing)
        self.body.addWidget(self.address_row)
        self.say_managed("AllowedPortals")
        self.body.addWidget(self.token_row)
        self.body.addLayout(row(self.test, self.keep, self.steps, None))
        self.body.addWidget(self.line)
        self.test.clicked.connect(self._on_test_clicked)
        self.keep.clicked.connect(self._on_keep_clicked)
        self.steps.clicked.connect(self.steps_asked)
        for edit in (self.address, self.token):
            edit.textEdited.connect(self._on_edited)
        self._fit()

    def show_portal(self, view: PortalView) -> None:
        """What is in use; an address that is being typed stays."""
        if self.address.text() in ("", self._url):
            self.address.setText(view.url)
        self._url, self._connected = view.url, view.connected
        self.steps.setVisible(view.connected)
        self.standing.setText(standing(view))
        self._fit()

    def show_probe(self, probe: Probe) -> None:
        """What the portal said to the test."""
        self.test.allow(True)
        self.line.show_probe(probe, self._portal)

    def show_kept(self) -> None:
        """Address and token count from now on."""
        self.token.clear()
        self.line.clear()
        self._fit()

    def complain_of(self, trouble: Trouble) -> None:
        """Address or token cannot be one."""
        self.test.allow(True)
        self.line.clear()
        words = f"{trouble.title}. {trouble.text}"
        about_token = "token" in words.partition(".")[0]
        (self.token_row if about_token else self.address_row).complain(words)

    def _fit(self) -> None:
        moved = self.address.text().strip() != self._url or bool(self.token.text())
        self.keep.allow(moved, "Nothing is changed")
        self.test.allow(bool(self.address.text().strip()), "Enter the address first")

    def _on_edited(self) -> None:
        self.address_row.complain("") if self.address_row.problem else None
        self.token_row.complain("") if self.token_row.problem else None
        self.line.clear()
        self._fit()

    def _on_test_clicked(self) -> None:
        self.line.show_waiting(self._portal)
        self.test.allow(False, f"Asking {self._portal}")
        self.test_asked.emit(self.address.text().strip(), self.token.text().strip())

    def _on_keep_clicked(self) -> None:
        if not self.token.text().strip() and (
            not self._connected or self.address.text().strip() != self._url
        ):
            self.token_row.complain("Enter the access token for this address.")
            return
        self.kept.emit(self.address.text().strip(), self.token.text().strip())


def standing(view: PortalView) -> str:
    """How it stands with the access token, in words."""
    if not view.connected:
        return "Not connected. Your work is kept here; connect it when you have an access token."
    if view.state is PortalState.SIGN_IN:
        since = f" since {long_date(view.since.date())}" if view.since else ""
        return (
            f"{view.portal_short} does not take the access token{since}: it has ended or was withdrawn. "
            f"Ask your {view.portal_short} administrator for a new one. Your changes wait for it; nothing is lost."
        )
    if view.last_success is not None:
        return f"Connected. {view.portal_short} last took the access token on {long_date(view.last_success.date())}."
    return f"Connected. {view.portal_short} has not been read yet."
