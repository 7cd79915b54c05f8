"""The verb support: the report for whoever helps with Holdfast, on screen or as a file."""

from __future__ import annotations

from pathlib import Path

from desktop.cli.answer import Answer
from desktop.cli.session import Session
from desktop.model.errors import UsageError


def support(session: Session) -> Answer:
    """Everything that the file would hold; with --out it is written."""
    parts = session.workspace.support.report()
    data = {"parts": {part.name: part.text for part in parts}, "file": session.args.out}
    if session.args.out is None:
        return Answer(data, lambda: "\n\n".join(f"--- {p.name}\n{p.text}" for p in parts).splitlines())
    target = Path(session.args.out)
    if target.suffix.lower() != ".zip":
        raise UsageError("The report is a ZIP file: give a file name that ends in .zip. Nothing was written.")
    if target.exists():
        raise UsageError(f"{target.name} is there already. Choose another name; nothing was written.")
    session.workspace.support.save(target, parts)
    told = f"Report written to {target.name}. Look through it before you send it: holdfast support shows the same."
    return Answer(data, lambda: (told,))
