"""What the list of sheets says: title, groups, and the story of one. Plain data."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from desktop.model.lease import Lease
from desktop.services.keying_job import KeyItem, Stand, Why
from desktop.ui.parts.grouped_model import Cell, Column, Group, Line
from desktop.ui.words import REFUSED, WAITING, Look, count, money, span, website_of, when

COLUMNS = (
    Column("Name", 190, "strong"),
    Column("What to type", 260, stretch=True),
    Column("Money", 82, "strong", right=True, least=700),
    Column("State", 260, "state"),
)
_NEVER_SO_WIDE = 1_000_000
SENTENCE = "One sheet for each job, in the order of the website’s own pages, with every answer ready to copy."

BEGUN = Look("Half typed", "pencil-line", "sending", filled=True)
TYPED = Look("Typed", "circle-question-mark", "unknown", filled=True)
NOT_NOW = Look("Not now", "pause", "check")
MISSING = Look("Something is missing", "circle-x", "draft", filled=True)
WRONG = Look("To put right first", "circle-x", "draft", filled=True)

_GROUPS = (
    ("begun", "Half typed"),
    ("open", "To type"),
    ("file", "A file could carry these, too"),
    ("stuck", "Not now"),
    ("typed", "Typed, not read back yet"),
)


def where_of(shorts: Collection[str]) -> str:
    """The website of one portal by its short name, or those of several."""
    return website_of(*shorts) if len(shorts) == 1 else "the portals’ websites"


def title(items: Sequence[KeyItem], where: str) -> str:
    """The page's statement; `where` = on which website, in words."""
    open_ = [item for item in items if group_of(item) in ("begun", "open", "stuck")]
    if open_:
        return f"{count(len(open_), 'sheet')} to type on {where}"
    typed = sum(item.stand is Stand.TYPED for item in items)
    if typed:
        return f"{count(typed, 'sheet waits', 'sheets wait')} to be read back"
    return f"Nothing must be typed on {where}"


def columns_of(*, pays: bool) -> tuple[Column, ...]:
    """Without the one for money where none can hang on a record."""
    return tuple(c if pays or c.title != "Money" else replace(c, least=_NEVER_SO_WIDE) for c in COLUMNS)


def group_of(item: KeyItem) -> str:
    """Key of the group that an item stands in."""
    if item.stand is Stand.BEGUN:
        return "begun"
    if item.stand is Stand.TYPED:
        return "typed"
    if item.why_not:
        return "stuck"
    return "file" if item.why is Why.FILE else "open"


def groups_of(items: Sequence[KeyItem], now: datetime, actor: str) -> list[Group]:
    """Groups with at least one line."""
    found = []
    for key, name in _GROUPS:
        lines = [_line(item, now, actor) for item in items if group_of(item) == key]
        if lines:
            found.append(Group(key, name, count(len(lines), "sheet"), lines, 8 if key == "file" else 0))
    return found


def look_of(item: KeyItem) -> Look:
    """How one stands."""
    if item.stand is Stand.BEGUN:
        return BEGUN
    if item.stand is Stand.TYPED:
        return TYPED
    if item.why_not:
        return NOT_NOW
    if item.stand is Stand.REFUSED:
        return REFUSED
    return MISSING if item.missing else WRONG if item.wrong else WAITING


def _line(item: KeyItem, now: datetime, actor: str) -> Line:
    look = look_of(item)
    cells = (
        Cell(item.record_label),
        Cell(item.what, tip=item.what),
        Cell(money(item.money_gbp) if item.money_gbp else ""),
        Cell(look.word, _note(item, now, actor), look),
    )
    return Line(item.id, cells, item)


def _note(item: KeyItem, now: datetime, actor: str) -> str:
    if item.stand is Stand.BEGUN:
        if item.lease is not None and item.by != actor:
            return f"{item.by}, {span((now - item.lease.since).total_seconds())}"
        return f"Page {item.place} of {item.pages}, you" if item.place else "All pages typed, you"
    if item.stand is Stand.TYPED and item.since is not None:
        return when(item.since, now)
    return count(len(item.missing), "answer") if item.missing and not item.why_not else ""


def story_of(item: KeyItem, now: datetime, actor: str, short: str) -> list[str]:
    """What there is to know of one, a sentence each."""
    told = [f"{item.title}: {item.what}." if item.what != item.title else f"{item.title}."]
    told.append(_WHY[item.why].format(short=short))
    if item.stand is Stand.BEGUN and item.lease is not None and item.free_at is not None:
        if item.lease.person == actor:
            told.append(f"You began at {when(item.lease.since, now)}.")
        else:
            told.append(lease_words(item.lease, item.free_at, now))
        where = (
            f"The sheet is at page {item.place} of {item.pages}."
            if item.place
            else "All its pages are typed."
        )
        told.append(f"{where} Nothing of this record is sent meanwhile.")
    elif item.lease is not None and item.free_at is not None:
        told.append(f"{lease_words(item.lease, item.free_at, now)} A change file told so.")
    if item.stand is Stand.TYPED and item.since is not None:
        proof = f" Reference: {item.reference}." if item.reference else ""
        told.append(f"Typed {when(item.since, now)} by {item.by}.{proof}" if item.by else proof.strip())
    if item.reason:
        told.append(item.reason)
    if item.why_not:
        told.append(item.why_not)
    elif item.missing or item.wrong:
        if item.missing:
            told.append(f"The website will ask for what is not answered here: {', '.join(item.missing)}.")
        told += item.wrong
    elif item.stand is Stand.WAITING:
        told.append(f"{count(item.pages, 'page')} of the website.")
    return told


def lease_words(lease: Lease, free_at: datetime, now: datetime) -> str:
    """Who is at a sheet, where and for how long, and until when it is theirs."""
    where = f" on {lease.computer}" if lease.computer else ""
    age = span((now - lease.since).total_seconds())
    if free_at <= now:
        return f"{lease.person} began it{where} {age} ago, and has not moved on since. Anybody may go on."
    until = f"If {lease.person} does not move on, anybody may go on from {when(free_at, now)} on."
    return f"{lease.person} is typing this{where}, for {age} now. {until}"


def is_anothers(item: KeyItem, now: datetime, actor: str) -> bool:
    """Whether somebody else is at it, so that going on means taking it over."""
    theirs = item.lease is not None and (item.stand is not Stand.BEGUN or item.lease.person != actor)
    return theirs and item.free_at is not None and item.free_at > now


_WHY = {
    Why.ONLY: "Only the website can do this.",
    Why.NO_WAY_IN: "{short} takes this from you on its website only.",
    Why.FILE: "A file could carry this, too. Upload it or type it, not both.",
}
