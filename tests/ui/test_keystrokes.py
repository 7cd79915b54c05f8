"""A whole new trainee from blank by keyboard alone, counted key by key, against what Register's own pages need.

The counting rules and the numbers stand in docs/keystrokes.md. Run `pytest -rP tests/ui/test_keystrokes.py` for the table.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.model.standing import Sync
from desktop.ui.main_window import MainWindow
from desktop.ui.record.page import RecordPage
from tests.ui.pressing import keyboard
from tests.ui.somebody import ABOUT_HER, HER_DEGREE, HER_NUMBERS

pytestmark = [
    pytest.mark.opens("records"),
    pytest.mark.filterwarnings("ignore:Function. 'QApplication.setActiveWindow:DeprecationWarning"),
]

TARGET = 0.60

ANSWERS = {
    "first_names": "Zoraida",
    "last_name": "Ellwood",
    "date_of_birth": "2001-03-04",
    "sex": "10",
    "nationality": "GB",
    "email": "z.ellwood@example.org",
    "ethnicity": "160",
    "disability1": "95",
    "training_route": "12",
    "course_subject_1": "100403",
    "course_age_range": "13918",
    "study_mode": "01",
    "itt_aim": "202",
    "itt_qualification_aim": "020",
    "course_year": 1,
    "itt_start_date": "2026-09-07",
    "itt_end_date": "2027-07-02",
    "fund_code": "7",
    "funding_method": "D",
    "provider_trainee_id": "NM26-01204",
    "hesa_id": "2611234567890",
}
DEGREE = {
    "institution": "0149",
    "uk_degree": "083",
    "subject": "100403",
    "grade": "02",
    "graduation_year": 2024,
}


# --- Register's pages


@dataclass(frozen=True)
class Ask:
    """One question of a page: the keys that answer it once the keyboard is in it."""

    keys: int


def text(typed: str) -> Ask:
    return Ask(len(typed))


def day(typed: str) -> Ask:
    """Three boxes, a Tab between them."""
    return Ask(len(typed.replace(" ", "")) + 2)


def radio(place: int, of: int) -> Ask:
    """Space for the first; else arrows, from whichever end is nearer."""
    return Ask(1 if place == 1 else min(place - 1, of - place + 1))


def tick(place: int) -> Ask:
    """Boxes are walked by Tab; Space ticks."""
    return Ask(place)


REACH = 3
"""To the first question of a page: Tab and Enter on "Skip to main content", and Tab."""
GO_ON = 1
"""Enter in a question sends the page; no Tab to Continue is counted."""


def page(*asks: Ask) -> int:
    return REACH + sum(ask.keys for ask in asks) + (len(asks) - 1) + GO_ON


def check_page(rows: int) -> int:
    """What was answered, each with a Change link that Tab passes; "I have completed this section"; Continue."""
    return REACH + rows + 1 + GO_ON


def section_link(place: int) -> int:
    """From the record's list of sections into one of them."""
    return 2 + place + 1


def registers_keys() -> dict[str, int]:
    """Section -> keys, for a provider-led postgraduate trainee with one UK degree."""
    return {
        "Create a trainee record, route": (2 + 1 + 1) + page(radio(1, 8)),
        "Personal details": section_link(1)
        + page(text("Zoraida"), text(""), text("Ellwood"), day("4 3 2001"), radio(1, 4), tick(1))
        + check_page(4),
        "Contact details": section_link(2) + page(text("z.ellwood@example.org")) + check_page(1),
        "Diversity": section_link(3)
        + page(radio(1, 2))
        + page(radio(5, 6))
        + page(radio(1, 4))
        + page(radio(2, 3))
        + check_page(4),
        "Course details": section_link(4)
        + page(radio(2, 3))
        + page(text("mathem"), text(""), text(""), radio(1, 3))
        + page(radio(1, 2), day("7 9 2026"), day("2 7 2027"))
        + check_page(6),
        "Trainee start date and ID": section_link(5)
        + page(radio(1, 3))
        + page(text("NM26-01204"))
        + check_page(2),
        "Placements": section_link(6) + page(radio(2, 2)) + check_page(1),
        "Degree": section_link(7)
        + page(radio(1, 2))
        + page(text("university college lo"), text("mathematics"), text("bsc"), radio(2, 6), text("2024"))
        + check_page(6),
        "Funding": section_link(8) + page(radio(6, 6)) + page(radio(1, 2)) + check_page(2),
        "Review and submit": section_link(9) + REACH + 1,
    }


# --- Holdfast's form


class Typist:
    """Presses real keys in the window and counts them."""

    def __init__(self, window: MainWindow) -> None:
        self.count = 0
        self._window = window

    def _current_path(self) -> str:
        found = self._window.stack.page
        return found.screen_view.form.focused_path() if isinstance(found, RecordPage) else ""

    def _be_active(self) -> None:
        """The offscreen platform does not give a window its activation back when a popup closes; a real one does."""
        if QApplication.activePopupWidget() is None and not self._window.isActiveWindow():
            held = QApplication.focusWidget()
            QApplication.setActiveWindow(self._window)
            if held is not None:
                held.setFocus()

    def press(self, *keys: str | Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        for key in keys:
            letters: Any = key if isinstance(key, str) else (key,)
            for one in letters:
                self._be_active()
                QTest.keyClick(keyboard(), one, held)
                self.count += 1

    def tab_to(self, path: str) -> None:
        """Tab until the question has the keyboard; each Tab counts."""
        for _ in range(12):
            if self._current_path() == path:
                return
            self.press(Qt.Key.Key_Tab)
        raise AssertionError(f"{path} is not within twelve Tabs; the keyboard is in {self._current_path()!r}")

    def answer(self, path: str, typed: str | Qt.Key) -> None:
        self.tab_to(path)
        self.press(typed)


@pytest.fixture
def blank(window, in_front):
    """A window on the list of records, as when the next trainee comes."""
    in_front()
    return window


CTRL = Qt.KeyboardModifier.ControlModifier


def enter_trainee(window, settle) -> int:
    """From the list to a trainee that waits to be sent; the keys it took."""
    typist = Typist(window)
    typist.press(Qt.Key.Key_N, held=CTRL)
    settle(window)
    for path, typed in ABOUT_HER:
        typist.answer(path, typed)
    typist.press(Qt.Key.Key_Tab)
    typist.press(Qt.Key.Key_PageDown, held=CTRL)  # to Degrees, whose button has the keyboard then
    typist.press(Qt.Key.Key_Space)
    settle(window)

    child = window.stack.page.screen_view.form.focused_path().rpartition(".")[0]
    for name, typed in HER_DEGREE:
        typist.answer(f"{child}.{name}", typed)
    while window.stack.page.screen_view.form.focused_path() != "provider_trainee_id":
        typist.press(Qt.Key.Key_PageDown, held=CTRL)
        assert typist.count < 1_000
    for path, typed in HER_NUMBERS:
        typist.answer(path, typed)
    typist.press(Qt.Key.Key_Tab)
    settle(window)
    return typist.count


def test_a_trainee_from_blank_takes_at_most_six_tenths_of_registers_keys(blank, settle, workspace):
    ours = enter_trainee(blank, settle)
    theirs = registers_keys()
    table = [*theirs.items(), ("Register", sum(theirs.values())), ("Holdfast", ours)]
    sys.stdout.writelines(f"{name:34} {keys:4}\n" for name, keys in table)
    view = workspace.records.view(blank.stack.page.session.view.id)
    held = {name: view.document.get(name) for name in ANSWERS}
    assert held == ANSWERS
    assert view.document.children["degrees"][0].fields == DEGREE
    assert view.sync == Sync.QUEUED, [f.message for f in view.findings]
    assert ours <= TARGET * sum(theirs.values())
