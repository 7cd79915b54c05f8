"""Every field of a record, one line each, in the order of the form. Source: domain pack sections 1 and 2.

One record is one person in one role at one school (an ECT or a mentor), or the school itself with its induction tutor.
`lookup` marks what the portal needs only to find the teacher: it is erased as soon as the portal has answered.
"""

from __future__ import annotations

from desktop.collections.ects import who
from desktop.collections.ects.formats import LONGEST_EMAIL, LONGEST_EMAIL_LATER, LONGEST_NAME
from desktop.collections.ects.names import both_words_changed
from desktop.collections.ects.who import is_ect, is_mentor, is_person, is_school
from desktop.collections.reading import is_blank
from desktop.model.collection import Field, Kind, Required, Section
from desktop.model.document import Document

SECTIONS = (
    Section("person", "Person", "Find the teacher"),
    Section("name", "Name and email", "Check the name"),
    Section("school", "At this school", "Start date and working pattern"),
    Section("programme", "Induction and training", "Appropriate body, training programme"),
    Section("mentoring", "Mentoring", "Mentor"),
    Section("before", "Registered before", "Earlier registrations"),
    Section("tutor", "Induction tutor", "Induction tutor"),
    Section("choices", "Previous choices", "Use previous choices"),
    Section("portal", "What the portal said", "Answers of the portal"),
)


def needs_birth(document: Document) -> bool:
    """Until the portal has answered."""
    return is_person(document) and not who.looked_up(document)


def shows_ni_number(document: Document) -> bool:
    """When the portal found the TRN and another date of birth."""
    return is_person(document) and document.fields.get("portal_answer") == who.ASKS_NI_NUMBER


def name_is_wrong(document: Document) -> bool:
    """The person says that the portal shows a wrong name."""
    return is_person(document) and who.is_no(document, "name_is_right")


def name_is_corrected(document: Document) -> bool:
    """A corrected name was given."""
    return is_person(document) and not is_blank(document.fields.get("corrected_name"))


def names_are_both_new(document: Document) -> bool:
    """Whether first and last word of the corrected name are others than the portal's (1.4)."""
    return name_is_corrected(document) and both_words_changed(document)


def chooses_programme(document: Document) -> bool:
    """An ECT whose school does not use its previous choices again."""
    return is_ect(document) and not who.is_yes(document, "use_previous_choices")


def needs_provider(document: Document) -> bool:
    """A provider-led ECT."""
    return chooses_programme(document) and document.fields.get("training_programme") == "provider_led"


def shows_provider(document: Document) -> bool:
    """Also for a mentor, who may be trained by another provider than the ECT's."""
    return is_mentor(document) or needs_provider(document)


def school_needs_provider(document: Document) -> bool:
    """The school's last programme was provider-led."""
    return is_school(document) and document.fields.get("last_training_programme") == "provider_led"


_TEXT, _CODE, _DATE, _INTEGER, _EMAIL = Kind.TEXT, Kind.CODE, Kind.DATE, Kind.INTEGER, Kind.EMAIL
_MAYBE = Required.SOMETIMES
_ERASED = "Only to find the teacher. Holdfast erases it as soon as the portal has answered."

_PERSON = (
    Field("role", "This record is about", _CODE, "person", codes="role", help="Nothing chosen means an ECT. A school's record holds its induction tutor."),
    Field("trn", "Teacher reference number (TRN)", _TEXT, "person", required=_MAYBE, needed=is_person, shown=is_person, help="7 digits. The portal also takes it as on old letters, such as RP99/12345."),
    Field("date_of_birth", "Date of birth", _DATE, "person", required=_MAYBE, needed=needs_birth, shown=needs_birth, help=_ERASED, lookup=True),
    Field("ni_number", "National Insurance number", _TEXT, "person", required=_MAYBE, needed=shows_ni_number, shown=shows_ni_number, shown_because="The portal found the TRN and another date of birth.", help=_ERASED, lookup=True),
    Field("first_names", "First name", _TEXT, "name", required=_MAYBE, needed=is_person, shown=is_person, max_length=LONGEST_NAME, help="As the portal shows it; until then as you know it."),
    Field("last_name", "Last name", _TEXT, "name", required=_MAYBE, needed=is_person, shown=is_person, max_length=LONGEST_NAME),
    Field("name_is_right", "Is the name that the portal shows right?", _CODE, "name", codes="yes_no", shown=is_person, help="Answer it when the portal has shown the name."),
    Field("corrected_name", "Corrected full name", _TEXT, "name", max_length=LONGEST_NAME, required=_MAYBE, needed=name_is_wrong, shown=name_is_wrong, shown_because="The name that the portal shows is wrong.", unit="name", help="Only to correct the spelling or after a legal change. Never for another person."),
    Field("name_change_reason", "Why the name is corrected", _CODE, "name", codes="name_change_reason", required=_MAYBE, needed=name_is_corrected, shown=name_is_corrected, shown_because="The name is corrected.", unit="name"),
    Field("same_person", "Is this the same person?", _CODE, "name", codes="yes_no", required=_MAYBE, needed=names_are_both_new, shown=names_are_both_new, shown_because="First and last name both changed.", unit="name"),
    Field("email", "Email address", _EMAIL, "name", max_length=LONGEST_EMAIL, required=_MAYBE, needed=is_person, shown=is_person, help="The portal writes to it. Nobody else may use it."),
)  # fmt: skip

_SCHOOL = (
    Field("school_name", "School", _TEXT, "school", max_length=200, shown=is_school),
    Field("school_urn", "School URN", _TEXT, "school", required=_MAYBE, needed=is_school, help="6 digits. A person's may stay empty if you look after one school."),
    Field("school_type", "Kind of school", _CODE, "school", codes="school_type", required=_MAYBE, needed=is_school, shown=is_school, help="As in Get Information about Schools. It decides which appropriate body may be chosen."),
    Field("section_41", "Section 41 approved", _CODE, "school", codes="yes_no", shown=is_school, help="Only for an independent special school."),
    Field("started_on", "Start date at this school", _DATE, "school", required=_MAYBE, needed=is_ect, shown=is_person, help="As an ECT, or as a mentor. Not the day the contract began."),
    Field("finished_on", "Last day at this school", _DATE, "school", shown=is_person, help="Leave it empty until someone leaves for good. A long absence is not leaving."),
    Field("working_pattern", "Working pattern as an ECT", _CODE, "school", codes="working_pattern", required=_MAYBE, needed=is_ect, shown=is_ect),
)  # fmt: skip

_PROGRAMME = (
    Field("use_previous_choices", "Use the school's previous choices?", _CODE, "programme", codes="yes_no", shown=is_ect, help="The portal asks only when it can use them again."),
    Field("appropriate_body", "Appropriate body", _CODE, "programme", codes="appropriate_body", required=_MAYBE, needed=chooses_programme, shown=is_ect, help="A teaching school hub; an independent school may choose ISTIP."),
    Field("training_programme", "Training programme", _CODE, "programme", codes="training_programme", required=_MAYBE, needed=chooses_programme, shown=is_ect, unit="programme"),
    Field("lead_provider", "Lead provider", _CODE, "programme", codes="lead_provider", required=_MAYBE, needed=needs_provider, shown=shows_provider, shown_because="The programme is provider-led.", unit="programme"),
    Field("delivery_partner", "Delivery partner", _TEXT, "programme", max_length=200, shown=shows_provider, unit="programme", help="A school never types it. It comes with the partnership."),
)  # fmt: skip

_MENTORING = (
    Field("ect_trn", "TRN of the ECT to be mentored", _TEXT, "mentoring", required=_MAYBE, needed=is_mentor, shown=is_mentor, help="A mentor is always registered for one ECT."),
    Field("only_here", "Mentoring at your school only?", _CODE, "mentoring", codes="yes_no", shown=is_mentor, help="Asked only of someone who is a mentor elsewhere today. Yes ends that."),
    Field("same_choices", "Use the previous training choices?", _CODE, "mentoring", codes="yes_no", shown=is_mentor, help="Asked only of someone who was a mentor before."),
)  # fmt: skip

_TUTOR = (
    Field("induction_tutor_name", "Name of the induction tutor", _TEXT, "tutor", max_length=LONGEST_NAME, required=_MAYBE, needed=is_school, shown=is_school, unit="tutor"),
    Field("induction_tutor_email", "Email address of the induction tutor", _EMAIL, "tutor", max_length=LONGEST_EMAIL_LATER, required=_MAYBE, needed=is_school, shown=is_school, unit="tutor", help="Lead providers see it. It gives no access to anything."),
    Field("induction_tutor_confirmed", "Year last confirmed", _INTEGER, "tutor", shown=is_school, help="The contract year: 2026 means June 2026 to May 2027."),
)  # fmt: skip

_CHOICES = (
    Field("last_appropriate_body", "Last appropriate body", _CODE, "choices", codes="appropriate_body", shown=is_school, unit="choices"),
    Field("last_training_programme", "Last training programme", _CODE, "choices", codes="training_programme", shown=is_school, unit="choices"),
    Field("last_lead_provider", "Last lead provider", _CODE, "choices", codes="lead_provider", required=_MAYBE, needed=school_needs_provider, shown=school_needs_provider, shown_because="The last programme was provider-led.", unit="choices"),
)  # fmt: skip

_PORTAL = (
    Field("portal_answer", "What the portal answered", _CODE, "portal", codes="portal_answer", shown=is_person, help="Record it as soon as you see it. It decides what comes next."),
    Field("induction_status", "Induction status", _CODE, "portal", codes="induction_status", shown=is_person, help="As the portal shows it. Leave it empty if it shows none."),
)  # fmt: skip

FIELDS = _PERSON + _SCHOOL + _PROGRAMME + _MENTORING + _TUTOR + _CHOICES + _PORTAL
