"""The files of the census and performance-profile pages: which one a name means, and that nothing is lost when kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from desktop.handover.register_sign_off import MOST_REMARKS, FileRow, read_sign_off
from tests import website_export

TRAINEE: dict[str, object] = {
    "trainee_id": "a1", "state": "awarded", "updated_at": "2026-10-01T09:00:00Z", "first_names": "Ada",
    "last_name": "Ashcombe", "training_route": "12", "itt_start_date": "2026-09-07", "disability1": "51", "disability2": "53",
    "awarded_at": "2026-10-01T08:00:00Z", "outcome_date": "2026-09-30",
    "degrees": [{"uk_degree": "007", "subject": "100403", "graduation_year": 2024}], "placements": [{"urn": "123456"}],
}  # fmt: skip


def write(path: Path, *trainees: dict[str, object]) -> Path:
    path.write_bytes(
        website_export.written(
            [website_export.row_of(one, provider_name="Weybury SCITT") for one in trainees]
        )
    )
    return path


@pytest.mark.parametrize(
    ("name", "kind", "year"),
    [
        ("2026-10-20_14-05-09_New-trainees-2026-2027-sign-off-Register-trainee-teachers_exported_records.csv", "census", 2026),
        ("2026-10-20_14-05-09_New-trainees-2026-2027-sign-off-Register (1).csv", "census", 2026),
        ("2027-01-20_09-00-00_2025-2026_trainees_performance-profiles-sign-off_register-trainee-teachers.csv", "performance-profile", 2025),
        ("2026-10-20_14-05-09_trainees_exported_records.csv", "", None),
        ("census.csv", "", None),
    ],
)  # fmt: skip
def test_the_name_says_which_sign_off_a_file_is_for(
    tmp_path: Path, name: str, kind: str, year: int | None
) -> None:
    found = read_sign_off(write(tmp_path / name, TRAINEE))
    assert (found.kind, found.year, found.provider) == (kind, year, "Weybury SCITT")
    assert (found.made_at is not None) == name.startswith("202")


def test_a_row_is_kept_as_json_without_loss(tmp_path: Path) -> None:
    (row,) = read_sign_off(write(tmp_path / "x.csv", TRAINEE)).rows
    assert row.sets
    assert row.children["placements"].children == ({"urn": "123456"},)
    assert row.extras == {"awarded_at": "2026-10-01T08:00:00Z", "outcome_date": "2026-09-30"}
    assert FileRow.from_json(json.loads(json.dumps(row.to_json()))) == row


def test_a_file_that_is_wrong_all_over_is_not_told_for_ever(tmp_path: Path) -> None:
    wrong = [{**TRAINEE, "trainee_id": f"a{n}", "sex": "nonsense"} for n in range(MOST_REMARKS + 5)]
    remarks = read_sign_off(write(tmp_path / "x.csv", *wrong)).remarks
    assert len(remarks) == MOST_REMARKS + 1
    assert remarks[-1].text == "There are 5 more of this kind."
