"""GET /trainees: filters, order, pages, what is hidden. Source: domain pack register-trainees 1.3."""

from __future__ import annotations

import pytest

from tests.contract.practice.conftest import Site, person


def put_there(site: Site, **fields) -> str:
    return str(site.control.add(**person(degrees_attributes=None), **fields)["trainee_id"])


@pytest.fixture
def cohort(site: Site) -> dict[str, str]:
    """One record of each kind, an hour apart, oldest first."""
    kinds = {
        "in_training": {"state": "trn_received", "trn": "1234567"},
        "waiting": {"state": "submitted_for_trn"},
        "deferred": {"state": "deferred", "trn": "1234568"},
        "withdrawn": {"state": "withdrawn", "trn": "1234569"},
        "recommended": {"state": "recommended_for_award", "trn": "1234570"},
        "awarded": {"state": "awarded", "trn": "1234571"},
        "draft": {"state": "draft"},
        "hidden": {"state": "trn_received", "record_source": "hesa_trn_data"},
    }
    made = {}
    for hour, (name, fields) in enumerate(kinds.items(), 1):
        made[name] = put_there(site, **fields, updated_at=f"2026-09-20T{hour:02d}:00:00.000Z")
    future = person(itt_start_date="2027-01-11", degrees_attributes=None)
    made["future"] = site.control.add(
        **future, state="trn_received", trn="1234572", updated_at="2026-09-20T09:00:00.000Z"
    )["trainee_id"]
    made["deleted"] = put_there(site, state="trn_received", updated_at="2026-09-20T10:00:00.000Z")
    site.control.discard(made["deleted"])
    made["last year"] = site.control.add(
        **person(itt_start_date="2025-09-08", itt_end_date="2026-07-03", degrees_attributes=None),
        state="trn_received",
        updated_at="2026-09-20T11:00:00.000Z",
    )["trainee_id"]
    return made


NEWEST_FIRST = ["future", "awarded", "recommended", "withdrawn", "deferred", "waiting", "in_training"]

SELECTIONS = [
    ("1.3 default: current cycle, newest first", {}, NEWEST_FIRST),
    ("1.3 asc", {"sort_order": "asc"}, NEWEST_FIRST[::-1]),
    ("1.3 desc", {"sort_order": "desc"}, NEWEST_FIRST),
    ("1.3 blank order", {"sort_order": ""}, NEWEST_FIRST),
    ("1.3 current cycle by year", {"academic_cycle": "2026"}, NEWEST_FIRST),
    ("1.3 another cycle", {"academic_cycle": "2025"}, ["last year"]),
    ("1.3 empty cycle", {"academic_cycle": "2019"}, []),
    ("1.3 first cycle", {"academic_cycle": "2015"}, []),
    ("1.3 last cycle", {"academic_cycle": "2030"}, []),
    ("1.3 status", {"status": "in_training"}, ["recommended", "waiting", "in_training"]),
    ("1.3 status", {"status": "course_not_yet_started"}, ["future"]),
    ("1.3 status", {"status": "deferred"}, ["deferred"]),
    ("1.3 status", {"status": "awarded"}, ["awarded"]),
    ("1.3 status", {"status": "withdrawn"}, ["withdrawn"]),
    ("1.3 status blank", {"status": ""}, NEWEST_FIRST),
    ("1.3 status[] twice", {"status[]": ["deferred", "withdrawn"]}, ["withdrawn", "deferred"]),
    ("1.3 status[] is not checked", {"status[]": "nonsense"}, NEWEST_FIRST),
    ("1.3 has_trn true", {"has_trn": "true"}, [n for n in NEWEST_FIRST if n != "waiting"]),
    ("1.3 has_trn false", {"has_trn": "false"}, ["waiting"]),
    ("1.3 has_trn blank = all", {"has_trn": ""}, NEWEST_FIRST),
    ("1.3 since inclusive", {"since": "2026-09-20T05:00:00.000Z"}, ["future", "awarded", "recommended"]),
    ("1.3 since a moment later", {"since": "2026-09-20T05:00:00.001Z"}, ["future", "awarded"]),
    ("1.3 since with offset", {"since": "2026-09-20T06:00:00+01:00"}, ["future", "awarded", "recommended"]),
    ("1.3 since a day", {"since": "2026-09-20"}, NEWEST_FIRST),
    ("1.3 since the next day", {"since": "2026-09-21"}, []),
    ("1.3 since blank", {"since": ""}, NEWEST_FIRST),
    ("1.3 filters together", {"status": "in_training", "has_trn": "false"}, ["waiting"]),
    ("1.3 page", {"page": "1", "per_page": "2"}, NEWEST_FIRST[:2]),
    ("1.3 page", {"page": "2", "per_page": "2"}, NEWEST_FIRST[2:4]),
    ("1.3 last page", {"page": "4", "per_page": "2"}, NEWEST_FIRST[6:]),
    ("1.3 past the end", {"page": "5", "per_page": "2"}, []),
    ("1.3 far past the end", {"page": "999999999", "per_page": "200"}, []),
    ("1.3 no maximum", {"per_page": "100000"}, NEWEST_FIRST),
    ("infer: page 0", {"page": "0"}, NEWEST_FIRST),
    ("infer: negative page", {"page": "-3"}, NEWEST_FIRST),
    ("infer: no number", {"page": "abc", "per_page": "xyz"}, NEWEST_FIRST),
    ("infer: per_page 0", {"per_page": "0"}, NEWEST_FIRST),
    ("infer: negative per_page", {"per_page": "-5"}, NEWEST_FIRST),
    ("1.5 text_search is honoured", {"text_search": "1234568"}, ["deferred"]),
    ("1.3 unknown parameters do nothing", {"colour": "blue"}, NEWEST_FIRST),
]


@pytest.mark.parametrize(("section", "params", "expected"), SELECTIONS)
def test_selection(site: Site, cohort, section, params, expected):
    assert site.ids(**params) == [cohort[name] for name in expected]


REFUSALS = [
    ({"status": "trn_received"}, {"status": ["trn_received is not a valid status"]}),
    ({"status": "in_trainingx"}, {"status": ["in_trainingx is not a valid status"]}),
    ({"since": "2023-13-01"}, {"since": ["2023-13-01 is not a valid date"]}),
    ({"since": "yesterday"}, {"since": ["yesterday is not a valid date"]}),
    (
        {"academic_cycle": "not-a-number"},
        {"academic_cycle": ["not-a-number is not a valid academic cycle year"]},
    ),
    ({"academic_cycle": "2014"}, {"academic_cycle": ["2014 is not a valid academic cycle year"]}),
    ({"academic_cycle": "2031"}, {"academic_cycle": ["2031 is not a valid academic cycle year"]}),
    ({"sort_order": "upwards"}, {"sort_order": ["is not included in the list"]}),
    (
        {"since": "x", "status": "y"},
        {"status": ["y is not a valid status"], "since": ["x is not a valid date"]},
    ),
]


@pytest.mark.parametrize(("params", "errors"), REFUSALS)
def test_1_3_and_1_4_bad_filters_are_422(site: Site, params, errors):
    reply = site.get("/trainees", **params)
    assert reply.status_code == 422
    noun = "error" if len(errors) == 1 else "errors"
    message = f"Validation failed: {len(errors)} {noun} prohibited this request being run"
    assert reply.json() == {"message": message, "errors": errors}


def test_1_3_an_empty_list_is_404_with_its_own_words(site: Site):
    reply = site.get("/trainees", academic_cycle=2019)
    assert reply.status_code == 404
    assert reply.json() == {"errors": [{"error": "NotFound", "message": "No trainees found"}]}


def test_1_2_meta(site: Site, cohort):
    meta = site.get("/trainees", per_page=3, page=2).json()["meta"]
    assert meta == {"current_page": 2, "total_pages": 3, "total_count": 7, "per_page": 3}


@pytest.mark.parametrize("name", ["draft", "deleted", "hidden"])
def test_1_3_what_lists_hide_is_found_by_its_id(site: Site, cohort, name):
    assert cohort[name] not in site.ids()
    assert site.seen(cohort[name])["trainee_id"] == cohort[name]


def test_1_3_ties_go_by_newest_in_both_orders(site: Site):
    same = [put_there(site, state="trn_received", updated_at="2026-09-20T05:00:00Z") for _ in range(3)]
    assert site.ids() == same[::-1]
    assert site.ids(sort_order="asc") == same[::-1]


def test_1_3_the_cycle_is_that_of_the_start_date(site: Site):
    held = put_there(site, state="trn_received")
    site.control.edit(held, trainee_start_date="2025-09-08")
    assert site.ids() == []
    assert site.ids(academic_cycle="2025") == [held]


CLOCKS = [
    ("1.3 London time, summer", "2027-07-31T22:59:59Z", ["this"]),
    ("1.3 London midnight, summer", "2027-07-31T23:00:00Z", []),
    ("1.3 before the cycle", "2026-07-31T12:00:00Z", []),
    ("1.3 first day", "2026-08-01T00:00:00Z", ["this"]),
]


@pytest.mark.parametrize(("section", "now", "expected"), CLOCKS)
def test_default_cycle_follows_the_portals_clock(site: Site, section, now, expected):
    held = put_there(site, state="trn_received")
    site.control.clock(now)
    assert site.ids() == [held for _ in expected]


def test_d1_a_record_updated_while_paging_moves_to_the_front(site: Site):
    ids = [put_there(site, state="trn_received", updated_at=f"2026-09-2{n}T05:00:00Z") for n in range(5)]
    first = site.ids(per_page=2)
    assert first == [ids[4], ids[3]]
    site.control.edit(ids[0], last_name="Changed")
    assert site.ids(per_page=2, page=2) == [ids[3], ids[2]]
    assert site.ids(per_page=2)[0] == ids[0]


def test_since_of_the_shown_updated_at_finds_the_record_again(site: Site):
    site.control.clock("2026-10-05T09:00:00.123987Z")
    trainee = site.new()
    assert trainee["updated_at"] == "2026-10-05T09:00:00.123Z"
    assert site.ids(since=trainee["updated_at"]) == [trainee["trainee_id"]]
