"""Finding a teacher: the pages that both registrations share, and what the Teaching Record System answers.

Source: domain pack register-ects 1.1 steps 1 to 3a, 1.2 steps 1 to 3, section 4.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from desktop.practice.ects import formats
from desktop.practice.ects.deeds import Who
from desktop.practice.ects.windows import long
from desktop.practice.ects.wizard import Step, Trip, chosen
from desktop.practice.pages import markup
from desktop.practice.pages.markup import Answer, Question
from desktop.practice.teachers import Teacher, is_prohibited

YES_NO = {"yes": "Yes", "no": "No"}
NAME_WRONG = "No, they changed their name or it’s spelt wrong"
IN_USE = "This email is already in use for a different ECT or mentor"
_GENERIC = "Do not use an address that several people read, such as headteacher@school.example."


def teacher_of(trip: Trip) -> Teacher | None:
    """The record of the TRN; None when there is none: unknown, deactivated and merged are one to a school (4)."""
    found = trip.visit.world.teachers.find(str(trip.get("trn") or ""))
    return None if found is None or found.deactivated or found.merged_to else found


def born_matches(trip: Trip) -> bool:
    """Whether the date of birth is the record's."""
    found = teacher_of(trip)
    return found is not None and trip.day("date_of_birth") == found.date_of_birth


def number_matches(trip: Trip) -> bool:
    """Whether the National Insurance number is the record's, or an employer's record has it."""
    found = teacher_of(trip)
    return found is not None and trip.get("ni_number") in found.ni_numbers


def prohibited(trip: Trip) -> bool:
    """Whether a prohibition is in force."""
    found = teacher_of(trip)
    return found is not None and is_prohibited(found, trip.today)


def name_of(trip: Trip) -> str:
    """Corrected name, else the record's; while nobody was found, nobody's."""
    found = teacher_of(trip)
    known = trip.visit.held.people.get(str(trip.get("trn")))
    if trip.get("corrected_name"):
        return str(trip.get("corrected_name"))
    if known is not None:
        return known.name
    return found.shown_name if found is not None else "Unknown"


def who_of(trip: Trip) -> Who:
    """What registering stores about the person."""
    found = teacher_of(trip)
    first, last = (found.first_name, found.last_name) if found else ("", "")
    corrected = str(trip.get("corrected_name") or "")
    return Who(str(trip.get("trn")), first, last, corrected, str(trip.get("email")))


def email_in_use(trip: Trip) -> bool:
    """Whether the address is another person's in an unfinished period anywhere, whatever its case (1.1 step 3a)."""
    mine, trn = str(trip.get("email")).casefold(), trip.get("trn")
    periods = trip.visit.held.periods.values()
    return any(p.trn != trn and p.until is None and p.email.casefold() == mine for p in periods)


# --- pages ----------------------------------------------------------------------------------------------------------


def find(
    slug: str,
    heading: str,
    follows: Callable[[Trip], str],
    below: Callable[[Trip], Sequence[object]] = lambda _trip: (),
) -> Step:
    """TRN and date of birth. Another TRN is another person: nothing else that was answered stays."""

    def asks(_trip: Trip) -> Sequence[Question]:
        return (
            Question(
                "trn",
                "Teacher reference number (TRN)",
                hint="Usually 7 digits, such as 2100101. It may also have letters or a slash, such as RP99/12345.",
            ),
            Question("date_of_birth", "Date of birth", "day", hint="For example, 31 3 1980"),
        )

    def take(trip: Trip) -> Mapping[str, str]:
        form = trip.visit.form
        trn, no_trn = formats.trn(form.one("trn"))
        born, no_birth = formats.date_of_birth(form.day("date_of_birth"), trip.today)
        wrong = {name: said for name, said in (("trn", no_trn), ("date_of_birth", no_birth)) if said}
        if not wrong and born is not None:
            trip.visit.world.ask(trn)
            kept = {name: trip.answers[name] for name in ("ect", "read") if name in trip.answers}
            trip.answers.clear()
            trip.answers |= kept | {"trn": trn, "date_of_birth": born.isoformat()}
        return wrong

    words = markup.paragraph("The teaching record is found by these two.")
    needs = ("trn", "date_of_birth")
    return Step(slug, lambda _: heading, lambda _: (words,), asks, take, needs, follows, below=below)


def ni_number(whose: str, follows: Callable[[Trip], str]) -> Step:
    """When the TRN exists and the date of birth is another one."""

    def asks(_trip: Trip) -> Sequence[Question]:
        hint = "It is on a payslip or a P60. For example, QQ 12 34 56 C"
        return (Question("ni_number", "National Insurance number", hint=hint),)

    def take(trip: Trip) -> Mapping[str, str]:
        number, wrong = formats.ni_number(trip.visit.form.one("ni_number"))
        if not wrong:
            trip.visit.world.ask(str(trip.get("trn")))
            trip.answers["ni_number"] = number
        return {"ni_number": wrong} if wrong else {}

    words = markup.paragraph(
        f"The details do not match a teacher’s record. Tell us more, so that the {whose} can be found."
    )
    return Step(
        "national-insurance-number",
        lambda _: f"We cannot find the {whose}’s details",
        lambda _: (words,),
        asks,
        take,
        ("ni_number",),
        follows,
    )


def review(whose: str, right: str, follows: Callable[[Trip], str]) -> Step:
    """Is the name right? `right` = the value of Yes, which differs: in the ECT's form it is `no`, nothing is to change."""
    wrong_value = "yes" if right == "no" else "no"
    options = {right: "Yes", wrong_value: NAME_WRONG}

    def says(trip: Trip) -> Sequence[object]:
        found, by_number = teacher_of(trip), bool(trip.get("ni_number"))
        born = trip.day("date_of_birth")
        if found is None or born is None:
            return ()
        lines = [Answer("Name", found.shown_name), Answer("Teacher reference number (TRN)", found.trn)]
        if by_number and not born_matches(trip):
            lines.append(Answer("National Insurance number", trip.get("ni_number")))
        else:
            lines.append(Answer("Date of birth", long(born)))
        return (
            markup.paragraph("There is a teacher’s record that matches the details you gave."),
            markup.answers(lines),
        )

    def asks(_trip: Trip) -> Sequence[Question]:
        return (
            Question(
                "change_name",
                f"Are these details correct for the {whose}?",
                "one",
                options=[*options.items()],
            ),
            Question(
                "corrected_name",
                "Enter the correct full name",
                hint="Only if the name that is shown is wrong.",
            ),
        )

    def take(trip: Trip) -> Mapping[str, str]:
        form = trip.visit.form
        said = form.one("change_name")
        if said not in options:
            return {"change_name": "Select Yes if the details are correct"}
        name, wrong = ("", "") if said == right else formats.full_name(form.one("corrected_name"))
        if wrong:
            return {"corrected_name": wrong}
        trip.answers |= {"change_name": said, "corrected_name": name}
        return {}

    def below(trip: Trip) -> Sequence[object]:
        at = trip.visit.path.rpartition("/")[0]
        words = (
            f"This is not the person you mean to register as {'an ECT' if whose == 'ECT' else 'a mentor'}?"
        )
        again = markup.link(f"{at}/find-{'ect' if whose == 'ECT' else 'mentor'}", "Check the details")
        return (markup.html("<p>{words} {again}</p>", words=words, again=again),)

    slug = f"review-{'ect' if whose == 'ECT' else 'mentor'}-details"
    return Step(
        slug,
        lambda _: f"Check {whose} details",
        says,
        asks,
        take,
        ("change_name",),
        follows,
        "Confirm and continue",
        below=below,
    )


def email(follows: Callable[[Trip], str]) -> Step:
    """The address that confirmations go to."""

    def asks(_trip: Trip) -> Sequence[Question]:
        return (Question("email", "Email address"),)

    def take(trip: Trip) -> Mapping[str, str]:
        address, wrong = formats.email(trip.visit.form.one("email"))
        if not wrong:
            trip.answers["email"] = address
        return {"email": wrong} if wrong else {}

    words = ("They must be able to read it. It may be changed later.", _GENERIC)
    return Step(
        "email-address",
        lambda trip: f"What is {name_of(trip)}’s email address?",
        lambda _: [markup.paragraph(one) for one in words],
        asks,
        take,
        ("email",),
        follows,
    )


def email_used(base: Callable[[Trip], str]) -> Step:
    """The stop after an address that is somebody else's."""

    def says(trip: Trip) -> Sequence[object]:
        again = markup.link(f"{base(trip)}/email-address", "Try another email")
        words = "Use an email address that belongs to the person you are registering."
        return (markup.paragraph(words), markup.paragraph(_GENERIC), markup.paragraph(again))

    return Step("cant-use-email", lambda _: IN_USE, says, button="")


def choose_provider(
    slug: str,
    heading: Callable[[Trip], str],
    offered: Callable[[Trip], Mapping[str, str]],
    follows: Callable[[Trip], str],
    label: str = "Select lead provider",
) -> Step:
    """A lead provider of those that are offered."""

    def asks(trip: Trip) -> Sequence[Question]:
        return (Question("provider", label, "one", options=[*offered(trip).items()]),)

    def take(trip: Trip) -> Mapping[str, str]:
        return chosen(trip, "provider", offered(trip), "Select a lead provider")

    words = markup.paragraph(
        "The lead provider is told that your school wants to work with them. They confirm which delivery partner delivers "
        "the training."
    )
    return Step(slug, heading, lambda _: (words,), asks, take, ("provider",), follows)


def day_question(name: str, label: str, today: date) -> Question:
    """A question for a day, with an example of this year."""
    return Question(name, label, "day", hint=f"For example, 17 9 {today.year}")
