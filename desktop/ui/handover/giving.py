"""Lists for people outside, such as each appropriate body: asks for a folder, and writes them there."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.services.outsiders import Given
from desktop.ui.page import Context
from desktop.ui.parts.save_as import documents
from desktop.ui.words import count


class Giving(QObject):
    """Belongs to the page `over`."""

    def __init__(self, context: Context, over: QWidget) -> None:
        super().__init__(over)
        self._context, self._over = context, over

    def begin(self) -> None:
        """Ask where to."""
        folder = QFileDialog.getExistingDirectory(
            self._over, "Choose the folder for the lists", str(documents())
        )
        if folder:
            self.write(Path(folder))

    def write(self, folder: Path) -> None:
        """Write every list that there is, in the background."""
        workspace = self._context.workspace

        def work() -> list[Given]:
            wanted = [(c.name, one.name) for c in workspace.collections.values() for one in c.outsiders]
            return workspace.outsiders.write_all(wanted, folder)

        self._context.operations.run(work, self._on_written)

    def _on_written(self, given: list[Given]) -> None:
        names = ", ".join(sorted({one.to for one in given}))
        self._context.shell.say(
            f"{count(len(given), 'list')} saved, for {names}. Delete them once they are sent"
        )
