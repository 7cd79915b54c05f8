"""Rules about how periods lie to each other: invariants 1 to 5, 10 and 11 of section 2 of the domain pack."""

from __future__ import annotations

from collections.abc import Iterable

from desktop.collections.declare import ERROR, NOTHING, WARNING, Say, rule
from desktop.collections.ects import formats, who
from desktop.collections.ects.spans import Span, overlaps, span, spans
from desktop.collections.reading import long_day, text
from desktop.model.collection import Context
from desktop.model.document import Child, Document
from desktop.model.finding import Finding


def _met(other: Span) -> str:
    return (
        f"{long_day(other.first)} to {long_day(other.last)}"
        if other.last
        else f"since {long_day(other.first)}"
    )


def _own(document: Document) -> list[tuple[Child, Span]]:
    mine = span(document.fields)
    return [(Child("", {}), mine)] if mine else []


def _at(child: Child, kind: str) -> str:
    """Where a finding about a period stands: in its child, or at the record's own start."""
    return f"{kind}.{child.id}.started_on" if child.id else "started_on"


@rule(
    "E-ECT-OVERLAP",
    ERROR,
    "Registrations of one ECT never share a day, at whatever school.",
    "2, invariants 1 and 11",
)
def _ect_overlap(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    if not who.is_ect(document):
        return NOTHING
    told = spans(document, "periods")
    if not who.is_new(context):  # of a new one the portal itself ends what is open; see E-START-BOUNDARY
        told = told + _own(document)
    return [
        say(
            _at(child, "periods"),
            f"This meets another registration: {_met(other)}. Only one can hold at a time.",
        )
        for child, other in overlaps(told)
    ]


@rule(
    "E-MENTOR-OVERLAP",
    ERROR,
    "Periods of one mentor at one school never share a day.",
    "2, invariants 2 and 11",
)
def _mentor_overlap(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    if not who.is_mentor(document):
        return NOTHING
    by_school: dict[str, list[tuple[Child, Span]]] = {who.urn(document): _own(document)}
    for child, one in spans(document, "periods"):
        school = text(child.fields.get("school_urn")).strip()
        if school:
            by_school.setdefault(school, []).append((child, one))
    return [
        say(
            _at(child, "periods"),
            f"This meets another period at the same school: {_met(other)}. Check the dates.",
        )
        for told in by_school.values()
        for child, other in overlaps(told)
    ]


@rule("E-MENTORSHIP-OVERLAP", ERROR, "An ECT has one mentor at a time.", "2, invariants 3 and 11")
def _mentorship_overlap(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    return [
        say(
            _at(child, "mentorships"),
            f"This meets another mentor's time: {_met(other)}. End that one the day before, or start later.",
        )
        for child, other in overlaps(spans(document, "mentorships"))
    ]


@rule("E-MENTOR-SELF", ERROR, "Nobody mentors themself.", "2, invariant 4; 1.2 step 1")
def _mentor_self(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    mine = who.trn(document)
    if not mine:
        return NOTHING
    said = "Mentor and ECT have the same TRN, and nobody can mentor themself. Check both."
    if who.is_mentor(document):
        return (say("ect_trn", said),) if formats.trn(document.fields.get("ect_trn")) == mine else NOTHING
    return [
        say(f"mentorships.{child.id}.mentor_trn", said)
        for child in document.children.get("mentorships", ())
        if formats.trn(child.fields.get("mentor_trn")) == mine
    ]


@rule(
    "E-MENTORSHIP-INSIDE",
    ERROR,
    "Mentoring lies inside both periods: the ECT's and the mentor's.",
    "2, invariant 4",
)
def _mentorship_inside(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    mine, found = span(document.fields), []
    for child, one in spans(document, "mentorships"):
        if mine is not None and one.first < mine.first:
            said = f"The ECT starts on {long_day(mine.first)}. Mentoring cannot begin before."
            found.append(say(_at(child, "mentorships"), said))
            continue
        theirs = _mentor_period(child, context)
        if theirs is not None and not theirs.holds(Span(one.first, one.last or theirs.last)):
            said = f"The mentor is at the school {_met(theirs)}. Mentoring lies inside that."
            found.append(say(_at(child, "mentorships"), said))
    return found


def _mentor_period(child: Child, context: Context) -> Span | None:
    """The period of the mentor at this school, when their record is here."""
    mentors = who.others_of(context, who.MENTOR, formats.trn(child.fields.get("mentor_trn")))
    return span(mentors[0].fields) if len(mentors) == 1 else None


@rule("E-MENTOR-SCHOOL", ERROR, "Mentor and ECT are at the same school.", "2, invariant 4")
def _mentor_school(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    mine = who.urn(document)
    if not mine:
        return NOTHING
    found = []
    for child in document.children.get("mentorships", ()):
        mentors = who.others_of(context, who.MENTOR, formats.trn(child.fields.get("mentor_trn")))
        schools = {who.urn(mentor) for mentor in mentors} - {""}
        if schools and mine not in schools:
            said = "The mentor's record here is for another school. Register the mentor at this school first."
            found.append(say(f"mentorships.{child.id}.mentor_trn", said))
    return found


@rule(
    "E-TRAINING-OVERLAP",
    ERROR,
    "Training of one person in one role never shares a day.",
    "2, invariants 5 and 11",
)
def _training_overlap(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    return [
        say(_at(child, "training"), f"This meets another training period: {_met(other)}. Check the dates.")
        for child, other in overlaps(spans(document, "training"))
    ]


@rule(
    "E-TRAINING-INSIDE", ERROR, "Training begins no earlier than the period at the school.", "2, invariant 5"
)
def _training_inside(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    mine = span(document.fields)
    if mine is None:
        return NOTHING
    said = f"The period at this school begins on {long_day(mine.first)}. Training cannot begin before."
    return [
        say(_at(child, "training"), said)
        for child, one in spans(document, "training")
        if one.first < mine.first
    ]


@rule(
    "E-PERIOD-COVERS",
    ERROR,
    "A period at a school covers its training and mentoring, also after its dates moved.",
    "2, invariants 4, 5 and 10",
)
def _period_covers(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    mine = span(document.fields)
    if mine is None or mine.last is None or context.state == "leaving":
        return NOTHING  # with the leaving the portal itself ends what goes on
    later = [
        f"{kind}.{child.id}.finished_on"
        for kind in ("training", "mentorships")
        for child, one in spans(document, kind)
        if one.end > mine.end and one.first <= mine.end
    ]
    said = f"The last day at this school is {long_day(mine.last)}. End this on that day or before."
    return [say(path, said) for path in later]


@rule("E-MENTOR-MISSING", WARNING, "A registered ECT has a mentor.", "1.1, after the confirmation")
def _mentor_missing(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    if not who.is_ect(document) or who.is_new(context) or context.state == "leaving":
        return NOTHING
    if any(one.end >= context.today for _, one in spans(document, "mentorships")):
        return NOTHING
    return (
        say(
            "mentorships",
            "This ECT needs a mentor. The portal shows that something is to do until there is one.",
        ),
    )


RULES = (
    _ect_overlap,
    _mentor_overlap,
    _mentorship_overlap,
    _mentor_self,
    _mentorship_inside,
    _mentor_school,
    _training_overlap,
    _training_inside,
    _period_covers,
    _mentor_missing,
)
