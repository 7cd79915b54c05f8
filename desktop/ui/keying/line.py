"""One answer of a sheet: the website's question, how it is answered, the answer large, and Copy.

The line itself has the keyboard: Enter and Space copy and go on, Ctrl+C copies and stays. A date copies day, month and year, one
after the other.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop.handover.sheets import HOW, SheetLine
from desktop.model.journey import Entry
from desktop.ui.icons import set_icon
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.flow_layout import FlowLayout
from desktop.ui.parts.focus import paint_focus
from desktop.ui.parts.text import Text
from desktop.ui.theme import repolish

_PARTS = ("day", "month", "year")
_GO_ON = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class AnswerLine(QFrame):
    """`copied` carries the text; `next_asked` and `back_asked` move the keyboard, down or up."""

    copied = Signal(str)
    next_asked = Signal()
    back_asked = Signal()

    def __init__(self, line: SheetLine, was: str | None = None) -> None:
        super().__init__()
        self.line = line
        self._turn = 0
        self.copy_buttons: list[Button] = []
        self.setProperty("card", "plain")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(f"{line.label}: {self._spoken()}")
        notes = [HOW[line.entry], line.hint, _was(was)]
        self.setAccessibleDescription(". ".join(note for note in notes if note))
        self._arrange(was)

    def _arrange(self, was: str | None) -> None:
        line = self.line
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 12, 12)
        column.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Text(line.label, "table", "ink2", wrap=True), 1)
        how = Text(HOW[line.entry], "caption")
        head.addWidget(how, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        column.addLayout(self._answer())
        for words, tone in ((line.hint, "ink3"), (_was(was), "conflict")):
            if words:
                column.addWidget(Text(words, "caption", tone, wrap=True))

    def _answer(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._words(), 1)
        if self.line.copies:
            buttons = FlowLayout() if len(self.line.copies) > 3 else QHBoxLayout()
            for place, text in enumerate(self.line.copies):
                button = Button("Copy", icon="copy", small=True)
                button.setToolTip(text)
                button.setProperty("place", place)
                button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
                button.clicked.connect(self._on_button_clicked)
                buttons.addWidget(button)
                self.copy_buttons.append(button)
            self._dress_buttons()
            row.addLayout(buttons)
        return row

    def _words(self) -> QWidget:
        line = self.line
        if line.missing:
            holder = QWidget()
            inner = QHBoxLayout(holder)
            inner.setContentsMargins(0, 0, 0, 0)
            inner.setSpacing(6)
            picture = Text()
            set_icon(picture, "circle-x", "refused")
            inner.addWidget(picture)
            inner.addWidget(Text("Missing. Find it out first", "section", "refused"), 1)
            return holder
        if not line.words:
            return Text("Leave it empty", "body", "ink2")
        long = len(line.words) > 60
        shown = Text(line.words, "body" if long else "section", weight=600, wrap=True)
        shown.setTextFormat(Qt.TextFormat.PlainText)
        return shown

    def _spoken(self) -> str:
        if self.line.missing:
            return "missing, find it out first"
        return self.line.words or "leave it empty"

    def _dress_buttons(self) -> None:
        """Those that were copied have a tick."""
        for place, button in enumerate(self.copy_buttons):
            button.set_symbol("check" if place < self._turn else "copy")
            button.set_words(self._button_words(place))
            button.setAccessibleName(f"{self._copy_words(place)}: {self.line.label}")

    def _copy_words(self, place: int) -> str:
        if len(self.line.copies) == 1:
            return "Copy"
        if self.line.entry is Entry.DATE:
            return f"Copy {_PARTS[place]}"
        return f"Copy {self.line.copies[place]}"

    def _button_words(self, place: int) -> str:
        """Short, for there may be many of them side by side; the name for a screen reader says all of it."""
        if len(self.line.copies) == 1:
            return "Copy"
        return _PARTS[place].capitalize() if self.line.entry is Entry.DATE else str(place + 1)

    # --- copying

    def copy(self) -> None:
        """The next part that is not copied yet."""
        if self.line.copies:
            self._copy(self._turn % len(self.line.copies))

    def _copy(self, place: int) -> None:
        self._turn = place + 1
        self._dress_buttons()
        self.copied.emit(self.line.copies[place])

    @property
    def is_through(self) -> bool:
        """Whether all its parts were copied, or there is nothing to copy."""
        return self._turn >= len(self.line.copies)

    def _on_button_clicked(self) -> None:
        self._copy(int(self.sender().property("place")))
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, shift = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif key in _GO_ON and shift:
            self.back_asked.emit()
        elif key in _GO_ON:
            self.copy()
            if self.is_through:
                self.next_asked.emit()
        elif key == Qt.Key.Key_Down:
            self.next_asked.emit()
        elif key == Qt.Key.Key_Up:
            self.back_asked.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._turn = 0 if self.is_through else self._turn
        self._show_chosen(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show_chosen(False)

    def _show_chosen(self, chosen: bool) -> None:
        self.setProperty("chosen", chosen)
        repolish(self)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint_focus(self, 5)


def _was(was: str | None) -> str:
    if was is None:
        return ""
    return f"Changed since you began. It was: {was}" if was else "Asked since you began"
