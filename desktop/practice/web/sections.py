"""The website's pages of a trainee in their order, and what each asks. Routes differ in which pages they have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from desktop.collections.trainees import tables
from desktop.practice import lists
from desktop.practice.record import Record
from desktop.practice.state import State
from desktop.practice.web import words

Options = Callable[[Record, State], Sequence[tuple[str, str]]]
NOT_APPLICABLE = "Not applicable"


@dataclass(frozen=True)
class Ask:
    """One question of a page.

    name     of the stored field; `disabilities`, `training_partner` and `employing_school` stand for several
    kind     as `markup.Question`;  needed = the page does not go on without it
    options  what can be chosen, for one, any and pick
    """

    name: str
    label: str
    kind: str = "text"
    needed: bool = False
    options: Options | None = None
    hint: str = ""


@dataclass(frozen=True)
class Section:
    """One page. `applies` = whether a trainee's route has it; `asks` = () for lists of degrees and placements."""

    slug: str
    title: str
    asks: tuple[Ask, ...] = ()
    applies: Callable[[Record], bool] = lambda _: True


def _listed(list_name: str, only: Sequence[str] = ()) -> Options:
    codes = only or [c for c in lists.codes(list_name) if lists.canonical(list_name, c) == c]
    return lambda _record, _state: [(code, words.words(list_name, code)) for code in codes]


def _routes(_record: Record, _state: State) -> Sequence[tuple[str, str]]:
    return [
        (code, words.words("training_route", code))
        for code, route in tables.routes().items()
        if not route.refused
    ]


def _initiatives(record: Record, state: State) -> Sequence[tuple[str, str]]:
    offered = tables.initiatives().get(state.cycle_of(record), frozenset())
    codes = [c for c in lists.codes("training_initiative") if lists.name("training_initiative", c) in offered]
    held = record.get("training_initiative")
    if held and held not in codes and held != "no_initiative":
        codes.append(held)
    return [
        *((code, words.words("training_initiative", code)) for code in codes),
        ("no_initiative", words.words("training_initiative", "no_initiative")),
    ]


_METHODS = {"scholarship": "4", "grant": "E"}


def methods_offered(record: Record, state: State) -> Sequence[tuple[str, str]]:
    """The funding that there is for route, subject and year, with its amount; and none."""
    route = lists.route_of(record.get("training_route"))
    subject = tables.allocations().get(str(record.get("course_subject_1") or ""), "")
    found = []
    for kind in ("bursary", "scholarship", "grant"):
        sums = tables.amounts().get((state.cycle_of(record), route.code if route else "", kind, subject), ())
        if sums and route is not None:
            code = _METHODS.get(kind, "D" if route.postgraduate else "B")
            found.append((code, f"{kind.capitalize()} of £{sums[0]:,}"))
    held = record.get("funding_method")
    if held and held != "6" and held not in dict(found):
        found.append((held, words.words("funding_method", held)))
    return [*found, ("6", "Not funded")]


def _partners(_record: Record, state: State) -> Sequence[tuple[str, str]]:
    known = [(p.urn or p.ukprn or "", f"{p.name} ({p.urn or p.ukprn})") for p in state.partners]
    return [*known, (NOT_APPLICABLE, NOT_APPLICABLE)]


def schools(_record: Record, state: State) -> Sequence[tuple[str, str]]:
    """Every school that the portal knows."""
    return [(school.urn, f"{school.name} ({school.urn})") for school in state.schools.values()]


def _employers(record: Record, state: State) -> Sequence[tuple[str, str]]:
    return [*schools(record, state), (NOT_APPLICABLE, NOT_APPLICABLE)]


def _has(flag: str) -> Callable[[Record], bool]:
    def applies(record: Record) -> bool:
        route = lists.route_of(record.get("training_route"))
        return route is not None and bool(getattr(route, flag))

    return applies


DEGREES, PLACEMENTS = "degrees", "placements"
ROUTE = Section(
    "training-route",
    "Training route",
    (Ask("training_route", "Training route", "one", True, _routes),),
)
SECTIONS = (
    ROUTE,
    Section(
        "personal-details",
        "Personal details",
        (
            Ask("first_names", "First names", needed=True),
            Ask("middle_names", "Middle names"),
            Ask("last_name", "Last names", needed=True),
            Ask("date_of_birth", "Date of birth", "day", True, hint="For example, 31 3 2002"),
            Ask("sex", "Sex", "one", True, _listed("sex")),
            Ask("nationality", "Nationality", "pick", True, _listed("nationality")),
            Ask("second_nationality", "Other nationality", "pick", False, _listed("nationality")),
        ),
    ),
    Section("contact-details", "Contact details", (Ask("email", "Email address", needed=True),)),
    Section(
        "diversity-information",
        "Diversity information",
        (
            Ask("ethnicity", "Ethnic background", "one", True, _listed("ethnicity")),
            Ask("disabilities", "Disabilities", "any", True, _listed("disability")),
        ),
    ),
    Section(DEGREES, "Degrees", applies=_has("degree")),
    Section(
        "course-details",
        "Course details",
        (
            Ask("course_subject_1", "First subject", "pick", True, _listed("course_subject")),
            Ask("course_subject_2", "Second subject", "pick", False, _listed("course_subject")),
            Ask("course_subject_3", "Third subject", "pick", False, _listed("course_subject")),
            Ask("course_age_range", "Age range", "one", True, _listed("course_age_range")),
            Ask("study_mode", "Full time or part time", "one", False, _listed("study_mode", ("01", "31"))),
            Ask("itt_start_date", "ITT start date", "day", True),
            Ask("itt_end_date", "Expected end date", "day", True),
        ),
    ),
    Section(PLACEMENTS, "Placements", applies=_has("placements_page")),
    Section(
        "trainee-start-date-and-id",
        "Trainee start date and ID",
        (
            Ask(
                "trainee_start_date",
                "Trainee start date",
                "day",
                True,
                hint="When the trainee started their ITT",
            ),
            Ask("provider_trainee_id", "Provider trainee ID", hint="Your own number for this trainee"),
        ),
    ),
    Section(
        "training-partner",
        "Training partner",
        (
            Ask(
                "training_partner",
                "Training partner",
                "pick",
                True,
                _partners,
                "Its URN or UKPRN, its name from the list, or Not applicable",
            ),
        ),
        _has("partner_page"),
    ),
    Section(
        "employing-school",
        "Employing school",
        (
            Ask(
                "employing_school",
                "Employing school",
                "pick",
                True,
                _employers,
                "Its URN, its name from the list, or Not applicable",
            ),
        ),
        _has("employer_page"),
    ),
    Section(
        "funding",
        "Funding",
        (
            Ask("training_initiative", "Is the trainee on a training initiative?", "one", True, _initiatives),
            Ask("funding_method", "What funding does the trainee get?", "one", True, methods_offered),
        ),
        _has("funding_page"),
    ),
    Section(
        "iqts-country",
        "Country of training",
        (Ask("iqts_country", "In which country is the trainee trained?", "pick", True, _listed("country")),),
        _has("country"),
    ),
)


def sections_of(record: Record) -> list[Section]:
    """The pages of a trainee, in order."""
    return [section for section in SECTIONS if section.applies(record)]


DEGREE_ASKS = {
    "uk": (
        Ask("institution", "Awarding institution", "pick", True, _listed("institution")),
        Ask("subject", "Degree subject", "pick", True, _listed("degree_subject")),
        Ask("uk_degree", "Type of degree", "pick", True, _listed("degree_type")),
        Ask("grade", "Degree grade", "pick", True, _listed("degree_grade")),
        Ask("graduation_year", "Graduation year", needed=True, hint="For example, 2024"),
    ),
    "non-uk": (
        Ask("country", "Country of the degree", "pick", True, _listed("country")),
        Ask("subject", "Degree subject", "pick", True, _listed("degree_subject")),
        Ask(
            "non_uk_degree", "Type of degree, compared with a UK degree", "pick", True, _listed("degree_type")
        ),
        Ask("graduation_year", "Graduation year", needed=True, hint="For example, 2024"),
    ),
}
PLACEMENT_ASKS = (
    Ask("school", "School", "pick", False, schools, "Its URN, or its name from the list"),
    Ask("name", "School or setting that is not in the list"),
    Ask("postcode", "Postcode"),
)
