"""How a trainee answers the pages of Register's own website: its words for our codes, and the tests of its pages.

Words: the pages of the service at the commit of the domain pack (1.8, 2, 2.2 and 3).
"""

from __future__ import annotations

from collections.abc import Callable

from desktop.collections.reading import day, is_blank, text
from desktop.collections.trainees import tables
from desktop.collections.trainees.cycles import cycle_of_document
from desktop.collections.trainees.funding import offered
from desktop.collections.trainees.tables import Route, route_of
from desktop.model.journey import Answer, Matter, Test

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
TRIGGERS = {"provider": "We chose to withdraw the trainee", "trainee": "The trainee chose to withdraw"}
FUTURE = {"yes": "Yes", "no": "No", "unknown": "I don’t know"}
_TYPES = {"bursary": "Bursary", "scholarship": "Scholarship", "grant": "Grant"}
_ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth")
DISABILITIES = tuple(f"disability{number}" for number in range(1, 10))
_NONE_KNOWN, _NOT_SAID = "95", frozenset({"98", "99"})


# --- answers --------------------------------------------------------------------------------------------------------


def said(name: str) -> Callable[[Matter], Answer]:
    """What was typed, as it stands."""
    return lambda matter: text(matter.get(name)).strip()


def coded(name: str, codes: str) -> Callable[[Matter], Answer]:
    """The website's name of a code; nothing for a code that is not known here."""
    return lambda matter: _name(codes, matter.get(name))


def labelled(name: str, codes: str) -> Callable[[Matter], Answer]:
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


def fixed(words: str) -> Callable[[Matter], Answer]:
    """The same words for every record."""
    return lambda _matter: words


def yes_or_no(test: Test, yes: str = "Yes", no: str = "No") -> Callable[[Matter], Answer]:
    """One of two choices, as the test says."""
    return lambda matter: yes if test(matter) else no


def has(*names: str) -> Test:
    """Whether one of these answers stands here."""
    return lambda matter: any(not is_blank(matter.get(name)) for name in names)


def not_(test: Test) -> Test:
    """The opposite of a test."""
    return lambda matter: not test(matter)


def both(one: Test, other: Test) -> Test:
    """Whether both tests hold."""
    return lambda matter: one(matter) and other(matter)


def route_of_record(matter: Matter) -> Route | None:
    """The route of the record; None when it is not known here."""
    return route_of(matter.document.get("training_route"))


def for_route(test: Callable[[Route], bool]) -> Test:
    """Whether the route's own test holds; without a known route nothing is left out."""

    def holds(matter: Matter) -> bool:
        route = route_of_record(matter)
        return route is None or test(route)

    return holds


def route_words(matter: Matter) -> Answer:
    """The choice of the route with the group that it stands under."""
    group, choice = ROUTES.get(text(matter.get("training_route")), ("", ""))
    return f"{choice}, under {group}" if choice else ""


def nationality(matter: Matter) -> Answer:
    """The nationality in the website's words."""
    return _name("nationality", matter.get("nationality")).title()


def subject_words(name: str) -> Callable[[Matter], Answer]:
    """A subject of the course in the website's words."""
    return lambda matter: _first_up(_name("course_subject", matter.get(name)))


def is_primary(matter: Matter) -> bool:
    """Whether the age range is one of primary."""
    return text(matter.get("course_age_range")) in tables.PRIMARY_AGES


def phase(matter: Matter) -> Answer:
    """Primary or secondary, by the age range."""
    if is_blank(matter.get("course_age_range")):
        return ""
    return "Primary" if is_primary(matter) else "Secondary"


def primary_subject(matter: Matter) -> Answer:
    """Primary alone, or with another subject."""
    if is_blank(matter.get("course_subject_1")):
        return ""
    return "Primary with another subject" if has("course_subject_2")(matter) else "Primary"


def ages(matter: Matter) -> Answer:
    """The age range without the word before it."""
    found = tables.PACK.codes("course_age_range").get(text(matter.get("course_age_range")))
    return found.label.removeprefix("Ages ") if found is not None else ""


def study_mode(matter: Matter) -> Answer:
    """The study mode in the website's words."""
    return _first_up(_name("study_mode", matter.get("study_mode")).replace("_", " "))


# --- diversity


def ethnic_group(matter: Matter) -> Answer:
    """The group that the background belongs to."""
    found = tables.PACK.codes("ethnicity").get(text(matter.get("ethnicity")))
    if found is None or found.name == NOT_PROVIDED:
        return NOT_PROVIDED
    return ETHNIC_GROUPS.get(found.label.partition(":")[0], ANOTHER_GROUP)


def knows_group(matter: Matter) -> bool:
    """Whether an ethnic group was shared."""
    return ethnic_group(matter) != NOT_PROVIDED


def background_heading(matter: Matter) -> str:
    """The heading of the page of backgrounds: it names the group."""
    return f"Which of the following best describes their {ethnic_group(matter)} background?"


def _disability_codes(matter: Matter) -> tuple[str, ...]:
    found = (text(matter.document.get(name)) for name in DISABILITIES)
    return tuple(dict.fromkeys(code for code in found if code))


def _shared_disabilities(matter: Matter) -> tuple[str, ...]:
    return tuple(c for c in _disability_codes(matter) if c != _NONE_KNOWN and c not in _NOT_SAID)


def disabled(matter: Matter) -> Answer:
    """What the trainee shared about being disabled."""
    if _shared_disabilities(matter):
        return "Yes, they shared that they’re disabled"
    if _NONE_KNOWN in _disability_codes(matter):
        return "They shared that they’re not disabled"
    return "They did not say"


def is_disabled(matter: Matter) -> bool:
    """Whether the trainee shared a disability."""
    return bool(_shared_disabilities(matter))


def disability_names(matter: Matter) -> Answer:
    """The boxes to tick, one for each disability shared."""
    return tuple(
        name for name in (_name("disability", code) for code in _shared_disabilities(matter)) if name
    )


def shared_diversity(matter: Matter) -> bool:
    """Whether the trainee shared anything about diversity."""
    return knows_group(matter) or disabled(matter) != "They did not say"


# --- course, funding


def started(matter: Matter) -> bool:
    """The course has begun, so Register asks when the trainee did."""
    begin = day(matter.document.get("itt_start_date"))
    return begin is not None and begin <= matter.today


def late(matter: Matter) -> bool:
    """Whether the trainee started on another day than the course."""
    own, course = matter.document.get("trainee_start_date"), matter.document.get("itt_start_date")
    return not is_blank(own) and own != course


def start_unknown(matter: Matter) -> bool:
    """Register does not know when the trainee started, so it asks before it withdraws or defers."""
    known = matter.base.get("trainee_start_date") if matter.base is not None else None
    return is_blank(known) and started(matter)


def offers(matter: Matter) -> frozenset[str]:
    """Kinds of money that there are for this cycle, route and subject; the page is left out without one."""
    cycle, route = cycle_of_document(matter.document, matter.today), route_of_record(matter)
    subject = tables.allocations().get(text(matter.get("course_subject_1")))
    if cycle is None or route is None or subject is None:
        return frozenset()
    return frozenset(kind for kind in _TYPES if offered(cycle, route.code, kind, subject))


def funding_shown(matter: Matter) -> bool:
    """Whether the website asks for funding at all."""
    route = route_of_record(matter)
    return route is not None and route.funding_page and (bool(offers(matter)) or route.code == "19")


def tiered(matter: Matter) -> bool:
    """Whether the route has bursaries by tier."""
    route = route_of_record(matter)
    return route is not None and route.code == "19"


def funding_type(matter: Matter) -> Answer:
    """The kind of money."""
    method = tables.methods().get(text(matter.get("funding_method")))
    return "" if method is None else _TYPES.get(method.type, "None")


def is_grant(matter: Matter) -> bool:
    """Whether the money is the grant that the page of tiers offers."""
    return text(matter.get("funding_method")) == "E"


def tier(matter: Matter) -> Answer:
    """The tier of the bursary."""
    method = text(matter.get("funding_method"))
    return _TIERS.get(method, "None") if method else ""


def initiative(matter: Matter) -> Answer:
    """The training initiative in the website's words."""
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

PARTNER = ("training_partner_urn", "training_partner_ukprn")


def partner(matter: Matter) -> Answer:
    """What finds the training partner: its URN, or its UKPRN."""
    return text(matter.get("training_partner_urn")) or text(matter.get("training_partner_ukprn"))


# --- children


def needs_degree(matter: Matter) -> bool:
    """Whether the route asks for a degree; an unknown one does."""
    route = route_of_record(matter)
    return route is None or route.degree


def no_degree(matter: Matter) -> bool:
    """Whether a degree is asked for and none is there."""
    return needs_degree(matter) and not matter.document.children.get("degrees")


def is_uk(matter: Matter) -> bool:
    """An institution, or a UK country or none, makes it a UK degree (1.7)."""
    country = text(matter.get("country"))
    return not is_blank(matter.get("institution")) or not country or country in tables.UK_COUNTRIES


def grade(matter: Matter) -> Answer:
    """The grade in the website's words."""
    if is_blank(matter.get("grade")) and not is_blank(matter.get("other_grade")):
        return "Other"
    return _first_up(_name("degree_grade", matter.get("grade")))


def stays(matter: Matter) -> bool:
    """Whether the degree or placement is there afterwards."""
    return matter.fate != "removed"


def goes(matter: Matter) -> bool:
    """Whether the degree or placement is taken away."""
    return matter.fate == "removed"


def is_new(matter: Matter) -> bool:
    """Whether the degree or placement is added."""
    return matter.fate == "added"


def placement_heading(matter: Matter) -> str:
    """First placement, second placement and so on."""
    known = matter.number <= len(_ORDINALS)
    return f"{_ORDINALS[matter.number - 1]} placement" if known else "Placement details"


def school(matter: Matter) -> Answer:
    """The URN of the school; nothing for a code that stands for no school."""
    urn = text(matter.get("urn"))
    return "" if urn in tables.PACK.codes("special_urn") else urn


def unlisted_school(matter: Matter) -> Answer:
    """The name of a school that the website does not list."""
    return text(matter.get("name")) or _name("special_urn", matter.get("urn"))


def listed(matter: Matter) -> bool:
    """Whether the school is one that the website lists."""
    return bool(school(matter))
