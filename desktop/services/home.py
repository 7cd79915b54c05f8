"""The first screen's facts, read in one go."""

from __future__ import annotations

from desktop.model.change import ChangeState
from desktop.model.ids import RecordId
from desktop.model.standing import Sync
from desktop.services.conflicts import Conflicts
from desktop.services.core import Core
from desktop.services.portals import Portals
from desktop.services.queue import ordinal
from desktop.services.views import Counts, Deadline, HomeView, MoneyAtRisk, Organisation
from desktop.store.records import StoredRecord
from desktop.store.store import Unit

_NEEDS_YOU = (Sync.CONFLICT, Sync.REJECTED)


class Home:
    """Derives the first screen from the tables."""

    def __init__(
        self, core: Core, portals: Portals, conflicts: Conflicts, organisation: Organisation
    ) -> None:
        self._core = core
        self._portals = portals
        self._conflicts = conflicts
        self._organisation = organisation

    def view(self) -> HomeView:
        """Everything on Home, as the tables have it now."""
        today = self._core.today()
        portals = tuple(self._portals.all())
        needs = tuple(self._conflicts.needs())
        with self._core.store.read() as unit:
            counts = {name: self._counts(unit, name) for name in self._core.collections}
            money = self._money(unit)
            queued = unit.outbox.counts()
            last = unit.journal.entries(
                limit=1, events=("added", "edited", "reverted", "resolved", "action_queued")
            )
        deadlines = [
            Deadline(c.name, day, what, (day - today).days)
            for c in self._core.collections.values()
            for day, what in c.deadlines(today)
        ]
        waiting = sum(
            queued.get(s, 0) for s in (ChangeState.QUEUED, ChangeState.SENDING, ChangeState.UNKNOWN)
        )
        return HomeView(
            organisation=self._organisation.name,
            today=today,
            portals=portals,
            counts=counts,
            needs=needs,
            money=money,
            deadlines=tuple(sorted(deadlines, key=lambda d: d.day)),
            waiting=waiting,
            last_saved=last[0].at if last else None,
        )

    def _counts(self, unit: Unit, collection: str) -> Counts:
        standings = unit.lists.standings(collection)

        def of(*kinds: Sync) -> int:
            return sum(n for (sync, _), n in standings.items() if sync in kinds)

        return Counts(
            total=sum(standings.values()),
            confirmed=of(Sync.CLEAN),
            waiting=of(Sync.QUEUED, Sync.SENDING),
            drafts=of(Sync.DRAFT),
            needs_you=of(*_NEEDS_YOU),
            unknown=of(Sync.UNKNOWN),
        )

    def _money(self, unit: Unit) -> MoneyAtRisk:
        """Records with open money-relevant changes, and drafts that carry money: the largest sums first."""
        rows: list[tuple[RecordId, str, Sync, str, int]] = []
        errors: dict[str, int | None] = {}
        for change in unit.outbox.all():
            if change.record_id in errors:
                continue
            record = unit.records.get(change.record_id)
            if record is None or not (change.money or change.kind == "create"):
                continue
            pounds = self._pounds(record)
            if pounds:
                errors[record.id] = record.errors
                rows.append((record.id, record.label, record.sync, "", pounds))
        rows.sort(key=lambda r: (-r[4], r[1]))
        places = unit.outbox.places(r[0] for r in rows)
        rows = [
            (key, label, sync, _where(sync, places.get(key), errors[key]), gbp)
            for key, label, sync, _, gbp in rows
        ]
        return MoneyAtRisk(sum(r[4] for r in rows), tuple(rows))

    def _pounds(self, record: StoredRecord) -> int:
        collection = self._core.collections[record.collection]
        now = collection.money(record.document)
        before = collection.money(record.base.document) if record.base else None
        return max(now.at_most if now else 0, before.at_most if before else 0)


def _where(sync: Sync, place: tuple[int, bool] | None, errors: int | None) -> str:
    """Where a record stands, in the words beside its sum."""
    if sync is Sync.DRAFT and errors:
        return f"{errors} to fix"
    return f"{ordinal(place[0])} in queue" if sync is Sync.QUEUED and place else ""
