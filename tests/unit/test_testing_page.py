"""docs/testing.md tells the truth at least in this: each row names tests that exist and that say what they are about."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([INPT]\d+) \| ([^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE)
ALL = [
    f"{letter}{n}" for letter, last in (("I", 18), ("N", 16), ("P", 7), ("T", 8)) for n in range(1, last + 1)
]
NOT_TESTED = re.compile(r"not tested.*: .{20,}")
_NAMED = re.compile(r"\b([INPT])(\d+)(?:(?:-| to )[INPT]?(\d+))?")


def named_in(text: str) -> set[str]:
    """Ids in a docstring; "N8-N11" names all four."""
    return {
        f"{letter}{n}"
        for letter, first, last in _NAMED.findall(text)
        for n in range(int(first), int(last or first) + 1)
    }


@cache
def _tests(path: str) -> dict[str, str]:
    """Test -> what its docstring, its class's and its file's say."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    found: dict[str, str] = {}

    def walk(body: list[ast.stmt], prefix: str, said: str) -> None:
        for node in body:
            if isinstance(node, ast.ClassDef):
                walk(node.body, f"{prefix}{node.name}::", f"{said} {ast.get_docstring(node)}")
            elif isinstance(node, ast.FunctionDef):
                found[prefix + node.name] = f"{said} {ast.get_docstring(node)}"

    walk(tree.body, "", ast.get_docstring(tree) or "")
    return found


def test_every_invariant_and_fault_has_its_row() -> None:
    assert list(dict.fromkeys(row[0] for row in ROWS)) == ALL
    assert {row[0] for row in ROWS if not row[2].startswith("not tested")} == set(ALL)


@pytest.mark.parametrize(("name", "proof"), [(name, proof) for name, _, proof in ROWS])
def test_a_row_names_tests_that_exist_and_say_so(name: str, proof: str) -> None:
    if proof.startswith("not tested"):
        assert NOT_TESTED.fullmatch(proof), "why it is not tested"
        return
    said: set[str] = set()
    for test in re.findall(r"`([^`]+)`", proof):
        path, _, inside = test.partition("::")
        assert inside in _tests(path), test
        said |= named_in(_tests(path)[inside])
    assert name in said
