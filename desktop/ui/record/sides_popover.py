"""The sides of the answer in hand, beside its field: Before, Yours, The portal's, who moved it and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.ui.parts.buttons import Button
from desktop.ui.parts.popup import show_under
from desktop.ui.parts.text import Text
from desktop.ui.record.outlook import TAKE, UNDO, spoken_value
from desktop.ui.record.sides import Sides, moved_by, sides_of

if TYPE_CHECKING:
    from desktop.ui.record.page import RecordPage
    from desktop.ui.record.rows import BoundRow

_WIDTH = 380


class SidesPopover(QFrame):
    """Closes with Escape or a click elsewhere, and gives the keyboard back to the field."""

    link_followed = Signal(str, str)

    def __init__(self, page: RecordPage, row: BoundRow) -> None:
        super().__init__(page, Qt.WindowType.Popup)
        self.setProperty("part", "popover")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._page, self._row, self._link = page, row, TAKE
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 14, 16, 14)
        self._column.setSpacing(8)
        self._column.addWidget(Text(row.row.label.text(), "section", wrap=True))
        sides = {path: sides_of(page.session, path) for path in row.paths}
        moved = {path: side for path, side in sides.items() if side.differ}
        said = [self._add_sides(path, side) for path, side in (moved or dict([*sides.items()][:1])).items()]
        self.setAccessibleName(row.row.label.text())
        self.setAccessibleDescription(" ".join(said))
        self.close_button = Button("Close", small=True)
        self._add_ways(moved)
        self.close_button.clicked.connect(self.close)
        self.setFixedWidth(_WIDTH)

    def _add_sides(self, path: str, sides: Sides) -> str:
        """One answer's lines; gives them as one sentence too."""
        page = self._page
        short = page.collection.portal_short
        lines = [(name, spoken_value(page.collection, path, value)) for name, value in sides.lines]
        if not sides.known:
            lines = [lines[1], ("The portal’s", f"not at {short} yet")]
        elif not sides.differ:
            lines = [("Here and at the portal", lines[1][1])]
        seen = path in page.session.notes
        who = dict(
            moved_by(page.sight.entries, path, page.collection, page.workspace.now(), seen_moving=seen)
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        top = Qt.AlignmentFlag.AlignTop
        for number, (name, value) in enumerate(lines):
            grid.addWidget(Text(name, "table", "ink2"), 2 * number, 0, top)
            grid.addWidget(
                Text(value, "table", weight=600 if name == "Yours" else 400, wrap=True), 2 * number, 1
            )
            if name in who:
                grid.addWidget(Text(who[name], "caption", wrap=True), 2 * number + 1, 1)
        self._column.addLayout(grid)
        return " ".join(f"{name}: {value}. {who.get(name, '')}".strip() for name, value in lines)

    def _add_ways(self, moved: dict[str, Sides]) -> None:
        """What can be done about it from here."""
        session = self._page.session
        view = session.view
        ways = QHBoxLayout()
        ways.setSpacing(8)
        if moved and view is not None and view.editable:
            contested = view.conflict is not None or any(path in session.notes for path in moved)
            self._link = TAKE if contested else UNDO
            whose = next(iter(moved.values())).whose
            take = Button(
                f"Take {whose[:1].lower() + whose[1:] if whose.startswith('The') else whose}", small=True
            )
            take.clicked.connect(self._on_taken)
            ways.addWidget(take)
        ways.addWidget(self.close_button)
        ways.addStretch(1)
        self._column.addSpacing(4)
        self._column.addLayout(ways)

    def _on_taken(self) -> None:
        self.close()
        self.link_followed.emit(self._row.path, self._link)

    def open_under(self, widget: QWidget) -> None:
        """Below the field, kept on its screen, with the keyboard on its first button."""
        show_under(self, widget)
        first = self.findChild(Button)
        (first or self.close_button).setFocus(Qt.FocusReason.PopupFocusReason)
