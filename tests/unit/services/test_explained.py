"""Explained once: told apart, for these answers and this count only, never an error, and readable for good."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from desktop.cli.checking import check as cli_check
from desktop.model.document import Child, Document, Patch
from desktop.model.errors import UnknownName, UsageError
from desktop.model.finding import Severity
from desktop.services.explained import Judged
from desktop.services.views import Organisation
from desktop.services.workspace import Workspace
from desktop.store import vault

TRAINEES = "trainees"
NI = "T-NI-NUMBER"
REASON = "She is from abroad and has no number yet."


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 10, 5, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workspace(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(vault, "_KDF", {"name": "argon2id", "memory_kib": 8, "passes": 1, "lanes": 1})
    organisation = Organisation("University of Northmoor", "hei", "10012345")
    made = Workspace.create(tmp_path / "w", organisation, "made up", clock=clock, actor="Sam", remember=False)
    yield made
    made.close()


def person(workspace: Workspace, number: int = 0, **fields: Any) -> str:
    """A trainee with an odd National Insurance number: Register takes it, the rule asks."""
    document = Document(
        {"first_names": f"Ada {number}", "last_name": "Ashcombe", "ni_number": "odd", **fields}
    )
    return workspace.records.add(TRAINEES, document).id


def judged(workspace: Workspace, rule: str = NI) -> list[Judged]:
    found = workspace.checks.all(TRAINEES)
    return [one for one in workspace.explained.judge(TRAINEES, found) if one.finding.rule == rule]


def one(workspace: Workspace, rule: str = NI) -> Judged:
    (found,) = judged(workspace, rule)
    return found


def test_an_explained_finding_is_no_thing_to_do_and_names_who_and_why(workspace: Workspace) -> None:
    record = person(workspace)
    assert one(workspace).to_do
    made = workspace.explained.explain(record, NI, "ni_number", f"  {REASON} ", date(2026, 10, 31))
    told = one(workspace)
    assert (told.explained, told.to_do) == (True, False)
    assert told.explanation == made
    assert (made.who, made.reason, made.until, made.said) == ("Sam", REASON, date(2026, 10, 31), "odd")
    assert told.finding.severity is Severity.WARNING, "the finding itself is found afresh"
    (own,) = [
        j
        for j in workspace.explained.judge_record(record, workspace.checks.one(record))
        if j.finding.rule == NI
    ]
    assert own.explained


def test_it_comes_back_when_the_answer_changes_and_rests_when_it_is_as_it_was(workspace: Workspace) -> None:
    record = person(workspace)
    workspace.explained.explain(record, NI, "ni_number", REASON)
    workspace.records.edit(record, Patch({"ni_number": "odder"}))
    told = one(workspace)
    assert told.to_do
    assert told.back == "The answers have changed since."
    workspace.records.edit(record, Patch({"ni_number": " odd "}))
    assert one(workspace).explained


def test_another_answer_of_the_record_does_not_bring_it_back(workspace: Workspace) -> None:
    record = person(workspace)
    workspace.explained.explain(record, NI, "ni_number", REASON)
    workspace.records.edit(record, Patch({"email": "ada@example.com"}))
    assert one(workspace).explained


def test_every_answer_that_the_rule_looked_at_counts_not_only_the_field(workspace: Workspace) -> None:
    rule, path = "T-CYCLE-SPLIT", "trainee_start_date"
    record = person(workspace, itt_start_date="2026-09-01", trainee_start_date="2025-09-01")
    workspace.explained.explain(record, rule, path, "She started with the cohort before.")
    assert one(workspace, rule).explained
    workspace.records.edit(record, Patch({"itt_start_date": "2027-09-01"}))
    assert one(workspace, rule).to_do


def test_it_comes_back_the_day_after_its_last_day(workspace: Workspace, clock: Clock) -> None:
    record = person(workspace)
    workspace.explained.explain(record, NI, "ni_number", REASON, date(2026, 10, 6))
    clock.now += timedelta(days=1)
    assert one(workspace).explained
    clock.now += timedelta(days=1)
    told = one(workspace)
    assert (told.to_do, told.back) == (True, "Its day has passed.")
    assert told.explanation is not None
    assert told.explanation.reason == REASON, "what was said stays beside it"


def test_a_rule_is_explained_for_an_expected_count(workspace: Workspace) -> None:
    for number in range(3):
        person(workspace, number)
    workspace.explained.explain_rule(TRAINEES, NI, 3, "Three exchange students.")
    assert [j.explained for j in judged(workspace)] == [True] * 3
    extra = person(workspace, 9)
    told = judged(workspace)
    assert [j.to_do for j in told] == [True] * 4
    assert told[0].back == "Expected in 3, found in 4."
    on_record = workspace.explained.judge_record(extra, workspace.checks.one(extra))
    assert [j.to_do for j in on_record if j.finding.rule == NI] == [True]
    workspace.records.discard(extra)
    assert [j.explained for j in judged(workspace)] == [True] * 3


def test_one_record_may_be_explained_while_its_rule_is_not(workspace: Workspace) -> None:
    first, _ = person(workspace, 1), person(workspace, 2)
    workspace.explained.explain_rule(TRAINEES, NI, 5, "Guessed.")
    workspace.explained.explain(first, NI, "ni_number", REASON)
    assert {j.record_id == first: j.explained for j in judged(workspace)} == {True: True, False: False}


def test_an_error_is_never_explained_away(workspace: Workspace) -> None:
    record = person(workspace, email="not an address")
    with pytest.raises(UsageError, match="Register would refuse this"):
        workspace.explained.explain(record, "T-EMAIL-FORMAT", "email", REASON)
    workspace.explained.explain_rule(TRAINEES, "T-EMAIL-FORMAT", 1, REASON)
    assert one(workspace, "T-EMAIL-FORMAT").to_do, "a rule's explanation covers none of its errors"


def test_what_only_the_portal_can_tell_is_neither_to_do_nor_explained(workspace: Workspace) -> None:
    document = Document({"last_name": "Ashcombe"}, {"placements": [Child("", {"urn": "123456"})]})
    record = workspace.records.add(TRAINEES, document).id
    (told,) = judged(workspace, "T-PLACEMENT-SCHOOL")
    assert (told.to_do, told.explained) == (False, False)
    with pytest.raises(UsageError, match="Only Register can tell"):
        workspace.explained.explain(record, "T-PLACEMENT-SCHOOL", told.finding.field, REASON)


@pytest.mark.parametrize(
    ("reason", "until", "told"),
    [
        ("   ", None, "Say why"),
        ("x" * 501, None, "at most 500"),
        (REASON, date(2026, 10, 4), "has passed"),
        ("half of \ud800", None, "broken character"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_what_to_do(
    workspace: Workspace, reason: str, until: date | None, told: str
) -> None:
    record = person(workspace)
    with pytest.raises(UsageError, match=told):
        workspace.explained.explain(record, NI, "ni_number", reason, until)
    assert workspace.explained.all(TRAINEES) == []


def test_what_is_not_found_cannot_be_explained(workspace: Workspace) -> None:
    record = person(workspace, ni_number=None)
    with pytest.raises(UsageError, match="not found any more"):
        workspace.explained.explain(record, NI, "ni_number", REASON)
    with pytest.raises(UnknownName):
        workspace.explained.explain_rule(TRAINEES, "T-NONE", 1, REASON)
    with pytest.raises(UsageError, match="1 or more"):
        workspace.explained.explain_rule(TRAINEES, NI, 0, REASON)


def test_children_keep_their_explanation_under_another_id_and_apart_from_each_other(
    workspace: Workspace,
) -> None:
    rule = "T-DEGREE-OTHER-GRADE"
    degrees = [Child("a", {"other_grade": "Merit"}), Child("b", {"other_grade": "Pass with honours"})]
    record = workspace.records.add(TRAINEES, Document({"last_name": "Ashcombe"}, {"degrees": degrees})).id
    path = f"degrees.{workspace.records.view(record).document.children['degrees'][0].id}.other_grade"
    workspace.explained.explain(record, rule, path, "So it is on the certificate.")
    assert [j.explained for j in judged(workspace, rule)] == [True, False]
    with workspace._store.write() as unit:
        stored = unit.records.get(record)
        assert stored is not None
        pending = stored.pending.to_json()
        group = pending["children"]["degrees"]
        pending["children"]["degrees"] = {f"portal-{i}": v for i, v in enumerate(group.values())}
        unit.records.save(workspace.collection(TRAINEES), stored, pending=Patch.from_json(pending))
    assert [j.explained for j in judged(workspace, rule)] == [True, False]


def test_ending_and_saying_anew_leave_the_whole_story_in_the_history(workspace: Workspace) -> None:
    record = person(workspace)
    workspace.explained.explain(record, NI, "ni_number", "First reason.")
    second = workspace.explained.explain(record, NI, "ni_number", "Second reason.")
    assert workspace.explained.all(TRAINEES) == [second], "one explanation of a thing at a time"
    workspace.explained.end(second.id)
    assert one(workspace).to_do
    texts = [e.text for e in workspace.activity.entries(record) if "xpla" in e.text]
    assert texts == [
        f"Explanation ended, {NI}: Second reason.",
        f"Explained, {NI}: Second reason.",
        f"Explained, {NI}: First reason.",
    ]
    with pytest.raises(UnknownName):
        workspace.explained.end(second.id)


def test_explanations_survive_the_program(workspace: Workspace, clock: Clock) -> None:
    record = person(workspace)
    workspace.explained.explain(record, NI, "ni_number", REASON)
    workspace.close()
    again = Workspace.open(workspace.folder, "made up", clock=clock, actor="Priya")
    try:
        assert one(again).explained
        assert one(again).explanation.who == "Sam"  # type: ignore[union-attr]
    finally:
        again.close()


def test_asking_as_of_another_day_remembers_nothing(workspace: Workspace) -> None:
    record = person(workspace)
    workspace.explained.explain(record, NI, "ni_number", REASON, date(2026, 10, 31))
    found = workspace.checks.all(TRAINEES, today=date(2026, 11, 2))
    (told,) = [
        j for j in workspace.explained.judge(TRAINEES, found, date(2026, 11, 2)) if j.finding.rule == NI
    ]
    assert told.to_do
    assert one(workspace).explained


def test_the_command_line_tells_explained_findings_apart(workspace: Workspace) -> None:
    record = person(workspace)
    workspace.explained.explain(record, NI, "ni_number", REASON, date(2026, 10, 31))
    args = SimpleNamespace(today=None, source=None, ref=None, collection=None)
    progress = SimpleNamespace(tell=lambda _words: None)
    answer = cli_check(SimpleNamespace(workspace=workspace, args=args, progress=progress))  # type: ignore[arg-type]
    told = next(f for f in answer.data["findings"] if f["rule"] == NI)
    assert told["explained"] == {"by": "Sam", "reason": REASON, "until": "2026-10-31", "expected": None}
    assert answer.data["explained"] == 1
    others = [f for f in answer.data["findings"] if f["severity"] == "warning" and f["rule"] != NI]
    assert answer.data["warnings"] == len(others), "what is explained is not to look at"
    lines = list(answer.text())
    place = lines.index("Explained (1), not to be done")
    assert lines[place + 1].endswith(f"Explained by Sam until 2026-10-31: {REASON}")
    assert not any("National Insurance" in line for line in lines[:place])
