"""Merging, case by case; the laws that hold for all documents are in tests/property/test_merge_laws.py."""

from __future__ import annotations

import pytest

from desktop.model.conflict import FieldConflict
from desktop.model.document import Child, Document, Fields, Value, same, value_at
from desktop.sync.merge import (
    Merge,
    find_twin,
    leaves,
    says_the_same,
    take,
    three_way,
    with_old_base,
)


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


def test_the_portals_form_of_one_field_is_no_word_on_another() -> None:
    """What agrees depends on the field: one code list folds two codes, another keeps them apart."""

    def agree(path: str, a: Value, b: Value) -> bool:
        return path == "institution" or same(a, b)

    base, mine, theirs = (doc(institution=v, subject=v) for v in "123")
    merge = three_way(base, mine, theirs, unit_of, agree=agree)
    assert [c.field for c in merge.conflicts] == ["subject"]


def test_what_came_of_each_path_is_told_apart() -> None:
    """The journal says who moved what; a summary counts as merged only what both sides moved (I16)."""
    base = doc({"d1": {"year": 1}, "d2": {"year": 1}}, a=1, b=1, c=1, d=1, email=1)
    mine = doc({"d1": {"year": 2}, "d2": {"year": 1}}, a=2, b=1, c=2, d=2, email=1)
    theirs = doc({"d1": {"year": 1}}, a=1, b=2, c=2, d=3, email=1)
    merge = merged(base, mine, theirs)
    assert merge.ours == ("a", "degrees.d1.year")
    assert merge.theirs == ("b", "degrees.d2")
    assert merge.agreed == ("c",)
    assert merge.conflicts == (FieldConflict("d", "d", 1, 2, 3),)


@pytest.mark.parametrize(
    ("mine", "theirs", "both"),
    [
        (doc(a=2, b=1), doc(a=1, b=2), True),
        (doc(a=2, b=1), doc(a=1, b=1), False),
        (doc(a=1, b=1), doc(a=1, b=2), False),
    ],
)
def test_only_two_sides_can_be_put_together(mine: Document, theirs: Document, both: bool) -> None:
    assert merged(doc(a=1, b=1), mine, theirs).both_moved is both


def test_a_merge_leaves_the_documents_that_it_was_given() -> None:
    base = doc({"d1": {"year": 1}, "d2": {"year": 1}}, a=1)
    mine = doc({"d1": {"year": 2}, "new": {"year": 5}}, a=2)
    theirs = doc({"d1": {"year": 1}, "d2": {"year": 1}, "p": {"year": 5}}, a=1)
    before = base.copy(), mine.copy(), theirs.copy()
    merged(base, mine, theirs)
    assert (base, mine, theirs) == before


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

    def test_a_question_about_a_child_shows_all_that_is_at_stake(self) -> None:
        """The person who must choose between a removal and an edit sees every answer of the child, and no empty rows."""
        old: Fields = {"year": 1, "grade": "a", "other": " "}
        new: Fields = {"year": 2, "grade": "a", "subject": "s"}
        merge = merged(doc({"d1": old}), doc(), doc({"d1": new}))
        assert [(c.field, c.base, c.mine, c.theirs) for c in merge.conflicts] == [
            ("degrees.d1.grade", "a", None, "a"),
            ("degrees.d1.subject", None, None, "s"),
            ("degrees.d1.year", 1, None, 2),
        ]

    def test_what_the_portal_cleared_of_a_child_that_we_removed_is_shown_too(self) -> None:
        merge = merged(doc({"d1": {"year": 1, "grade": "a"}}), doc(), doc({"d1": {"grade": "a"}}))
        assert ("degrees.d1.year", 1) in [(c.field, c.base) for c in merge.conflicts]

    def test_removed_here_and_emptied_there_is_gone(self) -> None:
        """Both say that there is nothing: no question, and the removal is not lost."""
        base = doc({"d1": {"year": 1}, "d2": {"year": 2}})
        merge = merged(base, doc({"d2": {"year": 2}}), doc({"d1": {"year": None}, "d2": {"year": 2}}))
        assert merge.agreed == ("degrees.d1",)
        assert [c.id for c in merge.local.children["degrees"]] == ["d2"]

    def test_emptied_here_and_removed_there_is_gone(self) -> None:
        merge = merged(doc({"d1": {"year": 1}}), doc({"d1": {"year": None}}), doc())
        assert (merge.clean, merge.local.children["degrees"]) == (True, [])

    def test_changed_to_the_same_on_both_sides_takes_the_portals_form(self) -> None:
        merge = merged(doc({"d1": {"year": 1}}), doc({"d1": {"year": "2 "}}), doc({"d1": {"year": 2}}))
        assert merge.agreed == ("degrees.d1.year",)
        assert [c.fields for c in merge.local.children["degrees"]] == [{"year": 2}]

    def test_a_kind_that_the_portal_does_not_name_takes_our_child(self) -> None:
        merge = merged(Document(), doc({"new": {"year": 1}}), Document())
        assert merge.ours == ("degrees.new",)
        assert merge.local.children == {"degrees": [Child("new", {"year": 1})]}

    def test_what_was_kept_is_not_shared_with_ours(self) -> None:
        mine = doc({"new": {"year": 1}})
        merge = merged(doc(), mine, doc())
        mine.children["degrees"][0].fields["year"] = 2
        assert merge.local.children["degrees"][0].fields == {"year": 1}

    def test_of_a_child_known_by_the_portals_id_its_form_is_taken(self) -> None:
        merge = merged(doc(), doc({"p1": {"year": " 2"}}), doc({"p1": {"year": 2}}))
        assert merge.agreed == ("degrees.p1",)
        assert [c.fields for c in merge.local.children["degrees"]] == [{"year": 2}]

    def test_of_a_child_known_by_the_portals_id_ours_is_not_mixed_with_theirs(self) -> None:
        """Ours was recognised as the portal's (a lost reply); what differs is one question, and ours stays whole."""
        merge = merged(doc(), doc({"p1": {"urn": 1}}), doc({"p1": {"urn": 2, "name": "x"}}))
        assert [(c.field, c.mine, c.theirs) for c in merge.conflicts] == [
            ("degrees.p1.name", None, "x"),
            ("degrees.p1.urn", 1, 2),
        ]
        assert [c.fields for c in merge.local.children["degrees"]] == [{"urn": 1}]

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

    def test_a_child_that_all_had_is_no_twin_of_a_new_one_like_it(self) -> None:
        """Two degrees may say the same; ours was there before, so the new one is another."""
        old: dict[str, Fields] = {"d1": {"year": 1}}
        merge = merged(doc(old), doc(old), doc({**old, "p1": {"year": 1}}))
        assert merge.twins == {}
        assert [c.id for c in merge.local.children["degrees"]] == ["d1", "p1"]

    def test_a_child_that_the_portal_replaced_by_its_like_is_no_twin_of_it(self) -> None:
        """Only what was added here can be the portal's new one; what it removed was its own."""
        old: dict[str, Fields] = {"d1": {"year": 1}}
        merge = merged(doc(old), doc(old), doc({"p1": {"year": 1}}))
        assert merge.twins == {}
        assert [c.id for c in merge.local.children["degrees"]] == ["p1"]

    def test_a_child_known_by_the_portals_id_is_no_twin_of_another(self) -> None:
        merge = merged(doc(), doc({"p1": {"year": 1}}), doc({"p2": {"year": 1}, "p1": {"year": 1}}))
        assert merge.twins == {}
        assert [c.id for c in merge.local.children["degrees"]] == ["p2", "p1"]

    def test_a_removed_child_is_no_twin_of_one_that_we_added(self) -> None:
        """To type a degree again after removing it is a new degree, while the portal still has the old."""
        merge = merged(doc({"d1": {"year": 1}}), doc({"new": {"year": 1}}), doc({"d1": {"year": 1}}))
        assert merge.twins == {}
        assert [c.id for c in merge.local.children["degrees"]] == ["new"]

    def test_a_twin_is_found_behind_children_that_were_there(self) -> None:
        old: dict[str, Fields] = {"d1": {"year": 9}}
        merge = merged(doc(old), doc({**old, "new": {"year": 1}}), doc({**old, "p1": {"year": 1}}))
        assert merge.twins == {"new": "p1"}
        assert [c.id for c in merge.local.children["degrees"]] == ["d1", "p1"]

    def test_only_our_half_of_a_twin_goes(self) -> None:
        mine = Document({}, {"degrees": [Child("a", {"year": 1}), Child("b", {"year": 2})]})
        merge = merged(Document(), mine, doc({"p1": {"year": 1}}))
        assert merge.twins == {"a": "p1"}
        assert [c.id for c in merge.local.children["degrees"]] == ["p1", "b"]

    def test_twins_are_of_one_kind(self) -> None:
        """What makes two placements one (the school) says nothing of two degrees."""

        def alike(kind: str, said: Fields, held: Fields) -> bool:
            return kind == "placements" and same(said.get("urn"), held.get("urn"))

        mine = Document({}, {k: [Child(f"{k}-new", {"urn": 1})] for k in ("degrees", "placements", "others")})
        theirs = Document({}, {k: [Child(f"{k}-p", {"urn": 1})] for k in ("degrees", "placements")})
        merge = three_way(Document(), mine, theirs, unit_of, alike=alike)
        assert merge.twins == {"placements-new": "placements-p"}

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
        ({"year": 2020, "grade": " "}, {"year": 2020, "grade": "a"}, True),
        ({"grade": " "}, {"year": 2020}, False),  # blanks say nothing, so they are nobody's twin
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


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ({"d1": {"year": 2, "grade": "a"}}, {}),
        ({}, {"d1": {"year": 2, "grade": "a"}}),
        ({"d1": {"year": 2, "grade": "a"}}, {"d1": {"year": 3, "grade": "a"}}),
        ({"d1": {"year": 2, "grade": "a"}}, {"d1": {"year": 1, "grade": "b"}}),
    ],
)
def test_a_childs_conflict_stays_one_too(mine: dict[str, Fields], theirs: dict[str, Fields]) -> None:
    first = merged(doc({"d1": {"year": 1, "grade": "a"}}), doc(mine), doc(theirs))
    assert first.conflicts
    again = three_way(with_old_base(doc(theirs), first.conflicts), first.local, doc(theirs), unit_of)
    assert sorted(again.conflicts, key=str) == sorted(first.conflicts, key=str)
    assert again.local == first.local


def test_the_old_base_brings_back_a_kind_that_the_portal_no_longer_names() -> None:
    rows = [
        FieldConflict(f"degrees.d1.{n}", "degrees.d1", v, v, None) for n, v in (("year", 1), ("grade", "a"))
    ]
    base = Document({"email": "a"})
    document = with_old_base(base, rows)
    assert document.children == {"degrees": [Child("d1", {"year": 1, "grade": "a"})]}
    assert (document.fields, base.children) == ({"email": "a"}, {})


def test_taking_a_side() -> None:
    """One field, one field of a child, a whole child that is there, and one that is not."""
    local = doc({"d1": {"year": 2, "grade": "a"}, "d2": {"year": 1}, "d3": {"year": 7}}, email="b", sex="10")
    theirs = doc(
        {"d1": {"year": 3, "grade": "c"}, "d3": {"grade": "x"}, "d4": {"year": 4}}, email=None, sex="11"
    )
    take(local, theirs, ["email", "degrees.d1.year", "degrees.d2", "degrees.d3", "degrees.d4.year"])
    assert local.fields == {"email": None, "sex": "10"}
    assert {c.id: c.fields for c in local.children["degrees"]} == {
        "d1": {"year": 3, "grade": "a"},
        "d3": {"grade": "x"},
        "d4": {"year": 4},
    }


def test_leaves_and_values() -> None:
    document = doc({"d1": {"year": 1, "grade": None}}, email="a")
    assert leaves(["email", "degrees.d1"], document) == ["email", "degrees.d1.year"]
    assert value_at(document, "degrees.d1.year") == 1
    assert value_at(document, "degrees.gone.year") is None
    assert value_at(document, "email") == "a"
    assert value_at(document, "degrees.d1") is None
