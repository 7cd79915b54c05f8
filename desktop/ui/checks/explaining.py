"""Explaining from Checks: which finding or rule is meant, the dialog, the save, and the end of an explanation."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop.model.collection import Collection, Rule
from desktop.model.finding import Severity
from desktop.services.explained import Explanation, Judged
from desktop.ui.checks.explain_dialog import ExplainDialog, Said
from desktop.ui.page import Context
from desktop.ui.trouble import Trouble


class Explaining(QObject):
    """Belongs to the page `over`, whose dialog stands over it."""

    changed = Signal()
    """Something was explained, or is a thing to do again."""

    def __init__(self, context: Context, collection: Collection, over: QWidget) -> None:
        super().__init__(over)
        self._context, self._collection, self._over = context, collection, over
        self._explained = context.workspace.explained
        self.dialog: ExplainDialog | None = None

    def ask_about(self, one: Judged, judged: Sequence[Judged]) -> None:
        """Ask why a finding is right as it is."""
        self._open(one.finding.rule, one, judged, one.explanation)

    def ask_about_rule(self, rule_id: str, judged: Sequence[Judged]) -> None:
        """Ask why a rule finds what it finds."""
        self._open(rule_id, None, judged, set_explanation(rule_id, judged))

    def end(self, known: Explanation) -> None:
        """Make it a thing to do again."""
        self._context.operations.run(partial(self._explained.end, known.id), self._on_ended)

    def _open(
        self, rule_id: str, one: Judged | None, judged: Sequence[Judged], known: Explanation | None
    ) -> None:
        rule = next((rule for rule in self._collection.rules if rule.id == rule_id), None)
        if rule is None:
            return
        found = records_of(rule, judged)
        today = self._context.workspace.today()
        self.dialog = ExplainDialog(rule, one, found, known=known, today=today, parent=self._over)
        self.dialog.said.connect(partial(self._save, rule, one))
        self.dialog.finished.connect(self._forget)
        if known is not None:
            self.dialog.ended.connect(partial(self.end, known))
        self.dialog.open()

    def _save(self, rule: Rule, one: Judged | None, said: Said) -> None:
        explained, name = self._explained, self._collection.name

        def work() -> Explanation:
            if said.count is not None or one is None:
                return explained.explain_rule(name, rule.id, said.count or 0, said.reason, said.until)
            return explained.explain(one.record_id, rule.id, one.finding.field, said.reason, said.until)

        self._context.operations.run(work, self._on_saved, on_failure=self._on_failed)

    def _close(self) -> None:
        if self.dialog is not None:
            self.dialog.accept()

    def _forget(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def _on_saved(self, known: Explanation) -> None:
        self._close()
        what = "The rule is explained" if known.count is not None else "Explained"
        self._context.shell.say(f"{what}. It comes back by itself when something about it changes")
        self.changed.emit()

    def _on_failed(self, trouble: Trouble) -> None:
        if self.dialog is not None:
            self.dialog.refuse(" ".join(part for part in (trouble.title, trouble.text) if part))

    def _on_ended(self, _nothing: object) -> None:
        self._close()
        self._context.shell.say("It is to be looked at again")
        self.changed.emit()


def records_of(rule: Rule, judged: Sequence[Judged]) -> int:
    """In how many records the rule has something that could be explained."""
    return len(
        {
            one.record_id
            for one in judged
            if one.finding.rule == rule.id and one.finding.severity is Severity.WARNING
        }
    )


def set_explanation(rule_id: str, judged: Sequence[Judged]) -> Explanation | None:
    """What was said of the rule over all records, if anything, as the findings show it."""
    mine = (one.explanation for one in judged if one.finding.rule == rule_id and one.explanation is not None)
    return next((known for known in mine if known.count is not None), None)
