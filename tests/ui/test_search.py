"""Search: Ctrl+F from anywhere, by keyboard alone, what fits and what is near."""

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt

from desktop.model.document import Patch
from desktop.model.ids import RecordId
from desktop.model.standing import Sync
from desktop.services.search import Hit
from desktop.ui.search.groups import hit_groups
from desktop.ui.shell.go_to import GoTo

NOW = datetime(2026, 10, 13, 13, 2, tzinfo=UTC)


def hit(number: int, *, near: bool = False, collection: str = "trainees") -> Hit:
    return Hit(RecordId(f"r{number}"), collection, f"Person {number}", Sync.CLEAN, "", "Name", near)


def test_hits_are_grouped_by_collection_in_its_order():
    titles = {"trainees": "Trainees", "ects": "Early career teachers"}
    groups = hit_groups([hit(1, collection="ects"), hit(2)], titles, 20)
    assert [(group.title, group.aside) for group in groups] == [
        ("Trainees", "1 record"),
        ("Early career teachers", "1 record"),
    ]


def test_more_than_are_shown_is_said():
    groups = hit_groups([hit(n) for n in range(21)], {"trainees": "Trainees"}, 20)
    assert len(groups[0].lines) == 20
    assert groups[0].aside == "the first 20; type more to find fewer"


def test_near_hits_are_called_near():
    assert hit_groups([hit(1, near=True)], {"trainees": "Trainees"}, 20)[0].aside == "1 record close to it"


# -- in the window -----------------------------------------------------------------------------------------


@pytest.fixture
def someone(workspace, editable):
    """A record with a name that nobody else has."""
    row = editable()[0]
    workspace.records.edit(row.id, Patch({"last_name": "Quillfeather", "first_names": "Zoë"}))
    return row.id


def search_page(window):
    return window.stack.page


def typed(qtbot, window, text):
    """Open search with Ctrl+F, type, and give the page that shows it."""
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    page = search_page(window)
    qtbot.keyClicks(page.box, text)
    return page


def lines(page):
    return [entry.cells[0].text for entry in page.table.grouped._entries if hasattr(entry, "cells")]


@pytest.mark.parametrize("page", ["home", "needs", "activity", "deadlines"])
def test_ctrl_f_opens_search_where_a_screen_has_none(qtbot, make_window, workspace, page):
    window = make_window(workspace, page)
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.stack.name == "search"
    assert window.focusWidget() is search_page(window).box


def test_ctrl_f_in_records_stays_in_records(qtbot, make_window, workspace):
    window = make_window(workspace, "records")
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.stack.name == "records"


def test_a_person_is_found_and_opened_by_keyboard_alone(qtbot, window, someone, settle):
    page = typed(qtbot, window, "zoe quill")
    qtbot.waitUntil(lambda: lines(page) == ["Quillfeather, Zoë"])
    assert not page.told.isVisible()
    qtbot.keyClick(page.box, Qt.Key.Key_Down)
    assert window.focusWidget() is page.table
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    settle(window)
    assert window.stack.name == "record"
    assert window.record_in_hand() == someone


def test_what_is_near_is_shown_and_said(qtbot, window, someone, settle):
    page = typed(qtbot, window, "quilfaether")
    qtbot.waitUntil(lambda: lines(page) == ["Quillfeather, Zoë"])
    assert page.told.text() == "Nothing is exactly like “quilfaether”. These are near."
    assert page.told.isVisible()
    settle(window)


def test_nobody_is_said_in_words(qtbot, window, settle):
    page = typed(qtbot, window, "xqzwxqzw")
    qtbot.waitUntil(lambda: page.empty.title == "Nobody is found for “xqzwxqzw”")
    assert not page.table.isVisible()
    qtbot.keyClick(page.box, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: page.empty.title == "Find anybody")
    settle(window)


def test_the_first_address_says_that_it_takes_a_moment(
    qtbot, window, workspace, someone, settle, monkeypatch
):
    monkeypatch.setattr(workspace.search, "find", lambda _text, _limit: [])
    page = typed(qtbot, window, "zoe@")
    qtbot.waitUntil(lambda: page.told.isVisible() or page.empty.title.startswith("Nobody"))
    assert "read once" in page.told.text()
    settle(window)


def test_an_edit_shows_at_once_in_what_was_found(qtbot, window, workspace, someone, settle):
    page = typed(qtbot, window, "quillfeather")
    qtbot.waitUntil(lambda: lines(page) == ["Quillfeather, Zoë"])
    workspace.records.edit(someone, Patch({"first_names": "Ada"}))
    qtbot.waitUntil(lambda: lines(page) == ["Quillfeather, Ada"])
    settle(window)


def test_ctrl_k_finds_people_by_number_and_says_so(qtbot, window, workspace, someone, settle):
    view = workspace.records.view(someone)
    trn = str(view.extras["trn"])
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    dialog = window.findChild(GoTo)
    qtbot.keyClicks(dialog.field, trn)
    qtbot.waitUntil(
        lambda: any(f"TRN {trn}" in dialog.list.item(n).text() for n in range(dialog.list.count()))
    )
    dialog.reject()
    settle(window)


def test_ctrl_k_goes_to_deadlines_too(qtbot, window):
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    dialog = window.findChild(GoTo)
    qtbot.keyClicks(dialog.field, "census")
    assert dialog.list.item(0).text() == "Deadlines"
    dialog.reject()
