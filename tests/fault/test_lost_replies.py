"""A request whose reply never came: done or not done, it is settled by reading and never doubled (I12, I13, D11-D13)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from desktop.model.change import ChangeState
from tests.fault.conftest import NEW_SCHOOL, UK_DEGREE, Desk, a_new_school, a_school

DONE, NOT_DONE = "lost_reply", "refuse"
NURSERY = "The Nursery at the Mill"


@dataclass(frozen=True)
class Case:
    """What a person does, and the requests that may meet the fault. `landed` = whether the portal shows the effect."""

    act: Callable[[Desk], str]
    match: str
    landed: Callable[[Desk, str], bool]


def _create(desk: Desk) -> str:
    return desk.add(provider_trainee_id="NM26-LOST").id


def _update(desk: Desk) -> str:
    return desk.edit(desk.at(desk.in_training()), email="moved@example.com").id


def _add_placement(desk: Desk) -> str:
    record = desk.at(desk.in_training())
    desk.add_child(record, "placements", urn=a_new_school(desk), name="As I call it")
    return record.id


def _add_named_placement(desk: Desk) -> str:
    record = desk.at(desk.in_training())
    desk.add_child(record, "placements", name=NURSERY)
    return record.id


def _add_degree(desk: Desk) -> str:
    record = desk.at(desk.in_training())
    desk.add_child(record, "degrees", **(UK_DEGREE | {"institution": "0133", "graduation_year": 2011}))
    return record.id


def _change_degree(desk: Desk) -> str:
    record = desk.at(_with_degree(desk))
    desk.edit_child(record, "degrees", record.document.children["degrees"][0].id, graduation_year=2009)
    return record.id


def _remove_degree(desk: Desk) -> str:
    record = desk.at(_with_degree(desk))
    desk.add_child(record, "degrees", **UK_DEGREE)
    desk.sync()
    desk.control.clear_requests()
    record = desk.view(record)
    desk.remove_child(record, "degrees", record.document.children["degrees"][0].id)
    return record.id


def _with_degree(desk: Desk) -> str:
    return next(
        v.portal_id for v in desk.all() if v.state == "trn_received" and v.document.children["degrees"]
    )  # type: ignore[return-value]


def _defer(desk: Desk) -> str:
    record = desk.at(desk.in_training())
    desk.workspace.records.act(record.id, "defer", {"defer_date": "2026-10-01"})
    return record.id


def _withdraw(desk: Desk) -> str:
    record = desk.at(desk.in_training())
    answers = {
        "withdrawal_date": "2026-10-02",
        "trigger": "trainee",
        "reasons": "change_in_personal_or_health_circumstances",
        "future_interest": "no",
    }
    desk.workspace.records.act(record.id, "withdraw", dict(answers))
    return record.id


def _recommend(desk: Desk) -> str:
    record = desk.at(desk.in_training())
    for number in (3, 4):
        desk.add_child(record, "placements", urn=a_school(desk, number))
    desk.sync()
    desk.control.clear_requests()
    desk.workspace.records.act(record.id, "recommend", {"qts_standards_met_date": "2026-10-01"})
    return record.id


def _once_placed(desk: Desk, record: str, **having: str) -> bool:
    held = desk.trainee(record)["placements"]
    return sum(all(p[n] == v for n, v in having.items()) for p in held) == 1


CASES = {
    "create": Case(_create, "POST /trainees", lambda d, _: len(d.named(provider_trainee_id="NM26-LOST")) == 1),
    "update": Case(_update, "PUT /trainees", lambda d, r: d.trainee(r)["email"] == "moved@example.com"),
    "placement": Case(_add_placement, "POST /trainees", lambda d, r: _once_placed(d, r, urn=NEW_SCHOOL)),
    "named placement": Case(_add_named_placement, "POST /trainees", lambda d, r: _once_placed(d, r, name=NURSERY)),
    "degree": Case(
        _add_degree,
        "POST /trainees",
        lambda d, r: [g["institution"] for g in d.trainee(r)["degrees"] if g["graduation_year"] == 2011]
        == ["0149"],
    ),
    "degree changed": Case(
        _change_degree, "PUT /trainees", lambda d, r: d.trainee(r)["degrees"][0]["graduation_year"] == 2009
    ),
    "degree removed": Case(_remove_degree, "DELETE /trainees", lambda d, r: len(d.trainee(r)["degrees"]) == 1),
    "defer": Case(_defer, "POST /trainees", lambda d, r: d.trainee(r)["state"] == "deferred"),
    "withdraw": Case(_withdraw, "POST /trainees", lambda d, r: d.trainee(r)["state"] == "withdrawn"),
    "recommend": Case(
        _recommend, "POST /trainees", lambda d, r: d.trainee(r)["state"] == "recommended_for_award"
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", [DONE, NOT_DONE, "late_error", "cut_body"])
@pytest.mark.parametrize("name", CASES)
def test_one_lost_reply_is_settled_within_the_same_sync(desk: Desk, name: str, fault: str) -> None:
    """I12, I13, N1, N2, N6, N10: whether or not it was carried out, the person sees one success and the portal one effect."""
    case = CASES[name]
    record = case.act(desk)
    desk.control.fault(fault, match=case.match, count=1)
    desk.sync()
    desk.sync()
    assert desk.states() == []
    assert case.landed(desk, record)
    desk.assert_settled()


@pytest.mark.parametrize("fault", [DONE, NOT_DONE])
@pytest.mark.parametrize("name", CASES)
def test_while_nothing_can_be_read_it_is_unknown_and_not_sent_again(
    desk: Desk, name: str, fault: str
) -> None:
    """I12: neither success nor failure; nothing more of that record leaves before the portal was read."""
    case = CASES[name]
    record = case.act(desk)

    def dies() -> None:
        desk.control.fault("refuse")

    desk.control.fault(fault, match=case.match, count=1)
    for call in ("create", "update", "add_child", "update_child", "remove_child", "act"):
        desk.taps.after(call, lambda outcome, *_: dies())
    report = desk.sync()
    assert ChangeState.UNKNOWN in desk.states(record)
    assert report.unknown == 1
    assert desk.view(record).sync == "unknown"
    before = len(desk.writes())
    desk.reopen()
    desk.sync()
    assert len(desk.writes()) == before, "sent again without having looked"
    desk.control.fault("up")
    desk.sync()
    desk.sync()
    assert case.landed(desk, record)
    desk.assert_settled()


@pytest.mark.parametrize("name", [n for n in CASES if n != "create"])
def test_a_reply_that_says_nothing_new_after_a_lost_one_is_success(desk: Desk, name: str) -> None:
    """I13: the effect was done; after the outage one read confirms it, and no second write leaves."""
    case = CASES[name]
    record = case.act(desk)
    desk.control.fault(DONE, match=case.match, count=1)
    desk.sync()
    assert len(desk.writes()) == 1
    assert case.landed(desk, record)
    assert "confirmed" in desk.events(record) or "action_done" in desk.events(record)


def test_an_unknown_create_is_sent_again_only_after_two_looks(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D13: not found is not yet proof; the portal may still be at work. Two looks, a settle time apart, then once more."""
    monkeypatch.setenv("HOLDFAST_SETTLE_S", "60")
    new = desk.add()
    desk.control.fault(NOT_DONE, match="POST /trainees", count=1)
    desk.sync()
    assert desk.states(new) == [ChangeState.UNKNOWN]
    desk.clock.forward(seconds=30)
    desk.sync()
    assert desk.states(new) == [ChangeState.UNKNOWN]
    assert len(desk.writes()) == 1
    desk.clock.forward(seconds=40)
    desk.sync()
    assert len(desk.writes()) == 2
    desk.assert_settled()


def test_a_create_that_lands_late_is_known_by_its_key(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """D13: the portal stored it after our first look: the second look finds it and nothing is posted again."""
    monkeypatch.setenv("HOLDFAST_SETTLE_S", "60")
    new = desk.add()
    desk.control.fault(NOT_DONE, match="POST /trainees", count=1)
    desk.sync()
    document = desk.view(new).document
    desk.clock.forward(seconds=90)
    desk.control.add(
        **{k: v for k, v in document.fields.items() if v is not None},
        degrees=[c.fields for c in document.children["degrees"]],
    )
    desk.sync()
    desk.sync()
    assert len(desk.writes()) == 1
    desk.assert_settled()


def test_a_read_back_that_fails_leaves_the_child_unknown(desk: Desk) -> None:
    """I12: the portal said yes to a placement, but the record could not be read back: it is never posted again."""
    record = desk.at(desk.in_training())
    desk.add_child(record, "placements", urn=a_new_school(desk), name="Our name for it")
    desk.taps.after("add_child", lambda outcome, *_: desk.control.fault("unavailable"))
    desk.sync()
    assert desk.states(record) == [ChangeState.UNKNOWN]
    desk.control.fault("up")
    desk.clock.forward(hours=2)
    desk.sync()
    assert len(desk.writes()) == 1
    desk.assert_settled()


def test_a_refusal_whose_reply_was_lost_loses_no_answers(desk: Desk) -> None:
    """I12 with pack 1.6: a refused PUT wipes nationality and disabilities at the portal, and its reply never came.

    The wiped answers stay here as changes to send; they are not taken for somebody's edit.
    """
    record = desk.at(desk.in_training(disability1="95"))
    held = record.document.fields
    desk.edit(record, nationality="IE", employing_school_urn="999123")
    desk.control.fault(DONE, match="PUT /trainees", count=1)
    desk.sync()
    assert desk.trainee(record)["nationality"] is None
    now = desk.view(record)
    assert now.document.get("nationality") == "IE"
    assert now.document.get("disability1") == held["disability1"]
    desk.edit(record, employing_school_urn=None)
    desk.sync()
    desk.sync()
    assert desk.trainee(record)["nationality"] == "IE"
    assert desk.trainee(record)["disability1"] == held["disability1"]
    desk.assert_settled()
