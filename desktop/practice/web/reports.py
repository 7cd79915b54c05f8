"""Census and performance profile: what they are about, the file of each, and the sign-off by a person. Source: pack 6, 9.1."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop.collections.trainees.cycles import (
    census_day,
    census_day_shown,
    cycle_of,
    performance_days,
    sign_off_days,
)
from desktop.practice.pages import markup
from desktop.practice.pages.markup import Answer, Button, Html, Question
from desktop.practice.record import Record
from desktop.practice.state import State, parse_day
from desktop.practice.web import sheets, words
from desktop.practice.web.export import end_cycle, exported
from desktop.practice.web.visit import Routes, Visit, csv_reply
from desktop.practice.wire import Reply

CENSUS, PROFILE = "censuses", "performance-profiles"
_ASSESSMENT_ONLY = frozenset({"16", "17"})
_NOT_YET = frozenset({"draft"})


@dataclass(frozen=True)
class Report:
    """One of the two, for one cycle. `opens` and `closes` = when it is signed off; `purpose` = its file's name."""

    key: str
    title: str
    cycle: int
    opens: date
    closes: date
    purpose: str

    @property
    def years(self) -> str:
        return f"{self.cycle} to {self.cycle + 1}"

    def named(self, now_us: int) -> str:
        """The name of its file: London's time, the cycle, the purpose."""
        label = f"{self.cycle}-{self.cycle + 1}"
        about = f"New-trainees-{label}" if self.key == CENSUS else f"{label}_trainees_performance-profiles"
        return f"{stamp(now_us)}_{about}-sign-off-Register-trainee-teachers_exported_records.csv"


def stamp(now_us: int) -> str:
    """London's time as the names of files begin."""
    return f"{words.london_time(now_us):%Y-%m-%d_%H-%M-%S}"


def reports(today: date) -> dict[str, Report]:
    """The two reports that are open or come next, on a day."""
    cycle = cycle_of(today)
    return {
        CENSUS: Report(CENSUS, "New trainee data", cycle, *sign_off_days(cycle), "new trainees"),
        PROFILE: Report(PROFILE, "Performance profile", cycle - 1, *performance_days(cycle - 1), "outcomes"),
    }


def rows_of(report: Report, records: list[Record], state: State) -> list[Record]:
    """Whom the file is about."""
    held = [record for record in records if record.state not in _NOT_YET]
    if report.key == CENSUS:
        return [r for r in held if state.cycle_of(r) == report.cycle and _counts(r, report.cycle)]
    return [r for r in held if state.cycle_of(r) <= report.cycle <= (end_cycle(r) or report.cycle)]


def _counts(record: Record, cycle: int) -> bool:
    """New starters but for assessment only and those who withdrew before the census."""
    gone = parse_day(record.get("withdrawal_date")) if record.state == "withdrawn" else None
    early = gone is not None and gone < census_day(cycle)
    return record.get("training_route") not in _ASSESSMENT_ONLY and not early


def _overview(visit: Visit) -> Reply:
    found = reports(visit.state.clock.today()).values()
    rows = [
        (
            markup.link(f"/reports/{one.key}", one.title),
            one.years,
            f"{words.long_day(one.opens)} to {words.long_day(one.closes)}",
            _signed_tag(visit, one),
        )
        for one in found
    ]
    table = markup.table("Data to check and sign off", ["Report", "Academic year", "Sign off", "State"], rows)
    return visit.show("Reports", table, at="/reports")


def _signed_tag(visit: Visit, report: Report) -> Html:
    if (report.key, report.cycle) in visit.books.signed_off:
        return markup.tag("Signed off", "green")
    return markup.tag("Not signed off", "grey")


def _report(visit: Visit, error: str = "") -> Reply:
    one = reports(visit.state.clock.today())[visit.args[0]]
    number = len(rows_of(one, visit.records(), visit.state))
    lines = [
        Answer("Academic year", one.years),
        Answer("Trainees in the file", str(number)),
        Answer("Sign off", f"{words.long_day(one.opens)} to {words.long_day(one.closes)}"),
        Answer("State", _signed_tag(visit, one)),
    ]
    if one.key == CENSUS:
        lines.insert(1, Answer("ITT census date", words.long_day(census_day_shown(one.cycle))))
    path = f"/reports/{one.key}"
    ask = Question(
        "confirm",
        "Sign off",
        "any",
        options=[("yes", f"I have checked this data, and it is right for {one.years}")],
        error=error,
    )
    body: list[Html] = [
        markup.answers(lines),
        markup.paragraph(markup.link(f"{path}.csv", f"Download {one.purpose} as a CSV file")),
        _signing(visit, one, ask),
    ]
    return visit.show(one.title, body, at="/reports", back="/reports", asked=[ask])


def _signing(visit: Visit, report: Report, ask: Question) -> Html:
    signed = visit.books.signed_off.get((report.key, report.cycle))
    if signed is not None:
        return markup.box(
            "Signed off", markup.paragraph(f"Signed off on {words.moment(signed)}."), colour="green"
        )
    today = visit.state.clock.today()
    if not report.opens <= today <= report.closes:
        when = "It opens on " + words.long_day(report.opens) if today < report.opens else "It is closed"
        return markup.paragraph(f"Sign-off is not open now. {when}.")
    return visit.post(f"/reports/{report.key}", markup.question(ask), Button("Sign off"))


def _sign(visit: Visit) -> Reply:
    one = reports(visit.state.clock.today())[visit.args[0]]
    path = f"/reports/{one.key}"
    if not one.opens <= visit.state.clock.today() <= one.closes:
        return visit.go(path)
    if visit.form.one("confirm") != "yes":
        return _report(visit, "Confirm that you have checked the data")
    now = visit.state.clock.now_us()
    visit.books.signed_off.setdefault((one.key, one.cycle), now)
    reference = f"{one.key[:3].upper()}-{one.cycle}-{visit.books.signed_off[one.key, one.cycle] // 1_000_000 % 1_000_000:06d}"
    return visit.go(path, f"You have signed off the data. Your reference is {reference}.", effect=True)


def _file(visit: Visit) -> Reply:
    one = reports(visit.state.clock.today())[visit.args[0]]
    found = rows_of(one, visit.records(), visit.state)
    rows = exported(found, visit.state, visit.root, visit.who.organisation)
    return csv_reply(one.named(visit.state.clock.now_us()), sheets.write(rows))


_KEY = f"({CENSUS}|{PROFILE})"
ROUTES: Routes = (
    ("GET", "/reports", _overview),
    ("GET", f"/reports/{_KEY}", _report),
    ("POST", f"/reports/{_KEY}", _sign),
    ("GET", rf"/reports/{_KEY}\.csv", _file),
)
