"""The controls of the form: what they understand, what they keep as typed, what they say to screen readers."""

from datetime import date

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from desktop.collections.trainees import COLLECTION
from desktop.model.collection import Code, Field, Kind
from desktop.ui.fields.check_list import CheckListControl
from desktop.ui.fields.choice import ChoiceControl
from desktop.ui.fields.code_picker import CodePicker
from desktop.ui.fields.code_popup import OptionFilter, OptionModel
from desktop.ui.fields.codes import match, options_of, shown_label
from desktop.ui.fields.date_entry import DateEntry
from desktop.ui.fields.field_row import FieldRow
from desktop.ui.fields.long_text import LongTextControl
from desktop.ui.fields.making import grouped, make_control, stem_label
from desktop.ui.fields.notes import Mark, Note
from desktop.ui.fields.several import SeveralControl
from desktop.ui.fields.text import TextControl
from tests.ui.pressing import popup, press

# The offscreen platform says so of every popup; other platforms do not.
TODAY = date(2026, 10, 13)
LISTS = COLLECTION.code_lists


class FakeLists:
    """One list with a retired code and two entries of one name."""

    def codes(self, _name):
        entries = [
            Code("1", "Alpha"),
            Code("2", "Beta gamma"),
            Code("3", "Delta", retired="2024"),
            Code("4", "Twin"),
            Code("5", "Twin"),
            Code("6", "Épsilon"),
        ]
        return {entry.code: entry for entry in entries}

    def canonical(self, _name, code):
        return code

    def find(self, _name, _label):
        return None


@pytest.fixture
def place(qtbot):
    """Put a control into a window with something else to tab to; gives the control back, with the keyboard in it."""

    kept = []

    def put(control):
        holder = QWidget()
        kept.append(holder)
        column = QVBoxLayout(holder)
        column.addWidget(control)
        column.addWidget(QLineEdit())
        qtbot.addWidget(holder)
        holder.show()

        def has_keyboard():
            holder.activateWindow()
            control.take_focus()
            return QApplication.activeWindow() is holder and control.has_focus()

        qtbot.waitUntil(has_keyboard)
        return control

    yield put
    kept.clear()


# --- code picker


def test_typing_a_code_and_tab_takes_it(place, qtbot):
    picker = place(CodePicker(LISTS, "course_subject"))
    with qtbot.waitSignal(picker.committed):
        press("100403", Qt.Key.Key_Tab)
    assert picker.value() == "100403"
    assert picker.inputs()[0].text() == "Mathematics"


@pytest.mark.parametrize("typed", ["Mathematics", "mathematics", " MATHEMATICS "])
def test_typing_a_label_takes_its_code(place, typed):
    picker = place(CodePicker(LISTS, "course_subject"))
    press(typed, Qt.Key.Key_Tab)
    assert picker.value() == "100403"


def test_words_in_any_order_that_fit_one_line_name_it(place):
    picker = place(CodePicker(FakeLists(), "any"))
    press("gam be", Qt.Key.Key_Tab)
    assert picker.value() == "2"


def test_accents_do_not_matter_when_searching():
    found = match(options_of(FakeLists(), "any"), "epsilon")
    assert found is not None
    assert found.code == "6"


def test_what_names_nothing_is_kept_as_typed(place):
    picker = place(CodePicker(LISTS, "course_subject"))
    press("Maths and stuff", Qt.Key.Key_Tab)
    assert picker.value() == "Maths and stuff"


def test_two_entries_of_one_name_are_not_guessed_between():
    assert match(options_of(FakeLists(), "any"), "Twin") is None


def test_escape_closes_the_list_and_keeps_the_text(place):
    picker = place(CodePicker(LISTS, "course_subject"))
    press("math", Qt.Key.Key_Escape)
    assert picker.inputs()[0].text() == "math"


def test_alt_down_opens_all_choices_with_the_present_one_marked(place, qtbot):
    picker = place(CodePicker(LISTS, "course_subject"))
    picker.show_value("100403")
    QTest.keyClick(picker.inputs()[0], Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert popup().model().rowCount() == len(options_of(LISTS, "course_subject"))
    assert popup().currentIndex().data() == "Mathematics"
    popup().hide()


def test_choosing_in_the_list_commits(place, qtbot):
    picker = place(CodePicker(FakeLists(), "any"))
    press("al", Qt.Key.Key_Down)
    with qtbot.waitSignal(picker.committed):
        press(Qt.Key.Key_Return)
    assert picker.value() == "1"


def test_nothing_is_chosen_by_itself(place):
    picker = place(CodePicker(LISTS, "course_subject"))
    press(Qt.Key.Key_Tab)
    assert picker.value() is None
    assert picker.inputs()[0].placeholderText() == "Not answered"


def test_emptying_the_line_is_no_answer(place, qtbot):
    picker = place(CodePicker(LISTS, "course_subject"))
    picker.show_value("100403")
    line = picker.inputs()[0]
    line.selectAll()
    with qtbot.waitSignal(picker.edited):
        press(Qt.Key.Key_Backspace)
    assert picker.value() is None


def test_a_retired_code_appears_only_while_it_is_held():
    assert "3" not in {o.code for o in options_of(FakeLists(), "any")}
    held = {o.code: o for o in options_of(FakeLists(), "any", "3")}
    assert held["3"].said == "Delta (not used since 2024)"


def test_a_very_long_label_shows_the_part_that_tells():
    long = "Accredited by the Department for Education for the purpose of delivering training: Ages 5-11"
    assert shown_label(long) == "Ages 5-11"
    assert shown_label("Eligible: yes") == "Eligible: yes"


def test_the_lists_keep_qts_rules(qtmodeltester, qapp):
    model = OptionModel(options_of(LISTS, "course_subject"))
    proxy = OptionFilter()
    proxy.setSourceModel(model)
    qtmodeltester.check(model)
    qtmodeltester.check(proxy)
    proxy.look_for("math")
    assert proxy.rowCount() >= 1


# --- few choices


def test_few_choices_begin_with_not_answered(place):
    choice = place(ChoiceControl(LISTS, "fund_code"))
    box = choice.inputs()[0]
    assert box.currentText() == "Not answered"
    assert choice.value() is None


def test_choosing_commits_at_once(place, qtbot):
    choice = place(ChoiceControl(LISTS, "fund_code"))
    box = choice.inputs()[0]
    with qtbot.waitSignals([choice.edited, choice.committed]):
        QTest.keyClick(box, Qt.Key.Key_Down)
    assert choice.value() in {"2", "7"}


def test_the_wheel_never_changes_an_answer(place):
    choice = place(ChoiceControl(LISTS, "fund_code"))
    choice.show_value("7")
    box = choice.inputs()[0]
    centre = box.rect().center()
    event = QWheelEvent(
        QPointF(centre),
        QPointF(box.mapToGlobal(centre)),
        QPoint(0, -120),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(box, event)
    assert choice.value() == "7"
    assert not event.isAccepted()


def test_a_value_of_no_list_stays_until_it_is_changed(place):
    choice = place(ChoiceControl(LISTS, "fund_code"))
    choice.show_value("9")
    assert choice.value() == "9"


# --- dates


def type_date(*parts):
    for part in parts:
        press(part, Qt.Key.Key_Tab)


def test_a_date_is_typed_in_three_parts(place, qtbot):
    entry = place(DateEntry(TODAY))
    with qtbot.waitSignal(entry.committed):
        type_date("7", "sep", "2026", "")
    assert entry.value() == "2026-09-07"
    assert [edit.text() for edit in entry.inputs()] == ["7", "September", "2026"]


def test_going_from_part_to_part_commits_nothing(place, qtbot):
    entry = place(DateEntry(TODAY))
    with qtbot.assertNotEmitted(entry.committed):
        type_date("7", "9")


def test_half_a_date_is_kept_as_typed(place):
    entry = place(DateEntry(TODAY))
    type_date("31", "February", "2026", "")
    assert entry.value() == "31/February/2026"
    entry.show_value(entry.value())
    assert [edit.text() for edit in entry.inputs()] == ["31", "February", "2026"]


def test_a_pasted_date_fills_all_three_parts_from_any_of_them(place):
    entry = place(DateEntry(TODAY))
    QGuiApplication.clipboard().setText("Monday 7 September 2026\n")
    month = entry.inputs()[1]
    month.setFocus()
    QTest.keyClick(month, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert entry.value() == "2026-09-07"


def test_pasting_a_part_fills_that_part_only(place):
    entry = place(DateEntry(TODAY))
    QGuiApplication.clipboard().setText("2026")
    year = entry.inputs()[2]
    year.setFocus()
    QTest.keyClick(year, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert [edit.text() for edit in entry.inputs()] == ["", "", "2026"]


def test_the_calendar_gives_a_day(place, qtbot):
    entry = place(DateEntry(TODAY))
    entry.show_value("2026-09-07")
    entry.open_popup()
    calendar = popup()
    with qtbot.waitSignal(entry.committed):
        calendar.chosen.emit(date(2026, 9, 21))
    assert entry.value() == "2026-09-21"
    calendar.close()


def test_parts_are_named_for_screen_readers(place):
    entry = place(DateEntry(TODAY))
    entry.set_words("Trainee start date", "Sets the year.")
    assert [edit.accessibleName() for edit in entry.inputs()] == [
        "Trainee start date, day",
        "Trainee start date, month",
        "Trainee start date, year",
    ]
    assert entry.inputs()[0].accessibleDescription() == "Sets the year."


# --- several answers


def several():
    return SeveralControl(LISTS, "disability", [f"disability{n}" for n in range(1, 10)], "Disability")


def test_answers_close_up_when_one_is_taken_out(place, qtbot):
    control = place(several())
    control.show_values({"disability1": "51", "disability2": "53", "disability3": "54"})
    remove = [b for b in control.findChildren(QWidget) if b.accessibleName() == "Remove this disability"]
    with qtbot.waitSignal(control.committed):
        remove[1].click()
    values = control.values()
    assert [values["disability1"], values["disability2"], values["disability3"]] == ["51", "54", None]


def test_one_more_is_asked_for_only_when_wanted(place):
    control = place(several())
    assert len(control.inputs()) == 1
    control.show_values({"disability1": "51"})
    control._add.click()
    assert len(control.inputs()) == 2
    assert control.values()["disability2"] is None
    assert control._add.isHidden()


def test_numbered_fields_of_one_unit_are_one_question_and_subjects_are_not():
    groups = grouped(COLLECTION.fields)
    sizes = {group[0].name: len(group) for group in groups}
    assert sizes["disability1"] == 9
    assert sizes["course_subject_1"] == sizes["course_subject_2"] == 1
    assert stem_label("Disability 1") == "Disability"


# --- text


def test_a_number_is_given_back_as_one_and_words_as_typed(place):
    control = place(TextControl(Field("course_year", "Year", Kind.INTEGER)))
    press("2")
    assert control.value() == 2
    press("nd")
    assert control.value() == "2nd"


def test_leaving_and_enter_commit(place, qtbot):
    control = place(TextControl(Field("email", "Email", Kind.EMAIL)))
    with qtbot.waitSignal(control.committed):
        press("a@b.example", Qt.Key.Key_Return)
    with qtbot.waitSignal(control.committed):
        press(Qt.Key.Key_Tab)


def test_ctrl_z_undoes_in_the_field_first_and_then_goes_on_to_the_window(place, qtbot):
    control = place(TextControl(Field("email", "Email", Kind.EMAIL)))
    control.show_value("a")
    press("b")
    line = control.inputs()[0]
    QTest.keyClick(line, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert control.value() == "a"
    key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not QApplication.sendEvent(line, key) or not key.isAccepted()
    assert control.value() == "a"


def test_tab_leaves_a_text_of_several_lines(place, qtbot):
    control = place(LongTextControl())
    with qtbot.waitSignal(control.committed):
        press("because", Qt.Key.Key_Tab)
    assert control.value() == "because"


def test_several_codes_in_one_field_are_boxes(place, qtbot):
    control = place(CheckListControl(LISTS, "withdrawal_reason"))
    control.show_value("safeguarding_concerns,something_old")
    with qtbot.waitSignal(control.committed):
        control.inputs()[0].click()
    assert control.value() == "record_added_in_error,safeguarding_concerns,something_old"


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        (Field("a", "A", Kind.DATE), DateEntry),
        (Field("a", "A", Kind.CODE, codes="fund_code"), ChoiceControl),
        (Field("a", "A", Kind.CODE, codes="course_subject"), CodePicker),
        (Field("a", "A", Kind.TEXT, codes="withdrawal_reason"), CheckListControl),
        (Field("a", "A", Kind.TEXT, max_length=500), LongTextControl),
        (Field("a", "A", Kind.TEXT, max_length=60), TextControl),
        (Field("a", "A", Kind.INTEGER), TextControl),
    ],
)
def test_the_control_follows_from_the_kind(field, kind, qtbot):
    control = make_control(field, LISTS, TODAY)
    qtbot.addWidget(control)
    assert isinstance(control, kind)


@pytest.mark.parametrize("field", COLLECTION.fields, ids=lambda f: f.name)
def test_every_control_gives_back_what_it_was_shown(field, qtbot):
    control = make_control(field, LISTS, TODAY)
    qtbot.addWidget(control)
    for value in ("2026-09-07", "100403", "as typed", None):
        control.show_value(value)
        assert control.value() == value


def test_a_read_only_control_says_why(place):
    for control in (TextControl(Field("a", "A", Kind.TEXT)), CodePicker(LISTS, "course_subject")):
        place(control)
        control.set_read_only(True, "Register takes no changes of it.")
        line = control.inputs()[0]
        assert isinstance(line, QLineEdit)
        assert line.isReadOnly()
        assert line.toolTip() == "Register takes no changes of it."


# --- the row


@pytest.fixture
def row(qtbot):
    made = FieldRow("email", "Email address", TextControl(Field("email", "Email", Kind.EMAIL)))
    qtbot.addWidget(made)
    made.show()
    return made


def test_notes_become_the_description_in_their_order(row):
    row.show_notes(
        [Note("Personal address."), Note("Enter it.", "circle-x", "refused"), Note("Changed here.")]
    )
    line = row.control.inputs()[0]
    assert line.accessibleName() == "Email address"
    assert line.accessibleDescription() == "Personal address. Enter it. Changed here."
    assert row.label.buddy() is line


def test_a_mark_of_an_error_marks_the_control(row):
    row.show_mark(Mark.ERROR)
    assert row.control.inputs()[0].property("state") == "err"
    row.show_mark(Mark.CHANGED)
    assert row.control.inputs()[0].property("state") == ""


def test_a_link_is_told_with_its_row(row, qtbot):
    row.show_notes([Note("Changed here.", link="undo", link_words="Undo")])
    with qtbot.waitSignal(row.link_followed) as told:
        row._lines[0].followed.emit("undo")
    assert told.args == ["email", "undo"]


def test_a_narrow_row_has_its_label_above(row):
    row.resize(400, 100)
    row.set_narrow(True)
    row.layout().activate()
    assert row.label.geometry().bottom() <= row.control.geometry().top()


# --- as people type


@pytest.mark.parametrize("typed", ["1/9/26", "1 sep 2026", "01.09.2026", "2026-09-01", "1 September 26"])
@pytest.mark.parametrize("part", [0, 1, 2])
def test_a_whole_date_typed_into_any_part_is_the_date_and_tab_leaves_it(place, typed, part):
    control = place(DateEntry(TODAY))
    control.inputs()[part].setFocus()
    press(typed, Qt.Key.Key_Tab)
    assert control.value() == "2026-09-01"
    assert [line.text() for line in control.inputs()] == ["1", "September", "2026"]
    assert not control.has_focus()


def test_three_parts_are_walked_by_tab_and_the_calendar_is_not_in_the_way(place):
    control = place(DateEntry(TODAY))
    control.inputs()[0].setFocus()
    press("1", Qt.Key.Key_Tab, "9", Qt.Key.Key_Tab, "26", Qt.Key.Key_Tab)
    assert control.value() == "2026-09-01"
    assert not control.has_focus()


def test_half_a_date_is_no_date_and_stays_as_typed(place):
    control = place(DateEntry(TODAY))
    control.inputs()[0].setFocus()
    press("1/9", Qt.Key.Key_Tab)
    assert control.value() == "1/9"
    assert control.inputs()[1].hasFocus()


@pytest.mark.parametrize("typed", ["Mathmatics", "mathematcis", "mathematicss", "MATHEMATICS", "100403"])
def test_a_subject_with_a_slip_is_still_the_subject(place, typed):
    control = place(CodePicker(LISTS, "course_subject"))
    press(typed, Qt.Key.Key_Tab)
    assert control.value() == "100403"


def test_a_slip_that_may_mean_several_is_left_for_the_person_to_choose(place):
    control = place(CodePicker(LISTS, "course_subject"))
    press("fremch", Qt.Key.Key_Tab)
    several = [o.label for o in options_of(LISTS, "course_subject") if "French" in o.label]
    assert control.value() == ("100321" if len(several) == 1 else "fremch")


def test_what_fits_without_a_slip_is_never_beaten_by_what_nearly_fits():
    options = options_of(LISTS, "course_subject")
    physics = match(options, "physics")
    assert physics is not None
    assert physics.label == "Physics"
    assert match(options, "xyzzy") is None
    assert match(options, "100499") is None, "a code with a slip is another code"


@pytest.mark.parametrize("make", [lambda: TextControl(Field("a", "A", Kind.TEXT)), LongTextControl])
def test_looking_at_another_window_saves_no_half_answer(place, make):
    """Only who leaves the field has answered: half of it must not be sent while somebody looks something up."""
    control = place(make())
    press("hal")
    saved = []
    control.committed.connect(lambda: saved.append(control.value()))
    box = control.inputs()[0]
    for reason in (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason):
        QApplication.sendEvent(box, QFocusEvent(QEvent.Type.FocusOut, reason))
    assert saved == []
    QApplication.sendEvent(box, QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.TabFocusReason))
    assert saved == ["hal"]
