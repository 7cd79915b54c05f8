"""Lists as files, read back with real readers."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from desktop.handover import tables
from desktop.model.errors import UsageError

COLUMNS = ["Name", "Code", "Money"]
ROWS: list[list[str | int]] = [
    ["Ashcombe, Zoë", "007", 29000],
    ["=HYPERLINK(1)", "-5", ""],
    ["two\nlines", "#N/A", 0],
    ["-", "2026-09-01", "a\0b"],
]
Writer = Callable[[Path, list[str], Iterator[list[str | int]]], int]
WRITERS: dict[str, Writer] = {
    "csv": tables.write_csv,
    "xlsx": lambda path, columns, rows: tables.write_xlsx(path, "Trainees: [all]", columns, rows),
    "pdf": lambda path, columns, rows: tables.write_pdf(path, "Trainees", "All of them", columns, rows),
}


def test_csv_reads_right_in_excel_and_computes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    assert tables.write_csv(path, COLUMNS, iter(ROWS)) == 4
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            COLUMNS,
            ["Ashcombe, Zoë", "007", "29000"],
            ["'=HYPERLINK(1)", "'-5", ""],
            ["two\nlines", "#N/A", "0"],
            ["-", "2026-09-01", "a\0b"],
        ]


def test_xlsx_keeps_text_as_text_and_amounts_as_numbers(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    assert tables.write_xlsx(path, "Trainees: [all]/", COLUMNS, iter(ROWS)) == 4
    sheet = load_workbook(path).active
    assert sheet is not None
    assert sheet.title == "Trainees   all"
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:C5"
    assert all(cell.font.bold for cell in sheet[1])
    assert sheet.column_dimensions["A"].width > sheet.column_dimensions["C"].width
    found = [[(cell.value, cell.data_type) for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert found == [
        [("Ashcombe, Zoë", "s"), ("007", "s"), (29000, "n")],
        [("=HYPERLINK(1)", "s"), ("-5", "s"), (None, "n")],
        [("two\nlines", "s"), ("#N/A", "s"), (0, "n")],
        [("-", "s"), ("2026-09-01", "s"), ("a\ufffdb", "s")],
    ]


def test_pdf_has_heads_and_numbers_on_every_page_and_cuts_no_cell(tmp_path: Path) -> None:
    path = tmp_path / "list.pdf"
    long = "Mathematics with a great many other words " * 5 + "end"
    rows: list[list[str | int]] = [[f"Ashcombe {n}", "W" * 300 if n == 3 else long, n] for n in range(200)]
    assert tables.write_pdf(path, "Trainees", "This year", COLUMNS, rows) == 200
    reader = PdfReader(path)
    texts = [" ".join(page.extract_text().split()) for page in reader.pages]
    total = len(texts)
    assert total > 5
    assert texts[0].startswith("Trainees This year Name Code Money")
    assert all("Name Code Money" in text for text in texts)
    assert [f"Page {n} of {total}" in text for n, text in enumerate(texts, 1)] == [True] * total
    assert sum(text.count("Ashcombe") for text in texts) == 200
    assert sum(text.count("end") for text in texts) == 199
    assert sum(text.count("W") for text in texts) == 300
    box = reader.pages[0].mediabox
    assert box.width > box.height
    assert reader.metadata is not None
    assert reader.metadata.title == "Trainees"


def test_many_columns_still_fit_the_page(tmp_path: Path) -> None:
    path = tmp_path / "wide.pdf"
    columns = [f"Column {n}" for n in range(30)]
    tables.write_pdf(path, "Wide", "", columns, iter([[f"cell{n}" for n in range(30)], ["short row"]]))
    text = " ".join(PdfReader(path).pages[0].extract_text().split())
    assert all(f"cell{n}" in text for n in range(30))


@pytest.mark.parametrize("kind", WRITERS)
def test_an_empty_list_is_a_file_with_heads(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"list.{kind}"
    assert WRITERS[kind](path, COLUMNS, iter([])) == 0
    assert path.stat().st_size > 0


@pytest.mark.parametrize("kind", WRITERS)
def test_a_writing_that_ends_early_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, kind: str
) -> None:
    path = tmp_path / f"list.{kind}"
    path.write_bytes(b"old")

    def rows() -> Iterator[list[str | int]]:
        yield ["a", "b", 1]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        WRITERS[kind](path, COLUMNS, rows())
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("kind", WRITERS)
def test_a_folder_that_is_not_there_is_said_plainly(tmp_path: Path, kind: str) -> None:
    with pytest.raises(tables.NotWritten, match="choose another folder"):
        WRITERS[kind](tmp_path / "nowhere" / f"list.{kind}", COLUMNS, iter(ROWS))


def test_progress_is_told_and_may_end_it(tmp_path: Path) -> None:
    told: list[int] = []
    tables.write_csv(tmp_path / "list.csv", ["A"], (["x"] for _ in range(1_200)), told.append)
    assert told == [500, 1_000, 1_200]


def test_more_rows_than_a_sheet_has_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_SHEET_ROWS", 2)
    with pytest.raises(UsageError, match="longer than an Excel sheet"):
        tables.write_xlsx(tmp_path / "list.xlsx", "List", ["A"], iter([["x"]] * 3))
    assert list(tmp_path.iterdir()) == []
