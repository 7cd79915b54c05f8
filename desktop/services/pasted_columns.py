"""Which field each pasted column is, by its heading or by its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from desktop.model.collection import Collection
from desktop.model.errors import UsageError

PORTAL_ID, NAME = "portal_id", "name"
NAMES = ("first_names", "last_name")
BORN = "date_of_birth"
_NOT_SAID = re.compile(r"[\W_]+")
_SHORTEST_BEGINNING = 3
MOST_CHILDREN = 9
"""So many degrees or placements may stand in one row."""

_ALSO = {
    "dob": BORN,
    "born": BORN,
    "surname": "last_name",
    "familyname": "last_name",
    "lastnames": "last_name",
    "forename": "first_names",
    "forenames": "first_names",
    "firstname": "first_names",
    "givenname": "first_names",
    "givennames": "first_names",
    "gender": "sex",
    "nino": "ni_number",
    "route": "training_route",
    "leadpartnerurn": "training_partner_urn",
    "leadschoolurn": "training_partner_urn",
}
"""Headings that people use beside the labels; only those count whose field the collection has."""

_OF_A_CHILD = {"awardinginstitution", "graduationyear"}
"""Labels of degrees that need no "degree" before them: nothing else in a sheet is called so."""


@dataclass(frozen=True)
class PastedColumn:
    """One column of the clipboard.

    place    from 0
    heading  as it was pasted, "" without a row of headings
    use      "field", "key" (only says which record is meant) or "" (left out: `why` says why)
    field    name of the field, "" when left out; "portal_id", "name" or a key such as "trn" for columns of use "key"
    label    the field's label
    """

    place: int
    heading: str
    use: str
    field: str
    label: str
    why: str = ""


class Headings:
    """The headings that a collection understands; with `children`, also those of its degrees and placements."""

    def __init__(self, collection: Collection, *, children: bool = False) -> None:
        self._collection = collection
        self._labels = {said(f.label): f.name for f in reversed(collection.fields)}
        self._exact = {name: field for name, field in _ALSO.items() if collection.field(field)}
        self._exact |= {said(name): name for name in _keys(collection)}
        one, portal = said(collection.singular), said(collection.portal_short)
        own = (f"{one}id", f"{portal}id", f"idat{portal}", "idattheportal", "portalid")
        self._exact |= dict.fromkeys(own, PORTAL_ID)
        self._exact |= dict.fromkeys((f"{one}name", one, "fullname", "name"), NAME)
        self._exact |= self._labels | {said(f.name): f.name for f in collection.fields}
        if children:
            self._exact = _of_children(collection) | self._exact

    def find(self, heading: str) -> tuple[str, str]:
        """(what the heading names, ""), or ("", why it names nothing)."""
        words = said(heading)
        if not words:
            return "", "It has no heading."
        if words in self._exact:
            return self._exact[words], ""
        begun = {n for label, n in self._labels.items() if label.startswith(words)}
        if len(words) >= _SHORTEST_BEGINNING and len(begun) == 1:
            return begun.pop(), ""
        if len(words) >= _SHORTEST_BEGINNING and begun:
            labels = sorted(label_of(self._collection, n) for n in begun)
            return "", f"It may mean {', '.join(labels[:3])}{' and more' if len(labels) > 3 else ''}."
        kind = next(
            (k for k in self._collection.children if re.match(rf"{said(k.singular)}s?\d", words)), None
        )
        if kind is not None:
            return "", f"{kind.title} are changed on the record itself."
        return "", f"No field of a {self._collection.singular} has that name."


def _of_children(collection: Collection) -> dict[str, str]:
    """Such as degree_subject, uk_degree, placement 2 URN, "Degree 1: Grade": heading -> degrees.1.subject."""
    found: dict[str, str] = {}
    for kind in collection.children:
        one = said(kind.singular)
        for field, number in product(kind.fields, range(1, MOST_CHILDREN + 1)):
            words = [said(field.name), said(field.label)]
            names = [f"{one}{number}{word}" for word in words]
            if number == 1:
                names += [f"{one}{word}" for word in words]
                names += [word for word in words if one in word or word in _OF_A_CHILD]
            for name in names:
                found.setdefault(name, f"{kind.key}.{number}.{field.name}")
    return found


def said(text: str) -> str:
    """A heading without case, accents, blanks and punctuation."""
    return _NOT_SAID.sub("", unicodedata.normalize("NFKD", text[:200]).casefold())


def label_of(collection: Collection, name: str) -> str:
    """How a field or key is called on screen."""
    kind, _, rest = name.partition(".")
    if rest:
        number, _, of_child = rest.partition(".")
        field, known = collection.field(f"{kind}.{of_child}"), collection.child_kind(kind)
        return f"{known.singular.capitalize()} {number}: {field.label}" if field and known else name
    field = collection.field(name)
    if field is not None:
        return field.label
    return {PORTAL_ID: f"ID at {collection.portal_short}", NAME: "Name"}.get(name, name.upper())


def columns_of(
    collection: Collection, rows: Sequence[Sequence[str]], wanted: Sequence[str] | Mapping[int, str] | None
) -> tuple[bool, list[PastedColumn]]:
    """Whether the first row is one of headings, and what each column is.

    `wanted` as in `Paste.read`. Raises UsageError when nobody says what the columns are.
    """
    headings = Headings(collection)
    first = list(rows[0])
    found = [headings.find(cell) for cell in first]
    filled = sum(bool(cell.strip()) for cell in first)
    known = sum(bool(name) for name, _ in found)
    has_header = known > 0 and known * 2 >= filled
    width = max(len(row) for row in rows)
    chosen = wanted if isinstance(wanted, Mapping) else {}
    if has_header:
        names = found + [("", "It has no heading.")] * (width - len(first))
    elif wanted is None:
        example = ", ".join(f.label for f in collection.fields[:3])
        raise UsageError(
            f"The first row has no headings that Holdfast knows. Put a row above it with names such as {example}, copy "
            "that too, and paste again."
        )
    else:
        names = _by_place(collection, wanted, width)
    texts = [*first, *[""] * (width - len(first))] if has_header else [""] * width
    columns = list(_columns(collection, texts, names, chosen))
    _insist(collection, columns)
    return has_header, columns


def headed_columns(
    collection: Collection, headings: Sequence[str], chosen: Mapping[int, str]
) -> tuple[list[PastedColumn], str]:
    """What the columns of a sheet with these headings are, and why nothing can be done with them ("" = it can)."""
    known = Headings(collection, children=True)
    columns = list(_columns(collection, headings, [known.find(heading) for heading in headings], chosen))
    return columns, unusable(collection, columns)


def usable_names(collection: Collection) -> set[str]:
    """Everything that a column of a sheet with headings can stand for."""
    return (
        {f.name for f in collection.fields}
        | {*_keys(collection), NAME}
        | {*_of_children(collection).values()}
    )


def _keys(collection: Collection) -> list[str]:
    return [PORTAL_ID, *collection.keys]


def _by_place(
    collection: Collection, wanted: Sequence[str] | Mapping[int, str], width: int
) -> list[tuple[str, str]]:
    given = wanted if isinstance(wanted, Mapping) else dict(enumerate(wanted))
    usable = {f.name for f in collection.fields} | {*_keys(collection), NAME}
    names = [given.get(place, "") for place in range(width)]
    return [
        (name, "") if name in usable else ("", "It cannot be pasted." if name else "It stands for no field.")
        for name in names
    ]


def _columns(
    collection: Collection,
    headings: Sequence[str],
    names: Sequence[tuple[str, str]],
    chosen: Mapping[int, str],
) -> Iterator[PastedColumn]:
    fields = {f.name for f in collection.fields}
    taken: set[str] = set()
    for place, (heading, (guessed, why)) in enumerate(zip(headings, names, strict=True)):
        name = chosen.get(place, guessed)
        column = PastedColumn(place, heading.strip(), "", "", "", why or "You left it out.")
        if not name:
            yield column
            continue
        if name in taken:
            yield replace(column, why=f"There is another column for {label_of(collection, name)}.")
            continue
        taken.add(name)
        use = "field" if name in fields or "." in name else "key"
        yield PastedColumn(place, heading.strip(), use, name, label_of(collection, name))


def unusable(collection: Collection, columns: Sequence[PastedColumn]) -> str:
    """Why the columns cannot say which record a row is about, or nothing else; "" when they can."""
    used = {column.field for column in columns if column.field}
    named = NAME in used or used.issuperset(n for n in NAMES if collection.field(n))
    if not used & {*_keys(collection)} and not (named and BORN in used):
        keys = ", ".join(label_of(collection, key) for key in collection.keys)
        return (
            f"Nothing says which {collection.singular} each row is about. Add a column with one of {keys}, or the names "
            "and the date of birth"
        )
    if not any(column.use == "field" for column in columns):
        return f"These columns only say which {collection.singular} is meant. Add a column to change"
    return ""


def _insist(collection: Collection, columns: Sequence[PastedColumn]) -> None:
    """Raises UsageError when nothing can be done with the columns."""
    if why := unusable(collection, columns):
        raise UsageError(f"{why}, and paste again.")
