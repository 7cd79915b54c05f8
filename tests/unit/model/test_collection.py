"""Finding the parts of a collection by the paths and keys that the rest of the house uses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.collections.trainees import COLLECTION
from desktop.model.collection import Action, ChildKind, Field, Kind, Section, State

GRADE = Field("grade", "Grade", Kind.CODE)
YEAR = Field("year", "Year", Kind.INTEGER)
FIELDS = (
    Field("late", "Late", Kind.TEXT, "second"),
    Field("early", "Early", Kind.TEXT, "first"),
    Field("paid", "Paid", Kind.TEXT, "first", unit="funding"),
    Field("stray", "Stray", Kind.TEXT, "no such section"),
)
DEGREES = ChildKind("degrees", "Degrees", "degree", "first", (YEAR, GRADE), lambda _fields, _lists: "")
STRAYS = ChildKind("strays", "Strays", "stray", "", (GRADE,), lambda _fields, _lists: "")
STATES = (State("open", "Open", True), State("awarded", "Awarded", False))
DEFER = Action("defer", "Defer", (), frozenset({"open"}), "deferred", "", lambda *_: (), lambda *_: False)
SMALL = replace(
    COLLECTION,
    sections=(Section("first", "First"), Section("second", "Second")),
    fields=FIELDS,
    children=(DEGREES, STRAYS),
    states=STATES,
    actions=(DEFER,),
)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("late", FIELDS[0]),
        ("degrees.grade", GRADE),
        ("degrees.d1.grade", GRADE),
        ("degrees.d1.nothing", None),
        ("degrees.d1", None),
        ("nothing", None),
    ],
)
def test_a_field_is_found_with_and_without_its_child(path: str, found: Field | None) -> None:
    assert SMALL.field(path) is found


@pytest.mark.parametrize(
    ("path", "unit"),
    [
        ("paid", "funding"),
        ("late", "late"),
        ("unknown_here", "unknown_here"),  # a field of a newer portal is decided by itself
        ("degrees.d1", "degrees.d1"),
        ("degrees.d1.grade", "degrees.d1"),
    ],
)
def test_what_is_decided_together(path: str, unit: str) -> None:
    assert SMALL.unit_of(path) == unit


def test_places_are_those_of_the_form() -> None:
    """Findings and questions are read in the order in which the answers stand in the form; what has no place is last."""
    assert {p: SMALL.place(p) for p in ("", "early", "late", "stray", "nothing")} == {
        "": (-1, -1),
        "early": (0, 1),
        "late": (1, 0),
        "stray": (2, 3),
        "nothing": (2, 4),
    }
    children = ("degrees", "degrees.d1", "degrees.d1.year", "degrees.d1.grade", "strays.s1.grade", "strays")
    assert [SMALL.place(p) for p in children] == [(0, -1), (0, -1), (0, 0), (0, 1), (2, 0), (2, -1)]


def test_parts_by_their_keys() -> None:
    assert (SMALL.state("open"), SMALL.state("gone")) == (STATES[0], None)
    assert (SMALL.action("defer"), SMALL.action("expel")) == (DEFER, None)
    assert (SMALL.child_kind("strays"), SMALL.child_kind("placements")) == (STRAYS, None)


@pytest.mark.parametrize(
    ("state", "takes"),
    [("open", True), ("awarded", False), ("", True), ("of_a_newer_portal", False)],
)
def test_only_a_state_known_to_be_open_takes_edits(state: str, takes: bool) -> None:
    assert SMALL.takes_edits(state) is takes


def test_a_journey_is_found_by_its_name() -> None:
    first = COLLECTION.journeys[0]
    assert COLLECTION.journey(first.name) is first
    assert COLLECTION.journey("nothing") is None


def test_money_hangs_on_a_collection_with_a_field_about_money() -> None:
    assert COLLECTION.pays
    assert not SMALL.pays


def test_what_all_its_records_are_called():
    assert COLLECTION.many == "trainees"
    assert replace(COLLECTION, counted="records").many == "records"
