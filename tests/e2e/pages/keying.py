"""Type on the website: the list of what waits, and the sheet beside the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from tests.e2e.pages.person import Person
from tests.e2e.pages.screen import Screen

if TYPE_CHECKING:
    from desktop.handover.sheets import SheetPage
    from desktop.model.journey import Outcome
    from tests.e2e.pages.school_website import SchoolWebsite
    from tests.e2e.pages.window import App

STOPS = {
    "completed": "has already completed their induction",
    "already_registered": "is already registered at your school",
}
"""Outcome with which a website goes no further -> words of that page."""


class KeyingScreen(Screen):
    """The list of sheets."""

    @property
    def title(self) -> str:
        return str(self._page.statement if self._page.table.isVisible() else self._page.empty.title)

    def stand_on(self, *words: str) -> str:
        """Click the line that has these words; what the card says of it."""
        table = self._page.table
        rows = range(table.grouped.rowCount())
        place = next(r for r in rows if all(each in table.spoken_row(r) for each in words))
        self.person.click_line(table, table.grouped.index(place, 0))
        return str(self._page.card.story)

    def begin(self, *words: str) -> Sheet:
        """Down to somebody's line, Enter."""
        self.stand_on(*words)
        self.person.press(Qt.Key.Key_Return)
        return self._sheet()

    def take_over(self, name: str) -> tuple[str, Sheet]:
        """The sheet that somebody else has in hand: what is asked, and the sheet."""
        self.stand_on(name)
        asked = self.person.answering("Take it over", lambda: self.person.click("Take it over"))
        return asked, self._sheet()

    def leave_it(self, name: str) -> str:
        """Come to somebody else's sheet, and leave it to them; what is asked."""
        self.stand_on(name)
        return self.person.answering("Leave it to", lambda: self.person.click("Take it over"))

    def give_up(self, name: str) -> None:
        """A half-typed sheet waits as before."""
        self.stand_on(name)
        self.person.answering("Give it up", lambda: self.person.click("Give it up"))

    def is_there(self, name: str) -> None:
        """Somebody has looked on the website: it is there already."""
        self.stand_on(name)
        self.person.answering("It is there", lambda: self.person.click("It is there already"))

    # --- one after another

    def begin_run(self) -> Sheet:
        self.person.click("Type one after another")
        return self._sheet()

    def go_on(self) -> Sheet:
        """The next of the run, or the one that is half typed."""
        self.person.click("Go on with the next")
        return self._sheet()

    @property
    def run_says(self) -> str:
        """The card of the run, "" when there is none."""
        card = self._page.running.card
        return self.person.reads(card) if card.isVisible() else ""

    def _sheet(self) -> Sheet:
        self.person.wait()
        assert self._page.desk.window is not None, self.says
        return Sheet(self.person, self._page.desk.window)


class Sheet(Person):
    """A window of its own. What is copied goes to the website."""

    def __init__(self, app: App, window: Any) -> None:
        super().__init__(window, app.story)
        self._app = app
        window.activateWindow()
        self.wait_until(lambda: window.isActiveWindow() and window.focusWidget() is not None)

    def wait(self) -> None:
        self._app.wait()

    def type_all(self) -> dict[str, tuple[str, ...]]:
        """Enter for each answer of each page: question -> what came to the clipboard, in one part or three."""
        typed: dict[str, tuple[str, ...]] = {}
        while self.window.keying.page:
            for line in self.window.lines:
                self.wait_until(line.hasFocus)
                typed[line.line.label] = tuple(self._copied() for _ in line.line.copies)
                if not line.line.copies:
                    self.strike(Qt.Key.Key_Return)
            self.wait_until(self.window.done.hasFocus)
            self.press(Qt.Key.Key_Return)
            self.wait()
        return typed

    def _copied(self) -> str:
        self.strike(Qt.Key.Key_Return)
        return QGuiApplication.clipboard().text()

    def accepted(self, reference: str = "") -> None:
        """The website took it; with the reference that it showed, if it shows any."""
        if self.window.finish.reference.isVisible():
            self.wait_until(self.window.finish.reference.hasFocus)
            self.strike(reference)
        self.point(self.window.finish.accepted)
        self.wait()

    def refused(self) -> None:
        """The website went no further; the reason stands there already."""
        self.point(self.window.finish.refused)
        self.wait()

    def later(self) -> None:
        """The window's cross: the place is kept."""
        self.window.close()
        self.wait()

    # --- page by page, into a website that answers

    def type_into(self, website: SchoolWebsite) -> None:
        """Every page up to the end, or to where the website goes no further."""
        while self.window.keying.page:
            self.type_page(website)
            self.tell(website)

    def type_page(self, website: SchoolWebsite) -> None:
        """Copy each answer of the page into the question of its name, and press the button that the sheet names."""
        page = self.window.keying.open_page
        assert self.sees(page.heading), "the sheet names the page"
        if page.key == "ect":
            website.to_new_mentor(page.lines[0].copies[0])
        else:
            assert website.heading == page.heading
        for line in self.window.lines:
            self.wait_until(line.hasFocus)
            texts = [self._copied() for _ in line.line.copies]
            if not texts:
                self.strike(Qt.Key.Key_Return)
            if page.key != "ect":
                website.answer(line.line.label, texts)
        if page.key != "ect":
            website.press(page.button)

    def tell(self, website: SchoolWebsite) -> None:
        """Say what the website shows now."""
        page = self.window.keying.open_page
        if not page.outcomes:
            self.wait_until(self.window.done.hasFocus)
            self.press(Qt.Key.Key_Return)
        else:
            shown = self._shown(page, website)
            if shown.ends and self.window.asked.stops.isVisible():
                self.click("The website goes no further")
            self.click(shown.words)
        self.wait()

    def _shown(self, page: SheetPage, website: SchoolWebsite) -> Outcome:
        """The one of the page's outcomes that stands for what the website shows."""
        sheet = self.window.keying.sheet
        for outcome in page.outcomes:
            after = sheet.page(outcome.to or sheet.after(page.key, outcome.key)) if not outcome.ends else None
            if outcome.ends and STOPS.get(outcome.key, "?") in website.page.words:
                return outcome
            if after is not None and after.heading == website.heading:
                return outcome
        raise AssertionError(f"the sheet has no words for {website.page.words}")

    def back_to_the_beginning(self) -> None:
        """Alt+Left to the first page, as the website has forgotten the ones before."""
        while self.window.keying.page != self.window.keying.sheet.pages[0].key:
            self.press(Qt.Key.Key_Left, held=Qt.KeyboardModifier.AltModifier)
            self.wait()

    @property
    def whose(self) -> str:
        """Name as the list writes it."""
        return str(self.window.keying.item.record_label)

    @property
    def place(self) -> str:
        """Where it is among many."""
        return str(self.window.run_place.text())

    @property
    def heading(self) -> str:
        """The page that is open, "" at the end."""
        page = self.window.keying.open_page
        return str(page.heading) if page is not None else ""
