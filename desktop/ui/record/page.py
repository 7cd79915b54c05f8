"""The Record page: one record at a time, wired to the workspace. The form is never reloaded under the person (I2).

What it does stands in parts, each of which works for one page: `Sight` says how things are, `Editing` takes what the
person does, `Steps` walks by keys, `Deeds` does what the menu says, `Keeper` keeps half-typed text, `Twins` looks for the
same person.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout

from desktop.model.errors import HoldfastError
from desktop.services.views import Changed, HistoryEntry, RecordView
from desktop.ui import words
from desktop.ui.page import Context, Page
from desktop.ui.record.deeds import Deeds
from desktop.ui.record.editing import Editing
from desktop.ui.record.keeper import Keeper
from desktop.ui.record.lookup import LookingUp
from desktop.ui.record.outlook import Outlook
from desktop.ui.record.saver import Saver
from desktop.ui.record.screen import RecordScreen
from desktop.ui.record.session import FormSession
from desktop.ui.record.sight import Sight
from desktop.ui.record.steps import Steps
from desktop.ui.record.twins import Twins
from desktop.ui.theme import theme
from desktop.ui.trouble import Trouble, explain

if TYPE_CHECKING:
    from desktop.model.collection import Collection

LEAST = QSize(320, 240)
_MANY = 100


class RecordPage(Page):
    """`open(record_id=..., field=..., keys=..., place=...)` shows a record; `open(collection=...)` begins a new one."""

    name = "record"
    title = "Record"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._collection: Collection = next(iter(self.workspace.collections.values()))
        self._session = FormSession(self._collection)
        self._screens: dict[str, RecordScreen] = {}
        self.saver = Saver(self.workspace, self.operations, self)
        self.saver.begin(self._session)
        self.sight = Sight(self)
        self.deeds = Deeds(self)
        self.twins = Twins(self)
        self.looking_up = LookingUp(self)
        self.keeper = Keeper(self)
        self.editing = Editing(self)
        self.steps = Steps(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.screen_view = self._screen(self._collection)
        self.steps.bind_keys()
        theme().changed.connect(self._fit)

    def _screen(self, collection: Collection) -> RecordScreen:
        """The form of a collection, made when it is first needed."""
        found = self._screens.get(collection.name)
        if found is None:
            found = self._screens[collection.name] = RecordScreen(collection, self.workspace.today())
            self._column.addWidget(found)
            self._connect(found)
            self.looking_up.add_to(found, collection)
        return found

    def _use(self, collection: Collection) -> None:
        """Show the form of this collection."""
        if collection is not self._collection:
            self.screen_view.hide()
            self._collection = collection
            self.sight.use(collection)
            self.screen_view = self._screen(collection)
            self.screen_view.show()
            self._fit()

    def _connect(self, screen: RecordScreen) -> None:
        self.editing.connect_form(screen)
        screen.header.back_asked.connect(self.shell.go_back)
        screen.header.save_asked.connect(self.save)
        screen.header.deed_chosen.connect(self.deeds.choose)
        screen.side.summary.path_chosen.connect(self.go_to_field)
        screen.side.duplicates.record_chosen.connect(self.twins.open_record)
        screen.left_over.put_back_asked.connect(self.keeper.put_back)
        screen.left_over.throw_away_asked.connect(self.keeper.throw_away)

    # --- what the shell asks

    @property
    def session(self) -> FormSession:
        return self._session

    @property
    def collection(self) -> Collection:
        return self._collection

    @property
    def outlook(self) -> Outlook:
        """What the form says just now."""
        return self.sight.outlook

    def open(self, **where: Any) -> None:
        self.flush()
        self.steps.keys, self.steps.place = where.get("keys", ()), where.get("place", -1)
        record_id = where.get("record_id")
        held = self._session.view
        if record_id is None:
            self._use(self.workspace.collections.get(where.get("collection", ""), self._collection))
            self._begin(None)
        elif held is None or held.id != record_id:
            self.show_record(record_id)
        if where.get("field"):
            self.go_to_field(str(where["field"]))

    def show_record(self, record_id: str) -> None:
        """Show a record from the top; what was typed in the one before is on disk."""
        try:
            view = self.workspace.records.view(record_id)
        except HoldfastError as error:
            self._on_gone(explain(error))
            return
        self._use(self.workspace.collections[view.collection])
        self._begin(view)

    def refresh(self, changed: Changed | None) -> None:
        view = self._session.view
        if view is None:
            return
        ours = changed is None or changed.records is None or view.id in changed.records
        if ours or (changed is not None and changed.portals):
            self.looking_up.read()
        if ours or (changed is not None and changed.queue):
            record_id, records, activity = view.id, self.workspace.records, self.workspace.activity
            self.operations.run(
                lambda: (records.view(record_id), activity.entries(record_id, _MANY)),
                self._on_read_again,
                on_failure=self._on_gone,
                key="record.view",
            )

    def may_leave(self) -> bool:
        return self.flush()

    def flush(self) -> bool:
        """Put on disk whatever is typed, half typed too. False when the disk did not take it."""
        self.screen_view.form.settle()
        saved = self.saver.flush()
        if saved:
            self.keeper.leave()
        return saved

    def focus_first(self) -> None:
        """What was left over of an earlier run, the list of sections, or the first question of a new record.

        A key pressed by chance must not type.
        """
        if not self.screen_view.left_over.isHidden():
            self.screen_view.left_over.take_focus()
        elif self._session.view is None:
            self.screen_view.form.focus_first()
        else:
            self.screen_view.focus_sections()

    def record_in_hand(self) -> str | None:
        return self._session.view.id if self._session.view else None

    def begin_adding(self) -> bool:
        self.shell.go("record", collection=self._collection.name)
        return True

    def keys(self) -> Sequence[tuple[str, str]]:
        return (
            ("Ctrl+S", "Save what is typed"),
            ("F8, Shift+F8", "Next or previous thing to put right"),
            ("Ctrl+Page Down, Ctrl+Page Up", "Next or previous section"),
            ("Alt+Page Down, Alt+Page Up", "Next or previous record of the list"),
            ("Alt+Down", "Open the choices or the calendar"),
            ("Ctrl+Shift+A", "Add another degree or placement"),
            ("Ctrl+Shift+Backspace", "Remove the degree or placement that you are in"),
            ("Ctrl+I", "What the field held before, holds here, and holds at the portal"),
            ("Ctrl+Shift+B", "Give the field the portal’s value"),
        )

    # --- showing

    def _begin(self, view: RecordView | None) -> None:
        self._session = FormSession(self._collection, view)
        self.saver.begin(self._session)
        self.sight.insist = view is not None
        form = self.screen_view.form
        form.verticalScrollBar().setValue(0)
        form.show_document(self._session.document())
        form.set_read_only(view is not None and not view.editable, view.why_not_editable if view else "")
        self.screen_view.show_answers()
        self.twins.clear()
        self.looking_up.clear()
        self.keeper.begin()
        self.sight.show_history([])
        self.sight.look()
        self.sight.show_head()
        QTimer.singleShot(0, self, self._on_shown)  # once the page is on screen

    def _on_shown(self) -> None:
        """The keyboard stays in a question that was asked for; a new record begins at its first."""
        if self._session.view is None or not self.screen_view.form.focused_path():
            self.focus_first()

    def show_view(self, view: RecordView) -> None:
        """The record as a deed left it."""
        if self._session.view is not None and self._session.view.id == view.id:
            self.sight.show_moved(self._session.refreshed(view))

    def forget(self) -> None:
        """The record is gone; nothing of it may be saved any more."""
        self.keeper.drop()
        self._session = FormSession(self._collection)
        self.saver.begin(self._session)

    def save(self) -> None:
        """Ctrl+S: everything typed is saved; with errors it stays a draft and the keyboard goes to the summary."""
        self.flush()
        self.sight.insist = True
        self.sight.look()
        self.sight.show_head()
        if self.outlook.problems:
            self.screen_view.show_answers()
            self.screen_view.side.summary.take_focus()
            count = words.count(len(self.outlook.problems), "thing")
            self.shell.say(f"Saved here. {count} to put right before it can be sent")
        elif self._session.view is not None:
            self.shell.say("Saved here")

    def go_to_field(self, path: str) -> None:
        """Put the keyboard into the row that answers `path`."""
        self.screen_view.show_answers()
        self.screen_view.form.focus_path(self.sight.row_of(path))

    def _on_read_again(self, read: tuple[RecordView, Sequence[HistoryEntry]]) -> None:
        view, entries = read
        held = self._session.view
        if held is None or held.id != view.id:
            return
        self.sight.show_history(entries)
        if view.version >= held.version and not self._session.busy:
            was_editable = held.editable
            self.sight.show_moved(self._session.refreshed(view))
            if view.editable != was_editable:
                self.screen_view.form.set_read_only(not view.editable, view.why_not_editable)

    def _on_gone(self, trouble: Trouble) -> None:
        """The record is not here any more: back to the list, once the shell has shown this page."""
        self.forget()
        QTimer.singleShot(0, self, lambda: self._leave(trouble))

    def _leave(self, trouble: Trouble) -> None:
        self.shell.go("records")
        self.shell.warn(trouble.title, trouble.text)

    # --- Qt

    def minimumSizeHint(self) -> QSize:
        return LEAST  # its parts are arranged anew before they would be cut

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.screen_view.fit(self.room())
