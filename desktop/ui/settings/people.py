"""Settings on who works here: names, what each may do, who left. With one person there is a name, and a place for the next."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from desktop.model.person import ALL_ROLES, LONGEST_NAME, USUAL, Person, Role, Sitting
from desktop.services.people import People
from desktop.ui.first_run.labelled import Labelled
from desktop.ui.page import Context
from desktop.ui.parts.ask import ask
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import Card, line
from desktop.ui.parts.flow_layout import FlowLayout
from desktop.ui.parts.text import Text
from desktop.ui.settings.section import Section
from desktop.ui.shell import rights
from desktop.ui.shell.rights import needs
from desktop.ui.theme import scaled
from desktop.ui.trouble import Trouble
from desktop.ui.words import long_date

TEXT = (
    "The history names who did what. What somebody may do keeps colleagues from doing another’s work by mistake; it is no "
    "wall against somebody who knows the passphrase."
)
MAY = {Role.ENTER: "Enter records", Role.SEND: "Send them", Role.ADMINISTER: "Settings and people"}
MEANS = {
    Role.ENTER: "Add and change records, decide conflicts, take changes back.",
    Role.SEND: "Sync, confirm actions, make files, say that a sheet was typed to the end.",
    Role.ADMINISTER: "Settings, people, portals, backups, and bringing a backup back.",
}
_GONE = "No longer works here"
_NAME_WIDTH = 240


class Ticks(QWidget):
    """What somebody may do, as three tick boxes. `ticked` carries all that are ticked."""

    ticked = Signal(frozenset)

    def __init__(self, whose: str) -> None:
        super().__init__()
        flow = FlowLayout(self, spacing=16)
        self.boxes = {role: QCheckBox(words) for role, words in MAY.items()}
        for role, box in self.boxes.items():
            box.setToolTip(MEANS[role])
            flow.addWidget(box)
            box.clicked.connect(self._on_clicked)
        self.show_whose(whose)

    def show_whose(self, whose: str) -> None:
        """Whom they are about, for a screen reader."""
        for role, box in self.boxes.items():
            box.setAccessibleName(f"{whose}: {MAY[role]}")
            box.setAccessibleDescription(MEANS[role])

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(role for role, box in self.boxes.items() if box.isChecked())

    def show_roles(self, roles: frozenset[Role]) -> None:
        """Tick these."""
        for role, box in self.boxes.items():
            box.setChecked(role in roles)

    def _on_clicked(self) -> None:
        self.ticked.emit(self.roles)


class PersonLine(QWidget):
    """One person: name, ticks, a way out and back."""

    renamed = Signal(str, str)
    ticked = Signal(str, frozenset)
    gone = Signal(str)
    came_back = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.person = Person("", "", frozenset())
        self.name = QLineEdit(maxLength=LONGEST_NAME)
        self.ticks = Ticks("")
        self.leave, self.back = Button(_GONE, "quiet", small=True), Button("Works here again", small=True)
        self.name.setMinimumWidth(scaled(_NAME_WIDTH))
        self.field = Labelled("Name", self.name, "", self.leave, self.back, width=_NAME_WIDTH)
        self.told = Text(role="caption", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for part in (self.field, self.ticks, self.told):
            column.addWidget(part)
        self.name.editingFinished.connect(self._on_name_left)
        self.ticks.ticked.connect(self._on_ticked)
        self.leave.clicked.connect(self._on_leave)
        self.back.clicked.connect(self._on_back)

    def show_person(self, person: Person, sitting: Sitting) -> None:
        """Show one, as things are."""
        here, left = person.name == sitting.person.name, person.left is not None
        self.person = person
        if not self.name.hasFocus():
            self.name.setText(person.name)
        self.name.setReadOnly(left)
        self.name.setAccessibleName(f"Name of {person.name}")
        self.field.complain("")
        self.ticks.show_whose(person.name)
        self.ticks.show_roles(person.roles)
        self.ticks.setVisible(sitting.several or not here or person.roles != ALL_ROLES)
        self.ticks.setEnabled(not left)
        for box in self.ticks.boxes.values():
            box.setToolTip(
                f"{person.name} does not work here any more" if left else box.accessibleDescription()
            )
        self.leave.setVisible(bool(person.id) and not left and sitting.several)
        self.leave.setAccessibleName(f"{person.name} no longer works here")
        self.leave.allow(not here, f"{person.name} sits here now. Let somebody else take over first.")
        self.back.setVisible(left)
        self.back.setAccessibleName(f"{person.name} works here again")
        self.told.setText(_told(person, here=here and sitting.several))
        self.told.setVisible(bool(self.told.text()))

    def _on_name_left(self) -> None:
        name = self.name.text().strip()
        if name and name != self.person.name and self.person.left is None:
            self.renamed.emit(self.person.id, name)
        else:
            self.name.setText(self.person.name)

    def _on_ticked(self, roles: frozenset[Role]) -> None:
        self.ticked.emit(self.person.id, roles)

    def _on_leave(self) -> None:
        self.gone.emit(self.person.id)

    def _on_back(self) -> None:
        self.came_back.emit(self.person.id)


def _told(person: Person, *, here: bool) -> str:
    if person.left is not None:
        return f"Stopped working here on {long_date(person.left.date())}. The history keeps the name."
    return "Sits here now." if here else ""


class NewPerson(QWidget):
    """A place for the next one. `added` carries name and roles."""

    added = Signal(str, frozenset)

    def __init__(self) -> None:
        super().__init__()
        self.name = QLineEdit(maxLength=LONGEST_NAME)
        self.add = Button("Add this person", icon="user-plus")
        self.name.setMinimumWidth(scaled(_NAME_WIDTH))
        self.field = Labelled("Somebody else who works here", self.name, "", self.add, width=_NAME_WIDTH)
        self.ticks = Ticks("Somebody else")
        self.ticks.show_roles(USUAL)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.field)
        column.addWidget(self.ticks)
        self.add.clicked.connect(self._on_add)
        self.name.returnPressed.connect(self._on_add)

    def show_added(self) -> None:
        """Ready for another."""
        self.name.clear()
        self.ticks.show_roles(USUAL)

    def _on_add(self) -> None:
        name = self.name.text().strip()
        if not self.field.complain("" if name else "Enter the name of your colleague."):
            self.added.emit(name, self.ticks.roles)


class PeopleSection(Section):
    """All of them, who left last."""

    def __init__(self) -> None:
        super().__init__("People", TEXT)
        self.lines: dict[str, PersonLine] = {}
        self.new = NewPerson()
        self.body.addWidget(line())
        self.body.addWidget(self.new)

    def show_people(self, people: Sequence[Person], sitting: Sitting) -> list[PersonLine]:
        """Show everybody. Gives the lines that came into being by that."""
        known = sorted(people, key=lambda one: one.left is not None)
        fresh = []
        if [one.id for one in known] != [*self.lines]:
            for gone in self.lines.values():
                self.body.removeWidget(gone)
                gone.hide()
                gone.deleteLater()
            first = self.body.count() - 2
            self.lines = {one.id: PersonLine() for one in known}
            for place, made in enumerate(self.lines.values(), first):
                self.body.insertWidget(place, made)
            fresh = [*self.lines.values()]
            self._set_order()
        for one in known:
            self.lines[one.id].show_person(one, sitting)
        return fresh

    def _set_order(self) -> None:
        """Tab goes as one reads, also to lines that came later."""
        ways: list[QWidget] = [_before(self.new.name)]
        for made in self.lines.values():
            ways += [made.name, made.leave, made.back, *made.ticks.boxes.values()]
        for before, after in pairwise([*ways, self.new.name]):
            QWidget.setTabOrder(before, after)


def _before(widget: QWidget) -> QWidget:
    """Whatever Tab comes from to this one."""
    found = widget.previousInFocusChain()
    while found is not None and not found.focusPolicy() & Qt.FocusPolicy.TabFocus:
        found = found.previousInFocusChain()
    return found or widget


class PeopleHere(QObject):
    """Reads and keeps the list; belongs to the page of settings. `note` says there why sections are off."""

    def __init__(self, context: Context, over: QWidget) -> None:
        super().__init__(over)
        self._context, self._over = context, over
        self._adding = False
        self._found: tuple[list[Person], Sitting] | None = None
        self.section = needs(PeopleSection(), Role.ADMINISTER)
        self.note, self._why = Card("note", 14), Text(weight=500, wrap=True)
        self.note.body.addWidget(self._why)
        self.note.hide()
        self.section.new.added.connect(self._on_added)

    @property
    def _people(self) -> People:
        return self._context.workspace.people

    def look(self) -> None:
        """Read who works here, and show it."""
        people = self._people
        self._context.operations.run(
            lambda: (people.all(), people.sitting()), self._on_read, key="settings-people"
        )

    def _on_read(self, found: tuple[list[Person], Sitting]) -> None:
        people, sitting = self._found = found
        for made in self.section.show_people(people, sitting):
            made.renamed.connect(self._on_renamed)
            made.ticked.connect(self._on_ticked)
            made.gone.connect(self._on_gone)
            made.came_back.connect(self._on_came_back)
        rights.apply(self.section, sitting)
        why = sitting.why_not(Role.ADMINISTER)
        self._why.setText(why)
        self.note.setVisible(bool(why))

    # --- what was asked for

    def _do(self, deed: partial[Person], complaint: Labelled) -> None:
        def refused(trouble: Trouble) -> None:
            self._adding = False
            if self._found is not None:
                self.section.show_people(*self._found)
            complaint.complain(f"{trouble.title}. {trouble.text}")

        self._context.operations.run(deed, self._on_kept, on_failure=refused)

    def _on_kept(self, _person: Any) -> None:
        if self._adding:
            self.section.new.show_added()
        self._adding = False
        self.look()

    def _on_added(self, name: str, roles: frozenset[Role]) -> None:
        self._adding = True
        self._do(partial(self._people.add, name, roles), self.section.new.field)

    def _on_renamed(self, person_id: str, name: str) -> None:
        self._do(partial(self._people.change, person_id, name=name), self.section.lines[person_id].field)

    def _on_ticked(self, person_id: str, roles: frozenset[Role]) -> None:
        self._do(partial(self._people.change, person_id, roles=roles), self.section.lines[person_id].field)

    def _on_gone(self, person_id: str) -> None:
        made = self.section.lines[person_id]
        name = made.person.name
        text = "The history keeps the name. Nobody can choose it any more when Holdfast asks who sits here."
        if ask(self._over, f"{name} no longer works here?", text, _GONE, f"Keep {name}", grave=False):
            self._do(partial(self._people.remove, person_id), made.field)

    def _on_came_back(self, person_id: str) -> None:
        self._do(partial(self._people.come_back, person_id), self.section.lines[person_id].field)
