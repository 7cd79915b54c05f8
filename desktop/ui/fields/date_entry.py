"""A date in three parts and a calendar. The month is taken as 9, 09, sep or September; nothing jumps by itself."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.model.document import Value
from desktop.ui.fields.control import Control
from desktop.ui.fields.date_parts import DateParts, as_date, join, of_date, read_whole, split, the_only
from desktop.ui.fields.line_edit import LineEdit
from desktop.ui.parts.buttons import IconButton
from desktop.ui.parts.popup import show_under
from desktop.ui.parts.text import Text
from desktop.ui.theme import colour, theme
from desktop.ui.words import MONTHS

_PARTS = (("day", 44), ("month", 108), ("year", 64))


class CalendarPopup(QFrame):
    """A month to choose a day from. Page Up and Page Down turn the month, as the buttons do."""

    chosen = Signal(date)

    def __init__(self, day: date, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("part", "popover")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._month = QCalendarWidget()
        self._title = Text(weight=600)
        self._back = IconButton("chevron-left", "Month before", framed=False)
        self._on = IconButton("chevron-right", "Next month", framed=False)
        self._dress()
        self._month.setSelectedDate(QDate(day.year, day.month, day.day))
        head = QHBoxLayout()
        head.addWidget(self._back)
        head.addWidget(self._title, 1, Qt.AlignmentFlag.AlignCenter)
        head.addWidget(self._on)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addLayout(head)
        column.addWidget(self._month)
        self._month.activated.connect(self._on_activated)
        self._month.clicked.connect(self._on_activated)
        self._month.currentPageChanged.connect(self._on_page_changed)
        self._back.clicked.connect(self._month.showPreviousMonth)
        self._on.clicked.connect(self._month.showNextMonth)
        self._on_page_changed(day.year, day.month)

    def _dress(self) -> None:
        month = self._month
        month.setNavigationBarVisible(False)
        month.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        month.setHorizontalHeaderFormat(QCalendarWidget.HorizontalHeaderFormat.ShortDayNames)
        month.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        month.setGridVisible(False)
        month.setAccessibleName("Calendar")
        head = QTextCharFormat()
        head.setForeground(colour("ink3"))
        head.setBackground(colour("raised"))
        month.setHeaderTextFormat(head)
        plain = QTextCharFormat()
        plain.setForeground(colour("ink"))
        palette = month.palette()
        palette.setColor(QPalette.ColorRole.Base, colour("raised"))
        month.setPalette(palette)
        for weekend in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            month.setWeekdayTextFormat(weekend, plain)

    def _on_page_changed(self, year: int, month: int) -> None:
        self._title.setText(f"{MONTHS[month - 1]} {year}")

    def open_under(self, widget: QWidget) -> None:
        """Show below a widget, kept on its screen, with the keyboard on the day."""
        show_under(self, widget)
        self._month.setFocus()

    def _on_activated(self, day: QDate) -> None:
        self.chosen.emit(date(day.year(), day.month(), day.day()))
        self.close()


class DatePart(LineEdit):
    """One of the three. With a whole date typed into it, Tab is done with all of them."""

    def __init__(self, entry: DateEntry) -> None:
        super().__init__(entry)
        self._entry = entry

    def focusNextPrevChild(self, forward: bool) -> bool:
        if forward and self._entry.take_whole(self.text()):
            return self._entry.leave_forward()
        return super().focusNextPrevChild(forward)


class DateEntry(Control):
    """`value` is ISO text, or the parts as typed when they make no date.

    `past`: two-digit years are those of a birth.
    """

    def __init__(self, today: date, *, past: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today, self._past = today, past
        self._held: Value = None
        self._shown = DateParts()
        self._edits = {name: DatePart(self) for name, _ in _PARTS}
        self._calendar = IconButton("calendar", "Open the calendar (Alt+Down)")
        self._calendar.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # one Tab less a date; its key is Alt+Down
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for edit in self._edits.values():
            row.addWidget(edit)
        row.addWidget(self._calendar)
        row.addStretch(1)
        self._fit_widths()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for edit in self._edits.values():
            edit.textEdited.connect(self.edited)
            edit.left.connect(self._on_left)
            edit.returnPressed.connect(self._on_return)
            edit.pasted.connect(self._on_pasted)
        self._calendar.clicked.connect(self.open_popup)
        theme().changed.connect(self._fit_widths)

    def _fit_widths(self) -> None:
        for name, width in _PARTS:
            self._edits[name].setFixedWidth(round(width * theme().scale / 100))

    # --- as a control

    def parts(self) -> DateParts:
        """What stands in the three lines."""
        return DateParts(*(self._edits[name].text() for name, _ in _PARTS))

    def value(self) -> Value:
        if self.parts() == self._shown:
            return self._held
        return join(self.parts(), self._today, past=self._past)

    def show_value(self, value: Value) -> None:
        self._held, self._shown = value, split(value)
        for (name, _), text in zip(
            _PARTS, (self._shown.day, self._shown.month, self._shown.year), strict=True
        ):
            if self._edits[name].text() != text:
                self._edits[name].setText(text)

    def inputs(self) -> list[QWidget]:
        return list(self._edits.values())

    def set_words(self, name: str, description: str) -> None:
        self.setAccessibleName(name)
        self.setAccessibleDescription(description)
        for part, edit in self._edits.items():
            edit.setAccessibleName(f"{name}, {part}")
            edit.setAccessibleDescription(description)
        self._calendar.setAccessibleName(f"Calendar for {name}")

    def set_read_only(self, read_only: bool, why: str) -> None:
        for edit in self._edits.values():
            edit.setReadOnly(read_only)
            edit.setToolTip(why if read_only else "")
        self._calendar.setEnabled(not read_only)

    def open_popup(self) -> None:
        if not self._calendar.isEnabled():
            return
        popup = CalendarPopup(as_date(self.parts(), self._today, past=self._past) or self._today, self)
        popup.chosen.connect(self._on_chosen)
        popup.open_under(self._edits["day"])

    # --- slots

    def _put(self, day: date) -> None:
        parts = of_date(day)
        for (name, _), text in zip(_PARTS, (parts.day, parts.month, parts.year), strict=True):
            self._edits[name].setText(text)

    def _on_chosen(self, day: date) -> None:
        self._put(day)
        self._edits["day"].setFocus()
        self.edited.emit()
        self.committed.emit()

    def _on_pasted(self, text: str) -> None:
        day = read_whole(text, self._today, past=self._past)
        if day is not None:
            edit = self.sender()
            if isinstance(edit, LineEdit):
                edit.swallow_paste = True
            self._put(day)
            self.edited.emit()

    def take_whole(self, text: str) -> bool:
        """Whether one part holds a whole date, such as `1/9/26`; it then stands in all three."""
        day = read_whole(text, self._today, past=self._past)
        if day is None:
            return False
        self._put(day)
        self.edited.emit()
        return True

    def leave_forward(self) -> bool:
        """Tab from behind the last part."""
        self._edits["year"].setFocus(Qt.FocusReason.TabFocusReason)
        return super().focusNextPrevChild(True)

    def _on_left(self) -> None:
        """Only leaving all three parts is being done with the date."""
        if not any(edit.hasFocus() for edit in self._edits.values()):
            self._on_return()

    def _on_return(self) -> None:
        day = self._meant()
        if day is not None:
            self._put(day)
        self.committed.emit()

    def _meant(self) -> date | None:
        """The day that the parts make, or that was typed whole into one of them with the others empty."""
        parts = self.parts()
        made = as_date(parts, self._today, past=self._past)
        return made or read_whole(the_only(parts), self._today, past=self._past)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.open_popup()
            return
        super().keyPressEvent(event)
