"""What leads back from an act, and that it overwrites nothing newer."""

from __future__ import annotations

from desktop.model.document import Child, Document, Patch, apply, diff
from desktop.model.ids import RecordId
from desktop.services.act_log import Body, Made, Step, still_as_left

BEFORE = Document(
    {"email": "a", "sex": "10"},
    {"degrees": [Child("d1", {"grade": "02", "year": 2020}), Child("d2", {"grade": "03"})]},
)


def after() -> Document:
    document = BEFORE.copy()
    document.fields |= {"email": "b", "sex": None}
    document.children["degrees"] = [Child("d1", {"grade": "05", "year": 2020}), Child("d3", {"grade": "01"})]
    return document


def step() -> Step:
    return Step.between(RecordId("r"), "Ashcombe, Leonie", BEFORE, after())


def test_the_way_back_leads_back_when_nothing_moved() -> None:
    patch, newer = still_as_left(step(), after())
    assert newer == []
    assert not diff(apply(after(), patch), BEFORE)


def test_what_is_newer_stays_and_is_named() -> None:
    now = after()
    now.fields["email"] = "newer"
    now.children["degrees"] = [
        Child("d1", {"grade": "05", "year": 2021}),
        Child("d2", {"grade": "07"}),
        Child("d3", {"grade": "99"}),
    ]
    patch, newer = still_as_left(step(), now)
    back = apply(now, patch)
    assert newer == ["email", "degrees.d2", "degrees.d3"]
    assert (back.get("email"), back.get("sex")) == ("newer", "10")
    assert [(c.id, c.fields["grade"]) for c in back.children["degrees"]] == [
        ("d1", "02"),
        ("d2", "07"),
        ("d3", "99"),
    ]
    assert back.children["degrees"][0].fields["year"] == 2021


def test_a_child_that_went_is_newer() -> None:
    now = after()
    now.children["degrees"] = []
    patch, newer = still_as_left(step(), now)
    assert newer == ["degrees.d1", "degrees.d3"]
    assert list(patch.children["degrees"]) == ["d2"]


def test_a_body_survives_being_kept() -> None:
    kept = {step().record_id: step().to_text()}
    body = Body("trainees", kept, (Made(RecordId("n"), BEFORE),), (Made(RecordId("g"), after()),))
    assert Body.from_json(body.to_json()) == body
    assert Step.from_text(step().record_id, kept[step().record_id]) == step()
    assert len(body) == 3
    assert not len(Body("trainees"))


def test_a_step_without_children_is_the_plain_inverse() -> None:
    now = BEFORE.copy()
    now.fields["email"] = "b"
    made = Step.between(RecordId("r"), "", BEFORE, now)
    assert (made.left, made.back) == (Patch({"email": "b"}), Patch({"email": "a"}))
