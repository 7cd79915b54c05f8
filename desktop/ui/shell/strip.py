"""The status strip, on every screen: what is here, what is at the portal, and the line between them."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop.model.person import Role
from desktop.model.verdict import PortalState
from desktop.services.views import HomeView, PortalView, Progress
from desktop.ui.icons import set_icon
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.line_widget import LineWidget
from desktop.ui.parts.text import ElidedLabel, Text, bold, escape
from desktop.ui.shell.rights import needs
from desktop.ui.shell.status import worst_portal
from desktop.ui.theme import theme
from desktop.ui.words import PORTAL, clock, count, is_down, portal_caption, portal_headline, when

CALM_MS = 400
"""A sync shorter than this shows nothing of itself."""


class _End(QWidget):
    """One end of the line: icon, bold line, caption."""

    def __init__(self) -> None:
        super().__init__()
        self._icon = Text()
        self.title = ElidedLabel(role="table", weight=600)
        self.caption = ElidedLabel(role="caption")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self.title)
        words.addWidget(self.caption)
        words.addStretch(1)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self._icon)
        row.addLayout(words)

    def show_end(self, icon: str, key: str, title: str, caption: str, tone: str = "ink") -> None:
        set_icon(self._icon, icon, key, theme().metrics.icon_strip)
        self.title.setText(title)
        self.caption.setText(caption)
        self.title.set_tone(tone)
        self.fit()

    def fit(self) -> None:
        """Let the strip know the new width at once; Qt would tell it later."""
        self._row.invalidate()
        self.updateGeometry()


class StatusStrip(QFrame):
    """Shows `HomeView`s; `size` is "wide", "medium" or "narrow". It never goes away, it only gets shorter."""

    sync_asked = Signal()
    stop_asked = Signal()
    waiting_opened = Signal()
    portals_opened = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("part", "strip")
        self._home: HomeView | None = None
        self._now: datetime | None = None
        self._size, self._not_saved, self._syncing, self._paused = "wide", "", False, False
        self._here, self._there, self._line = _End(), _End(), LineWidget()
        self._more = Button("", "link")
        self._clock = Text()
        self._waiting = Button("", "link")
        self._next = Text(role="table", tone="ink2")
        self._button = needs(Button("Sync now", small=True), Role.SEND)
        self._late = QTimer(self, singleShot=True, interval=CALM_MS)
        set_icon(self._clock, "clock", "ink2")
        self._arrange()
        self._connect()
        self.set_size("wide")

    def _arrange(self) -> None:
        row = self._row = QHBoxLayout(self)
        row.addWidget(self._here)
        row.addWidget(self._line)
        row.addWidget(self._there)
        row.addWidget(self._more)
        row.addStretch(1)
        row.addWidget(self._clock)
        row.addWidget(self._waiting)
        row.addSpacing(4)
        row.addWidget(self._next)
        row.addSpacing(4)
        row.addWidget(self._button)

    def _connect(self) -> None:
        self._button.clicked.connect(self._on_button_clicked)
        self._waiting.clicked.connect(self.waiting_opened)
        self._more.clicked.connect(self.portals_opened)
        self._late.timeout.connect(self._show)
        theme().changed.connect(self._show)

    @property
    def button(self) -> Button:
        return self._button

    @property
    def line(self) -> LineWidget:
        return self._line

    def show_home(self, home: HomeView, now: datetime) -> None:
        """Show where things stand."""
        self._home, self._now = home, now
        self._show()

    def show_not_saved(self, reason: str) -> None:
        """A save truly failed: the left end says so in red, until `reason` is "" again."""
        self._not_saved = reason
        self._show()

    def show_syncing(self, syncing: bool) -> None:
        """Work with the portal began or ended."""
        self._syncing = syncing
        if syncing:
            self._late.start()
        else:
            self._late.stop()
            self._show()

    def show_progress(self, progress: Progress) -> None:
        """Where the work with the portal stands, in words."""
        if self._syncing and not self._late.isActive() and self._size != "narrow":
            self._next.setText(progress.words)

    def set_size(self, size: str) -> None:
        """Be "wide" with two lines, "medium" with one line each, or "narrow" with short words."""
        self._size = size
        self.setFixedHeight({"wide": theme().metrics.strip, "medium": 40, "narrow": 36}[size])
        side = 12 if size == "narrow" else 24
        self._row.setContentsMargins(side, 0, side, 0)
        self._row.setSpacing(8 if size == "narrow" else 12)
        self._line.setMaximumWidth(48 if size == "narrow" else 96)
        self._line.setMinimumWidth(48 if size == "narrow" else 72)
        for end in (self._here, self._there):
            end.caption.setVisible(size == "wide")
        self._show()

    def spoken(self) -> str:
        """The strip as one sentence, for screen readers."""
        if self._home is None:
            return "Reading where things stand"
        left = f"Not saved: {self._not_saved}" if self._not_saved else "Everything is saved here"
        portal = worst_portal(self._home.portals)
        middle = "Typed into the portal’s website" if portal is None else portal_headline(portal)
        if portal is not None and portal.since is not None and is_down(portal.state):
            middle += f" since {clock(portal.since)}"
        waiting = self._home.waiting
        return f"{left}. {middle}. {count(waiting, 'change') + ' waiting' if waiting else 'Nothing waiting'}."

    def _show(self) -> None:
        if self._home is None or self._now is None:
            return
        portal = worst_portal(self._home.portals)
        self._show_here(self._now)
        self._show_there(portal, self._now)
        self._show_right(portal, self._now)
        self.setAccessibleName("Where things stand")
        self.setAccessibleDescription(self.spoken())
        self._say_less()

    def _say_less(self) -> None:
        """Leave out what does not fit, the least needed first, instead of cutting words short."""
        self._next.setVisible(self._size != "narrow")
        if self._row.sizeHint().width() > self.width():
            self._next.hide()
        if self._row.sizeHint().width() > self.width() and not self._not_saved:
            self._here.title.setText("Saved")
            self._here.fit()

    def _show_here(self, now: datetime) -> None:
        short = self._size == "narrow"
        if self._not_saved:
            self._here.show_end(
                "hard-drive",
                "refused",
                "Not saved" if short else f"Not saved: {self._not_saved}",
                "",
                "refused",
            )
            return
        saved = self._home.last_saved if self._home else None
        caption = f"On this computer, {when(saved, now)}" if saved else "On this computer"
        self._here.show_end("hard-drive", "accent", "Saved" if short else "Everything is saved", caption)

    def _show_there(self, portal: PortalView | None, now: datetime) -> None:
        short = self._size == "narrow"
        others = len(self._home.portals) - 1 if self._home else 0
        self._more.setVisible(others > 0 and not short)
        if others > 0:
            self._more.set_words(f"+{others} more")
        if portal is None:
            self._line.show_line("carried", "check")
            self._there.show_end("pencil-line", "ink3", "By hand", "Typed into the portal’s website")
            return
        if portal.by_file:
            self._line.show_line("carried", "check")
            title = "By files" if short else portal_headline(portal, short=self._size == "medium")
            self._there.show_end("file-output", "ink3", title, portal_caption(portal, now))
            return
        look = PORTAL[portal.state]
        sending = self._syncing and not self._late.isActive()
        self._line.show_line("sending" if sending else look.line, "sending" if sending else look.ink)
        since = f" {clock(portal.since)}" if portal.since and is_down(portal.state) else ""
        title = look.word + since if short else portal_headline(portal, short=self._size == "medium")
        self._there.show_end(look.icon, look.ink, title, portal_caption(portal, now))

    def _show_right(self, portal: PortalView | None, now: datetime) -> None:
        waiting = self._home.waiting if self._home else 0
        short = self._size == "narrow"
        self._clock.setVisible(bool(waiting))
        self._waiting.setVisible(bool(waiting) or not short)
        self._waiting.set_words(
            f"{waiting:,}"
            if short
            else f"{count(waiting, 'change')} waiting"
            if waiting
            else "Nothing waiting"
        )
        self._waiting.setAccessibleName(
            f"{count(waiting, 'change')} waiting" if waiting else "Nothing waiting"
        )
        down = portal is not None and is_down(portal.state)
        self._next.setVisible(not short)
        self._next.set_html(self._next_words(portal, now))
        if self._syncing and not self._late.isActive():
            self._button.set_words("Stop")
        else:
            self._button.set_words("Try now" if down else "Sync now")
        self._button.setVisible(portal is not None and not portal.by_file)
        self._button.allow(
            portal is not None and portal.connected,
            "Connect a portal first, in Settings",
        )

    def _next_words(self, portal: PortalView | None, now: datetime) -> str:
        if self._syncing and not self._late.isActive():
            return "Asking the portal"
        if portal is None or portal.by_file:
            return ""
        if portal.state != PortalState.UP and portal.next_check is not None:
            soon = portal.next_check <= now
            return "Trying again soon" if soon else f"Trying again at {bold(clock(portal.next_check))}"
        if portal.last_success is not None:
            return f"Last sync {bold(when(portal.last_success, now))}"
        return escape("Not synced yet")

    def _on_button_clicked(self) -> None:
        if self._syncing:
            self.stop_asked.emit()
        else:
            self.sync_asked.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show()
