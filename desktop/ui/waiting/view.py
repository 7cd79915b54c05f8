"""Waiting, drawn: banner, queue in groups, and at the right how long it takes and the portal's last day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from desktop.model.person import Role
from desktop.services.views import PortalView, QueueItem, QueueSummary
from desktop.ui import tokens
from desktop.ui.parts.banner import Banner
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.empty_state import EmptyState
from desktop.ui.parts.grouped_table import GroupedTable
from desktop.ui.parts.page_head import PageHead
from desktop.ui.parts.portal_card import PortalCard
from desktop.ui.parts.scroll_page import NARROW, ScrollPage
from desktop.ui.shell.rights import needs
from desktop.ui.theme import scaled, theme
from desktop.ui.waiting.back_card import BackCard
from desktop.ui.waiting.groups import STUCK, WHEN, columns_of, queue_groups
from desktop.ui.words import PORTAL, clock, count, is_down, number, span, trouble_sentence, website_of, when

SIDE_FROM = 960
SIDE_WIDTH = 296


@dataclass(frozen=True)
class Queue:
    """All that Waiting shows, read in one go. `drafts` do not wait yet, but are saved with what does.

    why_not_send  why nothing goes while this person sits here; "" when they may send
    """

    items: tuple[QueueItem, ...]
    summary: QueueSummary
    portal: PortalView | None
    confirmed: int
    drafts: int
    now: datetime
    actor: str
    why_not_send: str = ""


class WaitingScreen(QWidget):
    """Shows a `Queue` and says what the person wants with it."""

    record_chosen = Signal(str)
    keying_chosen = Signal(str)
    take_back_asked = Signal(QueueItem)
    timetable_asked = Signal()
    pause_asked = Signal()
    resume_asked = Signal()
    send_asked = Signal()
    save_asked = Signal()
    evidence_asked = Signal()
    history_asked = Signal()
    need_chosen = Signal(str)

    def __init__(self, plural: str, portal: str, websites: Mapping[str, str]) -> None:
        """`portal` = short name of the one that is sent to, "" = none is; `websites` = those of all collections."""
        super().__init__()
        self._plural, self._portal, self._websites = plural, portal, websites
        self._paused = False
        self._head = PageHead()
        self._pause = needs(Button("Pause sending", icon="pause"), Role.SEND)
        self._send = needs(Button("Send now", "primary", "send-horizontal"), Role.SEND)
        self._times = needs(Button("When to send", icon="clock"), Role.ADMINISTER)
        self._save = Button("Save what waits", icon="download", tip="As a file, with drafts: a way out")
        self._head.add_action(self._times)
        self._head.add_action(self._save)
        self._head.add_action(self._pause)
        self._head.add_action(self._send)
        self.banner = Banner("conflict", "cloud-off")
        self.banner_space = QWidget()
        self.table = GroupedTable(columns_of(sends=bool(portal)), "Changes that wait")
        self._type = Button("Type it on the website", icon="pencil-line")
        self._open, self._take_back = Button("Open the record"), Button("Take it back", icon="undo-2")
        self._current = QWidget()
        self.back, self.portal_card = BackCard(), PortalCard("Last 24 hours", 4, with_state=False, padding=16)
        self.empty = EmptyState("Nothing is waiting", "", done=True)
        self._arrange()
        self._connect()

    @property
    def title(self) -> str:
        return self._head.title.text()

    @property
    def portal(self) -> str:
        """The portal's short name."""
        return self._portal

    @property
    def times_button(self) -> Button:
        return self._times

    @property
    def save_button(self) -> Button:
        return self._save

    @property
    def head(self) -> PageHead:
        return self._head

    @property
    def pause_button(self) -> Button:
        return self._pause

    def _arrange(self) -> None:
        self._side = QWidget()
        side = QVBoxLayout(self._side)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(tokens.CARD_GAP)
        side.addWidget(self.back)
        side.addWidget(self.portal_card)
        side.addStretch(1)
        current = QHBoxLayout(self._current)
        current.setContentsMargins(0, 0, 0, 0)
        current.addWidget(self._open)
        current.addWidget(self._type)
        current.addWidget(self._take_back)
        current.addStretch(1)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.table, 1)
        left.addWidget(self._current)
        self._both = QHBoxLayout()
        self._both.setSpacing(tokens.CARD_GAP)
        self._both.addLayout(left, 1)
        self._both.addWidget(self._side)
        self._page = ScrollPage()
        column = self._page.column
        column.setSpacing(14)
        column.addWidget(self._head)
        space = QVBoxLayout(self.banner_space)
        space.setContentsMargins(0, 0, 0, 0)
        space.addWidget(self.banner)
        column.addWidget(self.banner_space)
        column.addLayout(self._both, 1)
        column.addWidget(self.empty, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._page)
        self._column = column

    def _connect(self) -> None:
        self._times.clicked.connect(self.timetable_asked)
        self._save.clicked.connect(self.save_asked)
        self._pause.clicked.connect(self._on_pause_clicked)
        self._send.clicked.connect(self.send_asked)
        self.banner.acted.connect(self._on_banner_acted)
        self.portal_card.history_asked.connect(self.history_asked)
        self.table.line_opened.connect(self._on_line_opened)
        self.table.line_changed.connect(self._on_line_changed)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._on_menu_asked)
        self._open.clicked.connect(self._on_open_clicked)
        self._type.clicked.connect(self._on_type_clicked)
        self._take_back.clicked.connect(self._on_take_back_clicked)

    def show_queue(self, queue: Queue) -> None:
        """Show everything, or that nothing waits."""
        down = queue.portal is not None and is_down(queue.portal.state)
        self._paused = queue.summary.paused or queue.summary.held
        nothing = not queue.items
        by_hand = all(item.group == "hand" for item in queue.items)
        self._head.set_words(*_words(queue, self._portal, self._websites, down=down))
        self._times.setVisible(bool(self._portal))
        for widget in (self.table, self._current):
            widget.setVisible(not nothing)
        self._side.setVisible(not nothing and (not by_hand or queue.portal is not None))
        self.empty.setVisible(nothing)
        self._pause.set_words("Go on sending" if self._paused else "Pause sending")
        self._pause.set_symbol("play" if self._paused else "pause")
        self.back.setVisible(not by_hand)
        self._pause.setVisible(not by_hand or self._paused)
        self._save.setVisible(not nothing or bool(queue.drafts))
        self._send.setVisible(not by_hand and not down and not queue.summary.held)
        self._show_banner(queue, down=down)
        if nothing:
            goes = (
                "sent by itself" if self._portal else "then stands in Hand-over, to be typed on the website"
            )
            self.empty.set_words(
                _confirmed_words(queue, self._plural), f"What you save is kept here first, and {goes}."
            )
            return
        self.table.set_title(WHEN, "Once it is back" if down else "Its turn")
        groups = queue_groups(
            queue.items,
            queue.now,
            self._plural,
            paused=self._paused or bool(queue.why_not_send),
            down=down,
            actor=queue.actor,
        )
        self.table.show_groups(groups)
        money_eta = max((i.eta_s or 0.0 for i in queue.items if i.group == "money"), default=0.0)
        self.back.show_summary(queue.summary, money_eta, self._portal, down=down)
        self.portal_card.setVisible(queue.portal is not None)
        self.portal_card.show_portal(queue.portal, queue.now)
        self._on_line_changed(self.table.payload)

    def _show_banner(self, queue: Queue, *, down: bool) -> None:
        portal = queue.portal
        told = down or self._paused or (bool(queue.why_not_send) and bool(queue.summary.requests))
        self.banner.setVisible(told)
        self.banner_space.setMaximumHeight(16_777_215 if told else 0)
        if down and portal is not None:
            parts = ["Your data is not the cause and there is nothing to fix here."]
            if tries := PortalCard.since_words(portal):
                parts.append(f"{tries}.")
            if portal.next_check is not None:
                left = (portal.next_check - queue.now).total_seconds()
                soon = f"Next try {clock(portal.next_check)}, in {span(left)}."
                parts.append(soon if left > 1 else "Next try in a moment.")
            look = PORTAL[portal.state]
            self.banner.show_words(trouble_sentence(portal), " ".join(parts), tone="conflict", icon=look.icon)
            self.banner.set_button("Save evidence", "shield-check")
        elif queue.summary.held:
            self.banner.show_words(
                f"{self._portal} was put back to an older copy",
                "It has lost changes that it had confirmed. Nothing is sent until you have decided about them in Needs you, "
                "or choose Go on sending.",
                tone="conflict",
                icon="history",
            )
            self.banner.set_button("")
        elif self._paused:
            self.banner.show_words(
                "Sending is paused",
                "Nothing is sent until you go on. You can still work, and send once by hand.",
                tone="waiting",
                icon="pause",
            )
            self.banner.set_button("")
        elif told:
            self.banner.show_words(
                f"Nothing is sent while {queue.actor} sits here",
                queue.why_not_send,
                tone="waiting",
                icon="users",
            )
            self.banner.set_button("")

    def _on_pause_clicked(self) -> None:
        (self.resume_asked if self._paused else self.pause_asked).emit()

    def _on_banner_acted(self) -> None:
        self.evidence_asked.emit()

    def _on_line_opened(self, item: QueueItem) -> None:
        self.record_chosen.emit(item.record_id)

    def _on_line_changed(self, item: QueueItem | None) -> None:
        name = item.record_label if item else ""
        self._open.allow(item is not None, "Choose a change in the list first")
        self._take_back.allow(item is not None, "Choose a change in the list first")
        self._type.setVisible(item is not None and item.group == "hand")
        self._open.setAccessibleDescription(name)
        self._take_back.setAccessibleDescription(name)

    def _on_open_clicked(self) -> None:
        if isinstance(self.table.payload, QueueItem):
            self.record_chosen.emit(self.table.payload.record_id)

    def _on_type_clicked(self) -> None:
        item = self.table.payload
        if isinstance(item, QueueItem):
            self.keying_chosen.emit(f"{item.record_id}:{item.journey}")

    def _on_take_back_clicked(self) -> None:
        if isinstance(self.table.payload, QueueItem):
            self.take_back_asked.emit(self.table.payload)

    def _on_menu_asked(self, place: QPoint) -> None:
        if not isinstance(self.table.payload, QueueItem):
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Open the record").triggered.connect(self._on_open_clicked)
        menu.addAction("Take it back").triggered.connect(self._on_take_back_clicked)
        inside = self.table.viewport().rect().contains(place)
        menu.popup(self.table.viewport().mapToGlobal(place) if inside else self.table.menu_place())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= scaled(SIDE_FROM)
        holder = self._both if beside else self._column
        if self._side.parentWidget() is None or holder.indexOf(self._side) < 0:
            self._both.removeWidget(self._side)
            self._column.removeWidget(self._side)
            holder.addWidget(self._side)
        self._side.setFixedWidth(SIDE_WIDTH) if beside else self._side.setMinimumWidth(0)
        self._side.setMaximumWidth(SIDE_WIDTH if beside else 16_777_215)
        self.table.setMinimumHeight(theme().metrics.row * (4 if self.height() < 500 else 8))
        self._head.set_narrow(self.width() < scaled(NARROW))


def _words(queue: Queue, short: str, websites: Mapping[str, str], *, down: bool) -> tuple[str, str]:
    """Title and sentence."""
    many = queue.summary.count
    stuck = len(queue.items) - many
    if not queue.items:
        return "Nothing is waiting", ""
    if not many:
        return (
            f"{count(stuck, 'change is', 'changes are')} not sent until you decide",
            "Open Needs you to decide.",
        )
    moving = [item for item in queue.items if item.state not in STUCK]
    typed = [item for item in moving if item.group == "hand"]
    verb = "waits" if many == 1 else "wait"
    if len(typed) == len(moving):
        whose = {websites[item.collection] for item in typed}
        where = website_of(whose.pop()) if len(whose) == 1 else "the portals’ websites"
        return (
            f"{count(many, 'change')} {verb} to be typed on {where}",
            "Nothing of this goes by itself. The sheets to type from are in Hand-over.",
        )
    title = f"{count(many, 'change')} {verb} for {short}"
    if typed:
        sent = many - len(typed)
        title = f"{count(sent, 'change')} {'waits' if sent == 1 else 'wait'} for {short}, {number(len(typed))} to be typed"
    if queue.summary.held:
        return title, f"Nothing is lost. {short} was put back to an older copy, so nothing is sent for now."
    if queue.summary.paused:
        return title, "Nothing is lost. Nothing is sent while sending is paused."
    if queue.why_not_send:
        return title, "Nothing is lost. It goes when somebody who may send sits here."
    order = "They go in this order" if many > 1 else "It goes"
    goes = (
        f"Nothing is lost and nothing is half sent. {order} {'when it answers' if down else 'by themselves'}."
    )
    return title, f"{goes} The sheets to type from are in Hand-over." if typed else goes


def _confirmed_words(queue: Queue, plural: str) -> str:
    """What is certain while nothing waits: "248 trainees confirmed, last at 14:23"."""
    if not queue.confirmed:
        return "Nothing has been saved yet"
    last = queue.portal.last_success if queue.portal is not None else None
    told = f", read back at {when(last, queue.now)}" if last else ""
    return f"{number(queue.confirmed)} {plural} confirmed{told}"
