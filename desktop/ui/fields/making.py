"""Which control fits a field: by its kind and the length of its code list, never by its name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from desktop.model.collection import CodeLists, Field, Kind
from desktop.ui.fields.check_list import CheckListControl
from desktop.ui.fields.choice import FEW, ChoiceControl
from desktop.ui.fields.code_picker import CodePicker
from desktop.ui.fields.control import Control
from desktop.ui.fields.date_entry import DateEntry
from desktop.ui.fields.long_text import LongTextControl
from desktop.ui.fields.text import TextControl

_NUMBERED = re.compile(r"(.*\D)(\d+)")
_LONG = 300
"""A text of so many characters wants several lines."""
_SEVERAL = 4
"""So many numbered fields of one unit and list are one question with several answers."""


def make_control(field: Field, lists: CodeLists, today: date) -> Control:
    """A control for one field."""
    if field.kind == Kind.DATE:
        return DateEntry(today, past="birth" in field.name)
    if field.kind == Kind.CODE and field.codes:
        in_use = [code for code in lists.codes(field.codes).values() if not code.retired]
        if len(in_use) < FEW:
            return ChoiceControl(lists, field.codes)
        return CodePicker(lists, field.codes)
    if field.codes:
        return CheckListControl(lists, field.codes)
    if field.kind is Kind.TEXT and field.max_length >= _LONG:
        return LongTextControl()
    return TextControl(field)


def grouped(fields: Sequence[Field]) -> list[list[Field]]:
    """The fields in order, those that are several answers to one question together."""
    found: list[list[Field]] = []
    for field in fields:
        if found and _stem(field) and _stem(field) == _stem(found[-1][0]):
            found[-1].append(field)
        else:
            found.append([field])
    return [
        part
        for group in found
        for part in ([group] if len(group) >= _SEVERAL else [[field] for field in group])
    ]


def _stem(field: Field) -> str:
    """What numbered fields of one unit and one list have in common; "" for any other field."""
    numbered = _NUMBERED.fullmatch(field.name)
    if numbered is None or not (field.unit and field.codes):
        return ""
    return f"{numbered[1]}/{field.unit}/{field.codes}"


def stem_label(label: str) -> str:
    """The label without its number: `Disability 1` is one of the answers to `Disability`."""
    numbered = _NUMBERED.fullmatch(label)
    return (numbered[1] if numbered else label).strip()
