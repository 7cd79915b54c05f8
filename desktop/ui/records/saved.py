"""Saved filters: a menu to choose one, and the ways to keep, rename and remove one's own."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu

from desktop.services.filters import SavedFilter
from desktop.services.views import RecordQuery
from desktop.ui.records.filters import Question
from desktop.ui.records.listing import Listing
from desktop.ui.records.saved_dialogs import NameDialog, OwnFilters
from desktop.ui.shell.go_to import Command
from desktop.ui.trouble import Trouble


class Saved(QObject):
    """The chip "Saved" in the filter bar says which one is shown, as long as nothing else is asked."""

    def __init__(self, listing: Listing) -> None:
        super().__init__(listing.view)
        self._listing = listing
        self._service = listing.workspace.filters
        self._all: Sequence[SavedFilter] = ()
        self._chip = listing.view.filters.saved
        self._naming: NameDialog | None = None
        self._own: OwnFilters | None = None
        self._chip.opened.connect(self.open_menu)
        self._chip.cleared.connect(listing.finder.clear)
        listing.finder.question_moved.connect(self._on_question_moved)
        self._read(self._on_read)

    def open_menu(self) -> None:
        """Ctrl+Shift+F: all of them, read anew."""
        self._read(self._on_menu_read)

    def choose(self, chosen: SavedFilter) -> None:
        """Ask what a saved filter asks, in the order of the list as it is."""
        self._listing.finder.ask(question_of(chosen.query, self._listing.finder.question))

    def commands(self) -> Sequence[Command]:
        """Each one for Ctrl+K, as they were last read."""
        more = ("filter", "saved")
        return [Command(f"Filter: {f.name}", "bookmark", partial(self.choose, f), more) for f in self._all]

    def _read(self, then: object) -> None:
        service, name = self._service, self._listing.collection.name
        self._listing.operations.run(lambda: service.all(name), then)  # type: ignore[arg-type]

    def _on_read(self, found: Sequence[SavedFilter]) -> None:
        self._all = found
        self._on_question_moved(self._listing.finder.question)
        if self._own is not None:
            self._own.show_filters([f for f in found if not f.built_in])

    def _on_question_moved(self, question: Question) -> None:
        asked = {name: frozenset(values) for name, values in question.values.items()}
        for known in self._all:
            other = question_of(known.query, question)
            same = {name: frozenset(values) for name, values in other.values.items()} == asked
            if same and other.narrows and other.search == question.search:
                self._chip.set_value(known.name)
                return
        self._chip.set_value("")

    # --- the menu

    def _on_menu_read(self, found: Sequence[SavedFilter]) -> None:
        self._on_read(found)
        menu = QMenu(self._chip)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        own = [f for f in found if not f.built_in]
        for group in ([f for f in found if f.built_in], own):
            for known in group:
                action = menu.addAction(known.name.replace("&", "&&"), partial(self.choose, known))
                action.setCheckable(True)
                action.setChecked(known.name == self._chip.value)
            menu.addSeparator()
        keep = menu.addAction("Save this filter", self.save)
        keep.setEnabled(self._listing.finder.question.narrows)
        keep.setToolTip("" if keep.isEnabled() else "Choose a filter or type a search first.")
        menu.setToolTipsVisible(True)
        menu.addAction("Rename or remove", self.manage).setEnabled(bool(own))
        under = self._chip if self._chip.isVisible() else self._listing.view.filters
        menu.popup(under.mapToGlobal(QPoint(0, under.height())))

    # --- one's own

    def save(self) -> None:
        """Keep what is shown under a name."""
        said = self._listing.view.filters.said()
        taken = [f.name for f in self._all if not f.built_in]
        self._naming = NameDialog("Save this filter", said, "Save filter", self._listing.view, taken=taken)
        self._naming.named.connect(self._on_named)
        self._naming.open()

    def _on_named(self, name: str) -> None:
        service, query = self._service, self._listing.finder.question.query()
        self._listing.operations.run(
            lambda: service.save(name, query, replace=True), self._on_saved, on_failure=self._on_name_refused
        )

    def _on_saved(self, kept: SavedFilter) -> None:
        self._close_naming()
        self._listing.shell.say(f"Filter saved: {kept.name}")
        self._read(self._on_read)

    def _on_name_refused(self, trouble: Trouble) -> None:
        if self._naming is not None:
            self._naming.show_problem(trouble.text)

    def _close_naming(self) -> None:
        if self._naming is not None:
            self._naming.accept()
            self._naming = None

    def manage(self) -> None:
        """The list of one's own, to rename and remove."""
        self._own = OwnFilters(self._listing.view)
        self._own.rename_asked.connect(self._on_rename_asked)
        self._own.remove_asked.connect(self._on_remove_asked)
        self._own.finished.connect(self._on_own_finished)
        self._own.show_filters([f for f in self._all if not f.built_in])
        self._own.open()

    def _on_rename_asked(self, old: str) -> None:
        self._naming = NameDialog(
            "Rename the filter", "", "Rename", self._own or self._listing.view, name=old
        )
        self._naming.named.connect(partial(self._rename, old))
        self._naming.open()

    def _rename(self, old: str, new: str) -> None:
        self._listing.operations.run(
            lambda: self._service.rename(old, new), self._on_renamed, on_failure=self._on_name_refused
        )

    def _on_renamed(self, _kept: SavedFilter) -> None:
        self._close_naming()
        self._read(self._on_read)

    def _on_remove_asked(self, name: str) -> None:
        self._listing.operations.run(lambda: self._service.remove(name), self._on_removed)

    def _on_removed(self, _nothing: None) -> None:
        self._read(self._on_read)

    def _on_own_finished(self) -> None:
        self._own = None


def question_of(query: RecordQuery, like: Question) -> Question:
    """What a saved query asks, in the order of `like`."""
    values = {name: (v,) if isinstance(v, str) else tuple(v) for name, v in query.filters.items()}
    return Question(like.collection, query.search, values, like.sort, like.descending)
