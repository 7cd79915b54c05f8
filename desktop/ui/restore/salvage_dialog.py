"""A workspace that is damaged: saving what can still be read of it, as a backup that is restored like any other."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout

from desktop.services.salvaging import Salvaged, salvage_to
from desktop.ui.operations import Operations
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import row
from desktop.ui.parts.passphrase_entry import PassphraseEntry
from desktop.ui.parts.text import Text
from desktop.ui.trouble import Trouble

_DO = "Save what can be read"
_ABOUT = (
    "Holdfast reads the damaged file round every place that is broken, and writes what it finds as a backup. What comes back is "
    "as it was; what is lost is named. The damaged file stays as it is."
)


class SalvageDialog(QDialog):
    """Asks for the passphrase, and saves; `saved` is what came of it, None when the person gave up."""

    def __init__(self, target: Path, save: Callable[[str], Salvaged], operations: Operations) -> None:
        super().__init__()
        self.saved: Salvaged | None = None
        self._save, self._operations = save, operations
        self.setWindowTitle("Holdfast")
        self.setMinimumWidth(460)
        self.do, self.leave = Button(_DO, "primary"), Button("Close")
        self.entry = PassphraseEntry(self.do, "this workspace")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 20)
        column.setSpacing(14)
        column.addWidget(Text("Save what can still be read", "title", wrap=True))
        column.addWidget(Text(_ABOUT, tone="ink2", wrap=True))
        column.addWidget(Text(f"It is written to {target}", tone="ink2", wrap=True))
        column.addWidget(self.entry)
        column.addLayout(row(None, self.leave, self.do))
        self.entry.tried.connect(self._on_tried)
        self.leave.clicked.connect(self.reject)

    def _on_tried(self, typed: str) -> None:
        self.do.set_words("Reading")
        self.leave.setEnabled(False)
        self._operations.run(lambda: self._save(typed), self._on_saved, on_failure=self._on_failed)

    def _on_saved(self, saved: Salvaged) -> None:
        self.saved = saved
        self.entry.accept()
        self.accept()

    def _on_failed(self, trouble: Trouble) -> None:
        self.do.set_words(_DO)
        self.leave.setEnabled(True)
        self.entry.refuse(trouble)

    def reject(self) -> None:
        if self.leave.isEnabled():
            super().reject()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.entry.begin()


def ask_to_salvage(folder: Path, operations: Operations) -> Salvaged | None:
    """Save what can be read of the workspace in a folder, beside it; None when the person gave up."""
    target = free_name(folder)
    dialog = SalvageDialog(target, lambda typed: salvage_to(folder, typed, target), operations)
    dialog.exec()
    dialog.deleteLater()
    return dialog.saved


def free_name(folder: Path) -> Path:
    """A name beside the folder that nothing has yet."""
    names = (f"{folder.name}-saved{'' if n == 1 else f'-{n}'}.holdfast-backup" for n in itertools.count(1))
    return next(path for path in map(folder.with_name, names) if not path.exists())
