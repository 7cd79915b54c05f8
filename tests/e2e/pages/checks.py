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

    def open_at(self, words: str) -> RecordScreen:
        """Click the finding that says this, Enter: the record opens at the field."""
        table = self._page.screen_view.table
        rows = range(table.grouped.rowCount())
        place = next(r for r in rows if words in table.spoken_row(r))
        self.person.click_line(table, table.grouped.index(place, 0))
        self.person.press(Qt.Key.Key_Return)
        return RecordScreen(self.person)
