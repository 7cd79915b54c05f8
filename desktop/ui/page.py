"""What the shell expects of a screen, and what it offers in return.

A screen is a `Page`: a widget made from one `Context`. It reads through `context.operations` (never on the GUI
thread), shows plain data, and asks `context.shell` to go elsewhere. `desktop.ui.pages` lists them in rail order.

    refresh(changed)   something was written; read again what is shown. Called on the GUI thread, coalesced, only
                       while the page is on screen, and once on entry (None). It never resets an open form.
    open(**where)      the page was asked to show something: `record_id`, `field`, `collection`, `filters` ...
    may_leave()        last chance to save a draft; False keeps the person here
    focus_first()      put the keyboard where work begins
    begin_search()     Ctrl+F; begin_adding(): Ctrl+N. False when the page has none: the shell then goes to Records
    areas()            parts of the page that F6 visits
    keys()             lines of the F1 sheet: ("Ctrl+S", "Save")
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.services.views import Changed
from desktop.ui.operations import Operations
from desktop.ui.parts.clipboard import PrivateClipboard
from desktop.ui.shell.preferences import Preferences
from desktop.ui.shell.status import Status
from desktop.ui.theme import theme

if TYPE_CHECKING:
    from desktop.model.evidence import Outage
    from desktop.services.workspace import Workspace
    from desktop.ui.shell.autobackup import AutoBackup
    from desktop.ui.shell.dialogs import Dialogs
    from desktop.ui.shell.go_to import Command
    from desktop.ui.shell.switcher import Switcher


class Shell(Protocol):
    """What pages may ask of the window. `status` holds what the strip shows, and says when it was read anew.

    preferences  what the person chose for this window: look, keys, lock
    clipboard    the one way by which anything of a record is copied
    autobackup   makes a backup each day, and says when it was looked at
    dialogs      what opens over any page, such as the check of the connection
    switcher     leads to another workspace, to this one again, or to one out of a backup
    """

    status: Status
    preferences: Preferences
    clipboard: PrivateClipboard
    autobackup: AutoBackup
    dialogs: Dialogs
    switcher: Switcher

    def go(self, page: str, **where: Any) -> None:
        """Show a page by its name, for instance `go("record", record_id=...)`, and remember the way back."""

    def go_back(self) -> None:
        """Return to where the person came from."""

    def say(self, words: str) -> None:
        """One line at the bottom for six seconds, spoken politely too. Never for errors."""

    def warn(self, title: str, text: str, *, grave: bool = False) -> None:
        """A banner over the page, for what went wrong and what to do about it. Spoken at once; red only if grave."""

    def add_record(self) -> None:
        """Begin a new record, as Ctrl+N does."""

    def record_in_hand(self) -> str | None:
        """Local id of the record that the visible page is about."""

    def sync_now(self) -> None:
        """Ask the portals at once, as F5 does."""

    def lock_window(self) -> None:
        """Cover everything until the passphrase is typed, as Ctrl+L does."""

    def save_evidence(self, outage: Outage | None = None) -> None:
        """Ask where to put the outage evidence, and write it: of one outage, or (None) of all."""


@dataclass(frozen=True)
class Context:
    """What every page is made from."""

    workspace: Workspace
    operations: Operations
    shell: Shell


class Page(QWidget):
    """Base of all screens; see the module's head for what each method means."""

    title_changed = Signal(str)
    """The statement in the page's title moved; screen readers hear it as the name of the page's area."""

    name = ""
    title = ""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.workspace = context.workspace
        self.operations = context.operations
        self.shell = context.shell

    def refresh(self, changed: Changed | None) -> None:
        """Read again what is shown."""

    def open(self, **where: Any) -> None:
        """Show what was asked for."""

    def may_leave(self) -> bool:
        return True

    def focus_first(self) -> None:
        first = self.nextInFocusChain()
        if first is not None and self.isAncestorOf(first):
            first.setFocus()

    def begin_search(self) -> bool:
        return False

    def begin_adding(self) -> bool:
        return False

    def room(self) -> int:
        """The window's width in logical pixels of text at 100 %: larger text leaves less room (ui sizes count in it)."""
        return self.window().width() * 100 // theme().scale

    def record_in_hand(self) -> str | None:
        """Local id of the record that is open or chosen here."""
        return None

    def foot(self) -> int:
        """Height in pixels of what stands at the page's lower edge and must not be covered."""
        return 0

    def own_banner(self) -> QWidget | None:
        """The space of the page's own banner; hidden while the shell shows one."""
        return None

    def areas(self) -> Sequence[QWidget]:
        """Areas for F6, in reading order; a page with a side panel names it."""
        return (self,)

    def keys(self) -> Sequence[tuple[str, str]]:
        return ()

    def commands(self) -> Sequence[Command]:
        """What Ctrl+K can do here, beside what it can do everywhere."""
        return ()


@dataclass(frozen=True)
class PageSpec:
    """One entry of the rail, or a page without one (`rail` False): made when first shown."""

    name: str
    title: str
    icon: str
    make: Callable[[Context], Page]
    rail: bool = True
    under: str = ""
    """Rail item that stays marked while this page shows."""
    words: Sequence[str] = field(default=())
    """More words by which Ctrl+K finds it."""
