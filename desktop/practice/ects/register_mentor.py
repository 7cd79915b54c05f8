"""Registering a mentor, always for one named ECT. Source: domain pack register-ects 1.2."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from desktop.practice.ects import deeds, finding, formats, windows
from desktop.practice.ects.gates import registration_closed
from desktop.practice.ects.visit import Visit
from desktop.practice.ects.windows import long
from desktop.practice.ects.wizard import DONE, Step, Trip, Wizard, always, chosen, lines, seen, shown, stop
from desktop.practice.ects.world import ECT, MENTOR, ContractPeriod, Period, Training
from desktop.practice.pages import markup
from desktop.practice.pages.markup import Answer, Question

AT = "/ects/([0-9]+)/register-mentor"
_NEED = ("name", "teacher reference number (TRN)", "date of birth", "email address")
_ONLY_HERE = {
    "yes": "Yes, they will be mentoring at our school only",
    "no": "No, they will also be mentoring at another school",
}


def base(visit: Visit) -> str:
    """Address of the journey; the portal keeps one set of answers, whoever it is about."""
    return f"/ects/{visit.args[0]}/register-mentor"


def _at(trip: Trip) -> str:
    return base(trip.visit)


def _begin(trip: Trip) -> None:
    trip.answers["ect"] = trip.visit.period(ECT, trip.visit.args[0]).id


def ect_of(trip: Trip) -> Period:
    """The ECT to be mentored: the one with whom the journey was begun. Raises NotFound."""
    told = trip.answers.get(DONE, {})
    return trip.visit.period(ECT, str(trip.get("ect") or told.get("ect")))


def _ect_name(trip: Trip) -> str:
    return trip.visit.held.name_of(ect_of(trip))


# --- what the answers lead to ---------------------------------------------------------------------------------------


def _mine(trip: Trip) -> list[Period]:
    return trip.visit.held.of_person(str(trip.get("trn")), MENTOR)


def _is_here(trip: Trip) -> Period | None:
    school = trip.visit.school.urn
    return next((p for p in _mine(trip) if p.school == school and p.until is None), None)


def _blocked(trip: Trip) -> str:
    if _is_here(trip) is not None:
        return "already-active-at-school"
    return "cannot-register-mentor" if finding.prohibited(trip) else ""


def _after_find(trip: Trip) -> str:
    if finding.teacher_of(trip) is None:
        return "trn-not-found"
    if trip.get("trn") == ect_of(trip).trn:
        return "cannot-mentor-themself"
    if not finding.born_matches(trip):
        return "national-insurance-number"
    return _blocked(trip) or "review-mentor-details"


def _after_number(trip: Trip) -> str:
    return (_blocked(trip) or "review-mentor-details") if finding.number_matches(trip) else "not-found"


def _eligible(trip: Trip) -> bool:
    """Mentor training is paid for; somebody unknown can have it (5)."""
    known = trip.visit.held.people.get(str(trip.get("trn")))
    return known is None or not known.not_paid


def _led(trip: Trip) -> bool:
    return bool(_ect_provider(trip))


def _ect_provider(trip: Trip) -> str:
    return deeds.provider_of(trip.visit.held, ect_of(trip), trip.today)


def _year(trip: Trip) -> ContractPeriod | None:
    """The contract period of the mentor's start; today's when it is not asked."""
    return windows.registration_year(trip.visit.held, trip.day("start") or trip.today, trip.today)


def providers(trip: Trip) -> Mapping[str, str]:
    """Lead providers that are active in the mentor's contract period."""
    year = _year(trip)
    every = trip.visit.held.providers.values()
    return {p.id: p.name for p in every if year is not None and year.year in p.years}


def _ect_provider_fits(trip: Trip) -> bool:
    return _ect_provider(trip) in providers(trip)


def _after_email(trip: Trip) -> str:
    if finding.email_in_use(trip):
        return "cant-use-email"
    new = not _mine(trip)
    if new and _led(trip) and _eligible(trip) and _ect_provider_fits(trip):
        return "review-mentor-eligibility"
    if new and _led(trip) and not _ect_provider_fits(trip):
        return "lead-provider"
    return "check-answers" if new else _where(trip)


def _where(trip: Trip) -> str:
    """Somebody who mentors today is asked whether only here; one who did before, when they start."""
    today = trip.today
    current = any(p.began <= today and windows.here(p, today) for p in _mine(trip))
    return "mentoring-at-new-school-only" if current else "started-on"


def _others(trip: Trip) -> list[Period]:
    """Mentor periods at other schools that are open, or end on the day asked or later."""
    return windows.elsewhere(
        trip.visit.held, str(trip.get("trn")), trip.visit.school.urn, trip.day("start") or trip.today
    )


def _last_training(trip: Trip) -> Training | None:
    held = trip.visit.held
    mine = [t for p in _mine(trip) for t in held.training_of(p.id)]
    return mine[-1] if mine else None


def _stopped(trip: Trip) -> bool:
    """A future day in a contract period that is not enabled, or in none (3.4)."""
    start = trip.day("start")
    if start is None or start <= trip.today:
        return False
    year = windows.year_of(trip.visit.held, start)
    return year is None or not year.enabled


def _after_start(trip: Trip) -> str:
    if _stopped(trip):
        return "cannot-register-mentor-yet"
    if not _eligible(trip) or not _led(trip):
        return "check-answers"
    return "programme-choices" if _last_training(trip) is None else "previous-training-period-details"


# --- pages ----------------------------------------------------------------------------------------------------------


def _start_says(_trip: Trip) -> Sequence[object]:
    return (markup.paragraph("You must give the mentor’s:"), markup.bullets(_NEED))


def _no_trn_link(trip: Trip) -> Sequence[object]:
    return (markup.paragraph(markup.link(f"{_at(trip)}/no-trn", "They do not have a TRN")),)


def _not_matched(trip: Trip) -> Sequence[object]:
    words = "Check the number on a payslip or letter, or ask the mentor to look it up."
    return (markup.paragraph(words), markup.paragraph(markup.link(f"{_at(trip)}/find-mentor", "Try again")))


def _themself_says(trip: Trip) -> Sequence[object]:
    words = "These are the details of the ECT. Somebody else must be their mentor."
    other = markup.link(f"{_at(trip)}/find-mentor", "Assign a different mentor")
    return (markup.paragraph(words), markup.paragraph(other))


_UNMATCHED = "We’re unable to match the mentor with the details you provided"
_NOT_FOUND = stop("trn-not-found", lambda _: _UNMATCHED, _not_matched)
_NOT_MATCHED = stop("not-found", lambda _: _UNMATCHED, _not_matched)
_THEMSELF = stop(
    "cannot-mentor-themself", lambda _: "You cannot assign an ECT as their own mentor", _themself_says
)
_PROHIBITED = stop(
    "cannot-register-mentor",
    lambda t: f"You cannot register {finding.name_of(t)}",
    lambda t: (
        markup.paragraph(f"Our records show that {finding.name_of(t)} cannot be registered as a mentor."),
        markup.paragraph(markup.link("/ects", "Back to ECTs")),
    ),
)


def _here_says(trip: Trip) -> Sequence[object]:
    name = finding.name_of(trip)
    words = f"{name} is registered as a mentor at your school, so there is no need to register them again."
    return (markup.paragraph(words),)


_HERE = Step(
    "already-active-at-school",
    lambda _: "This mentor has already been registered",
    _here_says,
    button_of=lambda t: f"Assign {finding.name_of(t)} to mentor {_ect_name(t)}",
    confirms=always,
)
_NOT_YET = stop(
    "cannot-register-mentor-yet",
    lambda t: f"You cannot register {finding.name_of(t)} yet",
    lambda _: (
        markup.paragraph("Registration for that contract period is not open. It usually opens in June."),
        markup.paragraph(markup.link("/ects", "Back to ECTs")),
    ),
)


def _eligible_says(trip: Trip) -> Sequence[object]:
    provider = trip.visit.held.provider_name(_ect_provider(trip))
    return eligibility_words(finding.name_of(trip), provider)


def eligibility_words(mentor: str, provider: str) -> Sequence[object]:
    """What the page about mentor training tells."""
    return (
        markup.paragraph(f"Our records show that {mentor} can have mentor training that DfE pays for."),
        markup.paragraph(f"Their details go to {provider}, who will arrange the training with them."),
    )


def _eligible_below(trip: Trip) -> Sequence[object]:
    provider = trip.visit.held.provider_name(_ect_provider(trip))
    words = f"{provider} will not be providing mentor training to {finding.name_of(trip)}"
    return (markup.paragraph(markup.link(f"{_at(trip)}/eligibility-lead-provider", words)),)


def _accept(trip: Trip) -> Mapping[str, str]:
    trip.answers["provider"] = _ect_provider(trip)
    return {}


def _only_says(trip: Trip) -> Sequence[object]:
    words = f"Our records show that {finding.name_of(trip)} is a mentor at a different school."
    return (markup.paragraph(words),)


def _take_start(trip: Trip) -> Mapping[str, str]:
    start, wrong = formats.day(trip.visit.form.day("start"), "Enter the date they started or will start")
    if start is None:
        return {"start": wrong}
    held, today = trip.visit.held, trip.today
    others = windows.elsewhere(held, str(trip.get("trn")), trip.visit.school.urn, today)
    first = windows.boundary(held, others[-1] if others else None, today)
    if first is not None and start < first:
        return {
            "start": f"Our records show that they mentor at another school. Enter a date from {long(first)} on"
        }
    if others and _too_late(trip, start):
        latest = windows.in_months(today, 4)
        return {"start": f"Start date must be {long(latest)} or earlier. You cannot register that far ahead"}
    trip.answers["start"] = start.isoformat()
    return {}


def _too_late(trip: Trip, start: date) -> bool:
    year = windows.year_of(trip.visit.held, start)
    stops = start > trip.today and (year is None or not year.enabled)
    return start > windows.in_months(trip.today, 4) and not stops


def _before_says(trip: Trip) -> Sequence[object]:
    held, last, training = trip.visit.held, _mine(trip)[-1], _last_training(trip)
    if training is None:
        return ()
    partnership = held.partnerships.get(training.partnership)
    told = [
        Answer("School name", held.schools[last.school].name),
        Answer("Lead provider", held.provider_name(training.provider) or "Not confirmed"),
        Answer("Delivery partner", partnership.partner if partnership else "Not confirmed"),
    ]
    words = "You will be able to say later what kind of training they go on with."
    return (markup.answers(told), markup.paragraph(words))


def _choices_say(trip: Trip) -> Sequence[object]:
    held, ect = trip.visit.held, ect_of(trip)
    now = deeds.current_training(held, ect, trip.today)
    partnership = held.partnerships.get(now.partnership) if now else None
    told = [Answer("Lead provider", held.provider_name(_ect_provider(trip)))]
    if partnership is not None:
        told.append(Answer("Delivery partner", partnership.partner))
    return (markup.answers(told),)


def _take_choices(trip: Trip) -> Mapping[str, str]:
    wrong = chosen(trip, "same_choices", finding.YES_NO, "Select Yes to use the same programme choices")
    if not wrong and trip.get("same_choices") == "yes":
        trip.answers["provider"] = _ect_provider(trip)
    elif not wrong:
        trip.answers.pop("provider", None)
    return wrong


def _provider_heading(trip: Trip) -> str:
    return provider_question(finding.name_of(trip))


def provider_question(mentor: str) -> str:
    """Heading of the page that asks for another lead provider."""
    return f"Which lead provider would you like to contact your school about training {mentor}?"


# --- the end --------------------------------------------------------------------------------------------------------


def _check_says(trip: Trip) -> Sequence[object]:
    held, only = trip.visit.held, trip.get("only_here")
    told = [
        ("Teacher reference number (TRN)", trip.get("trn"), ""),
        ("Name", finding.name_of(trip), "review-mentor-details"),
        ("Email address", trip.get("email"), "email-address"),
    ]
    if only:
        told.append(("Mentoring only at your school", only.capitalize(), "mentoring-at-new-school-only"))
    if trip.day("start") and only != "no":
        told.append(("Mentor start date", shown(trip.day("start")), "started-on"))
    if (
        _led(trip)
        and trip.get("provider")
        and ((_eligible(trip) and only != "no") or not _ect_provider_fits(trip))
    ):
        told.append(("Lead provider", held.provider_name(str(trip.get("provider"))), _provider_page(trip)))
    words = f"{finding.name_of(trip)} will mentor {_ect_name(trip)}"
    return (lines(_at(trip), told), markup.paragraph(words))


def _provider_page(trip: Trip) -> str:
    pages = ("eligibility-lead-provider", "lead-provider", "review-mentor-eligibility", "programme-choices")
    way = WIZARD.way(trip)
    return next((page for page in pages if page in way), "")


def _confirm(trip: Trip) -> Mapping[str, str]:
    visit, ect, name = trip.visit, ect_of(trip), finding.name_of(trip)
    told = {"name": name, "ect": ect.id, "ect_name": _ect_name(trip)}
    here = _is_here(trip)
    if here is not None:
        visit.change(
            lambda held: deeds.link(held, held.periods[ect.id], held.periods[here.id], visit.today),
            "assigned a mentor",
            f"{ect.trn} {here.trn}",
        )
        return told
    only = trip.get("only_here")
    start = None if only == "no" else trip.day("start")
    led = _led(trip) and only != "no"
    answers = deeds.MentorAnswers(
        finding.who_of(trip),
        ect.id,
        start,
        None if only is None else only == "yes",
        str(trip.get("provider") or "") if led else "",
    )
    school = visit.school
    visit.change(
        lambda held: deeds.register_mentor(held, school, answers, visit.today),
        "registered a mentor",
        answers.who.trn,
    )
    return told


def _done_says(trip: Trip) -> Sequence[object]:
    told = trip.answers[DONE]
    return assigned_words(told["ect_name"])


def assigned_words(ect: str) -> Sequence[object]:
    """What the last page tells when a mentor was assigned."""
    return (
        markup.paragraph(f"for {ect}"),
        markup.paragraph(f"This completes {ect}’s registration at your school."),
        markup.paragraph(markup.link("/ects", "Back to your ECTs")),
    )


WIZARD = Wizard(
    "register-mentor",
    AT,
    base,
    (
        Step(
            "start",
            lambda t: f"What you’ll need to add a new mentor for {_ect_name(t)}",
            _start_says,
            take=seen("read"),
            needs=("read",),
            follows=lambda _: "find-mentor",
        ),
        finding.find("find-mentor", "Find a mentor", _after_find, _no_trn_link),
        stop(
            "no-trn",
            lambda _: "You cannot register a mentor without a TRN",
            lambda _: (
                markup.paragraph(
                    "If they had one, they can look it up. If they never had one, they must ask for one."
                ),
                markup.paragraph(markup.link("/ects", "Return to your ECTs")),
            ),
            beside="find-mentor",
        ),
        finding.ni_number("mentor", _after_number),
        _NOT_FOUND,
        _NOT_MATCHED,
        _THEMSELF,
        _HERE,
        _PROHIBITED,
        finding.review("mentor", "yes", lambda _: "email-address"),
        finding.email(_after_email),
        finding.email_used(_at),
        Step(
            "review-mentor-eligibility",
            lambda t: f"{finding.name_of(t)} can receive mentor training",
            _eligible_says,
            take=_accept,
            needs=("provider",),
            follows=lambda _: "check-answers",
            below=_eligible_below,
        ),
        replace(
            finding.choose_provider(
                "eligibility-lead-provider", _provider_heading, providers, lambda _: "check-answers"
            ),
            beside="review-mentor-eligibility",
        ),
        Step(
            "mentoring-at-new-school-only",
            lambda t: f"Will {finding.name_of(t)} be mentoring ECTs at your school only?",
            _only_says,
            lambda _: (
                Question("only_here", "Mentoring at your school only", "one", options=[*_ONLY_HERE.items()]),
            ),
            lambda t: chosen(
                t, "only_here", _ONLY_HERE, "Select Yes if they will mentor at your school only"
            ),
            ("only_here",),
            lambda t: "started-on" if t.get("only_here") == "yes" else "check-answers",
        ),
        Step(
            "started-on",
            lambda t: f"When did or when will {finding.name_of(t)} start mentoring ECTs at your school?",
            asks=lambda t: (finding.day_question("start", "Mentor start date", t.today),),
            take=_take_start,
            needs=("start",),
            follows=_after_start,
        ),
        _NOT_YET,
        Step(
            "previous-training-period-details",
            lambda t: f"{finding.name_of(t)} has been registered before",
            _before_says,
            take=seen("seen_before"),
            needs=("seen_before",),
            follows=lambda t: "programme-choices" if _ect_provider_fits(t) else "lead-provider",
        ),
        Step(
            "programme-choices",
            lambda t: f"Programme choices used by the ECT who {finding.name_of(t)} will be mentoring",
            _choices_say,
            lambda _: (
                Question(
                    "same_choices",
                    "Do you want to use the same programme choices for this mentor’s training?",
                    "one",
                    options=[*finding.YES_NO.items()],
                ),
            ),
            _take_choices,
            ("same_choices",),
            lambda t: "check-answers" if t.get("same_choices") == "yes" else "lead-provider",
        ),
        finding.choose_provider("lead-provider", _provider_heading, providers, lambda _: "check-answers"),
        Step(
            "check-answers",
            lambda _: "Check your answers and confirm mentor details",
            _check_says,
            button="Confirm details",
            confirms=always,
        ),
    ),
    _confirm,
    Step("confirmation", lambda t: f"You’ve assigned {t.answers[DONE]['name']} as a mentor", _done_says),
    start=_begin,
    shared=True,
    refusal=registration_closed,
)
