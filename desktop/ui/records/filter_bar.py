"""Search box, filter chips, column chooser and density over the records table."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from desktop.ui.parts.buttons import Button
from desktop.ui.parts.flow_layout import FlowLayout
from desktop.ui.records.chip import Chip
from desktop.ui.records.filters import Filter, Question
from desktop.ui.records.pick_list import PickList
from desktop.ui.records.search_box import SearchBox

_SEARCH_WIDTH, _SEARCH_LEAST = 324, 200


class FilterBar(QWidget):
    """Shows a `Question` and says how it was changed; it asks nothing itself."""

    question_changed = Signal(Question)
    columns_asked = Signal(QWidget)
    """The button under which the column chooser opens."""
    density_toggled = Signal()
    left_down = Signal()
    """Down or Enter in the search: on to the table."""

    def __init__(self, filters: Sequence[Filter], question: Question, placeholder: str) -> None:
        super().__init__()
        self._filters = {f.name: f for f in filters}
        self._question = question
        self._narrow = False
        self._open_list: PickList | None = None
        self.search = SearchBox(placeholder)
        self._chips = {f.name: self._make_chip(f) for f in filters}
        self.saved = Chip("Saved", icon="bookmark", tip="Saved filters (Ctrl+Shift+F)")
        self._more = Chip("More", icon="list-filter")
        self._folded = Button("Filters", icon="list-filter")
        self._columns = Button("Columns", "quiet", "columns-3")
        self._density = Button("Compact", "quiet", "rows-3")
        self._chip_box = QWidget()
        self._arrange()
        self._connect()
        self.show_question(question)

    # --- building

    def _make_chip(self, entry: Filter) -> Chip:
        chip = Chip(entry.title, icon="chevron-down" if entry.options else "")
        chip.setProperty("filter", entry.name)
        chip.opened.connect(self._on_chip_opened)
        chip.cleared.connect(self._on_chip_cleared)
        return chip

    def _arrange(self) -> None:
        chips = QWidget()
        flow = FlowLayout(chips)
        around = QVBoxLayout(self._chip_box)
        around.setContentsMargins(0, 2, 0, 0)
        around.addWidget(chips)
        for chip in (self.saved, *self._chips.values()):
            flow.addWidget(chip)
        flow.addWidget(self._more)
        policy = self._chip_box.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Expanding)
        policy.setHeightForWidth(True)
        self._chip_box.setSizePolicy(policy)
        top = Qt.AlignmentFlag.AlignTop
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        self._row.addWidget(self.search, 1, top)
        self._row.addWidget(self._chip_box, 2)
        self._row.addWidget(self._folded, 0, top)
        self._row.addWidget(self._columns, 0, top)
        self._row.addWidget(self._density, 0, top)
        self._under = QVBoxLayout(self)
        self._under.setContentsMargins(0, 0, 0, 0)
        self._under.setSpacing(8)
        self._under.addLayout(self._row)
        self.search.setMaximumWidth(_SEARCH_WIDTH)
        self.search.setMinimumWidth(_SEARCH_LEAST)
        self.search.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._folded.setCheckable(True)
        self._folded.hide()

    def _connect(self) -> None:
        self.search.asked.connect(self._on_search_asked)
        self.search.left_down.connect(self.left_down)
        self._more.opened.connect(self._on_more_opened)
        self._folded.toggled.connect(self._on_folded_toggled)
        self._columns.clicked.connect(self._on_columns_clicked)
        self._density.clicked.connect(self.density_toggled)

    # --- showing

    @property
    def question(self) -> Question:
        return self._question

    def show_question(self, question: Question) -> None:
        """Show another question without asking it."""
        self._question = question
        self.search.show_text(question.search)
        for name, chip in self._chips.items():
            entry, values = self._filters[name], question.values.get(name, ())
            said = entry.said(values) if entry.options else ""
            chip.set_value(said or ("on" if values else ""))
            chip.setVisible(entry.main or bool(values))
        self._folded.set_words(f"Filters, {len(question.values)}" if question.values else "Filters")
        self._chip_box.updateGeometry()

    def said(self) -> str:
        """What is asked for, in words: "Year 2026 to 2027, Route PG fee funded"; "" for all records."""
        parts = [f"“{self._question.search}”"] if self._question.search.strip() else []
        for name, values in self._question.values.items():
            entry = self._filters.get(name)
            if entry is not None:
                parts.append(f"{entry.title} {entry.said(values)}".strip() if entry.options else entry.title)
        return ", ".join(parts)

    def show_density(self, compact: bool) -> None:
        """The button names what a press leads to."""
        self._density.set_words("Comfortable" if compact else "Compact")

    def set_narrow(self, narrow: bool) -> None:
        """Under 800: the chips stand behind one button, and columns are the window's choice."""
        self._narrow = narrow
        self._folded.setVisible(narrow)
        self._columns.setVisible(not narrow)
        self._density.setVisible(not narrow)
        self._row.removeWidget(self._chip_box)
        self._under.removeWidget(self._chip_box)
        if narrow:
            self._under.addWidget(self._chip_box)
        else:
            self._row.insertWidget(1, self._chip_box, 2)
        self.search.setMaximumWidth(16_777_215 if narrow else _SEARCH_WIDTH)
        self._chip_box.setVisible(not narrow or self._folded.isChecked())

    def focus_filters(self) -> None:
        """Ctrl+Shift+L: the first chip."""
        if self._narrow:
            self._folded.setChecked(True)
        next(iter(self._chips.values())).setFocus(Qt.FocusReason.ShortcutFocusReason)

    # --- slots

    def _ask(self, question: Question) -> None:
        self.show_question(question)
        self.question_changed.emit(question)

    def _on_search_asked(self, text: str) -> None:
        if text != self._question.search:
            self._ask(Question(**{**vars(self._question), "search": text}))

    def _on_chip_opened(self) -> None:
        self._open(str(self.sender().property("filter")))

    def _on_chip_cleared(self) -> None:
        name = str(self.sender().property("filter"))
        self._ask(self._question.with_filter(name, ()))

    def _open(self, name: str) -> None:
        entry, chip = self._filters[name], self._chips[name]
        values = self._question.values.get(name, ())
        if not entry.options:
            self._ask(self._question.with_filter(name, () if values else ("1",)))
            return
        popup = PickList(entry.title, entry.options, values, self)
        popup.picked.connect(lambda codes: self._ask(self._question.with_filter(name, codes)))
        popup.closed.connect(chip.setFocus)
        self._open_list = popup
        popup.open_under(chip if chip.isVisible() else self._more)

    def _on_more_opened(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for entry in self._filters.values():
            if not entry.main:
                action = menu.addAction(entry.title)
                action.setData(entry.name)
        menu.triggered.connect(self._on_more_triggered)
        menu.popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))

    def _on_more_triggered(self, action: object) -> None:
        self._open(str(action.data()))  # type: ignore[attr-defined]

    def _on_folded_toggled(self, on: bool) -> None:
        if self._narrow:
            self._chip_box.setVisible(on)

    def _on_columns_clicked(self) -> None:
        self.columns_asked.emit(self._columns)
