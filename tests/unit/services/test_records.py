"""Reading what is typed as JSON, and taking edits back, without a workspace."""

from __future__ import annotations

from typing import Any

import pytest

from desktop.collections.trainees import COLLECTION
from desktop.model.document import Child, Document, apply, diff
from desktop.model.errors import UnknownName, UsageError
from desktop.services.queue import ordinal
from desktop.services.records import _take_back, document_from, plain
from desktop.services.writing import as_kinds, inverse


def test_a_document_from_plain_json() -> None:
    document = document_from(
        COLLECTION, {"first_names": "Ada", "course_year": 1, "degrees": [{"grade": "02"}, {"grade": "03"}]}
    )
    assert (document.get("first_names"), document.get("course_year")) == ("Ada", 1)
    assert [c.fields for c in document.children["degrees"]] == [{"grade": "02"}, {"grade": "03"}]
    assert len({c.id for c in document.children["degrees"]}) == 2


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"nothing": "x"}, UnknownName),
        ({"degrees.grade": "02"}, UnknownName),
        ({"degrees": [{"nothing": "x"}]}, UnknownName),
        ({"degrees": {"grade": "02"}}, UsageError),
        ({"degrees": ["02"]}, UsageError),
        ({"email": True}, UsageError),
        ({"email": {"a": 1}}, UsageError),
        ({"email": 1.5}, UsageError),
        ({"email": "half a pair \ud800"}, UsageError),
    ],
)
def test_json_that_cannot_be_a_record(data: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        document_from(COLLECTION, data)


@pytest.mark.parametrize(
    ("value", "kept"), [(None, None), ("a", "a"), (3, 3), (3.0, 3), (["a", "b"], "a,b"), ("", "")]
)
def test_plain_values(value: object, kept: object) -> None:
    assert plain("reasons", value) == kept


def test_codes_are_text_and_blanks_are_nothing() -> None:
    document = Document({"sex": 10, "email": "", "course_year": 2}, {"degrees": [Child("d", {"grade": 2})]})
    as_kinds(COLLECTION, document)
    assert document.fields == {"sex": "10", "email": None, "course_year": 2}
    assert document.children["degrees"][0].fields == {"grade": "2"}


BASE = Document(
    {"email": "a", "sex": "10"}, {"degrees": [Child("d1", {"grade": "02", "graduation_year": 2020}, "d1")]}
)


def edited() -> Document:
    document = BASE.copy()
    document.fields["email"] = "b"
    document.children["degrees"][0].fields["grade"] = "03"
    document.children["degrees"].append(Child("new", {"grade": "05"}))
    return document


@pytest.mark.parametrize(
    ("path", "left"),
    [
        ("email", {"degrees.d1.grade", "degrees.new"}),
        ("degrees.d1.grade", {"email", "degrees.new"}),
        ("degrees.d1", {"email", "degrees.new"}),
        ("degrees.new", {"email", "degrees.d1.grade"}),
    ],
)
def test_one_path_is_taken_back(path: str, left: set[str]) -> None:
    document = edited()
    _take_back(document, BASE, path)
    assert set(diff(BASE, document).touched()) == left


def test_a_removed_child_comes_back() -> None:
    document = BASE.copy()
    document.children["degrees"].clear()
    _take_back(document, BASE, "degrees.d1")
    assert not diff(BASE, document)


def test_the_inverse_undoes() -> None:
    after = edited()
    assert not diff(BASE, apply(after, inverse(COLLECTION, BASE, after)))


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (112, "112th"), (1021, "1,021st")],
)
def test_ordinals(number: int, said: str) -> None:
    assert ordinal(number) == said
