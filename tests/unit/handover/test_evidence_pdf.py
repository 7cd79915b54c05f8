"""The evidence as PDF, read back: what it says, that nothing breaks it, and that every page has its head and number."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from pypdf import PdfReader

from desktop.handover import words
from desktop.handover.attempt_rows import MOST_ROWS, attempt_rows
from desktop.handover.evidence_pdf import as_pdf
from desktop.model.evidence import Evidence, Fate, Seal
from desktop.model.verdict import PortalState
from tests.unit.handover.reports import NINE, deadline, outage_report, report


def read(made: Evidence) -> PdfReader:
    return PdfReader(io.BytesIO(as_pdf(made)))


def text_of(pages: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in pages.pages).split())


def test_the_summary_says_it_in_one_paragraph() -> None:
    text = text_of(read(outage_report()))
    assert (
        "Between 9:02am and 11:40am on 5 October 2026 Register could not be used. Holdfast tried 14 times in that time "
        "and got no usable answer. 12 changes to 9 trainees were saved here and waited; the last was confirmed at 12:03pm."
    ) in text


def test_who_when_and_by_what_it_was_written() -> None:
    pages = read(outage_report())
    text = text_of(pages)
    assert "University of Northmoor, UKPRN 10999417" in text
    assert "Written 5 October 2026, 2:30pm by Holdfast 0.1.0. All times are London time." in text
    assert pages.metadata is not None
    assert pages.metadata.title == "When Register could not be used: evidence of outages"
    assert pages.metadata.author == "University of Northmoor"
    assert pages.metadata.creator == "Holdfast 0.1.0"
    assert str(pages.root_object["/Lang"]) == "en-GB"


def test_every_page_is_a4_and_numbered_and_heads_are_repeated() -> None:
    pages = read(outage_report(tries=90, changes=80))
    number = len(pages.pages)
    assert number > 2
    for n, page in enumerate(pages.pages, 1):
        assert f"Page {n} of {number}" in page.extract_text()
        assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
    heads = [p for p in pages.pages if "What became of it" in p.extract_text()]
    assert len(heads) >= 2


def test_without_any_outage_it_says_so_and_why_that_may_be() -> None:
    pages = read(report())
    text = text_of(pages)
    assert len(pages.pages) == 1
    assert "No outage was noted" in text
    assert "no time in which Register trainee teachers could not be used" in text
    assert "While it was closed, or had nothing to ask, an outage would not have been seen." in text
    assert "7c1e 90ab 44d2 0f3b" in text


def test_one_that_still_lasts_is_told_so() -> None:
    text = text_of(read(outage_report(lasts=True)))
    assert "Since 9:02am on 5 October 2026 Register could not be used; it still could not" in text
    assert "12 changes to 9 trainees were saved here and waited: 12 still waiting." in text
    assert "Still lasts" in text


def test_a_thousand_tries_are_put_together_and_all_counted() -> None:
    made = outage_report(tries=1_000)
    text = text_of(read(made))
    assert "Failed tries (1,000)" in text
    assert "Tries of one kind are put together by the hour." in text
    rows, _ = attempt_rows(made.attempts)
    assert sum(r.tries for r in rows) == 1_000
    assert [r.first for r in rows] == sorted(r.first for r in rows)


def test_even_tries_that_are_all_different_make_no_endless_table() -> None:
    made = outage_report(tries=3_000)
    different = [replace(a, at=NINE + timedelta(hours=n), detail=f"{n}") for n, a in enumerate(made.attempts)]
    rows, how = attempt_rows(different)
    assert len(rows) <= MOST_ROWS
    assert how == "by month and kind"
    assert sum(r.tries for r in rows) == 3_000


@pytest.mark.parametrize(
    "hostile",
    [
        "<b>bold</b> &amp; <img src='file:///etc/passwd'/> <para>",
        "</font></para>",
        "W" * 5_000,
        "line\none\ttab\x00\x1b[2J\u202eevil",
        "\ud800 half",
        "日本語 🎉 ŵŷ ąęłńóśźż",
    ],
)
def test_text_from_outside_is_text(hostile: str) -> None:
    made = outage_report(detail=hostile, tries=3, organisation=hostile)
    made = replace(
        made, changes=tuple(replace(c, by=hostile, own_id=hostile, what=hostile) for c in made.changes)
    )
    text = text_of(read(made))
    for part in re.findall(r"</?\w+>", hostile):
        assert part in text
    assert "\u202e" not in text


def test_letters_of_other_languages_are_in_the_font() -> None:
    name = "Prifysgol Tŷ Gŵyr, Łódź, Ćma, Žižkov, Ñandú"
    assert name in text_of(read(report(organisation=name)))


def test_deadlines_say_what_was_unsent() -> None:
    text = text_of(read(outage_report(deadlines=(deadline(),))))
    assert (
        "At the deadline ITT census 2026 to 2027, 5 October 2026, 12 changes saved here before it were still unsent. "
        "All of them were confirmed later."
    ) in text
    assert "12 changes to 9 records" in text


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"unsent": 1, "late": 1}, "1 change saved here before it was still unsent. It was confirmed later."),
        ({"late": 0}, "None of this is confirmed yet, though they were ready here in time."),
        ({"late": 5}, "5 of them were confirmed later."),
        ({"unsent": 0, "late": 0}, "nothing that had been saved here was still unsent"),
        ({"passed": False, "unsent": 3}, "has not passed. 3 changes wait now."),
        ({"passed": False, "unsent": 0}, "has not passed. Nothing waits for it now."),
    ],
)
def test_a_deadline_in_a_sentence(told: dict, said: str) -> None:
    assert said in words.summary(outage_report(deadlines=(deadline(**told),)))[-1]


def test_a_broken_chain_stands_at_the_top_and_in_the_proof() -> None:
    broken = Seal(9, "a", "b", ("Journal row 4 was changed after it was written.",))
    text = text_of(read(outage_report(seal=broken)))
    assert text.index("The journal behind this report was changed") < text.index("Between 9:02am")
    assert text.count("Journal row 4 was changed after it was written.") == 2
    assert "nothing up to that row was changed" not in text


def test_what_may_not_be_the_portals_fault_is_told_apart() -> None:
    made = outage_report()
    made = replace(made, outages=(replace(made.outages[0], state=PortalState.CAPTIVE),))
    assert "not a fault of the portal" in text_of(read(made))
    assert "not a fault of the portal" not in text_of(read(outage_report()))


def test_fates_of_changes_are_told() -> None:
    made = outage_report(changes=4, people=4)
    fates = (Fate.CONFIRMED, Fate.REFUSED, Fate.DRAFT, Fate.WAITING)
    mixed = tuple(
        replace(c, fate=f, settled=c.settled if f is not Fate.WAITING else None)
        for c, f in zip(made.changes, fates, strict=True)
    )
    text = text_of(read(replace(made, changes=mixed)))
    assert (
        "1 was confirmed, the last at 12:03pm; 1 still waiting, 1 refused by the portal and 1 made drafts"
        in text
    )
    assert "Still waiting" in text


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (60, "1 minute"),
        (9_469, "2 hours 38 minutes"),
        (7_200, "2 hours"),
        (90_000, "1 day 1 hour"),
    ],
)
def test_lengths_of_time(seconds: int, said: str) -> None:
    assert words.span(timedelta(seconds=seconds)) == said


def test_the_night_of_the_clocks_has_its_own_length() -> None:
    begin = NINE.replace(month=10, day=24, hour=23, minute=0, second=0)
    end = begin.replace(day=25, hour=3)
    assert words.lasted(begin, end) == timedelta(hours=5)


@pytest.mark.parametrize(
    ("hour", "minute", "said"), [(0, 0, "midnight"), (12, 0, "midday"), (0, 5, "12:05am"), (13, 9, "1:09pm")]
)
def test_times_of_day(hour: int, minute: int, said: str) -> None:
    assert words.clock(NINE.replace(hour=hour, minute=minute)) == said
