"""What the tests of the command line work with: a runner of the program, in this process or as a process of its own.

In this process it costs some milliseconds a command, because the key is wrapped cheaply; as its own process it is
the program as people start it.
"""

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from desktop import app
from desktop.practice.server import PracticePortal
from desktop.store import vault

PASSPHRASE = "correct horse"
TOKEN = "HOLDFAST_TEST_TOKEN"
CHEAP = {"name": "argon2id", "memory_kib": 8, "passes": 1, "lanes": 1}


@dataclass
class Result:
    """Exit code and what was printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Stdout, which must be exactly one JSON object."""
        data = json.loads(self.out)
        assert isinstance(data, dict)
        return data

    @property
    def error(self) -> str:
        """The error text of exits 2 and 4 under --json."""
        told = self.json["error"]
        assert isinstance(told, str)
        assert told
        assert "Traceback" not in self.out + self.err
        return told


@dataclass
class Cli:
    """The program on one workspace folder."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)

    def __call__(
        self, *words: str, stdin: bytes = b"", as_json: bool = True, env: dict[str, str | None] | None = None
    ):
        """One command line in this process."""
        argv = ["--data-dir", str(self.folder), *(["--json"] if as_json else []), *words]
        out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
        err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
        typed = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
        with _environment({**self.env, **(env or {})}), pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "stdin", typed)
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = app.run(argv)
        return Result(code, _text(out), _text(err))

    def ok(self, *words: str, stdin: bytes = b"") -> Any:
        """The JSON of a command that must succeed."""
        result = self(*words, stdin=stdin)
        assert result.code == 0, result.out
        return result.json

    def command(self, *words: str) -> list[str]:
        """The command line of a process of its own."""
        return [sys.executable, "-m", "desktop", "--data-dir", str(self.folder), *words]

    def environment(self) -> dict[str, str]:
        return {**os.environ, **self.env}

    def process(self, *words: str, stdin: bytes = b"") -> Result:
        """One command line as a process of its own."""
        done = subprocess.run(
            self.command(*words),
            input=stdin,
            capture_output=True,
            env=self.environment(),
            timeout=60,
            check=False,
        )
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode())

    def init(self, *words: str) -> Any:
        return self.ok("init", "--organisation", "Northmoor University", "--kind", "hei", *words)

    def connect(self, portal: PracticePortal) -> Any:
        self.env[TOKEN] = portal.token
        return self.ok("connect", "trainees", "--portal", portal.register_url, "--token-env", TOKEN)

    def one(self, state: str = "trn_received") -> Any:
        """The first record in a state, as `list` gives it."""
        return self.ok("list", "trainees", "--filter", f"state={state}", "--limit", "1")["records"][0]

    def content(self) -> Any:
        """Everything that a refused command must leave as it was."""
        return self.ok("list", "trainees", "--fields"), self.ok("journal", "--limit", "1")

    def new_trainee(self, **changes: Any) -> dict[str, Any]:
        """JSON of a trainee that the rules let through, not yet here or at the portal."""
        held = self.ok("show", "trainees", self.one()["id"])
        own = {
            "first_names": "Zelda",
            "last_name": "Quarrington",
            "email": "zelda.quarrington@mail.example",
            "provider_trainee_id": "NEW-1",
            "hesa_id": "1234567890123",
        }
        children = {
            kind: [{k: v for k, v in child.items() if k not in ("id", "portal_id")} for child in group]
            for kind, group in held["children"].items()
        }
        made: dict[str, Any] = {**held["fields"], **children, **own, **changes}
        return {name: value for name, value in made.items() if value is not ...}


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    raw = stream.buffer
    assert isinstance(raw, io.BytesIO)
    return raw.getvalue().decode()


@contextlib.contextmanager
def _environment(changes: dict[str, Any]) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in changes.items():
            if value is None:
                patch.delenv(name, raising=False)
            else:
                patch.setenv(name, value)
        yield


def new_cli(folder: Path) -> Cli:
    """The program on a folder without a workspace."""
    return Cli(folder, {"HOLDFAST_PASSPHRASE": PASSPHRASE, "HOLDFAST_SETTLE_S": "0"})


@contextlib.contextmanager
def cheap_keys() -> Iterator[None]:
    """Workspaces made meanwhile have a key that is quick to unwrap."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vault, "_KDF", CHEAP)
        yield


@contextlib.contextmanager
def pulled(folder: Path, size: int = 12) -> Iterator[tuple[Cli, PracticePortal]]:
    """A workspace that has read everything from a practice portal, which runs meanwhile."""
    with cheap_keys(), PracticePortal(size=size, seed=5) as portal:
        cli = new_cli(folder)
        cli.init()
        cli.connect(portal)
        cli.ok("sync")
        yield cli, portal
