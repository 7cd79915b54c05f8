"""Register's replies: what counts as data, and what came of a write.

A reply counts only by its shape, the metadata of a page, and whose records it holds (sync.md I10, N11). The meaning of
statuses is `outcome`'s, that of complaints `refusals`'.

Source: domain pack register-trainees 1.2 to 1.8.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from desktop.model.snapshot import Snapshot
from desktop.model.verdict import Accepted, Duplicate, NotFound, Outcome, Page, Refused, Unavailable
from desktop.sync.portals.outcome import Judge, Verdict
from desktop.sync.portals.refusals import first_message, read_refusals
from desktop.sync.portals.register_mapping import RegisterMapping

Sent = Verdict | Unavailable | Refused
"""What is known of a write once it was sent, or refused here."""

NO_TRAINEES = "No trainees found"
_GONE = {
    "Trainee(s) not found": "record",
    "Degree(s) not found": "child",
    "Placement(s) not found": "child",
}
"""The 404s that mean what they say (pack 1.4). Any other is about the address or the API, never about a record."""

_NO_VERSION = re.compile("version '.*' not available", re.IGNORECASE)


class RegisterReplies:
    """Reads the replies to one adapter's requests.

    ukprn   the provider that answers, "" before the first record was seen
    proven  whether a record of that provider has come
    """

    def __init__(self, mapping: RegisterMapping, judge: Judge, ukprn: str) -> None:
        self.ukprn = ukprn
        self.proven = False
        self._mapping = mapping
        self._judge = judge

    def page(self, answer: Verdict | Unavailable, number: int, seen: int) -> Page | Unavailable:
        """A page of the listing; `seen` = records on the pages before it."""
        if isinstance(answer, Unavailable):
            return answer
        if answer.status == 404 and first_message(answer.body) == NO_TRAINEES:
            # Past the first page: the listing shrank under us, to what was seen at most, and whoever compares totals sees it.
            return Page((), number, max(1, number - 1), seen)
        if not answer.done:
            return self.off(answer)
        listing = _listing(answer.body, number)
        if listing is None:
            return self._judge.unreadable(write=False)
        rows, pages, total = listing
        if not self._is_ours(rows):
            return self._judge.stranger(write=False)
        snapshots = tuple(s for s in map(self._mapping.snapshot, rows) if s is not None)
        if len(snapshots) != len(rows):
            return self._judge.unreadable(write=False)
        return Page(snapshots, number, pages, total)

    def asked_for(self, answer: Verdict | Unavailable, portal_id: str) -> Snapshot | NotFound | Unavailable:
        """One record that was asked for by its id."""
        if isinstance(answer, Unavailable):
            return answer
        if not answer.done:
            return self._gone(answer) or self.off(answer)
        return self._record(answer.body, portal_id, write=False)

    def created(self, answer: Sent) -> Outcome:
        """What came of a new trainee."""
        if isinstance(answer, Verdict) and answer.status == 409:
            return self._duplicate(answer.body)
        if isinstance(answer, Verdict) and answer.status == 404:
            return self._judge.no_api()
        return self.saved(answer, "")

    def saved(self, answer: Sent, portal_id: str, kind: str = "") -> Outcome:
        """What came of a write whose reply is the trainee. `portal_id` "" = a new one."""
        if not isinstance(answer, Verdict):
            return answer
        if not answer.done:
            return self._not_saved(answer, kind)
        body = answer.body.get("data") if isinstance(answer.body, dict) else None
        found = self._record(body, portal_id, write=True)
        return found if isinstance(found, Unavailable) else Accepted(found)

    def child_saved(self, answer: Sent, kind: str, child_id: str) -> Outcome:
        """What came of a write whose reply is the child. `child_id` "" = a new one."""
        if not isinstance(answer, Verdict):
            return answer
        if answer.status == 409:
            twins = [self._mapping.child(kind, row) for row in _rows(answer.body)]
            message = first_message(answer.body) or "This is there already."
            return Duplicate(message, child_ids=tuple(t[0].id for t in twins if t is not None))
        if not answer.done:
            return self._not_saved(answer, kind)
        body = answer.body.get("data") if isinstance(answer.body, dict) else None
        found = self._mapping.child(kind, body)
        if found is None or child_id not in ("", found[0].id):
            return self._judge.unreadable(write=True)
        return Accepted(child_id=found[0].id)

    def _not_saved(self, answer: Verdict, kind: str) -> Outcome:
        if answer.status == 404:
            return self._gone(answer) or self._judge.no_api()
        if answer.status == 409:
            return Duplicate(first_message(answer.body) or "This is there already.")
        if answer.status == 400 and _NO_VERSION.match(first_message(answer.body)):
            return self._judge.no_api()
        return read_refusals(answer.body, self._mapping.field_of, kind)

    def _duplicate(self, body: Any) -> Outcome:
        """409 of a new trainee: the records that it may be, in full (pack 1.5)."""
        rows = _rows(body)
        if not self._is_ours(rows):
            return self._judge.stranger(write=True)
        candidates = tuple(s for s in map(self._mapping.snapshot, rows) if s is not None)
        return Duplicate(first_message(body) or "This is there already.", candidates)

    def _gone(self, answer: Verdict) -> NotFound | None:
        message = first_message(answer.body)
        what = _GONE.get(message) if answer.status == 404 else None
        return NotFound(what, message) if what else None

    def off(self, answer: Verdict) -> Unavailable:
        """A read that was answered, but neither with data nor with a documented "none"."""
        if answer.status in (400, 404):
            return self._judge.no_api()
        return self._judge.unreadable(write=False)

    def _record(self, body: Any, portal_id: str, *, write: bool) -> Snapshot | Unavailable:
        """The trainee in a reply, if it is the one asked for and ours."""
        found = self._mapping.snapshot(body)
        if found is None or portal_id not in ("", found.portal_id):
            return self._judge.unreadable(write=write)
        if not self._is_ours((body,)):
            return self._judge.stranger(write=write)
        return found

    def _is_ours(self, rows: Iterable[Any]) -> bool:
        """Whether all rows that name a provider name the same one, and the one we know (N11)."""
        named = {row["ukprn"] for row in rows if isinstance(row, dict) and isinstance(row.get("ukprn"), str)}
        named.discard("")
        if not named:
            return True
        if len(named) > 1 or (self.ukprn and named != {self.ukprn}):
            return False
        self.ukprn = named.pop()
        self.proven = True
        return True


def _rows(body: Any) -> list[Any]:
    rows = body.get("data") if isinstance(body, dict) else None
    return rows if isinstance(rows, list) else []


def _listing(body: Any, number: int) -> tuple[list[Any], int, int] | None:
    """(rows, pages, total) of a page, None unless its metadata and its rows agree (N10: JSON cut at a page's edge)."""
    meta = body.get("meta") if isinstance(body, dict) else None
    if not isinstance(meta, dict) or not isinstance(body.get("data"), list):
        return None
    told = [meta.get(k) for k in ("current_page", "total_pages", "total_count", "per_page")]
    numbers = [n for n in told if type(n) is int and n >= 0]
    if len(numbers) != len(told):
        return None
    current, pages, total, per_page = numbers
    rows: list[Any] = body["data"]
    due = max(0, min(per_page, total - (number - 1) * per_page))
    if current != number or len(rows) != due or (pages > number) != (total > number * per_page):
        return None
    return rows, max(1, pages), total
