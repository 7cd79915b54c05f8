"""Field rows made from a collection's fields: one place that wires a control to its path."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QObject, Signal

from desktop.model.collection import CodeLists, Field
from desktop.model.document import Value
from desktop.ui.fields.check_list import CheckListControl
from desktop.ui.fields.control import Control
from desktop.ui.fields.field_row import FieldRow
from desktop.ui.fields.making import grouped, make_control, stem_label
from desktop.ui.fields.notes import Note
from desktop.ui.fields.several import SeveralControl
from desktop.ui.record.outlook import FieldLook


class BoundRow(QObject):
    """A row and the fields that it answers (several for one question with several answers).

    Signals carry full paths: `prefix` is "" for the record itself, `degrees.<id>.` for a child.
    """

    edited = Signal(str, object)
    typing = Signal()
    committed = Signal(str)
    link_followed = Signal(str, str)

    def __init__(
        self, fields: Sequence[Field], prefix: str, lists: CodeLists, today: date, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.fields = tuple(fields)
        self.prefix = prefix
        first = fields[0]
        self.path = f"{prefix}{first.name}"
        self.control: Control
        if len(fields) > 1:
            label = stem_label(first.label)
            self.control = SeveralControl(lists, first.codes, [f.name for f in fields], label)
        else:
            label = first.label
            self.control = make_control(first, lists, today)
        self.row = FieldRow(self.path, label, self.control)
        # Help on how to type several codes has no meaning beside a list of boxes.
        self._help = "" if isinstance(self.control, CheckListControl) else _help_of(first)
        self._look: FieldLook | None = None
        self.show_look(FieldLook())
        self.control.edited.connect(self._on_edited)
        self.control.typing.connect(self.typing)
        self.control.committed.connect(self._on_committed)
        self.row.link_followed.connect(self.link_followed)

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(f"{self.prefix}{f.name}" for f in self.fields)

    def rename(self, prefix: str) -> None:
        """The child got another id: same row, same text in it, another path."""
        self.prefix = prefix
        self.path = f"{prefix}{self.fields[0].name}"
        self.row.path = self.path

    def values(self) -> dict[str, Value]:
        """Path -> answer as it stands in the control."""
        if isinstance(self.control, SeveralControl):
            return {f"{self.prefix}{name}": value for name, value in self.control.values().items()}
        return {self.path: self.control.value()}

    def show_values(self, values: dict[str, Value]) -> None:
        """Show these answers (by full path) without any signal."""
        if isinstance(self.control, SeveralControl):
            self.control.show_values({f.name: values.get(f"{self.prefix}{f.name}") for f in self.fields})
        elif self.control.value() != values.get(self.path):
            self.control.show_value(values.get(self.path))

    def half_typed(self) -> dict[str, Value]:
        """Text that is no answer yet, at the first path."""
        text = self.control.half_typed()
        return {self.path: text} if text else {}

    def type_again(self, path: str, value: Value) -> None:
        """Put an answer or half of one back as if the person had typed it."""
        if isinstance(self.control, SeveralControl):
            name = path.removeprefix(self.prefix)
            self.control.show_values({**self.control.values(), name: value})
            self.control.edited.emit()
        else:
            self.control.type_again(value)

    def show_look(self, look: FieldLook) -> None:
        """Mark and notes, below the help that is always there."""
        if look == self._look:
            return
        self._look = look
        notes = [Note(self._help)] if self._help else []
        self.row.show_mark(look.mark)
        self.row.setToolTip(look.tip)
        self.row.show_notes([*notes, *look.notes])

    def _on_edited(self) -> None:
        for path, value in self.values().items():
            self.edited.emit(path, value)

    def _on_committed(self) -> None:
        self.committed.emit(self.path)


def _help_of(field: Field) -> str:
    return " ".join(part for part in (field.shown_because, field.help) if part)


def make_rows(
    fields: Sequence[Field], prefix: str, lists: CodeLists, today: date, parent: QObject
) -> list[BoundRow]:
    """Rows of these fields in their order."""
    return [BoundRow(group, prefix, lists, today, parent) for group in grouped(fields)]
