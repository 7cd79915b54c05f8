"""Journeys of several pages whose answers live in the session only, and are stored together when they are confirmed.

A journey is its steps; where it goes is asked of the answers each time (`follows`), so which pages may be opened follows from
them, too: a page can be visited only after those before it were answered (domain pack register-ects 1.1). All tabs of a
sign-in share the answers, and lose them with it (7).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from desktop.practice.ects.visit import Visit
from desktop.practice.ects.windows import long
from desktop.practice.ects.world import LookupDown, NotSaved
from desktop.practice.pages import markup
from desktop.practice.pages.markup import Answer, Button, Html, Question
from desktop.practice.pages.visit import NotFound, Routes
from desktop.practice.wire import Reply

Answers = dict[str, Any]
DONE = "done"
"""Key under which a confirmed journey keeps what its last page tells; everything else is gone by then."""
_MOST_STEPS = 40
LOST = "Your answers are not here any more. They are kept only while you are signed in."


@dataclass
class Trip:
    """A journey at one moment: the request, and the answers so far (which a step may change)."""

    visit: Visit
    answers: Answers

    @property
    def today(self) -> date:
        return self.visit.today

    def get(self, name: str) -> Any:
        return self.answers.get(name)

    def day(self, name: str) -> date | None:
        """An answer that is a day; None when it was not given."""
        said = self.answers.get(name)
        return date.fromisoformat(said) if said else None


def _nothing(_trip: Trip) -> Sequence[object]:
    return ()


def _no_questions(_trip: Trip) -> Sequence[Question]:
    return ()


def _take_nothing(_trip: Trip) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True)
class Step:
    """One page.

    heading   its first heading;  says, below: what stands before and after the questions
    asks      its questions, without what was answered and what is wrong
    take      read the form into the answers; gives what is wrong, by question. Only then answers may have changed
    needs     names of the answers that show that the page was answered; () for a page without end (a stop, the last one)
    follows   slug of the next page, or the address of another journey
    button    what sends the page; "" = a stop: it only says why it goes no further
    confirms  whether sending it stores everything
    beside    slug of the page whose link leads here; "" = it comes in its turn
    """

    slug: str
    heading: Callable[[Trip], str]
    says: Callable[[Trip], Sequence[object]] = _nothing
    asks: Callable[[Trip], Sequence[Question]] = _no_questions
    take: Callable[[Trip], Mapping[str, str]] = _take_nothing
    needs: tuple[str, ...] = ()
    follows: Callable[[Trip], str] = lambda _trip: ""
    button: str = "Continue"
    button_of: Callable[[Trip], str] | None = None
    confirms: Callable[[Trip], bool] = lambda _trip: False
    beside: str = ""
    below: Callable[[Trip], Sequence[object]] = _nothing

    def answered(self, answers: Answers) -> bool:
        return bool(self.needs) and all(name in answers for name in self.needs)


def stop(
    slug: str,
    heading: Callable[[Trip], str],
    says: Callable[[Trip], Sequence[object]] = _nothing,
    beside: str = "",
) -> Step:
    """A page that says why it goes no further."""
    return Step(slug, heading, says, button="", beside=beside)


@dataclass(frozen=True)
class Wizard:
    """A journey.

    at        pattern of its address, with the groups that tell whom it is about; `base` makes the address of a request
    start     puts there what is known before the first question. Raises NotFound
    confirm   stores it; gives what the last page tells. Raises NotSaved
    shared    True: one store whoever it is about, as the portal keeps it
    refusal   what answers instead while the journey cannot be begun; None = it can
    """

    name: str
    at: str
    base: Callable[[Visit], str]
    steps: tuple[Step, ...]
    confirm: Callable[[Trip], Mapping[str, str]]
    last: Step
    start: Callable[[Trip], None] = lambda _trip: None
    back: Callable[[Trip], str] = lambda _trip: "/ects"
    shared: bool = False
    refusal: Callable[[Visit], Reply | None] = field(default=lambda _visit: None)

    # -- the way ------------------------------------------------------------------------------------

    @property
    def check(self) -> str:
        """The page that shows all answers: the last one before it is done."""
        return self.steps[-1].slug

    def may_open(self, trip: Trip, step: Step) -> bool:
        """Whether a page can be visited: its turn has come, or a link of such a page leads there."""
        way = self.way(trip)
        return step.slug in way or bool(step.beside and step.beside in way)

    def step(self, slug: str) -> Step | None:
        """A page by its slug."""
        return next((step for step in (*self.steps, self.last) if step.slug == slug), None)

    def way(self, trip: Trip) -> list[str]:
        """Slugs of the pages that may be opened: all that were answered, and the first that was not."""
        if DONE in trip.answers:
            return [self.last.slug]
        found = [self.steps[0].slug]
        while len(found) < _MOST_STEPS:
            here = self.step(found[-1])
            if here is None or not here.answered(trip.answers):
                return found
            after = here.follows(trip)
            if not after or after in found:
                return found
            found.append(after)
        return found

    # -- requests -----------------------------------------------------------------------------------

    def routes(self) -> Routes:
        """Its addresses."""
        return (
            ("GET", self.at, self._begin),
            ("GET", f"{self.at}/([a-z-]+)", self._look),
            ("POST", f"{self.at}/([a-z-]+)", self._send),
        )

    def _key(self, visit: Visit) -> str:
        return self.name if self.shared else self.base(visit)

    def _trip(self, visit: Visit) -> Trip:
        trip = Trip(visit, visit.session.answers.setdefault(self._key(visit), {}))
        if not trip.answers:
            self.start(trip)
        return trip

    def _begin(self, visit: Visit) -> Reply:
        """From the link: everything from the start, whatever was answered before."""
        if (refused := self.refusal(visit)) is not None:
            return refused
        visit.session.answers.pop(self._key(visit), None)
        self._trip(visit)
        return visit.go(f"{self.base(visit)}/{self.steps[0].slug}")

    def _look(self, visit: Visit) -> Reply:
        if (refused := self._refused(visit)) is not None:
            return refused
        trip, slug = self._trip(visit), visit.args[-1]
        step = self.step(slug)
        if step is None:
            raise NotFound
        if not self.may_open(trip, step):
            return visit.go(f"{self.base(visit)}/{self.way(trip)[-1]}")
        return self._page(trip, step, {})

    def _send(self, visit: Visit) -> Reply:
        if (refused := self._refused(visit)) is not None:
            return refused
        trip, slug = self._trip(visit), visit.args[-1]
        step = self.step(slug)
        if step is None or step is self.last or not step.button:
            raise NotFound
        if DONE in trip.answers:
            return visit.go(f"{self.base(visit)}/{self.last.slug}")
        if not self.may_open(trip, step):
            return self._lost(visit)
        try:
            wrong = step.take(trip)
        except LookupDown:
            return _trouble(visit)
        if wrong:
            return self._page(trip, step, wrong)
        if step.confirms(trip):
            return self._confirm(trip)
        after = self._next(trip, step)
        return visit.go(after if after.startswith("/") else f"{self.base(visit)}/{after}")

    def _lost(self, visit: Visit) -> Reply:
        """A page was sent whose answers before it are gone."""
        again = markup.link(self.base(visit), "Start again")
        return visit.show("Start again", [markup.paragraph(LOST), markup.paragraph(again)], status=422)

    def _refused(self, visit: Visit) -> Reply | None:
        """The last page of a journey is shown even when nobody can begin another one by then."""
        if DONE in visit.session.answers.get(self._key(visit), {}):
            return None
        return self.refusal(visit)

    def _next(self, trip: Trip, step: Step) -> str:
        """The page after this one; from an answer that was changed back to the check, or to what is now asked besides."""
        return self.way(trip)[-1] if trip.visit.query.one("change") else step.follows(trip)

    def _confirm(self, trip: Trip) -> Reply:
        try:
            told = dict(self.confirm(trip))
        except NotSaved as problem:
            return _trouble(trip.visit, str(problem))
        trip.answers.clear()
        trip.answers[DONE] = told
        return trip.visit.go(f"{self.base(trip.visit)}/{self.last.slug}", effect=True)

    # -- the page -----------------------------------------------------------------------------------

    def _page(self, trip: Trip, step: Step, wrong: Mapping[str, str]) -> Reply:
        visit = trip.visit
        asked = [_filled(one, trip, wrong) for one in step.asks(trip)]
        body: list[object] = list(step.says(trip))
        if step.button and step is not self.last:
            here = f"{self.base(visit)}/{step.slug}"
            action = f"{here}?change=1" if visit.query.one("change") else here
            body.append(
                visit.post(
                    action,
                    [markup.question(one) for one in asked],
                    Button(step.button_of(trip) if step.button_of else step.button),
                )
            )
        body += step.below(trip)
        return visit.show(step.heading(trip), body, back=self._back(trip, step), asked=asked)

    def _back(self, trip: Trip, step: Step) -> str:
        if step is self.last:
            return ""
        way = self.way(trip)
        if step.beside:
            return f"{self.base(trip.visit)}/{step.beside}"
        place = way.index(step.slug)
        if trip.visit.query.one("change") and self.check in way:
            return f"{self.base(trip.visit)}/{self.check}"
        return f"{self.base(trip.visit)}/{way[place - 1]}" if place else self.back(trip)


def _trouble(visit: Visit, why: str = "Try again later.") -> Reply:
    """The page of everything that the website does not handle."""
    words = [markup.paragraph(why), markup.paragraph("Nothing was stored.")]
    return visit.show("Sorry, there is a problem with the service", words, status=500)


def _filled(one: Question, trip: Trip, wrong: Mapping[str, str]) -> Question:
    """A question with what was typed now, or answered before."""
    form, error = trip.visit.form, wrong.get(one.name, "")
    value: object = trip.answers.get(one.name, one.value)
    if one.kind == "day":
        value = form.day(one.name) if form.values else _parts(str(value or ""))
    elif form.values:
        value = form.one(one.name)
    return Question(one.name, one.label, one.kind, value, one.options, one.hint, error)


def _parts(iso: str) -> tuple[str, str, str]:
    if not iso:
        return "", "", ""
    day = date.fromisoformat(iso)
    return str(day.day), str(day.month), str(day.year)


def always(_trip: Trip) -> bool:
    """Whatever was answered."""
    return True


def lines(base: str, told: Sequence[tuple[str, object, str]]) -> Html:
    """The list of a check page: label, answer, and the slug of the page that changes it ("" = it stays)."""
    return markup.answers(
        Answer(label, value, f"{base}/{slug}?change=1" if slug else "") for label, value, slug in told
    )


def shown(day: date | None) -> str:
    """A day as a check page shows it."""
    return long(day) if day else ""


def chosen(trip: Trip, name: str, options: Mapping[str, str], missing: str) -> Mapping[str, str]:
    """Take the answer to a question with options."""
    said = trip.visit.form.one(name)
    if said not in options:
        return {name: missing}
    trip.answers[name] = said
    return {}


def seen(name: str) -> Callable[[Trip], Mapping[str, str]]:
    """Take that a page which only tells something was read."""

    def take(trip: Trip) -> Mapping[str, str]:
        trip.answers[name] = True
        return {}

    return take
