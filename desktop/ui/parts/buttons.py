"""Buttons: one main kind a page, the others quieter. A button says what it does."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.ui.icons import set_icon

Kind = Literal["primary", "secondary", "quiet", "danger", "link"]

_ICON_KEYS = {"primary": "onAccent", "quiet": "link", "link": "link", "danger": "refused"}


class Button(QPushButton):
    """A button with words, and an icon before them if it has one.

    `words` is what it says and its accessible name; the leading blank that keeps the icon away is only painted.
    """

    def __init__(
        self,
        words: str,
        kind: Kind = "secondary",
        icon: str = "",
        *,
        small: bool = False,
        tip: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon_name = icon
        self._allowed, self._told, self._forbidden = True, tip, ""
        self.setProperty("kind", kind)
        if small:
            self.setProperty("small", True)
        if icon:
            set_icon(self, icon, _ICON_KEYS.get(kind, "ink"))
        self.set_words(words)
        self.setToolTip(tip)
        self.setAutoDefault(False)
        if kind == "link":
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def words(self) -> str:
        return self.accessibleName()

    def set_words(self, words: str) -> None:
        """Say something else."""
        self.setText(f" {words}" if self._icon_name else words)
        self.setAccessibleName(words)

    def set_symbol(self, icon: str) -> None:
        """Stand another icon before the words."""
        self._icon_name = icon
        set_icon(self, icon, _ICON_KEYS.get(str(self.property("kind")), "ink"))
        self.set_words(self.words)

    def allow(self, allowed: bool, why_not: str = "") -> None:
        """Enable, or disable and say why in the tooltip."""
        self._allowed, self._told = allowed, "" if allowed else why_not
        self._show_allowed()

    @property
    def forbidden(self) -> str:
        """Why who sits here may not press it; "" = they may."""
        return self._forbidden

    def forbid(self, why: str) -> None:
        """Off for who sits here, whatever the page allows, and say why; "" = as the page says."""
        if why != self._forbidden:
            self._forbidden = why
            self._show_allowed()

    def _show_allowed(self) -> None:
        self.setEnabled(self._allowed and not self._forbidden)
        self.setToolTip(self._forbidden or self._told)


class IconButton(QPushButton):
    """A square button with an icon only; its name is the tooltip too."""

    def __init__(
        self, icon: str, name: str, *, framed: bool = True, key: str = "ink", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "square" if framed else "icon")
        set_icon(self, icon, key)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setAutoDefault(False)
