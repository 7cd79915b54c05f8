"""The one door for work over about 50 ms: it leaves the GUI thread here, and its result comes back here.

Two lanes: STORE is a single worker, so work on the store keeps its order; NETWORK is a small pool. Work is a plain
function that returns a value and touches no widget. Results, progress and failures are delivered on the GUI thread,
through slots that are bound methods of QObjects, so that the receiving thread is certain.

    operations.run(lambda: workspace.home(), self._on_home_read, key="home")
    operations.run_job(lambda job: workspace.sync.run(progress=job.report, cancelled=job.is_cancelled), ..., lane=NETWORK)

Known errors (HoldfastError) go to `on_failure` or, without one, to the signal `trouble_found`; anything else is a bug
and goes to `bug_found` with its traceback. The work of the person is on disk before either is shown.
"""

from __future__ import annotations

import itertools
import logging
import sys
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from desktop.model.errors import HoldfastError
from desktop.services.views import Progress
from desktop.ui.trouble import Trouble, explain

log = logging.getLogger(__name__)

T = TypeVar("T")

HAND_OVER_S = 0.001
"""So soon a worker lets the window go on. With Python's own 5 ms a page of a table waits for many of them in a row."""
BUG_TEXT = "Your saved work is kept. Try again, or restart."


class Lane(StrEnum):
    """Where work runs: one worker for the store, several for the network."""

    STORE = "store"
    NETWORK = "network"


class Cancelled(Exception):
    """Raised by work that stopped because it was asked to. Neither a failure nor a bug."""


class _Mailbox(QObject):
    """Carries outcomes and progress from workers to the GUI thread; lives as long as its `Operations`."""

    outcome_posted = Signal(int, object, object)
    progress_posted = Signal(int, object)


class Operation:
    """One piece of work under way. Plain: workers may hold it, and be the last to let go of it.

    `report` and `is_cancelled` are for the work, on any thread; `cancel` for whoever started it.
    """

    def __init__(self, number: int, lane: Lane, key: str, mailbox: _Mailbox) -> None:
        self.number = number
        self.lane = lane
        self.key = key
        self._mailbox = mailbox
        self._stop = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop at the next good moment; nothing is torn down."""
        self._stop.set()

    def is_cancelled(self) -> bool:
        return self._stop.is_set()

    def report(self, progress: Progress) -> None:
        """Tell the screen where the work stands. Any thread."""
        self._mailbox.progress_posted.emit(self.number, progress)

    def perform(self, work: Callable[[Operation], Any]) -> None:
        """Do the work and post its outcome. Worker thread."""
        if self.is_cancelled():
            self._mailbox.outcome_posted.emit(self.number, None, Cancelled())
            return
        try:
            value = work(self)
        except Exception as error:  # noqa: BLE001 - the worker boundary: every failure is told to the person
            self._mailbox.outcome_posted.emit(self.number, None, error)
        else:
            self._mailbox.outcome_posted.emit(self.number, value, None)


@dataclass(frozen=True)
class _Pending:
    """An operation and who wants to hear of it."""

    operation: Operation
    on_success: Callable[[Any], None] | None
    on_failure: Callable[[Trouble], None] | None
    on_progress: Callable[[Progress], None] | None
    on_finished: Callable[[], None] | None


class Operations(QObject):
    """Runs work in the two lanes and keeps count of it. GUI thread only."""

    trouble_found = Signal(Trouble)
    """A known error that nobody took care of."""
    bug_found = Signal(str)
    """A mistake of ours: the text of its crash report, without personal data."""
    busy_changed = Signal(bool)
    """Work began, or the last of it ended."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        sys.setswitchinterval(HAND_OVER_S)
        self._pools = {
            Lane.STORE: ThreadPoolExecutor(1, thread_name_prefix="holdfast-store"),
            Lane.NETWORK: ThreadPoolExecutor(4, thread_name_prefix="holdfast-network"),
        }
        self._numbers = itertools.count(1)
        self._running: dict[int, _Pending] = {}
        self._latest: dict[str, int] = {}
        self._closed = False
        self._mailbox = _Mailbox()
        self._mailbox.outcome_posted.connect(self._on_outcome_posted)
        self._mailbox.progress_posted.connect(self._on_progress_posted)

    def run(
        self,
        work: Callable[[], T],
        on_success: Callable[[T], None] | None = None,
        *,
        lane: Lane = Lane.STORE,
        on_failure: Callable[[Trouble], None] | None = None,
        key: str = "",
    ) -> Operation:
        """Do `work` in a lane, then call `on_success` with its result here.

        `key`: of several runs with one key only the last one's result is delivered; earlier ones that have not
        begun are left out. For reading a screen again, never for writing. A callback whose QObject is gone is not
        called.
        """

        def without_job(_job: Operation) -> T:
            return work()

        return self.run_job(without_job, on_success, lane=lane, on_failure=on_failure, key=key)

    def run_job(
        self,
        work: Callable[[Operation], T],
        on_success: Callable[[T], None] | None = None,
        *,
        lane: Lane = Lane.STORE,
        on_failure: Callable[[Trouble], None] | None = None,
        on_progress: Callable[[Progress], None] | None = None,
        on_finished: Callable[[], None] | None = None,
        key: str = "",
    ) -> Operation:
        """As `run`, for work that reports progress and can be cancelled: it is given its own Operation.

        `on_finished` is called last, however it ended; not after `close`.
        """
        operation = Operation(next(self._numbers), lane, key, self._mailbox)
        if self._closed:
            operation.cancel()
            return operation
        if key:
            earlier = self._running.get(self._latest.get(key, 0))
            if earlier is not None:
                earlier.operation.cancel()
            self._latest[key] = operation.number
        if not self._running:
            self.busy_changed.emit(True)
        self._running[operation.number] = _Pending(
            operation, on_success, on_failure, on_progress, on_finished
        )
        self._pools[lane].submit(operation.perform, work)
        return operation

    @property
    def busy(self) -> bool:
        """Whether any work is under way or its result not delivered yet."""
        return bool(self._running)

    def close(self) -> None:
        """Stop taking work, ask what runs to stop, and wait until it has; results are not delivered any more."""
        self._closed = True
        for pending in self._running.values():
            pending.operation.cancel()
        self._running.clear()
        for pool in self._pools.values():
            pool.shutdown(wait=True, cancel_futures=True)

    def _on_progress_posted(self, number: int, progress: Progress) -> None:
        pending = self._running.get(number)
        if pending is not None and alive(pending.on_progress):
            self._call(pending.on_progress, progress)

    def _on_outcome_posted(self, number: int, value: object, error: Exception | None) -> None:
        pending = self._running.get(number)
        if pending is None:
            return
        operation = pending.operation
        newest = not operation.key or self._latest.get(operation.key) == number
        if error is None:
            if newest:
                self._call(pending.on_success, value)
        elif isinstance(error, HoldfastError):
            self._tell(pending, explain(error))
        elif not isinstance(error, Cancelled):
            self.bug_found.emit(crash_report(error))
            if pending.on_failure is not None:
                self._tell(pending, Trouble("Something went wrong in Holdfast", BUG_TEXT))
        self._running.pop(number, None)
        self._call(pending.on_finished)
        if not self._running:
            self.busy_changed.emit(False)

    def _tell(self, pending: _Pending, trouble: Trouble) -> None:
        if alive(pending.on_failure):
            self._call(pending.on_failure, trouble)
        else:
            self.trouble_found.emit(trouble)

    def _call(self, callback: Callable[..., None] | None, *values: object) -> None:
        """Call back, if there is somebody to call; a mistake in the callback is a bug, not the end."""
        if callback is None or not alive(callback):
            return
        try:
            callback(*values)
        except Exception as bug:  # noqa: BLE001 - the slot boundary
            self.bug_found.emit(crash_report(bug))


def alive(callback: Callable[..., Any] | None) -> bool:
    """Whether there is a callback and the QObject behind its bound method still exists."""
    if callback is None:
        return False
    owner = getattr(callback, "__self__", None)
    return not isinstance(owner, QObject) or isValid(owner)


def crash_report(error: BaseException) -> str:
    """What helps us to find a bug: places in the code and the kind of error, no values and no messages.

    A message may hold what a person typed, so only its type is kept.
    """
    lines = ["Holdfast crash report"]
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        lines.append(f"{type(cause).__module__}.{type(cause).__qualname__}")
        for frame in traceback.extract_tb(cause.__traceback__):
            where = frame.filename.replace("\\", "/").split("/")
            lines.append(f"  {'/'.join(where[-3:])}:{frame.lineno} in {frame.name}")
        cause = cause.__cause__ or cause.__context__
    report = "\n".join(lines)
    log.error("%s", report)
    return report
