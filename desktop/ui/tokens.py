"""Every colour and size on screen, light, dark and in high contrast under the same keys (ui.md sections 3 and 4).

No other module writes a colour. Sizes are logical pixels; text sizes are points at 96 dots to the inch.
"""

from __future__ import annotations

from dataclasses import dataclass

# key: (light, dark, high contrast on light, high contrast on dark)
_GROUNDS = {
    "canvas": ("#F2F4F3", "#0F191D", "#FFFFFF", "#000000"),
    "surface": ("#FFFFFF", "#162429", "#FFFFFF", "#000000"),
    "sunken": ("#E9EDEC", "#0B1316", "#F0F0F0", "#101010"),
    "raised": ("#FFFFFF", "#1D2E34", "#FFFFFF", "#000000"),
    "line": ("#D6DDDB", "#2A3D44", "#595959", "#A6A6A6"),
    "line2": ("#B9C4C2", "#3B525A", "#262626", "#D9D9D9"),
    "hover": ("#EEF2F1", "#1B2C32", "#EDF3F4", "#1A1A1A"),
    "select": ("#D9EAED", "#1B414B", "#D3E8EC", "#0B3540"),
    "accentSoft": ("#DDECEE", "#173C45", "#DCEEF1", "#0B3540"),
    "moneyBg": ("#F7F4EA", "#1E2A26", "#FFFBEB", "#141414"),
}
_INKS = {
    "ink": ("#13252B", "#E8F0F1", "#000000", "#FFFFFF"),
    "ink2": ("#42555C", "#B6C5C9", "#1F2A2E", "#F2F2F2"),
    "ink3": ("#5A6A70", "#9AADB3", "#333D41", "#E0E0E0"),
    "link": ("#0D5868", "#74CADA", "#003F4C", "#9BE9F7"),
    "control": ("#6F7F84", "#7B9098", "#262626", "#D9D9D9"),
    "focus": ("#1259C3", "#8FC4FF", "#003CB3", "#FFD84D"),
    "accent": ("#0D5868", "#5CBCCF", "#003F4C", "#8FE3F2"),
    "onAccent": ("#FFFFFF", "#05222A", "#FFFFFF", "#000000"),
    "accentHover": ("#0A4653", "#7CCDDC", "#002D37", "#B5EEF8"),
    "accentDown": ("#073640", "#94D8E4", "#001E25", "#D2F5FB"),
    "disabledInk": ("#8A979B", "#6C7F86", "#595959", "#A6A6A6"),
    "barOk": ("#2F8557", "#4FA97A", "#0B5A2E", "#8FE0B0"),
    "barWait": ("#0D5868", "#5CBCCF", "#003F4C", "#8FE3F2"),
    "barErr": ("#C4532B", "#E07F57", "#8A2400", "#FFB394"),
    "barNeed": ("#A86B14", "#D9A441", "#5F3A00", "#FFD166"),
    "hatch": ("#5E97A3", "#3E7A87", "#3F7480", "#4E8C99"),
}
_STATES = {
    "saved": ("#3D4F57", "#BCCACE", "#22313A", "#E3ECEE"),
    "savedTint": ("#E6EBEB", "#24353B", "#F0F3F3", "#1A2023"),
    "waiting": ("#0D5868", "#7ACBDA", "#003F4C", "#9BE9F7"),
    "waitingTint": ("#DDECEE", "#173C45", "#E6F3F5", "#06252C"),
    "sending": ("#1B4F9C", "#9DC0F5", "#0B357A", "#BFD8FF"),
    "sendingTint": ("#E2EBF8", "#1C3155", "#ECF2FC", "#0C1A33"),
    "unknown": ("#63379F", "#CBB0F2", "#46207C", "#DEC9FF"),
    "unknownTint": ("#EEE7F8", "#352552", "#F4EFFB", "#20133A"),
    "confirmed": ("#1B6840", "#82CFA2", "#084A26", "#A4E8C0"),
    "confirmedTint": ("#E0F1E6", "#163626", "#EAF7EF", "#06240F"),
    "refused": ("#A6231C", "#FFA79D", "#7A0C08", "#FFC2BB"),
    "refusedTint": ("#FBE6E3", "#4A1F1C", "#FDEFED", "#330D0A"),
    "conflict": ("#775000", "#EFC669", "#523500", "#FFDB80"),
    "conflictTint": ("#FAEFCB", "#3D300F", "#FDF6E0", "#2A2003"),
    "draft": ("#93390E", "#F5AC86", "#6B2500", "#FFC7A6"),
    "draftTint": ("#FBE9DE", "#43260F", "#FDF1EA", "#331702"),
    "check": ("#42555C", "#B6C5C9", "#1F2A2E", "#F2F2F2"),
}

STATE_KEYS = tuple(key for key in _STATES if not key.endswith("Tint"))
"""Keys of the text colours of states; the tint of a state is `<key>Tint`, and only `check` has none."""

_ALL = _GROUNDS | _INKS | _STATES
LIGHT: dict[str, str] = {key: four[0] for key, four in _ALL.items()}
DARK: dict[str, str] = {key: four[1] for key, four in _ALL.items()}
CONTRAST_LIGHT: dict[str, str] = {key: four[2] for key, four in _ALL.items()}
CONTRAST_DARK: dict[str, str] = {key: four[3] for key, four in _ALL.items()}
"""High contrast: 7 to 1 at least for every word and every outline of a control (WCAG 2.2, 1.4.6)."""

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
