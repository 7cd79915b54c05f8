"""The practice strip: takes the practice portal down, brings it back, and plays the colleague. Only in practice mode.

Everything it does goes through the portal's control side, never through the workspace: to Holdfast it looks like life.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu

from desktop.model.collection import Code, Collection, Field, Kind
from desktop.model.document import Value
from desktop.model.errors import UsageError
from desktop.services.views import RecordQuery, RecordView
from desktop.ui.icons import set_icon
from desktop.ui.operations import Lane, Operations
from desktop.ui.page import Shell
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.text import ElidedLabel, Text
from desktop.ui.theme import scaled

if TYPE_CHECKING:
    from desktop.services.workspace import Workspace


class PracticeWebsite(Protocol):
    """The control side of a practice website that has no portal behind it. `web` = where its pages begin."""

    web: str

    def fault(self, mode: str, *, seconds: float | None = None, retry_after: float | None = None) -> None:
        """Switch a fault on; "up" switches it off."""

    def snapshot(self) -> None:
        """Keep what the website holds as it is."""

    def rollback(self) -> None:
        """Put what was kept back."""


class PracticeControl(Protocol):
    """The control side of a practice portal (contract.md section 3). Called in the network lane.

    `web` = where the portal's web pages begin;  `ects` = the practice website of Register early career teachers.
    """

    web: str
    ects: PracticeWebsite

    def fault(
        self,
        mode: str,
        *,
        match: str | None = None,
        count: int | None = None,
        seconds: float | None = None,
        retry_after: float | None = None,
    ) -> None:
        """Switch a fault on; "up" switches it off."""

    def fault_mode(self) -> str:
        """The fault that is on, "up" when none is."""

    def edit(self, trainee_id: str, **fields: Any) -> dict[str, Any]:
        """Somebody else's edit on the web."""

    def snapshot(self) -> None:
        """Keep the portal's records as they are."""

    def rollback(self) -> None:
        """Put the kept records back."""


@dataclass(frozen=True)
class Fault:
    """One entry of the menu."""

    words: str
    mode: str
    match: str | None = None
    count: int | None = None
    seconds: float | None = None
    retry_after: float | None = None


FAULTS = (
    Fault("Maintenance page", "maintenance"),
    Fault("No answer at all", "refuse"),
    Fault("Busy: asks us to wait 20 seconds", "busy", retry_after=20),
    Fault("A network’s sign-in page is in the way", "captive"),
    Fault("Access token not accepted", "unauthorised"),
    Fault("Answers slowly", "slow", seconds=3.0),
    Fault("Loses the reply to the next new trainee", "lost_reply", match="POST /trainees", count=1),
    Fault("Loses the reply to the next change", "lost_reply", match="PUT /trainees", count=1),
)
UP = Fault("Up", "up")
SHORT_BELOW = 1_100

_OTHER_FIELDS = ("email", "itt_end_date", "middle_names", "previous_last_name")


class PracticeStrip(QFrame):
    """A slim bar under the page, clearly marked. Its choices are menus, so it stays slim in narrow windows."""

    def __init__(
        self, control: PracticeControl, workspace: Workspace, operations: Operations, shell: Shell
    ) -> None:
        super().__init__()
        self._control, self._workspace = control, workspace
        self._operations, self._shell = operations, shell
        self.setProperty("part", "practice")
        self.setAccessibleName("Practice")
        self._state = ElidedLabel("The portal and its records are made up.", "table", "ink2")
        self.faults = Button("Trouble at the portal", small=True)
        self.back = Button("Bring it back", small=True)
        self.colleague = Button("A colleague edits this record", small=True)
        self.pages = Button("Open its web pages", small=True)
        self.reset = Button("Reset the portal", "quiet", small=True)
        self._sites = _sites(control, workspace)
        if len(self._sites) > 1:
            self.pages.setMenu(_menu(self, self._sites, self._on_site_chosen))
            self.pages.setProperty("hasMenu", True)
        for button, menu in (
            (self.faults, _menu(self, [(fault.words, fault) for fault in FAULTS], self._on_fault_chosen)),
            (
                self.colleague,
                _menu(
                    self,
                    [("Another field than mine", False), ("The same field as mine", True)],
                    self._on_edit_chosen,
                ),
            ),
        ):
            button.setMenu(menu)
            button.setProperty("hasMenu", True)
        # What a colleague does at a website without a way in for programs is never read back.
        self.colleague.setVisible(any(known.sends for known in workspace.collections.values()))
        self._arrange()
        self._show(UP)
        self.back.clicked.connect(self._on_back_clicked)
        if len(self._sites) == 1:
            self.pages.clicked.connect(self._on_pages_clicked)
        self.reset.clicked.connect(self._on_reset_clicked)
        self._do(self._begin, self._show)

    def _arrange(self) -> None:
        cap = Text()
        set_icon(cap, "graduation-cap", "sending")
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 5, 24, 5)
        row.setSpacing(8)
        row.addWidget(cap)
        row.addWidget(Text("Practice", "table", "sending", 600))
        row.addWidget(self._state, 1)
        for button in (self.faults, self.back, self.colleague, self.pages, self.reset):
            row.addWidget(button)

    def _show(self, fault: Fault) -> None:
        up = fault.mode == "up"
        told = "The portal and its records are made up." if up else f"The portal now: {fault.words.lower()}"
        self._state.setText(told)
        self.back.allow(not up, "The practice portal is up")

    def _fit(self) -> None:
        """Say less in a narrow window."""
        narrow = self.width() < scaled(SHORT_BELOW)
        for button, whole, short in (
            (self.faults, "Trouble at the portal", "Trouble"),
            (self.back, "Bring it back", "Back"),
            (self.colleague, "A colleague edits this record", "Colleague"),
            (self.pages, "Open its web pages", "Web"),
            (self.reset, "Reset the portal", "Reset"),
        ):
            button.set_words(short if narrow else whole)
            button.setAccessibleName(whole)

    def _do(self, work: Callable[[], Any], on_done: Callable[[Any], None]) -> None:
        self._operations.run(work, on_done, lane=Lane.NETWORK)

    def _begin(self) -> Fault:
        """Worker thread. Keep the portal as it is, for a reset, and see what is wrong with it already."""
        self._control.snapshot()
        self._control.ects.snapshot()
        mode = self._control.fault_mode()
        return next((fault for fault in FAULTS if fault.mode == mode and not fault.count), UP)

    def set_fault(self, fault: Fault) -> None:
        """Switch a fault of the practice portal on, or off with `UP`, and let Holdfast notice."""

        def work() -> Fault:
            times = {"seconds": fault.seconds, "retry_after": fault.retry_after}
            self._control.fault(fault.mode, match=fault.match, count=fault.count, **times)
            if not fault.count:
                self._control.ects.fault(fault.mode, **times)
            return fault

        self._do(work, self._on_fault_set)

    def edit_as_colleague(self, *, same: bool, record_id: str = "") -> None:
        """Change a field of a record at the portal; without an id, of the one in hand or the first that fits."""
        wanted = record_id or self._shell.record_in_hand() or ""
        self._do(lambda: self._edit(wanted, same=same), self._on_edited)

    def _edit(self, record_id: str, *, same: bool) -> str:
        """Worker thread. What was changed, in words."""
        view = self._workspace.records.view(record_id or self._first(same=same))
        if view.portal_id is None:
            raise UsageError("This record is not at the portal yet. Choose one that is, then try again.")
        collection = self._workspace.collections[view.collection]
        name = _field_for(view, same=same)
        field = collection.field(name)
        assert field is not None, name
        value = _another_value(collection, field, view)
        try:
            self._control.edit(view.portal_id, **{name: value})
        except Exception as error:
            raise UsageError(f"The practice portal did not take that edit. {error}") from error
        return f"A colleague changed {field.label.lower()} of {view.label} at the portal."

    def _first(self, *, same: bool) -> str:
        """A record that a colleague can edit: the first that waits, else (for another field) the first of all."""
        for item in self._workspace.queue.items():
            if item.kind == "update":
                return item.record_id
        if same:
            raise UsageError(
                "Nothing of yours waits. Change a record first, then let a colleague change the same field."
            )
        for name in self._workspace.collections:
            records = self._workspace.records
            for row in records.rows(records.find(RecordQuery(name))[:50]):
                if row.portal_id is not None:
                    return row.id
        raise UsageError("There is no record at the portal yet. Sync first.")

    def _on_fault_chosen(self) -> None:
        self.set_fault(_chosen(self.sender()))

    def _on_edit_chosen(self) -> None:
        self.edit_as_colleague(same=_chosen(self.sender()))

    def _on_back_clicked(self) -> None:
        self.set_fault(UP)

    def _on_pages_clicked(self) -> None:
        self._open(self._sites[0][1])

    def _on_site_chosen(self) -> None:
        self._open(_chosen(self.sender()))

    def _open(self, address: str) -> None:
        if not QDesktopServices.openUrl(QUrl(address)):
            self._shell.say(f"No browser opened. The web pages are at {address}")

    def _on_reset_clicked(self) -> None:
        def work() -> Fault:
            for side in (self._control, self._control.ects):
                side.fault("up")
                side.rollback()
            return UP

        self._do(work, self._on_fault_set)

    def _on_fault_set(self, fault: Fault) -> None:
        # A fault that waits for one request is over after it, and nobody tells us when: not shown as lasting.
        self._show(UP if fault.count else fault)
        if fault.count:
            self._shell.say("The next reply of that kind will be lost.")
        else:
            self._shell.sync_now()

    def _on_edited(self, words: str) -> None:
        self._shell.say(words)
        self._shell.sync_now()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


def _sites(control: PracticeControl, workspace: Workspace) -> list[tuple[str, str]]:
    """(portal, address of its practice website) of each collection, in the workspace's order."""
    at = {"trainees": control.web, "ects": control.ects.web}
    return [(known.portal, at[name]) for name, known in workspace.collections.items() if name in at]


def _menu(strip: PracticeStrip, entries: list[tuple[str, Any]], slot: Callable[[], None]) -> QMenu:
    menu = QMenu(strip)
    for words, value in entries:
        action = menu.addAction(words)
        action.setData(value)
        action.triggered.connect(slot)
    return menu


def _chosen(sender: QObject | None) -> Any:
    return getattr(sender, "data", lambda: None)()


def _field_for(view: RecordView, *, same: bool) -> str:
    """Name of the field that the colleague changes. Raises UsageError when there is none."""
    if same:
        mine = [name for name, value in view.pending.fields.items() if value is not None]
        if not mine:
            raise UsageError(
                "You have not changed this record. Change a field first, then let a colleague change it too."
            )
        return mine[0]
    return next(name for name in _OTHER_FIELDS if name not in view.pending.fields)


def _another_value(collection: Collection, field: Field, view: RecordView) -> Value:
    """A value that neither side has, of the field's kind."""
    held = {view.document.fields.get(field.name), view.base.fields.get(field.name) if view.base else None}
    if field.kind is Kind.CODE:
        codes: list[Code] = list(collection.code_lists.codes(field.codes).values())
        return next(code.code for code in codes if code.code not in held and not code.retired)
    known = next((value for value in held if value is not None), None)
    if field.kind is Kind.DATE:
        day = date.fromisoformat(str(known)) if known else date(2027, 7, 1)
        while day.isoformat() in held:
            day += timedelta(days=14)
        return day.isoformat()
    if field.kind is Kind.INTEGER:
        return max((value for value in held if isinstance(value, int)), default=0) + 1
    if field.kind is Kind.EMAIL:
        return next(mail for n in range(1, 9) if (mail := f"from.the.portal{n}@mail.example") not in held)
    return next(word for word in ("Rowan", "Wren", "Sage") if word not in held)
