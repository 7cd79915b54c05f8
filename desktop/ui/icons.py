"""Icons from `resources/icons`, recoloured to a token: one pixmap per name, colour, size and device ratio, cached.

`set_icon` is the way for widgets: it remembers name and colour on the widget, and all of them are put anew when the
theme changes. Painters use `paint_icon`, which renders at the painter's own device ratio.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QByteArray, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from desktop import paths
from desktop.ui.theme import colour, theme

STROKE = "1.9"


@lru_cache(maxsize=256)
def _source(name: str) -> str:
    """Text of an icon's SVG. Raises FileNotFoundError when it was not shipped."""
    text = (paths.resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    return text.replace('stroke-width="2"', f'stroke-width="{STROKE}"')


@lru_cache(maxsize=1024)
def _render(name: str, hex_colour: str, size: int, ratio: float) -> QPixmap:
    renderer = QSvgRenderer(QByteArray(_source(name).replace("currentColor", hex_colour).encode()))
    side = max(1, round(size * ratio))
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def pixmap(name: str, key: str = "ink2", size: int = 16, ratio: float = 1.0) -> QPixmap:
    """An icon in the colour of a token, `size` logical pixels wide at a device pixel ratio."""
    return _render(name, colour(key).name(), size, ratio)


def icon(name: str, key: str = "ink2", size: int = 16) -> QIcon:
    """An icon for buttons, menus and labels, sharp on every screen that is connected; grey when disabled."""
    app = QApplication.instance()
    ratios = {1.0, 1.5, 2.0}
    if isinstance(app, QApplication):
        ratios |= {screen.devicePixelRatio() for screen in app.screens()}
    return _icon(name, colour(key).name(), colour("disabledInk").name(), size, frozenset(ratios))


@lru_cache(maxsize=512)
def _icon(name: str, hex_colour: str, hex_disabled: str, size: int, ratios: frozenset[float]) -> QIcon:
    found = QIcon()
    for ratio in sorted(ratios):
        found.addPixmap(_render(name, hex_colour, size, ratio), QIcon.Mode.Normal)
        found.addPixmap(_render(name, hex_disabled, size, ratio), QIcon.Mode.Disabled)
    return found


def paint_icon(painter: QPainter, name: str, key: str, area: QRect) -> None:
    """Paint an icon in the middle of `area`, as large as its smaller side."""
    side = min(area.width(), area.height())
    ratio = painter.device().devicePixelRatioF()
    corner = QPoint(area.x() + (area.width() - side) // 2, area.y() + (area.height() - side) // 2)
    painter.drawPixmap(QPointF(corner), pixmap(name, key, side, ratio))


@runtime_checkable
class ShowsIcon(Protocol):
    """A label that paints its icon itself."""

    def show_icon(self, name: str, key: str, side: int) -> None:
        """Be this icon."""


def set_icon(widget: QAbstractButton | QLabel, name: str, key: str = "ink2", size: int = 16) -> None:
    """Give a button or label an icon that follows the theme."""
    if not theme().property("iconsFollow"):
        theme().setProperty("iconsFollow", True)
        theme().changed.connect(refresh_icons)
    widget.setProperty("iconName", name)
    widget.setProperty("iconKey", key)
    widget.setProperty("iconSide", size)
    _put(widget)


def refresh_icons() -> None:
    """Colour all icons of `set_icon` anew."""
    for widget in QApplication.allWidgets():
        if widget.property("iconName"):
            _put(widget)


def _put(widget: QWidget) -> None:
    name, key = str(widget.property("iconName")), str(widget.property("iconKey"))
    size = int(widget.property("iconSide"))
    if isinstance(widget, QAbstractButton):
        widget.setIcon(icon(name, key, size))
        widget.setIconSize(QSize(size, size))
    elif isinstance(widget, ShowsIcon):
        widget.show_icon(name, key, size)
    elif isinstance(widget, QLabel):
        widget.setPixmap(pixmap(name, key, size, widget.devicePixelRatioF()))
        widget.setFixedSize(size, size)


def mark(size: int, ratio: float = 1.0) -> QPixmap:
    """The program's own mark in the accent of the theme, `size` logical pixels."""
    text = (paths.resources() / "icons" / "holdfast.svg").read_text(encoding="utf-8")
    colours = theme().colours
    text = text.replace("#0D5868", colours["accent"]).replace("#FFFFFF", colours["onAccent"])
    side = round(size * ratio)
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(text.encode())).render(painter, QRectF(0, 0, side, side))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture
