"""Putting a backup back in the window: what it is, said before; progress and a stop; wrong files in plain words; the doors."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog

from desktop import paths
from desktop.practice.server import PROVIDER_NAME
from desktop.services import restoring
from desktop.services.acts import Stopped
from desktop.services.workspace import Workspace
from desktop.ui import start
from desktop.ui.first_run.wizard import Wizard
from desktop.ui.restore.dialog import RestoreDialog
from desktop.ui.settings.page import SettingsPage
from desktop.ui.shell.known import Known
from desktop.ui.shell.switcher import Wish
from desktop.ui.unlock import UnlockDialog


@pytest.fixture
def saved(workspace, tmp_path) -> Path:
    """A backup of a workspace that has read everything."""
    target: Path = workspace.care.backup(tmp_path / "office.holdfast-backup")
    return target


@pytest.fixture
def dialog(qtbot, operations, workspace):
    made = RestoreDialog(workspace.folder, operations)
    qtbot.addWidget(made)
    made.show()
    return made


def look_inside(qtbot, dialog: RestoreDialog, path: Path, passphrase: str = "practice") -> None:
    dialog.choose_file(path)
    dialog.entry.field.setText(passphrase)
    dialog.look_inside.click()
    qtbot.waitUntil(lambda: dialog._job is None)


def test_it_says_what_it_is_and_writes_only_then(qtbot, dialog, saved, workspace):
    before = sorted(workspace.folder.parent.iterdir())
    look_inside(qtbot, dialog, saved)
    assert dialog.about.whose.text() == PROVIDER_NAME
    assert dialog.about.made.text().startswith(
        "Made on 13 October 2026 at 14:02 by Priya Nandakumar, with Holdfast"
    )
    assert dialog.about.holds.text().endswith("trainees, nothing unsent")
    assert sorted(workspace.folder.parent.iterdir()) == before
    with qtbot.waitSignal(dialog.accepted, timeout=15_000):
        dialog.do.click()
    assert dialog.restored.folder == workspace.folder.with_name("workspace-restored")
    again = Workspace.open(dialog.restored.folder, dialog.restored.passphrase)
    assert again.care.doctor() == []
    again.close()


@pytest.mark.parametrize(
    ("how", "told"),
    [
        (lambda _raw: b"First names,Last name\n", "is not a Holdfast backup"),
        (lambda raw: raw[: len(raw) // 2], "is damaged: it was cut off"),
        (lambda raw: raw.replace(b"BACKUP-2\n", b"BACKUP-9\n", 1), "made by a newer version of Holdfast"),
    ],
    ids=["foreign", "cut", "newer"],
)
def test_a_file_that_cannot_be_one_is_refused_at_once(dialog, saved, how, told):
    saved.write_bytes(how(saved.read_bytes()))
    dialog.choose_file(saved)
    assert told in dialog.problem.text()
    assert not dialog.look_inside.isEnabled()
    assert not dialog.entry.isVisible()


def test_one_that_was_changed_inside_is_found_when_it_is_read(qtbot, dialog, saved):
    raw = bytearray(saved.read_bytes())
    raw[-5000] ^= 1
    saved.write_bytes(bytes(raw))
    look_inside(qtbot, dialog, saved)
    assert "is damaged" in dialog.problem.text()
    assert not dialog.do.isVisible()


def test_wrong_passphrases_wait_here_too(qtbot, dialog, saved):
    for _ in range(3):
        look_inside(qtbot, dialog, saved, "wrong")
        assert "does not open this backup" in dialog.entry.message.text()
    assert dialog.entry.message.text().endswith("Try again in 2 seconds.")
    assert not dialog.look_inside.isEnabled()


def test_it_goes_into_an_empty_folder_only(qtbot, dialog, saved, workspace, tmp_path):
    look_inside(qtbot, dialog, saved)
    dialog.choose_folder(workspace.folder)
    assert "is not empty" in dialog.problem.text()
    dialog.choose_folder(tmp_path / "elsewhere")
    assert dialog.problem.text() == ""
    assert dialog.place.text() == str(tmp_path / "elsewhere")


def test_stopping_leaves_nothing(qtbot, dialog, saved, workspace, monkeypatch):
    look_inside(qtbot, dialog, saved)
    monkeypatch.setattr(restoring, "restore", _until_stopped(restoring.restore))
    dialog.do.click()
    qtbot.waitUntil(dialog.progress.isVisible)
    dialog.reject()
    assert dialog.isVisible(), "the first Esc ends the work, not the window"
    qtbot.waitUntil(lambda: dialog._job is None)
    assert dialog.problem.text() == "Stopped. Nothing was written."
    assert not workspace.folder.with_name("workspace-restored").exists()
    dialog.reject()
    assert dialog.result() == QDialog.DialogCode.Rejected


def _until_stopped(really):
    """The real one, which does not begin before it was told to stop."""

    def restore(path, folder, passphrase, progress, cancelled):
        while not cancelled():
            pass
        with pytest.raises(Stopped):
            really(path, folder, passphrase, progress, cancelled)
        raise Stopped

    return restore


# -- the doors ----------------------------------------------------------------------------------------------------


def test_settings_lead_to_it_and_the_restored_workspace_opens_next(
    qtbot, make_window, workspace, saved, tmp_path, monkeypatch
):
    window = make_window(workspace, "settings")
    page = window.stack.page
    assert isinstance(page, SettingsPage)
    monkeypatch.setattr(window.switcher, "_known", Known(tmp_path / "config"))
    page.backup.put_back.click()
    dialog = window.findChild(RestoreDialog)
    look_inside(qtbot, dialog, saved)
    with qtbot.waitSignal(window.closed, timeout=15_000):
        dialog.do.click()
    folder = workspace.folder.with_name("workspace-restored")
    assert window.switcher.wish == Wish(folder, passphrase="practice")
    assert "practice" not in repr(window.switcher.wish)
    made = start.open_workspace(window.switcher.wish)
    assert made is not None
    assert made.workspace.organisation == workspace.organisation
    made.end()


@pytest.mark.parametrize("door", ["passphrase", "set-up", "damaged"])
def test_the_start_leads_to_it(qtbot, door, workspace, saved, tmp_path, monkeypatch):
    """From the question for the passphrase, from the first step of the set-up, and where a workspace does not open."""
    workspace.close()
    folder = workspace.folder
    monkeypatch.delenv("HOLDFAST_PASSPHRASE", raising=False)
    monkeypatch.setattr(paths, "config_folder", lambda: tmp_path / "config")
    monkeypatch.setattr(UnlockDialog, "exec", lambda dialog: dialog.restore.click())
    monkeypatch.setattr(Wizard, "exec", lambda wizard: wizard.restore.click())
    monkeypatch.setattr(start, "ask", lambda *_, **__: True)
    monkeypatch.setattr(RestoreDialog, "exec", lambda dialog: _restore_all(qtbot, dialog, saved))
    opened: list[Path] = []

    def show(opening, *_args, **_more):
        opened.append(opening.folder)
        return 0, None

    monkeypatch.setattr(start, "run_window", show)
    if door == "set-up":
        folder = tmp_path / "new"
    elif door == "damaged":
        monkeypatch.setenv("HOLDFAST_PASSPHRASE", "practice")
        (folder / "holdfast.db").write_bytes(b"no database at all" * 500)
    assert start.run(folder) == 0
    assert opened == [folder if door == "set-up" else folder.with_name("workspace-restored")]


def _restore_all(qtbot, dialog: RestoreDialog, saved: Path) -> None:
    dialog.show()
    look_inside(qtbot, dialog, saved)
    with qtbot.waitSignal(dialog.accepted, timeout=15_000):
        dialog.do.click()


def test_the_workspace_that_was_open_last_is_opened_when_none_is_named(workspace, tmp_path, monkeypatch):
    workspace.close()
    monkeypatch.setattr(paths, "config_folder", lambda: tmp_path / "config")
    monkeypatch.setenv("HOLDFAST_PASSPHRASE", "practice")
    Known(tmp_path / "config").note("Northmoor", workspace.folder)
    opened: list[Path] = []

    def show(opening, *_args, **_more):
        opened.append(opening.folder)
        return 0, None

    monkeypatch.setattr(start, "run_window", show)
    assert start.run(None) == 0
    assert opened == [workspace.folder]
