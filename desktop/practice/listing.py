"""GET /trainees: one cycle a call, filters, pages (pack 1.3)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from urllib.parse import parse_qsl

import orjson

from desktop.collections.trainees.cycles import cycle_of, known_cycles
from desktop.practice.clock import to_us
from desktop.practice.mapping import trainee_json
from desktop.practice.record import Record
from desktop.practice.replies import not_found, prohibited
from desktop.practice.state import BODY_CACHE_RECORDS, State
from desktop.practice.wire import Reply

STATUSES = ("course_not_yet_started", "in_training", "deferred", "awarded", "withdrawn")
DEFAULT_PER_PAGE = 50
_IN_TRAINING = frozenset({"submitted_for_trn", "trn_received", "recommended_for_award"})
_NOT_STARTED_EXCEPT = frozenset({"draft", "deferred", "withdrawn"})


def list_trainees(query: str, ukprn: str, state: State) -> Reply:
    """The reply to one list call of a provider."""
    params = dict(parse_qsl(query, keep_blank_values=True))
    statuses = [v for k, v in parse_qsl(query, keep_blank_values=True) if k == "status[]"]
    errors = _filter_errors(params)
    if errors:
        return prohibited(len(errors), errors, "this request being run")
    cycle = _number(params.get("academic_cycle", "")) or cycle_of(state.clock.today())
    rows = state.listing(ukprn, cycle)
    for keep in _filters(params, statuses, state):
        rows = [r for r in rows if keep(r)]
    if params.get("sort_order") == "asc":
        rows = sorted(rows, key=lambda r: (r.updated_us, -r.seq))
    return _page(rows, params, state)


def _page(rows: list[Record], params: dict[str, str], state: State) -> Reply:
    per_page = _per_page(params.get("per_page"))
    page = max(_number(params.get("page", "")), 1)
    part = rows[(page - 1) * per_page : page * per_page]
    if not part:
        return not_found("No trainees found")
    keep = len(state.records) <= BODY_CACHE_RECORDS
    meta = orjson.dumps(
        {
            "current_page": page,
            "total_pages": -(-len(rows) // per_page),
            "total_count": len(rows),
            "per_page": per_page,
        }
    )
    body = b",".join([trainee_json(r, state.schools, keep=keep) for r in part])
    return Reply(200, b'{"data":[' + body + b'],"meta":' + meta + b"}")


def _per_page(raw: str | None) -> int:
    """No maximum (1.3). Blank or no number: the default; none or fewer is one row short of sense, so the default too."""
    number = _number(raw or "")
    return number if number > 0 else DEFAULT_PER_PAGE


def _number(raw: str) -> int:
    """The whole number a text begins with, 0 without one, as the service reads parameters."""
    match = re.match(r"\s*([+-]?\d{1,9})", raw)
    return int(match.group(1)) if match else 0


def _filter_errors(params: dict[str, str]) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    status = params.get("status", "")
    if status.strip() and status not in STATUSES:
        errors["status"] = [f"{status} is not a valid status"]
    since = params.get("since", "")
    if since.strip() and _since_us(since) is None:
        errors["since"] = [f"{since} is not a valid date"]
    year = params.get("academic_cycle", "")
    if year.strip() and _number(year) not in known_cycles():
        errors["academic_cycle"] = [f"{year} is not a valid academic cycle year"]
    order = params.get("sort_order", "")
    if order.strip() and order not in ("asc", "desc"):
        errors["sort_order"] = ["is not included in the list"]
    return errors


def _since_us(raw: str) -> int | None:
    """Microseconds of an ISO 8601 day or time; a `+` that came as a blank is put right. None when it is neither."""
    text = raw.strip().replace(" ", "+") if "T" in raw else raw.strip()
    try:
        return to_us(datetime.fromisoformat(text))
    except ValueError:
        return None
    except OverflowError:
        return None


def _filters(params: dict[str, str], statuses: list[str], state: State) -> list[Callable[[Record], bool]]:
    found: list[Callable[[Record], bool]] = []
    if since := params.get("since", "").strip():
        floor = _since_us(since) or 0
        found.append(lambda r: r.updated_us >= floor)
    wanted = frozenset(s for s in (params.get("status", ""), *statuses) if s in STATUSES)
    if wanted:
        today = state.clock.today()
        found.append(lambda r: any(_has_status(r, s, today) for s in wanted))
    if has_trn := params.get("has_trn", "").strip():
        # As in the service: anything but the word true asks for records without a TRN.
        with_trn = has_trn == "true"
        found.append(lambda r: bool(r.get("trn")) == with_trn)
    if words := params.get("text_search", "").casefold().split():
        found.append(lambda r: _mentions(r, words))
    return found


def _has_status(record: Record, status: str, today: date) -> bool:
    start = str(record.get("itt_start_date") or "")
    begun = bool(start) and start <= today.isoformat()
    if status == "course_not_yet_started":
        return bool(start) and not begun and record.state not in _NOT_STARTED_EXCEPT
    if status == "in_training":
        return begun and record.state in _IN_TRAINING
    return record.state == status


def _mentions(record: Record, words: list[str]) -> bool:
    """The undocumented text_search (1.5): every word begins a word of the names, the provider's id or the TRN."""
    keys = ("first_names", "middle_names", "last_name", "provider_trainee_id", "trn")
    held = " ".join(str(record.get(k) or "") for k in keys).casefold().split()
    return all(any(h.startswith(word) for h in held) for word in words)
