"""Settings on the backups that are made by themselves, and on the doctor who mends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QFileDialog

from desktop.services.acts import Stopped
from desktop.services.mending import Mended
from desktop.ui import words
from desktop.ui.icons import set_icon
from desktop.ui.operations import Lane, Operation
from desktop.ui.page import Context
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import line, row
from desktop.ui.parts.progress import ProgressBox
from desktop.ui.parts.text import Text
from desktop.ui.settings.section import Section, Tick
from desktop.ui.trouble import Trouble

if TYPE_CHECKING:
    from datetime import datetime

    from desktop.services.backups import BackupFile, Policy, Standing

_ABOUT = (
    "Each is one encrypted file with everything, read again before an older one goes. Kept are those of the last 7 days, one "
    "of each of the last 4 weeks, and one of each of the last 12 months."
)
_DAILY = "In the first minute in which nobody saves anything; after a pause of days, soon after Holdfast is opened."
_DOCTOR = (
    "Holdfast looks whether the file and the history are whole and agree with each other. What is out of step is made anew "
    "from the records, after a backup; what people typed is never touched."
)


class BackupsSection(Section):
    """How it stands, where they lie, and what can be done. Signals say what was asked."""

    automatic_chosen = Signal(bool)
    second_asked = Signal()
    second_dropped = Signal()
    make_asked = Signal()
    stop_asked = Signal()
    mend_asked = Signal()

    def __init__(self) -> None:
        super().__init__("Automatic backups", _ABOUT)
        self._mark, self.standing = Text(), Text(weight=500, wrap=True)
        self.trouble = Text(tone="refused", wrap=True)
        self.where, self.second = Text(tone="ink2", wrap=True), Text(tone="ink2", wrap=True)
        for shown in (self.where, self.second):
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.automatic = Tick("Make one each day", _DAILY)
        self.make = Button("Back up now", icon="save")
        self.choose, self.drop = Button("Choose a second folder"), Button("Use no second folder", "quiet")
        self.progress = ProgressBox("Writing the backup", stop="Stop, and keep nothing of it")
        self.mend, self.mended = Button("Check and mend"), Text(wrap=True)
        self._arrange()
        self.automatic.box.clicked.connect(self.automatic_chosen)
        self.make.clicked.connect(self.make_asked)
        self.choose.clicked.connect(self.second_asked)
        self.drop.clicked.connect(self.second_dropped)
        self.progress.stop_asked.connect(self.stop_asked)
        self.mend.clicked.connect(self.mend_asked)

    def _arrange(self) -> None:
        head = row(self._mark, spacing=8)
        head.addWidget(self.standing, 1)
        self.body.addLayout(head)
        for part in (self.trouble, self.where, self.second, self.automatic):
            self.body.addWidget(part)
        self.body.addLayout(row(self.make, self.choose, self.drop, None))
        self.body.addWidget(self.progress)
        self.body.addWidget(line())
        self.body.addWidget(Text(_DOCTOR, "caption", wrap=True))
        self.body.addLayout(row(self.mend, None))
        self.body.addWidget(self.mended)
        for hidden in (self.trouble, self.second, self.progress, self.mended, self.drop):
            hidden.hide()

    def show_standing(self, standing: Standing, folder: Path, now: datetime) -> None:
        """As it is now."""
        well = not (standing.trouble or standing.second_trouble)
        good = well and standing.last is not None
        set_icon(
            self._mark, "circle-check" if good else "triangle-alert", "confirmed" if good else "conflict"
        )
        self.standing.setText(last_words(standing.last, now))
        told = " ".join(one for one in (standing.trouble, standing.second_trouble) if one)
        self.trouble.setText(told)
        self.trouble.setVisible(bool(told))
        self.where.setText(f"They are in {folder}")
        self.second.setText(f"And in {standing.policy.second}. {standing.policy.locked}".strip())
        self.second.setVisible(bool(standing.policy.second))
        locked = standing.policy.locked
        self.drop.setVisible(bool(standing.policy.second) and not locked)
        self.choose.allow(not locked, locked)
        self.choose.set_words(
            "Choose another second folder" if standing.policy.second else "Choose a second folder"
        )
        with QSignalBlocker(self.automatic.box):
            self.automatic.box.setChecked(standing.policy.automatic)

    def show_busy(self, busy: bool) -> None:
        """A backup is being written."""
        self.make.allow(not busy, "A backup is being written")
        self.progress.setVisible(busy)

    def show_mending(self, busy: bool) -> None:
        """The doctor is at it."""
        self.mend.allow(not busy, "Holdfast is looking")
        if busy:
            self.mended.setText("Looking at everything")
            self.mended.show()

    def show_mended(self, mended: Mended) -> None:
        """What the doctor found and did."""
        self.show_mending(False)
        self.mended.setText(mended_words(mended))


def last_words(last: BackupFile | None, now: datetime) -> str:
    """When the last one was made, in a sentence."""
    if last is None:
        return "There is no backup yet"
    return f"Last backup: {words.when(last.made_at, now)}, read again and found whole"


def mended_words(mended: Mended) -> str:
    """What came of it, in sentences."""
    if mended.left:
        rest = (
            "It cannot be mended here: keep a copy of this folder, and put a backup back into an empty one."
        )
        return " ".join((*mended.done, *mended.left, rest))
    if not mended.done:
        return "Everything was checked and is in order. Nothing needed mending."
    return " ".join((*mended.done, "Everything is in order now. The backup made before is kept."))


class BackupsHere(QObject):
    """Does what the section asks; belongs to the page of settings."""

    def __init__(self, context: Context, over: QObject) -> None:
        super().__init__(over)
        self._context = context
        self._making: Operation | None = None
        section = self.section = BackupsSection()
        section.automatic_chosen.connect(self._on_automatic_chosen)
        section.second_asked.connect(self._on_second_asked)
        section.second_dropped.connect(self._on_second_dropped)
        section.make_asked.connect(self.make)
        section.stop_asked.connect(self._on_stop_asked)
        section.mend_asked.connect(self.mend)

    def look(self) -> None:
        """Read how it stands, and show it."""
        backups = self._context.workspace.backups
        self._context.operations.run(
            backups.standing, self._on_read, lane=Lane.NETWORK, key="settings-backups"
        )

    def _on_read(self, standing: Standing) -> None:
        workspace = self._context.workspace
        self.section.show_standing(standing, workspace.backups.folder.absolute(), workspace.now())

    # --- what is chosen

    def _on_automatic_chosen(self, automatic: bool) -> None:
        self._change(lambda policy: replace(policy, automatic=automatic))

    def _on_second_asked(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self.section, "Choose a second folder for backups")
        if chosen:
            self.use_second(Path(chosen))

    def use_second(self, folder: Path) -> None:
        """From now on each backup goes there, too; the first one now."""
        self._change(lambda policy: replace(policy, second=str(folder)), then=self.make)

    def _on_second_dropped(self) -> None:
        self._change(lambda policy: replace(policy, second=""))

    def _change(self, new: Callable[[Policy], Policy], then: Callable[[], None] | None = None) -> None:
        backups = self._context.workspace.backups

        def kept(_nothing: object) -> None:
            self.look()
            if then is not None:
                then()

        self._context.operations.run(
            lambda: backups.change(new(backups.policy())), kept, on_failure=self._on_refused
        )

    def _on_refused(self, trouble: Trouble) -> None:
        self._context.shell.warn(trouble.title, trouble.text)
        self.look()

    # --- what is done

    def make(self) -> None:
        """One now, in the background."""
        self.section.show_busy(True)
        backups = self._context.workspace.backups
        self._making = self._context.operations.run_job(
            lambda job: backups.make("asked", job.report, job.is_cancelled),
            self._on_made,
            on_failure=self._on_not_made,
            on_progress=self.section.progress.show_progress,
        )

    def _on_stop_asked(self) -> None:
        if self._making is not None:
            self._making.cancel()

    def _on_made(self, _made: object) -> None:
        self.section.show_busy(False)
        self._context.shell.say("Backup made, read again and found whole")
        self.look()

    def _on_not_made(self, trouble: Trouble) -> None:
        self.section.show_busy(False)
        if isinstance(trouble.error, Stopped):
            self._context.shell.say("Stopped. No backup was written.")
        else:
            self._context.shell.warn(trouble.title, trouble.text)
        self.look()

    def mend(self) -> None:
        """Check everything, and mend what is safe to mend."""
        self.section.show_mending(True)
        self._context.operations.run(
            self._context.workspace.care.mend, self._on_mended, on_failure=self._on_not_mended
        )

    def _on_mended(self, mended: Mended) -> None:
        self.section.show_mended(mended)
        self.look()

    def _on_not_mended(self, trouble: Trouble) -> None:
        self.section.show_mending(False)
        self.section.mended.setText(f"{trouble.title}. {trouble.text}")
