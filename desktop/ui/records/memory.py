"""How a person left the table: hidden columns, widths, order. Never any personal data.

Kept in the window's ini file in the workspace folder; what cannot be read there counts as not set.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QSettings


@dataclass(frozen=True)
class TableMemory:
    """`widths` are logical pixels at text size 100 %, by column; `hidden` None = as the collection has it."""

    hidden: frozenset[str] | None = None
    widths: Mapping[str, int] = field(default_factory=dict)


def _file(folder: Path) -> QSettings:
    return QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)


def _key(collection: str, size_class: str) -> str:
    return f"records/{collection}-{size_class}"


def recall(folder: Path, collection: str, size_class: str) -> TableMemory:
    """What was kept for this collection and size of window; the plain one when nothing was, or it cannot be read."""
    try:
        raw = json.loads(str(_file(folder).value(_key(collection, size_class), "{}")))
        hidden = raw.get("hidden")
        return TableMemory(
            None if hidden is None else frozenset(str(h) for h in hidden),
            {str(k): int(v) for k, v in raw.get("widths", {}).items()},
        )
    except (ValueError, TypeError, AttributeError):
        return TableMemory()


def keep(folder: Path, collection: str, size_class: str, memory: TableMemory) -> None:
    """Keep it for the next time."""
    raw = {
        "hidden": None if memory.hidden is None else sorted(memory.hidden),
        "widths": dict(memory.widths),
    }
    _file(folder).setValue(_key(collection, size_class), json.dumps(raw))


def recall_sort(folder: Path, collection: str) -> tuple[str, bool]:
    """(column, descending) in which the list was left; ("", False) when nothing was kept."""
    kept = str(_file(folder).value(f"records/{collection}-sort", ""))
    return kept.lstrip("-"), kept.startswith("-")


def keep_sort(folder: Path, collection: str, sort: str, *, descending: bool) -> None:
    """Keep the order for the next time; it is the same for every size of window."""
    _file(folder).setValue(f"records/{collection}-sort", f"-{sort}" if descending else sort)
