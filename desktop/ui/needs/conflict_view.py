"""A conflict side by side: what each side says, what was put together without you, what will be sent."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.model.collection import Collection
from desktop.model.document import Value
from desktop.ui import words
from desktop.ui.icons import set_icon
from desktop.ui.needs.cases import ConflictCase, Merged, Outcome
from desktop.ui.needs.unit_grid import UnitGrid
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import Card
from desktop.ui.parts.text import Text, bold, escape
from desktop.ui.theme import colour

_MOST = 8


class MergedCard(Card):
    """Answers that both sides changed apart from each other, and what came of it."""

    change_asked = Signal()

    def __init__(self) -> None:
        super().__init__("plain", 16)
        picture = Text()
        set_icon(picture, "circle-check", "confirmed", 18)
        self._title = Text(weight=600, wrap=True)
        self._change = Button("Change these", "link", small=True)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(picture)
        head.addWidget(self._title, 1)
        head.addWidget(self._change)
        self._lines = QGridLayout()
        self._lines.setHorizontalSpacing(16)
        self._lines.setVerticalSpacing(6)
        for column, stretch in enumerate((3, 6, 6)):
            self._lines.setColumnStretch(column, stretch)
        self.body.addLayout(head)
        self.body.addLayout(self._lines)
        self._change.clicked.connect(self.change_asked)

    def show_merged(self, merged: tuple[Merged, ...]) -> None:
        self.setVisible(bool(merged))
        was = "field was" if len(merged) == 1 else "fields were"
        self._title.setText(f"{words.number(len(merged))} other {was} put together without you")
        for number, entry in enumerate(merged[:_MOST]):
            self._lines.addWidget(Text(entry.label, "table", "ink2", wrap=True), number, 0)
            self._lines.addWidget(Text(entry.text, "table", wrap=True), number, 1)
            self._lines.addWidget(Text(entry.whose, "caption", wrap=True), number, 2)
        if len(merged) > _MOST:
            self._lines.addWidget(Text(f"and {len(merged) - _MOST} more", "caption"), _MOST, 0)


class SendsCard(Card):
    """What follows from the decision, said before it is saved."""

    def __init__(self) -> None:
        super().__init__("note", 16)
        picture = Text()
        set_icon(picture, "send-horizontal", "accent", 18)
        self._text = Text(wrap=True)
        row = QHBoxLayout()
        row.setContentsMargins(4, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        self.body.addLayout(row)

    def show_outcome(self, outcome: Outcome | None, portal_short: str) -> None:
        """None = nothing is chosen yet."""
        quiet = colour("ink2").name()
        if outcome is None:
            self._text.set_html(f"{bold('What will be sent:')} choose one to see it here.")
            return
        listed = ", ".join(f"{escape(label)} {escape(text)}".strip() for label, text in outcome.sends[:_MOST])
        more = f" and {len(outcome.sends) - _MOST} more" if len(outcome.sends) > _MOST else ""
        if not outcome.sends:
            said = f"nothing. {portal_short} has all of this already."
            after = ""
        elif outcome.problems:
            said = f"nothing yet. {listed}{more} would be sent, but this must be put right first:"
            problems = " ".join(escape(problem) for problem in outcome.problems[:3])
            after = f' <span style="color:{colour("refused").name()}">{problems}</span>'
        else:
            said, after = f"{listed}{more}.", f" In its turn, when {portal_short} answers."
        rest = (
            ""
            if not outcome.undecided
            else f" {words.capital(words.spelled(outcome.undecided))} more to decide."
        )
        self._text.set_html(
            f"{bold('What will be sent:')} {said}"
            f'<span style="color:{quiet}">{after}{rest} The value you do not choose stays in the history.</span>'
        )


class ConflictView(QWidget):
    """Made for one case. `decided` whenever a choice moved; the page then asks `choices` and `typed`."""

    decided = Signal()
    record_asked = Signal(str)
    """Open the record at a field ("" = at its beginning)."""

    def __init__(self, collection: Collection, case: ConflictCase, today: date) -> None:
        super().__init__()
        self.case = case
        self._short = collection.portal_short
        self._grids = [UnitGrid(collection, case, unit, today) for unit in case.units]
        self._merged = MergedCard()
        self._sends = SendsCard()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        for grid in self._grids:
            column.addWidget(grid)
            grid.chosen.connect(self._on_chosen)
        column.addWidget(self._merged)
        column.addWidget(self._sends)
        self._merged.show_merged(case.merged)
        self._merged.change_asked.connect(self._on_change_asked)
        self.show_outcome(None)

    @property
    def grids(self) -> list[UnitGrid]:
        return list(self._grids)

    def choices(self) -> dict[str, str]:
        """Unit -> choice, for those that were decided."""
        return {grid.unit.unit: grid.choice for grid in self._grids if grid.choice}

    def typed(self) -> dict[str, Value]:
        """Path -> answer typed here."""
        found: dict[str, Value] = {}
        for grid in self._grids:
            found |= grid.typed()
        return found

    def choose(self, side: str) -> None:
        """Decide the unit with the keyboard, else the first that is open, else the last."""
        held = QApplication.focusWidget()
        inside = next((g for g in self._grids if held is not None and g.isAncestorOf(held)), None)
        undecided = next((g for g in self._grids if not g.choice), None)
        (inside or undecided or self._grids[-1]).choose(side)

    def show_outcome(self, outcome: Outcome | None) -> None:
        self._sends.show_outcome(outcome, self._short)

    def take_focus(self) -> None:
        self._grids[0].take_focus()

    def _on_chosen(self, _unit: str) -> None:
        self.decided.emit()

    def _on_change_asked(self) -> None:
        self.record_asked.emit("")
