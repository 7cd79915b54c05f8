"""Settings on the program itself: data packs installed and taken back, managed settings said, newer versions told."""

import json
import shutil
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PySide6.QtWidgets import QFileDialog, QLabel

from desktop import __version__
from desktop.collections import editions
from desktop.model.errors import UsageError
from desktop.policy import KEYS
from desktop.services import data_packs, updates
from desktop.ui.parts.buttons import Button
from desktop.ui.settings import about as module
from desktop.ui.shell.newer import Newer
from tests.publishing import publish


@pytest.fixture
def pack(tmp_path, monkeypatch):
    """A pack file that this program trusts: ects, with one lead provider more."""
    key = Ed25519PrivateKey.generate()
    monkeypatch.setattr(editions, "trusted_keys", lambda: {"the makers": publish.public_of(key)})
    edition = tmp_path / "edition"
    shutil.copytree(editions.shipped("ects", 2026), edition)
    for name, more in (
        ("about", {"facts_of": "2027-02-01"}),
        ("codes/lead_provider", {"quill": "Quill Learning"}),
    ):
        path = edition / f"{name}.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | more))
    return publish.write_pack(edition, key, tmp_path / f"ects{data_packs.ENDING}")


@pytest.fixture
def about(make_window, workspace, settle):
    window = make_window(workspace, "settings")
    settle(window)
    return window.stack.page.about


def said(about):
    return " | ".join(label.text() for label in about.section.packs.findChildren(QLabel) if label.text())


def test_it_says_the_version_and_the_day_of_each_collection_s_data(about):
    assert about.section.version.text() == f"Version {__version__}"
    assert "Early career teachers 2026: as of 21 August 2026" in said(about)
    assert "Trainees 2026: as of 22 August 2026" in said(about)
    assert about.section.managed.text() == "Nothing is managed on this computer."
    assert not about.section.packs.findChildren(Button)


def test_a_pack_is_shown_installed_and_taken_back(about, pack, monkeypatch, settle, qtbot):
    asked: list[tuple[str, ...]] = []

    def agree(_over: Any, *words: str, **_how: Any) -> bool:
        asked.append(words)
        return True

    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(pack), ""))
    monkeypatch.setattr(module, "ask", agree)
    about.section.install.click()
    qtbot.waitUntil(lambda: "as of 1 February 2027, newer than what came with Holdfast" in said(about))
    assert asked[0][1] == "Signed by the makers, data as of 1 February 2027. 1 new in lead provider."
    (back,) = about.section.packs.findChildren(Button)
    assert back.toolTip() == "Those of 21 August 2026"
    back.click()
    qtbot.waitUntil(lambda: "Early career teachers 2026: as of 21 August 2026" in said(about))


def test_a_file_that_is_no_pack_is_refused_in_words(about, tmp_path, monkeypatch, qtbot):
    warned = []
    monkeypatch.setattr(about._context.shell, "warn", lambda *words: warned.append(" ".join(words)))
    (tmp_path / "letter.holdfast-pack").write_text("Dear colleague")
    about.offer(tmp_path / "letter.holdfast-pack")
    qtbot.waitUntil(lambda: bool(warned))
    assert "not a Holdfast data pack" in warned[0]


def test_what_it_manages_is_said(make_window, workspace, settle, manage):
    manage(LockMinutes=10, RememberKey=False, Teleport="yes")
    window = make_window(workspace, "settings")
    settle(window)
    assert window.stack.page.about.section.managed.text().split("\n") == [
        "Longest time until the window locks itself, in minutes: Set by your organisation: 10.",
        "Let this computer remember the key: Set by your organisation: no.",
        'The managed setting "Teleport" is not known to this version.',
    ]


def test_every_setting_that_it_manages_is_said(make_window, workspace, settle, manage, tmp_path):
    values = {
        "AllowedPortals": "https://register.example",
        "Proxy": "none",
        "LockMinutes": 10,
        "PassphraseLength": 20,
        "RememberKey": False,
        "WorkspaceRoot": str(tmp_path),
        "ExportFolder": str(tmp_path),
        "BackupFolder": str(tmp_path),
        "ClipboardSeconds": 30,
        "RetentionMonths": 84,
        "UpdateAddress": "https://software.example",
        "UpdateCheck": "off",
        "Telemetry": "none",
    }
    assert set(values) == {key.name for key in KEYS}
    manage(**values)
    window = make_window(workspace, "settings")
    settle(window)
    lines = window.stack.page.about.section.managed.text().split("\n")
    assert [line.partition(":")[0] for line in lines] == [key.title for key in KEYS]
    assert all("Set by your organisation" in line for line in lines)


def test_a_managed_setting_is_locked_and_says_so(make_window, workspace, settle, manage, qtbot):
    manage(LockMinutes=10, RememberKey=False, AllowedPortals="https://register.example")
    window = make_window(workspace, "settings")
    settle(window)
    page = window.stack.page
    told = [label.text() for label in page.portals["trainees"].findChildren(QLabel)]
    assert "Set by your organisation: https://register.example." in told
    enabled = {minutes: page.lock.minutes.button(minutes).isEnabled() for minutes in (0, 5, 10, 15, 60)}
    assert enabled == {0: False, 5: True, 10: True, 15: False, 60: False}
    assert "Set by your organisation: 10." in [label.text() for label in page.lock.findChildren(QLabel)]
    remember = page.passphrase.remember
    qtbot.waitUntil(lambda: remember.help.text() == "Set by your organisation: no.")
    assert not remember.box.isEnabled()
    assert not remember.box.isChecked()


def test_where_nobody_announces_versions_there_is_no_button(about):
    assert not about.section.look.isVisibleTo(about.section)
    assert about.section.newer.text() == module.NOWHERE


def test_a_newer_version_is_told_when_it_is_asked_for(
    make_window, workspace, settle, manage, monkeypatch, qtbot
):
    manage(UpdateAddress="http://127.0.0.1:9")
    window = make_window(workspace, "settings")
    settle(window)
    section = window.stack.page.about.section
    section.look.click()
    qtbot.waitUntil(lambda: "does not answer now" in section.newer.text())
    assert section.look.isEnabled()
    monkeypatch.setattr(updates, "check", lambda: updates.Release("9.0.0", workspace.today(), (), {}))
    section.look.click()
    qtbot.waitUntil(lambda: "Holdfast 9.0.0 is there" in section.newer.text())


def test_the_list_of_sections_leads_into_each(make_window, workspace, settle, qtbot):
    window = make_window(workspace, "settings")
    window.resize(1300, 700)
    settle(window)
    page = window.stack.page
    assert page.contents.isVisible()
    page.contents.links["About Holdfast"].click()
    section = page.about.section
    assert section.isAncestorOf(page.focusWidget())
    top = section.mapTo(page, section.rect().topLeft()).y()
    assert -1 <= top < page.height()
    window.resize(760, 700)
    qtbot.waitUntil(lambda: not page.contents.isVisible())


# --- once a week -----------------------------------------------------------------------------------------------------


@pytest.fixture
def newer(make_window, workspace, manage, monkeypatch):
    """`newer.look(version)` looks once; what was said, and how often it was asked, stand on it."""
    manage(UpdateAddress="http://127.0.0.1:9")
    window = make_window(workspace, "home")
    asked: list[Any] = []
    said: list[str] = []
    monkeypatch.setattr(window, "say", said.append)
    monkeypatch.setattr(window, "warn", lambda *words, **_how: said.append(words[0]))

    def look(answer):
        def check():
            asked.append(answer)
            if isinstance(answer, Exception):
                raise answer
            return updates.Release(answer, workspace.today(), (), {})

        monkeypatch.setattr(updates, "check", check)
        Newer(workspace, window.operations, window.memory, window, window).look()

    return SimpleNamespace(look=look, asked=asked, said=said, memory=window.memory)


def test_a_newer_version_is_said_once_a_week(newer, clock, qtbot, monkeypatch):
    monkeypatch.setattr(updates, "is_near", lambda _deadlines: False)
    newer.look("9.0.0")
    qtbot.waitUntil(lambda: newer.memory.looked_for_newer == clock())
    assert [words[:22] for words in newer.said] == ["Holdfast 9.0.0 is ther"]
    newer.look("9.0.0")
    clock.now += timedelta(days=6)
    newer.look("9.0.0")
    assert len(newer.asked) == 1
    clock.now += timedelta(days=1)
    newer.look("9.0.0")
    qtbot.waitUntil(lambda: len(newer.said) == 2)


@pytest.mark.parametrize(("version", "near"), [(__version__, False), ("9.0.0", True)])
def test_nothing_newer_or_a_deadline_near_is_silence(newer, clock, qtbot, monkeypatch, version, near):
    monkeypatch.setattr(updates, "is_near", lambda _deadlines: near)
    newer.look(version)
    qtbot.waitUntil(lambda: newer.memory.looked_for_newer == clock())
    assert newer.said == []


def test_nobody_there_is_no_news_and_is_asked_again(newer, qtbot, settle, monkeypatch):
    newer.look(updates.NoAnswer("does not answer"))
    qtbot.waitUntil(lambda: len(newer.asked) == 1)
    newer.look("0.0.1")
    qtbot.waitUntil(lambda: newer.memory.looked_for_newer is not None)
    assert newer.said == []


def test_what_nobody_trusted_signed_is_told(newer, qtbot):
    newer.look(UsageError("The data pack is not signed by anybody whom this Holdfast trusts."))
    qtbot.waitUntil(lambda: bool(newer.said))
