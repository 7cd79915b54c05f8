"""Home and Deadlines: how much of what is due is safe at the portal."""

from __future__ import annotations

from desktop.ui.parts.readiness_bar import ReadinessBar
from tests.e2e.pages.screen import Screen


class HomeScreen(Screen):
    """The first screen."""

    @property
    def bar_says(self) -> dict[str, int]:
        """The parts that the readiness bar shows, and the number that each stands for."""
        bar = self._page.findChild(ReadinessBar)
        told = (
            part.split(" ", 1)
            for part in bar.accessibleDescription().replace("need you", "needs").split(", ")
        )
        numbers = {kind: int(number.replace(",", "")) for number, kind in told}
        return {kind: numbers[kind] for kind, width in bar.widths() if width}


class DeadlinesScreen(Screen):
    """The list of days."""

    @property
    def title(self) -> str:
        return str(self._page.statement)
