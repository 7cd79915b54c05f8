"""What a person prefers in this workspace's window. Changes are seen at once, remembered, and told to who must follow."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.ui.shell.memory import Memory
from desktop.ui.theme import theme


class Preferences(QObject):
    """Reads and writes the window's `Memory`; `changed` comes after the theme has moved."""

    changed = Signal()

    def __init__(self, memory: Memory, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.memory = memory

    def put(self, name: str, value: Any) -> None:
        """Keep one of the memory's properties, such as `mode` or `lock_minutes`, and put it in force."""
        setattr(self.memory, name, value)
        self.memory.save()
        theme().set(mode=self.memory.mode, scale=self.memory.text_size, contrast=self.memory.contrast)
        self.changed.emit()
