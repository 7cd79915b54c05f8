"""The recovery sheet in the window: shown before it counts, printed or saved by choice only, and a way in that asks for a new passphrase."""

from datetime import date

import keyring
import pytest
from PySide6.QtWidgets import QApplication

from desktop.model.errors import WrongPassphrase
from desktop.services.unlocking import draft_sheet
from desktop.services.workspace import Workspace
from desktop.ui.first_run.wizard import Wizard
from desktop.ui.recovery.dialog import NewPassphraseDialog, SheetDialog
from desktop.ui.recovery.renewing import Renewing
from desktop.ui.unlock import UnlockDialog
from tests.fault.test_keys import Keys

PASSPHRASE = "practice"
MADE = date(2026, 10, 13)


@pytest.fixture
def section(make_window, empty_workspace):
    window = make_window(empty_workspace, "settings")
    return window, window.stack.page.recovery.section


@pytest.fixture
def coded(empty_workspace):
    """The code of a sheet that counts."""
    draft = draft_sheet(MADE)
    empty_workspace.passphrase.put_in_force(PASSPHRASE, draft)
    return draft.code


def opens(workspace, typed: str) -> bool:
    try:
        workspace.passphrase.check(typed)
    except WrongPassphrase:
        return False
    return True


def ask_for_sheet(window, section, settle, typed: str = PASSPHRASE):
    section.passphrase.setText(typed)
    section.make.click()
    settle(window)
    return next((one for one in QApplication.topLevelWidgets() if isinstance(one, SheetDialog)), None)


# -- making one -------------------------------------------------------------------------------------------------


def test_settings_say_that_there_is_none_and_then_which_one_counts(section, settle, empty_workspace):
    window, sheets = section
    assert "There is no recovery sheet yet." in sheets.state.text()
    dialog = ask_for_sheet(window, sheets, settle)
    code = dialog.box._sheet.code
    assert not dialog.do.isEnabled()
    assert not opens(empty_workspace, code), "it counts only when somebody has it on paper"
    dialog.box.wrote.click()
    dialog.do.click()
    settle(window)
    assert opens(empty_workspace, code)
    assert f"Sheet number {empty_workspace.passphrase.sheet().number}, made on 13 October 2026, counts." in (
        sheets.state.text()
    )
    assert sheets.passphrase.text() == ""


def test_a_sheet_that_is_put_away_leaves_the_old_one_in_force(section, settle, empty_workspace, coded):
    window, sheets = section
    dialog = ask_for_sheet(window, sheets, settle)
    dialog.leave.click()
    settle(window)
    assert opens(empty_workspace, coded)


def test_making_one_takes_the_passphrase(section, settle):
    window, sheets = section
    assert ask_for_sheet(window, sheets, settle, "") is None
    assert sheets.passphrase_row.problem == "Enter the passphrase you have."
    assert ask_for_sheet(window, sheets, settle, "wrong") is None
    assert "neither the passphrase nor the code" in sheets.passphrase_row.problem
    assert sheets.make.isEnabled()


def test_the_pdf_is_written_where_it_is_wanted_and_nowhere_else(section, settle, tmp_path):
    window, sheets = section
    dialog = ask_for_sheet(window, sheets, settle)
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    dialog.box.save_to(tmp_path / "sheet.pdf")
    assert {path for path in tmp_path.rglob("*") if path.is_file()} - before == {tmp_path / "sheet.pdf"}
    assert dialog.do.isEnabled()
    assert "Saved as sheet.pdf." in dialog.box.message.text()
    raw = (tmp_path / "sheet.pdf").read_bytes()
    assert raw.startswith(b"%PDF")
    assert PASSPHRASE.encode() not in raw
    dialog.reject()


def test_a_folder_that_takes_no_file_is_said_and_the_sheet_is_not_taken(section, settle, tmp_path):
    window, sheets = section
    dialog = ask_for_sheet(window, sheets, settle)
    dialog.box.save_to(tmp_path / "no such folder" / "sheet.pdf")
    assert "could not be written" in dialog.box.message.text()
    assert not dialog.do.isEnabled()
    dialog.reject()


def test_a_sheet_is_made_during_the_set_up(qtbot, operations, tmp_path):
    wizard = Wizard(tmp_path / "new", operations)
    qtbot.addWidget(wizard)
    wizard.answers.name, wizard.answers.direct = "Weybury SCITT", False
    wizard._show(wizard.passphrase)
    step = wizard.passphrase
    step.passphrase.setText("four words of mine")
    step.again.setText("four words of mine")
    step.make_sheet.click()
    sheet = step.sheet._sheet
    assert sheet is not None
    assert sheet.organisation == "Weybury SCITT"
    step.keep(wizard.answers)
    assert wizard.answers.sheet is None, "shown is not taken"
    step.sheet.wrote.click()
    wizard.step_on()
    wizard.step_on()
    qtbot.waitUntil(lambda: wizard.made is not None)
    assert wizard.made is not None
    made = wizard.made.workspace
    assert opens(made, sheet.code)
    made.close()


# -- using it ---------------------------------------------------------------------------------------------------


def test_the_start_window_takes_the_code_and_the_window_asks_for_a_new_passphrase(
    qtbot, operations, make_window, empty_workspace, coded, settle
):
    folder = empty_workspace.folder
    empty_workspace.close()
    dialog = UnlockDialog(lambda typed: Workspace.open(folder, typed), operations)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.forgotten.link.click()
    dialog.forgotten.use_sheet.click()
    assert dialog.entry.field.accessibleName() == "Recovery code"
    dialog.entry.field.setText(coded.lower().replace("-", " "))
    dialog.do.click()
    qtbot.waitUntil(lambda: dialog.workspace is not None)
    assert dialog.code
    workspace = dialog.workspace
    assert workspace is not None
    window = make_window(workspace)
    Renewing(workspace.passphrase, dialog.code, window).ask()
    new = window.findChild(NewPassphraseDialog)
    new._new.setText("short")
    new.do.click()
    assert "at least 8 characters" in new.new_row.problem
    new._new.setText("three new words")
    new._again.setText("three new words")
    new.do.click()
    settle(window)
    assert [opens(workspace, typed) for typed in ("three new words", coded, PASSPHRASE)] == [
        True,
        True,
        False,
    ]
    window.close()
    workspace.close()


def test_a_slip_is_named_and_a_wrong_code_waits_longer_each_time(qtbot, operations, empty_workspace):
    dialog = UnlockDialog(empty_workspace.passphrase.check, operations)
    qtbot.addWidget(dialog)
    dialog.forgotten.link.click()
    dialog.forgotten.use_sheet.click()
    entry = dialog.entry
    for typed, said in (("", "Enter the code"), ("7KQ2M", "7 groups of 5"), ("A" * 35, "Group 1, AAAAA,")):
        entry.field.setText(typed)
        dialog.do.click()
        assert said in entry.message.text()
        assert entry._wrong == 0, "a slip that can be seen is not tried"
    for wrong in range(1, 4):
        entry.field.setText(draft_sheet(MADE).code)
        dialog.do.click()
        qtbot.waitUntil(lambda wrong=wrong: entry._wrong == wrong)
    assert not dialog.do.isEnabled()
    assert "That code does not open" in entry.message.text()
    assert "Try again in 2 seconds." in entry.message.text()


# -- the credential store ---------------------------------------------------------------------------------------


def test_a_key_that_is_gone_from_the_computer_is_said_in_settings(make_window, empty_workspace, settle):
    before = keyring.get_keyring()
    keys = Keys()
    keyring.set_keyring(keys)
    try:
        assert empty_workspace.passphrase.remember(PASSPHRASE)
        window = make_window(empty_workspace, "settings")
        section = window.stack.page.passphrase
        assert section.remember.box.isChecked()
        assert not section._lost_line.isVisible()
        keys.broken = True
        window.go("home")
        window.go("settings")
        settle(window)
        assert "its credential store does not answer" in section.lost.text()
        assert section._lost_line.isVisible()
        assert not section.remember.box.isChecked()
    finally:
        keyring.set_keyring(before)
