"""The window: arranges rail, strip and pages, and connects them. It decides nothing about records."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QKeyCombination, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMainWindow, QWidget

from desktop.services.views import Changed
from desktop.ui.autosync import AutoSync
from desktop.ui.operations import Operations
from desktop.ui.page import Context, PageSpec
from desktop.ui.pages import page_specs
from desktop.ui.parts.clipboard import PrivateClipboard, take_off
from desktop.ui.record.keeper import LeadBack
from desktop.ui.shell import places
from desktop.ui.shell.announcer import Announcer
from desktop.ui.shell.autobackup import AutoBackup
from desktop.ui.shell.checkup import Checkup
from desktop.ui.shell.dialogs import Dialogs
from desktop.ui.shell.evidence import EvidenceSaver
from desktop.ui.shell.frame import Frame
from desktop.ui.shell.idle import Idle
from desktop.ui.shell.keys import allow_letters, bind
from desktop.ui.shell.known import Known
from desktop.ui.shell.lock import Lock
from desktop.ui.shell.lock_screen import LockScreen
from desktop.ui.shell.memory import Memory
from desktop.ui.shell.notifier import Notifier
from desktop.ui.shell.preferences import Preferences
from desktop.ui.shell.rail import Rail
from desktop.ui.shell.relay import Relay
from desktop.ui.shell.seat import Seat
from desktop.ui.shell.session_watch import SessionWatch
from desktop.ui.shell.stack import PageStack
from desktop.ui.shell.status import Standing, Status
from desktop.ui.shell.switcher import Switcher
from desktop.ui.shell.undo import Undo
from desktop.ui.shell.ways import Ways
from desktop.ui.trouble import Trouble

if TYPE_CHECKING:
    from desktop.model.evidence import Outage
    from desktop.services.workspace import Workspace

LEAST = (640, 440)
REDO = QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_Y)
"""Beside the platform's own: Ctrl+Shift+Z on Linux and macOS."""


class MainWindow(QMainWindow):
    """One workspace in one window; it is the `Shell` of its pages. `closed` comes after all work has ended.

    known  the workspaces of this computer, to switch to; None = this one stands alone (practice, pictures)
    """

    closed = Signal()

    def __init__(self, workspace: Workspace, *, automatic: bool = True, known: Known | None = None) -> None:
        super().__init__()
        self._workspace = workspace
        self.specs: Sequence[PageSpec] = page_specs()
        self.memory = Memory(workspace.folder)
        self.preferences = Preferences(self.memory, self)
        self.operations = Operations(self)
        self.status = Status(workspace, self.operations, self)
        self.autosync = AutoSync(workspace, self.operations, self)
        self.autosync.automatic = automatic
        self.autobackup = AutoBackup(workspace, self.operations, self)
        self.relay = Relay(workspace, self)
        self.undo = Undo(workspace, self.operations, self)
        self._build(known)
        self._arrange()
        self._connect()
        self._bind_keys()
        self.stack.set_context(Context(workspace, self.operations, self))
        places.restore(self, self.memory)
        self._on_preferences_changed()

    # -- layout -------------------------------------------------------------------------------------

    def _build(self, known: Known | None) -> None:
        workspace, operations = self._workspace, self.operations
        self.rail = Rail([s for s in self.specs if s.rail], workspace.organisation.name, workspace.actor)
        self.stack = PageStack(self.specs)
        self.frame = Frame(self.rail, self.stack, self.memory)
        self.strip, self.banner, self.toast = self.frame.strip, self.frame.banner, self.frame.toast
        self.announcer = Announcer(self)
        self.notifier = Notifier(self)
        self.evidence = EvidenceSaver(workspace, operations, self)
        self.dialogs = Dialogs(workspace, operations, self)
        self.checkup = Checkup(workspace, operations, self, self)
        self.switcher = Switcher(known, workspace.folder, self.operations, self)
        self.idle = Idle(workspace.now, self)
        screen = LockScreen(workspace.passphrase.check, operations)
        self.lock = Lock(self, screen, self.idle, self.preferences)
        self.session = SessionWatch(self)
        self.clipboard = PrivateClipboard(self)
        self.ways = Ways(self, self)
        self.seat = Seat(workspace, operations, self, self.rail, self.ways.flushed)

    def _arrange(self) -> None:
        self.setWindowTitle(f"Holdfast - {self._workspace.organisation.name}")
        self.setMinimumSize(*LEAST)
        self.rail.can_switch(self.switcher.offers)
        self.setCentralWidget(self.frame)

    def add_practice(self, strip: QWidget, passphrase: str = "") -> None:
        """Put the practice strip under the page; the lock screen then tells the passphrase of the made-up records."""
        self.frame.add_practice(strip)
        self.lock.hint = f"This is practice. Its passphrase is: {passphrase}" if passphrase else ""

    def _connect(self) -> None:
        self.rail.page_chosen.connect(self.go)
        self.rail.help_asked.connect(self.ways.help)
        self.rail.workspaces_asked.connect(self.ways.workspaces)
        self.rail.person_asked.connect(self.seat.ask)
        self.seat.told.connect(self.say)
        self.lock.changed.connect(self.seat.after_lock)
        self.strip.sync_asked.connect(self.sync_now)
        self.strip.stop_asked.connect(self.autosync.cancel)
        self.strip.waiting_opened.connect(partial(self.go, "waiting"))
        self.strip.portals_opened.connect(partial(self.go, "home"))
        self.stack.page_shown.connect(self._on_page_shown)
        self.stack.page_made.connect(self._on_preferences_changed)
        self.stack.page_made.connect(self.seat.fit)
        self.relay.changed.connect(self._on_changed)
        self.relay.changed.connect(self.autobackup.note)
        self.status.standing_read.connect(self._on_standing_read)
        self.status.news_found.connect(self.announcer.say)
        self.status.portal_moved.connect(self.notifier.tell)
        self.status.deadline_near.connect(self.notifier.tell)
        self.notifier.opened.connect(self._on_notification_opened)
        self.autosync.started.connect(partial(self.strip.show_syncing, True))
        self.autosync.progress_made.connect(self.strip.show_progress)
        self.autosync.ended.connect(self.checkup.tell_report)
        self.autosync.failed.connect(self._on_trouble_found)
        self.autosync.stopped.connect(partial(self.strip.show_syncing, False))
        self.autosync.stopped.connect(self.status.read)
        self.operations.trouble_found.connect(self._on_trouble_found)
        self.operations.bug_found.connect(self.dialogs.show_bug)
        self.evidence.saved.connect(self.say)
        self.preferences.changed.connect(self._on_preferences_changed)
        self.session.left.connect(self._on_session_left)
        self.lock.changed.connect(take_off)
        self.undo.told.connect(self.say)
        self.undo.offered.connect(self._on_undo_offered)
        self.undo.progress_made.connect(self.frame.show_turning)
        self.undo.ended.connect(self.frame.hide_turning)
        self.frame.turning.stop_asked.connect(self.undo.stop)
        self.toast.acted.connect(self.ways.undo)

    def _bind_keys(self) -> None:
        for place, item in enumerate(self.rail.items[:-2], 1):
            bind(self, f"Ctrl+{place}", item.click)
        for keys, action in (
            ("F5", self.sync_now),
            ("Ctrl+F", self.ways.find),
            ("Ctrl+N", self.ways.add),
            ("Alt+Left", self.go_back),
            ("F6", partial(self.frame.step_area, 1)),
            ("Shift+F6", partial(self.frame.step_area, -1)),
            ("F1", self.ways.help),
            ("Ctrl+/", self.ways.all_keys),
            ("Ctrl+L", self.lock.lock),
            ("Ctrl+K", self.ways.go_to),
        ):
            bind(self, keys, action)

    # -- what pages may ask (page.Shell) ---------------------------------------------------------------

    def go(self, page: str, **where: Any) -> None:
        self.stack.go(page, where)

    def go_back(self) -> None:
        self.stack.go_back()

    def say(self, words: str) -> None:
        self.toast.say(words)
        if not self.lock.locked:
            self.announcer.say(words)

    def warn(self, title: str, text: str, *, grave: bool = False) -> None:
        self.frame.show_banner(title, text, grave=grave)
        if not self.lock.locked:
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

    def lock_window(self) -> None:
        self.lock.lock()

    def save_evidence(self, outage: Outage | None = None) -> None:
        self.evidence.ask(outage)

    def start(self, page: str = "home", **where: Any) -> None:
        """Show the first page and read where things stand."""
        self.status.read()
        self.undo.look()
        self.go(page, **where)
        self.seat.begin()
        if page == "home":
            LeadBack(self._workspace, self.operations, self, self)
        self.checkup.after_start()
        if self.autosync.automatic:
            self.autobackup.begin()

    # -- slots -----------------------------------------------------------------------------------------

    def _on_page_shown(self, name: str) -> None:
        spec = self.stack.spec
        self.rail.show_current(spec.under or name if spec else name)
        self.frame.hide_banner()

    def _on_changed(self, changed: Changed) -> None:
        if changed.queue or changed.records is None or changed.records:
            self.strip.show_not_saved("")
            self.undo.look()
        self.status.read()
        self.stack.refresh(changed)

    def _on_standing_read(self, standing: Standing) -> None:
        home = standing.home
        self.strip.show_home(home, self._workspace.now())
        drafts = sum(counts.drafts for counts in home.counts.values())
        self.rail.show_numbers(needs=len(home.needs), waiting=home.waiting, checks=drafts)
        self.autosync.plan(standing.due)
        self.seat.show(standing.sitting)

    def _on_trouble_found(self, trouble: Trouble) -> None:
        if trouble.unsaved:
            self.strip.show_not_saved(trouble.title.casefold())
        self.warn(trouble.title, trouble.text, grave=trouble.grave)

    def _on_notification_opened(self) -> None:
        self.show()
        self.raise_()
        self.activateWindow()
        self.go("home")

    def _on_preferences_changed(self) -> None:
        self.frame.fit()
        self.frame.be_still(self.memory.still)
        self.idle.minutes = self.memory.lock_minutes
        allow_letters(self.stack, self.memory.letters)

    def _on_session_left(self) -> None:
        if self.memory.lock_with_computer:
            self.lock.lock()

    def _on_undo_offered(self, words: str) -> None:
        if self.stack.name == "record":
            return  # a form says beside each answer that it is saved, and offers Undo there
        self.toast.say(words, "Undo")
        if not self.lock.locked:
            self.announcer.say(f"{words}. Ctrl+Z undoes it.")

    # -- Qt ---------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Undo and redo arrive here when nothing that has the focus, such as a text field, wanted them itself."""
        if self.lock.locked:
            super().keyPressEvent(event)
        elif event.matches(QKeySequence.StandardKey.Undo):
            self.ways.undo()
        elif event.matches(QKeySequence.StandardKey.Redo) or event.keyCombination() == REDO:
            self.ways.redo()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        page = self.stack.page
        if page is not None and not page.may_leave():
            event.ignore()
            return
        self.end_work()
        self.lock.put_back()
        event.accept()
        self.closed.emit()

    def end_work(self) -> None:
        """Take no more work, wait until what runs has ended, and remember where the window stood. Cannot be undone."""
        self.autosync.close()
        self.autobackup.close()
        self.relay.close()
        self.notifier.close()
        self.idle.close()
        self.session.close()
        take_off()
        self.memory.keep_place("window", self.saveGeometry())
        self.hide()  # what runs may still wait for a reply; nobody should watch that
        self.operations.close()
