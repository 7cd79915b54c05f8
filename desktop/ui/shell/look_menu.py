"""The Settings menu of the rail: theme, text size, density, motion. Changes are seen at once and remembered."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from desktop.ui.shell.memory import Memory
from desktop.ui.theme import Density, Mode, theme
from desktop.ui.tokens import TEXT_SIZES

_MODES: tuple[tuple[Mode, str], ...] = (("system", "As the system"), ("light", "Light"), ("dark", "Dark"))
_DENSITIES: tuple[tuple[Density | None, str], ...] = (
    (None, "By the height of the window"),
    ("comfortable", "Comfortable"),
    ("compact", "Compact"),
)


class LookMenu(QMenu):
    """Made anew each time it is opened, so it always shows what is in force."""

    density_chosen = Signal()
    still_chosen = Signal(bool)

    def __init__(self, memory: Memory, parent: QWidget) -> None:
        super().__init__("Settings", parent)
        self._memory = memory
        self.setAccessibleName("Settings")
        self._modes = self._choices("Colours", [(words, mode) for mode, words in _MODES], memory.mode)
        self._sizes = self._choices(
            "Text size", [(f"{size} %", size) for size in TEXT_SIZES], memory.text_size
        )
        self._densities = self._choices(
            "Row height", [(words, density) for density, words in _DENSITIES], memory.density
        )
        self.addSeparator()
        self._still = self.addAction("Reduce motion")
        self._still.setCheckable(True)
        self._still.setChecked(memory.still)
        self._modes.triggered.connect(self._on_mode_chosen)
        self._sizes.triggered.connect(self._on_size_chosen)
        self._densities.triggered.connect(self._on_density_chosen)
        self._still.toggled.connect(self._on_still_toggled)

    def _choices(self, title: str, choices: list[tuple[str, object]], chosen: object) -> QActionGroup:
        menu = self.addMenu(title)
        group = QActionGroup(self)
        for words, value in choices:
            action = menu.addAction(words)
            action.setData(value)
            action.setCheckable(True)
            action.setChecked(value == chosen)
            group.addAction(action)
        return group

    def _on_mode_chosen(self, action: QAction) -> None:
        self._memory.mode = action.data()
        theme().set(mode=self._memory.mode)

    def _on_size_chosen(self, action: QAction) -> None:
        self._memory.text_size = action.data()
        theme().set(scale=self._memory.text_size)

    def _on_density_chosen(self, action: QAction) -> None:
        self._memory.density = action.data()
        self.density_chosen.emit()

    def _on_still_toggled(self, still: bool) -> None:
        self._memory.still = still
        self.still_chosen.emit(still)
