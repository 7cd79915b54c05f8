"""The program as people and scripts start it: as a process, with signals, pipes, terminals and passphrases."""

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time

import pytest

from tests.e2e.cli_world import PASSPHRASE, new_cli, pulled

posix = pytest.mark.skipif(os.name != "posix", reason="signals and terminals of POSIX")
HEAVY = {
    "PySide6",
    "reportlab",
    "httpx",
    "keyring",
    "desktop.practice",
    "desktop.ui",
}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with pulled(tmp_path_factory.mktemp("cli") / "ws") as (cli, portal):
        yield cli, portal


@pytest.fixture
def cli(world, tmp_path):
    """The program on a copy of the workspace."""
    folder = tmp_path / "ws"
    shutil.copytree(world[0].folder, folder)
    copy = new_cli(folder)
    copy.env.update(world[0].env)
    return copy


# --- start and end --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [["list", "trainees"], ["status"], ["check", "trainees"], ["queue"]])
def test_a_local_command_imports_no_window_no_network_and_no_keyring(cli, words):
    command = cli.command("--json", *words)
    done = subprocess.run(
        [command[0], "-X", "importtime", *command[1:]],
        capture_output=True,
        text=True,
        env=cli.environment(),
        check=True,
    )
    imported = set(re.findall(r"\| +([\w.]+)$", done.stderr, re.MULTILINE))
    assert "desktop.cli.main" in imported
    assert not {name for name in imported for heavy in HEAVY if name == heavy or name.startswith(f"{heavy}.")}


def test_help_is_there_for_every_verb_and_imports_nothing_large(cli):
    done = cli.process("--help")
    assert done.code == 0
    verbs = re.findall(r"^    ([a-z-]+) ", done.out, re.MULTILINE)
    assert len(verbs) > 20
    for verb in verbs:
        told = cli(verb, "--help", as_json=False)
        assert (told.code, told.err) == (0, ""), verb
        assert verb in told.out
    assert cli("list", "--help").json["help"]
    assert cli("--version").json["version"].startswith("holdfast ")


def test_json_and_folder_may_stand_anywhere(cli):
    folder, words = str(cli.folder), ["list", "trainees"]
    plain = [sys.executable, "-m", "desktop"]
    for argv in (
        ["--json", "--data-dir", folder, *words],
        [*words, "--json", f"--data-dir={folder}"],
        ["list", "--json", "trainees", "--data-dir", folder],
    ):
        done = subprocess.run([*plain, *argv], capture_output=True, env=cli.environment(), check=True)
        assert json.loads(done.stdout)["total"] > 0


@posix
def test_bytes_that_are_no_text_are_refused(cli):
    command = [os.fsencode(word) for word in cli.command("--json", "set", "trainees", "x")]
    done = subprocess.run(
        [*command, b"last_name=\xff\xfe"], capture_output=True, env=cli.environment(), check=False
    )
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]
    assert b"Traceback" not in done.stderr


@posix
def test_a_reader_that_stops_early_is_no_error(cli):
    for words in (("list", "trainees"), ("--json", "list", "trainees", "--fields"), ("--help",)):
        read, write = os.pipe()
        os.close(read)
        with os.fdopen(write, "wb") as pipe:
            done = subprocess.run(
                cli.command(*words), stdout=pipe, stderr=subprocess.PIPE, env=cli.environment(), check=False
            )
        assert (done.returncode, done.stderr) == (0, b"")


@posix
def test_ctrl_c_ends_a_sync_cleanly_and_keeps_everything(cli, world):
    portal = world[1]
    ref = cli.one()["id"]
    cli.ok("set", "trainees", ref, "email=kept@mail.example")
    portal.control.fault("slow", seconds=1.5)
    portal.control.clear_requests()
    try:
        program = subprocess.Popen(
            cli.command("--json", "sync", "--full"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=cli.environment(),
        )
        deadline = time.monotonic() + 20
        while not portal.control.requests() and time.monotonic() < deadline:
            time.sleep(0.05)
        program.send_signal(signal.SIGINT)
        out, err = program.communicate(timeout=30)
    finally:
        portal.control.fault("up")
    assert b"Traceback" not in err
    assert program.returncode == 1
    assert json.loads(out)["cancelled"] is True
    assert cli.ok("show", "trainees", ref)["pending"] == {"email": "kept@mail.example"}
    assert cli.ok("doctor") == {"ok": True, "problems": []}


@posix
def test_practice_says_where_it_is_and_ends_with_sigterm(tmp_path):
    cli = new_cli(tmp_path / "ws")
    program = subprocess.Popen(
        [sys.executable, "-m", "desktop", "practice", "--size", "0", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=cli.environment(),
    )
    try:
        assert program.stdout is not None
        where = json.loads(program.stdout.readline())
        assert where.keys() >= {"register", "token", "control"}
        cli.init()
        cli.env["T"] = where["token"]
        assert (
            cli.ok("connect", "trainees", "--portal", where["register"], "--token-env", "T")["state"]
            == "unknown"
        )
        assert cli.ok("sync")["pulled"] == 0
    finally:
        program.send_signal(signal.SIGTERM)
        program.communicate(timeout=20)
    assert program.returncode == 0


def test_a_mistake_of_ours_is_told_without_traceback_and_without_data(cli, monkeypatch):
    def broken(_session):
        raise KeyError("Leonie Ashcombe")

    monkeypatch.setattr("desktop.cli.waiting.queue", broken)
    result = cli("queue")
    assert result.code == 4
    assert "KeyError" in result.error
    assert "Ashcombe" not in result.out + result.err


# --- passphrases and tokens -----------------------------------------------------------------------------------------


def test_a_wrong_passphrase_is_exit_4_and_changes_nothing(cli):
    held = (cli.folder / "holdfast.db").read_bytes()
    for wrong in ("wrong", "", PASSPHRASE + " ", "\u00e9" * 1_000):
        result = cli("list", "trainees", env={"HOLDFAST_PASSPHRASE": wrong})
        assert result.code == 4
        assert "passphrase" in result.error.lower()
    assert (cli.folder / "holdfast.db").read_bytes() == held


def test_without_passphrase_nobody_is_asked_unless_there_is_a_terminal(cli, tmp_path):
    result = cli("list", "trainees", env={"HOLDFAST_PASSPHRASE": None})
    assert result.code == 4
    assert "HOLDFAST_PASSPHRASE" in result.error
    plain = cli("list", "trainees", env={"HOLDFAST_PASSPHRASE": None}, as_json=False)
    assert (plain.code, plain.out) == (4, "")
    new = new_cli(tmp_path / "new")
    made = new("init", "--organisation", "X", "--kind", "hei", env={"HOLDFAST_PASSPHRASE": None})
    assert made.code == 2
    assert not new.folder.exists()
    assert new("init", "--organisation", "X", "--kind", "hei", env={"HOLDFAST_PASSPHRASE": ""}).code == 2
    assert not new.folder.exists()


@posix
@pytest.mark.parametrize(("typed", "code", "times"), [(PASSPHRASE, 0, 1), ("wrong", 4, 4)])
def test_on_a_terminal_the_passphrase_is_asked_for_unseen(cli, typed, code, times):
    """A wrong one may be typed again, with a pause that grows."""
    import pty

    env = cli.environment()
    del env["HOLDFAST_PASSPHRASE"]
    master, slave = pty.openpty()
    program = subprocess.Popen(
        cli.command("list", "trainees"),
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env=env,
        start_new_session=True,
    )
    os.close(slave)
    seen = b""
    for asked in range(1, times + 1):
        while seen.count(b"Passphrase: ") < asked:
            seen += os.read(master, 1_000)
        os.write(master, typed.encode() + b"\n")
    while chunk := _read(master):
        seen += chunk
    os.close(master)
    assert program.wait(timeout=20) == code
    assert typed.encode() not in seen
    assert (b"Wait 2 seconds." in seen) is (times == 4)


def _read(master):
    try:
        return os.read(master, 1_000)
    except OSError:  # how Linux says that the other side is closed
        return b""


def test_a_second_init_changes_nothing(cli):
    before = {p.name: p.read_bytes() for p in cli.folder.iterdir()}
    result = cli("init", "--organisation", "Other", "--kind", "scitt")
    assert result.code in (2, 4)
    assert {p.name: p.read_bytes() for p in cli.folder.iterdir()} == before


def test_a_token_from_stdin_is_kept_only_where_it_is_safe(cli, world):
    token, url = world[1].token, world[1].register_url
    words = ("connect", "trainees", "--portal", url, "--token-stdin")
    refused = cli(*words, stdin=f"{token}\n".encode())
    assert refused.code == 2
    assert "--insecure-token-file" in refused.error
    kept = cli(*words, "--insecure-token-file", stdin=f"  {token}\n".encode())
    assert kept.code == 0
    assert kept.json.keys() >= {"collection", "portal", "state"}
    assert token not in kept.out + kept.err
    assert cli.ok("sync")["portal"]["state"] == "up"
    assert cli(*words, "--insecure-token-file", stdin=b"two words").code == 2
    assert cli(*words, "--insecure-token-file", stdin=b"\xff\xfe").code == 2


def test_a_token_variable_that_is_empty_is_said_by_its_name(cli, world):
    cli.ok("connect", "trainees", "--portal", world[1].register_url, "--token-env", "NOT_SET_HERE")
    result = cli("sync")
    assert result.code == 2
    assert "NOT_SET_HERE" in result.error


def test_neither_token_nor_names_are_in_logs_or_temporary_files(cli, world, tmp_path):
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    cli.env["TMPDIR"] = str(temporary)
    label = cli.one()["label"].split(",")[0]
    done = [
        cli.process("sync", "--full"),
        cli.process("--json", "doctor"),
        cli.process("--json", "check", "trainees"),
    ]
    assert all(d.code == 0 for d in done)
    assert all(label not in d.err and world[1].token not in d.err for d in done)
    assert list(temporary.rglob("*")) == []


# --- care -----------------------------------------------------------------------------------------------------------


def test_a_backup_comes_back_whole_in_an_empty_folder(cli, tmp_path):
    ref = cli.one()["id"]
    cli.ok("set", "trainees", ref, "email=waiting@mail.example")
    target = tmp_path / "copy.holdfast"
    assert cli.ok("backup", str(target))["ok"] is True
    assert label_free(target, b"waiting@mail.example")
    assert cli("backup", str(target)).code == 2
    other = new_cli(tmp_path / "other")
    assert other.ok("restore", str(target))["problems"] == []
    assert other.ok("show", "trainees", ref) == cli.ok("show", "trainees", ref)
    assert other.ok("queue")["items"] == cli.ok("queue")["items"]
    assert other.ok("doctor") == {"ok": True, "problems": []}
    before = other.content()
    assert other("restore", str(target)).code in (2, 4)
    assert other.content() == before


def label_free(path, text):
    """Whether the file does not hold the text in clear."""
    return text not in path.read_bytes()


def test_a_backup_that_cannot_be_opened_leaves_no_database(cli, tmp_path):
    target = tmp_path / "copy"
    cli.ok("backup", str(target))
    whole = target.read_bytes()
    chance = random.Random(3)
    cases = {
        "empty": b"",
        "half": whole[: len(whole) // 2],
        "head only": whole[:200],
        "foreign": b"SQLite format 3\0" + bytes(9_000),
        "longer": whole + b"x",
        "key turned": whole.replace(b'"wrapped": "', b'"wrapped": "AAAA', 1),
    }
    for number in range(4):
        place = chance.randrange(len(whole))
        cases[f"bit {number}"] = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
    for name, content in cases.items():
        damaged = tmp_path / "damaged"
        damaged.write_bytes(content)
        other = new_cli(tmp_path / f"other {name}")
        result = other("restore", str(damaged))
        assert result.code == 4, name
        assert not (other.folder / "holdfast.db").exists(), name
    other = new_cli(tmp_path / "wrong")
    assert other("restore", str(target), env={"HOLDFAST_PASSPHRASE": "wrong"}).code == 4
    assert not (other.folder / "holdfast.db").exists()
    assert other("restore", str(tmp_path / "nowhere")).code == 2
    assert other("restore", str(tmp_path)).code == 4


def _damaged(whole):
    chance = random.Random(4)
    yield "empty", b""
    yield "another program's", b"SQLite format 3\0" + bytes(9_000)
    yield "random", chance.randbytes(8_192)
    yield "half", whole[: len(whole) // 2]
    yield "odd end", whole[:-100]
    yield "longer", whole + bytes(4_096)
    yield "first bit", bytes([whole[0] ^ 1]) + whole[1:]
    for _ in range(3):
        place = chance.randrange(4_096, len(whole))
        yield f"bit at {place}", whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :]


def test_doctor_leaves_a_damaged_database_byte_for_byte(cli):
    path = cli.folder / "holdfast.db"
    for name, content in _damaged(path.read_bytes()):
        path.write_bytes(content)
        result = cli("doctor")
        assert result.code == 4, name
        assert result.error
        assert path.read_bytes() == content, name
    assert not [p for p in cli.folder.iterdir() if p.name.startswith(".doctor")]


_KILLED = """
import os, sys
from pathlib import Path
from desktop.model.document import Patch
from desktop.services.workspace import Workspace
workspace = Workspace.open(Path(sys.argv[1]), os.environ["HOLDFAST_PASSPHRASE"])
workspace.records.edit(sys.argv[2], Patch({"middle_names": "Mary"}))
os._exit(9)
"""


def test_doctor_writes_nothing_after_a_crash_either(cli):
    ref = cli.one()["id"]
    subprocess.run([sys.executable, "-c", _KILLED, str(cli.folder), ref], env=cli.environment(), check=False)
    path, log = cli.folder / "holdfast.db", cli.folder / "holdfast.db-wal"
    held = path.read_bytes(), log.read_bytes()
    assert held[1]
    assert cli.ok("doctor")["ok"] is True
    assert (path.read_bytes(), log.read_bytes()) == held
    path.write_bytes(held[0][:-5_000] + bytes(5_000))
    damaged = path.read_bytes()
    assert cli("doctor").code == 4
    assert (path.read_bytes(), log.read_bytes()) == (damaged, held[1])
    path.write_bytes(held[0])
    assert cli.ok("show", "trainees", ref)["fields"]["middle_names"] == "Mary"


def test_a_workspace_that_is_open_elsewhere_is_exit_4(cli):
    from desktop.store.files import FolderLock

    with FolderLock(cli.folder):
        result = cli("list", "trainees")
    assert result.code == 4
    assert "open in another Holdfast" in result.error
