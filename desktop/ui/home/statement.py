"""What Home says: a statement for a title, a sentence under it, and what to do next. Pure functions of the data.

Said in this order: what is safe, what is at risk, what to do (ui.md section 1). Nothing is called done while any
record is open.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from desktop.services import wording
from desktop.services.views import Counts, Deadline, HomeView, PortalView, QueueSummary
from desktop.ui.shell.status import worst_portal
from desktop.ui.words import about, capital, count, is_down, money, number, spelled, website_of, weekday_date

NEAR_DAYS = 7
_WEBSITE = "the portal’s website"


@dataclass(frozen=True)
class Step:
    """One thing to do next. `page` "" = nothing to open."""

    words: str
    page: str = ""
    where: dict[str, Any] = field(default_factory=dict)


def total_counts(home: HomeView) -> Counts:
    """All collections together."""
    rows = home.counts.values()
    return Counts(
        total=sum(c.total for c in rows),
        confirmed=sum(c.confirmed for c in rows),
        waiting=sum(c.waiting for c in rows),
        drafts=sum(c.drafts for c in rows),
        needs_you=sum(c.needs_you for c in rows),
        unknown=sum(c.unknown for c in rows),
    )


def list_with(home: HomeView, many: Callable[[Counts], int]) -> dict[str, Any]:
    """Where a page finds the collection of which there are most; {} when there is one collection anyway."""
    if len(home.counts) < 2:
        return {}
    return {"collection": max(home.counts, key=lambda name: many(home.counts[name]))}


def next_deadline(home: HomeView) -> Deadline | None:
    """The next day by which something must be at the portal. Days on which a window opens are none."""
    return next((d for d in home.deadlines if d.days_left >= 0 and wording.due_by(d.what)), None)


def deadline_name(deadline: Deadline) -> str:
    """What a card about it is headed with: "ITT census 2026 to 2027"."""
    return deadline.what.partition(":")[0]


def deadline_day(deadline: Deadline) -> str:
    """As "Wednesday 14 October, in 1 day"."""
    days = deadline.days_left
    ahead = "today" if days == 0 else f"in {count(days, 'day')}"
    return f"{weekday_date(deadline.day, year=days > 180)}, {ahead}"


def _near(deadline: Deadline | None) -> str:
    """As "The census is tomorrow" when it is near, else ""."""
    if deadline is None or deadline.days_left > NEAR_DAYS:
        return ""
    days = deadline.days_left
    day = "today" if days == 0 else "tomorrow" if days == 1 else f"in {spelled(days)} days"
    name = deadline_name(deadline)
    if name.endswith(" closes"):
        return f"{name} {day}"
    return f"The {'census' if 'census' in name else name} is {day}"


def portal_that_matters(home: HomeView) -> PortalView | None:
    """The portal to speak of; None where all that is here is typed into a website.

    A portal that was never connected and whose collection is empty is none: a school may keep its teachers only.
    """
    typed = {name for name, counts in home.counts.items() if counts.total} - {
        p.collection for p in home.portals
    }
    meant = (
        p for p in home.portals if p.connected or p.by_file or not typed or home.counts[p.collection].total
    )
    return worst_portal(tuple(meant))


def title(home: HomeView) -> str:
    """The statement at the top."""
    counts, portal = total_counts(home), portal_that_matters(home)
    short = _whom(home)
    near = _near(next_deadline(home))
    todo = len(home.needs)
    if not counts.total:
        return _said(near, "no records are on this computer yet")
    if portal is not None and not portal.connected and not portal.by_file:
        return _said(near, "no portal is connected yet")
    if portal is not None and is_down(portal.state):
        waits = (
            f"{count(home.waiting, 'change')} wait for {short}" if home.waiting > 1 else f"{short} is down"
        )
        return f"{near} and the portal is down" if near else waits
    if todo:
        return _said(near, f"{count(todo, 'record')} need{'s' if todo == 1 else ''} you")
    if counts.drafts:
        return _said(near, f"{count(counts.drafts, 'draft has', 'drafts have')} something to put right")
    if home.waiting:
        waits = "1 change waits" if home.waiting == 1 else f"{number(home.waiting)} changes wait"
        return _said(near, f"{waits} for {short}")
    if counts.total and counts.confirmed == counts.total:
        return _said(near, "everything is at the portal")
    return _said(near, f"nothing waits for {short}")


def _whom(home: HomeView) -> str:
    """What the changes wait for: a portal, its website where people type, or both."""
    sent = {portal.collection for portal in home.portals}
    waiting = {name for name, counts in home.counts.items() if counts.waiting} or set(home.counts)
    portal = portal_that_matters(home)
    if portal is None or not waiting & sent:
        return _WEBSITE
    return portal.portal_short if waiting <= sent else "the portals"


def _said(near: str, rest: str) -> str:
    return f"{near} and {rest}" if near else capital(rest)


def sentence(home: HomeView) -> str:
    """The line under the title: the day, and how to go on."""
    portal = portal_that_matters(home)
    day = weekday_date(home.today)
    if portal is None:
        return f"{day}. What you save is kept here. Hand-over shows what to type into the portal’s website."
    if portal.by_file:
        return f"{day}. What you save is kept here. Hand-over shows what to type and upload on {website_of(portal.portal_short)}."
    if not portal.connected:
        return f"{day}. Carry on working: what you save is kept here until a portal is connected."
    if portal.restored_at is not None:
        return (
            f"{day}. {portal.portal_short} was put back to an older copy: nothing is sent until you have decided about "
            "what it lost, in Needs you."
        )
    if is_down(portal.state):
        return (
            f"{day}. Carry on working: what you save is kept here and sent, money first, "
            f"when {portal.portal_short} answers."
        )
    return f"{day}. What you save is kept here first, and sent by itself."


def steps(home: HomeView, summary: QueueSummary | None) -> list[Step]:
    """What to do next, at most four; the last may be to leave things alone."""
    counts, portal = total_counts(home), portal_that_matters(home)
    found = []
    if home.needs:
        carrying = [need.money_gbp for need in home.needs if need.money_gbp]
        extra = ""
        if carrying:
            verb = "carries" if len(carrying) == 1 else "carry"
            extra = f" {capital(spelled(len(carrying)))} of them {verb} {money(sum(carrying))}."
        found.append(Step(f"Decide {count(len(home.needs), 'record')}.{extra}", "needs"))
    if counts.drafts:
        why = "It cannot be sent until then." if counts.drafts == 1 else "They cannot be sent until then."
        where = list_with(home, lambda one: one.drafts)
        found.append(Step(f"Put {count(counts.drafts, 'draft')} right. {why}", "checks", where))
    if home.waiting:
        found += _waiting_steps(home, summary, portal)
    if not found and counts.total:
        found.append(Step(f"Nothing to do. {count(counts.confirmed, 'record')} confirmed by the portal."))
    return found


def _waiting_steps(home: HomeView, summary: QueueSummary | None, portal: PortalView | None) -> list[Step]:
    """What becomes of the changes that wait: those that go by themselves, and those that a person types."""
    if _whom(home) == _WEBSITE:
        return [Step(_leave_waiting(home.waiting, summary, None), "keying")]
    if portal is not None and portal.by_file:
        return [Step(_leave_waiting(home.waiting, summary, portal), "handover")]
    typed = min(summary.by_hand, home.waiting) if summary is not None else 0
    found = []
    if sent := home.waiting - typed:
        found.append(Step(_leave_waiting(sent, summary, portal), "waiting"))
    if typed:
        found.append(Step(f"Type {number(typed)} into {_WEBSITE}.", "keying"))
    return found


def _leave_waiting(waiting: int, summary: QueueSummary | None, portal: PortalView | None) -> str:
    them = "the one that waits. It needs" if waiting == 1 else f"the {number(waiting)} that wait. They need"
    if summary is not None and summary.held:
        return f"Leave the {count(waiting, 'change')} that wait{'s' if waiting == 1 else ''} until then."
    if summary is not None and summary.paused:
        return f"Sending is paused. {count(waiting, 'change')} will go when you let {'it' if waiting == 1 else 'them'}."
    lasts = about(summary.eta_s) if summary else "a moment"
    if portal is None:
        return f"Type {'the one that waits' if waiting == 1 else f'the {number(waiting)} that wait'} into the portal’s website."
    if portal.by_file:
        return f"Type or upload {'the one that waits' if waiting == 1 else f'the {number(waiting)} that wait'} on {website_of(portal.portal_short)}."
    if not portal.connected:
        return f"Leave {them} a portal first."
    if is_down(portal.state):
        return f"Leave {them} {lasts} once {portal.portal_short} answers."
    return f"Leave {them} {lasts}."
