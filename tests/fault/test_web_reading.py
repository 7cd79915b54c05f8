"""The portal's own export loaded as a pull, in a workspace without API: invariants I1, I2, I6, I9, I11, I12, I14, I15, I16."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from desktop.model.change import ChangeState
from desktop.model.conflict import ConflictKind
from desktop.model.errors import UsageError
from desktop.practice.server import PROVIDER_NAME, PROVIDER_UKPRN
from desktop.practice.web import sheets
from desktop.practice.web.export import exported
from desktop.services import web_reading as web_reading_module
from desktop.services.acts import Stopped
from desktop.services.views import Organisation, RecordView
from desktop.services.web_reading import WebLoaded
from desktop.services.workspace import Workspace
from desktop.sync import by_hand
from tests import website_export
from tests.fault.conftest import PASSPHRASE, Desk

CODE = "N11"


class Scitt:
    """A school-centred provider: a desk without API, and what its people do on Register's website."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.desk = desk
        self._folder = folder
        self._folder.mkdir()

    @property
    def reading(self) -> Any:
        return self.desk.workspace.web_reading

    def rows(self) -> list[dict[str, str]]:
        """What the website's list shows now, one row a trainee."""
        return [
            website_export.row_of(t, provider_name=PROVIDER_NAME, provider_code=CODE)
            for t in self.desk.control.trainees()
            if not t["deleted"] and t["ukprn"] == PROVIDER_UKPRN
        ]

    def export(self, rows: list[dict[str, str]] | None = None, name: str = "") -> Path:
        """The file that the website gives now (or with these rows), under its own name."""
        self.desk.clock.forward(minutes=2)
        stamp = self.desk.clock.now.astimezone().strftime("%Y-%m-%d_%H-%M_%S")
        path = self._folder / (name or f"{stamp}_Register-trainee-teachers_exported_records.csv")
        path.write_bytes(website_export.written(self.rows() if rows is None else rows))
        return path

    def load(self, path: Path | None = None, **wishes: Any) -> WebLoaded:
        loaded: WebLoaded = self.reading.load(self.reading.read(path or self.export()), **wishes)
        return loaded

    def typed(self, view: RecordView) -> None:
        """Somebody typed all that waits of this record into the website and said so."""
        with self.desk.write() as unit:
            record = unit.records.get(view.id)
            for change in unit.outbox.of_record(view.id):
                by_hand.typed(unit, record, change, record.document, "Typed on the website.")

    def registers(self, view: RecordView, **other: Any) -> str:
        """The website stores a trainee as typed from the record; gives the portal's id."""
        document = self.desk.view(view).document
        body = {n: v for n, v in document.fields.items() if v is not None}
        degrees = [dict(c.fields) for c in document.children.get("degrees", ())]
        body |= {"degrees": degrees, "state": "submitted_for_trn", "record_source": "manual"} | other
        return str(self.desk.control.add(**body)["trainee_id"])

    def some(self, number: int = 0) -> RecordView:
        """A trainee in training who is here."""
        return self.desk.at(self.desk.in_training(number))


@pytest.fixture
def scitt(desk: Desk, tmp_path: Path) -> Scitt:
    desk.close()
    desk.folder = tmp_path / "scitt"
    organisation = Organisation(PROVIDER_NAME, "scitt", PROVIDER_UKPRN)
    desk._opened = Workspace.create(
        desk.folder, organisation, PASSPHRASE, clock=desk.clock, actor="Sam", remember=False
    )
    return Scitt(desk, tmp_path / "downloads")


@pytest.fixture
def office(scitt: Scitt) -> Scitt:
    """The same, with everybody read once."""
    scitt.load()
    return scitt


# --- the circle


def test_what_was_typed_on_the_website_is_confirmed_by_the_export_and_two_conflicts_are_settled(
    office: Scitt, tmp_path: Path
) -> None:
    desk = office.desk
    person = desk.person(provider_trainee_id="S-1", itt_aim="202")
    sheet = tmp_path / "new.csv"
    with sheet.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        answered = {n: v for n, v in person.fields.items() if v is not None}
        degree = person.children["degrees"][0].fields
        answered |= {f"degrees.1.{n}": v for n, v in degree.items() if v is not None}
        writer.writerow(answered)
        writer.writerow(answered.values())
    plan = desk.workspace.importing.read(sheet, "trainees")
    desk.workspace.importing.save(plan)
    new = desk.at("S-1")
    assert new.document.get("itt_aim") == "202"
    office.typed(new)
    portal_id = office.registers(new)

    mine, theirs = office.some(0), office.some(1)
    desk.edit(mine, email="mine@mail.example", middle_names="Maud")
    desk.edit(theirs, email="unwanted@mail.example")
    desk.control.edit(mine.portal_id, email="theirs@mail.example")
    desk.control.edit(theirs.portal_id, email="theirs.too@mail.example")

    loaded = office.load()
    assert (loaded.new, loaded.confirmed, loaded.conflicts) == (0, 1, 2)
    new = desk.view(new)
    assert (new.portal_id, new.state, new.sync, new.changes) == (portal_id, "submitted_for_trn", "clean", ())
    assert new.document.get("itt_aim") == "202", "the file cannot show it, so what was typed stays known"
    confirmed = next(e for e in desk.history(new) if e.event == "confirmed")
    assert confirmed.detail["file"] == loaded.file, "the file is the receipt"

    kinds = {c.record_id: c for c in desk.conflicts()}
    assert kinds[mine.id].fields[0].theirs == "theirs@mail.example"
    desk.workspace.conflicts.resolve_all(kinds[mine.id].id, "mine")
    desk.workspace.conflicts.resolve_all(kinds[theirs.id].id, "theirs")
    assert desk.view(theirs).document.get("email") == "theirs.too@mail.example"
    assert desk.conflicts() == []

    office.typed(desk.view(mine))
    desk.control.edit(mine.portal_id, email="mine@mail.example", middle_names="Maud")
    again = office.load()
    assert (again.confirmed, again.conflicts) == (1, 0)
    assert desk.changes() == []
    assert desk.view(mine).document.get("email") == "mine@mail.example"
    desk.assert_healthy()


def test_the_first_file_gives_every_trainee_with_codes_and_nothing_to_do(scitt: Scitt) -> None:
    loaded = scitt.load()
    desk = scitt.desk
    held = [t for t in desk.control.trainees() if not t["deleted"] and t["ukprn"] == PROVIDER_UKPRN]
    assert loaded.new == len(held) == len(desk.all())
    for body in held:
        view = desk.at(body["trainee_id"])
        assert view.state == body["state"]
        for name in ("last_name", "email", "training_route", "course_subject_1", "itt_start_date", "hesa_id"):
            assert view.document.get(name) == body[name]
        assert len(view.document.children.get("degrees", ())) == len(body["degrees"])
    assert desk.changes() == []
    desk.assert_healthy()


# --- what is read back


def test_what_the_file_does_not_show_yet_waits_on_and_is_confirmed_later(office: Scitt) -> None:
    desk, view = office.desk, office.some()
    desk.edit(view, email="new@mail.example")
    office.typed(view)
    loaded = office.load()
    (change,) = desk.changes(view)
    assert (loaded.confirmed, change.state) == (0, ChangeState.UNKNOWN)
    assert change.reason == f"{loaded.file} does not show it yet. It waits to be read back."
    desk.control.edit(view.portal_id, email="new@mail.example")
    assert office.load().confirmed == 1
    assert desk.changes() == []
    desk.assert_healthy()


def test_a_third_value_brings_what_was_typed_back_as_a_conflict(office: Scitt) -> None:
    desk, view = office.desk, office.some()
    desk.edit(view, email="mine@mail.example")
    office.typed(view)
    desk.control.edit(view.portal_id, email="third@mail.example")
    loaded = office.load()
    assert (loaded.confirmed, loaded.conflicts) == (0, 1)
    assert desk.states(view) == [ChangeState.CONFLICT]
    row = desk.conflict().fields[0]
    assert (row.mine, row.theirs) == ("mine@mail.example", "third@mail.example")
    assert office.load().conflicts == 0, "reading it again neither settles nor multiplies it (I15)"
    assert len(desk.conflicts()) == 1
    desk.assert_healthy()


def test_what_was_edited_after_typing_stays_to_be_typed(office: Scitt) -> None:
    desk, view = office.desk, office.some()
    desk.edit(view, email="first@mail.example")
    office.typed(view)
    desk.control.edit(view.portal_id, email="first@mail.example")
    desk.edit(view, email="second@mail.example")
    assert office.load().confirmed == 1
    assert desk.view(view).document.get("email") == "second@mail.example"
    assert desk.states(view) == [ChangeState.QUEUED]
    assert desk.conflicts() == []
    desk.assert_healthy()


def test_what_somebody_typed_without_saying_so_is_confirmed_too(office: Scitt) -> None:
    desk, view = office.desk, office.some()
    desk.edit(view, email="new@mail.example")
    desk.control.edit(view.portal_id, email="new@mail.example")
    loaded = office.load()
    assert loaded.confirmed == 1
    assert desk.changes() == []
    confirmed = [e for e in desk.history(view) if e.event == "confirmed"]
    assert [e.detail["file"] for e in confirmed] == [loaded.file]


def test_what_the_file_cannot_show_is_taken_on_the_word_of_who_typed_it_only(office: Scitt) -> None:
    desk = office.desk
    said, silent = office.some(0), office.some(1)
    for view in (said, silent):
        desk.edit(view, ni_number="QQ123456C", email=f"{view.id}@mail.example")
        desk.control.edit(view.portal_id, email=f"{view.id}@mail.example", ni_number="QQ123456C")
    office.typed(said)
    office.load()
    assert desk.changes(said) == []
    assert desk.view(said).document.get("ni_number") == "QQ123456C"
    confirmed = next(e for e in desk.history(said) if e.event == "confirmed")
    assert confirmed.detail["on_word"] == ["ni_number"]
    assert desk.states(silent) == [ChangeState.QUEUED], "nobody said that the rest was typed"
    assert set(desk.view(silent).pending.fields) == {"ni_number"}


def test_a_step_that_was_typed_is_done_once_the_file_shows_the_state(office: Scitt) -> None:
    desk, view = office.desk, office.some()
    desk.workspace.records.act(view.id, "defer", {"defer_date": "2026-10-01"})
    office.typed(view)
    assert office.load().confirmed == 0
    desk.control.edit(view.portal_id, state="deferred", defer_date="2026-10-01")
    assert office.load().confirmed == 1
    assert (desk.view(view).state, desk.changes(view)) == ("deferred", [])
    desk.assert_healthy()


def test_a_placement_that_was_typed_is_known_again_without_an_id(office: Scitt) -> None:
    desk, view = office.desk, office.some()
    before = len(view.document.children.get("placements", ()))
    child_id = desk.add_child(view, "placements", urn="123456")
    office.typed(desk.view(view))
    there = desk.control.trainee(view.portal_id)["placements"]
    desk.control.edit(view.portal_id, placements=[*there, {"urn": "123456", "name": "Northmoor Academy"}])
    assert office.load().confirmed == 1
    placements = desk.view(view).document.children["placements"]
    assert len(placements) == before + 1
    assert placements[-1].id == child_id
    assert desk.changes() == []
    desk.assert_healthy()


def test_a_placement_for_which_the_file_has_no_room_is_not_lost(office: Scitt) -> None:
    desk, view = office.desk, office.some()
    places = [{"urn": "100001"}, {"urn": "100002"}, {"name": "Forest school"}]
    desk.control.edit(view.portal_id, placements=places[:2])
    office.load()
    desk.add_child(view, "placements", name="Forest school")
    office.typed(desk.view(view))
    desk.control.edit(view.portal_id, placements=places, email="touched@mail.example")
    office.load()
    held = desk.view(view).document.children["placements"]
    assert [c.fields.get("urn") or c.fields.get("name") for c in held] == [
        "100001",
        "100002",
        "Forest school",
    ]


def test_a_deletion_that_was_typed_takes_the_record_along_only_with_a_whole_file(office: Scitt) -> None:
    desk = office.desk
    view = office.some()
    desk.control.edit(view.portal_id, itt_start_date="2026-11-02", trainee_start_date="2026-11-02")
    office.load()
    desk.workspace.records.act(view.id, "delete", {})
    office.typed(desk.view(view))
    desk.control.discard(view.portal_id)
    office.load()
    assert view.id in {v.id for v in desk.all()}
    office.load(complete=True)
    assert view.id not in {v.id for v in desk.all()}
    assert desk.conflicts() == []
    desk.assert_healthy()


# --- new records of ours


def test_somebody_with_the_same_number_is_not_taken_for_our_new_record(office: Scitt) -> None:
    desk = office.desk
    new = desk.add(provider_trainee_id="S-9", training_partner_ukprn=None)
    office.typed(new)
    other = desk.person(provider_trainee_id="S-9", first_names="Zora", last_name="Elsewhere")
    office.registers(new, **{n: other.fields[n] for n in ("first_names", "last_name", "email", "hesa_id")})
    loaded = office.load()
    assert (loaded.new, loaded.confirmed, loaded.asked) == (1, 0, 0)
    assert desk.states(new) == [ChangeState.UNKNOWN]


def test_a_draft_that_somebody_else_registered_is_a_question_and_can_be_linked(office: Scitt) -> None:
    desk = office.desk
    draft = desk.add(training_partner_ukprn=None, ni_number="QQ123456C")
    portal_id = office.registers(draft, email="other@mail.example")
    loaded = office.load()
    assert (loaded.new, loaded.asked) == (1, 1)
    question = desk.conflict()
    assert (question.kind, question.record_id) == (ConflictKind.DUPLICATE, draft.id)
    desk.workspace.conflicts.link(question.id, portal_id)
    assert [v.id for v in desk.all() if v.portal_id == portal_id] == [draft.id]
    assert desk.view(draft).document.get("ni_number") == "QQ123456C"
    desk.assert_healthy()


# --- what must never happen


def test_a_rehearsal_leaves_no_trace(office: Scitt) -> None:
    desk, view = office.desk, office.some()
    desk.edit(view, email="mine@mail.example")
    desk.control.edit(view.portal_id, email="theirs@mail.example")
    before = desk.all(), len(desk.history()), desk.conflicts(), desk.changes()
    plan = office.reading.read(office.export())
    assert plan.counts.conflicts == 1
    assert (desk.all(), len(desk.history()), desk.conflicts(), desk.changes()) == before
    assert len(office.reading.all()) == 1
    loaded = office.reading.load(plan)
    assert loaded.conflicts == 1, "the preview cannot differ from the loading"


def test_an_older_file_is_refused_without_consent_and_never_overwrites_what_is_newer(office: Scitt) -> None:
    desk, view = office.desk, office.some()
    old = office.export()
    desk.clock.forward(hours=1)
    desk.control.edit(view.portal_id, email="newer@mail.example")
    extra = office.registers(desk.add(training_partner_ukprn=None))
    office.load()
    plan = office.reading.read(old)
    assert plan.doubts
    assert plan.counts.older
    with pytest.raises(UsageError, match="older than"):
        office.reading.load(plan)
    loaded = office.reading.load(plan, all_the_same=True)
    assert (loaded.changed, loaded.new) == (0, 0)
    assert desk.view(view).document.get("email") == "newer@mail.example"
    assert desk.at(extra).portal_id == extra
    assert office.reading.last().file != loaded.file, "the newest file is still the one before"


def test_one_old_row_in_a_new_file_is_left_alone(office: Scitt) -> None:
    desk, view = office.desk, office.some()
    (old_row,) = [row for row in office.rows() if row["register_id"] == view.portal_id]
    desk.clock.forward(hours=1)
    desk.control.edit(view.portal_id, email="newer@mail.example")
    office.load()
    rows = [old_row if row["register_id"] == view.portal_id else row for row in office.rows()]
    loaded = office.load(office.export(rows))
    assert loaded.older == 1
    assert desk.view(view).document.get("email") == "newer@mail.example"


def test_who_is_not_in_the_file_is_a_suspicion_only_where_a_person_says_that_it_is_whole(
    office: Scitt,
) -> None:
    desk, view = office.desk, office.some()
    rows = [row for row in office.rows() if row["register_id"] != view.portal_id]
    plan = office.reading.read(office.export(rows))
    assert plan.absent == 1
    office.reading.load(plan)
    assert desk.conflicts() == []
    assert office.load(office.export(rows), complete=True).missing == 1
    assert (desk.conflict().kind, desk.conflict().record_id) == (ConflictKind.MISSING, view.id)
    assert desk.view(view).document == view.document, "nothing of it is lost"
    office.load()
    assert desk.conflicts() == [], "it is there again"
    desk.assert_healthy()


def test_half_a_file_is_refused_whole(office: Scitt) -> None:
    whole = office.export().read_bytes()
    before = len(office.desk.history())
    for part in (0.3, 0.5, 0.77):
        cut = office.export(name="half.csv")
        cut.write_bytes(whole[: int(len(whole) * part)].rstrip(b"\n,"))
        with pytest.raises(UsageError, match=r"cut off|never closed"):
            office.reading.read(cut)
    assert len(office.desk.history()) == before
    assert len(office.reading.all()) == 1


def test_another_organisations_file_is_refused_and_a_strange_name_is_a_doubt(scitt: Scitt) -> None:
    other = [row | {"provider_name": "Saltersgate SCITT", "provider_id": "S22"} for row in scitt.rows()]
    plan = scitt.reading.read(scitt.export(other))
    assert "Saltersgate SCITT" in plan.doubts[0]
    with pytest.raises(UsageError, match="Load it only"):
        scitt.reading.load(plan)
    scitt.load()
    with pytest.raises(UsageError, match="Nothing was taken"):
        scitt.reading.read(scitt.export(other))
    mixed = [other[0], *scitt.rows()[1:]]
    with pytest.raises(UsageError, match="trainees of 2 providers"):
        scitt.reading.read(scitt.export(mixed))


def test_of_a_trainee_who_stands_there_twice_nothing_is_taken(scitt: Scitt) -> None:
    rows = scitt.rows()
    twice = [*rows, rows[0], rows[1] | {"email_address": "other@mail.example"}]
    plan = scitt.reading.read(scitt.export(twice))
    assert plan.counts.new == len(rows) - 1
    assert {one.number for one in plan.refused} == {3, len(rows) + 3}
    assert "different answers" in plan.refused[0].why
    scitt.reading.load(plan)
    ids = [v.portal_id for v in scitt.desk.all()]
    assert rows[0]["register_id"] in ids
    assert rows[1]["register_id"] not in ids


HOSTILE = {
    "first_names": '=HYPERLINK("http://evil.example","x")',
    "middle_names": "a\x07b",
    "last_names": "<script>alert(1)</script>",
    "email_address": "x" * 5_000,
    "course_training_route": "Wizardry",
    "nationality": "Martian",
    "date_of_birth": "12/04/1999",
    "hesa_id": "2.61E+12",
    "degrees": '"UK", "broken',
    "disabilities": "Chronic, unlisted thing",
    "funding_method": "'; DROP TABLE records; --",
    "training_partner_urn": "../../etc/passwd",
}


def test_hostile_cells_and_unknown_words_are_named_and_change_nothing(office: Scitt) -> None:
    desk, view = office.desk, office.some()
    rows = [row | HOSTILE if row["register_id"] == view.portal_id else row for row in office.rows()]
    path = office.export(rows)
    plan = office.reading.read(path)
    assert {one.column for one in plan.unread} == set(HOSTILE) - {"first_names", "last_names"}
    office.reading.load(plan)
    now = desk.view(view).document
    assert now.get("first_names") == HOSTILE["first_names"], "text is text: the guard is taken off again"
    for name in ("middle_names", "email", "training_route", "nationality", "date_of_birth", "hesa_id"):
        assert now.get(name) == view.document.get(name)
    for name in ("disability1", "funding_method", "training_partner_urn"):
        assert now.get(name) == view.document.get(name)
    assert now.children == view.document.children
    desk.assert_healthy()


def test_a_column_that_is_not_there_clears_nothing(office: Scitt) -> None:
    desk = office.desk
    before = {v.id: v.document for v in desk.all()}
    path = office.export()
    table = list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))
    kept = [n for n, head in enumerate(table[0]) if head in (
        "register_id", "register_record_last_changed_at", "trainee_status", "provider_name", "provider_id"
    )]  # fmt: skip
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([[row[n] for n in kept] for row in table])
    plan = office.reading.read(path)
    assert not plan.changes_anything
    assert "email_address" in plan.notes[-1]
    office.reading.load(plan)
    assert {v.id: v.document for v in desk.all()} == before


def test_a_status_that_we_do_not_know_leaves_the_state_as_it_is(office: Scitt) -> None:
    view = office.some()
    rows = [
        row | {"trainee_status": "levitating"} if row["register_id"] == view.portal_id else row
        for row in office.rows()
    ]
    plan = office.reading.read(office.export(rows))
    assert [one.column for one in plan.unread] == ["trainee_status"]
    office.reading.load(plan)
    assert office.desk.view(view).state == view.state


# --- stopping, and what is kept


def test_stopped_between_two_pages_what_was_loaded_is_true_and_the_rest_comes_later(
    scitt: Scitt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_reading_module, "PAGE", 10)
    path = scitt.export()
    plan = scitt.reading.read(path)
    asked = iter((False, False, True))
    loaded = scitt.reading.load(plan, complete=True, cancelled=lambda: next(asked))
    assert (loaded.stopped, loaded.rows_taken, loaded.new, loaded.missing) == (True, 20, 20, 0)
    assert len(scitt.desk.all()) == 20
    assert scitt.reading.last() is None, "a file that was not loaded whole says nothing of who is not there"
    scitt.desk.assert_healthy()
    again = scitt.load(path)
    assert again.new == plan.counts.new - 20
    with pytest.raises(Stopped):
        scitt.reading.read(path, cancelled=lambda: True)


def test_an_end_in_the_middle_of_loading_says_so(scitt: Scitt, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_reading_module, "PAGE", 10)

    class PowerCut(BaseException):
        pass

    def cut(progress: Any) -> None:
        if progress.done > 10:
            raise PowerCut

    plan = scitt.reading.read(scitt.export())
    with pytest.raises(PowerCut):
        scitt.reading.load(plan, progress=cut)
    scitt.desk.reopen()
    (kept,) = scitt.reading.all()
    assert kept.stopped
    assert len(scitt.desk.all()) == 20
    assert scitt.load().new == plan.counts.new - 20
    scitt.desk.assert_healthy()


def test_the_file_is_kept_sealed_and_the_same_file_twice_does_nothing(office: Scitt) -> None:
    path = office.export()
    content = path.read_bytes()
    loaded = office.load(path)
    assert (loaded.new, loaded.changed, loaded.confirmed) == (0, 0, 0)
    assert office.reading.original(loaded.id) == (path.name, content)
    kept = (office.desk.folder / "files" / f"{loaded.id}.sealed").read_bytes()
    assert content[:200] not in kept
    events = len(office.desk.history())
    plan = office.reading.read(path)
    assert not plan.changes_anything
    assert len(office.desk.history()) == events
    path.write_bytes(content + b"\n")
    with pytest.raises(UsageError, match="was changed after"):
        office.reading.load(plan)


def test_an_empty_list_and_a_wrong_file_are_refused_with_the_next_step(scitt: Scitt, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Take the filters off"):
        scitt.reading.read(scitt.export([]))
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("Funding type,Route\nBursary,Provider-led\n")
    with pytest.raises(UsageError, match="choose Export"):
        scitt.reading.read(wrong)
    assert not scitt.reading.is_export(wrong)
    assert scitt.reading.is_export(scitt.export())
    assert not scitt.reading.is_export(tmp_path / "nowhere.csv")


def test_the_practice_website_says_in_words_what_its_api_says_in_codes(desk: Desk, tmp_path: Path) -> None:
    state = desk.portal.state
    records = [r for r in state.records.values() if r.ukprn == PROVIDER_UKPRN and not r.deleted]
    path = tmp_path / "2030-10-05_10-31_12_Register-trainee-teachers_exported_records.csv"
    path.write_bytes(sheets.write(exported(records, state, "https://register.example", PROVIDER_NAME)))
    plan = desk.workspace.web_reading.read(path)
    assert plan.counts.new == sum(record.state == "draft" for record in records)
    assert (plan.counts.changed, plan.unread, plan.refused) == (0, (), ())
    assert plan.counts.same > 20
