"""A record as people work on it: saved at once, checked while typing, never reloaded under the hand."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from desktop.model.document import Document, Patch
from desktop.model.errors import DiskFull
from desktop.services.views import RecordQuery
from desktop.ui.fields.notes import Mark
from desktop.ui.record.action_dialog import ActionDialog
from desktop.ui.record.menu import ACT
from desktop.ui.record.paper import lines_of
from desktop.ui.record.side_panel import LinkText
from tests.ui.pressing import keyboard, press
from tests.ui.test_shell import focusables, name_of

CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


@pytest.fixture
def page(open_record, editable):
    return open_record(editable()[0].id)


def live(page):
    """What the form says, without waiting for its timer."""
    page.sight.look()
    return page.outlook


def fresh(workspace, page):
    return workspace.records.view(page.session.view.id)


def control(page, path):
    return page.screen_view.form.row(path).control


# --- saving


def test_leaving_a_field_saves_it(page, workspace, done):
    page.go_to_field("email")
    press(Qt.Key.Key_End, "x", Qt.Key.Key_Tab)
    done()
    assert str(fresh(workspace, page).document.get("email")).endswith("x")
    assert not page.session.dirty
    assert page.screen_view.header._saved.text().startswith("Saved here ")


def test_a_choice_is_saved_at_once_with_its_row_in_the_queue(page, workspace, done):
    before = len(workspace.queue.items())
    page.go_to_field("sex")
    press(Qt.Key.Key_Up)
    done()
    assert fresh(workspace, page).pending
    assert len(workspace.queue.items()) == before + 1


def test_while_typing_the_head_says_that_it_is_not_saved_yet(page):
    page.go_to_field("email")
    press("q")
    assert page.screen_view.header._saved.text() == "Typing, not saved yet"


def test_control_s_saves_half_typed_text_and_goes_to_the_summary(page, workspace, done):
    page.go_to_field("email")
    press(Qt.Key.Key_A, held=CTRL)
    press("nonsense")
    press(Qt.Key.Key_S, held=CTRL)
    done()
    assert fresh(workspace, page).document.get("email") == "nonsense"
    assert fresh(workspace, page).sync == "draft"
    assert page.screen_view.side.summary.isVisible()
    held = keyboard()
    assert isinstance(held, LinkText)
    press(Qt.Key.Key_Return)
    assert page.screen_view.form.focused_path() == "email"


def test_leaving_the_page_puts_half_typed_text_on_disk(page, window, workspace, done):
    page.go_to_field("email")
    press(Qt.Key.Key_A, held=CTRL)
    press("half@typ")
    record_id = page.session.view.id
    window.go("home")
    assert workspace.records.view(record_id).document.get("email") == "half@typ"


def test_a_half_typed_code_is_on_disk_too_when_the_window_closes(page, window, workspace):
    page.go_to_field("course_subject_2")
    press("physics", Qt.Key.Key_Escape)
    record_id = page.session.view.id
    page.flush()
    found = workspace.records.view(record_id).document.get("course_subject_2")
    assert found == "100425"


def test_a_full_disk_keeps_the_text_in_the_form_and_says_so(page, workspace, done, monkeypatch, window):
    def refuse(*_args, **_more):
        raise DiskFull("The disk has no room.")

    page.go_to_field("email")
    press(Qt.Key.Key_A, held=CTRL)
    press("kept@example.org")
    monkeypatch.setattr(workspace.records, "edit", refuse)
    press(Qt.Key.Key_Tab)
    done()
    assert page.session.typed == {"email": "kept@example.org"}
    assert control(page, "email").value() == "kept@example.org"
    assert window.banner.title == "The disk is full"
    assert page.may_leave() is False
    monkeypatch.undo()
    assert page.may_leave() is True
    assert fresh(workspace, page).document.get("email") == "kept@example.org"


# --- checking while typing


def test_findings_follow_the_typing(page, qtbot):
    page.go_to_field("email")
    press(Qt.Key.Key_A, held=CTRL)
    press("no address")
    qtbot.waitUntil(lambda: page.screen_view.form.row("email").row.mark == Mark.ERROR, timeout=2_000)
    said = control(page, "email").inputs()[0].accessibleDescription()
    assert "email address" in said.lower()
    press(Qt.Key.Key_A, held=CTRL)
    press("name@example.org")
    qtbot.waitUntil(lambda: page.screen_view.form.row("email").row.mark != Mark.ERROR, timeout=2_000)


def test_looking_at_everything_after_a_keystroke_is_quick(page):
    import time

    best = 1.0
    for _ in range(10):
        begun = time.perf_counter()
        page.sight.look()
        best = min(best, time.perf_counter() - begun)
    assert best < 0.03, "the goal is 10 ms; three times that fails the build on a busy machine"


def test_f8_goes_round_the_findings(page, workspace, done):
    workspace.records.edit(
        page.session.view.id, Patch({"email": "wrong", "ni_number": "wrong", "hesa_id": "1"})
    )
    page.refresh(None)
    done()
    wrong = [p.path for p in live(page).problems]
    assert len(wrong) >= 2
    seen = []
    for _ in wrong:
        press(Qt.Key.Key_F8)
        seen.append(page.screen_view.form.focused_path())
    assert sorted(seen) == sorted(wrong)
    press(Qt.Key.Key_F8, held=SHIFT)
    assert page.screen_view.form.focused_path() == seen[-2]


def test_a_question_appears_with_its_reason_when_it_applies(page, done):
    form = page.screen_view.form
    assert not form.row("iqts_country").row.isVisible()
    page.session.type("training_route", "15")
    form.show_document(page.session.document())
    row = form.row("iqts_country").row
    assert not row.isHidden()
    assert row.notes[0].text == "The iQTS route asks for it."


def test_the_money_panel_follows_the_form(page, workspace, done):
    page.saver.commit()
    workspace.records.edit(
        page.session.view.id,
        Patch(
            {
                "training_route": "12",
                "course_subject_1": "100403",
                "fund_code": "7",
                "funding_method": "D",
                "itt_start_date": "2026-09-07",
                "trainee_start_date": None,
            }
        ),
    )
    page.refresh(None)
    done()
    assert page.screen_view.side.money._sum.text() == "£29,000"


def test_the_money_panel_says_what_decides_the_sum_and_what_is_not_sent_yet(page, workspace, done):
    def lines():
        panel = page.screen_view.side.money
        grid = panel._lines
        return {
            grid.itemAtPosition(row, 0).widget().text(): grid.itemAtPosition(row, 1).widget().text()
            for row in range(grid.rowCount())
            if grid.itemAtPosition(row, 0) is not None and not grid.itemAtPosition(row, 0).widget().isHidden()
        }

    assert "Not sent yet" not in lines()
    assert lines()["Depends on"] == "Course, dates, funding"
    workspace.records.edit(page.session.view.id, Patch({"course_subject_1": "100425"}))
    page.refresh(None)
    done()
    assert lines()["Not sent yet"] == "Subject 1"
    workspace.records.edit(page.session.view.id, Patch({"funding_method": "D", "fund_code": "7"}))
    page.refresh(None)
    done()
    assert lines()["Not sent yet"].startswith("Subject 1 and ")


# --- taking back


def test_undo_takes_the_last_saved_edit_back_and_redo_makes_it_again(page, workspace, done):
    before = fresh(workspace, page).document.get("email")
    page.go_to_field("email")
    press(Qt.Key.Key_A, held=CTRL)
    press("other@example.org", Qt.Key.Key_Tab)
    done()
    press(Qt.Key.Key_Z, held=CTRL)
    done()
    assert fresh(workspace, page).document.get("email") == before
    assert control(page, "email").value() == before
    press(Qt.Key.Key_Z, held=CTRL | SHIFT)
    done()
    assert fresh(workspace, page).document.get("email") == "other@example.org"


def test_the_undo_link_gives_one_answer_the_portals_value(page, workspace, done):
    base = page.session.view.base.get("email")
    page.go_to_field("email")
    press(Qt.Key.Key_A, held=CTRL)
    press("other@example.org", Qt.Key.Key_Tab)
    done()
    look = live(page).fields["email"]
    assert look.mark == Mark.CHANGED
    page.screen_view.form.link_followed.emit("email", "undo")
    done()
    assert fresh(workspace, page).document.get("email") == base
    assert "email" not in live(page).fields or live(page).fields["email"].mark == Mark.NONE


def test_the_base_key_does_the_same_from_the_field(page, workspace, done):
    base = page.session.view.base.get("email")
    page.go_to_field("email")
    press(Qt.Key.Key_A, held=CTRL)
    press("other@example.org")
    press(Qt.Key.Key_B, held=CTRL | SHIFT)
    done()
    assert control(page, "email").value() == base


# --- the portal moves the record below the form


def test_taking_the_portals_settles_the_conflict(page, workspace, portal, clock, done):
    view = page.session.view
    workspace.records.edit(view.id, Patch({"email": "mine@example.org"}))
    clock.now += timedelta(minutes=5)
    portal.control.edit(view.portal_id, email="theirs@example.org")
    workspace.sync.run("trainees")
    page.refresh(None)
    done()
    assert fresh(workspace, page).conflict is not None
    page.screen_view.form.link_followed.emit("email", "take")
    done()
    after = fresh(workspace, page)
    assert after.conflict is None
    assert after.document.get("email") == "theirs@example.org"
    assert control(page, "email").value() == "theirs@example.org"


def test_a_record_that_is_gone_leads_back_to_the_list(window, open_record, workspace, done):
    view = workspace.records.add("trainees", Document({"first_names": "Ada"}))
    page = open_record(view.id)
    workspace.records.discard(view.id)
    page.refresh(None)
    done()
    assert window.stack.name == "records"


# --- a new trainee


def test_a_new_trainee_exists_from_the_first_answer_on(open_record, workspace, done):
    before = workspace.records.count(RecordQuery("trainees"))
    page = open_record(collection="trainees")
    done()
    assert page.screen_view.header._name.text() == "New trainee"
    assert page.screen_view.form.focused_path() == "first_names"
    assert workspace.records.count(RecordQuery("trainees")) == before
    press("Ada", Qt.Key.Key_Tab)
    done()
    assert workspace.records.count(RecordQuery("trainees")) == before + 1
    press(Qt.Key.Key_Tab, "Lovelace", Qt.Key.Key_Tab)
    done()
    assert fresh(workspace, page).label == "Lovelace, Ada"
    assert page.screen_view.header._name.text() == "Ada Lovelace"


def test_a_new_trainee_is_not_scolded_before_save(open_record, done):
    page = open_record(collection="trainees")
    done()
    press("Ada", Qt.Key.Key_Tab)
    done()
    assert live(page).problems == ()
    page.save()
    assert len(page.outlook.problems) > 5


def test_somebody_who_is_here_already_is_named_while_typing(open_record, workspace, editable, qtbot, done):
    known = workspace.records.view(editable()[0].id)
    page = open_record(collection="trainees")
    names = (
        "first_names", "last_name", "date_of_birth", "training_route", "itt_start_date"
    )  # fmt: skip
    for name in names:
        page.editing.on_edited(name, known.document.get(name))
    duplicates = page.screen_view.side.duplicates
    qtbot.waitUntil(duplicates.isVisible, timeout=3_000)
    assert duplicates.findChild(LinkText).accessibleName().startswith(known.label)


# --- degrees and placements


def test_a_degree_is_added_edited_and_removed_in_place(page, workspace, done):
    before = len(fresh(workspace, page).document.children.get("degrees", []))
    page.screen_view.form.child_added.emit("degrees")
    done()
    path = page.screen_view.form.focused_path()
    assert path.startswith("degrees.")
    child_id = path.split(".")[1]
    page.go_to_field(f"degrees.{child_id}.graduation_year")
    press("2024", Qt.Key.Key_Tab)
    done()
    saved = fresh(workspace, page).document
    assert len(saved.children["degrees"]) == before + 1
    assert saved.child("degrees", child_id).fields["graduation_year"] == 2024
    page.screen_view.form.child_removed.emit("degrees", child_id)
    done()
    assert len(fresh(workspace, page).document.children["degrees"]) == before
    assert page.screen_view.form._lists["degrees"].card(child_id) is None
    press(Qt.Key.Key_Z, held=CTRL)
    done()
    assert fresh(workspace, page).document.child("degrees", child_id) is not None


def test_a_degree_keeps_its_card_when_the_portal_names_it(page, workspace, done, clock):
    workspace.records.edit(page.session.view.id, Patch({"email": "a@example.org"}))
    page.screen_view.form.child_added.emit("placements")
    done()
    child_id = page.screen_view.form.focused_path().split(".")[1]
    page.go_to_field(f"placements.{child_id}.name")
    press("Northmoor Academy", Qt.Key.Key_Tab)
    done()
    card = page.screen_view.form._lists["placements"].card(child_id)
    clock.now += timedelta(minutes=5)
    report = workspace.sync.run("trainees")
    assert report.pushed >= 1
    page.refresh(None)
    done()
    named = fresh(workspace, page).document.children["placements"][-1]
    assert named.portal_id
    assert page.screen_view.form._lists["placements"].card(named.id) is card
    assert card.is_open


def test_keys_add_and_remove_a_placement(page, workspace, done):
    before = len(fresh(workspace, page).document.children.get("placements", []))
    page.screen_view.form.focus_path("placements")
    press(Qt.Key.Key_A, held=CTRL | SHIFT)
    done()
    path = page.screen_view.form.focused_path()
    assert path.startswith("placements.")
    page.go_to_field(f"{path.rpartition('.')[0]}.name")
    press("Northmoor Academy", Qt.Key.Key_Tab)
    done()
    assert len(fresh(workspace, page).document.children["placements"]) == before + 1
    page.go_to_field(f"{path.rpartition('.')[0]}.name")
    press(Qt.Key.Key_Backspace, held=CTRL | SHIFT)
    done()
    assert len(fresh(workspace, page).document.children.get("placements", [])) == before


def test_tab_walks_a_degree_in_reading_order_and_then_goes_on(page, done):
    form = page.screen_view.form
    lists = form._lists
    form.focus_path("degrees")
    press(Qt.Key.Key_Space)
    done()
    names = []
    while form.focused_path().startswith("degrees."):
        names.append(form.focused_path().rpartition(".")[2])
        press(Qt.Key.Key_Tab)
    assert names == [field.name for field in lists["degrees"].kind.fields]
    assert keyboard() is lists["degrees"].add


# --- keys and places


def test_sections_are_walked_by_keys(page):
    page.go_to_field("first_names")
    press(Qt.Key.Key_PageDown, held=CTRL)
    assert page.screen_view.form.focused_path() == "email"
    press(Qt.Key.Key_PageUp, held=CTRL)
    assert page.screen_view.form.focused_path() == "first_names"


def test_the_list_is_walked_from_record_to_record(open_record, workspace, done):
    keys = list(workspace.records.find(RecordQuery("trainees")))
    rows = workspace.records.rows(keys)
    page = open_record(rows[0].id, keys=keys, place=0)
    assert f"Record 1 of {len(keys)}" in page.screen_view.header._facts.text()
    page.go_to_field("email")
    press(Qt.Key.Key_PageDown, held=ALT)
    done()
    assert page.session.view.id == rows[1].id
    press(Qt.Key.Key_PageUp, held=ALT)
    done()
    assert page.session.view.id == rows[0].id


def test_a_link_from_elsewhere_lands_in_its_field(open_record, editable):
    page = open_record(editable()[1].id, field="itt_end_date")
    assert page.screen_view.form.focused_path() == "itt_end_date"


def test_history_says_who_changed_what(page, workspace, done):
    page.go_to_field("email")
    press(Qt.Key.Key_A, held=CTRL)
    press("other@example.org", Qt.Key.Key_Tab)
    done()
    page.refresh(None)
    done()
    newest = page.screen_view.side.history._shown[0]
    assert newest.what == "Changed: Email address"


# --- steps that cannot be undone


def test_a_step_is_asked_for_in_full_and_then_queued(page, workspace, done, clock):
    action = "defer"
    page.deeds.choose(f"{ACT}{action}")
    dialog = page.deeds.dialog
    assert isinstance(dialog, ActionDialog)
    assert dialog.main_button.words.startswith("Defer ")
    dialog.main_button.click()
    assert dialog._rows[0].row.mark == Mark.ERROR
    assert dialog.isVisible()
    dialog._rows[0].control.show_value(clock.now.date().isoformat())
    dialog.main_button.click()
    done()
    kinds = [c.target for c in fresh(workspace, page).changes]
    assert "defer" in kinds
    assert page.deeds.dialog is None


def test_the_withdrawal_offers_only_reasons_that_fit_who_decided(page, done):
    page.deeds.choose(f"{ACT}withdraw")
    dialog = page.deeds.dialog
    reasons = next(row for row in dialog._rows if row.path == "reasons").control
    trigger = next(row for row in dialog._rows if row.path == "trigger").control
    trigger.show_value("trainee")
    dialog._look()
    offered = [code for code, box in reasons._boxes.items() if not box.parentWidget().isHidden()]
    assert "trainee_workload_issues" in offered
    assert "mandatory_reasons" not in offered
    dialog.reject()


def test_a_step_that_is_not_possible_says_why(open_record, workspace, done):
    view = workspace.records.add("trainees", Document({"first_names": "Ada"}))
    page = open_record(view.id)
    deeds = {deed.key: deed for deed in page.screen_view.header._deeds}
    assert deeds[f"{ACT}withdraw"].why_not == "Not before the trainee is at Register."
    assert deeds["discard"].why_not == ""


def test_a_draft_that_was_never_sent_can_be_deleted(open_record, workspace, window, done):
    view = workspace.records.add("trainees", Document({"first_names": "Ada"}))
    page = open_record(view.id)
    page.deeds.discard(page.session.view)
    done()
    assert window.stack.name == "records"
    assert view.id not in {
        r.id for r in workspace.records.rows(workspace.records.find(RecordQuery("trainees")))
    }


def test_a_record_that_the_portal_closed_is_read_only_and_says_why(open_record, workspace):
    query = RecordQuery("trainees", filters={"state": ("awarded", "withdrawn", "recommended_for_award")})
    rows = workspace.records.rows(workspace.records.find(query))
    assert rows
    page = open_record(rows[0].id)
    line = control(page, "first_names").inputs()[0]
    assert line.isReadOnly()
    assert "takes no changes" in line.toolTip()
    assert page.screen_view.closed_note.isVisible()


# --- paper


def test_a_record_is_saved_as_pdf_with_both_sides(page, workspace, done, tmp_path):
    view = workspace.records.edit(page.session.view.id, Patch({"email": "mine@example.org"})).view
    lines = {(part, label): rest for part, label, *rest in lines_of(page.collection, view)}
    assert lines["Contact", "Email address"] == ["mine@example.org", view.base.get("email")]
    assert lines["Personal details", "First names"] == [view.document.get("first_names"), "The same"]
    assert any(part.startswith("Degree 1") for part, _ in lines)
    page.deeds.paper.write(view, tmp_path / "record.pdf")
    done()
    assert (tmp_path / "record.pdf").read_bytes().startswith(b"%PDF-")


def test_a_record_can_be_copied_from_its_menu(page, window, workspace, done):
    before = page.session.view
    page.deeds.choose("copy")
    done()
    copied = window.stack.page.session.view
    assert copied.id != before.id
    assert copied.document.get("course_subject_1") == before.document.get("course_subject_1")
    assert copied.document.get("hesa_id") is None


# --- looks


@pytest.mark.parametrize("size", [(1440, 900), (1000, 700), (682, 466), (1900, 1000)])
def test_the_parts_stand_where_the_width_wants_them(make_window, workspace, editable, settle, size):
    window = make_window(workspace, "home", size)
    window.go("record", record_id=editable()[0].id)
    settle(window)
    screen = window.stack.page.screen_view
    small, tabbed = size[0] < 800, size[0] < 1100
    assert screen.combo.isVisible() == small
    assert screen.sections.isVisible() != small
    assert screen._tabs.isVisible() == tabbed
    assert screen._side_frame.isVisible() != tabbed
    assert screen._history_column.isVisible() == (size[0] >= 1840)
    assert screen.form.horizontalScrollBar().maximum() == 0
    assert window.stack.page.minimumSizeHint().width() <= 640


def test_everything_that_takes_the_keyboard_has_a_name(page):
    page.screen_view.form._lists["degrees"].add.click()
    found = focusables(page)
    assert len(found) > 50
    assert [type(w).__name__ for w in found if not name_of(w).strip()] == []


def test_no_part_of_the_page_flashes_as_a_window_of_its_own(make_window, workspace, editable, settle, qapp):
    from PySide6.QtCore import QEvent, QObject
    from PySide6.QtWidgets import QWidget

    window = make_window(workspace, "home")

    seen = []

    class Watch(QObject):
        def eventFilter(self, watched, event):  # noqa: N802 - Qt's name
            if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                seen.append(type(watched).__name__)
            return False

    watch = Watch()
    qapp.installEventFilter(watch)
    try:
        for where in ({"record_id": editable()[0].id}, {"collection": "trainees"}):
            window.go("record", **where)
            settle(window)
        window.go("records")
        settle(window)
        window.go("needs")
        settle(window)
    finally:
        qapp.removeEventFilter(watch)
    assert seen == []
