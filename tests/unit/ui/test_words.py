"""Dates, times, sums and states in words (ui.md section 9)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from desktop import paths
from desktop.model.change import ChangeState
from desktop.model.finding import Severity
from desktop.model.standing import Sync
from desktop.model.verdict import PortalState
from desktop.services.views import PortalView
from desktop.ui import tokens, words

NOW = datetime(2026, 10, 13, 13, 2, tzinfo=UTC)  # 14:02 in London


def portal(state, **more):
    facts = {
        "collection": "trainees",
        "portal": "Register trainee teachers",
        "portal_short": "Register",
        "connected": True,
        "url": "",
        "state": state,
        "since": NOW - timedelta(hours=3, minutes=20),
        "detail": "",
        "next_check": None,
        "last_success": None,
        "tries": (),
        "strip": (),
    }
    return PortalView(**(facts | more))


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (45, "45 s"),
        (60, "1 min"),
        (400, "6 min 40 s"),
        (725, "12 min"),
        (12_000, "3 h 20 min"),
        (7_200, "2 h"),
        (200_000, "2 days"),
    ],
)
def test_span(seconds, said):
    assert words.span(seconds) == said


def test_dates_and_times():
    day = date(2026, 10, 14)
    assert words.long_date(day) == "14 October 2026"
    assert words.short_date(day) == "14 Oct 2026"
    assert words.weekday_date(day) == "Wednesday 14 October 2026"
    assert words.weekday_date(day, year=False) == "Wednesday 14 October"
    assert words.clock(NOW) == "14:02"


def test_when_names_the_day_only_if_it_is_not_today():
    assert words.when(NOW, NOW) == "14:02"
    assert words.when(NOW - timedelta(days=1), NOW) == "14:02 yesterday"
    assert words.when(NOW - timedelta(days=15), NOW) == "28 Sep"
    assert words.when(NOW - timedelta(days=400), NOW) == "8 Sep 2025"


def test_sums_and_counts():
    assert words.money(29_000) == "£29,000"
    assert words.number(1_236) == "1,236"
    assert words.count(1, "change") == "1 change"
    assert words.count(37, "change") == "37 changes"
    assert words.count(2, "try", "tries") == "2 tries"
    assert [words.ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 111)] == [
        *("1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "111th")
    ]
    assert words.about(61) == "about 1 min"
    assert words.about(23) == "about 25 s"


@pytest.mark.parametrize(
    "look",
    [
        *words.SYNC.values(),
        *words.CHANGE.values(),
        *words.NEED.values(),
        *words.SEVERITY.values(),
        words.SAVED,
        words.MISSING,
    ],
    ids=lambda look: look.word,
)
def test_every_state_has_word_icon_and_colour(look):
    assert look.word
    assert (paths.resources() / "icons" / f"{look.icon}.svg").is_file()
    assert look.ink in tokens.LIGHT
    assert look.word_ink in tokens.LIGHT
    assert not look.filled or look.tint in tokens.LIGHT


def test_every_state_of_the_model_is_in_the_tables():
    assert words.SYNC.keys() == set(Sync)
    assert words.CHANGE.keys() == set(ChangeState)
    assert words.PORTAL.keys() == set(PortalState)
    assert words.SEVERITY.keys() == set(Severity)
    assert words.NEED.keys() == words.NEED_DEED.keys()


@pytest.mark.parametrize("state", PortalState)
def test_an_outage_is_never_red(state):
    assert words.PORTAL[state].ink != "refused"


def test_strip_says_since_when_and_for_how_long():
    assert words.portal_headline(portal(PortalState.DOWN)) == "Register trainee teachers is down"
    assert words.portal_caption(portal(PortalState.DOWN), NOW) == "No answer since 10:42 today (3 h 20 min)"
    assert (
        words.portal_caption(portal(PortalState.UNKNOWN, since=None), NOW) == "Holdfast has not asked it yet"
    )


def test_a_portal_without_an_api_says_when_its_file_was_read():
    never = replace(portal(PortalState.UNKNOWN, since=None), connected=False, by_file=True)
    assert words.portal_headline(never) == "Register trainee teachers, by its files"
    assert words.portal_caption(never, NOW) == "Its export was not loaded yet"
    today = replace(never, file_read=NOW)
    assert words.portal_caption(today, NOW) == "Its export was loaded at 14:02"
    before = replace(never, file_read=NOW - timedelta(days=1))
    assert words.portal_caption(before, NOW) == "Its export was loaded 14:02 yesterday"


@pytest.mark.parametrize("state", PortalState)
def test_words_for_portals_avoid_jargon(state):
    view = portal(state)
    said = " ".join(
        (words.portal_headline(view), words.portal_caption(view, NOW), words.trouble_sentence(view))
    )
    for never in ("error", "invalid", "failed", "HTTP", "null", "oops", "please"):
        assert never.casefold() not in said.casefold().split()
