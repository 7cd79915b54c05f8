"""Which room may import what: the contracts in pyproject.toml, and the two that cannot be said there."""

import re
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def graph():
    return grimp.build_graph("desktop", include_external_packages=True, cache_dir=None)


def _imported_from_outside(graph, room: str) -> set[tuple[str, str]]:
    """Pairs (our module, top-level name outside desktop) for all modules in the room."""
    modules = {m for m in graph.modules if m == room or m.startswith(f"{room}.")}
    return {
        (module, target.partition(".")[0])
        for module in modules
        for target in graph.find_modules_directly_imported_by(module)
        if target.partition(".")[0] != "desktop"
    }


def test_rooms_import_in_one_direction():
    command = [
        sys.executable,
        "-c",
        "import sys; from importlinter.cli import lint_imports_command as main; sys.exit(main())",
        "--no-cache",
    ]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_model_needs_only_the_standard_library(graph):
    foreign = {
        pair
        for pair in _imported_from_outside(graph, "desktop.model")
        if pair[1] not in sys.stdlib_module_names
    }
    assert not foreign


def test_only_main_imports_app(graph):
    if "desktop.app" not in graph.modules:
        pytest.skip("there is no desktop.app yet")
    assert graph.find_modules_that_directly_import("desktop.app") <= {"desktop.__main__"}


def test_what_is_imported_is_named_in_the_requirements(graph):
    """A library that is not named there is missing in the installed program, or there by chance."""
    wanted = {
        name for _, name in _imported_from_outside(graph, "desktop") if name not in sys.stdlib_module_names
    }
    text = (ROOT / "requirements.in").read_text(encoding="utf-8").lower()
    named = {name.replace("-", "_") for name in re.findall(r"^[a-z0-9-]+", text, re.MULTILINE)}
    provided_by = {
        "PySide6": "pyside6_essentials",
        "shiboken6": "pyside6_essentials",
        "argon2": "argon2_cffi",
    }
    assert {name for name in wanted if provided_by.get(name, name) not in named} == set()
