"""Registering an ECT. Source: domain pack register-ects 1.1, in its order of steps and of outcomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from desktop.practice.ects import deeds, finding, formats, windows
from desktop.practice.ects.bodies import ask_body, take_body
from desktop.practice.ects.gates import may_register_ect
from desktop.practice.ects.windows import long
from desktop.practice.ects.wizard import DONE, Step, Trip, Wizard, always, chosen, lines, seen, shown, stop
from desktop.practice.ects.world import (
    ECT,
    PROVIDER_LED,
    ContractPeriod,
    NotSaved,
    Partnership,
    Period,
    Training,
)
from desktop.practice.pages import markup
from desktop.practice.pages.markup import Answer, Question

BASE = "/register-ect"
PATTERNS = {"full_time": "Full time", "part_time": "Part time"}
PROGRAMMES = {"provider_led": "Provider-led", "school_led": "School-led"}
_NEED = (
    "name", "teacher reference number (TRN)", "date of birth", "email address", "start date at your school as an ECT",
    "working pattern (full or part time)", "appropriate body", "training programme (provider-led or school-led)",
    "lead provider (if the programme is provider-led)", "mentor (this can wait)",
)  # fmt: skip
_CHECK_TRN = "Check the number on a payslip or letter, or ask the ECT to look it up."


# --- what the answers lead to ---------------------------------------------------------------------------------------


def _blocked(trip: Trip) -> str:
    """The page that stops an ECT who was found; "" = none does. In the order of the pack."""
    found = finding.teacher_of(trip)
    if found is None:
        return ""
    school = trip.visit.school.urn
    if any(p.school == school and p.until is None for p in trip.visit.held.of_person(found.trn, ECT)):
        return "already-active-at-school"
    outcome = {"Passed": "completed", "Exempt": "exempt", "Failed": "failed"}.get(found.induction_status)
    if outcome:
        return f"induction-{outcome}"
    return "cannot-register-ect" if finding.prohibited(trip) else ""


def _after_find(trip: Trip) -> str:
    if finding.teacher_of(trip) is None:
        return "trn-not-found"
    if not finding.born_matches(trip):
        return "national-insurance-number"
    return _blocked(trip) or "review-ect-details"


def _after_number(trip: Trip) -> str:
    return (_blocked(trip) or "review-ect-details") if finding.number_matches(trip) else "not-found"


def _previous(trip: Trip) -> Period | None:
    return windows.previous_ect(trip.visit.held, str(trip.get("trn")))


def _previous_training(trip: Trip) -> Training | None:
    before = _previous(trip)
    found = trip.visit.held.training_of(before.id) if before else []
    return found[-1] if found else None


def _start_stopped(trip: Trip) -> bool:
    """No contract period, or today or later in one that is not enabled."""
    start = trip.day("start")
    year = windows.year_of(trip.visit.held, start) if start else None
    return year is None or (start is not None and start >= trip.today and not year.enabled)


def _year(trip: Trip) -> ContractPeriod | None:
    """The contract period in which the ECT is registered."""
    start = trip.day("start")
    if start is None:
        return None
    return windows.year_for_ect(trip.visit.held, start, trip.today, _previous_training(trip))


def _reuse(trip: Trip) -> tuple[bool, Partnership | None]:
    """Whether the school's last choices are offered, and the partnership that they use (1.1.2)."""
    before = _previous_training(trip)
    assigned = trip.visit.held.years.get(before.year or 0) if before else None
    frozen = assigned is not None and assigned.frozen
    return deeds.previous_choices(trip.visit.held, trip.visit.school, _year(trip), frozen_before=frozen)


def _reuses(trip: Trip) -> bool:
    return trip.get("use_previous") == "yes" and _reuse(trip)[0]


def _providers(trip: Trip) -> Mapping[str, str]:
    year = _year(trip)
    every = trip.visit.held.providers.values()
    return {p.id: p.name for p in every if year is not None and year.year in p.years}


# --- pages ----------------------------------------------------------------------------------------------------------


def _start_page(_trip: Trip) -> Sequence[object]:
    return (markup.paragraph("You will need the ECT’s:"), markup.bullets(_NEED))


def _stopped(words: str) -> Sequence[object]:
    return (markup.paragraph(words), markup.paragraph(markup.link(BASE, "Register another ECT")))


def _not_matched(_trip: Trip) -> Sequence[object]:
    return (markup.paragraph(_CHECK_TRN), markup.paragraph(markup.link(f"{BASE}/find-ect", "Try again")))


_NOT_FOUND = stop(
    "trn-not-found", lambda _: "We’re unable to match the ECT with the TRN you provided", _not_matched
)
_NOT_MATCHED = stop(
    "not-found", lambda _: "We’re unable to match the ECT with the details you provided", _not_matched
)
_HERE = stop(
    "already-active-at-school",
    lambda t: f"{finding.name_of(t)} is already registered at your school",
    lambda _: _stopped("Our records show that this ECT is registered at your school already."),
)


def _cannot(slug: str, words: str) -> Step:
    return stop(
        slug,
        lambda t: f"You cannot register {finding.name_of(t)}",
        lambda t: _stopped(f"Our records show that {finding.name_of(t)} {words}"),
    )


_COMPLETED = _cannot(
    "induction-completed", "has already completed their induction, so they cannot be registered as an ECT."
)
_EXEMPT = _cannot(
    "induction-exempt", "is exempt from having to serve induction, so they cannot be registered."
)
_FAILED = _cannot(
    "induction-failed", "has failed their induction and cannot have further training as an ECT."
)
_PROHIBITED = _cannot("cannot-register-ect", "cannot be registered for training or mentoring.")


def _before_says(trip: Trip) -> Sequence[object]:
    period, training, held = _previous(trip), _previous_training(trip), trip.visit.held
    if period is None:
        return ()
    opened = held.open_induction(period.trn)
    none = "Not confirmed"
    told = [
        Answer("School name", held.schools[period.school].name),
        Answer("Induction start date", long(opened.began) if opened else none),
        Answer("Appropriate body", held.body_name(period.body) or none),
        Answer("Training programme", PROGRAMMES[training.programme] if training else none),
    ]
    if training is not None and training.programme == PROVIDER_LED:
        partnership = held.partnerships.get(training.partnership)
        told.append(Answer("Lead provider", held.provider_name(training.provider) or none))
        told.append(Answer("Delivery partner", partnership.partner if partnership else none))
    words = "You will be able to say later what kind of training they go on with."
    return (markup.answers(told), markup.paragraph(words))


_BEFORE = Step(
    "registered-before",
    lambda t: f"{finding.name_of(t)} has been registered before",
    _before_says,
    take=seen("seen_before"),
    needs=("seen_before",),
    follows=lambda _: "email-address",
)


def _take_start(trip: Trip) -> Mapping[str, str]:
    start, wrong = formats.day(trip.visit.form.day("start"), "Enter the date they started or will start")
    if start is None:
        return {"start": wrong}
    held, today = trip.visit.held, trip.today
    lowest = windows.floor(held, today)
    if lowest is not None and start < lowest:
        return {"start": f"Enter a start date that is not before {long(lowest)}"}
    before = _previous(trip)
    first = windows.boundary(held, before, today)
    if first is not None and start < first:
        return {
            "start": f"Our records show that they were registered before. Enter a date from {long(first)} on"
        }
    year = windows.year_of(held, start)
    stops = start > today and (year is None or not year.enabled)
    latest = windows.in_months(today, 4)
    if before is not None and before.until is None and start > latest and not stops:
        return {"start": f"Start date must be {long(latest)} or earlier. You cannot register that far ahead"}
    trip.answers["start"] = start.isoformat()
    trip.answers.pop("reuse", None)
    return {}


_START = Step(
    "start-date",
    lambda t: f"When did or when will {finding.name_of(t)} start teaching as an ECT at your school?",
    asks=lambda t: (finding.day_question("start", "Start date", t.today),),
    take=_take_start,
    needs=("start",),
    follows=lambda t: "cannot-register-ect-yet" if _start_stopped(t) else "working-pattern",
)


def _not_yet_says(trip: Trip) -> Sequence[object]:
    start = trip.day("start")
    year = (start.year if start.month >= 6 else start.year - 1) if start else ""
    words = f"Registration for the contract period that begins in June {year} is not open. It usually opens in June."
    return (markup.paragraph(words), markup.paragraph(markup.link("/ects", "Back to ECTs")))


_NOT_YET = stop(
    "cannot-register-ect-yet", lambda t: f"You cannot register {finding.name_of(t)} yet", _not_yet_says
)
_PATTERN = Step(
    "working-pattern",
    lambda t: f"Is {finding.name_of(t)}’s working pattern as an ECT full or part time?",
    lambda _: (markup.paragraph("It is passed on, so that training can be adjusted if needed."),),
    lambda _: (Question("pattern", "Working pattern", "one", options=[*PATTERNS.items()]),),
    lambda t: chosen(t, "pattern", PATTERNS, "Select if the working pattern is full or part time"),
    ("pattern",),
    lambda t: "use-previous-ect-choices" if _reuse(t)[0] else "appropriate-body",
)


def _choices_say(trip: Trip) -> Sequence[object]:
    held, school = trip.visit.held, trip.visit.school
    partnership = _reuse(trip)[1]
    told = [
        Answer("Appropriate body", held.body_name(school.last_body)),
        Answer("Training programme", PROGRAMMES[school.last_programme]),
    ]
    if school.last_programme == PROVIDER_LED:
        told.append(Answer("Lead provider", held.provider_name(school.last_provider)))
        if partnership is not None:
            told.append(Answer("Delivery partner", partnership.partner))
    words = "These are the choices of the last time that you registered an ECT."
    return (markup.paragraph(words), markup.answers(told))


def _take_choices(trip: Trip) -> Mapping[str, str]:
    wrong = chosen(trip, "use_previous", finding.YES_NO, "Select Yes to use the same choices")
    if wrong:
        return wrong
    for name in ("body", "body_type", "programme", "provider", "reuse"):
        trip.answers.pop(name, None)
    if trip.get("use_previous") == "yes":
        found = _reuse(trip)[1]
        trip.answers["reuse"] = found.id if found else ""
    return {}


_CHOICES = Step(
    "use-previous-ect-choices",
    lambda _: "Programme choices used by your school previously",
    _choices_say,
    lambda _: (
        Question(
            "use_previous",
            "Do you want to use the same choices for this ECT?",
            "one",
            options=[*finding.YES_NO.items()],
        ),
    ),
    _take_choices,
    ("use_previous",),
    lambda t: "check-answers" if _reuses(t) else "appropriate-body",
)
_BODY = Step(
    "appropriate-body",
    lambda t: f"Which appropriate body will be supporting {finding.name_of(t)}’s induction?",
    lambda _: (markup.paragraph("Appropriate bodies see to it that the induction of ECTs is a good one."),),
    ask_body,
    take_body,
    ("body",),
    lambda _: "training-programme",
)


def _take_programme(trip: Trip) -> Mapping[str, str]:
    was = trip.get("programme")
    wrong = chosen(trip, "programme", PROGRAMMES, "Select the training programme")
    if not wrong and was != trip.get("programme"):
        trip.answers.pop("provider", None)
    return wrong


_PROGRAMME = Step(
    "training-programme",
    lambda t: f"Which training programme will {finding.name_of(t)} follow?",
    asks=lambda _: (Question("programme", "Training programme", "one", options=[*PROGRAMMES.items()]),),
    take=_take_programme,
    needs=("programme",),
    follows=lambda t: "lead-provider" if t.get("programme") == PROVIDER_LED else "check-answers",
)
_PROVIDER = finding.choose_provider(
    "lead-provider",
    lambda t: f"Which lead provider will be training {finding.name_of(t)}?",
    _providers,
    lambda _: "check-answers",
)


# --- the end --------------------------------------------------------------------------------------------------------


def _choices(trip: Trip) -> tuple[str, str, str]:
    """Body, programme and provider, answered or used again."""
    if _reuses(trip):
        school = trip.visit.school
        return school.last_body, school.last_programme, school.last_provider
    led = trip.get("programme") == PROVIDER_LED
    return str(trip.get("body")), str(trip.get("programme")), str(trip.get("provider")) if led else ""


def _check_says(trip: Trip) -> Sequence[object]:
    held = trip.visit.held
    body, programme, provider = _choices(trip)
    # Choices that are used again are changed together, by the question that took them.
    again = _reuses(trip)
    person = [
        ("Name", finding.name_of(trip), "review-ect-details"),
        ("Teacher reference number (TRN)", trip.get("trn"), ""),
        ("Email address", trip.get("email"), "email-address"),
        ("School start date", shown(trip.day("start")), "start-date"),
        ("Working pattern", PATTERNS[str(trip.get("pattern"))], "working-pattern"),
    ]
    asked = "use-previous-ect-choices"
    training = (
        [("Choices used by your school previously", "Yes" if again else "No", asked)]
        if _reuse(trip)[0]
        else []
    )
    training += [
        ("Appropriate body", held.body_name(body), asked if again else "appropriate-body"),
        ("Training programme", PROGRAMMES[programme], asked if again else "training-programme"),
    ]
    if provider:
        training.append(("Lead provider", held.provider_name(provider), asked if again else "lead-provider"))
    return (
        markup.html("<h2>Teacher details</h2>"),
        lines(BASE, person),
        markup.html("<h2>Programme details</h2>"),
        lines(BASE, training),
    )


_CHECK = Step(
    "check-answers",
    lambda _: "Check your answers before submitting",
    _check_says,
    button="Confirm details",
    confirms=always,
)


def _confirm(trip: Trip) -> Mapping[str, str]:
    start = trip.day("start")
    assert start is not None
    body, programme, provider = _choices(trip)
    answers = deeds.EctAnswers(
        finding.who_of(trip),
        start,
        str(trip.get("pattern")),
        body,
        programme,
        provider,
        str(trip.get("reuse") or ""),
    )
    visit, name = trip.visit, finding.name_of(trip)
    _active(trip, body)
    school = visit.school
    made = visit.change(
        lambda held: deeds.register_ect(held, school, answers, visit.today),
        "registered an ECT",
        answers.who.trn,
    )
    return {"name": name, "id": made.id}


def _active(trip: Trip, body: str) -> None:
    """A body that is not linked to DfE Sign-in any more fails on save: a stale list (1.1.1)."""
    found = trip.visit.held.bodies.get(body)
    if found is None or not found.active:
        raise NotSaved("This appropriate body cannot be chosen any more.")


def _done_says(trip: Trip) -> Sequence[object]:
    told = trip.answers[DONE]
    return (
        markup.paragraph("An email tells them. They need not give any more details."),
        markup.html("<h2>You still need to assign a mentor</h2>"),
        markup.paragraph("Do it now, or later from the ECT’s page."),
        markup.paragraph(markup.link(f"/ects/{told['id']}/mentor", "Assign a mentor")),
        markup.paragraph(markup.link("/ects", "Back to your ECTs")),
    )


WIZARD = Wizard(
    "register-ect",
    BASE,
    lambda _: BASE,
    (
        Step(
            "start",
            lambda _: "What you’ll need to register a new ECT",
            _start_page,
            take=seen("read"),
            needs=("read",),
            follows=lambda _: "find-ect",
        ),
        finding.find("find-ect", "Find an ECT", _after_find),
        finding.ni_number("ECT", _after_number),
        _NOT_FOUND,
        _NOT_MATCHED,
        _HERE,
        _COMPLETED,
        _EXEMPT,
        _FAILED,
        _PROHIBITED,
        finding.review("ECT", "no", lambda t: "registered-before" if _previous(t) else "email-address"),
        _BEFORE,
        finding.email(lambda t: "cant-use-email" if finding.email_in_use(t) else "start-date"),
        finding.email_used(lambda _: BASE),
        _START,
        _NOT_YET,
        _PATTERN,
        _CHOICES,
        _BODY,
        _PROGRAMME,
        _PROVIDER,
        _CHECK,
    ),
    _confirm,
    Step("confirmation", lambda t: f"You have saved {t.answers[DONE]['name']}’s details", _done_says),
    refusal=may_register_ect,
)
