"""The parts of the payments page: the files, one group up close, the months, the trainees whose amount differs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.services.payment_groups import PaymentGroup, Verdict
from desktop.services.reconciling import AmountDiffers, MonthPaid, Reconciliation
from desktop.ui.icons import set_icon
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import Card, clear, line, outdent, row
from desktop.ui.parts.grouped_table import GroupedTable
from desktop.ui.parts.readiness_bar import CONFIRMED, WAITING, Swatch
from desktop.ui.parts.state_label import StateLabel
from desktop.ui.parts.text import Text
from desktop.ui.payments.chart import MonthsChart
from desktop.ui.payments.said import (
    AMOUNT_COLUMNS,
    LOOKS,
    MONTH_COLUMNS,
    WHERE,
    amount_groups,
    file_words,
    group_words,
    month_groups,
    months_words,
    remark_lines,
    row_words,
)
from desktop.ui.theme import theme
from desktop.ui.words import count

MOST_REMARKS, MOST_SUSPECTS, MOST_ROWS = 6, 30, 6
OUR_READING = (
    "Our reading of Register’s funding table. The funder decides what is paid, so a difference is a question."
)


class FilesCard(Card):
    """What is loaded, what is not yet and where it is, and what does not add up in the files themselves."""

    def __init__(self) -> None:
        super().__init__()
        self.add_head("Files")
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        self.body.addLayout(self._list)

    def show_files(self, found: Reconciliation) -> None:
        """Show these."""
        clear(self._list)
        loaded = {file.what: file for file in found.files}
        for what, where in WHERE.items():
            file = loaded.get(what)
            said = file_words(file) if file else f"{_TITLES[what]} is not loaded. {where}."
            self._add("circle-check" if file else "circle-dashed", "confirmed" if file else "ink3", said)
        remarks = remark_lines(found.files)
        if remarks:
            self._list.addWidget(line())
        for words in remarks[:MOST_REMARKS]:
            self._add("triangle-alert", "conflict", words)
        if len(remarks) > MOST_REMARKS:
            more = count(len(remarks) - MOST_REMARKS, "more remark is", "more remarks are")
            self._list.addWidget(Text(f"{more} in the report.", tone="ink2"))

    def _add(self, icon: str, key: str, words: str) -> None:
        picture = Text()
        set_icon(picture, icon, key)
        layout = row()
        layout.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(Text(words, "table", wrap=True), 1)
        self._list.addLayout(layout)


_TITLES = dict(zip(WHERE, ("The trainee summary", "The payment schedule", "The trainee export"), strict=True))


class GroupCard(Card):
    """One group: what the file has, what we expect, and who could explain the difference, with a jump to each."""

    record_chosen = Signal(str)
    members_asked = Signal()

    def __init__(self) -> None:
        super().__init__("money")
        self._title = Text(role="section", wrap=True)
        self._state = StateLabel(LOOKS[Verdict.AS_EXPECTED])
        self._where = Text(tone="ink2", wrap=True)
        self._said = Text(wrap=True)
        self._note = Text(wrap=True)
        self._rows = Text(role="table", tone="ink2", wrap=True)
        self._head = Text("Could explain it", weight=600)
        self._suspects = QVBoxLayout()
        self._suspects.setSpacing(0)
        self._links: list[Button] = []
        self._members = Button("", "link")
        self.body.addWidget(self._title)
        for part in (self._where, self._state, self._said, self._note, self._rows, self._head):
            self.body.addWidget(part)
        self.body.addLayout(self._suspects)
        self.body.addLayout(outdent(self._members))
        self.body.addWidget(Text(OUR_READING, "caption", wrap=True))
        self.body.addStretch(1)
        self._members.clicked.connect(self.members_asked)

    @property
    def links(self) -> list[Button]:
        """One for each trainee listed."""
        return self._links

    @property
    def members(self) -> Button:
        return self._members

    def show_group(self, group: PaymentGroup) -> None:
        """Show this one."""
        self._title.setText(group.subject)
        tier = f", tier {group.tier}" if group.tier else ""
        self._where.setText(f"{group.route}, {group.funding_type}{tier}")
        self._state.set_look(LOOKS[group.verdict])
        self._said.setText(group_words(group))
        self._note.setText(group.note)
        self._note.setVisible(bool(group.note))
        rows = row_words(group)
        more = [f"and {count(len(rows) - MOST_ROWS, 'more row')}"] if len(rows) > MOST_ROWS else []
        self._rows.setText("\n".join([*rows[:MOST_ROWS], *more]))
        self._rows.setVisible(bool(rows))
        self._show_suspects(group)
        self._members.setVisible(bool(group.filters(0)))
        self._members.set_words("Show the trainees of this route and subject")

    def put_after(self, widget: QWidget) -> None:
        """Let Tab come here from that widget: links made later would stand at the end of everything."""
        for part in (*self._links, self._members):
            QWidget.setTabOrder(widget, part)
            widget = part

    def focus_way(self) -> None:
        """Put the keyboard on the first trainee that could explain it."""
        (self._links[0] if self._links else self._members).setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_suspects(self, group: PaymentGroup) -> None:
        clear(self._suspects)
        self._links = []
        differs = group.verdict not in {Verdict.AS_EXPECTED, Verdict.UNMATCHED}
        self._head.setVisible(differs)
        if differs and not group.suspects:
            words = "No record on this computer explains it. Ask the funder which trainees are counted here."
            self._suspects.addWidget(Text(words, tone="ink2", wrap=True))
        for suspect in group.suspects[:MOST_SUSPECTS]:
            self._suspects.addWidget(line())
            link = Button(suspect.label, "link")
            link.setAccessibleName(f"Open {suspect.label}")
            link.setAccessibleDescription(suspect.why)
            link.setProperty("record", suspect.record_id)
            link.clicked.connect(self._on_link_clicked)
            self._links.append(link)
            self._suspects.addSpacing(6)
            self._suspects.addLayout(outdent(link))
            self._suspects.addWidget(Text(suspect.why, "table", "ink2", wrap=True))
            self._suspects.addSpacing(6)
        if len(group.suspects) > MOST_SUSPECTS:
            more = count(len(group.suspects) - MOST_SUSPECTS, "more is", "more are")
            self._suspects.addWidget(Text(f"{more} in the report.", tone="ink2"))

    def _on_link_clicked(self) -> None:
        link = self.sender()
        if link is not None:
            self.record_chosen.emit(str(link.property("record")))


class MonthsCard(Card):
    """The schedule as a chart, and the same numbers as a table."""

    def __init__(self) -> None:
        super().__init__()
        self.add_head("Months")
        self._said = Text(tone="ink2", wrap=True)
        self._parts = Text(role="caption", wrap=True)
        self.chart = MonthsChart()
        self.table = GroupedTable(MONTH_COLUMNS, "Payments by month")
        self.body.addWidget(self._said)
        self.body.addWidget(self.chart)
        key = row(
            Swatch(CONFIRMED),
            Text("Due by now", "caption"),
            8,
            Swatch(WAITING),
            Text("To come", "caption"),
            None,
        )
        self.body.addLayout(key)
        self.body.addWidget(self.table)
        self.body.addWidget(self._parts)
        self.body.addStretch(1)

    def show_months(self, months: Sequence[MonthPaid]) -> None:
        """Show these, in order of time."""
        self._said.setText(months_words(months))
        self.chart.show_months(months)
        self.table.show_groups(month_groups(months))
        what = ", ".join(name for name, _ in months[0].parts) if months else ""
        self._parts.setText(
            f"For: {what}. This may hold adjustments and payments for earlier years, so it need not equal the trainee summary."
        )
        metrics = theme().metrics
        self.table.setFixedHeight(metrics.head + metrics.row * (len(months) + 1) + 2)


class AmountsCard(Card):
    """Trainee by trainee: the portal's own amount against our table. A line opens its record."""

    record_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._said = Text(tone="ink2", wrap=True)
        self.table = GroupedTable(AMOUNT_COLUMNS, "Trainees whose amount differs")
        self.add_head("Trainee by trainee")
        self.body.addWidget(self._said)
        self.body.addWidget(self.table)
        self.table.line_opened.connect(self._on_line_opened)

    def show_amounts(self, found: Reconciliation) -> None:
        """Show what the trainee export says."""
        differ = len(found.amounts)
        self._said.setText(
            f"Register’s own amount is another for {count(differ, 'trainee')} of the export. Enter opens the record."
            if differ
            else f"Register’s own amount is that of our table for all {count(found.compared, 'trainee')} compared."
        )
        self.table.show_groups(amount_groups(found))
        self.table.setVisible(bool(differ))
        metrics = theme().metrics
        rows = min(12, self.table.grouped.rowCount())
        self.table.setFixedHeight(metrics.head + metrics.row * max(2, rows) + 2)

    def _on_line_opened(self, one: AmountDiffers) -> None:
        if one.record_id is not None:
            self.record_chosen.emit(one.record_id)
