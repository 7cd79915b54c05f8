"""Laws of the sheets: whatever is in a record, every answer is on its sheet, or named as one that nobody asks for."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.collections.trainees import COLLECTION
from desktop.handover.sheets import as_rows, fill, moved
from desktop.model.document import Document, diff
from desktop.model.journey import Journey, Matter
from tests.property.test_rules import contexts, documents
from tests.unit.collections.trainees.sample import TODAY, document

ASKED = {
    *("first_names", "middle_names", "last_name", "date_of_birth", "sex", "nationality", "email", "ethnicity"),
    *(f"disability{n}" for n in range(1, 10)),
    *("training_route", "course_subject_1", "course_subject_2", "course_subject_3", "course_age_range"),
    *("study_mode", "itt_start_date", "itt_end_date", "training_initiative", "funding_method"),
    *("provider_trainee_id", "training_partner_urn", "training_partner_ukprn", "employing_school_urn"),
    *("iqts_country", "trainee_start_date"),
}  # fmt: skip
"""What the website asks of a new trainee on one page or another (pack 2, and the pages themselves)."""


def journey(name: str) -> Journey:
    found = COLLECTION.journey(name)
    assert found is not None
    return found


@settings(max_examples=60)
@given(documents(), contexts(), st.sampled_from([j.name for j in COLLECTION.journeys]))
def test_a_sheet_can_be_made_of_anything(mine: Document, known, name: str):
    base = known.base
    changed = frozenset(diff(base, mine).touched()) if _comparable(base, mine) else frozenset[str]()
    matter = Matter(mine, TODAY, COLLECTION.code_lists, base=base, state=known.state, changed=changed)
    found = fill(journey(name), COLLECTION, matter)
    assert as_rows(found) is not None
    assert list(moved(found.answers(), found)) == []
    for page in found.way:
        assert found.after(page.key) in ("", *(p.key for p in found.pages))


def _comparable(base: Document | None, mine: Document) -> bool:
    if base is None:
        return False
    try:
        diff(base, mine)
    except (TypeError, ValueError):  # values that no store ever holds
        return False
    return True


_VALID = st.fixed_dictionaries(
    {},
    optional={
        field.name: st.sampled_from([*list(COLLECTION.code_lists.codes(field.codes))[:30], None])
        if field.codes
        else st.sampled_from(["2026-09-07", "2026-11-01", "Maud", "115795", None])
        for field in COLLECTION.fields
    },
)


@given(_VALID)
def test_every_answer_is_on_the_sheet_or_named_as_one_that_is_not_asked(changes):
    mine = document(**changes)
    found = fill(journey("register"), COLLECTION, Matter(mine, TODAY, COLLECTION.code_lists))
    told = {path for page in found.pages for line in page.lines for path in line.paths}
    labels = set(found.not_asked)
    for name, value in mine.fields.items():
        field = COLLECTION.field(name)
        if field is not None and value not in (None, ""):
            assert name in told or field.label in labels, name
            assert name in ASKED or name not in told


@given(_VALID)
def test_what_is_missing_has_no_answer_and_what_has_one_is_not_missing(changes):
    found = fill(journey("register"), COLLECTION, Matter(document(**changes), TODAY, COLLECTION.code_lists))
    for page in found.pages:
        for line in page.lines:
            assert line.missing == (line.needed and not line.words)
            assert bool(line.copies) == bool(line.words)
