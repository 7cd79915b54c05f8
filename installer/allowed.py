"""Holds a frozen folder against installer/allowed-files.txt and the budgets of size: `python -m installer.allowed [FOLDER]`.

A file that no line names fails the build, so that nobody ships something by accident; so does a line that names nothing
(but a line that begins with `?`).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

from installer import facts

LIST: Final = facts.ROOT / "installer" / "allowed-files.txt"
_SAME: Final = (
    (re.compile(r"python3\.\d+"), "python3.N"),
    (re.compile(r"python3\d\d\."), "python3N."),
    (re.compile(r"\.(?:cpython-\d+-[a-z0-9_-]+|cp\d+-win_[a-z0-9]+|abi3)(?=\.)"), ""),
    (re.compile(r"(?<=\.so)(?:\.\d+)+"), ".N"),
    (re.compile(r"(?<=-)\d[\w.]*(?=\.dist-info)"), "N"),
    (re.compile(r"-[0-9a-f]{8,40}(?=\.(?:so|dll))"), "-X"),
)


def usual(name: str) -> str:
    """A file's place without versions, so that a newer library needs no new line."""
    for pattern, instead in _SAME:
        name = pattern.sub(instead, name)
    return name


def patterns(text: str, system: str) -> list[str]:
    """The lines of the list for a system (`linux`, `win32`, `darwin`), and those for all."""
    found, section = [], "all"
    for line in text.splitlines():
        if line.startswith("["):
            section = line.strip("[] ")
        elif line.strip() and not line.startswith("#") and section in {"all", system}:
            found.append(line.strip())
    return found


def complaints(files: Iterable[str], lines: Iterable[str]) -> list[str]:
    """What is there and not allowed, and what is allowed and not there."""
    names = sorted({usual(file) for file in files})
    needed = {line.removeprefix("? "): not line.startswith("? ") for line in lines}
    used = {line for name in names for line in needed if fnmatchcase(name, line)}
    unknown = [name for name in names if not any(fnmatchcase(name, line) for line in used)]
    return [f"not in allowed-files.txt: {name}" for name in unknown] + [
        f"in allowed-files.txt, but not there: {line}" for line in needed if needed[line] and line not in used
    ]


def megabytes(folder: Path) -> float:
    """What the folder takes when it is installed: the sum of its files, in millions of bytes."""
    return (
        sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
        / 1e6
    )


def check(folder: Path, system: str = sys.platform) -> list[str]:
    """All complaints about a frozen folder; none when it may ship."""
    files = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()]
    found = complaints(files, patterns(LIST.read_text(encoding="utf-8"), system))
    size = megabytes(folder)
    if size > facts.INSTALLED_MB:
        found.append(f"{size:.1f} MB installed are more than {facts.INSTALLED_MB}")
    return found


def main(argv: list[str]) -> int:
    """Print the size and every complaint; 1 when there is one."""
    folder = Path(argv[0]) if argv else facts.FROZEN
    found = check(folder)
    for line in found:
        print(line)
    number = sum(1 for path in folder.rglob("*") if not path.is_dir())
    print(
        f"{folder.name}: {number} files, {megabytes(folder):.1f} MB installed (at most {facts.INSTALLED_MB})"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
