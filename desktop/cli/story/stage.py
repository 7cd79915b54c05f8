"""The stage of the outage story: a practice portal, a workspace, a clock that both share, and a transcript.

The story is set on the eve of the 2026 census, whatever today is, so that it reads the same each year.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from desktop.model.ids import RecordId
from desktop.practice.server import PROVIDER_NAME, PROVIDER_UKPRN, PracticePortal
from desktop.services.core import LONDON
from desktop.services.views import Organisation, RecordQuery, RecordView, SyncReport
from desktop.services.workspace import Workspace

PASSPHRASE = "practice"  # noqa: S105 - made-up data only, thrown away afterwards
TOKEN_ENV = "HOLDFAST_PRACTICE_TOKEN"  # noqa: S105 - a variable's name
EVE_OF_CENSUS = datetime(2026, 10, 13, 8, 31, tzinfo=UTC)
SIZE = 250
SEED = 2026

Draw = Callable[[Workspace, Path, str], list[Path]]
"""Draws the screens of a workspace as PNG files whose names begin with the text; returns them."""


class StoryFailed(Exception):
    """A step of the story did not hold."""


class StoryClock:
    """Time that begins where the story is set, runs on as real time does, and can be turned forward."""

    def __init__(self, begin: datetime) -> None:
        self._begin = begin
        self._started = time.monotonic()
        self._turned = timedelta()

    def now(self) -> datetime:
        return self._begin + self._turned + timedelta(seconds=time.monotonic() - self._started)

    def turn_forward(self, **by: float) -> None:
        """Turn the clock forward by `timedelta(**by)`."""
        self._turned += timedelta(**by)


class Stage:
    """Everything the chapters work with. Use as a context manager; leaving it takes the stage down."""

    def __init__(self, out: Path | None, stream: TextIO, draw: Draw | None = None) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="holdfast-practice-", ignore_cleanup_errors=True)
        self.folder = Path(self._temporary.name) / "workspace"
        self.out = out
        self._stream = stream
        self._draw = draw
        self._lines: list[str] = []
        self.pictures: list[Path] = []
        self.clock = StoryClock(EVE_OF_CENSUS)
        self.portal = PracticePortal(size=SIZE, seed=SEED, clock=self.clock.now)
        self.control = self.portal.control
        self.control.limits(None)
        os.environ[TOKEN_ENV] = self.portal.token
        organisation = Organisation(PROVIDER_NAME, "hei", PROVIDER_UKPRN)
        self.workspace = Workspace.create(
            self.folder,
            organisation,
            PASSPHRASE,
            clock=self.clock.now,
            actor="Priya Nandakumar",
            remember=False,
        )
        self.workspace.portals.connect("trainees", self.portal.register_url, token_env=TOKEN_ENV)

    # -- telling ------------------------------------------------------------------------------------

    def chapter(self, title: str) -> None:
        """A heading, with the story's time."""
        self._say(f"\n{self.clock.now().astimezone(LONDON):%H:%M}  {title}")

    def say(self, text: str) -> None:
        self._say(f"       {text}")

    def hold(self, condition: bool, text: str) -> None:
        """A step that must hold. Raises StoryFailed when it does not."""
        self._say(f"  {'ok ' if condition else 'NOT'}  {text}")
        if not condition:
            raise StoryFailed(text)

    def picture(self, name: str) -> None:
        """Draw the screens as they are now, if anybody can draw here."""
        if self._draw is not None and self.out is not None:
            self.pictures += self._draw(self.workspace, self.out, name)

    def _say(self, text: str) -> None:
        self._lines.append(text)
        print(text, file=self._stream, flush=True)

    def write_transcript(self) -> Path | None:
        """The transcript as a file beside the pictures."""
        if self.out is None:
            return None
        path = self.out / "transcript.txt"
        path.write_text("\n".join(self._lines).strip() + "\n", encoding="utf-8")
        return path

    # -- acting -------------------------------------------------------------------------------------

    def sync(self) -> SyncReport:
        return self.workspace.sync.run("trainees")

    def view(self, record_id: str) -> RecordView:
        return self.workspace.records.view(record_id)

    def editable(self) -> list[RecordView]:
        """This year's records that the portal still takes edits of, in list order."""
        query = RecordQuery(
            "trainees", filters={"state": ("trn_received", "submitted_for_trn"), "cycle": "2026"}
        )
        rows = self.workspace.records.rows(self.workspace.records.find(query))
        return [self.view(row.id) for row in rows]

    def leave(self) -> None:
        """Close the workspace, so that another program can open it."""
        self.workspace.close()

    def come_back(self) -> None:
        """Open the workspace again, as after a restart."""
        self.workspace = Workspace.open(
            self.folder, PASSPHRASE, clock=self.clock.now, actor="Priya Nandakumar"
        )

    def colleague(self, record_id: RecordId, **fields: object) -> None:
        """Somebody else edits the record on the portal's own pages."""
        portal_id = self.view(record_id).portal_id
        assert portal_id is not None
        self.control.edit(portal_id, **fields)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.workspace.close()
        self.portal.stop()
        os.environ.pop(TOKEN_ENV, None)
        self._temporary.cleanup()
