"""Walking by keys: from finding to finding, section to section, record to record."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut

from desktop.services.views import Row

if TYPE_CHECKING:
    from desktop.ui.record.page import RecordPage


class Steps(QObject):
    """Works for one page. `keys`, `place`: the list that the record was opened from, and where in it; () and -1 for none."""

    def __init__(self, page: RecordPage) -> None:
        super().__init__(page)
        self._page = page
        self.keys: Sequence[int] = ()
        self.place = -1

    def bind_keys(self) -> None:
        page, editing = self._page, self._page.editing
        for keys, action in (
            ("Ctrl+S", page.save),
            ("F8", partial(self._step_finding, 1)),
            ("Shift+F8", partial(self._step_finding, -1)),
            ("Ctrl+PgDown", partial(self._step_section, 1)),
            ("Ctrl+PgUp", partial(self._step_section, -1)),
            ("Alt+PgDown", partial(self._step_record, 1)),
            ("Alt+PgUp", partial(self._step_record, -1)),
            ("Ctrl+Shift+B", editing.give_base),
            ("Ctrl+I", editing.show_sides),
            ("Ctrl+Shift+A", editing.add_child),
            ("Ctrl+Shift+Backspace", editing.remove_child),
        ):
            shortcut = QShortcut(QKeySequence(keys), page)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(action)

    def _step_finding(self, step: int) -> None:
        page, form = self._page, self._page.screen_view.form
        paths = [p.path for p in page.outlook.problems]
        if not paths:
            page.shell.say("Nothing to put right here")
            return
        order = [row.path for row in form.rows()]
        here = form.focused_path()
        paths.sort(key=lambda p: order.index(p) if p in order else len(order))
        at = paths.index(here) if here in paths else (-1 if step > 0 else 0)
        page.go_to_field(paths[(at + step) % len(paths)])

    def _step_section(self, step: int) -> None:
        self._page.screen_view.form.walk.step(step)

    def _step_record(self, step: int) -> None:
        place = self.place + step
        if not 0 <= place < len(self.keys) or not self._page.flush():
            return
        rows: Sequence[Row] = self._page.workspace.records.rows([self.keys[place]])
        if rows:
            self.place = place
            self._page.show_record(rows[0].id)
            self._page.sight.read_history(rows[0].id)
