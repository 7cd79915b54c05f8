"""Parts of the practice portal's web pages by themselves: escaping, forms, CSV in and out, times in London."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desktop.practice.clock import parse_time
from desktop.practice.pages.forms import Form, Sent, Unreadable, read_form
from desktop.practice.pages.markup import Html, html
from desktop.practice.web import sections, sheets, words
from desktop.practice.web.bulk_add import COLUMNS
from desktop.practice.web.sheets import Unusable, bare, read_table
from desktop.practice.wire import Request

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]))


def request(body, kind="application/x-www-form-urlencoded"):
    return Request("POST", "/", {"content-type": kind}, body)


# --- markup


def test_text_is_escaped_once_and_markup_is_left():
    made = html("<p>{words}{more}{none}</p>", words='<&"', more=[Html("<b>x</b>"), "{y}"], none=None)
    assert made == "<p>&lt;&amp;&quot;<b>x</b>{y}</p>"


# --- forms


@given(
    st.binary(max_size=400),
    st.sampled_from(["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"]),
)
@example(
    b'--x\r\nContent-Disposition: form-data; name=""\r\n\r\n\r\n--x--', "multipart/form-data; boundary=x"
)
@example(b"a=%00", "application/x-www-form-urlencoded")
def test_any_body_is_a_form_or_is_refused(body, kind):
    try:
        found = read_form(request(body, kind))
    except Unreadable:
        return
    assert isinstance(found, Form)


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), st.lists(TEXT, min_size=1, max_size=3)), st.binary())
def test_a_form_with_a_file_is_read_as_a_browser_sends_it(values, content):
    mark = "boundary7MA4"
    body = b""
    for name, several in values.items():
        for value in several:
            head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
            body += head.encode() + value.encode() + b"\r\n"
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n'
    body += head.encode() + content + f"\r\n--{mark}--\r\n".encode()
    if f"\r\n--{mark}".encode() in content:
        return
    found = read_form(request(body, f"multipart/form-data; boundary={mark}"))
    assert found.values == values
    assert found.files == {"file": Sent("a.csv", content)}


# --- CSV


@given(st.binary(max_size=300), st.booleans())
def test_any_file_is_a_table_or_is_refused(content, detect):
    try:
        table = read_table(Sent("a.csv", content), detect=detect)
    except Unusable:
        return
    assert table.heads


CELL = (
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1)
    .map(str.strip)
    .filter(bool)
)


@given(st.lists(st.lists(CELL, min_size=2, max_size=2), min_size=2, max_size=4))
@example([["=1+1", "-"], ["@x", '"a", "b"'], ["'", "+44"]])
def test_what_is_written_is_read_again_and_no_cell_computes(rows):
    content = sheets.write(rows)
    for row in csv.reader(io.StringIO(content.decode(), newline="")):
        assert not any(
            cell.startswith(("=", "+", "@")) or (cell.startswith("-") and cell != "-") for cell in row
        )
    table = read_table(Sent("a.csv", content))
    assert [table.heads, *(row.cells for row in table.rows)] == [
        tuple(sheets.guarded(cell) for cell in row) for row in rows
    ]


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("'0123", "0123"),
        ("'54382678848074464'", "54382678848074464"),
        (' "x" ', "x"),
        ("O'Neil", "O'Neil"),
        ("'", ""),
    ],
)
def test_apostrophes_about_a_cell_are_taken_off(cell, meant):
    assert bare(cell) == meant


def test_the_template_has_each_column_once():
    assert len(COLUMNS) == len(set(COLUMNS)) == 51


# --- words


@pytest.mark.parametrize(
    ("utc", "london", "said"),
    [
        ("2026-03-29T00:59:59Z", "2026-03-29T00:59:59+00:00", "29 March 2026 at 00:59"),
        ("2026-03-29T01:00:00Z", "2026-03-29T02:00:00+01:00", "29 March 2026 at 02:00"),
        ("2026-06-30T23:30:00Z", "2026-07-01T00:30:00+01:00", "1 July 2026 at 00:30"),
        ("2026-10-25T00:59:59Z", "2026-10-25T01:59:59+01:00", "25 October 2026 at 01:59"),
        ("2026-10-25T01:00:00Z", "2026-10-25T01:00:00+00:00", "25 October 2026 at 01:00"),
    ],
)
def test_times_are_londons(utc, london, said):
    assert words.london_iso(parse_time(utc)) == london
    assert words.moment(parse_time(utc)) == said


def test_every_page_of_a_trainee_has_an_address_of_its_own():
    slugs = [section.slug for section in sections.SECTIONS]
    assert len(slugs) == len(set(slugs))
    names = [ask.name for section in sections.SECTIONS for ask in section.asks]
    assert len(names) == len(set(names))
