"""Checks and Activity: findings in groups that lead to the field; history by day; the portal's outages."""

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from desktop.model.collection import Rule
from desktop.model.document import Patch
from desktop.model.evidence import Outage
from desktop.model.finding import Finding, Severity
from desktop.model.ids import RecordId
from desktop.model.verdict import PortalState
from desktop.services.explained import Judged
from desktop.services.views import HistoryEntry
from desktop.ui.activity.groups import history_groups, history_title, portal_title
from desktop.ui.checks.groups import MOST, finding_groups
from desktop.ui.checks.view import tally
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.text import Text
from desktop.ui.run import settle as settle_window
from tests.ui.pressing import press

NOW = datetime(2026, 10, 13, 13, 2, tzinfo=UTC)


def found(number: int, rule: str, severity: Severity, field: str = "email"):
    finding = Finding(rule, severity, field, f"Do something about {rule}.")
    return Judged(RecordId(f"r{number}"), f"Person {number}", finding)


def test_what_must_be_put_right_comes_first():
    groups = finding_groups(
        [
            found(1, "U", Severity.UNKNOWN),
            found(2, "W", Severity.WARNING),
            found(3, "E", Severity.ERROR),
            found(4, "E", Severity.ERROR, "degrees.abc.grade"),
        ],
        {"E": Rule("E", Severity.ERROR, "An email address has the form of one.", "2.1", lambda *_: ())},
        {"email": "Email address", "degrees.grade": "Grade"},
        "trainees",
    )
    assert [group.title for group in groups] == [
        "An email address has the form of one",
        "Do something about W",
        "Do something about U",
    ]
    assert groups[0].aside == "2 trainees, E"
    assert [line.cells[2].text for line in groups[0].lines] == ["Email address", "Grade"]
    assert groups[0].lines[1].payload.field == "degrees.abc.grade"


def test_very_long_groups_are_cut_and_say_so():
    groups = finding_groups([found(n, "E", Severity.ERROR) for n in range(MOST + 5)], {}, {}, "trainees")
    assert len(groups[0].lines) == MOST
    assert "first 1,000" in groups[0].aside


def test_tally_counts_records_not_findings():
    numbers = tally(
        [
            found(1, "A", Severity.ERROR),
            found(1, "B", Severity.ERROR),
            found(1, "C", Severity.WARNING),
            found(2, "D", Severity.UNKNOWN),
        ],
        "14:02",
    )
    assert (numbers.errors, numbers.warnings, numbers.unknown, numbers.explained) == (1, 1, 1, 0)
    assert numbers.findings == (3, 0, 4), "what only the portal can tell is nothing to do"


def test_history_is_grouped_by_day():
    entries = [
        HistoryEntry(3, NOW, "Priya", "edited", "Changed: Email address", RecordId("r1"), {}),
        HistoryEntry(
            2, NOW - timedelta(days=1), "", "confirmed", "Register confirmed it", RecordId("r1"), {}
        ),
        HistoryEntry(1, NOW - timedelta(days=30), "", "portal_state", "Register: down", None, {}),
    ]
    groups = history_groups(entries, {"r1": "Ashcombe, Leonie"}, NOW)
    assert [group.title for group in groups] == ["Today", "Yesterday", "Sunday 13 September"]
    assert groups[0].lines[0].payload == "r1"
    assert groups[2].lines[0].payload is None


def entries_at(*days_ago: int) -> list[HistoryEntry]:
    return [HistoryEntry(9 - n, NOW - timedelta(days=n), "", "edited", "Changed", None, {}) for n in days_ago]


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([], "Nothing happened yet"),
        (entries_at(0), "1 thing happened today, the last at 14:02"),
        (entries_at(0, 0, 3), "2 things happened today, the last at 14:02"),
        (entries_at(*[0] * 200), "At least 200 things happened today, the last at 14:02"),
        (entries_at(3), "Nothing happened today; the last was on Saturday 10 October 2026"),
    ],
)
def test_the_title_says_what_happened_today(entries, said):
    assert history_title(entries, NOW) == said


def test_the_title_of_the_portal_says_whether_it_is_over():
    def outage(hours: int, end: datetime | None) -> Outage:
        return Outage("trainees", PortalState.DOWN, NOW - timedelta(hours=hours), end, 3, "No answer.")

    assert portal_title([], NOW) == "No outage is known"
    assert portal_title([outage(2, None)], NOW) == "The portal has been out for 2 h"
    assert (
        portal_title([outage(9, NOW), outage(3, NOW - timedelta(hours=2))], NOW)
        == "2 outages so far, the last over after 1 h"
    )
    assert portal_title([outage(1, NOW)], NOW) == "One outage so far, over after 1 h"


# -- on the real workspace ---------------------------------------------------------------------------------


@pytest.fixture
def draft(workspace, portal, editable):
    """A record with something to put right."""
    row = editable()[0]
    portal.control.fault("maintenance")
    workspace.records.edit(row.id, Patch({"email": "not an address"}))
    return row


def test_checks_lead_to_the_field(make_window, workspace, draft, monkeypatch):
    window = make_window(workspace, "checks")
    view = window.stack.page.screen_view
    assert view.title == "1 trainee has something to put right"
    gone = []
    monkeypatch.setattr(window, "go", lambda page, **where: gone.append((page, where)))
    view.table.focus_first()
    view.table.line_opened.emit(view.table.payload)
    assert gone == [("record", {"record_id": draft.id, "field": "email"})]


def test_checks_run_again_when_a_record_changed(make_window, workspace, draft, settle):
    window = make_window(workspace, "checks")
    view = window.stack.page.screen_view
    workspace.records.edit(draft.id, Patch({"email": "right@mail.example"}))
    settle(window)
    assert view.title == "Nothing has to be put right"


def test_activity_names_people_and_leads_to_their_records(make_window, workspace, draft, monkeypatch):
    window = make_window(workspace, "activity")
    table = window.stack.page.table
    table.focus_first()
    assert table.grouped.index(1, 2).data() == workspace.records.view(draft.id).label
    gone = []
    monkeypatch.setattr(window, "go", lambda page, **where: gone.append(where))
    table.line_opened.emit(table.payload)
    assert gone == [{"record_id": draft.id}]


def test_activity_lists_outages_and_tries(make_window, workspace, portal, clock, settle):
    portal.control.fault("maintenance")
    workspace.sync.run("trainees")
    clock.now += timedelta(hours=1)
    window = make_window(workspace, "activity", only="portal")
    model = window.stack.page.table.grouped
    assert model.entry(0).title == "Outages"
    assert model.index(1, 1).data() == "Down from 14:02 and still, 1 h"
    assert model.entry(2).title == "Tries"


def test_activity_tells_what_waited_and_what_became_of_it(make_window, workspace, portal, clock, editable):
    row = editable()[0]
    portal.control.fault("maintenance")
    workspace.records.edit(row.id, Patch({"email": "moved@mail.example"}))
    workspace.sync.run("trainees")
    clock.now += timedelta(hours=1)
    window = make_window(workspace, "activity", only="portal")
    model = window.stack.page.table.grouped
    assert model.index(1, 2).data() == "1 try, 1 waited"
    assert (model.entry(2).title, model.entry(2).aside) == ("What waited", "1 change, 1 still waiting")
    cells = model.entry(3).cells
    assert (cells[1].text, cells[1].note, cells[2].text) == ("Change", "Still waiting", row.label)
    assert model.entry(3).payload == row.id
    portal.control.fault("up")
    workspace.sync.run("trainees")
    window.stack.page.refresh(None)
    settle_window(window)
    assert model.entry(3).cells[1].note == "Confirmed 15:02"


@pytest.mark.parametrize(
    ("typed", "kind", "written"),
    [
        ("mine.pdf", "Document to attach (*.pdf)", ["mine.pdf"]),
        ("mine", "Document to attach (*.pdf)", ["mine.pdf"]),
        (
            "mine",
            "Spreadsheet (*.csv)",
            ["mine-attempts.csv", "mine-changes.csv", "mine-deadlines.csv", "mine.csv"],
        ),
    ],
)
def test_evidence_is_saved_by_keyboard_as_pdf_or_csv(
    make_window, workspace, portal, tmp_path, monkeypatch, typed, kind, written
):
    portal.control.fault("maintenance")
    workspace.sync.run("trainees")
    window = make_window(workspace, "activity", only="portal")
    folder = tmp_path / "evidence"
    folder.mkdir()
    asked = []

    def choose(_window, _title, name, kinds, first):
        asked.append((name, kinds, first))
        return str(folder / typed), kind

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    button = next(b for b in window.stack.page.findChildren(Button) if b.words == "Save outage evidence")
    button.setFocus()
    press(Qt.Key.Key_Space)
    settle_window(window)
    (name, kinds, first), *_ = asked
    assert name.endswith("outage-evidence-2026-10-13.pdf")
    assert ("*.pdf" in kinds, "*.csv" in kinds, "*.pdf" in first) == (True, True, True)
    assert sorted(p.name for p in folder.iterdir()) == written
    assert window.toast.words.startswith(f"Evidence saved as {written[-1]}")
    assert window.toast.words.endswith(" in evidence")


def _paper_words(page) -> str:
    return " ".join(text.text() for text in page.paper.findChildren(Text))


def test_the_evidence_is_seen_before_it_is_saved_whole_or_of_one_outage(
    make_window, workspace, portal, clock, tmp_path, monkeypatch
):
    for kind in ("maintenance", "captive"):
        portal.control.fault(kind)
        workspace.sync.run("trainees")
        clock.now += timedelta(hours=1)
        portal.control.fault("up")
        workspace.sync.run("trainees")
        clock.now += timedelta(hours=1)
    window = make_window(workspace, "activity", only="portal")
    page = window.stack.page
    assert "on 2 occasions" in _paper_words(page)
    assert "no breaks" in _paper_words(page)
    page.table.setCurrentIndex(page.table.grouped.index(2, 0))
    settle_window(window)
    assert "occasions" not in _paper_words(page)
    assert "Between 2:02pm and 3:02pm" in _paper_words(page)
    button = next(b for b in page.findChildren(Button) if b.words == "Save evidence of this outage")
    target = tmp_path / "one.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    button.click()
    settle_window(window)
    assert len(target.read_text(encoding="utf-8-sig").splitlines()) < 20
    assert "sign-in page" not in target.read_text(encoding="utf-8-sig")
    window.resize(1024, 700)
    assert not page.paper.isVisible()


def test_a_folder_that_takes_no_file_is_told(make_window, workspace, tmp_path, monkeypatch):
    window = make_window(workspace, "activity", only="portal")
    window.evidence.write(tmp_path / "nowhere" / "mine.pdf")
    settle_window(window)
    assert window.banner.isVisible()
    assert "mine.pdf could not be written" in window.banner.title.casefold()


def test_activity_says_so_when_no_outage_is_known(make_window, workspace):
    window = make_window(workspace, "activity", only="portal")
    page = window.stack.page
    assert page.statement == "No outage is known"
    assert page.table.isVisible() is not page.empty.isVisible()


def test_activity_of_a_portal_never_asked_says_what_will_be_here(make_window, empty_workspace):
    page = make_window(empty_workspace, "activity", only="portal").stack.page
    assert page.empty.isVisible()
    assert page.empty.title == "No outage is known"
