"""What the website holds against a trainee. It asks fewer things than the API, so nothing is held against those."""

from __future__ import annotations

from desktop.collections.trainees.tables import eligible_code, methods
from desktop.model.finding import Finding
from desktop.practice import lists
from desktop.practice.record import Record
from desktop.practice.state import State
from desktop.practice.validation import trainee_findings

_NOT_ASKED = {
    "hesa_id": "0000000000000",
    "itt_aim": "201",
    "course_year": 1,
    "fund_code": "2",
    "funding_method": "6",
}


def findings_of(record: Record, state: State) -> list[Finding]:
    """Errors of a trainee among what the website asks, in plain English."""
    asked = record.clone()
    if not record.get("fund_code"):
        paid = methods().get(str(record.get("funding_method") or ""))
        asked.put("fund_code", eligible_code() if paid and paid.type else None)
    for name, value in _NOT_ASKED.items():
        if not asked.get(name) and (name != "funding_method" or not _asks_funding(record)):
            asked.f[name] = value
    left_out = _NOT_ASKED.keys() - {"funding_method"}
    return [found for found in trainee_findings(asked, state) if found.field not in left_out]


def _asks_funding(record: Record) -> bool:
    route = lists.route_of(record.get("training_route"))
    return route is not None and route.funding_page
