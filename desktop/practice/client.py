"""A typed client of the control side, for tests and the demo. Standard library only.

with PracticePortal(size=10) as portal:
portal.control.fault("maintenance")
portal.control.edit(trainee_id, last_name="Ashcombe")
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from datetime import datetime
from typing import Any

from desktop.practice.ects.client import EctControl

_TIMEOUT_S = 30.0


class ControlError(Exception):
    """The control side refused; the message is its own."""


class Control:
    """Calls of contract.md section 3. Each method is one call and raises ControlError when it is refused.

    `web` = where the portal's web pages begin, "" when nobody said; `ects` = calls of the website of Register ECTs.
    """

    def __init__(self, url: str, web: str = "", ects_web: str = "") -> None:
        self.url = url.rstrip("/")
        self.web = web
        self.ects = EctControl(self.call, ects_web)
        # A proxy of the environment must not stand between us and loopback.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def call(self, method: str, path: str, body: Any = ...) -> Any:
        """Any call by hand; `body` is sent as JSON unless left out."""
        data = None if body is ... else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method)  # noqa: S310 - loopback http
        request.add_header("Content-Type", "application/json")
        try:
            with self._opener.open(request, timeout=_TIMEOUT_S) as reply:
                return json.loads(reply.read())
        except urllib.error.HTTPError as problem:
            with problem:
                raise ControlError(f"{method} {path}: {problem.status} {problem.read().decode()}") from None

    def fault(
        self,
        mode: str,
        *,
        match: str | None = None,
        count: int | None = None,
        retry_after: float | str | None = None,
        seconds: float | None = None,
        p: float | None = None,
        seed: int | None = None,
    ) -> None:
        """Switch a fault on; `up` switches it off."""
        options = {
            "match": match,
            "count": count,
            "retry_after": retry_after,
            "seconds": seconds,
            "p": p,
            "seed": seed,
        }
        self.call("PUT", "/faults", {"mode": mode} | {k: v for k, v in options.items() if v is not None})

    def fault_mode(self) -> str:
        """The fault that is on, "up" when none is."""
        return str(self.call("GET", "/faults")["mode"])

    def requests(self) -> list[dict[str, Any]]:
        """The ledger, oldest first."""
        found: list[dict[str, Any]] = self.call("GET", "/requests")["requests"]
        return found

    def clear_requests(self) -> None:
        self.call("DELETE", "/requests")

    def trainees(self) -> list[dict[str, Any]]:
        """Everything held, drafts and deleted too, in order of making."""
        found: list[dict[str, Any]] = self.call("GET", "/trainees")["trainees"]
        return found

    def trainee(self, trainee_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.call("GET", f"/trainees/{trainee_id}")
        return found

    def add(self, **fields: Any) -> dict[str, Any]:
        """Put a record there; returns it with its `trainee_id`."""
        found: dict[str, Any] = self.call("POST", "/trainees", fields)
        return found

    def edit(self, trainee_id: str, **fields: Any) -> dict[str, Any]:
        """Somebody else's edit on the web."""
        found: dict[str, Any] = self.call("PATCH", f"/trainees/{trainee_id}", fields)
        return found

    def discard(self, trainee_id: str) -> dict[str, Any]:
        """Somebody else's delete on the web."""
        found: dict[str, Any] = self.call("DELETE", f"/trainees/{trainee_id}")
        return found

    def clear(self) -> None:
        """Take every record away (not as the web does: nothing is left of them)."""
        self.call("DELETE", "/trainees")

    def clock(self, now: datetime | str | None) -> None:
        """Put the portal's clock (it stands still there); None lets it run on real time."""
        self.call("PUT", "/clock", {"now": now.isoformat() if isinstance(now, datetime) else now})

    def limits(self, requests: int | None, period_s: float = 60.0) -> None:
        """Change the rate limit, which also resets its counters; None = no limit."""
        self.call(
            "PUT", "/limits", None if requests is None else {"requests": requests, "period_s": period_s}
        )

    def add_school(self, urn: str, name: str, postcode: str = "", address: str = "") -> None:
        self.call("POST", "/schools", {"urn": urn, "name": name, "postcode": postcode, "address": address})

    def add_partner(
        self, *, ukprn: str | None = None, urn: str | None = None, name: str | None = None
    ) -> None:
        self.call("POST", "/partners", {"ukprn": ukprn, "urn": urn, "name": name})

    def add_token(
        self, *, expires_on: str | None = None, revoked: bool = False, ukprn: str | None = None
    ) -> str:
        """A further token, its text."""
        body = {"expires_on": expires_on, "revoked": revoked, "ukprn": ukprn}
        found: str = self.call("POST", "/tokens", body)["token"]
        return found

    def add_teacher(self, trn: str, **fields: Any) -> dict[str, Any]:
        """Put a teacher into the practice Teaching Record System (see `trs_control`)."""
        found: dict[str, Any] = self.call("POST", "/teachers", {"trn": trn} | fields)
        return found

    def trs_fault(self, mode: str, **options: Any) -> None:
        """As `fault`, for the lookups alone."""
        self.call("PUT", "/trs/faults", {"mode": mode} | options)

    def trs_requests(self) -> list[dict[str, Any]]:
        """The ledger of the lookups, oldest first."""
        found: list[dict[str, Any]] = self.call("GET", "/trs/requests")["requests"]
        return found

    def trs_reset(self, requests: int | None = None, period_s: float = 60.0) -> None:
        """No fault, an empty ledger, and this limit (None = none)."""
        self.trs_fault("up")
        self.call("DELETE", "/trs/requests")
        limit = None if requests is None else {"requests": requests, "period_s": period_s}
        self.call("PUT", "/trs/limits", limit)

    def snapshot(self) -> None:
        self.call("POST", "/snapshot")

    def rollback(self) -> None:
        """Put the records of the last snapshot back, as a restore from backup does."""
        self.call("POST", "/rollback")
