"""A code is typed as its label or as itself; Tab accepts what it names for certain. Never a silent first item."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, QTimer
from PySide6.QtGui import QAction, QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QCompleter,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QStyle,
    QStyleOptionFrame,
    QStylePainter,
    QWidget,
)

from desktop.model.collection import CodeLists
from desktop.model.document import Value
from desktop.ui.fields.code_popup import OPTION_ROLE, OptionDelegate, OptionFilter, OptionModel
from desktop.ui.fields.codes import Option, match, options_of
from desktop.ui.fields.control import Control
from desktop.ui.fields.line_edit import LineEdit
from desktop.ui.icons import icon
from desktop.ui.parts.text import Text
from desktop.ui.theme import repolish, theme

NOT_ANSWERED = "Not answered"
_ARROW_ROOM = 34
ARROW = 20
_LINES = 10


class CodeLine(LineEdit):
    """The line itself, with the code in a small box and an arrow at its right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(NOT_ANSWERED)
        self._box = Text("", "caption", parent=self)
        self._box.setProperty("part", "code")
        self._box.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._box.hide()
        self.arrow = QAction(self)
        self.addAction(self.arrow, QLineEdit.ActionPosition.TrailingPosition)
        theme().changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def show_code(self, code: str) -> None:
        """Put a code into the box; "" takes the box away."""
        self._box.setText(code)
        self._box.setVisible(bool(code))
        self._place()

    def _on_theme_changed(self) -> None:
        self.arrow.setIcon(icon("chevron-down", "ink2"))
        repolish(self._box)
        self._place()

    def _place(self) -> None:
        if self._box.isHidden():
            self.setTextMargins(0, 0, 0, 0)
            return
        hint = self._box.sizeHint()
        left = self.width() - _ARROW_ROOM - hint.width()
        self._box.setGeometry(left, (self.height() - hint.height()) // 2, hint.width(), hint.height())
        self.setTextMargins(0, 0, hint.width() + 8, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        area = self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self)
        area = area.adjusted(2, 0, -self.textMargins().right() - ARROW, 0)
        metrics = self.fontMetrics()
        if self.hasFocus() or metrics.horizontalAdvance(self.text()) <= area.width():
            super().paintEvent(event)
            return
        painter = QStylePainter(self)
        painter.drawPrimitive(QStyle.PrimitiveElement.PE_PanelLineEdit, option)
        shown = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, area.width())
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        painter.setPen(self.palette().text().color())
        painter.drawText(area, flags, shown)
        painter.end()


class CodePicker(Control):
    """`value` is the code; text that names none is given back as typed, and a rule says so."""

    def __init__(self, lists: CodeLists, list_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lists, self._list_name = lists, list_name
        self._options: Sequence[Option] = ()
        self._held: Value = None
        self._shown = ""
        self._line = CodeLine()
        self._filter: OptionFilter | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._line)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._line.textEdited.connect(self._on_text_edited)
        self._line.left.connect(self._on_left)
        self._line.returnPressed.connect(self._on_left)
        self._line.arrow.triggered.connect(self.open_popup)
        self.show_value(None)

    # --- as a control

    def value(self) -> Value:
        text = self._line.text().strip()
        if text == self._shown:
            return self._held
        found = match(self._options, text)
        return found.code if found else text or None

    def show_value(self, value: Value) -> None:
        if not self._options or value != self._held:
            self._options = options_of(self._lists, self._list_name, value)
            self._filter = None
        self._held = value
        found = next((o for o in self._options if o.code == value), None)
        self._shown = found.said if found else "" if value is None else str(value)
        self._line.setText(self._shown)
        self._line.setCursorPosition(0)
        self._line.show_code(found.box if found else "")
        self._line.setToolTip(self._shown)

    def inputs(self) -> list[QWidget]:
        return [self._line]

    def set_read_only(self, read_only: bool, why: str) -> None:
        self._line.setReadOnly(read_only)
        self._line.arrow.setVisible(not read_only)
        if read_only:
            self._line.setToolTip(why)

    def open_popup(self) -> None:
        """All choices, whatever stands in the line."""
        if self._line.isReadOnly():
            return
        self._line.setFocus()
        self._completer_filter().look_for("")
        completer = self._line.completer()
        completer.complete()
        place = next((n for n, o in enumerate(self._options) if o.code == self._held), -1)
        if place >= 0:
            popup = completer.popup()
            popup.setCurrentIndex(completer.completionModel().index(place, 0))

    # --- typing

    def _completer_filter(self) -> OptionFilter:
        """The list is made when it is first needed: a form has dozens of pickers."""
        if self._filter is None:
            completer = QCompleter(self._line)
            self._filter = OptionFilter(completer)
            self._filter.setSourceModel(OptionModel(self._options, completer))
            completer.setModel(self._filter)
            completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setMaxVisibleItems(_LINES)
            popup = completer.popup()
            popup.setItemDelegate(OptionDelegate(popup))
            popup.setProperty("framed", True)
            popup.installEventFilter(self)
            popup.setAccessibleName(f"Choices for {self._line.accessibleName()}")
            completer.activated[QModelIndex].connect(self._on_activated)  # type: ignore[index]
            self._line.setCompleter(completer)
            self._line.installEventFilter(self)
        return self._filter

    def _on_text_edited(self, text: str) -> None:
        self._line.show_code("")
        self.typing.emit()
        self._completer_filter().look_for(text)
        wanted = text.strip().casefold()
        if not wanted or any(wanted in {o.code.casefold(), o.said.casefold()} for o in self._options):
            self.edited.emit()

    def _on_activated(self, index: QModelIndex) -> None:
        option: Option = index.data(OPTION_ROLE)
        self.show_value(option.code)
        self.edited.emit()
        self.committed.emit()

    def half_typed(self) -> str:
        text = self._line.text()
        return text if text.strip() and text != self._shown else ""

    def type_again(self, value: Value) -> None:
        text = "" if value is None else str(value)
        if not text or any(option.code == text for option in self._options):
            super().type_again(value)
        else:
            self._line.setText(text)
            self._on_text_edited(text)

    def settle(self) -> None:
        value = self.value()
        if value != self._held:
            self.show_value(value)
            self.edited.emit()
        elif self._line.text() != self._shown:
            self.show_value(value)

    def _on_left(self) -> None:
        self.settle()
        self.committed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """While the list is open Qt swallows the line's loss of focus; it is made up for here."""
        if event.type() in {QEvent.Type.Hide, QEvent.Type.FocusOut}:
            QTimer.singleShot(0, self, self._on_maybe_left)
        return super().eventFilter(watched, event)

    def _on_maybe_left(self) -> None:
        if not self._line.isVisible():
            return  # the lock covers it: what is half typed was not left, and is no answer
        if self._line.window().focusWidget() is not self._line:
            popup = self._line.completer().popup()
            if popup.isVisible():
                popup.hide()
            self._on_left()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.open_popup()
            return
        super().keyPressEvent(event)
