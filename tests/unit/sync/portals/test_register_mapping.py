"""Bodies of API v2026.1 and our words for them (pack 1.5 to 1.8)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.collections.trainees import COLLECTION
from desktop.model.collection import Kind
from desktop.model.document import Child, Document, diff, same
from desktop.sync.portals.jsontext import read_json
from desktop.sync.portals.register_mapping import (
    ALWAYS_SENT,
    CHILD_IDS,
    ERROR_NAMES,
    FUNDING_SET,
    STATES,
    RegisterMapping,
)
from tests.unit.sync.portals.answering import degree, placement, trainee

MAPPING = RegisterMapping(COLLECTION)


def read(**changes):
    snapshot = MAPPING.snapshot(trainee(**changes))
    assert snapshot is not None
    return snapshot


def body_of(snapshot) -> dict:
    """The body back from a snapshot: proof that nothing was lost but the nulls of fields."""
    body = {n: v for n, v in snapshot.extras.items() if n not in CHILD_IDS}
    body |= {n: v for n, v in snapshot.document.fields.items() if n not in body}
    body |= {"trainee_id": snapshot.portal_id, "updated_at": snapshot.version, "state": snapshot.state}
    for kind, id_name in CHILD_IDS.items():
        rest = snapshot.extras.get(kind, {})
        body[kind] = [
            {**c.fields, **rest.get(c.id, {}), id_name: c.id} for c in snapshot.document.children[kind]
        ]
    return body


# --- read -----------------------------------------------------------------------------------------------------------


def test_fields_children_and_extras_are_told_apart():
    snapshot = read()
    assert (snapshot.portal_id, snapshot.version) == ("eTLexDV8jxNVm8qA2u54Zx56", "2026-09-16T08:00:00.123Z")
    assert snapshot.state == "trn_received"
    assert snapshot.document.fields["last_name"] == "Ashcombe"
    assert snapshot.document.fields["course_year"] == 1
    assert snapshot.document.fields["application_id"] == 1234567
    assert "middle_names" not in snapshot.document.fields
    assert snapshot.extras["trn"] == "3001573"
    assert snapshot.extras["withdrawal_date"] is None
    (held,) = snapshot.document.children["degrees"]
    assert (held.id, held.portal_id) == (degree()["degree_id"],) * 2
    assert held.fields["graduation_year"] == 2021
    assert snapshot.extras["degrees"][held.id]["institution_uuid"] == degree()["institution_uuid"]
    (place,) = snapshot.document.children["placements"]
    assert place.fields["postcode"] == "ZX6 8FZ"
    assert not {"trainee_id", "updated_at", "state", "last_name"} & snapshot.extras.keys()


def test_nothing_of_a_body_is_lost():
    body = trainee(new_key={"deep": [1, None]}, disability2="53")
    snapshot = MAPPING.snapshot(body)
    assert snapshot is not None
    names = {f.name for f in COLLECTION.fields}
    told = {k: v for k, v in body.items() if v is not None or k not in names}
    for kind in CHILD_IDS:
        told[kind] = [{k: v for k, v in row.items() if v is not None or k == "country"} for row in body[kind]]
    back = body_of(snapshot)
    assert {k: v for k, v in back.items() if k not in CHILD_IDS} == {
        k: v for k, v in told.items() if k not in CHILD_IDS
    }
    for kind in CHILD_IDS:
        assert [{k: v for k, v in row.items() if v is not None} for row in back[kind]] == [
            {k: v for k, v in row.items() if v is not None} for row in body[kind]
        ]


@pytest.mark.parametrize("odd", [["a"], {"a": 1}, True, 1.5, []])
def test_value_of_an_odd_type_is_kept_aside(odd):
    snapshot = read(last_name=odd, course_year=odd)
    assert "last_name" not in snapshot.document.fields
    assert snapshot.extras["last_name"] == odd
    assert snapshot.extras["course_year"] == odd


def test_numbers_and_digits_become_what_is_due():
    fields = read(fund_code=7, course_year="2", application_id="000123").document.fields
    assert fields["fund_code"] == "7"
    assert fields["course_year"] == 2
    assert fields["application_id"] == "000123"  # a number would lose its noughts
    assert read(course_year="first").document.fields["course_year"] == "first"


def test_null_and_missing_are_the_same():
    body = trainee()
    del body["course_subject_2"]
    without = MAPPING.snapshot(body)
    assert without is not None
    assert not diff(without.document, read(course_subject_2=None).document)


@pytest.mark.parametrize(
    "body", [None, [], "x", 3, {}, {"trainee_id": None}, {"trainee_id": ""}, {"trainee_id": 5}]
)
def test_what_is_no_trainee_is_none(body):
    assert MAPPING.snapshot(body) is None


def test_states_are_ours_and_a_new_one_is_kept_as_it_is():
    assert set(STATES.values()) == {s.key for s in COLLECTION.states}
    for theirs, ours in STATES.items():
        assert read(state=theirs).state == ours
    assert read(state="holds").state == "holds"
    odd = read(state=None, updated_at=17)
    assert (odd.state, odd.version) == ("", "")
    assert odd.extras["updated_at"] == 17


def test_children_that_are_none_are_kept_aside():
    snapshot = read(degrees=[degree(), degree(), 7, {"degree_id": 9}], placements="none")
    assert len(snapshot.document.children["degrees"]) == 1
    assert len(snapshot.extras["degrees_unread"]) == 3
    assert snapshot.extras["placements_unread"] == "none"
    assert read(degrees=None).document.children["degrees"] == []


def test_odd_text_does_no_harm():
    body = read_json(
        b'{"trainee_id": "x", "last_name": "A\\u0000\\ud800", "degrees": [{"degree_id": "\\udc00"}]}'
    )
    snapshot = MAPPING.snapshot(body)
    assert snapshot is not None
    assert snapshot.document.fields["last_name"] == "A\x00\ufffd"
    snapshot.document.fields["last_name"].encode()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(trainee())), json_values))
def test_any_json_is_read_without_a_crash(changes):
    snapshot = MAPPING.snapshot(trainee() | changes)
    if snapshot is not None:
        numbers = {f.name for f in COLLECTION.fields if f.kind is Kind.INTEGER}
        for name, value in snapshot.document.fields.items():
            assert type(value) is str or (type(value) is int and name in numbers)
        assert type(snapshot).from_json(snapshot.to_json()) == snapshot


# --- create ---------------------------------------------------------------------------------------------------------


def test_create_sends_every_answer_and_the_children():
    document = Document(
        {"last_name": "  Ashcombe ", "middle_names": None, "email": " ", "course_year": 1, "nickname": "Leo"},
        {
            "degrees": [Child("local", {"subject": "100403", "graduation_year": 2021, "country": None})],
            "placements": [Child("p", {"urn": "123456", "address": "1 High Street"})],
        },
    )
    assert MAPPING.create_data(document) == {
        "last_name": "Ashcombe",
        "course_year": 1,
        "degrees_attributes": [{"subject": "100403", "graduation_year": 2021}],
        "placements_attributes": [{"urn": "123456"}],
    }


def test_create_names_the_partner_once():
    both = Document({"training_partner_urn": "111111", "training_partner_ukprn": "10000001"})
    assert MAPPING.create_data(both) == {"training_partner_urn": "111111"}
    assert MAPPING.create_data(Document({"training_partner_ukprn": "1"})) == {"training_partner_ukprn": "1"}


def test_text_is_sent_composed():
    assert MAPPING.create_data(Document({"last_name": "Zoe\u0308"})) == {"last_name": "Zo\u00eb"}


# --- update ---------------------------------------------------------------------------------------------------------


def test_update_sends_what_would_be_reset_without_it():
    current = read(training_initiative="026", disability2="53", disability7="57")
    assert MAPPING.update_data(current, {"email": "new@example.org"}) == {
        "email": "new@example.org",
        "training_route": "12",
        "course_age_range": "13918",
        "training_initiative": "026",
        "ethnicity": "160",
        "disability1": "51",
        "disability2": "53",
        "disability7": "57",
    }


def test_update_never_pushes_back_a_null():
    current = read(training_initiative=None, ethnicity=None, disability1=None, course_age_range="")
    assert MAPPING.update_data(current, {"email": "n@example.org"}) == {
        "email": "n@example.org",
        "training_route": "12",
    }


@pytest.mark.parametrize(
    "edit", ["fund_code", "funding_method", "course_subject_1", "training_initiative", "itt_start_date"]
)
def test_update_of_funding_sends_the_funding_set(edit):
    data = MAPPING.update_data(read(), {edit: "X"})
    assert data.keys() >= {*FUNDING_SET, edit}
    assert data["funding_method"] == ("X" if edit == "funding_method" else "D")


def test_update_of_anything_else_leaves_funding_and_nationality_out():
    data = MAPPING.update_data(read(), {"email": "n@example.org"})
    assert not {*FUNDING_SET, "nationality"} & data.keys()
    assert MAPPING.update_data(read(), {"nationality": "FR"})["nationality"] == "FR"


def test_update_of_a_veteran_keeps_the_initiative_that_has_no_code():
    data = MAPPING.update_data(read(funding_method="C"), {"email": "n@example.org"})
    assert data["funding_method"] == "C"
    assert data["fund_code"] == "7"
    assert MAPPING.update_data(read(funding_method="C"), {"funding_method": "6"})["funding_method"] == "6"


@pytest.mark.parametrize("name", sorted({"course_subject_2", "employing_school_urn", "ethnicity"}))
def test_null_clears_where_null_clears(name):
    data = MAPPING.update_data(read(**{name: "100366"}), {name: None})
    assert name in data
    assert data[name] is None


@pytest.mark.parametrize(
    "name", ["middle_names", "provider_trainee_id", "disability2", "trainee_start_date", "ni_number"]
)
def test_blank_clears_everywhere_else(name):
    assert MAPPING.update_data(read(**{name: "x"}), {name: None})[name] == ""
    assert MAPPING.update_data(read(**{name: "x"}), {name: "  "})[name] == ""


def test_clearing_what_has_no_value_sends_nothing():
    assert (
        MAPPING.update_data(read(course_subject_2=None), {"course_subject_2": None, "middle_names": ""}) == {}
    )


def test_disabilities_go_by_slot():
    data = MAPPING.update_data(read(disability2="53"), {"disability2": None, "disability3": "57"})
    assert (data["disability1"], data["disability2"], data["disability3"]) == ("51", "", "57")


URN, UKPRN = "training_partner_urn", "training_partner_ukprn"


@pytest.mark.parametrize(
    ("urn", "ukprn", "fields", "sent"),
    [
        (None, "10000001", {"email": "n@example.org"}, {}),
        ("111111", "10000001", {"email": "n@example.org"}, {}),
        ("111111", "10000001", {URN: "222222"}, {URN: "222222"}),
        (None, "10000001", {URN: "222222"}, {URN: "222222"}),
        ("111111", "10000001", {URN: None, UKPRN: "10000002"}, {UKPRN: "10000002"}),
        (None, "10000001", {UKPRN: "10000002"}, {UKPRN: "10000002"}),
        (None, "10000001", {URN: None, UKPRN: "10000002"}, {UKPRN: "10000002"}),
        (None, None, {URN: "222222", UKPRN: "10000002"}, {URN: "222222"}),
        # away with the partner
        ("111111", "10000001", {URN: None, UKPRN: None}, {URN: None}),
        ("111111", "10000001", {URN: None}, {URN: None}),
        (None, "10000001", {UKPRN: None}, {URN: None}),
        # the number that remains still names it
        ("111111", "10000001", {UKPRN: None}, {URN: "111111"}),
        # an empty key would remove a partner that nobody touched
        (None, "10000001", {URN: None, "email": "n@example.org"}, {}),
    ],
)
def test_partner_travels_under_one_key(urn, ukprn, fields, sent):
    data = MAPPING.update_data(read(**{URN: urn, UKPRN: ukprn}), fields)
    assert {k: v for k, v in data.items() if k in (URN, UKPRN)} == sent


# --- children and actions -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("held", "fields", "sent"),
    [
        ({}, {"graduation_year": 2020}, {"graduation_year": 2020}),
        ({}, {"uk_degree": "001"}, {"uk_degree": "001", "institution": "0116"}),
        (
            {"country": "FR", "non_uk_degree": "097", "uk_degree": None, "institution": None},
            {"non_uk_degree": "083"},
            {"non_uk_degree": "083", "country": "FR"},
        ),
        (
            {},
            {"country": "FR", "non_uk_degree": "097", "uk_degree": None, "institution": None},
            {"country": "FR", "non_uk_degree": "097", "uk_degree": "", "institution": ""},
        ),
        ({}, {"other_grade": "Good"}, {"other_grade": "Good", "grade": "02"}),
        ({}, {"country": None}, {}),
    ],
)
def test_degree_travels_with_what_is_computed_from_it(held, fields, sent):
    current = read(degrees=[degree(**held)])
    assert MAPPING.child_update_data(current, "degrees", degree()["degree_id"], fields) == sent


@pytest.mark.parametrize(
    ("fields", "sent"),
    [
        ({"urn": "654321"}, {"urn": "654321", "name": "Northmoor Academy", "postcode": "ZX6 8FZ"}),
        ({"postcode": "BN1 1AA"}, {"urn": "123456", "name": "Northmoor Academy", "postcode": "BN1 1AA"}),
        ({"urn": None, "name": "Elm"}, {"urn": "", "name": "Elm", "postcode": "ZX6 8FZ"}),
        ({"address": "1 High Street"}, {}),
    ],
)
def test_placement_travels_whole(fields, sent):
    assert MAPPING.child_update_data(read(), "placements", placement()["placement_id"], fields) == sent


def test_child_that_is_not_there_sends_its_fields_alone():
    assert MAPPING.child_update_data(read(), "degrees", "gone", {"uk_degree": "001"}) == {"uk_degree": "001"}


@pytest.mark.parametrize("reasons", ["a,b", " a ; b ", "a\nb", ["a", "b"], '["a","b"]'])
def test_reasons_travel_as_a_list(reasons):
    data = MAPPING.action_data("withdraw", {"reasons": reasons, "trigger": "trainee", "another_reason": None})
    assert data == {"reasons": ["a", "b"], "trigger": "trainee"}


# --- echo -----------------------------------------------------------------------------------------------------------

ECHOES = [
    ("degrees.institution", "0133", "0149"),
    ("degrees.x1.institution", "0133", "0149"),
    ("degrees.institution", "0116", "0116"),
    ("degrees.institution", "9999", None),
    ("degrees.grade", "09", "14"),
    ("degrees.grade", "77", None),
    ("degrees.subject", "100403", "100403"),
    ("degrees.subject", "nonsense", None),
    ("degrees.uk_degree", "nonsense", "nonsense"),
    ("degrees.country", "XF", None),
    ("degrees.country", "XK", None),
    ("degrees.country", "FR", "FR"),
    ("degrees.graduation_year", "2003-06-01", 2003),
    ("degrees.graduation_year", "2003", 2003),
    ("degrees.graduation_year", 2003, 2003),
    ("study_mode", "63", "01"),
    ("study_mode", "64", "31"),
    ("disability3", "99", "98"),
    ("ethnicity", "998", "997"),
    ("ethnicity", None, "997"),
    ("nationality", "FK", "GB"),
    ("first_names", "  Leonie   Jane ", "Leonie Jane"),
    ("last_name", "Zoe\u0308", "Zo\u00eb"),
    ("last_name", "   ", None),
    ("course_year", "2", 2),
    ("course_year", 2, 2),
    ("application_id", "00012", "00012"),
    ("training_partner_urn", "900020", None),
    ("employing_school_urn", "900010", None),
    ("placements.urn", "900010", "900010"),
    ("fund_code", "7", "7"),
    ("sex", "nonsense", "nonsense"),
    ("no_such_field", "x", "x"),
    ("email", None, None),
]


@pytest.mark.parametrize(("path", "value", "echoed"), ECHOES)
def test_echo_is_what_register_gives_back(path, value, echoed):
    assert MAPPING.echo(path, value) == echoed
    assert same(MAPPING.echo(path, MAPPING.echo(path, value)), echoed)


# --- names ----------------------------------------------------------------------------------------------------------


def test_names_in_this_module_are_the_collections():
    names = {f.name for f in COLLECTION.fields}
    actions = {f.name for a in COLLECTION.actions for f in a.fields}
    assert {*ALWAYS_SENT, *FUNDING_SET} <= names
    assert set(ERROR_NAMES.values()) <= names | set(CHILD_IDS) | actions
    assert set(CHILD_IDS) == {k.key for k in COLLECTION.children}
