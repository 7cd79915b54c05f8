"""Many conflicts with one decision: which ones, what it does to each, and the decision. One question, two sides."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop.model.collection import Collection
from desktop.services.deciding import LINES, Decided, DecisionPreview, Member
from desktop.services.views import Progress
from desktop.ui import words
from desktop.ui.needs.cases import MINE, THEIRS
from desktop.ui.needs.choice_button import ChoiceButton
from desktop.ui.operations import Operation
from desktop.ui.page import Context
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import row
from desktop.ui.parts.grouped_model import Cell, Column, Group, Line
from desktop.ui.parts.grouped_table import GroupedTable
from desktop.ui.parts.progress import ProgressBox
from desktop.ui.parts.text import Text
from desktop.ui.record.facts import spoken_name
from desktop.ui.trouble import Trouble

COLUMNS = (
    Column("Name", 190, "strong"),
    Column("Field", 150, "quiet", least=700),
    Column("Will be", 190, stretch=True),
    Column("Will not be", 190, "quiet", least=480),
    Column("Afterwards", 210, "quiet", least=820),
)
_UNDO = (
    "Until it is sent, one Undo opens all of these again. After that it cannot be undone here; the answers that you "
    "do not choose stay readable in the history of each record."
)


class ManyDialog(QDialog):
    """`saved` carries what came of it, as `Decided`. Esc decides nothing."""

    saved = Signal(object)

    def __init__(
        self,
        context: Context,
        collection: Collection,
        members: Sequence[Member],
        *,
        side: str,
        about: str,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._context, self._members = context, list(members)
        self._short = collection.portal_short
        self._records = len({member.record_id for member in members})
        self._preview: DecisionPreview | None = None
        self._running: Operation | None = None
        self._deciding = False
        self.setWindowTitle("Holdfast")
        title = f"Decide {words.count(self._records, 'record')} at once"
        self.setAccessibleName(title)
        self.title = Text(title, "section", wrap=True)
        self._about = Text(about, tone="ink2", wrap=True)
        self.choices = {
            MINE: ChoiceButton(MINE, "Keep yours", "1"),
            THEIRS: ChoiceButton(THEIRS, f"Take {self._short}’s", "2"),
        }
        self.summary = Text("", wrap=True)
        self.table = GroupedTable(COLUMNS, "What will be decided")
        self.progress = ProgressBox("Looking at each record", stop="Stop, decide none")
        self.back, self.do = Button("Decide one by one"), Button("Decide", "primary")
        self._arrange()
        room = parent.window().size()
        self.resize(min(900, room.width() - 40), min(600, room.height() - 40))
        self._connect()
        self.choices[side if side in self.choices else MINE].setChecked(True)

    def _arrange(self) -> None:
        self._group = QButtonGroup(self)
        pick = QHBoxLayout()
        pick.setSpacing(12)
        for button in self.choices.values():
            self._group.addButton(button)
            pick.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        column.addWidget(self.title)
        column.addWidget(self._about)
        column.addLayout(pick)
        column.addWidget(self.summary)
        column.addWidget(self.progress)
        column.addWidget(self.table, 1)
        column.addWidget(Text(_UNDO, "caption", wrap=True))
        column.addLayout(row(None, self.back, self.do))

    def _connect(self) -> None:
        for button in self.choices.values():
            button.toggled.connect(self._on_side_toggled)
        self.back.clicked.connect(self.reject)
        self.do.clicked.connect(self.decide)
        self.progress.stop_asked.connect(self._on_stop_asked)
        for key, button in (("1", self.choices[MINE]), ("2", self.choices[THEIRS])):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.activated.connect(button.click)

    @property
    def side(self) -> str:
        return next((side for side, button in self.choices.items() if button.isChecked()), MINE)

    def decide(self) -> None:
        """Decide them all, in the background."""
        if self._preview is None or not self._preview.records or self._deciding:
            return
        self._deciding = True
        self._show_busy(True)
        members, side = self._members, self.side
        told = words.count(self._records, "decision")
        kept = "yours kept" if side == MINE else f"{self._short}’s taken"
        deciding = self._context.workspace.deciding
        self._running = self._context.operations.run_job(
            lambda job: deciding.decide(
                members,
                side,
                words=f"{told} ({kept})",
                progress=job.report,
                cancelled=job.is_cancelled,
            ),
            self._on_decided,
            on_failure=self._on_failed,
            on_progress=self._on_progress,
        )

    # --- showing

    def _show_busy(self, busy: bool) -> None:
        self.progress.setVisible(busy)
        for button in self.choices.values():
            button.setEnabled(not self._deciding)
        ready = not busy and self._preview is not None and self._preview.records > 0
        self.do.allow(ready, "Nothing here can be decided." if not busy else "One moment")

    def _show_preview(self, preview: DecisionPreview) -> None:
        self.summary.setText(summary_of(preview, self._short))
        lines = [
            Line(
                (line.record_id, line.field_label),
                (
                    Cell(spoken_name(line.label)),
                    Cell(line.field_label),
                    Cell(line.kept),
                    Cell(line.dropped),
                    Cell(line.problem or "Nothing to put right"),
                ),
            )
            for line in preview.lines
        ]
        more = f", the first {LINES} listed" if preview.records > LINES else ""
        groups = [Group("decided", "Will be decided", f"{words.number(preview.records)}{more}", lines)]
        if preview.left_out:
            left = [
                Line(
                    one.record_id,
                    (Cell(spoken_name(one.label) or "A record"), Cell(), Cell(one.why), Cell(), Cell()),
                )
                for one in preview.left_out[:LINES]
            ]
            groups.append(Group("left", "Stays open", words.number(len(preview.left_out)), left))
        self.table.show_groups(groups)
        deed = "Keep yours" if self.side == MINE else f"Take {self._short}’s"
        self.do.set_words(f"{deed} in {words.count(preview.records, 'record')}")

    # --- slots

    def _on_side_toggled(self, on: bool) -> None:
        if not on:
            return
        self._preview = None
        self._show_busy(True)
        members, side = self._members, self.side
        deciding = self._context.workspace.deciding
        self._running = self._context.operations.run_job(
            lambda job: deciding.preview(members, side, job.report, job.is_cancelled),
            self._on_previewed,
            on_failure=self._on_failed,
            on_progress=self._on_progress,
            key="needs.preview",
        )

    def _on_previewed(self, preview: DecisionPreview) -> None:
        self._running = None
        self._preview = preview
        self._show_preview(preview)
        self._show_busy(False)

    def _on_decided(self, decided: Decided) -> None:
        self._running = None
        self._deciding = False
        if decided.stopped:
            self.summary.setText("Stopped. Nothing was decided: all of these are open as before.")
            self._show_busy(False)
            return
        self.accept()
        self.saved.emit(decided)
        self.deleteLater()

    def _on_failed(self, trouble: Trouble) -> None:
        self._running = None
        self._deciding = False
        self.summary.setText(f"{trouble.title}. {trouble.text} Nothing was decided.")
        self._show_busy(False)

    def _on_progress(self, progress: Progress) -> None:
        self.progress.show_progress(progress)

    def _on_stop_asked(self) -> None:
        if self._running is not None:
            self._running.cancel()
        if not self._deciding:
            self.reject()

    # --- Qt

    def reject(self) -> None:
        """Nothing is decided; what is being decided is stopped first, and tells what came of it."""
        if self._running is not None:
            self._running.cancel()
        if not self._deciding:
            super().reject()
            self.deleteLater()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.reject()


def summary_of(preview: DecisionPreview, portal_short: str) -> str:
    """What the decision does, in one or two sentences."""
    if not preview.records:
        return "None of these can be decided now: they moved on while you looked. Go back and look again."
    parts = [f"{words.count(preview.records, 'record')} will be decided."]
    if preview.to_send:
        goes = "has" if preview.to_send == 1 else "have"
        parts.append(
            f"{words.number(preview.to_send)} {goes} something to send to {portal_short} afterwards."
        )
    else:
        parts.append(f"Nothing is sent: {portal_short} has these answers already.")
    if preview.to_put_right:
        verb = "waits" if preview.to_put_right == 1 else "wait"
        parts.append(
            f"{words.number(preview.to_put_right)} of them then {verb} as drafts until something is put right."
        )
    if preview.left_out:
        stay = "stays" if len(preview.left_out) == 1 else "stay"
        parts.append(f"{words.number(len(preview.left_out))} {stay} open.")
    return " ".join(parts)
