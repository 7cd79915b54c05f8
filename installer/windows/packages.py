"""The packages for Windows out of one folder: MSI per machine, EXE for one person, portable zip; into dist/.

    python -m installer.windows.packages [--folder FROZEN] [--as-version 0.9.9]

Runs on Linux. FROZEN is what `installer.freeze` made on Windows. Without it a *stand-in* is packed: small programs that do
nothing, and the real resources, so that the installers themselves can be built, signed with a certificate made for it, read
back and tried. Needs wixl, msibuild, msiinfo, makensis and osslsigncode (Debian: wixl, msitools, nsis, osslsigncode).
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from installer import facts, freeze, pictures
from installer.windows import reading_back, signing, wix

HERE: Final = facts.ROOT / "installer" / "windows"
WORK: Final = facts.BUILD / "windows"
STAND_IN: Final = WORK / "stand-in"
TRIED: Final = WORK / "tried"
"""Where packages around the stand-in go: nobody shall take them for the real ones."""


def _picture() -> Path:
    """The icon, drawn when freezing; here anew where nothing was frozen on this computer."""
    path = freeze.MADE / "holdfast.ico"
    if not path.exists():
        freeze.MADE.mkdir(parents=True, exist_ok=True)
        pictures.make(Path(sys.executable), freeze.MADE)
    return path


def _makensis(script: Path, out: Path, version: str, **more: str) -> None:
    numbers = ".".join(map(str, (*facts.version_numbers(version), 0)))
    known = {"OUT": str(out), "VERSION": version, "NUMBERS": numbers, "ICON": str(_picture()), **more}
    if os.environ.get("HOLDFAST_NSIS_TARGET"):
        known["TARGET"] = os.environ["HOLDFAST_NSIS_TARGET"]
    defines = [f"-D{name}={value}" for name, value in known.items()]
    subprocess.run(["makensis", "-V2", "-WX", *defines, script], check=True, env=freeze.environment())


def stand_in(version: str) -> Path:
    """The folder that stands for the frozen program."""
    shutil.rmtree(STAND_IN, ignore_errors=True)
    inner = STAND_IN / "_internal"
    inner.mkdir(parents=True)
    for name in (f"{facts.NAME}.exe", facts.CONSOLE["win32"]):
        _makensis(HERE / "stand-in.nsi", STAND_IN / name, version, COPYRIGHT=facts.COPYRIGHT)
    shutil.copytree(facts.ROOT / "resources", inner / "resources")
    shutil.copytree(facts.ROOT / "installer" / "licences", STAND_IN / "licences")
    return STAND_IN


def msi(folder: Path, version: str, out: Path) -> Path:
    """The package for administrators."""
    source = WORK / "holdfast.wxs"
    WORK.mkdir(parents=True, exist_ok=True)
    source.write_text(wix.source(folder, _picture(), version), encoding="utf-8")
    target = out / f"Holdfast-{version}-x64.msi"
    target.unlink(missing_ok=True)
    command = ["wixl", "--arch", "x64", "-o", target, source]
    subprocess.run(command, check=True, cwd=facts.ROOT, env=freeze.environment())
    for query in wix.queries():
        subprocess.run(["msibuild", target, "-q", query], check=True, env=freeze.environment())
    return target


def exe(folder: Path, version: str, out: Path) -> Path:
    """The package for one person."""
    target = out / f"Holdfast-{version}-user.exe"
    kib = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) // 1024
    more = {
        "PAYLOAD": str(folder),
        "KIB": str(kib),
        "PUBLISHER": facts.PUBLISHER,
        "COPYRIGHT": facts.COPYRIGHT,
    }
    _makensis(HERE / "holdfast.nsi", target, version, **more)
    return target


def portable(folder: Path, version: str, out: Path) -> Path:
    """The folder as a zip: the same order and times in every build."""
    target = out / f"Holdfast-{version}-windows-x64.zip"
    when = datetime.fromtimestamp(int(freeze.epoch()), UTC).timetuple()[:6]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(f"Holdfast-{version}/{path.relative_to(folder).as_posix()}", when)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, path.read_bytes())
    return target


def main(argv: list[str]) -> int:
    """Build, sign, read back; 1 when a package is not as it should be."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--as-version", default=facts.VERSION, help="to try an upgrade with")
    args = parser.parse_args(argv)
    version: str = args.as_version
    out = facts.DIST if args.folder else TRIED
    out.mkdir(parents=True, exist_ok=True)
    folder: Path = args.folder.resolve() if args.folder else stand_in(version)
    key = signing.key(trial=not args.folder)
    signing.sign_folder(folder, key)
    made = [make(folder, version, out) for make in (msi, exe, portable)]
    for package in made[:2]:
        signing.sign(package, key)
    wrong = reading_back.complaints(made[0], folder, version)
    for path in made:
        print(
            f"{path.name}: {path.stat().st_size / 1e6:.1f} MB{' (around a stand-in)' if not args.folder else ''}"
        )
        if path.stat().st_size > facts.INSTALLER_MB * 1e6:
            wrong.append(f"{path.name} is larger than {facts.INSTALLER_MB} MB")
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
