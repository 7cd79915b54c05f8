"""Looking teachers up in the Teaching Record System, for organisations that hold a key of DfE's. Off until somebody sets it up.

What it tells is advice: the portal asks the same system, and only its answer decides. So nothing here fills in an answer of
the portal; what speaks against registering is a warning with its source (rule E-TRS-ADVICE), everything else stays unknown.

The date of birth is compared on this computer and never sent. A National Insurance number is sent only when the date of birth
is another one there, and when it is typed for a lookup it is not kept. Source: domain pack register-ects, sections 0 and 4.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from desktop.collections.ects import advice as words
from desktop.model.errors import UnknownName, UsageError
from desktop.model.person import Role
from desktop.model.teacher import Question as Whom
from desktop.model.teacher import TeacherAnswer
from desktop.model.verdict import PortalState, Probe, Unavailable
from desktop.services import tokens
from desktop.services.core import Core
from desktop.services.people import demand
from desktop.services.portals import check_address
from desktop.services.views import Progress
from desktop.store.lists import Question
from desktop.store.records import StoredRecord
from desktop.store.store import Unit
from desktop.sync import advice

if TYPE_CHECKING:
    from desktop.sync.portals.budget import Budget
    from desktop.sync.portals.trs import TrsPortal

SETTING, NAME, TOKEN = "lookup_setting", "trs", "token"
"""Kinds of what is kept here, and the name of all of it."""

PER_MINUTE = 1000
"""Requests a minute that one key has (section 8)."""

FRESH = timedelta(hours=24)
"""After that an answer is old: statuses change without any school's doing (section 4)."""

PortalMaker = Callable[[str, str], "TrsPortal"]


@dataclass(frozen=True)
class LookupSetting:
    """How it is set up. `wait_until` = the system asked us to keep away until then."""

    on: bool = False
    url: str = ""
    wait_until: datetime | None = None


@dataclass(frozen=True)
class LookupView:
    """One teacher's lookup as it stands.

    why_not   why nothing can be asked now, in a sentence; "" = it can
    answer    what was told last, None = nobody looked (or what was looked up was changed since)
    lines     the answer in words;  stops: whether something in it speaks against registering
    old       it was given more than 24 hours ago
    asks_ni   a National Insurance number would settle it
    trouble   why there is no new answer although one was asked for
    """

    record_id: str
    label: str
    why_not: str = ""
    answer: TeacherAnswer | None = None
    at: datetime | None = None
    by: str = ""
    lines: tuple[str, ...] = ()
    stops: bool = False
    old: bool = False
    asks_ni: bool = False
    trouble: Unavailable | None = None


@dataclass(frozen=True)
class Batch:
    """What came of several lookups, in the order asked for.

    looked    those with an answer;  passed_over: those that cannot be looked up, with the reason
    left      how many were not asked for, because of `trouble` or because somebody stopped it
    """

    looked: tuple[LookupView, ...] = ()
    passed_over: tuple[LookupView, ...] = ()
    left: int = 0
    trouble: Unavailable | None = None


def trs_portal(url: str, key: str) -> TrsPortal:
    """The adapter; imported only when it is needed (start-up time)."""
    from desktop.sync.portals.trs import TrsPortal

    return TrsPortal(url, key)


class Lookup:
    """Reads may come from any thread; `look`, `look_all` and `test` block for as long as the system takes, one at a time."""

    def __init__(self, core: Core, make: PortalMaker = trs_portal) -> None:
        self._core = core
        self._make = make
        self._turn = threading.Lock()

    # -- set up ---------------------------------------------------------------------------------------------------

    def setting(self) -> LookupSetting:
        with self._core.store.read() as unit:
            return _setting(unit)

    def configure(
        self,
        url: str,
        *,
        key: str = "",
        key_env: str = "",
        in_workspace: bool = False,
    ) -> LookupSetting:
        """Switch it on. The key is kept as access tokens are (`Portals.connect`), never in a file; "" = the one in use.

        Raises UsageError for an address or a key that cannot be one.
        """
        url = check_address(url)
        with self._core.store.read() as unit:
            demand(unit, Role.ADMINISTER)
            known = unit.kept.get(SETTING, NAME)
        if not (key or key_env):
            if known is None or known.body["url"] != url:
                raise UsageError("Enter the key that DfE gave your organisation for this address.")
            source = str(known.body["key"])
        elif key_env:
            source = f"env:{key_env}"
        elif in_workspace:
            source, key = TOKEN, tokens.clean(key)
        else:
            source = tokens.keep(self._workspace_id(), self._core.store.folder, NAME, key, in_file=False)
        with self._core.store.write() as unit:
            demand(unit, Role.ADMINISTER)
            unit.kept.put(SETTING, NAME, {"url": url, "key": source, "wait_until": None})
            if key and source == TOKEN:
                unit.kept.put(TOKEN, NAME, {"token": key})
            elif source != TOKEN:
                unit.kept.remove(TOKEN, NAME)
            unit.journal.write("lookup_on", None, {"url": url})
            unit.touched.portals = True
        return self.setting()

    def switch_off(self) -> None:
        """Take key, address and every answer off this workspace."""
        with self._core.store.write() as unit:
            demand(unit, Role.ADMINISTER)
            unit.kept.remove(SETTING, NAME)
            unit.kept.remove(TOKEN, NAME)
            unit.touched.records.update(advice.forget_all(unit))
            unit.journal.write("lookup_off", None, {})
            unit.touched.portals = True
        tokens.forget(self._workspace_id(), NAME)

    def test(self, url: str = "", key: str = "") -> Probe:
        """Whether an address and a key work, without asking about anybody; "" = what is in use. Raises UsageError."""
        if not (url and key):
            known_url, known_key = self._in_use()
            url, key = url or known_url, key or known_key
        with self._portal(check_address(url), tokens.clean(key)) as portal:
            return portal.probe()

    # -- asking ---------------------------------------------------------------------------------------------------

    def view(self, record_id: str) -> LookupView | None:
        """How it stands with one record; None while lookups are off, and where there is nothing to look up (any more)."""
        with self._core.store.read() as unit:
            if not _setting(unit).on:
                return None
            record = self._core.record(unit, record_id)
            may = self._core.collection_of(record).looked_up is not None and words.concerns(record.document)
            return self._view(unit, record) if may else None

    def waiting(self, collection: str) -> list[str]:
        """Records of a collection that can be looked up, those without an answer of today first."""
        known = self._core.collection(collection)
        if known.looked_up is None:
            raise UnknownName(f"{known.title} cannot be looked up in the Teaching Record System.")
        with self._core.store.read() as unit:
            keys = unit.lists.find(Question(known.name))
            views = [self._view(unit, record) for record in unit.records.contents(keys)]
        may = [view for view in views if not view.why_not]
        return [
            view.record_id for view in sorted(may, key=lambda view: view.answer is not None and not view.old)
        ]

    def look(self, record_id: str, ni_number: str = "") -> LookupView:
        """Ask about one record and keep the answer. `ni_number` = typed for this once, in place of the record's.

        Raises UsageError where nothing can be asked; trouble on the way stands in the view.
        """
        with self._asking() as portal:
            view = self._look(portal, record_id, ni_number)
        if view.why_not and view.trouble is None:
            raise UsageError(view.why_not)
        return view

    def look_all(
        self,
        record_ids: Sequence[str],
        progress: Callable[[Progress], None] = lambda _: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Batch:
        """Ask about several, one after another, until one meets trouble that concerns all, or somebody stops it."""
        looked: list[LookupView] = []
        passed_over: list[LookupView] = []
        trouble: Unavailable | None = None
        with self._asking() as portal:
            for record_id in record_ids:
                if cancelled():
                    break
                view = self._look(portal, record_id)
                trouble = view.trouble
                if trouble is not None:
                    break
                (passed_over if view.why_not else looked).append(view)
                done = len(looked) + len(passed_over)
                progress(Progress(done, len(record_ids), f"{done:,} of {len(record_ids):,} looked up"))
        left = len(record_ids) - len(looked) - len(passed_over)
        return Batch(tuple(looked), tuple(passed_over), left, trouble)

    def _look(self, portal: TrsPortal, record_id: str, ni_number: str = "") -> LookupView:
        with self._core.store.write() as unit:
            demand(unit, Role.ENTER)
            record = self._core.record(unit, record_id)
            question = self._question(record, ni_number)
            if question is None:
                return self._view(unit, record)
            if wait := self._told_to_wait(unit):
                return replace(self._view(unit, record), trouble=wait)
            unit.journal.write("looked_up", record.id, {"system": NAME})
        answer = portal.look(question, self._core.today())
        with self._core.store.write() as unit:
            record = self._core.record(unit, record_id)
            if isinstance(answer, Unavailable):
                self._note_wait(unit, answer)
                return replace(self._view(unit, record), trouble=answer)
            if self._question(record, ni_number) != question:
                return replace(self._view(unit, record), trouble=_CHANGED)
            advice.keep(unit, record.id, answer, self._core.today())
            unit.touched.records.add(record.id)
            return self._view(unit, record)

    def _question(self, record: StoredRecord, ni_number: str) -> Whom | None:
        if self._core.collection_of(record).looked_up is None:
            return None
        found = words.question(record.document)
        if found is None or not ni_number:
            return found
        number = words.ni_number(ni_number)
        if not number:
            raise UsageError("A National Insurance number has 9 letters and digits, such as QQ 12 34 56 C.")
        return replace(found, ni_number=number)

    def _view(self, unit: Unit, record: StoredRecord) -> LookupView:
        collection = self._core.collection_of(record)
        if collection.looked_up is None:
            return LookupView(
                record.id, record.label, "Only early career teachers and mentors are looked up there."
            )
        why_not = words.why_not(record.document)
        kept = advice.of(unit, record.id)
        if kept is None:
            return LookupView(record.id, record.label, why_not)
        answer = kept.advice.answer
        return LookupView(
            record.id,
            record.label,
            why_not,
            answer,
            kept.at,
            kept.by,
            tuple(words.told(answer, record.document, collection.code_lists)),
            stops=words.stops_registering(answer, record.document),
            old=self._core.now() - kept.at > FRESH,
            asks_ni=words.asks_ni(answer),
        )

    # -- the system -----------------------------------------------------------------------------------------------

    @contextmanager
    def _asking(self) -> Iterator[TrsPortal]:
        with self._turn, self._portal(*self._in_use()) as portal:
            yield portal

    @contextmanager
    def _portal(self, url: str, key: str) -> Iterator[TrsPortal]:
        portal = self._make(url, key)
        portal.keep_pace(self._budget.take)
        try:
            yield portal
        finally:
            portal.close()

    @cached_property
    def _budget(self) -> Budget:
        from desktop.sync.portals.budget import Budget

        return Budget(PER_MINUTE)

    def _in_use(self) -> tuple[str, str]:
        """(address, key). Raises UsageError."""
        with self._core.store.read() as unit:
            known, kept = unit.kept.get(SETTING, NAME), unit.kept.get(TOKEN, NAME)
        if known is None:
            raise UsageError(
                "Teacher lookup is off. It is switched on in Settings, by organisations that hold a key of DfE’s."
            )
        source = str(known.body["key"])
        if source == TOKEN:
            return str(known.body["url"]), tokens.clean(str(kept.body["token"]) if kept else "")
        return str(known.body["url"]), tokens.find(
            self._workspace_id(), self._core.store.folder, NAME, source
        )

    def _workspace_id(self) -> str:
        with self._core.store.read() as unit:
            return unit.meta("workspace") or ""

    def _told_to_wait(self, unit: Unit) -> Unavailable | None:
        until = _setting(unit).wait_until
        left = (until - self._core.now()).total_seconds() if until else 0.0
        if left <= 0:
            return None
        return Unavailable(PortalState.BUSY, _ASKED_TO_WAIT, retry_after_s=left)

    def _note_wait(self, unit: Unit, trouble: Unavailable) -> None:
        known = unit.kept.get(SETTING, NAME)
        if known is not None and trouble.retry_after_s is not None:
            until = self._core.now() + timedelta(seconds=trouble.retry_after_s)
            unit.kept.put(SETTING, NAME, {**known.body, "wait_until": until.isoformat()})


_ASKED_TO_WAIT = "The Teaching Record System asked us to wait before the next lookup."
_CHANGED = Unavailable(
    PortalState.UNKNOWN,
    "The record was changed while we asked, so the answer was thrown away. Look it up again.",
)


def _setting(unit: Unit) -> LookupSetting:
    known = unit.kept.get(SETTING, NAME)
    if known is None:
        return LookupSetting()
    until = known.body.get("wait_until")
    return LookupSetting(True, str(known.body["url"]), datetime.fromisoformat(until) if until else None)
