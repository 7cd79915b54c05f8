"""What a database holds, in numbers, straight from its tables: for the note of a backup, and to prove a copy.

Only tables and columns of the first migration are asked, so that a file that waits for its upgrade can be asked, too.
"""

from __future__ import annotations

import json
from typing import Any

from desktop.model.change import OPEN_STATES


def held(cursor: Any) -> dict[str, Any]:
    """`organisation`, `records` by collection, `unsent` changes, `journal` = [rows, hash of the last in hex]."""
    asked = cursor.execute
    organisation = asked("SELECT value FROM meta WHERE name = 'organisation'").fetchone()
    tip = asked("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    records = asked("SELECT collection, count(*) FROM records GROUP BY collection ORDER BY 1").fetchall()
    states = dict(asked("SELECT state, count(*) FROM changes GROUP BY state").fetchall())
    return {
        "organisation": json.loads(organisation[0]) if organisation else {},
        "records": dict(records),
        "unsent": sum(states.get(state.value, 0) for state in OPEN_STATES),
        "journal": [tip[0], tip[1].hex()] if tip else [0, ""],
    }
