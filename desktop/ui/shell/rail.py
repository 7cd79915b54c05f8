"""The rail: where one can go, and how much waits there. 208 wide with words, 48 wide with icons only."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.ui.icons import mark, set_icon
from desktop.ui.page import PageSpec
from desktop.ui.parts.card import line, row
from desktop.ui.parts.row_button import RowButton
from desktop.ui.parts.text import ElidedLabel, Text
from desktop.ui.theme import colour, repolish, scaled, theme

WIDE, NARROW = 208, 48


class RailItem(QPushButton):
    """One place to go: icon, word, counter. Narrow: the icon alone, the word in the tooltip, a dot for a counter."""

    def __init__(self, icon: str, words: str, *, urgent: bool = False, checkable: bool = True) -> None:
        super().__init__()
        self._icon, self._words, self._number, self._narrow = icon, words, 0, False
        self.setProperty("rail", True)
        self.setCheckable(checkable)
        self._counter = QLabel()
        self._counter.setProperty("part", "counter")
        self._counter.setProperty("urgent", urgent)
        self._counter.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._counter.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 10, 0)
        row.addStretch(1)
        row.addWidget(self._counter)
        self.toggled.connect(self._show_icon)
        self._show_icon()
        self._show_words()

    @property
    def words(self) -> str:
        return self._words

    def set_number(self, number: int) -> None:
        """How many wait there; zero shows nothing."""
        if number != self._number:
            self._number = number
            self._counter.setText(f"{number:,}")
            self._show_words()

    def set_narrow(self, narrow: bool) -> None:
        self._narrow = narrow
        self._show_words()

    def _show_icon(self) -> None:
        set_icon(self, self._icon, "accent" if self.isChecked() else "ink2", theme().metrics.icon_rail)
        self._counter.setProperty("current", self.isChecked())
        repolish(self._counter)

    def _show_words(self) -> None:
        self.setText("" if self._narrow else f"  {self._words}")
        self.setToolTip(self.accessible() if self._narrow else "")
        self._counter.setVisible(bool(self._number) and not self._narrow)
        self.setAccessibleName(self.accessible())
        self.update()

    def accessible(self) -> str:
        """Word and number, as a screen reader says them."""
        return f"{self._words}, {self._number:,} to do" if self._number else self._words

    def sizeHint(self) -> QSize:
        return QSize(40 if self._narrow else 120, theme().metrics.rail_item)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._narrow and self._number:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("conflict" if self._counter.property("urgent") else "ink3"))
            painter.drawEllipse(self.width() - 12, 5, 8, 8)
            painter.end()


class Rail(QFrame):
    """Says where the person wants to go; shows where they are when told."""

    page_chosen = Signal(str)
    help_asked = Signal()
    workspaces_asked = Signal()
    person_asked = Signal()

    def __init__(self, specs: Sequence[PageSpec], organisation: str, actor: str) -> None:
        super().__init__()
        self.setProperty("part", "rail")
        self.setAccessibleName("Screens")
        self._group = QButtonGroup(self)
        self._items: dict[str, RailItem] = {}
        self._switches = True
        self.head = self._make_head(organisation)
        self.foot = self._make_foot()
        self.show_person(actor, several=False)
        self.settings = RailItem("settings", "Settings")
        self._help = RailItem("circle-question-mark", "Help", checkable=False)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(2)
        self._column.addWidget(self.head)
        for spec in specs:
            self._add_item(spec)
        self._own("settings", self.settings)
        self._column.addStretch(1)
        self._column.addWidget(self.settings)
        self._column.addWidget(self._help)
        self._line = line()
        self._column.addSpacing(6)
        self._column.addWidget(self._line)
        self._column.addSpacing(8)
        self._column.addWidget(self.foot)
        self._help.clicked.connect(self.help_asked)
        theme().changed.connect(self._show_mark)
        self.set_narrow(False)

    def _make_head(self, organisation: str) -> RowButton:
        box = RowButton(f"{organisation}, workspaces")
        box.setToolTip("Open another workspace")
        box.clicked.connect(self.workspaces_asked)
        self._mark = QLabel()
        self._mark.setFixedSize(28, 28)
        self._names = QWidget()
        names = QVBoxLayout(self._names)
        names.setContentsMargins(0, 0, 0, 0)
        names.setSpacing(0)
        self._chevron = Text()
        set_icon(self._chevron, "chevron-down", "ink3")
        names.addLayout(row(Text("Holdfast", "section"), None, self._chevron))
        names.addWidget(ElidedLabel(organisation, "caption"))
        box.row.setSpacing(10)
        box.add(self._mark)
        box.add(self._names, 1)
        self._show_mark()
        return box

    def _make_foot(self) -> RowButton:
        box = RowButton()
        self._initials = Text()
        self._initials.setProperty("part", "initials")
        self._initials.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._who, self._name = QWidget(), ElidedLabel("", "table", weight=600)
        self._seat = ElidedLabel("", "caption")
        who = QVBoxLayout(self._who)
        who.setContentsMargins(0, 0, 0, 0)
        who.setSpacing(0)
        who.addWidget(self._name)
        who.addWidget(self._seat)
        box.row.setSpacing(10)
        box.add(self._initials)
        box.add(self._who, 1)
        box.clicked.connect(self.person_asked)
        return box

    def show_person(self, name: str, *, several: bool) -> None:
        """Who sits here; where there are several people, the foot lets somebody else take over."""
        self._initials.setText("".join(word[0] for word in name.split()[:2]).upper() or "?")
        self._name.setText(name or "Not named")
        self._seat.setText("Sits here now" if several else "On this computer")
        self.foot.setAccessibleName(f"{name} sits here. Somebody else takes over")
        self.foot.setToolTip(f"{name} sits here. Press to let somebody else take over" if several else name)
        self.foot.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not several)
        self.foot.setFocusPolicy(Qt.FocusPolicy.StrongFocus if several else Qt.FocusPolicy.NoFocus)

    def _add_item(self, spec: PageSpec) -> None:
        item = RailItem(spec.icon, spec.title, urgent=spec.name == "needs")
        self._own(spec.name, item)
        self._column.addWidget(item)

    def _own(self, name: str, item: RailItem) -> None:
        """Let an item lead to a page, and be the marked one while it shows."""
        item.setProperty("page", name)
        item.clicked.connect(self._on_item_clicked)
        self._group.addButton(item)
        self._items[name] = item

    @property
    def items(self) -> Sequence[RailItem]:
        """From the top to the bottom; the last two stand apart."""
        return (*self._items.values(), self._help)

    def can_switch(self, possible: bool) -> None:
        """Whether the head leads to other workspaces."""
        self._switches = possible
        self.head.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not possible)
        self._chevron.setVisible(possible)
        self.head.setFocusPolicy(Qt.FocusPolicy.StrongFocus if possible else Qt.FocusPolicy.NoFocus)

    def item(self, name: str) -> RailItem:
        return self._items[name]

    def show_current(self, name: str) -> None:
        """Mark where the person is."""
        if name in self._items:
            self._items[name].setChecked(True)

    def show_numbers(self, **numbers: int) -> None:
        """Counters by page name; zero shows none."""
        for name, number in numbers.items():
            if name in self._items:
                self._items[name].set_number(number)

    def set_narrow(self, narrow: bool) -> None:
        """Icons only, or with words."""
        self.setFixedWidth(NARROW if narrow else scaled(WIDE))
        self._names.setVisible(not narrow)
        self._chevron.setVisible(not narrow and self._switches)
        self._who.setVisible(not narrow)
        side = 4 if narrow else 12
        self._column.setContentsMargins(side, 14, side, 12)
        for box in (self.head.layout(), self.foot.layout()):
            if box is not None:
                box.setContentsMargins(*((6, 0, 6, 8) if narrow else (4, 0, 4, 12)))
        for item in self.items:
            item.set_narrow(narrow)

    def focus_first(self) -> None:
        """Put the keyboard on the item of the current screen."""
        checked = self._group.checkedButton()
        if checked is not None:
            checked.setFocus(Qt.FocusReason.TabFocusReason)

    def _on_item_clicked(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.page_chosen.emit(str(sender.property("page")))

    def _show_mark(self) -> None:
        self._mark.setPixmap(mark(28, self._mark.devicePixelRatioF()))
