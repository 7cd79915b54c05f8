"""The way out: everything that is not at the portal yet, as a spreadsheet and as an encrypted file (D25, D20)."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from desktop.collections import all_collections
from desktop.handover.cells import guarded
from desktop.model.change import Change, ChangeKind, ChangeState
from desktop.model.conflict import Conflict, ConflictKind, FieldConflict
from desktop.model.document import Child, ChildPatch, Document, Fields, Patch
from desktop.model.errors import (
    DiskFull,
    StoreDamaged,
    StoreError,
    StoreNewer,
    UsageError,
    WrongPassphrase,
)
from desktop.model.ids import ChangeId, ConflictId, new_id
from desktop.model.snapshot import Snapshot
from desktop.services import queue_file, typing_list
from desktop.services.queue_file import QueueFile, read_queue_file
from desktop.services.unsent import Unsent, gather
from desktop.services.views import Organisation
from desktop.services.workspace import Workspace
from desktop.store import vault

NOW = datetime(2026, 10, 13, 13, 2, 3, 456789, tzinfo=UTC)
PASSPHRASE = "correct horse"
CHEAP = {"name": "argon2id", "memory_kib": 8, "passes": 1, "lanes": 1}
TRAINEES = all_collections()["trainees"]
DEGREE: Fields = {"subject": "100403", "grade": "01", "graduation_year": 2024}
K, S = ChangeKind, ChangeState


def new_workspace(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setattr(vault, "_KDF", CHEAP)
    organisation = Organisation("Northmoor University", "hei", "10012345")
    return Workspace.create(
        folder, organisation, PASSPHRASE, clock=lambda: NOW, actor="Priya Nandakumar", remember=False
    )


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    made = new_workspace(tmp_path / "w", monkeypatch)
    yield made
    made.close()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A saved queue as it should be."""
    folder = tmp_path_factory.mktemp("whole")
    with pytest.MonkeyPatch.context() as patch:
        made = new_workspace(folder / "w", patch)
        everything(made)
        raw = sealed(made, folder).read_bytes()
        made.close()
    return raw


def put(
    workspace: Workspace,
    pending: Patch,
    *changes: tuple[ChangeKind, str, ChangeState, dict[str, Any]],
    base: Document | None = None,
    conflict: tuple[FieldConflict, ...] = (),
) -> str:
    """A record with changes in just these states; one without `base` never was at the portal."""
    record_id = new_id()
    with workspace._store.write() as unit:
        if base is None:
            document = Document(pending.fields, {"degrees": [Child("d9", dict(DEGREE))]})
            record = unit.records.add(TRAINEES, record_id, document, NOW, "Gareth Ellis")
        else:
            number = f"p{record_id[-6:]}"
            snapshot = Snapshot(number, "v1", "trn_received", base, {"trn": "1234567"})
            unit.records.add_pulled(TRAINEES, [(record_id, snapshot)])
            read = unit.records.get(record_id)
            assert read is not None
            record = unit.records.save(TRAINEES, read, pending=pending, saved=(NOW, "Gareth Ellis"))
        for kind, target, state, more in changes:
            unit.outbox.add(
                record.key,
                Change(
                    ChangeId(new_id()),
                    record.id,
                    "trainees",
                    kind,
                    target,
                    state,
                    NOW,
                    "Priya Nandakumar",
                    **more,
                ),
            )
        if conflict:
            question = Conflict(
                ConflictId(new_id()), record.id, "trainees", ConflictKind.FIELDS, conflict, NOW
            )
            unit.decisions.put(record.key, question)
    return record_id


ADA: Fields = {
    "first_names": "Ada",
    "last_name": "Quillfeather",
    "email": "ada@mail.example",
    "provider_trainee_id": "NM-1",
}


def base(**more: Any) -> Document:
    return Document({**ADA, **more}, {"degrees": [Child("d1", dict(DEGREE), "d1")]})


def sheet(workspace: Workspace, tmp_path: Path, name: str = "out.csv") -> list[dict[str, str]]:
    raw = workspace.way_out.save(tmp_path / name).file.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def sealed(workspace: Workspace, tmp_path: Path) -> Path:
    return workspace.way_out.save(tmp_path / "out.holdfast-queue").file


def everything(workspace: Workspace) -> None:
    """One record in each state, each kind of change, and an open conflict."""
    put(workspace, Patch({"email": "new@mail.example"}), (K.CREATE, "", S.QUEUED, {}))
    for state in (S.QUEUED, S.SENDING, S.UNKNOWN, S.HELD):
        more = {"payload": {"fields": {"email": "b@mail.example"}}, "attempts": 1, "sent_at": NOW}
        put(workspace, Patch({"email": "b@mail.example"}), (K.UPDATE, "", state, more), base=base())
    put(
        workspace,
        Patch({"email": "c@mail.example"}),
        (
            K.UPDATE,
            "",
            S.REJECTED,
            {
                "reason": "Register refused it",
                "payload": {"refusals": [{"field": "email", "message": "is invalid"}]},
            },
        ),
        base=base(),
    )
    put(
        workspace,
        Patch({"email": "d@mail.example", "middle_names": "May"}),
        (K.UPDATE, "", S.CONFLICT, {}),
        base=base(),
        conflict=(FieldConflict("email", "email", "a@mail.example", "d@mail.example", "ada@mail.example"),),
    )
    put(
        workspace,
        Patch({}, {"degrees": {"d1": ChildPatch({"grade": "02"})}}),
        (K.NESTED, "degrees.d1", S.QUEUED, {}),
        (K.ACTION, "defer", S.QUEUED, {"payload": {"fields": {"defer_date": "2026-10-05"}}}),
        base=base(),
    )


# --- the spreadsheet ------------------------------------------------------------------------------------------------


def test_a_change_has_one_row_for_each_answer_in_words_and_as_code(workspace, tmp_path):
    patch = Patch({"date_of_birth": "2001-02-03", "email": None})
    put(workspace, patch, (K.UPDATE, "", S.QUEUED, {}), base=base(date_of_birth="2001-02-04"))
    rows = sheet(workspace, tmp_path)
    assert tuple(rows[0]) == typing_list.HEADS
    birth, email = sorted(rows, key=lambda row: row["Question"])
    assert birth["Our answer"] == "3 February 2001"
    assert birth["Our answer as code"] == "2001-02-03"
    assert birth["The portal’s last answer"] == "4 February 2001"
    assert birth["Name"] == "Quillfeather, Ada"
    assert (birth["Provider trainee ID"], birth["TRN"]) == ("NM-1", "1234567")
    assert birth["ID at the portal"].startswith("p")
    assert (birth["Kind of change"], birth["State"], birth["Why it waits"]) == ("change", "Waiting", "")
    assert birth["Saved by"] == "Gareth Ellis"
    assert re.fullmatch(r"2026-10-13 \d\d:02", birth["Saved"])
    assert (email["Our answer"], email["Our answer as code"]) == ("Not answered", "")
    assert email["The portal’s last answer"] == "ada@mail.example"


def test_a_new_record_has_a_row_for_all_that_is_answered_and_its_children(workspace, tmp_path):
    put(workspace, Patch(dict(ADA)), (K.CREATE, "", S.QUEUED, {}))
    rows = sheet(workspace, tmp_path)
    assert len(rows) == len(ADA) + len(DEGREE)
    assert {row["Kind of change"] for row in rows} == {"new"}
    assert {row["Order"] for row in rows} == {"1"}
    assert {row["ID at the portal"] + row["The portal’s last answer"] for row in rows} == {""}
    assert [row["Which one"] != "" for row in rows] == [False] * len(ADA) + [True] * len(DEGREE)
    grade = next(row for row in rows if row["Question"] == "Degree: Grade")
    assert grade["Our answer as code"] == "01"
    assert grade["Our answer"] == TRAINEES.code_lists.codes("degree_grade")["01"].label


@pytest.mark.parametrize(
    ("patch", "expected"),
    [
        (ChildPatch({"grade": "02"}), [("Degree: Grade", "02")]),
        (ChildPatch(removed=True), [("Degree", "")]),
        (
            ChildPatch({"grade": "02", "graduation_year": None}),
            [("Degree: Grade", "02"), ("Degree: Graduation year", "")],
        ),
    ],
)
def test_a_degree_says_which_one_and_what_becomes_of_it(workspace, tmp_path, patch, expected):
    put(workspace, Patch({}, {"degrees": {"d1": patch}}), (K.NESTED, "degrees.d1", S.QUEUED, {}), base=base())
    rows = sheet(workspace, tmp_path)
    assert [(row["Question"], row["Our answer as code"]) for row in rows] == expected
    assert {row["Kind of change"] for row in rows} == {"degree"}
    assert all(row["Which one"] for row in rows)
    if patch.removed:
        assert rows[0]["Our answer"] == "Remove it"


def test_a_degree_that_is_added_lists_all_its_answers(workspace, tmp_path):
    patch = Patch({}, {"degrees": {"d2": ChildPatch(dict(DEGREE), added=True)}})
    put(workspace, patch, (K.NESTED, "degrees.d2", S.QUEUED, {}), base=base())
    rows = sheet(workspace, tmp_path)
    assert len(rows) == len(DEGREE)
    assert {row["The portal’s last answer"] for row in rows} == {""}


def test_an_action_says_its_answers_and_who_confirmed_it(workspace, tmp_path):
    name = TRAINEES.actions[0].fields[0].name
    fields = {name: "2026-10-05"}
    put(
        workspace,
        Patch(),
        (K.ACTION, TRAINEES.actions[0].name, S.QUEUED, {"payload": {"fields": fields}}),
        base=base(),
    )
    (row,) = sheet(workspace, tmp_path)
    assert row["Kind of change"] == "action"
    assert row["Question"].startswith(f"{TRAINEES.actions[0].label}: ")
    assert row["Our answer"] == "5 October 2026"
    assert row["Saved by"] == "Priya Nandakumar"


def test_an_action_without_answers_still_has_its_row(workspace, tmp_path):
    put(workspace, Patch(), (K.ACTION, "no-such-action", S.QUEUED, {}), base=base())
    (row,) = sheet(workspace, tmp_path)
    assert row["Our answer"] == "no-such-action"


def test_rows_stand_in_the_order_of_sending_and_what_is_stuck_comes_last(workspace, tmp_path):
    everything(workspace)
    rows = sheet(workspace, tmp_path)
    states = list(dict.fromkeys((row["Order"], row["State"], row["Kind of change"]) for row in rows))
    assert [int(order) for order, _, _ in states] == list(range(1, 10))
    assert [(state, kind) for _, state, kind in states[:1]] == [("Waiting", "new")]
    assert {state for _, state, kind in states if kind == "change"} == {
        "Waiting", "Sending", "Unknown", "Draft", "Refused", "Conflict"
    }  # fmt: skip
    assert [kind for _, _, kind in states[4:6]] == ["degree", "action"]
    assert [state for _, state, _ in states[6:]][-1] == "Draft"


def test_each_state_says_why_it_waits(workspace, tmp_path):
    everything(workspace)
    why = {
        row["State"]: row["Why it waits"]
        for row in sheet(workspace, tmp_path)
        if row["Question"] == "Email address"
    }
    assert why["Unknown"].startswith("It may have arrived: look at Register before you type it.")
    assert why["Sending"].startswith("It may have arrived")
    assert why["Refused"] == "Register: is invalid"
    assert why["Conflict"] == "Register has another answer, and nobody has decided yet which one counts."
    assert why["Draft"]


def test_what_was_sent_and_taken_back_since_is_still_told(workspace, tmp_path):
    """It may have arrived with the old answer: a person must look, and then type what counts now."""
    sent = {"payload": {"fields": {"email": "sent@mail.example"}}}
    put(workspace, Patch(), (K.UPDATE, "", S.UNKNOWN, sent), base=base())
    (row,) = sheet(workspace, tmp_path)
    assert row["Our answer"] == "ada@mail.example"


def test_a_draft_says_what_is_to_be_put_right(workspace, tmp_path):
    added = workspace.records.add("trainees", Document({"first_names": "Ada", "email": "no address"}))
    assert added
    rows = {row["Question"]: row for row in sheet(workspace, tmp_path)}
    assert {row["State"] for row in rows.values()} == {"Draft"}
    assert rows["Email address"]["Why it waits"]
    assert rows["Email address"]["Why it waits"] != rows["First names"]["Why it waits"]


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r"])
def test_no_answer_is_taken_for_a_formula(workspace, tmp_path, begins):
    hostile = f'{begins}HYPERLINK("http://x.example";A1)\n, "quoted"'
    put(
        workspace,
        Patch({"middle_names": hostile, "email": "b@mail.example"}),
        (K.UPDATE, "", S.QUEUED, {"reason": f"{begins}1+1"}),
        base=base(last_name=f"{begins}cmd", provider_trainee_id=f"{begins}2"),
    )
    rows = sheet(workspace, tmp_path)
    assert len(rows) == 2
    for row in rows:
        cells = [cell for head, cell in row.items() if head != "Order"]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert f"'{hostile}" in [row["Our answer"] for row in rows]


def test_everything_else_stays_as_it_is():
    for cell in ("", "'", "a=1", " =1", "\n=1", "ﬁ+", "0123"):
        assert guarded(cell) == cell


@pytest.mark.parametrize(
    "name",
    [
        "Łukasz Żółć",
        "李 小龍",
        "O’Brien-Śmith",
        "עברית",
        "e\u0301toile",
        "😀 Wren",
        "a\u202eb",
        "x\x00y\x1fz",
    ],
)
def test_names_of_all_the_world_and_control_characters_come_through(workspace, tmp_path, name):
    put(workspace, Patch({"middle_names": name}), (K.UPDATE, "", S.HELD, {}), base=base())
    (row,) = sheet(workspace, tmp_path)
    assert row["Our answer"] == name
    (one,) = read_queue_file(sealed(workspace, tmp_path), PASSPHRASE).unsent
    assert one.record.document.get("middle_names") == name


def test_nothing_waiting_is_a_spreadsheet_of_heads(workspace, tmp_path):
    saved = workspace.way_out.save(tmp_path / "out.csv")
    assert (saved.records, saved.changes) == (0, 0)
    assert saved.file.read_text("utf-8-sig").splitlines() == [",".join(typing_list.HEADS)]


# --- the encrypted file ---------------------------------------------------------------------------------------------


def test_the_encrypted_file_gives_back_all_that_went_in(workspace, tmp_path):
    everything(workspace)
    with workspace._store.read() as unit:
        before = gather(unit, workspace.collections)
        rows, last = unit.journal.tail()
    read = read_queue_file(sealed(workspace, tmp_path), PASSPHRASE)
    assert [_plain(one) for one in read.unsent] == [_plain(one) for one in before]
    assert read.organisation == workspace.organisation
    assert (read.made_at, read.made_by) == (NOW, "Priya Nandakumar")
    assert read.journal == (rows, last.hex())
    assert read.changes == 9
    assert {c.state for one in read.unsent for c in one.changes} == {
        s for s in S if s not in (S.CONFIRMED, S.DISCARDED)
    }


def _plain(one: Unsent) -> tuple[Any, ...]:
    """Without the place in the table of one computer, and `Document` by its content."""
    record = {n: v for n, v in vars(one.record).items() if n not in ("key", "base", "pending", "document")}
    held = one.record.base.to_json() if one.record.base else None
    return (
        record,
        held,
        one.record.pending.to_json(),
        one.record.document.to_json(),
        one.changes,
        one.conflict,
    )


def test_the_spreadsheet_of_a_read_file_is_that_of_the_workspace(workspace, tmp_path):
    everything(workspace)
    here = workspace.way_out.save(tmp_path / "a.csv").file.read_bytes()
    read = read_queue_file(sealed(workspace, tmp_path), PASSPHRASE)
    assert typing_list.as_csv(read.unsent, workspace.collections, workspace.today()) == here


def test_it_opens_without_the_workspace_and_nothing_in_it_can_be_read(workspace, tmp_path):
    everything(workspace)
    raw = sealed(workspace, tmp_path).read_bytes()
    for text in (b"Quillfeather", b"mail.example", b"Northmoor", b"Gareth", b"email"):
        assert text not in raw
    (tmp_path / "elsewhere").mkdir()
    copy = tmp_path / "elsewhere" / "q"
    copy.write_bytes(raw)
    assert len(read_queue_file(copy, PASSPHRASE).unsent) == 8


def test_a_record_that_is_out_of_step_with_the_queue_is_not_left_behind(workspace, tmp_path):
    put(workspace, Patch({"email": "b@mail.example"}), base=base())
    (one,) = read_queue_file(sealed(workspace, tmp_path), PASSPHRASE).unsent
    assert one.record.pending.fields == {"email": "b@mail.example"}
    assert one.changes == ()


def test_two_files_of_the_same_queue_differ(workspace, tmp_path):
    everything(workspace)
    first = workspace.way_out.save(tmp_path / "a.holdfast-queue").file.read_bytes()
    second = workspace.way_out.save(tmp_path / "b.holdfast-queue").file.read_bytes()
    assert first[-64:] != second[-64:]


@pytest.mark.parametrize("passphrase", ["", "other", "correct horse ", "Correct horse", "\ud800"])
def test_the_wrong_passphrase_opens_nothing(workspace, tmp_path, passphrase):
    everything(workspace)
    with pytest.raises(WrongPassphrase, match=r"does not open out\.holdfast-queue"):
        read_queue_file(sealed(workspace, tmp_path), passphrase)


def _parts(raw: bytes) -> tuple[bytes, bytes, bytes]:
    mark, header, body = raw.split(b"\n", 2)
    return mark + b"\n", header + b"\n", body


def _bent(raw: bytes, at: int) -> bytes:
    return raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]


def _damaged(raw: bytes) -> dict[str, bytes]:
    mark, header, body = _parts(raw)
    facts = json.loads(header)
    return {
        "empty": b"",
        "text": b"hello",
        "no mark": header + body,
        "mark bent": _bent(raw, 3),
        "number gone": raw.replace(b"QUEUE-1\n", b"QUEUE-\n", 1),
        "number nought": raw.replace(b"QUEUE-1\n", b"QUEUE-0\n", 1),
        "a backup's mark": raw.replace(b"QUEUE", b"BACKUP", 1),
        "mark only": mark,
        "header only": mark + header,
        "header bent": mark + header[5:] + body,
        "header a list": mark + b"[]\n" + body,
        "header deep": mark + b"[" * 50_000 + b"\n" + body,
        "no key": mark + json.dumps({**facts, "key": {}}).encode() + b"\n" + body,
        "key of words": mark + json.dumps({**facts, "key": "key"}).encode() + b"\n" + body,
        "too much memory": mark + _with_kdf(facts, memory_kib=1 << 40) + body,
        "too little memory": mark + _with_kdf(facts, lanes=64) + body,
        "half a pass": mark + _with_kdf(facts, passes=1.5) + body,
        "body cut": raw[: -len(body) // 2],
        "last byte gone": raw[:-1],
        "longer": raw + b"x",
        "body bent at its begin": mark + header + _bent(body, 0),
        "body bent in the middle": mark + header + _bent(body, len(body) // 2),
        "body bent at its end": mark + header + _bent(body, len(body) - 1),
        "forged": mark + _summed(facts, _bent(body, len(body) // 2)),
        "forged nonce": mark + _summed(facts, _bent(body, 2)),
        "forged and short": mark + _summed(facts, b"xyz"),
        "forged and empty": mark + _summed(facts, b""),
    }


def _with_kdf(facts: dict[str, Any], **more: Any) -> bytes:
    kdf = {**facts["key"]["kdf"], **more}
    return json.dumps({**facts, "key": {**facts["key"], "kdf": kdf}}).encode() + b"\n"


def _summed(facts: dict[str, Any], body: bytes) -> bytes:
    """Header and body by somebody who knows how to make a checksum, but has no key."""
    import hashlib

    told = {**facts, "size": len(body), "sha256": hashlib.sha256(body).hexdigest()}
    return json.dumps(told).encode() + b"\n" + body


@pytest.mark.parametrize("how", list(_damaged(b'HOLDFAST-QUEUE-1\n{"key":{"kdf":{}}}\nbody')))
def test_a_damaged_file_is_refused_in_plain_english(whole, tmp_path, how):
    path = tmp_path / "out.holdfast-queue"
    path.write_bytes(_damaged(whole)[how])
    with pytest.raises(
        StoreDamaged, match=r"(is not a saved queue of Holdfast|is damaged: .*)\. Nothing was read"
    ):
        read_queue_file(path, PASSPHRASE)


def test_a_bent_key_slot_never_opens(workspace, tmp_path):
    path = sealed(workspace, tmp_path)
    mark, header, body = _parts(path.read_bytes())
    facts = json.loads(header)
    for name in ("salt", "nonce", "wrapped", "workspace"):
        held = facts["key"][name]
        bent = ("A" if held[0] != "A" else "B") + held[1:]
        told = {**facts, "key": {**facts["key"], name: bent}}
        path.write_bytes(mark + json.dumps(told).encode() + b"\n" + body)
        with pytest.raises(WrongPassphrase):
            read_queue_file(path, PASSPHRASE)


def test_another_workspaces_key_slot_opens_nothing(workspace, tmp_path):
    path = sealed(workspace, tmp_path)
    mark, header, body = _parts(path.read_bytes())
    slot = vault.wrap(vault.new_data_key(), PASSPHRASE, "another")
    told = {**json.loads(header), "key": json.loads(slot.to_bytes())}
    path.write_bytes(mark + json.dumps(told).encode() + b"\n" + body)
    with pytest.raises(StoreDamaged):
        read_queue_file(path, PASSPHRASE)


def test_a_newer_file_says_so_before_anything_else(workspace, tmp_path):
    path = sealed(workspace, tmp_path)
    path.write_bytes(path.read_bytes().replace(b"QUEUE-1\n", b"QUEUE-2\n", 1))
    with pytest.raises(StoreNewer, match="newer version of Holdfast"):
        read_queue_file(path, "")


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ({"format": 2}, StoreNewer),
        ({"records": [{"collection": "takeup"}]}, StoreNewer),
        ({"records": [{"collection": "trainees"}]}, StoreDamaged),
        ({"records": None}, StoreDamaged),
        ({"organisation": {"nonsense": 1}}, StoreDamaged),
        ({"made_at": "yesterday"}, StoreDamaged),
        ({"journal": {}}, StoreDamaged),
    ],
)
def test_sealed_content_that_makes_no_sense_is_refused_whole(
    workspace, tmp_path, monkeypatch, content, error
):
    right = queue_file._content_json

    def wrong(made: QueueFile) -> dict[str, Any]:
        return {**right(made), **content}

    monkeypatch.setattr(queue_file, "_content_json", wrong)
    with pytest.raises(error):
        read_queue_file(sealed(workspace, tmp_path), PASSPHRASE)


@pytest.mark.parametrize("text", [b"[]", b"null", b"{}", b"{", b"\xff", b'{"format": "1"}', b"[" * 100_000])
def test_sealed_nonsense_is_refused(workspace, tmp_path, monkeypatch, text):
    seal = workspace._store.seal
    monkeypatch.setattr(workspace._store, "seal", lambda _content, purpose: seal(text, purpose))
    with pytest.raises(StoreDamaged):
        read_queue_file(sealed(workspace, tmp_path), PASSPHRASE)


def test_a_file_that_is_not_there_or_cannot_be_read_is_a_plain_mistake(tmp_path):
    with pytest.raises(UsageError, match="There is no file"):
        read_queue_file(tmp_path / "nothing", PASSPHRASE)
    with pytest.raises(StoreError):
        read_queue_file(tmp_path, PASSPHRASE)


# --- saving ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["out.csv", "out.holdfast-queue", "OUT.CSV"])
def test_saving_changes_nothing_in_the_queue_and_notes_who_did_it(workspace, tmp_path, name):
    everything(workspace)

    def state() -> Any:
        with workspace._store.read() as unit:
            return [_plain(one) for one in gather(unit, workspace.collections)], unit.outbox.all()

    before, entries = state(), workspace.activity.entries()
    saved = workspace.way_out.save(tmp_path / name)
    assert state() == before
    assert (saved.records, saved.changes) == (8, 9)
    note, *others = workspace.activity.entries()
    assert others == entries
    assert (note.event, note.actor) == ("queue_saved", "Priya Nandakumar")
    assert note.detail == {"file": name, "records": 8, "changes": 9}
    assert note.text == "What waits was saved as a file"


@pytest.mark.parametrize("name", ["out.csv", "out.holdfast-queue"])
def test_a_file_that_is_there_is_only_replaced_when_a_person_agreed(workspace, tmp_path, name):
    (tmp_path / name).write_bytes(b"mine")
    with pytest.raises(UsageError, match="is there already"):
        workspace.way_out.save(tmp_path / name)
    assert (tmp_path / name).read_bytes() == b"mine"
    workspace.way_out.save(tmp_path / name, replace=True)
    assert (tmp_path / name).read_bytes() != b"mine"


@pytest.mark.parametrize("name", ["out", "out.xlsx", "out.csv.txt", ".csv"])
def test_another_ending_is_refused(workspace, tmp_path, name):
    with pytest.raises(UsageError, match="holdfast-queue"):
        workspace.way_out.save(tmp_path / name)
    assert not (tmp_path / name).exists()


def test_a_full_disk_leaves_nothing_and_notes_nothing(workspace, tmp_path, monkeypatch):
    everything(workspace)
    entries = workspace.activity.entries()

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(DiskFull):
            workspace.way_out.save(tmp_path / "out.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["w"]
    assert workspace.activity.entries() == entries


def test_a_folder_that_is_not_there_is_told(workspace, tmp_path):
    with pytest.raises(StoreError):
        workspace.way_out.save(tmp_path / "nowhere" / "out.csv")


def test_a_file_that_could_not_be_noted_is_still_there_and_says_so(workspace, tmp_path, monkeypatch):
    def no_room(*_: object, **__: object) -> None:
        raise DiskFull("The disk is full.")

    monkeypatch.setattr(workspace._store, "write", no_room)
    with pytest.raises(StoreError, match=r"out\.csv is written and whole, but .* The disk is full"):
        workspace.way_out.save(tmp_path / "out.csv")
    assert (tmp_path / "out.csv").is_file()


def test_a_workspace_without_its_key_file_still_gives_the_spreadsheet(workspace, tmp_path):
    (workspace.folder / vault.KEY_FILE).unlink()
    with pytest.raises(StoreError):
        sealed(workspace, tmp_path)
    assert workspace.way_out.save(tmp_path / "out.csv").file.is_file()
