"""Backups that are made by themselves: when one is due, where they lie, which are kept, and what is wrong when none was made.

They lie in the folder `backups` of the workspace and, if a person wants, in a second folder, for instance a shared drive:
a backup there is fine, the live database is not. An older one goes only after a newer one was read back and found whole.
Nothing here has a timer: the window asks `due` in a quiet minute.
"""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from desktop import __version__
from desktop.model.errors import HoldfastError, StoreError, StoreMissing, UsageError
from desktop.model.person import Role
from desktop.policy import policy as managed
from desktop.services.acts import Stopped
from desktop.services.bulk import Cancelled, Tell
from desktop.services.core import LONDON, Core
from desktop.services.people import demand
from desktop.services.restoring import Copying
from desktop.store import backup
from desktop.store.backup import ByItself
from desktop.store.files import as_known, sync_folder

DAILY, ASKED, BEFORE_UPGRADE = "daily", "asked", backup.BEFORE_UPGRADE
BEFORE_PURGE, AFTER_PURGE, BEFORE_MENDING = "before-purge", "after-purge", "before-mending"
REASONS = {
    DAILY: "By itself, daily",
    ASKED: "Asked for",
    BEFORE_UPGRADE: "Before an upgrade of Holdfast",
    BEFORE_PURGE: "Before records were removed",
    AFTER_PURGE: "After records were removed",
    BEFORE_MENDING: "Before the doctor mended something",
}

EACH, DAY_OF_WEEK, DAY_OF_MONTH = timedelta(days=7), timedelta(days=28), timedelta(days=366)
"""How long every one is kept, the last of each week, the last of each month: 7 days, 4 weeks, 12 months."""

AGAIN = timedelta(hours=1)
"""After one that failed, the next is tried."""

_POLICY, _KIND, _LAST = "backups", "backup", "last"


@dataclass(frozen=True)
class Policy:
    """What a person chose. `second` = another folder for each backup, "" = none.

    locked  what is said where the organisation has set the second folder; "" = it is for people to choose
    """

    automatic: bool = True
    second: str = ""
    locked: str = ""


@dataclass(frozen=True)
class BackupFile:
    """One backup. `kept_until` = when it goes, if backups go on being made; None = it is the last one, which stays."""

    path: Path
    made_at: datetime
    why: str
    size_bytes: int
    second: bool
    kept_until: date | None


@dataclass(frozen=True)
class Standing:
    """How it stands with backups. `trouble` = what went wrong last, in a sentence; "" = nothing did.

    last     the newest backup in the folder of the workspace
    second   the newest in the second folder
    """

    policy: Policy
    last: BackupFile | None
    second: BackupFile | None
    trouble: str
    second_trouble: str


class Backups:
    """Those of an open workspace. Any thread; one is made at a time."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._store = core.store
        self._making = threading.Lock()
        self._failed: tuple[datetime, str] | None = None
        with core.store.read() as unit:
            self._workspace = unit.meta("workspace") or ""

    @property
    def folder(self) -> Path:
        """Where they lie."""
        return self._store.folder / backup.FOLDER

    def policy(self) -> Policy:
        with self._store.read() as unit:
            said = json.loads(unit.meta(_POLICY) or "{}")
        automatic = bool(said.get("automatic", True))
        if (folder := managed().folder("BackupFolder")) is not None:
            return Policy(automatic, str(folder), managed().said("BackupFolder"))
        return Policy(automatic, str(said.get("second", "")))

    def change(self, policy: Policy) -> None:
        """Raises UsageError for a second folder that cannot be one, NotAllowed."""
        now = self.policy()
        if now.locked and policy.second != now.second:
            raise UsageError(f"The second folder is not for you to choose. {now.locked} Nothing was changed.")
        if policy.second and not now.locked:
            policy = replace(policy, second=str(self._second_folder(Path(policy.second))))
        with self._store.write() as unit:
            demand(unit, Role.ADMINISTER)
            kept = {"automatic": policy.automatic, "second": "" if now.locked else policy.second}
            unit.set_meta(_POLICY, json.dumps(kept))
            told = {
                "backups": "automatic" if policy.automatic else "by hand",
                "second_folder": bool(policy.second),
            }
            unit.journal.write("workspace", None, told)

    def _second_folder(self, wanted: Path) -> Path:
        if not wanted.is_dir():
            raise UsageError(f"There is no folder {wanted.name}. Make it first, then choose it.")
        inside = wanted.resolve()
        if inside == self._store.folder.resolve() or self._store.folder.resolve() in inside.parents:
            raise UsageError("Choose a folder outside this workspace: a disk that fails takes both.")
        return inside

    # -- looking ------------------------------------------------------------------------------------------------------

    def all(self) -> list[BackupFile]:
        """Every backup that was made by itself, newest first, of both folders. One that cannot be read now is left out."""
        second = self.policy().second
        found = list(self._in(self.folder, second=False))
        if second:
            found += self._in(Path(second), second=True)
        return sorted(found, key=lambda one: one.made_at, reverse=True)

    def _in(self, folder: Path, *, second: bool) -> Iterator[BackupFile]:
        """Oldest first."""
        there: Sequence[ByItself] = ()
        with suppress(OSError):
            there = backup.made_by_itself(folder, self._workspace)
        for one, until in zip(there, kept_until([one.made_at for one in there]), strict=True):
            with suppress(OSError):
                yield BackupFile(one.path, one.made_at, one.why, one.path.stat().st_size, second, until)

    def standing(self) -> Standing:
        """For Home and Settings."""
        policy = self.policy()
        mine = list(self._in(self.folder, second=False))
        others = list(self._in(Path(policy.second), second=True)) if policy.second else []
        with self._store.read() as unit:
            noted = unit.kept.get(_KIND, _LAST)
        said = noted.body if noted else {}
        trouble = self._failed[1] if self._failed else str(said.get("trouble", ""))
        second_trouble = str(said.get("second_trouble", "")) if policy.second else ""
        if policy.second and not Path(policy.second).is_dir():
            second_trouble = _gone(policy.second)
        return Standing(
            policy, mine[-1] if mine else None, others[-1] if others else None, trouble, second_trouble
        )

    def due(self) -> bool:
        """Whether one should be made by itself now: none was made today, in London, and none failed within the hour."""
        if not self.policy().automatic:
            return False
        now = self._core.now()
        if self._failed is not None and now - self._failed[0] < AGAIN:
            return False
        mine = list(self._in(self.folder, second=False))
        return not mine or mine[-1].made_at.astimezone(LONDON).date() < self._core.today()

    # -- making -------------------------------------------------------------------------------------------------------

    def make(
        self, why: str = ASKED, progress: Tell | None = None, cancelled: Cancelled | None = None
    ) -> BackupFile:
        """Make one, prove it, then drop those that are old enough. What went wrong is noted, and raised.

        A second folder that does not take it is noted only: the backup is made. Raises StoreError and its kinds, Stopped.
        """
        with self._making:
            try:
                made = self._make(why, progress, cancelled)
            except Stopped:
                raise
            except HoldfastError as error:
                self._failed = (self._core.now(), str(error))
                self._note(str(error), "")
                raise
            self._failed = None
            second = self.policy().second
            self._note("", self._copied(made, Path(second)) if second else "")
            return made

    def _make(self, why: str, progress: Tell | None, cancelled: Cancelled | None) -> BackupFile:
        try:
            self.folder.mkdir(exist_ok=True)
            taken = {one.made_at for one in backup.made_by_itself(self.folder, self._workspace)}
        except OSError as error:
            raise as_known(error, "the folder of backups") from error
        now = self._core.now().replace(microsecond=0)
        while now in taken:  # the names go by the second
            now += timedelta(seconds=1)
        target = self.folder / backup.name_by_itself(self._workspace, now, why)
        write(self._core, target, progress, cancelled)
        rotate(self.folder, self._workspace, now)
        return BackupFile(target, now, why, target.stat().st_size, False, None)

    def _copied(self, made: BackupFile, folder: Path) -> str:
        """The same file into the second folder, proven there; what went wrong in a sentence."""
        if not folder.is_dir():
            return _gone(str(folder))
        target = folder / made.path.name
        beside = folder / f".{target.name}.new"
        try:
            with made.path.open("rb") as source, beside.open("wb") as out:
                shutil.copyfileobj(source, out, 1 << 20)
                out.flush()
                os.fsync(out.fileno())
            backup.read(beside, verify=True)
            beside.replace(target)
            with suppress(OSError):
                sync_folder(folder)  # not every share can
            rotate(folder, self._workspace, made.made_at)
        except OSError as error:
            return str(as_known(error, "the copy in the second folder"))
        except StoreError as error:
            return str(error)
        finally:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
        return ""

    def _note(self, trouble: str, second_trouble: str) -> None:
        """A disk that is full does not take the note either; it is remembered as long as Holdfast is open."""
        with suppress(HoldfastError), self._store.write(durable=False) as unit:
            unit.kept.put(_KIND, _LAST, {"trouble": trouble, "second_trouble": second_trouble})

    def drop_all_but(self, than: BackupFile) -> int:
        """Remove every backup but this one, which was proven, in both folders. How many went. Raises NotAllowed."""
        with self._store.read() as unit:
            demand(unit, Role.ADMINISTER)
        gone = 0
        for one in self.all():
            if one.path.name != than.path.name and than.path.is_file():
                with suppress(OSError):
                    one.path.unlink()
                    gone += 1
        return gone


def write(core: Core, target: Path, progress: Tell | None = None, cancelled: Cancelled | None = None) -> None:
    """One file with everything, proven before it has its name. Raises StoreError and its kinds, Stopped."""
    store = core.store
    copy = store.folder / f".backup.{os.getpid()}.{threading.get_ident()}.db"
    try:
        held = store.copy_to(copy)
        source = store.as_source(copy)
        step = Copying(progress, cancelled, 2 * source.size_bytes(), "written and read again")
        backup.save(target, source, _note_of(core, held), step)
    except OSError as error:
        raise as_known(error, target.name) from error
    finally:
        with suppress(OSError):
            copy.unlink(missing_ok=True)
    # A backup is the way out when the live file was taken away; its line in the journal is not worth failing for.
    with suppress(StoreMissing), store.write() as unit:
        unit.journal.write("workspace", None, {"backup": target.name})


def _note_of(core: Core, held: dict[str, Any]) -> dict[str, Any]:
    """What a backup says of itself: what its own copy of the database holds."""
    return {
        **held,
        "records": dict.fromkeys(core.collections, 0) | held["records"],
        "made_at": core.now().isoformat(),
        "made_by": core.store.actor,
        "program": f"Holdfast {__version__}",
    }


def kept_until(made: Sequence[datetime]) -> list[date | None]:
    """The last day of each backup, oldest first; None for the newest, which is never dropped.

    Each is kept 7 days, the last of an ISO week 4 weeks, the last of a month 12 months, all by London's days.
    """
    days = [at.astimezone(LONDON).date() for at in made]
    found: list[date | None] = []
    for number, day in enumerate(days):
        later = days[number + 1 :]
        if not later:
            found.append(None)
            continue
        last_of_week = all(other.isocalendar()[:2] != day.isocalendar()[:2] for other in later)
        last_of_month = all((other.year, other.month) != (day.year, day.month) for other in later)
        kept = DAY_OF_MONTH if last_of_month else DAY_OF_WEEK if last_of_week else EACH
        found.append(day + kept)
    return found


def rotate(folder: Path, workspace: str, now: datetime) -> list[Path]:
    """Drop the backups of a folder that are past their last day; call it only after a newer one was proven."""
    today = now.astimezone(LONDON).date()
    gone = []
    there = backup.made_by_itself(folder, workspace)
    for one, until in zip(there, kept_until([one.made_at for one in there]), strict=True):
        if until is not None and until < today:
            with suppress(OSError):
                one.path.unlink()
                gone.append(one.path)
    return gone


def _gone(folder: str) -> str:
    return (
        f"The second folder for backups ({Path(folder).name}) is not there now. Backups are made in the workspace. "
        "Connect the drive, or choose another folder."
    )
