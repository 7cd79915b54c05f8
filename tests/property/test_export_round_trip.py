"""A file for new trainees, read by our own import, says what the records say; what it cannot say was told."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from desktop.collections import all_collections
from desktop.collections.trainees.tables import PACK
from desktop.handover import register_csv
from desktop.handover.cells import unguarded
from desktop.handover.csv_sheet import read_sheet
from desktop.model.document import Child, Document, diff

TABLE = PACK.table("register_csv")
TRAINEES = all_collections()["trainees"]
SHAPE = register_csv.Template(TABLE, TRAINEES)
SAID = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20).filter(
    lambda text: text == text.strip() and not text.startswith("'")
)
GUARDED = st.tuples(st.sampled_from("=+-@"), SAID).map("".join)
VALUE = st.none() | SAID | GUARDED | st.integers(0, 99_999_999)
FIELDS = st.fixed_dictionaries({}, optional={f.name: VALUE for f in TRAINEES.fields})


def children(kind: str, most: int) -> st.SearchStrategy[list[Child]]:
    known = TRAINEES.child_kind(kind)
    assert known is not None
    fields = st.fixed_dictionaries({}, optional={f.name: VALUE for f in known.fields})
    groups = st.lists(fields, max_size=most)
    return groups.map(lambda found: [Child(f"{kind}{n}", one) for n, one in enumerate(found)])


DOCUMENTS = st.builds(
    lambda fields, degrees, placements: Document(fields, {"degrees": degrees, "placements": placements}),
    FIELDS,
    children("degrees", 3),
    children("placements", 5),
)


def without(document: Document, paths: set[str]) -> Document:
    """A document without what stands at these paths; children that then say nothing go, too."""
    kept = Document({n: v for n, v in document.fields.items() if n not in paths})
    for kind, group in document.children.items():
        follows = TABLE["bulk_add"]["follows"].get(kind, ())
        for child in group:
            if f"{kind}.{child.id}" in paths:
                continue
            fields: dict[str, Any] = {
                n: v
                for n, v in child.fields.items()
                if f"{kind}.{child.id}.{n}" not in paths and n not in follows and v is not None
            }
            if fields:
                kept.children.setdefault(kind, []).append(Child(child.id, fields))
    return kept


@given(st.lists(DOCUMENTS, min_size=1, max_size=3))
def test_what_is_written_and_read_again_differs_only_by_what_was_told(documents: list[Document]) -> None:
    rows = [SHAPE.cells(document) for document in documents]
    (file,), _ = SHAPE.written(rows)
    read = [row for row in read_sheet(file.content).rows[1:] if row.cells != ("",)]
    assert len(read) == len(documents)
    for document, row in zip(documents, read, strict=True):
        told = {left.path for left in SHAPE.left(document)}
        cells = [unguarded(cell) for cell in row.cells]
        assert not diff(without(document, told), SHAPE.sent(Document({}, document.children), cells))
