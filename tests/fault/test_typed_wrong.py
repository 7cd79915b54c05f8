"""A new trainee whom somebody typed wrong on the website: both answers stand side by side, whichever way reads it. I2, I15."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.collections import load, load_by_website
from desktop.model.change import ChangeState
from desktop.services.views import RecordView
from desktop.sync import by_hand
from tests.fault.conftest import TOKEN_VARIABLE, Desk
from tests.fault.test_web_reading import Scitt, scitt

__all__ = ["scitt"]

SLIPPED = {"email": "slipped@mail.example"}


def in_question(desk: Desk, view: RecordView, portal_id: str) -> None:
    """The new trainee is at the portal, the answer is a question, and nothing of ours is lost or sent."""
    (row,) = desk.conflict().fields
    ours = "right@mail.example"
    assert (row.field, row.base, row.mine, row.theirs) == ("email", None, ours, SLIPPED["email"])
    view = desk.view(view)
    assert (view.portal_id, view.document.get("email")) == (portal_id, ours)
    assert desk.states(view) == [ChangeState.CONFLICT]
    assert (
        "Register shows something else than was typed: Email address"
        in desk.workspace.conflicts.needs()[0].what
    )


def test_the_export_shows_it_otherwise(scitt: Scitt) -> None:
    desk = scitt.desk
    view = desk.add(provider_trainee_id="S-1", email="right@mail.example")
    scitt.typed(view)
    portal_id = scitt.registers(view, **SLIPPED)
    loaded = scitt.load()
    assert (loaded.confirmed, loaded.conflicts) == (1, 1)
    in_question(desk, view, portal_id)
    assert scitt.load().conflicts == 0, "read again it is the same question"
    desk.workspace.conflicts.resolve_all(desk.conflict().id, "mine")
    assert desk.states(view) == [ChangeState.QUEUED], "it is to be typed again"
    scitt.typed(desk.view(view))
    desk.control.edit(portal_id, email="right@mail.example")
    assert scitt.load().confirmed == 1
    assert desk.changes() == []
    desk.assert_healthy()


def test_the_api_shows_it_otherwise(desk: Desk, tmp_path: Path) -> None:
    desk.sync()
    view = desk.add(provider_trainee_id="S-1", email="right@mail.example")
    with desk.write() as unit:
        record = unit.records.get(view.id)
        for change in unit.outbox.of_record(view.id):
            by_hand.typed(unit, record, change, record.document, "Typed on the website.")
    portal_id = Scitt(desk, tmp_path / "downloads").registers(view, **SLIPPED)
    desk.clock.forward(minutes=2)
    desk.sync()
    in_question(desk, view, portal_id)
    desk.assert_healthy()


@pytest.mark.parametrize("connected", [False, True])
def test_what_only_the_api_asks_for_is_not_asked_where_people_type(scitt: Scitt, *, connected: bool) -> None:
    desk = scitt.desk
    if connected:
        desk.workspace.portals.connect("trainees", desk.portal.register_url, token_env=TOKEN_VARIABLE)
        desk.reopen()
    wanted = load("trainees") if connected else load_by_website("trainees")
    assert desk.collection is wanted
    view = desk.add(hesa_id=None, itt_aim=None, course_year=None, fund_code=None)
    assert desk.states(view) == [ChangeState.HELD if connected else ChangeState.QUEUED]
