"""What the Actions menu does: steps that cannot be undone, copying, taking back, deleting a draft."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.model.document import Fields, patch_of, value_at
from desktop.services.records import ActionRefused
from desktop.services.views import RecordView
from desktop.ui.parts.ask import ask
from desktop.ui.record.action_dialog import ActionDialog
from desktop.ui.record.everything import Everything
from desktop.ui.record.facts import spoken_name
from desktop.ui.record.menu import ACT, COPY, DECIDE, DISCARD, EVERYTHING, PAPER, REVERT
from desktop.ui.record.paper import Paper
from desktop.ui.trouble import Trouble

if TYPE_CHECKING:
    from desktop.ui.record.page import RecordPage


class Deeds(QObject):
    """Works for one page. Each deed first puts on disk what is typed."""

    def __init__(self, page: RecordPage) -> None:
        super().__init__(page)
        self._page = page
        self.paper = Paper(page)
        self.everything = Everything(page)
        self.dialog: ActionDialog | None = None

    def choose(self, key: str) -> None:
        """Do what a line of the menu says."""
        view = self._page.session.view
        if view is None or not self._page.flush():
            return
        if key.startswith(ACT):
            self._ask_action(view, key.removeprefix(ACT))
        elif key == COPY:
            records = self._page.workspace.records
            self._page.operations.run(lambda: records.copy(view.id), self._on_copied)
        elif key == REVERT:
            self._page.saver.revert()
            self._page.shell.say("Everything is as the portal has it. Ctrl+Z brings your changes back")
        elif key == DECIDE:
            self._page.shell.go("needs", record_id=view.id)
        elif key == PAPER:
            self.paper.ask(view)
        elif key == EVERYTHING:
            self.everything.ask(view)
        elif key == DISCARD:
            self._ask_discard(view)

    def take_theirs(self, paths: Sequence[str]) -> None:
        """The portal's value for these answers: a conflict of them is settled, else they are given its value."""
        view = self._page.session.view
        if view is None:
            return
        gone = self._page.session.forget_typed(paths)
        conflict = view.conflict
        rows = [f for f in conflict.fields if f.field in paths] if conflict else []
        if conflict is not None and rows and conflict.by_fields:
            units = {f.unit for f in rows}
            choices = {f.field: "theirs" for f in conflict.fields if f.unit in units}
            conflicts = self._page.workspace.conflicts
            self._page.operations.run(lambda: conflicts.resolve(conflict.id, dict(choices)), self._on_settled)
            return
        if not any(self._page.session.changed_here(path) for path in paths):
            self._page.sight.show_moved(gone)  # the record has the portal's already
            return
        values = {path: value_at(view.base, path) for path in paths}
        records = self._page.workspace.records
        patch = patch_of(view.document, values)
        self._page.operations.run(lambda: records.edit(view.id, patch).view, self._on_settled)

    # --- steps that cannot be undone

    def _ask_action(self, view: RecordView, name: str) -> None:
        page = self._page
        action = page.collection.action(name)
        if action is None:
            return
        checks, collection = page.workspace.checks, page.collection.name
        dialog = ActionDialog(
            action,
            spoken_name(view.label),
            lambda fields: checks.action(collection, view.id, name, fields),
            lists=page.collection.code_lists,
            today=page.workspace.today(),
            parent=page,
        )
        self.dialog = dialog
        dialog.confirmed.connect(self._on_confirmed)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_confirmed(self, fields: Fields) -> None:
        view, dialog = self._page.session.view, self.dialog
        if view is None or dialog is None:
            return
        name, records = dialog.action.name, self._page.workspace.records
        self._page.operations.run(
            lambda: records.act(view.id, name, fields), self._on_acted, on_failure=self._on_action_refused
        )

    def _on_acted(self, view: RecordView) -> None:
        action = self.dialog.action if self.dialog else None
        label = action.label if action else "It"
        if self.dialog is not None:
            self.dialog.accept()
            self.dialog = None
        self._page.show_view(view)
        if action is not None and action.by_hand:
            self._page.shell.say(f"{label}: asked for. The sheet to type from is in Hand-over")
        else:
            self._page.shell.say(f"{label}: waiting to be sent. You can take it back in Waiting until then")

    def _on_action_refused(self, trouble: Trouble) -> None:
        if self.dialog is not None and isinstance(trouble.error, ActionRefused):
            self.dialog.show_findings(trouble.error.findings)
        else:
            self._page.shell.warn(trouble.title, trouble.text)

    # --- the rest

    def _on_copied(self, view: RecordView) -> None:
        self._page.shell.go("record", record_id=view.id)
        self._page.shell.say("Copied. Change what is different")

    def _on_settled(self, view: RecordView) -> None:
        self._page.show_view(view)
        self._page.shell.say("The portal’s value is taken. Yours stays in the history")

    def _ask_discard(self, view: RecordView) -> None:
        title = f"Delete the draft of {spoken_name(view.label)}?"
        text = "It was never sent. What it held stays readable in the history."
        if ask(self._page, title, text, "Delete this draft", "Keep it"):
            self.discard(view)

    def discard(self, view: RecordView) -> None:
        """Delete a draft that the person gave up, and go back to the list."""
        records = self._page.workspace.records
        self._page.operations.run(lambda: records.discard(view.id), self._on_discarded)

    def _on_discarded(self, _nothing: object) -> None:
        self._page.forget()
        self._page.shell.go("records")
        self._page.shell.say("Draft deleted")
