"""A second program that types into the workspace until it is killed: `python -m desktop.cli.story.typist FOLDER ID...`.

It says the id of a record on its output only after the edit is saved, so whoever kills it knows what must be there.
"""

from __future__ import annotations

import itertools
import os
import sys
from pathlib import Path

from desktop.model.document import Patch
from desktop.services.workspace import Workspace


def typed_name(number: int) -> str:
    """What the typist types into the middle names: letters only, one more each round."""
    return "Typed" + chr(ord("a") + number % 26) * (1 + number // 26)


def main(folder: str, ids: list[str]) -> None:
    """Edit the records in turn, for ever; each saved edit is said with its number."""
    workspace = Workspace.open(Path(folder), os.environ["HOLDFAST_PASSPHRASE"], actor="Priya Nandakumar")
    for number in itertools.count():
        record_id = ids[number % len(ids)]
        workspace.records.edit(record_id, Patch({"middle_names": typed_name(number)}))
        print(number, record_id, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
