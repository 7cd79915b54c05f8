"""Files as the census and performance-profile pages of Register give them, made of records here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from desktop.services.views import RecordView
from desktop.services.workspace import Workspace
from tests import website_export

CENSUS = "2026-10-20_14-05-09_New-trainees-2026-2027-sign-off-Register-trainee-teachers_exported_records.csv"
PROFILE = "2027-01-20_14-05-09_2025-2026_trainees_performance-profiles-sign-off_register-trainee-teachers.csv"


def flat(view: RecordView) -> dict[str, Any]:
    """A record as the portal's API would give it: what was last read of it."""
    assert view.base is not None
    children = {kind: [child.fields for child in group] for kind, group in view.base.children.items()}
    more = {"trainee_id": view.portal_id, "state": view.state, "updated_at": version_of(view)}
    return {"degrees": [], "placements": []} | view.base.fields | dict(view.extras) | children | more


def version_of(view: RecordView) -> str:
    return str(view.extras.get("updated_at") or "2026-10-01T09:00:00Z")


def trainees(workspace: Workspace, ids: Iterable[str]) -> list[dict[str, Any]]:
    """Several of them."""
    return [flat(workspace.records.view(i)) for i in ids]


def write(path: Path, found: Iterable[Mapping[str, Any]], provider: str) -> Path:
    """The file with these trainees."""
    rows = [website_export.row_of(one, provider_name=provider, provider_code="1AB") for one in found]
    path.write_bytes(website_export.written(rows))
    return path
