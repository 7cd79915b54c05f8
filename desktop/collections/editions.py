"""Editions of a pack: the shipped one, and newer ones that came as signed files after the program (services/data_packs.py).

An edition is known by the day of its facts (`about.json`, `facts_of`). An installed one lies in
`<packs folder>/<collection>-<year>/<facts_of>`, with the manifest that was signed and the signature; `current` beside it names the
one that counts. It counts only while it is newer than the shipped one, signed by a key that this program trusts, and whole:
anything else falls back to the shipped edition, and `troubles` says why.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from desktop import paths
from desktop.model.errors import UsageError

MANIFEST, SIGNATURE, CURRENT, KEYS = "manifest.json", "manifest.sig", "current", "keys.json"
FORMAT = 1
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_NAME = re.compile(r"(codes/)?[a-z0-9_]+\.json\Z")
_COLLECTION = re.compile(r"[a-z0-9_]{1,40}\Z")

troubles: list[str] = []
"""A sentence for each installed edition that does not count, of this run. Shown with the packs, and by the doctor."""


@dataclass(frozen=True)
class Manifest:
    """What is signed: which data of which day, the program that it needs at least, and the SHA-256 of each file."""

    collection: str
    year: int
    facts_of: str
    needs: tuple[int, ...]
    files: Mapping[str, str]


def parse(raw: bytes) -> Manifest:
    """Raises UsageError for anything that is no manifest of a format that we know."""
    try:
        data = json.loads(raw)
        files = {str(name): str(digest) for name, digest in data["files"].items()}
        found = Manifest(
            data["collection"],
            data["year"],
            data["facts_of"],
            tuple(int(part) for part in data["needs"].split(".")),
            files,
        )
        sound = (
            data["format"] == FORMAT
            and bool(_COLLECTION.match(found.collection))
            and type(found.year) is int
            and bool(_DAY.match(found.facts_of))
            and all(_NAME.match(name) for name in files)
            and "about.json" in files
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError("This is not a data pack that this version of Holdfast can read.") from error
    if not sound:
        raise UsageError("This is not a data pack that this version of Holdfast can read.")
    return found


def trusted_keys() -> dict[str, str]:
    """Name -> Ed25519 public key (base64) of everybody whose packs count. Shipped with the program; empty = none do."""
    raw = (paths.resources() / "packs" / KEYS).read_text(encoding="utf-8")
    found: dict[str, str] = json.loads(raw)
    return found


def signer(raw: bytes, signature: bytes) -> str:
    """Who signed the manifest. Raises UsageError when it was nobody that this program trusts."""
    from base64 import b64decode

    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    for name, key in trusted_keys().items():
        try:
            Ed25519PublicKey.from_public_bytes(b64decode(key)).verify(signature, raw)
        except InvalidSignature:
            continue
        return name
    raise UsageError("The data pack is not signed by anybody whom this Holdfast trusts. Nothing was changed.")


def check_files(folder: Path, manifest: Manifest) -> None:
    """Every file is there as it was signed, and no other. Raises UsageError."""
    known = {MANIFEST, SIGNATURE, *manifest.files}
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    if there != known:
        raise UsageError("Files of the data pack are missing, or there are others.")
    for name, digest in manifest.files.items():
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
            raise UsageError(f"The file {name} of the data pack is not as it was signed.")


def shipped(collection: str, year: int) -> Path:
    """The edition that came with the program."""
    return paths.resources() / "packs" / collection / str(year)


def facts_of(folder: Path) -> str:
    """The day of an edition's facts, as 2026-08-22; "" where there is no edition."""
    try:
        return str(json.loads((folder / "about.json").read_text(encoding="utf-8"))["facts_of"])
    except FileNotFoundError:
        return ""


def installed(collection: str, year: int) -> Path | None:
    """The folder of the newest edition that was installed and is meant to count. Nothing of it is checked."""
    found = []
    for root in paths.pack_folders():
        pair = root / f"{collection}-{year}"
        try:
            day = (pair / CURRENT).read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            continue
        if _DAY.match(day):
            found.append(pair / day)
    return max(found, key=lambda folder: folder.name, default=None)


def in_force(collection: str, year: int) -> Path:
    """The folder whose data count now."""
    ours, theirs = shipped(collection, year), installed(collection, year)
    if theirs is None or theirs.name <= facts_of(ours):
        return ours
    try:
        raw = (theirs / MANIFEST).read_bytes()
        signer(raw, (theirs / SIGNATURE).read_bytes())
        check_files(theirs, parse(raw))
    except (OSError, UsageError) as error:
        why = str(error) if isinstance(error, UsageError) else "It cannot be read."
        troubles.append(
            f"The newer data for {collection} of {theirs.name} do not count: {why} Those that came with Holdfast do."
        )
        return ours
    return theirs
