"""When the next pass is due (sync.md D17, D18): pure policy. Time, chance and what is known are arguments.

Every wait has its own end: none depends on the next edit, and all are told by the clock on the wall, so that a computer
that slept knows at once what it missed. A thousand offices must not come back in the same second, so every wait that
many share (the portal's own Retry-After, the end of quiet hours, the look at news) ends at a place drawn by chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from desktop.model.timetable import Due, Timetable, Why
from desktop.sync.watch import LONGEST_ASKED, ceiling_s

AFTER_CHANGE = timedelta(seconds=2)
"""From the first unsent change to its pass; what is typed meanwhile goes along and does not put it off."""
APART = timedelta(seconds=3)
"""Passes by themselves keep this distance."""
AT_START = timedelta(seconds=5)
SPREAD_ASKED = timedelta(seconds=60)
"""Over at least so long come back those whom the portal told when; over more where our own wait would be longer."""
SPREAD_QUIET = timedelta(minutes=10)


@dataclass(frozen=True)
class Moment:
    """What is known of one portal when its next pass is planned.

    begun         when the program started to plan
    not_before    the end of the wait after a failure; `asked_to_wait` = the portal itself named it (Retry-After)
    failures      how many there were since the last pass that went through
    last_pass     when the last pass of this run of the program ended; None = there was none
    unsent_since  when the first change was saved that no pass has taken along; None = there is none
    settle_at     when changes of unknown fate are looked at again; None = there are none
    draw          chance, 0 up to 1; one for each wait, so that asking twice gives one answer
    """

    now: datetime
    begun: datetime
    not_before: datetime | None = None
    asked_to_wait: bool = False
    failures: int = 0
    paused: bool = False
    last_pass: datetime | None = None
    unsent_since: datetime | None = None
    settle_at: datetime | None = None
    draw: float = 0.0


def next_pass(collection: str, timetable: Timetable, moment: Moment, zone: tzinfo) -> Due | None:
    """The next pass by itself; None while it is switched off or paused. `zone` is where quiet hours count."""
    if not timetable.automatic or moment.paused:
        return None
    at, why = _wanted(timetable, moment)
    if moment.last_pass is not None:
        at = max(at, min(moment.last_pass, moment.now) + APART)
    return Due(collection, _after_quiet(at, timetable, zone, moment.draw), why)


def _wanted(timetable: Timetable, moment: Moment) -> tuple[datetime, Why]:
    """When and why, before distance and quiet hours."""
    wait_over = moment.not_before
    # A wait longer than any that is ever set was set by a clock that has been put right since (T1).
    if wait_over is not None and wait_over <= moment.now + LONGEST_ASKED:
        spread = _spread(moment, wait_over) if moment.asked_to_wait else timedelta()
        return wait_over + spread * moment.draw, Why.BACK
    if moment.last_pass is None:
        return min(moment.begun, moment.now) + AT_START * moment.draw, Why.LOOK
    last = min(moment.last_pass, moment.now)  # the clock may have been put back
    look = last + timedelta(minutes=timetable.every_min) * (0.8 + 0.4 * moment.draw)
    choices = [(look, Why.LOOK)]
    if moment.unsent_since is not None:
        choices.append((min(moment.unsent_since, moment.now) + AFTER_CHANGE, Why.CHANGE))
    if moment.settle_at is not None:
        choices.append((moment.settle_at, Why.SETTLE))
    return min(choices)


def _spread(moment: Moment, wait_over: datetime) -> timedelta:
    """How far to spread the return after the portal's own time.

    A portal that says "30 seconds" to a whole crowd, again and again, gets the crowd back each time; so our own backoff,
    which grows, counts too where it is the longer. It only ever adds.
    """
    asked = max(timedelta(), wait_over - moment.last_pass) if moment.last_pass else timedelta()
    return max(SPREAD_ASKED, timedelta(seconds=ceiling_s(moment.failures)) - asked)


def _after_quiet(at: datetime, timetable: Timetable, zone: tzinfo, draw: float) -> datetime:
    """`at`, or a while after the end of the quiet hours that it falls into."""
    begin, end = timetable.quiet_from, timetable.quiet_until
    if begin is None or end is None:
        return at
    local = at.astimezone(zone)
    clock = local.time()
    inside = begin <= clock < end if begin < end else clock >= begin or clock < end
    if not inside:
        return at
    over = datetime.combine(local.date(), end, zone)
    if over <= local:
        over = datetime.combine(local.date() + timedelta(days=1), end, zone)
    return over.astimezone(at.tzinfo) + SPREAD_QUIET * draw
