"""The window around all screens: rail, strip, banner, the line at the bottom, the lock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from tests.e2e.pages.checks import ChecksScreen
from tests.e2e.pages.deadlines import DeadlinesScreen, HomeScreen
from tests.e2e.pages.handover import HandoverScreen
from tests.e2e.pages.keying import KeyingScreen
from tests.e2e.pages.lock import LockScreen
from tests.e2e.pages.needs import NeedsScreen
from tests.e2e.pages.payments import PaymentsScreen
from tests.e2e.pages.person import CTRL, Person
from tests.e2e.pages.record import RecordScreen
from tests.e2e.pages.records import RecordsScreen
from tests.e2e.pages.search import SearchScreen
from tests.e2e.pages.sharing import SharingScreen
from tests.e2e.pages.waiting import WaitingScreen


class App(Person):
    """The whole program as one person uses it; each method of the first group leads to a screen."""

    def home(self) -> HomeScreen:
        self._by_rail("home")
        return HomeScreen(self)

    def records(self) -> RecordsScreen:
        self._by_rail("records")
        return RecordsScreen(self)

    def needs_you(self) -> NeedsScreen:
        self._by_rail("needs")
        return NeedsScreen(self)

    def waiting(self) -> WaitingScreen:
        self._by_rail("waiting")
        return WaitingScreen(self)

    def handover(self) -> HandoverScreen:
        self._by_rail("handover")
        return HandoverScreen(self)

    def keying(self) -> KeyingScreen:
        self.handover().person.click("Type on the website")
        return KeyingScreen(self)

    def sharing(self) -> SharingScreen:
        self.handover().person.click("Share with colleagues")
        return SharingScreen(self)

    def payments(self) -> PaymentsScreen:
        self.handover().person.click("Check what was paid")
        return PaymentsScreen(self)

    def checks(self) -> ChecksScreen:
        self._by_rail("checks")
        return ChecksScreen(self)

    def deadlines(self) -> DeadlinesScreen:
        self.home().person.click("All deadlines")
        return DeadlinesScreen(self)

    def search(self) -> SearchScreen:
        """Ctrl+F on Home."""
        self.home()
        self.press(Qt.Key.Key_F, held=CTRL)
        return SearchScreen(self)

    def new_trainee(self) -> RecordScreen:
        """Ctrl+N, from wherever one is."""
        self.press(Qt.Key.Key_N, held=CTRL)
        return RecordScreen(self)

    def record(self) -> RecordScreen:
        """The record that is open."""
        assert self.page == "record"
        return RecordScreen(self)

    def lock(self) -> LockScreen:
        self.press(Qt.Key.Key_L, held=CTRL)
        return LockScreen(self)

    def ask_portal(self) -> None:
        """The button in the strip: "Sync now" or "Try now"."""
        self.point(self.window.strip.button)
        self.wait()

    def save_evidence(self, path: Path) -> None:
        """The button for it, on Home."""
        with self.choosing(path, kind="Document to attach (*.pdf)"):
            self.click("Save outage evidence")

    @contextmanager
    def choosing(self, *paths: Path, kind: str = "") -> Iterator[None]:
        """The file windows of the system answer with these."""
        names = [str(path) for path in paths]
        with pytest.MonkeyPatch.context() as patch:
            for asked in ("getOpenFileName", "getSaveFileName"):
                patch.setattr(QFileDialog, asked, lambda *_: (names[0], kind))
            patch.setattr(QFileDialog, "getOpenFileNames", lambda *_: (names, kind))
            patch.setattr(QFileDialog, "getExistingDirectory", lambda *_: names[0])
            yield

    def undo(self) -> None:
        self.press(Qt.Key.Key_Z, held=CTRL)

    @property
    def page(self) -> str:
        return str(self.window.stack.name)

    @property
    def strip(self) -> str:
        """What the strip says of here and there."""
        return self.reads(self.window.strip)

    def strip_has(self, ink: str) -> bool:
        """Whether the line to the portal is drawn in this colour."""
        return self.sees_ink(self.window.strip.line, ink)

    @property
    def total(self) -> int:
        """How many records there are, as Records says it."""
        return self.records().count

    @property
    def toast(self) -> str:
        return str(self.window.toast.words)

    def close(self) -> None:
        """The window's cross."""
        assert self.window.close()

    def _by_rail(self, name: str) -> None:
        self.point(self.window.rail.item(name))
        self.wait()
