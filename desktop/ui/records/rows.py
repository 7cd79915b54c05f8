"""Rows of the table by key, kept for as long as they are looked at, and what to read next. It reads nothing. No Qt."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Sequence

from desktop.model.ids import RecordId
from desktop.services.views import Row

PAGE = 200
"""Rows read together."""
MOST = 20 * PAGE
"""Rows kept at most: 20 pages are a few megabytes, and more than anybody scrolls to and fro."""
_PAGES_WANTED = 4
"""So many pages that were missed last are read; those scrolled past before them are not."""


class RowCache:
    """Holds rows and forgets the least used. A row that grew old is still shown until a newer one comes.

    `want` is called with the keys of a page to read; the next only after `put` and `ended`.
    """

    def __init__(self, want: Callable[[list[int]], object]) -> None:
        self._want = want
        self._rows: OrderedDict[int, Row] = OrderedDict()
        self._gone: set[int] = set()
        self._old: set[int] = set()
        self._missed: OrderedDict[int, None] = OrderedDict()
        self._reading = False

    def look(self, keys: Sequence[int], position: int) -> Row | None:
        """The row at `position` of `keys` as far as it is known; its page is asked for when it is missing or old."""
        key = keys[position]
        found = self._rows.get(key)
        if found is not None:
            self._rows.move_to_end(key)
        if not self._is_fresh(key):
            page = position // PAGE
            self._missed[page] = None
            self._missed.move_to_end(page)
            if len(self._missed) > _PAGES_WANTED:
                self._missed.popitem(last=False)
            if not self._reading:
                self._ask(keys)
        return found if found is not None else self._rows.get(key)

    def is_gone(self, key: int) -> bool:
        """Whether the record was removed since the list was read."""
        return key in self._gone

    def held(self, key: int) -> Row | None:
        """The row if it was read already; never asks."""
        return self._rows.get(key)

    def keys_of(self, ids: Collection[RecordId]) -> list[int]:
        """Keys of those of these records that are held."""
        return [key for key, row in self._rows.items() if row.id in ids]

    def put(self, rows: Iterable[Row], keys: Iterable[int]) -> None:
        """Newer content for `keys`; a key without a row is gone."""
        fresh = {row.key: row for row in rows}
        for key in keys:
            self._old.discard(key)
            if key in fresh:
                self._rows[key] = fresh[key]
                self._rows.move_to_end(key)
            else:
                self._rows.pop(key, None)
                self._gone.add(key)
        while len(self._rows) > MOST:
            self._old.discard(self._rows.popitem(last=False)[0])

    def ended(self, keys: Sequence[int], *, well: bool) -> None:
        """A reading is over: on to the page missed last. After one that failed the next look asks, not this moment."""
        self._reading = False
        if not well:
            self._missed.clear()
        self._ask(keys)

    def forget(self) -> None:
        """Hold nothing any more."""
        self._rows.clear()
        self._gone.clear()
        self._old.clear()
        self._missed.clear()

    def age(self) -> None:
        """Read everything anew when it is next looked at; until then the old rows stay."""
        self._old.update(self._rows)
        self._gone.clear()

    def _is_fresh(self, key: int) -> bool:
        return key in self._gone or (key in self._rows and key not in self._old)

    def _ask(self, keys: Sequence[int]) -> None:
        while self._missed and not self._reading:
            page, _ = self._missed.popitem()
            missing = [k for k in keys[page * PAGE : (page + 1) * PAGE] if not self._is_fresh(k)]
            if missing:
                self._reading = True
                self._want(missing)
