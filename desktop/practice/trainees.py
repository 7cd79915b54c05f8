"""POST and PUT of a trainee: the order of checks, the duplicate rule, the merge (pack 1.5 and 1.6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from desktop.collections.trainees.cycles import cycle_of
from desktop.practice import incoming, nested
from desktop.practice.clock import iso_ms
from desktop.practice.incoming import Issue
from desktop.practice.mapping import trainee_json
from desktop.practice.record import Record
from desktop.practice.replies import conflict, data_reply, prohibited
from desktop.practice.state import TRN_AFTER_US, State, parse_day
from desktop.practice.validation import as_list, as_map, trainee_issues
from desktop.practice.wire import Reply

LATE_CHECK_LOCAL_PART = "late.check"


def create(data: Mapping[str, Any], ukprn: str, state: State, *, enhanced: bool) -> Reply:
    """POST /trainees in its order of checks: fields 422, duplicates 409, sections 422, saved 201 (1.5)."""
    record, issues = draft_of(data, ukprn, state)
    issues = [*trainee_issues(record, state, placements=record.placements), *issues]
    if issues:
        return _refused(issues, enhanced=enhanced)
    if found := duplicates(record, state):
        rows = [trainee_json(r, state.schools) for r in found]
        return conflict("This trainee is already in Register", rows)
    if late := _late_check(record):
        return prohibited(sum(len(v) for s in late.values() for v in s.values()), late)
    enrol(record, state)
    return data_reply(201, trainee_json(record, state.schools), effect=True)


def draft_of(
    data: Mapping[str, Any], ukprn: str, state: State, source: str = "api"
) -> tuple[Record, list[Issue]]:
    """A new trainee as sent, not stored, and the complaints about schools and partners."""
    now = state.clock.now_us()
    record = Record(0, state.new_slug(), ukprn, "draft", {}, now, now, source)
    issues = incoming.merge(record, data, state, create=True)
    record.degrees = nested.in_order(
        [nested.new_degree(d, state) for d in _objects(data.get("degrees_attributes"))]
    )
    record.placements = [
        nested.new_placement(p, state, with_trainee=True) for p in _objects(data.get("placements_attributes"))
    ]
    return record, issues


def enrol(record: Record, state: State) -> None:
    """Store a trainee that passed every check as submitted; its TRN is on its way (1.5)."""
    now = state.clock.now_us()
    incoming.tidy(record)
    if record.seq:
        record.updated_us = now
    else:
        record.seq = state.next_seq()
    record.state = "submitted_for_trn"
    record.f["submitted_for_trn_at"] = iso_ms(now)
    record.trn_due_us = now + TRN_AFTER_US
    state.commit(record)


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def _refused(issues: list[Issue], *, enhanced: bool) -> Reply:
    return prohibited(len(issues), as_map(issues) if enhanced else as_list(issues))


def _late_check(record: Record) -> dict[str, dict[str, list[str]]]:
    """The completeness check of sections, whose map has a shape of its own. Here only an e-mail whose local part is
    `late.check` fails it, so that clients can meet the shape.
    """
    if str(record.get("email") or "").partition("@")[0] != LATE_CHECK_LOCAL_PART:
        return {}
    text = "Enter an email address in the correct format, like name@example.com"
    return {"contact_details": {"email": [text]}}


def duplicates(record: Record, state: State, also: Sequence[Record] = ()) -> list[Record]:
    """Records of the provider that the duplicate rule finds (1.5): any state, not deleted. `also` = not stored yet."""
    born = record.get("date_of_birth")
    start = parse_day(record.get("itt_start_date"))
    year = cycle_of(start) if start else None
    last_name = _folded(record.get("last_name"))
    route = record.get("training_route")
    return [
        other
        for other in (*state.born_on(born), *(o for o in also if o.get("date_of_birth") == born))
        if other.slug != record.slug
        and other.ukprn == record.ukprn
        and not other.deleted
        and other.get("training_route") == route
        and _folded(other.get("last_name")) == last_name
        and state.cycle_of(other) == year
        and _same_person(other, record)
    ]


def _folded(value: Any) -> str:
    return str(value or "").strip().lower()


def _first_word(value: Any) -> str:
    """First given name without case and punctuation, as the service compares it: letters a to z and blanks only."""
    kept = "".join(c for c in _folded(value) if c == " " or "a" <= c <= "z")
    return kept.partition(" ")[0]


def _same_person(a: Record, b: Record) -> bool:
    if _first_word(a.get("first_names")) == _first_word(b.get("first_names")):
        return True
    return _folded(a.get("email")) == _folded(b.get("email"))


def update(record: Record, data: Mapping[str, Any], state: State, *, enhanced: bool) -> Reply:
    """PUT T: the sent keys laid over the record, the whole checked, saved or not (1.6)."""
    changed = record.clone()
    changed.hesa = True
    issues = incoming.merge(changed, data, state, create=False)
    issues = [*trainee_issues(changed, state), *issues]
    if issues:
        effect = _lost_on_refusal(record, data, state)
        reply = _refused(issues, enhanced=enhanced)
        reply.effect = effect
        return reply
    incoming.tidy(changed)
    save(changed, record, state, rewritten=bool(incoming.disability_keys(data)))
    return data_reply(200, trainee_json(changed, state.schools), effect=True)


def _lost_on_refusal(record: Record, data: Mapping[str, Any], state: State) -> bool:
    """A 422 that changes data all the same (1.6): nationality and disability rows that the payload was to replace are
    deleted before the checks and not put back; a missing HESA detail has been made.
    """
    kept = record.clone()
    kept.hesa = True
    if incoming.touches_nationality(data):
        kept.nationalities = ()
    if incoming.disability_keys(data):
        kept.disabilities = {}
    rows_lost = kept.nationalities != record.nationalities or kept.disabilities != record.disabilities
    if rows_lost:
        kept.updated_us = state.clock.now_us()
    if rows_lost or not record.hesa:
        state.commit(kept)
    return rows_lost or not record.hesa


def save(changed: Record, before: Record, state: State, *, rewritten: bool = False) -> None:
    """Store `changed`, moving updated_at as the service does (1.3). `rewritten` = rows that touch were written anew."""
    if rewritten or incoming.touched(before, changed):
        changed.updated_us = state.clock.now_us()
    state.commit(changed)
