"""The Records screen as widgets: head, filter bar, table or empty state, selection bar. It reads nothing."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from desktop.model.collection import Collection
from desktop.model.person import Role
from desktop.ui import tokens, words
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.empty_state import EmptyState, Way
from desktop.ui.parts.page_head import PageHead
from desktop.ui.records.filter_bar import FilterBar
from desktop.ui.records.selection_bar import SelectionBar
from desktop.ui.records.table import RecordsTable
from desktop.ui.shell.rights import needs


class RecordsView(QWidget):
    """Arranges the parts; the page connects them to the workspace."""

    add_asked = Signal()
    get_asked = Signal()
    paste_asked = Signal()
    import_asked = Signal(QWidget)
    export_asked = Signal(QWidget)
    """The button under which the ways in or out open."""
    filters_cleared = Signal()

    def __init__(self, collection: Collection, filter_bar: FilterBar, table: RecordsTable) -> None:
        super().__init__()
        self._collection = collection
        self.head = PageHead(collection.title, beside=True)
        self.add_button = needs(Button(f"Add a {collection.singular}", "primary", "plus"), Role.ENTER)
        self.paste_button = Button("Paste from a spreadsheet", icon="clipboard-paste", tip="Ctrl+Shift+V")
        self.import_button = Button("Import", "quiet", "upload", tip="Open a file, or see earlier imports")
        self.export_button = Button("Export", "quiet", "download", tip="Save as a file or print")
        self.filters = filter_bar
        self.table = table
        self.bar = SelectionBar()
        self._none = self._empty_all()
        self._no_hits = EmptyState(
            "Nothing found",
            "No record has all of this. Take a filter away, or search for something else.",
            [
                Way(
                    "clear",
                    "list-filter",
                    "Start again",
                    "Every record of this list.",
                    "Clear filters",
                )
            ],
        )
        self._stack = QStackedWidget()
        self._arrange()
        self.bar.hide()
        self.add_button.clicked.connect(self.add_asked)
        self.paste_button.clicked.connect(self.paste_asked)
        self.import_button.clicked.connect(self._on_import_clicked)
        self.export_button.clicked.connect(self._on_export_clicked)
        self._none.way_chosen.connect(self._on_way_chosen)
        self._no_hits.way_chosen.connect(self._on_way_chosen)

    def _empty_all(self) -> EmptyState:
        portal, title = self._collection.portal_short, self._collection.title.lower()
        one = self._collection.singular
        get = Way(
            "get",
            "download",
            f"Get them from {portal}",
            f"All open years. About 20 seconds for each 1,000 {title}.",
            f"Get {title}",
            main=True,
        )
        sends = self._collection.sends
        return EmptyState(
            f"No {title} on this computer yet",
            f"Start in one of three ways. You can use the others later. The last two work while {portal} is down."
            if sends
            else "Start in one of two ways. You can use the other later.",
            [
                *((get,) if sends else ()),
                Way(
                    "paste",
                    "table-2",
                    "Paste from a spreadsheet",
                    f"Holdfast matches your columns to {portal}’s fields and checks every row.",
                    "Paste or open a file",
                    main=not sends,
                ),
                Way(
                    "add",
                    "plus",
                    "Add one by hand",
                    f"The same questions as {portal}, in the same order.",
                    f"Add a {one}",
                ),
            ],
        )

    def _arrange(self) -> None:
        for button in (self.import_button, self.export_button, self.paste_button, self.add_button):
            self.head.add_action(button)
        for page in (self.table, self._none, self._no_hits):
            self._stack.addWidget(page)
        inner = QWidget()
        column = QVBoxLayout(inner)
        margin = tokens.PAGE_MARGIN
        column.setContentsMargins(margin, 16, margin, 0)
        column.setSpacing(12)
        column.addWidget(self.head)
        column.addWidget(self.filters)
        column.addWidget(self._stack, 1)
        self._inner = column
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(inner, 1)
        whole.addWidget(self.bar)

    # --- showing

    def show_table(self) -> None:
        """There are lines; `show_counts` follows."""
        self._stack.setCurrentWidget(self.table)

    def show_counts(self, shown: int, total: int) -> None:
        """What is listed: the table, or which kind of nothing."""
        if total == 0:
            self._stack.setCurrentWidget(self._none)
            sentence = ""
        elif shown == 0:
            self._stack.setCurrentWidget(self._no_hits)
            sentence = f"None of {words.number(total)} on this computer"
        else:
            self.show_table()
            few = f"{words.number(shown)} shown of {words.number(total)} on this computer"
            sentence = few if shown != total else f"{words.number(total)} on this computer"
        self.head.set_words(self._collection.title, sentence)
        self.filters.setVisible(total > 0)
        for button in (self.add_button, self.paste_button, self.import_button, self.export_button):
            button.setVisible(total > 0)

    def show_selection(self, count: int, hidden: int) -> None:
        """The bar while something is ticked; without it the table keeps away from the window's edge."""
        self.bar.show_count(count, hidden)
        margins = self._inner.contentsMargins()
        margins.setBottom(0 if count else 16)
        self._inner.setContentsMargins(margins)

    def set_narrow(self, narrow: bool) -> None:
        self.filters.set_narrow(narrow)
        self.head.set_narrow(narrow)
        self._inner.setSpacing(8 if narrow else 12)

    def _on_import_clicked(self) -> None:
        self.import_asked.emit(self.import_button)

    def _on_export_clicked(self) -> None:
        self.export_asked.emit(self.export_button)

    def _on_way_chosen(self, key: str) -> None:
        {
            "get": self.get_asked,
            "paste": self.paste_asked,
            "add": self.add_asked,
            "clear": self.filters_cleared,
        }[key].emit()
