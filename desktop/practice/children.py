"""The nested endpoints: degrees and placements of a trainee (pack 1.7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from desktop.practice import nested
from desktop.practice.mapping import degree_body, placement_body, trainee_json
from desktop.practice.record import Degree, Placement, Record
from desktop.practice.replies import conflict, data_reply, json_reply, not_found, unprocessable
from desktop.practice.state import State
from desktop.practice.trainees import save
from desktop.practice.validation import degree_issues, placement_issues
from desktop.practice.wire import Reply

_NO_DEGREE = "Degree(s) not found"
_NO_PLACEMENT = "Placement(s) not found"


def degrees(record: Record) -> Reply:
    """GET T/degrees: an empty list is 200."""
    return json_reply(200, {"data": [degree_body(d) for d in record.degrees]})


def degree(record: Record, slug: str) -> Reply:
    """GET T/degrees/{id}."""
    held = record.degree(slug)
    return json_reply(200, {"data": degree_body(held)}) if held else not_found(_NO_DEGREE)


def add_degree(record: Record, data: Mapping[str, Any], state: State) -> Reply:
    """POST T/degrees."""
    return _store_degree(record, nested.new_degree(data, state), state, 201)


def change_degree(record: Record, slug: str, data: Mapping[str, Any], state: State) -> Reply:
    """PUT T/degrees/{id}."""
    held = record.degree(slug)
    if held is None:
        return not_found(_NO_DEGREE)
    return _store_degree(record, nested.changed_degree(held, data, state.clock.now_us()), state, 200)


def _store_degree(record: Record, made: Degree, state: State, status: int) -> Reply:
    """A twin answers 409 before anything else is said; then the checks; then it is stored and the trainee touched."""
    if found := nested.twins(made, record.degrees):
        return conflict("This is a duplicate degree", [orjson.dumps(degree_body(d)) for d in found])
    if issues := degree_issues(made, record, state):
        return unprocessable(issues)
    changed = record.clone()
    changed.degrees = nested.in_order([d for d in record.degrees if d.slug != made.slug] + [made])
    save(changed, record, state)
    return json_reply(status, {"data": degree_body(made)}, effect=True)


def drop_degree(record: Record, slug: str, state: State) -> Reply:
    """DELETE T/degrees/{id}: the whole trainee comes back."""
    if record.degree(slug) is None:
        return not_found(_NO_DEGREE)
    changed = record.clone()
    changed.degrees = [d for d in record.degrees if d.slug != slug]
    save(changed, record, state)
    return data_reply(200, trainee_json(changed, state.schools), effect=True)


def placements(record: Record, state: State) -> Reply:
    """GET T/placements: an empty list is 200."""
    return json_reply(200, {"data": [placement_body(p, state.schools) for p in record.placements]})


def placement(record: Record, slug: str, state: State) -> Reply:
    """GET T/placements/{id}."""
    held = record.placement(slug)
    return (
        json_reply(200, {"data": placement_body(held, state.schools)}) if held else not_found(_NO_PLACEMENT)
    )


def add_placement(record: Record, data: Mapping[str, Any], state: State) -> Reply:
    """POST T/placements: never a duplicate."""
    made = nested.new_placement(data, state, with_trainee=False)
    return _store_placement(record, made, [*record.placements, made], state, 201)


def change_placement(record: Record, slug: str, data: Mapping[str, Any], state: State) -> Reply:
    """PUT T/placements/{id}."""
    held = record.placement(slug)
    if held is None:
        return not_found(_NO_PLACEMENT)
    made = nested.changed_placement(held, data, state)
    return _store_placement(record, made, [made if p is held else p for p in record.placements], state, 200)


def _store_placement(
    record: Record,
    made: Placement,
    all_of_them: list[Placement],
    state: State,
    status: int,
) -> Reply:
    """Never a 409 (1.7). Silent, but for the first one: it flips a progress flag and so touches the trainee (1.3)."""
    if issues := placement_issues(made, record, state):
        return unprocessable(issues)
    changed = record.clone()
    changed.placements = all_of_them
    changed.placement_flag = True
    save(changed, record, state, rewritten=not record.placement_flag)
    return json_reply(status, {"data": placement_body(made, state.schools)}, effect=True)


def drop_placement(record: Record, slug: str, state: State) -> Reply:
    """DELETE T/placements/{id}: the whole trainee comes back; silent."""
    if record.placement(slug) is None:
        return not_found(_NO_PLACEMENT)
    changed = record.clone()
    changed.placements = [p for p in record.placements if p.slug != slug]
    save(changed, record, state)
    return data_reply(200, trainee_json(changed, state.schools), effect=True)
