"""Light, dark and high contrast, text size and density: palette, style sheet, fonts and the focus ring of the whole program.

`apply_theme` sets them up; afterwards `theme()` is the one in force, `colour("ink")` gives its colours and
`theme().changed` says when they moved. Widgets that paint themselves ask `colour` at paint time and need nothing else.
GUI thread only.
"""

from __future__ import annotations

import atexit
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QApplication,
    QProxyStyle,
    QPushButton,
    QStyle,
    QStyleOption,
    QWidget,
)

from desktop import paths
from desktop.ui import tokens
from desktop.ui.sheet import style_sheet

Mode = Literal["system", "light", "dark"]
Density = Literal["comfortable", "compact"]

_FALLBACKS = {
    "win32": ("Segoe UI",),
    "darwin": (),
    "linux": ("Noto Sans", "DejaVu Sans"),
}
_SHEET_ICONS = {
    # file name: (strokes, colour key)
    "check": ('<path d="M20 6 9 17l-5-5"/>', "onAccent", 3.2),
    "tick": ('<path d="M20 6 9 17l-5-5"/>', "ink", 2.0),
    "minus": ('<path d="M5 12h14"/>', "onAccent", 3.2),
    "dot": ('<circle cx="12" cy="12" r="7" stroke="none" fill="currentColor"/>', "accent", 2.0),
    "chevron-down": ('<path d="m6 9 6 6 6-6"/>', "ink2", 2.0),
    "chevron-down-off": ('<path d="m6 9 6 6 6-6"/>', "disabledInk", 2.0),
}

_COLOURS: Mapping[tuple[bool, bool], Mapping[str, str]] = {
    # (high contrast, dark)
    (False, False): tokens.LIGHT,
    (False, True): tokens.DARK,
    (True, False): tokens.CONTRAST_LIGHT,
    (True, True): tokens.CONTRAST_DARK,
}


class Theme(QObject):
    """What is in force now. Made by `apply_theme`; others only read it and listen to `changed`."""

    changed = Signal()
    """Colours, text size or density moved; the sheet is already set."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self.mode: Mode = "system"
        self.scale = 100
        self.density: Density = "comfortable"
        self.dark = False
        self.contrast = False
        self.family = load_fonts()
        self.colours: Mapping[str, str] = tokens.LIGHT
        self._cache: dict[str, QColor] = {}
        self._folder = Path(tempfile.mkdtemp(prefix="holdfast-theme-"))
        atexit.register(shutil.rmtree, self._folder, ignore_errors=True)
        self._busy = False
        app.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)

    @property
    def metrics(self) -> tokens.Metrics:
        return tokens.COMPACT if self.density == "compact" else tokens.COMFORTABLE

    def set(
        self,
        mode: Mode | None = None,
        scale: int | None = None,
        density: Density | None = None,
        contrast: bool | None = None,
    ) -> None:
        """Change what is given and keep the rest; does nothing when nothing moves."""
        high = self.contrast if contrast is None else contrast
        wanted = (mode or self.mode, scale or self.scale, density or self.density, high)
        if wanted != (self.mode, self.scale, self.density, self.contrast):
            self.mode, self.scale, self.density, self.contrast = wanted
            self.fill()

    def fill(self) -> None:
        """Put palette, font and sheet in force, then say so."""
        self._busy = True
        try:
            hints = self._app.styleHints()
            hints.setColorScheme(
                {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}.get(
                    self.mode, Qt.ColorScheme.Unknown
                )
            )
            self.dark = self.mode == "dark" or (
                self.mode == "system" and hints.colorScheme() == Qt.ColorScheme.Dark
            )
            high = high_contrast()
            self.colours = _COLOURS[self.contrast or high, self.dark]
            self._cache.clear()
            self._app.setFont(self.font("body"))
            if high:
                self._app.setStyleSheet("")
                self._app.setPalette(self._app.style().standardPalette())
            else:
                self._app.setPalette(self._palette())
                self._app.setStyleSheet(style_sheet(self._values()))
        finally:
            self._busy = False
        self.changed.emit()

    def colour(self, key: str) -> QColor:
        """The colour of a token. Raises KeyError for a name that is none."""
        found = self._cache.get(key)
        if found is None:
            found = self._cache[key] = QColor(self.colours[key])
        return found

    def points(self, role: str) -> float:
        """Text size of a role in points, with the person's text size and the platform's dots to the inch."""
        per_inch = 4 / 3 if sys.platform == "darwin" else 1.0
        return tokens.TEXT_PT[role] * self.scale / 100 * per_inch

    def font(self, role: str = "body", weight: int = 0) -> QFont:
        """The font of a text role; `weight` 400, 500 or 600, 0 = the role's own."""
        font = QFont(self.family)
        font.setPointSizeF(self.points(role))
        font.setWeight(QFont.Weight(weight or tokens.TEXT_WEIGHT[role]))
        return font

    def _palette(self) -> QPalette:
        roles = {
            QPalette.ColorRole.Window: "canvas",
            QPalette.ColorRole.WindowText: "ink",
            QPalette.ColorRole.Base: "surface",
            QPalette.ColorRole.AlternateBase: "sunken",
            QPalette.ColorRole.Text: "ink",
            QPalette.ColorRole.PlaceholderText: "ink3",
            QPalette.ColorRole.Button: "surface",
            QPalette.ColorRole.ButtonText: "ink",
            QPalette.ColorRole.BrightText: "refused",
            QPalette.ColorRole.Highlight: "accent",
            QPalette.ColorRole.HighlightedText: "onAccent",
            QPalette.ColorRole.Accent: "accent",
            QPalette.ColorRole.Link: "link",
            QPalette.ColorRole.LinkVisited: "link",
            QPalette.ColorRole.ToolTipBase: "raised",
            QPalette.ColorRole.ToolTipText: "ink",
            QPalette.ColorRole.Light: "surface",
            QPalette.ColorRole.Midlight: "hover",
            QPalette.ColorRole.Mid: "line2",
            QPalette.ColorRole.Dark: "control",
            QPalette.ColorRole.Shadow: "control",
        }
        palette = QPalette()
        for role, key in roles.items():
            palette.setColor(role, self.colour(key))
        for role in (
            QPalette.ColorRole.WindowText,
            QPalette.ColorRole.Text,
            QPalette.ColorRole.ButtonText,
        ):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.colour("disabledInk"))
        return palette

    def _values(self) -> dict[str, str | int | float]:
        metrics = self.metrics
        sizes = {role: f"{self.points(role):.2f}" for role in tokens.TEXT_PT}
        return {
            **self.colours,
            **sizes,
            "radius": tokens.RADIUS_CONTROL,
            "radiusCard": tokens.RADIUS_CARD,
            "fieldIn": metrics.field - 2,
            "fieldFocus": metrics.field - 4,
            "smallIn": metrics.field - 6,
            "chipIn": metrics.field - 6,
            "railItem": metrics.rail_item,
            "urls": self._sheet_icons(),
        }

    def _sheet_icons(self) -> str:
        """Folder with the few pictures which only a sheet can place, in today's colours."""
        folder = self._folder / f"{'dark' if self.dark else 'light'}-{'high' if self.contrast else 'usual'}"
        if not folder.exists():
            folder.mkdir()
            for name, (shape, key, width) in _SHEET_ICONS.items():
                text = (
                    '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 24 24" '
                    f'fill="none" stroke="currentColor" stroke-width="{width}" stroke-linecap="round" '
                    f'stroke-linejoin="round">{shape}</svg>'
                )
                (folder / f"{name}.svg").write_text(
                    text.replace("currentColor", self.colours[key]), encoding="utf-8"
                )
        return folder.as_posix()

    def _on_scheme_changed(self) -> None:
        if self.mode == "system" and not self._busy:
            self.fill()


class RingStyle(QProxyStyle):
    """Fusion with our focus ring: 2 px at the edge and, on buttons, a 2 px gap to the fill. Keyboard only."""

    def _draw_ring(self, option: QStyleOption, painter: QPainter, widget: QWidget) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        button = isinstance(widget, QPushButton)
        area = QRectF(widget.rect() if button else option.rect)  # type: ignore[attr-defined]
        if button and widget.property("kind") == "primary":
            painter.setPen(QPen(colour("surface"), 2))
            painter.drawRoundedRect(area.adjusted(3, 3, -3, -3), 2, 2)
        painter.setPen(QPen(colour("focus"), 2))
        painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), tokens.RADIUS_CONTROL, tokens.RADIUS_CONTROL)
        painter.restore()

    def drawPrimitive(
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        if element == QStyle.PrimitiveElement.PE_FrameFocusRect and widget is not None:
            if option.state & QStyle.StateFlag.State_KeyboardFocusChange:  # type: ignore[attr-defined]
                self._draw_ring(option, painter, widget)
            return
        super().drawPrimitive(element, option, painter, widget)


_made: list[Theme] = []
"""The one theme, as long as the one application. Asked for thousands of times in a frame."""


def apply_theme(
    app: QApplication,
    mode: Mode = "system",
    scale: int = 100,
    density: Density = "comfortable",
    *,
    contrast: bool = False,
) -> Theme:
    """Set up the look of the whole program, or change it when it stands already."""
    if not _made:
        app.setStyle(RingStyle("Fusion"))
        _made.append(Theme(app))
    found = _made[0]
    found.mode, found.scale, found.density, found.contrast = mode, scale, density, contrast
    found.fill()
    return found


def theme() -> Theme:
    """The theme in force. Sets up the plain one when nobody did yet (tests of single widgets)."""
    if _made:
        return _made[0]
    app = QApplication.instance()
    assert isinstance(app, QApplication), "a theme needs an application"
    return apply_theme(app)


def colour(key: str) -> QColor:
    """The colour of a token in the theme in force."""
    return theme().colour(key)


def load_fonts() -> str:
    """Load the shipped fonts and name the family to use: ours, or the platform's own when loading fails."""
    families: set[str] = set()
    for file in sorted((paths.resources() / "fonts").glob("*.ttf")):
        number = QFontDatabase.addApplicationFont(str(file))
        if number >= 0:
            families.update(QFontDatabase.applicationFontFamilies(number))
    if "IBM Plex Sans" in families:
        return "IBM Plex Sans"
    present = set(QFontDatabase.families())
    for family in _FALLBACKS.get(sys.platform, _FALLBACKS["linux"]):
        if family in present:
            return family
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()


def high_contrast() -> bool:
    """Whether Windows runs in a high-contrast theme: then our colours step back and the system's count."""
    if sys.platform == "win32":
        import ctypes  # only there

        class HighContrast(ctypes.Structure):
            _fields_ = (("cbSize", ctypes.c_uint), ("dwFlags", ctypes.c_uint), ("scheme", ctypes.c_wchar_p))

        answer = HighContrast(ctypes.sizeof(HighContrast), 0, None)
        known = ctypes.windll.user32.SystemParametersInfoW(0x0042, answer.cbSize, ctypes.byref(answer), 0)
        return bool(known and answer.dwFlags & 1)
    return False


def repolish(widget: QWidget) -> None:
    """Make the sheet look at a widget's properties again, after `setProperty` on a widget that is shown."""
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()


def scaled(pixels: int) -> int:
    """A width that holds words, in today's text size."""
    return round(pixels * theme().scale / 100)
