"""What Register would pay for a trainee, by our reading of its table. Source: domain pack section 5.

The portal never shows amounts and decides itself what is paid; where its table has two sums, both are given.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from desktop.collections.trainees import tables
from desktop.collections.trainees.cycles import cycle_label, cycle_of_document
from desktop.model.collection import Money
from desktop.model.document import Document

_T = TypeVar("_T")
_NAMES = ("English", "French", "German", "Spanish")


def subject_words(subject: str) -> str:
    """An allocation subject as it stands inside a sentence: `mathematics`, `French language`."""
    return subject if subject.startswith(_NAMES) else subject[:1].lower() + subject[1:]


def may_go_unfunded(cycle: int | None, subject: str) -> bool:
    """Whether funding is possible without student finance: physics and languages in some cycles."""
    cycles, subjects = tables.without_eligibility()
    return cycle in cycles and subject in subjects


def offered(cycle: int, route: str, kind: str, subject: str) -> tuple[int, ...]:
    """Pounds for this combination; () when there is none, two sums where the source is ambiguous."""
    return tables.amounts().get((cycle, route, kind, subject), ())


def estimate(document: Document) -> Money | None:
    """The money that hangs on a document as it stands; None when nothing is paid or it cannot be told yet."""
    fields = document.fields
    method = _known(tables.methods(), fields.get("funding_method"))
    subject = _known(tables.allocations(), fields.get("course_subject_1"))
    route = tables.route_of(fields.get("training_route"))
    if method is None or not method.type or subject is None or route is None:
        return None
    cycle = cycle_of_document(document)
    if cycle is None or _finance_refused(fields.get("fund_code"), cycle, subject):
        return None
    pounds = (method.tier,) if method.tier else offered(cycle, route.code, method.type, subject)
    if not pounds:
        return None
    label = tables.PACK.codes("funding_method")[method.code].label
    return Money(pounds, f"{label}, {subject_words(subject)}", cycle_label(cycle), method.type)


def _known(table: Mapping[str, _T], key: object) -> _T | None:
    return table.get(key) if type(key) is str else None


def _finance_refused(fund_code: object, cycle: int, subject: str) -> bool:
    blank = fund_code is None or fund_code == ""
    return not blank and fund_code != tables.eligible_code() and not may_go_unfunded(cycle, subject)
