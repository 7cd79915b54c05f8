"""The induction tutor of a school: told, confirmed for a contract year, changed. Source: domain pack register-ects 1.9."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from desktop.practice.ects import formats, windows
from desktop.practice.ects.finding import YES_NO
from desktop.practice.ects.visit import Visit
from desktop.practice.ects.wizard import DONE, Step, Trip, Wizard, always, lines
from desktop.practice.ects.world import Held
from desktop.practice.pages import markup
from desktop.practice.pages.markup import Answer, Question
from desktop.practice.wire import Reply

AT = "/induction-tutor"
_CONTACT = "This person is the main contact for early career training and induction. Lead providers see these details."


def _year(visit: Visit) -> int | None:
    """The contract year for which a tutor is confirmed now: the current one, else the upcoming one."""
    current = windows.year_of(visit.held, visit.today)
    later = sorted(year.year for year in visit.held.years.values() if year.began > visit.today)
    return current.year if current else next(iter(later), None)


def show(visit: Visit) -> Reply:
    """The tutor as stored."""
    school = visit.school
    if not school.tutor_name:
        return visit.go(f"{AT}/declare")
    told = [Answer("Name", school.tutor_name), Answer("Email", school.tutor_email)]
    change = markup.paragraph(markup.link(f"{AT}/change", "Change induction tutor details"))
    body = [markup.paragraph(_CONTACT), markup.answers(told), change]
    return visit.show("Induction tutor", body, at=AT, caption=school.name)


def declare(visit: Visit) -> Reply:
    """To the journey that fits: a new tutor, or one who is to be confirmed."""
    return visit.go(f"{AT}/confirm" if visit.school.tutor_name else f"{AT}/new")


def _ask(trip: Trip) -> Sequence[Question]:
    school, hint = trip.visit.school, "Do not use an address that several people read."
    return (
        Question("tutor_name", "Full name", value=school.tutor_name),
        Question("tutor_email", "Email", value=school.tutor_email, hint=hint),
    )


def _take(trip: Trip) -> Mapping[str, str]:
    form, school = trip.visit.form, trip.visit.school
    name, no_name = formats.full_name(form.one("tutor_name"), "the full name of the induction tutor")
    email, no_email = formats.email(form.one("tutor_email"), formats.LONGEST_LATER)
    wrong = {k: said for k, said in (("tutor_name", no_name), ("tutor_email", no_email)) if said}
    if not wrong and (name, email) == (school.tutor_name, school.tutor_email):
        wrong = {"tutor_name": "Change the name or the email address, or both"}
    if not wrong:
        trip.answers |= {"tutor_name": name, "tutor_email": email}
    return wrong


def _ask_existing(trip: Trip) -> Sequence[Question]:
    right = Question("right", "Are these details correct?", "one", options=[*YES_NO.items()])
    return (right, *(replace(one, hint="Only if the details are not correct.") for one in _ask(trip)))


def _take_existing(trip: Trip) -> Mapping[str, str]:
    said = trip.visit.form.one("right")
    if said not in YES_NO:
        return {"right": "Select Yes if the details are correct"}
    trip.answers["right"] = said
    return {} if said == "yes" else _take(trip)


def _existing_says(trip: Trip) -> Sequence[object]:
    school = trip.visit.school
    told = [Answer("Name", school.tutor_name), Answer("Email", school.tutor_email)]
    words = "Our records show that this person is your school’s induction tutor:"
    return (markup.paragraph(_CONTACT), markup.paragraph(words), markup.answers(told))


def _check_says(trip: Trip) -> Sequence[object]:
    told = [
        ("Induction tutor", trip.get("tutor_name"), ""),
        ("Induction tutor email", trip.get("tutor_email"), ""),
    ]
    return (lines("", told),)


def _check(heading: str, button: str) -> Step:
    return Step("check-answers", lambda _: heading, _check_says, button=button, confirms=always)


def _confirm(trip: Trip) -> Mapping[str, str]:
    """What was typed, or what stood there already: confirmed for the year."""
    visit, school = trip.visit, trip.visit.school
    same = trip.get("right") == "yes"
    name = school.tutor_name if same else str(trip.get("tutor_name"))
    email = school.tutor_email if same else str(trip.get("tutor_email"))

    def deed(held: Held) -> None:
        mine = held.schools[school.urn]
        mine.tutor_name, mine.tutor_email, mine.tutor_year = name, email, _year(visit)

    visit.change(deed, "confirmed the induction tutor" if same else "told the induction tutor", name)
    if same:
        return {"heading": f"You’ve confirmed {name} will continue as your school’s induction tutor"}
    new = not school.tutor_name
    changed = f"You’ve changed your school’s induction tutor to {name}"
    return {"heading": f"{name} is your school’s induction tutor" if new else changed}


def _done_says(_trip: Trip) -> Sequence[object]:
    return (markup.paragraph(markup.link("/ects", "Continue")),)


_LAST = Step("confirmation", lambda t: t.answers[DONE]["heading"], _done_says)
_NEEDS = ("tutor_name", "tutor_email")


def _edit(heading: str, words: str) -> Step:
    return Step(
        "edit",
        lambda _: heading,
        lambda _: (markup.paragraph(words),),
        _ask,
        _take,
        _NEEDS,
        lambda _: "check-answers",
    )


def _base(slug: str) -> str:
    return f"{AT}/{slug}"


NEW = Wizard(
    "new-tutor",
    _base("new"),
    lambda _: _base("new"),
    (
        _edit("Tell us your induction tutor", "Our records show that your school has no induction tutor."),
        _check("Check and confirm", "Confirm induction tutor"),
    ),
    _confirm,
    _LAST,
    refusal=lambda visit: visit.go(AT) if visit.school.tutor_name else None,
)
CONFIRM = Wizard(
    "confirm-tutor",
    _base("confirm"),
    lambda _: _base("confirm"),
    (
        Step(
            "edit",
            lambda _: "Confirm induction tutor details",
            _existing_says,
            _ask_existing,
            _take_existing,
            _NEEDS,
            lambda _: "check-answers",
            confirms=lambda t: t.get("right") == "yes",
        ),
        _check("Check and confirm change", "Confirm change"),
    ),
    _confirm,
    _LAST,
    refusal=lambda visit: None if visit.school.tutor_name else visit.go(f"{AT}/new"),
)
CHANGE = Wizard(
    "change-tutor",
    _base("change"),
    lambda _: _base("change"),
    (
        _edit("Change induction tutor", "At least one of the two must change."),
        _check("Check and confirm change", "Confirm change"),
    ),
    _confirm,
    _LAST,
    refusal=lambda visit: None if visit.school.tutor_name else visit.go(f"{AT}/new"),
)
WIZARDS = (NEW, CONFIRM, CHANGE)
ROUTES = (("GET", AT, show), ("GET", f"{AT}/declare", declare))
