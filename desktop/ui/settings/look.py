"""The sections on what a person likes: look, keys, lock. Each change counts at once and is remembered."""

from __future__ import annotations

from PySide6.QtCore import Signal

from desktop.policy import policy
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import row
from desktop.ui.settings.section import RadioRow, Section, Tick
from desktop.ui.shell.memory import Memory
from desktop.ui.tokens import TEXT_SIZES

MODES = (("system", "As the system"), ("light", "Light"), ("dark", "Dark"))
DENSITIES = (
    (None, "By the height of the window"),
    ("comfortable", "Comfortable"),
    ("compact", "Compact"),
)
LOCKS = (
    (0, "Never"),
    (5, "5 minutes"),
    (10, "10 minutes"),
    (15, "15 minutes"),
    (30, "30 minutes"),
    (60, "1 hour"),
)


class LookSection(Section):
    """`picked` carries the name of a preference and its value."""

    picked = Signal(str, object)

    def __init__(self) -> None:
        super().__init__("Look")
        self.mode = RadioRow("Colours", MODES)
        self.contrast = Tick("High contrast", "Darker words and outlines: at least 7 to 1 everywhere.")
        self.text_size = RadioRow("Text size", [(size, f"{size} %") for size in TEXT_SIZES])
        self.density = RadioRow("Row height", DENSITIES)
        self.still = Tick("Reduce motion", "Nothing slides or fades.")
        for part in (self.mode, self.contrast, self.text_size, self.density, self.still):
            self.body.addWidget(part)
        self.mode.picked.connect(self._on_mode_picked)
        self.text_size.picked.connect(self._on_size_picked)
        self.density.picked.connect(self._on_density_picked)
        self.contrast.box.clicked.connect(self._on_contrast_clicked)
        self.still.box.clicked.connect(self._on_still_clicked)

    def show_memory(self, memory: Memory) -> None:
        """What is in force."""
        self.mode.show_value(memory.mode)
        self.text_size.show_value(memory.text_size)
        self.density.show_value(memory.density)
        self.contrast.box.setChecked(memory.contrast)
        self.still.box.setChecked(memory.still)

    def _on_mode_picked(self, value: object) -> None:
        self.picked.emit("mode", value)

    def _on_size_picked(self, value: object) -> None:
        self.picked.emit("text_size", value)

    def _on_density_picked(self, value: object) -> None:
        self.picked.emit("density", value)

    def _on_contrast_clicked(self, checked: bool) -> None:
        self.picked.emit("contrast", checked)

    def _on_still_clicked(self, checked: bool) -> None:
        self.picked.emit("still", checked)


class KeysSection(Section):
    """Single letters as keys, for people whose speech or tremor presses them by chance (WCAG 2.2, 2.1.4)."""

    picked = Signal(str, object)

    def __init__(self) -> None:
        super().__init__("Keys")
        self.letters = Tick(
            "Single letters and digits are keys",
            "Such as 1, 2 and E in Needs you. They never act while you type in a field.",
        )
        self.body.addWidget(self.letters)
        self.letters.box.clicked.connect(self._on_clicked)

    def show_memory(self, memory: Memory) -> None:
        """What is in force."""
        self.letters.box.setChecked(memory.letters)

    def _on_clicked(self, checked: bool) -> None:
        self.picked.emit("letters", checked)


class LockSection(Section):
    """When the window covers itself."""

    picked = Signal(str, object)
    lock_asked = Signal()

    def __init__(self) -> None:
        super().__init__(
            "Lock",
            "A locked window shows nothing of your records until the passphrase is typed. They are closed, and leave this "
            "computer’s memory; what you saved is sent when you are back.",
        )
        self.minutes = RadioRow("Lock by itself when nobody touches this computer for", LOCKS)
        self.with_computer = Tick(
            "Lock with this computer",
            "When you lock this computer, or it goes to sleep, Holdfast locks as well.",
        )
        self.sends = Tick(
            "Go on sending while it is locked",
            "For an office that waits for a portal overnight. Your records then stay open in this computer’s memory, "
            "where a program of somebody else could find them.",
        )
        self.now = Button("Lock now", icon="lock")
        longest = policy().whole("LockMinutes", 0)
        for minutes, _words in LOCKS:
            self.minutes.button(minutes).setEnabled(not longest or 0 < minutes <= longest)
        self.body.addWidget(self.minutes)
        self.say_managed("LockMinutes")
        self.body.addWidget(self.with_computer)
        self.body.addWidget(self.sends)
        self.body.addLayout(row(self.now, None))
        self.minutes.picked.connect(self._on_picked)
        self.with_computer.box.clicked.connect(self._on_with_computer_clicked)
        self.sends.box.clicked.connect(self._on_sends_clicked)
        self.now.clicked.connect(self.lock_asked)

    def show_memory(self, memory: Memory) -> None:
        """What is in force."""
        self.minutes.show_value(memory.lock_minutes)
        self.with_computer.box.setChecked(memory.lock_with_computer)
        self.sends.box.setChecked(memory.sends_locked)

    def _on_with_computer_clicked(self, checked: bool) -> None:
        self.picked.emit("lock_with_computer", checked)

    def _on_sends_clicked(self, checked: bool) -> None:
        self.picked.emit("sends_locked", checked)

    def _on_picked(self, value: object) -> None:
        self.picked.emit("lock_minutes", value)
