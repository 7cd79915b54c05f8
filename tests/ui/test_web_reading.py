"""Register's export on the hand-over page of an office without API: chosen or dropped, looked at, loaded, decided."""

from datetime import timedelta

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QLabel

from desktop.model.document import Patch
from desktop.practice.server import PROVIDER_NAME, PROVIDER_UKPRN
from desktop.services.views import Organisation
from desktop.services.workspace import Workspace
from tests import website_export


@pytest.fixture
def workspace(tmp_path, clock, portal):
    """A school-centred provider: no portal is connected."""
    organisation = Organisation(PROVIDER_NAME, "scitt", PROVIDER_UKPRN)
    made = Workspace.create(
        tmp_path / "scitt", organisation, "practice", clock=clock, actor="Priya Nandakumar", remember=False
    )
    yield made
    made.close()


@pytest.fixture
def export(portal, clock, tmp_path):
    """What the website gives to download now; `other` = cells of all rows, `leave` = so many rows less."""

    def make(leave=0, **other):
        clock.now += timedelta(minutes=5)
        rows = [
            website_export.row_of(t, provider_name=PROVIDER_NAME, provider_code="N11") | other
            for t in portal.control.trainees()
            if not t["deleted"] and t["ukprn"] == PROVIDER_UKPRN
        ]
        stamp = clock.now.strftime("%Y-%m-%d_%H-%M_%S")
        path = tmp_path / f"{stamp}_Register-trainee-teachers_exported_records.csv"
        path.write_bytes(website_export.written(rows[leave:]))
        return path

    return make


@pytest.fixture
def window(make_window, workspace):
    return make_window(workspace, "handover")


@pytest.fixture
def page(window):
    return window.stack.page


def drop(page, path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    buttons = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    page.dropEvent(QDropEvent(QPointF(10, 10), Qt.DropAction.CopyAction, data, *buttons))


def test_an_office_without_api_is_told_how_register_is_read(window, page, settle, monkeypatch, export):
    view = page.screen_view
    assert view.empty.isVisible()
    assert view.last_read.words.startswith("Register was not read yet.")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(export()), ""))
    view.empty.way_chosen.emit("read")
    settle(window)
    dialog = page.reading.dialog
    assert dialog.isVisible()
    assert "trainees of University of Northmoor" in dialog.summary.text()
    assert "new here" in dialog.lines.text()
    assert not dialog.doubts.isVisible()
    assert "Aim of the training" in dialog.unknown.text()
    assert dialog.main_button.isEnabled()


def test_a_dropped_export_is_known_by_its_headings_and_loaded(window, page, settle, export, workspace):
    path = export()
    drop(page, path)
    settle(window)
    dialog = page.reading.dialog
    dialog.main_button.click()
    settle(window)
    assert page.reading.dialog is None
    assert workspace.web_reading.last().file == path.name
    assert window.toast.words.startswith(f"{path.name} loaded: ")
    assert page.screen_view.last_read.words.startswith("Last export of Register loaded: ")


def test_the_strip_says_when_the_file_was_read_and_offers_no_sync(window, page, settle, export):
    def said():
        return [label.text() for label in window.strip.findChildren(QLabel)]

    assert "by its files" in window.strip.spoken()
    assert "Its export was not loaded yet" in said()
    assert window.strip.button.isHidden()
    drop(page, export())
    settle(window)
    page.reading.dialog.main_button.click()
    settle(window)
    assert any(words.startswith("Its export was loaded at") for words in said())


def test_any_other_dropped_file_is_taken_for_an_answer(window, page, settle, tmp_path):
    other = tmp_path / "answer.csv"
    other.write_text("TRN,Errors\n1234567,no\n")
    drop(page, other)
    settle(window)
    assert page.reading.dialog is None
    assert window.banner.isVisible()


def test_a_conflict_of_the_file_waits_under_needs_you(window, page, settle, export, workspace, portal):
    workspace.web_reading.load(workspace.web_reading.read(export()))
    settle(window)
    portal_id = next(t["trainee_id"] for t in portal.control.trainees() if t["state"] == "trn_received")
    record_id = workspace.records.resolve("trainees", portal_id)
    workspace.records.edit(record_id, Patch({"email": "mine@mail.example"}))
    portal.control.edit(portal_id, email="theirs@mail.example")
    page.reading.read(export())
    settle(window)
    assert "1 conflict for you to decide" in page.reading.dialog.lines.text()
    page.reading.dialog.main_button.click()
    settle(window)
    assert window.toast.words.endswith("1 question for you under Needs you.")
    window.go("needs")
    settle(window)
    assert [need.record_id for need in workspace.conflicts.needs()] == [record_id]


def test_doubts_ask_for_consent_before_it_can_be_loaded(window, page, settle, export, workspace):
    page.reading.read(export(provider_name="Saltersgate SCITT"))
    settle(window)
    dialog = page.reading.dialog
    assert "Saltersgate SCITT" in dialog.doubts.text()
    assert dialog.anyway.hasFocus()
    assert not dialog.main_button.isEnabled()
    assert dialog.main_button.toolTip()
    dialog.anyway.setChecked(True)
    dialog.main_button.click()
    settle(window)
    assert workspace.web_reading.last() is not None


def test_a_person_says_that_the_file_holds_everybody_before_anybody_is_doubted(
    window, page, settle, export, workspace
):
    workspace.web_reading.load(workspace.web_reading.read(export()))
    for whole, expected in ((False, 0), (True, 2)):
        page.reading.read(export(leave=2))
        settle(window)
        dialog = page.reading.dialog
        assert "2 trainees here are not in it" in dialog.absent.text()
        assert not dialog.whole.isChecked()
        dialog.whole.setChecked(whole)
        dialog.main_button.click()
        settle(window)
        assert len(workspace.conflicts.open()) == expected


def test_what_cannot_be_read_is_listed_and_a_wrong_file_is_told_in_the_dialog(
    window, page, settle, export, tmp_path
):
    page.reading.read(export(course_training_route="Wizardry"))
    settle(window)
    dialog = page.reading.dialog
    heads = [dialog.table.grouped.entry(row).title for row in dialog.table.grouped.heads()]
    assert heads == ["Not understood, so it stays as it is here"]
    assert "Wizardry" in dialog.table.spoken_row(1)
    dialog.reject()
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("Name,Age\nAda,30\n")
    page.reading.read(wrong)
    settle(window)
    assert "is not Register’s export of trainees" in page.reading.dialog.problem.text()
    assert not page.reading.dialog.main_button.isEnabled()


def test_stopping_the_reading_closes_the_dialog_and_keeps_nothing(window, page, settle, export, workspace):
    page.reading.read(export())
    page.reading.dialog.reject()
    settle(window)
    assert page.reading.dialog is None
    assert workspace.web_reading.all() == []


def test_the_file_that_was_loaded_can_be_saved_again(
    window, page, settle, export, workspace, tmp_path, monkeypatch
):
    path = export()
    workspace.web_reading.load(workspace.web_reading.read(path))
    settle(window)
    again = tmp_path / "again.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(again), ""))
    page.screen_view.last_read.save.click()
    settle(window)
    assert again.read_bytes() == path.read_bytes()
    assert window.toast.words.startswith("Saved as again.csv.")


def test_an_empty_home_leads_there(make_window, workspace, settle):
    window = make_window(workspace)
    window.stack.page.screen_view._empty.way_chosen.emit("read")
    settle(window)
    assert window.stack.name == "handover"
