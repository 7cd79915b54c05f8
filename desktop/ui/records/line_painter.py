"""Paints lines of the records table: ground, mark of the current line, words, amounts, state.

A whole line at once, because each step from Qt to Python and back costs more than what it paints. Fonts and words are
laid out once for a theme; grounds are filled without antialiasing, or hairlines show between cells at 150 %
(ui.md section 13).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen, QPixmap, QStaticText

from desktop.services.views import Row
from desktop.ui.icons import paint_icon
from desktop.ui.parts.state_label import StatePainter
from desktop.ui.records.cells import READING
from desktop.ui.records.columns import Column, Style, look_of
from desktop.ui.records.model import TICK_COLUMN, RecordsModel
from desktop.ui.theme import colour, theme

PAD = 10
BOX = 16
TICK_WIDTH = 44

_INKS = {Style.NAME: "ink", Style.TEXT: "ink", Style.QUIET: "ink2", Style.MONEY: "ink", Style.SYNC: "ink"}
_STRONG = frozenset({Style.NAME, Style.MONEY})
_NOTHING = frozenset({"None", "Not answered", "Not known", ""})
_WORDS_KEPT = 2_000
"""Cells whose words stay laid out; most columns say the same few things on every line."""


class LinePainter:
    """Paints for one model; what it paints is asked of the model at paint time."""

    def __init__(self, model: RecordsModel) -> None:
        self._model = model
        self._states = StatePainter()
        self._made_for: tuple[int, str] = (0, "")
        self._laid_out = lru_cache(_WORDS_KEPT)(self._lay_out)
        self._fit()

    def _fit(self) -> None:
        now = (theme().scale, theme().family)
        if now == self._made_for:
            return
        self._made_for = now
        self._fonts: dict[bool, QFont] = {
            strong: theme().font("table", 600 if strong else 400) for strong in (True, False)
        }
        self._metrics = {strong: QFontMetrics(font) for strong, font in self._fonts.items()}
        self._laid_out.cache_clear()
        self._warm()

    def _warm(self) -> None:
        """Paint once where nobody sees it: the first use of a font and of a fill takes 15 ms, three times that in a sync."""
        nowhere = QPixmap(8, 8)
        painter = QPainter(nowhere)
        painter.fillRect(nowhere.rect(), colour("surface"))
        for font in self._fonts.values():
            painter.setFont(font)
            painter.drawText(0, 8, "Aa")
        painter.end()

    def paint(
        self,
        painter: QPainter,
        line: QRect,
        place: int,
        cells: Sequence[tuple[int, int, int]],
        *,
        current: bool,
        hovered: bool,
        ring: int,
    ) -> None:
        """Paint the line `place` into `line`; `cells` are (section, left, width), `ring` the section with the focus or -1."""
        self._fit()
        ticked = self._model.is_ticked(place)
        ground = "select" if ticked else "hover" if hovered or current else "surface"
        painter.fillRect(line, colour(ground))
        painter.fillRect(QRect(line.left(), line.bottom(), line.width(), 1), colour("line"))
        row = self._model.row_at(place)
        for section, left, width in cells:
            cell = QRect(left, line.top(), width, line.height())
            if section == TICK_COLUMN:
                if current and left <= 0:
                    painter.fillRect(QRect(left, line.top(), 3, line.height()), colour("accent"))
                paint_box(painter, cell, Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
            elif row is None:
                self._paint_instead(painter, cell, place, self._model.columns[section - 1])
            elif width > PAD * 2:
                self._paint_cell(painter, cell, row, self._model.columns[section - 1])
            if section == ring:
                painter.setPen(QPen(colour("focus"), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(cell.adjusted(1, 1, -1, -2))

    def _paint_cell(self, painter: QPainter, cell: QRect, row: Row, column: Column) -> None:
        inner = cell.adjusted(PAD, 0, -PAD if column.right else -4, 0)
        if column.style == Style.SYNC:
            self._states.paint(painter, inner, look_of(row), row.caption)
            return
        text = column.text(row)
        if text:
            quiet = column.style == Style.TEXT and text in _NOTHING
            ink = "ink2" if quiet else _INKS[column.style]
            self._write(painter, inner, text, ink, strong=column.style in _STRONG, right=column.right)

    def _paint_instead(self, painter: QPainter, cell: QRect, place: int, column: Column) -> None:
        """A bar where the name will stand once it is read; the words of a record that is gone."""
        if column.key != "label":
            return
        text = self._model.instead(place)
        if text == READING:
            width = max(0, cell.width() * 3 // 5 - PAD)
            painter.fillRect(QRect(cell.left() + PAD, cell.center().y() - 4, width, 8), colour("sunken"))
        else:
            self._write(painter, cell.adjusted(PAD, 0, -4, 0), text, "ink2")

    def _write(
        self,
        painter: QPainter,
        inner: QRect,
        text: str,
        ink: str,
        *,
        strong: bool = False,
        right: bool = False,
    ) -> None:
        words, width = self._laid_out(text, strong, inner.width())
        painter.setFont(self._fonts[strong])
        painter.setPen(colour(ink))
        left = inner.right() + 1 - width if right else inner.left()
        painter.drawStaticText(
            QPoint(left, inner.top() + (inner.height() - self._metrics[strong].height() + 1) // 2), words
        )

    def _lay_out(self, text: str, strong: bool, room: int) -> tuple[QStaticText, int]:
        """Words that fit into `room` pixels, ready to paint, and their width."""
        metrics = self._metrics[strong]
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        words = QStaticText(shown)
        words.setTextFormat(Qt.TextFormat.PlainText)
        return words, metrics.horizontalAdvance(shown)


def paint_box(painter: QPainter, area: QRect, state: Qt.CheckState) -> None:
    """A tick box in the middle of `area`, in our colours."""
    painter.save()
    left = area.left() + (area.width() - BOX) // 2 + 1
    box = QRect(left, area.top() + (area.height() - BOX) // 2, BOX, BOX)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if state == Qt.CheckState.Unchecked:
        painter.setPen(QPen(colour("control"), 1))
        painter.setBrush(colour("surface"))
        painter.drawRoundedRect(box.toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("accent"))
        painter.drawRoundedRect(box, 3, 3)
        name = "check" if state == Qt.CheckState.Checked else "minus"
        paint_icon(painter, name, "onAccent", box.adjusted(2, 2, -2, -2))
    painter.restore()
