"""A step that cannot be undone: its questions, what it means, and a button that says what it does.

Made from `Action.fields`; what the rules say of the answers is asked through `check`, on every keystroke.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop.model.collection import Action, CodeLists
from desktop.model.document import Fields, Value
from desktop.model.finding import Finding, Severity
from desktop.ui import words
from desktop.ui.fields.check_list import CheckListControl
from desktop.ui.fields.notes import Mark, Note
from desktop.ui.icons import set_icon
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.rows_area import RowsArea
from desktop.ui.parts.text import Text
from desktop.ui.record.outlook import FieldLook
from desktop.ui.record.rows import BoundRow, make_rows

Check = Callable[[Fields], Sequence[Finding]]
LIVE_MS = 60
_LAST = "It is sent last, after the other changes of this record."
_BY_HAND = "Nothing happens by itself: somebody types it on the website. The sheet for that is in Hand-over."
_WIDTH = 640


class ActionDialog(QDialog):
    """`confirmed` carries the answers; the page queues the action and closes the dialog, or shows what came back."""

    confirmed = Signal(object)

    def __init__(
        self, action: Action, who: str, check: Check, *, lists: CodeLists, today: date, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.action = action
        self._who, self._check = who, check
        self._visited: set[str] = set()
        self._insist = False
        self._rows = make_rows(action.fields, "", lists, today, self)
        self._codes = {f.name: tuple(lists.codes(f.codes)) for f in action.fields if f.codes}
        self._general = Text(role="table", tone="refused", weight=500, wrap=True)
        self.main_button = (
            Button("Ask for it", "primary")
            if action.by_hand
            else Button(_done_to(action.label, who), "danger")
        )
        self.not_now = Button("Not now", "quiet")
        self._pause = QTimer(self, singleShot=True, interval=LIVE_MS)
        self._arrange(parent)
        self._pause.timeout.connect(self._look)
        self.main_button.clicked.connect(self._on_main_clicked)
        self.not_now.clicked.connect(self.reject)
        for row in self._rows:
            row.edited.connect(self._on_edited)
            row.committed.connect(self._on_committed)
        self._look()
        self._rows[0].control.take_focus()

    def _arrange(self, parent: QWidget) -> None:
        self.setWindowTitle(self.action.label)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        by_hand = self.action.by_hand
        asked = (
            f"{self.action.label}: {self._who}" if by_hand else f"{_done_to(self.action.label, self._who)}?"
        )
        title = Text(asked, "title", wrap=True)
        picture = Text()
        set_icon(picture, "triangle-alert", "conflict", 18)
        warning = QHBoxLayout()
        warning.setSpacing(8)
        warning.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        warning.addWidget(Text(self.action.warning, tone="conflict", weight=500, wrap=True), 1)
        area = RowsArea()
        for row in self._rows:
            area.add(row.row)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.not_now)
        buttons.addWidget(self.main_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        for item in (title, warning):
            column.addWidget(item) if isinstance(item, QWidget) else column.addLayout(item)
        column.addWidget(area, 1)
        column.addWidget(self._general)
        column.addWidget(Text(_BY_HAND if by_hand else _LAST, "caption", wrap=True))
        column.addLayout(buttons)
        self.setMinimumWidth(420)
        few = len(self.action.fields) < 4
        room = parent.window().size()
        self.resize(min(_WIDTH, room.width() - 48), min(360 if few else 620, room.height() - 48))

    # --- what the rules say

    def answers(self) -> Fields:
        """Field -> answer, those without one left out."""
        found: dict[str, Value] = {}
        for row in self._rows:
            found |= {name: value for name, value in row.values().items() if value is not None}
        return found

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Each at its field; those of the record as a whole above the buttons."""
        names = {row.path for row in self._rows}
        self._general.setText(" ".join(f.message for f in findings if f.field not in names))
        self._general.setVisible(bool(self._general.text()))
        for row in self._rows:
            mine = [f for f in findings if f.field == row.path and self._is_loud(f)]
            error = any(f.severity is Severity.ERROR for f in mine)
            notes = tuple(
                Note(f.message, look.icon, look.ink, strong=f.severity is Severity.ERROR)
                for f in mine
                for look in (words.SEVERITY[f.severity],)
            )
            row.show_look(FieldLook(Mark.ERROR if error else Mark.NONE, notes))

    def _is_loud(self, finding: Finding) -> bool:
        return self._insist or finding.field in self._visited or finding.severity is not Severity.ERROR

    def _look(self) -> None:
        answers = self.answers()
        self.show_findings(self._check(answers))
        for row in self._rows:
            if isinstance(row.control, CheckListControl):
                row.control.show_only(self._fitting(row, answers))

    def _fitting(self, row: BoundRow, answers: Fields) -> frozenset[str] | None:
        """Entries of a list that the rules would take beside the other answers; None when that is none or all."""
        codes = self._codes[row.path]
        fits = frozenset(
            code
            for code in codes
            if not any(f.field == row.path for f in self._check({**answers, row.path: code}))
        )
        return fits if fits and len(fits) < len(codes) else None

    # --- slots

    def _on_edited(self, path: str, _value: object) -> None:
        self._visited.add(path)
        self._pause.start()

    def _on_committed(self, path: str) -> None:
        self._visited.add(path)
        self._pause.start()

    def _on_main_clicked(self) -> None:
        self._insist = True
        findings = self._check(self.answers())
        self.show_findings(findings)
        errors = [f for f in findings if f.severity is Severity.ERROR]
        if not errors:
            self.confirmed.emit(self.answers())
            return
        wrong = {f.field for f in errors}
        first = next((row for row in self._rows if row.path in wrong), None)
        if first is not None:
            first.control.take_focus()


def _done_to(label: str, who: str) -> str:
    """A deed and whom it is done to, such as "Recommend Marigold Penhallow for QTS or EYTS"."""
    deed, what_for, rest = label.partition(" for ")
    return f"{deed} {who}{what_for}{rest}"
