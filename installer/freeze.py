"""Freezes Holdfast into one folder, build/package/frozen/Holdfast: `python -m installer.freeze`.

The environment holds what requirements-package.txt locks and nothing of a developer's. The same source gives the same files:
times come from SOURCE_DATE_EPOCH (else the last commit) and hashes of names are not random.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from installer import contents, facts, licences, pictures, sbom, version_resource
from installer.linux import icu

MADE = facts.BUILD / "made"
VENV = facts.BUILD / "venv"
LOCK = facts.ROOT / "requirements-package.txt"


def epoch() -> str:
    """Seconds of the last commit, or what SOURCE_DATE_EPOCH says."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return given
    told = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=facts.ROOT, capture_output=True, text=True, check=False
    )
    return told.stdout.strip() or "1767225600"  # a source without history: 1 January 2026


def environment() -> dict[str, str]:
    """What a build may know of its surroundings that changes nothing in the result."""
    return {**os.environ, "SOURCE_DATE_EPOCH": epoch(), "PYTHONHASHSEED": "1", "QT_QPA_PLATFORM": "offscreen"}


def python() -> Path:
    """The Python of the environment that is frozen; made when the lock or the interpreter changed."""
    found = VENV / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    stamp, wanted = VENV / "stamp", f"{sys.version}\n{LOCK.read_text(encoding='utf-8')}"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)
        pip = [found, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input"]
        subprocess.run(
            [*pip, "--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", LOCK], check=True
        )
        stamp.write_text(wanted, encoding="utf-8")
    return found


def freeze() -> Path:
    """The frozen folder, made anew."""
    shutil.rmtree(facts.FROZEN.parent, ignore_errors=True)
    MADE.mkdir(parents=True, exist_ok=True)
    interpreter = python()
    pictures.make(interpreter, MADE)
    (MADE / "version.txt").write_text(version_resource.text(), encoding="utf-8")
    command = [interpreter, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"]
    places = ["--distpath", facts.FROZEN.parent, "--workpath", facts.BUILD / "work"]
    subprocess.run(
        [*command, *places, facts.ROOT / "installer" / "holdfast.spec"],
        cwd=facts.ROOT,
        env=environment(),
        check=True,
    )
    finish(facts.FROZEN)
    licences.collect(interpreter, facts.FROZEN / "licences")
    templates = facts.ROOT / "installer" / "policy" / "templates.py"
    subprocess.run([sys.executable, templates, facts.FROZEN / "policy"], check=True)
    sbom.write(interpreter, facts.FROZEN, int(epoch()))
    return facts.FROZEN


def finish(folder: Path) -> None:
    """What PyInstaller does not do: names of the console program, debug tables, and one time for all files."""
    if sys.platform == "win32":
        (folder / "holdfast-cli.exe").rename(folder / facts.CONSOLE["win32"])
        (folder / "holdfast-cli.pkg").unlink()
    if sys.platform == "linux":
        (folder / facts.NAME).symlink_to("holdfast")
        for library in folder.rglob("libicudata.so.*"):
            if not library.is_symlink():
                icu.shrink(library)
        for library in sorted(folder.rglob("*.so*")):
            if not library.is_symlink() and _has_debugging(library):
                subprocess.run(["strip", "--strip-unneeded", library], check=True)


def _has_debugging(library: Path) -> bool:
    """Does a library come with the tables of a debugger, or belong to a package that is known to be safe to strip?"""
    told = subprocess.run(["readelf", "-SW", library], capture_output=True, text=True, check=False)
    return ".debug_info" in told.stdout or any(package in library.parts for package in contents.STRIPPED)


if __name__ == "__main__":
    print(freeze())
