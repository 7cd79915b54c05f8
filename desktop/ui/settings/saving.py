"""Saving a backup by hand, from Settings: asks where to, writes it in the background, says what came of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from desktop.services.acts import Stopped
from desktop.ui.operations import Operation
from desktop.ui.page import Context
from desktop.ui.parts.save_as import save_as
from desktop.ui.settings.files import BackupSection
from desktop.ui.trouble import Trouble

KINDS = {".holdfast-backup": "Holdfast backup (*.holdfast-backup)"}


class BackupHere(QObject):
    """Belongs to the page of settings."""

    def __init__(self, context: Context, over: QObject) -> None:
        super().__init__(over)
        self._context = context
        self._saving: Operation | None = None
        self.section = BackupSection()
        self.section.backup_asked.connect(self._on_asked)
        self.section.stop_asked.connect(self._on_stop_asked)

    def _on_asked(self) -> None:
        name = f"holdfast-{self._context.workspace.today().isoformat()}.holdfast-backup"
        chosen = save_as(self.section, "Save a backup", name, KINDS)
        if chosen is not None:
            self.save(chosen)

    def save(self, target: Path) -> None:
        """Write it there, in the background, and say so."""
        self.section.set_busy(True)
        care = self._context.workspace.care
        self._saving = self._context.operations.run_job(
            lambda job: care.backup(target, job.report, job.is_cancelled),
            self._on_saved,
            on_failure=self._on_not_saved,
            on_progress=self.section.progress.show_progress,
        )

    def _on_stop_asked(self) -> None:
        if self._saving is not None:
            self._saving.cancel()

    def _on_saved(self, path: Path) -> None:
        self.section.set_busy(False)
        self._context.shell.say(f"Backup saved and checked: {path.name} in {path.parent.name}")

    def _on_not_saved(self, trouble: Trouble) -> None:
        self.section.set_busy(False)
        if isinstance(trouble.error, Stopped):
            self._context.shell.say("Stopped. No backup was written.")
        else:
            self._context.shell.warn(trouble.title, trouble.text)
