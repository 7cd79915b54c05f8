"""Bulk placements: the list of placements, and the file that replaces those at schools. Source: pack 4.3.

As in the real service nothing is compared with an earlier version, and what is deleted stays deleted when a new URN of the
row then fails.
"""

from __future__ import annotations

import re

from desktop.practice.record import Placement, Record
from desktop.practice.state import PROVIDER_UKPRN, State, parse_day
from desktop.practice.trainees import save
from desktop.practice.web.sheets import Row, Table, Unusable, Verdict

TRN, START = "TRN", "Trainee ITT start date"
URNS = tuple(f"Placement {n} URN" for n in range(1, 6))
MANUAL = "ADDED MANUALLY"
ADVICE = "Do not change this column"
_ORDINALS = ("first", "second", "third", "fourth", "fifth")
_NO_URN = "If you do not know the placement school's URN, leave the cell empty."
_ENDED = frozenset({"withdrawn", "awarded"})


def waiting(records: list[Record]) -> list[Record]:
    """Whose placements may be changed by file: those with a TRN whose training has not ended."""
    return [record for record in records if record.get("trn") and record.state not in _ENDED]


def listed(records: list[Record]) -> list[list[object]]:
    """The list to download: URNs of schools; a placement without a school is marked."""
    advice = [f"The URN of the trainee's {nth} placement school.\n{_NO_URN}" for nth in _ORDINALS]
    rows: list[list[object]] = [[TRN, START, *URNS], [ADVICE, ADVICE, *advice]]
    for record in waiting(records):
        start = parse_day(record.get("itt_start_date"))
        held = [placement.school or MANUAL for placement in record.placements][: len(URNS)]
        day = start.strftime("%d/%m/%Y") if start else ""
        rows.append([record.get("trn"), day, *held, *[""] * (len(URNS) - len(held))])
    return rows


def refuse_heads(table: Table) -> None:
    """Four columns are needed, three more may be there, no others. Raises Unusable."""
    needed = (TRN, START, *URNS[:2])
    if missing := [head for head in needed if table.place(head) is None]:
        raise Unusable("The selected file is missing the following columns: " + ", ".join(missing))
    known = {head.casefold() for head in (*needed, *URNS, "Errors")}
    if extra := [head for head in table.heads if head.strip().casefold() not in known]:
        named = ", ".join(head.strip() or "a column without a name" for head in extra)
        raise Unusable(f"The selected file has columns that do not belong there: {named}")
    if all(_is_advice(row) for row in table.rows):
        raise Unusable("The selected file does not have any trainees in it")


def take(table: Table, state: State) -> tuple[list[Verdict], int]:
    """Carry the file out row by row: what was wrong with each, and how many trainees were changed."""
    told: list[Verdict] = []
    changed = 0
    by_trn: dict[str, list[Record]] = {}
    for record in state.records.values():
        if record.ukprn == PROVIDER_UKPRN and not record.deleted and record.get("trn"):
            by_trn.setdefault(str(record.get("trn")), []).append(record)
    for row in table.rows:
        if _is_advice(row):
            told.append(None)
            continue
        errors: list[str] = []
        trn = row.cell(table.place(TRN))
        found = by_trn.get(trn, [])
        if len(found) == 1:
            changed += _replace(table, row, state.records[found[0].slug], state, errors)
        elif not re.fullmatch(r"\d{7}", trn):
            errors.append("TRN must be 7 digits")
        else:
            errors.append(f"{'More than one trainee' if found else 'No trainee'} was found with this TRN")
        told.append(errors)
    return told, changed


def _is_advice(row: Row) -> bool:
    return bool(row.cells) and row.cells[0].strip().startswith(ADVICE)


def _replace(table: Table, row: Row, record: Record, state: State, errors: list[str]) -> bool:
    now = state.clock.now_us()
    changed = record.clone()
    changed.placements = [placement for placement in record.placements if placement.school is None]
    for head in URNS:
        urn = row.cell(table.place(head))
        if not urn or urn.casefold() == MANUAL.casefold():
            continue
        if not re.fullmatch(r"\d{6}", urn):
            errors.append(f"{head} must be 6 digits")
        elif urn not in state.schools:
            errors.append(f"{head} was not found. Check the school’s unique reference number")
        else:
            changed.placements.append(Placement(state.new_slug(), urn, None, None, None, now, now))
    first = bool(changed.placements) and not record.placement_flag
    changed.placement_flag = changed.placement_flag or bool(changed.placements)
    save(changed, record, state, rewritten=first)
    return True
