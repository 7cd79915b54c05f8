"""The look at everything that the stories wrote sees what it is there to see."""

from __future__ import annotations

import pytest

from tests.e2e.nothing_in_clear import in_clear

ADDRESS = "lucia.mordaunt16@example.org"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
@pytest.mark.parametrize("name", ["window.ini", "holdfast.db", "journal.tmp", "copy.csv"])
def test_somebody_in_the_folder_of_a_workspace_is_found(tmp_path, name, encoding):
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / "holdfast.key").write_text("{}")
    (tmp_path / "w" / name).write_bytes(b"\0\0" + f" {ADDRESS} ".encode(encoding))
    assert len(in_clear(tmp_path)) == 1
    (tmp_path / "w" / name).unlink()


def test_what_a_person_asked_for_may_be_read(tmp_path):
    (tmp_path / "list.csv").write_text(ADDRESS)
    assert in_clear(tmp_path) == []
    (tmp_path / "list.csv.new").write_text(ADDRESS)
    assert len(in_clear(tmp_path)) == 1
    (tmp_path / "list.csv.new").unlink()
