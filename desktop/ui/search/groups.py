"""What a search found, as groups of lines: one group a collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from desktop.services.search import Hit
from desktop.ui.parts.grouped_model import Cell, Column, Group, Line
from desktop.ui.words import SYNC, count

COLUMNS = (
    Column("Name", 300, "strong", stretch=True),
    Column("Found by", 330, "plain", stretch=True, least=560),
    Column("Where it stands", 210, "state", least=420),
)


def hit_groups(hits: Sequence[Hit], titles: Mapping[str, str], shown: int) -> list[Group]:
    """`titles`: collection -> "Trainees". More than `shown` hits of one collection mean that there are more still."""
    found = []
    for name, title in titles.items():
        mine = [hit for hit in hits if hit.collection == name]
        if mine:
            lines = [_line(hit) for hit in mine[:shown]]
            found.append(Group(name, title, _aside(mine, shown), lines))
    return found


def _aside(hits: Sequence[Hit], shown: int) -> str:
    if len(hits) > shown:
        return f"the first {shown}; type more to find fewer"
    many = count(len(hits), "record")
    return f"{many} close to it" if hits[0].near else many


def _line(hit: Hit) -> Line:
    look = SYNC[hit.sync]
    cells = (Cell(hit.label), Cell(hit.why), Cell(look.word, hit.caption, look))
    return Line(hit.record_id, cells, hit.record_id)
