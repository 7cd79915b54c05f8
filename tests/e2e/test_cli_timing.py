"""When things are sent, on the command line: pause, resume, timetable; and a portal that was put back to an older copy."""

import json

import pytest

from tests.e2e.cli_world import pulled


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with pulled(tmp_path_factory.mktemp("timing") / "ws") as (cli, portal):
        yield cli, portal


def test_a_timetable_is_shown_changed_and_kept(site):
    cli, _ = site
    usual = cli.ok("timetable")
    assert (usual["automatic"], usual["every_min"], usual["share"], usual["quiet_from"]) == (
        True,
        15,
        80,
        None,
    )
    assert usual["next_pass"]
    changed = cli.ok("timetable", "--share", "40", "--every", "30", "--quiet", "22:00-6:30")
    assert (changed["share"], changed["every_min"]) == (40, 30)
    assert (changed["quiet_from"], changed["quiet_until"]) == ("22:00", "06:30")
    assert cli.ok("timetable", "--automatic", "off")["next_pass"] is None
    assert cli.ok("timetable", "--automatic", "on", "--quiet", "off")["quiet_from"] is None
    assert "40 requests a minute" in cli("timetable", as_json=False).out


@pytest.mark.parametrize(
    "wrong",
    [
        ["--share", "0"],
        ["--share", "101"],
        ["--share", "many"],
        ["--every", "0"],
        ["--quiet", "22:00"],
        ["--quiet", "22:00-22:00"],
        ["--quiet", "late-early"],
        ["--automatic", "perhaps"],
    ],
)
def test_a_timetable_that_cannot_be_kept_is_refused(site, wrong):
    cli, _ = site
    before = cli.ok("timetable")
    assert cli("timetable", *wrong).code == 2
    after = cli.ok("timetable")
    assert {n: v for n, v in after.items() if n != "next_pass"} == {
        n: v for n, v in before.items() if n != "next_pass"
    }


def test_pausing_is_shown_and_a_person_may_still_send(site):
    cli, _ = site
    assert cli.ok("pause")["paused"]
    assert cli.ok("status")["paused"]
    assert cli.ok("sync")["portal"]["state"] == "up"
    assert not cli.ok("resume")["paused"]
    assert not cli.ok("status")["paused"]


@pytest.fixture
def put_back(tmp_path):
    """A workspace of its own, and a portal of which a copy was kept."""
    with pulled(tmp_path / "ws") as (cli, portal):
        portal.control.limits(None)
        portal.control.snapshot()
        yield cli, portal


def test_a_portal_that_was_put_back_holds_everything_until_a_person_has_decided(put_back):
    """I11: asked, told, and nothing sent meanwhile."""
    cli, portal = put_back
    ids = cli.ok("list", "trainees", "--filter", "state=trn_received", "--limit", "2")["records"]
    cli.ok("set", "trainees", ids[0]["id"], "email=confirmed@mail.example")
    cli.ok("sync")
    cli.ok("set", "trainees", ids[1]["id"], "middle_names=Wren")
    portal.control.rollback()
    held = cli("sync")
    assert (held.code, held.json["held"], held.json["queued"]) == (1, True, 1)
    assert cli.ok("status")["portals"][0]["restored"]
    assert cli.ok("queue")["held"]
    told = cli("sync", as_json=False)
    assert "put back to an older copy" in told.out
    assert "holdfast resume" in told.out
    [conflict] = cli.ok("conflicts")["conflicts"]
    cli.ok("resolve", conflict["id"], "--all", "mine")
    sent = cli.ok("sync")
    assert (sent["held"], sent["pushed"], sent["queued"]) == (False, 2, 0)
    assert portal.control.trainee(ids[0]["portal_id"])["email"] == "confirmed@mail.example"


def test_a_trainee_that_the_portal_lost_is_sent_again(put_back):
    cli, portal = put_back
    added = cli.ok("add", "trainees", "--from", "-", stdin=json.dumps(cli.new_trainee()).encode())
    cli.ok("sync")
    first = cli.ok("show", "trainees", added["id"])["portal_id"]
    portal.control.rollback()
    assert cli("sync").code == 1
    [conflict] = cli.ok("conflicts")["conflicts"]
    assert "--send-again" in cli("conflicts", as_json=False).out
    assert cli.ok("resolve", conflict["id"], "--send-again")["portal_id"] is None
    assert cli.ok("sync")["pushed"] == 1
    again = cli.ok("show", "trainees", added["id"])
    assert again["sync"] == "clean"
    assert again["portal_id"] not in (None, first)
    assert cli("resolve", "nothing", "--send-again").code == 2
