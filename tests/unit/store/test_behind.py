"""Writing behind: with records in hand or without, the same deeds leave the same database and read the same (`behind`)."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from desktop.collections.trainees import COLLECTION
from desktop.model.change import Change, ChangeKind, ChangeState, may_move
from desktop.model.conflict import Conflict, ConflictKind, FieldConflict
from desktop.model.document import Document, Patch
from desktop.model.errors import StaleWrite
from desktop.model.ids import ChangeId, ConflictId, RecordId
from desktop.model.snapshot import Snapshot
from desktop.model.standing import Sync
from desktop.store.records import body_text
from desktop.store.store import Store, Unit
from desktop.store.vault import new_data_key

NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)
IDS = [RecordId(f"r{n}") for n in range(4)]


def snapshot(number: int, **fields: str) -> Snapshot:
    held = {"first_names": "Amara", "last_name": f"Okonjo{number}", "itt_start_date": "2026-09-01"}
    document = Document({**held, **fields})
    return Snapshot(f"p{number}", "2026-10-01T00:00:00", "trn_received", document, {"trn": f"123456{number}"})


@pytest.fixture
def make(tmp_path: Path):
    made: list[Store] = []

    def fresh() -> Store:
        folder = tmp_path / str(len(made))
        folder.mkdir()
        store = Store.create(folder, new_data_key(), lambda: NOW, "Sam")
        made.append(store)
        with store.write() as unit:
            unit.records.add_pulled(COLLECTION, [(i, snapshot(n)) for n, i in enumerate(IDS)])
        return store

    yield fresh
    for store in made:
        store.close()


def _dump(unit: Unit) -> dict[str, list[Any]]:
    tables = ("records", "snapshots", "changes", "conflicts")
    found = {t: [tuple(r) for r in unit.connection.exec_driver_sql(f"SELECT * FROM {t}")] for t in tables}
    found["words"] = [
        r[0] for r in unit.connection.exec_driver_sql("SELECT rowid FROM words WHERE words MATCH 'moved*'")
    ]
    return {name: sorted(rows, key=repr) for name, rows in found.items()}


def change(number: int, record: str) -> Change:
    return Change(
        ChangeId(f"c{number}"),
        RecordId(record),
        "trainees",
        ChangeKind.NESTED,
        f"degrees.d{number}",
        ChangeState.QUEUED,
        NOW,
        "Sam",
    )


class Deeds:
    """Random deeds of a pass; the same for the same seed."""

    def __init__(self, unit: Unit, seed: int) -> None:
        self.unit = unit
        self.dice = random.Random(seed)
        self.seen: list[Any] = []
        self.made = 0
        self.deeds: list[Callable[[str], object]] = [
            self.edit,
            self.rename,
            self.move_base,
            self.stand,
            self.queue,
            self.move_change,
            self.end_change,
            self.ask,
            self.ask,
            self.settle,
            self.read_one,
            self.read_all,
        ]

    def run(self, steps: int) -> list[Any]:
        for _ in range(steps):
            self.dice.choice(self.deeds)(self.dice.choice(IDS))
        return self.seen

    def _record(self, record_id: str):
        record = self.unit.records.get(record_id)
        assert record is not None
        return record

    def edit(self, record_id: str) -> None:
        pending = Patch({"email": f"{self.dice.random()}@example.com"})
        self.unit.records.save(COLLECTION, self._record(record_id), pending=pending, saved=(NOW, "Sam"))

    def rename(self, record_id: str) -> None:
        pending = Patch({"last_name": f"Moved{self.dice.randrange(9)}"})
        self.unit.records.save(COLLECTION, self._record(record_id), pending=pending)

    def move_base(self, record_id: str) -> None:
        base = snapshot(IDS.index(RecordId(record_id)), email=f"{self.dice.random()}@portal.example")
        self.unit.records.save(
            COLLECTION, self._record(record_id), base=base, missing=self.dice.random() < 0.3
        )

    def stand(self, record_id: str) -> None:
        record = self._record(record_id)
        self.unit.records.stand(record.key, record.id, self.dice.choice(list(Sync)), self.dice.randrange(3))

    def queue(self, record_id: str) -> None:
        self.made += 1
        self.unit.outbox.add(self._record(record_id).key, change(self.made, record_id))

    def move_change(self, record_id: str) -> None:
        for row in self.unit.outbox.of_record(record_id):
            goal = self.dice.choice([ChangeState.CONFLICT, ChangeState.HELD, ChangeState.QUEUED])
            if may_move(row.state, goal):
                self.unit.outbox.update(row, state=goal, reason=f"{self.dice.random()}")

    def end_change(self, record_id: str) -> None:
        for row in self.unit.outbox.of_record(record_id)[:1]:
            self.unit.outbox.update(row, state=ChangeState.DISCARDED)

    def ask(self, record_id: str) -> None:
        record = self._record(record_id)
        rows = (FieldConflict("email", "email", None, "a", f"{self.dice.random()}"),)
        ident = ConflictId(f"x{self.dice.randrange(2)}{record_id}")
        self.unit.decisions.put(
            record.key,
            Conflict(ident, record.id, "trainees", ConflictKind.FIELDS, rows, NOW, "Sam", "v1"),
        )

    def settle(self, record_id: str) -> None:
        self.unit.decisions.remove(record_id)

    def read_one(self, record_id: str) -> None:
        record = self._record(record_id)
        self.seen.append(
            (record, self.unit.outbox.of_record(record_id), self.unit.decisions.of_record(record_id))
        )

    def read_all(self, _record_id: str) -> None:
        self.seen.append(self.unit.outbox.counts())
        self.seen.append(self.unit.decisions.all())
        self.seen.append(self.unit.records.with_work("trainees", thorough=True))


@pytest.mark.parametrize("seed", range(25))
def test_with_records_in_hand_or_without_everything_is_the_same(make, seed: int) -> None:
    plain, in_hand = make(), make()
    seen, left = [], []
    for store in (plain, in_hand):
        with store.write() as unit:
            if store is in_hand:
                unit.hold(IDS[:3])
            deeds = Deeds(unit, seed)
            first = deeds.run(30)
            if store is in_hand:
                unit.hold(IDS[1:])
            seen.append([*first, *deeds.run(30)])
        with store.read() as unit:
            left.append(_dump(unit))
    assert seen[0] == seen[1]
    assert left[0] == left[1]


def test_what_waits_is_lost_with_a_transaction_that_fails(make) -> None:
    store = make()

    def break_off() -> None:
        with store.write() as unit:
            unit.hold(IDS)
            Deeds(unit, 1).edit(IDS[0])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    with store.read() as unit:
        record = unit.records.get(IDS[0])
        assert record is not None
        assert not record.pending


def test_an_old_copy_of_a_record_in_hand_is_refused(make) -> None:
    store = make()
    with store.write() as unit:
        unit.hold(IDS)
        old = unit.records.get(IDS[0])
        assert old is not None
        unit.records.save(COLLECTION, old, pending=Patch({"email": "a@example.com"}))
        with pytest.raises(StaleWrite):
            unit.records.save(COLLECTION, old, pending=Patch({"email": "b@example.com"}))


def test_an_old_copy_of_a_change_in_hand_is_refused(make) -> None:
    store = make()
    with store.write() as unit:
        record = unit.records.get(IDS[0])
        assert record is not None
        unit.outbox.add(record.key, change(1, IDS[0]))
    with store.write() as unit:
        unit.hold(IDS)
        (old,) = unit.outbox.of_record(IDS[0])
        unit.outbox.update(old, state=ChangeState.HELD)
        with pytest.raises(StaleWrite):
            unit.outbox.update(old, state=ChangeState.CONFLICT)


def test_a_page_in_hand_is_read_and_written_in_a_few_statements(make) -> None:
    """A dozen statements a record is what made a pull over much local work slow."""
    store = make()
    with store.write() as unit:
        asked = _asked(unit)
        unit.hold(IDS)
        deeds = Deeds(unit, 3)
        for record_id in IDS:
            deeds.edit(record_id)
            deeds.move_base(record_id)
            deeds.stand(record_id)
            deeds.ask(record_id)
            deeds.read_one(record_id)
        unit.flush()
    assert len(asked) <= 8, asked


def _asked(unit: Unit) -> list[str]:
    """Statements from now on."""
    asked: list[str] = []
    sa.event.listen(unit.connection, "before_cursor_execute", lambda _c, _k, text, *_: asked.append(text))
    return asked


def test_whom_a_page_meets_with_local_work_is_in_hand(make) -> None:
    store = make()
    with store.write() as unit:
        Deeds(unit, 4).edit(IDS[1])
        record = unit.records.get(IDS[1])
        assert record is not None
        unit.outbox.add(record.key, change(1, IDS[1]))
    with store.write() as unit:
        met = unit.meet("trainees", ["p0", "p1", "p9"])
        asked = _asked(unit)
        held = unit.records.get(IDS[1]), unit.outbox.of_record(IDS[1]), unit.decisions.of_record(IDS[1])
        assert not asked
    with store.read() as unit:
        assert held == (unit.records.get(IDS[1]), unit.outbox.of_record(IDS[1]), None)
    assert {i: k.local_work for i, k in met.items()} == {"p0": False, "p1": True}
    assert met["p0"].body == body_text(snapshot(0))


def test_whom_the_next_page_meets_takes_the_place_of_those_before(make) -> None:
    store = make()
    with store.write() as unit:
        deeds = Deeds(unit, 5)
        for record_id in IDS[:2]:
            deeds.edit(record_id)
    with store.write() as unit:
        unit.meet("trainees", ["p0"])
        Deeds(unit, 6).edit(IDS[0])
        moved = unit.records.get(IDS[0])
        unit.meet("trainees", ["p1"])
        asked = _asked(unit)
        assert unit.records.get(IDS[0]) == moved
        assert len(asked) == 1


def test_outlines_and_changes_of_many_are_those_of_each(make) -> None:
    store = make()
    with store.write() as unit:
        unit.hold(IDS)
        deeds = Deeds(unit, 7)
        for record_id in IDS[:2]:
            deeds.edit(record_id)
            deeds.stand(record_id)
        record = unit.records.get(IDS[0])
        assert record is not None
        unit.outbox.add(record.key, change(2, IDS[0]))
        outlines = unit.records.outlines([*IDS, RecordId("nobody")])
        assert unit.outbox.of_records(IDS) == {IDS[0]: [change(2, IDS[0])]}
    with store.read() as unit:
        for record_id in IDS:
            record, outline = unit.records.get(record_id), outlines[record_id]
            assert record is not None
            assert (outline.id, outline.portal_id) == (record.id, record.portal_id)
            assert (outline.sync, outline.pending) == (record.sync, record.pending)
    assert outlines.keys() == set(IDS)
