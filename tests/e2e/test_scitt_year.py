"""A year of a school-centred provider: no API, so records travel by sheets to type from, by files, and back by the export."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from PySide6.QtWidgets import QApplication

from desktop.practice.server import PROVIDER_UKPRN, PracticePortal
from desktop.practice.web.visit import SCITT
from desktop.services.views import Organisation
from desktop.ui.theme import apply_theme
from tests.e2e.conftest import PASSPHRASE, HandClock, Office
from tests.e2e.pages.website import EXPORT, LISTS, SCHEDULE, SUMMARY, Website
from tests.e2e.pages.window import App

SEPTEMBER = datetime(2026, 9, 21, 9, tzinfo=UTC)
HEADINGS = (
    "Provider trainee ID", "TRN", "First names", "Surname", "DOB", "Email", "Sex", "Nationality", "Ethnic background",
    "Disability 1", "Training route", "Subject 1", "Age range", "Study mode", "Course start date", "Trainee start date",
    "Expected end date",
    "Funding method", "Awarding institution", "UK degree type", "Degree subject", "Degree 1 grade", "Graduation year",
)  # fmt: skip
THE_REST = (
    "Female", "British", "British, English, Northern Irish, Scottish, or Welsh", "No known disability",
    "Primary and secondary postgraduate, fee funded", "Mathematics", "11 to 16", "Full-time", date(2026, 9, 7), date(2026, 9, 7),
    date(2027, 7, 2), "Postgraduate bursary", "The Open University", "BSc", "Mathematics", "First-class honours", 2024,
)  # fmt: skip
ZORAIDA, CASPIAN, MARIGOLD = "Ellwood, Zoraida", "Thornley, Caspian", "Penhallow, Marigold"
STARTERS = (
    ("S26-01", "", "Zoraida", "Ellwood", date(2001, 3, 4), "z.ellwood@example.org"),
    ("S26-02", "", "Caspian", "Thornley", "31/6/2002", "c.thornley@example.org"),
    ("S26-03", "", "Marigold", "Penhallow", date(2000, 11, 23), "marigold at example.org"),
)
"""The course office's list: two cells are wrong."""


class Year:
    """The office, its window, and somebody at the website; the steps of the story go on where the last one left."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office = office
        self.folder = folder
        self.website = Website(office.portal, office.clock, folder / "downloads")
        self.app: App = office.sit_down()
        self.known, self.other = office.in_training(2)
        self.ids: dict[str, str] = {}

    def comes_to(self, year: int, month: int, day: int) -> None:
        """A day, at ten past nine: it was locked meanwhile."""
        self.office.clock.now = datetime(year, month, day, 9, 10, tzinfo=UTC)
        self.app.lock().try_with(PASSPHRASE)

    def read_back(self) -> tuple[str, str]:
        """Download the export and load it: what is said before, and after."""
        self.office.clock.forward(minutes=1)
        hand = self.app.handover()
        return hand.read_export(self.website.download(EXPORT)), hand.load()

    def hand_over(self, route: str, look: str = "") -> str:
        """A file from the portal's own list, uploaded without a word against it, and said to be: what the dialog told."""
        hand = self.app.handover()
        made = hand.make(route, self.website.download(LISTS[route]), self.folder)
        assert self.website.upload(route, made) is None
        hand.say_uploaded("By the browser")
        if look:
            self.app.look(look)
        return hand.told

    def type_sheet(self, name: str, look: str = "", **slips: str) -> None:
        """Type a sheet into the website, and say that it was accepted."""
        sheet = self.app.keying().begin(name)
        if look:
            sheet.look(look)
        typed = sheet.type_all()
        if name in self.ids:
            self.website.change(self.ids[name], typed)
        else:
            self.ids[name] = self.website.register(typed, **slips)
        sheet.accepted(self.ids[name])

    def held(self, name: str) -> dict[str, Any]:
        """What the portal holds of somebody."""
        found: dict[str, Any] = self.office.portal.control.trainee(self.ids[name])
        return found


@pytest.fixture
def year(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Year]:
    """September: an empty workspace, and a website with a few trainees on it."""
    apply_theme(qapp, "light", 100, "comfortable")
    clock = HandClock(SEPTEMBER)
    scitt = Organisation(SCITT, "scitt", PROVIDER_UKPRN)
    with PracticePortal(size=14, seed=2026, clock=clock) as portal:
        office = Office(portal, clock, tmp_path / "workspace", "scitt-year", scitt)
        yield Year(office, tmp_path)
        office.close()


def test_scitt_year(year: Year):
    """From the first export in September to the last recommendation in July, all of it without an API."""
    _read_register_for_the_first_time(year)
    _import_the_course_offices_spreadsheet(year)
    _mend_what_is_wrong_in_it(year)
    _register_them_by_typing(year)
    _read_back_trns_and_settle_two_conflicts(year)
    _find_the_one_wrong_bursary(year)
    _put_the_bursary_right(year)
    _hand_over_placements(year)
    _recommend_and_have_two_rows_refused(year)
    _mend_the_two_and_send_them_again(year)


def _read_register_for_the_first_time(year: Year) -> None:
    app = year.app
    assert "Register was not read yet" in app.handover().says
    app.look("01-nothing-yet")
    before, after = year.read_back()
    assert "12 trainees new here" in before
    assert after.endswith("loaded: 12 new.")
    assert app.total == 12


def _import_the_course_offices_spreadsheet(year: Year) -> None:
    app = year.app
    dialog = app.records().read_file(_spreadsheet(year))
    assert dialog.kinds == ["All 4", "Will change 1", "New 3"]
    assert "Nothing is saved yet" in dialog.says
    app.look("03-spreadsheet")
    dialog.save()
    assert app.total == 15


def _spreadsheet(year: Year) -> Path:
    """A workbook with a title above its headings; its last row is about somebody whom Register has."""
    known = year.known
    names = known["first_names"], known["last_name"]
    rows = [[*who, *THE_REST] for who in STARTERS]
    rows.append(["", int(known["trn"]), *names, "", "ours@example.org"])
    book = Workbook()
    sheet = book.active
    for row in (["New starters, September 2026"], HEADINGS, *rows):
        sheet.append(row)
    book.save(year.folder / "starters.xlsx")
    return year.folder / "starters.xlsx"


def _mend_what_is_wrong_in_it(year: Year) -> None:
    app = year.app
    checks = app.checks()
    assert checks.title.startswith("2 trainees have something to put right")
    app.look("04-checks")
    for name, field, right in (
        (CASPIAN, "date_of_birth", "30/6/2002"),
        (MARIGOLD, "email", "m.penhallow@example.org"),
    ):
        record = app.checks().open_first()
        assert (record.name, record.field) == (name, field)
        record.answer(field, right)
    assert app.checks().title == "Nothing has to be put right"


def _register_them_by_typing(year: Year) -> None:
    """Somebody chooses the wrong funding for Caspian on the website, and nobody sees it."""
    app = year.app
    assert app.keying().title == "4 sheets to type on Register’s website"
    app.look("05-sheets")
    year.type_sheet(ZORAIDA, look="06-sheet")
    year.type_sheet(CASPIAN, funding_method="Not funded")
    year.type_sheet(MARIGOLD)
    assert app.keying().title == "1 sheet to type on Register’s website"
    app.look("07-typed")


def _read_back_trns_and_settle_two_conflicts(year: Year) -> None:
    app = year.app
    year.comes_to(2026, 10, 5)
    year.website.change(year.known["trainee_id"], {}, email="theirs@example.org")
    year.website.change(year.other["trainee_id"], {}, last_name="Newname")
    before, after = year.read_back()
    assert "3 changes of yours confirmed" in before
    assert "2 conflicts for you to decide" in before
    assert after.endswith("2 questions for you under Needs you.")
    needs = app.needs_you()
    assert needs.here == CASPIAN
    assert "Register shows something else than was typed." in needs.says
    app.look("08-typed-wrong")
    needs.take_mine()
    assert all(side in needs.says for side in ("ours@example.org", "theirs@example.org"))
    app.look("09-both-changed")
    needs.take_theirs()
    assert app.sees("Nothing needs you")
    assert f"TRN {year.held(ZORAIDA)['trn']}" in app.records().open(ZORAIDA).says
    assert f"Newname, {year.other['first_names']}" in app.records().names


def _find_the_one_wrong_bursary(year: Year) -> None:
    app = year.app
    year.comes_to(2026, 11, 10)
    payments = app.payments()
    payments.load([year.website.download(SUMMARY), year.website.download(SCHEDULE)])
    assert payments.title == "1 of 3 groups is not paid as expected"
    assert (
        "Paid £58,000 for 2 trainees, expected £87,000 for 3 trainees: £29,000 too little." in payments.says
    )
    assert payments.could_explain == [CASPIAN]
    app.look("10-payments")


def _put_the_bursary_right(year: Year) -> None:
    """The decision of October was never typed: now it is."""
    year.type_sheet(CASPIAN, look="11-change")
    assert year.held(CASPIAN)["funding_method"] == "D"
    before, _ = year.read_back()
    assert "1 change of yours confirmed" in before
    payments = year.app.payments()
    payments.load([year.website.download(SUMMARY), year.website.download(SCHEDULE)])
    assert payments.title == "All 3 groups are paid as expected"


def _hand_over_placements(year: Year) -> None:
    app = year.app
    year.comes_to(2027, 3, 15)
    one, two, three = list(year.office.portal.state.schools)[:3]
    placed = {ZORAIDA: [one, two], CASPIAN: [two, three], MARIGOLD: [one, three]}
    for name, urns in placed.items():
        record = app.records().open(name)
        for urn in urns:
            record.add_placement(urn)
    assert "3 records." in year.hand_over("placements", look="12-placements")
    before, _ = year.read_back()
    assert "6 changes of yours confirmed" in before
    assert app.handover().title == "Nothing is under way by file"
    assert {name: [p["urn"] for p in year.held(name)["placements"]] for name in placed} == placed


def _recommend_and_have_two_rows_refused(year: Year) -> None:
    """Between the list and the upload somebody at the website changes a name and clears a placement away."""
    app = year.app
    year.comes_to(2027, 7, 9)
    for name in year.ids:
        app.records().open(name).recommend("8/7/2027")
    hand = app.handover()
    made = hand.make("recommend", year.website.download(LISTS["recommend"]), year.folder)
    assert "3 records." in hand.told
    year.website.change(year.ids[CASPIAN], {}, last_name="Thornley-Vale")
    year.website.take_last_placement_off(year.ids[MARIGOLD])
    answer = year.website.upload("recommend", made)
    assert answer is not None
    said = hand.load_answer(answer)
    assert "Thornley, Caspian | The whole record | Last names do not match the trainee’s record" in said
    assert "Penhallow, Marigold | The whole record | placements must be at least 2" in said
    app.look("13-refused")
    assert app.needs_you().count == 2
    app.look("14-needs")


def _mend_the_two_and_send_them_again(year: Year) -> None:
    """The export brings the new name; the placement goes once more. Then the two that were refused go again."""
    app = year.app
    before, _ = year.read_back()
    assert "1 change of yours confirmed" in before
    assert year.held(ZORAIDA)["state"] == "recommended_for_award"
    app.records().open(MARIGOLD).add_placement(list(year.office.portal.state.schools)[3])
    assert "1 record." in year.hand_over("placements")
    year.read_back()
    assert "2 records." in year.hand_over("recommend", look="15-again")
    before, _ = year.read_back()
    assert "2 changes of yours confirmed" in before
    assert {year.held(name)["state"] for name in year.ids} == {"recommended_for_award"}
    assert app.needs_you().count == 0
    assert app.waiting().title == "Nothing is waiting"
    assert app.home().bar_says == {"confirmed": 15}
    assert app.home().title == "Everything is at the portal"
    app.look("16-the-end")
