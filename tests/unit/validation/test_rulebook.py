"""The page of rules is that of the rule tables."""

from __future__ import annotations

from desktop.collections import all_collections
from desktop.collections.trainees import COLLECTION
from desktop.collections.trainees.actions import DEMANDS
from desktop.validation import rulebook


def test_the_page_is_current():
    said = "run: python -m desktop.validation.rulebook"
    assert rulebook.PAGE.read_text(encoding="utf-8") == rulebook.render(all_collections().values()), said


def test_every_rule_and_every_demand_is_published():
    page = rulebook.render([COLLECTION])
    entries = rulebook.published(COLLECTION)
    assert len(entries) == len(COLLECTION.rules) + len(DEMANDS)
    for entry in entries:
        assert f"| {entry.id} | {entry.severity.value} | {entry.demand} | {entry.source} |" in page


def test_main_writes_the_page(monkeypatch, tmp_path):
    monkeypatch.setattr(rulebook, "PAGE", tmp_path / "docs" / "rules.md")
    rulebook.main()
    assert rulebook.PAGE.read_text(encoding="utf-8").startswith("# Rules\n")
