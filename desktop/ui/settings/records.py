"""Settings on which records this workspace looks after: one tick box for each collection there is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop.model.collection import Collection
from desktop.services.looked_after import LookedAfter
from desktop.ui.icons import set_icon
from desktop.ui.page import Context
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import row
from desktop.ui.parts.text import Text
from desktop.ui.settings.section import Section, Tick
from desktop.ui.trouble import Trouble

_LATER = "Kept. It counts when Holdfast has been opened again."


class RecordsLine(Tick):
    """One collection: a tick box; once there are some of its records here, a mark, as nothing is left to choose."""

    def __init__(self, collection: Collection) -> None:
        super().__init__(collection.title, "")
        mark = Text()
        set_icon(mark, "circle-check", "confirmed")
        self.mark = QWidget()
        head = row(mark, Text(collection.title), None, spacing=8)
        head.setContentsMargins(0, 0, 0, 0)
        self.mark.setLayout(head)
        self.column.insertWidget(0, self.mark)

    def show_choice(self, one: LookedAfter) -> None:
        """Whether it is looked after, and whether that can be chosen."""
        self.box.setChecked(one.chosen)
        self.box.setVisible(not one.used)
        self.mark.setVisible(one.used)
        self.set_help(_help(one))


class RecordsSection(Section):
    """`chosen` carries the names of all that are ticked, after each tick."""

    chosen = Signal(frozenset)

    def __init__(self, offered: Iterable[Collection]) -> None:
        super().__init__(
            "Records you look after",
            "Each has its own list, its own checks and its own way to its portal. Nothing is deleted by a change here.",
        )
        self.lines = {one.name: RecordsLine(one) for one in offered}
        self.again = Button("Open it again now")
        self.later = QWidget()
        said = row(Text(_LATER, weight=500), self.again, None, spacing=12)
        said.setContentsMargins(0, 0, 0, 0)
        self.later.setLayout(said)
        self.later.hide()
        for line in (*self.lines.values(), self.later):
            self.body.addWidget(line)
        for line in self.lines.values():
            line.box.clicked.connect(self._on_clicked)

    def show_choice(self, found: Sequence[LookedAfter], open_now: Iterable[str]) -> None:
        """What was chosen; `open_now` = the collections that the open workspace has."""
        for one in found:
            self.lines[one.collection.name].show_choice(one)
        self.later.setVisible({one.collection.name for one in found if one.chosen} != {*open_now})

    def _on_clicked(self) -> None:
        self.chosen.emit(frozenset(name for name, line in self.lines.items() if line.box.isChecked()))


class RecordsHere(QObject):
    """Reads and keeps the choice; belongs to the page of settings."""

    def __init__(self, context: Context, over: QObject) -> None:
        super().__init__(over)
        self._context = context
        self.section = RecordsSection(context.workspace.offered())
        self.section.chosen.connect(self._on_chosen)
        self.section.again.clicked.connect(context.shell.switcher.open_again)

    def look(self) -> None:
        """Read what was chosen, and show it."""
        choosing = self._context.workspace.choosing
        self._context.operations.run(choosing.all, self._on_read, key="settings-records")

    def _on_read(self, found: list[LookedAfter]) -> None:
        self.section.show_choice(found, self._context.workspace.collections)

    def _on_chosen(self, names: frozenset[str]) -> None:
        choosing = self._context.workspace.choosing
        self._context.operations.run(
            lambda: choosing.choose(names), self._on_kept, on_failure=self._on_refused
        )

    def _on_kept(self, _nothing: Any) -> None:
        self.look()

    def _on_refused(self, trouble: Trouble) -> None:
        self._context.shell.warn(trouble.title, trouble.text)
        self.look()


def _help(one: LookedAfter) -> str:
    portal = f"Their portal is {one.collection.portal}."
    return f"{portal} There are some here, so they stay." if one.used else portal
