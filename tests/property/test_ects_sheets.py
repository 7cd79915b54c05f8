"""Laws of a school's sheets: whatever is in a record, a sheet can be made of it, and no answer is lost without a word (pack 1)."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.collections.ects import COLLECTION
from desktop.collections.ects.sheets import JOURNEYS
from desktop.handover.sheets import Sheet, as_rows, fill, moved
from desktop.model.document import Child, Document, Fields, Value, diff
from desktop.model.journey import Journey, Matter, Other
from tests.unit.collections.ects.sample import TODAY, ect, mentor, school

_DAYS = ["2026-09-01", "2026-12-18", "31 x 2026", "0000-01-01", "2099-02-29"]
_WORDS = ["", "Sam Okafor", "3012345", "RP99/12345", "sam@example.com", "\u202e", "x" * 400]


def _values(name: str) -> st.SearchStrategy[Value]:
    field = COLLECTION.field(name)
    codes = list(COLLECTION.code_lists.codes(field.codes)) if field is not None and field.codes else []
    return st.sampled_from([None, *_DAYS, *_WORDS, *codes[:12], *codes[-3:]]) | st.integers(-5, 3000)


def _fields(names: list[str], prefix: str = "") -> st.SearchStrategy[Fields]:
    return st.fixed_dictionaries({}, optional={name: _values(f"{prefix}{name}") for name in names})


_PLAIN = [field.name for field in COLLECTION.fields]
_CHILDREN = st.fixed_dictionaries(
    {},
    optional={
        kind.key: st.lists(
            st.builds(Child, st.uuids().map(str), _fields([f.name for f in kind.fields], f"{kind.key}.")),
            max_size=2,
        )
        for kind in COLLECTION.children
    },
)
_DOCUMENTS = st.builds(Document, _fields(_PLAIN), _CHILDREN)
_OTHERS = st.lists(
    st.sampled_from([ect(), mentor(), school(), school(induction_tutor_confirmed=2025)]), max_size=3
)


def made(
    journey: Journey, of: Document, base: Document | None, others: list[Document]
) -> tuple[Sheet, Matter]:
    changed = frozenset(diff(base or Document(), of).touched())
    known = tuple(Other(str(n), one, there=bool(n % 2)) for n, one in enumerate(others))
    matter = Matter(
        of,
        TODAY,
        COLLECTION.code_lists,
        base=base,
        changed=changed,
        others=known,
        state="registered" if base else "",
    )
    return fill(journey, COLLECTION, matter), matter


@settings(max_examples=80, deadline=None)
@given(_DOCUMENTS, st.none() | _DOCUMENTS, _OTHERS, st.sampled_from(JOURNEYS))
def test_a_sheet_can_be_made_of_anything_and_every_way_ends(
    of: Document, base: Document | None, others: list[Document], journey: Journey
) -> None:
    found, matter = made(journey, of, base, others)
    assert as_rows(found) is not None
    assert list(moved(found.answers(), found)) == []
    order = [page.key for page in found.pages]
    assert len(set(order)) == len(order), "a page is found again by its key"
    for place, page in enumerate(found.pages):
        assert page.heading.strip()
        for outcome in page.outcomes or (None,):
            following = found.after(page.key, outcome.key if outcome else "")
            assert following not in order[: place + 1], "one only goes on"
    for said in (journey.waits, journey.tells, journey.sets):
        if said is not None:
            said(matter)


@settings(max_examples=60, deadline=None)
@given(_DOCUMENTS, st.sampled_from([ect(), mentor(), school()]))
def test_what_was_changed_is_on_a_sheet_or_named_as_not_asked(of: Document, base: Document) -> None:
    """Each changed answer belongs to exactly one journey of changes, whose sheet tells it or names it."""
    of.fields["role"] = base.get("role")
    changed = frozenset(name for name in diff(base, of).touched() if "." not in name)
    mine = [j for j in JOURNEYS if j.is_for(of) and "update" in j.kinds]
    taken: list[frozenset[str]] = [j.types(changed) for j in mine if j.types is not None]
    assert sum(map(len, taken)) == len(frozenset().union(*taken)), "nothing is typed twice"
    assert any(j.types is None for j in mine), "what the others leave has a sheet, too"


@settings(max_examples=60, deadline=None)
@given(_fields(["corrected_name", "email", "working_pattern"]))
def test_details_are_each_on_a_page_of_their_own(changes: Fields) -> None:
    """Sections 1.4 to 1.6."""
    base = ect()
    of = Document({**base.fields, **changes})
    found, matter = made(next(j for j in JOURNEYS if j.name == "change"), of, base, [])
    keys = {page.key for page in found.way}
    asked = {"corrected_name": "name", "email": "email", "working_pattern": "pattern"}
    assert {key for name, key in asked.items() if matter.touches(name)} == keys & set(asked.values())
