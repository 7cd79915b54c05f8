"""Managed settings: what IT may set, what a wrong value does, and that each of them counts (features.md G1.2)."""

import plistlib
from pathlib import Path

import pytest

from desktop import policy as module
from desktop.model.errors import UsageError, WrongGround
from desktop.paths import default_workspace
from desktop.policy import KEYS, Kind, Policy, from_file, understood
from desktop.services.portals import check_address
from desktop.store import vault
from desktop.store.ground import insist_on
from desktop.sync.portals.proxies import Proxy, Source, proxy_for

GOOD = {
    Kind.WHOLE: ("30", 30),
    Kind.CHOICE: None,
    Kind.YES_NO: ("no", False),
    Kind.TEXT: ("http://proxy.school.example:8080", "http://proxy.school.example:8080"),
    Kind.FOLDER: (str(Path("/srv/holdfast").absolute()), str(Path("/srv/holdfast").absolute())),
    Kind.LIST: ("https://a.example; https://b.example", ("https://a.example", "https://b.example")),
}
"""As the registry gives it, and what it means."""

BAD = {
    Kind.WHOLE: (0, 10_000, "many", 1.5, True, None),
    Kind.CHOICE: ("sometimes", 3, None, ""),
    Kind.YES_NO: ("perhaps", 2, None, []),
    Kind.TEXT: ("", "   ", 7, "line\nbreak", None),
    Kind.FOLDER: ("", "relative/folder", 3),
    Kind.LIST: ("", ";;", 4, [], [3]),
}


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.name)
def test_a_value_is_understood_and_said(key):
    raw, meant = GOOD[key.kind] or (key.choices[0].upper(), key.choices[0])
    policy = understood({key.name.lower(): raw}, "here")
    assert policy.values == {key.name: meant}
    assert policy.sets(key.name)
    assert policy.said(key.name).startswith("Set by your organisation: ")
    assert not policy.wrong


@pytest.mark.parametrize(
    ("key", "raw"),
    [(key, raw) for key in KEYS for raw in BAD[key.kind]],
    ids=lambda part: part.name if isinstance(part, module.Key) else repr(part),
)
def test_a_value_that_is_not_understood_counts_as_not_set_and_is_told(key, raw):
    policy = understood({key.name: raw}, "here")
    assert not policy.sets(key.name)
    assert policy.said(key.name) == ""
    assert policy.wrong == (f'The managed setting "{key.name}" is not understood, so it does not count.',)


def test_a_key_of_a_newer_version_is_told_and_the_rest_counts():
    policy = understood({"LockMinutes": 10, "Teleport": "yes"}, "here")
    assert policy.whole("LockMinutes", 0) == 10
    assert policy.wrong == ('The managed setting "Teleport" is not known to this version.',)


def test_toml_with_the_mark_that_windows_editors_leave(tmp_path):
    path = tmp_path / "policy.toml"
    path.write_text('AllowedPortals = ["https://a.example"]\nRememberKey = false\n', encoding="utf-8-sig")
    policy = from_file(path)
    assert policy.listed("AllowedPortals") == ("https://a.example",)
    assert policy.forbids("RememberKey")
    assert policy.source == str(path)


def test_a_property_list_as_macos_profiles_have_it(tmp_path):
    path = tmp_path / "policy.plist"
    path.write_bytes(plistlib.dumps({"LockMinutes": 5, "UpdateCheck": "off"}))
    policy = from_file(path)
    assert (policy.whole("LockMinutes", 0), policy.text("UpdateCheck")) == (5, "off")


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("policy.toml", b"LockMinutes = "),
        ("policy.toml", b"\xff\xfe\x00"),
        ("policy.plist", b"<plist>"),
        ("policy.plist", b"nonsense"),
        ("policy.plist", plistlib.dumps(["a list"])),
    ],
)
def test_a_damaged_file_sets_nothing_and_says_so(tmp_path, name, raw):
    (tmp_path / name).write_bytes(raw)
    policy = from_file(tmp_path / name)
    assert policy.values == {}
    assert policy.wrong == ("The file of managed settings is damaged, so none of it counts.",)


def test_no_file_is_no_policy(tmp_path):
    assert from_file(tmp_path / "policy.toml") == Policy()


def test_a_folder_instead_of_a_file_is_told(tmp_path):
    assert from_file(tmp_path).wrong == ("The managed settings cannot be read on this computer.",)


# --- that they count -------------------------------------------------------------------------------------------------


def test_a_portal_that_is_not_allowed_cannot_be_connected(manage):
    manage(AllowedPortals="https://register.example/")
    assert check_address("https://register.example") == "https://register.example"
    assert check_address("http://127.0.0.1:8000") == "http://127.0.0.1:8000"
    with pytest.raises(UsageError, match=r"allows these portals only: https://register\.example"):
        check_address("https://elsewhere.example")


def test_the_proxy_is_the_organisation_s(manage, monkeypatch):
    monkeypatch.setenv("https_proxy", "http://own.example:1")
    assert proxy_for("portal.example") == Proxy("http://own.example:1", Source.COMPUTER)
    manage(Proxy="http://proxy.school.example:8080")
    assert proxy_for("portal.example") == Proxy("http://proxy.school.example:8080", Source.MANAGED)
    manage(Proxy="none")
    assert proxy_for("portal.example") == Proxy("", Source.NONE)
    manage(Proxy="system")
    assert proxy_for("portal.example").source is Source.COMPUTER


def test_a_passphrase_is_as_long_as_the_organisation_wants(manage):
    from desktop.ui.first_run.answers import wrong_passphrase

    four_words = "brown kettle under stairs"
    assert wrong_passphrase(four_words) == ""
    manage(PassphraseLength=30)
    assert wrong_passphrase(four_words).startswith("Use at least 30 characters.")
    assert wrong_passphrase("brown kettle under the stairs, third") == ""


@pytest.mark.parametrize(("chosen", "counts"), [(5, 5), (60, 10), (0, 10)])
def test_nobody_chooses_a_longer_time_to_the_lock(manage, tmp_path, chosen, counts):
    from desktop.ui.shell.memory import Memory

    memory = Memory(tmp_path)
    memory.lock_minutes = chosen
    assert memory.lock_minutes == chosen
    manage(LockMinutes=10)
    assert memory.lock_minutes == counts


def test_windows_for_saving_begin_where_the_organisation_wants_files(manage, tmp_path):
    from desktop.ui.parts.save_as import documents

    assert documents() != tmp_path
    manage(ExportFolder=str(tmp_path))
    assert documents() == tmp_path


def test_the_key_is_not_remembered_where_it_is_forbidden(manage, monkeypatch):
    import keyring

    held: dict[str, str] = {}
    monkeypatch.setattr(keyring, "set_password", lambda _service, name, word: held.update({name: word}))
    monkeypatch.setattr(keyring, "get_password", lambda _service, name: held.get(name))
    key = bytes(range(32))
    assert vault.remember("a workspace", key)
    assert vault.recall("a workspace") == key
    manage(RememberKey=False)
    assert vault.recall("a workspace") is None
    held.clear()
    assert not vault.remember("a workspace", key)
    assert held == {}


def test_workspaces_are_kept_in_the_folder_of_the_organisation_only(manage, tmp_path):
    root = tmp_path / "root"
    manage(WorkspaceRoot=str(root))
    assert default_workspace() == root / "workspace"
    insist_on(root)
    insist_on(root / "a" / "b")
    for elsewhere in (tmp_path / "elsewhere", root.with_name("root2"), root / ".." / "other"):
        with pytest.raises(WrongGround, match="keeps workspaces in the folder"):
            insist_on(elsewhere)


@pytest.mark.parametrize(("seconds", "counts"), [(None, 60_000), (20, 20_000), (60, 60_000)])
def test_what_was_copied_leaves_the_clipboard_as_soon_as_it_is_wanted(manage, qapp, seconds, counts):
    from desktop.ui.parts.clipboard import PrivateClipboard

    if seconds:
        manage(ClipboardSeconds=seconds)
    assert PrivateClipboard()._timer.interval() == counts
