"""Register's own website, journey by journey: which of its pages come for what a person does, and in which order.

Order and words: the pages of the service at the commit of the domain pack (section 0 names what only they can do; 1.8, 2, 2.2
and 3 what they ask). A page that the website skips for a route or a state is skipped here by the same test.
"""

from __future__ import annotations

from dataclasses import replace

from desktop.collections.reading import text
from desktop.collections.trainees import sheet_answers as say
from desktop.collections.trainees import sheet_pages as pages
from desktop.collections.trainees.sheet_answers import REASONS, ROUTES, SESSION_MINUTES, SUPPORT
from desktop.model.change import ChangeKind
from desktop.model.journey import Entry, Journey, Outcome, Question, WebPage, never

__all__ = ["JOURNEYS", "REASONS", "REGISTER", "ROUTES"]

_TYPE, _CHOOSE, _TICK, _DATE = Entry.TYPE, Entry.CHOOSE, Entry.TICK, Entry.DATE

_ON_RECORD = "Sign in to Register trainee teachers and open the trainee’s record."
_ACTION = frozenset({ChangeKind.ACTION})

REGISTER = Journey(
    "register",
    "Register a trainee",
    frozenset({ChangeKind.CREATE}),
    (
        pages.ROUTE,
        *pages.SECTIONS,
        WebPage(
            "check",
            "Check trainee record",
            button="Register trainee and request TRN",
            note="On the draft, press Check this record. Then press Register trainee and request TRN.",
            source="1.5, 3.1",
        ),
        replace(pages.ON_TIME, shown=say.started),
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
    (*pages.CHANGED, pages.CONFIRM_CHANGE),
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
        pages.DID_START,
        pages.DID_START_ON_TIME,
        replace(
            pages.dated("date", "When did the trainee defer?", "On what date?", "defer_date", "1.8"),
            shown=say.started,
        ),
        WebPage(
            "reason",
            "Why has the trainee deferred?",
            (
                Question(
                    "Why has the trainee deferred?",
                    _TYPE,
                    say.said("defer_reason"),
                    ("defer_reason",),
                    needed=never,
                ),
            ),
            source="1.8",
        ),
        pages.check("check", "Check deferral details", "Defer this trainee", "1.8"),
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
        pages.DID_START,
        pages.DID_START_ON_TIME,
        WebPage("start", "Withdraw trainee", button="Start", shown=say.not_(say.start_unknown), source="1.8"),
        pages.dated("date", "When did the trainee withdraw?", "On what date?", "withdrawal_date", "1.8"),
        WebPage(
            "trigger",
            "Who chose to withdraw the trainee?",
            (
                Question(
                    "Who chose to withdraw the trainee?",
                    _CHOOSE,
                    lambda m: say.TRIGGERS.get(text(m.get("trigger")), ""),
                    ("trigger",),
                ),
            ),
            source="1.8",
        ),
        WebPage(
            "reasons",
            pages.reasons_heading,
            (
                Question("Reasons", _TICK, pages.reasons, ("reasons",)),
                Question(
                    "Enter the reason",
                    _TYPE,
                    say.said("another_reason"),
                    ("another_reason",),
                    shown=pages.with_words(0),
                ),
                Question(
                    "Enter the concerns",
                    _TYPE,
                    say.said("safeguarding_concern_reasons"),
                    ("safeguarding_concern_reasons",),
                    shown=pages.with_words(1),
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
                    lambda m: say.FUTURE.get(text(m.get("future_interest")), ""),
                    ("future_interest",),
                ),
            ),
            source="1.8",
        ),
        pages.check("check", "Check withdrawal details", "Withdraw this trainee", "1.8"),
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
        pages.dated(
            "date",
            lambda m: f"When did the trainee’s {pages.award(m)} status change?",
            "Date the trainee’s status changed",
            "qts_standards_met_date",
            "1.8, 3.2",
        ),
        pages.check("check", "Check your answers", "Update status", "1.8"),
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
            pages.dated("date", "When did the trainee return?", "On what date?", "return_date", "0, 3.1"),
            shown=say.started,
        ),
        WebPage(
            "end",
            "What is the expected end date for their course?",
            (Question("Expected end date", _DATE, say.said("new_end_date"), ("new_end_date",)),),
            shown=say.started,
            source="0, 3.1",
        ),
        pages.check("check", "Check reinstatement details", "Reinstate this trainee", "0, 3.1"),
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
                Question("To", _TYPE, say.fixed(SUPPORT)),
                Question("Subject", _TYPE, say.fixed("Undo a withdrawal in Register trainee teachers")),
                Question("Message", _TYPE, pages.message, ("undo_reason",)),
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
            (Question("Did the trainee start their ITT?", _CHOOSE, say.fixed("No, they did not start")),),
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
