"""The line of a degree, a placement or the like: its main answers in columns, as in a table; in a narrow form, one sentence."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.model.collection import ChildKind, CodeLists
from desktop.model.document import Child
from desktop.ui.parts.text import ElidedLabel, Text
from desktop.ui.theme import scaled, theme
from desktop.validation.entry import show_value

SIDE = 112
"""Width of what stands at the right of the columns: Edit and Remove. One width, so that columns are columns."""
GAP = 12
_WIDE, _SLIM = 5, 3
"""Shares of the width: of the first two columns, and of the others."""


class _Columns(QWidget):
    """As many labels as the kind has columns, each as wide as that of the row above."""

    def __init__(self, labels: Sequence[Text], at: Qt.AlignmentFlag) -> None:
        super().__init__()
        self.labels = labels
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(GAP)
        for place, label in enumerate(labels):
            label.setMinimumWidth(1)
            across.addWidget(label, _WIDE if place < 2 else _SLIM, at)


class ChildLine(QWidget):
    """`show_child` fills it."""

    def __init__(self, kind: ChildKind, lists: CodeLists) -> None:
        super().__init__()
        self._kind, self._lists = kind, lists
        self._fields = {field.name: field for field in kind.fields}
        self._whole = ElidedLabel(weight=600)
        cells = [ElidedLabel(weight=0 if place else 600) for place in range(len(kind.columns))]
        self._cells = _Columns(cells, Qt.AlignmentFlag.AlignVCenter)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(self._whole, 1)
        across.addWidget(self._cells, 1)
        self.set_narrow(False)

    def show_child(self, child: Child) -> str:
        """Show its answers; gives the one sentence about it."""
        said = self._kind.label(child.fields, self._lists)
        self._whole.setText(said)
        for label, names in zip(self._cells.labels, self._kind.columns, strict=True):
            shown = (show_value(self._fields[n], child.fields.get(n), self._lists) for n in names)
            label.setText(next((words for words in shown if words), ""))
        if not any(label.text() for label in self._cells.labels) and self._cells.labels:
            self._cells.labels[0].setText(said)
        return said

    def set_narrow(self, narrow: bool) -> None:
        """One sentence, or columns where the kind has them."""
        in_columns = bool(self._kind.columns) and not narrow
        self._whole.setVisible(not in_columns)
        self._cells.setVisible(in_columns)


class ChildHead(QWidget):
    """What the columns are called, over the lines."""

    def __init__(self, kind: ChildKind, left: int, right: int) -> None:
        super().__init__()
        labels = {field.name: field.label for field in kind.fields}
        titles = [Text(labels[names[0]], "caption", "ink2", wrap=True) for names in kind.columns]
        self._cells = _Columns(titles, Qt.AlignmentFlag.AlignBottom)
        self._side = QWidget()
        across = QHBoxLayout(self)
        across.setContentsMargins(left, 0, right, 0)
        across.setSpacing(GAP)
        across.addWidget(self._cells, 1)
        across.addWidget(self._side)
        theme().changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        self._side.setFixedWidth(scaled(SIDE))
