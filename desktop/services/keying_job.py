"""One thing to type on a portal's website: a journey of a record, with who is at it, and as the screens show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from desktop.model.change import Change, ChangeState
from desktop.model.collection import Collection
from desktop.model.ids import RecordId
from desktop.model.journey import Journey, Outcome
from desktop.model.lease import Lease
from desktop.services import keying_turn
from desktop.store.kept import KeptThing
from desktop.store.records import StoredRecord
from desktop.store.store import Unit
from desktop.sync import by_hand, leases
from desktop.sync.by_file import waits


class Why(StrEnum):
    """Why it is typed: nothing else can do it, there is no way in for programs (here, or now), or a file could do it too."""

    ONLY = "only"
    NO_WAY_IN = "no_way_in"
    FILE = "file"


class Stand(StrEnum):
    """Where it stands. TYPED = finished, and not read back yet; STUCK = somebody must decide or put it right first."""

    WAITING = "waiting"
    BEGUN = "begun"
    TYPED = "typed"
    REFUSED = "refused"
    STUCK = "stuck"


@dataclass(frozen=True)
class KeyItem:
    """One job on the website.

    id        `<record>:<journey>`
    what      in a line: "Funding method: Scholarship", "Delete"
    why_not   why it cannot be begun now; "" when it can
    missing   labels of what the website will ask for and nobody has answered
    wrong     what must be put right first, in sentences: errors in answers that the website asks for
    code      what the portal showed when it went no further (key of an outcome); "" = nothing of that kind
    instead   what can be done instead then, as on a button; "" = nothing
    reason    why it stands where it stands: what the website did not take, and what next; "" = nothing to say
    settles   whether a person may say that it is there: nothing can be read back from this portal
    by        who began it, or typed it; since = when
    place     page that is open, of `pages`; 0 before it is begun
    lease     who is at it now, here or in another workspace; free_at = from when on anybody may go on
    """

    id: str
    record_id: RecordId
    record_label: str
    collection: str
    journey: str
    title: str
    what: str
    why: Why
    stand: Stand
    why_not: str
    missing: tuple[str, ...]
    wrong: tuple[str, ...]
    code: str
    instead: str
    reason: str
    settles: bool
    by: str
    since: datetime | None
    place: int
    pages: int
    reference: str
    money_gbp: int | None
    lease: Lease | None = None
    free_at: datetime | None = None


@dataclass(frozen=True)
class Job:
    """An item with all that it is made of, inside one unit of work."""

    id: str
    record: StoredRecord
    collection: Collection
    journey: Journey
    changes: tuple[Change, ...]
    kept: KeptThing | None

    @property
    def body(self) -> dict[str, Any]:
        return self.kept.body if self.kept is not None else {}

    @property
    def is_begun(self) -> bool:
        return self.kept is not None and by_hand.is_begun(self.body)

    def lease(self, unit: Unit) -> Lease | None:
        """Who is at it: here, else in another workspace, as far as it was told."""
        return leases.of(self.id, self.body) if self.is_begun else leases.elsewhere(unit, self.id)

    @property
    def stand(self) -> Stand:
        states = {change.state for change in self.changes}
        if self.is_begun:
            return Stand.BEGUN
        if any(waits(change) for change in self.changes):
            return Stand.TYPED
        if states & {ChangeState.CONFLICT, ChangeState.SENDING, ChangeState.UNKNOWN}:
            return Stand.STUCK
        return Stand.REFUSED if self._refused is not None else Stand.WAITING

    @property
    def share(self) -> frozenset[str]:
        """Names of the changed answers that this journey types, and no other."""
        return keying_turn.share(self.journey, self.collection, self.record)

    @property
    def _refused(self) -> Change | None:
        """The change that was refused on this sheet, or by other means than a sheet."""
        rejected = (c for c in self.changes if c.state is ChangeState.REJECTED)
        return next(
            (c for c in rejected if self.journey.name in c.payload.get(by_hand.STOPPED, {self.journey.name})),
            None,
        )

    @property
    def _said(self) -> Mapping[str, str]:
        """What the website said to this sheet, as `by_hand.STOPPED` keeps it; {} = nothing."""
        said = (c.payload.get(by_hand.STOPPED, {}).get(self.journey.name) for c in self.changes)
        return next((one for one in said if one), {})

    @property
    def stopped_elsewhere(self) -> Mapping[str, Mapping[str, str]]:
        """Journey -> what the website said to the other sheets that share a change with this one."""
        said = {name: one for c in self.changes for name, one in c.payload.get(by_hand.STOPPED, {}).items()}
        return {name: one for name, one in said.items() if name != self.journey.name}

    @property
    def code(self) -> str:
        """What the portal showed when it went no further."""
        return self._said.get("code", "")

    @property
    def reason(self) -> str:
        """Why it was refused, and what next; "" = it was not."""
        refused = self._refused
        return self._said.get("reason", refused.reason) if refused is not None else ""

    @property
    def outcome(self) -> Outcome | None:
        """The same with what it means; None when nothing of that kind is known."""
        ends = (o for page in self.journey.pages for o in page.outcomes if o.ends and o.key == self.code)
        return next(ends, None)
