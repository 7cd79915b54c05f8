"""Waiting as a page: reads the queue in the store lane, and carries out what people ask of it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.model.person import Role
from desktop.model.timetable import Timetable
from desktop.services.views import Changed, QueueItem
from desktop.ui.page import Context, Page
from desktop.ui.parts.ask import ask
from desktop.ui.shell.status import worst_portal
from desktop.ui.waiting.saving import QueueSaver
from desktop.ui.waiting.timetable_dialog import TimetableDialog
from desktop.ui.waiting.view import Queue, WaitingScreen


class WaitingPage(Page):
    """Reads anew when the queue or the portal moved."""

    name = "waiting"
    title = "Waiting"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        known = tuple(self.workspace.collections.values())
        self.screen_view = WaitingScreen(
            known[0].many if len(known) == 1 else "records",
            next((one.portal_short for one in known if one.sends), ""),
            {one.name: one.portal_short for one in known},
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.screen_view)
        view = self.screen_view
        view.record_chosen.connect(self._on_record_chosen)
        view.keying_chosen.connect(self._on_keying_chosen)
        view.take_back_asked.connect(self._on_take_back_asked)
        view.timetable_asked.connect(self._on_timetable_asked)
        view.pause_asked.connect(self._on_pause_asked)
        view.resume_asked.connect(self._on_resume_asked)
        view.send_asked.connect(self._on_send_asked)
        view.save_asked.connect(self._on_save_asked)
        view.evidence_asked.connect(self._on_evidence_asked)
        view.history_asked.connect(self._on_history_asked)
        self.saver = QueueSaver(self.workspace, self.operations, self)
        self.saver.saved.connect(self._on_saved)
        self.saver.failed.connect(self._on_save_failed)

    def refresh(self, changed: Changed | None) -> None:
        if changed is None or changed.queue or changed.portals or changed.records is None:
            self.operations.run(self._read, self._on_read, key="waiting")

    def own_banner(self) -> QWidget:
        return self.screen_view.banner_space

    def focus_first(self) -> None:
        self.screen_view.table.focus_first()

    def keys(self) -> tuple[tuple[str, str], ...]:
        return (
            ("Up, Down", "Another change"),
            ("Enter", "Open the record, or a group"),
            ("Shift+F10", "Menu: open, take back"),
        )

    def _read(self) -> Queue:
        """Worker thread."""
        home = self.workspace.home()
        return Queue(
            tuple(self.workspace.queue.items()),
            self.workspace.queue.summary(),
            worst_portal(home.portals),
            sum(counts.confirmed for counts in home.counts.values()),
            sum(counts.drafts for counts in home.counts.values()),
            self.workspace.now(),
            self.workspace.actor,
            self.workspace.people.sitting().why_not(Role.SEND),
        )

    def _on_read(self, queue: Queue) -> None:
        self.screen_view.show_queue(queue)
        self.title_changed.emit(self.screen_view.title)

    def _on_record_chosen(self, record_id: str) -> None:
        self.shell.go("record", record_id=record_id)

    def _on_keying_chosen(self, item: str) -> None:
        self.shell.go("keying", item=item)

    def _on_take_back_asked(self, item: QueueItem) -> None:
        if ask(
            self,
            f"Take this back: {item.what}, for {item.record_label}?",
            "It is not sent. The record returns to what the portal holds; what you typed stays in its history.",
            "Take it back",
            "Keep it waiting",
        ):
            self.operations.run(lambda: self.workspace.queue.take_back(item.id), self._on_taken_back)

    def _on_taken_back(self, _nothing: Any) -> None:
        self.shell.say("Taken back. It is not sent.")

    def _on_timetable_asked(self) -> None:
        self.operations.run(self.workspace.schedule.timetable, self._open_timetable)

    def _open_timetable(self, timetable: Timetable) -> None:
        dialog = TimetableDialog(timetable, self.screen_view.portal, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(self._on_timetable_chosen)
        dialog.open()

    def _on_timetable_chosen(self, timetable: Timetable) -> None:
        self.operations.run(lambda: self.workspace.schedule.change(timetable), self._on_timetable_kept)

    def _on_timetable_kept(self, _nothing: Any) -> None:
        self.shell.say("Kept. It counts from now on.")

    def _on_pause_asked(self) -> None:
        self.operations.run(self.workspace.queue.pause)

    def _on_resume_asked(self) -> None:
        self.operations.run(self.workspace.queue.resume, self._on_resumed)

    def _on_resumed(self, _nothing: Any) -> None:
        self.shell.sync_now()

    def _on_send_asked(self) -> None:
        self.shell.sync_now()

    def _on_save_asked(self) -> None:
        self.saver.ask()

    def _on_saved(self, words: str) -> None:
        self.shell.say(words)

    def _on_save_failed(self, title: str, text: str) -> None:
        self.shell.warn(title, text)

    def _on_evidence_asked(self) -> None:
        self.shell.save_evidence()

    def _on_history_asked(self) -> None:
        self.shell.go("activity", only="portal")
