"""What people do at a client: they type, add, take away, confirm, take back, and decide what only they can decide.

Each deed that the program acknowledges becomes a fact that the oracle holds it to.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from desktop.model.change import ChangeKind
from desktop.model.conflict import Conflict, ConflictKind
from desktop.model.document import Child, ChildPatch, Document, Patch, Value, same
from desktop.model.errors import UsageError
from desktop.model.ids import new_id
from desktop.services.views import RecordView
from desktop.store.records import StoredRecord
from tests.fault.conftest import TRAINEES, UK_DEGREE
from tests.sim import facts
from tests.sim.machine import Machine
from tests.sim.template import SCHOOLS

if TYPE_CHECKING:
    from tests.sim.simulation import Simulation

COMMON = ("email", "nationality")
NOWHERE = "999123"
"""A URN that the portal refuses."""
ACTIONS: dict[str, tuple[str, dict[str, Value]]] = {
    "defer": ("deferred", {"defer_date": "2026-10-01"}),
    "withdraw": (
        "withdrawn",
        {
            "withdrawal_date": "2026-10-02",
            "reasons": "did_not_make_progress",
            "trigger": "provider",
            "future_interest": "no",
        },
    ),
}


def letters(number: int) -> str:
    """A number as letters, for names."""
    return "".join(chr(97 + number // 26**k % 26) for k in range(3))


def something(sim: Simulation, machine: Machine) -> None:
    """One deed of one person."""
    (deed,) = sim.rng.choices([d for d, _ in DEEDS], [w for _, w in DEEDS])
    sim.counts.add(f"person: {deed.__name__}")
    deed(sim, machine)


def one_of(sim: Simulation, machine: Machine, *, there: bool = True) -> StoredRecord | None:
    """A record that the person may work on. `there` = one that the portal has."""
    takes = machine.collection.takes_edits
    found = [
        r
        for r in machine.records().values()
        if takes(r.state) and not r.missing and (r.portal_id is not None or not there)
    ]
    if in_focus := [r for r in found if sim.focus and r.portal_id == sim.focus]:
        return in_focus[0]
    # Most work is on the same few records, or nobody would ever meet.
    return sim.rng.choice(found[:2] if sim.rng.random() < 0.7 else found) if found else None


# --- typing ---------------------------------------------------------------------------------------------------------


def _values(sim: Simulation) -> dict[str, tuple[Value, ...]]:
    """Fields and what may be typed there; most of it nobody ever typed before."""
    number = sim.next()
    return {
        "email": (f"typed{number}@example.com",),
        "middle_names": (f"Bea{letters(number)}", "Bea", None),
        "ni_number": ("QQ123456A", "QQ123456B", "QQ123456C"),
        "nationality": ("FR", "IE", "GB"),
        "study_mode": ("01", "31"),
        "trainee_start_date": ("2026-09-26", "2026-09-28"),
        "hesa_id": (f"{26109942000000000 + number}",),
    }


def edit(sim: Simulation, machine: Machine) -> None:
    record = one_of(sim, machine, there=sim.rng.random() < 0.8)
    if record is None:
        return
    choices = _values(sim)
    # Most typing is into the same few fields, for the same reason.
    among = COMMON if sim.rng.random() < 0.5 else sorted(choices)
    names = sim.rng.sample(among, sim.rng.choice((1, 1, 1, 2, 2)))
    type_in(sim, machine, record, {n: sim.rng.choice(choices[n]) for n in names})


def type_in(sim: Simulation, machine: Machine, record: StoredRecord, fields: dict[str, Value]) -> None:
    """Type into fields of a record; what is there already is no edit."""
    sim.note(f"{machine.name} types {fields} into {record.id}")
    sim.counts.add("edits")
    view = machine.workspace.records.edit(record.id, Patch(dict(fields))).view
    for name, value in fields.items():
        if (
            name not in view.pending.fields
        ):  # it is what the portal showed last: that takes back, and asks for nothing
            sim.oracle.undone(machine, record.id, name)
        elif not same(record.document.get(name), value):
            was = record.base.document.get(name) if record.base else None
            since = sim.oracle.now
            sim.oracle.promise(facts.scalar(machine.name, record.id, name, value, since, was))
        if not same(view.document.get(name), value):
            raise AssertionError(f"{name} was not taken as typed")


def type_wrong(sim: Simulation, machine: Machine) -> None:
    """What our rules hold back, or what the portal refuses; or such a thing is put right."""
    record = one_of(sim, machine)
    if record is None:
        return
    wrong = record.document.get("employing_school_urn") == NOWHERE or record.document.get("sex") is None
    if wrong and record.base is not None:
        mended = {n: record.base.document.get(n) for n in ("employing_school_urn", "sex")}
        if mended["employing_school_urn"] == NOWHERE:
            mended["employing_school_urn"] = None
        type_in(
            sim, machine, record, {n: v for n, v in mended.items() if not same(record.document.get(n), v)}
        )
    elif sim.rng.random() < 0.6:
        type_in(sim, machine, record, {"employing_school_urn": NOWHERE, "nationality": "FR"})
    else:
        type_in(sim, machine, record, {"sex": None})


# --- children -------------------------------------------------------------------------------------------------------


def add_placement(sim: Simulation, machine: Machine) -> None:
    record = one_of(sim, machine, there=sim.rng.random() < 0.9)
    if record is None:
        return
    if sim.rng.random() < 0.5:
        name, value = "urn", sim.rng.choice(SCHOOLS)
        fields: dict[str, Value] = {"urn": value, "name": "As I call it"}
    else:
        name, value = "name", f"Hill {letters(sim.next()).capitalize()} Nursery"
        fields = {"name": value, "postcode": "BN1 1AA"}
    # In the middle of a question the form hides what is in question; a person sees it, and so does the deed.
    held = {c.fields.get(name) for c in record.document.children.get("placements", ())}
    if value in held or sim.oracle.in_question(machine, record.id):
        return
    _add(sim, machine, record, "placements", fields)
    sim.oracle.promise(facts.placement_added(machine.name, record.id, name, value, sim.oracle.now))


def add_degree(sim: Simulation, machine: Machine) -> None:
    record = one_of(sim, machine)
    if record is None or sim.oracle.in_question(machine, record.id):
        return
    year = sim.rng.choice((2012, 2013, 2014, 2016))
    if any(same(c.fields.get("graduation_year"), year) for c in record.document.children.get("degrees", ())):
        return
    _add(sim, machine, record, "degrees", {**UK_DEGREE, "graduation_year": year})
    sim.oracle.promise(facts.degree_added(machine.name, record.id, year, sim.oracle.now))


def _add(
    sim: Simulation, machine: Machine, record: StoredRecord, kind: str, fields: dict[str, Value]
) -> None:
    sim.note(f"{machine.name} adds {kind} {fields} to {record.id}")
    sim.counts.add("edits")
    patch = Patch({}, {kind: {new_id(): ChildPatch(fields, added=True)}})
    machine.workspace.records.edit(record.id, patch)


def _a_child(sim: Simulation, record: StoredRecord, kind: str) -> Child | None:
    """A child that the portal has."""
    known = record.base.document.children.get(kind, ()) if record.base else ()
    held = [c for c in known if record.document.child(kind, c.id) is not None]
    return sim.rng.choice(held) if held else None


def edit_degree(sim: Simulation, machine: Machine) -> None:
    record = one_of(sim, machine)
    child = _a_child(sim, record, "degrees") if record else None
    if record is None or child is None:
        return
    year = sim.rng.choice((2001, 2002, 2003, 2004))
    now = record.document.child("degrees", child.id)
    if now is None or same(now.fields.get("graduation_year"), year):
        return
    sim.note(f"{machine.name} puts {year} into {child.id} of {record.id}")
    sim.counts.add("edits")
    patch = Patch({}, {"degrees": {child.id: ChildPatch({"graduation_year": year})}})
    machine.workspace.records.edit(record.id, patch)
    sim.oracle.gone(machine, record.id, "degrees", now)  # as it was, if this person had added it
    path = ("degrees", child.id, "graduation_year")
    sim.oracle.promise(facts.child_edited(machine.name, record.id, *path, year, sim.oracle.now))


def remove_child(sim: Simulation, machine: Machine) -> None:
    record = one_of(sim, machine)
    kind = sim.rng.choice(("placements", "placements", "degrees"))
    child = _a_child(sim, record, kind) if record else None
    if record is None or child is None:
        return
    sim.note(f"{machine.name} removes {kind} {child.id} of {record.id}")
    sim.counts.add("edits")
    machine.workspace.records.edit(record.id, Patch({}, {kind: {child.id: ChildPatch(removed=True)}}))
    sim.oracle.gone(machine, record.id, kind, child)
    sim.oracle.promise(facts.child_removed(machine.name, record.id, kind, child.id, sim.oracle.now))


# --- new people -----------------------------------------------------------------------------------------------------


def person(sim: Simulation, *, twin: bool = False) -> Document:
    """A valid new trainee; `twin` = the one whom everybody in this world may have heard of."""
    number = sim.next()
    document = sim.template.sheet.copy()
    letter = "twin" if twin else letters(number)
    document.fields |= {
        "first_names": f"Ada{letter}",
        "last_name": "Ashcombe",
        "date_of_birth": "1999-04-12",
        "email": f"ada{number}@example.com",
        "hesa_id": f"{26109941000000000 + number}",
        "provider_trainee_id": f"NM-{number}" if sim.rng.random() < 0.3 else None,
    }
    for group in document.children.values():
        for child in group:
            child.id = ""
    return document


def add(sim: Simulation, machine: Machine) -> None:
    document = person(sim, twin=sim.rng.random() < 0.4)
    sim.note(f"{machine.name} adds {document.fields['first_names']} {document.fields['email']}")
    sim.counts.add("edits")
    view = machine.workspace.records.add(TRAINEES, document)
    email = str(document.fields["email"])
    sim.oracle.promise(facts.made(machine.name, view.id, email, sim.oracle.now))
    sim.oracle.promise(facts.scalar(machine.name, view.id, "email", email, sim.oracle.now))


def edit_new(sim: Simulation, machine: Machine) -> None:
    """A new record is looked at again before it is sent, or after."""
    new = [r for r in machine.records().values() if r.portal_id is None]
    if new:
        number = sim.next()
        fields: dict[str, Value] = {"email": f"new{number}@example.com"}
        if sim.rng.random() < 0.5:
            fields["first_names"] = f"Beatrix{letters(number)}"
        type_in(sim, machine, sim.rng.choice(new), fields)


def discard(sim: Simulation, machine: Machine) -> None:
    new = [r for r in machine.records().values() if r.portal_id is None]
    if new:
        record = sim.rng.choice(new)
        sim.note(f"{machine.name} discards {record.id}")
        machine.workspace.records.discard(record.id)
        sim.oracle.let_go(machine, record.id)


# --- actions, and taking back ---------------------------------------------------------------------------------------


def act(sim: Simulation, machine: Machine) -> None:
    record = one_of(sim, machine)
    if record is None:
        return
    action = sim.rng.choice(("defer", "defer", "withdraw"))
    state, fields = ACTIONS[action]
    sim.note(f"{machine.name} wants to {action} {record.id}")
    machine.workspace.records.act(record.id, action, dict(fields))
    sim.counts.add("edits")
    sim.oracle.promise(facts.action_confirmed(machine.name, record.id, action, state, sim.oracle.now))


def take_back(sim: Simulation, machine: Machine) -> None:
    """One change is taken back from the queue."""
    with machine.read() as unit:
        waiting = unit.outbox.all(TRAINEES)
    if waiting:
        change = sim.rng.choice(waiting)
        sim.note(f"{machine.name} takes back {change.kind} {change.target} of {change.record_id}")
        machine.workspace.queue.take_back(change.id)
        kind = {ChangeKind.ACTION: "action", ChangeKind.UPDATE: ""}.get(change.kind, change.target)
        sim.oracle.taken_back(machine, change.record_id, kind)


def revert(sim: Simulation, machine: Machine) -> None:
    record = one_of(sim, machine)
    if record is not None and record.pending:
        sim.note(f"{machine.name} reverts {record.id}")
        machine.workspace.records.revert(record.id)
        sim.oracle.reverted(machine, record.id)


# --- deciding -------------------------------------------------------------------------------------------------------


def decide_one(sim: Simulation, machine: Machine) -> None:
    conflicts = machine.workspace.conflicts.open()
    if conflicts:
        decide(sim, machine, sim.rng.choice(conflicts))


def decide(sim: Simulation, machine: Machine, conflict: Conflict) -> None:
    """A person settles a question in one of the ways that its kind allows."""
    ways: dict[ConflictKind, Callable[[Simulation, Machine, Conflict], RecordView]] = {
        ConflictKind.FIELDS: _choose,
        ConflictKind.DUPLICATE: _who,
        ConflictKind.CLOSED: lambda _, m, c: m.workspace.conflicts.resolve_all(c.id, "theirs"),
        ConflictKind.MISSING: _missing,
    }
    if all(c.id != conflict.id for c in machine.workspace.conflicts.open()):
        return  # the decision before it settled this one as well
    sim.note(f"{machine.name} decides {conflict.kind} of {conflict.record_id}")
    sim.counts.add(f"decisions: {conflict.kind}")
    sim.oracle.asked(machine, conflict)
    with sim.oracle.deciding(machine, conflict):
        ways[conflict.kind](sim, machine, conflict)


def _choose(sim: Simulation, machine: Machine, conflict: Conflict) -> RecordView:
    decisions = machine.workspace.conflicts
    kind = sim.rng.random()
    if kind < 0.7:
        return decisions.resolve_all(conflict.id, sim.rng.choice(("mine", "theirs")))
    units = sorted({f.unit for f in conflict.fields})
    unit = sim.rng.choice(units)
    fields = [f for f in conflict.fields if f.unit == unit]
    if kind < 0.85 or fields[0].field != "email":
        side = sim.rng.choice(("mine", "theirs"))
        return decisions.resolve(conflict.id, {f.field: side for f in fields})
    value = f"decided{sim.next()}@example.com"
    view = decisions.resolve(conflict.id, {"email": ("value", value)})
    fact = facts.scalar(machine.name, view.id, "email", value, sim.oracle.now, fields[0].theirs)
    sim.oracle.promise(fact)
    return view


def _who(sim: Simulation, machine: Machine, conflict: Conflict) -> RecordView:
    decisions = machine.workspace.conflicts
    if conflict.candidates and sim.rng.random() < 0.5:
        try:
            return decisions.link(conflict.id, str(sim.rng.choice(conflict.candidates)["portal_id"]))
        except UsageError:
            pass  # that one has work of its own
    return decisions.keep_draft(conflict.id)


def _missing(sim: Simulation, machine: Machine, conflict: Conflict) -> RecordView:
    decisions = machine.workspace.conflicts
    if sim.rng.random() < 0.3:
        sim.oracle.anew(machine, conflict.record_id)
        return decisions.send_anew(conflict.id)
    return decisions.resolve_all(conflict.id, sim.rng.choice(("mine", "theirs")))


DEEDS: tuple[tuple[Callable[[Simulation, Machine], None], int], ...] = (
    (edit, 36),
    (type_wrong, 5),
    (add_placement, 10),
    (add_degree, 4),
    (edit_degree, 6),
    (remove_child, 6),
    (add, 8),
    (edit_new, 4),
    (discard, 1),
    (act, 5),
    (take_back, 3),
    (revert, 2),
    (decide_one, 8),
)
"""What a person may do, with its weight."""
