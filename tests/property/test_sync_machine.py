"""Everything that can happen to a workspace and its portal, in any order; then the faults end, and both sides agree.

The model check of sync.md section 2: edits here and there, actions, faults of every kind, crashes, restarts, decisions.
The portal is the practice portal's own code, reached without a socket. Time and chance are folded; nothing sleeps.
"""

from __future__ import annotations

import contextlib
import itertools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, precondition, rule

from desktop.model.change import ChangeState
from desktop.model.conflict import ConflictKind
from desktop.model.document import same
from desktop.model.errors import HoldfastError
from desktop.practice.clock import Clock
from desktop.practice.state import State
from desktop.store import vault
from desktop.store.store import Store, Unit
from tests.fault.conftest import BEGIN, NEW_SCHOOL, TOKEN_VARIABLE, Desk, Ticking
from tests.sim.world import Crash, DirectPortal

FAULTS = (
    "maintenance",
    "unavailable",
    "busy",
    "captive",
    "api_off",
    "unauthorised",
    "refuse",
    "lost_reply",
    "cut_body",
    "error",
    "late_error",
    "nonsense",
)
MATCHES = ("", "GET /trainees", "POST /trainees", "PUT /trainees", "DELETE /trainees")
FIELDS = ("email", "middle_names", "ni_number", "nationality", "study_mode")
VALUES: dict[str, tuple[str | None, ...]] = {
    "email": ("a@example.com", "b@example.com", "c@example.com"),
    "middle_names": ("Bea", " Bea ", "Zo\u00eb", None),
    "ni_number": ("QQ123456A", "QQ123456B"),
    "nationality": ("FR", "IE"),
    "study_mode": ("01", "31"),
}
WHAT = ("create", "update", "refused", "add_child", "update_child", "remove_child", "act")
METHODS = {
    "POST": ("create", "add_child", "act"),
    "PUT": ("update", "refused", "update_child"),
    "DELETE": ("remove_child",),
}
ids = st.integers(0, 3)
_how: dict[str, Any] = {
    "pull": st.sampled_from([True, True, False]),
    "push": st.sampled_from([True, True, False]),
    "full": st.booleans(),
    "wait": st.sampled_from([0, 70, 7200]),
}
_template: list[tuple[Path, DirectPortal, Ticking]] = []
_folder = itertools.count()
_names = itertools.count()


def _start() -> tuple[Path, DirectPortal, Ticking]:
    """A workspace after its first sync, made once; and its portal, whose records are put back each time."""
    if not _template:
        clock = Ticking()
        portal = DirectPortal(clock)
        portal.control.add_school(NEW_SCHOOL, "Saltersgate School", "BN1 1AA", "1 Hill Road")
        folder = Path(tempfile.mkdtemp(prefix="machine-"))
        desk = Desk(portal, clock, folder / "template", make=portal.adapter)  # type: ignore[arg-type]
        desk.sync()
        desk.close()
        portal.state.snapshot()
        _template.append((folder, portal, clock))
    return _template[0]


class SyncMachine(RuleBasedStateMachine):
    """One desk; what a person, a colleague, the network and the machine do to it."""

    new = Bundle("new")

    @initialize()
    def begin(self) -> None:
        folder, portal, clock = _start()
        portal.state.rollback()
        portal.portal.clear_ledger()
        portal.control.fault("up")
        clock.now = BEGIN
        self.folder = folder / f"run-{next(_folder)}"
        shutil.copytree(folder / "template", self.folder)
        self.desk = Desk(portal, clock, self.folder, make=portal.adapter)  # type: ignore[arg-type]
        self.desk.reopen()
        self.desk.clock.forward(minutes=10)
        self.work = [
            t["trainee_id"]
            for t in portal.control.trainees()
            if t["state"] == "trn_received" and not t["deleted"]
        ][:4]
        self.deleted: set[str] = set()
        self.backup = dict(portal.state.records)
        self.typed: dict[tuple[str, str], str | None] = {}  # what must be at the portal in the end
        self.mine: dict[tuple[str, str], str | None] = {}  # what must be here at any time
        held = [portal.control.trainee(t) for t in self.work]
        self.told = {t["trainee_id"]: (bool(t["nationality"]), bool(t["disability1"])) for t in held}

    def teardown(self) -> None:
        if hasattr(self, "desk"):
            try:
                self.settle()
            finally:
                self.desk.close()
                shutil.rmtree(self.folder)

    def _record(self, number: int) -> str | None:
        """The local id of a record that the person may work on."""
        trainee_id = self.work[number % len(self.work)]
        view = self.desk.at(trainee_id)
        return view.id if view.editable else None

    # -- what the person does -----------------------------------------------------------------------

    @rule(number=ids, name=st.sampled_from(FIELDS), choice=st.integers(0, 3))
    def edit(self, number: int, name: str, choice: int) -> None:
        record = self._record(number)
        if record is not None:
            value = VALUES[name][choice % len(VALUES[name])]
            unseen = not self._same_there(record, name)
            self.desk.edit(record, **{name: value})
            self._typed(record, name, value, unseen)

    def _typed(self, record: str, name: str, value: str | None, unseen: bool) -> None:
        """What is expected from here on. To type what is there already is no edit."""
        self._forget(record, name)
        if name in self.desk.view(record).pending.fields:
            self.mine[record, name] = value
            if not unseen:
                self.typed[record, name] = value

    def _same_there(self, record: str, name: str) -> bool:
        """Whether the portal holds what we last saw of it."""
        view = self.desk.view(record)
        if view.base is None or view.portal_id is None:
            return True
        sent = view.document.get(name)
        return same(self.desk.trainee(record)[name], view.base.get(name)) or same(
            self.desk.trainee(record)[name], sent
        )

    def _forget(self, record: str | None = None, name: str | None = None) -> None:
        """What was typed may rightly be something else from here on: somebody else decided too."""
        for known in (self.typed, self.mine):
            for key in [k for k in known if record in (None, k[0]) and name in (None, k[1])]:
                del known[key]

    @rule(number=ids, urn=st.booleans())
    def add_placement(self, number: int, urn: bool) -> None:
        record = self._record(number)
        if record is not None:
            about = (
                {"urn": NEW_SCHOOL, "name": "As I call it"}
                if urn
                else {"name": "Hill Nursery", "postcode": "BN1 1AA"}
            )
            view = self.desk.view(record)
            name = "urn" if urn else "name"
            held = {c.fields.get(name) for c in view.document.children.get("placements", ())}
            # In the middle of a question the form hides what is in question; a person sees it, and so does the rule.
            if view.conflict is None and about[name] not in held:
                self.desk.add_child(record, "placements", **about)

    @rule(number=ids, year=st.integers(2001, 2003))
    def change_degree(self, number: int, year: int) -> None:
        record = self._record(number)
        degrees = self.desk.view(record).document.children.get("degrees") if record else None
        if record and degrees:
            self.desk.edit_child(record, "degrees", degrees[0].id, graduation_year=year)

    @rule(number=ids)
    def remove_placement(self, number: int) -> None:
        record = self._record(number)
        placements = self.desk.view(record).document.children.get("placements") if record else None
        if record and placements:
            self.desk.remove_child(record, "placements", placements[-1].id)

    @rule(target=new, key=st.sampled_from([None, "own"]))
    def add(self, key: str | None) -> str:
        number = next(_names)
        return self.desk.add(provider_trainee_id=f"NM-{number}" if key else None).id

    @rule(record=new, name=st.sampled_from(("email", "middle_names", "first_names")))
    def edit_new(self, record: str, name: str) -> None:
        number = next(_names)
        letters = "".join("abcdefghij"[int(digit)] for digit in str(number))
        value = f"new{number}@example.com" if name == "email" else f"Beatrix{letters}"
        if self.desk.view(record).editable:
            self.desk.edit(record, **{name: value})

    @rule(number=ids)
    def defer(self, number: int) -> None:
        record = self._record(number)
        if record is not None:
            with contextlib.suppress(HoldfastError):
                self.desk.workspace.records.act(record, "defer", {"defer_date": "2026-10-01"})

    @rule(side=st.sampled_from(("mine", "theirs")), number=ids)
    @precondition(lambda self: self.desk.conflicts())
    def decide(self, side: str, number: int) -> None:
        conflicts = self.desk.conflicts()
        self._decide(conflicts[number % len(conflicts)], side)

    def _decide(self, conflict: Any, side: str) -> None:
        self._forget(conflict.record_id)
        decisions = self.desk.workspace.conflicts
        if conflict.kind is ConflictKind.DUPLICATE:
            decisions.keep_draft(conflict.id)
        elif conflict.kind is ConflictKind.CLOSED:
            decisions.resolve_all(conflict.id, "theirs")
        else:
            decisions.resolve_all(conflict.id, side)

    @rule(number=ids)
    def revert(self, number: int) -> None:
        record = self._record(number)
        if record is not None:
            self.desk.workspace.records.revert(record)
            self._forget(record)

    # -- what a colleague does on the web -----------------------------------------------------------

    @rule(number=ids, name=st.sampled_from(FIELDS), choice=st.integers(0, 3))
    def edit_there(self, number: int, name: str, choice: int) -> None:
        values = [v for v in VALUES[name] if v is not None]
        value = values[choice % len(values)]
        record = self.desk.at(self.work[number])
        ours = not same(record.document.get(name), self.desk.trainee(record)[name])
        self.desk.control.edit(self.work[number], **{name: value})
        self._forget(record.id, name)
        if not ours:
            self.typed[record.id, name] = value

    @rule(number=ids, name=st.sampled_from(FIELDS), choice=st.integers(0, 1))
    def edit_both(self, number: int, name: str, choice: int) -> None:
        self.edit(number, name, choice)
        self.edit_there(number, name, choice + 1)

    @rule()
    def keep_a_backup(self) -> None:
        self.backup = dict(self.desk.portal.state.records)

    @rule()
    def put_the_backup_back(self) -> None:
        """The portal's people restore it (T3)."""
        state = self.desk.portal.state
        state.records = dict(self.backup)
        state._ordered.clear()
        state._awaiting_trn = {s for s, r in state.records.items() if r.trn_due_us}
        self.deleted = {s for s in self.work if state.records[s].deleted}
        self._forget()

    @rule(number=ids, what=st.sampled_from(("placement", "same school", "year", "none")))
    def edit_children_there(self, number: int, what: str) -> None:
        held = self.desk.control.trainee(self.work[number])
        places, degrees = held["placements"], held["degrees"]
        if what == "year" and degrees:
            self.desk.control.edit(
                self.work[number], degrees=[degrees[0] | {"graduation_year": 2002}, *degrees[1:]]
            )
        elif what == "none":
            self.desk.control.edit(self.work[number], placements=places[:-1])
        elif what == "same school" and NEW_SCHOOL not in {p["urn"] for p in places}:
            self.desk.control.edit(self.work[number], placements=[*places, {"urn": NEW_SCHOOL}])
        elif what == "placement" and "Dale Nursery" not in {p["name"] for p in places}:
            self.desk.control.edit(self.work[number], placements=[*places, {"name": "Dale Nursery"}])

    @rule(number=ids, state=st.sampled_from(("withdrawn", "deferred", "trn_received")))
    def move_there(self, number: int, state: str) -> None:
        self.desk.control.edit(self.work[number], state=state)
        self._forget(self.desk.at(self.work[number]).id)

    @rule(number=ids)
    def delete_there(self, number: int) -> None:
        self.desk.control.edit(self.work[number], deleted=self.work[number] not in self.deleted)
        self.deleted ^= {self.work[number]}
        self._forget(self.desk.at(self.work[number]).id)

    # -- what the network and the machine do --------------------------------------------------------

    @rule(
        mode=st.sampled_from(FAULTS),
        match=st.sampled_from(MATCHES),
        count=st.sampled_from([None, 1, 2]),
        **_how,
    )
    def sync_in_trouble(self, mode: str, match: str, count: int | None, **how: Any) -> None:
        options: dict[str, Any] = {"match": match} | ({"count": count} if count else {})
        self.desk.control.fault(mode, **options)
        self.sync(**how)

    @rule(flaky=st.sampled_from([0.2, 0.6]), seed=st.integers(0, 50), **_how)
    def sync_over_a_bad_line(self, flaky: float, seed: int, **how: Any) -> None:
        self.desk.control.fault("flaky", p=flaky, seed=seed)
        self.sync(**how)

    @rule(**_how)
    def sync_when_all_is_well(self, **how: Any) -> None:
        self.desk.control.fault("up")
        self.sync(**how)

    def sync(self, pull: bool, push: bool, full: bool, wait: int) -> None:
        self.desk.clock.forward(seconds=wait)
        self.desk.sync(pull=pull or not push, push=push, full=full)
        assert self.desk.workspace.care.doctor() == []

    @invariant()
    def nothing_typed_is_overwritten(self) -> None:
        """I2: whatever syncs did, what was typed here and not decided otherwise stands here."""
        for (record, name), value in self.mine.items():
            assert same(self.desk.view(record).document.get(name), value), f"{name} as typed is gone"

    def _do(self, number: int, what: str) -> str | None:
        """One thing that makes a request of its own; the record that it is about."""
        record = self._record(number)
        if what == "create":
            return self.desk.add(provider_trainee_id=f"NM-{next(_names)}" if number % 2 else None).id
        if record is None:
            return None
        if what == "update":
            self.desk.edit(record, email=f"typed{next(_names)}@example.com")
            self._forget(record)
        elif what == "refused":
            self.desk.edit(record, employing_school_urn="999123", nationality="FR")
            self._forget(record)
        elif what == "add_child":
            self.add_placement(number, urn=True)
        elif what == "update_child":
            self.change_degree(number, 2001)
        elif what == "remove_child":
            self.remove_placement(number)
        elif what == "act":
            self.defer(number)
        return record

    @rule(
        number=ids,
        what=st.sampled_from(WHAT),
        mode=st.sampled_from(("lost_reply", "refuse", "late_error", "cut_body", "error")),
        stuck=st.booleans(),
        pull=st.booleans(),
    )
    def lose_a_reply(self, number: int, what: str, mode: str, stuck: bool, pull: bool) -> None:
        """The reply to one write does not come; `stuck` = and then nothing comes for a while."""
        record = self._do(number, what)
        for method in ("POST", "PUT", "DELETE"):
            self.desk.control.fault(mode, match=f"{method} /trainees", count=1)
            if what in METHODS[method]:
                break
        if stuck:
            call = "update" if what == "refused" else what
            self.desk.taps.after(call, lambda *_: self.desk.control.fault("refuse"))
        self.desk.sync(pull=pull)
        self.desk.taps.clear()
        if record is not None and stuck and self.desk.view(record).editable:
            self.desk.edit(record, middle_names="Typed")
            self._forget(record)

    @rule(
        number=ids, what=st.sampled_from(WHAT), when=st.sampled_from(("before", "after")), fetch=st.booleans()
    )
    def type_during_a_request(self, number: int, what: str, when: str, fetch: bool) -> None:
        record = self._do(number, what)
        if record is None:
            return

        def type_on() -> None:
            # The form may have closed under the person: then nothing is typed.
            with contextlib.suppress(HoldfastError):
                for name, value in (("middle_names", "Typed"), ("email", f"typed{next(_names)}@example.com")):
                    unseen = not self._same_there(record, name)
                    self.desk.edit(record, **{name: value})
                    self._typed(record, name, value, unseen)

        call = "fetch" if fetch else "update" if what == "refused" else what
        self._forget(record)
        getattr(self.desk.taps, when)(call, lambda *_: type_on())
        self.desk.sync()
        self.desk.taps.clear()

    @rule(number=ids)
    def mend(self, number: int) -> None:
        """What was refused is put right."""
        record = self._record(number)
        if record is not None:
            self.desk.edit(record, employing_school_urn=None)

    @rule(step=st.integers(0, 25), after=st.booleans())
    def crash(self, step: int, after: bool) -> None:
        """The program ends at some commit of a sync, just before or just after it."""
        left, write = [step], Store.write

        @contextmanager
        def dying(store: Store, durable: bool = True) -> Iterator[Unit]:
            with write(store, durable) as unit:
                yield unit
                left[0] -= 1
                if left[0] < 0 and not after:
                    raise Crash
            if left[0] < 0:
                raise Crash

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Store, "write", dying)
            with contextlib.suppress(Crash):
                self.desk.sync()
        self.desk.reopen()

    @rule()
    def restart(self) -> None:
        self.desk.reopen()

    # -- what must hold in the end ------------------------------------------------------------------

    def settle(self) -> None:
        """I17: with no more edits and a healthy portal, a few syncs end with nothing under way, and both sides equal."""
        desk = self.desk
        desk.control.fault("up")
        for _ in range(4):
            desk.clock.forward(hours=2)
            report = desk.sync(full=True)
            assert report.state == "up", report.detail
            desk.workspace.queue.resume()  # a person has looked at a portal that was put back (I11)
        sent = len(desk.control.requests())
        desk.sync()
        assert [r for r in desk.control.requests()[sent:] if r["method"] != "GET"] == [], (
            "sent again and again"
        )
        parked: set[str] = set()
        for change in desk.changes():
            assert change.state in (ChangeState.CONFLICT, ChangeState.REJECTED, ChangeState.QUEUED), change
            held_back = change.state is ChangeState.QUEUED
            assert change.reason or change.state is ChangeState.CONFLICT, change
            assert not held_back or change.kind == "action" or "Waits" in change.reason, change
            parked.add(change.record_id)
        parked |= {c.record_id for c in desk.conflicts()}
        parked |= {v.id for v in desk.all() if v.missing or v.sync == "draft"}
        desk.assert_both_sides_equal(but=tuple(parked))
        for (record, name), value in self.typed.items():
            if record not in parked:
                assert same(desk.trainee(record)[name], value), f"{name} as typed is not at the portal"
        assert not [c for c in desk.conflicts() if c.kind is ConflictKind.DUPLICATE], "asked about ourselves"
        for trainee_id, (nationality, disability) in self.told.items():
            if desk.at(trainee_id).id not in parked:
                held = desk.control.trainee(trainee_id)
                assert bool(held["nationality"]) == nationality, "a refusal wiped the nationality"
                assert bool(held["disability1"]) == disability, "a refusal wiped the disabilities"
        desk.assert_nothing_doubled()
        desk.assert_healthy()
        self.decide_everything()

    def decide_everything(self) -> None:
        """I15: when a person has settled every question, none comes back."""
        desk = self.desk
        for _ in range(5):
            for conflict in desk.conflicts():
                self._decide(conflict, "mine")
            desk.clock.forward(minutes=5)
            desk.sync(full=True)
            if not desk.conflicts():
                break
        assert desk.conflicts() == []
        desk.assert_nothing_doubled()
        desk.assert_healthy()


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(vault, "_KDF", {"name": "argon2id", "memory_kib": 8, "passes": 1, "lanes": 1})
    monkeypatch.setenv("HOLDFAST_SETTLE_S", "0")
    _template.clear()
    monkeypatch.setenv(TOKEN_VARIABLE, "")
    monkeypatch.setenv(TOKEN_VARIABLE, State(Clock(Ticking()), 1).token)
    yield
    for folder, _, _ in _template:
        shutil.rmtree(folder, ignore_errors=True)
    _template.clear()


TestSync = SyncMachine.TestCase
TestSync.settings = settings(
    max_examples=25,
    stateful_step_count=25,
    derandomize=True,
    # Shrinking takes minutes; add Phase.shrink when there is something to shrink.
    phases=(Phase.explicit, Phase.generate),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
