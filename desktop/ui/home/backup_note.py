"""A banner on Home when the backups of this workspace need somebody; hidden while they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.ui.parts.banner import Banner
from desktop.ui.parts.scroll_page import NARROW
from desktop.ui.tokens import PAGE_MARGIN

if TYPE_CHECKING:
    from desktop.services.backups import Standing

_NARROW_MARGIN = 12


class BackupNote(QWidget):
    """One sentence of what is wrong and one of what to do."""

    def __init__(self) -> None:
        super().__init__()
        self.banner = Banner("conflict", "triangle-alert")
        self.banner.set_button("Open Settings")
        column = QVBoxLayout(self)
        column.addWidget(self.banner)
        self._fit()
        self.hide()

    def _fit(self) -> None:
        side = PAGE_MARGIN if self.width() >= NARROW else _NARROW_MARGIN
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(side, 16, side, 0)

    def show_standing(self, standing: Standing) -> None:
        """As it stands now."""
        told = words(standing)
        if told is not None:
            self.banner.show_words(*told)
        self.setVisible(told is not None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


def words(standing: Standing) -> tuple[str, str] | None:
    """(what is wrong, what to do); None while nothing is."""
    kept = (
        "The backups made before are kept." if standing.last else "There is no backup on this computer yet."
    )
    if standing.trouble:
        return "The last backup could not be made", f"{standing.trouble} {kept}"
    if standing.second_trouble:
        return "The last backup is not in the second folder", standing.second_trouble
    return None
