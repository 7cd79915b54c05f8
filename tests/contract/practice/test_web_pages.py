"""The practice portal's web pages: sound, signed in, guarded, and honest about what they stored."""

import re

import httpx
import pytest

from desktop.practice.people import furnish
from desktop.practice.state import PROVIDER_UKPRN
from tests.contract.practice.browsing import Page, Visitor, rows_of
from tests.contract.practice.conftest import KNOWN_SCHOOL, NOW, client_of, uk_degree

LONG = 24


@pytest.fixture
def visitor(site):
    with client_of(site.portal.register_url, timeout=10) as http:
        yield Visitor(http).sign_in()


@pytest.fixture
def people(site):
    furnish(site.portal.state, 60, 3)
    return site.portal.state


def held(site, slug):
    return site.control.trainee(slug)


def in_state(people, state):
    return next(r for r in people.records.values() if r.state == state and not r.deleted)


# --- the site as a whole


def test_every_page_that_can_be_reached_is_sound(site, visitor, people):
    def kind(slug):
        found = people.records.get(slug[0])
        return found.state if found else "child"

    todo, seen = ["/"], set()
    while todo:
        path = todo.pop()
        plain = re.sub(r"[1-9A-Za-z]{24}", kind, path.partition("#")[0])
        if plain in seen:
            continue
        seen.add(plain)
        visitor.get(path)
        assert visitor.reply.status_code == 200, path
        if visitor.reply.headers["content-type"].startswith("text/html"):
            page = visitor.page
            assert page.title.startswith(page.headings[0]) or page.headings[0] in page.words
            todo += page.links
    assert len(seen) > 60
    assert site.control.requests() == [], "looking stores nothing"


def test_pages_need_a_sign_in_and_end_after_two_idle_hours(site, visitor):
    with client_of(site.portal.register_url) as stranger:
        told = Page(stranger.get("/trainees").text)
        assert told.headings == ["Sign in to Register trainee teachers"]
        assert "Choose who you practise as" in Page(stranger.post("/sign-in", data={"as": "king"}).text).words
    site.control.clock("2026-10-05T10:59:00Z")
    assert "Registered trainees" in visitor.get("/trainees").page.headings
    site.control.clock("2026-10-05T13:05:00Z")
    assert "You have been signed out" in visitor.get("/trainees").page.words
    assert visitor.reply.status_code == 401
    visitor.sign_in()
    assert visitor.get("/").send("/sign-out").page.headings == ["Sign in to Register trainee teachers"]


def test_what_nobody_typed_on_our_page_changes_nothing(site, visitor, people):
    slug = in_state(people, "trn_received").slug
    path = f"/trainees/{slug}/delete"
    for token in ("", "made-up", "é"):
        reply = visitor.http.post(path, data={"csrf": token})
        assert reply.status_code == 422
        assert Page(reply.text).headings == ["This page is out of date"]
    with client_of(site.portal.register_url) as stranger:
        assert "Sign in" in stranger.post(path, data={}).text
        other = Visitor(stranger).sign_in()
        assert other.http.post(path, data={"csrf": token_of(visitor.get(path).page)}).status_code == 422
    assert held(site, slug)["deleted"] is False
    assert site.control.requests() == []


def token_of(page):
    return page.forms[0].fields["csrf"][0]


def test_replies_tell_the_browser_to_run_nothing_and_keep_nothing(visitor):
    for path in ("/", "/trainees", "/no-such-page", "/trainees.csv"):
        headers = visitor.get(path).reply.headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "script" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
    assert "HttpOnly" in visitor.http.post("/sign-in", data={"as": "scitt"}).headers["set-cookie"]
    assert visitor.get("/no-such-page").reply.status_code == 404
    assert visitor.http.put("/trainees").status_code == 404


@pytest.mark.parametrize(
    ("mode", "status", "words"),
    [
        ("maintenance", 500, "currently unavailable"),
        ("unavailable", 503, "Temporarily Unavailable"),
        ("captive", 200, "Guest wireless"),
    ],
)
def test_faults_meet_the_pages_as_they_meet_the_api(site, visitor, mode, status, words):
    site.control.fault(mode)
    reply = visitor.http.get("/trainees")
    assert (reply.status_code, words in reply.text) == (status, True)
    site.control.fault("refuse")
    with pytest.raises(httpx.TransportError):
        visitor.http.get("/trainees")
    site.control.fault("up")
    assert visitor.get("/trainees").reply.status_code == 200


def test_a_step_whose_reply_is_lost_was_done_and_is_in_the_ledger(site, visitor, people):
    slug = in_state(people, "trn_received").slug
    visitor.get(f"/trainees/{slug}/delete")
    site.control.fault("lost_reply", match="POST /trainees", count=1)
    with pytest.raises(httpx.TransportError):
        visitor.send(f"/trainees/{slug}/delete")
    assert held(site, slug)["deleted"] is True
    (entry,) = site.control.requests()
    assert (entry["method"], entry["path"], entry["effect"]) == ("POST", f"/trainees/{slug}/delete", True)


NASTY = '<b>O\'Neil & "Sons"</b>'


def test_what_was_typed_is_text_and_never_markup(site, visitor):
    slug = site.control.add(first_names=NASTY, last_name="=cmd()", state="trn_received", training_route="12")[
        "trainee_id"
    ]
    for path in (
        f"/trainees/{slug}",
        f"/trainees/{slug}/personal-details",
        "/trainees",
        f"/trainees?text_search={NASTY}",
    ):
        page = visitor.get(path).page
        assert "<b>" not in visitor.reply.text
        assert NASTY in page.words or NASTY in str(page.forms)
    (row,) = rows_of(visitor.get("/trainees.csv").reply.content)
    assert row["last_names"] == "'=cmd()"


# --- finding


def test_finding_by_words_state_and_year_and_exporting_what_was_found(visitor, people):
    one = in_state(people, "trn_received")
    visitor.get(f"/trainees?text_search={one.get('trn')}")
    assert f"/trainees/{one.slug}" in visitor.page.links
    export = next(link for link in visitor.page.links if link.startswith("/trainees.csv"))
    rows = rows_of(visitor.get(export).reply.content)
    assert [row["register_id"] for row in rows] == [one.slug]
    deferred = [r.slug for r in people.records.values() if r.state == "deferred" and not r.deleted]
    visitor.get("/trainees?state=deferred")
    assert {link for link in visitor.page.links if len(link) == LONG + 10} == {
        f"/trainees/{s}" for s in deferred
    }
    assert "No records found" in visitor.get("/trainees?start_year=2016").page.words
    assert "Next page" in visitor.get("/trainees?page=nonsense").page.words


# --- registering by hand


def answer_all(visitor, slug, **other):
    pages = {
        "personal-details": {
            "first_names": "Ada Maud",
            "last_name": "Ashcombe",
            "date_of_birth_day": "1999-04-12",
            "sex": "10",
            "nationality": "British",
            "second_nationality": "Irish",
        },
        "contact-details": {"email": "ada@example.com"},
        "diversity-information": {"ethnicity": "160", "disabilities": ["51", "57"]},
        "course-details": {
            "course_subject_1": "Mathematics",
            "course_age_range": "13918",
            "study_mode": "01",
            "itt_start_date_day": "2026-09-07",
            "itt_end_date_day": "2027-07-02",
        },
        "training-partner": {"training_partner": "Dale Trust (10990002)"},
        "trainee-start-date-and-id": {"trainee_start_date_day": "2026-09-07", "provider_trainee_id": "S-1"},
        "funding": {"training_initiative": "no_initiative", "funding_method": "D"},
    }
    for page, answers in pages.items():
        visitor.get(f"/trainees/{slug}/{page}").send(**answers | other.get(page, {}))
    visitor.get(f"/trainees/{slug}/degrees/new").send(locale="uk")
    visitor.send(
        uk_degree="Bachelor of Arts",
        subject="Mathematics",
        institution="The Open University",
        graduation_year="2020",
        grade="First-class honours",
    )


def begin(visitor, route="12"):
    visitor.get("/trainees/new").send(training_route=route)
    return str(visitor.reply.url).split("/")[-2]


def test_a_trainee_registered_by_hand_in_the_order_of_the_pages(site, visitor):
    slug = begin(visitor)
    assert visitor.page.links[-2].endswith("/personal-details"), "the next page that is not complete"
    assert held(site, slug)["state"] == "draft"
    assert site.ids() == []
    answer_all(visitor, slug)
    assert visitor.get(f"/trainees/{slug}/review-draft").page.words.count("Not complete") == 0
    visitor.get(f"/trainees/{slug}/check-details").send(f"/trainees/{slug}/check-details")
    assert "submitted for a TRN" in visitor.page.words
    shown = site.seen(slug)
    assert shown["state"] == "submitted_for_trn"
    assert shown["first_names"] == "Ada Maud"
    assert (shown["nationality"], shown["disability1"], shown["disability2"]) == ("GB", "51", "57")
    assert (shown["course_subject_1"], shown["course_education_phase"]) == ("100403", "secondary")
    assert (shown["record_source"], shown["hesa_id"], "itt_aim" in shown) == ("manual", None, False)
    assert held(site, slug)["nationalities"] == ["GB", "IE"]
    assert shown["degrees"][0]["institution"] == "0001"
    assert all(entry["effect"] for entry in site.control.requests() if entry["method"] == "POST")
    site.control.clock("2026-10-05T09:05:00Z")
    visitor.get(f"/trainees/{slug}")
    assert "TRN received" in visitor.page.words


def test_nothing_incomplete_or_known_already_is_submitted(site, visitor):
    slug = begin(visitor)
    path = f"/trainees/{slug}/check-details"
    visitor.get(path).send(path, status=422)
    assert "Personal details is not complete" in visitor.page.words
    answer_all(visitor, slug)
    visitor.get(path).send(path)
    twin = begin(visitor)
    answer_all(visitor, twin)
    path = f"/trainees/{twin}/check-details"
    visitor.get(path).send(path, status=422)
    assert "This trainee is already in Register" in visitor.page.words
    assert held(site, twin)["state"] == "draft"
    visitor.get(f"/trainees/{twin}/delete").send(f"/trainees/{twin}/delete")
    assert visitor.get(f"/trainees/{twin}").reply.status_code == 404


WRONG = [
    ("personal-details", {"first_names": ""}, "First names cannot be left blank"),
    ("personal-details", {"date_of_birth_day": "2026-02-30"}, "Enter a real date"),
    ("personal-details", {"date_of_birth_day": "2015-02-03"}, "16"),
    ("personal-details", {"nationality": "Atlantean"}, "Choose nationality from the list"),
    ("personal-details", {"sex": "77"}, "Choose from the list"),
    ("contact-details", {"email": "nobody"}, "name@example.com"),
    ("course-details", {"itt_end_date_day": "2026-09-01"}, "after"),
    ("course-details", {"course_age_range": "13914"}, "primary"),
    ("diversity-information", {"disabilities": []}, "Disabilities cannot be left blank"),
    ("funding", {"funding_method": "E"}, "Choose from the list"),
]


@pytest.mark.parametrize(("page", "answers", "words"), WRONG)
def test_a_wrong_answer_is_told_at_its_question_and_nothing_is_stored(site, visitor, page, answers, words):
    slug = begin(visitor)
    answer_all(visitor, slug)
    before = held(site, slug)
    visitor.get(f"/trainees/{slug}/{page}").send(status=422, **answers)
    assert "There is a problem" in visitor.page.words
    assert visitor.page.title.startswith("Error: ")
    assert words.casefold() in visitor.page.words.casefold()
    assert held(site, slug) == before


ROUTES = [("10", "employing-school", True), ("12", "employing-school", False), ("15", "iqts-country", True)]


@pytest.mark.parametrize(("route", "page", "asked"), ROUTES)
def test_pages_follow_the_route(visitor, route, page, asked):
    slug = begin(visitor, route)
    assert any(link.endswith(f"/{page}") for link in visitor.page.links) is asked
    assert visitor.get(f"/trainees/{slug}/{page}").reply.status_code == (200 if asked else 404)


def test_partner_and_school_by_name_by_number_or_not_applicable(site, visitor):
    slug = begin(visitor, "10")
    visitor.get(f"/trainees/{slug}/training-partner").send(training_partner="10990002")
    visitor.get(f"/trainees/{slug}/employing-school").send(employing_school="Saltersgate School (555001)")
    found = held(site, slug)
    assert (found["training_partner_ukprn"], found["training_partner_urn"]) == ("10990002", None)
    assert found["employing_school_urn"] == "555001"
    visitor.get(f"/trainees/{slug}/employing-school").send(employing_school="not applicable")
    assert held(site, slug)["employing_school_urn"] is None
    visitor.get(f"/trainees/{slug}/employing-school").send(employing_school="123456", status=422)
    assert "Choose employing school from the list" in visitor.page.words


# --- changing answers


def test_an_answer_is_changed_as_by_a_colleague_and_the_api_shows_it(site, visitor):
    one = site.new()
    site.control.clock("2026-10-05T10:00:00Z")
    visitor.get(f"/trainees/{one['trainee_id']}/contact-details").send(email="new@example.com")
    shown = site.seen(one)
    assert (shown["email"], shown["updated_at"]) == ("new@example.com", "2026-10-05T10:00:00.000Z")
    assert shown["hesa_id"] == one["hesa_id"], "what the website does not ask stays"


@pytest.mark.parametrize("state", ["withdrawn", "awarded", "recommended_for_award"])
def test_closed_records_cannot_be_changed(site, visitor, state):
    slug = site.control.add(last_name="Ashcombe", training_route="12", state=state)["trainee_id"]
    assert visitor.get(f"/trainees/{slug}/contact-details").reply.status_code == 404
    assert not any("contact-details" in link for link in visitor.get(f"/trainees/{slug}").page.links)


def test_degrees_are_added_changed_and_deleted(site, visitor):
    one = site.new(training_route="11", funding_method="6", degrees_attributes=[uk_degree()])
    slug, first = one["trainee_id"], one["degrees"][0]["degree_id"]
    base = f"/trainees/{slug}/degrees"
    assert (
        visitor.get(f"{base}/new").send(status=422).page.words.count("Choose whether this is a UK degree")
        >= 1
    )
    visitor.send(locale="non-uk").send(status=422)
    visitor.send(
        non_uk_degree="Bachelor of Arts", subject="French language", country="France", graduation_year="2019"
    )
    assert len(site.seen(slug)["degrees"]) == 2
    visitor.get(f"{base}/{first}").send(f"{base}/{first}", graduation_year="1850", status=422)
    visitor.send(f"{base}/{first}", graduation_year="2018")
    assert {d["graduation_year"] for d in site.seen(slug)["degrees"]} == {2018, 2019}
    visitor.get(f"{base}/{first}").send(f"{base}/{first}/delete")
    assert [d["country"] for d in site.seen(slug)["degrees"]] == ["FR"]


def test_placements_are_added_changed_and_deleted_silently_but_for_the_first(site, visitor):
    one = site.new()
    slug = one["trainee_id"]
    base = f"/trainees/{slug}/placements"
    visitor.get(f"{base}/new").send(status=422)
    assert "Choose a school, or enter the name" in visitor.page.words
    visitor.send(school=KNOWN_SCHOOL)
    site.control.clock("2026-10-05T11:00:00Z")
    stamp = site.seen(slug)["updated_at"]
    visitor.get(f"{base}/new").send(name="Hill Hospital School", postcode="BN1 1AA")
    shown = site.seen(slug)
    assert [p["urn"] for p in shown["placements"]] == [KNOWN_SCHOOL, None]
    assert shown["updated_at"] == stamp
    second = shown["placements"][1]["placement_id"]
    visitor.get(f"{base}/{second}").send(f"{base}/{second}", postcode="nonsense", status=422)
    visitor.get(f"{base}/{second}").send(f"{base}/{second}", name="Dale Hospital School")
    visitor.get(f"{base}/{second}").send(f"{base}/{second}/delete")
    assert len(site.seen(slug)["placements"]) == 1


# --- steps


def test_defer_and_reinstate(site, visitor, people):
    slug = next(
        r.slug
        for r in people.records.values()
        if r.state == "trn_received" and not r.deleted and str(r.get("itt_start_date")) < "2026-09-20"
    )
    path = f"/trainees/{slug}"
    visitor.get(f"{path}/defer").send(status=422)
    assert "Defer this trainee" in visitor.page.headings[0]
    visitor.send(defer_date_day="2026-09-28", defer_reason="Illness")
    assert (site.seen(slug)["state"], site.seen(slug)["defer_date"]) == ("deferred", "2026-09-28")
    visitor.get(f"{path}/reinstate").send(
        reinstate_date_day="2026-12-01", itt_end_date_day="2028-07-01", status=422
    )
    assert "must not be in the future" in visitor.page.words
    visitor.send(reinstate_date_day="2026-10-02", itt_end_date_day="2028-07-01")
    shown = site.seen(slug)
    assert (shown["state"], shown["reinstate_date"], shown["itt_end_date"]) == (
        "trn_received",
        "2026-10-02",
        "2028-07-01",
    )
    assert visitor.get(f"{path}/reinstate").reply.status_code == 404


def test_withdraw_and_undo(site, visitor):
    slug = site.new()["trainee_id"]
    path = f"/trainees/{slug}"
    visitor.get(f"{path}/withdraw").send(
        withdrawal_date_day="2026-10-01",
        trigger="trainee",
        reasons=["mandatory_reasons"],
        future_interest="no",
        status=422,
    )
    assert "A reason here does not fit" in visitor.page.words
    visitor.send(
        reasons=["trainee_workload_issues", "trainee_chose_to_withdraw_another_reason"],
        future_interest="no",
        status=422,
    )
    assert "Say what the other reason is" in visitor.page.words
    visitor.send(another_reason="Moved away", future_interest="no")
    shown = site.seen(slug)
    assert (shown["state"], shown["withdrawal_another_reason"]) == ("withdrawn", "Moved away")
    visitor.get(f"{path}/undo-withdrawal").send(status=422)
    visitor.send(ticket="Entered in error")
    shown = site.seen(slug)
    assert (shown["state"], shown["withdrawal_date"], shown["withdrawal_reasons"]) == (
        "submitted_for_trn",
        None,
        None,
    )


def test_recommend_needs_placements_as_the_api_says(site, visitor):
    slug = site.new()["trainee_id"]
    site.control.clock("2026-10-05T09:10:00Z")
    path = f"/trainees/{slug}/recommend"
    visitor.get(path).send(qts_standards_met_date_day="2026-10-04", status=422)
    assert "needs 2 placements" in visitor.page.words
    for urn in (KNOWN_SCHOOL, "555001"):
        visitor.get(f"/trainees/{slug}/placements/new").send(school=urn)
    visitor.get(path).send(qts_standards_met_date_day="2026-10-04")
    assert site.seen(slug)["state"] == "recommended_for_award"


def test_deleting_takes_the_trainee_off_every_list(site, visitor, people):
    record = in_state(people, "trn_received")
    visitor.get(f"/trainees/{record.slug}/delete").send(f"/trainees/{record.slug}/delete")
    assert visitor.page.headings == ["Registered trainees"]
    assert record.slug not in site.ids(academic_cycle=record.cycle, per_page=200)
    assert record.slug not in visitor.get("/trainees.csv").reply.text


# --- sign-off


def test_the_census_is_signed_off_once_by_a_person_who_confirms(site, visitor, people):
    visitor.get("/reports/censuses")
    assert "14 October 2026" in visitor.page.words
    visitor.send(status=422)
    assert "Confirm that you have checked the data" in visitor.page.words
    visitor.send(confirm="yes")
    assert "Your reference is CEN-2026-" in visitor.page.words
    assert [f for f in visitor.get("/reports/censuses").page.forms if f.action == "/reports/censuses"] == []
    assert visitor.get("/reports").page.words.count("Not signed off") == 1
    assert "not open now" in visitor.get("/reports/performance-profiles").page.words


def test_no_other_provider_is_seen(site, visitor):
    other = site.control.add(last_name="Elsewhere", ukprn="10999999", state="trn_received")["trainee_id"]
    assert PROVIDER_UKPRN != "10999999"
    assert visitor.get(f"/trainees/{other}").reply.status_code == 404
    assert "Elsewhere" not in visitor.get("/trainees.csv").reply.text


def test_the_clock_of_the_pages_is_the_portals(site, visitor):
    slug = site.new()["trainee_id"]
    site.control.clock(NOW)
    assert "5 October 2026 at 10:00" in visitor.get(f"/trainees/{slug}").page.words
