"""The evidence derived from the journal: outages, tries, what waited in them, deadlines, and the seal of the chain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from desktop.model.errors import UsageError
from desktop.model.evidence import Evidence, Fate, fingerprint
from desktop.model.verdict import PortalState
from desktop.services.views import Organisation
from desktop.services.workspace import Workspace
from desktop.store import vault

NINE = datetime(2026, 10, 5, 9, tzinfo=UTC)
CHEAP = {"name": "argon2id", "memory_kib": 8, "passes": 1, "lanes": 1}


class Book:
    """A workspace whose journal a test writes: `at(minutes).event(record, detail)`."""

    def __init__(self, workspace: Workspace, set_clock: Callable[[datetime], None]) -> None:
        self.workspace = workspace
        self._set_clock = set_clock

    def at(self, minutes: float, event: str, record: str | None = None, **detail: Any) -> None:
        self._set_clock(NINE + timedelta(minutes=minutes))
        with self.workspace._store.write() as unit:
            unit.journal.write(event, record, detail)

    def failed(self, minutes: float, state: str = "down", waiting: int = 0, call: str = "read") -> None:
        told = {"collection": "trainees", "call": call, "state": state, "detail": f"It is {state}."}
        self.at(minutes, "try_failed", waiting=waiting, **told)

    def up(self, minutes: float) -> None:
        self.at(minutes, "portal_state", collection="trainees", state="up", was="down", detail="It answers.")

    def report(self, minutes: float = 60, **bounds: Any) -> Evidence:
        self._set_clock(NINE + timedelta(minutes=minutes))
        return self.workspace.activity.evidence.report(**bounds)

    def told(self, minutes: float = 60) -> list[tuple[str, str, Fate]]:
        """(record, what, fate) of every change that waited."""
        return [(c.record, c.what, c.fate) for c in self.report(minutes).changes]


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Book]:
    monkeypatch.setattr(vault, "_KDF", CHEAP)
    now = [NINE]
    organisation = Organisation("University of Northmoor", "hei", "10999417")
    workspace = Workspace.create(
        tmp_path / "workspace", organisation, "made up", clock=lambda: now[0], actor="Sam", remember=False
    )
    yield Book(workspace, lambda at: now.__setitem__(0, at))
    workspace.close()


P = PortalState


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([], []),
        ([(9, P.UP)], []),
        ([(9, P.DOWN)], [(P.DOWN, 9, None, 1)]),
        ([(1, P.DOWN), (5, P.DOWN), (8, P.UP)], [(P.DOWN, 1, 8, 2)]),
        ([(1, P.DOWN), (5, P.MAINTENANCE), (8, P.UP)], [(P.DOWN, 1, 5, 1), (P.MAINTENANCE, 5, 8, 1)]),
        ([(1, P.DOWN), (2, P.UP), (5, P.DOWN)], [(P.DOWN, 1, 2, 1), (P.DOWN, 5, None, 1)]),
    ],
)
def test_outages(book: Book, told: list, expected: list) -> None:
    for minutes, state in told:
        if state is P.UP:
            book.up(minutes)
        else:
            book.failed(minutes, state)

    def ago(at: datetime | None) -> int | None:
        return None if at is None else round((at - NINE).total_seconds() / 60)

    found = book.workspace.activity.outages()
    assert [(o.state, ago(o.begin), ago(o.end), o.tries) for o in found] == expected
    assert [o.number for o in found] == list(range(1, len(found) + 1))


def test_how_it_was_known_and_every_try(book: Book) -> None:
    book.failed(1, "down", 3, "send")
    book.failed(4, "down", 5)
    report = book.report()
    (outage,) = report.outages
    assert (outage.asked, outage.detail, outage.portal) == ("send", "It is down.", "Register")
    assert [(a.asked, a.waiting, a.outage) for a in report.attempts] == [("send", 3, 1), ("read", 5, 1)]
    assert report.attempts[0].at == NINE + timedelta(minutes=1)
    assert report.attempts[1].seq == report.attempts[0].seq + 1


def test_outages_that_follow_one_another_are_one_spell(book: Book) -> None:
    for minutes, state in ((1, "down"), (5, "maintenance")):
        book.failed(minutes, state)
    book.up(9)
    book.failed(20)
    first, second = book.report().spells
    assert (first.tries, first.outages, second.outages, second.end) == (2, (1, 2), (3,), None)
    assert (first.begin, first.end) == (NINE + timedelta(minutes=1), NINE + timedelta(minutes=9))
    assert first.noun == "trainee"


def test_a_change_is_followed_to_its_confirmation(book: Book) -> None:
    book.at(0, "edited", "r1", fields={"email": ["a", "b"]})
    book.failed(1)
    book.at(2, "edited", "r1", fields={"email": ["b", "c"]})
    book.up(9)
    book.at(10, "sending", "r1", kind="update", target="", attempt=1)
    book.at(11, "confirmed", "r1", kind="update", target="")
    (change,) = book.report().changes
    assert (change.saved, change.by) == (NINE, "Sam")
    assert (change.fate, change.settled) == (Fate.CONFIRMED, NINE + timedelta(minutes=11))
    (outage,) = book.report().outages
    assert (outage.changes, outage.people, outage.at_begin, outage.done_at) == (1, 1, 1, change.settled)


def test_what_was_confirmed_before_or_saved_after_did_not_wait(book: Book) -> None:
    book.at(0, "edited", "r1", fields={"email": ["a", "b"]})
    book.at(1, "confirmed", "r1", kind="update", target="")
    book.failed(2)
    book.up(3)
    book.at(4, "edited", "r2", fields={"email": ["a", "b"]})
    book.at(5, "confirmed", "r2", kind="update", target="")
    assert book.told() == []


def test_a_draft_does_not_wait_until_it_is_put_right(book: Book) -> None:
    book.at(0, "added", "r1", fields={"email": "wrong"})
    book.at(0, "held", "r1", kind="create", target="")
    book.failed(1)
    book.up(2)
    assert book.told() == []
    book.failed(10)
    book.at(11, "edited", "r1", fields={"email": ["wrong", "right"]})
    book.at(11, "ready", "r1", kind="create", target="")
    book.up(12)
    book.at(13, "confirmed", "r1", kind="create", target="")
    (change,) = book.report().changes
    assert (change.what, change.outages) == ("New trainee", (2,))
    assert (change.saved, change.ready) == (NINE, NINE + timedelta(minutes=11))


@pytest.mark.parametrize(
    ("event", "fate"), [("refused", Fate.REFUSED), ("not_needed", Fate.DROPPED), ("taken_back", Fate.DROPPED)]
)
def test_other_ends_are_told(book: Book, event: str, fate: Fate) -> None:
    book.at(0, "edited", "r1", fields={"degrees.d1.grade": ["a", "b"]})
    book.failed(1)
    book.at(2, event, "r1", kind="nested", target="degrees.d1")
    if fate is Fate.REFUSED:
        book.at(3, "confirmed", "r1", kind="nested", target="degrees.d1")
        fate = Fate.CONFIRMED
    assert book.told() == [("r1", "Degree", fate)]


def test_nothing_is_claimed_that_the_queue_does_not_bear_out(book: Book) -> None:
    """A change that the journal leaves open, and that is not in the queue, does not count."""
    book.at(0, "edited", "r1", fields={"email": ["a", "b"]})
    book.failed(1)
    assert book.told() == []


def test_what_was_typed_while_it_was_on_its_way_is_the_next_change(book: Book) -> None:
    book.at(0, "edited", "r1", fields={"email": ["a", "b"]})
    book.at(1, "sending", "r1", kind="update", target="", attempt=1)
    book.at(2, "unknown", "r1", kind="update", target="")
    book.failed(2)
    book.at(3, "edited", "r1", fields={"email": ["b", "c"]})
    book.up(5)
    book.at(6, "confirmed", "r1", kind="update", target="")
    book.failed(7)
    book.up(9)
    book.at(10, "confirmed", "r1", kind="update", target="")
    first, second = book.report().changes
    assert (first.saved, first.settled, first.outages) == (NINE, NINE + timedelta(minutes=6), (1,))
    assert (second.saved, second.outages) == (NINE + timedelta(minutes=3), (2,))


def test_a_conflict_waits_for_a_person_and_not_for_the_portal(book: Book) -> None:
    book.at(0, "edited", "r1", fields={"email": ["a", "b"]})
    book.at(1, "conflict", "r1", fields={})
    book.failed(2)
    book.up(3)
    book.failed(4)
    book.at(5, "resolved", "r1", choices={})
    book.up(6)
    book.at(7, "confirmed", "r1", kind="update", target="")
    (change,) = book.report().changes
    assert change.outages == (2,)


def test_actions_and_funding_are_named(book: Book) -> None:
    book.at(0, "edited", "r1", fields={"funding_method": ["a", "b"]})
    book.at(0, "action_queued", "r2", action="defer", fields={})
    book.failed(1)
    book.up(2)
    book.at(3, "confirmed", "r1", kind="update", target="")
    book.at(3, "action_done", "r2", kind="action", target="defer")
    changes = book.report().changes
    assert [(c.what, c.money) for c in changes] == [("Change", True), ("Defer", False)]


def test_a_deadline_counts_what_was_unsent_at_the_end_of_its_day(book: Book) -> None:
    days = 60 * 24
    book.at(0, "edited", "r1", fields={"email": ["a", "b"]})
    book.failed(9 * days)  # 14 October, 10am in London
    book.at(9 * days + 10, "edited", "r2", fields={"email": ["a", "b"]})
    book.at(9 * days + 14 * 60 + 1, "edited", "r3", fields={"email": ["a", "b"]})  # a minute past midnight
    before = next(d for d in book.report(9 * days + 60).deadlines)
    assert (before.what, before.passed) == ("ITT census 2026 to 2027", False)
    book.up(10 * days)
    for record in ("r1", "r2", "r3"):
        book.at(10 * days + 5, "confirmed", record, kind="update", target="")
    (census,) = book.report(10 * days + 60).deadlines
    assert census.closes == datetime(2026, 10, 14, 23, tzinfo=UTC)
    assert (census.passed, census.unsent, census.people, census.late) == (True, 2, 2, 2)


def test_a_deadline_long_after_is_not_touched(book: Book) -> None:
    book.failed(0)
    book.up(5)
    assert book.report().deadlines == ()


def test_the_period_bounds_the_outages(book: Book) -> None:
    for minutes in (0, 60, 120):
        book.failed(minutes)
        book.up(minutes + 5)
    bounds = {"since": NINE + timedelta(minutes=3), "until": NINE + timedelta(minutes=61)}
    report = book.report(200, **bounds)
    assert [o.begin for o in report.outages] == [NINE, NINE + timedelta(minutes=60)]
    assert len(report.attempts) == 2
    assert [a.outage for a in report.attempts] == [1, 2]


def test_the_seal_names_the_last_row_as_the_journal_has_it(book: Book) -> None:
    book.failed(1)
    seal = book.report().seal
    newest = book.workspace.activity.entries(limit=1)[0]
    assert (seal.rows, seal.last, seal.whole) == (newest.seq, newest.seal, True)
    assert seal.first == book.workspace.activity.entries(limit=10)[-1].seal
    assert len(seal.last.replace(" ", "")) == 16


@pytest.mark.parametrize(
    "spoilt",
    [
        "UPDATE journal SET detail = 'no JSON' WHERE event = 'try_failed'",
        "UPDATE journal SET at = 'no time' WHERE event = 'try_failed'",
        "UPDATE journal SET at = '2026-10-05' WHERE event = 'try_failed'",
        "UPDATE journal SET detail = '[]' WHERE event = 'edited'",
        'UPDATE journal SET detail = \'{"fields": 7, "waiting": "x"}\'',
        "DELETE FROM journal WHERE seq = 2",
    ],
)
def test_a_journal_that_somebody_changed_is_still_told_and_said_to_be_broken(book: Book, spoilt: str) -> None:
    book.at(0, "edited", "r1", fields={"email": ["a", "b"]})
    book.failed(1)
    with book.workspace._store.write() as unit:
        for trigger in ("journal_fixed", "journal_kept"):
            unit.connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
        unit.connection.exec_driver_sql(spoilt)
    seal = book.report().seal
    assert not seal.whole
    assert list(seal.problems) == book.workspace.care.doctor()


def test_an_ending_that_is_neither_is_refused_and_nothing_written(book: Book, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.csv or \.pdf"):
        book.workspace.activity.save_evidence(tmp_path / "evidence.txt")
    assert not list(tmp_path.glob("evidence*"))


def test_a_fingerprint_can_be_read_aloud() -> None:
    assert fingerprint(bytes(range(32))) == "0001 0203 0405 0607"
