"""Sign-off as a page: load the website's file, work through the checklist, note who signed. Files may be dropped on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout

from desktop.model.errors import UsageError
from desktop.services.sign_off import Checklist, Entry
from desktop.services.views import Changed
from desktop.ui.operations import Lane, Operation
from desktop.ui.page import Context, Page
from desktop.ui.parts.ask import ask
from desktop.ui.parts.files import files_of
from desktop.ui.sign_off.said import loaded_words
from desktop.ui.sign_off.saver import Saver
from desktop.ui.sign_off.sign_dialog import SignDialog
from desktop.ui.sign_off.view import SignOffScreen
from desktop.ui.trouble import Trouble
from desktop.ui.words import count


@dataclass(frozen=True)
class Loaded:
    """What came of loading: the sign-offs that have a new file, and why other files were not taken."""

    found: tuple[Checklist, ...]
    refused: tuple[str, ...]


class SignOffPage(Page):
    """Reads anew when records or the queue moved. `open(kind=..., year=...)` shows one sign-off."""

    name = "sign_off"
    title = "Sign-off"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._wanted = ""
        self.dialog: SignDialog | None = None
        self.screen_view = SignOffScreen()
        self.saver = Saver(context, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.screen_view)
        view = self.screen_view
        view.load_asked.connect(self.ask_for_files)
        view.report_asked.connect(self._on_report_asked)
        view.signing.sign_asked.connect(self.sign)
        view.signing.taking_back_asked.connect(self.take_back)
        view.signing.removing_asked.connect(self._on_removing_asked)
        view.listed.entry_opened.connect(self._on_entry_opened)
        view.listed.saving_asked.connect(self._on_list_asked)
        self.setAcceptDrops(True)

    @property
    def chosen(self) -> Checklist | None:
        return self.screen_view.chosen

    # --- what the shell asks

    def refresh(self, changed: Changed | None) -> None:
        if changed is None or changed.queue or changed.records is None or changed.records:
            self.operations.run_job(self._read, self._on_read, lane=Lane.NETWORK, key="sign_off")

    def open(self, **where: Any) -> None:
        if "kind" in where:
            self._wanted = f"{where['kind']} {where['year']}"

    def focus_first(self) -> None:
        if self.chosen is not None:
            self.screen_view.focus_first()
        else:
            super().focus_first()

    def keys(self) -> tuple[tuple[str, str], ...]:
        return (
            ("Up, Down", "Another sign-off, step or trainee"),
            ("Enter", "From a sign-off to its steps, from a step to its list, from there to the record"),
        )

    def _read(self, job: Operation) -> list[Checklist]:
        """Worker thread."""
        return self.workspace.sign_off.all(job.is_cancelled)

    def _on_read(self, found: list[Checklist]) -> None:
        self.screen_view.show_all(found, self._wanted)
        self._wanted = ""
        self.title_changed.emit(self.screen_view.statement)

    # --- the file

    def ask_for_files(self) -> None:
        """Let the person choose the files."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
        typed, _ = QFileDialog.getOpenFileNames(
            self,
            "Load the file of Register’s website",
            folder,
            "Files of Register (*.csv *.xlsx);;All files (*)",
        )
        self.load([Path(name) for name in typed])

    def load(self, paths: Sequence[Path]) -> None:
        """Read these files, one after another. What a renamed one is for is the sign-off that is shown."""
        if not paths:
            return
        chosen = self.chosen
        otherwise = (chosen.kind, chosen.year) if chosen is not None else None

        def work() -> Loaded:
            found, refused = [], []
            for path in paths:
                try:
                    found.append(self.workspace.sign_off.load(path, otherwise))
                except UsageError as error:
                    refused.append(str(error))
            return Loaded(tuple(found), tuple(refused))

        self.operations.run(work, self._on_loaded)

    def _on_loaded(self, loaded: Loaded) -> None:
        if loaded.found:
            self._wanted = loaded.found[-1].key
            self.refresh(None)
            self.shell.say(loaded_words(loaded.found[-1]))
        if loaded.refused:
            many = count(len(loaded.refused), "file was", "files were")
            self.shell.warn(f"{many} not loaded", " ".join(loaded.refused))

    def _on_removing_asked(self) -> None:
        one = self.chosen
        if one is not None and ask(
            self,
            f"Take the file of the {one.title[0].lower()}{one.title[1:]} off?",
            "The comparison goes with it. No record is changed, and you can load a file again.",
            "Take it off",
            "Keep it",
        ):
            self.operations.run(lambda: self.workspace.sign_off.remove(one.kind, one.year), self._on_removed)

    def _on_removed(self, _nothing: Any) -> None:
        self.refresh(None)
        self.shell.say("The file was taken off.")

    # --- signing

    def sign(self) -> None:
        """Ask who signed on the website, and when."""
        one = self.chosen
        if one is not None:
            self.dialog = SignDialog(one, self.workspace.actor, self)
            self.dialog.said.connect(self._on_said)
            self.dialog.finished.connect(self._on_dialog_finished)
            self.dialog.open()

    def _on_dialog_finished(self) -> None:
        self.dialog = None

    def _on_said(self, name: str, day: date, reference: str) -> None:
        one = self.chosen
        if one is not None:
            self.operations.run(
                lambda: self.workspace.sign_off.sign(one.kind, one.year, name, day, reference),
                self._on_signed,
                on_failure=self._on_sign_failed,
            )

    def _on_signed(self, _one: Checklist) -> None:
        if self.dialog is not None:
            self.dialog.accept()
        self.refresh(None)
        self.shell.say("Noted as signed. Take it back undoes that.")

    def _on_sign_failed(self, trouble: Trouble) -> None:
        if self.dialog is not None:
            self.dialog.show_problem(str(trouble.error or trouble.text))
        else:
            self.shell.warn(trouble.title, trouble.text, grave=trouble.grave)

    def take_back(self) -> None:
        """It was not signed, or not so: what stood there before stands there again."""
        one = self.chosen
        if one is not None:
            self.operations.run(
                lambda: self.workspace.sign_off.take_back(one.kind, one.year), self._on_taken_back
            )

    def _on_taken_back(self, _one: Checklist) -> None:
        self.refresh(None)
        self.shell.say("Taken back.")

    # --- going on

    def _on_entry_opened(self, entry: Entry) -> None:
        if entry.record_id is not None:
            self.shell.go("record", record_id=entry.record_id, field=entry.field)
        else:
            self.shell.say(f"{entry.label} is not on this computer. Get the trainees from Register first.")

    def _on_report_asked(self) -> None:
        if self.chosen is not None:
            self.saver.ask_for_report(self.chosen)

    def _on_list_asked(self) -> None:
        if self.chosen is not None:
            self.saver.ask_for_list(self.chosen, self.screen_view.listed.key)

    # --- Qt

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if files_of(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.load(files_of(event.mimeData()))
