"""Uses a frozen or installed Holdfast as a person and a script would: `python -m installer.smoke [--no-window] FOLDER`.

Standard library only, so that it runs on a computer that has nothing of ours but the program. Exit code 0 when every step
held. With --times it also says how long the program takes to start.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PASSPHRASE = "a passphrase for the smoke test"  # noqa: S105 - of a workspace that lives for a minute
LONGEST_S = 180
RUNS = 7


class Broken(Exception):
    """A step did not hold."""


class Program:
    """The programs of a folder, each run with a home of its own, so that nothing of this computer's user is touched."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.console = folder / {"win32": "holdfast.com", "darwin": "holdfast-cli"}.get(
            sys.platform, "holdfast"
        )
        self.window = folder / ("Holdfast.exe" if sys.platform == "win32" else "Holdfast")
        self.workspace = home / "workspace"
        self.env = {
            **{
                name: value
                for name, value in os.environ.items()
                if not name.startswith(("PYTHON", "QT_", "HOLDFAST_"))
            },
            "HOME": str(home),
            "USERPROFILE": str(home),
            "LOCALAPPDATA": str(home / "local"),
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_DATA_HOME": str(home / "data"),
            "HOLDFAST_PASSPHRASE": PASSPHRASE,
            "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen"),
        }

    def run(self, *words: str, stdin: str = "", code: int = 0) -> str:
        """What a command prints. Raises Broken for another exit code."""
        done = subprocess.run(
            [str(self.console), *words],
            input=stdin,
            env=self.env,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=LONGEST_S,
            check=False,
        )
        if done.returncode != code:
            raise Broken(
                f"holdfast {' '.join(words)}: exit {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
            )
        return done.stdout + (done.stderr if code else "")

    def ask(self, *words: str, stdin: str = "", code: int = 0) -> Any:
        """The JSON that a command prints about the workspace."""
        return json.loads(
            self.run("--json", "--data-dir", str(self.workspace), *words, stdin=stdin, code=code)
        )


@contextmanager
def practice(program: Program) -> Iterator[Mapping[str, str]]:
    """The practice portal of the same program, on this computer."""
    command = [str(program.console), "practice", "--size", "40", "--seed", "7"]
    with subprocess.Popen(command, env=program.env, stdout=subprocess.PIPE, text=True) as portal:
        assert portal.stdout is not None
        try:
            yield json.loads(portal.stdout.readline())
        finally:
            portal.terminate()
            portal.wait(30)


def whole(program: Program, version: str) -> None:
    """The version is the one that was built, and no module or library is missing."""
    said = program.run("--version").split()[-1]
    if version and said != version:
        raise Broken(f"it says {said}, not {version}")
    found = json.loads(program.run("-m", "installer.probe"))
    for name, told in found.items():
        print(f"       {name}: {told}")


def day_of_work(program: Program) -> None:
    """Open, connect, read, save, send, look, back up and put back: with the practice portal, by commands."""
    with practice(program) as portal:
        program.ask("init", "--organisation", "University of Northmoor", "--kind", "hei")
        connect = (
            "connect",
            "trainees",
            "--portal",
            portal["register"],
            "--insecure-token-file",
            "--token-stdin",
        )
        program.ask(*connect, stdin=portal["token"])
        if program.ask("sync")["pulled"] < 1:
            raise Broken("nothing was read")
        one = next(row for row in program.ask("list", "trainees")["records"] if row["sync"] == "clean")
        program.ask("set", "trainees", one["id"], "middle_names=Smoke")
        if program.ask("status")["queued"] != 1:
            raise Broken("the change does not wait")
        if program.ask("sync")["pushed"] != 1 or program.ask("status")["queued"]:
            raise Broken("the change was not sent")
        backup = program.workspace.parent / "smoke.holdfast-backup"
        program.ask("backup", str(backup))
        program.ask("evidence", "--out", str(backup.with_suffix(".pdf")))
        program.ask("doctor")
    program.workspace = program.workspace.parent / "restored"
    program.ask("restore", str(backup))
    if program.ask("show", "trainees", one["id"])["fields"]["middle_names"] != "Smoke":
        raise Broken("the backup does not hold what was saved")


def window(program: Program) -> float:
    """The window on that workspace opens, and closes in good order. Seconds until it was there (0.0 = not seen, off screen)."""
    began = time.monotonic()
    with subprocess.Popen(
        [str(program.window), "--data-dir", str(program.workspace)], env=program.env
    ) as shown:
        taken = _wait_for_window(shown, began)
        if "open in another Holdfast" not in program.run(
            "--data-dir", str(program.workspace), "status", code=4
        ):
            raise Broken("a second Holdfast is not told that the workspace is open")
        if sys.platform == "win32":
            subprocess.run(["taskkill", "/PID", str(shown.pid)], check=False, capture_output=True)
        else:
            shown.send_signal(signal.SIGINT)
        try:
            code = shown.wait(60)
        except subprocess.TimeoutExpired:
            shown.kill()
            raise Broken("the window did not close") from None
    if code:
        raise Broken(f"the window ended with {code}")
    return taken


def _wait_for_window(shown: subprocess.Popen[bytes], began: float) -> float:
    look = shutil.which("xdotool") if os.environ.get("DISPLAY") else None
    while time.monotonic() - began < (60 if look else 8):
        if shown.poll() is not None:
            raise Broken(f"the window ended by itself with {shown.returncode}")
        if look:
            told = subprocess.run(
                [look, "search", "--onlyvisible", "--name", "Holdfast"], capture_output=True, check=False
            )
            if told.stdout.strip():
                taken = time.monotonic() - began
                time.sleep(2)
                return taken
        time.sleep(0.02)
    if look:
        raise Broken("no window came")
    return 0.0


def story(program: Program, out: Path) -> None:
    """The outage story: a portal that fails in every way, a program that is killed, and nothing lost."""
    program.run("demo", "--out", str(out))
    if not list(out.glob("*.png")) or not list(out.glob("transcript.*")):
        raise Broken("no pictures or no transcript")


def times(program: Program) -> None:
    """Medians of several starts, the files warm."""
    for words in (("--version",), ("--json", "--data-dir", str(program.workspace), "status")):
        taken = []
        for _ in range(RUNS):
            began = time.monotonic()
            program.run(*words)
            taken.append(time.monotonic() - began)
        print(f"       holdfast {words[-1]}: {statistics.median(taken):.2f} s (median of {RUNS})")
    if os.environ.get("DISPLAY"):
        shown = [window(program) for _ in range(RUNS)]
        print(
            f"       Holdfast, until the window is there: {statistics.median(shown):.2f} s (median of {RUNS})"
        )


def main(argv: list[str]) -> int:
    """Every step in turn; the first that does not hold ends it with exit code 1."""
    parser = argparse.ArgumentParser(prog="installer.smoke")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--expect", default="", help="version that must be said")
    parser.add_argument("--no-window", action="store_true")
    parser.add_argument("--times", action="store_true")
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="holdfast-smoke-") as place:
        program = Program(args.folder.resolve(), Path(place))
        steps: list[tuple[str, Any]] = [
            ("it is whole", lambda: whole(program, args.expect)),
            ("a day of work with the practice portal", lambda: day_of_work(program)),
        ]
        if not args.no_window:
            steps.append(("the window opens and closes", lambda: window(program)))
        steps.append(("the outage story", lambda: story(program, Path(place) / "story")))
        if args.times:
            steps.append(("times", lambda: times(program)))
        for name, step in steps:
            try:
                step()
            except (Broken, OSError, subprocess.SubprocessError, ValueError, LookupError) as error:
                print(f"  NO   {name}: {error}")
                return 1
            print(f"  ok   {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
