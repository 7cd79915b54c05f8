"""Which records are chosen: those that are ticked, else the line with the keyboard; and what money hangs on them."""

from __future__ import annotations

from PySide6.QtCore import QObject

from desktop.services.views import RecordQuery, Row
from desktop.ui.operations import Cancelled, Lane, Operation
from desktop.ui.records.listing import Listing
from desktop.ui.records.rows import PAGE


class Chosen(QObject):
    """Keeps the bar under the table true."""

    def __init__(self, listing: Listing) -> None:
        super().__init__(listing.view)
        self._listing = listing
        self._summing: Operation | None = None
        listing.model.ticks_changed.connect(self.show)
        listing.finder.counted.connect(self.show_count)
        listing.view.bar.cleared.connect(listing.model.clear_ticks)

    def keys(self) -> list[int]:
        """Ticked records in the table's order, those that filters hide after them; else the current line."""
        model = self._listing.model
        ticked = model.ticked
        if not ticked:
            key = self._listing.finder.current_key()
            return [] if key is None else [key]
        shown = [key for key in model.keys if key in ticked]
        return shown + sorted(ticked.difference(shown))

    def show(self) -> None:
        """Ticks moved: say how many, and add their money up."""
        self.show_count()
        ticked = self._listing.model.ticked
        if self._summing is not None:
            self._summing.cancel()
            self._summing = None
        if ticked:
            self._listing.view.bar.show_money(None)
            self._summing = self._listing.operations.run_job(
                lambda job: self._sum(ticked, job), self._on_summed, lane=Lane.NETWORK, key="records.sum"
            )

    def show_count(self) -> None:
        """How many are ticked, and how many of them the filters hide."""
        model = self._listing.model
        count = model.tick_count
        self._listing.view.show_selection(count, count - model.shown_ticked())

    def _on_summed(self, pounds: int) -> None:
        self._summing = None
        self._listing.view.bar.show_money(pounds)

    def _sum(self, ticked: frozenset[int], job: Operation) -> int:
        """What hangs on these records, page by page beside the store lane, so that nothing else waits for it."""
        records = self._listing.workspace.records
        keys = sorted(ticked)
        if len(keys) > PAGE:
            paid = records.find(RecordQuery(self._listing.collection.name, filters={"money_only": "1"}))
            keys = sorted(ticked.intersection(paid))
        pounds = 0
        for start in range(0, len(keys), PAGE):
            if job.is_cancelled():
                raise Cancelled
            pounds += sum(_money_of(row) for row in records.rows(keys[start : start + PAGE]))
        return pounds


def _money_of(row: Row) -> int:
    value = row.facets.get("money")
    return value if isinstance(value, int) else 0
