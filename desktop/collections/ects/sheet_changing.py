"""The portal's pages for what changes after a registration: tutor, mentor, details, training, leaving. Source: 1.3 to 1.9.

Each change is a journey with a confirmation of its own. What deletes or ends periods there (programme, provider, mentor) has a
sheet of its own, so that it is never typed along with something else.
"""

from __future__ import annotations

from desktop.collections.ects import sheet_answers as say
from desktop.collections.ects import sheet_outcomes as may
from desktop.collections.ects import turns, who
from desktop.collections.ects.sheet_registering import BODY, KIND_OF_BODY, PROVIDER, SESSION_MINUTES, SIGN_IN
from desktop.model.change import ChangeKind
from desktop.model.journey import Entry, Journey, Matter, Question, Test, WebPage

_TYPE, _CHOOSE, _DATE = Entry.TYPE, Entry.CHOOSE, Entry.DATE
_CHANGES = frozenset({ChangeKind.UPDATE})
_BESIDE = f"{SIGN_IN} Open the teacher, then press Change beside the answer."
_ENDS = "What the training was so far ends or goes. Do this only if it is agreed."


def _confirm(key: str, shown: Test, source: str) -> WebPage:
    """The page after every change."""
    return WebPage(key, "Check and confirm change", button="Confirm change", shown=shown, source=source)


# --- the induction tutor (1.9) --------------------------------------------------------------------------------------


def _is_asked_if_right(matter: Matter) -> bool:
    return matter.base is not None and say.tutor_is_due(matter)


def _tutor_is_asked(matter: Matter) -> bool:
    return say.tutor_is_typed(matter) or matter.touches("induction_tutor_confirmed")


INDUCTION_TUTOR = Journey(
    "induction_tutor",
    "Declare the induction tutor",
    frozenset({ChangeKind.CREATE, ChangeKind.UPDATE}),
    (
        WebPage(
            "tutor",
            say.tutor_heading,
            (
                Question(
                    "Are these details correct?",
                    _CHOOSE,
                    say.tutor_is_right,
                    ("induction_tutor_confirmed",),
                    shown=_is_asked_if_right,
                    hint="Yes confirms them for the year at once.",
                ),
                Question(
                    "Full name",
                    _TYPE,
                    say.said("induction_tutor_name"),
                    ("induction_tutor_name",),
                    shown=say.tutor_is_typed,
                ),
                Question(
                    "Email",
                    _TYPE,
                    say.said("induction_tutor_email"),
                    ("induction_tutor_email",),
                    shown=say.tutor_is_typed,
                ),
            ),
            note="If the portal shows other details than here, compare them first.",
            shown=_tutor_is_asked,
            says=("induction_tutor_confirmed",),
            source="1.9",
        ),
        WebPage(
            "check",
            "Check and confirm",
            button="Confirm induction tutor",
            shown=lambda matter: matter.base is None,
            source="1.9",
        ),
        _confirm("check", lambda matter: matter.base is not None and say.tutor_is_typed(matter), "1.9"),
    ),
    begin=f"{SIGN_IN} A school that has not confirmed its tutor is led there first.",
    ending="The induction tutor is confirmed for this contract period.",
    session_minutes=SESSION_MINUTES,
    read_back=False,
    source="1.9",
    fits=who.is_school,
    leads_to="registered",
    sets=turns.tutor_answers,
)


# --- a mentor is assigned or changed (1.3, 1.6) ---------------------------------------------------------------------


def _is_changed(matter: Matter) -> bool:
    """Whether the ECT has a mentor at the portal: then it asks once more."""
    return matter.base is not None and bool(matter.base.children.get("mentorships"))


_DONE = may.to("check", "That it is done, or a last check")

MENTOR = Journey(
    "mentor",
    "Assign or change a mentor",
    frozenset({ChangeKind.NESTED}),
    (
        WebPage(
            "mentor",
            say.called("Who will mentor {}?"),
            (
                Question(
                    "Select the mentor",
                    _CHOOSE,
                    say.said("mentor_name"),
                    ("mentor_name", "mentor_trn", "started_on", "finished_on"),
                ),
            ),
            each="mentorships",
            shown=say.links,
            note="Only mentors who are registered at your school are in the list. The mentor before ends by itself.",
            outcomes=(may.NEXT, may.to("training", "They can receive mentor training")),
            source="1.3, 1.6",
        ),
        WebPage(
            "training",
            say.called_mentor("{} can receive mentor training"),
            note="Go on with the ECT’s lead provider, or press the link below it to choose another one.",
            outcomes=(_DONE, may.to("provider", "A question for the lead provider")),
            aside=True,
            source="1.3, 5",
        ),
        WebPage(
            "provider",
            say.called_mentor("Which lead provider would you like to contact your school about training {}?"),
            (Question("Select lead provider", _CHOOSE, say.mentor_provider),),
            aside=True,
            source="1.3, 5",
        ),
        _confirm("check", _is_changed, "1.6"),
    ),
    begin=f"{SIGN_IN} Open the ECT, then press Assign a mentor, or Change beside the mentor.",
    ending="The website says that you have assigned the mentor, or changed it.",
    session_minutes=SESSION_MINUTES,
    read_back=False,
    source="1.3, 1.6",
    fits=who.is_ect,
    waits=turns.after_mentor,
    sets=turns.link_made,
)


# --- details (1.4 to 1.6) -------------------------------------------------------------------------------------------

CHANGE = Journey(
    "change",
    "Change a teacher’s details",
    _CHANGES,
    (
        WebPage(
            "name",
            say.called_so_far("Change name for {}"),
            (Question("Correct full name", _TYPE, say.said("corrected_name"), ("corrected_name",)),),
            shown=say.moved("corrected_name"),
            source="1.4",
        ),
        WebPage(
            "same_person",
            "Check this name change is for the same person",
            button="Continue to change name",
            shown=say.two_names,
            note="Only correct the spelling or enter a legal change. Never give the record to another person.",
            says=("same_person", "name_change_reason"),
            source="1.4",
        ),
        _confirm("check_name", say.moved("corrected_name"), "1.4"),
        WebPage(
            "email",
            say.called("Change email address for {}"),
            (Question("Correct email address", _TYPE, say.said("email"), ("email",)),),
            shown=say.moved("email"),
            note="The portal does not look here whether someone else uses it.",
            source="1.5",
        ),
        _confirm("check_email", say.moved("email"), "1.5"),
        WebPage(
            "pattern",
            say.new_pattern,
            button="Change working pattern",
            shown=say.moved("working_pattern"),
            says=("working_pattern",),
            source="1.6",
        ),
        _confirm("check_pattern", say.moved("working_pattern"), "1.6"),
    ),
    begin=_BESIDE,
    ending="The portal shows the new answer.",
    session_minutes=SESSION_MINUTES,
    read_back=False,
    source="1.4 to 1.6",
    fits=who.is_person,
    waits=turns.change,
)


# --- body, programme, provider (1.7) --------------------------------------------------------------------------------

_TRAINING = frozenset({"training_programme", "lead_provider", "delivery_partner"})


def _types_programme(changed: frozenset[str]) -> frozenset[str]:
    return changed & _TRAINING if "training_programme" in changed else frozenset()


def _types_provider(changed: frozenset[str]) -> frozenset[str]:
    only = "lead_provider" in changed and "training_programme" not in changed
    return changed & _TRAINING if only else frozenset()


APPROPRIATE_BODY = Journey(
    "body",
    "Change the appropriate body",
    _CHANGES,
    (
        WebPage(
            "body",
            say.called("Select a new appropriate body for {}"),
            (KIND_OF_BODY, BODY),
            outcomes=(may.to("check", "Check and confirm change"), may.BODY_LOCKED),
            source="1.7",
        ),
        _confirm("check", say.moved("appropriate_body"), "1.7"),
    ),
    begin=_BESIDE,
    ending="The portal shows the new appropriate body.",
    session_minutes=SESSION_MINUTES,
    read_back=False,
    source="1.7",
    fits=who.is_ect,
    types=lambda changed: changed & {"appropriate_body"},
    waits=turns.change,
)

PROGRAMME = Journey(
    "programme",
    "Change the training programme",
    _CHANGES,
    (
        WebPage(
            "programme",
            say.new_programme,
            button="Change training programme",
            note=_ENDS,
            says=("training_programme", "lead_provider", "delivery_partner"),
            source="1.7",
        ),
        WebPage(
            "new_provider",
            say.called("Which lead provider will be training {}?"),
            (PROVIDER,),
            shown=say.is_led,
            source="1.7",
        ),
        _confirm("check", say.moved("training_programme"), "1.7"),
    ),
    begin=_BESIDE,
    ending="The portal shows the new training programme.",
    session_minutes=SESSION_MINUTES,
    read_back=False,
    source="1.7",
    fits=who.is_ect,
    types=_types_programme,
    waits=turns.change_programme,
)

LEAD_PROVIDER = Journey(
    "provider",
    "Change the lead provider",
    _CHANGES,
    (
        WebPage(
            "provider",
            say.called("Change lead provider for {}"),
            (Question("Select the new lead provider", _CHOOSE, say.lead_provider, ("lead_provider",)),),
            note=_ENDS,
            says=("delivery_partner",),
            source="1.7",
        ),
        _confirm("check", say.moved("lead_provider"), "1.7"),
    ),
    begin=_BESIDE,
    ending="The portal shows the new lead provider.",
    session_minutes=SESSION_MINUTES,
    read_back=False,
    source="1.7",
    fits=who.is_person,
    types=_types_provider,
    waits=turns.change,
)


# --- leaving (1.8) --------------------------------------------------------------------------------------------------

LEAVING = Journey(
    "leave",
    "Record that someone is leaving",
    frozenset({ChangeKind.ACTION}),
    (
        WebPage(
            "date",
            say.called("Tell us if {} has left or is leaving your school permanently"),
            (Question("Leaving date", _DATE, say.said("leaving_on"), ("leaving_on",)),),
            note="For good only. Parental leave and other long absences are not reported here.",
            source="1.8",
        ),
        WebPage(
            "check",
            say.leaving,
            button="Confirm and continue",
            note="Only DfE support can take it back.",
            source="1.8",
        ),
    ),
    begin=f"{SIGN_IN} Open the teacher, then choose to tell that they have left or are leaving.",
    ending="The portal shows the teacher as leaving, or no more.",
    action="leave",
    session_minutes=SESSION_MINUTES,
    read_back=False,
    sets=turns.left,
    tells=turns.mentor_left,
    source="1.8",
    fits=who.is_person,
)
