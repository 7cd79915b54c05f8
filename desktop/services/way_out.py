"""The way out when sync cannot be put right on the spot: everything that is not at the portal yet, as a file (D25, D20).

Two kinds: a spreadsheet for people who type it on the portal's own pages, which anybody can read, and an encrypted
file that keeps everything. Saving changes nothing in the queue; the journal notes who did it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from desktop.model.collection import Collection
from desktop.model.errors import StoreError, UsageError
from desktop.services import queue_file, typing_list
from desktop.services.core import Core
from desktop.services.unsent import Unsent, gather
from desktop.services.views import Organisation
from desktop.store.files import write_whole

SHEET, SEALED = ".csv", ".holdfast-queue"


@dataclass(frozen=True)
class Saved:
    """What was written: the file, and how many records with how many changes are in it."""

    file: Path
    records: int
    changes: int


class WayOut:
    """Saving what waits. Worker thread: a long queue takes a moment."""

    def __init__(self, core: Core, organisation: Organisation) -> None:
        self._core = core
        self._organisation = organisation

    def save(self, path: Path, *, replace: bool = False) -> Saved:
        """Write everything that is not at the portal yet: queued, sending, unknown, refused, in conflict, drafts.

        The kind of file follows from the ending of its name. `replace` = a person has agreed that a file of that name
        is written over. Raises UsageError for another ending or a file that is there, StoreError and its kinds.
        """
        refuse_other_kinds(path)
        _refuse_to_replace(path, agreed=replace)
        with self._core.store.read() as unit:
            unsent = gather(unit, self._core.collections)
            journal = unit.journal.tail()
        if path.suffix.lower() == SHEET:
            saved = write_sheet(path, unsent, self._core.collections, self._core.today(), replace=replace)
        else:
            store = self._core.store
            made = queue_file.made(self._organisation, self._core.now(), store.actor, journal, unsent)
            write_whole(path, queue_file.sealed(store, made))
            saved = Saved(path, len(unsent), made.changes)
        self._note(saved)
        return saved

    def _note(self, saved: Saved) -> None:
        told = {"file": saved.file.name, "records": saved.records, "changes": saved.changes}
        try:
            with self._core.store.write() as unit:
                unit.journal.write("queue_saved", None, told)
        except StoreError as error:
            raise StoreError(
                f"{saved.file.name} is written and whole, but the history could not note it. {error}"
            ) from error


def refuse_other_kinds(path: Path) -> None:
    """Raises UsageError for a name that ends in neither kind."""
    if path.suffix.lower() not in (SHEET, SEALED):
        raise UsageError(
            f"What waits is saved as an encrypted file ({SEALED}) or as a spreadsheet ({SHEET}): "
            "give a file name that ends so. Nothing was written."
        )


def write_sheet(
    path: Path,
    unsent: Iterable[Unsent],
    collections: Mapping[str, Collection],
    today: date,
    *,
    replace: bool = False,
) -> Saved:
    """The spreadsheet of what is not at the portal yet, of this workspace or of a saved queue. Raises as `save`."""
    _refuse_to_replace(path, agreed=replace)
    told = [one for one in unsent if one.changes]  # a row tells of a change
    write_whole(path, typing_list.as_csv(told, collections, today))
    return Saved(path, len(told), sum(len(one.changes) for one in told))


def _refuse_to_replace(path: Path, *, agreed: bool) -> None:
    if path.exists() and not agreed:
        raise UsageError(f"{path.name} is there already. Choose another name; nothing was written.")
