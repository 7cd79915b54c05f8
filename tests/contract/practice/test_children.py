"""Degrees and placements: mapping, duplicates, what touches the trainee. Source: domain pack 1.7, 1.3, 1.6."""

from __future__ import annotations

import pytest

from tests.contract.practice.conftest import KNOWN_SCHOOL, OWN_SCHOOL, Site, uk_degree

LATER = "2026-10-05T09:00:30Z"
_MUST = "must be entered if specifying a previous UK degree or non-UK degree"
OTHER = {"country": "MX", "non_uk_degree": "402", "subject": "100320", "graduation_year": "2018"}


def nested(site: Site, trainee, kind: str, method: str = "POST", child: str = "", **data):
    tail = f"/{child}" if child else ""
    return site.send(method, f"/trainees/{trainee['trainee_id']}/{kind}{tail}", data)


def second_degree(**other):
    return uk_degree(subject="100320") | other


DEGREES = [
    (
        "1.7 UK",
        second_degree(),
        {"uk_degree": "083", "institution": "0116", "country": None, "graduation_year": 2020},
    ),
    ("1.7 UK by country XF", second_degree(country="XF"), {"country": None, "uk_degree": "083"}),
    ("1.7 UK by country XK", second_degree(country="XK"), {"country": None}),
    ("1.7 an institution makes it UK", second_degree(country="FR"), {"country": None, "institution": "0116"}),
    ("1.7 not UK", OTHER, {"country": "MX", "non_uk_degree": "402", "uk_degree": None, "institution": None}),
    ("1.7 not UK, with grade", OTHER | {"grade": "01"}, {"country": "MX", "grade": "01"}),
    ("1.7 institution 0133 becomes 0149", second_degree(institution="0133"), {"institution": "0149"}),
    ("1.7 unknown institution", second_degree(institution="zzzz"), {"institution": None}),
    ("1.7 grade 09 becomes 14", second_degree(grade="09"), {"grade": "14"}),
    ("1.7 year as a date", second_degree(graduation_year="2019-07-31"), {"graduation_year": 2019}),
    ("1.7 year as a number", second_degree(graduation_year=2018), {"graduation_year": 2018}),
    ("1.7 earliest year", second_degree(graduation_year=1967), {"graduation_year": 1967}),
    ("1.7 latest year", second_degree(graduation_year=2027), {"graduation_year": 2027}),
    ("1.7 other_grade needs the grade Other", second_degree(other_grade="Starred"), {"other_grade": None}),
    ("1.7 uuids are read-only", second_degree(subject_uuid="x"), {"subject": "100320"}),
]


@pytest.mark.parametrize(("section", "sent", "shown"), DEGREES)
def test_degree_as_stored(site: Site, section, sent, shown):
    trainee = site.new()
    reply = nested(site, trainee, "degrees", **sent)
    assert reply.status_code == 201, reply.text
    body = reply.json()["data"]
    assert {key: body[key] for key in shown} == shown
    assert body in site.seen(trainee)["degrees"]
    assert "locale_code" not in body


def test_1_7_uuids_follow_the_codes(site: Site):
    degree = site.new()["degrees"][0]
    assert degree["grade_uuid"] == "e2fe18d4-8655-47cf-ab1a-8c3e0b0f078f"
    assert degree["subject_uuid"]
    assert degree["uk_degree_uuid"]
    assert degree["institution_uuid"]


def test_1_7_an_unknown_institution_stands_by_its_stored_name(site: Site):
    trainee = site.new(degrees_attributes=[uk_degree(institution="zzzz")])
    assert site.control.trainee(trainee["trainee_id"])["degrees"][0]["institution"] == "Other UK institution"
    assert site.put(trainee, first_names="Bea").status_code == 200


def test_1_7_degrees_come_by_graduation_year(site: Site):
    trainee = site.new()
    nested(site, trainee, "degrees", **second_degree(graduation_year=2011))
    assert [d["graduation_year"] for d in site.seen(trainee)["degrees"]] == [2011, 2020]


DEGREES_REFUSED = [
    ("1.7", second_degree(grade=None), [f"grade {_MUST}"]),
    ("1.7", second_degree(uk_degree=None), ["uk_degree must be entered if specifying a previous UK degree"]),
    ("1.7", second_degree(institution=None), ["institution can't be blank"]),
    ("1.7", second_degree(subject="xx", graduation_year=2019), [f"subject {_MUST}"]),
    ("1.7", second_degree(graduation_year="1966"), ["graduation_year is invalid"]),
    ("1.7", second_degree(graduation_year="2028"),
     ["graduation_year is invalid", "graduation_year must be in the past, for example 2014"]),
    ("1.7", OTHER | {"non_uk_degree": None}, ["non_uk_degree must be entered if specifying a previous non-UK degree"]),
    ("1.7", OTHER | {"subject": None}, [f"subject {_MUST}"]),
    ("1.7 unknown type", second_degree(uk_degree="zzz"), None),
    ("1.7 unknown country", OTHER | {"country": "ZZZ"}, None),
]  # fmt: skip


@pytest.mark.parametrize(("section", "sent", "messages"), DEGREES_REFUSED)
def test_degree_refused(site: Site, section, sent, messages):
    trainee = site.new()
    reply = nested(site, trainee, "degrees", **{k: v for k, v in sent.items() if v is not None})
    assert reply.status_code == 422
    errors = reply.json()["errors"]
    assert {e["error"] for e in errors} == {"UnprocessableEntity"}
    if messages is None:
        assert "has invalid reference data value of" in errors[0]["message"]
    else:
        assert sorted(e["message"] for e in errors) == messages
    assert site.seen(trainee) == trainee


TWINS = [
    ("1.7 a repeat", uk_degree(), True),
    ("1.7 only the non-blank ones count", {"subject": "100403", "graduation_year": "2020"}, True),
    ("1.7 institution does not count", uk_degree(institution="0117"), True),
    ("1.7 another subject", uk_degree(subject="100320"), False),
    ("1.7 another year", uk_degree(graduation_year="2019"), False),
    ("1.7 another grade", uk_degree(grade="01"), False),
]


@pytest.mark.parametrize(("section", "sent", "duplicate"), TWINS)
def test_duplicate_degree(site: Site, section, sent, duplicate):
    trainee = site.new()
    reply = nested(site, trainee, "degrees", **sent)
    assert reply.status_code == (409 if duplicate else 201)
    if duplicate:
        message = "This is a duplicate degree"
        assert reply.json() == {
            "errors": [{"error": "Conflict", "message": message}],
            "data": trainee["degrees"],
        }


DEGREE_EDITS = [
    ("1.7 only sent keys", {"grade": "01"}, {"grade": "01", "subject": "100403", "uk_degree": "083"}),
    ("1.7 itself is no duplicate", uk_degree(), {"grade": "02"}),
    ("1.7 a type recomputes locale and country", {"non_uk_degree": "402", "country": "MX"},
     {"non_uk_degree": "402", "country": "MX", "uk_degree": None}),
    ("1.7 year", {"graduation_year": "2018-06-01"}, {"graduation_year": 2018}),
]  # fmt: skip


@pytest.mark.parametrize(("section", "sent", "shown"), DEGREE_EDITS)
def test_degree_put(site: Site, section, sent, shown):
    trainee = site.new()
    held = trainee["degrees"][0]
    reply = nested(site, trainee, "degrees", "PUT", held["degree_id"], **sent)
    assert reply.status_code == 200, reply.text
    body = reply.json()["data"]
    assert {key: body[key] for key in shown} == shown
    assert body["degree_id"] == held["degree_id"]


def test_1_7_a_uk_type_sent_alone_takes_the_country_away(site: Site):
    trainee = site.new(degrees_attributes=[OTHER | {"grade": "02"}])
    slug = trainee["degrees"][0]["degree_id"]
    reply = nested(site, trainee, "degrees", "PUT", slug, uk_degree="083", institution="0116")
    assert reply.status_code == 200, reply.text
    assert reply.json()["data"]["country"] is None
    assert reply.json()["data"]["non_uk_degree"] is None


def test_1_7_degree_put_to_a_twin_is_409(site: Site):
    trainee = site.new()
    other = nested(site, trainee, "degrees", **second_degree()).json()["data"]
    reply = nested(site, trainee, "degrees", "PUT", other["degree_id"], subject="100403")
    assert reply.status_code == 409
    assert [d["degree_id"] for d in reply.json()["data"]] == [trainee["degrees"][0]["degree_id"]]


def test_1_7_degree_put_refused_changes_nothing(site: Site):
    trainee = site.new()
    slug = trainee["degrees"][0]["degree_id"]
    assert nested(site, trainee, "degrees", "PUT", slug, subject="").status_code == 422
    assert site.seen(trainee) == trainee


ADDRESS = "1 Hill Road"
PLACEMENTS = [
    ("1.7 known school", {"urn": "555001"}, {"urn": "555001", "name": "Saltersgate School", "postcode": "BN1 1AA",
     "address": ADDRESS}),
    ("1.7 the school wins", {"urn": "555001", "name": "Mine", "postcode": "AA1 1AA"}, {"name": "Saltersgate School"}),
    ("1.7 by name", {"name": "Day Nursery"}, {"urn": None, "name": "Day Nursery", "postcode": None, "address": None}),
    ("1.7 with postcode", {"name": "Day Nursery", "postcode": "BN1 1AA"}, {"postcode": "BN1 1AA", "address": "BN1 1AA"}),
    ("1.7 unknown URN with name", {"urn": "123456", "name": "Far School"}, {"urn": "123456", "address": "URN 123456"}),
    ("1.7 special URN with name", {"urn": "900020", "name": "No URN"}, {"urn": "900020", "name": "No URN", "address": None}),
]  # fmt: skip


@pytest.mark.parametrize(("section", "sent", "shown"), PLACEMENTS)
def test_placement_as_stored(site: Site, section, sent, shown):
    trainee = site.new()
    reply = nested(site, trainee, "placements", **sent)
    assert reply.status_code == 201, reply.text
    body = reply.json()["data"]
    assert {key: body[key] for key in shown} == shown
    assert site.seen(trainee)["placements"] == [body]


PLACEMENTS_REFUSED = [
    ("1.7", {"urn": "123456"}, "name can't be blank"),
    ("1.7 special URN needs a name here", {"urn": "900020"}, "name can't be blank"),
    ("1.7", {"postcode": "BN1 1AA"}, "name can't be blank"),
    ("1.7", {"urn": "12345", "name": "A"}, "urn is invalid"),
    ("1.7", {"name": "A", "postcode": "nowhere"}, "postcode Enter a valid postcode (for example, BN1 1AA)"),
]


@pytest.mark.parametrize(("section", "sent", "message"), PLACEMENTS_REFUSED)
def test_placement_refused(site: Site, section, sent, message):
    trainee = site.new()
    reply = nested(site, trainee, "placements", **sent)
    assert reply.status_code == 422
    assert reply.json() == {"errors": [{"error": "UnprocessableEntity", "message": message}]}
    assert site.seen(trainee) == trainee


def test_1_7_special_urns_name_themselves_in_a_new_trainee(site: Site):
    placed = site.new(placements_attributes=[{"urn": "900000"}, {"urn": "900020"}])["placements"]
    assert [p["name"] for p in placed] == [
        "Placement outside England and Wales",
        "Establishment does not have a URN",
    ]


def test_1_7_a_repeated_placement_is_a_second_one(site: Site):
    trainee = site.new()
    for _ in range(2):
        assert nested(site, trainee, "placements", urn=KNOWN_SCHOOL).status_code == 201
    assert [p["urn"] for p in site.seen(trainee)["placements"]] == [KNOWN_SCHOOL] * 2


PLACEMENT_EDITS = [
    ("1.7 school wins and clears", {"name": "Own", "postcode": "BN1 1AB"}, {"urn": "555001"}, 200,
     {"urn": "555001", "name": "Saltersgate School", "postcode": "BN1 1AA"}),
    ("1.7 partial without school", {"name": "Own"}, {"postcode": "BN1 1AB"}, 200, {"name": "Own", "postcode": "BN1 1AB"}),
    ("1.7 without urn the school goes", {"urn": "555001"}, {"name": "Own"}, 200, {"urn": None, "name": "Own", "postcode": None}),
    ("1.7 and a name is needed", {"urn": "555001"}, {"postcode": "BN1 1AB"}, 422, None),
    ("1.7 unknown urn", {"urn": "555001"}, {"urn": "123456", "name": "Far"}, 200, {"urn": "123456", "name": "Far"}),
    ("1.7 all null", {"name": "Own"}, {"urn": None, "name": None, "postcode": None}, 422, None),
]  # fmt: skip


@pytest.mark.parametrize(("section", "made", "sent", "status", "shown"), PLACEMENT_EDITS)
def test_placement_put(site: Site, section, made, sent, status, shown):
    trainee = site.new()
    held = nested(site, trainee, "placements", **made).json()["data"]
    reply = nested(site, trainee, "placements", "PUT", held["placement_id"], **sent)
    assert reply.status_code == status, reply.text
    if shown is None:
        assert reply.json()["errors"][0]["message"] == "name can't be blank"
        assert site.seen(trainee)["placements"] == [held]
    else:
        body = reply.json()["data"]
        assert {key: body[key] for key in shown} == shown
        assert body["placement_id"] == held["placement_id"]


def test_1_7_a_school_that_changes_changes_its_placements(site: Site):
    trainee = site.new(placements_attributes=[{"urn": "555001"}])
    site.seen(trainee)
    site.control.add_school(**(OWN_SCHOOL | {"name": "Saltersgate Academy"}))
    assert site.seen(trainee)["placements"][0]["name"] == "Saltersgate Academy"
    site.control.add_school(**OWN_SCHOOL)


@pytest.mark.parametrize("state", ["recommended_for_award", "withdrawn", "awarded"])
@pytest.mark.parametrize("kind", ["degrees", "placements"])
def test_1_7_closed_states_refuse_every_write_and_no_read(site: Site, state, kind):
    trainee = site.new(placements_attributes=[{"urn": "555001"}])
    child = trainee[kind][0]["degree_id" if kind == "degrees" else "placement_id"]
    site.control.edit(trainee["trainee_id"], state=state)
    for method, slug in (("POST", ""), ("PUT", child), ("PATCH", child), ("DELETE", child)):
        reply = nested(site, trainee, kind, method, slug, urn="555001", subject="100320")
        assert reply.json()["errors"][0]["error"] == "StateTransitionError"
    assert nested(site, trainee, kind, "GET").json()["data"] == trainee[kind]


def test_1_3_degrees_touch_the_trainee(site: Site):
    trainee = site.new()
    for hour, call in enumerate(
        (
            lambda: nested(site, trainee, "degrees", **second_degree()),
            lambda: nested(
                site, trainee, "degrees", "PUT", site.seen(trainee)["degrees"][0]["degree_id"], grade="01"
            ),
            lambda: nested(site, trainee, "degrees", "DELETE", site.seen(trainee)["degrees"][0]["degree_id"]),
        ),
        10,
    ):
        site.control.clock(f"2026-10-05T{hour}:00:00Z")
        assert call().is_success
        assert site.seen(trainee)["updated_at"] == f"2026-10-05T{hour}:00:00.000Z"


def test_1_3_placements_are_silent_but_for_the_first(site: Site):
    trainee = site.new()
    site.control.clock("2026-10-05T10:00:00Z")
    first = nested(site, trainee, "placements", urn="555001").json()["data"]
    assert site.seen(trainee)["updated_at"] == "2026-10-05T10:00:00.000Z"
    site.control.clock("2026-10-05T11:00:00Z")
    nested(site, trainee, "placements", urn=KNOWN_SCHOOL)
    nested(site, trainee, "placements", "PUT", first["placement_id"], urn=KNOWN_SCHOOL)
    nested(site, trainee, "placements", "DELETE", first["placement_id"])
    seen = site.seen(trainee)
    assert seen["updated_at"] == "2026-10-05T10:00:00.000Z"
    assert [p["urn"] for p in seen["placements"]] == [KNOWN_SCHOOL]
    assert site.ids(since="2026-10-05T11:00:00Z") == []


@pytest.mark.parametrize(("kind", "moves"), [("degrees", True), ("placements", False)])
def test_1_3_somebody_elses_child_edit(site: Site, kind, moves):
    trainee = site.new(placements_attributes=[{"urn": "555001"}])
    site.control.clock(LATER)
    child = second_degree() if kind == "degrees" else {"urn": KNOWN_SCHOOL}
    site.control.edit(trainee["trainee_id"], **{kind: [*trainee[kind], child]})
    seen = site.seen(trainee)
    assert len(seen[kind]) == 2
    assert trainee[kind][0] in seen[kind]
    assert (seen["updated_at"] != trainee["updated_at"]) is moves
