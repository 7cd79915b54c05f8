"""A few dozen damaged workspaces and backups; `make mutations` makes ten thousand."""

from __future__ import annotations

import pytest

from tests.fuzz.mutations import make, run

COUNT = 60


@pytest.mark.timeout(120)
def test_a_damaged_workspace_is_refused_or_shown_as_it_was(tmp_path):
    template = make(tmp_path)
    outcome = run(template, range(COUNT), tmp_path)
    assert outcome.faults == {}
    assert outcome.count == COUNT
    # Damage that is always refused, or never, would look for nothing.
    assert min(outcome.refused, outcome.right) > 0
