"""What the sign-off page says. Pure functions of the data."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.services.sign_off import LOAD, SIGN, Checklist, Entry, ListKey, Step
from desktop.services.sign_off_report import (
    LISTS,
    REMARKS,
    STEPS,
    rows_of,
    step_words,
    window,
)
from desktop.ui.parts.grouped_model import Cell, Column, Group, Line
from desktop.ui.words import Look, count, short_date

COLUMNS = (
    Column("Sign-off", 260, "strong", stretch=True),
    Column("Closes", 120, "quiet", least=640),
    Column("Done", 80, "plain", right=True, least=400),
    Column("State", 185, "state"),
)
STEP_COLUMNS = (
    Column("Checklist", 300, "plain", stretch=True),
    Column("State", 160, "state"),
)
PEOPLE_COLUMNS = (
    Column("Trainee", 200, "strong"),
    Column("Answer", 170, "plain", least=640),
    Column("What about it", 360, "plain", stretch=True),
    Column("Source", 170, "quiet", least=900),
)
DIFFERENCE_COLUMNS = (
    Column("Trainee", 190, "strong"),
    Column("Answer", 150, "plain", least=560),
    Column("Here", 190, "plain", least=420),
    Column("In the file", 190, "plain", stretch=True),
    Column("Why", 300, "quiet", least=1000),
)
SHOWN = 100
"""Lines of a list, until somebody asks for all of them."""

SIGNED = Look("Signed", "circle-check", "confirmed", quiet=True)
CHANGED = Look("Changed since", "history", "conflict", filled=True)
OPEN = Look("Open for signing", "clock", "waiting")
NOT_YET = Look("Not open yet", "circle-dashed", "check")
CLOSED = Look("Closed, not signed", "triangle-alert", "conflict", filled=True)

DONE = Look("Done", "circle-check", "confirmed", quiet=True)
TO_DO = Look("To do", "circle-dashed", "check")
SETTLE = Look("To settle", "triangle-alert", "conflict", filled=True)
LOOK = Look("To look at", "eye", "waiting")


def look_of(one: Checklist) -> Look:
    """How a sign-off stands."""
    if one.signed is not None:
        return SIGNED if one.signed.holds else CHANGED
    if one.today < one.opens:
        return NOT_YET
    return OPEN if one.today <= one.closes else CLOSED


def off_groups(found: Sequence[Checklist]) -> list[Group]:
    """The sign-offs: those to be signed, then those that are."""
    open_ = [_off(one) for one in found if not one.is_signed]
    done = [_off(one) for one in found if one.is_signed]
    groups = [
        Group("open", "To be signed", count(len(open_), "sign-off"), open_),
        Group("done", "Signed", count(len(done), "sign-off"), done, 4),
    ]
    return [group for group in groups if group.lines]


def _off(one: Checklist) -> Line:
    look = look_of(one)
    cells = (
        Cell(one.title),
        Cell(short_date(one.closes)),
        Cell(f"{one.done} of {one.needed}"),
        Cell(look.word, look=look),
    )
    return Line(one.key, cells, one)


def step_groups(one: Checklist) -> list[Group]:
    """The checklist of one sign-off, in the order in which it is worked through."""
    lines = [
        Line(step.key, (Cell(STEPS[step.key]), Cell(look.word, look=look)), step)
        for step in one.steps
        for look in (_step_look(one, step),)
    ]
    return [Group("steps", one.title, f"{one.done} of {one.needed} done", lines)]


def _step_look(one: Checklist, step: Step) -> Look:
    words = step_words(one, step)
    if step.done:
        look = DONE
    elif step.key == LOAD or not step.known or (step.key == SIGN and one.signed is None):
        look = TO_DO
    else:
        look = SETTLE if step.needed else LOOK
    return Look(words, look.icon, look.ink, look.filled, look.quiet)


def first_open(one: Checklist) -> str:
    """The step to stand on when somebody comes: the first that is not done."""
    return next((step.key for step in one.steps if not step.done), LOAD)


def list_of(step: Step) -> str:
    """Which list belongs to a step."""
    return {LOAD: REMARKS, SIGN: ListKey.CHANGED}.get(step.key, step.key)


def nothing_words(one: Checklist, key: str) -> str:
    """Why a list is empty."""
    if key == REMARKS:
        return "Nothing in the file needs a remark." if one.file else "No file is loaded yet."
    if key == ListKey.CHANGED:
        if one.signed is None:
            return "Nobody has signed yet."
        same = "The records are as they were when it was signed"
        return f"{same}." if one.is_signed else f"{same}, but the file says something else now."
    step = next(step for step in one.steps if step.key == key)
    return "Nothing here." if step.known else "Load the file of Register’s website to see this."


def about_list(key: str) -> str:
    """What a list is about."""
    return "" if key == REMARKS else LISTS[ListKey(key)].about


def list_groups(one: Checklist, key: str) -> list[Group]:
    """One list as lines; each carries its entry."""
    if key == REMARKS:
        lines = [
            Line(
                n,
                (Cell(f"Row {row}" if row else "The file"), Cell(), Cell(str(words), tip=str(words)), Cell()),
            )
            for n, (row, words) in enumerate(rows_of(one, REMARKS))
        ]
    else:
        make = _difference if key == ListKey.DIFFERS else _person
        lines = [make(n, entry) for n, entry in enumerate(one.lists[ListKey(key)])]
    who = len({line.payload.label for line in lines if line.payload})
    many = count(who, "trainee") if who else count(len(lines), "remark")
    return [Group("list", many, "", lines, SHOWN)] if lines else []


def _person(n: int, entry: Entry) -> Line:
    cells = (Cell(entry.label), Cell(entry.what), Cell(entry.why, tip=entry.why), Cell(entry.source))
    return Line(n, cells, entry)


def _difference(n: int, entry: Entry) -> Line:
    cells = (
        Cell(entry.label),
        Cell(entry.what),
        Cell(entry.here),
        Cell(entry.there),
        Cell(entry.why, tip=entry.why),
    )
    return Line(n, cells, entry)


def sentence(one: Checklist) -> str:
    """What stands under the statement."""
    told = [f"{window(one)}."]
    if one.file is not None:
        told.append(f"{count(one.matched, 'trainee')} of yours in the file, {one.expected:,} belong in it.")
    elif not one.expected:
        told.append("No trainee on this computer belongs in it yet.")
    else:
        told.append(f"{count(one.expected, 'trainee belongs', 'trainees belong')} in it.")
    return " ".join(told)


def loaded_words(one: Checklist) -> str:
    """What the line at the bottom says after loading."""
    return f"Loaded for the {one.title[0].lower()}{one.title[1:]}: {count(one.file.rows if one.file else 0, 'trainee')}"
