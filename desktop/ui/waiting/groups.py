"""The queue as groups of lines, in the order of sending: money, new records, other changes, actions, then the stuck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from desktop.model.change import ChangeKind, ChangeState
from desktop.services.views import QueueItem
from desktop.ui.parts.grouped_model import Cell, Column, Group, Line
from desktop.ui.words import CHANGE, WAITING, count, money, number, span, when

SHOWN = 5

COLUMNS = (
    Column("Order", 58, "quiet", right=True, least=420),
    Column("Name", 172, "strong"),
    Column("What will be sent", 260, stretch=True),
    Column("Money", 82, "strong", right=True, least=620),
    Column("Saved", 76, "quiet", right=True, least=760),
    Column("Once it is back", 126, "state", least=520),
)
_NEVER_SO_WIDE = 1_000_000
NAME, WHEN = 1, 5

_GROUPS = (
    ("money", "Money first"),
    ("create", "New {plural}"),
    ("other", "Other changes"),
    ("action", "Actions, sent last"),
    ("hand", "To type on the website"),
)
STUCK = (ChangeState.REJECTED, ChangeState.CONFLICT)


def columns_of(*, sends: bool) -> tuple[Column, ...]:
    """Where a person types everything: without the order of sending, and without money."""
    if sends:
        return COLUMNS
    what = {"What will be sent": "What to type"}
    return tuple(
        replace(
            c,
            title=what.get(c.title, c.title),
            least=_NEVER_SO_WIDE if c.title in ("Order", "Money") else c.least,
        )
        for c in COLUMNS
    )


def queue_groups(
    items: Sequence[QueueItem], now: datetime, plural: str, *, paused: bool, down: bool, actor: str
) -> list[Group]:
    """Groups with at least one line. `plural` = what records are called ("trainees")."""
    moving = [item for item in items if item.state not in STUCK]
    found = []
    for key, title in _GROUPS:
        mine = [item for item in moving if item.group == key]
        if mine:
            lines = [_line(item, now, paused=paused, down=down, actor=actor) for item in mine]
            found.append(Group(key, title.format(plural=plural), _aside(key, mine), lines, SHOWN))
    stuck = [item for item in items if item.state in STUCK]
    if stuck:
        lines = [_line(item, now, paused=paused, down=down, actor=actor) for item in stuck]
        aside = f"{count(len(stuck), 'change')}, in Needs you"
        found.append(Group("stuck", "Not sent until you decide", aside, lines, SHOWN))
    return found


def _aside(key: str, items: Sequence[QueueItem]) -> str:
    words = count(len(items), "change")
    if key == "money":
        return f"{words}, {money(sum(item.money_gbp or 0 for item in items))}"
    if key == "hand":
        return f"{words}, in Hand-over"
    return f"{words}, cannot be undone" if key == "action" else words


def _line(item: QueueItem, now: datetime, *, paused: bool, down: bool, actor: str) -> Line:
    by = ""
    if item.kind is ChangeKind.ACTION and item.actor:
        by = "Confirmed by you" if item.actor == actor else f"Confirmed by {item.actor}"
    cells = (
        Cell(number(item.place) if item.place else ""),
        Cell(item.record_label),
        Cell(item.what, item.reason or by, tip=item.reason),
        Cell(money(item.money_gbp) if item.money_gbp else ""),
        Cell(when(item.saved_at, now)),
        _turn(item, paused=paused, down=down),
    )
    return Line(item.id, cells, item)


def _turn(item: QueueItem, *, paused: bool, down: bool) -> Cell:
    """When its turn comes, or why it does not."""
    if item.state != ChangeState.QUEUED:
        look = CHANGE[item.state]
        return Cell(look.word, look=look)
    if item.group == "hand":
        return Cell("By hand", look=WAITING)
    if paused:
        return Cell("Paused", look=WAITING)
    if item.eta_s is None:
        return Cell(WAITING.word, look=WAITING)
    lasts = span(max(1.0, item.eta_s))
    return Cell(f"After {lasts}" if down else f"In {lasts}", look=WAITING)
