"""One list on screen, for those that work on it: where it is read, what shows it, whom to ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.ui.operations import Operations
from desktop.ui.page import Shell
from desktop.ui.records.finder import Finder
from desktop.ui.records.looks import Looks
from desktop.ui.records.model import RecordsModel
from desktop.ui.records.table import RecordsTable
from desktop.ui.records.view import RecordsView

if TYPE_CHECKING:
    from desktop.model.collection import Collection
    from desktop.services.workspace import Workspace


@dataclass(frozen=True)
class Listing:
    """The parts of one list; made anew when another collection is shown."""

    workspace: Workspace
    operations: Operations
    shell: Shell
    collection: Collection
    view: RecordsView
    finder: Finder
    looks: Looks

    @property
    def table(self) -> RecordsTable:
        return self.view.table

    @property
    def model(self) -> RecordsModel:
        return self.view.table.records
