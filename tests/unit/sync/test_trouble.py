"""What a failure in mid-pass means: the end of the pass, or one record's own trouble (D16, D20)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from desktop.model.verdict import SLOW_S, PortalState, Probe, Unavailable
from desktop.sync import trouble, watch
from desktop.sync.trouble import LIMIT, PATIENCE, Trouble, look, seen

P = PortalState
REPLY_LOST = Unavailable(P.DOWN, "no reply", effect_possible=True)


class Asked:
    """A trip whose portal says how it does, and that remembers how often it was asked."""

    def __init__(self, state: PortalState) -> None:
        self.state, self.asked = state, 0
        self.portal, self.store = self, self
        self.collection = SimpleNamespace(name="trainees")
        self.chance = lambda: 0.5

    def probe(self) -> Probe:
        self.asked += 1
        return Probe(self.state, "said so", 7.0)

    @contextmanager
    def write(self) -> Iterator[None]:
        yield None


@pytest.fixture(autouse=True)
def _no_history(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "note_failure", lambda *_: None)
    monkeypatch.setattr(watch, "note_answer", lambda *_: None)


@pytest.mark.parametrize(
    "failure",
    [
        Unavailable(P.BUSY, "429", retry_after_s=30),
        Unavailable(P.SIGN_IN, "401"),
        Unavailable(P.CAPTIVE, "a page", effect_possible=True),
        Unavailable(P.API_OFF, "404"),
        Unavailable(P.MAINTENANCE, "405"),
        Unavailable(P.DOWN, "not listening"),
        Unavailable(P.UNKNOWN, "the certificate"),
    ],
)
def test_a_portal_that_is_plainly_out_ends_the_pass_unasked(failure: Unavailable) -> None:
    trip: Any = Asked(P.UP)
    assert Trouble(trip).met("send", failure) is failure
    assert trip.asked == 0


@pytest.mark.parametrize("failure", [REPLY_LOST, Unavailable(P.MAINTENANCE, "500", True, own_fault=True)])
@pytest.mark.parametrize("state", [P.UP, P.DOWN, P.MAINTENANCE])
def test_else_the_portal_is_asked(failure: Unavailable, state: PortalState) -> None:
    trip: Any = Asked(state)
    found = Trouble(trip).met("send", failure)
    assert trip.asked == 1
    assert (found is None) is (state is P.UP)
    assert found is None or (found.state, found.retry_after_s) == (state, 7.0)


def test_after_so_many_it_ends_whatever_the_portal_says() -> None:
    trip: Any = Asked(P.UP)
    pass_ = Trouble(trip)
    found = [pass_.met("send", REPLY_LOST) for _ in range(LIMIT)]
    assert found == [None] * (LIMIT - 1) + [REPLY_LOST]


def test_a_portal_that_is_up_but_slow_is_left_to_the_crowd() -> None:
    assert seen(Probe(P.UP, "", took_s=SLOW_S)) is None
    crowded = seen(Probe(P.UP, "", took_s=SLOW_S + 0.1))
    assert crowded is not None
    assert (crowded.state, crowded.retry_after_s) == (P.BUSY, None)
    down = seen(Probe(P.DOWN, "said so", 7.0, took_s=9.0))
    assert down == Unavailable(P.DOWN, "said so", False, 7.0)


def test_a_line_that_is_always_slow_is_not_held_up_for_ever() -> None:
    """I17: what looks like a crowd for an hour is this computer's own line."""
    slow = Probe(P.UP, "", took_s=9.0)
    crowded = seen(slow)
    assert crowded is not None
    tries: list[Any] = []

    class Slow(Asked):
        def probe(self) -> Probe:
            return slow

        @contextmanager
        def write(self) -> Iterator[Any]:
            yield SimpleNamespace(portals=SimpleNamespace(tries=lambda _, limit: tries[-limit:]))

    trip: Any = Slow(P.UP)
    for _ in range(PATIENCE):
        found = look(trip)
        assert found == crowded
        tries.append(SimpleNamespace(detail=found.detail))
    assert look(trip) is None
    tries.append(SimpleNamespace(detail="It answers."))
    assert look(trip) == crowded


def test_what_is_said_of_a_parked_change_names_the_portal() -> None:
    assert "Register" in trouble.why_parked("Register")
