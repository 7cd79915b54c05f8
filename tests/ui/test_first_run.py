"""Setting Holdfast up: what is asked, what is checked, that answers are kept, and that it ends with records."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from desktop.model.errors import DiskFull, UsageError
from desktop.model.verdict import PortalState, Probe
from desktop.practice.server import PROVIDER_NAME, PROVIDER_UKPRN, PracticePortal
from desktop.services.views import Progress, RecordQuery
from desktop.services.workspace import Workspace
from desktop.ui.first_run import making
from desktop.ui.first_run.answers import (
    Answers,
    strength,
    wrong_again,
    wrong_passphrase,
    wrong_ukprn,
    wrong_urn,
)
from desktop.ui.first_run.choice_card import ChoiceCard
from desktop.ui.first_run.connection import connection_words
from desktop.ui.first_run.wizard import Wizard
from desktop.ui.parts.ask import Question
from tests.ui.conftest import WAIT_MS

PASSPHRASE = "four calm words here"


@pytest.fixture
def wizard(qtbot, operations, tmp_path):
    """The set-up, with a practice portal of thirty people behind its third card."""

    def practice() -> Any:
        portal = PracticePortal(size=30, seed=7)
        portal.control.limits(None)
        return portal

    made = Wizard(tmp_path / "new", operations, practice)
    qtbot.addWidget(made, before_close_func=lambda w: w.done(QDialog.DialogCode.Rejected))  # asks nothing
    made.show()
    yield made
    if made.made is not None:
        made.made.end()


def answer_organisation(wizard: Wizard) -> None:
    wizard.organisation.organisation.setText(PROVIDER_NAME)
    wizard.organisation.ukprn.setText(PROVIDER_UKPRN)
    wizard.step_on()
    wizard.step_on()
    assert wizard.step is wizard.travel


def answer_portal(wizard: Wizard, url: str, token: str) -> None:
    wizard.travel.direct.setChecked(True)
    wizard.travel.address.setText(url)
    wizard.travel.token.setText(token)
    wizard.step_on()
    assert wizard.step is wizard.passphrase


def answer_passphrase(wizard: Wizard) -> None:
    wizard.passphrase.passphrase.setText(PASSPHRASE)
    wizard.passphrase.again.setText(PASSPHRASE)
    wizard.step_on()
    assert wizard.step is wizard.records


def records_of(wizard: Wizard) -> int:
    assert wizard.made is not None
    return len(wizard.made.workspace.records.find(RecordQuery("trainees")))


def answering(answer: Callable[[Question], None], monkeypatch) -> list[str]:
    """Answer the next questions; their titles."""
    asked: list[str] = []

    def exec_(question: Question) -> int:
        asked.append(question.accessibleName())
        answer(question)
        return question.result()

    monkeypatch.setattr(Question, "exec", exec_)
    return asked


# -- checks --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("check", "text", "said"),
    [
        (wrong_ukprn, "", ""),
        (wrong_ukprn, "1000 7140", ""),
        (wrong_ukprn, "1000714", "A UKPRN has 8 digits, and this has 7."),
        (wrong_ukprn, "20007140", "A UKPRN begins with 1"),
        (wrong_ukprn, "1000714O", "A UKPRN has 8 digits, and this has other characters."),
        (wrong_urn, "123456", ""),
        (wrong_urn, "12345", "A URN has 6 digits, and this has 5."),
        (wrong_passphrase, "", "Enter a passphrase."),
        (wrong_passphrase, "short", "Use at least 8 characters."),
        (wrong_passphrase, "long enough", ""),
    ],
)
def test_each_answer_is_checked_in_words(check, text, said):
    assert check(text).startswith(said)
    assert bool(check(text)) == bool(said)


def test_the_two_passphrases_must_agree():
    assert wrong_again("one", "one") == ""
    assert wrong_again("one", "two").startswith("The two passphrases are not the same")


def test_strength_grows_with_length_and_not_with_repeating():
    levels = [
        strength(text)[0] for text in ("", "short", "two words", "three calm words", "four very calm words")
    ]
    assert levels == [0, 0, 1, 2, 3]
    assert strength("a" * 40)[0] == 1


@pytest.mark.parametrize("state", list(PortalState))
def test_every_outcome_of_the_test_says_what_to_do(state):
    words = connection_words(Probe(state, "Register said something."), "Register")
    assert words.endswith(".")
    assert state is PortalState.UP or "othing is lost" in words


# -- the way ---------------------------------------------------------------------------------------------------


def test_a_new_office_ends_in_a_window_full_of_records(qtbot, wizard, portal):
    answer_organisation(wizard)
    answer_portal(wizard, portal.register_url, portal.token)
    answer_passphrase(wizard)
    with qtbot.waitSignal(wizard.finished, timeout=15_000):
        wizard.go_on.click()
    assert wizard.result() == QDialog.DialogCode.Accepted
    assert records_of(wizard) > 20
    workspace = wizard.made.workspace
    assert workspace.organisation.ukprn == PROVIDER_UKPRN
    workspace.close()
    Workspace.open(workspace.folder, PASSPHRASE).close()


def test_practice_needs_no_token_and_no_passphrase_and_leaves_nothing(qtbot, wizard, tmp_path):
    answer_organisation(wizard)
    wizard.travel.practice.setChecked(True)
    wizard.step_on()
    assert wizard.step is wizard.records
    with qtbot.waitSignal(wizard.finished, timeout=15_000):
        wizard.go_on.click()
    assert records_of(wizard) > 20
    made = wizard.made
    assert made.practice is not None
    assert made.folder is not None
    made.end()
    assert not made.folder.exists()
    assert not (tmp_path / "new").exists()


def test_not_yet_makes_a_workspace_without_a_portal(qtbot, wizard):
    answer_organisation(wizard)
    wizard.travel.later.setChecked(True)
    wizard.step_on()
    answer_passphrase(wizard)
    with qtbot.waitSignal(wizard.finished):
        wizard.go_on.click()
    assert not wizard.made.workspace.portals.view("trainees").connected


def test_wrong_answers_stop_the_step_and_take_the_keyboard(qtbot, wizard):
    wizard.activateWindow()
    qtbot.waitUntil(wizard.isActiveWindow)
    wizard.organisation.ukprn.setText("12")
    wizard.go_on.click()
    assert wizard.step is wizard.organisation
    assert wizard.organisation.name_row.problem == "Enter the name of your organisation."
    assert "8 digits" in wizard.organisation.ukprn_row.problem
    assert QApplication.focusWidget() is wizard.organisation.organisation
    assert wizard.organisation.ukprn.accessibleDescription().startswith("A UKPRN has 8 digits")


def test_at_least_one_collection_is_chosen(wizard):
    wizard.organisation.organisation.setText(PROVIDER_NAME)
    wizard.step_on()
    wizard.collections.boxes["trainees"].setChecked(False)
    wizard.step_on()
    assert wizard.step is wizard.collections
    assert wizard.collections.problem.text() == "Choose at least one."


def test_a_card_takes_the_click_anywhere(qtbot, wizard):
    answer_organisation(wizard)
    card = next(c for c in wizard.travel.findChildren(ChoiceCard) if c.button is wizard.travel.later)
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    assert wizard.travel.later.isChecked()
    assert not wizard.travel.address.isVisible()


def test_going_back_and_forth_keeps_every_answer(wizard):
    answer_organisation(wizard)
    answer_portal(wizard, "http://127.0.0.1:9", "a-token")
    wizard.passphrase.passphrase.setText(PASSPHRASE)
    for _ in range(3):
        wizard.back.click()
    assert wizard.step is wizard.organisation
    assert wizard.organisation.organisation.text() == PROVIDER_NAME
    for _ in range(3):
        wizard.step_on()
    assert wizard.step is wizard.passphrase
    assert wizard.travel.address.text() == "http://127.0.0.1:9"
    assert wizard.travel.token.text() == "a-token"
    assert wizard.passphrase.passphrase.text() == PASSPHRASE


# -- the test of the connection ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("token", "url", "words"),
    [
        (None, None, "Register answers and takes this access token."),
        ("not-this-one", None, "Register does not take the access token."),
        (None, "http://127.0.0.1:9", "Register does not take connections."),
    ],
)
def test_connection_is_tested_in_plain_words(qtbot, wizard, portal, token, url, words):
    answer_organisation(wizard)
    wizard.travel.address.setText(url or portal.register_url)
    wizard.travel.token.setText(token or portal.token)
    wizard.travel.test_button.click()
    qtbot.waitUntil(wizard.travel.test_button.isEnabled, timeout=15_000)
    assert wizard.travel.line.words.startswith(words)


def test_portal_that_is_down_stops_nobody(qtbot, wizard, portal):
    portal.control.fault("maintenance")
    answer_organisation(wizard)
    answer_portal(wizard, portal.register_url, portal.token)
    answer_passphrase(wizard)
    wizard.go_on.click()
    qtbot.waitUntil(lambda: bool(wizard.records.message.text()), timeout=15_000)
    assert "maintenance page" in wizard.records.message.text()
    assert "The workspace is ready" in wizard.records.message.text()
    assert wizard.go_on.words == "Open Holdfast"
    with qtbot.waitSignal(wizard.finished):
        wizard.go_on.click()
    assert wizard.made.workspace.portals.view("trainees").connected


def test_a_refused_token_can_be_changed_after_the_workspace_is_made(qtbot, wizard, portal):
    answer_organisation(wizard)
    answer_portal(wizard, portal.register_url, "not-this-one")
    answer_passphrase(wizard)
    wizard.go_on.click()
    qtbot.waitUntil(lambda: bool(wizard.records.message.text()), timeout=15_000)
    wizard.back.click()
    assert wizard.step is wizard.travel
    assert not wizard.back.isVisible()
    wizard.travel.token.setText(portal.token)
    wizard.step_on()
    assert wizard.step is wizard.records
    with qtbot.waitSignal(wizard.finished, timeout=15_000):
        wizard.go_on.click()
    assert records_of(wizard) > 20


@pytest.mark.parametrize(
    ("url", "token"), [("ftp://x", "t"), ("http://portal.example", "t"), ("https://x.example", "")]
)
def test_what_cannot_be_an_address_or_a_token_is_said_beside_its_field(wizard, url, token):
    answer_organisation(wizard)
    wizard.travel.address.setText(url)
    wizard.travel.token.setText(token)
    wizard.step_on()
    assert wizard.step is wizard.travel
    assert wizard.travel.address_row.problem or wizard.travel.token_row.problem


# -- failures and leaving ---------------------------------------------------------------------------------------------


def test_full_disk_keeps_the_answers_and_can_be_tried_again(qtbot, wizard, portal, monkeypatch):
    answer_organisation(wizard)
    answer_portal(wizard, portal.register_url, portal.token)
    answer_passphrase(wizard)

    def full(*_: object) -> None:
        raise DiskFull("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(making, "make", full)
        wizard.go_on.click()
        qtbot.waitUntil(lambda: bool(wizard.records.message.text()))
    assert wizard.records.message.text().startswith("The disk is full")
    assert wizard.answers.passphrase == PASSPHRASE
    assert wizard.made is None
    with qtbot.waitSignal(wizard.finished, timeout=15_000):
        wizard.go_on.click()
    assert records_of(wizard) > 20


def test_stopping_the_reading_keeps_what_was_read(qtbot, wizard, portal, monkeypatch):
    """The reading is held back once it has told of its first records, so that it is always stopped in the middle."""
    asked_to_stop = threading.Event()
    really = making.read

    def held_back(made, answers, progress, cancelled):
        def report(told: Progress) -> None:
            progress(told)
            if told.done:
                assert asked_to_stop.wait(WAIT_MS / 1_000), "nobody stopped it"

        return really(made, answers, report, cancelled)

    monkeypatch.setattr(making, "read", held_back)
    answer_organisation(wizard)
    answer_portal(wizard, portal.register_url, portal.token)
    answer_passphrase(wizard)
    told: list[Progress] = []
    monkeypatch.setattr(wizard.records, "show_progress", told.append)
    wizard.go_on.click()
    qtbot.waitUntil(lambda: any(one.done for one in told), timeout=WAIT_MS)
    with qtbot.waitSignal(wizard.finished, timeout=WAIT_MS):
        wizard.records.progress.stop_asked.emit()
        asked_to_stop.set()
    assert wizard.result() == QDialog.DialogCode.Accepted
    assert wizard.made.workspace.portals.view("trainees").connected
    assert records_of(wizard) > 0


def test_esc_asks_before_it_throws_away(qtbot, wizard, monkeypatch):
    wizard.organisation.organisation.setText(PROVIDER_NAME)
    asked = answering(lambda question: question.reject(), monkeypatch)
    qtbot.keyClick(wizard, Qt.Key.Key_Escape)
    assert asked == ["Stop setting up Holdfast?"]
    assert wizard.isVisible()
    answering(lambda question: question.accept(), monkeypatch)
    with qtbot.waitSignal(wizard.finished):
        qtbot.keyClick(wizard, Qt.Key.Key_Escape)
    assert wizard.made is None


@pytest.mark.parametrize("token", [None, "not-this-one"])
def test_the_answer_of_the_portal_is_in_sight_in_a_low_window(qtbot, wizard, portal, token):
    wizard.resize(720, 480)
    answer_organisation(wizard)
    step = wizard.travel
    step.direct.setChecked(True)
    step.address.setText(portal.register_url)
    step.token.setText(token or portal.token)
    step.test_button.click()
    qtbot.waitUntil(lambda: step.line.words.startswith("Register "), timeout=WAIT_MS)

    def whole():
        top = step.line.mapTo(step.viewport(), step.line.rect().topLeft()).y()
        return top >= 0 and top + step.line.height() <= step.viewport().height()

    qtbot.waitUntil(whole)


def test_esc_with_nothing_typed_just_leaves(qtbot, wizard):
    with qtbot.waitSignal(wizard.finished):
        qtbot.keyClick(wizard, Qt.Key.Key_Escape)


def test_a_folder_that_has_a_workspace_already_is_left_alone(tmp_path, workspace):
    answers = Answers(name="Other", passphrase=PASSPHRASE, collections={"trainees"}, direct=False)
    with pytest.raises(Exception, match="already is a workspace"):
        making.make(answers, workspace.folder, None)
    assert workspace.records.find(RecordQuery("trainees"))


def test_a_token_that_is_none_is_refused_before_anything_is_sent():
    with pytest.raises(UsageError):
        making.test(Answers(url="http://127.0.0.1:9", token="two words"), "trainees")


# -- look --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [560, 700, 1080, 1440])
def test_no_step_is_wider_than_the_window(wizard, width):
    wizard.resize(width, 500)
    for step in wizard.steps():
        wizard._show(step)
        QApplication.processEvents()
        assert wizard.width() == width
        assert step.widget().width() <= step.viewport().width()


def test_everything_that_takes_the_keyboard_has_a_name(wizard):
    for step in wizard.steps():
        wizard._show(step)
        found = [w for w in wizard.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus]
        found = [w for w in found if w.isVisible()]
        assert found
        assert [
            type(w).__name__ for w in found if not w.accessibleName() and not getattr(w, "text", str)()
        ] == []


def test_tab_stops_once_at_a_group_of_radio_buttons(wizard):
    answer_organisation(wizard)
    group = (wizard.travel.direct, wizard.travel.later, wizard.travel.practice)
    stops = [button for button in group if button.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert stops == [wizard.travel.direct]
