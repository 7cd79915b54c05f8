"""Share with colleagues: the folder, its passphrase, and what a colleague's file does."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.pages.screen import Screen


class SharingScreen(Screen):
    """The page with the shared folder on it."""

    @property
    def title(self) -> str:
        return str(self._page.screen_view.statement)

    def choose_folder(self, folder: Path) -> None:
        with self.person.choosing(folder):
            self.person.click("Choose a folder")

    def agree(self, passphrase: str) -> None:
        """Choose the passphrase of the team, typed twice."""
        self.person.click("Choose a passphrase")
        dialog = self._page.agreeing
        for field in (dialog.first, dialog.second):
            self.person.point(field)
            self.person.replace(passphrase)
        self.person.point(dialog.choose)
        self.person.wait()

    def exchange(self, passphrase: str = "") -> str:
        """Take in what is there, then make our own file; what was said before it was taken in, "" when nothing was there."""
        self.person.click("Exchange now")
        dialog = self._page.taking.dialog
        if dialog is None:
            return ""
        if passphrase:
            self.person.point(dialog.field)
            self.person.replace(passphrase)
            self.person.point(dialog.main_button)
            self.person.wait()
        told = self.person.reads(dialog)
        self.person.point(dialog.main_button)
        self.person.wait()
        return told
