"""The head of a record: name, state, ids, when it was saved, actions, Save."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QAction, QFontMetrics, QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QStyle, QStyleOptionButton, QVBoxLayout

from desktop.ui.icons import paint_icon, set_icon
from desktop.ui.parts.buttons import Button, IconButton
from desktop.ui.parts.state_label import StateLabel
from desktop.ui.parts.text import ElidedLabel, Text
from desktop.ui.record.menu import Deed
from desktop.ui.theme import colour, theme
from desktop.ui.words import SAVED, Look

_SAVE, _KEY = "Save", "Ctrl S"


class SaveButton(Button):
    """Says its key too, in a lighter hand."""

    def __init__(self) -> None:
        super().__init__("Save", "primary", "save")
        self.setToolTip("Ctrl+S")
        self._key = _KEY

    def set_narrow(self, narrow: bool) -> None:
        """Leave the key to the tooltip where there is little room."""
        self._key = "" if narrow else _KEY
        self.updateGeometry()
        self.update()

    def _metrics(self, weight: int) -> QFontMetrics:
        return QFontMetrics(theme().font("table", weight))

    def sizeHint(self) -> QSize:
        width = 14 + 16 + 8 + self._metrics(600).horizontalAdvance(_SAVE) + 8
        key = self._metrics(400).horizontalAdvance(self._key) + 14 if self._key else 6
        return QSize(width + key, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""  # type: ignore[attr-defined]
        option.icon = QIcon()  # type: ignore[attr-defined]
        painter = QPainter(self)
        self.style().drawControl(QStyle.ControlElement.CE_PushButton, option, painter, self)
        paint_icon(painter, "save", "onAccent", QRect(14, (self.height() - 16) // 2, 16, 16))
        painter.setPen(colour("onAccent"))
        left = 38
        for text, weight in ((_SAVE, 600), (self._key, 400)):
            painter.setFont(theme().font("table", weight))
            area = QRect(left, 0, self.width() - left, self.height())
            painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)
            left += self._metrics(weight).horizontalAdvance(text) + 8
        painter.end()


class RecordHeader(QFrame):
    """Past-tense signals; `deed_chosen` carries the key of a `Deed`."""

    back_asked = Signal()
    save_asked = Signal()
    deed_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("part", "panel")
        self._deeds: Sequence[Deed] = ()
        self._narrow = False
        self.back = IconButton("chevron-left", "Back to the list")
        self._name = ElidedLabel(role="title")
        self.state = StateLabel(SAVED)
        self._facts = ElidedLabel(role="table", tone="ink2")
        self._disk = Text()
        self._saved = Text(role="table", tone="ink2")
        self.more = Button("Actions", icon="ellipsis")
        self.save = SaveButton()
        self._arrange()
        self.back.clicked.connect(self.back_asked)
        self.save.clicked.connect(self.save_asked)
        self.more.clicked.connect(self.open_menu)

    def _arrange(self) -> None:
        set_icon(self._disk, "hard-drive", "saved")
        title = QHBoxLayout()
        title.setSpacing(12)
        title.addWidget(self._name)
        title.addWidget(self.state)
        title.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addLayout(title)
        words.addWidget(self._facts)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 12, 24, 12)
        row.setSpacing(16)
        row.addWidget(self.back)
        row.addLayout(words, 1)
        row.addWidget(self._disk)
        row.addSpacing(-10)
        row.addWidget(self._saved)
        row.addWidget(self.more)
        row.addWidget(self.save)
        self._row = row

    def show_name(self, name: str, look: Look, caption: str, facts: Sequence[str]) -> None:
        """Who it is, where it stands, and a few facts under the name."""
        self._name.setText(name)
        self._name.setAccessibleName(name)
        self.state.set_look(look, "" if self._narrow else caption)
        self._facts.setText("     ".join(fact for fact in facts if fact))

    def show_saved(self, words: str, *, safe: bool = True) -> None:
        """When it was saved; what is still being typed says so."""
        self._saved.setText(words)
        self._saved.set_tone("ink2" if safe else "draft")
        set_icon(self._disk, "hard-drive" if safe else "pencil-line", "saved" if safe else "draft")
        self._disk.setVisible(bool(words) and not self._narrow)

    def show_deeds(self, deeds: Sequence[Deed]) -> None:
        """What the menu offers."""
        self._deeds = deeds
        self.more.setVisible(bool(deeds))

    def open_menu(self) -> None:
        """Show the menu; what is not possible now says why."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        for deed in self._deeds:
            if deed.apart:
                menu.addSeparator()
            action = menu.addAction(deed.words)
            action.setData(deed.key)
            action.setEnabled(not deed.why_not)
            action.setToolTip(deed.why_not)
        menu.triggered.connect(self._on_triggered)
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _on_triggered(self, action: QAction) -> None:
        self.deed_chosen.emit(str(action.data()))

    def set_narrow(self, narrow: bool) -> None:
        """Under 800 there is room for the name, its state and the buttons."""
        self._narrow = narrow
        self.save.set_narrow(narrow)
        self._saved.setVisible(not narrow)
        self._disk.setVisible(not narrow and bool(self._saved.text()))
        self._facts.setVisible(not narrow)
        self._row.setContentsMargins(*((12, 8, 12, 8) if narrow else (24, 12, 24, 12)))
        self._row.setSpacing(8 if narrow else 16)
