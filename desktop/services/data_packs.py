"""Data packs: newer code lists, calendars, amounts and schemas for a program that stays as it is (design.md section 5).

A pack file is a zip with the files of one edition, a manifest of their SHA-256 and a signature over it. It is looked at whole
before anything is kept: who signed it, that nothing is missing or more, that every list can be read, and that no code is
forgotten which a record may hold (old years stay as they are; a code is retired, never dropped). What was installed counts from
the next start on. Each edition stays beside the others, so that one step takes back the last one.
"""

from __future__ import annotations

import hashlib
import io
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop import __version__, paths
from desktop.collections import editions, load, names
from desktop.collections.editions import Manifest
from desktop.collections.packs import Pack
from desktop.model.errors import UsageError
from desktop.store.files import as_known, write_whole

ENDING = ".holdfast-pack"
LARGEST_FILE, LARGEST_PACK, MOST_FILES = 16 << 20, 64 << 20, 200
_NO_PACK = "This file is not a Holdfast data pack. Nothing was changed."


@dataclass(frozen=True)
class PackView:
    """One collection's data of one year. Days as 2026-08-22; `before` "" = there is nothing to go back to."""

    collection: str
    title: str
    year: int
    facts_of: str
    shipped_of: str
    before: str

    @property
    def newer(self) -> bool:
        """Whether an edition counts that came after the program."""
        return self.facts_of != self.shipped_of


@dataclass(frozen=True)
class ListChange:
    """How a code list moves: how many codes are new, have other words, are retired."""

    name: str
    added: int
    reworded: int
    retired: int


@dataclass(frozen=True)
class Offered:
    """What a pack file would bring. `tables` = names of the other files that differ."""

    manifest: Manifest
    signed_by: str
    facts_now: str
    lists: tuple[ListChange, ...]
    tables: tuple[str, ...]

    @property
    def words(self) -> str:
        """One sentence."""
        parts = [f"{one.added} new in {one.name.replace('_', ' ')}" for one in self.lists if one.added]
        parts += [
            f"{one.retired} retired in {one.name.replace('_', ' ')}" for one in self.lists if one.retired
        ]
        parts += [
            f"{one.reworded} reworded in {one.name.replace('_', ' ')}" for one in self.lists if one.reworded
        ]
        parts += [f"{name.removesuffix('.json').replace('_', ' ')} changed" for name in self.tables]
        return "; ".join(parts) or "The same data, looked through again"


def packs() -> list[PackView]:
    """Every pack of this program, by collection and year."""
    found = []
    for about in sorted((paths.resources() / "packs").glob("*/*/about.json")):
        collection, year = about.parent.parent.name, int(about.parent.name)
        now = editions.facts_of(editions.in_force(collection, year))
        ours = editions.facts_of(about.parent)
        before = max((day for day in _kept(collection, year) if ours < day < now), default=ours)
        found.append(
            PackView(collection, load(collection).title, year, now, ours, before if now != ours else "")
        )
    return found


def troubles() -> list[str]:
    """A sentence for each pack that was installed and does not count, as far as this run has met it."""
    return list(editions.troubles)


def look(path: Path) -> Offered:
    """What a pack file would bring. Raises UsageError, with nothing kept, for anything that must not be installed."""
    return _offered(*_opened(path))


def install(path: Path) -> Offered:
    """Keep it beside the others and let it count from the next start on. Raises as `look`, or StoreError."""
    manifest, content = _opened(path)
    offered = _offered(manifest, content)
    home = _own(manifest.collection, manifest.year)
    target = home / manifest.facts_of
    try:
        home.mkdir(parents=True, exist_ok=True)
        half = Path(tempfile.mkdtemp(prefix=".new-", dir=home))
        try:
            for name, raw in content.items():
                (half / name).parent.mkdir(exist_ok=True)
                write_whole(half / name, raw)
            shutil.rmtree(target, ignore_errors=True)
            half.rename(target)
        finally:
            shutil.rmtree(half, ignore_errors=True)
    except OSError as error:
        raise as_known(error, "the data pack") from error
    write_whole(home / editions.CURRENT, manifest.facts_of.encode())
    return offered


def roll_back(collection: str, year: int) -> PackView:
    """Let the edition before count again from the next start on. Raises UsageError when there is none."""
    now = next((one for one in packs() if (one.collection, one.year) == (collection, year)), None)
    if now is None or not now.before:
        raise UsageError(f"There is no earlier data for {collection} to go back to.")
    home = _own(collection, year)
    if editions.in_force(collection, year).parent != home:
        raise UsageError("These data were put here by your IT for everybody. Only they can take them back.")
    write_whole(home / editions.CURRENT, now.before.encode())
    return now


# --- looking --------------------------------------------------------------------------------------------------------


def _own(collection: str, year: int) -> Path:
    return paths.pack_folders()[0] / f"{collection}-{year}"


def _kept(collection: str, year: int) -> list[str]:
    home = _own(collection, year)
    return [path.name for path in home.iterdir() if path.is_dir()] if home.is_dir() else []


def _opened(path: Path) -> tuple[Manifest, dict[str, bytes]]:
    """The manifest, proven, and every file by name. Raises UsageError."""
    try:
        if path.stat().st_size > LARGEST_PACK:
            raise UsageError("The file is too large for a data pack. Nothing was changed.")
        content = _unzipped(path.read_bytes())
    except OSError as error:
        raise UsageError(f"{path.name} cannot be read. Nothing was changed.") from error
    try:
        raw, signature = content[editions.MANIFEST], content[editions.SIGNATURE]
    except KeyError as error:
        raise UsageError(_NO_PACK) from error
    editions.signer(raw, signature)
    manifest = editions.parse(raw)
    if set(content) != {editions.MANIFEST, editions.SIGNATURE, *manifest.files}:
        raise UsageError("Files of the data pack are missing, or there are others. Nothing was changed.")
    for name, digest in manifest.files.items():
        if hashlib.sha256(content[name]).hexdigest() != digest:
            raise UsageError(
                f"The file {name} of the data pack is not as it was signed. Nothing was changed."
            )
    return manifest, content


def _unzipped(raw: bytes) -> dict[str, bytes]:
    """Bounded in files and bytes, so that no small file becomes a huge one. Raises UsageError."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            entries = archive.infolist()
            too_many = len(entries) > MOST_FILES or sum(e.file_size for e in entries) > LARGEST_PACK
            if too_many or any(e.file_size > LARGEST_FILE for e in entries):
                raise UsageError("The file is too large for a data pack. Nothing was changed.")
            found: dict[str, bytes] = {}
            for entry in entries:
                with archive.open(entry) as stream:
                    found[entry.filename] = stream.read(LARGEST_FILE + 1)
            return found
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise UsageError(_NO_PACK) from error


def _offered(manifest: Manifest, content: Mapping[str, bytes]) -> Offered:
    """Raises UsageError for data that this program cannot or must not use."""
    if (
        manifest.collection not in names()
        or not editions.shipped(manifest.collection, manifest.year).is_dir()
    ):
        raise UsageError(
            f"This version of Holdfast does not use data for {manifest.collection} of {manifest.year}. "
            "Install the newer version first. Nothing was changed."
        )
    if manifest.needs > tuple(int(part) for part in __version__.split(".")):
        needs = ".".join(map(str, manifest.needs))
        raise UsageError(f"This data pack needs Holdfast {needs} or newer. Nothing was changed.")
    now = editions.in_force(manifest.collection, manifest.year)
    facts_now = editions.facts_of(now)
    if manifest.facts_of <= facts_now:
        raise UsageError(
            f"This data pack is of {manifest.facts_of}, and you have the data of {facts_now}. Nothing was changed."
        )
    lists, tables = _compared(manifest, content, now)
    return Offered(
        manifest,
        editions.signer(content[editions.MANIFEST], content[editions.SIGNATURE]),
        facts_now,
        lists,
        tables,
    )


def _compared(
    manifest: Manifest, content: Mapping[str, bytes], now: Path
) -> tuple[tuple[ListChange, ...], tuple[str, ...]]:
    """What differs from the edition that counts. Raises UsageError for what cannot be read or forgets something."""
    with tempfile.TemporaryDirectory(prefix="holdfast-pack-") as folder:
        root = Path(folder)
        home = root / manifest.collection / str(manifest.year)
        for name in manifest.files:
            place = home / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content[name])
        new = Pack(manifest.collection, manifest.year, root)
        old = Pack(manifest.collection, manifest.year)
        lists, tables = [], []
        for path in sorted(now.rglob("*.json")):
            name = path.relative_to(now).as_posix()
            if name == editions.MANIFEST:
                continue
            if name not in manifest.files:
                raise UsageError(f"The data pack has no {name}, which Holdfast needs. Nothing was changed.")
            if name.startswith("codes/"):
                lists.append(_list_change(old, new, name.removeprefix("codes/").removesuffix(".json")))
            elif name != "about.json" and _table_change(old, new, name.removesuffix(".json")):
                tables.append(name)
    return tuple(lists), tuple(tables)


def _list_change(old: Pack, new: Pack, name: str) -> ListChange:
    before = old.codes(name)
    try:
        after = new.codes(name)
        sound = all(code and entry.label for code, entry in after.items())
    except (ValueError, TypeError, AttributeError) as error:
        raise UsageError(f"The list {name} of the data pack cannot be read. Nothing was changed.") from error
    if not sound:
        raise UsageError(f"The list {name} of the data pack cannot be read. Nothing was changed.")
    if lost := [code for code in before if code not in after]:
        raise UsageError(
            f"The data pack forgets {len(lost)} of the list {name}, which records may hold. Nothing was changed."
        )
    shared = [(before[code], after[code]) for code in before]
    return ListChange(
        name,
        added=len(after) - len(before),
        reworded=sum(a.label != b.label for a, b in shared),
        retired=sum(bool(b.retired) and not a.retired for a, b in shared),
    )


def _table_change(old: Pack, new: Pack, name: str) -> bool:
    """Whether a table differs. Raises UsageError when it is not of the shape that the program expects."""
    before = old.table(name)
    try:
        after = new.table(name)
    except ValueError as error:
        raise UsageError(f"The table {name} of the data pack cannot be read. Nothing was changed.") from error
    if not _same_shape(before, after):
        raise UsageError(f"The table {name} of the data pack lacks something. Nothing was changed.")
    return bool(before != after)


def _same_shape(before: Any, after: Any) -> bool:
    """Whether everything that is named before is named after, and is the same kind of thing."""
    if isinstance(before, dict):
        return isinstance(after, dict) and all(
            k in after and _same_shape(v, after[k]) for k, v in before.items()
        )
    if isinstance(before, list) or before is None or after is None:
        return before is None or after is None or isinstance(after, list)
    return type(before) is type(after)
