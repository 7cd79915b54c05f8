"""Nobody's data lies about in clear: every file that is written during every job is looked into, also those that are gone again.

An audit hook hears of each file that Python opens for writing, renames or removes, and reads it before it goes; files of
SQLite and of the system are found by going through the folders afterwards. Only what a person asked for may be readable.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from desktop.handover import tables
from desktop.handover.recovery_sheet import RecoverySheet, write_recovery_sheet
from desktop.model.document import Patch
from desktop.services.restoring import restore
from desktop.services.unlocking import draft_sheet
from tests.fault.conftest import PASSPHRASE, TRAINEES, Desk

MARK = "Quollverblix"
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


@dataclass
class Watch:
    """What was written and found. `asked` = the folder of what a person asked for."""

    planted: list[bytes]
    asked: Path
    seen: set[Path] = field(default_factory=set)
    found: list[str] = field(default_factory=list)
    on: bool = False
    busy: bool = False

    def hear(self, event: str, args: tuple[object, ...]) -> None:
        """The audit hook; must not raise."""
        if not self.on or self.busy or event not in {"open", "os.remove", "os.rename"}:
            return
        self.busy = True
        try:
            self._hear(event, args)
        finally:
            self.busy = False

    def _hear(self, event: str, args: tuple[object, ...]) -> None:
        if not isinstance(args[0], str | bytes | os.PathLike):
            return
        path = Path(os.fsdecode(args[0])).absolute()
        if event == "open":
            mode, flags = args[1], args[2]
            writing = (
                any(sign in mode for sign in "wax+")
                if isinstance(mode, str)
                else bool(int(str(flags or 0)) & _WRITING)
            )
            if writing:
                self.seen.add(path)
        else:
            self.look_into(path, "before it was taken away")

    def look_into(self, path: Path, when: str = "") -> None:
        if path.is_relative_to(self.asked):
            return
        with suppress(OSError):
            content = path.read_bytes()
            self.found += [f"{path} {when}: {secret!r}" for secret in self.planted if secret in content]

    def look_everywhere(self, *folders: Path) -> None:
        self.on = False
        for path in {*self.seen, *(path for folder in folders for path in folder.rglob("*"))}:
            if path.is_file():
                self.look_into(path)


_watches: list[Watch] = []


def _hook(event: str, args: tuple[object, ...]) -> None:
    for watch in _watches:
        watch.hear(event, args)


sys.addaudithook(
    _hook
)  # for good: Python has no way to take one off, so it looks at a list that is empty after a test


@pytest.fixture
def watch(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    """Every name, e-mail address and day of birth that the portal holds, and one that is typed here."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setenv("TMPDIR", str(temporary))
    held = desk.control.trainees()
    words = {one[name] for one in held for name in ("last_name", "email") if one.get(name)}
    asked = tmp_path / "asked for"
    asked.mkdir()
    made = Watch(
        [word.encode() for word in {*words, MARK, desk.portal.token, PASSPHRASE} if len(word) > 5], asked
    )
    _watches.append(made)
    made.on = True
    yield made
    made.on = False
    _watches.clear()


def test_no_job_leaves_anything_of_anybody_in_clear(desk: Desk, watch: Watch, tmp_path: Path) -> None:
    workspace, asked = desk.workspace, watch.asked
    sheet = asked / "new.csv"
    sheet.write_text(f"First names,Last name,Date of birth\nWren,{MARK},1999-04-12\n")
    workspace.importing.save(workspace.importing.read(sheet, TRAINEES))
    row = desk.all()[0]
    workspace.records.edit(row.id, Patch({"middle_names": MARK}))
    workspace.drafts.keep(row.id, TRAINEES, {"middle_names": f"{MARK} half"})
    desk.sync()

    lines = [[one.label, MARK] for one in desk.all()]
    tables.write_csv(asked / "list.csv", ["Name", "Other"], lines)
    tables.write_xlsx(asked / "list.xlsx", "List", ["Name", "Other"], lines)
    tables.write_pdf(asked / "list.pdf", "List", "All", ["Name", "Other"], lines)
    workspace.activity.save_evidence(asked / "evidence.pdf")
    workspace.way_out.save(asked / "queue.holdfast-queue")
    workspace.support.save(asked / "report.zip", workspace.support.report())
    draft = draft_sheet(workspace.today())
    write_recovery_sheet(asked / "sheet.pdf", RecoverySheet("Uni", "w", draft.number, draft.made, draft.code))
    backup = workspace.care.backup(asked / "b.holdfast-backup")
    restore(backup, tmp_path / "restored", PASSPHRASE)
    workspace.passphrase.put_in_force(PASSPHRASE, draft)
    desk.close()
    assert type(workspace).examine(desk.folder, PASSPHRASE) == []

    watch.look_everywhere(tmp_path)
    assert watch.found == []
    assert MARK in (asked / "list.csv").read_text("utf-8-sig"), "it is there where a person asked for it"
    raw = backup.read_bytes()
    assert not [secret for secret in watch.planted if secret in raw], "a backup is encrypted wherever it lies"
    assert not list((tmp_path / "temporary").iterdir())
    assert not list(asked.glob(".*")), "nothing half-made is left beside it"


def test_the_watch_sees_what_lies_about(desk: Desk, watch: Watch, tmp_path: Path) -> None:
    """Also in a file that is gone before anybody could look."""
    with tempfile.NamedTemporaryFile("w", dir=tmp_path / "temporary") as file:
        file.write(MARK)
        file.flush()
    with tempfile.NamedTemporaryFile("w", dir=tmp_path / "temporary", delete=False) as file:
        file.write(MARK)
    watch.look_everywhere(tmp_path)
    assert len([told for told in watch.found if MARK in told]) >= 2
