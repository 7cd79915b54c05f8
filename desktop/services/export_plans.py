"""What would be in a file for one of Register's CSV routes, who is left out and why, and what ought to be known before.

Reading only. `exports` writes the files and keeps what was in them. The routes: new trainees ("bulk-add"), recommending for
QTS or EYTS ("recommend"), placements ("placements"). Source: domain pack 4.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from desktop.collections.reading import day, long_day, text
from desktop.collections.trainees.tables import PACK
from desktop.collections.trainees.tables import route_of as training_route
from desktop.handover import register_csv, register_placements, register_recommend
from desktop.handover.csv_sheet import content_of
from desktop.handover.recommend_course import Course
from desktop.handover.register_csv import BULK_ADD, PLACEMENTS, RECOMMEND, ROUTES, Left, Table
from desktop.handover.register_placements import Placed
from desktop.handover.register_recommend import Trainee
from desktop.model.change import Change, ChangeKind, ChangeState
from desktop.model.collection import Collection
from desktop.model.document import Document
from desktop.model.errors import UnknownName, UsageError
from desktop.services.core import Core
from desktop.services.views import Organisation
from desktop.services.wording import count
from desktop.store.records import StoredRecord
from desktop.store.store import Unit

TRAINEES = "trainees"
_ONLY_BY_API = "course_title"
"""The website's own export has no such column: a record with it was shown whole."""

FRESH = timedelta(days=1)
JUST_NOW = timedelta(hours=1)
"""How old what was read of placements may be: the file deletes what it does not know of."""

_STEMS = {BULK_ADD: "trainees", RECOMMEND: "recommend", PLACEMENTS: "placements"}
WITH_ERRORS = "trainees-with-errors"
_ON_ITS_WAY = (ChangeState.SENDING, ChangeState.UNKNOWN)
_ASK = "Decide first what is asked about it on Needs you."
_ARRIVED = "It was sent or uploaded before and may be there already. Read from Register first."


@dataclass(frozen=True)
class LeftOut:
    """Something that is not in the file: of a record (`field` = a path), or all of it (`field` "")."""

    record_id: str
    label: str
    field: str
    reason: str


@dataclass(frozen=True)
class Deletion:
    """A school that Register's import takes from a trainee because it is not in the row."""

    record_id: str
    label: str
    urn: str


@dataclass(frozen=True)
class InRow:
    """A record in a file: its row from 0 (the head), and a digest of what the row says."""

    record_id: str
    row: int
    digest: str


@dataclass(frozen=True)
class PlannedFile:
    """One file to be written; `stem` is its name before number and ending."""

    stem: str
    content: bytes
    rows: tuple[InRow, ...]


@dataclass(frozen=True)
class Plan:
    """A file or files of one route. `with_errors` = how many of the records are drafts with errors."""

    route: str
    files: tuple[PlannedFile, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    warnings: tuple[str, ...] = ()
    deletions: tuple[Deletion, ...] = ()
    with_errors: int = 0

    @property
    def records(self) -> int:
        return sum(len(file.rows) for file in self.files)


def table() -> Table:
    """What the pack says of the three routes."""
    found: Table = PACK.table("register_csv")
    return found


def check_route(route: str) -> None:
    """Raises UnknownName for a file format that does not exist."""
    if route not in ROUTES:
        raise UnknownName(f'There is no file format "{route[:40]}". There are: {", ".join(ROUTES)}.')


def digest_of(cells: Sequence[str]) -> str:
    """Equal rows have equal digests; nothing can be read from one."""
    return hashlib.sha256("\x1f".join(cells).encode("utf-8", "surrogatepass")).hexdigest()[:24]


def changes_of(route: str, changes: Sequence[Change]) -> list[Change]:
    """Those of a record's changes that a file of this route carries."""
    if route == BULK_ADD:
        return [c for c in changes if c.kind is ChangeKind.CREATE]
    if route == RECOMMEND:
        return [c for c in changes if c.kind is ChangeKind.ACTION and c.target == "recommend"]
    return [c for c in changes if c.kind is ChangeKind.NESTED and c.target.startswith("placements.")]


def plan(core: Core, organisation: Organisation, route: str, source: Path | None = None) -> Plan:
    """What a file of this route would hold now. `source` = Register's own list, as it was downloaded.

    Raises UnknownName, UsageError for a list that cannot be used, and for one that is stale.
    """
    check_route(route)
    planner = _Planner(core, organisation, source)
    with core.store.read() as unit:
        if route == BULK_ADD:
            return planner.bulk_add(unit)
        return planner.recommend(unit) if route == RECOMMEND else planner.placements(unit)


@dataclass
class _Planner:
    core: Core
    organisation: Organisation
    source: Path | None
    left: list[LeftOut] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.collection: Collection = self.core.collection(TRAINEES)
        self.table = table()
        self.today: date = self.core.today()

    # -- new trainees -------------------------------------------------------------------------------

    def bulk_add(self, unit: Unit) -> Plan:
        template = register_csv.Template(self.table, self.collection)
        ready: list[tuple[StoredRecord, list[str]]] = []
        faulty: list[tuple[StoredRecord, list[str]]] = []
        for record, change in self._waiting(unit, BULK_ADD):
            cells, left = template.row(record.document)
            (ready if change.state is ChangeState.QUEUED else faulty).append((record, cells))
            for one in left:
                self._leave(record, one)
        files = [
            *self._files(template, _STEMS[BULK_ADD], ready),
            *self._files(template, WITH_ERRORS, faulty),
        ]
        nameless = sum(not record.document.get("provider_trainee_id") for record, _ in ready)
        if nameless:
            self.warnings.append(
                f"{count(nameless, 'trainee has', 'trainees have')} no trainee ID of yours. Give them one first, so that "
                "Holdfast knows them again when it reads from Register."
            )
        if not self.organisation.has_api:
            self.warnings.append(
                "Register offers this file to accredited higher-education providers only. Others register trainees on the "
                "website."
            )
        if faulty:
            self.warnings.append(
                f"{count(len(faulty), 'draft', 'drafts')} with something to put right stand in a file of their own: "
                "Register takes all rows of a file or none."
            )
        if ready or faulty:
            self._warn_if_old(unit)
        return self._plan(BULK_ADD, files, with_errors=len(faulty))

    def _files(
        self, template: register_csv.Template, stem: str, rows: list[tuple[StoredRecord, list[str]]]
    ) -> Iterator[PlannedFile]:
        made, too_long = template.written(cells for _, cells in rows)
        for number in too_long:
            self._leave(
                rows[number][0], Left("", "It says more than one file can hold. Shorten its longest answers.")
            )
        for file in made:
            within = tuple(
                InRow(rows[number][0].id, place, digest_of(rows[number][1]))
                for place, number in enumerate(file.rows, 1)
            )
            yield PlannedFile(stem, file.content, within)

    # -- recommending -------------------------------------------------------------------------------

    def recommend(self, unit: Unit) -> Plan:
        found = list(self._waiting(unit, RECOMMEND))
        trainees: list[Trainee] = []
        records: dict[int, StoredRecord] = {}
        for number, (record, change) in enumerate(found):
            records[number] = record
            when = day(change.payload.get("fields", {}).get("qts_standards_met_date"))
            if when is None:
                self._leave(record, Left("", "The date on which the standards were met is missing."))
            else:
                trainees.append(self._trainee(number, record, when))
        if self.source is None:
            filled = register_recommend.short(self.table, trainees, self.today)
        else:
            filled = register_recommend.filled(self.table, self._source(), trainees, self.today)
        for number, left in filled.left:
            self._leave(records[number], left)
        self.warnings += filled.warnings
        dates = {t.number: t.when.isoformat() for t in trainees}
        rows = tuple(
            InRow(records[n].id, row, digest_of((records[n].id, dates[n]))) for n, row in filled.rows
        )
        if rows and self.source is None:
            self._warn_if_old(unit)
        return self._plan(RECOMMEND, [PlannedFile(_STEMS[RECOMMEND], filled.content, rows)] if rows else [])

    def _trainee(self, number: int, record: StoredRecord, when: date) -> Trainee:
        rules = self.table["recommend"]
        shown = record.base.document if record.base else record.document
        route = training_route(shown.get("training_route"))
        names = {route.name.casefold(), route.label.casefold()} if route else set()
        others: dict[str, str] = PACK.table("other_names")["training_route"]
        names |= {words for words, code in others.items() if route and code == route.code}
        known = {head: text(shown.get(name)) for head, name in rules["identifiers"]} | {"TRN": _trn(record)}
        return Trainee(
            number,
            {head: value for head, value in known.items() if value},
            {head: text(shown.get(name)) for head, name in rules["names"]},
            route.award if route else "",
            frozenset(names),
            when,
            day(shown.get("itt_start_date")),
            record.label,
            _course(record),
        )

    # -- placements ---------------------------------------------------------------------------------

    def placements(self, unit: Unit) -> Plan:
        records: list[StoredRecord] = []
        placed: list[Placed] = []
        for record, _ in self._waiting(unit, PLACEMENTS):
            placed.append(_placed(len(records), record))
            records.append(record)
        if not placed:
            return self._plan(PLACEMENTS, [])
        listed = None
        if self.source is not None:
            self._refuse_old_list()
            listed, notes = register_placements.read_list(self.table, self._source())
            self.warnings += notes
        else:
            self._insist_on_reading(unit)
        content, kept, left = register_placements.made(self.table, placed, listed)
        for number, one in left:
            self._leave(records[number], one)
        rows = tuple(
            InRow(records[n].id, row, digest_of((records[n].id, *placed[n].wanted)))
            for row, n in enumerate(kept, 2)
        )
        gone = tuple(
            Deletion(records[n].id, records[n].label, urn) for n in kept for urn in placed[n].deleted
        )
        files = [PlannedFile(_STEMS[PLACEMENTS], content, rows)] if rows else []
        return self._plan(PLACEMENTS, files, deletions=gone)

    def _refuse_old_list(self) -> None:
        assert self.source is not None
        try:
            saved = datetime.fromtimestamp(self.source.stat().st_mtime, self.core.now().tzinfo)
        except OSError:
            return  # reading it says why
        if self.core.now() - saved > FRESH:
            raise UsageError(
                f"This list was saved on {long_day(saved.date())}. Register's import deletes what the list does not know "
                "of, so download a new one today and choose that. Nothing was written."
            )

    def _insist_on_reading(self, unit: Unit) -> None:
        read = unit.portals.get(TRAINEES).last_success
        if read is None or self.core.now() - read > JUST_NOW:
            raise UsageError(
                "Register's import deletes what a file does not know of, so the file needs what Register has now. Read "
                "from Register first, or give its present list of placements. Nothing was written."
            )

    # -- for all ------------------------------------------------------------------------------------

    def _waiting(self, unit: Unit, route: str) -> Iterator[tuple[StoredRecord, Change]]:
        """Records with a change that the route carries, in order of making, each with the first of them."""
        first: dict[str, Change] = {}
        on_its_way: set[str] = set()
        for change in changes_of(route, unit.outbox.all(TRAINEES)):
            first.setdefault(change.record_id, change)
            if change.state in _ON_ITS_WAY:
                on_its_way.add(change.record_id)
        for record_id in unit.one_by_one(list(first)):
            record = unit.records.get(record_id)
            if record is None:
                continue
            change = first[record_id]
            if record_id in on_its_way:
                self._leave(record, Left("", _ARRIVED))
            elif change.state is ChangeState.CONFLICT:
                self._leave(record, Left("", _ASK))
            else:
                yield record, change

    def _leave(self, record: StoredRecord, left: Left) -> None:
        self.left.append(LeftOut(record.id, record.label, left.path, left.why))

    def _source(self) -> bytes:
        assert self.source is not None
        return content_of(self.source)

    def _warn_if_old(self, unit: Unit) -> None:
        portal = unit.portals.get(TRAINEES)
        if not portal.url or (portal.last_success and self.core.now() - portal.last_success <= FRESH):
            return
        read = f"was on {long_day(portal.last_success.date())}" if portal.last_success else "never happened"
        self.warnings.append(
            f"The last whole reading of Register {read}. Others may have changed things since: read from Register first."
        )

    def _plan(
        self,
        route: str,
        files: Sequence[PlannedFile],
        deletions: tuple[Deletion, ...] = (),
        with_errors: int = 0,
    ) -> Plan:
        return Plan(route, tuple(files), tuple(self.left), tuple(self.warnings), deletions, with_errors)


def _trn(record: StoredRecord) -> str:
    return text(record.base.extras.get("trn")) if record.base else ""


def _course(record: StoredRecord) -> Course:
    """What the portal showed of a trainee's course; a partner that the website's export cannot hold is not known."""
    if record.base is None:
        return Course()
    shown, extras = record.base.document, record.base.extras
    partner = text(shown.get("training_partner_urn")) or text(shown.get("training_partner_ukprn"))
    return Course(
        text(extras.get("course_education_phase")).replace("_", " "),
        text(shown.get("course_age_range")),
        tuple(code for n in (1, 2, 3) if (code := text(shown.get(f"course_subject_{n}")))),
        partner if partner or _ONLY_BY_API in extras else None,
    )


def _placed(number: int, record: StoredRecord) -> Placed:
    shown = record.base.document if record.base else Document()
    old = {child.id for child in shown.children.get("placements", ())}
    nameless = sum(
        not text(c.fields.get("urn")) and c.id not in old
        for c in record.document.children.get("placements", ())
    )
    return Placed(
        number,
        _trn(record),
        day(shown.get("itt_start_date")),
        _urns(shown),
        _urns(record.document),
        nameless,
    )


def _urns(document: Document) -> tuple[str, ...]:
    return tuple(
        urn
        for child in document.children.get("placements", ())
        if (urn := text(child.fields.get("urn")).strip())
    )
