"""How a person has the table: which columns, how wide, in which order, how dense; kept by size of window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from desktop.ui.records import memory
from desktop.ui.records.columns import Column
from desktop.ui.records.filters import Question
from desktop.ui.theme import theme

if TYPE_CHECKING:
    from desktop.ui.records.finder import Finder
    from desktop.ui.records.view import RecordsView

_REMEMBER_MS = 400
_ALWAYS = frozenset({"label", "sync"})


def first_question(folder: Path, collection: str, columns: list[Column]) -> Question:
    """All records, in the order in which the list was left."""
    sort, descending = memory.recall_sort(folder, collection)
    if sort not in {c.sort for c in columns}:
        sort, descending = "label", False
    return Question(collection, sort=sort, descending=descending)


class Looks(QObject):
    """Columns and density of one list."""

    def __init__(self, view: RecordsView, finder: Finder, folder: Path) -> None:
        super().__init__(view)
        self._view, self._finder, self._folder = view, finder, folder
        self._table = view.table
        self._columns = view.table.records.columns
        self._size = ""
        self._late = QTimer(self, singleShot=True, interval=_REMEMBER_MS)
        self._late.timeout.connect(self.keep)
        self._table.columns.changed.connect(self._late.start)
        finder.question_moved.connect(self._late.start)
        view.filters.columns_asked.connect(self.open_columns)
        view.filters.density_toggled.connect(self._on_density_toggled)
        theme().changed.connect(self._on_theme_changed)

    def fit(self, width: int) -> None:
        """Fit to the width of the window: each size class has its own columns."""
        size = "small" if width < 800 else "middle" if width < 1100 else "large"
        if size == self._size:
            return
        self._size = size
        held = memory.recall(self._folder, self._finder.question.collection, size)
        hidden = self._plain_hidden() if held.hidden is None else held.hidden
        self._table.columns.set(hidden, held.widths)
        self._view.set_narrow(size == "small")
        self._on_theme_changed()

    def keep(self) -> None:
        """Keep it for the next time."""
        question = self._finder.question
        kept = memory.TableMemory(self._table.columns.hidden, self._table.columns.drawn)
        memory.keep(self._folder, question.collection, self._size, kept)
        memory.keep_sort(self._folder, question.collection, question.sort, descending=question.descending)

    def shown_columns(self) -> list[Column]:
        """The columns on screen now."""
        keys = set(self._table.columns.shown())
        return [c for c in self._columns if c.key in keys]

    def open_columns(self, under: QWidget) -> None:
        """The column chooser."""
        menu = QMenu(under)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for column in self._columns:
            action = menu.addAction(column.menu_title)
            action.setCheckable(True)
            action.setChecked(column.key not in self._table.columns.hidden)
            action.setEnabled(column.key not in _ALWAYS)
            action.setData(column.key)
        menu.addSeparator()
        menu.addAction("As at first").setData("")
        menu.triggered.connect(self._on_column_triggered)
        menu.popup(under.mapToGlobal(under.rect().bottomLeft()))

    def _on_column_triggered(self, action: QAction) -> None:
        key = str(action.data())
        if not key:
            self._table.columns.set(self._plain_hidden(), {})
        else:
            self._table.columns.set(self._table.columns.hidden ^ {key}, self._table.columns.drawn)
        self._late.start()

    def _plain_hidden(self) -> frozenset[str]:
        return frozenset(c.key for c in self._columns if not c.shown)

    def _on_density_toggled(self) -> None:
        theme().set(density="comfortable" if theme().density == "compact" else "compact")

    def _on_theme_changed(self) -> None:
        self._view.filters.show_density(theme().density == "compact")
