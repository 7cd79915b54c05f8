"""Check my connection: the way to a portal step by step, as a dialog and as a text for an IT support desk."""

from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtWidgets import QFileDialog

from desktop.model.hop import Passed, Step
from desktop.services import connection
from desktop.ui.connection.dialog import ConnectionDialog, HopLine
from desktop.ui.shell import system_proxy
from tests.unit.sync.portals.answering import misbehaving, read_request


@pytest.fixture
def window(make_window, workspace, settle):
    made = make_window(workspace, "settings")
    settle(made)
    return made


@pytest.fixture
def check(qtbot, window) -> Any:
    """Opens the dialog and waits until the way is walked."""

    def open_it() -> Any:
        window.dialogs.open_connection("trainees")
        (dialog,) = window.findChildren(ConnectionDialog)
        ended(dialog)
        return dialog

    def ended(dialog):
        if not dialog.hops:
            with qtbot.waitSignal(dialog.ended, timeout=10_000):
                pass

    return SimpleNamespace(open=open_it, ended=ended)


def said(dialog):
    return [line.accessibleName() for line in dialog.findChildren(HopLine)]


def test_a_whole_way_is_told_step_by_step(check):
    dialog = check.open()
    assert dialog.statement.text() == "Everything works: Register answers"
    assert [(hop.step, hop.passed) for hop in dialog.hops] == [
        (Step.PROXY, Passed.LEFT_OUT),
        (Step.NAME, Passed.LEFT_OUT),
        (Step.REACH, Passed.YES),
        (Step.PORTAL, Passed.YES),
    ]
    assert said(dialog)[-1] == "Works: Register answers and takes the access token."
    assert not dialog.sign_in.isVisibleTo(dialog)


def test_a_portal_that_is_down_is_not_our_fault(check, portal):
    portal.control.fault("unavailable")
    dialog = check.open()
    assert dialog.statement.text() == "Something is in the way to Register"
    assert said(dialog)[-1].startswith("Fails: ")
    assert "Nothing is wrong on this side" in said(dialog)[-1]


def test_a_token_that_has_ended_says_whom_to_ask(check, portal):
    portal.control.fault("unauthorised")
    assert "new access token" in said(check.open())[-1]


def test_a_way_that_is_not_whole_leaves_the_portal_out(check, workspace):
    workspace.portals.connect("trainees", "https://127.0.0.1:9", token="made-up", in_workspace=True)
    dialog = check.open()
    assert [hop.passed for hop in dialog.hops][-2:] == [Passed.NO, Passed.LEFT_OUT]
    assert "127.0.0.1 does not take connections on port 9." in said(dialog)[-2]


def test_a_proxy_that_asks_is_answered_in_the_dialog(check, workspace, manage, monkeypatch, qtbot):
    asked = []

    def proxy(line, _over):
        asked.append(read_request(line))
        line.sendall(b"HTTP/1.1 407 Who are you\r\n\r\n")

    kept: list[tuple[str, ...]] = []

    def keep(*words: str) -> bool:
        kept.append(words)
        return True

    monkeypatch.setattr(connection, "keep_proxy_sign_in", keep)
    workspace.portals.connect("trainees", "https://register.example", token="made-up", in_workspace=True)
    with misbehaving(proxy) as address:
        manage(Proxy=address)
        dialog = check.open()
        assert dialog.sign_in.isVisibleTo(dialog)
        dialog.sign_in.keep.click()
        assert dialog.sign_in.name_row.problem == "Enter the name that the proxy knows you by."
        dialog.sign_in.name.setText("ada")
        dialog.sign_in.password.setText("secret")
        with qtbot.waitSignal(dialog.ended, timeout=10_000):
            dialog.sign_in.keep.click()
    assert kept == [(address.removeprefix("http://"), "ada", "secret")]
    assert dialog.sign_in.password.text() == ""
    assert len(asked) == 2


def test_a_computer_without_a_place_for_passwords_says_so(check, workspace, manage, qtbot):
    workspace.portals.connect("trainees", "https://register.example", token="made-up", in_workspace=True)

    def proxy(line, _over):
        read_request(line)
        line.sendall(b"HTTP/1.1 407 Who are you\r\n\r\n")

    with misbehaving(proxy) as address:
        manage(Proxy=address)
        dialog = check.open()
        dialog.sign_in.name.setText("ada")
        dialog.sign_in.password.setText("secret")
        dialog.sign_in.keep.click()
        qtbot.waitUntil(lambda: "no place to keep them safe" in dialog.sign_in.name_row.problem)


def test_it_support_gets_it_as_a_text_without_the_token(
    check, workspace, portal, tmp_path, monkeypatch, qtbot
):
    dialog = check.open()
    path = tmp_path / "connection.txt"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    dialog.save.click()
    qtbot.waitUntil(lambda: dialog.save.words == "Saved")
    text = path.read_text(encoding="utf-8")
    assert text.startswith("Holdfast, connection check of ")
    assert "[yes] portal: Register answers and takes the access token." in text
    assert portal.token not in text


def test_settings_and_control_k_lead_there(window, check):
    section = window.stack.page.portals["trainees"]
    section.steps.click()
    (dialog,) = window.findChildren(ConnectionDialog)
    check.ended(dialog)
    assert dialog.hops
    assert "Check my connection to Register" in [one.words for one in window.ways.commands()]


def test_the_platform_s_proxy_is_the_environment_s_here(monkeypatch):
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    assert system_proxy.find("portal.example") == "http://proxy.example:3128"
    monkeypatch.delenv("https_proxy")
    assert system_proxy.find("portal.example") == ""
