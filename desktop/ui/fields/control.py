"""What every control of a form can do: show a value, give it back, say when a person moved it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.model.document import Value
from desktop.ui.theme import repolish


class Control(QWidget):
    """Base of all controls. `edited` = the value moved by typing; `committed` = the person is done with it.

    A control keeps whatever was typed: what cannot be read as its kind is given back as text, and a rule says so.
    """

    edited = Signal()
    committed = Signal()
    typing = Signal()
    """A key was pressed in it, and what stands there may be no answer yet."""

    def value(self) -> Value:
        """The answer as it stands in the control; None when it is empty."""
        raise NotImplementedError

    def show_value(self, value: Value) -> None:
        """Show an answer, without any signal."""
        raise NotImplementedError

    def inputs(self) -> list[QWidget]:
        """The widgets that take the keyboard, the first of them first."""
        raise NotImplementedError

    def set_read_only(self, read_only: bool, why: str) -> None:
        """The portal takes no change of it now; `why` is the tooltip."""
        raise NotImplementedError

    def set_state(self, *, error: bool) -> None:
        """Whether something in it must be put right."""
        for widget in self.inputs():
            wanted = "err" if error else ""
            if (widget.property("state") or "") != wanted:
                widget.setProperty("state", wanted)
                repolish(widget)

    def set_words(self, name: str, description: str) -> None:
        """Accessible name (the visible label) and description (help, finding, change note)."""
        for widget in self.inputs():
            widget.setAccessibleName(name)
            widget.setAccessibleDescription(description)

    def settle(self) -> None:
        """Read what stands there half typed as if the person had left it; says `edited` when that is news."""

    def half_typed(self) -> str:
        """Text in it that is no answer yet; "" where everything typed is one."""
        return ""

    def type_again(self, value: Value) -> None:
        """Put an answer, or text that was half typed, back as if the person had typed it."""
        self.show_value(value)
        self.edited.emit()

    def has_focus(self) -> bool:
        return any(widget.hasFocus() for widget in self.inputs())

    def take_focus(self) -> None:
        """Put the keyboard into it."""
        first = self.inputs()[0]
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(first, QLineEdit):
            first.selectAll()

    def open_popup(self) -> None:
        """Alt+Down: the list of choices or the calendar, where there is one."""
