"""The verbs about this program itself: about, packs, updates. None of them opens a workspace."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from desktop import __version__
from desktop.cli.answer import Answer, Exit, failed
from desktop.cli.session import Session
from desktop.policy import policy


def about(_session: Session) -> Answer:
    """The version, the data it works with, and what IT manages on this computer."""
    from desktop.services import data_packs

    found, managed = data_packs.packs(), policy()
    troubles = data_packs.troubles()
    data = {
        "version": __version__,
        "packs": [asdict(one) for one in found],
        "troubles": troubles,
        "managed": {"source": managed.source, "values": dict(managed.values), "wrong": list(managed.wrong)},
    }

    def lines() -> Iterator[str]:
        yield f"Holdfast {__version__}"
        for one in found:
            came = "installed later" if one.newer else "came with the program"
            yield f"Data for {one.collection} {one.year}: of {one.facts_of}, {came}"
        yield from troubles
        yield f"Managed settings: {managed.source or 'none'}"
        for name in managed.values:
            yield f"  {name}: {managed.said(name)}"
        yield from managed.wrong

    return Answer(data, lines, Exit.NEEDS_YOU if troubles or managed.wrong else Exit.DONE)


def packs(session: Session) -> Answer:
    """What data packs there are; install one, or go back to the one before."""
    from desktop.services import data_packs

    told = ""
    if session.args.install:
        offered = data_packs.install(Path(session.args.install))
        told = f"Installed, signed by {offered.signed_by}: {offered.words}. It counts from now on."
    elif session.args.look:
        offered = data_packs.look(Path(session.args.look))
        told = f"Signed by {offered.signed_by}, data of {offered.manifest.facts_of}: {offered.words}. Nothing was changed."
    elif session.args.back:
        collection, _, year = session.args.back.partition("-")
        back = data_packs.roll_back(collection, int(year) if year.isdigit() else 0)
        told = f"The data of {back.before} count again."
    found = data_packs.packs()
    data: dict[str, Any] = {"packs": [asdict(one) for one in found], "told": told}

    def lines() -> Iterator[str]:
        if told:
            yield told
        for one in found:
            yield f"{one.collection}-{one.year}: data of {one.facts_of}{', installed later' if one.newer else ''}"

    return Answer(data, lines)


def updates(session: Session) -> Answer:
    """Whether there is a newer version; with --verify, whether a file is the one that was published."""
    from desktop.services import updates as newer

    try:
        release = newer.check()
    except newer.NoAnswer as error:
        return failed(str(error), Exit.UNAVAILABLE)
    told = newer.advice(release, ())
    if session.args.verify:
        told = newer.verify(Path(session.args.verify), release)
    data = {
        "version": release.version,
        "published": release.published.isoformat(),
        "newer": release.newer,
        "told": told,
    }
    return Answer(data, lambda: (told,))
