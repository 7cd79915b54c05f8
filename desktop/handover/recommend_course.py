"""What Register's list for recommending says of a trainee's course, held against what the portal showed of it last.

Register refuses a row that is not as its record is (pack 4.2). The list has words where we have codes, so only what these
words surely say is compared: a word that no list of codes has is no difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from desktop.collections.trainees import website
from desktop.collections.trainees.tables import PACK
from desktop.handover.csv_sheet import Row, Sheet, said

_PARTNER = ("Training partner", "Lead partner", "Lead school")
_BETWEEN = re.compile(r" with | and |, ")


@dataclass(frozen=True)
class Course:
    """What was shown last: `phase` in words, ages and subjects as codes, the partner's URN or UKPRN; "" and () = not known.

    `partner` None = whether there is one cannot be said.
    """

    phase: str = ""
    ages: str = ""
    subjects: tuple[str, ...] = ()
    partner: str | None = None


@dataclass(frozen=True)
class Difference:
    """One cell of the list, under `head`, that says another thing than what was shown; both in words."""

    head: str
    listed: str
    shown: str


def differences(sheet: Sheet, row: Row, course: Course) -> list[Difference]:
    """Where a row says another course."""
    found = (_phase, _ages, _subject, _partner)
    return [difference for compare in found for difference in compare(sheet, row, course)]


def _phase(sheet: Sheet, row: Row, course: Course) -> Iterator[Difference]:
    cell = row.cell(sheet.place("Phase"))
    if cell and course.phase and said(cell) != said(course.phase):
        yield Difference("Phase", cell, course.phase)


def _ages(sheet: Sheet, row: Row, course: Course) -> Iterator[Difference]:
    cell = row.cell(sheet.place("Age range"))
    codes = website.codes_of("course_age_range", cell)
    if codes and course.ages and PACK.canonical("course_age_range", course.ages) not in codes:
        yield Difference("Age range", cell, _label("course_age_range", course.ages).removeprefix("Ages "))


def _subject(sheet: Sheet, row: Row, course: Course) -> Iterator[Difference]:
    cell = row.cell(sheet.place("Subject"))
    listed, held = _subjects(cell), [PACK.canonical("course_subject", code) for code in course.subjects]
    if listed and held and listed not in ({held[0]}, set(held)):
        first, *more = (_label("course_subject", code) for code in course.subjects)
        yield Difference("Subject", cell, f"{first} with {' and '.join(more)}" if more else first)


def _subjects(cell: str) -> set[str]:
    """The codes of "Biology" or "Biology with Chemistry and Physics"; empty when any part is none of the list, or several."""
    whole = website.codes_of("course_subject", cell)
    found = [whole] if whole else [website.codes_of("course_subject", part) for part in _BETWEEN.split(cell)]
    return {codes[0] for codes in found} if all(len(codes) == 1 for codes in found) else set()


def _partner(sheet: Sheet, row: Row, course: Course) -> Iterator[Difference]:
    """The list has the partner's name, and we have its number: only whether there is one can be compared."""
    head = next((head for head in _PARTNER if sheet.place(head) is not None), "")
    cell = row.cell(sheet.place(head)) if head else ""
    if not cell or course.partner is None:
        return
    if (cell == "-") == bool(course.partner):
        yield Difference(head, cell if cell != "-" else "none", course.partner or "none")


def _label(list_name: str, code: str) -> str:
    entry = PACK.codes(list_name).get(code)
    return entry.label if entry else code
