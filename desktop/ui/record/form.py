"""The form of a record, made from its collection: sections, rows, lists of children. It knows nothing of saving."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import pairwise

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.model.collection import Collection, Field, Section
from desktop.model.document import Document, Value
from desktop.ui.record.children import ChildList
from desktop.ui.record.lookup import LookupRow
from desktop.ui.record.outlook import FieldLook
from desktop.ui.record.rows import BoundRow, make_rows
from desktop.ui.record.section_walk import SectionBox, SectionWalk

WIDEST = 720
NARROW = 560
_SIDE = 24
_CHILD_FIELD = 3


class RecordForm(QScrollArea):
    """Signals carry paths. `show_document` never touches the row that has the keyboard unless told to."""

    edited = Signal(str, object)
    typing = Signal()
    """Something was typed that may be no answer yet."""
    committed = Signal(str)
    link_followed = Signal(str, str)
    child_added = Signal(str)
    child_removed = Signal(str, str)

    def __init__(self, collection: Collection, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._collection = collection
        self._today = today
        self._rows: dict[str, BoundRow] = {}
        self._row_of_path: dict[str, BoundRow] = {}
        self._lists: dict[str, ChildList] = {}
        self._boxes: dict[str, SectionBox] = {}
        self._below: list[LookupRow] = []
        self._looks: Mapping[str, FieldLook] = {}
        self._narrow, self._tight = False, False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._build()
        self.walk = SectionWalk(self, self._boxes, self._rows, self._lists)

    # --- building

    def _build(self) -> None:
        inner = QWidget()
        inner.setProperty("part", "scrolled")
        inner.setMinimumHeight(1)  # else wrapped labels ask for the height of a narrow column
        self.top = QVBoxLayout()
        self.bottom = QVBoxLayout()
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        self._column.addLayout(self.top)
        for place, section in enumerate(self._collection.sections):
            self._column.addWidget(self._make_section(section, first=place == 0))
        self._column.addLayout(self.bottom)
        self._column.addSpacing(48)
        self._column.addStretch(1)
        holder = QWidget()
        holder.setMaximumWidth(WIDEST)
        holder.setLayout(self._column)
        row = QHBoxLayout(inner)
        row.setContentsMargins(_SIDE, 0, _SIDE + 8, 0)
        row.addWidget(holder, 1)
        self.setWidget(inner)

    def _make_section(self, section: Section, *, first: bool) -> SectionBox:
        box = SectionBox(section, self._collection.portal_short, first=first)
        fields: list[Field] = [f for f in self._collection.fields if f.section == section.key]
        for row in make_rows(fields, "", self._collection.code_lists, self._today, self):
            self._adopt_row(row)
            box.column.addWidget(row.row)
        for kind in self._collection.children:
            if kind.section == section.key:
                box.column.addWidget(self._make_list(kind.key))
        self._boxes[section.key] = box
        return box

    def add_below(self, section: str, made: LookupRow) -> None:
        """Stand what is no question under the questions of a section, also for Tab."""
        self._boxes[section].column.addWidget(made)
        last = [row for row in self._rows.values() if row.fields[0].section == section][-1]
        for before, after in pairwise((last.control.inputs()[-1], *made.inputs())):
            QWidget.setTabOrder(before, after)
        self._below.append(made)
        made.set_narrow(self._narrow)

    def _make_list(self, kind_key: str) -> ChildList:
        kind = self._collection.child_kind(kind_key)
        assert kind is not None
        made = ChildList(kind, self._collection.code_lists, self._today)
        made.add_asked.connect(self.child_added)
        made.removed.connect(self.child_removed)
        made.row_made.connect(self._on_child_row_made)
        made.link_followed.connect(self.link_followed)
        self._lists[kind_key] = made
        return made

    def _adopt_row(self, row: BoundRow) -> None:
        self._rows[row.path] = row
        for path in row.paths:
            self._row_of_path[path] = row
        row.link_followed.connect(self.link_followed)
        self._wire(row)

    def _wire(self, row: BoundRow) -> None:
        row.edited.connect(self.edited)
        row.typing.connect(self.typing)
        row.committed.connect(self.committed)

    def _on_child_row_made(self, row: BoundRow) -> None:
        self._wire(row)

    # --- showing

    def show_document(self, document: Document, paths: Iterable[str] | None = None) -> None:
        """Show these answers, or only those of `paths`; questions that do not apply are hidden."""
        wanted = None if paths is None else set(paths)
        for row in self._rows.values():
            if wanted is None or wanted.intersection(row.paths):
                row.show_values({path: document.get(path) for path in row.paths})
        for key, held in self._lists.items():
            touched = wanted is None or any(path.startswith(f"{key}.") for path in wanted)
            if touched:
                held.show_children(document.children.get(key, ()))
        self._show_what_applies(document)

    def show_children(self, kind: str, document: Document) -> None:
        """The list of children moved: cards come and go, open ones stay as they are."""
        self._lists[kind].show_children(document.children.get(kind, ()))

    def _show_what_applies(self, document: Document) -> None:
        for row in self._rows.values():
            applies = any(
                field.shown is None or field.shown(document) or document.get(field.name) is not None
                for field in row.fields
            )
            row.row.setVisible(applies)
        for held in self._lists.values():
            shown = held.kind.shown
            held.setVisible(shown is None or shown(document) or bool(document.children.get(held.kind.key)))
        for key, box in self._boxes.items():
            rows = [r for r in self._rows.values() if r.fields[0].section == key]
            has_children = any(
                held.kind.section == key and not held.isHidden() for held in self._lists.values()
            )
            box.setVisible(has_children or any(not r.row.isHidden() for r in rows))

    def hidden_sections(self) -> frozenset[str]:
        """Sections that have nothing to ask of this record."""
        return frozenset(key for key, box in self._boxes.items() if box.isHidden())

    def show_looks(self, looks: Mapping[str, FieldLook]) -> None:
        """Marks and notes of every row."""
        self._looks = looks
        for path, row in self._rows.items():
            row.show_look(looks.get(path, FieldLook()))
        for held in self._lists.values():
            held.show_looks(looks)

    def set_read_only(self, read_only: bool, why: str) -> None:
        for row in self._rows.values():
            row.control.set_read_only(read_only, why)
        for held in self._lists.values():
            held.set_read_only(read_only, why)

    def rename_child(self, kind: str, old: str, new: str) -> None:
        self._lists[kind].rename(old, new)

    def takes_another(self, kind: str) -> bool:
        """Whether a list of children may get one more now."""
        return not self._lists[kind].add.isHidden()

    # --- going to places

    def row(self, path: str) -> BoundRow | None:
        """The row that answers `path`, when it stands in the form now."""
        found = self._row_of_path.get(path)
        if found is not None:
            return found
        parts = path.split(".")
        card = self._lists[parts[0]].card(parts[1]) if len(parts) > 1 and parts[0] in self._lists else None
        return next((r for r in card.rows if path in r.paths), None) if card else None

    def rows(self) -> list[BoundRow]:
        """Every row that is shown, in order, those of open children too."""
        found = [r for r in self._rows.values() if not r.row.isHidden()]
        for held in self._lists.values():
            found += [row for card in held.cards if card.is_open for row in card.rows]
        return found

    def focused_path(self) -> str:
        """Path of the row with the keyboard, "" when none has it."""
        return next((row.path for row in self.rows() if row.control.has_focus()), "")

    def focus_path(self, path: str) -> bool:
        """Put the keyboard into a row, a child or a list of children, and bring it into sight."""
        parts = path.split(".")
        held = self._lists.get(parts[0])
        if held is not None:
            card = held.card(parts[1]) if len(parts) > 1 else None
            if card is None:
                self._show_widget(held)
                held.add.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
            card.open()
            if len(parts) < _CHILD_FIELD:
                path = card.rows[0].path
        row = self.row(path)
        if row is None:
            return False
        self._show_widget(row.row)
        row.control.take_focus()
        return True

    def focus_first(self) -> None:
        """The first question."""
        first = next(iter(self.rows()), None)
        if first is not None:
            first.control.take_focus()

    def settle(self) -> None:
        """Read what is half typed in the row with the keyboard."""
        row = self.row(self.focused_path())
        if row is not None:
            row.control.settle()

    def half_typed(self) -> dict[str, Value]:
        """Text in the row with the keyboard that is no answer yet, by path."""
        row = self.row(self.focused_path())
        return row.half_typed() if row is not None else {}

    def type_again(self, path: str, value: Value) -> None:
        """As if the person had typed it there."""
        row = self.row(path)
        if row is not None:
            row.type_again(path, value)

    def open_popup(self) -> None:
        """Alt+Down in whatever row has the keyboard."""
        row = self.row(self.focused_path())
        if row is not None:
            row.control.open_popup()

    def _show_widget(self, widget: QWidget) -> None:
        QTimer.singleShot(0, self, lambda: self.ensureWidgetVisible(widget, 0, 80))
        self.ensureWidgetVisible(widget, 0, 80)

    # --- Qt

    def set_tight(self, tight: bool) -> None:
        """In a small window labels stand above their controls, whatever the width."""
        self._tight = tight
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        narrow = self._tight or self.viewport().width() - 2 * _SIDE < NARROW
        if narrow != self._narrow:
            self._narrow = narrow
            for row in self._rows.values():
                row.row.set_narrow(narrow)
            for held in self._lists.values():
                held.set_narrow(narrow)
            for made in self._below:
                made.set_narrow(narrow)
