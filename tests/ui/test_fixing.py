"""Putting findings right by what they suggest: from Checks one or all alike after a look, from the form one. One undo."""

import pytest
from PySide6.QtCore import Qt

from desktop.model.document import Patch
from desktop.ui.checks.fixing import FixDialog
from desktop.ui.record.outlook import FIX
from tests.ui.pressing import press
from tests.ui.test_explained import stand_on

RULE = "T-PARTNER-URN"
FIELD = "training_partner_urn"


@pytest.fixture
def typed(workspace, portal, editable):
    """Three numbers with the letter O for a zero, and one that nobody can guess; record id -> what was typed."""
    portal.control.fault("maintenance")
    rows = editable()[:4]
    found = dict(zip([row.id for row in rows], ["1O0071", "10O072", "1000O3", "10A004"], strict=True))
    for record_id, number in found.items():
        workspace.records.edit(record_id, Patch({FIELD: number}))
    return found


@pytest.fixture
def page(make_window, workspace, typed):
    return make_window(workspace, "checks").stack.page


def numbers(workspace, typed):
    return [workspace.records.view(record_id).document.get(FIELD) for record_id in typed]


def test_one_is_fixed_and_offered_to_undo(page, workspace, typed, settle):
    first, second, *_ = typed
    stand_on(page, RULE, first)
    detail = page.screen_view.detail
    assert "“1O0071” becomes “100071”: the letter O read as a zero" in detail._why.text()
    detail.fix.click()
    settle(page.window())
    assert numbers(workspace, typed) == ["100071", *list(typed.values())[1:]]
    assert page.window().toast.deed.words == "Undo"
    page.window().toast.deed.click()
    settle(page.window())
    assert numbers(workspace, typed) == list(typed.values())
    assert stand_on(page, RULE, second)


def test_all_alike_are_shown_first_and_fixed_as_one_act(page, workspace, typed, settle):
    stand_on(page, RULE, next(iter(typed)))
    button = page.screen_view.detail.fix_all
    assert button.words == "Fix all like this (3)"
    button.click()
    dialog = page.findChild(FixDialog)
    cells = [
        [cell.text for cell in entry.cells[2:]] for entry in map(dialog.table.grouped.entry, range(1, 4))
    ]
    assert sorted(cells) == [["1000O3", "100003"], ["10O072", "100072"], ["1O0071", "100071"]]
    assert numbers(workspace, typed) == list(typed.values())
    dialog.main_button.click()
    settle(page.window())
    assert numbers(workspace, typed) == ["100071", "100072", "100003", "10A004"]
    assert page.window().toast.words == "Put right: Training partner URN of 3 trainees"
    press("z", held=Qt.KeyboardModifier.ControlModifier)
    settle(page.window())
    assert numbers(workspace, typed) == list(typed.values())


def test_nothing_is_offered_where_a_person_has_to_know(page, typed):
    stand_on(page, RULE, list(typed)[-1])
    detail = page.screen_view.detail
    assert not detail.fix.isVisible()
    assert not detail.fix_all.isVisible()
    press("x")
    assert page.window().toast.words.startswith("Nothing certain can be suggested here")


def test_an_answer_that_was_changed_meanwhile_is_left(page, workspace, typed, settle):
    first, *_ = typed
    stand_on(page, RULE, first)
    page.screen_view.detail.fix_all.click()
    workspace.records.edit(first, Patch({FIELD: "123456"}))
    page.findChild(FixDialog).main_button.click()
    settle(page.window())
    assert numbers(workspace, typed) == ["123456", "100072", "100003", "10A004"]


def test_the_form_offers_it_beside_the_finding(make_window, workspace, typed, settle):
    record_id = next(iter(typed))
    window = make_window(workspace, "record", record_id=record_id)
    page = window.stack.page
    (note,) = [n for n in page.sight.outlook.fields[FIELD].notes if n.link == FIX]
    assert note.link_words == "Use 100071"
    page.screen_view.form.row(FIELD).link_followed.emit(FIELD, FIX)
    settle(window)
    assert workspace.records.view(record_id).document.get(FIELD) == "100071"
    assert page.screen_view.form.row(FIELD).control.value() == "100071"
