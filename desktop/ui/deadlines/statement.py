"""What the deadlines page says. Pure functions of the data."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.services.deadlines import DayReady, DeadlineView
from desktop.ui.parts.grouped_model import Cell, Column, Group, Line
from desktop.ui.words import capital, count, number, short_date, spelled, weekday_date

COLUMNS = (
    Column("Deadline", 300, "strong", stretch=True),
    Column("Day", 112, "quiet", least=520),
    Column("Left", 100, "plain", least=0),
    Column("Confirmed", 116, "plain", right=True, least=640),
    Column("Not yet", 90, "strong", right=True, least=420),
)
DAY_COLUMNS = (
    Column("Day", 130, "strong", stretch=True),
    Column("Confirmed", 100, right=True),
    Column("Waiting", 90, right=True),
    Column("Drafts", 80, right=True),
    Column("Need you", 90, right=True),
)


def days_words(days: int) -> str:
    """As "today", "tomorrow", "in 12 days", "3 days ago"."""
    if days < -1:
        return f"{count(-days, 'day')} ago"
    return {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days, f"in {count(days, 'day')}")


def not_yet(view: DeadlineView) -> int:
    """Records that count for it and are not confirmed."""
    return view.counts.total - view.counts.confirmed


def following(views: Sequence[DeadlineView]) -> DeadlineView | None:
    """The next day by which something must be at the portal."""
    return next((view for view in views if view.due and view.days_left >= 0), None)


def title(views: Sequence[DeadlineView]) -> str:
    """The statement at the top: "ITT census 2026 to 2027 is tomorrow and 12 records are not confirmed"."""
    view = following(views)
    if view is None:
        return "No deadline is known for the next year"
    open_ = not_yet(view)
    near = f"in {spelled(view.days_left)} days" if 1 < view.days_left < 10 else days_words(view.days_left)
    said = f"{view.name} {near}" if view.name.endswith((" closes", " opens")) else f"{view.name} is {near}"
    if view.days_left > 60:
        return f"Nothing is due before {weekday_date(view.day)}"
    if not view.counts.total:
        return said
    if not open_:
        return f"{said} and everything is confirmed"
    return f"{said} and {count(open_, 'record is', 'records are')} not confirmed"


def deadline_groups(views: Sequence[DeadlineView]) -> list[Group]:
    """What is still to come first, then days on which something opens, then what has passed."""
    coming = [_line(v) for v in views if v.due and v.days_left >= 0]
    to_know = [_line(v) for v in views if not v.due and v.days_left >= 0]
    passed = [_line(v) for v in views if v.days_left < 0]
    groups = [
        Group("coming", "To come", count(len(coming), "deadline"), coming),
        Group("know", "Good to know", "nothing is due on these days", to_know),
        Group("passed", "Passed in the last week", "", passed),
    ]
    return [group for group in groups if group.lines]


def _line(view: DeadlineView) -> Line:
    own = f"added by {view.added_by}" if view.own else view.note
    cells = (
        Cell(view.name, own),
        Cell(short_date(view.day)),
        Cell(capital(days_words(view.days_left))),
        Cell(_confirmed(view)),
        Cell(_not_yet_words(view)),
    )
    return Line(view.id, cells, view)


def _confirmed(view: DeadlineView) -> str:
    if not view.due:
        return ""
    if not view.counts.total:
        return "None here yet"
    return f"{number(view.counts.confirmed)} of {number(view.counts.total)}"


def _not_yet_words(view: DeadlineView) -> str:
    if not view.due or not view.counts.total:
        return ""
    return number(not_yet(view)) if not_yet(view) else "None"


def day_groups(days: Sequence[DayReady]) -> list[Group]:
    """The numbers of the chart as a table, newest first."""
    lines = [
        Line(
            day.day.isoformat(),
            tuple(
                Cell(words)
                for words in (
                    short_date(day.day),
                    *(number(n) for n in (day.confirmed, day.waiting, day.drafts, day.needs_you)),
                )
            ),
        )
        for day in reversed(days)
    ]
    return [Group("days", "At the end of each day; the first line is now", "", lines)]


def chart_words(days: Sequence[DayReady]) -> str:
    """The chart in a sentence: what was not confirmed at its beginning, and what is not now."""
    if not days:
        return ""
    first, last = days[0], days[-1]
    return f"{short_date(first.day)}: {_stood(first)}. Now: {_stood(last)}."


def _stood(day: DayReady) -> str:
    open_ = day.waiting + day.drafts + day.needs_you
    if not day.confirmed and not open_:
        return "none of them here"
    return f"{number(day.confirmed)} confirmed, {number(open_)} not yet"
