"""Sharing as a page: makes change files, takes in those of colleagues. Files may be dropped on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout

from desktop.model.errors import UnknownRef
from desktop.model.lease import Lease
from desktop.services.exchange import ENDING, Made, Shared
from desktop.services.views import Changed
from desktop.ui.operations import Operation
from desktop.ui.page import Context, Page
from desktop.ui.parts.files import files_of
from desktop.ui.parts.save_as import save_as
from desktop.ui.share.agree_dialog import AgreeDialog
from desktop.ui.share.share_words import typing_words
from desktop.ui.share.taking import Taking
from desktop.ui.share.view import ShareScreen
from desktop.ui.trouble import Trouble
from desktop.ui.words import count

KINDS = {ENDING: f"Change files (*{ENDING})"}


class SharePage(Page):
    """`open(file=...)` begins with taking in a file."""

    name = "share"
    title = "Share with colleagues"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.setAcceptDrops(True)
        self._shared: Shared | None = None
        self._making: Operation | None = None
        self.agreeing: AgreeDialog | None = None
        self.screen_view = ShareScreen()
        self.taking = Taking(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.screen_view)
        self._connect()

    def _connect(self) -> None:
        view = self.screen_view
        view.make_asked.connect(self._on_make_asked)
        view.take_asked.connect(self._on_take_asked)
        view.exchange_asked.connect(self._on_exchange_asked)
        view.folder_asked.connect(self._on_folder_asked)
        view.no_folder_asked.connect(self._on_no_folder_asked)
        view.secret_asked.connect(self._on_secret_asked)
        view.progress.stop_asked.connect(self._on_stop_asked)
        self.taking.done.connect(self._on_taken)

    # --- what the shell asks

    def refresh(self, changed: Changed | None) -> None:
        if changed is None or changed.queue:
            self.operations.run(self._read, self._on_read, key="share")

    def open(self, **where: Any) -> None:
        if "file" in where:
            self.taking.begin([Path(str(where["file"]))])

    def focus_first(self) -> None:
        view = self.screen_view
        first = view.exchange if view.exchange.isVisibleTo(view) else view.choose
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _read(self) -> tuple[Shared, list[str], datetime]:
        """Worker thread."""
        workspace, now = self.workspace, self.workspace.now()
        shared = workspace.exchange.shared()
        return shared, [self._typed(item, lease, now) for item, lease in shared.typing], now

    def _typed(self, item: str, lease: Lease, now: datetime) -> str:
        """Who types what elsewhere, in a sentence. Worker thread."""
        record_id, _, name = item.partition(":")
        journeys = (c.journey(name) for c in self.workspace.collections.values())
        journey = next((j for j in journeys if j is not None), None)
        try:
            whose = self.workspace.records.view(record_id).label
        except UnknownRef:
            whose = "somebody who is not here"
        return typing_words(lease, journey.label if journey else name, whose, now)

    def _on_read(self, found: tuple[Shared, list[str], datetime]) -> None:
        shared, typing, now = found
        self._shared = shared
        self.screen_view.show_shared(shared, typing, now)
        self.title_changed.emit(self.screen_view.statement)

    # --- making

    def _on_make_asked(self) -> None:
        self._with_secret(self._choose_where)

    def _choose_where(self) -> None:
        path = save_as(self, "Make a change file", f"holdfast-changes{ENDING}", KINDS)
        if path is not None:
            self.make(path)

    def make(self, path: Path) -> None:
        """Write the change file; a folder gets it under the usual name."""
        self.screen_view.show_busy(True)
        service = self.workspace.exchange
        self._making = self.operations.run_job(
            lambda job: service.make(path, job.report, job.is_cancelled),
            self._on_made,
            on_failure=self._on_trouble,
            on_progress=self.screen_view.progress.show_progress,
            on_finished=self._on_made_or_not,
        )

    def _on_made(self, made: Made) -> None:
        self.refresh(None)
        self.shell.say(f"{made.path.name} made, with {count(made.records, 'record')}.")

    def _on_made_or_not(self) -> None:
        self._making = None
        self.screen_view.show_busy(False)

    def _on_stop_asked(self) -> None:
        if self._making is not None:
            self._making.cancel()

    # --- taking in

    def _on_take_asked(self) -> None:
        typed, _ = QFileDialog.getOpenFileNames(self, "Take in a change file", "", ";;".join(KINDS.values()))
        if typed:
            self.taking.begin([Path(name) for name in typed])

    def _on_exchange_asked(self) -> None:
        folder = self._shared.folder if self._shared else None
        if folder is None:
            return
        service = self.workspace.exchange
        self._run(lambda: service.others_in(folder), lambda paths: self._exchange(folder, paths))

    def _exchange(self, folder: Path, paths: Sequence[Path]) -> None:
        """Take in what is there, then make our own. Without a file of a colleague there is only the second half."""
        if paths:
            self.taking.begin(paths, then=folder)
        else:
            self._with_secret(lambda: self.make(folder))

    def _on_taken(self, then: Path | None) -> None:
        self.refresh(None)
        if then is not None:
            self.make(then)  # the passphrase is known, or nothing could have been taken in

    # --- folder and passphrase

    def _on_folder_asked(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Choose the shared folder")
        if folder:
            self._choose_folder(Path(folder))

    def _on_no_folder_asked(self) -> None:
        self._choose_folder(None)

    def _choose_folder(self, folder: Path | None) -> None:
        self._run(lambda: self.workspace.exchange.choose_folder(folder), self._on_changed)

    def _on_changed(self, _nothing: Any) -> None:
        self.refresh(None)

    def _on_secret_asked(self) -> None:
        self._agree(lambda: self.shell.say("The passphrase of change files was chosen."))

    def _with_secret(self, then: Callable[[], None]) -> None:
        """Do it, once a passphrase was agreed on."""
        if self._shared is not None and self._shared.agreed:
            then()
        else:
            self._agree(then)

    def _agree(self, then: Callable[[], None]) -> None:
        dialog = AgreeDialog(self)
        self.agreeing = dialog
        dialog.chosen.connect(lambda typed: self._on_secret_typed(typed, then))
        dialog.finished.connect(self._on_agreeing_closed)
        dialog.open()

    def _on_agreeing_closed(self) -> None:
        self.agreeing = None

    def _on_secret_typed(self, typed: str, then: Callable[[], None]) -> None:
        def agreed(_nothing: Any) -> None:
            if self.agreeing is not None:
                self.agreeing.accept()
            self.refresh(None)
            then()

        self.operations.run(
            lambda: self.workspace.exchange.agree(typed), agreed, on_failure=self._on_secret_refused
        )

    def _on_secret_refused(self, trouble: Trouble) -> None:
        if self.agreeing is not None:
            self.agreeing.show_problem(str(trouble.error or trouble.text))

    def _run(self, work: Any, then: Any) -> None:
        self.operations.run(work, then, on_failure=self._on_trouble)

    def _on_trouble(self, trouble: Trouble) -> None:
        self.shell.warn(trouble.title, trouble.text, grave=trouble.grave)

    # --- Qt

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if files_of(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = files_of(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.taking.begin(paths)
