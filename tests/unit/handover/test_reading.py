"""Any file that somebody sends: its rows come out as text, or it is refused with a sentence that says what to do."""

import io
import os
import zipfile
from datetime import date

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.handover import reading
from desktop.handover.reading import MOST_BYTES, open_sheet
from desktop.handover.tables import write_csv, write_xlsx
from desktop.model.errors import UsageError

PLAIN = "Name,Town\r\nZoë,Århus\r\n"


@pytest.fixture
def read(tmp_path):
    """The rows of some bytes as a file of this name."""

    def rows(content, name="list.csv"):
        path = tmp_path / name
        path.write_bytes(content)
        with open_sheet(path) as sheet:
            return list(sheet.rows)

    return rows


@pytest.fixture
def notes(tmp_path):
    def told(content, name="list.csv"):
        path = tmp_path / name
        path.write_bytes(content)
        with open_sheet(path) as sheet:
            list(sheet.rows)
            return sheet.notes

    return told


def workbook(rows, sheets=("Sheet",)):
    book = openpyxl.Workbook()
    book.active.title = sheets[0]
    for name in sheets[1:]:
        book.create_sheet(name)
    for row in rows:
        book[sheets[-1]].append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        PLAIN.encode("utf-16-le"),
        PLAIN.encode("utf-16-be"),
        PLAIN.encode("cp1252"),
        PLAIN.encode("iso-8859-1"),
        PLAIN.replace("\r\n", "\r").encode(),
        PLAIN.replace("\r\n", "\n").encode().rstrip(b"\n"),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "\t").encode(),
        ("sep=;\r\n" + PLAIN.replace(",", ";")).encode(),
    ],
)
def test_encodings_line_ends_and_separators_are_found(read, content):
    assert read(content) == [(1, ["Name", "Town"]), (2, ["Zoë", "Århus"])]


def test_two_encodings_in_one_file_both_come_out_right_and_are_told(read, notes):
    content = "Name\nZoë\n".encode() + "Renée\n".encode("cp1252")
    assert read(content) == [(1, ["Name"]), (2, ["Zoë"]), (3, ["Renée"])]
    assert notes(content) == ["1 line is in an older encoding (Windows-1252). Look at names with accents."]


def test_blank_rows_are_left_out_and_numbers_stay_those_of_the_spreadsheet(read):
    assert read(b'a,b\n,\n\n"two\nlines",x\n  , \n1,2\n') == [
        (1, ["a", "b"]),
        (4, ["two\nlines", "x"]),
        (6, ["1", "2"]),
    ]


def test_separators_in_quoted_headings_do_not_count(read):
    assert read(b'"a;b;c","d"\n1,2\n')[1] == (2, ["1", "2"])


@pytest.mark.parametrize(
    "content",
    [b'"', b'a\n"', b'a,b\n1,"never closed\n2,3\n', b'a\n"' + b"x\n" * 500, b'a\n"' + b"x" * 200_000],
)
def test_a_quotation_mark_that_is_never_closed_is_told_with_its_place(read, content):
    with pytest.raises(UsageError, match=r"quotation mark .*never closed"):
        read(content)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf\r\n", "is empty"),
        (b"\x89PNG\r\n\x1a\n1234", "a picture"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), r"old Excel kind \(.xls\)"),
        (
            b"\xd0\xcf\x11\xe0" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            "protected by a password",
        ),
        (b"PK\x03\x04 not really", "damaged"),
        (b"name\x00\x01\x02,b\nline with a zero", "not text"),
    ],
)
def test_what_is_no_table_is_refused_by_what_it_is_whatever_its_name(read, content, told):
    with pytest.raises(UsageError, match=told):
        read(content, "trainees.csv")


def test_an_archive_that_is_called_csv_is_no_table(read):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("trainees.csv", "a,b")
    with pytest.raises(UsageError, match="a zip file, not a table"):
        read(out.getvalue(), "trainees.csv")


def test_two_gigabytes_are_refused_by_their_size_before_anything_is_read(tmp_path):
    path = tmp_path / "all.csv"
    with path.open("wb") as file:
        file.truncate(2 << 30)
    with pytest.raises(UsageError, match=r"2,048 MB. Holdfast reads files up to 64 MB"), open_sheet(path):
        pass
    assert MOST_BYTES == 64 << 20


@pytest.mark.parametrize("name", ["nowhere.csv", "a\0b.csv", "."])
def test_what_is_not_there_is_told(tmp_path, name):
    with pytest.raises(UsageError), open_sheet(tmp_path / name):
        pass


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes have no name on this system")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(UsageError, match="is not a file"), open_sheet(tmp_path / "pipe.csv"):
        pass


def test_too_many_rows_and_columns_are_refused(read, monkeypatch):
    monkeypatch.setattr(reading, "MOST_ROWS", 3)
    assert len(read(b"a\n1\n2\n")) == 3
    with pytest.raises(UsageError, match="more than 3 rows"):
        read(b"a\n1\n2\n3\n")
    with pytest.raises(UsageError, match="Row 1 has more than 400 columns"):
        read(b",".join([b"x"] * 401))


class TestWorkbooks:
    def test_cells_come_as_a_person_would_type_them(self, read):
        rows = [
            ["Text", "Day", "Number", "Half", "Box", "Nothing", "Long"],
            ["0012", date(2026, 9, 1), 7, 1.5, True, None, 26109941700000001],
        ]
        assert read(workbook(rows), "a.csv")[1] == (
            2,
            ["0012", "2026-09-01", "7", "1.5", "TRUE", "", "2.610994E+16"],
        )

    def test_the_first_sheet_with_something_on_it_is_read_and_named(self, read, notes):
        content = workbook([["a"], [None], ["b"]], ("Cover", "Trainees"))
        assert read(content, "a.xlsx") == [(1, ["a"]), (3, ["b"])]
        assert notes(content, "a.xlsx") == ["Read from the sheet Trainees; the workbook has 2 sheets."]

    def test_an_empty_workbook_is_told(self, read):
        with pytest.raises(UsageError, match="nothing on the sheets"):
            read(workbook([]), "a.xlsx")

    def test_a_workbook_that_unpacks_to_far_too_much_is_not_unpacked(self, read):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("xl/workbook.xml", "<workbook/>")
            with packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
                for _ in range(401):
                    part.write(bytes(1 << 20))
        assert len(out.getvalue()) < 1 << 20
        with pytest.raises(UsageError, match="would unpack to far more"):
            read(out.getvalue(), "a.xlsx")

    def test_declared_entities_are_refused(self, read):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as packed:
            packed.writestr("content.xml", '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "boom">]><a>&b;</a>')
        with pytest.raises(UsageError, match="damaged"):
            read(out.getvalue(), "a.ods")

    def test_a_mistake_of_whoever_reads_is_not_taken_for_a_damaged_file(self, tmp_path):
        path = tmp_path / "a.xlsx"
        path.write_bytes(workbook([["a"]]))
        with pytest.raises(KeyError), open_sheet(path):
            raise KeyError("ours")


OPEN = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet><table:table table:name="Empty"><table:table-row><table:table-cell/></table:table-row>
</table:table><table:table table:name="Trainees">
<table:table-row><table:table-cell><text:p>Name</text:p></table:table-cell><table:table-cell><text:p>Born</text:p></table:table-cell>
<table:table-cell table:number-columns-repeated="16000"/></table:table-row>
<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>
<table:table-row><table:table-cell><text:p>Ada</text:p><text:p>Ashcombe</text:p></table:table-cell>
<table:table-cell office:value-type="date" office:date-value="1999-04-12"><text:p>12/04/99</text:p></table:table-cell>
<table:table-cell office:value-type="float" office:value="7"><text:p>7.00</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>"""


def open_document(content=OPEN, manifest=""):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("content.xml", content)
        packed.writestr("META-INF/manifest.xml", manifest)
    return out.getvalue()


def test_an_open_document_is_read_with_its_days_numbers_and_repeated_rows(read):
    assert read(open_document(), "a.ods") == [
        (1, ["Name", "Born"]),
        (4, ["Ada\nAshcombe", "1999-04-12", "7"]),
    ]


def test_an_open_document_with_a_password_says_so(read):
    with pytest.raises(UsageError, match="protected by a password"):
        read(open_document("", "<manifest:encryption-data/>"), "a.ods")


ANY_CELL = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)
ANY_ROWS = st.lists(st.lists(ANY_CELL, min_size=1, max_size=5), min_size=1, max_size=8)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ANY_ROWS, kind=st.sampled_from(["csv", "xlsx"]))
def test_what_this_program_writes_it_reads_again_but_for_the_guard(tmp_path, rows, kind):
    path = tmp_path / f"a.{kind}"
    if kind == "csv":
        write_csv(path, ["head", "b"], rows)
    else:
        write_xlsx(path, "List", ["head", "b"], rows)
    with open_sheet(path) as sheet:
        found = dict(sheet.rows)

    def bare(cells):
        cells = [cell.removeprefix("'") if kind == "csv" else cell for cell in cells]
        while cells and not cells[-1]:
            cells.pop()
        return cells

    for number, row in enumerate(rows, 2):
        assert bare(found.get(number, [])) == bare(row) or not any(cell.strip() for cell in row)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(
        st.binary(max_size=400),
        st.text('ab",;\n\r\t\0é', max_size=200).map(lambda text: text.encode("utf-8", "replace")),
        st.binary(max_size=60).map(lambda end: b"PK\x03\x04" + end),
        st.tuples(st.integers(0, 400), st.binary(min_size=1, max_size=8)).map(
            lambda cut: (whole := open_document())[: cut[0]] + cut[1] + whole[cut[0] + len(cut[1]) :]
        ),
    )
)
def test_any_bytes_give_rows_of_text_or_a_sentence(tmp_path, content):
    path = tmp_path / "any.csv"
    path.write_bytes(content)
    told, rows = "", []
    try:
        with open_sheet(path) as sheet:
            rows = list(sheet.rows)
    except UsageError as error:
        told = str(error)
    assert not told or told.endswith(".")
    assert all(isinstance(cell, str) for _, cells in rows for cell in cells)
    assert [number for number, _ in rows] == sorted({number for number, _ in rows})
