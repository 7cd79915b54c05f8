"""The real program on a real display, as a screen reader finds it on the accessibility bus.

Offscreen sends no events, so this is where "said once, and nothing left out" is proven.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.practice.server import PracticePortal
from desktop.services.views import RecordQuery, Row
from desktop.services.workspace import Workspace
from tests.access.atspi import CONTROL, DOWN, F5, FOCUSABLE, FOCUSED, RETURN, RIGHT, SHOWING, TAB, Node
from tests.access.conftest import PASSPHRASE, Program

ROWS = 37


@pytest.fixture
def known(folder: Path) -> Row:
    """A record that the portal still takes edits of."""
    workspace = Workspace.open(folder, PASSPHRASE)
    records = workspace.records
    query = RecordQuery("trainees", filters={"state": "trn_received", "cycle": "2026"})
    row = records.rows(records.find(query)[:1])[0]
    workspace.close()
    return row


def _find(program: Program, role: str, name: str) -> Node:
    """A part that shows, as soon as it does."""

    def look() -> Node | None:
        parts = (n for n in program.window.walk() if n.role == role and n.has(SHOWING))
        return next((n for n in parts if n.name.startswith(name)), None)

    found = program.wait_for(look, f"no {role} {name!r} shows")
    assert isinstance(found, Node)
    return found


def _go_to_rows(program: Program, text: str = "") -> Node:
    """To the records by keyboard, through the search, down into the list; the row that has the keyboard."""
    program.bus.key(ord("2"), CONTROL)
    _find(program, "list", "Trainees")
    program.bus.key(ord("f"), CONTROL)
    program.wait_for(
        lambda: (at := program.with_keyboard()) and at.role == "text", "the search has no keyboard"
    )
    if text:
        program.bus.type(text)
        _find(program, "label", f"1 shown of {ROWS}")
    program.bus.key(DOWN)
    program.wait_for(
        lambda: (at := program.with_keyboard()) and at.role == "list item", "no row has the keyboard"
    )
    row = program.with_keyboard()
    assert row is not None
    return row


def test_each_change_of_state_is_announced_once(
    start: Callable[[Path], Program], folder: Path, known: Row, portal: PracticePortal
) -> None:
    program = start(folder)
    portal.control.fault("maintenance")
    program.bus.key(F5)
    program.hear("is down")

    _go_to_rows(program, str(known.facets["provider_trainee_id"]))
    program.bus.key(RETURN)
    _find(program, "text", "Middle names").act("SetFocus")
    program.bus.type("Q")
    program.bus.key(TAB)
    program.hear("Saved here")

    portal.control.fault("up")
    program.bus.key(F5)
    program.hear("Nothing is waiting any more.")

    # Nothing was said a second time before the next news.
    portal.control.fault("unavailable")
    program.bus.key(F5)
    program.wait_for(lambda: " ".join(program.spoken).count("is down") > 1, "the second outage is silent")
    said = " ".join(program.spoken).removesuffix(".").split(". ")
    # How many changes were confirmed and that none waits come from two readings: either may be first.
    assert sorted(said[:-2]) == sorted(
        [
            "Register trainee teachers is down",
            "Carry on working",
            "Saved here",
            "Register trainee teachers is back",
            "1 change confirmed by the portal",
            "Nothing is waiting any more",
        ]
    )
    assert said[-2:] == ["Register trainee teachers is down", "Carry on working"]


def test_parts_of_the_window_have_names_and_roles(start: Callable[[Path], Program], folder: Path) -> None:
    program = start(folder)
    _find(program, "push button", f"{ROWS} confirmed")
    found = {(n.role, n.name) for n in program.window.walk() if n.has(SHOWING)}
    named = {name for _, name in found}
    for item in ("Home", "Records", "Needs you", "Waiting", "Checks", "Activity", "Settings", "Help"):
        assert item in named
    assert ("push button", "Sync now") in found
    assert ("label", "Everything is at the portal") in found
    nameless = [n.role for n in program.window.walk() if n.has(SHOWING) and n.has(FOCUSABLE) and not n.name]
    assert nameless == []


def test_moving_through_the_records_reads_each_row(start: Callable[[Path], Program], folder: Path) -> None:
    program = start(folder)
    first = _go_to_rows(program)
    table = first.parent()
    assert (table.role, table.name) == ("list", "Trainees")
    said = [first.name]
    for line in range(2, 6):
        program.bus.events.clear()
        program.bus.key(DOWN)
        program.wait_for(lambda: program.with_keyboard() is not None, "the move is silent")
        row = program.with_keyboard()
        assert row is not None
        assert row.has(FOCUSED)
        assert row.description == f"Line {line} of {ROWS}"
        said.append(row.name)
    assert len(set(said)) == len(said)
    program.bus.events.clear()
    program.bus.key(RIGHT)
    program.wait_for(lambda: program.with_keyboard() is not None, "moving sideways is silent")
    cell = program.with_keyboard()
    assert cell is not None
    assert cell.role == "cell"
    assert cell.name.startswith("Trainee ID, ")
