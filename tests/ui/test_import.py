"""Files on the Records page: opened or dropped, looked at, asked about, saved by one button, undone from a list."""

import csv

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog

from desktop.services.pasted_rows import RowStatus
from desktop.services.views import RecordQuery
from desktop.ui.parts.text import Text
from desktop.ui.records.paste_model import FIRST, STATUS, WHO
from tests.ui.pressing import popup, press
from tests.ui.test_shell import focusables, name_of

pytestmark = pytest.mark.opens("records")

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
HEADS = ("First names", "Last name", "Date of birth", "Email address", "Tutor")


@pytest.fixture
def page(records_page):
    return records_page


@pytest.fixture
def person(workspace, editable):
    """A record that takes changes, and what it holds."""
    row = editable()[0]
    return row, workspace.records.documents([row.key])[row.id]


@pytest.fixture
def sheet(tmp_path, person):
    """Somebody who may be here already, somebody new who has much to fix, and somebody without a name."""
    _, held = person
    path = tmp_path / "trainees.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        names = [held.get(n) for n in ("first_names", "last_name", "date_of_birth")]
        csv.writer(file).writerows(
            [
                HEADS,
                (*names, "found@example.org", "Dr Rao"),
                ("Dee", "Newby", "32/1/2001", "dee@example.org", ""),
                ("", "Birch", "", "", ""),
            ]
        )
    return path


@pytest.fixture
def opened(page, done, sheet, monkeypatch):
    """The dialog after a file was chosen with Ctrl+Shift+O."""
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(sheet), ""))
    press("o", held=CTRL | SHIFT)
    done()
    return page.deeds.pasting.dialog


def statuses(dialog):
    return [dialog.model.row_at(place).status for place in range(dialog.model.rowCount())]


def total(workspace):
    return workspace.records.count(RecordQuery("trainees"))


def test_a_file_is_looked_at_before_anything_is_saved(opened, workspace):
    assert opened.windowTitle() == "Import trainees from trainees.csv"
    assert statuses(opened) == [RowStatus.CLASH, RowStatus.NEW, RowStatus.UNREADABLE]
    assert opened.notes.text() == "Left out: Tutor. No field of a trainee has that name."
    assert opened.main_button.words == "Save 1 row"
    assert workspace.importing.all() == []


def test_a_new_record_says_what_has_to_be_fixed_before_it_can_be_sent(opened, done):
    opened.table.setCurrentIndex(opened.model.index(1, STATUS))
    done()
    assert "To fix before it can be sent: " in opened.told.text()
    opened.table.setCurrentIndex(opened.model.index(1, FIRST + 2))
    assert "“32/1/2001” cannot be read" in opened.told.text()


def test_a_person_says_who_is_meant_and_the_row_is_matched(opened, done, person, workspace, page):
    row, _ = person
    opened.table.setCurrentIndex(opened.model.index(0, WHO))
    opened.table.setFocus()
    press(Qt.Key.Key_Return)
    menu = popup()
    assert [action.text() for action in menu.actions()] == [f"This is {row.label}", "This is a new trainee"]
    menu.actions()[0].trigger()
    menu.close()
    done()
    assert statuses(opened)[0] is RowStatus.MATCH
    opened.main_button.click()
    done()
    assert page.deeds.pasting.dialog is None
    assert workspace.records.documents([row.key])[row.id].get("email") == "found@example.org"
    (one,) = workspace.importing.all()
    assert (one.added, one.updated, one.refused) == (1, 1, 1)


def test_one_key_undoes_the_whole_import(opened, done, workspace, page, window):
    before = total(workspace)
    opened.main_button.click()
    done()
    assert total(workspace) == before + 1
    assert window.toast.isVisible()
    page.table.setFocus()
    press("z", held=CTRL)
    done()
    assert total(workspace) == before


def test_an_earlier_import_is_undone_from_the_list_and_its_file_comes_back(
    opened, done, workspace, page, sheet, tmp_path, monkeypatch
):
    before = total(workspace)
    opened.main_button.click()
    done()
    page.deeds.do("imports")
    done()
    dialog = page.deeds.importing.dialog
    assert dialog.list.item(0).text().startswith("3 rows from trainees.csv, ")
    assert dialog.list.item(0).text().endswith(": 1 added, 2 not taken")
    copy = tmp_path / "copy.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(copy), ""))
    dialog.file.click()
    done()
    assert copy.read_bytes() == sheet.read_bytes()
    dialog.undo.click()
    done()
    assert total(workspace) == before
    assert dialog.list.item(0).text().endswith(". Undone")
    assert dialog.told.text() == "Undone: Imported 1 row from trainees.csv."
    assert not dialog.undo.isEnabled()
    dialog.close()


def test_undoing_an_import_can_be_stopped(opened, done, workspace, page, monkeypatch):
    before = total(workspace)
    opened.main_button.click()
    done()
    page.deeds.do("imports")
    done()
    dialog = page.deeds.importing.dialog
    really = workspace.importing.undo

    def held(import_id, progress, cancelled):
        """Begins only once it was asked to stop."""
        while not cancelled():
            pass
        return really(import_id, progress, cancelled)

    monkeypatch.setattr(workspace.importing, "undo", held)
    dialog.undo.click()
    dialog.progress.stop_asked.emit()
    done()
    assert total(workspace) == before + 1
    assert not dialog.list.item(0).text().endswith(". Undone")
    assert dialog.undo.isEnabled()
    dialog.close()


def test_with_no_imports_the_list_says_how_to_begin(page, done):
    page.deeds.do("imports")
    done()
    dialog = page.deeds.importing.dialog
    assert dialog.none.isVisible()
    assert not dialog.undo.isEnabled()
    dialog.close()


def test_a_file_that_is_dropped_on_the_page_is_read(page, done, sheet):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(sheet))])
    buttons, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    over = QDragEnterEvent(QPoint(40, 40), Qt.DropAction.CopyAction, data, buttons, none)
    QApplication.sendEvent(page.view, over)
    assert over.isAccepted()
    QApplication.sendEvent(
        page.view, QDropEvent(QPointF(40, 40), Qt.DropAction.CopyAction, data, buttons, none)
    )
    done()
    assert statuses(page.deeds.pasting.dialog)[1] is RowStatus.NEW


def test_dropped_text_is_left_to_others(page):
    data = QMimeData()
    data.setText("not a file")
    over = QDragEnterEvent(
        QPoint(40, 40),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    over.ignore()
    QApplication.sendEvent(page.view, over)
    assert not over.isAccepted()


def test_headings_that_nobody_knows_can_be_mapped_and_are_known_the_next_time(page, done, tmp_path):
    path = tmp_path / "fremd.csv"
    path.write_text("Vorname,Nachname,Geboren\nDee,Newby,1/2/2001\n", encoding="utf-8")
    page.deeds.pasting.read_file(path)
    done()
    dialog = page.deeds.pasting.dialog
    assert statuses(dialog) == [RowStatus.UNREADABLE]
    assert dialog.notes.text().startswith("Nothing says which trainee each row is about.")
    for place, field in enumerate(("first_names", "last_name", "date_of_birth")):
        dialog.mapping_changed.emit(place, field)
        done()
    assert statuses(dialog) == [RowStatus.NEW]
    dialog.main_button.click()
    done()
    page.deeds.pasting.read_file(path)
    done()
    assert statuses(page.deeds.pasting.dialog) == [RowStatus.SAME]


def test_an_old_workbook_is_told_with_the_next_step(page, done, tmp_path):
    path = tmp_path / "trainees.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(512))
    page.deeds.pasting.read_file(path)
    done()
    told = page.deeds.pasting.dialog._empty
    assert "old Excel kind" in told.title
    assert any("Save the sheet as an Excel workbook" in text.text() for text in told.findChildren(Text))


def test_both_are_in_the_menu_under_the_button_and_in_the_commands(page):
    page.view.import_button.click()
    menu = popup()
    assert [action.text().partition("\t")[0] for action in menu.actions()] == [
        "Open a file",
        "Earlier imports",
    ]
    menu.close()
    assert {"Import a file", "Earlier imports"} <= {command.words for command in page.commands()}


def test_everything_that_takes_the_keyboard_has_a_name(opened, page, done):
    assert [name_of(widget) for widget in focusables(opened) if not name_of(widget)] == []
    opened.close()
    page.deeds.do("imports")
    done()
    dialog = page.deeds.importing.dialog
    assert [name_of(widget) for widget in focusables(dialog) if not name_of(widget)] == []
    dialog.close()
