"""Cases of what the Teaching Record System told on a lookup: sections 1.1, 1.2 and 4 of the domain pack, blocks by role."""

from __future__ import annotations

from datetime import date
from typing import Any

from desktop.model.collection import Context
from desktop.model.teacher import Advice, Said, TeacherAnswer
from tests.unit.collections.ects.sample import Case, context, ect, mentor, school

RULE = "E-TRS-ADVICE"
ECT_TRN, MENTOR_TRN = "3012345", "2054321"


def told(said: Said = Said.FOUND, trn: str = ECT_TRN, **more: Any) -> Context:
    """A new record of whom this was told yesterday."""
    return context(advice=Advice(TeacherAnswer(said, trn, "Sam", "Okafor", **more), date(2026, 9, 19)))


def _mentor_told(said: Said = Said.FOUND, **more: Any) -> Context:
    return told(said, MENTOR_TRN, **more)


_STOPPED = told(prohibited=True)

CASES = (
    Case(RULE, "4", ect()),
    Case(RULE, "4", ect(), among=told(), note="found"),
    *(
        Case(RULE, "1.1 step 1", ect(), "trn", told(induction_status=status), note=status)
        for status in ("Passed", "Exempt", "Failed")
    ),
    *(
        Case(RULE, "1.1 differs", ect(), among=told(induction_status=status), note=status)
        for status in ("FailedInWales", "InProgress", "RequiredToComplete", "None", "", "Paused")
    ),
    Case(RULE, "4", ect(), "trn", _STOPPED, note="prohibited"),
    Case(RULE, "4", ect(), among=told(other_alerts=2), note="other-alerts"),
    Case(RULE, "1.1 no QTS", ect(), among=told(qts_from=""), note="no-qts"),
    Case(RULE, "4", ect(), "trn", told(Said.NOT_FOUND), note="not-found"),
    Case(RULE, "4", ect(), "trn", told(Said.DEACTIVATED), note="deactivated"),
    Case(RULE, "4", ect(), "trn", told(Said.MERGED, merged_to="2100023"), note="merged"),
    Case(RULE, "1.1 step 1a", ect(), "date_of_birth", told(Said.BORN_DIFFERS), note="born-differs"),
    Case(RULE, "1.1 step 1a", ect(), "ni_number", told(Said.NI_DIFFERS), note="ni-differs"),
    *(
        Case(RULE, "1.2 step 1", mentor(), among=_mentor_told(induction_status=status), note=f"mentor-{status}")
        for status in ("Passed", "Exempt", "Failed")
    ),
    Case(RULE, "1.2 step 1", mentor(), "trn", _mentor_told(prohibited=True), note="mentor-prohibited"),
    Case(RULE, "1.2 step 1", mentor(), "trn", _mentor_told(Said.NOT_FOUND), note="mentor-not-found"),
    Case(RULE, "4", ect(trn="3099999"), among=_STOPPED, note="another-trn"),
    Case(RULE, "9", ect(portal_answer="found"), among=_STOPPED, note="the-portal-has-answered"),
    Case(RULE, "1.1 step 1a", ect(portal_answer="date_of_birth_differs"), "trn", _STOPPED, note="asks-ni-number"),
    Case(RULE, "4", school(), among=_STOPPED, note="a-school"),
    Case(RULE, "4", ect(), among=context(advice=_STOPPED.advice, base=ect(), state="registered"), note="registered"),
)  # fmt: skip
