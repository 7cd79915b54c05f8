"""What the money panel of a record says. Pure functions of a view and a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from desktop.model.change import ChangeState
from desktop.model.collection import Collection, Money, Required
from desktop.model.document import Document
from desktop.services.views import RecordView
from desktop.ui import words


@dataclass(frozen=True)
class MoneySaid:
    """The panel's content; `amounts` () = nothing is paid, or, where not `known`, it cannot be told yet."""

    amounts: tuple[int, ...]
    what: str
    aside: str
    lines: tuple[tuple[str, str], ...]
    known: bool = True


def sum_words(money: Money | None) -> str:
    """The sum, both sums where the table has two, "No funding" for none."""
    if money is None or not money.amounts:
        return "No funding"
    return " or ".join(words.money(amount) for amount in money.amounts)


def said_of(
    collection: Collection, document: Document, view: RecordView | None, errors: int, today: date
) -> MoneySaid:
    """For the answers as they stand in the form."""
    money = collection.money(document)
    lines: list[tuple[str, str]] = []
    if view is not None and view.base is not None:
        lines.append(("Portal holds now", sum_words(view.money_at_portal)))
    due = next((day for day, _ in collection.deadlines(today) if day >= today), None)
    if due is not None:
        lines.append(("Needed by", short_day(due, today)))
    unsent = unsent_answers(collection, view)
    if unsent:
        lines.append(("Not sent yet", unsent))
    lines.append(("Place in queue", place_words(view, errors)))
    lines.append(("Depends on", decided_in(collection)))
    aside = f"{money.cycle} table" if money else ""
    if money is not None:
        return MoneySaid(money.amounts, money.what, aside, tuple(lines))
    known = _is_answered(collection, document)
    what = "Nothing is paid for these answers" if known else f"It depends on {decided_in(collection).lower()}"
    return MoneySaid((), what, aside, tuple(lines), known)


def _is_answered(collection: Collection, document: Document) -> bool:
    """Whether every answer that always decides about money is there."""
    deciding = (f for f in collection.fields if f.money and f.unit and f.required is Required.ALWAYS)
    return all(document.get(f.name) not in (None, "") for f in deciding)


def decided_in(collection: Collection) -> str:
    """The sections whose answers the sum is looked up by, as "Course, dates, funding"."""
    deciding = {f.section for f in collection.fields if f.money and f.unit}
    titles = [s.title for s in collection.sections if s.key in deciding]
    return ", ".join([*titles[:1], *(title.lower() for title in titles[1:])])


def unsent_answers(collection: Collection, view: RecordView | None) -> str:
    """The answers about money that were changed here and that the portal has not had: "Subject 1 and 2 more"."""
    if view is None or view.base is None:
        return ""
    labels = [f.label for f in collection.fields if f.money and f.name in view.pending.fields]
    return f"{labels[0]} and {len(labels) - 1} more" if len(labels) > 1 else "".join(labels)


def short_day(day: date, today: date) -> str:
    """A day as `Wed 14 October`, with the year if it is another one."""
    weekday = words.DAYS[day.weekday()][:3]
    text = f"{weekday} {day.day} {words.MONTHS[day.month - 1]}"
    return text if day.year == today.year else f"{text} {day.year}"


def place_words(view: RecordView | None, errors: int) -> str:
    """Where its changes stand in the queue: "2nd", "Not yet, 2 to fix", "Nothing waits"."""
    if view is None:
        return "Not yet, not saved"
    if errors:
        return f"Not yet, {errors} to fix"
    places: Sequence[int] = [c.place for c in view.changes if c.place is not None]
    if places:
        return words.ordinal(min(places))
    states = {c.state for c in view.changes}
    if ChangeState.SENDING in states:
        return "Sending"
    if ChangeState.UNKNOWN in states:
        return "Sent, not known yet"
    if states:
        return "Held, needs you"
    return "Nothing waits"
