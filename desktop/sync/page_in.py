"""Taking a page of records into the store, wherever it was read: from a portal's listing or from a file of it.

A record that is new here is added, one without local work takes the new base, all others are merged (`absorb`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from desktop.model.change import Change
from desktop.model.ids import new_id
from desktop.model.snapshot import Snapshot
from desktop.store import removed
from desktop.store.records import body_text
from desktop.store.store import Unit
from desktop.sync import adopt, outbox
from desktop.sync.absorb import absorb, went_back
from desktop.sync.trip import Terms


@dataclass
class Taken:
    """What a page did: records that are new or changed here, and those in which both sides were put together."""

    new: int = 0
    changed: int = 0
    merged: int = 0


class PageIn:
    """Takes in pages of one collection, inside units of work of the caller.

    told    goes into each row of the journal
    adopts  whether a new record that was sent is known again by its key (`adopt`)
    """

    def __init__(
        self, terms: Terms, told: Mapping[str, object] | None = None, *, adopts: bool = True
    ) -> None:
        self._terms = terms
        self._adopts = adopts
        self._collection = terms.collection
        self._told = dict(told or {})

    def take(self, unit: Unit, snapshots: Sequence[Snapshot]) -> Taken:
        """A page of what the portal lists. `changed` counts the new ones, too."""
        snapshots = self._but_removed(unit, snapshots)
        known = unit.meet(self._collection.name, [s.portal_id for s in snapshots])
        ours = adopt.sent_creates(unit, self._collection) if self._adopts else {}
        new: list[tuple[str, Snapshot]] = []
        clean: list[tuple[int, Snapshot]] = []
        done = Taken()
        for snapshot in snapshots:
            held = known.get(snapshot.portal_id)
            if held is None:
                create = self._our_create(ours, snapshot)
                if create is not None:
                    self._adopt(unit, create, snapshot)
                else:
                    new.append((new_id(), snapshot))
                    self._note(unit, "arrived", new[-1][0], snapshot)
            elif held.body == body_text(snapshot) and not held.missing:
                continue
            elif held.local_work or went_back(held.version, snapshot.version):
                merged = self.merge(unit, held.id, snapshot)
                done.changed += merged.changed
                done.merged += merged.merged
            else:
                clean.append((held.key, snapshot))
                self._note(unit, "portal_changed", held.id, snapshot)
                unit.touched.records.add(held.id)
        unit.records.add_pulled(self._collection, new)
        unit.records.refresh(self._collection, clean)
        if new:
            unit.touched.records.add("*")
        done.new = len(new)
        done.changed += len(new) + len(clean)
        return done

    def _but_removed(self, unit: Unit, snapshots: Sequence[Snapshot]) -> Sequence[Snapshot]:
        """Who was removed here for good comes back only when the portal takes edits of the record again."""
        closed = [s.portal_id for s in snapshots if not self._collection.takes_edits(s.state)]
        gone = removed.among(unit, self._collection.name, closed)
        return [s for s in snapshots if s.portal_id not in gone] if gone else snapshots

    def _note(self, unit: Unit, event: str, record_id: str, snapshot: Snapshot) -> None:
        unit.journal.write(event, record_id, {"portal_version": snapshot.version, **self._told}, actor="")

    def _our_create(self, ours: dict[str, list[Change]], snapshot: Snapshot) -> Change | None:
        creates = ours.get(adopt.own_key_of(self._collection, snapshot.document), [])
        found = next((c for c in creates if adopt.is_ours(self._collection, c, snapshot)), None)
        if found is not None:
            creates.remove(found)
        return found

    def _adopt(self, unit: Unit, change: Change, snapshot: Snapshot) -> None:
        record = unit.records.get(change.record_id)
        assert record is not None
        adopt.adopt(unit, self._terms, record, change, snapshot)

    def merge(self, unit: Unit, record_id: str, snapshot: Snapshot) -> Taken:
        """Put one record together with what the portal shows; nothing happens while the fate of a change is open."""
        record = unit.records.get(record_id)
        assert record is not None
        # Settling reads it: until then nobody can tell our own change in it from somebody else's.
        if any(c.state in outbox.FATE_OPEN for c in unit.outbox.of_record(record_id)):
            return Taken()
        done = absorb(unit, self._terms, record, snapshot, listed=True)
        return Taken(changed=int(done.changed), merged=int(done.merged))
