"""Payments: what the funder pays against what is expected."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.e2e.pages.screen import Screen


class PaymentsScreen(Screen):
    """The groups, worst first, and what could explain one."""

    @property
    def title(self) -> str:
        return str(self._page.statement)

    def load(self, files: Sequence[Path]) -> None:
        with self.person.choosing(*files):
            self.person.click("Load files")

    @property
    def could_explain(self) -> list[str]:
        """Names of the trainees that the card of the chosen group leads to."""
        return [link.words.removeprefix("Open ") for link in self._page.group.links]
