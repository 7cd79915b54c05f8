"""A file in the making: what would go into it is planned and shown, then it is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.services.exports import Made
from desktop.ui.handover.make_dialog import MakeDialog
from desktop.ui.page import Page
from desktop.ui.shell import rights
from desktop.ui.trouble import Trouble


class Making(QObject):
    """Asks the services for `page`, which is over what it shows. `made` carries the export."""

    made = Signal(object)

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._page = page
        self.dialog: MakeDialog | None = None

    def begin(self, route: str = "bulk-add") -> None:
        """Open the dialog."""
        self.dialog = MakeDialog(self._page)
        rights.follow(self.dialog, self._page.shell.status)
        self.dialog.plan_wanted.connect(self._on_plan_wanted)
        self.dialog.make_asked.connect(self._on_make_asked)
        self.dialog.finished.connect(self._on_finished)
        self.dialog.open()
        self.dialog.begin(route)

    def _on_finished(self) -> None:
        self.dialog = None

    def _on_plan_wanted(self, route: str, source: Path | None) -> None:
        self._page.operations.run(
            lambda: self._page.workspace.exports.plan(route, source),
            self._on_planned,
            on_failure=self._on_failed,
            key="handover.plan",
        )

    def _on_planned(self, plan: Any) -> None:
        if self.dialog is not None:
            self.dialog.show_plan(plan)

    def _on_failed(self, trouble: Trouble) -> None:
        if self.dialog is not None:
            self.dialog.show_problem(str(trouble.error or trouble.text))
        else:
            self._page.shell.warn(trouble.title, trouble.text, grave=trouble.grave)

    def _on_make_asked(self, route: str, source: Path | None, folder: Path) -> None:
        if self.dialog is not None:
            self.dialog.show_busy()
        self._page.operations.run(
            lambda: self._page.workspace.exports.make(route, folder, source),
            self._on_made,
            on_failure=self._on_failed,
        )

    def _on_made(self, made: Made) -> None:
        if self.dialog is not None:
            self.dialog.accept()
        if made.export is None:
            self._page.shell.say("Nothing waits any more that could go into this file.")
        else:
            self.made.emit(made.export)
