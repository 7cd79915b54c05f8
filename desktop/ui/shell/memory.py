"""What the window remembers between runs: places and looks, in an ini file in the workspace folder.

Never personal data: no names, no record ids, no searches.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

from PySide6.QtCore import QByteArray, QSettings

from desktop.policy import policy
from desktop.ui.theme import Density, Mode
from desktop.ui.tokens import TEXT_SIZES

LOCK_MINUTES, LONGEST_MINUTES = 15, 480


class Memory:
    """Typed reading and writing of `window.ini`. A value that is not understood counts as not set."""

    def __init__(self, folder: Path) -> None:
        self._settings = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)

    def _text(self, key: str, allowed: tuple[Any, ...], standard: str) -> Any:
        value = self._settings.value(key, standard)
        return value if value in allowed else standard

    @property
    def mode(self) -> Mode:
        found: Mode = self._text("look/mode", get_args(Mode), "system")
        return found

    @mode.setter
    def mode(self, value: Mode) -> None:
        self._settings.setValue("look/mode", value)

    @property
    def density(self) -> Density | None:
        """None = by the height of the window."""
        found: str = self._text("look/density", get_args(Density), "")
        return "compact" if found == "compact" else "comfortable" if found else None

    @density.setter
    def density(self, value: Density | None) -> None:
        self._settings.setValue("look/density", value or "")

    @property
    def text_size(self) -> int:
        found = str(self._settings.value("look/text_size", "100"))
        return int(found) if found.isdigit() and int(found) in TEXT_SIZES else 100

    @text_size.setter
    def text_size(self, value: int) -> None:
        self._settings.setValue("look/text_size", value)

    @property
    def still(self) -> bool:
        """Reduce motion."""
        return self._flag("look/still", standard=False)

    @still.setter
    def still(self, value: bool) -> None:
        self._keep_flag("look/still", value)

    @property
    def contrast(self) -> bool:
        """High contrast."""
        return self._flag("look/contrast", standard=False)

    @contrast.setter
    def contrast(self, value: bool) -> None:
        self._keep_flag("look/contrast", value)

    @property
    def letters(self) -> bool:
        """Whether single letters and digits are keys of their own (WCAG 2.2, 2.1.4)."""
        return self._flag("keys/letters", standard=True)

    @letters.setter
    def letters(self, value: bool) -> None:
        self._keep_flag("keys/letters", value)

    @property
    def sheet_on_top(self) -> bool:
        """Whether a sheet to type from stays on top of the browser."""
        return self._flag("keying/on_top", standard=True)

    @sheet_on_top.setter
    def sheet_on_top(self, value: bool) -> None:
        self._keep_flag("keying/on_top", value)

    @property
    def lock_minutes(self) -> int:
        """Lock after so many minutes without a key or the mouse; 0 = never. Not longer than the organisation allows."""
        found = str(self._settings.value("lock/minutes", LOCK_MINUTES))
        chosen = int(found) if found.isdigit() and int(found) <= LONGEST_MINUTES else LOCK_MINUTES
        longest = policy().whole("LockMinutes", 0)
        return min(chosen or longest, longest) if longest else chosen

    @lock_minutes.setter
    def lock_minutes(self, value: int) -> None:
        self._settings.setValue("lock/minutes", value)

    @property
    def locked(self) -> bool:
        """Whether the window was locked and not opened again; then the next start asks for the passphrase."""
        return self._flag("lock/locked", standard=False)

    @locked.setter
    def locked(self, value: bool) -> None:
        self._keep_flag("lock/locked", value)

    def unlock(self) -> None:
        """The passphrase was typed at the start: nothing is locked any more. Written at once."""
        self.locked = False
        self.save()

    def _flag(self, key: str, *, standard: bool) -> bool:
        return str(self._settings.value(key, str(standard).lower())) == "true"

    def _keep_flag(self, key: str, value: bool) -> None:
        self._settings.setValue(key, str(value).lower())

    def place(self, name: str) -> QByteArray | None:
        """State of a window, splitter or header that saved one under this name."""
        value = self._settings.value(f"place/{name}")
        return value if isinstance(value, QByteArray) else None

    def keep_place(self, name: str, state: QByteArray) -> None:
        """Keep it, written at once."""
        self._settings.setValue(f"place/{name}", state)
        self.save()

    def save(self) -> None:
        """Write at once."""
        self._settings.sync()
