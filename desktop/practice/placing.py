"""Records put, edited and discarded on the control side: somebody else's hand, without any of the API's checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desktop.practice import incoming
from desktop.practice.clock import iso_ms, parse_time
from desktop.practice.mapping import DEGREE_LISTS, HESA_KEYS, LIST_OF
from desktop.practice.nested import DEGREE_KEYS, in_order
from desktop.practice.record import DISABILITY_SLOTS, STATES, Degree, Placement, Record
from desktop.practice.state import PROVIDER_UKPRN, State

__all__ = ["Impossible", "Record", "discard", "edit", "edited", "place"]

_HESA_SOURCES = frozenset({"api", "csv", "hesa_collection", "hesa_trn_data"})
_OWN_KEYS = frozenset(
    {
        "state",
        "trainee_id",
        "created_at",
        "updated_at",
        "record_source",
        "ukprn",
        "degrees",
        "placements",
        "nationality",
        "nationalities",
        "deleted",
        "degrees_attributes",
        "placements_attributes",
    }
)


class Impossible(Exception):
    """No record can be made of what was asked for."""


def place(raw: Mapping[str, Any], state: State) -> Record:
    """Put a record there, in any state, with no checks."""
    slug = str(raw.get("trainee_id") or state.new_slug())
    if slug in state.records:
        raise Impossible("there is a trainee with this id already")
    now = state.clock.now_us()
    source = str(raw.get("record_source") or "manual")
    record = Record(
        state.next_seq(),
        slug,
        str(raw.get("ukprn") or PROVIDER_UKPRN),
        _state_of(raw, "submitted_for_trn"),
        {},
        _time(raw, "created_at", now),
        _time(raw, "updated_at", now),
        source,
    )
    record.hesa = source in _HESA_SOURCES or any(raw.get(k) is not None for k in HESA_KEYS)
    _lay(record, raw, state)
    if record.state != "draft" and not record.get("submitted_for_trn_at"):
        record.put("submitted_for_trn_at", iso_ms(record.created_us))
    if record.state in ("trn_received", "recommended_for_award", "awarded") and "trn" not in raw:
        record.put("trn", state.next_trn())
    record.placement_flag = bool(record.placements)
    record.deleted = bool(raw.get("deleted"))
    state.commit(record)
    return record


def edit(record: Record, raw: Mapping[str, Any], state: State) -> Record:
    """Somebody else's edit on the web: no checks, and updated_at moves as it does in the real service."""
    changed = edited(record, raw, state)
    state.commit(changed)
    return changed


def edited(record: Record, raw: Mapping[str, Any], state: State) -> Record:
    """The record as an edit on the web leaves it, not stored."""
    changed = record.clone()
    changed.state = _state_of(raw, record.state)
    changed.ukprn = str(raw.get("ukprn") or record.ukprn)
    changed.record_source = str(raw.get("record_source") or record.record_source)
    if "deleted" in raw:
        changed.deleted = bool(raw["deleted"])
    if any(raw.get(k) is not None for k in HESA_KEYS):
        changed.hesa = True
    _lay(changed, raw, state)
    if changed.get("trn"):
        changed.trn_due_us = 0
    changed.created_us = _time(raw, "created_at", record.created_us)
    if raw.get("updated_at") is not None:
        changed.updated_us = _time(raw, "updated_at", record.updated_us)
    elif incoming.touched(record, changed):
        changed.updated_us = state.clock.now_us()
    return changed


def discard(record: Record, state: State) -> Record:
    """Delete on the web: the record stays, hidden from lists; GET by id still finds it (1.3)."""
    changed = record.clone()
    changed.deleted = True
    changed.updated_us = state.clock.now_us()
    state.commit(changed)
    return changed


def _state_of(raw: Mapping[str, Any], default: str) -> str:
    asked = str(raw.get("state") or default)
    if asked not in STATES:
        raise Impossible(f"state must be one of {', '.join(STATES)}")
    return asked


def _time(raw: Mapping[str, Any], key: str, default: int) -> int:
    value = raw.get(key)
    if value is None:
        return default
    try:
        return parse_time(str(value))
    except (ValueError, OverflowError):
        raise Impossible(f"{key} must be an ISO 8601 time") from None


def _lay(record: Record, raw: Mapping[str, Any], state: State) -> None:
    for key, value in raw.items():
        if key not in _OWN_KEYS and key not in DISABILITY_SLOTS:
            record.put(key, _typed(key, value))
    _lay_diversity(record, raw)
    for key in ("degrees", "degrees_attributes"):
        if isinstance(raw.get(key), list):
            record.degrees = in_order([_degree(d, record, state) for d in raw[key] if isinstance(d, dict)])
    for key in ("placements", "placements_attributes"):
        if isinstance(raw.get(key), list):
            record.placements = [_placement(p, record, state) for p in raw[key] if isinstance(p, dict)]


def _typed(key: str, value: Any) -> Any:
    """Codes as text and counts as numbers, as the API shows them; everything else as given."""
    if key in LIST_OF and value is not None:
        return str(value)
    if key in incoming.INTEGERS and isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    return value


def _lay_diversity(record: Record, raw: Mapping[str, Any]) -> None:
    several = raw.get("nationalities")
    if isinstance(several, list):
        record.nationalities = tuple(str(n) for n in several)
    elif "nationality" in raw:
        one = raw["nationality"]
        record.nationalities = tuple(map(str, one)) if isinstance(one, list) else (str(one),) if one else ()
    slots = [k for k in DISABILITY_SLOTS if k in raw]
    for key in slots:
        if raw[key]:
            record.disabilities[key] = str(raw[key])
        else:
            record.disabilities.pop(key, None)
    if slots and "disability_disclosure" not in raw:
        record.put("disability_disclosure", incoming.disclosure(record.disabilities.values()))
    if "ethnicity" in raw and "ethnic_group" not in raw:
        record.put("ethnic_group", None)


def _degree(raw: Mapping[str, Any], record: Record, state: State) -> Degree:
    """A degree as given: codes or names, nothing mapped. One that names an existing degree_id keeps its identity."""
    f = {k: str(raw[k]) if k in DEGREE_LISTS else raw[k] for k in DEGREE_KEYS if raw.get(k) is not None}
    year = f.get("graduation_year")
    if isinstance(year, str) and year[:4].isdigit():
        f["graduation_year"] = int(year[:4])
    uk = f.get("country") is None
    held = record.degree(str(raw.get("degree_id")))
    now = state.clock.now_us()
    if held is None:
        slug = str(raw.get("degree_id") or state.new_slug())
        return Degree(slug, f, uk, _time(raw, "created_at", now), _time(raw, "updated_at", now))
    return held if held.f == f else Degree(held.slug, f, uk, held.created_us, now)


def _placement(raw: Mapping[str, Any], record: Record, state: State) -> Placement:
    """A placement as given; a known school's URN makes it that school's."""
    urn, name, postcode, address = (_own(raw, k) for k in ("urn", "name", "postcode", "address"))
    school = urn if urn in state.schools else None
    if school:
        urn = name = postcode = address = None
    now = state.clock.now_us()
    held = record.placement(str(raw.get("placement_id")))
    created = held.created_us if held else _time(raw, "created_at", now)
    slug = held.slug if held else str(raw.get("placement_id") or state.new_slug())
    made = Placement(slug, school, urn, name, postcode, created, created, address)
    if held is not None:
        made.updated_us = held.updated_us
        if made != held:
            made.updated_us = now
    return made


def _own(raw: Mapping[str, Any], key: str) -> str | None:
    value = raw.get(key)
    return None if value in (None, "") else str(value)
