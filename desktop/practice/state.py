"""The portal's memory: records, schools, partners, tokens. In memory only, gone when the portal stops.

Records are never changed in place: `commit` puts a new one in the old one's place, so a snapshot is a shallow copy and a
request that fails half-way has changed nothing. All access is under `State.lock`.
"""

from __future__ import annotations

import hashlib
import random
import threading
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from desktop.collections.trainees.cycles import cycle_of
from desktop.practice.clock import SECOND_US, Clock, london_date
from desktop.practice.record import Record, new_slug

PROVIDER_NAME = "University of Northmoor"
PROVIDER_UKPRN = "10999417"
TRN_AFTER_US = 60 * SECOND_US
BODY_CACHE_RECORDS = 30_000
_BIRTH = "date_of_birth"


def parse_day(value: object) -> date | None:
    """The day of ISO text, None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class School:
    """A school the portal knows."""

    urn: str
    name: str
    postcode: str
    address: str


@dataclass(frozen=True, slots=True)
class Partner:
    """A training partner the portal knows; either number may be missing."""

    ukprn: str | None
    urn: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Token:
    """An API token; dead from `expires_on` itself (1.1)."""

    text: str
    ukprn: str
    expires_on: date | None = None
    revoked: bool = False


class State:
    """Everything the portal holds."""

    def __init__(self, clock: Clock, seed: int = 1) -> None:
        self.lock = threading.RLock()
        self.clock = clock
        self.rng = random.Random(seed)
        self.records: dict[str, Record] = {}
        self.schools: dict[str, School] = {}
        self.partners: list[Partner] = []
        self.tokens: dict[str, Token] = {}
        self.token = self.add_token(_token_text(f"practice {seed}")).text
        self._seq = 0
        self._trn = 4_100_000 + seed % 1000
        self._snapshot: dict[str, Record] | None = None
        self._awaiting_trn: set[str] = set()
        self._ordered: dict[tuple[str, int], list[Record]] = {}
        self._born: dict[str, list[str]] | None = None
        self._school_urns: frozenset[str] | None = None
        self._partner_numbers: frozenset[str] | None = None

    # Records

    def new_slug(self) -> str:
        return new_slug(self.rng)

    def next_seq(self) -> int:
        self._seq += 1
        return self._seq

    def load(self, records: list[Record]) -> None:
        """Take many records at once (the made-up ones at the start)."""
        self.records.update((r.slug, r) for r in records)
        self._seq = max(self._seq, max((r.seq for r in records), default=0))
        self._ordered.clear()
        self._born = None

    def find(self, slug: str, ukprn: str) -> Record | None:
        """A provider's record by id: drafts and deleted ones too (1.3)."""
        record = self.records.get(slug)
        return record if record is not None and record.ukprn == ukprn else None

    def commit(self, record: Record) -> None:
        """Store `record` in place of the one with its id."""
        record.cycle = self.cycle_of(record)
        old = self.records.get(record.slug)
        self.records[record.slug] = record
        for known in (record, old):
            if known is not None and known.cycle is not None:
                self._ordered.pop((known.ukprn, known.cycle), None)
        if self._born is not None and (old is None or old.get(_BIRTH) != record.get(_BIRTH)):
            self._born.setdefault(str(record.get(_BIRTH)), []).append(record.slug)
        if record.trn_due_us:
            self._awaiting_trn.add(record.slug)
        else:
            self._awaiting_trn.discard(record.slug)

    def cycle_of(self, record: Record) -> int:
        """Start year of the cycle in which a trainee starts."""
        day = parse_day(record.get("trainee_start_date")) or parse_day(record.get("itt_start_date"))
        return cycle_of(day or self.clock.today() + timedelta(days=31))

    def born_on(self, day: Any) -> list[Record]:
        """Every record with this date of birth, in order of making; for the search for duplicates."""
        if self._born is None:
            self._born = {}
            for record in self.records.values():
                self._born.setdefault(str(record.get(_BIRTH)), []).append(record.slug)
        held = (self.records.get(slug) for slug in dict.fromkeys(self._born.get(str(day), ())))
        return [record for record in held if record is not None and record.get(_BIRTH) == day]

    def listing(self, ukprn: str, cycle: int) -> list[Record]:
        """What lists may show of one provider and start cycle: newest change first, ties by newest id."""
        key = (ukprn, cycle)
        ordered = self._ordered.get(key)
        if ordered is None:
            ordered = [r for r in self.records.values() if r.cycle == cycle and r.ukprn == ukprn and r.listed]
            ordered.sort(key=_newest_first, reverse=True)
            self._ordered[key] = ordered
        return ordered

    def look(self) -> None:
        """Let the background jobs catch up with the clock: TRNs that are due arrive now (1.5, 3.1)."""
        if not self._awaiting_trn:
            return
        now = self.clock.now_us()
        due = [s for s in self._awaiting_trn if s not in self.records or self.records[s].trn_due_us <= now]
        for slug in due:
            self._awaiting_trn.discard(slug)
            if slug in self.records:
                self._receive_trn(self.records[slug].clone(), now)

    def _receive_trn(self, record: Record, now: int) -> None:
        """A TRN arriving while deferred or withdrawn is stored without moving the state (3.1)."""
        record.trn_due_us = 0
        record.put("trn", record.get("trn") or self.next_trn())
        if record.state == "submitted_for_trn":
            record.state = "trn_received"
        record.updated_us = now
        self.commit(record)

    def next_trn(self) -> str:
        self._trn += 1
        return f"{self._trn:07d}"

    def clear(self) -> None:
        """Forget every record; a snapshot stays."""
        self.records = {}
        self._ordered.clear()
        self._born = None
        self._awaiting_trn.clear()

    def snapshot(self) -> None:
        """Keep the records as they are now."""
        self._snapshot = dict(self.records)

    def rollback(self) -> bool:
        """Put the last snapshot back; False when there is none. The snapshot stays for the next time."""
        if self._snapshot is None:
            return False
        self.records = dict(self._snapshot)
        self._ordered.clear()
        self._born = None
        self._awaiting_trn = {s for s, r in self.records.items() if r.trn_due_us}
        return True

    # What the portal knows beside trainees

    def add_school(self, school: School) -> None:
        self.schools[school.urn] = school
        self._school_urns = None
        # Placements show the school as it is now, so what was serialised may be out of date.
        for record in self.records.values():
            if record.body is not None and any(p.school == school.urn for p in record.placements):
                record.body = None

    def add_partner(self, partner: Partner) -> None:
        self.partners.append(partner)
        self._partner_numbers = None

    def partner_by(self, urn: str | None = None, ukprn: str | None = None) -> Partner | None:
        """The partner with this URN or, else, this UKPRN."""
        if urn:
            return next((p for p in self.partners if p.urn == urn), None)
        return next((p for p in self.partners if ukprn and p.ukprn == ukprn), None)

    @property
    def school_urns(self) -> frozenset[str]:
        """URNs of the schools."""
        if self._school_urns is None:
            self._school_urns = frozenset(self.schools)
        return self._school_urns

    @property
    def partner_numbers(self) -> frozenset[str]:
        """UKPRNs and URNs of the partners."""
        if self._partner_numbers is None:
            self._partner_numbers = frozenset(
                number for p in self.partners for number in (p.ukprn, p.urn) if number
            )
        return self._partner_numbers

    # Tokens

    def add_token(
        self, text: str, ukprn: str = PROVIDER_UKPRN, expires_on: date | None = None, *, revoked: bool = False
    ) -> Token:
        token = Token(text, ukprn, expires_on, revoked)
        self.tokens[text] = token
        return token

    def new_token_text(self) -> str:
        return _token_text(str(self.rng.random()))

    def provider_of(self, token_text: str) -> str | None:
        """The UKPRN behind a live token; None for an unknown, revoked or expired one."""
        token = self.tokens.get(token_text)
        if token is None or token.revoked:
            return None
        if token.expires_on is not None and token.expires_on <= london_date(self.clock.now_us()):
            return None
        return token.ukprn


def _newest_first(record: Record) -> tuple[int, int]:
    return (record.updated_us, record.seq)


def _token_text(entropy: str) -> str:
    """Environment name, underscore, 64 hexadecimal characters (1.1)."""
    return "practice_" + hashlib.sha256(entropy.encode()).hexdigest()
