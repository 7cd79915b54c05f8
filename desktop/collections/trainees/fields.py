"""Every field of a trainee, one line each, in the order of the form. Source: domain pack section 2.

Names are the domain pack's. `money` marks what may change a payment; fields of one `unit` are decided together in a
conflict. The expected end date is no part of the funding unit: nothing is paid by it.
"""

from __future__ import annotations

from desktop.collections.reading import is_blank
from desktop.collections.trainees.tables import route_of
from desktop.model.collection import Field, Kind, Required, Section
from desktop.model.document import Document

SECTIONS = (
    Section("personal", "Personal details", "Personal details"),
    Section("contact", "Contact", "Contact details"),
    Section("diversity", "Diversity", "Diversity information"),
    Section("course", "Course", "Course details"),
    Section("dates", "Dates", "Course details"),
    Section("funding", "Funding", "Funding details"),
    Section("degrees", "Degrees", "Degree details"),
    Section("placements", "Placements", "Placement details"),
    Section("schools", "Partner schools", "Schools"),
    Section("iqts", "International training", "International training details"),
    Section("record", "Trainee ID", "Trainee ID"),
)


def _has(document: Document, *names: str) -> bool:
    return any(not is_blank(document.fields.get(name)) for name in names)


def needs_study_mode(document: Document) -> bool:
    """Unless the route is assessment only (16, 17)."""
    route = route_of(document.fields.get("training_route"))
    return route is None or route.study_mode


def needs_qualification_aim(document: Document) -> bool:
    """When the aim is status with an academic award, or is not answered yet."""
    aim = document.fields.get("itt_aim")
    return is_blank(aim) or aim == "202"


def is_iqts(document: Document) -> bool:
    """Whether the route asks for a country."""
    route = route_of(document.fields.get("training_route"))
    return route is not None and route.country


def shows_iqts_country(document: Document) -> bool:
    """Also while it holds an answer that must go."""
    return is_iqts(document) or _has(document, "iqts_country")


def shows_partner(document: Document) -> bool:
    """Register's own form asks for a partner on the flagged routes only; the API takes one on any."""
    route = route_of(document.fields.get("training_route"))
    return (
        route is None
        or route.partner_page
        or _has(document, "training_partner_urn", "training_partner_ukprn")
    )


def shows_employer(document: Document) -> bool:
    """As `shows_partner`, for salaried and apprenticeship routes."""
    route = route_of(document.fields.get("training_route"))
    return route is None or route.employer_page or _has(document, "employing_school_urn")


_TEXT, _CODE, _DATE, _INTEGER = Kind.TEXT, Kind.CODE, Kind.DATE, Kind.INTEGER
_YES, _MAYBE = Required.ALWAYS, Required.SOMETIMES
_PARTNER = "Training routes with a training partner ask for it."

_PERSONAL = (
    Field("first_names", "First names", _TEXT, "personal", max_length=60, required=_YES, help="As in the passport or birth certificate."),
    Field("middle_names", "Middle names", _TEXT, "personal", max_length=60),
    Field("last_name", "Last name", _TEXT, "personal", max_length=60, required=_YES),
    Field("previous_last_name", "Previous last name", _TEXT, "personal", max_length=60),
    Field("date_of_birth", "Date of birth", _DATE, "personal", required=_YES),
    Field("sex", "Sex", _CODE, "personal", codes="sex", required=_YES),
    Field("nationality", "Nationality", _CODE, "personal", codes="nationality", help="Only one can be sent. A second one that Register holds is lost when you change this."),
    Field("ni_number", "National Insurance number", _TEXT, "personal", help="2 letters, 6 digits, then A, B, C or D."),
    Field("email", "Email address", Kind.EMAIL, "contact", max_length=255, required=_YES, help="Personal address, not that of the provider."),
)  # fmt: skip

_DIVERSITY = (
    Field("ethnicity", "Ethnic background", _CODE, "diversity", codes="ethnicity"),
    Field("disability1", "Disability 1", _CODE, "diversity", codes="disability", unit="disability"),
    Field("disability2", "Disability 2", _CODE, "diversity", codes="disability", unit="disability"),
    Field("disability3", "Disability 3", _CODE, "diversity", codes="disability", unit="disability"),
    Field("disability4", "Disability 4", _CODE, "diversity", codes="disability", unit="disability"),
    Field("disability5", "Disability 5", _CODE, "diversity", codes="disability", unit="disability"),
    Field("disability6", "Disability 6", _CODE, "diversity", codes="disability", unit="disability"),
    Field("disability7", "Disability 7", _CODE, "diversity", codes="disability", unit="disability"),
    Field("disability8", "Disability 8", _CODE, "diversity", codes="disability", unit="disability"),
    Field("disability9", "Disability 9", _CODE, "diversity", codes="disability", unit="disability"),
)

_COURSE = (
    Field("training_route", "Training route", _CODE, "course", codes="training_route", required=_YES, unit="funding", money=True),
    Field("course_subject_1", "Subject 1", _CODE, "course", codes="course_subject", required=_YES, unit="funding", money=True, help="Decides what is paid."),
    Field("course_subject_2", "Subject 2", _CODE, "course", codes="course_subject"),
    Field("course_subject_3", "Subject 3", _CODE, "course", codes="course_subject"),
    Field("course_age_range", "Age range", _CODE, "course", codes="course_age_range", required=_YES, money=True),
    Field("study_mode", "Study mode", _CODE, "course", codes="study_mode", required=_MAYBE, needed=needs_study_mode),
    Field("itt_aim", "Aim of the training", _CODE, "course", codes="itt_aim", required=_YES),
    Field("itt_qualification_aim", "Award aimed at", _CODE, "course", codes="itt_qualification_aim", required=_MAYBE, needed=needs_qualification_aim),
    Field("course_year", "Year of course", _INTEGER, "course", required=_YES, help="0 for a foundation year, else 1, 2 or 3."),
    Field("itt_start_date", "Course start date", _DATE, "dates", required=_YES, unit="funding", money=True),
    Field("trainee_start_date", "Trainee start date", _DATE, "dates", unit="funding", money=True, help="Sets the year, so it sets the money. Blank means the course start date."),
    Field("itt_end_date", "Expected end date", _DATE, "dates", required=_YES),
    Field("pg_apprenticeship_start_date", "Apprenticeship start date", _DATE, "dates", help="Only for a postgraduate teaching apprenticeship."),
)  # fmt: skip

_FUNDING = (
    Field("fund_code", "Student finance", _CODE, "funding", codes="fund_code", required=_YES, unit="funding", money=True, help="Eligible also when the trainee declines it."),
    Field("funding_method", "Funding method", _CODE, "funding", codes="funding_method", required=_YES, unit="funding", money=True),
    Field("training_initiative", "Training initiative", _CODE, "funding", codes="training_initiative", money=True),
    Field("additional_training_initiative", "Second training initiative", _CODE, "funding", codes="training_initiative"),
)  # fmt: skip

_OTHER = (
    Field("training_partner_urn", "Training partner URN", _TEXT, "schools", unit="partner", shown=shows_partner, shown_because=_PARTNER, help="6 digits."),
    Field("training_partner_ukprn", "Training partner UKPRN", _TEXT, "schools", unit="partner", shown=shows_partner, shown_because=_PARTNER, help="8 digits. Only for a partner without a URN."),
    Field("employing_school_urn", "Employing school URN", _TEXT, "schools", shown=shows_employer, shown_because="Salaried and apprenticeship routes ask for it.", help="6 digits."),
    Field("iqts_country", "Country of training", _CODE, "iqts", codes="country", required=_MAYBE, needed=is_iqts, shown=shows_iqts_country, shown_because="The iQTS route asks for it."),
    Field("provider_trainee_id", "Your trainee ID", _TEXT, "record", max_length=50, help="Your own student number. It lets Holdfast recognise the record at Register."),
    Field("hesa_id", "HESA ID", _TEXT, "record", required=_YES, help="13 or 17 digits."),
    Field("application_id", "Apply application ID", _INTEGER, "record", help="Up to 7 digits."),
)  # fmt: skip

FIELDS = _PERSONAL + _DIVERSITY + _COURSE + _FUNDING + _OTHER
