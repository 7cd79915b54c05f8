"""The theme: colours, text sizes, fonts, and that a change reaches what is on screen."""

from PySide6.QtGui import QFontInfo, QFontMetrics
from PySide6.QtWidgets import QPushButton

from desktop.ui import tokens
from desktop.ui.icons import pixmap, set_icon
from desktop.ui.parts.text import Text
from desktop.ui.theme import Mode, apply_theme, colour, scaled, theme


def test_change_is_told_and_changes_colours(qtbot):
    with qtbot.waitSignal(theme().changed):
        theme().set(mode="dark")
    assert colour("surface").name().upper() == tokens.DARK["surface"]
    theme().set(mode="light")
    assert colour("surface").name().upper() == tokens.LIGHT["surface"]


def test_high_contrast_comes_and_goes_while_it_runs():
    sets: tuple[tuple[Mode, dict[str, str], dict[str, str]], ...] = (
        ("light", tokens.LIGHT, tokens.CONTRAST_LIGHT),
        ("dark", tokens.DARK, tokens.CONTRAST_DARK),
    )
    for mode, usual, high in sets:
        theme().set(mode=mode, contrast=True)
        assert colour("ink3").name().upper() == high["ink3"]
        assert high["ink3"] in theme()._app.styleSheet()
        theme().set(contrast=False)
        assert colour("ink3").name().upper() == usual["ink3"]


def test_in_a_high_contrast_theme_of_windows_the_sheet_steps_back(monkeypatch):
    monkeypatch.setattr("desktop.ui.theme.high_contrast", lambda: True)
    theme().fill()
    assert theme()._app.styleSheet() == ""
    assert colour("ink").name().upper() == tokens.CONTRAST_LIGHT["ink"]
    monkeypatch.undo()
    theme().fill()
    assert theme()._app.styleSheet() != ""


def test_setting_the_same_again_says_nothing(qtbot):
    with qtbot.assertNotEmitted(theme().changed):
        theme().set(mode="light", scale=100)


def test_there_is_one_theme_an_application(qapp):
    assert apply_theme(qapp, "light") is theme()


def test_shipped_font_is_in_use_and_its_digits_have_one_width():
    assert QFontInfo(theme().font("body")).family() == "IBM Plex Sans"
    metrics = QFontMetrics(theme().font("table"))
    assert len({metrics.horizontalAdvance(digit) for digit in "0123456789"}) == 1


def test_weights_differ():
    widths = {
        QFontMetrics(theme().font("body", w)).horizontalAdvance("Confirmed here") for w in (400, 500, 600)
    }
    assert len(widths) == 3


def test_text_size_scales_fonts_and_widths(qapp):
    plain = theme().points("body")
    theme().set(scale=130)
    assert theme().points("body") == plain * 1.3
    assert scaled(100) == 130


def test_labels_follow_the_text_size(qtbot):
    label = Text("37 changes wait", "title")
    qtbot.addWidget(label)
    label.show()
    before = label.sizeHint().width()
    theme().set(scale=130)
    qtbot.waitUntil(lambda: label.sizeHint().width() > before)


def test_icons_take_the_colour_of_the_token_and_follow_the_theme(qtbot):
    button = QPushButton("Save")
    qtbot.addWidget(button)
    set_icon(button, "save", "ink")
    before = button.icon().pixmap(16, 16).toImage()
    theme().set(mode="dark")
    assert button.icon().pixmap(16, 16).toImage() != before


def test_icons_are_cached_for_a_colour_and_a_ratio():
    assert pixmap("clock", "ink", 16, 2.0).cacheKey() == pixmap("clock", "ink", 16, 2.0).cacheKey()
    assert pixmap("clock", "ink", 16, 2.0).width() == 32
