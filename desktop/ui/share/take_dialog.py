"""Before change files are taken in: whose they are, what they would do, and the passphrase where it is not known yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.services.exchange import Several
from desktop.ui.parts.card import row
from desktop.ui.parts.dialog import WorkDialog
from desktop.ui.parts.grouped_table import GroupedTable
from desktop.ui.parts.progress import ProgressBox
from desktop.ui.parts.text import Text
from desktop.ui.share.share_words import COLUMNS, groups_of, sums_of, told_words

_TITLE = "Take in changes"


class TakeDialog(WorkDialog):
    """`take_asked`: take in what is shown. `opened`: the passphrase that was typed. Esc takes in nothing."""

    take_asked = Signal()
    opened = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(
            _TITLE, "Take them in", ProgressBox("Reading", stop="Stop, take in nothing"), parent, 10
        )
        self._locked = False
        self.files = Text("", "table", "ink2", wrap=True)
        self.lines = Text(wrap=True)
        self.problem = Text(role="table", tone="refused", weight=500, wrap=True)
        self.label = Text("Passphrase of change files", weight=500)
        self.field = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        self.field.setAccessibleName("Passphrase of change files")
        self.label.setBuddy(self.field)
        self.table = GroupedTable(COLUMNS, "What happens to which record")
        self.note = Text(
            "It cannot be undone in one go. An answer that both of you changed is put to you first.",
            "caption",
            wrap=True,
        )
        self._arrange()
        self.main_button.clicked.connect(self._on_main_clicked)
        self.field.returnPressed.connect(self.main_button.click)
        self.main_button.setAutoDefault(False)
        self._show_parts(())

    def _arrange(self) -> None:
        self.column.addWidget(Text(_TITLE, "title"))
        for part in (self.files, self.lines, self.label, self.field, self.problem):
            self.column.addWidget(part)
        self.column.addWidget(self.table, 1)
        self.column.addStretch(0)
        self.column.addWidget(self.note)
        self.column.addWidget(self.progress)
        self.column.addLayout(row(None, self.not_now, self.main_button))
        self.take_room(680, 560)

    def _show_parts(self, parts: Sequence[QWidget]) -> None:
        for part in (self.files, self.lines, self.label, self.field, self.problem, self.table, self.note):
            part.setVisible(part in parts)

    # --- showing

    def show_found(self, found: Several, now: datetime) -> None:
        """What taking in would do; where a passphrase is missing, that comes first."""
        self.show_busy(False)
        self._locked = bool(found.locked)
        groups = groups_of(found)
        self.files.setText("\n".join(told_words(told, now) for told in found.told))
        self.lines.setText("\n".join(sums_of(found)))
        self.problem.setText("\n".join(why for _, why in found.refused))
        self.table.show_groups(groups)
        if self._locked:
            names = ", ".join(path.name for path in found.locked)
            self.files.setText(
                f"{names}: type the passphrase that your colleagues chose. It is asked for once."
            )
            self._show_parts((self.files, self.label, self.field, *self._told(found)))
            self.field.setFocus()
        else:
            parts = [self.files, self.lines, *self._told(found)] if found.told else self._told(found)
            parts += [self.table, self.note] if groups else []
            self._show_parts(parts)
        self.main_button.set_words("Open" if self._locked else "Take them in")
        if self._locked:
            self.field.selectAll()
        self._allow(found)

    def _told(self, found: Several) -> list[QWidget]:
        return [self.problem] if found.refused else []

    def show_problem(self, words: str) -> None:
        """Why nothing can be taken in; a passphrase may be typed again."""
        self.show_busy(False)
        self.problem.setText(words)
        if self._locked:
            self._show_parts((self.files, self.label, self.field, self.problem))
            self.field.selectAll()
            self.field.setFocus()
            return
        self._show_parts((self.problem,))
        self.main_button.allow(False, "There is nothing that can be taken in.")
        self.not_now.setFocus()

    def _allow(self, found: Several) -> None:
        anything = self._locked or any(not told.own for told in found.told)
        self.main_button.allow(anything, "There is nothing that can be taken in.")
        if not self._locked:
            (self.main_button if anything else self.not_now).setFocus()

    def _on_main_clicked(self) -> None:
        if self._locked:
            self.opened.emit(self.field.text())
        else:
            self.take_asked.emit()
