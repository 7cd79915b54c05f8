"""Reading a portal from the export that a person downloads from its website: the pull of an organisation without an API.

A file is read to its end and rehearsed: what loading would do is done, page by page, in transactions that are rolled back,
so that the preview cannot differ from the loading. Loading takes it in the same way for good (`sync/file_pull.py`). Each page
is one transaction; stopped between two, what was loaded is true and the rest is as it was. The file itself is kept sealed.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.model.document import Document
from desktop.model.errors import UnknownName, UsageError
from desktop.model.ids import new_id
from desktop.services import wording
from desktop.services.acts import Stopped
from desktop.services.core import Core
from desktop.services.portals import FILE_READ
from desktop.services.views import Organisation, Progress
from desktop.store import sealed
from desktop.store.files import write_whole
from desktop.store.kept import KeptThing
from desktop.store.lists import Question
from desktop.sync.file_pull import FilePull, FilePulled
from desktop.sync.trip import Terms

if TYPE_CHECKING:
    from desktop.handover.register_export import Refused, WebExport

TRAINEES = "trainees"
WHOSE = "web_export_of"
PAGE = 500
"""Rows in one transaction."""

_MANY = 2_000
_EXAMPLES = 3
Tell = Callable[[Progress], None]
Cancelled = Callable[[], bool]


@dataclass(frozen=True)
class UnreadColumn:
    """A column with cells that could not be read: how many, and a few of them. What they would say stays as it is.

    `label` = the column's name in words.
    """

    column: str
    label: str
    cells: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class WebPlan:
    """What loading a file would do. Nothing is stored yet.

    counts   of records, but for `confirmed` = changes; see `FilePulled`
    doubts   sentences for which a person must say that it is meant all the same; empty = nothing speaks against it
    absent   records here that are at the portal and not in the file; a filter on the website leaves people out, too
    unknown  labels of answers that this file never shows
    """

    path: Path
    sha256: str
    rows: int
    provider: str
    as_of: datetime
    counts: FilePulled
    unread: tuple[UnreadColumn, ...]
    refused: tuple[Refused, ...]
    notes: tuple[str, ...]
    doubts: tuple[str, ...]
    absent: int
    unknown: tuple[str, ...]
    export: WebExport = field(repr=False)

    @property
    def may_be_whole(self) -> bool:
        """Whether a file of this page of the website can hold everybody: those for sign-off never do."""
        return self.export.purpose in ("records", "") and self.export.names_everybody

    @property
    def changes_anything(self) -> bool:
        """Whether loading would move anything here."""
        counts = self.counts
        return bool(counts.new or counts.changed or counts.confirmed or counts.conflicts or counts.asked)


@dataclass(frozen=True)
class WebLoaded:
    """A file that was loaded. `stopped` = a person stopped it; the first `rows_taken` rows were taken in."""

    id: str
    file: str
    at: datetime
    by: str
    as_of: datetime
    rows: int
    rows_taken: int
    new: int
    changed: int
    confirmed: int
    conflicts: int
    asked: int
    older: int
    missing: int
    unread: int
    stopped: bool


class WebReading:
    """Rehearses and loads exports. Worker thread."""

    def __init__(self, core: Core, organisation: Organisation) -> None:
        self._core = core
        self._organisation = organisation

    @staticmethod
    def is_export(path: Path) -> bool:
        """Whether a file has the export's headings; its content is not looked at."""
        from desktop.handover.register_export import is_export

        return is_export(path)

    # -- looking at it --------------------------------------------------------------------------------------------

    def read(self, path: Path, progress: Tell | None = None, cancelled: Cancelled | None = None) -> WebPlan:
        """What loading a file would do. Raises UsageError when it is no such file or another organisation's, Stopped."""
        from desktop.handover.register_export import CANNOT_HOLD, read_export

        digest = _digest(path)
        export = read_export(path)
        doubts = [*self._whose(export), *self._how_old(export)]
        puller = self._puller(export)
        counts, left = FilePulled(), cancelled or (lambda: False)
        for done, page in _pages(export):
            if left():
                raise Stopped
            counts.add(self._rehearsed(puller, page))
            _tell(progress, done, len(export.rows), "looked at")
        with self._core.store.read() as unit:
            absent = len(puller.absent(unit, export.listed, export.as_of))
        collection = self._core.collection(TRAINEES)
        return WebPlan(
            path,
            digest,
            len(export.rows) + len(export.refused),
            export.provider[0],
            export.as_of,
            counts,
            tuple(self._unread(export, counts.unread)),
            export.refused,
            export.notes,
            tuple(doubts),
            absent,
            tuple(wording.label_of(collection, name) for name in CANNOT_HOLD),
            export,
        )

    def _rehearsed(self, puller: FilePull, page: Sequence[Any]) -> FilePulled:
        """What a page would do: it is done, and rolled back."""
        counts = FilePulled()
        with suppress(_RollBack), self._core.store.write(durable=False) as unit:
            counts.add(puller.page(unit, page))
            _roll_back()
        return counts

    def _puller(self, export: WebExport) -> FilePull:
        from desktop.sync.portals.register_mapping import RegisterMapping

        collection = self._core.collection(TRAINEES)
        mapping = RegisterMapping(collection)
        terms = Terms(collection, self._core.today(), mapping.echo, mapping.alike)
        return FilePull(terms, export.name, old=any(self._how_old(export)))

    def _whose(self, export: WebExport) -> Iterator[str]:
        """Raises UsageError for a file of another organisation than those before; a doubt when it may be another's."""
        name, code = export.provider
        with self._core.store.read() as unit:
            known = unit.kept.get(WHOSE, TRAINEES)
        if known is None:
            if _plain(name) != _plain(self._organisation.name):
                yield (
                    f"The file is of “{name or 'nobody named'}”, and this workspace is “{self._organisation.name}”. Load it "
                    "only if these are one organisation."
                )
            return
        before = known.body
        alike = code == before["code"] if code and before["code"] else _plain(name) == _plain(before["name"])
        if not alike:
            raise UsageError(
                f"{export.name} is of {name or 'another organisation'}. This workspace reads {before['name']}. "
                "Nothing was taken from it."
            )

    def _how_old(self, export: WebExport) -> Iterator[str]:
        last = self.last()
        if last is not None and export.as_of < last.as_of:
            yield (
                f"The file is older than {last.file}, which was loaded before. Only rows newer than what is known here "
                "would be taken."
            )

    @staticmethod
    def _unread(export: WebExport, unresolved: Counter[str]) -> Iterator[UnreadColumn]:
        cells: dict[str, list[str]] = {}
        for row in export.rows:
            for cell in row.unread:
                cells.setdefault(cell.column, []).append(cell.words)
        for column, number in unresolved.most_common():
            told = tuple(dict.fromkeys(cells.get(column, ())))[:_EXAMPLES]
            yield UnreadColumn(column, column.replace("_", " ").capitalize(), number, told)

    # -- loading --------------------------------------------------------------------------------------------------

    def load(
        self,
        plan: WebPlan,
        *,
        complete: bool = False,
        all_the_same: bool = False,
        progress: Tell | None = None,
        cancelled: Cancelled | None = None,
    ) -> WebLoaded:
        """Take the file in.

        complete      a person says that it holds everybody: who is not in it is in question, never removed (I9)
        all_the_same  a person has seen the doubts
        Raises UsageError when there are doubts, or the file is not any more the one that was read; StoreError and its kinds.
        """
        if plan.doubts and not all_the_same:
            raise UsageError(plan.doubts[0])
        content = _content(plan.path)
        if hashlib.sha256(content).hexdigest() != plan.sha256:
            raise UsageError(
                f"{plan.path.name} was changed after it was read. Nothing was loaded. Read it again."
            )
        export, left = plan.export, cancelled or (lambda: False)
        load_id = new_id()
        sealed.keep(self._core.store, load_id, content)
        puller = self._puller(export)
        counts, taken, missing, finished = FilePulled(), 0, 0, False
        self._begin(plan, load_id)
        bare = self._make_way(len(export.rows))
        try:
            for done, page in _pages(export):
                if left():
                    break
                with self._core.store.write(durable=False) as unit:
                    counts.add(puller.page(unit, page))
                taken = done
                _tell(progress, done, len(export.rows), "loaded")
            finished = taken == len(export.rows)
            if finished and complete:
                missing = self._doubt(puller, export)
        finally:
            if bare:
                self._core.store.index_facets(self._core.collection(TRAINEES).facets(Document()))
            self._note(plan, load_id, counts, _Outcome(taken, missing, stopped=not finished))
        return self.get(load_id)

    def _make_way(self, coming: int) -> bool:
        """A first copy of many records: the indexes of lists are made at the end."""
        with self._core.store.read() as unit:
            held = unit.lists.count(Question(TRAINEES))
        if coming < _MANY or held >= coming:
            return False
        self._core.store.drop_facet_indexes()
        return True

    def _doubt(self, puller: FilePull, export: WebExport) -> int:
        with self._core.store.read() as unit:
            found = puller.absent(unit, export.listed, export.as_of)
        for start in range(0, len(found), PAGE):
            with self._core.store.write(durable=False) as unit:
                for record in found[start : start + PAGE]:
                    puller.doubt(unit, record.id)
        return len(found)

    def _begin(self, plan: WebPlan, load_id: str) -> None:
        """Before the first page: that a file is being loaded, and whose it is."""
        name, code = plan.export.provider
        self._note(plan, load_id, FilePulled(), _Outcome(0, 0, stopped=True), begun=True)
        with self._core.store.write() as unit:
            if unit.kept.get(WHOSE, TRAINEES) is None:
                unit.kept.put(WHOSE, TRAINEES, {"name": name, "code": code})

    def _note(
        self, plan: WebPlan, load_id: str, counts: FilePulled, outcome: _Outcome, *, begun: bool = False
    ) -> None:
        body = {
            "file": plan.path.name,
            "sha256": plan.sha256,
            "sealed": load_id,
            "as_of": plan.as_of.isoformat(),
            "rows": plan.rows,
            "rows_taken": outcome.taken,
            "missing": outcome.missing,
            "stopped": outcome.stopped,
            "unread": sum(counts.unread.values()),
        }
        body |= {
            n: getattr(counts, n) for n in ("new", "changed", "confirmed", "conflicts", "asked", "older")
        }
        with self._core.store.write() as unit:
            unit.kept.put(FILE_READ, load_id, body)
            if not begun:
                unit.journal.write("web_export_loaded", None, body)
            unit.touched.queue = True

    # -- afterwards -----------------------------------------------------------------------------------------------

    def all(self) -> list[WebLoaded]:
        """Every file that was loaded, newest first."""
        with self._core.store.read() as unit:
            return [_loaded(kept) for kept in unit.kept.all(FILE_READ)[::-1]]

    def last(self) -> WebLoaded | None:
        """The file that shows the portal as it was last, of those that were loaded whole."""
        whole = [one for one in self.all() if not one.stopped]
        return max(whole, key=lambda one: one.as_of, default=None)

    def get(self, load_id: str) -> WebLoaded:
        """Raises UnknownName."""
        return _loaded(self._kept(load_id))

    def original(self, load_id: str) -> tuple[str, bytes]:
        """(name, content) of a file that was loaded. Raises UnknownName, UsageError, StoreDamaged."""
        kept = self._kept(load_id)
        content = sealed.read(self._core.store, kept.body["sealed"])
        if content is None:
            raise UsageError(f"{kept.body['file']} is not kept on this computer any more.")
        return kept.body["file"], content

    def save_original(self, load_id: str, path: Path) -> str:
        """Write a file that was loaded, just as it was; gives the name. Raises as `original`, StoreError and its kinds."""
        write_whole(path, self.original(load_id)[1])
        return path.name

    def _kept(self, load_id: str) -> KeptThing:
        with self._core.store.read() as unit:
            found = unit.kept.get(FILE_READ, load_id)
        if found is None:
            raise UnknownName("There is no such file in this workspace.")
        return found


class _RollBack(Exception):
    """Leaves a transaction without a trace of what was done in it."""


def _roll_back() -> None:
    raise _RollBack


@dataclass(frozen=True)
class _Outcome:
    taken: int
    missing: int
    stopped: bool


def _pages(export: WebExport) -> Iterator[tuple[int, Sequence[Any]]]:
    """(rows up to here, a page of rows)."""
    for start in range(0, len(export.rows), PAGE):
        page = export.rows[start : start + PAGE]
        yield start + len(page), page


def _tell(progress: Tell | None, done: int, total: int, verb: str) -> None:
    if progress is not None:
        progress(Progress(done, total, f"{done:,} of {total:,} rows {verb}"))


def _loaded(kept: KeptThing) -> WebLoaded:
    body: Mapping[str, Any] = kept.body
    names = (
        "file",
        "rows",
        "rows_taken",
        "new",
        "changed",
        "confirmed",
        "conflicts",
        "asked",
        "older",
        "missing",
    )
    return WebLoaded(
        id=kept.name,
        at=kept.at,
        by=kept.actor,
        as_of=datetime.fromisoformat(body["as_of"]),
        unread=body["unread"],
        stopped=body["stopped"],
        **{name: body[name] for name in names},
    )


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _digest(path: Path) -> str:
    return hashlib.sha256(_content(path)).hexdigest()


def _content(path: Path) -> bytes:
    from desktop.handover.reading import MOST_BYTES

    if path.exists() and not path.is_file():
        raise UsageError(f"{path.name} is not a file. Choose the CSV file that you downloaded from Register.")
    try:
        with path.open("rb") as stream:
            return stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(
            f"{path.name} cannot be opened ({error.strerror}). Choose the file again."
        ) from error
