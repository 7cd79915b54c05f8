"""Typing many sheets in a row: begins a run, opens one sheet after another in the same window, and keeps its summary."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop.services.keying_run import Run
from desktop.ui.keying.opening import SheetDesk
from desktop.ui.keying.run_card import RunCard, title_of
from desktop.ui.page import Context
from desktop.ui.parts.ask import ask
from desktop.ui.parts.save_as import save_as

KINDS = {
    ".xlsx": "Excel workbook (*.xlsx)",
    ".csv": "CSV, for any spreadsheet (*.csv)",
    ".pdf": "PDF, to read or print (*.pdf)",
}


class Running(QObject):
    """`shown` comes when the card was filled or hidden."""

    shown = Signal()

    def __init__(self, context: Context, desk: SheetDesk, over: QWidget) -> None:
        super().__init__(over)
        self._context, self._desk, self._over = context, desk, over
        self.run: Run | None = None
        self.card = RunCard()
        self.card.hide()
        self.card.go_on_asked.connect(self._on_go_on)
        self.card.save_asked.connect(self._on_save)
        self.card.end_asked.connect(self._on_end)
        desk.moved_on.connect(self.go_on)

    def begin(self, record_ids: Sequence[str] = ()) -> None:
        """Begin with these records, or with all that is to be typed; a run that is there already goes on."""
        runs = self._context.workspace.keying_runs
        self._read(lambda: runs.get() or runs.begin(record_ids), self._on_next)

    def refresh(self) -> None:
        """Show where it is."""
        self._read(self._context.workspace.keying_runs.get, self._on_read, key="keying.run")

    def go_on(self) -> None:
        """The next sheet; at the end the window of the sheet closes and the card tells how it went."""
        self._read(self._context.workspace.keying_runs.get, self._on_next)

    def _on_go_on(self) -> None:
        runs = self._context.workspace.keying_runs
        left = self.run is not None and self.run.next is not None
        self._read(runs.get if left else runs.take_up, self._on_next)

    def _read(
        self, work: Callable[[], Run | None], then: Callable[[Run | None], None], key: str = ""
    ) -> None:
        self._context.operations.run(work, then, key=key or "keying.run.step")

    def _on_read(self, run: Run | None) -> None:
        self.run = run
        self._desk.run = run
        self.card.setVisible(run is not None)
        if run is not None:
            self.card.show_run(run)
        self.shown.emit()

    def _on_next(self, run: Run | None) -> None:
        self._on_read(run)
        if run is not None and run.next is not None:
            self._desk.open(run.next.id)
            return
        self._desk.close()
        if run is not None:
            self._context.shell.say(title_of(run))

    def _on_save(self) -> None:
        runs = self._context.workspace.keying_runs
        path = save_as(self._over, "Save the summary", "Typed on the website", KINDS)
        if path is not None:
            self.write_summary(path, runs.save_summary)

    def write_summary(self, path: Path, save: Callable[[Path], None]) -> None:
        """Write it in the background."""

        def work() -> str:
            save(path)
            return path.name

        self._context.operations.run(work, self._on_saved)

    def _on_saved(self, name: str) -> None:
        self._context.shell.say(f"Saved as {name}")

    def _on_end(self) -> None:
        run = self.run
        if run is None:
            return
        left = len(run.ready) + len(run.blocked)
        text = "What is left stays in the list of what is to be typed. Save the summary first if you want to keep it."
        if left and not ask(
            self._over, "End typing one after another?", text, "End it", "Go on", grave=False
        ):
            return
        runs = self._context.workspace.keying_runs
        self._context.operations.run(runs.end, self._on_ended)

    def _on_ended(self, _nothing: object) -> None:
        self._on_read(None)
