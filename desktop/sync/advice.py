"""What the Teaching Record System told of a record's teacher, kept beside the record (things kept of kind "lookup", by record).

It goes with the record, when TRN, date of birth or National Insurance number change, and when the portal itself has answered.
It never holds a date of birth or a National Insurance number.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from desktop.model.collection import Collection
from desktop.model.document import Document
from desktop.model.teacher import Advice, TeacherAnswer
from desktop.store.kept import KeptThing
from desktop.store.store import Unit

KIND = "lookup"


@dataclass(frozen=True)
class Kept:
    """An answer, when it was given, and to whom."""

    advice: Advice
    at: datetime
    by: str


def keep(unit: Unit, record_id: str, answer: TeacherAnswer, on: date) -> None:
    """In place of what was told before. `on` = today in London."""
    unit.kept.put(KIND, record_id, {"answer": answer.to_json(), "on": on.isoformat()})


def of(unit: Unit, record_id: str) -> Kept | None:
    """What was told of a record last."""
    found = unit.kept.get(KIND, record_id)
    return _read(found) if found else None


def for_rules(unit: Unit, collection: Collection, record_id: str) -> Advice | None:
    """The same for a rule; only collections that look people up have any."""
    if collection.looked_up is None:
        return None
    found = of(unit, record_id)
    return found.advice if found else None


def forget(unit: Unit, record_id: str) -> None:
    """Harmless when there is none."""
    unit.kept.remove(KIND, record_id)


def forget_all(unit: Unit) -> list[str]:
    """Everything that was told, of anybody; the records that it was about."""
    names = [kept.name for kept in unit.kept.all(KIND)]
    for name in names:
        forget(unit, name)
    return names


def keep_in_step(
    unit: Unit, collection: Collection, record_id: str, after: Document, touched: Iterable[str]
) -> None:
    """After a record was written: an answer about another TRN or date of birth, or one that the portal has given too, goes."""
    if collection.looked_up is None:
        return
    asked = {*collection.keys, *(field.name for field in collection.fields if field.lookup)}
    if collection.looked_up(after) or not asked.isdisjoint(touched):
        forget(unit, record_id)


def _read(kept: KeptThing) -> Kept:
    answer = TeacherAnswer.from_json(kept.body["answer"])
    return Kept(Advice(answer, date.fromisoformat(kept.body["on"])), kept.at, kept.actor)
