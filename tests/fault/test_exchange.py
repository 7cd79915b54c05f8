"""Change files between workspaces: who is who, what is asked, what is held, and files that are not what they should be.

The rules are those of the pack of early career teachers, section 9 (register-ects 9); what is erased, of its section 0.
"""

from __future__ import annotations

import errno
import json
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from desktop.collections import load
from desktop.model.change import ChangeState
from desktop.model.document import Child, ChildPatch, Document, Patch, Value
from desktop.model.errors import StoreDamaged, StoreNewer, UsageError, WrongPassphrase
from desktop.model.lease import Lease
from desktop.model.snapshot import Snapshot
from desktop.services import exchange_file
from desktop.services.acts import Stopped
from desktop.services.exchange import PassphraseNeeded, Told
from desktop.services.views import Organisation, RecordQuery, RecordView
from desktop.services.workspace import Workspace
from desktop.store import container, removed, vault
from desktop.sync import by_hand, leases
from desktop.sync.absorb import absorb
from desktop.sync.page_in import PageIn
from desktop.sync.trip import Terms
from tests.fault.conftest import CHEAP, TRAINEES
from tests.fault.offices import BEGIN, ECTS, SCHOOL, SECRET, Office, school, together


@pytest.fixture
def two(tmp_path: Path) -> Iterator[list[Office]]:
    with school(tmp_path, 2) as offices:
        yield offices


def kept(office: Office, kind: str, name: str) -> dict[str, Any]:
    with office.workspace._store.read() as unit:
        found = unit.kept.get(kind, name)
    assert found is not None
    return found.body


# --- what two people do (register-ects 9) -------------------------------------------------------------------------------


def test_a_new_teacher_is_the_same_record_everywhere(two: list[Office]) -> None:
    sam, ada = two
    record = sam.add(email="l@school.example")
    told = ada.take(sam)
    assert (told.counts.new, told.made_by) == (1, "Sam")
    assert ada.view(record).document == sam.view(record).document
    assert ada.view(record).sync == sam.view(record).sync
    assert ada.take(sam).counts.anything is False


def test_answers_to_different_questions_are_put_together(two: list[Office]) -> None:
    sam, ada = two
    record = sam.add(email="l@school.example")
    ada.take(sam)
    sam.edit(record, started_on="2026-09-01")
    ada.edit(record, working_pattern="part_time")
    together(sam, ada)
    assert sam.fields(record) == ada.fields(record)
    assert sam.fields(record)["working_pattern"] == "part_time"
    assert not sam.workspace.conflicts.open()


def test_the_same_answer_changed_on_both_sides_is_asked_with_whose_and_when(two: list[Office]) -> None:
    sam, ada = two
    record = sam.add(email="l@school.example")
    ada.take(sam)
    sam.edit(record, email="sam@school.example")
    ada.edit(record, email="ada@school.example")
    assert sam.take(ada).counts.asked == 1
    (question,) = sam.workspace.conflicts.open()
    (row,) = question.fields
    assert (row.base, row.mine, row.theirs) == (
        "l@school.example",
        "sam@school.example",
        "ada@school.example",
    )
    assert (question.colleague, question.mine_by) == ("Ada", "Sam")
    assert datetime.fromisoformat(question.theirs_at) > BEGIN
    (need,) = sam.workspace.conflicts.needs()
    assert need.what == "You and Ada both changed this: Email address"
    assert all(c.state is ChangeState.CONFLICT for c in sam.view(record).changes)


@pytest.mark.parametrize(("side", "winner", "loser"), [("mine", "sam", "ada"), ("theirs", "ada", "sam")])
def test_a_question_that_one_has_settled_is_settled_for_the_other_and_the_loser_stays_readable(
    two: list[Office], side: str, winner: str, loser: str
) -> None:
    sam, ada = two
    record = sam.add(email="l@school.example")
    ada.take(sam)
    sam.edit(record, email="sam@school.example")
    ada.edit(record, email="ada@school.example")
    together(sam, ada)
    sam.settle(side)
    together(ada, sam)
    for office in two:
        assert office.fields(record)["email"] == f"{winner}@school.example"
        assert not office.workspace.conflicts.open()
        assert not office.workspace.care.doctor()
    resolved = dict(sam.events(record))["resolved"]
    assert resolved["lost"] == {"email": f"{loser}@school.example"}


def test_an_answer_typed_in_sight_of_the_others_wins_without_a_question(two: list[Office]) -> None:
    """The causal rule: also when the older file is taken in after the newer one."""
    sam, ada = two
    record = sam.add(email="l@school.example")
    old = sam.make("old.hfx")
    ada.take(old)
    ada.edit(record, email="ada@school.example")
    sam.take(ada)
    ada.take(old)
    sam.take(old)
    assert sam.fields(record)["email"] == ada.fields(record)["email"] == "ada@school.example"
    assert not sam.workspace.conflicts.open()
    assert not ada.workspace.conflicts.open()


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({"training_programme": "school_led"}, {"lead_provider": "teach-first"}),
        ({"lead_provider": "ambition-institute"}, {"lead_provider": "teach-first"}),
    ],
)
def test_programme_and_provider_are_never_put_together(
    two: list[Office], ours: dict[str, Value], theirs: dict[str, Value]
) -> None:
    sam, ada = two
    record = sam.add(training_programme="provider_led", lead_provider="best-practice-network")
    ada.take(sam)
    sam.edit(record, **ours)
    ada.edit(record, **theirs)
    sam.take(ada)
    (question,) = sam.workspace.conflicts.open()
    assert {row.unit for row in question.fields} == {"programme"}


def test_two_answers_about_one_mentor_are_asked(two: list[Office]) -> None:
    sam, ada = two
    record = sam.add()
    mentor = Child("m1", {"mentor_trn": "7654321", "started_on": "2026-09-07"})
    sam.workspace.records.edit(
        record, Patch({}, {"mentorships": {"m1": ChildPatch(dict(mentor.fields), added=True)}})
    )
    ada.take(sam)
    child = sam.view(record).document.children["mentorships"][0].id
    edit = Patch({}, {"mentorships": {child: ChildPatch({"finished_on": "2027-01-08"})}})
    sam.workspace.records.edit(record, edit)
    ada.workspace.records.edit(record, Patch({}, {"mentorships": {child: ChildPatch(removed=True)}}))
    sam.take(ada)
    ada.take(sam)
    assert len(sam.workspace.conflicts.open()) == len(ada.workspace.conflicts.open()) == 1
    ada.settle("theirs")
    sam.take(ada)
    for office in two:
        (held,) = office.view(record).document.children["mentorships"]
        assert held.fields["finished_on"] == "2027-01-08"
        assert not office.workspace.conflicts.open()


def test_the_same_trn_registered_twice_is_one_teacher(two: list[Office]) -> None:
    sam, ada = two
    first = sam.add(email="l@school.example", started_on="2026-09-01")
    second = ada.add(trn="RP12/34567", email="other@school.example", working_pattern="part_time")
    sam.take(ada)
    ada.take(sam)
    assert [v.id for v in sam.all()] == [first]
    assert [v.id for v in ada.all()] == [second]
    sam.settle("mine")
    ada.take(sam)
    sam.take(ada)
    ours, theirs = sam.fields(first), ada.fields(second)
    assert ours == theirs
    assert ours["working_pattern"] == "part_time"


def test_what_is_at_the_portal_is_kept_and_our_other_answers_are_proposed(two: list[Office]) -> None:
    sam, ada = two
    there = sam.add(email="l@school.example")
    sam.registered(there)
    mine = ada.add(email="other@school.example", working_pattern="part_time")
    ada.take(sam)
    view = ada.view(mine)
    assert view.state == "registered"
    assert view.base is not None
    assert view.base.get("email") == "l@school.example"
    assert view.pending.fields["working_pattern"] == "part_time"
    (question,) = ada.workspace.conflicts.open()
    assert not question.colleague
    assert [(r.mine, r.theirs) for r in question.fields] == [("other@school.example", "l@school.example")]


@pytest.fixture
def three(tmp_path: Path) -> Iterator[list[Office]]:
    with school(tmp_path, 3) as offices:
        yield offices


def test_two_who_became_one_elsewhere_become_one_here(three: list[Office]) -> None:
    sam, ada, noor = three
    first, second = sam.add(trn=None), ada.add(trn=None, first_names="Leo")
    noor.take(sam, ada)
    assert len(noor.all()) == 2
    sam.edit(first, trn="1234567")
    ada.edit(second, trn="1234567")
    sam.take(ada)
    assert noor.take(sam).counts.linked == 1
    assert len(noor.all()) == 1


def test_what_the_portal_confirmed_for_one_is_confirmed_for_both(two: list[Office]) -> None:
    sam, ada = two
    record = sam.add(email="l@school.example", started_on="2026-09-01")
    ada.take(sam)
    sam.registered(record)
    ada.edit(record, working_pattern="part_time")
    ada.take(sam)
    view = ada.view(record)
    assert (view.state, view.portal_id) == ("registered", sam.view(record).portal_id)
    assert dict(view.pending.fields) == {"working_pattern": "part_time"}
    assert not ada.workspace.conflicts.open()


def test_each_keeps_what_the_portal_confirmed_for_the_other(two: list[Office]) -> None:
    """Nothing can be read there, so each knows only what its own people saw."""
    sam, ada = two
    record = sam.add(email="l@school.example")
    sam.registered(record)
    ada.take(sam)
    sam.edit(record, email="new@school.example")
    sam.registered(record)
    ada.edit(record, working_pattern="part_time")
    ada.registered(record)
    together(sam, ada)
    for office in two:
        view = office.view(record)
        assert view.base is not None
        assert (view.base.get("email"), view.base.get("working_pattern")) == (
            "new@school.example",
            "part_time",
        )
        assert not view.pending


def test_leaving_wins_and_an_edit_made_without_knowing_of_it_is_held(two: list[Office]) -> None:
    sam, ada = two
    record = sam.add(email="l@school.example", started_on="2026-09-01", working_pattern="full_time")
    sam.registered(record)
    ada.take(sam)
    sam.workspace.records.act(record, "leave", {"leaving_on": "2026-12-18"})
    ada.edit(record, working_pattern="part_time")
    told = ada.take(sam)
    assert told.counts.held == 1
    states = {c.kind.value: c.state for c in ada.view(record).changes}
    assert states == {"update": ChangeState.REJECTED, "action": ChangeState.QUEUED}
    assert [need.kind for need in ada.workspace.home().needs] == ["held"], "the portal has refused nothing"
    assert ada.fields(record)["working_pattern"] == "part_time"
    assert sam.take(ada).counts.held == 1


def test_leaving_that_was_done_is_done_for_both(two: list[Office]) -> None:
    sam, ada = two
    record = sam.add(started_on="2026-09-01")
    sam.registered(record)
    sam.workspace.records.act(record, "leave", {"leaving_on": "2026-12-18"})
    ada.take(sam)
    assert [c.kind.value for c in ada.view(record).changes] == ["action"]
    sam.registered(record, "leaving", finished_on="2026-12-18")
    ada.take(sam)
    assert ada.view(record).state == "leaving"
    assert not ada.view(record).changes


def test_two_days_of_leaving_are_put_to_a_person(two: list[Office]) -> None:
    sam, ada = two
    record = sam.add(started_on="2026-09-01")
    sam.registered(record)
    ada.take(sam)
    sam.workspace.records.act(record, "leave", {"leaving_on": "2026-12-18"})
    ada.workspace.records.act(record, "leave", {"leaving_on": "2026-10-30"})
    together(sam, ada)
    for office in two:
        (change,) = office.view(record).changes
        assert change.state is ChangeState.REJECTED
        assert "Ada: 2026-10-30" in change.reason
        assert "Sam: 2026-12-18" in change.reason
        (told,) = [detail for event, detail in office.events(record) if event == "action_replaced"]
        assert {one["by"] for one in told["answers"]} == {"Sam", "Ada"}
    assert what_waits(sam, record) == what_waits(ada, record)


def what_waits(office: Office, record: str) -> list[Any]:
    with office.workspace._store.read() as unit:
        return [(c.target, c.payload["fields"]) for c in unit.outbox.of_record(record)]


def test_a_draft_that_was_deleted_goes_unless_somebody_worked_on_it(two: list[Office]) -> None:
    sam, ada = two
    plain, worked = sam.add(), sam.add(trn="2222222")
    ada.take(sam)
    ada.edit(worked, email="l@school.example")
    sam.workspace.records.discard(plain)
    sam.workspace.records.discard(worked)
    assert ada.take(sam).counts.removed == 1
    sam.take(ada)
    assert [v.id for v in ada.all()] == [v.id for v in sam.all()] == [worked]
    assert sam.fields(worked) == ada.fields(worked)


def test_what_is_asked_only_to_find_a_person_is_erased_on_both_sides(two: list[Office]) -> None:
    """register-ects 0.5: also from what is remembered of the exchange, from the journal, and from new files."""
    sam, ada = two
    record = sam.add(date_of_birth="1999-02-03", ni_number="QQ123456C")
    ada.take(sam)
    assert ada.fields(record)["date_of_birth"] == "1999-02-03"
    ada.edit(record, date_of_birth="1999-03-02")
    sam.edit(record, portal_answer="found")
    sam.take(ada)
    ada.take(sam)
    for office in two:
        assert not {"date_of_birth", "ni_number"} & office.fields(record).keys()
        with office.workspace._store.read() as unit:
            told = json.dumps([kept(office, "exchange", record), [e.detail for e in unit.journal.entries()]])
        assert "1999" not in told
        assert "QQ123456C" not in told


def test_who_is_typing_elsewhere_is_told_and_ends(two: list[Office]) -> None:
    """“Sam is typing this on OFFICE-2.”"""
    sam, ada = two
    record = sam.add()
    ada.take(sam)
    now = sam.workspace.now()
    item = f"{record}:register_ect"
    body = {
        "by": "Sam",
        "computer": "OFFICE-2",
        "since": now.isoformat(),
        "seen_at": now.isoformat(),
        "page": "trn",
    }
    with sam.workspace._store.write() as unit:
        unit.kept.put(by_hand.KIND, item, body)
    ada.take(sam)
    ((told, lease),) = ada.workspace.exchange.shared().typing
    assert told == item
    assert isinstance(lease, Lease)
    assert (lease.person, lease.computer) == ("Sam", "OFFICE-2")
    with sam.workspace._store.write() as unit:
        unit.kept.put(by_hand.KIND, item, {**body, "finished_at": now.isoformat()})
    ada.take(sam)
    assert not ada.workspace.exchange.shared().typing
    with ada.workspace._store.read() as unit:
        assert leases.elsewhere(unit, item) is None


def test_a_record_that_somebody_is_typing_is_left_for_the_next_time(two: list[Office]) -> None:
    sam, ada = two
    record = sam.add()
    ada.take(sam)
    sam.edit(record, email="l@school.example")
    item = f"{record}:register_ect"
    with ada.workspace._store.write() as unit:
        unit.kept.put(
            by_hand.KIND,
            item,
            {"by": "Ada", "begun_at": BEGIN.isoformat(), "seen_at": BEGIN.isoformat(), "page": "trn"},
        )
    assert ada.take(sam).counts.later == 1
    assert "email" not in ada.fields(record)
    with ada.workspace._store.write() as unit:
        unit.kept.remove(by_hand.KIND, item)
    assert ada.take(sam).counts.changed == 1
    assert ada.fields(record)["email"] == "l@school.example"


def test_a_look_stores_nothing_and_says_what_taking_in_does(two: list[Office]) -> None:
    sam, ada = two
    record = sam.add(email="l@school.example")
    path = sam.make()
    with ada.workspace._store.read() as unit:
        before = unit.journal.tail()
    looked = ada.workspace.exchange.look(path, SECRET)
    with ada.workspace._store.read() as unit:
        assert unit.journal.tail() == before
    assert not ada.all()
    assert replace(looked) == ada.workspace.exchange.take_in(path)
    assert looked.counts.lines == [(record, "Ashcombe, Leonie", "New here")]


def test_a_copy_that_went_back_in_time_never_uses_a_number_twice(two: list[Office], tmp_path: Path) -> None:
    """What was written after the backup and shared is taken in again; what is written now is not lost beside it."""
    sam, ada = two
    record = sam.add(email="l@school.example")
    ada.take(sam)
    page, me = kept(sam, "exchange", record), kept(sam, "exchange_me", "me")
    before = sam.fields(record)
    sam.edit(record, email="later@school.example")
    ada.take(sam)
    with sam.workspace._store.write() as unit:
        unit.kept.put("exchange", record, page)
    sam.edit(record, **before)
    sam.edit(record, working_pattern="full_time")
    sam.take(ada)
    assert kept(sam, "exchange_me", "me")["writer"] != me["writer"]
    ada.take(sam)
    assert ada.fields(record)["working_pattern"] == "full_time"
    assert ada.fields(record) == sam.fields(record) or sam.workspace.conflicts.open()


# --- files (each refused with words, and nothing stored) -----------------------------------------------------------------


def refused(office: Office, path: Path, kind: type[Exception], *words: str) -> None:
    with office.workspace._store.read() as unit:
        before = unit.journal.tail()
    for deed in (office.workspace.exchange.look, office.workspace.exchange.take_in):
        with pytest.raises(kind) as caught:
            deed(path, SECRET)
        assert all(word in str(caught.value) for word in (*words, "Nothing was taken in."))
        assert str(path.parent) not in str(caught.value)
    with office.workspace._store.read() as unit:
        assert unit.journal.tail() == before


def test_a_file_opens_with_the_passphrase_of_the_team_alone(two: list[Office], tmp_path: Path) -> None:
    sam, _ = two
    sam.add()
    path = sam.make()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vault, "_KDF", CHEAP)
        other = Workspace.create(tmp_path / "new", SCHOOL, "made up for tests", actor="Noor", remember=False)
    try:
        with pytest.raises(PassphraseNeeded, match="asked for once"):
            other.exchange.look(path)
        with pytest.raises(WrongPassphrase, match="does not open"):
            other.exchange.look(path, "made up for tests")
        with pytest.raises(PassphraseNeeded):
            other.exchange.make(tmp_path / "mine.hfx")
        assert other.exchange.take_in(path, SECRET).counts.new == 1
        assert other.exchange.look(path).counts.new == 0
        assert other.exchange.make(tmp_path / "mine.hfx").records == 1
    finally:
        other.close()


def test_nothing_personal_stands_in_clear_or_in_the_name(two: list[Office]) -> None:
    sam, _ = two
    sam.add(email="leonie@school.example")
    path = sam.make()
    raw = path.read_bytes()
    for word in (b"Leonie", b"Ashcombe", b"leonie@", b"1234567", b"Sam", b"Northmoor", b"123456"):
        assert word not in raw
    assert path.name.startswith("holdfast-changes-")
    assert "Sam" not in path.name


@pytest.mark.parametrize("at", ["mark", "header", "body", "end"])
def test_a_file_that_was_changed_on_its_way_is_refused(two: list[Office], at: str) -> None:
    sam, ada = two
    sam.add()
    path = sam.make()
    raw = bytearray(path.read_bytes())
    place = {"mark": 3, "header": raw.index(b"\n") + 30, "body": raw.index(b"}\n") + 40, "end": len(raw) - 1}[
        at
    ]
    raw[place] ^= 1
    path.write_bytes(raw)
    refused(ada, path, StoreDamaged)


@pytest.mark.parametrize("left", [0, 10, 200, -1])
def test_a_file_that_was_cut_off_is_refused(two: list[Office], left: int) -> None:
    sam, ada = two
    sam.add()
    path = sam.make()
    path.write_bytes(path.read_bytes()[:left])
    refused(ada, path, StoreDamaged)


def forged(office: Office, content: bytes) -> Path:
    """A file that somebody made who knows the team's key."""
    with office.workspace._store.read() as unit:
        key = exchange_file.TeamKey.from_json(unit.kept.all("exchange_key")[0].body)
    body = vault.seal(key.key, content, exchange_file._purpose(key.slot))
    path = office.share / "forged.hfx"
    path.write_bytes(container.head_of(exchange_file._KIND, key.slot, body) + body)
    return path


def lines_of(office: Office, path: Path) -> list[dict[str, Any]]:
    with office.workspace._store.read() as unit:
        key = exchange_file.TeamKey.from_json(unit.kept.all("exchange_key")[0].body)
    _, body = container.read_whole(path, exchange_file._KIND)
    content = zlib.decompress(vault.unseal(key.key, body, exchange_file._purpose(key.slot)))
    return [json.loads(line) for line in content.splitlines()]


def packed(lines: list[Any]) -> bytes:
    return zlib.compress(b"".join(json.dumps(line).encode() + b"\n" for line in lines))


def test_a_file_of_another_organisation_is_refused(two: list[Office]) -> None:
    sam, ada = two
    lines = lines_of(sam, sam.make())
    lines[0]["organisation"] |= {"name": "Southmoor Academy", "urn": "654321"}
    refused(ada, forged(sam, packed(lines)), UsageError, "Southmoor Academy", "Northmoor Academy")


def test_a_file_of_a_later_holdfast_is_refused(two: list[Office]) -> None:
    sam, ada = two
    lines = lines_of(sam, sam.make())
    lines[0]["format"] = exchange_file.FORMAT + 1
    refused(ada, forged(sam, packed(lines)), StoreNewer, "newer version")


@pytest.mark.parametrize(
    "content",
    [b"", b"not packed", zlib.compress(b"[]\n"), zlib.compress(b"{}\n"), zlib.compress(b'{"format": 1}\n')],
    ids=["empty", "noise", "list", "nothing", "no head"],
)
def test_what_is_inside_must_make_sense(two: list[Office], content: bytes) -> None:
    sam, ada = two
    refused(ada, forged(sam, content), StoreDamaged)


def test_a_record_is_missing_inside(two: list[Office]) -> None:
    sam, ada = two
    sam.add()
    refused(ada, forged(sam, packed(lines_of(sam, sam.make())[:1])), StoreDamaged)


def test_a_file_that_would_fill_the_memory_is_refused(
    two: list[Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    sam, ada = two
    sam.add()
    path = forged(sam, zlib.compress(b" " * 3_000_000))
    monkeypatch.setattr(exchange_file, "MOST_BYTES", 100_000)
    refused(ada, path, StoreDamaged)
    monkeypatch.setattr(exchange_file, "MOST_BYTES", 100)
    refused(ada, path, UsageError, "too long")


def test_what_is_no_change_file_at_all(two: list[Office], tmp_path: Path) -> None:
    _, ada = two
    other = tmp_path / "list.hfx"
    other.write_text("Name,TRN\n")
    refused(ada, other, StoreDamaged, "is not a change file")
    refused(ada, tmp_path / "gone.hfx", UsageError, "is not there")
    refused(ada, tmp_path, UsageError, "is not a file")


def test_it_stops_when_a_person_wants_that_and_nothing_is_taken_in(two: list[Office]) -> None:
    sam, ada = two
    sam.add()
    path = sam.make()
    with pytest.raises(Stopped):
        ada.workspace.exchange.take_in(path, SECRET, cancelled=lambda: True)
    assert not ada.all()


def test_an_end_in_the_middle_leaves_nothing_half(two: list[Office], monkeypatch: pytest.MonkeyPatch) -> None:
    sam, ada = two
    for number in range(3):
        sam.add(trn=f"100000{number}")
    path = sam.make()
    from desktop.sync.exchange_meet import Meeting

    real, left = Meeting.put_together, [2]

    def dies(self: Meeting, *given: Any, **how: Any) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        real(self, *given, **how)

    monkeypatch.setattr(Meeting, "put_together", dies)
    with pytest.raises(KeyboardInterrupt):
        ada.workspace.exchange.take_in(path, SECRET)
    monkeypatch.undo()
    assert not ada.all()
    assert ada.workspace.exchange.take_in(path, SECRET).counts.new == 3
    assert not ada.workspace.care.doctor()


def test_a_full_disk_leaves_the_old_file_whole(two: list[Office], monkeypatch: pytest.MonkeyPatch) -> None:
    from desktop.model.errors import DiskFull

    sam, ada = two
    sam.add()
    path = sam.make()
    before = path.read_bytes()
    sam.add(trn="2222222")

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("desktop.store.files.os.fsync", full)
    with pytest.raises(DiskFull):
        sam.workspace.exchange.make(path)
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir() if p.name.startswith(".")] == []
    assert ada.take(path).counts.new == 1


# --- records of a portal that is read -----------------------------------------------------------------------------------


@pytest.fixture
def universities(tmp_path: Path) -> Iterator[list[Workspace]]:
    """Two workspaces of one university that know each other's files; each reads the portal for itself."""
    organisation = Organisation("Northmoor University", "hei", "10012345")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vault, "_KDF", CHEAP)
        made = [
            Workspace.create(tmp_path / name, organisation, "made up for tests", actor=name, remember=False)
            for name in ("Sam", "Ada")
        ]
    made[0].exchange.agree(SECRET)
    made[1].exchange.take_in(made[0].exchange.make(tmp_path / "first.hfx").path, SECRET)
    yield made
    for workspace in made:
        workspace.close()


def read(workspace: Workspace, version: int, **answers: Value) -> None:
    """The portal shows its one trainee in this version."""
    document = Document({"last_name": "Ashcombe", "email": "l@uni.example", **answers})
    shown = Snapshot("p1", f"2026-10-0{version}T09:00:00Z", "trn_received", document, {"trn": "1234567"})
    collection = load(TRAINEES)
    terms = Terms(collection, workspace.today(), lambda _path, value: value)
    with workspace._store.write() as unit:
        PageIn(terms).take(unit, [shown])


def only(workspace: Workspace) -> RecordView:
    (line,) = workspace.records.page(RecordQuery(TRAINEES), -1)
    return workspace.records.view(line.id)


def share_both_ways(workspaces: list[Workspace], folder: Path) -> list[Told]:
    told = []
    for one, other in (workspaces, workspaces[::-1]):
        told.append(other.exchange.take_in(one.exchange.make(folder / f"{one.actor}.hfx").path))
    return told


def test_each_may_have_read_the_same_trainee_and_the_newest_reading_counts(
    universities: list[Workspace], tmp_path: Path
) -> None:
    sam, ada = universities
    read(sam, 1)
    read(ada, 1)
    read(sam, 2, email="new@uni.example")
    told = share_both_ways(universities, tmp_path)
    assert [one.counts.new for one in told] == [0, 0]
    for workspace in universities:
        assert only(workspace).document.get("email") == "new@uni.example"
        assert not only(workspace).pending
    with ada._store.read() as unit:
        assert unit.kept.all("exchange") == []


def test_an_edit_over_an_older_reading_is_asked_against_the_portal_and_settled_once(
    universities: list[Workspace], tmp_path: Path
) -> None:
    sam, ada = universities
    read(sam, 1)
    read(ada, 1)
    read(sam, 2, email="portal@uni.example")
    ada.records.edit(only(ada).id, Patch({"email": "ada@uni.example"}))
    assert [told.counts.asked for told in share_both_ways(universities, tmp_path)] == [1, 1]
    for workspace in universities:
        (question,) = workspace.conflicts.open()
        assert not question.colleague
        assert [(f.mine, f.theirs) for f in question.fields] == [("ada@uni.example", "portal@uni.example")]
    sam.conflicts.resolve_all(sam.conflicts.open()[0].id, "mine")
    share_both_ways(universities, tmp_path)
    share_both_ways(universities, tmp_path)
    for workspace in universities:
        assert not workspace.conflicts.open()
        assert dict(only(workspace).pending.fields) == {"email": "ada@uni.example"}
        assert not workspace.care.doctor()


def test_a_person_who_was_removed_for_good_does_not_come_back_by_a_file(
    universities: list[Workspace], tmp_path: Path
) -> None:
    sam, ada = universities
    read(sam, 1)
    with ada._store.write() as unit:
        removed.note(unit, TRAINEES, ["p1"])
    share_both_ways(universities, tmp_path)
    assert ada.records.page(RecordQuery(TRAINEES), -1) == []


def test_a_decision_that_is_undone_is_a_question_again(two: list[Office]) -> None:
    sam, ada = two
    record = sam.add(email="l@school.example")
    ada.take(sam)
    sam.edit(record, email="sam@school.example")
    ada.edit(record, email="ada@school.example")
    sam.take(ada)
    sam.settle("mine")
    sam.workspace.deciding.undo()
    (question,) = sam.workspace.conflicts.open()
    assert question.colleague == "Ada"
    ada.take(sam)
    assert len(ada.workspace.conflicts.open()) == 1
    sam.settle("theirs")
    together(ada, sam)
    for office in two:
        assert not office.workspace.conflicts.open()
        assert office.fields(record)["email"] == "ada@school.example"


def test_the_portal_s_question_comes_first_and_the_colleague_s_after_it(two: list[Office]) -> None:
    sam, ada = two
    record = sam.add(email="l@school.example", working_pattern="full_time")
    sam.registered(record)
    ada.take(sam)
    ada.edit(record, email="ada@school.example", working_pattern="part_time")
    sam.edit(record, email="sam@school.example", working_pattern=None)
    fresh = sam.make("fresh.hfx")
    with ada.workspace._store.write() as unit:
        held = unit.records.get(record)
        assert held is not None
        assert held.base is not None
        moved = held.base.document.copy()
        moved.fields["email"] = "portal@school.example"
        shown = replace(held.base, version=f"{held.base.version}x", document=moved)
        absorb(unit, Terms(load(ECTS), ada.workspace.today(), lambda _p, v: v), held, shown)
    ada.take(fresh)
    (question,) = ada.workspace.conflicts.open()
    assert not question.colleague
    ada.settle("mine")
    ada.take(fresh)
    (question,) = ada.workspace.conflicts.open()
    assert question.colleague == "Sam"
