"""What other people do at the portal itself: on its web pages, and in its machine room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop.practice.record import Record
from tests.sim.people import COMMON, letters
from tests.sim.template import SCHOOLS

if TYPE_CHECKING:
    from tests.sim.simulation import Simulation

STATES = ("trn_received", "trn_received", "deferred", "withdrawn", "awarded")


def something(sim: Simulation) -> None:
    """One deed on the web, on one record."""
    listed = [r for r in sim.portal.state.records.values() if r.cycle == 2026]
    record = sim.rng.choice(listed[:2] if sim.rng.random() < 0.7 else listed)
    if sim.focus in sim.portal.state.records:
        record = sim.portal.state.records[sim.focus]
    kind = sim.rng.random()
    sim.counts.add("edits on the web")
    if kind < 0.55:
        _edit(sim, record)
    elif kind < 0.8:
        _edit_children(sim, record)
    elif kind < 0.92:
        _change(sim, record, state=sim.rng.choice(STATES))
    elif not _is_there_anew(sim, record):
        _change(sim, record, deleted=not record.deleted)


def _is_there_anew(sim: Simulation, record: Record) -> bool:
    """Whether a deleted record was sent again meanwhile; nobody would bring it back then."""
    names = ("first_names", "last_name", "date_of_birth")
    others = (r for r in sim.portal.state.records.values() if r is not record and r.listed)
    return record.deleted and any(all(r.get(n) == record.get(n) for n in names) for r in others)


def _change(sim: Simulation, record: Record, **fields: Any) -> None:
    sim.note(f"web changes {record.slug}: {fields}")
    sim.author, sim.how = "web", ""
    sim.control.edit(record.slug, **fields)


def _edit(sim: Simulation, record: Record) -> None:
    number = sim.next()
    values: dict[str, tuple[str, ...]] = {
        "email": (f"web{number}@example.com",),
        "middle_names": (f"Web{letters(number)}", "Bea"),
        "ni_number": ("QQ123456A", "QQ123456B", "QQ123456D"),
        "nationality": ("FR", "IE", "DE"),
        "study_mode": ("01", "31"),
        "trainee_start_date": ("2026-09-26", "2026-09-29"),
    }
    typed = sorted({f.path for f in sim.oracle.live.values() if f.slug == record.slug} & values.keys())
    if typed and sim.rng.random() < 0.5:
        names = [sim.rng.choice(typed)]
    else:
        among = COMMON if sim.rng.random() < 0.5 else sorted(values)
        names = sim.rng.sample(among, sim.rng.choice((1, 1, 2)))
    _change(sim, record, **{n: sim.rng.choice(values[n]) for n in names})


def _edit_children(sim: Simulation, record: Record) -> None:
    """Placements change in silence; degrees do not."""
    held = sim.control.trainee(record.slug)
    places, degrees = held["placements"], held["degrees"]
    kind = sim.rng.random()
    if kind < 0.25 and degrees:
        year = sim.rng.choice((2001, 2002, 2005))
        _change(sim, record, degrees=[degrees[0] | {"graduation_year": year}, *degrees[1:]])
    elif kind < 0.35 and degrees:
        _change(sim, record, degrees=degrees[1:])
    elif kind < 0.55 and places:
        _change(sim, record, placements=places[:-1])
    elif kind < 0.75:
        urn = sim.rng.choice(SCHOOLS)
        if urn not in {p["urn"] for p in places}:
            _change(sim, record, placements=[*places, {"urn": urn}])
    else:
        _change(
            sim, record, placements=[*places, {"name": f"Dale {letters(sim.next()).capitalize()} Nursery"}]
        )


def put_back(sim: Simulation, backup: dict[str, Record]) -> None:
    """The portal is restored from a backup (T3)."""
    state = sim.portal.state
    before = state.records
    sim.note("the portal is put back to its backup")
    sim.oracle.restoring(before, backup)
    state.records = dict(backup)
    state._ordered.clear()
    state._born = None
    state._awaiting_trn = {s for s, r in state.records.items() if r.trn_due_us}
