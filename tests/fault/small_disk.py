"""A full disk for real: run as root of a namespace of one's own, on a file system of three megabytes.

`python -m tests.fault.small_disk <mount> <workspace folder> <portal>`: each deed meets a full disk, is refused, and works
when there is room again. One JSON object a deed on stdout; any surprise is a traceback and a code other than 0.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from desktop.model.document import Patch
from desktop.model.errors import StoreError
from desktop.services.views import RecordQuery
from desktop.services.workspace import Workspace
from desktop.store import engine as db
from desktop.store import vault
from desktop.store.store import DB_FILE
from tests.e2e.cli_world import Cli
from tests.fault.conftest import PASSPHRASE, TRAINEES

LONG = "Ada " * 5000


def tell(deed: str, kind: str, words: str) -> None:
    """One line for whoever started this."""
    sys.stdout.write(json.dumps({"deed": deed, "kind": kind, "words": words}) + "\n")


class SmallDisk:
    """A mounted file system that can be filled and freed."""

    def __init__(self, mount: Path) -> None:
        self._filler = mount / "filler"
        self.folder = mount / "workspace"

    @contextmanager
    def full(self, left: int = 0) -> Iterator[None]:
        """Not a block is free but for `left` bytes."""
        with self._filler.open("wb", buffering=0) as out, suppress(OSError):
            while out.write(b"\0" * 4096):
                pass
        assert shutil.disk_usage(self._filler).free < 4096
        if left:
            os.truncate(self._filler, self._filler.stat().st_size - left)
        try:
            yield
        finally:
            self._filler.unlink()

    def refused(self, deed: str, work: Callable[[], object], left: int = 0) -> None:
        """`work` meets a full disk, says so, and is done when there is room again."""
        try:
            with self.full(left):
                work()
        except StoreError as error:
            tell(deed, type(error).__name__, str(error))
        else:
            raise AssertionError(f"{deed}: it did what cannot be done")
        work()


def main(mount: str, template: str) -> None:
    disk = SmallDisk(Path(mount))
    shutil.copytree(template, disk.folder)
    workspace = Workspace.open(disk.folder, PASSPHRASE)
    first, second = (row.id for row in workspace.records.page(RecordQuery(TRAINEES), 2))
    workspace.records.edit(first, Patch({"middle_names": "Kept"}))

    disk.refused("edit", lambda: workspace.records.edit(second, Patch({"middle_names": LONG})))
    assert workspace.records.view(first).document.get("middle_names") == "Kept"
    workspace.records.revert(second, ["middle_names"])

    with workspace._store.write() as unit:
        unit.portals.forget_watermarks(TRAINEES)
    disk.refused("pull", lambda: workspace.sync.run(TRAINEES, full=True, push=False))
    assert len(workspace.records.find(RecordQuery(TRAINEES))) > 20

    copies = iter(("one", "two"))
    disk.refused("backup", lambda: workspace.care.backup(disk.folder.parent / next(copies)), left=200_000)
    (disk.folder.parent / "two").unlink()
    disk.refused("backup by itself", lambda: workspace.backups.make("daily"), left=200_000)
    (made,) = workspace.backups.all()
    made.path.unlink()
    assert workspace.care.doctor() == []
    workspace.close()

    make_older(disk.folder)
    disk.refused("migration", lambda: Workspace.open(disk.folder, PASSPHRASE).close(), left=200_000)
    slot = vault.read_slot(disk.folder)
    disk.refused("key", lambda: vault.write_slot(disk.folder, slot))
    assert vault.read_slot(disk.folder) == slot

    cli = Cli(disk.folder, {"HOLDFAST_PASSPHRASE": PASSPHRASE})
    words = ("set", TRAINEES, first, "middle_names=Bea")
    with disk.full():
        no = cli(*words)
    assert (no.code, cli(*words).code) == (4, 0)
    tell("command", "", no.error)
    workspace = Workspace.open(disk.folder, PASSPHRASE)
    assert workspace.care.doctor() == []
    workspace.close()


def make_older(folder: Path) -> None:
    """The file as the first program left it, which knew the first migration only."""
    key = vault.unwrap(vault.read_slot(folder), PASSPHRASE)
    connection = db.connect(folder / DB_FILE, key)
    connection.execute("DROP TABLE kept")
    connection.execute("ALTER TABLE portals DROP COLUMN restored_at")
    connection.execute("PRAGMA user_version = 1")
    connection.close()


if __name__ == "__main__":
    main(*sys.argv[1:3])
