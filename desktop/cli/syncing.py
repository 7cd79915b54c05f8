"""The verbs pull, push and sync: one pass with a portal, which Ctrl-C ends without losing anything."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from types import FrameType
from typing import Any

from desktop.cli import words
from desktop.cli.answer import Answer, Exit
from desktop.cli.session import Session
from desktop.model.verdict import PortalState
from desktop.services import wording
from desktop.services.views import PortalView, SyncReport


def pull(session: Session) -> Answer:
    """Read what is new."""
    return _pass(session, push=False)


def push(session: Session) -> Answer:
    """Send what waits."""
    return _pass(session, pull=False)


def sync(session: Session) -> Answer:
    """Read what is new, merge it, send what waits."""
    return _pass(session)


def _pass(session: Session, *, pull: bool = True, push: bool = True) -> Answer:
    workspace = session.workspace
    with stoppable() as cancelled:
        report = workspace.sync.run(
            session.args.collection,
            full=session.args.full,
            pull=pull,
            push=push,
            progress=lambda p: session.progress.tell(p.words),
            cancelled=cancelled,
        )
    session.progress.end()
    portal = workspace.portals.view(report.collection)
    today = workspace.today()
    return Answer(_data(report, portal), lambda: _lines(report, portal, today), _code(report))


@contextmanager
def stoppable() -> Iterator[Callable[[], bool]]:
    """Within, the first Ctrl-C asks for a stop after the request under way; a second one stops at once."""
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked.is_set
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        asked.set()
        signal.signal(signal.SIGINT, before)
        print("Stopping after this request. Press Ctrl-C again to stop at once.", file=sys.stderr, flush=True)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield asked.is_set
    finally:
        signal.signal(signal.SIGINT, before)


def _code(report: SyncReport) -> int:
    """3 or 5 when the portal gave no verdict, else 1 while a person is needed, else 0."""
    if report.state is PortalState.SIGN_IN:
        return Exit.SIGN_IN
    if report.cancelled:
        return Exit.NEEDS_YOU
    if report.state is not PortalState.UP:
        return Exit.UNAVAILABLE
    asks = report.problems or report.held or report.conflicts or report.rejected or report.unknown
    return Exit.NEEDS_YOU if asks else Exit.DONE


def _data(report: SyncReport, portal: PortalView) -> dict[str, Any]:
    return {
        "collection": report.collection,
        "portal": {
            "state": report.state,
            "detail": report.detail,
            "since": words.iso(portal.since),
            "next_check": words.iso(portal.next_check),
        },
        "pulled": report.pulled,
        "merged": report.merged,
        "pushed": report.pushed,
        "conflicts": report.conflicts,
        "rejected": report.rejected,
        "unknown": report.unknown,
        "queued": report.queued,
        "requests": report.requests,
        "cancelled": report.cancelled,
        "held": report.held,
        "problems": list(report.problems),
    }


def _lines(report: SyncReport, portal: PortalView, today: date) -> Iterator[str]:
    kept = wording.count(report.queued, "change")
    if report.state is PortalState.UP:
        yield f"{report.pulled:,} read, {report.merged:,} put together with yours, {report.pushed:,} confirmed."
    else:
        yield report.detail or f"{words.portal_sentence(portal)}."
        if portal.next_check:
            yield f"Next try of the window: {words.when(portal.next_check, today)}."
    if report.cancelled:
        yield "Stopped by you. Everything is kept; run it again to go on."
    if report.problems:
        yield "Holdfast found something out of step in its own records, so it sends nothing more by itself."
        yield from (f"  {problem}" for problem in report.problems)
        yield "Run: holdfast doctor. Your work is kept. To go on all the same: holdfast resume"
    if report.held:
        yield f"{portal.portal} was put back to an older copy, so nothing was sent. See: holdfast conflicts"
        yield "When you have looked at it: holdfast resume"
    if report.queued:
        yield f"{kept} {'waits' if report.queued == 1 else 'wait'} here."
    elif not (report.conflicts or report.rejected or report.unknown):
        yield "Nothing is waiting."
    for number, one, see in (
        (report.conflicts, "conflict", "conflicts"),
        (report.rejected, "refusal", "queue"),
        (report.unknown, "change whose outcome is not known", "queue"),
    ):
        if number:
            many = "changes whose outcome is not known" if " " in one else ""
            yield f"{wording.count(number, one, many)}: see holdfast {see}"
