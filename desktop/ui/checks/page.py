"""Checks as a page: runs the rules over all records in the background, and keeps what they found."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer
from PySide6.QtWidgets import QVBoxLayout

from desktop.services.views import Changed, Progress
from desktop.ui.checks.groups import Found, Place, finding_groups
from desktop.ui.checks.view import ChecksScreen, Tally, tally
from desktop.ui.operations import Operation
from desktop.ui.page import Context, Page
from desktop.ui.words import clock

if TYPE_CHECKING:
    from desktop.ui.parts.grouped_model import Group

QUICK_MS = 1_500
"""Checks that took less than this run again by themselves when a record changed; slower ones wait for the button."""


class ChecksPage(Page):
    """Runs when first shown; what changed meanwhile is said, and checked again at the next visit."""

    name = "checks"
    title = "Checks"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._collection = next(iter(self.workspace.collections.values()))
        self._running: Operation | None = None
        self._tally: Tally | None = None
        self._stale = True
        self._lasted_ms = 0
        self._clock = QElapsedTimer()
        self.screen_view = ChecksScreen(self._collection.title.lower(), self._collection.portal_short)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.screen_view)
        self.screen_view.place_chosen.connect(self._on_place_chosen)
        self.screen_view.again_asked.connect(self.run)
        self.screen_view.stop_asked.connect(self._on_stop_asked)

    def refresh(self, changed: Changed | None) -> None:
        if changed is not None:
            if changed.records is not None and not changed.records:
                return
            self._stale = True
        quick = self._tally is None or self._lasted_ms < QUICK_MS
        if self._stale and self._running is None and (quick or changed is None):
            self.run()
        elif self._stale and self._tally is not None and self._running is None:
            self.screen_view.show_tally(replace(self._tally, stale=True))

    def run(self) -> None:
        """Run the rules over all records."""
        self._stale = False
        self._clock.restart()
        self._running = self.operations.run_job(
            self._check,
            self._on_checked,
            on_progress=self._on_progress,
            on_finished=self._on_finished,
            key="checks",
        )
        if self._lasted_ms >= QUICK_MS or self._tally is None:
            self.screen_view.show_running(True)

    def focus_first(self) -> None:
        self.screen_view.table.focus_first()

    def keys(self) -> tuple[tuple[str, str], ...]:
        return (("Up, Down", "Another finding"), ("Enter", "Go to the field, or open a group"))

    def _check(self, job: Operation) -> tuple[list[Group], Tally]:
        """Worker thread."""
        known = self._collection
        found: list[Found] = self.workspace.checks.all(known.name, job.report, job.is_cancelled)
        titles = {rule.id: rule.demand for rule in known.rules}
        labels = {field.name: field.label for field in known.fields}
        labels |= {
            f"{kind.key}.{field.name}": field.label for kind in known.children for field in kind.fields
        }
        groups = finding_groups(found, titles, labels, known.title.lower())
        return groups, tally(found, clock(self.workspace.now()))

    def _on_checked(self, result: tuple[list[Group], Tally]) -> None:
        groups, self._tally = result
        self._lasted_ms = self._clock.elapsed()
        self.screen_view.show_found(groups, self._tally)
        self.title_changed.emit(self.screen_view.title)

    def _on_progress(self, progress: Progress) -> None:
        self.screen_view.progress.show_progress(progress)

    def _on_finished(self) -> None:
        self._running = None
        self.screen_view.show_running(False)
        if self._stale and self.isVisible() and self._lasted_ms < QUICK_MS:
            self.run()

    def _on_stop_asked(self) -> None:
        if self._running is not None:
            self._running.cancel()

    def _on_place_chosen(self, place: Place) -> None:
        self.shell.go("record", record_id=place.record_id, field=place.field)
