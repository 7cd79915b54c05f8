"""The parts: each says what it must in words, keeps its size promises, and works by keyboard."""

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.services.views import Progress
from desktop.ui import words
from desktop.ui.parts import readiness_bar
from desktop.ui.parts.ask import Question
from desktop.ui.parts.banner import Banner
from desktop.ui.parts.buttons import Button, IconButton
from desktop.ui.parts.day_strip import DayBars
from desktop.ui.parts.empty_state import EmptyState, Way
from desktop.ui.parts.flow_layout import FlowLayout
from desktop.ui.parts.grouped_model import Cell, Column, Group, GroupedModel, Line
from desktop.ui.parts.grouped_table import GroupedTable
from desktop.ui.parts.line_widget import LineWidget
from desktop.ui.parts.money_card import OUR_READING, MoneyCard
from desktop.ui.parts.progress import ProgressBox
from desktop.ui.parts.readiness_bar import ReadinessBar
from desktop.ui.parts.state_label import StateLabel, StatePainter
from desktop.ui.parts.text import ElidedLabel, Text
from desktop.ui.parts.toast import Toast

NOW = datetime(2026, 10, 13, 13, 2, tzinfo=UTC)


def texts(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(Text) if label.text()]


def test_state_label_names_word_and_caption(qtbot):
    label = StateLabel(words.WAITING, "3rd, money")
    qtbot.addWidget(label)
    assert label.accessibleName() == "Waiting, 3rd, money"
    label.set_look(words.REFUSED)
    assert label.accessibleName() == "Refused"


@pytest.mark.parametrize("look", [words.WAITING, words.CONFIRMED, words.CONFLICT], ids=lambda look: look.word)
def test_state_painter_stays_inside_its_rectangle(qtbot, look):
    image = QImage(200, 40, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    StatePainter().paint(painter, QRect(0, 0, 120, 40), look, "a caption that is far too long for this place")
    painter.end()
    assert all(image.pixelColor(x, y) == Qt.GlobalColor.white for x in range(121, 200) for y in range(40))


def test_elided_label_keeps_the_whole_text_as_tooltip_and_name(qtbot):
    label = ElidedLabel("Register shows a maintenance page instead of answering")
    qtbot.addWidget(label)
    label.resize(80, 20)
    label.show()
    assert label.toolTip() == label.text()
    label.resize(800, 20)
    assert label.toolTip() == ""


def test_button_speaks_without_the_blank_before_its_words(qtbot):
    button = Button("Pause sending", icon="pause")
    qtbot.addWidget(button)
    assert button.words == button.accessibleName() == "Pause sending"
    button.allow(False, "Nothing waits")
    assert not button.isEnabled()
    assert button.toolTip() == "Nothing waits"


def test_icon_button_has_a_name_and_the_same_tooltip(qtbot):
    button = IconButton("x", "Close this message")
    qtbot.addWidget(button)
    assert button.accessibleName() == button.toolTip() == "Close this message"


def test_readiness_bar_draws_small_parts_20_wide_and_fills_the_rest(qtbot):
    bar = ReadinessBar()
    qtbot.addWidget(bar)
    bar.resize(700, 16)
    bar.show_counts(1_180, 37, 14, 5)
    widths = dict(bar.widths())
    assert widths[readiness_bar.DRAFTS] == widths[readiness_bar.NEEDS_YOU] == 20
    assert sum(widths.values()) + 3 * readiness_bar.GAP == pytest.approx(700)
    assert bar.accessibleDescription() == "1,180 confirmed, 37 waiting, 14 drafts, 5 need you"


def test_readiness_bar_leaves_out_what_is_zero(qtbot):
    bar = ReadinessBar()
    qtbot.addWidget(bar)
    bar.show_counts(0, 3, 0, 0)
    assert [kind for kind, _width in bar.widths()] == [readiness_bar.WAITING]
    bar.show_counts(0, 0, 0, 0)
    bar.grab()


def test_day_bars_tell_how_long_and_open_by_keyboard(qtbot):
    bars = DayBars()
    qtbot.addWidget(bars)
    bars.show_marks(("up",) * 61 + ("half",) + ("down",) * 10)
    assert bars.accessibleDescription() == "down for about 3 h 20 min, trouble for about 20 min"
    bars.show()
    with qtbot.waitSignal(bars.opened):
        qtbot.keyClick(bars, Qt.Key.Key_Return)


def test_banner_says_title_and_text_and_offers_one_button(qtbot):
    banner = Banner()
    qtbot.addWidget(banner)
    banner.show_words("Register does not answer", "Your changes are kept here.")
    banner.set_button("Save evidence", "shield-check")
    banner.show()
    assert banner.accessibleName() == "Register does not answer"
    with qtbot.waitSignal(banner.acted):
        qtbot.mouseClick(banner.button, Qt.MouseButton.LeftButton)


def test_toast_leaves_the_foot_of_a_page_free(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(600, 400)
    parent.show()
    toast = Toast(parent, lambda: 50)
    toast.still = True
    toast.say("Saved here")
    assert 340 <= toast.geometry().bottom() < 350


def test_toast_shows_the_newest_words_over_its_parent(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(600, 400)
    parent.show()
    toast = Toast(parent)
    toast.still = True
    toast.say("Saved here")
    toast.say("Taken back")
    assert toast.isVisible()
    assert toast.words == "Taken back"
    assert toast.geometry().bottom() < parent.height()
    parent.resize(600, 300)
    assert parent.rect().contains(toast.geometry())


def test_progress_says_what_stays_when_stopped(qtbot):
    box = ProgressBox("Reading")
    qtbot.addWidget(box)
    box.show_progress(Progress(412, 1_236, "412 of 1,236 read"))
    (stop,) = box.findChildren(QPushButton)
    assert stop.accessibleName() == "Stop, keep the 412"
    with qtbot.waitSignal(box.stop_asked):
        stop.click()


def test_money_card_shows_both_sums_of_an_ambiguous_row(qtbot):
    card = MoneyCard()
    qtbot.addWidget(card)
    card.show_money((29_000, 31_000), "Bursary or scholarship", lines=(("Portal holds now", "No funding"),))
    assert "£29,000 or £31,000" in texts(card)
    assert OUR_READING in texts(card)
    card.show_money((5_000,), "Bursary")
    assert "£5,000" in texts(card)


def test_empty_state_tells_which_way_was_chosen(qtbot):
    ways = (
        Way("get", "download", "Get them", "Reads all.", "Get trainees", main=True),
        Way("add", "plus", "Add", "By hand.", "Add one"),
    )
    empty = EmptyState("No trainees yet", "Start in one of two ways.", ways)
    qtbot.addWidget(empty)
    empty.resize(900, 600)
    empty.show()
    buttons = empty.findChildren(Button)
    assert [button.property("kind") for button in buttons] == ["primary", "secondary"]
    with qtbot.waitSignal(empty.way_chosen) as told:
        buttons[1].click()
    assert told.args == ["add"]
    empty.resize(500, 900)
    empty.grab()


def test_flow_layout_breaks_lines_and_never_forces_the_width(qtbot):
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = FlowLayout(holder)
    for number in range(6):
        flow.addWidget(Button(f"Filter number {number}"))
    assert flow.heightForWidth(250) > flow.heightForWidth(2_000)
    assert flow.minimumSize().width() < 300


@pytest.mark.parametrize("kind", ["whole", "broken", "dotted", "carried", "sending"])
def test_line_has_a_name_for_each_kind(qtbot, kind):
    line = LineWidget()
    qtbot.addWidget(line)
    line.still = True
    line.show_line(kind, "conflict")
    line.grab()
    assert line.accessibleName()


def test_question_gives_the_safe_answer_the_focus(qtbot):
    question = Question("Take this back?", "It is not sent.", "Take it back", "Keep it waiting")
    qtbot.addWidget(question)
    question.show()
    qtbot.waitUntil(question.keep.hasFocus)
    qtbot.keyClick(question, Qt.Key.Key_Escape)
    assert question.result() == Question.DialogCode.Rejected


# -- grouped rows -------------------------------------------------------------------------------------

COLUMNS = (
    Column("Name", 120, "strong"),
    Column("What", 200, stretch=True),
    Column("Sum", 90, right=True, least=500),
)


def line(key: str) -> Line:
    return Line(key, (Cell(f"Person {key}"), Cell("Funding", "by you"), Cell("£1")), f"payload {key}")


def groups(many: int) -> list[Group]:
    return [
        Group("money", "Money first", "2 changes", [line("a"), line("b")], 5),
        Group("rest", "Other changes", f"{many} changes", [line(f"r{n}") for n in range(many)], 3),
    ]


@pytest.fixture
def table(qtbot):
    made = GroupedTable(COLUMNS, "Changes")
    qtbot.addWidget(made)
    made.resize(700, 500)
    made.show()
    made.show_groups(groups(10))
    return made


def test_grouped_model_keeps_the_rules_of_models(qtmodeltester):
    model = GroupedModel(COLUMNS)
    qtmodeltester.check(model)
    model.show_groups(groups(10))
    model.toggle("rest")
    model.toggle("rest")
    model.show_groups([])
    model.show_groups(groups(3))


def test_long_groups_fold_and_open(table):
    assert table.grouped.rowCount() == 2 + 1 + 1 + 3
    table.grouped.toggle("rest")
    assert table.grouped.rowCount() == 2 + 1 + 1 + 10


def test_enter_opens_a_line_and_turns_a_head(qtbot, table):
    table.focus_first()
    assert table.payload == "payload a"
    with qtbot.waitSignal(table.line_opened) as told:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert told.args == ["payload a"]
    table.setCurrentIndex(table.grouped.index(3, 0))
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert table.grouped.rowCount() == 14


def test_refresh_keeps_the_current_line(table):
    table.setCurrentIndex(table.grouped.index(2, 0))
    table.show_groups([Group("new", "New", "", [line("x")]), *groups(10)])
    assert table.payload == "payload b"


def test_screen_readers_hear_heads_and_notes(table):
    index = table.grouped.index(0, 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Money first, 2 changes"
    assert table.grouped.index(1, 1).data(Qt.ItemDataRole.AccessibleTextRole) == "Funding, by you"


def test_columns_leave_in_narrow_tables(table):
    assert not table.isColumnHidden(2)
    table.resize(400, 500)
    assert table.isColumnHidden(2)
