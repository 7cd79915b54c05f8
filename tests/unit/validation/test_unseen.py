"""What a file never shows is not missing: only the portal can tell (sync.md: absent means unknown)."""

from datetime import date

import pytest

from desktop.collections.trainees import COLLECTION
from desktop.model.collection import Context
from desktop.model.document import Document
from desktop.model.finding import Severity
from desktop.model.snapshot import UNSEEN
from desktop.validation.engine import check


def severity_of(document: Document, **extras: object) -> Severity | None:
    context = Context(date(2026, 10, 5), COLLECTION.code_lists, "trn_received", extras, base=Document())
    found = [f.severity for f in check(COLLECTION, document, context) if f.field == "course_year"]
    return found[0] if found else None


@pytest.mark.parametrize(
    ("fields", "extras", "expected"),
    [
        ({}, {}, Severity.ERROR),
        ({}, {UNSEEN: ["course_year"]}, Severity.UNKNOWN),
        ({}, {UNSEEN: ["fund_code"]}, Severity.ERROR),
        ({"course_year": 2}, {UNSEEN: ["course_year"]}, None),
        ({"course_year": "soon"}, {UNSEEN: ["course_year"]}, Severity.ERROR),
    ],
)
def test_a_blank_that_the_file_never_shows_is_no_error(fields, extras, expected):
    assert severity_of(Document(dict(fields)), **extras) is expected
