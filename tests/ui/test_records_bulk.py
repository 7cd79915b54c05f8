"""Bulk edit, fill-down and copying a record, as people use them; what is done can be undone in one go."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from desktop.model.document import Patch
from desktop.services.acts import VARIES
from desktop.services.views import RecordQuery
from tests.ui.pressing import press
from tests.ui.test_shell import focusables, name_of

pytestmark = pytest.mark.opens("records")

SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
FIELD, FULL_TIME = "study_mode", "01"


@pytest.fixture
def page(records_page):
    return records_page


@pytest.fixture
def ticked(page, editable):
    """Five records that take changes, ticked."""
    rows = editable()[:5]
    page.model.set_ticked([row.key for row in rows], on=True)
    return rows


@pytest.fixture
def dialog(page, ticked, done):
    """The bulk dialog on five records."""
    press(Qt.Key.Key_F2)
    found = page.deeds.bulk.dialog
    assert found is not None
    done()
    return found


def looked(dialog, qtbot):
    """Wait until the preview stands."""
    qtbot.waitUntil(lambda: dialog.main_button.isEnabled() or "Nothing would change" in said(dialog))


def said(dialog):
    return dialog.pane.sentence.text()


def answer(dialog, name, value):
    """Enter an answer as its control would."""
    row = next(r for r in dialog._rows.values() if r.path == name)
    row.control.show_value(value)
    row.control.edited.emit()


def held(workspace, rows, name):
    documents = workspace.records.documents([row.key for row in rows])
    return [documents[row.id].get(name) for row in rows]


def test_only_ticked_questions_are_touched_and_one_undo_takes_all_back(
    dialog, ticked, workspace, done, qtbot, page
):
    before = held(workspace, ticked, FIELD), held(workspace, ticked, "email")
    dialog.fields.tick(FIELD)
    done()
    new = "31" if before[0][0] == FULL_TIME else FULL_TIME
    answer(dialog, FIELD, new)
    looked(dialog, qtbot)
    dialog.main_button.click()
    done()
    assert page.deeds.bulk.dialog is None
    assert held(workspace, ticked, FIELD) == [new] * 5
    assert held(workspace, ticked, "email") == before[1]
    workspace.acts.undo()
    assert held(workspace, ticked, FIELD) == before[0]


def test_the_window_offers_to_undo_what_was_changed(dialog, ticked, workspace, done, qtbot, window):
    before = held(workspace, ticked, "email")
    dialog.fields.tick("email")
    done()
    answer(dialog, "email", "team@example.org")
    looked(dialog, qtbot)
    dialog.main_button.click()
    done()
    assert held(workspace, ticked, "email") == ["team@example.org"] * 5
    assert window.toast.isVisible()
    press("z", held=CTRL)
    done()
    assert held(workspace, ticked, "email") == before


def test_the_button_says_how_many_change_and_the_preview_why_others_do_not(
    dialog, ticked, workspace, done, qtbot
):
    workspace.records.edit(ticked[0].id, Patch({"email": "same@example.org"}))
    dialog.fields.tick("email")
    done()
    answer(dialog, "email", "same@example.org")
    looked(dialog, qtbot)
    assert dialog.main_button.words == "Change 4 trainees"
    assert said(dialog) == "4 trainees change, 1 already has it"
    shown = [dialog.pane.lines.grouped.entry(n) for n in range(dialog.pane.lines.grouped.rowCount())]
    assert {line.cells[0].text for line in shown[1:]} == {row.label for row in ticked[1:]}


def test_withdrawn_trainees_are_left_out_and_the_dialog_says_why(page, workspace, done, qtbot, editable):
    closed = workspace.records.rows(
        workspace.records.find(RecordQuery("trainees", filters={"state": ("withdrawn", "awarded")}))
    )
    assert closed
    page.model.set_ticked([closed[0].key, editable()[0].key], on=True)
    page.deeds.do("change")
    dialog = page.deeds.bulk.dialog
    dialog.fields.tick("email")
    done()
    answer(dialog, "email", "one@example.org")
    looked(dialog, qtbot)
    assert said(dialog) == "1 trainee changes, 1 left out"
    heads = [dialog.pane.lines.grouped.entry(n) for n in dialog.pane.lines.grouped.heads()]
    assert "takes no changes" in heads[-1].aside


def test_where_records_differ_an_answer_is_needed_first(dialog, done, page):
    dialog.fields.tick("last_name")
    done()
    assert dialog.answers.held["last_name"] is VARIES
    notes = [note.text for note in dialog._rows["last_name"].row.notes]
    assert "Varies. What you enter goes to all of them." in notes
    assert said(dialog) == "Enter an answer for Last name, or untick it."
    assert not dialog.main_button.isEnabled()
    dialog.fields.tick("last_name", on=False)
    assert said(dialog) == "Tick what you want to change."


def test_an_answer_can_be_taken_away_in_all(dialog, ticked, workspace, done, qtbot):
    dialog.fields.tick("middle_names")
    done()
    answer(dialog, "middle_names", "Rose")
    looked(dialog, qtbot)
    dialog._rows["middle_names"].row.link_followed.emit("middle_names", "empty")
    done()
    assert dialog.answers.fields() == {"middle_names": None}
    notes = [note.text for note in dialog._rows["middle_names"].row.notes]
    assert "Will be empty in all of them." in notes


def test_new_problems_are_named_before_the_change(dialog, done, qtbot):
    dialog.fields.tick("email")
    done()
    answer(dialog, "email", "not an address")
    looked(dialog, qtbot)
    assert dialog.pane.problems.text().startswith("It would bring 5 new problems.")


def test_stopping_while_it_is_under_way_changes_nothing(
    dialog, ticked, workspace, done, qtbot, page, monkeypatch
):
    before = held(workspace, ticked, "email")
    dialog.fields.tick("email")
    done()
    answer(dialog, "email", "late@example.org")
    looked(dialog, qtbot)
    change = workspace.acts.change

    def stopped_at_once(*args, **how):
        page.deeds.bulk._changing.cancel()
        return change(*args, **how)

    monkeypatch.setattr(workspace.acts, "change", stopped_at_once)
    dialog.main_button.click()
    done()
    assert said(dialog) == "Stopped. Nothing was changed."
    assert held(workspace, ticked, "email") == before
    dialog.reject()
    assert page.deeds.bulk.dialog is None


def test_questions_that_name_one_person_are_not_offered_for_many(dialog):
    assert "provider_trainee_id" not in dialog.answers.questions
    assert "study_mode" in dialog.answers.questions


def test_the_search_in_the_list_finds_questions_and_enter_ticks_them(dialog, done):
    dialog.fields.search.setFocus()
    press("study")
    press(Qt.Key.Key_Return)
    done()
    assert [asked.key for asked in dialog.answers.ticked] == ["study_mode"]


def test_f2_on_a_cell_ticks_its_question(page, ticked, done):
    column = 1 + [c.key for c in page.model.columns].index("route")
    page.table.go_to(0, column)
    press(Qt.Key.Key_F2)
    done()
    assert [asked.key for asked in page.deeds.bulk.dialog.answers.ticked] == ["training_route"]


def test_tab_goes_from_the_list_to_the_answers_and_then_to_the_buttons(dialog, done):
    for name in ("study_mode", "email"):
        dialog.fields.tick(name)
    done()
    order, widget = [], dialog.fields.list.nextInFocusChain()
    while widget is not dialog.fields.list:
        order.append(widget)
        widget = widget.nextInFocusChain()
    study = order.index(dialog._rows["study_mode"].control.inputs()[0])
    email = order.index(dialog._rows["email"].control.inputs()[0])
    assert study < email < order.index(dialog.main_button)


def test_ctrl_enter_changes_from_anywhere_in_the_dialog(dialog, ticked, workspace, done, qtbot):
    dialog.fields.tick("email")
    done()
    answer(dialog, "email", "team@example.org")
    looked(dialog, qtbot)
    press(Qt.Key.Key_Return, held=CTRL)
    done()
    assert held(workspace, ticked, "email") == ["team@example.org"] * 5


def test_everything_in_the_dialog_that_takes_the_keyboard_has_a_name(dialog, done):
    dialog.fields.tick("study_mode")
    done()
    found = focusables(dialog)
    assert len(found) >= 4
    assert [type(w).__name__ for w in found if not name_of(w).strip()] == []


# --- fill down


def test_fill_down_copies_the_cell_into_the_selected_rows(page, ticked, workspace, done, qtbot):
    source = ticked[0]
    wanted = held(workspace, [source], "course_subject_1")[0]
    column = 1 + [c.key for c in page.model.columns].index("subject")
    page.table.go_to(page.model.place_of(source.key), column)
    press("d", held=CTRL)
    done()
    dialog = page.deeds.bulk.dialog
    assert dialog.answers.fields() == {"course_subject_1": wanted}
    looked(dialog, qtbot)
    if dialog.main_button.isEnabled():
        dialog.main_button.click()
        done()
    assert held(workspace, ticked, "course_subject_1") == [wanted] * 5


@pytest.mark.parametrize(
    ("column", "words"), [("label", "Go to a cell of the column"), ("money", "Go to a cell of the column")]
)
def test_a_column_that_cannot_be_filled_says_what_to_do(page, ticked, done, window, column, words):
    page.table.go_to(0, 1 + [c.key for c in page.model.columns].index(column))
    press("d", held=CTRL)
    assert page.deeds.bulk.dialog is None
    assert window.toast.words.startswith(words)


def test_fill_down_without_a_selection_says_how_to_make_one(page, window):
    page.table.go_to(0, 1 + [c.key for c in page.model.columns].index("route"))
    press("d", held=CTRL)
    assert window.toast.words.startswith("Select the rows to fill")


# --- copies


def test_a_record_is_copied_as_a_new_one_without_what_names_a_person(page, window, workspace, done, editable):
    source = editable()[0]
    page.table.go_to(page.model.place_of(source.key))
    press("c", held=CTRL | SHIFT)
    done()
    assert window.stack.name == "record"
    view = window.stack.page.session.view
    assert view.portal_id is None
    old = workspace.records.view(source.id).document
    assert view.document.get("training_route") == old.get("training_route")
    assert view.document.get("provider_trainee_id") is None


def test_copied_rows_carry_a_table_for_word_processors(page, ticked, done):
    press("c", held=CTRL)
    done()
    data = QGuiApplication.clipboard().mimeData()
    assert len(data.text().splitlines()) == 6
    assert data.html().count("<tr>") == 6
