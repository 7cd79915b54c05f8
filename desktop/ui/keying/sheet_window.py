"""The sheet: a window of its own beside the browser, one page of the website at a time, each answer ready to copy.

It shows a `Keying` and says what the person did; what comes of that it is shown anew. Nothing typed here can be lost: each page
that is done is on disk. Closing it keeps the place.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.handover.sheets import SheetPage
from desktop.services.keying import Keying
from desktop.services.keying_run import Run
from desktop.ui.keying.finish import FinishPanel
from desktop.ui.keying.line import AnswerLine
from desktop.ui.keying.outcomes import Outcomes
from desktop.ui.keying.run_card import place_of
from desktop.ui.keying.steps import DONE, HERE, TO_COME, Steps
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import Card, clear, line, row
from desktop.ui.parts.clipboard import PrivateClipboard
from desktop.ui.parts.scroll_page import ScrollPage
from desktop.ui.parts.text import ElidedLabel, Text
from desktop.ui.record.facts import spoken_name
from desktop.ui.words import clock

WIDTH, HEIGHT = 580, 820
_LEAST_WIDTH, _LEAST_HEIGHT = 440, 380
_SOON_S = 600
"""So many seconds before the portal forgets who one is, the clock is marked."""


class SheetWindow(QWidget):
    """Past-tense signals say what the person did; `show_keying` shows what came of it."""

    page_done = Signal(str, str)
    """Key of the page, and of what the portal showed after it ("" = the next page)."""
    page_asked = Signal(str)
    finished = Signal(str, str, str, str)
    new_answers_typed = Signal()
    paper_asked = Signal()
    given_up = Signal()
    set_aside = Signal()
    """Of a run: this one later, the next one now."""
    on_top_changed = Signal(bool)
    closed = Signal()

    def __init__(self, organisation: str, today: date, now: Callable[[], datetime], *, on_top: bool) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self._now = now
        self._keying: Keying | None = None
        self.lines: list[AnswerLine] = []
        self.clipboard = PrivateClipboard(self)
        self._organisation = ElidedLabel(organisation, "caption", "ink2")
        self.on_top = QCheckBox("Stays on top")
        self.on_top.setChecked(on_top)
        self._title = Text(role="section", wrap=True)
        self.steps = Steps()
        self.run_place = Text(role="caption", weight=600)
        self._run: Run | None = None
        self._place = Text(role="caption", tone="ink2")
        self._session = Text(role="caption", tone="ink2", wrap=True)
        self._session.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.page = ScrollPage()
        self.back = Button("Back", "quiet", "chevron-left")
        self.paper = Button("Save as PDF", "quiet", "download")
        self.give_up = Button("Give it up", "quiet")
        self.later = Button("Leave it for later", "quiet", tip="Ctrl+Shift+Enter")
        self.done = Button("Done, next", "primary")
        self.finish = FinishPanel(today)
        self.finish.setParent(self)  # so that it is found when rights are applied, before it is shown
        self.finish.hide()
        self.asked: Outcomes | None = None
        self._press = Text(tone="ink2", wrap=True)
        self._tick = QTimer(self, interval=30_000)
        self._arrange()
        self._connect()
        self._put_on_top(on_top)

    # --- parts

    def _arrange(self) -> None:
        self.setMinimumSize(_LEAST_WIDTH, _LEAST_HEIGHT)
        self.resize(WIDTH, HEIGHT)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._head())
        whole.addWidget(line())
        whole.addWidget(self.page, 1)
        whole.addWidget(self._footer())
        self.page.column.setSpacing(10)
        self.setAutoFillBackground(True)

    def _head(self) -> QWidget:
        head = QFrame()
        head.setProperty("part", "panel")
        column = QVBoxLayout(head)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(6)
        above = QHBoxLayout()
        above.addWidget(self._organisation, 1)
        above.addWidget(self.on_top)
        column.addLayout(above)
        column.addWidget(self.run_place)
        column.addWidget(self._title)
        column.addWidget(self.steps)
        column.addLayout(row(self._place, self._session))
        return head

    def _footer(self) -> QWidget:
        foot = QFrame()
        foot.setProperty("part", "bar")
        column = QVBoxLayout(foot)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(self._press)
        column.addLayout(row(self.back, None, self.paper, self.give_up, self.later, self.done))
        self.later.hide()
        self.run_place.hide()
        return foot

    def _connect(self) -> None:
        self.done.clicked.connect(self._on_done)
        self.back.clicked.connect(self._on_back)
        self.paper.clicked.connect(self.paper_asked)
        self.give_up.clicked.connect(self.given_up)
        self.later.clicked.connect(self.set_aside)
        self.finish.said.connect(self.finished)
        self.on_top.toggled.connect(self._on_on_top)
        self._tick.timeout.connect(self._show_session)
        for keys, deed in (
            ("Ctrl+Return", self._on_ctrl_enter),
            ("Ctrl+Shift+Return", self.later.click),
            ("Alt+Left", self._on_back),
            ("Esc", self.close),
        ):
            QShortcut(QKeySequence(keys), self, deed)

    # --- showing

    @property
    def keying(self) -> Keying | None:
        return self._keying

    def show_run(self, run: Run | None) -> None:
        """Say where one is among many sheets in a row; None = this sheet alone."""
        self._run = run
        self.run_place.setVisible(run is not None)
        self.later.setVisible(run is not None)
        self.give_up.setVisible(run is None)
        if run is not None:
            self.run_place.setText(f"One after another: {place_of(run)}")

    def show_keying(self, keying: Keying) -> None:
        """Show the open page of a sheet, or ask how it ended. The keyboard goes to the first answer of a new page."""
        before, self._keying = self._keying, keying
        same_page = before is not None and before.page == keying.page and before.item.id == keying.item.id
        if same_page and before is not None and (before.sheet, before.moved) == (keying.sheet, keying.moved):
            self._show_session()
            return
        who = spoken_name(keying.item.record_label)
        self.setWindowTitle(f"{keying.item.title}: {who}")
        self._title.setText(f"{keying.item.title}: {who}")
        self._show_place(keying)
        self._show_session()
        self._tick.start()
        page = keying.open_page
        self.page.column.removeWidget(self.finish)  # it lives as long as the window
        self.finish.setParent(self)
        self.finish.hide()
        clear(self.page.column)
        self.lines, self.asked = [], None
        self._show_page(keying, page) if page is not None else self._show_end(keying)
        self.page.column.addStretch(1)
        self._show_foot(keying, page)
        if not same_page:
            self.page.verticalScrollBar().setValue(0)
            QTimer.singleShot(0, self, self.focus_first)

    def _show_place(self, keying: Keying) -> None:
        way = keying.sheet.way
        here = keying.item.place if keying.page else len(way) + 1
        marks = [
            HERE if number == here else DONE if page.key in keying.done else TO_COME
            for number, page in enumerate(way, 1)
        ]
        self.steps.show_steps(marks)
        over = "Stopped there" if keying.stopped else "All pages typed"
        self._place.setText(f"Page {here} of {len(way)}" if keying.page else over)

    def _show_session(self) -> None:
        ends = self._keying.ends_at if self._keying is not None else None
        left = (ends - self._now()).total_seconds() if ends is not None else 0.0
        self._session.setVisible(ends is not None)
        if ends is not None and self._keying is not None:
            over = left <= 0
            words = (
                "You may have to sign in again"
                if over
                else f"Signed in there until {clock(ends)}, if nobody clicks"
            )
            self._session.setText(words)
            self._session.set_tone("conflict" if left < _SOON_S else "ink2")

    def _show_page(self, keying: Keying, page: SheetPage) -> None:
        column = self.page.column
        if not keying.done:
            column.addWidget(_note(keying.sheet.journey.begin))
        if keying.moved:
            column.addWidget(self._moved_card(keying))
        column.addWidget(Text(page.heading, "title", wrap=True))
        if page.which:
            column.addWidget(Text(page.which, tone="ink2", wrap=True))
        if page.note:
            column.addWidget(Text(page.note, weight=500, wrap=True))
        was = {moved.line.key: moved.was for moved in keying.moved}
        for answer in page.lines:
            found = AnswerLine(answer, was.get(answer.key))
            found.copied.connect(self.clipboard.copy)
            found.next_asked.connect(partial(self._step, 1))
            found.back_asked.connect(partial(self._step, -1))
            column.addWidget(found)
            self.lines.append(found)
        if page.outcomes:
            self.asked = Outcomes(page.outcomes)
            self.asked.chosen.connect(self._on_outcome)
            self.asked.unfolded.connect(self._focus)
            column.addWidget(self.asked)
        if self._run is not None and self._run.same and not self._run.ended and not keying.done:
            column.addWidget(_same(self._run))
        self._show_not_asked(keying)

    def _moved_card(self, keying: Keying) -> Card:
        card = Card("note", 14)
        names = ", ".join(dict.fromkeys(moved.line.label for moved in keying.moved))
        words = f"Changed here since you began: {names}. If you typed the old answer, go back and type the new one."
        card.body.addWidget(Text(words, tone="conflict", weight=500, wrap=True))
        typed = Button("I have typed the new answers", icon="check")
        typed.clicked.connect(self.new_answers_typed)
        card.body.addLayout(row(typed, None))
        return card

    def _show_not_asked(self, keying: Keying) -> None:
        names = keying.sheet.not_asked
        if names and keying.page == keying.sheet.pages[-1].key:
            words = f"The website does not ask for: {', '.join(names)}. It stays in Holdfast."
            self.page.column.addWidget(Text(words, "caption", wrap=True))

    def _show_end(self, keying: Keying) -> None:
        column = self.page.column
        if keying.moved:
            column.addWidget(self._moved_card(keying))
        heading = "The website went no further" if keying.stopped else "The end of the sheet"
        column.addWidget(Text(heading, "title", wrap=True))
        column.addWidget(Text(keying.stopped or _proof(keying), tone="ink2", wrap=True))
        column.addSpacing(8)
        column.addWidget(self.finish)
        self.finish.show_keying(keying)
        self.finish.show()

    def _show_foot(self, keying: Keying, page: SheetPage | None) -> None:
        asks = page is not None and bool(page.outcomes)
        self.done.setVisible(page is not None and not asks)
        self.back.setVisible(bool(keying.done))
        self._press.setVisible(page is not None and not asks)
        self._press.setText(f"Then press {page.button}." if page is not None else "")

    # --- the keyboard

    def focus_first(self) -> None:
        """The first answer, or what comes after it where a page has none."""
        if self.lines:
            self._focus(self.lines[0])
        else:
            self._focus_on()

    def _focus_on(self) -> None:
        if self._keying is not None and not self._keying.page:
            self.finish.take_focus()
        else:
            self._focus(self.asked.buttons[0] if self.asked is not None else self.done)

    def _focus(self, part: QWidget) -> None:
        """Give it the keyboard, and let it be seen."""
        part.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.page.isAncestorOf(part):
            self.page.ensureWidgetVisible(part, 0, 24)

    def _step(self, way: int) -> None:
        here = next((n for n, one in enumerate(self.lines) if one.hasFocus()), -1)
        there = here + way
        if there >= len(self.lines):
            self._focus_on()
        elif there >= 0:
            self._focus(self.lines[there])

    # --- slots

    def _on_done(self) -> None:
        if self._keying is not None and self._keying.page:
            self.page_done.emit(self._keying.page, "")

    def _on_ctrl_enter(self) -> None:
        if self.done.isVisible():
            self._on_done()

    def _on_outcome(self, key: str) -> None:
        if self._keying is not None:
            self.page_done.emit(self._keying.page, key)

    def _on_back(self) -> None:
        if self._keying is None or not self._keying.done:
            return
        typed = list(self._keying.done)
        here = typed.index(self._keying.page) if self._keying.page in typed else len(typed)
        if here > 0:
            self.page_asked.emit(typed[here - 1])

    def _on_on_top(self, on: bool) -> None:
        self._put_on_top(on)
        self.on_top_changed.emit(on)

    def _put_on_top(self, on: bool) -> None:
        shown = self.isVisible()
        self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint, on)
        if shown:  # a change of flags hides a window
            self.show()

    # --- Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        focus = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focus, QPushButton):
            focus.click()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Closed, or covered by the lock: what was copied goes with it."""
        self.clipboard.clear()
        super().hideEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._tick.stop()
        self.closed.emit()
        super().closeEvent(event)


def _proof(keying: Keying) -> str:
    """What comes after the end of a sheet."""
    if keying.sheet.journey.read_back:
        return "Holdfast then waits to read it back. It counts as confirmed only when it was read back."
    return "Nothing can be read back from this portal, so what you saw there is the proof."


def _same(run: Run) -> Card:
    """What is the same for all of a run, said once."""
    card = Card("plain", 14)
    card.body.addWidget(Text(f"The same on each of the {len(run.ready)} sheets", weight=600, wrap=True))
    for label, answer in run.same:
        card.body.addWidget(Text(f"{label}: {answer}", wrap=True))
    return card


def _note(words: str) -> Card:
    card = Card("note", 14)
    card.body.addWidget(Text(words, wrap=True))
    return card
