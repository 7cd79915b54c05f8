"""Data packs: a signed file brings newer lists and tables, everything else is refused with nothing kept."""

import io
import json
import shutil
import zipfile

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from desktop import paths
from desktop.collections import editions
from desktop.collections.packs import Pack
from desktop.model.errors import UsageError
from desktop.services import data_packs
from tests.publishing import publish

NEWER, NEWEST = "2027-02-01", "2027-03-01"


@pytest.fixture
def key(monkeypatch):
    """A key that this program trusts, for the test only."""
    made = Ed25519PrivateKey.generate()
    monkeypatch.setattr(editions, "trusted_keys", lambda: {"a test": publish.public_of(made)})
    monkeypatch.setattr(editions, "troubles", [])
    return made


@pytest.fixture
def edition(tmp_path):
    """A copy of the shipped data of ects, a few months newer, with one provider more."""
    folder = tmp_path / "edition"
    shutil.copytree(editions.shipped("ects", 2026), folder)
    put(folder, "about.json", facts_of=NEWER)
    put(folder, "codes/lead_provider.json", quill_learning="Quill Learning")
    return folder


def put(folder, name, **values):
    path = folder / name
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def made(folder, key, tmp_path, **more):
    return publish.write_pack(folder, key, tmp_path / f"pack{data_packs.ENDING}", **more)


def of_ects():
    return next(one for one in data_packs.packs() if one.collection == "ects")


def test_what_a_pack_brings_is_said_before_it_counts(edition, key, tmp_path):
    offered = data_packs.look(made(edition, key, tmp_path))
    assert offered.words == "1 new in lead provider"
    assert offered.signed_by == "a test"
    assert "quill_learning" not in Pack("ects", 2026).codes("lead_provider")


def test_it_counts_and_one_step_takes_it_back(edition, key, tmp_path):
    data_packs.install(made(edition, key, tmp_path))
    assert Pack("ects", 2026).codes("lead_provider")["quill_learning"].label == "Quill Learning"
    assert of_ects().facts_of == NEWER
    put(edition, "about.json", facts_of=NEWEST)
    put(edition, "codes/lead_provider.json", quill_learning="Quill Learning Trust")
    assert data_packs.install(made(edition, key, tmp_path)).words == "1 reworded in lead provider"
    assert Pack("ects", 2026).codes("lead_provider")["quill_learning"].label == "Quill Learning Trust"
    data_packs.roll_back("ects", 2026)
    assert Pack("ects", 2026).codes("lead_provider")["quill_learning"].label == "Quill Learning"
    data_packs.roll_back("ects", 2026)
    assert "quill_learning" not in Pack("ects", 2026).codes("lead_provider")
    with pytest.raises(UsageError, match="no earlier data"):
        data_packs.roll_back("ects", 2026)


def test_the_other_collections_keep_theirs(edition, key, tmp_path):
    before = Pack("trainees", 2026).folder
    data_packs.install(made(edition, key, tmp_path))
    assert Pack("trainees", 2026).folder == before == editions.shipped("trainees", 2026)


def test_nobody_s_key_is_trusted_unless_the_program_brings_it(edition, tmp_path):
    with pytest.raises(UsageError, match="not signed by anybody whom this Holdfast trusts"):
        data_packs.install(made(edition, Ed25519PrivateKey.generate(), tmp_path))


def test_another_key_is_refused(edition, key, tmp_path):
    with pytest.raises(UsageError, match="not signed by anybody whom this Holdfast trusts"):
        data_packs.install(made(edition, Ed25519PrivateKey.generate(), tmp_path))
    assert of_ects().facts_of == of_ects().shipped_of


def _forget(folder):
    path = folder / "codes/lead_provider.json"
    codes = json.loads(path.read_text())
    del codes["teach_first"]
    path.write_text(json.dumps(codes))


def _lacking(folder):
    path = folder / "contract_periods.json"
    table = json.loads(path.read_text())
    table.popitem()
    path.write_text(json.dumps(table))


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_forget, "forgets 1 of the list lead_provider"),
        (_lacking, "The table contract_periods of the data pack lacks something"),
        (lambda folder: (folder / "school_types.json").unlink(), "has no school_types.json"),
        (lambda folder: (folder / "codes/role.json").write_text("[1"), "The list role"),
        (lambda folder: (folder / "codes/role.json").write_text('{"ect": 7}'), "The list role"),
        (lambda folder: (folder / "codes/role.json").write_text('{"ect": ""}'), "The list role"),
        (lambda folder: (folder / "closed_windows.json").write_text("{"), "The table closed_windows"),
        (lambda folder: put(folder, "about.json", facts_of="2020-01-01"), "is of 2020-01-01, and you have"),
        (lambda folder: put(folder, "about.json", year=2031), "does not use data for ects of 2031"),
        (lambda folder: put(folder, "about.json", collection="planets"), "does not use data for planets"),
        (lambda folder: put(folder, "about.json", collection="../ects"), "not a data pack that this version"),
    ],
)
def test_data_that_would_do_harm_are_refused(edition, key, tmp_path, spoil, told):
    spoil(edition)
    with pytest.raises(UsageError, match=told):
        data_packs.install(made(edition, key, tmp_path))
    assert Pack("ects", 2026).folder == editions.shipped("ects", 2026)


def test_a_pack_for_a_newer_program_says_which(edition, key, tmp_path):
    with pytest.raises(UsageError, match=r"needs Holdfast 99\.1 or newer"):
        data_packs.install(made(edition, key, tmp_path, needs="99.1"))


def _rewritten(path, change):
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    change(content)
    with zipfile.ZipFile(path, "w") as archive:
        for name, raw in content.items():
            archive.writestr(name, raw)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            lambda c: c.update({"codes/role.json": b'{"ect": "Elf"}'}),
            "codes/role.json of the data pack is not as",
        ),
        (lambda c: c.update({"../../evil.json": b"{}"}), "or there are others"),
        (lambda c: c.pop("codes/role.json"), "Files of the data pack are missing"),
        (lambda c: c.update({"manifest.json": c["manifest.json"].replace(b"2027", b"2028")}), "not signed"),
        (lambda c: c.pop("manifest.sig"), "not a Holdfast data pack"),
        (lambda c: c.update({"codes/role.json": b" " * (data_packs.LARGEST_FILE + 1)}), "too large"),
    ],
)
def test_a_file_that_was_tampered_with_is_refused(edition, key, tmp_path, change, told):
    path = made(edition, key, tmp_path)
    _rewritten(path, change)
    with pytest.raises(UsageError, match=told):
        data_packs.install(path)
    assert of_ects().facts_of == of_ects().shipped_of


def test_whatever_is_cut_or_bent_is_refused(edition, key, tmp_path):
    path = made(edition, key, tmp_path)
    whole = path.read_bytes()
    for place in range(0, len(whole), len(whole) // 40):
        for raw in (whole[:place], whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :]):
            path.write_bytes(raw)
            try:
                data_packs.look(path)
            except UsageError:
                continue
            with zipfile.ZipFile(io.BytesIO(raw)) as archive, zipfile.ZipFile(io.BytesIO(whole)) as first:
                assert {n: archive.read(n) for n in archive.namelist()} == {
                    n: first.read(n) for n in first.namelist()
                }


def test_an_installed_pack_that_was_damaged_later_gives_way_and_says_so(edition, key, tmp_path):
    data_packs.install(made(edition, key, tmp_path))
    (Pack("ects", 2026).folder / "codes/role.json").write_text('{"ect": "Elf"}')
    assert Pack("ects", 2026).codes("role")["ect"].label == "ECT"
    (trouble,) = editions.troubles
    assert trouble.startswith(
        f"The newer data for ects of {NEWER} do not count: The file codes/role.json of the data"
    )
    assert trouble.endswith("Those that came with Holdfast do.")


def test_what_it_puts_for_everybody_counts_and_nobody_else_takes_it_back(edition, key, tmp_path, monkeypatch):
    own, everybody = tmp_path / "own", tmp_path / "everybody"
    monkeypatch.setattr(paths, "pack_folders", lambda: (everybody, own))
    data_packs.install(made(edition, key, tmp_path))
    monkeypatch.setattr(paths, "pack_folders", lambda: (own, everybody))
    assert of_ects().facts_of == NEWER
    with pytest.raises(UsageError, match="put here by your IT"):
        data_packs.roll_back("ects", 2026)


def test_a_newer_program_s_own_data_win(edition, key, tmp_path, monkeypatch):
    data_packs.install(made(edition, key, tmp_path))
    put(edition, "about.json", facts_of=NEWEST)
    monkeypatch.setattr(editions, "shipped", lambda *_: edition)
    assert Pack("ects", 2026).folder == edition


def test_every_shipped_pack_is_on_the_list():
    assert [(one.collection, one.year, one.newer, one.before) for one in data_packs.packs()] == [
        ("ects", 2026, False, ""),
        ("trainees", 2026, False, ""),
    ]
