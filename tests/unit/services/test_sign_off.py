"""The census and the performance profile: real records in a real workspace against files as Register's website gives them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from desktop.model.document import Child, Document, Fields, Patch
from desktop.model.errors import StoreError, UnknownName, UsageError
from desktop.model.snapshot import Snapshot
from desktop.services import sign_off as service
from desktop.services import wording
from desktop.services.sign_off import CENSUS, PROFILE, Checklist, Entry, ListKey
from desktop.services.sign_off_report import LISTS, REMARKS, list_names, statement, write_all, write_list
from desktop.services.views import Organisation
from desktop.services.workspace import Workspace
from desktop.store import sealed, vault
from tests.unit.services import sign_off_files as files

OURS = "Weybury SCITT"
NOW = datetime(2026, 10, 20, 15, 2, tzinfo=UTC)
TODAY = date(2026, 10, 20)
READ = "2026-10-01T09:00:00Z"
WHO: Fields = {
    "last_name": "Ashcombe", "date_of_birth": "2001-02-03", "sex": "10", "email": "a@example.com", "training_route": "12",
    "course_subject_1": "100403", "course_age_range": "13918", "course_year": 1, "study_mode": "01", "itt_aim": "201",
    "itt_start_date": "2026-09-07", "trainee_start_date": "2026-09-07", "itt_end_date": "2027-07-20", "fund_code": "7",
    "funding_method": "D",
}  # fmt: skip
DEGREE: Fields = {
    "uk_degree": "007",
    "subject": "100403",
    "institution": "0116",
    "grade": "01",
    "graduation_year": 2024,
}


class Clock:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Iterator[Workspace]:
    monkeypatch.setattr(vault, "_KDF", {**vault._KDF, "memory_kib": 8, "passes": 1, "lanes": 1})
    made = Workspace.create(
        tmp_path / "w", Organisation(OURS, "scitt"), "pass", clock=clock, actor="Priya", remember=False
    )
    yield made
    made.close()


class Office:
    """A workspace, trainees as Register has them, and files of its website in a folder."""

    def __init__(self, workspace: Workspace, folder: Path) -> None:
        self.workspace, self.folder = workspace, folder
        self.sign_off = workspace.sign_off
        self._numbers = 0

    def there(
        self, first: str, *, state: str = "trn_received", extras: dict[str, Any] | None = None, **fields: Any
    ) -> str:
        """A trainee as Register has it; its local id."""
        self._numbers += 1
        n = self._numbers
        number = {"hesa_id": f"{2610000000000 + n}", "provider_trainee_id": f"W{n}"}
        children = {"degrees": [Child(f"d{n}", dict(DEGREE), f"d{n}")], "placements": []}
        document = Document({**WHO, "first_names": first, **number, **fields}, children)
        told = {"updated_at": READ, "trn": "1234567"} | (extras or {})
        snapshot = Snapshot(f"register{n:016}", READ, state, document, told)
        with self.workspace._store.write() as unit:
            unit.records.add_pulled(self.workspace.collection("trainees"), [(f"local{n}", snapshot)])
        return f"local{n}"

    def row(self, record_id: str, **changed: Any) -> dict[str, Any]:
        """The trainee as the website has it, with other answers."""
        return files.trainees(self.workspace, [record_id])[0] | changed

    def file(self, *rows: dict[str, Any], name: str = files.CENSUS, provider: str = OURS) -> Path:
        return files.write(self.folder / name, rows, provider)

    def load(self, *rows: dict[str, Any], name: str = files.CENSUS) -> Checklist:
        return self.sign_off.load(self.file(*rows, name=name))

    def census(self) -> Checklist:
        return self.sign_off.view(CENSUS, 2026)

    def profile(self) -> Checklist:
        return self.sign_off.view(PROFILE, 2025)

    def kept(self) -> list[str]:
        """Everything that is kept of sign-offs, in the database and beside it."""
        with self.workspace._store.read() as unit:
            names = [
                f"{kind} {kept.name}"
                for kind in (service.FILE, service.ROWS, service.SIGNED)
                for kept in unit.kept.all(kind)
            ]
        return names + [path.name for path in sealed.all_of(self.workspace._store)]


@pytest.fixture
def office(workspace: Workspace, tmp_path: Path) -> Office:
    return Office(workspace, tmp_path)


def said(one: Checklist, key: ListKey) -> list[tuple[str, str]]:
    return [(entry.label.partition(", ")[2], entry.why) for entry in one.lists[key]]


def only(one: Checklist, key: ListKey) -> Entry:
    (entry,) = one.lists[key]
    return entry


# --- the checklist


def test_when_file_and_records_agree_only_the_signature_is_left(office: Office) -> None:
    ids = [office.there(name) for name in ("Ada", "Bea", "Cy")]
    assert [step.key for step in office.census().steps if not step.known] == [
        "missing",
        "not-here",
        "not-expected",
        "differs",
    ]
    one = office.load(*map(office.row, ids))
    assert (one.expected, one.matched, one.done, one.needed) == (3, 3, 7, 8)
    assert [step.key for step in one.steps if not step.done] == ["sign"]
    assert one.file is not None
    assert (one.file.made_at, one.file.rows, one.file.remarks) == (
        datetime(2026, 10, 20, 13, 5, 9, tzinfo=UTC),
        3,
        (),
    )
    assert statement(one) == "Census 2026 to 2027 is ready to be signed on Register’s website"


def test_who_is_missing_is_told_with_the_rule_that_says_so(office: Office) -> None:
    there, gone = office.there("Ada"), office.there("Bea")
    new = office.workspace.records.add("trainees", Document({**WHO, "first_names": "New"})).id
    one = office.load(office.row(there))
    assert one.expected == 3
    assert {e.record_id for e in one.lists[ListKey.MISSING]} == {gone, new}
    words = dict(said(one, ListKey.MISSING))
    assert words["Bea"] == (
        "Starts by the census day, 14 October 2026. Nothing in this record explains it: look at it on Register’s website"
    )
    assert "Not at Register: a draft" in words["New"]
    assert {e.source for e in one.lists[ListKey.MISSING]} == {"Rule book, section 6"}
    assert said(one, ListKey.UNSENT) == [("New", "A draft, not sent before it is put right")]


def test_who_is_in_the_file_and_not_here_is_told_with_the_row(office: Office) -> None:
    ada = office.there("Ada")
    one = office.load(
        office.row(ada),
        office.row(
            ada,
            trainee_id="nobodyhere00000000000000",
            first_names="Odalys",
            hesa_id="",
            provider_trainee_id="X",
        ),
    )
    entry = only(one, ListKey.NOT_HERE)
    assert (entry.record_id, entry.register_id, entry.label, entry.row) == (
        None, "nobodyhere00000000000000", "Ashcombe, Odalys", 3,
    )  # fmt: skip


def test_a_new_record_that_was_keyed_on_the_website_is_known_by_its_number(office: Office) -> None:
    ada = office.there("Ada")
    office.workspace.records.add(
        "trainees", Document({**WHO, "first_names": "Kay", "provider_trainee_id": "K-1"})
    )
    one = office.load(
        office.row(ada),
        office.row(
            ada,
            trainee_id="keyedonthewebsite0000000",
            first_names="Kay",
            provider_trainee_id="K-1",
            hesa_id="",
        ),
    )
    assert not one.lists[ListKey.MISSING]
    assert not one.lists[ListKey.NOT_HERE]
    assert "known as one" in only(one, ListKey.UNSENT).why


@pytest.mark.parametrize(
    ("fields", "extras", "state", "why"),
    [
        ({"training_route": "16"}, {}, "trn_received", "Assessment only trainees are left out"),
        ({}, {"withdrawal_date": "2026-10-01"}, "withdrawn", "Withdrawn on 1 October 2026, before the census day"),
        (
            {"trainee_start_date": "2026-11-02", "itt_start_date": "2026-11-02"}, {}, "trn_received",
            "Starts on 2 November 2026, after the census day",
        ),
        (
            {"trainee_start_date": "2025-09-08"}, {}, "trn_received",
            "Only those who start in 2026 to 2027: this trainee starts in 2025 to 2026",
        ),
        ({}, {}, "draft", "A draft at Register is in no sign-off"),
    ],
)  # fmt: skip
def test_who_should_not_be_in_it_is_told_with_the_rule(
    office: Office, fields: dict[str, str], extras: dict[str, str], state: str, why: str
) -> None:
    ada, odd = office.there("Ada"), office.there("Odd", state=state, extras=extras, **fields)
    assert said(office.load(office.row(ada), office.row(odd)), ListKey.NOT_EXPECTED) == [("Odd", why)]
    assert not office.load(office.row(ada)).lists[ListKey.MISSING]


def test_a_withdrawal_that_waits_counts_as_ours(office: Office) -> None:
    ada = office.there("Ada")
    office.workspace.records.act(
        ada, "withdraw", {"withdrawal_date": "2026-10-01", "trigger": "trainee", "future_interest": "no", "reasons": "does_not_want_to_become_a_teacher"},
    )  # fmt: skip
    one = office.load(office.row(ada))
    assert only(one, ListKey.NOT_EXPECTED).why.endswith("Your withdrawal is not sent yet")


def test_without_a_trainee_start_date_one_is_listed_and_to_be_looked_at(office: Office) -> None:
    ada = office.there("Ada", trainee_start_date=None)
    one = office.load(office.row(ada))
    entry = only(one, ListKey.LOOK)
    assert (entry.field, entry.why) == (
        "trainee_start_date", "No trainee start date: Register does not know that the training began, which can stop funding",
    )  # fmt: skip
    assert [step.key for step in one.steps if not step.done] == ["look", "sign"]
    assert one.open_before_signing == 0


# --- differences


def test_who_differs_is_told_field_by_field_with_both_answers_and_why(office: Office) -> None:
    ada, bea, cy = (office.there(name) for name in ("Ada", "Bea", "Cy"))
    office.workspace.records.edit(bea, Patch({"itt_end_date": "2027-08-01"}))
    one = office.load(
        office.row(ada, email="other@example.com", updated_at="2026-10-09T09:00:00Z"),
        office.row(bea),
        office.row(cy, course_subject_1="100425", updated_at="2026-09-01T09:00:00Z", degrees=[]),
    )
    told = {
        (e.label.partition(", ")[2], e.field): (e.here, e.there, e.why) for e in one.lists[ListKey.DIFFERS]
    }
    assert told["Ada", "email"] == (
        "a@example.com", "other@example.com", "Register changed it since Holdfast last read it: get the trainees from Register",
    )  # fmt: skip
    assert told["Bea", "itt_end_date"] == ("1 August 2027", "20 July 2027", "Your change is not sent yet")
    assert told["Cy", "course_subject_1"][:2] == ("Mathematics", "Physics")
    assert told["Cy", "course_subject_1"][2] == "The file is older than what Holdfast read: download it again"
    assert told["Cy", "degrees"][1] == "None"
    assert set(told) == {
        ("Ada", "email"),
        ("Bea", "itt_end_date"),
        ("Cy", "course_subject_1"),
        ("Cy", "degrees"),
    }


def test_what_the_file_has_no_column_for_is_not_compared(office: Office) -> None:
    ada = office.there("Ada", ni_number="QQ123456A", previous_last_name="Old", itt_qualification_aim="007")
    assert not office.load(office.row(ada)).lists[ListKey.DIFFERS]


def test_a_trn_that_arrived_is_no_difference_and_a_deferral_is(office: Office) -> None:
    ada, bea = office.there("Ada", state="submitted_for_trn"), office.there("Bea")
    one = office.load(
        office.row(ada, state="trn_received"), office.row(bea, state="deferred", defer_date="2026-10-02")
    )
    entry = only(one, ListKey.DIFFERS)
    assert (entry.label, entry.what, entry.here, entry.there) == (
        "Ashcombe, Bea",
        "State at Register",
        "TRN received",
        "Deferred",
    )


def test_what_cannot_be_read_is_a_remark_and_is_not_compared(office: Office) -> None:
    ada = office.there("Ada")
    path = office.file(office.row(ada))
    path.write_text(path.read_text("utf-8").replace("mathematics", "sums", 1), "utf-8")
    one = office.sign_off.load(path)
    assert one.file is not None
    assert [(r.row, r.text) for r in one.file.remarks] == [
        (
            2,
            "Ashcombe, Ada: “sums” under course_itt_subject_1 cannot be read for certain, so it is not compared.",
        )
    ]
    assert not one.lists[ListKey.DIFFERS]


def test_errors_are_to_be_put_right_first(office: Office) -> None:
    ada = office.there("Ada")
    office.workspace.records.edit(ada, Patch({"email": "nonsense"}))
    one = office.load(office.row(ada))
    entry = only(one, ListKey.MEND)
    assert (entry.record_id, entry.field, entry.what) == (ada, "email", "Email address")
    assert entry.source.startswith("Rule book, section ")


# --- performance profile


def test_the_profile_has_everybody_who_trained_in_the_year_with_how_it_ended(
    office: Office, clock: Clock
) -> None:
    clock.now = datetime(2027, 1, 20, 15, tzinfo=UTC)
    year: dict[str, Any] = {
        "itt_start_date": "2025-09-08",
        "trainee_start_date": "2025-09-08",
        "itt_end_date": "2026-07-20",
    }
    older: dict[str, Any] = {"itt_start_date": "2024-09-08", "trainee_start_date": "2024-09-08"}
    done = office.there(
        "Done",
        state="awarded",
        extras={"outcome_date": "2026-07-01", "awarded_at": "2026-07-02T09:00:00Z"},
        **year,
    )
    bare = office.there("Bare", state="awarded", **year)
    still = office.there("Still", **year)
    part = office.there(
        "Part", **older, itt_end_date="2026-07-20", state="deferred", extras={"defer_date": "2026-01-05"}
    )
    office.there("Before", **older, itt_end_date="2025-07-20")
    office.there("Later")
    name = files.PROFILE
    one = office.load(*(office.row(i) for i in (done, bare, still, part)), name=name)
    assert (one.kind, one.year, one.expected, one.matched) == (PROFILE, 2025, 4, 4)
    assert not one.lists[ListKey.MISSING]
    told = said(one, ListKey.LOOK)
    assert ("Done", "0 of 2 placements") in told
    assert ("Bare", "Awarded, and Register shows no date for it") in told
    assert (
        "Still",
        "Should have ended on 20 July 2026 and has no outcome: award, defer or withdraw, or put the date right",
    ) in told
    assert all(first != "Part" for first, _ in told)
    assert said(office.load(office.row(done), name=name.replace("20_", "21_", 1)), ListKey.MISSING) == [
        (first, f"{rule}. Nothing in this record explains it: look at it on Register’s website")
        for first, rule in (("Bare", "Started in 2025 to 2026"), ("Part", "Trained in 2025 to 2026"), ("Still", "Started in 2025 to 2026"))
    ]  # fmt: skip


def test_the_most_urgent_comes_first_and_kept_ones_stay(office: Office, clock: Clock) -> None:
    assert [one.key for one in office.sign_off.all()] == ["census 2026", "performance-profile 2025"]
    office.there("Ada")
    office.sign_off.sign(CENSUS, 2026, "Priya", TODAY)
    assert [one.key for one in office.sign_off.all()] == ["performance-profile 2025", "census 2026"]
    clock.now = datetime(2027, 9, 20, 12, tzinfo=UTC)
    found = office.sign_off.all()
    assert [one.key for one in found] == ["census 2027", "performance-profile 2026", "census 2026"]


# --- signing


def test_a_signature_holds_until_records_move_and_is_undone_once(office: Office) -> None:
    ada = office.there("Ada")
    office.load(office.row(ada))
    one = office.sign_off.sign(CENSUS, 2026, " Priya  Nandakumar ", TODAY, "CS-1")
    assert one.is_signed
    assert one.signed is not None
    assert (one.signed.name, one.signed.day, one.signed.reference, one.signed.by) == (
        "Priya Nandakumar",
        TODAY,
        "CS-1",
        "Priya",
    )
    assert one.done == one.needed
    assert statement(one) == "Census 2026 to 2027 is signed"
    office.workspace.records.edit(ada, Patch({"middle_names": "Maud"}))
    one = office.census()
    assert not one.is_signed
    assert said(one, ListKey.CHANGED) == [("Ada", "Changed since it was signed")]
    assert statement(one) == "Census 2026 to 2027 was signed, and has changed since"
    assert office.sign_off.sign(CENSUS, 2026, "Sam", TODAY).is_signed
    back = office.sign_off.take_back(CENSUS, 2026)
    assert back.signed is not None
    assert (back.signed.name, back.signed.holds) == ("Priya Nandakumar", False)
    assert office.sign_off.take_back(CENSUS, 2026).signed is None
    with pytest.raises(UsageError, match="is not marked as signed"):
        office.sign_off.take_back(CENSUS, 2026)


def test_taking_a_record_edit_back_makes_the_signature_hold_again(office: Office) -> None:
    ada = office.there("Ada")
    office.sign_off.sign(CENSUS, 2026, "Priya", TODAY)
    office.workspace.records.edit(ada, Patch({"middle_names": "Maud"}))
    office.workspace.records.edit(ada, Patch({"middle_names": None}))
    assert office.census().is_signed


def test_who_came_and_who_went_opens_a_signature(office: Office) -> None:
    ada = office.there("Ada")
    office.sign_off.sign(CENSUS, 2026, "Priya", TODAY)
    office.there("Bea")
    office.workspace.records.edit(ada, Patch({"trainee_start_date": "2025-09-08"}))
    assert said(office.census(), ListKey.CHANGED) == [
        ("Ada", "Counted then, does not now"), ("Bea", "Counts now, did not then"),
    ]  # fmt: skip


def test_another_file_opens_a_signature_and_the_same_one_again_does_not(office: Office) -> None:
    ada = office.there("Ada")
    office.load(office.row(ada))
    office.sign_off.sign(CENSUS, 2026, "Priya", TODAY)
    later = files.CENSUS.replace("2026-10-20", "2026-10-21")
    assert office.load(office.row(ada, updated_at="2026-10-21T09:00:00Z"), name=later).is_signed
    last = files.CENSUS.replace("2026-10-20", "2026-10-22")
    one = office.load(office.row(ada, email="other@example.com"), name=last)
    assert not one.is_signed
    assert not one.lists[ListKey.CHANGED]


def test_a_first_file_or_none_says_nothing_against_a_signature(office: Office) -> None:
    ada = office.there("Ada")
    assert office.sign_off.sign(CENSUS, 2026, "Priya", TODAY).is_signed
    assert office.load(office.row(ada, email="b@example.com")).is_signed
    office.sign_off.sign(CENSUS, 2026, "Priya", TODAY)
    office.sign_off.remove(CENSUS, 2026)
    assert office.census().is_signed


@pytest.mark.parametrize(
    ("name", "day", "reference", "message"),
    [
        ("  ", TODAY, "", "Enter the name"),
        ("Priya", date(2026, 10, 21), "", "still to come"),
        ("Priya", date(2026, 8, 31), "", "from 1 September 2026 on"),
        ("P" * 101, TODAY, "", "Keep the name to 100"),
        ("Priya", TODAY, "R" * 101, "Keep the reference to 100"),
        ("Pri\ud800", TODAY, "", "broken character"),
    ],
)
def test_what_cannot_be_a_signature_is_refused(
    office: Office, name: str, day: date, reference: str, message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        office.sign_off.sign(CENSUS, 2026, name, day, reference)
    assert office.kept() == []


def test_everything_is_in_the_journal(office: Office) -> None:
    ada = office.there("Ada")
    office.load(office.row(ada))
    office.sign_off.sign(CENSUS, 2026, "Priya", TODAY, "CS-1")
    office.sign_off.take_back(CENSUS, 2026)
    office.sign_off.remove(CENSUS, 2026)
    with office.workspace._store.read() as unit:
        entries = [e for e in unit.journal.entries() if e.event.startswith("sign_off")]
    assert [e.event for e in entries] == [
        "sign_off_removed",
        "sign_off_taken_back",
        "sign_off_signed",
        "sign_off_loaded",
    ]
    assert entries[2].detail == {
        "what": "Census 2026 to 2027",
        "name": "Priya",
        "day": "2026-10-20",
        "reference": "CS-1",
    }
    assert office.kept() == []
    assert wording.sentence(None, entries[2].event, entries[2].detail) == (
        "Census 2026 to 2027: marked as signed on the website"
    )


# --- the file


def test_the_original_is_kept_sealed_byte_for_byte(office: Office) -> None:
    ada = office.there("Ada")
    path = office.file(office.row(ada))
    office.sign_off.load(path)
    assert office.sign_off.original(CENSUS, 2026) == path.read_bytes()
    assert all(b"Ashcombe" not in sealed_.read_bytes() for sealed_ in sealed.all_of(office.workspace._store))
    office.sign_off.remove(CENSUS, 2026)
    assert office.sign_off.original(CENSUS, 2026) is None
    with pytest.raises(UsageError, match="No file is loaded"):
        office.sign_off.remove(CENSUS, 2026)


def test_a_renamed_file_is_what_the_person_says_with_a_remark(office: Office) -> None:
    path = office.file(office.row(office.there("Ada")), name="census.csv")
    with pytest.raises(UsageError, match="does not say which sign-off"):
        office.sign_off.load(path)
    assert office.kept() == []
    one = office.sign_off.load(path, (CENSUS, 2026))
    assert one.file is not None
    assert one.file.made_at is None
    assert "It is taken for the census 2026 to 2027" in one.file.remarks[0].text


def test_another_providers_file_is_refused_and_another_spelling_is_a_remark(office: Office) -> None:
    ada = office.there("Ada")
    foreign = office.file(
        office.row(ada, trainee_id="foreign00000000000000000"), provider="Hilltop University"
    )
    with pytest.raises(UsageError, match="is of “Hilltop University”, this workspace is of Weybury SCITT"):
        office.sign_off.load(foreign)
    assert office.kept() == []
    one = office.sign_off.load(office.file(office.row(ada), provider="Weybury Teaching"))
    assert one.file is not None
    assert one.file.remarks[0].text.startswith("The file is of “Weybury Teaching”")
    assert office.sign_off.load(office.file(office.row(ada), provider="WEYBURY  scitt")).file.remarks == ()  # type: ignore[union-attr]


def test_an_older_file_is_refused_and_the_newer_one_stays(office: Office) -> None:
    ada = office.there("Ada")
    office.load(office.row(ada))
    older = office.file(
        office.row(ada, email="b@example.com"), name=files.CENSUS.replace("14-05-09", "09-00-00")
    )
    before = office.kept()
    with pytest.raises(UsageError, match=r"is older than .* of 20 October 2026, 14:05"):
        office.sign_off.load(older)
    renamed = office.file(office.row(ada, updated_at="2026-09-30T09:00:00Z"), name="census.csv")
    with pytest.raises(UsageError, match="is older than"):
        office.sign_off.load(renamed, (CENSUS, 2026))
    assert office.kept() == before
    office.sign_off.remove(CENSUS, 2026)
    assert office.sign_off.load(older).file is not None


def test_a_file_of_another_year_is_refused(office: Office) -> None:
    ada = office.there("Ada")
    path = office.file(office.row(ada, itt_start_date="2025-09-07", trainee_start_date="2025-09-07"))
    with pytest.raises(
        UsageError, match="would be the census 2026 to 2027, but its trainees start in 2025 to 2026"
    ):
        office.sign_off.load(path)
    profile = office.file(office.row(ada), name=files.PROFILE)
    with pytest.raises(UsageError, match="but its trainees start in 2026 to 2027"):
        office.sign_off.load(profile)
    assert office.kept() == []


def test_a_trainee_who_stands_there_twice_is_told(office: Office) -> None:
    ada, bea = office.there("Ada"), office.there("Bea")
    one = office.load(
        office.row(ada), office.row(bea), office.row(bea, email="z@example.com"), office.row(ada)
    )
    assert one.file is not None
    assert [(r.row, r.text.partition(": ")[2]) for r in one.file.remarks] == [
        (row, "The same trainee stands in rows 3 and 4 with different answers. None of them is taken.")
        for row in (3, 4)
    ]
    assert said(one, ListKey.MISSING)[0][0] == "Bea"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"Month,Month total\nAugust 2026,1\n", "is not Register’s export of trainees"),
        (b"\x89PNG\r\n", "is a picture"),
        (
            b"register_id,register_record_last_changed_at,trainee_status\nx,never,draft\n",
            "No row of .* can be taken",
        ),
        (
            b"register_id,register_record_last_changed_at,trainee_status\nNo trainee data to export,,\n",
            "There is no trainee in",
        ),
    ],
)
def test_a_wrong_file_is_refused_in_words_and_nothing_is_kept(
    office: Office, content: bytes, message: str
) -> None:
    path = office.folder / files.CENSUS
    path.write_bytes(content)
    with pytest.raises(UsageError, match=message):
        office.sign_off.load(path)
    with pytest.raises(UsageError, match="There is no file"):
        office.sign_off.load(office.folder / f"x{files.CENSUS}")
    assert office.kept() == []


def test_a_disk_that_takes_nothing_leaves_nothing_behind(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = office.file(office.row(office.there("Ada")))

    def full(*_: Any) -> None:
        raise StoreError("No room.")

    monkeypatch.setattr(office.workspace._store, "write", full)
    with pytest.raises(StoreError):
        office.sign_off.load(path)
    assert office.kept() == []


@pytest.mark.parametrize(("kind", "year"), [("consensus", 2026), (CENSUS, 1066), (PROFILE, 9999)])
def test_a_sign_off_that_there_is_not_is_said(office: Office, kind: str, year: int) -> None:
    with pytest.raises(UnknownName):
        office.sign_off.view(kind, year)


# --- lists as files


@pytest.fixture
def wrong_all_over(office: Office) -> Checklist:
    """A sign-off with something in every list."""
    ada, bea, cy, dee, eve = (office.there(name) for name in ("Ada", "Bea", "Cy", "Dee", "Eve"))
    office.workspace.records.edit(cy, Patch({"email": "nonsense"}))
    odd = office.there("Odd", training_route="16")
    office.load(office.row(ada))
    office.sign_off.sign(CENSUS, 2026, "Priya", TODAY)
    office.workspace.records.edit(eve, Patch({"trainee_start_date": None}))
    path = office.file(
        office.row(ada, last_name="=1+1"), office.row(bea, sex="11"), office.row(cy), office.row(eve), office.row(odd),
        office.row(dee, trainee_id="nobodyhere00000000000000", hesa_id="", provider_trainee_id=""),
        name=files.CENSUS.replace("2026-10-20", "2026-10-21"),
    )  # fmt: skip
    path.write_text(path.read_text("utf-8").replace("mathematics", "sums", 1), "utf-8")
    return office.sign_off.load(path)


@pytest.mark.parametrize("key", list_names())
def test_every_list_is_saved_as_csv_xlsx_and_pdf(wrong_all_over: Checklist, tmp_path: Path, key: str) -> None:
    one = wrong_all_over
    many = len(one.file.remarks) if key == REMARKS and one.file else len(one.lists[ListKey(key)])
    assert many
    for ending in (".csv", ".xlsx", ".pdf"):
        path = tmp_path / f"list{ending}"
        assert write_list(path, one, key, OURS) == many
        assert path.stat().st_size > 50
    with (tmp_path / "list.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert len(list(csv.reader(stream))) == many + 1
    with pytest.raises(UsageError, match=r"\.csv, \.xlsx or \.pdf"):
        write_list(tmp_path / "list.doc", one, key, OURS)


def test_a_formula_in_the_file_is_none_in_the_list(wrong_all_over: Checklist, tmp_path: Path) -> None:
    write_list(tmp_path / "list.csv", wrong_all_over, ListKey.DIFFERS, OURS)
    assert "'=1+1" in (tmp_path / "list.csv").read_text("utf-8-sig")


def test_the_report_has_every_list(wrong_all_over: Checklist, tmp_path: Path) -> None:
    write_all(tmp_path / "all.xlsx", wrong_all_over, OURS, "Priya")
    sheets = load_workbook(tmp_path / "all.xlsx").sheetnames
    assert [words.title[:31] for words in LISTS.values()] == sheets[2:-1]
    write_all(tmp_path / "all.pdf", wrong_all_over, OURS, "Priya")
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(tmp_path / "all.pdf").pages).split())
    assert "was signed, and has changed since" in text
    assert "Missing from the file" in text
    with pytest.raises(UnknownName):
        write_list(tmp_path / "x.csv", wrong_all_over, "nonsense", OURS)
