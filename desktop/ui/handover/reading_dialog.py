"""Before Register's export is loaded: what it would do, what speaks against it, and what cannot be read."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from desktop.services.web_reading import WebPlan
from desktop.ui.handover.reading_words import COLUMNS, absent_words, never_shown, plan_groups, plan_lines
from desktop.ui.parts.card import row
from desktop.ui.parts.dialog import WorkDialog
from desktop.ui.parts.grouped_table import GroupedTable
from desktop.ui.parts.progress import ProgressBox
from desktop.ui.parts.text import Text


class ReadingDialog(WorkDialog):
    """`load_asked`: whether the file holds everybody, and whether it is loaded in spite of doubts. Esc loads nothing."""

    load_asked = Signal(bool, bool)

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__("Load Register’s export", "Load it", ProgressBox("Reading the file"), parent, 10)
        self._plan: WebPlan | None = None
        self.file = Text(name, "table", "ink2", wrap=True)
        self.summary = Text(role="section", wrap=True)
        self.lines = Text(wrap=True)
        self.doubts = Text(tone="unknown", weight=500, wrap=True)
        self.notes = Text("", "table", "ink2", wrap=True)
        self.problem = Text(role="table", tone="refused", weight=500, wrap=True)
        self.anyway = QCheckBox("I have looked at this. Load it all the same")
        self.whole = QCheckBox("It holds every trainee: no filter was set on the website")
        self.absent = Text("", "table", "ink2", wrap=True)
        self.table = GroupedTable(COLUMNS, "What is not taken from the file")
        self.unknown = Text("", "caption", wrap=True)
        self._arrange()
        self.anyway.toggled.connect(self._allow)
        self.main_button.clicked.connect(self._on_load_clicked)
        self._show_parts(())

    def _arrange(self) -> None:
        self.column.addWidget(Text("Load Register’s export", "title"))
        self.column.addWidget(self.file)
        told: tuple[QWidget, ...] = (self.summary, self.lines, self.doubts, self.anyway)
        for part in (*told, self.problem, self.notes):
            self.column.addWidget(part)
        self.column.addWidget(self.table, 1)
        self.column.addStretch(0)
        for part in (self.absent, self.whole, self.unknown, self.progress):
            self.column.addWidget(part)
        self.column.addLayout(row(None, self.not_now, self.main_button))
        self.take_room(760, 620)

    def _show_parts(self, parts: tuple[QWidget, ...]) -> None:
        every = (self.summary, self.lines, self.doubts, self.anyway, self.problem, self.notes, self.table)
        for part in (*every, self.absent, self.whole, self.unknown):
            part.setVisible(part in parts)

    # --- showing

    def show_plan(self, plan: WebPlan) -> None:
        """What loading would do."""
        self.show_busy(False)
        self._plan = plan
        self.summary.setText(_summary(plan))
        self.lines.setText("\n".join(plan_lines(plan)))
        self.doubts.setText("\n".join(plan.doubts))
        self.notes.setText("\n".join(plan.notes))
        self.absent.setText(absent_words(plan.absent))
        self.unknown.setText(never_shown(plan.unknown))
        groups = plan_groups(plan)
        self.table.show_groups(groups)
        parts: list[QWidget] = [self.summary, self.lines, self.unknown]
        parts += [self.doubts, self.anyway] if plan.doubts else []
        parts += [self.notes] if plan.notes else []
        parts += [self.table] if groups else []
        parts += [self.absent, self.whole] if plan.may_be_whole and plan.absent else []
        self._show_parts(tuple(parts))
        self._allow()
        (self.anyway if plan.doubts else self.main_button).setFocus()

    def show_problem(self, words: str) -> None:
        """Why the file cannot be loaded."""
        self.show_busy(False)
        self._plan = None
        self.problem.setText(words)
        self._show_parts((self.problem,))
        self._allow()
        self.not_now.setFocus()

    def _allow(self) -> None:
        if self._plan is None:
            self.main_button.allow(False, "This file cannot be loaded.")
        else:
            meant = not self._plan.doubts or self.anyway.isChecked()
            self.main_button.allow(meant, "Say first that you have looked at what speaks against it.")

    def _on_load_clicked(self) -> None:
        if self._plan is not None:
            self.load_asked.emit(self.whole.isChecked(), self.anyway.isChecked())


def _summary(plan: WebPlan) -> str:
    who = f" of {plan.provider}" if plan.provider else ""
    return f"{plan.rows:,} {'trainee' if plan.rows == 1 else 'trainees'}{who}"
