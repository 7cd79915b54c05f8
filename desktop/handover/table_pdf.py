"""A long list on paper: drawn row by row, so that a hundred thousand rows neither fill the memory nor take minutes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A3, A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from desktop.handover import typeface
from desktop.handover.typeface import clean

_INK, _INK2, _LINE, _TINT = "#13252B", "#42555C", "#B9C4C2", "#EEF2F1"
_MARGIN = 14 * mm
_SIZE, _LEADING = 8.0, 10.4
_PAD = 2.4
_NARROWEST, _WIDEST = 30.0, 190.0
_MOST_LINES = 12
_LONGEST = 2_000
_COLUMNS_OF_A4 = 12


class TablePdf:
    """One document. `row` for each row, then `save`."""

    def __init__(
        self,
        path: Path,
        title: str,
        subtitle: str,
        columns: Sequence[str],
        sample: Sequence[Sequence[object]],
    ) -> None:
        typeface.load()
        self._size = landscape(A4 if len(columns) <= _COLUMNS_OF_A4 else A3)
        self._title, self._subtitle = clean(title, 120), clean(subtitle, 160)
        self._canvas = NumberedCanvas(str(path), pagesize=self._size, pageCompression=1, lang="en-GB")
        self._canvas.setTitle(self._title)
        self._canvas.setSubject(self._subtitle)
        self._widths = _shares(columns, sample, self._size[0] - 2 * _MARGIN)
        self._heads = self._wrapped(columns, typeface.BOLD)
        self._y = 0.0
        self._new_page(first=True)

    def row(self, cells: Sequence[object]) -> None:
        """One row; what is longer than a dozen lines is cut, with three dots."""
        lines = self._wrapped(cells, typeface.PLAIN)
        height = _height(lines)
        if self._y - height < _MARGIN + 6 * mm:
            self._canvas.showPage()
            self._new_page()
        self._draw(lines, height, typeface.PLAIN)

    def save(self) -> None:
        """Finish the last page and write the file. Raises OSError."""
        self._canvas.showPage()
        self._canvas.save()

    def _new_page(self, *, first: bool = False) -> None:
        canvas, self._y = self._canvas, self._size[1] - _MARGIN
        if first:
            canvas.setFillColor(HexColor(_INK))
            canvas.setFont(typeface.BOLD, 15)
            canvas.drawString(_MARGIN, self._y - 12, self._title)
            canvas.setFont(typeface.PLAIN, 9)
            canvas.setFillColor(HexColor(_INK2))
            canvas.drawString(_MARGIN, self._y - 26, self._subtitle)
            self._y -= 36
        height = _height(self._heads)
        canvas.setFillColor(HexColor(_TINT))
        canvas.rect(_MARGIN, self._y - height, sum(self._widths), height, stroke=0, fill=1)
        self._draw(self._heads, height, typeface.BOLD)

    def _draw(self, cells: Sequence[Sequence[str]], height: float, font: str) -> None:
        canvas, x = self._canvas, _MARGIN
        canvas.setFont(font, _SIZE)
        canvas.setFillColor(HexColor(_INK))
        for lines, width in zip(cells, self._widths, strict=True):
            for number, line in enumerate(lines):
                canvas.drawString(x + _PAD, self._y - _SIZE - _PAD - number * _LEADING, line)
            x += width
        self._y -= height
        canvas.setStrokeColor(HexColor(_LINE))
        canvas.setLineWidth(0.4)
        canvas.line(_MARGIN, self._y, x, self._y)

    def _wrapped(self, cells: Sequence[object], font: str) -> list[Sequence[str]]:
        """The lines of each column's cell; a row that is too short has blank ones."""
        told = [clean(str(cell), _LONGEST) for cell in cells][: len(self._widths)]
        told += [""] * (len(self._widths) - len(told))
        return [_lines(text, width - 2 * _PAD, font) for text, width in zip(told, self._widths, strict=True)]


class NumberedCanvas(Canvas):  # type: ignore[misc]  # the library ships no types
    """Keeps every page until the last is known, to write "Page 1 of 12"."""

    def __init__(self, *args: Any, **wishes: Any) -> None:
        super().__init__(*args, **wishes)
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - the library's name
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for number, page in enumerate(self._kept, 1):
            self.__dict__.update(page)
            self.setFont(typeface.PLAIN, 8)
            self.setFillColor(HexColor(_INK2))
            self.drawRightString(
                self._pagesize[0] - _MARGIN, 8 * mm, f"Page {number:,} of {len(self._kept):,}"
            )
            super().showPage()
        super().save()


def _height(cells: Sequence[Sequence[str]]) -> float:
    return max(1, *map(len, cells)) * _LEADING + 2 * _PAD


def _shares(columns: Sequence[str], sample: Sequence[Sequence[object]], room: float) -> list[float]:
    """The widths of the columns, by what stands in them, filling the page."""
    wanted = [stringWidth(clean(column), typeface.BOLD, _SIZE) for column in columns]
    for row in sample:
        for place, cell in enumerate(row[: len(wanted)]):
            wanted[place] = max(wanted[place], stringWidth(clean(str(cell)), typeface.PLAIN, _SIZE))
    wide = [min(_WIDEST, max(_NARROWEST, width + 2 * _PAD)) for width in wanted]
    return [width * room / sum(wide) for width in wide]


@lru_cache(maxsize=1 << 14)
def _lines(text: str, room: float, font: str) -> Sequence[str]:
    """`text` broken at blanks, and within words that are wider than the column."""
    if stringWidth(text, font, _SIZE) <= room:
        return [text]
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if stringWidth(longer, font, _SIZE) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        pieces = _pieces(word, room, font)
        lines += pieces[:-1]
        line = pieces[-1]
        if len(lines) >= _MOST_LINES:
            return [*lines[: _MOST_LINES - 1], "…"]
    return [*lines, line]


def _pieces(word: str, room: float, font: str) -> list[str]:
    """A word in pieces that fit; at least one character each."""
    pieces = [""]
    for character in word:
        if pieces[-1] and stringWidth(pieces[-1] + character, font, _SIZE) > room:
            pieces.append("")
        pieces[-1] += character
    return pieces
