"""Settings on the program itself: its version, the data it works with, what IT manages, whether there is a newer version."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from desktop import __version__
from desktop.policy import KEYS, Policy, policy
from desktop.services import data_packs, updates
from desktop.services.data_packs import Offered, PackView
from desktop.ui.operations import Lane
from desktop.ui.page import Context
from desktop.ui.parts.ask import ask
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import clear, row
from desktop.ui.parts.text import Text
from desktop.ui.settings.section import Section
from desktop.ui.trouble import Trouble
from desktop.ui.words import long_date

DATA = (
    "Code lists, calendars and amounts change more often than Holdfast does. A data pack brings newer ones; your records and "
    "the lists of other years stay as they are."
)
NOWHERE = "This Holdfast looks nowhere for newer versions. Whoever installed it installs the next one."


class AboutSection(Section):
    """`back_asked` carries a pack whose data before are to count again."""

    install_asked = Signal()
    back_asked = Signal(object)
    newer_asked = Signal()

    def __init__(self) -> None:
        super().__init__("About Holdfast")
        self.version = Text(f"Version {__version__}", weight=500)
        self.newer = Text(wrap=True)
        self.look = Button("Look for a newer version")
        self.packs = QWidget()
        self.install = Button("Install a data pack")
        self.managed = Text(wrap=True)
        self._lines = QVBoxLayout(self.packs)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(8)
        self.body.addWidget(self.version)
        self.body.addWidget(self.newer)
        self.body.addLayout(row(self.look, None))
        for part in (Text("Data", weight=500), Text(DATA, tone="ink2", wrap=True), self.packs):
            self.body.addWidget(part)
        self.body.addLayout(row(self.install, None))
        for part in (Text("Managed by your organisation", weight=500), self.managed):
            self.body.addWidget(part)
        self.look.clicked.connect(self.newer_asked)
        self.install.clicked.connect(self.install_asked)

    def show_packs(self, found: list[PackView], troubles: list[str]) -> None:
        """Each with the day of its facts; what does not count although it was installed, and why."""
        clear(self._lines)
        for one in found:
            words = f"{one.title} {one.year}: as of {_day(one.facts_of)}"
            came = f"{words}, newer than what came with Holdfast" if one.newer else words
            line = row(spacing=12)
            line.addWidget(Text(came, wrap=True), 1)
            if one.before:
                back = Button("Go back to the data before", "link", tip=f"Those of {_day(one.before)}")
                back.clicked.connect(partial(self.back_asked.emit, one))
                line.addWidget(back)
            self._lines.addLayout(line)
        for trouble in troubles:
            self._lines.addWidget(Text(trouble, tone="refused", wrap=True))

    def show_policy(self, managed: Policy) -> None:
        """What IT set, in words, and what of it is not understood."""
        lines = [f"{key.title}: {managed.said(key.name)}" for key in KEYS if managed.sets(key.name)]
        self.managed.setText("\n".join([*lines, *managed.wrong]) or "Nothing is managed on this computer.")

    def show_newer(self, words: str, *, can_look: bool) -> None:
        """What is known about a newer version."""
        self.newer.setText(words)
        self.look.setVisible(can_look)
        self.look.allow(True)


class AboutHere(QObject):
    """Reads, installs and takes back; belongs to the page of settings."""

    def __init__(self, context: Context, over: QWidget) -> None:
        super().__init__(over)
        self._context, self._over = context, over
        self.section = AboutSection()
        self.section.install_asked.connect(self._on_install_asked)
        self.section.back_asked.connect(self._on_back_asked)
        self.section.newer_asked.connect(self._on_newer_asked)
        can_look = bool(updates.address())
        self.section.show_newer("" if can_look else NOWHERE, can_look=can_look)
        self.section.show_policy(policy())

    def look(self) -> None:
        """Read what data there are, and show it."""
        self._context.operations.run(data_packs.packs, self._on_read, lane=Lane.NETWORK, key="settings-packs")

    def _on_read(self, found: list[PackView]) -> None:
        self.section.show_packs(found, data_packs.troubles())

    # --- data packs

    def _on_install_asked(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(
            self._over, "Install a data pack", "", f"Data pack (*{data_packs.ENDING})"
        )
        if chosen:
            self.offer(Path(chosen))

    def offer(self, path: Path) -> None:
        """Look at a pack file, say what it brings, and install it if that is wanted."""
        self._context.operations.run(
            lambda: data_packs.look(path),
            partial(self._on_looked, path),
            lane=Lane.NETWORK,
            on_failure=self._on_refused,
        )

    def _on_looked(self, path: Path, offered: Offered) -> None:
        told = (
            f"Signed by {offered.signed_by}, data as of {_day(offered.manifest.facts_of)}. {offered.words}."
        )
        if ask(
            self._over, "Install this data pack?", told, "Install it", "Leave things as they are", grave=False
        ):
            self._context.operations.run(
                lambda: data_packs.install(path),
                self._on_moved,
                lane=Lane.NETWORK,
                on_failure=self._on_refused,
            )

    def _on_back_asked(self, one: PackView) -> None:
        self._context.operations.run(
            lambda: data_packs.roll_back(one.collection, one.year),
            self._on_moved,
            lane=Lane.NETWORK,
            on_failure=self._on_refused,
        )

    def _on_moved(self, _what: Any) -> None:
        self._context.shell.say("Done. It counts when Holdfast is closed and opened again.")
        self.look()

    def _on_refused(self, trouble: Trouble) -> None:
        self._context.shell.warn(trouble.title, trouble.text)

    # --- newer versions

    def _on_newer_asked(self) -> None:
        self.section.look.allow(False, "Looking")
        workspace = self._context.workspace
        self._context.operations.run(
            lambda: updates.advice(updates.check(), workspace.home().deadlines),
            partial(self.section.show_newer, can_look=True),
            lane=Lane.NETWORK,
            on_failure=self._on_not_known,
        )

    def _on_not_known(self, trouble: Trouble) -> None:
        self.section.show_newer(f"{trouble.title}. {trouble.text}", can_look=True)


def _day(iso: str) -> str:
    return long_date(date.fromisoformat(iso))
