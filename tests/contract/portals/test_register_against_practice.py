"""The adapter against the practice portal: the whole conversation, and the state that each fault must show (contract.md 3)."""

from datetime import UTC, datetime

import pytest

from desktop.collections.trainees import COLLECTION
from desktop.model.document import Child, Document, Fields, same
from desktop.model.snapshot import Snapshot
from desktop.model.verdict import Accepted, Duplicate, NotFound, Page, PortalState, Refused, Unavailable
from desktop.practice.server import PROVIDER_UKPRN, PracticePortal
from desktop.sync.portals.http import Timeouts
from desktop.sync.portals.register import RegisterPortal

NOW = datetime(2026, 10, 14, 9, 0, tzinfo=UTC)
CYCLE = "2026"
SCHOOL, PARTNER = "654321", "10088888"

PERSON: Fields = {
    "first_names": "Leonie",
    "last_name": "Ashcombe",
    "date_of_birth": "1999-03-04",
    "sex": "10",
    "email": "leonie.ashcombe@example.org",
    "nationality": "FK",
    "ethnicity": "160",
    "disability1": "51",
    "hesa_id": "0310261553101",
    "provider_trainee_id": "HF-0001",
    "training_route": "12",
    "itt_aim": "202",
    "itt_qualification_aim": "020",
    "course_subject_1": "100403",
    "course_age_range": "13918",
    "course_year": 1,
    "study_mode": "63",
    "itt_start_date": "2026-09-07",
    "itt_end_date": "2027-06-30",
    "trainee_start_date": "2026-09-07",
    "fund_code": "7",
    "funding_method": "D",
    "training_initiative": "026",
    "training_partner_ukprn": PARTNER,
}
DEGREE: Fields = {
    "uk_degree": "083",
    "subject": "100403",
    "institution": "0133",
    "grade": "09",
    "graduation_year": 2021,
}


def person(**changes):
    return Document(
        {**PERSON, **changes},
        {"degrees": [Child("d", dict(DEGREE))], "placements": [Child("p", {"urn": SCHOOL})]},
    )


@pytest.fixture(scope="module")
def running():
    with PracticePortal(clock=lambda: NOW) as server:
        server.control.add_school(SCHOOL, "Northmoor Academy", "BN1 1AA")
        server.control.add_partner(ukprn=PARTNER)
        server.control.snapshot()
        yield server


@pytest.fixture
def practice(running):
    """The practice portal without a trainee."""
    control = running.control
    control.fault("up")
    control.limits(None)
    control.clock(NOW)
    control.rollback()
    control.clear_requests()
    return running


@pytest.fixture
def portal(practice):
    made = RegisterPortal(
        COLLECTION, practice.register_url, practice.token, timeouts=Timeouts(read_s=10), clock=lambda: NOW
    )
    yield made
    made.close()


def accepted(outcome) -> Snapshot:
    """The record that came of a write."""
    assert isinstance(outcome, Accepted), outcome
    assert outcome.snapshot is not None
    return outcome.snapshot


def accepted_child(outcome) -> str:
    assert isinstance(outcome, Accepted), outcome
    assert outcome.child_id is not None
    return outcome.child_id


def complete(pages) -> list[Page]:
    found = list(pages)
    assert all(isinstance(p, Page) for p in found), found
    return found


@pytest.fixture
def held(portal):
    """A record created through the API."""
    return accepted(portal.create(person()))


def fetched(portal, snapshot) -> Snapshot:
    answer = portal.fetch(snapshot.portal_id)
    assert isinstance(answer, Snapshot)
    return answer


# --- the conversation -----------------------------------------------------------------------------------------------


def test_probe_finds_it_up(portal):
    probe = portal.probe()
    assert probe.state is PortalState.UP
    assert probe.facts["requested"] == "v2026.1"
    assert portal.requests_made == 2


def test_what_was_created_comes_back_as_the_adapter_foretells(portal, held):
    assert held.state == "submitted_for_trn"
    for name, value in PERSON.items():
        assert same(portal.echo(name, held.document.fields.get(name)), portal.echo(name, value)), name
    (degree,) = held.document.children["degrees"]
    for name, value in DEGREE.items():
        assert same(degree.fields.get(name), portal.echo(f"degrees.{name}", value)), name
    (placement,) = held.document.children["placements"]
    assert placement.fields["name"] == "Northmoor Academy"
    assert fetched(portal, held) == held
    assert portal.ukprn == PROVIDER_UKPRN


def test_listing_is_the_same_as_the_single_records(practice, portal, held):
    for n in range(4):
        accepted(
            portal.create(
                person(last_name=f"Other{n}", hesa_id=f"{n}310261553101", provider_trainee_id=f"x{n}")
            )
        )
    small = RegisterPortal(COLLECTION, practice.register_url, practice.token, per_page=2)
    pages = complete(small.pages(CYCLE))
    small.close()
    assert [(p.number, p.pages, p.total, len(p.snapshots)) for p in pages] == [
        (1, 3, 5, 2),
        (2, 3, 5, 2),
        (3, 3, 5, 1),
    ]
    listed = {s.portal_id: s for p in pages for s in p.snapshots}
    assert listed[held.portal_id] == fetched(portal, held)
    assert list(portal.pages("2025")) == [Page((), 1, 1, 0)]
    assert list(portal.pages(CYCLE, "2026-10-14T09:00:00.001+00:00")) == [Page((), 1, 1, 0)]


def test_scopes_are_cycles_that_it_knows(portal):
    for scope in portal.scopes(NOW):
        (page,) = portal.pages(scope)
        assert isinstance(page, Page)


def test_unknown_cycle_is_no_empty_list(portal):
    (page,) = portal.pages("2099")
    assert isinstance(page, Unavailable)


def test_second_create_finds_the_first(portal, held):
    again = portal.create(person(hesa_id="9310261553101", provider_trainee_id="HF-0002"))
    assert isinstance(again, Duplicate)
    assert [c.portal_id for c in again.candidates] == [held.portal_id]


def test_update_changes_what_was_edited_and_resets_nothing(portal, held):
    now = accepted(portal.update(held, {"email": "new@example.org"}))
    assert now.document.fields == held.document.fields | {"email": "new@example.org"}
    for name in ("course_education_phase", "diversity_disclosure", "ethnic_group", "disability_disclosure"):
        assert now.extras[name] == held.extras[name]
    assert now.document.fields["training_partner_ukprn"] == PARTNER


def test_veterans_initiative_survives_an_unrelated_edit(practice, portal, held):
    veterans = {"training_route": "11", "funding_method": "C", "itt_aim": "201"}
    practice.control.edit(
        held.portal_id, **veterans, training_initiative="veterans_teaching_undergraduate_bursary"
    )
    current = fetched(portal, held)
    assert "training_initiative" not in current.document.fields
    accepted(portal.update(current, {"first_names": "Leo"}))
    stored = practice.control.trainee(held.portal_id)["training_initiative"]
    assert stored == "veterans_teaching_undergraduate_bursary"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("course_subject_2", "100425"),
        ("middle_names", "Jane"),
        ("disability2", "53"),
        ("pg_apprenticeship_start_date", "2026-09-08"),
        ("training_partner_ukprn", PARTNER),
        ("employing_school_urn", SCHOOL),
        ("application_id", 1234567),
    ],
)
def test_cleared_field_is_empty_afterwards(portal, held, name, value):
    filled = accepted(portal.update(held, {name: value}))
    assert filled.document.fields[name] == value
    cleared = accepted(portal.update(filled, {name: None}))
    assert not cleared.document.fields.get(name)


def test_refusals_name_our_fields(portal, held):
    bad = portal.update(held, {"email": "nonsense", "employing_school_urn": "111111", "sex": "77"})
    assert isinstance(bad, Refused)
    assert not bad.wrong_state
    assert {r.field for r in bad.refusals} == {"email", "employing_school_urn", "sex"}
    fresh = person(last_name="Other", email="nonsense")
    fresh.children["degrees"][0].fields["graduation_year"] = 1066
    refused = portal.create(fresh)
    assert isinstance(refused, Refused)
    assert {r.field for r in refused.refusals} == {"email", "degrees.graduation_year"}


def test_degree_lives_and_dies(portal, held):
    fields = {"non_uk_degree": "083", "country": "FR", "subject": "100425", "graduation_year": 2015}
    added = accepted_child(portal.add_child(held.portal_id, "degrees", fields))
    again = portal.add_child(held.portal_id, "degrees", fields)
    assert isinstance(again, Duplicate)
    assert again.child_ids == (added,)
    accepted_child(portal.update_child(fetched(portal, held), "degrees", added, {"non_uk_degree": "097"}))
    degree = fetched(portal, held).document.child("degrees", added)
    assert degree is not None
    assert degree.fields == {**fields, "non_uk_degree": "097"}
    removed = accepted(portal.remove_child(held.portal_id, "degrees", added))
    assert removed.document.child("degrees", added) is None
    gone = portal.remove_child(held.portal_id, "degrees", added)
    assert gone == NotFound("child", "Degree(s) not found")


def test_degree_moves_abroad_and_back(portal, held):
    (degree,) = held.document.children["degrees"]
    abroad = {"country": "FR", "non_uk_degree": "097", "uk_degree": None, "institution": None}
    accepted_child(portal.update_child(held, "degrees", degree.id, abroad))
    now = fetched(portal, held)
    there = now.document.children["degrees"][0].fields
    assert {n: there.get(n) for n in abroad} == abroad
    back = {"country": None, "non_uk_degree": None, "uk_degree": "083", "institution": "0116"}
    accepted_child(portal.update_child(now, "degrees", degree.id, back))
    here = fetched(portal, held).document.children["degrees"][0].fields
    assert {n: here.get(n) for n in back} == back


def test_refused_degree_names_its_fields(portal, held):
    refused = portal.add_child(held.portal_id, "degrees", {"graduation_year": 1066})
    assert isinstance(refused, Refused)
    assert {r.field for r in refused.refusals} >= {"degrees.graduation_year", "degrees.subject"}


def test_placement_lives_and_dies(portal, held):
    (placement,) = held.document.children["placements"]
    own = {"urn": None, "name": "Elm", "postcode": "BN1 1AA"}
    accepted_child(portal.update_child(held, "placements", placement.id, own))
    now = fetched(portal, held).document.children["placements"][0].fields
    assert {n: now.get(n) for n in own} == own
    added = accepted_child(portal.add_child(held.portal_id, "placements", {"urn": SCHOOL}))
    refused = portal.add_child(held.portal_id, "placements", {"urn": "1"})
    assert isinstance(refused, Refused)
    assert {r.field for r in refused.refusals} == {"placements.urn", "placements.name"}
    accepted(portal.remove_child(held.portal_id, "placements", added))
    gone = portal.remove_child(held.portal_id, "placements", added)
    assert gone == NotFound("child", "Placement(s) not found")


WITHDRAWAL = {
    "withdrawal_date": "2026-10-02",
    "trigger": "provider",
    "reasons": "stopped_responding_to_messages,unacceptable_behaviour",
    "future_interest": "unknown",
}


def test_actions_move_the_state_and_a_repeat_is_a_wrong_state(portal, held):
    deferral = {"defer_date": "2026-10-01", "defer_reason": "Illness"}
    deferred = accepted(portal.act(held.portal_id, "defer", deferral))
    assert deferred.state == "deferred"
    assert deferred.extras["defer_date"] == "2026-10-01"
    withdrawn = accepted(portal.act(held.portal_id, "withdraw", WITHDRAWAL))
    assert withdrawn.state == "withdrawn"
    assert withdrawn.extras["withdrawal_reasons"] == WITHDRAWAL["reasons"].split(",")
    for repeated in (
        portal.act(held.portal_id, "defer", deferral),
        portal.act(held.portal_id, "withdraw", WITHDRAWAL),
        portal.update(withdrawn, {"email": "new@example.org"}),
        portal.add_child(held.portal_id, "placements", {"urn": SCHOOL}),
    ):
        assert isinstance(repeated, Refused)
        assert repeated.wrong_state


def test_recommendation(practice, portal, held):
    met = {"qts_standards_met_date": "2026-10-01"}
    early = portal.act(held.portal_id, "recommend", met)
    assert isinstance(early, Refused)
    assert early.wrong_state
    practice.control.edit(held.portal_id, state="trn_received", trn="3001573")
    few = portal.act(held.portal_id, "recommend", met)
    assert isinstance(few, Refused)
    assert not few.wrong_state
    assert {r.field for r in few.refusals} == {"placements"}
    accepted_child(portal.add_child(held.portal_id, "placements", {"urn": SCHOOL}))
    done = accepted(portal.act(held.portal_id, "recommend", met))
    assert done.state == "recommended_for_award"
    assert done.extras["outcome_date"] == "2026-10-01"


def test_nobody_is_there(portal, held):
    nobody = "nobody00nobody00nobody00"
    gone = NotFound("record", "Trainee(s) not found")
    assert portal.fetch(nobody) == gone
    assert portal.update(Snapshot(nobody, "", "", Document()), {"email": "x@example.org"}) == gone
    assert portal.add_child(nobody, "degrees", dict(DEGREE)) == gone
    assert portal.act(nobody, "defer", {"defer_date": "2026-10-01"}) == gone


def test_token_of_another_provider_is_noticed(practice, portal, held):
    theirs = practice.control.add(**PERSON, ukprn="10077777", state="trn_received")
    token = practice.control.add_token(ukprn="10077777")
    other = RegisterPortal(COLLECTION, practice.register_url, token, ukprn=PROVIDER_UKPRN)
    (page,) = other.pages(CYCLE)
    assert isinstance(page, Unavailable)
    assert isinstance(other.fetch(theirs["trainee_id"]), Unavailable)
    other.close()


def test_token_that_ended_asks_for_a_new_one(practice):
    for token in (
        practice.control.add_token(expires_on="2026-10-14"),
        practice.control.add_token(revoked=True),
    ):
        expired = RegisterPortal(COLLECTION, practice.register_url, token)
        assert expired.probe().state is PortalState.SIGN_IN
        expired.close()


def test_rate_limit_tells_when_to_come_back(practice, portal):
    practice.control.limits(1, 60)
    assert portal.probe().state is PortalState.UP
    (page,) = portal.pages(CYCLE)
    assert isinstance(page, Unavailable)
    assert page.state is PortalState.BUSY
    assert page.retry_after_s is not None
    assert 1 <= page.retry_after_s <= 60


# --- faults ---------------------------------------------------------------------------------------------------------

# mode, options, states it may show, whether a write may have had its effect as far as a client can tell
FAULTS = [
    ("maintenance", {}, {"maintenance"}, False),
    ("unavailable", {}, {"down", "busy", "maintenance"}, False),
    ("unavailable", {"retry_after": 30}, {"busy"}, False),
    ("busy", {"retry_after": 30}, {"busy"}, False),
    ("captive", {}, {"captive"}, True),
    ("api_off", {}, {"api-off"}, False),
    ("unauthorised", {}, {"sign-in"}, False),
    ("refuse", {}, {"down"}, True),
    ("lost_reply", {}, {"down", "unknown"}, True),
    ("cut_body", {}, {"down", "unknown"}, True),
    ("slow", {"seconds": 30}, {"down"}, True),
    ("error", {}, {"down", "maintenance"}, True),
    ("late_error", {}, {"down", "maintenance"}, True),
    ("nonsense", {}, {"captive", "unknown"}, True),
    ("redirect", {}, {"captive"}, False),
]
IDS = [f"{f[0]}{'-with-a-time' if 'retry_after' in f[1] else ''}" for f in FAULTS]


@pytest.fixture
def hasty(practice):
    """The same with no patience, for portals that do not answer at all."""
    made = RegisterPortal(COLLECTION, practice.register_url, practice.token, timeouts=Timeouts(read_s=0.1))
    yield made
    made.close()


@pytest.mark.parametrize(("mode", "options", "states", "effect"), FAULTS, ids=IDS)
def test_fault_shows_its_state_and_what_may_have_happened(
    practice, portal, held, hasty, mode, options, states, effect
):
    using = hasty if mode == "slow" else portal
    practice.control.clear_requests()
    practice.control.fault(mode, **options)
    outcomes = [
        using.create(person(last_name="Other")),
        using.update(held, {"email": "new@example.org"}),
        using.act(held.portal_id, "defer", {"defer_date": "2026-10-01"}),
        using.remove_child(held.portal_id, "placements", held.document.children["placements"][0].id),
    ]
    reads = [using.fetch(held.portal_id), *using.pages(CYCLE)]
    probe = using.probe()
    for outcome in [*outcomes, *reads]:
        assert isinstance(outcome, Unavailable), outcome
        assert outcome.state in states
        assert outcome.retry_after_s == options.get("retry_after")
    assert probe.state in states
    assert not any(r.effect_possible for r in reads)
    assert {o.effect_possible for o in outcomes} == {effect}
    happened = any(e["effect"] for e in practice.control.requests())
    assert happened <= effect


@pytest.mark.parametrize("seed", range(5))
def test_flaky_portal_is_never_a_surprise(practice, portal, held, seed):
    practice.control.fault("flaky", p=0.7, seed=seed, seconds=0)
    for n in range(15):
        answer = portal.update(held, {"email": f"new{n}@example.org"})
        assert isinstance(answer, Accepted | Unavailable)
        assert isinstance(portal.fetch(held.portal_id), Snapshot | Unavailable)
