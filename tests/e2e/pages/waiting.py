"""Waiting: what is not sent yet, in the order of sending."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.e2e.pages.window import App


class WaitingScreen:
    """The queue in its order."""

    def __init__(self, person: App) -> None:
        self.person = person
        self._view: Any = person.window.stack.page.screen_view

    @property
    def title(self) -> str:
        return str(self._view.title)

    @property
    def names(self) -> set[str]:
        """Whose changes wait."""
        model = self._view.table.grouped
        entries = (model.entry(row) for row in range(model.rowCount()))
        return {entry.payload.record_label for entry in entries if hasattr(entry, "payload")}
