"""Sign-off: the census and performance-profile files of Register's website against our records, and who signed what there.

Signing itself is done by a person on the website. Here is a checklist for it: load the file, see who is missing and what
differs, put right what has to be, then note that it was signed. A signature counts while the file and the records are as
they were: what moves afterwards makes it open again, because later changes miss the publication (domain pack 6).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from desktop.collections.reading import day, long_day
from desktop.collections.trainees.cycles import cycle_label, cycle_of, cycle_of_document, known_cycles
from desktop.collections.trainees.sign_off import CENSUS, KINDS, PAGES, PROFILE, TITLES, days_of, title_of
from desktop.handover.register_sign_off import FileRow, Remark, SignOffFile, read_sign_off
from desktop.model.change import ChangeKind
from desktop.model.document import Document
from desktop.model.errors import UnknownName, UsageError
from desktop.model.ids import new_id
from desktop.services.core import LONDON, Core, refuse_unwritable
from desktop.services.sign_off_lists import Comparing, Entry, Found, ListKey, changed_since, rows_digest
from desktop.services.views import Organisation
from desktop.store import sealed
from desktop.store.kept import KeptThing
from desktop.store.lists import Question
from desktop.store.store import Unit

__all__ = [
    "CENSUS",
    "KINDS",
    "PAGES",
    "PROFILE",
    "TITLES",
    "Checklist",
    "Entry",
    "ListKey",
    "SignOff",
    "Signed",
    "Step",
]

FILE, ROWS, SIGNED = "sign-off file", "sign-off rows", "sign-off"
"""Kinds of what is kept, each under "census 2026": the file, its rows, and who signed."""

COLLECTION = "trainees"
LONGEST = 100
"""Characters of a name and of a reference."""

SOME = 500
"""Records whose content is in memory at a time."""

_LONGEST_TRAINING = 10
"""Years back in which somebody may have started who trains now: Register takes no older dates."""

Cancelled = Callable[[], bool]


@dataclass(frozen=True)
class LoadedFile:
    """The file as it was loaded. `made_at` = when Register made it, None when its name does not say."""

    name: str
    rows: int
    made_at: datetime | None
    at: datetime
    by: str
    sha256: str
    remarks: tuple[Remark, ...]


@dataclass(frozen=True)
class Signed:
    """A person signed on the website: who, on which day, and what Register showed for it ("" = nothing).

    holds  nothing that counts has changed since;  at, by = when it was noted here, and by whom
    """

    name: str
    day: date
    reference: str
    at: datetime
    by: str
    holds: bool


@dataclass(frozen=True)
class Step:
    """One line of the checklist. `count` = how many are open; `known` False = not before the file is loaded.

    needed  whether the sign-off is open as long as this is
    """

    key: str
    count: int
    known: bool = True
    needed: bool = True

    @property
    def done(self) -> bool:
        return self.known and not self.count


LOAD, SIGN = "load", "sign"
_STEPS = (
    *(ListKey.MISSING, ListKey.NOT_HERE, ListKey.NOT_EXPECTED, ListKey.DIFFERS),
    *(ListKey.MEND, ListKey.UNSENT, ListKey.LOOK),
)
_OF_THE_FILE = frozenset({ListKey.MISSING, ListKey.NOT_HERE, ListKey.NOT_EXPECTED, ListKey.DIFFERS})


@dataclass(frozen=True)
class Checklist:
    """How one sign-off stands.

    opens, closes  first and last day on which Register takes it;  today = the day of looking
    expected       trainees on this computer who belong in the file;  matched = those who are in it
    """

    kind: str
    year: int
    opens: date
    closes: date
    today: date
    file: LoadedFile | None
    signed: Signed | None
    expected: int
    matched: int
    lists: Mapping[ListKey, tuple[Entry, ...]]

    @property
    def key(self) -> str:
        return _name(self.kind, self.year)

    @property
    def title(self) -> str:
        return title_of(self.kind, self.year)

    @property
    def is_signed(self) -> bool:
        return self.signed is not None and self.signed.holds

    @property
    def steps(self) -> tuple[Step, ...]:
        """The checklist in the order in which it is worked through."""
        loaded = self.file is not None
        lists = (
            Step(key, len(self.lists[key]), loaded or key not in _OF_THE_FILE, key is not ListKey.LOOK)
            for key in _STEPS
        )
        return (Step(LOAD, int(not loaded)), *lists, Step(SIGN, int(not self.is_signed)))

    @property
    def needed(self) -> int:
        return sum(step.needed for step in self.steps)

    @property
    def done(self) -> int:
        """How many of the needed steps are done."""
        return sum(step.needed and step.done for step in self.steps)

    @property
    def open_before_signing(self) -> int:
        """Steps that should be done before anybody signs, and are not."""
        return sum(step.needed and not step.done and step.key != SIGN for step in self.steps)


class SignOff:
    """Loading and signing take the writer's turn; everything else only reads. Worker thread."""

    def __init__(self, core: Core, organisation: Organisation) -> None:
        self._core = core
        self._organisation = organisation

    # -- looking ------------------------------------------------------------------------------------

    def all(self, cancelled: Cancelled = lambda: False) -> list[Checklist]:
        """The sign-offs of now and those for which something is kept; the one to be signed next comes first."""
        current = cycle_of(self._core.today())
        with self._core.store.read() as unit:
            known = {_parts(kept.name) for kind in (FILE, SIGNED) for kept in unit.kept.all(kind)}
        wanted = known | {(CENSUS, current), (PROFILE, current - 1)}
        found = []
        for kind, year in sorted(wanted):
            if cancelled():
                break
            found.append(self.view(kind, year, cancelled))
        return sorted(found, key=_urgency)

    def view(self, kind: str, year: int, cancelled: Cancelled = lambda: False) -> Checklist:
        """How one sign-off stands. What is asked to stop returns what it has so far. Raises UnknownName."""
        name = _checked(kind, year)
        with self._core.store.read() as unit:
            rows = _rows(unit.kept.get(ROWS, name))
            found = self._compare(unit, kind, year, rows, cancelled)
            file, kept = unit.kept.get(FILE, name), unit.kept.get(SIGNED, name)
        signed = None
        if kept is not None:
            seen = kept.body["seen"]
            found.lists[ListKey.CHANGED] = changed_since(seen["records"], found, kept.body["labels"])
            other_file = rows is not None and seen["file"] not in {"", rows_digest(rows)}
            signed = _signed(kept, holds=not other_file and not found.lists[ListKey.CHANGED])
        lists = {key: tuple(sorted(some, key=_by_label)) for key, some in found.lists.items()}
        opens, closes = days_of(kind, year)
        return Checklist(
            kind,
            year,
            opens,
            closes,
            self._core.today(),
            _loaded(file) if file else None,
            signed,
            found.expected,
            found.matched,
            lists,
        )

    def original(self, kind: str, year: int) -> bytes | None:
        """The file as it was loaded, byte for byte; None when none is. Raises UnknownName, StoreDamaged."""
        with self._core.store.read() as unit:
            kept = unit.kept.get(FILE, _checked(kind, year))
        return sealed.read(self._core.store, kept.body["sealed"]) if kept else None

    # -- the file -----------------------------------------------------------------------------------

    def load(self, path: Path, otherwise: tuple[str, int] | None = None) -> Checklist:
        """Read one file to its end and keep it, in place of an older one of the same sign-off.

        `otherwise` = which sign-off is meant when the name of the file does not say so. Raises UsageError and its kinds
        for a file that is not one of these, another provider's, or older than the one that is loaded; nothing is kept.
        """
        found = read_sign_off(path)
        content = path.read_bytes()
        kind, year, said = self._which(path, found, otherwise)
        name = _checked(kind, year)
        remarks = (*said, *self._whose(path, found), *found.remarks)
        _refuse_other_year(path, found, kind, year)
        with self._core.store.read() as unit:
            _refuse_older(path, found, unit.kept.get(FILE, name))
        stored = new_id()
        body = {
            "file": path.name,
            "rows": len(found.rows),
            "made_at": found.made_at.isoformat() if found.made_at else None,
            "newest": found.newest.isoformat(),
            "sha256": hashlib.sha256(content).hexdigest(),
            "sealed": stored,
            "remarks": [[remark.row, remark.text] for remark in remarks],
        }
        sealed.keep(self._core.store, stored, content)
        try:
            with self._core.store.write() as unit:
                unit.kept.put(FILE, name, body)
                unit.kept.put(ROWS, name, {"rows": [row.to_json() for row in found.rows]})
                told = {key: body[key] for key in ("file", "rows", "sha256", "sealed")}
                unit.journal.write("sign_off_loaded", None, {"what": title_of(kind, year)} | told)
                unit.touched.queue = True
        except BaseException:
            sealed.remove(self._core.store, stored)
            raise
        return self.view(kind, year)

    def remove(self, kind: str, year: int) -> None:
        """Take the file off again, for instance to load an older one. Raises UnknownName, UsageError when there is none."""
        name = _checked(kind, year)
        with self._core.store.write() as unit:
            kept = unit.kept.get(FILE, name)
            if kept is None:
                raise UsageError(f"No file is loaded for the {_spoken(kind, year)}.")
            unit.kept.remove(FILE, name)
            unit.kept.remove(ROWS, name)
            told = {"what": title_of(kind, year), "file": kept.body["file"]}
            unit.journal.write("sign_off_removed", None, told)
            unit.touched.queue = True
        sealed.remove(self._core.store, kept.body["sealed"])

    # -- signing ------------------------------------------------------------------------------------

    def sign(self, kind: str, year: int, name: str, on: date, reference: str = "") -> Checklist:
        """Note that a person signed on the website, for the file and the records as they are now. Raises UsageError."""
        key = _checked(kind, year)
        name, reference = _line(name, "name"), _line(reference, "reference")
        if not name:
            raise UsageError("Enter the name of the person who signed on Register’s website.")
        opens, _ = days_of(kind, year)
        if on > self._core.today():
            raise UsageError("That day is still to come. Enter the day on which it was signed.")
        if on < opens:
            raise UsageError(
                f"Register takes this sign-off from {long_day(opens)} on. Enter the day on which it was signed."
            )
        with self._core.store.read() as unit:
            rows = _rows(unit.kept.get(ROWS, key))
            found = self._compare(unit, kind, year, rows, lambda: False)
        with self._core.store.write() as unit:
            before = unit.kept.get(SIGNED, key)
            body = {
                "name": name,
                "day": on.isoformat(),
                "reference": reference,
                "at": unit.now.isoformat(),
                "by": unit.actor,
                "seen": {"file": rows_digest(rows) if rows is not None else "", "records": found.digests},
                "labels": found.labels,
                "before": {k: v for k, v in before.body.items() if k != "before"} if before else None,
            }
            unit.kept.put(SIGNED, key, body)
            told = {"what": title_of(kind, year)} | {k: body[k] for k in ("name", "day", "reference")}
            unit.journal.write("sign_off_signed", None, told)
            unit.touched.queue = True
        return self.view(kind, year)

    def take_back(self, kind: str, year: int) -> Checklist:
        """Undo the last `sign`: what stood there before stands there again. Raises UsageError when there is none."""
        key = _checked(kind, year)
        with self._core.store.write() as unit:
            kept = unit.kept.get(SIGNED, key)
            if kept is None:
                raise UsageError(f"The {_spoken(kind, year)} is not marked as signed.")
            before = kept.body["before"]
            if before is None:
                unit.kept.remove(SIGNED, key)
            else:
                unit.kept.put(SIGNED, key, before | {"before": None})
            told = {"what": title_of(kind, year)} | {k: kept.body[k] for k in ("name", "day", "reference")}
            unit.journal.write("sign_off_taken_back", None, told)
            unit.touched.queue = True
        return self.view(kind, year)

    # -- inside -------------------------------------------------------------------------------------

    def _compare(
        self, unit: Unit, kind: str, year: int, rows: Sequence[FileRow] | None, cancelled: Cancelled
    ) -> Found:
        collection = self._core.collection(COLLECTION)
        comparing = Comparing(collection, kind, year, self._core.today(), rows)
        withdrawals = {
            change.record_id: day(change.payload.get("fields", {}).get("withdrawal_date"))
            for change in unit.outbox.all(COLLECTION, kinds=(ChangeKind.ACTION,))
            if change.target == "withdraw"
        }
        keys = _keys(unit, kind, year, rows or ())
        for start in range(0, len(keys), SOME):
            if cancelled():
                break
            for record in unit.records.contents(keys[start : start + SOME]):
                comparing.take(record, withdrawals.get(record.id))
        for row in comparing.rest():
            comparing.not_here(row)
        return comparing.found

    def _which(
        self, path: Path, found: SignOffFile, otherwise: tuple[str, int] | None
    ) -> tuple[str, int, tuple[Remark, ...]]:
        """Kind and year of a file: its name says so, else the person who loads it."""
        if found.kind and found.year is not None:
            return found.kind, found.year, ()
        if otherwise is None:
            raise UsageError(
                f"The name of {path.name} does not say which sign-off it is for. Say whether it is the census or the "
                "performance profile and of which year, or download it again and keep its name. Nothing was loaded."
            )
        words = f"The name of the file does not say what it is. It is taken for the {_spoken(*otherwise)}."
        return *otherwise, (Remark(0, words),)

    def _whose(self, path: Path, found: SignOffFile) -> tuple[Remark, ...]:
        """Another provider's file is refused; a name that is only written otherwise is a remark."""
        ours = self._organisation.name
        if not found.provider or _bare(found.provider) == _bare(ours):
            return ()
        with self._core.store.read() as unit:
            here = unit.records.portal_ids(COLLECTION)
        if not any(row.register_id in here for row in found.rows):
            raise UsageError(
                f"{path.name} is of “{found.provider}”, this workspace is of {ours}, and none of its trainees is here. "
                "Download the file of your own organisation. Nothing was loaded."
            )
        words = f"The file is of “{found.provider}”, this workspace is of {ours}. Check that it is yours."
        return (Remark(0, words),)


def _keys(unit: Unit, kind: str, year: int, rows: Sequence[FileRow]) -> list[int]:
    """Records that may belong in a file, those that nobody can tell of without a start date, and those in the file."""
    first = year if kind == CENSUS else year - _LONGEST_TRAINING
    cycles = tuple(str(cycle) for cycle in range(first, year + 1))
    keys = set(unit.lists.find(Question(COLLECTION, facets={"cycle": cycles})))
    undated = unit.lists.lines(unit.lists.find(Question(COLLECTION, unready_only=True)))
    keys |= {line.key for line in undated if line.facets.get("cycle") is None}
    there = unit.records.portal_ids(COLLECTION) if rows else {}
    for row in rows:
        if row.register_id in there:
            keys.add(there[row.register_id])
        elif (record := unit.records.by_portal_id(COLLECTION, row.register_id)) is not None:
            keys.add(record.key)
    keys |= {line.key for line in undated if line.portal_id is None} if rows else set()
    return sorted(keys)


def _refuse_other_year(path: Path, found: SignOffFile, kind: str, year: int) -> None:
    """Nobody of another year belongs in it; single rows that do not are for the list of those."""
    starts = [cycle_of_document(Document(row.answers)) for row in found.rows]
    fits = [start is None or (start == year if kind == CENSUS else start <= year) for start in starts]
    if not any(fits):
        there = " and ".join(cycle_label(start) for start in sorted({start for start in starts if start})[:3])
        raise UsageError(
            f"{path.name} would be the {_spoken(kind, year)}, but its trainees start in {there}. Download the file of the "
            "right year. Nothing was loaded."
        )


def _refuse_older(path: Path, found: SignOffFile, kept: KeptThing | None) -> None:
    """Raises UsageError when the file that is loaded is newer: by the times in their names, else by what they show."""
    if kept is None:
        return
    body = kept.body
    if found.made_at is not None and body["made_at"]:
        ours, before = found.made_at, datetime.fromisoformat(body["made_at"])
    else:
        ours, before = found.newest, datetime.fromisoformat(body["newest"])
    if ours < before:
        raise UsageError(
            f"{path.name} is older than {body['file']}, which is loaded and of {_time(before)}. Download the file again, or "
            "take off the one that is loaded first. Nothing was loaded."
        )


def _time(moment: datetime) -> str:
    london = moment.astimezone(LONDON)
    return f"{long_day(london.date())}, {london:%H:%M}"


def _name(kind: str, year: int) -> str:
    return f"{kind} {year}"


def _parts(name: str) -> tuple[str, int]:
    kind, _, year = name.rpartition(" ")
    return kind, int(year)


def _checked(kind: str, year: int) -> str:
    """The name under which a sign-off is kept. Raises UnknownName."""
    if kind not in KINDS:
        raise UnknownName(f'There is no sign-off "{kind[:80]}". There are: {", ".join(KINDS)}.')
    if year not in known_cycles():
        years = known_cycles()
        raise UnknownName(
            f"Register knows no year {year}. Give the year of its August, {years[0]} to {years[-1]}."
        )
    return _name(kind, year)


def _spoken(kind: str, year: int) -> str:
    """`census 2026 to 2027`, inside a sentence."""
    return f"{TITLES[kind].lower()} {cycle_label(year)}"


def of_deadline(name: str) -> str:
    """The kind of sign-off that a day of the calendar is about; "" = none."""
    if name.startswith("Performance profile"):
        return PROFILE
    return CENSUS if name.startswith(("ITT census", "Sign-off of new trainees")) else ""


def _urgency(one: Checklist) -> tuple[int, int, str]:
    """What is open for signing now, what opens next, what is over, what is signed."""
    if one.is_signed:
        return 3, -one.year, one.kind
    if one.opens <= one.today <= one.closes:
        return 0, (one.closes - one.today).days, one.kind
    if one.today < one.opens:
        return 1, (one.opens - one.today).days, one.kind
    return 2, (one.today - one.closes).days, one.kind


def _rows(kept: KeptThing | None) -> list[FileRow] | None:
    return [FileRow.from_json(row) for row in kept.body["rows"]] if kept else None


def _loaded(kept: KeptThing) -> LoadedFile:
    body = kept.body
    made = datetime.fromisoformat(body["made_at"]) if body["made_at"] else None
    remarks = tuple(Remark(row, words) for row, words in body["remarks"])
    return LoadedFile(body["file"], body["rows"], made, kept.at, kept.actor, body["sha256"], remarks)


def _signed(kept: KeptThing, *, holds: bool) -> Signed:
    body = kept.body
    return Signed(
        body["name"],
        date.fromisoformat(body["day"]),
        body["reference"],
        datetime.fromisoformat(body["at"]),
        body["by"],
        holds,
    )


def _by_label(entry: Entry) -> tuple[str, str]:
    return entry.label.casefold(), entry.record_id or entry.register_id


def _line(words: str, what: str) -> str:
    """One line of what a person typed. Raises UsageError."""
    refuse_unwritable(words)
    words = " ".join(words.split())
    if len(words) > LONGEST:
        raise UsageError(f"Keep the {what} to {LONGEST} characters.")
    return words


def _bare(name: str) -> str:
    return "".join(ch for ch in name.casefold() if ch.isalnum())
