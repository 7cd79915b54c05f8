"""A display that nobody sees, the accessibility bus, and the real program on a practice workspace.

Needs Xvfb, dbus-daemon and at-spi2-core; where they are not installed the tests here are skipped and say so.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from desktop.model.timetable import Timetable
from desktop.practice.server import PROVIDER_NAME, PROVIDER_UKPRN, PracticePortal
from desktop.services.views import Organisation
from desktop.services.workspace import Workspace
from tests.access.atspi import ACTIVE, SHOWING, Bus, Node

PASSPHRASE = "practice"
TOKEN = "HOLDFAST_ACCESS_TOKEN"
START_S = 60.0
EMPTY = (900, 30)
"""A place of the strip where nothing is to be clicked."""
LAUNCHERS = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")


def lacking() -> str:
    """What is not installed here, in words; "" when all is."""
    found = [name for name in ("Xvfb", "dbus-daemon") if shutil.which(name) is None]
    if not any(Path(path).exists() for path in LAUNCHERS):
        found.append("at-spi2-core")
    return ", ".join(found)


@pytest.fixture(scope="session")
def display(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of a program on a display of its own, with a session bus of its own."""
    missing = lacking()
    if missing:
        pytest.skip(f"no screen reader can be played here: {missing} is not installed (see .ci/reader.sh)")
    runtime = tmp_path_factory.mktemp("runtime")
    runtime.chmod(0o700)
    with contextlib.ExitStack() as stack:
        number = _first_line(
            stack,
            ["Xvfb", "-displayfd", "1", "-screen", "0", "1440x900x24", "-nolisten", "tcp"],
            {**os.environ},
        )
        env = {
            **os.environ,
            "DISPLAY": f":{number}",
            "XDG_RUNTIME_DIR": str(runtime),
            "XDG_DATA_DIRS": "/usr/local/share:/usr/share",
        }
        env["DBUS_SESSION_BUS_ADDRESS"] = _first_line(
            stack, ["dbus-daemon", "--session", "--nofork", "--print-address"], env
        )
        yield env


def _first_line(stack: contextlib.ExitStack, command: list[str], env: dict[str, str]) -> str:
    """Start a server that says on its first line where it can be found; it is ended with the stack."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env, text=True)
    stack.callback(process.wait)
    stack.callback(process.terminate)
    assert process.stdout is not None
    stack.callback(process.stdout.close)
    return process.stdout.readline().strip()


@pytest.fixture
def bus(display: dict[str, str]) -> Iterator[Bus]:
    """A reader's ear on the bus."""
    heard = Bus(display["DBUS_SESSION_BUS_ADDRESS"])
    yield heard
    heard.close()


@dataclass
class Program:
    """The running program, as a reader knows it."""

    process: subprocess.Popen[str]
    root: Node
    window: Node
    bus: Bus
    errors: Path

    @property
    def spoken(self) -> list[str]:
        """All that was announced so far, in order."""
        return [str(event.value) for event in self.bus.events if event.kind == "Announcement"]

    def hear(self, words: str, timeout_s: float = 20.0) -> None:
        """Wait until the words were announced."""
        self.wait_for(
            lambda: any(words in said for said in self.spoken), f"not announced: {words}", timeout_s
        )

    def with_keyboard(self) -> Node | None:
        """What the last event of the focus was about."""
        moved = [e for e in self.bus.events if e.name == "StateChanged:focused" and e.one == 1]
        return Node(self.bus, self.window.owner, moved[-1].path) if moved else None

    def wait_for(self, found: Callable[[], object], why: str, timeout_s: float = 20.0) -> object:
        """Listen until it is found. Raises AssertionError with all that was heard."""
        try:
            return self.bus.listen(found, timeout_s)
        except TimeoutError:
            raise AssertionError(f"{why}; spoken so far: {self.spoken}") from None


@pytest.fixture
def portal() -> Iterator[PracticePortal]:
    with PracticePortal(size=40, seed=2026) as running:
        running.control.limits(None)
        yield running


@pytest.fixture
def folder(portal: PracticePortal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace that has read everything, closed again. It does nothing by itself: the tests say when."""
    monkeypatch.setenv(TOKEN, portal.token)
    made = Workspace.create(
        tmp_path / "workspace", Organisation(PROVIDER_NAME, "hei", PROVIDER_UKPRN), PASSPHRASE, remember=False
    )
    made.portals.connect("trainees", portal.register_url, token_env=TOKEN)
    made.sync.run("trainees")
    made.schedule.change(Timetable(automatic=False))
    made.close()
    return tmp_path / "workspace"


@pytest.fixture
def start(display: dict[str, str], bus: Bus, tmp_path: Path) -> Iterator[Callable[[Path], Program]]:
    """Start the real program on a workspace; it is ended after the test."""
    running: list[Program] = []

    def begin(folder: Path) -> Program:
        errors = tmp_path / "stderr.txt"
        env = {
            **display,
            "QT_QPA_PLATFORM": "xcb",
            "HOLDFAST_PASSPHRASE": PASSPHRASE,
            TOKEN: os.environ[TOKEN],
        }
        env["HOLDFAST_SETTLE_S"] = "0"
        with errors.open("w") as stream:
            process = subprocess.Popen(
                [sys.executable, "-m", "desktop", "--data-dir", str(folder)],
                env=env,
                stderr=stream,
                text=True,
            )
        try:
            window = _window_of(bus, process, errors)
        except BaseException:
            process.kill()
            process.wait()
            raise
        program = Program(process, window.parent(), window, bus, errors)
        running.append(program)
        bus.click(*EMPTY)  # without a window manager nothing else gives a window the keyboard
        program.wait_for(lambda: window.has(ACTIVE), "the window did not get the keyboard")
        return program

    yield begin
    for program in running:
        program.process.terminate()
        program.process.wait(20)


def _window_of(bus: Bus, process: subprocess.Popen[str], errors: Path) -> Node:
    """The program's window, once it shows."""

    def found() -> Node | None:
        assert process.poll() is None, f"the program ended: {errors.read_text()}"
        root = bus.program(process.pid)
        windows = root.children() if root is not None else []
        return next((w for w in windows if w.name.startswith("Holdfast - ") and w.has(SHOWING)), None)

    window = bus.listen(found, START_S)
    assert isinstance(window, Node)
    return window
