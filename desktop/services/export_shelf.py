"""The shelf of files that were handed over: what is kept of each, its sealed copy, and what the screens show of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from desktop.handover.cells import unguarded
from desktop.handover.csv_sheet import read_sheet
from desktop.model.change import Change, ChangeState
from desktop.model.errors import UnknownName
from desktop.services import wording
from desktop.services.core import Core
from desktop.services.export_plans import changes_of
from desktop.store import sealed
from desktop.store.kept import KeptThing
from desktop.store.records import StoredRecord
from desktop.store.store import Unit
from desktop.sync import by_file

KIND, ROWS = "export", "export_rows"
MADE, UPLOADED, ANSWERED = "made", "uploaded", "answered"
_TITLES = {"bulk-add": "New trainees", "recommend": "Recommending", "placements": "Placements"}


@dataclass(frozen=True)
class Verdict:
    """What the portal said of one row, at `field` = the path of the answer ("" = the whole record)."""

    record_id: str
    label: str
    field: str
    field_label: str
    message: str


@dataclass(frozen=True)
class ExportFile:
    """One file as it was written: its name, how many records are in it, its size and SHA-256 in hex."""

    name: str
    records: int
    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class Export:
    """One hand-over by file.

    state    "made", "uploaded" (a person said so) or "answered" (the portal's own file was loaded)
    waiting  records of it that are not read back yet;  passed = rows that the portal found right
    to_put_right  records that it refused and that nobody has changed since
    """

    id: str
    route: str
    title: str
    files: tuple[ExportFile, ...]
    records: int
    made_at: datetime
    made_by: str
    state: str
    waiting: int
    to_put_right: int
    uploaded_at: datetime | None = None
    uploaded_by: str = ""
    receipt: str = ""
    answered_at: datetime | None = None
    passed: int = 0
    verdicts: tuple[Verdict, ...] = ()


class Shelf:
    """Reads what is kept; the units of work are the caller's."""

    def __init__(self, core: Core) -> None:
        self._core = core

    @staticmethod
    def all(unit: Unit) -> list[KeptThing]:
        """Every export, newest first."""
        return unit.kept.all(KIND)[::-1]

    @staticmethod
    def copies(unit: Unit) -> Iterator[str]:
        """The names of all sealed copies that there should be; not those that were removed on purpose."""
        for kept in unit.kept.all(KIND):
            if "gone" in kept.body:
                continue
            yield from (copy(kept.name, number) for number in range(len(kept.body["files"])))

    @staticmethod
    def kept(unit: Unit, export_id: str) -> KeptThing:
        """Raises UnknownName."""
        found = unit.kept.get(KIND, export_id)
        if found is None:
            raise UnknownName("This file is not in the list any more.")
        return found

    @staticmethod
    def rows(unit: Unit, export_id: str) -> list[list[Any]]:
        """[number of the file, row in it, record, digest of the row] of each record in an export."""
        kept = unit.kept.get(ROWS, export_id)
        return kept.body["rows"] if kept else []

    def content(self, export_id: str, number: int) -> bytes | None:
        """A file as it was written; None when its copy is gone."""
        return sealed.read(self._core.store, copy(export_id, number))

    def keep_content(self, export_id: str, number: int, content: bytes) -> None:
        """Seal the copy of a file. Raises StoreError and its kinds."""
        sealed.keep(self._core.store, copy(export_id, number), content)

    def drop_contents(self, export_id: str, files: int) -> None:
        """Take the copies away, as far as that goes."""
        for number in range(files):
            with suppress(OSError):
                sealed.remove(self._core.store, copy(export_id, number))

    def cells(self, export_id: str, number: int) -> dict[int, list[str]]:
        """Row -> what it says, of a file with new trainees; empty when its copy is gone."""
        content = self.content(export_id, number)
        if content is None:
            return {}
        return {
            place: [unguarded(cell) for cell in row.cells]
            for place, row in enumerate(read_sheet(content).rows)
        }

    @staticmethod
    def with_changes(
        unit: Unit, route: str, rows: Iterable[list[Any]]
    ) -> Iterator[tuple[StoredRecord, list[Change], int]]:
        """The records of an export that still have changes for it, with these and the number of the file."""
        file_of = {row[2]: row[0] for row in rows}
        for record_id in unit.one_by_one(list(file_of)):
            record = unit.records.get(record_id)
            if record is not None:
                changes = changes_of(route, unit.outbox.of_record(record_id))
                if changes:
                    yield record, changes, file_of[record_id]

    def views(self, unit: Unit, found: Iterable[KeptThing]) -> list[Export]:
        """Exports as the screens show them."""
        standing = _Standing(unit.outbox.all())
        return [self._view(unit, kept, standing) for kept in found]

    def _view(self, unit: Unit, kept: KeptThing, standing: _Standing) -> Export:
        body = kept.body
        rows = self.rows(unit, kept.name)
        files = tuple(ExportFile(f["name"], f["records"], f["size"], f["sha256"]) for f in body["files"])
        return Export(
            id=kept.name,
            route=body["route"],
            title=_TITLES[body["route"]],
            files=files,
            records=body["records"],
            made_at=datetime.fromisoformat(body["made_at"]),
            made_by=body["made_by"],
            state=body["state"],
            waiting=standing.waiting(kept, rows),
            to_put_right=standing.refused(kept),
            uploaded_at=_time(body.get("uploaded_at")),
            uploaded_by=body.get("uploaded_by", ""),
            receipt=body.get("receipt", ""),
            answered_at=_time(body.get("answered_at")),
            passed=body.get("passed", 0),
            verdicts=tuple(self._verdict(unit, *verdict[:3]) for verdict in body.get("verdicts", ())),
        )

    def _verdict(self, unit: Unit, record_id: str, path: str, message: str) -> Verdict:
        record = unit.records.get(record_id)
        if record is None:
            return Verdict(record_id, "Not on this computer any more", "", "", message)
        collection = self._core.collection_of(record)
        kind = collection.child_kind(path) if path else None
        label = kind.title if kind else wording.label_of(collection, path) if path else "The whole record"
        return Verdict(record_id, record.label, path, label, message)


class _Standing:
    """How the changes stand that files carry, looked up once for all exports."""

    def __init__(self, changes: Sequence[Change]) -> None:
        of_route = {route: changes_of(route, changes) for route in _TITLES}
        self._open = {route: {c.record_id for c in found} for route, found in of_route.items()}
        self._uploaded = {
            (c.payload["file"], c.record_id) for found in of_route.values() for c in found if by_file.waits(c)
        }
        self._refused = {
            route: {c.record_id for c in found if c.state is ChangeState.REJECTED}
            for route, found in of_route.items()
        }

    def waiting(self, kept: KeptThing, rows: Iterable[list[Any]]) -> int:
        """Records of an export that wait in it: all that are open before it is uploaded, then those to be read back."""
        names = names_of(kept)
        if kept.body["state"] == MADE:
            return sum(row[2] in self._open[kept.body["route"]] for row in rows)
        return sum((names[row[0]], row[2]) in self._uploaded for row in rows)

    def refused(self, kept: KeptThing) -> int:
        """Records that the portal refused in an export and that still stand so."""
        told = {verdict[0] for verdict in kept.body.get("verdicts", ())}
        return len(told & self._refused[kept.body["route"]])


def copy(export_id: str, number: int) -> str:
    """The name of a file's sealed copy."""
    return f"{export_id}-{number + 1}"


def names_of(kept: KeptThing) -> list[str]:
    """The names of an export's files, in their order."""
    return [file["name"] for file in kept.body["files"]]


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
