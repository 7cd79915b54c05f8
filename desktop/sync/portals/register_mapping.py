"""Register's bodies and our words for them: API v2026.1, and nothing else of the program knows its field names' quirks.

Read: a trainee's JSON becomes a `Snapshot`. Fields of the collection go to the document, all else to `extras`, nothing is
lost. Written: a document, or changed fields, become a request's `data` with everything in it that the service would
silently reset if it were left out (pack 1.6). Compared: `echo` gives the form in which the service returns a value.

A new version of the API is a new module like this one. Source: domain pack sections 1.5 to 1.8 and 2; [code] marks what
was read in the service's source at commit ce1126541c beyond the pack.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from desktop.collections.trainees.actions import reason_codes
from desktop.collections.trainees.tables import UK_COUNTRIES
from desktop.model.collection import Collection, Field, Kind
from desktop.model.document import Child, Document, Fields, Value, normalise, same
from desktop.model.snapshot import Snapshot

API_VERSION = "v2026.1"
API_ROOT = f"/api/{API_VERSION}"

STATES = {
    "draft": "draft",
    "submitted_for_trn": "submitted_for_trn",
    "trn_received": "trn_received",
    "deferred": "deferred",
    "withdrawn": "withdrawn",
    "recommended_for_award": "recommended_for_award",
    "awarded": "awarded",
}
"""The portal's state -> our key (pack 7: it may rename its own). One that is not here is kept as the portal has it."""

CHILD_IDS = {"degrees": "degree_id", "placements": "placement_id"}

ACTION_PATHS = {"defer": "defer", "withdraw": "withdraw", "recommend": "update-qts-or-eyts-status"}

_DISABILITIES = tuple(f"disability{n}" for n in range(1, 10))

LOST_ON_REFUSAL = frozenset({"nationality", *_DISABILITIES})
"""Fields whose rows the service deletes before it checks a PUT, and does not put back when it refuses (pack 1.6)."""

ALWAYS_SENT = ("training_route", "course_age_range", "training_initiative", "ethnicity", *_DISABILITIES)
"""Goes with every PUT when the record has a value: the service resets what it derives from them (pack 1.6)."""

FUNDING_SET = (
    "fund_code",
    "funding_method",
    "course_subject_1",
    "itt_start_date",
    "itt_end_date",
    "trainee_start_date",
)
"""Goes with every PUT that touches funding (pack 1.6)."""

FUNDING_EDITS = frozenset(
    {*FUNDING_SET, "training_route", "training_initiative", "additional_training_initiative"}
)

VETERANS = "C"
"""Funding method that stands for an initiative without a code: it must travel, or the initiative is reset [code]."""

CLEARED_BY_NULL = frozenset(
    {
        "course_subject_2",
        "course_subject_3",
        "training_partner_urn",
        "training_partner_ukprn",
        "employing_school_urn",
        "ethnicity",
    }
)
"""Fields that null clears. For all others null means "not sent", and "" clears (pack 1.6)."""

PARTNER_URN, PARTNER_UKPRN = "training_partner_urn", "training_partner_ukprn"

NO_SCHOOL = frozenset({"900000", "900010", "900020", "900030"})
"""Special URNs: as a partner or employer they mean "not applicable" and come back as null (pack 1.6)."""

_RENAMED = {"institution": {"0133": "0149"}, "grade": {"09": "14"}}
_BLANK_IF_UNKNOWN = frozenset({"institution", "grade", "subject"})

_TOGETHER = (
    ("country", "uk_degree", "non_uk_degree", "institution"),
    ("grade", "other_grade"),
    ("urn", "name", "postcode"),
)
"""Fields of a child that are computed from each other: one of them sent alone loses the rest (pack 1.7).

Where a degree is from follows from its country, type and institution; other_grade is kept only beside its grade [code];
a placement without its URN is cut from its school.
"""

_NOT_COMPARED = {"degrees": frozenset({"other_grade"}), "placements": frozenset({"address"})}
"""Said of a child, and not kept or not kept always."""

_NOT_WRITABLE = {"placements": frozenset({"address"})}

ERROR_NAMES = {
    "employing_school_id": "employing_school_urn",
    "training_partner_id": "training_partner_urn",
    "application_choice_id": "application_id",
    "course_subject_one": "course_subject_1",
    "course_subject_two": "course_subject_2",
    "course_subject_three": "course_subject_3",
    "course_study_mode": "study_mode",
    "course_allocation_subject": "course_subject_1",
    "course_min_age": "course_age_range",
    "course_max_age": "course_age_range",
    "funding_eligibility": "fund_code",
    "ethnic_group": "ethnicity",
    "ethnic_background": "ethnicity",
    "disabilities": "disability1",
    "hesa_disabilities": "disability1",
    "trainee_disabilities_attributes": "disability1",
    "nationalisations_attributes": "nationality",
    "degrees_attributes": "degrees",
    "degrees": "degrees",
    "degree_id": "degrees",
    "degree_ids": "degrees",
    "placements_attributes": "placements",
    "placements": "placements",
    "placement_ids": "placements",
    "withdraw_date": "withdrawal_date",
}
"""Names in the portal's complaints that are not our field's."""

_WHOLE = re.compile(r"-?(0|[1-9]\d{0,8})")
_YEAR_OF_DAY = re.compile(r"(\d{4})-\d\d-\d\d")


class RegisterMapping:
    """Bodies of one collection. Stateless after its making."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._scalars = _integers(collection.fields)
        self._children = {
            kind.key: (CHILD_IDS[kind.key], _integers(kind.fields))
            for kind in collection.children
            if kind.key in CHILD_IDS
        }
        self._action_fields = {f.name for action in collection.actions for f in action.fields}

    # --- read ---------------------------------------------------------------------------------------------------

    def snapshot(self, body: Any) -> Snapshot | None:
        """The record in a trainee's JSON; None when it is none (no object, no id).

        A value of an unexpected type is kept in `extras` under its own name, and the field has no answer then; a number
        where text is due becomes its digits; digits where a number is due become the number. Null answers nothing.
        """
        if not isinstance(body, dict):
            return None
        portal_id = body.get("trainee_id")
        if not isinstance(portal_id, str) or not portal_id:
            return None
        fields: Fields = {}
        extras: dict[str, Any] = {}
        scalars = self._scalars
        for name, value in body.items():
            integer = scalars.get(name)
            if integer is None:
                extras[name] = value
            elif value is None:
                continue
            elif type(value) is str and not integer:
                fields[name] = value
            else:
                _take_odd(name, value, integer, fields, extras)
        del extras["trainee_id"]
        children = {kind: self._read_children(kind, extras) for kind in self._children}
        version = extras.pop("updated_at", "") if isinstance(body.get("updated_at"), str) else ""
        state = extras.pop("state", "") if isinstance(body.get("state"), str) else ""
        return Snapshot(portal_id, version, STATES.get(state, state), Document(fields, children), extras)

    def _read_children(self, kind: str, extras: dict[str, Any]) -> list[Child]:
        """Takes the children's list off `extras`, and puts there what their fields have no room for.

        `extras[kind]` = {child id: the rest of its body}; `extras[kind + "_unread"]` = what is no child at all.
        """
        raw = extras.pop(kind, None)
        if not isinstance(raw, list):
            if raw is not None:
                extras[f"{kind}_unread"] = raw
            return []
        found: dict[str, Child] = {}
        rest: dict[str, Any] = {}
        unread: list[Any] = []
        for item in raw:
            child = self.child(kind, item)
            if child is None or child[0].id in found:
                unread.append(item)
            else:
                found[child[0].id] = child[0]
                rest[child[0].id] = child[1]
        if rest:
            extras[kind] = rest
        if unread:
            extras[f"{kind}_unread"] = unread
        return list(found.values())

    def child(self, kind: str, body: Any) -> tuple[Child, dict[str, Any]] | None:
        """(child, all else of its body), None when it is no child of this kind."""
        if not isinstance(body, dict):
            return None
        id_name, scalars = self._children[kind]
        child_id = body.get(id_name)
        if not isinstance(child_id, str) or not child_id:
            return None
        fields: Fields = {}
        rest: dict[str, Any] = {}
        for name, value in body.items():
            integer = scalars.get(name)
            if integer is None:
                rest[name] = value
            elif value is None:
                continue
            elif type(value) is str and not integer:
                fields[name] = value
            else:
                _take_odd(name, value, integer, fields, rest)
        del rest[id_name]
        return Child(child_id, fields, child_id), rest

    # --- write --------------------------------------------------------------------------------------------------

    def create_data(self, document: Document) -> dict[str, Any]:
        """`data` of POST /trainees: every answered field, with the children. One key for the partner (pack 1.6)."""
        data: dict[str, Any] = {n: v for n, v in _answered(document.fields) if n in self._scalars}
        if PARTNER_URN in data:
            data.pop(PARTNER_UKPRN, None)
        for kind in self._children:
            group = [self.child_data(kind, child.fields) for child in document.children.get(kind, ())]
            if group:
                data[f"{kind}_attributes"] = group
        return data

    def child_data(self, kind: str, fields: Fields) -> dict[str, Any]:
        """`data` of a new child: every answered field that the portal takes."""
        _, scalars = self._children[kind]
        closed = _NOT_WRITABLE.get(kind, frozenset())
        return {n: v for n, v in _answered(fields) if n in scalars and n not in closed}

    def update_data(self, current: Snapshot, fields: Fields) -> dict[str, Any]:
        """`data` of PUT T: `fields`, and what would be reset without them. {} when nothing of it can be sent.

        What the record has no value for is not cleared: null there may mean "has no code" (pack 7).
        """
        held = current.document.fields
        edits = _edits(held, {n: v for n, v in fields.items() if n in self._scalars})
        partner = _partner_data(held, edits)
        data: dict[str, Any] = {
            n: _or_cleared(n, v) for n, v in edits.items() if n not in (PARTNER_URN, PARTNER_UKPRN)
        }
        data |= partner
        if not data:
            return {}
        return self._with_companions(data, held)

    def _with_companions(self, data: dict[str, Any], held: Fields) -> dict[str, Any]:
        along = list(ALWAYS_SENT)
        keeps_veterans = (
            held.get("funding_method") == VETERANS and data.get("funding_method", VETERANS) == VETERANS
        )
        if keeps_veterans or not FUNDING_EDITS.isdisjoint(data):
            along.extend(FUNDING_SET)
        for name in along:
            value = held.get(name)
            if name not in data and value not in (None, ""):
                data[name] = value
        return data

    def child_update_data(
        self, current: Snapshot, kind: str, child_id: str, fields: Fields
    ) -> dict[str, Any]:
        """`data` of a child's PUT: `fields`, and the fields that are computed together with them (pack 1.7). {} as above."""
        _, scalars = self._children[kind]
        closed = _NOT_WRITABLE.get(kind, frozenset())
        child = current.document.child(kind, child_id)
        held = child.fields if child else {}
        edits = _edits(held, {n: v for n, v in fields.items() if n in scalars and n not in closed})
        data: dict[str, Any] = {n: "" if v is None else v for n, v in edits.items()}
        for group in _TOGETHER:
            if not data.keys().isdisjoint(group):
                data |= {n: held[n] for n in group if n not in data and held.get(n) not in (None, "")}
        return data

    def action_data(self, action: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        """`data` of an action. Reasons travel as a list; what was left open is left out."""
        data: dict[str, Any] = {}
        for name, value in fields.items():
            if action == "withdraw" and name == "reasons":
                data[name] = list(reason_codes(value))
            elif _outgoing(value) is not None:
                data[name] = _outgoing(value)
        return data

    # --- compare ------------------------------------------------------------------------------------------------

    def echo(self, path: str, value: Value) -> Value:
        """The form in which Register gives `value` at `path` back (pack 1.6, 1.7). Applying it twice changes nothing."""
        value = normalise(value)
        kind, _, _ = path.partition(".")
        name = path.rpartition(".")[2]
        if value is None:
            return self._canonical(path, "999") if path == "ethnicity" else None
        if name in (PARTNER_URN, "employing_school_urn") and value in NO_SCHOOL:
            return None
        if kind == "degrees":
            return self._echo_degree(path, name, value)
        return self._canonical(path, value)

    def _echo_degree(self, path: str, name: str, value: str | int) -> Value:
        if name == "country" and value in UK_COUNTRIES:
            return None
        if name == "graduation_year" and isinstance(value, str):
            day = _YEAR_OF_DAY.fullmatch(value)
            return int(day[1]) if day else self._canonical(path, value)
        if isinstance(value, str):
            value = _RENAMED.get(name, {}).get(value, value)
        found = self._canonical(path, value)
        if name in _BLANK_IF_UNKNOWN and not self._knows(path, found):
            return None
        return found

    def _canonical(self, path: str, value: str | int) -> Value:
        field = self._collection.field(path)
        if field is None or isinstance(value, int):
            return value
        if field.kind is Kind.INTEGER:
            return int(value) if _WHOLE.fullmatch(value) else value
        return self._collection.code_lists.canonical(field.codes, value) if field.codes else value

    def _knows(self, path: str, value: Value) -> bool:
        field = self._collection.field(path)
        return field is None or not field.codes or value in self._collection.code_lists.codes(field.codes)

    def alike(self, kind: str, said: Fields, held: Fields) -> bool:
        """Whether `held` is what Register makes of a child of which `said` was said.

        The URN of a school brings name, postcode and address of its own; other_grade is kept beside some grades only.
        """
        names = {n for n, _ in _answered(said)} - _NOT_COMPARED[kind]
        if kind == "placements" and "urn" in names and normalise(said["urn"]) not in NO_SCHOOL:
            names = {"urn"}
        return bool(names) and all(self._agree(f"{kind}.{n}", said[n], held.get(n)) for n in names)

    def _agree(self, path: str, ours: Value, theirs: Value) -> bool:
        return same(ours, theirs) or same(self.echo(path, ours), self.echo(path, theirs))

    # --- complaints ---------------------------------------------------------------------------------------------

    def field_of(self, parent: str, name: str) -> str | None:
        """Our field for a name in a complaint. A child's field is `degrees.grade`: the portal does not say whose.

        parent  "", a kind of child, `degrees_attributes`, or the name of a section of the portal (which tells nothing)
        """
        kind = parent.removesuffix("_attributes")
        if kind in self._children:
            return f"{kind}.{name}" if name in self._children[kind][1] else None
        ours = ERROR_NAMES.get(name, name)
        if ours in self._scalars or ours in self._children or ours in self._action_fields:
            return ours
        return next((f"{k}.{name}" for k, (_, names) in self._children.items() if name in names), None)


def _integers(fields: Iterable[Field]) -> dict[str, bool]:
    """Field name -> whether it is a whole number."""
    return {f.name: f.kind is Kind.INTEGER for f in fields}


def _take_odd(name: str, value: Any, integer: bool, fields: Fields, extras: dict[str, Any]) -> None:
    """A value that is not simply the text that was due."""
    if type(value) is int:
        fields[name] = value if integer else str(value)
    elif type(value) is str:
        fields[name] = int(value) if _WHOLE.fullmatch(value) else value
    else:
        extras[name] = value


def _outgoing(value: Any) -> Any:
    """A value as it is sent: text in NFC without blanks around it; None when there is nothing in it."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value).strip() or None
    return value


def _answered(fields: Fields) -> Iterable[tuple[str, Any]]:
    sent = ((n, _outgoing(v)) for n, v in fields.items())
    return ((n, v) for n, v in sent if v is not None)


def _edits(held: Fields, fields: Fields) -> dict[str, Any]:
    """Changed fields as they are sent, None clears; without clearings of what has no value (it may have no code)."""
    sent = {n: _outgoing(v) for n, v in fields.items()}
    return {n: v for n, v in sent.items() if v is not None or _outgoing(held.get(n)) is not None}


def _or_cleared(name: str, value: Any) -> Any:
    return value if value is not None else None if name in CLEARED_BY_NULL else ""


def _partner_data(held: Fields, edits: Mapping[str, Any]) -> dict[str, Any]:
    """The one key that says who the partner is now (pack 1.6, partner trap): a URN that is there wins, even when null.

    The partner goes away when the key that named it is cleared and no other is given.
    """
    if PARTNER_URN not in edits and PARTNER_UKPRN not in edits:
        return {}
    if edits.get(PARTNER_URN):
        return {PARTNER_URN: edits[PARTNER_URN]}
    if edits.get(PARTNER_UKPRN):
        return {PARTNER_UKPRN: edits[PARTNER_UKPRN]}
    urn = None if PARTNER_URN in edits else _outgoing(held.get(PARTNER_URN))
    return {PARTNER_URN: urn}
