"""Going to another workspace: the list of those known, another folder, a new one. One window at a time.

The window is closed in good order first, as always when it closes; `wish` then says where to go on (see `ui.start`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from desktop.services.restoring import has_workspace
from desktop.ui.operations import Operations
from desktop.ui.parts.ask import tell
from desktop.ui.shell.go_to import Command
from desktop.ui.shell.known import Known

if TYPE_CHECKING:
    from desktop.ui.restore.dialog import Restored


@dataclass(frozen=True)
class Wish:
    """Where to go on after the window has closed. `set_up` = there is no workspace in the folder yet.

    passphrase  of a workspace that was just restored; "" = as usual
    """

    folder: Path
    set_up: bool = False
    passphrase: str = field(default="", repr=False)


class Switcher(QObject):
    """Without `known` nothing is offered: practice that is thrown away afterwards, and single pictures."""

    def __init__(self, known: Known | None, here: Path, operations: Operations, window: QWidget) -> None:
        super().__init__(window)
        self._known, self._here, self._window = known, here.absolute(), window
        self._operations = operations
        self.wish: Wish | None = None

    @property
    def offers(self) -> bool:
        return self._known is not None

    def open_menu(self, place: QPoint) -> None:
        """The list, at a place on the screen."""
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName("Workspaces")
        for one in self._known.all() if self._known else ():
            action = menu.addAction(one.name)
            action.setToolTip(str(one.folder))
            action.setCheckable(True)
            action.setChecked(one.folder == self._here)
            action.triggered.connect(partial(self.go, one.folder))
        menu.addSeparator()
        menu.addAction("Open another folder").triggered.connect(self.ask_for_folder)
        menu.addAction("Set up a new workspace").triggered.connect(self.ask_for_new)
        menu.addAction("Restore a backup").triggered.connect(self.ask_for_backup)
        menu.setToolTipsVisible(True)
        menu.popup(place)

    def commands(self) -> Sequence[Command]:
        """The same for Ctrl+K."""
        if self._known is None:
            return ()
        found = [
            Command(f"Open {one.name}", "hard-drive", partial(self.go, one.folder), ("workspace", "switch"))
            for one in self._known.all()
            if one.folder != self._here
        ]
        return (
            *found,
            Command(
                "Open another workspace folder", "hard-drive", self.ask_for_folder, ("switch", "organisation")
            ),
            Command("Set up a new workspace", "plus", self.ask_for_new, ("organisation", "new")),
            Command("Restore a backup", "history", self.ask_for_backup, ("put back", "copy")),
        )

    def go(self, folder: Path, *_checked: bool) -> None:
        """Close this window and open that workspace."""
        if folder.absolute() == self._here:
            return
        if not has_workspace(folder):
            tell(
                "There is no workspace in that folder",
                "It may be on a disk that is not connected. Nothing was changed.",
                self._window,
            )
            if self._known is not None:
                self._known.forget(folder)
            return
        self._leave(Wish(folder))

    def open_again(self) -> None:
        """Close this window and open the same workspace: what was chosen for the next start counts then."""
        if self._known is None:
            tell(
                "This is practice",
                "It is thrown away when it is closed, so it cannot be opened again.",
                self._window,
            )
            return
        self._leave(Wish(self._here))

    def ask_for_folder(self) -> None:
        """Choose a folder; one without a workspace is not opened."""
        folder = self._choose("Open a workspace folder")
        if folder is not None:
            self.go(folder)

    def ask_for_new(self) -> None:
        """Choose a folder for a new workspace; one that has a workspace is opened."""
        folder = self._choose("Choose a folder for the new workspace")
        if folder is not None:
            self.go(folder) if has_workspace(folder) else self._leave(Wish(folder, set_up=True))

    def ask_for_backup(self) -> None:
        """Put a backup back into a folder of its own, and open that."""
        if self._known is None:
            tell(
                "This is practice",
                "Open a workspace of your own first, or set Holdfast up: a backup can be restored there.",
                self._window,
            )
            return
        from desktop.ui.restore.dialog import RestoreDialog  # most starts need none of it

        dialog = RestoreDialog(self._here, self._operations, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._on_restored(dialog.restored))
        dialog.open()

    def _on_restored(self, restored: Restored | None) -> None:
        if restored is not None:
            self._leave(Wish(restored.folder, passphrase=restored.passphrase))

    def _choose(self, title: str) -> Path | None:
        chosen = QFileDialog.getExistingDirectory(self._window, title, str(self._here.parent))
        return Path(chosen) if chosen else None

    def _leave(self, wish: Wish) -> None:
        self.wish = wish
        if not self._window.close():
            self.wish = None
