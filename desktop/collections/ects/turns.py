"""Whose turn it is at the portal, and what the end of one sheet means for other records. Source: domain pack 1 and 9.

A school is typed in this order: induction tutor, leavers, ECTs, mentors (each names its ECT), links, edits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from desktop.collections.ects import formats, sheet_answers, tables, who
from desktop.collections.ects.spans import spans
from desktop.collections.reading import day, is_blank, long_day, whole
from desktop.model.document import Document, Fields
from desktop.model.journey import Matter, Other, Told

_LISTED_NO_MORE = frozenset({"Passed", "Failed", "FailedInWales"})
"""Induction statuses with which the portal leaves an ECT out of the school's list (1.4)."""


# --- what must come before ------------------------------------------------------------------------------------------


def after_tutor(matter: Matter) -> str:
    """The portal leads every page to the induction tutor until that is confirmed for the year (section 1, gates)."""
    school = sheet_answers.school_of(matter)
    year = tables.contract_year(matter.today)
    if school is None or whole(school.document.get("induction_tutor_confirmed")) == year:
        return ""
    return (
        f"The induction tutor of {year} to {year + 1} comes first: the portal shows nothing else before. "
        f"Enter {year} as “Year last confirmed” in the school’s record, and type its sheet."
    )


def while_open(matter: Matter) -> str:
    """Registering, linking and changing the programme stop while the window is closed (section 1, gates)."""
    opens = tables.open_again(matter.codes, matter.today)
    if opens is not None:
        return f"Registration is closed until {long_day(opens)}. It waits here until then."
    return after_tutor(matter)


def after_ect(matter: Matter) -> str:
    """A mentor is registered from the page of one ECT (1.2)."""
    mine = sheet_answers.ect_of(matter)
    if mine is not None and not mine.there:
        name = who.full_name(mine.document)
        return f"It waits until {name} is registered: a mentor is registered from the page of one ECT."
    return while_open(matter)


def after_mentor(matter: Matter) -> str:
    """Only a mentor who is registered at the school is in the list (1.3)."""
    for child in matter.document.children.get("mentorships", ()):
        number = formats.trn(child.fields.get("mentor_trn"))
        mine = sheet_answers.other(matter, who.MENTOR, number)
        if f"mentorships.{child.id}" in matter.changed and mine is not None and not mine.there:
            return f"It waits until {who.full_name(mine.document)} is registered as a mentor."
    return gone(matter) or while_open(matter)


def change(matter: Matter) -> str:
    """Name, email, pattern, provider and body can be changed also while registration is closed."""
    return gone(matter) or after_tutor(matter)


def change_programme(matter: Matter) -> str:
    """The one edit that stops with registration."""
    return gone(matter) or while_open(matter)


def gone(matter: Matter) -> str:
    """After the last day, and after induction, a school neither sees nor edits them (1.4, 1.8)."""
    last = day((matter.base or matter.document).get("finished_on"))
    name = who.full_name(matter.document)
    if matter.state in ("leaving", "left") and last is not None and last < matter.today:
        return f"{name} left on {long_day(last)}, and the portal shows them to the school no more. Take this back."
    if who.is_ect(matter.document) and matter.document.get("induction_status") in _LISTED_NO_MORE:
        return (
            f"{name}’s induction has ended, and the portal shows them to the school no more. Take this back."
        )
    return ""


# --- what the end of a sheet says of others -------------------------------------------------------------------------


def ect_registered(matter: Matter) -> Iterable[Told]:
    """The school's choices are kept as its last ones (1.1, on confirm)."""
    school = sheet_answers.school_of(matter)
    chosen = sheet_answers.choices(matter)
    if school is None or not chosen["training_programme"]:
        return ()
    return (Told(school.id, {f"last_{name}": value for name, value in chosen.items()}),)


def mentor_registered(matter: Matter) -> Iterable[Told]:
    """With the registration the mentor is linked to the ECT (1.2, confirm)."""
    mine = sheet_answers.ect_of(matter)
    return _linked(mine, mine.base or mine.document, matter) if mine is not None else ()


def link_asked(matter: Matter) -> Iterable[Told]:
    """The mentor is there already: the ECT's record asks for the link."""
    mine = sheet_answers.ect_of(matter)
    return _linked(mine, mine.document, matter) if mine is not None else ()


def _linked(ect: Other, held: Document, matter: Matter) -> Iterable[Told]:
    """The link of a new mentor; `held` = the record in which those before it end."""
    number, mentor = who.trn(matter.document), matter.document
    moves = not is_blank(mentor.get("started_on")) and who.is_yes(mentor, "only_here")
    first = not (ect.base or ect.document).children.get("mentorships")
    start = _link_starts(ect.document, mentor, None if moves and first else matter.today)
    same = (
        child
        for child, one in spans(ect.document, "mentorships")
        if formats.trn(child.fields.get("mentor_trn")) == number and one.end >= start
    )
    known = next(same, None)
    answers: Fields = {"started_on": start.isoformat(), "finished_on": _link_ends(ect.base, None)}
    if known is None:
        answers |= {"mentor_trn": number, "mentor_name": who.full_name(mentor)}
    elif not matter.typed or (ect.base is not None and ect.base.child("mentorships", known.id)):
        answers = {}
    child_id = known.id if known is not None else ""
    return (Told(ect.id, {}, (*_before(held, start, child_id), ("mentorships", child_id, answers))),)


def link_made(matter: Matter) -> Told:
    """The portal begins and ends the link by itself, whatever was planned here (1.3, 1.6)."""
    new = sheet_answers.new_link(matter)
    if new is None or not matter.typed:
        return Told()
    found = sheet_answers.other(matter, who.MENTOR, formats.trn(new.fields.get("mentor_trn")))
    base, mentor = matter.base or Document(), found.document if found is not None else Document()
    start = _link_starts(matter.document, mentor, matter.today)
    ends = _link_ends(base, found.base if found is not None else None)
    link: Fields = {"started_on": start.isoformat(), "finished_on": ends}
    return Told(children=(*_before(base, start, new.id), ("mentorships", new.id, link)))


def _link_starts(ect: Document, mentor: Document, today: date | None) -> date:
    """The latest of the ECT's start, the mentor's, and today; None = the link may be backdated (1.3)."""
    days = (day(ect.get("started_on")), day(mentor.get("started_on")), today)
    return max((found for found in days if found is not None), default=date.min)


def _link_ends(*both: Document | None) -> str | None:
    """The earlier of the two last days, as far as the portal has them (1.3)."""
    days = (day(one.get("finished_on")) for one in both if one is not None)
    last = min((found for found in days if found is not None), default=None)
    return last.isoformat() if last is not None else None


def _before(held: Document, start: date, but: str) -> Iterator[tuple[str, str, Fields | None]]:
    """A link before ends the day before the new one; if it began on that day or later, it goes (1.3)."""
    for child, one in spans(held, "mentorships"):
        if child.id != but and one.end >= start:
            last = (start - timedelta(days=1)).isoformat()
            yield "mentorships", child.id, {"finished_on": last} if one.first < start else None


def ect_answers(matter: Matter) -> Told:
    """What the portal has of an ECT from the registration on: also what it took over from the previous choices."""
    return Told(fields={"portal_answer": "registered", **sheet_answers.choices(matter)})


def mentor_answers(_matter: Matter) -> Told:
    """As of an ECT; the portal leaves the choices of training to the ECT's provider."""
    return Told(fields={"portal_answer": "registered"})


def tutor_answers(matter: Matter) -> Told:
    """The year is confirmed with the end of the sheet (1.9)."""
    return Told(fields={"induction_tutor_confirmed": tables.contract_year(matter.today)})


# --- leaving --------------------------------------------------------------------------------------------------------


def left(matter: Matter) -> Told:
    """The period, its links and its training end with the day, and those that would begin later go (1.8)."""
    last, held = _last_day(matter), matter.base or matter.document
    if last is None:
        return Told()
    cut = [one for kind in ("training", "mentorships") for one in _cut(held, kind, last)]
    return Told(fields={"finished_on": last.isoformat()}, children=tuple(cut))


def mentor_left(matter: Matter) -> Iterable[Told]:
    """The links of a mentor end in the records of their ECTs at this school (1.8)."""
    if not who.is_mentor(matter.document):
        return
    last, number = _last_day(matter), who.trn(matter.document)
    if last is None:
        return
    for other in matter.others:
        elsewhere = bool(who.urn(other.document)) and who.urn(other.document) != who.urn(matter.document)
        if other.base is not None and who.is_ect(other.document) and not elsewhere:
            cut = tuple(_cut(other.base, "mentorships", last, number))
            if cut:
                yield Told(other.id, {}, cut)


def _last_day(matter: Matter) -> date | None:
    """An earlier end that is there already stays (1.8); None where no day was said."""
    days = (day(matter.get("leaving_on")), day((matter.base or Document()).get("finished_on")))
    return min((found for found in days if found is not None), default=None)


def _cut(held: Document, kind: str, last: date, mentor: str = "") -> Iterator[tuple[str, str, Fields | None]]:
    """What is left of the periods of one kind; `mentor` = of the links, only those with this TRN."""
    for child, one in spans(held, kind):
        if mentor and formats.trn(child.fields.get("mentor_trn")) != mentor:
            continue
        if one.first >= last:
            yield kind, child.id, None
        elif one.end > last:
            yield kind, child.id, {"finished_on": last.isoformat()}
