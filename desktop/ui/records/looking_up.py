"""Looking several chosen teachers up in the Teaching Record System, with progress, a Stop, and what it told of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop.model.person import Role
from desktop.ui import words
from desktop.ui.fields.field_row import NoteLine
from desktop.ui.fields.notes import Note
from desktop.ui.operations import Lane, Operation
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import row
from desktop.ui.parts.dialog import Dialog
from desktop.ui.parts.progress import ProgressBox
from desktop.ui.parts.rows_area import RowsArea
from desktop.ui.parts.text import Text
from desktop.ui.records.chosen import Chosen
from desktop.ui.records.listing import Listing
from desktop.ui.shell.go_to import Command
from desktop.ui.shell.rights import needs
from desktop.ui.trouble import Trouble

if TYPE_CHECKING:
    from desktop.services.lookup import Batch, LookupSetting, LookupView

_TITLE = "Teaching Record System"
_MOST = 200
"""So many lines are shown."""
_ADVICE = "This is what it says today. The portal decides when you register."


class LookUpDialog(Dialog):
    """Progress first, then a line for each. While it runs, Esc and Close ask for a stop."""

    stop_asked = Signal()

    def __init__(self, count: int, parent: QWidget) -> None:
        super().__init__(_TITLE, parent)
        self._busy = True
        self.told = Text(f"Looking up {words.count(count, 'record')}", "table", "ink2", wrap=True)
        self.progress = ProgressBox("Looking up")
        self.lines = RowsArea()
        self.lines.set_spacing(10)
        self.lines.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.lines.setAccessibleName("What it told of each")
        self.close_button = Button("Close", "quiet")
        self.column.addWidget(Text(_TITLE, "section"))
        self.column.addWidget(self.told)
        self.column.addWidget(self.progress)
        self.column.addWidget(self.lines, 1)
        self.column.addLayout(row(None, self.close_button))
        self.progress.stop_asked.connect(self.stop_asked)
        self.close_button.clicked.connect(self.accept)
        self.take_room(720, 440)

    def show_batch(self, batch: Batch) -> None:
        """What came of it: what speaks against registering first."""
        self._busy = False
        self.progress.hide()
        self.told.setText(summary(batch))
        notes = notes_of(batch)
        for note in notes[:_MOST]:
            line = NoteLine()
            line.show_note(note)
            self.lines.add(line)
        if len(notes) > _MOST:
            more = f"and {words.number(len(notes) - _MOST)} more: each record shows its own answer"
            self.lines.add(Text(more, "caption"))
        self.close_button.setFocus()

    def end(self) -> None:
        """The work is over; without a result the dialog goes."""
        if self._busy:
            self._busy = False
            self.accept()

    def accept(self) -> None:
        if self._busy:
            self.stop_asked.emit()
        else:
            super().accept()

    def reject(self) -> None:
        if self._busy:
            self.stop_asked.emit()
        else:
            super().reject()


def notes_of(batch: Batch) -> list[Note]:
    """A line for each: those that are stopped, the others, those that could not be asked about."""
    ordered = sorted(batch.looked, key=lambda view: not view.stops)
    return [*map(_looked, ordered), *map(_passed_over, batch.passed_over)]


def _looked(view: LookupView) -> Note:
    told = f"{view.label}: {' '.join(view.lines)}"
    return Note(told, "triangle-alert", "conflict") if view.stops else Note(told, "circle-check", "ink")


def _passed_over(view: LookupView) -> Note:
    return Note(f"{view.label}: not looked up. {view.why_not}", "minus", "ink2")


def summary(batch: Batch) -> str:
    """How many, how many of them are stopped, who is left and why."""
    stopped = sum(view.stops for view in batch.looked)
    parts = [f"{words.count(len(batch.looked), 'teacher')} looked up."]
    if stopped:
        parts.append(f"Something speaks against registering {words.number(stopped)} of them.")
    if batch.trouble is not None:
        wait = batch.trouble.retry_after_s
        parts.append(batch.trouble.detail + (f" Try again in {words.about(wait)}." if wait else ""))
    if batch.left:
        parts.append(f"{words.number(batch.left)} not looked up; choose them again later.")
    return " ".join([*parts, _ADVICE] if batch.looked else parts)


class LookingUpMany(QObject):
    """Works for one list whose records are about people that can be looked up."""

    def __init__(self, listing: Listing, chosen: Chosen) -> None:
        super().__init__(listing.view)
        self._listing, self._chosen = listing, chosen
        self._dialog: LookUpDialog | None = None
        self._running: Operation | None = None
        self.on = False
        self.button = needs(Button("Look up", icon="search", tip=f"In the {_TITLE}"), Role.ENTER)
        self.button.hide()
        listing.view.bar.add_deed(self.button)
        self.button.clicked.connect(self.look_up)

    def look(self) -> None:
        """See whether lookups are on."""
        lookup = self._listing.workspace.lookup
        self._listing.operations.run(lookup.setting, self._on_setting, key="records.lookup")

    def _on_setting(self, setting: LookupSetting) -> None:
        self.on = setting.on
        self._listing.view.bar.offer(self.button, wanted=setting.on)

    def commands(self) -> Sequence[Command]:
        """For Ctrl+K, also where the bar has no room for the button."""
        return (Command("Look up the selected teachers", "search", self.look_up),) if self.on else ()

    def look_up(self) -> None:
        """Ask about all that are chosen."""
        keys, workspace = self._chosen.keys(), self._listing.workspace
        if not keys or self._dialog is not None:
            return
        dialog = self._dialog = LookUpDialog(len(keys), self._listing.view)
        dialog.stop_asked.connect(self._on_stop_asked)
        dialog.finished.connect(self._on_finished)
        dialog.open()

        def work(job: Operation) -> Batch:
            ids = [one.id for one in workspace.records.rows(keys)]
            return workspace.lookup.look_all(ids, job.report, job.is_cancelled)

        self._running = self._listing.operations.run_job(
            work,
            dialog.show_batch,
            lane=Lane.NETWORK,
            on_failure=self._on_failed,
            on_progress=dialog.progress.show_progress,
            on_finished=dialog.end,
        )

    def _on_stop_asked(self) -> None:
        if self._running is not None:
            self._running.cancel()

    def _on_failed(self, trouble: Trouble) -> None:
        self._listing.shell.warn(trouble.title, trouble.text)

    def _on_finished(self, _result: int) -> None:
        self._dialog = None
