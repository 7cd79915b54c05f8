"""The recovery sheet on a printer. Drawn from its words, so that no file of it is made."""

from __future__ import annotations

from PySide6.QtGui import QFont, QPageLayout, QTextDocument
from PySide6.QtPrintSupport import QPrinter

from desktop.handover.recovery_sheet import RecoverySheet
from desktop.ui.parts.text import escape
from desktop.ui.theme import theme


def print_sheet(printer: QPrinter, sheet: RecoverySheet) -> None:
    """One page, upright. GUI thread."""
    printer.setPageOrientation(QPageLayout.Orientation.Portrait)
    document = QTextDocument()
    font = QFont(theme().family)
    font.setPointSize(11)
    document.setDefaultFont(font)
    document.setHtml(_html(sheet))
    document.print_(printer)


def _html(sheet: RecoverySheet) -> str:
    facts = "".join(
        f"<tr><td>{escape(name)}&nbsp;&nbsp;</td><td><b>{escape(value)}</b></td></tr>"
        for name, value in sheet.facts
    )
    groups = "&nbsp;&nbsp; ".join(escape(group) for group in sheet.groups)
    steps = "".join(f"<p>{escape(step)}</p>" for step in sheet.steps)
    return (
        f"<h1>{escape(sheet.title)}</h1><table>{facts}</table><p>Recovery code</p>"
        f'<p style="font-size:22pt; font-weight:600">{groups}</p>{steps}'
    )
