"""History as groups of lines, one group a day, newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from desktop.services.views import HistoryEntry, Outage, PortalView
from desktop.ui.parts.grouped_model import Cell, Column, Group, Line
from desktop.ui.words import PORTAL, clock, count, local, span, weekday_date, when

COLUMNS = (
    Column("Time", 76, "quiet"),
    Column("What happened", 320, stretch=True),
    Column("Name", 220, "strong", least=560),
    Column("Who", 150, "quiet", least=760),
)


def history_groups(entries: Sequence[HistoryEntry], names: Mapping[str, str], now: datetime) -> list[Group]:
    """`names`: record id -> label, for those that are still here."""
    days: dict[str, list[Line]] = {}
    for entry in entries:
        name = names.get(entry.record_id or "", "")
        cells = (Cell(clock(entry.at)), Cell(entry.text), Cell(name), Cell(entry.actor))
        payload = entry.record_id if name else None
        days.setdefault(_day(entry.at, now), []).append(Line(entry.seq, cells, payload))
    return [Group(day, day, "", lines) for day, lines in days.items()]


def portal_groups(portals: Sequence[PortalView], outages: Sequence[Outage], now: datetime) -> list[Group]:
    """Outages first, then the tries of the last 24 hours, newest first."""
    lines = []
    for number, outage in enumerate(reversed(outages)):
        end = outage.end or now
        lasts = span((end - outage.begin).total_seconds())
        until = f"until {when(outage.end, now)}" if outage.end else "and still"
        look = PORTAL[outage.state]
        said = f"{look.word} from {when(outage.begin, now)} {until}, {lasts}"
        cells = (
            Cell(when(outage.begin, now)),
            Cell(said, outage.detail),
            Cell(count(outage.tries, "try", "tries")),
            Cell(),
        )
        lines.append(Line(f"outage-{number}", cells))
    groups = [Group("outages", "Outages", count(len(lines), "outage"), lines, 10)] if lines else []
    tries = [
        Line(
            f"{portal.collection}-{at.isoformat()}",
            (Cell(when(at, now)), Cell(text), Cell(portal.portal), Cell(PORTAL[state].word)),
        )
        for portal in portals
        for at, state, text in portal.tries
    ]
    if tries:
        groups.append(
            Group("tries", "Tries", f"{count(len(tries), 'try', 'tries')} in the last 24 hours", tries)
        )
    return groups


def _day(at: datetime, now: datetime) -> str:
    day, today = local(at).date(), local(now).date()
    if day == today:
        return "Today"
    if day == today - timedelta(days=1):
        return "Yesterday"
    return weekday_date(day, year=day.year != today.year)
