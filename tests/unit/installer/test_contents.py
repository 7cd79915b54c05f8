"""What the frozen program holds: the lists agree with the source, with each other, and with the locks. Nothing is built here."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import desktop
from installer import allowed, contents, facts

ROOT = Path(__file__).parents[3]
_IMPORT = re.compile(r"^\s*(?:from ([\w.]+) import ([\w, ]+)|import ([\w.]+))", re.MULTILINE)
LIST = allowed.LIST.read_text(encoding="utf-8")
SPEC = (ROOT / "installer" / "holdfast.spec").read_text(encoding="utf-8")


def _pins(name: str) -> dict[str, set[str]]:
    """Package -> its versions in a lock."""
    found: dict[str, set[str]] = {}
    for package, version in re.findall(
        r"^([a-z0-9.-]+)==(\S+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE
    ):
        found.setdefault(package, set()).add(version)
    return found


def test_the_version_is_written_once():
    assert desktop.__version__ == facts.VERSION
    places = [
        path
        for folder in ("desktop", "installer", ".github")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".spec", ".sh", ".nsi", ".xml", ".yml", ".1", ".desktop"}
        and f'"{facts.VERSION}"' in path.read_text(encoding="utf-8")
    ]
    assert places == [ROOT / "desktop" / "__init__.py"]


def test_the_spec_is_python_and_makes_both_programs_of_one_folder():
    tree = ast.parse(SPEC)
    called = [
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    assert called.count("Analysis") == called.count("COLLECT") == called.count("PYZ") == 1
    assert "onefile" not in SPEC


def test_every_module_of_the_program_is_named_also_those_imported_by_name():
    named = set(contents.own_modules(ROOT))
    assert {
        "desktop",
        "desktop.__main__",
        "desktop.collections.trainees.actions",
        "desktop.cli.waiting",
    } <= named
    assert "desktop.cli.story.typist" in named
    assert not any("-" in name or name.endswith("__init__") for name in named)


def test_qt_is_what_the_window_imports_and_no_more():
    imported = {
        found
        for path in (ROOT / "desktop").rglob("*.py")
        for found in re.findall(
            r"^\s*(?:from PySide6\.|import PySide6\.)(\w+)", path.read_text(encoding="utf-8"), re.MULTILINE
        )
    }
    assert imported == contents.QT_MODULES


def test_nothing_that_the_program_imports_is_left_out():
    imported = set()
    for path in (ROOT / "desktop").rglob("*.py"):
        for source, names, plain in _IMPORT.findall(path.read_text(encoding="utf-8")):
            imported |= (
                {plain} if plain else {source, *(f"{source}.{name.strip()}" for name in names.split(","))}
            )
    assert len(imported) > 500
    assert not imported & set(contents.EXCLUDED)
    assert not {name for name in imported if name.startswith(tuple(f"{one}." for one in contents.EXCLUDED))}


def test_no_report_draws_a_picture():
    """Pillow, which reportlab reads pictures with, is not shipped (installer/stand_in)."""
    drawing = re.compile(r"\bPIL\b|drawImage|drawInlineImage|ImageReader|platypus import[^)]*\bImage\b")
    source = {path: path.read_text(encoding="utf-8") for path in (ROOT / "desktop").rglob("*.py")}
    assert any("from reportlab" in text for text in source.values())
    assert not [path.name for path, text in source.items() if "reportlab" in text and drawing.search(text)]


@pytest.mark.parametrize(
    ("place", "kept"),
    [
        ("PySide6/Qt/lib/libQt6Gui.so.6", True),
        ("PySide6/Qt/lib/libQt6Quick.so.6", False),
        ("PySide6/Qt/lib/libicudata.so.73", True),
        ("PySide6/QtWidgets.abi3.so", True),
        ("PySide6/QtQml.abi3.so", False),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqeglfs.so", False),
        ("PySide6/Qt/plugins/tls/libqopensslbackend.so", False),
        ("PySide6\\plugins\\platforms\\qwindows.dll", True),
        ("PySide6\\Qt6Widgets.dll", True),
        ("PySide6\\Qt6Quick.dll", False),
        ("PySide6\\opengl32sw.dll", False),
        ("PySide6/Qt/lib/QtCore.framework/Versions/A/QtCore", True),
        ("PySide6/Qt/lib/QtQuick.framework/Versions/A/QtQuick", False),
        ("sqlcipher3/_sqlite3.cpython-311-x86_64-linux-gnu.so", True),
        ("charset_normalizer/md.cpython-311-x86_64-linux-gnu.so", False),
        ("libX11.so.6", False),
        ("libxcb-cursor.so.0", True),
        ("libstdc++.so.6", False),
        ("libssl.so.3", True),
    ],
)
def test_which_library_goes_in(place, kept):
    assert contents.keeps_binary(place) is kept


@pytest.mark.parametrize(
    ("place", "kept"),
    [
        ("resources/packs/trainees/2026/calendar.json", True),
        ("tzdata/zoneinfo/Europe/London", True),
        ("tzdata/zoneinfo/Europe/Paris", False),
        ("certifi/cacert.pem", False),
        ("PySide6/Qt/translations/qtbase_de.qm", False),
        ("keyring-25.7.0.dist-info/entry_points.txt", True),
        ("keyring-25.7.0.dist-info/RECORD", False),
    ],
)
def test_which_data_goes_in(place, kept):
    assert contents.keeps_data(place) is kept


def test_a_library_that_nothing_loads_any_more_stays_out():
    needs = {
        "PySide6/QtGui.abi3.so": ["libxcb-cursor.so.0"],
        "libxcb-cursor.so.0": ["libxcb-util.so.1"],
        "libgtk-3.so.0": ["libpango-1.0.so.0"],
    }
    names = [*needs, "libxcb-util.so.1", "libpango-1.0.so.0", "libpython3.11.so.1.0"]
    kept = contents.reachable(names, lambda name: needs.get(name, []))
    assert set(names) - kept == {"libgtk-3.so.0", "libpango-1.0.so.0"}


@pytest.mark.parametrize("system", ["linux", "win32", "darwin"])
def test_the_list_of_allowed_files_agrees_with_what_is_kept(system):
    lines = [line.removeprefix("? ") for line in allowed.patterns(LIST, system)]
    assert len(lines) == len(set(lines))
    inside = [line.removeprefix("_internal/") for line in lines if line.startswith("_internal/")]
    exact = [line.replace(".N", ".6") for line in inside if "*" not in line]
    assert not [line for line in exact if not contents.keeps_binary(line) or not contents.keeps_data(line)]


def test_versions_in_names_need_no_new_line():
    same = {
        "_internal/PySide6/QtCore.abi3.so": "_internal/PySide6/QtCore.so",
        "_internal/_cffi_backend.cpython-312-x86_64-linux-gnu.so": "_internal/_cffi_backend.so",
        "_internal/libicuuc.so.73": "_internal/libicuuc.so.N",
        "_internal/libpython3.11.so.1.0": "_internal/libpython3.N.so.N",
        "_internal/python311.dll": "_internal/python3N.dll",
        "_internal/keyring-25.7.0.dist-info/METADATA": "_internal/keyring-N.dist-info/METADATA",
        "_internal/pillow.libs/libtiff-20b7e810.so.6.3.0": "_internal/pillow.libs/libtiff-X.so.N",
        "_internal/cryptography/hazmat/bindings/_rust.pyd": "_internal/cryptography/hazmat/bindings/_rust.pyd",
        "_internal/sqlcipher3/_sqlite3.cp311-win_amd64.pyd": "_internal/sqlcipher3/_sqlite3.pyd",
    }
    assert {name: allowed.usual(name) for name in same} == same


def test_a_stranger_and_a_line_without_a_file_are_complained_about():
    found = allowed.complaints(
        ["holdfast", "_internal/evil.so"], ["holdfast", "_internal/gone.so", "? _internal/may-be.so"]
    )
    assert found == [
        "not in allowed-files.txt: _internal/evil.so",
        "in allowed-files.txt, but not there: _internal/gone.so",
    ]


def test_a_folder_over_the_budget_is_complained_about(tmp_path, monkeypatch):
    (tmp_path / "holdfast").write_bytes(b"x" * 2_000_000)
    monkeypatch.setattr(facts, "INSTALLED_MB", 1)
    assert "2.0 MB installed are more than 1" in allowed.check(tmp_path, "linux")


def test_what_ships_is_what_was_tested():
    tested, shipped, run = (_pins(f"requirements{kind}.txt") for kind in ("-dev", "-package", ""))
    assert {name: shipped[name] for name in run} == run
    both = shipped.keys() & tested.keys()
    assert {name: shipped[name] for name in both} == {name: tested[name] for name in both}
    assert {"pyinstaller", "pyinstaller-hooks-contrib"} <= shipped.keys()
    assert not shipped.keys() & {"pytest", "matplotlib", "numpy", "mypy"}


def test_every_pin_of_what_ships_has_its_hashes_and_no_address():
    text = (ROOT / "requirements-package.txt").read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[a-z0-9])", text)
    assert all("--hash=sha256:" in block for block in blocks if "==" in block)
    assert "://" not in text
