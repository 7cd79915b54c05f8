"""Cards and the lines that divide them. A card never stands inside a card."""

from __future__ import annotations

from typing import Literal, cast

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from desktop.ui import tokens
from desktop.ui.parts.text import Text
from desktop.ui.theme import colour, repolish

CardKind = Literal["plain", "money", "chosen", "error", "note"]

_EDGES = {"error": "refused", "note": "accent"}


class Card(QFrame):
    """A surface with a thin line and small corners; `error` and `note` have a 4 px edge at the left.

    `body` is its column; `padding` 16 or 20.
    """

    def __init__(
        self, kind: CardKind = "plain", padding: int = tokens.CARD_PADDING, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("card", kind)
        self._edge = _EDGES.get(kind, "")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(padding, padding, padding, padding)
        self.body.setSpacing(8)

    def set_kind(self, kind: CardKind) -> None:
        """Be of another kind."""
        if self.property("card") != kind:
            self.setProperty("card", kind)
            self._edge = _EDGES.get(kind, "")
            repolish(self)

    def add_head(self, title: str, *right: QWidget, aside: str = "") -> Text:
        """A head: title at the left, words beside it, widgets at the right. Gives the title's label."""
        row = QHBoxLayout()
        row.setSpacing(8)
        head = Text(title, "section")
        row.addWidget(head)
        if aside:
            row.addSpacing(4)
            row.addWidget(Text(aside, tone="ink2"))
        row.addStretch(1)
        for widget in right:
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        if right and right[-1].property("kind") == "link":
            row.addSpacing(-RING)
        self.body.addLayout(row)
        return head

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._edge:
            painter = QPainter(self)
            paint_edge(painter, self.rect(), self._edge)
            painter.end()


def paint_edge(painter: QPainter, area: QRect, key: str, width: int = 4) -> None:
    """The coloured left edge of a card or banner, cut to its corners (a sheet leaves a nick there)."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = QPainterPath()
    path.addRoundedRect(area, tokens.RADIUS_CARD, tokens.RADIUS_CARD)
    painter.setClipPath(path)
    painter.fillRect(QRect(area.left(), area.top(), width, area.height()), colour(key))
    painter.restore()


def line(strong: bool = False) -> QFrame:
    """A thin horizontal line."""
    found = QFrame()
    found.setProperty("part", "line2" if strong else "line")
    found.setFixedHeight(1)
    return found


def row(*parts: QWidget | int | None, spacing: int = 8) -> QHBoxLayout:
    """A row of widgets; a number is space in pixels, None stretches."""
    layout = QHBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    for part in parts:
        if part is None:
            layout.addStretch(1)
        elif isinstance(part, int):
            layout.addSpacing(part)
        else:
            layout.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
    return layout


RING = 4
"""Room that links and row buttons keep around their words for the focus ring."""


def outdent(part: QWidget | QLayout, *, right: bool = False) -> QHBoxLayout:
    """A row that moves a link's words back into line with the words above it; `right` lines up that side too."""
    layout = QHBoxLayout()
    layout.setSpacing(0)
    layout.addSpacing(-RING)
    if isinstance(part, QLayout):
        layout.addLayout(part, 1)
    else:
        layout.addWidget(part)
    if right:
        layout.addSpacing(-RING)
    elif isinstance(part, QWidget):
        layout.addStretch(1)
    return layout


def clear(layout: QLayout) -> None:
    """Empty a layout; its widgets are hidden at once and deleted later, inner layouts too."""
    while layout.count():
        item = layout.takeAt(0)
        # The stubs say that these are never None.
        widget, inner = cast("QWidget | None", item.widget()), cast("QLayout | None", item.layout())
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear(inner)
