"""A desk: one real workspace on disk and one real practice portal on loopback, both on one clock that the test moves.

The portal is shared by the tests of a module; each test begins with its records, limits and faults put back, and with a
workspace of its own. What the portal holds is asked of its control side, never of ourselves.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from desktop.model.change import ChangeState
from desktop.model.collection import Collection, Field, Kind
from desktop.model.conflict import Conflict
from desktop.model.document import Child, ChildPatch, Document, Fields, Patch, Value, same
from desktop.model.ids import new_id
from desktop.model.verdict import Page, Unavailable
from desktop.practice.server import PROVIDER_NAME, PROVIDER_UKPRN, PracticePortal
from desktop.services.views import HistoryEntry, Organisation, QueueItem, RecordQuery, RecordView, SyncReport
from desktop.services.workspace import Workspace, register_adapter
from desktop.store import vault
from desktop.sync.portal import Portal
from desktop.sync.portals.register import RegisterPortal

BEGIN = datetime(2026, 10, 5, 9, tzinfo=UTC)
PASSPHRASE = "made up for tests"
TOKEN_VARIABLE = "TEST_PORTAL_TOKEN"
TRAINEES = "trainees"
CHEAP = {"name": "argon2id", "memory_kib": 8, "passes": 1, "lanes": 1}
"""How a key is wrapped here: at a hundredth of the cost."""
CALLS = ("pages", "fetch", "create", "update", "add_child", "update_child", "remove_child", "act", "probe")
_numbers = itertools.count(1)


class Ticking:
    """A clock for both sides: it moves a millisecond at each look, and else only when told to."""

    def __init__(self) -> None:
        self.now = BEGIN

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    def forward(self, **how_much: float) -> None:
        self.now += timedelta(**how_much)


Tap = Callable[..., Any]


class Taps:
    """What a test does in the middle of a request, at the adapter's door: once for each tap unless it is `always`."""

    def __init__(self) -> None:
        self._taps: list[tuple[str, str, Tap, bool]] = []

    def before(self, call: str, tap: Tap, *, always: bool = False) -> None:
        """Run `tap` (with the call's arguments) when the request is about to leave."""
        self._taps.append((call, "before", tap, always))

    def after(self, call: str, tap: Tap, *, always: bool = False) -> None:
        """Run `tap` (with the outcome first) when the answer is there and not yet taken in."""
        self._taps.append((call, "after", tap, always))

    def instead(self, call: str, tap: Tap) -> None:
        """As `after`; what `tap` returns takes the answer's place."""
        self._taps.append((call, "instead", tap, False))

    def clear(self) -> None:
        """Take all taps off."""
        self._taps.clear()

    def run(self, call: str, when: str, *args: Any) -> list[Any]:
        """What the taps of this moment returned."""
        due = [t for t in self._taps if t[:2] == (call, when)]
        self._taps = [t for t in self._taps if t not in due or t[3]]
        return [tap(*args) for _, _, tap, _ in due]


class TappedPortal:
    """A portal adapter with taps on its calls."""

    def __init__(self, inner: Portal, taps: Taps) -> None:
        self._inner = inner
        self._taps = taps

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if name not in CALLS:
            return found

        def call(*args: Any) -> Any:
            self._taps.run(name, "before", *args)
            outcome = found(*args)
            self._taps.run(name, "after", outcome, *args)
            return (self._taps.run(name, "instead", outcome, *args) or [outcome])[-1]

        return call


@dataclass
class Desk:
    """A workspace that is connected to a portal, and short words for what a person does with them."""

    portal: PracticePortal
    clock: Ticking
    folder: Path
    taps: Taps = field(default_factory=Taps)
    make: Callable[..., Portal] = field(default=register_adapter)
    _opened: Workspace | None = None

    # -- the workspace ------------------------------------------------------------------------------

    @property
    def workspace(self) -> Workspace:
        if self._opened is None:
            organisation = Organisation(PROVIDER_NAME, "hei", PROVIDER_UKPRN)
            self._opened = Workspace.create(
                self.folder, organisation, PASSPHRASE, clock=self.clock, actor="Sam", make=self._tapped
            )
            self._opened.portals.connect(TRAINEES, self.portal.register_url, token_env=TOKEN_VARIABLE)
        return self._opened

    def _tapped(self, collection: Collection, url: str, token: str, organisation: str) -> Any:
        return TappedPortal(self.make(collection, url, token, organisation), self.taps)

    def between_pages(self, deed: Callable[[], object]) -> None:
        """Make pages of four rows, and do something at the portal between the first and second of this year's, once."""
        left = [deed]

        class Interrupted(RegisterPortal):
            def pages(self, scope: str, since: str = "") -> Iterator[Page | Unavailable]:
                for page in super().pages(scope, since):
                    yield page
                    if scope == "2026" and left:
                        left.pop()()

        self.make = lambda collection, url, token, ukprn: Interrupted(
            collection, url, token, ukprn=ukprn, per_page=4
        )

    def reopen(self) -> Workspace:
        """End the program and start it again."""
        self.close()
        self._opened = Workspace.open(
            self.folder, PASSPHRASE, clock=self.clock, actor="Sam", make=self._tapped
        )
        return self._opened

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    @property
    def collection(self) -> Collection:
        return self.workspace.collections[TRAINEES]

    @property
    def control(self) -> Any:
        return self.portal.control

    def sync(self, **wishes: Any) -> SyncReport:
        return self.workspace.sync.run(TRAINEES, **wishes)

    def write(self) -> AbstractContextManager[Any]:
        return self.workspace._store.write()

    def read(self) -> AbstractContextManager[Any]:
        return self.workspace._store.read()

    # -- records here -------------------------------------------------------------------------------

    def view(self, record: str | RecordView) -> RecordView:
        return self.workspace.records.view(record if isinstance(record, str) else record.id)

    def at(self, trainee_id: str) -> RecordView:
        """The record here that is this trainee at the portal."""
        return self.view(self.workspace.records.resolve(TRAINEES, trainee_id))

    def all(self) -> list[RecordView]:
        rows = self.workspace.records.page(RecordQuery(TRAINEES), -1)
        return [self.view(row.id) for row in rows]

    def edit(self, record: str | RecordView, **fields: Value) -> RecordView:
        return self._patched(record, Patch(dict(fields)))

    def edit_child(self, record: str | RecordView, kind: str, child_id: str, **fields: Value) -> RecordView:
        return self._patched(record, Patch({}, {kind: {child_id: ChildPatch(dict(fields))}}))

    def add_child(self, record: str | RecordView, kind: str, **fields: Value) -> str:
        child_id = new_id()
        self._patched(record, Patch({}, {kind: {child_id: ChildPatch(dict(fields), added=True)}}))
        return child_id

    def remove_child(self, record: str | RecordView, kind: str, child_id: str) -> RecordView:
        return self._patched(record, Patch({}, {kind: {child_id: ChildPatch(removed=True)}}))

    def _patched(self, record: str | RecordView, patch: Patch) -> RecordView:
        record_id = record if isinstance(record, str) else record.id
        return self.workspace.records.edit(record_id, patch).view

    def add(self, **other: Value) -> RecordView:
        """A new trainee, valid, unlike all others."""
        return self.workspace.records.add(TRAINEES, self.person(**other))

    def person(self, **other: Value) -> Document:
        """A valid new trainee: an answer sheet copied from the portal, with another identity. None leaves a field out."""
        n = next(_numbers)
        letters = "".join(chr(97 + n // 26**k % 26) for k in range(3))
        document = self.sheet()
        document.fields |= {
            "first_names": f"Ada{letters}",
            "last_name": "Ashcombe",
            "date_of_birth": "1999-04-12",
            "email": f"ada.{letters}@example.com",
            "hesa_id": f"{2610994170000 + n}",
            "provider_trainee_id": None,
        }
        document.fields |= other
        return document

    def sheet(self) -> Document:
        """The answers of a trainee in training at the portal, with a degree and without placements."""
        body = next(
            t
            for t in self.control.trainees()
            if t["state"] == "trn_received" and t["training_route"] == "12" and t["degrees"]
            and t["itt_start_date"] > "2026" and not t["deleted"]
        )  # fmt: skip
        wanted = {f.name: f for f in self.collection.fields}
        fields: Fields = {n: _shown(f, body.get(n), self.collection) for n, f in wanted.items()}
        kind = self.collection.child_kind("degrees")
        assert kind is not None
        degree = {f.name: _shown(f, body["degrees"][0].get(f.name), self.collection) for f in kind.fields}
        return Document(fields, {"degrees": [Child("", degree)]})

    # -- what is open -------------------------------------------------------------------------------

    def changes(self, record: str | RecordView | None = None) -> list[QueueItem]:
        """Open changes, of one record or of all."""
        found = self.workspace.queue.items()
        if record is None:
            return found
        return list(self.view(record).changes)

    def states(self, record: str | RecordView | None = None) -> list[ChangeState]:
        return [c.state for c in self.changes(record)]

    def conflicts(self) -> list[Conflict]:
        return self.workspace.conflicts.open()

    def conflict(self) -> Conflict:
        (found,) = self.conflicts()
        return found

    def events(self, record: str | RecordView | None = None) -> list[str]:
        """What the journal says, oldest first."""
        return [e.event for e in self.history(record)]

    def history(self, record: str | RecordView | None = None) -> list[HistoryEntry]:
        record_id = record.id if isinstance(record, RecordView) else record
        return self.workspace.activity.entries(record_id, limit=10_000)[::-1]

    # -- the portal ---------------------------------------------------------------------------------

    def trainee(self, record: str | RecordView) -> dict[str, Any]:
        """What the portal holds of a record here."""
        portal_id = self.view(record).portal_id
        assert portal_id is not None, "this record is not at the portal"
        return self.control.trainee(portal_id)  # type: ignore[no-any-return]

    def named(self, **fields: str) -> list[dict[str, Any]]:
        """The portal's trainees with these values."""
        held = self.control.trainees()
        return [t for t in held if all(t.get(n) == v for n, v in fields.items())]

    def in_training(self, number: int = 0, state: str = "trn_received", **having: str) -> str:
        """The id of a trainee of this year in a state, as the portal has it; the `number`th of them."""
        found = [
            t["trainee_id"]
            for t in self.control.trainees()
            if t["state"] == state
            and not t["deleted"]
            and (t["itt_start_date"] or "").startswith("2026")
            and all(t.get(n) == v for n, v in having.items())
        ]
        return str(found[number])

    def writes(self) -> list[tuple[str, str]]:
        """(method, path after the version) of every request that was no GET, in the order in which they came."""
        return [
            (r["method"], r["path"].partition("/v2026.1")[2])
            for r in self.control.requests()
            if r["method"] != "GET"
        ]

    # -- what must hold -----------------------------------------------------------------------------

    def assert_both_sides_equal(self, but: tuple[str, ...] = ()) -> None:
        """Every record that the portal lists is here with the same answers, and none is here that it does not have.

        `but` = local ids of records that are in conflict or refused.
        """
        left = {v.portal_id: v for v in self.all() if v.id not in but and not v.missing}
        assert None not in left, "a record here never reached the portal"
        skipped = {self.view(i).portal_id for i in but}
        for body in self.control.trainees():
            view = left.pop(body["trainee_id"], None)
            if body["deleted"] or body["state"] == "draft" or body["trainee_id"] in skipped:
                continue
            if body["ukprn"] != PROVIDER_UKPRN:
                assert view is None, "another organisation's record is here"
                continue
            assert view is not None, f"{body['trainee_id']} is at the portal and not here"
            assert differences(self.collection, view, body) == []
        assert not left, "records here that the portal does not have"

    def assert_nothing_doubled(self) -> None:
        """No person was created twice (by own key and by identity), no child either."""
        held = [t for t in self.control.trainees() if not t["deleted"] and t["ukprn"] == PROVIDER_UKPRN]
        people = Counter(
            (t["date_of_birth"], t["last_name"], t["first_names"], t["itt_start_date"]) for t in held
        )
        keys = Counter(t["provider_trainee_id"] for t in held if t["provider_trainee_id"])
        assert [p for p, n in people.items() if n > 1] == []
        assert [k for k, n in keys.items() if n > 1] == []
        for t in held:
            schools = Counter(p["urn"] or p["name"] for p in t["placements"])
            assert [s for s, n in schools.items() if n > 1] == [], "a placement was made twice"

    def assert_healthy(self) -> None:
        """The doctor finds nothing, and every standing follows from the rows."""
        assert self.workspace.care.doctor() == []
        for view in self.all():
            if view.pending and view.conflict is None:
                assert view.changes, f"{view.label} differs from the portal and nothing waits"
            if not view.changes and view.conflict is None:
                assert view.sync == "clean", f"{view.label} says {view.sync} and nothing waits"

    def assert_settled(self, but: tuple[str, ...] = ()) -> None:
        """Everything is sent and confirmed, both sides are equal, nothing was done twice, the doctor is content."""
        open_here = [c for c in self.changes() if c.record_id not in but]
        assert open_here == []
        assert [c for c in self.conflicts() if c.record_id not in but] == []
        self.assert_both_sides_equal(but)
        self.assert_nothing_doubled()
        self.assert_healthy()


def _shown(known: Field, value: Any, collection: Collection) -> Value:
    """A value of a control body as the API shows it: what has no code is null there."""
    if value is None or value == "":
        return None
    if known.codes and known.kind is Kind.CODE:
        return value if value in collection.code_lists.codes(known.codes) else None
    return value  # type: ignore[no-any-return]


def differences(collection: Collection, view: RecordView, body: dict[str, Any]) -> list[str]:
    """Paths at which a record here differs from what the portal holds."""
    found = [
        f.name
        for f in collection.fields
        if not same(view.document.get(f.name), _shown(f, body.get(f.name), collection))
    ]
    if view.state != body["state"]:
        found.append("state")
    for kind, id_name in (("degrees", "degree_id"), ("placements", "placement_id")):
        known = collection.child_kind(kind)
        assert known is not None
        there = {c[id_name]: c for c in body[kind]}
        here = {c.id: c for c in view.document.children.get(kind, ())}
        found += [f"{kind}.{i}" for i in there.keys() ^ here.keys()]
        for child_id in there.keys() & here.keys():
            found += [
                f"{kind}.{child_id}.{f.name}"
                for f in known.fields
                if not same(
                    here[child_id].fields.get(f.name), _shown(f, there[child_id].get(f.name), collection)
                )
            ]
    return found


UK_DEGREE: dict[str, Value] = {
    "uk_degree": "083",
    "subject": "100403",
    "institution": "0116",
    "grade": "02",
    "graduation_year": 2020,
}


def a_school(desk: Desk, number: int = 0) -> str:
    """The URN of a school that the portal knows."""
    return sorted(desk.portal.state.school_urns)[number]


NEW_SCHOOL = "555001"


def a_new_school(desk: Desk) -> str:
    """The URN of a school where no trainee has been yet."""
    desk.control.add_school(NEW_SCHOOL, "Saltersgate School", "BN1 1AA", "1 Hill Road")
    return NEW_SCHOOL


Shared = tuple[PracticePortal, Ticking, dict[str, bytes]]
"""A portal, its clock, and the files of a workspace whose first sync was done: everything the portal lists is in it."""


@contextmanager
def first_synced(size: int) -> Iterator[Shared]:
    """A portal of so many trainees, and a workspace that has read them all."""
    clock = Ticking()
    with (
        PracticePortal(size=size, clock=clock) as portal,
        TemporaryDirectory(prefix="desk-") as folder,
        pytest.MonkeyPatch.context() as patch,
    ):
        _surroundings(patch, portal)
        portal.control.limits(None)
        portal.control.snapshot()
        desk = Desk(portal, clock, Path(folder) / "workspace")
        desk.sync()
        desk.close()
        yield portal, clock, {p.name: p.read_bytes() for p in desk.folder.iterdir() if p.is_file()}


@pytest.fixture(scope="module")
def shared() -> Iterator[Shared]:
    """One for all tests of a module."""
    with first_synced(30) as made:
        yield made


def _surroundings(patch: pytest.MonkeyPatch, portal: PracticePortal) -> None:
    patch.setenv("HOLDFAST_SETTLE_S", "0")
    patch.setenv(TOKEN_VARIABLE, portal.token)
    # The passphrase costs a tenth of a second on purpose; not here.
    patch.setattr(vault, "_KDF", CHEAP)


@pytest.fixture
def desk(shared: Shared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk after its first sync, ten minutes later."""
    portal, clock, files = shared
    control = portal.control
    control.fault("up")
    control.clock(None)
    clock.now = BEGIN
    control.rollback()
    control.limits(None)
    control.clear_requests()
    _surroundings(monkeypatch, portal)
    made = Desk(portal, clock, tmp_path / "workspace")
    made.folder.mkdir()
    for name, content in files.items():
        (made.folder / name).write_bytes(content)
    clock.forward(minutes=10)
    made.reopen()
    yield made
    made.close()
