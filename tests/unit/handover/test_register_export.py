"""Register's own export: what each of its columns says, in codes, and what is left unread."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from desktop.collections.trainees import COLLECTION, website
from desktop.handover.register_export import CANNOT_HOLD, WebExport, WebRow, read_export
from desktop.model.errors import UsageError
from desktop.model.glimpse import ShownSet
from tests import website_export

TRAINEE: dict[str, Any] = {
    "trainee_id": "11zw7aoq3u2RhhZDmc7N6GJ6",
    "state": "trn_received",
    "updated_at": "2026-10-05T09:30:11.482Z",
    "created_at": "2026-09-01T08:00:00.000Z",
    "submitted_for_trn_at": "2026-09-02T08:00:00.000Z",
    "record_source": "manual",
    "application_id": 1000001,
    "hesa_id": "0310261553101",
    "provider_trainee_id": "S-1",
    "trn": "3000001",
    "first_names": "Leonie",
    "middle_names": "Maud",
    "last_name": "Ashcombe",
    "date_of_birth": "1999-04-12",
    "sex": "10",
    "nationality": "GW",
    "email": "leonie@mail.example",
    "ethnicity": "120",
    "disability1": "51",
    "disability2": "55",
    "training_route": "12",
    "course_subject_1": "100403",
    "course_subject_2": "100425",
    "course_age_range": "13918",
    "study_mode": "01",
    "itt_start_date": "2026-09-07",
    "itt_end_date": "2027-07-02",
    "trainee_start_date": "2026-09-08",
    "training_partner_urn": "123456",
    "employing_school_urn": "654321",
    "training_initiative": "026",
    "funding_method": "D",
    "degrees": [
        {
            "uk_degree": "083",
            "subject": "100403",
            "institution": "0116",
            "grade": "02",
            "graduation_year": 2020,
        },
        {"non_uk_degree": "051", "subject": "100048", "country": "FR", "graduation_year": 2024},
    ],
    "placements": [
        {"urn": "100001", "name": "Northmoor"},
        {"name": "Forest school"},
        {"urn": "100003"},
        {"name": "Beach school"},
    ],
}
SAYS_NOTHING = {
    "completed",
    "trainee_url",
    "start_academic_year",
    "end_academic_year",
    "academic_years",
    "hesa_record_last_changed_at",
    "diversity_disclosure",
    "degree_1_uk_or_non_uk",
    "course_qualification",
    "course_education_phase",
    "course_subject_category",
    "course_level",
    "course_duration_in_years",
    "training_partner_name",
    "employing_school_name",
    "funding_value",
}
"""Columns that say nothing of a field of ours: derived from others, or the portal's own reckoning."""

OTHERS: dict[str, tuple[str, Callable[[WebRow], Any], Any]] = {
    "register_id": ("Another1", lambda r: r.register_id, "Another1"),
    "register_record_last_changed_at": (
        "2026-12-01T00:00:00+01:00",
        lambda r: r.changed_at,
        datetime(2026, 11, 30, 23, tzinfo=UTC),
    ),
    "trainee_status": ("QTS_awarded", lambda r: r.state, "awarded"),
    "provider_name": ("Saltersgate", lambda r: r.provider, ("Saltersgate", "N11")),
    "provider_id": ("S22", lambda r: r.provider, ("Northmoor", "S22")),
    "record_source": ("Apply", lambda r: r.extras["record_source"], "apply"),
    "apply_id": ("77", lambda r: r.answers["application_id"], 77),
    "hesa_id": ("'1234567890123", lambda r: r.answers["hesa_id"], "1234567890123"),
    "provider_trainee_id": ("S-2", lambda r: r.answers["provider_trainee_id"], "S-2"),
    "trn": ("0000001", lambda r: r.extras["trn"], "0000001"),
    "record_created_at": (
        "2026-01-01T00:00:00Z",
        lambda r: r.extras["created_at"],
        "2026-01-01T00:00:00Z",
    ),
    "submitted_for_trn_at": ("", lambda r: r.extras["submitted_for_trn_at"], None),
    "first_names": ("Ada", lambda r: r.answers["first_names"], "Ada"),
    "middle_names": ("", lambda r: r.answers["middle_names"], None),
    "last_names": ("'=Ashcombe", lambda r: r.answers["last_name"], "=Ashcombe"),
    "date_of_birth": ("1998-04-12", lambda r: r.answers["date_of_birth"], "1998-04-12"),
    "sex": ("Not provided", lambda r: r.answers["sex"], "99"),
    "nationality": ("British", lambda r: r.answers["nationality"], "GB"),
    "email_address": ("a@b.example", lambda r: r.answers["email"], "a@b.example"),
    "ethnic_group": ("Another ethnic group", lambda r: r.answers["ethnicity"], "120"),
    "ethnic_background": ("Chinese", lambda r: r.answers["ethnicity"], "101"),
    "ethnic_background_additional": ("words", lambda r: r.extras["additional_ethnic_background"], "words"),
    "disability_disclosure": ("Not provided", lambda r: r.sets[0].values, ("51", "55")),
    "disabilities": ("Deaf", lambda r: r.sets[0].values, ("57",)),
    "number_of_degrees": ("3", lambda r: "degrees" in r.children, False),
    "degree_1_awarding_institution": ("x", lambda r: "degrees" in r.children, False),
    "degree_1_country": ("France", lambda r: "degrees" in r.children, False),
    "degree_1_subject": ("Ceramics", lambda r: "degrees" in r.children, False),
    "degree_1_type_uk": ("", lambda r: "degrees" in r.children, False),
    "degree_1_type_non_uk": ("x", lambda r: "degrees" in r.children, False),
    "degree_1_grade": ("Pass", lambda r: "degrees" in r.children, False),
    "degree_1_other_grade": ("x", lambda r: "degrees" in r.children, False),
    "degree_1_graduation_year": ("2001", lambda r: "degrees" in r.children, False),
    "degrees": ("", lambda r: "degrees" in r.children, False),
    "course_training_route": ("HPITT", lambda r: r.answers["training_route"], "21"),
    "course_itt_subject_1": ("design", lambda r: r.answers["course_subject_1"], "100048"),
    "course_itt_subject_2": ("", lambda r: r.answers["course_subject_2"], None),
    "course_itt_subject_3": ("product design", lambda r: r.answers["course_subject_3"], "100050"),
    "course_minimum_age": ("3", lambda r: "course_age_range" in r.answers, False),
    "course_maximum_age": ("19", lambda r: r.answers["course_age_range"], "13919"),
    "course_full_or_part_time": ("Part time", lambda r: r.answers["study_mode"], "31"),
    "itt_start_date": ("", lambda r: r.answers["itt_start_date"], None),
    "expected_end_date": (
        "End date not required by HESA so no data available in Register",
        lambda r: "itt_end_date" in r.answers,
        False,
    ),
    "trainee_start_date": ("2026-10-01", lambda r: r.answers["trainee_start_date"], "2026-10-01"),
    "training_partner_urn": ("", lambda r: r.answers["training_partner_urn"], None),
    "employing_school_urn": ("111111", lambda r: r.answers["employing_school_urn"], "111111"),
    "training_initiative": (
        "Not on a training initiative",
        lambda r: r.answers["training_initiative"],
        None,
    ),
    "funding_method": ("scholarship", lambda r: r.answers["funding_method"], "4"),
    "bursary_tier": ("Tier 2", lambda r: r.answers["funding_method"], "8"),
    "placement_one": ("100009", lambda r: r.children["placements"].children[0], {"urn": "100009"}),
    "placement_two": ("Farm", lambda r: r.children["placements"].children[1], {"name": "Farm"}),
    "other_placements": ("", lambda r: len(r.children["placements"].children), 2),
    "award_standards_met_date": ("2027-07-01", lambda r: r.extras["outcome_date"], "2027-07-01"),
    "award_given_at": (
        "Currently no data available in Register",
        lambda r: "awarded_at" in r.extras,
        False,
    ),
    "defer_date": ("2026-12-01", lambda r: r.extras["defer_date"], "2026-12-01"),
    "return_from_deferral_date": ("2027-01-01", lambda r: r.extras["reinstate_date"], "2027-01-01"),
    "withdraw_date": ("2026-11-11", lambda r: r.extras["withdrawal_date"], "2026-11-11"),
    "withdraw_reasons": (
        "Safeguarding concerns\nAnother reason\nHer own words",
        lambda r: r.extras["withdrawal_reasons"],
        ["safeguarding_concerns", "Another reason", "Her own words"],
    ),
    "withdrawal_trigger": ("provider", lambda r: r.extras["withdrawal_trigger"], "provider"),
    "withdrawal_future_interest": ("no", lambda r: r.extras["withdrawal_future_interest"], "no"),
}


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., WebRow]:
    def one(**cells: str) -> WebRow:
        (row,) = exported([cells]).rows
        return row

    def exported(rows: list[dict[str, str]]) -> WebExport:
        path = tmp_path / "2026-10-05_10-31_12_Register-trainee-teachers_exported_records.csv"
        plain = website_export.row_of(TRAINEE, provider_name="Northmoor", provider_code="N11")
        path.write_bytes(website_export.written(plain | cells for cells in rows))
        return read_export(path)

    return one


def test_the_columns_are_the_seventy_six_of_the_website() -> None:
    assert len(website.columns()) == 76
    assert OTHERS.keys() | SAYS_NOTHING == set(website.columns())


def test_a_row_as_a_whole(read: Callable[..., WebRow]) -> None:
    row = read()
    told = {f.name: TRAINEE.get(f.name) for f in COLLECTION.fields}
    for name, value in row.answers.items():
        assert value == told[name], name
    assert row.sets == (ShownSet(tuple(f"disability{n}" for n in range(1, 10)), ("51", "55")),)
    assert row.children["degrees"].whole
    for shown, degree in zip(row.children["degrees"].children, TRAINEE["degrees"], strict=True):
        assert {n: v for n, v in shown.items() if v is not None} == degree
    placements = row.children["placements"]
    assert placements.children == ({"urn": "100001"}, {"name": "Forest school"}, {"urn": "100003"})
    assert not placements.whole, "a third place without a URN has no room in the file"
    assert row.unread == ()
    assert row.changed_at == datetime(2026, 10, 5, 9, 30, 11, tzinfo=UTC)
    assert (row.label, row.state, row.provider) == ("Ashcombe, Leonie", "trn_received", ("Northmoor", "N11"))


@pytest.mark.parametrize("column", sorted(OTHERS))
def test_what_another_cell_says(column: str, read: Callable[..., WebRow]) -> None:
    cell, look, expected = OTHERS[column]
    assert look(read(**{column: cell})) == expected


@pytest.mark.parametrize("column", sorted(SAYS_NOTHING))
def test_a_column_that_says_nothing_of_ours(column: str, read: Callable[..., WebRow]) -> None:
    assert read(**{column: "Something else"}) == read()


UNREAD = {
    "sex": "Elf",
    "nationality": "British, Irish",
    "date_of_birth": "12/04/1999",
    "hesa_id": "3.10E+11",
    "apply_id": "x",
    "course_training_route": "Early years",
    "course_itt_subject_1": "wizardry",
    "course_full_or_part_time": "Now and then",
    "training_initiative": "Troops to Teachers",
    "training_partner_urn": "12",
    "funding_method": "bounty",
    "disabilities": "Deaf, her own words",
    "trainee_status": "levitating",
    "withdraw_date": "soon",
    "email_address": "a\x07b",
}


@pytest.mark.parametrize("column", sorted(UNREAD))
def test_words_that_mean_nothing_or_several_things_are_unread_and_named(
    column: str, read: Callable[..., WebRow]
) -> None:
    row = read(**({"funding_method": ""} | {column: UNREAD[column]}))
    assert [(cell.column, cell.words) for cell in row.unread] == [(column, UNREAD[column])]
    for cell in row.unread:
        assert cell.path not in row.answers


def test_a_bursary_is_told_by_route_and_tier_and_left_unread_without_them(
    read: Callable[..., WebRow],
) -> None:
    assert read(course_training_route="Opt-in (undergraduate)").answers["funding_method"] == "B"
    veterans = read(
        course_training_route="Opt-in (undergraduate)",
        training_initiative="Veteran teaching undergraduate bursary",
    )
    assert veterans.answers["funding_method"] == "C"
    assert read(funding_method="not funded").answers["funding_method"] == "6"
    assert read(funding_method="").answers["funding_method"] is None
    assert "funding_method" not in read(funding_method="not available").answers
    (cell,) = read(course_training_route="").unread
    assert cell.choices == ("B", "D")


def test_who_told_of_no_disability_and_who_told_nothing(read: Callable[..., WebRow]) -> None:
    assert read(disabilities="", disability_disclosure="No disabilities").sets[0].values == ("95",)
    assert read(disabilities="", disability_disclosure="Not provided").sets[0].values == ("98",)
    assert read(disabilities="", disability_disclosure="").sets[0].values == ()
    assert read(disabilities="", disability_disclosure="Has disabilities").sets == ()


def test_what_the_file_has_no_column_for() -> None:
    assert set(CANNOT_HOLD) == {
        "itt_aim",
        "itt_qualification_aim",
        "course_year",
        "fund_code",
        "ni_number",
        "previous_last_name",
        "iqts_country",
        "pg_apprenticeship_start_date",
        "additional_training_initiative",
        "training_partner_ukprn",
    }


@pytest.mark.parametrize("list_name", sorted({f.codes for f in COLLECTION.fields if f.codes}))
def test_every_code_has_words_that_lead_back_to_it(list_name: str) -> None:
    lists = COLLECTION.code_lists
    for code in lists.codes(list_name):
        assert lists.canonical(list_name, code) in website.codes_of(
            list_name, website.words_of(list_name, code)
        )


def test_the_name_of_the_file_says_when_and_what_for(tmp_path: Path) -> None:
    rows = [website_export.row_of(TRAINEE, provider_name="Northmoor")]
    for name, purpose, hour in (
        ("2026-10-20_10-31_12_Register-trainee-teachers_exported_records.csv", "records", 9),
        ("2026-11-20_10-31-12_New-trainees-2026-2027-sign-off-Register_exported_records.csv", "census", 10),
        ("2027-01-20_10-31-12_2025-2026-trainees-performance-profiles-sign-off.csv", "performance", 10),
        ("trainees.csv", "", None),
    ):
        path = tmp_path / name
        path.write_bytes(website_export.written(rows))
        export = read_export(path)
        assert export.purpose == purpose
        assert (export.taken_at.hour if export.taken_at else None) == hour, "London time"
        assert export.as_of == (export.taken_at or export.newest)


def test_a_spreadsheet_that_shortens_rows_clears_nothing(tmp_path: Path) -> None:
    path = tmp_path / "saved.csv"
    head = ",".join(website.columns())
    start = "abc,true,,,,,,,trn_received,,,,,2026-10-05T09:30:11Z"
    other = start.replace("abc", "def")
    path.write_text(f"{head}\n{start}\n{other}\n")
    export = read_export(path)
    assert [set(row.answers) for row in export.rows] == [
        {"provider_trainee_id", "hesa_id", "application_id"}
    ] * 2


def test_a_file_of_which_no_row_can_be_taken_says_why(tmp_path: Path) -> None:
    path = tmp_path / "saved.csv"
    rows = [website_export.row_of(TRAINEE | {"updated_at": "05/10/2026 09:30"})]
    path.write_bytes(website_export.written(rows))
    with pytest.raises(UsageError, match="export it again and load it as it came"):
        read_export(path)
