"""Answers of the real service (recorded/register-v2026.1.json: source and edition are in the file) and what comes of them."""

import json
from pathlib import Path

import pytest

from desktop.collections.trainees import COLLECTION
from desktop.model.document import Document
from desktop.model.snapshot import Snapshot
from desktop.model.verdict import (
    Accepted,
    Duplicate,
    NotFound,
    Page,
    PortalState,
    Refused,
    Unavailable,
)
from desktop.sync.portals.register_mapping import STATES
from tests.unit.sync.portals.answering import Script, as_json, portal, raw

ANSWERS = json.loads(
    (Path(__file__).parent / "recorded" / "register-v2026.1.json").read_text(encoding="utf-8")
)["answers"]
T = "/trainees/{trainee_id}"
IDS = [f"{a['method']} {a['path'].replace('{trainee_id}', 'T')} {a['status']}" for a in ANSWERS]


def trainee_id_in(body) -> str:
    data = body.get("data", body)
    return data.get("trainee_id", "someone") if isinstance(data, dict) else "someone"


def child_id_in(body, kind) -> str:
    return (
        body.get("data", {}).get(f"{kind[:-1]}_id", "something")
        if isinstance(body.get("data"), dict)
        else "x"
    )


def outcome_of(answer):
    """The call of the adapter that leads to this request, with the recorded answer."""
    method, path, body = answer["method"], answer["path"], answer["body"]
    recorded = as_json(answer["status"], body)
    made = portal(Script(raw(200, b"PONG"), recorded) if path == "/info" else Script(recorded))
    current = Snapshot(trainee_id_in(body), "", "trn_received", Document())
    if "degrees" in path or "placements" in path:
        return child_outcome(made, method, current, "degrees" if "degrees" in path else "placements", body)
    match method, path.removeprefix(T):
        case _, "/info":
            return made.probe()
        case "GET", "/trainees":
            return next(made.pages("2026"))
        case "POST", "/trainees":
            return made.create(Document({"email": "x"}))
        case "GET", "":
            return made.fetch(current.portal_id)
        case "PUT", "":
            return made.update(current, {"email": "x"})
        case _, action:
            known = {"/update-qts-or-eyts-status": "recommend"}
            return made.act(current.portal_id, known.get(action, action.removeprefix("/")), {})


def child_outcome(made, method, current, kind, body):
    fields = {"grade": "01"} if kind == "degrees" else {"name": "x"}
    match method:
        case "POST":
            return made.add_child(current.portal_id, kind, fields)
        case "PUT":
            return made.update_child(current, kind, child_id_in(body, kind), fields)
        case _:
            return made.remove_child(current.portal_id, kind, "something")


def expected_of(answer) -> type:
    if answer["path"] == "/info":
        return object
    if answer["method"] == "GET" and answer["status"] == 200:
        return Page if answer["path"] == "/trainees" else Snapshot
    if answer["method"] == "GET" and answer["status"] == 422:
        return Unavailable
    by_status = {401: Unavailable, 404: NotFound, 409: Duplicate, 422: Refused}
    return by_status.get(answer["status"], Accepted)


@pytest.mark.parametrize("answer", ANSWERS, ids=IDS)
def test_recorded_answer_is_understood(answer):
    outcome = outcome_of(answer)
    assert isinstance(outcome, expected_of(answer)), outcome
    match outcome:
        case NotFound(what, message):
            assert what == ("record" if message.startswith("Trainee") else "child")
        case Refused(refusals, wrong_state):
            text = json.dumps(answer["body"])
            assert wrong_state is ("StateTransitionError" in text)
            assert wrong_state or "Param is missing" in text or all(r.field for r in refusals)
        case Duplicate(message, candidates, child_ids):
            assert message.startswith("This is" if child_ids else "This trainee")
            assert len(candidates) + len(child_ids) == len(answer["body"]["data"])
        case Unavailable(state):
            assert state is (PortalState.SIGN_IN if answer["status"] == 401 else PortalState.UNKNOWN)


@pytest.mark.parametrize("answer", ANSWERS, ids=IDS)
def test_trainees_in_recorded_answers_are_read_whole(answer):
    outcome = outcome_of(answer)
    snapshots: tuple[Snapshot | None, ...] = ()
    match outcome:
        case Accepted(snapshot):
            snapshots = (snapshot,)
        case Page(found) | Duplicate(candidates=found):
            snapshots = found
        case Snapshot():
            snapshots = (outcome,)
    body = answer["body"].get("data", answer["body"])
    bodies = body if isinstance(body, list) else [body]
    for snapshot, raw_body in zip(snapshots, bodies, strict=False):
        if snapshot is None:
            continue
        assert snapshot.state in STATES.values()
        assert not [k for k in snapshot.extras if k.endswith("_unread")]
        kept = snapshot.document.fields.keys() | snapshot.extras.keys()
        missing = {k for k, v in raw_body.items() if v not in (None, []) and k not in kept}
        assert missing <= {"trainee_id", "state", "updated_at", "degrees", "placements"}
        odd = {f.name for f in COLLECTION.fields} & snapshot.extras.keys()
        assert odd == set()
