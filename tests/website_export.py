"""Register's export of trainees as its website writes it, for tests that need such a file without a practice website."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from desktop.collections.reading import day, is_blank, text
from desktop.collections.trainees import website
from desktop.collections.trainees.cycles import cycle_label, cycle_of
from desktop.collections.trainees.funding import estimate
from desktop.collections.trainees.tables import PACK, allocations, methods, route_of
from desktop.model.document import Document

_DISABILITIES = tuple(f"disability{n}" for n in range(1, 10))
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_CAPITAL = re.compile(r"(?<![^\W_])[^\W\d_]")


def written(rows: Iterable[Mapping[str, str]]) -> bytes:
    """The file with these rows, each a mapping from head to cell; without any row its one sentence."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    heads = website.columns()
    writer.writerow(heads)
    empty = True
    for row in rows:
        empty = False
        writer.writerow([_guarded(row.get(head, "")) for head in heads])
    if empty:
        writer.writerow([website.table()["empty"]])
    return stream.getvalue().encode("utf-8", errors="replace")


def _guarded(cell: str) -> str:
    """A cell that a spreadsheet would compute has an apostrophe before it; a lone dash has none (pack 4.4)."""
    return f"'{cell}" if cell.startswith(_FORMULA) and cell != "-" else cell


def row_of(
    trainee: Mapping[str, Any], *, provider_name: str = "", provider_code: str = "", base_url: str = ""
) -> dict[str, str]:
    """A trainee in the shape of the API (one flat object, `degrees` and `placements` as lists) as a row of the file.

    `nationalities` may stand beside `nationality`, as the practice portal's control side has it.
    """
    get = trainee.get
    portal_id = text(get("trainee_id"))
    route = route_of(get("training_route"))
    row = {column: text(get(field)) for column, field in _SAME.items()}
    row |= {
        column: website.words_of(name, get(field)) if get(field) else ""
        for column, (field, name) in _WORDED.items()
    }
    row |= {column: _seconds(get(field)) for column, field in _TIMES.items()}
    row |= {
        "register_id": portal_id,
        "completed": "false" if get("state") == "draft" else "true",
        "trainee_url": f"{base_url}/trainees/{portal_id}" if base_url else "",
        "record_source": str(website.table()["sources"].get(get("record_source"), "")),
        "hesa_id": f"'{get('hesa_id')}" if get("hesa_id") else "",
        "trainee_status": _status(trainee, route.award if route else "QTS"),
        "provider_name": provider_name,
        "provider_id": provider_code,
        "nationality": _nationality(trainee),
        "course_qualification": route.award if route else "",
        "course_level": "" if route is None else "postgrad" if route.postgraduate else "undergrad",
        "course_subject_category": allocations().get(text(get("course_subject_1")), "").capitalize(),
        "withdraw_reasons": "\n".join(
            website.words_of("withdrawal_reason", r) for r in get("withdrawal_reasons") or ()
        ),
    }
    return row | _diversity(trainee) | _ages(trainee) | _years(trainee) | _money(trainee) | _children(trainee)


_SAME = {
    "apply_id": "application_id",
    "provider_trainee_id": "provider_trainee_id",
    "trn": "trn",
    "first_names": "first_names",
    "middle_names": "middle_names",
    "last_names": "last_name",
    "date_of_birth": "date_of_birth",
    "email_address": "email",
    "ethnic_background_additional": "additional_ethnic_background",
    "itt_start_date": "itt_start_date",
    "expected_end_date": "itt_end_date",
    "trainee_start_date": "trainee_start_date",
    "training_partner_urn": "training_partner_urn",
    "employing_school_urn": "employing_school_urn",
    "award_standards_met_date": "outcome_date",
    "defer_date": "defer_date",
    "return_from_deferral_date": "reinstate_date",
    "withdraw_date": "withdrawal_date",
    "withdrawal_trigger": "withdrawal_trigger",
    "withdrawal_future_interest": "withdrawal_future_interest",
}
_TIMES = {
    "record_created_at": "created_at",
    "register_record_last_changed_at": "updated_at",
    "submitted_for_trn_at": "submitted_for_trn_at",
    "award_given_at": "awarded_at",
}
_WORDED = {
    "sex": ("sex", "sex"),
    "course_training_route": ("training_route", "training_route"),
    "course_itt_subject_1": ("course_subject_1", "course_subject"),
    "course_itt_subject_2": ("course_subject_2", "course_subject"),
    "course_itt_subject_3": ("course_subject_3", "course_subject"),
    "course_full_or_part_time": ("study_mode", "study_mode"),
    "training_initiative": ("training_initiative", "training_initiative"),
}


def _seconds(value: object) -> str:
    """A time of the API without its milliseconds."""
    return re.sub(r"\.\d+", "", text(value))


def _status(trainee: Mapping[str, Any], award: str) -> str:
    state = text(trainee.get("state"))
    return f"{award}_{state}" if state in ("recommended_for_award", "awarded") else state


def _nationality(trainee: Mapping[str, Any]) -> str:
    held = trainee.get("nationalities") or [trainee.get("nationality")]
    names = (website.words_of("nationality", code) for code in held if code)
    return ", ".join(_CAPITAL.sub(lambda m: m[0].upper(), name.replace("-", " ")) for name in names)


def _diversity(trainee: Mapping[str, Any]) -> dict[str, str]:
    ethnicity = trainee.get("ethnicity")
    held = [code for name in _DISABILITIES if (code := trainee.get(name))]
    kind = text(trainee.get("disability_disclosure"))
    if not kind and held:
        kind = {"95": "no_disability", "98": "disability_not_provided", "99": "disability_not_provided"}.get(
            text(held[0]), "disabled"
        )
    named = held if kind == "disabled" else []
    return {
        "diversity_disclosure": "TRUE" if ethnicity or held else "FALSE",
        "ethnic_group": website.ethnic_group(ethnicity),
        "ethnic_background": website.words_of("ethnicity", ethnicity) if ethnicity else "",
        "disability_disclosure": website.disclosure(kind) if kind else "",
        "disabilities": ", ".join(website.words_of("disability", code) for code in named),
    }


def _ages(trainee: Mapping[str, Any]) -> dict[str, str]:
    entry = PACK.codes("course_age_range").get(text(trainee.get("course_age_range")))
    low, high = (
        re.findall(r"\d+", entry.label)[:2]
        if entry
        else (
            text(trainee.get("course_min_age")),
            text(trainee.get("course_max_age")),
        )
    )
    return {"course_minimum_age": low, "course_maximum_age": high}


def _years(trainee: Mapping[str, Any]) -> dict[str, str]:
    begins = day(trainee.get("trainee_start_date")) or day(trainee.get("itt_start_date"))
    ends = day(trainee.get("itt_end_date"))
    first = cycle_of(begins) if begins else None
    last = cycle_of(ends) if ends else None
    span = range(first, last + 1) if first is not None and last is not None else ()
    return {
        "start_academic_year": cycle_label(first) if first is not None else "",
        "end_academic_year": cycle_label(last) if last is not None else "",
        "academic_years": ", ".join(map(cycle_label, span)),
    }


def _money(trainee: Mapping[str, Any]) -> dict[str, str]:
    method = methods().get(text(trainee.get("funding_method")))
    if method is None:
        return {"funding_method": "", "funding_value": "", "bursary_tier": ""}
    if not method.type:
        return {"funding_method": "not funded", "funding_value": "", "bursary_tier": ""}
    names = ("training_route", "course_subject_1", "funding_method", "itt_start_date", "trainee_start_date")
    paid = estimate(Document({name: trainee.get(name) for name in names}))
    value = str(paid.at_most) if paid and paid.at_most else "data not available"
    return {
        "funding_method": method.type,
        "funding_value": value,
        "bursary_tier": website.TIERS.get(method.tier, ""),
    }


def _children(trainee: Mapping[str, Any]) -> dict[str, str]:
    degrees: Sequence[Mapping[str, Any]] = trainee.get("degrees") or ()
    parts = [_degree(degree) for degree in degrees]
    from_uk = _from_uk(degrees[0]) if degrees else ""
    row = {"number_of_degrees": str(len(parts)), "degree_1_uk_or_non_uk": from_uk}
    row["degrees"] = " | ".join(", ".join(f'"{part}"' for part in (from_uk, *values)) for values in parts)
    row |= dict(zip(website.DEGREE_1, parts[0] if parts else [""] * len(website.DEGREE_1), strict=True))
    placements: Sequence[Mapping[str, Any]] = trainee.get("placements") or ()
    places = [text(p.get("urn")) or text(p.get("name")) for p in placements]
    urns = [urn for p in placements[2:] if (urn := text(p.get("urn")))]
    row |= {"placement_one": "".join(places[:1]), "placement_two": "".join(places[1:2])}
    return row | {"other_placements": ", ".join(urns)}


def _degree(degree: Mapping[str, Any]) -> list[str]:
    return [
        website.words_of(name, degree.get(field)) if name and degree.get(field) else text(degree.get(field))
        for field, name in website.DEGREE_PARTS
    ]


def _from_uk(degree: Mapping[str, Any]) -> str:
    return "non-UK" if is_blank(degree.get("uk_degree")) else "UK"
