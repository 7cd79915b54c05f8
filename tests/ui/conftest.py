"""What the window's tests stand on: the theme, a practice portal, a real workspace that has read from it, a window.

Nothing here sleeps: `settle` waits until no operation is under way. Qt warnings fail a test (pyproject.toml).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.practice.server import PROVIDER_NAME, PROVIDER_UKPRN, PracticePortal
from desktop.services.views import Organisation, RecordQuery
from desktop.services.workspace import Workspace
from desktop.ui.main_window import MainWindow
from desktop.ui.operations import Operations
from desktop.ui.run import settle as settle_window
from desktop.ui.theme import apply_theme

EVE_OF_CENSUS = datetime(2026, 10, 13, 13, 2, tzinfo=UTC)
SIZE = 30
WAIT_MS = 15_000


@dataclass
class HandClock:
    """Time that stands still until a test moves it."""

    now: datetime = EVE_OF_CENSUS

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(autouse=True)
def _plain_look(qapp):
    """Each test begins light, at 100 %, comfortable, with no window of the one before."""
    apply_theme(qapp, "light", 100, "comfortable")
    yield
    for widget in QApplication.topLevelWidgets():
        widget.close()
        widget.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def portal(clock):
    """A practice portal with a few trainees, on the eve of the census."""
    with PracticePortal(size=SIZE, seed=2026, clock=clock) as running:
        running.control.limits(None)
        yield running


@pytest.fixture
def empty_workspace(tmp_path, monkeypatch, clock, portal):
    """A workspace that is connected and has read nothing yet."""
    monkeypatch.setenv("HOLDFAST_TEST_TOKEN", portal.token)
    monkeypatch.setenv("HOLDFAST_SETTLE_S", "0")
    organisation = Organisation(PROVIDER_NAME, "hei", PROVIDER_UKPRN)
    workspace = Workspace.create(
        tmp_path / "workspace", organisation, "practice", clock=clock, actor="Priya Nandakumar"
    )
    workspace.portals.connect("trainees", portal.register_url, token_env="HOLDFAST_TEST_TOKEN")
    yield workspace
    workspace.close()


@pytest.fixture
def workspace(empty_workspace):
    """A workspace that has read everything."""
    empty_workspace.sync.run("trainees")
    return empty_workspace


@pytest.fixture
def editable(workspace):
    """Records that the portal still takes edits of, in list order."""

    def found():
        query = RecordQuery("trainees", filters={"state": ("trn_received", "submitted_for_trn")})
        return workspace.records.rows(workspace.records.find(query))

    return found


@pytest.fixture
def operations():
    """Work in the background, for a window that is not the main one."""
    made = Operations()
    yield made
    made.close()


@pytest.fixture
def settle() -> Callable[[MainWindow], None]:
    """Wait until nothing is under way in a window."""
    return settle_window


@pytest.fixture
def make_window(qtbot, settle):
    """Open windows on workspaces; all of them are closed after the test."""
    made = []

    def make(workspace, page: str = "home", size: tuple[int, int] = (1440, 900), **where) -> MainWindow:
        window = MainWindow(workspace, automatic=False)
        made.append(window)
        qtbot.addWidget(window)
        window.resize(*size)
        window.show()
        window.start(page, **where)
        settle(window)
        return window

    yield make
    for window in made:
        window.close()


@pytest.fixture
def window(make_window, workspace, request):
    """A window on a workspace that has read everything, on the page that the mark `opens` names, else on Home."""
    mark = request.node.get_closest_marker("opens")
    return make_window(workspace, *(mark.args if mark else ()))


@pytest.fixture
def done(window, settle):
    """Wait until nothing is under way in the window, nor will be once Qt has had its turn."""

    def wait():
        QTest.qWait(0)
        settle(window)

    return wait


@pytest.fixture
def in_front(window, settle, qtbot):
    """Wait until the window has settled and has the keyboard, and give the page that it shows."""

    def wait():
        settle(window)
        window.activateWindow()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
        return window.stack.page

    return wait


@pytest.fixture
def records_page(in_front):
    """Records, with the keyboard in the list; for files marked `opens("records")`."""
    page = in_front()
    page.table.setFocus()
    return page


@pytest.fixture
def open_record(window, in_front):
    """Go to a record, or to a blank one, and give its page."""

    def show(record_id=None, **where):
        window.go("record", **({"record_id": record_id} if record_id else {}), **where)
        return in_front()

    return show
