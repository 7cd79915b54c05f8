"""The two files that are signed off on Register's website: the trainee export of its census and performance-profile pages.

Their form is that of every trainee export (`register_export`). Which of the two a file is, and of which year, stands in its
name only. Read, never repaired: what cannot be read is told as a remark with its row. Source: domain pack 9.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from desktop.collections.trainees.sign_off import CENSUS, PROFILE
from desktop.handover.register_export import Refused, WebExport, WebRow, read_export
from desktop.model.document import Fields
from desktop.model.glimpse import Glimpse, ShownList, ShownSet

MOST_REMARKS = 200

_NAMES = (
    (CENSUS, re.compile(r"new-trainees-(20\d\d)-20\d\d-sign-off", re.IGNORECASE)),
    (PROFILE, re.compile(r"(20\d\d)-20\d\d_trainees_performance-profiles?-sign-off", re.IGNORECASE)),
)
_OUTCOMES = ("outcome_date", "awarded_at", "defer_date", "withdrawal_date")
_LONGEST = 60


@dataclass(frozen=True)
class Remark:
    """Something in a file that cannot be read or does not fit. `row` as a spreadsheet counts, 0 = the file as a whole."""

    row: int
    text: str


@dataclass(frozen=True)
class FileRow:
    """One trainee of the file. `changed_at` = when Register last changed the record (aware UTC)."""

    row: int
    register_id: str
    label: str
    changed_at: datetime
    state: str
    answers: Fields
    sets: tuple[ShownSet, ...]
    children: Mapping[str, ShownList]
    extras: Mapping[str, Any]

    @classmethod
    def of(cls, seen: Glimpse, label: str) -> FileRow:
        extras = {name: seen.extras[name] for name in _OUTCOMES if seen.extras.get(name)}
        return cls(
            seen.number,
            seen.portal_id,
            label,
            seen.changed_at,
            seen.state,
            dict(seen.answers),
            seen.sets,
            seen.children,
            extras,
        )

    def to_json(self) -> list[Any]:
        return [
            self.row,
            self.register_id,
            self.label,
            self.changed_at.isoformat(),
            self.state,
            self.answers,
            [[list(one.fields), list(one.values)] for one in self.sets],
            {kind: [list(one.children), one.whole] for kind, one in self.children.items()},
            dict(self.extras),
        ]

    @classmethod
    def from_json(cls, data: list[Any]) -> FileRow:
        row, register_id, label, changed_at, state, answers, sets, children, extras = data
        return cls(
            row,
            register_id,
            label,
            datetime.fromisoformat(changed_at),
            state,
            answers,
            tuple(ShownSet(tuple(fields), tuple(values)) for fields, values in sets),
            {kind: ShownList(tuple(some), whole) for kind, (some, whole) in children.items()},
            extras,
        )


@dataclass(frozen=True)
class SignOffFile:
    """One file, read to its end.

    kind, year  as its name says; "" and None when it was renamed
    made_at     when Register made it (aware UTC), as its name says; newest = the last change that it shows
    provider    whose trainees these are, "" when the file does not say
    """

    kind: str
    year: int | None
    made_at: datetime | None
    newest: datetime
    provider: str
    rows: tuple[FileRow, ...]
    remarks: tuple[Remark, ...]


def read_sign_off(path: Path) -> SignOffFile:
    """The whole file, or nothing. Raises UsageError with one sentence that says what to do."""
    found = read_export(path)
    kind, year = _of_name(path.name)
    return SignOffFile(
        kind,
        year,
        found.taken_at,
        found.newest,
        found.provider[0],
        tuple(FileRow.of(row, row.label) for row in found.rows),
        _first(list(_remarks(found))),
    )


def _of_name(name: str) -> tuple[str, int | None]:
    for kind, form in _NAMES:
        if match := form.search(name):
            return kind, int(match[1])
    return "", None


def _remarks(found: WebExport) -> Iterator[Remark]:
    yield from (Remark(0, note) for note in found.notes)
    by_row: list[WebRow | Refused] = [*found.rows, *found.refused]
    for one in sorted(by_row, key=lambda one: one.number):
        if isinstance(one, Refused):
            yield Remark(one.number, f"{one.label}: {one.why}")
            continue
        for cell in one.unread:
            words = cell.words if len(cell.words) <= _LONGEST else f"{cell.words[: _LONGEST - 1]}…"
            yield Remark(
                one.number,
                f"{one.label}: “{words}” under {cell.column} cannot be read for certain, so it is not compared.",
            )


def _first(remarks: list[Remark]) -> tuple[Remark, ...]:
    """A file that is wrong all over is not told row by row for ever."""
    more = len(remarks) - MOST_REMARKS
    told = remarks[:MOST_REMARKS]
    return (*told, Remark(0, f"There are {more:,} more of this kind.")) if more > 0 else tuple(told)
