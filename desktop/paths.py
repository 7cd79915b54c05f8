"""Where things are: the only user of platformdirs, and the one place that finds shipped resources."""

from __future__ import annotations

import sys
from pathlib import Path

import platformdirs


def resources() -> Path:
    """Folder of shipped data (packs, icons, fonts, help), in a checkout and in a frozen program."""
    frozen = getattr(sys, "_MEIPASS", None)
    root = Path(frozen) if frozen else Path(__file__).resolve().parent.parent
    return root / "resources"


def config_folder() -> Path:
    """Folder for what belongs to the person and to no workspace: which workspaces there are."""
    return Path(platformdirs.user_config_dir("Holdfast", appauthor=False, roaming=False))


def default_workspace() -> Path:
    """Workspace folder when the person names none: in the *local* profile, never the roaming one."""
    return Path(platformdirs.user_data_dir("Holdfast", appauthor=False, roaming=False)) / "workspace"
