"""The Record page: one record at a time, wired to the workspace. The form is never reloaded under the person (I2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QVBoxLayout

from desktop.model.errors import HoldfastError
from desktop.model.finding import Finding
from desktop.model.ids import RecordId
from desktop.services.views import Changed, HistoryEntry, RecordView, Row
from desktop.ui import words
from desktop.ui.page import Context, Page
from desktop.ui.record.deeds import Deeds
from desktop.ui.record.facts import facts_of, look_of_view, saved_words, spoken_name
from desktop.ui.record.menu import deeds_of
from desktop.ui.record.money_words import said_of
from desktop.ui.record.outlook import TAKE, UNDO, Outlook, Outlooker
from desktop.ui.record.saver import Saver
from desktop.ui.record.screen import RecordScreen
from desktop.ui.record.session import FormSession
from desktop.ui.record.side_panel import Happening
from desktop.ui.trouble import Trouble, explain

if TYPE_CHECKING:
    from desktop.model.collection import Collection

LIVE_MS = 50
TWINS_MS = 250
_FEW, _MANY = 3, 100

LEAST = QSize(320, 240)


class RecordPage(Page):
    """`open(record_id=..., field=..., keys=..., place=...)` shows a record; `open(collection=...)` begins a new one."""

    name = "record"
    title = "Record"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._collection: Collection = next(iter(self.workspace.collections.values()))
        self._outlooker = Outlooker(self._collection)
        self._session = FormSession(self._collection)
        self._findings: Sequence[Finding] = ()
        self._outlook = Outlook()
        self._insist = True
        self._keys: Sequence[int] = ()
        self._place = -1
        self._screens: dict[str, RecordScreen] = {}
        self.saver = Saver(self.workspace, self.operations, self)
        self.saver.begin(self._session)
        self.deeds = Deeds(self)
        self._live = QTimer(self, singleShot=True, interval=LIVE_MS)
        self._twins = QTimer(self, singleShot=True, interval=TWINS_MS)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.saver.landed.connect(self._on_landed)
        self.saver.failed.connect(self._on_save_failed)
        self.saver.created.connect(self._on_created)
        self._live.timeout.connect(self._look)
        self._twins.timeout.connect(self._look_for_twins)
        self.screen_view = self._screen(self._collection)
        self._bind_keys()

    def _screen(self, collection: Collection) -> RecordScreen:
        """The form of a collection, made when it is first needed."""
        found = self._screens.get(collection.name)
        if found is None:
            found = self._screens[collection.name] = RecordScreen(collection, self.workspace.today())
            self._column.addWidget(found)
            self._connect(found)
        return found

    def _use(self, collection: Collection) -> None:
        """Show the form of this collection."""
        if collection is not self._collection:
            self.screen_view.hide()
            self._collection = collection
            self._outlooker = Outlooker(collection)
            self.screen_view = self._screen(collection)
            self.screen_view.show()
            self.screen_view.fit(self.window().width())

    def _connect(self, screen: RecordScreen) -> None:
        form, head, side = screen.form, screen.header, screen.side
        form.edited.connect(self._on_edited)
        form.committed.connect(self._on_committed)
        form.undo_asked.connect(self._on_undo_asked)
        form.link_followed.connect(self._on_link_followed)
        form.child_added.connect(self._on_child_added)
        form.child_removed.connect(self._on_child_removed)
        head.back_asked.connect(self.shell.go_back)
        head.save_asked.connect(self.save)
        head.deed_chosen.connect(self.deeds.choose)
        side.summary.path_chosen.connect(self.go_to_field)
        side.duplicates.record_chosen.connect(self._on_twin_chosen)

    def _bind_keys(self) -> None:
        for keys, action in (
            ("Ctrl+S", self.save),
            ("F8", self._on_next_finding),
            ("Shift+F8", self._on_last_finding),
            ("Ctrl+PgDown", self._on_next_section),
            ("Ctrl+PgUp", self._on_last_section),
            ("Alt+PgDown", self._on_next_record),
            ("Alt+PgUp", self._on_last_record),
            ("Ctrl+Z", self._on_undo_asked),
            ("Ctrl+Shift+Z", self._on_redo_asked),
            ("Ctrl+Y", self._on_redo_asked),
            ("Ctrl+Shift+B", self._on_base_asked),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(action)

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
        return self._outlook

    def open(self, **where: Any) -> None:
        self.flush()
        self._keys, self._place = where.get("keys", ()), where.get("place", -1)
        record_id = where.get("record_id")
        held = self._session.view
        if record_id is None:
            self._use(self.workspace.collections.get(where.get("collection", ""), self._collection))
            self._begin(None)
        elif held is None or held.id != record_id:
            self._show_record(record_id)
        if where.get("field"):
            self.go_to_field(str(where["field"]))

    def _show_record(self, record_id: str) -> None:
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
        return self.saver.flush()

    def focus_first(self) -> None:
        """The list of sections, or the first question of a new record: a key pressed by chance must not type."""
        if self._session.view is None:
            self.screen_view.form.focus_first()
        else:
            self.screen_view.focus_sections()

    def begin_adding(self) -> bool:
        self.shell.go("record", collection=self._collection.name)
        return True

    def keys(self) -> Sequence[tuple[str, str]]:
        return (
            ("Ctrl+S", "Save what is typed"),
            ("F8, Shift+F8", "Next or last thing to put right"),
            ("Ctrl+Page Down, Ctrl+Page Up", "Next or last section"),
            ("Alt+Page Down, Alt+Page Up", "Next or last record of the list"),
            ("Alt+Down", "Open the choices or the calendar"),
            ("Ctrl+Z", "Undo, in the field and then of what was saved"),
            ("Ctrl+Shift+Z", "Do it again"),
            ("Ctrl+Shift+B", "Give the field the portal’s value"),
        )

    # --- showing

    def _begin(self, view: RecordView | None) -> None:
        self._session = FormSession(self._collection, view)
        self.saver.begin(self._session)
        self._insist = view is not None
        form = self.screen_view.form
        form.verticalScrollBar().setValue(0)
        form.show_document(self._session.document())
        form.set_read_only(view is not None and not view.editable, view.why_not_editable if view else "")
        self.screen_view.show_answers()
        self.screen_view.side.duplicates.show_people((), self._collection.portal_short)
        self._show_history([])
        self._look()
        self._show_head()
        QTimer.singleShot(0, self, self._on_shown)  # once the page is on screen

    def _on_shown(self) -> None:
        if not self.screen_view.form.focused_path():
            self.focus_first()

    def _show_head(self) -> None:
        view, head = self._session.view, self.screen_view.header
        document = self._session.document()
        name = spoken_name(self._collection.label(document)) if view or self._session.dirty else ""
        head.show_name(
            name or f"New {self._collection.singular}",
            look_of_view(view),
            view.caption if view else "",
            facts_of(self._collection, view, document, self._place, len(self._keys)),
        )
        unsaved = bool(self._session.typed)
        saved = saved_words(view, self.workspace.now())
        head.show_saved("Typing, not saved yet" if unsaved else saved, safe=not unsaved)
        head.show_deeds(deeds_of(self._collection, view))
        note = self.screen_view.closed_note
        note.setText(view.why_not_editable if view and not view.editable else "")
        note.setVisible(bool(note.text()))
        self.title_changed.emit(name or f"New {self._collection.singular}")

    def _look(self) -> None:
        """All rules on what is in the form right now, and what to say of it. About 3 ms for a trainee."""
        self._live.stop()
        session, screen = self._session, self.screen_view
        document = session.document()
        record_id = session.view.id if session.view else None
        self._findings = self.workspace.checks.live(self._collection.name, document, record_id)
        self._outlook = self._outlooker.look(
            session, self._findings, self.workspace.now(), insist=self._insist
        )
        screen.form.show_looks(self._outlook.fields)
        screen.show_sections(self._outlook)
        problems = self._outlook.problems
        joins = "once it is right" if len(problems) == 1 else "once all are right"
        screen.side.summary.show_problems(problems, f"Saved here meanwhile. It joins the queue {joins}.")
        errors = len(problems) + self._outlook.open_answers
        money = said_of(self._collection, document, session.view, errors, self.workspace.today())
        screen.side.money.show_money(money.amounts, money.what, money.aside, money.lines)

    def _show_history(self, entries: Sequence[HistoryEntry]) -> None:
        now = self.workspace.now()
        me = self.workspace.actor
        said = [
            Happening(words.when(e.at, now), e.text, e.actor if e.actor not in {me, ""} else "")
            for e in entries
        ]
        self.screen_view.side.history.show_entries(said[:_FEW])
        self.screen_view.history.show_entries(said)

    def _show_moved(self, moved: set[str]) -> None:
        """Show what moved, but for the row somebody is typing in; children keep their open cards."""
        form, session = self.screen_view.form, self._session
        for kind, old, new in session.take_renames():
            form.rename_child(kind, old, new)
        document = session.document()
        form.show_document(document, moved)
        for path in moved:
            if path.endswith("."):
                form.show_children(path[:-1], document)
        self._look()
        self._show_head()

    def show_view(self, view: RecordView) -> None:
        """The record as a deed left it."""
        if self._session.view is not None and self._session.view.id == view.id:
            self._show_moved(self._session.refreshed(view))

    def forget(self) -> None:
        """The record is gone; nothing of it may be saved any more."""
        self._session = FormSession(self._collection)
        self.saver.begin(self._session)

    # --- typing and saving

    def _on_edited(self, path: str, value: object) -> None:
        assert value is None or isinstance(value, str | int)
        self._session.type(path, value)
        self.screen_view.form.show_document(self._session.document(), ())
        self._live.start()
        if self._session.view is None or self._session.view.portal_id is None:
            self._twins.start()
        if self._session.typed:
            self.screen_view.header.show_saved("Typing, not saved yet", safe=False)

    def _on_committed(self, path: str) -> None:
        self._session.visited.add(path)
        row = self.screen_view.form.row(path)
        self.saver.commit(row.paths if row else (path,))
        if not self._session.dirty:
            self._show_head()
        self._live.start()

    def save(self) -> None:
        """Ctrl+S: everything typed is saved; with errors it stays a draft and the keyboard goes to the summary."""
        self.flush()
        self._insist = True
        self._look()
        self._show_head()
        if self._outlook.problems:
            self.screen_view.show_answers()
            self.screen_view.side.summary.take_focus()
            count = words.count(len(self._outlook.problems), "thing")
            self.shell.say(f"Saved here. {count} to put right before it can be sent")
        elif self._session.view is not None:
            self.shell.say("Saved here")

    def _on_landed(self, moved: set[str]) -> None:
        self._show_moved(moved)

    def _on_created(self, record_id: str) -> None:
        self._read_history(record_id)

    def _on_save_failed(self, trouble: Trouble) -> None:
        self.shell.warn(trouble.title, trouble.text)
        self._show_head()

    def _read_history(self, record_id: str) -> None:
        activity = self.workspace.activity
        self.operations.run(
            lambda: activity.entries(record_id, _MANY), self._show_history, key="record.history"
        )

    def _on_read_again(self, read: tuple[RecordView, Sequence[HistoryEntry]]) -> None:
        view, entries = read
        held = self._session.view
        if held is None or held.id != view.id:
            return
        self._show_history(entries)
        if view.version >= held.version and not self._session.busy:
            was_editable = held.editable
            self._show_moved(self._session.refreshed(view))
            if view.editable != was_editable:
                self.screen_view.form.set_read_only(not view.editable, view.why_not_editable)

    def _on_gone(self, trouble: Trouble) -> None:
        """The record is not here any more: back to the list, once the shell has shown this page."""
        self.forget()
        QTimer.singleShot(0, self, lambda: self._leave(trouble))

    def _leave(self, trouble: Trouble) -> None:
        self.shell.go("records")
        self.shell.warn(trouble.title, trouble.text)

    # --- links, undo, children

    def _on_link_followed(self, path: str, link: str) -> None:
        row = self.screen_view.form.row(path)
        paths = row.paths if row else (path,)
        if link == UNDO:
            self.saver.revert([p for p in paths if self._session.changed_here(p)])
        elif link == TAKE:
            self.deeds.take_theirs(paths)

    def _on_undo_asked(self) -> None:
        if self.saver.undo():
            self.shell.say("The last change is taken back. Ctrl+Shift+Z makes it again")

    def _on_redo_asked(self) -> None:
        if self.saver.redo():
            self.shell.say("The change is made again")

    def _on_base_asked(self) -> None:
        path = self.screen_view.form.focused_path()
        if path and self._session.changed_here(path):
            self._on_link_followed(path, UNDO)

    def _on_child_added(self, kind: str) -> None:
        child_id = self._session.open_child(kind)
        form = self.screen_view.form
        form.show_children(kind, self._session.document())
        form.focus_path(f"{kind}.{child_id}")

    def _on_child_removed(self, kind: str, child_id: str) -> None:
        self.screen_view.form.focus_path(kind)  # before the card goes, and the keyboard with it
        self.saver.remove_child(kind, child_id)
        self.shell.say("Removed here. Ctrl+Z brings it back")

    # --- going to places

    def go_to_field(self, path: str) -> None:
        """Put the keyboard into the row that answers `path`."""
        self.screen_view.show_answers()
        self.screen_view.form.focus_path(self._outlooker.row_of(path) or path)

    def _step_finding(self, step: int) -> None:
        paths = [p.path for p in self._outlook.problems]
        if not paths:
            self.shell.say("Nothing to put right here")
            return
        order = [row.path for row in self.screen_view.form.rows()]
        here = self.screen_view.form.focused_path()
        paths.sort(key=lambda p: order.index(p) if p in order else len(order))
        at = paths.index(here) if here in paths else (-1 if step > 0 else 0)
        self.go_to_field(paths[(at + step) % len(paths)])

    def _on_next_finding(self) -> None:
        self._step_finding(1)

    def _on_last_finding(self) -> None:
        self._step_finding(-1)

    def _on_next_section(self) -> None:
        self.screen_view.form.step_section(1)

    def _on_last_section(self) -> None:
        self.screen_view.form.step_section(-1)

    def _on_next_record(self) -> None:
        self._step_record(1)

    def _on_last_record(self) -> None:
        self._step_record(-1)

    def _step_record(self, step: int) -> None:
        place = self._place + step
        if not 0 <= place < len(self._keys) or not self.flush():
            return
        rows: Sequence[Row] = self.workspace.records.rows([self._keys[place]])
        if rows:
            self._place = place
            self._show_record(rows[0].id)
            self._read_history(rows[0].id)

    # --- the same person?

    def _look_for_twins(self) -> None:
        document, name = self._session.document(), self._collection.name
        records = self.workspace.records
        own = self._session.view.id if self._session.view else ""
        self.operations.run(
            lambda: records.possible_duplicates(name, document, own), self._on_twins_found, key="record.twins"
        )

    def _on_twins_found(self, rows: Sequence[Row]) -> None:
        people = [
            (row.id, ", ".join(str(p) for p in (row.label, row.facets.get(self._collection.own_key)) if p))
            for row in rows
        ]
        self.screen_view.side.duplicates.show_people(people, self._collection.portal_short)

    def _on_twin_chosen(self, record_id: str) -> None:
        self.shell.go("record", record_id=RecordId(record_id))

    # --- Qt

    def minimumSizeHint(self) -> QSize:
        return LEAST  # its parts are arranged anew before they would be cut

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.screen_view.fit(self.window().width())
