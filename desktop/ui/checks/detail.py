"""Under the list: the finding or the rule that the keyboard stands on, where the rule comes from, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from desktop.model.collection import Rule
from desktop.model.finding import Severity
from desktop.services.explained import Explanation, Judged, why_not
from desktop.services.fixing import Fix
from desktop.ui.checks.groups import explained_words
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import Card, row
from desktop.ui.parts.text import Text


class Detail(Card):
    """`show_finding` or `show_rule`; hidden while nothing is chosen."""

    go_asked = Signal()
    explain_asked = Signal()
    end_asked = Signal()
    fix_asked = Signal()
    fix_all_asked = Signal()

    def __init__(self, portal_short: str) -> None:
        super().__init__("plain", 12)
        self._short = portal_short
        self._title = Text(weight=600, wrap=True)
        self._source = Text(role="caption", wrap=True)
        self._why = Text(role="table", tone="ink2", wrap=True)
        self.go = Button("Go to the field", small=True, tip="Enter")
        self.explain = Button("Explain", small=True, tip="E")
        self.end = Button("End the explanation", "quiet", small=True)
        words = QVBoxLayout()
        words.setSpacing(2)
        for label in (self._title, self._why, self._source):
            words.addWidget(label)
        self.body.addLayout(words)
        self.fix, self.fix_all = Button("Fix", small=True, tip="X"), Button("", small=True)
        self.body.addLayout(row(self.go, self.fix, self.fix_all, self.explain, self.end, None))
        self.fix.clicked.connect(self.fix_asked)
        self.fix_all.clicked.connect(self.fix_all_asked)
        self.go.clicked.connect(self.go_asked)
        self.explain.clicked.connect(self.explain_asked)
        self.end.clicked.connect(self.end_asked)
        self.hide()

    def show_finding(self, one: Judged, rule: Rule | None) -> None:
        """One record's finding."""
        demand = f" {rule.demand}" if rule else ""
        self._head(f"{one.label}: {one.finding.message}", rule, demand)
        blocked = why_not(one.finding, self._short)
        known = one.explanation
        told = ""
        if known is not None and one.explained:
            told = f"{explained_words(known)}: {known.reason}"
        elif known is not None:
            told = f"It was explained by {known.who} and is to be looked at again: {one.back} Said then: {known.reason}"
        self._why.setText(told or blocked)
        self._why.setVisible(bool(self._why.text()))
        self._offer(known, blocked, go=True)

    def show_rule(self, rule: Rule, severity: Severity, records: int, known: Explanation | None) -> None:
        """A rule over all records."""
        self._head(f"{rule.demand} Found in {records:,}.", rule)
        said = ""
        if known is not None:
            said = f"{explained_words(known)}, expected in {known.count or 0:,}: {known.reason}"
        blocked = {
            Severity.ERROR: f"{self._short} would refuse these, so each has to be put right.",
            Severity.UNKNOWN: f"Only {self._short} can tell. There is nothing to explain yet.",
        }.get(severity, "")
        self._why.setText(said or blocked)
        self._why.setVisible(bool(self._why.text()))
        self._offer(known, blocked, go=False)

    def show_fix(self, fix: Fix | None, alike: int) -> None:
        """What would put it right, if that is certain, and how many more there are like it."""
        self.fix.setVisible(fix is not None)
        self.fix_all.setVisible(fix is not None and alike > 1)
        self.fix_all.set_words(f"Fix all like this ({alike:,})")
        if fix is not None:
            said = f"“{fix.suggestion.was}” becomes “{fix.suggestion.value}”: {fix.suggestion.how}."
            self._why.setText(said)
            self._why.show()

    def _head(self, title: str, rule: Rule | None, demand: str = "") -> None:
        self.setVisible(True)
        self._title.setText(title)
        source = f"Rule {rule.id}.{demand} Source: rule book, section {rule.source}." if rule else ""
        self._source.setText(source)
        self._source.setVisible(bool(source))

    def _offer(self, known: Explanation | None, blocked: str, *, go: bool) -> None:
        self.go.setVisible(go)
        self.explain.set_words("Explain" if known is None else "Change the explanation")
        self.explain.allow(not blocked, blocked)
        self.explain.setToolTip(blocked or "E")
        self.end.setVisible(known is not None)
