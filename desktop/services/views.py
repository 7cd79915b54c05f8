"""What the services hand to screens and to the command line: plain, frozen data, no rows, no sessions, no Qt.

Everything said on a screen is derived from the tables at the moment of asking (sync.md I18). Times are aware UTC;
the caller draws them in local time. Documents handed out are copies: changing them changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from desktop.model.change import ChangeKind, ChangeState
from desktop.model.collection import Money
from desktop.model.conflict import Conflict
from desktop.model.document import Document, Patch, Value
from desktop.model.finding import Finding
from desktop.model.ids import ChangeId, RecordId
from desktop.model.standing import Sync
from desktop.model.verdict import PortalState


@dataclass(frozen=True)
class RecordQuery:
    """Which records, in which order.

    search   words in any order, each matched as the beginning of a word in names and references
    filters  facet or field name -> value; several values of one name as a tuple mean "one of".
             Special names: "sync" (Sync value), "state", "money_only" ("1"), "errors" ("1"),
             "unready" ("1": not at the portal as it is here, or with errors)
    sort     "label", "sync", "state", "updated" or a facet name; `descending` turns it round
    """

    collection: str
    search: str = ""
    filters: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    sort: str = "label"
    descending: bool = False


@dataclass(frozen=True)
class Row:
    """One line of the records table. `key` is the integer under which `find` lists it.

    caption  short words beside the sync state: "1st, money", "2 to fix", "Funding", "Create, 10:41"; may be ""
    facets   as `Collection.facets` gives them, codes as text
    """

    key: int
    id: RecordId
    label: str
    portal_id: str | None
    sync: Sync
    caption: str
    state: str
    facets: Mapping[str, str | int | None]
    errors: int | None
    missing: bool = False


@dataclass(frozen=True)
class HistoryEntry:
    """One row of the journal. `event` is a key such as "edited", "sent", "confirmed"; `text` the plain sentence.

    seal  the fingerprint of its place in the hash chain
    """

    seq: int
    at: datetime
    actor: str
    event: str
    text: str
    record_id: RecordId | None
    detail: Mapping[str, Any]
    seal: str = ""


@dataclass(frozen=True)
class QueueItem:
    """One change that waits, is under way, or is stuck.

    place      1-based place in the order of sending; None when it cannot go now (held, refused, conflict)
    what       "Funding method: Postgraduate bursary", "New trainee, with 1 degree", "Defer from 5 October 2026"
    group      "money", "create", "other", "action", or "hand" = to be typed on the website
    money_gbp  what hangs on it; None = nothing
    eta_s      seconds after the portal is back until its turn, from the request budget
    refusals   what the portal said of single fields: (our path, its own words); () when it was not refused
    journey    name of the sheet by which a person could type it; "" = there is none
    """

    id: ChangeId
    record_id: RecordId
    record_label: str
    collection: str
    kind: ChangeKind
    target: str
    state: ChangeState
    attempts: int
    next_try: datetime | None
    reason: str
    saved_at: datetime
    actor: str
    place: int | None
    what: str
    group: str
    money_gbp: int | None
    eta_s: float | None
    refusals: tuple[tuple[str, str], ...] = ()
    journey: str = ""


@dataclass(frozen=True)
class RecordView:
    """One record as the record screen shows it.

    document / base / pending   local content, the portal's last (None = never there), and what differs
    state / state_label         at the portal; "" / "Not at the portal" before it is there
    money / money_at_portal     our reading of the table for the local and for the portal's content
    version                     counter that moves with every write of this record
    conflict                    the open one, if any;  changes: its open changes in order of sending
    actions                     names of actions that are legal now
    why_not_act                 why who sits here may confirm none of them; "" when they may
    """

    id: RecordId
    key: int
    collection: str
    label: str
    portal_id: str | None
    sync: Sync
    caption: str
    state: str
    state_label: str
    editable: bool
    why_not_editable: str
    document: Document
    base: Document | None
    pending: Patch
    extras: Mapping[str, Any]
    findings: tuple[Finding, ...]
    money: Money | None
    money_at_portal: Money | None
    version: int
    saved_at: datetime | None
    conflict: Conflict | None
    changes: tuple[QueueItem, ...]
    actions: tuple[str, ...]
    missing: bool
    why_not_act: str = ""


@dataclass(frozen=True)
class Edited:
    """Result of an edit: the record as it now is, and the patch that takes the edit back (for undo)."""

    view: RecordView
    inverse: Patch


@dataclass(frozen=True)
class HalfTyped:
    """Answers that stood in a form, not saved yet, when the program ended: by path as in a patch, as typed.

    `record_id` None = a new record that had no saved answer yet.
    """

    record_id: RecordId | None
    collection: str
    values: Mapping[str, Value]
    at: datetime
    actor: str


@dataclass(frozen=True)
class PortalView:
    """One portal on the strip and on Home.

    state / since / detail   current state, since when (None = never asked), and one plain line
    next_check               when we try again by ourselves; None = nothing planned
    tries                    (at, state, text) of the last tries, newest first
    strip                    72 marks of 20 minutes, oldest first: "up", "half", "down" or "" (nothing known)
    last_success             last complete sync
    by_file                  True when the organisation can read it only from a file that a person downloads there
    file_read                when such a file was loaded last; None = never
    restored_at              since when sending is held because the portal was put back to an older copy; None = it is not
    """

    collection: str
    portal: str
    portal_short: str
    connected: bool
    url: str
    state: PortalState
    since: datetime | None
    detail: str
    next_check: datetime | None
    last_success: datetime | None
    tries: tuple[tuple[datetime, PortalState, str], ...]
    strip: tuple[str, ...]
    restored_at: datetime | None = None
    by_file: bool = False
    file_read: datetime | None = None


@dataclass(frozen=True)
class Need:
    """One thing only a person can decide. `kind`: "conflict", "duplicate", "closed", "missing", "refused", "held", "unknown"."""

    kind: str
    record_id: RecordId
    label: str
    what: str
    money_gbp: int | None
    conflict: Conflict | None
    change: QueueItem | None


@dataclass(frozen=True)
class Deadline:
    """A day that matters, and how ready the collection is for it."""

    collection: str
    day: date
    what: str
    days_left: int


@dataclass(frozen=True)
class Counts:
    """Records of a collection by where they stand. `confirmed` = clean and read back from the portal."""

    total: int
    confirmed: int
    waiting: int
    drafts: int
    needs_you: int
    unknown: int


@dataclass(frozen=True)
class MoneyAtRisk:
    """What rests on changes the portal has not had: whole pounds, and the records by size of the sum."""

    total_gbp: int
    rows: tuple[tuple[RecordId, str, Sync, str, int], ...]


@dataclass(frozen=True)
class HomeView:
    """All that the first screen shows, read in one go."""

    organisation: str
    today: date
    portals: tuple[PortalView, ...]
    counts: Mapping[str, Counts]
    needs: tuple[Need, ...]
    money: MoneyAtRisk
    deadlines: tuple[Deadline, ...]
    waiting: int
    last_saved: datetime | None


@dataclass(frozen=True)
class SyncReport:
    """What one pass did (contract.md section 2, verb `sync`).

    held      nothing was sent, because the portal was put back to an older copy and questions about that are open
    problems  what Holdfast found out of step in its own records; sending is then paused (sync.md D29)
    """

    collection: str
    state: PortalState
    detail: str = ""
    pulled: int = 0
    merged: int = 0
    pushed: int = 0
    conflicts: int = 0
    rejected: int = 0
    unknown: int = 0
    queued: int = 0
    requests: int = 0
    cancelled: bool = False
    held: bool = False
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Progress:
    """Where a long job stands: `done` of `total` (0 = not known yet), in words ("412 of 1,236 read")."""

    done: int
    total: int
    words: str


Choice = str | tuple[str, Value]
"""How one field of a conflict is settled: "mine", "theirs", or ("value", V)."""


@dataclass(frozen=True)
class Changed:
    """What a commit changed, for open screens: record ids (None = many), and which lists moved."""

    records: frozenset[str] | None
    queue: bool
    portals: bool


@dataclass(frozen=True)
class QueueSummary:
    """The queue in a line: how many changes wait, what hangs on them, and how long they need once the portal is up.

    share  requests a minute that this computer may make
    held   nothing is sent until questions about a portal that was put back are settled
    by_hand  how many of them a person types on a website
    """

    count: int
    money_gbp: int
    requests: int
    eta_s: float
    paused: bool
    share: int
    held: bool
    by_hand: int = 0


@dataclass(frozen=True)
class Organisation:
    """Who the workspace belongs to. `kind`: "hei", "scitt", "school" or "training-provider".

    `collections` = those it was made for; () = the usual ones of its kind.
    """

    name: str
    kind: str
    ukprn: str = ""
    urn: str = ""
    collections: tuple[str, ...] = ()

    @property
    def has_api(self) -> bool:
        """Whether its portal takes records from programs: from accredited higher-education providers only."""
        return self.kind == "hei"

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Organisation:
        """As it was kept."""
        return cls(**{**data, "collections": tuple(data.get("collections", ()))})
