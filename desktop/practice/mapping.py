"""From what is stored to the API's bodies: the trainee, its degrees and placements.

Source: pack 1.2 (envelopes), 1.7, section 2 and 7; keys and their order from data/openapi.yaml. A code field whose stored
value has no code is null here; the control side shows it by its name (`control_body`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from desktop.practice import lists
from desktop.practice.clock import iso_ms
from desktop.practice.record import Degree, Placement, Record
from desktop.practice.state import School

HESA_KEYS = (
    "previous_last_name",
    "itt_aim",
    "course_year",
    "pg_apprenticeship_start_date",
    "ni_number",
    "additional_training_initiative",
    "itt_qualification_aim",
    "fund_code",
)
"""Kept in the HESA detail row: missing from replies where a record has none, and an edit of them is silent (1.3)."""

FIRST_KEYS = (
    "first_names",
    "last_name",
    "date_of_birth",
    "created_at",
    "updated_at",
    "email",
    "middle_names",
    "training_route",
    "sex",
    "diversity_disclosure",
    "ethnic_group",
    "ethnic_background",
    "additional_ethnic_background",
    "disability_disclosure",
    "itt_start_date",
    "outcome_date",
    "itt_end_date",
    "trn",
    "submitted_for_trn_at",
    "defer_date",
    "recommended_for_award_at",
    "trainee_start_date",
    "reinstate_date",
    "course_min_age",
    "course_max_age",
    "awarded_at",
    "training_initiative",
    "study_mode",
    "course_education_phase",
    "hesa_id",
    "record_source",
    "iqts_country",
    "provider_trainee_id",
    "defer_reason",
    "ukprn",
    "ethnicity",
    "course_qualification",
    "course_title",
    "course_level",
    "course_itt_start_date",
    "course_age_range",
    "employing_school_urn",
    "training_partner_ukprn",
    "training_partner_urn",
    "funding_method",
)
WITHDRAWAL_KEYS = (
    "withdrawal_date",
    "withdrawal_reasons",
    "withdrawal_trigger",
    "withdrawal_future_interest",
    "withdrawal_another_reason",
    "withdrawal_safeguarding_concern_reasons",
)
"""What a withdrawal leaves on a trainee."""

LAST_KEYS = (
    "course_subject_1",
    "course_subject_2",
    "course_subject_3",
    "nationality",
    *WITHDRAWAL_KEYS,
    "placements",
    "degrees",
    "state",
    "trainee_id",
    "application_id",
)
"""The keys of a trainee in the order of the service; those of the HESA detail row stand between the two, DisabilityN last."""

LIST_OF = {
    "sex": "sex",
    "training_route": "training_route",
    "ethnicity": "ethnicity",
    "iqts_country": "country",
    "course_subject_1": "course_subject",
    "course_subject_2": "course_subject",
    "course_subject_3": "course_subject",
    "course_age_range": "course_age_range",
    "study_mode": "study_mode",
    "training_initiative": "training_initiative",
    "additional_training_initiative": "training_initiative",
    "itt_aim": "itt_aim",
    "itt_qualification_aim": "itt_qualification_aim",
    "fund_code": "fund_code",
    "funding_method": "funding_method",
}
"""Code list of each scalar code field (nationality and disabilities are kept apart)."""

DEGREE_LISTS = {
    "country": "country",
    "grade": "degree_grade",
    "uk_degree": "degree_type",
    "non_uk_degree": "degree_type",
    "subject": "degree_subject",
    "institution": "institution",
}

DATE_KEYS = frozenset(
    {
        "date_of_birth",
        "itt_start_date",
        "itt_end_date",
        "trainee_start_date",
        "pg_apprenticeship_start_date",
    }
)


def _coded(f: Mapping[str, Any], keys: Mapping[str, str]) -> dict[str, Any]:
    """The code fields `keys` (field -> its list) of `f`; null where nothing or no code is held."""
    return {
        key: value if (value := f.get(key)) in lists.known(list_name) else None
        for key, list_name in keys.items()
    }


def degree_body(degree: Degree) -> dict[str, Any]:
    """One degree as the API shows it (1.7)."""
    f = degree.f
    coded = _coded(f, DEGREE_LISTS)
    return {
        "uk_degree": coded["uk_degree"],
        "non_uk_degree": coded["non_uk_degree"],
        "created_at": iso_ms(degree.created_us),
        "updated_at": iso_ms(degree.updated_us),
        "subject": coded["subject"],
        "institution": coded["institution"],
        "graduation_year": f.get("graduation_year"),
        "grade": coded["grade"],
        "country": coded["country"],
        "other_grade": f.get("other_grade"),
        "institution_uuid": lists.uuid("institution", f.get("institution")),
        "uk_degree_uuid": lists.uuid("degree_type", f.get("uk_degree")),
        "subject_uuid": lists.uuid("degree_subject", f.get("subject")),
        "grade_uuid": lists.uuid("degree_grade", f.get("grade")),
        "degree_id": degree.slug,
    }


def placement_body(placement: Placement, schools: Mapping[str, School]) -> dict[str, Any]:
    """One placement as the API shows it; a known school supplies name, postcode and address (1.7)."""
    school = schools.get(placement.school) if placement.school else None
    if school is not None:
        urn: str | None = school.urn
        name: str | None = school.name
        postcode: str | None = school.postcode or None
        address: str | None = school.address or _joined(f"URN {school.urn}", school.postcode)
    else:
        urn, name, postcode = placement.urn or placement.school, placement.name, placement.postcode
        if urn in lists.NOT_APPLICABLE_URNS:
            address = None
        else:
            address = _joined(f"URN {urn}" if urn else None, placement.address, postcode)
    return {
        "urn": urn,
        "name": name,
        "address": address,
        "postcode": postcode,
        "created_at": iso_ms(placement.created_us),
        "updated_at": iso_ms(placement.updated_us),
        "placement_id": placement.slug,
    }


def _joined(*parts: str | None) -> str | None:
    return ", ".join(p for p in parts if p) or None


def trainee_body(record: Record, schools: Mapping[str, School]) -> dict[str, Any]:
    """The bare trainee, as GET T gives it."""
    shown = {**record.f, **_coded(record.f, LIST_OF), **_made(record, schools)}
    keys = (*FIRST_KEYS, *(HESA_KEYS if record.hesa else ()), *LAST_KEYS)
    return {key: shown.get(key) for key in keys} | disability_slots(record)


def _made(record: Record, schools: Mapping[str, School]) -> dict[str, Any]:
    """What is shown and not held as such."""
    get = record.f.get
    route = lists.route_of(get("training_route"))
    ethnicity = get("ethnicity")
    low, high = lists.ages(get("course_age_range")) or (get("course_min_age"), get("course_max_age"))
    return {
        "created_at": iso_ms(record.created_us),
        "updated_at": iso_ms(record.updated_us),
        "ethnic_group": get("ethnic_group") or (lists.ethnic_group(ethnicity) if ethnicity else None),
        "ethnic_background": _background(ethnicity),
        "ethnicity": lists.canonical("ethnicity", ethnicity) if lists.has("ethnicity", ethnicity) else None,
        "course_min_age": low,
        "course_max_age": high,
        "record_source": record.record_source,
        "ukprn": record.ukprn,
        "course_qualification": route.award if route else None,
        "course_level": "undergrad" if route and not route.postgraduate else "postgrad",
        "course_itt_start_date": get("itt_start_date"),
        "nationality": first_nationality(record),
        "placements": [placement_body(p, schools) for p in record.placements],
        "degrees": [degree_body(d) for d in record.degrees],
        "state": record.state,
        "trainee_id": record.slug,
    }


def _background(ethnicity: str | None) -> str | None:
    """The stored name behind an ethnicity code; what stands by name is its own."""
    return (
        lists.name("ethnicity", ethnicity) if ethnicity and lists.has("ethnicity", ethnicity) else ethnicity
    )


def first_nationality(record: Record) -> str | None:
    """The code of the first nationality: the API shows only that one (1.6)."""
    if not record.nationalities or not lists.has("nationality", record.nationalities[0]):
        return None
    return lists.canonical("nationality", record.nationalities[0])


def disability_slots(record: Record) -> dict[str, Any]:
    """DisabilityN as echoed; without stored codes they are filled by mapping back from the disclosure (section 7)."""
    if record.disabilities:
        return record.disabilities
    disclosure = record.f.get("disability_disclosure")
    if disclosure == "no_disability":
        return {"disability1": "95"}
    if disclosure == "disability_not_provided":
        return {"disability1": "98"}
    return {}


def trainee_json(record: Record, schools: Mapping[str, School], *, keep: bool = True) -> bytes:
    """The trainee's JSON; kept with the record when `keep`, as a record never changes."""
    if record.body is not None:
        return record.body
    made = orjson.dumps(trainee_body(record, schools))
    if keep:
        record.body = made
    return made


def control_body(record: Record, schools: Mapping[str, School]) -> dict[str, Any]:
    """The bare trainee plus `deleted`, and values without a code by their stored names (contract.md section 3)."""
    body = trainee_body(record, schools)
    for key in LIST_OF:
        if key in body and body[key] is None:
            body[key] = record.f.get(key)
    if record.nationalities and body["nationality"] is None:
        body["nationality"] = record.nationalities[0]
    for shown_degree, degree in zip(body["degrees"], record.degrees, strict=True):
        for key in DEGREE_LISTS:
            if shown_degree[key] is None:
                shown_degree[key] = degree.f.get(key)
    body["nationalities"] = list(record.nationalities)
    body["deleted"] = record.deleted
    body["record_source"] = record.record_source
    return body
