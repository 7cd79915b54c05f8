"""The Record screen as widgets: header, sections, form, side panel; what stands where by the width of the window."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QTabBar, QVBoxLayout, QWidget

from desktop.model.collection import Collection
from desktop.ui.parts.card import line
from desktop.ui.parts.text import Text
from desktop.ui.record.form import RecordForm
from desktop.ui.record.header import RecordHeader
from desktop.ui.record.left_over import LeftOver
from desktop.ui.record.outlook import Outlook
from desktop.ui.record.section_list import HISTORY, SectionCombo, SectionList
from desktop.ui.record.side_panel import HistoryCard, SidePanel
from desktop.ui.theme import colour, theme

SMALL, MIDDLE, BROAD, WIDE = 800, 1100, 1600, 1840
"""Window widths: tabs under MIDDLE, a broader panel from BROAD, a column for the history from WIDE."""
SIDE_WIDTH, SIDE_WIDTH_WIDE, HISTORY_WIDTH = 312, 360, 320
_ANSWERS, _SIDE = 0, 1
_TAB_SIDE = 14
"""Logical pixels beside the words of a tab: what the sheet gives, and a little for rounding."""


def _scrolled(inner: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    inner.setProperty("part", "scrolled")
    inner.setMinimumHeight(1)  # else wrapped labels ask for the height of a narrow column
    area.setWidget(inner)
    return area


class RecordScreen(QWidget):
    """Arranges; the page fills it and listens to its parts."""

    def __init__(self, collection: Collection, today: date) -> None:
        super().__init__()
        sections = [(s.key, s.title) for s in collection.sections]
        self.header = RecordHeader()
        self.sections = SectionList(sections)
        self.combo = SectionCombo(sections)
        self.form = RecordForm(collection, today)
        self.side = SidePanel()
        self.history = HistoryCard("History", more=False)
        self.left_over = LeftOver()
        self.closed_note = Text(role="table", tone="conflict", weight=500, wrap=True)
        self._tabs = _Tabs()
        self._side_area = _scrolled(self.side)
        self._upright = _Upright()
        self._history_column = QWidget()
        self._width = ""
        self._arrange(pays=collection.pays)
        self.fit(1440)
        self._tabs.currentChanged.connect(self._on_tab_changed)
        self.form.walk.section_seen.connect(self._on_section_seen)
        self.sections.chosen.connect(self.go_to_section)
        self.combo.chosen.connect(self.go_to_section)
        self.side.history.full_asked.connect(self._on_full_history_asked)

    def _arrange(self, *, pays: bool) -> None:
        self.closed_note.setContentsMargins(16, 14, 0, 0)
        self.closed_note.hide()
        self.form.top.addWidget(self.left_over)
        self.form.top.addWidget(self.closed_note)
        self.form.bottom.setContentsMargins(0, 16, 0, 0)
        self.form.bottom.addWidget(self.history)
        for name in ("Answers", "Money and history" if pays else "History"):
            self._tabs.addTab(name)
        self._tabs.setAccessibleName("Parts of this record")
        self._tabs.setExpanding(False)
        ground = QFrame()
        ground.setProperty("part", "panel")
        middle = QVBoxLayout(ground)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        self._tab_row = QWidget()
        row = QHBoxLayout(self._tab_row)
        row.setContentsMargins(12, 4, 12, 0)
        row.addWidget(self._tabs)
        row.addWidget(self.combo, 1)
        row.addStretch(0)
        middle.addWidget(self._tab_row)
        middle.addWidget(self.form, 1)
        self._middle = middle
        self._side_frame = QFrame()
        self._side_frame.setProperty("part", "side")
        side = QVBoxLayout(self._side_frame)
        side.setContentsMargins(0, 0, 0, 0)
        side.addWidget(self._side_area)
        self._side_column = side
        history = QVBoxLayout(self._history_column)
        history.setContentsMargins(0, 20, 20, 20)
        self._history_row = history
        body = QHBoxLayout()
        body.setSpacing(0)
        for widget, stretch in (
            (self.sections, 0),
            (self._upright, 0),
            (ground, 1),
            (self._side_frame, 0),
            (self._history_column, 0),
        ):
            body.addWidget(widget, stretch)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.header)
        whole.addWidget(line())
        whole.addLayout(body, 1)

    # --- widths

    def fit(self, width: int) -> None:
        """Arrange for a window of this width."""
        kind = (
            "small" if width < SMALL else "middle" if width < MIDDLE else "large" if width < WIDE else "wide"
        )
        if kind == self._width:
            return
        self._width = kind
        tabbed = kind in {"small", "middle"}
        self.sections.setVisible(kind != "small")
        self._upright.setVisible(kind != "small")
        self._tab_row.setVisible(tabbed)
        self.form.set_tight(kind == "small")
        self.header.set_narrow(kind == "small")
        self._place_side(tabbed)
        self._place_history(wide=kind == "wide")
        self._side_frame.setFixedWidth(SIDE_WIDTH_WIDE if kind in {"broad", "wide"} else SIDE_WIDTH)
        self._tabs.setCurrentIndex(_ANSWERS)
        self._on_tab_changed(_ANSWERS)

    def _place_side(self, tabbed: bool) -> None:
        """The panel beside the form, or behind a tab with the summary on top of the form."""
        summary = self.side.summary
        if tabbed:
            self._middle.addWidget(self._side_area, 1)
            self.form.top.insertWidget(0, summary)
        else:
            self._side_column.addWidget(self._side_area)
            self.side.column.insertWidget(0, summary)
        self._side_frame.setVisible(not tabbed)

    def _place_history(self, *, wide: bool) -> None:
        if wide:
            self._history_row.addWidget(self.history, 0, Qt.AlignmentFlag.AlignTop)
        else:
            self.form.bottom.addWidget(self.history)
        self._history_column.setVisible(wide)
        self._history_column.setFixedWidth(HISTORY_WIDTH)
        self.side.history.setVisible(not wide)

    def _on_tab_changed(self, place: int) -> None:
        tabbed = self._width in {"small", "middle"}
        self._side_area.setVisible(not tabbed or place == _SIDE)
        self.form.setVisible(not tabbed or place == _ANSWERS)
        self.combo.setVisible(self._width == "small" and place == _ANSWERS)

    # --- going to places

    def show_answers(self) -> None:
        """Bring the form to the front where it shares its place with the side panel."""
        self._tabs.setCurrentIndex(_ANSWERS)

    def focus_sections(self) -> None:
        """The keyboard goes to the list of sections."""
        (self.combo if self.combo.isVisible() else self.sections.current()).setFocus(
            Qt.FocusReason.OtherFocusReason
        )

    def go_to_section(self, key: str) -> None:
        self.show_answers()
        if key != HISTORY:
            self.form.walk.go_to(key)
        elif self._width == "wide":
            self.history.setFocus()
        else:
            self.form.walk.go_to(HISTORY, self.history)

    def _on_section_seen(self, key: str) -> None:
        self.sections.show_current(key)
        self.combo.show_current(key)

    def _on_full_history_asked(self) -> None:
        self.go_to_section(HISTORY)

    def show_sections(self, outlook: Outlook) -> None:
        """Status of every section, wherever they are listed."""
        self.sections.show_looks(outlook.sections, self.form.hidden_sections())
        self.combo.show_looks(outlook.sections)


class _Tabs(QTabBar):
    """Every tab as wide as in bold, the current one's weight: else the row grows when a tab is chosen, and is cut."""

    def tabSizeHint(self, index: int) -> QSize:
        bold = QFontMetrics(theme().font("table", 600)).horizontalAdvance(self.tabText(index))
        return QSize(bold + 2 * _TAB_SIDE, super().tabSizeHint(index).height())


class _Upright(QWidget):
    """A thin vertical line."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("line"))
        painter.end()
