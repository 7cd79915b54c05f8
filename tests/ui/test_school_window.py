"""The window on a school's workspace: its pages are made from the collection's own data, and its portal has no API."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt

from desktop.model.standing import Sync
from desktop.model.verdict import PortalState
from desktop.practice.server import PracticePortal
from desktop.services.records import document_from
from desktop.services.views import Counts, Organisation, PortalView, RecordQuery
from desktop.services.workspace import Workspace
from desktop.store import vault
from desktop.ui.first_run.wizard import Wizard
from desktop.ui.home.statement import sentence, steps, title
from desktop.ui.parts.buttons import Button
from tests.ui.conftest import HandClock
from tests.ui.pressing import press
from tests.unit.collections.ects.sample import ECT, MENTOR, SCHOOL

SECRET = "made up for tests"
CHEAP = {"name": "argon2id", "memory_kib": 8, "passes": 1, "lanes": 1}
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    """An ECT, a mentor and the school."""
    monkeypatch.setattr(vault, "_KDF", CHEAP)
    clock = HandClock(datetime(2026, 9, 20, 9, tzinfo=UTC))
    organisation = Organisation("Northmoor Academy", "school", "", "123456", ("ects",))
    made = Workspace.create(
        tmp_path / "school", organisation, SECRET, clock=clock, actor="Jo", remember=False
    )
    for answers in (ECT, MENTOR, SCHOOL):
        made.records.add("ects", document_from(made.collection("ects"), answers))
    yield made
    made.close()


@pytest.fixture
def sam(workspace):
    (row,) = workspace.records.rows(workspace.records.find(RecordQuery("ects", filters={"kind": "ect"})))
    return row.id


def shown(page):
    return {path for row in page.screen_view.form.rows() for path in row.paths}


@pytest.mark.opens("records")
def test_the_list_has_the_collection_s_own_columns_and_filters(records_page):
    heads = [column.title for column in records_page.model.columns]
    assert heads[:4] == ["Name", "Role", "TRN", "Start date"]
    assert records_page.model.rowCount() == 3
    names = set(records_page.filter_bar._chips)
    assert {"kind", "training_programme", "cycle"} <= names
    assert "money_only" not in names


def test_a_record_asks_what_its_role_asks(open_record, workspace, sam):
    page = open_record(sam)
    assert {"trn", "date_of_birth", "working_pattern", "lead_provider"} <= shown(page)
    assert not {"induction_tutor_name", "ect_trn", "ni_number"} & shown(page)
    assert not page.screen_view.side.money.isVisible()
    (row,) = workspace.records.rows(workspace.records.find(RecordQuery("ects", filters={"kind": "school"})))
    page = open_record(row.id)
    assert {"induction_tutor_name", "school_type"} <= shown(page)
    assert not {"trn", "date_of_birth", "email"} & shown(page)
    assert "mentoring" in page.screen_view.form.hidden_sections()


def test_what_is_typed_is_saved_and_judged_with_the_other_records(open_record, workspace, sam, done):
    page = open_record(sam)
    page.go_to_field("email")
    press(Qt.Key.Key_A, held=CONTROL)
    press(MENTOR["email"], Qt.Key.Key_Tab)
    done()
    view = workspace.records.view(sam)
    assert (view.document.get("email"), view.sync) == (MENTOR["email"], Sync.DRAFT)
    assert [problem.path for problem in page.outlook.problems] == ["email"]


def test_the_date_of_birth_goes_from_the_form_when_the_portal_has_answered(open_record, workspace, sam, done):
    page = open_record(sam)
    page.screen_view.form.edited.emit("portal_answer", "found")
    page.screen_view.form.committed.emit("portal_answer")
    done()
    assert workspace.records.view(sam).document.get("date_of_birth") is None
    assert "date_of_birth" not in shown(open_record(sam))


def test_home_speaks_of_typing_and_asks_for_no_portal(window, settle):
    settle(window)
    page = window.stack.page
    assert page.screen_view.title == "3 changes wait for the portal’s website"
    assert not page.screen_view.money.isVisible()
    assert not page.screen_view.portal.isVisible()


def test_a_school_that_could_have_trainees_is_not_asked_to_connect_their_portal(workspace):
    home = workspace.home()
    trainees = PortalView(
        "trainees",
        "Register trainee teachers",
        "Register",
        False,
        "",
        PortalState.UNKNOWN,
        None,
        "",
        None,
        None,
        (),
        (),
    )
    both = replace(home, portals=(trainees,), counts={**home.counts, "trainees": Counts(0, 0, 0, 0, 0, 0)})
    assert title(both) == "3 changes wait for the portal’s website"
    assert "until a portal is connected" not in sentence(both)
    held = replace(both, counts={**home.counts, "trainees": Counts(1, 0, 0, 1, 0, 0)})
    assert title(held) == "No portal is connected yet"


@pytest.mark.opens("settings")
def test_settings_have_no_portal_to_connect(in_front):
    page = in_front()
    assert page.portals == {}
    assert not page.sending.isVisible()


@pytest.fixture
def wizard(qtbot, tmp_path, operations, monkeypatch):
    monkeypatch.setattr(vault, "_KDF", CHEAP)
    made = Wizard(tmp_path / "new", operations)
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_school_is_set_up_without_a_question_about_portals(qtbot, wizard):
    wizard.organisation.organisation.setText("Northmoor Academy")
    school = next(button for button in wizard.organisation.kinds.buttons() if button.text() == "School")
    school.setChecked(True)
    wizard.step_on()
    assert wizard.step is wizard.collections
    assert {name for name, box in wizard.collections.boxes.items() if box.isChecked()} == {"ects", "trainees"}
    wizard.collections.boxes["trainees"].setChecked(False)
    wizard.step_on()
    assert wizard.step is wizard.passphrase
    wizard.passphrase.passphrase.setText("four words of a school")
    wizard.passphrase.again.setText("four words of a school")
    wizard.step_on()
    assert wizard.step is wizard.records
    with qtbot.waitSignal(wizard.finished):
        wizard.go_on.click()
    assert list(wizard.made.workspace.collections) == ["ects"]
    wizard.made.end()


def test_a_school_that_only_types_can_practise_first(qtbot, tmp_path, operations, monkeypatch):
    monkeypatch.setattr(vault, "_KDF", CHEAP)

    def practice() -> Any:
        return PracticePortal(size=0)

    wizard: Any = Wizard(tmp_path / "new", operations, practice)
    qtbot.addWidget(wizard)
    wizard.show()
    wizard.organisation.organisation.setText("Northmoor Academy")
    next(b for b in wizard.organisation.kinds.buttons() if b.text() == "School").setChecked(True)
    wizard.step_on()
    wizard.collections.boxes["trainees"].setChecked(False)
    wizard.step_on()
    assert wizard.step is wizard.practising
    assert wizard.passphrase in wizard.steps()
    wizard.practising.practice.setChecked(True)
    wizard.step_on()
    assert wizard.step is wizard.records
    assert "made-up" in wizard.records.text.text()
    with qtbot.waitSignal(wizard.finished, timeout=15_000):
        wizard.go_on.click()
    made = wizard.made
    assert list(made.workspace.collections) == ["ects"]
    assert made.practice.control.ects.web == made.practice.ects_url
    made.end()
    assert not (tmp_path / "new").exists()


@pytest.mark.opens("settings")
def test_the_list_of_sections_names_none_that_is_not_there(in_front):
    page = in_front()
    links = {name for name, link in page.contents.links.items() if link.isVisible()}
    assert {"People", "Automatic backups", "Recovery sheet"} <= links
    assert "Sending by itself" not in links


@pytest.mark.opens("activity")
def test_the_history_says_what_happened_to_the_workspace(workspace, window, settle):
    workspace.passphrase.change(SECRET, "four other words here")
    settle(window)
    told = [entry.text for entry in workspace.activity.entries()]
    assert told[0] == "The passphrase was changed"
    assert told[-1] == "This workspace was set up"


@pytest.mark.opens("records")
def test_the_list_speaks_of_no_place_in_sending(records_page, workspace, done):
    done()
    (row,) = workspace.records.rows(workspace.records.find(RecordQuery("ects", filters={"kind": "school"})))
    assert (row.sync, row.caption) == (Sync.QUEUED, "")


@pytest.mark.opens("waiting")
def test_waiting_speaks_of_typing_alone(window, settle):
    settle(window)
    view = window.stack.page.screen_view
    assert view.title == "3 changes wait to be typed on Register ECTs’ website"
    assert not view.times_button.isVisible()
    assert not view.pause_button.isVisible()
    heads = [column.title for column in view.table.grouped.columns]
    shown = [head for place, head in enumerate(heads) if not view.table.isColumnHidden(place)]
    assert shown == ["Name", "What to type", "Saved", "Its turn"]
    rows = " ".join(view.table.spoken_row(row) for row in range(view.table.grouped.rowCount()))
    assert all(what in rows for what in ("New ECT", "New mentor", "New school"))


@pytest.fixture
def both(tmp_path, monkeypatch):
    """A school that trains, too: one ECT with nothing wrong, and one trainee with nearly everything to be answered."""
    monkeypatch.setattr(vault, "_KDF", CHEAP)
    clock = HandClock(datetime(2026, 9, 20, 9, tzinfo=UTC))
    organisation = Organisation("Northmoor Academy", "school", "", "123456", ("ects", "trainees"))
    made = Workspace.create(tmp_path / "both", organisation, SECRET, clock=clock, actor="Jo", remember=False)
    made.records.add("ects", document_from(made.collection("ects"), ECT))
    made.records.add("trainees", document_from(made.collection("trainees"), {"first_names": "Leonie"}))
    yield made
    made.close()


def test_what_is_typed_is_not_said_to_go_by_itself(workspace, make_window, settle):
    home = replace(
        workspace.home(),
        waiting=4,
        counts={"ects": Counts(3, 0, 3, 0, 0, 0), "trainees": Counts(1, 0, 1, 0, 0, 0)},
    )
    portal = PortalView(
        "trainees",
        "Register trainee teachers",
        "Register",
        True,
        "",
        PortalState.UP,
        None,
        "",
        None,
        None,
        (),
        (),
    )
    both = replace(home, portals=(portal,))
    told = steps(both, replace(workspace.queue.summary(), count=4, requests=1, eta_s=2.0))
    assert [(step.words.partition(".")[0], step.page) for step in told] == [
        ("Leave the one that waits", "waiting"),
        ("Type 3 into the portal’s website", "keying"),
    ]


def test_home_counts_both_lists_and_leads_to_the_one_that_is_meant(qtbot, make_window, both, settle):
    window = make_window(both)
    view = window.stack.page.screen_view
    links = {button.text(): button for button in view.census.findChildren(Button) if button.isVisible()}
    assert {"Early career teachers: 0 of 1", "Trainees: 0 of 1"} <= set(links)
    with qtbot.waitSignal(view.page_chosen) as told:
        links["Trainees: 0 of 1"].click()
    assert told.args == ["records", {"collection": "trainees"}]
    settle(window)
    window.go("home")
    settle(window)
    step = next(b for b in view.census.findChildren(Button) if b.property("page") == "checks")
    assert step.property("where") == {"collection": "trainees"}


def test_checks_go_from_one_list_to_the_other(make_window, both, settle):
    window = make_window(both, "checks")
    page = window.stack.page
    assert page.screen_view.title == "Nothing has to be put right"
    page.lists.menu_of_lists.actions()[1].trigger()
    settle(window)
    assert page.screen_view.title == "1 trainee has something to put right"
    assert window.focusWidget() is page.lists
    window.go("checks", collection="ects")
    settle(window)
    assert page.screen_view.title == "Nothing has to be put right"


def test_a_deadline_can_be_of_either_list(qtbot, make_window, both, settle):
    window = make_window(both, "deadlines")
    page = window.stack.page
    page.add_button.click()
    dialog = page.dialog
    offered = [dialog.which.itemText(place) for place in range(dialog.which.count())]
    assert {"All early career teachers", "All trainees"} <= set(offered)
    assert not dialog.money.isVisible()
    dialog.which.setCurrentIndex(offered.index("All trainees"))
    assert dialog.money.isVisible()
    dialog.name.setText("Governors")
    for box, part in zip(dialog.day.inputs(), ("1", "12", "2026"), strict=True):
        box.setText(part)
    dialog.add_button.click()
    settle(window)
    (own,) = [view for view in both.deadlines.all() if view.own]
    assert (own.scope.collection, own.scope_words) == ("trainees", "All trainees")
    assert {hindrance.where["collection"] for hindrance in own.hindrances} == {"trainees"}


@pytest.mark.opens("settings")
def test_a_collection_is_added_in_settings_and_counts_from_the_next_time(in_front, workspace, settle, window):
    page = in_front()
    section = page.records.section
    ects, trainees = section.lines["ects"], section.lines["trainees"]
    assert not ects.box.isVisible(), "there are some here"
    assert ects.help.text().endswith("There are some here, so they stay.")
    assert not trainees.box.isChecked()
    trainees.box.click()
    settle(window)
    assert section.later.isVisible()
    assert list(workspace.collections) == ["ects"]
    folder = workspace.folder
    window.close()
    workspace.close()
    again = Workspace.open(folder, SECRET)
    try:
        assert list(again.collections) == ["ects", "trainees"]
        assert again.records.count(RecordQuery("ects")) == 3
        assert again.activity.entries()[0].event == "looked_after"
    finally:
        again.close()


@pytest.mark.opens("handover")
def test_hand_over_offers_no_files_but_typing_and_lists(window, in_front, tmp_path, settle):
    """Pack 6: schools have no API, no upload, no export."""
    page = in_front()
    view = page.screen_view
    assert view.keying.isVisible()
    assert view.lists.isVisible()
    assert not any(part.isVisible() for part in (view.read, view.make, view.payments, view.sign_off))
    assert view.empty.title == "Nothing travels in files here"
    page.giving.write(tmp_path)
    settle(window)
    assert sorted(path.name for path in tmp_path.glob("*.csv")) == [
        "ECTs and mentors for Teach First.csv",
        "ECTs for Alban Teaching School Hub.csv",
    ]
