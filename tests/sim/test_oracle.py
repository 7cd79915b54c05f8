"""The simulator is not blind: bugs planted in the product turn a seed red, each for its own reason."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from desktop.model.document import Patch
from desktop.sync import absorb, adopt, merge, sending, settle
from tests.sim import soak

SEEDS = 80
"""So many seeds at most until a planted bug is seen."""

Planted = pytest.MonkeyPatch


def theirs_wins(patch: Planted) -> None:
    """What was typed gives way to the portal's."""
    real = merge.three_way
    patch.setattr(absorb, "three_way", lambda base, mine, theirs, of, **k: real(base, base, theirs, of, **k))


def mine_wins(patch: Planted) -> None:
    """Nobody is asked."""
    real = merge.three_way
    patch.setattr(absorb, "three_way", lambda *a, **k: dataclasses.replace(real(*a, **k), conflicts=()))


def believes_it_landed(patch: Planted) -> None:
    """An answer that never came counts as yes."""
    patch.setattr(settle, "landed", lambda *_: True)


def forgets_what_was_typed_meanwhile(patch: Planted) -> None:
    """The answer to a request counts for what the record is now."""
    real = absorb.confirm

    def confirm(unit: Any, terms: Any, record: Any, reply: Any, sent: Any) -> Any:
        as_sent = Patch(dict(sent.fields), record.pending.children)
        saved = unit.records.save(terms.collection, record, pending=as_sent) if record.base else record
        return real(unit, terms, saved, reply, sent)

    patch.setattr(sending, "confirm", confirm)
    patch.setattr(settle, "confirm", confirm)


def forgets_what_it_asked(patch: Planted) -> None:
    """A question is over at the next look at the portal."""
    patch.setattr(absorb, "with_old_base", lambda base, _: base)


def does_not_know_itself(patch: Planted) -> None:
    """A new record whose answer was lost is somebody else's."""
    patch.setattr(adopt, "is_ours", lambda *_: False)


BUGS = {
    theirs_wins: "lost",
    mine_wins: "did not ask",
    believes_it_landed: "lost",
    forgets_what_was_typed_meanwhile: "lost",
    forgets_what_it_asked: "lost",
    does_not_know_itself: "about itself",
}


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__)
def test_a_planted_bug_is_seen(bug: Any) -> None:
    for seed in range(SEEDS):
        with pytest.MonkeyPatch.context() as patch:
            bug(patch)
            _, _, wrong = soak.run_one(seed)
        if wrong:
            assert BUGS[bug] in wrong
            return
    pytest.fail("not seen")
