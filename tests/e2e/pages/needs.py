"""Needs you: one question after the other, or all that are alike at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from desktop.ui.needs.many_dialog import ManyDialog
from tests.e2e.pages.person import CTRL
from tests.e2e.pages.screen import Screen

if TYPE_CHECKING:
    from tests.e2e.pages.window import App


class NeedsScreen(Screen):
    """The list at the left has the keyboard, the case is at the right."""

    def __init__(self, person: App) -> None:
        super().__init__(person)
        self._view = self._page.view
        self._view.list.setFocus()

    @property
    def count(self) -> int:
        return len(self._view.list.needs.needs())

    @property
    def here(self) -> str:
        """Whose question is open."""
        return str(self._view.list.needs.entry(self._view.list.currentIndex().row()).label)

    def take_mine(self) -> None:
        """1, then Ctrl+Enter saves and goes to the next."""
        self.person.press("1")
        self.person.press(Qt.Key.Key_Return, held=CTRL)

    def take_theirs(self) -> None:
        """2, then Ctrl+Enter saves and goes to the next."""
        self.person.press("2")
        self.person.press(Qt.Key.Key_Return, held=CTRL)

    def decide_alike(self) -> str:
        """The button under the case; what stands in the dialog, before it is decided."""
        self.person.click("Decide all")
        dialog = self._view.window().findChild(ManyDialog)
        self.person.wait_until(dialog.do.isEnabled)
        self.person.look("alike")
        said = self.person.reads(dialog)
        self.person.point(dialog.do)
        self.person.wait()
        return said
