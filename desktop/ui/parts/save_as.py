"""The system's window that asks where a file is to go."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.policy import policy


def save_as(over: QWidget, title: str, name: str, kinds: Mapping[str, str]) -> Path | None:
    """Where a person wants it, None for nowhere; `name` is what is offered, in the folder for documents.

    `kinds`: ending -> what the window calls files of that kind. That of `name` is chosen first, and what is typed
    gets the ending of the chosen one where it has none of these. Empty = files of any kind.
    """
    usual = Path(name).suffix
    typed, kind = QFileDialog.getSaveFileName(
        over, title, str(documents() / name), ";;".join(kinds.values()), kinds.get(usual, "")
    )
    return with_ending(Path(typed), kind, kinds, usual) if typed else None


def documents() -> Path:
    """Where windows for saving begin: where the organisation wants files, else the folder for documents."""
    usual = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return policy().folder("ExportFolder") or Path(usual)


def with_ending(path: Path, kind: str, kinds: Mapping[str, str], usual: str) -> Path:
    """What was typed, with the ending of the chosen kind where it has none of these; `usual` when none was chosen."""
    if not kinds or path.suffix.lower() in kinds:
        return path
    ending = next((e for e, words in kinds.items() if words == kind), usual)
    return path.with_name(path.name + ending)
