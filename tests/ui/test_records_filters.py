"""Saved filters on the Records page: built in, one's own, renamed, removed, found again in another window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu

from desktop.model.document import Patch
from desktop.services.views import RecordQuery
from tests.ui.pressing import press
from tests.ui.test_shell import focusables, name_of

pytestmark = pytest.mark.opens("records")

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def page(records_page):
    return records_page


@pytest.fixture
def menu(page, done):
    """Opens the menu of saved filters and gives its actions by their words."""

    def opened():
        press("f", held=CTRL | SHIFT)
        done()
        found = QApplication.activePopupWidget()
        assert isinstance(found, QMenu)
        return found, {action.text(): action for action in found.actions() if action.text()}

    return opened


def choose(menu, words):
    found, actions = menu()
    actions[words].trigger()
    found.close()


def count(workspace, **filters):
    return workspace.records.count(RecordQuery("trainees", filters=filters))


def test_the_menu_offers_what_offices_ask_for_most(menu):
    found, actions = menu()
    wanted = ["With errors", "Not sent yet", "Bursary at risk", "TRN pending", "This year"]
    assert [words for words in actions if words in wanted] == wanted
    assert not actions["Save this filter"].isEnabled()
    assert not actions["Rename or remove"].isEnabled()
    found.close()


@pytest.mark.parametrize(
    ("name", "filters"),
    [
        ("With errors", {"errors": "1"}),
        ("Bursary at risk", {"money_only": "1", "unready": "1"}),
        ("TRN pending", {"state": "submitted_for_trn"}),
        ("This year", {"cycle": "2026"}),
    ],
)
def test_a_built_in_filter_lists_what_it_says(page, menu, done, workspace, editable, name, filters):
    rows = [row for row in editable() if row.facets["money"]]
    workspace.records.edit(rows[0].id, Patch({"email": "nonsense"}))
    workspace.records.edit(rows[1].id, Patch({"email": "new@example.org"}))
    choose(menu, name)
    done()
    assert 0 < page.model.rowCount() == count(workspace, **filters)
    assert page.filter_bar.saved.value == name
    assert page.filter_bar.saved.accessibleName() == f"Saved, {name}"


def test_every_part_of_a_saved_filter_is_a_chip_that_can_be_taken_away(page, menu, done, workspace):
    choose(menu, "Bursary at risk")
    done()
    shown = {name for name, chip in page.filter_bar._chips.items() if chip.isVisible() and chip.value}
    assert shown == {"money_only", "unready"}
    page.filter_bar._chips["unready"].cleared.emit()
    done()
    assert page.model.rowCount() == count(workspace, money_only="1")
    assert page.filter_bar.saved.value == ""


def test_not_sent_yet_lists_what_waits_and_drafts(page, menu, done, workspace, editable):
    first, second = editable()[:2]
    workspace.records.edit(first.id, Patch({"email": "new@example.org"}))
    workspace.records.edit(second.id, Patch({"email": "nonsense"}))
    choose(menu, "Not sent yet")
    done()
    assert set(page.model.keys) == {first.key, second.key}


def save_as(page, menu, done, name):
    choose(menu, "Save this filter")
    dialog = page.saved._naming
    dialog.line.setText(name)
    dialog.main_button.click()
    done()
    return dialog


def test_the_present_filter_is_saved_under_a_name_and_found_in_another_window(
    page, menu, done, make_window, workspace, settle
):
    page.open(search="", filters={"route": "12"})
    done()
    save_as(page, menu, done, "Our fee funded")
    assert page.filter_bar.saved.value == "Our fee funded"
    other = make_window(workspace, "records")
    settle(other)
    saved = other.stack.page.saved
    own = next(known for known in saved._all if known.name == "Our fee funded")
    saved.choose(own)
    settle(other)
    assert other.stack.page.model.rowCount() == count(workspace, route="12")


def test_a_name_that_is_taken_is_refused_in_words_and_can_be_mended(page, menu, done, workspace):
    page.open(search="", filters={"route": "12"})
    done()
    dialog = save_as(page, menu, done, "with errors")
    assert "Choose another name" in dialog.problem.text()
    assert dialog.isVisible()
    dialog.line.setText("")
    dialog.main_button.click()
    assert dialog.problem.text() == "Enter a name, such as Starting in January."
    dialog.line.setText("Fee funded")
    dialog.main_button.click()
    done()
    assert "Fee funded" in {known.name for known in workspace.filters.all("trainees")}


def test_ones_own_filters_are_renamed_and_removed_by_keys(page, menu, done, workspace):
    page.open(search="", filters={"route": "12"})
    done()
    save_as(page, menu, done, "Old name")
    choose(menu, "Rename or remove")
    own = page.saved._own
    assert [own.list.item(n).text() for n in range(own.list.count())] == ["Old name"]
    own.rename.click()
    page.saved._naming.line.setText("New name")
    page.saved._naming.main_button.click()
    done()
    assert [own.list.item(n).text() for n in range(own.list.count())] == ["New name"]
    assert own.rename.shortcut().toString() == "F2"
    assert own.remove.shortcut().toString() == "Del"
    own.remove.click()
    done()
    assert own.none.isVisible()
    assert [known.name for known in workspace.filters.all("trainees") if not known.built_in] == []
    own.close()


def test_everything_in_the_small_windows_that_takes_the_keyboard_has_a_name(page, menu, done):
    page.open(search="", filters={"route": "12"})
    done()
    save_as(page, menu, done, "Kept")
    choose(menu, "Rename or remove")
    page.saved._own.rename.click()
    for dialog in (page.saved._own, page.saved._naming):
        found = focusables(dialog)
        assert len(found) >= 2
        assert [type(w).__name__ for w in found if not name_of(w).strip()] == []


def test_the_cross_of_the_chip_shows_all_records_again(page, menu, done, workspace):
    choose(menu, "This year")
    done()
    page.filter_bar.saved.cleared.emit()
    done()
    assert page.model.rowCount() == count(workspace)
    assert page.filter_bar.saved.value == ""


def test_a_name_of_ones_own_is_replaced_and_the_button_says_so_before(page, menu, done, workspace):
    page.open(search="", filters={"route": "12"})
    done()
    save_as(page, menu, done, "Ours")
    page.open(search="", filters={"route": "11"})
    done()
    choose(menu, "Save this filter")
    dialog = page.saved._naming
    dialog.line.setText("ours")
    assert dialog.main_button.words == "Replace that filter"
    dialog.main_button.click()
    done()
    own = [known for known in workspace.filters.all("trainees") if not known.built_in]
    assert [known.query.filters for known in own] == [{"route": "11"}]
