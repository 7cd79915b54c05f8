"""When portals could not be used, what was tried and what waited: the plain data of the evidence report.

Made by `desktop.services.evidence` from the journal, written to files by `desktop.handover`. It names records by the
ids that the portal's staff know, never by names, dates of birth or other answers. All times are aware.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from desktop.model.change import ChangeKind
from desktop.model.verdict import PortalState


class Fate(StrEnum):
    """What became of a change by the time of the report. The first three still wait for the portal."""

    WAITING = "waiting"
    SENDING = "sending"
    UNKNOWN = "unknown"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    DECISION = "needs a decision"
    DRAFT = "draft"
    DROPPED = "taken back"

    @property
    def waits(self) -> bool:
        """Whether it is complete here and only the portal is missing."""
        return self in (Fate.WAITING, Fate.SENDING, Fate.UNKNOWN)


@dataclass(frozen=True)
class Outage:
    """A time in which a portal could not be used: `end` is None while it lasts.

    number     1.. in order of time;  asked: what was asked when it was first seen ("read", "send", "look", ...)
    detail     what was seen then, in a sentence
    changes    how many changes waited at some time of it;  people: on how many records
    at_begin   how many of them waited when it was first seen
    done_at    when the last of them was confirmed; None while any still waits, or when there were none
    """

    collection: str
    state: PortalState
    begin: datetime
    end: datetime | None
    tries: int
    detail: str
    number: int = 0
    portal: str = ""
    asked: str = ""
    changes: int = 0
    people: int = 0
    at_begin: int = 0
    done_at: datetime | None = None


@dataclass(frozen=True)
class Spell:
    """Outages that followed one another without an answer between them: what a person calls one outage.

    noun  what one record of the collection is called: "trainee"
    """

    portal: str
    begin: datetime
    end: datetime | None
    tries: int
    outages: tuple[int, ...]
    noun: str = "record"


@dataclass(frozen=True)
class Attempt:
    """One try that failed. `waiting` = changes that waited at that moment, as noted then; `seq` = its journal row."""

    seq: int
    at: datetime
    outage: int
    asked: str
    state: PortalState
    detail: str
    waiting: int


@dataclass(frozen=True)
class WaitingChange:
    """One change that waited during an outage.

    record     local id;  portal_id / own_id: the portal's id and the provider's own, "" when there is none
    what       "New trainee", "Change", "Degree", "Defer"; `money` = bursary or funding hangs on it
    saved      when it was first saved here, by `by`;  ready: since when it could be sent (no errors), if ever
    settled    when it came to its `fate`; None while it waits
    outages    numbers of the outages through which it waited
    """

    record: str
    portal_id: str
    own_id: str
    kind: ChangeKind
    what: str
    money: bool
    saved: datetime
    by: str
    ready: datetime | None
    fate: Fate
    settled: datetime | None
    outages: tuple[int, ...]

    @property
    def name(self) -> str:
        """By what the reader knows the record: the portal's id, else the provider's, else the end of our own."""
        return self.portal_id or self.own_id or f"new, {self.record[-8:]}"


@dataclass(frozen=True)
class DeadlineTouched:
    """A deadline during an outage or shortly after it.

    closes    the end of its day in London
    unsent    changes that were saved before it and waited at that moment (`passed`), or that wait now (not passed)
    people    on how many records;  late: how many of them were confirmed afterwards;  outages: numbers
    """

    day: date
    what: str
    closes: datetime
    passed: bool
    unsent: int
    people: int
    late: int
    outages: tuple[int, ...]


@dataclass(frozen=True)
class Seal:
    """The state of the journal's hash chain: how many rows, fingerprints of the first and last, and every break."""

    rows: int
    first: str
    last: str
    problems: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        return not self.problems


@dataclass(frozen=True)
class Evidence:
    """The whole report. `since` / `until` bound the outages that are in it; None = all there are."""

    organisation: str
    ukprn: str
    urn: str
    since: datetime | None
    until: datetime | None
    written: datetime
    program: str
    portals: tuple[str, ...]
    outages: tuple[Outage, ...]
    spells: tuple[Spell, ...]
    attempts: tuple[Attempt, ...]
    changes: tuple[WaitingChange, ...]
    deadlines: tuple[DeadlineTouched, ...]
    seal: Seal


def fingerprint(digest: bytes) -> str:
    """The first 64 bits of a hash, to be read aloud: "7c1e 90ab 44d2 0f3b"."""
    text = digest[:8].hex()
    return " ".join(text[n : n + 4] for n in range(0, len(text), 4))
