"""What asks for the passphrase: the lock over a window, and the dialog before one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop.services.workspace import Workspace
from desktop.ui.operations import Operations
from desktop.ui.unlock import UnlockDialog
from tests.e2e.pages.person import Person

if TYPE_CHECKING:
    from tests.e2e.pages.window import App


class Door(Person):
    """A person before the dialog that opens a workspace."""

    def __init__(self, open_with: Callable[[str], Workspace], operations: Operations, story: str) -> None:
        super().__init__(UnlockDialog(open_with, operations), story)
        self.asked = Asked(self.window.entry, self.window.do)
        self._operations = operations
        self.window.show()

    @property
    def workspace(self) -> Workspace:
        assert self.window.workspace is not None
        found: Workspace = self.window.workspace
        return found

    def try_with(self, passphrase: str) -> None:
        """Type it, press Enter, and wait for the answer."""
        self.point(self.asked.field)
        self.replace(passphrase)
        self.press(Qt.Key.Key_Return)
        self.wait_until(lambda: not self._operations.busy)


class Asked:
    """Where a passphrase is asked for: what it says of the last one, and whether it takes another."""

    def __init__(self, entry: Any, button: Any) -> None:
        self._entry, self._button = entry, button

    @property
    def field(self) -> QWidget:
        found: QWidget = self._entry.field
        return found

    @property
    def message(self) -> str:
        return str(self._entry.message.text())

    @property
    def takes_a_try(self) -> bool:
        return bool(self._button.isEnabled())

    def seconds_pass(self, seconds: int) -> None:
        """So many seconds of its clock."""
        for _ in range(seconds):
            self._entry._second.timeout.emit()


class LockScreen:
    """The field, the message under it, and nothing of the records."""

    def __init__(self, person: App) -> None:
        self.person = person
        self._screen: Any = person.window.lock.screen
        self.asked = Asked(self._screen.entry, self._screen.unlock)

    @property
    def is_up(self) -> bool:
        return bool(self.person.window.lock.locked)

    def try_with(self, passphrase: str) -> None:
        """Type it, press Enter, and wait for the answer."""
        self.person.point(self.asked.field)
        self.person.replace(passphrase)
        self.person.press(Qt.Key.Key_Return)
        self.person.wait()

    def walk_with_tab(self) -> list[QWidget]:
        """Everything that Tab reaches."""
        visited: list[QWidget] = []
        here: Any = QApplication.focusWidget()
        while here is not None and here not in visited:
            visited.append(here)
            QTest.keyClick(here, Qt.Key.Key_Tab)
            here = QApplication.focusWidget()
        return visited

    def holds(self, widget: QWidget) -> bool:
        """Whether a part belongs to the lock and not to what it covers."""
        return bool(self._screen.isAncestorOf(widget))

    def read_aloud(self) -> str:
        """All that a screen reader finds in the window."""
        return " ".join(_spoken(QAccessible.queryAccessibleInterface(_object(self.person.window))))


def _object(window: Any) -> QObject:
    assert isinstance(window, QObject)
    return window


def _spoken(interface: Any) -> list[str]:
    found = [interface.text(kind) for kind in (QAccessible.Text.Name, QAccessible.Text.Value)]
    children = (interface.child(number) for number in range(interface.childCount()))
    return found + [text for child in children if child is not None for text in _spoken(child)]
