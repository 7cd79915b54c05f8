"""What all screens of the window have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.e2e.pages.window import App


class Screen:
    """The page that was open when a person came to it."""

    def __init__(self, person: App) -> None:
        self.person = person
        self._page: Any = person.window.stack.page

    @property
    def title(self) -> str:
        return str(self._page.screen_view.title)

    @property
    def says(self) -> str:
        """All words on it."""
        return self.person.reads(self._page)
