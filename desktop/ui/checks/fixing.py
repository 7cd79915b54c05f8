"""Fixing from Checks: one finding at once, all that are like it after a look at each. One Undo takes it back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop.model.collection import Collection
from desktop.services import wording
from desktop.services.acts import Act, Stopped
from desktop.services.fixing import Fix
from desktop.ui.operations import Operation
from desktop.ui.page import Context
from desktop.ui.parts.card import row
from desktop.ui.parts.dialog import WorkDialog
from desktop.ui.parts.grouped_model import Cell, Column, Group, Line
from desktop.ui.parts.grouped_table import GroupedTable
from desktop.ui.parts.progress import ProgressBox
from desktop.ui.parts.text import Text
from desktop.ui.trouble import Trouble
from desktop.ui.words import count

COLUMNS = (
    Column("Name", 190, "strong"),
    Column("Field", 190, "quiet", least=620),
    Column("Is now", 190, "quiet"),
    Column("Becomes", 190, stretch=True),
)


class FixDialog(WorkDialog):
    """Every answer that would be written anew, as it is and as it would be. Nothing is saved before the button."""

    def __init__(self, collection: Collection, fixes: Sequence[Fix], parent: QWidget) -> None:
        title = f"Fix {count(len(fixes), 'answer')} that are alike"
        super().__init__(
            "Holdfast",
            f"Fix {count(len(fixes), 'answer')}",
            ProgressBox("Fixing", stop="Stop, fix none"),
            parent,
        )
        self.setAccessibleName(title)
        self.table = GroupedTable(COLUMNS, "What would change")
        self.trouble = Text(role="table", tone="refused", wrap=True)
        self.trouble.hide()
        self.progress.hide()
        told = f"Each is read in the same way: {fixes[0].suggestion.how}. Nothing is saved yet, and one Undo takes all of it back."
        for part in (Text(title, "section", wrap=True), Text(told, tone="ink2", wrap=True)):
            self.column.addWidget(part)
        self.column.addWidget(self.table, 1)
        self.column.addWidget(self.trouble)
        self.column.addWidget(self.progress)
        self.column.addLayout(row(None, self.not_now, self.main_button))
        self.table.show_groups(
            [Group("fixes", "Answers", count(len(fixes), "answer"), _lines(collection, fixes))]
        )
        self.take_room(760, 520)
        self.main_button.setFocus()

    def refuse(self, words: str) -> None:
        """It did not happen; why."""
        self.show_busy(False)
        self.trouble.setText(words)
        self.trouble.show()


def _lines(collection: Collection, fixes: Sequence[Fix]) -> list[Line]:
    return [
        Line(
            place,
            (
                Cell(fix.label),
                Cell(wording.label_of(collection, fix.path)),
                Cell(fix.suggestion.was),
                Cell(fix.suggestion.value),
            ),
        )
        for place, fix in enumerate(fixes)
    ]


class FixingHere(QObject):
    """Belongs to the page `over`, whose dialog stands over it."""

    changed = Signal()

    def __init__(self, context: Context, collection: Collection, over: QWidget) -> None:
        super().__init__(over)
        self._context, self._collection, self._over = context, collection, over
        self._running: Operation | None = None
        self.dialog: FixDialog | None = None

    def ask(self, fixes: Sequence[Fix]) -> None:
        """Show all of them first."""
        dialog = FixDialog(self._collection, fixes, self._over)
        dialog.main_button.clicked.connect(lambda: self.fix(fixes))
        dialog.stop_asked.connect(self._on_stop_asked)
        dialog.finished.connect(self._forget)
        self.dialog = dialog
        dialog.open()

    def fix(self, fixes: Sequence[Fix]) -> None:
        """Write them; the window then offers Undo."""
        if self.dialog is not None:
            self.dialog.show_busy(True)
        fixing, name = self._context.workspace.fixing, self._collection.name
        self._running = self._context.operations.run_job(
            lambda job: fixing.fix(name, fixes, job.report, job.is_cancelled),
            self._on_fixed,
            on_failure=self._on_failed,
            on_progress=self.dialog.progress.show_progress if self.dialog is not None else None,
        )

    def _on_stop_asked(self) -> None:
        if self._running is not None:
            self._running.cancel()

    def _on_fixed(self, _act: Act) -> None:
        if self.dialog is not None:
            self.dialog.show_busy(False)
            self.dialog.accept()
        self.changed.emit()

    def _on_failed(self, trouble: Trouble) -> None:
        stopped = isinstance(trouble.error, Stopped)
        words = "Stopped. Nothing was changed." if stopped else f"{trouble.title}. {trouble.text}"
        if self.dialog is not None:
            self.dialog.refuse(words)
        else:
            self._context.shell.warn(trouble.title, trouble.text)

    def _forget(self) -> None:
        self.dialog = None
