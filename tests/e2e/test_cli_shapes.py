"""JSON shapes and exit codes of the command line, verb by verb (contract.md section 2)."""

import csv
import json
import re
import shutil
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from desktop.services.workspace import key_of
from desktop.store.store import Store
from tests.e2e.cli_world import PASSPHRASE, new_cli, pulled

FINDING = {"rule", "severity", "field", "message", "record"}
RECORD = {"id", "portal_id", "sync", "state", "fields", "base", "pending", "children", "findings"}
SYNC = {"portal", "pulled", "merged", "pushed", "conflicts", "rejected", "unknown", "queued", "requests"}


@pytest.fixture
def world(tmp_path):
    with pulled(tmp_path / "ws") as (cli, portal):
        yield cli, portal


@pytest.fixture
def cli(world):
    return world[0]


def _add(cli, **changes):
    return cli("add", "trainees", "--from", "-", stdin=json.dumps(cli.new_trainee(**changes)).encode())


def test_sync_tells_what_it_did_and_the_second_has_nothing_to_do(world):
    cli, portal = world
    data = cli.ok("sync")
    assert data.keys() >= SYNC
    assert data["portal"]["state"] == "up"
    assert (data["pulled"], data["pushed"], data["queued"]) == (0, 0, 0)
    full = cli.ok("pull", "trainees", "--full")
    assert full["requests"] > 0
    portal.control.fault("maintenance")
    down = cli("sync")
    assert (down.code, down.json["portal"]["state"]) == (3, "maintenance")
    assert down.json.keys() >= SYNC


@pytest.mark.parametrize(
    ("mode", "code", "states"),
    [
        ("maintenance", 3, {"maintenance"}),
        ("unavailable", 3, {"down", "busy", "maintenance"}),
        ("busy", 3, {"busy"}),
        ("captive", 3, {"captive"}),
        ("api_off", 3, {"api-off"}),
        ("unauthorised", 5, {"sign-in"}),
        ("refuse", 3, {"down"}),
        ("cut_body", 3, {"down", "unknown"}),
    ],
)
def test_each_state_of_the_portal_has_its_exit_code_and_keeps_the_work(world, mode, code, states):
    cli, portal = world
    ref = cli.one()["id"]
    cli.ok("set", "trainees", ref, "email=kept@mail.example")
    portal.control.fault(mode)
    result = cli("sync")
    assert (result.code, result.json["portal"]["state"]) in {(code, state) for state in states}
    assert result.json["queued"] == 1
    status = cli.ok("status")
    assert status["portals"][0]["state"] in states
    assert status["portals"][0]["since"]
    assert status["queued"] == 1
    portal.control.fault("up")
    said = cli.ok("journal", "--limit", "50")["entries"]
    assert portal.token not in json.dumps(said) + result.out + result.err
    if mode not in ("busy", "unavailable"):
        assert cli.ok("sync")["pushed"] == 1
        assert (
            portal.control.trainee(cli.ok("show", "trainees", ref)["portal_id"])["email"]
            == "kept@mail.example"
        )


def test_list_counts_filters_pages_and_gives_fields(cli):
    everything = cli.ok("list", "trainees")
    assert everything["total"] == len(everything["records"]) > 5
    assert all(r.keys() >= {"id", "portal_id", "label", "sync", "state"} for r in everything["records"])
    assert all("fields" not in r for r in everything["records"])
    page = cli.ok("list", "trainees", "--limit", "2", "--offset", "1")
    assert page["total"] == everything["total"]
    assert page["records"] == everything["records"][1:3]
    assert cli.ok("list", "trainees", "--limit", "9" * 40) == everything
    assert cli.ok("list", "trainees", "--limit", "0")["records"] == []
    assert cli.ok("list", "trainees", "--offset", "9" * 40)["records"] == []
    one = everything["records"][0]
    surname = one["label"].split(",")[0]
    assert one in cli.ok("list", "trainees", "--search", surname[:3].lower())["records"]
    full = cli.ok("list", "trainees", "--fields")["records"][0]
    assert full["fields"]["last_name"] == surname
    assert None not in full["fields"].values()
    states = {r["state"] for r in everything["records"]}
    chosen = cli.ok("list", "trainees", *(w for s in states for w in ("--filter", f"state={s}")))
    assert chosen["total"] == everything["total"]


@pytest.mark.parametrize(
    "words", ["", '"', "'", "* OR", "a*b", "NEAR(", "%", "\\", "x AND y", "-", "ü", "\U0001f600"]
)
def test_any_text_can_be_searched_for(cli, words):
    assert cli.ok("list", "trainees", "--search", words)["total"] >= 0


def test_filters_take_dates_and_labels_as_people_write_them(cli):
    ref = cli.one()["id"]
    fields = cli.ok("show", "trainees", ref)["fields"]
    start = date.fromisoformat(fields["itt_start_date"])
    for day in (start.isoformat(), f"{start.day}/{start.month}/{start.year}"):
        found = cli.ok("list", "trainees", "--filter", f"itt_start_date={day}")["records"]
        assert ref in [r["id"] for r in found]
    by_code = cli.ok("list", "trainees", "--filter", f"sex={fields['sex']}")
    assert ref in [r["id"] for r in by_code["records"]]


def test_show_finds_a_record_by_every_reference_it_has(cli):
    shown = cli.ok("show", "trainees", cli.one()["id"])
    assert shown.keys() >= RECORD
    assert shown["sync"] == "clean"
    assert shown["pending"] == {}
    assert shown["base"] == shown["fields"]
    assert all(child["id"] for group in shown["children"].values() for child in group)
    refs = (
        shown["portal_id"],
        shown["extras"]["trn"],
        shown["fields"]["provider_trainee_id"],
        shown["fields"]["hesa_id"],
    )
    for ref in refs:
        assert cli.ok("show", "trainees", ref) == shown


def test_an_ambiguous_reference_names_its_candidates(cli):
    ids = [_add(cli, provider_trainee_id="TWIN", first_names=name).json["id"] for name in ("Una", "Ula")]
    result = cli("show", "trainees", "TWIN")
    assert result.code == 2
    assert all(record_id in result.error for record_id in ids)


def test_add_gives_the_record_and_its_findings(cli):
    sound = _add(cli)
    assert sound.code == 0
    assert sound.json["sync"] == "queued"
    assert not [f for f in sound.json["findings"] if f["severity"] == "error"]
    draft = _add(cli, provider_trainee_id="NEW-2", last_name="Other", email="not an address", sex=...)
    assert draft.code == 1
    assert draft.json["sync"] == "draft"
    assert {f["field"] for f in draft.json["findings"] if f["severity"] == "error"} >= {"email", "sex"}
    assert all(f.keys() >= FINDING for f in draft.json["findings"])
    shown = cli.ok("show", "trainees", draft.json["id"])
    assert shown["base"] is None
    assert shown["pending"]["email"] == "not an address"


def test_codes_stay_text_and_numbers_keep_their_digits(cli):
    ref = cli.one()["id"]
    cases = {
        "course_age_range=13914": ("course_age_range", "13914"),
        "study_mode=02": ("study_mode", "02"),
        "fund_code=2": ("fund_code", "2"),
        'provider_trainee_id="007"': ("provider_trainee_id", "007"),
        "provider_trainee_id=007": ("provider_trainee_id", "007"),
        "provider_trainee_id=1.0": ("provider_trainee_id", "1.0"),
        "provider_trainee_id=1e400": ("provider_trainee_id", "1e400"),
        "provider_trainee_id=-0": ("provider_trainee_id", "-0"),
        "hesa_id=12345678901234567": ("hesa_id", "12345678901234567"),
        "course_year=2": ("course_year", 2),
        'course_year="3"': ("course_year", 3),
        "course_year=1.0": ("course_year", 1),
        "last_name=NaN": ("last_name", "NaN"),
        "last_name=a=b": ("last_name", "a=b"),
        "previous_last_name=null": ("previous_last_name", None),
        "middle_names=": ("middle_names", None),
        "itt_end_date=1/9/28": ("itt_end_date", "2028-09-01"),
        "itt_end_date=2 sep 2028": ("itt_end_date", "2028-09-02"),
        "itt_end_date=2028-09-03": ("itt_end_date", "2028-09-03"),
    }
    for word, (field, held) in cases.items():
        result = cli("set", "trainees", ref, word)
        assert result.code in (0, 1)
        assert result.json["fields"].get(field) == held, word


def test_set_is_as_show_and_what_is_taken_back_leaves_nothing_waiting(cli):
    ref = cli.one()["id"]
    before = cli.ok("show", "trainees", ref)
    changed = cli.ok("set", "trainees", ref, "email=new@mail.example")
    assert changed["pending"] == {"email": "new@mail.example"}
    assert changed["base"]["email"] == before["fields"]["email"]
    assert changed == cli.ok("show", "trainees", ref)
    [item] = cli.ok("queue")["items"]
    assert item.keys() >= {"id", "record", "kind", "state", "attempts", "next_try", "reason"}
    assert (item["record"], item["kind"], item["state"]) == (ref, "update", "queued")
    assert cli.ok("take-back", item["id"])["sync"] == "clean"
    assert cli.ok("queue")["items"] == []
    cli.ok("set", "trainees", ref, "email=new@mail.example")
    assert cli.ok("revert", "trainees", ref)["pending"] == {}


def test_children_are_added_changed_and_removed_by_set(world):
    cli, portal = world
    ref = next(
        r["id"]
        for r in cli.ok("list", "trainees", "--filter", "state=trn_received", "--fields")["records"]
        if r["children"].get("degrees")
    )
    degree = '{"subject": "100403", "institution": "0149", "uk_degree": "083", "grade": "01", "graduation_year": 2020}'
    held = cli.ok("set", "trainees", ref, f"degrees+={degree}")["children"]["degrees"]
    local_id = held[-1]["id"]
    assert held[-1]["subject"] == "100403"
    assert held[-1]["portal_id"] is None
    held = cli.ok("set", "trainees", ref, f"degrees.{local_id}.grade=02")["children"]["degrees"]
    assert held[-1]["grade"] == "02"
    assert cli.ok("sync")["pushed"] == 1
    held = cli.ok("show", "trainees", ref)["children"]["degrees"]
    new = next(d["id"] for d in held if d["subject"] == "100403" and d["grade"] == "02")
    old = next(d["id"] for d in held if d["id"] != new)
    assert new != local_id
    # The id from before it was sent still names it.
    both = cli.ok("set", "trainees", ref, f"degrees.{local_id}.grade=03", f"degrees-={old}")
    assert both["pending"] == {f"degrees.{new}.grade": "03", f"degrees.{old}": None}
    cli.ok("sync")
    portal_id = cli.ok("show", "trainees", ref)["portal_id"]
    there = {d["degree_id"]: d["grade"] for d in portal.control.trainee(portal_id)["degrees"]}
    assert there[new] == "03"
    assert there.keys() == {d["id"] for d in held} - {old}


def test_a_draft_can_be_discarded_but_not_what_the_portal_has(cli):
    record_id = _add(cli).json["id"]
    assert cli.ok("discard", "trainees", record_id) == {"id": record_id, "discarded": True}
    assert cli("show", "trainees", record_id).code == 2
    assert cli.ok("journal", record_id)["entries"][0]["event"] == "discarded"
    assert cli("discard", "trainees", cli.one()["id"]).code == 2


def test_act_queues_once_and_refuses_what_the_rules_forbid(cli):
    ref = cli.one()["id"]
    refused = cli("act", "trainees", ref, "withdraw", "withdrawal_date=1/1/1999", "trigger=nobody")
    assert refused.code == 1
    assert refused.json["queued"] is False
    assert "withdrawal_date" in [f["field"] for f in refused.json["findings"]]
    assert cli.ok("queue")["items"] == []
    queued = cli.ok("act", "trainees", ref, "defer", "defer_date=1 nov 2026")
    assert queued.keys() >= RECORD
    [item] = cli.ok("queue")["items"]
    assert (item["kind"], item["target"]) == ("action", "defer")
    assert cli("act", "trainees", ref, "defer", "defer_date=2026-11-02").code == 1
    cli.ok("sync")
    assert cli.ok("show", "trainees", ref)["state"] == "deferred"


def test_check_counts_and_stores_nothing(cli):
    sound = cli.new_trainee()
    broken = cli.new_trainee(email="nobody", degrees=[{"subject": "100403", "graduation_year": "soon"}])
    before = cli.content()
    data = json.dumps([sound, broken]).encode()
    result = cli("check", "trainees", "--from", "-", stdin=data)
    assert result.code == 1
    assert result.json["checked"] == 2
    errors = [f for f in result.json["findings"] if f["severity"] == "error"]
    assert len(errors) == result.json["errors"] > 0
    assert {f["record"] for f in errors} == {1}
    assert {"email", "degrees.0.graduation_year"} <= {f["field"] for f in errors}
    assert cli.ok("check", "--from", "-", stdin=json.dumps(sound).encode())["checked"] == 1
    assert cli.ok("check", "trainees", "--from", "-", stdin=b"[]")["checked"] == 0
    assert cli.content() == before


def test_today_counts_for_every_rule_and_leaves_no_trace(cli):
    sound = json.dumps(cli.new_trainee()).encode()
    early = cli("check", "--from", "-", "--today", "1 feb 2021", stdin=sound)
    assert early.code == 1
    assert early.json["errors"] > 0
    now = cli("check", "trainees")
    record = _add(cli).json["id"]
    assert cli("check", "trainees", record, "--today", "2021-02-01").json["errors"] > 0
    assert cli("check", "trainees", "--today", "2021-02-01").json["checked"] == now.json["checked"] + 1
    assert cli("list", "trainees", "--filter", "errors=1").json["total"] == 0
    assert cli.ok("check", "trainees", record)["checked"] == 1


def test_a_conflict_is_shown_and_settled(world):
    cli, portal = world
    one = cli.one()
    cli.ok("set", "trainees", one["id"], "email=mine@mail.example", "middle_names=Mary")
    portal.control.edit(one["portal_id"], email="theirs@mail.example")
    assert cli("sync").code == 1
    [conflict] = cli.ok("conflicts")["conflicts"]
    assert conflict.keys() >= {"id", "record", "kind", "fields"}
    [field] = conflict["fields"]
    assert field.keys() >= {"field", "base", "mine", "theirs"}
    assert (field["mine"], field["theirs"]) == ("mine@mail.example", "theirs@mail.example")
    typed = cli("set", "trainees", one["id"], "email=later@mail.example")
    assert (typed.code, typed.json["sync"]) == (1, "conflict")
    assert cli.ok("conflicts")["conflicts"][0]["fields"][0]["mine"] == "later@mail.example"
    for wrong in (
        ["email=nonsense"],
        ["last_name=mine"],
        ["nosuch=value:1"],
        ["--all", "both"],
        ["--link", "x"],
        [],
    ):
        assert cli("resolve", conflict["id"], *wrong).code == 2, wrong
    assert cli.ok("resolve", conflict["id"], "email=theirs")["fields"]["email"] == "theirs@mail.example"
    assert "later@mail.example" in json.dumps(cli.ok("journal", one["id"])["entries"][0]["detail"])
    assert cli.ok("conflicts")["conflicts"] == []
    cli.ok("sync")
    assert portal.control.trainee(one["portal_id"])["email"] == "theirs@mail.example"


def test_a_conflict_can_be_settled_with_a_third_value(world):
    cli, portal = world
    one = cli.one()
    cli.ok("set", "trainees", one["id"], "itt_end_date=2028-07-01")
    portal.control.edit(one["portal_id"], itt_end_date="2028-07-02")
    assert cli("sync").code == 1
    [conflict] = cli.ok("conflicts")["conflicts"]
    settled = cli.ok("resolve", conflict["id"], "itt_end_date=value:3/7/28")
    assert settled["fields"]["itt_end_date"] == "2028-07-03"
    cli.ok("sync")
    assert portal.control.trainee(one["portal_id"])["itt_end_date"] == "2028-07-03"


def test_status_and_journal_have_what_the_contract_names(cli):
    status = cli.ok("status")
    assert status.keys() >= {"portals", "deadlines", "queued", "needs_you", "last_success"}
    assert status["portals"][0].keys() >= {"collection", "state", "since", "next_check"}
    assert datetime.fromisoformat(status["last_success"]).tzinfo is not None
    entries = cli.ok("journal")["entries"]
    assert all(e.keys() >= {"seq", "at", "actor", "event", "text", "record", "detail"} for e in entries)
    assert [e["seq"] for e in entries] == list(range(len(entries), 0, -1))
    assert len(cli.ok("journal", "--limit", "2")["entries"]) == 2


def test_evidence_is_the_same_in_file_and_json(world, tmp_path):
    cli, portal = world
    portal.control.fault("maintenance")
    cli("sync")
    portal.control.fault("up")
    cli("sync")
    portal.control.fault("unauthorised")
    cli("sync")
    target = tmp_path / "evidence.csv"
    data = cli.ok("evidence", "--out", str(target))
    assert data["file"] == str(target)
    assert [o["state"] for o in data["outages"]] == ["maintenance", "sign-in"]
    assert [bool(o["end"]) for o in data["outages"]] == [True, False]
    with target.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(r["collection"], r["state"]) for r in rows] == [
        ("trainees", "maintenance"),
        ("trainees", "sign-in"),
    ]
    assert datetime.fromisoformat(rows[0]["begin"]).tzinfo is not None
    assert rows[1]["end"] == ""


def test_evidence_is_a_document_too_and_says_how_it_is_checked(world, tmp_path):
    cli, portal = world
    portal.control.fault("maintenance")
    cli.ok("set", "trainees", cli.one()["id"], "itt_end_date=7/9/28")
    cli("sync")
    target = tmp_path / "evidence.PDF"
    data = cli.ok("evidence", "--out", str(target))
    assert (data["file"], data["files"], len(data["outages"])) == (str(target), [str(target)], 1)
    assert target.read_bytes().startswith(b"%PDF-")
    text = " ".join(page.extract_text() for page in PdfReader(target).pages)
    assert "1 change to 1 trainee was saved here and waited" in " ".join(text.split())
    rows, last = data["journal"]["rows"], data["journal"]["last"]
    assert last in text
    (entry,) = cli.ok("journal", "--row", str(rows))["entries"]
    assert (entry["seq"], entry["seal"]) == (rows, last)
    assert last in cli("journal", "--row", str(rows), as_json=False).out
    assert cli("journal", "--row", str(rows + 9)).code == 2


def test_evidence_of_a_period(world, tmp_path):
    cli, portal = world
    portal.control.fault("maintenance")
    cli("sync")
    today = datetime.now(ZoneInfo("Europe/London")).date()
    for bounds, number in (
        (("--since", today.isoformat()), 1),
        (("--until", today.isoformat()), 1),
        (("--until", (today - timedelta(days=1)).isoformat()), 0),
        (("--since", "2099-01-01T09:00"), 0),
        (("--since", "2026-01-01T09:00+01:00", "--until", "2999-12-31"), 1),
    ):
        data = cli.ok("evidence", "--out", str(tmp_path / "e.csv"), *bounds)
        assert len(data["outages"]) == number, bounds
        with (tmp_path / "e.csv").open(encoding="utf-8", newline="") as stream:
            assert len(list(csv.DictReader(stream))) == number


def test_evidence_from_a_broken_journal_says_so_and_needs_a_person(world, tmp_path):
    cli, portal = world
    portal.control.fault("maintenance")
    cli("sync")
    assert cli.ok("doctor")["ok"]
    store = Store.open(cli.folder, key_of(cli.folder, PASSPHRASE)[1])
    with store.write() as unit:
        row = unit.journal.entries(limit=1, events=("try_failed",))[0].seq
        unit.connection.exec_driver_sql("DROP TRIGGER journal_kept")
        unit.journal.write("workspace")
        unit.journal.flush()
        unit.connection.exec_driver_sql("DELETE FROM journal WHERE seq = ?", (row,))
    store.close()
    told = f"Journal rows {row} to {row} are missing."
    doctor = cli("doctor")
    assert (doctor.code, told in doctor.json["problems"]) == (4, True)
    target = tmp_path / "evidence.pdf"
    result = cli("evidence", "--out", str(target))
    assert (result.code, told in result.json["journal"]["problems"]) == (1, True)
    assert told in " ".join(" ".join(p.extract_text() for p in PdfReader(target).pages).split())
    assert "The journal's chain is broken" in cli("evidence", "--out", str(target), as_json=False).out


def test_people_get_tables_and_sentences(world):
    cli, portal = world
    one = cli.one()
    cli.ok("set", "trainees", one["id"], "itt_end_date=7/9/28")
    told = {
        words: cli(*words, as_json=False).out
        for words in (
            ("list", "trainees"),
            ("show", "trainees", one["id"]),
            ("queue",),
            ("status",),
            ("journal", one["id"]),
            ("conflicts",),
            ("check", "trainees"),
        )
    }
    assert all(told.values())
    assert "7 September 2028" in told["show", "trainees", one["id"]]
    assert "Waiting" in told["list", "trainees"]
    assert "1 change on the way" in told[("queue",)]
    portal.control.fault("maintenance")
    down = cli("sync", as_json=False)
    assert down.code == 3
    assert "1 change waits here." in down.out
    everything = " ".join([*told.values(), down.out]).lower()
    for word in ("sync error", "invalid", "failed", "oops", "payload", "queue item", "http", "null", "422"):
        assert not re.search(rf"\b{word}\b", everything)


def test_what_a_record_holds_cannot_steer_a_terminal(cli):
    ref = cli.one()["id"]
    cli("set", "trainees", ref, "last_name=\x1b[2J\u202eevil")
    for words in (
        ("show", "trainees", ref),
        ("list", "trainees"),
        ("queue",),
        ("journal", ref),
        ("check", "trainees"),
    ):
        said = cli(*words, as_json=False).out
        assert "\x1b" not in said
        assert "\u202e" not in said


@pytest.mark.parametrize("choice", ["link", "keep"])
def test_a_possible_duplicate_is_linked_or_kept_as_a_draft(world, tmp_path, choice):
    cli, _ = world
    colleague = new_cli(tmp_path / "colleague")
    shutil.copytree(cli.folder, colleague.folder)
    colleague.env.update(cli.env)
    record_id = _add(cli).json["id"]
    assert cli.ok("sync")["pushed"] == 1
    portal_id = cli.ok("show", "trainees", record_id)["portal_id"]
    twin = _add(colleague, provider_trainee_id="NEW-2", middle_names="Mary").json["id"]
    assert colleague("push").code == 1
    [conflict] = colleague.ok("conflicts")["conflicts"]
    assert (conflict["kind"], conflict["record"]) == ("duplicate", twin)
    assert [c["portal_id"] for c in conflict["candidates"]] == [portal_id]
    assert portal_id in colleague("conflicts", as_json=False).out
    assert colleague("resolve", conflict["id"], "--link", "nobody").code == 2
    assert colleague("resolve", conflict["id"], "--all", "mine").code == 2
    if choice == "link":
        settled = colleague.ok("resolve", conflict["id"], "--link", portal_id)
        assert settled["portal_id"] == portal_id
        assert settled["pending"]["middle_names"] == "Mary"
    else:
        settled = colleague.ok("resolve", conflict["id"], "--keep-draft")
        assert settled["portal_id"] is None
    assert colleague.ok("conflicts")["conflicts"] == []
