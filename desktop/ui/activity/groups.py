"""History as groups of lines, one group a day, newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from desktop.handover.words import FATES
from desktop.model.evidence import Outage, WaitingChange
from desktop.services.views import HistoryEntry, PortalView
from desktop.ui.parts.grouped_model import Cell, Column, Group, Line
from desktop.ui.words import PORTAL, clock, count, local, number, same_day, span, weekday_date, when

SOME = 200
"""From so many entries on there may be more than were read."""

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


def history_title(entries: Sequence[HistoryEntry], now: datetime) -> str:
    """The statement over the history: "15 things happened today, the last at 10:22"."""
    today = [entry for entry in entries if same_day(entry.at, now)]
    if not entries:
        return "Nothing happened yet"
    if not today:
        return f"Nothing happened today; the last was on {weekday_date(local(entries[0].at).date())}"
    many = f"{count(len(today), 'thing')} happened today"
    return (
        f"{'At least ' if len(today) == len(entries) >= SOME else ''}{many}, the last at {clock(today[0].at)}"
    )


def portal_title(outages: Sequence[Outage], now: datetime) -> str:
    """The statement over the portal's history: how many outages, and the last of them."""
    if not outages:
        return "No outage is known"
    last = outages[-1]
    lasts = span(((last.end or now) - last.begin).total_seconds())
    if len(outages) == 1:
        return (
            f"One outage so far, over after {lasts}" if last.end else f"The portal has been out for {lasts}"
        )
    how = "over" if last.end else "still going on"
    return f"{count(len(outages), 'outage')} so far, the last {how} after {lasts}"


def portal_groups(
    portals: Sequence[PortalView],
    outages: Sequence[Outage],
    changes: Sequence[WaitingChange],
    names: Mapping[str, str],
    now: datetime,
) -> list[Group]:
    """Outages first, then what waited in them, then the tries of the last 24 hours, newest first."""
    groups = [_outages(outages, now), _waited(changes, names, now), _tries(portals, now)]
    return [group for group in groups if group.lines]


def _outages(outages: Sequence[Outage], now: datetime) -> Group:
    lines = []
    for outage in reversed(outages):
        lasts = span(((outage.end or now) - outage.begin).total_seconds())
        until = f"until {when(outage.end, now)}" if outage.end else "and still"
        said = f"{PORTAL[outage.state].word} from {when(outage.begin, now)} {until}, {lasts}"
        cells = (
            Cell(when(outage.begin, now)),
            Cell(said, outage.detail),
            Cell(f"{count(outage.tries, 'try', 'tries')}, {number(outage.changes)} waited"),
            Cell(),
        )
        lines.append(Line(f"outage-{outage.number}", cells, outage))
    return Group("outages", "Outages", count(len(lines), "outage"), lines, 10)


def _waited(changes: Sequence[WaitingChange], names: Mapping[str, str], now: datetime) -> Group:
    lines = []
    for place, change in enumerate(reversed(changes)):
        name = names.get(change.record, "")
        fate = FATES[change.fate]
        told = f"{fate} {when(change.settled, now)}" if change.settled else fate
        cells = (
            Cell(when(change.saved, now)),
            Cell(change.what, told),
            Cell(name or change.name),
            Cell(change.by),
        )
        lines.append(Line(f"waited-{place}-{change.record}", cells, change.record if name else None))
    still = sum(change.fate.waits for change in changes)
    aside = (
        f"{count(len(lines), 'change')}, {still:,} still waiting" if still else count(len(lines), "change")
    )
    return Group("waited", "What waited", aside, lines, 10)


def _tries(portals: Sequence[PortalView], now: datetime) -> Group:
    lines = [
        Line(
            f"{portal.collection}-{at.isoformat()}",
            (Cell(when(at, now)), Cell(text), Cell(portal.portal), Cell(PORTAL[state].word)),
        )
        for portal in portals
        for at, state, text in portal.tries
    ]
    told = f"{count(len(lines), 'try', 'tries')} in the last 24 hours"
    return Group("tries", "Tries", told, lines)


def _day(at: datetime, now: datetime) -> str:
    day, today = local(at).date(), local(now).date()
    if day == today:
        return "Today"
    if day == today - timedelta(days=1):
        return "Yesterday"
    return weekday_date(day, year=day.year != today.year)
