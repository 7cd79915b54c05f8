"""Rules about appropriate body, training programme, lead provider, and training periods. Source: domain pack 1.1, 1.7, 2."""

from __future__ import annotations

from collections.abc import Iterable

from desktop.collections.declare import ERROR, NOTHING, UNKNOWN, WARNING, Say, rule
from desktop.collections.ects import tables, who
from desktop.collections.ects.spans import span
from desktop.collections.reading import alike, day, is_blank, quote, text, whole
from desktop.model.collection import Context
from desktop.model.document import Child, Document
from desktop.model.finding import Finding

_NO_BODY = {
    tables.LOCAL_AUTHORITY: "A local authority cannot be the appropriate body any more. Choose a teaching school hub.",
    tables.NATIONAL: "Schools cannot choose this body. Choose a teaching school hub, or ISTIP for an independent school.",
}


def wrong_body(body: str, school: Document | None, context: Context) -> str:
    """Why a school cannot choose this body, in words; "" = it can, as far as can be told here. Source: 1.1.1."""
    kind = tables.body_kind(context.codes, body)
    if kind == tables.LOCAL_AUTHORITY or (kind == tables.NATIONAL and body != tables.OFFERED_NATIONAL):
        return _NO_BODY[kind]
    school_type = text(school.fields.get("school_type")).strip() if school else ""
    if kind == tables.NATIONAL and school_type and not tables.is_independent(context.codes, school_type):
        return "ISTIP is for independent schools. A state-funded school chooses a teaching school hub."
    return ""


def _changed(name: str, document: Document, context: Context) -> bool:
    """Whether an answer is not the one that the portal holds."""
    return context.base is None or not alike(context.base.fields.get(name), document.fields.get(name))


@rule(
    "E-BODY-KIND",
    ERROR,
    "A state-funded school chooses a teaching school hub, an independent one a hub or ISTIP, nobody a local authority.",
    "1.1.1; 2, invariant 12",
)
def _body_kind(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    found = []
    for name in ("appropriate_body", "last_appropriate_body"):
        body = text(document.fields.get(name)).strip()
        if body and _changed(name, document, context):
            school = document if who.is_school(document) else who.school_of(document, context)
            said = wrong_body(body, school, context)
            found += [say(name, said)] if said else []
    return found


@rule("E-BODY-ACTIVE", UNKNOWN, "The appropriate body is active.", "1.1.1, 9")
def _body_active(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    body = text(document.fields.get("appropriate_body")).strip()
    if not body or not who.is_ect(document) or not who.is_new(context) or wrong_body(body, None, context):
        return NOTHING
    if tables.body_kind(context.codes, body):
        return (say("appropriate_body", "Whether this body is still active will be checked by the portal."),)
    said = f"{quote(body)} is not on Holdfast's list. It will be checked by the portal."
    return (say("appropriate_body", said),)


@rule(
    "E-PROVIDER-NONE",
    ERROR,
    "A school-led programme has no lead provider.",
    "2, invariants 6 and 12",
)
def _provider_none(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    pairs = (("training_programme", "lead_provider"), ("last_training_programme", "last_lead_provider"))
    said = "A school-led programme has no lead provider. Clear it, or choose provider-led."
    return [
        say(provider, said)
        for programme, provider in pairs
        if document.fields.get(programme) == "school_led" and not is_blank(document.fields.get(provider))
    ]


@rule(
    "E-PROVIDER-ACTIVE",
    WARNING,
    "A lead provider is active in the contract period of the registration.",
    "1.1 step 9, 1.2 step 5, 1.7",
)
def _provider_active(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    name = "lead_provider"
    provider = text(document.fields.get(name)).strip()
    if not provider or not who.is_person(document) or not _changed(name, document, context):
        return NOTHING
    years = tables.active_years(context.codes, provider)
    if years is None:
        said = f"{quote(provider)} is not on Holdfast's list. It will be checked by the portal."
        return (say(name, said, severity=UNKNOWN),)
    year = _year_of(document, context)
    if year is None or year in years:
        return NOTHING
    said = f"On Holdfast's list this provider is not active in {year} to {year + 1}. The portal may not offer it."
    return (say(name, said),)


def _year_of(document: Document, context: Context) -> int | None:
    """The contract year in which the training would be registered; a frozen one moves on (3.4)."""
    known = tables.periods(context.codes)
    if known is None:
        return None
    start = day(document.fields.get("started_on")) or context.today
    period = known.registration(start, context.today)
    if period is None:
        return None
    return known.moves_to if period.frozen else period.year


@rule("E-PREVIOUS-CHOICES", ERROR, "Previous choices are used again only where there are any.", "1.1.2")
def _previous_choices(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    school = who.school_of(document, context)
    if not who.is_ect(document) or not who.is_yes(document, "use_previous_choices") or school is None:
        return NOTHING
    programme = school.fields.get("last_training_programme")
    if programme == "provider_led" and is_blank(school.fields.get("last_lead_provider")):
        said = "The school's last lead provider is not known here, so the portal may not offer them. Check, or answer No."
        return (say("use_previous_choices", said, severity=WARNING),)
    provider = text(school.fields.get("last_lead_provider")).strip()
    years, year = tables.active_years(context.codes, provider), _year_of(document, context)
    if programme == "provider_led" and years is not None and year is not None and year not in years:
        said = f"The school's last lead provider is not active in {year} to {year + 1}. Answer No and choose another."
        return (say("use_previous_choices", said, severity=WARNING),)
    if not is_blank(programme):
        return NOTHING
    said = "The school's record here has no previous choices. Answer No and choose, or enter them in the school's record."
    return (say("use_previous_choices", said),)


# --- training periods -----------------------------------------------------------------------------------------------


def _trainings(document: Document) -> list[tuple[str, Child]]:
    return [(f"training.{child.id}", child) for child in document.children.get("training", ())]


@rule("E-TRAINING-MENTOR", ERROR, "Training of a mentor is provider-led.", "2, invariant 5")
def _training_mentor(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    if not who.is_mentor(document):
        return NOTHING
    said = "Mentors have provider-led training only. Change it, or remove this period."
    return [
        say(f"{at}.training_programme", said)
        for at, child in _trainings(document)
        if child.fields.get("training_programme") == "school_led"
    ]


@rule(
    "E-TRAINING-PARTS",
    ERROR,
    "Provider-led training has a schedule and a lead provider who confirmed or was asked; school-led has none of these.",
    "2, invariant 6",
)
def _training_parts(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    labels = {
        "lead_provider": "lead provider",
        "agreed_by": "answer of the lead provider",
        "schedule": "schedule",
    }
    found = []
    for at, child in _trainings(document):
        programme = child.fields.get("training_programme")
        for name, label in labels.items():
            blank = is_blank(child.fields.get(name))
            if programme == "provider_led" and blank:
                found.append(say(f"{at}.{name}", f"Provider-led training has a {label}. Enter it."))
            elif programme == "school_led" and not blank:
                found.append(say(f"{at}.{name}", f"School-led training has no {label}. Clear it."))
    return found


@rule("E-TRAINING-YEAR", ERROR, "Schedule and partnership are of one contract year.", "2, invariant 7")
def _training_year(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    found = []
    for at, child in _trainings(document):
        agreed, scheduled = whole(child.fields.get("agreed_year")), whole(child.fields.get("schedule_year"))
        if agreed is not None and scheduled is not None and agreed != scheduled:
            said = f"The lead provider's part is of {agreed}. The schedule must be of the same contract year."
            found.append(say(f"{at}.schedule_year", said))
    return found


@rule(
    "E-TRAINING-SCHEDULE",
    ERROR,
    "Replacement schedules are for mentors, reduced ones for ECTs.",
    "2, invariant 7",
)
def _training_schedule(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    found = []
    for at, child in _trainings(document):
        schedule = text(child.fields.get("schedule"))
        if who.is_ect(document) and "-replacement-" in schedule:
            found.append(say(f"{at}.schedule", "A replacement schedule is for mentors only. Choose another."))
        elif who.is_mentor(document) and "-reduced-" in schedule:
            found.append(say(f"{at}.schedule", "A reduced schedule is for ECTs only. Choose another."))
    return found


@rule(
    "E-TRAINING-STOPPED",
    ERROR,
    "Withdrawn or deferred training has a reason, a day and an end, and has begun.",
    "2, invariant 8",
)
def _training_stopped(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    found = []
    for at, child in _trainings(document):
        fields = child.fields
        for day_name, reason_name in (
            ("withdrawn_on", "withdrawal_reason"),
            ("deferred_on", "deferral_reason"),
        ):
            told, why = not is_blank(fields.get(day_name)), not is_blank(fields.get(reason_name))
            if why and not told:
                found.append(say(f"{at}.{day_name}", "Enter the day, or clear the reason."))
            elif told and not why:
                found.append(say(f"{at}.{reason_name}", "Choose the reason, or clear the day."))
            if not (told or why):
                continue
            if is_blank(fields.get("finished_on")):
                found.append(say(f"{at}.finished_on", "Training that was stopped has a last day. Enter it."))
            one = span(fields)
            if one is not None and one.first > context.today:
                found.append(say(f"{at}.{day_name}", "This training has not begun, so it cannot be stopped."))
    return found


@rule("E-TRAINING-REASON", ERROR, "Only a mentor is withdrawn for no longer being one.", "2, invariant 8")
def _training_reason(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    if not who.is_ect(document):
        return NOTHING
    return [
        say(f"{at}.withdrawal_reason", "This reason is for mentors only. Choose another.")
        for at, child in _trainings(document)
        if child.fields.get("withdrawal_reason") == "mentor_no_longer_being_mentor"
    ]


@rule("E-TRAINING-SCHOOL", ERROR, "A partnership is of the school at which the person is.", "2, invariant 9")
def _training_school(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    mine, found = who.urn(document), []
    for at, child in _trainings(document):
        theirs = text(child.fields.get("partnership_urn")).strip()
        if mine and theirs and theirs != mine:
            said = "The partnership is of another school than this record. Check both URNs."
            found.append(say(f"{at}.partnership_urn", said))
    return found


@rule("E-TRAINING-DECLARED", ERROR, "Training for which payment was declared stays.", "2, invariant 9")
def _training_declared(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    if context.base is None:
        return NOTHING
    here = {child.id for child in document.children.get("training", ())}
    gone = [c for c in context.base.children.get("training", ()) if c.id not in here]
    if not any(child.fields.get("declared") == "yes" for child in gone):
        return NOTHING
    said = "A training period with a declared payment was removed. The portal keeps it: take the change back."
    return (say("training", said),)


RULES = (
    _body_kind,
    _body_active,
    _provider_none,
    _provider_active,
    _previous_choices,
    _training_mentor,
    _training_parts,
    _training_year,
    _training_schedule,
    _training_stopped,
    _training_reason,
    _training_school,
    _training_declared,
)
