"""What the screens say of change files. Pure functions of the data."""

from __future__ import annotations

from datetime import datetime

from desktop.model.lease import Lease
from desktop.services.exchange import Several, Shared, Told
from desktop.ui.parts.grouped_model import Cell, Column, Group, Line
from desktop.ui.words import count, when

COLUMNS = (Column("Who", 260, "strong"), Column("What happens", 300, "plain", stretch=True))
SENTENCE = (
    "For colleagues who work on other computers: each makes a change file and takes in those of the others. A file that comes "
    "late or is lost does no harm: the next one holds everything again. The files are encrypted."
)


def title(shared: Shared) -> str:
    """The statement of the page."""
    if shared.typing:
        return f"{shared.typing[0][1].person} is typing something elsewhere"
    return "Share with colleagues"


def folder_words(shared: Shared) -> str:
    """Which folder, and what it is for."""
    if shared.folder is None:
        return (
            "Choose a folder that you and your colleagues can all reach, on a shared drive for instance. Each computer keeps "
            "one change file in it. The records themselves stay on your computers."
        )
    return str(shared.folder)


def last_words(shared: Shared, now: datetime) -> str:
    """When a file was made and taken in last."""
    made = f"Last file made {when(shared.made_at, now)}" if shared.made_at else "No file was made yet"
    taken = f"last taken in {when(shared.taken_at, now)}" if shared.taken_at else "none was taken in yet"
    return f"{made}, {taken}."


def secret_words(shared: Shared) -> str:
    """Whether the passphrase is known."""
    if shared.agreed:
        return "It is kept in this workspace, so nobody has to type it each time. Somebody new types it once."
    return (
        "Choose one with your colleagues before the first file is made, or take in a file of theirs and type the one that "
        "they chose. It is not the passphrase of this workspace."
    )


def typing_words(lease: Lease, what: str, whose: str, now: datetime) -> str:
    """“Sam is typing “Register an ECT” for Okafor, Leo on OFFICE-2, since 10:14.”"""
    where = f" on {lease.computer}" if lease.computer else ""
    return f"{lease.person} is typing “{what}” for {whose}{where}, since {when(lease.since, now)}."


def told_words(told: Told, now: datetime) -> str:
    """Whose file it is."""
    if told.own:
        return f"{told.path.name} was made by this workspace itself. There is nothing to take in."
    where = f" on {told.computer}" if told.computer else ""
    return f"{told.path.name}: {count(told.records, 'record')}, made by {told.made_by}{where}, {when(told.made_at, now)}."


def sums_of(found: Several) -> list[str]:
    """What taking in does, a sentence a line, what needs a person last."""
    counts = found.counts
    lines = (
        (counts.new, f"{count(counts.new, 'record')} new here"),
        (counts.changed, f"{count(counts.changed, 'record')} changed"),
        (counts.linked, f"{count(counts.linked, 'record')} registered twice, one from now on"),
        (counts.removed, f"{count(counts.removed, 'draft')} deleted by a colleague"),
        (counts.later, f"{count(counts.later, 'record')} being typed or on the way, left for the next time"),
        (counts.held, f"{count(counts.held, 'change')} held, because somebody leaves"),
        (counts.asked, f"{count(counts.asked, 'question')} for you to decide, under Needs you"),
    )
    told = [words for number, words in lines if number]
    if not told:
        return ["Everything in it is known here already."] if found.told else []
    return [*told, f"{count(counts.same, 'record')} the same as here"] if counts.same else told


def groups_of(found: Several) -> list[Group]:
    """The first of the records that move."""
    rows = [
        Line(f"{n}", (Cell(label), Cell(what)), i) for n, (i, label, what) in enumerate(found.counts.lines)
    ]
    return [Group("records", "Records", count(len(rows), "record"), rows, 50)] if rows else []


def done_words(found: Several) -> str:
    """What came of it, in a line."""
    counts = found.counts
    parts = [
        (counts.new, "new"),
        (counts.changed, "changed"),
        (counts.removed, "deleted"),
        (counts.asked, "to decide"),
    ]
    told = ", ".join(f"{number:,} {word}" for number, word in parts if number)
    return f"Taken in: {told}." if told else "Taken in. Everything was known here already."
