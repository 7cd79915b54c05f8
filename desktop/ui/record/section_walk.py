"""The sections of a form: a head each, and walking from one to the next."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.model.collection import Section
from desktop.ui.parts.card import line
from desktop.ui.parts.text import ElidedLabel, Text
from desktop.ui.record.children import ChildList
from desktop.ui.record.rows import BoundRow


class SectionBox(QWidget):
    """Head of a section, and what stands under it."""

    def __init__(self, section: Section, portal_short: str, *, first: bool) -> None:
        super().__init__()
        self.section = section
        self._line = line()
        if first:
            self._line.hide()
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 0, 0)
        head.setSpacing(16)
        head.addWidget(Text(section.title, "section"))
        head.addStretch(1)
        if section.portal_page and section.portal_page != section.title:
            aside = ElidedLabel(f"{portal_short} calls this page “{section.portal_page}”", "caption")
            head.addWidget(aside)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 10)
        self.column.setSpacing(0)
        self.column.addWidget(self._line)
        self.column.addSpacing(16)
        self.column.addLayout(head)
        self.column.addSpacing(6)


class SectionWalk(QObject):
    """Works for one form, whose boxes, rows and lists of children it reads; they may still grow."""

    section_seen = Signal(str)
    """Another section stands at the top of what is seen."""

    def __init__(
        self,
        form: QScrollArea,
        boxes: Mapping[str, SectionBox],
        rows: Mapping[str, BoundRow],
        lists: Mapping[str, ChildList],
    ) -> None:
        super().__init__(form)
        self._form, self._boxes, self._rows, self._lists = form, boxes, rows, lists
        self._section = ""
        form.verticalScrollBar().valueChanged.connect(self._on_scrolled)

    def go_to(self, key: str, target: QWidget | None = None) -> None:
        """Scroll so that a section's head, or `target`, stands at the top."""
        box = target or self._boxes.get(key)
        if box is not None:
            self._form.verticalScrollBar().setValue(box.mapTo(self._form.widget(), QPoint(0, 0)).y())
            self._section = key
            self.section_seen.emit(key)

    def in_sight(self) -> str:
        """Key of the section at the top of what is seen."""
        inner = self._form.widget()
        top = self._form.verticalScrollBar().value() + 60
        seen = ""
        for key, box in self._boxes.items():
            if not box.isHidden() and (not seen or box.mapTo(inner, QPoint(0, 0)).y() <= top):
                seen = key
        return seen

    def step(self, step: int) -> None:
        """The next or last section that is shown; the keyboard goes to its first question."""
        keys = [key for key, box in self._boxes.items() if not box.isHidden()]
        here = self._with_keyboard() or (self._section if self._section in keys else self.in_sight())
        place = keys.index(here) if here in keys else 0
        key = keys[min(max(place + step, 0), len(keys) - 1)]
        self.go_to(key)
        rows = [r for r in self._rows.values() if r.fields[0].section == key and not r.row.isHidden()]
        held = next((x for x in self._lists.values() if x.kind.section == key), None)
        if rows:
            rows[0].control.take_focus()
        elif held is not None:
            held.add.setFocus(Qt.FocusReason.OtherFocusReason)

    def _with_keyboard(self) -> str:
        """The section that holds the keyboard."""
        focus = self._form.window().focusWidget()
        return next((key for key, box in self._boxes.items() if box.isAncestorOf(focus)), "")

    def kind_in_hand(self) -> str:
        """The list of children of the section with the keyboard, else of the one in sight; "" when it has none."""
        here = self._with_keyboard() or self.in_sight()
        return next((key for key, held in self._lists.items() if held.kind.section == here), "")

    def _on_scrolled(self) -> None:
        seen = self.in_sight()
        if seen != self._section:
            self._section = seen
            self.section_seen.emit(seen)
