"""Opens sheets and carries out what people do on them. One sheet at a time; it outlives the page that opened it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QEvent, QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.services.keying import Keying, NotReady, SomebodyElse
from desktop.services.keying_run import Run
from desktop.ui.keying.sheet_window import SheetWindow
from desktop.ui.keying.statement import lease_words
from desktop.ui.page import Context
from desktop.ui.parts.ask import ask
from desktop.ui.record.facts import spoken_name
from desktop.ui.shell import rights
from desktop.ui.shell.status import Standing
from desktop.ui.trouble import Trouble

_PLACE = "sheet"


class SheetDesk(QObject):
    """`ended` comes when a sheet was finished or given up, with words for the person.

    While there is a `run`, the window stays for the next sheet, and `moved_on` asks for that one.
    """

    ended = Signal(str)
    moved_on = Signal()

    def __init__(self, context: Context, over: QWidget) -> None:
        super().__init__(over)
        self._context, self._over = context, over
        self.window: SheetWindow | None = None
        self._asked: tuple[str, bool] = ("", False)
        self._words = ""
        self.run: Run | None = None
        context.shell.status.standing_read.connect(self._on_standing_read)

    # --- opening

    def open(self, item_id: str, *, anyway: bool = False, take_over: bool = False) -> None:
        """Begin a sheet or go on with it; asks first where something is missing, or somebody else is at it."""
        keying = self._context.workspace.keying
        self._asked = item_id, anyway
        self._context.operations.run(
            lambda: keying.begin(item_id, anyway=anyway, take_over=take_over),
            self._on_begun,
            on_failure=self._on_not_begun,
        )

    def _on_not_begun(self, trouble: Trouble) -> None:
        error, (item_id, anyway) = trouble.error, self._asked
        if isinstance(error, NotReady):
            text = f"{error} You can answer it in the record first, or begin now and stop there."
            title = "Something is missing" if error.missing else "Something is to be put right"
            if ask(self._over, title, text, "Begin all the same", "Not now", grave=False):
                self.open(item_id, anyway=True)
        elif isinstance(error, SomebodyElse):
            told = lease_words(error.lease, error.free_at, self._context.workspace.now())
            text = f"{told} What they typed stays marked. Take it over only if they have stopped; the history notes it."
            title = f"{error.lease.person} is typing this"
            if ask(self._over, title, text, "Take it over", f"Leave it to {error.lease.person}"):
                self.open(item_id, anyway=anyway, take_over=True)
        else:
            self._context.shell.warn(trouble.title, trouble.text)

    def _on_begun(self, keying: Keying) -> None:
        if self.window is None:
            self.window = self._made()
            self._over.window().installEventFilter(self)
        rights.follow(self.window, self._context.shell.status)
        self.window.show_run(self.run)
        self.window.show_keying(keying)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def _made(self) -> SheetWindow:
        workspace, memory = self._context.workspace, self._context.shell.preferences.memory
        window = SheetWindow(
            workspace.organisation.name, workspace.today(), workspace.now, on_top=memory.sheet_on_top
        )
        place = memory.place(_PLACE)
        if place is not None:
            window.restoreGeometry(place)
        window.page_done.connect(self._on_page_done)
        window.page_asked.connect(self._on_page_asked)
        window.finished.connect(self._on_finished)
        window.new_answers_typed.connect(self._on_new_answers)
        window.paper_asked.connect(self._on_paper)
        window.given_up.connect(self._on_give_up)
        window.set_aside.connect(self._on_set_aside)
        window.on_top_changed.connect(self._on_on_top)
        window.closed.connect(self._on_closed)
        return window

    def refresh(self) -> None:
        """The record of the open sheet may have changed: show what it answers now."""
        item_id = self._item_id()
        if item_id:
            keying = self._context.workspace.keying
            self._context.operations.run(
                lambda: keying.get(item_id), self._on_read_again, on_failure=self._on_gone, key="keying.sheet"
            )

    def _on_standing_read(self, standing: Standing) -> None:
        """Somebody else may sit here by now: the sheet of who left the seat does not stay open."""
        if self.window is None:
            return
        rights.apply(self.window, standing.sitting)
        if forbidden := self.window.finish.unsure.forbidden:
            self.window.finish.show_problem(forbidden)
        lease = self.window.keying.item.lease if self.window.keying else None
        if lease is not None and lease.person != standing.sitting.person.name:
            self.refresh()

    def _on_read_again(self, keying: Keying) -> None:
        if self.window is None or self._item_id() != keying.item.id:
            return
        lease = keying.item.lease
        if lease is not None and lease.person != self._context.workspace.actor:
            self._context.shell.say(f"The sheet is closed: {lease.person} is typing it")
            self.close()
        else:
            self.window.show_keying(keying)

    def _on_gone(self, _trouble: Trouble) -> None:
        if self.run is not None:
            self.moved_on.emit()
        elif self.window is not None:
            self._context.shell.say("There is nothing to type for this any more")
            self.close()

    # --- what people do on it

    def _item_id(self) -> str:
        keying = self.window.keying if self.window is not None else None
        return keying.item.id if keying is not None else ""

    def _do(self, deed: Callable[[], Any], then: Callable[[Any], None]) -> None:
        if self._item_id():
            self._context.operations.run(deed, then, on_failure=self._on_refused)

    def _on_page_done(self, page: str, outcome: str) -> None:
        item_id, keying = self._item_id(), self._context.workspace.keying
        self._do(lambda: keying.page_done(item_id, page, outcome), self._on_read_again)

    def _on_page_asked(self, page: str) -> None:
        item_id, keying = self._item_id(), self._context.workspace.keying
        self._do(lambda: keying.go_to(item_id, page), self._on_read_again)

    def _on_new_answers(self) -> None:
        item_id, keying = self._item_id(), self._context.workspace.keying
        self._do(lambda: keying.take_new_answers(item_id), self._on_read_again)

    def _on_finished(self, said: str, reference: str, day: str, why: str) -> None:
        item_id, keying = self._item_id(), self._context.workspace.keying
        try:
            on = date.fromisoformat(day) if day else None
        except ValueError:
            if self.window is not None:
                self.window.finish.show_problem("The day cannot be read. Enter one such as 7 September 2026.")
            return
        self._words = self._ending(said)
        if said == "instead":
            self._do(lambda: keying.instead(item_id), self._on_ended)
            return
        self._do(
            lambda: keying.finish(item_id, said, reference=reference, on=on, why=why),  # type: ignore[arg-type]
            self._on_ended,
        )

    def _ending(self, said: str) -> str:
        """What the person is told; where nothing can be read back, nothing waits for that."""
        keying = self.window.keying if self.window is not None else None
        if said == "refused":
            return "Kept as refused. It stands in Needs you"
        if keying is None or keying.sheet.journey.read_back:
            typed = "Typed" if said == "accepted" else "Kept as not sure"
            return f"{typed}. It waits to be read back"
        if said == "unsure":
            return "Kept as not sure. Look on the website, then say whether it is there"
        return f"{keying.item.title}: done"

    def _on_set_aside(self) -> None:
        item_id, workspace = self._item_id(), self._context.workspace
        self._words = "Set aside. It stays to be typed"

        def work() -> None:
            workspace.keying.give_up(item_id)
            workspace.keying_runs.set_aside(item_id)

        self._do(work, self._on_ended)

    def _on_give_up(self) -> None:
        window = self.window
        if window is None:
            return
        text = "What you typed on the website stays there. Here it waits as before, and nobody is at it."
        if ask(window, "Give this sheet up?", text, "Give it up", "Go on typing", grave=False):
            item_id, keying = self._item_id(), self._context.workspace.keying
            self._words = "Given up. It waits as before"
            self._do(lambda: keying.give_up(item_id), self._on_ended)

    def _on_ended(self, _nothing: Any) -> None:
        if self.run is None:
            self.close()
        else:
            self.moved_on.emit()
        self.ended.emit(self._words)

    def _on_refused(self, trouble: Trouble) -> None:
        words = f"{trouble.title}. {trouble.text}" if trouble.text else trouble.title
        if self.window is not None and not (self.window.keying and self.window.keying.page):
            self.window.finish.show_problem(words)
        else:
            self._context.shell.warn(trouble.title, trouble.text)

    def _on_paper(self) -> None:
        keying = self.window.keying if self.window is not None else None
        if keying is not None:
            self.save_paper(keying.item.id, keying.item.title, keying.item.record_label)

    def save_paper(self, item_id: str, title: str, label: str) -> None:
        """Ask where to, and write the sheet as a PDF."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = f"{title}, {spoken_name(label)}.pdf"
        chosen, _ = QFileDialog.getSaveFileName(
            self._over, "Save this sheet as PDF", str(Path(folder) / name), "PDF (*.pdf)"
        )
        if chosen:
            self.write_paper(item_id, Path(chosen).with_suffix(".pdf"))

    def write_paper(self, item_id: str, path: Path) -> None:
        """Write it in the background."""
        keying = self._context.workspace.keying

        def work() -> str:
            keying.save_sheet(item_id, path)
            return path.name

        self._context.operations.run(work, self._on_written)

    def _on_written(self, name: str) -> None:
        self._context.shell.say(f"Saved as {name}. Anybody can read it: delete it when all is typed")

    # --- the window

    def _on_on_top(self, on: bool) -> None:
        self._context.shell.preferences.put("sheet_on_top", on)

    def _on_closed(self) -> None:
        window, self.window = self.window, None
        if window is not None:
            self._context.shell.preferences.memory.keep_place(_PLACE, QByteArray(window.saveGeometry()))
            window.deleteLater()

    def close(self) -> None:
        """Close the sheet; its place is kept."""
        if self.window is not None:
            self.window.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The sheet goes with the window of the program: its place is kept."""
        if event.type() == QEvent.Type.Close:
            self.close()
        return super().eventFilter(watched, event)
