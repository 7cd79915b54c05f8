"""Search over everything: what fits comes as it is, slips of the finger are forgiven and told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.model.document import Document, Patch
from desktop.model.ids import RecordId
from desktop.model.snapshot import Snapshot
from desktop.services.search import Hit, Search, Words, fold, words_of
from desktop.services.views import Organisation
from desktop.services.workspace import Workspace

PEOPLE = (
    ("Leonie Jane", "Ashcombe", "leonie@northmoor.example", "NM26-0001", "2610994170011"),
    ("Zoë", "Müller-Brandt", "zoe.brandt@northmoor.example", "NM26-0002", "2610994170028"),
    ("Siobhán", "O'Brien", "s.obrien@northmoor.example", "NM26-0003", "2610994170035"),
    ("Seán", "O’Casey", "sean@elsewhere.example", "NM26-0004", "2610994170042"),
    ("Ruaridh", "MacDonald", "ruaridh@elsewhere.example", "NM26-0005", "2610994170059"),
    ("Ashwin", "Lee", "ashwin@elsewhere.example", "NM26-0006", "2610994170066"),
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    made = Workspace.create(tmp_path_factory.mktemp("search") / "w", Organisation("Uni", "hei"), "pass")
    for first, last, email, number, hesa in PEOPLE:
        made.records.add(
            "trainees",
            Document(
                {
                    "first_names": first,
                    "last_name": last,
                    "email": email,
                    "provider_trainee_id": number,
                    "hesa_id": hesa,
                }
            ),
        )
    _pull(made)
    yield made
    made.close()


def _pull(made: Workspace) -> None:
    """One record as a portal would give it: with a TRN and the portal's own id."""
    document = Document({"first_names": "Callum", "last_name": "Reddish"})
    snapshot = Snapshot(
        "4kQz7LpWn2", "2026-10-01T00:00:00+00:00", "trn_received", document, {"trn": "4000123"}
    )
    with made._store.write() as unit:
        unit.records.add_pulled(made.collections["trainees"], [("0" * 32, snapshot)])
        unit.touched.records.add("*")


def names(hits: list[Hit]) -> list[str]:
    return [hit.label for hit in hits]


@pytest.mark.parametrize(
    ("typed", "found", "why"),
    [
        ("ashcombe", "Ashcombe, Leonie Jane", "Name"),
        ("leonie ashcombe", "Ashcombe, Leonie Jane", "Name"),
        ("ASHC leo", "Ashcombe, Leonie Jane", "Name"),
        ("zoe", "Müller-Brandt, Zoë", "Name"),
        ("muller brandt", "Müller-Brandt, Zoë", "Name"),
        ("MÜLLERBRANDT", "Müller-Brandt, Zoë", "Name"),
        ("brandt", "Müller-Brandt, Zoë", "Name"),
        ("o'brien", "O'Brien, Siobhán", "Name"),
        ("o’brien", "O'Brien, Siobhán", "Name"),
        ("obrien", "O'Brien, Siobhán", "Name"),
        ("o brien", "O'Brien, Siobhán", "Name"),
        ("o'casey", "O’Casey, Seán", "Name"),
        ("mac-donald", "MacDonald, Ruaridh", "Name"),
        ("4000123", "Reddish, Callum", "TRN 4000123"),
        ("4kQz7L", "Reddish, Callum", "Register ID 4kQz7LpWn2"),
        ("NM26-0005", "MacDonald, Ruaridh", "Your trainee ID NM26-0005"),
        ("2610994170035", "O'Brien, Siobhán", "HESA ID 2610994170035"),
        ("zoe.brandt@", "Müller-Brandt, Zoë", "Email address zoe.brandt@northmoor.example"),
    ],
)
def test_what_fits_is_found_and_told_by_what(workspace: Workspace, typed: str, found: str, why: str) -> None:
    hits = workspace.search.find(typed)
    assert names(hits) == [found]
    assert (hits[0].why, hits[0].near) == (why, False)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ashcomeb", "Ashcombe, Leonie Jane"),
        ("ahscombe", "Ashcombe, Leonie Jane"),
        ("ascombe leonie", "Ashcombe, Leonie Jane"),
        ("Ahscom", "Ashcombe, Leonie Jane"),
        ("macdnald", "MacDonald, Ruaridh"),
        ("redish", "Reddish, Callum"),
        ("4000132", "Reddish, Callum"),
        ("2610994170036", "O'Brien, Siobhán"),
    ],
)
def test_a_slip_of_the_finger_is_forgiven_and_told(workspace: Workspace, typed: str, found: str) -> None:
    hits = workspace.search.find(typed)
    assert found in names(hits)
    assert all(hit.near for hit in hits)
    assert "like “" in next(hit for hit in hits if hit.label == found).why


def test_a_name_that_the_list_does_not_have_may_be_one_of_three(workspace: Workspace) -> None:
    assert names(workspace.search.find("leonie rosalind ashcombe")) == ["Ashcombe, Leonie Jane"]


@pytest.mark.parametrize("typed", ["", "   ", "'", "xqzw", "4999999", "zz", '"', "* OR a"])
def test_what_is_nowhere_finds_nobody(workspace: Workspace, typed: str) -> None:
    assert workspace.search.find(typed) == []


def test_never_more_than_were_asked_for(workspace: Workspace) -> None:
    assert len(workspace.search.find("o", 1)) == 1


def test_near_words_and_addresses_follow_what_is_typed_into_records(tmp_path: Path) -> None:
    made = Workspace.create(tmp_path / "w", Organisation("Uni", "hei"), "pass")
    view = made.records.add("trainees", Document({"last_name": "Quillfeather", "email": "old@a.example"}))
    assert names(made.search.find("quilfeather")) == ["Quillfeather"]
    assert names(made.search.find("old@a")) == ["Quillfeather"]
    made.records.edit(RecordId(view.id), Patch({"last_name": "Thistlewood", "email": "new@b.example"}))
    assert made.search.find("quilfeather") == []
    assert names(made.search.find("thistelwood")) == ["Thistlewood"]
    assert made.search.find("old@a") == []
    assert names(made.search.find("new@b")) == ["Thistlewood"]
    made.close()


def test_only_the_first_address_takes_long(tmp_path: Path) -> None:
    made = Workspace.create(tmp_path / "w", Organisation("Uni", "hei"), "pass")
    search: Search = made.search
    assert not search.takes_long("ashcombe")
    assert search.takes_long("a@b")
    search.find("a@b")
    assert not search.takes_long("a@b")
    made.close()


def test_short_words_are_near_to_nothing() -> None:
    words = Words(["le", "lee", "lei"])
    assert words.near("lo") == {}
    assert words.near("lea") == {"lee": 1, "lei": 1, "le": 1}


def test_a_number_is_near_to_numbers_only() -> None:
    words = Words(["4000123", "4000124", "ashcombe"])
    assert words.near("4000125") == {"4000123": 1, "4000124": 1}
    assert words.near("40001") == {}


@given(st.text())
def test_folding_is_folded_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=60))
def test_any_text_can_be_searched_for(workspace: Workspace, text: str) -> None:
    assert isinstance(workspace.search.find(text), list)


def test_words_are_parted_as_the_index_parts_them() -> None:
    assert words_of("O'Brien, Zoë Müller-Brandt a.b@c.example") == [
        "o", "brien", "zoe", "muller-brandt", "a", "b@c", "example",
    ]  # fmt: skip
