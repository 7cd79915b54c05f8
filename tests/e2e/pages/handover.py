"""Hand-over: the portal's export read in, files made for it, and its answers loaded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tests.e2e.pages.screen import Screen

if TYPE_CHECKING:
    from tests.e2e.pages.window import App


class HandoverScreen(Screen):
    """What is under way by file."""

    def __init__(self, person: App) -> None:
        super().__init__(person)
        self._view = self._page.screen_view

    @property
    def title(self) -> str:
        return str(self._view.statement)

    # --- reading

    def read_export(self, path: Path) -> str:
        """Choose the export; what is said before it is loaded."""
        button = "Load Register’s export" if self._view.read.isVisible() else "Load the export"
        with self.person.choosing(path):
            self.person.click(button)
        return self.person.reads(self._page.reading.dialog)

    def load(self) -> str:
        """Load what was read; what the line at the bottom says then."""
        self.person.point(self._page.reading.dialog.main_button)
        self.person.wait()
        return self.person.toast

    # --- files

    def make(self, route: str, listed: Path, folder: Path) -> Path:
        """Make a file of a route from the portal's own list, look at what is said of it; where it is."""
        self.person.click("Make a file")
        dialog = self._page.making.dialog
        self.person.point(dialog.routes[route])
        self.person.wait()
        with self.person.choosing(listed):
            self.person.point(dialog.choose_list)
            self.person.wait()
        self.told = self.person.reads(dialog)
        self.person.look(f"make-{route}")
        with self.person.choosing(folder):
            self.person.point(dialog.main_button)
            self.person.wait()
        return folder / str(self._view.chosen.files[0].name)

    def say_uploaded(self, receipt: str = "") -> None:
        self.person.click("I uploaded it", self._view.card)
        self.person.strike(receipt)
        self.person.click("I uploaded it")

    def load_answer(self, path: Path) -> str:
        """What the portal refused, as it stands there then."""
        with self.person.choosing(path):
            self.person.click("Load the answer", self._view.card)
        return self.person.reads(self._view.card)
