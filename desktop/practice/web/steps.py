"""Steps of a trainee on the website: recommend, defer, withdraw, and what only the website has: reinstate, undo, delete."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from desktop.practice import actions, lists, placing
from desktop.practice.mapping import WITHDRAWAL_KEYS
from desktop.practice.pages import markup
from desktop.practice.pages.markup import Button, Html
from desktop.practice.record import Record
from desktop.practice.state import State, parse_day
from desktop.practice.trainees import save
from desktop.practice.validation import action_findings
from desktop.practice.web import answering, words
from desktop.practice.web.answering import Typed
from desktop.practice.web.records import STEP_WORDS, steps_of
from desktop.practice.web.sections import Ask
from desktop.practice.web.visit import NotFound, Routes, Visit
from desktop.practice.wire import Reply

Carry = Callable[[Record, Mapping[str, Any], State], "Record | dict[str, str]"]
"""A clone and the answers: the record as it stands afterwards, or what is wrong, by question."""


@dataclass(frozen=True)
class Step:
    """One step: what it asks, what it does, and what is said before and after."""

    name: str
    asks: tuple[Ask, ...]
    carry: Carry
    button: Button
    done: str
    note: str = ""


def _by_action(name: str, fields: Mapping[str, str]) -> Carry:
    """A step that the API has too: the same checks, in plain English. `fields` = question -> the API's name of it."""
    action = actions.ACTIONS[name][1]
    rules = "recommend" if name == "update-qts-or-eyts-status" else name
    asked_as = {api: question for question, api in fields.items()}

    def carry(record: Record, values: Mapping[str, Any], state: State) -> Record | dict[str, str]:
        data = {fields[question]: value for question, value in values.items() if value is not None}
        wrong = {
            asked_as.get(finding.field, ""): finding.message
            for finding in reversed(action_findings(rules, record, data, state))
        }
        if wrong:
            return wrong
        outcome = action(record, data, state)
        return (
            outcome if isinstance(outcome, Record) else {"": "Register did not take this. Check the answers"}
        )

    return carry


def _reinstate(record: Record, values: Mapping[str, Any], state: State) -> Record | dict[str, str]:
    back, end = parse_day(values["reinstate_date"]), parse_day(values["itt_end_date"])
    away = parse_day(record.get("defer_date"))
    if back is None or back > state.clock.today():
        return {"reinstate_date": "The date of return must not be in the future"}
    if away is not None and back < away:
        return {"reinstate_date": "The date of return must not be before the deferral"}
    if end is None or end <= back:
        return {"itt_end_date": "The expected end date must be after the date of return"}
    record.put("reinstate_date", values["reinstate_date"])
    record.put("itt_end_date", values["itt_end_date"])
    record.state = "trn_received" if record.get("trn") else "submitted_for_trn"
    return record


def _undo(record: Record, _: Mapping[str, Any], __: State) -> Record | dict[str, str]:
    for name in WITHDRAWAL_KEYS:
        record.put(name, None)
    deferred = record.get("defer_date") and not record.get("reinstate_date")
    back = "trn_received" if record.get("trn") else "submitted_for_trn"
    record.state = "deferred" if deferred else back
    return record


def _reasons(_record: Record, _state: State) -> Sequence[tuple[str, str]]:
    """Every reason once; those that only one side can have say so."""
    provider, trainee = lists.withdrawal_reasons("provider"), lists.withdrawal_reasons("trainee")
    found = []
    for code in dict.fromkeys((*provider, *trainee)):
        who = "" if code in provider and code in trainee else "provider" if code in provider else "trainee"
        said = words.words("withdrawal_reason", code)
        found.append((code, f"{said} (only if the {who} chose)" if who else said))
    return found


def _fixed(*pairs: tuple[str, str]) -> Callable[[Record, State], Sequence[tuple[str, str]]]:
    return lambda _record, _state: pairs


_WITHDRAW_ASKS = (
    Ask("withdrawal_date", "When did the trainee withdraw?", "day", True),
    Ask(
        "trigger",
        "Who chose to withdraw the trainee?",
        "one",
        True,
        _fixed(("provider", "The provider"), ("trainee", "The trainee")),
    ),
    Ask("reasons", "Why did the trainee withdraw?", "any", True, _reasons, "Choose all that apply"),
    Ask("another_reason", "Details of another reason", "long", hint="Only if you chose another reason"),
    Ask(
        "safeguarding_concern_reasons",
        "Details of the safeguarding concerns",
        "long",
        hint="Only if you chose them",
    ),
    Ask(
        "future_interest",
        "Would the trainee be interested in becoming a teacher in the future?",
        "one",
        True,
        _fixed(("yes", "Yes"), ("no", "No"), ("unknown", "Do not know")),
    ),
)
_SAME = {ask.name: ask.name for ask in _WITHDRAW_ASKS}
_MET = "qts_standards_met_date"
_STEPS = {
    step.name: step
    for step in (
        Step(
            "recommend",
            (Ask(_MET, "When did the trainee meet the QTS or EYTS requirements?", "day", True),),
            _by_action("update-qts-or-eyts-status", {_MET: _MET}),
            Button("Recommend trainee"),
            "Trainee recommended for QTS or EYTS",
        ),
        Step(
            "defer",
            (
                Ask("defer_date", "When did the trainee defer?", "day", True),
                Ask("defer_reason", "Reason for deferral (optional)", "long"),
            ),
            _by_action("defer", {"defer_date": "defer_date", "defer_reason": "defer_reason"}),
            Button("Defer this trainee"),
            "Trainee deferred",
        ),
        Step(
            "withdraw",
            _WITHDRAW_ASKS,
            _by_action("withdraw", _SAME),
            Button("Withdraw this trainee", "grave"),
            "Trainee withdrawn",
            "Only the support team of the real service can undo a withdrawal.",
        ),
        Step(
            "reinstate",
            (
                Ask("reinstate_date", "When did the trainee return?", "day", True),
                Ask("itt_end_date", "Expected end date", "day", True),
            ),
            _reinstate,
            Button("Reinstate this trainee"),
            "Trainee reinstated",
        ),
        Step(
            "undo-withdrawal",
            (Ask("ticket", "Reason, or number of the support request", needed=True),),
            _undo,
            Button("Undo the withdrawal"),
            "Withdrawal undone",
            "In the real service this page is for the support team: write to them. Here you play their part.",
        ),
    )
}


def _shown(visit: Visit, typed: Typed | None = None) -> Reply:
    record, step = _allowed(visit)
    held = {ask.name: answering.held(ask, record) for ask in step.asks if ask.name == "itt_end_date"}
    typed = typed or Typed(shown=held)
    asked = answering.questions(step.asks, typed.shown, typed.errors, record, visit.state)
    form = visit.post(
        f"/trainees/{record.slug}/{step.name}", [markup.question(one) for one in asked], step.button
    )
    body: list[Html] = [markup.paragraph(step.note) if step.note else markup.NOTHING, form]
    general = [typed.errors[""]] if typed.errors.get("") else []
    return visit.show(
        STEP_WORDS[step.name],
        body,
        caption=words.full_name(record),
        at="/trainees",
        back=f"/trainees/{record.slug}",
        asked=asked,
        wrong=general,
    )


def _allowed(visit: Visit) -> tuple[Record, Step]:
    """The trainee and the step. Raises NotFound when the state does not allow it."""
    record = visit.record()
    if visit.args[1] not in steps_of(record):
        raise NotFound
    return record, _STEPS[visit.args[1]]


def _carry_out(visit: Visit) -> Reply:
    record, step = _allowed(visit)
    typed = answering.read(step.asks, visit.form, record, visit.state)
    if not typed.errors:
        outcome = step.carry(record.clone(), typed.values, visit.state)
        if isinstance(outcome, Record):
            save(outcome, record, visit.state)
            return visit.go(f"/trainees/{record.slug}", step.done, effect=True)
        typed.errors = outcome
    return _shown(visit, typed)


def _deletable(visit: Visit) -> Record:
    record = visit.record()
    if record.state != "draft" and "delete" not in steps_of(record):
        raise NotFound
    return record


def _ask_delete(visit: Visit) -> Reply:
    record = _deletable(visit)
    draft = record.state == "draft"
    path = f"/trainees/{record.slug}"
    body = [
        markup.paragraph("The record goes for good. You cannot bring it back."),
        visit.post(
            f"{path}/delete", "", Button("Delete this draft" if draft else "Delete this trainee", "grave")
        ),
        markup.paragraph(markup.link(path, "Cancel")),
    ]
    return visit.show(
        f"Are you sure you want to delete this {'draft' if draft else 'trainee'}?",
        body,
        caption=words.full_name(record),
        at="/drafts" if draft else "/trainees",
        back=path,
    )


def _delete(visit: Visit) -> Reply:
    record = _deletable(visit)
    placing.discard(record, visit.state)
    return visit.go("/drafts" if record.state == "draft" else "/trainees", "Record deleted", effect=True)


_ONE = "/trainees/([A-Za-z0-9_-]{1,64})"
_NAMES = "|".join(_STEPS)
ROUTES: Routes = (
    ("GET", f"{_ONE}/({_NAMES})", _shown),
    ("POST", f"{_ONE}/({_NAMES})", _carry_out),
    ("GET", f"{_ONE}/delete", _ask_delete),
    ("POST", f"{_ONE}/delete", _delete),
)
