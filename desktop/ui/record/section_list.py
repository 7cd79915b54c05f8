"""The sections of a record at the left, each with its status; a combo box of them where there is no room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QComboBox, QFrame, QPushButton, QVBoxLayout, QWidget

from desktop.ui.icons import icon, paint_icon
from desktop.ui.parts.card import line
from desktop.ui.record.outlook import SectionLook
from desktop.ui.theme import colour, theme

HISTORY = "history"
WIDTH = 212
_HISTORY_LOOK = SectionLook("history", "ink2", "", "History")


class SectionButton(QPushButton):
    """One line: status icon, title, a few words at the right."""

    def __init__(self, key: str, title: str, look: SectionLook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key, self._title, self._look = key, title, look
        self.setProperty("rail", True)
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setAccessibleName(look.spoken)

    def show_look(self, look: SectionLook) -> None:
        if look != self._look:
            self._look = look
            self.setAccessibleName(look.spoken)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH - 16, theme().metrics.rail_item)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, theme().metrics.rail_item)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        middle = self.height() // 2
        paint_icon(painter, self._look.icon, self._look.ink, QRect(12, middle - 8, 16, 16))
        right, font = self.width() - 10, theme().font("table", 600 if self.isChecked() else 400)
        needed = 38 + QFontMetrics(font).horizontalAdvance(self._title)
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        if self._look.aside:
            small = theme().font("caption", 600 if self.isChecked() else 400)
            width = QFontMetrics(small).horizontalAdvance(self._look.aside)
            if needed + 6 <= right - width:  # the title is never cut for it; the icon says the same
                painter.setFont(small)
                painter.setPen(colour("ink3"))
                painter.drawText(QRect(right - width, 0, width + 2, self.height()), flags, self._look.aside)
                right -= width + 6
        room = QRect(38, 0, max(0, right - 38), self.height())
        painter.setFont(font)
        painter.setPen(colour("ink"))
        shown = QFontMetrics(font).elidedText(self._title, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, flags, shown)
        painter.end()


class SectionList(QFrame):
    """`chosen` carries the key of a section, or `HISTORY`."""

    chosen = Signal(str)

    def __init__(self, sections: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, SectionButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 16, 8, 16)
        column.setSpacing(0)
        plain = SectionLook("check", "confirmed", "", "")
        for key, title in sections:
            self._add(column, key, title, plain)
        column.addSpacing(8)
        column.addWidget(line())
        column.addSpacing(8)
        self._add(column, HISTORY, "History", _HISTORY_LOOK)
        column.addStretch(1)
        self.setFixedWidth(WIDTH)

    def _add(self, column: QVBoxLayout, key: str, title: str, look: SectionLook) -> None:
        button = SectionButton(key, title, look)
        self._group.addButton(button)
        self._buttons[key] = button
        column.addWidget(button)
        button.clicked.connect(self._on_clicked)

    def _on_clicked(self) -> None:
        button = self.sender()
        if isinstance(button, SectionButton):
            self.chosen.emit(button.key)

    def show_looks(self, looks: Mapping[str, SectionLook], hidden: frozenset[str]) -> None:
        """Status of every section; `hidden` ones have nothing to ask of this record."""
        for key, button in self._buttons.items():
            if key in looks:
                button.show_look(looks[key])
            button.setVisible(key not in hidden)

    def current(self) -> SectionButton:
        """The marked one, else the first."""
        marked = self._group.checkedButton()
        return marked if isinstance(marked, SectionButton) else next(iter(self._buttons.values()))

    def show_current(self, key: str) -> None:
        """Mark the section in sight."""
        if key in self._buttons:
            self._buttons[key].setChecked(True)


class SectionCombo(QComboBox):
    """The same as a box, for windows under 800."""

    chosen = Signal(str)

    def __init__(self, sections: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Section")
        self._titles = dict([*sections, (HISTORY, "History")])
        for key, title in self._titles.items():
            self.addItem(title, key)
        self._looks: Mapping[str, SectionLook] = {}
        self.activated.connect(self._on_activated)
        theme().changed.connect(self._fill)

    def _on_activated(self, place: int) -> None:
        self.chosen.emit(str(self.itemData(place)))

    def show_looks(self, looks: Mapping[str, SectionLook]) -> None:
        if looks != self._looks:
            self._looks = looks
            self._fill()

    def _fill(self) -> None:
        for place in range(self.count()):
            key = str(self.itemData(place))
            look = self._looks.get(key, _HISTORY_LOOK)
            aside = f"  ({look.aside})" if look.aside else ""
            self.setItemText(place, f"{self._titles[key]}{aside}")
            self.setItemIcon(place, icon(look.icon, look.ink))

    def show_current(self, key: str) -> None:
        place = self.findData(key)
        if place >= 0 and place != self.currentIndex():
            self.setCurrentIndex(place)
