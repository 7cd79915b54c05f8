"""Everything that `make package` makes, in turn: frozen program, checks, packages for Linux, a try of those for Windows, checksums.

The result lies in dist/. The packages for Windows are tried around a stand-in and lie in build/; the real ones are made of what a
Windows runner froze (.github/workflows/installers.yml).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from installer import allowed, facts, freeze, smoke, sums
from installer.linux import packages as linux
from installer.windows import packages as windows


class Failed(Exception):
    """A step that must hold did not; the words say which."""


def _frozen() -> str:
    shutil.rmtree(facts.DIST, ignore_errors=True)
    facts.DIST.mkdir()
    freeze.freeze()
    (facts.BUILD / "contents.txt").write_text("\n".join(sums.listing(facts.FROZEN)) + "\n", encoding="utf-8")
    return f"{allowed.megabytes(facts.FROZEN):.1f} MB installed, at most {facts.INSTALLED_MB}"


def _allowed() -> str:
    found = allowed.check(facts.FROZEN)
    if found:
        raise Failed("\n".join(found))
    return "nothing is inside that nobody named"


def _smoke() -> str:
    words = [str(facts.FROZEN), "--expect", facts.VERSION]
    if shutil.which("xvfb-run") and not os.environ.get("DISPLAY"):
        command = [
            "xvfb-run",
            "-a",
            "-s",
            "-screen 0 1440x900x24",
            sys.executable,
            "-m",
            "installer.smoke",
            *words,
        ]
        code = subprocess.run(
            command, cwd=facts.ROOT, env={**os.environ, "QT_QPA_PLATFORM": "xcb"}, check=False
        ).returncode
    else:
        code = smoke.main(words)
    if code:
        raise Failed("the frozen program does not do what it should")
    return "the frozen program works"


def _small_enough(*made: Path) -> str:
    sizes = [f"{path.name} {path.stat().st_size / 1e6:.1f} MB" for path in made]
    if any(path.stat().st_size > facts.INSTALLER_MB * 1e6 for path in made):
        raise Failed(f"more than {facts.INSTALLER_MB} MB: {', '.join(sizes)}")
    return f"{', '.join(sizes)}; at most {facts.INSTALLER_MB}"


def _linux() -> str:
    shutil.copyfile(facts.FROZEN / "sbom.cdx.json", facts.DIST / f"holdfast-{facts.VERSION}.sbom.cdx.json")
    return _small_enough(linux.deb(facts.FROZEN), linux.portable(facts.FROZEN))


def _windows() -> str:
    if windows.main([]):
        raise Failed("the installers for Windows are not as they should be")
    return "both installers built, signed for a try, verified and read back"


def _sums() -> str:
    sums.write()
    return f"{facts.DIST.name}/SHA256SUMS"


STEPS: tuple[tuple[str, Callable[[], str]], ...] = (
    ("freeze", _frozen),
    ("allowed files", _allowed),
    ("smoke test", _smoke),
    ("Linux", _linux),
    ("Windows, stand-in", _windows),
    ("checksums", _sums),
)


def main() -> int:
    """Every step; the first that fails ends it."""
    for name, step in STEPS:
        began = time.monotonic()
        try:
            told = step()
        except (Failed, subprocess.CalledProcessError) as error:
            print(f"package: {name}: {error}", file=sys.stderr)
            return 1
        print(f"package: {name}: {told} ({time.monotonic() - began:.0f} s)", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
