"""The recovery sheet: one page of paper that opens the records when the passphrase is forgotten. Plain data in, a PDF out.

The same words are drawn on a printer by the window, which then leaves no file. The passphrase is never on it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from desktop.handover.tables import whole_file

_KEEP = (
    "Keep this page where your office keeps keys and contracts: a safe or a locked cabinet, not beside the computer. "
    "Take no photograph of it and send it to nobody: whoever has it and the files can read all records."
)
_USE = (
    "To use it: open Holdfast, choose “I have forgotten the passphrase”, then “Use the recovery sheet”, and type the "
    "code. Small letters do, and dashes and blanks may be left out. Holdfast then asks for a new passphrase."
)
_MOVE = "On a new computer: copy the folder of the workspace there, or restore a backup, and open it with this code."
_RENEW = (
    "A newer sheet makes this one useless for the workspace. A backup opens with the sheet that counted when it "
    "was made, so keep this page for as long as you keep such backups."
)


@dataclass(frozen=True)
class RecoverySheet:
    """What stands on it. `workspace` = the folder it was made for; `code` in groups with dashes between."""

    organisation: str
    workspace: str
    number: str
    made: date
    code: str = field(repr=False)

    @property
    def title(self) -> str:
        return "Holdfast recovery sheet"

    @property
    def groups(self) -> list[str]:
        return self.code.split("-")

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """What the sheet belongs to."""
        return (
            ("Organisation", self.organisation),
            ("Workspace", self.workspace),
            ("Sheet", f"Number {self.number}, made on {self.made.day} {self.made:%B %Y}"),
        )

    @property
    def steps(self) -> tuple[str, ...]:
        """What to do with it, and what not."""
        return _KEEP, _USE, _MOVE, _RENEW


def write_recovery_sheet(path: Path, sheet: RecoverySheet) -> None:
    """Write it as a PDF of one page, whole or not at all. Raises DiskFull, NotWritten."""
    from desktop.handover.recovery_pdf import draw

    with whole_file(path) as beside:
        draw(beside, sheet)
