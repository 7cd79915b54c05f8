"""Records: the list, its search and filters, what is selected, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QLineEdit, QListView

from tests.e2e.pages.person import CTRL, SHIFT
from tests.e2e.pages.record import RecordScreen
from tests.e2e.pages.screen import Screen
from tests.ui.pressing import popup

if TYPE_CHECKING:
    from tests.e2e.pages.window import App

HEADINGS = ("Your trainee ID", "HESA ID", "First names", "Last name", "Email address", "Expected end date")


class RecordsScreen(Screen):
    """The list with the keyboard in it."""

    def __init__(self, person: App) -> None:
        super().__init__(person)
        self._page.table.setFocus()

    # --- what stands there

    @property
    def count(self) -> int:
        return int(self._page.model.rowCount())

    @property
    def names(self) -> list[str]:
        """Names of all lines that were read so far."""
        rows = (self._page.model.row_at(place) for place in range(self.count))
        return [row.label for row in rows if row is not None]

    @property
    def selected(self) -> int:
        return int(self._page.model.tick_count)

    @property
    def here(self) -> str:
        """Name in the line with the keyboard."""
        return self.name_at(self._page.table.place())

    @property
    def place(self) -> int:
        return int(self._page.table.place())

    @property
    def top(self) -> int:
        """The first line in sight."""
        return int(self._page.table.top_place())

    def name_at(self, place: int) -> str:
        return str(self._page.model.row_at(place).label)

    # --- finding

    def search(self, text: str) -> None:
        """Ctrl+F, type, Enter."""
        self.person.press(Qt.Key.Key_F, held=CTRL)
        self.person.replace(text)
        self.person.press(Qt.Key.Key_Return)

    def filter(self, name: str, choice: str) -> None:
        """Tick one choice of a filter, by mouse."""
        self.person.point(self.person.button(name))
        choices = popup().findChild(QListView)
        model = choices.model()
        words = [str(model.index(place, 0).data()) for place in range(model.rowCount())]
        self.person.click_line(choices, model.index(words.index(choice), 0))
        self.person.press(Qt.Key.Key_Escape)
        self._page.table.setFocus()

    def go_to_end(self) -> None:
        self.person.press(Qt.Key.Key_End)

    def go_to(self, name: str) -> None:
        """Click a line; a list is scrolled to it."""
        self.person.click_line(self._page.table, self._page.model.index(self._line(name), 1))

    def open(self, name: str = "") -> RecordScreen:
        """Enter on the line of somebody, or on the line that one is on."""
        if name:
            self.go_to(name)
        self.person.press(Qt.Key.Key_Return)
        return RecordScreen(self.person)

    # --- many at once

    def select(self, names: Sequence[str]) -> None:
        """Tick these with Space."""
        for name in names:
            self.go_to(name)
            self.person.press(Qt.Key.Key_Space)

    def select_first(self, number: int) -> None:
        """Home, Space, then Shift and Down."""
        self.person.press(Qt.Key.Key_Home)
        self.person.press(Qt.Key.Key_Space)
        self.person.press(*[Qt.Key.Key_Down] * (number - 1), held=SHIFT)

    def select_all(self) -> None:
        """Ctrl+A: all that are shown."""
        self._page.table.setFocus()
        self.person.press(Qt.Key.Key_A, held=CTRL)

    def change_selected(self, question: str, answer: str) -> None:
        """F2, find the question, Enter, type the answer, do it."""
        self.person.press(Qt.Key.Key_F2)
        dialog = self._page.deeds.bulk.dialog
        dialog.findChild(QLineEdit).setFocus()
        self.person.strike(question)
        self.person.press(Qt.Key.Key_Return)
        (row,) = (r for r in dialog._rows.values() if r.row.isVisible())
        self.person.point(row.control.inputs()[0])
        self.person.replace(answer)
        self.person.press(Qt.Key.Key_Tab)
        self.person.wait_until(dialog.main_button.isEnabled)
        self.person.look("bulk")
        self.person.point(dialog.main_button)
        self.person.wait()

    # --- paste

    def paste_rows(self, lines: Sequence[Sequence[str]]) -> PasteDialog:
        """As copied in a spreadsheet, with its headings."""
        QGuiApplication.clipboard().setText("\n".join("\t".join(cells) for cells in [HEADINGS, *lines]))
        return self._paste()

    def read_file(self, path: Path) -> PasteDialog:
        """Ctrl+Shift+O; the file window of the system answers with `path`."""
        self._page.table.setFocus()
        with self.person.choosing(path):
            self.person.press(Qt.Key.Key_O, held=CTRL | SHIFT)
            self.person.wait()
        return PasteDialog(self.person, self._page.deeds.pasting.dialog)

    def paste_picture(self) -> PasteDialog:
        QGuiApplication.clipboard().setImage(QImage(64, 64, QImage.Format.Format_RGB32))
        return self._paste()

    def _paste(self) -> PasteDialog:
        """Ctrl+V in the list."""
        self._page.table.setFocus()
        self.person.press(Qt.Key.Key_V, held=CTRL)
        return PasteDialog(self.person, self._page.deeds.pasting.dialog)

    def _line(self, name: str) -> int:
        model = self._page.model
        rows = ((place, model.row_at(place)) for place in range(self.count))
        return next(place for place, row in rows if row is not None and row.label == name)


class PasteDialog:
    """What a spreadsheet would do here, before it does it."""

    def __init__(self, person: App, dialog: Any) -> None:
        self.person = person
        self._dialog = dialog

    @property
    def says(self) -> str:
        return self.person.reads(self._dialog)

    @property
    def kinds(self) -> list[str]:
        """How many rows of each kind, as the chips say it."""
        return [button.accessibleName() for button in self._dialog._choice.buttons()]

    def only(self, kind: str) -> None:
        """Show one kind of row."""
        self.person.click(kind, self._dialog)

    def save(self) -> None:
        self.person.point(self._dialog.main_button)
        self.person.wait()

    @property
    def may_save(self) -> bool:
        return bool(self._dialog.main_button.isEnabled())

    def close(self) -> None:
        self.person.press(Qt.Key.Key_Escape)
