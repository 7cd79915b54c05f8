"""`export`: the portal's own file formats, as people and scripts call it (contract.md section 2)."""

import csv
import io
import json

import pytest

from tests.e2e.cli_world import new_cli, pulled

ALWAYS = {"files", "records", "left_out"}


@pytest.fixture
def cli(tmp_path):
    with pulled(tmp_path / "ws") as (made, _portal):
        yield made


def add(cli, number, **changes):
    """A new trainee that the file can say in full."""
    body = cli.new_trainee(
        provider_trainee_id=f"NEW-{number}",
        hesa_id=f"{1234567890000 + number}",
        email=f"n{number}@mail.example",
        middle_names=...,
        training_partner_ukprn=...,
        **changes,
    )
    body["degrees"] = body.get("degrees", [])[:1]
    for degree in body["degrees"]:
        degree.pop("other_grade", None)
    body["placements"] = [p for p in body.get("placements", []) if p.get("urn")][:3]
    return cli("add", "trainees", "--from", "-", stdin=json.dumps(body).encode()).json["id"]


def rows(path):
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"), newline="")))


def test_every_record_that_is_not_at_the_portal_is_in_a_file(cli, tmp_path):
    ids = {add(cli, n) for n in range(3)}
    out = tmp_path / "new" / "folder"
    done = cli("export", "trainees", "bulk-add", "--out", str(out))
    told = done.json
    assert told.keys() >= ALWAYS
    assert (done.code, told["files"], told["records"], told["left_out"]) == (0, ["trainees-1.csv"], 3, [])
    found = rows(out / "trainees-1.csv")
    assert {row["provider_trainee_id"] for row in found} == {"NEW-0", "NEW-1", "NEW-2"}
    assert len(found[0]) == 51
    items = [item for item in cli.ok("queue")["items"] if item["record"] in ids]
    assert {item["state"] for item in items} == {"queued"}
    assert {item["reason"] for item in items} == {"In trainees-1.csv, not uploaded yet."}


def test_what_is_not_in_the_file_is_told_and_is_exit_one(cli, tmp_path):
    ref = add(cli, 1)
    cli("set", "trainees", ref, "middle_names=Maud")
    done = cli("export", "trainees", "bulk-add", "--out", str(tmp_path))
    (left,) = done.json["left_out"]
    assert (done.code, left["record"], left["field"]) == (1, ref, "middle_names")
    assert "no column" in left["reason"]
    words = cli("export", "trainees", "bulk-add", "--out", str(tmp_path), as_json=False)
    assert "middle_names" in words.out
    assert "trainees-2.csv" in words.out
    assert "trainees-1.csv holds the same row" in words.out


def test_a_formula_gets_its_apostrophe_and_nothing_else_does(cli, tmp_path):
    body = cli.new_trainee(last_name="=cmd", hesa_id="0310261553101", middle_names=...)
    cli("add", "trainees", "--from", "-", stdin=json.dumps(body).encode())
    told = cli("export", "trainees", "bulk-add", "--out", str(tmp_path)).json
    (row,) = rows(tmp_path / told["files"][0])
    assert (row["last_name"], row["hesa_id"]) == ("'=cmd", "0310261553101")


def test_nothing_to_put_in_writes_no_file(cli, tmp_path):
    for route in ("bulk-add", "recommend", "placements"):
        out = tmp_path / route
        done = cli.ok("export", "trainees", route, "--out", str(out))
        assert (done["files"], done["records"], done["left_out"]) == ([], 0, [])
        assert not out.exists()


def test_a_recommendation_goes_by_the_short_file_or_by_the_list(cli, tmp_path):
    ready = [
        r["id"]
        for r in cli.ok("list", "trainees", "--filter", "state=trn_received")["records"]
        if cli("act", "trainees", r["id"], "recommend", "qts_standards_met_date=2026-10-01").code == 0
    ]
    if not ready:
        pytest.fail("the practice portal has nobody to recommend")
    done = cli("export", "trainees", "recommend", "--out", str(tmp_path))
    assert done.json["records"] + len(done.json["left_out"]) == len(ready)


def test_placements_name_what_is_deleted_and_need_a_fresh_list(cli, tmp_path):
    ref, held = next(
        (r["id"], shown["children"]["placements"])
        for r in cli.ok("list", "trainees", "--filter", "state=trn_received")["records"]
        if (shown := cli.ok("show", "trainees", r["id"]))["children"].get("placements")
        and all(p["urn"] for p in shown["children"]["placements"])
    )
    cli("set", "trainees", ref, f"placements-={held[0]['id']}")
    told = cli("export", "trainees", "placements", "--out", str(tmp_path)).json
    assert [(d["record"], d["urn"]) for d in told["deletes"]] == [(ref, held[0]["urn"])]
    strange = tmp_path / "strange.csv"
    strange.write_text("a,b\n1,2\n")
    refused = cli("export", "trainees", "placements", "--out", str(tmp_path), "--from", str(strange))
    assert refused.code == 2
    assert "not Register's list" in refused.error


@pytest.mark.parametrize(
    "words",
    [
        ("trainees", "bulk-remove", "--out", "x"),
        ("teachers", "bulk-add", "--out", "x"),
        ("trainees", "bulk-add"),
        ("trainees", "recommend", "--out", "x", "--from", "nowhere.csv"),
    ],
)
def test_wrong_use_is_exit_two_and_writes_nothing(cli, tmp_path, words, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = cli.content()
    assert cli("export", *words).code == 2
    assert cli.content() == before
    assert not (tmp_path / "x").exists()


def test_a_workspace_without_any_portal_exports_too(tmp_path, cli):
    body = cli.new_trainee(middle_names=..., training_partner_ukprn=...)
    alone = new_cli(tmp_path / "alone")
    alone.init()
    alone("add", "trainees", "--from", "-", stdin=json.dumps(body).encode())
    told = alone("export", "trainees", "bulk-add", "--out", str(tmp_path / "out")).json
    assert (len(told["files"]), told["records"]) == (1, 1)


def test_our_own_import_of_the_file_changes_nothing(cli, tmp_path):
    for number in range(3):
        add(cli, number)
    body = cli.new_trainee(last_name="=cmd", middle_names=..., training_partner_ukprn=...)
    cli("add", "trainees", "--from", "-", stdin=json.dumps(body).encode())
    told = cli("export", "trainees", "bulk-add", "--out", str(tmp_path)).json
    for name in told["files"]:
        read = cli("import", "trainees", str(tmp_path / name)).json
        assert (read["added"], read["updated"], read["refused"]) == (0, 0, [])
        assert read["unchanged"] == read["rows"] > 0


def test_our_own_import_of_the_file_elsewhere_gives_the_same_file(cli, tmp_path):
    for number in range(3):
        add(cli, number)
    cli("export", "trainees", "bulk-add", "--out", str(tmp_path))
    alone = new_cli(tmp_path / "alone")
    alone.init()
    alone("import", "trainees", str(tmp_path / "trainees-1.csv"))
    told = alone("export", "trainees", "bulk-add", "--out", str(tmp_path / "again")).json
    first, again = (
        rows(tmp_path / "trainees-1.csv"),
        [r for n in told["files"] for r in rows(tmp_path / "again" / n)],
    )
    assert sorted(first, key=str) == sorted(again, key=str)
