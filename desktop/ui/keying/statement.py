"""What the list of sheets says: title, groups, and the story of one. Plain data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from desktop.services.keying_list import KeyItem, Stand, Why
from desktop.ui.parts.grouped_model import Cell, Column, Group, Line
from desktop.ui.words import REFUSED, WAITING, Look, count, money, website_of, when

COLUMNS = (
    Column("Name", 190, "strong"),
    Column("What to type", 260, stretch=True),
    Column("Money", 82, "strong", right=True, least=700),
    Column("State", 260, "state"),
)
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


def title(items: Sequence[KeyItem], short: str) -> str:
    """The page's statement."""
    open_ = [item for item in items if group_of(item) in ("begun", "open")]
    if open_:
        return f"{count(len(open_), 'sheet')} to type on {website_of(short)}"
    typed = sum(item.stand is Stand.TYPED for item in items)
    if typed:
        return f"{count(typed, 'sheet waits', 'sheets wait')} to be read back"
    return f"Nothing must be typed on {website_of(short)}"


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
        who = "you" if item.by == actor else item.by
        return f"Page {item.place} of {item.pages}, {who}"
    if item.stand is Stand.TYPED and item.since is not None:
        return when(item.since, now)
    return count(len(item.missing), "answer") if item.missing and not item.why_not else ""


def story_of(item: KeyItem, now: datetime, actor: str, short: str) -> list[str]:
    """What there is to know of one, a sentence each."""
    told = [f"{item.title}: {item.what}." if item.what != item.title else f"{item.title}."]
    told.append(_WHY[item.why].format(short=short))
    if item.stand is Stand.BEGUN and item.since is not None:
        who = "You" if item.by == actor else item.by or "Somebody"
        told.append(f"{who} began at {when(item.since, now)} and is at page {item.place} of {item.pages}.")
        told.append("Nothing of this record is sent meanwhile.")
    if item.stand is Stand.TYPED and item.since is not None:
        proof = f" Reference: {item.reference}." if item.reference else ""
        told.append(f"Typed {when(item.since, now)} by {item.by}.{proof}" if item.by else proof.strip())
    if item.why_not:
        told.append(item.why_not)
    elif item.missing or item.wrong:
        if item.missing:
            told.append(f"The website will ask for what is not answered here: {', '.join(item.missing)}.")
        told += item.wrong
    elif item.stand is Stand.WAITING:
        told.append(f"{count(item.pages, 'page')} of the website.")
    return told


_WHY = {
    Why.ONLY: "Only the website can do this.",
    Why.NO_WAY_IN: "{short} takes this from you on its website only.",
    Why.FILE: "A file could carry this, too. Upload it or type it, not both.",
}
