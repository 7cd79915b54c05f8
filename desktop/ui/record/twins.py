"""Somebody who is the same to the portal, looked for while a new record is typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from desktop.model.ids import RecordId
from desktop.services.views import Row

if TYPE_CHECKING:
    from desktop.ui.record.page import RecordPage

TWINS_MS = 250


class Twins(QObject):
    """Works for one page; records that the portal knows already have no twins."""

    def __init__(self, page: RecordPage) -> None:
        super().__init__(page)
        self._page = page
        self._pause = QTimer(self, singleShot=True, interval=TWINS_MS)
        self._pause.timeout.connect(self._look)

    def look_soon(self) -> None:
        """Once the keys rest."""
        view = self._page.session.view
        if view is None or view.portal_id is None:
            self._pause.start()

    def clear(self) -> None:
        """Another record is shown."""
        self._show(())

    def open_record(self, record_id: str) -> None:
        """The person wants to compare."""
        self._page.shell.go("record", record_id=RecordId(record_id))

    def _look(self) -> None:
        document, name = self._page.session.document(), self._page.collection.name
        records = self._page.workspace.records
        own = self._page.session.view.id if self._page.session.view else ""
        self._page.operations.run(
            lambda: records.possible_duplicates(name, document, own), self._on_found, key="record.twins"
        )

    def _on_found(self, rows: Sequence[Row]) -> None:
        own_key = self._page.collection.own_key
        self._show(
            [(row.id, ", ".join(str(p) for p in (row.label, row.facets.get(own_key)) if p)) for row in rows]
        )

    def _show(self, people: Sequence[tuple[str, str]]) -> None:
        self._page.screen_view.side.duplicates.show_people(people, self._page.collection.portal_short)
