"""`import trainees FILE --from-portal`: the portal's own export read as scripts do it, with its object and exit codes."""

import pytest

from desktop.practice.server import PROVIDER_NAME, PracticePortal
from tests import website_export
from tests.e2e.cli_world import cheap_keys, new_cli

KEYS = {
    "rows",
    "added",
    "updated",
    "unchanged",
    "refused",
    "confirmed",
    "conflicts",
    "older",
    "unread",
    "dry_run",
}


@pytest.fixture(scope="module")
def portal():
    with PracticePortal(size=12) as running:
        yield running


@pytest.fixture
def cli(tmp_path):
    with cheap_keys():
        made = new_cli(tmp_path / "ws")
        made.ok("init", "--organisation", PROVIDER_NAME, "--kind", "scitt")
        yield made


@pytest.fixture
def export(portal, tmp_path):
    def make(name="2030-10-05_10-31_12_Register-trainee-teachers_exported_records.csv", leave=0, **other):
        rows = [
            website_export.row_of(t, provider_name=PROVIDER_NAME, provider_code="N11") | other
            for t in portal.control.trainees()
            if not t["deleted"]
        ]
        path = tmp_path / name
        path.write_bytes(website_export.written(rows[leave:]))
        return str(path)

    return make


def test_a_dry_run_tells_and_loading_does_it(cli, export):
    told = cli.ok("import", "trainees", export(), "--from-portal", "--dry-run")
    assert told.keys() >= KEYS
    assert told["dry_run"]
    assert told["added"] == told["rows"] > 0
    assert cli.ok("list", "trainees")["total"] == 0
    done = cli.ok("import", "trainees", export(), "--from-portal")
    assert {**done, "dry_run": True, "import": ""} == told
    assert cli.ok("list", "trainees")["total"] == told["rows"]
    again = cli.ok("import", "trainees", export(), "--from-portal")
    assert (again["added"], again["updated"], again["unchanged"]) == (0, 0, told["rows"])


def test_a_conflict_and_who_is_missing_exit_with_1(cli, export, portal):
    cli.ok("import", "trainees", export(), "--from-portal")
    taken = next(t for t in portal.control.trainees() if t["state"] == "trn_received" and not t["deleted"])
    cli.ok("set", "trainees", taken["trn"], "email=mine@mail.example")
    portal.control.edit(taken["trainee_id"], email="theirs@mail.example")
    later = export("2030-10-06_10-31_12_Register-trainee-teachers_exported_records.csv", leave=1)
    result = cli("import", "trainees", later, "--from-portal", "--whole")
    assert result.code == 1
    assert (result.json["conflicts"], result.json["missing"]) == (1, 1)
    fields = [f for c in cli("conflicts").json["conflicts"] for f in c["fields"]]
    assert [(f["mine"], f["theirs"]) for f in fields] == [("mine@mail.example", "theirs@mail.example")]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--whole",), "go with --from-portal"),
        (("--from-portal", "--map", "x.json"), "--map does not go"),
    ],
)
def test_options_that_do_not_belong_together(cli, export, words, told):
    result = cli("import", "trainees", export(), *words)
    assert result.code == 2
    assert told in result.error


def test_an_older_file_and_a_wrong_one_exit_with_2_and_store_nothing(cli, export, tmp_path):
    cli.ok("import", "trainees", export(), "--from-portal")
    old = export("2029-10-05_10-31_12_Register-trainee-teachers_exported_records.csv")
    refused = cli("import", "trainees", old, "--from-portal")
    assert refused.code == 2
    assert "--all-the-same" in refused.error
    assert cli.ok("import", "trainees", old, "--from-portal", "--all-the-same")["updated"] == 0
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("Name,Age\nAda,30\n")
    assert cli("import", "trainees", str(wrong), "--from-portal").code == 2
