"""What is said to screen readers beside what has the focus: each thing once, nothing left out, not all the time."""

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget

from desktop.ui.shell.announcer import Announcer

POLITE = QAccessible.AnnouncementPoliteness.Polite
AT_ONCE = QAccessible.AnnouncementPoliteness.Assertive


@pytest.fixture
def spoken(monkeypatch):
    """(words, politeness) of each event that left for the bus."""
    said = []

    def heard(event):
        said.append((event.message(), event.politeness()))

    monkeypatch.setattr("desktop.ui.shell.announcer.QAccessible.updateAccessibility", heard)
    return said


@pytest.fixture
def announcer(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    return Announcer(parent)


def test_first_words_are_said_at_once(announcer, spoken):
    announcer.say("Register trainee teachers is down.")
    assert spoken == [("Register trainee teachers is down.", POLITE)]


def test_what_comes_soon_after_waits_and_is_said_together_in_order(announcer, spoken):
    for words in ("Register is back.", "3 changes confirmed by the portal.", "Nothing is waiting any more."):
        announcer.say(words)
    announcer._on_turn()
    assert [words for words, _ in spoken] == [
        "Register is back.",
        "3 changes confirmed by the portal. Nothing is waiting any more.",
    ]


def test_newer_words_about_the_same_take_the_place_of_those_that_wait(announcer, spoken):
    announcer.say("Decision saved.")
    announcer.say("Saved here. 2 answers to put right before it can be sent")
    announcer.say("Saved here")
    announcer._on_turn()
    assert [words for words, _ in spoken] == ["Decision saved.", "Saved here."]


def test_same_words_twice_are_said_once(announcer, spoken):
    announcer.say("Register is back.")
    announcer.say("Saved here")
    announcer.say("Saved here")
    announcer._on_turn()
    announcer._on_turn()
    assert [words for words, _ in spoken] == ["Register is back.", "Saved here."]


def test_errors_are_said_at_once_and_once(announcer, spoken):
    announcer.say("Saved here")
    announcer.alert("Not saved: the disk is full.")
    announcer.alert("Not saved: the disk is full.")
    assert spoken[1:] == [("Not saved: the disk is full.", AT_ONCE)]


def test_same_error_later_is_said_again(announcer, spoken):
    announcer.alert("Not saved: the disk is full.")
    announcer.say("Saved here")
    announcer._on_turn()
    announcer.alert("Not saved: the disk is full.")
    assert [words for words, _ in spoken].count("Not saved: the disk is full.") == 2
