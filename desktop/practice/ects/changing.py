"""Changing what is stored of an ECT or a mentor, one answer at a time: edit, check, done. Source: register-ects 1.4 to 1.7."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from desktop.practice.ects import deeds, finding, formats, windows
from desktop.practice.ects.bodies import ask_body, take_body
from desktop.practice.ects.gates import registration_closed
from desktop.practice.ects.register_ect import PATTERNS, PROGRAMMES
from desktop.practice.ects.visit import Visit
from desktop.practice.ects.wizard import DONE, Step, Trip, Wizard, always, lines, seen
from desktop.practice.ects.world import ECT, MENTOR, PROVIDER_LED, SCHOOL_LED, Held, NotSaved, Period
from desktop.practice.pages import markup
from desktop.practice.pages.markup import Html, Question
from desktop.practice.wire import Reply

WORDS = {ECT: ("ects", "Early career teacher", "ECT"), MENTOR: ("mentors", "Mentor", "mentor")}


def subject(trip: Trip, role: str) -> Period:
    """Whom it is about. Raises NotFound."""
    return trip.visit.period(role, trip.visit.args[0])


def name_of(trip: Trip, role: str) -> str:
    """Their name as it stands."""
    return trip.visit.held.name_of(subject(trip, role))


@dataclass(frozen=True)
class Change:
    """One answer that can be changed.

    slug      of its address, `change-name`;  what: as its answer is called, "name"
    steps     the pages before the check
    was, now  the present answer and the new one, as the check shows them
    deed      stores it;  done: heading of the last page
    """

    slug: str
    role: str
    what: str
    steps: tuple[Step, ...]
    was: Callable[[Trip], str]
    now: Callable[[Trip], str]
    deed: Callable[[Trip, Held, Period], None]
    done: Callable[[str, str], str]
    refusal: Callable[[Visit], Reply | None] = lambda _visit: None
    start: Callable[[Trip], None] = lambda _trip: None
    note: Callable[[Trip], Sequence[object]] = lambda _trip: ()

    def wizard(self) -> Wizard:
        """The journey of it."""
        place, role_words, _ = WORDS[self.role]
        role = self.role

        def says(trip: Trip) -> Sequence[object]:
            told: list[tuple[str, object, str]] = [(role_words, name_of(trip, role), "")]
            if self.what != "name":
                told.append((f"Current {self.what}", self.was(trip), ""))
            told.append((f"New {self.what}", self.now(trip), ""))
            return (lines("", told), *self.note(trip))

        def confirm(trip: Trip) -> Mapping[str, str]:
            period, name, now = subject(trip, role), name_of(trip, role), self.now(trip)
            trip.visit.change(
                lambda held: self.deed(trip, held, held.periods[period.id]),
                f"changed the {self.what}",
                period.trn,
            )
            return {"heading": self.done(name, now), "id": period.id, "name": trip.visit.held.name_of(period)}

        def done_says(trip: Trip) -> Sequence[object]:
            told = trip.answers[DONE]
            back = markup.link(f"/{place}/{told['id']}", f"Back to {told['name']}’s details")
            return (markup.paragraph(back),)

        return Wizard(
            f"{self.role}-{self.slug}",
            f"/{place}/([0-9]+)/{self.slug}",
            lambda visit: f"/{place}/{visit.args[0]}/{self.slug}",
            (
                *self.steps,
                Step(
                    "check-answers",
                    lambda _: "Check and confirm change",
                    says,
                    button="Confirm change",
                    confirms=always,
                    below=lambda trip: (_cancel(trip, role),),
                ),
            ),
            confirm,
            Step("confirmation", lambda trip: trip.answers[DONE]["heading"], done_says),
            start=self.start,
            back=lambda trip: f"/{place}/{trip.visit.args[0]}",
            refusal=self.refusal,
        )


def _cancel(trip: Trip, role: str) -> Html:
    words = f"Cancel and go back to {name_of(trip, role)}’s details"
    return markup.paragraph(markup.link(f"/{WORDS[role][0]}/{trip.visit.args[0]}", words))


# --- name (1.4) -----------------------------------------------------------------------------------------------------


def _name(role: str) -> Change:
    def take(trip: Trip) -> Mapping[str, str]:
        new, wrong = formats.full_name(trip.visit.form.one("name"))
        if not wrong and new.casefold() == name_of(trip, role).casefold():
            wrong = "The name must be different from the current name"
        if not wrong:
            trip.answers.clear()
            trip.answers["name"] = new
        return {"name": wrong} if wrong else {}

    def follows(trip: Trip) -> str:
        both = formats.both_names_changed(name_of(trip, role), str(trip.get("name")))
        return "confirm-name-change" if both else "check-answers"

    def same_person(trip: Trip) -> Sequence[object]:
        name, new, period = name_of(trip, role), str(trip.get("name")), subject(trip, role)
        return (
            markup.paragraph(f"You want to change {name}’s name to {new}, for TRN {period.trn}."),
            markup.paragraph(f"If {new} is a different person, do not continue."),
            markup.paragraph(f"Only change {name}’s name if:"),
            markup.bullets(
                (
                    "it is spelt incorrectly",
                    "they have changed their name",
                    "they want to use a shorter or less formal name",
                )
            ),
        )

    def deed(trip: Trip, held: Held, period: Period) -> None:
        held.people[period.trn].corrected_name = str(trip.get("name"))

    edit = Step(
        "edit",
        lambda t: f"Change name for {name_of(t, role)}",
        lambda _: (markup.paragraph("The name is used in this service and in emails."),),
        lambda _: (Question("name", "Correct full name"),),
        take,
        ("name",),
        follows,
    )
    confirm = Step(
        "confirm-name-change",
        lambda _: "Check this name change is for the same person",
        same_person,
        take=seen("same_person"),
        needs=("same_person",),
        follows=lambda _: "check-answers",
        button="Continue to change name",
        below=lambda t: (_cancel(t, role),),
    )
    short = WORDS[role][2]
    return Change(
        "change-name",
        role,
        "name",
        (edit, confirm),
        lambda t: name_of(t, role),
        lambda t: str(t.get("name")),
        deed,
        lambda _name, now: f"You’ve changed the {short}’s name to {now}",
    )


# --- email (1.5), working pattern (1.6) -----------------------------------------------------------------------------


def _email(role: str) -> Change:
    def take(trip: Trip) -> Mapping[str, str]:
        address, wrong = formats.email(trip.visit.form.one("email"), formats.LONGEST_LATER)
        if not wrong and address.casefold() == subject(trip, role).email.casefold():
            wrong = "The email address must be different from the current one"
        if not wrong:
            trip.answers["email"] = address
        return {"email": wrong} if wrong else {}

    def deed(trip: Trip, _held: Held, period: Period) -> None:
        period.email = str(trip.get("email"))

    edit = Step(
        "edit",
        lambda t: f"Change email address for {name_of(t, role)}",
        lambda _: (markup.paragraph("They must be able to read it."),),
        lambda _: (Question("email", "Correct email address"),),
        take,
        ("email",),
        lambda _: "check-answers",
    )
    return Change(
        "change-email-address",
        role,
        "email address",
        (edit,),
        lambda t: subject(t, role).email,
        lambda t: str(t.get("email")),
        deed,
        lambda name, now: f"You’ve changed {name}’s email address to {now}",
    )


def _other_pattern(trip: Trip) -> str:
    return next(code for code in PATTERNS if code != subject(trip, ECT).working_pattern)


def _take_pattern(trip: Trip) -> Mapping[str, str]:
    trip.answers["pattern"] = _other_pattern(trip)
    return {}


def _pattern_says(trip: Trip) -> Sequence[object]:
    was, now = PATTERNS[subject(trip, ECT).working_pattern], PATTERNS[_other_pattern(trip)]
    words = f"You are changing {name_of(trip, ECT)}’s working pattern from {was.lower()} to {now.lower()}."
    return (markup.paragraph(words),)


def _store_pattern(trip: Trip, _held: Held, period: Period) -> None:
    period.working_pattern = str(trip.get("pattern"))


_PATTERN = Change(
    "change-working-pattern",
    ECT,
    "working pattern",
    (
        Step(
            "edit",
            lambda t: f"Change {name_of(t, ECT)}’s working pattern to {PATTERNS[_other_pattern(t)].lower()}",
            _pattern_says,
            take=_take_pattern,
            needs=("pattern",),
            follows=lambda _: "check-answers",
            button="Change working pattern",
        ),
    ),
    lambda t: PATTERNS[subject(t, ECT).working_pattern],
    lambda t: PATTERNS[str(t.get("pattern"))],
    _store_pattern,
    lambda name, now: f"You’ve changed {name}’s working pattern to {now.lower()}",
)


# --- programme and provider (1.7) -----------------------------------------------------------------------------------


def _programme_now(trip: Trip) -> str:
    found = deeds.current_training(trip.visit.held, subject(trip, ECT), trip.today)
    return found.programme if found else SCHOOL_LED


def _other_programme(trip: Trip) -> str:
    return next(code for code in PROGRAMMES if code != _programme_now(trip))


def _take_programme(trip: Trip) -> Mapping[str, str]:
    trip.answers.clear()
    trip.answers["programme"] = _other_programme(trip)
    return {}


_NEXT_YEAR = "For continuity, change at the end of the school year if you can."
_TOLD = {
    SCHOOL_LED: "The training with the lead provider stops immediately. Your school designs and delivers its own, and the "
    "appropriate body must have approved it.",
    PROVIDER_LED: "Your school chooses a lead provider, who arranges the training and names the delivery partner.",
}


def _programme_says(trip: Trip) -> Sequence[object]:
    return (markup.paragraph(_NEXT_YEAR), markup.paragraph(_TOLD[_other_programme(trip)]))


def _new_providers(trip: Trip) -> Mapping[str, str]:
    """Active in the period that holds the ECT's start, or 2024 when that is frozen."""
    held = trip.visit.held
    year = deeds.year_of_ect(held, subject(trip, ECT))
    return {p.id: p.name for p in held.providers.values() if year is not None and year.year in p.years}


def _programme_words(trip: Trip) -> str:
    words = PROGRAMMES[str(trip.get("programme"))]
    provider = trip.visit.held.provider_name(str(trip.get("provider")))
    return f"{words} with {provider}" if provider else words


def _store_programme(trip: Trip, held: Held, period: Period) -> None:
    if trip.get("programme") == SCHOOL_LED:
        deeds.to_school_led(held, period, trip.today)
    else:
        deeds.to_provider_led(held, period, str(trip.get("provider")), trip.today)


_PROGRAMME = Change(
    "change-training-programme",
    ECT,
    "training programme",
    (
        Step(
            "edit",
            lambda t: (
                f"Change {name_of(t, ECT)}’s training programme to {PROGRAMMES[_other_programme(t)].lower()}"
            ),
            _programme_says,
            take=_take_programme,
            needs=("programme",),
            follows=lambda t: "lead-provider" if t.get("programme") == PROVIDER_LED else "check-answers",
            button="Change training programme",
        ),
        finding.choose_provider(
            "lead-provider",
            lambda t: f"Which lead provider will be training {name_of(t, ECT)}?",
            _new_providers,
            lambda _: "check-answers",
        ),
    ),
    lambda t: PROGRAMMES[_programme_now(t)],
    _programme_words,
    _store_programme,
    lambda name, now: f"You’ve changed {name}’s training programme to {now[0].lower()}{now[1:]}",
    refusal=registration_closed,
)


def _provider(role: str) -> Change:
    def provider_now(trip: Trip) -> str:
        return deeds.provider_of(trip.visit.held, subject(trip, role), trip.today)

    def offered(trip: Trip) -> Mapping[str, str]:
        """Active in the assigned contract period, or 2024 when it is frozen; without the current one."""
        held, now = trip.visit.held, provider_now(trip)
        training = deeds.current_training(held, subject(trip, role), trip.today)
        year = training.year if training else None
        assigned = held.years.get(year or 0)
        wanted = windows.MOVES_TO if assigned is not None and assigned.frozen else year
        return {p.id: p.name for p in held.providers.values() if wanted in p.years and p.id != now}

    def refusal(visit: Visit) -> Reply | None:
        """Nothing to change where nobody is trained by a provider."""
        period = visit.period(role, visit.args[0])
        led = bool(deeds.provider_of(visit.held, period, visit.today))
        return None if led else visit.go(f"/{WORDS[role][0]}/{period.id}")

    def deed(trip: Trip, held: Held, period: Period) -> None:
        deeds.change_provider(held, period, str(trip.get("provider")), trip.today)

    edit = finding.choose_provider(
        "edit",
        lambda t: f"Change lead provider for {name_of(t, role)}",
        offered,
        lambda _: "check-answers",
        "Select the new lead provider",
    )
    return Change(
        "change-lead-provider",
        role,
        "lead provider",
        (edit,),
        lambda t: t.visit.held.provider_name(provider_now(t)),
        lambda t: t.visit.held.provider_name(str(t.get("provider"))),
        deed,
        lambda name, now: f"You’ve chosen {now} as the new lead provider for {name}",
        refusal=refusal,
    )


# --- appropriate body (1.7) -----------------------------------------------------------------------------------------


def _know_body(trip: Trip) -> None:
    trip.answers["body_now"] = subject(trip, ECT).body


def _body_locked(visit: Visit) -> Reply | None:
    """Once an appropriate body has opened the induction, a school cannot change it."""
    period = visit.period(ECT, visit.args[0])
    opened = visit.held.open_induction(period.trn)
    if opened is None:
        return None
    words = (
        f"{visit.held.body_name(opened.body)} has recorded the ECT’s induction. Ask them if this is wrong."
    )
    back = markup.link(f"/ects/{period.id}", f"Back to {visit.held.name_of(period)}’s details")
    body = [markup.paragraph(words), markup.paragraph(back)]
    return visit.show("The appropriate body cannot be changed here", body)


def _store_body(trip: Trip, held: Held, period: Period) -> None:
    found = held.bodies.get(str(trip.get("body")))
    if found is None or not found.active:
        raise NotSaved("This appropriate body cannot be chosen any more.")
    period.body = found.id


_BODY = Change(
    "change-appropriate-body",
    ECT,
    "appropriate body",
    (
        Step(
            "edit",
            lambda t: f"Select a new appropriate body for {name_of(t, ECT)}",
            lambda _: (markup.paragraph("The ECT’s details are shared with the appropriate body."),),
            ask_body,
            take_body,
            ("body",),
            lambda _: "check-answers",
        ),
    ),
    lambda t: t.visit.held.body_name(subject(t, ECT).body),
    lambda t: t.visit.held.body_name(str(t.get("body"))),
    _store_body,
    lambda name, now: f"You’ve chosen {now} as the new appropriate body for {name}",
    refusal=_body_locked,
    start=_know_body,
)

WIZARDS = tuple(
    change.wizard()
    for change in (
        _name(ECT),
        _email(ECT),
        _PATTERN,
        _PROGRAMME,
        _provider(ECT),
        _BODY,
        _name(MENTOR),
        _email(MENTOR),
        _provider(MENTOR),
    )
)
