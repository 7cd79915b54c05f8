"""Bringing a workspace that lies on a share or in a synced folder onto a disk of this computer. The original stays as it is."""

from __future__ import annotations

import shutil
from pathlib import Path

from desktop.store.files import LOCK_FILE, FolderLock, as_known, sync_folder
from desktop.store.ground import insist_on

_LEFT_BEHIND = shutil.ignore_patterns(LOCK_FILE, "*-shm", ".*.new", ".backup.*", ".doctor.*", ".restore.*")


def refuse_shared(folder: Path) -> None:
    """Raises WrongGround for a folder where no live database may lie, before anybody is asked anything."""
    insist_on(folder)


def bring_here(source: Path, target: Path) -> Path:
    """A copy of the whole folder at `target`, which must not exist. Nothing of it is left on failure.

    Raises StoreLocked when somebody has the workspace open, DiskFull, StoreError.
    """
    with FolderLock(source):
        try:
            shutil.copytree(source, target, ignore=_LEFT_BEHIND)
            sync_folder(target)
        except OSError as error:
            shutil.rmtree(target, ignore_errors=True)
            raise as_known(error, "the copy of the workspace") from error
    return target
