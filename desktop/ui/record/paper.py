"""One record as a PDF: every question that it answers, here and at the portal. For a file on paper, or a colleague."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.model.collection import ChildKind, Collection, Field
from desktop.model.document import Value, same, value_at
from desktop.services.views import RecordView
from desktop.ui import words
from desktop.ui.parts.save_as import save_as
from desktop.ui.record.facts import look_of_view, spoken_name
from desktop.ui.record.outlook import spoken_value

if TYPE_CHECKING:
    from desktop.ui.record.page import RecordPage

HEADS = ("Part", "Question", "Here", "At the portal")
_AS_HERE = "The same"
Line = tuple[str, str, str, str]


class Paper(QObject):
    """Works for one page."""

    def __init__(self, page: RecordPage) -> None:
        super().__init__(page)
        self._page = page

    def ask(self, view: RecordView) -> None:
        """Ask where to, then write."""
        name = f"{spoken_name(view.label) or self._page.collection.singular}.pdf"
        if chosen := save_as(self._page, "Save this record as PDF", name, {".pdf": "PDF (*.pdf)"}):
            self.write(view, chosen)

    def write(self, view: RecordView, path: Path) -> None:
        """Write it in the background; `view` is the record as it is saved."""
        collection, now = self._page.collection, self._page.workspace.now()
        title = spoken_name(view.label) or f"New {collection.singular}"
        made = f"{words.long_date(words.local(now).date())}, {words.clock(now)}"
        subtitle = f"{look_of_view(view).word}. As saved in Holdfast on {made}"

        def work() -> str:
            from desktop.handover import tables  # with the library for PDF, which takes a moment

            tables.write_pdf(path, title, subtitle, HEADS, list(lines_of(collection, view)))
            return path.name

        self._page.operations.run(work, self._on_written)

    def _on_written(self, name: str) -> None:
        self._page.shell.say(f"Saved as {name}")


def lines_of(collection: Collection, view: RecordView) -> Iterator[Line]:
    """(part, question, answer here, answer at the portal) of everything that either side answers, in form order."""
    for section in collection.sections:
        paths = [(section.title, f, f.name) for f in collection.fields if f.section == section.key]
        for kind in (k for k in collection.children if k.section == section.key):
            paths += _of_children(kind, view)
        for part, field, path in paths:
            here, there = value_at(view.document, path), value_at(view.base, path)
            if not (_empty(here) and _empty(there)):
                said = spoken_value(collection, path, there)
                at_portal = "Not there yet" if view.base is None else _AS_HERE if same(here, there) else said
                yield part, field.label, spoken_value(collection, path, here), at_portal


def _of_children(kind: ChildKind, view: RecordView) -> list[tuple[str, Field, str]]:
    """The questions of the children of either side: "Degree 1", "Degree 2"."""
    sides = (view.document, view.base) if view.base is not None else (view.document,)
    ids = dict.fromkeys(child.id for side in sides for child in side.children.get(kind.key, ()))
    return [
        (f"{kind.singular.capitalize()} {number}", field, f"{kind.key}.{child_id}.{field.name}")
        for number, child_id in enumerate(ids, 1)
        for field in kind.fields
    ]


def _empty(value: Value) -> bool:
    return value is None or value == ""
