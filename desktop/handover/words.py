"""How reports say times, counts and what a portal did (GOV.UK style: "5 October 2026, 9:02am").

Times are said as they come: whoever makes a report gives them in London time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from desktop.model.evidence import DeadlineTouched, Evidence, Fate, Outage, Spell, WaitingChange
from desktop.model.verdict import PortalState

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

SEEN = {
    PortalState.UP: "It answered",
    PortalState.BUSY: "Busy, asked us to wait",
    PortalState.MAINTENANCE: "Maintenance page",
    PortalState.DOWN: "No answer",
    PortalState.API_OFF: "Way in switched off",
    PortalState.SIGN_IN: "Access token not taken",
    PortalState.CAPTIVE: "Network sign-in page",
    PortalState.UNKNOWN: "No clear answer",
}
"""What came instead of an answer."""

ASKED = {
    "read": "Read records",
    "send": "Send a change",
    "look": "Look whether it is up",
    "probe": "Look whether it is up",
    "sync": "Read and send",
}
"""What was asked of the portal."""

FATES = {
    Fate.WAITING: "Still waiting",
    Fate.SENDING: "Being sent",
    Fate.UNKNOWN: "Sent, no reply yet",
    Fate.CONFIRMED: "Confirmed",
    Fate.REFUSED: "Refused",
    Fate.DECISION: "Needs a decision",
    Fate.DRAFT: "Draft with errors",
    Fate.DROPPED: "Taken back",
}

NOT_THE_PORTALS = {
    PortalState.SIGN_IN: "“Access token not taken” may be about our own token and not a fault of the portal.",
    PortalState.CAPTIVE: "“Network sign-in page” is about a network on the way, not a fault of the portal.",
}
"""What is listed so that the record is whole, though the portal may not be to blame."""


def day(at: date) -> str:
    """5 October 2026."""
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}"


def clock(at: datetime, *, seconds: bool = False) -> str:
    """9:02am, midday, midnight; 9:02:11am."""
    if not seconds and (at.hour, at.minute) in ((0, 0), (12, 0)):
        return "midday" if at.hour else "midnight"
    more = f":{at.second:02}" if seconds else ""
    return f"{at.hour % 12 or 12}:{at.minute:02}{more}{'pm' if at.hour >= 12 else 'am'}"


def when(at: datetime, *, seconds: bool = False) -> str:
    """5 October 2026, 9:02am."""
    return f"{day(at)}, {clock(at, seconds=seconds)}"


def count(number: int, one: str, many: str = "") -> str:
    """1 change, 1,200 changes."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def times(number: int) -> str:
    """once, 14 times."""
    return {1: "once", 2: "twice"}.get(number, f"{number:,} times")


def span(length: timedelta) -> str:
    """2 hours 38 minutes; the two largest parts, from an hour on to the nearest minute."""
    seconds = max(0, round(length.total_seconds()))
    if seconds >= 3600:
        seconds = round(seconds / 60) * 60
    parts = ((seconds // 86_400, "day"), (seconds // 3600 % 24, "hour"), (seconds // 60 % 60, "minute"))
    first = next((n for n, (number, _) in enumerate(parts) if number), None)
    if first is None:
        return count(seconds, "second")
    said = [count(number, unit) for number, unit in parts[first : first + 2] if number]
    return " ".join(said)


def listed(words: Sequence[str]) -> str:
    """one, two and three."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def lasted(begin: datetime, end: datetime) -> timedelta:
    """How long it really was, also over the night on which the clocks change."""
    return timedelta(seconds=end.timestamp() - begin.timestamp())


def length_of(spells: Iterable[Outage | Spell], now: datetime) -> timedelta:
    """How long they lasted together, to `now` where they still last."""
    return sum((lasted(s.begin, s.end or now) for s in spells), timedelta())


def from_to(begin: datetime, end: datetime) -> str:
    """Between 9:02am and 11:40am on 5 October 2026."""
    if begin.date() == end.date():
        return f"Between {clock(begin)} and {clock(end)} on {day(begin)}"
    return f"Between {clock(begin)} on {day(begin)} and {clock(end)} on {day(end)}"


def period(report: Evidence) -> str:
    """Which time the report is about."""
    if report.since is None and report.until is None:
        return f"Everything up to {when(report.written)}"
    begin = f"From {when(report.since)}" if report.since else "Up to"
    end = when(report.until or report.written)
    return f"{begin} to {end}" if report.since else f"{begin} {end}"


def title(report: Evidence) -> str:
    """What the report says, in a line."""
    portals = listed(list(dict.fromkeys(s.portal for s in report.spells)))
    return f"When {portals} could not be used" if portals else "No outage was noted"


def summary(report: Evidence) -> list[str]:
    """The report in plain sentences, one paragraph a portal."""
    if not report.spells:
        portals = listed(report.portals) or "the portal"
        return [
            f"In this period Holdfast noted no time in which {portals} could not be used.",
            (
                "Holdfast notes an outage when it asks the portal and gets no usable answer. While it was closed, or had "
                "nothing to ask, an outage would not have been seen. If you expected one here, ask for a longer period."
            ),
        ]
    out = dict.fromkeys(s.portal for s in report.spells)
    told = [_of_portal(report, [s for s in report.spells if s.portal == portal]) for portal in out]
    return told + [_of_deadline(d) for d in report.deadlines]


def figures(report: Evidence) -> tuple[tuple[str, str], ...]:
    """(figure, what it counts): how long, how many tries, how many changes waited, and how it ended."""
    out = span(length_of(report.spells, report.written))
    done = [c.settled for c in report.changes if c.fate is Fate.CONFIRMED and c.settled]
    still = sum(c.fate.waits for c in report.changes)
    last = (
        ("Nothing", "was waiting")
        if not report.changes
        else (f"{still:,}", "still waiting")
        if still
        else (clock(max(done)), f"last confirmed, {day(max(done))}")
        if done
        else ("None", "confirmed so far")
    )
    return (
        (out, "without a usable answer"),
        (f"{len(report.attempts):,}", "failed tries" if len(report.attempts) != 1 else "failed try"),
        (f"{len(report.changes):,}", "changes waited" if len(report.changes) != 1 else "change waited"),
        last,
    )


def _of_portal(report: Evidence, spells: list[Spell]) -> str:
    numbers = {n for s in spells for n in s.outages}
    changes = [c for c in report.changes if numbers & set(c.outages)]
    tries = sum(s.tries for s in spells)
    return (
        f"{_when_out(report, spells)} Holdfast tried {times(tries)} in that time and got no usable answer. "
        f"{_what_waited(report, changes, spells)}"
    )


def _when_out(report: Evidence, spells: list[Spell]) -> str:
    first, last = spells[0], spells[-1]
    portal = first.portal
    if len(spells) == 1 and last.end is None:
        return (
            f"Since {clock(first.begin)} on {day(first.begin)} {portal} could not be used; "
            f"it still could not when this was written."
        )
    if len(spells) == 1:
        return f"{from_to(first.begin, last.end or report.written)} {portal} could not be used."
    still = "; the last of them was not over when this was written" if last.end is None else ""
    lasted = span(length_of(spells, report.written))
    return (
        f"{from_to(first.begin, last.end or report.written)} {portal} could not be used on {len(spells):,} occasions, "
        f"for {lasted} in all{still}."
    )


def _what_waited(report: Evidence, changes: list[WaitingChange], spells: list[Spell]) -> str:
    if not changes:
        return "Nothing was waiting to be sent."
    records = len({c.record for c in changes})
    waited = (
        f"{count(len(changes), 'change')} to {count(records, spells[0].noun)} "
        f"{'was' if len(changes) == 1 else 'were'} saved here and waited"
    )
    done = [c.settled for c in changes if c.fate is Fate.CONFIRMED and c.settled]
    others = {f: n for f in Fate if f is not Fate.CONFIRMED and (n := sum(c.fate is f for c in changes))}
    rest = listed([f"{n:,} {_THEN[f]}" for f, n in others.items()])
    if not done:
        return f"{waited}: {rest}."
    last = max(done)
    same = last.date() == (spells[-1].end or report.written).date()
    at = clock(last) if same else when(last)
    if not rest:
        one = "it was" if len(changes) == 1 else "the last was"
        return f"{waited}; {one} confirmed at {at}." if same else f"{waited}; {one} confirmed on {at}."
    verb = "was" if len(done) == 1 else "were"
    return f"{waited}. {len(done):,} {verb} confirmed, the last {'at' if same else 'on'} {at}; {rest}."


_THEN = {
    Fate.WAITING: "still waiting",
    Fate.SENDING: "being sent",
    Fate.UNKNOWN: "sent without a reply so far",
    Fate.REFUSED: "refused by the portal",
    Fate.DECISION: "waiting for a decision here",
    Fate.DRAFT: "made drafts again here",
    Fate.DROPPED: "taken back here",
}


def _of_deadline(deadline: DeadlineTouched) -> str:
    name = f"{deadline.what}, {day(deadline.day)}"
    if not deadline.passed:
        if not deadline.unsent:
            return f"The deadline {name} has not passed. Nothing waits for it now."
        verb = "waits" if deadline.unsent == 1 else "wait"
        return f"The deadline {name} has not passed. {count(deadline.unsent, 'change')} {verb} now."
    if not deadline.unsent:
        return f"At the deadline {name}, nothing that had been saved here was still unsent."
    was, had = ("was", "it") if deadline.unsent == 1 else ("were", "they")
    late = f" {deadline.late:,} of them {'was' if deadline.late == 1 else 'were'} confirmed later."
    if deadline.unsent == deadline.late == 1:
        late = " It was confirmed later."
    elif not deadline.late:
        late = f" None of this is confirmed yet, though {had} {was} ready here in time."
    elif deadline.unsent == deadline.late:
        late = " All of them were confirmed later."
    return f"At the deadline {name}, {count(deadline.unsent, 'change')} saved here before it {was} still unsent.{late}"
