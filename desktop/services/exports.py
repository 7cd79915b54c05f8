"""Files for the portal that a person uploads: what was in each, when, by whom, and what the portal said of it.

A file is a thing of its own: made, then *uploaded* when a person says so, then *answered* when the file that the portal
gave back was loaded. None of that counts as sent: only reading a record back confirms it (`sync/by_file.py`). The content of
each file is kept sealed beside the database, so that it can be seen and saved again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from desktop.handover import register_csv
from desktop.handover.csv_sheet import content_of
from desktop.handover.register_csv import BULK_ADD
from desktop.model.change import Change
from desktop.model.errors import StoreError, UsageError
from desktop.model.ids import new_id
from desktop.model.person import Role
from desktop.services.core import Core, refuse_unwritable
from desktop.services.export_answers import Answers
from desktop.services.export_plans import TRAINEES, Plan, PlannedFile, plan, table
from desktop.services.export_shelf import ANSWERED, KIND, MADE, ROWS, UPLOADED, Export, Shelf, names_of
from desktop.services.people import demand
from desktop.services.views import Organisation
from desktop.store.files import write_whole
from desktop.store.kept import KeptThing
from desktop.store.records import StoredRecord
from desktop.store.store import Unit
from desktop.sync import by_file

LONGEST_RECEIPT = 200


@dataclass(frozen=True)
class Made:
    """What came of making a file: the export (None = there was nothing to put in), and the plan that it follows."""

    export: Export | None
    plan: Plan


@dataclass(frozen=True)
class Uploaded:
    """An export that a person uploaded, and how many of its records were edited after the file was made."""

    export: Export
    edited: int


class Exports:
    """Making files, and following what comes of them. Reads may come from any thread; writes take their turn."""

    def __init__(self, core: Core, organisation: Organisation) -> None:
        self._core = core
        self._organisation = organisation
        self._shelf = Shelf(core)
        self._answers = Answers(core, self._shelf)

    # -- looking ------------------------------------------------------------------------------------

    def plan(self, route: str, source: Path | None = None) -> Plan:
        """What a file of a route would hold, with warnings; nothing is written. Raises UnknownName, UsageError."""
        found = plan(self._core, self._organisation, route, source)
        with self._core.store.read() as unit:
            again = self._again(unit, found)
        return _with_warnings(found, again)

    def all(self) -> list[Export]:
        """Every file that was made, newest first."""
        with self._core.store.read() as unit:
            return self._shelf.views(unit, self._shelf.all(unit))

    def get(self, export_id: str) -> Export:
        """Raises UnknownName."""
        with self._core.store.read() as unit:
            return self._shelf.views(unit, [self._shelf.kept(unit, export_id)])[0]

    def save_again(self, export_id: str, folder: Path) -> list[Path]:
        """Write the files of an export once more, just as they were. Raises UsageError, StoreError and its kinds."""
        with self._core.store.read() as unit:
            names = [file["name"] for file in self._shelf.kept(unit, export_id).body["files"]]
        contents = [self._shelf.content(export_id, number) for number in range(len(names))]
        if any(content is None for content in contents):
            raise UsageError("The copy of this file is not in the workspace any more. Make a new file.")
        paths = [folder / name for name in names]
        if there := next((path for path in paths if path.exists()), None):
            raise UsageError(f"{there.name} is there already. Choose another folder; nothing was written.")
        for path, content in zip(paths, contents, strict=True):
            write_whole(path, content or b"")
        return paths

    # -- making -------------------------------------------------------------------------------------

    def make(self, route: str, folder: Path, source: Path | None = None) -> Made:
        """Write the files of a route into `folder`, and keep what is in them. Nothing counts as sent by that.

        The folder is made if need be; no file that is there is written over. Raises as `plan`, StoreError and its kinds.
        """
        with self._core.store.read() as unit:
            demand(unit, Role.SEND)
        found = self.plan(route, source)
        if not found.files:
            return Made(None, found)
        _make_folder(folder)
        export_id = new_id()
        names = self._names(found, folder)
        written: list[Path] = []
        try:
            for number, (name, file) in enumerate(zip(names, found.files, strict=True)):
                self._shelf.keep_content(export_id, number, file.content)
                written.append(folder / name)
                write_whole(folder / name, file.content)
            self._keep(export_id, found, names)
        except BaseException:
            for path in written:
                with suppress(OSError):
                    path.unlink(missing_ok=True)
            self._shelf.drop_contents(export_id, len(names))
            raise
        return Made(self.get(export_id), found)

    def _names(self, found: Plan, folder: Path) -> list[str]:
        """A name of its own for each file: no two exports of a workspace share one."""
        with self._core.store.read() as unit:
            taken = {file["name"] for kept in unit.kept.all(KIND) for file in kept.body["files"]}
        names: list[str] = []
        for file in found.files:
            numbers = (n for n in range(1, 1_000_000) if f"{file.stem}-{n}.csv" not in taken)
            name = next(n for n in (f"{file.stem}-{k}.csv" for k in numbers) if not (folder / n).exists())
            taken.add(name)
            names.append(name)
        return names

    def _keep(self, export_id: str, found: Plan, names: list[str]) -> None:
        files = [_file_body(name, file) for name, file in zip(names, found.files, strict=True)]
        body = {"route": found.route, "files": files, "state": MADE, "records": found.records}
        rows = [
            [number, row.row, row.record_id, row.digest]
            for number, file in enumerate(found.files)
            for row in file.rows
        ]
        with self._core.store.write() as unit:
            body |= {"made_at": unit.now.isoformat(), "made_by": unit.actor}
            unit.kept.put(KIND, export_id, body)
            unit.kept.put(ROWS, export_id, {"rows": rows})
            told = {"route": found.route, "files": names, "records": found.records}
            unit.journal.write("file_made", None, told)
            for record, changes, number in self._shelf.with_changes(unit, found.route, rows):
                unit.journal.write("in_file", record.id, {"file": names[number]})
                for change in changes:
                    by_file.put_in(unit, change, names[number])

    # -- what a person says -------------------------------------------------------------------------

    def uploaded(self, export_id: str, receipt: str = "") -> Uploaded:
        """A person has uploaded the files. `receipt` = what the portal showed for it. Raises UnknownName, UsageError."""
        receipt = _receipt(receipt)
        with self._core.store.write() as unit:
            demand(unit, Role.SEND)
            kept = self._shelf.kept(unit, export_id)
            if kept.body["state"] != MADE:
                raise UsageError("This file is marked as uploaded already.")
            edited = self._leave(unit, kept)
            at, who = unit.now.isoformat(), unit.actor
            body = {**kept.body, "state": UPLOADED, "uploaded_at": at, "uploaded_by": who, "receipt": receipt}
            unit.kept.put(KIND, export_id, body)
            told = {"files": names_of(kept), "receipt": receipt}
            unit.journal.write("file_uploaded", None, told)
        return Uploaded(self.get(export_id), edited)

    def _leave(self, unit: Unit, kept: KeptThing) -> int:
        """The changes of an export are on their way; gives how many of its records were edited since it was made."""
        route, edited = kept.body["route"], 0
        template = register_csv.Template(table(), self._core.collection(TRAINEES))
        rows = self._shelf.rows(unit, kept.name)
        cells = {
            number: self._shelf.cells(kept.name, number) if route == BULK_ADD else {}
            for number in range(len(names_of(kept)))
        }
        of_record = {row[2]: row for row in rows}
        for record, changes, number in self._shelf.with_changes(unit, route, rows):
            said = cells[number].get(of_record[record.id][1])
            document = template.sent(record.document, said) if said else None
            edited += bool(said) and said != template.cells(record.document)
            for change in changes:
                by_file.uploaded(unit, record, change, names_of(kept)[number], document)
        return edited

    def take_back(self, export_id: str) -> None:
        """It was not uploaded: forget the file. What was in it waits as before. Raises UnknownName, UsageError."""
        with self._core.store.write() as unit:
            demand(unit, Role.SEND)
            kept = self._shelf.kept(unit, export_id)
            if kept.body["state"] == ANSWERED:
                raise UsageError("Register has answered to this file, so it was uploaded.")
            for record, changes, _ in self._shelf.with_changes(
                unit, kept.body["route"], self._shelf.rows(unit, export_id)
            ):
                self._come_back(unit, record, changes, "")
            unit.kept.remove(KIND, export_id)
            unit.kept.remove(ROWS, export_id)
            unit.journal.write("file_dropped", None, {"files": names_of(kept)})
        self._shelf.drop_contents(export_id, len(names_of(kept)))

    def _come_back(self, unit: Unit, record: StoredRecord, changes: Iterable[Change], reason: str) -> None:
        collection = self._core.collection_of(record)
        for change in changes:
            by_file.came_back(unit, collection, record, change, reason=reason, today=self._core.today())

    # -- what the portal says -----------------------------------------------------------------------

    def load_answer(self, path: Path) -> Export:
        """Read the file that the portal gave back, and park what it refused. Raises UsageError when it is none of ours."""
        answer = register_csv.read_answer(table(), content_of(path))
        with self._core.store.read() as unit:
            kept, found = self._answers.match(unit, answer)
        if kept.body["state"] == MADE:
            self.uploaded(kept.name)
        with self._core.store.write() as unit:
            self._answers.take(unit, self._shelf.kept(unit, kept.name), answer, found)
        return self.get(kept.name)

    def _again(self, unit: Unit, found: Plan) -> list[str]:
        """Words for rows that an earlier file of the same route holds with the same answers, and is still under way."""
        wanted = {row.digest for file in found.files for row in file.rows}
        told = []
        for kept in unit.kept.all(KIND):
            if kept.body["route"] != found.route or kept.body["state"] == ANSWERED:
                continue
            same = sum(row[3] in wanted for row in self._shelf.rows(unit, kept.name))
            if same:
                names = names_of(kept)
                holds = "holds" if len(names) == 1 else "hold"
                rows = "the same row" if same == 1 else f"{same:,} of the same rows"
                told.append(
                    f"{' and '.join(names)} {holds} {rows}, still under way. Upload one of the two only."
                )
        return told


def _with_warnings(found: Plan, more: list[str]) -> Plan:
    return replace(found, warnings=(*found.warnings, *more))


def _file_body(name: str, file: PlannedFile) -> dict[str, Any]:
    return {
        "name": name,
        "records": len(file.rows),
        "size": len(file.content),
        "sha256": hashlib.sha256(file.content).hexdigest(),
    }


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"There is no folder {folder.name}, and it could not be made ({error.strerror})."
        ) from error


def _receipt(text: str) -> str:
    refuse_unwritable(text)
    text = " ".join(text.split())
    if len(text) > LONGEST_RECEIPT:
        raise UsageError(f"Keep the receipt to {LONGEST_RECEIPT} characters.")
    return text
