"""Files that come in: the menu under the button, a file dropped on the page, and the list of what was imported before."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QMenu, QWidget

from desktop.services.acts import Act
from desktop.services.importing import Imported
from desktop.ui import words
from desktop.ui.parts.files import only_file
from desktop.ui.parts.save_as import save_as
from desktop.ui.records.imports_dialog import ImportsDialog
from desktop.ui.records.listing import Listing
from desktop.ui.records.pasting import Pasting
from desktop.ui.trouble import Trouble


class Importing(QObject):
    """What is done with a file is up to `Pasting`; undoing goes through the services, as everywhere."""

    def __init__(self, listing: Listing, pasting: Pasting) -> None:
        super().__init__(listing.view)
        self._listing, self._pasting = listing, pasting
        self._service = listing.workspace.importing
        self.dialog: ImportsDialog | None = None
        listing.view.import_asked.connect(self.open_menu)
        listing.view.setAcceptDrops(True)
        listing.view.installEventFilter(self)

    def open_menu(self, under: QWidget) -> None:
        """A file, or what was imported before, under a button."""
        menu = QMenu(under)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Open a file\tCtrl+Shift+O", self._pasting.choose_file)
        menu.addAction("Earlier imports", self.show_list)
        menu.popup(under.mapToGlobal(QPoint(0, under.height())))

    # --- earlier imports

    def show_list(self) -> None:
        """Every import, to undo one whole or to get its file back."""
        if self.dialog is None:
            self.dialog = ImportsDialog(self._listing.view)
            self.dialog.undo_asked.connect(self._on_undo_asked)
            self.dialog.file_asked.connect(self._on_file_asked)
            self.dialog.finished.connect(self._on_finished)
        self.dialog.open()
        self._read()

    def _read(self) -> None:
        self._listing.operations.run(self._service.all, self._on_read, key="records.imports")

    def _on_read(self, imports: Sequence[Imported]) -> None:
        if self.dialog is not None:
            self.dialog.show_imports(imports, self._listing.workspace.now())

    def _on_undo_asked(self, import_id: str) -> None:
        if self.dialog is not None:
            self.dialog.show_busy(True)
        undoing = self._listing.operations.run_job(
            lambda job: self._service.undo(import_id, job.report, job.is_cancelled),
            self._on_undone,
            on_failure=self._on_failed,
            on_progress=self.dialog.progress.show_progress if self.dialog is not None else None,
            on_finished=self._on_over,
        )
        if self.dialog is not None:
            self.dialog.progress.stop_asked.connect(undoing.cancel)

    def _on_over(self) -> None:
        """However it ended, also when it was stopped before it began."""
        if self.dialog is not None:
            self.dialog.show_busy(False)

    def _on_undone(self, act: Act) -> None:
        left = words.count(len(act.left_out), "record")
        stays = (
            f" {left} left as it is: changed or sent since. First: {act.left_out[0].why}"
            if act.left_out
            else ""
        )
        self._tell(f"Undone: {act.words}.{stays}")
        self._read()

    def _on_file_asked(self, import_id: str, name: str) -> None:
        over = self.dialog or self._listing.view
        if (path := save_as(over, "Save the file that was imported", name, {})) is not None:
            self._listing.operations.run(
                lambda: _written(path, self._service.original(import_id)[1]),
                self._on_file_saved,
                on_failure=self._on_failed,
            )

    def _on_file_saved(self, name: str) -> None:
        self._tell(f"Saved as {name}. Anybody can read it there, so delete it when you are done.")

    def _on_failed(self, trouble: Trouble) -> None:
        self._tell(f"{trouble.title}. {trouble.text}")

    def _tell(self, sentence: str) -> None:
        if self.dialog is not None:
            self.dialog.show_busy(False)
            self.dialog.tell(sentence)

    def _on_finished(self) -> None:
        self.dialog = None
        self._listing.table.setFocus()

    # --- Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.DragEnter, QEvent.Type.DragMove) and isinstance(
            event, QDragEnterEvent | QDropEvent
        ):
            if only_file(event.mimeData()) is not None:
                event.acceptProposedAction()
                return True
        elif event.type() == QEvent.Type.Drop and isinstance(event, QDropEvent):
            path = only_file(event.mimeData())
            if path is not None:
                event.acceptProposedAction()
                self._pasting.read_file(path)
                return True
        return super().eventFilter(watched, event)


def _written(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    return path.name
