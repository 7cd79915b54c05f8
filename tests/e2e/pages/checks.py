"""Checks: everything the rules found, each line a way to its field."""

from __future__ import annotations

from PySide6.QtCore import Qt

from tests.e2e.pages.record import RecordScreen
from tests.e2e.pages.screen import Screen


class ChecksScreen(Screen):
    """The list of findings."""

    def open_first(self) -> RecordScreen:
        """Down to the first finding, Enter: the record opens at the field."""
        self._page.screen_view.table.focus_first()
        self.person.press(Qt.Key.Key_Return)
        return RecordScreen(self.person)
