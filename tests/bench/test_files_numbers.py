"""Files in: an import of 50,000 rows with validation, and of a workbook, in seconds and in memory. `make bench`.

Nothing is asserted about time: a benchmark prints, a person reads.
"""

from __future__ import annotations

import csv
import os
import resource
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.handover.tables import write_xlsx
from desktop.practice.server import PROVIDER_NAME, PROVIDER_UKPRN
from desktop.services.views import Organisation
from desktop.services.workspace import Workspace
from tests.bench.conftest import note

HEADS = [
    "provider_trainee_id",
    "first_names",
    "last_name",
    "date_of_birth",
    "sex",
    "email",
    "nationality",
    "training_route",
    "itt_aim",
    "course_subject_1",
    "study_mode",
    "itt_start_date",
    "itt_end_date",
    "course_year",
    "fund_code",
    "funding_method",
    "course_age_range",
]


def _letters(number: int) -> str:
    return "".join(chr(97 + number // 26**place % 26) for place in range(4))


def _people(number: int) -> Iterator[list[str]]:
    """Made-up trainees, some answers as codes, some as words, days as people type them."""
    for n in range(number):
        names = [
            f"P{n}",
            f"Ada{_letters(n)}",
            f"Ash{_letters(n * 7)}",
            f"{1 + n % 28}/{1 + n % 12}/{1980 + n % 20}",
        ]
        course = ["12", "202", "100403", "Full-time", "1/9/2026", "31/7/2027", "1", "7", "6", "13918"]
        yield [*names, "Female", f"ada.{n}@example.org", "GB", *course]


def _peak_mb() -> int:
    """The most memory that this process ever had; on a Mac it is told in bytes, elsewhere in kilobytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak >> 20 if os.uname().sysname == "Darwin" else peak >> 10


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace that holds nothing and knows no portal."""
    made = Workspace.create(
        tmp_path / "w", Organisation(PROVIDER_NAME, "hei", PROVIDER_UKPRN), "bench", remember=False
    )
    yield made
    made.close()


def _imported(workspace: Workspace, path: Path, rows: int, goal: str) -> None:
    before = _peak_mb()
    begin, cpu = time.perf_counter(), time.process_time()
    plan = workspace.importing.read(path, "trainees")
    read = time.perf_counter() - begin
    workspace.importing.save(plan)
    taken, work = time.perf_counter() - begin, time.process_time() - cpu
    assert workspace.importing.all()[0].added == rows
    note(
        f"import of {rows:,} rows, {path.suffix[1:]}, all rules",
        f"{taken:.1f} s ({work:.1f} s of work)",
        f"looked at after {read:.1f} s, {_peak_mb() - before} MB more",
        goal,
    )


@pytest.mark.timeout(600)
def test_a_large_file_of_text(empty: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "trainees.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEADS, *_people(50_000)])
    _imported(empty, path, 50_000, "< 20 s")


@pytest.mark.timeout(600)
def test_a_workbook(empty: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "trainees.xlsx"
    write_xlsx(path, "Trainees", HEADS, _people(10_000))
    _imported(empty, path, 10_000, "")


@pytest.mark.timeout(600)
def test_files_for_new_trainees(empty: Workspace, tmp_path: Path) -> None:
    """10,000 records that are not at the portal, as the files that Register takes, kept and noted on every change."""
    source = tmp_path / "trainees.csv"
    with source.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEADS, *_people(10_000)])
    empty.importing.save(empty.importing.read(source, "trainees"))
    begin, cpu = time.perf_counter(), time.process_time()
    made = empty.exports.make("bulk-add", tmp_path / "out")
    taken, work = time.perf_counter() - begin, time.process_time() - cpu
    assert made.export is not None
    assert made.export.records == 10_000
    sizes = [file.size_bytes for file in made.export.files]
    note(
        "export of 10,000 new trainees",
        f"{taken:.1f} s ({work:.1f} s of work)",
        f"{len(sizes)} files, the largest {max(sizes):,} bytes",
        "< 2 s",
    )
