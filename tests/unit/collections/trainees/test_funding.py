"""What would be paid. The sums of 2026 to 2027 are those of the domain pack, section 5."""

from __future__ import annotations

import pytest

from desktop.collections.trainees import tables
from desktop.collections.trainees.funding import estimate, subject_words
from tests.unit.collections.trainees.sample import EARLY_YEARS, UNDERGRADUATE, document

PHYSICS, MATHS, CHEMISTRY, COMPUTING = "100425", "100403", "100417", "100366"
FRENCH, ITALIAN, LATIN, DESIGN = "100321", "100326", "101420", "100048"
BIOLOGY, GEOGRAPHY, ENGLISH = "100346", "100409", "100320"


@pytest.mark.parametrize(
    ("route", "method", "subjects", "pounds"),
    [
        ("12", "D", (CHEMISTRY, COMPUTING, MATHS, PHYSICS), 29_000),
        ("12", "D", (DESIGN, FRENCH, ITALIAN, LATIN), 20_000),
        ("12", "D", (BIOLOGY, GEOGRAPHY), 5_000),
        ("12", "D", (ENGLISH,), None),
        ("12", "4", (CHEMISTRY, COMPUTING, PHYSICS), 31_000),
        ("12", "4", (FRENCH,), 22_000),
        ("12", "4", (MATHS, ITALIAN), None),
        ("10", "E", (MATHS,), 29_000),
        ("03", "E", (LATIN,), 20_000),
        ("03", "E", (BIOLOGY,), 5_000),
        ("11", "B", (ENGLISH, MATHS), 9_000),
        ("11", "B", (PHYSICS,), None),
        ("09", "B", (COMPUTING, MATHS, PHYSICS, FRENCH, LATIN), 9_000),
        ("19", "E", ("100510",), 9_535),
        ("20", "E", ("100510",), 16_535),
        ("12", "6", (MATHS,), None),
    ],
)
def test_sums_of_2026(route, method, subjects, pounds):
    for subject in subjects:
        money = estimate(document(training_route=route, funding_method=method, course_subject_1=subject))
        assert (money.amounts if money else None) == ((pounds,) if pounds else None)


def test_the_sum_has_words_and_a_cycle():
    money = estimate(document())
    assert money is not None
    assert (money.what, money.cycle, money.kind) == (
        "Postgraduate bursary, mathematics",
        "2026 to 2027",
        "bursary",
    )


def test_one_day_across_the_first_of_august_changes_the_sum():
    before = estimate(document(course_subject_1=BIOLOGY, trainee_start_date="2026-07-31"))
    after = estimate(document(course_subject_1=BIOLOGY, trainee_start_date="2026-08-01"))
    assert before is not None
    assert after is not None
    assert (before.at_most, after.at_most) == (26_000, 5_000)


def test_an_ambiguous_row_gives_both_sums():
    money = estimate(document(training_route="02", course_subject_1=DESIGN, trainee_start_date="2024-09-02"))
    assert money is not None
    assert money.amounts == (10_000, 25_000)
    assert money.at_most == 25_000


def test_without_student_finance_nothing_is_paid_but_for_the_exceptions():
    assert estimate(document(fund_code="2")) is None
    assert estimate(document(fund_code="2", course_subject_1=PHYSICS)) is not None
    assert (
        estimate(document(fund_code="2", course_subject_1=PHYSICS, trainee_start_date="2024-09-02")) is None
    )


def test_tiers_pay_their_own_sums():
    tiers = [estimate(document(**{**EARLY_YEARS, "funding_method": code})) for code in "789"]
    assert [money.at_most for money in tiers if money] == [5_000, 4_000, 2_000]


def test_half_typed_records_have_no_sum():
    for name in ("training_route", "course_subject_1", "funding_method"):
        assert estimate(document(**{name: None})) is None
        assert estimate(document(**{name: "?"})) is None
    assert estimate(document(trainee_start_date="soon")) is None
    assert estimate(document(fund_code=None)) is not None


def test_first_cycles_repeat_each_other():
    rows = {cycle: {k[1:]: v for k, v in tables.amounts().items() if k[0] == cycle} for cycle in (2020, 2021)}
    assert rows[2020] == rows[2021] != {}


def test_only_one_row_of_all_cycles_is_ambiguous():
    twice = [key for key, pounds in tables.amounts().items() if len(pounds) > 1]
    assert twice == [(2024, "02", "bursary", "Design and technology")]


def test_funded_routes_of_2026():
    assert tables.funded_routes()[2026] == {"03", "09", "10", "11", "12", "19", "20"}


def test_every_course_subject_has_an_allocation_subject():
    assert tables.allocations().keys() == tables.PACK.codes("course_subject").keys()


@pytest.mark.parametrize(
    ("subject", "words"), [("Mathematics", "mathematics"), ("French language", "French language")]
)
def test_subject_inside_a_sentence(subject, words):
    assert subject_words(subject) == words


def test_veterans_bursary_is_the_undergraduate_row():
    money = estimate(document(**{**UNDERGRADUATE, "funding_method": "C"}))
    assert money is not None
    assert money.at_most == 9_000
