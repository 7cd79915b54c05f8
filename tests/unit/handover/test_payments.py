"""The funder's files as Register writes them, as spreadsheets save them again, and as nobody should have them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.handover.payments import (
    EXPORT,
    SCHEDULE,
    SUMMARY,
    PaymentFile,
    SummaryRow,
    month,
    pence,
    pounds,
    read_payments,
)
from desktop.handover.reading import open_sheet
from desktop.model.errors import UsageError

HEAD = "Funding type,Route,Course,Lead school,Tier,Number of trainees,Amount per trainee,Total"
MATHS = 'ITT bursary,Provider-led,Mathematics,,Not applicable,3,"£29,000.00","£87,000.00"'
TIER = 'EYITT bursary,EYITT Graduate entry,Early Years ITT,,Tier 2,1,"£4,000.00","£4,000.00"'
NAME = "weybury-scitt-trainee-summary-2026-to-2027.csv"
MONTHS = [date(2026, m, 1) for m in range(8, 13)] + [date(2027, m, 1) for m in range(1, 8)]


def read(tmp_path: Path, text: str | bytes, name: str = NAME) -> PaymentFile:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with open_sheet(path) as sheet:
        return read_payments(sheet.rows, name)


def summary(*rows: str) -> str:
    return "\n".join((HEAD, *rows)) + "\n"


def schedule(*, wrong: dict[int, str] | None = None, total: str | None = "") -> str:
    """Twelve months of £1,000 and one of them with £10.50 taken back; `wrong` replaces lines by number."""
    lines = ["Month,Training bursary trainees,TB 25/26 in-year adjustment,Month total"]
    for first in MONTHS:
        back = "'-£10.50" if first.month == 12 else "0"
        sum_ = '"£989.50"' if first.month == 12 else '"£1,000.00"'
        lines.append(f'{first:%B %Y},"£1,000.00",{back},{sum_}')
    if total is not None:
        lines.append(total or 'Total,"£12,000.00",\'-£10.50,"£11,989.50"')
    for number, line in (wrong or {}).items():
        lines[number - 1] = line
    return "\n".join(lines) + "\n"


def told(found: PaymentFile) -> list[tuple[int, str]]:
    return [(remark.row, remark.text) for remark in found.remarks]


# --- trainee summary ------------------------------------------------------------------------------------------------


def test_a_summary_is_read_as_register_writes_it(tmp_path: Path) -> None:
    found = read(tmp_path, summary(MATHS, TIER))
    assert (found.kind, found.organisation, found.year, found.remarks) == (SUMMARY, "weybury-scitt", 2026, ())
    assert found.summary == (
        SummaryRow(
            2, "bursary", "ITT bursary", "Provider-led", "Mathematics", "", 0, 3, 2_900_000, 8_700_000
        ),
        SummaryRow(
            3,
            "bursary",
            "EYITT bursary",
            "EYITT Graduate entry",
            "Early Years ITT",
            "",
            2,
            1,
            400_000,
            400_000,
        ),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "iso-8859-1"])
def test_any_usual_encoding_keeps_the_pounds_and_the_names(tmp_path: Path, encoding: str) -> None:
    row = MATHS.replace(",,", ",École Sainte-Anne,", 1)
    found = read(tmp_path, summary(row).encode(encoding))
    assert [(r.total_p, r.lead_school) for r in found.summary] == [(8_700_000, "École Sainte-Anne")]


def test_a_file_that_a_spreadsheet_saved_again_is_understood(tmp_path: Path) -> None:
    text = f"{HEAD.upper().replace(',', ';')}\r\nITT grant;School Direct salaried;Physics;;;2;29000;58000\r\n"
    found = read(tmp_path, text, "Copy of summary.csv")
    assert [(r.kind, r.trainees, r.each_p, r.total_p, r.tier) for r in found.summary] == [
        ("grant", 2, 2_900_000, 5_800_000, 0)
    ]
    assert (found.organisation, found.year, found.remarks) == ("", None, ())


def test_a_total_that_does_not_add_up_is_told_and_not_mended(tmp_path: Path) -> None:
    found = read(tmp_path, summary(MATHS.replace("£87,000.00", "£86,000.00")))
    assert found.summary[0].total_p == 8_600_000
    ((row, words),) = told(found)
    assert row == 2
    assert "3 × £29,000 is £87,000, but the total says £86,000" in words


def test_a_row_that_stands_there_twice_is_counted_twice_and_told(tmp_path: Path) -> None:
    found = read(tmp_path, summary(MATHS, TIER, MATHS))
    assert len(found.summary) == 3
    assert told(found) == [(4, "The row is the same as row 2. Both are counted, as the file has them.")]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (MATHS.replace(",3,", ",-3,"), "“-3” is not a number of trainees. The row is left out."),
        (MATHS.replace(",3,", ",three,"), "“three” is not a number of trainees. The row is left out."),
        (MATHS.replace(",3,", ",,"), "“” is not a number of trainees. The row is left out."),
        (
            MATHS.replace("£29,000.00", "-£29,000.00"),
            "“-£29,000.00” is not an amount for a trainee. The row is left out.",
        ),
        (
            MATHS.replace("£29,000.00", "a lot"),
            "“a lot” is not an amount for a trainee. The row is left out.",
        ),
    ],
)
def test_a_row_that_cannot_be_counted_is_left_out_and_told(tmp_path: Path, row: str, words: str) -> None:
    found = read(tmp_path, summary(row, TIER))
    assert [r.course for r in found.summary] == ["Early Years ITT"]
    assert told(found) == [(2, words)]


def test_a_tier_that_is_none_is_told(tmp_path: Path) -> None:
    found = read(tmp_path, summary(TIER.replace("Tier 2", "Tier 9")))
    assert found.summary[0].tier == 0
    assert told(found) == [(2, "“Tier 9” is not a tier. The row is taken as one without.")]


def test_blank_and_total_rows_are_no_groups(tmp_path: Path) -> None:
    found = read(tmp_path, summary(MATHS, ",,,,,,,", "Total,,,,,3,,£87000"))
    assert len(found.summary) == 1
    assert found.remarks == ()


def test_a_summary_without_a_row_says_so(tmp_path: Path) -> None:
    assert told(read(tmp_path, summary())) == [(0, "The file has no row with trainees.")]


def test_a_file_wrong_all_over_is_not_told_for_ever(tmp_path: Path) -> None:
    found = read(tmp_path, summary(*[MATHS.replace(",3,", f",x{n},") for n in range(500)]))
    assert len(found.remarks) == 201
    assert found.remarks[-1].text == "There are 300 more of this kind."


# --- payment schedule -----------------------------------------------------------------------------------------------


def test_a_schedule_is_read_with_the_funders_own_columns(tmp_path: Path) -> None:
    found = read(tmp_path, schedule(), "weybury-scitt-payment_schedule-2026-to-2027.csv")
    assert (found.kind, found.organisation, found.year) == (SCHEDULE, "weybury-scitt", 2026)
    assert found.columns == ("Training bursary trainees", "TB 25/26 in-year adjustment")
    assert [m.first for m in found.months] == MONTHS
    assert found.months[4].amounts_p == (100_000, -1_050)
    assert sum(m.total_p for m in found.months) == 1_198_950
    assert found.remarks == ()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({4: 'October 2026,"£1,000.00",0,"£1,001.00"'}, "The columns of October 2026 come to £1,000, but its month total says £1,001"),
        ({4: "Oktober,1,1,2"}, "“Oktober” is not a month. The row is left out."),
        ({4: 'September 2026,"£1,000.00",0,"£1,000.00"'}, "September 2026 stands in the file twice. Only row 3 is counted."),
        ({4: 'October 2026,much,0,"£1,000.00"'}, "“much” under “Training bursary trainees” is not an amount. It is counted as £0."),
        ({4: 'October 2028,"£1,000.00",0,"£1,000.00"'}, "October 2028 is not a month of 2026 to 2027. It is counted all the same."),
        ({14: 'Total,"£12,000.00",0,"£11,989.50"'}, "The months under “TB 25/26 in-year adjustment” come to -£10.50, but the total says £0."),
        ({14: "Total,,,"}, "The months under “Month total” come to £11,989.50, but the total cannot be read."),
    ],
)  # fmt: skip
def test_what_does_not_add_up_in_a_schedule_is_told(tmp_path: Path, wrong: dict[int, str], said: str) -> None:
    assert any(words.startswith(said) for _, words in told(read(tmp_path, schedule(wrong=wrong))))


def test_missing_months_and_a_missing_total_are_told(tmp_path: Path) -> None:
    lines = schedule(total=None).splitlines()
    found = read(tmp_path, "\n".join(lines[:-1]))
    assert [words for _, words in told(found)] == [
        "These months are missing: July 2027.",
        "The file has no row “Total”, so its sums cannot be checked.",
    ]


def test_a_name_of_another_year_than_the_months_is_told(tmp_path: Path) -> None:
    found = read(tmp_path, schedule(), "x-payment_schedule-2024-to-2025.csv")
    assert found.year == 2026
    assert told(found) == [(0, "The name of the file says 2024 to 2025, its months are of 2026 to 2027.")]


def test_a_schedule_without_months_says_so(tmp_path: Path) -> None:
    assert (0, "The file has no month.") in told(read(tmp_path, "Month,Month total\nTotal,0\n"))


# --- trainee export -------------------------------------------------------------------------------------------------


def test_of_a_trainee_export_only_the_money_is_read(tmp_path: Path) -> None:
    text = (
        "register_id,hesa_id,funding_method,funding_value\n"
        "aaa,'0310261553101,bursary,29000\nbbb,,Grant,data not available\nccc,,not funded,\naaa,,bursary,1\n"
    )
    found = read(tmp_path, text, "trainees.csv")
    assert found.kind == EXPORT
    assert [(r.register_id, r.method, r.value_p) for r in found.export] == [
        ("aaa", "bursary", 2_900_000), ("bbb", "grant", None), ("ccc", "not funded", None),
    ]  # fmt: skip
    assert told(found) == [(5, "The trainee of row 2 stands here again. The first row is used.")]


def test_an_export_of_nobody_says_so(tmp_path: Path) -> None:
    text = "register_id,funding_method,funding_value\nNo trainee data to export,,\n"
    assert told(read(tmp_path, text)) == [(0, "The file has no trainee.")]


# --- other files ----------------------------------------------------------------------------------------------------


def test_missing_columns_are_named(tmp_path: Path) -> None:
    text = summary(MATHS).replace("Amount per trainee", "Amount").replace("Tier", "Level")
    with pytest.raises(
        UsageError, match=r"looks like the trainee summary.*missing: Tier, Amount per trainee"
    ):
        read(tmp_path, text)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n,,\n",
        b"a,b\n1,2\n",
        b"\x00\x01\x02" * 50,
        b"%PDF-1.7",
        b"PK\x03\x04 broken",
        b"Month\nAugust 2026\n",
    ],
)
def test_what_is_none_of_the_files_is_refused_in_plain_words(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UsageError) as refused:
        read(tmp_path, content)
    assert str(refused.value).endswith(".")
    assert "Error" not in str(refused.value)


# --- values ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("£1,234.50", 123_450), ("-£5.00", -500), ("£-5.00", -500), ("(£5.00)", -500), ("29000", 2_900_000),
        ("29000.0", 2_900_000), ("0", 0), ("", None), ("£", None), ("1,23", None), ("£1.234", None),
        ("--£5", None), ("£5 000", 500_000), ("1e9", None), ("9" * 13, None), ("−£5", -500),
    ],
)  # fmt: skip
def test_pounds_are_read_as_people_and_spreadsheets_write_them(words: str, value: int | None) -> None:
    assert pence(words) == value


@given(st.integers(-(10**11), 10**11))
def test_what_is_written_as_pounds_reads_back(value: int) -> None:
    assert pence(pounds(value)) == value


@given(st.text(max_size=40))
def test_no_cell_breaks_the_reader(words: str) -> None:
    assert pence(words) is None or isinstance(pence(words), int)
    assert month(words) is None or isinstance(month(words), date)


@pytest.mark.parametrize("words", ["August 2026", "aug-26", "Aug 2026", "2026-08", "2026-08-01"])
def test_months_are_read_as_spreadsheets_save_them(words: str) -> None:
    assert month(words) == date(2026, 8, 1)


@pytest.mark.parametrize(
    "words", ["", "Total", "August", "Augur 2026", "2026-13", "August 3026", "13 August 2026"]
)
def test_what_is_no_month_is_none(words: str) -> None:
    assert month(words) is None


@given(st.lists(st.lists(st.text(max_size=12), max_size=9), max_size=6))
def test_any_table_is_read_or_refused(rows: list[list[str]]) -> None:
    for head in (
        [HEAD.split(",")],
        [["Month", "Month total"]],
        [["register_id", "funding_method", "funding_value"]],
    ):
        found = read_payments(enumerate(head + rows, 1), "x.csv")
        assert PaymentFile.from_json(found.to_json()) == found
