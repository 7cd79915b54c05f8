"""Waiting: what is not sent yet, in the order of sending."""

from __future__ import annotations

from tests.e2e.pages.screen import Screen


class WaitingScreen(Screen):
    """The queue in its order."""

    @property
    def names(self) -> set[str]:
        """Whose changes wait."""
        model = self._page.screen_view.table.grouped
        entries = (model.entry(row) for row in range(model.rowCount()))
        return {entry.payload.record_label for entry in entries if hasattr(entry, "payload")}
