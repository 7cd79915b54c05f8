"""States of a person at the portal, under keys of our own (domain pack 1.4 and 1.8)."""

from __future__ import annotations

from desktop.model.collection import State

STATES = (
    State("registered", "Registered", open=True),
    State("leaving", "Leaving", open=True),
    State("left", "Left the school", open=False),
    State("completed", "Induction ended", open=False),
)
