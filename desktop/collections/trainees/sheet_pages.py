"""The pages of Register's own website: what each asks of a trainee, in its order and its words.

Order and words: the pages of the service at the commit of the domain pack (section 0 names what only they can do; 1.8, 2, 2.2
and 3 what they ask). A page that the website skips for a route or a state is skipped here by the same test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from desktop.collections.reading import text
from desktop.collections.trainees import sheet_answers as say
from desktop.collections.trainees import tables
from desktop.collections.trainees.actions import reason_codes
from desktop.model.journey import Answer, Entry, Matter, Question, Test, WebPage, never

_TYPE, _CHOOSE, _TICK, _DATE, _SEARCH = Entry.TYPE, Entry.CHOOSE, Entry.TICK, Entry.DATE, Entry.SEARCH

ROUTE = WebPage(
    "route",
    "What type of training are they doing?",
    (Question("Type of training", _CHOOSE, say.route_words, ("training_route",)),),
    source="2, 2.2",
)

_PERSONAL = WebPage(
    "personal",
    "Trainee personal details",
    (
        Question("First names", _TYPE, say.said("first_names"), ("first_names",)),
        Question("Middle names", _TYPE, say.said("middle_names"), ("middle_names",), needed=never),
        Question("Last names", _TYPE, say.said("last_name"), ("last_name",)),
        Question("Date of birth", _DATE, say.said("date_of_birth"), ("date_of_birth",)),
        Question("Sex", _CHOOSE, say.labelled("sex", "sex"), ("sex",)),
        Question(
            "Nationality",
            _TICK,
            say.nationality,
            ("nationality",),
            hint="Tick it if it is shown. If not, tick Other and search for it.",
        ),
    ),
    source="2",
)

_CONTACT = WebPage(
    "contact",
    "Contact details",
    (Question("Email address", _TYPE, say.said("email"), ("email",)),),
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
                say.yes_or_no(say.shared_diversity),
                ("ethnicity", *say.DISABILITIES),
            ),
        ),
        source="2",
    ),
    WebPage(
        "ethnic-group",
        "What is their ethnic group?",
        (Question("Ethnic group", _CHOOSE, say.ethnic_group, ("ethnicity",)),),
        shown=say.shared_diversity,
        source="2",
    ),
    WebPage(
        "ethnic-background",
        say.background_heading,
        (Question("Background", _CHOOSE, say.coded("ethnicity", "ethnicity"), ("ethnicity",)),),
        shown=say.knows_group,
        source="2",
    ),
    WebPage(
        "disability",
        "Has the trainee shared that they are disabled?",
        (Question("Shared that they are disabled", _CHOOSE, say.disabled, say.DISABILITIES),),
        shown=say.shared_diversity,
        source="2",
    ),
    WebPage(
        "disabilities",
        "Which disabilities were shared?",
        (Question("Disabilities", _TICK, say.disability_names, say.DISABILITIES),),
        shown=say.is_disabled,
        source="2",
    ),
)

_YEAR = Question("Graduation year", _TYPE, say.said("graduation_year"), ("graduation_year",))
_UK_OR_NOT = ("country", "institution")
_DEGREES = (
    WebPage(
        "no-degree",
        "Add undergraduate degree",
        (Question("Is this a UK degree?", _CHOOSE, say.fixed("")),),
        shown=say.no_degree,
        source="2.1 rule 4",
    ),
    WebPage(
        "degree-type",
        lambda m: "Add undergraduate degree" if m.number == 1 else "Add another degree",
        (
            Question(
                "Is this a UK degree?",
                _CHOOSE,
                say.yes_or_no(say.is_uk, "UK degree", "Non-UK degree"),
                _UK_OR_NOT,
            ),
        ),
        each="degrees",
        shown=say.is_new,
        source="1.7",
    ),
    WebPage(
        "degree-uk",
        "UK degree details",
        (
            Question("Awarding institution", _SEARCH, say.coded("institution", "institution"), _UK_OR_NOT),
            Question("Degree subject", _SEARCH, say.coded("subject", "degree_subject"), ("subject",)),
            Question("Type of degree", _SEARCH, say.coded("uk_degree", "degree_type"), ("uk_degree",)),
            Question("Degree grade", _CHOOSE, say.grade, ("grade",)),
            Question(
                "Enter the degree grade",
                _TYPE,
                say.said("other_grade"),
                ("other_grade",),
                shown=say.has("other_grade"),
            ),
            _YEAR,
        ),
        each="degrees",
        shown=say.both(say.stays, say.is_uk),
        source="1.7",
    ),
    WebPage(
        "degree-abroad",
        "Non-UK degree details",
        (
            Question(
                "In which country or territory is the degree institution based?",
                _SEARCH,
                say.coded("country", "country"),
                ("country",),
            ),
            Question("Degree subject", _SEARCH, say.coded("subject", "degree_subject"), ("subject",)),
            Question(
                "Select the UK ENIC comparable degree",
                _CHOOSE,
                say.coded("non_uk_degree", "degree_type"),
                ("non_uk_degree",),
            ),
            _YEAR,
        ),
        each="degrees",
        shown=say.both(say.stays, say.not_(say.is_uk)),
        source="1.7",
    ),
)
_NO_MORE_DEGREE = WebPage(
    "degree-goes",
    "Degree details",
    each="degrees",
    shown=say.goes,
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
                say.phase,
                ("course_age_range",),
                hint="If Register lists your courses first, choose Another course not listed.",
            ),
        ),
        shown=say.for_route(lambda route: not route.early_years),
        source="2.1 rules 2 and 3",
    ),
    WebPage(
        "course",
        "Course details",
        (
            Question(
                "Subject",
                _CHOOSE,
                say.primary_subject,
                ("course_subject_1",),
                shown=say.both(say.is_primary, say.for_route(lambda route: not route.early_years)),
            ),
            Question(
                "Subject",
                _SEARCH,
                say.subject_words("course_subject_1"),
                ("course_subject_1",),
                shown=say.both(say.not_(say.is_primary), say.for_route(lambda route: not route.early_years)),
            ),
            Question(
                "Second subject",
                _SEARCH,
                say.subject_words("course_subject_2"),
                ("course_subject_2",),
                shown=say.has("course_subject_2"),
            ),
            Question(
                "Third subject (optional)",
                _SEARCH,
                say.subject_words("course_subject_3"),
                ("course_subject_3",),
                needed=never,
                shown=say.has("course_subject_3"),
            ),
            Question(
                "Age range",
                _CHOOSE,
                say.ages,
                ("course_age_range",),
                shown=say.for_route(lambda route: not route.early_years),
                hint="Choose Other age range if it is not among the first.",
            ),
            Question(
                "Full time or part time?",
                _CHOOSE,
                say.study_mode,
                ("study_mode",),
                shown=say.for_route(lambda route: route.study_mode),
            ),
            Question("ITT start date", _DATE, say.said("itt_start_date"), ("itt_start_date",)),
            Question("Expected end date", _DATE, say.said("itt_end_date"), ("itt_end_date",)),
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
            say.yes_or_no(
                lambda m: bool(m.document.children.get("placements")),
                "Yes, I can add at least one of them now",
                "No, I’ll add them later",
            ),
        ),
    ),
    shown=say.for_route(lambda route: route.placements_page),
    source="3.2",
)
_PLACEMENT = WebPage(
    "placement",
    say.placement_heading,
    (
        Question(
            "Search for a school by its unique reference number (URN), name or postcode",
            _SEARCH,
            say.school,
            ("urn",),
            shown=say.listed,
        ),
        Question(
            "School or setting name",
            _TYPE,
            say.unlisted_school,
            ("name", "urn"),
            shown=say.not_(say.listed),
            hint="Open Placement school or setting is not listed first.",
        ),
        Question(
            "Postcode", _TYPE, say.said("postcode"), ("postcode",), needed=never, shown=say.not_(say.listed)
        ),
    ),
    each="placements",
    shown=say.stays,
    source="1.7",
)
_NO_MORE_PLACEMENT = WebPage(
    "placement-goes",
    "Are you sure you want to remove this placement?",
    each="placements",
    shown=say.goes,
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
            say.said("provider_trainee_id"),
            ("provider_trainee_id",),
            hint="By this ID Holdfast knows the trainee again when it reads Register.",
        ),
    ),
    source="1.5, 2",
)

_has_partner, _has_employer = say.has(*say.PARTNER), say.has("employing_school_urn")
_on_partner_routes = say.for_route(lambda route: route.partner_page)
_on_employer_routes = say.for_route(lambda route: route.employer_page)
_SCHOOLS = (
    WebPage(
        "is-partner",
        "Is there a training partner?",
        (Question("Training partner", _CHOOSE, say.yes_or_no(_has_partner), say.PARTNER),),
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
                say.partner,
                say.PARTNER,
            ),
        ),
        shown=say.both(_on_partner_routes, _has_partner),
        source="1.6, 2.2",
    ),
    WebPage(
        "is-employer",
        "Is there an employing school?",
        (Question("Employing school", _CHOOSE, say.yes_or_no(_has_employer), ("employing_school_urn",)),),
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
                say.said("employing_school_urn"),
                ("employing_school_urn",),
            ),
        ),
        shown=say.both(_on_employer_routes, _has_employer),
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
                say.initiative,
                ("training_initiative",),
            ),
        ),
        shown=say.for_route(lambda route: route.funding_page),
        source="2, 5",
    ),
    WebPage(
        "funding",
        "Funding",
        (
            Question(
                "Choose funding type",
                _CHOOSE,
                say.funding_type,
                ("funding_method",),
                shown=say.not_(say.tiered),
            ),
            Question(
                "Should the provider be awarded a grant?",
                _CHOOSE,
                say.yes_or_no(say.is_grant),
                ("funding_method",),
                shown=say.both(say.tiered, lambda m: "grant" in say.offers(m)),
            ),
            Question(
                "Do you want to apply for a bursary for this trainee?",
                _CHOOSE,
                say.tier,
                ("funding_method",),
                shown=say.tiered,
            ),
        ),
        shown=say.funding_shown,
        source="5",
    ),
)

_COUNTRY = WebPage(
    "country",
    "Which country or territory is the trainee studying in?",
    (Question("Country or territory", _SEARCH, say.coded("iqts_country", "country"), ("iqts_country",)),),
    shown=say.both(say.for_route(lambda route: route.country), lambda m: say.route_of_record(m) is not None),
    source="2",
)

_STARTED_LATE = Question(
    "When did the trainee start their ITT?",
    _DATE,
    say.said("trainee_start_date"),
    ("trainee_start_date",),
    shown=say.late,
)
ON_TIME = WebPage(
    "on-time",
    "Did the trainee start their ITT on time?",
    (
        Question(
            "Did the trainee start their ITT on time?",
            _CHOOSE,
            say.yes_or_no(say.late, "No, they started later", "Yes, they started on time"),
            ("trainee_start_date",),
        ),
        _STARTED_LATE,
    ),
    source="2.1 rule 7, 6",
)

SECTIONS = (
    _PERSONAL,
    _CONTACT,
    *_DIVERSITY,
    *(replace(p, shown=say.both(say.needs_degree, p.shown)) for p in _DEGREES),
    *_COURSE,
    _HAS_PLACEMENT,
    replace(_PLACEMENT, shown=say.both(say.for_route(lambda route: route.placements_page), _PLACEMENT.shown)),
    _TRAINEE_ID,
    *_SCHOOLS,
    *_FUNDING,
    _COUNTRY,
)
"""The sections of a draft on the website, from the top of its task list to the bottom."""


# --- a record that is there -------------------------------------------------------------------------------------------


def _on_the_record(page: WebPage) -> WebPage:
    """A page as it is for a change: only when one of its answers differs, and then only what differs is typed."""
    asked = tuple(
        replace(q, shown=say.both(q.shown, _touching(*q.fields))) for q in page.questions if q.fields
    )
    names = tuple(dict.fromkeys(name for q in page.questions for name in q.fields))
    return replace(page, questions=asked, shown=say.both(page.shown, _touching(*names)))


def _touching(*names: str) -> Test:
    return lambda matter: matter.touches(*names)


CHANGED = (
    _on_the_record(ROUTE),
    *map(_on_the_record, (_PERSONAL, _CONTACT, *_DIVERSITY)),
    *(_on_the_record(p) for p in _DEGREES[1:]),
    _NO_MORE_DEGREE,
    *map(_on_the_record, _COURSE),
    _on_the_record(_PLACEMENT),
    _NO_MORE_PLACEMENT,
    *map(_on_the_record, (_TRAINEE_ID, *_SCHOOLS, *_FUNDING, _COUNTRY)),
    replace(
        _on_the_record(ON_TIME),
        heading="When did the trainee start their ITT?",
        questions=(
            replace(_STARTED_LATE, label="Trainee start date", shown=_touching("trainee_start_date")),
        ),
    ),
)


def _any_page(matter: Matter) -> bool:
    """Whether there is anything to type at all: Register's pages do not ask for everything that its API does."""
    of_children = any(path.startswith(("degrees.", "placements.")) for path in matter.changed)
    return of_children or any(page.shown(matter) for page in CHANGED if not page.each)


CONFIRM_CHANGE = WebPage(
    "confirm",
    "Confirm the section",
    button="Update record",
    shown=_any_page,
    note="After each section Register shows it once more. Tick that it is right and press Update record.",
    source="0",
)

_ANOTHER_DATE = "Another date"


def dated(key: str, heading: str | Callable[[Matter], str], label: str, name: str, source: str) -> WebPage:
    """A page with Today, Yesterday and Another date. Another date is right on any day on which it is typed."""
    return WebPage(
        key,
        heading,
        (
            Question("When", _CHOOSE, say.fixed(_ANOTHER_DATE)),
            Question(label, _DATE, say.said(name), (name,)),
        ),
        source=source,
    )


def check(key: str, heading: str, button: str, source: str) -> WebPage:
    """The last page of an action: everything once more, and the button."""
    note = "Compare the page with what you asked for."
    return WebPage(key, heading, button=button, note=note, source=source)


DID_START = WebPage(
    "did-start",
    "Did the trainee start their ITT?",
    (Question("Did the trainee start their ITT?", _CHOOSE, say.fixed("Yes, they started")),),
    shown=say.start_unknown,
    source="3.1, 6",
)
DID_START_ON_TIME = replace(ON_TIME, shown=say.start_unknown)


def award(matter: Matter) -> str:
    """QTS or EYTS, as the route leads to."""
    route = say.route_of_record(matter)
    return route.award if route is not None else "QTS"


def _trigger(name: str) -> Test:
    return lambda matter: text(matter.get("trigger")) == name


def reasons(matter: Matter) -> Answer:
    """The reasons of a withdrawal in the website's words."""
    return tuple(say.REASONS[code] for code in reason_codes(matter.get("reasons")) if code in say.REASONS)


def with_words(group: int) -> Test:
    """Whether a reason is ticked that asks for words of its own."""
    return lambda matter: bool(
        tables.reasons_with_text()[group].intersection(reason_codes(matter.get("reasons")))
    )


def reasons_heading(matter: Matter) -> str:
    """The heading of the page of reasons: it depends on who chose."""
    ours = _trigger("provider")(matter)
    return "Why did you withdraw the trainee?" if ours else "Why did the trainee withdraw?"


def message(matter: Matter) -> Answer:
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
