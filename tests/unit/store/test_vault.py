"""The data key: wrapped by a passphrase, never in clear, and clear words when it does not open."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.model.errors import StoreDamaged, StoreMissing, WrongPassphrase
from desktop.store import vault

ROOT = Path(__file__).parents[3]


def test_the_passphrase_opens_what_it_wrapped() -> None:
    key = vault.new_data_key()
    slot = vault.wrap(key, "correct horse", "w1")
    assert vault.unwrap(vault.KeySlot.from_bytes(slot.to_bytes()), "correct horse") == key


@pytest.mark.parametrize("wrong", ["", "Correct horse", "correct horse ", "x" * 10_000, "\ud800"])
def test_any_other_passphrase_is_refused(wrong: str) -> None:
    slot = vault.wrap(vault.new_data_key(), "correct horse", "w1")
    with pytest.raises(WrongPassphrase):
        vault.unwrap(slot, wrong)


def test_a_slot_of_another_workspace_does_not_open_this_one() -> None:
    slot = vault.wrap(vault.new_data_key(), "p", "w1")
    moved = vault.KeySlot("w2", slot.salt, slot.nonce, slot.wrapped, slot.kdf)
    with pytest.raises(WrongPassphrase):
        vault.unwrap(moved, "p")


def test_the_key_is_wrapped_with_argon2id_over_at_least_64_mib() -> None:
    """In a process of its own, as the tests make it cheap. 14 passes in 2 lanes are 0.3 s of the computer of docs/numbers.md."""
    program = "from desktop.store import vault; print(vault.wrap(b'k' * 32, 'p', 'w1').to_bytes().decode())"
    made = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    kdf = vault.KeySlot.from_bytes(made.stdout.encode()).kdf
    assert kdf["name"] == "argon2id"
    assert kdf["memory_kib"] >= 64 * 1024
    assert (kdf["passes"], kdf["lanes"]) == (14, 2)


def test_the_key_file_does_not_hold_the_key(tmp_path: Path) -> None:
    key = vault.new_data_key()
    vault.write_slot(tmp_path, vault.wrap(key, "p", "w1"))
    raw = (tmp_path / vault.KEY_FILE).read_bytes()
    assert key not in raw
    assert key.hex().encode() not in raw


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"format": 1}',
        json.dumps({"format": 0, "kdf": {"name": "argon2id"}}).encode(),
        json.dumps({"format": 2, "kdf": {"name": "argon2id"}, "sheet": None}).encode(),
        json.dumps(
            {
                "format": 1,
                "workspace": "w",
                "kdf": {"name": "argon2id", "memory_kib": 1 << 40, "passes": 3, "lanes": 4},
                "salt": "",
                "nonce": "",
                "wrapped": "",
            }
        ).encode(),
    ],
)
def test_a_damaged_key_file_says_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / vault.KEY_FILE).write_bytes(content)
    with pytest.raises(StoreDamaged):
        vault.read_slot(tmp_path)


def test_a_folder_without_anything_is_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing):
        vault.read_slot(tmp_path)


def test_a_database_without_its_key_file_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "holdfast.db").write_bytes(b"x")
    with pytest.raises(StoreDamaged):
        vault.read_slot(tmp_path)


def test_a_computer_without_a_credential_store_remembers_nothing() -> None:
    assert vault.remember("w1", vault.new_data_key()) is False
    assert vault.recall("w1") is None
