"""What the window remembers between runs: places and looks, in an ini file in the workspace folder.

Never personal data: no names, no record ids, no searches.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

from PySide6.QtCore import QByteArray, QSettings

from desktop.ui.theme import Density, Mode
from desktop.ui.tokens import TEXT_SIZES


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
        return str(self._settings.value("look/still", "false")) == "true"

    @still.setter
    def still(self, value: bool) -> None:
        self._settings.setValue("look/still", "true" if value else "false")

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
