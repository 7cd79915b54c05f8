"""Import of a file that somebody sent: read to its end, matched to records, looked at, saved as one act with one undo.

Nothing is stored before `save`, and nothing at all when the file cannot be read to its end. Degrees and placements are
taken for new records only: those of a record that is here have ids that no row names. The file itself is kept encrypted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection as Some
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

from desktop.handover.reading import Row, open_sheet
from desktop.model.collection import Collection, Context
from desktop.model.document import apply
from desktop.model.errors import UnknownName, UsageError
from desktop.model.finding import Finding
from desktop.model.ids import RecordId, new_id
from desktop.model.standing import Sync
from desktop.services import wording
from desktop.services.act_log import LASTING, Act, ActLog
from desktop.services.acts import Acts, Stopped
from desktop.services.bulk import Cancelled, Tell
from desktop.services.core import Core
from desktop.services.pasted_cells import Cells
from desktop.services.pasted_columns import Headings, headed_columns, said, usable_names
from desktop.services.pasted_match import Found, Matcher, Who
from desktop.services.pasted_rows import (
    IMPORTED,
    Comparer,
    Line,
    Pasted,
    PastedRow,
    RowReader,
    RowStatus,
    alone,
    document_of,
    notes_of,
    patch_of,
    writes_of,
)
from desktop.services.views import Progress
from desktop.store import sealed
from desktop.store.store import Unit
from desktop.sync.outbox import context_of, related_to
from desktop.validation.engine import check

MAPPINGS = "mapping"
SOMEBODY_NEW = ""
"""The answer that a row is about nobody who is here."""

_NOT_KEPT = (
    "The file itself is not kept here: it can hold what is deleted once the portal has found a person."
)
_TRN_DIGITS = 7
_ADVICE = ("Do not edit", "Do not change this column")
_AT_ONCE = 5_000
"""So many rows are compared at a time, so that no more records than that are in memory."""

_OFTEN = 1_000
_HEAD_ROWS = 10
"""The headings stand in one of the first rows; above them there may be a title."""


@dataclass(frozen=True)
class Plan(Pasted):
    """What an import of a file would do. Nothing is stored yet.

    sha256   of the file, in hex: `save` takes no other
    trouble  why nothing can be done with these columns, "" when it can; the rows are only shown then
    mapped   whether somebody said what the columns are, now or the last time
    """

    path: Path = field(default_factory=Path)
    sha256: str = ""
    trouble: str = ""
    mapped: bool = False

    def refused(self) -> list[PastedRow]:
        """The rows that cannot be saved, but for those that change nothing."""
        return [row for row in self.rows if not _is_taken(row) and row.status is not RowStatus.SAME]


@dataclass(frozen=True)
class Imported:
    """An import that was saved. `drafts` = records that its findings keep from being sent; `can_undo` = whole.

    `is_kept` = the file itself lies here, sealed.
    """

    id: str
    file: str
    collection: str
    at: datetime
    actor: str
    added: int
    updated: int
    unchanged: int
    refused: int
    drafts: int
    can_undo: bool
    is_kept: bool = True

    @property
    def rows(self) -> int:
        return self.added + self.updated + self.unchanged + self.refused


class Importing:
    """Reading, saving and undoing imports. Worker thread."""

    def __init__(self, core: Core, acts: Acts) -> None:
        self._core = core
        self._acts = acts

    # -- reading ------------------------------------------------------------------------------------

    def read(
        self,
        path: Path,
        collection: str,
        *,
        mapping: Mapping[int, str] | None = None,
        answers: Mapping[int, str] | None = None,
        progress: Tell | None = None,
        cancelled: Cancelled | None = None,
    ) -> Plan:
        """What an import of this file would do.

        mapping  place of a column (from 0) -> field name, "" leaves it out; None = as for these headings the last time
        answers  number of a row -> the record that it is about, or SOMEBODY_NEW
        Raises UsageError with the next step when the file cannot be read to its end, Stopped.
        """
        known = self._core.collection(collection)
        with open_sheet(path) as sheet:
            digest = hashlib.sha256(_content(path)).hexdigest()
            header, rows = _headed(known, sheet.rows)
            if mapping is None:
                mapping = self._remembered(known, header)
            columns, trouble = headed_columns(known, header, mapping or {})
            reader = RowReader(known, columns, Cells(known, self._core.today()))
            met = _Met(known, answers or {}, len(header))
            told = _Told(progress, cancelled)
            rows = met.without_advice(rows)
            while some := list(islice(rows, _AT_ONCE)):
                lines = []
                for number, cells in some:
                    met.look(cells)
                    lines.append(reader.line(number, cells))
                    told(len(met.rows) + len(lines))
                with self._core.store.read() as unit:
                    met.compare(unit, lines)
        if not met.rows:
            raise UsageError(
                f"There are headings in {path.name} and no rows below them. Look whether it is the right file."
            )
        found = [_unusable(row, trouble) for row in met.rows] if trouble else alone(met.rows, met.whos)
        said_first = (f"{trouble}, or press a heading to say what its column is.",) if trouble else ()
        gone = () if _may_be_kept(known) else (_NOT_KEPT,)
        notes = (*said_first, *_own_export(header), *sheet.notes, *met.notes(), *notes_of(columns), *gone)
        told.end(len(found))
        return Plan(
            collection,
            has_header=True,
            columns=tuple(columns),
            rows=tuple(found),
            notes=notes,
            path=path,
            sha256=digest,
            trouble=trouble,
            mapped=bool(mapping),
        )

    def named(self, path: Path, collection: str, names: Mapping[str, str]) -> dict[int, str]:
        """A mapping from headings (or, the other way round, from fields) as one of places, for `read`.

        Raises UnknownName for a heading that the file does not have, or a field that there is none of.
        """
        known = self._core.collection(collection)
        usable = usable_names(known)
        with open_sheet(path) as sheet:
            header, _ = _headed(known, sheet.rows, {said(name) for pair in names.items() for name in pair})
        places = {said(heading): place for place, heading in reversed(list(enumerate(header)))}
        mapping: dict[int, str] = {}
        for left, right in names.items():
            heading, name = (left, right) if said(left) in places else (right, left)
            if said(heading) not in places:
                raise UnknownName(f'{path.name} has no column "{left[:80]}".')
            if name and name not in usable:
                raise UnknownName(f'{known.title} have no field "{name[:80]}".')
            mapping[places[said(heading)]] = name
        guessed, _ = headed_columns(known, header, {})
        taken = {name for name in mapping.values() if name}
        rest = {c.place: "" if c.field in taken else c.field for c in guessed}
        return rest | mapping

    def findings(self, plan: Plan, row: PastedRow) -> list[Finding]:
        """What the rules would say of the record that a row makes or changes."""
        known = self._core.collection(plan.collection)
        if row.record_id is None:
            document = document_of(row)
            with self._core.store.read() as unit:
                related = related_to(unit, known, document)
            context = Context(today=self._core.today(), codes=known.code_lists, related=related)
            return check(known, document, context)
        with self._core.store.read() as unit:
            record = self._core.record(unit, row.record_id)
            after = apply(record.document, patch_of(row))
            return check(known, after, context_of(known, record, self._core.today(), unit, after), record.id)

    # -- saving -------------------------------------------------------------------------------------

    def save(
        self,
        plan: Plan,
        chosen_rows: Some[int] | None = None,
        progress: Tell | None = None,
        cancelled: Cancelled | None = None,
    ) -> Act:
        """Save the rows with these numbers (None = all that can be), as one act with one undo; keep the file.

        Raises NothingToDo, Stopped, UsageError when the file is not any more the one that was read.
        """
        chosen = None if chosen_rows is None else frozenset(chosen_rows)
        rows = [
            r
            for r in plan.rows
            if r.can_be_saved and (_is_taken(r) if chosen is None else r.number in chosen)
        ]
        patches, new = writes_of(rows)
        name = self._keep_file(plan)
        body: dict[str, Any] = {
            "file": plan.path.name,
            "sha256": plan.sha256,
            "collection": plan.collection,
            "added": len(new),
            "updated": len(patches),
            "unchanged": plan.count(RowStatus.SAME),
            "refused": len(plan.rows) - len(rows) - plan.count(RowStatus.SAME),
        }
        if name:
            body["sealed"] = name

        def then(unit: Unit, act: Act, record_ids: Sequence[RecordId]) -> None:
            body["drafts"] = _drafts(unit, record_ids)
            unit.kept.put(LASTING, act.id, body)
            unit.journal.write("imported", None, {"group": act.id} | body)
            if plan.mapped:
                mapping = {said(column.heading): column.field for column in plan.columns}
                unit.kept.put(MAPPINGS, _name_of(plan.collection, list(mapping)), {"columns": mapping})

        try:
            return self._acts.apply(
                patches,
                new,
                collection=plan.collection,
                words=f"Imported {wording.count(len(rows), 'row')} from {plan.path.name}",
                progress=progress,
                cancelled=cancelled,
                then=then,
            )
        except BaseException:
            if name:
                sealed.remove(self._core.store, name)
            raise

    def _keep_file(self, plan: Plan) -> str:
        """Keep the file as it was read, sealed; its name there. Raises UsageError when it is another by now, DiskFull.

        "" = it is not kept, as this kind of file holds what must go once the portal has found the person.
        """
        content = _content(plan.path)
        if hashlib.sha256(content).hexdigest() != plan.sha256:
            raise UsageError(
                f"{plan.path.name} was changed after it was read. Nothing was saved. Open it again."
            )
        if not _may_be_kept(self._core.collection(plan.collection)):
            return ""
        name = new_id()
        sealed.keep(self._core.store, name, content)
        return name

    # -- afterwards ---------------------------------------------------------------------------------

    def all(self) -> list[Imported]:
        """Every import of this workspace, newest first."""
        with self._core.store.read() as unit:
            standing = {act.id for act in ActLog(unit).all() if not act.undone}
            kept = unit.kept.all(LASTING)
        names = ("file", "collection", "added", "updated", "unchanged", "refused", "drafts")
        found = [
            Imported(
                id=one.name,
                at=one.at,
                actor=one.actor,
                can_undo=one.name in standing,
                is_kept="sealed" in one.body and "gone" not in one.body,
                **{name: one.body[name] for name in names},
            )
            for one in kept
        ]
        return sorted(found, key=lambda one: (one.at, one.id), reverse=True)

    def undo(self, import_id: str, progress: Tell | None = None, cancelled: Cancelled | None = None) -> Act:
        """Undo one import whole, also long after it. What was worked on or sent since stays, and is named."""
        return self._acts.undo_one(import_id, progress, cancelled)

    def original(self, import_id: str) -> tuple[str, bytes]:
        """(name, content) of the file that was imported. Raises UsageError, StoreDamaged."""
        with self._core.store.read() as unit:
            kept = unit.kept.get(LASTING, import_id)
        if kept is None:
            raise UsageError("There is no such import in this workspace.")
        if "sealed" not in kept.body:
            raise UsageError(
                f"{kept.body['file']} was not kept: it can hold what is deleted here once the portal has found a person."
            )
        content = sealed.read(self._core.store, kept.body["sealed"])
        if content is None:
            raise UsageError(
                f"{kept.body['file']} is not kept on this computer. A backup holds the records, not the files they came from."
            )
        return kept.body["file"], content

    def _remembered(self, collection: Collection, header: Sequence[str]) -> dict[int, str] | None:
        """What a person said the last time that a sheet had these headings."""
        with self._core.store.read() as unit:
            kept = unit.kept.get(MAPPINGS, _name_of(collection.name, [said(heading) for heading in header]))
        if kept is None:
            return None
        columns: dict[str, Any] = kept.body["columns"]
        usable = usable_names(collection)
        names = (columns.get(said(heading), "") for heading in header)
        return {place: name if name in usable else "" for place, name in enumerate(names)}


def _may_be_kept(collection: Collection) -> bool:
    """Whether a file of such records may lie here for good."""
    return not any(f.lookup for f in collection.fields)


class _Met:
    """The rows of one import as they are met, and what there is to say of all of them."""

    def __init__(self, collection: Collection, answers: Mapping[int, str], width: int) -> None:
        self.rows: list[PastedRow] = []
        self.whos: list[Who] = []
        self._collection = collection
        self._comparer = Comparer(collection, IMPORTED)
        self._answers = answers
        self._width = width
        self._wider = self._children = self._zeros = self._advice = 0

    def without_advice(self, rows: Iterator[Row]) -> Iterator[Row]:
        """The rows that are about somebody: below the headings of a portal's list stands one that tells what to fill in."""
        for number, cells in rows:
            if any(cell.strip().startswith(_ADVICE) for cell in cells):
                self._advice += 1
            else:
                yield number, cells

    def look(self, cells: Sequence[str]) -> None:
        """Count a row that goes on beyond the headings."""
        self._wider += any(cell.strip() for cell in cells[self._width :])

    def compare(self, unit: Unit, lines: Sequence[Line]) -> None:
        """Match some rows, and say what each would do."""
        matcher = Matcher(unit, self._collection, [line.who for line in lines])
        for line in lines:
            row = self._comparer.row(line, self._found(unit, matcher, line))
            self._children += row.record_id is not None and any("." in name for name in line.said)
            trn = line.who.ids.get("trn", "")
            self._zeros += trn.isdigit() and len(trn) < _TRN_DIGITS and row.record_id is not None
            self.rows.append(row)
            self.whos.append(line.who)

    def _found(self, unit: Unit, matcher: Matcher, line: Line) -> Found:
        answer = self._answers.get(line.number)
        if answer is None:
            return matcher.find(line.who)
        return Found(unit.records.get(answer) if answer else None)

    def notes(self) -> Iterator[str]:
        """Plain sentences about what was put right or left out."""
        title = self._collection.title.lower()
        if self._advice:
            yield f"{wording.count(self._advice, 'row')} of advice (“Do not edit”, “Do not change”) left out."
        if self._wider:
            yield f"{wording.count(self._wider, 'row')} went on beyond the last heading; those cells were left out."
        if self._children:
            kinds = " and ".join(kind.title.lower() for kind in self._collection.children)
            yield f"{kinds.capitalize()} of {title} who are here already stay as they are; change them on the record."
        if self._zeros:
            yield f"{wording.count(self._zeros, 'TRN')} had lost the zero at the front; Holdfast put it back to find the record."


class _Told:
    """Tells how far reading is, and ends it when a person wants that. Raises Stopped."""

    def __init__(self, tell: Tell | None, cancelled: Cancelled | None) -> None:
        self._tell = tell or (lambda _: None)
        self._cancelled = cancelled or (lambda: False)

    def __call__(self, rows: int) -> None:
        if rows % _OFTEN == 0:
            self.end(rows)

    def end(self, rows: int) -> None:
        if self._cancelled():
            raise Stopped
        self._tell(Progress(rows, 0, f"{rows:,} rows read"))


def _headed(
    collection: Collection, rows: Iterator[Row], also: Some[str] = ()
) -> tuple[list[str], Iterator[Row]]:
    """(the headings, the rows below them). They are the first row of which at least half is known, else the first."""
    first = list(islice(rows, _HEAD_ROWS))
    if not first:
        raise UsageError("There is nothing in this file.")
    headings = Headings(collection, children=True)
    place = 0
    for number, (_, cells) in enumerate(first):
        filled = [cell for cell in cells if cell.strip()]
        known = sum(bool(headings.find(cell)[0]) or said(cell) in also for cell in filled)
        if len(filled) > 1 and known * 2 >= len(filled):
            place = number
            break
    header = [cell.strip() for cell in first[place][1]]
    while header and not header[-1]:
        header.pop()
    return header, chain(first[place + 1 :], rows)


def _own_export(header: Sequence[str]) -> Iterator[str]:
    """A portal's own export is read as the portal itself, not as somebody's list."""
    if {"register_id", "register_record_last_changed_at"} <= {heading.casefold() for heading in header}:
        yield "This is Register’s own export. Load it on Hand-over instead: what it says then counts as what Register has."


def _is_taken(row: PastedRow) -> bool:
    """Whether a row is saved unless somebody says otherwise: whole, or not at all."""
    return row.status in (RowStatus.MATCH, RowStatus.NEW)


def _unusable(row: PastedRow, trouble: str) -> PastedRow:
    return PastedRow(row.number, RowStatus.UNREADABLE, row.label, unread=row.unread, why=f"{trouble}.")


def _drafts(unit: Unit, record_ids: Sequence[RecordId]) -> int:
    """How many of these have errors, so that they are not sent."""
    unit.flush()
    return sum(
        outline.sync is Sync.DRAFT
        for start in range(0, len(record_ids), _AT_ONCE)
        for outline in unit.records.outlines(record_ids[start : start + _AT_ONCE]).values()
    )


def _name_of(collection: str, headings: Sequence[str]) -> str:
    """The name under which the mapping of a set of headings is kept; their order does not count."""
    return hashlib.sha256("\n".join([collection, *sorted(headings)]).encode()).hexdigest()


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path.name} cannot be opened any more. Nothing was saved.") from error
