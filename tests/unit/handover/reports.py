"""Made-up evidence reports for tests."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from desktop.model.change import ChangeKind
from desktop.model.evidence import (
    Attempt,
    DeadlineTouched,
    Evidence,
    Fate,
    Outage,
    Seal,
    Spell,
    WaitingChange,
)
from desktop.model.verdict import PortalState

LONDON = ZoneInfo("Europe/London")
NINE = datetime(2026, 10, 5, 9, 2, 11, tzinfo=LONDON)
END = datetime(2026, 10, 5, 11, 40, tzinfo=LONDON)
WHOLE = Seal(4_118, "3095 55d1 a940 4a77", "7c1e 90ab 44d2 0f3b")


def report(**other: Any) -> Evidence:
    """One without any outage, unless `other` says so."""
    made: dict[str, Any] = {
        "organisation": "University of Northmoor",
        "ukprn": "10999417",
        "urn": "",
        "since": None,
        "until": None,
        "written": datetime(2026, 10, 5, 14, 30, tzinfo=LONDON),
        "program": "Holdfast 0.1.0",
        "portals": ("Register trainee teachers",),
        "outages": (),
        "spells": (),
        "attempts": (),
        "changes": (),
        "deadlines": (),
        "seal": WHOLE,
    }
    return Evidence(**(made | other))


def outage_report(
    tries: int = 14,
    changes: int = 12,
    people: int = 9,
    *,
    detail: str = "",
    lasts: bool = False,
    **other: Any,
) -> Evidence:
    """Register was out from 9:02am to 11:40am (or still is); everything was confirmed by 12:03pm."""
    end = None if lasts else END
    said = detail or "Register shows a maintenance page instead of answering."
    step = ((end or NINE + timedelta(hours=5)) - NINE) / (tries + 1)
    attempts = tuple(
        Attempt(n, NINE + step * n, 1, "read", PortalState.MAINTENANCE, said, min(n, changes))
        for n in range(tries)
    )
    made = tuple(
        WaitingChange(
            record=f"01a202be-9c93-75e7-b7e2-{n:012}",
            portal_id=f"FYWnvezJunbR4xcyZnvN7{n:03}",
            own_id=f"NM26-{n:05}",
            kind=ChangeKind.UPDATE,
            what="Change",
            money=not n,
            saved=NINE - timedelta(minutes=n),
            by="Sam",
            ready=NINE - timedelta(minutes=n),
            fate=Fate.WAITING if lasts else Fate.CONFIRMED,
            settled=None if lasts else END + timedelta(minutes=23 - n % 20),
            outages=(1,),
        )
        for n in range(changes)
    )
    made = tuple(type(c)(**{**vars(c), "record": made[n % people].record}) for n, c in enumerate(made))
    one = Outage(
        "trainees",
        PortalState.MAINTENANCE,
        NINE,
        end,
        tries,
        said,
        1,
        "Register",
        "read",
        changes,
        people,
        changes,
        None if lasts else END + timedelta(minutes=23),
    )
    return report(
        outages=(one,),
        spells=(Spell("Register", NINE, end, tries, (1,), "trainee"),),
        attempts=attempts,
        changes=made,
        **other,
    )


def deadline(**other: Any) -> DeadlineTouched:
    """The census, at which 12 changes were unsent."""
    made: dict[str, Any] = {
        "day": date(2026, 10, 5),
        "what": "ITT census 2026 to 2027",
        "closes": datetime(2026, 10, 6, tzinfo=LONDON),
        "passed": True,
        "unsent": 12,
        "people": 9,
        "late": 12,
        "outages": (1,),
    }
    return DeadlineTouched(**(made | other))
