"""A report of a few short tables under their heads, as a PDF on A4 landscape: what was found, to be taken to a meeting.

Text from outside is data: it is escaped, cut to a sane length and broken where it must be.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    LongTable,
    PageTemplate,
    Paragraph,
    Spacer,
    TableStyle,
)

from desktop.handover import typeface
from desktop.handover.sections import Report, Section
from desktop.handover.table_pdf import NumberedCanvas
from desktop.handover.typeface import clean

_INK, _INK2, _LINE, _TINT = "#13252B", "#42555C", "#B9C4C2", "#EEF2F1"
_PAGE = landscape(A4)
_MARGIN = 14 * mm
_WIDTH = _PAGE[0] - 2 * _MARGIN
_LONGEST = 1_000


def write_sections(path: Path, report: Report) -> None:
    """Write the document. Raises OSError."""
    _build(str(path), report)


def drawn(report: Report) -> bytes:
    """The document, for one that goes into another file."""
    out = io.BytesIO()
    _build(out, report)
    return out.getvalue()


def _build(target: str | io.BytesIO, report: Report) -> None:
    typeface.load()
    frame = Frame(
        _MARGIN, 16 * mm, _WIDTH, _PAGE[1] - 30 * mm,
        leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0,
    )  # fmt: skip
    document = BaseDocTemplate(
        target,
        pagesize=_PAGE,
        title=clean(report.title, 120),
        subject=clean(report.lines[0] if report.lines else "", 160),
        lang="en-GB",
        displayDocTitle=1,
        pageTemplates=[PageTemplate("page", [frame])],
    )
    document.build(_story(report), canvasmaker=NumberedCanvas)


def _style(
    name: str, size: float, *, font: str = typeface.PLAIN, ink: str = _INK, **more: Any
) -> ParagraphStyle:
    return ParagraphStyle(
        name,
        fontName=font,
        fontSize=size,
        leading=size * 1.32,
        textColor=HexColor(ink),
        splitLongWords=1,
        **more,
    )


_TITLE = _style("title", 15, font=typeface.BOLD, spaceAfter=3)
_SAID = _style("said", 9, ink=_INK2)
_HEAD = _style("head", 11, font=typeface.BOLD, spaceBefore=12, spaceAfter=3)
_PLAIN = _style("cell", 8)
_RIGHT = _style("number", 8, alignment=TA_RIGHT)
_COLUMN = _style("column", 8, font=typeface.BOLD)
_COLUMN_RIGHT = _style("column of numbers", 8, font=typeface.BOLD, alignment=TA_RIGHT)


def _story(report: Report) -> list[Flowable]:
    story: list[Flowable] = [_paragraph(report.title, _TITLE)]
    story += [_paragraph(line, _SAID) for line in report.lines]
    for section in report.sections:
        story += [CondPageBreak(32 * mm), _paragraph(section.title, _HEAD)]
        if section.words:
            story += [_paragraph(section.words, _SAID), Spacer(0, 4)]
        if section.rows:
            story.append(_table(section))
    return story


def _table(section: Section) -> Flowable:
    head = [
        _paragraph(c, _COLUMN_RIGHT if n in section.right else _COLUMN) for n, c in enumerate(section.columns)
    ]
    body = [
        [_paragraph(str(cell), _RIGHT if n in section.right else _PLAIN) for n, cell in enumerate(row)]
        for row in section.rows
    ]
    whole = sum(section.shares)
    return LongTable(
        [head, *body],
        colWidths=[_WIDTH * share / whole for share in section.shares],
        repeatRows=1,
        style=TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("BACKGROUND", (0, 0), (-1, 0), HexColor(_TINT)),
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, HexColor(_LINE)),
                ("LEFTPADDING", (0, 0), (-1, -1), 5),
                ("RIGHTPADDING", (0, 0), (-1, -1), 5),
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            ]
        ),
    )


def _paragraph(words: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(clean(words, _LONGEST)), style)
