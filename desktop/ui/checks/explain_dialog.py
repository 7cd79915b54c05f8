"""Explaining a finding once: for this record or for the rule over all records, why, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QDialog, QRadioButton, QSpinBox, QVBoxLayout, QWidget

from desktop.model.collection import Rule
from desktop.services.explained import LONGEST, Explanation, Judged
from desktop.ui.fields.date_entry import DateEntry
from desktop.ui.fields.long_text import LongTextControl
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import row
from desktop.ui.parts.text import Text

_MOST = 9_999_999


@dataclass(frozen=True)
class Said:
    """What a person said. `count` = of the rule, expected in so many records; None = of the one record."""

    reason: str
    until: date | None
    count: int | None


class ExplainDialog(QDialog):
    """`said` carries what was said; the page has it saved, and says `refuse` or closes it.

    judged   the finding it was opened on, None = opened on a rule;  found = records in which the rule is found now
    """

    said = Signal(Said)
    ended = Signal()
    """It is to be a thing to do again."""

    def __init__(
        self,
        rule: Rule,
        judged: Judged | None,
        found: int,
        *,
        known: Explanation | None,
        today: date,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Holdfast")
        title = "Why is this right as it is?"
        self.setAccessibleName(title)
        self._title = Text(title, "section", wrap=True)
        about = f"{judged.label}: {judged.finding.message}" if judged else f"{rule.id}: {rule.demand}"
        self._about = Text(about, tone="ink2", wrap=True)
        self.one = QRadioButton(f"Only {judged.label}" if judged else "")
        self.all = QRadioButton("Every record in which this is found")
        self.count = QSpinBox()
        self.count.setRange(1, _MOST)
        self.count.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.count.setValue(known.count if known and known.count else max(found, 1))
        self._expected = Text(f"Records in which you expect it (found now: {found:,})", weight=500)
        self.reason = LongTextControl()
        self.until = DateEntry(today)
        self._note = Text(role="caption", wrap=True)
        self.trouble = Text(role="table", tone="refused", wrap=True)
        self.end = Button("End the explanation", "quiet")
        self.end.setVisible(known is not None)
        self.back = Button("Not now", "quiet")
        self.do = Button("Save the explanation", "primary")
        self._name()
        self._arrange()
        self.setMinimumWidth(min(600, parent.window().width() - 40))
        self._group = QButtonGroup(self)
        self._group.addButton(self.one)
        self._group.addButton(self.all)
        self.one.setVisible(judged is not None)
        self.all.setVisible(judged is not None)
        (self.all if judged is None or (known and known.count) else self.one).setChecked(True)
        if known is not None:
            self.reason.show_value(known.reason)
            self.until.show_value(known.until.isoformat() if known.until else None)
        self._connect()
        self._on_scope_changed()
        self.reason.take_focus()

    def _name(self) -> None:
        self.count.setAccessibleName("Records in which you expect it")
        for widget in self.reason.inputs():
            widget.setAccessibleName("Reason")
        for widget, part in zip(self.until.inputs(), ("day", "month", "year"), strict=False):
            widget.setAccessibleName(f"Until, {part}")

    def _arrange(self) -> None:
        self._column = column = QVBoxLayout(self)
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addWidget(self._about)
        column.addWidget(self.one)
        column.addWidget(self.all)
        column.addLayout(row(self._expected, self.count, None, spacing=12))
        column.addWidget(Text("Reason, in plain words", weight=500))
        column.addWidget(self.reason)
        column.addLayout(row(Text("Until", weight=500), self.until, spacing=12))
        column.addWidget(self._note)
        column.addWidget(self.trouble)
        column.addLayout(row(self.end, None, self.back, self.do))
        self.trouble.hide()

    def _connect(self) -> None:
        self.one.toggled.connect(self._on_scope_changed)
        self.back.clicked.connect(self.reject)
        self.end.clicked.connect(self.ended)
        self.do.clicked.connect(self._on_do_clicked)

    def refuse(self, why: str) -> None:
        """Say what was wrong with it; what was typed stays."""
        self.trouble.setText(why)
        self.trouble.show()
        self._fit()
        self.do.allow(allowed=True)

    def _on_scope_changed(self) -> None:
        whole = self.all.isChecked()
        self._expected.setVisible(whole)
        self.count.setVisible(whole)
        back = "the number changes" if whole else "one of the answers that the rule looks at changes"
        self._note.setText(
            f"It is then listed as explained, and no longer as something to do. It comes back by itself when {back}, "
            "or after the last day (leave it empty for none). Who said it and why stays in the history."
        )
        self._fit()

    def _fit(self) -> None:
        """As high as its words ask for at its width; wrapped labels report the height of their narrowest form."""
        width = max(self.width(), self.minimumWidth())
        self.resize(width, self._column.totalHeightForWidth(width))

    def _on_do_clicked(self) -> None:
        reason = str(self.reason.value() or "").strip()
        if not reason:
            self.refuse("Say why it is right as it is, so that others can follow it.")
            self.reason.take_focus()
            return
        if len(reason) > LONGEST:
            self.refuse(f"Say it in at most {LONGEST} characters. Now it has {len(reason):,}.")
            return
        typed = self.until.value()
        try:
            until = date.fromisoformat(str(typed)) if typed else None
        except ValueError:
            self.refuse("Enter the last day as day, month and year, or leave it empty.")
            return
        self.do.allow(False, "One moment")
        self.said.emit(Said(reason, until, self.count.value() if self.all.isChecked() else None))
