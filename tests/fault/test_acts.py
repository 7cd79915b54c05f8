"""Bulk acts, paste and saved filters on a real encrypted store: one transaction, one undo, nothing newer overwritten."""

from __future__ import annotations

import pytest

from desktop.model.change import ChangeState
from desktop.model.document import ChildPatch, Patch
from desktop.model.errors import UnknownName, UsageError
from desktop.model.ids import RecordId
from desktop.services.act_log import BODIES, HEADS, MOST
from desktop.services.acts import VARIES, NothingToDo, Stopped
from desktop.services.pasted_rows import Pasted, PastedRow, RowStatus
from desktop.services.views import Progress, RecordQuery, RecordView
from tests.fault.conftest import TRAINEES, UK_DEGREE, Desk

OPEN = ("submitted_for_trn", "trn_received", "deferred")


def open_views(desk: Desk, number: int = 4) -> list[RecordView]:
    return [v for v in desk.all() if v.state in OPEN][:number]


def keys(views: list[RecordView]) -> list[int]:
    return [view.key for view in views]


def middle_names(desk: Desk, views: list[RecordView]) -> list[object]:
    return [desk.view(v).document.get("middle_names") for v in views]


class TestChangingMany:
    def test_one_act_one_journal_group_and_one_queue_row_for_each_record(self, desk: Desk) -> None:
        views = open_views(desk)
        desk.edit(views[0], email="first@example.com")
        act = desk.workspace.acts.change(keys(views), {"middle_names": "Marie", "previous_last_name": "Old"})
        assert (act.records, act.undone, act.left_out) == (4, False, ())
        assert middle_names(desk, views) == ["Marie"] * 4
        assert [desk.states(v) for v in views] == [[ChangeState.QUEUED]] * 4
        groups = {e.detail.get("group") for v in views for e in desk.history(v) if "group" in e.detail}
        assert groups == {act.id}
        assert [e.text for e in desk.history() if e.event == "act"] == [
            "Done in one go: 2 fields of 4 trainees"
        ]
        desk.assert_healthy()
        desk.sync()
        desk.assert_settled()

    def test_what_takes_no_edits_is_missing_or_was_removed_is_left_out_and_named(self, desk: Desk) -> None:
        closed = next(v for v in desk.all() if v.state == "awarded")
        draft, missing, open_one = desk.add(), open_views(desk)[0], open_views(desk)[1]
        with desk.write() as unit:
            record = unit.records.get(missing.id)
            assert record is not None
            unit.records.save(desk.collection, record, missing=True)
        desk.workspace.records.discard(draft.id)
        act = desk.workspace.acts.change(keys([closed, draft, missing, open_one]), {"middle_names": "Marie"})
        assert act.words == "Middle names: Marie, for 1 trainee"
        assert {left.label: left.why for left in act.left_out} == {
            closed.label: "Register takes no changes of a trainee that is QTS or EYTS awarded.",
            missing.label: "Register does not have this trainee, so nothing can be sent for it.",
            "Removed record": "It is not on this computer any more.",
        }

    def test_a_record_with_errors_becomes_a_draft_and_the_preview_says_so(self, desk: Desk) -> None:
        views = open_views(desk)
        shown = desk.workspace.acts.preview(keys(views), {"email": "no address"})
        assert (shown.to_change, shown.same, shown.left_out) == (4, 0, ())
        assert shown.new_errors == 4
        assert [(line.label, line.field_label, line.new_words) for line in shown.lines] == [
            (v.label, "Email address", "no address") for v in views
        ]
        assert desk.changes() == []
        desk.workspace.acts.change(keys(views), {"email": "no address"})
        assert [desk.view(v).sync for v in views] == ["draft"] * 4

    def test_the_preview_agrees_with_the_act(self, desk: Desk) -> None:
        views = desk.all()
        shown = desk.workspace.acts.preview(keys(views), {"study_mode": "01"})
        act = desk.workspace.acts.change(keys(views), {"study_mode": "01"})
        assert (act.records, act.left_out) == (shown.to_change, shown.left_out)
        assert shown.to_change + shown.same + len(shown.left_out) == len(views)

    def test_nothing_to_do_says_so_and_keeps_no_act(self, desk: Desk) -> None:
        views = open_views(desk)
        closed = next(v for v in desk.all() if v.state == "awarded")
        with pytest.raises(NothingToDo, match="everything is as you want it"):
            desk.workspace.acts.change([views[0].key], {"email": views[0].document.get("email")})
        with pytest.raises(NothingToDo, match="1 record was left out: Register takes no changes") as told:
            desk.workspace.acts.change([closed.key], {"email": "new@example.com"})
        assert [left.label for left in told.value.left_out] == [closed.label]
        with pytest.raises(NothingToDo, match="choose at least one"):
            desk.workspace.acts.change([], {"email": "new@example.com"})
        assert desk.workspace.acts.undoable() is None

    def test_stopped_half_way_changes_nothing(self, desk: Desk) -> None:
        views = [desk.add() for _ in range(120)]
        told: list[Progress] = []
        before = len(desk.history())
        with pytest.raises(Stopped):
            desk.workspace.acts.change(
                keys(views), {"middle_names": "Marie"}, progress=told.append, cancelled=lambda: bool(told)
            )
        assert [p.words for p in told] == ["100 of 120 changed"]
        assert "Marie" not in middle_names(desk, views)
        assert len(desk.history()) == before
        assert desk.workspace.acts.undoable() is None

    def test_a_field_that_does_not_exist_changes_nothing(self, desk: Desk) -> None:
        with pytest.raises(UnknownName):
            desk.workspace.acts.change(keys(open_views(desk)), {"middle_names": "A", "nothing": "x"})
        assert desk.changes() == []

    def test_lists_and_search_follow(self, desk: Desk) -> None:
        views = open_views(desk)
        desk.workspace.acts.change(keys(views), {"last_name": "Zimmermann"})
        found = desk.workspace.records.find(RecordQuery(TRAINEES, search="zimmermann"))
        assert set(found) == set(keys(views))
        desk.workspace.acts.undo()
        assert not len(desk.workspace.records.find(RecordQuery(TRAINEES, search="zimmermann")))

    def test_what_a_selection_holds(self, desk: Desk) -> None:
        views = open_views(desk)
        desk.workspace.acts.change(keys(views), {"middle_names": "Marie"})
        found = desk.workspace.acts.values(keys(views), ["middle_names", "email", "ni_number"])
        assert (found["middle_names"], found["email"]) == ("Marie", VARIES)
        assert desk.workspace.acts.values([], ["email"]) == {"email": None}


class TestUndo:
    def test_undo_and_redo_also_after_a_restart(self, desk: Desk) -> None:
        views = open_views(desk)
        was = middle_names(desk, views)
        act = desk.workspace.acts.change(keys(views), {"middle_names": "Marie"})
        desk.reopen()
        assert desk.workspace.acts.undoable() == act
        undone = desk.workspace.acts.undo()
        assert (undone.id, undone.records, undone.undone, undone.left_out) == (act.id, 4, True, ())
        assert middle_names(desk, views) == was
        assert desk.changes() == []
        desk.reopen()
        assert desk.workspace.acts.undoable() is None
        redone = desk.workspace.acts.redo()
        assert (redone.records, redone.undone) == (4, False)
        assert middle_names(desk, views) == ["Marie"] * 4
        assert [e.event for e in desk.history() if e.event.startswith("act")] == [
            "act",
            "act_undone",
            "act_redone",
        ]
        desk.assert_healthy()

    def test_undo_sends_the_old_values_again_when_the_portal_has_the_new(self, desk: Desk) -> None:
        view = open_views(desk)[0]
        was = view.document.get("email")
        desk.workspace.acts.change([view.key], {"email": "new@example.com"})
        desk.sync()
        assert desk.trainee(view)["email"] == "new@example.com"
        desk.workspace.acts.undo()
        desk.sync()
        assert desk.trainee(view)["email"] == was
        desk.assert_settled()

    def test_newer_work_of_people_stays_and_is_named(self, desk: Desk) -> None:
        views = open_views(desk, 2)
        desk.workspace.acts.change(keys(views), {"middle_names": "Marie", "previous_last_name": "Old"})
        desk.edit(views[0], middle_names="Typed later")
        act = desk.workspace.acts.undo()
        assert [(left.label, left.why) for left in act.left_out] == [
            (views[0].label, "Changed after this, so it stays as it is: Middle names.")
        ]
        assert middle_names(desk, views) == ["Typed later", views[1].document.get("middle_names")]
        assert desk.view(views[0]).document.get("previous_last_name") == views[0].document.get(
            "previous_last_name"
        )
        desk.workspace.acts.redo()
        assert middle_names(desk, views) == ["Typed later", "Marie"]

    def test_what_came_from_the_portal_after_it_stays(self, desk: Desk) -> None:
        view = open_views(desk)[0]
        desk.workspace.acts.change([view.key], {"email": "ours@example.com"})
        desk.sync()
        desk.clock.forward(minutes=10)
        desk.control.edit(view.portal_id, email="theirs@example.com")
        desk.sync()
        act = desk.workspace.acts.undo()
        assert (act.records, len(act.left_out)) == (0, 1)
        assert desk.view(view).document.get("email") == "theirs@example.com"
        assert desk.workspace.acts.redoable() is None

    def test_a_record_that_went_meanwhile_is_reported(self, desk: Desk) -> None:
        drafts = [desk.add(), desk.add()]
        desk.workspace.acts.change(keys(drafts), {"middle_names": "Marie"})
        desk.workspace.records.discard(drafts[0].id)
        act = desk.workspace.acts.undo()
        assert (act.records, [left.why for left in act.left_out]) == (
            1,
            ["It is not on this computer any more."],
        )

    def test_a_new_act_drops_what_could_be_redone(self, desk: Desk) -> None:
        views = open_views(desk)
        desk.workspace.acts.change(keys(views), {"middle_names": "One"})
        desk.workspace.acts.undo()
        desk.workspace.acts.change(keys(views), {"middle_names": "Two"})
        assert desk.workspace.acts.redoable() is None
        with pytest.raises(UsageError, match="nothing to redo"):
            desk.workspace.acts.redo()
        with desk.read() as unit:
            assert (len(unit.kept.all(HEADS)), len(unit.kept.all(BODIES))) == (1, 1)

    def test_acts_are_undone_from_the_last_to_the_first_and_the_oldest_are_forgotten(
        self, desk: Desk
    ) -> None:
        key = [open_views(desk)[0].key]
        for number in range(MOST + 2):
            desk.workspace.acts.change(key, {"middle_names": f"M{'abcdefghij'[number % 10]}"})
        for _ in range(MOST):
            desk.workspace.acts.undo()
        with pytest.raises(UsageError, match="nothing to undo"):
            desk.workspace.acts.undo()
        assert desk.view(open_views(desk)[0]).document.get("middle_names") == "Mb"

    def test_a_single_edit_is_noted_with_its_children(self, desk: Desk) -> None:
        view = desk.add()
        (degree,) = view.document.children["degrees"]
        patch = Patch(
            {"email": "x@example.com"},
            {
                "degrees": {
                    degree.id: ChildPatch(removed=True),
                    "new": ChildPatch(dict(UK_DEGREE), added=True),
                }
            },
        )
        edited = desk.workspace.records.edit(view.id, patch)
        act = desk.workspace.acts.note(edited, "Degree of Ada")
        assert act is not None
        assert desk.workspace.acts.undoable() == act
        desk.workspace.acts.undo()
        now = desk.view(view).document
        assert [(c.id, c.fields) for c in now.children["degrees"]] == [(degree.id, degree.fields)]
        desk.workspace.acts.redo()
        assert [c.id for c in desk.view(view).document.children["degrees"]] == ["new"]

    def test_a_child_that_was_changed_later_stays(self, desk: Desk) -> None:
        view = desk.add()
        (degree,) = view.document.children["degrees"]
        edited = desk.workspace.records.edit(
            view.id, Patch({}, {"degrees": {degree.id: ChildPatch({"graduation_year": 2001})}})
        )
        desk.workspace.acts.note(edited, "Graduation year")
        desk.edit_child(view, "degrees", degree.id, graduation_year=2002)
        act = desk.workspace.acts.undo()
        assert (act.records, len(act.left_out)) == (0, 1)
        assert desk.view(view).document.children["degrees"][0].fields["graduation_year"] == 2002

    def test_typing_on_in_one_field_is_one_act(self, desk: Desk) -> None:
        view = open_views(desk)[0]
        for text in ("M", "Ma", "Mar"):
            edited = desk.workspace.records.edit(view.id, Patch({"middle_names": text}))
            desk.workspace.acts.note(edited, f"Middle names: {text}")
        assert desk.workspace.acts.note(desk.workspace.records.edit(view.id, Patch({})), "Nothing") is None
        act = desk.workspace.acts.undo()
        assert act.words == "Middle names: Mar"
        assert middle_names(desk, [view]) == [view.document.get("middle_names")]
        assert desk.workspace.acts.undoable() is None


class TestNewRecords:
    def test_what_an_act_made_goes_with_its_undo_and_comes_back_with_redo(self, desk: Desk) -> None:
        before = len(desk.all())
        act = desk.workspace.acts.apply(
            {}, [desk.person(), desk.person()], collection=TRAINEES, words="Pasted"
        )
        assert act.records == 2
        ids = {v.id for v in desk.all()}
        desk.workspace.acts.undo()
        assert len(desk.all()) == before
        desk.workspace.acts.redo()
        assert {v.id for v in desk.all()} == ids
        desk.sync()
        desk.assert_settled()

    def test_what_was_sent_or_worked_on_stays(self, desk: Desk) -> None:
        before = {v.id for v in desk.all()}
        desk.workspace.acts.apply({}, [desk.person(), desk.person()], collection=TRAINEES, words="Pasted")
        made = [v for v in desk.all() if v.id not in before]
        desk.edit(made[0], middle_names="Worked on")
        act = desk.workspace.acts.undo()
        assert (act.records, [left.why for left in act.left_out]) == (
            1,
            ["It was changed after this, so it stays."],
        )
        desk.workspace.acts.apply({}, [desk.person()], collection=TRAINEES, words="Pasted again")
        desk.sync()
        act = desk.workspace.acts.undo()
        assert (act.records, [left.why for left in act.left_out]) == (
            0,
            ["It was sent to Register meanwhile, so it stays."],
        )
        desk.assert_settled()


def paste(desk: Desk, text: str | bytes, **wishes: object) -> Pasted:
    return desk.workspace.paste.read(text, TRAINEES, **wishes)  # type: ignore[arg-type]


def only(pasted: Pasted) -> PastedRow:
    (row,) = pasted.rows
    return row


class TestPaste:
    def test_rows_are_matched_by_each_id_and_by_name_and_birthday(self, desk: Desk) -> None:
        view = next(v for v in open_views(desk, 30) if v.extras.get("trn") and v.document.get("hesa_id"))
        said = view.document.fields
        name = f"{said['first_names']}\t{said['last_name']}\t{said['date_of_birth']}"
        for head, cell in (
            ("Register ID", view.portal_id),
            ("TRN", view.extras["trn"]),
            ("hesa id", said["hesa_id"]),
            ("First names\tsurname\tDOB", name),
            ("Name\tDate of birth", f"{view.label}\t{said['date_of_birth']}"),
        ):
            row = only(paste(desk, f"{head}\tMiddle names\r\n{cell}\tMarie\r\n\r\n"))
            assert (row.status, row.record_id, row.number) == (RowStatus.MATCH, view.id, 2), head
            assert [(c.field, c.value, c.new_words) for c in row.cells] == [
                ("middle_names", "Marie", "Marie")
            ]

    def test_nothing_is_saved_until_it_is_and_then_one_undo_takes_all_back(self, desk: Desk) -> None:
        views = open_views(desk)
        lines = [f"{v.portal_id}\tFull time\t1 sep 2026" for v in views]
        new = "\tPart time\t2026-09-01"
        text = "Register ID\tStudy mode\tCourse start date\tFirst names\tLast name\n" + "\n".join(
            [*lines, f"{new}\tNew\tPerson"]
        )
        pasted = paste(desk, text)
        assert desk.changes() == []
        assert pasted.count(RowStatus.NEW) == 1
        chosen = [row.number for row in pasted.rows if row.can_be_saved]
        before = {v.id: v.document.fields for v in desk.all()}
        act = desk.workspace.paste.save(pasted, chosen)
        assert act.words == f"Pasted {len(chosen)} rows"
        assert {desk.view(v).document.get("study_mode") for v in views} == {"01"}
        assert len(desk.all()) == len(before) + 1
        desk.workspace.acts.undo()
        assert {v.id: v.document.fields for v in desk.all()} == before

    def test_only_the_chosen_rows_are_saved(self, desk: Desk) -> None:
        views = open_views(desk, 2)
        pasted = paste(
            desk, "Register ID\tMiddle names\n" + "\n".join(f"{v.portal_id}\tMarie" for v in views)
        )
        act = desk.workspace.paste.save(pasted, [3])
        assert act.records == 1
        assert middle_names(desk, views) == [views[0].document.get("middle_names"), "Marie"]
        with pytest.raises(NothingToDo, match="none of the chosen rows"):
            desk.workspace.paste.save(pasted, [99])

    def test_two_rows_about_one_record_and_ids_of_two_records_clash(self, desk: Desk) -> None:
        a, b = [v for v in open_views(desk, 30) if v.extras.get("trn")][:2]
        twice = paste(desk, f"TRN\tMiddle names\n{a.extras['trn']}\tOne\n{a.extras['trn']}\tTwo")
        assert [(r.status, r.why) for r in twice.rows] == [
            (RowStatus.CLASH, "Rows 2, 3 are about the same person. Keep one of them.")
        ] * 2
        torn = only(paste(desk, f"TRN\tRegister ID\tMiddle names\n{a.extras['trn']}\t{b.portal_id}\tOne"))
        assert torn.status is RowStatus.CLASH
        assert "do not belong together" in torn.why
        assert {record_id for record_id, _ in torn.candidates} == {a.id, b.id}

    def test_the_same_name_and_birthday_with_another_id_is_no_match(self, desk: Desk) -> None:
        view = desk.add()
        said = view.document.fields
        row = only(
            paste(
                desk,
                "First names\tLast name\tDate of birth\tHESA ID\tMiddle names\n"
                f"{said['first_names']}\t{said['last_name']}\t12/4/1999\t26109941799999999\tMarie",
            )
        )
        assert (row.status, row.why) == (RowStatus.CLASH, f"{view.label} has another HESA ID.")

    def test_what_changes_nothing_is_the_same_and_a_closed_record_takes_nothing(self, desk: Desk) -> None:
        view, closed = open_views(desk)[0], next(v for v in desk.all() if v.state == "awarded")
        pasted = paste(
            desk,
            f"Register ID\tEmail address\n{view.portal_id}\t{view.document.get('email')}\n{closed.portal_id}\tx@y.uk",
        )
        assert [row.status for row in pasted.rows] == [RowStatus.SAME, RowStatus.CLASH]
        assert "takes no changes" in pasted.rows[1].why

    def test_unread_cells_are_named_and_the_rest_of_the_row_can_be_saved(self, desk: Desk) -> None:
        view = open_views(desk)[0]
        pasted = paste(
            desk,
            f"Register ID\tMiddle names\tSex\tCourse start date\n{view.portal_id}\tMarie\tZebra\t31/2/26",
        )
        row = only(pasted)
        assert (row.status, [(u.label, u.text) for u in row.unread]) == (
            RowStatus.UNREADABLE,
            [("Sex", "Zebra"), ("Course start date", "31/2/26")],
        )
        desk.workspace.paste.save(pasted, [2])
        now = desk.view(view).document
        assert now.get("middle_names") == "Marie"
        assert now.get("sex") == view.document.get("sex")

    def test_an_id_that_nobody_here_has_is_no_new_record(self, desk: Desk) -> None:
        pasted = paste(desk, "TRN\tFirst names\tLast name\n0000001\tAda\tAshcombe")
        assert "No trainee on this computer has this TRN" in only(pasted).why
        assert only(pasted).status is RowStatus.UNREADABLE

    def test_a_trn_keeps_its_zeros_through_a_spreadsheet(self, desk: Desk) -> None:
        view = next(v for v in open_views(desk, 30) if v.extras.get("trn"))
        with desk.write() as unit:
            record = unit.records.get(view.id)
            assert record is not None
            assert record.base is not None
            extras = {**record.base.extras, "trn": "0123456"}
            unit.records.save(
                desk.collection, record, base=type(record.base)(**{**vars(record.base), "extras": extras})
            )
        assert only(paste(desk, "TRN\tMiddle names\n123456\tMarie")).record_id == view.id

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("", "no text on the clipboard"),
            (b"\x89PNG\r\n\x1a\n", "This is a picture"),
            (b"PK\x03\x04", "an Excel file"),
            ("Marie", "Only one cell"),
            ("colour\tsize\nred\t4", "no headings"),
            ("Middle names\tSex\nMarie\tFemale", "Nothing says which trainee"),
            ("TRN\tRegister ID\n1234567\tabc", "only say which trainee"),
            ("TRN\tEmail address\r\n\r\n", "no rows below"),
        ],
    )
    def test_what_cannot_be_pasted_says_what_to_do(self, desk: Desk, text: str | bytes, told: str) -> None:
        with pytest.raises(UsageError, match=told):
            paste(desk, text)

    def test_columns_on_screen_stand_in_for_headings(self, desk: Desk) -> None:
        view = open_views(desk)[0]
        row = only(paste(desk, f"{view.portal_id}\tMarie\tx", columns=["portal_id", "middle_names"]))
        assert [c.value for c in row.cells] == ["Marie"]
        overridden = paste(desk, f"Register ID\tnotes\n{view.portal_id}\tMarie", columns={1: "middle_names"})
        assert [c.value for c in only(overridden).cells] == ["Marie"]


class TestFilters:
    def test_the_built_in_ones_can_be_asked(self, desk: Desk) -> None:
        built_in = desk.workspace.filters.all(TRAINEES)
        assert [one.name for one in built_in] == [
            "With errors",
            "Not sent yet",
            "Bursary at risk",
            "TRN pending",
            "This year",
        ]
        assert all(one.built_in for one in built_in)
        paid = next(v for v in desk.all() if v.money and v.state in OPEN)
        unpaid = next(v for v in desk.all() if not v.money and v.state in OPEN)
        desk.edit(paid, email="no address")
        desk.edit(unpaid, email="an@example.com")
        found = {one.name: set(desk.workspace.records.find(one.query)) for one in built_in}
        assert found["With errors"] == {paid.key}
        assert found["Not sent yet"] == {paid.key, unpaid.key}
        assert found["Bursary at risk"] == {paid.key}
        assert found["TRN pending"] == {v.key for v in desk.all() if v.state == "submitted_for_trn"}
        assert found["This year"]

    def test_own_ones_are_kept_encrypted_renamed_and_removed(self, desk: Desk) -> None:
        filters = desk.workspace.filters
        query = RecordQuery(TRAINEES, "Ashcombe", {"state": ("deferred", "trn_received")}, "start_date", True)
        filters.save("  My   people ", query)
        desk.reopen()
        filters = desk.workspace.filters
        (mine,) = [one for one in filters.all(TRAINEES) if not one.built_in]
        assert (mine.name, mine.query) == ("My people", query)
        with pytest.raises(UsageError, match="already is a filter"):
            filters.save("my PEOPLE", RecordQuery(TRAINEES))
        filters.rename("MY people", "Mine")
        assert [one.name for one in filters.all(TRAINEES) if not one.built_in] == ["Mine"]
        filters.remove("mine")
        assert [one for one in filters.all(TRAINEES) if not one.built_in] == []
        desk.close()
        assert b"Ashcombe" not in b"".join(p.read_bytes() for p in desk.folder.iterdir() if p.is_file())

    @pytest.mark.parametrize("name", ["", "   ", "x" * 61, "this YEAR"])
    def test_names_that_cannot_be(self, desk: Desk, name: str) -> None:
        with pytest.raises(UsageError):
            desk.workspace.filters.save(name, RecordQuery(TRAINEES))

    def test_a_built_in_one_stays_and_a_strange_question_is_refused(self, desk: Desk) -> None:
        with pytest.raises(UsageError, match="part of Holdfast"):
            desk.workspace.filters.remove("This year")
        with pytest.raises(UnknownName):
            desk.workspace.filters.rename("nothing", "else")
        with pytest.raises(UnknownName):
            desk.workspace.filters.save("Strange", RecordQuery(TRAINEES, filters={"nothing": "x"}))


def test_an_act_on_ids_that_are_not_here_names_them(desk: Desk) -> None:
    with pytest.raises(NothingToDo) as told:
        desk.workspace.acts.apply(
            {RecordId("gone"): Patch({"email": "x"})}, collection=TRAINEES, words="Pasted"
        )
    assert [left.record_id for left in told.value.left_out] == ["gone"]
