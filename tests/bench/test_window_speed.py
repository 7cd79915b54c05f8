"""What the window costs with 100,000 records (features G1): start, typing, filtering, scrolling, sync, memory.

`make bench`. Each case prints its number and holds it to the goal. The program is the real one, drawn offscreen.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from desktop.services.views import Organisation, RecordQuery
from desktop.services.workspace import Workspace
from desktop.sync.portal import Portal
from desktop.ui.main_window import MainWindow
from desktop.ui.run import settle
from desktop.ui.theme import apply_theme
from tests.bench.conftest import note
from tests.bench.shelf import Shelf, people_of

MANY = 100_000
FRAME_MS = 50
PASSPHRASE = "bench"


@pytest.fixture(scope="module")
def shelf_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of 100,000 records, closed."""
    folder = tmp_path_factory.mktemp("many") / "w"
    os.environ["HOLDFAST_BENCH_TOKEN"] = "none"
    shelf = Shelf(people_of(MANY))
    made = Workspace.create(
        folder, Organisation("Uni", "hei"), PASSPHRASE, make=lambda *_: cast("Portal", shelf), remember=False
    )
    made.portals.connect("trainees", "http://127.0.0.1:9", token_env="HOLDFAST_BENCH_TOKEN")
    made.sync.run("trainees")
    made.close()
    return folder


@pytest.fixture
def many(shelf_folder: Path) -> Iterator[Workspace]:
    opened = Workspace.open(shelf_folder, PASSPHRASE)
    yield opened
    opened.close()


@pytest.fixture
def show(qapp: Any) -> Iterator[Callable[[Workspace, str], MainWindow]]:
    """Show a window on a workspace; it is closed after the test."""
    apply_theme(qapp, "light", 100, "comfortable")
    made: list[MainWindow] = []

    def begin(workspace: Workspace, page: str, **where: Any) -> MainWindow:
        window = MainWindow(workspace, automatic=False)
        made.append(window)
        window.resize(1440, 900)
        window.show()
        window.start(page, **where)
        settle(window)
        return window

    yield begin
    for window in made:
        window.close()
        window.deleteLater()


class Heart(QObject):
    """Beats every 5 ms in the GUI thread: how late it comes is how long a key would have waited.

    `work_ms` = processor time of the thread between two beats, which other programs do not stretch.
    """

    EVERY_MS = 5

    def __init__(self) -> None:
        super().__init__()
        self.late_ms: list[float] = []
        self.work_ms: list[float] = []
        self._worked = 0.0
        self._since = QElapsedTimer()
        self._timer = QTimer(self, interval=self.EVERY_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        self._since.start()
        self._worked = time.thread_time()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _beat(self) -> None:
        self.late_ms.append(max(0.0, self._since.nsecsElapsed() / 1e6 - self.EVERY_MS))
        now = time.thread_time()
        self.work_ms.append((now - self._worked) * 1000)
        self._worked = now
        self._since.restart()


def _until(found: Callable[[], Any], longest_s: float = 30.0) -> float:
    """Handle events until it is found; milliseconds of it in which the GUI thread worked and did not wait."""
    end, worked = time.monotonic() + longest_s, 0.0
    while not found():
        assert time.monotonic() < end, "it never came"
        begin = time.perf_counter()
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)
        spent = (time.perf_counter() - begin) * 1000
        worked += spent
        if spent < 0.2:
            time.sleep(0.0005)
    return worked


def _p95(taken: list[float]) -> float:
    return sorted(taken)[int(len(taken) * 0.95)]


def _hold(case: str, measured: float, goal: float, unit: str, more: str = "") -> None:
    note(
        case,
        f"{measured:.2f} {unit}" if measured < 10 else f"{measured:,.1f} {unit}",
        more,
        f"< {goal:g} {unit}",
    )
    assert measured < goal, f"{case}: {measured:.2f} {unit}, the goal is {goal:g} {unit}"


@pytest.fixture(scope="module")
def started(shelf_folder: Path) -> dict[str, float]:
    """What three cold starts say of themselves: the fastest, because other programs only make it slower."""
    runs = []
    env = {**os.environ, "HOLDFAST_PASSPHRASE": PASSPHRASE}
    for _ in range(3):
        command = [sys.executable, "-m", "tests.bench.cold_start", str(shelf_folder), str(time.monotonic())]
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        runs.append(json.loads(done.stdout))
    return min(runs, key=lambda run: float(run["first row"]))


@pytest.mark.timeout(900)
def test_cold_start(started: dict[str, float]) -> None:
    all_lines = f"all lines in order: {started['all lines']:.2f} s"
    _hold("cold start to the first row of 100,000", started["first row"], 1.5, "s", all_lines)


@pytest.mark.timeout(900)
def test_memory(started: dict[str, float]) -> None:
    _hold("resident with 100,000 records, scrolled to the end", started["megabytes"], 250, "MB")


@pytest.mark.timeout(900)
def test_keystroke_to_findings(many: Workspace, show: Callable[..., MainWindow]) -> None:
    records = many.records
    row = records.page(RecordQuery("trainees"), 1)[0]
    window = show(many, "record", record_id=row.id)
    page: Any = window.stack.page
    edit = next(e for e in page.findChildren(QLineEdit) if e.accessibleName().startswith("Email"))
    looks: list[float] = []
    form = page.screen_view.form
    shown = form.show_looks

    def noted(*args: Any) -> None:
        shown(*args)
        looks.append(time.perf_counter())

    form.show_looks = noted
    edit.setFocus()
    worked, waited = [], []
    for letter in "some.body.else.entirely" * 2:
        looks.clear()
        begin = time.perf_counter()
        QTest.keyClicks(edit, letter)
        typed = (time.perf_counter() - begin) * 1000
        found = typed + _until(lambda: looks)
        begin_paint = time.perf_counter()
        QCoreApplication.processEvents()
        worked.append(found + (time.perf_counter() - begin_paint) * 1000)
        waited.append((looks[0] - begin) * 1000)
    more = f"known {statistics.median(waited):.0f} ms after the key"
    _hold("keystroke to painted findings, p95", _p95(worked), 16, "ms", more)


@pytest.mark.timeout(900)
def test_filter_keystroke_to_first_rows(many: Workspace, show: Callable[..., MainWindow]) -> None:
    window = show(many, "records")
    page: Any = window.stack.page
    search, model = page.filter_bar.search, page.model
    came: list[float] = []
    model.modelReset.connect(lambda: came.append(time.perf_counter()))
    search.setFocus()
    taken = []
    for word in ("amara", "okon", "jones", "ash", "smith"):
        for letter in word:
            came.clear()
            begin = time.perf_counter()
            QTest.keyClicks(search, letter)
            _until(lambda: came)
            page.table.viewport().repaint()
            taken.append((time.perf_counter() - begin) * 1000)
            settle(window)
        search.clear()
        settle(window)
    more = f"median {statistics.median(taken):.0f} ms"
    _hold("filter keystroke to first rows, 100,000 records, p95", _p95(taken), 50, "ms", more)


@pytest.mark.timeout(900)
def test_scrolling(many: Workspace, show: Callable[..., MainWindow]) -> None:
    window = show(many, "records")
    page: Any = window.stack.page
    table, bar = page.table, page.table.verticalScrollBar()
    assert page.model.rowCount() == MANY
    table.setFocus()
    frames = []

    def frame(move: Callable[[], object]) -> None:
        begin = time.perf_counter()
        move()
        table.viewport().repaint()
        frames.append((time.perf_counter() - begin) * 1000)
        QCoreApplication.processEvents()

    step, places = bar.pageStep(), random.Random(1)
    for number in range(600):
        frame(lambda number=number: bar.setValue(number * step))  # type: ignore[misc]
    for _ in range(300):
        frame(lambda: bar.setValue(places.randrange(bar.maximum())))
    for _ in range(300):
        frame(lambda: QTest.keyClick(table, Qt.Key.Key_PageUp))
    _hold(
        f"scrolling 100,000 rows, worst of {len(frames):,} frames",
        max(frames),
        FRAME_MS,
        "ms",
        f"p95 {_p95(frames):.1f} ms",
    )


@pytest.mark.timeout(900)
@pytest.mark.parametrize("practice", [10_000], indirect=True)
@pytest.mark.parametrize("shown", ["home", "records"])
def test_window_stays_alive_while_10000_records_arrive(
    workspace: Workspace, show: Callable[..., MainWindow], shown: str
) -> None:
    window = show(workspace, shown)
    heart = Heart()
    heart.start()
    window.sync_now()
    begin = time.perf_counter()
    _until_still(window)
    taken = time.perf_counter() - begin
    heart.stop()
    late = sorted(heart.late_ms)
    p99 = late[int(len(late) * 0.99)]
    more = f"p99 {p99:.1f} ms, {len([x for x in late if x > FRAME_MS])} over 50 ms in {taken:.1f} s, own work {max(heart.work_ms):.0f} ms"
    _hold(f"GUI thread blocked while 10,000 arrive, {shown}, worst", late[-1], FRAME_MS, "ms", more)


def _until_still(window: MainWindow) -> None:
    """Handle events as the program does, until the pass has ended."""
    loop = QEventLoop()
    window.autosync.stopped.connect(loop.quit)
    loop.exec()
