"""The adapter of Register trainee teachers (API v2026.1): the Portal protocol over HTTP. It parses, checks and maps.

Bodies and field names are `register_mapping`'s, what a reply says is `register_replies`'. Here is which request each call
makes. Nothing is raised for what a portal or network does; nothing is sent twice.

Source: domain pack register-trainees 1.1 to 1.8.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import httpx

from desktop.collections.trainees.cycles import cycle_of, known_cycles, london_day
from desktop.model.collection import Collection
from desktop.model.document import Document, Fields, Value
from desktop.model.errors import UnknownName, UsageError
from desktop.model.snapshot import Snapshot
from desktop.model.verdict import (
    SLOW_S,
    Accepted,
    NotFound,
    Outcome,
    Page,
    PortalState,
    Probe,
    Refusal,
    Refused,
    Unavailable,
)
from desktop.sync.portals.http import HttpClient, OverHttp, Timeouts, clean_token
from desktop.sync.portals.jsontext import write_json
from desktop.sync.portals.outcome import Judge, Verdict
from desktop.sync.portals.register_mapping import (
    ACTION_PATHS,
    API_ROOT,
    API_VERSION,
    CHILD_IDS,
    LOST_ON_REFUSAL,
    RegisterMapping,
)
from desktop.sync.portals.register_replies import RegisterReplies, Sent

PER_PAGE = 200
"""Records a page. The service gives a database statement 5 s and advises modest pages (pack 1.1): 200 are about half a
megabyte, and already few enough requests (50 for 10,000 records) to leave most of the budget of 100 a minute."""


class RegisterPortal(OverHttp):
    """One provider's records at Register. Implements `desktop.sync.portal.Portal`; one thread at a time.

    base_url  the service's root, without a path (the API's own path at its end is forgiven)
    cycles    academic cycles that a full copy walks, newest first; None = next, current and the two before
    ukprn     the provider whose records these must be; "" = learn it from the first reply
    The rest is for tests and for the connection check; see `HttpClient`.
    Raises UsageError for an address or token that cannot work.
    """

    def __init__(
        self,
        collection: Collection,
        base_url: str,
        token: str,
        *,
        cycles: Sequence[int] | None = None,
        ukprn: str = "",
        per_page: int = PER_PAGE,
        timeouts: Timeouts | None = None,
        proxy: str | None = "",
        transport: httpx.BaseTransport | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        if not clean_token(token):
            raise UsageError(
                f"There is no access token for {collection.portal_short}. Enter the one it gave you."
            )
        root = base_url.strip().rstrip("/").removesuffix(API_ROOT)
        self._http = HttpClient(root, token, timeouts=timeouts, proxy=proxy, transport=transport)
        self._collection = collection
        self._mapping = RegisterMapping(collection)
        self._judge = Judge(collection.portal_short, clock)
        self._replies = RegisterReplies(self._mapping, self._judge, ukprn)
        self._cycles = tuple(cycles) if cycles is not None else None
        self._per_page = per_page

    def __repr__(self) -> str:
        return f"RegisterPortal({self._http!r})"

    @property
    def ukprn(self) -> str:
        """The provider that answers, "" before the first record was seen."""
        return self._replies.ukprn

    @property
    def organisation(self) -> str:
        """UKPRN of the provider whose records this token gives."""
        return self.ukprn

    @property
    def proven(self) -> bool:
        """Whether a record of our provider has come through this adapter."""
        return self._replies.proven

    @property
    def unlisted(self) -> frozenset[str]:
        """Drafts are found by their id alone, as a candidate of a 409 for instance (pack 1.3, 1.5)."""
        return frozenset({"draft"})

    @property
    def may_lose(self) -> frozenset[str]:
        """A refused PUT may have deleted nationality and disability rows already (pack 1.6)."""
        return LOST_ON_REFUSAL

    # --- read ---------------------------------------------------------------------------------------------------

    def probe(self) -> Probe:
        """/ping tells whether the service is there; /info whether its API is on and takes the token (pack 1.2)."""
        shut = self._judge.at_door(self._http.send("GET", "/ping", with_token=False))
        if shut is not None:
            return Probe(shut.state, shut.detail, shut.retry_after_s)
        took_s = self._http.took_s
        if took_s > SLOW_S:  # that is answer enough, and a second question would be more of the crowd
            return Probe(PortalState.UP, f"{self._collection.portal_short} answers slowly.", took_s=took_s)
        answer = self._ask("GET", "/info")
        if isinstance(answer, Verdict) and answer.done and isinstance(answer.body, dict):
            return Probe(
                PortalState.UP,
                f"{self._collection.portal_short} answers.",
                facts=_facts(answer.body),
                took_s=max(took_s, self._http.took_s),
            )
        trouble = answer if isinstance(answer, Unavailable) else self._replies.off(answer)
        return Probe(trouble.state, trouble.detail, trouble.retry_after_s)

    def scopes(self, now: datetime) -> tuple[str, ...]:
        """Academic cycles, newest first, by the London date (pack 1.3, 2.1 rule 7)."""
        if self._cycles is not None:
            return tuple(str(c) for c in self._cycles)
        current = cycle_of(london_day(now))
        return tuple(str(c) for c in range(current + 1, current - 3, -1) if c in known_cycles())

    def pages(self, scope: str, since: str = "") -> Iterator[Page | Unavailable]:
        """GET /trainees of one cycle, newest first (the service's own order: oldest first could skip a neighbour)."""
        query = {"academic_cycle": scope, "per_page": str(self._per_page), "sort_order": "desc"}
        if since:
            query["since"] = since
        number, seen = 1, 0
        while True:
            answer = self._ask("GET", "/trainees", query={**query, "page": str(number)})
            page = self._replies.page(answer, number, seen)
            yield page
            if isinstance(page, Unavailable) or page.number >= page.pages:
                return
            number += 1
            seen += len(page.snapshots)

    def fetch(self, portal_id: str) -> Snapshot | NotFound | Unavailable:
        """GET T: the bare trainee. Finds deleted ones and drafts of the provider too (pack 1.3)."""
        path = _path(portal_id)
        if path is None:
            return NotFound("record", "No record can have this id.")
        return self._replies.asked_for(self._ask("GET", path), portal_id)

    # --- write --------------------------------------------------------------------------------------------------

    def create(self, document: Document) -> Outcome:
        """POST /trainees, with degrees and placements.

        Without `Enhanced-Errors`, against the pack's advice: in the service's code that header makes a map by splitting
        the texts at their first word, which `refusals` does as well; and on a 409 the same code meets objects in place
        of texts and breaks, so that a duplicate would be answered by 500 (base_controller.rb `enhance_errors`,
        enhanced_errors_serializer.rb, commit ce1126541c). A PUT is never answered by 409.
        """
        return self._replies.created(self._send("POST", "/trainees", self._mapping.create_data(document)))

    def update(self, current: Snapshot, fields: Fields) -> Outcome:
        """PUT T with `fields` and what the service would reset without them (pack 1.6).

        A refusal may have changed data all the same; the caller reads the record again.
        """
        data = self._mapping.update_data(current, fields)
        path = _path(current.portal_id)
        if path is None:
            return NotFound("record", "No record can have this id.")
        if not data:
            return Accepted(current)
        answer = self._send("PUT", path, data, headers={"Enhanced-Errors": "true"})
        return self._replies.saved(answer, current.portal_id)

    def add_child(self, portal_id: str, kind: str, fields: Fields) -> Outcome:
        """POST T/degrees or T/placements. A repeated degree is answered by 409, a repeated placement is made twice."""
        path = _path(portal_id, self._kind(kind))
        if path is None:
            return NotFound("record", "No record can have this id.")
        return self._replies.child_saved(
            self._send("POST", path, self._mapping.child_data(kind, fields)), kind, ""
        )

    def update_child(self, current: Snapshot, kind: str, child_id: str, fields: Fields) -> Outcome:
        """PUT T/degrees/{id} or T/placements/{id}, with what is computed from the changed fields (pack 1.7)."""
        path = _path(current.portal_id, self._kind(kind), child_id)
        if path is None:
            return NotFound("child", "No record can have this id.")
        data = self._mapping.child_update_data(current, kind, child_id, fields)
        if not data:
            return Refused(
                tuple(Refusal(f"{kind}.{n}", "cannot be changed through the portal's API") for n in fields)
            )
        return self._replies.child_saved(self._send("PUT", path, data), kind, child_id)

    def remove_child(self, portal_id: str, kind: str, child_id: str) -> Outcome:
        """DELETE of a child; the reply is the whole trainee."""
        path = _path(portal_id, self._kind(kind), child_id)
        if path is None:
            return NotFound("child", "No record can have this id.")
        return self._replies.saved(self._ask("DELETE", path, write=True), portal_id, kind)

    def act(self, portal_id: str, action: str, fields: Fields) -> Outcome:
        """POST T/defer, T/withdraw or T/update-qts-or-eyts-status. On a repeat 422 says that the state moved (pack 1.8)."""
        if action not in ACTION_PATHS:
            raise UnknownName(f"{self._collection.portal_short} has no action “{action}”.")
        path = _path(portal_id, ACTION_PATHS[action])
        if path is None:
            return NotFound("record", "No record can have this id.")
        return self._replies.saved(
            self._send("POST", path, self._mapping.action_data(action, fields)), portal_id
        )

    def echo(self, path: str, value: Value) -> Value:
        """The form in which Register gives a value back (pack 1.7)."""
        return self._mapping.echo(path, value)

    def alike(self, kind: str, said: Fields, held: Fields) -> bool:
        """A placement at a school is known by its URN, anything else by all that was said of it (pack 1.7, 3.3)."""
        return self._mapping.alike(kind, said, held)

    def _kind(self, kind: str) -> str:
        if kind not in CHILD_IDS:
            raise UnknownName(f"{self._collection.portal_short} has no list “{kind}” in a record.")
        return kind

    # --- requests -----------------------------------------------------------------------------------------------

    def _ask(
        self, method: str, path: str, *, query: Mapping[str, str] | None = None, write: bool = False
    ) -> Verdict | Unavailable:
        return self._judge(self._http.send(method, API_ROOT + path, query=query), write=write)

    def _send(
        self, method: str, path: str, data: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> Sent:
        """A write with a body. Refused here when the data holds characters that no request can carry."""
        body = write_json({"data": data})
        if body is None:
            odd = [name for name, value in data.items() if write_json(value) is None]
            return Refused(tuple(Refusal(n, "holds characters that cannot be sent") for n in odd))
        return self._judge(self._http.send(method, API_ROOT + path, body=body, headers=headers), write=True)


def _facts(body: Mapping[str, Any]) -> dict[str, str]:
    """What /info says of itself: the version that we asked for, and the latest that there is."""
    versions = body.get("version")
    facts = {"version": API_VERSION}
    if isinstance(versions, dict):
        facts |= {
            k: v[:50] for k, v in versions.items() if k in ("requested", "latest") and isinstance(v, str)
        }
    return facts


def _path(portal_id: str, *parts: str) -> str | None:
    """The path of a record or a part of it, None when the id would lead elsewhere."""
    if any(p in ("", ".", "..") for p in (portal_id, *parts)):
        return None
    return "/trainees/" + "/".join(quote(p, safe="", errors="replace") for p in (portal_id, *parts))
