"""Degrees and placements: nested lists with identities of their own at Register. Source: domain pack 1.7."""

from __future__ import annotations

from desktop.collections.reading import is_blank, text
from desktop.model.collection import ChildKind, CodeLists, Field, Kind, Required
from desktop.model.document import Fields

_SOMETIMES = Required.SOMETIMES

DEGREE_FIELDS = (
    Field("country", "Country", Kind.CODE, codes="country", required=_SOMETIMES, help="Only for a degree from outside the UK."),
    Field("institution", "Awarding institution", Kind.CODE, codes="institution", required=_SOMETIMES, help="Only for a UK degree."),
    Field("uk_degree", "UK degree type", Kind.CODE, codes="degree_type", required=_SOMETIMES),
    Field("non_uk_degree", "Degree type outside the UK", Kind.CODE, codes="degree_type", required=_SOMETIMES),
    Field("subject", "Degree subject", Kind.CODE, codes="degree_subject", required=Required.ALWAYS),
    Field("grade", "Grade", Kind.CODE, codes="degree_grade", required=_SOMETIMES),
    Field("other_grade", "Other grade", Kind.TEXT, help="Register keeps this only with a grade that has no code."),
    Field("graduation_year", "Graduation year", Kind.INTEGER, required=Required.ALWAYS, help="For example 2024."),
)  # fmt: skip

PLACEMENT_FIELDS = (
    Field("urn", "School URN", Kind.TEXT, help="6 digits. Register then fills in name, address and postcode."),
    Field("name", "School or setting", Kind.TEXT, required=_SOMETIMES, help="Needed when there is no URN."),
    Field("address", "Address", Kind.TEXT),
    Field("postcode", "Postcode", Kind.TEXT),
)  # fmt: skip


def _label(lists: CodeLists, name: str, value: object) -> str:
    code = text(value)
    found = lists.codes(name).get(code)
    return found.label if found else code[:60]


def degree_label(fields: Fields, lists: CodeLists) -> str:
    """`Mathematics, University College London, 2024`, as far as it is answered."""
    where = fields.get("institution")
    parts = [
        _label(lists, "degree_subject", fields.get("subject")),
        _label(lists, "country", fields.get("country"))
        if is_blank(where)
        else _label(lists, "institution", where),
        text(fields.get("graduation_year"))[:10],
    ]
    return ", ".join(part for part in parts if part) or "Degree, nothing answered"


def placement_label(fields: Fields, lists: CodeLists) -> str:
    """The name of the school, with its URN: `Northmoor Academy (URN 123456)`."""
    urn, name = text(fields.get("urn")).strip()[:20], text(fields.get("name")).strip()[:80]
    special = lists.codes("special_urn").get(urn)
    name = name or (special.label if special else "")
    if name and urn:
        return f"{name} (URN {urn})"
    return name or (f"URN {urn}" if urn else "Placement, nothing answered")


CHILDREN = (
    ChildKind(
        "degrees", "Degrees", "degree", "degrees", DEGREE_FIELDS, degree_label,
        columns=(("subject",), ("institution", "country"), ("grade", "other_grade"), ("graduation_year",)),
    ),
    ChildKind(
        "placements", "Placements", "placement", "placements", PLACEMENT_FIELDS, placement_label,
        columns=(("name",), ("address",), ("urn",)),
    ),
)  # fmt: skip
