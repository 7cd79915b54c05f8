"""Paste from a spreadsheet on the Records page: looked at first, saved by one button, undone by one key."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QMenu

from desktop.services.pasted_rows import RowStatus
from desktop.services.views import RecordQuery
from desktop.ui.records.paste_model import FIRST, SAME_ROLE, STATUS, TICK, WHO
from tests.ui.pressing import popup, press
from tests.ui.test_shell import focusables, name_of

pytestmark = pytest.mark.opens("records")

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
EMAIL = FIRST + 3


@pytest.fixture
def page(records_page):
    return records_page


@pytest.fixture
def people(workspace, editable):
    """Four records that take changes, and what they hold."""
    rows = editable()[:4]
    documents = workspace.records.documents([row.key for row in rows])
    return [(row, documents[row.id]) for row in rows]


@pytest.fixture
def sheet(people):
    """As a spreadsheet copies it: one that changes, one that is the same, one that cannot be read, one that is new."""

    def line(document, email, end):
        names = [document.get(name) for name in ("provider_trainee_id", "first_names", "last_name")]
        return "\t".join([*names, email, end, "Dr Rao"])

    (_, a), (_, b), (_, c), _ = people
    return "\n".join(
        [
            "Your trainee ID\tFirst names\tLast name\tEmail address\tExpected end date\tTutor",
            line(a, "ada@example.org", "31 July 2027"),
            line(b, b.get("email"), ""),
            line(c, "cyd@example.org", "32 July 2027"),
            "NM26-99999\tDee\tNewby\tdee@example.org\t31 July 2027\tDr Rao",
        ]
    )


@pytest.fixture
def paste(page, done):
    """Paste some text with Ctrl+V in the table."""

    def pasted(text):
        QGuiApplication.clipboard().setText(text)
        page.table.setFocus()
        press("v", held=CTRL)
        done()
        return page.deeds.pasting.dialog

    return pasted


def statuses(dialog):
    return [dialog.model.row_at(place).status for place in range(dialog.model.rowCount())]


def emails(workspace, people):
    documents = workspace.records.documents([row.key for row, _ in people])
    return [documents[row.id].get("email") for row, _ in people]


def test_each_row_is_told_apart_and_nothing_is_saved_yet(paste, sheet, workspace, people):
    before = emails(workspace, people)
    dialog = paste(sheet)
    assert statuses(dialog) == [RowStatus.MATCH, RowStatus.SAME, RowStatus.UNREADABLE, RowStatus.NEW]
    assert dialog.sentence.text().startswith("4 rows read. Nothing is saved yet.")
    assert emails(workspace, people) == before


def test_one_button_saves_what_is_ticked_and_one_key_takes_it_back(
    paste, sheet, workspace, people, page, done
):
    before = emails(workspace, people)
    total = workspace.records.count(RecordQuery("trainees"))
    dialog = paste(sheet)
    last = dialog.model.rowCount() - 1
    assert dialog.model.row_at(last).status is RowStatus.NEW
    dialog.model.toggle([last])
    assert dialog.main_button.words == "Save 2 rows"
    dialog.main_button.click()
    done()
    assert page.deeds.pasting.dialog is None
    assert emails(workspace, people) == ["ada@example.org", before[1], "cyd@example.org", before[3]]
    assert workspace.records.count(RecordQuery("trainees")) == total
    page.table.setFocus()
    press("z", held=CTRL)
    done()
    assert emails(workspace, people) == before


def test_a_cell_says_in_words_what_changes_or_why_it_cannot_be_read(paste, sheet, people):
    dialog = paste(sheet)
    email, end = EMAIL, EMAIL + 1
    old = people[0][1].get("email")
    assert dialog.model.said(0, email).endswith(f"Will change. Email address: {old} becomes ada@example.org")
    assert "“32 July 2027” cannot be read" in dialog.model.said(2, end)
    role = Qt.ItemDataRole.AccessibleTextRole
    assert dialog.model.data(dialog.model.index(2, STATUS)) == "Cannot be used"
    assert dialog.model.data(dialog.model.index(0, TICK), role) == f"{people[0][0].label}, will be saved"
    dialog.table.setCurrentIndex(dialog.model.index(2, end))
    assert "“32 July 2027” cannot be read" in dialog.told.text()


def test_what_changes_stands_first_and_what_does_not_says_so(paste, sheet):
    """Names and numbers are as they were; only the address and the end date change."""
    dialog = paste(sheet)
    head = dialog.table.horizontalHeader()
    shown = [dialog.model.headerData(head.logicalIndex(n), Qt.Orientation.Horizontal) for n in range(3, 9)]
    assert shown[-1] == "Left out"
    first = next(n for n in range(FIRST, FIRST + 6) if head.visualIndex(n) == FIRST)
    assert first - FIRST in dialog.model.changed_columns()
    kept = dialog.model.index(1, EMAIL)
    assert kept.data() == ""
    assert kept.data(SAME_ROLE) == "as it is"
    assert dialog.model.index(3, EMAIL).data(SAME_ROLE) == "", "nobody is there whose answer it would be"


def test_the_dialog_is_no_larger_than_a_small_window(paste, sheet, page):
    page.window().resize(682, 466)
    dialog = paste(sheet)
    assert dialog.height() <= page.window().height() - 16
    assert dialog.width() <= page.window().width() - 24


def test_the_chips_count_each_kind_and_show_only_it(paste, sheet):
    dialog = paste(sheet)
    chips = {chip.words: chip for chip in dialog._choice.buttons()}
    assert list(chips) == ["All 4", "Will change 1", "New 1", "Same already 1", "Cannot be used 1"]
    chips["Cannot be used 1"].click()
    assert statuses(dialog) == [RowStatus.UNREADABLE]
    chips["All 4"].click()
    assert dialog.model.rowCount() == 4


def test_a_column_can_be_left_out_and_taken_in_again_by_keyboard(paste, sheet, done, people):
    dialog = paste(sheet)
    dialog.table.setFocus()
    dialog.table.setCurrentIndex(dialog.model.index(0, EMAIL))
    press(Qt.Key.Key_Down, held=Qt.KeyboardModifier.AltModifier)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    leave_out = next(a for a in menu.actions() if a.text() == "Leave this column out")
    leave_out.trigger()
    menu.close()
    done()
    head = dialog.model.headerData(EMAIL, Qt.Orientation.Horizontal)
    assert head == "Left out"
    assert "email" not in {cell.field for cell in dialog.model.row_at(0).cells}
    dialog.mapping_changed.emit(3, "email")
    done()
    assert "email" in {cell.field for cell in dialog.model.row_at(0).cells}


def test_a_column_of_another_name_is_given_its_field(paste, sheet, done):
    dialog = paste(sheet.replace("Email address", "Contact"))
    assert dialog.model.headerData(EMAIL, Qt.Orientation.Horizontal) == "Left out"
    dialog.mapping_changed.emit(3, "email")
    done()
    assert dialog.model.headerData(EMAIL, Qt.Orientation.Horizontal) == "Email address"
    assert "email" in {cell.field for cell in dialog.model.row_at(0).cells}


def test_a_mapping_that_cannot_work_is_said_and_the_rows_stay(paste, sheet, done):
    dialog = paste(sheet)
    dialog.mapping_changed.emit(0, "")
    done()
    assert dialog.model.rowCount() == 4
    assert "which trainee each row is about" in dialog.notes.text()
    dialog.mapping_changed.emit(3, "")
    done()
    assert dialog.model.headerData(FIRST, Qt.Orientation.Horizontal) == "Your trainee ID"


def test_rows_are_ticked_by_space_and_only_those_that_can_be_saved(paste, sheet, qtbot):
    dialog = paste(sheet)
    dialog.table.setFocus()
    dialog.table.setCurrentIndex(dialog.model.index(0, WHO))
    press(Qt.Key.Key_Space)
    assert 0 < len(dialog.model.ticked) < 3
    dialog.table.setCurrentIndex(dialog.model.index(1, WHO))
    press(Qt.Key.Key_Space)
    assert dialog.model.row_at(1).number not in dialog.model.ticked


@pytest.mark.parametrize("kind", ["picture", "nothing"])
def test_a_clipboard_without_rows_is_told_with_the_next_step(page, done, kind):
    clipboard = QGuiApplication.clipboard()
    if kind == "picture":
        clipboard.setImage(QImage(8, 8, QImage.Format.Format_RGB32))
    else:
        clipboard.clear()
    press("v", held=CTRL)
    done()
    dialog = page.deeds.pasting.dialog
    expected = {
        "picture": "There is a picture on the clipboard, not rows",
        "nothing": "There are no rows on the clipboard",
    }
    assert dialog._empty.title == expected[kind]
    assert dialog._empty.isVisible()
    assert not dialog.main_button.isEnabled()


def test_text_that_is_no_table_is_told_with_the_next_step_and_rows_can_follow(paste, sheet, done):
    dialog = paste("Dear all,\nsee you on Monday.\n")
    assert dialog._empty.isVisible()
    assert not dialog.main_button.isEnabled()
    QGuiApplication.clipboard().setText(sheet)
    dialog.again.click()
    done()
    assert dialog.model.rowCount() == 4


def test_a_file_copied_in_the_file_manager_is_read(page, done, sheet, tmp_path):
    path = tmp_path / "sheet.csv"
    path.write_text(sheet.replace("\t", ","), "utf-8")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    QGuiApplication.clipboard().setMimeData(data)
    press("v", held=CTRL | SHIFT)
    done()
    assert page.deeds.pasting.dialog.model.rowCount() == 4


def test_a_file_that_cannot_be_opened_is_told_with_the_next_step(page, done, tmp_path):
    page.deeds.pasting.read_file(tmp_path / "gone.csv")
    done()
    assert page.deeds.pasting.dialog._empty.title == "There is no file gone.csv"


def test_what_was_copied_here_comes_back_as_the_same(page, paste, done, people):
    page.model.set_ticked([row.key for row, _ in people], on=True)
    press("c", held=CTRL)
    done()
    text = QGuiApplication.clipboard().text()
    dialog = paste(text)
    assert statuses(dialog) == [RowStatus.SAME] * 4


def test_stopping_while_rows_are_saved_saves_nothing(
    paste, sheet, workspace, people, page, done, monkeypatch
):
    before = emails(workspace, people)
    dialog = paste(sheet)
    save = workspace.paste.save

    def stopped_at_once(*args):
        page.deeds.pasting._work.cancel()
        return save(*args)

    monkeypatch.setattr(workspace.paste, "save", stopped_at_once)
    dialog.main_button.click()
    done()
    assert dialog.notes.text() == "Stopped. Nothing was saved."
    assert emails(workspace, people) == before


def test_the_menu_of_a_column_offers_every_question_and_who(paste, sheet):
    dialog = paste(sheet)
    dialog.open_mapping(1, QPoint(10, 10))
    menu = popup()
    words = [a.text() for a in menu.actions() if a.text()]
    assert words[:2] == ["Leave this column out", "Says which trainee"]
    assert len(words) > 6
    menu.close()


def test_the_model_keeps_qts_rules(paste, sheet, qtmodeltester):
    dialog = paste(sheet)
    qtmodeltester.check(dialog.model)


def test_everything_in_the_dialog_that_takes_the_keyboard_has_a_name(paste, sheet):
    dialog = paste(sheet)
    found = focusables(dialog)
    assert len(found) >= 5
    assert [type(w).__name__ for w in found if not name_of(w).strip()] == []
