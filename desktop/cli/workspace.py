"""The verbs init, connect and status: a workspace, its portals, and how things stand."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

from desktop.cli import typed, words
from desktop.cli.answer import Answer
from desktop.cli.output import pairs, printable
from desktop.cli.session import Session, ask
from desktop.collections.reading import long_day
from desktop.model.errors import StoreExists, UsageError
from desktop.model.verdict import PortalState
from desktop.services import wording
from desktop.services.views import Counts, HomeView, Organisation, PortalView
from desktop.services.workspace import Workspace, check_organisation

_TOKEN_BYTES = 64 * 1024


def init(session: Session) -> Answer:
    """A new workspace in the folder; nothing is changed where there is one."""
    args = session.args
    if printable(args.organisation) != args.organisation:
        raise UsageError("The organisation's name holds characters that cannot be seen. Type it again.")
    chosen = tuple(dict.fromkeys(args.collection))
    organisation = Organisation(args.organisation.strip(), args.kind, args.ukprn, args.urn, chosen)
    check_organisation(organisation)
    from desktop.services.restoring import has_workspace

    if has_workspace(session.folder):
        raise StoreExists("There already is a workspace in this folder. Nothing was changed.")
    remember = "HOLDFAST_PASSPHRASE" not in os.environ
    made = Workspace.create(session.folder, organisation, session.new_passphrase(), remember=remember)
    made.close()
    data = {
        "workspace": str(session.folder.absolute()),
        "organisation": organisation.name,
        "kind": organisation.kind,
    }

    def lines() -> Iterator[str]:
        yield f"Workspace of {organisation.name} made in {session.folder}"
        yield "Keep the passphrase safe, and make a recovery sheet: holdfast recovery-sheet --out sheet.pdf"

    return Answer(data, lines)


def connect(session: Session) -> Answer:
    """Set a portal's address and where its token is; the portal is not asked yet."""
    args, workspace = session.args, session.workspace
    if args.insecure_token_file and not args.token_stdin:
        raise UsageError("--insecure-token-file goes with --token-stdin.")
    view = workspace.portals.connect(
        workspace.collection(args.collection).name,
        args.portal,
        token=_token(session) if args.token_stdin else "",
        token_env=variable_name(args.token_env) if args.token_env is not None else "",
        in_file=args.insecure_token_file,
    )
    data = {"collection": view.collection, "portal": view.url, "state": view.state}
    return Answer(data, lambda: (f"{view.portal}: {view.url}. Next: holdfast sync",))


def _token(session: Session) -> str:
    if session.may_ask:
        return ask("Access token: ")
    return typed.stdin_bytes(_TOKEN_BYTES).decode("utf-8", "replace")


def variable_name(name: str) -> str:
    """The name of an environment variable. Raises UsageError for what cannot be one, such as the token itself."""
    if not (name.isascii() and name.isidentifier()) or len(name) > 60:
        raise UsageError("--token-env takes the name of an environment variable, such as REGISTER_TOKEN.")
    return name


def status(session: Session) -> Answer:
    """Portals, deadlines, what waits, what needs a person, last success."""
    workspace = session.workspace
    home, summary = workspace.home(), workspace.queue.summary()
    successes = [p.last_success for p in home.portals if p.last_success]
    kinds = [need.kind for need in home.needs]
    data = {
        "organisation": home.organisation,
        "portals": [_portal_data(p) for p in home.portals],
        "deadlines": [
            {"collection": d.collection, "day": d.day.isoformat(), "what": d.what, "days_left": d.days_left}
            for d in home.deadlines
        ],
        "queued": home.waiting,
        "paused": summary.paused,
        "needs_you": len(home.needs),
        "needs": {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)},
        "records": {name: counts.__dict__ for name, counts in home.counts.items()},
        "money_gbp": home.money.total_gbp,
        "last_success": words.iso(max(successes)) if successes else None,
        "last_saved": words.iso(home.last_saved),
    }
    titles = {name: known.title for name, known in workspace.collections.items()}
    return Answer(data, lambda: _status_lines(home, titles))


def _portal_data(view: PortalView) -> dict[str, Any]:
    return {
        "collection": view.collection,
        "portal": view.url or None,
        "connected": view.connected,
        "state": view.state,
        "detail": view.detail,
        "since": words.iso(view.since),
        "next_check": words.iso(view.next_check),
        "last_success": words.iso(view.last_success),
        "restored": words.iso(view.restored_at),
    }


def _status_lines(home: HomeView, titles: Mapping[str, str]) -> Iterator[str]:
    yield home.organisation
    for portal in home.portals:
        yield ""
        since = f" since {words.when(portal.since, home.today)}" if portal.since else ""
        yield f"{words.portal_sentence(portal)}{since}"
        if portal.detail and portal.state is not PortalState.UP:
            yield f"  {portal.detail}"
        if portal.restored_at:
            yield "  Put back to an older copy: nothing is sent until you have decided (holdfast conflicts) or say resume."
        tries = [
            ("Next try", words.when(portal.next_check, home.today)),
            ("Last success", words.when(portal.last_success, home.today)),
        ]
        yield from pairs([*_count_rows(home.counts[portal.collection]), *(row for row in tries if row[1])])
    sent = {portal.collection for portal in home.portals}
    for name in home.counts:
        if name not in sent:
            yield ""
            yield f"{titles[name]}, typed into the portal’s website"
            yield from pairs(_count_rows(home.counts[name]))
    yield ""
    money = f", {wording.money(home.money.total_gbp)} hang on them" if home.money.total_gbp else ""
    yield (
        f"{wording.count(home.waiting, 'change')} on the way{money}"
        if home.waiting
        else "Nothing is waiting."
    )
    if home.needs:
        verb = "needs" if len(home.needs) == 1 else "need"
        yield f"{wording.count(len(home.needs), 'thing')} {verb} you: holdfast conflicts, holdfast queue"
    if home.deadlines:
        yield ""
        yield "Days that matter"
        days = [(long_day(d.day), f"{d.what} ({_left(d.days_left)})") for d in home.deadlines]
        yield from pairs(days)


def _count_rows(counts: Counts) -> list[tuple[str, str]]:
    rows = [
        ("Records", f"{counts.total:,}"),
        ("Confirmed", f"{counts.confirmed:,}"),
        ("Waiting", f"{counts.waiting:,}" if counts.waiting else ""),
        ("Drafts", f"{counts.drafts:,}" if counts.drafts else ""),
        ("Needs you", f"{counts.needs_you:,}" if counts.needs_you else ""),
        ("Unknown", f"{counts.unknown:,}" if counts.unknown else ""),
    ]
    return [row for row in rows if row[1]]


def _left(days: int) -> str:
    if days < 0:
        return f"{wording.count(-days, 'day')} ago"
    return "today" if days == 0 else f"in {wording.count(days, 'day')}"
