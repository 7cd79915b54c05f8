"""A school's September: six starters, two people at two computers, a website without any way in for programs, and its outage."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from openpyxl import Workbook
from PySide6.QtWidgets import QApplication

from desktop.collections.ects import formats
from desktop.practice.ects.furnish import PRIMARY
from desktop.practice.server import PracticePortal
from desktop.practice.teachers import Teacher
from desktop.services.views import Organisation, RecordQuery
from desktop.services.workspace import Workspace
from desktop.ui.theme import apply_theme
from tests.e2e.conftest import PASSPHRASE, HandClock, Office
from tests.e2e.pages.school_website import SchoolWebsite
from tests.e2e.pages.window import App

FIRST_OF_SEPTEMBER = datetime(2026, 9, 1, 8, 10, tzinfo=UTC)
SCHOOL = "Saltersgate Primary School"
JO, SAM = "Jo Achebe", "Sam Okafor"
TEAM = "three patient newts"
HEADINGS = (
    "TRN", "Date of birth", "First name", "Last name", "Email address", "Start date at this school", "Working pattern as an ECT", "Appropriate body",
    "Training programme", "Lead provider",
)  # fmt: skip
ROUTE = ("Alban Teaching School Hub", "Provider-led", "Teach First")
AMINA, TARIQ, RHYS = "Okafor, Amina", "Malhotra, Tariq", "Penhaligon, Rhys"
HELENA, JOSE, UNA = "Thackeray, Helena", "Ibáñez Núñez, José", "Trelawney, Una"

CASES = {
    AMINA: "found", TARIQ: "in_progress", RHYS: "born_differs", HELENA: "passed", JOSE: "middle_name", UNA: "short_number",
}  # fmt: skip
ROUTE_THERE = {
    "role": "ect", "school": PRIMARY, "began": "2026-09-01", "working_pattern": "full_time", "body": "alban",
    "programme": "provider_led", "provider": "teach_first",
}  # fmt: skip
NI_NUMBER = "KL 29 48 17 B"
NO_ADDRESS = ("born_differs", "short_number")


class September:
    """Two desks and the website; the steps of the story go on where the last one left."""

    def __init__(self, portal: PracticePortal, clock: HandClock, folder: Path, http: httpx.Client) -> None:
        self.portal, self.clock, self.folder = portal, clock, folder
        (folder / "share").mkdir()
        school = Organisation(SCHOOL, "school", "", PRIMARY, ("ects",))
        self.offices = {
            name: Office(portal, clock, folder / name, "school-september", school, name) for name in (JO, SAM)
        }
        self.apps: dict[str, App] = {}
        self.website = SchoolWebsite(http, portal=portal)

    def at(self, name: str) -> App:
        """Somebody goes on at their computer, half a minute later; the program is opened if it is not yet."""
        self.clock.forward(seconds=30)
        if name not in self.apps:
            office = self.offices[name]
            known = (office.folder / "holdfast.key").exists()
            self.apps[name] = office.sit_down(office.open_with(PASSPHRASE) if known else None)
        app = self.apps[name]
        app.come_back()
        return app

    def comes_to(self, month: int, day: int) -> None:
        """A morning, at ten past nine: both computers were switched off over night."""
        self.close()
        self.clock.now = datetime(2026, month, day, 8, 10, tzinfo=UTC)
        self.website.http.cookies.clear()

    def close(self) -> None:
        self.apps.clear()
        for office in self.offices.values():
            office.close()

    def teacher(self, case: str) -> Teacher:
        found: Teacher = self.portal.teachers.case(case)
        return found

    @property
    def mentor(self) -> Teacher:
        found: Teacher = self.portal.teachers.ordinary()[0]
        return found

    def exchange(self, name: str) -> str:
        """Take in what the colleague has left in the shared folder, and leave there what is known here."""
        return self.at(name).sharing().exchange()

    def held(self, kind: str) -> list[dict[str, Any]]:
        """What the website holds."""
        found: list[dict[str, Any]] = self.portal.control.ects.held()[kind]
        return found

    def is_at_the_website(self, name: str) -> bool:
        """Whether the website has exactly what was to be typed of an ECT of the list."""
        teacher = self.teacher(CASES[name])
        (period,) = (p for p in self.held("periods") if p["trn"] == teacher.trn)
        (training,) = (t for t in self.held("training") if t["period"] == period["id"])
        told = {**period, "provider": training["provider"], "programme": training["programme"]}
        return {n: told[n] for n in ROUTE_THERE} == ROUTE_THERE

    @property
    def school(self) -> dict[str, Any]:
        return next(school for school in self.held("schools") if school["urn"] == PRIMARY)


@pytest.fixture
def september(qapp: QApplication, tmp_path: Path) -> Iterator[September]:
    """The first of September: a primary school of which the website knows no induction tutor, and empty workspaces."""
    apply_theme(qapp, "light", 100, "comfortable")
    clock = HandClock(FIRST_OF_SEPTEMBER)
    with (
        PracticePortal(clock=clock) as portal,
        httpx.Client(base_url=portal.ects_url, trust_env=False, timeout=20) as http,
    ):
        made = September(portal, clock, tmp_path, http)
        yield made
        made.close()


def test_school_september(september: September):
    """From the induction tutor on the first day to the last confirmation, with an outage and a colleague in between."""
    _declare_the_induction_tutor(september)
    _read_the_list_of_six_and_mend_two_cells(september)
    _share_with_sam(september)
    _both_work_and_one_answer_is_in_question(september)
    _sam_types_two_and_the_website_goes_down_in_the_third(september)
    _next_day_he_goes_on_where_it_stopped(september)
    _jo_sees_that_sam_is_at_it_and_takes_it_over(september)
    _jo_registers_the_mentor_and_looks_at_jose(september)
    _tariq_leaves_and_what_sam_typed_meanwhile_is_held(september)
    _everything_agrees_and_no_birthday_is_left(september)


def _declare_the_induction_tutor(september: September) -> None:
    """The website leads everybody there first, and the sheet comes first."""
    website, app = september.website.sign_in(), september.at(JO)
    assert september.school["tutor_name"] == ""
    website.get("/register-ect")
    assert website.heading == "Tell us your induction tutor"
    app.records()
    record = app.new_trainee()
    record.choose("role", "School")
    record.answer("school_name", SCHOOL)
    record.answer("school_urn", PRIMARY)
    record.choose("school_type", "Community school")
    record.answer("induction_tutor_name", JO)
    record.answer("induction_tutor_email", "jo.achebe@example.com")
    keying = app.keying()
    assert keying.title == "1 sheet to type on Register ECTs’ website"
    sheet = keying.begin("Declare the induction tutor")
    sheet.type_into(website)
    sheet.accepted()
    assert (september.school["tutor_name"], september.school["tutor_year"]) == (JO, 2026)
    assert app.keying().title == "Nothing must be typed on Register ECTs’ website"


def _read_the_list_of_six_and_mend_two_cells(september: September) -> None:
    app = september.at(JO)
    dialog = app.records().read_file(_spreadsheet(september))
    assert dialog.kinds == ["All 6", "New 6"]
    assert "The file itself is not kept here" in dialog.says
    app.look("02-list")
    dialog.save()
    assert app.total == 7
    for name, field, said, right in (
        (TARIQ, "date_of_birth", "This is not a date", "16/6/1997"),
        (JOSE, "trn", "The TRN has too many digits: 8", "RP21/00020"),
    ):
        checks = app.checks()
        assert said in checks.says
        record = checks.open_at(said)
        assert (record.name, record.field) == (name, field)
        record.answer(field, right)
    checks = app.checks()
    assert checks.title == "2 records have something to put right", "two addresses are not known yet"


def _spreadsheet(september: September) -> Path:
    """The head's list: TRNs as people write them; one date cannot be, one TRN has a digit too many."""
    people = (
        ("found", "RP21/00001", None),
        ("in_progress", "2100007", "31/6/1997"),
        ("born_differs", "210 0002", None),
        ("passed", "RP 2100003", None),
        ("middle_name", "21000200", None),
        ("short_number", 54321, None),
    )
    book = Workbook()
    sheet = book.active
    sheet.append(HEADINGS)
    for case, trn, born in people:
        teacher = september.teacher(case)
        day = born or teacher.said_born or teacher.date_of_birth
        email = "" if case in NO_ADDRESS else f"{case.replace('_', '.')}@saltersgate.example"
        names = teacher.first_name, teacher.last_name
        sheet.append([trn, day, *names, email, date(2026, 9, 1), "Full-time", *ROUTE])
    book.save(september.folder / "starters.xlsx")
    return september.folder / "starters.xlsx"


def _share_with_sam(september: September) -> None:
    """Jo's file, with the passphrase of the team typed once at the other computer."""
    share = september.at(JO).sharing()
    share.choose_folder(september.folder / "share")
    share.agree(TEAM)
    assert share.exchange() == ""
    share = september.at(SAM).sharing()
    share.choose_folder(september.folder / "share")
    told = share.exchange(TEAM)
    assert f"7 records, made by {JO}" in told
    assert "7 records new here" in told
    assert september.apps[SAM].total == 7


def _both_work_and_one_answer_is_in_question(september: September) -> None:
    """Sam adds two addresses and a mentor; Jo types one of the two addresses otherwise."""
    app = september.at(SAM)
    app.records().open(RHYS).answer("email", "rhys@saltersgate.example")
    app.records().open(UNA).answer("email", "una@saltersgate.example")
    mentor = september.mentor
    app.records()
    record = app.new_trainee()
    record.choose("role", "Mentor")
    for path, typed in (
        ("trn", mentor.trn),
        ("date_of_birth", f"{mentor.date_of_birth:%d/%m/%Y}"),
        ("first_names", mentor.first_name),
        ("last_name", mentor.last_name),
        ("email", "mentor@saltersgate.example"),
        ("ect_trn", september.teacher("found").trn),
    ):
        record.answer(path, typed)
    app = september.at(JO)
    app.records().open(RHYS).answer("email", "r.penhaligon@saltersgate.example")
    september.exchange(SAM)
    told = september.exchange(JO)
    assert "1 question for you to decide" in told
    needs = september.apps[JO].needs_you()
    assert needs.here == RHYS
    assert all(words in needs.says for words in (SAM, "rhys@", "r.penhaligon@"))
    september.apps[JO].look("03-both-changed")
    needs.take_theirs()
    assert needs.count == 0
    september.exchange(JO)
    assert "known here already" in september.exchange(SAM)
    assert september.at(SAM).records().open(RHYS).shown("email") == "rhys@saltersgate.example"
    assert september.at(JO).records().open(UNA).shown("email") == "una@saltersgate.example"


def _sam_types_two_and_the_website_goes_down_in_the_third(september: September) -> None:
    september.comes_to(9, 2)
    jose = september.teacher("middle_name")
    september.portal.control.ects.add(
        "periods", role="ect", trn=jose.trn, school=PRIMARY, email="middle.name@saltersgate.example", began="2026-09-01",
        working_pattern="full_time", body="alban", programme="provider_led", provider="teach_first",
    )  # fmt: skip
    app, website = september.at(SAM), september.website.sign_in()
    website.get("/ects")
    assert website.heading != "Tell us your induction tutor", "nobody is led there any more"
    sheet = app.keying().begin_run()
    assert (sheet.place, sheet.whose) == ("One after another: 1 of 7", JOSE)
    website.to_new_ect()
    sheet.type_into(website)
    assert "registered at this school already" in sheet.reads()
    app.look("04-there-already")
    sheet.click("Take over the registration that is there")
    for number, name in enumerate((TARIQ, AMINA), 2):
        assert (sheet.place, sheet.whose) == (f"One after another: {number} of 10", name)
        website.to_new_ect()
        sheet.type_into(website)
        assert website.heading.startswith("You have saved")
        sheet.accepted()
    assert all(september.is_at_the_website(name) for name in (JOSE, TARIQ, AMINA))
    assert sheet.whose == RHYS
    website.to_new_ect()
    sheet.type_page(website)
    assert website.heading == "We cannot find the ECT’s details"
    sheet.tell(website)
    assert sheet.heading == "We cannot find the ECT’s details"
    assert sheet.sees("Missing. Find it out first")
    september.portal.control.ects.fault("maintenance")
    website.get("/")
    assert (website.reply.status_code, website.heading) == (200, "This service is currently unavailable")
    website.get("/ects")
    assert website.reply.status_code == 500
    app.look("04-down")
    sheet.later()
    assert app.lock().is_up
    assert "Penhaligon" not in app.reads()
    assert len(september.held("periods")) == 3


def _next_day_he_goes_on_where_it_stopped(september: September) -> None:
    """Rhys by his National Insurance number, Helena not at all, José as somebody had typed him already."""
    september.comes_to(9, 3)
    september.portal.control.ects.fault("up")
    app, website = september.at(SAM), september.website.sign_in()
    record = app.records().open(RHYS)
    record.answer("ni_number", NI_NUMBER)
    keying = app.keying()
    assert "3 of 10 gone through" in keying.run_says
    sheet = keying.go_on()
    assert (sheet.whose, sheet.heading) == (RHYS, "We cannot find the ECT’s details")
    sheet.back_to_the_beginning()
    website.to_new_ect()
    sheet.type_into(website)
    sheet.accepted()
    assert september.is_at_the_website(RHYS)

    assert sheet.whose == HELENA
    website.to_new_ect()
    sheet.type_into(website)
    assert "has already completed" in website.page.words
    sheet.refused()

    assert sheet.whose == UNA
    sheet.later()
    keying = app.keying()
    assert "stopped by the portal: The teacher has passed induction" in keying.run_says
    assert "Discard the record, or check the TRN" in keying.stand_on(HELENA)
    app.look("06-stopped")
    needs = app.needs_you()
    assert "The teacher has passed induction" in needs.says
    app.records().open(HELENA).delete_draft()
    assert app.needs_you().count == 0


def _jo_sees_that_sam_is_at_it_and_takes_it_over(september: September) -> None:
    september.exchange(SAM)
    told = september.exchange(JO)
    assert "Deleted by a colleague" in told
    app = september.at(JO)
    share = app.sharing()
    assert share.title == f"{SAM} is typing something elsewhere"
    assert "Trelawney, Una" in share.says
    app.look("07-keyed-elsewhere")
    keying = app.keying()
    assert f"{SAM} is typing this" in keying.stand_on(UNA)
    assert "the history notes it" in keying.leave_it(UNA)
    asked, sheet = keying.take_over(UNA)
    assert asked.startswith(f"{SAM} is typing this")
    website = september.website.sign_in(person="Priya Shah")
    website.to_new_ect()
    sheet.type_into(website)
    sheet.accepted()
    assert september.is_at_the_website(UNA)
    assert "was taken over" in app.records().open(UNA).history
    september.exchange(JO)
    assert "left for the next time" in september.exchange(SAM)
    september.at(SAM).keying().give_up(UNA)
    assert "1 record changed" in september.exchange(SAM)


def _jo_registers_the_mentor_and_looks_at_jose(september: September) -> None:
    september.comes_to(9, 4)
    app, website = september.at(JO), september.website.sign_in(person="Priya Shah")
    keying = app.keying()
    for _ in range(3):
        keying.is_there(JOSE)
    sheet = keying.begin("Register a mentor")
    sheet.type_into(website)
    sheet.accepted()
    (link,) = september.held("mentorships")
    amina, mentor = website.period("2100001"), website.period(september.mentor.trn, "mentor")
    assert (link["ect"], link["mentor"]) == (amina["id"], mentor["id"])
    assert f"{september.mentor.first_name}" in app.records().open(AMINA).says


def _tariq_leaves_and_what_sam_typed_meanwhile_is_held(september: September) -> None:
    app, website = september.at(JO), september.website
    app.records().open(TARIQ).act("Record leaving", "18/12/2026")
    september.at(SAM).records().open(TARIQ).answer("email", "t.malhotra@saltersgate.example")
    september.exchange(JO)
    told = september.exchange(SAM)
    assert "1 change held, because somebody leaves" in told
    app = september.at(SAM)
    needs = app.needs_you()
    assert needs.here == TARIQ
    assert "recorded meanwhile that this person leaves" in needs.says
    app.look("08-held")
    website.to_ect("2100007")
    website.follow("Tell us if Tariq Malhotra is leaving permanently")
    sheet = september.at(JO).keying().begin(TARIQ)
    sheet.type_into(website)
    sheet.accepted()
    assert website.period("2100007")["until"] == "2026-12-18"
    september.exchange(JO)
    september.at(SAM).records().open(TARIQ).take_all_back()
    for name in (SAM, JO, SAM):
        told = september.exchange(name)
    assert "known here already" in told


def _everything_agrees_and_no_birthday_is_left(september: September) -> None:
    teachers = [*map(september.teacher, CASES.values()), september.mentor]
    days = {day.isoformat() for t in teachers for day in (t.date_of_birth, t.said_born or t.date_of_birth)}
    held = september.held("periods")
    for name in (JO, SAM):
        app = september.at(name)
        assert app.keying().title == "Nothing must be typed on Register ECTs’ website"
        assert app.needs_you().count == 0
        assert app.waiting().title == "Nothing is waiting"
        workspace = september.offices[name].workspace
        lines = _all_that_is_kept(workspace)
        assert [line for line in lines if any(one in line for one in (*days, "KL294817B", NI_NUMBER))] == []
        assert _people_of(workspace) == {
            (p["role"], p["trn"]): (p["email"], p["working_pattern"], p["until"]) for p in held
        }
        typed = {e.actor for e in workspace.activity.entries(limit=2000) if e.event == "keyed_page"}
        assert name in typed
        assert typed <= {JO, SAM}
        assert app.home().title == "Everything is at the portal"
        app.look("09-the-end")


def _people_of(workspace: Workspace) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Role and TRN -> what is known of everybody, as the website would say it."""
    found = {}
    for row in workspace.records.page(RecordQuery("ects"), -1):
        get = workspace.records.view(row.id).document.get
        if get("role") != "school":
            person = str(get("role") or "ect"), formats.trn(get("trn"))
            found[person] = get("email"), get("working_pattern") or "", get("finished_on")
    return found


def _all_that_is_kept(workspace: Workspace) -> list[str]:
    """Every row of every table of the opened store."""
    with workspace._store.read() as unit:
        run = unit.connection.exec_driver_sql
        tables = [row[0] for row in run("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return [f"{table}: {tuple(row)}" for table in tables for row in run(f'SELECT * FROM "{table}"')]
