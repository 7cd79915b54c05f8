"""What a person does in the form, and what comes of it: typing, leaving a field, links, undo, degrees and the like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.ui.record.outlook import FIX, TAKE, UNDO
from desktop.ui.record.sides_popover import SidesPopover
from desktop.ui.record.sight import TYPING
from desktop.ui.trouble import Trouble

if TYPE_CHECKING:
    from desktop.ui.record.page import RecordPage
    from desktop.ui.record.screen import RecordScreen


class Editing(QObject):
    """Works for one page."""

    def __init__(self, page: RecordPage) -> None:
        super().__init__(page)
        self._page = page
        page.saver.landed.connect(self._on_landed)
        page.saver.failed.connect(self._on_save_failed)
        page.saver.created.connect(page.sight.read_history)

    def connect_form(self, screen: RecordScreen) -> None:
        """Listen to a form that was made."""
        form = screen.form
        form.edited.connect(self.on_edited)
        form.typing.connect(self._on_typing)
        form.committed.connect(self._on_committed)
        form.link_followed.connect(self._on_link_followed)
        form.child_added.connect(self._on_child_added)
        form.child_removed.connect(self._on_child_removed)

    # --- typing and saving

    def on_edited(self, path: str, value: object) -> None:
        """An answer as it stands after a keystroke."""
        assert value is None or isinstance(value, str | int)
        page = self._page
        page.session.type(path, value)
        page.screen_view.form.show_document(page.session.document(), ())
        page.sight.look_soon()
        page.twins.look_soon()
        if page.session.typed:
            page.screen_view.header.show_saved(TYPING, safe=False)
        else:
            page.sight.show_head()
        page.keeper.note()

    def _on_typing(self) -> None:
        self._page.screen_view.header.show_saved(TYPING, safe=False)
        self._page.keeper.note()

    def _on_committed(self, path: str) -> None:
        page = self._page
        page.session.visited.add(path)
        row = page.screen_view.form.row(path)
        page.saver.commit(row.paths if row else (path,))
        if not page.session.dirty:
            page.keeper.tidy()
            page.sight.show_head()
        page.sight.look_soon()

    def _on_landed(self, moved: set[str]) -> None:
        page = self._page
        page.sight.show_moved(moved)
        page.keeper.tidy()
        if not page.session.dirty:
            page.shell.status.news_found.emit("Saved here")

    def _on_save_failed(self, trouble: Trouble) -> None:
        self._page.shell.warn(trouble.title, trouble.text)
        self._page.sight.show_head()

    # --- taking back, taking over

    def give_base(self) -> None:
        """The field with the keyboard gets the portal's value."""
        path = self._page.screen_view.form.focused_path()
        if path in self._page.session.notes:
            self._on_link_followed(path, TAKE)
        elif path and self._page.session.changed_here(path):
            self._on_link_followed(path, UNDO)

    def show_sides(self) -> None:
        """Before, yours and the portal's of the field with the keyboard, beside it."""
        page = self._page
        row = page.screen_view.form.row(page.screen_view.form.focused_path())
        if row is not None:
            popover = SidesPopover(page, row)
            popover.link_followed.connect(self._on_link_followed)
            popover.open_under(row.control)

    def _on_link_followed(self, path: str, link: str) -> None:
        page = self._page
        row = page.screen_view.form.row(path)
        paths = row.paths if row else (path,)
        if link == UNDO:
            page.saver.revert([p for p in paths if page.session.changed_here(p)])
        elif link == TAKE:
            page.deeds.take_theirs(paths)
        elif link == FIX:
            self._fix(path)

    def _fix(self, path: str) -> None:
        """Answer with what the finding suggests, as if it had been typed and left."""
        page = self._page
        finding = page.sight.outlook.fixes.get(path)
        if finding is None or finding.suggestion is None:
            return
        page.session.type(finding.field, finding.suggestion.value)
        page.sight.show_moved({finding.field})
        page.saver.commit([finding.field])

    # --- degrees and the like

    def _on_child_added(self, kind: str) -> None:
        child_id = self._page.session.open_child(kind)
        form = self._page.screen_view.form
        form.show_children(kind, self._page.session.document())
        form.focus_path(f"{kind}.{child_id}")

    def add_child(self) -> None:
        """Another of the list in hand: that with the keyboard, else that of the section in sight."""
        form = self._page.screen_view.form
        kind = form.walk.kind_in_hand()
        if kind and form.takes_another(kind):
            self._on_child_added(kind)

    def remove_child(self) -> None:
        """The one that is being typed in."""
        kind, _, rest = self._page.screen_view.form.focused_path().partition(".")
        view = self._page.session.view
        if rest and (view is None or view.editable):
            self._on_child_removed(kind, rest.partition(".")[0])

    def _on_child_removed(self, kind: str, child_id: str) -> None:
        self._page.screen_view.form.focus_path(kind)  # before the card goes, and the keyboard with it
        self._page.saver.remove_child(kind, child_id)
        self._page.shell.say("Removed here. Ctrl+Z brings it back")
