"""Work off the GUI thread: lanes, delivery here, cancel, known errors and bugs, and a clean end."""

import threading

import pytest
from PySide6.QtCore import QObject, QThread

from desktop.model.errors import DiskFull, StaleWrite, UnknownRef
from desktop.services.views import Progress
from desktop.ui.operations import Cancelled, Lane, Operations, crash_report
from desktop.ui.trouble import explain


class Receiver(QObject):
    """Keeps what arrived, and on which thread."""

    def __init__(self):
        super().__init__()
        self.values, self.troubles, self.progress, self.threads = [], [], [], set()

    def on_value(self, value):
        self.threads.add(QThread.currentThread())
        self.values.append(value)

    def on_trouble(self, trouble):
        self.threads.add(QThread.currentThread())
        self.troubles.append(trouble)

    def on_progress(self, progress):
        self.threads.add(QThread.currentThread())
        self.progress.append(progress)

    def on_value_and_break(self, _value):
        raise RuntimeError("a slot of ours is broken")


@pytest.fixture
def receiver():
    return Receiver()


def test_result_arrives_on_the_gui_thread(qtbot, operations, receiver):
    places = []

    def work():
        places.append(threading.current_thread())
        return 42

    operations.run(work, receiver.on_value)
    qtbot.waitUntil(lambda: receiver.values == [42])
    assert places[0] is not threading.main_thread()
    assert receiver.threads == {QThread.currentThread()}


def test_store_lane_keeps_the_order(qtbot, operations, receiver):
    for number in range(50):
        operations.run(lambda number=number: number, receiver.on_value)
    qtbot.waitUntil(lambda: len(receiver.values) == 50)
    assert receiver.values == list(range(50))


def test_network_lane_does_not_hold_up_the_store(qtbot, operations, receiver):
    gate = threading.Event()
    operations.run(lambda: gate.wait(10), lane=Lane.NETWORK)
    operations.run(lambda: "read", receiver.on_value)
    qtbot.waitUntil(lambda: receiver.values == ["read"])
    gate.set()
    qtbot.waitUntil(lambda: not operations.busy)


def test_only_the_latest_of_a_key_is_delivered(qtbot, operations, receiver):
    gate = threading.Event()
    operations.run(lambda: gate.wait(10))
    for number in range(20):
        operations.run(lambda number=number: number, receiver.on_value, key="screen")
    gate.set()
    qtbot.waitUntil(lambda: not operations.busy)
    assert receiver.values == [19]


def test_progress_and_cancel(qtbot, operations, receiver):
    gate = threading.Event()

    def work(job):
        job.report(Progress(1, 3, "1 of 3 read"))
        gate.wait(10)
        if job.is_cancelled():
            raise Cancelled
        return "done"

    job = operations.run_job(work, receiver.on_value, on_progress=receiver.on_progress)
    qtbot.waitUntil(lambda: [p.words for p in receiver.progress] == ["1 of 3 read"])
    job.cancel()
    gate.set()
    qtbot.waitUntil(lambda: not operations.busy)
    assert receiver.values == []
    assert receiver.troubles == []


def test_known_error_goes_to_who_asked(qtbot, operations, receiver):
    def work():
        raise StaleWrite("moved on")

    operations.run(work, receiver.on_value, on_failure=receiver.on_trouble)
    qtbot.waitUntil(lambda: len(receiver.troubles) == 1)
    assert receiver.troubles[0].title == "This record changed meanwhile"


def test_known_error_that_nobody_takes_is_told_to_all(qtbot, operations):
    def work():
        raise DiskFull("no room")

    with qtbot.waitSignal(operations.trouble_found) as told:
        operations.run(work)
    assert told.args[0].unsaved


def test_bug_becomes_a_report_without_what_people_typed(qtbot, operations):
    def work():
        raise ValueError("Ashcombe, Leonie")

    with qtbot.waitSignal(operations.bug_found) as told:
        operations.run(work)
    assert "ValueError" in told.args[0]
    assert "Ashcombe" not in told.args[0]


def test_bug_in_a_slot_becomes_a_report_too(qtbot, operations, receiver):
    with qtbot.waitSignal(operations.bug_found) as told:
        operations.run(lambda: 1, receiver.on_value_and_break)
    assert "on_value_and_break" in told.args[0]
    assert not operations.busy


def test_nothing_is_delivered_to_a_widget_that_is_gone(qtbot, operations):
    gate = threading.Event()
    gone = Receiver()
    operations.run(lambda: gate.wait(10), gone.on_value)
    gone.deleteLater()
    qtbot.waitSignal(gone.destroyed).wait()
    gate.set()
    qtbot.waitUntil(lambda: not operations.busy)
    assert gone.values == []


def test_close_waits_for_what_runs_and_takes_no_more(qtbot, receiver):
    operations = Operations()
    done = []

    def work(job):
        while not job.is_cancelled():
            threading.Event().wait(0.001)
        done.append("stopped in good order")

    operations.run_job(work, receiver.on_value)
    operations.close()
    assert done == ["stopped in good order"]
    operations.run(lambda: 1, receiver.on_value)
    assert not operations.busy


def test_crash_report_names_places_and_kinds_only():
    error = TypeError("born 1990")
    error.__cause__ = KeyError("Zain Farrukh")
    report = crash_report(error)
    assert "TypeError" in report
    assert "KeyError" in report
    assert "Farrukh" not in report
    assert "1990" not in report


@pytest.mark.parametrize(
    "error", [DiskFull("x"), StaleWrite("x"), UnknownRef("That record is not here. Look again.")]
)
def test_trouble_says_what_happened_and_what_to_do(error):
    trouble = explain(error)
    assert trouble.title
    assert trouble.text.endswith(".")
    assert not trouble.title.endswith(".")
