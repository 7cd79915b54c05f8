"""Sharing work between workspaces of one organisation: each makes a change file, and takes in those of the others.

A file holds all that its workspace knows, so it may come late, twice or never: the next one has it all. Colleagues agree once
on a passphrase for these files; with a shared folder each workspace keeps one file there, under a name of its own.
"""

from __future__ import annotations

import platform
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.model.errors import HoldfastError, UsageError, WrongPassphrase
from desktop.model.ids import new_id
from desktop.model.person import Role
from desktop.services import exchange_file
from desktop.services.acts import Stopped
from desktop.services.bulk import Cancelled, Tell
from desktop.services.core import Core
from desktop.services.exchange_file import ENDING, ChangeFile, FileHead, PassphraseNeeded, TeamKey
from desktop.services.people import demand
from desktop.services.views import Organisation, Progress
from desktop.store.lists import Question
from desktop.store.store import Unit
from desktop.sync import exchange_book, leases
from desktop.sync.exchange_ask import Sender
from desktop.sync.exchange_in import TakeIn
from desktop.sync.exchange_meet import Forms, TakenIn
from desktop.sync.exchange_out import LookOut
from desktop.sync.merge import says_the_same

if TYPE_CHECKING:
    from desktop.model.document import Value
    from desktop.model.lease import Lease

__all__ = ["ENDING", "Exchange", "Made", "PassphraseNeeded", "Several", "Shared", "Told"]

_KEYS, _PLACE, _LAST = "exchange_key", "exchange_folder", "exchange_last"
_PAGE = 500
_SHORTEST = 8
_PLAIN = re.compile(r"[^A-Za-z0-9]+")


@dataclass(frozen=True)
class Made:
    """A change file that was made: where, how many records are in it, and its size."""

    path: Path
    records: int
    size_bytes: int


@dataclass(frozen=True)
class Told:
    """A change file of a colleague, and what taking it in does, or did.

    own  it was made by this workspace itself: there is nothing to take in
    """

    path: Path
    made_at: datetime
    made_by: str
    computer: str
    records: int
    counts: TakenIn
    own: bool = False


@dataclass
class Several:
    """What came of several files. `locked` need a passphrase that is not known here; `refused` = (name, why)."""

    told: list[Told] = field(default_factory=list)
    locked: list[Path] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)

    @property
    def counts(self) -> TakenIn:
        """All of them together."""
        together = TakenIn()
        for told in self.told:
            together.add(told.counts)
        return together


@dataclass(frozen=True)
class Shared:
    """How things stand. `folder` None = none was chosen; `agreed` = the passphrase of change files is known here.

    made_at, taken_at  when the last file was made and taken in, None = never
    typing             what colleagues are typing, as far as their files told: (item, lease)
    """

    folder: Path | None
    agreed: bool
    made_at: datetime | None
    taken_at: datetime | None
    typing: tuple[tuple[str, Lease], ...] = ()


class Exchange:
    """Makes, looks at and takes in change files. Worker thread."""

    def __init__(self, core: Core, organisation: Organisation) -> None:
        self._core = core
        self._organisation = organisation

    # -- how things stand -------------------------------------------------------------------------------------------

    def shared(self) -> Shared:
        """How things stand."""
        with self._core.store.read() as unit:
            place = unit.kept.get(_PLACE, "folder")
            made, taken = unit.kept.get(_LAST, "made"), unit.kept.get(_LAST, "taken")
            names = [thing.name for thing in unit.kept.all(leases.ELSEWHERE)]
            typing = [(name, lease) for name in names if (lease := leases.elsewhere(unit, name)) is not None]
            return Shared(
                Path(place.body["folder"]) if place else None,
                bool(unit.kept.all(_KEYS)),
                made.at if made else None,
                taken.at if taken else None,
                tuple(typing),
            )

    def choose_folder(self, folder: Path | None) -> None:
        """The shared folder from now on; None = none. Raises UsageError when it is not there, NotAllowed."""
        if folder is not None and not folder.is_dir():
            raise UsageError(f"There is no folder {folder.name}. Make it first; nothing was changed.")
        with self._core.store.write() as unit:
            demand(unit, Role.ENTER)
            if folder is None:
                unit.kept.remove(_PLACE, "folder")
            else:
                unit.kept.put(_PLACE, "folder", {"folder": str(folder.absolute())})
            unit.touched.queue = True

    def agree(self, passphrase: str) -> None:
        """Choose the passphrase of change files, for a team that has none yet or wants another.

        Who takes in a file types it once. Raises UsageError for one that is too short.
        """
        if len(passphrase) < _SHORTEST:
            raise UsageError(f"The passphrase of change files needs at least {_SHORTEST} characters.")
        key = TeamKey.new(new_id(), passphrase)
        with self._core.store.write() as unit:
            demand(unit, Role.ENTER)
            for old in unit.kept.all(_KEYS):
                unit.kept.put(_KEYS, old.name, {**old.body, "old": True})
            _keep_key(unit, key)
            unit.journal.write("exchange_key", None, {})
            unit.touched.queue = True

    # -- making -----------------------------------------------------------------------------------------------------

    def file_name(self) -> str:
        """The name of this workspace's file: it names the copy of the workspace and the computer, never a person."""
        with self._core.store.write(durable=False) as unit:
            me = exchange_book.writer(self._core.store, unit)
        computer = _PLAIN.sub("-", platform.node()).strip("-")[:40] or "computer"
        return f"holdfast-changes-{me[:8]}-{computer}{ENDING}"

    def make(self, path: Path, progress: Tell | None = None, cancelled: Cancelled | None = None) -> Made:
        """Write all that is known here as a change file. A folder gets it under the usual name.

        Raises PassphraseNeeded when none was agreed on, UsageError, StoreError and its kinds, Stopped.
        """
        if path.is_dir():
            path /= self.file_name()
        if path.suffix.lower() != ENDING:
            raise UsageError(
                f"A change file ends in {ENDING}: give a file name that ends so. Nothing was written."
            )
        store = self._core.store
        done, told = 0, _Teller(progress, cancelled)
        with store.write(durable=False) as unit:
            key = _current(unit)
            total = sum(unit.lists.count(Question(name)) for name in self._core.collections)
            me = exchange_book.writer(store, unit)
            out = LookOut(unit, self._core.collections, me)

            def step(count: int) -> None:
                nonlocal done
                done += count
                told(done, total, "put together")

            entries = list(out.entries(step))
            head = FileHead(
                me, self._organisation, unit.now, unit.actor, platform.node(), "", len(entries), out.leases()
            )
        size = exchange_file.write(path, key, head, entries)
        with store.write() as unit:
            unit.kept.put(_LAST, "made", {"file": path.name, "records": len(entries)})
            unit.journal.write("exchange_made", None, {"file": path.name, "records": len(entries)})
            unit.touched.queue = True
        return Made(path, len(entries), size)

    # -- taking in --------------------------------------------------------------------------------------------------

    def look(
        self,
        path: Path,
        passphrase: str = "",
        progress: Tell | None = None,
        cancelled: Cancelled | None = None,
    ) -> Told:
        """What taking in a file would do: it is done, and rolled back.

        `passphrase` is kept, so that nobody has to type it again. Raises PassphraseNeeded, WrongPassphrase, UsageError for
        another organisation's file, StoreNewer, StoreDamaged, Stopped.
        """
        file = self._read(path, passphrase)
        with suppress(_RollBack), self._core.store.write(durable=False) as unit:
            told = self._take(unit, file, _Teller(progress, cancelled))
            raise _RollBack
        return told

    def take_in(
        self,
        path: Path,
        passphrase: str = "",
        progress: Tell | None = None,
        cancelled: Cancelled | None = None,
    ) -> Told:
        """Take in a file, whole or not at all. It cannot be undone: for colleagues that would be another change.

        Raises as `look`, NotAllowed.
        """
        file = self._read(path, passphrase)
        with self._core.store.write() as unit:
            demand(unit, Role.ENTER)
            told = self._take(unit, file, _Teller(progress, cancelled))
            _note(unit, told)
        return told

    def look_at_all(
        self,
        paths: Sequence[Path],
        passphrase: str = "",
        progress: Tell | None = None,
        cancelled: Cancelled | None = None,
    ) -> Several:
        """As `look`, for several files together; one that cannot be taken in is named and does not stop the others."""
        files, found = self._read_all(paths, passphrase)
        with suppress(_RollBack), self._core.store.write(durable=False) as unit:
            found.told += [self._take(unit, file, _Teller(progress, cancelled)) for file in files]
            raise _RollBack
        return found

    def take_all(
        self,
        paths: Sequence[Path],
        passphrase: str = "",
        progress: Tell | None = None,
        cancelled: Cancelled | None = None,
    ) -> Several:
        """As `take_in`, for several files: all that can be taken in, in one go."""
        files, found = self._read_all(paths, passphrase)
        with self._core.store.write() as unit:
            demand(unit, Role.ENTER)
            for file in files:
                told = self._take(unit, file, _Teller(progress, cancelled))
                _note(unit, told)
                found.told.append(told)
        return found

    def others_in(self, folder: Path) -> list[Path]:
        """The change files of others in a folder, by name. Raises UsageError when it cannot be read."""
        own = self.file_name()
        try:
            return sorted(p for p in folder.iterdir() if p.suffix.lower() == ENDING and p.name != own)
        except OSError as error:
            raise UsageError(f"The folder {folder.name} cannot be read ({error.strerror}).") from error

    # -- inside -----------------------------------------------------------------------------------------------------

    def _read_all(self, paths: Sequence[Path], passphrase: str) -> tuple[list[ChangeFile], Several]:
        files, found = [], Several()
        for path in paths:
            try:
                files.append(self._read(path, passphrase))
            except WrongPassphrase as error:
                found.locked.append(path)
                if passphrase:
                    found.refused.append((path.name, str(error)))
            except HoldfastError as error:
                found.refused.append((path.name, str(error)))
        return files, found

    def _read(self, path: Path, passphrase: str) -> ChangeFile:
        slot = exchange_file.look_at(path)
        with self._core.store.read() as unit:
            known = next((k for k in _keys(unit) if k.slot == slot), None)
        key = known
        if key is None:
            if not passphrase:
                raise PassphraseNeeded(
                    f"{path.name} needs the passphrase that your team chose for change files. It is asked for once."
                )
            key = exchange_file.unwrap(path, slot, passphrase)
        file = exchange_file.read(path, key)
        self._refuse_foreign(path, file.head.organisation)
        strange = {e.collection for e in file.entries} - self._core.collections.keys()
        if strange:
            names = ", ".join(self._core.collection(name).title for name in sorted(strange))
            raise UsageError(
                f"{path.name} holds records that this workspace does not look after: {names}. "
                "Choose them in Settings first. Nothing was taken in."
            )
        if known is None:
            with self._core.store.write() as unit:
                _keep_key(unit, key)
        return file

    def _refuse_foreign(self, path: Path, theirs: Organisation) -> None:
        ours = self._organisation
        pairs = [(ours.ukprn, theirs.ukprn), (ours.urn, theirs.urn)]
        both = [(a, b) for a, b in pairs if a and b]
        same = all(a == b for a, b in both) if both else _words(ours.name) == _words(theirs.name)
        if not same:
            raise UsageError(
                f"{path.name} is of {theirs.name}. This workspace is of {ours.name}. Nothing was taken in."
            )

    def _take(self, unit: Unit, file: ChangeFile, told: _Teller) -> Told:
        me = exchange_book.writer(self._core.store, unit)
        head = file.head
        sender = Sender(head.made_by, head.computer, file.path.name)
        own = head.writer == me
        taking = TakeIn(
            unit, self._core.collections, me, sender, today=self._core.today(), forms=self._forms()
        )
        entries = file.entries
        for start in range(0, len(entries), _PAGE):
            taking.take(entries[start : start + _PAGE])
            told(min(start + _PAGE, len(entries)), len(entries), "looked at")
        if not own:
            taking.keyed(head.writer, head.typing)
        return Told(file.path, head.made_at, head.made_by, head.computer, head.records, taking.done, own)

    def _forms(self) -> Forms:
        """In which form each portal gives answers back; one that cannot be read has none of its own."""
        from desktop.sync.portals.register_mapping import RegisterMapping

        mappings = {n: RegisterMapping(c) for n, c in self._core.collections.items() if c.sends}
        return {
            name: (mappings[name].echo, mappings[name].alike)
            if name in mappings
            else (_as_it_stands, says_the_same)
            for name in self._core.collections
        }


class _RollBack(Exception):
    """Leaves a transaction without a trace of what was done in it."""


class _Teller:
    """Tells how far it is, and ends it when a person wants that. Raises Stopped."""

    def __init__(self, tell: Tell | None, cancelled: Cancelled | None) -> None:
        self._tell: Callable[[Progress], None] = tell or (lambda _: None)
        self._cancelled: Callable[[], bool] = cancelled or (lambda: False)

    def __call__(self, done: int, total: int, verb: str) -> None:
        if done % _PAGE and done != total:
            return
        if self._cancelled():
            raise Stopped
        self._tell(Progress(done, total, f"{done:,} of {total:,} records {verb}"))


def _keys(unit: Unit) -> Iterator[TeamKey]:
    for thing in unit.kept.all(_KEYS):
        yield TeamKey.from_json(thing.body)


def _current(unit: Unit) -> TeamKey:
    """The key for new files: the earliest that was not given up. Raises PassphraseNeeded when there is none."""
    known = [TeamKey.from_json(t.body) for t in unit.kept.all(_KEYS) if not t.body.get("old")]
    if not known:
        raise PassphraseNeeded(
            "Choose a passphrase for change files first. Colleagues type it once when they take in the first file."
        )
    return min(known, key=lambda key: key.id)


def _keep_key(unit: Unit, key: TeamKey) -> None:
    unit.kept.put(_KEYS, key.id, dict(key.to_json()))


def _note(unit: Unit, told: Told) -> None:
    """That a file was taken in, when, and what it did."""
    facts = {n: v for n, v in vars(told.counts).items() if isinstance(v, int)}
    if told.counts.anything:
        detail = {"file": told.path.name, "from": told.made_by, "computer": told.computer, **facts}
        unit.journal.write("exchange_taken", None, detail)
    unit.kept.put(_LAST, "taken", {"file": told.path.name})
    unit.touched.queue = True


def _words(name: str) -> str:
    return " ".join(name.casefold().split())


def _as_it_stands(_path: str, value: Value) -> Value:
    return value


def is_change_file(path: Path) -> bool:
    """Whether a file is one by its name."""
    return path.suffix.lower() == ENDING
