"""A portal that changed its ways (T5), and one where others work on what waits here (T7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from desktop.model.change import ChangeState
from desktop.model.verdict import PortalState
from tests.fault.conftest import UK_DEGREE, Desk
from tests.fault.line import Send, altered, put_on, take_off


def _queue(desk: Desk) -> None:
    desk.edit(desk.at(desk.in_training(0)), email="a@example.com")
    desk.add_child(desk.at(desk.in_training(1)), "degrees", **(UK_DEGREE | {"graduation_year": 2007}))
    desk.workspace.records.act(desk.at(desk.in_training(2)).id, "defer", {"defer_date": "2026-10-01"})
    desk.add()


# --- T5 -----------------------------------------------------------------------------------------------------------

RETIRED = {
    "404 page": (404, {"Content-Type": "text/html"}, b"<html><title>Page not found</title></html>"),
    "404 data": (
        404,
        {"Content-Type": "application/json"},
        b'{"errors":[{"error":"NotFound","message":"Not found"}]}',
    ),
    "410 data": (410, {"Content-Type": "application/json"}, b'{"message":"Version 2026.1 has been retired"}'),
    "410 empty": (410, {}, b""),
    "422 data": (
        422,
        {"Content-Type": "application/json"},
        b'{"errors":[{"error":"x","message":"Version retired"}]}',
    ),
    "400 version": (
        400,
        {"Content-Type": "application/json"},
        b'{"errors":[{"error":"BadRequest","message":"Version \'v2026.1\' not available"}]}',
    ),
}


@pytest.mark.parametrize("reply", RETIRED.values(), ids=list(RETIRED))
def test_a_version_that_was_retired(desk: Desk, reply: tuple[int, dict[str, str], bytes]) -> None:
    """T5, N7, I3, I9: the same answer to everything: nobody is missing, nothing refused, nothing sent; one word is told."""
    _queue(desk)
    status, headers, body = reply
    put_on(desk, lambda request, _: httpx.Response(status, headers=headers, content=body, request=request))
    for wishes in ({"full": True}, {"pull": False}, {}):
        desk.clock.forward(hours=1)
        report = desk.sync(**wishes)
        assert report.state in (PortalState.API_OFF, PortalState.UNKNOWN, PortalState.MAINTENANCE)
        assert report.detail
    assert desk.states() == [ChangeState.QUEUED] * 4
    assert not any(v.missing for v in desk.all())
    assert desk.conflicts() == []
    take_off(desk)
    desk.clock.forward(hours=1)
    desk.sync()
    desk.assert_settled()


@pytest.mark.parametrize("kind", ["404 data", "410 empty", "422 data"])
def test_a_version_that_is_retired_between_reading_and_sending(desk: Desk, kind: str) -> None:
    """T5: reads still answer, every write is turned away in the new words: at worst refused with them, never lost."""
    _queue(desk)
    status, headers, body = RETIRED[kind]

    def writes_only(request: httpx.Request, send: Send) -> httpx.Response:
        if request.method == "GET":
            return send(request)
        return httpx.Response(status, headers=headers, content=body, request=request)

    put_on(desk, writes_only)
    desk.sync()
    assert set(desk.states()) <= {ChangeState.QUEUED, ChangeState.REJECTED}
    assert len(desk.states()) == 4
    assert not any(v.missing for v in desk.all())
    assert all(c.reason for c in desk.changes() if c.state is ChangeState.REJECTED)
    assert desk.writes() == []
    desk.assert_healthy()


def _drop(name: str) -> Callable[[dict[str, Any]], None]:
    def drop(trainee: dict[str, Any]) -> None:
        trainee.pop(name, None)

    return drop


def _nulls_left_out(trainee: dict[str, Any]) -> None:
    for name in [n for n, v in trainee.items() if v is None]:
        del trainee[name]
    for child in (*trainee["degrees"], *trainee["placements"]):
        for name in [n for n, v in child.items() if v is None]:
            del child[name]


def _turned_round(trainee: dict[str, Any]) -> None:
    trainee["degrees"].reverse()
    trainee["placements"].reverse()
    for name in ("disabilities", "nationality"):
        if isinstance(trainee.get(name), list):
            trainee[name].reverse()
    body = dict(reversed(trainee.items()))
    trainee.clear()
    trainee.update(body)


def _empty_for_null(trainee: dict[str, Any]) -> None:
    for name in ("middle_names", "ni_number", "hesa_disabilities", "application_choice"):
        if name in trainee and trainee[name] is None:
            trainee[name] = ""


@pytest.mark.parametrize(
    "change",
    [_nulls_left_out, _turned_round, _empty_for_null],
    ids=["no nulls", "reordered", "empty for null"],
)
def test_the_same_said_otherwise_is_no_change(desk: Desk, change: Callable[[dict[str, Any]], None]) -> None:
    """T5, I14: null or no key, lists and keys in another order: no conflict, nothing to send, and edits get through."""
    shown = {v.portal_id: v.document.to_json()["fields"] for v in desk.all()}
    record = desk.edit(desk.at(desk.in_training()), email="a@example.com")
    put_on(desk, lambda request, send: altered(send(request), change))
    desk.sync(full=True)
    assert desk.trainee(record)["email"] == "a@example.com"
    assert desk.conflicts() == []
    assert desk.changes() == []
    assert len(desk.writes()) == 1
    for view in desk.all():
        if view.id != record.id:
            old = shown[view.portal_id]
            now = view.document.fields
            assert [n for n in old if (old[n] or None) != (now.get(n) or None)] == []
    take_off(desk)
    desk.sync(full=True)
    desk.assert_settled()


@pytest.mark.parametrize("name", ["middle_names", "placements", "degrees", "updated_at"])
def test_a_key_that_is_gone(desk: Desk, name: str) -> None:
    """T5, I10, I14: a field that the portal does not speak of any more: no crash, and no unasked write to it."""
    record = desk.edit(desk.at(desk.in_training()), email="a@example.com")
    put_on(desk, lambda request, send: altered(send(request), _drop(name)))
    desk.sync(full=True)
    desk.sync()
    assert not any(v.missing for v in desk.all())
    assert desk.workspace.care.doctor() == []
    take_off(desk)
    desk.clock.forward(hours=1)
    desk.sync(full=True)
    desk.sync()
    assert desk.trainee(record)["email"] == "a@example.com"
    assert len([w for w in desk.writes() if w[0] == "PUT"]) == 1
    desk.assert_settled()


@pytest.mark.parametrize("name", ["ethnicity", "training_route", "state"])
def test_a_code_that_nobody_knows(desk: Desk, name: str) -> None:
    """T5: a new value of a list: kept and shown, other records and other fields are not held up by it."""
    trainee_id = desk.in_training()

    def newer(trainee: dict[str, Any]) -> None:
        if trainee["trainee_id"] == trainee_id:
            trainee[name] = "brand_new"

    record = desk.at(trainee_id)
    other = desk.edit(desk.at(desk.in_training(1)), email="b@example.com")
    put_on(desk, lambda request, send: altered(send(request), newer))
    desk.sync(full=True)
    assert desk.trainee(other)["email"] == "b@example.com"
    now = desk.view(record)
    assert "brand_new" in (now.document.get(name), now.state)
    assert now.state_label
    assert desk.workspace.care.doctor() == []
    take_off(desk)
    desk.sync(full=True)
    desk.assert_settled()


# --- T7 -----------------------------------------------------------------------------------------------------------

THEIRS: dict[str, Callable[[Desk, str], Any]] = {
    "same field": lambda desk, i: desk.control.edit(i, email="theirs@example.com"),
    "other field": lambda desk, i: desk.control.edit(i, middle_names="Theirs"),
    "deleted": lambda desk, i: desk.control.discard(i),
    "withdrawn": lambda desk, i: desk.control.edit(i, state="withdrawn", withdrawal_date="2026-10-04"),
    "awarded": lambda desk, i: desk.control.edit(i, state="awarded"),
    "deferred": lambda desk, i: desk.control.edit(i, state="deferred", defer_date="2026-10-02"),
}


@pytest.mark.parametrize(
    ("what", "moment"),
    [
        *((what, "before") for what in THEIRS),
        ("same field", "in the middle"),
        ("deleted", "in the middle"),
        ("awarded", "in the middle"),
    ],
)
def test_others_change_what_waits_here(desk: Desk, what: str, moment: str) -> None:
    """T7, I2, I4, I9, I15: an edit, a placement and an action wait; whatever happens there, each is sent or asked, not lost."""
    theirs, ids = THEIRS[what], [desk.in_training(n) for n in range(3)]
    edited = desk.edit(desk.at(ids[0]), email="mine@example.com", first_names="Mine")
    child = desk.add_child(desk.at(ids[1]), "placements", name="Hill Nursery", postcode="BN1 1AA")
    desk.workspace.records.act(desk.at(ids[2]).id, "defer", {"defer_date": "2026-10-01"})
    left = [lambda: [theirs(desk, i) for i in ids]]
    if moment == "before":
        left.pop()()

    def in_between(request: httpx.Request, send: Send) -> httpx.Response:
        if request.method != "GET" and left:
            left.pop()()
        return send(request)

    put_on(desk, in_between)
    for _ in range(2):
        desk.clock.forward(minutes=2)
        desk.sync()
    sent = len(desk.writes())
    desk.sync()
    assert len(desk.writes()) == sent, "it is tried for ever"
    held = desk.control.trainee(ids[0])
    at_portal = held["first_names"] == "Mine"
    assert at_portal or desk.view(edited).document.get("first_names") == "Mine"
    assert at_portal or desk.view(edited).conflict or desk.changes(edited)
    placement = desk.at(ids[1])
    names = [c.fields.get("name") for c in placement.document.children["placements"]]
    assert "Hill Nursery" in names, child
    acted = desk.at(ids[2])
    assert acted.state == "deferred" or acted.conflict or acted.changes
    stuck = tuple(v.id for v in desk.all() if v.conflict or v.changes or v.missing)
    assert set(stuck) <= {edited.id, placement.id, acted.id}
    desk.assert_nothing_doubled()
    desk.assert_healthy()
    desk.reopen()
    assert tuple(v.id for v in desk.all() if v.conflict or v.changes or v.missing) == stuck
