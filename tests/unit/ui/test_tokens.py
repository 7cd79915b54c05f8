"""Contrast of every token on every ground it may stand on (ui.md sections 3 and 14), and that no key is missing."""

import pytest

from desktop.ui import tokens
from desktop.ui.sheet import style_sheet

MODES = {
    "light": tokens.LIGHT,
    "dark": tokens.DARK,
    "high contrast, light": tokens.CONTRAST_LIGHT,
    "high contrast, dark": tokens.CONTRAST_DARK,
}
HIGH = 7.0
INK_GROUNDS = ("canvas", "surface", "sunken", "hover", "select", "moneyBg")
STATE_GROUNDS = ("canvas", "surface", "select")
TEXT, CONTROL = 4.5, 3.0


def luminance(colour: str) -> float:
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def pairs() -> list[tuple[str, str, float]]:
    """(ink, ground, least contrast)."""
    found = [(ink, ground, TEXT) for ink in ("ink", "ink2", "ink3", "link") for ground in INK_GROUNDS]
    found += [(ink, "raised", TEXT) for ink in ("ink", "ink2", "ink3", "link")]
    found += [(ink, "accentSoft", TEXT) for ink in ("ink", "link")]
    found += [("onAccent", ground, TEXT) for ground in ("accent", "accentHover", "accentDown")]
    found += [(state, ground, TEXT) for state in tokens.STATE_KEYS for ground in STATE_GROUNDS]
    found += [(state, f"{state}Tint", TEXT) for state in tokens.STATE_KEYS if state != "check"]
    found += [("ink", f"{state}Tint", TEXT) for state in tokens.STATE_KEYS if state != "check"]
    found += [("ink2", "sendingTint", TEXT)]  # the practice strip
    found += [
        (key, ground, CONTROL) for key in ("control", "focus", "accent") for ground in ("canvas", "surface")
    ]
    found += [(key, "surface", CONTROL) for key in ("barOk", "barWait", "barErr", "barNeed")]
    return found


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("ink", "ground", "least"), pairs())
def test_contrast_is_enough(mode, ink, ground, least):
    values = MODES[mode]
    if mode.startswith("high contrast"):
        least = HIGH
    assert contrast(values[ink], values[ground]) >= least - 0.05


def test_all_sets_have_the_same_keys():
    assert len({tuple(colours) for colours in MODES.values()}) == 1


def test_every_state_but_one_has_a_tint():
    assert {key for key in tokens.STATE_KEYS if f"{key}Tint" not in tokens.LIGHT} == {"check"}


def test_no_text_is_under_nine_points():
    assert min(tokens.TEXT_PT.values()) >= 9


@pytest.mark.parametrize("mode", MODES)
def test_sheet_leaves_no_key_open(mode):
    sizes = dict.fromkeys(
        ("radius", "radiusCard", "fieldIn", "fieldFocus", "smallIn", "chipIn", "railItem"), 1
    )
    sheet = style_sheet({**MODES[mode], **dict.fromkeys(tokens.TEXT_PT, 10), **sizes, "urls": "pictures"})
    assert "$" not in sheet
