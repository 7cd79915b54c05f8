"""Every page and dialog by keyboard, for a reader, in every size: a walk over all that can have the keyboard.

Contrast is computed in test_theme and test_tokens; what a screen reader is really sent in tests/access.
"""

import io
from datetime import date

import pytest

from desktop.cli.story import chapters
from desktop.cli.story.stage import Stage
from desktop.model.document import Patch
from desktop.model.errors import WrongPassphrase
from desktop.model.finding import Suggestion
from desktop.model.person import ALL_ROLES, Person, Role, Sitting
from desktop.model.timetable import Timetable
from desktop.services.deciding import members_of
from desktop.services.fixing import Fix
from desktop.services.restoring import BackupView
from desktop.services.views import RecordQuery
from desktop.services.workspace import Workspace
from desktop.ui.checks.explain_dialog import ExplainDialog
from desktop.ui.checks.fixing import FixDialog
from desktop.ui.deadlines.add_dialog import AddDeadlineDialog
from desktop.ui.first_run.wizard import Wizard
from desktop.ui.handover.make_dialog import MakeDialog
from desktop.ui.handover.uploaded_dialog import UploadedDialog
from desktop.ui.help.window import HelpWindow
from desktop.ui.needs.many_dialog import ManyDialog
from desktop.ui.page import Context
from desktop.ui.pages import page_specs
from desktop.ui.parts.ask import Question
from desktop.ui.record.action_dialog import ActionDialog
from desktop.ui.records.bulk_dialog import BulkDialog
from desktop.ui.records.paste_dialog import PasteDialog
from desktop.ui.records.saved_dialogs import NameDialog, OwnFilters
from desktop.ui.restore.dialog import RestoreDialog
from desktop.ui.shell.crash import CrashDialog
from desktop.ui.shell.go_to import GoTo
from desktop.ui.shell.take_over import TakeOverDialog
from desktop.ui.sign_off.sign_dialog import SignDialog
from desktop.ui.theme import theme
from desktop.ui.trouble import explain
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


def _explain(window, workspace):
    rule = workspace.collection("trainees").rules[0]
    return ExplainDialog(rule, None, 3, known=None, today=date(2026, 10, 13), parent=window)


def _many(window, workspace):
    context = Context(workspace, window.operations, window)
    members = members_of(workspace.conflicts.open())
    return ManyDialog(
        context, workspace.collection("trainees"), members, side="mine", about="Email", parent=window
    )


def _action(key):
    def make(window, workspace):
        collection = workspace.collection("trainees")
        action = next(a for a in collection.actions if a.name == key)
        today = date(2026, 10, 13)
        return ActionDialog(
            action, "Nuttall, Bram", lambda _: (), lists=collection.code_lists, today=today, parent=window
        )

    return make


def _fix(window, workspace):
    """Three answers that are read in the same way."""
    told = Suggestion("100071", "without the blanks", "10 00 71")
    fixes = [
        Fix(row.id, row.label, "T-PARTNER-URN", "training_partner_urn", told)
        for row in workspace.records.page(RecordQuery("trainees"), 3)
    ]
    return FixDialog(workspace.collection("trainees"), fixes, window)


def _restore(window, workspace):
    return RestoreDialog(workspace.folder, window.operations, window)


def _restore_seen(window, workspace):
    """After the backup was opened."""
    dialog = _restore(window, workspace)
    dialog._path = workspace.folder / "office.holdfast-backup"
    records, now = (("Trainees", 250),), workspace.now()
    dialog._on_looked(
        BackupView(
            "office.holdfast-backup", 4 << 20, workspace.organisation, now, "Priya", "Holdfast", records, 3, 2
        )
    )
    return dialog


def _who_sits_here(window, workspace):
    sam = Person("1", "Sam Ode", frozenset({Role.ENTER}))
    return TakeOverDialog(Sitting(sam, (sam, Person("2", "Priya Nandakumar", ALL_ROLES))), window)


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
        "explain": _explain,
        "who sits here": _who_sits_here,
        "decide many": _many,
        "defer": _action("defer"),
        "withdraw": _action("withdraw"),
        "fix alike": _fix,
        "restore": _restore,
        "restore, seen": _restore_seen,
        "make a file": lambda window, _: MakeDialog(window),
        "uploaded": lambda window, _: UploadedDialog("trainees.csv", window),
        "signed": lambda window, workspace: SignDialog(
            workspace.sign_off.view("census", 2026), "Priya Nandakumar", window
        ),
        "help": lambda window, _: HelpWindow(lambda: iter(()), window),
        "change many": lambda window, workspace: BulkDialog(
            workspace.collection("trainees"), 3, today, window
        ),
        "paste": lambda window, workspace: PasteDialog(workspace.collection("trainees"), window),
        "name a filter": lambda window, _: NameDialog("Save this filter", "Give it a name", "Save", window),
        "own filters": lambda window, _: OwnFilters(window),
        "add a deadline": lambda window, _: AddDeadlineDialog(Workspace.offered(), today, window),
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


@pytest.mark.parametrize("size", ["100 %", "200 %", "large text"])
def test_the_lock(qtbot, show, size):
    """Also after wrong passphrases, while it waits, and with the words for who has forgotten it."""
    window = show("home", size)
    window.lock.lock()
    screen = window.lock.screen
    for _ in range(3):
        screen.entry.refuse(explain(WrongPassphrase("")))
    screen.forgotten.link.click()
    order, traps = walking.walked(window, screen.entry.field)
    _none(traps)
    _none(walking.nameless(window))
    _none(walking.not_reached(window, order))
    _none(walking.without_ring(window, order))
    _none(walking.mnemonics(window))
    _none(walking.clipped(window))
    _none(walking.small_targets(window))
    _none(walking.undescribed(window))
    window.lock._uncover()
