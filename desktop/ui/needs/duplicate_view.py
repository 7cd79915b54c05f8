"""A new record and those at the portal that may be the same person, side by side; two people are never made one here."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.model.collection import Collection
from desktop.model.document import Value, same
from desktop.model.snapshot import Snapshot
from desktop.services.views import RecordView
from desktop.ui.needs.cases import side_of
from desktop.ui.needs.grid import Cell, GridCard
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import Card, row
from desktop.ui.parts.text import Text
from desktop.ui.record.facts import spoken_name

_MOST_ROWS = 12
_MOST_COLUMNS = 3


def rows_of(
    collection: Collection, mine: RecordView, candidates: Sequence[Snapshot]
) -> list[tuple[str, list[Value], bool]]:
    """(field, values of ours and each candidate, whether any differs): what differs first, in the form's order."""
    found: list[tuple[str, list[Value], bool]] = []
    for field in collection.fields:
        values = [mine.document.get(field.name), *(c.document.get(field.name) for c in candidates)]
        if any(value is not None for value in values):
            differs = any(not same(values[0], other) for other in values[1:])
            found.append((field.name, values, differs))
    identity = [
        entry for entry in found if entry[0] in {"first_names", "last_name", "date_of_birth", "email"}
    ]
    differing = [entry for entry in found if entry[2] and entry not in identity]
    return [*identity, *differing][:_MOST_ROWS]


class DuplicateView(QWidget):
    """`linked` carries the portal's id of the record that is the same person."""

    linked = Signal(str)
    kept_as_draft = Signal()
    record_asked = Signal(str)

    def __init__(self, collection: Collection, view: RecordView, candidates: Sequence[Snapshot]) -> None:
        super().__init__()
        self._collection, self._view = collection, view
        self._candidates = list(candidates)[:_MOST_COLUMNS]
        self._buttons: list[Button] = []
        self._grid = GridCard()
        self._fill()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self._grid)
        column.addWidget(self._other_card())

    def _fill(self) -> None:
        short, grid = self._collection.portal_short, self._grid
        grid.put(Cell("Who", "The same person?", weight=600), 0, 0)
        grid.put(Cell("Yours", "Not at the portal yet", weight=600, icon="hard-drive", ink="link"), 0, 1)
        for number, candidate in enumerate(self._candidates, start=2):
            state = self._collection.state(candidate.state)
            label = spoken_name(self._collection.label(candidate.document))
            grid.put(
                Cell(
                    label,
                    f"{short}: {state.label if state else candidate.state}",
                    weight=600,
                    icon="server",
                    ink="conflict",
                ),
                0,
                number,
            )
        rows = rows_of(self._collection, self._view, self._candidates)
        for place, (name, values, differs) in enumerate(rows, start=1):
            field = self._collection.field(name)
            note = "Different" if differs else "Same"
            grid.put(Cell(field.label if field else name, note, weight=500), place, 0)
            for number, value in enumerate(values, start=1):
                side = side_of(self._collection, name, value)
                strong = differs and number > 1 and not same(value, values[0])
                grid.put(Cell(side.text, side.code, weight=600 if strong else 0), place, number)
        self._put_buttons(len(rows) + 1)
        merged = (
            f"Yours then becomes a change of {short}’s record: your answers are laid over its own, nothing of it is "
            "deleted, and only what differs is sent."
        )
        grid.put(
            Cell(merged, role="caption", tone="ink2"), len(rows) + 2, 0, columns=len(self._candidates) + 2
        )

    def _put_buttons(self, place: int) -> None:
        self._grid.put(Cell("Choose", weight=500), place, 0)
        self._grid.put(Cell(""), place, 1)
        for number, candidate in enumerate(self._candidates, start=2):
            button = Button("This is the same person")
            button.setProperty("portal_id", candidate.portal_id)
            button.clicked.connect(self._on_link_clicked)
            self._buttons.append(button)
            box = QWidget()
            column = QVBoxLayout(box)
            column.setContentsMargins(12, 9, 12, 9)
            column.addWidget(button)
            self._grid.put(box, place, number)
        self._grid.grid.setColumnMinimumWidth(0, 110)
        for number in range(1, len(self._candidates) + 2):
            self._grid.grid.setColumnStretch(number, 1)

    def _other_card(self) -> Card:
        short = self._collection.portal_short
        card = Card("plain")
        card.add_head("Somebody else?")
        text = (
            f"{short} does not take two records that look like one person. If they are two people, change what differs "
            "in yours, for instance the email address. Nothing is sent until you do."
        )
        card.body.addWidget(Text(text, wrap=True))
        keep, opened = Button("Keep as a draft"), Button("Edit yours")
        for button, does in (
            (
                keep,
                "It leaves this list and stays a draft of yours. It is tried again once you have changed it.",
            ),
            (
                opened,
                "Opens the record. The question stays here until you decide, or until nothing is alike.",
            ),
        ):
            line = row(button, Text(does, "table", "ink2", wrap=True), spacing=12)
            line.setStretch(1, 1)
            card.body.addLayout(line)
        keep.clicked.connect(self.kept_as_draft)
        opened.clicked.connect(self._on_open_clicked)
        return card

    def take_focus(self) -> None:
        if self._buttons:
            self._buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_link_clicked(self) -> None:
        self.linked.emit(str(self.sender().property("portal_id")))

    def _on_open_clicked(self) -> None:
        self.record_asked.emit("")
