"""Settings on the report for support: it is read on screen first, and written only where a person wants it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from desktop.services.support import Part
from desktop.ui.operations import Lane
from desktop.ui.page import Context
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import row
from desktop.ui.parts.dialog import Dialog
from desktop.ui.parts.save_as import save_as
from desktop.ui.parts.text import Text
from desktop.ui.settings.section import Section
from desktop.ui.shell.memory import Memory

TEXT = (
    "For whoever helps you with Holdfast: versions, states and numbers, and no person. You see all of it before it is saved, and "
    "Holdfast sends it to nobody."
)


class SupportDialog(Dialog):
    """The whole report, to be read; `save_asked` when it is to be saved."""

    save_asked = Signal()

    def __init__(self, parts: tuple[Part, ...], parent: QWidget) -> None:
        super().__init__("Report for support", parent)
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setPlainText("\n\n".join(f"--- {part.name}\n{part.text}" for part in parts))
        self.text.setAccessibleName("The report")
        self.save, self.leave = Button("Save the report", "primary", icon="save"), Button("Close", "quiet")
        self.column.addWidget(Text("Read it before you save it", "section", wrap=True))
        told = (
            "This is all that the file will hold. Nothing leaves this computer until you send it to somebody."
        )
        self.column.addWidget(Text(told, tone="ink2", wrap=True))
        self.column.addWidget(self.text, 1)
        self.column.addLayout(row(None, self.leave, self.save))
        self.save.clicked.connect(self.save_asked)
        self.leave.clicked.connect(self.reject)
        self.take_room(760, 620)


class SupportHere(QObject):
    """Makes the report and saves it; belongs to the page of settings."""

    def __init__(self, context: Context, over: QObject) -> None:
        super().__init__(over)
        self._context = context
        self.section = Section("Report for support", TEXT)
        self.look = Button("Look at the report", icon="eye")
        self.section.body.addLayout(row(self.look, None))
        self.look.clicked.connect(self._on_look_clicked)

    def _on_look_clicked(self) -> None:
        settings = as_set(self._context.shell.preferences.memory)
        self.look.allow(False, "The report is being made")
        self._context.operations.run_job(
            lambda _job: self._context.workspace.support.report(settings),
            self._on_made,
            lane=Lane.NETWORK,
            on_finished=self._on_finished,
        )

    def _on_finished(self) -> None:
        self.look.allow(True)

    def _on_made(self, parts: tuple[Part, ...]) -> None:
        dialog = SupportDialog(parts, self.section)
        dialog.save_asked.connect(lambda: self._ask_where(parts, dialog))
        dialog.open()

    def _ask_where(self, parts: tuple[Part, ...], dialog: SupportDialog) -> None:
        name = f"holdfast-report-{self._context.workspace.today().isoformat()}.zip"
        path = save_as(dialog, "Save the report", name, {".zip": "ZIP file (*.zip)"})
        if path is not None:
            self.save_to(path, parts)
            dialog.accept()

    def save_to(self, path: Path, parts: tuple[Part, ...]) -> None:
        """Write it there, in the background, and say so."""

        def work() -> Path:
            self._context.workspace.support.save(path, parts)
            return path

        self._context.operations.run(work, self._on_saved)

    def _on_saved(self, path: Path) -> None:
        self._context.shell.say(f"Report saved as {path.name} in {path.parent.name}")


def as_set(memory: Memory) -> dict[str, str]:
    """How the window is set, for the report."""
    values: dict[str, Any] = {
        "colours": memory.mode,
        "text size": memory.text_size,
        "row height": memory.density or "by the window",
        "high contrast": memory.contrast,
        "reduce motion": memory.still,
        "lock after minutes": memory.lock_minutes,
        "lock with the computer": memory.lock_with_computer,
        "go on sending while locked": memory.sends_locked,
    }
    return {name: str(value) for name, value in values.items()}
