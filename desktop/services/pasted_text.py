"""What spreadsheets put on the clipboard, and CSV files, as rows of cells. Knows nothing of fields or records.

Excel, LibreOffice and Google Sheets part cells by tabs and put a cell with line breaks between quotation marks. CSV parts
them by commas or, where the comma is the decimal point, by semicolons.
"""

from __future__ import annotations

import codecs
import re

from desktop.model.errors import UsageError

MOST_ROWS = 50_000
MOST_CHARACTERS = 64 << 20
_LINES_TO_LOOK_AT = 20
_FILES = (
    (b"PK\x03\x04", "an Excel file"),
    (b"\xd0\xcf\x11\xe0", "an Excel file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"BM", "a picture"),
    (b"%PDF", "a PDF"),
)
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_NO_TEXT = (
    "There is no text on the clipboard. In the spreadsheet, select the cells with their headings, copy them, and paste "
    "again."
)


def rows_of(content: str | bytes) -> list[list[str]]:
    """The rows, those that are blank at the end left off; each may be of another width.

    Raises UsageError with the next step when there is no text, too much of it, or something else than a table.
    """
    text = (_decoded(content) if isinstance(content, bytes) else content).lstrip("\ufeff").rstrip("\0")
    if not text.strip("\r\n\t ,;\0"):
        raise UsageError(_NO_TEXT)
    if len(text) > MOST_CHARACTERS:
        raise UsageError("That is too much to paste at once. Paste a part of it.")
    rows = _parsed(text, _mark_between(text))
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    refuse_too_many(len(rows) - 1)  # the first may be the headings
    return rows


def refuse_too_many(rows: int) -> None:
    """Raises UsageError for more rows, without their headings, than are read at once."""
    if rows > MOST_ROWS:
        raise UsageError(
            f"That is more than {MOST_ROWS:,} rows. Paste at most {MOST_ROWS:,} at once, in parts."
        )


def _decoded(content: bytes) -> str:
    kind = next((name for begin, name in _FILES if content.startswith(begin)), "")
    if kind:
        raise UsageError(
            f"This is {kind}, not cells. Copy the cells in the spreadsheet, or save them as CSV."
        )
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _mark_between(text: str) -> str:
    """The character that parts cells: a tab if there is one, else what the first lines have more of."""
    head = "\n".join(text[: 1 << 16].splitlines()[:_LINES_TO_LOOK_AT])
    bare = re.sub(r'"(?:[^"]++|"")*+"', "", head)
    if "\t" in text:
        return "\t"
    first = bare.partition("\n")[0]
    return max("\t,;", key=first.count)


def _parsed(text: str, mark: str) -> list[list[str]]:
    """Cells by RFC 4180; a quotation mark that is never closed is only a character."""
    cell = re.compile(rf'(?:"((?:[^"]++|"")*+)"(?=[{mark}\r\n]|\Z)|([^{mark}\r\n]*+))(\r\n|\r|\n|{mark}|\Z)')
    rows: list[list[str]] = [[]]
    for found in cell.finditer(text):
        quoted, plain, end = found.groups()
        rows[-1].append(plain if quoted is None else quoted.replace('""', '"'))
        if not end:
            break
        if end != mark:
            rows.append([])
    return rows
