"""The evidence report as CSV: one row per outage, and further files beside it for tries, changes and deadlines.

Times are ISO 8601 with offset. A value that a spreadsheet would take for a formula gets a leading apostrophe.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from desktop.handover import words
from desktop.handover.cells import guarded
from desktop.model.evidence import Evidence

_OUTAGES = (
    *("collection", "state", "begin", "end", "tries", "detail"),
    *("number", "asked", "waiting_at_begin", "changes", "records", "last_confirmed"),
)
_ATTEMPTS = ("outage", "at", "asked", "state", "detail", "waiting", "journal_row")
_CHANGES = (
    *("portal_id", "own_id", "record", "change", "funding", "saved", "saved_by", "ready"),
    *("outcome", "outcome_at", "outages"),
)
_DEADLINES = ("day", "deadline", "closes", "passed", "unsent", "records", "confirmed_later", "outages")


def as_csv(report: Evidence) -> dict[str, bytes]:
    """What is added to the file's name -> its content: "" (the outages), "-attempts", "-changes", "-deadlines"."""
    return {
        "": _table(
            _OUTAGES,
            (
                (
                    *(o.collection, o.state, _iso(o.begin), _iso(o.end), o.tries, o.detail),
                    *(o.number, _asked(o.asked), o.at_begin, o.changes, o.people, _iso(o.done_at)),
                )
                for o in report.outages
            ),
        ),
        "-attempts": _table(
            _ATTEMPTS,
            (
                (a.outage, _iso(a.at), _asked(a.asked), a.state, a.detail, a.waiting, a.seq)
                for a in report.attempts
            ),
        ),
        "-changes": _table(
            _CHANGES,
            (
                (
                    *(c.portal_id, c.own_id, c.record, c.what, "yes" if c.money else "no"),
                    *(_iso(c.saved), c.by, _iso(c.ready), c.fate, _iso(c.settled), _numbers(c.outages)),
                )
                for c in report.changes
            ),
        ),
        "-deadlines": _table(
            _DEADLINES,
            (
                (
                    *(d.day.isoformat(), d.what, _iso(d.closes), "yes" if d.passed else "no"),
                    *(d.unsent, d.people, d.late, _numbers(d.outages)),
                )
                for d in report.deadlines
            ),
        ),
    }


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(heads)
    writer.writerows([guarded(v) if isinstance(v, str) else v for v in row] for row in rows)
    return text.getvalue().encode("utf-8", "replace")


def _iso(at: datetime | None) -> str:
    return at.astimezone().isoformat(timespec="seconds") if at else ""


def _asked(call: str) -> str:
    return words.ASKED.get(call, call)


def _numbers(numbers: Iterable[int]) -> str:
    return " ".join(map(str, numbers))
