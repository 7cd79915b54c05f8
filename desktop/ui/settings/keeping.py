"""Settings on keeping and deleting: how long each kind of record is kept and why, who is past it, what was removed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QSpinBox, QVBoxLayout, QWidget

from desktop.services import purge_certificate
from desktop.services.retention import Due, Purged, Rule
from desktop.ui import words
from desktop.ui.operations import Lane
from desktop.ui.page import Context
from desktop.ui.parts.ask import ask
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import line, row
from desktop.ui.parts.save_as import save_as
from desktop.ui.parts.text import Text
from desktop.ui.settings.purge_dialog import PurgeDialog
from desktop.ui.settings.section import Section, Tick
from desktop.ui.trouble import Trouble

_ABOUT = (
    "Records are no longer needed some time after an end. Nothing is removed by itself: somebody looks at the list and says "
    "so. A record with work that was not sent never goes."
)
KINDS = {".pdf": "PDF (*.pdf)", ".csv": "Spreadsheet (*.csv)"}


class RuleLine(QWidget):
    """One rule: whether it counts, after how many months, and why so long. `changed` carries key, months, on."""

    changed = Signal(str, int, bool)

    def __init__(self, rule: Rule) -> None:
        super().__init__()
        self._key = rule.key
        told = f"{rule.rule.reason} Source: {rule.rule.source}. {rule.locked}".strip()
        self.tick = Tick(rule.rule.title, told)
        self.months = QSpinBox()
        self.months.setRange(rule.least, rule.most)
        self.months.setSuffix(" months")
        self.months.setAccessibleName(f"{rule.rule.title}: kept for months after {rule.rule.begins}")
        self.months.setAccessibleDescription(f"From {rule.least} to {rule.most}")
        self.months.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.months.setMinimumWidth(110)
        if (typed := self.months.findChild(QLineEdit)) is not None:
            typed.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the box itself takes the keyboard
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.tick)
        column.addLayout(row(24, Text("Kept for"), self.months, Text(f"after {rule.rule.begins}", wrap=True)))
        self.tick.box.clicked.connect(self._on_changed)
        self.months.editingFinished.connect(self._on_changed)
        self.show_rule(rule)

    def show_rule(self, rule: Rule) -> None:
        """As it counts now."""
        self._shown = (rule.months, rule.on)
        with QSignalBlocker(self.months), QSignalBlocker(self.tick.box):
            self.months.setValue(rule.months)
            self.months.setEnabled(rule.on)
            self.tick.box.setChecked(rule.on)
            self.tick.box.setEnabled(not rule.locked)

    def _on_changed(self) -> None:
        now = (self.months.value(), self.tick.box.isChecked())
        if now != self._shown:
            self._shown = now
            self.changed.emit(self._key, *now)


class KeepingSection(Section):
    """Rules, how many are past them, and the last removal."""

    rule_changed = Signal(str, int, bool)
    list_asked = Signal()
    certificate_asked = Signal(str)

    def __init__(self) -> None:
        super().__init__("Keeping and deleting", _ABOUT)
        self.lines: dict[str, RuleLine] = {}
        self._rules = QVBoxLayout()
        self._rules.setSpacing(14)
        self.due, self.last = Text(weight=500, wrap=True), Text(tone="ink2", wrap=True)
        self.look, self.certificate = (
            Button("Look at the list"),
            Button("Save the last certificate", "quiet", "download"),
        )
        self._last = ""
        self.body.addLayout(self._rules)
        self.body.addWidget(line())
        self.body.addWidget(self.due)
        self.body.addWidget(self.last)
        self.body.addLayout(row(self.look, self.certificate, None))
        self.look.clicked.connect(self.list_asked)
        self.certificate.clicked.connect(self._on_certificate_clicked)

    def show_keeping(self, rules: Sequence[Rule], due: Sequence[Due], purges: Sequence[Purged]) -> None:
        """As it is now."""
        for rule in rules:
            if rule.key not in self.lines:
                made = self.lines[rule.key] = RuleLine(rule)
                made.changed.connect(self.rule_changed)
                self._rules.addWidget(made)
            self.lines[rule.key].show_rule(rule)
        self.due.setText(due_words(due))
        self.look.allow(bool(due), "Nobody is past their time")
        self._last = purges[0].id if purges else ""
        self.last.setText(removed_words(purges))
        self.last.setVisible(bool(purges))
        self.certificate.setVisible(bool(purges))

    def _on_certificate_clicked(self) -> None:
        self.certificate_asked.emit(self._last)


def due_words(due: Sequence[Due]) -> str:
    """How many are past their time, in a sentence."""
    if not due:
        return "Nobody is past their time."
    stuck = sum(bool(one.why_not) for one in due)
    told = f"{words.count(len(due), 'record is', 'records are')} past the time"
    return f"{told}; {stuck:,} cannot go yet." if stuck else f"{told}."


def removed_words(purges: Sequence[Purged]) -> str:
    """What was removed last, in a sentence."""
    if not purges:
        return ""
    last = purges[0]
    day = words.long_date(words.local(last.at).date())
    return f"Last removal on {day}: {words.count(last.taken.records, 'record')}, by {last.by}."


class KeepingHere(QObject):
    """Does what the section asks; belongs to the page of settings."""

    def __init__(self, context: Context, over: QObject) -> None:
        super().__init__(over)
        self._context = context
        self._dialog: PurgeDialog | None = None
        section = self.section = KeepingSection()
        section.rule_changed.connect(self._on_rule_changed)
        section.list_asked.connect(self.open_list)
        section.certificate_asked.connect(self._on_certificate_asked)

    def look(self) -> None:
        """Read rules and who is due, and show them."""
        self._context.operations.run(self._read, self._on_read, lane=Lane.NETWORK, key="settings-keeping")

    def _read(self) -> tuple[list[Rule], list[Due], list[Purged]]:
        """Worker thread."""
        keeping = self._context.workspace.retention
        return keeping.rules(), keeping.due(), keeping.purges()

    def _on_read(self, found: tuple[list[Rule], list[Due], list[Purged]]) -> None:
        self.section.show_keeping(*found)
        if self._dialog is not None:
            self._dialog.show_due(found[1])

    def _on_rule_changed(self, key: str, months: int, on: bool) -> None:
        keeping = self._context.workspace.retention
        self._context.operations.run(
            lambda: keeping.change(key, months, on=on), self._on_changed, on_failure=self._on_refused
        )

    def _on_changed(self, _nothing: object) -> None:
        self.look()

    def _on_refused(self, trouble: Trouble) -> None:
        self._context.shell.warn(trouble.title, trouble.text)
        self.look()

    # --- the list, and the removal

    def open_list(self) -> PurgeDialog:
        """Show who is past their time."""
        dialog = self._dialog = PurgeDialog(self.section)
        dialog.purge_asked.connect(self._on_purge_asked)
        dialog.certificate_asked.connect(self._on_certificate_asked)
        dialog.finished.connect(self._on_closed)
        self.look()
        dialog.open()
        return dialog

    def _on_closed(self) -> None:
        self._dialog = None

    def _on_purge_asked(self, record_ids: list[str]) -> None:
        title = f"Remove {words.count(len(record_ids), 'record')} for good?"
        text = "It cannot be undone here. Only a backup made before could bring them back."
        if ask(self._dialog, title, text, "Remove for good", "Keep them"):
            self.purge(record_ids)

    def purge(self, record_ids: list[str]) -> None:
        """Remove them, in the background, and say what came of it."""
        dialog = self._dialog
        if dialog is None:
            return
        keeping, wishes = self._context.workspace.retention, dialog.wishes()
        dialog.show_busy(True)
        self._context.operations.run_job(
            lambda job: keeping.purge(record_ids, wishes, job.report),
            self._on_purged,
            on_failure=self._on_not_purged,
            on_progress=dialog.progress.show_progress,
        )

    def _on_purged(self, done: Purged) -> None:
        told = (
            f"{purge_certificate.title(done)}.",
            purge_certificate.proof_words(done),
            purge_certificate.copies_words(done),
        )
        if self._dialog is not None:
            self._dialog.show_done(done, " ".join(told))
        self._context.shell.say(told[0])
        self.look()

    def _on_not_purged(self, trouble: Trouble) -> None:
        if self._dialog is not None:
            self._dialog.complain(f"{trouble.title}. {trouble.text}")
        self.look()

    def _on_certificate_asked(self, purge_id: str) -> None:
        path = save_as(self._dialog or self.section, "Save the certificate", "removal-certificate.pdf", KINDS)
        if path is not None:
            self.save_certificate(purge_id, path)

    def save_certificate(self, purge_id: str, path: Path) -> None:
        """Write it there, in the background."""
        keeping = self._context.workspace.retention
        self._context.operations.run(lambda: keeping.certificate(purge_id, path), self._on_saved)

    def _on_saved(self, path: Path) -> None:
        self._context.shell.say(f"Saved as {path.name}")
