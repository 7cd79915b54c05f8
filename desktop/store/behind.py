"""Writing behind: many records in hand at once, read in a few statements and written in a few.

A pass over a page of records asks for each of them in turn, and changes it. One by one that is a dozen statements a
record. Instead the caller says which records it is going to work on (`Unit.hold`); what is asked of them is then
answered from memory, and what is written to them waits here until something else is asked of the database, or the
transaction commits. Nobody else can see the difference: it is one transaction, and there is one writer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import orjson
import sqlalchemy as sa

CHUNK = 500
"""So many ids are asked for at a time."""


class Behind:
    """What waits to be written in one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._raw = connection
        self._writers: list[Callable[[sa.Connection], None]] = []
        self._waits = False

    def join(self, writer: Callable[[sa.Connection], None]) -> None:
        """Have `writer` write down what one repository holds back, in the order of joining."""
        self._writers.append(writer)

    def wait(self) -> None:
        """Something is held back from now on."""
        self._waits = True

    def settle(self) -> None:
        """Write down everything that was held back."""
        if self._waits:
            self._waits = False
            for writer in self._writers:
                writer(self._raw)

    @property
    def connection(self) -> sa.Connection:
        """The connection, for whoever asks the database itself: everything that was held back is written down first."""
        self.settle()
        return self._raw

    def rows(self, query: sa.Select[Any], ids: Sequence[str], **more: str) -> Iterator[Any]:
        """The rows of `query`, which asks for `among` and `more`. Whoever takes them in hand has settled before."""
        for start in range(0, len(ids), CHUNK):
            some = orjson.dumps(ids[start : start + CHUNK]).decode()
            yield from self._raw.execute(query, {"ids": some, **more}).all()


def among(column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Whether `column` is one of `:ids`, a JSON list: one statement for any number of them, built once."""
    return column.in_(sa.text("SELECT value FROM json_each(:ids)"))
