"""How states, dates, sums and counts are said on screen (ui.md sections 4, 5 and 9).

One table turns a state of the model into icon, word and colours, so that all screens say the same. Colours are keys
of `tokens`. Pure functions of their arguments; local time zone is the computer's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from desktop.model.change import ChangeState
from desktop.model.finding import Severity
from desktop.model.standing import Sync
from desktop.model.verdict import PortalState
from desktop.services.views import Need, PortalView

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Look:
    """A state on screen: word, icon, key of its colour, and whether the label is filled with the tint of that key.

    quiet  the word stands in `ink2` and only the icon has the colour (confirmed)
    """

    word: str
    icon: str
    ink: str
    filled: bool = False
    quiet: bool = False

    @property
    def tint(self) -> str:
        """Key of the ground behind a filled label; "" when it has none."""
        return f"{self.ink}Tint" if self.filled else ""

    @property
    def word_ink(self) -> str:
        return "ink2" if self.quiet else self.ink


SAVED = Look("Saved here", "hard-drive", "saved")
WAITING = Look("Waiting", "clock", "waiting")
SENDING = Look("Sending", "send-horizontal", "sending")
UNKNOWN = Look("Unknown", "circle-question-mark", "unknown", filled=True)
MISSING = Look("Missing", "circle-question-mark", "unknown", filled=True)
CONFIRMED = Look("Confirmed", "circle-check", "confirmed", quiet=True)
REFUSED = Look("Refused", "octagon-x", "refused", filled=True)
CONFLICT = Look("Conflict", "git-compare-arrows", "conflict", filled=True)
DRAFT = Look("Draft with errors", "pencil-line", "draft", filled=True)
WILL_BE_CHECKED = Look("Will be checked", "circle-dashed", "check")
TAKEN_BACK = Look("Taken back", "undo-2", "check")

SYNC: dict[Sync, Look] = {
    Sync.CONFLICT: CONFLICT,
    Sync.UNKNOWN: UNKNOWN,
    Sync.SENDING: SENDING,
    Sync.REJECTED: REFUSED,
    Sync.DRAFT: DRAFT,
    Sync.QUEUED: WAITING,
    Sync.CLEAN: CONFIRMED,
}

CHANGE: dict[ChangeState, Look] = {
    ChangeState.HELD: DRAFT,
    ChangeState.QUEUED: WAITING,
    ChangeState.SENDING: SENDING,
    ChangeState.UNKNOWN: UNKNOWN,
    ChangeState.REJECTED: REFUSED,
    ChangeState.CONFLICT: CONFLICT,
    ChangeState.CONFIRMED: CONFIRMED,
    ChangeState.DISCARDED: TAKEN_BACK,
}

NEED: dict[str, Look] = {
    "conflict": CONFLICT,
    "duplicate": Look("Already there?", "users", "conflict", filled=True),
    "closed": Look("Closed there", "lock", "conflict", filled=True),
    "missing": MISSING,
    "refused": REFUSED,
    "held": Look("Held here", "pause", "conflict", filled=True),
    "unknown": UNKNOWN,
}

NEED_DEED: dict[str, str] = {
    "conflict": "Decide",
    "duplicate": "Decide",
    "closed": "Decide",
    "missing": "Look into it",
    "refused": "Put right",
    "held": "Decide",
    "unknown": "See what we know",
}

SEVERITY: dict[Severity, Look] = {
    Severity.ERROR: Look("To put right", "circle-x", "refused"),
    Severity.WARNING: Look("To look at", "triangle-alert", "conflict"),
    Severity.UNKNOWN: WILL_BE_CHECKED,
}


@dataclass(frozen=True)
class PortalLook:
    """A portal's state on the strip: icon, colour, short word, kind of line ("whole", "broken", "dotted")."""

    word: str
    icon: str
    ink: str
    line: str


PORTAL: dict[PortalState, PortalLook] = {
    PortalState.UP: PortalLook("Up", "server", "confirmed", "whole"),
    PortalState.BUSY: PortalLook("Busy", "clock", "conflict", "dotted"),
    PortalState.MAINTENANCE: PortalLook("Down", "cloud-off", "conflict", "broken"),
    PortalState.DOWN: PortalLook("Down", "cloud-off", "conflict", "broken"),
    PortalState.API_OFF: PortalLook("API off", "key-round", "conflict", "broken"),
    PortalState.SIGN_IN: PortalLook("Sign in", "key-round", "conflict", "broken"),
    PortalState.CAPTIVE: PortalLook("Network", "unplug", "conflict", "broken"),
    PortalState.UNKNOWN: PortalLook("Not known", "circle-question-mark", "check", "dotted"),
}

TRY: dict[PortalState, str] = {
    PortalState.UP: "Answered",
    PortalState.BUSY: "Asked us to wait",
    PortalState.MAINTENANCE: "Maintenance page",
    PortalState.DOWN: "No answer",
    PortalState.API_OFF: "Way in switched off",
    PortalState.SIGN_IN: "Access token not taken",
    PortalState.CAPTIVE: "Sign-in page of your network",
}
"""How one try went, in a few words; Activity has the whole sentence."""

_HEADLINES = {
    PortalState.UP: "{portal} is up",
    PortalState.BUSY: "{portal} is busy",
    PortalState.MAINTENANCE: "{portal} is down",
    PortalState.DOWN: "{portal} is down",
    PortalState.API_OFF: "{portal} has switched its API off",
    PortalState.SIGN_IN: "{portal} asks for a new access token",
    PortalState.CAPTIVE: "A sign-in page of your network is in the way",
    PortalState.UNKNOWN: "{portal} has not answered yet",
}

_CAPTIONS = {
    PortalState.BUSY: "It asked to wait, since {since}",
    PortalState.MAINTENANCE: "Maintenance page since {since}",
    PortalState.DOWN: "No answer since {since}",
    PortalState.API_OFF: "Since {since}",
    PortalState.SIGN_IN: "Since {since}. Your changes wait for it",
    PortalState.CAPTIVE: "Since {since}. Open a browser and sign in",
}


def portal_headline(view: PortalView, *, short: bool = False) -> str:
    """One sentence on a portal, for the strip; `short` takes its short name."""
    portal = view.portal_short if short else view.portal
    if not view.connected:
        return f"{portal}, by its files" if view.by_file else f"{portal} is not connected yet"
    return _HEADLINES[view.state].format(portal=portal)


def portal_caption(view: PortalView, now: datetime) -> str:
    """The second line on the strip: since when, and for how long."""
    if view.by_file:
        if view.file_read is None:
            return "Its export was not loaded yet"
        at = "at " if same_day(view.file_read, now) else ""
        return f"Its export was loaded {at}{when(view.file_read, now)}"
    if not view.connected:
        return "Your work is kept here until it is"
    if view.state == PortalState.UP:
        heard = view.tries[0][0] if view.tries else view.last_success or view.since
        return f"Answered at {when(heard, now)}" if heard else "It answers"
    if view.state not in _CAPTIONS or view.since is None:
        return "Holdfast has not asked it yet"
    lasts = span((now - view.since).total_seconds())
    since = f"{when(view.since, now)}{' today' if same_day(view.since, now) else ''} ({lasts})"
    return _CAPTIONS[view.state].format(since=since)


def trouble_sentence(view: PortalView) -> str:
    """What is the matter with a portal, as the bold sentence of a banner; "" when it is up."""
    short = view.portal_short
    return {
        PortalState.UP: "",
        PortalState.BUSY: f"{short} asked us to wait",
        PortalState.MAINTENANCE: f"{short} shows a maintenance page instead of answering",
        PortalState.DOWN: f"{short} does not answer",
        PortalState.API_OFF: f"{short} has switched off the way in that Holdfast uses",
        PortalState.SIGN_IN: f"{short} does not take your access token any more",
        PortalState.CAPTIVE: "A sign-in page of your network is in the way",
        PortalState.UNKNOWN: "",
    }[view.state]


def is_down(state: PortalState) -> bool:
    """Whether nothing can be sent just now (busy is only slow)."""
    return state not in {PortalState.UP, PortalState.BUSY, PortalState.UNKNOWN}


def need_look(need: Need) -> Look:
    """How a thing that needs a person is marked."""
    return NEED.get(need.kind, UNKNOWN)


def local(moment: datetime) -> datetime:
    """An aware time in the computer's own zone."""
    return moment.astimezone()


def same_day(one: datetime, other: datetime) -> bool:
    """Whether both fall on one day of the computer's calendar."""
    return local(one).date() == local(other).date()


def clock(moment: datetime) -> str:
    """As "14:09"."""
    return f"{local(moment):%H:%M}"


def long_date(day: date) -> str:
    """As "14 October 2026"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def short_date(day: date) -> str:
    """As "14 Oct 2026", for tables."""
    return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}"


def weekday_date(day: date, *, year: bool = True) -> str:
    """As "Tuesday 13 October 2026"."""
    return f"{DAYS[day.weekday()]} {long_date(day) if year else long_date(day).rsplit(' ', 1)[0]}"


def when(moment: datetime, now: datetime) -> str:
    """As "14:09" today, "14:09 yesterday", else "12 Oct" or with the year if it is another one."""
    then, today = local(moment), local(now)
    if then.date() == today.date():
        return clock(moment)
    if then.date() == today.date() - timedelta(days=1):
        return f"{clock(moment)} yesterday"
    text = short_date(then.date())
    return text if then.year != today.year else text.rsplit(" ", 1)[0]


def span(seconds: float) -> str:
    """A length of time: "45 s", "6 min 40 s", "12 min", "3 h 20 min", "2 days"."""
    total = max(0, round(seconds))
    if total < 60:
        return f"{total} s"
    minutes, rest = divmod(total, 60)
    if minutes < 10 and rest:
        return f"{minutes} min {rest} s"
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{hours // 24} days"


def about(seconds: float) -> str:
    """A rough length of time: "about 20 s", "about 1 min", "about 2 h"."""
    if seconds < 50:
        return f"about {max(5, round(seconds / 5) * 5)} s"
    if seconds < 3_300:
        return f"about {max(1, round(seconds / 60))} min"
    return f"about {max(1, round(seconds / 3600))} h"


def money(pounds: int) -> str:
    """As "£29,000"."""
    return f"£{pounds:,}" if pounds >= 0 else f"-£{-pounds:,}"


def number(value: int) -> str:
    """As "1,236"."""
    return f"{value:,}"


def count(value: int, one: str, many: str = "") -> str:
    """As "1 change", "37 changes"."""
    return f"{value:,} {one if value == 1 else many or one + 's'}"


_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def spelled(value: int) -> str:
    """Numbers below ten in words, as in running text."""
    return _SMALL[value] if 0 <= value < len(_SMALL) else number(value)


def capital(text: str) -> str:
    """The text with its first letter large and the rest as it is."""
    return text[:1].upper() + text[1:]


def website_of(portal: str) -> str:
    """The website of a portal by its short name: "Register’s website", "Register ECTs’ website"."""
    return f"{portal}’ website" if portal.endswith("s") else f"{portal}’s website"


def ordinal(value: int) -> str:
    """As "1st", "2nd", "23rd", "111th"."""
    last = value % 100
    ending = "th" if 10 < last < 14 else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{ending}"
