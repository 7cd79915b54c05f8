"""Laws of documents and of the three-way merge, over generated documents (sync.md I7, I14, D22)."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from desktop.model.conflict import FieldConflict
from desktop.model.document import Child, Document, Fields, apply, diff, normalise, same
from desktop.sync.merge import three_way, with_old_base

_NAMES = ("first_names", "email", "route", "subject", "start", "method")
_FUNDING = {"route", "subject", "start", "method"}

values = st.one_of(
    st.none(), st.sampled_from(["a", "b", "c", " a ", "A\u0301", "\u00c1", ""]), st.integers(0, 3)
)
fields = st.dictionaries(st.sampled_from(_NAMES), values, max_size=6)


def child_fields(least: int) -> st.SearchStrategy[Fields]:
    return st.dictionaries(
        st.sampled_from(("urn", "name")), st.sampled_from(["x", "y", "z"]), min_size=least, max_size=2
    )


@st.composite
def documents(draw: st.DrawFn, least: int = 0) -> Document:
    """`least` = answers that every child has at the least; one without any says nothing."""
    ids = draw(st.lists(st.sampled_from(["c1", "c2", "c3", "c4"]), unique=True, max_size=3))
    return Document(draw(fields), {"placements": [Child(i, draw(child_fields(least))) for i in ids]})


def unit_of(path: str) -> str:
    parts = path.split(".")
    if len(parts) > 1:
        return ".".join(parts[:2])
    return "funding" if path in _FUNDING else path


def means(document: Document) -> tuple[object, object]:
    """What a document means: normalised answers, and children by id."""
    held = {n: str(v) for n, raw in document.fields.items() if (v := normalise(raw)) is not None}
    children = {
        c.id: {n: str(v) for n, raw in c.fields.items() if (v := normalise(raw)) is not None}
        for c in document.children.get("placements", ())
    }
    return held, children


@given(documents(), documents())
def test_applying_a_difference_gives_the_other_document(old: Document, new: Document) -> None:
    assert means(apply(old, diff(old, new))) == means(new)


@given(documents())
def test_a_document_does_not_differ_from_itself(document: Document) -> None:
    assert not diff(document, document.copy())


@given(values, values)
def test_same_is_symmetric(a: str | int | None, b: str | int | None) -> None:
    assert same(a, b) == same(b, a)


@given(documents(), documents())
def test_only_the_portal_moved_takes_the_portals(base: Document, theirs: Document) -> None:
    merge = three_way(base, base.copy(), theirs, unit_of)
    assert merge.clean
    assert means(merge.local) == means(theirs)


@given(documents(), documents())
def test_only_we_moved_keeps_ours(base: Document, mine: Document) -> None:
    merge = three_way(base, mine, base.copy(), unit_of)
    assert merge.clean
    assert means(merge.local) == means(mine)


@given(documents(), documents())
def test_both_moved_alike_is_agreement(base: Document, both: Document) -> None:
    merge = three_way(base, both, both.copy(), unit_of)
    assert merge.clean
    assert means(merge.local) == means(both)


@given(documents(), documents(), documents())
def test_nothing_of_either_side_is_lost(base: Document, mine: Document, theirs: Document) -> None:
    """Every scalar answer that one side moved is in the result, or in a conflict that shows both."""
    merge = three_way(base, mine, theirs, unit_of)
    contested = {c.field for c in merge.conflicts}
    units = {c.unit for c in merge.conflicts}
    for name in diff(base, mine).fields:
        assert same(merge.local.get(name), mine.get(name)), name
    for name in diff(base, theirs).fields:
        kept = same(merge.local.get(name), theirs.get(name))
        assert kept or name in contested or unit_of(name) in units, name
    for row in merge.conflicts:
        if "." not in row.field:
            assert same(row.mine, mine.get(row.field))
            assert same(row.theirs, theirs.get(row.field))


@given(documents(), documents(), documents())
def test_both_sides_see_the_same_conflicts(base: Document, mine: Document, theirs: Document) -> None:
    here, there = three_way(base, mine, theirs, unit_of), three_way(base, theirs, mine, unit_of)
    scalar = {c.unit for c in here.conflicts if "." not in c.field}
    assert scalar == {c.unit for c in there.conflicts if "." not in c.field}


@given(documents(), documents(), documents())
def test_a_unit_is_never_mixed(base: Document, mine: Document, theirs: Document) -> None:
    """Fields of one merge unit come from one side."""
    local = three_way(base, mine, theirs, unit_of).local
    from_mine = all(same(local.get(n), mine.get(n)) for n in _FUNDING)
    from_theirs = all(same(local.get(n), theirs.get(n)) for n in _FUNDING)
    assert from_mine or from_theirs


@given(documents(least=1), documents(least=1), documents(least=1))
def test_reading_the_portal_again_keeps_the_conflict(
    base: Document, mine: Document, theirs: Document
) -> None:
    """A pull of the unchanged portal while a conflict is open neither settles, changes nor multiplies it (I15)."""
    first = three_way(base, mine, theirs, unit_of)
    again = three_way(with_old_base(theirs, first.conflicts), first.local, theirs, unit_of)
    assert asked(again.conflicts) == asked(first.conflicts)
    assert means(again.local) == means(first.local)


def asked(rows: Iterable[FieldConflict]) -> dict[str, tuple[object, ...]]:
    """What a person is shown of each contested field, without those that all three have alike."""
    shown = {r.field: tuple(normalise(v) for v in (r.base, r.mine, r.theirs)) for r in rows}
    return {field: row for field, row in shown.items() if len({str(v) for v in row}) > 1}
