"""Teacher lookup in the window: switched on in Settings, asked for in a record, told in words. Source: pack ects, section 4."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from desktop.model.teacher import Said, TeacherAnswer
from desktop.model.verdict import PortalState, Unavailable
from desktop.practice.server import PracticePortal
from desktop.services.lookup import LookupView
from desktop.ui.fields.field_row import NoteLine
from desktop.ui.record.lookup import notes_of
from tests.unit.collections.ects.sample import ECT, MENTOR, SCHOOL
from tests.unit.services.test_school_workspace import CHEAP, added, make


@pytest.fixture(scope="module")
def running():
    with PracticePortal() as portal:
        yield portal


@pytest.fixture
def practice(running):
    running.control.trs_reset()
    return running


@pytest.fixture
def school(tmp_path, monkeypatch, clock):
    monkeypatch.setattr("desktop.store.vault._KDF", CHEAP)
    made = make(tmp_path / "w", clock=clock, chosen=("ects",))
    yield made
    made.close()


@pytest.fixture
def on(school, practice):
    """Lookups are switched on."""
    school.lookup.configure(practice.trs_url, key=practice.trs.token, in_workspace=True)
    return school


def put(school, practice, case, of=ECT, **changes):
    teacher = practice.teachers.case(case)
    born = (teacher.said_born or teacher.date_of_birth).isoformat()
    names = {"first_names": teacher.first_name, "last_name": teacher.last_name}
    email = f"{case}@example.com"
    return added(school, of, **{"trn": teacher.trn, "date_of_birth": born, "email": email} | names | changes)


@pytest.fixture
def opened(make_window, settle):
    """Open a record in a window of its own; its page."""

    def show(school, record_id, **size):
        window = make_window(school, "record", record_id=record_id, **size)
        settle(window)
        return window.stack.page

    return show


def ask(qtbot, settle, page):
    qtbot.mouseClick(page.looking_up.row.button, Qt.MouseButton.LeftButton)
    settle(page.window())


def type_trn(qtbot, page, trn):
    page.go_to_field("trn")
    entry = page.screen_view.form.row("trn").control.inputs()[0]
    entry.selectAll()
    qtbot.keyClicks(entry, trn)
    qtbot.keyClick(entry, Qt.Key.Key_Tab)


# --- the record -------------------------------------------------------------------------------------------------------


def test_a_trainee_has_no_such_row(window, editable, open_record):
    assert open_record(editable()[0].id).looking_up.row is None
    window.go("settings")
    assert window.stack.page.lookup is None


def test_switched_on_it_is_there_at_once_and_tells_the_answer_in_words(
    qtbot, settle, school, practice, opened
):
    page = opened(school, put(school, practice, "found"))
    row = page.looking_up.row
    assert row.isHidden()
    school.lookup.configure(practice.trs_url, key=practice.trs.token, in_workspace=True)
    qtbot.waitUntil(row.isVisible)
    assert row.button.words == "Look up in the Teaching Record System"
    ask(qtbot, settle, page)
    assert row.said.startswith("TRN 2100001 is Amina Okafor, and the date of birth fits. Induction: required")
    assert "asked by Jo. The portal decides when you register." in row.said
    assert row.button.words == "Look up again"
    assert page.session.document().get("portal_answer") is None
    assert "Looked up in the Teaching Record System" in [entry.text for entry in page.sight.entries]

    page.show_record(put(school, practice, "passed", MENTOR))
    settle(page.window())
    assert row.isVisible()
    page.show_record(added(school, SCHOOL))
    settle(page.window())
    assert row.isHidden()


def test_what_stops_is_a_warning_at_the_trn_until_the_trn_is_another(qtbot, settle, on, practice, opened):
    page = opened(on, put(on, practice, "prohibited"))
    row, trn_row = page.looking_up.row, page.screen_view.form.row("trn").row
    ask(qtbot, settle, page)
    assert row.said.startswith("It shows a prohibition.")
    notes = [note.text for note in trn_row.notes]
    assert any(note.startswith("The Teaching Record System shows a prohibition") for note in notes)
    assert any("will be checked by the portal" in note for note in notes)
    assert page.outlook.problems == ()

    type_trn(qtbot, page, practice.teachers.case("found").trn)
    qtbot.waitUntil(lambda: row.said.startswith("Not looked up yet."))
    assert not any(note.text.startswith("The Teaching Record System") for note in trn_row.notes)


def test_a_number_is_asked_for_when_the_date_of_birth_differs_and_is_not_kept(
    qtbot, settle, on, practice, opened
):
    record = put(on, practice, "born_differs")
    page = opened(on, record)
    row = page.looking_up.row
    assert not row.number_row.isVisible()
    ask(qtbot, settle, page)
    assert row.number_row.isVisible()
    qtbot.keyClicks(row.number, "12")
    qtbot.keyClick(row.number, Qt.Key.Key_Return)
    settle(page.window())
    assert "9 letters and digits" in row.number_row.problem
    assert row.button.isEnabled()
    row.number.clear()
    qtbot.keyClicks(row.number, practice.teachers.case("born_differs").ni_numbers[0])
    qtbot.keyClick(row.number, Qt.Key.Key_Return)
    settle(page.window())
    assert "the National Insurance number fits" in row.said
    assert not row.number_row.isVisible()
    assert row.number.text() == ""
    assert on.records.view(record).document.get("ni_number") is None


def test_what_is_typed_is_saved_before_it_is_looked_up_and_trouble_is_told(
    qtbot, settle, on, practice, opened
):
    page = opened(on, put(on, practice, "found", trn=None))
    row = page.looking_up.row
    assert not row.button.isEnabled()
    assert row.said == "Enter the TRN first. It has 7 digits."
    type_trn(qtbot, page, practice.teachers.case("found").trn)
    qtbot.waitUntil(row.button.isEnabled)
    practice.control.trs_fault("busy", retry_after=90, count=1)
    ask(qtbot, settle, page)
    assert row.said.endswith("Try again in about 2 min.")
    assert row.button.isEnabled()
    on.lookup.configure(practice.trs_url)
    ask(qtbot, settle, page)
    assert "Amina Okafor" in row.said


def test_by_keyboard_it_comes_after_the_date_of_birth(qtbot, settle, on, practice, opened):
    page = opened(on, put(on, practice, "found"), size=(682, 466))
    row = page.looking_up.row
    page.go_to_field("date_of_birth")
    for _ in range(8):
        if row.button.hasFocus():
            break
        qtbot.keyClick(page.window().focusWidget(), Qt.Key.Key_Tab)
    assert row.button.hasFocus()
    qtbot.keyClick(row.button, Qt.Key.Key_Space)
    settle(page.window())
    assert "Amina Okafor" in row.said


@pytest.mark.parametrize("state", list(PortalState))
def test_every_trouble_has_an_icon_beside_its_words(state, clock):
    trouble = Unavailable(state, "It did not answer.", retry_after_s=30)
    (note,) = notes_of(LookupView("r", "Okafor", trouble=trouble), clock())
    assert note.icon
    assert note.text == "It did not answer. Try again in about 30 s."


def test_an_old_answer_says_so(clock):
    answer = TeacherAnswer(Said.NOT_FOUND, "2100001")
    view = LookupView(
        "r", "Okafor", answer=answer, at=clock(), lines=("It knows nobody.",), stops=True, old=True
    )
    texts = [note.text for note in notes_of(view, clock())]
    assert texts[0] == "It knows nobody."
    assert texts[-1].startswith("This is more than 24 hours old.")


# --- several of a list ------------------------------------------------------------------------------------------------


def lines_of(dialog):
    return [line.note.text for line in dialog.lines.findChildren(NoteLine)]


@pytest.fixture
def several(make_window, settle, on, practice):
    """The list with four chosen: found, prohibited, without a TRN, and one more; its page."""
    for case in ("found", "prohibited", "no_qts"):
        put(on, practice, case)
    put(on, practice, "in_progress", trn=None)
    window = make_window(on, "records")
    page = window.stack.page
    page.model.set_ticked(page.model.keys, True)
    settle(window)
    return page


def test_several_chosen_are_looked_up_with_what_stops_first(qtbot, settle, several):
    qtbot.waitUntil(several.looking_up.button.isVisible)
    assert [command.words for command in several.commands()][-1] == "Look up the selected teachers"
    several.looking_up.button.click()
    dialog = several.looking_up._dialog
    settle(several.window())
    lines = lines_of(dialog)
    assert lines[0].startswith("Grimshaw, Silas: It shows a prohibition.")
    assert lines[-1].startswith("Malhotra, Tariq: not looked up. Enter the TRN first.")
    assert dialog.told.text().startswith(
        "3 teachers looked up. Something speaks against registering 1 of them."
    )
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert several.looking_up._dialog is None


def test_several_stop_at_too_many_requests_and_say_who_is_left(qtbot, settle, several, practice):
    practice.control.trs_reset(requests=1)
    several.looking_up.look_up()
    dialog = several.looking_up._dialog
    settle(several.window())
    assert "1 teacher looked up." in dialog.told.text()
    assert "Try again in about 1 min. " in dialog.told.text()
    assert "not looked up; choose them again later." in dialog.told.text()
    dialog.accept()


def test_esc_stops_the_lookups_and_keeps_what_was_told(qtbot, settle, several, practice):
    practice.control.trs_fault("slow", seconds=0.2)
    several.looking_up.look_up()
    dialog = several.looking_up._dialog
    qtbot.waitUntil(lambda: len(practice.control.trs_requests()) >= 1)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    settle(several.window())
    assert len(practice.control.trs_requests()) < 3
    assert "not looked up; choose them again later." in dialog.told.text()
    dialog.accept()


# --- settings ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def settings(make_window, settle, school):
    window = make_window(school, "settings")
    settle(window)
    return window.stack.page


def fill(section, url, key):
    for edit, text in ((section.address, url), (section.key, key)):
        edit.setText(text)
        edit.textEdited.emit(text)


def test_it_is_off_and_is_switched_on_and_off(qtbot, settle, settings, school, practice):
    section = settings.lookup.section
    assert section.standing.text() == "Off. Nothing is looked up."
    assert not section.off.isVisible()
    assert not section.keep.isEnabled()
    assert section.key.echoMode() == QLineEdit.EchoMode.Password
    fill(section, practice.trs_url, practice.trs.token)
    section.keep.click()
    settle(settings.window())
    assert section.standing.text().startswith("On.")
    assert (school.lookup.setting().on, section.key.text()) == (True, "")
    section.off.click()
    settle(settings.window())
    assert section.standing.text() == "Off. Nothing is looked up."
    assert (school.lookup.setting().on, section.address.text()) == (False, "")


def test_a_key_is_tested_before_it_is_kept_and_what_cannot_be_is_told_at_its_field(
    settle, settings, school, practice
):
    section = settings.lookup.section
    for key, said in ((practice.trs.token, "takes this key."), ("another-key", "does not take this key.")):
        fill(section, practice.trs_url, key)
        section.test.click()
        settle(settings.window())
        assert said in section.line.words
        assert "another-key" not in section.line.words
    fill(section, "http://trs.example.org", "abc")
    section.keep.click()
    settle(settings.window())
    assert "https://" in section.address_row.problem
    fill(section, practice.trs_url, "")
    section.keep.click()
    assert section.key_row.problem == "Enter the key that DfE gave you for this address."
    assert not school.lookup.setting().on
