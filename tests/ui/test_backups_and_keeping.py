"""Backups by themselves, keeping and deleting, and everything held about one person, in the window."""

import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop.services.backups import Policy
from desktop.services.retention import Purged
from desktop.services.salvaging import Salvaged
from desktop.ui.home.backup_note import BackupNote
from desktop.ui.restore.salvage_dialog import SalvageDialog, free_name
from desktop.ui.settings.keeping import KeepingHere
from desktop.ui.settings.page import SettingsPage
from desktop.ui.shell.autobackup import QUIET


@pytest.fixture
def page(make_window, workspace, settle) -> SettingsPage:
    window = make_window(workspace, "settings")
    settle(window)
    found = window.stack.page
    assert isinstance(found, SettingsPage)
    return found


@pytest.fixture
def window(page):
    return page.window()


# -- backups ---------------------------------------------------------------------------------------------------


def test_back_up_now_says_when_and_where(page, window, done, workspace):
    section = page.backups.section
    assert section.standing.text() == "There is no backup yet"
    section.make.click()
    done()
    assert section.standing.text().startswith("Last backup: 14:02")
    assert str(workspace.folder / "backups") in section.where.text()
    assert section.trouble.isHidden()
    assert len(workspace.backups.all()) == 1


def test_a_second_folder_gets_each_backup_and_says_when_it_is_gone(page, window, done, workspace, tmp_path):
    share = tmp_path / "share"
    share.mkdir()
    page.backups.use_second(share)
    done()
    done()
    assert [one.second for one in workspace.backups.all()].count(True) == 1
    share.rename(tmp_path / "away")
    page.backups.make()
    done()
    assert "is not there now" in page.backups.section.trouble.text()
    assert len([one for one in workspace.backups.all() if not one.second]) == 2, "the backup itself is made"
    page.backups.section.drop.click()
    done()
    assert page.backups.section.trouble.isHidden()


def test_the_daily_one_is_chosen_off_and_on(page, window, done, workspace):
    page.backups.section.automatic.box.click()
    done()
    assert workspace.backups.policy() == Policy(automatic=False)
    assert not workspace.backups.due()
    page.backups.section.automatic.box.click()
    done()
    assert workspace.backups.due()


def test_one_is_made_each_day_in_a_quiet_minute(make_window, workspace, settle, clock, editable):
    window = make_window(workspace)
    window.autobackup.look()
    settle(window)
    assert workspace.backups.all() == [], "somebody may just have saved"
    clock.now += QUIET
    window.autobackup.look()
    settle(window)
    assert [one.why for one in workspace.backups.all()] == ["daily"]
    clock.now += timedelta(hours=3)
    window.autobackup.look()
    settle(window)
    assert len(workspace.backups.all()) == 1, "one a day is enough"
    clock.now += timedelta(days=9)
    window.autobackup.look()
    settle(window)
    assert len(workspace.backups.all()) == 2, "after days it is due at once"


def test_home_says_when_none_can_be_made_and_is_quiet_again_after(make_window, workspace, settle, clock):
    (workspace.folder / "backups").write_bytes(b"a file where the folder should be")
    window = make_window(workspace)
    note = window.stack.page.findChild(BackupNote)
    assert note.isHidden()
    clock.now += QUIET
    window.autobackup.look()
    settle(window)
    settle(window)
    assert not note.isHidden()
    assert "could not be made" in note.banner.title
    note.banner.button.click()
    settle(window)
    assert window.stack.name == "settings"
    (workspace.folder / "backups").unlink()
    window.stack.page.backups.section.make.click()
    settle(window)
    window.go("home")
    settle(window)
    assert note.isHidden()


def test_check_and_mend_says_what_it_did(page, window, done, workspace):
    section = page.backups.section
    section.mend.click()
    done()
    assert section.mended.text().startswith("Everything was checked and is in order")
    with workspace._store.write() as unit:
        unit.connection.exec_driver_sql("UPDATE records SET label = 'Nobody' WHERE key = 1")
    section.mend.click()
    done()
    assert "put right in the lists" in section.mended.text()
    assert workspace.care.doctor() == []


# -- keeping and deleting ------------------------------------------------------------------------------------------


@pytest.fixture
def late(page: SettingsPage, window, done, clock) -> KeepingHere:
    """Seven years later: some trainees are past their time."""
    clock.now += timedelta(days=366 * 7)
    page.keeping.look()
    done()
    return page.keeping


def test_a_rule_says_its_reason_and_takes_months_within_bounds(page, window, done, workspace):
    (line,) = page.keeping.section.lines.values()
    assert "Limitation Act" in line.tick.help.text()
    assert (line.months.minimum(), line.months.maximum(), line.months.value()) == (12, 180, 72)
    line.months.setValue(24)
    line.months.editingFinished.emit()
    done()
    assert [rule.months for rule in workspace.retention.rules()] == [24]
    line.tick.box.click()
    done()
    assert [rule.on for rule in workspace.retention.rules()] == [False]


def test_nobody_is_past_their_time(page):
    assert page.keeping.section.due.text() == "Nobody is past their time."
    assert not page.keeping.section.look.isEnabled()


def test_who_is_ticked_goes_and_the_certificate_is_offered(late, window, done, workspace, tmp_path):
    due = workspace.retention.due()
    assert late.section.due.text() == f"{len(due)} records are past the time."
    dialog = late.open_list()
    done()
    assert dialog.list.count() == len(due)
    for place in range(1, dialog.list.count()):
        dialog.list.item(place).setCheckState(Qt.CheckState.Unchecked)
    assert dialog.main_button.words == "Remove 1 record for good"
    late.purge(dialog.chosen())
    done()
    done()
    assert "Nothing of them was found" in dialog.told.text()
    assert "until" in dialog.told.text(), "when the last backup that holds them goes"
    assert len(workspace.retention.due()) == len(due) - 1
    (made,) = workspace.retention.purges()
    assert isinstance(made, Purged)
    late.save_certificate(made.id, tmp_path / "certificate.pdf")
    done()
    assert (tmp_path / "certificate.pdf").read_bytes().startswith(b"%PDF")
    dialog.reject()


def test_a_removal_is_asked_about_first(late, window, done, workspace, monkeypatch):
    asked = []

    def ask(*words: object) -> bool:
        asked.append(words)
        return False

    monkeypatch.setattr("desktop.ui.settings.keeping.ask", ask)
    dialog = late.open_list()
    done()
    dialog.main_button.click()
    assert len(asked) == 1
    assert workspace.retention.purges() == []
    dialog.reject()


# -- everything held about one person ----------------------------------------------------------------------------


def test_the_menu_of_a_record_saves_everything_held(make_window, workspace, editable, settle, tmp_path):
    page = make_window(workspace)
    page.go("record", record_id=editable()[0].id)
    settle(page)
    record = page.stack.page
    record.deeds.choose("everything")
    dialog = record.deeds.everything.dialog
    dialog.password.setText("short")
    dialog.save.click()
    assert "at least 12" in dialog.trouble.text()
    record.deeds.everything.write(record.session.view, Path(tmp_path / "all.zip"), "")
    settle(page)
    with zipfile.ZipFile(tmp_path / "all.zip") as book:
        assert "everything-held.pdf" in book.namelist()


# -- salvage ---------------------------------------------------------------------------------------------------------


def test_a_damaged_workspace_is_saved_as_a_backup(qtbot, operations, tmp_path):
    saved = Salvaged(tmp_path / "x", 1, 0, 1, 0, 0, 0, history_lost=False, problems=())
    typed = []

    def save(passphrase: str) -> Salvaged:
        typed.append(passphrase)
        return saved

    dialog = SalvageDialog(tmp_path / "x", save, operations)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.entry.field.setText("made up")
    dialog.do.click()
    qtbot.waitUntil(lambda: dialog.saved is saved)
    assert typed == ["made up"]


def test_the_saved_file_never_takes_anothers_name(tmp_path):
    folder = tmp_path / "w"
    assert free_name(folder).name == "w-saved.holdfast-backup"
    free_name(folder).write_bytes(b"")
    assert free_name(folder).name == "w-saved-2.holdfast-backup"
