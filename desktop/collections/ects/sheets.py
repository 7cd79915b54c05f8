"""The portal's own pages, journey by journey: what they ask, in their order, and what each answer of the portal leads to.

Order and branches: domain pack 1.1 to 1.9. A page that the portal skips for a choice is skipped here by the same test. The
portal writes whatever comes last (section 0), so each sheet is made from the record at the moment of typing.
"""

from __future__ import annotations

from collections.abc import Callable

from desktop.collections.ects import formats, who
from desktop.collections.ects.names import both_words_changed
from desktop.collections.ects.rules.portal import BLOCKS, HERE, MENTOR_HERE
from desktop.collections.ects.tables import PACK, contract_year
from desktop.collections.reading import is_blank, text
from desktop.model.change import ChangeKind
from desktop.model.document import Fields
from desktop.model.journey import Answer, Entry, Journey, Matter, Outcome, Question, Test, WebPage, never

SESSION_MINUTES = 120
"""After 7200 seconds without a click the portal forgets every answer of a journey (section 7)."""

_TYPE, _CHOOSE, _DATE, _SEARCH = Entry.TYPE, Entry.CHOOSE, Entry.DATE, Entry.SEARCH
_BEGIN = "Sign in to Register early career teachers with DfE Sign-in, as your school."


# --- answers --------------------------------------------------------------------------------------------------------


def _said(name: str) -> Callable[[Matter], Answer]:
    """What was typed, as it stands."""
    return lambda matter: text(matter.get(name)).strip()


def _labelled(name: str, codes: str) -> Callable[[Matter], Answer]:
    """The label of a code; a name that is not on our list as it was typed."""

    def words(matter: Matter) -> Answer:
        typed = text(matter.get(name)).strip()
        found = PACK.codes(codes).get(typed)
        return found.label if found is not None else typed

    return words


def _trn(name: str) -> Callable[[Matter], Answer]:
    """Seven digits, which every page takes."""
    return lambda matter: formats.trn(matter.get(name))


def _has(name: str) -> Test:
    return lambda matter: not is_blank(matter.get(name))


def _is(name: str, code: str) -> Test:
    return lambda matter: matter.get(name) == code


def _moved(*names: str) -> Test:
    return lambda matter: matter.touches(*names)


def _name_right(matter: Matter) -> Answer:
    """Before the portal has shown the name, only a person can compare it."""
    said = {"yes": "Yes", "no": "No"}.get(text(matter.get("name_is_right")), "")
    return said or f"Yes, if it says {who.full_name(matter.document)}"


def _change_name(matter: Matter) -> Answer:
    """The ECT's page asks the other way round than the mentor's: `yes` there means that the name is to be changed (1.1)."""
    said = {"yes": "No, the name is right", "no": "Yes, change the name"}.get(
        text(matter.get("name_is_right")), ""
    )
    return said or f"No, if it says {who.full_name(matter.document)}"


def _reuses(matter: Matter) -> bool:
    return matter.get("use_previous_choices") == "yes"


def _chooses(matter: Matter) -> bool:
    return not _reuses(matter)


def _led(matter: Matter) -> bool:
    return _chooses(matter) and matter.get("training_programme") == "provider_led"


def _programme_moved(matter: Matter) -> bool:
    return matter.touches("training_programme")


def _provider_only(matter: Matter) -> bool:
    """The provider changes, the programme stays."""
    return matter.touches("lead_provider") and not _programme_moved(matter) and _is_led(matter)


def _is_led(matter: Matter) -> bool:
    return matter.get("training_programme") == "provider_led"


def _registered(_matter: Matter) -> Fields:
    return {"portal_answer": "registered"}


def _two_names(matter: Matter) -> bool:
    return both_words_changed(matter.document)


def _same_person(matter: Matter) -> Answer:
    return {"yes": "Yes", "no": "No"}.get(text(matter.get("same_person")), "")


# --- questions ------------------------------------------------------------------------------------------------------

_ASK_TRN = Question("Teacher reference number (TRN)", _TYPE, _trn("trn"), ("trn",))
_ASK_BIRTH = Question("Date of birth", _DATE, _said("date_of_birth"), ("date_of_birth",))
_ASK_NI_NUMBER = Question(
    "National Insurance number",
    _TYPE,
    _said("ni_number"),
    ("ni_number",),
    needed=_is("portal_answer", who.ASKS_NI_NUMBER),
)
_ASK_EMAIL = Question("Email address", _TYPE, _said("email"), ("email",))
_ASK_NAME = Question("Corrected full name", _TYPE, _said("corrected_name"), ("corrected_name",))
_ASK_PATTERN = Question(
    "Working pattern as an ECT",
    _CHOOSE,
    _labelled("working_pattern", "working_pattern"),
    ("working_pattern",),
)
_ASK_BODY = Question(
    "Appropriate body", _SEARCH, _labelled("appropriate_body", "appropriate_body"), ("appropriate_body",)
)
_ASK_PROGRAMME = Question(
    "Training programme",
    _CHOOSE,
    _labelled("training_programme", "training_programme"),
    ("training_programme",),
)
_ASK_PROVIDER = Question(
    "Lead provider", _CHOOSE, _labelled("lead_provider", "lead_provider"), ("lead_provider",)
)


# --- what the portal may answer -------------------------------------------------------------------------------------


def _block(answer: str, words: str, told: str = "") -> Outcome:
    """The portal goes no further; the record says so, and why."""
    return Outcome(answer, words, ends=True, told=told or BLOCKS[answer], sets={"portal_answer": answer})


_FOUND = Outcome("found", "The teacher’s details", to="name", sets={"portal_answer": "found"})
_DIFFERS = Outcome(
    who.ASKS_NI_NUMBER,
    "A question for the National Insurance number",
    to="ni_number",
    sets={"portal_answer": who.ASKS_NI_NUMBER},
)
_NOT_FOUND = _block("not_found", "Teacher not found")
_PROHIBITED = _block("prohibited", "You cannot register this person")
_OVER = (
    _block("completed", "The teacher has completed induction"),
    _block("exempt", "The teacher is exempt from induction"),
    _block("failed", "The teacher has failed induction"),
)
_ECT_HERE = _block("already_registered", "Already registered at this school", HERE)
_MENTOR_THERE = _block("already_registered", "Already registered as a mentor at this school", MENTOR_HERE)
_NOT_MATCHED = _block("ni_number_differs", "Teacher not found")
_IN_USE = _block("email_in_use", "The email address is used by someone else")
_NOT_YET = _block("cannot_register_yet", "You cannot register this ECT yet")
_ON = Outcome("on", "The next page")


# --- registering an ECT (1.1) ---------------------------------------------------------------------------------------

REGISTER_ECT = Journey(
    "register_ect",
    "Register an ECT",
    frozenset({ChangeKind.CREATE}),
    (
        WebPage(
            "find",
            "Find an ECT",
            (_ASK_TRN, _ASK_BIRTH),
            note="Choose what the portal shows now. It forgets half-filled answers, so go on to the end.",
            outcomes=(_FOUND, _DIFFERS, _NOT_FOUND, _ECT_HERE, *_OVER, _PROHIBITED),
            source="1.1 step 1",
        ),
        WebPage(
            "ni_number",
            "National Insurance number",
            (_ASK_NI_NUMBER,),
            outcomes=(_FOUND, _NOT_MATCHED, _ECT_HERE, *_OVER, _PROHIBITED),
            aside=True,
            source="1.1 step 1a",
        ),
        WebPage(
            "name",
            "Check the details",
            (
                Question(
                    "Is the name to be changed?",
                    _CHOOSE,
                    _change_name,
                    ("name_is_right",),
                    hint="Compare it with the teacher’s documents. Only correct the spelling, or after a legal change.",
                ),
                Question(
                    "Corrected full name",
                    _TYPE,
                    _said("corrected_name"),
                    ("corrected_name",),
                    shown=_is("name_is_right", "no"),
                ),
            ),
            source="1.1 steps 2 and 2a",
        ),
        WebPage(
            "email", "Email address", (_ASK_EMAIL,), outcomes=(_ON, _IN_USE), source="1.1 steps 3 and 3a"
        ),
        WebPage(
            "start",
            "Start date at your school as an ECT",
            (Question("Start date", _DATE, _said("started_on"), ("started_on",)),),
            outcomes=(_ON, _NOT_YET),
            source="1.1 steps 4 and 4a",
        ),
        WebPage("pattern", "Working pattern", (_ASK_PATTERN,), source="1.1 step 5"),
        WebPage(
            "previous",
            "Use your school’s previous choices?",
            (
                Question(
                    "Use them again?",
                    _CHOOSE,
                    _labelled("use_previous_choices", "yes_no"),
                    ("use_previous_choices",),
                ),
            ),
            shown=_has("use_previous_choices"),
            note="The portal leaves this page out when there is nothing to use again.",
            source="1.1 step 6",
        ),
        WebPage("body", "Appropriate body", (_ASK_BODY,), shown=_chooses, source="1.1 step 7"),
        WebPage("programme", "Training programme", (_ASK_PROGRAMME,), shown=_chooses, source="1.1 step 8"),
        WebPage("provider", "Lead provider", (_ASK_PROVIDER,), shown=_led, source="1.1 step 9"),
        WebPage(
            "check",
            "Check your answers",
            button="Confirm details",
            note="Compare every line. The TRN cannot be changed afterwards.",
            source="1.1 step 10",
        ),
        WebPage(
            "mentor",
            "Assign a mentor",
            (
                Question(
                    "Mentor",
                    _CHOOSE,
                    _said("mentor_name"),
                    ("mentor_name", "mentor_trn", "started_on"),
                    needed=never,
                ),
            ),
            each="mentorships",
            shown=lambda matter: matter.fate == "added",
            note="Only a mentor who is registered at your school is in the list. Register the mentor first if not.",
            source="1.3",
        ),
    ),
    begin=f"{_BEGIN} Then choose to register an ECT.",
    ending="The ECT is registered, and gets an email.",
    session_minutes=SESSION_MINUTES,
    read_back=False,
    source="1.1",
    fits=who.is_ect,
    leads_to="registered",
    sets=_registered,
)

# --- registering a mentor (1.2) -------------------------------------------------------------------------------------

REGISTER_MENTOR = Journey(
    "register_mentor",
    "Register a mentor",
    frozenset({ChangeKind.CREATE}),
    (
        WebPage(
            "ect",
            "Choose the ECT",
            (Question("ECT to be mentored, by TRN", _CHOOSE, _trn("ect_trn"), ("ect_trn",)),),
            note="A mentor is always registered from the page of one ECT.",
            source="1.2",
        ),
        WebPage(
            "find",
            "Find a mentor",
            (_ASK_TRN, _ASK_BIRTH),
            note="Choose what the portal shows now.",
            outcomes=(
                _FOUND,
                _DIFFERS,
                _NOT_FOUND,
                _block("same_person", "The ECT cannot mentor themself"),
                _MENTOR_THERE,
                _PROHIBITED,
            ),
            source="1.2 step 1",
        ),
        WebPage(
            "ni_number",
            "National Insurance number",
            (_ASK_NI_NUMBER,),
            outcomes=(_FOUND, _NOT_MATCHED, _MENTOR_THERE, _PROHIBITED),
            aside=True,
            source="1.2 step 1a",
        ),
        WebPage(
            "name",
            "Check the details",
            (
                Question(
                    "Is the name right?",
                    _CHOOSE,
                    _name_right,
                    ("name_is_right",),
                    hint="Here Yes means that it is right: the other way round than for an ECT.",
                ),
                Question(
                    "Corrected full name",
                    _TYPE,
                    _said("corrected_name"),
                    ("corrected_name",),
                    shown=_is("name_is_right", "no"),
                ),
            ),
            source="1.2 step 2",
        ),
        WebPage("email", "Email address", (_ASK_EMAIL,), outcomes=(_ON, _IN_USE), source="1.2 step 3"),
        WebPage(
            "only_here",
            "Mentoring at your school only?",
            (Question("Only at your school?", _CHOOSE, _labelled("only_here", "yes_no"), ("only_here",)),),
            shown=_has("only_here"),
            note="Asked only of someone who is a mentor elsewhere today. Yes ends that the day before the start here.",
            source="1.2 step 6",
        ),
        WebPage(
            "start",
            "Start date as a mentor",
            (Question("Start date", _DATE, _said("started_on"), ("started_on",)),),
            shown=_has("started_on"),
            note="Asked only of a mentor who moves or returns. Otherwise it is today.",
            outcomes=(_ON, _NOT_YET),
            source="1.2 step 7",
        ),
        WebPage(
            "choices",
            "Previous training choices",
            (Question("Use them again?", _CHOOSE, _labelled("same_choices", "yes_no"), ("same_choices",)),),
            shown=_has("same_choices"),
            source="1.2 step 8",
        ),
        WebPage(
            "provider",
            "Mentor training",
            (_ASK_PROVIDER,),
            shown=_has("lead_provider"),
            note="The portal says whether the mentor can be trained. Choose this provider only where it differs from the ECT’s.",
            source="1.2 steps 4 and 5",
        ),
        WebPage("check", "Check your answers", button="Confirm details", source="1.2 step 9"),
    ),
    begin=f"{_BEGIN} Open the ECT, then choose to assign a mentor and to register a new one.",
    ending="The mentor is registered and linked to the ECT, and gets an email.",
    session_minutes=SESSION_MINUTES,
    read_back=False,
    source="1.2",
    fits=who.is_mentor,
    leads_to="registered",
    sets=_registered,
)

# --- the induction tutor (1.9) --------------------------------------------------------------------------------------

_TUTOR_PAGES = (
    WebPage(
        "tutor",
        "Induction tutor",
        (
            Question("Full name", _TYPE, _said("induction_tutor_name"), ("induction_tutor_name",)),
            Question("Email address", _TYPE, _said("induction_tutor_email"), ("induction_tutor_email",)),
        ),
        note="If the portal shows these already, answer that they are right. That confirms them for the year at once.",
        shown=lambda matter: (
            matter.base is None
            or matter.touches("induction_tutor_name", "induction_tutor_email", "induction_tutor_confirmed")
        ),
        source="1.9",
    ),
    WebPage(
        "check",
        "Check your answers",
        button="Confirm",
        shown=lambda matter: (
            matter.base is None or matter.touches("induction_tutor_name", "induction_tutor_email")
        ),
        source="1.9",
    ),
)

INDUCTION_TUTOR = Journey(
    "induction_tutor",
    "Declare the induction tutor",
    frozenset({ChangeKind.CREATE, ChangeKind.UPDATE}),
    _TUTOR_PAGES,
    begin=f"{_BEGIN} A school that has not confirmed its tutor is led there first.",
    ending="The induction tutor is confirmed for this contract period.",
    session_minutes=SESSION_MINUTES,
    read_back=False,
    source="1.9",
    fits=who.is_school,
    leads_to="registered",
    sets=lambda matter: {"induction_tutor_confirmed": contract_year(matter.today)},
)

# --- changes before induction ends (1.4 to 1.7) ---------------------------------------------------------------------

CHANGE = Journey(
    "change",
    "Change a teacher’s details",
    frozenset({ChangeKind.UPDATE}),
    (
        WebPage("name", "Change the name", (_ASK_NAME,), shown=_moved("corrected_name"), source="1.4"),
        WebPage(
            "same_person",
            "Is this the same person?",
            (
                Question(
                    "Is this the same person?", _CHOOSE, _same_person, ("same_person", "name_change_reason")
                ),
            ),
            shown=lambda matter: matter.touches("corrected_name") and _two_names(matter),
            note="Only correct the spelling or enter a legal change. Never give the record to another person.",
            source="1.4",
        ),
        WebPage(
            "email",
            "Change the email address",
            (_ASK_EMAIL,),
            shown=_moved("email"),
            note="The portal does not look here whether someone else uses it.",
            source="1.5",
        ),
        WebPage(
            "pattern",
            "Change the working pattern",
            (_ASK_PATTERN,),
            shown=_moved("working_pattern"),
            source="1.6",
        ),
        WebPage(
            "programme",
            "Change the training programme",
            (_ASK_PROGRAMME,),
            shown=_programme_moved,
            note="The training so far ends or goes. Do this only if it is agreed.",
            source="1.7",
        ),
        WebPage(
            "new_provider",
            "Choose the lead provider",
            (_ASK_PROVIDER,),
            shown=lambda matter: _programme_moved(matter) and _is_led(matter),
            source="1.7",
        ),
        WebPage("provider", "Change the lead provider", (_ASK_PROVIDER,), shown=_provider_only, source="1.7"),
        WebPage(
            "body",
            "Change the appropriate body",
            (_ASK_BODY,),
            shown=_moved("appropriate_body"),
            outcomes=(
                _ON,
                Outcome(
                    "locked",
                    "It cannot be changed",
                    ends=True,
                    told="An appropriate body has opened the induction. Ask the body itself, and put the answer back here.",
                ),
            ),
            source="1.7",
        ),
    ),
    begin=f"{_BEGIN} Open the teacher, then choose Change beside the answer.",
    ending="The portal shows the new answer.",
    session_minutes=SESSION_MINUTES,
    read_back=False,
    source="1.4 to 1.7",
    fits=who.is_person,
)

MENTOR = Journey(
    "mentor",
    "Assign or change a mentor",
    frozenset({ChangeKind.NESTED}),
    (
        WebPage(
            "mentor",
            "Who will mentor the ECT?",
            (
                Question(
                    "Mentor",
                    _CHOOSE,
                    _said("mentor_name"),
                    ("mentor_name", "mentor_trn", "started_on", "finished_on"),
                ),
                Question(
                    "TRN of the mentor",
                    _TYPE,
                    _trn("mentor_trn"),
                    needed=never,
                    hint="Only to tell two mentors of one name apart.",
                ),
            ),
            each="mentorships",
            shown=lambda matter: matter.fate == "added",
            note="Only mentors who are registered at your school are in the list. The mentor before ends by itself.",
            source="1.3, 1.6",
        ),
        WebPage(
            "training",
            "Mentor training",
            note="If the portal says that the mentor can be trained, take the ECT’s lead provider or choose another.",
            shown=lambda matter: any(
                f"mentorships.{child.id}" in matter.changed
                for child in matter.document.children.get("mentorships", ())
            ),
            source="1.3, 5",
        ),
    ),
    begin=f"{_BEGIN} Open the ECT, then choose to assign or to change the mentor.",
    ending="The portal shows the mentor beside the ECT.",
    session_minutes=SESSION_MINUTES,
    read_back=False,
    source="1.3, 1.6",
    fits=who.is_ect,
)

# --- leaving (1.8) --------------------------------------------------------------------------------------------------

LEAVING = Journey(
    "leave",
    "Record that someone is leaving",
    frozenset({ChangeKind.ACTION}),
    (
        WebPage(
            "date",
            "Last day at your school",
            (Question("Date", _DATE, _said("leaving_on"), ("leaving_on",)),),
            note="For good only. Parental leave and other long absences are not reported here.",
            source="1.8",
        ),
        WebPage(
            "check",
            "Check your answers",
            button="Confirm",
            note="Only DfE support can take it back.",
            source="1.8",
        ),
    ),
    begin=f"{_BEGIN} Open the teacher, then choose to tell that they have left or are leaving.",
    ending="The portal shows the teacher as leaving, or no more.",
    action="leave",
    session_minutes=SESSION_MINUTES,
    read_back=False,
    sets=lambda matter: {"finished_on": matter.get("leaving_on")},
    source="1.8",
    fits=who.is_person,
)

JOURNEYS = (INDUCTION_TUTOR, LEAVING, REGISTER_ECT, REGISTER_MENTOR, MENTOR, CHANGE)
"""In the order in which a school types them (section 9)."""
