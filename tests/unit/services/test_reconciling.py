"""What should be paid against what was: real records in a real workspace, made-up files of the funder."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from desktop.collections.trainees.payments import families, family_named, subject_named
from desktop.model.document import Document, Patch
from desktop.model.errors import StoreError, UsageError
from desktop.model.snapshot import Snapshot
from desktop.services import reconciling
from desktop.services.payment_groups import PaymentGroup, Verdict
from desktop.services.payment_report import statement
from desktop.services.reconciling import LoadedFile, Reconciliation
from desktop.services.views import Organisation
from desktop.services.workspace import Workspace
from desktop.store import sealed, vault

NOW = datetime(2026, 11, 13, 13, 2, tzinfo=UTC)
SUMMARY_NAME = "weybury-scitt-trainee-summary-2026-to-2027.csv"
SCHEDULE_NAME = "weybury-scitt-payment_schedule-2026-to-2027.csv"
COLUMNS = (
    *("Funding type", "Route", "Course", "Lead school", "Tier"),
    *("Number of trainees", "Amount per trainee", "Total"),
)
MATHS = {
    "last_name": "Ashcombe",
    "training_route": "12",
    "course_subject_1": "100403",
    "fund_code": "7",
    "funding_method": "D",
    "itt_start_date": "2026-09-07",
    "trainee_start_date": "2026-09-07",
}


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setattr(vault, "_KDF", {**vault._KDF, "memory_kib": 8, "passes": 1, "lanes": 1})
    made = Workspace.create(
        tmp_path / "w",
        Organisation("Weybury SCITT", "scitt"),
        "pass",
        clock=lambda: NOW,
        actor="Priya",
        remember=False,
    )
    yield made
    made.close()


class Office:
    """A workspace, what Register has of its trainees, and files made up in a folder."""

    def __init__(self, workspace: Workspace, folder: Path) -> None:
        self.workspace, self.folder = workspace, folder
        self._numbers = 0

    def there(self, first: str, *, state: str = "trn_received", withdrawn: str = "", **fields: str) -> str:
        """A trainee as Register has it; its local id."""
        self._numbers += 1
        portal_id = f"register{self._numbers:016}"
        document = Document({**MATHS, "first_names": first, **fields})
        extras = {"withdrawal_date": withdrawn} if withdrawn else {}
        snapshot = Snapshot(portal_id, "2026-10-01T09:00:00Z", state, document, extras)
        with self.workspace._store.write() as unit:
            unit.records.add_pulled(
                self.workspace.collection("trainees"), [(f"local{self._numbers}", snapshot)]
            )
        return f"local{self._numbers}"

    def here(self, first: str, **fields: str) -> str:
        """A trainee that is only on this computer."""
        document = Document({**MATHS, "first_names": first, **fields})
        return self.workspace.records.add("trainees", document).id

    def change(self, record_id: str, **fields: str) -> None:
        self.workspace.records.edit(record_id, Patch(dict(fields)))

    def write(self, name: str, rows: Sequence[Sequence[object]]) -> Path:
        path = self.folder / name
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
        return path

    def pays(self, *rows: tuple[Any, ...], name: str = SUMMARY_NAME) -> LoadedFile:
        """Load a summary: (trainees, pounds each) of provider-led mathematics, then what is another in that row."""
        told = [list(COLUMNS)]
        for many, each, *other in rows:
            cells = {"Funding type": "ITT bursary", "Route": "Provider-led", "Course": "Mathematics"}
            cells |= {"Tier": "Not applicable", "Number of trainees": str(many)}
            cells |= {
                "Amount per trainee": f"£{each:,}.00",
                "Total": f"£{many * each:,}.00",
                **(other or [{}])[0],
            }
            told.append([cells.get(column, "") for column in COLUMNS])
        return self.workspace.reconciling.load(self.write(name, told))

    def exports(self, *rows: tuple[str, str, str]) -> LoadedFile:
        head = ("register_id", "funding_method", "funding_value")
        return self.workspace.reconciling.load(self.write("trainees.csv", [head, *rows]))

    def portal_id(self, record_id: str) -> str:
        found = self.workspace.records.view(record_id).portal_id
        assert found is not None
        return found

    def view(self, year: int | None = None) -> Reconciliation:
        return self.workspace.reconciling.view(year)

    def group(self, subject: str = "Mathematics", kind: str = "ITT bursary") -> PaymentGroup:
        (found,) = [g for g in self.view().groups if (g.subject, g.funding_type) == (subject, kind)]
        return found

    def suspects(self) -> dict[str, tuple[str, str]]:
        return {s.label: (s.cause, s.why) for s in self.group().suspects}


@pytest.fixture
def office(workspace: Workspace, tmp_path: Path) -> Office:
    return Office(workspace, tmp_path)


# --- expected against paid ------------------------------------------------------------------------------------------


def test_groups_that_agree_are_said_to_agree(office: Office) -> None:
    office.there("Ada")
    office.there("Ben", course_subject_1="100417", funding_method="4")  # chemistry, scholarship
    office.pays((1, 29_000), (1, 31_000, {"Funding type": "ITT scholarship", "Course": "Chemistry"}))
    found = office.view()
    assert [(g.subject, g.verdict) for g in found.groups] == [
        ("Chemistry", Verdict.AS_EXPECTED), ("Mathematics", Verdict.AS_EXPECTED),
    ]  # fmt: skip
    assert (found.expected_trainees, found.expected_p, found.paid_p) == (2, (6_000_000, 6_000_000), 6_000_000)
    assert statement(found) == "All 2 groups are paid as expected"


def test_one_wrong_bursary_is_found_and_the_one_that_explains_it(office: Office) -> None:
    office.there("Ada")
    office.here("Zara")
    office.there("Ben", course_subject_1="100417")
    office.pays((1, 29_000), (1, 29_000, {"Course": "Chemistry"}))
    assert statement(office.view()) == "1 of 2 groups is not paid as expected"
    group = office.view().groups[0]
    assert (group.subject, group.verdict, group.difference_p) == ("Mathematics", Verdict.LESS, -2_900_000)
    assert (len(group.members), group.paid_trainees) == (2, 1)
    assert [(s.label, s.cause) for s in group.suspects] == [("Ashcombe, Zara", "draft")]
    assert "Register does not have this trainee" in group.suspects[0].why


def test_rows_of_one_group_are_counted_together_whatever_the_lead_school(office: Office) -> None:
    for name in ("Ada", "Ben", "Cy"):
        office.there(name)
    office.pays((1, 29_000, {"Lead school": "Riverbank"}), (2, 29_000, {"Lead school": "Hilltop"}))
    group = office.group()
    assert (group.verdict, group.paid_trainees, [r.row for r in group.rows]) == (
        Verdict.AS_EXPECTED,
        3,
        [2, 3],
    )


def test_provider_led_is_postgraduate_and_undergraduate_and_both_are_counted(office: Office) -> None:
    office.there("Ada")
    office.there("Una", training_route="11", funding_method="B")
    office.pays((1, 29_000), (1, 9_000))
    assert (office.group().verdict, office.group().note) == (Verdict.AS_EXPECTED, "")


def test_tiers_are_groups_of_their_own(office: Office) -> None:
    early = {"training_route": "19", "course_subject_1": "100510", "itt_start_date": "2026-09-01"}
    office.there("Ada", funding_method="7", **early)
    office.there("Ben", funding_method="8", **early)
    base = {"Funding type": "EYITT bursary", "Route": "EYITT Graduate entry", "Course": "Early Years ITT"}
    office.pays((1, 5_000, base | {"Tier": "Tier 1"}), (2, 4_000, base | {"Tier": "Tier 2"}))
    assert {(g.tier, g.verdict) for g in office.view().groups} == {
        (1, Verdict.AS_EXPECTED),
        (2, Verdict.MORE),
    }


def test_two_amounts_in_the_table_itself_are_both_expected(office: Office) -> None:
    dates = {"itt_start_date": "2024-09-02", "trainee_start_date": "2024-09-02"}
    office.there("Ada", training_route="02", course_subject_1="100048", **dates)  # design and technology
    row = {"Route": "School Direct tuition fee", "Course": "Design & technology"}
    name = SUMMARY_NAME.replace("2026-to-2027", "2024-to-2025")

    def verdict(pounds: int) -> Verdict:
        office.pays((1, pounds, row), name=name)
        (group,) = office.view().groups
        return group.verdict

    assert verdict(1) is Verdict.LESS
    low, high = office.view().groups[0].expected_p
    assert low < high
    assert [verdict(sum_) for sum_ in (low // 100, high // 100)] == [Verdict.AS_EXPECTED] * 2
    assert verdict(high // 100 + 1) is Verdict.MORE


def test_a_name_that_is_not_known_is_shown_and_never_guessed(office: Office) -> None:
    office.there("Ada")
    office.pays(
        (1, 29_000, {"Route": "Provider led, new style"}), (1, 6_000, {"Course": "Primary with maths"})
    )
    found = office.view()
    unmatched = [g for g in found.groups if g.verdict is Verdict.UNMATCHED]
    assert {g.note for g in unmatched} == {
        "Holdfast does not know the course “Primary with maths”, so nothing here was compared with it.",
        "Holdfast does not know the route “Provider led, new style”, so nothing here was compared with it.",
    }
    assert all(g.filters(2026) == {} for g in unmatched)
    assert statement(found) == "1 of 1 group is not paid as expected"


def test_a_funding_type_that_is_not_known_is_shown_too(office: Office) -> None:
    office.pays((1, 100, {"Funding type": "ITT gift"}))
    assert "funding type “ITT gift”" in office.view().groups[0].note
    assert statement(office.view()) == "No group of the file could be compared"


def test_a_group_that_the_file_lacks_says_where_it_may_be(office: Office) -> None:
    office.there("Ada")
    office.pays()
    group = office.group()
    assert (group.verdict, group.paid_trainees) == (Verdict.LESS, 0)
    assert "only the first amount of each row" in group.note


def test_an_amount_of_another_year_is_named(office: Office) -> None:
    office.there("Ada", course_subject_1="100346")  # biology
    office.pays((1, 26_000, {"Course": "Biology"}))
    assert office.group("Biology").note == (
        "The file pays £26,000 a trainee, the amount of 2025 to 2026; the table of 2026 to 2027 has £5,000 for biology."
    )


def test_the_same_sum_for_another_number_of_trainees_is_not_as_expected(office: Office) -> None:
    office.there("Ada")
    office.pays((2, 14_500))
    assert (office.group().verdict, office.group().difference_p) == (Verdict.DIFFERENT, 0)


def test_the_files_routes_and_subjects_are_data_and_disjoint() -> None:
    codes = [code for family in families().values() for code in family.codes]
    assert len(codes) == len(set(codes))
    for name, first in (
        ("Provider-led", "12"), ("EYITT Graduate Entry", "19"), ("EYITT Graduate employment-based", "20"),
        ("Undergraduate opt-in", "09"), ("School Direct tuition fee", "02"), ("School Direct salaried", "03"),
        ("Post Graduate Teaching Apprenticeship", "10"), ("Early years graduate entry", "19"),
    ):  # fmt: skip
        family = family_named(name)
        assert family is not None, name
        assert family.codes[0] == first
    assert family_named("Something else") is None
    assert subject_named("MODERN  languages") == "Modern languages"
    assert subject_named("Maths") is None


# --- who could explain it -------------------------------------------------------------------------------------------


def test_too_little_is_explained_by_those_whom_the_funder_may_not_count(office: Office) -> None:
    office.there("Plain")
    office.here("Draft")
    changed = office.there("Changed", funding_method="6")
    office.change(changed, funding_method="D")
    office.there("Early", itt_start_date="2026-07-30")
    office.there("Edge", trainee_start_date="2026-08-01")
    office.there("Late", trainee_start_date="2026-10-15")
    office.there("Gone", state="withdrawn", withdrawn="2026-11-02")
    blank = office.there("Blank", trainee_start_date="")
    office.pays((1, 29_000))
    found = {label.removeprefix("Ashcombe, "): pair for label, pair in office.suspects().items()}
    assert {name: cause for name, (cause, _) in found.items()} == {
        "Draft": "draft", "Changed": "unsent", "Early": "cycle", "Edge": "cycle", "Late": "late start",
        "Gone": "withdrawn", "Blank": "no start",
    }  # fmt: skip
    assert found["Changed"][1].startswith("Register still has no funding: ")
    assert "after the census day 14 October 2026" in found["Late"][1]
    assert "The course starts in 2025 to 2026" in found["Early"][1]
    assert blank in {member.record_id for member in office.group().members}


def test_too_much_is_explained_by_those_whom_we_do_not_expect(office: Office) -> None:
    office.there("Plain")
    office.there("None", funding_method="6")
    office.there("Two", fund_code="2")
    office.there("Gone", state="withdrawn", withdrawn="2026-09-20")
    office.there("Next", trainee_start_date="2027-08-02")
    office.there("Older", trainee_start_date="2025-09-08", itt_start_date="2025-09-08")
    changed = office.there("Changed")
    office.change(changed, funding_method="6")
    office.pays((6, 29_000))
    found = {label.removeprefix("Ashcombe, "): pair for label, pair in office.suspects().items()}
    assert {name: cause for name, (cause, _) in found.items()} == {
        "None": "method", "Two": "finance", "Gone": "withdrawn", "Next": "cycle", "Changed": "unsent",
    }  # fmt: skip
    assert "before the census" in found["Gone"][1]
    assert "is of 2027 to 2028, the course starts in 2026 to 2027" in found["Next"][1]
    assert "Register still counts this trainee here. By your records: no funding" in found["Changed"][1]


def test_a_swap_of_bursary_and_scholarship_names_the_trainee(office: Office) -> None:
    office.there("Ada", course_subject_1="100417", funding_method="4")
    office.pays((1, 29_000, {"Course": "Chemistry"}))
    much = office.group("Chemistry")
    assert (much.verdict, [s.cause for s in much.suspects]) == (Verdict.MORE, ["other type"])
    assert much.suspects[0].why == "Has a scholarship here, and of those too little is paid."
    assert office.group("Chemistry", "ITT scholarship").verdict is Verdict.LESS


def test_another_sum_for_as_many_trainees_does_not_list_everybody_without_funding(office: Office) -> None:
    office.there("Ada")
    office.there("None", funding_method="6")
    office.pays((1, 31_000))
    assert office.group().verdict is Verdict.MORE
    assert office.group().suspects == ()


def test_a_withdrawal_that_was_not_sent_explains_what_is_still_paid(office: Office) -> None:
    gone = office.there("Ada")
    fields = {
        "withdrawal_date": "2026-09-21",
        "trigger": "trainee",
        "reasons": "change_in_personal_or_health_circumstances",
    }
    office.workspace.records.act(gone, "withdraw", {**fields, "future_interest": "no"})
    office.pays((1, 29_000))
    ((cause, why),) = office.suspects().values()
    assert cause == "withdrawn"
    assert why.startswith("Withdrew on 21 September 2026, which was not sent yet")


def test_registers_own_amount_explains_too(office: Office) -> None:
    ada, ben = office.there("Ada"), office.there("Ben")
    office.exports(
        (office.portal_id(ada), "bursary", "29000"), (office.portal_id(ben), "bursary", "data not available")
    )
    office.pays((1, 29_000))
    assert office.suspects() == {
        "Ashcombe, Ben": ("portal", "Register’s own export has no amount for this trainee.")
    }


# --- trainee by trainee ---------------------------------------------------------------------------------------------


def test_our_amounts_are_held_against_the_portals_one_by_one(office: Office) -> None:
    ada, ben, cy = (
        office.there("Ada"),
        office.there("Ben", course_subject_1="100346"),
        office.there("Cy", funding_method="6"),
    )
    office.change(ada, funding_method="6")
    office.exports(
        (office.portal_id(ada), "bursary", "29000"),
        (office.portal_id(ben), "bursary", "26000"),
        (office.portal_id(cy), "not funded", ""),
        ("unknown-to-us-000000000", "bursary", "29000"),
    )
    found = office.view()
    assert found.compared == 3
    assert [(a.label, a.ours, a.theirs_p, a.why) for a in found.amounts] == [
        ("Ashcombe, Ben", (5_000,), 2_600_000, "£26,000 is the amount of 2025 to 2026: check the start dates."),
        (
            "unknown-to-us-000000000", (), 2_900_000,
            "Not on this computer. Get the trainees from Register, then look again.",
        ),
    ]  # fmt: skip


def test_another_funding_type_at_the_portal_and_an_unsent_change_are_said(office: Office) -> None:
    ada = office.there("Ada", course_subject_1="100417")
    office.change(ada, funding_method="4")
    office.exports((office.portal_id(ada), "scholarship", "31000"))
    (one,) = office.view().amounts
    assert (
        one.why
        == "Register has a scholarship, this record a bursary. Your change to the funding waits to be sent."
    )


# --- the files ------------------------------------------------------------------------------------------------------


def test_a_loaded_file_is_kept_sealed_and_noted(office: Office) -> None:
    file = office.pays((1, 29_000))
    assert (file.name, file.year, file.by, file.rows, file.remarks) == (SUMMARY_NAME, 2026, "Priya", 1, ())
    entry = office.workspace.activity.entries(limit=1)[0]
    content = (office.folder / SUMMARY_NAME).read_bytes()
    assert (entry.event, entry.text) == ("payments_loaded", "Payment file loaded to check what was paid")
    assert entry.detail["sha256"] == hashlib.sha256(content).hexdigest()
    assert sealed.read(office.workspace._store, entry.detail["sealed"]) == content
    on_disk = b"".join(p.read_bytes() for p in (office.workspace.folder / "files").iterdir())
    assert b"Mathematics" not in on_disk


def test_nothing_in_the_records_changes(office: Office) -> None:
    ada = office.there("Ada")
    before = office.workspace.records.view(ada)
    office.pays((5, 29_000))
    office.exports((office.portal_id(ada), "bursary", "1"))
    office.view()
    assert office.workspace.records.view(ada) == before
    assert office.workspace.queue.items() == []


def test_a_newer_file_takes_the_place_of_the_one_before(office: Office) -> None:
    office.there("Ada")
    office.pays((9, 29_000))
    office.pays((1, 29_000))
    found = office.view()
    assert len(found.files) == 1
    assert found.groups[0].verdict is Verdict.AS_EXPECTED


def test_files_of_other_years_stand_apart(office: Office) -> None:
    office.there("Ada")
    office.pays((1, 29_000))
    office.pays((3, 28_000), name=SUMMARY_NAME.replace("2026-to-2027", "2024-to-2025"))
    found = office.view()
    assert (found.year, found.years, found.current_year) == (2026, (2026, 2024), 2026)
    older = office.view(2024)
    assert (older.year, [g.paid_trainees for g in older.groups], older.expected_trainees) == (2024, [3], 0)


def test_another_organisations_name_in_the_files_name_is_told(office: Office) -> None:
    file = office.pays((1, 29_000), name="hilltop-scitt-trainee-summary-2026-to-2027 (2).csv")
    assert [r.text for r in file.remarks] == [
        "The file is named for “hilltop-scitt”, this workspace is of Weybury SCITT. Check that it is yours."
    ]


def test_a_file_whose_name_says_no_year_is_taken_for_this_one_and_told(office: Office) -> None:
    file = office.pays((1, 29_000), name="summary.csv")
    assert file.year == 2026
    assert file.remarks[0].text.startswith(
        "The name of the file does not say its year, so it is taken for 2026 to 2027."
    )


def test_a_file_that_is_refused_leaves_nothing(office: Office) -> None:
    with pytest.raises(UsageError):
        office.workspace.reconciling.load(office.write("x.csv", [["a", "b"], ["1", "2"]]))
    with pytest.raises(UsageError):
        office.workspace.reconciling.load(office.folder / "not there.csv")
    assert not (office.workspace.folder / "files").exists()
    assert office.view().files == ()
    assert "payments_loaded" not in [e.event for e in office.workspace.activity.entries(limit=50)]


def test_a_disk_that_fails_while_noting_leaves_no_file_behind(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise StoreError("full")

    monkeypatch.setattr("desktop.store.kept.Kept.put", full)
    with pytest.raises(StoreError):
        office.pays((1, 29_000))
    assert list((office.workspace.folder / "files").iterdir()) == []


def test_what_was_loaded_is_there_after_the_program_ended(office: Office, tmp_path: Path) -> None:
    office.there("Ada")
    office.pays((2, 29_000))
    before = office.view()
    office.workspace.close()
    again = Workspace.open(tmp_path / "w", "pass", clock=lambda: NOW)
    try:
        assert again.reconciling.view() == before
    finally:
        again.close()


def test_reading_that_is_asked_to_stop_stops(office: Office) -> None:
    office.there("Ada")
    office.pays((1, 29_000))
    assert office.workspace.reconciling.view(None, lambda: True).expected_trainees == 0


# --- months and report ----------------------------------------------------------------------------------------------


def load_schedule(office: Office) -> LoadedFile:
    rows: list[list[object]] = [["Month", "Training bursary trainees", "=adjustment", "Month total"]]
    for number in range(12):
        first = date(2026 + (number > 4), (7 + number) % 12 + 1, 1)
        rows.append([f"{first:%B %Y}", "£1,000.00", "0", "£1,000.00"])
    rows.append(["Total", "£12,000.00", "0", "£12,000.00"])
    return office.workspace.reconciling.load(office.write(SCHEDULE_NAME, rows))


def test_months_that_are_due_and_still_to_come(office: Office) -> None:
    assert load_schedule(office).remarks == ()
    found = office.view()
    assert [m.due for m in found.months] == [True] * 4 + [False] * 8
    assert (found.months[-1].running_p, found.schedule_p) == (1_200_000, 1_200_000)
    assert statement(found) == "£12,000 is planned for 2026 to 2027"


def test_the_report_as_pdf_and_as_workbook(office: Office) -> None:
    office.there("Ada")
    draft = office.here("Zara <&>")
    office.pays((1, 29_000), (2, 6_000, {"Course": "Primary with maths"}), (1, 1, {"Total": "£5"}))
    load_schedule(office)
    office.exports((office.portal_id("local1"), "bursary", "28000"))
    found = office.view()
    assert draft
    pdf, book = office.folder / "report.pdf", office.folder / "report.xlsx"
    office.workspace.reconciling.write(pdf, found)
    office.workspace.reconciling.write(book, found)
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(pdf).pages).split())
    for said in (
        "1 of 1 group is not paid as expected", "Weybury SCITT", "Zara <&>", "Primary with maths", "August 2026",
        "Trainee by trainee", "£28,000", "1 × £1 is £1, but the total says £5", "Page 1 of",
    ):  # fmt: skip
        assert said in text, said
    sheets = load_workbook(book)
    assert sheets.sheetnames == [
        "About", "Groups", "Could explain it", "About groups", "Months", "Trainee by trainee", "In the files themselves",
    ]  # fmt: skip
    assert [cell.value for cell in sheets["Groups"][2]][:5] == [
        "Too little paid",
        "ITT bursary",
        "Provider-led",
        "Mathematics",
        None,
    ]
    assert sheets["Groups"]["F2"].value == 2


def test_a_report_of_another_kind_is_refused(office: Office) -> None:
    office.pays((1, 29_000))
    with pytest.raises(UsageError, match=r"\.pdf or \.xlsx"):
        office.workspace.reconciling.write(office.folder / "report.docx", office.view())
    assert not (office.folder / "report.docx").exists()


def test_an_export_kept_by_many_years_ago_is_still_compared(office: Office) -> None:
    ada = office.there("Ada")
    office.exports((office.portal_id(ada), "bursary", "1"))
    assert office.view(2020).compared == 1


def test_records_of_many_batches_are_all_counted(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconciling, "SOME", 2)
    for number in range(7):
        office.there(f"Ada{number}")
    office.pays((7, 29_000))
    assert office.group().verdict is Verdict.AS_EXPECTED
    assert replace(office.group(), suspects=()) == office.group()
