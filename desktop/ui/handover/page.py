"""Hand-over as a page: makes files, takes in what people and the portal say of them. An answer may be dropped on it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout

from desktop.services.exchange import is_change_file
from desktop.services.export_shelf import Export, Verdict
from desktop.services.exports import Uploaded
from desktop.services.views import Changed
from desktop.services.web_reading import WebLoaded
from desktop.ui.handover.giving import Giving
from desktop.ui.handover.making import Making
from desktop.ui.handover.reading import Reading
from desktop.ui.handover.statement import names_of
from desktop.ui.handover.uploaded_dialog import UploadedDialog
from desktop.ui.handover.view import HandoverScreen
from desktop.ui.page import Context, Page
from desktop.ui.parts.ask import ask
from desktop.ui.parts.files import only_file
from desktop.ui.trouble import Trouble
from desktop.ui.words import count


class HandoverPage(Page):
    """Reads anew when the queue moved. `open(route=...)` begins a file at once, `open(export=...)` shows one."""

    name = "handover"
    title = "Hand-over"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.setAcceptDrops(True)
        self._wanted = ""
        has_no_api = not self.workspace.organisation.has_api and "trainees" in self.workspace.collections
        collections = self.workspace.collections.values()
        self.screen_view = HandoverScreen(
            by_files=has_no_api,
            has_files=any(collection.sends for collection in collections),
            gives=any(collection.outsiders for collection in collections),
        )
        self.making = Making(self)
        self.giving = Giving(context, self)
        self.reading = Reading(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.screen_view)
        view = self.screen_view
        view.make_asked.connect(self.making.begin)
        self.making.made.connect(self._on_made)
        view.answer_asked.connect(self._on_answer_asked)
        view.uploaded_asked.connect(self._on_uploaded_asked)
        view.again_asked.connect(self._on_again_asked)
        view.dropped_asked.connect(self._on_dropped_asked)
        view.verdict_opened.connect(self._on_verdict_opened)
        view.read_asked.connect(self.reading.choose)
        view.last_read.save_asked.connect(self.reading.save)
        view.payments.clicked.connect(self._on_payments_asked)
        view.sign_off.clicked.connect(self._on_sign_off_asked)
        view.keying.clicked.connect(self._on_keying_asked)
        view.lists.clicked.connect(self.giving.begin)
        view.share.clicked.connect(self._on_share_asked)

    # --- what the shell asks

    def refresh(self, changed: Changed | None) -> None:
        if changed is None or changed.queue or changed.records is None or changed.records:
            self.operations.run(self._read, self._on_read, key="handover")
            keying = self.workspace.keying
            self.operations.run(keying.count, self.screen_view.show_to_type, key="handover.keying")

    def open(self, **where: Any) -> None:
        self._wanted = str(where.get("export", ""))
        if "route" in where:
            self.making.begin(str(where["route"]))

    def focus_first(self) -> None:
        view = self.screen_view
        if view.chosen is not None:
            view.table.focus_first()
        else:
            super().focus_first()

    def keys(self) -> tuple[tuple[str, str], ...]:
        return (("Up, Down", "Another file"), ("Enter", "What to do with it, or the answer that was refused"))

    def _read(self) -> tuple[list[Export], WebLoaded | None, datetime]:
        """Worker thread."""
        workspace = self.workspace
        return workspace.exports.all(), workspace.web_reading.last(), workspace.now()

    def _on_read(self, found: tuple[list[Export], WebLoaded | None, datetime]) -> None:
        exports, last, now = found
        self.screen_view.last_read.show_last(last, now)
        self.screen_view.show_exports(exports, now, self._wanted)
        self._wanted = ""
        self.title_changed.emit(self.screen_view.statement)

    def _on_payments_asked(self) -> None:
        self.shell.go("payments")

    def _on_keying_asked(self) -> None:
        self.shell.go("keying")

    def _on_share_asked(self) -> None:
        self.shell.go("share")

    def _on_sign_off_asked(self) -> None:
        self.shell.go("sign_off")

    # --- following

    def _on_made(self, export: Export) -> None:
        self._wanted = export.id
        self.refresh(None)
        self.shell.say(f"{names_of(export)} made. Upload it on Register’s website, then say so here.")

    def _on_uploaded_asked(self, export: Export) -> None:
        dialog = UploadedDialog(names_of(export), self)
        dialog.said.connect(lambda receipt: self.say_uploaded(export, receipt))
        dialog.open()

    def say_uploaded(self, export: Export, receipt: str) -> None:
        """A person says so."""
        self._run(lambda: self.workspace.exports.uploaded(export.id, receipt), self._on_uploaded)

    def _on_uploaded(self, told: Uploaded) -> None:
        self._wanted = told.export.id
        self.refresh(None)
        if told.edited:
            self.shell.warn(
                f"{count(told.edited, 'record was', 'records were')} edited after the file was made",
                "The file has the older answers. What was edited is kept here and goes on after the record is read back.",
            )
        else:
            self.shell.say("Noted. It waits to be read back from Register.")

    def _on_answer_asked(self) -> None:
        typed, _ = QFileDialog.getOpenFileName(self, "Load the answer", "", "CSV (*.csv);;All files (*)")
        if typed:
            self.load(Path(typed))

    def take(self, path: Path) -> None:
        """A file that was dropped: a colleague's by its name, Register's export by its headings, else its answer to ours."""
        if is_change_file(path):
            self.shell.go("share", file=str(path))
            return
        self._run(lambda: (path, self.workspace.web_reading.is_export(path)), self._on_looked_at)

    def _on_looked_at(self, found: tuple[Path, bool]) -> None:
        path, is_export = found
        (self.reading.read if is_export else self.load)(path)

    def load(self, path: Path) -> None:
        """Load the file that Register gave back."""
        self._run(lambda: self.workspace.exports.load_answer(path), self._on_answered)

    def _on_answered(self, export: Export) -> None:
        self._wanted = export.id
        self.refresh(None)
        refused = len({verdict.record_id for verdict in export.verdicts})
        said = f"{count(refused, 'row')} refused" if refused else "Nothing refused"
        self.shell.say(f"{said} in {names_of(export)}.")

    def _on_again_asked(self, export: Export) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Choose the folder for the file")
        if folder:
            self._run(
                lambda: self.workspace.exports.save_again(export.id, Path(folder)), self._on_saved_again
            )

    def _on_saved_again(self, paths: list[Path]) -> None:
        self.shell.say(f"{count(len(paths), 'file')} saved, just as before.")

    def _on_dropped_asked(self, export: Export) -> None:
        if ask(
            self,
            f"{names_of(export)} was not uploaded?",
            "The file is taken off this list, and what was in it waits to be sent as before. Delete the file itself, so "
            "that nobody uploads it later.",
            "Take it off the list",
            "Keep it",
        ):
            self._run(lambda: self.workspace.exports.take_back(export.id), self._on_dropped)

    def _on_dropped(self, _nothing: Any) -> None:
        self.refresh(None)
        self.shell.say("Taken off the list. What was in it waits as before.")

    def _on_verdict_opened(self, verdict: Verdict) -> None:
        self.shell.go("record", record_id=verdict.record_id, field=verdict.field)

    def _run(self, work: Any, then: Any) -> None:
        self.operations.run(work, then, on_failure=self._on_trouble)

    def _on_trouble(self, trouble: Trouble) -> None:
        self.shell.warn(trouble.title, trouble.text, grave=trouble.grave)

    # --- Qt

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if only_file(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = only_file(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.take(path)
