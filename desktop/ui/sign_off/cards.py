"""The parts of the sign-off page: the checklist, what a person does on the website, and one list up close."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop.services.sign_off import PAGES, Checklist, Entry, ListKey
from desktop.services.sign_off_report import file_words, signed_words, title_of_list
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import Card, line
from desktop.ui.parts.flow_layout import FlowLayout
from desktop.ui.parts.grouped_table import GroupedTable
from desktop.ui.parts.state_label import StateLabel
from desktop.ui.parts.text import Text
from desktop.ui.sign_off.said import (
    DIFFERENCE_COLUMNS,
    PEOPLE_COLUMNS,
    STEP_COLUMNS,
    TO_DO,
    about_list,
    list_groups,
    look_of,
    nothing_words,
    step_groups,
)
from desktop.ui.theme import theme

MOST_LINES = 16


def fit_rows(table: GroupedTable, most: int) -> None:
    """As high as its rows, so that it scrolls only beyond `most` of them."""
    metrics = theme().metrics
    table.setFixedHeight(metrics.head + max(2, min(most, table.grouped.rowCount())) * metrics.row + 2)


class StepsCard(Card):
    """The checklist of one sign-off: choose a line to see its list."""

    def __init__(self) -> None:
        super().__init__()
        self.table = GroupedTable(STEP_COLUMNS, "Checklist")
        self.body.addWidget(self.table)
        self.body.addStretch(1)

    def show_checklist(self, one: Checklist, key: str) -> None:
        """Show this one, and stand on the step with this key."""
        self.table.blockSignals(True)
        self.table.show_groups(step_groups(one))
        self.table.setCurrentIndex(self.table.grouped.index(self.table.grouped.row_of(key), 0))
        self.table.blockSignals(False)
        self.fit()

    def fit(self) -> None:
        """Be as high as the steps ask for."""
        fit_rows(self.table, MOST_LINES)


class SigningCard(Card):
    """What only a person can do, on the website: where it is, who did it, and the file it was done for."""

    sign_asked = Signal()
    taking_back_asked = Signal()
    removing_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.add_head("On Register’s website")
        self._state = StateLabel(TO_DO)
        self._where = Text(tone="ink2", wrap=True)
        self._signed = Text(wrap=True)
        self._file = Text(role="table", tone="ink2", wrap=True)
        self.sign = Button("It is signed", icon="check")
        self.take_back = Button("Take it back", icon="undo-2")
        self.remove = Button("Take the file off", icon="trash-2")
        buttons = FlowLayout()
        for button in (self.sign, self.take_back, self.remove):
            buttons.addWidget(button)
        for part in (self._state, self._signed, self._where, line(), self._file):
            self.body.addWidget(part)
        self.body.addSpacing(4)
        self.body.addLayout(buttons)
        self.body.addStretch(1)
        self.sign.clicked.connect(self.sign_asked)
        self.take_back.clicked.connect(self.taking_back_asked)
        self.remove.clicked.connect(self.removing_asked)

    def show_checklist(self, one: Checklist) -> None:
        """Show this one."""
        self._state.set_look(look_of(one))
        self._signed.setText(signed_words(one))
        self._signed.setVisible(one.signed is not None)
        self._where.setText(_where(one))
        self._file.setText(file_words(one) or "No file is loaded.")
        self.sign.set_words("It is signed again" if one.signed and not one.is_signed else "It is signed")
        self.sign.setVisible(not one.is_signed)
        early = one.today < one.opens
        self.sign.allow(not early, "Register does not take this sign-off yet.")
        self.take_back.setVisible(one.signed is not None)
        self.remove.setVisible(one.file is not None)


def _where(one: Checklist) -> str:
    if one.is_signed:
        return "If the file or a record that counts changes, it stands here as open again."
    changed = (
        "Register keeps the sign-off, but later changes may miss the publication. Check what changed, and sign again if "
        "Register lets you. "
        if one.signed
        else "A person of your organisation signs there; Holdfast cannot do it for you. "
    )
    return f"{changed}In Register: {PAGES[one.kind]}."


class ListCard(Card):
    """One list with a jump to the record of each line."""

    entry_opened = Signal(object)
    saving_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.key = ""
        self.save = Button("Save this list", icon="download")
        self._head = self.add_head("", self.save)
        self._about = Text(tone="ink2", wrap=True)
        self._nothing = Text(wrap=True)
        self.people = GroupedTable(PEOPLE_COLUMNS, "Trainees of the list")
        self.differences = GroupedTable(DIFFERENCE_COLUMNS, "Differences")
        for part in (self._about, self._nothing, self.people, self.differences):
            self.body.addWidget(part)
        self.save.clicked.connect(self.saving_asked)
        for table in (self.people, self.differences):
            table.line_opened.connect(self._on_line_opened)

    @property
    def table(self) -> GroupedTable:
        """The table that is shown for this list."""
        return self.differences if self.key == ListKey.DIFFERS else self.people

    @property
    def title(self) -> str:
        return self._head.text()

    @property
    def nothing(self) -> str:
        """Why there is nothing, "" when there is something."""
        return "" if self._nothing.isHidden() else self._nothing.text()

    def show_list(self, one: Checklist, key: str) -> None:
        """Show this list of a sign-off."""
        self.key = key
        groups = list_groups(one, key)
        self._head.setText(title_of_list(key))
        self._about.setText(about_list(key))
        self._about.setVisible(bool(groups) and bool(about_list(key)))
        self._nothing.setText(nothing_words(one, key))
        self._nothing.setVisible(not groups)
        self.save.setVisible(bool(groups))
        self.table.show_groups(groups)
        for table in (self.people, self.differences):
            table.setVisible(bool(groups) and table is self.table)
        self.fit()

    def put_after(self, widget: QWidget) -> None:
        """Let Tab come here from that widget."""
        for part in (self.save, self.people, self.differences):
            QWidget.setTabOrder(widget, part)
            widget = part

    def focus_first(self) -> None:
        """Put the keyboard on the first line, if there is one."""
        if self.table.isVisible():
            self.table.focus_first()
        else:
            self.save.setFocus(Qt.FocusReason.OtherFocusReason)

    def fit(self) -> None:
        """Be as high as the lines ask for."""
        for table in (self.people, self.differences):
            fit_rows(table, MOST_LINES)

    def _on_line_opened(self, entry: Entry | None) -> None:
        if entry is not None:
            self.entry_opened.emit(entry)
