"""The shapes in which Register refuses data (pack 1.4) and what comes of any other."""

import pytest

from desktop.collections.trainees import COLLECTION
from desktop.model.verdict import Refusal
from desktop.sync.portals.refusals import first_message, one_line, read_refusals
from desktop.sync.portals.register_mapping import RegisterMapping

FIELD_OF = RegisterMapping(COLLECTION).field_of
EMAIL = "Enter an email address in the correct format, like name@example.com"
STUCK = "It’s not possible to perform this action while the trainee is in its current state"


def pairs(body, parent=""):
    return [(r.field, r.message) for r in read_refusals(body, FIELD_OF, parent).refusals]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # a list of texts
        ({"errors": [f"email {EMAIL}"]}, [("email", EMAIL)]),
        (
            {"message": "Validation failed: 2 errors", "errors": ["first_names is too long", "sex can't be blank"]},
            [("first_names", "is too long"), ("sex", "can't be blank")],
        ),
        (
            {"errors": ["Param is missing or the value is empty or invalid: data"]},
            [("", "Param is missing or the value is empty or invalid: data")],
        ),
        # ... with a child's field first, as the plain errors of a create have it
        ({"errors": ["graduation_year is invalid"]}, [("degrees.graduation_year", "is invalid")]),
        ({"errors": ["placements_attributes urn is invalid"]}, [("placements.urn", "is invalid")]),
        ({"errors": ["degrees_attributes contains duplicate degrees"]}, [("degrees", "contains duplicate degrees")]),
        ({"errors": ["name can't be blank"]}, [("placements.name", "can't be blank")]),
        ({"errors": ["disabilities contain duplicate values"]}, [("disability1", "contain duplicate values")]),
        ({"errors": ["employing_school_id is invalid. The URN"]}, [("employing_school_urn", "is invalid. The URN")]),
        ({"errors": ["email"]}, [("", "email")]),
        # the map of Enhanced-Errors
        ({"errors": {"email": [EMAIL]}}, [("email", EMAIL)]),
        ({"errors": {"email": EMAIL}}, [("email", EMAIL)]),
        (
            {"errors": {"employing_school_id": ["is invalid"], "training_partner_id": ["is wrong"]}},
            [("employing_school_urn", "is invalid"), ("training_partner_urn", "is wrong")],
        ),
        (
            {"errors": {"degrees_attributes": {"subject": ["must be entered"], "grade": ["is odd"]}}},
            [("degrees.subject", "must be entered"), ("degrees.grade", "is odd")],
        ),
        ({"errors": {"degrees_attributes": ["contains duplicate degrees"]}}, [("degrees", "contains duplicate degrees")]),
        ({"errors": {"degrees_attributes": {"colour": ["is odd"]}}}, [("degrees", "colour is odd")]),
        ({"errors": {"placements_attributes": [{"urn": ["is invalid"]}]}}, [("placements.urn", "is invalid")]),
        ({"errors": {"favourite_colour": ["is odd"]}}, [("", "favourite_colour is odd")]),
        # the nested map of the late checks
        ({"errors": {"contact_details": {"email": [EMAIL]}}}, [("email", EMAIL)]),
        ({"errors": {"iqts_country": {"iqts_country": ["is odd"]}}}, [("iqts_country", "is odd")]),
        ({"errors": {"degrees": {"degree_ids": ["is odd"]}}}, [("degrees", "degree_ids is odd")]),
        # list filters
        ({"errors": {"academic_cycle": ["1 is not a cycle"]}}, [("", "academic_cycle 1 is not a cycle")]),
        # a list of objects
        (
            {"errors": [{"error": "UnprocessableEntity", "message": "withdrawal_date must be after itt_start_date"}]},
            [("withdrawal_date", "must be after itt_start_date")],
        ),
        (
            {"errors": [{"error": "X", "message": "degree_id must be completed before qts_standards_met_date"}]},
            [("degrees", "must be completed before qts_standards_met_date")],
        ),
        # a text, nothing, nonsense
        ("sex can't be blank", [("sex", "can't be blank")]),
        ({"error": "Unprocessable entity"}, [("", "Unprocessable entity")]),
        ({"message": "Validation failed"}, [("", "Validation failed")]),
        ({"errors": [], "message": "Validation failed"}, [("", "Validation failed")]),
        (None, [("", "The portal gave no reason.")]),
        (12, [("", "The portal gave no reason.")]),
        ({"errors": [None, 7, True, [], {}]}, [("", "The portal gave no reason.")]),
        ({"errors": {"email": None, "sex": 3}}, [("", "The portal gave no reason.")]),
        ({"errors": ["sex a\n\x00 b", "sex a b"]}, [("sex", "a b")]),
    ],
)  # fmt: skip
def test_complaint_is_put_to_our_field(body, expected):
    assert pairs(body) == expected


@pytest.mark.parametrize(
    ("text", "kind", "field"),
    [
        ("graduation_year is invalid", "degrees", "degrees.graduation_year"),
        ("country has invalid reference data", "degrees", "degrees.country"),
        ("name can't be blank", "placements", "placements.name"),
    ],
)
def test_complaint_about_a_child_names_the_childs_field(text, kind, field):
    body = {"errors": [{"error": "UnprocessableEntity", "message": text}]}
    assert pairs(body, kind) == [(field, text.partition(" ")[2])]


@pytest.mark.parametrize(
    ("errors", "wrong"),
    [
        ([{"error": "StateTransitionError", "message": STUCK}], True),
        ([{"error": "StateTransitionError", "message": "new words"}], True),
        ([STUCK.replace("’", "'")], True),
        ([{"message": "state is invalid must be one of [submitted_for_trn, trn_received]"}], True),
        ([{"message": "state must be selected as trn_received"}], True),
        ({"state": ["is invalid must be one of [submitted_for_trn, trn_received]"]}, True),
        ([{"message": "defer_date can't be blank"}], False),
        (["email is in a sorry state"], False),
        (None, False),
    ],
)
def test_wrong_state_is_told_from_wrong_data(errors, wrong):
    assert read_refusals({"errors": errors}, FIELD_OF).wrong_state is wrong


def test_endless_complaints_are_bounded():
    refused = read_refusals({"errors": [f"sex {n} {'x' * 999}" for n in range(999)]}, FIELD_OF)
    assert len(refused.refusals) == 50
    assert max(len(r.message) for r in refused.refusals) <= 500
    deep: object = "sex is odd"
    for _ in range(200):
        deep = {"errors": deep}
    assert read_refusals(deep, FIELD_OF).refusals == (Refusal("", "The portal gave no reason."),)


def test_first_message_of_any_shape():
    assert (
        first_message({"errors": [{"error": "NotFound", "message": "Trainee(s) not found"}]})
        == "Trainee(s) not found"
    )
    assert first_message({"errors": ["Not found"]}) == "Not found"
    assert first_message({"error": "Unauthorized"}) == "Unauthorized"
    nothing: list[object] = [None, [], {}, {"errors": [[]]}, {"errors": [3]}, {"errors": [{"message": 3}]}]
    assert {first_message(body) for body in nothing} == {""}


def test_line_holds_nothing_unprintable():
    assert one_line(" a\r\n\tb\x00\x1b[31m\u202ec ") == "a b [31m c"
