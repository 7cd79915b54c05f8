"""What came of one conversation with a portal: the words in which every adapter answers.

Each outcome is one of these types; the sync engine decides by type alone. `Unavailable` is systemic (it pauses the
whole queue of that portal), all others concern one record (sync.md D16).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from desktop.model.snapshot import Snapshot


class PortalState(StrEnum):
    """State of a portal as far as we can tell (contract.md notes to section 2)."""

    UP = "up"
    BUSY = "busy"
    MAINTENANCE = "maintenance"
    DOWN = "down"
    API_OFF = "api-off"
    SIGN_IN = "sign-in"
    CAPTIVE = "captive"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Accepted:
    """The portal did it. `snapshot` is the record as it now stands; None when the reply did not carry it."""

    snapshot: Snapshot | None = None
    child_id: str | None = None


@dataclass(frozen=True)
class Refusal:
    """One complaint of the portal: `field` in our names ("" = the whole record), `message` as the portal put it."""

    field: str
    message: str


@dataclass(frozen=True)
class Refused:
    """The portal looked at the data and said no (422 and friends). `wrong_state` = the record's state forbids it."""

    refusals: tuple[Refusal, ...]
    wrong_state: bool = False


@dataclass(frozen=True)
class Duplicate:
    """The portal holds this already (409). `candidates` are full records, or for a child `child_ids` of twins."""

    message: str
    candidates: tuple[Snapshot, ...] = ()
    child_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class NotFound:
    """No such thing. `what` is "record" or "child"."""

    what: str
    message: str = ""


@dataclass(frozen=True)
class Unavailable:
    """The portal gave no verdict. `effect_possible` = the request may have been carried out all the same.

    retry_after_s  what the portal asked for, already bounded to 1 s .. 1 h (D17); None when it did not say
    detail         one plain line for the history and the evidence; never HTML, never personal data
    own_fault      the portal itself answered, with a fault of its own (5xx): it may be about this one request only
    """

    state: PortalState
    detail: str
    effect_possible: bool = False
    retry_after_s: float | None = None
    own_fault: bool = False


Outcome = Accepted | Refused | Duplicate | NotFound | Unavailable


@dataclass(frozen=True)
class Page:
    """One page of a listing, newest first. `total` is the portal's count for the whole listing."""

    snapshots: tuple[Snapshot, ...]
    number: int
    pages: int
    total: int


SLOW_S = 1.0
"""A portal that takes longer for a small question is crowded (docs/simulation.md)."""


@dataclass(frozen=True)
class Probe:
    """Answer to "are you there": the portal's state, and what it said of itself.

    took_s  how long the portal took for the slowest of the small requests, which tells how crowded it is
    """

    state: PortalState
    detail: str
    retry_after_s: float | None = None
    facts: dict[str, str] = field(default_factory=dict)
    took_s: float = field(default=0.0, compare=False)
