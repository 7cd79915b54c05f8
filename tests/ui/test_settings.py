"""Settings: each one counts at once, is remembered, and says what it does."""

import keyring
import pytest
from keyring.backend import KeyringBackend
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QLineEdit

from desktop.model.errors import WrongPassphrase
from desktop.model.timetable import Timetable
from desktop.practice.server import PracticePortal
from desktop.services.workspace import Workspace
from desktop.ui.settings.files import timetable_words
from desktop.ui.settings.page import SettingsPage
from desktop.ui.settings.portal import standing
from desktop.ui.shell.memory import Memory
from desktop.ui.theme import theme
from desktop.ui.waiting.timetable_dialog import TimetableDialog


@pytest.fixture
def page(make_window, workspace) -> SettingsPage:
    window = make_window(workspace, "settings")
    found = window.stack.page
    assert isinstance(found, SettingsPage)
    return found


@pytest.fixture
def window(page):
    return page.window()


def test_the_rail_leads_there_and_marks_it(make_window, workspace, settle):
    window = make_window(workspace)
    window.rail.settings.click()
    settle(window)
    assert window.stack.name == "settings"
    assert window.rail.settings.isChecked()
    assert not window.rail.item("home").isChecked()


# -- look ---------------------------------------------------------------------------------------------------


def test_look_changes_at_once_and_is_remembered(page, workspace):
    page.look.mode.button("dark").click()
    page.look.text_size.button(115).click()
    page.look.contrast.box.click()
    page.look.still.box.click()
    page.look.density.button("compact").click()
    assert theme().dark
    assert theme().contrast
    assert (theme().scale, theme().density) == (115, "compact")
    again = Memory(workspace.folder)
    assert (again.mode, again.text_size, again.still, again.contrast) == ("dark", 115, True, True)
    assert again.density == "compact"


def test_what_is_in_force_is_marked(make_window, workspace):
    memory = Memory(workspace.folder)
    memory.mode, memory.text_size, memory.lock_minutes = "dark", 130, 30
    memory.save()
    page = make_window(workspace, "settings").stack.page
    assert page.look.mode.button("dark").isChecked()
    assert page.look.text_size.button(130).isChecked()
    assert page.lock.minutes.button(30).isChecked()


def test_single_letters_can_be_turned_off_and_the_rest_stays(page, window, settle):
    window.go("needs")
    settle(window)
    keys = {key.key().toString(): key for key in window.stack.page.findChildren(QShortcut)}
    assert keys["1"].isEnabled()
    window.preferences.put("letters", False)
    assert not keys["1"].isEnabled()
    assert keys["Ctrl+D"].isEnabled()
    window.preferences.put("letters", True)
    assert keys["1"].isEnabled()


def test_the_time_to_the_lock_is_kept(page, window, workspace):
    page.lock.minutes.button(5).click()
    assert window.idle.minutes == 5
    assert Memory(workspace.folder).lock_minutes == 5


def test_lock_now_locks(page, window):
    page.lock.now.click()
    assert window.lock.locked


# -- portal ---------------------------------------------------------------------------------------------------


def test_the_connection_in_use_is_tested(qtbot, page, portal):
    section = page.portals["trainees"]
    assert section.address.text() == portal.register_url
    assert not section.keep.isEnabled()
    section.test.click()
    qtbot.waitUntil(section.test.isEnabled, timeout=10_000)
    assert section.line.words == "Register answers and takes this access token."


def test_a_wrong_token_is_told_before_it_is_kept(qtbot, page, window, workspace):
    section = page.portals["trainees"]
    section.token.setText("not-this-one")
    section.token.textEdited.emit("not-this-one")
    section.test.click()
    qtbot.waitUntil(section.test.isEnabled, timeout=10_000)
    assert section.line.words.startswith("Register does not take the access token.")
    assert "not-this-one" not in section.line.words


def test_a_token_is_replaced_and_never_shown(page, window, workspace, portal, settle):
    fresh = portal.control.add_token()
    section = page.portals["trainees"]
    assert section.token.echoMode() == QLineEdit.EchoMode.Password
    section.token.setText(fresh)
    section.token.textEdited.emit(fresh)
    section.keep.click()
    settle(window)
    assert section.token.text() == ""
    assert workspace.portals.in_use("trainees") == (portal.register_url, fresh)
    assert not (workspace.folder / "tokens").exists()
    used = [r for r in portal.control.requests() if r["path"].startswith("/trainees")]
    assert used or window.strip.line.kind == "whole"
    raw = b"".join(f.read_bytes() for f in workspace.folder.iterdir() if f.is_file())
    assert fresh.encode() not in raw


def test_another_address_needs_its_token(page):
    section = page.portals["trainees"]
    section.address.setText("https://elsewhere.example")
    section.address.textEdited.emit("https://elsewhere.example")
    section.keep.click()
    assert section.token_row.problem == "Enter the access token for this address."


def test_an_address_that_cannot_be_one_is_said_at_the_field(page, window, settle):
    section = page.portals["trainees"]
    section.address.setText("ftp://x")
    section.address.textEdited.emit("ftp://x")
    section.token.setText("abc")
    section.keep.click()
    settle(window)
    assert "must look like" in section.address_row.problem


def test_a_token_that_ended_says_whom_to_ask(page, window, workspace, portal, settle):
    portal.control.fault("unauthorised")
    window.sync_now()
    settle(window)
    words = page.portals["trainees"].standing.text()
    assert "has ended or was withdrawn" in words
    assert "Ask your Register administrator" in words


def test_a_portal_that_was_never_connected_says_so(empty_workspace, tmp_path, clock):
    fresh = Workspace.create(
        tmp_path / "other", empty_workspace.organisation, "practice", clock=clock, remember=False
    )
    assert standing(fresh.portals.view("trainees")).startswith("Not connected.")
    fresh.close()


# -- sending ----------------------------------------------------------------------------------------------------


def test_the_timetable_is_said_and_changed_in_its_own_dialog(page, window, settle):
    assert "every 15 minutes" in page.sending.words.text()
    page.sending.change.click()
    settle(window)
    dialog = page.findChild(TimetableDialog)
    dialog.automatic.setChecked(False)
    dialog.main_button.click()
    settle(window)
    assert page.sending.words.text().startswith("Nothing goes by itself.")


def test_quiet_hours_are_said():
    table = Timetable.from_json(Timetable().to_json() | {"quiet_from": "22:00", "quiet_until": "06:30"})
    assert "Nothing goes from 22:00 until 06:30." in timetable_words(table, "Register")


# -- passphrase ------------------------------------------------------------------------------------------------


def change_passphrase(page, current: str, new: str, again: str) -> None:
    page.passphrase.current.setText(current)
    page.passphrase.new.setText(new)
    page.passphrase.again.setText(again)
    page.passphrase.change.click()


def test_the_passphrase_is_changed(page, window, workspace, settle):
    change_passphrase(page, "practice", "four calm words", "four calm words")
    settle(window)
    assert window.toast.words.startswith("The passphrase is changed.")
    assert page.passphrase.current.text() == ""
    workspace.passphrase.check("four calm words")
    with pytest.raises(WrongPassphrase):
        workspace.passphrase.check("practice")


@pytest.mark.parametrize(
    ("current", "new", "again", "said"),
    [
        ("wrong one", "four calm words", "four calm words", "That is not the passphrase you have."),
        ("", "four calm words", "four calm words", "Enter the passphrase you have."),
    ],
)
def test_wrong_current_passphrase_has_its_own_words(
    page, window, workspace, settle, current, new, again, said
):
    change_passphrase(page, current, new, again)
    settle(window)
    assert page.passphrase.current_row.problem.startswith(said)
    assert page.passphrase.new.text() == new
    workspace.passphrase.check("practice")


def test_a_short_or_unlike_new_passphrase_changes_nothing(page, window, workspace, settle):
    change_passphrase(page, "practice", "short", "short")
    assert page.passphrase.new_row.problem.startswith("Use at least 8 characters")
    change_passphrase(page, "practice", "four calm words", "four calm wordz")
    assert page.passphrase.again_row.problem.startswith("The two passphrases are not the same")
    change_passphrase(page, "practice", "practice", "practice")
    assert page.passphrase.new_row.problem.startswith("That is the passphrase you have")
    settle(window)
    workspace.passphrase.check("practice")


def test_a_backup_made_before_opens_with_the_old_passphrase(workspace, tmp_path):
    from desktop.services.restoring import restore

    workspace.care.backup(tmp_path / "before.holdfast-backup")
    workspace.passphrase.change("practice", "four calm words")
    restore(tmp_path / "before.holdfast-backup", tmp_path / "again", "practice")
    Workspace.open(tmp_path / "again", "practice").close()


class MemoryStore(KeyringBackend):
    """A credential store that forgets with the test."""

    priority = 1.0

    def __init__(self):
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def delete_password(self, service, username):
        del self.kept[service, username]


@pytest.fixture
def credential_store():
    before = keyring.get_keyring()
    store = MemoryStore()
    keyring.set_keyring(store)
    yield store
    keyring.set_keyring(before)


def test_this_computer_remembers_the_key_and_forgets_it(credential_store, page, window, workspace, settle):
    workspace.passphrase.forget()
    page.refresh(None)
    settle(window)
    tick = page.passphrase.remember.box
    assert tick.isEnabled()
    assert not tick.isChecked()
    tick.click()
    assert page.passphrase.current_row.problem.startswith("Enter the passphrase you have")
    page.passphrase.current.setText("practice")
    tick.click()
    settle(window)
    assert tick.isChecked()
    assert workspace.passphrase.remembered()
    tick.click()
    settle(window)
    assert not workspace.passphrase.remembered()
    assert not tick.isChecked()


def test_a_token_goes_to_the_credential_store_where_there_is_one(
    credential_store, page, window, workspace, portal, settle
):
    fresh = portal.control.add_token()
    section = page.portals["trainees"]
    section.token.setText(fresh)
    section.token.textEdited.emit(fresh)
    section.keep.click()
    settle(window)
    assert fresh in credential_store.kept.values()
    assert workspace.portals.in_use("trainees")[1] == fresh


# -- files --------------------------------------------------------------------------------------------------------


def test_a_backup_is_written_and_said(page, window, tmp_path, settle):
    page.saving.save(tmp_path / "today.holdfast-backup")
    settle(window)
    assert (tmp_path / "today.holdfast-backup").stat().st_size > 10_000
    assert "today.holdfast-backup" in window.toast.words
    page.saving.save(tmp_path / "today.holdfast-backup")
    settle(window)
    assert window.banner.isVisible()
    assert page.backup.now.isEnabled()


@pytest.mark.parametrize("size", [(640, 440), (1440, 900)])
def test_the_column_is_640_wide_at_most(make_window, workspace, size):
    page = make_window(workspace, "settings", size).stack.page
    assert page._box.width() <= 640


def test_a_portal_of_practice_keeps_its_token_in_the_encrypted_workspace(tmp_path, clock, empty_workspace):
    with PracticePortal(size=1, clock=clock) as other:
        empty_workspace.portals.connect("trainees", other.register_url, token=other.token, in_workspace=True)
        assert empty_workspace.portals.in_use("trainees") == (other.register_url, other.token)
        assert empty_workspace.sync.run("trainees").state == "up"
