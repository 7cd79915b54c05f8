"""Made-up trainees, schools and partners for the practice portal. Nobody here exists; every domain is an example's.

The same seed gives the same people, and a larger portal begins with the people of a smaller one. Every trainee keeps the
collection's rules (a test holds it to that), so what a person changes on one is what can be wrong with it.
"""

from __future__ import annotations

import gc
import random
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import Any, NamedTuple

from desktop.collections.trainees import tables
from desktop.collections.trainees.cycles import cycle_of
from desktop.practice import incoming, lists
from desktop.practice.clock import DAY_US, iso_ms, iso_s, to_us
from desktop.practice.names import (
    FIRST_NAMES_FEMALE,
    FIRST_NAMES_MALE,
    LAST_NAMES,
    PLACES,
    SCHOOL_KINDS,
)
from desktop.practice.nested import in_order
from desktop.practice.record import ID_ALPHABET, Degree, Placement, Record
from desktop.practice.state import PROVIDER_UKPRN, Partner, School, State

FIRST_TRN = 3_000_000
_SCHOOL_URNS_FROM = 740_113
_PARTNER_UKPRNS_FROM = 10_997_301


class Mix:
    """Values with their weights; `up` sums the weights up to each."""

    def __init__(self, values: Sequence[Any], weights: Sequence[float]) -> None:
        self.values = values
        self.up = tuple(accumulate(weights))


def _mix(**weights: float) -> Mix:
    """Codes begin with `c`, as a keyword may not begin with a digit."""
    return Mix([key.removeprefix("c") for key in weights], list(weights.values()))


_ROUTES = _mix(c12=46, c11=16, c03=7, c10=7, c09=2, c14=4, c15=3, c16=3, c19=4, c20=3, c18=2, c17=1, c21=2)
_CYCLES_BACK = Mix((0, 1, 2), (72, 18, 10))
_SEXES = _mix(c10=69, c11=28, c12=1, c96=1, c99=1)
_NATIONALITIES = Mix(
    ("GB", "IE", "IN", "PL", "NG", "FR", "ES", "US", "PK", "DE", "IT", "GH"),
    (86, 3, 2, 1.5, 1.5, 1.2, 1.2, 1, 0.8, 0.7, 0.6, 0.5),
)
_ETHNICITIES = _mix(
    c160=64,
    c179=6,
    c104=5,
    c103=5,
    c120=4,
    c100=3,
    c141=2,
    c142=1,
    c140=1.5,
    c121=2,
    c166=1,
    c180=1,
    c997=3,
    c998=1.5,
)
_DISABILITIES = _mix(c95=78, c98=8, c51=6, c55=4, c54=2, c57=1, c53=1)
_SECONDARY = _mix(
    c100403=14, c100320=13, c100302=7, c100409=6, c100346=9, c100417=7, c100425=6, c100366=5, c100321=3, c100326=1,
    c100323=2, c100433=8, c100642=3, c100069=3, c101361=4, c100450=1, c100471=3, c100048=3, c100079=3,
)  # fmt: skip
_PRIMARY_SHARE = 0.38
_PRIMARY_AGES = ("13914", "13915", "13912", "13909")
_SECONDARY_AGES = ("13918", "13919", "13917")
_DEGREE_TYPES = _mix(c051=30, c083=34, c001=4, c084=20, c052=12)
_GRADES = _mix(c01=22, c02=50, c03=20, c05=3, c14=2, c12=2, c13=1)
_RUNNING = Mix(
    ("trn_received", "submitted_for_trn", "deferred", "withdrawn", "draft", "deleted"), (85, 7, 2, 3, 2, 1)
)
_ENDED = Mix(("awarded", "trn_received", "withdrawn", "recommended_for_award", "deferred"), (82, 6, 7, 3, 2))
_SOURCES = Mix(("api", "csv", "hesa_collection", "manual"), (58, 16, 16, 10))
_DOMAINS = ("example.com", "example.org", "example.net")
_IQTS_COUNTRIES = ("AE", "ES", "FR", "HK", "SG", "TH", "QA", "PT")
_DEGREE_COUNTRIES = ("FR", "DE", "IE", "IN", "US", "ES", "PL", "NG")
_REASONS = ("did_not_make_progress", "change_in_personal_or_health_circumstances", "trainee_workload_issues")


def schools() -> list[School]:
    """The schools every practice portal knows, with URNs from a range of their own."""
    found = []
    for n in range(120):
        place, kind = PLACES[n % len(PLACES)], SCHOOL_KINDS[n // len(PLACES) % len(SCHOOL_KINDS)]
        urn = str(_SCHOOL_URNS_FROM + 37 * n)
        postcode = f"NM{1 + n % 9} {1 + n % 8}{'ABDEFGHJ'[n % 8]}{'LNPQRSTU'[n // 8 % 8]}"
        found.append(School(urn, f"{place} {kind}", postcode, f"{1 + n} School Lane, {place}"))
    return found


def partners() -> list[Partner]:
    """Training partners: those that are schools have a URN too, the others a UKPRN alone (the trap of pack 1.6)."""
    with_urn = [
        Partner(str(_PARTNER_UKPRNS_FROM + 11 * n), s.urn, f"{s.name} Teaching Alliance")
        for n, s in enumerate(schools()[:12:2])
    ]
    without = [
        Partner(str(_PARTNER_UKPRNS_FROM + 7001 + 13 * n), None, f"{place} Learning Trust")
        for n, place in enumerate(PLACES[10:15])
    ]
    return with_urn + without


def furnish(state: State, size: int, seed: int) -> None:
    """Give a new portal its schools, partners and `size` trainees."""
    for school in schools():
        state.add_school(school)
    for partner in partners():
        state.add_partner(partner)
    if size > 0:
        state.load(make_trainees(size, seed, state.clock.today(), state.clock.now_us()))


def make_trainees(size: int, seed: int, today: date, now_us: int | None = None) -> list[Record]:
    """`size` trainees of the University of Northmoor, the same for the same arguments.

    `now_us` is the moment after which nothing has happened yet; noon of `today` unless given.
    """
    noon = to_us(datetime(today.year, today.month, today.day, 12, tzinfo=UTC))
    maker = _Maker(size, seed, today, noon if now_us is None else now_us)
    collecting = gc.isenabled()
    gc.disable()  # nothing made here can be garbage, and looking for it takes a third of the time
    try:
        return list(maker.make())
    finally:
        if collecting:
            gc.enable()


@lru_cache(maxsize=4096)
def _funding_types(cycle: int, route: str, subject: str) -> tuple[str, ...]:
    """Types of funding that exist for this combination (pack section 5)."""
    allocation = tables.allocations().get(subject, "")
    kinds = ("bursary", "scholarship", "grant")
    return tuple(k for k in kinds if (cycle, route, k, allocation) in tables.amounts())


def _method_of(kind: str, *, postgraduate: bool) -> str:
    if kind == "bursary":
        return "D" if postgraduate else "B"
    return {"scholarship": "4", "grant": "E"}[kind]


class _Course(NamedTuple):
    """What route and cycle decide before anything else is drawn. `begins` is the trainee's own start."""

    route: tables.Route
    cycle: int
    start: date
    end: date
    begins: date


class _Maker:
    """Draws trainees one after the other. Each column has a generator of its own, so that size changes nothing."""

    def __init__(self, size: int, seed: int, today: date, now_us: int) -> None:
        self._size, self._seed, self._today, self._now = size, seed, today, now_us
        self._this_cycle = cycle_of(today)
        self._rng = random.Random(f"{seed}/trainees")
        self._draw = self._rng.random
        self._chunks = ["".join(self._rng.choices(ID_ALPHABET, k=4)) for _ in range(1 << 14)]
        self._urns = [s.urn for s in schools()]
        self._partners = partners()
        self._degree_subjects = [c for c in lists.codes("degree_subject") if c < "101400"]
        self._institutions = [c for c in lists.codes("institution") if "0110" <= c < "0200" and c != "0133"]

    def _column(self, name: str, mix: Mix) -> list[Any]:
        return random.Random(f"{self._seed}/{name}").choices(mix.values, cum_weights=mix.up, k=self._size)

    def _slug(self) -> str:
        b, c = self._rng.getrandbits(84), self._chunks
        m = len(c) - 1
        return c[b & m] + c[b >> 14 & m] + c[b >> 28 & m] + c[b >> 42 & m] + c[b >> 56 & m] + c[b >> 70]

    def _pick(self, values: Sequence[Any]) -> Any:
        return values[int(self._draw() * len(values))]

    def _weighted(self, mix: Mix) -> Any:
        return mix.values[bisect_right(mix.up, self._draw() * mix.up[-1])]

    def _chance(self, share: float) -> bool:
        return self._draw() < share

    def make(self) -> Iterator[Record]:
        """One record after the other, numbered from 1."""
        columns = zip(
            self._column("route", _ROUTES),
            self._column("cycle", _CYCLES_BACK),
            self._column("sex", _SEXES),
            self._column("nationality", _NATIONALITIES),
            self._column("ethnicity", _ETHNICITIES),
            self._column("disability", _DISABILITIES),
            self._column("running", _RUNNING),
            self._column("ended", _ENDED),
            self._column("source", _SOURCES),
            strict=True,
        )
        for n, (route, back, sex, nation, ethnicity, disability, running, ended, source) in enumerate(
            columns, 1
        ):
            course = self._course(tables.routes()[route], self._this_cycle - back)
            f = self._person(n, course, sex, ethnicity, disability)
            self._study(f, course)
            self._money(f, course)
            state = ended if course.end < self._today else running
            record = self._record(n, f, course, state, source)
            record.nationalities = (nation,)
            record.disabilities = {"disability1": disability}
            self._history(record, course)
            yield record

    def _course(self, route: tables.Route, cycle: int) -> _Course:
        start = date(cycle, 9, 1) + timedelta(days=int(self._draw() * 24))
        years = 1 if route.postgraduate else 3
        end = date(cycle + years, 6, 12) + timedelta(days=int(self._draw() * 45))
        late = start + timedelta(days=1 + int(self._draw() * 20)) if self._chance(0.15) else start
        return _Course(route, cycle, start, end, late if late <= self._today else start)

    def _person(self, n: int, course: _Course, sex: str, ethnicity: str, disability: str) -> dict[str, Any]:
        names = FIRST_NAMES_MALE if sex == "11" or (sex != "10" and self._chance(0.5)) else FIRST_NAMES_FEMALE
        first, last = self._pick(names), self._pick(LAST_NAMES)
        youngest = 21 if course.route.postgraduate else 18
        age_days = int((youngest + self._draw() ** 2.2 * 26) * 365.25) + int(self._draw() * 364)
        told = ethnicity not in ("997", "998") or disability != "98"
        f: dict[str, Any] = {
            "first_names": first,
            "last_name": last,
            "date_of_birth": (course.start - timedelta(days=age_days)).isoformat(),
            "sex": sex,
            "email": f"{first.lower()}.{last.lower()}{n}@{_DOMAINS[n % 3]}",
            "ethnicity": ethnicity,
            "disability_disclosure": incoming.disclosure([disability]),
            "diversity_disclosure": "diversity_disclosed" if told else "diversity_not_disclosed",
            "hesa_id": self._hesa_id(n, course.cycle),
            "provider_trainee_id": f"NM{course.cycle % 100:02d}-{n:05d}",
            "course_year": min(1 + self._this_cycle - course.cycle, 3),
        }
        if self._chance(0.22):
            f["middle_names"] = self._pick(names)
        if self._chance(0.04):
            f["previous_last_name"] = self._pick(LAST_NAMES)
        if self._chance(0.3):
            f["ni_number"] = f"QQ{n % 1_000_000:06d}{'ABCD'[n % 4]}"
        if self._chance(0.5):
            f["application_id"] = 1_000_000 + n
        return f

    def _hesa_id(self, n: int, cycle: int) -> str:
        year = cycle % 100
        return f"{year}1099417{n:08d}" if n % 5 else f"{year}1994{n:07d}"

    def _study(self, f: dict[str, Any], course: _Course) -> None:
        route = course.route
        f["training_route"] = route.code
        f["itt_start_date"] = course.start.isoformat()
        f["itt_end_date"] = course.end.isoformat()
        f["trainee_start_date"] = course.begins.isoformat()
        if route.early_years:
            subject, ages, phase = tables.EARLY_YEARS_SUBJECT, tables.EARLY_YEARS_AGES, "early_years"
        elif self._chance(_PRIMARY_SHARE):
            subject, ages, phase = tables.PRIMARY_SUBJECT, self._pick(_PRIMARY_AGES), "primary"
            if self._chance(0.2):
                f["course_subject_2"] = self._pick(("100403", "100320", "100409", "100433"))
        else:
            subject, ages, phase = self._weighted(_SECONDARY), self._pick(_SECONDARY_AGES), "secondary"
        f["course_subject_1"], f["course_age_range"], f["course_education_phase"] = subject, ages, phase
        if route.study_mode:
            f["study_mode"] = "31" if self._chance(0.07) else "01"
        if route.country:
            f["iqts_country"] = self._pick(_IQTS_COUNTRIES)
        f["itt_aim"] = "201" if self._chance(0.25) else "202"
        if f["itt_aim"] == "202":
            f["itt_qualification_aim"] = self._pick(
                ("020", "020", "021", "031") if route.postgraduate else ("002", "004", "008")
            )
        if route.partner_page and self._chance(0.5):
            partner = self._pick(self._partners)
            f["training_partner_ukprn"] = partner.ukprn
            if partner.urn:
                f["training_partner_urn"] = partner.urn
        if route.employer_page:
            f["employing_school_urn"] = self._pick(self._urns)

    def _money(self, f: dict[str, Any], course: _Course) -> None:
        route = course.route
        funded = route.code in tables.funded_routes().get(course.cycle, frozenset())
        f["fund_code"] = "7" if funded and self._chance(0.92) else "2"
        f["funding_method"] = "6"
        f["training_initiative"] = "no_initiative"
        kinds = _funding_types(course.cycle, route.code, f["course_subject_1"])
        if kinds and f["fund_code"] == "7" and self._chance(0.8):
            f["funding_method"] = _method_of(self._pick(kinds), postgraduate=route.postgraduate)
        elif self._chance(0.02) and "now_teach" in tables.initiatives().get(course.cycle, frozenset()):
            f["training_initiative"] = "026"

    def _record(self, n: int, f: dict[str, Any], course: _Course, state: str, source: str) -> Record:
        created = self._created_us(course)
        record = Record(
            n,
            self._slug(),
            PROVIDER_UKPRN,
            "trn_received" if state == "deleted" else state,
            f,
            created,
            created,
            source,
            cycle=cycle_of(course.begins),
            deleted=state == "deleted",
        )
        if course.route.degree or self._chance(0.05):
            record.degrees = [self._degree(course, created, f["date_of_birth"])]
            if self._chance(0.09):
                record.degrees.append(self._degree(course, created, f["date_of_birth"]))
                record.degrees = in_order(record.degrees)
        wanted = course.route.placements if course.cycle < self._this_cycle else int(self._draw() * 3)
        if course.route.placements_page:
            record.placements = [self._placement(created, nth) for nth in range(wanted)]
            record.placement_flag = wanted > 0
        return record

    def _created_us(self, course: _Course) -> int:
        """Some weeks about the start of the course, but never after now."""
        start = to_us(datetime(course.start.year, course.start.month, course.start.day, 8, tzinfo=UTC))
        about = start + int((self._draw() * 70 - 30) * DAY_US)
        return about if about < self._now else self._now - int((0.01 + self._draw() * 20) * DAY_US)

    def _degree(self, course: _Course, created: int, born: str) -> Degree:
        earliest = max(int(born[:4]) + 20, course.cycle - 12)
        year = min(earliest + int(self._draw() * 10), course.cycle)
        f: dict[str, Any] = {"subject": self._pick(self._degree_subjects), "graduation_year": year}
        uk = not self._chance(0.06)
        if uk:
            f["institution"] = self._pick(self._institutions)
            f["uk_degree"] = self._weighted(_DEGREE_TYPES)
            f["grade"] = self._weighted(_GRADES)
        else:
            f["country"] = self._pick(_DEGREE_COUNTRIES)
            f["non_uk_degree"] = self._pick(("401", "402", "051"))
        return Degree(self._slug(), f, uk, created, created)

    def _placement(self, created: int, nth: int) -> Placement:
        if self._chance(0.04):
            return Placement(
                self._slug(), None, None, f"{self._pick(PLACES)} Hospital School", None, created, created
            )
        urn = self._pick(self._urns[nth::3])  # no school twice
        return Placement(self._slug(), urn, None, None, None, created, created)

    def _history(self, record: Record, course: _Course) -> None:
        """What happened to the record since it was made: TRN, deferral, withdrawal, award; and when it last changed."""
        f, state = record.f, record.state
        f["submitted_for_trn_at"] = iso_ms(record.created_us)
        if state == "draft":
            del f["submitted_for_trn_at"]
        elif state != "submitted_for_trn":
            f["trn"] = f"{FIRST_TRN + record.seq:07d}"
        if state == "withdrawn" and course.start > self._today:
            record.state = state = "trn_received"
        day = min(course.start + timedelta(days=20 + int(self._draw() * 200)), self._today)
        if state == "deferred":
            f["defer_date"], f["defer_reason"] = day.isoformat(), "Family circumstances"
        elif state == "withdrawn":
            self._withdrawal(f, max(day, course.start))
        elif state in ("recommended_for_award", "awarded"):
            met = min(course.end, self._today)
            f["outcome_date"] = met.isoformat()
            noon = to_us(datetime(met.year, met.month, met.day, 12, tzinfo=UTC))
            f["recommended_for_award_at"] = iso_s(min(noon, self._now))
            if state == "awarded":
                f["awarded_at"] = iso_ms(min(noon + DAY_US, self._now))
        since = self._now - record.created_us
        record.updated_us = record.created_us + int(self._draw() ** 2 * since)

    def _withdrawal(self, f: dict[str, Any], day: date) -> None:
        f["withdrawal_date"] = day.isoformat()
        f["withdrawal_reasons"] = [self._pick(_REASONS)]
        f["withdrawal_trigger"] = "trainee"
        f["withdrawal_future_interest"] = self._pick(("yes", "no", "unknown"))
