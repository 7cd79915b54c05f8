"""Our merge against another program's: geodiff merges SQLite files cell by cell, on three versions as we do.

Each case is a record of the real collection as it was, as we changed it and as the portal changed it. A database holds
a table of records with a column for each field, and a table for each kind of child; hundreds of cases are rows of one
file. geodiff says which cells each side moved, which it calls contested, and what comes out. Both directions.

Where the two differ, they do so on purpose, and only there (`expected` has the same numbers):

1. Forms. geodiff compares bytes. To us `Zoë` in either Unicode form, with blanks round it, or 7 and "7" is one answer,
   and "" is none. So geodiff is given one form of each answer, and our side any.
2. Units. geodiff decides cell by cell. Fields of one merge unit, and all of one child, are decided together: when both
   sides moved the unit and do not end alike, everything in it that either moved is contested, and ours stays.
3. Removed against changed. geodiff lets the removal win: with a note when ours is the change, without one when ours is
   the removal. We ask in both cases, and what we did stays until then. Emptied against removed is gone for both programs,
   and no question for us.
4. What means the same to the portal (`agree`): contested for geodiff, agreement for us, in the portal's form.
5. Twins. A child that both sides added with the same content is two rows for geodiff and one child for us.
6. Row numbers. geodiff gives our new rows other numbers where they clash; a child keeps its id.
"""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pygeodiff import GeoDiff  # type: ignore[import-untyped]

from desktop.collections.trainees import COLLECTION
from desktop.model.conflict import FieldConflict
from desktop.model.document import Child, Document, Value
from desktop.sync.merge import Merge, three_way

CASES = 250
SEEDS = range(20)

Cells = dict[str, str | None]
"""Path -> the one form of its answer; a child itself is the cell `degrees.<id>` with the value "there"."""

THERE = "there"
FORMS: dict[str | None, tuple[Value, ...]] = {
    "7": ("7", 7, " 7 "),
    "Zo\u00eb B": ("Zo\u00eb B", "Zoe\u0308 B", " Zo\u00eb  B\t"),
    "0133": ("0133",),
    "0149": ("0149",),
    None: (None, "", "  "),
}
"""The form of an answer that geodiff is given -> all forms in which our side may have it."""
ANSWERS = tuple(FORMS)
ONE_FORM = {form: answer for answer, forms in FORMS.items() for form in forms}

SCALARS = (
    *("email", "middle_names", "course_year"),
    *("training_route", "itt_start_date", "fund_code"),
    *("disability1", "disability2"),
    *("training_partner_urn", "training_partner_ukprn"),
)
KINDS = {kind.key: tuple(f.name for f in kind.fields)[:3] for kind in COLLECTION.children}


def agree(_path: str, ours: Value, theirs: Value) -> bool:
    """The portal gives 0133 back as 0149."""
    return _at_portal(ONE_FORM[ours]) == _at_portal(ONE_FORM[theirs])


def _at_portal(answer: str | None) -> str | None:
    return "0149" if answer == "0133" else answer


# --- cases ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    base: Cells
    mine: Cells
    theirs: Cells


def make_case(chance: random.Random) -> Case:
    base: Cells = {name: chance.choice(ANSWERS) for name in SCALARS}
    for kind in KINDS:
        for number in range(chance.choice((0, 1, 1, 2))):
            base |= new_child(chance, kind, f"b{number}")
    mine = moved(chance, base, "m")
    return Case(base, mine, moved(chance, base, "t", twins_of=mine))


def new_child(chance: random.Random, kind: str, child_id: str) -> Cells:
    path = f"{kind}.{child_id}"
    return {path: THERE} | {f"{path}.{name}": chance.choice(ANSWERS) for name in KINDS[kind]}


def moved(chance: random.Random, base: Cells, side: str, twins_of: Cells | None = None) -> Cells:
    """`base` with some answers changed, children removed and added; some of those as the other side added them."""
    cells = dict(base)
    for path in base:
        if cells.get(path) == THERE:
            if chance.random() < 0.2:
                cells = {p: v for p, v in cells.items() if p != path and not p.startswith(f"{path}.")}
        elif path in cells and chance.random() < 0.3:
            cells[path] = chance.choice(ANSWERS)
    for kind in KINDS:
        if chance.random() < 0.3:
            cells |= new_child(chance, kind, f"{kind}-{side}0")
        if twins_of and chance.random() < 0.3:
            theirs = f"{kind}.{kind}-m0"
            cells |= {p.replace("-m0", f"-{side}1"): v for p, v in twins_of.items() if _within(p, theirs)}
    return cells


def as_document(chance: random.Random, cells: Cells) -> Document:
    """Our side of the same: any form of each answer, and what is not answered may be absent (difference 1)."""
    document = Document()
    for path, answer in cells.items():
        kind, _, rest = path.partition(".")
        value = chance.choice(FORMS.get(answer, (answer,)))
        if not rest:
            document.fields[path] = value
        elif answer == THERE:
            document.children.setdefault(kind, []).append(Child(rest, {}, rest))
        elif answer is not None or chance.random() < 0.5:
            document.children[kind][-1].fields[rest.partition(".")[2]] = value
    return document


def as_cells(document: Document) -> Cells:
    cells = {name: ONE_FORM[document.get(name)] for name in SCALARS}
    for kind, names in KINDS.items():
        for child in document.children.get(kind, ()):
            cells[f"{kind}.{child.id}"] = THERE
            cells |= {f"{kind}.{child.id}.{n}": ONE_FORM[child.fields.get(n)] for n in names}
    return cells


# --- the other program ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Judged:
    """What geodiff says of one case: cells that either side moved, contested cells, and what came out."""

    case: Case
    ours: frozenset[str]
    theirs: frozenset[str]
    contested: frozenset[str]
    result: Cells


class Tables:
    """Many cases as rows of three databases, merged by geodiff."""

    def __init__(self, folder: Path, cases: list[Case]) -> None:
        self._folder = folder
        self._cases = cases
        self._row_of: dict[str, dict[tuple[int, str], int]] = {kind: {} for kind in KINDS}
        for name in ("base", "mine", "theirs"):
            self._write(name)

    def judged(self) -> Iterator[Judged]:
        geodiff = GeoDiff()
        at = {
            n: str(self._folder / n)
            for n in ("base", "mine", "theirs", "ours.diff", "their.diff", "contested", "moved")
        }
        geodiff.create_changeset(at["base"], at["mine"], at["ours.diff"])
        geodiff.create_changeset(at["base"], at["theirs"], at["their.diff"])
        ours, theirs = (self._moved(geodiff, at[f"{side}.diff"], at["moved"]) for side in ("ours", "their"))
        geodiff.rebase(at["base"], at["theirs"], at["mine"], at["contested"])
        geodiff.shutdown()
        report = Path(at["contested"])
        contested = self._paths(json.loads(report.read_text())["geodiff"] if report.exists() else [])
        for number, (case, result) in enumerate(zip(self._cases, self._read("mine"), strict=True)):
            cells = [frozenset(side.get(number, ())) for side in (ours, theirs, contested)]
            yield Judged(case, cells[0], cells[1], cells[2], result)

    def _write(self, side: str) -> None:
        with closing(sqlite3.connect(self._folder / side)) as db, db:
            db.execute("PRAGMA synchronous = OFF")
            db.execute(f"CREATE TABLE record (id INTEGER PRIMARY KEY NOT NULL, {', '.join(SCALARS)})")
            for number, case in enumerate(self._cases):
                row = [getattr(case, side)[name] for name in SCALARS]
                db.execute(f"INSERT INTO record VALUES (?{', ?' * len(row)})", (number, *row))
            for kind, names in KINDS.items():
                db.execute(
                    f"CREATE TABLE {kind} (id INTEGER PRIMARY KEY NOT NULL, record, child, {', '.join(names)})"
                )
                for number, case in enumerate(self._cases):
                    self._write_children(db, kind, number, getattr(case, side))

    def _write_children(self, db: sqlite3.Connection, kind: str, number: int, cells: Cells) -> None:
        rows = self._row_of[kind]
        for path in [p for p, v in cells.items() if v == THERE and p.startswith(f"{kind}.")]:
            row = rows.setdefault((number, path), len(rows) + 1)
            values = [cells[f"{path}.{name}"] for name in KINDS[kind]]
            db.execute(
                f"INSERT INTO {kind} VALUES (?, ?, ?{', ?' * len(values)})", (row, number, path, *values)
            )

    def _read(self, side: str) -> list[Cells]:
        with closing(sqlite3.connect(self._folder / side)) as db:
            rows = db.execute("SELECT * FROM record ORDER BY id")
            found: list[Cells] = [dict(zip(SCALARS, row[1:], strict=True)) for row in rows]
            for kind, names in KINDS.items():
                for _, number, path, *answers in db.execute(f"SELECT * FROM {kind}"):
                    found[number][path] = THERE
                    found[number] |= {f"{path}.{n}": v for n, v in zip(names, answers, strict=True)}
        return found

    def _moved(self, geodiff: GeoDiff, changeset: str, report: str) -> dict[int, set[str]]:
        geodiff.list_changes(changeset, report)
        changes = json.loads(Path(report).read_text())["geodiff"]
        return self._paths(
            {**c, "fid": next(v.get("old", v.get("new")) for v in c["changes"] if v["column"] == 0)}
            for c in changes
        )

    def _paths(self, changes: Iterable[dict[str, Any]]) -> dict[int, set[str]]:
        """Number of the case -> paths in a report; rows that came or went stand for themselves and all their cells."""
        child_at = {kind: {row: at for at, row in rows.items()} for kind, rows in self._row_of.items()}
        found: dict[int, set[str]] = {}
        for change in changes:
            kind, row = change["table"], int(change["fid"])
            number, path = (row, "") if kind == "record" else child_at[kind][row]
            columns = ("id", *SCALARS) if kind == "record" else ("id", "", "", *KINDS[kind])
            names = [columns[c["column"]] for c in change["changes"]]
            paths = found.setdefault(number, set())
            paths |= {f"{path}.{n}" if path else n for n in names if n not in ("id", "")}
            if change["type"] in ("insert", "delete"):
                paths.add(path)
        return found


# --- what must be -------------------------------------------------------------------------------------------------

Versions = tuple[str | None, str | None, str | None]
"""An answer as it was, as we have it, as the portal has it."""


@dataclass(frozen=True)
class Expected:
    local: Cells
    contested: dict[str, Versions]


unit_of = cache(COLLECTION.unit_of)


def expected(judged: Judged, twins: dict[str, str]) -> Expected:
    """geodiff's answer, with each of the differences above applied to it and nothing else."""
    case = judged.case
    local = {p: v for p, v in judged.result.items() if not in_any(p, twins)}  # 5
    contested: dict[str, Versions] = {}
    both = {unit_of(p) for p in judged.ours} & {unit_of(p) for p in judged.theirs}
    for unit in both:
        touched = {p for p in judged.ours | judged.theirs if unit_of(p) == unit}
        answers = [
            p for p in touched if THERE not in (case.mine.get(p), case.theirs.get(p), case.base.get(p))
        ]
        mine, theirs = ({p: side.get(p) for p in answers} for side in (case.mine, case.theirs))
        noted = {p for p in judged.contested if unit_of(p) == unit}
        if mine == theirs:
            assert not noted or touched - set(answers)  # 3: emptied against removed
            continue
        if {p: _at_portal(v) for p, v in mine.items()} == {p: _at_portal(v) for p, v in theirs.items()}:  # 4
            _replace(local, case.theirs, unit)
            continue
        if len(touched) == 1:
            assert noted == touched
        contested |= asked(case, touched)  # 2, 3
        _replace(local, case.mine, unit)
    assert {unit_of(p) for p in judged.contested} <= both
    return Expected(local, contested)


def asked(case: Case, touched: Iterable[str]) -> dict[str, Versions]:
    """What a person is shown: the answers that are at stake, of a child without the child itself."""
    rows = {p: (case.base.get(p), case.mine.get(p), case.theirs.get(p)) for p in touched}
    return {p: row for p, row in rows.items() if any(row) and THERE not in row}


def in_any(path: str, wholes: Iterable[str]) -> bool:
    return any(_within(path, whole) for whole in wholes)


def _within(path: str, whole: str) -> bool:
    return path == whole or path.startswith(f"{whole}.")


def _replace(cells: Cells, source: Cells, unit: str) -> None:
    """All of a unit as `source` has it."""
    for path in [p for p in {*cells, *source} if unit_of(p) == unit]:
        if path in source:
            cells[path] = source[path]
        else:
            del cells[path]


def assert_twins(case: Case, twins: dict[str, str]) -> None:
    """Difference 5: what both added with the same content, and no pair of such is left."""
    added = {side: [p for p in getattr(case, side) if _is_new(case, side, p)] for side in ("mine", "theirs")}
    pairs = [(m, t) for m in added["mine"] for t in added["theirs"] if _says_the_same(case, m, t)]
    assert set(twins.items()) <= set(pairs)
    assert len(set(twins.values())) == len(twins)
    assert all(m in twins or t in twins.values() for m, t in pairs)


def _is_new(case: Case, side: str, path: str) -> bool:
    return getattr(case, side)[path] == THERE and path not in case.base


def _says_the_same(case: Case, mine: str, theirs: str) -> bool:
    said = {p.rpartition(".")[2]: v for p, v in case.mine.items() if p.startswith(f"{mine}.") and v}
    held = {p.rpartition(".")[2]: v for p, v in case.theirs.items() if p.startswith(f"{theirs}.") and v}
    return mine.partition(".")[0] == theirs.partition(".")[0] and bool(said) and said.items() <= held.items()


def _versions(row: FieldConflict) -> Versions:
    return ONE_FORM[row.base], ONE_FORM[row.mine], ONE_FORM[row.theirs]


def merged(chance: random.Random, case: Case) -> Merge:
    base, mine, theirs = (as_document(chance, side) for side in (case.base, case.mine, case.theirs))
    return three_way(base, mine, theirs, unit_of, agree=agree)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("swapped", [False, True], ids=["here", "there"])
def test_our_merge_is_that_of_geodiff_but_where_we_say_so(tmp_path: Path, seed: int, swapped: bool) -> None:
    chance = random.Random(seed)
    cases = [make_case(chance) for _ in range(CASES)]
    if swapped:
        cases = [Case(c.base, c.theirs, c.mine) for c in cases]
    for judged in Tables(tmp_path, cases).judged():
        merge = merged(chance, judged.case)
        of_kind = {p.rpartition(".")[2]: p for p, v in judged.case.mine.items() if v == THERE}
        twins = {of_kind[m]: of_kind[m].replace(m, t) for m, t in merge.twins.items()}
        assert_twins(judged.case, twins)
        due = expected(judged, twins)
        assert as_cells(merge.local) == due.local, judged
        assert {c.field: _versions(c) for c in merge.conflicts} == due.contested, judged
        ours, theirs = (
            {unit_of(p) for p in side if not in_any(p, twins)} for side in (judged.ours, judged.theirs)
        )
        assert ({unit_of(p) for p in merge.ours}, {unit_of(p) for p in merge.theirs}) == (
            ours - theirs,
            theirs - ours,
        )
