"""The packages for Linux out of the frozen folder: a .deb and a portable tar.xz, both into dist/.

`python -m installer.linux.packages`. Needs dpkg-deb and xz. Nothing runs when the .deb is installed or removed: menus, icons
and kinds of files are taken up by the desktop's own triggers, and what people keep lies in their homes.
"""

from __future__ import annotations

import gzip
import platform
import shutil
import subprocess
import tarfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from installer import facts, freeze, pictures

HERE: Final = facts.ROOT / "installer" / "linux"
_DEBIAN: Final = {"x86_64": "amd64", "aarch64": "arm64"}


def filled(name: str, **more: str) -> str:
    """A template of this folder with version, day and names put in. Raises ValueError when a mark is left."""
    day = datetime.fromtimestamp(int(freeze.epoch()), UTC).date().isoformat()
    known = {
        "VERSION": facts.VERSION,
        "DATE": day,
        "SUMMARY": facts.SUMMARY,
        "PUBLISHER": facts.PUBLISHER,
        "APP_ID": facts.APP_ID,
        **more,
    }
    text = (HERE / name).read_text(encoding="utf-8")
    for mark, value in known.items():
        text = text.replace(f"@{mark}@", value)
    if "@" in text.replace("holdfast@localhost", ""):
        raise ValueError(f"{name} holds a mark that nobody fills")
    return text


def _put(path: Path, content: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def tree(frozen: Path, root: Path, drawn: Path) -> None:
    """Lay the files out under `root` as they stand on the computer."""
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(frozen, root / "opt/holdfast", symlinks=True)
    share = root / "usr/share"
    _put(share / "applications/holdfast.desktop", filled("holdfast.desktop"))
    _put(share / f"metainfo/{facts.APP_ID}.metainfo.xml", filled("metainfo.xml"))
    _put(share / "mime/packages/holdfast.xml", filled("mime.xml"))
    _put(share / "man/man1/holdfast.1.gz", gzip.compress(filled("holdfast.1").encode(), mtime=0))
    _put(share / "doc/holdfast/copyright", (facts.ROOT / "LICENSE").read_bytes() + _ELSEWHERE)
    for size in pictures.SIZES:
        _put(
            share / f"icons/hicolor/{size}x{size}/apps/holdfast.png",
            (drawn / f"holdfast-{size}.png").read_bytes(),
        )
    drawing = facts.ROOT / "resources/icons/holdfast.svg"
    _put(share / "icons/hicolor/scalable/apps/holdfast.svg", drawing.read_bytes())
    command = root / "usr/bin/holdfast"
    command.parent.mkdir(parents=True)
    command.symlink_to("/opt/holdfast/holdfast")
    plain(root)


_ELSEWHERE: Final = (
    b"\nThe licences of the libraries that come with Holdfast are in /opt/holdfast/licences.\n"
)


def plain(root: Path) -> None:
    """The usual modes, whoever builds: programs and folders 755, all else 644."""
    for path in [root, *sorted(root.rglob("*"))]:
        if not path.is_symlink():
            runs = path.is_dir() or (
                path.stat().st_mode & 0o100 and not path.suffix.startswith((".json", ".md"))
            )
            path.chmod(0o755 if runs else 0o644)


def deb(frozen: Path) -> Path:
    """The Debian package."""
    root = facts.BUILD / "deb"
    tree(frozen, root, freeze.MADE)
    kib = (
        sum(path.stat().st_size for path in root.rglob("*") if path.is_file() and not path.is_symlink())
        // 1024
    )
    architecture = _DEBIAN[platform.machine()]
    _put(root / "DEBIAN/control", filled("control", ARCHITECTURE=architecture, KIB=str(kib)))
    (root / "DEBIAN").chmod(0o755)
    target = facts.DIST / f"holdfast_{facts.VERSION}_{architecture}.deb"
    facts.DIST.mkdir(exist_ok=True)
    command = ["dpkg-deb", "--root-owner-group", "-Zxz", "-z6", "--build", root, target]
    subprocess.run(command, check=True, env=freeze.environment(), stdout=subprocess.DEVNULL)
    return target


def portable(frozen: Path) -> Path:
    """The same folder as a tar, for people who may not install anything."""
    name = f"holdfast-{facts.VERSION}-linux-{platform.machine()}"
    target, whole = facts.DIST / f"{name}.tar.xz", facts.BUILD / f"{name}.tar"
    facts.DIST.mkdir(exist_ok=True)
    time = int(freeze.epoch())

    def same(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = "root"
        entry.mtime = time
        entry.mode = 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
        return entry

    with tarfile.open(whole, "w", format=tarfile.PAX_FORMAT) as tar:
        tar.add(frozen, name, filter=same)
    with target.open("wb") as out:
        subprocess.run(["xz", "-6", "--threads=2", "--stdout", whole], check=True, stdout=out)
    whole.unlink()
    return target


if __name__ == "__main__":
    for made in (deb(facts.FROZEN), portable(facts.FROZEN)):
        print(f"{made.name}: {made.stat().st_size / 1e6:.1f} MB")
