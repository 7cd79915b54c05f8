"""Addresses, and the strip of a day from what the tries said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from desktop.model.errors import UsageError
from desktop.model.verdict import PortalState
from desktop.services.portals import _strip, check_address
from desktop.store.portals import Try

NOW = datetime(2026, 10, 5, 12, tzinfo=UTC)
P = PortalState


def tries(*told: tuple[int, PortalState]) -> list[Try]:
    """(minutes ago, state), oldest first."""
    return [Try(NOW - timedelta(minutes=m), state, "read", state, 0) for m, state in told]


def test_the_strip_carries_on_what_is_known() -> None:
    strip = _strip(tries((50, P.DOWN), (10, P.UP)), None, NOW)
    assert len(strip) == 72
    assert strip[:69] == ("",) * 69
    assert strip[69:] == ("down", "down", "up")


def test_the_strip_shows_both_where_both_were() -> None:
    assert _strip(tries((15, P.DOWN), (5, P.UP)), P.UP, NOW)[-2:] == ("up", "half")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" https://register.example.org/ ", "https://register.example.org"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost:8000/", "http://localhost:8000"),
    ],
)
def test_addresses_that_can_be_one(typed: str, kept: str) -> None:
    assert check_address(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "register.example.org",
        "http://register.example.org",
        "ftp://register.example.org",
        "https://user:secret@register.example.org",
        "https://register.example.org/?a=b",
        "https://register.example.org/#top",
        "https://[half",
        "https://register.example.org:port",
    ],
)
def test_addresses_that_cannot(typed: str) -> None:
    with pytest.raises(UsageError):
        check_address(typed)
