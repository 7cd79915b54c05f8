"""A painted part or a link tells a screen reader what it is, and keeps the name that it has."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget
from shiboken6 import Shiboken

from desktop.ui.fields.link_label import LinkLabel
from desktop.ui.parts.accessible_role import read_as


@pytest.fixture
def painted(qtbot):
    made = QWidget()
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setAccessibleName("Portal in the last 24 hours")
    made.setAccessibleDescription("never down")
    qtbot.addWidget(made)
    return made


def _reader(widget):
    return QAccessible.queryAccessibleInterface(widget)


def test_painted_part_has_the_role_that_it_was_given(painted):
    assert _reader(painted).role() == QAccessible.Role.Client
    read_as(painted, QAccessible.Role.PushButton)
    found = _reader(painted)
    assert found.role() == QAccessible.Role.PushButton
    assert found.text(QAccessible.Text.Name) == "Portal in the last 24 hours"
    assert found.text(QAccessible.Text.Description) == "never down"
    assert found.state().focusable


def test_label_is_a_link_while_it_has_one(qtbot):
    label = LinkLabel()
    qtbot.addWidget(label)
    label.show_words("The portal still has <b>Ann</b>. ", "undo", "Undo")
    assert _reader(label).role() == QAccessible.Role.Link
    assert _reader(label).text(QAccessible.Text.Name) == "The portal still has Ann. Undo"
    label.show_words("Nothing changed.")
    assert _reader(label).role() == QAccessible.Role.StaticText


def test_goes_with_its_widget(painted):
    part = QWidget(painted)
    read_as(part, QAccessible.Role.Chart)
    found = _reader(part)
    Shiboken.delete(part)
    assert not Shiboken.isValid(found)
