"""Checksums: of each file of a frozen folder (what was built), and of what is handed out (dist/SHA256SUMS)."""

from __future__ import annotations

import hashlib
from pathlib import Path

from installer import facts


def of_file(path: Path) -> str:
    """SHA-256 of a file as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def listing(folder: Path) -> list[str]:
    """A line for each file of a folder in order: checksum, size, place; a link says where it leads."""
    lines = []
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder).as_posix()
        if path.is_symlink():
            lines.append(f"{'link':64} {'-':>10} {place} -> {path.readlink().as_posix()}")
        elif path.is_file():
            lines.append(f"{of_file(path)} {path.stat().st_size:>10} {place}")
    return lines


def write(dist: Path = facts.DIST) -> Path:
    """dist/SHA256SUMS, as sha256sum -c reads it: every package of this version, and nothing left from another."""
    target = dist / "SHA256SUMS"
    handed_out = [path for path in sorted(dist.iterdir()) if path.is_file() and path != target]
    target.write_text("".join(f"{of_file(path)}  {path.name}\n" for path in handed_out), encoding="ascii")
    return target


if __name__ == "__main__":
    print(write())
