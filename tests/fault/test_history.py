"""What is remembered: the base as the portal gave it, and one journal row for each step (I6, I7, I16)."""

from __future__ import annotations

from typing import Any

import httpx

from desktop.collections.trainees import COLLECTION
from desktop.model.document import apply, diff
from desktop.sync.portals.register_mapping import RegisterMapping
from tests.fault.conftest import Desk


def _body(desk: Desk, record: str) -> dict[str, Any]:
    """The record as the portal's API gives it, asked without our adapter."""
    path = f"{desk.portal.register_url}/api/v2026.1/trainees/{desk.view(record).portal_id}"
    reply = httpx.get(path, headers={"Authorization": f"Bearer {desk.portal.token}"}, trust_env=False)
    return reply.json()  # type: ignore[no-any-return]


def _base_is_the_portals(desk: Desk, record: str) -> bool:
    """The base holds what the portal's own body says, unchanged in any value."""
    view = desk.view(record)
    assert view.base is not None
    told = RegisterMapping(COLLECTION).snapshot(_body(desk, record))
    assert told is not None
    return not diff(view.base, told.document)


def test_the_base_moves_only_with_the_portal(desk: Desk) -> None:
    """I6: neither an edit, nor a push that failed, nor a refusal moves it; a confirmation does."""
    record = desk.at(desk.in_training(record_source="api")).id
    assert _base_is_the_portals(desk, record)
    first = desk.view(record).base
    desk.edit(record, email="a@example.com")
    assert not diff(first, desk.view(record).base)  # type: ignore[arg-type]
    desk.control.fault("refuse", match="PUT")
    desk.sync()
    assert not diff(first, desk.view(record).base)  # type: ignore[arg-type]
    desk.control.fault("up")
    desk.edit(record, employing_school_urn="999123")
    desk.sync()
    assert _base_is_the_portals(desk, record)
    assert desk.view(record).sync == "rejected"
    desk.edit(record, employing_school_urn=None)
    desk.sync()
    assert _base_is_the_portals(desk, record)
    assert desk.view(record).base.get("email") == "a@example.com"  # type: ignore[union-attr]


def test_what_the_portal_said_beside_the_form_is_kept(desk: Desk) -> None:
    """I6: every key of its body, in the document or in the extras."""
    record = desk.at(desk.in_training(record_source="api"))
    body = _body(desk, record.id)
    known = {f.name for f in COLLECTION.fields} | {
        "trainee_id",
        "updated_at",
        "state",
        "degrees",
        "placements",
    }
    for name in body.keys() - known:
        assert record.extras[name] == body[name], name


def test_local_is_base_and_pending_for_every_record(desk: Desk) -> None:
    """I7: dropping what is derived and computing it anew gives the same."""
    new = desk.add()
    record = desk.edit(desk.at(desk.in_training()), email="a@example.com")
    desk.add_child(record, "placements", name="Hill Nursery")
    desk.control.edit(record.portal_id, email="b@example.com", middle_names="Bea")
    desk.sync()
    desk.edit(new, middle_names="Bea")
    for view in desk.all():
        base = view.base if view.base is not None else type(view.document)()
        assert not diff(apply(base, view.pending), view.document)
        assert diff(base, view.document).to_json() == view.pending.to_json()


def test_each_step_of_a_new_trainee_is_a_row(desk: Desk) -> None:
    """I16: what, by whom, from which reply."""
    new = desk.add(provider_trainee_id=None)
    desk.edit(new, middle_names="Bea")
    desk.sync()
    story = [(e.event, e.actor) for e in desk.history(new)]
    assert story == [
        ("added", "Sam"),
        ("edited", "Sam"),
        ("own_key", ""),
        ("sending", "Sam"),
        ("confirmed", ""),
    ]
    confirmed = desk.history(new)[-1].detail
    held = desk.trainee(new)
    assert (confirmed["portal_id"], confirmed["portal_version"]) == (held["trainee_id"], held["updated_at"])
    assert all(e.text for e in desk.history(new))


def test_each_step_of_a_lost_reply_is_a_row(desk: Desk) -> None:
    """I16: unknown, looked at, confirmed."""
    record = desk.edit(desk.at(desk.in_training()), email="a@example.com").id
    before = len(desk.history(record))
    desk.control.fault("lost_reply", match="PUT", count=1)
    desk.sync()
    assert desk.events(record)[before:] == ["sending", "unknown", "confirmed"]
    desk.edit(record, email="b@example.com")
    before = len(desk.history(record))
    desk.control.fault("refuse", match="PUT", count=1)
    desk.sync()
    desk.sync()
    assert desk.events(record)[before:] == ["sending", "unknown", "not_landed", "sending", "confirmed"]


def test_nobody_is_named_in_what_is_not_about_a_record(desk: Desk) -> None:
    """The portal's history is evidence for others to read: no name, no address, no token in it."""
    desk.add(email="secret.address@example.com", last_name="Quillfeather")
    for fault in ("maintenance", "captive", "cut_body", "unauthorised"):
        desk.control.fault(fault)
        desk.sync()
        desk.clock.forward(hours=1)
    told = str([e.detail for e in desk.history() if e.record_id is None])
    for secret in ("secret.address", "Quillfeather", desk.portal.token):
        assert secret not in told
