"""What stands before the pages: whether the school may use the website, its induction tutor, and the closed window.

Source: domain pack register-ects section 1, gates, and 1.9.
"""

from __future__ import annotations

from collections.abc import Callable

from desktop.practice.ects import windows
from desktop.practice.ects.visit import DFE, Visit
from desktop.practice.ects.windows import long
from desktop.practice.ects.world import Held, School
from desktop.practice.pages import markup
from desktop.practice.wire import Reply

CLOSED = "/registration-closed"
_NOT_WHILE_CLOSED = (
    "register early career teachers (ECTs) and mentors",
    "change the training programme of an ECT",
    "change the mentor of an ECT",
    "assign a mentor to an ECT",
)


def has_unfinished_training(held: Held, school: School) -> bool:
    """Whether anybody of the school is in training that has no end."""
    return any(
        t.until is None and held.periods[t.period].school == school.urn for t in held.training.values()
    )


def may_sign_in(held: Held, school: School) -> bool:
    """Not closed, and eligible; an independent one that is not approved only while it still trains somebody."""
    if school.closed:
        return False
    return windows.eligible(school) or (windows.independent(school) and has_unfinished_training(held, school))


def may_register_ects(school: School) -> bool:
    """An independent school without Section 41 registers nobody new."""
    return windows.eligible(school)


def tutor_is_due(visit: Visit) -> bool:
    """Whether the tutor was not confirmed for the current contract year, or the upcoming one if there is none."""
    if visit.person == DFE:
        return False
    years, school = visit.held.years.values(), visit.school
    current = windows.year_of(visit.held, visit.today)
    later = sorted(year.year for year in years if year.began > visit.today)
    wanted = current.year if current else next(iter(later), None)
    return wanted is not None and school.tutor_year != wanted


def no_access(visit: Visit) -> Reply:
    """The page of a school that may not use the website."""
    reasons = (
        "It may have closed or changed, for example into an academy. Then ask for access to the new school.",
        "It may be new, and not be known here yet. Wait a few days.",
        "It may have no funding for the training of early career teachers.",
    )
    title = f"You cannot access the Register early career teachers service for {visit.school.name}"
    return visit.show(title, [markup.paragraph("There may be several reasons."), markup.bullets(reasons)])


def registration_closed(visit: Visit) -> Reply | None:
    """On to the page that says when registration opens again; None while it is open."""
    return visit.go(CLOSED) if windows.closed_until(visit.held, visit.today) else None


def may_register_ect(visit: Visit) -> Reply | None:
    """As `registration_closed`; a school without funding is sent back to its list."""
    return registration_closed(visit) or (None if may_register_ects(visit.school) else visit.go("/ects"))


def closed_page(visit: Visit) -> Reply:
    """What cannot be done, and until when."""
    opens = windows.closed_until(visit.held, visit.today)
    if opens is None:
        return visit.go("/ects")
    title = f"You cannot register early career teachers (ECTs) or mentors until {long(opens)}"
    body = [
        markup.paragraph(f"Until {long(opens)} you cannot:"),
        markup.bullets(_NOT_WHILE_CLOSED),
        markup.paragraph(
            "If an ECT has started, tell their lead provider now, and register them when it opens."
        ),
        markup.paragraph(markup.link("/ects", "Back to ECTs")),
    ]
    return visit.show(title, body)


def guarded(page: Callable[[Visit], Reply], *, tutor_first: bool = True) -> Callable[[Visit], Reply]:
    """A page behind the gates. `tutor_first` False: leaving and tutor pages, which need no confirmed tutor."""

    def answer(visit: Visit) -> Reply:
        if not may_sign_in(visit.held, visit.school):
            return no_access(visit)
        if tutor_first and tutor_is_due(visit):
            return visit.go("/induction-tutor/declare")
        return page(visit)

    return answer
