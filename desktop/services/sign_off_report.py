"""The words of a sign-off, the same on screen, on the command line and on paper; and its lists as files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from desktop.collections.reading import long_day
from desktop.handover import tables
from desktop.handover.sections import Report, Section, write_report
from desktop.model.errors import UnknownName, UsageError
from desktop.services.core import LONDON
from desktop.services.sign_off import LOAD, SIGN, Checklist, Step
from desktop.services.sign_off_lists import Entry, ListKey
from desktop.services.wording import count

REMARKS = "remarks"
"""The list of what cannot be read in the file itself."""

ENDINGS = (".xlsx", ".csv", ".pdf")


@dataclass(frozen=True)
class ListWords:
    """How a list is called, what it is about, and its columns: (head, attribute of an entry, share of the width)."""

    title: str
    about: str
    columns: tuple[tuple[str, str, int], ...]


_WHO, _ID = ("Trainee", "label", 22), ("Register ID", "register_id", 22)
_RULE = ("Source", "source", 18)
LISTS = {
    ListKey.MISSING: ListWords(
        "Missing from the file",
        "They are on this computer and belong in the file by the rule that is named, and Register has not listed them.",
        (_WHO, _ID, ("Why", "why", 60), _RULE),
    ),
    ListKey.NOT_HERE: ListWords(
        "In the file, not on this computer",
        "Register lists them. Get the trainees from Register, or look there who they are.",
        (_WHO, _ID, ("Row", "row", 6), ("What to do", "why", 50), _RULE),
    ),
    ListKey.NOT_EXPECTED: ListWords(
        "In the file, and should not be",
        "Register lists them, and by the records on this computer they do not belong there.",
        (_WHO, _ID, ("Why", "why", 60), _RULE),
    ),
    ListKey.DIFFERS: ListWords(
        "Different in the file",
        "The file says something else than the records on this computer. What a file has no column for is not compared.",
        (
            _WHO,
            ("Answer", "what", 18),
            ("Here", "here", 20),
            ("In the file", "there", 20),
            ("Why", "why", 36),
        ),
    ),
    ListKey.MEND: ListWords(
        "To put right first",
        "Register would refuse these answers, so the records cannot be sent.",
        (_WHO, ("Answer", "what", 20), ("What to put right", "why", 60), _RULE),
    ),
    ListKey.UNSENT: ListWords(
        "Not sent yet",
        "Register, and so the file, does not have these yet.",
        (_WHO, ("What", "what", 30), ("Where it stands", "why", 50)),
    ),
    ListKey.LOOK: ListWords(
        "To look at before you sign",
        "Register asks people to check these. Each may be right as it is.",
        (_WHO, ("Answer", "what", 20), ("What to look at", "why", 60), _RULE),
    ),
    ListKey.CHANGED: ListWords(
        "Changed since it was signed",
        "Register keeps the sign-off, but what changed after it may miss the publication.",
        (_WHO, ("What", "why", 60)),
    ),
}
STEPS = {
    LOAD: "The file of Register’s website",
    ListKey.MISSING: "Who is missing from the file",
    ListKey.NOT_HERE: "Who is in the file, not here",
    ListKey.NOT_EXPECTED: "Who should not be in the file",
    ListKey.DIFFERS: "What the file says differently",
    ListKey.MEND: "What Register would refuse",
    ListKey.UNSENT: "What is not sent yet",
    ListKey.LOOK: "What Register asks you to check",
    SIGN: "The signature on the website",
}


def statement(one: Checklist) -> str:
    """How a sign-off stands, without a full stop."""
    if one.signed is not None:
        return (
            f"{one.title} is signed" if one.signed.holds else f"{one.title} was signed, and has changed since"
        )
    if one.file is None:
        return f"{one.title} is not signed yet"
    if one.open_before_signing:
        return f"{count(one.open_before_signing, 'point')} to settle before you sign {_inner(one)}"
    return f"{one.title} is ready to be signed on Register’s website"


def _inner(one: Checklist) -> str:
    return one.title[0].lower() + one.title[1:]


def window(one: Checklist) -> str:
    """When Register takes the sign-off, seen from today."""
    if one.today < one.opens:
        return f"Register takes it from {long_day(one.opens)} to {long_day(one.closes)}"
    left = (one.closes - one.today).days
    if left < 0:
        return f"It closed on {long_day(one.closes)}"
    when = "today" if left == 0 else "tomorrow" if left == 1 else f"in {left} days"
    return f"It closes {when}, on {long_day(one.closes)}"


def signed_words(one: Checklist) -> str:
    """Who signed, or "" while nobody has."""
    signed = one.signed
    if signed is None:
        return ""
    reference = f", reference {signed.reference}" if signed.reference else ""
    by = f" Noted here by {signed.by}." if signed.by not in {"", signed.name} else ""
    return f"Signed on {long_day(signed.day)} by {signed.name}{reference}.{by}"


def step_words(one: Checklist, step: Step) -> str:
    """How a step stands, in a few words."""
    if step.key == LOAD:
        return "Done" if step.done else "To do"
    if step.key == SIGN:
        return "Done" if step.done else "Changed since" if one.signed else "To do"
    if not step.known:
        return "After loading"
    return (
        "Done" if step.done else _NOUNS[ListKey(step.key)].format(step.count, "" if step.count == 1 else "s")
    )


_NOUNS = {
    ListKey.MISSING: "{:,} missing",
    ListKey.NOT_HERE: "{:,} not here",
    ListKey.NOT_EXPECTED: "{:,} too many",
    ListKey.DIFFERS: "{:,} difference{}",
    ListKey.MEND: "{:,} to put right",
    ListKey.UNSENT: "{:,} not sent",
    ListKey.LOOK: "{:,} to look at",
}


def file_words(one: Checklist) -> str:
    """The file in a line, "" when none is loaded."""
    file = one.file
    if file is None:
        return ""
    made = f"made by Register on {_moment(file.made_at)}, " if file.made_at else ""
    return f"{file.name}: {count(file.rows, 'trainee')}, {made}loaded on {_moment(file.at)} by {file.by}"


def _moment(at: datetime) -> str:
    london = at.astimezone(LONDON)
    return f"{long_day(london.date())} at {london:%H:%M}"


# --- lists as files


def columns_of(key: str) -> tuple[str, ...]:
    """The heads of a list. Raises UnknownName."""
    if key == REMARKS:
        return ("Row", "What cannot be read or does not fit")
    return tuple(head for head, _, _ in _words(key).columns)


def rows_of(one: Checklist, key: str) -> Iterator[tuple[str | int, ...]]:
    """The lines of a list, as its columns say. Raises UnknownName."""
    if key == REMARKS:
        remarks = one.file.remarks if one.file else ()
        return ((remark.row or "", remark.text) for remark in remarks)
    words = _words(key)
    return (tuple(_cell(entry, name) for _, name, _ in words.columns) for entry in one.lists[ListKey(key)])


def title_of_list(key: str) -> str:
    """How a list is called. Raises UnknownName."""
    return "Remarks on the file" if key == REMARKS else _words(key).title


def list_names() -> tuple[str, ...]:
    """Every list there is."""
    return (*ListKey, REMARKS)


def _words(key: str) -> ListWords:
    if key not in set(ListKey):
        raise UnknownName(f'There is no list "{key[:80]}". There are: {", ".join(list_names())}.')
    return LISTS[ListKey(key)]


def _cell(entry: Entry, name: str) -> str | int:
    value: str | int = getattr(entry, name)
    return value


def write_list(path: Path, one: Checklist, key: str, organisation: str) -> int:
    """One list as .csv, .xlsx or .pdf, by the ending of `path`; how many lines. Raises UsageError, DiskFull, NotWritten."""
    title, columns, rows = title_of_list(key), columns_of(key), rows_of(one, key)
    ending = path.suffix.lower()
    if ending == ".csv":
        return tables.write_csv(path, columns, rows)
    if ending == ".xlsx":
        return tables.write_xlsx(path, title, columns, rows)
    if ending == ".pdf":
        about = f"{organisation}, {_inner(one)}. Looked at on {long_day(one.today)}."
        return tables.write_pdf(path, title, about, columns, rows)
    raise UsageError(
        "The list is written as .csv, .xlsx or .pdf: give a file name that ends so. Nothing was written."
    )


def write_all(path: Path, one: Checklist, organisation: str, by: str) -> None:
    """The checklist and all its lists as .pdf or .xlsx. Raises UsageError, DiskFull, NotWritten."""
    lines = (
        f"{organisation}, {_inner(one)}. {window(one)}.",
        f"Looked at on {long_day(one.today)} by {by}.",
        *(f"{words}." for words in (file_words(one),) if words),
        *(words for words in (signed_words(one),) if words),
        f"{count(one.expected, 'trainee belongs', 'trainees belong')} in it by our reading of the rules. The file counts.",
    )
    write_report(path, Report(statement(one), lines, tuple(_sections(one))))


def _sections(one: Checklist) -> Iterator[Section]:
    steps = tuple((STEPS[step.key], step_words(one, step)) for step in one.steps)
    yield Section("Checklist", f"{one.done} of {one.needed} done.", ("Step", "State"), (70, 30), steps)
    for key, words in LISTS.items():
        rows = tuple(rows_of(one, key))
        if rows:
            shares = tuple(share for _, _, share in words.columns)
            yield Section(words.title, words.about, columns_of(key), shares, rows)
    remarks = tuple(rows_of(one, REMARKS))
    if remarks:
        yield Section(title_of_list(REMARKS), "", columns_of(REMARKS), (8, 92), remarks)
