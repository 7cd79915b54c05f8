"""What the window remembers between runs: places and looks, in an ini file in the workspace folder.

Never personal data: no names, no record ids, no searches.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, get_args

from PySide6.QtCore import QByteArray, QSettings

from desktop.policy import policy
from desktop.ui.theme import Density, Mode
from desktop.ui.tokens import TEXT_SIZES

LOCK_MINUTES, LONGEST_MINUTES = 10, 480
STANDINGS = ("front", "behind", "minimised")


class _Flag:
    """A yes or no of `window.ini`, as an attribute of the memory."""

    def __init__(self, key: str, *, standard: bool) -> None:
        self._key, self._standard = key, str(standard).lower()

    def __get__(self, memory: Memory, _owner: type[Memory]) -> bool:
        return str(memory.settings.value(self._key, self._standard)) == "true"

    def __set__(self, memory: Memory, value: bool) -> None:
        memory.settings.setValue(self._key, str(value).lower())


class Memory:
    """Typed reading and writing of `window.ini`. A value that is not understood counts as not set."""

    still = _Flag("look/still", standard=False)
    """Reduce motion."""
    contrast = _Flag("look/contrast", standard=False)
    """High contrast."""
    letters = _Flag("keys/letters", standard=True)
    """Whether single letters and digits are keys of their own (WCAG 2.2, 2.1.4)."""
    sheet_on_top = _Flag("keying/on_top", standard=True)
    """Whether a sheet to type from stays on top of the browser."""
    lock_with_computer = _Flag("lock/with_computer", standard=True)
    """Whether the window locks when the computer is locked or goes to sleep."""
    sends_locked = _Flag("lock/sends", standard=False)
    """Whether a locked window goes on sending; the records then stay open in the computer’s memory."""
    locked = _Flag("lock/locked", standard=False)
    """Whether the window was locked and not opened again; then the next start asks for the passphrase."""

    def __init__(self, folder: Path) -> None:
        self.settings = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)

    def _text(self, key: str, allowed: tuple[Any, ...], standard: str) -> Any:
        value = self.settings.value(key, standard)
        return value if value in allowed else standard

    @property
    def mode(self) -> Mode:
        found: Mode = self._text("look/mode", get_args(Mode), "system")
        return found

    @mode.setter
    def mode(self, value: Mode) -> None:
        self.settings.setValue("look/mode", value)

    @property
    def density(self) -> Density | None:
        """None = by the height of the window."""
        found: str = self._text("look/density", get_args(Density), "")
        return "compact" if found == "compact" else "comfortable" if found else None

    @density.setter
    def density(self, value: Density | None) -> None:
        self.settings.setValue("look/density", value or "")

    @property
    def text_size(self) -> int:
        found = str(self.settings.value("look/text_size", "100"))
        return int(found) if found.isdigit() and int(found) in TEXT_SIZES else 100

    @text_size.setter
    def text_size(self, value: int) -> None:
        self.settings.setValue("look/text_size", value)

    @property
    def lock_minutes(self) -> int:
        """Lock after so many minutes without a key or the mouse; 0 = never. Not longer than the organisation allows."""
        found = str(self.settings.value("lock/minutes", LOCK_MINUTES))
        chosen = int(found) if found.isdigit() and int(found) <= LONGEST_MINUTES else LOCK_MINUTES
        longest = policy().whole("LockMinutes", 0)
        return min(chosen or longest, longest) if longest else chosen

    @lock_minutes.setter
    def lock_minutes(self, value: int) -> None:
        self.settings.setValue("lock/minutes", value)

    @property
    def standing(self) -> str:
        """How the window stood when it locked: one of `STANDINGS`."""
        found: str = self._text("lock/standing", STANDINGS, "front")
        return found

    @standing.setter
    def standing(self, value: str) -> None:
        self.settings.setValue("lock/standing", value)

    @property
    def looked_for_newer(self) -> datetime | None:
        """When a newer Holdfast was looked for last; None = never."""
        try:
            return datetime.fromisoformat(str(self.settings.value("updates/looked", "")))
        except ValueError:
            return None

    @looked_for_newer.setter
    def looked_for_newer(self, value: datetime) -> None:
        self.settings.setValue("updates/looked", value.isoformat())

    def unlock(self) -> None:
        """The passphrase was typed at the start: nothing is locked any more. Written at once."""
        self.locked = False
        self.save()

    def place(self, name: str) -> QByteArray | None:
        """State of a window, splitter or header that saved one under this name."""
        value = self.settings.value(f"place/{name}")
        return value if isinstance(value, QByteArray) else None

    def keep_place(self, name: str, state: QByteArray) -> None:
        """Keep it, written at once."""
        self.settings.setValue(f"place/{name}", state)
        self.save()

    def save(self) -> None:
        """Write at once."""
        self.settings.sync()
