"""Steps that Register cannot undo: defer, withdraw, recommend; and those that only its website or its support team can do:
reinstate, delete, undo a withdrawal. Source: domain pack 0, 1.8, 3.1 and 3.2.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from desktop.collections.declare import ERROR, WARNING, Demand
from desktop.collections.reading import day, is_blank, long_day, text
from desktop.collections.trainees import tables
from desktop.collections.trainees.states import STATES
from desktop.model.collection import Action, Context, Field, Kind, Required
from desktop.model.document import Document, Fields
from desktop.model.finding import Finding

MAX_REASON = 500
"""Longest reason of a deferral, in characters (1.8); our own limit for the texts of a withdrawal too is MAX_TEXT."""

MAX_TEXT = 10_000
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_WRONG_STATE = "It’s not possible to perform this action while the trainee is in its current state"

STATE = Demand("T-ACT-STATE", ERROR, "An action needs a record in a state that allows it.", "1.8, 3.1")
TEXT = Demand("T-ACT-TEXT", ERROR, "Text of an action has no control characters and is not too long.", "1.8")
DEFER_DATE = Demand(
    "T-DEFER-DATE", ERROR, "A deferral needs the day from which the trainee is deferred.", "1.8"
)
DEFER_AHEAD = Demand(
    "T-DEFER-AHEAD", WARNING, "A deferral usually lies neither ahead nor before the course.", "1.8"
)
WITHDRAW_STARTED = Demand(
    "T-WITHDRAW-STARTED", ERROR, "Only a trainee whose course has started can be withdrawn.", "1.8"
)
WITHDRAW_DATE = Demand(
    "T-WITHDRAW-DATE", ERROR, "A withdrawal needs a day, not before the course start.", "1.8"
)
WITHDRAW_AHEAD = Demand(
    "T-WITHDRAW-AHEAD", WARNING, "A withdrawal usually does not lie in the future.", "1.8"
)
WITHDRAW_REASONS = Demand(
    "T-WITHDRAW-REASONS",
    ERROR,
    "A withdrawal needs at least one reason, and each must fit who decided it.",
    "1.8",
)
WITHDRAW_TRIGGER = Demand(
    "T-WITHDRAW-TRIGGER", ERROR, "A withdrawal says who decided it: provider or trainee.", "1.8"
)
WITHDRAW_FUTURE = Demand(
    "T-WITHDRAW-FUTURE",
    ERROR,
    "A withdrawal says whether the trainee may teach later: yes, no or unknown.",
    "1.8",
)
WITHDRAW_TEXT = Demand(
    "T-WITHDRAW-TEXT", ERROR, "Some reasons of a withdrawal need words of explanation.", "1.8"
)
RECOMMEND_DATE = Demand(
    "T-RECOMMEND-DATE",
    ERROR,
    "A recommendation needs the day on which the standards were met: not ahead, not before the course start.",
    "1.8",
)
RECOMMEND_DEGREE = Demand(
    "T-RECOMMEND-DEGREE", ERROR, "A recommendation needs a degree, if the route asks for one.", "1.8"
)
RECOMMEND_PLACEMENTS = Demand(
    "T-RECOMMEND-PLACEMENTS", ERROR, "A recommendation needs as many placements as the route asks for.", "3.2"
)
DELETE_STARTED = Demand(
    "T-DELETE-STARTED", ERROR, "Only a trainee who has not started can be deleted.", "0, 3.1"
)
REINSTATE_DATE = Demand(
    "T-REINSTATE-DATE", ERROR, "A reinstatement needs the day of return, not before the deferral.", "0, 3.1"
)
REINSTATE_END = Demand(
    "T-REINSTATE-END", ERROR, "A reinstatement needs the new expected end date, after the return.", "0, 3.1"
)
UNDO_WHY = Demand("T-UNDO-WHY", ERROR, "Undoing a withdrawal needs a reason for the support team.", "3.1")

DEMANDS = (
    STATE, TEXT, DEFER_DATE, DEFER_AHEAD, WITHDRAW_STARTED, WITHDRAW_DATE, WITHDRAW_AHEAD, WITHDRAW_REASONS,
    WITHDRAW_TRIGGER, WITHDRAW_FUTURE, WITHDRAW_TEXT, RECOMMEND_DATE, RECOMMEND_DEGREE, RECOMMEND_PLACEMENTS,
)  # fmt: skip
"""Every rule about an action, as published."""


def reason_codes(value: object) -> tuple[str, ...]:
    """The reasons of a withdrawal from what was typed: `a,b`, `a; b`, one a line, or a JSON list. In order, no repeats."""
    if isinstance(value, (list, tuple)):
        parts: Sequence[object] = value
    else:
        parts = _split(text(value)[:MAX_TEXT].strip())
    named = (text(part).strip() for part in parts)
    return tuple(dict.fromkeys(name for name in named if name))


def _split(typed: str) -> Sequence[object]:
    if typed.startswith("["):
        try:
            parsed = json.loads(typed)
        except (ValueError, RecursionError):
            parsed = None
        if isinstance(parsed, list):
            return parsed
    return re.split(r"[,;\n]", typed)


def _state(
    context: Context, allowed: Iterable[str], must: str, field: str, portal_text: str
) -> Iterator[Finding]:
    if context.state in allowed:
        return
    where = _where(context.state)
    yield STATE.say(field, f"{where} {must}", portal_text)


def _where(state: str) -> str:
    if not state:
        return "The record is not yet at Register."
    label = next((known.label for known in STATES if known.key == state), state)
    return f"The record is in the state “{label}”."


def _texts(fields: Fields, names: Iterable[str], at_most: int) -> Iterator[Finding]:
    for name in names:
        value = text(fields.get(name))
        if len(value) > at_most:
            portal = f"is too long (maximum is {at_most} characters)" if at_most == MAX_REASON else ""
            yield TEXT.say(name, f"This text is too long. Shorten it to {at_most} characters.", portal)
        elif _CONTROL.search(value):
            yield TEXT.say(name, "This text holds characters that cannot be seen. Type it again.")


# --- defer ----------------------------------------------------------------------------------------------------------


def check_defer(document: Document, fields: Fields, context: Context) -> Iterator[Finding]:
    """A day that can be read, a reason that is not too long, and a state that allows it."""
    typed = fields.get("defer_date")
    when, start = day(typed), day(document.get("itt_start_date"))
    if is_blank(typed):
        yield DEFER_DATE.say(
            "defer_date", "Enter the date from which the trainee is deferred.", "can't be blank"
        )
    elif when is None:
        yield DEFER_DATE.say("defer_date", _NOT_A_DAY, "is invalid")
    elif when > context.today:
        yield DEFER_AHEAD.say(
            "defer_date", "This date is in the future. Check it; Register takes it as it is."
        )
    elif start is not None and when < start:
        said = f"This date is before the course start on {long_day(start)}. Check it; Register takes it as it is."
        yield DEFER_AHEAD.say("defer_date", said)
    yield from _texts(fields, ("defer_reason",), MAX_REASON)
    portal = "is invalid must be one of [submitted_for_trn, trn_received]"
    yield from _state(context, DEFER.allowed, "Only a trainee in training can be deferred.", "state", portal)


_NOT_A_DAY = "This is not a date. Enter one such as 7 September 2026."


# --- withdraw -------------------------------------------------------------------------------------------------------


def check_withdraw(document: Document, fields: Fields, context: Context) -> Iterator[Finding]:
    """State, start, day, reasons that fit who decided, and the words that some reasons need."""
    must = "Only a trainee in training or deferred can be withdrawn."
    wrong_state = tuple(_state(context, WITHDRAW.allowed, must, "", _WRONG_STATE))
    yield from wrong_state
    start = day(document.get("itt_start_date"))
    if not wrong_state and start is not None and start > context.today:
        said = f"The course starts on {long_day(start)}. A trainee can be withdrawn from that day on."
        yield WITHDRAW_STARTED.say("", said, _WRONG_STATE)
    yield from _withdrawal_date(fields.get("withdrawal_date"), document, context)
    yield from _withdrawal_choices(fields)
    yield from _texts(fields, ("another_reason", "safeguarding_concern_reasons"), MAX_TEXT)


def _withdrawal_date(typed: object, document: Document, context: Context) -> Iterator[Finding]:
    when, start = day(typed), day(document.get("itt_start_date"))
    if is_blank(typed):
        yield WITHDRAW_DATE.say(
            "withdrawal_date", "Enter the date of the withdrawal.", "Choose a withdrawal date"
        )
    elif when is None:
        yield WITHDRAW_DATE.say("withdrawal_date", _NOT_A_DAY, "Choose a valid withdrawal date")
    elif start is not None and when < start:
        said = f"The withdrawal is before the course start. Enter {long_day(start)} or a later date."
        yield WITHDRAW_DATE.say("withdrawal_date", said, "must be after itt_start_date")
    elif when > context.today:
        yield WITHDRAW_AHEAD.say(
            "withdrawal_date", "This date is in the future. Check it; Register takes it as it is."
        )


def _withdrawal_choices(fields: Fields) -> Iterator[Finding]:
    reasons = reason_codes(fields.get("reasons"))
    fitting = tables.withdrawal_reasons()
    trigger = text(fields.get("trigger"))
    portal = "entered not valid for selected trigger eg unacceptable_behaviour for a trainee trigger"
    if not reasons:
        said = "Choose one or more reasons for the withdrawal."
        yield WITHDRAW_REASONS.say(
            "reasons", said, "Choose one or more reasons why the trainee withdrew from the course"
        )
    elif not fitting.get(trigger, frozenset()).issuperset(reasons):
        who = {"provider": "the provider decided", "trainee": "the trainee decided"}.get(trigger)
        said = (
            f"A reason here does not fit a withdrawal that {who}."
            if who
            else "The reasons depend on who decided."
        )
        yield WITHDRAW_REASONS.say("reasons", f"{said} Choose reasons from the list again.", portal)
    if trigger not in fitting:
        said = "Choose who decided the withdrawal: the provider or the trainee."
        yield WITHDRAW_TRIGGER.say("trigger", said, "is not included in the list")
    if text(fields.get("future_interest")) not in tables.PACK.codes("future_interest"):
        said = "Choose whether the trainee may want to teach later: Yes, No or Not known."
        yield WITHDRAW_FUTURE.say("future_interest", said, "is not included in the list")
    yield from _withdrawal_words(fields, frozenset(reasons))


def _withdrawal_words(fields: Fields, reasons: frozenset[str]) -> Iterator[Finding]:
    other, safeguarding = tables.reasons_with_text()
    if reasons & other and is_blank(fields.get("another_reason")):
        yield WITHDRAW_TEXT.say("another_reason", "Say what the other reason is.", "Enter another reason")
    if reasons & safeguarding and is_blank(fields.get("safeguarding_concern_reasons")):
        said = "Say what the safeguarding concerns are."
        yield WITHDRAW_TEXT.say("safeguarding_concern_reasons", said, "Enter the concerns")


# --- recommend ------------------------------------------------------------------------------------------------------


def check_recommend(document: Document, fields: Fields, context: Context) -> Iterator[Finding]:
    """A day of the past, a degree and placements as the route asks, and a TRN already received."""
    yield from _standards_met(fields.get("qts_standards_met_date"), document, context)
    route = tables.route_of(document.get("training_route"))
    if route is not None and route.degree and not document.children.get("degrees"):
        said = "This route needs a degree. Add the trainee's degree first."
        yield RECOMMEND_DEGREE.say("degree_id", said, "must be completed before qts_standards_met_date")
    held = len(document.children.get("placements", ()))
    if route is not None and route.placements_page and held < route.placements:
        need = "1 placement" if route.placements == 1 else f"{route.placements} placements"
        said = f"This route needs {need}, the record has {held}. Add the missing ones first."
        portal = f"must be at least {route.placements} for the {route.name} training route"
        yield RECOMMEND_PLACEMENTS.say("placements", said, portal)
    must = "Only a trainee whose TRN was received can be recommended."
    yield from _state(context, RECOMMEND.allowed, must, "state", "must be selected as trn_received")


def _standards_met(typed: object, document: Document, context: Context) -> Iterator[Finding]:
    name = "qts_standards_met_date"
    when, start = day(typed), day(document.get("itt_start_date"))
    if is_blank(typed):
        portal = "can't be blank. Enter a date the trainee met the QTS or EYTS requirements."
        yield RECOMMEND_DATE.say(name, "Enter the date on which the trainee met the standards.", portal)
    elif when is None:
        yield RECOMMEND_DATE.say(name, _NOT_A_DAY, "is invalid")
    else:
        if when > context.today:
            said = f"This date is in the future. Enter {long_day(context.today)} or an earlier date."
            yield RECOMMEND_DATE.say(name, said, "must not be in the future")
        if start is not None and when < start:
            said = f"This date is before the course start. Enter {long_day(start)} or a later date."
            yield RECOMMEND_DATE.say(name, said, "must be after itt_start_date")


# --- what only the website or the support team does -----------------------------------------------------------------


def check_delete(document: Document, fields: Fields, context: Context) -> Iterator[Finding]:
    """Nobody who has started: Register's website asks, and then offers to defer or withdraw instead."""
    started = day(document.get("trainee_start_date"))
    if started is not None and started <= context.today:
        said = f"The trainee started on {long_day(started)}, and Register deletes nobody who has. Withdraw them instead."
        yield DELETE_STARTED.say("", said)
    yield from _texts(fields, ("delete_reason",), MAX_TEXT)
    must = "Only a trainee without an award or a withdrawal can be deleted."
    yield from _state(context, DELETE.allowed, must, "", _WRONG_STATE)


def check_reinstate(_document: Document, fields: Fields, context: Context) -> Iterator[Finding]:
    """A day of return, not before the deferral; an end after it; and a trainee who is deferred."""
    typed, ends = fields.get("return_date"), fields.get("new_end_date")
    back, end, deferred = day(typed), day(ends), day(text(context.extras.get("defer_date"))[:10])
    if is_blank(typed):
        yield REINSTATE_DATE.say("return_date", "Enter the date on which the trainee returned.")
    elif back is None:
        yield REINSTATE_DATE.say("return_date", _NOT_A_DAY)
    elif deferred is not None and back < deferred:
        said = f"The return is before the deferral. Enter {long_day(deferred)} or a later date."
        yield REINSTATE_DATE.say("return_date", said)
    if is_blank(ends):
        yield REINSTATE_END.say("new_end_date", "Enter the date on which the course is expected to end now.")
    elif end is None:
        yield REINSTATE_END.say("new_end_date", _NOT_A_DAY)
    elif back is not None and end <= back:
        said = f"The end is not after the return. Enter a date after {long_day(back)}."
        yield REINSTATE_END.say("new_end_date", said)
    yield from _state(context, REINSTATE.allowed, "Only a deferred trainee can be reinstated.", "state", "")


def check_undo(_document: Document, fields: Fields, context: Context) -> Iterator[Finding]:
    """A reason, and a trainee who is withdrawn."""
    if is_blank(fields.get("undo_reason")):
        yield UNDO_WHY.say("undo_reason", "Say why the withdrawal is to be undone.")
    yield from _texts(fields, ("undo_reason",), MAX_TEXT)
    must = "Only a withdrawal can be undone."
    yield from _state(context, UNDO_WITHDRAWAL.allowed, must, "state", "")


# --- what Register shows afterwards ---------------------------------------------------------------------------------


def _same_day(extras: Mapping[str, Any], key: str, typed: object) -> bool:
    shown = text(extras.get(key))[:10]
    return bool(shown) and shown == text(typed)[:10]


def _deferred(state: str, extras: Mapping[str, Any], fields: Fields) -> bool:
    return state == "deferred" and _same_day(extras, "defer_date", fields.get("defer_date"))


def _withdrawn(state: str, extras: Mapping[str, Any], fields: Fields) -> bool:
    return state == "withdrawn" and _same_day(extras, "withdrawal_date", fields.get("withdrawal_date"))


def _recommended(state: str, extras: Mapping[str, Any], fields: Fields) -> bool:
    moved = state in ("recommended_for_award", "awarded")
    return moved and _same_day(extras, "outcome_date", fields.get("qts_standards_met_date"))


def _reinstated(state: str, _extras: Mapping[str, Any], _fields: Fields) -> bool:
    """In training again; from a deferral or a withdrawal there is no other way to that."""
    return state in ("submitted_for_trn", "trn_received")


def _never_shown(_state: str, _extras: Mapping[str, Any], _fields: Fields) -> bool:
    """What was deleted still answers by its id (1.3): only its absence from a whole list shows it."""
    return False


_YES = Required.ALWAYS
_SOMETIMES = Required.SOMETIMES

DEFER = Action(
    name="defer",
    label="Defer",
    fields=(
        Field("defer_date", "Date of deferral", Kind.DATE, required=_YES),
        Field("defer_reason", "Reason", Kind.TEXT, max_length=MAX_REASON),
    ),
    allowed=frozenset({"submitted_for_trn", "trn_received"}),
    leads_to="deferred",
    warning="Only Register's own website can bring a deferred trainee back.",
    check=check_defer,
    done=_deferred,
)

WITHDRAW = Action(
    name="withdraw",
    label="Withdraw",
    fields=(
        Field("withdrawal_date", "Date of withdrawal", Kind.DATE, required=_YES),
        Field("trigger", "Who decided", Kind.CODE, codes="withdrawal_trigger", required=_YES),
        Field(
            "reasons",
            "Reasons",
            Kind.TEXT,
            codes="withdrawal_reason",
            required=_YES,
            help="One or more from the list, with commas between them.",
        ),
        Field("another_reason", "The other reason", Kind.TEXT, required=_SOMETIMES),
        Field("safeguarding_concern_reasons", "The safeguarding concerns", Kind.TEXT, required=_SOMETIMES),
        Field("future_interest", "May teach later", Kind.CODE, codes="future_interest", required=_YES),
    ),
    allowed=frozenset({"submitted_for_trn", "trn_received", "deferred"}),
    leads_to="withdrawn",
    warning="Register cannot undo a withdrawal; only its support team can.",
    check=check_withdraw,
    done=_withdrawn,
)

RECOMMEND = Action(
    name="recommend",
    label="Recommend for QTS or EYTS",
    fields=(Field("qts_standards_met_date", "Date the standards were met", Kind.DATE, required=_YES),),
    allowed=frozenset({"trn_received"}),
    leads_to="recommended_for_award",
    warning="Register cannot undo a recommendation, and takes no more edits of the record after it.",
    check=check_recommend,
    done=_recommended,
)

REINSTATE = Action(
    name="reinstate",
    label="Reinstate",
    fields=(
        Field("return_date", "Date of return", Kind.DATE, required=_YES),
        Field("new_end_date", "Expected end date now", Kind.DATE, required=_YES),
    ),
    allowed=frozenset({"deferred"}),
    leads_to="trn_received",
    warning="Only Register's website can reinstate a trainee. Holdfast gives you the sheet to type from.",
    check=check_reinstate,
    done=_reinstated,
    by_hand=True,
)

UNDO_WITHDRAWAL = Action(
    name="undo-withdrawal",
    label="Undo the withdrawal",
    fields=(Field("undo_reason", "Why", Kind.TEXT, max_length=MAX_REASON, required=_YES),),
    allowed=frozenset({"withdrawn"}),
    leads_to="trn_received",
    warning="Only Register's support team can undo a withdrawal. Holdfast gives you what to write to them.",
    check=check_undo,
    done=_reinstated,
    by_hand=True,
)

DELETE = Action(
    name="delete",
    label="Delete",
    fields=(
        Field(
            "delete_reason",
            "Why, for your own history",
            Kind.TEXT,
            max_length=MAX_REASON,
            help="Register does not ask. Leave it empty if you like.",
        ),
    ),
    allowed=frozenset({"draft", "submitted_for_trn", "trn_received", "deferred"}),
    leads_to="",
    warning="Only Register's website can delete a trainee, and nobody can bring them back.",
    check=check_delete,
    done=_never_shown,
    by_hand=True,
)

ACTIONS = (DEFER, WITHDRAW, RECOMMEND, REINSTATE, UNDO_WITHDRAWAL, DELETE)
