"""A conflict side by side: what each side says, what was put together without you, what will be sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.model.collection import Collection
from desktop.model.document import Value
from desktop.model.finding import Finding
from desktop.services import wording
from desktop.services.deciding import Member, Pattern
from desktop.ui import words
from desktop.ui.icons import set_icon
from desktop.ui.needs.cases import ConflictCase, Merged, Outcome
from desktop.ui.needs.unit_grid import UnitGrid
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import Card, clear, row
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
            first = "one thing" if len(outcome.problems) == 1 else f"{len(outcome.problems)} things"
            said = f"nothing yet. {listed}{more} would be sent, but {first} must be put right first."
            after = ""
        else:
            said, after = f"{listed}{more}.", f" In its turn, when {portal_short} answers."
        rest = (
            ""
            if not outcome.undecided
            else f" {words.capital(words.spelled(outcome.undecided))} more to decide."
        )
        self._text.set_html(
            f"{bold('What will be sent:')} {said}"
            f'<span style="color:{quiet}">{after}{rest} The value you do not choose stays in the history.'
            " You can undo the decision until it is sent.</span>"
        )


class ResultCard(Card):
    """What the rules say of the record as the choice would leave it, each with a way to the field."""

    field_asked = Signal(str)

    def __init__(self, collection: Collection) -> None:
        super().__init__("plain", 16)
        self._collection = collection
        self.add_head("With this choice")
        self._lines = QVBoxLayout()
        self._lines.setSpacing(6)
        self.body.addLayout(self._lines)
        self.hide()

    def show_outcome(self, outcome: Outcome | None) -> None:
        """None = nothing is chosen yet: then there is nothing to say."""
        clear(self._lines)
        self.setVisible(outcome is not None)
        if outcome is None:
            return
        for finding in outcome.findings[:_MOST]:
            self._lines.addLayout(self._line(finding))
        more = len(outcome.findings) - _MOST
        if more > 0:
            self._lines.addWidget(Text(f"and {more} more, to be seen in the record", "caption"))
        if not outcome.findings:
            short = self._collection.portal_short
            said = f"By the rules known here, nothing has to be put right. {short} checks it again when it is sent."
            self._lines.addWidget(Text(said, "table", "ink2", wrap=True))

    def _line(self, finding: Finding) -> QHBoxLayout:
        look = words.SEVERITY[finding.severity]
        picture = Text()
        set_icon(picture, look.icon, look.ink, 16)
        said = Text(f"{look.word}: {finding.message}", "table", wrap=True)
        label = wording.label_of(self._collection, finding.field)
        parts: list[QWidget] = [picture, said]
        if finding.field:
            go = Button(f"Go to {label[:1].lower()}{label[1:]}", "link", small=True)
            go.setProperty("path", finding.field)
            go.clicked.connect(self._on_go_clicked)
            parts.append(go)
        line = row(*parts)
        line.setStretch(1, 1)
        return line

    def _on_go_clicked(self) -> None:
        self.field_asked.emit(str(self.sender().property("path")))


class AlikeCard(Card):
    """Where else the same is asked, and the way to decide all of it at once."""

    many_asked = Signal(str, bool)
    """Unit, and whether only those with the same two answers are meant."""

    def __init__(self, case: ConflictCase, patterns: Mapping[str, Pattern]) -> None:
        super().__init__("plain", 16)
        titles = {unit.unit: unit.title for unit in case.units}
        for unit, pattern in patterns.items():
            alike, field = len(pattern.same_answers), len(pattern.same_field)
            title = titles.get(unit, unit)
            if alike > 1:
                said = f"{title}: the same two answers in {words.count(alike, 'record')}"
                self._add(said, f"Decide all {words.number(alike)}", unit, same_answers=True)
            if field > alike:
                said = (
                    f"{title}: also asked, with other answers, in {words.count(field - alike, 'more record')}"
                )
                self._add(said, f"Decide all {words.number(field)}", unit, same_answers=False)
        self.setVisible(self.body.count() > 0)

    def _add(self, said: str, deed: str, unit: str, *, same_answers: bool) -> None:
        picture = Text()
        set_icon(picture, "list-checks", "accent", 18)
        button = Button(deed, small=True)
        button.setAccessibleDescription(said)
        button.setProperty("unit", unit)
        button.setProperty("same", same_answers)
        button.clicked.connect(self._on_clicked)
        line = row(picture, Text(said, wrap=True), button)
        line.setStretch(1, 1)
        self.body.addLayout(line)

    def _on_clicked(self) -> None:
        button = self.sender()
        self.many_asked.emit(str(button.property("unit")), bool(button.property("same")))


class ConflictView(QWidget):
    """Made for one case. `decided` whenever a choice moved; the page then asks `choices` and `typed`."""

    decided = Signal()
    record_asked = Signal(str)
    """Open the record at a field ("" = at its beginning)."""
    many_asked = Signal(str, bool)
    """Decide a unit in all records where it is asked; True = only where the two answers are the same."""

    def __init__(
        self, collection: Collection, case: ConflictCase, today: date, patterns: Mapping[str, Pattern]
    ) -> None:
        super().__init__()
        self.case = case
        self._short = collection.portal_short
        self._named = case.whose if case.conflict.colleague else f"{self._short}’s"
        self._patterns = patterns
        self._grids = [UnitGrid(collection, case, unit, today) for unit in case.units]
        self.alike = AlikeCard(case, patterns)
        self._merged = MergedCard()
        self.result = ResultCard(collection)
        self._sends = SendsCard()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        for grid in self._grids:
            column.addWidget(grid)
            grid.chosen.connect(self._on_chosen)
        for card in (self.result, self._sends, self.alike, self._merged):
            column.addWidget(card)
        self._merged.show_merged(case.merged)
        self._merged.change_asked.connect(self._on_change_asked)
        self.alike.many_asked.connect(self.many_asked)
        self.result.field_asked.connect(self._on_field_asked)
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

    def many(self, unit: str, *, same_answers: bool) -> tuple[tuple[Member, ...], str]:
        """The decisions that are like one of this case, and what they are about, in words."""
        pattern = self._patterns[unit]
        shown = next(one for one in self.case.units if one.unit == unit)
        if not same_answers:
            return pattern.same_field, f"{shown.title}, whatever the two answers are in each record."
        told = [
            f"{entry.label}: yours {entry.mine.text}, {self._named} {entry.theirs.text}"
            for entry in shown.rows
            if entry.path and entry.differs
        ]
        return pattern.same_answers, f"{'; '.join(told)}. The same in each of these records."

    def choose(self, side: str) -> None:
        """Decide the unit with the keyboard, else the first that is open, else the last."""
        held = QApplication.focusWidget()
        inside = next((g for g in self._grids if held is not None and g.isAncestorOf(held)), None)
        undecided = next((g for g in self._grids if not g.choice), None)
        (inside or undecided or self._grids[-1]).choose(side)

    def show_outcome(self, outcome: Outcome | None) -> None:
        self.result.show_outcome(outcome)
        self._sends.show_outcome(outcome, self._short)

    def take_focus(self) -> None:
        self._grids[0].take_focus()

    def _on_chosen(self, _unit: str) -> None:
        self.decided.emit()

    def _on_field_asked(self, path: str) -> None:
        """An answer that is in question is typed here; any other is in the record."""
        grid = next((g for g in self._grids if path in {row.path for row in g.unit.rows}), None)
        if grid is None:
            self.record_asked.emit(path)
        else:
            grid.type_at(path)

    def _on_change_asked(self) -> None:
        self.record_asked.emit("")
