"""States of a trainee record at Register, under keys of our own (domain pack 3.1 and 7: the portal may rename its own)."""

from __future__ import annotations

from desktop.model.collection import State

STATES = (
    State("draft", "Draft at Register", open=True),
    State("submitted_for_trn", "Waiting for a TRN", open=True),
    State("trn_received", "TRN received", open=True),
    State("deferred", "Deferred", open=True),
    State("withdrawn", "Withdrawn", open=False),
    State("recommended_for_award", "Recommended for QTS or EYTS", open=False),
    State("awarded", "QTS or EYTS awarded", open=False),
)
