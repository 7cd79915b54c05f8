"""Telling that somebody has left or is leaving for good. Source: domain pack register-ects 1.8."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from desktop.practice.ects import deeds, finding, formats, windows
from desktop.practice.ects.changing import WORDS, name_of, subject
from desktop.practice.ects.windows import long
from desktop.practice.ects.wizard import DONE, Step, Trip, Wizard, always
from desktop.practice.ects.world import ECT, MENTOR
from desktop.practice.pages import markup

_NOT_AWAY = (
    "You do not need to tell us of somebody who is expected to return, for example from parental leave."
)


@dataclass(frozen=True)
class Leaving:
    """The journey for an ECT or for a mentor."""

    role: str

    @property
    def place(self) -> str:
        """First part of their addresses."""
        return WORDS[self.role][0]

    def _take(self, trip: Trip) -> Mapping[str, str]:
        """Given, real, not after four months, and late enough after what began: in this order."""
        day, wrong = formats.day(
            trip.visit.form.day("leaving"), "Enter the date that they left or will be leaving"
        )
        if day is None:
            return {"leaving": wrong}
        latest = windows.in_months(trip.today, 4)
        if day > latest:
            return {"leaving": f"The date must be {long(latest)} or earlier"}
        first = windows.boundary(trip.visit.held, subject(trip, self.role), trip.today)
        if first is not None and day < first:
            return {
                "leaving": f"Our records show when they started at your school. Enter a date from {long(first)} on"
            }
        trip.answers["leaving"] = day.isoformat()
        return {}

    def _heading(self, trip: Trip) -> str:
        words = "is leaving" if _is_ahead(trip) else "has left"
        return f"Confirm that {name_of(trip, self.role)} {words} your school permanently"

    def _check_says(self, trip: Trip) -> Sequence[object]:
        day, name = trip.day("leaving"), name_of(trip, self.role)
        if day is None:
            return ()
        after = f" after {long(day)}" if _is_ahead(trip) else ""
        left = "is leaving" if _is_ahead(trip) else "left"
        return (
            markup.paragraph(f"You’ve told us that {name} {left} your school on {long(day)}."),
            markup.paragraph(f"You will not be able to view or edit {name}’s details{after}."),
        )

    def _confirm(self, trip: Trip) -> Mapping[str, str]:
        period, day, name = subject(trip, self.role), trip.day("leaving"), name_of(trip, self.role)
        assert day is not None
        urn = trip.visit.school.urn
        trip.visit.change(
            lambda held: deeds.finish(held, held.periods[period.id], day, urn), "reported leaving", period.trn
        )
        listed = f"your school’s {WORDS[self.role][2]} list"
        if day > trip.today:
            return {"heading": f"{name} will be removed from {listed} after {long(day)}"}
        return {"heading": f"{name} has been removed from {listed}"}

    def _done_says(self, _trip: Trip) -> Sequence[object]:
        told = "Their lead provider and appropriate body are told, and may ask your school for more."
        back = markup.link(f"/{self.place}", "Back to ECTs" if self.role == ECT else "Back to mentors")
        return (markup.paragraph(told), markup.paragraph(back))

    def wizard(self) -> Wizard:
        """The journey."""
        role = self.role
        return Wizard(
            f"{role}-leaving",
            f"/{self.place}/([0-9]+)/leaving",
            lambda visit: f"/{self.place}/{visit.args[0]}/leaving",
            (
                Step(
                    "edit",
                    lambda t: f"Tell us if {name_of(t, role)} has left or is leaving your school permanently",
                    lambda _: (markup.paragraph(_NOT_AWAY),),
                    lambda t: (finding.day_question("leaving", "Leaving date", t.today),),
                    self._take,
                    ("leaving",),
                    lambda _: "check-answers",
                ),
                Step(
                    "check-answers",
                    self._heading,
                    self._check_says,
                    button="Confirm and continue",
                    confirms=always,
                ),
            ),
            self._confirm,
            Step("confirmation", lambda t: t.answers[DONE]["heading"], self._done_says),
            back=lambda trip: f"/{self.place}/{trip.visit.args[0]}",
        )


def _is_ahead(trip: Trip) -> bool:
    day = trip.day("leaving")
    return day is not None and day >= trip.today


WIZARDS = (Leaving(ECT).wizard(), Leaving(MENTOR).wizard())
