"""Sharing with colleagues in the window of a school: the folder, files dropped and chosen, the passphrase, and questions."""

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog

from desktop.model.document import Document, Patch
from desktop.services.views import Organisation, RecordQuery
from desktop.services.workspace import Workspace
from desktop.store import vault
from desktop.sync import by_hand
from desktop.ui.needs.choice_button import ChoiceButton
from desktop.ui.parts.text import Text
from tests.ui.conftest import HandClock

TEAM = "a secret of the team"
CHEAP = {"name": "argon2id", "memory_kib": 8, "passes": 1, "lanes": 1}
BEGIN = datetime(2026, 9, 20, 9, tzinfo=UTC)


@pytest.fixture
def offices(tmp_path, monkeypatch):
    """Jo's workspace, and Sam's in which an ECT was added."""
    monkeypatch.setattr(vault, "_KDF", CHEAP)
    organisation = Organisation("Northmoor Academy", "school", "", "123456", ("ects",))
    made = [
        Workspace.create(
            tmp_path / name, organisation, "made up", clock=HandClock(BEGIN), actor=name, remember=False
        )
        for name in ("Jo", "Sam")
    ]
    made[1].exchange.agree(TEAM)
    made[1].records.add(
        "ects", Document({"trn": "1234567", "first_names": "Leonie", "last_name": "Ashcombe"})
    )
    (tmp_path / "share").mkdir()
    yield made
    for workspace in made:
        workspace.close()


@pytest.fixture
def workspace(offices):
    return offices[0]


@pytest.fixture
def sam(offices):
    return offices[1]


@pytest.fixture
def share(tmp_path):
    return tmp_path / "share"


@pytest.fixture
def window(make_window, workspace):
    return make_window(workspace, "share")


@pytest.fixture
def page(window):
    return window.stack.page


def rows(workspace):
    return workspace.records.page(RecordQuery("ects"), -1)


def said(page):
    return page.taking.dialog.lines.text()


def drop(page, path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    buttons = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    page.dropEvent(QDropEvent(QPointF(10, 10), Qt.DropAction.CopyAction, data, *buttons))


def test_a_dropped_file_asks_for_its_passphrase_once_and_is_taken_in(
    window, page, settle, share, sam, workspace
):
    path = sam.exchange.make(share).path
    drop(page, path)
    settle(window)
    dialog = page.taking.dialog
    assert dialog.field.isVisible()
    dialog.field.setText("not that one")
    dialog.main_button.click()
    settle(window)
    assert "does not open" in dialog.problem.text()
    dialog.field.setText(TEAM)
    dialog.main_button.click()
    settle(window)
    assert not dialog.field.isVisible()
    assert "1 record new here" in dialog.lines.text()
    assert "made by Sam" in dialog.files.text()
    assert dialog.table.grouped.rowCount() == 2
    dialog.main_button.click()
    settle(window)
    assert page.taking.dialog is None
    assert [row.label for row in rows(workspace)] == ["Ashcombe, Leonie"]
    drop(page, path)
    settle(window)
    assert "Everything in it is known here already." in said(page)


def test_the_page_says_how_it_stands_and_chooses_folder_and_passphrase(
    window, page, settle, share, monkeypatch, workspace
):
    view = page.screen_view
    assert view.folder.text().startswith("Choose a folder that you and your colleagues can all reach")
    assert not view.exchange.isVisible()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(share))
    view.choose.click()
    settle(window)
    assert view.folder.text() == str(share)
    view.exchange.click()
    settle(window)
    dialog = page.agreeing
    dialog.first.setText("short")
    dialog.second.setText("shorter")
    dialog.choose.click()
    assert "not the same" in dialog.problem.text()
    dialog.second.setText("short")
    dialog.choose.click()
    settle(window)
    assert "at least 8 characters" in dialog.problem.text()
    for field in (dialog.first, dialog.second):
        field.setText("long enough for all")
    dialog.choose.click()
    settle(window)
    assert [path.suffix for path in share.iterdir()] == [".hfx"]
    assert view.secret_words.text().startswith("It is kept in this workspace")


def test_exchange_now_takes_in_what_is_there_and_leaves_our_own(window, page, settle, share, sam, workspace):
    sam.exchange.make(share)
    workspace.exchange.take_in(next(share.iterdir()), TEAM)
    workspace.exchange.choose_folder(share)
    page.refresh(None)
    settle(window)
    sam.records.add("ects", Document({"trn": "2345678", "last_name": "Okafor"}))
    sam.exchange.make(share)
    page.screen_view.exchange.click()
    settle(window)
    assert "1 record new here" in page.taking.dialog.lines.text()
    page.taking.dialog.main_button.click()
    settle(window)
    assert len(list(share.iterdir())) == 2
    assert sam.exchange.look_at_all(sam.exchange.others_in(share)).counts.same == 2


def test_the_same_answer_changed_by_both_leads_to_needs_you_with_the_colleague_s_name(
    window, page, settle, share, sam, workspace
):
    path = share / "sam.hfx"
    sam.exchange.make(path)
    workspace.exchange.take_in(path, TEAM)
    (line,) = rows(workspace)
    workspace.records.edit(line.id, Patch({"email": "jo@school.example"}))
    sam.records.edit(line.id, Patch({"email": "sam@school.example"}))
    sam.exchange.make(path)
    drop(page, path)
    settle(window)
    assert "1 question for you to decide" in page.taking.dialog.lines.text()
    page.taking.dialog.main_button.click()
    settle(window)
    window.go("needs", record_id=line.id)
    settle(window)
    buttons = [button.text() for button in window.stack.page.findChildren(ChoiceButton)]
    assert any("Take theirs" in text for text in buttons)
    assert not any("portal" in text for text in buttons)
    heads = [cell.accessibleName() or cell.text() for cell in window.stack.page.findChildren(Text)]
    assert "Sam’s" in heads


def test_who_types_elsewhere_is_said(window, page, settle, share, sam, workspace):
    path = share / "sam.hfx"
    sam.exchange.make(path)
    workspace.exchange.take_in(path, TEAM)
    with sam._store.write() as unit:
        (record,) = [r.id for r in unit.records.contents([1])]
        body = {
            "by": "Sam",
            "computer": "OFFICE-2",
            "since": BEGIN.isoformat(),
            "seen_at": BEGIN.isoformat(),
            "page": "trn",
        }
        unit.kept.put(by_hand.KIND, f"{record}:register_ect", body)
    sam.exchange.make(path)
    workspace.exchange.take_in(path)
    page.refresh(None)
    settle(window)
    assert page.screen_view.typing.isVisible()
    assert page.screen_view.statement == "Sam is typing something elsewhere"
    assert "for Ashcombe, Leonie on OFFICE-2" in page.screen_view._typing_words.text()


def test_a_damaged_file_is_refused_in_words(window, page, settle, share):
    path = share / "broken.hfx"
    path.write_bytes(b"nothing of ours")
    drop(page, path)
    settle(window)
    dialog = page.taking.dialog
    assert dialog.problem.text() == "broken.hfx is not a change file of Holdfast. Nothing was taken in."
    assert not dialog.main_button.isEnabled()
