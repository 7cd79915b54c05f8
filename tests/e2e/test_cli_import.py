"""`import COLLECTION FILE [--dry-run] [--map FILE]` as scripts use it: its object, its exit codes, and nothing half."""

import csv
import itertools
import json

import pytest

from desktop.handover.tables import write_xlsx
from tests.e2e.cli_world import pulled

HEADS = ("provider_trainee_id", "first_names", "last_name", "date_of_birth", "email")
_NUMBERS = itertools.count(1_000)
KEYS = {"rows", "added", "updated", "unchanged", "refused", "drafts", "notes", "dry_run", "import"}


@pytest.fixture(scope="module")
def cli(tmp_path_factory):
    with pulled(tmp_path_factory.mktemp("import") / "ws") as (cli, _):
        yield cli


@pytest.fixture
def sheet(tmp_path):
    def written(*rows, name="trainees.csv"):
        with (tmp_path / name).open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
        return str(tmp_path / name)

    return written


@pytest.fixture
def ids(cli):
    """Trainee ids that the workspace holds."""
    records = cli.ok("list", "trainees", "--filter", "state=trn_received", "--fields")["records"]
    return [
        (r["id"], r["fields"]["provider_trainee_id"])
        for r in records
        if r["fields"].get("provider_trainee_id")
    ]


@pytest.fixture
def name():
    """A word that no other test uses."""
    return f"I{next(_NUMBERS)}"


def complete(cli, key):
    """Headings and a row of a trainee that the rules let through; the degree as in the portal's template."""
    made = cli.new_trainee(
        provider_trainee_id=key, last_name=f"Q{''.join(chr(97 + int(d)) for d in key if d.isdigit())}"
    )
    fields = {n: v for n, v in made.items() if not isinstance(v, list) and v is not None}
    degree = made["degrees"][0]
    names = {"institution": "awarding_institution", "country": "degree_country"}
    for field, value in degree.items():
        if value is not None and field != "other_grade":
            fields[names.get(field, field if "degree" in field else f"degree_{field}")] = value
    return list(fields), [str(value) for value in fields.values()]


def test_every_row_is_counted_once_and_the_exit_code_says_whether_somebody_is_needed(cli, sheet, ids, name):
    (ref, key), (_, other) = ids[:2]
    held = cli.ok("show", "trainees", ref)["fields"]
    path = sheet(
        HEADS,
        (key, "", "", "", f"{name.lower()}@example.com"),
        (other, "", "", "", ""),
        ("", "", "", "", ""),
        (
            name,
            "Ada",
            name.translate(str.maketrans("0123456789", "abcdefghij")),
            "12/4/1999",
            "ada@example.com",
        ),
        ("NOBODY", "", "", "", "x@example.com"),
    )
    dry = cli("import", "trainees", path, "--dry-run")
    assert (dry.code, set(dry.json), dry.json["dry_run"]) == (1, KEYS, True)
    assert cli.ok("show", "trainees", ref)["fields"] == held
    done = cli("import", "trainees", path)
    assert done.code == 1
    counts = {n: done.json[n] for n in ("rows", "added", "updated", "unchanged", "drafts")}
    assert counts == {"rows": 4, "added": 1, "updated": 1, "unchanged": 1, "drafts": 1}
    assert counts == {n: dry.json[n] for n in counts}
    (refused,) = done.json["refused"]
    assert refused["row"] == 6
    assert refused["reason"].endswith("a new one needs first names and a last name.")
    assert cli.ok("show", "trainees", ref)["fields"]["email"] == f"{name.lower()}@example.com"
    added = cli("show", "trainees", name).json
    assert (added["sync"], added["fields"]["date_of_birth"]) == ("draft", "1999-04-12")


def test_a_complete_row_waits_to_be_sent_and_the_same_file_again_changes_nothing(cli, tmp_path, name):
    heads, row = complete(cli, name)
    path = tmp_path / "trainees.xlsx"
    write_xlsx(path, "Trainees", heads, [row])
    done = cli("import", "trainees", str(path))
    assert (done.code, done.json["added"], done.json["refused"]) == (0, 1, [])
    assert cli.ok("show", "trainees", name)["sync"] == "queued"
    again = cli("import", "trainees", str(path))
    assert (again.code, again.json["unchanged"], again.json["import"]) == (0, 1, "")


def test_a_mapping_says_what_columns_are(cli, sheet, tmp_path, ids):
    ref, key = ids[2]
    path = sheet(("Ref", "Contact", "First names"), (key, "mapped@example.com", "Wrongly"))
    assert cli("import", "trainees", path).code == 2
    mapping = tmp_path / "map.json"
    mapping.write_text(json.dumps({"Ref": "provider_trainee_id", "Contact": "email", "First names": ""}))
    assert cli.ok("import", "trainees", path, "--map", str(mapping))["updated"] == 1
    held = cli.ok("show", "trainees", ref)["fields"]
    assert (held["email"], held["first_names"] != "Wrongly") == ("mapped@example.com", True)
    assert cli.ok("import", "trainees", path)["unchanged"] == 1, "the mapping is remembered"


@pytest.mark.parametrize(
    "mapping", ["[]", "nonsense", '{"a": 1}', '{"Nowhere": "email"}', '{"email": "nosuch"}']
)
def test_a_mapping_that_fits_nothing_is_refused(cli, sheet, tmp_path, mapping):
    path = tmp_path / "map.json"
    path.write_text(mapping)
    assert cli("import", "trainees", sheet(HEADS, ("N", "A", "B", "", "")), "--map", str(path)).error


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        b"PK\x03\x04rubbish",
        b"\xd0\xcf\x11\xe0" + bytes(512),
        b"provider_trainee_id,email\n",
        b'provider_trainee_id,first_names,last_name\nX-1,Ada,Ash\nX-2,"Ben,Birch\n',
        b"what,is,this\n1,2,3\n",
    ],
)
def test_a_file_that_cannot_be_used_stores_nothing(cli, tmp_path, content):
    path = tmp_path / "trainees.csv"
    path.write_bytes(content)
    before = cli.content()
    refused = cli("import", "trainees", str(path))
    assert (refused.code, bool(refused.error)) == (2, True)
    assert cli.content() == before
    assert cli("import", "nosuch", str(path)).code == 2


def test_a_guarded_formula_loses_its_apostrophe_on_the_way_in(cli, sheet, ids):
    ref, key = ids[3]
    cli("import", "trainees", sheet(("provider_trainee_id", "previous_last_name"), (key, "'=1+1")))
    assert cli.ok("show", "trainees", ref)["fields"]["previous_last_name"] == "=1+1"


def test_people_read_what_happened_in_words(cli, sheet, name):
    path = sheet(HEADS, (name, "Ada", "Ash", "31/2/1999", ""), ("", "", "Birch", "", ""))
    told = cli("import", "trainees", path, "--dry-run", as_json=False)
    assert told.code == 1
    assert told.out.splitlines()[:5] == [
        "2 rows read.",
        "  1 would be added",
        "  1 not taken",
        "  1 of them would be drafts: holdfast check trainees",
        "Nothing was stored.",
    ]
    assert "Row 3, Birch:" in told.out
