"""The verbs about the program itself: about, packs, updates, and the publishers' script whose files they take."""

import json
import shutil

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from desktop import __version__
from desktop.collections import editions
from tests.e2e.cli_world import Cli
from tests.publishing import publish


@pytest.fixture
def cli(tmp_path):
    """No workspace: none of these verbs needs one."""
    return Cli(tmp_path / "nothing")


@pytest.fixture
def private(tmp_path, capsys, monkeypatch):
    path = tmp_path / "private.pem"
    assert publish.main(["key", "the makers", str(path)]) == 0
    trusted = json.loads(capsys.readouterr().out)
    monkeypatch.setattr(editions, "trusted_keys", lambda: trusted)
    return path


@pytest.fixture
def pack(tmp_path, private):
    edition = tmp_path / "edition"
    shutil.copytree(editions.shipped("ects", 2026), edition)
    about = edition / "about.json"
    about.write_text(json.dumps(json.loads(about.read_text()) | {"facts_of": "2027-02-01"}))
    path = tmp_path / "ects.holdfast-pack"
    assert publish.main(["pack", str(edition), str(private), str(path)]) == 0
    return path


def test_about_says_version_data_and_who_manages(cli, manage):
    manage(LockMinutes=10)
    data = cli.ok("about")
    assert data["version"] == __version__
    assert {one["collection"] for one in data["packs"]} == {"ects", "trainees"}
    assert data["managed"]["values"] == {"LockMinutes": 10}
    told = cli("about", as_json=False).out
    assert "LockMinutes: Set by your organisation: 10." in told


def test_a_managed_setting_that_is_not_understood_needs_somebody(cli, manage):
    manage(LockMinutes="soon")
    result = cli("about")
    assert result.code == 1
    assert result.json["managed"]["wrong"] == [
        'The managed setting "LockMinutes" is not understood, so it does not count.'
    ]


def test_a_pack_is_looked_at_installed_and_taken_back(cli, pack):
    assert "Nothing was changed" in cli.ok("packs", "--look", str(pack))["told"]
    assert cli.ok("packs")["packs"][0]["facts_of"] == "2026-08-21"
    assert "signed by the makers" in cli.ok("packs", "--install", str(pack))["told"]
    assert cli.ok("packs")["packs"][0]["facts_of"] == "2027-02-01"
    assert cli.ok("packs", "--back", "ects-2026")["told"] == "The data of 2026-08-21 count again."
    assert cli.ok("packs")["packs"][0]["facts_of"] == "2026-08-21"


@pytest.mark.parametrize(
    "words", [("--back", "ects-2026"), ("--back", "nonsense"), ("--install", "no-such-file")]
)
def test_what_cannot_be_done_is_usage(cli, words):
    result = cli("packs", *words)
    assert result.code == 2
    assert result.error


def test_without_an_address_updates_says_so(cli):
    assert "looks nowhere" in cli("updates").error


def test_nobody_at_the_address_is_exit_3(cli, manage):
    manage(UpdateAddress="http://127.0.0.1:9")
    assert cli("updates").code == 3


def test_a_release_is_announced_with_its_checksums(tmp_path, private):
    (tmp_path / "holdfast.deb").write_bytes(b"content")
    assert publish.main(["release", str(private), str(tmp_path / "holdfast.deb"), "--notes", "Faster"]) == 0
    from desktop.services.updates import parse, verify

    release = parse((tmp_path / "releases.json").read_bytes())
    assert (release.version, release.notes) == (__version__, ("Faster",))
    assert verify(tmp_path / "holdfast.deb", release).endswith("is the file that was published.")
    assert (tmp_path / "SHA256SUMS").read_text() == f"{release.files['holdfast.deb']}  holdfast.deb\n"


def test_the_private_key_is_its_owner_s_and_never_written_over(private):
    load_pem_private_key(private.read_bytes(), None)
    assert private.stat().st_mode & 0o077 == 0
    with pytest.raises(FileExistsError):
        publish.main(["key", "again", str(private)])


def test_nobody_is_trusted_by_the_repository_itself():
    assert editions.trusted_keys() == {}
