"""Cases of the rules about degrees and placements."""

from __future__ import annotations

from desktop.model.document import Child, Document
from desktop.model.finding import Severity
from tests.unit.collections.trainees.sample import (
    OTHER_DEGREE,
    UK_DEGREE,
    UNDERGRADUATE,
    Case,
    changed,
    context,
    document,
)

WARNING = Severity.WARNING
_MUST = "must be entered if specifying a previous UK degree or non-UK degree"
_TYPES = "Example values include '001', '002', '003', '005', '007', '009', '010', '012', '013', '014'..."
_COUNTRIES = "Example values include 'AD', 'AE', 'AF', 'AG', 'AI', 'AL', 'AM', 'AO', 'AR', 'AS'..."


def _uk(**changes: object) -> Document:
    return document(degrees=[changed(UK_DEGREE, **changes)])


def _other(**changes: object) -> Document:
    return document(degrees=[changed(OTHER_DEGREE, **changes)])


def _held(**changes: object) -> Document:
    """A degree that the portal holds and gives back with a null."""
    return Document(document().fields, {"degrees": [Child("d1", changed(UK_DEGREE, **changes), "d1")]})


DEGREES = (
    Case(
        "T-DEGREE-NEEDED",
        document(degrees=[]),
        "degrees",
        "must be entered if specifying a postgraduate training_route",
    ),
    *(
        Case("T-DEGREE-NEEDED", document(degrees=[], training_route=r), "degrees", note=r)
        for r in ("15", "16", "17", "19")
    ),
    *(
        Case("T-DEGREE-NEEDED", document(degrees=[], training_route=r), note=r)
        for r in ("09", "11", "14", "18")
    ),
    Case("T-DEGREE-NEEDED", document()),
    Case("T-DEGREE-MISSING", _uk(subject=None), "degrees.d1.subject", _MUST),
    Case("T-DEGREE-MISSING", _uk(graduation_year=None), "degrees.d1.graduation_year", _MUST),
    Case("T-DEGREE-MISSING", _uk(grade=None), "degrees.d1.grade", _MUST),
    Case("T-DEGREE-MISSING", _uk(institution=None), "degrees.d1.institution", "can't be blank"),
    Case(
        "T-DEGREE-MISSING",
        _uk(uk_degree=None),
        "degrees.d1.uk_degree",
        "must be entered if specifying a previous UK degree",
    ),
    Case(
        "T-DEGREE-MISSING",
        _other(non_uk_degree=None),
        "degrees.d1.non_uk_degree",
        "must be entered if specifying a previous non-UK degree",
    ),
    Case(
        "T-DEGREE-MISSING", _uk(country="XF", institution=None), "degrees.d1.institution", note="uk-country"
    ),
    Case("T-DEGREE-MISSING", _uk()),
    Case("T-DEGREE-MISSING", _other()),
    Case("T-DEGREE-MISSING", _other(grade=None), note="no-grade-outside"),
    Case(
        "T-DEGREE-MISSING",
        _held(institution=None),
        known=context(base=_held(institution=None)),
        note="held-without-code",
    ),
    Case("T-DEGREE-MISSING", _held(institution=None), note="held-no-base"),
    Case(
        "T-DEGREE-MISSING",
        _held(grade=None),
        "degrees.d1.grade",
        _MUST,
        None,
        context(base=_held()),
        note="cleared-here",
    ),
    Case(
        "T-DEGREE-CODE",
        _uk(uk_degree="BA"),
        "degrees.d1.uk_degree",
        f"has invalid reference data value of 'BA'. {_TYPES}",
    ),
    Case(
        "T-DEGREE-CODE",
        _other(non_uk_degree="BA"),
        "degrees.d1.non_uk_degree",
        f"has invalid reference data value of 'BA'. {_TYPES}",
    ),
    Case(
        "T-DEGREE-CODE",
        _other(country="France"),
        "degrees.d1.country",
        f"has invalid reference data value of 'France'. {_COUNTRIES}",
    ),
    Case("T-DEGREE-CODE", _uk(subject="1"), "degrees.d1.subject", _MUST),
    Case("T-DEGREE-CODE", _uk(grade="1"), "degrees.d1.grade", _MUST),
    Case("T-DEGREE-CODE", _other(grade="1"), "degrees.d1.grade", "", note="grade-outside"),
    Case("T-DEGREE-CODE", _uk(institution="9999"), "degrees.d1.institution", "", note="institution"),
    Case(
        "T-DEGREE-CODE",
        _uk(grade="77"),
        "degrees.d1.grade",
        "",
        WARNING,
        context(base=_uk(grade="77")),
        note="newer",
    ),
    Case("T-DEGREE-CODE", _uk()),
    Case("T-DEGREE-CODE", _other()),
    Case("T-DEGREE-YEAR", _uk(graduation_year=1966), "degrees.d1.graduation_year", "is invalid"),
    Case("T-DEGREE-YEAR", _uk(graduation_year=2028), "degrees.d1.graduation_year", "is invalid"),
    Case("T-DEGREE-YEAR", _uk(graduation_year="abc"), "degrees.d1.graduation_year", "is invalid"),
    Case("T-DEGREE-YEAR", _uk(graduation_year=1967)),
    Case("T-DEGREE-YEAR", _uk(graduation_year="2012-07-31"), note="day"),
    Case(
        "T-DEGREE-YEAR-AHEAD",
        _uk(graduation_year=2028),
        "degrees.d1.graduation_year",
        "must be in the past, for example 2014",
    ),
    Case("T-DEGREE-YEAR-AHEAD", _uk(graduation_year=2027)),
    Case(
        "T-DEGREE-REPEAT",
        document(degrees=[UK_DEGREE, UK_DEGREE]),
        "degrees.d2.subject",
        "contains duplicate degrees",
    ),
    Case(
        "T-DEGREE-REPEAT",
        document(degrees=[UK_DEGREE, changed(UK_DEGREE, institution="0001", other_grade="x")]),
        "degrees.d2.subject",
        note="other-institution",
    ),
    Case(
        "T-DEGREE-REPEAT",
        document(degrees=[changed(UK_DEGREE, grade="09"), changed(UK_DEGREE, grade="14")]),
        "degrees.d2.subject",
        note="same-grade-to-register",
    ),
    Case(
        "T-DEGREE-REPEAT",
        Document(
            document().fields,
            {
                "degrees": [
                    Child("d1", changed(OTHER_DEGREE, grade="02"), "d1"),
                    Child("d2", dict(OTHER_DEGREE)),
                ]
            },
        ),
        "degrees.d2.subject",
        note="says-nothing-new",
    ),
    Case("T-DEGREE-REPEAT", document(degrees=[UK_DEGREE, changed(UK_DEGREE, graduation_year=2021)])),
    Case("T-DEGREE-REPEAT", document(degrees=[{}, {}]), note="empty"),
    Case("T-DEGREE-KIND", _uk(country="FR"), "degrees.d1.country", ""),
    Case("T-DEGREE-KIND", _uk(non_uk_degree="083"), "degrees.d1.non_uk_degree", ""),
    Case("T-DEGREE-KIND", _other(uk_degree="083"), "degrees.d1.uk_degree", ""),
    Case("T-DEGREE-KIND", _uk(country="XF")),
    Case("T-DEGREE-KIND", _other()),
    Case("T-DEGREE-OTHER-GRADE", _uk(other_grade="Commended"), "degrees.d1.other_grade", ""),
    Case(
        "T-DEGREE-OTHER-GRADE",
        _uk(other_grade="Commended"),
        known=context(base=_uk(other_grade="Commended")),
        note="held",
    ),
    Case("T-DEGREE-OTHER-GRADE", _uk()),
)


def _at(*placements: dict[str, object]) -> Document:
    return document(placements=placements, **UNDERGRADUATE)


_SCHOOLS = frozenset({"115795"})

PLACEMENTS = (
    Case("T-PLACEMENT-URN", _at({"urn": "12345"}), "placements.p1.urn", "is invalid"),
    Case("T-PLACEMENT-URN", _at({"urn": "115795"}, {"urn": 115795}, {"name": "Nursery"})),
    Case("T-PLACEMENT-URN", _at({"urn": "12345"}), known=context(base=_at({"urn": "12345"})), note="held"),
    Case("T-PLACEMENT-NAME", _at({"postcode": "BN1 1AA"}), "placements.p1.name", "can't be blank"),
    Case(
        "T-PLACEMENT-NAME",
        _at({"urn": "123456"}),
        "placements.p1.name",
        "can't be blank",
        None,
        context(schools=_SCHOOLS),
        note="no-such-school",
    ),
    Case("T-PLACEMENT-NAME", _at({"urn": "115795"}, {"urn": "900020"}), known=context(schools=_SCHOOLS)),
    Case(
        "T-PLACEMENT-NAME",
        _at({"urn": "123456", "name": "Nursery"}),
        known=context(schools=_SCHOOLS),
        note="named",
    ),
    Case("T-PLACEMENT-SCHOOL", _at({"urn": "115795"}), "placements.p1.urn", ""),
    Case("T-PLACEMENT-SCHOOL", _at({"urn": "115795"}), known=context(schools=_SCHOOLS)),
    Case(
        "T-PLACEMENT-SCHOOL",
        _at({"urn": "900000"}, {"urn": "123456", "name": "Nursery"}),
        note="special-or-named",
    ),
    *(
        Case(
            "T-PLACEMENT-POSTCODE",
            _at({"name": "A", "postcode": p}),
            "placements.p1.postcode",
            "Enter a valid postcode (for example, BN1 1AA)",
            note=p,
        )
        for p in ("BN1", "12345", "BN1 1A", "QN1 1AA", "BN1 1AA 1")
    ),
    *(
        Case("T-PLACEMENT-POSTCODE", _at({"name": "A", "postcode": p}), note=p)
        for p in ("BN1 1AA", "sw1a2aa", "M1 1AE", "EC1A 1BB", "B33 8TH", "W1T 4TJ", " CR2 6XH ")
    ),
    Case("T-PLACEMENT-REPEAT", _at({"urn": "115795"}, {"urn": "115795"}), "placements.p2.urn", ""),
    Case("T-PLACEMENT-REPEAT", _at({"urn": "900000"}, {"urn": "900000"}), note="special"),
    Case("T-PLACEMENT-REPEAT", _at({"urn": "115795"}, {"urn": "115796"})),
)

CASES = (*DEGREES, *PLACEMENTS)
