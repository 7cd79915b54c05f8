"""The Records page: arranges a list and the parts that work on it. Everything it shows is read in the store lane."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QVBoxLayout

from desktop.ui.page import Context, Page
from desktop.ui.parts.other_lists import OtherLists
from desktop.ui.records.chosen import Chosen
from desktop.ui.records.columns import columns_of
from desktop.ui.records.deeds import Deeds
from desktop.ui.records.filter_bar import FilterBar
from desktop.ui.records.filters import Question, filters_of
from desktop.ui.records.finder import Finder
from desktop.ui.records.listing import Listing
from desktop.ui.records.looking_up import LookingUpMany
from desktop.ui.records.looks import Looks, first_question
from desktop.ui.records.model import RecordsModel
from desktop.ui.records.saved import Saved
from desktop.ui.records.table import RecordsTable
from desktop.ui.records.view import RecordsView
from desktop.ui.shell.go_to import Command

if TYPE_CHECKING:
    from desktop.model.collection import Collection
    from desktop.services.views import Changed

COMMANDS = (
    ("Change the selected records", "pencil-line", "change"),
    ("Paste from a spreadsheet", "clipboard-paste", "paste"),
    ("Import a file", "upload", "import"),
    ("Earlier imports", "history", "imports"),
    ("Export as a file", "download", "export"),
    ("Print the list", "file-output", "print"),
)
LEAST = QSize(320, 240)
LISTS_FROM = 1240
"""Under this room the buttons of the head stand under the title when the way to other lists is one of them."""
PAGE_KEYS = (
    ("Ctrl+Shift+V", "paste"),
    ("Ctrl+Shift+O", "import"),
    ("Ctrl+Shift+E", "export"),
    ("Ctrl+P", "print"),
)
"""Keys for deeds that need no line of the table."""


class RecordsPage(Page):
    """`open(collection=..., filters={...}, search=...)` asks something; `open()` keeps what is shown."""

    name = "records"
    title = "Records"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._build(next(iter(self.workspace.collections.values())))
        self._bind("Ctrl+Shift+L", self._on_filters_wanted)
        self._bind("Ctrl+Shift+F", self._on_saved_wanted)
        for keys, deed in PAGE_KEYS:
            self._bind(keys, partial(self._do, deed))

    def _bind(self, keys: str, action: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(action)

    def _do(self, deed: str) -> None:
        self.deeds.do(deed)

    def _build(self, collection: Collection) -> None:
        columns = columns_of(collection)
        question = first_question(self.workspace.folder, collection.name, columns)
        self.model = RecordsModel(columns)
        self.table = RecordsTable(self.model)
        self.model.setParent(self.table)
        self.table.setAccessibleName(collection.title)
        filters = filters_of(collection, self.workspace.today())
        self.filter_bar = FilterBar(filters, question, collection.find_by)
        self.view = RecordsView(collection, self.filter_bar, self.table)
        self._column.addWidget(self.view)
        self.finder = Finder(self.workspace.records, self.operations, self.table, question)
        self.looks = Looks(self.view, self.finder, self.workspace.folder)
        self.listing = Listing(
            self.workspace, self.operations, self.shell, collection, self.view, self.finder, self.looks
        )
        self.chosen = Chosen(self.listing)
        self.deeds = Deeds(self.listing, self.chosen)
        self.saved = Saved(self.listing)
        looks_up = collection.looked_up is not None
        self.looking_up = LookingUpMany(self.listing, self.chosen) if looks_up else None
        if len(self.workspace.collections) > 1:
            self._add_lists()
        self._connect()
        self._fit()

    def _fit(self) -> None:
        self.looks.fit(self.room())
        if len(self.workspace.collections) > 1:
            self.view.head.set_narrow(self.room() < LISTS_FROM)

    def _connect(self) -> None:
        self.table.typed.connect(self.finder.find_name)
        self.table.head.sort_asked.connect(self.finder.sort_by)
        self.filter_bar.question_changed.connect(self.finder.ask)
        self.filter_bar.left_down.connect(self._on_search_left)
        self.finder.question_moved.connect(self.filter_bar.show_question)
        self.finder.began.connect(self.view.show_table)
        self.finder.counted.connect(self.view.show_counts)
        self.view.add_asked.connect(self.begin_adding)
        self.view.get_asked.connect(self.shell.sync_now)
        self.view.filters_cleared.connect(self.finder.clear)

    def _add_lists(self) -> None:
        """With several collections the head leads to the other lists."""
        lists = OtherLists(self.workspace.collections.values(), self.listing.collection.name)
        lists.chosen.connect(self._on_list_chosen)
        self.view.head.add_first(lists)

    def _on_list_chosen(self, name: str) -> None:
        self.shell.go("records", collection=name)

    def _use(self, name: str) -> None:
        """Show the list of another collection."""
        if name in self.workspace.collections and name != self.listing.collection.name:
            self._column.removeWidget(self.view)
            self.view.deleteLater()
            self._build(self.workspace.collections[name])

    # --- what the shell asks

    def refresh(self, changed: Changed | None) -> None:
        self.finder.refresh(changed)
        if self.looking_up is not None and (changed is None or changed.portals):
            self.looking_up.look()

    def open(self, **where: Any) -> None:
        self._use(str(where.get("collection", "")))
        search, filters = where.get("search"), where.get("filters")
        if search is None and filters is None:
            return
        values = {k: (v,) if isinstance(v, str) else tuple(v) for k, v in (filters or {}).items()}
        asked = self.finder.question
        self.finder.ask(Question(asked.collection, search or "", values, asked.sort, asked.descending))

    def focus_first(self) -> None:
        (self.table if self.table.isVisible() else self.view.add_button).setFocus()

    def begin_search(self) -> bool:
        self.filter_bar.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter_bar.search.selectAll()
        return True

    def begin_adding(self) -> bool:
        self.shell.go("record", collection=self.listing.collection.name)
        return True

    def keys(self) -> Sequence[tuple[str, str]]:
        one = self.listing.collection.singular
        return (
            ("Enter", "Open the record"),
            ("Space", "Select or unselect"),
            ("Shift+Up, Shift+Down", "Select a range"),
            ("Ctrl+A", "Select all shown"),
            ("Letters", "Find by name"),
            ("F2", "Change all that is selected"),
            ("Ctrl+D", "Fill the cell down into the selected"),
            ("Ctrl+C", "Copy as a spreadsheet"),
            ("Ctrl+V", "Paste from a spreadsheet"),
            ("Ctrl+Shift+V", "The same from anywhere on this page"),
            ("Ctrl+Shift+O", "Import a file"),
            ("Ctrl+Shift+C", f"Copy as a new {one}"),
            ("Ctrl+Shift+E", "Export as a file"),
            ("Ctrl+P", "Print"),
            ("Shift+F10", "Menu of the record"),
            ("Ctrl+Shift+L", "Filters"),
            ("Ctrl+Shift+F", "Saved filters"),
            ("Ctrl+N", f"Add a {one}"),
        )

    def commands(self) -> Sequence[Command]:
        deeds = ((words, icon, partial(self._do, deed)) for words, icon, deed in COMMANDS)
        looks_up = self.looking_up.commands() if self.looking_up is not None else ()
        return (
            *self.saved.commands(),
            *(Command(words, icon, act) for words, icon, act in deeds),
            *looks_up,
        )

    # --- slots

    def _on_filters_wanted(self) -> None:
        self.filter_bar.focus_filters()

    def _on_saved_wanted(self) -> None:
        self.saved.open_menu()

    def _on_search_left(self) -> None:
        if self.table.isVisible():
            self.table.setFocus()

    # --- Qt

    def minimumSizeHint(self) -> QSize:
        return LEAST  # its parts are arranged anew before they would be cut

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
