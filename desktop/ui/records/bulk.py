"""Bulk edit and fill-down: opens the dialog on what is chosen, asks the services, and says how it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.model.document import Value
from desktop.services.acts import Act, BulkPreview, Varies
from desktop.ui.operations import Operation
from desktop.ui.records.chosen import Chosen
from desktop.ui.records.listing import Listing
from desktop.ui.records.model import TICK_COLUMN
from desktop.ui.trouble import Trouble

if TYPE_CHECKING:
    from desktop.ui.records.bulk_answers import Asked
    from desktop.ui.records.bulk_dialog import BulkDialog


class Bulk(QObject):
    """One dialog at a time. What was done is one act, which the window offers to undo."""

    def __init__(self, listing: Listing, chosen: Chosen) -> None:
        super().__init__(listing.view)
        self._listing, self._chosen = listing, chosen
        self._acts = listing.workspace.acts
        self._keys: Sequence[int] = ()
        self.dialog: BulkDialog | None = None
        self._looking: Operation | None = None
        self._changing: Operation | None = None
        listing.view.bar.change_asked.connect(self.change)

    def change(self) -> None:
        """F2: the chosen records; the question of the current column is ticked at once when there is one."""
        keys = self._chosen.keys()
        if keys:
            dialog = self._open(keys)
            field = self._current_field()
            if any(asked.key == field for asked in self._questions(many=len(keys) > 1)):
                dialog.begin(field)

    def fill_down(self) -> None:
        """Ctrl+D: what the current cell holds, into the chosen records; the same dialog shows first what happens."""
        field, key = self._current_field(), self._listing.finder.current_key()
        known = self._listing.collection.field(field) if field else None
        if known is None or field in self._listing.collection.keys:
            self._listing.shell.say(
                "Go to a cell of the column that you want to fill, such as Route or Subject"
            )
        elif key is None or not self._listing.model.ticked - {key}:
            self._listing.shell.say("Select the rows to fill with Space, then go to the cell to copy from")
        else:
            keys, names = [key], [field]
            self._listing.operations.run(lambda: self._acts.values(keys, names), self._on_cell_read)

    def _on_cell_read(self, values: dict[str, Value | Varies]) -> None:
        field, value = next(iter(values.items()))
        if value is None or isinstance(value, Varies):
            self._listing.shell.say("That cell has no answer to copy. Go to a row that has one.")
            return
        asked = next(a for a in self._questions(many=True) if field in a.names)
        self._open(self._chosen.keys()).begin(asked.key, {field: value})

    def _questions(self, *, many: bool) -> list[Asked]:
        from desktop.ui.records.bulk_answers import (
            questions_of,
        )  # the form's controls; the list starts without

        return questions_of(self._listing.collection, many=many)

    def _current_field(self) -> str:
        """Name of the field behind the current column; "" for one that is made of several, or of none."""
        index = self._listing.table.currentIndex()
        if not index.isValid() or index.column() == TICK_COLUMN:
            return ""
        return self._listing.model.columns[index.column() - 1].field

    # --- the dialog

    def _open(self, keys: Sequence[int]) -> BulkDialog:
        from desktop.ui.records.bulk_dialog import BulkDialog

        self._keys = tuple(keys)
        today = self._listing.workspace.today()
        self.dialog = BulkDialog(self._listing.collection, len(keys), today, self._listing.view)
        self.dialog.held_wanted.connect(self._on_held_wanted)
        self.dialog.preview_wanted.connect(self._on_preview_wanted)
        self.dialog.change_asked.connect(self._on_change_asked)
        self.dialog.stop_asked.connect(self._on_stop_asked)
        self.dialog.finished.connect(self._on_finished)
        self.dialog.open()
        return self.dialog

    def _on_held_wanted(self, names: list[str]) -> None:
        keys = self._keys
        self._listing.operations.run(lambda: self._acts.values(keys, names), self._on_held_read)

    def _on_held_read(self, values: Mapping[str, Value | Varies]) -> None:
        if self.dialog is not None:
            self.dialog.show_held(values)

    def _on_preview_wanted(self, fields: dict[str, Value]) -> None:
        keys = self._keys
        self._looking = self._listing.operations.run_job(
            lambda job: self._acts.preview(keys, fields, job.report, job.is_cancelled),
            self._on_previewed,
            on_failure=self._on_preview_failed,
            on_progress=self.dialog.show_looking if self.dialog else None,
            key="records.bulk",
        )

    def _on_previewed(self, preview: BulkPreview) -> None:
        if self.dialog is not None:
            self.dialog.show_preview(preview)

    def _on_preview_failed(self, trouble: Trouble) -> None:
        """One that was overtaken by the next has nothing to say."""
        if self.dialog is not None and self._looking is not None and not self._looking.is_cancelled():
            self.dialog.show_trouble(f"{trouble.title}. {trouble.text}")

    def _on_change_asked(self, fields: dict[str, Value]) -> None:
        if self.dialog is None or self._changing is not None:
            return
        if self._looking is not None:
            self._looking.cancel()
        keys = self._keys
        self.dialog.show_busy(True)
        self._changing = self._listing.operations.run_job(
            lambda job: self._acts.change(keys, fields, progress=job.report, cancelled=job.is_cancelled),
            self._on_changed,
            on_failure=self._on_change_failed,
            on_progress=self.dialog.progress.show_progress,
            on_finished=self._on_change_ended,
        )

    def _on_changed(self, _act: Act) -> None:
        if self.dialog is not None:
            self.dialog.show_busy(False)
            self.dialog.accept()

    def _on_change_failed(self, trouble: Trouble) -> None:
        if self.dialog is not None:
            stopped = self._changing is not None and self._changing.is_cancelled()
            self.dialog.show_busy(False)
            self.dialog.show_trouble(
                "Stopped. Nothing was changed." if stopped else f"{trouble.title}. {trouble.text}"
            )

    def _on_change_ended(self) -> None:
        self._changing = None
        if self.dialog is not None:
            self.dialog.show_busy(False)

    def _on_stop_asked(self) -> None:
        if self._changing is not None:
            self._changing.cancel()

    def _on_finished(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
        self.dialog = None
        self._listing.table.setFocus()
