"""Checks as a page: runs the rules over all records in the background, and keeps what they found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QElapsedTimer, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout

from desktop.model.collection import Collection
from desktop.model.finding import Severity
from desktop.services.explained import Judged
from desktop.services.views import Changed, Progress
from desktop.ui.checks.explaining import Explaining, records_of, set_explanation
from desktop.ui.checks.groups import Place, Shown, chosen, finding_groups, rule_of
from desktop.ui.checks.list_saver import ListSaver
from desktop.ui.checks.view import ChecksScreen, Tally, tally
from desktop.ui.operations import Operation
from desktop.ui.page import Context, Page
from desktop.ui.parts.grouped_model import Group
from desktop.ui.words import clock, number

QUICK_MS = 1_500
"""Checks that took less than this run again by themselves when a record changed; slower ones wait for the button."""


@dataclass(frozen=True)
class Checked:
    """What one run found, and how it is counted."""

    judged: Sequence[Judged]
    tally: Tally


class ChecksPage(Page):
    """Runs when first shown; what changed meanwhile is said, and checked again at the next visit."""

    name = "checks"
    title = "Checks"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._collection = next(iter(self.workspace.collections.values()))
        self._rules = {rule.id: rule for rule in self._collection.rules}
        self._labels = _labels_of(self._collection)
        self._running: Operation | None = None
        self._checked: Checked | None = None
        self._stale = True
        self._lasted_ms = 0
        self._clock = QElapsedTimer()
        self.screen_view = ChecksScreen(self._collection.title.lower(), self._collection.portal_short)
        self.explaining = Explaining(context, self._collection, self)
        self.saver = ListSaver(context, self._collection, self)
        self.screen_view.add_progress(self.saver.progress)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.screen_view)
        self._connect()

    def _connect(self) -> None:
        view = self.screen_view
        view.place_chosen.connect(self._go_to)
        view.again_asked.connect(self.run)
        view.stop_asked.connect(self._on_stop_asked)
        view.export_asked.connect(self._on_export_asked)
        view.filter_changed.connect(self.show_list)
        view.table.line_changed.connect(self.show_detail)
        view.detail.go_asked.connect(self._on_go_asked)
        view.detail.explain_asked.connect(self.explain)
        view.detail.end_asked.connect(self._on_end_asked)
        self.explaining.changed.connect(self.run)
        leave = self.workspace.subscribe(self._hear)  # the shell tells only the page that is on screen
        self.destroyed.connect(lambda *_: leave())
        shortcut = QShortcut(QKeySequence("E"), view.table)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(self.explain)

    # --- what the shell asks

    def refresh(self, changed: Changed | None) -> None:
        if changed is not None and changed.records is not None and not changed.records:
            return
        quick = self._checked is None or self._lasted_ms < QUICK_MS
        if self._stale and self._running is None and (quick or changed is None):
            self.run()
        elif self._stale and self._checked is not None and self._running is None:
            self.screen_view.show_tally(replace(self._checked.tally, stale=True))

    def _hear(self, changed: Changed) -> None:
        """Any thread: records moved, whatever page is shown."""
        if changed.records is None or changed.records:
            self._stale = True

    def open(self, **where: Any) -> None:
        if "shown" in where:
            self.screen_view.chips[Shown(where["shown"])].setChecked(True)

    def focus_first(self) -> None:
        self.screen_view.table.focus_first()

    def begin_search(self) -> bool:
        self.screen_view.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.screen_view.search.selectAll()
        return True

    def keys(self) -> tuple[tuple[str, str], ...]:
        return (
            ("Up, Down", "Another finding"),
            ("Enter", "Go to the field, or open a group"),
            ("E", "Explain the finding, or on a group its rule"),
            ("Ctrl+F", "Search the findings"),
        )

    # --- running

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
        if self._lasted_ms >= QUICK_MS or self._checked is None:
            self.screen_view.show_running(True)

    def _check(self, job: Operation) -> Checked:
        """Worker thread."""
        name = self._collection.name
        last = [Progress(0, 0, "")]

        def report(progress: Progress) -> None:
            last[0] = progress
            job.report(progress)

        found = self.workspace.checks.all(name, report, job.is_cancelled)
        stopped = _stopped(last[0]) if job.is_cancelled() else ""
        judged = self.workspace.explained.judge(name, found, whole=not stopped)
        return Checked(judged, tally(judged, clock(self.workspace.now()), stopped))

    def _on_checked(self, checked: Checked) -> None:
        self._checked = checked
        self._lasted_ms = self._clock.elapsed()
        self.show_list()

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

    # --- showing

    def show_list(self) -> None:
        """List what filter and search let through, made off the GUI thread."""
        if self._checked is None:
            return
        checked, shown, search = self._checked, self.screen_view.shown, self.screen_view.search.text()
        self.operations.run(
            lambda: (self._groups(checked, shown, search), checked.tally), self._on_listed, key="checks.list"
        )

    def _groups(self, checked: Checked, shown: Shown, search: str) -> list[Group]:
        """Worker thread."""
        listed = chosen(checked.judged, shown, search, self._rules)
        return finding_groups(listed, self._rules, self._labels, self._collection.title.lower())

    def _on_listed(self, listed: tuple[list[Group], Tally]) -> None:
        groups, counted = listed
        stale = self._stale and self._lasted_ms >= QUICK_MS
        self.screen_view.show_found(groups, replace(counted, stale=stale))
        self.show_detail()
        self.title_changed.emit(self.screen_view.title)

    def show_detail(self) -> None:
        """Say more of what the keyboard stands on."""
        view = self.screen_view
        entry = view.table.grouped.entry(view.table.currentIndex().row())
        if entry is None or self._checked is None:
            view.detail.hide()
        elif isinstance(entry, Group):
            rule = self._rules.get(rule_of(entry))
            if rule is None:
                view.detail.hide()
                return
            severity = Severity(entry.key.partition("-")[0])
            known = set_explanation(rule.id, self._checked.judged)
            found = records_of(rule, self._checked.judged) if known else _records(entry)
            view.detail.show_rule(rule, severity, found, known)
        else:
            place: Place = entry.payload
            view.detail.show_finding(place.judged, self._rules.get(place.judged.finding.rule))
        if view.low:
            view.detail.hide()

    # --- doing

    def explain(self) -> None:
        """E: explain the finding that the keyboard stands on, or on a group its rule."""
        view = self.screen_view
        entry = view.table.grouped.entry(view.table.currentIndex().row())
        if entry is None or self._checked is None:
            return
        self.show_detail()
        if not view.detail.explain.isEnabled():
            self.shell.say(view.detail.explain.toolTip())
        elif isinstance(entry, Group):
            self.explaining.ask_about_rule(rule_of(entry), self._checked.judged)
        else:
            self.explaining.ask_about(entry.payload.judged, self._checked.judged)

    def _on_end_asked(self) -> None:
        view = self.screen_view
        entry = view.table.grouped.entry(view.table.currentIndex().row())
        judged = self._checked.judged if self._checked else ()
        if isinstance(entry, Group):
            known = set_explanation(rule_of(entry), judged)
        else:
            known = entry.payload.judged.explanation if entry is not None else None
        if known is not None:
            self.explaining.end(known)

    def _on_export_asked(self) -> None:
        if self._checked is not None:
            view = self.screen_view
            self.saver.ask(chosen(self._checked.judged, view.shown, view.search.text(), self._rules))

    def _on_go_asked(self) -> None:
        place = self.screen_view.table.payload
        if place is not None:
            self._go_to(place)

    def _go_to(self, place: Place) -> None:
        self.shell.go("record", record_id=place.record_id, field=place.field)


def _stopped(last: Progress) -> str:
    """How far a run came that was asked to stop; "" when it was through all the same."""
    if not last.total:
        return "no"
    return "" if last.done == last.total else f"{number(last.done)} of {number(last.total)}"


def _records(group: Group) -> int:
    return len({line.payload.record_id for line in group.lines})


def _labels_of(collection: Collection) -> dict[str, str]:
    """Field, or `kind.field` of a child -> its label on the form."""
    labels = {field.name: field.label for field in collection.fields}
    return labels | {
        f"{kind.key}.{field.name}": field.label for kind in collection.children for field in kind.fields
    }
