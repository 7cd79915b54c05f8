"""Paste from a spreadsheet: rows read, matched to records and compared; nothing is saved until a person says so.

A cell gives its field a new value; an empty one leaves it as it is, "(empty)" clears it. Codes and labels both count, days
as people type them. Degrees and placements are not pasted: they have no id that a row could name.
"""

from __future__ import annotations

from collections.abc import Collection as Some
from collections.abc import Mapping, Sequence

from desktop.model.errors import UsageError
from desktop.services import wording
from desktop.services.acts import Act, Acts
from desktop.services.bulk import Cancelled, Tell
from desktop.services.core import Core
from desktop.services.pasted_cells import Cells
from desktop.services.pasted_columns import columns_of
from desktop.services.pasted_match import Matcher
from desktop.services.pasted_rows import PASTED, Comparer, Pasted, RowReader, alone, notes_of, writes_of
from desktop.services.pasted_text import refuse_too_many, rows_of


class Paste:
    """Reading and saving what was pasted. Worker thread."""

    def __init__(self, core: Core, acts: Acts) -> None:
        self._core = core
        self._acts = acts

    def read(
        self,
        text: str | bytes,
        collection: str,
        columns: Sequence[str] | Mapping[int, str] | None = None,
    ) -> Pasted:
        """Read the clipboard's text (or the bytes of a CSV file) and match its rows to records. Nothing is saved.

        `columns`: a sequence of field names says what the columns are when there is no row of headings (the columns
        on screen); a mapping from position (from 0) to field name overrides what was guessed, "" leaves one out.
        Raises UsageError with the next step when nothing can be done with it.
        """
        known = self._core.collection(collection)
        rows = rows_of(text)
        if len(rows) == 1 and sum(bool(cell.strip()) for cell in rows[0]) == 1:
            raise UsageError(
                "Only one cell was copied. Copy whole rows with their headings, and paste again. To give one answer to "
                "many records, choose them in the list and change them together."
            )
        has_header, found = columns_of(known, rows, columns)
        begin = 1 if has_header else 0
        reader = RowReader(known, found, Cells(known, self._core.today()))
        lines = [
            reader.line(number, cells)
            for number, cells in enumerate(rows[begin:], begin + 1)
            if any(cell.strip() for cell in cells)
        ]
        refuse_too_many(len(lines))
        if not lines:
            raise UsageError("There are headings and no rows below them. Copy the rows too, and paste again.")
        with self._core.store.read() as unit:
            matcher = Matcher(unit, known, [line.who for line in lines])
        comparer = Comparer(known, PASTED)
        met = [comparer.row(line, matcher.find(line.who)) for line in lines]
        told = alone(met, [line.who for line in lines])
        return Pasted(collection, has_header, tuple(found), tuple(told), notes_of(found))

    def save(
        self,
        pasted: Pasted,
        chosen_rows: Some[int],
        progress: Tell | None = None,
        cancelled: Cancelled | None = None,
    ) -> Act:
        """Save the rows with these numbers, as one act with one undo. Raises NothingToDo, Stopped, UsageError."""
        chosen = frozenset(chosen_rows)
        rows = [row for row in pasted.rows if row.number in chosen and row.can_be_saved]
        patches, new = writes_of(rows)
        return self._acts.apply(
            patches,
            new,
            collection=self._core.collection(pasted.collection).name,
            words=f"Pasted {wording.count(len(rows), 'row')}",
            progress=progress,
            cancelled=cancelled,
        )
