"""The trainee export: 76 columns, words instead of codes. Source: pack 9.1; columns from data/csv/trainee_export_columns.csv."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from desktop.collections.trainees import tables
from desktop.collections.trainees.cycles import cycle_label, cycle_of
from desktop.practice import lists
from desktop.practice.clock import parse_time
from desktop.practice.record import Degree, Placement, Record
from desktop.practice.state import State, parse_day
from desktop.practice.web import words
from desktop.practice.web.checks import findings_of

_COLUMNS = """register_id completed trainee_url record_source apply_id hesa_id provider_trainee_id trn trainee_status
start_academic_year end_academic_year academic_years record_created_at register_record_last_changed_at
hesa_record_last_changed_at submitted_for_trn_at provider_name provider_id first_names middle_names last_names date_of_birth
sex nationality email_address diversity_disclosure ethnic_group ethnic_background ethnic_background_additional
disability_disclosure disabilities number_of_degrees degree_1_uk_or_non_uk degree_1_awarding_institution degree_1_country
degree_1_subject degree_1_type_uk degree_1_type_non_uk degree_1_grade degree_1_other_grade degree_1_graduation_year degrees
course_training_route course_qualification course_education_phase course_subject_category course_itt_subject_1
course_itt_subject_2 course_itt_subject_3 course_minimum_age course_maximum_age course_full_or_part_time course_level
itt_start_date expected_end_date course_duration_in_years trainee_start_date training_partner_name training_partner_urn
employing_school_name employing_school_urn training_initiative funding_method funding_value bursary_tier placement_one
placement_two other_placements award_standards_met_date award_given_at defer_date return_from_deferral_date withdraw_date
withdraw_reasons withdrawal_trigger withdrawal_future_interest"""
COLUMNS = tuple(_COLUMNS.split())
NOBODY = "No trainee data to export"
_HELD_BY_HESA = "Currently no data available in Register"
_NO_END_DATE = "End date not required by HESA so no data available in Register"
_SOURCES = {
    "api": "API",
    "csv": "CSV",
    "manual": "Manual",
    "apply": "Apply",
    "hesa_collection": "HESA",
    "hesa_trn_data": "HESA TRN data",
}
_DISCLOSED = {
    "disabled": "Has disabilities",
    "no_disability": "No disabilities",
    "disability_not_provided": "Not provided",
}
_DEGREE_PARTS = (
    ("degree_1_awarding_institution", "institution"),
    ("degree_1_country", "country"),
    ("degree_1_subject", "subject"),
    ("degree_1_type_uk", "uk_degree"),
    ("degree_1_type_non_uk", "non_uk_degree"),
    ("degree_1_grade", "grade"),
    ("degree_1_other_grade", "other_grade"),
    ("degree_1_graduation_year", "graduation_year"),
)


def exported(records: Iterable[Record], state: State, root: str, organisation: str) -> list[Sequence[object]]:
    """The rows of the file, the head first; one sentence when there is nobody."""
    rows: list[Sequence[object]] = [COLUMNS]
    for record in records:
        cells = _cells(record, state) | {
            "trainee_url": f"{root}/trainees/{record.slug}",
            "provider_name": organisation,
            "provider_id": record.ukprn,
        }
        rows.append([cells.get(column) for column in COLUMNS])
    return rows if len(rows) > 1 else [COLUMNS, [NOBODY]]


def end_cycle(record: Record) -> int | None:
    """The cycle in which the training ends, or ended; None when nobody can tell."""
    ends = [record.get(key) for key in ("withdrawal_date", "outcome_date", "itt_end_date")]
    day = next((found for found in map(parse_day, ends) if found), None)
    return cycle_of(day) if day else None


def status_of(record: Record) -> str:
    """The export's word for the state: what leads to an award is named by the award."""
    if record.state in ("recommended_for_award", "awarded"):
        return f"{words.award(record) or 'QTS'}_{record.state}"
    return record.state


def funding_of(record: Record, state: State) -> tuple[str, int | None, str]:
    """(kind, pounds, tier) as the portal pays; kind is "" while nothing is chosen, "not funded" for none."""
    method = tables.methods().get(str(record.get("funding_method") or ""))
    if method is None:
        return "", None, ""
    if not method.type:
        return "not funded", None, ""
    if method.tier:
        number = {"7": 1, "8": 2, "9": 3}[method.code]
        return method.type, method.tier, f"Tier {number}"
    subject = tables.allocations().get(str(record.get("course_subject_1") or ""), "")
    key = (state.cycle_of(record), str(record.get("training_route") or ""), method.type, subject)
    found = tables.amounts().get(key, ())
    return method.type, found[0] if found else None, ""


def _cells(record: Record, state: State) -> dict[str, Any]:
    return (
        _about_record(record, state)
        | _about_person(record)
        | _about_degrees(record.degrees)
        | _about_course(record, state)
        | _about_money(record, state)
        | _about_placements(record.placements)
        | _about_outcome(record)
    )


def _about_record(record: Record, state: State) -> dict[str, Any]:
    start = state.cycle_of(record)
    end = end_cycle(record)
    known = record.get("itt_start_date") or record.get("trainee_start_date")
    years = range(start, max(start, end) + 1) if end is not None else range(start, start + 1)
    submitted = record.get("submitted_for_trn_at")
    return {
        "register_id": record.slug,
        "completed": "true" if record.state != "draft" or not findings_of(record, state) else "false",
        "record_source": _SOURCES.get(record.record_source, record.record_source),
        "apply_id": record.get("application_id"),
        "hesa_id": f"'{record.get('hesa_id')}" if record.get("hesa_id") else "",
        "provider_trainee_id": record.get("provider_trainee_id"),
        "trn": record.get("trn"),
        "trainee_status": status_of(record),
        "start_academic_year": cycle_label(start) if known else "",
        "end_academic_year": cycle_label(end) if end is not None else "",
        "academic_years": ", ".join(map(cycle_label, years)) if known else "",
        "record_created_at": words.london_iso(record.created_us),
        "register_record_last_changed_at": words.london_iso(record.updated_us),
        "submitted_for_trn_at": _time(submitted),
    }


def _time(value: Any) -> str:
    """A stored time as the export writes times; a day stays a day."""
    text = str(value or "")
    return words.london_iso(parse_time(text)) if "T" in text else text


def _about_person(record: Record) -> dict[str, Any]:
    ethnicity = record.get("ethnicity")
    group = record.get("ethnic_group") or (lists.ethnic_group(ethnicity) if ethnicity else None)
    return {
        "first_names": record.get("first_names"),
        "middle_names": record.get("middle_names"),
        "last_names": record.get("last_name"),
        "date_of_birth": record.get("date_of_birth"),
        "sex": words.of_field(record, "sex"),
        "nationality": ", ".join(words.nationalities(record)),
        "email_address": record.get("email"),
        "diversity_disclosure": "true"
        if record.get("diversity_disclosure") == "diversity_disclosed"
        else "false",
        "ethnic_group": words.words("ethnic_group", group),
        "ethnic_background": "" if ethnicity in (None, "997") else words.words("ethnicity", ethnicity),
        "ethnic_background_additional": record.get("additional_ethnic_background"),
        "disability_disclosure": _DISCLOSED.get(str(record.get("disability_disclosure")), ""),
        "disabilities": ", ".join(words.disabilities(record)),
    }


def _about_degrees(degrees: Sequence[Degree]) -> dict[str, Any]:
    """The first degree in columns of its own, then all of them packed; each packed one begins with the first one's flag."""
    if not degrees:
        return {"number_of_degrees": 0}
    flag = "UK" if degrees[0].uk else "non-UK"
    first = {column: words.of_degree(name, degrees[0].f.get(name)) for column, name in _DEGREE_PARTS}
    packed = [
        ", ".join(f'"{part}"' for part in (flag, *(words.of_degree(n, d.f.get(n)) for _, n in _DEGREE_PARTS)))
        for d in degrees
    ]
    about = {"number_of_degrees": len(degrees), "degree_1_uk_or_non_uk": flag, "degrees": " | ".join(packed)}
    return first | about


def _about_course(record: Record, state: State) -> dict[str, Any]:
    route = lists.route_of(record.get("training_route"))
    low, high = lists.ages(str(record.get("course_age_range") or "")) or ("", "")
    start, end = parse_day(record.get("itt_start_date")), parse_day(record.get("itt_end_date"))
    by_hesa = record.record_source.startswith("hesa")
    employer = state.schools.get(str(record.get("employing_school_urn")))
    subject = tables.allocations().get(str(record.get("course_subject_1") or ""), "")
    return {
        "course_training_route": words.of_field(record, "training_route"),
        "course_qualification": words.award(record),
        "course_education_phase": words.phase(record) if record.get("course_age_range") else "",
        "course_subject_category": subject,
        "course_itt_subject_1": words.of_field(record, "course_subject_1"),
        "course_itt_subject_2": words.of_field(record, "course_subject_2"),
        "course_itt_subject_3": words.of_field(record, "course_subject_3"),
        "course_minimum_age": low,
        "course_maximum_age": high,
        "course_full_or_part_time": words.of_field(record, "study_mode"),
        "course_level": ("postgrad" if route.postgraduate else "undergrad") if route else "",
        "itt_start_date": record.get("itt_start_date"),
        "expected_end_date": record.get("itt_end_date") or (_NO_END_DATE if by_hesa else ""),
        "course_duration_in_years": _years(start, end),
        "trainee_start_date": record.get("trainee_start_date"),
        "training_partner_name": words.partner_name(record, state),
        "training_partner_urn": record.get("training_partner_urn"),
        "employing_school_name": employer.name if employer else "",
        "employing_school_urn": record.get("employing_school_urn"),
    }


def _years(start: date | None, end: date | None) -> int | str:
    return max(1, round((end - start).days / 365)) if start and end else ""


def _about_money(record: Record, state: State) -> dict[str, Any]:
    kind, pounds, tier = funding_of(record, state)
    value: object = "" if kind in ("", "not funded") else "not available"
    return {
        "training_initiative": words.of_field(record, "training_initiative"),
        "funding_method": kind or "not available",
        "funding_value": pounds if pounds is not None else value,
        "bursary_tier": tier,
    }


def _about_placements(placements: Sequence[Placement]) -> dict[str, Any]:
    shown = [placement.school or placement.urn or placement.name or "" for placement in placements]
    return {
        "placement_one": shown[0] if shown else "",
        "placement_two": shown[1] if len(shown) > 1 else "",
        "other_placements": ", ".join(p.school for p in placements[2:] if p.school),
    }


def _about_outcome(record: Record) -> dict[str, Any]:
    by_hesa = record.record_source.startswith("hesa")
    get: Mapping[str, Any] = record.f
    deferred = record.state == "deferred"
    reasons = get.get("withdrawal_reasons") or ()
    return {
        "award_standards_met_date": get.get("outcome_date"),
        "award_given_at": _time(get.get("awarded_at"))
        or (_HELD_BY_HESA if by_hesa and record.state == "awarded" else ""),
        "defer_date": get.get("defer_date") or (_HELD_BY_HESA if by_hesa and deferred else ""),
        "return_from_deferral_date": get.get("reinstate_date"),
        "withdraw_date": get.get("withdrawal_date"),
        "withdraw_reasons": "\n".join(words.words("withdrawal_reason", reason) for reason in reasons),
        "withdrawal_trigger": get.get("withdrawal_trigger"),
        "withdrawal_future_interest": get.get("withdrawal_future_interest"),
    }
