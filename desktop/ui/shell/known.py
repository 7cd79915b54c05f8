"""The workspaces that were open on this computer: names and folders, in a small file of the person's own.

Nothing personal is in it. A file that cannot be read or written counts as an empty one: it only saves some looking.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

FILE = "workspaces.json"
MOST = 12


@dataclass(frozen=True)
class KnownWorkspace:
    """One of them: the organisation's name, and its folder."""

    name: str
    folder: Path


class Known:
    """Reads and writes the list, the one that was open last first."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE

    def all(self) -> list[KnownWorkspace]:
        """Those whose folder is still there."""
        return [one for one in self._read() if one.folder.is_dir()]

    def note(self, name: str, folder: Path) -> None:
        """This one is open now."""
        here = KnownWorkspace(name, folder.absolute())
        rest = [one for one in self._read() if one.folder != here.folder]
        self._write([here, *rest][:MOST])

    def forget(self, folder: Path) -> None:
        """Leave it out from now on; the folder itself stays as it is."""
        self._write([one for one in self._read() if one.folder != folder.absolute()])

    def _read(self) -> list[KnownWorkspace]:
        try:
            rows = json.loads(self._file.read_text(encoding="utf-8"))
            return [KnownWorkspace(str(row["name"]), Path(row["folder"])) for row in rows]
        except (OSError, ValueError, TypeError, KeyError):
            return []

    def _write(self, known: list[KnownWorkspace]) -> None:
        text = json.dumps([{"name": one.name, "folder": str(one.folder)} for one in known], indent=1)
        beside = self._file.with_name(f".{FILE}.new")
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(text, encoding="utf-8")
            beside.replace(self._file)
