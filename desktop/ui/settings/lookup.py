"""Settings on looking teachers up: off, or the address and the key that DfE gave this organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLineEdit

from desktop.model.verdict import PortalState, Probe
from desktop.services import tokens
from desktop.ui import words
from desktop.ui.first_run.labelled import Labelled, secret
from desktop.ui.operations import Lane
from desktop.ui.page import Context
from desktop.ui.parts.answer_line import AnswerLine
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import row
from desktop.ui.parts.text import Text
from desktop.ui.settings.section import Section
from desktop.ui.trouble import Trouble

if TYPE_CHECKING:
    from desktop.services.lookup import LookupSetting

SYSTEM = "Teaching Record System"
_ABOUT = (
    f"For organisations that hold a key of DfE’s for the {SYSTEM}. A teacher’s record then shows, before you register, what "
    "the portal will find. Without a key leave it off: the portal looks up everybody itself."
)
_OFF = "Off. Nothing is looked up."
_ON = "On. A lookup is made only when somebody asks for it, and each one is in the history of the record."
_KEY_HELP = "Kept like an access token and never shown. While lookups are on, leave it empty to go on with the one in use."
_NOT_COPIED = "Look first whether all of it was copied. Nothing is lost."


class LookupSection(Section):
    """`test_asked` and `kept` carry address and key as typed; an empty key means the one in use."""

    test_asked = Signal(str, str)
    kept = Signal(str, str)
    off_asked = Signal()

    def __init__(self) -> None:
        super().__init__("Teacher lookup", _ABOUT)
        self._url = ""
        self.standing = Text(_OFF, weight=500, wrap=True)
        self.address, self.key = QLineEdit(), secret()
        self.address_row = Labelled("Address", self.address, "As DfE gave it to you. It begins with https://")
        self.key_row = Labelled("Key", self.key, _KEY_HELP)
        self.line = AnswerLine()
        self.test, self.keep, self.off = Button("Test the key"), Button("Switch on"), Button("Switch off")
        self.body.addWidget(self.standing)
        self.body.addWidget(self.address_row)
        self.body.addWidget(self.key_row)
        self.body.addLayout(row(self.test, self.keep, self.off, None))
        self.body.addWidget(self.line)
        self.test.clicked.connect(self._on_test_clicked)
        self.keep.clicked.connect(self._on_keep_clicked)
        self.off.clicked.connect(self.off_asked)
        for edit in (self.address, self.key):
            edit.textEdited.connect(self._on_edited)
        self._fit()

    def show_setting(self, setting: LookupSetting) -> None:
        """What is in use; an address that is being typed stays."""
        if self.address.text() in ("", self._url):
            self.address.setText(setting.url)
        self._url = setting.url
        self.standing.setText(_ON if setting.on else _OFF)
        self.off.setVisible(setting.on)
        self.keep.set_words("Keep and use it" if setting.on else "Switch on")
        self._fit()

    def show_probe(self, probe: Probe) -> None:
        """What the system said to the test."""
        self._fit()
        good = probe.state is PortalState.UP
        look = words.PORTAL[probe.state]
        more = f" {_NOT_COPIED}" if probe.state is PortalState.SIGN_IN else ""
        self.line.show_answer("circle-check" if good else look.icon, look.ink, probe.detail + more)

    def show_kept(self) -> None:
        """Address and key count from now on."""
        self.key.clear()
        self.line.clear()
        self._fit()

    def complain_of(self, trouble: Trouble) -> None:
        """Address or key cannot be one."""
        self._fit()
        self.line.clear()
        said = f"{trouble.title}. {trouble.text}".strip()
        first = said.partition(".")[0]
        about_key = "address" not in first or first.startswith("Enter the key")
        (self.key_row if about_key else self.address_row).complain(said)

    def _fit(self) -> None:
        moved = self.address.text().strip() != self._url or bool(self.key.text())
        self.keep.allow(moved, "Nothing is changed")
        self.test.allow(bool(self.address.text().strip()), "Enter the address first")

    def _on_edited(self) -> None:
        for part in (self.address_row, self.key_row):
            if part.problem:
                part.complain("")
        self.line.clear()
        self._fit()

    def _lacks_key(self) -> bool:
        """Say so when there is none for this address; a key in use is never sent to another one."""
        other = self.address.text().strip().rstrip("/") != self._url
        return (
            other
            and not self.key.text().strip()
            and self.key_row.complain("Enter the key that DfE gave you for this address.")
        )

    def _on_test_clicked(self) -> None:
        if not self._lacks_key():
            self.line.show_answer("clock", "ink2", f"Asking the {SYSTEM}")
            self.test.allow(False, f"Asking the {SYSTEM}")
            self.test_asked.emit(self.address.text().strip(), self.key.text().strip())

    def _on_keep_clicked(self) -> None:
        if not self._lacks_key():
            self.kept.emit(self.address.text().strip(), self.key.text().strip())


class LookupHere(QObject):
    """Reads and keeps it; belongs to the page of settings."""

    def __init__(self, context: Context, over: QObject) -> None:
        super().__init__(over)
        self._context = context
        self.section = LookupSection()
        self.section.test_asked.connect(self._on_test_asked)
        self.section.kept.connect(self._on_kept)
        self.section.off_asked.connect(self._on_off_asked)

    @staticmethod
    def wanted(context: Context) -> bool:
        """Whether this workspace looks after anybody who can be looked up."""
        return any(known.looked_up is not None for known in context.workspace.collections.values())

    def look(self) -> None:
        """Read what is set up, and show it."""
        lookup = self._context.workspace.lookup
        self._context.operations.run(lookup.setting, self.section.show_setting, key="settings-lookup")

    def _on_test_asked(self, url: str, key: str) -> None:
        lookup = self._context.workspace.lookup
        self._context.operations.run(
            lambda: lookup.test(url, key),
            self.section.show_probe,
            lane=Lane.NETWORK,
            on_failure=self.section.complain_of,
        )

    def _on_kept(self, url: str, key: str) -> None:
        lookup = self._context.workspace.lookup

        def work() -> LookupSetting:
            return lookup.configure(url, key=key, in_workspace=not tokens.credential_store())

        self._context.operations.run(work, self._on_on, on_failure=self.section.complain_of)

    def _on_on(self, setting: LookupSetting) -> None:
        self.section.show_kept()
        self.section.show_setting(setting)
        self._context.shell.say("Kept. A teacher’s record now offers a lookup.")

    def _on_off_asked(self) -> None:
        lookup = self._context.workspace.lookup
        self._context.operations.run(lookup.switch_off, self._on_off, on_failure=self._on_refused)

    def _on_off(self, _nothing: Any) -> None:
        self.section.address.clear()
        self.section.show_kept()
        self._context.shell.say("Switched off. The key and everything that was looked up are erased here.")
        self.look()

    def _on_refused(self, trouble: Trouble) -> None:
        self._context.shell.warn(trouble.title, trouble.text)
