"""A portal without a network, a server or JSON: what a pass costs with it is the engine's own cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from desktop.collections.trainees import COLLECTION
from desktop.model.document import Document, Fields, Value
from desktop.model.snapshot import Snapshot
from desktop.model.verdict import Accepted, NotFound, Outcome, Page, PortalState, Probe
from desktop.practice import people
from desktop.practice.clock import Clock
from desktop.practice.mapping import trainee_json
from desktop.practice.state import State
from desktop.sync.portals.jsontext import read_json
from desktop.sync.portals.register_mapping import RegisterMapping

SCOPE = "2026"
PER_PAGE = 200
BEGIN = datetime(2026, 10, 1, tzinfo=UTC)
DIFFERENT = 500


def people_of(number: int) -> list[Snapshot]:
    """`number` trainees of one year, as the adapter reads them; `DIFFERENT` different ones over and over."""
    mapping = RegisterMapping(COLLECTION)
    made = (mapping.snapshot(read_json(body)) for body in bodies())
    kept = [s for s in made if s is not None and _usual(s)]
    return [_numbered(kept[n % len(kept)], n) for n in range(number)]


def bodies() -> list[bytes]:
    """What Register would send of each of the different ones."""
    state = State(Clock(lambda: BEGIN), 1)
    people.furnish(state, DIFFERENT, 1)
    return [trainee_json(r, state.schools) for r in state.records.values()]


def _usual(snapshot: Snapshot) -> bool:
    year = COLLECTION.facets(snapshot.document).get("cycle")
    return str(year) == SCOPE and snapshot.state == "trn_received"


def _numbered(snapshot: Snapshot, number: int) -> Snapshot:
    document = snapshot.document.copy()
    document.fields |= {
        "provider_trainee_id": f"NM26-{number:06}",
        "email": f"somebody{number}@example.com",
        "trn": f"{4_000_000 + number}",
        "hesa_id": f"26{number:011}",
    }
    return replace(snapshot, portal_id=f"portal{number:018}", document=document, version=version(-number))


def version(minutes: int) -> str:
    """The portal's time, so many minutes after the beginning."""
    return (BEGIN + timedelta(minutes=minutes)).isoformat(timespec="microseconds")


class Shelf:
    """A `Portal` that holds snapshots. Every call counts as the one request that it stands for."""

    organisation = "10999417"
    proven = True
    unlisted: frozenset[str] = frozenset()
    may_lose: frozenset[str] = frozenset()

    def __init__(self, snapshots: list[Snapshot]) -> None:
        self.held = {s.portal_id: s for s in snapshots}
        self.requests_made = 0
        self._minute = 1

    def probe(self) -> Probe:
        self.requests_made += 1
        return Probe(PortalState.UP, "")

    def scopes(self, _now: datetime) -> tuple[str, ...]:
        return (SCOPE,)

    def pages(self, _scope: str, since: str = "") -> Iterator[Page]:
        listed = sorted(
            (s for s in self.held.values() if s.version >= since), key=lambda s: s.version, reverse=True
        )
        count = max(1, -(-len(listed) // PER_PAGE))
        for number in range(1, count + 1):
            self.requests_made += 1
            rows = listed[(number - 1) * PER_PAGE : number * PER_PAGE]
            yield Page(tuple(rows), number, count, len(listed))

    def fetch(self, portal_id: str) -> Snapshot | NotFound:
        self.requests_made += 1
        return self.held[portal_id]

    def update(self, current: Snapshot, fields: Fields) -> Outcome:
        self.requests_made += 1
        self.change(current.portal_id, fields)
        return Accepted(self.held[current.portal_id])

    def change(self, portal_id: str, fields: Fields, minute: int = 0) -> None:
        """Somebody else's edit, or ours."""
        old = self.held[portal_id]
        document = old.document.copy()
        document.fields |= fields
        self.held[portal_id] = replace(old, document=document, version=version(minute or self._minute))

    def echo(self, _path: str, value: Value) -> Value:
        return value

    def alike(self, _kind: str, said: Fields, held: Fields) -> bool:
        return said == held

    def keep_pace(self, pace: Callable[[], None]) -> None:
        """Nothing is paced here."""

    def close(self) -> None:
        """Nothing to close."""

    def create(self, _document: Document) -> Outcome:
        raise NotImplementedError

    add_child = update_child = remove_child = act = create
