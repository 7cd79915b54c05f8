"""What the Records page asks for: holds the question, reads the answer, and keeps the table's place meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.model.ids import RecordId
from desktop.services.views import RecordQuery, Row
from desktop.ui.operations import Operations
from desktop.ui.records.filters import Question
from desktop.ui.records.model import RecordsModel
from desktop.ui.records.order import Step, plan
from desktop.ui.records.rows import PAGE
from desktop.ui.records.table import RecordsTable

if TYPE_CHECKING:
    from desktop.services.records import Records
    from desktop.services.views import Changed


FIRST = 100
"""Lines that come first: more than a screen shows. Counting them all takes longer than reading these."""


@dataclass(frozen=True)
class _First:
    """The first lines of an answer; when they are all of it, how many records there are at all, else None."""

    rows: Sequence[Row]
    total: int | None


@dataclass(frozen=True)
class _Found:
    """A whole answer: keys in order, the way there from `old`, and rows that were read again."""

    keys: list[int]
    total: int
    old: Sequence[int]
    steps: Sequence[Step] | None
    rows: Sequence[Row] = ()
    again: Sequence[int] = ()


class Finder(QObject):
    """Reads in the store lane only; one table, one question at a time."""

    question_moved = Signal(Question)
    """Another question is asked."""
    began = Signal()
    """The first lines are here; how many there are follows."""
    counted = Signal(int, int)
    """Records that are shown, and records that there are."""

    def __init__(
        self, records: Records, operations: Operations, table: RecordsTable, question: Question
    ) -> None:
        super().__init__(table)
        self._records, self._operations = records, operations
        self._table = table
        self._model: RecordsModel = table.records
        self._question = question
        self._asked = False
        self._rows_came = False
        self._model.rows_wanted.connect(self._on_rows_wanted)

    @property
    def question(self) -> Question:
        return self._question

    # --- asking

    def ask(self, question: Question) -> None:
        """Ask something: its first lines come at once, the whole order right after."""
        self._question = question
        self._asked = True
        self.question_moved.emit(question)
        self._ask_anew()

    def sort_by(self, sort: str) -> None:
        """Sort by a column, the other way round when it was so already."""
        self.ask(self._question.sorted_by(sort))

    def clear(self) -> None:
        """All records, in the same order."""
        self.ask(
            Question(
                self._question.collection, sort=self._question.sort, descending=self._question.descending
            )
        )

    def refresh(self, changed: Changed | None) -> None:
        """Something was written: the order is asked again, and rows that may have moved are read again."""
        if not self._asked:
            self.ask(self._question)
            return
        again = set(self._keys_in_sight())
        if changed is None or changed.records is None:
            self._model.forget_rows()
        else:
            again.update(self._model.keys_of({RecordId(i) for i in changed.records}))
        self._ask_again([*again])

    def _keys_in_sight(self) -> Sequence[int]:
        top, bottom = self._table.top_place(), self._table.rowAt(self._table.viewport().height() - 2)
        bottom = bottom if bottom >= 0 else len(self._model.keys) - 1
        return self._model.keys[max(top, 0) : bottom + 1]

    def find_name(self, text: str) -> None:
        """Go to the first name from the top that begins so, found by the store and not by reading rows."""
        asked, records = self._question.query(), self._records
        search = f"{asked.search} {text}".strip()
        query = RecordQuery(asked.collection, search, asked.filters, asked.sort, asked.descending)

        def work() -> Row | None:
            rows = records.page(query, PAGE)
            begins = (r for r in rows if r.label.casefold().startswith(text.casefold()))
            return next(begins, rows[0] if rows else None)

        self._operations.run(work, self._on_name_found, key="records.typed")

    # --- reading

    def _ask_anew(self) -> None:
        query, records = self._question.query(), self._records

        def work() -> _First:
            rows = records.page(query, FIRST)
            return _First(rows, records.count(RecordQuery(query.collection)) if len(rows) < FIRST else None)

        self._operations.run(work, self._on_first_read, key="records.find")

    def _on_first_read(self, first: _First) -> None:
        key = self.current_key()
        self._model.show_keys([row.key for row in first.rows], first.rows)
        self._find_place(key)
        if first.total is None:
            self.began.emit()
            self._ask_again()
        else:
            self._show_found(len(first.rows), first.total)

    def _ask_again(self, again: Sequence[int] = ()) -> None:
        """The same question: what moved since it was last answered, in steps made in the store lane."""
        query, records, old = self._question.query(), self._records, self._model.keys
        narrows = self._question.narrows

        def work() -> _Found:
            keys = list(records.find(query))
            total = records.count(RecordQuery(query.collection)) if narrows else len(keys)
            rows = records.rows(list(again)) if again else ()
            return _Found(keys, total, old, plan(old, keys), rows, again)

        self._operations.run(work, self._on_found, key="records.find")

    def _on_found(self, found: _Found) -> None:
        key = self.current_key()
        top = self._table.top_place()
        top_key = self._model.keys[top] if 0 <= top < len(self._model.keys) else None
        steps = found.steps if found.old is self._model.keys else None
        if not self._model.set_keys(found.keys, steps):
            self._find_place(key, top_key)
        if found.again:
            self._model.update_rows(found.rows, found.again)
        self._show_found(len(found.keys), found.total)

    def _show_found(self, count: int, total: int) -> None:
        self.counted.emit(count, total)
        self._table.head.show_sort(self._question.sort, descending=self._question.descending)
        if self._table.place() < 0 and count:
            self._table.go_to(0)

    def _on_rows_wanted(self, keys: list[int]) -> None:
        """A page was looked at that is not here yet; the table shows placeholders meanwhile."""
        records = self._records
        self._rows_came = False
        self._operations.run_job(
            lambda _job: (records.rows(keys), keys), self._on_rows_read, on_finished=self._on_rows_ended
        )

    def _on_rows_read(self, read: tuple[Sequence[Row], list[int]]) -> None:
        self._rows_came = True
        self._model.update_rows(*read)

    def _on_rows_ended(self) -> None:
        self._model.rows_ended(well=self._rows_came)

    # --- place

    def current_key(self) -> int | None:
        """Key of the line with the keyboard."""
        place = self._table.place()
        return self._model.keys[place] if 0 <= place < len(self._model.keys) else None

    def _find_place(self, key: int | None, top_key: int | None = None) -> None:
        place = self._model.place_of(key) if key is not None else None
        self._table.go_to(place or 0)
        top = self._model.place_of(top_key) if top_key is not None else None
        if top is not None:
            self._table.verticalScrollBar().setValue(top)

    def _on_name_found(self, row: Row | None) -> None:
        place = self._model.place_of(row.key) if row else None
        if place is not None:
            self._table.go_to(place)
