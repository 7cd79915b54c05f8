"""What spreadsheets put on the clipboard, as rows."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.model.errors import UsageError
from desktop.services import pasted_text
from desktop.services.pasted_text import rows_of


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ("a\tb\r\nc\td\r\n", [["a", "b"], ["c", "d"]]),
        ("a\tb\nc\td\n\n\t\n \t \n", [["a", "b"], ["c", "d"]]),
        ("a\tb\rc\td", [["a", "b"], ["c", "d"]]),
        ('"two\nlines"\t"she said ""no"""\r\nx\t', [["two\nlines", 'she said "no"'], ["x", ""]]),
        ('"never closed\tb\nc\td', [['"never closed', "b"], ["c", "d"]]),
        ('6" rule\tb', [['6" rule', "b"]]),
        ("a\n\nb\tc", [["a"], [""], ["b", "c"]]),
        ('a,b\n"c,d",e', [["a", "b"], ["c,d", "e"]]),
        ("a;b\n1,5;2", [["a", "b"], ["1,5", "2"]]),
        ("Name\nAshcombe, Leonie", [["Name"], ["Ashcombe, Leonie"]]),
        ("a\t1,2\nb\t3,4", [["a", "1,2"], ["b", "3,4"]]),
        ("\ufeffa\tb", [["a", "b"]]),
        ("a\tb\0\0", [["a", "b"]]),
        (b"\xef\xbb\xbfa,Zo\xc3\xab", [["a", "Zoë"]]),
        ("a\tŽ".encode("utf-16"), [["a", "Ž"]]),
        (b"a;Zo\xeb", [["a", "Zoë"]]),
    ],
)
def test_rows_of_cells(content: str | bytes, rows: list[list[str]]) -> None:
    assert rows_of(content) == rows


@pytest.mark.parametrize("content", ["", "\0", " \r\n\t\r\n", ";;;", b"", b"\xff\xd8\xff\xe0", b"%PDF-1.7"])
def test_what_is_no_table_is_refused_with_what_to_do(content: str | bytes) -> None:
    with pytest.raises(UsageError, match=r"(?i)copy"):
        rows_of(content)


def test_too_many_rows_and_too_much_text_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(rows_of("a\tb\n" * 50_001)) == 50_001, "the first may be the headings"
    with pytest.raises(UsageError, match=r"more than 50,000 rows"):
        rows_of("a\tb\n" * 50_002)
    monkeypatch.setattr(pasted_text, "MOST_CHARACTERS", 10)
    with pytest.raises(UsageError, match="too much"):
        rows_of("a\tbcdefghijk")


cells = st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"), max_size=8)


@given(st.lists(st.lists(cells, min_size=2, max_size=4), min_size=1, max_size=5))
def test_what_excel_writes_is_what_is_read(rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out, dialect="excel-tab", lineterminator="\r\n", quoting=csv.QUOTE_ALL).writerows(rows)
    kept = [*rows]
    while kept and not any(cell.strip() for cell in kept[-1]):
        kept.pop()
    if kept and out.getvalue().strip("\r\n\t ,;\0"):
        assert rows_of(out.getvalue()) == kept


@given(st.text(max_size=200), st.binary(max_size=200))
def test_no_text_breaks_it(text: str, content: bytes) -> None:
    for held in (text, content):
        try:
            rows = rows_of(held)
        except UsageError:
            continue
        assert all(isinstance(cell, str) for row in rows for cell in row)
