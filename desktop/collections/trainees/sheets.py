"""Register's own website, page by page: what its pages ask, in their order and their words, and how a trainee answers.

Order and words: the pages of the service at the commit of the domain pack (section 0 names what only they can do; 1.8, 2, 2.2
and 3 what they ask). A page that the website skips for a route or a state is skipped here by the same test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from desktop.collections.reading import day, is_blank, text
from desktop.collections.trainees import tables
from desktop.collections.trainees.actions import reason_codes
from desktop.collections.trainees.cycles import cycle_of_document
from desktop.collections.trainees.funding import offered
from desktop.collections.trainees.tables import Route, route_of
from desktop.model.change import ChangeKind
from desktop.model.journey import (
    Answer,
    Entry,
    Journey,
    Matter,
    Outcome,
    Question,
    Test,
    WebPage,
    never,
)

SESSION_MINUTES = 120
SUPPORT = "becomingateacher@digital.education.gov.uk"

_FEE, _PAID, _UNDER, _OTHER = (
    "Postgraduate (fee funded)",
    "Postgraduate (salaried)",
    "Undergraduate (fee funded)",
    "Other",
)
ROUTES = {
    "03": (_PAID, "School direct"),
    "09": (_UNDER, "Opt-in"),
    "10": (_PAID, "Teacher apprenticeship"),
    "11": (_UNDER, "Primary and secondary"),
    "12": (_FEE, "Primary and secondary"),
    "14": (_OTHER, "Teacher degree apprenticeship (salaried)"),
    "15": (_OTHER, "International qualified teacher status (iQTS)"),
    "16": (_OTHER, "Assessment only"),
    "17": (_OTHER, "Early years assessment only"),
    "18": (_UNDER, "Early years"),
    "19": (_FEE, "Early years"),
    "20": (_PAID, "Early years"),
    "21": (_OTHER, "HPITT"),
}
"""Route -> the group on the page, and the choice in it. Route 02 is not offered any more."""

ETHNIC_GROUPS = {
    "Asian": "Asian or Asian British",
    "Black": "Black, African, Black British or Caribbean",
    "Mixed": "Mixed or multiple ethnic groups",
    "White": "White",
}
ANOTHER_GROUP, NOT_PROVIDED = "Another ethnic group", "Not provided"

REASONS = {
    "record_added_in_error": "This training record was added in error",
    "mandatory_reasons": "Trainee removed for mandatory reasons",
    "stopped_responding_to_messages": "They stopped attending/communicating",
    "unacceptable_behaviour": "Trainee behaviour or attitude",
    "lack_of_progress_during_placements": "Lack of progress during placements",
    "did_not_make_progress": "Lack of academic progress",
    "not_meeting_qts_standards": "Not meeting QTS or EYTS requirements",
    "safeguarding_concerns": "Safeguarding concerns",
    "had_to_withdraw_trainee_another_reason": "Another reason",
    "trainee_workload_issues": "Trainee workload issues",
    "change_in_personal_or_health_circumstances": "Change in their personal or health situation",
    "does_not_want_to_become_a_teacher": "No longer want to pursue a teaching career",
    "never_intended_to_obtain_qts": "They never intended to obtain QTS",
    "moved_to_different_itt_course": "They moved to a different ITT course",
    "trainee_chose_to_withdraw_another_reason": "Another reason",
}
"""Withdrawal reason -> the website's words."""

_TIERS = {
    "7": "Yes - Tier 1 (£5,000)",
    "8": "Yes - Tier 2 (£4,000)",
    "9": "Yes - Tier 3 (£2,000)",
}
_TRIGGERS = {"provider": "We chose to withdraw the trainee", "trainee": "The trainee chose to withdraw"}
_FUTURE = {"yes": "Yes", "no": "No", "unknown": "I don’t know"}
_TYPES = {"bursary": "Bursary", "scholarship": "Scholarship", "grant": "Grant"}
_ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth")
DISABILITIES = tuple(f"disability{number}" for number in range(1, 10))
_NONE_KNOWN, _NOT_SAID = "95", frozenset({"98", "99"})

_TYPE, _CHOOSE, _TICK, _DATE, _SEARCH = Entry.TYPE, Entry.CHOOSE, Entry.TICK, Entry.DATE, Entry.SEARCH


# --- answers --------------------------------------------------------------------------------------------------------


def _said(name: str) -> Callable[[Matter], Answer]:
    """What was typed, as it stands."""
    return lambda matter: text(matter.get(name)).strip()


def _coded(name: str, codes: str) -> Callable[[Matter], Answer]:
    """The website's name of a code; nothing for a code that is not known here."""
    return lambda matter: _name(codes, matter.get(name))


def _labelled(name: str, codes: str) -> Callable[[Matter], Answer]:
    """Our own label of a code, where it is the website's."""

    def words(matter: Matter) -> Answer:
        found = tables.PACK.codes(codes).get(text(matter.get(name)))
        return found.label if found is not None else ""

    return words


def _name(codes: str, value: object) -> str:
    found = tables.PACK.codes(codes).get(text(value))
    return (found.name or found.label) if found is not None else ""


def _first_up(words: str) -> str:
    return words[:1].upper() + words[1:]


def _fixed(words: str) -> Callable[[Matter], Answer]:
    return lambda _matter: words


def _yes_or_no(test: Test, yes: str = "Yes", no: str = "No") -> Callable[[Matter], Answer]:
    return lambda matter: yes if test(matter) else no


def _has(*names: str) -> Test:
    return lambda matter: any(not is_blank(matter.get(name)) for name in names)


def _not(test: Test) -> Test:
    return lambda matter: not test(matter)


def _both(one: Test, other: Test) -> Test:
    return lambda matter: one(matter) and other(matter)


def _route(matter: Matter) -> Route | None:
    return route_of(matter.document.get("training_route"))


def _for_route(test: Callable[[Route], bool]) -> Test:
    """Whether the route's own test holds; without a known route nothing is left out."""

    def holds(matter: Matter) -> bool:
        route = _route(matter)
        return route is None or test(route)

    return holds


def _route_words(matter: Matter) -> Answer:
    group, choice = ROUTES.get(text(matter.get("training_route")), ("", ""))
    return f"{choice}, under {group}" if choice else ""


def _nationality(matter: Matter) -> Answer:
    return _name("nationality", matter.get("nationality")).title()


def _subject(name: str) -> Callable[[Matter], Answer]:
    return lambda matter: _first_up(_name("course_subject", matter.get(name)))


def _is_primary(matter: Matter) -> bool:
    return text(matter.get("course_age_range")) in tables.PRIMARY_AGES


def _phase(matter: Matter) -> Answer:
    if is_blank(matter.get("course_age_range")):
        return ""
    return "Primary" if _is_primary(matter) else "Secondary"


def _primary_subject(matter: Matter) -> Answer:
    if is_blank(matter.get("course_subject_1")):
        return ""
    return "Primary with another subject" if _has("course_subject_2")(matter) else "Primary"


def _ages(matter: Matter) -> Answer:
    found = tables.PACK.codes("course_age_range").get(text(matter.get("course_age_range")))
    return found.label.removeprefix("Ages ") if found is not None else ""


def _study_mode(matter: Matter) -> Answer:
    return _first_up(_name("study_mode", matter.get("study_mode")).replace("_", " "))


# --- diversity


def _ethnic_group(matter: Matter) -> Answer:
    found = tables.PACK.codes("ethnicity").get(text(matter.get("ethnicity")))
    if found is None or found.name == NOT_PROVIDED:
        return NOT_PROVIDED
    return ETHNIC_GROUPS.get(found.label.partition(":")[0], ANOTHER_GROUP)


def _knows_group(matter: Matter) -> bool:
    return _ethnic_group(matter) != NOT_PROVIDED


def _background_heading(matter: Matter) -> str:
    return f"Which of the following best describes their {_ethnic_group(matter)} background?"


def _disability_codes(matter: Matter) -> tuple[str, ...]:
    found = (text(matter.document.get(name)) for name in DISABILITIES)
    return tuple(dict.fromkeys(code for code in found if code))


def _shared_disabilities(matter: Matter) -> tuple[str, ...]:
    return tuple(c for c in _disability_codes(matter) if c != _NONE_KNOWN and c not in _NOT_SAID)


def _disabled(matter: Matter) -> Answer:
    if _shared_disabilities(matter):
        return "Yes, they shared that they’re disabled"
    if _NONE_KNOWN in _disability_codes(matter):
        return "They shared that they’re not disabled"
    return "They did not say"


def _is_disabled(matter: Matter) -> bool:
    return bool(_shared_disabilities(matter))


def _disability_names(matter: Matter) -> Answer:
    return tuple(
        name for name in (_name("disability", code) for code in _shared_disabilities(matter)) if name
    )


def _shared_diversity(matter: Matter) -> bool:
    return _knows_group(matter) or _disabled(matter) != "They did not say"


# --- course, funding


def _started(matter: Matter) -> bool:
    """The course has begun, so Register asks when the trainee did."""
    begin = day(matter.document.get("itt_start_date"))
    return begin is not None and begin <= matter.today


def _late(matter: Matter) -> bool:
    own, course = matter.document.get("trainee_start_date"), matter.document.get("itt_start_date")
    return not is_blank(own) and own != course


def _start_unknown(matter: Matter) -> bool:
    """Register does not know when the trainee started, so it asks before it withdraws or defers."""
    known = matter.base.get("trainee_start_date") if matter.base is not None else None
    return is_blank(known) and _started(matter)


def _offers(matter: Matter) -> frozenset[str]:
    """Kinds of money that there are for this cycle, route and subject; the page is left out without one."""
    cycle, route = cycle_of_document(matter.document, matter.today), _route(matter)
    subject = tables.allocations().get(text(matter.get("course_subject_1")))
    if cycle is None or route is None or subject is None:
        return frozenset()
    return frozenset(kind for kind in _TYPES if offered(cycle, route.code, kind, subject))


def _funding_shown(matter: Matter) -> bool:
    route = _route(matter)
    return route is not None and route.funding_page and (bool(_offers(matter)) or route.code == "19")


def _tiered(matter: Matter) -> bool:
    route = _route(matter)
    return route is not None and route.code == "19"


def _funding_type(matter: Matter) -> Answer:
    method = tables.methods().get(text(matter.get("funding_method")))
    return "" if method is None else _TYPES.get(method.type, "None")


def _is_grant(matter: Matter) -> bool:
    return text(matter.get("funding_method")) == "E"


def _tier(matter: Matter) -> Answer:
    method = text(matter.get("funding_method"))
    return _TIERS.get(method, "None") if method else ""


def _initiative(matter: Matter) -> Answer:
    if is_blank(matter.get("training_initiative")):
        return "Not on a training initiative"
    found = tables.PACK.codes("training_initiative").get(text(matter.get("training_initiative")))
    return _INITIATIVES.get(found.name, found.label) if found is not None else ""


_INITIATIVES = {
    "maths_physics_chairs_programme_researchers_in_schools": (
        "Maths and Physics Chairs programme / Researchers in Schools"
    ),
    "primary_mathematics_specialist": "Primary mathematics specialist",
    "transition_to_teach": "Transition to Teach",
    "now_teach": "Now Teach",
    "international_relocation_payment": "International Relocation Payment",
}

_PARTNER = ("training_partner_urn", "training_partner_ukprn")


def _partner(matter: Matter) -> Answer:
    return text(matter.get("training_partner_urn")) or text(matter.get("training_partner_ukprn"))


# --- children


def _needs_degree(matter: Matter) -> bool:
    route = _route(matter)
    return route is None or route.degree


def _no_degree(matter: Matter) -> bool:
    return _needs_degree(matter) and not matter.document.children.get("degrees")


def _is_uk(matter: Matter) -> bool:
    """An institution, or a UK country or none, makes it a UK degree (1.7)."""
    country = text(matter.get("country"))
    return not is_blank(matter.get("institution")) or not country or country in tables.UK_COUNTRIES


def _grade(matter: Matter) -> Answer:
    if is_blank(matter.get("grade")) and not is_blank(matter.get("other_grade")):
        return "Other"
    return _first_up(_name("degree_grade", matter.get("grade")))


def _stays(matter: Matter) -> bool:
    return matter.fate != "removed"


def _goes(matter: Matter) -> bool:
    return matter.fate == "removed"


def _is_new(matter: Matter) -> bool:
    return matter.fate == "added"


def _placement_heading(matter: Matter) -> str:
    known = matter.number <= len(_ORDINALS)
    return f"{_ORDINALS[matter.number - 1]} placement" if known else "Placement details"


def _school(matter: Matter) -> Answer:
    urn = text(matter.get("urn"))
    return "" if urn in tables.PACK.codes("special_urn") else urn


def _unlisted_school(matter: Matter) -> Answer:
    return text(matter.get("name")) or _name("special_urn", matter.get("urn"))


def _listed(matter: Matter) -> bool:
    return bool(_school(matter))


# --- pages ----------------------------------------------------------------------------------------------------------

_ROUTE = WebPage(
    "route",
    "What type of training are they doing?",
    (Question("Type of training", _CHOOSE, _route_words, ("training_route",)),),
    source="2, 2.2",
)

_PERSONAL = WebPage(
    "personal",
    "Trainee personal details",
    (
        Question("First names", _TYPE, _said("first_names"), ("first_names",)),
        Question("Middle names", _TYPE, _said("middle_names"), ("middle_names",), needed=never),
        Question("Last names", _TYPE, _said("last_name"), ("last_name",)),
        Question("Date of birth", _DATE, _said("date_of_birth"), ("date_of_birth",)),
        Question("Sex", _CHOOSE, _labelled("sex", "sex"), ("sex",)),
        Question(
            "Nationality",
            _TICK,
            _nationality,
            ("nationality",),
            hint="Tick it if it is shown. If not, tick Other and search for it.",
        ),
    ),
    source="2",
)

_CONTACT = WebPage(
    "contact",
    "Contact details",
    (Question("Email address", _TYPE, _said("email"), ("email",)),),
    source="2, 2.1 rule 1",
)

_DIVERSITY = (
    WebPage(
        "diversity",
        "Has the trainee shared diversity information?",
        (
            Question(
                "Has the trainee shared diversity information?",
                _CHOOSE,
                _yes_or_no(_shared_diversity),
                ("ethnicity", *DISABILITIES),
            ),
        ),
        source="2",
    ),
    WebPage(
        "ethnic-group",
        "What is their ethnic group?",
        (Question("Ethnic group", _CHOOSE, _ethnic_group, ("ethnicity",)),),
        shown=_shared_diversity,
        source="2",
    ),
    WebPage(
        "ethnic-background",
        _background_heading,
        (Question("Background", _CHOOSE, _coded("ethnicity", "ethnicity"), ("ethnicity",)),),
        shown=_knows_group,
        source="2",
    ),
    WebPage(
        "disability",
        "Has the trainee shared that they are disabled?",
        (Question("Shared that they are disabled", _CHOOSE, _disabled, DISABILITIES),),
        shown=_shared_diversity,
        source="2",
    ),
    WebPage(
        "disabilities",
        "Which disabilities were shared?",
        (Question("Disabilities", _TICK, _disability_names, DISABILITIES),),
        shown=_is_disabled,
        source="2",
    ),
)

_YEAR = Question("Graduation year", _TYPE, _said("graduation_year"), ("graduation_year",))
_UK_OR_NOT = ("country", "institution")
_DEGREES = (
    WebPage(
        "no-degree",
        "Add undergraduate degree",
        (Question("Is this a UK degree?", _CHOOSE, _fixed("")),),
        shown=_no_degree,
        source="2.1 rule 4",
    ),
    WebPage(
        "degree-type",
        lambda m: "Add undergraduate degree" if m.number == 1 else "Add another degree",
        (
            Question(
                "Is this a UK degree?", _CHOOSE, _yes_or_no(_is_uk, "UK degree", "Non-UK degree"), _UK_OR_NOT
            ),
        ),
        each="degrees",
        shown=_is_new,
        source="1.7",
    ),
    WebPage(
        "degree-uk",
        "UK degree details",
        (
            Question("Awarding institution", _SEARCH, _coded("institution", "institution"), _UK_OR_NOT),
            Question("Degree subject", _SEARCH, _coded("subject", "degree_subject"), ("subject",)),
            Question("Type of degree", _SEARCH, _coded("uk_degree", "degree_type"), ("uk_degree",)),
            Question("Degree grade", _CHOOSE, _grade, ("grade",)),
            Question(
                "Enter the degree grade",
                _TYPE,
                _said("other_grade"),
                ("other_grade",),
                shown=_has("other_grade"),
            ),
            _YEAR,
        ),
        each="degrees",
        shown=_both(_stays, _is_uk),
        source="1.7",
    ),
    WebPage(
        "degree-abroad",
        "Non-UK degree details",
        (
            Question(
                "In which country or territory is the degree institution based?",
                _SEARCH,
                _coded("country", "country"),
                ("country",),
            ),
            Question("Degree subject", _SEARCH, _coded("subject", "degree_subject"), ("subject",)),
            Question(
                "Select the UK ENIC comparable degree",
                _CHOOSE,
                _coded("non_uk_degree", "degree_type"),
                ("non_uk_degree",),
            ),
            _YEAR,
        ),
        each="degrees",
        shown=_both(_stays, _not(_is_uk)),
        source="1.7",
    ),
)
_NO_MORE_DEGREE = WebPage(
    "degree-goes",
    "Degree details",
    each="degrees",
    shown=_goes,
    button="Delete degree",
    note="Find this degree in the list of degrees and press Delete degree.",
    source="1.7",
)

_COURSE = (
    WebPage(
        "phase",
        "Which phase of education will the trainee teach?",
        (
            Question(
                "Phase",
                _CHOOSE,
                _phase,
                ("course_age_range",),
                hint="If Register lists your courses first, choose Another course not listed.",
            ),
        ),
        shown=_for_route(lambda route: not route.early_years),
        source="2.1 rules 2 and 3",
    ),
    WebPage(
        "course",
        "Course details",
        (
            Question(
                "Subject",
                _CHOOSE,
                _primary_subject,
                ("course_subject_1",),
                shown=_both(_is_primary, _for_route(lambda route: not route.early_years)),
            ),
            Question(
                "Subject",
                _SEARCH,
                _subject("course_subject_1"),
                ("course_subject_1",),
                shown=_both(_not(_is_primary), _for_route(lambda route: not route.early_years)),
            ),
            Question(
                "Second subject",
                _SEARCH,
                _subject("course_subject_2"),
                ("course_subject_2",),
                shown=_has("course_subject_2"),
            ),
            Question(
                "Third subject (optional)",
                _SEARCH,
                _subject("course_subject_3"),
                ("course_subject_3",),
                needed=never,
                shown=_has("course_subject_3"),
            ),
            Question(
                "Age range",
                _CHOOSE,
                _ages,
                ("course_age_range",),
                shown=_for_route(lambda route: not route.early_years),
                hint="Choose Other age range if it is not among the first.",
            ),
            Question(
                "Full time or part time?",
                _CHOOSE,
                _study_mode,
                ("study_mode",),
                shown=_for_route(lambda route: route.study_mode),
            ),
            Question("ITT start date", _DATE, _said("itt_start_date"), ("itt_start_date",)),
            Question("Expected end date", _DATE, _said("itt_end_date"), ("itt_end_date",)),
        ),
        source="2, 2.1",
    ),
)

_HAS_PLACEMENT = WebPage(
    "placements",
    "Placements",
    (
        Question(
            "Do you have any of the trainee’s placement details?",
            _CHOOSE,
            _yes_or_no(
                lambda m: bool(m.document.children.get("placements")),
                "Yes, I can add at least one of them now",
                "No, I’ll add them later",
            ),
        ),
    ),
    shown=_for_route(lambda route: route.placements_page),
    source="3.2",
)
_PLACEMENT = WebPage(
    "placement",
    _placement_heading,
    (
        Question(
            "Search for a school by its unique reference number (URN), name or postcode",
            _SEARCH,
            _school,
            ("urn",),
            shown=_listed,
        ),
        Question(
            "School or setting name",
            _TYPE,
            _unlisted_school,
            ("name", "urn"),
            shown=_not(_listed),
            hint="Open Placement school or setting is not listed first.",
        ),
        Question("Postcode", _TYPE, _said("postcode"), ("postcode",), needed=never, shown=_not(_listed)),
    ),
    each="placements",
    shown=_stays,
    source="1.7",
)
_NO_MORE_PLACEMENT = WebPage(
    "placement-goes",
    "Are you sure you want to remove this placement?",
    each="placements",
    shown=_goes,
    button="Yes I’m sure — remove this placement",
    note="Find this placement in the list of placements and press Remove.",
    source="1.7",
)

_TRAINEE_ID = WebPage(
    "trainee-id",
    "Assign a trainee ID",
    (
        Question(
            "Trainee ID",
            _TYPE,
            _said("provider_trainee_id"),
            ("provider_trainee_id",),
            hint="By this ID Holdfast knows the trainee again when it reads Register.",
        ),
    ),
    source="1.5, 2",
)

_has_partner, _has_employer = _has(*_PARTNER), _has("employing_school_urn")
_on_partner_routes = _for_route(lambda route: route.partner_page)
_on_employer_routes = _for_route(lambda route: route.employer_page)
_SCHOOLS = (
    WebPage(
        "is-partner",
        "Is there a training partner?",
        (Question("Training partner", _CHOOSE, _yes_or_no(_has_partner), _PARTNER),),
        shown=_on_partner_routes,
        source="2.2",
    ),
    WebPage(
        "partner",
        "Training partner",
        (
            Question(
                "Search for a training partner by name, postcode, school URN or training provider UKPRN",
                _SEARCH,
                _partner,
                _PARTNER,
            ),
        ),
        shown=_both(_on_partner_routes, _has_partner),
        source="1.6, 2.2",
    ),
    WebPage(
        "is-employer",
        "Is there an employing school?",
        (Question("Employing school", _CHOOSE, _yes_or_no(_has_employer), ("employing_school_urn",)),),
        shown=_on_employer_routes,
        source="2.2",
    ),
    WebPage(
        "employer",
        "Employing school",
        (
            Question(
                "Search for a school by its unique reference number (URN), name or postcode",
                _SEARCH,
                _said("employing_school_urn"),
                ("employing_school_urn",),
            ),
        ),
        shown=_both(_on_employer_routes, _has_employer),
        source="2.2",
    ),
)

_FUNDING = (
    WebPage(
        "initiative",
        "Training initiatives",
        (
            Question(
                "Is the trainee on any of these training initiatives?",
                _CHOOSE,
                _initiative,
                ("training_initiative",),
            ),
        ),
        shown=_for_route(lambda route: route.funding_page),
        source="2, 5",
    ),
    WebPage(
        "funding",
        "Funding",
        (
            Question(
                "Choose funding type",
                _CHOOSE,
                _funding_type,
                ("funding_method",),
                shown=_not(_tiered),
            ),
            Question(
                "Should the provider be awarded a grant?",
                _CHOOSE,
                _yes_or_no(_is_grant),
                ("funding_method",),
                shown=_both(_tiered, lambda m: "grant" in _offers(m)),
            ),
            Question(
                "Do you want to apply for a bursary for this trainee?",
                _CHOOSE,
                _tier,
                ("funding_method",),
                shown=_tiered,
            ),
        ),
        shown=_funding_shown,
        source="5",
    ),
)

_COUNTRY = WebPage(
    "country",
    "Which country or territory is the trainee studying in?",
    (Question("Country or territory", _SEARCH, _coded("iqts_country", "country"), ("iqts_country",)),),
    shown=_both(_for_route(lambda route: route.country), lambda m: _route(m) is not None),
    source="2",
)

_STARTED_LATE = Question(
    "When did the trainee start their ITT?",
    _DATE,
    _said("trainee_start_date"),
    ("trainee_start_date",),
    shown=_late,
)
_ON_TIME = WebPage(
    "on-time",
    "Did the trainee start their ITT on time?",
    (
        Question(
            "Did the trainee start their ITT on time?",
            _CHOOSE,
            _yes_or_no(_late, "No, they started later", "Yes, they started on time"),
            ("trainee_start_date",),
        ),
        _STARTED_LATE,
    ),
    source="2.1 rule 7, 6",
)

_SECTIONS = (
    _PERSONAL,
    _CONTACT,
    *_DIVERSITY,
    *(replace(p, shown=_both(_needs_degree, p.shown)) for p in _DEGREES),
    *_COURSE,
    _HAS_PLACEMENT,
    replace(_PLACEMENT, shown=_both(_for_route(lambda route: route.placements_page), _PLACEMENT.shown)),
    _TRAINEE_ID,
    *_SCHOOLS,
    *_FUNDING,
    _COUNTRY,
)
"""The sections of a draft on the website, from the top of its task list to the bottom."""


# --- a record that is there -------------------------------------------------------------------------------------------


def _on_the_record(page: WebPage) -> WebPage:
    """A page as it is for a change: only when one of its answers differs, and then only what differs is typed."""
    asked = tuple(replace(q, shown=_both(q.shown, _touching(*q.fields))) for q in page.questions if q.fields)
    names = tuple(dict.fromkeys(name for q in page.questions for name in q.fields))
    return replace(page, questions=asked, shown=_both(page.shown, _touching(*names)))


def _touching(*names: str) -> Test:
    return lambda matter: matter.touches(*names)


_CHANGED = (
    _on_the_record(_ROUTE),
    *map(_on_the_record, (_PERSONAL, _CONTACT, *_DIVERSITY)),
    *(_on_the_record(p) for p in _DEGREES[1:]),
    _NO_MORE_DEGREE,
    *map(_on_the_record, _COURSE),
    _on_the_record(_PLACEMENT),
    _NO_MORE_PLACEMENT,
    *map(_on_the_record, (_TRAINEE_ID, *_SCHOOLS, *_FUNDING, _COUNTRY)),
    replace(
        _on_the_record(_ON_TIME),
        heading="When did the trainee start their ITT?",
        questions=(
            replace(_STARTED_LATE, label="Trainee start date", shown=_touching("trainee_start_date")),
        ),
    ),
)


def _any_page(matter: Matter) -> bool:
    """Whether there is anything to type at all: Register's pages do not ask for everything that its API does."""
    of_children = any(path.startswith(("degrees.", "placements.")) for path in matter.changed)
    return of_children or any(page.shown(matter) for page in _CHANGED if not page.each)


_CONFIRM_CHANGE = WebPage(
    "confirm",
    "Confirm the section",
    button="Update record",
    shown=_any_page,
    note="After each section Register shows it once more. Tick that it is right and press Update record.",
    source="0",
)

_ANOTHER_DATE = "Another date"


def _dated(key: str, heading: str | Callable[[Matter], str], label: str, name: str, source: str) -> WebPage:
    """A page with Today, Yesterday and Another date. Another date is right on any day on which it is typed."""
    return WebPage(
        key,
        heading,
        (
            Question("When", _CHOOSE, _fixed(_ANOTHER_DATE)),
            Question(label, _DATE, _said(name), (name,)),
        ),
        source=source,
    )


def _check(key: str, heading: str, button: str, source: str) -> WebPage:
    note = "Compare the page with what you asked for."
    return WebPage(key, heading, button=button, note=note, source=source)


_DID_START = WebPage(
    "did-start",
    "Did the trainee start their ITT?",
    (Question("Did the trainee start their ITT?", _CHOOSE, _fixed("Yes, they started")),),
    shown=_start_unknown,
    source="3.1, 6",
)
_DID_START_ON_TIME = replace(_ON_TIME, shown=_start_unknown)


def _award(matter: Matter) -> str:
    route = _route(matter)
    return route.award if route is not None else "QTS"


def _trigger(name: str) -> Test:
    return lambda matter: text(matter.get("trigger")) == name


def _reasons(matter: Matter) -> Answer:
    return tuple(REASONS[code] for code in reason_codes(matter.get("reasons")) if code in REASONS)


def _with_words(group: int) -> Test:
    return lambda matter: bool(
        tables.reasons_with_text()[group].intersection(reason_codes(matter.get("reasons")))
    )


def _reasons_heading(matter: Matter) -> str:
    ours = _trigger("provider")(matter)
    return "Why did you withdraw the trainee?" if ours else "Why did the trainee withdraw?"


def _message(matter: Matter) -> Answer:
    """What to write to the support team: who, which record, what and why."""
    names = " ".join(
        text(matter.document.get(n)) for n in ("first_names", "last_name") if matter.document.get(n)
    )
    trn = text(matter.extras.get("trn"))
    own = text(matter.document.get("provider_trainee_id"))
    marks = ", ".join(
        part for part in (f"TRN {trn}" if trn else "", f"trainee ID {own}" if own else "") if part
    )
    who = f"{names} ({marks})" if marks else names
    return f"Please undo the withdrawal of {who}. {text(matter.get('undo_reason')).strip()}".strip()


# --- journeys ---------------------------------------------------------------------------------------------------------

_ON_RECORD = "Sign in to Register trainee teachers and open the trainee’s record."
_ACTION = frozenset({ChangeKind.ACTION})

REGISTER = Journey(
    "register",
    "Register a trainee",
    frozenset({ChangeKind.CREATE}),
    (
        _ROUTE,
        *_SECTIONS,
        WebPage(
            "check",
            "Check trainee record",
            button="Register trainee and request TRN",
            note="On the draft, press Check this record. Then press Register trainee and request TRN.",
            source="1.5, 3.1",
        ),
        replace(_ON_TIME, shown=_started),
    ),
    "Sign in to Register trainee teachers, open Registered trainees and press Add a trainee. Register keeps a draft: tick "
    "This section is complete on each section.",
    "Register says that the trainee is registered.",
    session_minutes=SESSION_MINUTES,
    source="0, 1.5, 2",
)

CHANGE = Journey(
    "change",
    "Change details",
    frozenset({ChangeKind.UPDATE, ChangeKind.NESTED}),
    (*_CHANGED, _CONFIRM_CHANGE),
    f"{_ON_RECORD} Beside each answer below press Change.",
    "Register shows the record with what you typed.",
    session_minutes=SESSION_MINUTES,
    source="0, 1.6",
)

DEFER = Journey(
    "defer",
    "Defer",
    _ACTION,
    (
        _DID_START,
        _DID_START_ON_TIME,
        replace(
            _dated("date", "When did the trainee defer?", "On what date?", "defer_date", "1.8"),
            shown=_started,
        ),
        WebPage(
            "reason",
            "Why has the trainee deferred?",
            (
                Question(
                    "Why has the trainee deferred?",
                    _TYPE,
                    _said("defer_reason"),
                    ("defer_reason",),
                    needed=never,
                ),
            ),
            source="1.8",
        ),
        _check("check", "Check deferral details", "Defer this trainee", "1.8"),
    ),
    f"{_ON_RECORD} Press Defer.",
    "Register says Trainee deferred.",
    action="defer",
    session_minutes=SESSION_MINUTES,
    source="1.8, 3.1",
)

WITHDRAW = Journey(
    "withdraw",
    "Withdraw",
    _ACTION,
    (
        _DID_START,
        _DID_START_ON_TIME,
        WebPage("start", "Withdraw trainee", button="Start", shown=_not(_start_unknown), source="1.8"),
        _dated("date", "When did the trainee withdraw?", "On what date?", "withdrawal_date", "1.8"),
        WebPage(
            "trigger",
            "Who chose to withdraw the trainee?",
            (
                Question(
                    "Who chose to withdraw the trainee?",
                    _CHOOSE,
                    lambda m: _TRIGGERS.get(text(m.get("trigger")), ""),
                    ("trigger",),
                ),
            ),
            source="1.8",
        ),
        WebPage(
            "reasons",
            _reasons_heading,
            (
                Question("Reasons", _TICK, _reasons, ("reasons",)),
                Question(
                    "Enter the reason",
                    _TYPE,
                    _said("another_reason"),
                    ("another_reason",),
                    shown=_with_words(0),
                ),
                Question(
                    "Enter the concerns",
                    _TYPE,
                    _said("safeguarding_concern_reasons"),
                    ("safeguarding_concern_reasons",),
                    shown=_with_words(1),
                ),
            ),
            source="1.8",
        ),
        WebPage(
            "future",
            "Would this trainee be interested in becoming a teacher in the future?",
            (
                Question(
                    "Interested in the future",
                    _CHOOSE,
                    lambda m: _FUTURE.get(text(m.get("future_interest")), ""),
                    ("future_interest",),
                ),
            ),
            source="1.8",
        ),
        _check("check", "Check withdrawal details", "Withdraw this trainee", "1.8"),
    ),
    f"{_ON_RECORD} Press Withdraw.",
    "Register says Trainee withdrawn.",
    action="withdraw",
    session_minutes=SESSION_MINUTES,
    source="1.8, 3.1",
)

RECOMMEND = Journey(
    "recommend",
    "Recommend for QTS or EYTS",
    _ACTION,
    (
        _dated(
            "date",
            lambda m: f"When did the trainee’s {_award(m)} status change?",
            "Date the trainee’s status changed",
            "qts_standards_met_date",
            "1.8, 3.2",
        ),
        _check("check", "Check your answers", "Update status", "1.8"),
    ),
    f"{_ON_RECORD} Press Update QTS status or Update EYTS status.",
    "Register says that the status is updated.",
    action="recommend",
    session_minutes=SESSION_MINUTES,
    source="1.8, 3.2",
)

REINSTATE = Journey(
    "reinstate",
    "Reinstate",
    _ACTION,
    (
        replace(
            _dated("date", "When did the trainee return?", "On what date?", "return_date", "0, 3.1"),
            shown=_started,
        ),
        WebPage(
            "end",
            "What is the expected end date for their course?",
            (Question("Expected end date", _DATE, _said("new_end_date"), ("new_end_date",)),),
            shown=_started,
            source="0, 3.1",
        ),
        _check("check", "Check reinstatement details", "Reinstate this trainee", "0, 3.1"),
    ),
    f"{_ON_RECORD} Press Reinstate.",
    "Register says Trainee reinstated.",
    action="reinstate",
    session_minutes=SESSION_MINUTES,
    source="0, 3.1",
)

UNDO_WITHDRAWAL = Journey(
    "undo-withdrawal",
    "Undo the withdrawal",
    _ACTION,
    (
        WebPage(
            "write",
            "Write to Register’s support team",
            (
                Question("To", _TYPE, _fixed(SUPPORT)),
                Question("Subject", _TYPE, _fixed("Undo a withdrawal in Register trainee teachers")),
                Question("Message", _TYPE, _message, ("undo_reason",)),
            ),
            button="Send",
            note="Only the support team can undo a withdrawal. Wait for their answer before you say that it is done.",
            source="3.1",
        ),
        WebPage(
            "look",
            "Look at the record",
            button="Open the record on Register",
            note="When they have answered, open the record on Register.",
            outcomes=(
                Outcome("back", "They are in training again"),
                Outcome(
                    "no",
                    "The support team will not undo it",
                    ends=True,
                    told="Ask them what to do instead. If the trainee takes another course, register them again.",
                ),
            ),
            source="3.1",
        ),
    ),
    "No page of Register does this for you. You write to its support team.",
    "The support team says that the withdrawal is undone.",
    action="undo-withdrawal",
    reference="Support ticket number",
    source="3.1",
)

DELETE = Journey(
    "delete",
    "Delete",
    _ACTION,
    (
        WebPage(
            "press",
            "The trainee’s record",
            button="Delete",
            note="Register deletes a trainee only before they start.",
            outcomes=(
                Outcome("sure", "Register asks: Do you want to delete this record?", to="confirm"),
                Outcome("started", "Register asks: Did the trainee start their ITT?", to="did-start"),
                Outcome(
                    "gone",
                    "There is no Delete on the record",
                    ends=True,
                    told="Register has a start date for this trainee, so it deletes them no more. Withdraw them instead.",
                ),
            ),
            source="0, 3.1",
        ),
        WebPage(
            "did-start",
            "Did the trainee start their ITT?",
            (Question("Did the trainee start their ITT?", _CHOOSE, _fixed("No, they did not start")),),
            outcomes=(
                Outcome("sure", "Register asks: Do you want to delete this record?", to="confirm"),
                Outcome(
                    "forbidden",
                    "Register says: You cannot delete this record",
                    ends=True,
                    told="Register deletes a trainee only before they start. Defer or withdraw them instead.",
                ),
            ),
            aside=True,
            source="0, 3.1",
        ),
        WebPage(
            "confirm",
            "Do you want to delete this record?",
            button="Delete this record",
            note="This cannot be undone. Look at the name above the heading once more.",
            source="0, 3.1",
        ),
    ),
    f"{_ON_RECORD} Press Delete.",
    "Register says Record deleted.",
    action="delete",
    session_minutes=SESSION_MINUTES,
    source="0, 3.1",
)

JOURNEYS = (REGISTER, CHANGE, DEFER, WITHDRAW, RECOMMEND, REINSTATE, UNDO_WITHDRAWAL, DELETE)
"""All that a person does for a trainee on Register's website."""
