"""The frame around the screens: where one can go, what the strip says, and that everything works by keyboard."""

import ast
import threading
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QWidget

import desktop
from desktop.model.document import Patch
from desktop.model.errors import DiskFull
from desktop.model.verdict import PortalState
from desktop.services.views import Changed
from desktop.ui.shell.announcer import Announcer
from desktop.ui.shell.crash import CrashDialog
from desktop.ui.shell.go_to import GoTo
from desktop.ui.shell.keys import next_area
from desktop.ui.shell.memory import Memory
from desktop.ui.shell.places import visible
from desktop.ui.shell.relay import Relay, merge
from desktop.ui.theme import theme
from desktop.ui.trouble import explain

PAGES = ("home", "records", "needs", "waiting", "checks", "activity", "settings")


def name_of(widget: QWidget) -> str:
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def focusables(root: QWidget) -> list[QWidget]:
    return [
        widget
        for widget in root.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible()
    ]


def by_arrows(widget: QWidget) -> bool:
    """Whether Tab leaves it out because arrow keys lead to it: one of an exclusive group that is not chosen."""
    return isinstance(widget, QAbstractButton) and widget.group() is not None and not widget.isChecked()


# -- walking --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_everything_that_takes_the_keyboard_has_a_name(make_window, workspace, portal, page):
    portal.control.fault("maintenance")
    workspace.sync.run("trainees")
    window = make_window(workspace, page)
    found = focusables(window)
    assert len(found) >= 4
    nameless = [type(widget).__name__ for widget in found if not name_of(widget).strip()]
    assert nameless == []
    assert [name_of(widget) for widget in found if name_of(widget).endswith(":")] == []


@pytest.mark.parametrize("page", PAGES)
def test_tab_walks_through_everything_in_reading_order(qtbot, make_window, workspace, page):
    window = make_window(workspace, page)
    wanted = {widget for widget in focusables(window) if widget.isEnabled() and not by_arrows(widget)}
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.rail.focus_first()
    walked = []
    for _ in range(len(wanted) + 5):
        widget = QApplication.focusWidget()
        if widget is None or widget in walked:
            break
        walked.append(widget)
        window.focusNextChild()
    assert wanted <= set(walked)
    areas = (window.rail, window.strip, window.stack)
    order = [next(n for n, area in enumerate(areas) if area.isAncestorOf(widget)) for widget in walked]
    turns = sum(one != other for one, other in pairwise(order))
    assert turns <= 3, "rail, strip and page are each walked in one go"


@pytest.mark.parametrize("size", [(640, 440), (682, 466), (900, 650), (1440, 900), (2560, 1440)])
@pytest.mark.parametrize("text_size", [100, 130])
def test_no_page_is_wider_than_the_window(make_window, workspace, settle, size, text_size):
    theme().set(scale=text_size)
    window = make_window(workspace, "home", size)
    for page in PAGES:
        window.go(page)
        settle(window)
        assert window.width() == size[0]
        inside = [w for w in window.stack.page.findChildren(QWidget) if w.isVisible() and w.isEnabled()]
        edge = window.stack.width() + 1
        too_wide = [w for w in inside if w.mapTo(window.stack, QPoint(w.width(), 0)).x() > edge]
        assert [type(w).__name__ for w in too_wide] == [], page


# -- going ----------------------------------------------------------------------------------------------


def test_keys_go_to_the_screens_of_the_rail(qtbot, window, settle):
    qtbot.keyClick(window, Qt.Key.Key_4, Qt.KeyboardModifier.ControlModifier)
    settle(window)
    assert window.stack.name == "waiting"
    assert window.rail.item("waiting").isChecked()
    qtbot.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    settle(window)
    assert window.stack.name == "home"


def test_back_at_the_beginning_stays(window):
    window.go_back()
    assert window.stack.name == "home"


def test_a_page_that_may_not_be_left_stays(window, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(window.stack.page, "may_leave", lambda: False)
        window.go("waiting")
        assert window.stack.name == "home"
        assert not window.close()


def test_f6_goes_from_area_to_area(qtbot, window):
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.rail.focus_first()
    seen = []
    for _ in range(4):
        focus = QApplication.focusWidget()
        seen.append(next(n for n in ("rail", "strip", "stack") if getattr(window, n).isAncestorOf(focus)))
        qtbot.keyClick(window, Qt.Key.Key_F6)
    assert seen == ["rail", "strip", "stack", "rail"]


def test_next_area_of_nothing_is_none():
    assert next_area([], 1) is None


def test_go_to_finds_screens_and_people(qtbot, window, editable, settle):
    someone = editable()[0]
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    dialog = window.findChild(GoTo)
    qtbot.keyClicks(dialog.field, "check")
    assert dialog.list.item(0).text() == "Checks"
    dialog.field.clear()
    qtbot.keyClicks(dialog.field, someone.label.partition(",")[0])
    qtbot.waitUntil(
        lambda: any(someone.label in dialog.list.item(n).text() for n in range(dialog.list.count()))
    )
    with qtbot.waitSignal(dialog.goal_chosen) as told:
        qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    assert told.args[0].where["record_id"]
    settle(window)


# -- the strip -------------------------------------------------------------------------------------------


def test_strip_and_counters_say_what_waits(window, workspace, portal, editable, settle):
    portal.control.fault("maintenance")
    row = editable()[0]
    workspace.records.edit(row.id, Patch({"email": "moved@mail.example"}))
    window.sync_now()
    settle(window)
    assert window.strip.line.kind == "broken"
    assert window.strip.button.words == "Try now"
    assert window.rail.item("waiting").accessible() == "Waiting, 1 to do"
    said = window.strip.accessibleDescription()
    assert said.startswith("Everything is saved here. Register trainee teachers is down since ")
    assert said.endswith("1 change waiting.")


def test_strip_is_whole_when_the_portal_answers(window):
    assert window.strip.line.kind == "whole"
    assert window.strip.button.words == "Sync now"
    assert window.strip.accessibleDescription().endswith("Nothing waiting.")


def test_f5_asks_the_portal_and_says_what_was_confirmed(qtbot, window, workspace, editable, settle):
    workspace.records.edit(editable()[0].id, Patch({"email": "moved@mail.example"}))
    qtbot.keyClick(window, Qt.Key.Key_F5)
    settle(window)
    assert workspace.queue.summary().count == 0
    assert window.toast.words == "1 change confirmed by the portal."


def test_only_a_save_that_failed_turns_the_strip_red(window, workspace, editable, settle):
    window.operations.trouble_found.emit(explain(DiskFull("no room")))
    assert "Not saved" in window.strip.spoken()
    assert window.banner.isVisible()
    workspace.records.edit(editable()[0].id, Patch({"email": "moved@mail.example"}))
    settle(window)
    assert "Everything is saved here" in window.strip.spoken()


@pytest.mark.parametrize(
    ("mode", "state"),
    [("refuse", PortalState.DOWN), ("captive", PortalState.CAPTIVE), ("unauthorised", PortalState.SIGN_IN)],
)
def test_trouble_of_each_kind_has_its_words(window, portal, settle, mode, state):
    portal.control.fault(mode)
    window.sync_now()
    settle(window)
    assert window.status.standing.home.portals[0].state == state
    assert window.strip.line.kind == "broken"
    assert window.strip.isVisible()


@pytest.mark.parametrize(("width", "height"), [(700, 36), (900, 40), (1200, 52)])
def test_strip_gets_shorter_but_never_goes_away(make_window, workspace, width, height):
    window = make_window(workspace, size=(width, 700))
    assert window.strip.isVisible()
    assert window.strip.height() == height


# -- speaking ----------------------------------------------------------------------------------------------


@pytest.fixture
def spoken(monkeypatch):
    said = []

    def speak(self, words, politeness):
        said.append((words, politeness))
        self._since.restart()

    monkeypatch.setattr(Announcer, "_speak", speak)
    return said


def test_portal_down_and_back_is_said_aloud(window, portal, settle, spoken):
    portal.control.fault("maintenance")
    window.sync_now()
    settle(window)
    assert spoken[0][0].startswith("Register trainee teachers is down.")
    assert spoken[0][1] == QAccessible.AnnouncementPoliteness.Polite


# -- news ----------------------------------------------------------------------------------------------------


class Listened:
    """A workspace of which only `subscribe` is used."""

    def __init__(self):
        self.listeners = []

    def subscribe(self, listener):
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)


def test_news_from_other_threads_is_gathered_into_one(qtbot):
    source = Listened()
    relay = Relay(cast("Any", source))
    with qtbot.waitSignal(relay.changed) as told:
        for name in ("a", "b", "c"):
            changed = Changed(frozenset({name}), queue=name == "b", portals=False)
            thread = threading.Thread(target=source.listeners[0], args=(changed,))
            thread.start()
            thread.join()
    assert told.args[0] == Changed(frozenset("abc"), queue=True, portals=False)
    relay.close()
    assert source.listeners == []


def test_many_records_and_some_are_many():
    some, many = Changed(frozenset("a"), False, False), Changed(None, False, True)
    assert merge(some, many) == Changed(None, False, True)


# -- looks and memory --------------------------------------------------------------------------------------------


def test_memory_takes_nonsense_for_nothing(tmp_path):
    (tmp_path / "window.ini").write_text("[look]\nmode=pink\ntext_size=999\ndensity=7\n", encoding="utf-8")
    memory = Memory(tmp_path)
    assert (memory.mode, memory.text_size, memory.density) == ("system", 100, None)


def test_window_remembers_its_place_and_no_people(make_window, workspace, editable):
    window = make_window(workspace, size=(1_000, 700))
    window.go("waiting")
    window.close()
    text = (workspace.folder / "window.ini").read_text(encoding="utf-8")
    assert "place" in text
    for row in editable():
        assert row.label.partition(",")[0] not in text


HERE, GONE = QRect(0, 0, 1920, 1040), QRect(1920, 0, 1920, 1040)


@pytest.mark.parametrize(
    ("place", "screens", "found"),
    [
        (QRect(100, 100, 1440, 900), [HERE], QRect(100, 100, 1440, 900)),
        (QRect(2000, 100, 1440, 900), [HERE, GONE], QRect(2000, 100, 1440, 900)),
        (QRect(2000, 100, 1440, 900), [HERE], QRect(240, 70, 1440, 900)),
        (QRect(100, -500, 1440, 900), [HERE], QRect(240, 70, 1440, 900)),
        (QRect(5000, 5000, 3000, 2000), [HERE], HERE),
    ],
)
def test_a_window_whose_screen_is_gone_comes_back_to_one(place, screens, found):
    assert visible(place, screens, (640, 440)) == found


def test_no_class_of_the_shell_has_thirty_methods():
    root = Path(desktop.__file__).parent / "ui"
    files = [root / "main_window.py", *(root / "shell").glob("*.py"), *(root / "first_run").glob("*.py")]
    files += (root / "settings").glob("*.py")
    sizes = {
        node.name: sum(isinstance(part, ast.FunctionDef) for part in node.body)
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    }
    assert {name: size for name, size in sizes.items() if size >= 30} == {}


def test_low_windows_are_compact(make_window, workspace):
    make_window(workspace, size=(1_200, 500))
    assert theme().density == "compact"


# -- ends ---------------------------------------------------------------------------------------------------------


def test_bug_shows_one_report_and_later_bugs_join_it(qtbot, window):
    window.operations.bug_found.emit("first report")
    window.operations.bug_found.emit("second report")
    dialog = window.findChild(CrashDialog)
    assert "first report" in dialog.report
    assert "second report" in dialog.report
    dialog.accept()
    qtbot.waitUntil(lambda: window.dialogs._crash is None)
    assert window.isVisible()


def test_close_ends_all_work_and_keeps_the_queue(make_window, workspace, portal, editable):
    window = make_window(workspace)
    workspace.records.edit(editable()[0].id, Patch({"email": "moved@mail.example"}))
    portal.control.fault("slow", seconds=0.3)
    window.sync_now()
    window.close()
    assert not window.operations.busy
    left = workspace.queue.items()
    view = workspace.records.view(editable()[0].id)
    assert left or view.document.fields["email"] == "moved@mail.example"


def test_dialogs_close_with_escape(qtbot, window):
    window.ways.go_to()
    dialog = window.findChild(GoTo)
    with qtbot.waitSignal(dialog.finished):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.result() == QDialog.DialogCode.Rejected


# -- after a crash -----------------------------------------------------------------------------------------------


def test_after_a_crash_everything_is_looked_at(make_window, workspace, settle):
    """D26: the person hears that it was checked."""
    workspace._store.was_cut_off = True
    window = make_window(workspace)
    settle(window)
    assert window.toast.words.startswith("Holdfast had not been closed properly")


def test_what_is_found_after_a_crash_is_said_gravely(make_window, workspace, settle, monkeypatch):
    workspace._store.was_cut_off = True
    monkeypatch.setattr(workspace.care, "doctor", lambda: ["Journal row 7 was changed."])
    window = make_window(workspace)
    settle(window)
    assert window.banner.isVisible()
    assert "Journal row 7" in window.banner.text


def test_records_out_of_step_are_told_and_sending_stops(make_window, workspace, editable, settle):
    """D29."""
    row = editable()[0]
    workspace.records.edit(row.id, Patch({"email": "moved@mail.example"}))
    with workspace._store.write() as unit:
        unit.connection.exec_driver_sql("DELETE FROM changes")
    window = make_window(workspace)
    window.sync_now()
    settle(window)
    assert window.banner.title.startswith("Sending is paused")
    assert workspace.queue.summary().paused
