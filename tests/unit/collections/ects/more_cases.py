"""Cases of the rules about training, periods, school and portal: invariants 1 to 12 of section 2 of the domain pack."""

from __future__ import annotations

from desktop.model.finding import Severity
from tests.unit.collections.ects.sample import (
    URN,
    Case,
    ect,
    held,
    known,
    mentor,
    mentorship,
    school,
    training,
)

WARNING, UNKNOWN = Severity.WARNING, Severity.UNKNOWN
_INDEPENDENT = school(school_type="other_independent_special_school", section_41="yes")

BODY = (
    Case("E-BODY-KIND", "1.1.1", ect(appropriate_body="Kent County Council"), "appropriate_body", note="council"),
    Case("E-BODY-KIND", "1.1.1", ect(appropriate_body="local_authority"), "appropriate_body"),
    Case("E-BODY-KIND", "1.1.1", ect(appropriate_body="istip"), "appropriate_body", known(school())),
    Case("E-BODY-KIND", "1.1.1", ect(appropriate_body="esp"), "appropriate_body", known(_INDEPENDENT), note="esp"),
    Case("E-BODY-KIND", "1.1.1", ect(appropriate_body="istip"), among=known(_INDEPENDENT), note="istip"),
    Case("E-BODY-KIND", "1.1.1", ect(appropriate_body="istip"), note="school-not-known"),
    Case("E-BODY-KIND", "1.1.1", ect(), among=known(school())),
    Case("E-BODY-KIND", "2 invariant 12", school(last_appropriate_body="istip"), "last_appropriate_body"),
    Case("E-BODY-KIND", "2 invariant 12", school(last_appropriate_body="local_authority"), "last_appropriate_body", note="authority"),
    Case("E-BODY-KIND", "1.1.1", ect(appropriate_body="local_authority"), among=held(ect(appropriate_body="local_authority")), note="the-portal-has-it"),
    Case("E-BODY-ACTIVE", "1.1.1", ect(), "appropriate_body"),
    Case("E-BODY-ACTIVE", "1.1.1", ect(appropriate_body="A new hub"), "appropriate_body", note="not-on-list"),
    Case("E-BODY-ACTIVE", "1.1.1", ect(), among=held(ect())),
)  # fmt: skip

PROGRAMME = (
    Case("E-PROVIDER-NONE", "2 invariant 6", ect(training_programme="school_led"), "lead_provider"),
    Case("E-PROVIDER-NONE", "2 invariant 12", school(last_training_programme="school_led", last_lead_provider="teach_first"), "last_lead_provider"),
    Case("E-PROVIDER-NONE", "2 invariant 6", ect()),
    Case("E-PROVIDER-ACTIVE", "1.1 step 9", ect(lead_provider="capita"), "lead_provider"),
    Case("E-PROVIDER-ACTIVE", "1.1 step 9", ect(lead_provider="A new one"), "lead_provider", severity=UNKNOWN, note="not-on-list"),
    Case("E-PROVIDER-ACTIVE", "1.1 step 9", ect()),
    Case("E-PROVIDER-ACTIVE", "1.7", ect(lead_provider="capita"), among=held(ect(lead_provider="capita")), note="the-portal-has-it"),
    Case("E-PREVIOUS-CHOICES", "1.1.2", ect(use_previous_choices="yes"), "use_previous_choices", known(school())),
    Case("E-PREVIOUS-CHOICES", "1.1.2", ect(use_previous_choices="yes"), among=known(school(last_training_programme="school_led"))),
    Case("E-PREVIOUS-CHOICES", "1.1.2", ect(use_previous_choices="yes"), note="school-not-known"),
)  # fmt: skip


def _trained(**changes: object) -> dict[str, list[dict[str, object]]]:
    return {"training": [training(**changes)]}


_TWO_TRAININGS = {"training": [training(finished_on="2026-12-31"), training(started_on="2026-12-31")]}
_NEXT_DAY = {"training": [training(finished_on="2026-12-31"), training(started_on="2027-01-01")]}
_GONE = ect(_trained(declared="yes"))

TRAINING = (
    Case("E-TRAINING-MENTOR", "2 invariant 5", mentor(_trained(training_programme="school_led")), "training.t1.training_programme"),
    Case("E-TRAINING-MENTOR", "2 invariant 5", mentor(_trained())),
    Case("E-TRAINING-PARTS", "2 invariant 6", ect(_trained(schedule=None)), "training.t1.schedule"),
    Case("E-TRAINING-PARTS", "2 invariant 6", ect(_trained(agreed_by=None)), "training.t1.agreed_by"),
    Case("E-TRAINING-PARTS", "2 invariant 6", ect(_trained(training_programme="school_led", lead_provider=None, agreed_by=None)), "training.t1.schedule", note="school-led"),
    Case("E-TRAINING-PARTS", "2 invariant 6", ect(_trained())),
    Case("E-TRAINING-YEAR", "2 invariant 7", ect(_trained(agreed_year=2025, schedule_year=2026)), "training.t1.schedule_year"),
    Case("E-TRAINING-YEAR", "2 invariant 7", ect(_trained(agreed_year=2026, schedule_year=2026))),
    Case("E-TRAINING-SCHEDULE", "2 invariant 7", ect(_trained(schedule="ecf-replacement-april")), "training.t1.schedule"),
    Case("E-TRAINING-SCHEDULE", "2 invariant 7", mentor(_trained(schedule="ecf-reduced-april")), "training.t1.schedule", note="mentor"),
    Case("E-TRAINING-SCHEDULE", "2 invariant 7", mentor(_trained(schedule="ecf-replacement-april"))),
    Case("E-TRAINING-STOPPED", "2 invariant 8", ect(_trained(withdrawn_on="2026-09-15", finished_on="2026-09-15")), "training.t1.withdrawal_reason"),
    Case("E-TRAINING-STOPPED", "2 invariant 8", ect(_trained(deferral_reason="other", finished_on="2026-09-15")), "training.t1.deferred_on"),
    Case("E-TRAINING-STOPPED", "2 invariant 8", ect(_trained(deferred_on="2026-09-15", deferral_reason="other")), "training.t1.finished_on"),
    Case("E-TRAINING-STOPPED", "2 invariant 8", ect(_trained(started_on="2026-10-01", finished_on="2026-10-02", deferred_on="2026-10-01", deferral_reason="other")), "training.t1.deferred_on", note="not-begun"),
    Case("E-TRAINING-STOPPED", "2 invariant 8", ect(_trained(deferred_on="2026-09-15", deferral_reason="other", finished_on="2026-09-15"))),
    Case("E-TRAINING-REASON", "2 invariant 8", ect(_trained(withdrawal_reason="mentor_no_longer_being_mentor")), "training.t1.withdrawal_reason"),
    Case("E-TRAINING-REASON", "2 invariant 8", mentor(_trained(withdrawal_reason="mentor_no_longer_being_mentor"))),
    Case("E-TRAINING-SCHOOL", "2 invariant 9", ect(_trained(partnership_urn="654321")), "training.t1.partnership_urn"),
    Case("E-TRAINING-SCHOOL", "2 invariant 9", ect(_trained(partnership_urn=URN))),
    Case("E-TRAINING-DECLARED", "2 invariant 9", ect(), "training", held(_GONE)),
    Case("E-TRAINING-DECLARED", "2 invariant 9", ect(), among=held(ect(_trained())), note="nothing-declared"),
    Case("E-TRAINING-DECLARED", "2 invariant 9", ect(), note="new"),
    Case("E-TRAINING-OVERLAP", "2 invariants 5 and 11", ect(_TWO_TRAININGS), "training.t2.started_on"),
    Case("E-TRAINING-OVERLAP", "2 invariants 5 and 11", ect(_NEXT_DAY)),
    Case("E-TRAINING-INSIDE", "2 invariant 5", ect(_trained(started_on="2026-08-31")), "training.t1.started_on"),
    Case("E-TRAINING-INSIDE", "2 invariant 5", ect(_trained())),
)  # fmt: skip

_MAY = {"started_on": "2025-09-01", "finished_on": "2026-05-31"}
_MEET = {"periods": [_MAY, {"started_on": "2026-05-31", "finished_on": "2026-07-31"}]}
_FOLLOW = {"periods": [_MAY, {"started_on": "2026-06-01", "finished_on": "2026-07-31"}]}
_BOTH_OPEN = {"periods": [{"started_on": "2024-09-01"}, {"started_on": "2025-09-01"}]}
_HERE = {"periods": [{**_MAY, "school_urn": URN}]}
_THERE = {"periods": [{**_MAY, "school_urn": "654321"}]}
_AT_SCHOOL = mentor(started_on="2026-09-01", finished_on="2026-12-31", ect_trn=None)
_SELF = {"mentorships": [mentorship(mentor_trn="RP30/12345")]}


def _mentored(*links: dict[str, object]) -> dict[str, list[dict[str, object]]]:
    return {"mentorships": list(links) or [mentorship()]}


PERIODS = (
    Case("E-PERIOD-COVERS", "1.8", ect(_mentored(), finished_on="2026-12-31"), among=held(ect(), state="leaving"), note="leaving"),
    Case("E-ECT-OVERLAP", "2 invariants 1 and 11", ect(_MEET), "periods.p2.started_on"),
    Case("E-ECT-OVERLAP", "2 invariants 1 and 11", ect(_FOLLOW)),
    Case("E-ECT-OVERLAP", "2 invariant 1", ect(_BOTH_OPEN), "periods.p2.started_on", note="two-open"),
    Case("E-ECT-OVERLAP", "2 invariant 1", ect({"periods": [{"started_on": "2026-01-01"}]}), "started_on", held(ect()), note="registered"),
    Case("E-ECT-OVERLAP", "1.1, on confirm", ect({"periods": [{"started_on": "2026-01-01"}]}), note="the-portal-ends-it"),
    Case("E-MENTOR-OVERLAP", "2 invariant 2", mentor(_HERE, started_on="2026-05-01"), "started_on"),
    Case("E-MENTOR-OVERLAP", "2 invariant 2", mentor(_THERE, started_on="2026-05-01"), note="another-school"),
    Case("E-MENTORSHIP-OVERLAP", "2 invariant 3", ect(_mentored(mentorship(), mentorship(mentor_trn="2099999", started_on="2026-10-01"))), "mentorships.m2.started_on"),
    Case("E-MENTORSHIP-OVERLAP", "2 invariant 3", ect(_mentored(mentorship(finished_on="2026-09-30"), mentorship(mentor_trn="2099999", started_on="2026-10-01")))),
    Case("E-MENTOR-SELF", "2 invariant 4", ect(_SELF), "mentorships.m1.mentor_trn"),
    Case("E-MENTOR-SELF", "1.2 step 1", mentor(ect_trn="2054321"), "ect_trn"),
    Case("E-MENTOR-SELF", "1.2 step 1", mentor()),
    Case("E-MENTORSHIP-INSIDE", "2 invariant 4", ect(_mentored(mentorship(started_on="2026-08-31"))), "mentorships.m1.started_on"),
    Case("E-MENTORSHIP-INSIDE", "2 invariant 4", ect(_mentored(mentorship(finished_on="2027-01-01"))), "mentorships.m1.started_on", known(_AT_SCHOOL), note="mentor-left"),
    Case("E-MENTORSHIP-INSIDE", "2 invariant 4", ect(_mentored()), among=known(_AT_SCHOOL), note="open"),
    Case("E-MENTOR-SCHOOL", "2 invariant 4", ect(_mentored()), "mentorships.m1.mentor_trn", known(mentor(school_urn="654321"))),
    Case("E-MENTOR-SCHOOL", "2 invariant 4", ect(_mentored()), among=known(mentor())),
    Case("E-PERIOD-COVERS", "2 invariant 10", ect(_mentored(), finished_on="2026-12-31"), "mentorships.m1.finished_on"),
    Case("E-PERIOD-COVERS", "2 invariant 10", ect({"training": [training(finished_on="2027-01-01")]}, finished_on="2026-12-31"), "training.t1.finished_on"),
    Case("E-PERIOD-COVERS", "2 invariant 10", ect(_mentored(mentorship(finished_on="2026-12-31")), finished_on="2026-12-31")),
    Case("E-MENTOR-MISSING", "1.1, after the confirmation", ect(), "mentorships", held(ect())),
    Case("E-MENTOR-MISSING", "1.1, after the confirmation", ect(_mentored()), among=held(ect())),
    Case("E-MENTOR-MISSING", "1.1, after the confirmation", ect(), note="new"),
)  # fmt: skip

SCHOOLS = (
    Case("E-URN-FORMAT", "3.5", ect(school_urn="12345"), "school_urn"),
    Case("E-URN-FORMAT", "3.5", ect({"periods": [{"school_urn": "x"}]}), "periods.p1.school_urn"),
    Case("E-URN-FORMAT", "3.5", ect()),
    Case("E-URN-TWICE", "2 school", school(), "school_urn", known(school(school_name="Other"))),
    Case("E-URN-TWICE", "2 school", school(), among=known(school(school_urn="654321"))),
    Case("E-SCHOOL-ELIGIBLE", "3.5", school(school_type="other_independent_school"), "school_type"),
    Case("E-SCHOOL-ELIGIBLE", "3.5", school(school_type="welsh_establishment"), "school_type", note="wales"),
    Case("E-SCHOOL-ELIGIBLE", "3.5", school(school_type="online_provider"), "school_type", note="online"),
    Case("E-SCHOOL-ELIGIBLE", "3.5", _INDEPENDENT, note="section-41"),
    Case("E-SCHOOL-REGISTERS", "1 gates", ect(), ".", known(school(school_type="other_independent_school"))),
    Case("E-SCHOOL-REGISTERS", "1 gates", ect(), among=known(_INDEPENDENT)),
    Case("E-TUTOR-FIRST", "1 gates, 1.9", school(induction_tutor_confirmed=2025), "induction_tutor_confirmed"),
    Case("E-TUTOR-FIRST", "1.9", school(induction_tutor_confirmed=2025), among=known(today="2026-05-31"), note="before-1-june"),
    Case("E-TUTOR-FIRST", "1.9", school()),
)  # fmt: skip

_BLOCKS = (
    "not_found", "ni_number_differs", "already_registered", "completed", "exempt", "failed", "prohibited",
    "same_person", "email_in_use", "cannot_register_yet",
)  # fmt: skip
PORTAL = (
    *(Case("E-PORTAL-BLOCK", "1.1 step 1", ect(portal_answer=a), "portal_answer", note=a) for a in _BLOCKS),
    Case("E-PORTAL-BLOCK", "1.2 step 1", mentor(portal_answer="already_registered"), "portal_answer", note="mentor"),
    Case("E-PORTAL-BLOCK", "1.1 step 1", ect(portal_answer="found")),
    Case("E-PORTAL-BLOCK", "1.1 step 1a", ect(portal_answer="date_of_birth_differs"), note="asks-ni-number"),
    *(Case("E-INDUCTION-OVER", "1.1 step 1", ect(induction_status=s), "induction_status", note=s) for s in ("Passed", "Exempt", "Failed")),
    Case("E-INDUCTION-OVER", "1.1 differs", ect(induction_status="FailedInWales"), note="wales"),
    Case("E-INDUCTION-OVER", "1.2", mentor(induction_status="Failed"), note="mentor"),
    Case("E-INDUCTION-OVER", "1.1 step 1", ect(induction_status="Passed", portal_answer="completed"), note="said-once"),
    Case("E-LOOKUP", "4, 9", ect(), "trn"),
    Case("E-LOOKUP", "4", ect(portal_answer="date_of_birth_differs"), "trn", note="asks-ni-number"),
    Case("E-LOOKUP", "4, 9", ect(portal_answer="found")),
    Case("E-MENTOR-ELIGIBLE", "5", mentor(), "lead_provider"),
    Case("E-MENTOR-ELIGIBLE", "5", ect()),
)  # fmt: skip

_REUSED = ect(use_previous_choices="yes")
_LAST = {"last_appropriate_body": "alban", "last_training_programme": "provider_led"}
CHANGES = (
    Case("E-EMAIL-SAME", "1.5", ect(email="Sam.Okafor@example.com"), "email", held(ect())),
    Case("E-EMAIL-SAME", "1.5", ect(email="sam@example.com"), among=held(ect())),
    Case("E-EMAIL-SAME", "1.1 step 3", ect(email="Sam.Okafor@example.com"), note="new"),
    Case("E-NAME-SAME", "1.4", ect(corrected_name="sam reid"), "corrected_name", held(ect(corrected_name="Sam Reid")), note="capitals"),
    Case("E-NAME-SAME", "1.4", ect(corrected_name="Sam Reid"), among=held(ect(corrected_name="Sam Okafor-Reid"))),
    Case("E-PREVIOUS-CHOICES", "1.1.2", _REUSED, "use_previous_choices", known(school(**_LAST)), Severity.WARNING, "no-provider"),
    Case("E-PREVIOUS-CHOICES", "1.1.2", _REUSED, "use_previous_choices", known(school(**_LAST, last_lead_provider="capita")), Severity.WARNING, "not-active"),
    Case("E-PREVIOUS-CHOICES", "1.1.2", _REUSED, among=known(school(**_LAST, last_lead_provider="teach_first"))),
    Case("E-PREVIOUS-CHOICES", "1.1.2", _REUSED, among=known(school(last_appropriate_body="alban", last_training_programme="school_led")), note="school-led"),
)  # fmt: skip

CASES = (*CHANGES, *BODY, *PROGRAMME, *TRAINING, *PERIODS, *SCHOOLS, *PORTAL)
