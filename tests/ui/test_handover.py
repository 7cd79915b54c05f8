"""Hand-over: files are made, said to be uploaded, answered, and followed, all of it by keyboard."""

import csv
import io

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from desktop.model.change import ChangeState
from desktop.model.document import Patch
from desktop.services.views import RecordView
from desktop.ui.handover import page as page_module
from desktop.ui.handover.make_dialog import MakeDialog
from desktop.ui.handover.uploaded_dialog import UploadedDialog


@pytest.fixture
def new(workspace, editable):
    """Add trainees that the rules let through."""
    source = next(
        view.document
        for view in (workspace.records.view(row.id) for row in editable())
        if view.document.children.get("degrees") and view.document.get("itt_start_date") > "2026"
    )
    made: list[RecordView] = []

    def add(**fields):
        number = len(made) + 1
        document = source.copy()
        document.fields |= {
            "first_names": f"Ada{'abcdef'[number]}",
            "last_name": "Ashcombe",
            "email": f"ada{number}@example.com",
            "hesa_id": f"{2610994170000 + number}",
            "provider_trainee_id": f"NEW-{number}",
            "middle_names": None,
            "training_partner_ukprn": None,
        } | fields
        made.append(workspace.records.add("trainees", document))
        return made[-1]

    return add


@pytest.fixture
def window(make_window, workspace):
    return make_window(workspace, "handover")


@pytest.fixture
def page(window):
    return window.stack.page


def answer_to(path, errors):
    """The file as Register gives it back, with errors by row from 0."""
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))
    told = [[*rows[0], "Validation results", "Errors"]]
    told += [[*row, "", errors.get(number, "")] for number, row in enumerate(rows[1:])]
    answer = path.with_name("answer.csv")
    with answer.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(told)
    return answer


def test_the_rail_leads_there_after_checks(qtbot, make_window, workspace, settle):
    window = make_window(workspace)
    names = [item.accessible() for item in window.rail.items]
    assert names.index("Hand-over") == [name.startswith("Checks") for name in names].index(True) + 1
    qtbot.keyClick(window, Qt.Key.Key_6, Qt.KeyboardModifier.ControlModifier)
    settle(window)
    assert window.stack.name == "handover"
    assert window.rail.item("handover").isChecked()
    qtbot.keyClick(window, Qt.Key.Key_7, Qt.KeyboardModifier.ControlModifier)
    settle(window)
    assert window.stack.name == "activity"


def test_without_a_file_the_page_says_how_to_begin(window, page, settle):
    view = page.screen_view
    assert view.empty.isVisible()
    assert not view.table.isVisible()
    assert view.empty.title == "No file was made yet"
    view.empty.way_chosen.emit("make")
    settle(window)
    assert page.making.dialog.isVisible()
    assert page.making.dialog.summary.text() == "Nothing waits that could go into this file."
    assert not page.making.dialog.main_button.isEnabled()
    assert page.making.dialog.main_button.toolTip()


def test_a_file_is_made_from_the_dialog_and_listed(window, page, settle, new, tmp_path):
    new(middle_names="Maud")
    new(email=None)
    page.making.begin()
    settle(window)
    dialog = page.making.dialog
    assert dialog.summary.text().startswith("2 records in 2 files, 1 draft with something to put right")
    assert "file of their own" in dialog.warnings.text()
    titles = [dialog.table.grouped.entry(row).title for row in dialog.table.grouped.heads()]
    assert titles == ["The file cannot say this"]
    dialog.make_in(tmp_path / "out")
    settle(window)
    assert page.making.dialog is None
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "trainees-1.csv",
        "trainees-with-errors-1.csv",
    ]
    assert page.screen_view.statement == "1 file waits to be uploaded"
    assert page.screen_view.chosen.state == "made"
    assert page.screen_view.card.uploaded.isVisible()


def test_each_route_says_what_it_needs(window, page, settle, tmp_path):
    page.making.begin("placements")
    settle(window)
    dialog = page.making.dialog
    assert dialog.choose_list.isVisible()
    assert dialog.choose_list.words == "Choose Register’s list of placements"
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("a,b\n1,2\n")
    dialog.begin("recommend")
    dialog.use_list(wrong)
    settle(window)
    assert "not Register's list for recommending" in dialog.problem.text()
    assert not dialog.main_button.isEnabled()
    dialog.no_list.click()
    settle(window)
    assert not dialog.problem.isVisible()
    dialog.begin("bulk-add")
    settle(window)
    assert not dialog.choose_list.isVisible()


def test_the_receipt_is_asked_for_and_kept(qtbot, window, page, workspace, settle, new, tmp_path):
    view = new()
    workspace.exports.make("bulk-add", tmp_path)
    settle(window)
    page.screen_view.card.uploaded.click()
    dialog = next(d for d in page.findChildren(UploadedDialog) if d.isVisible())
    qtbot.keyClicks(dialog.receipt, "Upload 4711")
    qtbot.keyClick(dialog.receipt, Qt.Key.Key_Return)
    settle(window)
    export = page.screen_view.chosen
    assert (export.state, export.receipt) == ("uploaded", "Upload 4711")
    assert page.screen_view.statement == "1 file waits to be read back"
    assert not page.screen_view.card.uploaded.isVisible()
    (change,) = workspace.records.view(view.id).changes
    assert change.state is ChangeState.UNKNOWN
    assert workspace.home().needs == (), "what waits to be read back is nothing to decide"


def test_an_answer_that_is_dropped_on_the_page_leads_to_the_refused_field(
    qtbot, window, page, workspace, settle, new, tmp_path
):
    new()
    bad = new()
    workspace.exports.make("bulk-add", tmp_path)
    answer = answer_to(tmp_path / "trainees-1.csv", {1: "email is not an email address"})
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(answer))])
    page.dropEvent(
        QDropEvent(
            QPointF(5, 5),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    settle(window)
    table = page.screen_view.card.verdicts
    assert page.screen_view.statement == "Register refused rows of 1 file"
    assert table.isVisible()
    page.screen_view.table.setFocus()
    qtbot.keyClick(page.screen_view.table, Qt.Key.Key_Return)
    assert table.hasFocus()
    table.focus_first()
    qtbot.keyClick(table, Qt.Key.Key_Return)
    settle(window)
    assert window.stack.name == "record"
    assert window.record_in_hand() == bad.id
    workspace.records.edit(bad.id, Patch({"email": "later@example.com"}))
    window.go("handover")
    settle(window)
    assert page.screen_view.statement == "Nothing is under way by file"


def test_a_file_that_is_no_answer_is_told_in_a_banner(window, page, settle, new, workspace, tmp_path):
    new()
    workspace.exports.make("bulk-add", tmp_path)
    settle(window)
    page.load(tmp_path / "trainees-1.csv")
    settle(window)
    assert window.banner.isVisible()
    assert page.screen_view.chosen.state == "made"


def test_a_file_that_was_not_uploaded_leaves_the_list(
    window, page, settle, new, workspace, tmp_path, monkeypatch
):
    view = new()
    workspace.exports.make("bulk-add", tmp_path)
    settle(window)
    asked: list[str] = []

    def agreed(_over, title, *_words):
        asked.append(title)
        return True

    monkeypatch.setattr(page_module, "ask", agreed)
    page.screen_view.card.dropped.click()
    settle(window)
    assert asked == ["trainees-1.csv was not uploaded?"]
    assert page.screen_view.empty.isVisible()
    (change,) = workspace.records.view(view.id).changes
    assert (change.state, change.reason) == (ChangeState.QUEUED, "")


def test_waiting_says_in_which_file_a_change_is(window, settle, new, workspace, tmp_path):
    new()
    workspace.exports.make("bulk-add", tmp_path)
    window.go("waiting")
    settle(window)
    table = window.stack.page.screen_view.table
    assert any(
        "In trainees-1.csv, not uploaded yet." in table.spoken_row(row)
        for row in range(table.grouped.rowCount())
    )


def test_the_dialog_is_no_larger_than_a_small_window(window, page, settle):
    window.resize(682, 466)
    dialog = MakeDialog(page)
    dialog.begin("placements")
    dialog.show_problem(
        "Register deletes all the schools of a trainee, so a file needs the list of today. " * 3
    )
    dialog.show()
    assert dialog.height() <= window.height()
    dialog.close()
