"""Where a person was when the window locked: the page and what it showed. In the encrypted workspace, as a record is named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desktop.services.core import Core

_KIND, _NAME = "window", "place"


class Place:
    """Kept at the lock, taken once at the next start."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def keep(self, page: str, where: Mapping[str, Any]) -> None:
        """What is not plain text of `where` is left out."""
        plain = {name: value for name, value in where.items() if isinstance(value, str)}
        with self._core.store.write(durable=False) as unit:
            unit.kept.put(_KIND, _NAME, {"page": page, "where": plain})

    def take(self) -> tuple[str, dict[str, str]] | None:
        """(page, where), and it is forgotten; None when there is none."""
        with self._core.store.write(durable=False) as unit:
            found = unit.kept.get(_KIND, _NAME)
            unit.kept.remove(_KIND, _NAME)
        return (str(found.body["page"]), dict(found.body["where"])) if found else None
