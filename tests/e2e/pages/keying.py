"""Type on the website: the list of what waits, and the sheet beside the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from tests.e2e.pages.person import Person
from tests.e2e.pages.screen import Screen

if TYPE_CHECKING:
    from tests.e2e.pages.window import App


class KeyingScreen(Screen):
    """The list of sheets."""

    @property
    def title(self) -> str:
        return str(self._page.statement if self._page.table.isVisible() else self._page.empty.title)

    def begin(self, name: str) -> Sheet:
        """Down to somebody's line, Enter."""
        table = self._page.table
        rows = range(table.grouped.rowCount())
        place = next(r for r in rows if name in table.spoken_row(r))
        self.person.click_line(table, table.grouped.index(place, 0))
        self.person.press(Qt.Key.Key_Return)
        self.person.wait()
        assert self._page.desk.window is not None, self.says
        return Sheet(self.person, self._page.desk.window)


class Sheet(Person):
    """A window of its own. What is copied goes to the website."""

    def __init__(self, app: App, window: Any) -> None:
        super().__init__(window, app.story)
        self._app = app
        window.activateWindow()
        self.wait_until(lambda: window.isActiveWindow() and window.focusWidget() is not None)

    def wait(self) -> None:
        self._app.wait()

    def type_all(self) -> dict[str, tuple[str, ...]]:
        """Enter for each answer of each page: question -> what came to the clipboard, in one part or three."""
        typed: dict[str, tuple[str, ...]] = {}
        while self.window.keying.page:
            for line in self.window.lines:
                self.wait_until(line.hasFocus)
                typed[line.line.label] = tuple(self._copied() for _ in line.line.copies)
                if not line.line.copies:
                    self.strike(Qt.Key.Key_Return)
            self.wait_until(self.window.done.hasFocus)
            self.press(Qt.Key.Key_Return)
            self.wait()
        return typed

    def _copied(self) -> str:
        self.strike(Qt.Key.Key_Return)
        return QGuiApplication.clipboard().text()

    def accepted(self, reference: str = "") -> None:
        """The website took it; with the reference that it showed."""
        self.wait_until(self.window.finish.reference.hasFocus)
        self.strike(reference)
        self.point(self.window.finish.accepted)
        self.wait()
