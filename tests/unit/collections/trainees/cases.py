"""Cases of the rules about the trainee herself: for each rule at least one that fires and one that passes."""

from __future__ import annotations

from datetime import date

from desktop.model.finding import Severity
from tests.unit.collections.trainees.sample import EARLY_YEARS, UNDERGRADUATE, Case, context, document

BLANK = "can't be blank"
WARNING, UNKNOWN = Severity.WARNING, Severity.UNKNOWN

_REQUIRED = (
    "first_names", "last_name", "date_of_birth", "sex", "email", "training_route", "course_subject_1",
    "course_age_range", "itt_aim", "course_year", "itt_start_date", "itt_end_date", "fund_code", "funding_method",
    "hesa_id",
)  # fmt: skip

_DISPLAYED_SEX = "has invalid reference data value of '77'. Valid values are '10', '11', '12', '96', '99'."
_DISPLAYED_ROUTES = "Example values include '03', '09', '10', '11', '12', '14', '15', '16', '17', '18'..."
_FORMAT = "Enter an email address in the correct format, like name@example.com"

VALUES = (
    *(Case("T-REQUIRED", document(**{name: None}), name, BLANK) for name in _REQUIRED),
    Case("T-REQUIRED", document(first_names="  "), "first_names", BLANK, note="blanks"),
    Case("T-REQUIRED", document()),
    Case("T-REQUIRED", document(course_year=0), note="year-0"),
    Case("T-VALUE-KIND", document(first_names=["Leonie"]), "first_names", ""),
    Case("T-VALUE-KIND", document(degrees=[{"subject": 1.5}]), "degrees.d1.subject", ""),
    Case("T-VALUE-KIND", document()),
    Case("T-TEXT-CONTROL", document(last_name="Ash\x00combe"), "last_name", "", note="nul"),
    Case("T-TEXT-CONTROL", document(last_name="Ash\ncombe"), "last_name", "", note="line-break"),
    Case("T-TEXT-CONTROL", document(last_name="Ash\ud800"), "last_name", "", note="surrogate"),
    Case("T-TEXT-CONTROL", document(last_name="Ash\u202ecombe"), "last_name", "", note="bidi"),
    Case("T-TEXT-CONTROL", document(placements=[{"name": "A\x07"}]), "placements.p1.name", ""),
    Case("T-TEXT-CONTROL", document(last_name="Ó Súilleabháin-D’Arcy")),
    Case("T-TEXT-CONTROL", document(last_name="Ash\u00a0combe"), note="hard-blank"),
    Case(
        "T-TEXT-LENGTH",
        document(first_names="a" * 61),
        "first_names",
        "is too long (maximum is 60 characters)",
    ),
    Case("T-TEXT-LENGTH", document(email="a" * 256), "email", "is too long (maximum is 255 characters)"),
    Case(
        "T-TEXT-LENGTH",
        document(provider_trainee_id="a" * 51),
        "provider_trainee_id",
        "is too long (maximum is 50 characters)",
    ),
    Case("T-TEXT-LENGTH", document(ni_number="a" * 10_001), "ni_number", ""),
    Case("T-TEXT-LENGTH", document(placements=[{"name": "a" * 10_001}]), "placements.p1.name", ""),
    Case("T-TEXT-LENGTH", document(first_names="a" * 60, placements=[{"name": "a" * 300}])),
    Case("T-PREVIOUS-NAME-LENGTH", document(previous_last_name="a" * 61), "previous_last_name", ""),
    Case("T-PREVIOUS-NAME-LENGTH", document(previous_last_name="a" * 60)),
    Case("T-DATE-FORMAT", document(date_of_birth="31/02/1999"), "date_of_birth", "is invalid"),
    Case("T-DATE-FORMAT", document(itt_end_date="2027-02-30"), "itt_end_date", "is invalid"),
    Case("T-DATE-FORMAT", document(itt_start_date="20260907"), "itt_start_date", "is invalid"),
    Case("T-DATE-FORMAT", document(pg_apprenticeship_start_date="soon"), "pg_apprenticeship_start_date", ""),
    Case("T-DATE-FORMAT", document(pg_apprenticeship_start_date="2026-09-01")),
    Case(
        "T-APPLICATION-ID",
        document(application_id=12_345_678),
        "application_id",
        "is too long (maximum is 7 characters)",
    ),
    Case("T-APPLICATION-ID", document(application_id="12a"), "application_id", "", note="letters"),
    Case("T-APPLICATION-ID", document(application_id=-1), "application_id", "", note="negative"),
    Case("T-APPLICATION-ID", document(application_id=1_234_567)),
    Case("T-APPLICATION-ID", document(application_id="123456"), note="digits"),
)

CODES = (
    Case("T-CODE-UNKNOWN", document(sex="77"), "sex", _DISPLAYED_SEX),
    Case(
        "T-CODE-UNKNOWN",
        document(training_route="13"),
        "training_route",
        f"has invalid reference data value of '13'. {_DISPLAYED_ROUTES}",
    ),
    Case(
        "T-CODE-UNKNOWN",
        document(iqts_country="Q9"),
        "iqts_country",
        "has invalid reference data value of 'Q9'. Example values include "
        "'AD', 'AE', 'AF', 'AG', 'AI', 'AL', 'AM', 'AO', 'AR', 'AS'...",
    ),
    Case(
        "T-CODE-UNKNOWN",
        document(funding_method="Z"),
        "funding_method",
        "has invalid reference data value of 'Z'. Valid values are '4', '6', '7', '8', '9', 'B', 'C', 'D', 'E'.",
    ),
    Case("T-CODE-UNKNOWN", document(course_subject_3=5), "course_subject_3", note="number"),
    Case(
        "T-CODE-UNKNOWN",
        document(sex="77"),
        "sex",
        "",
        WARNING,
        context(base=document(sex="77")),
        note="newer",
    ),
    Case(
        "T-CODE-UNKNOWN",
        document(sex="77"),
        "sex",
        _DISPLAYED_SEX,
        None,
        context(base=document(sex="78")),
        note="changed",
    ),
    Case("T-CODE-UNKNOWN", document()),
    Case("T-CODE-UNKNOWN", document(sex=10), note="number"),
    Case("T-CODE-UNKNOWN", document(nationality=" "), note="blank"),
    Case("T-DISABILITY-CODE", document(disability2="88"), "disability2", ""),
    Case(
        "T-DISABILITY-CODE",
        document(disability2="88"),
        "disability2",
        "",
        WARNING,
        context(base=document(disability2="88")),
        note="newer",
    ),
    Case("T-DISABILITY-CODE", document(disability2="51")),
    Case(
        "T-DISABILITY-REPEAT",
        document(disability1="51", disability4="51"),
        "disability4",
        "contain duplicate values",
    ),
    Case(
        "T-DISABILITY-REPEAT",
        document(disability1="98", disability2="99"),
        "disability2",
        note="same-meaning",
    ),
    Case("T-DISABILITY-REPEAT", document(disability1="51", disability2="53")),
    Case("T-DISABILITY-NONE", document(disability1="95", disability2="51"), "disability1", ""),
    Case("T-DISABILITY-NONE", document(disability1="51", disability2="95"), "disability2", ""),
    Case("T-DISABILITY-NONE", document(disability1="51", disability2="53")),
)

PERSON = (
    Case("T-BIRTH-FUTURE", document(date_of_birth="2026-09-21"), "date_of_birth", "must be in the past"),
    Case("T-BIRTH-FUTURE", document(date_of_birth="2026-09-20")),
    Case("T-BIRTH-YOUNG", document(date_of_birth="2010-09-21"), "date_of_birth", "cannot be less than 16 years ago"),
    Case("T-BIRTH-YOUNG", document(date_of_birth="2010-09-20"), note="16-today"),
    Case("T-BIRTH-YOUNG", document(date_of_birth="2026-09-21"), note="future-has-its-own"),
    Case("T-BIRTH-OLD", document(date_of_birth="1926-09-20"), "date_of_birth", "is invalid"),
    Case("T-BIRTH-OLD", document(date_of_birth="1926-09-21")),
    *(
        Case("T-EMAIL-FORMAT", document(email=typed), "email", _FORMAT, note=typed[:20])
        for typed in (
            "Doe", "a@b", "a..b@example.com", "a@example..com", "a b@example.com", "a@-example.com", "a@example.c",
            "a@exam_ple.com", "@example.com", "a@b@example.com", "a@example.123", "ä@example.com", "a@.example.com",
            "a@" + "b" * 64 + ".com", "a@" + "b." * 127 + "com", "a" * 330 + "@example.com", "a@example.com\n",
            "a@b-.example.com", "a@--b.example.com",
        )
    ),
    *(
        Case("T-EMAIL-FORMAT", document(email=typed), note=typed[:20])
        for typed in (
            "leonie@example.com", "O'Neil+itt@mail.example.ac.uk", "a@example.xn--p1ai", "x!#$%&'*+/=?^_`{|}~-@example.com",
            "a@" + "b" * 63 + ".com", "a@b--c.example.com", "a@xn--bcher-kva.example",
        )
    ),
    Case("T-HESA-ID-LENGTH", document(hesa_id="12345"), "hesa_id", "must be 13 or 17 characters"),
    Case("T-HESA-ID-LENGTH", document(hesa_id="1234567890123")),
    Case("T-HESA-ID-LENGTH", document(hesa_id=1234567890123), note="number"),
    Case("T-HESA-ID-DIGITS", document(hesa_id="123456789012X"), "hesa_id", ""),
    Case("T-HESA-ID-DIGITS", document()),
    Case("T-NI-NUMBER", document(ni_number="QQ12345C"), "ni_number", ""),
    Case("T-NI-NUMBER", document(ni_number="QQ 12 34 56 C")),
)  # fmt: skip

COURSE = (
    Case(
        "T-ROUTE-RETIRED",
        document(training_route="02"),
        "training_route",
        f"has invalid reference data value of 'school_direct_tuition_fee'. {_DISPLAYED_ROUTES}",
    ),
    Case("T-ROUTE-RETIRED", document()),
    Case(
        "T-ROUTE-CYCLE",
        document(trainee_start_date="2022-07-31"),
        "training_route",
        f"has invalid reference data value of 'provider_led_postgrad'. {_DISPLAYED_ROUTES}",
    ),
    Case("T-ROUTE-CYCLE", document(trainee_start_date="2022-08-01")),
    Case("T-ROUTE-CYCLE", document(trainee_start_date="2021-09-01", training_route="03"), note="other-route"),
    Case("T-STUDY-MODE", document(study_mode=None), "study_mode", BLANK),
    Case("T-STUDY-MODE", document(study_mode=None, training_route="16")),
    Case("T-STUDY-MODE", document(study_mode=None, training_route="17"), note="17"),
    Case(
        "T-QUALIFICATION-AIM",
        document(itt_qualification_aim=None),
        "itt_qualification_aim",
        "must be entered if 202 selected for itt_aim",
    ),
    Case(
        "T-QUALIFICATION-AIM",
        document(itt_qualification_aim=None, itt_aim=None),
        "itt_qualification_aim",
        note="no-aim",
    ),
    Case("T-QUALIFICATION-AIM", document(itt_qualification_aim=None, itt_aim="201")),
    *(
        Case(
            "T-SUBJECT-PRIMARY",
            document(course_age_range=ages),
            "course_subject_1",
            "is invalid. It should be `100511` for the course_age_range provided",
            note=ages,
        )
        for ages in ("13909", "13911", "13912", "13913", "13914", "13915")
    ),
    *(
        Case("T-SUBJECT-PRIMARY", document(course_age_range=ages), note=ages)
        for ages in ("13916", "13917", "13918", "13919", "13920")
    ),
    Case("T-SUBJECT-PRIMARY", document(course_age_range="13914", course_subject_1="100511"), note="primary"),
    Case(
        "T-SUBJECT-EARLY-YEARS",
        document(**{**EARLY_YEARS, "course_subject_1": "100511"}),
        "course_subject_1",
        "is invalid. It should be `100510` for the training_route provided",
    ),
    Case("T-SUBJECT-EARLY-YEARS", document(**EARLY_YEARS)),
    *(
        Case(
            "T-AGE-EARLY-YEARS",
            document(**{**EARLY_YEARS, "training_route": route, "course_age_range": "13909"}),
            "course_age_range",
            "is invalid. It should be `13920` for the training_route provided",
            note=route,
        )
        for route in ("17", "18", "19", "20")
    ),
    Case("T-AGE-EARLY-YEARS", document(**EARLY_YEARS)),
    Case(
        "T-AGE-RESERVED",
        document(course_age_range="13920"),
        "course_age_range",
        "is invalid. It can only be used for early years training routes",
    ),
    Case("T-AGE-RESERVED", document(**EARLY_YEARS)),
    Case(
        "T-SUBJECT-REPEAT",
        document(course_subject_2="100403"),
        "course_subject_2",
        "might contain duplicate values",
    ),
    Case(
        "T-SUBJECT-REPEAT",
        document(course_subject_2="100302", course_subject_3="100302"),
        "course_subject_3",
        "might contain duplicate values",
    ),
    Case(
        "T-SUBJECT-REPEAT",
        document(**EARLY_YEARS, course_subject_2="100510"),
        "course_subject_2",
        "",
        WARNING,
        note="early-years",
    ),
    Case("T-SUBJECT-REPEAT", document(course_subject_2="100302", course_subject_3="100320")),
    Case("T-SUBJECT-REPEAT", document(course_subject_1=None), note="none"),
    Case("T-COURSE-YEAR", document(course_year="second"), "course_year", "is not a valid course year"),
    Case("T-COURSE-YEAR", document(course_year=10**20), "course_year", "", note="huge"),
    Case("T-COURSE-YEAR", document(course_year="2")),
    Case("T-COURSE-YEAR-RANGE", document(course_year=2026), "course_year", ""),
    Case("T-COURSE-YEAR-RANGE", document(course_year=3)),
    Case("T-IQTS-COUNTRY", document(training_route="15"), "iqts_country", BLANK),
    Case("T-IQTS-COUNTRY", document(training_route="15", iqts_country="JP")),
    Case("T-IQTS-ONLY", document(iqts_country="JP"), "iqts_country", "must be blank"),
    Case("T-IQTS-ONLY", document(training_route="15", iqts_country="JP")),
)

DATES = (
    Case(
        "T-START-AHEAD",
        document(itt_start_date="2028-01-01"),
        "itt_start_date",
        "must not be more than one year in the future",
    ),
    Case("T-START-AHEAD", document(itt_start_date="2027-12-31")),
    Case(
        "T-END-AHEAD", document(itt_end_date="2032-01-01"), "itt_end_date", "must be within the next 5 years"
    ),
    Case("T-END-AHEAD", document(itt_end_date="2031-12-31")),
    Case(
        "T-END-OLD", document(itt_end_date="2016-09-20"), "itt_end_date", "must be within the last 10 years"
    ),
    Case("T-END-OLD", document(itt_end_date="2016-09-21")),
    Case("T-END-ORDER", document(itt_end_date="2026-09-07"), "itt_end_date", "must be after itt_start_date"),
    Case("T-END-ORDER", document(itt_end_date="2026-09-08")),
    Case("T-END-ORDER", document(itt_end_date="2010-01-01"), note="old-has-its-own"),
    Case(
        "T-TRAINEE-START-OLD",
        document(trainee_start_date="2016-09-20"),
        "trainee_start_date",
        "Cannot be more than 10 years in the past",
    ),
    Case(
        "T-TRAINEE-START-OLD",
        document(trainee_start_date=None, itt_start_date="2015-09-01"),
        "trainee_start_date",
        note="by-course",
    ),
    Case("T-TRAINEE-START-OLD", document(trainee_start_date="2016-09-21")),
    Case(
        "T-TRAINEE-START-AHEAD",
        document(trainee_start_date="2026-09-21"),
        "trainee_start_date",
        "must be in the past",
    ),
    Case("T-TRAINEE-START-AHEAD", document(trainee_start_date="2026-10-05", itt_start_date="2026-10-05")),
    Case(
        "T-TRAINEE-START-AHEAD",
        document(trainee_start_date=None, itt_start_date="2026-10-05"),
        note="by-course",
    ),
    Case("T-CYCLE-SPLIT", document(trainee_start_date="2026-07-31"), "trainee_start_date", ""),
    Case("T-CYCLE-SPLIT", document(trainee_start_date="2026-08-01")),
    Case(
        "T-TRAINEE-START-MISSING",
        document(trainee_start_date=None),
        "trainee_start_date",
        "",
        None,
        context(state="trn_received"),
    ),
    Case("T-TRAINEE-START-MISSING", document(trainee_start_date=None), note="new-record"),
    Case("T-TRAINEE-START-MISSING", document(), known=context(state="trn_received")),
)

_NOT_FOR_2 = "'bursary' is not allowed when fund_code is '2' and course_subject_1 is 'mathematics'"

MONEY = (
    Case("T-FUND-ROUTE", document(training_route="14"), "fund_code", "is not valid for this trainee"),
    *(
        Case("T-FUND-ROUTE", document(training_route=route), "fund_code", note=route)
        for route in ("15", "16", "17", "18", "21")
    ),
    *(
        Case("T-FUND-ROUTE", document(training_route=route), note=route)
        for route in ("03", "09", "10", "11", "12", "19", "20")
    ),
    Case("T-FUND-ROUTE", document(training_route="14", fund_code="2"), note="not-eligible"),
    Case(
        "T-FUND-ROUTE",
        document(itt_start_date="2027-09-06", trainee_start_date=None),
        "fund_code",
        note="no-table-yet",
    ),
    Case("T-FUND-FINANCE", document(fund_code="2"), "funding_method", _NOT_FOR_2),
    Case("T-FUND-FINANCE", document(fund_code="2", funding_method="6"), note="no-funding"),
    Case("T-FUND-FINANCE", document(fund_code="2", course_subject_1="100425"), note="physics-2026"),
    Case("T-FUND-FINANCE", document(fund_code="2", course_subject_1="100321"), note="french-2026"),
    Case(
        "T-FUND-FINANCE",
        document(fund_code="2", course_subject_1="100425", trainee_start_date="2024-09-01"),
        "funding_method",
        "'bursary' is not allowed when fund_code is '2' and course_subject_1 is 'physics'",
        note="physics-2024",
    ),
    Case("T-FUND-FINANCE", document()),
    Case(
        "T-FUND-OFFERED",
        document(funding_method="4", course_subject_1="100497"),
        "funding_method",
        "'scholarship' is not allowed when training_route is 'provider_led_postgrad' and course_subject_1 is "
        "'psychology' in academic cycle '2026 to 2027'",
    ),
    Case(
        "T-FUND-OFFERED", document(funding_method="4"), "funding_method", note="no-scholarship-in-mathematics"
    ),
    Case(
        "T-FUND-OFFERED",
        document(**{**EARLY_YEARS, "funding_method": "7"}),
        "funding_method",
        note="tier-on-19",
    ),
    Case("T-FUND-OFFERED", document()),
    Case("T-FUND-OFFERED", document(**UNDERGRADUATE)),
    Case(
        "T-FUND-OFFERED", document(**{**UNDERGRADUATE, "funding_method": "7"}), note="tier-where-a-bursary-is"
    ),
    Case("T-FUND-OFFERED", document(funding_method="6", course_subject_1="100497"), note="none"),
    Case(
        "T-FUND-AMOUNT",
        document(training_route="02", course_subject_1="100048", trainee_start_date="2024-09-02"),
        "funding_method",
        "",
    ),
    Case("T-FUND-AMOUNT", document()),
    Case("T-FUND-LEVEL", document(training_route="11"), "funding_method", "", note="D-undergraduate"),
    Case("T-FUND-LEVEL", document(funding_method="B"), "funding_method", "", note="B-postgraduate"),
    Case("T-FUND-LEVEL", document(funding_method="C"), "funding_method", "", note="C-postgraduate"),
    Case("T-FUND-LEVEL", document()),
    Case("T-FUND-LEVEL", document(**UNDERGRADUATE)),
    Case("T-FUND-TIER", document(funding_method="8"), "funding_method", ""),
    Case("T-FUND-TIER", document(**{**EARLY_YEARS, "funding_method": "8"})),
    Case(
        "T-FUND-VETERAN", document(funding_method="C", training_initiative="026"), "training_initiative", ""
    ),
    Case("T-FUND-VETERAN", document(training_initiative="026")),
    Case(
        "T-INITIATIVE-CYCLE",
        document(training_initiative="036"),
        "training_initiative",
        "'international_relocation_payment' is not available in academic cycle '2026 to 2027'",
    ),
    Case(
        "T-INITIATIVE-CYCLE",
        document(additional_training_initiative="025"),
        "additional_training_initiative",
        "'transition_to_teach' is not available in academic cycle '2026 to 2027'",
    ),
    Case("T-INITIATIVE-CYCLE", document(training_initiative="026", additional_training_initiative="011")),
    Case(
        "T-INITIATIVE-CYCLE",
        document(training_initiative="036", trainee_start_date="2025-09-01"),
        note="2025",
    ),
)

_KNOWN = context(
    schools=frozenset({"115795"}), partners=frozenset({"10007806", "133795"}), today=date(2026, 9, 20)
)
_NO_PARTNER = "does not match any known training partners"

SCHOOLS = (
    Case(
        "T-PARTNER-URN",
        document(training_partner_urn="12345"),
        "training_partner_urn",
        f"is invalid. The URN '12345' {_NO_PARTNER}",
    ),
    Case("T-PARTNER-URN", document(training_partner_urn="133795")),
    Case("T-PARTNER-URN", document(training_partner_urn="900000"), note="special"),
    Case(
        "T-PARTNER-UKPRN",
        document(training_partner_ukprn="1"),
        "training_partner_ukprn",
        f"is invalid. The UKPRN '1' {_NO_PARTNER}",
    ),
    Case("T-PARTNER-UKPRN", document(training_partner_ukprn="10007806")),
    Case(
        "T-PARTNER-KNOWN",
        document(training_partner_urn="133795"),
        "training_partner_urn",
        "",
        UNKNOWN,
        note="urn-unknown",
    ),
    Case(
        "T-PARTNER-KNOWN",
        document(training_partner_ukprn="10007806"),
        "training_partner_ukprn",
        "",
        UNKNOWN,
        note="ukprn-unknown",
    ),
    Case(
        "T-PARTNER-KNOWN",
        document(training_partner_urn="123456"),
        "training_partner_urn",
        f"is invalid. The URN '123456' {_NO_PARTNER}",
        None,
        _KNOWN,
    ),
    Case(
        "T-PARTNER-KNOWN",
        document(training_partner_ukprn="99999999"),
        "training_partner_ukprn",
        f"is invalid. The UKPRN '99999999' {_NO_PARTNER}",
        None,
        _KNOWN,
    ),
    Case("T-PARTNER-KNOWN", document(training_partner_urn="133795"), known=_KNOWN),
    Case("T-PARTNER-KNOWN", document(training_partner_urn="115795"), known=_KNOWN, note="a-school"),
    Case("T-PARTNER-KNOWN", document(training_partner_ukprn="10007806"), known=_KNOWN, note="ukprn"),
    Case("T-PARTNER-KNOWN", document(training_partner_urn="900030"), known=_KNOWN, note="special"),
    Case(
        "T-PARTNER-KNOWN",
        document(training_partner_urn="123456"),
        known=context(base=document(training_partner_urn="123456")),
        note="held",
    ),
    Case(
        "T-PARTNER-BOTH",
        document(training_partner_urn="133795", training_partner_ukprn="10007806"),
        "training_partner_ukprn",
        "",
    ),
    Case("T-PARTNER-BOTH", document(training_partner_urn="133795")),
    Case(
        "T-PARTNER-BOTH",
        document(training_partner_urn="133795", training_partner_ukprn="10007806"),
        known=context(base=document(training_partner_urn="133795", training_partner_ukprn="10007806")),
        note="as-held",
    ),
    Case(
        "T-EMPLOYER-URN",
        document(employing_school_urn="ABC"),
        "employing_school_urn",
        "is invalid. The URN 'ABC' does not match any known schools",
    ),
    Case("T-EMPLOYER-URN", document(employing_school_urn="115795")),
    Case(
        "T-EMPLOYER-KNOWN",
        document(employing_school_urn="115795"),
        "employing_school_urn",
        "",
        UNKNOWN,
        note="unknown",
    ),
    Case(
        "T-EMPLOYER-KNOWN",
        document(employing_school_urn="123456"),
        "employing_school_urn",
        "is invalid. The URN '123456' does not match any known schools",
        None,
        _KNOWN,
    ),
    Case("T-EMPLOYER-KNOWN", document(employing_school_urn="115795"), known=_KNOWN),
    Case("T-EMPLOYER-KNOWN", document(employing_school_urn="900010"), known=_KNOWN, note="special"),
)

CASES = (*VALUES, *CODES, *PERSON, *COURSE, *DATES, *MONEY, *SCHOOLS)
