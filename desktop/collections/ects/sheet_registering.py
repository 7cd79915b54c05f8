"""The portal's pages on which an ECT or a mentor is registered, in their order. Source: domain pack 1.1 and 1.2."""

from __future__ import annotations

from desktop.collections.ects import sheet_answers as say
from desktop.collections.ects import sheet_outcomes as may
from desktop.collections.ects import turns, who
from desktop.model.change import ChangeKind
from desktop.model.journey import Entry, Journey, Question, WebPage

SESSION_MINUTES = 120
"""After 7200 seconds without a click the portal forgets every answer of a journey (section 7)."""

SIGN_IN = "Sign in to Register early career teachers with DfE Sign-in, as your school."

_TYPE, _CHOOSE, _DATE, _SEARCH = Entry.TYPE, Entry.CHOOSE, Entry.DATE, Entry.SEARCH
_FORGETS = "The portal forgets half-filled answers when it is left, so go on to the end."
_IF_ASKED = "Asked only of some. Find it out first if it is asked and stands empty here."

_TRN = Question("Teacher reference number (TRN)", _TYPE, say.trn("trn"), ("trn",))
_BORN = Question("Date of birth", _DATE, say.said("date_of_birth"), ("date_of_birth",))
_NI_NUMBER = Question("National Insurance number", _TYPE, say.said("ni_number"), ("ni_number",))
_RIGHT_NAME = Question(
    "Enter the correct full name",
    _TYPE,
    say.said("corrected_name"),
    ("corrected_name",),
    shown=say.answered("name_is_right", "no"),
)
_COMPARE = "Compare it with the teacher’s documents. Only correct the spelling, or after a legal change."
EMAIL = Question("Email address", _TYPE, say.said("email"), ("email",))
KIND_OF_BODY = Question(
    "Type of appropriate body",
    _CHOOSE,
    say.kind_of_body,
    ("appropriate_body",),
    needed=say.chooses,
    shown=say.is_independent,
)
BODY = Question(
    "Enter appropriate body name",
    _SEARCH,
    say.appropriate_body,
    ("appropriate_body",),
    needed=say.chooses,
    shown=say.names_hub,
)
_PROGRAMME = Question(
    "Training programme", _CHOOSE, say.training_programme, ("training_programme",), needed=say.chooses
)
PROVIDER = Question(
    "Select lead provider", _CHOOSE, say.lead_provider, ("lead_provider",), needed=say.chooses
)

_CHECK = may.to("check", "Check your answers")
_PREVIOUS = "Programme choices used by your school previously"
_BEFORE = "{} has been registered before"


# --- an ECT (1.1) ---------------------------------------------------------------------------------------------------

_AGAIN = Question(
    "Do you want to use the same choices for this ECT?", _CHOOSE, say.previous, ("use_previous_choices",)
)
_PREVIOUS_NOTE = "The portal shows this only when your school’s last choices can be used again."

REGISTER_ECT = Journey(
    "register_ect",
    "Register an ECT",
    frozenset({ChangeKind.CREATE}),
    (
        WebPage(
            "find",
            "Find an ECT",
            (_TRN, _BORN),
            note=_FORGETS,
            outcomes=(may.FOUND, may.DIFFERS, may.NOT_FOUND, may.ECT_HERE, *may.OVER, may.PROHIBITED),
            source="1.1 step 1",
        ),
        WebPage(
            "ni_number",
            "We cannot find the ECT’s details",
            (_NI_NUMBER,),
            outcomes=(may.FOUND, may.NOT_MATCHED, may.ECT_HERE, *may.OVER, may.PROHIBITED),
            aside=True,
            source="1.1 step 1a",
        ),
        WebPage(
            "name",
            "Check ECT details",
            (
                Question(
                    "Are these details correct for the ECT?",
                    _CHOOSE,
                    say.name_is_right,
                    ("name_is_right",),
                    hint=_COMPARE,
                ),
                _RIGHT_NAME,
            ),
            button="Confirm and continue",
            outcomes=(
                may.to("email", "A question for the email address"),
                may.to("before", "They have been registered before"),
            ),
            source="1.1 steps 2 and 2a",
        ),
        WebPage(
            "before",
            say.called(_BEFORE),
            note="It only tells. Check that it is the same person, then go on.",
            aside=True,
            source="1.1 step 2b",
        ),
        WebPage(
            "email",
            say.called("What is {}’s email address?"),
            (EMAIL,),
            outcomes=(may.NEXT, may.EMAIL_IN_USE),
            source="1.1 steps 3 and 3a",
        ),
        WebPage(
            "start",
            say.called("When did or when will {} start teaching as an ECT at your school?"),
            (Question("Start date", _DATE, say.said("started_on"), ("started_on",)),),
            outcomes=(may.NEXT, may.NOT_YET),
            source="1.1 steps 4 and 4a",
        ),
        WebPage(
            "pattern",
            say.called("Is {}’s working pattern as an ECT full or part time?"),
            (Question("Working pattern", _CHOOSE, say.working_pattern, ("working_pattern",)),),
            outcomes=(
                may.to("body", "A question for the appropriate body"),
                may.to("previous", "Your school’s previous choices"),
            ),
            source="1.1 step 5",
        ),
        WebPage(
            "previous",
            _PREVIOUS,
            (_AGAIN,),
            shown=say.chooses,
            note=_PREVIOUS_NOTE,
            aside=True,
            source="1.1 step 6",
        ),
        WebPage(
            "body",
            say.called("Which appropriate body will be supporting {}’s induction?"),
            (KIND_OF_BODY, BODY),
            source="1.1 step 7",
        ),
        WebPage(
            "programme",
            say.called("Which training programme will {} follow?"),
            (_PROGRAMME,),
            source="1.1 step 8",
        ),
        WebPage(
            "provider",
            say.called("Which lead provider will be training {}?"),
            (PROVIDER,),
            shown=say.is_led,
            source="1.1 step 9",
        ),
        WebPage(
            "previous",
            _PREVIOUS,
            (_AGAIN,),
            shown=say.reuses,
            note=_PREVIOUS_NOTE,
            aside=True,
            source="1.1 step 6",
        ),
        WebPage(
            "check",
            "Check your answers before submitting",
            button="Confirm details",
            note="Compare every line. The TRN cannot be changed afterwards.",
            source="1.1 step 10",
        ),
    ),
    begin=f"{SIGN_IN} In the list of ECTs press Register an ECT starting at your school, then Continue.",
    ending="The website says that you have saved the ECT’s details. The ECT gets an email.",
    session_minutes=SESSION_MINUTES,
    read_back=False,
    source="1.1",
    fits=who.is_ect,
    leads_to="registered",
    sets=turns.ect_answers,
    leaves=frozenset({"mentorships"}),
    waits=turns.while_open,
    tells=turns.ect_registered,
)
"""A choice of previous answers stands before the body where they are not used, and before the check where they are."""


# --- a mentor (1.2) -------------------------------------------------------------------------------------------------

_CHOICES_OF_ECT = "Programme choices used by the ECT"
_WHICH_PROVIDER = may.to("provider", "A question for the lead provider")

REGISTER_MENTOR = Journey(
    "register_mentor",
    "Register a mentor",
    frozenset({ChangeKind.CREATE}),
    (
        WebPage(
            "ect",
            say.for_ect("Who will mentor {}?"),
            (
                Question(
                    "ECT to be mentored, by TRN",
                    _CHOOSE,
                    say.trn("ect_trn"),
                    ("ect_trn",),
                    hint="Open this ECT. Choose Register a new mentor if there is a list.",
                ),
            ),
            note="A mentor is always registered from the page of one ECT.",
            source="1.2",
        ),
        WebPage(
            "find",
            "Find a mentor",
            (_TRN, _BORN),
            note=f"Without a TRN the portal goes no further. {_FORGETS}",
            outcomes=(
                may.FOUND,
                may.DIFFERS,
                may.NOT_FOUND,
                may.SAME_PERSON,
                may.MENTOR_HERE_ALREADY,
                may.PROHIBITED,
            ),
            source="1.2 step 1",
        ),
        WebPage(
            "ni_number",
            "We cannot find the mentor’s details",
            (_NI_NUMBER,),
            outcomes=(may.FOUND, may.NOT_MATCHED, may.MENTOR_HERE_ALREADY, may.PROHIBITED),
            aside=True,
            source="1.2 step 1a",
        ),
        WebPage(
            "name",
            "Check mentor details",
            (
                Question(
                    "Are these details correct for the mentor?",
                    _CHOOSE,
                    say.name_is_right,
                    ("name_is_right",),
                    hint=_COMPARE,
                ),
                _RIGHT_NAME,
            ),
            button="Confirm and continue",
            source="1.2 step 2",
        ),
        WebPage(
            "email",
            say.called("What is {}’s email address?"),
            (EMAIL,),
            outcomes=(
                _CHECK,
                may.to("eligible", "They can receive mentor training"),
                may.to("only_here", "Whether they mentor at your school only"),
                may.to("start", "A question for the start date"),
                _WHICH_PROVIDER,
                may.EMAIL_IN_USE,
            ),
            source="1.2 steps 3 to 7",
        ),
        WebPage(
            "only_here",
            say.called("Will {} be mentoring ECTs at your school only?"),
            (
                Question(
                    "Mentoring at your school only", _CHOOSE, say.only_here, ("only_here",), hint=_IF_ASKED
                ),
            ),
            note="Yes ends the mentor’s periods at every other school, the day before the start here.",
            outcomes=(may.to("start", "A question for the start date"), _CHECK),
            aside=True,
            source="1.2 step 6",
        ),
        WebPage(
            "start",
            say.called("When did or when will {} start mentoring ECTs at your school?"),
            (Question("Mentor start date", _DATE, say.said("started_on"), ("started_on",), hint=_IF_ASKED),),
            outcomes=(
                may.to("before", "They have been registered before"),
                may.to("choices", _CHOICES_OF_ECT),
                _CHECK,
                may.NOT_YET,
            ),
            aside=True,
            source="1.2 step 7",
        ),
        WebPage(
            "before",
            say.called(_BEFORE),
            note="It tells about the training so far.",
            outcomes=(may.to("choices", _CHOICES_OF_ECT), _CHECK),
            aside=True,
            source="1.2 step 8",
        ),
        WebPage(
            "choices",
            say.called("Programme choices used by the ECT who {} will be mentoring"),
            (
                Question(
                    "Do you want to use the same programme choices for this mentor’s training?",
                    _CHOOSE,
                    say.yes_or_no("same_choices"),
                    ("same_choices",),
                    hint=_IF_ASKED,
                ),
            ),
            outcomes=(_CHECK, _WHICH_PROVIDER),
            aside=True,
            source="1.2 step 8",
        ),
        WebPage(
            "eligible",
            say.called("{} can receive mentor training"),
            note="Go on with the ECT’s lead provider, or press the link below it to choose another one.",
            outcomes=(_CHECK, _WHICH_PROVIDER),
            aside=True,
            source="1.2 step 4, 5",
        ),
        WebPage(
            "provider",
            say.called("Which lead provider would you like to contact your school about training {}?"),
            (
                Question(
                    "Select lead provider", _CHOOSE, say.lead_provider, ("lead_provider",), hint=_IF_ASKED
                ),
            ),
            aside=True,
            source="1.2 step 5",
        ),
        WebPage(
            "check",
            "Check your answers and confirm mentor details",
            button="Confirm details",
            source="1.2 step 9",
        ),
    ),
    begin=f"{SIGN_IN} Open the ECT, press Assign a mentor, then choose to register a new one.",
    ending="The website says that you have assigned the mentor: registered and linked. The mentor gets an email.",
    session_minutes=SESSION_MINUTES,
    read_back=False,
    source="1.2",
    fits=who.is_mentor,
    leads_to="registered",
    sets=turns.mentor_answers,
    waits=turns.after_ect,
    tells=turns.mentor_registered,
)
