"""The ways in: passphrase, credential store, recovery sheet. Losing two of the three loses nothing, whatever happens meanwhile."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import traceback
from datetime import date
from pathlib import Path

import keyring
import keyring.backend
import keyring.errors
import pytest

from desktop.model.document import Document
from desktop.model.errors import DiskFull, StoreDamaged, StoreNewer, WrongPassphrase
from desktop.model.key_store import KeyStore
from desktop.services.restoring import restore
from desktop.services.unlocking import SheetView, draft_sheet
from desktop.services.views import Organisation, RecordQuery
from desktop.services.workspace import Workspace
from desktop.store import files, vault
from tests.fault.conftest import CHEAP

PASSPHRASE, NEW = "made up for tests", "another one, made up"
MADE = date(2026, 11, 22)
WINDOWS_LIMIT = 1280


class Keys(keyring.backend.KeyringBackend):
    """A credential store in memory, as narrow as that of Windows; `broken` = it does not answer."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[tuple[str, str], str] = {}
        self.broken = False

    def _insist(self) -> None:
        if self.broken:
            raise keyring.errors.KeyringLocked("the collection is locked")

    def get_password(self, service: str, username: str) -> str | None:
        self._insist()
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._insist()
        if len(password) > WINDOWS_LIMIT:
            raise keyring.errors.PasswordSetError("the stub received bad data")
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._insist()
        del self.held[service, username]


@pytest.fixture(autouse=True)
def _cheap(monkeypatch):
    monkeypatch.setattr(vault, "_KDF", CHEAP)


@pytest.fixture
def keys():
    before = keyring.get_keyring()
    found = Keys()
    keyring.set_keyring(found)
    yield found
    keyring.set_keyring(before)


@pytest.fixture
def made(tmp_path, keys):
    """(folder, code of its sheet); the computer remembers the key."""
    draft = draft_sheet(MADE)
    workspace = Workspace.create(tmp_path / "w", Organisation("Uni", "hei"), PASSPHRASE, sheet=draft)
    workspace.records.add("trainees", Document({"last_name": "Quillfeather"}))
    workspace.close()
    return tmp_path / "w", draft.code


def opens(folder: Path, typed: str | None) -> bool:
    try:
        workspace = Workspace.open(folder, typed)
    except WrongPassphrase:
        return False
    found = workspace.records.rows(workspace.records.find(RecordQuery("trainees")))
    workspace.close()
    return len(found) == 1


# -- two of three lost ------------------------------------------------------------------------------------------


def test_passphrase_and_sheet_lost_the_computer_opens_it(made):
    folder, _ = made
    assert opens(folder, None)


def test_passphrase_and_computer_lost_the_sheet_opens_it(made, keys):
    folder, code = made
    keys.held.clear()
    assert not opens(folder, None)
    assert opens(folder, code.lower().replace("-", " "))


def test_sheet_and_computer_lost_the_passphrase_opens_it(made, keys):
    folder, _ = made
    keys.held.clear()
    assert opens(folder, PASSPHRASE)


@pytest.mark.parametrize("way", ["passphrase", "sheet"])
def test_moving_to_a_new_computer_takes_the_folder_and_one_of_the_two(made, keys, tmp_path, way):
    folder, code = made
    shutil.copytree(folder, tmp_path / "new computer")
    shutil.rmtree(folder)
    keys.held.clear()
    assert opens(tmp_path / "new computer", PASSPHRASE if way == "passphrase" else code)


def test_a_backup_opens_with_the_sheet(made, tmp_path):
    folder, code = made
    workspace = Workspace.open(folder, PASSPHRASE)
    backup = workspace.care.backup(tmp_path / "b.holdfast-backup")
    workspace.close()
    restore(backup, tmp_path / "elsewhere", code)
    assert opens(tmp_path / "elsewhere", code)
    assert opens(tmp_path / "elsewhere", PASSPHRASE)


# -- the sheet --------------------------------------------------------------------------------------------------


def test_the_sheet_lets_a_new_passphrase_count_and_goes_on_counting(made):
    folder, code = made
    workspace = Workspace.open(folder, code)
    workspace.passphrase.change(code, NEW)
    workspace.close()
    assert [opens(folder, typed) for typed in (PASSPHRASE, NEW, code)] == [False, True, True]


def test_a_new_sheet_makes_the_old_one_useless(made):
    folder, code = made
    workspace = Workspace.open(folder, PASSPHRASE)
    draft = draft_sheet(MADE)
    assert not opens_by(workspace, draft.code), "a sheet that was only shown opens nothing"
    workspace.passphrase.put_in_force(PASSPHRASE, draft)
    assert workspace.passphrase.sheet() == SheetView(draft.number, MADE)
    workspace.close()
    assert [opens(folder, typed) for typed in (code, draft.code, PASSPHRASE)] == [False, True, True]
    with pytest.raises(WrongPassphrase, match=f"The sheet that counts is number {draft.number}"):
        Workspace.open(folder, code)


def opens_by(workspace: Workspace, typed: str) -> bool:
    try:
        workspace.passphrase.check(typed)
    except WrongPassphrase:
        return False
    return True


def test_a_slip_in_the_code_is_named_by_its_group(made):
    folder, code = made
    wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
    with pytest.raises(WrongPassphrase, match=r"^Group 7, "):
        Workspace.open(folder, wrong)


def test_the_key_file_holds_neither_code_nor_key(made, keys):
    folder, code = made
    raw = (folder / vault.KEY_FILE).read_text()
    (key,) = keys.held.values()
    assert not any(part in raw for part in [*code.split("-"), code.replace("-", ""), key, PASSPHRASE])


def test_a_key_file_without_a_sheet_is_what_the_first_program_wrote(tmp_path):
    """Format 1 is read for ever, and written until there is a sheet."""
    slot = vault.wrap(vault.new_data_key(), PASSPHRASE, "w")
    assert json.loads(slot.to_bytes())["format"] == 1
    assert set(json.loads(slot.to_bytes())) == {"format", "workspace", "kdf", "salt", "nonce", "wrapped"}
    assert vault.KeySlot.from_bytes(slot.to_bytes()).sheet is None


def test_a_key_file_of_a_later_program_is_refused_politely(made):
    folder, _ = made
    path = folder / vault.KEY_FILE
    data = json.loads(path.read_text())
    assert data["format"] == 2
    path.write_text(json.dumps(data | {"format": 3}))
    before = path.read_bytes()
    with pytest.raises(StoreNewer, match="newer version of Holdfast"):
        Workspace.open(folder, PASSPHRASE)
    assert path.read_bytes() == before


@pytest.mark.parametrize("lost", ["sheet", "number", "wrapped"])
def test_a_key_file_whose_sheet_is_damaged_says_so(made, lost):
    folder, _ = made
    path = folder / vault.KEY_FILE
    data = json.loads(path.read_text())
    if lost == "sheet":
        del data["sheet"]
    else:
        del data["sheet"][lost]
    path.write_text(json.dumps(data))
    with pytest.raises(StoreDamaged):
        Workspace.open(folder, PASSPHRASE)


def test_a_sheet_whose_number_was_exchanged_does_not_open(made):
    folder, code = made
    path = folder / vault.KEY_FILE
    data = json.loads(path.read_text())
    data["sheet"]["number"] = "AAAA"
    path.write_text(json.dumps(data))
    assert not opens(folder, code)
    assert opens(folder, PASSPHRASE)


# -- the credential store ---------------------------------------------------------------------------------------


def test_what_the_credential_store_gets_fits_that_of_windows(made, keys):
    assert [len(held) for held in keys.held.values()] == [64]


def test_a_store_that_lost_the_key_is_seen(made, keys):
    folder, _ = made
    workspace = Workspace.open(folder, PASSPHRASE)
    assert workspace.passphrase.standing() == ()
    assert workspace.passphrase.key_store() is KeyStore.HOLDS
    keys.held.clear()
    (told,) = workspace.passphrase.standing()
    assert "does not have it" in told
    keys.broken = True
    (told,) = workspace.passphrase.standing()
    assert "does not answer" in told
    assert workspace.passphrase.remember(PASSPHRASE) is False
    keys.broken = False
    keys.held[vault._SERVICE, vault.read_slot(folder).workspace] = "00" * 32
    (told,) = workspace.passphrase.standing()
    assert "holds another one" in told
    assert workspace.passphrase.remember(PASSPHRASE) is True
    assert workspace.passphrase.standing() == ()
    workspace.passphrase.forget()
    assert workspace.passphrase.standing() == (), "who did not ask for it misses nothing"
    workspace.close()


def test_a_workspace_without_a_sheet_says_so(tmp_path):
    workspace = Workspace.create(tmp_path / "w", Organisation("Uni", "hei"), PASSPHRASE)
    (told,) = workspace.passphrase.standing()
    assert "no recovery sheet" in told
    workspace.close()


# -- a change that does not come to its end ---------------------------------------------------------------------


def test_a_full_disk_leaves_the_old_passphrase_in_force(made, monkeypatch):
    folder, code = made
    workspace = Workspace.open(folder, PASSPHRASE)

    def full(_handle):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(DiskFull):
            workspace.passphrase.change(PASSPHRASE, NEW)
        with pytest.raises(DiskFull):
            workspace.passphrase.put_in_force(PASSPHRASE, draft_sheet(MADE))
    workspace.close()
    assert [opens(folder, typed) for typed in (PASSPHRASE, NEW, code)] == [True, False, True]
    assert not [path for path in folder.iterdir() if path.name.endswith(".new")]


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
@pytest.mark.parametrize("step", ["begun", "fsync", "replace", "replaced", "synced"])
def test_a_change_that_is_killed_leaves_the_old_passphrase_or_the_new(made, step):
    folder, code = made
    child = os.fork()
    if child == 0:
        try:
            change_and_die(folder, step)
        except BaseException:  # noqa: BLE001 - nothing may come back from a child
            traceback.print_exc()
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert (opens(folder, PASSPHRASE), opens(folder, NEW)) in {(True, False), (False, True)}
    assert opens(folder, code)
    assert opens(folder, NEW) is (step in {"replaced", "synced"})


def change_and_die(folder: Path, step: str) -> None:
    """The child: ends in the middle of writing the key file."""

    pid = os.getpid()

    def die(*_args: object) -> None:
        os.kill(pid, signal.SIGKILL)

    workspace = Workspace.open(folder, PASSPHRASE)
    replace = Path.replace

    def replace_and_die(beside: Path, target: Path) -> None:
        replace(beside, target)
        die()

    where, deed = {
        "begun": (os, "getpid"),
        "fsync": (os, "fsync"),
        "replace": (Path, "replace"),
        "replaced": (Path, "replace"),
        "synced": (files, "sync_folder"),
    }[step]
    setattr(where, deed, replace_and_die if step == "replaced" else die)
    workspace.passphrase.change(PASSPHRASE, NEW)


def test_the_doctor_says_that_the_key_is_gone(made, keys, capsys, monkeypatch):
    """The records are sound, so its code is 0."""
    from desktop.app import run

    folder, _ = made
    monkeypatch.setenv("HOLDFAST_PASSPHRASE", PASSPHRASE)
    assert run(["--data-dir", str(folder), "doctor"]) == 0
    assert capsys.readouterr().out.strip() == "All is sound: file, journal and records agree."
    keys.broken = True
    assert run(["--data-dir", str(folder), "--json", "doctor"]) == 0
    (note,) = json.loads(capsys.readouterr().out)["notes"]
    assert "its credential store does not answer" in note


# -- on the command line ----------------------------------------------------------------------------------------


def run(folder: Path, *words: str) -> int:
    from desktop.app import run as run_program

    return run_program(["--data-dir", str(folder), "--json", *words])


def test_a_sheet_is_made_and_used_on_the_command_line(made, tmp_path, monkeypatch, capsys):
    from desktop.cli import keys as verbs

    folder, old = made
    draft = draft_sheet(MADE)
    monkeypatch.setattr(verbs, "draft_sheet", lambda _today: draft)
    monkeypatch.setenv("HOLDFAST_PASSPHRASE", PASSPHRASE)
    target = tmp_path / "sheet.pdf"
    assert run(folder, "recovery-sheet", "--out", str(target)) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["sheet"], target.read_bytes()[:4]) == (draft.number, b"%PDF")
    assert draft.code not in json.dumps(told), "the code is on paper only"
    assert run(folder, "recovery-sheet", "--out", str(target)) == 2, "nothing is written over"
    assert run(folder, "recovery-sheet", "--out", str(tmp_path / "no" / "sheet.pdf")) != 0

    monkeypatch.setenv("HOLDFAST_PASSPHRASE", NEW)
    for code, exit_code in ((old, 4), (draft.code[:-1], 4), (draft.code.lower(), 0)):
        monkeypatch.setenv("HOLDFAST_RECOVERY", code)
        assert run(folder, "recover") == exit_code
    monkeypatch.delenv("HOLDFAST_RECOVERY")
    assert run(folder, "status") == 0
    assert opens(folder, draft.code)
    assert not opens(folder, PASSPHRASE)


def test_the_code_opens_every_verb(made, keys, monkeypatch, capsys):
    folder, code = made
    keys.held.clear()
    monkeypatch.delenv("HOLDFAST_PASSPHRASE", raising=False)
    assert run(folder, "status") == 4
    monkeypatch.setenv("HOLDFAST_RECOVERY", code)
    assert run(folder, "status") == 0
    assert "Quillfeather" not in capsys.readouterr().err


def test_the_report_for_support_names_nobody(made, tmp_path, monkeypatch, capsys):
    folder, code = made
    monkeypatch.setenv("HOLDFAST_RECOVERY", code)
    assert run(folder, "support") == 0
    shown = json.loads(capsys.readouterr().out)["parts"]
    assert "recovery sheet: yes" in shown["workspace.txt"]
    assert "Quillfeather" not in json.dumps(shown)
    assert run(folder, "support", "--out", str(tmp_path / "r.zip")) == 0
    assert run(folder, "support", "--out", str(tmp_path / "r.zip")) == 2
    assert run(folder, "support", "--out", str(tmp_path / "r.txt")) == 2
