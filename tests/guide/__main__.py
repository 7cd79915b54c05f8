"""Writes docs/guide anew: pages out of resources/help, keys out of the screens, pictures out of a played practice workspace.

`make screenshots`. Everybody in the pictures is made up. The clock of the story stands still between its steps, so that two
runs draw the same.
"""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from desktop.cli.story import chapters, stage
from desktop.cli.story.stage import Stage, StoryClock
from desktop.model.document import Patch
from desktop.services.views import RecordQuery
from desktop.ui.help.keys import ScreenKeys
from desktop.ui.main_window import MainWindow
from desktop.ui.run import application, settle
from desktop.ui.theme import apply_theme
from tests.guide import text


@dataclass(frozen=True)
class Picture:
    """One picture: its name, the page and where in it, and what is done on the page before it is taken."""

    name: str
    page: str
    where: dict[str, Any] = field(default_factory=dict)
    prepare: Callable[[Any], None] = lambda _page: None
    size: tuple[int, int] = (1280, 800)


def _select_some(page: Any) -> None:
    page.model.set_ticked(page.model.keys[:4], True)


DOWN = (
    Picture("home", "home"),
    Picture("waiting", "waiting"),
    Picture("deadlines", "deadlines", size=(1280, 880)),
    Picture("records", "records", prepare=_select_some),
    Picture("search", "search", {"text": "glendening"}),
    Picture("activity", "activity", {"only": "portal"}),
    Picture("checks", "checks"),
)
BACK = (Picture("needs", "needs"),)


class StandingClock(StoryClock):
    """Moves only when it is turned."""

    def __init__(self, begin: datetime) -> None:
        super().__init__(begin)
        self.begin = begin

    def now(self) -> datetime:
        return self.begin + self._turned


def _a_week_of_work(played: Stage) -> None:
    """Work that waited some days and then went, so that the last fourteen days tell something."""
    rows = [view for view in played.editable() if view.sync == "clean"][-40:]
    for day, many in enumerate((9, 6, 12, 0, 5, 3)):
        played.control.fault("maintenance")
        for view in rows[day * 6 : day * 6 + many]:
            played.workspace.records.edit(view.id, Patch({"email": f"day{day}.{view.id[-6:]}@mail.example"}))
        played.clock.turn_forward(days=1)
        played.control.fault("up")
        played.sync()


def _draw(played: Stage, folder: Path, pictures: tuple[Picture, ...]) -> None:
    for picture in pictures:
        window = _window(played, picture.size)
        window.start(picture.page, **picture.where)
        settle(window)
        picture.prepare(window.stack.page)
        settle(window)
        window.grab().save(str(folder / f"{picture.name}.png"))
        _close(window)


def _window(played: Stage, size: tuple[int, int] = (1280, 800)) -> MainWindow:
    window = MainWindow(played.workspace, automatic=False)
    window.resize(*size)
    window.show()
    return window


def _close(window: MainWindow) -> None:
    window.close()
    window.deleteLater()
    application().processEvents()


def _keys(played: Stage) -> Iterator[ScreenKeys]:
    window = _window(played)
    for spec, page in window.stack.every():
        yield ScreenKeys(spec.name, spec.title, page.keys())
    settle(window)
    _close(window)


def _draft(played: Stage) -> None:
    """One record with something to put right, for Checks."""
    query = RecordQuery("trainees", filters={"sync": "clean", "state": "trn_received"})
    rows = played.workspace.records.rows(played.workspace.records.find(query))
    played.workspace.records.edit(rows[-1].id, Patch({"email": "not an address"}))


def main(folder: Path) -> None:
    """Write everything into `folder`."""
    os.environ["HOLDFAST_SETTLE_S"] = "0"
    os.environ["TZ"] = "GMT0BST,M3.5.0/1,M10.5.0"  # an English office, whoever draws it
    if hasattr(time, "tzset"):
        time.tzset()
    stage.StoryClock = StandingClock  # type: ignore[misc]
    images = folder / "images"
    images.mkdir(parents=True, exist_ok=True)
    with Stage(None, io.StringIO()) as played:
        apply_theme(application(), "light", 100)
        played.clock.turn_forward(days=-6)
        cast = chapters.first_pull(played)
        _a_week_of_work(played)
        chapters.outage_begins(played)
        chapters.edits(played, cast)
        chapters.additions(played, cast)
        chapters.actions_and_money(played, cast)
        chapters.colleagues(played, cast)
        _draft(played)
        _draw(played, images, DOWN)
        text.write(folder, list(_keys(played)))
        played.clock.turn_forward(hours=3)
        played.control.fault("up")
        played.sync()
        _draw(played, images, BACK)


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/guide"))
