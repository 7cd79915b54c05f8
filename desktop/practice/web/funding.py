"""The funder's two files: how many trainees are paid what, and in which month. Source: pack 9.2.

The practice portal pays what it holds by its own table of amounts, in ten parts from October to July.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from desktop.collections.trainees import tables
from desktop.collections.trainees.cycles import census_day, cycle_of
from desktop.practice.pages import markup
from desktop.practice.record import Record
from desktop.practice.state import State, parse_day
from desktop.practice.web import sheets, words
from desktop.practice.web.export import funding_of
from desktop.practice.web.visit import Routes, Visit, csv_reply
from desktop.practice.wire import Reply

_AT = "/funding"
_HEADS = (
    "Funding type",
    "Route",
    "Course",
    "Lead school",
    "Tier",
    "Number of trainees",
    "Amount per trainee",
    "Total",
)
_ROUTES = {
    "02": "School Direct tuition fee",
    "03": "School Direct salaried",
    "09": "Undergraduate opt-in",
    "10": "Post graduate teaching apprenticeship",
    "11": "Provider-led",
    "12": "Provider-led",
    "14": "Teacher degree apprenticeship",
    "17": "Early years assessment only",
    "18": "Early years (undergrad)",
    "19": "EYITT Graduate entry",
    "20": "EYITT Graduate employment-based",
}
"""The funder's older names of the routes."""

_EARLY_YEARS = frozenset({"17", "18", "19", "20"})
_MONTHS = (8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7)
_PAID_FROM, _PARTS = 2, 10
"""Place of October among the months, and how many parts are paid from there."""

Group = tuple[str, str, str, str, str, int]
"""(funding type, route, course, lead school, tier, pounds for one trainee)."""


def groups(records: list[Record], state: State, cycle: int) -> Counter[Group]:
    """How many trainees of a cycle are paid in each group."""
    found: Counter[Group] = Counter()
    for record in records:
        kind, pounds, tier = funding_of(record, state)
        if not pounds or state.cycle_of(record) != cycle or not _paid(record, cycle):
            continue
        route = str(record.get("training_route"))
        who = "EYITT" if route in _EARLY_YEARS else "ITT"
        subject = tables.allocations().get(str(record.get("course_subject_1") or ""), "")
        name = _ROUTES.get(route, words.words("training_route", route))
        found[
            f"{who} {kind}", name, subject, _lead_school(record, state), tier or "Not applicable", pounds
        ] += 1
    return found


def _paid(record: Record, cycle: int) -> bool:
    """Not for drafts, nor for those who had withdrawn before the census."""
    gone = parse_day(record.get("withdrawal_date")) if record.state == "withdrawn" else None
    return record.state != "draft" and (gone is None or gone >= census_day(cycle))


def _lead_school(record: Record, state: State) -> str:
    return words.partner_name(record, state) if record.get("training_partner_urn") else ""


def _money(pounds: float) -> str:
    return f"£{pounds:,.2f}"


def summary(found: Counter[Group]) -> list[Sequence[object]]:
    """Rows of the trainee summary, the head first."""
    rows: list[Sequence[object]] = [_HEADS]
    for group, number in sorted(found.items()):
        pounds = group[-1]
        rows.append([*group[:-1], number, _money(pounds), _money(number * pounds)])
    return rows


def schedule(found: Counter[Group], cycle: int) -> list[Sequence[object]]:
    """Rows of the payment schedule, the head first and the totals last."""
    kinds = sorted({group[0] for group in found})
    pence = {kind: sum(n * g[-1] for g, n in found.items() if g[0] == kind) * 100 for kind in kinds}
    rows: list[Sequence[object]] = [["Month", *(f"{kind} payments" for kind in kinds), "Month total"]]
    for place, month in enumerate(_MONTHS):
        paid = [_part(pence[kind], place) for kind in kinds]
        year = cycle if month >= 8 else cycle + 1
        rows.append([words.month_year(year, month), *map(_shown, paid), _shown(sum(paid))])
    rows.append(["Total", *(_shown(pence[kind]) for kind in kinds), _shown(sum(pence.values()))])
    return rows


def _part(pence: int, place: int) -> int:
    """What of a year's sum is paid in a month; the last part takes what does not divide."""
    if place < _PAID_FROM:
        return 0
    each = pence // _PARTS
    return pence - each * (_PARTS - 1) if place == len(_MONTHS) - 1 else each


def _shown(pence: int) -> str:
    return _money(pence / 100) if pence else "0"


def _found(visit: Visit) -> tuple[Counter[Group], int]:
    cycle = cycle_of(visit.state.clock.today())
    return groups(visit.records(), visit.state, cycle), cycle


def _slug(visit: Visit) -> str:
    return re.sub(r"[^a-z0-9]+", "-", visit.who.organisation.lower()).strip("-")


def _overview(visit: Visit) -> Reply:
    cycle = cycle_of(visit.state.clock.today())
    body = markup.bullets(
        [
            markup.link(f"{_AT}/trainee-summary", f"Trainee summary {cycle} to {cycle + 1}"),
            markup.link(f"{_AT}/payment-schedule", f"Payment schedule {cycle} to {cycle + 1}"),
        ]
    )
    return visit.show("Funding", body, at=_AT)


def _summary_page(visit: Visit) -> Reply:
    found, cycle = _found(visit)
    head, *rows = summary(found)
    body = [
        markup.paragraph(markup.link(f"{_AT}/trainee-summary.csv", "Download the trainee summary (CSV)")),
        markup.table("Trainees with funding", [str(h) for h in head], rows, numbers=3)
        if rows
        else markup.paragraph("No trainee is funded."),
    ]
    return visit.show("Trainee summary", body, caption=f"{cycle} to {cycle + 1}", at=_AT, back=_AT)


def _schedule_page(visit: Visit) -> Reply:
    found, cycle = _found(visit)
    head, *rows = schedule(found, cycle)
    body = [
        markup.paragraph(markup.link(f"{_AT}/payment-schedule.csv", "Download the payment schedule (CSV)")),
        markup.table("Payments by month", [str(h) for h in head], rows, numbers=len(head) - 1),
    ]
    return visit.show("Payment schedule", body, caption=f"{cycle} to {cycle + 1}", at=_AT, back=_AT)


def _summary_file(visit: Visit) -> Reply:
    found, cycle = _found(visit)
    return csv_reply(
        f"{_slug(visit)}-trainee-summary-{cycle}-to-{cycle + 1}.csv", sheets.write(summary(found))
    )


def _schedule_file(visit: Visit) -> Reply:
    found, cycle = _found(visit)
    name = f"{_slug(visit)}-payment_schedule-{cycle}-to-{cycle + 1}.csv"
    return csv_reply(name, sheets.write(schedule(found, cycle)))


ROUTES: Routes = (
    ("GET", _AT, _overview),
    ("GET", f"{_AT}/trainee-summary", _summary_page),
    ("GET", f"{_AT}/payment-schedule", _schedule_page),
    ("GET", rf"{_AT}/trainee-summary\.csv", _summary_file),
    ("GET", rf"{_AT}/payment-schedule\.csv", _schedule_file),
)
