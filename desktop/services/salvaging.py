"""Saving what can be read of a damaged workspace, as a backup that is restored like any other.

A record comes back only when all of it could be read: its row, and what the portal had shown of it. Where one of the two is
gone, what was typed and could be read is kept beside the records ("salvaged"), with the names, inside the encrypted file.
The history keeps its chain when no row is lost; otherwise it begins anew with the rows that are left, and says so.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from desktop import __version__
from desktop.collections import all_collections
from desktop.model.errors import StoreDamaged, UsageError
from desktop.services import mending
from desktop.services.core import Core
from desktop.services.unlocking import Unlocking
from desktop.services.views import Organisation
from desktop.services.wording import count
from desktop.services.workspace import key_of
from desktop.store import backup, salvage, sealed, vault
from desktop.store.files import FolderLock, as_known
from desktop.store.journal import chained_anew, is_whole
from desktop.store.salvage import Found, Row
from desktop.store.store import Store, Unit

KIND = "salvaged"
_OF_RECORDS = ("changes", "conflicts")
_PLAIN = ("portals", "tries", "meta", "watermarks", "aliases", "kept")


@dataclass(frozen=True)
class Salvaged:
    """What was saved, in numbers. `problems` = what is still wrong with it, in sentences.

    lost      records of which something could not be read, as far as anybody can tell
    typed     of them, those whose typed changes are kept beside the records
    whole     whether everything could be read
    """

    path: Path
    records: int
    changes: int
    history: int
    files: int
    lost: int
    typed: int
    history_lost: bool
    problems: tuple[str, ...]

    @property
    def whole(self) -> bool:
        return not (self.lost or self.history_lost or self.problems)


def salvage_words(made: Salvaged) -> Iterator[str]:
    """What came of it, in sentences."""
    if made.whole:
        yield f"Everything could be read: {count(made.records, 'record')}, in {made.path.name}."
    else:
        yield f"{count(made.records, 'record')} and {count(made.changes, 'change')} that waited are in {made.path.name}."
    if made.lost:
        kept = (
            f" What was typed into {made.typed:,} of them is kept beside the records." if made.typed else ""
        )
        yield f"{count(made.lost, 'record')} could not be read whole.{kept} The next sync reads them from the portal again."
    if made.history_lost:
        yield "Part of the history is lost; it begins anew with the rows that could be read."
    yield from made.problems
    yield "Restore it into an empty folder. The damaged file was left as it is."


def salvage_to(folder: Path, passphrase: str | Unlocking | None, out: Path) -> Salvaged:
    """Write what can be read of the workspace in `folder` as a backup; not one byte of the folder changes.

    Raises UsageError when `out` is there already, StoreDamaged when nothing can be read, StoreError and its kinds.
    """
    if out.exists():
        raise UsageError(f"{out.name} is there already. Choose another name; nothing was written.")
    slot, data_key = key_of(folder, passphrase)
    half = out.parent / f".salvage.{os.getpid()}"
    try:
        with FolderLock(folder):
            (half / "old").mkdir(parents=True)
            salvage.copy_readable(folder, half / "old")
            found = salvage.read(half / "old", data_key)
            (half / "new").mkdir()
            vault.write_slot(half / "new", slot)
            files = _copy_files(folder, half / "new")
        return _written(half / "new", data_key, found, files, out)
    except OSError as error:
        raise as_known(error, out.name) from error
    finally:
        shutil.rmtree(half, ignore_errors=True)


def _copy_files(folder: Path, new: Path) -> int:
    """The kept files, as they are; those that do not open are dropped later."""
    copied = 0
    for path in (folder / sealed.FOLDER).glob("*.sealed"):
        with suppress(OSError):
            (new / sealed.FOLDER).mkdir(exist_ok=True)
            shutil.copyfile(path, new / sealed.FOLDER / path.name)
            copied += 1
    return copied


def _written(new: Path, data_key: bytes, found: Found, files: int, out: Path) -> Salvaged:
    store = Store.create(new, data_key, actor="Holdfast")
    try:
        sound, lost = _sound(found)
        with store.write() as unit:
            _put(unit, found, sound, vault.read_slot(new).workspace)
        files -= _drop_unreadable(store)
        core = Core(store, all_collections())
        with store.write() as unit:
            for one in lost:
                unit.kept.put(KIND, str(one["id"]), one)
            told = {"records": len(sound), "lost": len(lost), "history_lost": bool(_history_holes(found))}
            unit.journal.write(KIND, None, told)
            list(mending.mend_records(core, unit))
        problems = _problems(core)
        made = Salvaged(
            path=out,
            records=len(sound),
            changes=len(_of(found, "changes", sound)),
            history=len(found.of("journal")),
            files=files,
            lost=len(lost) + _unseen(found),
            typed=sum(bool(one["typed"]) for one in lost),
            history_lost=bool(_history_holes(found)),
            problems=tuple(problems),
        )
        _save(store, out)
        return made
    finally:
        store.close()


def _sound(found: Found) -> tuple[list[Row], list[Row]]:
    """(records that are whole, what is left of the others). A record of the portal is whole with what it had shown."""
    shown = {row["key"] for row in found.of("snapshots")}
    whole = [row for row in found.of("records") if row["portal_id"] is None or row["key"] in shown]
    kept = {row["key"] for row in whole}
    left = [
        {
            "id": row["id"],
            "collection": row["collection"],
            "portal_id": row["portal_id"],
            "label": row["label"],
            "typed": json.loads(row["pending"]) if row["pending"] else None,
        }
        for row in found.of("records")
        if row["key"] not in kept
    ]
    return whole, left


def _unseen(found: Found) -> int:
    """Records whose row is gone while what the portal had shown of them is not."""
    there = {row["key"] for row in found.of("records")}
    return sum(row["key"] not in there for row in found.of("snapshots"))


def _of(found: Found, table: str, sound: Sequence[Row]) -> list[Row]:
    keys = {row["key"] for row in sound}
    return [row for row in found.of(table) if row["key"] in keys]


def _history_holes(found: Found) -> int:
    return found.holes.get("journal", 0) or int(not is_whole(found.of("journal")))


def _put(unit: Unit, found: Found, sound: list[Row], workspace: str) -> None:
    salvage.put(unit, "records", sound)
    for table in ("snapshots", *_OF_RECORDS):
        salvage.put(unit, table, _of(found, table, sound))
    for table in _PLAIN:
        salvage.put(unit, table, found.of(table))
    if unit.meta("organisation") is None:
        kind = "school" if any(row["collection"] == "ects" for row in sound) else "hei"
        unit.set_meta("organisation", json.dumps(Organisation("Saved from a damaged file", kind).__dict__))
    if unit.meta("workspace") is None:
        unit.set_meta("workspace", workspace)
    rows = found.of("journal")
    salvage.put(unit, "journal", chained_anew(rows) if _history_holes(found) else rows)


def _drop_unreadable(store: Store) -> int:
    """Kept files that do not open are of no use to anybody."""
    dropped = 0
    for path in sealed.all_of(store):
        try:
            sealed.read(store, sealed.name_of(path))
        except StoreDamaged:
            path.unlink()
            dropped += 1
    return dropped


def _problems(core: Core) -> list[str]:
    from desktop.services.care import Care

    return Care(core).doctor()


def _save(store: Store, out: Path) -> None:
    copy = store.folder / f".backup.{os.getpid()}.db"
    held = store.copy_to(copy)
    note = {
        **held,
        "made_at": store.clock().isoformat(),
        "made_by": "holdfast salvage",
        "program": f"Holdfast {__version__}",
    }
    backup.save(out, store.as_source(copy), note, lambda _: None)
