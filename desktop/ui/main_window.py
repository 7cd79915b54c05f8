"""The window: arranges rail, strip and pages, and connects them. It decides nothing about records.

Below 800 px the rail shows icons and the strip short words; 1100 px and more show everything (ui.md section 11).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from desktop.services.views import Changed, SyncReport
from desktop.ui.autosync import AutoSync
from desktop.ui.operations import Lane, Operations
from desktop.ui.page import Context, PageSpec
from desktop.ui.pages import page_specs
from desktop.ui.parts.banner import Banner
from desktop.ui.parts.toast import Toast
from desktop.ui.shell.announcer import Announcer
from desktop.ui.shell.dialogs import Dialogs
from desktop.ui.shell.evidence import EvidenceSaver
from desktop.ui.shell.go_to import Goal
from desktop.ui.shell.keys import bind, first_focusable, next_area
from desktop.ui.shell.memory import Memory
from desktop.ui.shell.notifier import Notifier
from desktop.ui.shell.rail import Rail
from desktop.ui.shell.relay import Relay
from desktop.ui.shell.stack import PageStack
from desktop.ui.shell.status import Standing, Status
from desktop.ui.shell.strip import StatusStrip
from desktop.ui.theme import theme
from desktop.ui.trouble import Trouble
from desktop.ui.words import count

if TYPE_CHECKING:
    from desktop.services.workspace import Workspace

LEAST = (640, 440)
RAIL_FROM = 1100
NARROW_BELOW = 800
LOW_BELOW = 560


class MainWindow(QMainWindow):
    """One workspace in one window; it is the `Shell` of its pages. `closed` comes after all work has ended."""

    closed = Signal()

    def __init__(self, workspace: Workspace, *, automatic: bool = True) -> None:
        super().__init__()
        self._workspace = workspace
        self._specs: Sequence[PageSpec] = page_specs()
        self.memory = Memory(workspace.folder)
        self.operations = Operations(self)
        self.status = Status(workspace, self.operations, self)
        self.autosync = AutoSync(workspace, self.operations, self)
        self.autosync.automatic = automatic
        self.relay = Relay(workspace, self)
        self.rail = Rail([s for s in self._specs if s.rail], workspace.organisation.name, workspace.actor)
        self.strip = StatusStrip()
        self.banner = Banner("conflict", "triangle-alert", can_close=True)
        self.stack = PageStack(self._specs)
        self.toast = Toast(self.stack)
        self.announcer = Announcer(self)
        self.notifier = Notifier(self)
        self.evidence = EvidenceSaver(workspace, self.operations, self)
        self.dialogs = Dialogs(workspace, self.operations, self.memory, self)
        self._practice: QWidget | None = None
        self._arrange()
        self._connect()
        self._bind_keys()
        self.stack.set_context(Context(workspace, self.operations, self))
        self._restore()

    # -- layout -------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        self.setWindowTitle(f"Holdfast - {self._workspace.organisation.name}")
        self.setMinimumSize(*LEAST)
        right = QWidget()
        self._column = QVBoxLayout(right)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._banner_space = QWidget()
        space = QVBoxLayout(self._banner_space)
        space.setContentsMargins(24, 12, 24, 0)
        space.addWidget(self.banner)
        self._banner_space.hide()
        self._column.addWidget(self.strip)
        self._column.addWidget(self._banner_space)
        self._column.addWidget(self.stack, 1)
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addWidget(right, 1)
        self.setCentralWidget(whole)

    def add_practice(self, strip: QWidget) -> None:
        """Put the practice strip under the page."""
        self._practice = strip
        self._column.addWidget(strip)

    def _connect(self) -> None:
        self.rail.page_chosen.connect(self.go)
        self.rail.settings_asked.connect(self._on_settings_asked)
        self.rail.help_asked.connect(self._on_help_asked)
        self.strip.sync_asked.connect(self.sync_now)
        self.strip.stop_asked.connect(self.autosync.cancel)
        self.strip.waiting_opened.connect(partial(self.go, "waiting"))
        self.strip.portals_opened.connect(partial(self.go, "home"))
        self.stack.page_shown.connect(self._on_page_shown)
        self.relay.changed.connect(self._on_changed)
        self.status.standing_read.connect(self._on_standing_read)
        self.status.news_found.connect(self.announcer.say)
        self.status.portal_moved.connect(self.notifier.tell)
        self.notifier.opened.connect(self._on_notification_opened)
        self.autosync.started.connect(partial(self.strip.show_syncing, True))
        self.autosync.progress_made.connect(self.strip.show_progress)
        self.autosync.ended.connect(self._on_sync_ended)
        self.autosync.failed.connect(self._on_trouble_found)
        self.autosync.stopped.connect(self._on_sync_stopped)
        self.operations.trouble_found.connect(self._on_trouble_found)
        self.operations.bug_found.connect(self.dialogs.show_bug)
        self.dialogs.goal_chosen.connect(self._on_goal_chosen)
        self.dialogs.density_chosen.connect(self._fit)
        self.dialogs.still_chosen.connect(self._on_still_chosen)
        self.evidence.saved.connect(self.say)
        self.banner.dismissed.connect(partial(self._show_banner, False))

    def _bind_keys(self) -> None:
        for place, item in enumerate(self.rail.items[:-2], 1):
            bind(self, f"Ctrl+{place}", item.click)
        for keys, action in (
            ("F5", self.sync_now),
            ("Ctrl+F", self._on_find_asked),
            ("Ctrl+N", self._on_add_asked),
            ("Alt+Left", self.go_back),
            ("F6", partial(self._step_area, 1)),
            ("Shift+F6", partial(self._step_area, -1)),
            ("F1", self._on_help_asked),
            ("Ctrl+/", self._on_help_asked),
            ("Ctrl+K", partial(self.dialogs.open_go_to, self._specs)),
        ):
            bind(self, keys, action)

    def _restore(self) -> None:
        place = self.memory.place("window")
        if place is None or not self.restoreGeometry(place):
            self.resize(1440, 900)
        self._on_still_chosen(self.memory.still)

    # -- what pages may ask (page.Shell) ---------------------------------------------------------------

    def go(self, page: str, **where: Any) -> None:
        self.stack.go(page, where)

    def go_back(self) -> None:
        self.stack.go_back()

    def say(self, words: str) -> None:
        self.toast.say(words)
        self.announcer.say(words)

    def warn(self, title: str, text: str, *, grave: bool = False) -> None:
        self.banner.show_words(title, text, tone="refused" if grave else "conflict")
        self._show_banner(True)
        self.announcer.alert(f"{title}. {text}")

    def add_record(self) -> None:
        self.go("records")
        page = self.stack.page
        if page is not None:
            page.begin_adding()

    def record_in_hand(self) -> str | None:
        page = self.stack.page
        return page.record_in_hand() if page is not None else None

    def sync_now(self) -> None:
        self.autosync.run_now()

    def save_evidence(self) -> None:
        self.evidence.ask()

    def _show_banner(self, shown: bool) -> None:
        """One banner at a time: while ours shows, the page's own steps back."""
        self._banner_space.setVisible(shown)
        own = self.stack.page.own_banner() if self.stack.page is not None else None
        if own is not None:
            own.setVisible(not shown)

    # -- start and end ---------------------------------------------------------------------------------

    def start(self, page: str = "home", **where: Any) -> None:
        """Show the first page and read where things stand."""
        self.status.read()
        self.go(page, **where)
        if self._workspace.was_cut_off:
            self.operations.run(self._workspace.care.doctor, self._on_examined, lane=Lane.NETWORK)

    # -- slots -----------------------------------------------------------------------------------------

    def _on_page_shown(self, name: str) -> None:
        spec = self.stack.spec
        self.rail.show_current(spec.under or name if spec else name)
        self._show_banner(False)

    def _on_changed(self, changed: Changed) -> None:
        if changed.queue or changed.records is None or changed.records:
            self.strip.show_not_saved("")
        self.status.read()
        self.stack.refresh(changed)

    def _on_standing_read(self, standing: Standing) -> None:
        home = standing.home
        self.strip.show_home(home, self._workspace.now())
        drafts = sum(counts.drafts for counts in home.counts.values())
        self.rail.show_numbers(needs=len(home.needs), waiting=home.waiting, checks=drafts)
        self.autosync.plan(standing.due)

    def _on_examined(self, problems: list[str]) -> None:
        """After an end without closing, such as a power cut (D26)."""
        if problems:
            self._warn_of_problems("Holdfast was not closed properly, and something is wrong", problems)
        else:
            self.say("Holdfast had not been closed properly. Everything was checked and is in order.")

    def _warn_of_problems(self, title: str, problems: Sequence[str]) -> None:
        rest = "Your work is kept. Ask your IT support to run holdfast doctor."
        self.warn(title, f"{problems[0]} {rest}", grave=True)

    def _on_sync_ended(self, report: SyncReport) -> None:
        if report.problems:
            self._warn_of_problems("Sending is paused: something is out of step in Holdfast", report.problems)
        if report.pushed:
            self.say(f"{count(report.pushed, 'change')} confirmed by the portal.")

    def _on_sync_stopped(self) -> None:
        self.strip.show_syncing(False)
        self.status.read()

    def _on_trouble_found(self, trouble: Trouble) -> None:
        if trouble.unsaved:
            self.strip.show_not_saved(trouble.title.casefold())
        self.warn(trouble.title, trouble.text, grave=trouble.grave)

    def _on_notification_opened(self) -> None:
        self.show()
        self.raise_()
        self.activateWindow()
        self.go("home")

    def _on_settings_asked(self) -> None:
        button = self.rail.settings
        self.dialogs.open_settings(button.mapToGlobal(button.rect().topRight()))

    def _on_still_chosen(self, still: bool) -> None:
        self.toast.still = still
        self.strip.line.still = still

    def _on_help_asked(self) -> None:
        page, spec = self.stack.page, self.stack.spec
        self.dialogs.open_help(spec.title if spec else "", page.keys() if page else ())

    def _on_goal_chosen(self, goal: Goal) -> None:
        self.go(goal.page, **goal.where)

    def _on_find_asked(self) -> None:
        if self.stack.page is None or not self.stack.page.begin_search():
            self.go("records")
            self.stack.page.begin_search() if self.stack.page else None

    def _on_add_asked(self) -> None:
        if self.stack.page is None or not self.stack.page.begin_adding():
            self.add_record()

    def _step_area(self, step: int) -> None:
        page = self.stack.page
        areas = [self.rail, self.strip, *(page.areas() if page else ())]
        areas += [self._practice] if self._practice else []
        area = next_area(areas, step)
        target = first_focusable(area) if area is not None else None
        if area is self.rail:
            self.rail.focus_first()
        elif target is not None:
            target.setFocus(Qt.FocusReason.TabFocusReason)

    def _fit(self) -> None:
        """Fit rail, strip and density to the size of the window."""
        # Larger text leaves less room, so the steps count in widths of text at 100 %.
        width, height = self.width() * 100 // theme().scale, self.height()
        self.rail.set_narrow(width < RAIL_FROM)
        size = "narrow" if width < NARROW_BELOW else "medium" if width < RAIL_FROM else "wide"
        theme().set(density=self.memory.density or ("compact" if height < LOW_BELOW else "comfortable"))
        self.strip.set_size(size)

    # -- Qt ---------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def closeEvent(self, event: QCloseEvent) -> None:
        page = self.stack.page
        if page is not None and not page.may_leave():
            event.ignore()
            return
        self.autosync.close()
        self.relay.close()
        self.notifier.close()
        self.hide()  # what runs may still wait for a reply; nobody should watch that
        self.operations.close()
        self.memory.keep_place("window", self.saveGeometry())
        event.accept()
        self.closed.emit()
