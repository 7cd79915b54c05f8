"""The frame round every page: rail at the left, strip above, one banner, practice below. It fits itself to the window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop.services.views import Progress
from desktop.ui.parts.banner import Banner
from desktop.ui.parts.progress import ProgressBox
from desktop.ui.parts.toast import Toast
from desktop.ui.shell.keys import first_focusable, next_area
from desktop.ui.shell.memory import Memory
from desktop.ui.shell.rail import Rail
from desktop.ui.shell.stack import PageStack
from desktop.ui.shell.strip import StatusStrip
from desktop.ui.theme import theme

RAIL_FROM = 1100
NARROW_BELOW = 800
LOW_BELOW = 560


class Frame(QWidget):
    """Holds the parts and arranges them; what they say is the window's business."""

    def __init__(self, rail: Rail, stack: PageStack, memory: Memory) -> None:
        super().__init__()
        self.rail, self.stack, self._memory = rail, stack, memory
        self.strip = StatusStrip()
        self.banner = Banner("conflict", "triangle-alert", can_close=True)
        self.toast = Toast(stack, self._foot)
        self.turning = ProgressBox("Undoing", stop="Stop, and leave all as it was")
        self._practice: QWidget | None = None
        self._arrange()
        self.banner.dismissed.connect(self.hide_banner)
        stack.currentChanged.connect(self._on_page_changed)

    def _on_page_changed(self) -> None:
        self.toast.raise_()  # the stack has put its new page over everything in it

    def _arrange(self) -> None:
        right = QWidget()
        self._column = QVBoxLayout(right)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._banner_space = QWidget()
        space = QVBoxLayout(self._banner_space)
        space.setContentsMargins(24, 12, 24, 8)
        space.addWidget(self.banner)
        self._banner_space.hide()
        self._column.addWidget(self.strip)
        self._column.addWidget(self._banner_space)
        self._turning_space = QFrame()
        self._turning_space.setProperty("part", "bar")
        turning = QVBoxLayout(self._turning_space)
        turning.setContentsMargins(24, 10, 24, 10)
        turning.addWidget(self.turning)
        self._turning_space.hide()
        self._column.addWidget(self._turning_space)
        self._column.addWidget(self.stack, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addWidget(right, 1)

    def _foot(self) -> int:
        return self.stack.page.foot() if self.stack.page is not None else 0

    def add_practice(self, strip: QWidget) -> None:
        """Put the practice strip under the page."""
        self._practice = strip
        self._column.addWidget(strip)

    def show_banner(self, title: str, text: str, *, grave: bool) -> None:
        """One banner at a time: while ours shows, the page's own steps back."""
        self.banner.show_words(title, text, tone="refused" if grave else "conflict")
        self._put_banner(True)

    def hide_banner(self) -> None:
        self._put_banner(False)

    def show_turning(self, progress: Progress) -> None:
        """How far an undo or redo is; the last of it is told elsewhere."""
        self.turning.show_progress(progress)
        self._turning_space.setVisible(progress.done < progress.total)

    def hide_turning(self) -> None:
        self._turning_space.hide()

    def _put_banner(self, shown: bool) -> None:
        self._banner_space.setVisible(shown)
        own = self.stack.page.own_banner() if self.stack.page is not None else None
        if own is not None:
            own.setVisible(not shown)

    def be_still(self, still: bool) -> None:
        """Nothing moves by itself, or again as usual."""
        self.toast.still = still
        self.strip.line.still = still

    def step_area(self, step: int) -> None:
        """F6: put the keyboard into the next area (or the one before)."""
        page = self.stack.page
        areas = [self.rail, self.strip, *(page.areas() if page else ())]
        areas += [self._practice] if self._practice else []
        area = next_area(areas, step)
        target = first_focusable(area) if area is not None else None
        if area is self.rail:
            self.rail.focus_first()
        elif target is not None:
            target.setFocus(Qt.FocusReason.TabFocusReason)

    def fit(self) -> None:
        """Fit rail, strip and density to the size there is."""
        # Larger text leaves less room, so the steps count in widths of text at 100 %.
        width, height = self.width() * 100 // theme().scale, self.height()
        self.rail.set_narrow(width < RAIL_FROM)
        size = "narrow" if width < NARROW_BELOW else "medium" if width < RAIL_FROM else "wide"
        theme().set(density=self._memory.density or ("compact" if height < LOW_BELOW else "comfortable"))
        self.strip.set_size(size)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()
