"""Keeps what stands half typed while it is typed, and offers it again after the program had ended in the middle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from desktop.model.document import Value
from desktop.model.errors import HoldfastError
from desktop.services.views import HalfTyped
from desktop.ui.operations import Operation, Operations
from desktop.ui.page import Shell

if TYPE_CHECKING:
    from desktop.services.workspace import Workspace
    from desktop.ui.record.page import RecordPage

KEEP_MS = 400
"""From a keystroke to the write; not from the last of them, so that steady typing is kept as it goes on."""


class Keeper(QObject):
    """Works for one page. What it found of an earlier run stays kept until the person decided about it."""

    def __init__(self, page: RecordPage) -> None:
        super().__init__(page)
        self._page = page
        self._offered: HalfTyped | None = None
        self._kept = False
        self._writing: Operation | None = None
        self._pause = QTimer(self, singleShot=True, interval=KEEP_MS)
        self._pause.timeout.connect(self._keep)

    def begin(self) -> None:
        """Another form is shown: is there anything of it from a run that ended in the middle?"""
        self._pause.stop()
        self._kept = False
        self._offered = self._page.workspace.drafts.of(*self._form)
        self._page.screen_view.left_over.show_half(self._offered, self._page.collection, self._may_put_back)

    @property
    def _form(self) -> tuple[str | None, str]:
        view = self._page.session.view
        return (view.id if view else None), self._page.collection.name

    @property
    def _may_put_back(self) -> bool:
        view = self._page.session.view
        return view is None or view.editable

    # --- while typing

    def note(self) -> None:
        """A key was pressed in a field."""
        if not self._pause.isActive():
            self._pause.start()

    def _values(self) -> dict[str, Value]:
        held = self._offered.values if self._offered else {}
        return {**held, **self._page.session.unsaved(), **self._page.screen_view.form.half_typed()}

    def _keep(self) -> None:
        values, (record_id, collection) = self._values(), self._form
        if not values:
            self.tidy()
            return
        self._kept = True
        drafts = self._page.workspace.drafts
        self._writing = self._page.operations.run(lambda: drafts.keep(record_id, collection, values))

    def tidy(self) -> None:
        """Something was saved or given up: what is left of it stays kept, and nothing else."""
        if self._kept and not self._page.session.busy:
            self._pause.stop()
            self._write(self._values())

    def _write(self, values: Mapping[str, Value]) -> None:
        (record_id, collection), drafts = self._form, self._page.workspace.drafts
        self._kept = bool(values)
        if values:
            self._page.operations.run(lambda: drafts.keep(record_id, collection, values))
        else:
            self._page.operations.run(lambda: drafts.forget(record_id, collection))

    def leave(self) -> None:
        """The page is left and everything is saved: tidied up at once, as the program may be about to end."""
        self._pause.stop()
        if not self._kept:
            return
        self._kept = False
        if self._writing is not None:
            self._writing.cancel()
        (record_id, collection), drafts = self._form, self._page.workspace.drafts
        try:
            if self._offered is not None:
                drafts.keep(record_id, collection, self._offered.values)
            else:
                drafts.forget(record_id, collection)
        except HoldfastError:
            return  # it is saved; what stays kept is seen to be so when it is read again

    def drop(self) -> None:
        """The record is gone, and what was typed in it with it."""
        if self._kept or self._offered is not None:
            self._offered = None
            self._write({})
        self._pause.stop()

    # --- after the program had ended

    def put_back(self) -> None:
        """The answers stand in their fields again; the keyboard goes to the last of them, which is saved when it is left."""
        half, self._offered = self._offered, None
        if half is None:
            return
        self._page.screen_view.left_over.hide()
        form, session = self._page.screen_view.form, self._page.session
        for path in half.values:
            kind, _, rest = path.partition(".")
            child_id = rest.partition(".")[0]
            if child_id and session.document().child(kind, child_id) is None:
                session.open_child(kind, child_id)
                form.show_children(kind, session.document())
        for path, value in half.values.items():
            form.focus_path(path)
            form.type_again(path, value)
        self._kept = True
        self.note()

    def throw_away(self) -> None:
        """The person does not want it."""
        self._offered = None
        self._page.screen_view.left_over.hide()
        self._write(self._values())
        self._page.shell.say("Thrown away. The record is as it was saved")
        self._page.focus_first()


class LeadBack(QObject):
    """At the start of the window: the record in which somebody was typing when the program ended is shown first."""

    def __init__(self, workspace: Workspace, operations: Operations, shell: Shell, parent: QObject) -> None:
        super().__init__(parent)
        self._shell = shell
        operations.run(workspace.drafts.latest, self._on_read)

    def _on_read(self, half: HalfTyped | None) -> None:
        if half is None:
            return
        where = {"record_id": half.record_id} if half.record_id else {"collection": half.collection}
        self._shell.go("record", **where)
