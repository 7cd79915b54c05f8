"""`lookup`: teachers in the Teaching Record System, for organisations that hold a key of DfE's. Off until it is set up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from desktop.cli import typed, words
from desktop.cli.answer import Answer, Exit
from desktop.cli.output import printable
from desktop.cli.session import Session, ask
from desktop.cli.syncing import stoppable
from desktop.cli.workspace import variable_name
from desktop.collections.ects.advice import DECIDES
from desktop.model.errors import UsageError
from desktop.model.teacher import Said
from desktop.model.verdict import PortalState, Unavailable
from desktop.services import tokens
from desktop.services.lookup import Batch, LookupView
from desktop.services.views import Progress

_COLLECTION = "ects"
_MOST_BYTES = 64 * 1024


def lookup(session: Session) -> Answer:
    """Look up, set up, switch off, or say how it stands. Raises UsageError, UnknownRef."""
    args = session.args
    if args.off:
        session.workspace.lookup.switch_off()
        return Answer({"on": False}, lambda: ("Teacher lookup is off. Key and answers are erased.",))
    if args.set_up is not None:
        return _set_up(session, args.set_up)
    if args.all == bool(args.refs):
        if args.all:
            raise UsageError("Name records, or say --all; not both.")
        return _standing(session)
    if args.ni_number_stdin and len(args.refs) != 1:
        raise UsageError("--ni-number-stdin is for one record.")
    return _look(session)


def _set_up(session: Session, url: str) -> Answer:
    args = session.args
    if not (args.key_env or args.key_stdin):
        raise UsageError("--set-up needs the key: --key-env VAR or --key-stdin.")
    setting = session.workspace.lookup.configure(
        url,
        key=_secret(session, "Key: ") if args.key_stdin else "",
        key_env=variable_name(args.key_env) if args.key_env else "",
        in_workspace=args.key_stdin and not tokens.credential_store(),
    )
    probe = session.workspace.lookup.test()
    data = {"on": setting.on, "url": setting.url, "state": probe.state, "detail": probe.detail}
    return Answer(data, lambda: (f"Teacher lookup is on. {probe.detail}",), _code_of(probe.state))


def _standing(session: Session) -> Answer:
    setting = session.workspace.lookup.setting()
    data = {"on": setting.on, "url": setting.url or None, "wait_until": words.iso(setting.wait_until)}
    on = f"Teacher lookup is on: {setting.url}. Next: holdfast lookup REF, or --all."
    off = "Teacher lookup is off. With a key of DfE's: holdfast lookup --set-up URL --key-stdin"
    return Answer(data, lambda: (on if setting.on else off,))


def _look(session: Session) -> Answer:
    args, service = session.args, session.workspace.lookup
    if args.all:
        found = service.waiting(_COLLECTION)
    else:
        found = [session.workspace.records.resolve(_COLLECTION, ref) for ref in args.refs]
    if len(found) == 1 and not args.all:
        number = _secret(session, "National Insurance number: ") if args.ni_number_stdin else ""
        batch = _as_batch(service.look(found[0], number))
    else:
        with stoppable() as cancelled:
            batch = service.look_all(found, _teller(session), cancelled)
        session.progress.end()
    return Answer(_data(batch), lambda: _lines(batch), _code(batch))


def _teller(session: Session) -> Callable[[Progress], None]:
    def tell(progress: Progress) -> None:
        session.progress.tell(progress.words)

    return tell


def _as_batch(view: LookupView) -> Batch:
    return Batch((), left=1, trouble=view.trouble) if view.trouble else Batch((view,))


def _secret(session: Session, prompt: str) -> str:
    if session.may_ask:
        return ask(prompt).strip()
    return typed.stdin_bytes(_MOST_BYTES).decode("utf-8", "replace").strip()


def _code(batch: Batch) -> int:
    """5 when the key is refused, 3 when there was no answer, else 1 while something speaks against registering."""
    if batch.trouble is not None:
        return _code_of(batch.trouble.state)
    asks = batch.left or batch.passed_over or any(view.stops for view in batch.looked)
    return Exit.NEEDS_YOU if asks else Exit.DONE


def _code_of(state: PortalState) -> int:
    if state is PortalState.SIGN_IN:
        return Exit.SIGN_IN
    return Exit.DONE if state is PortalState.UP else Exit.UNAVAILABLE


# --- for programs ---------------------------------------------------------------------------------------------------


def _data(batch: Batch) -> dict[str, Any]:
    return {
        "looked": [_view(view) for view in batch.looked],
        "passed_over": [
            {"record": view.record_id, "label": view.label, "why": view.why_not} for view in batch.passed_over
        ],
        "left": batch.left,
        "trouble": _trouble(batch.trouble),
    }


def _view(view: LookupView) -> dict[str, Any]:
    assert view.answer is not None
    return {
        "record": view.record_id,
        "label": view.label,
        **view.answer.to_json(),
        "name": view.answer.name if view.answer.said is Said.FOUND else "",
        "stops": view.stops,
        "lines": list(view.lines),
        "at": words.iso(view.at),
        "advice": True,
    }


def _trouble(trouble: Unavailable | None) -> dict[str, Any] | None:
    if trouble is None:
        return None
    return {"state": trouble.state, "detail": trouble.detail, "retry_after_s": trouble.retry_after_s}


# --- for people -----------------------------------------------------------------------------------------------------


def _lines(batch: Batch) -> Iterator[str]:
    for view in batch.looked:
        yield printable(f"{view.label}: {'something speaks against registering' if view.stops else 'found'}")
        yield from (printable(f"  {line}") for line in view.lines)
    for view in batch.passed_over:
        yield printable(f"{view.label}: not looked up. {view.why_not}")
    if batch.trouble is not None:
        wait = batch.trouble.retry_after_s
        yield batch.trouble.detail + (f" Try again in {round(wait):,} s." if wait else "")
    if batch.left:
        yield f"{batch.left:,} not looked up. Run it again to go on."
    if not (batch.looked or batch.passed_over or batch.left):
        yield "Nobody is left to look up."
    if batch.looked:
        yield f"This is what the Teaching Record System says today. {DECIDES}"
