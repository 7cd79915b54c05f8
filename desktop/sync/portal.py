"""The Portal protocol: the words in which the sync engine speaks to any central system.

An adapter turns these calls into requests and every answer, however strange, into an outcome of
`desktop.model.verdict`. It never raises for what a portal or a network does; it never retries; it keeps no state
besides its connection. All methods block and are called from one network thread at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Protocol

from desktop.model.document import Document, Fields, Value, same
from desktop.model.snapshot import Snapshot
from desktop.model.verdict import NotFound, Outcome, Page, Probe, Unavailable

Echo = Callable[[str, Value], Value]
"""The form in which a portal gives the value at a path back; see `Portal.echo`."""

Alike = Callable[[str, Fields, Fields], bool]
"""(kind of child, what was said of it, a child at the portal) -> whether they are the same one; see `Portal.alike`."""


def agree(echo: Echo, path: str, ours: Value, theirs: Value) -> bool:
    """Whether two values are the same to the portal, whichever of its forms each has."""
    return same(ours, theirs) or same(echo(path, ours), echo(path, theirs))


class Portal(Protocol):
    """One central system, for one provider and one token."""

    def probe(self) -> Probe:
        """Cheap look at the portal's state: is it up, and does it take our token. At most two requests."""

    def scopes(self, now: datetime) -> tuple[str, ...]:
        """Scopes that a full copy must walk, e.g. academic cycles ("2026"), newest first."""

    def pages(self, scope: str, since: str = "") -> Iterator[Page | Unavailable]:
        """Listing of one scope, newest first, records changed at or after `since` (a portal time; "" = all).

        An empty listing yields one page with total 0. Ends after the first Unavailable.
        """

    def fetch(self, portal_id: str) -> Snapshot | NotFound | Unavailable:
        """One record as it stands now."""

    def create(self, document: Document) -> Outcome:
        """A new record with its children. Accepted carries the snapshot; Duplicate the candidates."""

    def update(self, current: Snapshot, fields: Fields) -> Outcome:
        """Send `fields` (None clears) of a record last seen as `current` (read moments before).

        The adapter adds what the portal would silently reset if it were left out. Accepted carries the snapshot.
        """

    def add_child(self, portal_id: str, kind: str, fields: Fields) -> Outcome:
        """A new degree or placement. Accepted carries `child_id`; Duplicate the `child_ids` of its twins."""

    def update_child(self, current: Snapshot, kind: str, child_id: str, fields: Fields) -> Outcome:
        """Send changed `fields` of a child of a record last seen as `current`."""

    def remove_child(self, portal_id: str, kind: str, child_id: str) -> Outcome:
        """Delete a child. NotFound("child") when it is gone already."""

    def act(self, portal_id: str, action: str, fields: Fields) -> Outcome:
        """Carry out an action. Refused(wrong_state=True) when the record's state forbids it."""

    def echo(self, path: str, value: Value) -> Value:
        """The form in which the portal gives `value` at `path` back (canonical code and the like), to compare (D11)."""

    def alike(self, kind: str, said: Fields, held: Fields) -> bool:
        """Whether a child that the portal holds is what it makes of `said`: known again after a lost reply (pack 1.7)."""

    @property
    def organisation(self) -> str:
        """The portal's id of the organisation that its replies were for; "" before the first reply that says so."""

    @property
    def proven(self) -> bool:
        """Whether a reply to this adapter has named our organisation; an empty listing names none (N11)."""

    @property
    def unlisted(self) -> frozenset[str]:
        """States (our keys) of records that a listing never shows; their absence from one says nothing."""

    @property
    def may_lose(self) -> frozenset[str]:
        """Fields that a refused update may wipe at the portal; after a refusal they are compared and kept."""

    @property
    def requests_made(self) -> int:
        """How many requests have left through this adapter since it was made."""

    def keep_pace(self, pace: Callable[[], None]) -> None:
        """Call `pace` before each request from now on; it waits until the office's budget has room (D18)."""

    def close(self) -> None:
        """Close the connection; further calls are a bug."""
