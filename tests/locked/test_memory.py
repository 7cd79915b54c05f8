"""A locked program holds none of what it showed (goal G2.2): the memory of the process that runs then is read from end to end."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from desktop.services.workspace import Workspace
from desktop.ui.shell.memory import Memory
from tests.locked.office import HALF_TYPED, MARK, PASSPHRASE, TOKEN, make, planted

WAIT_S = 60.0
BLOCK = 1 << 24

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/mem").exists(), reason="reads another process's memory by /proc"
)


def memory_of(pid: int) -> Iterator[bytes]:
    """Everything that a process may read, block by block; blocks overlap, so that nothing is missed between them."""
    with Path(f"/proc/{pid}/maps").open() as maps, Path(f"/proc/{pid}/mem").open("rb", buffering=0) as mem:
        for line in maps:
            area, rights, *_ = line.split(maxsplit=5)
            if "r" not in rights or line.rstrip().endswith(("[vvar]", "[vsyscall]", "[vvar_vclock]")):
                continue
            begin, end = (int(number, 16) for number in area.split("-"))
            for at in range(begin, end, BLOCK):
                with suppress(OSError, ValueError, OverflowError):
                    mem.seek(at)
                    yield mem.read(min(BLOCK + 256, end - at))


def forms(secret: str) -> tuple[bytes, bytes]:
    """As Python and SQLite hold it, and as Qt holds it."""
    return secret.encode(), secret.encode("utf-16-le")


PLANTED = re.compile(f"(?i:{MARK})[a-z]{{4}}".encode())
AS_QT_HOLDS_IT = re.compile(
    b"(?i:" + b"\0".join(sign.encode() for sign in MARK) + b")\0[a-z]\0[a-z]\0[a-z]\0[a-z]"
)


def found(pid: int, keys: list[bytes]) -> tuple[set[str], set[bytes]]:
    """(planted strings, keys) in the memory of a process."""
    names: set[str] = set()
    seen: set[bytes] = set()
    for block in memory_of(pid):
        hits = [*PLANTED.findall(block), *(hit.replace(b"\0", b"") for hit in AS_QT_HOLDS_IT.findall(block))]
        names |= {hit.decode().lower() for hit in hits}
        seen |= {key for key in keys if key in block}
    return names, seen


def wait_until(condition, what: str) -> None:
    end = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.1)


def command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


@pytest.fixture
def office(tmp_path):
    folder = tmp_path / "workspace"
    make(folder)
    return folder


@pytest.fixture
def shown(office):
    """The program after it has shown everything; its key, as hex."""
    errors = (office.parent / "errors").open("w+")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.locked.office", "show", str(office)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True,
        env={**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")},
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    said = process.stdout.readline()
    if not said:
        errors.seek(0)
        pytest.fail(errors.read()[-3000:])
    yield process, json.loads(said)["key"]
    process.kill()
    process.wait()
    process.stdin.close()
    process.stdout.close()
    errors.close()


def test_nothing_planted_is_in_the_memory_of_a_locked_program(office, shown):
    process, key = shown
    everything = {secret.partition("@")[0] for values in planted().values() for secret in values}
    keys = [bytes.fromhex(key), *forms(key), *forms(PASSPHRASE), *forms(TOKEN)]
    names, opened = found(process.pid, keys)
    assert names & everything == everything, "the scan sees what is there"
    assert len(everything) == 1_000
    assert bytes.fromhex(key) in opened

    process.stdin.write("lock\n")
    process.stdin.flush()
    wait_until(lambda: "--data-dir" in command_of(process.pid), "it did not begin anew")
    title = "Holdfast is locked".encode("utf-16-le")
    wait_until(lambda: any(title in block for block in memory_of(process.pid)), "the lock screen is not up")
    assert process.poll() is None
    assert found(process.pid, keys) == (set(), set())
    assert b"HOLDFAST_PASSPHRASE" not in Path(f"/proc/{process.pid}/environ").read_bytes()

    assert Memory(office).locked
    process.kill()
    process.wait()
    again = Workspace.open(office, PASSPHRASE)  # it was closed in good order
    page, where = again.place.take() or ("", {})
    half = again.drafts.latest()
    again.close()
    assert page == "record"
    assert half is not None
    assert (half.record_id, half.values) == (where["record_id"], {"email": HALF_TYPED})
