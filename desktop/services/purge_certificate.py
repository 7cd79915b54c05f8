"""The certificate of a purge: what was removed, by which rule, by whom, and what the search afterwards found. No person's data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from desktop.collections.reading import long_day
from desktop.handover.sections import Report, Section, write_report
from desktop.handover.tables import write_csv
from desktop.services.core import LONDON
from desktop.services.wording import count

if TYPE_CHECKING:
    from desktop.services.retention import Purged

_HEADS = ("What", "Answer")


def write(path: Path, done: Purged, organisation: str) -> None:
    """As .csv or .pdf. Raises UsageError for another ending, DiskFull, NotWritten."""
    if path.suffix.lower() == ".csv":
        write_csv(path, _HEADS, [*_about(done, organisation), *_rules(done), *_removed(done), *_proof(done)])
        return
    sections = (
        Section("Which rule", "", _HEADS, (2, 5), _rules(done)),
        Section("What was removed", "", _HEADS, (2, 5), _removed(done)),
        Section("How that was proven", proof_words(done), _HEADS, (2, 5), _proof(done)),
        Section("Where copies still are", copies_words(done), (), (), ()),
    )
    lines = tuple(f"{what}: {answer}" for what, answer in _about(done, organisation))
    write_report(path, Report(title(done), lines, sections))


def title(done: Purged) -> str:
    """What was done, as a statement."""
    verb = "was" if done.taken.records == 1 else "were"
    return f"{count(done.taken.records, 'record')} {verb} removed for good"


def proof_words(done: Purged) -> str:
    """What the search found, in a sentence or two."""
    proof = done.proof
    where = f"{count(proof.pages, 'page')} of the database and {count(proof.files, 'kept file')}"
    if proof.clean:
        found = f"Nothing of them was found in {where}."
    else:
        found = f"{count(proof.left, 'value')} of theirs could still be found in {where}. The next removal overwrites the space again."
    if proof.others:
        found += f" {count(proof.others, 'value')} that they shared with people who are still here, such as a surname, stay."
    return found


def copies_words(done: Purged) -> str:
    """Until when backups hold them, in a sentence."""
    if done.last_copy is None:
        return "No backup that Holdfast keeps holds them any more. Copies that somebody saved elsewhere are not known to it."
    return (
        f"Backups made before hold them until {long_day(done.last_copy)}, when the last one goes, if a backup is made on or "
        "after that day. They are encrypted. Copies that somebody saved elsewhere are not known to Holdfast."
    )


def _about(done: Purged, organisation: str) -> tuple[tuple[str, str], ...]:
    at = done.at.astimezone(LONDON)
    return (
        ("Organisation", organisation),
        ("When", f"{long_day(at.date())}, {at:%H:%M}"),
        ("By", done.by),
        ("Number of this certificate", done.id),
    )


def _rules(done: Purged) -> tuple[tuple[str, str], ...]:
    return tuple(
        (title, f"{count(records, 'record')}, kept {count(months, 'month')}. {reason}")
        for title, months, reason, records in done.rules
    )


def _removed(done: Purged) -> tuple[tuple[str, str], ...]:
    taken = done.taken
    return (
        ("Records, each with what the portal had shown", f"{taken.records:,}"),
        ("Entries under them, such as degrees or mentors", f"{taken.children:,}"),
        ("Rows of the history whose content was blanked", f"{taken.history:,}"),
        ("Other things that named them", f"{taken.kept:,}"),
        ("Kept files removed", f"{taken.files:,}"),
        ("Kept files left, as they name other people, too", f"{taken.shared_left:,}"),
    )


def _proof(done: Purged) -> tuple[tuple[str, str], ...]:
    proof = done.proof
    return (
        ("Values that were searched for", f"{proof.looked_for:,}"),
        ("Pages of the database that were read", f"{proof.pages:,}"),
        ("Kept files that were read", f"{proof.files:,}"),
        ("Found, and held by nobody who is still here", f"{proof.left:,}"),
        ("Found, and held by somebody who is still here", f"{proof.others:,}"),
    )
