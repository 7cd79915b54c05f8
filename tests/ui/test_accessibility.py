"""Every page and dialog by keyboard, for a reader, in every size: a walk over all that can have the keyboard.

Contrast is computed in test_theme and test_tokens; what a screen reader is really sent in tests/access.
"""

import io
from datetime import date

import pytest

from desktop.cli.story import chapters
from desktop.cli.story.stage import Stage
from desktop.model.document import Patch
from desktop.model.timetable import Timetable
from desktop.services.views import RecordQuery
from desktop.ui.deadlines.add_dialog import AddDeadlineDialog
from desktop.ui.first_run.wizard import Wizard
from desktop.ui.help.window import HelpWindow
from desktop.ui.pages import page_specs
from desktop.ui.parts.ask import Question
from desktop.ui.records.bulk_dialog import BulkDialog
from desktop.ui.records.paste_dialog import PasteDialog
from desktop.ui.records.saved_dialogs import NameDialog, OwnFilters
from desktop.ui.shell.crash import CrashDialog
from desktop.ui.shell.go_to import GoTo
from desktop.ui.theme import theme
from desktop.ui.unlock import UnlockDialog
from desktop.ui.waiting.timetable_dialog import TimetableDialog
from tests.ui import walking

PAGES = [spec.name for spec in page_specs()]
SIZES = {
    "100 %": (1440, 900, 100),
    "150 %": (960, 600, 100),
    "200 %": (720, 450, 100),
    "large text": (1024, 700, 130),
}


@pytest.fixture(scope="module")
def lived_in():
    """A workspace in the middle of things: confirmed, waiting, draft, conflict, refused, and a portal that was out."""
    patch = pytest.MonkeyPatch()
    patch.setenv("HOLDFAST_SETTLE_S", "0")
    with Stage(None, io.StringIO()) as stage:
        cast = chapters.first_pull(stage)
        chapters.outage_begins(stage)
        chapters.edits(stage, cast)
        chapters.additions(stage, cast)
        chapters.actions_and_money(stage, cast)
        chapters.colleagues(stage, cast)
        chapters.back_busy_then_well(stage, cast)
        draft, waiting = (view.id for view in stage.editable()[-2:])
        stage.workspace.records.edit(draft, Patch({"email": "nobody"}))
        stage.workspace.records.edit(waiting, Patch({"middle_names": "Quill"}))
        yield stage.workspace
    patch.undo()


@pytest.fixture
def show(qtbot, make_window, lived_in):
    """A page of the lived-in workspace, in a window of a size."""

    def open_page(name, size="100 %"):
        width, height, scale = SIZES[size]
        theme().set(scale=scale)
        where = {}
        if name == "record":
            records = lived_in.records
            draft = records.rows(records.find(RecordQuery("trainees", filters={"sync": "draft"})))[0]
            where = {"record_id": draft.id}
        window = make_window(lived_in, name, (width, height), **where)
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    return open_page


def _none(faults):
    assert not faults, "\n".join(["faults:", *faults])


@pytest.mark.parametrize("name", PAGES)
def test_all_that_takes_the_keyboard_has_a_name_and_a_role(show, name):
    _none(walking.nameless(show(name)))


@pytest.mark.parametrize("name", PAGES)
def test_tab_reaches_everything_in_reading_order_and_comes_round(show, name):
    window = show(name)
    order, traps = walking.walked(window, window.rail.items[0])
    _none(traps)
    _none(walking.not_reached(window, order))
    _none(walking.out_of_order(window, order))


@pytest.mark.parametrize("name", PAGES)
def test_what_has_the_keyboard_can_be_seen(show, name):
    window = show(name)
    order, _ = walking.walked(window, window.rail.items[0])
    _none(walking.without_ring(window, order))


@pytest.mark.parametrize("name", PAGES)
def test_letters_lead_to_one_place_and_states_have_words(show, name):
    window = show(name)
    _none(walking.mnemonics(window))
    _none(walking.wordless_states(window))
    _none(walking.undescribed(window))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_cut_or_too_small_to_hit(show, name, size):
    window = show(name, size)
    _none(walking.clipped(window))
    _none(walking.small_targets(window))


def _ask(window, workspace):
    return Question("Discard this draft?", "It is not kept anywhere else.", "Discard", "Keep it", window)


def _dialogs():
    """Name -> what makes it over a window."""
    today = date(2026, 10, 13)
    return {
        "ask": _ask,
        "crash": lambda window, _: CrashDialog("Holdfast crash report", window),
        "go to": lambda window, workspace: GoTo(workspace, window.operations, page_specs(), (), window),
        "timetable": lambda window, _: TimetableDialog(Timetable(), "Register", window),
        "unlock": lambda window, workspace: UnlockDialog(lambda _typed: workspace, window.operations, window),
        "first run": lambda window, workspace: Wizard(
            workspace.folder / "new", window.operations, None, window
        ),
        "help": lambda window, _: HelpWindow(lambda: iter(()), window),
        "change many": lambda window, workspace: BulkDialog(
            workspace.collection("trainees"), 3, today, window
        ),
        "paste": lambda window, workspace: PasteDialog(workspace.collection("trainees"), window),
        "name a filter": lambda window, _: NameDialog("Save this filter", "Give it a name", "Save", window),
        "own filters": lambda window, _: OwnFilters(window),
        "add a deadline": lambda window, _: AddDeadlineDialog("trainees", "Trainees", 2026, today, window),
    }


@pytest.mark.parametrize("size", ["100 %", "200 %", "large text"])
@pytest.mark.parametrize("name", _dialogs())
def test_dialogs(qtbot, show, lived_in, name, size):
    window = show("home", size)
    dialog = _dialogs()[name](window, lived_in)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    found = walking.focusables(dialog)
    assert found, "nothing takes the keyboard"
    order, traps = walking.walked(dialog, dialog.focusWidget() or found[0])
    _none(traps)
    _none(walking.nameless(dialog))
    _none(walking.not_reached(dialog, order))
    _none(walking.without_ring(dialog, order))
    _none(walking.mnemonics(dialog))
    _none(walking.clipped(dialog))
    _none(walking.small_targets(dialog))
    assert dialog.windowTitle() or dialog.accessibleName(), "the dialog has no name"
