"""What the screens say of Register's export that is, or was, loaded. Pure functions of the data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from desktop.services.web_reading import WebLoaded, WebPlan
from desktop.ui.parts.grouped_model import Cell, Column, Group, Line
from desktop.ui.words import count, when

COLUMNS = (
    Column("What", 220, "strong"),
    Column("Why, or what stands there", 420, "plain", stretch=True),
)


def plan_lines(plan: WebPlan) -> list[str]:
    """What loading would do, a sentence a line, what needs a person last."""
    counts = plan.counts
    found = (
        (counts.new, f"{count(counts.new, 'trainee')} new here"),
        (counts.changed, f"{count(counts.changed, 'trainee')} changed at Register"),
        (counts.confirmed, f"{count(counts.confirmed, 'change')} of yours confirmed"),
        (counts.waiting, f"{count(counts.waiting, 'change')} of yours not shown yet"),
        (counts.older, f"{count(counts.older, 'row')} no newer than what is known here, left alone"),
        (counts.conflicts, f"{count(counts.conflicts, 'conflict')} for you to decide"),
        (
            counts.asked,
            f"{count(counts.asked, 'draft')} that may be one of these trainees, for you to decide",
        ),
    )
    told = [words for number, words in found if number]
    if not told:
        return ["Everything in it is known here already."]
    return [*told, f"{count(counts.same, 'trainee')} the same as here"] if counts.same else told


def plan_groups(plan: WebPlan) -> list[Group]:
    """What cannot be read, and rows that are not taken."""
    cells = [
        Line(f"c{n}", (Cell(one.label, count(one.cells, "cell")), _cell("; ".join(one.examples))))
        for n, one in enumerate(plan.unread)
    ]
    rows = [
        Line(f"r{n}", (Cell(one.label, f"row {one.number}"), _cell(one.why)))
        for n, one in enumerate(plan.refused)
    ]
    groups = [
        Group("rows", "Rows that are not taken", count(len(rows), "row"), rows, 50),
        Group("cells", "Not understood, so it stays as it is here", count(len(cells), "column"), cells, 50),
    ]
    return [group for group in groups if group.lines]


def _cell(words: str) -> Cell:
    return Cell(" ".join(words.split()) or "Nothing", tip=words)


def never_shown(labels: Sequence[str]) -> str:
    """What the file has no place for."""
    return f"The export never shows: {', '.join(labels)}. What is known of these stays."


def absent_words(absent: int) -> str:
    """What it means to say that the file holds everybody."""
    if not absent:
        return "Everybody here is in it."
    who = "1 trainee here is" if absent == 1 else f"{absent:,} trainees here are"
    return f"{who} not in it. If no filter left them out, Holdfast asks you about each under Needs you."


def loaded_words(loaded: WebLoaded) -> str:
    """What came of loading, in a line."""
    if loaded.stopped:
        return f"Stopped: {count(loaded.rows_taken, 'row')} loaded. Load the file again for the rest."
    parts = [
        (loaded.new, "new"),
        (loaded.changed, "changed"),
        (loaded.confirmed, "confirmed"),
    ]
    told = ", ".join(f"{number:,} {words}" for number, words in parts if number) or "nothing new"
    needs = loaded.conflicts + loaded.asked + loaded.missing
    more = f" {count(needs, 'question')} for you under Needs you." if needs else ""
    return f"{loaded.file} loaded: {told}.{more}"


def last_words(last: WebLoaded | None, now: datetime) -> str:
    """When Register was last read in this way."""
    if last is None:
        return ""
    shown = count(last.rows, "trainee")
    return f"Last export of Register loaded: {when(last.at, now)}. It has {shown} as they stood: {when(last.as_of, now)}."
