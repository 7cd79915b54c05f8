"""Salvage: a damaged file gives what can be read of it, always as it was, and says what is lost. Never a crash."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path

import pytest

from desktop.model.errors import StoreDamaged, UsageError, WrongPassphrase
from desktop.services.restoring import restore
from desktop.services.salvaging import KIND, Salvaged, salvage_to
from desktop.services.views import RecordView
from desktop.services.workspace import Workspace
from desktop.store import salvage
from desktop.store.engine import PAGE_BYTES
from desktop.store.store import DB_FILE
from tests.fault.conftest import PASSPHRASE, Desk

Original = Mapping[str, RecordView]
SEEDS = range(5)


@pytest.fixture
def closed(desk: Desk) -> tuple[Desk, Original, bytes]:
    """A closed workspace with work in it: what its records are, and its file."""
    for number in range(3):
        desk.edit(desk.at(desk.in_training(number)), email=f"typed{number}@example.com")
    desk.add()
    original: Original = {str(view.id): view for view in desk.all()}
    desk.close()
    return desk, original, (desk.folder / DB_FILE).read_bytes()


def _salvaged(desk: Desk, tmp_path: Path) -> tuple[Salvaged, Workspace]:
    made = salvage_to(desk.folder, PASSPHRASE, tmp_path / "saved.holdfast-backup")
    assert [p for p in tmp_path.iterdir() if p.name.startswith(".")] == [], "nothing half-made is left"
    restore(made.path, tmp_path / "again", PASSPHRASE)
    return made, Workspace.open(tmp_path / "again", PASSPHRASE, clock=desk.clock)


def _assert_nothing_wrong(again: Workspace, original: Original, made: Salvaged) -> int:
    """Everything that came back is as it was; nothing is counted that is not there. How many records came back."""
    from desktop.services.views import RecordQuery

    rows = again.records.page(RecordQuery("trainees"), -1)
    for row in rows:
        was, now = original[row.id], again.records.view(row.id)
        assert (now.document, now.base, now.portal_id, now.state) == (
            was.document,
            was.base,
            was.portal_id,
            was.state,
        )
        assert now.label == was.label
    assert made.records == len(rows)
    assert again.care.doctor() == []
    return len(rows)


def test_a_sound_workspace_is_saved_whole(closed: tuple[Desk, Original, bytes], tmp_path: Path) -> None:
    desk, original, content = closed
    made, again = _salvaged(desk, tmp_path)
    assert made.whole
    assert _assert_nothing_wrong(again, original, made) == len(original)
    assert len(again.queue.items()) == 4
    again.close()
    assert (desk.folder / DB_FILE).read_bytes() == content


@pytest.mark.parametrize("seed", SEEDS)
def test_flipped_bytes(closed: tuple[Desk, Original, bytes], tmp_path: Path, seed: int) -> None:
    """A few bytes anywhere behind the first page: what comes back is right, and the file is left as it is."""
    desk, original, content = closed
    harmed = bytearray(content)
    draw = random.Random(seed)
    for _ in range(1 + seed % 4):
        harmed[draw.randrange(PAGE_BYTES, len(harmed))] ^= 1 + draw.randrange(255)
    (desk.folder / DB_FILE).write_bytes(harmed)
    try:
        made, again = _salvaged(desk, tmp_path)
    except StoreDamaged:
        return
    _assert_nothing_wrong(again, original, made)
    again.close()
    assert (desk.folder / DB_FILE).read_bytes() == bytes(harmed)


@pytest.mark.parametrize("share", [0.1, 0.6, 0.999])
def test_a_file_that_was_cut_off(closed: tuple[Desk, Original, bytes], tmp_path: Path, share: float) -> None:
    desk, original, content = closed
    (desk.folder / DB_FILE).write_bytes(content[: int(len(content) * share)])
    try:
        made, again = _salvaged(desk, tmp_path)
    except StoreDamaged:
        return
    _assert_nothing_wrong(again, original, made)
    assert not made.whole
    again.close()


def test_most_of_it_survives_one_bad_page(closed: tuple[Desk, Original, bytes], tmp_path: Path) -> None:
    """One page after another: most of them take a few records with them, or none."""
    desk, original, content = closed
    pages = len(content) // PAGE_BYTES
    saved = []
    for page in range(2, pages, 8):
        harmed = bytearray(content)
        harmed[page * PAGE_BYTES + 999] ^= 0x5A
        (desk.folder / DB_FILE).write_bytes(harmed)
        folder = tmp_path / str(page)
        folder.mkdir()
        try:
            made, again = _salvaged(desk, folder)
        except StoreDamaged:
            continue
        saved.append(_assert_nothing_wrong(again, original, made))
        again.close()
    assert sum(count >= 0.8 * len(original) for count in saved) >= len(saved) - 1, saved


def test_what_was_typed_into_a_lost_record_is_kept_beside(
    closed: tuple[Desk, Original, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row of a record can be read and what the portal had shown cannot: the changes are not thrown away."""
    desk, original, _ = closed
    (one,) = [view for view in original.values() if view.document.get("email") == "typed0@example.com"]
    real = salvage.read

    def holed(folder: Path, key: bytes):
        found = real(folder, key)
        found.rows["snapshots"] = [row for row in found.rows["snapshots"] if row["key"] != one.key]
        return found

    monkeypatch.setattr(salvage, "read", holed)
    made, again = _salvaged(desk, tmp_path)
    assert (made.lost, made.typed) == (1, 1)
    with again._store.read() as unit:
        (kept,) = unit.kept.all(KIND)
    assert kept.body["label"] == one.label
    assert kept.body["typed"]["fields"] == {"email": "typed0@example.com"}
    assert _assert_nothing_wrong(again, original, made) == len(original) - 1
    again.close()


def test_a_history_with_a_hole_begins_anew_and_says_so(
    closed: tuple[Desk, Original, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, original, _ = closed
    real = salvage.read

    def holed(folder: Path, key: bytes):
        found = real(folder, key)
        del found.rows["journal"][3:5]
        return found

    monkeypatch.setattr(salvage, "read", holed)
    made, again = _salvaged(desk, tmp_path)
    assert made.history_lost
    _assert_nothing_wrong(again, original, made)
    assert any(entry.event == KIND for entry in again.activity.entries(limit=5))
    again.close()


def test_nothing_is_written_over_and_no_wrong_key_helps(
    closed: tuple[Desk, Original, bytes], tmp_path: Path
) -> None:
    desk, _, _ = closed
    (tmp_path / "mine").write_bytes(b"mine")
    with pytest.raises(UsageError):
        salvage_to(desk.folder, PASSPHRASE, tmp_path / "mine")
    assert (tmp_path / "mine").read_bytes() == b"mine"
    with pytest.raises(WrongPassphrase):
        salvage_to(desk.folder, "another", tmp_path / "saved")
    assert not (tmp_path / "saved").exists()


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0" + bytes(9000), bytes(20_000)])
def test_a_foreign_file_gives_nothing(
    closed: tuple[Desk, Original, bytes], tmp_path: Path, content: bytes
) -> None:
    desk, _, _ = closed
    (desk.folder / DB_FILE).write_bytes(content)
    with pytest.raises(StoreDamaged):
        salvage_to(desk.folder, PASSPHRASE, tmp_path / "saved")
    assert not (tmp_path / "saved").exists()
    assert (desk.folder / DB_FILE).read_bytes() == content
