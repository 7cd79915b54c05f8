"""Looking teachers up: a real encrypted store, the practice Teaching Record System. Source: pack register-ects, 0, 4 and 8."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import keyring
import pytest
from keyring.backend import KeyringBackend

from desktop.model.document import Patch
from desktop.model.errors import UnknownName, UsageError
from desktop.model.finding import Severity
from desktop.model.person import Role
from desktop.model.teacher import Said
from desktop.model.verdict import PortalState
from desktop.practice.server import PracticePortal
from desktop.practice.teachers import Teacher
from desktop.services import lookup as lookups
from desktop.services import purging, traces
from desktop.services.lookup import Lookup, LookupView
from desktop.services.people import NotAllowed
from desktop.services.workspace import Workspace
from desktop.store import vault
from desktop.sync.portals.trs import TrsPortal
from tests.unit.collections.ects.sample import ECT, MENTOR, SCHOOL
from tests.unit.services.test_school_workspace import CHEAP, SECRET, Clock, added, make

RULE = "E-TRS-ADVICE"


@pytest.fixture(scope="module")
def running() -> Iterator[PracticePortal]:
    with PracticePortal() as portal:
        yield portal


@pytest.fixture
def practice(running: PracticePortal) -> PracticePortal:
    running.control.trs_reset()
    return running


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def school(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setattr(vault, "_KDF", CHEAP)
    made = make(tmp_path / "w", clock=clock, chosen=("ects",))
    yield made
    made.close()


@pytest.fixture
def lookup(school: Workspace, practice: PracticePortal) -> Lookup:
    """Switched on."""
    school.lookup.configure(practice.trs_url, key=practice.trs.token, in_workspace=True)
    return school.lookup


class InMemory(KeyringBackend):
    """A credential store that ends with the test."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


def put(school: Workspace, teacher: Teacher, of: dict[str, Any] = ECT, **changes: Any) -> str:
    """A record of this teacher, as the school has it."""
    born = (teacher.said_born or teacher.date_of_birth).isoformat()
    return added(
        school, of, trn=teacher.trn, date_of_birth=born, email=f"{teacher.trn}@example.com", **changes
    )


def found(school: Workspace, record_id: str, rule: str = RULE) -> list[tuple[str, str]]:
    findings = school.records.view(record_id).findings
    return [(f.field, f.severity.value) for f in findings if f.rule == rule]


def everything_kept(school: Workspace) -> str:
    """All small things and the whole journal, as text."""
    with school._store.read() as unit:
        kept = [thing.body for kind in (lookups.SETTING, "lookup", "typing") for thing in unit.kept.all(kind)]
        journal = [(entry.event, entry.detail) for entry in unit.journal.entries()]
    return json.dumps([kept, journal], default=str)


# --- set up -----------------------------------------------------------------------------------------------------------


def test_it_is_off_until_somebody_sets_it_up(school: Workspace, practice: PracticePortal):
    record = put(school, practice.teachers.case("found"))
    assert not school.lookup.setting().on
    assert school.lookup.view(record) is None
    with pytest.raises(UsageError, match="off"):
        school.lookup.look(record)
    assert practice.control.trs_requests() == []


def test_the_key_outlives_the_program_and_is_told_nowhere(
    school: Workspace, lookup: Lookup, practice: PracticePortal, clock: Clock
):
    assert practice.trs.token not in everything_kept(school)
    school.close()
    with_key = Workspace.open(school.folder, SECRET, clock=clock)
    try:
        assert with_key.lookup.setting().on
        assert with_key.lookup.test().state is PortalState.UP
    finally:
        with_key.close()


def test_the_key_goes_where_access_tokens_go(
    school: Workspace, practice: PracticePortal, monkeypatch: pytest.MonkeyPatch
):
    with pytest.raises(UsageError, match="credential store"):
        school.lookup.configure(practice.trs_url, key="abc")
    held = InMemory()
    monkeypatch.setattr(keyring, "get_keyring", lambda: held)
    for name in ("set_password", "get_password", "delete_password"):
        monkeypatch.setattr(keyring, name, getattr(held, name))
    school.lookup.configure(practice.trs_url, key=practice.trs.token)
    assert [*held.kept.values()] == [practice.trs.token]
    assert school.lookup.test().state is PortalState.UP
    monkeypatch.setenv("TRS_KEY", "wrong")
    school.lookup.configure(practice.trs_url, key_env="TRS_KEY")
    assert school.lookup.test().state is PortalState.SIGN_IN
    school.lookup.switch_off()
    assert held.kept == {}


def test_a_new_address_needs_the_key_again(lookup: Lookup, practice: PracticePortal):
    """Else a key could be sent to whoever an address was mistyped for."""
    assert lookup.configure(practice.trs_url).on
    with pytest.raises(UsageError, match="key"):
        lookup.configure("https://trs.example.org")
    assert lookup.setting().url == practice.trs_url


@pytest.mark.parametrize(("url", "key"), [("http://trs.example.org", "abc"), ("trs", "abc"), ("", "abc")])
def test_an_address_that_cannot_be_one_is_refused(school: Workspace, url: str, key: str):
    with pytest.raises(UsageError):
        school.lookup.configure(url, key=key, in_workspace=True)
    assert not school.lookup.setting().on


def test_switched_off_nothing_of_it_is_left(school: Workspace, lookup: Lookup, practice: PracticePortal):
    record = put(school, practice.teachers.case("prohibited"))
    lookup.look(record)
    lookup.switch_off()
    assert found(school, record) == []
    assert lookup.view(record) is None
    with school._store.read() as unit:
        assert [unit.kept.all(kind) for kind in ("lookup", lookups.SETTING, "token")] == [[], [], []]
    with pytest.raises(UsageError):
        lookup.test()


def test_only_who_administers_sets_it_up_and_only_who_enters_asks(
    school: Workspace, lookup: Lookup, practice: PracticePortal
):
    record = put(school, practice.teachers.case("found"))
    school.people.add("Ada", frozenset({Role.ADMINISTER, Role.ENTER, Role.SEND}))
    looker = school.people.add("Lou", frozenset())
    school.people.take_over(looker.id)
    for deed in (
        lambda: lookup.look(record),
        lookup.switch_off,
        lambda: lookup.configure(practice.trs_url, key="x", in_workspace=True),
    ):
        with pytest.raises(NotAllowed):
            deed()
    assert practice.control.trs_requests() == []


# --- one record -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "said", "at", "words"),
    [
        ("found", Said.FOUND, "", "Induction: required to complete."),
        ("passed", Said.FOUND, "trn", "induction is passed"),
        ("exempt", Said.FOUND, "trn", "It says that this teacher is exempt from induction."),
        ("failed", Said.FOUND, "trn", "induction was failed"),
        ("failed_in_wales", Said.FOUND, "", "Induction: failed in Wales."),
        ("no_induction", Said.FOUND, "", "Induction: no status yet."),
        ("no_qts", Said.FOUND, "", "Qualified teacher status: none shown."),
        ("prohibited", Said.FOUND, "trn", "prohibition"),
        ("prohibited_later_end", Said.FOUND, "trn", "prohibition"),
        ("prohibited_odd_end", Said.FOUND, "trn", "prohibition"),
        ("prohibited_ended", Said.FOUND, "", "TRN 2100011 is Otis Fordyce"),
        ("other_alert", Said.FOUND, "", "an alert that does not stop a registration"),
        ("born_differs", Said.BORN_DIFFERS, "date_of_birth", "It has another date of birth."),
        ("deactivated", Said.DEACTIVATED, "trn", "It has closed the record with this TRN."),
        ("merged", Said.MERGED, "trn", "The TRN that counts there is 2100023."),
        ("one_name", Said.FOUND, "", "is Suharto"),
        ("no_name", Said.FOUND, "", "is Unknown"),
    ],
)
def test_section_4_each_answer_becomes_advice(
    school: Workspace, lookup: Lookup, practice: PracticePortal, case: str, said: Said, at: str, words: str
):
    """What stops is a warning with its source; the portal's own answer stays open, and nothing keeps the record back."""
    record = put(school, practice.teachers.case(case))
    before = school.records.view(record)
    view = lookup.look(record)
    after = school.records.view(record)
    assert view.answer is not None
    assert (view.answer.said, view.trouble, view.stops) == (said, None, bool(at))
    assert words in " ".join(view.lines)
    assert found(school, record) == ([(at, "warning")] if at else [])
    assert found(school, record, "E-LOOKUP") == [("trn", "unknown")]
    assert (after.document, after.sync, after.version) == (before.document, before.sync, before.version)


def test_nobody_has_the_trn(school: Workspace, lookup: Lookup, practice: PracticePortal):
    record = added(school, ECT, trn="0000001")
    assert lookup.look(record).answer.said is Said.NOT_FOUND  # type: ignore[union-attr]
    assert found(school, record) == [("trn", "warning")]


@pytest.mark.parametrize(("case", "at"), [("passed", ""), ("failed", ""), ("prohibited", "trn")])
def test_section_4_a_mentor_is_stopped_by_a_prohibition_alone(
    school: Workspace, lookup: Lookup, practice: PracticePortal, case: str, at: str
):
    record = put(school, practice.teachers.case(case), MENTOR)
    assert lookup.look(record).stops is bool(at)
    assert found(school, record) == ([(at, "warning")] if at else [])


def test_a_short_trn_is_asked_for_in_seven_digits(
    school: Workspace, lookup: Lookup, practice: PracticePortal
):
    """Section 3.1."""
    teacher = practice.teachers.case("short_number")
    record = added(school, ECT, trn="RP5/4321", date_of_birth=teacher.date_of_birth.isoformat())
    view = lookup.look(record)
    assert view.answer is not None
    assert view.answer.name == "Una Trelawney"
    assert view.lines[1].startswith("Here it is Sam Okafor. Compare the two names")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"trn": None}, "Enter the TRN first"),
        ({"date_of_birth": None}, "Enter the date of birth first"),
        ({"date_of_birth": "17 Aprl"}, "Enter the date of birth first"),
        ({"portal_answer": "found"}, "The portal has answered"),
    ],
)
def test_what_cannot_be_asked_is_said_and_not_asked(
    school: Workspace, lookup: Lookup, practice: PracticePortal, changes: dict[str, Any], why: str
):
    record = added(school, ECT, **changes)
    view = lookup.view(record)
    assert view.why_not.startswith(why) if view else "portal_answer" in changes
    with pytest.raises(UsageError, match=why):
        lookup.look(record)
    assert practice.control.trs_requests() == []


def test_a_school_is_not_looked_up(school: Workspace, lookup: Lookup):
    record = added(school, SCHOOL)
    assert lookup.view(record) is None
    with pytest.raises(UsageError, match="about no teacher"):
        lookup.look(record)
    with pytest.raises(UnknownName):
        lookup.waiting("trainees")


# --- date of birth and National Insurance number (section 0, fact 5) --------------------------------------------------


def test_a_number_typed_for_a_lookup_finds_the_teacher_and_is_kept_nowhere(
    school: Workspace, lookup: Lookup, practice: PracticePortal
):
    record = put(school, practice.teachers.case("born_differs"))
    assert lookup.look(record).asks_ni
    wrong = lookup.look(record, "AB 12 34 56 C")
    assert wrong.answer is not None
    assert wrong.answer.said is Said.NI_DIFFERS
    assert found(school, record) == [("ni_number", "warning")]
    right = lookup.look(record, "kl 29 48 17 b")
    assert right.answer is not None
    assert right.answer.by_ni_number
    assert found(school, record) == []
    assert school.records.view(record).document.get("ni_number") is None
    told = everything_kept(school)
    for secret in ("KL294817B", "AB123456C", "1998-02-11", "1998-11-02"):
        assert secret not in told.replace(" ", "").upper()


def test_a_number_that_cannot_be_one_is_not_sent(school: Workspace, lookup: Lookup, practice: PracticePortal):
    record = put(school, practice.teachers.case("born_differs"))
    with pytest.raises(UsageError, match="9 letters and digits"):
        lookup.look(record, "12345")
    assert practice.control.trs_requests() == []


def test_the_journal_says_that_somebody_asked_and_nothing_of_the_person(
    school: Workspace, lookup: Lookup, practice: PracticePortal
):
    record = put(school, practice.teachers.case("prohibited"))
    lookup.look(record)
    with school._store.read() as unit:
        (entry,) = [e for e in unit.journal.entries() if e.event == "looked_up"]
    assert (entry.record_id, entry.actor, entry.detail) == (record, "Jo", {"system": "trs"})


# --- how long an answer counts ----------------------------------------------------------------------------------------


def test_an_answer_is_old_after_a_day(
    school: Workspace, lookup: Lookup, practice: PracticePortal, clock: Clock
):
    record = put(school, practice.teachers.case("found"))
    lookup.look(record)
    clock.now += timedelta(hours=24)
    assert not _view(lookup, record).old
    clock.now += timedelta(seconds=1)
    assert _view(lookup, record).old
    assert _view(lookup, record).by == "Jo"


@pytest.mark.parametrize(
    ("change", "goes"),
    [
        ({"trn": "2100001"}, True),
        ({"date_of_birth": "1985-04-02"}, True),
        ({"ni_number": "JG103759A"}, True),
        ({"portal_answer": "found"}, True),
        ({"email": "other@example.com"}, False),
        ({"portal_answer": "date_of_birth_differs"}, False),
    ],
    ids=lambda value: next(iter(value.values())) if isinstance(value, dict) else "",
)
def test_an_answer_goes_with_what_was_asked(
    school: Workspace, lookup: Lookup, practice: PracticePortal, change: dict[str, str], goes: bool
):
    """Another TRN or date of birth, or the portal's own answer: then it is about nothing any more."""
    record = put(school, practice.teachers.case("prohibited"))
    lookup.look(record)
    school.records.edit(record, Patch(fields=dict(change)))
    view = lookup.view(record)
    assert (view is None or view.answer is None) is goes
    assert (found(school, record) == []) is goes


def test_an_answer_goes_with_the_record(school: Workspace, lookup: Lookup, practice: PracticePortal):
    record = put(school, practice.teachers.case("prohibited"))
    lookup.look(record)
    school.records.discard(record)
    with school._store.read() as unit:
        assert unit.kept.all("lookup") == []


def test_an_answer_goes_when_the_person_is_removed_for_good(
    school: Workspace, lookup: Lookup, practice: PracticePortal
):
    record = put(school, practice.teachers.case("prohibited"))
    lookup.look(record)
    with school._store.write() as unit:
        stored = unit.records.get(record)
        assert stored is not None
        person = traces.person(unit, school.collection("ects"), stored)
        assert "lookup" in {kind for kind, _ in traces.naming(unit, [person])}
        purging.take_out(unit, [stored], [person], [], ["ects.left"])
    with school._store.read() as unit:
        assert unit.kept.all("lookup") == []


def test_a_record_that_changes_while_we_ask_gets_no_answer(
    school: Workspace, lookup: Lookup, practice: PracticePortal
):
    record = put(school, practice.teachers.case("prohibited"))

    class Slow(TrsPortal):
        def look(self, *asked: Any) -> Any:
            school.records.edit(record, Patch(fields={"date_of_birth": "1985-04-02"}))
            return super().look(*asked)

    view = Lookup(school._core, Slow).look(record)
    assert view.trouble is not None
    assert "changed while we asked" in view.trouble.detail
    assert view.answer is None


# --- trouble ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "state"),
    [("unavailable", PortalState.MAINTENANCE), ("unauthorised", PortalState.SIGN_IN), ("refuse", PortalState.DOWN)],
)  # fmt: skip
def test_trouble_leaves_the_answer_before_it(
    school: Workspace, lookup: Lookup, practice: PracticePortal, mode: str, state: PortalState
):
    record = put(school, practice.teachers.case("prohibited"))
    lookup.look(record)
    practice.control.trs_fault(mode)
    view = lookup.look(record)
    assert view.trouble is not None
    assert view.trouble.state is state
    assert view.answer is not None
    assert found(school, record) == [("trn", "warning")]


def test_inside_the_wait_that_was_asked_for_nothing_is_sent(
    school: Workspace, lookup: Lookup, practice: PracticePortal, clock: Clock
):
    """Section 8: 429. The wait holds for every later lookup of this workspace, also after a new start."""
    record = put(school, practice.teachers.case("found"))
    practice.control.trs_fault("busy", retry_after=90, count=1)
    first = lookup.look(record)
    assert first.trouble is not None
    assert first.trouble.retry_after_s == 90
    clock.now += timedelta(seconds=30)
    again = Lookup(school._core).look(record)
    assert again.trouble is not None
    assert (again.trouble.state, again.trouble.retry_after_s) == (PortalState.BUSY, 60)
    assert len(practice.control.trs_requests()) == 1
    clock.now += timedelta(seconds=61)
    assert lookup.look(record).answer is not None


# --- several ----------------------------------------------------------------------------------------------------------


def test_several_are_asked_one_after_another(school: Workspace, lookup: Lookup, practice: PracticePortal):
    cases = ("found", "prohibited", "merged")
    records = [put(school, practice.teachers.case(case)) for case in cases]
    nothing = added(school, ECT, trn=None, email="nobody@example.com")
    steps: list[tuple[int, int]] = []
    batch = lookup.look_all([*records, nothing], lambda p: steps.append((p.done, p.total)))
    assert [view.record_id for view in batch.looked] == records
    assert [view.stops for view in batch.looked] == [False, True, True]
    assert [view.record_id for view in batch.passed_over] == [nothing]
    assert (batch.left, batch.trouble) == (0, None)
    assert steps == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_several_stop_at_429_and_say_how_many_are_left(
    school: Workspace, lookup: Lookup, practice: PracticePortal
):
    records = [put(school, teacher) for teacher in practice.teachers.ordinary()[:4]]
    practice.control.trs_reset(requests=2)
    batch = lookup.look_all(records)
    assert (len(batch.looked), batch.left) == (2, 2)
    assert batch.trouble is not None
    assert batch.trouble.state is PortalState.BUSY
    assert batch.trouble.retry_after_s is not None
    assert len(practice.control.trs_requests()) == 3
    assert set(lookup.waiting("ects")[:2]) == set(records[2:])


def test_several_can_be_stopped(school: Workspace, lookup: Lookup, practice: PracticePortal):
    records = [put(school, teacher) for teacher in practice.teachers.ordinary()[:3]]
    batch = lookup.look_all(records, cancelled=lambda: len(practice.control.trs_requests()) == 1)
    assert (len(batch.looked), batch.left, batch.trouble) == (1, 2, None)


def test_those_that_wait_are_teachers_that_can_be_asked_about(
    school: Workspace, lookup: Lookup, practice: PracticePortal
):
    wanted = {put(school, teacher) for teacher in practice.teachers.ordinary()[:2]}
    added(school, SCHOOL)
    put(school, practice.teachers.case("found"), portal_answer="found")
    assert set(lookup.waiting("ects")) == wanted
    assert all(f.severity is not Severity.ERROR for r in wanted for f in school.records.view(r).findings)


def _view(lookup: Lookup, record: str) -> LookupView:
    view = lookup.view(record)
    assert view is not None
    return view
