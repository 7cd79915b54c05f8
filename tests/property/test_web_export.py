"""Register's export, there and back: what a record says changes nothing; what a file cannot say is never cleared."""

from __future__ import annotations

import csv
import io
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.collections.trainees import COLLECTION, website
from desktop.handover.register_export import CANNOT_HOLD, WebExport, read_export
from desktop.model.document import diff
from desktop.model.errors import UsageError
from desktop.model.snapshot import Snapshot
from desktop.store.records import body_text
from desktop.sync.portals.register_mapping import RegisterMapping
from desktop.sync.seen import whole
from desktop.sync.trip import Terms
from tests import website_export

MAPPING = RegisterMapping(COLLECTION)
TERMS = Terms(COLLECTION, date(2026, 10, 5), MAPPING.echo, MAPPING.alike)
LISTS = COLLECTION.code_lists
FOLDER = Path(tempfile.mkdtemp(prefix="exports-"))
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=12).filter(
    lambda t: t == t.strip() and not t.startswith("'") and not t.isdigit()
)
DAYS = st.dates(date(1960, 1, 1), date(2030, 1, 1)).map(date.isoformat)
URNS = st.integers(100_000, 800_000).map(str)


def coded(list_name: str) -> st.SearchStrategy[str]:
    return st.sampled_from(sorted(LISTS.codes(list_name)))


def value_of(name: str, codes: str) -> st.SearchStrategy[Any]:
    if codes:
        return coded(codes)
    if name.endswith("_date") or name == "date_of_birth":
        return DAYS
    if name.endswith("_urn"):
        return URNS
    if name == "hesa_id":
        return st.integers(10**12, 10**13 - 1).map(str)
    if name in ("application_id", "course_year", "graduation_year"):
        return st.integers(0, 9_999_999)
    return WORDS


PLAIN = {f.name: value_of(f.name, f.codes) for f in COLLECTION.fields if not f.name.startswith("disability")}
DISABILITIES = st.one_of(
    st.sampled_from([[], ["95"], ["98"], ["99"]]),
    st.lists(
        st.sampled_from(["51", "53", "54", "55", "56", "57", "58", "59", "96"]), min_size=1, unique=True
    ),
)
DEGREE_KIND = COLLECTION.child_kind("degrees")
assert DEGREE_KIND is not None
DEGREES = st.lists(
    st.fixed_dictionaries({}, optional={f.name: value_of(f.name, f.codes) for f in DEGREE_KIND.fields}),
    max_size=4,
)
PLACEMENTS = st.lists(
    st.one_of(
        st.fixed_dictionaries({"urn": URNS}, optional={"name": WORDS, "postcode": WORDS}),
        st.fixed_dictionaries({"name": WORDS}),
    ),
    max_size=5,
)


@st.composite
def trainees(draw: st.DrawFn) -> dict[str, Any]:
    """A trainee as the API shows one."""
    body = draw(st.fixed_dictionaries({}, optional=PLAIN))
    held = draw(DISABILITIES)
    body |= {f"disability{n}": code for n, code in enumerate(held, 1)}
    body |= {"degrees": [d | {"degree_id": f"d{n}"} for n, d in enumerate(draw(DEGREES))]}
    body |= {"placements": [p | {"placement_id": f"p{n}"} for n, p in enumerate(draw(PLACEMENTS))]}
    state = draw(st.sampled_from([s.key for s in COLLECTION.states]))
    return body | {
        "trainee_id": "abc",
        "state": state,
        "updated_at": "2026-10-05T09:30:11.482Z",
        "trn": draw(st.none() | st.integers(10**6, 10**7 - 1).map(str)),
        "defer_date": draw(st.none() | DAYS),
        "awarded_at": draw(st.none() | st.just("2026-10-01T08:00:00.000Z")),
    }


def snapshot_of(body: dict[str, Any]) -> Snapshot:
    found = MAPPING.snapshot(body)
    assert found is not None
    return found


def read_back(rows: list[dict[str, str]], columns: set[str] | None = None) -> WebExport:
    content = website_export.written(rows)
    path = FOLDER / "export.csv"
    if columns is not None:
        table = list(csv.reader(io.StringIO(content.decode(), newline="")))
        kept = [n for n, head in enumerate(table[0]) if head in columns]
        stream = io.StringIO(newline="")
        csv.writer(stream).writerows([[row[n] for n in kept] for row in table])
        content = stream.getvalue().encode()
    path.write_bytes(content)
    return read_export(path)


@given(trainees())
def test_an_export_of_what_is_known_changes_nothing(body: dict[str, Any]) -> None:
    base = snapshot_of(body)
    (row,) = read_back([website_export.row_of(body, provider_name="Northmoor")]).rows
    seen = whole(TERMS, row, base, base.document)
    assert diff(base.document, seen.snapshot.document).touched() == []
    assert body_text(seen.snapshot) == body_text(base)


@given(trainees(), trainees())
def test_everything_that_the_file_can_show_is_taken_as_somebody_else_left_it(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    base = snapshot_of(before)
    after |= {"updated_at": "2026-10-06T09:30:11.482Z"}
    (row,) = read_back([website_export.row_of(after, provider_name="Northmoor")]).rows
    seen = whole(TERMS, row, base, base.document)
    theirs = snapshot_of(after).document
    unread = {cell.path for cell in row.unread} | {"funding_method"}
    for name in seen.shown & set(PLAIN) - unread:
        assert TERMS.agree(name, seen.snapshot.document.get(name), theirs.get(name)), name
    if "degrees" in row.children:
        shown = seen.snapshot.document.children.get("degrees", [])
        assert len(shown) == len(theirs.children["degrees"])
    assert len({c.id for group in seen.snapshot.document.children.values() for c in group}) == sum(
        map(len, seen.snapshot.document.children.values())
    )


KEPT = st.sets(st.sampled_from(website.columns())).map(
    lambda some: some | {"register_id", "register_record_last_changed_at", "trainee_status"}
)


@given(trainees(), trainees(), KEPT)
def test_what_the_file_does_not_show_is_never_cleared(
    before: dict[str, Any], after: dict[str, Any], columns: set[str]
) -> None:
    base = snapshot_of(before)
    (row,) = read_back([website_export.row_of(after, provider_name="Northmoor")], columns).rows
    seen = whole(TERMS, row, base, base.document)
    document = seen.snapshot.document
    for field in COLLECTION.fields:
        if field.name not in seen.shown:
            assert document.get(field.name) == base.document.get(field.name)
    for name in CANNOT_HOLD:
        assert name not in seen.shown
    for kind, columns_of in (("degrees", "degrees"), ("placements", "other_placements")):
        if columns_of not in columns:
            assert document.children.get(kind) == base.document.children.get(kind)


JUNK = st.text(max_size=30)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.dictionaries(st.sampled_from(website.columns()), JUNK, max_size=30), max_size=4),
    st.binary(max_size=40),
)
def test_whatever_stands_in_a_file_it_is_read_or_refused(rows: list[dict[str, str]], tail: bytes) -> None:
    plain = website_export.row_of(
        {"trainee_id": "abc", "updated_at": "2026-10-05T09:30:11Z", "state": "draft"}
    )
    path = FOLDER / "junk.csv"
    path.write_bytes(website_export.written(plain | row for row in rows) + tail)
    try:
        export = read_export(path)
    except UsageError:
        return
    for row in export.rows:
        seen = whole(TERMS, row, None, snapshot_of({"trainee_id": "abc"}).document)
        assert seen.snapshot.portal_id == row.register_id
