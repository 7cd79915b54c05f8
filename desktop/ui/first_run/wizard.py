"""The window in which a workspace is set up. Ends with `made`: an open workspace, its records read as far as possible.

Going back keeps every answer; so does every failure. Esc asks before anything typed is thrown away.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop.model.verdict import PortalState
from desktop.services import tokens
from desktop.services.views import SyncReport
from desktop.services.workspace import Workspace
from desktop.ui.first_run import making
from desktop.ui.first_run.answers import Answers
from desktop.ui.first_run.collections import CollectionsStep
from desktop.ui.first_run.making import Made, Practice
from desktop.ui.first_run.organisation import OrganisationStep
from desktop.ui.first_run.passphrase import PassphraseStep
from desktop.ui.first_run.practising import PractisingStep
from desktop.ui.first_run.records import RecordsStep
from desktop.ui.first_run.step import Step
from desktop.ui.first_run.step_list import StepList
from desktop.ui.first_run.travel import TravelStep
from desktop.ui.operations import Lane, Operation, Operations
from desktop.ui.parts.ask import ask
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.text import Text
from desktop.ui.theme import scaled
from desktop.ui.trouble import Trouble

LIST_FROM = 860
KEPT = (
    "The workspace is ready, and what was read is kept. Open Holdfast: it reads the rest by itself as soon as it can. "
    "Or go back, to change address or token."
)


class Wizard(QDialog):
    """`practice` starts a practice portal; None = practice is not offered. `folder` is where the workspace will be."""

    def __init__(
        self,
        folder: Path,
        operations: Operations,
        practice: Callable[[], Practice] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.made: Made | None = None
        self.wants_backup = False
        """Whether the person wants to put a backup back instead."""
        self.answers = Answers()
        self._folder, self._operations, self._practice = folder, operations, practice
        self._reading: Operation | None = None
        self._tried = False
        offered = Workspace.offered()
        portal = offered[0].portal_short
        self.organisation, self.collections = OrganisationStep(), CollectionsStep(offered)
        test = partial(making.test, collection=offered[0].name)
        self.travel = TravelStep(portal, test, operations, practice=practice is not None)
        self.practising = PractisingStep()
        self.passphrase, self.records = PassphraseStep(folder), RecordsStep(portal, folder, self._sends)
        self._stack, self._list = QStackedWidget(), StepList()
        self.back, self.go_on, self._place = Button("Back"), Button("Continue", "primary"), Text(tone="ink2")
        self.restore = Button("Restore a backup instead", "quiet")
        self._step: Step = self.organisation
        self._arrange()
        self._connect()
        self._show(self.organisation)
        operations.run(tokens.credential_store, self.passphrase.set_store, lane=Lane.NETWORK)

    def _arrange(self) -> None:
        self.setWindowTitle("Set up Holdfast")
        self.setMinimumSize(560, 420)
        self.resize(1080, 720)
        bar = QFrame()
        bar.setProperty("part", "bar")
        foot = self._foot = QHBoxLayout(bar)
        foot.setSpacing(8)
        foot.addWidget(self.back)
        foot.addWidget(self.go_on)
        foot.addWidget(self.restore)
        foot.addStretch(1)
        foot.addWidget(self._place)
        right = QVBoxLayout()
        right.setSpacing(0)
        for step in (
            self.organisation,
            self.collections,
            self.travel,
            self.practising,
            self.passphrase,
            self.records,
        ):
            self._stack.addWidget(step)
        right.addWidget(self._stack, 1)
        right.addWidget(bar)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._list)
        whole.addLayout(right, 1)

    def _connect(self) -> None:
        self.back.clicked.connect(self.step_back)
        self.go_on.clicked.connect(self.step_on)
        self.go_on.setDefault(True)
        self.restore.clicked.connect(self._on_restore_clicked)
        self.records.stop_asked.connect(self._on_stop_asked)
        for step in (self.travel, self.practising):
            step.moved.connect(self._show_place)

    @property
    def step(self) -> Step:
        """The one that is shown."""
        return self._step

    def steps(self) -> Sequence[Step]:
        """Those that there are: practice needs no passphrase."""
        sends = self._sends()
        asks = self.travel if sends else self.practising
        way: tuple[Step, ...] = (asks,) if sends or self._practice is not None else ()
        middle = () if way and asks.practice.isChecked() else (self.passphrase,)
        return self.organisation, self.collections, *way, *middle, self.records

    def _sends(self) -> bool:
        """Whether a portal takes any of the chosen records from a program."""
        chosen = self.answers.collections or set(Workspace.usual(self.answers.kind))
        return any(one.sends for one in Workspace.offered() if one.name in chosen)

    def step_on(self) -> None:
        """Continue, when this step is complete."""
        if self._step is self.records:
            self._finish()
            return
        self._step.keep(self.answers)
        if self._step is self.collections and not self._sends():
            self.answers.direct = self.answers.practice = False
        if self._step.complete():
            steps = self.steps()
            after_made = self.made is not None  # only the portal can still be another one
            self._show(self.records if after_made else steps[steps.index(self._step) + 1])

    def step_back(self) -> None:
        """Back, with all that was typed."""
        steps = self.steps()
        self._step.keep(self.answers)
        after_made = self.made is not None
        self._show(self.travel if after_made else steps[max(0, steps.index(self._step) - 1)])

    def _show(self, step: Step) -> None:
        self._step, self._tried = step, False
        step.show_answers(self.answers)
        self._stack.setCurrentWidget(step)
        self.records.tell("")
        self._show_place()
        step.focus_first()

    def _show_place(self) -> None:
        steps = self.steps()
        if self._step not in steps:
            return
        place = steps.index(self._step)
        self._list.show_steps([(one.name, one.caption(self.answers)) for one in steps], place)
        self._place.setText(f"Step {place + 1} of {len(steps)}")
        self.restore.setVisible(place == 0 and self.made is None)
        self.back.setVisible(place > 0 and (self.made is None or self._step is self.records))
        self.go_on.set_words("Continue" if self._step is not self.records else self._last_words())

    def _last_words(self) -> str:
        if self._tried:
            return "Open Holdfast"
        if self.answers.practice:
            return "Start practising"
        if self.answers.direct:
            return "Read my records"
        return "Make the workspace" if self.made is None else "Open Holdfast"

    def _on_restore_clicked(self) -> None:
        self.wants_backup = True
        super().reject()

    # -- the end of it --------------------------------------------------------------------------------

    def _finish(self) -> None:
        if self._tried:
            self.accept()
            return
        self.records.tell("")
        self._be_busy(True)
        if self.made is not None:
            self._on_made(self.made)
            return
        answers = self.answers
        self._operations.run(
            lambda: making.make(answers, self._folder, self._practice),
            self._on_made,
            lane=Lane.NETWORK,
            on_failure=self._on_not_made,
        )

    def _on_made(self, made: Made) -> None:
        self.made = made
        self.travel.leave_out_practice()
        if self.answers.practice or self.answers.direct:
            self._read()
        else:
            self.accept()

    def _on_not_made(self, trouble: Trouble) -> None:
        self._be_busy(False)
        self.records.tell(f"{trouble.title}. {trouble.text}", grave=True)

    def _read(self) -> None:
        made, answers = self.made, self.answers
        assert made is not None
        self._reading = self._operations.run_job(
            lambda job: making.read(made, answers, job.report, job.is_cancelled),
            self._on_read,
            lane=Lane.NETWORK,
            on_failure=self._on_not_read,
            on_progress=self.records.show_progress,
            on_finished=self._on_reading_over,
        )

    def _on_read(self, reports: list[SyncReport]) -> None:
        self._reading = None
        trouble = next((one for one in reports if one.state is not PortalState.UP), None)
        if trouble is None or trouble.cancelled:
            self.accept()
        else:
            self._offer_to_open(trouble.detail)

    def _on_not_read(self, trouble: Trouble) -> None:
        self._reading = None
        self._offer_to_open(f"{trouble.title}. {trouble.text}")

    def _on_reading_over(self) -> None:
        """Stopped before it began."""
        if self._reading is not None:
            self._reading = None
            self.accept()

    def _offer_to_open(self, why: str) -> None:
        """The workspace stands; only the reading did not come to its end."""
        self._tried = True
        self._be_busy(False)
        self.records.progress.hide()
        self.records.tell(f"{why} {KEPT}")
        self._show_place()

    def _be_busy(self, busy: bool) -> None:
        self.go_on.allow(not busy, "Working on it")
        self.back.allow(not busy, "Working on it")

    def _on_stop_asked(self) -> None:
        if self._reading is not None:
            self._reading.cancel()

    # -- Qt ---------------------------------------------------------------------------------------------

    def reject(self) -> None:
        """Esc and the window's cross: what was made is opened; what was only typed may be thrown away."""
        self._step.keep(self.answers)
        if self._reading is not None:
            self._on_stop_asked()
        elif self.made is not None:
            self.accept()
        elif not self.go_on.isEnabled():
            return
        elif not self.answers.begun or ask(
            self,
            "Stop setting up Holdfast?",
            "Nothing was made yet. What you typed here is not kept.",
            "Stop, and forget it",
            "Go on setting up",
        ):
            super().reject()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= scaled(LIST_FROM)
        self._list.setVisible(wide)
        side = 24 if wide else 12
        self._foot.setContentsMargins(side, 12, side, 12)
