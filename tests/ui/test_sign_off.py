"""The sign-off page: the file by button and by dropping, the checklist by keyboard, the signature and what opens it again."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QFileDialog

from desktop.collections.trainees.sign_off import Standing, day_of, ruling
from desktop.model.document import Patch
from desktop.practice.server import PROVIDER_NAME
from desktop.services.sign_off import CENSUS
from desktop.services.views import RecordQuery
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.state_label import StateLabel
from desktop.ui.sign_off import page as page_module
from desktop.ui.sign_off.said import CHANGED, CLOSED, DONE, LOOK, NOT_YET, OPEN, SETTLE, SIGNED, TO_DO
from tests.unit.services import sign_off_files as files


@pytest.fixture
def clock(clock):
    clock.now = datetime(2026, 10, 20, 13, 2, tzinfo=UTC)
    return clock


@pytest.fixture
def window(make_window, workspace):
    return make_window(workspace, "sign_off")


@pytest.fixture
def page(window):
    return window.stack.page


@pytest.fixture
def screen(page):
    return page.screen_view


@pytest.fixture
def load(window, page, settle):
    """Load files and wait until they are shown."""

    def load(*paths):
        page.load(paths)
        settle(window)

    return load


@pytest.fixture
def census(workspace, tmp_path):
    """A file of everybody who belongs in it, as the website gives it; `but` = how many are left out."""

    def belongs(view):
        who = Standing(view.document, view.state, view.extras, day_of(view.extras.get("withdrawal_date")))
        return ruling(CENSUS, 2026, who, workspace.today()).belongs

    def write(but=0, name=files.CENSUS, provider=PROVIDER_NAME, **changed):
        rows = workspace.records.page(RecordQuery("trainees", filters={"cycle": "2026"}), -1)
        views = [workspace.records.view(row.id) for row in rows]
        found = [files.flat(view) for view in views if belongs(view)][but:]
        found[0] |= changed
        return files.write(tmp_path / name, found, provider)

    return write


def step(screen, key):
    """Stand on a step of the checklist."""
    table = screen.steps.table
    table.setCurrentIndex(table.grouped.index(table.grouped.row_of(key), 0))


def test_before_a_file_the_page_says_which_one_is_wanted_and_where(screen):
    assert screen.statement == "Census 2026 to 2027 is not signed yet"
    assert screen.steps.table.payload.key == "load"
    assert screen.listed.nothing == "No file is loaded yet."
    assert "Reports, Export new trainee data" in screen.signing._where.text()
    step(screen, "missing")
    assert screen.listed.nothing == "Load the file of Register’s website to see this."
    assert not screen.listed.save.isVisible()


def test_from_the_file_to_the_record_that_is_missing_by_keyboard(
    qtbot, window, page, screen, load, census, settle
):
    load(census(but=1))
    assert "to settle before you sign" in screen.statement
    assert screen.steps.table.payload.key == "missing"
    assert screen.listed.title == "Missing from the file"
    page.focus_first()
    qtbot.keyClick(screen.steps.table, Qt.Key.Key_Return)
    assert screen.listed.people.hasFocus()
    entry = screen.listed.people.payload
    assert "Starts by the census day" in screen.listed.people.spoken_row(
        screen.listed.people.currentIndex().row()
    )
    qtbot.keyClick(screen.listed.people, Qt.Key.Key_Return)
    settle(window)
    assert window.stack.spec.name == "record"
    assert window.stack.page.record_in_hand() == entry.record_id


def test_a_difference_shows_both_answers_and_leads_to_the_field(qtbot, window, screen, load, census, settle):
    load(census(email="other@example.com"))
    step(screen, "differs")
    table = screen.listed.differences
    assert table.isVisible()
    assert not screen.listed.people.isVisible()
    line = table.grouped.entry(1)
    assert (line.cells[1].text, line.cells[3].text) == ("Email address", "other@example.com")
    table.line_opened.emit(line.payload)
    settle(window)
    assert window.stack.spec.name == "record"


def test_nobody_here_is_said_and_leads_nowhere(monkeypatch, window, page, screen, load, census):
    said: list[str] = []
    monkeypatch.setattr(page.shell, "say", said.append)
    load(census(trainee_id="nobodyhere00000000000000"))
    step(screen, "not-here")
    screen.listed.people.line_opened.emit(screen.listed.people.grouped.entry(1).payload)
    assert said[-1].endswith("is not on this computer. Get the trainees from Register first.")
    assert window.stack.spec.name == "sign_off"


def test_a_person_signs_and_an_edit_opens_it_again(
    qtbot, window, page, screen, load, census, workspace, settle
):
    load(census())
    assert screen.statement == "Census 2026 to 2027 is ready to be signed on Register’s website"
    screen.signing.sign.click()
    dialog = page.dialog
    assert dialog.name.text() == "Priya Nandakumar"
    dialog.name.setText("")
    qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
    settle(window)
    assert dialog.problem.text().startswith("Enter the name of the person")
    dialog.name.setText("Sam Okafor")
    dialog.reference.setText("CS-1")
    dialog.main_button.click()
    settle(window)
    assert page.dialog is None
    assert screen.statement == "Census 2026 to 2027 is signed"
    assert "by Sam Okafor, reference CS-1" in screen.signing._signed.text()
    assert not screen.signing.sign.isVisible()
    some = workspace.records.page(
        RecordQuery("trainees", filters={"cycle": "2026", "state": "trn_received"}), 1
    )[0].id
    workspace.records.edit(some, Patch({"middle_names": "Maud"}))
    qtbot.waitUntil(lambda: screen.statement.endswith("has changed since"), timeout=15_000)
    step(screen, "sign")
    assert screen.listed.people.grouped.entry(1).payload.record_id == some
    assert screen.signing.sign.words == "It is signed again"
    screen.signing.take_back.click()
    settle(window)
    assert workspace.sign_off.view(CENSUS, 2026).signed is None


def test_another_file_opens_it_again_and_the_page_says_so(screen, load, census, workspace):
    load(census())
    workspace.sign_off.sign(CENSUS, 2026, "Sam", date(2026, 10, 20))
    load(census(name=files.CENSUS.replace("2026-10-20", "2026-10-21"), email="other@example.com"))
    assert screen.statement == "Census 2026 to 2027 was signed, and has changed since"
    step(screen, "sign")
    assert (
        screen.listed.nothing
        == "The records are as they were when it was signed, but the file says something else now."
    )


def test_a_day_that_is_none_is_said_in_the_dialog(page, screen):
    page.sign()
    page.dialog.day.inputs()[0].setText("42")
    page.dialog.main_button.click()
    assert page.dialog.problem.text() == "Enter the day, for instance 20 October 2026."
    page.dialog.reject()
    assert page.dialog is None


def test_a_sign_off_that_is_not_open_yet_cannot_be_signed_and_says_why(screen):
    table = screen.table
    table.setCurrentIndex(table.grouped.index(table.grouped.row_of("performance-profile 2025"), 0))
    assert screen.chosen.key == "performance-profile 2025"
    assert not screen.signing.sign.isEnabled()
    assert screen.signing.sign.toolTip() == "Register does not take this sign-off yet."


def test_files_may_be_dropped_and_words_are_not_taken(window, page, census, workspace, settle):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(census()))])
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
    assert page.chosen.file.name == files.CENSUS
    words = QMimeData()
    words.setText("not a file")
    entered = QDragEnterEvent(
        where.toPoint(), Qt.DropAction.CopyAction, words, Qt.MouseButton.LeftButton, nothing
    )
    QApplication.sendEvent(page, entered)
    assert not entered.isAccepted()


def test_a_renamed_file_is_for_the_sign_off_that_is_shown(monkeypatch, window, page, screen, census, settle):
    path = census(name="downloaded.csv")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path)], ""))
    screen.load.click()
    settle(window)
    assert page.chosen.key == "census 2026"
    step(screen, "load")
    assert "does not say what it is" in screen.listed.people.grouped.entry(1).cells[2].text


def test_a_refused_file_is_told_and_the_checklist_stays(monkeypatch, page, screen, load, census, tmp_path):
    warned = []
    monkeypatch.setattr(page.shell, "warn", lambda title, text, **_: warned.append((title, text)))
    load(census())
    older = census(name=files.CENSUS.replace("2026-10-20", "2026-10-19"))
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("a,b\n1,2\n")
    load(older, wrong)
    ((title, text),) = warned
    assert title == "2 files were not loaded"
    assert "is older than" in text
    assert "wrong.csv is not Register’s export" in text
    assert page.chosen.file.name == files.CENSUS


def test_the_file_is_taken_off_only_when_the_person_says_so(
    monkeypatch, window, page, screen, load, census, settle
):
    load(census())
    monkeypatch.setattr(page_module, "ask", lambda *_: False)
    screen.signing.remove.click()
    settle(window)
    assert page.chosen.file is not None
    monkeypatch.setattr(page_module, "ask", lambda *_: True)
    screen.signing.remove.click()
    settle(window)
    assert page.chosen.file is None
    assert not screen.signing.remove.isVisible()


def test_lists_and_the_report_are_saved(monkeypatch, window, screen, load, census, tmp_path, settle):
    load(census(but=2))
    for name, button in (
        *((f"list{ending}", screen.listed.save) for ending in (".xlsx", ".csv", ".pdf")),
        ("report.pdf", screen.save),
        ("report.xlsx", screen.save),
    ):
        path = tmp_path / name
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, path=path: (str(path), ""))
        button.click()
        settle(window)
        assert path.stat().st_size > 100


def test_a_state_is_never_colour_alone_and_everything_has_a_name(page, screen, load, census):
    looks = (SIGNED, CHANGED, OPEN, NOT_YET, CLOSED)
    assert len({look.word for look in looks}) == len({look.icon for look in looks}) == len(looks)
    steps = (DONE, TO_DO, SETTLE, LOOK)
    assert len({look.word for look in steps}) == len({look.icon for look in steps}) == len(steps)
    load(census(but=1))
    for table in (screen.table, screen.steps.table, screen.listed.people, screen.listed.differences):
        assert table.accessibleName()
        tester = QAbstractItemModelTester(table.grouped, QAbstractItemModelTester.FailureReportingMode.Fatal)
        assert tester.model() is table.grouped
    assert all(button.accessibleName() for button in page.findChildren(Button))
    assert "1 missing" in screen.steps.table.spoken_row(screen.steps.table.grouped.row_of("missing"))


@pytest.mark.parametrize("begin", ["handover", "deadlines"])
def test_hand_over_and_deadlines_lead_here(window, settle, begin):
    window.go(begin)
    settle(window)
    link = next(b for b in window.stack.page.findChildren(Button) if b.words == "Sign-off checklist")
    link.click()
    settle(window)
    assert window.stack.spec.name == "sign_off"
    assert window.rail.item("handover").isChecked()


def test_a_deadline_leads_to_its_own_sign_off(window, settle, workspace):
    profile = next(
        view for view in workspace.deadlines.all() if view.name == "Performance profile 2025 to 2026 closes"
    )
    window.go("deadlines", deadline=profile.id)
    settle(window)
    window.stack.page.sign_off.click()
    settle(window)
    assert window.stack.page.chosen.key == "performance-profile 2025"


@pytest.mark.parametrize("size", [(682, 466), (1024, 700)])
def test_narrow_windows_need_no_sideways_scroll(make_window, workspace, census, settle, size):
    window = make_window(workspace, "sign_off", size=size)
    screen = window.stack.page.screen_view
    window.stack.page.load([census(but=1)])
    settle(window)
    for table in (screen.table, screen.steps.table, screen.listed.people):
        assert table.horizontalHeader().length() <= table.viewport().width() + 1
    stacked = screen.steps.geometry().bottom() < screen.signing.geometry().top()
    assert stacked is (size[0] < 900)


def test_a_closed_one_that_nobody_signed_is_said(make_window, workspace, clock):
    clock.now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert workspace.today() == date(2026, 11, 22)
    screen = make_window(workspace, "sign_off", kind="census", year=2026).stack.page.screen_view
    assert screen.chosen.key == "census 2026"
    assert screen.signing.findChild(StateLabel).look == CLOSED
    assert "It closed on 31 October 2026" in screen._head.sentence.text()
