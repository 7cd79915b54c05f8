"""The records table's model: rows by the page, changes in steps, ticks that belong to records."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt

from desktop.collections.trainees import COLLECTION
from desktop.handover.cells import guarded
from desktop.model.standing import Sync
from desktop.services.views import Row
from desktop.ui.records.columns import columns_of, fitting, look_of
from desktop.ui.records.filters import Question, filters_of
from desktop.ui.records.lines import as_html, as_tsv
from desktop.ui.records.model import RecordsModel
from desktop.ui.records.rows import MOST, PAGE
from desktop.ui.words import MISSING, SAVED


def row(key, **more):
    facets = {
        "cycle": 2026,
        "route": "12",
        "subject": "100403",
        "start_date": "2026-09-07",
        "funding_method": "D",
        "money": 29_000,
        "phase": "secondary",
        "provider_trainee_id": f"NM26-{key:05d}",
        "hesa_id": None,
    }
    facts = {
        "key": key,
        "id": f"r{key}",
        "label": f"Person{key:05d}, Ada",
        "portal_id": f"p{key}",
        "sync": Sync.CLEAN,
        "caption": "",
        "state": "trn_received",
        "facets": facets,
        "errors": None,
    }
    return Row(**(facts | more))


class Store:
    """Rows by key, and a note of every read. `serve` answers a model at once, as a very quick store would."""

    def __init__(self, count=1000):
        self.rows = {key: row(key) for key in range(count)}
        self.reads = []

    def fetch(self, keys):
        self.reads.append(list(keys))
        return [self.rows[key] for key in keys if key in self.rows]

    def serve(self, model):
        def answer(keys):
            model.update_rows(self.fetch(keys), keys)
            model.rows_ended(well=True)

        model.rows_wanted.connect(answer)


@pytest.fixture
def store():
    return Store()


@pytest.fixture
def model(store, qapp):
    made = RecordsModel(columns_of(COLLECTION))
    store.serve(made)
    made.show_keys(range(1000))
    return made


def shown(model, place, key):
    column = 1 + [c.key for c in model.columns].index(key)
    return model.data(model.index(place, column))


def test_the_model_keeps_qts_rules_through_every_kind_of_change(model, qtmodeltester):
    qtmodeltester.check(model)
    model.set_keys([*range(500, 1000), *range(100), 2000])
    model.set_ticked([1, 2, 3], on=True)
    model.set_keys(range(40))
    model.show_keys([])


def test_a_look_reads_one_page_and_looking_again_reads_nothing(model, store):
    assert shown(model, 450, "label") == "Person00450, Ada"
    assert shown(model, 401, "label") == "Person00401, Ada"
    assert store.reads == [list(range(400, 600))]


@pytest.fixture
def slow_model(qapp):
    """A model whose store has not answered yet, and what it asked for."""
    made = RecordsModel(columns_of(COLLECTION))
    asked: list[list[int]] = []
    made.rows_wanted.connect(asked.append)
    made.show_keys(range(2000))
    return made, asked


def test_a_row_that_is_not_here_yet_is_a_placeholder_and_asked_for_once(slow_model):
    model, asked = slow_model
    assert shown(model, 450, "label") == "…"
    assert shown(model, 451, "route") == ""
    role = Qt.ItemDataRole.AccessibleTextRole
    assert model.data(model.index(450, 0), role) == "Being read, not selected"
    assert asked == [list(range(400, 600))]


def test_the_page_looked_at_last_comes_next_and_those_scrolled_past_never(slow_model):
    model, asked = slow_model
    for place in range(0, 2000, PAGE):
        shown(model, place, "label")
    model.update_rows([row(key) for key in asked[0]], asked[0])
    while len(asked) < 5:
        before = len(asked)
        model.rows_ended(well=True)
        if len(asked) == before:
            break
        model.update_rows([row(key) for key in asked[-1]], asked[-1])
    assert [keys[0] for keys in asked] == [0, 1800, 1600, 1400, 1200]


def test_a_reading_that_failed_is_tried_again_at_the_next_look_only(slow_model):
    model, asked = slow_model
    shown(model, 0, "label")
    shown(model, 900, "label")
    model.rows_ended(well=False)
    assert len(asked) == 1
    shown(model, 0, "label")
    assert [keys[0] for keys in asked] == [0, 0]


def test_rows_that_grew_old_stay_until_newer_ones_come(slow_model, qtbot):
    model, asked = slow_model
    model.update_rows([row(key) for key in range(PAGE)], range(PAGE))
    model.forget_rows()
    assert shown(model, 3, "label") == "Person00003, Ada"
    assert asked == [list(range(PAGE))]
    model.update_rows([row(3, label="Newname, Ada")], [3])
    assert shown(model, 3, "label") == "Newname, Ada"


def test_memory_stays_flat_however_far_one_scrolls(qapp):
    store = Store(30_000)
    model = RecordsModel(columns_of(COLLECTION))
    store.serve(model)
    model.show_keys(range(30_000))
    for place in range(0, 30_000, PAGE):
        shown(model, place, "label")
    assert sum(model._cache.held(key) is not None for key in range(30_000)) <= MOST


def test_cells_say_what_the_picture_says(model):
    said = {c.key: shown(model, 0, c.key) for c in model.columns}
    assert said["route"] == "PG fee funded"
    assert said["subject"] == "Mathematics"
    assert said["start_date"] == "7 Sep 2026"
    assert said["funding_method"] == "Bursary"
    assert said["money"] == "£29,000"
    assert said["state"] == "TRN received"
    assert said["sync"] == "Confirmed"
    assert said["cycle"] == "2026 to 2027"


def test_a_record_that_is_not_at_the_portal_is_never_called_confirmed():
    assert look_of(row(1, portal_id=None)) is SAVED
    assert look_of(row(1, missing=True)) is MISSING


def test_screen_readers_hear_the_state_in_words(model, store):
    store.rows[0] = replace(store.rows[0], sync=Sync.QUEUED, caption="3rd, money")
    column = len(model.columns)
    role = Qt.ItemDataRole.AccessibleTextRole
    assert model.data(model.index(0, column), role) == "Sync, Waiting, 3rd, money"
    assert model.data(model.index(0, 0), role) == "Person00000, Ada, not selected"
    model.set_ticked([0], on=True)
    assert model.data(model.index(0, 0), role) == "Person00000, Ada, selected"
    head = model.headerData(0, Qt.Orientation.Horizontal, role)
    assert head == "Select all shown, partly ticked"


def test_a_write_elsewhere_moves_rows_and_resets_nothing(model, qtbot):
    held = QPersistentModelIndex(model.index(700, 1))
    with qtbot.assertNotEmitted(model.modelReset):
        model.set_keys([5000, *range(10, 1000)])
    assert model.keys[held.row()] == 700


def test_a_record_that_moved_keeps_its_persistent_index(model):
    held = QPersistentModelIndex(model.index(3, 1))
    model.set_keys([*range(3), *range(4, 1000), 3])
    assert held.row() == 999


def test_steps_that_were_planned_elsewhere_are_taken(model):
    from desktop.ui.records.order import plan

    wanted = [*range(999)]
    assert model.set_keys(wanted, plan(model.keys, wanted)) is True
    assert list(model.keys) == wanted


def test_ticks_survive_another_question(model):
    model.set_ticked([1, 2, 900], on=True)
    model.show_keys(range(100))
    assert model.ticked == {1, 2, 900}
    assert model.shown_ticked() == 2
    assert model.tick_state() == Qt.CheckState.PartiallyChecked


def test_the_box_in_the_header_has_three_states(model):
    assert model.tick_state() == Qt.CheckState.Unchecked
    model.set_ticked(range(1000), on=True)
    assert model.tick_state() == Qt.CheckState.Checked
    model.set_ticked([5], on=False)
    assert model.tick_state() == Qt.CheckState.PartiallyChecked


def test_newer_rows_replace_old_ones_and_only_they_are_repainted(model, qtbot):
    shown(model, 3, "label")
    with qtbot.waitSignal(model.dataChanged) as told:
        model.update_rows([row(3, label="Newname, Ada")], [3])
    assert told.args[0].row() == told.args[1].row() == 3
    assert shown(model, 3, "label") == "Newname, Ada"


def test_a_record_that_is_gone_says_so(model, store):
    del store.rows[7]
    assert shown(model, 7, "label") == "Removed"
    assert shown(model, 7, "money") == ""


# --- columns by width


def keys_fitting(width, scale=100):
    return [c.key for c in fitting([c for c in columns_of(COLLECTION) if c.shown], width, scale)]


def test_columns_give_way_from_the_right_of_the_list():
    everything = keys_fitting(1140)
    assert everything[0] == "label"
    assert everything[-1] == "sync"
    assert "start_date" in everything
    narrower = keys_fitting(900)
    assert "start_date" not in narrower
    assert "state" not in narrower
    assert "route" in narrower


def test_a_small_window_shows_name_and_sync_only():
    assert keys_fitting(600) == ["label", "sync"]


def test_larger_text_leaves_room_for_fewer_columns():
    assert len(keys_fitting(1100, 130)) < len(keys_fitting(1100))


# --- questions


def test_a_question_sets_clears_and_turns_round():
    question = Question("trainees").with_filter("route", ["12", "03"]).with_filter("sync", ["draft"])
    assert question.query().filters == {"route": ("12", "03"), "sync": "draft"}
    assert question.with_filter("route", ()).query().filters == {"sync": "draft"}
    assert question.narrows
    assert question.sorted_by("label").descending
    assert not question.sorted_by("money").descending


def test_filters_offer_years_routes_subjects_and_states():
    from datetime import date

    offered = {f.name: f for f in filters_of(COLLECTION, date(2026, 10, 13))}
    assert ("2026", "2026 to 2027") in offered["cycle"].options
    assert offered["route"].said(("12",)) == "PG fee funded"
    assert offered["route"].said(("12", "03")) == "2 chosen"
    assert offered["money_only"].options == ()
    assert not offered["errors"].main


# --- leaving the program


@pytest.mark.parametrize("cell", ["=1+1", "+44", "-1", "@x", "\tx", "\rx"])
def test_a_cell_that_a_spreadsheet_would_compute_is_guarded(cell):
    assert guarded(cell) == f"'{cell}"


def test_a_lone_dash_and_plain_words_are_left_alone(qapp):
    assert guarded("Smith-Jones") == "Smith-Jones"
    assert "\t-\t" in f"\t{as_tsv([row(1, label='-')], columns_of(COLLECTION)).splitlines()[1]}\t"


def test_copied_lines_are_a_table_for_word_processors_too(qapp):
    html = as_html([row(1, label="<b>, Ada")], columns_of(COLLECTION))
    assert "<th>Name</th>" in html
    assert "<td>&lt;b&gt;, Ada</td>" in html


def test_copied_lines_have_heads_and_plain_amounts(qapp):
    text = as_tsv([row(1, label="=cmd, Ada")], columns_of(COLLECTION))
    head, line = text.rstrip("\n").split("\n")
    cells = dict(zip(head.split("\t"), line.split("\t"), strict=True))
    assert cells["Name"] == "'=cmd, Ada"
    assert cells["Amount"] == "29000"
    assert cells["Sync"] == "Confirmed"
