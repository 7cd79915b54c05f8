"""The files that the web pages offer: the export of 76 columns, census and performance profile, the funder's two. Pack 9."""

import re

import pytest

from desktop.handover.payments import read_payments
from desktop.handover.reading import open_sheet
from desktop.handover.register_export import read_export
from desktop.practice.people import furnish
from tests.contract.practice.browsing import Visitor, rows_of
from tests.contract.practice.conftest import KNOWN_SCHOOL, client_of, person, uk_degree


@pytest.fixture
def visitor(site):
    with client_of(site.portal.register_url, timeout=10) as http:
        yield Visitor(http).sign_in()


@pytest.fixture
def crowd(site):
    furnish(site.portal.state, 300, 7)
    return site.control.trainees()


def save(visitor, path, folder):
    """The file of a link, under the name that the portal gives it."""
    reply = visitor.get(path).reply
    told = re.fullmatch(r'attachment; filename="([^"/\\]+)"', reply.headers["content-disposition"])
    assert told is not None
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    out = folder / told[1]
    out.write_bytes(reply.content)
    return out


def exported(visitor, path="/trainees.csv"):
    return {row["register_id"]: row for row in rows_of(visitor.get(path).reply.content)}


# --- the export


def test_an_export_tells_a_trainee_in_words(site, visitor):
    degrees = [
        uk_degree(),
        {"country": "FR", "non_uk_degree": "051", "subject": "101000", "graduation_year": 2021},
    ]
    one = site.control.add(
        **person(
            degrees_attributes=None,
            ethnicity="103",
            disability1="51",
            disability2="57",
            training_partner_ukprn="10990002",
            training_initiative="no_initiative",
            hesa_id="0310261553101",
        ),
        nationalities=["GB", "AG"],
        degrees=degrees,
        placements=[{"urn": KNOWN_SCHOOL}, {"name": "Hill Hospital School"}, {"urn": "555001"}],
        state="trn_received",
        created_at="2026-09-01T10:00:00Z",
        updated_at="2026-12-01T10:00:00.789Z",
        diversity_disclosure="diversity_disclosed",
    )
    row = exported(visitor)[one["trainee_id"]]
    assert len(row) == 76
    wanted = {
        "completed": "true",
        "trainee_url": f"{site.portal.register_url}/trainees/{one['trainee_id']}",
        "record_source": "Manual",
        "hesa_id": "'0310261553101",
        "trainee_status": "trn_received",
        "start_academic_year": "2026 to 2027",
        "academic_years": "2026 to 2027",
        "record_created_at": "2026-09-01T11:00:00+01:00",
        "register_record_last_changed_at": "2026-12-01T10:00:00+00:00",
        "last_names": "Ashcombe",
        "date_of_birth": "1999-04-12",
        "sex": "Female",
        "nationality": "British, Citizen Of Antigua And Barbuda",
        "ethnic_group": "Asian or Asian British",
        "ethnic_background": "Indian",
        "disability_disclosure": "Has disabilities",
        "disabilities": "Learning difficulty, Deaf",
        "number_of_degrees": "2",
        "degree_1_uk_or_non_uk": "UK",
        "degree_1_subject": "Mathematics",
        "degree_1_grade": "Upper second-class honours (2:1)",
        "degree_1_graduation_year": "2020",
        "course_training_route": "Primary and Secondary Postgraduate Fee Funded",
        "course_qualification": "QTS",
        "course_subject_category": "Mathematics",
        "course_itt_subject_1": "Mathematics",
        "course_minimum_age": "11",
        "course_maximum_age": "16",
        "course_full_or_part_time": "Full time",
        "expected_end_date": "2027-07-02",
        "training_partner_name": "Dale Trust",
        "training_partner_urn": "",
        "training_initiative": "Not on a training initiative",
        "funding_method": "bursary",
        "funding_value": "29000",
        "bursary_tier": "",
        "placement_one": KNOWN_SCHOOL,
        "placement_two": "Hill Hospital School",
        "other_placements": "555001",
        "withdraw_date": "",
    }
    assert {name: row[name] for name in wanted} == wanted
    first, second = row["degrees"].split(" | ")
    assert first.startswith('"UK", "')
    assert second.startswith('"UK", "", "France", '), "the first degree's flag, for every degree"
    assert second.endswith('"", "", "2021"')
    assert second.count('", "') == 8


def test_an_export_tells_the_ends_of_a_training(site, visitor):
    fields = person(degrees_attributes=None)
    gone = site.control.add(
        **fields,
        state="withdrawn",
        withdrawal_date="2026-10-01",
        withdrawal_reasons=["trainee_workload_issues", "never_intended_to_obtain_qts"],
        withdrawal_trigger="trainee",
        withdrawal_future_interest="no",
    )
    held = site.control.add(
        **fields, state="awarded", outcome_date="2026-09-30", awarded_at="2026-10-01T08:00:00Z"
    )
    rows = exported(visitor)
    assert (
        rows[gone["trainee_id"]]["withdraw_reasons"]
        == "Trainee workload issues\nThey never intended to obtain QTS"
    )
    assert rows[gone["trainee_id"]]["withdraw_date"] == "2026-10-01"
    row = rows[held["trainee_id"]]
    assert (row["trainee_status"], row["award_standards_met_date"], row["award_given_at"]) == (
        "QTS_awarded",
        "2026-09-30",
        "2026-10-01T09:00:00+01:00",
    )


def test_records_of_hesa_have_sentences_where_register_has_nothing(site, visitor):
    fields = person(degrees_attributes=None, itt_end_date=None)
    one = site.control.add(**fields, state="deferred", record_source="hesa_collection")
    row = exported(visitor)[one["trainee_id"]]
    assert row["defer_date"] == "Currently no data available in Register"
    assert row["expected_end_date"] == "End date not required by HESA so no data available in Register"


def test_drafts_are_in_the_whole_export_and_nobody_is_one_sentence(site, visitor):
    assert visitor.get("/trainees.csv").reply.text.splitlines()[1].startswith("No trainee data")
    draft = site.control.add(last_name="Ashcombe", state="draft")
    row = exported(visitor)[draft["trainee_id"]]
    assert (row["trainee_status"], row["completed"], row["start_academic_year"]) == ("draft", "false", "")
    assert exported(visitor, "/trainees.csv?text_search=Ashcombe").keys() == {"No trainee data to export"}


def test_the_programs_reader_takes_every_row_and_agrees_with_the_api(site, visitor, crowd, tmp_path):
    found = read_export(save(visitor, "/trainees.csv", tmp_path))
    assert (found.refused, found.missing, found.purpose) == ((), (), "records")
    known = {t["trainee_id"]: t for t in crowd if not t["deleted"]}
    assert {row.register_id for row in found.rows} == known.keys()
    for row in found.rows:
        portal = known[row.register_id]
        assert row.state == portal["state"]
        for name in (
            "first_names",
            "last_name",
            "email",
            "itt_start_date",
            "sex",
            "training_route",
            "course_subject_1",
        ):
            assert row.answers.get(name) == portal[name], (name, row.unread)
        assert [
            u for u in row.unread if u.column in ("sex", "nationality", "degrees", "course_training_route")
        ] == []


# --- census and performance profile


def starter(site, **other):
    fields = person(degrees_attributes=None) | other
    return site.control.add(**{"state": "trn_received"} | fields)["trainee_id"]


def test_the_census_file_has_the_new_starters_who_count(site, visitor, tmp_path):
    here = starter(site)
    starter(site, itt_start_date="2025-09-08", itt_end_date="2027-07-01")
    starter(site, training_route="16")
    starter(site, state="draft")
    starter(site, state="withdrawn", withdrawal_date="2026-10-13")
    late = starter(site, state="withdrawn", withdrawal_date="2026-10-14")
    path = save(visitor, "/reports/censuses.csv", tmp_path)
    assert re.fullmatch(
        r"2026-10-05_10-00-00_New-trainees-2026-2027-sign-off-.*_exported_records\.csv", path.name
    )
    assert {row["register_id"] for row in rows_of(path.read_bytes())} == {here, late}
    assert "Trainees in the file 2" in " ".join(visitor.get("/reports/censuses").page.words.split())
    assert read_export(path).purpose == "census"


def test_the_performance_profile_has_last_years_outcomes(site, visitor, tmp_path):
    last_year = {"itt_start_date": "2025-09-08", "itt_end_date": "2026-07-03"}
    done = starter(site, **last_year, state="awarded", outcome_date="2026-07-01")
    longer = starter(site, itt_start_date="2024-09-09", itt_end_date="2027-07-02")
    starter(
        site,
        itt_start_date="2024-09-09",
        itt_end_date="2025-07-02",
        state="awarded",
        outcome_date="2025-07-01",
    )
    starter(site)
    path = save(visitor, "/reports/performance-profiles.csv", tmp_path)
    assert "2025-2026" in path.name
    assert {row["register_id"] for row in rows_of(path.read_bytes())} == {done, longer}
    assert read_export(path).purpose == "performance"


# --- the funder's files


def test_the_summary_counts_groups_and_the_schedule_pays_their_sum(site, visitor, tmp_path):
    for _ in range(3):
        starter(site)
    starter(site, course_subject_1="100425", funding_method="4")
    starter(site, funding_method="6")
    starter(site, state="draft")
    starter(site, state="withdrawn", withdrawal_date="2026-10-01")
    path = save(visitor, "/funding/trainee-summary.csv", tmp_path)
    assert path.name == "university-of-northmoor-trainee-summary-2026-to-2027.csv"
    rows = rows_of(path.read_bytes())
    assert rows[0] == {
        "Funding type": "ITT bursary",
        "Route": "Provider-led",
        "Course": "Mathematics",
        "Lead school": "",
        "Tier": "Not applicable",
        "Number of trainees": "3",
        "Amount per trainee": "£29,000.00",
        "Total": "£87,000.00",
    }
    assert [(r["Funding type"], r["Course"], r["Number of trainees"]) for r in rows[1:]] == [
        ("ITT scholarship", "Physics", "1")
    ]
    path = save(visitor, "/funding/payment-schedule.csv", tmp_path)
    assert path.name == "university-of-northmoor-payment_schedule-2026-to-2027.csv"
    months = rows_of(path.read_bytes())
    assert [m["Month"] for m in months[:3]] == ["August 2026", "September 2026", "October 2026"]
    assert (months[0]["Month total"], months[2]["Month total"]) == ("0", "£11,800.00")
    assert months[-1] == {
        "Month": "Total",
        "ITT bursary payments": "£87,000.00",
        "ITT scholarship payments": "£31,000.00",
        "Month total": "£118,000.00",
    }
    assert "£87,000.00" in visitor.get("/funding/trainee-summary").page.words
    assert "£11,800.00" in visitor.get("/funding/payment-schedule").page.words


def test_the_programs_reader_finds_nothing_wrong_in_the_funders_files(visitor, crowd, tmp_path):
    for path in ("/funding/trainee-summary.csv", "/funding/payment-schedule.csv"):
        saved = save(visitor, path, tmp_path)
        with open_sheet(saved) as sheet:
            found = read_payments(sheet.rows, saved.name)
        assert found.remarks == ()
        assert (found.organisation, found.year) == ("university-of-northmoor", 2026)
        total_p = sum(row.total_p for row in found.summary) or sum(month.total_p for month in found.months)
        assert total_p > 10_000_000
