"""Cases of the rules about one person: what is missing, formats, windows. Each names its section of the domain pack."""

from __future__ import annotations

from desktop.model.finding import Severity
from tests.unit.collections.ects.sample import BARE, Case, context, ect, held, known, mentor, school

WARNING, UNKNOWN = Severity.WARNING, Severity.UNKNOWN

_ASKED_ECT = (
    "trn", "date_of_birth", "first_names", "last_name", "email", "started_on", "working_pattern",
    "appropriate_body", "training_programme", "lead_provider",
)  # fmt: skip
_ASKED_SCHOOL = ("school_urn", "school_type", "induction_tutor_name", "induction_tutor_email")

REQUIRED = (
    *(Case("E-REQUIRED", "1.1", ect(**{name: None}), name) for name in _ASKED_ECT),
    Case("E-REQUIRED", "1.1", ect(email="  "), "email", note="blanks"),
    Case("E-REQUIRED", "1.1", ect()),
    Case("E-REQUIRED", "1.1", ect(training_programme="school_led", lead_provider=None), note="school-led"),
    Case("E-REQUIRED", "1.1 step 6", ect(use_previous_choices="yes", appropriate_body=None, training_programme=None, lead_provider=None), note="previous-choices"),
    Case("E-REQUIRED", "1.1 step 1a", ect(portal_answer="date_of_birth_differs"), "ni_number"),
    Case("E-REQUIRED", "0 fact 5", ect(date_of_birth=None, portal_answer="found"), note="erased"),
    Case("E-REQUIRED", "0 fact 5", ect(date_of_birth=None), among=held(ect()), note="registered"),
    Case("E-REQUIRED", "1.1 step 2a", ect(name_is_right="no"), "corrected_name"),
    Case("E-REQUIRED", "1.4", ect(name_is_right="no", corrected_name="Samuel Okafor"), "name_change_reason"),
    Case("E-REQUIRED", "1.4", ect(name_is_right="no", corrected_name="Robin Baker", name_change_reason="legal_change"), "same_person"),
    Case("E-REQUIRED", "1.2", mentor(ect_trn=None), "ect_trn"),
    Case("E-REQUIRED", "1.2", mentor(), note="start-not-asked"),
    *(Case("E-REQUIRED", "1.9", school(**{name: None}), name) for name in _ASKED_SCHOOL),
    Case("E-REQUIRED", "1.9", school()),
    Case("E-REQUIRED", "2 invariant 12", school(last_training_programme="provider_led"), "last_lead_provider"),
    Case("E-REQUIRED", "2", ect({"mentorships": [{"started_on": "2026-09-01"}]}), "mentorships.m1.mentor_trn"),
    Case("E-REQUIRED", "2", ect({"periods": [{}]}), "periods.p1.started_on"),
)  # fmt: skip

VALUES = (
    Case("E-VALUE-KIND", "2", ect(first_names=["Sam"]), "first_names"),
    Case("E-VALUE-KIND", "2", ect()),
    Case("E-TEXT-CONTROL", "T6", ect(last_name="Oka\x00for"), "last_name"),
    Case("E-TEXT-CONTROL", "T6", ect(last_name="Ó Súilleabháin")),
    Case("E-TEXT-LENGTH", "1.4", ect(corrected_name="a" * 71), "corrected_name"),
    Case("E-TEXT-LENGTH", "1.9", school(induction_tutor_name="a" * 71), "induction_tutor_name"),
    Case("E-TEXT-LENGTH", "1.1", ect(first_names="a" * 10_001), "first_names"),
    Case("E-TEXT-LENGTH", "1.4", ect(corrected_name="a" * 70)),
    Case("E-DATE-FORMAT", "3.4", ect(started_on="31/02/2026"), "started_on"),
    Case("E-DATE-FORMAT", "3.4", ect(date_of_birth="0000-01-01"), "date_of_birth", note="year-0"),
    Case("E-DATE-FORMAT", "3.4", ect({"periods": [{"started_on": "soon"}]}), "periods.p1.started_on"),
    Case("E-DATE-FORMAT", "3.4", ect()),
    Case("E-YEAR", "2", school(induction_tutor_confirmed="last"), "induction_tutor_confirmed"),
    Case("E-YEAR", "2", school(induction_tutor_confirmed=20), "induction_tutor_confirmed", note="short"),
    Case("E-YEAR", "2", school()),
    Case("E-CODE-UNKNOWN", "1.1 step 5", ect(working_pattern="half"), "working_pattern"),
    Case("E-CODE-UNKNOWN", "1.1 step 8", ect(training_programme="Provider"), "training_programme"),
    Case("E-CODE-UNKNOWN", "2", ect({"training": [{"schedule": "ecf"}]}), "training.t1.schedule"),
    Case("E-CODE-UNKNOWN", "2", ect(induction_status="New"), "induction_status", held(ect(induction_status="New")), WARNING, "newer"),
    Case("E-CODE-UNKNOWN", "1.1 step 9", ect(lead_provider="A new provider"), note="open-list"),
)  # fmt: skip

TRN = (
    Case("E-TRN-FORMAT", "3.1", ect(trn="RP99/12345"), note="old-letters"),
    Case("E-TRN-FORMAT", "3.1", ect(trn="12345"), note="5-digits"),
    Case("E-TRN-FORMAT", "3.1", ect(trn=3012345), note="number"),
    Case("E-TRN-FORMAT", "3.1", ect(trn="RP99/123457"), "trn", note="8-digits"),
    Case("E-TRN-FORMAT", "3.1", ect(trn="1234"), "trn", note="4-digits"),
    Case("E-TRN-FORMAT", "3.1", ect(trn="unknown"), "trn", note="letters"),
    Case("E-TRN-FORMAT", "3.1", mentor(ect_trn="12345678"), "ect_trn"),
    Case("E-TRN-FORMAT", "3.1", ect({"mentorships": [{"mentor_trn": "12"}]}), "mentorships.m1.mentor_trn"),
    Case("E-TRN-FIXED", "1.1, check answers", ect(trn="3099999"), "trn", held(ect())),
    Case("E-TRN-FIXED", "1.1, check answers", ect(trn="30/12345"), among=held(ect()), note="same-digits"),
    Case("E-TRN-FIXED", "1.1, check answers", ect(trn="3099999"), note="new"),
    Case("E-ALREADY-HERE", "1.1 step 1", ect(), "trn", known(ect(email=None))),
    Case("E-ALREADY-HERE", "1.2 step 1", mentor(), "trn", known(mentor())),
    Case("E-ALREADY-HERE", "1.1 step 1", ect(), among=known(ect(school_urn="654321")), note="elsewhere"),
    Case("E-ALREADY-HERE", "1.1 step 1", ect(), among=known(ect(finished_on="2026-09-19")), note="left"),
    Case("E-ALREADY-HERE", "1.1 step 1", ect(), among=known(mentor(trn="3012345")), note="other-role"),
)  # fmt: skip

_NI_TAKEN = ("AB123456C", "ab 12 34 56 d", "JG103759A", "XY000000B")
_NI_REFUSED = (
    "DB123456C", "FB123456C", "IB123456C", "QQ123456C", "UB123456C", "VB123456C", "AD123456C", "AF123456C",
    "AI123456C", "AO123456C", "AQ123456C", "AU123456C", "AV123456C", "BG123456C", "GB123456C", "NK123456C",
    "KN123456C", "TN123456C", "NT123456C", "ZZ123456C", "AB12345C", "AB1234567C", "AB123456E", "AB123456F",
    "AB123456M", "AB123456U", "11A12345", "AB123456",
)  # fmt: skip
NI_NUMBER = (
    *(Case("E-NI-FORMAT", "3.2", ect(ni_number=n), note=n) for n in _NI_TAKEN),
    *(Case("E-NI-FORMAT", "3.2", ect(ni_number=n), "ni_number", note=n) for n in _NI_REFUSED),
)

_LONG_HOST = ".".join(["a" * 60] * 4) + ".org"
_EMAIL_TAKEN = (
    "sam@example.com", "SAM.O'Kafor+ect@example.sch.uk", "a\\b@example.com", "s@xn--bcher-kva.example",
    "a@b--c.example.com", "a@b-c--d.example.com",
    f"{'a' * (320 - len(_LONG_HOST) - 1)}@{_LONG_HOST}",
)  # fmt: skip
_EMAIL_REFUSED = (
    "sam", "sam@example", "@example.com", "a..b@example.com", "a@b@example.com", "sam@exa_mple.com",
    "sam@-example.com", "sam@example-.com", "sam@--a.example.com", "sam@example.c", "sam@192.168.0.1", "sam@bücher.de", "sam okafor@example.com",
    f"{'a' * (321 - len(_LONG_HOST) - 1)}@{_LONG_HOST}", f"sam@{'a' * 64}.com",
)  # fmt: skip
_LATER = f"{'a' * 243}@example.com"
EMAIL = (
    *(Case("E-EMAIL-FORMAT", "3.3", ect(email=e), note=f"taken-{n}") for n, e in enumerate(_EMAIL_TAKEN)),
    *(
        Case("E-EMAIL-FORMAT", "3.3", ect(email=e), "email", note=f"refused-{n}")
        for n, e in enumerate(_EMAIL_REFUSED)
    ),
    Case("E-EMAIL-FORMAT", "3.3", ect(email=_LATER), note="255-at-registration"),
    Case("E-EMAIL-FORMAT", "1.5", ect(email=_LATER), "email", held(ect()), note="255-later"),
    Case("E-EMAIL-FORMAT", "1.9", school(induction_tutor_email=_LATER), "induction_tutor_email"),
    Case("E-EMAIL-SHARED", "1.1 step 3a", ect(), "email", known(mentor(email="Sam.Okafor@EXAMPLE.com"))),
    Case("E-EMAIL-SHARED", "1.5", ect(), "email", held(ect(), mentor(email="sam.okafor@example.com")), WARNING, "later"),
    Case("E-EMAIL-SHARED", "1.1 step 3a", ect(), among=known(mentor(trn="3012345", email=ect().fields["email"])), note="same-teacher"),
    Case("E-EMAIL-SHARED", "1.1 step 3a", ect(), among=known(mentor(email=ect().fields["email"], started_on="2024-09-01", finished_on="2026-07-31")), note="finished"),
    Case("E-EMAIL-ELSEWHERE", "1.1 step 3a, 9", ect(), "email"),
    Case("E-EMAIL-ELSEWHERE", "9", ect(), among=held(ect())),
)  # fmt: skip

NAMES = (
    Case("E-NAME-SAME", "1.4", ect(name_is_right="no", corrected_name="SAM  OKAFOR"), "corrected_name"),
    Case("E-NAME-SAME", "1.4", ect(name_is_right="no", corrected_name="Sam Okáfor"), note="accent"),
    Case("E-NAME-KEPT", "1.1 step 2a", ect(name_is_right="yes", corrected_name="Samuel Okafor"), "corrected_name"),
    Case("E-NAME-KEPT", "1.1 step 2a", ect(name_is_right="no", corrected_name="Samuel Okafor")),
    Case("E-NAME-PERSON", "1.4", ect(corrected_name="Robin Baker"), "corrected_name"),
    Case("E-NAME-PERSON", "1.4", ect(corrected_name="Sam Baker"), note="last-only"),
    Case("E-NAME-PERSON", "1.4", ect(corrected_name="Sám O'Kafor"), note="accent-and-mark"),
    Case("E-NAME-OTHER", "1.1, 1.4", ect(corrected_name="Robin Baker", same_person="no"), "same_person"),
    Case("E-NAME-OTHER", "1.1, 1.4", ect(corrected_name="Robin Baker", same_person="yes")),
)  # fmt: skip

BIRTH = (
    Case("E-BIRTH-YOUNG", "3.4", ect(date_of_birth="2008-09-21"), "date_of_birth"),
    Case("E-BIRTH-YOUNG", "3.4", ect(date_of_birth="2008-09-20"), note="18-today"),
    Case("E-BIRTH-OLD", "3.4", ect(date_of_birth="1926-09-19"), "date_of_birth"),
    Case("E-BIRTH-OLD", "3.4", ect(date_of_birth="1926-09-20"), note="100-today"),
)

_OPEN = {"periods": [{"started_on": "2025-09-01", "school_urn": "654321"}]}
_ENDED = {"periods": [{"started_on": "2025-09-01", "finished_on": "2026-07-31", "school_urn": "654321"}]}
_JUST_OPENED = {"periods": [{"started_on": "2026-09-01", "school_urn": "654321"}]}
_TRAINED = {"periods": [{"started_on": "2025-09-01", "training_started_on": "2026-09-05"}]}
_TO_TRAIN = {"periods": [{"started_on": "2025-09-01", "training_started_on": "2027-01-05"}]}
_ELSEWHERE = ect(school_urn="654321", started_on="2026-09-01", email=None)

STARTS = (
    Case("E-START-FLOOR", "3.4 ECT start", ect(started_on="2024-05-31"), "started_on"),
    Case("E-START-FLOOR", "3.4 ECT start", ect(started_on="2024-06-01"), note="first-day"),
    Case("E-START-FLOOR", "3.4 ECT start", ect(started_on="2022-06-01"), among=context("2027-09-20"), note="no-current-period"),
    Case("E-START-FLOOR", "3.4 mentor start", mentor(started_on="2020-01-01"), note="mentor"),
    Case("E-START-FLOOR", "3.4 ECT start", ect(started_on="2024-05-31"), among=context("2026-05-31"), note="before-1-june"),
    Case("E-START-CLOSED", "1.1 step 4a", ect(started_on="2027-06-01"), "started_on"),
    Case("E-START-CLOSED", "3.4 mentor start", mentor(started_on="2027-06-01"), "started_on"),
    Case("E-START-CLOSED", "1.1 step 4a", ect(started_on="2027-05-31"), note="last-day"),
    Case("E-START-CLOSED", "3.4 past or today", ect(started_on="2022-09-20"), "started_on", context("2022-09-20"), note="today-not-enabled"),
    Case("E-START-CLOSED", "3.4 past or today", ect(started_on="2022-09-19"), among=context("2022-09-20"), note="yesterday-not-enabled"),
    Case("E-START-CLOSED", "1.1 step 4a", ect(started_on="2027-06-01"), among=held(ect()), note="registered"),
    Case("E-START-BOUNDARY", "3.4 boundary", ect(_JUST_OPENED, started_on="2026-09-02"), "started_on"),
    Case("E-START-BOUNDARY", "3.4 boundary", ect(_JUST_OPENED, started_on="2026-09-03"), note="start-plus-2"),
    Case("E-START-BOUNDARY", "3.4 boundary", ect(_TRAINED, started_on="2026-09-06"), "started_on", note="training"),
    Case("E-START-BOUNDARY", "3.4 boundary", ect(_TRAINED, started_on="2026-09-07"), note="training-plus-2"),
    Case("E-START-BOUNDARY", "3.4 boundary", ect(_TO_TRAIN, started_on="2026-09-02"), note="training-to-come"),
    Case("E-START-BOUNDARY", "3.4 boundary", ect(started_on="2026-09-02"), "started_on", known(_ELSEWHERE), note="other-record"),
    Case("E-START-BOUNDARY", "3.4 mentor start", mentor(_JUST_OPENED, started_on="2026-09-02"), "started_on", note="mentor"),
    Case("E-START-BOUNDARY", "3.4 mentor start", mentor(_ENDED, started_on="2026-08-01"), note="mentor-ended-before"),
    Case("E-START-MONTHS", "3.4 registered before", ect(_OPEN, started_on="2027-01-21"), "started_on"),
    Case("E-START-MONTHS", "3.4 registered before", ect(_OPEN, started_on="2027-01-20"), note="that-day"),
    Case("E-START-MONTHS", "3.4 registered before", ect(_ENDED, started_on="2027-01-21"), note="ended"),
    Case("E-START-MONTHS", "3.4 registered before", ect(started_on="2027-01-21"), note="never-before"),
    Case("E-START-MONTHS", "3.4 registered before", ect({"periods": [{"started_on": "2021-09-01"}]}, started_on="2022-06-02"), among=context("2022-01-20"), note="not-enabled"),
    Case("E-START-MONTHS", "3.4 mentor start", mentor(_OPEN, started_on="2027-01-21"), "started_on", note="mentor"),
    Case("E-PERIODS-UNKNOWN", "0 fact 4", ect(), "started_on", context(codes=BARE), note="not-loaded"),
    Case("E-PERIODS-UNKNOWN", "0 fact 4", ect(), "started_on", context("2027-09-20"), note="ended"),
    Case("E-PERIODS-UNKNOWN", "0 fact 4", ect()),
    Case("E-WINDOW-CLOSED", "1 gates", ect(), ".", context("2026-06-01"), note="first-day"),
    Case("E-WINDOW-CLOSED", "1 gates", mentor(), ".", context("2026-06-14"), note="last-day"),
    Case("E-WINDOW-CLOSED", "1 gates", ect(), among=context("2026-05-31"), note="day-before"),
    Case("E-WINDOW-CLOSED", "1 gates", ect(), among=context("2026-06-15"), note="open-again"),
    Case("E-WINDOW-CLOSED", "1 gates", ect(), among=held(ect(), today="2026-06-05"), note="registered"),
)  # fmt: skip

_BEGAN = {"training": [{"started_on": "2026-09-10"}]}
_TO_COME = {"training": [{"started_on": "2026-11-10"}]}
LEAVING = (
    Case("E-LEAVE-WINDOW", "1.8", ect(finished_on="2027-01-21"), "finished_on", held(ect())),
    Case("E-LEAVE-WINDOW", "1.8", ect(finished_on="2027-01-20"), among=held(ect()), note="that-day"),
    Case("E-LEAVE-WINDOW", "1.8", ect(finished_on="2026-09-02"), "finished_on", held(ect()), note="start-plus-1"),
    Case("E-LEAVE-WINDOW", "1.8", ect(finished_on="2026-09-03"), among=held(ect()), note="start-plus-2"),
    Case("E-LEAVE-WINDOW", "3.4 leaving", ect(_BEGAN, finished_on="2026-09-11"), "finished_on", held(ect()), note="training"),
    Case("E-LEAVE-WINDOW", "3.4 leaving", ect(_TO_COME, finished_on="2026-09-11"), among=held(ect()), note="training-to-come"),
    Case("E-LEAVE-WINDOW", "1.8", ect(finished_on="2027-01-21"), among=held(ect(finished_on="2027-01-21")), note="the-portal-has-it"),
    Case("E-PERIOD-ORDER", "2", ect(finished_on="2026-08-31"), "finished_on"),
    Case("E-PERIOD-ORDER", "2", ect({"periods": [{"started_on": "2026-02-01", "finished_on": "2026-01-01"}]}), "periods.p1.finished_on"),
    Case("E-PERIOD-ORDER", "2", ect(finished_on="2026-09-01"), note="one-day"),
    Case("E-PERIOD-OPEN", "2", mentor(finished_on="2026-12-01"), "started_on"),
    Case("E-PERIOD-OPEN", "2", mentor(started_on="2026-09-01", finished_on="2026-12-01")),
)  # fmt: skip

CASES = (*REQUIRED, *VALUES, *TRN, *NI_NUMBER, *EMAIL, *NAMES, *BIRTH, *STARTS, *LEAVING)
