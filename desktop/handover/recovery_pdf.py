"""The recovery sheet on A4 portrait. The groups of the code stand apart, and each sign is large enough to be told from its like."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from desktop.handover import typeface
from desktop.handover.recovery_sheet import RecoverySheet
from desktop.handover.typeface import clean

_INK, _INK2, _LINE = "#13252B", "#42555C", "#B9C4C2"
_MARGIN = 24 * mm
_WIDTH = A4[0] - 2 * _MARGIN
_IN_A_LINE = 4


def draw(path: Path, sheet: RecoverySheet) -> None:
    """Raises OSError."""
    typeface.load()
    document = SimpleDocTemplate(
        str(path),
        pagesize=A4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=sheet.title,
        lang="en-GB",
        displayDocTitle=1,
    )
    document.build(_story(sheet))


def _style(
    name: str, size: float, font: str = typeface.PLAIN, ink: str = _INK, **more: int
) -> ParagraphStyle:
    return ParagraphStyle(
        name,
        fontName=font,
        fontSize=size,
        leading=size * 1.4,
        textColor=HexColor(ink),
        splitLongWords=1,
        **more,
    )


_TITLE = _style("title", 20, typeface.BOLD, spaceAfter=12)
_NAME, _FACT = _style("name", 10, ink=_INK2), _style("fact", 10, typeface.MEDIUM)
_GROUP = _style("group", 22, typeface.BOLD, alignment=TA_CENTER)
_STEP = _style("step", 11, spaceAfter=8)


def _story(sheet: RecoverySheet) -> list[Flowable]:
    facts = Table(
        [[_words(name, _NAME), _words(value, _FACT)] for name, value in sheet.facts],
        colWidths=[32 * mm, _WIDTH - 32 * mm],
        style=TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]),
    )
    groups = [*sheet.groups, *[""] * (-len(sheet.groups) % _IN_A_LINE)]
    lines = [groups[at : at + _IN_A_LINE] for at in range(0, len(groups), _IN_A_LINE)]
    code = Table(
        [[_words(group, _GROUP) for group in line] for line in lines],
        colWidths=[_WIDTH / _IN_A_LINE] * _IN_A_LINE,
        style=TableStyle(
            [
                ("BOX", (0, 0), (-1, -1), 1, HexColor(_LINE)),
                ("TOPPADDING", (0, 0), (-1, -1), 8),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 12),
            ]
        ),
    )
    steps = [_words(step, _STEP) for step in sheet.steps]
    return [
        _words(sheet.title, _TITLE), facts, Spacer(0, 10 * mm), _words("Recovery code", _NAME), Spacer(0, 2 * mm), code,
        Spacer(0, 10 * mm), *steps,
    ]  # fmt: skip


def _words(words: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(clean(words, 600)), style)
