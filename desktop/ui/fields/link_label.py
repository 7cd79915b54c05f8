"""A label with one link in it that the keyboard can follow: Enter or Space, with a focus ring round the words."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop.ui.parts.accessible_role import read_as
from desktop.ui.parts.focus import paint_focus
from desktop.ui.parts.text import Text, escape
from desktop.ui.theme import colour


class LinkLabel(Text):
    """`followed` carries the link's key. Without a link it takes no keyboard."""

    followed = Signal(str)

    def __init__(self, role: str = "table", parent: QWidget | None = None) -> None:
        super().__init__(role=role, wrap=True, parent=parent)
        self._link = ""
        self.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse)
        self.linkActivated.connect(self.followed)

    def show_words(self, before: str, link: str = "", link_words: str = "") -> None:
        """Rich text `before`, then the link, if there is one."""
        self._link = link
        html = before
        if link:
            ink = colour("link").name()
            html += f'<a href="{escape(link)}" style="color:{ink};font-weight:500">{escape(link_words)}</a>'
        self.set_html(html)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if link else Qt.FocusPolicy.NoFocus)
        read_as(self, QAccessible.Role.Link if link else QAccessible.Role.StaticText)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._link and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.followed.emit(self._link)
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint_focus(self, 3)
