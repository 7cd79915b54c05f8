"""Home as a page: what the status read is drawn, and what people choose is passed to the shell."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QVBoxLayout

from desktop.services.views import Changed
from desktop.ui.home.backup_note import BackupNote
from desktop.ui.home.view import HomeScreen, Names
from desktop.ui.operations import Lane
from desktop.ui.page import Context, Page
from desktop.ui.shell.status import Standing
from desktop.ui.theme import theme


class HomePage(Page):
    """Reads nothing itself: the strip's data is all that Home needs."""

    name = "home"
    title = "Home"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        known = tuple(self.workspace.collections.values())
        first = known[0]
        paid = next((one for one in known if one.pays), None)
        self.screen_view = HomeScreen(
            Names(
                first.singular,
                first.title.lower(),
                first.portal_short,
                counted=first.many,
                titles={one.name: one.title for one in known},
                paid=(paid.name, paid.singular) if paid else None,
                sends=first.sends,
                exports=first.name == "trainees" and not self.workspace.organisation.has_api,
            )
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.backup_note = BackupNote()
        column.addWidget(self.backup_note)
        column.addWidget(self.screen_view)
        view = self.screen_view
        view.page_chosen.connect(self._on_page_chosen)
        view.record_chosen.connect(self._on_record_chosen)
        view.need_chosen.connect(self._on_need_chosen)
        view.evidence_asked.connect(self._on_evidence_asked)
        view.sync_asked.connect(self._on_sync_asked)
        view.adding_asked.connect(self._on_adding_asked)
        self.backup_note.banner.acted.connect(self._on_backups_asked)
        self.shell.autobackup.looked.connect(self._look_at_backups)
        self.shell.status.standing_read.connect(self._on_standing_read)
        theme().changed.connect(self._on_theme_changed)

    def refresh(self, changed: Changed | None) -> None:
        if changed is None and self.shell.status.standing is not None:
            self._on_standing_read(self.shell.status.standing)
        if changed is None:
            self._look_at_backups()

    def _look_at_backups(self) -> None:
        backups = self.workspace.backups
        self.operations.run(
            backups.standing, self.backup_note.show_standing, lane=Lane.NETWORK, key="home-backups"
        )

    def _on_backups_asked(self) -> None:
        self.shell.go("settings")

    def keys(self) -> tuple[tuple[str, str], ...]:
        return (("Tab", "Next link or button"), ("Enter", "Open it"))

    def _on_standing_read(self, standing: Standing) -> None:
        self.screen_view.show_home(standing.home, standing.queue, self.workspace.now())
        self.title_changed.emit(self.screen_view.title)

    def _on_theme_changed(self) -> None:
        self.refresh(None)

    def _on_page_chosen(self, page: str, where: dict[str, Any]) -> None:
        self.shell.go(page, **where)

    def _on_record_chosen(self, record_id: str) -> None:
        self.shell.go("record", record_id=record_id)

    def _on_need_chosen(self, record_id: str) -> None:
        self.shell.go("needs", record_id=record_id)

    def _on_evidence_asked(self) -> None:
        self.shell.save_evidence()

    def _on_sync_asked(self) -> None:
        self.shell.sync_now()

    def _on_adding_asked(self) -> None:
        self.shell.add_record()
