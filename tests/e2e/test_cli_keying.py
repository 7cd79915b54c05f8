"""`key`: what a person types on the portal's website, as people and scripts call it."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.e2e.cli_world import new_cli, pulled

ITEM = {"id", "record", "label", "journey", "what", "why", "state", "missing", "by", "since", "page", "pages"}

YESTERDAY = f"{datetime.now(UTC) - timedelta(days=1):%d/%m/%Y}"
DEFERRED = {"defer_date": "2026-01-15", "itt_start_date": "2025-09-01"}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with pulled(tmp_path_factory.mktemp("keying") / "ws") as (made, portal):
        portal.control.edit(made.one()["portal_id"], state="deferred", **DEFERRED)
        made.ok("sync")
        yield made


@pytest.fixture
def cli(world):
    return world


@pytest.fixture
def item(cli):
    """A trainee whose return from a deferral was asked for; nothing is left of it afterwards."""
    ref = cli.one("deferred")["id"]
    acted = cli(
        "act", "trainees", ref, "reinstate", "return_date=1 October 2026", "new_end_date=30 September 2027"
    )
    assert acted.code == 0, acted.out
    (found,) = cli.ok("key", "list")["items"]
    yield found
    cli("key", "give-up", found["id"])
    for change in cli.ok("show", "trainees", ref)["changes"]:
        cli("take-back", change["id"])


def test_what_only_the_website_does_is_listed_and_shown(cli, item):
    assert item.keys() >= ITEM
    assert (item["journey"], item["why"], item["state"], item["pages"]) == ("reinstate", "only", "waiting", 3)
    shown = cli.ok("key", "show", item["id"])
    assert [page["heading"] for page in shown["sheet"]] == [
        "When did the trainee return?",
        "What is the expected end date for their course?",
        "Check reinstatement details",
    ]
    assert shown["sheet"][0]["questions"][1]["copy"] == ["1", "10", "2026"]
    queued = [i for i in cli.ok("queue")["items"] if i["record"] == item["record"]]
    assert [(i["group"], i["place"]) for i in queued] == [("hand", None)]


def test_typed_it_waits_to_be_read_back(cli, item):
    begun = cli.ok("key", "begin", item["id"])
    assert (begun["state"], begun["open_page"]) == ("begun", "date")
    done = cli.ok("key", "done", item["id"], "--reference", "R 12", "--on", YESTERDAY)
    assert (done["said"], done["item"]["state"], done["item"]["reference"]) == ("accepted", "typed", "R 12")
    (change,) = cli.ok("show", "trainees", item["record"])["changes"]
    assert change["state"] == "unknown"
    assert "R 12" in change["reason"]
    assert cli.ok("key", "give-up", item["id"], "--why", "Not there")["given_up"] is True
    assert cli.ok("key", "list")["items"][0]["state"] == "waiting"


def test_refused_is_exit_one_and_waits_for_a_person(cli, item):
    done = cli("key", "done", item["id"], "--refused", "The date is wrong")
    assert (done.code, done.json["said"]) == (1, "refused")
    assert cli("key", "list").code == 1


def test_the_sheet_for_people_and_on_paper(cli, item, tmp_path):
    out = tmp_path / "sheet.pdf"
    told = cli("key", "show", item["id"], "--out", str(out), as_json=False).out
    assert "1 October 2026" in told
    assert "Reinstate" in told
    assert out.read_bytes().startswith(b"%PDF")
    assert "To type" in cli("key", "list", as_json=False).out


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("key", "show"), "needs an ID"),
        (("key", "show", "nothing:reinstate"), "nothing to type"),
        (("key", "fly"), "deed"),
        (("key", "done", "x:y", "--refused", "a", "--not-sure"), "not allowed"),
        (("key", "give-up", "x:y"), "nothing to type"),
    ],
)
def test_what_cannot_be_understood_is_exit_two(cli, words, why):
    refused = cli(*words)
    assert refused.code == 2
    assert why in refused.error.lower() or why in refused.error


def test_a_day_that_is_none_is_exit_two_and_types_nothing(cli, item):
    refused = cli("key", "done", item["id"], "--on", "yesteryear")
    assert (refused.code, "not a day" in refused.error) == (2, True)


def test_an_office_without_an_api_types_its_new_trainees(cli, tmp_path):
    scitt = new_cli(tmp_path / "scitt")
    scitt.ok("init", "--organisation", "Larkfield SCITT", "--kind", "scitt")
    body = cli.new_trainee(hesa_id=..., provider_trainee_id=...)
    added = scitt("add", "trainees", "--from", "-", stdin=json.dumps(body).encode()).json
    (item,) = scitt.ok("key", "list")["items"]
    assert (item["journey"], item["why"], item["missing"]) == ("register", "no_way_in", ["Trainee ID"])
    assert scitt("key", "begin", item["id"]).code == 2
    assert scitt("key", "show", item["id"]).code == 1
    scitt("set", "trainees", added["id"], "provider_trainee_id=LF-1")
    assert scitt.ok("key", "begin", item["id"])["open_page"] == "route"
