"""Which filters a collection offers, what they can be set to, and the query that they make. No Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from desktop.model.collection import Collection, Facet
from desktop.model.standing import Sync
from desktop.services.views import RecordQuery
from desktop.ui import words
from desktop.ui.records.columns import cycle_words
from desktop.ui.records.short_words import full_label, short_label

_YEARS_BACK, _YEARS_ON = 3, 2


@dataclass(frozen=True)
class Filter:
    """One chip. `options` are (value, words); a filter without options is on ("1") or off.

    main  shown as a chip of its own; others stand behind "More" until they are set
    """

    name: str
    title: str
    options: tuple[tuple[str, str], ...] = ()
    main: bool = True
    short: Mapping[str, str] = field(default_factory=dict)

    def said(self, values: tuple[str, ...]) -> str:
        """What the chip says for these values: the words of one, or how many."""
        if not values:
            return ""
        if len(values) > 1:
            return f"{len(values)} chosen"
        said = dict(self.options) | dict(self.short)
        return said.get(values[0], values[0])


def filters_of(collection: Collection, today: date) -> list[Filter]:
    """The filters of a collection in the order of their chips."""
    found: list[Filter] = []
    this_year = collection.cycle(today)
    years = range(this_year + _YEARS_ON, this_year - _YEARS_BACK - 1, -1)
    found.append(Filter("cycle", "Year", tuple((str(y), cycle_words(y)) for y in years)))
    coded = [(_coded(collection, facet), facet.main) for facet in collection.listed if facet.filter]
    found += [one for one, main in coded if main]
    found.append(Filter("sync", "Sync state", tuple((s.value, words.SYNC[s].word) for s in Sync)))
    if collection.pays:
        found.append(Filter("money_only", "Money only"))
    found.append(Filter("errors", "Errors", main=False))
    found.append(Filter("unready", "Not confirmed", main=False))
    found.append(
        Filter("state", "At the portal", tuple((s.key, s.label) for s in collection.states), main=False)
    )
    found += [replace(one, main=False) for one, main in coded if not main]
    return found


def _coded(collection: Collection, facet: Facet) -> Filter:
    source = collection.field(facet.field)
    name = source.codes if source else ""
    lists = collection.code_lists
    codes = lists.codes(name) if name else {}
    return Filter(
        facet.key,
        facet.filter,
        tuple((code, full_label(lists, name, code)) for code in codes),
        short={code: short_label(lists, name, code) for code in codes},
    )


@dataclass(frozen=True)
class Question:
    """What the table is asked for: text, values by filter, order."""

    collection: str
    search: str = ""
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = "label"
    descending: bool = False

    @property
    def narrows(self) -> bool:
        """Whether anything but the order is asked."""
        return bool(self.search.strip() or self.values)

    def with_filter(self, name: str, values: Sequence[str]) -> Question:
        """The same with one filter set, or taken away by no values."""
        kept = {k: v for k, v in self.values.items() if k != name}
        return replace(self, values=kept | ({name: tuple(values)} if values else {}))

    def sorted_by(self, sort: str) -> Question:
        """Sorted by `sort`; the other way round when it was so already."""
        return replace(self, sort=sort, descending=sort == self.sort and not self.descending)

    def query(self) -> RecordQuery:
        """In the services' words."""
        filters: dict[str, str | tuple[str, ...]] = {
            name: values[0] if len(values) == 1 else values for name, values in self.values.items()
        }
        return RecordQuery(self.collection, self.search.strip(), filters, self.sort, self.descending)
