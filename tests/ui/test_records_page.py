"""Records as people use it: search, filters, ticks, keys, and a list that keeps its place when others write."""

import threading
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from desktop.model.document import Patch
from desktop.services.views import RecordQuery
from desktop.ui.parts.save_as import with_ending
from desktop.ui.records.leaving import KINDS
from desktop.ui.records.page import PAGE_KEYS
from desktop.ui.records.pick_list import PickList
from desktop.ui.records.table import DEED_KEYS
from desktop.ui.theme import theme
from tests.ui.pressing import popup, press
from tests.ui.test_shell import focusables, name_of

pytestmark = pytest.mark.opens("records")

SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(records_page):
    return records_page


def labels(page):
    return [page.model.row_at(place).label for place in range(page.model.rowCount())]


def total(workspace):
    return len(workspace.records.find(RecordQuery("trainees")))


def test_all_records_are_listed_by_name(page, workspace):
    assert page.model.rowCount() == total(workspace)
    assert labels(page) == sorted(labels(page), key=str.casefold)
    assert page.view.head.sentence.text() == f"{total(workspace)} on this computer"


def test_typing_in_the_search_narrows_the_list(page, done, workspace):
    surname = labels(page)[5].split(",")[0]
    page.begin_search()
    press(surname[:4].lower())
    QTest.qWait(0)
    press(Qt.Key.Key_Return)
    done()
    assert 0 < page.model.rowCount() < total(workspace)
    assert all(surname[:4].casefold() in label.casefold() for label in labels(page))
    assert f"of {total(workspace)} on this computer" in page.view.head.sentence.text()
    assert page.table.hasFocus()


def test_a_search_asks_by_itself_once_typing_rests(page, qtbot, workspace):
    page.begin_search()
    press(labels(page)[0][:5])
    qtbot.waitUntil(lambda: page.model.rowCount() < total(workspace))


def test_nothing_found_offers_to_clear_the_filters(page, done, workspace):
    page.open(search="zzzzzz", filters={"route": "12"})
    done()
    assert page.view.head.sentence.text() == f"None of {total(workspace)} on this computer"
    button = next(b for b in page.view.findChildren(QWidget) if b.accessibleName() == "Clear filters")
    assert button.isVisible()
    button.click()
    done()
    assert page.model.rowCount() == total(workspace)
    assert page.filter_bar.search.text() == ""


def test_no_records_at_all_shows_the_ways_to_begin(make_window, empty_workspace, settle):
    window = make_window(empty_workspace, "records")
    settle(window)
    page = window.stack.page
    said = [
        b.accessibleName() for b in page.view.findChildren(QWidget) if b.property("way") and b.isVisible()
    ]
    assert said == ["Get trainees", "Paste or open a file", "Add a trainee"]
    assert not page.filter_bar.isVisible()
    next(b for b in page.view.findChildren(QWidget) if b.property("way") == "add").click()
    settle(window)
    assert window.stack.name == "record"


def test_a_chip_opens_its_choices_and_says_what_is_chosen(page, done):
    chip = page.filter_bar._chips["route"]
    chip.setFocus()
    press(Qt.Key.Key_Return)
    popup = next(w for w in page.filter_bar.findChildren(PickList))
    assert popup.isVisible()
    popup._toggle(popup._list.model().index(popup._list.model().rowCount() - 1, 0))
    codes = popup.ticked()
    popup.close()
    done()
    assert page.filter_bar.question.values == {"route": codes}
    assert chip.isChecked()
    assert chip.accessibleName().startswith("Route, ")
    QTest.keyClick(chip, Qt.Key.Key_Delete)
    done()
    assert page.filter_bar.question.values == {}


def test_money_only_lists_records_with_money(page, done, workspace):
    page.filter_bar._chips["money_only"].opened.emit()
    done()
    assert page.model.rowCount() == workspace.records.count(
        RecordQuery("trainees", filters={"money_only": "1"})
    )
    assert all(page.model.row_at(p).facets["money"] for p in range(page.model.rowCount()))


def test_a_filter_of_home_arrives_as_a_chip(window, page, done, workspace):
    window.go("records", filters={"sync": "draft"})
    done()
    assert page.filter_bar._chips["sync"].value == "Draft with errors"


# --- keys


def test_enter_opens_the_record_and_back_comes_back_to_its_line(window, page, done):
    page.table.go_to(3)
    label = labels(page)[3]
    press(Qt.Key.Key_Return)
    done()
    assert window.stack.name == "record"
    assert window.stack.page.session.view.label == label
    window.go_back()
    done()
    assert window.stack.name == "records"
    assert page.table.place() == 3


def test_space_ticks_and_the_bar_adds_the_money_up(page, done):
    paid = [p for p in range(page.model.rowCount()) if page.model.row_at(p).facets["money"]][:2]
    for place in paid:
        page.table.go_to(place)
        press(Qt.Key.Key_Space)
    done()
    pounds = sum(page.model.row_at(p).facets["money"] for p in paid)
    assert page.view.bar._count.text() == "2 selected"
    assert page.view.bar._money.text() == f"£{pounds:,} of funding"
    assert page.view.bar.isVisible()
    page.view.bar.cleared.emit()
    assert not page.view.bar.isVisible()


def test_shift_and_an_arrow_tick_a_range_and_give_it_back(page):
    page.table.go_to(2)
    press(Qt.Key.Key_Down, Qt.Key.Key_Down, held=SHIFT)
    assert page.model.ticked == set(page.model.keys[2:5])
    press(Qt.Key.Key_Up, held=SHIFT)
    assert page.model.ticked == set(page.model.keys[2:4])


def test_control_a_ticks_all_shown_and_the_header_box_none(page):
    press(Qt.Key.Key_A, held=CTRL)
    assert page.model.ticked == set(page.model.keys)
    page.table.head.toggle_all()
    assert page.model.ticked == frozenset()


def test_a_click_on_the_box_ticks_once(page):
    box = page.table.visualRect(page.model.index(1, 0)).center()
    QTest.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=box)
    assert page.model.ticked == {page.model.keys[1]}
    far = page.table.visualRect(page.model.index(4, 0)).center()
    QTest.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, SHIFT, far)
    assert page.model.ticked == set(page.model.keys[1:5])


def test_letters_find_a_name(page, done):
    wanted = labels(page)[-3]
    press(wanted[:4])
    done()
    assert page.model.row_at(page.table.place()).label.casefold().startswith(wanted[:4].casefold())


def test_home_and_end_go_to_the_ends(page):
    press(Qt.Key.Key_End)
    assert page.table.place() == page.model.rowCount() - 1
    press(Qt.Key.Key_Home)
    assert page.table.place() == 0


def test_shift_f10_opens_the_menu_of_the_line(page):
    page.table.go_to(1)
    page.deeds.open_menu(1, page.table.mapToGlobal(QPoint(5, 5)))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    words = [a.text().partition("\t")[0] for a in menu.actions() if a.text()]
    assert words[:3] == ["Open", "Select", "Change"]
    assert "Copy as a spreadsheet" in words
    assert "Sort by" in words
    menu.close()


def test_control_c_copies_the_line_as_a_spreadsheet_takes_it(page, done):
    page.table.go_to(0)
    press(Qt.Key.Key_C, held=CTRL)
    done()
    heads, line = QGuiApplication.clipboard().text().rstrip("\n").split("\n")
    assert heads.split("\t")[0] == "Name"
    assert line.split("\t")[0] == labels(page)[0]


def test_an_export_holds_the_ticked_records_or_all_shown(page, done, tmp_path):
    path = tmp_path / "out.csv"
    page.deeds.leaving.export_to(path)
    done()
    assert len(path.read_text("utf-8-sig").splitlines()) == 1 + page.model.rowCount()
    page.model.set_ticked([page.model.keys[2]], on=True)
    page.deeds.leaving.export_to(path)
    done()
    assert len(path.read_text("utf-8-sig").splitlines()) == 2


def test_an_excel_export_holds_what_is_shown_in_its_order(page, done, tmp_path):
    path = tmp_path / "out.xlsx"
    page.finder.sort_by("label")
    done()
    page.deeds.leaving.export_to(path)
    done()
    lines = list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))
    name = lines[0].index("Name")
    assert [line[name] for line in lines[1:]] == labels(page)
    assert "Training route" in lines[0]


@pytest.mark.parametrize("ending", [".pdf", ".csv", ".xlsx"])
def test_each_kind_of_file_says_that_it_was_written(page, done, window, tmp_path, ending):
    path = tmp_path / f"out{ending}"
    page.deeds.leaving.export_to(path)
    done()
    assert path.stat().st_size > 0
    assert window.toast.words == f"{page.model.rowCount()} records exported to out{ending}"


def test_a_file_without_an_ending_gets_that_of_its_kind():
    assert with_ending(Path("list"), KINDS[".csv"], KINDS, ".xlsx").name == "list.csv"
    assert with_ending(Path("list.pdf"), KINDS[".csv"], KINDS, ".xlsx").name == "list.pdf"


def test_a_list_is_printed_with_every_record_and_the_count_of_pages_is_said(page, done, window, tmp_path):
    path = tmp_path / "paper.pdf"
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    page.deeds.leaving.print_on(printer)
    done()
    assert path.read_bytes().startswith(b"%PDF")
    assert window.toast.words == "1 page sent to the printer"


def test_a_list_that_is_too_long_for_paper_says_what_to_do_instead(page, window):
    page.model.show_keys(range(5_000))
    page.deeds.do("print")
    assert "choose PDF" in window.banner.text


def test_a_long_list_is_not_copied_but_exported(page, window):
    page.model.set_ticked(range(10_001), on=True)
    page.deeds.do("copy")
    assert "Use Export" in window.banner.text


def test_the_export_button_and_its_key_offer_the_ways_out(page):
    page.view.export_button.click()
    menu = popup()
    assert [a.text() for a in menu.actions()] == ["Save as a file\tCtrl+Shift+E", "Print\tCtrl+P"]
    menu.close()


def test_rows_are_read_in_the_store_lane_and_never_where_the_window_is_drawn(
    page, done, workspace, monkeypatch
):
    threads = []
    read = workspace.records.rows

    def noted(keys):
        threads.append(threading.current_thread().name)
        return read(keys)

    monkeypatch.setattr(workspace.records, "rows", noted)
    page.model.show_keys(list(page.model.keys))
    page.table.viewport().repaint()
    assert page.model.row_at(0) is None
    done()
    assert page.model.row_at(0) is not None
    assert threads
    assert all(name.startswith("holdfast-store") for name in threads)


def test_a_record_opens_also_while_its_line_is_still_being_read(page, done, window):
    key = page.model.keys[3]
    page.model.show_keys(list(page.model.keys))
    page.table.opened.emit(3)
    done()
    assert window.stack.name == "record"
    assert window.stack.page.session.view.key == key


def test_ctrl_k_offers_what_this_page_can_do(page, done):
    words = [command.words for command in page.commands()]
    assert "Filter: With errors" in words
    assert "Paste from a spreadsheet" in words
    command = next(c for c in page.commands() if c.words == "Filter: This year")
    command.act()
    done()
    assert page.finder.question.values == {"cycle": ("2026",)}


def test_every_key_of_the_table_is_listed_in_the_help(page):
    lines = page.keys()
    listed = " ".join(keys for keys, _ in lines)
    wanted = ["F2", "Ctrl+D", "Ctrl+C", "Ctrl+V", "Ctrl+Shift+C"]
    wanted += [keys for keys, _ in PAGE_KEYS] + ["Ctrl+Shift+F", "Ctrl+Shift+L"]
    assert [keys for keys in wanted if keys not in listed] == []
    assert set(DEED_KEYS.values()) == {"copy", "twin", "paste", "fill", "change"}


def test_sorting_by_money_puts_the_largest_where_it_is_asked(page, done):
    page.table.head.sort_asked.emit("money")
    done()
    page.table.head.sort_asked.emit("money")
    done()
    sums = [page.model.row_at(p).facets["money"] or 0 for p in range(page.model.rowCount())]
    assert sums == sorted(sums, reverse=True)


# --- others write


def test_an_edit_elsewhere_changes_the_row_and_nothing_else_moves(page, done, workspace, editable, qtbot):
    page.table.go_to(7)
    page.model.set_ticked([page.model.keys[2]], on=True)
    target = next(r for r in editable() if page.model.place_of(r.key) not in {7, None})
    key = page.model.keys[7]
    with qtbot.assertNotEmitted(page.model.modelReset):
        workspace.records.edit(target.id, Patch({"email": "new@example.org"}))
        qtbot.waitUntil(
            lambda: page.model.row_at(page.model.place_of(target.key)).sync == "queued", timeout=5_000
        )
        done()
    assert page.model.keys[page.table.place()] == key
    assert len(page.model.ticked) == 1


def test_a_record_that_gets_another_name_moves_and_the_current_line_follows_its_record(
    page, done, workspace, editable
):
    target = editable()[0]
    place = page.model.place_of(target.key)
    page.table.go_to(place)
    workspace.records.edit(target.id, Patch({"last_name": "Zzyzx"}))
    QTest.qWait(80)
    done()
    assert labels(page)[-1].startswith("Zzyzx")
    assert page.model.keys[page.table.place()] == target.key


def test_a_new_record_appears_without_a_reset(page, done, workspace, qtbot):
    from desktop.model.document import Document

    before = page.model.rowCount()
    with qtbot.assertNotEmitted(page.model.modelReset):
        workspace.records.add("trainees", Document({"first_names": "Ada", "last_name": "Aaaa"}))
        qtbot.waitUntil(lambda: page.model.rowCount() == before + 1, timeout=5_000)
        done()
    assert labels(page)[0] == "Aaaa, Ada"


# --- looks


def test_columns_widths_and_order_are_remembered(make_window, workspace, settle, page, qtbot):
    page.table.columns.set(page.table.columns.hidden | {"subject"}, {"label": 300})
    page.finder.sort_by("money")
    page.looks.keep()
    again = make_window(workspace, "records")
    settle(again)
    other = again.stack.page
    assert "subject" not in other.table.columns.shown()
    assert other.table.columns.drawn["label"] == 300
    assert other.finder.question.sort == "money"


def test_the_compact_button_changes_the_height_of_rows(page):
    before = page.table.rowHeight(0)
    page.filter_bar.density_toggled.emit()
    assert page.table.rowHeight(0) < before
    assert theme().density == "compact"


@pytest.mark.parametrize(
    ("width", "columns"),
    [
        (1440, {"label", "provider_trainee_id", "route", "subject", "start_date", "state", "sync"}),
        (700, {"label", "sync"}),
    ],
)
def test_columns_follow_the_width_of_the_window(make_window, workspace, settle, width, columns):
    window = make_window(workspace, "records", (width, 600))
    settle(window)
    page = window.stack.page
    assert columns <= set(page.table.columns.shown())
    if width < 800:
        assert set(page.table.columns.shown()) == columns
        assert page.filter_bar._folded.isVisible()
        assert not page.filter_bar._chip_box.isVisible()
    assert page.minimumSizeHint().width() <= 640


def test_everything_that_takes_the_keyboard_has_a_name(page):
    page.model.set_ticked(page.model.keys[:2], on=True)
    found = focusables(page)
    assert len(found) >= 10
    assert [type(w).__name__ for w in found if not name_of(w).strip()] == []
