"""Search over everything: forgives slips of the finger."""

from __future__ import annotations

from PySide6.QtCore import Qt

from tests.e2e.pages.record import RecordScreen
from tests.e2e.pages.screen import Screen


class SearchScreen(Screen):
    """The box has the keyboard."""

    def find(self, text: str) -> str:
        """Type it; what stands on the screen once it is answered."""
        self.person.strike(text)
        self.person.wait_until(lambda: self._page.table.isVisible() or "Nobody" in self._page.empty.title)
        self.person.wait()
        return self.says

    def open_first(self) -> RecordScreen:
        """Down, Enter."""
        self.person.press(Qt.Key.Key_Down)
        self.person.press(Qt.Key.Key_Return)
        return RecordScreen(self.person)
