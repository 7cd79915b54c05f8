"""Bulk recommend: the list of those who may be recommended, and the file that comes back with dates. Source: pack 4.2."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date

from desktop.collections.reading import years_before
from desktop.practice.actions import recommend
from desktop.practice.record import Record
from desktop.practice.state import PROVIDER_UKPRN, State
from desktop.practice.trainees import save
from desktop.practice.validation import action_issues
from desktop.practice.web import words
from desktop.practice.web.sheets import Row, Table, Unusable, Verdict

DATE = "Date QTS or EYTS requirements met"
SKIP = "Do not edit"
_HINT = "For example, 20/7/2022\n\nDelete row if the trainee's QTS or EYTS status is not changing"
_DAY = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_MATCHING = (("TRN", "trn"), ("HESA ID", "hesa_id"), ("Provider trainee ID", "provider_trainee_id"))
_SHAPES = {"TRN": (r"\d{7}", "must be 7 digits"), "HESA ID": (r"\d{13}|\d{17}", "must be 13 or 17 digits")}
_NAMES = {"First names": "first_names", "Last names": "last_name"}
_SHOWN: dict[str, Callable[[Record, State], str]] = {
    "Training partner": lambda record, state: words.partner_name(record, state) or "-",
    "QTS or EYTS": lambda record, _: words.award(record),
    "Route": lambda record, _: words.of_field(record, "training_route"),
    "Phase": lambda record, _: words.phase(record),
    "Age range": lambda record, _: words.of_field(record, "course_age_range"),
    "Subject": lambda record, _: words.subjects(record),
}


def waiting(records: list[Record]) -> list[Record]:
    """Who may be recommended: a TRN was received, and the course has not ended otherwise."""
    return [record for record in records if record.state == "trn_received"]


def listed(records: list[Record], state: State) -> list[list[object]]:
    """The list to download. The column of HESA IDs is left out when nobody has one."""
    found = waiting(records)
    with_hesa = any(record.get("hesa_id") for record in found)
    heads = ["TRN", "Provider trainee ID", *(["HESA ID"] if with_hesa else []), "Last names", "First names"]
    rows: list[list[object]] = [[*heads, *_SHOWN, DATE]]
    rows.append([*[SKIP] * (len(rows[0]) - 1), _HINT])
    for record in found:
        hesa = [f"'{record.get('hesa_id')}'" if record.get("hesa_id") else ""] if with_hesa else []
        own = [record.get("trn"), record.get("provider_trainee_id"), *hesa]
        names = [record.get("last_name"), record.get("first_names")]
        rows.append([*own, *names, *(show(record, state) for show in _SHOWN.values()), ""])
    return rows


def refuse_heads(table: Table) -> None:
    """Something that names a trainee, and the dates; at least one of them filled in. Raises Unusable."""
    if all(table.place(head) is None for head, _ in _MATCHING):
        raise Unusable("The selected file must have a column TRN, HESA ID or Provider trainee ID")
    place = table.place(DATE)
    if place is None:
        raise Unusable(f"The selected file must have a column ‘{DATE}’")
    if not any(row.cell(place) for row in table.rows if not _is_advice(row)):
        raise Unusable("The selected file must have at least one date in its last column")


def check(table: Table, state: State) -> tuple[list[Verdict], list[tuple[str, str]]]:
    """What is wrong with each row, and (trainee, day) of those that can be recommended. Blank dates are left out."""
    told: list[Verdict] = []
    ready: list[tuple[str, str]] = []
    known = _by_key(state)
    for row in table.rows:
        if _is_advice(row):
            told.append(None)
            continue
        errors: list[str] = []
        typed = row.cell(table.place(DATE))
        if typed:
            day = _day(typed, state.clock.today(), errors)
            record = _matched(table, row, known, errors)
            if record is not None:
                _compare(table, row, record, state, errors)
                _complete(record, day, state, errors)
            if record is not None and day is not None and not errors:
                ready.append((record.slug, day.isoformat()))
        told.append(errors)
    return told, _once(ready)


def store(ready: list[tuple[str, str]], state: State) -> int:
    """Recommend those that `check` found right; how many it were (a state may have moved since)."""
    done = 0
    for slug, day in ready:
        record = state.find(slug, PROVIDER_UKPRN)
        outcome = recommend(record.clone(), {"qts_standards_met_date": day}, state) if record else None
        if record is not None and isinstance(outcome, Record):
            save(outcome, record, state)
            done += 1
    return done


def _once(ready: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return list(dict(ready).items())


def _is_advice(row: Row) -> bool:
    return any(cell.strip() == SKIP for cell in row.cells)


def _by_key(state: State) -> dict[str, dict[str, list[Record]]]:
    found: dict[str, dict[str, list[Record]]] = {head: {} for head, _ in _MATCHING}
    for record in state.records.values():
        if record.ukprn == PROVIDER_UKPRN and not record.deleted:
            for head, name in _MATCHING:
                if value := record.get(name):
                    found[head].setdefault(str(value).casefold(), []).append(record)
    return found


def _day(typed: str, today: date, errors: list[str]) -> date | None:
    found = _DAY.fullmatch(typed)
    try:
        day = date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        day = None
    if day is None:
        errors.append(f"{DATE} must be a real date, for example 20/7/2022")
    elif day > today:
        errors.append(f"{DATE} must not be in the future")
    elif day < years_before(today, 1):
        errors.append(f"{DATE} must be within the last 12 months")
    return day


def _matched(
    table: Table, row: Row, known: dict[str, dict[str, list[Record]]], errors: list[str]
) -> Record | None:
    """The one trainee that the row names: by TRN, else HESA ID, else provider trainee ID."""
    for head, _ in _MATCHING:
        value = row.cell(table.place(head))
        if not value:
            continue
        shape, why = _SHAPES.get(head, (r".*", ""))
        if not re.fullmatch(shape, value):
            errors.append(f"{head} {why}")
            return None
        found = known[head].get(value.casefold(), [])
        if len(found) != 1:
            errors.append(
                f"{'No trainee' if not found else 'More than one trainee'} was found with this {head}"
            )
            return None
        return found[0]
    errors.append("TRN, HESA ID or Provider trainee ID must be entered")
    return None


def _compare(table: Table, row: Row, record: Record, state: State, errors: list[str]) -> None:
    """Every column that is there must say what the record says."""
    for head, name in _MATCHING:
        cell = row.cell(table.place(head))
        if cell and cell.casefold() != str(record.get(name) or "").casefold():
            errors.append(f"{head} does not match the trainee’s record")
    for head, name in _NAMES.items():
        cell = row.cell(table.place(head))
        if cell and _plain(cell) != _plain(str(record.get(name) or "")):
            errors.append(f"{head} do not match the trainee’s record")
    for head, show in _SHOWN.items():
        cell = row.cell(table.place(head))
        if cell and cell.casefold() != show(record, state).casefold():
            errors.append(f"{head} does not match the trainee’s record")


def _plain(name: str) -> str:
    """Without case and accents."""
    folded = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(ch for ch in folded if not unicodedata.combining(ch)).split())


def _complete(record: Record, day: date | None, state: State, errors: list[str]) -> None:
    """The state, and what a recommendation needs: degree, placements, a day not before the start."""
    if record.state != "trn_received":
        errors.append("Trainee is not in the TRN received state, so they cannot be recommended")
        return
    data = {"qts_standards_met_date": day.isoformat() if day else state.clock.today().isoformat()}
    for issue in action_issues("recommend", record, data, state):
        if issue.field != "qts_standards_met_date":
            errors.append(f"{issue.field} {issue.text}")
        elif day is not None and day <= state.clock.today():
            errors.append(f"{DATE} must not be before the ITT start date")
