"""What stood half typed in a record when the program ended, offered once more."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.model.collection import Collection
from desktop.services.views import HalfTyped
from desktop.ui import words
from desktop.ui.icons import set_icon
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import Card
from desktop.ui.parts.text import Text
from desktop.ui.record.outlook import spoken_value

_MOST = 6


class LeftOver(Card):
    """A card above the answers with two ways out; hidden when there is nothing."""

    put_back_asked = Signal()
    throw_away_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("note", 16, parent)
        picture = Text()
        set_icon(picture, "pencil-line", "accent", 18)
        self._title = Text("", "section", wrap=True)
        self._text = Text(role="table", wrap=True)
        self.put_back = Button("Put it back", small=True)
        self.throw_away = Button("Throw it away", "link", small=True)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._title, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        buttons.addWidget(self.put_back)
        buttons.addWidget(self.throw_away)
        buttons.addStretch(1)
        self.body.addLayout(head)
        self.body.addWidget(self._text)
        self.body.addLayout(buttons)
        self.put_back.clicked.connect(self.put_back_asked)
        self.throw_away.clicked.connect(self.throw_away_asked)
        self.hide()

    def show_half(self, half: HalfTyped | None, collection: Collection, may_put_back: bool) -> None:
        """Show it with its answers in words; `may_put_back` = the record takes changes."""
        self.setVisible(half is not None)
        if half is None:
            return
        self._title.setText("You were typing here when Holdfast ended")
        said = [
            f"{_label(collection, path)}: {spoken_value(collection, path, value)}"
            for path, value in half.values.items()
        ]
        more = f" and {words.count(len(said) - _MOST, 'more answer')}" if len(said) > _MOST else ""
        self._text.setText(f"{'; '.join(said[:_MOST])}{more}. It was not saved yet.")
        self.setAccessibleName(self._title.text())
        self.put_back.setAccessibleDescription(self._text.text())
        self.put_back.setVisible(may_put_back)

    def take_focus(self) -> None:
        (self.throw_away if self.put_back.isHidden() else self.put_back).setFocus(
            Qt.FocusReason.OtherFocusReason
        )


def _label(collection: Collection, path: str) -> str:
    field = collection.field(path)
    return field.label if field else path
