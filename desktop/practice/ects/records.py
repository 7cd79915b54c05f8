"""Lists and pages of ECTs and mentors, as a school sees what is stored. Source: domain pack register-ects 1.1 to 1.8."""

from __future__ import annotations

from collections.abc import Iterable

from desktop.practice.ects import deeds
from desktop.practice.ects.gates import may_register_ects
from desktop.practice.ects.register_ect import PATTERNS, PROGRAMMES
from desktop.practice.ects.visit import Visit
from desktop.practice.ects.windows import long
from desktop.practice.ects.world import ECT, MENTOR, PROVIDER_LED, Period, Training
from desktop.practice.pages import markup
from desktop.practice.pages.markup import Answer, Html, html
from desktop.practice.pages.visit import Routes
from desktop.practice.teachers import Teacher
from desktop.practice.wire import Reply

_GONE = frozenset({"Passed", "Failed", "FailedInWales"})
"""Induction statuses with which an ECT is not in the list (1.4)."""


def _induction_status(visit: Visit, ect: Period) -> str:
    found = visit.world.teachers.find(ect.trn)
    return found.induction_status if found is not None else "None"


def _training(visit: Visit, period: Period) -> Training | None:
    return deeds.current_training(visit.held, period, visit.today)


def mentor_of(visit: Visit, ect: Period) -> Period | None:
    """The mentor of today, or the next one."""
    found = deeds.current_link(visit.held, ect, visit.today)
    return visit.held.periods[found.mentor] if found else None


def status(visit: Visit, ect: Period) -> tuple[str, str, str]:
    """(tag, its colour, sentence) of an ECT in the list and on the page."""
    name, training = visit.held.name_of(ect), _training(visit, ect)
    stands = training.stands if training is not None else ""
    provider = visit.held.provider_name(training.provider) if training is not None else ""
    if ect.reported_by == ect.school and ect.until is not None:
        return "Leaving school", "yellow", ""
    if _induction_status(visit, ect) == "Exempt":
        return "Exempt", "", ""
    if stands == "withdrawn":
        words = f"{provider} have told us that {name} is no longer training with them."
        return "Action required", "red", f"{words} Contact them if this is wrong."
    if stands == "deferred":
        return "Training paused", "yellow", f"{provider} have told us that {name}’s training is paused."
    if mentor_of(visit, ect) is None:
        return "Action required", "red", f"A mentor needs to be assigned to {name}."
    return "Registered", "green", ""


def _status(visit: Visit, ect: Period) -> Html:
    words, colour, more = status(visit, ect)
    return html("{tag}{more}", tag=markup.tag(words, colour), more=markup.paragraph(more) if more else "")


# --- ECTs -----------------------------------------------------------------------------------------------------------


def ect_list(visit: Visit) -> Reply:
    """Everybody who has not left, by name."""
    there = [ect for ect in visit.ects() if _induction_status(visit, ect) not in _GONE]
    body: list[object] = [_register(visit)]
    body += [_ect_card(visit, ect) for ect in there]
    if not there:
        body.append(markup.paragraph("Your school currently has no registered early career teachers."))
    return visit.show("Early career teachers (ECT)", body, at="/ects", caption=visit.school.name)


def _register(visit: Visit) -> Html:
    if may_register_ects(visit.school):
        return html(
            '<p><a class="button" href="/register-ect">{words}</a></p>',
            words="Register an ECT starting at your school",
        )
    words = f"{visit.school.name} has no funding any more. You cannot register new early career teachers."
    return markup.paragraph(words)


def _ect_card(visit: Visit, ect: Period) -> Html:
    held, training = visit.held, _training(visit, ect)
    mentor = mentor_of(visit, ect)
    assign = markup.link(f"/ects/{ect.id}/mentor", "Assign a mentor for this ECT")
    told: list[Answer] = [
        Answer("Status", _status(visit, ect)),
        Answer("TRN", ect.trn),
        Answer("School start date", long(ect.began)),
        Answer("Appropriate body", held.body_name(ect.body)),
    ]
    if training is not None and training.programme == PROVIDER_LED:
        told.append(Answer("Lead provider", held.provider_name(training.provider)))
        told.append(Answer("Delivery partner", _partner(visit, training)))
    told.append(Answer("Mentor", held.name_of(mentor) if mentor else assign))
    return html("<h2>{name}</h2>{told}", name=_to(ect, visit), told=markup.answers(told))


def _to(period: Period, visit: Visit) -> Html:
    place = "ects" if period.role == ECT else "mentors"
    return markup.link(f"/{place}/{period.id}", visit.held.name_of(period))


def _partner(visit: Visit, training: Training) -> str:
    found = visit.held.partnerships.get(training.partnership)
    return found.partner if found else "Their lead provider will confirm this"


def ect_page(visit: Visit) -> Reply:
    """One ECT with the links that change what is stored."""
    ect = visit.period(ECT, visit.args[0])
    at, held, mentor = f"/ects/{ect.id}", visit.held, mentor_of(visit, ect)
    assign = markup.link(f"{at}/mentor", "Assign a mentor")
    person = [
        Answer("Status", _status(visit, ect)),
        Answer("Name", held.name_of(ect), f"{at}/change-name"),
        Answer("Email address", ect.email, f"{at}/change-email-address"),
        Answer("Mentor", held.name_of(mentor) if mentor else assign, f"{at}/change-mentor" if mentor else ""),
        Answer("School start date", long(ect.began)),
        Answer("Working pattern", PATTERNS[ect.working_pattern], f"{at}/change-working-pattern"),
    ]
    body: list[object] = [
        html("<h2>ECT details</h2>"),
        markup.answers(person),
        html("<h2>Induction details</h2>"),
        markup.answers(_induction(visit, ect)),
        html("<h2>Training details</h2>"),
        markup.answers(_training_lines(visit, ect)),
        *_leaving(visit, ect),
    ]
    return visit.show(held.name_of(ect), body, at="/ects", back="/ects", caption=f"TRN: {ect.trn}")


def _with_hint(value: str, hint: str) -> Html:
    return html('{value}<span class="hint">{hint}</span>', value=value, hint=hint)


def _induction(visit: Visit, ect: Period) -> list[Answer]:
    opened = visit.held.open_induction(ect.trn)
    if opened is not None:
        told = "This appropriate body has recorded the ECT’s induction. Ask them if this is wrong."
        return [
            Answer("Appropriate body", _with_hint(visit.held.body_name(opened.body), told)),
            Answer("Induction start date", long(opened.began)),
        ]
    waits = _with_hint(visit.held.body_name(ect.body), "Awaiting confirmation by the appropriate body")
    return [
        Answer("Appropriate body", waits, f"/ects/{ect.id}/change-appropriate-body"),
        Answer("Induction start date", "Yet to be reported by the appropriate body"),
    ]


def _training_lines(visit: Visit, period: Period) -> list[Answer]:
    training = _training(visit, period)
    at = f"/{'ects' if period.role == ECT else 'mentors'}/{period.id}"
    if training is None:
        return [Answer("Training", "None")]
    lines = []
    if period.role == ECT:
        address = f"{at}/change-training-programme"
        lines.append(Answer("Training programme", PROGRAMMES[training.programme], address))
    if training.programme != PROVIDER_LED:
        return lines
    provider = visit.held.provider_name(training.provider)
    confirmed = "Confirmed by" if training.partnership else "Awaiting confirmation by"
    lines.append(
        Answer("Lead provider", _with_hint(provider, f"{confirmed} {provider}"), f"{at}/change-lead-provider")
    )
    found = visit.held.partnerships.get(training.partnership)
    partner = found.partner if found else "Yet to be reported by the lead provider"
    return [*lines, Answer("Delivery partner", partner)]


def _leaving(visit: Visit, period: Period) -> Iterable[object]:
    name = visit.held.name_of(period)
    if period.reported_by == period.school and period.until is not None:
        day = long(period.until)
        yield html("<h2>{name} is leaving your school</h2>", name=name)
        yield markup.paragraph(f"You’ve told us that {name} is leaving your school on {day}.")
        yield markup.paragraph(f"You will not be able to view or edit {name}’s details after {day}.")
        return
    place = "ects" if period.role == ECT else "mentors"
    yield html("<h2>Tell us if {name} has left or is leaving your school permanently</h2>", name=name)
    yield markup.paragraph("Not of somebody who is expected to return, for example from parental leave.")
    words = f"Tell us if {name} is leaving permanently"
    yield markup.paragraph(markup.link(f"/{place}/{period.id}/leaving", words))


# --- mentors --------------------------------------------------------------------------------------------------------


def _assigned(visit: Visit, mentor: Period) -> object:
    """ECTs whom a mentor has, now or next."""
    ects = [ect for ect in visit.ects() if mentor_of(visit, ect) is mentor]
    return markup.bullets(_to(ect, visit) for ect in ects) if ects else "No ECTs assigned"


def mentor_list(visit: Visit) -> Reply:
    """Mentors who have not left, by name."""
    there = visit.mentors()
    body: list[object] = [
        html(
            "<p>To add a new mentor you need to {link}.</p>",
            link=markup.link("/ects", "assign one to an ECT"),
        )
    ]
    for mentor in there:
        told = [Answer("TRN", mentor.trn), Answer("Assigned ECTs", _assigned(visit, mentor))]
        if _training(visit, mentor) is not None:
            told += [Answer(line.label, line.value) for line in _training_lines(visit, mentor)]
        body.append(html("<h2>{name}</h2>{told}", name=_to(mentor, visit), told=markup.answers(told)))
    if not there:
        body.append(markup.paragraph("Your school currently has no registered mentors."))
    return visit.show("Mentors", body, at="/mentors", caption=visit.school.name)


def mentor_page(visit: Visit) -> Reply:
    """One mentor with the links that change what is stored."""
    mentor = visit.period(MENTOR, visit.args[0])
    at, held = f"/mentors/{mentor.id}", visit.held
    person = [
        Answer("Name", held.name_of(mentor), f"{at}/change-name"),
        Answer("Email address", mentor.email, f"{at}/change-email-address"),
        Answer("Assigned ECTs", _assigned(visit, mentor)),
    ]
    body: list[object] = [
        html("<h2>Mentor details</h2>"),
        markup.answers(person),
        html("<h2>ECTE mentor training details</h2>"),
        *_mentor_training(visit, mentor),
        *_leaving(visit, mentor),
    ]
    return visit.show(
        held.name_of(mentor), body, at="/mentors", back="/mentors", caption=f"TRN: {mentor.trn}"
    )


def _mentor_training(visit: Visit, mentor: Period) -> Iterable[object]:
    name, why = visit.held.name_of(mentor), visit.held.people[mentor.trn].not_paid
    if why == "started_not_completed":
        yield markup.paragraph(f"Our records show that {name} cannot do further mentor training.")
    elif why:
        yield markup.paragraph(f"{name} has completed mentor training.")
    elif _training(visit, mentor) is None:
        yield markup.paragraph(f"{name} is not registered for mentor training.")
    else:
        yield markup.answers(_training_lines(visit, mentor))


# --- to practise with -----------------------------------------------------------------------------------------------


def teachers(visit: Visit) -> Reply:
    """Whom one can type here, and what each stands for. The real website has no such page."""
    rows = [
        (t.trn, long(t.said_born or t.date_of_birth), ", ".join(t.ni_numbers), t.shown_name, _stands_for(t))
        for t in visit.world.teachers
    ]
    words = "Nobody of these exists. Type one of them where the website asks for a teacher, and see what it answers."
    heads = ("TRN", "Date of birth", "National Insurance number", "Name", "What it stands for")
    body = [markup.paragraph(words), markup.table("Teachers to practise with", heads, rows)]
    return visit.show("Made-up teachers", body, at="/made-up-teachers")


def _stands_for(teacher: Teacher) -> str:
    if teacher.said_born is not None:
        return "The date of birth differs from the record"
    return teacher.case.replace("_", " ").capitalize() or "Found"


ROUTES: Routes = (
    ("GET", "/made-up-teachers", teachers),
    ("GET", "/ects", ect_list),
    ("GET", "/ects/([0-9]+)", ect_page),
    ("GET", "/mentors", mentor_list),
    ("GET", "/mentors/([0-9]+)", mentor_page),
)
