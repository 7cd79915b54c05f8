"""Every colour and size on screen, light and dark under the same keys (ui.md sections 3 and 4).

No other module writes a colour. Sizes are logical pixels; text sizes are points at 96 dots to the inch.
"""

from __future__ import annotations

from dataclasses import dataclass

# key: (light, dark)
_GROUNDS = {
    "canvas": ("#F2F4F3", "#0F191D"),
    "surface": ("#FFFFFF", "#162429"),
    "sunken": ("#E9EDEC", "#0B1316"),
    "raised": ("#FFFFFF", "#1D2E34"),
    "line": ("#D6DDDB", "#2A3D44"),
    "line2": ("#B9C4C2", "#3B525A"),
    "hover": ("#EEF2F1", "#1B2C32"),
    "select": ("#D9EAED", "#1B414B"),
    "accentSoft": ("#DDECEE", "#173C45"),
    "moneyBg": ("#F7F4EA", "#1E2A26"),
}
_INKS = {
    "ink": ("#13252B", "#E8F0F1"),
    "ink2": ("#42555C", "#B6C5C9"),
    "ink3": ("#5A6A70", "#9AADB3"),
    "link": ("#0D5868", "#74CADA"),
    "control": ("#6F7F84", "#7B9098"),
    "focus": ("#1259C3", "#8FC4FF"),
    "accent": ("#0D5868", "#5CBCCF"),
    "onAccent": ("#FFFFFF", "#05222A"),
    "accentHover": ("#0A4653", "#7CCDDC"),
    "accentDown": ("#073640", "#94D8E4"),
    "disabledInk": ("#8A979B", "#6C7F86"),
    "barOk": ("#2F8557", "#4FA97A"),
    "barWait": ("#0D5868", "#5CBCCF"),
    "barErr": ("#C4532B", "#E07F57"),
    "barNeed": ("#A86B14", "#D9A441"),
    "hatch": ("#5E97A3", "#3E7A87"),
}
_STATES = {
    "saved": ("#3D4F57", "#BCCACE"),
    "savedTint": ("#E6EBEB", "#24353B"),
    "waiting": ("#0D5868", "#7ACBDA"),
    "waitingTint": ("#DDECEE", "#173C45"),
    "sending": ("#1B4F9C", "#9DC0F5"),
    "sendingTint": ("#E2EBF8", "#1C3155"),
    "unknown": ("#63379F", "#CBB0F2"),
    "unknownTint": ("#EEE7F8", "#352552"),
    "confirmed": ("#1B6840", "#82CFA2"),
    "confirmedTint": ("#E0F1E6", "#163626"),
    "refused": ("#A6231C", "#FFA79D"),
    "refusedTint": ("#FBE6E3", "#4A1F1C"),
    "conflict": ("#775000", "#EFC669"),
    "conflictTint": ("#FAEFCB", "#3D300F"),
    "draft": ("#93390E", "#F5AC86"),
    "draftTint": ("#FBE9DE", "#43260F"),
    "check": ("#42555C", "#B6C5C9"),
}

STATE_KEYS = tuple(key for key in _STATES if not key.endswith("Tint"))
"""Keys of the text colours of states; the tint of a state is `<key>Tint`, and only `check` has none."""

_ALL = _GROUNDS | _INKS | _STATES
LIGHT: dict[str, str] = {key: pair[0] for key, pair in _ALL.items()}
DARK: dict[str, str] = {key: pair[1] for key, pair in _ALL.items()}

TEXT_PT: dict[str, float] = {
    "figure": 24,
    "title": 18,
    "section": 12,
    "body": 10.5,
    "table": 10,
    "caption": 9,
}
"""Role -> points at text size 100 %; macOS counts 72 dots to the inch and takes 4/3 of this."""

TEXT_WEIGHT: dict[str, int] = {
    "figure": 600,
    "title": 600,
    "section": 600,
    "body": 400,
    "table": 400,
    "caption": 400,
}

TEXT_SIZES = (90, 100, 115, 130)
"""Text sizes in per cent that a person can choose."""

SPACE = (4, 8, 12, 16, 24, 32, 48)
PAGE_MARGIN = 24
CARD_PADDING = 20
CARD_GAP = 16
RADIUS_CONTROL = 4
RADIUS_CARD = 6


@dataclass(frozen=True)
class Metrics:
    """Heights of one density, and the size of icons."""

    row: int
    head: int
    field: int
    rail_item: int
    strip: int
    two_lines: int
    icon: int = 16
    icon_rail: int = 18
    icon_strip: int = 20


COMFORTABLE = Metrics(row=36, head=34, field=32, rail_item=36, strip=52, two_lines=61)
COMPACT = Metrics(row=28, head=28, field=28, rail_item=32, strip=40, two_lines=48)
