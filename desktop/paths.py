"""Where things are: the only user of platformdirs, and the one place that finds shipped resources."""

from __future__ import annotations

import sys
from pathlib import Path

import platformdirs

from desktop.policy import policy


def resources() -> Path:
    """Folder of shipped data (packs, icons, fonts, help), in a checkout and in a frozen program."""
    frozen = getattr(sys, "_MEIPASS", None)
    root = Path(frozen) if frozen else Path(__file__).resolve().parent.parent
    return root / "resources"


def config_folder() -> Path:
    """Folder for what belongs to the person and to no workspace: which workspaces there are."""
    return Path(platformdirs.user_config_dir("Holdfast", appauthor=False, roaming=False))


def pack_folders() -> tuple[Path, ...]:
    """Where data packs that came after the program are kept: the person's own, then those that IT put there for everybody."""
    own = Path(platformdirs.user_data_dir("Holdfast", appauthor=False, roaming=False)) / "packs"
    return own, Path(platformdirs.site_data_dir("Holdfast", appauthor=False)) / "packs"


def default_workspace() -> Path:
    """Workspace folder when the person names none: in the *local* profile, never the roaming one; or where IT wants it."""
    root = policy().folder("WorkspaceRoot")
    if root is not None:
        return root / "workspace"
    return Path(platformdirs.user_data_dir("Holdfast", appauthor=False, roaming=False)) / "workspace"
