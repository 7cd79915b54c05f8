"""The tree of *known* errors: things a person can act on. Anything else is a bug.

    HoldfastError
    ├── UsageError            the caller asked for something that does not exist        (exit 2)
    │   ├── UnknownName       collection, field, action, conflict id, option value
    │   ├── UnknownRef        no record has this reference
    │   └── AmbiguousRef      several records have it; `.candidates` lists them
    ├── StoreError            the workspace cannot be used                              (exit 4)
    │   ├── StoreLocked       another Holdfast has it open, or the file stayed busy
    │   ├── WrongPassphrase   the passphrase does not open this workspace
    │   ├── StoreDamaged      not a Holdfast database, or a damaged one
    │   ├── StoreNewer        written by a newer version of the program
    │   ├── StoreMissing      no workspace in this folder
    │   ├── StoreExists       there already is a workspace in this folder
    │   ├── WrongGround       a share or a synced folder, where no live database may lie
    │   └── DiskFull          the disk has no room
    └── StaleWrite            the record moved on since it was read; nothing was written

Messages are for people: what happened, what was kept, what to do next. They never hold personal data.
"""

from __future__ import annotations

from collections.abc import Sequence


class HoldfastError(Exception):
    """Root of all known errors."""


class UsageError(HoldfastError):
    """The caller asked for something that does not exist or does not make sense."""


class UnknownName(UsageError):
    """No collection, field, action, conflict or option has this name."""


class UnknownRef(UsageError):
    """No record has this reference."""


class AmbiguousRef(UsageError):
    """Several records have this reference; `candidates` holds their local ids."""

    def __init__(self, message: str, candidates: Sequence[str]) -> None:
        super().__init__(message)
        self.candidates = tuple(candidates)


class StoreError(HoldfastError):
    """The workspace cannot be used as it is."""


class StoreLocked(StoreError):
    """Another Holdfast has this workspace open, or the file stayed busy too long."""


class WrongPassphrase(StoreError):
    """The passphrase does not open this workspace."""


class StoreDamaged(StoreError):
    """The file is not a Holdfast database, or it is damaged."""


class StoreNewer(StoreError):
    """The workspace was written by a newer version of the program."""


class StoreMissing(StoreError):
    """There is no workspace in this folder."""


class StoreExists(StoreError):
    """There already is a workspace in this folder."""


class WrongGround(StoreError):
    """The folder is on a share or kept in step by a sync program; a live database would be damaged there."""


class DiskFull(StoreError):
    """The disk has no room for the write; the write did not happen."""


class StaleWrite(HoldfastError):
    """The record changed since it was read; nothing was written. Read again and retry."""
