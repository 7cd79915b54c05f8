"""Rows of the table by key: read by the page, kept for as long as they are looked at. No Qt."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Sequence

from desktop.model.ids import RecordId
from desktop.services.views import Row

PAGE = 200
MOST = 20 * PAGE
"""Rows kept at most: 20 pages are a few megabytes, and more than anybody scrolls to and fro."""

Fetch = Callable[[Sequence[int]], Sequence[Row]]


class RowCache:
    """Reads rows through `fetch` in pages of 200 around the one that is asked for, and forgets the least used."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._rows: OrderedDict[int, Row] = OrderedDict()
        self._gone: set[int] = set()

    def row(self, keys: Sequence[int], position: int) -> Row | None:
        """The row at `position` of `keys`; None when it was removed since the list was read."""
        key = keys[position]
        found = self._rows.get(key)
        if found is not None:
            self._rows.move_to_end(key)
            return found
        if key in self._gone:
            return None
        first = position // PAGE * PAGE
        self.load([k for k in keys[first : first + PAGE] if k not in self._rows])
        return self._rows.get(key)

    def held(self, key: int) -> Row | None:
        """The row if it was read already; never reads."""
        return self._rows.get(key)

    def load(self, keys: Sequence[int]) -> None:
        """Read these rows now, those held too."""
        if not keys:
            return
        rows = self._fetch(keys)
        for row in rows:
            self._rows[row.key] = row
            self._rows.move_to_end(row.key)
        self._gone.update(set(keys) - {row.key for row in rows})
        while len(self._rows) > MOST:
            self._rows.popitem(last=False)

    def forget(self) -> None:
        """Read everything anew when it is next asked for."""
        self._rows.clear()
        self._gone.clear()

    def keys_of(self, ids: Collection[RecordId]) -> list[int]:
        """Keys of those of these records that are held."""
        return [key for key, row in self._rows.items() if row.id in ids]

    def put(self, rows: Iterable[Row], keys: Iterable[int]) -> None:
        """Newer content for `keys`, as read elsewhere; a key without a row is gone."""
        fresh = {row.key: row for row in rows}
        for key in keys:
            if key in fresh:
                self._rows[key] = fresh[key]
            else:
                self._rows.pop(key, None)
                self._gone.add(key)
