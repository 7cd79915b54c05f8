"""One question: side mark, label, control, and under it help, finding and change note, in this order."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.ui.fields.control import Control
from desktop.ui.fields.link_label import LinkLabel
from desktop.ui.fields.notes import Mark, Note
from desktop.ui.icons import set_icon
from desktop.ui.parts.text import Text, escape
from desktop.ui.theme import colour, repolish, theme

LABEL_WIDTH = 168
MARK_ROOM = 16
_MARK_KEYS = {Mark.ERROR: "refused", Mark.PORTAL: "conflict", Mark.CHANGED: "accent"}


class NoteLine(QWidget):
    """One note with its icon and, maybe, a link at its end."""

    followed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._note: Note | None = None
        self._icon = Text()
        self._text = LinkLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        self._text.followed.connect(self.followed)
        theme().changed.connect(self._fill)

    @property
    def note(self) -> Note | None:
        return self._note

    def show_note(self, note: Note) -> None:
        if note == self._note:
            return
        self._note = note
        self._fill()

    def _fill(self) -> None:
        note = self._note
        if note is None:
            return
        self._icon.setVisible(bool(note.icon))
        if note.icon:
            set_icon(self._icon, note.icon, note.ink, 16)
        weight = ";font-weight:500" if note.strong else ""
        html = f'<span style="color:{colour(note.ink).name()}{weight}">{escape(note.text)}</span>'
        gap = "&nbsp; " if note.link and note.text else ""
        self._text.setProperty("role", "caption" if note.ink == "ink3" else "table")
        self._text.show_words(html + gap, note.link, note.link_words)
        repolish(self._text)
        self._text.setAccessibleName(f"{note.text} {note.link_words}".strip())


class FieldRow(QWidget):
    """Frames one control. `path` names the question; `link_followed` carries the key of the note's link."""

    link_followed = Signal(str, str)

    def __init__(self, path: str, label: str, control: Control, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.path = path
        self.control = control
        self._mark = Mark.NONE
        self._lines: list[NoteLine] = []
        self._said: tuple[str, str] = ("", "")
        self.label = Text(label, "body", weight=500, wrap=True)
        self.label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.label.setBuddy(control.inputs()[0])
        self._under = QVBoxLayout()
        self._under.setContentsMargins(0, 0, 0, 0)
        self._under.setSpacing(3)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(MARK_ROOM, 7, 0, 7)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._narrow: bool | None = None
        self.set_narrow(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        theme().changed.connect(self._fit_label)
        control.set_words(label, "")

    def set_narrow(self, narrow: bool) -> None:
        """The label above the control, when the form is narrow."""
        if narrow == self._narrow:
            return
        self._narrow = narrow
        for item in (self.label, self.control):
            self._grid.removeWidget(item)
        self._grid.removeItem(self._under)
        if narrow:
            self._grid.addWidget(self.label, 0, 0)
            self._grid.addWidget(self.control, 1, 0)
            self._grid.addLayout(self._under, 2, 0)
            self._grid.setColumnStretch(0, 1)
            self._grid.setColumnStretch(1, 0)
        else:
            self._grid.addWidget(self.label, 0, 0, 2, 1, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(self.control, 0, 1, Qt.AlignmentFlag.AlignTop)
            self._grid.addLayout(self._under, 1, 1)
            self._grid.setColumnStretch(0, 0)
            self._grid.setColumnStretch(1, 1)
        self._fit_label()

    def _fit_label(self) -> None:
        if self._narrow:
            self.label.setMinimumWidth(0)
            self.label.setMaximumWidth(16_777_215)
            self.label.setContentsMargins(0, 0, 0, 0)
        else:
            self.label.setFixedWidth(round(LABEL_WIDTH * theme().scale / 100))
            gap = (theme().metrics.field - self.label.fontMetrics().height()) // 2
            self.label.setContentsMargins(0, max(0, gap), 0, 0)

    @property
    def mark(self) -> Mark:
        return self._mark

    def show_mark(self, mark: Mark) -> None:
        if mark != self._mark:
            self._mark = mark
            self.control.set_state(error=mark == Mark.ERROR)
            self.update()

    def show_notes(self, notes: Sequence[Note]) -> None:
        """Show these under the control, and tell them to screen readers as its description."""
        while len(self._lines) < len(notes):
            line = NoteLine()
            line.followed.connect(self._on_followed)
            self._under.addWidget(line)
            self._lines.append(line)
        for number, line in enumerate(self._lines):
            if number < len(notes):
                line.show_note(notes[number])
            line.setVisible(number < len(notes))
        said = (self.label.text(), " ".join(note.text for note in notes))
        if said != self._said:
            self._said = said
            self.control.set_words(*said)

    @property
    def notes(self) -> list[Note]:
        """What is shown now."""
        return [line.note for line in self._lines if line.note is not None and not line.isHidden()]

    def _on_followed(self, link: str) -> None:
        self.link_followed.emit(self.path, link)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._mark == Mark.NONE:
            return
        painter = QPainter(self)
        ink = colour(_MARK_KEYS[self._mark])
        area = QRectF(0, 7, 3, self.height() - 14)
        if self._mark == Mark.PORTAL:
            pen = QPen(ink, 3)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            pen.setDashPattern([1.6, 1.0])
            painter.setPen(pen)
            painter.drawLine(area.center().x(), area.top(), area.center().x(), area.bottom())  # type: ignore[call-overload]
        else:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink)
            painter.drawRoundedRect(area, 1, 1)
        painter.end()
