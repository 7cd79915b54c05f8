"""Files of a workspace: written whole or not at all, and one owner at a time."""

from __future__ import annotations

import errno
import os
import shutil
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from desktop.model.errors import DiskFull, StoreError, StoreLocked

LOCK_FILE = "holdfast.lock"


def write_whole(path: Path, content: bytes) -> None:
    """Write beside, flush to the disk, then replace: a crash leaves the old file or the new one, never half."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with beside.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise as_known(error, path.name) from error
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename durable where the system allows it (not on Windows)."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def as_known(error: OSError, name: str) -> StoreError:
    """An OSError in our words."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(
            f"The disk is full, so {name} was not written. Free some room and try again; nothing was lost."
        )
    return StoreError(
        f"{name[:1].upper()}{name[1:]} could not be written ({error.strerror}). "
        "Check the folder's permissions and try again."
    )


def identity(path: Path) -> tuple[int, int] | None:
    """Which file is at a path, whatever its name; None when there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


_LEFTOVERS = (".backup.*", ".doctor.*", ".restore.*", ".*.new")


def clear_leftovers(folder: Path) -> None:
    """Remove what a program that was killed left half-made; the lock on the folder must be held. Never fails."""
    for pattern in _LEFTOVERS:
        for path in folder.glob(pattern):
            with suppress(OSError):
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink()


class FolderLock:
    """An operating-system lock on the workspace folder; it ends with the process, also in a crash (sync.md P5)."""

    def __init__(self, folder: Path, wait_s: float = 2.0) -> None:
        """Raises StoreLocked when somebody else still has it after `wait_s` seconds."""
        self._path = folder / LOCK_FILE
        try:
            self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise as_known(error, LOCK_FILE) from error
        give_up = time.monotonic() + wait_s
        while not self._try():
            if time.monotonic() > give_up:
                os.close(self._handle)
                raise StoreLocked(
                    "This workspace is open in another Holdfast. Close that one, then try again. Nothing was changed."
                )
            time.sleep(0.05)

    def _try(self) -> bool:
        try:
            if os.name == "nt":
                import msvcrt

                msvcrt.locking(self._handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
            else:
                import fcntl

                fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def release(self) -> None:
        os.close(self._handle)

    def __enter__(self) -> FolderLock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.release()
