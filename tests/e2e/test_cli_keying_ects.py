"""`key` for a school: sheets of Register early career teachers, as people and scripts type from them (pack 1, 9)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from desktop.collections.ects.tables import contract_year
from desktop.services.core import LONDON
from tests.e2e.cli_world import Cli, cheap_keys, new_cli
from tests.unit.collections.ects.sample import ECT, MENTOR, SCHOOL

TODAY = datetime.now(LONDON).date()
START = (TODAY - timedelta(days=30)).isoformat()


@pytest.fixture
def cli(tmp_path) -> Iterator[Cli]:
    with cheap_keys():
        made = new_cli(tmp_path / "ws")
        made.ok("init", "--organisation", "Northmoor Academy", "--kind", "school", "--urn", "123456")
        yield made


def add(cli: Cli, of: dict[str, Any], **changes: Any) -> str:
    record = {k: v for k, v in {**of, **changes}.items() if v is not None}
    found = cli("add", "ects", "--from", "-", stdin=json.dumps(record).encode()).json
    return str(found["id"])


def ect(cli: Cli, **changes: Any) -> str:
    return add(cli, ECT, started_on=START, **changes)


def listed(cli: Cli) -> list[dict[str, Any]]:
    return list(cli("key", "list").json["items"])


def test_a_school_is_typed_in_its_order(cli: Cli):
    """Section 9: induction tutor, ECT, then the mentor who names the ECT."""
    priya, sam = add(cli, MENTOR), ect(cli)
    school = add(cli, SCHOOL, induction_tutor_confirmed=contract_year(TODAY))
    items = listed(cli)
    assert [(i["record"], i["journey"]) for i in items] == [
        (school, "induction_tutor"),
        (sam, "register_ect"),
        (priya, "register_mentor"),
    ]
    assert "until Sam Okafor is registered" in items[2]["why_not"]
    assert cli("key", "begin", items[2]["id"]).code == 2
    for item in items:
        done = cli.ok("key", "done", item["id"])
        assert (done["said"], done["item"]) == ("accepted", None)
    assert listed(cli) == []
    held = cli.ok("show", "ects", sam)
    assert held["state"] == "registered"
    (link,) = held["children"]["mentorships"]
    assert link["mentor_trn"] == "2054321"
    assert cli.ok("show", "ects", school)["fields"]["last_lead_provider"] == "teach_first"


def test_what_stops_it_is_kept_by_its_code_and_typed_anew(cli: Cli):
    """Section 1.1, outcomes of step 1."""
    sam = ect(cli)
    item = f"{sam}:register_ect"
    outcomes = cli.ok("key", "show", item)["sheet"][0]["outcomes"]
    assert {o["key"] for o in outcomes if not o["ends"]} == {"found", "date_of_birth_differs"}
    assert cli("key", "done", item, "--stopped", "no_such_page").code == 2
    done = cli("key", "done", item, "--stopped", "not_found")
    assert (done.code, done.json["said"], done.json["item"]["code"]) == (1, "refused", "not_found")
    assert cli.ok("show", "ects", sam)["fields"]["portal_answer"] == "not_found"
    cli.ok("key", "again", item)
    (found,) = listed(cli)
    assert (found["code"], found["missing"]) == ("", ["Date of birth"])
    assert cli("key", "instead", item).code == 2


def test_a_mentor_who_is_there_is_linked_instead(cli: Cli):
    """Section 1.2, step 1."""
    sam, priya = ect(cli), add(cli, MENTOR)
    cli.ok("key", "done", f"{sam}:register_ect")
    cli("key", "done", f"{priya}:register_mentor", "--stopped", "already_registered")
    told = cli.ok("key", "instead", f"{priya}:register_mentor")
    assert told["instead"] == "Link this mentor to the ECT instead"
    assert f"{sam}:mentor" in {item["id"] for item in listed(cli)}
    cli.ok("key", "is-there", f"{sam}:mentor")
    assert f"{sam}:mentor" not in {item["id"] for item in listed(cli)}


def test_not_sure_is_settled_by_looking(cli: Cli):
    """Section 0, fact 1: nothing can be read back."""
    sam = ect(cli)
    out = cli("key", "done", f"{sam}:register_ect", "--not-sure", as_json=False).out
    assert "key is-there ID" in out
    cli.ok("key", "is-there", f"{sam}:register_ect")
    assert cli.ok("show", "ects", sam)["state"] == "registered"


def test_many_in_a_row_with_a_summary(cli: Cli, tmp_path):
    """Section 9: one that is stopped holds up none."""
    ids = [ect(cli, trn=f"30{n:05}", email=f"e{n}@example.com") for n in range(4)]
    assert cli("key", "run").code == 2
    run = cli.ok("key", "run", "--all")
    assert (run["place"], run["total"], run["next"]) == (1, 4, f"{ids[0]}:register_ect")
    assert run["same"]["Select lead provider"] == "Teach First"
    cli.ok("key", "done", f"{ids[0]}:register_ect")
    cli("key", "done", f"{ids[1]}:register_ect", "--stopped", "prohibited")
    shown = cli("key", "run", as_json=False)
    assert shown.code == 1
    assert "2 of 4 typed, 1 not done." in shown.out
    out = tmp_path / "summary.csv"
    ended = cli("key", "run", "--out", str(out), "--end").json
    assert [one["code"] for one in ended["ended"]] == ["", "prohibited"]
    assert out.read_text("utf-8-sig").count("Still to do") == 2
    assert cli("key", "run").code == 2
    assert len(listed(cli)) == 3


def test_a_leaving_is_typed_before_what_was_changed_since(cli: Cli):
    """Sections 1.8 and 9: leaving wins."""
    sam = ect(cli)
    cli.ok("key", "done", f"{sam}:register_ect")
    day = (TODAY + timedelta(days=30)).isoformat()
    assert cli("act", "ects", sam, "leave", f"leaving_on={day}").code == 0
    cli("set", "ects", sam, "email=new@example.com")
    first, second = listed(cli)
    assert (first["journey"], first["why_not"]) == ("leave", "")
    assert "is typed first, and wins" in second["why_not"]
    cli.ok("key", "done", first["id"])
    assert cli.ok("show", "ects", sam)["state"] == "leaving"
    assert [item["journey"] for item in listed(cli)] == ["change"]


def test_lists_for_the_body_and_the_provider(cli: Cli, tmp_path):
    """Section 6: schools have no file to upload; these are for people."""
    ect(cli)
    out = tmp_path / "out"
    told = cli.ok("export", "ects", "appropriate-body", "--out", str(out))
    assert told == {"files": ["ECTs for Alban Teaching School Hub.csv"], "records": 1}
    assert "Okafor" in (out / told["files"][0]).read_text("utf-8-sig")
    assert cli("export", "ects", "appropriate-body", "--out", str(out)).code == 2
    assert cli("export", "ects", "bulk-add", "--out", str(out)).code == 2
