"""The payments page: loading by button and by dropping, what differs, who could explain it, the months, the report."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QFileDialog

from desktop.collections.trainees.payments import counted
from desktop.model.document import Document, Patch
from desktop.services.payment_groups import Verdict
from desktop.services.views import RecordQuery
from desktop.ui.parts.buttons import Button
from desktop.ui.payments.chart import LEAST, MonthsChart
from desktop.ui.payments.page import NOTHING
from desktop.ui.payments.said import LOOKS

NAME = "university-of-northmoor-trainee-summary-2026-to-2027.csv"
SCHEDULE = "university-of-northmoor-payment_schedule-2026-to-2027.csv"
HEAD = [
    "Funding type",
    "Route",
    "Course",
    "Lead school",
    "Tier",
    "Number of trainees",
    "Amount per trainee",
    "Total",
]
MATHS = {
    "first_names": "Zara", "last_name": "Quill", "training_route": "12", "course_subject_1": "100403", "fund_code": "7",
    "funding_method": "D", "itt_start_date": "2026-09-07", "trainee_start_date": "2026-09-07",
}  # fmt: skip


def write(path: Path, rows) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


def paid_rows(workspace, without: str = "") -> list[list[str]]:
    """The summary that agrees with the records, but for one of them; one row a trainee, as for lead schools."""
    rows = [HEAD]
    for row in workspace.records.page(RecordQuery("trainees", filters={"cycle": "2026"}), -1):
        view = workspace.records.view(row.id)
        found, gone = counted(view.document), str(view.extras.get("withdrawal_date") or "")
        left = view.state == "withdrawn" and gone < "2026-10-14"
        if not (found.pounds and found.place) or left or row.id == without:
            continue
        route = {"12+11": "Provider-led", "19": "EYITT Graduate entry"}.get(found.place.family)
        route = (
            route
            or workspace.collections["trainees"].code_lists.codes("training_route")[found.place.family].label
        )
        each = f"£{found.pounds[0]:,}.00"
        rows.append(
            [
                f"ITT {found.place.kind}",
                route,
                found.place.subject,
                row.label,
                "Not applicable",
                "1",
                each,
                each,
            ]
        )
    return rows


def schedule(path: Path) -> Path:
    rows = [["Month", "Training bursary trainees", "Month total"]]
    months = [f"{m} 2026" for m in ("August", "September", "October", "November", "December")]
    months += [f"{m} 2027" for m in ("January", "February", "March", "April", "May", "June", "July")]
    rows += [[month, "£1,000.00", "£1,000.00"] for month in months]
    return write(path, [*rows, ["Total", "£12,000.00", "£12,000.00"]])


@pytest.fixture
def zara(workspace):
    """A draft who should be paid a bursary."""
    return workspace.records.add("trainees", Document(dict(MATHS))).id


@pytest.fixture
def window(make_window, workspace, zara):
    return make_window(workspace, "payments")


@pytest.fixture
def page(window):
    return window.stack.page


@pytest.fixture
def load(window, page, settle):
    """Load files and wait until they are shown."""

    def load(*paths: Path) -> None:
        page.load(paths)
        settle(window)

    return load


def heads(table) -> list[str]:
    return [table.grouped.entry(row).title for row in table.grouped.heads()]


def test_an_empty_page_says_which_files_and_where_they_are(page):
    assert page.statement == NOTHING
    assert page.empty.isVisible()
    said = " ".join(label.text() for label in page.empty.findChildren(type(page.empty._text)))
    for words in ("Funding, Trainee summary", "Funding, Payment schedule", "Registered trainees, Export"):
        assert words in said
    assert not page.load_button.isVisible()


def test_one_wrong_bursary_is_found_and_leads_to_its_record(
    qtbot, window, page, load, workspace, tmp_path, zara, settle
):
    load(write(tmp_path / NAME, paid_rows(workspace, without=zara)))
    many = len(page.found.groups)
    assert page.statement == f"1 of {many} groups is not paid as expected"
    assert heads(page.table) == ["Not paid as expected", "Paid as expected"]
    group = page.table.payload
    assert (group.subject, group.verdict) == ("Mathematics", Verdict.LESS)
    page.table.focus_first()
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    link = page.group.links[0]
    assert link.hasFocus()
    assert link.words == "Open Quill, Zara"
    assert "draft" in link.accessibleDescription()
    qtbot.keyClick(link, Qt.Key.Key_Space)
    settle(window)
    assert window.stack.spec.name == "record"
    assert window.stack.page.record_in_hand() == zara


def test_everything_as_expected_is_said_and_leads_to_the_trainees(
    window, page, load, workspace, tmp_path, settle
):
    load(write(tmp_path / NAME, paid_rows(workspace)))
    assert page.statement.startswith("All ")
    assert page.statement.endswith(" groups are paid as expected")
    assert heads(page.table) == ["Paid as expected"]
    assert page.group.links == []
    row = next(n for n in range(20) if getattr(page.table.grouped.entry(n), "payload", None))
    page.table.setCurrentIndex(page.table.grouped.index(row, 0))
    group = page.table.payload
    page.group.members.click()
    settle(window)
    assert window.stack.spec.name == "records"
    query = RecordQuery("trainees", filters=group.filters(2026))
    assert workspace.records.count(query) >= len(group.members)


def test_a_state_is_never_colour_alone(page, load, workspace, tmp_path, zara):
    rows = paid_rows(workspace, without=zara)
    load(
        write(tmp_path / NAME, [*rows, ["ITT bursary", "New route", "Mathematics", "", "", "1", "£5", "£5"]])
    )
    assert heads(page.table) == ["Not paid as expected", "Not compared", "Paid as expected"]
    assert (
        len({look.icon for look in LOOKS.values()})
        == len({look.word for look in LOOKS.values()})
        == len(LOOKS)
    )
    first = page.table.spoken_row(page.table.currentIndex().row())
    assert "Mathematics" in first
    assert "Too little paid" in first


def test_months_are_a_chart_and_a_table_of_the_same_numbers(page, load, tmp_path):
    load(schedule(tmp_path / SCHEDULE))
    assert page.statement == "£12,000 is planned for 2026 to 2027"
    assert page.months.isVisible()
    assert not page.table.isVisible()
    assert page.months.chart.accessibleDescription() == "£3,000 due by now, £9,000 to come."
    lines = [page.months.table.grouped.entry(n) for n in range(1, 13)]
    assert [line.cells[2].text for line in lines] == ["£1,000"] * 12
    assert [line.cells[1].text for line in lines] == ["Due by now"] * 3 + ["To come"] * 9
    assert lines[-1].cells[3].text == "£12,000"


def test_bars_stand_on_the_line_and_what_is_taken_back_hangs_under_it(qtbot, page, load, tmp_path):
    rows = list(csv.reader(schedule(tmp_path / SCHEDULE).read_text(encoding="utf-8").splitlines()))
    rows[2][1:] = ["'-£500.00", "'-£500.00"]
    rows[3][1:] = ["0", "0"]
    rows[4][1:] = ["£0.01", "£0.01"]
    load(write(tmp_path / SCHEDULE, rows))
    chart: MonthsChart = page.months.chart
    bars = chart.bars(1_200, 150)
    zero = 150 * 1_000 / 1_500
    assert bars[0].bottom() == pytest.approx(zero)
    assert bars[1].top() == pytest.approx(zero)
    assert bars[1].height() == pytest.approx(50)
    assert bars[2].isEmpty()
    assert bars[3].height() == LEAST
    chart.show_months(())
    assert chart.bars(100, 100) == []
    assert not chart.grab().isNull()


def test_amounts_are_compared_trainee_by_trainee(window, page, load, workspace, tmp_path, editable, settle):
    rows = [["register_id", "funding_method", "funding_value"]]
    for row in editable():
        money = workspace.records.view(row.id).money_at_portal
        rows.append(
            [row.portal_id, money.kind if money else "not funded", str(money.amounts[0]) if money else ""]
        )
    wrong = next(n for n, cells in enumerate(rows[1:], 1) if cells[2])
    rows[wrong][2] = "1"
    load(write(tmp_path / "trainees.csv", rows))
    assert page.amounts.isVisible()
    line = page.amounts.table.grouped.entry(1)
    assert line.cells[2].text == "£1"
    page.amounts.table.line_opened.emit(line.payload)
    settle(window)
    assert window.stack.page.record_in_hand() == line.payload.record_id


def test_files_may_be_dropped_on_the_page(qtbot, window, page, workspace, tmp_path, settle):
    paths = [write(tmp_path / NAME, paid_rows(workspace)), schedule(tmp_path / SCHEDULE)]
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    where, nothing = QPointF(40, 40), Qt.KeyboardModifier.NoModifier
    entered = QDragEnterEvent(
        where.toPoint(), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, nothing
    )
    QApplication.sendEvent(page, entered)
    assert entered.isAccepted()
    dropped = QDropEvent(
        where, Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, nothing, QEvent.Type.Drop
    )
    QApplication.sendEvent(page, dropped)
    settle(window)
    assert [file.name for file in page.found.files] == [NAME, SCHEDULE]


def test_words_that_are_dropped_are_not_taken(page):
    data = QMimeData()
    data.setText("not a file")
    entered = QDragEnterEvent(
        QPointF(4, 4).toPoint(), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(page, entered)
    assert not entered.isAccepted()


def test_the_button_asks_for_files(monkeypatch, window, page, workspace, tmp_path, settle):
    path = write(tmp_path / NAME, paid_rows(workspace))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path)], ""))
    way = next(b for b in page.empty.findChildren(Button) if b.words == "Load files")
    way.click()
    settle(window)
    assert page.found.has("trainee-summary")
    assert page.load_button.isVisible()


def test_a_file_that_is_refused_is_told_and_the_others_are_loaded(monkeypatch, page, load, tmp_path):
    warned = []
    monkeypatch.setattr(page.shell, "warn", lambda title, text, **_: warned.append((title, text)))
    load(write(tmp_path / "wrong.csv", [["a"], ["1"]]), schedule(tmp_path / SCHEDULE))
    assert page.found.has("payment-schedule")
    assert [title for title, _ in warned] == ["1 file was not loaded"]
    assert warned[0][1].startswith("wrong.csv is neither a trainee summary")


def test_what_does_not_add_up_in_the_files_is_told(page, load, workspace, tmp_path):
    rows = paid_rows(workspace)
    load(write(tmp_path / "hilltop-trainee-summary-2026-to-2027.csv", [*rows, rows[1], [*rows[1][:7], "£1"]]))
    said = " ".join(
        label.text() for label in page.files.findChildren(type(page.files._list.itemAt(0).itemAt(1).widget()))
    )
    assert "The file is named for “hilltop”" in said
    assert "The row is the same as row 2" in said
    assert "but the total says £1" in said


def test_years_can_be_changed(qtbot, window, page, load, workspace, tmp_path, settle):
    load(write(tmp_path / NAME, paid_rows(workspace)))
    assert not page.years.isVisible()
    older = NAME.replace("2026-to-2027", "2024-to-2025")
    load(write(tmp_path / older, [HEAD]))
    assert page.found.year == 2024
    assert "The current year is 2026 to 2027." in page._head.sentence.text()
    assert [page.years.itemText(n) for n in range(page.years.count())] == ["2026 to 2027", "2024 to 2025"]
    page.years.setCurrentIndex(0)
    page.years.activated.emit(0)
    settle(window)
    assert page.found.year == 2026


def test_an_edit_is_seen_at_once(qtbot, window, page, load, workspace, tmp_path, zara):
    load(write(tmp_path / NAME, paid_rows(workspace, without=zara)))
    workspace.records.edit(zara, Patch({"funding_method": "6"}))
    qtbot.waitUntil(lambda: page.statement.startswith("All "), timeout=15_000)


@pytest.mark.parametrize("ending", [".pdf", ".xlsx"])
def test_the_report_is_saved(monkeypatch, window, page, load, workspace, tmp_path, settle, ending):
    load(write(tmp_path / NAME, paid_rows(workspace)))
    kinds = {".pdf": "PDF to print or to send (*.pdf)", ".xlsx": "Spreadsheet (*.xlsx)"}
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "report"), kinds[ending]))
    page.save_button.click()
    settle(window)
    assert (tmp_path / f"report{ending}").stat().st_size > 1_000


def test_the_model_is_sound_and_everything_has_a_name(page, load, workspace, tmp_path):
    load(write(tmp_path / NAME, paid_rows(workspace)), schedule(tmp_path / SCHEDULE))
    tester = QAbstractItemModelTester(page.table.grouped, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert tester.model() is page.table.grouped
    for widget in page.findChildren(Button):
        assert widget.accessibleName()
    assert page.years.accessibleName() == "Year"


@pytest.mark.parametrize("page_name", ["home", "handover"])
def test_home_and_hand_over_lead_here(window, settle, page_name):
    window.go(page_name)
    settle(window)
    link = next(b for b in window.stack.page.findChildren(Button) if b.words == "Check what was paid")
    link.click()
    settle(window)
    assert window.stack.spec.name == "payments"


def test_narrow_windows_need_no_sideways_scroll(make_window, workspace, tmp_path, settle):
    window = make_window(workspace, "payments", size=(682, 466))
    page = window.stack.page
    page.load([write(tmp_path / NAME, paid_rows(workspace)), schedule(tmp_path / SCHEDULE)])
    settle(window)
    assert page.table.horizontalHeader().length() <= page.table.viewport().width() + 1
    assert page.group.geometry().bottom() < page.months.geometry().top()
