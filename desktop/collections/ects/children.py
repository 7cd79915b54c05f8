"""Earlier school periods, mentorships and training periods: nested lists of a person's record. Source: domain pack 2.

Every period includes both of its days; one without a last day is open.
"""

from __future__ import annotations

from desktop.collections.ects.who import is_ect, is_person
from desktop.collections.reading import day, is_blank, long_day, text
from desktop.model.collection import ChildKind, CodeLists, Field, Kind, Required
from desktop.model.document import Fields

_DATE, _CODE, _TEXT = Kind.DATE, Kind.CODE, Kind.TEXT
_YES, _MAYBE = Required.ALWAYS, Required.SOMETIMES

PERIOD_FIELDS = (
    Field("school_urn", "School URN", _TEXT, help="6 digits, if you know it."),
    Field("school_name", "School", _TEXT, max_length=200),
    Field("started_on", "First day", _DATE, required=_YES),
    Field("finished_on", "Last day", _DATE, help="Empty while it has not ended."),
    Field("training_started_on", "Latest training began on", _DATE, help="If the portal shows it."),
)  # fmt: skip

MENTORSHIP_FIELDS = (
    Field("mentor_trn", "TRN of the mentor", _TEXT, required=_YES, help="7 digits."),
    Field("mentor_name", "Name of the mentor", _TEXT, max_length=70),
    Field("started_on", "First day", _DATE, required=_YES),
    Field("finished_on", "Last day", _DATE, help="Empty while it goes on."),
)  # fmt: skip

TRAINING_FIELDS = (
    Field("training_programme", "Training programme", _CODE, codes="training_programme", required=_YES),
    Field("lead_provider", "Lead provider", _CODE, codes="lead_provider", required=_MAYBE),
    Field("delivery_partner", "Delivery partner", _TEXT, max_length=200),
    Field("agreed_by", "With the lead provider", _CODE, codes="agreed_by", required=_MAYBE),
    Field("agreed_year", "Contract year of that", Kind.INTEGER),
    Field("partnership_urn", "School of the partnership", _TEXT, help="Its URN, if the portal shows it."),
    Field("schedule", "Schedule", _CODE, codes="schedule", required=_MAYBE),
    Field("schedule_year", "Contract year of the schedule", Kind.INTEGER),
    Field("started_on", "First day", _DATE, required=_YES),
    Field("finished_on", "Last day", _DATE),
    Field("withdrawn_on", "Withdrawn on", _DATE),
    Field("withdrawal_reason", "Why withdrawn", _CODE, codes="withdrawal_reason"),
    Field("deferred_on", "Deferred on", _DATE),
    Field("deferral_reason", "Why deferred", _CODE, codes="deferral_reason"),
    Field("declared", "Payment was declared", _CODE, codes="yes_no"),
)  # fmt: skip


def _days(fields: Fields) -> str:
    """`7 September 2026 to 31 May 2027`, `since 7 September 2026`, "" without a first day."""
    first, last = day(fields.get("started_on")), day(fields.get("finished_on"))
    if first is None:
        return ""
    return f"{long_day(first)} to {long_day(last)}" if last else f"since {long_day(first)}"


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _label(lists: CodeLists, name: str, value: object) -> str:
    code = text(value)
    found = lists.codes(name).get(code)
    return found.label if found else code[:60]


def period_label(fields: Fields, _lists: CodeLists) -> str:
    """`Northmoor Academy, since 1 September 2025`."""
    urn = text(fields.get("school_urn")).strip()[:20]
    where = text(fields.get("school_name")).strip()[:80] or (f"URN {urn}" if urn else "")
    return _joined(where, _days(fields)) or "Period, nothing answered"


def mentorship_label(fields: Fields, _lists: CodeLists) -> str:
    """`Sam Okafor, since 7 September 2026`; the TRN while there is no name."""
    name = text(fields.get("mentor_name")).strip()[:70]
    trn = text(fields.get("mentor_trn")).strip()[:20]
    return _joined(name or (f"TRN {trn}" if trn else ""), _days(fields)) or "Mentor, nothing answered"


def training_label(fields: Fields, lists: CodeLists) -> str:
    """`Provider-led, Teach First, since 7 September 2026`."""
    programme = _label(lists, "training_programme", fields.get("training_programme"))
    provider = (
        ""
        if is_blank(fields.get("lead_provider"))
        else _label(lists, "lead_provider", fields["lead_provider"])
    )
    return _joined(programme, provider, _days(fields)) or "Training, nothing answered"


CHILDREN = (
    ChildKind("training", "Training periods", "training period", "programme", TRAINING_FIELDS, training_label, shown=is_person),
    ChildKind("mentorships", "Mentors", "mentor", "mentoring", MENTORSHIP_FIELDS, mentorship_label, shown=is_ect),
    ChildKind("periods", "Earlier school periods", "school period", "before", PERIOD_FIELDS, period_label, shown=is_person),
)  # fmt: skip
