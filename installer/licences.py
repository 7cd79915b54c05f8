"""Collects the licences of everything that is shipped into the folder `licences` of the program."""

from __future__ import annotations

import re
import shutil
import subprocess
from importlib.metadata import Distribution
from pathlib import Path

from installer import facts, shipped

TEXTS = facts.ROOT / "installer" / "licences"
"""Texts that no package brings: of Qt for Python, and of what is linked into libraries."""

_TEXT = re.compile(r"(?:licen[cs]e|copying|notice|authors)[^/]*", re.IGNORECASE)


def named(one: Distribution) -> str:
    """The licence of a package as it says itself: an SPDX expression, else the words of its metadata."""
    said = one.metadata
    spdx = said.get("License-Expression")
    if spdx:
        return str(spdx)
    classes = [
        line.rpartition(" :: ")[2]
        for line in said.get_all("Classifier") or ()
        if line.startswith("License ::")
    ]
    first = str(said.get("License") or "").strip().partition("\n")[0][:80]
    said_simply = (first.partition(" (")[0] or ", ".join(classes)).replace("MIT License", "MIT")
    return said_simply or "see its text"


def collect(interpreter: Path, folder: Path) -> None:
    """Write a folder of texts for each package, the texts of installer/licences, and LICENCES.txt that lists them."""
    folder.mkdir(parents=True, exist_ok=True)
    for text in sorted(TEXTS.glob("*.txt")):
        shutil.copyfile(text, folder / text.name)
    shutil.copyfile(facts.ROOT / "LICENSE", folder / "Holdfast.txt")
    _python(interpreter, folder / "Python.txt")
    lines = [(TEXTS / "README.md").read_text(encoding="utf-8").rstrip(), ""]
    for one in shipped.packages(interpreter):
        name = str(one.metadata["Name"])
        _copy(one, folder / f"{name}.txt")
        lines.append(f"{name} {one.version}: {named(one)}")
    (folder / "LICENCES.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _copy(one: Distribution, target: Path) -> None:
    """All licence texts of a package, one after another; a package that brings none is named in LICENCES.txt only."""
    texts = sorted(
        {str(file) for file in one.files or () if ".dist-info/" in str(file) and _TEXT.fullmatch(file.name)}
    )
    bodies = [
        Path(str(one.locate_file(name))).read_text(encoding="utf-8", errors="replace") for name in texts
    ]
    if bodies:
        target.write_text("\n\n".join(bodies), encoding="utf-8")


def _python(interpreter: Path, target: Path) -> None:
    told = "import sys, site; print(sys.base_prefix)"
    prefix = Path(
        subprocess.run([interpreter, "-c", told], check=True, capture_output=True, text=True).stdout.strip()
    )
    places = [
        prefix / "LICENSE.txt",
        *sorted(prefix.glob("lib/python3*/LICENSE.txt")),
        *sorted(prefix.glob("share/doc/python3*/copyright")),
    ]
    found = next((place for place in places if place.exists()), None)
    if found is None:
        raise FileNotFoundError(f"no licence of Python under {prefix}")
    shutil.copyfile(found, target)
