"""A record: its questions, what the form says about each, and what was half typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt

from desktop.ui.fields.notes import Mark
from tests.e2e.pages.person import CTRL
from tests.e2e.pages.screen import Screen
from tests.ui.pressing import popup
from tests.ui.somebody import ABOUT_HER, HER_DEGREE, HER_NUMBERS

if TYPE_CHECKING:
    from tests.e2e.pages.window import App


class RecordScreen(Screen):
    """The form of one record."""

    def __init__(self, person: App) -> None:
        person.wait()
        super().__init__(person)

    # --- typing

    def enter_somebody(self) -> None:
        """A whole trainee from blank, by keyboard alone: person, course, funding, a degree, numbers."""
        for path, typed in ABOUT_HER:
            self._tab_to(path)
            self.person.strike(typed)
        self.person.strike(Qt.Key.Key_Tab)
        self.person.strike(Qt.Key.Key_PageDown, held=CTRL)
        self.person.press(Qt.Key.Key_Space)  # "Add a degree" has the keyboard
        degree = self.field.rpartition(".")[0]
        for name, typed in HER_DEGREE:
            self._tab_to(f"{degree}.{name}")
            self.person.strike(typed)
        while self.field != "provider_trainee_id":
            self.person.strike(Qt.Key.Key_PageDown, held=CTRL)
        for path, typed in HER_NUMBERS:
            self._tab_to(path)
            self.person.strike(typed)
        self.leave()

    def begin(self, path: str, typed: str) -> None:
        """Click into a text field and type over what is there, without leaving it."""
        self.person.point(self._row(path).control.inputs()[0])
        self.person.replace(typed)

    def answer(self, path: str, typed: str) -> None:
        """The same, and leave it with Tab: that saves."""
        self.begin(path, typed)
        self.leave()

    def choose(self, path: str, words: str) -> None:
        """Come to a question that has a list, type what it says there, and leave it with Tab."""
        self._row(path).control.inputs()[0].setFocus()
        self.person.strike(words)
        self.leave()
        self.person.come_back()

    def leave(self) -> None:
        """Tab out of the field: that saves it."""
        self.person.press(Qt.Key.Key_Tab)
        self.person.wait()

    def put_next_right(self, typed: str) -> None:
        """F8 leads to the next thing to put right; type over it."""
        self.person.press(Qt.Key.Key_F8)
        self.person.replace(typed)
        self.leave()

    def save(self) -> None:
        self.person.press(Qt.Key.Key_S, held=CTRL)

    def put_back(self) -> None:
        """What was half typed when the program ended."""
        self.person.click("Put it back")

    def add_placement(self, urn: str) -> None:
        """The button for it, the school's URN, Tab."""
        self.person.click("Add a placement")
        self.person.replace(urn)
        self.leave()

    def recommend(self, day: str) -> None:
        """Actions, Recommend, the day on which the standards were met, and the button that says who."""
        self.act("Recommend", day)

    def act(self, words: str, day: str) -> None:
        """An action of the menu that asks for one day."""
        self._choose_deed(words)
        dialog = self._page.deeds.dialog
        self.person.point(dialog._rows[0].control.inputs()[0])
        self.person.replace(day)
        self.person.press(Qt.Key.Key_Tab)
        self.person.wait_until(dialog.main_button.isEnabled)
        self.person.look(words.partition(" ")[0].lower())
        self.person.point(dialog.main_button)
        self.person.wait()

    def delete_draft(self) -> str:
        """Actions, Delete this draft, and yes; what was asked."""
        return self.person.answering("Delete this draft", lambda: self._choose_deed("Delete this draft"))

    def take_all_back(self) -> None:
        """Actions: everything as the portal has it."""
        self._choose_deed("Take back all changes")
        self.person.wait()

    def _choose_deed(self, words: str) -> None:
        self.person.click("Actions")
        menu = popup()
        action = next(a for a in menu.actions() if a.text().startswith(words))
        assert action.isEnabled(), action.toolTip()
        menu.setActiveAction(action)
        self.person.press(Qt.Key.Key_Return)

    def back(self) -> None:
        """Alt+Left: to where one came from."""
        self.person.press(Qt.Key.Key_Left, held=Qt.KeyboardModifier.AltModifier)

    def _tab_to(self, path: str) -> None:
        for _ in range(14):
            if self.field == path:
                return
            self.person.strike(Qt.Key.Key_Tab)
        raise AssertionError(f"{path} is not within fourteen Tabs; the keyboard is in {self.field!r}")

    # --- reading

    @property
    def field(self) -> str:
        """The question with the keyboard, "" for none."""
        return str(self._page.screen_view.form.focused_path())

    @property
    def name(self) -> str:
        """As the list writes it."""
        return str(self._page.session.view.label)

    @property
    def history(self) -> str:
        """All that ever happened to the record, under the form."""
        return self.person.reads(self._page.screen_view.history)

    def shown(self, path: str) -> str:
        """What stands in a field."""
        return str(self._row(path).control.inputs()[0].text())

    def said_of(self, path: str) -> str:
        """The lines under a field."""
        return " ".join(f"{note.text} {note.link_words}" for note in self._row(path).row.notes)

    def is_marked(self, path: str, mark: Mark) -> bool:
        return bool(self._row(path).row.mark == mark)

    def has_error(self, path: str) -> bool:
        return self.is_marked(path, Mark.ERROR)

    def moved_at_the_portal(self, path: str) -> bool:
        return self.is_marked(path, Mark.PORTAL)

    def _row(self, path: str) -> Any:
        return self._page.screen_view.form.row(path)
