"""Bulk add trainees: a file of 51 columns, checked as POST is, stored whole or not at all. Source: pack 4.1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from desktop.practice.incoming import Issue
from desktop.practice.record import Record
from desktop.practice.state import PROVIDER_UKPRN, State
from desktop.practice.trainees import draft_of, duplicates, enrol
from desktop.practice.validation import as_list, placement_issues, trainee_issues
from desktop.practice.web.sheets import ERRORS, RESULTS, Row, Table, Unusable

_OWN_COLUMNS = """provider_trainee_id application_id hesa_id first_names last_name previous_last_name date_of_birth ni_number sex
email nationality ethnicity disability1 disability2 disability3 disability4 disability5 disability6 disability7 disability8
disability9 itt_aim training_route itt_qualification_aim course_subject_1 course_subject_2 course_subject_3 study_mode
itt_start_date itt_end_date course_age_range course_year training_partner_urn employing_school_urn trainee_start_date
pg_apprenticeship_start_date fund_code funding_method training_initiative additional_training_initiative"""
_OWN = _OWN_COLUMNS.split()
_PLACEMENTS = ("placement_1_urn", "placement_2_urn", "placement_3_urn")
_DEGREE = {
    "uk_degree": "uk_degree",
    "non_uk_degree": "non_uk_degree",
    "degree_subject": "subject",
    "degree_grade": "grade",
    "degree_graduation_year": "graduation_year",
    "awarding_institution": "institution",
    "degree_country": "country",
}
COLUMNS = (*_OWN, *_PLACEMENTS, *_DEGREE, "iqts_country")
_DEGREE_COLUMN = {field: column for column, field in _DEGREE.items()}


def refuse_heads(table: Table) -> None:
    """All columns and no others, in any order; those of a file that was given back may stay. Raises Unusable."""
    heads = [head.strip().lower() for head in table.heads]
    if "" in heads:
        raise Unusable("Your file has a column without a name. Use the CSV template")
    if missing := [column for column in COLUMNS if column not in heads]:
        raise Unusable(
            "Your file’s column names need to match the CSV template. Your file is missing the following columns: "
            + ", ".join(f"‘{name}’" for name in missing)
        )
    known = {*COLUMNS, RESULTS.lower(), ERRORS.lower()}
    if extra := [head for n, head in enumerate(heads) if head not in known or head in heads[:n]]:
        raise Unusable(
            "Your file’s column names need to match the CSV template. Your file has the following extra columns: "
            + ", ".join(f"‘{name}’" for name in extra)
        )
    if not table.rows:
        raise Unusable("The selected file does not have any trainees in it")


def check(table: Table, state: State) -> tuple[list[list[str]], list[Record]]:
    """What is wrong with each row, and the trainees they would make; nothing is stored."""
    told: list[list[str]] = []
    made: list[Record] = []
    for row in table.rows:
        record, issues = draft_of(_sent(table, row), PROVIDER_UKPRN, state, "csv")
        errors = _words([*trainee_issues(record, state), *issues])
        for number, placement in enumerate(record.placements, 1):
            found = placement_issues(placement, record, state)
            errors += [f"placement_{number}_urn {issue.field} {issue.text}".strip() for issue in found]
        if not errors and duplicates(record, state, made):
            errors = ["This trainee is already in Register"]
        told.append(errors)
        made.append(record)
    return told, made


def store(made: Sequence[Record], state: State) -> None:
    """Put trainees there that `check` found nothing wrong with."""
    for record in made:
        enrol(record, state)


def _sent(table: Table, row: Row) -> dict[str, Any]:
    """A row as the API would have got it: blank cells are not sent, an apostrophe before a cell is taken off."""
    cells = {name: value for name in COLUMNS if (value := _cell(row, table.place(name)))}
    data: dict[str, Any] = {name: cells[name] for name in (*_OWN, "iqts_country") if name in cells}
    degree = {field: cells[column] for column, field in _DEGREE.items() if column in cells}
    if degree:
        data["degrees_attributes"] = [degree]
    data["placements_attributes"] = [{"urn": cells[name]} for name in _PLACEMENTS if name in cells]
    return data


def _cell(row: Row, place: int | None) -> str:
    text = row.cells[place].strip() if place is not None and place < len(row.cells) else ""
    return text.removeprefix("'").strip()


def _words(issues: Sequence[Issue]) -> list[str]:
    """The complaints of the API, with the columns of the file in place of a degree's fields."""
    named = [
        Issue(_DEGREE_COLUMN.get(issue.field, issue.field), issue.text)
        if issue.parent == "degrees_attributes"
        else issue
        for issue in issues
    ]
    return as_list(named)
