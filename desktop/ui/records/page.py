"""The Records page: wires the view to the workspace. Everything it shows is read in the store lane."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from desktop.model.ids import RecordId
from desktop.services.views import RecordQuery, Row
from desktop.ui.page import Context, Page
from desktop.ui.parts.buttons import Button
from desktop.ui.records import memory
from desktop.ui.records.chosen import Chosen
from desktop.ui.records.columns import Column, columns_of
from desktop.ui.records.filter_bar import FilterBar
from desktop.ui.records.filters import Question, filters_of
from desktop.ui.records.model import RecordsModel
from desktop.ui.records.order import Step, plan
from desktop.ui.records.rows import PAGE
from desktop.ui.records.table import RecordsTable
from desktop.ui.records.view import RecordsView
from desktop.ui.theme import theme

if TYPE_CHECKING:
    from desktop.model.collection import Collection
    from desktop.services.views import Changed

_REMEMBER_MS = 400
LEAST = QSize(320, 240)


@dataclass(frozen=True)
class _First:
    """The first lines of an answer, how many there are, and how many records there are at all."""

    rows: Sequence[Row]
    count: int
    total: int


@dataclass(frozen=True)
class _Found:
    """A whole answer: keys in order, the way there from `old`, and rows that were read again."""

    keys: list[int]
    total: int
    old: Sequence[int]
    steps: Sequence[Step] | None
    rows: Sequence[Row] = ()
    again: Sequence[int] = ()


class RecordsPage(Page):
    """`open(collection=..., filters={...}, search=...)` asks something; `open()` keeps what is shown."""

    name = "records"
    title = "Records"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._collection: Collection = next(iter(self.workspace.collections.values()))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._remember = QTimer(self, singleShot=True, interval=_REMEMBER_MS)
        self._remember.timeout.connect(self._keep_memory)
        self._size = ""
        self._answered = False
        self._build()
        theme().changed.connect(self._on_theme_changed)
        shortcut = QShortcut(QKeySequence("Ctrl+Shift+L"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self._on_filters_wanted)

    def _build(self) -> None:
        self._columns = columns_of(self._collection)
        sort, descending = memory.recall_sort(self.workspace.folder, self._collection.name)
        if sort not in {c.sort for c in self._columns}:
            sort, descending = "label", False
        self._question = Question(self._collection.name, sort=sort, descending=descending)
        self.model = RecordsModel(self._columns, self._fetch, self)
        self.table = RecordsTable(self.model)
        self.table.setAccessibleName(self._collection.title)
        placeholder = {"trainees": "Name, TRN, trainee ID or HESA ID"}.get(self._collection.name, "Search")
        filters = filters_of(self._collection, self.workspace.today())
        self.filter_bar = FilterBar(filters, self._question, placeholder)
        self.view = RecordsView(self._collection, self.filter_bar, self.table)
        self._column.addWidget(self.view)
        self.chosen = Chosen(self)
        if len(self.workspace.collections) > 1:
            self._add_lists()
        self._connect()
        self._recall()

    def _add_lists(self) -> None:
        """With several collections the head leads to the other lists."""
        button = Button("Other lists", "quiet", "chevron-down")
        menu = QMenu(button)
        for collection in self.workspace.collections.values():
            menu.addAction(collection.title).setData(collection.name)
        menu.triggered.connect(self._on_list_chosen)
        button.clicked.connect(lambda: menu.popup(button.mapToGlobal(button.rect().bottomLeft())))
        self.view.head.add_action(button)

    def _on_list_chosen(self, action: QAction) -> None:
        self.shell.go("records", collection=str(action.data()))

    def _use(self, name: str) -> None:
        """Show the list of another collection."""
        if name in self.workspace.collections and name != self._collection.name:
            self._collection = self.workspace.collections[name]
            self._column.removeWidget(self.view)
            self.view.deleteLater()
            self._answered = False
            self._build()

    def _connect(self) -> None:
        table, bar, view = self.table, self.filter_bar, self.view
        table.opened.connect(self._on_opened)
        table.menu_asked.connect(self._on_menu_asked)
        table.copy_asked.connect(self.chosen.copy)
        table.typed.connect(self._on_typed)
        table.widths_changed.connect(self._remember.start)
        table.head.sort_asked.connect(self._on_sort_asked)
        bar.question_changed.connect(self._on_question_changed)
        bar.columns_asked.connect(self._on_columns_asked)
        bar.density_toggled.connect(self._on_density_toggled)
        bar.left_down.connect(self._on_search_left)
        self.model.ticks_changed.connect(self.chosen.show)
        view.add_asked.connect(self.begin_adding)
        view.get_asked.connect(self.shell.sync_now)
        view.filters_cleared.connect(self._on_filters_cleared)
        view.bar.export_asked.connect(self.chosen.export)
        view.bar.cleared.connect(self.model.clear_ticks)

    # --- reading

    def _fetch(self, keys: Sequence[int]) -> Sequence[Row]:
        """One page of rows, a few milliseconds: read at once, so that scrolling never shows holes."""
        return self.workspace.records.rows(list(keys))

    def _ask_anew(self) -> None:
        """Another question: its first lines at once, the whole order right after."""
        query, records = self._question.query(), self.workspace.records
        narrows = self._question.narrows

        def work() -> _First:
            count = records.count(query)
            total = records.count(RecordQuery(query.collection)) if narrows else count
            return _First(records.page(query, PAGE), count, total)

        self.operations.run(work, self._on_first_read, key="records.find")

    def _on_first_read(self, first: _First) -> None:
        key = self._current_key()
        self.model.show_keys([row.key for row in first.rows], first.rows)
        self._find_place(key)
        self._show_found(first.count, first.total)
        if first.count > len(first.rows):
            self._ask_again()

    def _ask_again(self, again: Sequence[int] = ()) -> None:
        """The same question: what moved since it was last answered, in steps made in the store lane."""
        query, records, old = self._question.query(), self.workspace.records, self.model.keys
        narrows = self._question.narrows

        def work() -> _Found:
            keys = list(records.find(query))
            total = records.count(RecordQuery(query.collection)) if narrows else len(keys)
            rows = records.rows(list(again)) if again else ()
            return _Found(keys, total, old, plan(old, keys), rows, again)

        self.operations.run(work, self._on_found, key="records.find")

    def _on_found(self, found: _Found) -> None:
        key = self._current_key()
        top = self.table.top_place()
        top_key = self.model.keys[top] if 0 <= top < len(self.model.keys) else None
        steps = found.steps if found.old is self.model.keys else None
        if not self.model.set_keys(found.keys, steps):
            self._find_place(key, top_key)
        if found.again:
            self.model.update_rows(found.rows, found.again)
        self._show_found(len(found.keys), found.total)

    def _show_found(self, count: int, total: int) -> None:
        self.view.show_counts(count, total)
        self.table.head.show_sort(self._question.sort, descending=self._question.descending)
        if self.table.place() < 0 and count:
            self.table.go_to(0)
        self.chosen.show_count()

    def _current_key(self) -> int | None:
        place = self.table.place()
        return self.model.keys[place] if 0 <= place < len(self.model.keys) else None

    def _find_place(self, key: int | None, top_key: int | None = None) -> None:
        place = self.model.place_of(key) if key is not None else None
        self.table.go_to(place or 0)
        top = self.model.place_of(top_key) if top_key is not None else None
        if top is not None:
            self.table.verticalScrollBar().setValue(top)

    def refresh(self, changed: Changed | None) -> None:
        """Something was written: the order is asked again, and rows that may have moved are read again."""
        if changed is None or changed.records is None:
            self.model.forget_rows()
            if self._answered:
                self._ask_again()
            else:
                self._answered = True
                self._ask_anew()
            return
        top, bottom = self.table.top_place(), self.table.rowAt(self.table.viewport().height() - 2)
        bottom = bottom if bottom >= 0 else len(self.model.keys) - 1
        in_sight = self.model.keys[max(top, 0) : bottom + 1]
        again = {*in_sight, *self.model.keys_of({RecordId(i) for i in changed.records})}
        self._ask_again([*again])

    # --- what the shell asks

    def open(self, **where: Any) -> None:
        self._use(str(where.get("collection", "")))
        search = where.get("search")
        filters = where.get("filters")
        if search is None and filters is None:
            return
        values = {k: (v,) if isinstance(v, str) else tuple(v) for k, v in (filters or {}).items()}
        self._question = Question(
            self._collection.name, search or "", values, self._question.sort, self._question.descending
        )
        self.filter_bar.show_question(self._question)
        self._answered = True
        self._ask_anew()

    def focus_first(self) -> None:
        (self.table if self.table.isVisible() else self.view.add_button).setFocus()

    def begin_search(self) -> bool:
        self.filter_bar.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter_bar.search.selectAll()
        return True

    def begin_adding(self) -> bool:
        self.shell.go("record", collection=self._collection.name)
        return True

    def keys(self) -> Sequence[tuple[str, str]]:
        return (
            ("Enter", "Open the record"),
            ("Space", "Select or unselect"),
            ("Shift+Up, Shift+Down", "Select a range"),
            ("Ctrl+A", "Select all shown"),
            ("Letters", "Find by name"),
            ("Ctrl+C", "Copy as a spreadsheet"),
            ("Shift+F10", "Menu of the record"),
            ("Ctrl+Shift+L", "Filters"),
            ("Ctrl+N", f"Add a {self._collection.singular}"),
        )

    # --- the table

    def _open(self, place: int) -> None:
        row = self.model.row_at(place)
        if row is not None:
            self.shell.go("record", record_id=row.id, keys=self.model.keys, place=place)

    def _on_opened(self, place: int) -> None:
        self._open(place)

    def _on_menu_asked(self, place: int, at: QPoint) -> None:
        row = self.model.row_at(place)
        if row is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Open", lambda: self._open(place))
        ticked = self.model.is_ticked(place)
        menu.addAction(
            "Unselect" if ticked else "Select", lambda: self.model.set_ticked([row.key], not ticked)
        )
        menu.addAction("Copy as a spreadsheet", self.chosen.copy)
        menu.addAction("Copy into a new record", lambda: self._copy_record(row.id))
        menu.addSeparator()
        self._add_sorts(menu.addMenu("Sort by"))
        menu.addAction("Columns", lambda: self._on_columns_asked(self.table))
        menu.popup(at)

    def _add_sorts(self, menu: QMenu) -> None:
        group = QActionGroup(menu)
        for column in self._columns:
            if column.sort:
                action = menu.addAction(column.menu_title)
                action.setCheckable(True)
                action.setChecked(column.sort == self._question.sort)
                action.setData(column.sort)
                group.addAction(action)
        group.triggered.connect(self._on_sort_chosen)

    def _on_sort_chosen(self, action: QAction) -> None:
        self._on_sort_asked(str(action.data()))

    def _on_sort_asked(self, sort: str) -> None:
        self._question = self._question.sorted_by(sort)
        self.filter_bar.show_question(self._question)
        self._remember.start()
        self._answered = True
        self._ask_anew()

    def _copy_record(self, record_id: RecordId) -> None:
        records = self.workspace.records
        self.operations.run(lambda: records.copy(record_id), self._on_copied)

    def _on_copied(self, view: Any) -> None:
        self.shell.go("record", record_id=view.id)

    def _on_typed(self, text: str) -> None:
        """Type to find: the first name from the top that begins so, found by the store and not by reading rows."""
        query = RecordQuery(
            self._collection.name,
            f"{self._question.search} {text}".strip(),
            self._question.query().filters,
            self._question.sort,
            self._question.descending,
        )
        records = self.workspace.records

        def work() -> Row | None:
            rows = records.page(query, PAGE)
            begins = (r for r in rows if r.label.casefold().startswith(text.casefold()))
            return next(begins, rows[0] if rows else None)

        self.operations.run(work, self._on_name_found, key="records.typed")

    def _on_name_found(self, row: Row | None) -> None:
        place = self.model.place_of(row.key) if row else None
        if place is not None:
            self.table.go_to(place)

    # --- filters, columns, density

    def _on_question_changed(self, question: Question) -> None:
        self._question = question
        self._answered = True
        self._ask_anew()

    def _on_filters_cleared(self) -> None:
        self._question = Question(
            self._collection.name, sort=self._question.sort, descending=self._question.descending
        )
        self.filter_bar.show_question(self._question)
        self._answered = True
        self._ask_anew()

    def _on_filters_wanted(self) -> None:
        self.filter_bar.focus_filters()

    def _on_search_left(self) -> None:
        if self.table.isVisible():
            self.table.setFocus()

    def _on_columns_asked(self, under: QWidget) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for column in self._columns:
            action = menu.addAction(column.menu_title)
            action.setCheckable(True)
            action.setChecked(column.key not in self.table.hidden_columns)
            action.setEnabled(column.key not in {"label", "sync"})
            action.setData(column.key)
        menu.addSeparator()
        menu.addAction("As at first").setData("")
        menu.triggered.connect(self._on_column_triggered)
        menu.popup(under.mapToGlobal(under.rect().bottomLeft()))

    def _on_column_triggered(self, action: QAction) -> None:
        key = str(action.data())
        if not key:
            self.table.set_columns(self._plain_hidden(), {})
        else:
            self.table.set_columns(self.table.hidden_columns ^ {key}, self.table.widths)
        self._remember.start()

    def _plain_hidden(self) -> frozenset[str]:
        return frozenset(c.key for c in self._columns if not c.shown)

    def _on_density_toggled(self) -> None:
        theme().set(density="comfortable" if theme().density == "compact" else "compact")

    def _on_theme_changed(self) -> None:
        self.filter_bar.show_density(theme().density == "compact")

    # --- memory

    def _size_class(self) -> str:
        width = self.window().width()
        return "small" if width < 800 else "middle" if width < 1100 else "large"

    def _recall(self) -> None:
        self._size = self._size_class()
        held = memory.recall(self.workspace.folder, self._collection.name, self._size)
        self.table.set_columns(self._plain_hidden() if held.hidden is None else held.hidden, held.widths)
        self.view.set_narrow(self._size == "small")
        self._on_theme_changed()

    def _keep_memory(self) -> None:
        folder, name = self.workspace.folder, self._collection.name
        kept = memory.TableMemory(self.table.hidden_columns, self.table.widths)
        memory.keep(folder, name, self._size, kept)
        memory.keep_sort(folder, name, self._question.sort, descending=self._question.descending)

    # --- for `Chosen`

    @property
    def collection(self) -> Collection:
        return self._collection

    def current_key(self) -> int | None:
        """Key of the line with the keyboard."""
        return self._current_key()

    def shown_columns(self) -> list[Column]:
        """The columns on screen now."""
        keys = set(self.table.shown_columns())
        return [c for c in self._columns if c.key in keys]

    # --- Qt

    def minimumSizeHint(self) -> QSize:
        return LEAST  # its parts are arranged anew before they would be cut

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._size_class() != self._size:
            self._recall()
