"""Typing from a sheet into the practice website of Register ECTs, as a person does: read the label, type, see what comes.

`Office` knows only what a person sees, so it drives a real browser (`tests/browser`) and a browser without a window alike.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any, Protocol

from desktop.handover.sheets import SheetLine, SheetPage
from desktop.model.journey import Entry
from desktop.practice.ects.furnish import ACADEMY
from desktop.practice.server import PracticePortal
from desktop.services.keying import Keying
from desktop.services.records import document_from
from desktop.services.views import RecordView
from desktop.services.workspace import Workspace
from tests.contract.practice.schools import SchoolVisitor

NOW = datetime(2026, 9, 20, 9, tzinfo=UTC)
IF_IT_SAYS = "Yes, if it says "
STOPS = {
    "not_found": ("We’re unable to match the",),
    "ni_number_differs": ("with the details you provided",),
    "already_registered": ("is already registered at your school", "This mentor has already been registered"),
    "completed": ("has already completed their induction",),
    "exempt": ("is exempt from having to serve induction",),
    "failed": ("has failed their induction",),
    "prohibited": ("cannot be registered for training or mentoring",),
    "same_person": ("You cannot assign an ECT as their own mentor",),
    "email_in_use": ("This email is already in use",),
    "cannot_register_yet": (" yet",),
    "locked": ("The appropriate body cannot be changed here",),
}
"""Outcome with which a journey ends -> words that are on that page of the website, and on none of the others."""


class Screen(Protocol):
    """What a person sees of the website, and does there."""

    @property
    def heading(self) -> str: ...

    @property
    def words(self) -> str: ...

    def open(self, path: str = "/") -> None: ...

    def follow(self, words: str) -> None: ...

    def press(self, words: str) -> None: ...

    def type(self, label: str, words: str) -> None: ...

    def type_day(self, legend: str, day: str) -> None: ...

    def choose(self, words: str, under: str = "") -> None: ...


@dataclass
class Office:
    """Jo at a school: the workspace with the sheets on one side of the desk, the website on the other."""

    workspace: Workspace
    web: Screen
    portal: PracticePortal
    school: str = ACADEMY

    # -- records --------------------------------------------------------------------------------------

    def add(self, case: str, **more: Any) -> str:
        """A record of a teacher whom the register knows, as an ECT with the usual choices; None leaves an answer out."""
        teacher = self.portal.teachers.case(case)
        born = teacher.said_born or teacher.date_of_birth
        fields = {
            "role": "ect",
            "trn": teacher.trn,
            "date_of_birth": born.isoformat(),
            "first_names": teacher.first_name,
            "last_name": teacher.last_name,
            "email": teacher.email,
            "school_urn": self.school,
            "started_on": "2026-09-01",
            "working_pattern": "full_time",
            "appropriate_body": "alban",
            "training_programme": "provider_led",
            "lead_provider": "teach_first",
        } | more
        return self.record(**fields)

    def record(self, **fields: Any) -> str:
        given = {name: value for name, value in fields.items() if value is not None}
        made = document_from(self.workspace.collection("ects"), given)
        return self.workspace.records.add("ects", made).id

    def mentor(self, case: str, ect: str, **more: Any) -> str:
        none = dict.fromkeys(
            ("started_on", "working_pattern", "appropriate_body", "training_programme", "lead_provider")
        )
        ect_trn = self.portal.teachers.case(ect).trn
        return self.add(case, **({**none, "role": "mentor", "ect_trn": ect_trn} | more))

    def view(self, record: str) -> RecordView:
        return self.workspace.records.view(record)

    # -- typing ---------------------------------------------------------------------------------------

    def key(self, record: str, journey: str, opens: Mapping[str, str] | None = None) -> Keying:
        """Type a sheet from its first page to its end, or to where the portal stops it.

        opens  page -> address, where a page is not the one that follows but is opened from the record
        """
        item = f"{record}:{journey}"
        now = self.workspace.keying.begin(item)
        while now.page and not now.stopped:
            page = now.open_page
            assert page is not None
            if opens and page.key in opens:
                self.web.open(opens[page.key])
            now = self._page(item, now, page)
        return now

    def _page(self, item: str, now: Keying, page: SheetPage) -> Keying:
        if page.key == "ect":
            self.to_ect(page.lines[0].words)
            self.to_new_mentor()
            return self.workspace.keying.page_done(item, page.key)
        assert self._shows(page), (self.web.heading, page.heading)
        for line in page.lines:
            self._answer(line)
        self.web.press(page.button)
        assert "There is a problem" not in self.web.words, self.web.words
        return self.workspace.keying.page_done(item, page.key, self._seen(now, page))

    def _seen(self, now: Keying, page: SheetPage) -> str:
        """The outcome of the page that stands for what the website shows now."""
        for outcome in page.outcomes:
            if outcome.ends:
                if any(one in self.web.words for one in STOPS[outcome.key]) and self._is_no_page_of(now):
                    return outcome.key
                continue
            after = now.sheet.page(outcome.to or now.sheet.after(page.key, outcome.key))
            if after is None or self._shows(after):
                return outcome.key
        assert not page.outcomes, f"the sheet has no outcome for {self.web.heading}"
        return ""

    def _is_no_page_of(self, now: Keying) -> bool:
        return not any(self._shows(page) for page in now.sheet.pages)

    def _shows(self, page: SheetPage) -> bool:
        """Whether the website shows this page: its heading is the sheet's, names and all."""
        return page.heading == self.web.heading

    def _answer(self, line: SheetLine) -> None:
        if not line.words:
            assert not line.needed, line.label
        elif line.entry is Entry.DATE:
            self.web.type_day(line.label, "-".join(reversed(line.copies)))
        elif line.entry is Entry.CHOOSE:
            self._choose(line)
        else:
            self.web.type(line.label, line.copies[0])

    def _choose(self, line: SheetLine) -> None:
        words = line.words
        if words.startswith(IF_IT_SAYS):
            assert words.removeprefix(IF_IT_SAYS) in self.web.words, (
                "compared with the page, as a person does"
            )
            words = "Yes"
        self.web.choose(words, line.label)

    # -- the website ----------------------------------------------------------------------------------

    def to_register(self) -> None:
        self.web.open("/ects")
        self.web.follow("Register an ECT starting at your school")
        self.web.press("Continue")

    def to_ect(self, trn: str) -> None:
        """Open the ECT with this TRN from the list."""
        self.web.open("/ects")
        self.web.follow(self.name(trn))

    def to_new_mentor(self) -> None:
        self.web.follow("Assign a mentor")
        if self.web.heading.startswith("Who will mentor"):
            self.web.choose("Register a new mentor")
            self.web.press("Continue")
        self.web.press("Continue")

    def name(self, trn: str) -> str:
        """As the website shows it."""
        found = next(p for p in self.held("people") if p["trn"] == trn)
        return found["corrected_name"] or f"{found['first_name']} {found['last_name']}"

    def held(self, kind: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.portal.control.ects.held()[kind]
        return found

    def period(self, case: str, role: str = "ect") -> dict[str, Any]:
        wanted = (self.portal.teachers.case(case).trn, role, self.school)
        return next(p for p in self.held("periods") if (p["trn"], p["role"], p["school"]) == wanted)

    def training(self, period: dict[str, Any]) -> dict[str, Any]:
        """The training of today."""
        return next(t for t in self.held("training") if t["period"] == period["id"] and t["until"] is None)

    def agrees(self, record: str, case: str) -> bool:
        """Whether the website holds of an ECT what the record says."""
        says, period = self.view(record).document, self.period(case)
        training = self.training(period)
        mine = {
            name: says.get(name)
            for name in ("email", "started_on", "working_pattern", "appropriate_body", "training_programme")
        }
        theirs = {
            "email": period["email"],
            "started_on": period["began"],
            "working_pattern": period["working_pattern"],
            "appropriate_body": period["body"],
            "training_programme": training["programme"],
        }
        assert mine == theirs
        return bool((says.get("lead_provider") or "") == training["provider"])

    def links(self, record: str) -> list[tuple[Any, Any, Any]]:
        """(TRN of the mentor, first day, last day) of an ECT's links, in the record; the website must hold the same."""
        trn = self.view(record).document.get("trn")
        period = {p["id"]: p for p in self.held("periods")}
        theirs = [
            (period[m["mentor"]]["trn"], m["began"], m["until"])
            for m in self.held("mentorships")
            if period[m["ect"]]["trn"] == trn
        ]
        children = self.view(record).document.children.get("mentorships", ())
        mine = [
            (c.fields.get("mentor_trn"), c.fields.get("started_on"), c.fields.get("finished_on"))
            for c in children
        ]
        assert sorted(mine, key=str) == sorted(theirs, key=str)
        return sorted(mine, key=lambda link: str(link[1]))


class Asked(HTMLParser):
    """What a page asks: fields by their label, choices by their legend and words, and its buttons."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.choices: dict[tuple[str, str], tuple[str, str]] = {}
        self.days: dict[str, str] = {}
        self.buttons: dict[str, int] = {}
        self._form = -1
        self._tag, self._for, self._legend, self._radio = "", "", "", ("", "")
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self._tag = tag
        if tag == "form":
            self._form += 1
        elif tag == "label":
            self._for = known["for"] or ""
        elif tag == "input" and known.get("type") == "radio":
            self._radio = (known["name"] or "", known["value"] or "")
        elif tag == "input" and (known.get("name") or "").endswith("-day"):
            self.days[self._legend] = (known["name"] or "").removesuffix("-day")

    def handle_endtag(self, tag: str) -> None:
        self._tag = ""
        if tag == "fieldset":
            self._legend = ""

    def handle_data(self, data: str) -> None:
        if self._tag == "legend":
            self._legend = data
        elif self._tag == "button":
            self.buttons[data] = self._form
        elif self._tag == "label" and re.fullmatch(rf"{re.escape(self._radio[0])}-[0-9]+", self._for):
            self.choices[self._legend, data] = self._radio
        elif self._tag == "label":
            self.fields[data] = self._for


@dataclass
class Screenless:
    """A browser without a window: types by label, presses by the words on the button."""

    visitor: SchoolVisitor
    _typed: dict[str, Any] = field(default_factory=dict)

    @property
    def heading(self) -> str:
        return self.visitor.heading

    @property
    def words(self) -> str:
        return self.visitor.page.words

    @property
    def _asked(self) -> Asked:
        return Asked(self.visitor.reply.text)

    def open(self, path: str = "/") -> None:
        self._typed = {}
        self.visitor.get(path)

    def follow(self, words: str) -> None:
        self._typed = {}
        self.visitor.follow(words)

    def press(self, words: str) -> None:
        form = self.visitor.page.forms[self._asked.buttons[words]]
        self.visitor.reply = self.visitor.http.post(
            form.action, data=form.fields | self._typed, follow_redirects=True
        )
        self._typed = {}

    def type(self, label: str, words: str) -> None:
        self._typed[self._asked.fields[label]] = words

    def type_day(self, legend: str, day: str) -> None:
        stem = self._asked.days[legend]
        for part, words in zip(("year", "month", "day"), day.split("-"), strict=True):
            self._typed[f"{stem}-{part}"] = words

    def choose(self, words: str, under: str = "") -> None:
        found = [
            v for (legend, one), v in self._asked.choices.items() if one == words and under in ("", legend)
        ]
        ((name, value),) = found
        self._typed[name] = value
