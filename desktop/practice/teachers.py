"""The made-up teachers that the practice Teaching Record System and the practice website of Register early career teachers
share. Nobody here exists; every domain is an example's.

One teacher for each thing that a lookup can come to (`case`), and ordinary ones to fill a September. The same seed gives the
same people. Dates of birth are fixed, so everybody is of working age for years to come. Source: domain pack register-ects,
section 4.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from desktop.practice.names import FIRST_NAMES_FEMALE, FIRST_NAMES_MALE, LAST_NAMES

PROHIBITION_CATEGORY = "b2b19019-b165-47a3-8745-3297ff152581"
OTHER_CATEGORY = "0ae7e0a8-0000-4000-8000-00000000a1e4"
"""Made up: any category but the one above."""

STATUSES = ("None", "RequiredToComplete", "InProgress", "Exempt", "Passed", "Failed", "FailedInWales")
"""Every induction status that the Teaching Record System knows."""

ORDINARY = 40
"""How many teachers there are of whom nothing special is to be said."""

FIRST_SPECIAL, FIRST_ORDINARY = 2_100_001, 2_100_101


@dataclass(frozen=True, slots=True)
class Alert:
    """Something noted against a teacher. `ends` as the system gives it: an ISO day, text that is none, or None = open."""

    name: str
    category: str
    starts: str = "2020-03-02"
    ends: str | None = None


@dataclass(frozen=True, slots=True)
class Teacher:
    """One record of the Teaching Record System.

    ni_numbers       the record's own first, then those of employers' records; () = none known
    said_born        what the teacher tells the school where the record has another day; None = the record's
    qts_from         None = no qualified teacher status
    merged_to        TRN that is kept in its place, "" = not merged;  deactivated: closed, and not merged
    corrected_name   what a school corrected the name to; the Teaching Record System does not know it
    case             what this one stands for; "" = nothing special
    """

    trn: str
    date_of_birth: date
    first_name: str
    last_name: str
    middle_name: str = ""
    ni_numbers: tuple[str, ...] = ()
    said_born: date | None = None
    induction_status: str = "RequiredToComplete"
    induction_starts: date | None = None
    induction_ended: date | None = None
    qts_from: date | None = date(2026, 7, 1)
    alerts: tuple[Alert, ...] = ()
    merged_to: str = ""
    deactivated: bool = False
    corrected_name: str = ""
    email: str = ""
    case: str = field(default="", compare=False)

    @property
    def shown_name(self) -> str:
        """As Register ECTs shows it: a lone full stop is dropped, and without any name it says Unknown."""
        parts = (self.first_name, self.last_name)
        return self.corrected_name or " ".join(p for p in parts if p not in ("", ".")) or "Unknown"


def is_prohibited(teacher: Teacher, today: date) -> bool:
    """Whether a prohibition is in force: no end, an end after today, or one that is no date at all."""
    return any(a.category == PROHIBITION_CATEGORY and _in_force(a.ends, today) for a in teacher.alerts)


def _in_force(ends: str | None, today: date) -> bool:
    try:
        return ends is None or date.fromisoformat(ends) > today
    except ValueError:
        return True


class Teachers:
    """All of them, by TRN. Used under the practice portal's lock."""

    def __init__(self, teachers: Iterable[Teacher] = ()) -> None:
        self._held = {teacher.trn: teacher for teacher in teachers}

    def __iter__(self) -> Iterator[Teacher]:
        return iter(self._held.values())

    def __len__(self) -> int:
        return len(self._held)

    def find(self, trn: str) -> Teacher | None:
        """By TRN in 7 digits, those that are merged or deactivated too."""
        return self._held.get(trn)

    def put(self, teacher: Teacher) -> None:
        """Add a teacher, or put another in the place of the one with this TRN."""
        self._held[teacher.trn] = teacher

    def case(self, name: str) -> Teacher:
        """The one that stands for something. Raises KeyError."""
        return {teacher.case: teacher for teacher in self}[name]

    def ordinary(self) -> list[Teacher]:
        """Those of whom nothing special is to be said, in order of TRN."""
        return [t for t in self if not t.case]


def make_teachers(seed: int = 1) -> Teachers:
    """The register as a practice portal begins with it."""
    return Teachers((*_special(), *_ordinary(random.Random(f"teachers {seed}"))))


def _special() -> Iterator[Teacher]:
    for n, (case, first, last, born, number, more) in enumerate(_CASES):
        fields: dict[str, Any] = {
            "trn": f"{FIRST_SPECIAL + n:07d}",
            "date_of_birth": date.fromisoformat(born),
            "first_name": first,
            "last_name": last,
            "ni_numbers": (number,) if number else (),
            "email": f"{case.replace('_', '.')}@example.org",
            "case": case,
        }
        yield Teacher(**fields | more)


def _alert(ends: str | None) -> dict[str, Any]:
    return {
        "alerts": (
            Alert("Prohibition by the Secretary of State - misconduct", PROHIBITION_CATEGORY, ends=ends),
        )
    }


_MERGED_INTO = "2100023"

_CASES: tuple[tuple[str, str, str, str, str, dict[str, Any]], ...] = (
    ("found", "Amina", "Okafor", "1999-03-14", "JG103759A", {}),
    ("born_differs", "Rhys", "Penhaligon", "1998-11-02", "KL294817B", {"said_born": date(1998, 2, 11)}),
    ("passed", "Helena", "Thackeray", "1990-05-30", "LP551902C", {"induction_status": "Passed", "induction_starts": date(2021, 9, 1), "induction_ended": date(2023, 7, 21), "qts_from": date(2021, 7, 1)}),
    ("exempt", "Gilbert", "Ashdown", "1971-01-19", "MS880123D", {"induction_status": "Exempt", "qts_from": date(1996, 7, 1)}),
    ("failed", "Ivan", "Brackenbury", "1993-08-08", "NY445566A", {"induction_status": "Failed", "induction_starts": date(2021, 9, 1), "induction_ended": date(2023, 7, 21), "qts_from": date(2021, 7, 1)}),
    ("failed_in_wales", "Carys", "Llewellyn-Rees", "1994-02-27", "PW334455B", {"induction_status": "FailedInWales", "induction_starts": date(2021, 9, 1), "induction_ended": date(2023, 7, 21), "qts_from": date(2021, 7, 1)}),
    ("in_progress", "Tariq", "Malhotra", "1997-06-16", "RX223344C", {"induction_status": "InProgress", "induction_starts": date(2025, 9, 1), "qts_from": date(2025, 7, 1)}),
    ("no_induction", "Olive", "Quarmby", "1996-12-05", "SY112233D", {"induction_status": "None"}),
    ("prohibited", "Silas", "Grimshaw", "1985-04-01", "TW998877A", _alert(None)),
    ("prohibited_later_end", "Mabel", "Hawksmoor", "1988-09-23", "WZ887766B", _alert("2099-12-31")),
    ("prohibited_ended", "Otis", "Fordyce", "1986-10-10", "YA776655C", _alert("2021-03-31")),
    ("prohibited_odd_end", "Petra", "Ullathorne", "1989-07-07", "ZB665544D", _alert("31/02/2021")),
    ("other_alert", "Eoin", "Galbraith", "1992-03-03", "AC554433A", {"alerts": (Alert("Failed induction", OTHER_CATEGORY),)}),
    ("deactivated", "Stella", "Vennacott", "1991-11-11", "BE443322B", {"deactivated": True}),
    ("merged", "Noah", "Winterbourne", "1995-05-05", "CH332211C", {"merged_to": _MERGED_INTO}),
    ("no_qts", "Freya", "Sandiford", "2000-01-31", "EJ221100D", {"qts_from": None, "induction_status": "None"}),
    ("one_name", ".", "Suharto", "1998-08-17", "GK119988A", {}),
    ("no_name", ".", ".", "1997-09-09", "HL108877B", {}),
    ("corrected_name", "Anne-Mary", "OConnor", "1999-10-21", "JM107766C", {"corrected_name": "Anne-Marie O’Connor"}),
    ("middle_name", "José", "Ibáñez Núñez", "1996-04-24", "KP106655D", {"middle_name": "Luis"}),
    ("employer_number", "Willa", "Stonehouse", "1998-06-06", "", {"ni_numbers": ("LR105544A", "LR105545B"), "said_born": date(1998, 6, 9)}),
    ("odd_number", "Kwame", "Boateng", "1997-02-02", "QQ104433M", {"said_born": date(1997, 2, 20)}),
    ("merged_into", "Noah", "Winterbourne", "1995-05-05", "CH332211C", {"trn": _MERGED_INTO}),
    ("short_number", "Una", "Trelawney", "1973-12-12", "MP103322B", {"trn": "0054321"}),
    ("no_number", "Jago", "Carrow", "1999-07-19", "", {"said_born": date(1999, 7, 20)}),
)  # fmt: skip
"""case, first and last name, date of birth, NI number, what differs from a teacher who may be registered.

`employer_number`: the second number is known from an employer only. `odd_number`: the Teaching Record System takes it, the
form of Register ECTs does not (section 3.2). `no_number`: the record has none, so a different date of birth is a dead end.
"""


def _ordinary(rng: random.Random) -> Iterator[Teacher]:
    for n in range(ORDINARY):
        first = rng.choice(FIRST_NAMES_FEMALE if rng.random() < 0.7 else FIRST_NAMES_MALE)
        last = rng.choice(LAST_NAMES)
        yield Teacher(
            f"{FIRST_ORDINARY + n:07d}",
            date(1994, 1, 1) + timedelta(days=rng.randrange(365 * 9)),
            first,
            last,
            ni_numbers=(
                f"{rng.choice('ABCEGHJKLMPRSTWXY')}{rng.choice('ACEHJLMPRSWXYZ')}{rng.randrange(10**6):06d}{rng.choice('ABCD')}",
            ),
            induction_status="RequiredToComplete" if rng.random() < 0.9 else "None",
            email=f"{first}.{last}{n}@example.org".lower(),
        )
