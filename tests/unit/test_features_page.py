"""docs/features.md tells the truth at least in this: every "yes" names a test that exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
_ROW = re.compile(r"^\| (\d+) ([^|]+)\| ([^|]+)\|([^|]*)\|$", re.MULTILINE)
ROWS = _ROW.findall((ROOT / "docs" / "features.md").read_text(encoding="utf-8"))


def test_all_58_rows_are_there_and_say_where_we_stand() -> None:
    assert [int(number) for number, *_ in ROWS] == list(range(1, 59))
    assert {stand.strip() for _, _, stand, _ in ROWS} <= {"yes", "partly", "not yet"}


@pytest.mark.parametrize(
    ("number", "proof"), [(n, proof) for n, _, stand, proof in ROWS if stand.strip() == "yes"]
)
def test_every_yes_names_a_test_that_exists(number: str, proof: str) -> None:
    path, *names = proof.strip().strip("`").split("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    assert names, number
    assert set(names) <= defined, number
