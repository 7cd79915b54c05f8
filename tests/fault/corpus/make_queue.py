"""Makes a corpus file: a queue with a change in every state. `python -m tests.fault.corpus.make_queue > queue-1.json`.

Run once for each format of payloads (D27); what it made is kept for good and never made anew.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from desktop.model.change import ChangeState
from tests.fault.conftest import TRAINEES, Desk, _surroundings, first_synced
from tests.fault.older import dump, rows_of

UNKNOWN_SCHOOL = "999123"


def every_state(desk: Desk) -> None:
    """Queued, sending, unknown, held, in conflict, refused: of every kind of change."""
    ids = [desk.in_training(n) for n in range(7)]
    desk.edit(desk.at(ids[0]), employing_school_urn=UNKNOWN_SCHOOL)
    desk.edit(desk.at(ids[1]), email="mine@example.com")
    desk.control.edit(ids[1], email="theirs@example.com")
    desk.sync()
    desk.edit(desk.at(ids[2]), email="unknown@example.com")
    desk.control.fault("lost_reply", match="PUT")
    desk.taps.after("update", lambda *_: desk.control.fault("unavailable"))
    desk.sync()
    desk.control.fault("up")
    desk.edit(desk.at(ids[3]), email="queued@example.com", middle_names="Bea")
    desk.add_child(desk.at(ids[4]), "placements", name="Hill Nursery", postcode="BN1 1AA")
    desk.workspace.records.act(desk.at(ids[5]).id, "defer", {"defer_date": "2026-10-01"})
    desk.add(provider_trainee_id="NM-QUEUED")
    desk.add(email="no address", provider_trainee_id="NM-HELD")
    desk.edit(desk.at(ids[6]), middle_names="Sending")
    held = desk.view(desk.at(ids[6]).id)
    with desk.write() as unit:
        (change,) = unit.outbox.of_record(held.id)
        fields = {"middle_names": "Sending"}
        unit.outbox.update(
            change, state=ChangeState.SENDING, attempts=1, sent_at=unit.now, payload={"fields": fields}
        )
        unit.journal.write("sending", held.id, {"kind": change.kind, "target": "", "attempt": 1})


def main() -> None:
    with (
        first_synced(18) as (portal, clock, files),
        TemporaryDirectory() as folder,
        pytest.MonkeyPatch.context() as patch,
    ):
        _surroundings(patch, portal)
        desk = Desk(portal, clock, Path(folder) / "workspace")
        desk.folder.mkdir()
        for name, content in files.items():
            (desk.folder / name).write_bytes(content)
        clock.forward(minutes=10)
        desk.reopen()
        every_state(desk)
        with desk.write() as unit:
            row = unit.portals.get(TRAINEES)
            unit.portals.put(row, url="http://127.0.0.1:9")
        desk.close()
        sys.stdout.write(dump(rows_of(desk.folder)) + "\n")


if __name__ == "__main__":
    main()
