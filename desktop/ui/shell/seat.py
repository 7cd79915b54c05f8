"""Who sits at this window: shown in the rail, asked for at the start and after a lock, handed over by one command.

With one person there is nothing to see of any of it. What a role does not allow is off all over the window (`rights`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop.model.person import ALL_ROLES, Person, Sitting
from desktop.ui.operations import Operations
from desktop.ui.shell import rights
from desktop.ui.shell.go_to import Command
from desktop.ui.shell.take_over import TakeOverDialog
from desktop.ui.trouble import Trouble

if TYPE_CHECKING:
    from desktop.services.workspace import Workspace


class Seated(Protocol):
    """What a seat needs of the rail."""

    def show_person(self, name: str, *, several: bool) -> None:
        """Say who sits here."""


class Seat(QObject):
    """`told` carries a sentence for the person after a hand-over. GUI thread."""

    told = Signal(str)

    def __init__(
        self,
        workspace: Workspace,
        operations: Operations,
        window: QWidget,
        rail: Seated,
        kept: Callable[[], bool],
    ) -> None:
        """`kept` saves what is half typed, and says whether it could: it belongs to who typed it."""
        super().__init__(window)
        self._workspace, self._operations, self._window, self._rail = workspace, operations, window, rail
        self._kept = kept
        self.sitting: Sitting | None = None
        self.dialog: TakeOverDialog | None = None

    def show(self, sitting: Sitting) -> None:
        """Who sits here, and who else could."""
        before, self.sitting = self.sitting, sitting
        if sitting == before:
            return
        self._rail.show_person(sitting.person.name, several=sitting.several)
        if before is not None or sitting.person.roles != ALL_ROLES:
            rights.apply(self._window, sitting)

    def fit(self, page: QWidget) -> None:
        """A page came into being."""
        if self.sitting is not None and self.sitting.person.roles != ALL_ROLES:
            rights.apply(page, self.sitting)

    def commands(self) -> Sequence[Command]:
        """What Ctrl+K can do about it."""
        if self.sitting is None or not self.sitting.several:
            return ()
        others = [one for one in self.sitting.working if one.id != self.sitting.person.id]
        return (
            Command("Somebody else takes over", "users", self.ask, ("person", "who", "switch")),
            *(
                Command(f"{one.name} takes over", "users", partial(self.hand_over, one.id), ("person",))
                for one in others
            ),
        )

    # --- asking

    def ask(self, *_clicked: bool) -> None:
        """Show the list of names, where there are several."""
        self._operations.run(self._workspace.people.sitting, self._on_read, key="seat")

    def begin(self) -> None:
        """Somebody came: at the start, or after a lock. HOLDFAST_PERSON answers for a person."""
        name = os.environ.get("HOLDFAST_PERSON", "")
        if name:
            people = self._workspace.people
            self._operations.run(
                lambda: people.take_over(people.named(name).id), self._on_taken, on_failure=self._on_not_there
            )
        else:
            self.ask()

    def _on_not_there(self, _trouble: Trouble) -> None:
        """The variable names nobody of this workspace: ask, if there is anything to ask."""
        self.ask()

    def after_lock(self, locked: bool) -> None:
        """The window was covered, or uncovered."""
        if not locked:
            self.begin()

    def _on_read(self, sitting: Sitting) -> None:
        if not sitting.several or self.dialog is not None:
            return
        self.dialog = TakeOverDialog(sitting, self._window)
        self.dialog.chosen.connect(self.hand_over)
        self.dialog.finished.connect(self._on_finished)
        self.dialog.open()

    def _on_finished(self) -> None:
        self.dialog = None

    def hand_over(self, person_id: str, *_checked: bool) -> None:
        """This person sits here from now on."""
        same = self.sitting is not None and person_id == self.sitting.person.id
        if not same and self._kept():
            people = self._workspace.people
            self._operations.run(lambda: people.take_over(person_id), self._on_taken)

    def _on_taken(self, person: Person) -> None:
        self.told.emit(f"{person.name} sits here now")
