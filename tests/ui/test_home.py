"""Home: what it states, what it advises, and where its links lead."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import Qt

from desktop.model.document import Patch
from desktop.model.ids import RecordId
from desktop.model.standing import Sync
from desktop.model.verdict import PortalState
from desktop.services.views import (
    Counts,
    Deadline,
    HomeView,
    MoneyAtRisk,
    Need,
    PortalView,
    QueueSummary,
)
from desktop.ui.home import statement
from desktop.ui.home.money_at_risk_card import standing_word
from desktop.ui.home.view import HomeScreen, Names
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.row_button import RowButton

NOW = datetime(2026, 10, 13, 13, 2, tzinfo=UTC)
CENSUS = Deadline(
    "trainees", date(2026, 10, 14), "ITT census 2026 to 2027: trainees who started by this day count", 1
)
FAR = Deadline("trainees", date(2027, 1, 31), "Performance profile 2025 to 2026 closes", 110)
UP = PortalView(
    "trainees",
    "Register trainee teachers",
    "Register",
    True,
    "",
    PortalState.UP,
    NOW,
    "",
    None,
    NOW,
    (),
    ("up",) * 72,
)
DOWN = replace(UP, state=PortalState.DOWN, strip=("up",) * 62 + ("down",) * 10)
NEEDS = (
    Need(
        "conflict",
        RecordId("n1"),
        "Okonjo-Bell, Amara",
        "Funding was changed here and at the portal",
        29_000,
        None,
        None,
    ),
    Need(
        "unknown",
        RecordId("n2"),
        "Whitcombe, Daniel",
        "New trainee sent at 10:41, no reply came back",
        31_000,
        None,
        None,
    ),
    Need("missing", RecordId("n3"), "Tranter, Hollie", "Missing since 12 October", None, None, None),
)
RISK = MoneyAtRisk(89_000, ((RecordId("n1"), "Okonjo-Bell, Amara", Sync.CONFLICT, "Funding", 29_000),) * 6)
SUMMARY = QueueSummary(37, 253_000, 79, 61.0, paused=False, share=80, held=False)


CALM = HomeView(
    organisation="University of Northmoor",
    today=date(2026, 10, 13),
    portals=(UP,),
    counts={"trainees": Counts(1_236, 1_236, 0, 0, 0, 0)},
    needs=(),
    money=MoneyAtRisk(0, ()),
    deadlines=(FAR,),
    waiting=0,
    last_saved=NOW,
)


def home(**more):
    return replace(CALM, **more)


OPEN = {"trainees": Counts(1_236, 1_180, 37, 14, 3, 2)}


@pytest.mark.parametrize(
    ("facts", "title"),
    [
        (
            {"portals": (DOWN,), "deadlines": (CENSUS,), "waiting": 37},
            "The census is tomorrow and the portal is down",
        ),
        ({"portals": (DOWN,), "waiting": 37}, "37 changes wait for Register"),
        ({"portals": (DOWN,)}, "Register is down"),
        (
            {"needs": NEEDS, "counts": OPEN, "deadlines": (CENSUS,)},
            "The census is tomorrow and 3 records need you",
        ),
        ({"needs": NEEDS[:1], "counts": OPEN}, "1 record needs you"),
        ({"counts": OPEN, "waiting": 37}, "14 drafts have something to put right"),
        ({"counts": {"trainees": Counts(10, 9, 1, 0, 0, 0)}, "waiting": 1}, "1 change waits for Register"),
        ({}, "Everything is at the portal"),
        ({"counts": {"trainees": Counts(0, 0, 0, 0, 0, 0)}}, "No records are on this computer yet"),
        ({"portals": (replace(UP, connected=False),)}, "No portal is connected yet"),
    ],
)
def test_title_is_a_statement_about_today(facts, title):
    assert statement.title(home(**facts)) == title


def test_nothing_is_called_done_while_a_record_is_open():
    unsettled = home(counts={"trainees": Counts(10, 9, 0, 0, 0, 1)})
    assert "everything" not in statement.title(unsettled).casefold()


def test_days_on_which_something_opens_are_no_deadlines():
    opens = Deadline("trainees", date(2026, 10, 13), "Sign-off of new trainees 2026 to 2027 opens", 0)
    assert statement.next_deadline(home(deadlines=(opens, CENSUS))) == CENSUS
    assert statement.deadline_day(CENSUS) == "Wednesday 14 October, in 1 day"
    assert statement.deadline_name(CENSUS) == "ITT census 2026 to 2027"


def test_steps_say_what_first_and_what_to_leave_alone():
    steps = statement.steps(home(needs=NEEDS, counts=OPEN, waiting=37, portals=(DOWN,)), SUMMARY)
    assert [step.words for step in steps] == [
        "Decide 3 records. Two of them carry £60,000.",
        "Put 14 drafts right. They cannot be sent until then.",
        "Leave the 37 that wait. They need about 1 min once Register answers.",
    ]
    assert [step.page for step in steps] == ["needs", "checks", "waiting"]


def test_steps_when_all_is_well():
    steps = statement.steps(home(), QueueSummary(0, 0, 0, 0.0, paused=False, share=80, held=False))
    assert [step.words for step in steps] == ["Nothing to do. 1,236 records confirmed by the portal."]


def test_steps_say_that_sending_is_paused():
    steps = statement.steps(home(counts=OPEN, waiting=37), replace(SUMMARY, paused=True))
    assert "Sending is paused" in steps[-1].words


@pytest.mark.parametrize(
    ("sync", "caption", "word"),
    [
        (Sync.CONFLICT, "Funding", "Needs you"),
        (Sync.REJECTED, "", "Needs you"),
        (Sync.QUEUED, "1st, money", "1st in queue"),
        (Sync.QUEUED, "", "Waiting"),
        (Sync.DRAFT, "2 to fix", "2 to fix"),
        (Sync.UNKNOWN, "", "Unknown"),
    ],
)
def test_money_rows_say_where_each_record_stands(sync, caption, word):
    assert standing_word(sync, caption) == word


@pytest.fixture
def screen(qtbot):
    made = HomeScreen(Names("trainee", "trainees", "Register", paid=("trainees", "trainee")))
    qtbot.addWidget(made)
    made.resize(1_230, 850)
    made.show()
    return made


def test_counts_are_links_with_the_numbers_in_their_names(qtbot, screen):
    screen.show_home(home(needs=NEEDS, counts=OPEN, waiting=37, money=RISK), SUMMARY, NOW)
    links = screen.census.findChildren(RowButton)
    assert [link.accessibleName() for link in links] == [
        "1,180 confirmed",
        "37 waiting",
        "14 drafts to fix",
        "3 need you",
    ]
    with qtbot.waitSignal(screen.page_chosen) as told:
        qtbot.mouseClick(links[2], Qt.MouseButton.LeftButton)
    assert told.args == ["records", {"filters": {"sync": "draft"}}]


def test_each_need_has_its_own_deed(qtbot, screen):
    screen.show_home(home(needs=NEEDS, counts=OPEN), SUMMARY, NOW)
    deeds = [b for b in screen.needs.findChildren(Button) if b.property("record")]
    assert [b.text() for b in deeds] == ["See what we know", "Decide", "Look into it"], "the most money first"
    assert deeds[1].accessibleName() == "Decide: Okonjo-Bell, Amara"
    with qtbot.waitSignal(screen.need_chosen) as told:
        deeds[0].click()
    assert told.args == ["n2"]


def test_money_at_risk_shows_the_largest_and_leads_to_all(qtbot, screen):
    screen.show_home(home(counts=OPEN, money=RISK), SUMMARY, NOW)
    rows = screen.money.findChildren(RowButton)
    assert len(rows) == 4
    qtbot.waitUntil(rows[0].isVisible)
    assert rows[0].accessibleName() == "Okonjo-Bell, Amara, Needs you, £29,000"
    with qtbot.waitSignal(screen.record_chosen) as told:
        rows[0].click()
    assert told.args == ["n1"]


def test_an_empty_workspace_shows_ways_to_begin(qtbot, screen):
    screen.show_home(home(counts={"trainees": Counts(0, 0, 0, 0, 0, 0)}), SUMMARY, NOW)
    assert not screen.census.isVisible()
    get = next(b for b in screen.findChildren(Button) if b.words == "Get trainees")
    assert get.isVisible()
    with qtbot.waitSignal(screen.sync_asked):
        get.click()


def test_evidence_is_offered_only_after_trouble(screen):
    button = next(b for b in screen.findChildren(Button) if b.words == "Save outage evidence")
    screen.show_home(home(), SUMMARY, NOW)
    assert not button.isVisible()
    screen.show_home(home(portals=(DOWN,)), SUMMARY, NOW)
    assert button.isVisible()


# -- on the real workspace -------------------------------------------------------------------------------


def test_home_follows_the_workspace(window, workspace, portal, editable, settle):
    view = window.stack.page.screen_view
    assert view.title == "The census is tomorrow and everything is at the portal"
    portal.control.fault("maintenance")
    workspace.records.edit(editable()[0].id, Patch({"email": "moved@mail.example"}))
    window.sync_now()
    settle(window)
    assert view.title == "The census is tomorrow and the portal is down"
    portal.control.fault("up")
    window.sync_now()
    settle(window)
    assert view.title == "The census is tomorrow and everything is at the portal"


def test_first_read_is_offered_and_done_from_home(make_window, empty_workspace, settle):
    window = make_window(empty_workspace)
    get = next(b for b in window.stack.page.findChildren(Button) if b.words == "Get trainees")
    get.click()
    settle(window)
    assert window.stack.page.screen_view.census.isVisible()
    assert sum(c.total for c in empty_workspace.home().counts.values()) > 0
