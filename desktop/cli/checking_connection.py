"""The verb connection: every step of the way to a portal, and which of them fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from desktop.cli.answer import Answer, Exit
from desktop.cli.session import Session
from desktop.model.hop import Passed, Step
from desktop.services.connection import walk

_MARKS = {Passed.YES: "works", Passed.NO: "FAILS", Passed.LEFT_OUT: "-"}


def connection(session: Session) -> Answer:
    """Exit 3 where the portal cannot be reached or gives no good answer, else 0."""
    hops = list(walk(session.workspace, session.args.collection))
    data = {"collection": session.args.collection, "steps": [asdict(hop) for hop in hops]}

    def lines() -> Iterator[str]:
        for hop in hops:
            yield f"{_MARKS[hop.passed]:<6} {hop.words}"
            if hop.advice:
                yield f"       {hop.advice}"

    good = hops[-1].step is Step.PORTAL and hops[-1].passed is Passed.YES
    return Answer(data, lines, Exit.DONE if good else Exit.UNAVAILABLE)
