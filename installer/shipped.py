"""Which other people's packages the frozen program really holds: from PyInstaller's own list, not from the lock.

holdfast.spec leaves that list in build/package/made/shipped.txt, a module or file a line.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from importlib.metadata import Distribution, distributions
from pathlib import Path

from installer import facts

LIST = facts.BUILD / "made" / "shipped.txt"


def site_packages(interpreter: Path) -> Path:
    """Where an environment keeps its packages."""
    command = [interpreter, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    return Path(subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip())


def packages(interpreter: Path) -> list[Distribution]:
    """The distributions of which at least one module or library is in the folder, by name."""
    inside = {_key(line) for line in LIST.read_text(encoding="utf-8").splitlines()}
    found = {
        one.metadata["Name"].lower(): one
        for one in distributions(path=[str(site_packages(interpreter))])
        if inside & set(_holds(one))
    }
    return [found[name] for name in sorted(found)]


def _holds(one: Distribution) -> Iterable[str]:
    """The modules and libraries of a distribution, as `_key` writes them."""
    return (
        _key(str(file)) for file in one.files or () if file.suffix in {".py", ".so", ".pyd", ".dll", ".dylib"}
    )


def _key(line: str) -> str:
    """`a.b`, `a/b.py`, `a/b/__init__.py` and `a/b.cpython-311-x86_64-linux-gnu.so` are all `a/b`."""
    text = line.replace("\\", "/")
    if "/" not in text and not text.endswith((".py", ".so", ".pyd")):
        return text.replace(".", "/")
    folder, _, file = text.rpartition("/")
    stem = file.partition(".")[0] if not file.startswith("lib") else file
    return folder if stem == "__init__" else f"{folder}/{stem}".lstrip("/")
