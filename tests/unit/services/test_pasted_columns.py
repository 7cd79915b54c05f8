"""Which field each pasted column is."""

from __future__ import annotations

import pytest

from desktop.collections.trainees import COLLECTION
from desktop.services.pasted_columns import Headings, columns_of


@pytest.mark.parametrize("known", COLLECTION.fields, ids=lambda f: f.name)
def test_every_field_is_found_by_its_name_and_its_label(known):
    headings = Headings(COLLECTION)
    for heading in (
        known.name,
        known.label,
        known.label.upper(),
        f" {known.label}: ",
        known.name.replace("_", "-"),
    ):
        assert headings.find(heading) == (known.name, "")


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("TRN", "trn"),
        ("Register ID", "portal_id"),
        ("trainee_id", "portal_id"),
        ("ID at the portal", "portal_id"),
        ("Provider trainee ID", "provider_trainee_id"),
        ("Name", "name"),
        ("Surname", "last_name"),
        ("D.O.B.", "date_of_birth"),
        ("Ethnic", "ethnicity"),
        ("National ins", "ni_number"),
    ],
)
def test_other_ways_to_say_it(heading, name):
    assert Headings(COLLECTION).find(heading) == (name, "")


@pytest.mark.parametrize(
    ("heading", "why"),
    [
        ("", "no heading"),
        ("Disab", "It may mean Disability 1, Disability 2, Disability 3 and more."),
        ("Em", "No field of a trainee"),
        ("Favourite colour", "No field of a trainee"),
        ("degree_1_subject", "Degrees are changed on the record itself."),
    ],
)
def test_what_names_nothing_says_why(heading, why):
    name, told = Headings(COLLECTION).find(heading)
    assert name == ""
    assert why in told


def test_a_second_column_for_one_field_and_columns_past_the_headings_are_left_out():
    has_header, columns = columns_of(
        COLLECTION, [["TRN", "Email address", "email"], ["1234567", "a@b.uk", "c@d.uk", "extra"]], None
    )
    assert has_header
    assert [(c.place, c.use, c.field) for c in columns] == [
        (0, "key", "trn"),
        (1, "field", "email"),
        (2, "", ""),
        (3, "", ""),
    ]
    assert columns[2].why == "There is another column for Email address."


def test_people_may_say_otherwise():
    _, columns = columns_of(
        COLLECTION, [["TRN", "Email address", "mail"], ["1", "2", "3"]], {1: "", 2: "email"}
    )
    assert [(c.use, c.field, c.why) for c in columns] == [
        ("key", "trn", ""),
        ("", "", "You left it out."),
        ("field", "email", ""),
    ]


def test_data_is_not_taken_for_headings():
    has_header, _ = columns_of(
        COLLECTION, [["WCx", "Email", "Ashcombe", "Leonie", "x"]], ["portal_id", "middle_names", "nothing"]
    )
    assert not has_header
