"""Files of this computer that are dragged onto a page or pasted."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData


def files_of(data: QMimeData | None) -> list[Path]:
    """The files of this computer; addresses of other places are left out."""
    urls = data.urls() if data is not None and data.hasUrls() else []
    return [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]


def only_file(data: QMimeData | None) -> Path | None:
    """The one file of this computer; None for several things, and for anything else."""
    files = files_of(data)
    return files[0] if data is not None and len(data.urls()) == 1 and files else None
