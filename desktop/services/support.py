"""A report for whoever helps an office with Holdfast: versions, states and numbers, and no person.

It is put together from facts that are named here one by one, never from what is in records. Each part is then gone over once
more (`model/redaction.py`): whatever looks like somebody's number, day, address, token or folder is taken out. The person sees
all of it before anything is written. Crash reports are kept in the encrypted workspace until then; they name places in the
program, no values.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from desktop import __version__
from desktop.handover.tables import whole_file
from desktop.model.errors import HoldfastError
from desktop.model.ids import new_id
from desktop.model.redaction import redact
from desktop.services.care import Care
from desktop.services.core import Core
from desktop.services.unlocking import Passphrase
from desktop.store.ground import look, this_machine
from desktop.store.lists import Question
from desktop.store.store import DB_FILE

_CRASH, _MOST_CRASHES, _MOST_TRIES = "crash", 20, 200
READ_ME = (
    "This report was made by Holdfast for whoever helps with it. It holds versions, states and numbers. It holds no names, no "
    "dates of birth, no numbers of people, no addresses, no access token and no passphrase; what could be one was replaced by "
    "a mark such as [number]. Please look through it before you send it."
)


@dataclass(frozen=True)
class Part:
    """One file of the report."""

    name: str
    text: str


class Support:
    """Makes the report, and keeps the crash reports that go into it."""

    def __init__(self, core: Core, organisation_kind: str, passphrase: Passphrase) -> None:
        self._core, self._kind, self._passphrase = core, organisation_kind, passphrase

    def note_crash(self, report: str) -> None:
        """Keep a crash report; the oldest makes room."""
        with self._core.store.write(durable=False) as unit:
            unit.kept.put(_CRASH, new_id(), {"report": redact(report), "program": __version__})
            for old in unit.kept.all(_CRASH)[:-_MOST_CRASHES]:
                unit.kept.remove(_CRASH, old.name)

    def report(self, settings: Mapping[str, str] | None = None) -> tuple[Part, ...]:
        """Every part, as it would be saved. `settings` = how the window is set, name -> value. Reads all of the workspace."""
        parts = {
            "read me.txt": [READ_ME],
            "program.txt": list(_program()),
            "workspace.txt": list(self._workspace()),
            "settings.txt": [f"{name}: {value}" for name, value in (settings or {}).items()],
            "numbers.txt": list(self._numbers()),
            "portals.txt": list(self._portals()),
            "doctor.txt": self._doctor(),
            "crashes.txt": list(self._crashes()),
        }
        names = self._known_names()
        return tuple(
            Part(name, "\n".join(lines if name == "read me.txt" else [_clean(line, names) for line in lines]))
            for name, lines in parts.items()
            if lines
        )

    def save(self, path: Path, parts: tuple[Part, ...]) -> None:
        """Write what was shown, as one ZIP file; whole or not at all. Raises DiskFull, NotWritten."""
        with whole_file(path) as beside, zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as packed:
            for part in parts:
                packed.writestr(part.name, part.text)

    # --- parts

    def _workspace(self) -> Iterator[str]:
        folder = self._core.store.folder
        sealed = list((folder / "files").glob("*")) if (folder / "files").is_dir() else []
        yield f"kind of organisation: {self._kind}"
        yield f"collections: {', '.join(self._core.collections)}"
        yield f"database: {_size(folder / DB_FILE)} KiB, log {_size(folder / f'{DB_FILE}-wal')} KiB, kept files {len(sealed)}"
        yield f"room on the disk: {shutil.disk_usage(folder).free >> 20} MiB"
        yield f"credential store: {self._passphrase.key_store()}, wanted: {_yes(self._passphrase.wanted())}"
        yield f"recovery sheet: {_yes(self._passphrase.sheet() is not None)}"
        found = look(folder, this_machine())
        yield f"place of the folder: {found.ground if found else 'a disk of this computer'}"

    def _numbers(self) -> Iterator[str]:
        with self._core.store.read() as unit:
            for name in self._core.collections:
                yield f"{name}: {unit.lists.count(Question(name))} records"
            for state, count in sorted(unit.outbox.counts().items()):
                yield f"changes {state}: {count}"
            events = Counter(
                row[0] for row in unit.connection.exec_driver_sql("SELECT event FROM journal").fetchall()
            )
            yield from (f"journal {event}: {count}" for event, count in sorted(events.items()))

    def _portals(self) -> Iterator[str]:
        with self._core.store.read() as unit:
            for portal in unit.portals.all():
                host = urlsplit(portal.url).hostname or "not connected"
                source = portal.token_source.partition(":")[0] or "none"
                yield (
                    f"{portal.collection}: {host}, {portal.state} since {_moment(portal.since)}, last success "
                    f"{_moment(portal.last_success)}, failures in a row {portal.failures}, paused {_yes(portal.paused)}, "
                    f"token in {source}"
                )
                for one in unit.portals.tries(portal.collection, limit=_MOST_TRIES):
                    yield f"  {_moment(one.at)} {one.call.partition(' ')[0]} {one.state}, {one.waiting} waiting"

    def _doctor(self) -> list[str]:
        try:
            return Care(self._core).doctor() or ["all is sound"]
        except HoldfastError as error:
            return [f"{type(error).__name__}: {error}"]

    def _crashes(self) -> Iterator[str]:
        with self._core.store.read() as unit:
            for kept in unit.kept.all(_CRASH):
                yield _moment(kept.at) + _ours(f" Holdfast {kept.body['program']}")
                yield from str(kept.body["report"]).splitlines()

    def _known_names(self) -> frozenset[str]:
        """Names of everybody here, so that none gets through by a way that nobody thought of."""
        found: set[str] = set()
        with self._core.store.read() as unit:
            for (label,) in unit.connection.exec_driver_sql("SELECT label FROM records"):
                found.update(word for word in str(label).replace(",", " ").split() if word.isalpha())
            found.update(unit.actor.split())
        return frozenset(found) - _OUR_WORDS


_OURS = re.compile("\1[^\1\2]*\2")
_OUR_WORDS = frozenset(
    [
        "all",
        "and",
        "are",
        "changes",
        "database",
        "doctor",
        "file",
        "for",
        "is",
        "journal",
        "kept",
        "log",
        "no",
        "not",
        "of",
        "records",
        "sound",
        "state",
        "the",
        "waiting",
        "with",
        "trainees",
        "teachers",
        "Holdfast",
    ]
)
"""Words of the report itself that are somebody's name as well."""


def _clean(line: str, names: frozenset[str]) -> str:
    """What the report says of itself stays; everything else with such a shape goes."""
    ours = _OURS.findall(line)
    line = _OURS.sub("\0", line)
    words = frozenset(line.replace(",", " ").split())
    line = redact(line, names & words)
    for text in ours:
        line = line.replace("\0", text[1:-1], 1)
    return line


def _ours(text: str) -> str:
    """What the report says of itself, in a mark that no other text can have: it stays although it looks like a day."""
    return f"\1{text}\2"


def _moment(at: datetime | None) -> str:
    return _ours(f"{at:%Y-%m-%d %H:%M:%S}Z") if at is not None else "never"


def _program() -> Iterator[str]:
    yield _ours(
        f"Holdfast {__version__}, {'installed' if getattr(sys, 'frozen', False) else 'from its source'}"
    )
    yield _ours(
        f"Python {platform.python_version()} on {platform.system()} {platform.release()}, {platform.machine()}"
    )
    yield f"processors: {os.cpu_count()}"
    if (qt := sys.modules.get("PySide6")) is not None:
        yield _ours(f"Qt for Python {qt.__version__}")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size >> 10
    except OSError:
        return 0


def _yes(answer: bool) -> str:
    return "yes" if answer else "no"
