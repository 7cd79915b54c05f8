"""What a bulk edit would do, in a sentence and line by line."""

from __future__ import annotations

from collections import Counter

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.model.collection import Collection
from desktop.services.acts import BulkPreview
from desktop.ui import words
from desktop.ui.parts.grouped_model import Cell, Column, Group, Line
from desktop.ui.parts.grouped_table import GroupedTable
from desktop.ui.parts.text import Text

_COLUMNS = (
    Column("Name", 170, "strong"),
    Column("Question", 150, "quiet", least=420),
    Column("Now", 150, least=560, stretch=True),
    Column("Then", 150, stretch=True),
)
_LEFT_OUT_SHOWN = 5


class PreviewPane(QWidget):
    """Says one thing at a time: what is missing, that it is being looked at, or what would happen."""

    def __init__(self, collection: Collection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._collection = collection
        self.sentence = Text("", weight=600, wrap=True)
        self.problems = Text("", "table", "draft", 500, wrap=True)
        self.lines = GroupedTable(_COLUMNS, "What would change")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.sentence)
        column.addWidget(self.problems)
        column.addWidget(self.lines, 1)
        column.addStretch(0)
        self.say("")

    def say(self, sentence: str) -> None:
        """Only words: nothing to show yet."""
        self.sentence.setText(sentence)
        self.problems.hide()
        self.lines.hide()

    def show_preview(self, preview: BulkPreview) -> None:
        """What would happen."""
        self.sentence.setText(sentence_of(preview, self._collection))
        new = preview.new_errors
        self.problems.setText(
            f"It would bring {words.count(new, 'new problem')}. A record with problems stays a draft, and is not sent "
            "until they are put right."
        )
        self.problems.setVisible(new > 0)
        groups = _groups(preview)
        self.lines.show_groups(groups)
        self.lines.setVisible(bool(groups))


def sentence_of(preview: BulkPreview, collection: Collection) -> str:
    """`412 trainees change, 3 already have it, 2 left out`."""
    parts = []
    if preview.to_change:
        verb = "changes" if preview.to_change == 1 else "change"
        parts.append(f"{named(preview.to_change, collection)} {verb}")
    if preview.same:
        parts.append(f"{words.number(preview.same)} already {'has' if preview.same == 1 else 'have'} it")
    if preview.left_out:
        parts.append(f"{words.number(len(preview.left_out))} left out")
    said = ", ".join(parts)
    return said if preview.to_change else f"Nothing would change: {said}" if said else "Nothing would change"


def named(number: int, collection: Collection) -> str:
    """`1 trainee`, `412 trainees`."""
    return words.count(number, collection.singular, collection.title.lower())


def _groups(preview: BulkPreview) -> list[Group]:
    changes = [
        Line(
            (line.record_id, line.field_label),
            (Cell(line.label), Cell(line.field_label), Cell(line.old_words), Cell(line.new_words)),
        )
        for line in preview.lines
    ]
    found = [Group("changes", "What changes", _first(len(changes), preview), changes)] if changes else []
    reasons = Counter(left.why for left in preview.left_out)
    for why, number in reasons.most_common():
        lines = [
            Line(left.record_id, (Cell(left.label), Cell(), Cell(), Cell("Stays as it is")))
            for left in preview.left_out
            if left.why == why
        ]
        found.append(Group(why, f"{words.number(number)} left out", why, lines, _LEFT_OUT_SHOWN))
    return found


def _first(shown: int, preview: BulkPreview) -> str:
    return f"The first {words.number(shown)} are shown" if shown < preview.to_change else ""
