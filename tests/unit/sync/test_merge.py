"""Merging, case by case; the laws that hold for all documents are in tests/property/test_merge_laws.py."""

from __future__ import annotations

import pytest

from desktop.model.document import Child, Document, Fields, Value, same
from desktop.sync.merge import Merge, find_twin, leaves, says_the_same, three_way, value_at, with_old_base


def doc(children: dict[str, Fields] | None = None, **fields: Value) -> Document:
    group = [Child(i, dict(f), i) for i, f in (children or {}).items()]
    return Document(dict(fields), {"degrees": group})


def unit_of(path: str) -> str:
    parts = path.split(".")
    if len(parts) > 1:
        return ".".join(parts[:2])
    return "funding" if path in ("method", "start") else path


def merged(base: Document, mine: Document, theirs: Document) -> Merge:
    return three_way(base, mine, theirs, unit_of)


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "local", "contested"),
    [
        ("a", "b", "a", "b", False),
        ("a", "a", "b", "b", False),
        ("a", "b", "b", "b", False),
        ("a", "b", "c", "b", True),
        ("a", None, "c", None, True),
        ("a", "b", None, "b", True),
        (None, "b", "c", "b", True),
        (None, " b ", "b", "b", False),
        ("a", "a ", "b", "b", False),
    ],
)
def test_one_field(base: Value, mine: Value, theirs: Value, local: Value, contested: bool) -> None:
    merge = merged(doc(email=base), doc(email=mine), doc(email=theirs))
    assert same(merge.local.get("email"), local)
    assert bool(merge.conflicts) is contested


def test_a_group_is_contested_as_one() -> None:
    merge = merged(doc(method="a", start="1"), doc(method="b", start="1"), doc(method="a", start="2"))
    assert {c.field for c in merge.conflicts} == {"method", "start"}
    assert (merge.local.get("method"), merge.local.get("start")) == ("b", "1")


def test_both_forms_of_a_value_are_agreement() -> None:
    """The portal gives 0133 back as 0149."""
    forms = {"0133": "0149"}

    def agree(_path: str, a: Value, b: Value) -> bool:
        return same(forms.get(str(a), a), forms.get(str(b), b))

    merge = three_way(doc(code="1"), doc(code="0133"), doc(code="0149"), unit_of, agree=agree)
    assert merge.clean
    assert merge.local.get("code") == "0149"


class TestChildren:
    def test_different_children_merge(self) -> None:
        base = doc({"d1": {"year": 1}, "d2": {"year": 2}})
        merge = merged(
            base, doc({"d1": {"year": 9}, "d2": {"year": 2}}), doc({"d1": {"year": 1}, "d2": {"year": 8}})
        )
        assert merge.clean
        assert [c.fields["year"] for c in merge.local.children["degrees"]] == [9, 8]

    def test_one_child_changed_on_both_sides(self) -> None:
        base = doc({"d1": {"year": 1, "grade": "a"}})
        merge = merged(base, doc({"d1": {"year": 2, "grade": "a"}}), doc({"d1": {"year": 1, "grade": "b"}}))
        assert {c.unit for c in merge.conflicts} == {"degrees.d1"}

    def test_changed_here_removed_there_lives_on_as_ours(self) -> None:
        merge = merged(doc({"d1": {"year": 1}}), doc({"d1": {"year": 2}}), doc())
        assert [c.field for c in merge.conflicts] == ["degrees.d1.year"]
        (child,) = merge.local.children["degrees"]
        assert (child.fields, child.portal_id) == ({"year": 2}, None)

    def test_removed_here_changed_there_stays_removed_until_decided(self) -> None:
        merge = merged(doc({"d1": {"year": 1}}), doc(), doc({"d1": {"year": 2}}))
        assert [(c.mine, c.theirs) for c in merge.conflicts] == [(None, 2)]
        assert merge.local.children["degrees"] == []

    def test_removed_on_both_sides(self) -> None:
        merge = merged(doc({"d1": {"year": 1}}), doc(), doc())
        assert (merge.clean, merge.local.children.get("degrees", [])) == (True, [])

    def test_a_new_child_that_the_portal_got_too_is_one(self) -> None:
        mine = doc({"local": {"year": 1}})
        merge = merged(doc(), mine, doc({"p1": {"year": 1, "grade": "a"}}))
        assert merge.twins == {"local": "p1"}
        assert [c.id for c in merge.local.children["degrees"]] == ["p1"]

    def test_two_new_children_take_two_twins(self) -> None:
        mine = doc({"a": {"year": 1}, "b": {"year": 1}})
        merge = merged(doc(), mine, doc({"p1": {"year": 1}, "p2": {"year": 1}}))
        assert sorted(merge.twins.values()) == ["p1", "p2"]

    def test_a_child_that_was_there_before_is_nobodys_twin(self) -> None:
        merge = merged(
            doc({"p1": {"year": 1}}), doc({"p1": {"year": 1}, "a": {"year": 1}}), doc({"p1": {"year": 1}})
        )
        assert merge.twins == {}
        assert [c.id for c in merge.local.children["degrees"]] == ["p1", "a"]

    def test_the_portal_may_know_a_child_by_less_than_was_said(self) -> None:
        def alike(_kind: str, said: Fields, held: Fields) -> bool:
            return same(said.get("urn"), held.get("urn"))

        mine, theirs = doc({"a": {"urn": "1", "name": "x"}}), doc({"p1": {"urn": "1", "name": "School"}})
        assert three_way(doc(), mine, theirs, unit_of).twins == {}
        assert three_way(doc(), mine, theirs, unit_of, alike=alike).twins == {"a": "p1"}


@pytest.mark.parametrize(
    ("said", "held", "expected"),
    [
        ({"year": 2020}, {"year": 2020, "grade": "a"}, True),
        ({"year": "2020"}, {"year": 2020}, True),
        ({"year": 2020, "grade": None}, {"year": 2020}, True),
        ({"year": 2020, "grade": "a"}, {"year": 2020}, False),
        ({}, {"year": 2020}, False),
        ({"grade": ""}, {"year": 2020}, False),
    ],
)
def test_what_says_the_same(said: Fields, held: Fields, expected: bool) -> None:
    assert says_the_same("degrees", said, held) is expected


def test_a_twin_that_is_taken_is_passed_over() -> None:
    twins = [Child("p1", {"year": 1}), Child("p2", {"year": 1})]
    found = find_twin("degrees", {"year": 1}, twins, ["p1"])
    assert found is not None
    assert found.id == "p2"


def test_a_conflict_stays_one_when_the_base_has_moved_on() -> None:
    """I15: the portal's value became the base; what both once agreed on is remembered in the conflict."""
    first = merged(doc(email="a"), doc(email="b"), doc(email="c"))
    again = three_way(with_old_base(doc(email="c"), first.conflicts), first.local, doc(email="c"), unit_of)
    assert again.conflicts == first.conflicts
    back = three_way(with_old_base(doc(email="c"), first.conflicts), first.local, doc(email="a"), unit_of)
    assert back.clean
    assert back.local.get("email") == "b"


def test_a_childs_conflict_stays_one_too() -> None:
    base, mine, theirs = doc({"d1": {"year": 1}}), doc({"d1": {"year": 2}}), doc()
    first = merged(base, mine, theirs)
    again = three_way(with_old_base(theirs, first.conflicts), first.local, theirs, unit_of)
    assert [(c.field, c.mine, c.theirs) for c in again.conflicts] == [("degrees.d1.year", 2, None)]


def test_leaves_and_values() -> None:
    document = doc({"d1": {"year": 1, "grade": None}}, email="a")
    assert leaves(["email", "degrees.d1"], document) == ["email", "degrees.d1.year"]
    assert value_at(document, "degrees.d1.year") == 1
    assert value_at(document, "degrees.gone.year") is None
    assert value_at(document, "email") == "a"
