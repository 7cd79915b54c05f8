"""An office: a practice portal on loopback, an encrypted workspace that has read from it, and people who sit down at it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from desktop.practice.server import PROVIDER_NAME, PROVIDER_UKPRN, PracticePortal
from desktop.services.views import Organisation
from desktop.services.workspace import Workspace
from desktop.sync.portal import Portal
from desktop.ui.main_window import MainWindow
from desktop.ui.operations import Operations
from desktop.ui.parts import passphrase_entry
from desktop.ui.theme import apply_theme
from tests.bench.shelf import Shelf, people_of
from tests.e2e.nothing_in_clear import nothing_in_clear  # noqa: F401 - a fixture for every file
from tests.e2e.pages.window import App

EVE_OF_CENSUS = datetime(2026, 10, 13, 13, 2, tzinfo=UTC)
PASSPHRASE = "seven quiet herons"
ACTOR = "Priya Nandakumar"
TOKEN_VARIABLE = "TEST_PORTAL_TOKEN"
SIZE = 40
UNIVERSITY = Organisation(PROVIDER_NAME, "hei", PROVIDER_UKPRN)


@dataclass
class HandClock:
    """Time that stands still until a story moves it."""

    now: datetime = EVE_OF_CENSUS

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **how_much: float) -> None:
        self.now += timedelta(**how_much)


@dataclass
class Office:
    """What stands around the people of a story: the portal, its clock, the folder. `sit_down` opens the window."""

    portal: PracticePortal
    clock: HandClock
    folder: Path
    story: str
    organisation: Organisation = UNIVERSITY
    actor: str = ACTOR
    _workspace: Workspace | None = None
    _apps: list[App] = field(default_factory=list)

    @property
    def workspace(self) -> Workspace:
        """Made when it is first needed; a university's with everything read that the portal has."""
        if self._workspace is None:
            self._workspace = Workspace.create(
                self.folder,
                self.organisation,
                PASSPHRASE,
                clock=self.clock,
                actor=self.actor,
                remember=False,
            )
            if self.organisation is UNIVERSITY:
                self._workspace.portals.connect(
                    "trainees", self.portal.register_url, token_env=TOKEN_VARIABLE
                )
                self._workspace.sync.run("trainees")
        return self._workspace

    def read_everything(self) -> None:
        """Yesterday's work: the workspace is there and full."""
        assert self.workspace.portals.view("trainees").connected

    def read_many(self, number: int, last_name: str) -> None:
        """A large provider's workspace, one of its trainees with this name; its portal is one without a network."""
        people = people_of(number)
        people[number // 2].document.fields["last_name"] = last_name
        shelf = cast("Portal", Shelf(people))
        self._workspace = Workspace.create(
            self.folder,
            self.organisation,
            PASSPHRASE,
            clock=self.clock,
            actor=self.actor,
            make=lambda *_: shelf,
            remember=False,
        )
        self._workspace.portals.connect("trainees", self.portal.register_url, token_env=TOKEN_VARIABLE)
        self._workspace.sync.run("trainees")

    def sit_down(self, workspace: Workspace | None = None) -> App:
        """Open the window, 1440 x 900, on Home (or where one is led back to)."""
        window: Any = MainWindow(workspace or self.workspace, automatic=False)
        app = App(window, self.story)
        self._apps.append(app)
        window.resize(1440, 900)
        window.show()
        window.start()
        app.wait()
        return app

    def close(self) -> None:
        """End the program, whatever is open."""
        for app in self._apps:
            app.window.close()
            app.window.deleteLater()
        self._apps.clear()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        if self._workspace is not None:
            self._workspace.close()
            self._workspace = None

    def open_with(self, passphrase: str) -> Workspace:
        """Start the program again. Raises WrongPassphrase."""
        self._workspace = Workspace.open(self.folder, passphrase, clock=self.clock, actor=self.actor)
        return self._workspace

    # --- the portal, asked and moved from its own side

    def at_portal(self, **wanted: Any) -> list[dict[str, Any]]:
        """Trainees that the portal holds, with these answers."""
        held = (t for t in self.portal.control.trainees() if not t["deleted"])
        return [t for t in held if all(t.get(key) == value for key, value in wanted.items())]

    def editable(self) -> list[dict[str, Any]]:
        """Trainees of this year who take changes and have both ids, in the order of the list."""
        found = [
            t for t in self.at_portal(state="trn_received") if t["itt_start_date"] > "2026" and t["hesa_id"]
        ]
        return sorted(found, key=name_of)

    def in_training(self, number: int) -> list[dict[str, Any]]:
        """So many trainees of this year whom one may change, in the order of the list."""
        found = [t for t in self.editable() if t["training_route"] == "12"]
        assert len(found) >= number
        return found[:number]

    def somebody_edits(self, trainee: dict[str, Any], **fields: Any) -> None:
        """A colleague at the portal's own pages, two minutes later."""
        self.clock.forward(minutes=2)
        self.portal.control.edit(trainee["trainee_id"], **fields)


def name_of(trainee: dict[str, Any]) -> str:
    """As the list writes it: "Ashcombe, Leonie"."""
    return f"{trainee['last_name']}, {trainee['first_names']}"


@pytest.fixture
def office(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Office]:
    """A practice portal with a few trainees on the eve of the census, and nobody at the desk yet."""
    apply_theme(qapp, "light", 100, "comfortable")
    clock = HandClock()
    monkeypatch.setenv("HOLDFAST_SETTLE_S", "0")
    with PracticePortal(size=SIZE, seed=2026, clock=clock) as portal:
        portal.control.limits(None)
        monkeypatch.setenv(TOKEN_VARIABLE, portal.token)
        made = Office(portal, clock, tmp_path / "workspace", request.node.name.removeprefix("test_"))
        yield made
        made.close()
    _let_windows_go()


@pytest.fixture
def operations(qapp: QApplication) -> Iterator[Operations]:
    """Work of a dialog that stands alone."""
    made = Operations()
    yield made
    made.close()


@pytest.fixture
def standing_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The seconds of the lock pass only when the story lets them."""
    monkeypatch.setattr(passphrase_entry, "SECOND_MS", 3_600_000)


def _let_windows_go() -> None:
    for widget in QApplication.topLevelWidgets():
        widget.close()
        widget.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
