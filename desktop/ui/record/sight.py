"""What the page says of the form: findings, marks, money, head, history. Everything is worked out anew, nothing kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from desktop.model.collection import Collection
from desktop.services.views import HistoryEntry
from desktop.ui import words
from desktop.ui.record.facts import facts_of, look_of_view, saved_words, spoken_name
from desktop.ui.record.menu import deeds_of
from desktop.ui.record.money_words import said_of
from desktop.ui.record.outlook import Outlook, Outlooker, spoken_value
from desktop.ui.record.side_panel import Happening

if TYPE_CHECKING:
    from desktop.ui.record.page import RecordPage

LIVE_MS = 0
"""Once the keys that came together are all in."""
_FEW, _MANY = 3, 100
TYPING = "Typing, not saved yet"


class Sight(QObject):
    """Works for one page. `insist` = say also what was never answered (an old draft, or after Save)."""

    def __init__(self, page: RecordPage) -> None:
        super().__init__(page)
        self._page = page
        self._outlooker = Outlooker(page.collection)
        self.outlook = Outlook()
        self.entries: Sequence[HistoryEntry] = ()
        self.insist = True
        self._live = QTimer(self, singleShot=True, interval=LIVE_MS)
        self._live.timeout.connect(self.look)

    def use(self, collection: Collection) -> None:
        """Speak of another collection's form from now on."""
        self._outlooker = Outlooker(collection)

    def row_of(self, path: str) -> str:
        """The row that shows a finding's field; the path itself when there is none."""
        return self._outlooker.row_of(path) or path

    def look_soon(self) -> None:
        """`look` when the keys that wait are typed."""
        self._live.start()

    def look(self) -> None:
        """All rules on what is in the form right now, and what to say of it. About 3 ms for a trainee."""
        self._live.stop()
        page = self._page
        session, screen, collection = page.session, page.screen_view, page.collection
        document = session.document()
        record_id = session.view.id if session.view else None
        findings = page.workspace.checks.live(collection.name, document, record_id)
        self.outlook = self._outlooker.look(session, findings, page.workspace.now(), insist=self.insist)
        screen.form.show_looks(self.outlook.fields)
        screen.show_sections(self.outlook)
        problems = self.outlook.problems
        joins = "once it is right" if len(problems) == 1 else "once all are right"
        screen.side.summary.show_problems(problems, f"Saved here meanwhile. It joins the queue {joins}.")
        errors = len(problems) + self.outlook.open_answers
        money = said_of(collection, document, session.view, errors, page.workspace.today())
        screen.side.money.setVisible(collection.pays)
        screen.side.money.show_money(money.amounts, money.what, money.aside, money.lines, known=money.known)

    def show_head(self) -> None:
        """Name, state, facts, when it was saved, what can be done."""
        page = self._page
        view, head, collection = page.session.view, page.screen_view.header, page.collection
        document = page.session.document()
        named = view is not None or page.session.dirty
        name = (spoken_name(collection.label(document)) if named else "") or f"New {collection.singular}"
        place, count = page.steps.place, len(page.steps.keys)
        facts = facts_of(collection, view, document, place, count)
        head.show_name(name, look_of_view(view), view.caption if view else "", facts)
        unsaved = bool(page.session.typed)
        head.show_saved(TYPING if unsaved else saved_words(view, page.workspace.now()), safe=not unsaved)
        head.show_deeds(deeds_of(collection, view))
        note = page.screen_view.closed_note
        note.setText(view.why_not_editable if view and not view.editable else "")
        note.setVisible(bool(note.text()))
        page.title_changed.emit(name)

    def show_moved(self, moved: Iterable[str]) -> None:
        """Show what moved, but for the row somebody is typing in; children keep their open cards."""
        form, session = self._page.screen_view.form, self._page.session
        for kind, old, new in session.take_renames():
            form.rename_child(kind, old, new)
        document = session.document()
        moved = set(moved)
        form.show_document(document, moved)
        for path in moved:
            if path.endswith("."):
                form.show_children(path[:-1], document)
        self.look()
        self.show_head()

    def read_history(self, record_id: str) -> None:
        """Read it in the store lane, then show it."""
        activity = self._page.workspace.activity
        self._page.operations.run(
            lambda: activity.entries(record_id, _MANY), self.show_history, key="record.history"
        )

    def show_history(self, entries: Sequence[HistoryEntry]) -> None:
        """The newest few at the side, all of them under the form."""
        self.entries = entries
        now, me = self._page.workspace.now(), self._page.workspace.actor
        said = [
            Happening(words.when(e.at, now), self._told(e), e.actor if e.actor not in {me, ""} else "")
            for e in entries
        ]
        self._page.screen_view.side.history.show_entries(said[:_FEW])
        self._page.screen_view.history.show_entries(said)

    def _told(self, entry: HistoryEntry) -> str:
        """A line of history; a decision with the answers that were not chosen, which stay readable."""
        lost = entry.detail.get("lost") if entry.event == "resolved" else None
        if not lost:
            return entry.text
        said = (spoken_value(self._page.collection, path, value) for path, value in lost.items())
        return f"{entry.text}. Not chosen: {'; '.join(said)}"
