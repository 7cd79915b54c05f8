"""After the lock the program begins anew, knowing nothing: what it waits for, what it keeps, and how it is opened again."""

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.model.errors import StoreDamaged, WrongGround
from desktop.services.workspace import Workspace
from desktop.store import ground
from desktop.store.ground import Machine
from desktop.ui import start
from desktop.ui.parts.clipboard import MARKS
from desktop.ui.shell import retreat
from desktop.ui.shell.lock_screen import LockScreen
from desktop.ui.shell.locked_window import LockedWindow
from desktop.ui.shell.memory import Memory
from desktop.ui.shell.retreat import Retreat, without_secrets
from desktop.ui.shell.session_watch import is_leaving
from desktop.ui.shell.switcher import Wish

PASSPHRASE = "practice"


@pytest.fixture
def left(window, workspace, monkeypatch):
    """How often the program would have begun anew."""
    monkeypatch.setattr(retreat, "FIRST_MS", 0)
    told: list[bool] = []
    Retreat(window, workspace.place, lambda: told.append(True))
    return told


# -- leaving ----------------------------------------------------------------------------------------------------


def test_it_leaves_once_what_runs_has_ended(qtbot, window, left):
    begun, end = threading.Event(), threading.Event()

    def hold() -> None:
        begun.set()
        end.wait(10)

    window.operations.run(hold)
    qtbot.waitUntil(begun.is_set)
    window.lock.lock()
    qtbot.wait(3 * retreat.LOOK_MS)
    assert left == [], "a backup or an import comes to its end"
    end.set()
    qtbot.waitUntil(lambda: left == [True])


def test_what_takes_too_long_is_not_waited_for(qtbot, window, left, monkeypatch):
    monkeypatch.setattr(retreat, "LONGEST_MS", 200)
    end = threading.Event()
    window.operations.run(lambda: end.wait(10))
    window.lock.lock()
    qtbot.waitUntil(lambda: left == [True])
    assert window.operations.busy
    end.set()


def test_who_is_back_at_once_goes_on(qtbot, window, left):
    end = threading.Event()
    window.operations.run(lambda: end.wait(10))
    window.lock.lock()
    window.lock.screen.unlocked.emit()
    end.set()
    qtbot.waitUntil(lambda: not window.operations.busy)
    qtbot.wait(3 * retreat.LOOK_MS)
    assert left == []


def test_an_office_may_choose_to_go_on_sending(qtbot, window, left):
    assert window.lock.screen.text.text() == LockScreen.CLOSING
    window.preferences.put("sends_locked", True)
    assert window.lock.screen.text.text() == LockScreen.SENDING
    window.lock.lock()
    qtbot.wait(3 * retreat.LOOK_MS)
    assert left == []


@pytest.mark.opens("records")
def test_the_place_is_kept_for_the_next_start(qtbot, window, left, workspace, editable):
    record_id = editable()[0].id
    window.go("record", record_id=record_id)
    window.lock.lock()
    qtbot.waitUntil(lambda: left == [True])
    assert workspace.place.take() == ("record", {"record_id": record_id})
    assert workspace.place.take() is None


def test_the_new_run_does_not_inherit_what_opens_the_records():
    given = {"HOLDFAST_PASSPHRASE": "p", "HOLDFAST_RECOVERY": "c", "PATH": "/bin"}
    assert without_secrets(given) == {"PATH": "/bin"}


# -- clipboard --------------------------------------------------------------------------------------------------


@pytest.mark.opens("records")
def test_what_is_copied_from_a_list_is_marked_and_goes_with_the_lock(qtbot, window, records_page, settle):
    records_page.table.go_to(0)
    QTest.keyClick(records_page.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    settle(window)
    assert window.clipboard.holds
    data = QGuiApplication.clipboard().mimeData()
    assert data.hasHtml()
    assert all(data.hasFormat(mark) for mark in MARKS)
    window.lock.lock()
    assert QGuiApplication.clipboard().text() == ""


def test_the_lock_leaves_what_somebody_else_copied(window):
    QGuiApplication.clipboard().setText("a shopping list")
    window.lock.lock()
    assert QGuiApplication.clipboard().text() == "a shopping list"


# -- the computer is left ---------------------------------------------------------------------------------------


def test_it_locks_with_the_computer_unless_that_is_switched_off(window):
    window.preferences.put("lock_with_computer", False)
    window.session.left.emit()
    assert not window.lock.locked
    window.preferences.put("lock_with_computer", True)
    window.session.left.emit()
    assert window.lock.locked


@pytest.mark.parametrize(
    ("message", "what", "leaving"),
    [(0x02B1, 7, True), (0x02B1, 8, False), (0x02B1, 2, True), (0x0218, 4, True), (0x0218, 7, False), (0x0010, 7, False)],
)  # fmt: skip
def test_messages_of_windows_are_understood(message, what, leaving):
    assert is_leaving(message, what) is leaving


ON_A_BUS = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtDBus import QDBusConnection, QDBusMessage
from PySide6.QtWidgets import QApplication, QWidget
from desktop.ui.shell.session_watch import SessionWatch
app = QApplication([])
window = QWidget()
watch = SessionWatch(window)
told = []
watch.left.connect(lambda: (told.append(1), app.quit()))
service, path, interface, member, value = sys.argv[1:]
sender = QDBusConnection.connectToBus(QDBusConnection.BusType.SystemBus, "another")
assert sender.registerService(service), sender.lastError().message()
def send():
    message = QDBusMessage.createSignal(path, interface, member)
    if value:
        message.setArguments([value == "true"])
    sender.send(message)
again = QTimer(interval=100)
again.timeout.connect(send)
again.start()
QTimer.singleShot(1500 if value == "false" else 15000, app.quit)
app.exec()
print("left" if told else "stayed")
"""


@pytest.mark.skipif(shutil.which("dbus-run-session") is None, reason="no D-Bus here")
@pytest.mark.parametrize(
    ("signal", "said"),
    [
        (("org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager", "PrepareForSleep", "true"), "left"),
        (("org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager", "PrepareForSleep", "false"), "stayed"),
        (("org.freedesktop.login1", "/org/freedesktop/login1/session/_31", "org.freedesktop.login1.Session", "Lock", ""), "left"),
        (("org.gnome.ScreenSaver", "/org/gnome/ScreenSaver", "org.gnome.ScreenSaver", "ActiveChanged", "true"), "left"),
    ],
    ids=["sleep", "awake", "session", "saver"],
)  # fmt: skip
def test_linux_says_on_its_bus_that_the_computer_is_left(tmp_path, signal, said):
    """A real bus of our own that stands for both, and a stranger on it who speaks as the login manager does."""
    program = tmp_path / "on_a_bus.py"
    program.write_text(ON_A_BUS)
    run = 'DBUS_SYSTEM_BUS_ADDRESS="$DBUS_SESSION_BUS_ADDRESS" exec "$@"'
    root = Path(__file__).parents[2]
    made = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", run, "sh", sys.executable, str(program), *signal],
        cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert made.stdout.strip().splitlines()[-1:] == [said], made.stderr[-2000:]


# -- coming back ------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(empty_workspace):
    empty_workspace.close()
    memory = Memory(empty_workspace.folder)
    memory.locked = True
    memory.save()
    return empty_workspace.folder


def typing(window_type, passphrase: str):
    """Type it into the locked window as soon as it is there."""

    def look() -> None:
        window = next((w for w in QApplication.topLevelWidgets() if isinstance(w, window_type)), None)
        assert window is not None
        window.lock_screen.entry.field.setText(passphrase)
        window.lock_screen.unlock.click()

    QTimer.singleShot(50, look)


def test_a_locked_start_opens_with_the_passphrase_and_is_unlocked_then(qapp, folder):
    typing(LockedWindow, PASSPHRASE)
    made = start.open_workspace(Wish(folder))
    assert made is not None
    assert made.workspace.records.find is not None
    assert made.code == ""
    made.end()
    assert not Memory(folder).locked


def test_a_locked_start_that_is_closed_stays_locked(qapp, folder):
    def look() -> None:
        next(w for w in qapp.topLevelWidgets() if isinstance(w, LockedWindow)).lock_screen.leave.click()

    QTimer.singleShot(50, look)
    assert start.open_workspace(Wish(folder)) is None
    assert Memory(folder).locked


def test_a_damaged_workspace_behind_the_lock_leads_to_the_backup(qapp, folder):
    raw = bytearray((folder / "holdfast.db").read_bytes())
    raw[:4096] = os.urandom(4096)
    (folder / "holdfast.db").write_bytes(bytes(raw))
    typing(LockedWindow, PASSPHRASE)
    with pytest.raises(StoreDamaged):
        start.open_workspace(Wish(folder))


def test_a_window_that_was_behind_does_not_jump_before_others(qtbot, folder):
    memory = Memory(folder)
    memory.standing = "minimised"
    memory.save()
    window = LockedWindow(lambda typed: Workspace.open(folder, typed), Memory(folder))
    qtbot.addWidget(window)
    seen = []

    def look() -> None:
        seen.append(window.isMinimized())
        window.close()

    QTimer.singleShot(50, look)
    assert window.ask() is None
    assert seen == [True]
    assert Memory(folder).standing == "front"


# -- a workspace on a share -------------------------------------------------------------------------------------


def test_a_workspace_on_a_share_is_offered_on_this_computer(qapp, empty_workspace, monkeypatch, tmp_path):
    empty_workspace.close()
    share = Machine(False, ((str(empty_workspace.folder), "cifs"),))
    monkeypatch.setattr(ground, "this_machine", lambda: share)
    monkeypatch.setenv("HOLDFAST_PASSPHRASE", PASSPHRASE)
    asked = []

    def agree(*words: Any, **_how: Any) -> bool:
        asked.append(words)
        return True

    monkeypatch.setattr(start, "ask", agree)
    with pytest.raises(WrongGround, match="network drive") as refused:
        start.open_workspace(Wish(empty_workspace.folder))
    made = start._without(refused.value, empty_workspace.folder)
    assert made is not None
    assert made.workspace.folder != empty_workspace.folder
    assert made.workspace.care.doctor() == []
    assert str(made.workspace.folder) in asked[0][2]
    made.end()
