"""The practice strip on a real practice portal; autosync; opening a workspace; pictures."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QImage
from PySide6.QtWidgets import QDialog

from desktop.model.document import Patch
from desktop.model.errors import WrongPassphrase
from desktop.model.timetable import Why
from desktop.model.verdict import PortalState
from desktop.services.views import Organisation, SyncReport
from desktop.services.workspace import Workspace
from desktop.sync.timetable import APART
from desktop.ui.autosync import LONGEST_STEP_MS, AutoSync
from desktop.ui.operations import Operations
from desktop.ui.practice_strip import FAULTS, UP, PracticeStrip
from desktop.ui.run import Shot, screenshots
from desktop.ui.unlock import UnlockDialog

# -- practice ------------------------------------------------------------------------------------------------


@pytest.fixture
def strip(window, workspace, portal, settle):
    made = PracticeStrip(portal.control, workspace, window.operations, window)
    window.add_practice(made)
    settle(window)
    return made


def state(window):
    return window.status.standing.home.portals[0].state


def test_practice_is_clearly_marked(strip):
    assert strip.accessibleName() == "Practice"
    assert strip.isVisible()
    assert not strip.back.isEnabled()


def test_a_portal_that_is_down_already_can_be_brought_back(window, workspace, portal, settle):
    portal.control.fault("maintenance")
    strip = PracticeStrip(portal.control, workspace, window.operations, window)
    window.add_practice(strip)
    settle(window)
    assert strip.back.isEnabled()
    strip.back.click()
    settle(window)
    assert portal.control.fault_mode() == "up"


# Left out: "busy", after which nobody may ask again for as long as the portal said; "slow", which only takes time.
LASTING = [fault for fault in FAULTS if not fault.count and fault.mode not in {"slow", "busy"}]


@pytest.mark.parametrize("fault", LASTING, ids=lambda f: f.mode)
def test_taking_the_portal_down_and_bringing_it_back(strip, window, settle, fault):
    strip.set_fault(fault)
    settle(window)
    assert state(window) != PortalState.UP
    assert strip.back.isEnabled()
    strip.back.click()
    settle(window)
    assert state(window) == PortalState.UP
    assert not strip.back.isEnabled()


def test_colleague_edits_another_field_and_both_stay(strip, window, workspace, portal, editable, settle):
    row = editable()[0]
    portal.control.fault("maintenance")
    workspace.records.edit(row.id, Patch({"last_name": "Newname"}))
    portal.control.fault("up")
    strip.edit_as_colleague(same=False)
    settle(window)
    view = workspace.records.view(row.id)
    assert view.conflict is None
    assert view.document.fields["last_name"] == "Newname"
    assert view.document.fields["email"].startswith("from.the.portal")


def test_colleague_edits_the_same_field_and_a_person_must_decide(strip, window, workspace, editable, settle):
    row = editable()[0]
    workspace.records.edit(row.id, Patch({"last_name": "Newname"}))
    strip.edit_as_colleague(same=True, record_id=row.id)
    settle(window)
    assert workspace.records.view(row.id).conflict is not None
    assert window.rail.item("needs").accessible() == "Needs you, 1 to do"


def test_colleague_needs_a_change_to_clash_with(strip, window, settle):
    strip.edit_as_colleague(same=True)
    settle(window)
    assert window.banner.isVisible()
    assert window.banner.title == "Nothing of yours waits"


def test_lost_reply_is_settled_by_reading(strip, window, workspace, portal, editable, settle):
    workspace.records.edit(editable()[0].id, Patch({"last_name": "Newname"}))
    strip.set_fault(next(f for f in FAULTS if f.match == "PUT /trainees"))
    settle(window)
    for _ in range(3):
        window.sync_now()
        settle(window)
    assert workspace.queue.summary().count == 0
    writes = [r for r in portal.control.requests() if r["method"] == "PUT" and r["effect"]]
    assert len(writes) == 1


def test_reset_puts_the_portal_back(strip, window, portal, settle):
    before = portal.control.trainees()[0]
    portal.control.edit(before["trainee_id"], last_name="Elsewhere")
    strip.reset.click()
    settle(window)
    assert portal.control.trainees()[0]["last_name"] == before["last_name"]


@pytest.mark.parametrize("opens", [True, False])
def test_strip_opens_the_portals_web_pages_or_says_where_they_are(strip, window, portal, monkeypatch, opens):
    asked = []

    def open_url(url):
        asked.append(url.toString())
        return opens

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    strip.pages.click()
    assert asked == [portal.web_url]
    assert (portal.web_url in window.toast.words) is not opens


def test_a_school_opens_the_website_of_its_own_portal(
    qtbot, window, portal, tmp_path, clock, settle, monkeypatch
):
    asked = []

    def open_url(url):
        asked.append(url.toString())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    for chosen in (("ects",), ("ects", "trainees")):
        organisation = Organisation("Northmoor Academy", "school", "", "740113", chosen)
        folder = tmp_path / "-".join(chosen)
        with closing(
            Workspace.create(folder, organisation, "practice", clock=clock, remember=False)
        ) as school:
            strip = PracticeStrip(portal.control, school, window.operations, window)
            qtbot.addWidget(strip)
            settle(window)
            assert strip.colleague.isHidden() == (chosen == ("ects",))
            if chosen == ("ects",):
                strip.pages.click()
            else:
                for action in strip.pages.menu().actions():
                    action.trigger()
            strip.set_fault(next(f for f in FAULTS if f.mode == "maintenance"))
            settle(window)
            assert portal.control.ects.fault_mode() == "maintenance"
            strip.reset.click()
            settle(window)
            assert portal.control.ects.fault_mode() == "up"
    assert asked == [portal.ects_url, portal.ects_url, portal.web_url]


def test_strip_says_less_in_a_narrow_window(strip, window):
    window.resize(1_440, 900)
    assert strip.faults.words == "Trouble at the portal"
    window.resize(700, 500)
    assert strip.faults.text().strip() == "Trouble"
    assert strip.faults.accessibleName() == "Trouble at the portal"


def test_up_is_not_on_the_menu_of_troubles():
    assert UP not in FAULTS
    assert len({fault.words for fault in FAULTS}) == len(FAULTS)


# -- autosync ----------------------------------------------------------------------------------------------------


@pytest.fixture
def operations():
    made = Operations()
    yield made
    made.close()


def test_changes_are_sent_by_themselves(qtbot, operations, workspace, editable, clock):
    sync = AutoSync(workspace, operations)
    workspace.records.edit(editable()[0].id, Patch({"last_name": "Newname"}))
    due = workspace.sync.due()
    assert due.why is Why.CHANGE
    clock.now += timedelta(seconds=5)
    with qtbot.waitSignal(sync.ended) as told:
        sync.plan(due)
    assert told.args[0].pushed == 1
    sync.close()


def test_next_pass_waits_for_the_portals_own_time(operations, workspace, portal):
    portal.control.fault("maintenance")
    workspace.sync.run("trainees")
    portal_view = workspace.portals.view("trainees")
    due = workspace.sync.due()
    assert (due.at, due.why) == (max(portal_view.next_check, workspace.now() + APART), Why.BACK)
    sync = AutoSync(workspace, operations)
    sync.plan(due)
    assert 0 < sync._timer.remainingTime() <= LONGEST_STEP_MS
    assert not sync.running
    sync.close()
    assert not sync._timer.isActive()


def test_a_computer_that_slept_asks_as_soon_as_it_wakes(qtbot, operations, workspace, clock):
    """P6: the alarm was set for later; the clock on the wall says it is past."""
    sync = AutoSync(workspace, operations)
    sync.plan(workspace.sync.due())
    assert not sync.running
    clock.now += timedelta(hours=9)
    with qtbot.waitSignal(sync.ended):
        sync._timer.start(0)
    sync.close()


def test_what_a_person_must_mend_is_not_tried_again_for_every_edit(
    qtbot, operations, workspace, editable, monkeypatch
):
    sync = AutoSync(workspace, operations)
    monkeypatch.delenv("HOLDFAST_TEST_TOKEN")
    with qtbot.waitSignals([sync.failed, sync.stopped], order="strict"):
        sync.run_now()
    workspace.records.edit(editable()[0].id, Patch({"last_name": "Newname"}))
    due = workspace.sync.due()
    assert due.why is Why.LOOK
    assert due.at - workspace.now() > timedelta(minutes=5)
    sync.close()


def test_nothing_goes_by_itself_while_it_is_paused(operations, workspace):
    sync = AutoSync(workspace, operations)
    workspace.queue.pause()
    sync.plan(workspace.sync.due())
    assert not sync._timer.isActive()
    workspace.queue.resume()
    sync.plan(workspace.sync.due())
    assert sync._timer.isActive()
    sync.close()


def test_two_wishes_at_once_make_one_pass_after_the_other(qtbot, operations, workspace):
    sync = AutoSync(workspace, operations)
    with qtbot.waitSignals([sync.ended, sync.ended, sync.stopped], order="strict"):
        sync.run_now()
        sync.run_now()
        sync.run_now()
    assert not sync.running
    sync.close()


def test_a_pass_by_itself_makes_way_for_a_persons(qtbot, operations, workspace):
    sync = AutoSync(workspace, operations)
    reports: list[SyncReport] = []
    sync.ended.connect(reports.append)
    with qtbot.waitSignal(sync.stopped):
        sync.run_now(by_person=False)
        sync.run_now()
    assert reports[-1].state is PortalState.UP
    assert not reports[-1].cancelled
    sync.close()


# -- opening -------------------------------------------------------------------------------------------------------


def test_wrong_passphrase_is_told_beside_the_field(qtbot, operations):
    tried = []

    def open_with(passphrase):
        tried.append(passphrase)
        raise WrongPassphrase("no")

    dialog = UnlockDialog(open_with, operations)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.do.click()
    assert dialog.entry.message.text() == "Enter the passphrase."
    qtbot.keyClicks(dialog.entry.field, "wrong")
    qtbot.keyClick(dialog.entry.field, Qt.Key.Key_Return)
    qtbot.waitUntil(
        lambda: dialog.entry.message.text().startswith("That passphrase does not open these records")
    )
    assert tried == ["wrong"]
    assert dialog.entry.field.property("state") == "err"
    assert dialog.do.isEnabled()


def test_right_passphrase_opens(qtbot, operations, workspace, clock):
    workspace.close()
    dialog = UnlockDialog(lambda typed: Workspace.open(workspace.folder, typed, clock=clock), operations)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.entry.field.setText("practice")
    with qtbot.waitSignal(dialog.finished):
        dialog.do.click()
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert dialog.workspace is not None
    assert dialog.workspace.organisation == workspace.organisation
    dialog.workspace.close()


# -- pictures ---------------------------------------------------------------------------------------------------------


def test_screenshots_are_drawn_at_their_size_and_scale(workspace, tmp_path):
    shots = [
        Shot("home", "home", size=(1_000, 700)),
        Shot("home-dark", "home", size=(1_000, 700), scale=1.5, mode="dark"),
    ]
    made = screenshots(workspace, tmp_path, shots)
    assert [path.name for path in made] == ["home.png", "home-dark.png"]
    plain, dark = (QImage(str(Path(path))) for path in made)
    assert (plain.width(), plain.height()) == (1_000, 700)
    assert (dark.width(), dark.height()) == (1_500, 1_050)
    assert plain.pixelColor(10, 500).lightness() > 200
    assert dark.pixelColor(15, 750).lightness() < 60
