"""Two readings of one pack: what the collection takes, the practice website takes, and the other way round.

Neither uses the other's code, so a mistake in one of them shows here. Source: domain pack register-ects 3.1 to 3.4, 1.4.
"""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from desktop.collections.ects import formats as ours
from desktop.collections.ects import tables, windows
from desktop.collections.ects.names import both_words_changed
from desktop.model.document import Document
from desktop.practice.ects import formats as theirs
from desktop.practice.ects import windows as their_windows
from desktop.practice.ects.furnish import furnish

HELD = furnish(date(2026, 9, 20))
DAYS = st.dates(date(2018, 1, 1), date(2031, 12, 31))
NUMBERS = st.text(st.sampled_from("0123456789RPrp/ -"), max_size=12)
NI_NUMBERS = st.from_regex(r"[A-Z]{2}[0-9]{6}[A-DFMU]?", fullmatch=True) | st.text(
    "ABGKNTZ 0123456", max_size=10
)
LABEL = st.from_regex(r"[a-zA-Z0-9]{1,8}(-{1,3}[a-z0-9]{1,3})?|-a|xn--a", fullmatch=True)
ADDRESSES = st.builds(
    "{}@{}.{}".format,
    st.text(st.sampled_from("aZ9.!#$%&'*+/=?^_`{|}~-\\@ \"é"), max_size=8),
    LABEL,
    st.sampled_from(["com", "c", "co.uk", "xn--p1ai", "1", "example.com", "", "c-m"]),
)
WORDS = st.lists(
    st.sampled_from(["Ann", "ANN", "Anne", "Hill", "hill", "O’Neil", "Óneil", "Lee"]), min_size=1
)


@given(NUMBERS)
@example("RP99/12345")
@example("RP99/123457")
def test_trns(typed: str) -> None:
    """3.1."""
    assert ours.trn(typed) == theirs.trn(typed.strip())[0]


@given(NI_NUMBERS)
@example("QQ123456C")
@example("AO123456C")
@example("jg 10 37 59 a")
def test_national_insurance_numbers(typed: str) -> None:
    """3.2."""
    assert ours.ni_number(typed) == theirs.ni_number(typed.strip())[0]


@given(ADDRESSES)
@example("a@example.com")
@example("a@" + "b" * 64 + ".com")
@example("a@" + "b." * 125 + "com")
@example("x" * 308 + "@example.com")
@example("x" * 309 + "@example.com")
def test_email_addresses(address: str) -> None:
    """3.3."""
    for longest in (ours.LONGEST_EMAIL, ours.LONGEST_EMAIL_LATER):
        assert ours.is_notify_email(address, longest) == (not theirs.email(address, longest)[1])


@given(DAYS)
@example(date(2026, 10, 31))
@example(date(2027, 10, 29))
@example(date(2024, 2, 29))
def test_windows_of_a_day(today: date) -> None:
    """3.4: four months, births, contract periods, the floor of a start."""
    assert windows.latest(today) == their_windows.in_months(today, 4)
    known = tables.periods(tables.PACK)
    assert known is not None
    assert known.floor(today) == their_windows.floor(HELD, today)
    mine, other = known.of(today), their_windows.year_of(HELD, today)
    assert (mine and mine.year) == (other and other.year)
    earliest, latest = windows.birth(today)
    for day in (earliest - timedelta(1), earliest, latest, latest + timedelta(1)):
        parts = (str(day.day), str(day.month), str(day.year))
        assert (earliest <= day <= latest) == (not theirs.date_of_birth(parts, today)[1])


@given(DAYS, DAYS)
def test_the_contract_period_of_a_registration(start: date, today: date) -> None:
    """3.4."""
    known = tables.periods(tables.PACK)
    assert known is not None
    mine, other = known.registration(start, today), their_windows.registration_year(HELD, start, today)
    assert (mine and mine.year) == (other and other.year)


@given(WORDS, WORDS)
def test_when_a_name_may_be_another_persons(before: list[str], after: list[str]) -> None:
    """1.4."""
    first, last = before[0], " ".join(before[1:])
    document = Document({"first_names": first, "last_name": last, "corrected_name": " ".join(after)})
    assert both_words_changed(document) == theirs.both_names_changed(" ".join(before), " ".join(after))
