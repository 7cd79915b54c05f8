"""Workspaces of one school and a shared folder: what the tests of the exchange work with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from desktop.collections import load
from desktop.model.document import Document, Patch, Value
from desktop.services.exchange import Told
from desktop.services.views import Organisation, RecordQuery, RecordView
from desktop.services.workspace import Workspace
from desktop.store import vault
from desktop.sync import by_hand
from tests.fault.conftest import CHEAP

ECTS = "ects"
SECRET = "a secret of the team"
SCHOOL = Organisation("Northmoor Academy", "school", "", "123456")
BEGIN = datetime(2026, 9, 7, 9, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = BEGIN

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@dataclass
class Office:
    """One workspace of the school, and short words for what a person does there."""

    workspace: Workspace
    share: Path
    taken: list[Told] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.workspace.actor

    def make(self, name: str = "") -> Path:
        target = self.share / name if name else self.share
        return self.workspace.exchange.make(target).path

    def take(self, *others: Office | Path) -> Told:
        """Their files, made just now."""
        for other in others:
            path = other if isinstance(other, Path) else other.make(f"{other.name}.hfx")
            self.taken.append(self.workspace.exchange.take_in(path, SECRET))
        return self.taken[-1]

    def add(self, **answers: Value) -> str:
        document = Document({"trn": "1234567", "first_names": "Leonie", "last_name": "Ashcombe", **answers})
        return self.workspace.records.add(ECTS, document).id

    def edit(self, record: str, **answers: Value) -> None:
        self.workspace.records.edit(record, Patch(dict(answers)))

    def view(self, record: str) -> RecordView:
        return self.workspace.records.view(record)

    def fields(self, record: str) -> dict[str, Value]:
        return {n: v for n, v in self.view(record).document.fields.items() if v is not None}

    def all(self) -> list[RecordView]:
        return [self.view(line.id) for line in self.workspace.records.page(RecordQuery(ECTS), -1)]

    def events(self, record: str) -> list[tuple[str, dict[str, Any]]]:
        return [(e.event, dict(e.detail)) for e in self.workspace.activity.entries(record, limit=500)]

    def settle(self, side: str) -> None:
        (conflict,) = self.workspace.conflicts.open()
        self.workspace.conflicts.resolve_all(conflict.id, side)

    def registered(self, record: str, state: str = "registered", **adds: Value) -> None:
        """The portal showed a person that it is done."""
        workspace = self.workspace
        with workspace._store.write() as unit:
            held = unit.records.get(record)
            assert held is not None
            shown = held.document.copy()
            shown.fields.update(adds)
            seen = by_hand.Seen(shown, shown, state, "")
            rows = unit.outbox.of_record(record)
            by_hand.accepted(unit, load(ECTS), held, seen, changes=rows, today=workspace.today())


def together(*offices: Office) -> None:
    """Everybody takes in everybody's file, as often as it takes for all to hear of all."""
    for _ in range(2):
        for office in offices:
            office.take(*(other for other in offices if other is not office))


@contextmanager
def school(folder: Path, count: int) -> Iterator[list[Office]]:
    """So many workspaces that know the passphrase of each other's files."""
    clock, opened = Clock(), []
    (folder / "share").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vault, "_KDF", CHEAP)
        try:
            for name in ("Sam", "Ada", "Noor")[:count]:
                workspace = Workspace.create(
                    folder / name, SCHOOL, "made up for tests", clock=clock, actor=name, remember=False
                )
                opened.append(Office(workspace, folder / "share"))
            opened[0].workspace.exchange.agree(SECRET)
            for other in opened[1:]:
                other.take(opened[0])
            yield opened
        finally:
            for office in opened:
                office.workspace.close()
