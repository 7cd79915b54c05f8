"""Documents and patches, case by case; the laws that hold for all of them are in tests/property/test_merge_laws.py."""

from __future__ import annotations

import orjson
import pytest

from desktop.model.document import (
    Child,
    ChildPatch,
    Document,
    Patch,
    Value,
    apply,
    diff,
    normalise,
    patch_of,
    same,
    value_at,
)

WHOLE = Document(
    {"email": "a", "course_year": 1, "sex": None},
    {"degrees": [Child("d1", {"grade": "02"}, "d1"), Child("new", {"grade": None})], "placements": []},
)
CHANGES = Patch(
    {"email": None, "course_year": 2},
    {
        "degrees": {
            "d1": ChildPatch({"grade": "03"}),
            "d2": ChildPatch(removed=True),
            "d3": ChildPatch({"grade": "05", "subject": None}, added=True),
        }
    },
)


@pytest.mark.parametrize(
    ("typed", "compared"),
    [
        ("  two   words\t", "two words"),
        ("Zoe\u0308", "Zo\u00eb"),
        ("\u00a0", None),
        ("", None),
        (0, 0),
        (None, None),
    ],
)
def test_the_form_in_which_values_are_compared(typed: Value, compared: Value) -> None:
    assert normalise(typed) == compared


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (7, "7", True),
        ("7 ", 7, True),
        ("07", 7, False),
        (0, None, False),
        (0, "", False),
        (None, " ", True),
        (None, "None", False),  # the word is an answer
        ("a", "A", False),
        ("two words", "two  words", True),
        ("two words", "twowords", False),
    ],
)
def test_what_means_the_same(one: Value, other: Value, expected: bool) -> None:
    assert same(one, other) is expected
    assert same(other, one) is expected


def test_a_copy_shares_nothing_that_can_change() -> None:
    """Everybody lays patches over copies; the base must stay what the portal showed."""
    copy = WHOLE.copy()
    assert copy == WHOLE
    copy.fields["email"] = "b"
    copy.children["degrees"][0].fields["grade"] = "05"
    copy.children["degrees"].pop()
    assert WHOLE.fields["email"] == "a"
    assert WHOLE.children["degrees"] == [Child("d1", {"grade": "02"}, "d1"), Child("new", {"grade": None})]


def test_a_document_survives_being_stored() -> None:
    assert Document.from_json(orjson.loads(orjson.dumps(WHOLE.to_json()))) == WHOLE


def test_a_patch_survives_being_stored() -> None:
    assert Patch.from_json(orjson.loads(orjson.dumps(CHANGES.to_json()))) == CHANGES


def test_parts_that_are_not_stored_are_empty() -> None:
    """An empty record of a portal, and a child that was stored before the portal knew it."""
    assert Document.from_json({}) == Document({}, {})
    assert Patch.from_json({}) == Patch({}, {})
    stored = {"children": {"degrees": [{"id": "d1", "fields": {"grade": "02"}}]}}
    assert Document.from_json(stored).children["degrees"] == [Child("d1", {"grade": "02"}, None)]


def test_what_is_read_does_not_share_with_what_was_stored() -> None:
    stored = WHOLE.to_json()
    read = Document.from_json(stored)
    read.fields["email"] = "b"
    read.children["degrees"][0].fields["grade"] = "05"
    assert stored["fields"]["email"] == "a"
    assert stored["children"]["degrees"][0]["fields"]["grade"] == "02"


def test_a_kind_without_patches_is_not_stored() -> None:
    """Pending is compared as text in the store; an empty group must not make it look like local work."""
    assert Patch({}, {"degrees": {}}).to_json() == {"fields": {}, "children": {}}


def test_a_child_is_found_by_kind_and_id() -> None:
    assert WHOLE.child("degrees", "d1") is WHOLE.children["degrees"][0]
    assert WHOLE.child("degrees", "d9") is None
    assert WHOLE.child("nothing", "d1") is None


@pytest.mark.parametrize(
    ("patch", "something"),
    [
        (Patch(), False),
        (Patch({}, {"degrees": {}}), False),
        (Patch({"email": None}), True),
        (Patch({}, {"degrees": {"d1": ChildPatch(removed=True)}}), True),
        (Patch({"email": "a"}, {"degrees": {"d1": ChildPatch({"grade": "02"})}}), True),
    ],
)
def test_a_patch_is_true_when_it_asks_for_something(patch: Patch, something: bool) -> None:
    assert bool(patch) is something


def test_paths_of_what_a_patch_touches() -> None:
    assert CHANGES.touched() == ["email", "course_year", "degrees.d1.grade", "degrees.d2", "degrees.d3"]


class TestDiff:
    def test_fields_come_in_order_with_what_they_are_now(self) -> None:
        patch = diff(
            Document({"sex": "10", "email": "a", "b": " x"}), Document({"sex": "11", "b": "x", "a": 1})
        )
        assert list(patch.fields.items()) == [("a", 1), ("email", None), ("sex", "11")]
        assert patch.children == {}

    def test_children_that_came_went_and_changed(self) -> None:
        old = Document(
            {}, {"degrees": [Child("d1", {"grade": "02", "year": 1}), Child("d2", {"grade": "02"})]}
        )
        new = Document(
            {}, {"degrees": [Child("d1", {"grade": "03", "year": 1}), Child("d3", {"grade": "05"})]}
        )
        assert diff(old, new).children == {
            "degrees": {
                "d1": ChildPatch({"grade": "03"}),
                "d3": ChildPatch({"grade": "05"}, added=True),
                "d2": ChildPatch(removed=True),
            }
        }

    def test_a_whole_kind_that_came_or_went(self) -> None:
        """A kind that one side does not even name has no children there."""
        has, has_none = Document({}, {"degrees": [Child("d1", {"grade": "02"})]}), Document()
        assert diff(has_none, has).children == {"degrees": {"d1": ChildPatch({"grade": "02"}, added=True)}}
        assert diff(has, has_none).children == {"degrees": {"d1": ChildPatch(removed=True)}}

    def test_children_that_mean_the_same_are_no_difference(self) -> None:
        one, two = Child("d1", {"grade": "02"}), Child("d2", {"grade": "03"})
        old = Document({}, {"degrees": [one, two], "placements": [one.copy()]})
        new = Document(
            {}, {"degrees": [two, Child("d1", {"grade": " 02", "year": None})], "placements": [one]}
        )
        assert not diff(old, new)
        assert diff(old, new).children == {}

    def test_one_kind_that_is_the_same_hides_no_change_of_the_next(self) -> None:
        same_degree, changed = Child("d1", {"grade": "02"}), Child("p1", {"urn": "123456"})
        old = Document({}, {"degrees": [same_degree], "placements": [Child("p1", {"urn": "654321"})]})
        new = Document({}, {"degrees": [same_degree.copy()], "placements": [changed]})
        assert diff(old, new).children == {"placements": {"p1": ChildPatch({"urn": "123456"})}}

    def test_a_new_childs_answers_are_not_shared(self) -> None:
        new = Document({}, {"degrees": [Child("d1", {"grade": "02"})]})
        patch = diff(Document(), new)
        new.children["degrees"][0].fields["grade"] = "05"
        assert patch.children["degrees"]["d1"].fields == {"grade": "02"}


class TestApply:
    def test_a_patch_is_laid_over_a_base_that_stays_as_it_was(self) -> None:
        base = Document(
            {"email": "a", "sex": "10"},
            {"degrees": [Child("d1", {"grade": "02", "year": 1}, "d1"), Child("d2", {}, "d2")]},
        )
        before = base.copy()
        local = apply(base, CHANGES)
        assert base == before
        assert local.fields == {"email": None, "sex": "10", "course_year": 2}
        assert local.children["degrees"] == [
            Child("d1", {"grade": "03", "year": 1}, "d1"),
            Child("d3", {"grade": "05", "subject": None}),
        ]

    def test_a_child_that_is_gone_from_the_base_stays_gone(self) -> None:
        """Changed here, removed at the portal: the merge asks about that; laying the patch over must not bring back half
        a child. To remove what is gone already is nothing.
        """
        patch = Patch(
            {},
            {
                "degrees": {
                    "gone": ChildPatch({"grade": "03"}),
                    "too": ChildPatch(removed=True),
                    "new": ChildPatch({"grade": "05"}, added=True),
                }
            },
        )
        assert apply(Document(), patch).children == {"degrees": [Child("new", {"grade": "05"})]}

    def test_an_added_child_that_the_base_has_meanwhile_is_that_child(self) -> None:
        base = Document({}, {"degrees": [Child("d1", {"grade": "02", "year": 1}, "d1")]})
        patch = Patch({}, {"degrees": {"d1": ChildPatch({"grade": "03"}, added=True)}})
        assert apply(base, patch).children == {"degrees": [Child("d1", {"grade": "03", "year": 1}, "d1")]}

    def test_an_added_childs_answers_are_not_shared_with_the_patch(self) -> None:
        patch = Patch({}, {"degrees": {"new": ChildPatch({"grade": "05"}, added=True)}})
        local = apply(Document(), patch)
        local.children["degrees"][0].fields["grade"] = "02"
        assert patch.children["degrees"]["new"].fields == {"grade": "05"}


def test_an_answer_is_found_by_its_path() -> None:
    document = Document({"email": "a"}, {"degrees": [Child("d1", {"year": 1})]})
    assert value_at(document, "email") == "a"
    assert value_at(document, "degrees.d1.year") == 1
    assert value_at(document, "degrees.d1") is None
    assert value_at(document, "degrees.gone.year") is None
    assert value_at(None, "email") is None


def test_the_patch_of_answers_by_path_changes_a_child_that_is_there_and_adds_one_that_is_not() -> None:
    document = Document({"email": "a"}, {"degrees": [Child("d1", {"year": 1})]})
    answers: dict[str, Value] = {
        "email": "b",
        "degrees.d1.year": 2,
        "degrees.d1.grade": "x",
        "degrees.d2.year": 3,
    }
    after = apply(document, patch_of(document, answers))
    assert after.fields == {"email": "b"}
    assert [(c.id, c.fields) for c in after.children["degrees"]] == [
        ("d1", {"year": 2, "grade": "x"}),
        ("d2", {"year": 3}),
    ]
    assert patch_of(Document(), {}) == Patch({}, {})
