"""What every package says of itself, in one place. The version comes from desktop/__init__.py and from nowhere else."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from desktop import __version__

ROOT: Final = Path(__file__).resolve().parent.parent
BUILD: Final = ROOT / "build" / "package"
DIST: Final = ROOT / "dist"
FROZEN: Final = BUILD / "frozen" / "Holdfast"
"""The one folder from which every package of this system is made."""

VERSION: Final = __version__
NAME: Final = "Holdfast"
PUBLISHER: Final = "Holdfast contributors"
SUMMARY: Final = "Keep and send education records, also while the portal is down"
DESCRIPTION: Final = (
    "Holdfast keeps an encrypted copy of the records that you must send to a central education portal. You edit and check "
    "them offline; what changed is sent, safely and in the right order, when the portal is there."
)
COPYRIGHT: Final = "Copyright (c) Holdfast contributors. MIT licence."
APP_ID: Final = "uk.org.holdfast.Holdfast"
UPGRADE_CODE: Final = "{78235D26-BB63-4F80-B77C-96197C9D47B0}"
"""Of all MSIs for ever: Windows Installer knows an older Holdfast by it. Never change it."""

CONSOLE: Final = {"win32": "holdfast.com", "darwin": "holdfast-cli"}
"""Name of the console program where `holdfast` and `Holdfast` would be the same file. Windows runs `holdfast.com` for `holdfast`."""

INSTALLED_MB: Final = 130
INSTALLER_MB: Final = 45


def version_numbers(version: str = VERSION) -> tuple[int, int, int]:
    """A version as Windows Installer compares it: three numbers. Raises ValueError for one of another shape."""
    major, minor, patch = (int(part) for part in version.split("."))
    if major > 255 or minor > 255 or patch > 65_535:
        raise ValueError(f"Windows Installer cannot compare {version}")
    return major, minor, patch
