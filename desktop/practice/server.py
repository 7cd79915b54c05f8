"""A practice portal as a thing to start and stop: in a thread for tests and the demo, in front for the command line.

with PracticePortal(size=250) as portal:
portal.register_url, portal.token, portal.control_url, portal.control
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sys
import threading
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Self

from desktop.practice import people, trs_control
from desktop.practice.client import Control
from desktop.practice.clock import Clock
from desktop.practice.control import ControlSide
from desktop.practice.ects import control as ects_control
from desktop.practice.ects.furnish import furnish
from desktop.practice.ects.portal import EctPortal
from desktop.practice.ects.world import World
from desktop.practice.portal import Portal
from desktop.practice.state import PROVIDER_NAME, PROVIDER_UKPRN, State
from desktop.practice.teachers import make_teachers
from desktop.practice.trs import TeachingRecordSystem
from desktop.practice.wire import Listener

__all__ = ["PROVIDER_NAME", "PROVIDER_UKPRN", "Control", "PracticePortal", "run"]

_START_TIMEOUT_S = 30.0


class PracticePortal:
    """One practice portal on loopback: register and control on a port each, in a daemon thread of its own.

    port   of the register side, 0 = a free one; the control side always takes a free one
    size   how many made-up trainees it starts with;  seed  which ones, and which token
    clock  gives the time (aware) while the control side does not hold it; None = real time

    May be made and stopped on any thread. Raises OSError when the port is taken.
    """

    def __init__(
        self,
        port: int = 0,
        size: int = 0,
        seed: int = 1,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self._clock = Clock(clock)
        self.state = State(self._clock, seed)
        people.furnish(self.state, size, seed)
        self.portal = Portal(self.state, self._clock)
        self.teachers = make_teachers(seed)
        self.trs = TeachingRecordSystem(self.teachers, self._clock, self.state.lock, seed)
        self._started = threading.Event()
        self._failures: list[OSError] = []
        begun = furnish(self._clock.today())
        self.ects = EctPortal(World(begun, self.teachers, self._clock, self.state.lock, self.trs.faults))
        self._ports = (port, 0, 0, 0)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name="practice portal", daemon=True)
        self._thread.start()
        if not self._started.wait(_START_TIMEOUT_S):
            raise TimeoutError("the practice portal did not start")
        if self._failures:
            self._thread.join()
            raise self._failures[0]
        self.control = Control(self.control_url, self.web_url, self.ects_url)

    @property
    def register_url(self) -> str:
        """Root URL without a path; the API follows at /api/v2026.1."""
        return f"http://127.0.0.1:{self._ports[0]}"

    @property
    def web_url(self) -> str:
        """Where its web pages begin, for a browser."""
        return f"{self.register_url}/"

    @property
    def control_url(self) -> str:
        return f"http://127.0.0.1:{self._ports[1]}"

    @property
    def trs_url(self) -> str:
        """Root URL of the practice Teaching Record System."""
        return f"http://127.0.0.1:{self._ports[2]}"

    @property
    def ects_url(self) -> str:
        """Where the practice website of Register early career teachers begins, for a browser."""
        return f"http://127.0.0.1:{self._ports[3]}/"

    @property
    def token(self) -> str:
        return self.state.token

    def stop(self) -> None:
        """Close every connection and end the thread. May be called twice."""
        if not self._loop.is_closed():
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        beside = trs_control.routes(self.trs) | ects_control.routes(self.ects)
        handlers = self.portal, ControlSide(self.portal, beside), self.trs, self.ects
        listeners = [Listener(handler) for handler in handlers]
        try:
            register, control, trs, ects = (
                self._loop.run_until_complete(listener.start(port))
                for listener, port in zip(listeners, self._ports, strict=True)
            )
            self._ports = (register, control, trs, ects)
        except OSError as problem:
            self._failures.append(problem)
        self._started.set()
        if not self._failures:
            self._loop.run_forever()
        for listener in listeners:
            listener.stop()
        # One more turn lets the transports close their sockets.
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()


def run(port: int = 0, size: int = 250, seed: int = 1) -> int:
    """The `practice` verb: one JSON object on stdout, then serve until SIGTERM or SIGINT; the exit code."""
    stop = threading.Event()
    for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: stop.set())
    try:
        portal = PracticePortal(port, size, seed)
    except OSError as problem:
        print(json.dumps({"error": f"Port {port} cannot be used: {problem.strerror}"}), flush=True)
        return 2
    with portal:
        where = {
            "register": portal.register_url,
            "token": portal.token,
            "control": portal.control_url,
            "web": portal.web_url,
            "ects": portal.ects_url,
            "trs": portal.trs_url,
            "trs_token": portal.trs.token,
        }
        print(json.dumps(where), flush=True)
        print(f"Its web pages, for a browser on this computer: {portal.web_url}", file=sys.stderr)
        while not stop.wait(3600):
            pass
    print("The practice portal has stopped.", file=sys.stderr)
    return 0
