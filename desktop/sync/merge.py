"""Three-way merge of documents, by merge unit (sync.md I14, D9, D21, D22; pack section 3.3).

Pure: documents in, a result out. A conflict exists only when both sides moved the same unit to different values.
The same value on both sides is agreement; different units merge cleanly. In a conflict ours stays in the local
document until a person decides, and nothing of that record is sent meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from desktop.model.conflict import FieldConflict
from desktop.model.document import Child, Document, Fields, Patch, Value, diff, normalise, same, value_at

UnitOf = Callable[[str], str]
Agree = Callable[[str, Value, Value], bool]
"""(path, ours, theirs) -> whether both say the same to the portal, whichever of its forms each has."""
Alike = Callable[[str, Fields, Fields], bool]
"""(kind, what was said of a child, a child at the portal) -> whether they are the same one."""


def same_at(_path: str, ours: Value, theirs: Value) -> bool:
    """Two values that say the same as they stand."""
    return same(ours, theirs)


def says_the_same(_kind: str, said: Fields, held: Fields) -> bool:
    """A child that says everything that was said."""
    told = {n: v for n, v in said.items() if normalise(v) is not None}
    return bool(told) and all(same(held.get(n), v) for n, v in told.items())


@dataclass(frozen=True)
class Merge:
    """What came of a merge.

    local      the document that the person sees from now on
    conflicts  fields of contested units, in the order of units; empty = clean
    ours       paths that only we had changed;  theirs: paths that only the portal had changed
    agreed     paths that both had changed to the same
    twins      child added here -> the child that the portal added meanwhile with the same content
    """

    local: Document
    conflicts: tuple[FieldConflict, ...]
    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    agreed: tuple[str, ...]
    twins: dict[str, str]

    @property
    def clean(self) -> bool:
        return not self.conflicts

    @property
    def both_moved(self) -> bool:
        """Whether there was anything to put together."""
        return bool(self.theirs) and bool(self.ours)


def three_way(
    base: Document,
    mine: Document,
    theirs: Document,
    unit_of: UnitOf,
    *,
    agree: Agree = same_at,
    alike: Alike = says_the_same,
) -> Merge:
    """Merge `mine` and `theirs`, both grown from `base`. Commutes but for which side is called mine."""
    mine, twins = _without_twins(base, mine, theirs, alike)
    our_patch, their_patch = diff(base, mine), diff(base, theirs)
    our_units, their_units = _by_unit(our_patch, unit_of), _by_unit(their_patch, unit_of)
    local = theirs.copy()
    conflicts: list[FieldConflict] = []
    ours: list[str] = []
    agreed: list[str] = []
    for unit, paths in our_units.items():
        moved_there = their_units.get(unit)
        if moved_there is None:
            ours.extend(paths)
            _keep_mine(local, mine, paths)
            continue
        contested = _contested(unit, [*paths, *moved_there], (base, mine, theirs), agree)
        if contested:
            conflicts.extend(contested)
            _keep_mine(local, mine, [*paths, *moved_there])
        else:
            agreed.extend(paths)
            # Emptied at the portal and removed here is the same said twice: it is gone.
            _keep_mine(local, mine, [p for p in paths if _is_removed(mine, p)])
    taken = [p for unit, paths in their_units.items() if unit not in our_units for p in paths]
    return Merge(local, tuple(conflicts), tuple(ours), tuple(taken), tuple(agreed), twins)


def with_old_base(base: Document, contested: Collection[FieldConflict]) -> Document:
    """`base` with the contested fields put back to what both sides once agreed on, so that a conflict stays one
    until a person settles it, however often the portal is read meanwhile (I15).
    """
    document = base.copy() if contested else base
    for conflict in contested:
        parts = conflict.field.split(".")
        if len(parts) == 1:
            document.fields[parts[0]] = conflict.base
            continue
        child = document.child(parts[0], parts[1])
        if child is None:
            child = Child(parts[1], {})
            document.children.setdefault(parts[0], []).append(child)
        child.fields[parts[2]] = conflict.base
    return document


def take(local: Document, source: Document, paths: Iterable[str]) -> None:
    """Put the values of `source` at `paths` into `local` (whole children for `kind.id`)."""
    _keep_mine(local, source, paths)


def _by_unit(patch: Patch, unit_of: UnitOf) -> dict[str, list[str]]:
    units: dict[str, list[str]] = {}
    for path in patch.touched():
        units.setdefault(unit_of(path), []).append(path)
    return units


def _contested(
    unit: str, paths: Iterable[str], sides: tuple[Document, Document, Document], agree: Agree
) -> list[FieldConflict]:
    """The fields of a unit that both moved, if they ended differently; empty when both ended alike."""
    base, mine, theirs = sides
    names = list(dict.fromkeys(leaves(paths, mine, theirs)))
    rows = [FieldConflict(p, unit, value_at(base, p), value_at(mine, p), value_at(theirs, p)) for p in names]
    return rows if any(not agree(r.field, r.mine, r.theirs) for r in rows) else []


def leaves(paths: Iterable[str], *documents: Document) -> list[str]:
    """Paths down to single fields: a child that one side added or removed stands for all its fields."""
    leaves: list[str] = []
    for path in paths:
        parts = path.split(".")
        if len(parts) != 2:
            leaves.append(path)
            continue
        found = [d.child(parts[0], parts[1]) for d in documents]
        names = sorted({n for c in found if c for n, v in c.fields.items() if normalise(v) is not None})
        leaves.extend(f"{path}.{n}" for n in names)
    return leaves


def _is_removed(document: Document, path: str) -> bool:
    """Whether a path is that of a whole child which `document` has not."""
    parts = path.split(".")
    return len(parts) == 2 and document.child(parts[0], parts[1]) is None


def _keep_mine(local: Document, mine: Document, paths: Iterable[str]) -> None:
    for path in paths:
        parts = path.split(".")
        if len(parts) == 1:
            local.fields[path] = mine.fields.get(path)
        else:
            _keep_child(local, mine, parts)


def _keep_child(local: Document, mine: Document, parts: list[str]) -> None:
    kind, child_id = parts[0], parts[1]
    ours, held = mine.child(kind, child_id), local.child(kind, child_id)
    group = local.children.setdefault(kind, [])
    if ours is None:
        if held is not None:
            group.remove(held)
    elif held is None:
        # Removed at the portal, changed here: it lives on as ours, to be decided or added again.
        group.append(Child(child_id, dict(ours.fields)))
    elif len(parts) == 3:
        held.fields[parts[2]] = ours.fields.get(parts[2])
    else:
        held.fields = dict(ours.fields)


def _without_twins(
    base: Document, mine: Document, theirs: Document, alike: Alike
) -> tuple[Document, dict[str, str]]:
    """`mine` without children that the portal meanwhile got from somebody else with the same content."""
    twins: dict[str, str] = {}
    for kind, group in mine.children.items():
        taken: set[str] = set()
        for child in group:
            if base.child(kind, child.id) or theirs.child(kind, child.id):
                continue
            known = {*taken, *(c.id for c in base.children.get(kind, ()))}
            twin = find_twin(kind, child.fields, theirs.children.get(kind, ()), known, alike)
            if twin is not None:
                twins[child.id] = twin.id
                taken.add(twin.id)
    if not twins:
        return mine, twins
    thinner = mine.copy()
    for kind in thinner.children:
        thinner.children[kind] = [c for c in thinner.children[kind] if c.id not in twins]
    return thinner, twins


def find_twin(
    kind: str,
    said: Fields,
    candidates: Iterable[Child],
    taken: Iterable[str] = (),
    alike: Alike = says_the_same,
) -> Child | None:
    """The first of `candidates` that is the child of which `said` was said; those in `taken` (ids) are somebody else."""
    others = set(taken)
    return next((c for c in candidates if c.id not in others and alike(kind, said, c.fields)), None)
