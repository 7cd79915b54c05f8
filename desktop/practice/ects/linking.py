"""Assigning a mentor who is registered here, and changing the mentor of an ECT. Source: domain pack register-ects 1.3, 1.6, 5."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from desktop.practice.ects import deeds, finding, windows
from desktop.practice.ects.gates import registration_closed
from desktop.practice.ects.register_mentor import assigned_words, eligibility_words, provider_question
from desktop.practice.ects.visit import Visit
from desktop.practice.ects.wizard import DONE, Step, Trip, Wizard, always, lines
from desktop.practice.ects.world import ECT, Held, Period
from desktop.practice.pages import markup
from desktop.practice.pages.markup import Question
from desktop.practice.wire import Reply

NEW = "new"


def _ect(trip: Trip) -> Period:
    return trip.visit.period(ECT, trip.visit.args[0])


def _ect_name(trip: Trip) -> str:
    return trip.visit.held.name_of(_ect(trip))


def _current(trip: Trip) -> Period | None:
    held = trip.visit.held
    found = deeds.current_link(held, _ect(trip), trip.today)
    return held.periods[found.mentor] if found else None


def _offered(trip: Trip) -> dict[str, str]:
    """Unfinished mentors here, without the ECT and the one they have."""
    held, now = trip.visit.held, _current(trip)
    found = [p for p in deeds.choosable(held, _ect(trip)) if now is None or p.id != now.id]
    return {p.id: held.name_of(p) for p in sorted(found, key=lambda p: held.name_of(p).casefold())}


def _mentor(trip: Trip) -> Period:
    return trip.visit.held.periods[str(trip.get("mentor"))]


def _mentor_name(trip: Trip) -> str:
    return trip.visit.held.name_of(_mentor(trip))


def _trains(trip: Trip) -> bool:
    """Whether this would be the mentor's first provider-led training."""
    if trip.get("mentor") in (None, NEW):
        return False
    return deeds.first_training(trip.visit.held, _ect(trip), _mentor(trip), trip.today)


def _ask(trip: Trip) -> Sequence[Question]:
    options = [*_offered(trip).items(), (NEW, "Register a new mentor")]
    return (Question("mentor", "Select the mentor", "one", options=options),)


def _take(trip: Trip) -> Mapping[str, str]:
    said = trip.visit.form.one("mentor")
    if said != NEW and said not in _offered(trip):
        return {"mentor": "Select a mentor from the list"}
    trip.answers.clear()
    trip.answers["mentor"] = said
    return {}


def _provider(trip: Trip) -> str:
    return deeds.provider_of(trip.visit.held, _ect(trip), trip.today)


def _accept(trip: Trip) -> Mapping[str, str]:
    trip.answers["provider"] = _provider(trip)
    return {}


def _eligible_says(trip: Trip) -> Sequence[object]:
    return eligibility_words(_mentor_name(trip), trip.visit.held.provider_name(_provider(trip)))


def _providers(trip: Trip) -> Mapping[str, str]:
    """Active in the contract period of the mentor's start, without the ECT's."""
    year = windows.year_of(trip.visit.held, _mentor(trip).began)
    every = trip.visit.held.providers.values()
    return {p.id: p.name for p in every if year and year.year in p.years and p.id != _provider(trip)}


def _link(held: Held, trip: Trip, *, change: bool) -> None:
    ect, mentor = held.periods[_ect(trip).id], held.periods[_mentor(trip).id]
    trains = deeds.first_training(held, ect, mentor, trip.today)
    deeds.link(held, ect, mentor, trip.today)
    if trains and trip.get("provider"):
        began = max(mentor.began, trip.today) if change else mentor.began
        deeds.train_mentor(held, mentor, str(trip.get("provider")), began, trip.today)


def _confirm(trip: Trip, *, change: bool) -> Mapping[str, str]:
    about = f"{_ect(trip).trn} {_mentor(trip).trn}"
    told = {"mentor": _mentor_name(trip), "ect": _ect(trip).id, "ect_name": _ect_name(trip)}
    what = "changed the mentor" if change else "assigned a mentor"
    trip.visit.change(lambda held: _link(held, trip, change=change), what, about)
    return told


def _check_says(trip: Trip) -> Sequence[object]:
    now = _current(trip)
    told = [
        ("Early career teacher", _ect_name(trip), ""),
        ("Current mentor", trip.visit.held.name_of(now) if now else "", ""),
        ("New mentor", _mentor_name(trip), ""),
    ]
    return (lines("", told),)


def _eligibility(path: str) -> Step:
    """The page about mentor training, with the way to another provider."""

    def below(trip: Trip) -> Sequence[object]:
        provider = trip.visit.held.provider_name(_provider(trip))
        words = f"{provider} will not be providing mentor training to {_mentor_name(trip)}"
        address = f"/ects/{trip.visit.args[0]}/{path}/lead-provider"
        return (markup.paragraph(markup.link(address, words)),)

    return Step(
        "review-mentor-eligibility",
        lambda t: f"{_mentor_name(t)} can receive mentor training",
        _eligible_says,
        take=_accept,
        needs=("provider",),
        follows=lambda _: "check-answers",
        below=below,
    )


def _lead_provider() -> Step:
    made = finding.choose_provider(
        "lead-provider", lambda t: provider_question(_mentor_name(t)), _providers, lambda _: "check-answers"
    )
    return replace(made, beside="review-mentor-eligibility")


def _who(step_after: str) -> Step:
    """Who will mentor? `step_after` = the page after one who needs no training."""

    def follows(trip: Trip) -> str:
        if trip.get("mentor") == NEW:
            return f"/ects/{trip.visit.args[0]}/register-mentor"
        return "review-mentor-eligibility" if _trains(trip) else step_after

    return Step(
        "choose",
        lambda t: f"Who will mentor {_ect_name(t)}?",
        asks=_ask,
        take=_take,
        needs=("mentor",),
        follows=follows,
    )


def _refuse_assign(visit: Visit) -> Reply | None:
    """Without anybody to choose from, a new mentor is registered at once."""
    ect = visit.period(ECT, visit.args[0])
    if (closed := registration_closed(visit)) is not None:
        return closed
    if deeds.current_link(visit.held, ect, visit.today) is not None:
        return visit.go(f"/ects/{ect.id}/change-mentor")
    return None if deeds.choosable(visit.held, ect) else visit.go(f"/ects/{ect.id}/register-mentor")


def _refuse_change(visit: Visit) -> Reply | None:
    """Only where there is a mentor already."""
    ect = visit.period(ECT, visit.args[0])
    if (closed := registration_closed(visit)) is not None:
        return closed
    return None if deeds.current_link(visit.held, ect, visit.today) else visit.go(f"/ects/{ect.id}/mentor")


def _back(trip: Trip) -> str:
    return f"/ects/{trip.visit.args[0]}"


def _assigned(trip: Trip) -> Sequence[object]:
    return assigned_words(trip.answers[DONE]["ect_name"])


ASSIGN = Wizard(
    "assign-mentor",
    "/ects/([0-9]+)/mentor",
    lambda visit: f"/ects/{visit.args[0]}/mentor",
    (
        replace(_who(""), confirms=lambda t: t.get("mentor") != NEW and not _trains(t)),
        replace(_eligibility("mentor"), confirms=always),
        replace(_lead_provider(), confirms=always),
    ),
    lambda trip: _confirm(trip, change=False),
    Step("confirmation", lambda t: f"You’ve assigned {t.answers[DONE]['mentor']} as a mentor", _assigned),
    back=_back,
    refusal=_refuse_assign,
)

CHANGE = Wizard(
    "change-mentor",
    "/ects/([0-9]+)/change-mentor",
    lambda visit: f"/ects/{visit.args[0]}/change-mentor",
    (
        _who("check-answers"),
        _eligibility("change-mentor"),
        _lead_provider(),
        Step(
            "check-answers",
            lambda _: "Check and confirm change",
            _check_says,
            button="Confirm change",
            confirms=always,
        ),
    ),
    lambda trip: _confirm(trip, change=True),
    Step(
        "confirmation",
        lambda t: f"You’ve changed {t.answers[DONE]['ect_name']}’s mentor to {t.answers[DONE]['mentor']}",
        lambda t: (
            markup.paragraph(markup.link(f"/ects/{t.answers[DONE]['ect']}", "Back to their details")),
        ),
    ),
    back=_back,
    refusal=_refuse_change,
)
