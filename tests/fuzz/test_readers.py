"""A few hundred damaged files for each reader; `make fuzz` makes a million."""

from __future__ import annotations

import pytest

from tests.fuzz.readers import READERS
from tests.fuzz.run import made, run


@pytest.mark.filterwarnings("ignore")  # a library's opinion of a damaged workbook
@pytest.mark.parametrize("reader", READERS)
def test_a_damaged_file_is_read_or_refused_with_a_sentence(reader, tmp_path):
    files = 60 if READERS[reader].packed else 250
    outcome = run(reader, range(files), tmp_path)
    assert outcome.faults == {}
    assert outcome.files == files
    # Damage that leaves nothing to read, or nothing to refuse, would look for nothing.
    assert min(outcome.read, outcome.refused) > 0


@pytest.mark.parametrize("reader", READERS)
def test_the_whole_files_are_read(reader, tmp_path):
    for sample in READERS[reader].samples:
        path = tmp_path / "weybury-scitt-trainee-summary-2026-to-2027.csv"
        path.write_bytes(sample)
        READERS[reader].read(path)


def test_one_number_makes_one_file():
    assert made("csv", 7) == made("csv", 7) != made("csv", 8)


def test_a_reader_that_breaks_is_told_with_the_number(tmp_path, monkeypatch):
    def broken(_path):
        raise KeyError("column")

    monkeypatch.setitem(READERS, "broken", READERS["csv"].__class__([b"a,b\n"], broken))
    assert run("broken", [3], tmp_path).faults == {3: "KeyError: 'column'"}
