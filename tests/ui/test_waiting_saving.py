"""Saving what waits from the window: which kind, the warning before a readable one, and where it went."""

import csv
import io
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from desktop.model.document import Document, Patch
from desktop.model.errors import DiskFull
from desktop.services import way_out
from desktop.services.queue_file import read_queue_file
from desktop.ui.parts.ask import Question
from desktop.ui.theme import theme
from desktop.ui.waiting import saving
from desktop.ui.waiting.saving import chosen

SEALED, SHEET = saving._SEALED_KIND, saving._SHEET_KIND


@pytest.fixture
def window(make_window, workspace, editable):
    """Two changes wait."""
    first, second = editable()[:2]
    workspace.records.edit(first.id, Patch({"email": "moved@mail.example"}))
    workspace.records.edit(second.id, Patch({"middle_names": "Wren"}))
    return make_window(workspace, "waiting")


@pytest.fixture
def view(window):
    return window.stack.page.screen_view


@pytest.fixture
def dialog(monkeypatch):
    """What the file dialog was asked with, and a way to say what it answers."""
    asked: list[tuple[str, str]] = []
    answer = ["", ""]

    def get(_parent, _title, proposed, kinds):
        asked.append((proposed, kinds))
        return answer[0], answer[1]

    monkeypatch.setattr(QFileDialog, "getSaveFileName", get)

    def choose(path, kind=SEALED):
        answer[:] = str(path), kind
        return asked

    return choose


@pytest.fixture
def answers(monkeypatch):
    """What the person says to the warning; the list holds the warnings that were shown."""
    shown: list[tuple[str, ...]] = []

    def say(wanted):
        def ask(_parent, *words, **_how):
            shown.append(words)
            return wanted

        monkeypatch.setattr(saving, "ask", ask)
        return shown

    return say


@pytest.mark.parametrize(
    ("typed", "sheet", "meant"),
    [
        ("q.holdfast-queue", False, "q.holdfast-queue"),
        ("q.HOLDFAST-QUEUE", False, "q.HOLDFAST-QUEUE"),
        ("q.holdfast-queue", True, "q.csv"),
        ("q.csv", True, "q.csv"),
        ("q.csv", False, "q.csv"),
        ("q", False, "q.holdfast-queue"),
        ("q", True, "q.csv"),
        ("q.v2", False, "q.v2.holdfast-queue"),
    ],
)
def test_the_ending_that_was_meant(typed, sheet, meant):
    assert chosen(Path(typed), sheet=sheet) == Path(meant)


def test_the_encrypted_kind_comes_first_and_asks_nothing(window, view, settle, dialog, answers, tmp_path):
    asked, warned = dialog(tmp_path / "q.holdfast-queue"), answers(False)
    view.save_button.click()
    settle(window)
    proposed, kinds = asked[0]
    assert Path(proposed).name == "waiting-2026-10-13.holdfast-queue"
    assert kinds.split(";;") == [SEALED, SHEET]
    assert warned == []
    assert window.toast.words == f"2 changes saved as q.holdfast-queue in {tmp_path.name}"
    assert read_queue_file(tmp_path / "q.holdfast-queue", "practice").changes == 2


def test_a_spreadsheet_is_saved_only_after_its_warning(window, view, settle, dialog, answers, tmp_path):
    dialog(tmp_path / "q.holdfast-queue", SHEET)
    warned = answers(False)
    view.save_button.click()
    settle(window)
    assert list(tmp_path.glob("q*")) == []
    (words,) = warned
    assert "anybody" in words[0]
    assert "personal data" in words[1]
    answers(True)
    view.save_button.click()
    settle(window)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "q.csv").read_text("utf-8-sig"))))
    assert {row["Our answer"] for row in rows} == {"moved@mail.example", "Wren"}
    assert window.toast.words == f"2 changes saved as q.csv in {tmp_path.name}"


def test_the_warning_is_calm_and_its_safe_answer_comes_first(
    window, view, settle, dialog, qtbot, tmp_path, monkeypatch
):
    seen = []

    def closed(question):
        seen.append((str(question.do.property("kind")), question.keep.words))
        return QDialog.DialogCode.Rejected

    monkeypatch.setattr(Question, "exec", closed)
    dialog(tmp_path / "q.csv", SHEET)
    view.save_button.click()
    settle(window)
    assert seen == [("primary", "Do not save")]
    assert not (tmp_path / "q.csv").exists()


def test_closing_the_file_dialog_saves_nothing(window, view, settle, dialog, workspace):
    dialog("", "")
    before = workspace.activity.entries()
    view.save_button.click()
    settle(window)
    assert workspace.activity.entries() == before
    assert not window.toast.isVisible()


def test_a_file_is_replaced_only_under_the_name_that_the_dialog_asked_about(
    window, view, settle, dialog, answers, tmp_path
):
    answers(True)
    for name in ("q.csv", "q.holdfast-queue"):
        (tmp_path / name).write_bytes(b"mine")
    dialog(tmp_path / "q.holdfast-queue", SHEET)  # the dialog asked about the other one
    view.save_button.click()
    settle(window)
    assert (tmp_path / "q.csv").read_bytes() == b"mine"
    assert window.banner.isVisible()
    dialog(tmp_path / "q.holdfast-queue")
    view.save_button.click()
    settle(window)
    assert read_queue_file(tmp_path / "q.holdfast-queue", "practice").changes == 2
    assert (tmp_path / "q.csv").read_bytes() == b"mine"


def test_a_disk_without_room_is_told_of_the_file_and_not_of_the_work(
    window, view, settle, dialog, monkeypatch, tmp_path
):
    def full(_path, _content):
        raise DiskFull("The disk is full, so q.holdfast-queue was not written. Free some room and try again.")

    monkeypatch.setattr(way_out, "write_whole", full)
    dialog(tmp_path / "q.holdfast-queue")
    view.save_button.click()
    settle(window)
    assert window.banner.title == "The disk is full, so q.holdfast-queue was not written"
    assert window.banner.text == "Free some room and try again."
    assert "Not saved" not in window.strip.spoken()


def test_drafts_alone_can_be_saved_too(make_window, workspace, settle):
    window = make_window(workspace, "waiting")
    view = window.stack.page.screen_view
    assert not view.save_button.isVisible()
    workspace.records.add("trainees", Document({"first_names": "Zelda", "last_name": "Quarrington"}))
    settle(window)
    assert view.empty.isVisible()
    assert view.save_button.isVisible()


@pytest.mark.parametrize("size", [(640, 440), (682, 466), (800, 600), (900, 650), (1280, 800)])
@pytest.mark.parametrize("text_size", [100, 130])
def test_the_head_with_all_its_buttons_is_never_wider_than_the_page(window, view, settle, size, text_size):
    theme().set(scale=text_size)
    window.resize(*size)
    settle(window)
    buttons = [view.times_button, view.save_button, view.pause_button, view._send]
    assert all(button.isVisible() for button in buttons)
    assert all(button.width() >= button.sizeHint().width() for button in buttons)
    assert window.width() == size[0]
    edge = window.stack.width() + 1
    inside = [w for w in window.stack.page.findChildren(QWidget) if w.isVisible()]
    assert [type(w).__name__ for w in inside if w.mapTo(window.stack, QPoint(w.width(), 0)).x() > edge] == []
    places = [b.geometry() for b in buttons]
    assert not any(a.intersects(b) for n, a in enumerate(places) for b in places[n + 1 :])
    assert not any(view.head.sentence.geometry().intersects(place) for place in places)
