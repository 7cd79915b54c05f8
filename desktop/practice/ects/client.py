"""Calls of the control side of the practice website of Register ECTs, for tests and the practice strip."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class EctControl:
    """Each method is one call and raises ControlError when it is refused. `web` = where the website begins."""

    def __init__(self, call: Callable[..., Any], web: str = "") -> None:
        self._call = call
        self.web = web

    def held(self) -> dict[str, Any]:
        """Everything held, each kind as a list."""
        found: dict[str, Any] = self._call("GET", "/ects")
        return found

    def fault(self, mode: str, **options: Any) -> None:
        """Switch a fault of the website on; `up` switches it off."""
        given = {name: value for name, value in options.items() if value is not None}
        self._call("PUT", "/ects/faults", {"mode": mode} | given)

    def fault_mode(self) -> str:
        """The fault that is on, "up" when none is."""
        return str(self._call("GET", "/ects/faults")["mode"])

    def requests(self) -> list[dict[str, Any]]:
        """What its pages stored, oldest first."""
        found: list[dict[str, Any]] = self._call("GET", "/ects/requests")["requests"]
        return found

    def clear_requests(self) -> None:
        self._call("DELETE", "/ects/requests")

    def put(self, kind: str, **fields: Any) -> dict[str, Any]:
        """Add to, or change in, one of the lists: schools, years, bodies, providers, people."""
        found: dict[str, Any] = self._call("POST", f"/ects/{kind}", fields)
        return found

    def add(self, kind: str, **fields: Any) -> dict[str, Any]:
        """What others do: partnerships, inductions, periods, mentorships."""
        found: dict[str, Any] = self._call("POST", f"/ects/{kind}", fields)
        return found

    def edit(self, period_id: str, **fields: Any) -> dict[str, Any]:
        """Another user's edit of an ECT or a mentor."""
        found: dict[str, Any] = self._call("PATCH", "/ects/periods", {"id": period_id, **fields})
        return found

    def train(self, training_id: str, stands: str, **fields: Any) -> None:
        """A lead provider pauses ("deferred") or withdraws somebody."""
        self._call("PATCH", "/ects/training", {"id": training_id, "stands": stands, **fields})

    def close(self, *windows: tuple[str, str]) -> None:
        """Times in which nobody registers, each a first and a last day."""
        self._call("PUT", "/ects/closed", {"windows": [list(one) for one in windows]})

    def clear(self) -> None:
        """As it began: the schools and lists, and nobody registered."""
        self._call("DELETE", "/ects")

    def snapshot(self) -> None:
        """Keep everything as it is."""
        self._call("POST", "/ects/snapshot")

    def rollback(self) -> None:
        """Put back what was kept: before the first snapshot, what the website began with."""
        self._call("POST", "/ects/rollback")
