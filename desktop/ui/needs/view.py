"""The Needs you screen as widgets: the list at the left, the case at the right, the bar of decisions below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from desktop.services.views import Need
from desktop.ui import words
from desktop.ui.needs.case_views import CaseView
from desktop.ui.needs.need_list import NeedList
from desktop.ui.parts.buttons import Button, IconButton
from desktop.ui.parts.empty_state import EmptyState
from desktop.ui.parts.state_label import StateLabel
from desktop.ui.parts.text import ElidedLabel, Text
from desktop.ui.theme import theme
from desktop.ui.words import CONFLICT, Look

_LIST_WIDTH, _LIST_WIDTH_WIDE = 272, 340
_HINTS = (("1", "yours"), ("2", "theirs"), ("E", "type another answer"))
SMALL, WIDE = 800, 1600


class DecisionBar(QFrame):
    """Where one is in the list, the keys, and the decision."""

    stepped = Signal(int)
    later_asked = Signal()
    saved_asked = Signal()
    all_asked = Signal(str)
    """"mine" or "theirs" for every conflict that is chosen in the list."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("part", "bar")
        self._place = Text(tone="ink2")
        self._back = IconButton("chevron-left", "The one before")
        self._on = IconButton("chevron-right", "The next one")
        self._hints = QWidget()
        self.later = Button("Decide later", "quiet")
        self.save = Button("Save decision and go to the next", "primary")
        self.all_mine = Button("Keep yours in all")
        self.all_theirs = Button("Take the portal’s in all")
        self._arrange()
        self._back.clicked.connect(self._on_back_clicked)
        self._on.clicked.connect(self._on_next_clicked)
        self.later.clicked.connect(self.later_asked)
        self.save.clicked.connect(self.saved_asked)
        self.all_mine.clicked.connect(self._on_all_mine_clicked)
        self.all_theirs.clicked.connect(self._on_all_theirs_clicked)

    def _arrange(self) -> None:
        hints = QHBoxLayout(self._hints)
        hints.setContentsMargins(12, 0, 0, 0)
        hints.setSpacing(6)
        for key, deed in _HINTS:
            cap = Text(key, "caption")
            cap.setProperty("part", "code")
            hints.addWidget(cap, 0, Qt.AlignmentFlag.AlignVCenter)
            hints.addWidget(ElidedLabel(deed, "caption"), 0, Qt.AlignmentFlag.AlignVCenter)
            hints.addSpacing(6)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 0, 24, 0)
        row.setSpacing(8)
        for widget in (self._place, self._back, self._on, self._hints):
            row.addWidget(widget)
        row.addStretch(1)
        for widget in (self.all_mine, self.all_theirs, self.later, self.save):
            row.addWidget(widget)
        self._row = row
        self.setFixedHeight(theme().metrics.field + 26)
        self.later.setToolTip("Ctrl+D")
        self.save.setToolTip("Ctrl+Enter")

    def reach_after(self, case: QWidget) -> None:
        """Tab comes here after a case, which is made later than this."""
        before: QWidget = case
        here = case.nextInFocusChain()
        while here is not None and here is not case:
            before = here if case.isAncestorOf(here) else before
            here = here.nextInFocusChain()
        for stop in (self._back, self._on, self.all_mine, self.all_theirs, self.later, self.save):
            QWidget.setTabOrder(before, stop)
            before = stop

    def show_place(self, place: int, count: int) -> None:
        self._place.setText(f"{place + 1} of {count}")
        self._back.setEnabled(place > 0)
        self._on.setEnabled(place + 1 < count)

    def show_decision(self, *, possible: bool, ready: bool, chosen: int, narrow: bool) -> None:
        """`possible` = the case is decided here; `ready` = a choice was made; `chosen` = conflicts in the list."""
        several = chosen > 1
        self.save.setVisible(possible and not several)
        self.save.allow(ready, "Choose an answer first.")
        self.save.set_words("Save and go on" if narrow else "Save decision and go to the next")
        self.later.setVisible(not several)
        self._hints.setVisible(possible and not several and not narrow)
        self.all_mine.setVisible(several)
        self.all_theirs.setVisible(several)
        if several:
            self.all_mine.set_words(f"Keep yours in all {chosen}")
            self.all_theirs.set_words(f"Take the portal’s in all {chosen}")
        margin = 12 if narrow else 24
        self._row.setContentsMargins(margin, 0, margin, 0)

    def _on_back_clicked(self) -> None:
        self.stepped.emit(-1)

    def _on_next_clicked(self) -> None:
        self.stepped.emit(1)

    def _on_all_mine_clicked(self) -> None:
        self.all_asked.emit("mine")

    def _on_all_theirs_clicked(self) -> None:
        self.all_asked.emit("theirs")


class LastStrip(QFrame):
    """The last decision in a sentence, with its Undo for as long as that is honest."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("part", "bar")
        self.text = Text(role="table", tone="ink2", wrap=True)
        self.undo = Button("Undo", icon="undo-2", small=True, tip="U")
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 6, 24, 6)
        row.setSpacing(12)
        row.addWidget(self.text, 1)
        row.addWidget(self.undo)
        self.hide()

    def show_last(self, words_: str, *, possible: bool) -> None:
        """Say it; "" hides the strip."""
        self.text.setText(words_)
        self.undo.setVisible(possible)
        self.setVisible(bool(words_))


class NeedsView(QWidget):
    """Arranges; the page fills in a case with `show_case`."""

    open_asked = Signal()
    undo_asked = Signal()
    list_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.title = Text("Needs you", "title")
        self._sentence = Text(role="table", tone="ink2", wrap=True)
        self.list = NeedList()
        self.bar = DecisionBar()
        self.last = LastStrip()
        self._name = ElidedLabel(role="title")
        self._state = StateLabel(CONFLICT)
        self._own_id = Text(role="table", tone="ink2")
        self._about = Text(tone="ink2", wrap=True)
        self._open = Button("Open record")
        self._to_list = Button("All", "quiet", "chevron-left")
        self._case: CaseView | None = None
        self._holder = QVBoxLayout()
        self._area = QScrollArea()
        self._stack = QStackedWidget()
        self._left = QFrame()
        self._narrow = False
        self._in_list = True
        self._arrange()
        self._open.clicked.connect(self.open_asked)
        self._to_list.clicked.connect(self._on_to_list_clicked)
        self.last.undo.clicked.connect(self.undo_asked)

    def _arrange(self) -> None:
        self._left.setProperty("part", "panel")
        left = QVBoxLayout(self._left)
        left.setContentsMargins(0, 16, 0, 8)
        left.setSpacing(4)
        head = QVBoxLayout()
        head.setContentsMargins(16, 0, 16, 0)
        head.setSpacing(2)
        head.addWidget(self.title)
        head.addWidget(self._sentence)
        left.addLayout(head)
        left.addWidget(self.list, 1)
        self._main = QWidget()
        main = QHBoxLayout(self._main)
        main.setContentsMargins(0, 0, 0, 0)
        main.setSpacing(0)
        main.addWidget(self._left)
        self._edge = QFrame()
        self._edge.setProperty("part", "side")
        self._edge.setFixedWidth(1)
        main.addWidget(self._edge)
        main.addWidget(self._make_case_side(), 1)
        nothing = EmptyState(
            "Nothing needs you",
            "Conflicts, refusals, and what may or may not have arrived appear here until you decide.",
            done=True,
        )
        self._stack.addWidget(self._main)
        self._stack.addWidget(nothing)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._stack, 1)
        whole.addWidget(self.last)
        whole.addWidget(self.bar)

    def _make_case_side(self) -> QWidget:
        title = QHBoxLayout()
        title.setSpacing(12)
        for widget in (self._to_list, self._name, self._state, self._own_id):
            title.addWidget(widget)
        title.addStretch(1)
        title.addWidget(self._open)
        self._inner = QWidget()
        self._inner.setProperty("part", "scrolled")
        self._inner.setMinimumHeight(1)  # else wrapped labels ask for the height of a narrow column
        self._holder.setSpacing(12)
        self._holder.setContentsMargins(24, 16, 24, 24)
        self._holder.addLayout(title)
        self._holder.addWidget(self._about)
        self._holder.addStretch(1)
        self._inner.setLayout(self._holder)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self._inner)
        self._to_list.hide()
        return self._area

    # --- showing

    def show_needs(self, needs: Sequence[Need], key: str = "") -> None:
        """The list; with nothing in it, the page says so."""
        records = len({need.record_id for need in needs})
        still = (
            "Nothing is sent for it until you decide."
            if records == 1
            else "Nothing is sent for them until you decide."
        )
        self._sentence.setText(f"{words.count(records, 'record')}. {still}")
        self._stack.setCurrentIndex(0 if needs else 1)
        self.bar.setVisible(bool(needs))
        self.list.show_needs(needs, key)

    def show_last(self, words_: str, *, possible: bool) -> None:
        """The last decision, and whether it can be undone; "" = there is none to speak of."""
        self.last.show_last(words_, possible=possible)

    def foot(self) -> int:
        """Height of the strips at the lower edge, as far as they are shown."""
        return sum(strip.height() for strip in (self.last, self.bar) if strip.isVisible())

    def ask_undo(self) -> None:
        """Undo by key, where the button is."""
        if self.last.undo.isVisible():
            self.undo_asked.emit()

    def show_case(self, case: CaseView, name: str, look: Look, own_id: str, about: str) -> None:
        """Put a case in the place of the last one."""
        self.drop_case()
        self._case = case
        self._name.setText(name)
        self._state.set_look(look)
        self._own_id.setText(own_id)
        self._about.setText(about)
        self._holder.insertWidget(2, case)
        self.bar.reach_after(case)
        self._area.verticalScrollBar().setValue(0)

    def drop_case(self) -> None:
        """Take the case away, with whatever was chosen in it."""
        if self._case is not None:
            self._case.hide()
            self._holder.removeWidget(self._case)
            self._case.deleteLater()
            self._case = None

    @property
    def case(self) -> CaseView | None:
        return self._case

    def fit(self, width: int) -> None:
        """Arrange for a window of this width: under 800 the list and the case take turns."""
        self._narrow = width < SMALL
        self._left.setFixedWidth(_LIST_WIDTH_WIDE if width >= WIDE else _LIST_WIDTH)
        if self._narrow:
            self._left.setMinimumWidth(0)
            self._left.setMaximumWidth(16_777_215)
        margin = 12 if self._narrow else 24
        self._holder.setContentsMargins(margin, margin // 2 + 4, margin, 24)
        self._own_id.setVisible(not self._narrow)
        self._show_turn()

    @property
    def narrow(self) -> bool:
        return self._narrow

    def show_case_side(self) -> None:
        """In a small window: the case, with a way back to the list."""
        self._in_list = False
        self._show_turn()

    def _show_turn(self) -> None:
        self._left.setVisible(not self._narrow or self._in_list)
        self._edge.setVisible(not self._narrow)
        self._area.setVisible(not self._narrow or not self._in_list)
        self._to_list.setVisible(self._narrow)
        self.bar.setVisible(self._stack.currentIndex() == 0 and (not self._narrow or not self._in_list))

    def _on_to_list_clicked(self) -> None:
        self._in_list = True
        self._show_turn()
        self.list.setFocus()
        self.list_asked.emit()
