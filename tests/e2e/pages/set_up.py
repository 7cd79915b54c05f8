"""The set-up of a first workspace: who one is, how records travel, the first reading."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QDialog

from desktop.practice.server import PracticePortal
from desktop.services.workspace import Workspace
from desktop.ui.first_run.making import Made
from desktop.ui.first_run.wizard import Wizard
from desktop.ui.operations import Operations
from tests.e2e.pages.person import Person

SIZE = 250
"""As many made-up trainees as the program starts practice with."""


class SetUp(Person):
    """A person in front of the set-up; practice runs on a portal that the story may make slow."""

    def __init__(self, folder: Path, operations: Operations, story: str) -> None:
        self._portal: PracticePortal | None = None
        super().__init__(Wizard(folder, operations, self._practice), story)
        self.window.show()

    def _practice(self) -> Any:
        self._portal = PracticePortal(size=SIZE, seed=2026)
        self._portal.control.limits(None)
        self._portal.control.fault("slow", seconds=0.4)
        return self._portal

    def introduce_the_office(self, name: str, ukprn: str) -> None:
        """The first two steps."""
        self._fill(self.window.organisation.organisation, name)
        self._fill(self.window.organisation.ukprn, ukprn)
        self.go_on()
        self.go_on()

    def connect(self, url: str, token: str) -> None:
        """Directly, with an access token."""
        self.point(self.window.travel.direct)
        self._fill(self.window.travel.address, url)
        self._fill(self.window.travel.token, token)

    def test_connection(self) -> str:
        """The button for it; what is said under it."""
        self.click("Test the connection")
        self.wait_until(self.window.travel.test_button.isEnabled)
        return str(self.window.travel.line.words)

    def practise(self) -> None:
        """The third card, and on to the last step."""
        self.point(self.window.travel.practice)
        self.go_on()

    def begin_reading(self) -> None:
        """The main button of the last step; wait until the first records are here. The rest takes the portal its time."""
        self.go_on()
        self.wait_to_see("Stop, keep the")
        assert self._portal is not None
        self._portal.control.fault("slow", seconds=2)

    def stop_reading(self) -> None:
        """The button beside the bar, which says what stays; the window opens then."""
        self.click("Stop, keep the")
        self.wait_until(lambda: self.window.result() == QDialog.DialogCode.Accepted)

    def go_on(self) -> None:
        self.point(self.window.go_on)

    def portal_is_quick_again(self) -> None:
        assert self._portal is not None
        self._portal.control.fault("up")

    @property
    def listed_at_portal(self) -> int:
        """Trainees of the practice portal but for those that it keeps to itself: drafts and deleted ones."""
        assert self._portal is not None
        held = self._portal.control.trainees()
        return sum(t["state"] != "draft" and not t["deleted"] for t in held)

    @property
    def made(self) -> Made:
        assert self.window.made is not None
        made: Made = self.window.made
        return made

    @property
    def workspace(self) -> Workspace:
        return self.made.workspace

    def _fill(self, field: Any, text: str) -> None:
        self.point(field)
        self.replace(text)
