"""Checks: everything the rules found, each line a way to its field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt

from tests.e2e.pages.record import RecordScreen

if TYPE_CHECKING:
    from tests.e2e.pages.window import App


class ChecksScreen:
    """The list of findings."""

    def __init__(self, person: App) -> None:
        self.person = person
        self._view: Any = person.window.stack.page.screen_view

    @property
    def title(self) -> str:
        return str(self._view.title)

    def open_first(self) -> RecordScreen:
        """Down to the first finding, Enter: the record opens at the field."""
        self._view.table.focus_first()
        self.person.press(Qt.Key.Key_Return)
        return RecordScreen(self.person)
