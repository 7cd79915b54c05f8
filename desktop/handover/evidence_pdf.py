"""The evidence report as a PDF that can be attached to a deadline appeal: A4, one document, always on white.

Text from outside (an organisation's name, what a portal said) is data: it is escaped, cut to a sane length and broken
where it must be. Fonts are the program's own, embedded.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    KeepTogether,
    LongTable,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from desktop.handover import typeface, words
from desktop.handover.attempt_rows import attempt_rows
from desktop.handover.day_line import days_of
from desktop.handover.timeline import Look, Timeline
from desktop.handover.typeface import clean
from desktop.model.evidence import Evidence, Fate, Seal

INK, INK2, LINE, ACCENT = "#13252B", "#42555C", "#B9C4C2", "#0D5868"
AMBER, AMBER_TINT, RED, RED_TINT, GREEN = "#775000", "#FAEFCB", "#A6231C", "#FBE6E3", "#1B6840"
MARGIN = 18 * mm
MOST_CHANGES = 400
MOST_DAYS = 10
MOST_OUTAGES = 300
_PLAIN, _MEDIUM, _BOLD = typeface.PLAIN, typeface.MEDIUM, typeface.BOLD
_WIDTH = A4[0] - 2 * MARGIN


def as_pdf(report: Evidence) -> bytes:
    """The whole document."""
    typeface.load()
    out = io.BytesIO()
    frame = Frame(
        MARGIN, 20 * mm, _WIDTH, A4[1] - 38 * mm, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0
    )
    document = BaseDocTemplate(
        out,
        pagesize=A4,
        title=clean(f"{words.title(report)}: evidence of outages"),
        author=clean(report.organisation),
        subject=clean(f"Outages, failed tries and what waited. {words.period(report)}"),
        creator=report.program,
        keywords=["outage evidence", *report.portals],
        lang="en-GB",
        displayDocTitle=1,
        pageTemplates=[PageTemplate("page", [frame])],
    )
    document.build(_story(report), canvasmaker=_numbered(report))
    return out.getvalue()


def _numbered(report: Evidence) -> Callable[..., Canvas]:
    """A canvas that knows the number of pages when it writes the first."""
    left = f"{clean(report.organisation, 40)} · outage evidence written {words.when(report.written)}"

    class Numbered(Canvas):  # type: ignore[misc]  # the library ships no types
        """Keeps every page until the last is known."""

        def __init__(self, *args: Any, **wishes: Any) -> None:
            super().__init__(*args, **wishes)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802 - the library's name
            self._pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, page in enumerate(self._pages, 1):
                self.__dict__.update(page)
                self.setFont(_PLAIN, 8)
                self.setFillColor(HexColor(INK2))
                self.drawString(MARGIN, 11 * mm, left)
                self.drawRightString(A4[0] - MARGIN, 11 * mm, f"Page {number} of {len(self._pages)}")
                super().showPage()
            super().save()

    return Numbered


# -- text ---------------------------------------------------------------------------------------------------


@lru_cache(maxsize=32)
def _style(
    size: float,
    font: str = _PLAIN,
    ink: str = INK,
    *,
    before: float = 0,
    after: float = 0,
    right: bool = False,
) -> ParagraphStyle:
    return ParagraphStyle(
        f"{font}{size}{ink}{right}",
        fontName=font,
        fontSize=size,
        leading=round(size * 1.38, 1),
        textColor=HexColor(ink),
        spaceBefore=before,
        spaceAfter=after,
        splitLongWords=1,
        alignment=TA_RIGHT if right else 0,
    )


def _text(text: str, style: ParagraphStyle, most: int = 300) -> Paragraph:
    """A paragraph in which nothing is markup."""
    return Paragraph(escape(clean(text, most)), style)


def _cell(value: object, *, small: str = "", right: bool = False, ink: str = INK) -> Paragraph:
    told = escape(clean(str(value)))
    if small:
        told += f'<br/><font size="7.2" color="{INK2}">{escape(clean(small, 160))}</font>'
    return Paragraph(told, _style(8.2, ink=ink, right=right))


def _head(text: str) -> Paragraph:
    return Paragraph(escape(text), _style(12, _BOLD, before=14, after=5))


def _note(text: str) -> Paragraph:
    return Paragraph(escape(text), _style(8, ink=INK2, before=2, after=4))


def _table(
    heads: Sequence[str],
    rows: Iterable[Sequence[Paragraph]],
    shares: Sequence[float],
    right: tuple[int, ...] = (),
) -> Table:
    """A table whose head is repeated on every page; `shares` of the width add up to 1."""
    top = [Paragraph(escape(h), _style(8.5, _BOLD, right=n in right)) for n, h in enumerate(heads)]
    made = LongTable([top, *rows], colWidths=[_WIDTH * share for share in shares], repeatRows=1, splitByRow=1)
    made.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, 0), 0.9, HexColor(INK)),
                ("LINEBELOW", (0, 1), (-1, -1), 0.4, HexColor(LINE)),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 6),
                *(("RIGHTPADDING", (n, 0), (n, -1), 14) for n in right),
                ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 2.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
            ]
        )
    )
    return made


def _box(parts: list[Paragraph], ink: str, tint: str) -> Table:
    box = Table([[parts]], colWidths=[_WIDTH])
    box.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, -1), HexColor(tint)),
                ("LINEBEFORE", (0, 0), (0, -1), 3, HexColor(ink)),
                ("LEFTPADDING", (0, 0), (-1, -1), 10),
                ("TOPPADDING", (0, 0), (-1, -1), 6),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 7),
            ]
        )
    )
    return box


# -- parts --------------------------------------------------------------------------------------------------


def _story(report: Evidence) -> list[Flowable]:
    story: list[Flowable] = [*_opening(report)]
    if report.outages:
        story += [*_figures(report), *_timelines(report), *_outages(report), *_deadlines(report)]
        story += [*_changes(report), *_attempts(report)]
    return [*story, *_proof(report)]


def _opening(report: Evidence) -> Iterable[Flowable]:
    numbers = [f"UKPRN {report.ukprn}" if report.ukprn else "", f"URN {report.urn}" if report.urn else ""]
    who = [report.organisation, *numbers]
    yield _text(f"{', '.join(filter(None, who))} · {words.listed(report.portals)}", _style(9.5, ink=INK2))
    yield _text(words.title(report), _style(18, _BOLD, before=2, after=4))
    yield _note(
        f"{words.period(report)}. Written {words.when(report.written)} by {report.program}. All times are London time."
    )
    if not report.seal.whole:
        yield Spacer(0, 4)
        yield _box(
            [
                Paragraph(
                    "The journal behind this report was changed after it was written",
                    _style(10.5, _BOLD, RED),
                ),
                _text(
                    f"{' '.join(report.seal.problems[:5])} "
                    "What follows is what the journal says now. Do not rely on it before this is explained.",
                    _style(9.5),
                    800,
                ),
            ],
            RED,
            RED_TINT,
        )
        yield Spacer(0, 4)
    for paragraph in words.summary(report):
        yield _text(paragraph, _style(10.5, before=3, after=3), 2_000)


def _figures(report: Evidence) -> Iterable[Flowable]:
    row = [
        [_text(big, _style(13, _BOLD)), _text(small, _style(8, ink=INK2))]
        for big, small in words.figures(report)
    ]
    table = Table([row], colWidths=[_WIDTH * share for share in (0.34, 0.18, 0.2, 0.28)])
    table.setStyle(
        TableStyle(
            [
                ("LINEABOVE", (0, 0), (-1, 0), 1.2, HexColor(INK)),
                ("LINEBELOW", (0, 0), (-1, -1), 0.6, HexColor(LINE)),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("TOPPADDING", (0, 0), (-1, -1), 6),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 7),
            ]
        )
    )
    yield Spacer(0, 6)
    yield table


def _timelines(report: Evidence) -> Iterable[Flowable]:
    look = Look(_PLAIN, _BOLD, INK, INK2, LINE, ACCENT, AMBER, AMBER_TINT)
    days = days_of(report)
    note = (
        "Amber: no usable answer. Each small mark is one failed try. The line shows how many changes waited."
    )
    for number, day in enumerate(days[:MOST_DAYS]):
        parts: list[Flowable] = [] if number else [_head("Tries and waiting changes, day by day")]
        if not number:
            parts.append(_note(note))
        parts.append(_text(_day_title(day), _style(8.5, _MEDIUM, before=4, after=2)))
        parts.append(Timeline(report, day, _WIDTH, look))
        yield KeepTogether(parts)
    if len(days) > MOST_DAYS:
        yield _note(
            f"The first {MOST_DAYS} of {len(days):,} days are drawn. The tables below hold all of them."
        )


def _day_title(day: date) -> str:
    return f"{day:%A} {words.day(day)}"


def _outages(report: Evidence) -> Iterable[Flowable]:
    rows = []
    for outage in report.outages[:MOST_OUTAGES]:
        lasted = words.span(words.lasted(outage.begin, outage.end or report.written))
        waited = (
            "Nothing"
            if not outage.changes
            else f"{words.count(outage.changes, 'change')}, {outage.at_begin:,} of them at its start"
        )
        done = f"Last confirmed {words.when(outage.done_at)}" if outage.done_at else ""
        rows.append(
            (
                _cell(outage.number),
                _cell(words.when(outage.begin), small=f"{'Lasted' if outage.end else 'So far'} {lasted}"),
                _cell(words.when(outage.end) if outage.end else "Still lasts"),
                _cell(
                    f"{outage.portal}: {words.SEEN[outage.state]}",
                    small=f"First seen: {words.ASKED.get(outage.asked, outage.asked)}. {outage.detail}",
                ),
                _cell(f"{outage.tries:,}", right=True),
                _cell(waited, small=done),
            )
        )
    yield CondPageBreak(60 * mm)
    yield _head(f"Outages ({len(report.outages):,})")
    for state in dict.fromkeys(o.state for o in report.outages):
        if state in words.NOT_THE_PORTALS:
            yield _note(words.NOT_THE_PORTALS[state])
    yield _table(
        ("No.", "Began", "Ended", "What we saw", "Tries", "What waited"),
        rows,
        (0.05, 0.225, 0.225, 0.25, 0.08, 0.17),
        right=(4,),
    )
    yield from _rest_elsewhere(MOST_OUTAGES, len(report.outages))


def _rest_elsewhere(most: int, there_are: int, what: str = "") -> Iterable[Flowable]:
    """Says that a table was cut, and where the rest is."""
    if there_are > most:
        yield _note(f"The first {most:,} of {there_are:,} {what}are listed. Save as CSV to have all of them.")


def _deadlines(report: Evidence) -> Iterable[Flowable]:
    if not report.deadlines:
        yield _note("No deadline that Holdfast knows fell into an outage or the week after it.")
        return
    rows = []
    for d in report.deadlines:
        unsent = f"{words.count(d.unsent, 'change')} to {words.count(d.people, 'record')}"
        rows.append(
            (
                _cell(words.day(d.day), small="" if d.passed else "Not passed yet"),
                _cell(d.what, small=_of_outages(d.outages)),
                _cell(unsent if d.unsent else "None", small="" if d.passed else "Waiting now"),
                _cell(f"{d.late:,}" if d.passed else "", right=True),
            )
        )
    yield CondPageBreak(30 * mm)
    yield _head("Deadlines during an outage or in the week after it")
    yield _table(
        ("Day", "Deadline", "Saved before it, unsent at its end", "Confirmed later"),
        rows,
        (0.2, 0.38, 0.26, 0.16),
        right=(3,),
    )


def _of_outages(numbers: Sequence[int]) -> str:
    """Outage 1; Outages 1, 2 and 5."""
    return f"{'Outage' if len(numbers) == 1 else 'Outages'} {words.listed([f'{n:,}' for n in numbers[:12]])}"


def _changes(report: Evidence) -> Iterable[Flowable]:
    yield CondPageBreak(65 * mm)
    yield _head(f"Changes that waited ({len(report.changes):,})")
    if not report.changes:
        yield _text("Nothing was waiting to be sent.", _style(9.5))
        return
    yield _note(
        "Records are named by the portal's id and the provider's own. “Saved” is when the change was first saved on this "
        "computer; “ready” is when it had no errors left, where that was later."
    )
    rows = []
    for c in report.changes[:MOST_CHANGES]:
        ready = f"Ready {words.when(c.ready)}" if c.ready and c.ready > c.saved else ""
        ended = c.settled is not None
        fate = words.FATES[c.fate]
        rows.append(
            (
                _cell(c.portal_id or c.name, small=f"Own id {c.own_id}" if c.own_id else ""),
                _cell(c.what, small="Funding" if c.money else ""),
                _cell(words.when(c.saved), small=ready),
                _cell(c.by or "Holdfast"),
                _cell(
                    words.when(c.settled) if c.settled is not None else fate,
                    small=fate if ended else "",
                    ink=GREEN if c.fate is Fate.CONFIRMED else INK,
                ),
                _cell(_some(c.outages), right=True),
            )
        )
    yield _table(
        ("Record", "Change", "Saved here", "By", "What became of it", "Outage"),
        rows,
        (0.262, 0.11, 0.218, 0.12, 0.225, 0.065),
        right=(5,),
    )
    yield from _rest_elsewhere(MOST_CHANGES, len(report.changes), "changes ")


def _some(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:4]))
    return shown if len(numbers) <= 4 else f"{shown} and {len(numbers) - 4} more"


def _attempts(report: Evidence) -> Iterable[Flowable]:
    lines, by = attempt_rows(report.attempts)
    rows = []
    for line in lines:
        last = f"Last {words.when(line.last, seconds=True)}" if line.tries > 1 else ""
        waiting = f"{line.least:,}" if line.least == line.most else f"{line.least:,} to {line.most:,}"
        rows.append(
            (
                _cell(words.when(line.first, seconds=True), small=last),
                _cell(words.ASKED.get(line.asked, line.asked)),
                _cell(words.SEEN[line.state], small=line.detail),
                *((_cell(f"{line.tries:,}", right=True),) if by else ()),
                _cell(waiting, right=True),
            )
        )
    yield CondPageBreak(50 * mm)
    yield _head(f"Failed tries ({len(report.attempts):,})")
    if by:
        yield _note(
            f"Tries of one kind are put together {by}. Saved as CSV, this report holds every single one."
        )
        grouped = ("First", "What was asked", "What came back", "Tries", "Waiting")
        yield _table(grouped, rows, (0.26, 0.17, 0.37, 0.08, 0.12), right=(3, 4))
    else:
        single = ("When", "What was asked", "What came back", "Waiting")
        yield _table(single, rows, (0.26, 0.19, 0.45, 0.1), right=(3,))


def _proof(report: Evidence) -> Iterable[Flowable]:
    seal = report.seal
    if seal.whole:
        first = (
            f"This report is made from the journal of Holdfast, in which each row is sealed together with the row "
            f"before it. The chain was checked when this was written: {words.count(seal.rows, 'row')}, no breaks."
        )
    else:
        first = (
            "This report is made from the journal of Holdfast, in which each row is sealed together with the row before "
            f"it. The chain was checked when this was written: {words.count(seal.rows, 'row')}, and it is broken. "
            f"{' '.join(seal.problems[:20])}"
        )
    parts = [
        _head("How this can be checked"),
        _text(first, _style(9.5, after=3, ink=INK if seal.whole else RED), 3_000),
        Paragraph(_how_to_check(seal), _style(9.5, after=3)),
        _text(
            "Times are those of this computer's clock. The journal tells what this computer saw; it cannot tell why a "
            "portal did not answer. Names, dates of birth and other answers are left out on purpose.",
            _style(8, ink=INK2),
            600,
        ),
    ]
    yield KeepTogether(parts) if seal.whole else parts[0]
    if not seal.whole:
        yield from parts[1:]


def _how_to_check(seal: Seal) -> str:
    """The paragraph for somebody at the computer that holds the records, as markup."""
    ends = f"Row 1 has the fingerprint <b>{seal.first}</b>, row {seal.rows:,} has <b>{seal.last}</b>."
    if not seal.whole:
        return (
            f"{ends} On the computer that holds the records, <b>holdfast doctor</b> lists every break. A backup from "
            "before it holds the rows as they were."
        )
    return (
        f"{ends} On the computer that holds the records, <b>holdfast doctor</b> checks the whole chain anew, and "
        f"<b>holdfast journal --row {seal.rows}</b> must show the same fingerprint. If it does, nothing up to that row "
        "was changed, removed or put in between since this page was written."
    )
