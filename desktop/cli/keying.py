"""`key`: what a person types on the portal's own website, as sheets to type from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from desktop.cli import words
from desktop.cli.answer import Answer, Exit
from desktop.cli.keying_run import run as keying_run
from desktop.cli.output import table
from desktop.cli.session import Session
from desktop.handover.sheets import HOW, Sheet, as_rows
from desktop.model.errors import UsageError
from desktop.services.keying import Keying, Said
from desktop.services.keying_job import KeyItem, Stand, Why
from desktop.validation.entry import parse_day

_STAND = {
    Stand.WAITING: "To type",
    Stand.BEGUN: "Half typed",
    Stand.TYPED: "Typed, not read back yet",
    Stand.REFUSED: "Refused",
    Stand.STUCK: "Not now",
}


def key(session: Session) -> Answer:
    """One of the deeds. Raises UsageError for one that needs an ID, UnknownName."""
    args = session.args
    if args.deed not in _OF_ALL and not args.id:
        raise UsageError(f"key {args.deed} needs an ID. See: holdfast key list")
    return _DEEDS[args.deed](session)


def _list(session: Session) -> Answer:
    items = session.workspace.keying.items()
    today = session.workspace.today()

    def lines() -> Iterator[str]:
        heads = ("Name", "What to type", "State", "By", "Since", "Missing", "Id")
        yield from table(heads, (_row(item, today) for item in items))
        if not items:
            yield "Nothing must be typed on the website."

    typed = any(item.stand is Stand.REFUSED for item in items)
    return Answer({"items": [_item(item) for item in items]}, lines, Exit.NEEDS_YOU if typed else Exit.DONE)


def _row(item: KeyItem, today: date) -> tuple[str, ...]:
    since = words.when(item.since, today) if item.since else ""
    state = _STAND[item.stand] + (f", page {item.place} of {item.pages}" if item.place else "")
    by = item.by if item.stand in (Stand.BEGUN, Stand.TYPED) else ""
    why = "a file could carry it" if item.why is Why.FILE and not item.why_not else item.why_not
    return (
        item.record_label,
        item.what,
        f"{state} ({why})" if why else state,
        by,
        since,
        ", ".join(item.missing),
        item.id,
    )


def _show(session: Session) -> Answer:
    keying = session.workspace.keying.get(session.args.id)
    out = session.args.out
    if out:
        session.workspace.keying.save_sheet(session.args.id, Path(out))
    data = _keying(keying) | ({"file": out} if out else {})
    missing = bool(keying.item.missing or keying.item.wrong)
    return Answer(data, lambda: _sheet_lines(keying, out), Exit.NEEDS_YOU if missing else Exit.DONE)


def _begin(session: Session) -> Answer:
    args = session.args
    keying = session.workspace.keying.begin(args.id, anyway=args.anyway, take_over=args.take_over)
    return Answer(_keying(keying), lambda: _sheet_lines(keying, None))


def _done(session: Session) -> Answer:
    args, keying = session.args, session.workspace.keying
    begun = keying.begin(args.id, anyway=args.anyway, take_over=args.take_over)
    why = _stopped(session, begun, args.stopped) if args.stopped is not None else args.refused
    said: Said = "refused" if why is not None else "unsure" if args.not_sure else "accepted"
    left = keying.finish(args.id, said, reference=args.reference, on=_day(session), why=why or "")
    told = _ENDED[said] if left is None or not left.settles else _SETTLED[said]
    data = {"id": args.id, "said": said, "item": _item(left) if left else None}
    return Answer(data, lambda: (told,), Exit.NEEDS_YOU if said == "refused" else Exit.DONE)


def _stopped(session: Session, begun: Keying, code: str) -> str:
    """Record the page with which the website went no further; what that means."""
    for page in begun.sheet.pages:
        outcome = page.outcome(code)
        if outcome is not None and outcome.ends:
            return session.workspace.keying.page_done(begun.item.id, page.key, code).stopped
    raise UsageError(f'The website never stops this with "{code[:40]}". See the outcomes in: key show --json')


def _give_up(session: Session) -> Answer:
    session.workspace.keying.give_up(session.args.id, session.args.why)
    data = {"id": session.args.id, "given_up": True}
    return Answer(data, lambda: ("Given up. It waits as before.",))


def _instead(session: Session) -> Answer:
    way = session.workspace.keying.get(session.args.id).item.instead
    session.workspace.keying.instead(session.args.id)
    return Answer({"id": session.args.id, "instead": way}, lambda: (f"Done: {way}.",))


def _is_there(session: Session) -> Answer:
    session.workspace.keying.is_there(session.args.id)
    return Answer({"id": session.args.id, "is_there": True}, lambda: ("Kept as there already.",))


def _again(session: Session) -> Answer:
    session.workspace.keying.try_again(session.args.id)
    told = "What stopped it is forgotten. Answer what is missing, then type it again."
    return Answer({"id": session.args.id, "again": True}, lambda: (told,))


_ENDED = {
    "accepted": "Typed. It waits to be read back.",
    "unsure": "Kept as not sure. It waits to be read back.",
    "refused": "Kept as refused. Put it right, then type it again.",
}
_SETTLED = _ENDED | {
    "accepted": "Typed. It counts as there.",
    "unsure": "Kept as not sure. Look there, then say: holdfast key is-there ID, or key give-up ID.",
}
"""The same where nothing can be read back."""

_OF_ALL = ("list", "run")
_DEEDS = {"run": keying_run, "instead": _instead, "is-there": _is_there, "again": _again} | {
    "list": _list,
    "show": _show,
    "begin": _begin,
    "done": _done,
    "give-up": _give_up,
}


def _day(session: Session) -> date | None:
    typed = session.args.on
    if typed is None:
        return None
    found = parse_day(typed, session.workspace.today())
    if found is None:
        raise UsageError(f'"{typed[:40]}" is not a day. Write one such as 7 September 2026.')
    return date.fromisoformat(found)


# --- for programs ---------------------------------------------------------------------------------------------------


def _item(item: KeyItem) -> dict[str, Any]:
    return {
        "id": item.id,
        "record": item.record_id,
        "label": item.record_label,
        "collection": item.collection,
        "journey": item.journey,
        "what": item.what,
        "why": item.why,
        "state": item.stand,
        "why_not": item.why_not,
        "missing": list(item.missing),
        "to_put_right": list(item.wrong),
        "code": item.code,
        "instead": item.instead,
        "by": item.by,
        "since": words.iso(item.since),
        "lease": item.lease.to_json() if item.lease else None,
        "free_at": words.iso(item.free_at),
        "page": item.place,
        "pages": item.pages,
        "reference": item.reference,
        "money_gbp": item.money_gbp,
    }


def _keying(keying: Keying) -> dict[str, Any]:
    return {
        **_item(keying.item),
        "begin_at": keying.sheet.journey.begin,
        "sheet": _sheet(keying.sheet),
        "open_page": keying.page,
        "done": dict(keying.done),
        "changed": [{"question": m.line.label, "was": m.was, "now": m.line.words} for m in keying.moved],
        "stopped": keying.stopped,
        "signed_in_until": words.iso(keying.ends_at),
        "not_asked": list(keying.sheet.not_asked),
    }


def _sheet(sheet: Sheet) -> list[dict[str, Any]]:
    return [
        {
            "page": page.key,
            "heading": page.heading,
            "which": page.which,
            "button": page.button,
            "note": page.note,
            "aside": page.aside,
            "questions": [
                {
                    "label": line.label,
                    "how": HOW[line.entry],
                    "answer": line.words,
                    "copy": list(line.copies),
                    "fields": list(line.paths),
                    "missing": line.missing,
                }
                for line in page.lines
            ],
            "outcomes": [{"key": o.key, "words": o.words, "ends": o.ends} for o in page.outcomes],
        }
        for page in sheet.pages
    ]


# --- for people -----------------------------------------------------------------------------------------------------


def _sheet_lines(keying: Keying, out: str | None) -> Iterator[str]:
    yield f"{keying.item.title}: {keying.item.record_label}"
    yield keying.sheet.journey.begin
    if keying.item.why_not:
        yield keying.item.why_not
    yield from keying.item.wrong
    yield ""
    yield from table(("Page", "On the website", "How", "Answer"), as_rows(keying.sheet))
    if keying.sheet.not_asked:
        yield ""
        yield f"The website does not ask for: {', '.join(keying.sheet.not_asked)}."
    if out:
        yield f"Written to {out}. Anybody can read it: delete it when all is typed."
