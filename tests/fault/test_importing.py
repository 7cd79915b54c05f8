"""Import of a file on a real encrypted store: read whole or not at all, one act, one undo, the file kept encrypted."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.handover.tables import write_csv, write_xlsx
from desktop.model.change import ChangeState
from desktop.model.document import Child, Document
from desktop.model.errors import UnknownName, UsageError
from desktop.services import importing
from desktop.services.act_log import MOST
from desktop.services.acts import NothingToDo, Stopped
from desktop.services.importing import SOMEBODY_NEW, Imported, Plan
from desktop.services.pasted_rows import RowStatus
from desktop.services.views import Progress, RecordView
from desktop.store.sealed import FOLDER
from desktop.validation.entry import show_value
from tests.fault.conftest import TRAINEES, Desk

NEW, MATCH, SAME, CLASH, UNREADABLE = (
    RowStatus.NEW,
    RowStatus.MATCH,
    RowStatus.SAME,
    RowStatus.CLASH,
    RowStatus.UNREADABLE,
)
PEOPLE = ("Your trainee ID", "First names", "Last name", "Date of birth", "Email address")
ADA = ("N-1", "Ada", "Ashcombe-Reed", "12/4/1999", "ada@example.com")
BEN = ("N-2", "Ben", "Birch", "1 May 1998", "ben@example.com")

Write = Callable[..., Path]


@pytest.fixture
def sheet(tmp_path: Path) -> Write:
    """A CSV file of these rows."""

    def written(*rows: Sequence[str], name: str = "trainees.csv") -> Path:
        with (tmp_path / name).open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
        return tmp_path / name

    return written


def read(desk: Desk, path: Path, **wishes: object) -> Plan:
    return desk.workspace.importing.read(path, TRAINEES, **wishes)  # type: ignore[arg-type]


def statuses(plan: Plan) -> list[RowStatus]:
    return [row.status for row in plan.rows]


def newest(desk: Desk) -> Imported:
    return desk.workspace.importing.all()[0]


def added_by(desk: Desk, plan: Plan) -> list[RecordView]:
    before = {view.id for view in desk.all()}
    desk.workspace.importing.save(plan)
    return [view for view in desk.all() if view.id not in before]


def an_open_one(desk: Desk) -> RecordView:
    return next(v for v in desk.all() if v.state == "trn_received" and v.document.get("provider_trainee_id"))


class TestReading:
    def test_rows_are_told_apart_and_nothing_is_stored_before_save(self, desk: Desk, sheet: Write) -> None:
        held = an_open_one(desk)
        key = str(held.document.get("provider_trainee_id"))
        same = (key, "", "", "", str(held.document.get("email")))
        other = next(v for v in desk.all() if v.state == "trn_received" and v.id != held.id)
        before = len(desk.history())
        plan = read(
            desk,
            sheet(
                PEOPLE,
                ADA,
                same,
                (str(other.document.get("provider_trainee_id")), "", "", "", "new@example.com"),
                ("N-3", "", "", "", "x@example.com"),
            ),
        )
        assert statuses(plan) == [NEW, SAME, MATCH, UNREADABLE]
        assert [row.number for row in plan.rows] == [2, 3, 4, 5]
        assert plan.rows[3].why.endswith("a new one needs first names and a last name.")
        assert len(desk.history()) == before
        assert not (desk.folder / FOLDER).exists()

    def test_titles_above_the_headings_and_unknown_columns_are_told(self, desk: Desk, sheet: Write) -> None:
        plan = read(
            desk, sheet(("Our trainees 2026",), (), (*PEOPLE, "Tutor"), (*ADA, "Dr Rao"), (*BEN, "", "x"))
        )
        assert [(row.number, row.status) for row in plan.rows] == [(4, NEW), (5, NEW)]
        assert plan.notes == (
            "1 row went on beyond the last heading; those cells were left out.",
            "Left out: Tutor. No field of a trainee has that name.",
        )

    def test_headings_that_say_too_little_are_shown_and_not_saved(self, desk: Desk, sheet: Write) -> None:
        plan = read(desk, sheet(("Nachname", "Ort"), ("Ashcombe", "York")))
        assert plan.trouble.startswith("Nothing says which trainee each row is about.")
        assert plan.notes[0].startswith(plan.trouble)
        assert statuses(plan) == [UNREADABLE]
        with pytest.raises(NothingToDo):
            desk.workspace.importing.save(plan)

    @pytest.mark.parametrize(
        "content", [b"", b"first_names,email\n", b'first_names,email\n"Ada,x', b"\x89PNG\r\n", b"a\0b,c"]
    )
    def test_a_file_that_cannot_be_read_to_its_end_stores_nothing(
        self, desk: Desk, tmp_path: Path, content: bytes
    ) -> None:
        path = tmp_path / "trainees.csv"
        path.write_bytes(content)
        before = len(desk.history())
        with pytest.raises(UsageError):
            desk.workspace.importing.save(read(desk, path))
        assert len(desk.history()) == before

    def test_the_end_of_a_long_file_counts_as_much_as_its_beginning(
        self, desk: Desk, sheet: Write, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(importing, "_AT_ONCE", 2)
        rows = [(f"N-{n}", f"Ada{'abcdefgh'[n]}", "Ashcombe", "12/4/1999", "") for n in range(7)]
        plan = read(desk, sheet(PEOPLE, *rows, rows[0]))
        assert statuses(plan) == [CLASH, *[NEW] * 6, CLASH]
        assert plan.rows[7].why == "Rows 2, 9 are about the same person. Keep one of them."
        path = sheet(PEOPLE, *rows)
        path.write_bytes(path.read_bytes() + b'"never closed')
        with pytest.raises(UsageError, match="never closed"):
            read(desk, path)

    def test_progress_is_told_and_a_person_can_stop(self, desk: Desk, sheet: Write) -> None:
        path = sheet(PEOPLE, *[(f"N-{n}", "", "", "", "") for n in range(2_500)])
        told: list[Progress] = []
        read(desk, path, progress=told.append)
        assert [p.words for p in told] == ["1,000 rows read", "2,000 rows read", "2,500 rows read"]
        with pytest.raises(Stopped):
            read(desk, path, cancelled=lambda: True)


class TestWhoIsMeant:
    def test_a_trn_that_lost_its_zero_is_found_and_told(self, desk: Desk, sheet: Write) -> None:
        held = an_open_one(desk)
        desk.control.edit(held.portal_id, trn="0123456")
        desk.clock.forward(minutes=5)
        desk.sync()
        plan = read(desk, sheet(("TRN", "Email"), ("123456", "new@example.com")))
        assert [row.record_id for row in plan.rows] == [held.id]
        assert plan.notes == (
            "1 TRN had lost the zero at the front; Holdfast put it back to find the record.",
        )

    def test_name_and_birthday_alone_are_asked_about_and_the_answer_counts(
        self, desk: Desk, sheet: Write
    ) -> None:
        held = an_open_one(desk)
        names = [str(held.document.get(n)) for n in ("first_names", "last_name", "date_of_birth")]
        path = sheet(("First names", "Last name", "Date of birth", "Email"), (*names, "new@example.com"))
        asked = read(desk, path).rows[0]
        assert (asked.status, asked.candidates) == (CLASH, ((held.id, held.label),))
        assert asked.why.startswith(
            f"This may be {held.label}: the names and the date of birth are the same."
        )
        assert statuses(read(desk, path, answers={2: held.id})) == [MATCH]
        assert statuses(read(desk, path, answers={2: SOMEBODY_NEW})) == [NEW]

    def test_name_and_birthday_alone_are_enough_when_nothing_would_change(
        self, desk: Desk, sheet: Write
    ) -> None:
        held = an_open_one(desk)
        names = [str(held.document.get(n)) for n in ("first_names", "last_name", "date_of_birth", "email")]
        path = sheet(("First names", "Last name", "Date of birth", "Email"), names)
        assert statuses(read(desk, path)) == [SAME]

    def test_namesakes_with_ids_of_their_own_are_different_people(self, desk: Desk, sheet: Write) -> None:
        assert statuses(read(desk, sheet(PEOPLE, ADA, ("N-9", *ADA[1:])))) == [NEW, NEW]
        assert statuses(read(desk, sheet(PEOPLE, ADA, ("", *ADA[1:])))) == [CLASH, CLASH]


class TestSaving:
    def test_one_act_one_undo_and_the_file_is_kept_encrypted(self, desk: Desk, sheet: Write) -> None:
        held = an_open_one(desk)
        key = str(held.document.get("provider_trainee_id"))
        path = sheet(PEOPLE, ADA, BEN, (key, "", "", "", "new@example.com"), ("N-3", "", "", "", ""))
        content = path.read_bytes()
        before = len(desk.all())
        act = desk.workspace.importing.save(read(desk, path))
        assert (act.words, act.records) == ("Imported 3 rows from trainees.csv", 3)
        assert len(desk.all()) == before + 2
        assert desk.view(held).document.get("email") == "new@example.com"
        one = newest(desk)
        assert (one.added, one.updated, one.unchanged, one.refused, one.drafts) == (2, 1, 0, 1, 2)
        (sealed,) = (desk.folder / FOLDER).iterdir()
        assert b"Ashcombe" not in sealed.read_bytes()
        assert desk.workspace.importing.original(one.id) == ("trainees.csv", content)
        (told,) = [e for e in desk.history() if e.event == "imported"]
        assert (told.detail["file"], told.detail["sealed"]) == ("trainees.csv", sealed.stem)
        raw = sealed.read_bytes()
        sealed.unlink()
        with pytest.raises(UsageError, match="not kept on this computer"):
            desk.workspace.importing.original(one.id)
        assert [problem for problem in desk.workspace.care.doctor() if sealed.stem in problem]
        sealed.write_bytes(raw)
        desk.workspace.acts.undo()
        assert len(desk.all()) == before
        assert desk.view(held).document.get("email") == held.document.get("email")
        desk.assert_healthy()

    def test_an_import_is_undone_from_the_list_long_after_it(self, desk: Desk, sheet: Write) -> None:
        held = an_open_one(desk)
        made = added_by(desk, read(desk, sheet(PEOPLE, ADA, BEN)))
        desk.edit(made[0], middle_names="Worked on")
        for number in range(MOST + 2):
            desk.workspace.acts.change([held.key], {"middle_names": f"M{'abcdefghij'[number % 10]}"})
        desk.reopen()
        assert newest(desk).can_undo
        act = desk.workspace.importing.undo(newest(desk).id)
        assert (act.records, [left.why for left in act.left_out]) == (
            1,
            ["It was changed after this, so it stays."],
        )
        assert not newest(desk).can_undo
        assert desk.view(held).document.get("middle_names") != held.document.get("middle_names")
        with pytest.raises(UsageError, match="undone already"):
            desk.workspace.importing.undo(newest(desk).id)

    def test_what_cannot_be_read_makes_a_draft_and_keeps_what_was_typed(
        self, desk: Desk, sheet: Write
    ) -> None:
        path = sheet((*PEOPLE, "Sex"), ("N-1", "Ada", "Ash", "31/2/1999", "no address", "unknown"))
        plan = read(desk, path)
        assert statuses(plan) == [NEW]
        assert {cell.field for cell in plan.rows[0].unread} == {"date_of_birth", "sex"}
        assert {"date_of_birth", "sex", "email"} <= {
            f.field for f in desk.workspace.importing.findings(plan, plan.rows[0])
        }
        (made,) = added_by(desk, plan)
        assert (made.document.get("date_of_birth"), made.sync) == ("31/2/1999", "draft")
        assert desk.states(made) == [ChangeState.HELD]

    def test_an_unreadable_cell_leaves_a_record_that_is_here_as_it_was(
        self, desk: Desk, sheet: Write
    ) -> None:
        held = an_open_one(desk)
        key = str(held.document.get("provider_trainee_id"))
        plan = read(desk, sheet(PEOPLE, (key, "", "", "31/2/1999", "new@example.com"), ADA))
        assert [row.number for row in plan.refused()] == [2]
        added_by(desk, plan)
        assert desk.view(held).document.get("email") == held.document.get("email")

    def test_degrees_and_placements_of_the_portals_template_come_with_new_records(
        self, desk: Desk, sheet: Write
    ) -> None:
        heads = (*PEOPLE, "uk_degree", "degree_subject", "degree_graduation_year", "awarding_institution")
        plan = read(
            desk,
            sheet(
                (*heads, "placement_1_urn", "placement_2_urn"),
                (*ADA, "083", "100403", "2020", "0116", "123456", "234567"),
            ),
        )
        assert plan.notes == ()
        (made,) = added_by(desk, plan)
        degree = {"uk_degree": "083", "subject": "100403", "graduation_year": 2020, "institution": "0116"}
        assert [child.fields for child in made.document.children["degrees"]] == [degree]
        urns = [child.fields["urn"] for child in made.document.children["placements"]]
        assert urns == ["123456", "234567"]
        again = read(desk, plan.path)
        assert statuses(again) == [SAME]
        assert again.notes == (
            "Degrees and placements of trainees who are here already stay as they are; change them on the record.",
        )

    def test_a_mapping_is_remembered_for_the_same_headings_in_any_order(
        self, desk: Desk, sheet: Write
    ) -> None:
        path = sheet(("Ref", "Vorname", "Nachname", "Shoe size"), ("N-1", "Ada", "Ash", "7"))
        names = {"Ref": "provider_trainee_id", "first_names": "Vorname", "Nachname": "last_name"}
        mapping = desk.workspace.importing.named(path, TRAINEES, names)
        assert mapping == {0: "provider_trainee_id", 1: "first_names", 2: "last_name", 3: ""}
        plan = read(desk, path, mapping=mapping)
        assert statuses(plan) == [NEW]
        added_by(desk, plan)
        desk.reopen()
        other = sheet(
            ("Shoe size", "Nachname", "Ref", "Vorname"), ("", "Birch", "N-2", "Ben"), name="again.csv"
        )
        assert statuses(read(desk, other)) == [NEW]
        for wrong in ({"Nowhere": "email"}, {"Ref": "nosuch"}):
            with pytest.raises(UnknownName):
                desk.workspace.importing.named(path, TRAINEES, wrong)

    def test_stopped_half_way_nothing_is_stored_and_no_file_kept(self, desk: Desk, sheet: Write) -> None:
        rows = [
            (f"N-{n}", f"Ada{'abcdefghijklmnopqrst'[n % 20]}{'abcdefghij'[n // 20]}", "Ash", "", "")
            for n in range(200)
        ]
        plan, before, told = read(desk, sheet(PEOPLE, *rows)), len(desk.history()), list[Progress]()
        with pytest.raises(Stopped):
            desk.workspace.importing.save(plan, progress=told.append, cancelled=lambda: bool(told))
        assert (len(desk.history()), desk.workspace.importing.all()) == (before, [])
        assert list((desk.folder / FOLDER).iterdir()) == []

    def test_a_file_that_changed_after_it_was_looked_at_is_not_saved(self, desk: Desk, sheet: Write) -> None:
        plan = read(desk, sheet(PEOPLE, ADA))
        sheet(PEOPLE, BEN)
        with pytest.raises(UsageError, match="was changed after it was read"):
            desk.workspace.importing.save(plan)
        plan.path.unlink()
        with pytest.raises(UsageError, match="cannot be opened any more"):
            desk.workspace.importing.save(plan)

    def test_what_was_imported_is_sent_once(self, desk: Desk, sheet: Write) -> None:
        people = [desk.person(provider_trainee_id=f"SENT-{n}") for n in range(3)]
        fields = [name for name in people[0].fields if any(p.get(name) is not None for p in people)]
        rows = [["" if p.get(name) is None else str(p.get(name)) for name in fields] for p in people]
        heads = [
            "uk_degree",
            "degree_subject",
            "degree_grade",
            "degree_graduation_year",
            "awarding_institution",
        ]
        degree = ["083", "100403", "02", "2020", "0116"]
        made = added_by(desk, read(desk, sheet([*fields, *heads], *[[*row, *degree] for row in rows])))
        assert [desk.states(view) for view in made] == [[ChangeState.QUEUED]] * 3
        desk.sync()
        desk.assert_settled()


def shown(desk: Desk, views: Sequence[RecordView]) -> tuple[list[str], list[list[str]]]:
    """Headings and rows of records with every field in words, as a list is exported."""
    fields = desk.collection.fields
    lists = desk.collection.code_lists
    rows = [
        ["" if (value := view.document.get(f.name)) is None else show_value(f, value, lists) for f in fields]
        for view in views
    ]
    return [field.label for field in fields], rows


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_is_shown_exported_and_imported_again_changes_nothing(
    desk: Desk, tmp_path: Path, kind: str
) -> None:
    views = [v for v in desk.all() if v.document.get("provider_trainee_id")]
    heads, rows = shown(desk, views)
    path = tmp_path / f"list.{kind}"
    if kind == "csv":
        write_csv(path, heads, rows)
    else:
        write_xlsx(path, "Trainees", heads, rows)
    assert set(statuses(read(desk, path))) == {SAME}


MEANT_OTHERWISE = re.compile(
    r"\(empty\)|\(blank\)|\(clear\)|#+|[0-9](?:[.,][0-9]+)?E\+[0-9]+|'[=+\-@].*", re.IGNORECASE
)
"""What a cell says to a reader of spreadsheets beside its letters; a name that looks so is nobody's."""

TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn")), min_size=1, max_size=30).filter(
    lambda text: text.strip() and "\ufffd" not in text and not MEANT_OTHERWISE.fullmatch(text.strip())
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    names=st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=4),
    kind=st.sampled_from(["csv", "xlsx"]),
)
def test_any_names_survive_export_and_import(
    desk: Desk, tmp_path: Path, names: list[tuple[str, str, str]], kind: str
) -> None:
    views = list(islice((v for v in desk.all() if v.state == "trn_received"), len(names)))
    for view, (first, middle, last) in zip(views, names, strict=False):
        desk.edit(view, first_names=first, middle_names=middle, last_name=last)
    heads, rows = shown(desk, [desk.view(view) for view in views])
    path = tmp_path / f"list.{kind}"
    if kind == "csv":
        write_csv(path, heads, rows)
    else:
        write_xlsx(path, "Trainees", heads, rows)
    found = [(row.status, row.cells, row.why) for row in read(desk, path).rows]
    assert found == [(SAME, (), "")] * len(views)


def test_children_of_a_new_record_keep_their_order(desk: Desk, sheet: Write) -> None:
    heads = [f"Placement {n} School URN" for n in (2, 1, 3)]
    (made,) = added_by(desk, read(desk, sheet((*PEOPLE, *heads), (*ADA, "222222", "111111", ""))))
    placements: list[Child] = Document.copy(made.document).children["placements"]
    assert [child.fields["urn"] for child in placements] == ["111111", "222222"]
