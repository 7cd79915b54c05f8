"""The program ends in the middle: by the axe, or between any two steps on disk (P1, P5, I1, I5, I12)."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from desktop.model.change import ChangeState
from desktop.model.errors import StoreLocked
from desktop.services.workspace import Workspace
from desktop.store.store import Store, Unit
from tests.fault.conftest import PASSPHRASE, Desk

ROOT = Path(__file__).parents[2]

CHILD = """
    import sys
    from pathlib import Path
    from desktop.services.workspace import Workspace, register_adapter

    class Held:
        '''A portal on which the create stops for ever, before or after the request.'''

        def __init__(self, inner, when):
            self.inner, self.when = inner, when

        def __getattr__(self, name):
            return getattr(self.inner, name)

        def create(self, document):
            outcome = self.inner.create(document) if self.when == "after" else None
            print("in the middle", flush=True)
            sys.stdin.read()
            return outcome

    folder, passphrase, when = sys.argv[1:]
    make = register_adapter
    workspace = Workspace.open(Path(folder), passphrase, make=lambda *about: Held(make(*about), when))
    workspace.sync.run("trainees")
"""


@contextmanager
def _in_the_middle(desk: Desk, when: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that is in the middle of a create; killed at the end at the latest."""
    command = [sys.executable, "-c", textwrap.dedent(CHILD), str(desk.folder), PASSPHRASE, when]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        try:
            assert child.stdout is not None
            assert child.stdout.readline() == "in the middle\n"
            yield child
        finally:
            child.kill()


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_while_a_new_trainee_is_sent(desk: Desk, monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    """P1, P5, I5, I12: kill -9 with the request on its way, landed or not. It is unknown, then sent exactly once."""
    new = desk.add()
    desk.close()
    with _in_the_middle(desk, when) as child:
        monkeypatch.setattr(time, "monotonic", iter(range(0, 1000, 10)).__next__)
        with pytest.raises(StoreLocked):
            Workspace.open(desk.folder, PASSPHRASE)
        monkeypatch.undo()
        child.kill()
        child.wait()
    monkeypatch.setenv("HOLDFAST_SETTLE_S", "0")
    monkeypatch.setenv("TEST_PORTAL_TOKEN", desk.portal.token)
    desk.reopen()
    assert desk.states(new) == [ChangeState.UNKNOWN]
    assert desk.view(new).sync == "unknown"
    assert "unknown" in desk.events(new)
    for _ in range(2):
        desk.sync()
    assert len([r for r in desk.control.requests() if r["method"] == "POST" and r["effect"]]) == 1
    desk.assert_settled()


class Crash(BaseException):
    """The program is gone."""


def _work(desk: Desk) -> None:
    """Something of every kind, on both sides."""
    one, two, three = (desk.in_training(n) for n in range(3))
    desk.edit(desk.at(one), email="a@example.com")
    desk.control.edit(one, middle_names="Theirs")
    desk.add_child(desk.at(two), "placements", name="Hill Nursery", postcode="BN1 1AA")
    desk.workspace.records.act(desk.at(two).id, "defer", {"defer_date": "2026-10-01"})
    desk.edit(desk.at(three), employing_school_urn="999123")
    desk.add(provider_trainee_id="NM-CRASH")


@pytest.mark.parametrize(("when", "first"), [("before", 0), ("after", 1)])
def test_the_program_ends_between_any_two_steps(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, when: str, first: int
) -> None:
    """P1: at each commit of a sync in turn, the program ends just before or just after it; then it starts again."""
    state = desk.portal.state
    monkeypatch.setattr(state, "_snapshot", state._snapshot)  # the one of the other tests is put back
    write = Store.write
    left: list[int] = []

    @contextmanager
    def dying(self: Store, durable: bool = True) -> Iterator[Unit]:
        with write(self, durable) as unit:
            yield unit
            if left and when == "before":
                left[0] -= 1
                if left[0] < 0:
                    raise Crash
        if left and when == "after":
            left[0] -= 1
            if left[0] < 0:
                raise Crash

    monkeypatch.setattr(Store, "write", dying)
    refused = desk.at(desk.in_training(2))
    _work(desk)
    desk.control.snapshot()
    template = _copied(desk)
    for point in range(first, 60, 2):
        _put_back(desk, template)
        desk.control.rollback()
        left[:] = [point]
        try:
            desk.sync()
        except Crash:
            left.clear()
        else:
            left.clear()
            assert point > 12, "there was hardly a step"
            break
        desk.reopen()
        for _ in range(3):
            desk.sync()
        (change,) = desk.changes()
        assert (change.record_id, change.state) == (refused.id, ChangeState.REJECTED), f"at step {point}"
        assert len(desk.named(provider_trainee_id="NM-CRASH")) == 1
        desk.assert_settled(but=(refused.id,))
    else:
        pytest.fail("the sync never came to its end")


def _copied(desk: Desk) -> dict[str, bytes]:
    desk.close()
    return {p.name: p.read_bytes() for p in desk.folder.iterdir() if p.is_file()}


def _put_back(desk: Desk, content: dict[str, bytes]) -> None:
    desk.close()
    for path in desk.folder.iterdir():
        if path.is_file():
            path.unlink()
    for name, data in content.items():
        (desk.folder / name).write_bytes(data)
    desk.reopen()


def test_an_error_of_ours_in_mid_request_is_unknown_at_the_next_sync(desk: Desk) -> None:
    """I12: a bug in the middle of a request must not leave a change that is being sent for ever."""
    record = desk.edit(desk.at(desk.in_training()), email="a@example.com")

    def bug(*_: Any) -> None:
        raise RuntimeError("a bug")

    desk.taps.after("update", bug)
    with pytest.raises(RuntimeError):
        desk.sync()
    assert desk.states(record) == [ChangeState.SENDING]
    desk.sync()
    assert len(desk.writes()) == 1
    desk.assert_settled()


def test_the_person_may_not_take_back_what_is_on_its_way(desk: Desk) -> None:
    """I3: while it is being sent or unknown, only the portal can tell."""
    from desktop.model.errors import UsageError

    new = desk.add()
    tried: list[str] = []

    def try_it(*_: Any) -> None:
        (change,) = desk.changes(new)
        for deed in (
            lambda: desk.workspace.queue.take_back(change.id),
            lambda: desk.workspace.records.discard(new.id),
        ):
            with pytest.raises(UsageError):
                deed()
            tried.append(change.state)

    desk.taps.before("create", try_it)
    desk.control.fault("refuse", match="POST", count=1)
    desk.taps.after("create", lambda *_: desk.control.fault("unavailable"))
    desk.sync()
    try_it()
    assert tried == ["sending"] * 2 + ["unknown"] * 2
