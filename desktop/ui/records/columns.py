"""Which columns the records table can show, and what stands in a cell.

Most columns are facets of the collection; `columns_of` makes them from what the collection says of itself (`listed`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from desktop.model.collection import Collection, Facet
from desktop.model.document import Document
from desktop.model.standing import Sync
from desktop.services.views import Row
from desktop.ui import words
from desktop.ui.records.short_words import SHORT_STATES, full_label, short_label


class Style(StrEnum):
    """How a cell is painted."""

    NAME = "name"
    TEXT = "text"
    QUIET = "quiet"
    MONEY = "money"
    SYNC = "sync"


@dataclass(frozen=True)
class Column:
    """One column. `drop` orders what goes first when the window is narrow (the highest); 0 = stays to the last.

    title       in the header, may be "";  menu_title: in the column chooser and for a screen reader
    width       logical pixels at text size 100 %;  least: as narrow as it may become before a column goes
    sort        its name in a RecordQuery, "" = cannot be sorted
    text        what stands in the cell;  hint: more for the tooltip
    field       name of the field that a person would change; "" when the cell is worked out from others
    heading     in files and on the clipboard, by which paste knows the field again; "" = as in the column chooser
    """

    key: str
    title: str
    width: int
    text: Callable[[Row], str]
    style: Style = Style.TEXT
    sort: str = ""
    drop: int = 0
    shown: bool = True
    least: int = 0
    menu_title: str = ""
    hint: Callable[[Row], str] = lambda _row: ""
    field: str = ""
    heading: str = ""

    @property
    def right(self) -> bool:
        return self.style == Style.MONEY

    @property
    def narrowest(self) -> int:
        return self.least or self.width


_STATE_DROP = 6
NARROW = 640
"""Logical pixels; a window under 800 leaves a table less than this after rail and margins."""


def cycle_words(year: object) -> str:
    """The academic year that begins in `year`, `2026 to 2027`; "" when it is not known."""
    return f"{int(str(year))} to {int(str(year)) + 1}" if str(year).isdigit() else ""


def columns_of(collection: Collection) -> list[Column]:
    """All columns that a collection offers, in order, those that are not shown at first too."""
    facets = collection.listed or tuple(
        Facet(key, words.capital(key.replace("_", " ")), 120, drop=4, cell="text")
        for key in collection.facets(Document())
    )
    first = Column("label", "Name", 166, lambda row: row.label, Style.NAME, sort="label", menu_title="Name")
    last = (
        Column("state", "At the portal", 118, _state_text(collection), Style.QUIET, sort="state",
               drop=_STATE_DROP, menu_title="At the portal"),
        Column("sync", "Sync", 206, _sync_text, Style.SYNC, sort="sync", least=150, menu_title="Sync"),
    )  # fmt: skip
    return [first, *(_facet_column(collection, facet) for facet in facets), *last]


def _facet_column(collection: Collection, facet: Facet) -> Column:
    field = collection.field(facet.field) if facet.field else None
    lists = collection.code_lists

    def text(row: Row) -> str:
        value = row.facets.get(facet.key)
        if value is None or value == "":
            return ""
        if field is not None and field.codes:
            return short_label(lists, field.codes, value)
        return _CELLS[facet.cell](value)

    exact = field is not None and bool(field.codes)
    own = field if exact else collection.field(facet.key)

    def hint(row: Row) -> str:
        value = row.facets.get(facet.key)
        return full_label(lists, field.codes, value) if field is not None and field.codes else ""

    return Column(
        facet.key,
        facet.title,
        facet.width,
        text,
        _style(facet),
        sort=facet.key,
        drop=facet.drop,
        shown=facet.shown,
        least=facet.least,
        menu_title=facet.menu_title or facet.title,
        hint=hint,
        field=facet.field or (own.name if own is not None else ""),
        heading=own.label if own is not None else "",
    )


def _style(facet: Facet) -> Style:
    if facet.cell == "money":
        return Style.MONEY
    return Style.QUIET if facet.quiet else Style.TEXT


def _date_cell(value: object) -> str:
    try:
        return words.short_date(date.fromisoformat(str(value)))
    except ValueError:
        return str(value)


def _money_cell(value: object) -> str:
    return words.money(value) if isinstance(value, int) else str(value)


_CELLS: Mapping[str, Callable[[object], str]] = {
    "code": str,
    "text": str,
    "date": _date_cell,
    "money": _money_cell,
    "cycle": cycle_words,
}


def _state_text(collection: Collection) -> Callable[[Row], str]:
    def text(row: Row) -> str:
        if row.portal_id is None:
            return "Not known" if row.sync == Sync.UNKNOWN else "Not there yet"
        state = collection.state(row.state)
        return SHORT_STATES.get(row.state) or (state.label if state else row.state or "Not known")

    return text


def _sync_text(row: Row) -> str:
    look = look_of(row)
    return ", ".join(part for part in (look.word, row.caption) if part)


def look_of(row: Row) -> words.Look:
    """How a record's state is shown."""
    if row.missing:
        return words.MISSING
    if row.sync == Sync.CLEAN and row.portal_id is None:
        return words.SAVED
    return words.SYNC[row.sync]


def fitting(columns: list[Column], width: int, scale: int = 100) -> list[Column]:
    """Those columns that a table of `width` pixels has room for: the highest `drop` goes first.

    With less room than `NARROW` only the name and the sync state stay, whatever else would fit (ui.md section 11).
    """
    kept = list(columns)
    if width < NARROW:
        kept = [c for c in kept if not c.drop]
    while sum(c.narrowest for c in kept) * scale // 100 > width and any(c.drop for c in kept):
        worst = max(c.drop for c in kept)
        kept = [c for c in kept if c.drop != worst]
    return kept
