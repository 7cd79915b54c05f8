"""What a backup says of itself, as a card: whose, of when, how much."""

from __future__ import annotations

from collections.abc import Iterator

from desktop.services.restoring import BackupView
from desktop.ui.parts.card import Card
from desktop.ui.parts.text import Text
from desktop.ui.words import clock, count, local, long_date, number

MIB = 1 << 20
OLD = (
    "An earlier Holdfast made it, so it does not say whose it is or what it holds. It has all records, and not the files that "
    "were read in or handed over."
)


class AboutBackup(Card):
    """Filled by `show_backup`."""

    def __init__(self) -> None:
        super().__init__("note")
        self.whose, self.made = Text(role="section", wrap=True), Text(wrap=True)
        self.holds, self.file = Text(wrap=True), Text(role="caption", wrap=True)
        for words in (self.whose, self.made, self.holds, self.file):
            self.body.addWidget(words)

    def show_backup(self, found: BackupView) -> None:
        """One that opened."""
        whose = found.organisation.name if found.organisation else "A backup of Holdfast"
        self.whose.setText(whose)
        self.made.setText(_made(found))
        self.made.setVisible(found.made_at is not None)
        self.holds.setText(", ".join(_holds(found)) if found.organisation else OLD)
        self.file.setText(f"{found.name}, {max(1, round(found.size_bytes / MIB)):,} MB, whole")
        self.setAccessibleName(f"{whose}. {self.made.text()}. {self.holds.text()}")


def _made(found: BackupView) -> str:
    if found.made_at is None:
        return ""
    at = local(found.made_at)
    return f"Made on {long_date(at.date())} at {clock(found.made_at)} by {found.made_by or 'somebody'}, with {found.program}"


def _holds(found: BackupView) -> Iterator[str]:
    for title, many in found.records:
        yield f"{number(many)} {title.lower()}"
    yield f"{count(found.unsent, 'change')} that the portal had not had" if found.unsent else "nothing unsent"
    if found.files:
        yield count(
            found.files, "file kept from imports and hand-overs", "files kept from imports and hand-overs"
        )
