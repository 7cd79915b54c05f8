"""Short words for codes in table cells and filters, where the list's own label is too long for a column.

Keyed by code list, so that every collection may have its own; a code that is not named here shows its whole label.
"""

from __future__ import annotations

from collections.abc import Mapping

from desktop.model.collection import CodeLists

SHORT: Mapping[str, Mapping[str, str]] = {
    "training_route": {
        "02": "School Direct fee",
        "09": "UG opt-in",
        "10": "PG apprenticeship",
        "11": "UG fee funded",
        "12": "PG fee funded",
        "14": "Teacher Degree Appr.",
        "17": "EY assessment only",
    },
    "funding_method": {
        "4": "Scholarship",
        "6": "None",
        "B": "Bursary",
        "C": "Bursary",
        "D": "Bursary",
        "E": "Grant",
    },
    "study_mode": {"01": "Full-time", "31": "Part-time"},
}

SHORT_STATES: Mapping[str, str] = {"awarded": "QTS or EYTS"}
"""What a cell says for a state at the portal whose own label is too long."""


def short_label(lists: CodeLists, list_name: str, code: object) -> str:
    """What a cell says for a code: short words, else the label, else the code itself; "" for no answer."""
    if code is None or code == "":
        return ""
    text = str(code)
    short = SHORT.get(list_name, {}).get(text)
    return short or full_label(lists, list_name, text)


def full_label(lists: CodeLists, list_name: str, code: object) -> str:
    """The list's own label, else the code itself; "" for no answer."""
    if code is None or code == "":
        return ""
    try:
        entry = lists.codes(list_name).get(str(code))
    except KeyError:
        entry = None
    return entry.label if entry else str(code)
