"""At an organisation without API nothing is demanded that the portal's website does not ask for."""

from datetime import date

from desktop.collections import load, load_by_website
from desktop.collections.trainees.by_website import NOT_ASKED
from desktop.collections.trainees.sheets import REGISTER
from desktop.model.collection import Context
from desktop.model.document import Document
from desktop.validation.engine import check

TODAY = date(2026, 9, 21)


def asked(collection, **fields):
    found = check(collection, Document(fields), Context(TODAY, collection.code_lists))
    return {finding.field for finding in found}


def test_a_blank_record_is_asked_for_just_what_the_website_asks_for():
    typed, sent = asked(load_by_website("trainees")), asked(load("trainees"))
    assert (
        sent - typed
        == NOT_ASKED
        == {"hesa_id", "itt_aim", "itt_qualification_aim", "course_year", "fund_code"}
    )
    assert typed < sent
    on_pages = {name for page in REGISTER.pages for question in page.questions for name in question.fields}
    assert typed <= on_pages


def test_what_is_answered_all_the_same_is_judged_as_ever():
    collection = load_by_website("trainees")
    assert "hesa_id" in asked(collection, hesa_id="123")
    assert "hesa_id" not in asked(collection, hesa_id="2611234567890")
    assert "itt_aim" in asked(collection, itt_aim="nonsense")


def test_the_form_does_not_mark_them_either():
    fields = {field.name: field for field in load_by_website("trainees").fields}
    assert [name for name in NOT_ASKED if fields[name].required != "never"] == []
    assert load_by_website("ects") is load("ects")
