"""What the doctor mends: only what follows from something else that is sound. What people typed is never touched.

    the lists and the search index   made anew from the records
    what waits to be sent            brought in step with what was changed (`outbox.follow`)
    kept files that belong to nothing, leftovers of a program that was killed   removed
    the log of the database          written into it

A damaged file and a broken chain of the history are not mended: nothing here can know what was there. Before anything is
mended there is a backup.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from desktop.services.core import Core
from desktop.services.export_shelf import Shelf
from desktop.services.wording import count
from desktop.store import backup, index, sealed
from desktop.store.files import clear_leftovers
from desktop.store.store import Unit
from desktop.sync import outbox
from desktop.sync.engine import out_of_step

_SETTLED_S = 3_600.0


@dataclass(frozen=True)
class Mended:
    """What was done, and what is still wrong, each in a sentence. `backup` = the one made before, "" = nothing was done."""

    done: tuple[str, ...]
    left: tuple[str, ...]
    backup: str = ""


def list_problems(core: Core, unit: Unit) -> Iterator[str]:
    """What is wrong with lists and search, in sentences."""
    for collection in core.collections.values():
        if wrong := index.misfiled(unit, collection):
            yield f"{count(len(wrong), collection.singular)} stand in lists with a name or number that is not theirs."
    if not index.index_is_right(unit, core.collections.values()):
        yield "The search does not find every record by its words."


def strays(core: Core, unit: Unit) -> list[Path]:
    """Kept files that nothing in the workspace speaks of; a new one may be of a reading that goes on just now."""
    named = {*unit.kept.sealed_names(), *Shelf.copies(unit)}
    before = time.time() - _SETTLED_S
    found = [path for path in sealed.all_of(core.store) if sealed.name_of(path) not in named]
    return [path for path in found if path.stat().st_mtime < before]


def mend_records(core: Core, unit: Unit) -> Iterator[str]:
    """Bring lists, search and what waits in step with the records; says what was done."""
    for collection in core.collections.values():
        if wrong := index.misfiled(unit, collection):
            index.refile(unit, collection, wrong)
            yield f"{count(len(wrong), collection.singular)} put right in the lists."
        if ids := out_of_step(unit, collection):
            for record_id in ids:
                outbox.follow(unit, collection, core.record(unit, record_id), core.today())
            yield f"What waits to be sent was brought in step for {count(len(ids), collection.singular)}."
    unit.flush()
    if not index.index_is_right(unit, core.collections.values()):
        index.reindex(unit, core.collections.values())
        yield "The index of the search was made anew."


def mend_files(core: Core, stray: list[Path]) -> Iterator[str]:
    """Remove kept files that belong to nothing, and leftovers."""
    for path in stray:
        path.unlink(missing_ok=True)
    if stray:
        yield f"{count(len(stray), 'kept file')} that belonged to nothing {'was' if len(stray) == 1 else 'were'} removed."
    folder = core.store.folder
    left = [*leftovers(folder), *leftovers(folder / backup.FOLDER)]
    if left:
        clear_leftovers(folder)
        clear_leftovers(folder / backup.FOLDER)
        yield f"{count(len(left), 'leftover')} of a program that was killed {'was' if len(left) == 1 else 'were'} removed."


def leftovers(folder: Path) -> list[Path]:
    """What a program that was killed left half-made in a folder."""
    found: list[Path] = []
    with suppress(OSError):
        found = [path for path in folder.iterdir() if path.name.startswith(".") and path.suffix == ".new"]
    return found
