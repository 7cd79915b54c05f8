"""Under the person's answers: looking the teacher up in the Teaching Record System, and what it told.

Only there where somebody switched lookups on (Settings) and the record is about a teacher whom the portal has not answered for.
What it told is advice, and says so; the row never fills anything in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.model.person import Role
from desktop.model.teacher import Said
from desktop.ui import words
from desktop.ui.fields.field_row import LABEL_WIDTH, MARK_ROOM, NoteLine
from desktop.ui.fields.notes import Note
from desktop.ui.first_run.labelled import Labelled
from desktop.ui.operations import Lane
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import row
from desktop.ui.parts.text import Text
from desktop.ui.shell.rights import needs
from desktop.ui.theme import scaled, theme
from desktop.ui.trouble import Trouble

if TYPE_CHECKING:
    from datetime import datetime

    from desktop.model.collection import Collection
    from desktop.services.lookup import LookupView
    from desktop.ui.record.page import RecordPage
    from desktop.ui.record.screen import RecordScreen

SECTION = "person"
_ASK, _AGAIN, _ASKING = (
    "Look up in the Teaching Record System",
    "Look up again",
    "Asking the Teaching Record System",
)
_NI_LABEL = "National Insurance number, for this lookup only"
_NI_HELP = (
    "It is sent once and not kept. With it a teacher is found whose date of birth is another one there."
)
_DECIDES = "The portal decides when you register."
_ENTRY = 220


class LookupRow(QWidget):
    """Stands in the form like a question. `look_asked` carries a National Insurance number as typed, mostly ""."""

    look_asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Teaching Record System")
        self.label = Text("Teaching Record System", weight=500, wrap=True)
        self.button = needs(Button(_ASK, icon="search", small=True), Role.ENTER)
        self.number = QLineEdit()
        self.number_row = Labelled(_NI_LABEL, self.number, _NI_HELP, width=_ENTRY)
        self._notes: list[NoteLine] = []
        self._told = QVBoxLayout()
        self._told.setSpacing(4)
        self._content = QVBoxLayout()
        self._content.setSpacing(8)
        self._content.addLayout(self._told)
        self._content.addWidget(self.number_row)
        self._content.addLayout(row(self.button, None))
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(MARK_ROOM, 7, 0, 7)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self.set_narrow(False)
        self.show_view(None, None)
        self.button.clicked.connect(self._on_clicked)
        self.number.returnPressed.connect(self._on_clicked)
        theme().changed.connect(self._fit)

    def set_narrow(self, narrow: bool) -> None:
        """The label above the rest, when the form is narrow."""
        self._narrow = narrow
        self._grid.removeWidget(self.label)
        self._grid.removeItem(self._content)
        self._grid.addWidget(self.label, 0, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addLayout(self._content, 1 if narrow else 0, 0 if narrow else 1)
        self._grid.setColumnStretch(0, 1 if narrow else 0)
        self._grid.setColumnStretch(1, 0 if narrow else 1)
        self._fit()

    def _fit(self) -> None:
        if self._narrow:
            self.label.setMinimumWidth(0)
            self.label.setMaximumWidth(16_777_215)
        else:
            self.label.setFixedWidth(scaled(LABEL_WIDTH))

    def show_view(self, view: LookupView | None, now: datetime | None) -> None:
        """How it stands; nothing at all while lookups are off, or where none is left to make."""
        self.setVisible(view is not None)
        if view is None or now is None:
            return
        self._show_notes(notes_of(view, now))
        self.number_row.setVisible(view.asks_ni)
        self.number_row.complain("")
        self.number.clear()
        self.button.set_words(_AGAIN if view.answer else _ASK)
        self.button.allow(not view.why_not, view.why_not)

    def show_asking(self) -> None:
        """The lookup is under way."""
        self.button.set_words(_ASKING)
        self.button.allow(False, _ASKING)

    def complain(self, said: str) -> None:
        """The number typed for the lookup can be none."""
        self.button.set_words(_AGAIN)
        self.button.allow(True)
        self.number_row.complain(said)

    def _show_notes(self, notes: list[Note]) -> None:
        while len(self._notes) < len(notes):
            made = NoteLine()
            self._told.addWidget(made)
            self._notes.append(made)
        for number, line in enumerate(self._notes):
            if number < len(notes):
                line.show_note(notes[number])
            line.setVisible(number < len(notes))
        self.setAccessibleDescription(" ".join(note.text for note in notes))

    @property
    def said(self) -> str:
        """What stands there, as one text."""
        return " ".join(
            line.note.text for line in self._notes if line.note is not None and not line.isHidden()
        )

    def inputs(self) -> tuple[QWidget, ...]:
        """What takes the keyboard, in the order of Tab."""
        return (self.number, self.button)

    def _on_clicked(self) -> None:
        if self.button.isEnabled():
            self.look_asked.emit(self.number.text().strip() if not self.number_row.isHidden() else "")


def notes_of(view: LookupView, now: datetime) -> list[Note]:
    """The answer in lines with icons, when it was given, what is in the way."""
    notes: list[Note] = []
    for number, line in enumerate(view.lines):
        if number == 0 and view.stops:
            notes.append(Note(line, "triangle-alert", "conflict", strong=True))
        elif number == 0 and view.answer is not None and view.answer.said is Said.FOUND:
            notes.append(Note(line, "circle-check", "ink"))
        else:
            notes.append(Note(line, "", "ink2"))
    if view.at is not None:
        by = f", asked by {view.by}" if view.by else ""
        day = "at" if ":" in words.when(view.at, now) else "on"
        notes.append(Note(f"Looked up {day} {words.when(view.at, now)}{by}. {_DECIDES}"))
    if view.old:
        notes.append(
            Note("This is more than 24 hours old. Look up again before you rely on it.", "clock", "waiting")
        )
    if view.trouble is not None:
        look = words.PORTAL[view.trouble.state]
        notes.append(Note(trouble_words(view), look.icon, look.ink))
    return notes or [
        Note(view.why_not or "Not looked up yet. It shows what the portal will find, before you register.")
    ]


def trouble_words(view: LookupView) -> str:
    """Why there is no new answer, with the wait if there is one."""
    if view.trouble is None:
        return ""
    wait = view.trouble.retry_after_s
    return f"{view.trouble.detail} Try again in {words.about(wait)}." if wait else view.trouble.detail


class LookingUp(QObject):
    """Works for one record page: shows how it stands with the record in hand, and carries lookups out."""

    def __init__(self, page: RecordPage) -> None:
        super().__init__(page)
        self._page = page
        self._rows: dict[str, LookupRow] = {}

    def add_to(self, screen: RecordScreen, collection: Collection) -> None:
        """Stand the row into the form of a collection that looks people up."""
        if collection.looked_up is not None:
            made = self._rows[collection.name] = LookupRow()
            screen.form.add_below(SECTION, made)
            made.look_asked.connect(self._on_look_asked)

    @property
    def row(self) -> LookupRow | None:
        """The row of the form that is shown; None when its collection has none."""
        return self._rows.get(self._page.collection.name)

    def clear(self) -> None:
        """Another record is shown."""
        if self.row is not None:
            self.row.show_view(None, None)
            self.read()

    def read(self) -> None:
        """See anew how it stands; a record that is not saved yet has nothing to look up."""
        record_id = self._page.record_in_hand()
        if self.row is not None and record_id is not None:
            lookup = self._page.workspace.lookup
            self._page.operations.run(
                lambda: lookup.view(record_id), self._on_read, on_failure=self._on_gone, key="record.lookup"
            )

    def _on_read(self, view: LookupView | None) -> None:
        if self.row is not None and (view is None or view.record_id == self._page.record_in_hand()):
            self.row.show_view(view, self._page.workspace.now())

    def _on_gone(self, _trouble: Trouble) -> None:
        """The page itself says that the record is gone."""

    def _on_look_asked(self, ni_number: str) -> None:
        record_id = self._page.record_in_hand()
        if self.row is None or record_id is None or not self._page.flush():
            return
        self.row.show_asking()
        lookup = self._page.workspace.lookup
        self._page.operations.run(
            lambda: lookup.look(record_id, ni_number),
            self._on_looked,
            lane=Lane.NETWORK,
            on_failure=self._on_not_looked,
        )

    def _on_looked(self, view: LookupView) -> None:
        if view.record_id != self._page.record_in_hand():
            return
        self._on_read(view)
        self._page.sight.look()
        self._page.shell.say(trouble_words(view) or "Looked up. The answer stands under the person’s answers")

    def _on_not_looked(self, trouble: Trouble) -> None:
        if self.row is not None and "9 letters and digits" in str(trouble.error):
            self.row.complain(str(trouble.error))
            return
        self._page.shell.warn(trouble.title, trouble.text)
        self.read()
