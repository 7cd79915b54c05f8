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
from desktop.services.fixing import Fix, fixes_of, like
from desktop.services.views import Changed, Progress
from desktop.ui.checks.explaining import Explaining, records_of, set_explanation
from desktop.ui.checks.fixing import FixingHere
from desktop.ui.checks.groups import Place, Shown, chosen, finding_groups, rule_of
from desktop.ui.checks.list_saver import ListSaver
from desktop.ui.checks.view import ChecksScreen, Tally, tally
from desktop.ui.operations import Operation
from desktop.ui.page import Context, Page
from desktop.ui.parts.grouped_model import Group
from desktop.ui.parts.other_lists import OtherLists
from desktop.ui.words import clock, number

QUICK_MS = 1_500
"""Checks that took less than this run again by themselves when a record changed; slower ones wait for the button."""


@dataclass(frozen=True)
class Checked:
    """What one run found, and how it is counted."""

    collection: Collection
    judged: Sequence[Judged]
    tally: Tally


class ChecksPage(Page):
    """Runs when first shown; what changed meanwhile is said, and checked again at the next visit."""

    name = "checks"
    title = "Checks"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._running: Operation | None = None
        self._clock = QElapsedTimer()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._build(next(iter(self.workspace.collections.values())))
        leave = self.workspace.subscribe(self._hear)  # the shell tells only the page that is on screen
        self.destroyed.connect(lambda *_: leave())

    def _build(self, collection: Collection) -> None:
        """The list of one collection, with nothing checked yet."""
        self._collection = collection
        self._rules = {rule.id: rule for rule in collection.rules}
        self._labels = _labels_of(collection)
        self._checked: Checked | None = None
        self._stale = True
        self._lasted_ms = 0
        known = self.workspace.collections
        self.lists = OtherLists(known.values(), collection.name)
        self.screen_view = ChecksScreen(collection.many, collection.portal_short)
        if len(known) > 1:
            others = [one.title for one in known.values() if one is not collection]
            self.screen_view.add_lists(self.lists, ", ".join(others))
        self.explaining = Explaining(self.context, collection, self.screen_view)
        self.fixing = FixingHere(self.context, collection, self.screen_view)
        self.saver = ListSaver(self.context, collection, self.screen_view)
        self.screen_view.add_progress(self.saver.progress)
        self._column.addWidget(self.screen_view)
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
        view.detail.fix_asked.connect(self.fix)
        view.detail.fix_all_asked.connect(self.fix_all)
        self.explaining.changed.connect(self.run)
        self.fixing.changed.connect(self.run)
        self.lists.chosen.connect(self._on_list_chosen)
        for key, deed in (("E", self.explain), ("X", self.fix)):
            shortcut = QShortcut(QKeySequence(key), view.table)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(deed)

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

    def _on_list_chosen(self, name: str) -> None:
        self.shell.go("checks", collection=name)
        self.lists.setFocus()

    def _use(self, name: str) -> None:
        """Check another collection; what runs still is of the one before."""
        if name in self.workspace.collections and name != self._collection.name:
            self._on_stop_asked()
            self._column.removeWidget(self.screen_view)
            self.screen_view.deleteLater()
            self._build(self.workspace.collections[name])

    def open(self, **where: Any) -> None:
        self._use(str(where.get("collection", "")))
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
            ("X", "Fix the answer as suggested"),
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
        collection = self._collection
        last = [Progress(0, 0, "")]

        def report(progress: Progress) -> None:
            last[0] = progress
            job.report(progress)

        found = self.workspace.checks.all(collection.name, report, job.is_cancelled)
        stopped = _stopped(last[0]) if job.is_cancelled() else ""
        judged = self.workspace.explained.judge(collection.name, found, whole=not stopped)
        return Checked(collection, judged, tally(judged, clock(self.workspace.now()), stopped))

    def _on_checked(self, checked: Checked) -> None:
        if checked.collection is not self._collection:
            return
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
        rules, labels = self._rules, self._labels
        return finding_groups(listed, rules, labels, checked.collection.many)

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
            view.detail.show_fix(None, 0)
        else:
            place: Place = entry.payload
            view.detail.show_finding(place.judged, self._rules.get(place.judged.finding.rule))
            alike = self._alike()
            view.detail.show_fix(alike[0] if alike else None, len(alike))
        if view.low:
            view.detail.hide()

    # --- doing

    def _alike(self) -> list[Fix]:
        """What the finding that the keyboard stands on suggests, then all others like it."""
        place = self.screen_view.table.payload
        here = fixes_of([place.judged]) if isinstance(place, Place) else []
        if not here or self._checked is None:
            return []
        return [*here, *(one for one in like(here[0], fixes_of(self._checked.judged)) if one != here[0])]

    def fix(self) -> None:
        """X: write the answer that the keyboard stands on as is suggested."""
        if alike := self._alike():
            self.fixing.fix(alike[:1])
        else:
            self.shell.say("Nothing certain can be suggested here. Press Enter to go to the field.")

    def fix_all(self) -> None:
        """Show all that are like it, and write them when that is wanted."""
        if alike := self._alike():
            self.fixing.ask(alike)

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
