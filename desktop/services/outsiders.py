"""Lists of records for those outside who work with them: one file for each appropriate body, for each lead provider."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from desktop.model.collection import Collection, Outsider
from desktop.model.document import Document
from desktop.model.errors import UnknownName, UsageError
from desktop.model.person import Role
from desktop.services.core import Core
from desktop.services.people import demand
from desktop.store.lists import Question

_MOST = 20_000
_NOT_IN_NAME = re.compile(r"[^\w \-().&]+")


class NoList(UsageError):
    """Nobody belongs into it."""

    def __init__(self) -> None:
        super().__init__("No record belongs into such a list yet.")


@dataclass(frozen=True)
class Given:
    """A list that was written. `to` = who gets it."""

    path: Path
    to: str
    rows: int


class Outsiders:
    """Worker thread."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def write(self, collection: str, name: str, folder: Path) -> list[Given]:
        """Write the lists of this name into a folder, one for each who gets one. No file that is there is written over.

        Raises UnknownName, UsageError, NotWritten.
        """
        known = self._core.collection(collection)
        outsider = next((one for one in known.outsiders if one.name == name), None)
        if outsider is None:
            there = ", ".join(one.name for one in known.outsiders) or "none"
            raise UnknownName(f'{known.title} have no list "{name[:40]}". There are: {there}.')
        records = self._records(known)
        lists = self._lists(known, outsider, records)
        if not lists:
            raise NoList
        paths = {to: folder / f"{_file_name(f'{outsider.title} {to}')}.csv" for to in lists}
        if taken := next((path for path in paths.values() if path.exists()), None):
            raise UsageError(f"{taken.name} is there already. Choose another folder; nothing was written.")
        from desktop.handover import tables  # with the libraries for it, which take a moment

        folder.mkdir(parents=True, exist_ok=True)
        others, codes = [document for document, _ in records], known.code_lists
        for to, mine in lists.items():
            rows = [[cell(doc, state, codes, others) for _, cell in outsider.columns] for doc, state in mine]
            tables.write_csv(paths[to], [head for head, _ in outsider.columns], rows)
        return [Given(paths[to], to, len(mine)) for to, mine in lists.items()]

    def write_all(self, wanted: Iterable[tuple[str, str]], folder: Path) -> list[Given]:
        """Several lists, by collection and name; one that nobody belongs into is left out. Raises as `write`."""
        found: list[Given] = []
        for collection, name in wanted:
            with suppress(NoList):
                found += self.write(collection, name, folder)
        if not found:
            raise NoList
        return found

    def _records(self, collection: Collection) -> list[tuple[Document, str]]:
        with self._core.store.read() as unit:
            demand(unit, Role.SEND)
            keys = unit.lists.find(Question(collection.name), _MOST)
            return [(record.document, record.state) for record in unit.records.contents(keys)]

    @staticmethod
    def _lists(
        collection: Collection, outsider: Outsider, records: list[tuple[Document, str]]
    ) -> dict[str, list[tuple[Document, str]]]:
        field = collection.field(outsider.by)
        codes = collection.code_lists.codes(field.codes) if field is not None and field.codes else {}
        found: dict[str, list[tuple[Document, str]]] = {}
        for document, state in records:
            code = str(document.get(outsider.by) or "").strip()
            if code and outsider.holds(document, state):
                to = codes[code].label if code in codes else code
                found.setdefault(to, []).append((document, state))
        return dict(sorted(found.items()))


def _file_name(title: str) -> str:
    return " ".join(_NOT_IN_NAME.sub(" ", title).split())[:120]
