"""The switchable faults of contract.md section 3, and which requests they meet.

Where a fault acts, as in life: `maintenance`, `captive`, `unavailable`, `refuse` stand in front of the application and meet
every path; `busy`, `api_off`, `unauthorised` are the application's own and meet the API only; `slow`, `lost_reply` and
`cut_body` let the application do its work and spoil the way back.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

API_BASE = "/api/v2026.1"

MODES = (
    "maintenance",
    "unavailable",
    "busy",
    "captive",
    "api_off",
    "unauthorised",
    "slow",
    "refuse",
    "lost_reply",
    "cut_body",
)
"""What `flaky` draws from: every mode but `up` and itself."""

EXTRA_MODES = ("error", "late_error", "nonsense", "redirect")
"""Beyond the contract (sync.md N6, N8, N9, N15): 500 without and with effect, HTML that calls itself JSON, a redirect."""

_DEFAULT_SLOW_S = 5.0
_FLAKY_SLOW_S = 0.5


class UnknownFault(ValueError):
    """The control side asked for a fault that does not exist, or with options that make no sense."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault as it was set. `count` None = until changed; `match` "" = every request."""

    mode: str = "up"
    match: str = ""
    count: int | None = None
    retry_after: str | None = None
    seconds: float | None = None
    p: float = 0.3
    seed: int = 0

    def to_json(self) -> dict[str, Any]:
        return {
            "mode": self.mode,
            "match": self.match or None,
            "count": self.count,
            "retry_after": self.retry_after,
            "seconds": self.seconds,
            "p": self.p,
            "seed": self.seed,
        }


UP = Fault()


def matched_path(target: str) -> str:
    """The part of a request's target that `match` is held against: what follows /api/v2026.1."""
    return target[len(API_BASE) :] or "/" if target.startswith(API_BASE) else target


class Faults:
    """The fault in force. One per portal; used on the server's thread only."""

    def __init__(self) -> None:
        self.set(UP)

    def set(self, fault: Fault) -> None:
        self.fault = fault
        self._left = fault.count
        self._rng = random.Random(fault.seed)

    def next_for(self, method: str, target: str) -> Fault:
        """The fault that this request meets (counts it); mode `up` = none."""
        fault = self.fault
        if fault.mode == "up" or not _matches(fault.match, method, target):
            return UP
        if self._left is not None:
            self._left -= 1
            if self._left <= 0:
                self.fault = UP
        return self._drawn(fault) if fault.mode == "flaky" else fault

    def _drawn(self, fault: Fault) -> Fault:
        if self._rng.random() >= fault.p:
            return UP
        seconds = fault.seconds if fault.seconds is not None else _FLAKY_SLOW_S
        return replace(fault, mode=self._rng.choice(MODES), seconds=seconds)


def _matches(match: str, method: str, target: str) -> bool:
    if not match:
        return True
    return f"{method} {matched_path(target)}".startswith(match)


def delay_of(fault: Fault) -> float:
    """Seconds a `slow` reply waits."""
    return _DEFAULT_SLOW_S if fault.seconds is None else fault.seconds


def parse_fault(raw: Mapping[str, Any]) -> Fault:
    """The fault of a control call. Raises UnknownFault."""
    mode = raw.get("mode")
    if mode not in (*MODES, *EXTRA_MODES, "up", "flaky"):
        raise UnknownFault(f"mode must be one of up, {', '.join(MODES)}, flaky")
    retry_after = raw.get("retry_after")
    return Fault(
        mode=str(mode),
        match=_text(raw, "match"),
        count=_count(raw),
        retry_after=None if retry_after is None else _header(retry_after),
        seconds=_number(raw, "seconds", None),
        p=_number(raw, "p", 0.3) or 0.0,
        seed=int(_number(raw, "seed", 0) or 0),
    )


def _header(value: Any) -> str:
    """As it stands in Retry-After: whole numbers without a point, anything else as given (a date, nonsense)."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _text(raw: Mapping[str, Any], key: str) -> str:
    value = raw.get(key)
    if value is not None and not isinstance(value, str):
        raise UnknownFault(f"{key} must be text")
    return value or ""


def _count(raw: Mapping[str, Any]) -> int | None:
    value = _number(raw, "count", None)
    if value is None:
        return None
    if value < 1:
        raise UnknownFault("count must be 1 or more")
    return int(value)


def _number(raw: Mapping[str, Any], key: str, default: float | None) -> float | None:
    value = raw.get(key)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value >= 0:
        raise UnknownFault(f"{key} must be a number, 0 or more")
    return value
