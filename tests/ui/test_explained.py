"""Checks: findings explained once, told apart by icon and word; found by words; saved as a file; stopped and counted."""

import csv
import threading
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from desktop.model.document import Patch
from desktop.services import finding_list
from desktop.services.views import Progress
from desktop.ui.checks.groups import EXPLAINED, Shown
from desktop.ui.operations import Operation
from desktop.ui.parts.grouped_model import Group
from tests.ui.pressing import press

NI = "T-NI-NUMBER"
REASON = "He is from abroad."
TELLING = Qt.ItemDataRole.AccessibleTextRole


@pytest.fixture
def odd(workspace, portal, editable):
    """Two records with an odd National Insurance number, one of which has an error as well."""
    rows = editable()[:2]
    portal.control.fault("maintenance")
    for row in rows:
        workspace.records.edit(row.id, Patch({"ni_number": "odd"}))
    workspace.records.edit(rows[1].id, Patch({"email": "not an address"}))
    return rows


@pytest.fixture
def window(make_window, workspace, odd):
    return make_window(workspace, "checks")


@pytest.fixture
def page(window):
    return window.stack.page


def stand_on(page, rule, record_id=""):
    """Put the keyboard on a rule's head, or on its line of one record."""
    model = page.screen_view.table.grouped
    for number in range(model.rowCount()):
        entry = model.entry(number)
        if isinstance(entry, Group):
            if not record_id and entry.key.endswith(rule):
                break
        elif entry.payload.record_id == record_id and entry.payload.judged.finding.rule == rule:
            break
    else:
        raise AssertionError(f"{rule} is not listed")
    page.screen_view.table.setCurrentIndex(model.index(number, 0))
    page.screen_view.table.setFocus()
    return entry


def dialog_of(page):
    return page.explaining.dialog


def listed(page):
    """(rule, record id) of every line."""
    model = page.screen_view.table.grouped
    lines = [entry for n in range(model.rowCount()) if not isinstance(entry := model.entry(n), Group)]
    return {(line.payload.judged.finding.rule, line.payload.record_id) for line in lines}


def show(page, done, shown):
    page.screen_view.chips[shown].click()
    done()


def explain(page, done, reason=REASON, until=None):
    press("e")
    dialog = page.explaining.dialog
    dialog.reason.show_value(reason)
    dialog.until.show_value(until)
    dialog.do.click()
    done()


def test_a_finding_is_explained_by_keyboard_and_told_apart(page, workspace, odd, done):
    stand_on(page, NI, odd[0].id)
    explain(page, done, until="2026-10-31")
    assert (NI, odd[0].id) not in listed(page)
    assert (NI, odd[1].id) in listed(page)
    show(page, done, Shown.EXPLAINED)
    assert listed(page) == {(NI, odd[0].id)}
    kind = stand_on(page, NI, odd[0].id).cells[3]
    assert (kind.text, kind.look) == ("Explained by Priya Nandakumar until 31 Oct 2026", EXPLAINED)
    assert kind.tip == f"Reason: {REASON}"
    index = page.screen_view.table.currentIndex().siblingAtColumn(3)
    assert REASON in index.data(TELLING), "a screen reader hears the reason too"
    assert index.data(Qt.ItemDataRole.ToolTipRole) == f"Reason: {REASON}"
    assert REASON in page.screen_view.detail._why.text()
    show(page, done, Shown.ALL)
    assert {(NI, odd[0].id), (NI, odd[1].id)} <= listed(page)


def test_it_comes_back_by_itself_and_says_why(page, workspace, odd, done):
    workspace.explained.explain(odd[0].id, NI, "ni_number", REASON)
    done()
    assert (NI, odd[0].id) not in listed(page)
    workspace.records.edit(odd[0].id, Patch({"ni_number": "odder"}))
    done()
    kind = stand_on(page, NI, odd[0].id).cells[3]
    assert kind.text == "To look at again"
    assert "The answers have changed since." in kind.tip
    assert page.screen_view.detail.explain.words == "Change the explanation"


def test_a_rule_is_explained_for_all_records_and_ended_again(page, workspace, odd, done):
    stand_on(page, NI)
    press("e")
    dialog = page.explaining.dialog
    assert not dialog.one.isVisible()
    assert dialog.count.value() == 2
    dialog.reason.show_value("Exchange students.")
    dialog.do.click()
    done()
    assert not {one for one in listed(page) if one[0] == NI}
    show(page, done, Shown.EXPLAINED)
    stand_on(page, NI)
    assert "expected in 2: Exchange students." in page.screen_view.detail._why.text()
    page.screen_view.detail.end.click()
    done()
    assert page.screen_view.empty.title == "Nothing is explained"
    assert workspace.explained.all("trainees") == []


def test_an_error_cannot_be_explained_and_the_page_says_why(page, window, odd, done):
    stand_on(page, "T-EMAIL-FORMAT", odd[1].id)
    button = page.screen_view.detail.explain
    assert not button.isEnabled()
    assert "Register would refuse this" in button.toolTip()
    assert "Register would refuse this" in page.screen_view.detail._why.text(), "in words, not only on hover"
    press("e")
    assert page.explaining.dialog is None
    stand_on(page, "T-EMAIL-FORMAT")
    assert not button.isEnabled()


@pytest.mark.parametrize(
    ("reason", "until", "told"),
    [
        ("", None, "Say why"),
        (REASON, "2026-10-12", "has passed"),
        (REASON, "31 Octember", "day, month and year"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(page, workspace, odd, done, reason, until, told):
    stand_on(page, NI, odd[0].id)
    explain(page, done, reason, until)
    dialog = page.explaining.dialog
    assert dialog.isVisible()
    assert told in dialog.trouble.text()
    assert str(dialog.reason.value() or "") == reason
    assert workspace.explained.all("trainees") == []
    dialog.reject()


def test_an_explanation_is_changed_where_it_stands(page, workspace, odd, done):
    workspace.explained.explain(odd[0].id, NI, "ni_number", REASON, date(2026, 10, 31))
    done()
    show(page, done, Shown.EXPLAINED)
    stand_on(page, NI, odd[0].id)
    press("e")
    dialog = page.explaining.dialog
    assert (dialog.reason.value(), dialog.until.value()) == (REASON, "2026-10-31")
    dialog.reason.show_value("He has it by now.")
    dialog.do.click()
    done()
    (known,) = workspace.explained.all("trainees")
    assert known.reason == "He has it by now."


def test_in_a_small_window_the_dialog_does_all_of_it(make_window, workspace, odd, settle):
    workspace.explained.explain(odd[0].id, NI, "ni_number", REASON)
    window = make_window(workspace, "checks", (682, 466))
    page = window.stack.page
    assert not page.screen_view.detail.isVisible()
    stand_on(page, "T-EMAIL-FORMAT", odd[1].id)
    page.explain()
    assert page.explaining.dialog is None
    assert "Register would refuse this" in window.toast.words
    show(page, lambda: settle(window), Shown.EXPLAINED)
    stand_on(page, NI, odd[0].id)
    assert not page.screen_view.detail.isVisible()
    page.explain()
    dialog = dialog_of(page)
    assert dialog.height() <= 466 - 30, "with room for the title of the window"
    dialog.end.click()
    settle(window)
    assert dialog_of(page) is None
    assert workspace.explained.all("trainees") == []


def test_the_source_of_a_rule_is_shown(page, odd, done):
    stand_on(page, NI, odd[0].id)
    assert "A National Insurance number is 2 letters" in page.screen_view.detail._source.text()
    entry = stand_on(page, NI)
    assert entry.aside == f"2 trainees, {NI}"
    source = page.screen_view.detail._source.text()
    assert source.startswith(f"Rule {NI}. ")
    assert source.endswith("Source: rule book, section 2, ni_number.")


def test_words_find_findings_and_nothing_found_says_how_to_go_on(page, odd, done):
    search = page.screen_view.search
    search.setText("insurance " + odd[0].label.split(",")[0].lower())
    search.asked.emit(search.text())
    done()
    assert listed(page) == {(NI, odd[0].id)}
    search.setText("nobody of that name")
    search.asked.emit(search.text())
    done()
    assert page.screen_view.empty.isVisible()
    assert page.screen_view.empty.title == "Nothing found"


def test_control_f_searches_here(window, page):
    assert page.begin_search()
    assert window.focusWidget() is page.screen_view.search


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_the_list_is_saved_with_reasons_and_sources(
    page, window, workspace, odd, done, tmp_path, monkeypatch, ending
):
    workspace.explained.explain(odd[0].id, NI, "ni_number", REASON, date(2026, 10, 31))
    done()
    show(page, done, Shown.ALL)
    path = tmp_path / f"mine{ending}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    page.screen_view.export.click()
    done()
    assert window.toast.words.endswith(f" lines saved as mine{ending} in {tmp_path.name}")
    rows = _rows(path)
    assert rows[0][:5] == ["Name", "What to do", "Field", "Kind", "Rule"]
    mine = next(row for row in rows if row[0] == odd[0].label and row[4] == NI)
    assert mine[3] == "Explained"
    assert mine[6] == "Rule book, section 2, ni_number"
    assert mine[7] == "Priya Nandakumar"
    assert mine[9:] == ["2026-10-31", REASON]


def test_a_list_that_is_stopped_leaves_no_file(page, window, odd, done, tmp_path, monkeypatch):
    whole, asked = finding_list.write, threading.Event()

    def slow(*what):
        asked.wait(10)
        return whole(*what)

    monkeypatch.setattr(finding_list, "write", slow)
    page.saver.write(tmp_path / "mine.csv", page._checked.judged)
    assert page.saver.progress.isVisible()
    page.saver.progress.stop_asked.emit()
    asked.set()
    done()
    assert list(tmp_path.glob("mine*")) == []
    assert not page.saver.progress.isVisible()


def _rows(path):
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.reader(stream))
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(path)
    return [
        ["" if cell is None else str(cell) for cell in row] for row in book.active.iter_rows(values_only=True)
    ]


def test_a_run_that_was_stopped_says_how_far_it_came(page, workspace, odd, done, monkeypatch):
    workspace.explained.explain_rule("trainees", NI, 2, "Exchange students.")
    done()
    whole = workspace.checks.all

    def stopped(name, progress, cancelled):
        found = whole(name)
        page._running.cancel()
        progress(Progress(20, 30, "20 of 30 trainees checked"))
        return [one for one in found if one[0] == odd[0].id]

    monkeypatch.setattr(workspace.checks, "all", stopped)
    page.run()
    assert isinstance(page._running, Operation)
    done()
    assert "20 of 30 trainees checked. The rest is not known." in page.screen_view._head.sentence.text()
    show(page, done, Shown.EXPLAINED)
    assert (NI, odd[0].id) in listed(page), "half a run does not bring back what is expected in all records"


def test_nothing_to_do_says_what_else_there_is(make_window, workspace, portal, editable, settle):
    row = editable()[0]
    portal.control.fault("maintenance")
    workspace.records.edit(row.id, Patch({"ni_number": "odd"}))
    window = make_window(workspace, "checks")
    page = window.stack.page
    rules = {rule for rule, _ in listed(page)}
    for rule in rules:
        count = workspace.explained.judge("trainees", workspace.checks.all("trainees"))
        records = {one.record_id for one in count if one.finding.rule == rule}
        workspace.explained.explain_rule("trainees", rule, len(records), REASON)
    settle(window)
    assert page.screen_view.empty.title == "Nothing to put right"
    assert "with something explained" in page.screen_view.empty._text.text()
