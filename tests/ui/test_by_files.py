"""The screens of an office without API: nothing speaks of a connection that there will never be."""

import pytest

from desktop.model.document import Patch
from desktop.services.views import RecordQuery
from desktop.ui.home.statement import sentence, steps, title
from tests.ui.test_web_reading import export, workspace

__all__ = ["export", "workspace"]


@pytest.fixture
def window(make_window, workspace, export):
    workspace.web_reading.load(workspace.web_reading.read(export()))
    return make_window(workspace, "home")


def test_home_says_that_all_is_there_and_how_work_travels(window, workspace):
    home = workspace.home()
    assert title(home).endswith("everything is at the portal")
    assert "Hand-over shows what to type and upload on Register’s website." in sentence(home)
    assert [step.page for step in steps(home, None)] == [""]


def test_what_waits_leads_to_hand_over(window, workspace):
    row = workspace.records.page(RecordQuery("trainees", filters={"state": ("trn_received",)}), 1)[0]
    workspace.records.edit(row.id, Patch({"email": "new@example.org"}))
    (step,) = steps(workspace.home(), None)
    assert (step.words, step.page) == ("Type or upload the one that waits on Register’s website.", "handover")


def test_the_strip_asks_for_no_connection(window):
    strip = window.strip
    assert strip.line.kind == "carried"
    assert not strip.button.isVisible()
    assert "connected" not in strip.spoken()


def test_a_line_at_the_bottom_stays_over_the_page_that_one_goes_to(window, settle):
    window.toast.say("Imported 4 rows", "Undo")
    window.go("checks")
    settle(window)
    parts = [child for child in window.stack.children() if child.isWidgetType()]
    assert parts[-1] is window.toast, "the last child is drawn on top"
