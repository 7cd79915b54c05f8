"""Which record a pasted row is about: by its ids, else by its name and date of birth.

Every id of a row must say the same. One that names nobody is no match, but what the record itself holds there must not
contradict it: two trainees of one name and birthday are two people until a person says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from desktop.collections.reading import quote
from desktop.model.collection import Collection
from desktop.model.document import Value
from desktop.services.pasted_columns import BORN, NAMES, PORTAL_ID, label_of
from desktop.store.records import StoredRecord
from desktop.store.store import Unit

_TRN_DIGITS = 7
_NOT_LETTERS = str.maketrans("", "", ".'’-`")


@dataclass(frozen=True, slots=True)
class Who:
    """What a row says of who it is about: ids by the name of their column, and the name and birthday if it has them."""

    ids: Mapping[str, str]
    last_name: str = ""
    first_names: str = ""
    born: str = ""

    @property
    def by_name(self) -> bool:
        return bool(self.last_name and self.first_names and self.born)


@dataclass(frozen=True)
class Found:
    """The record that is meant; or why it cannot be said which (`clash`); or neither, when there is none.

    `guessed` = only name and date of birth say so.
    """

    record: StoredRecord | None = None
    clash: str = ""
    candidates: tuple[StoredRecord, ...] = field(default=())
    guessed: bool = False


class Matcher:
    """The records that a whole paste may be about, read at once."""

    def __init__(self, unit: Unit, collection: Collection, rows: Sequence[Who]) -> None:
        self._collection = collection
        refs = {form for who in rows for ref in who.ids.values() for form in _forms(ref)}
        names = {who.last_name for who in rows if who.by_name}
        self._by_id: dict[tuple[str, str], list[StoredRecord]] = {}
        self._by_name: dict[tuple[str, str, str], list[StoredRecord]] = {}
        for record in unit.records.contents(unit.lists.referred(collection.name, refs, names)):
            for name in (PORTAL_ID, *collection.keys):
                if held := id_of(record, name):
                    self._by_id.setdefault((name, held), []).append(record)
            person = _person(*(record.document.get(name) for name in (*NAMES, BORN)))
            self._by_name.setdefault(person, []).append(record)

    def find(self, who: Who) -> Found:
        """The record that a row is about."""
        hits = {name: records for name, ref in who.ids.items() if (records := self._with_id(name, ref))}
        if not hits:
            return self._by_person(who)
        common = set.intersection(*({r.key for r in records} for records in hits.values()))
        everybody = {r.key: r for records in hits.values() for r in records}
        if not common:
            told = ", ".join(f"{self._label(n)} is that of {r[0].label}" for n, r in hits.items())
            return Found(
                clash=f"The ids do not belong together: {told}.", candidates=_some(everybody.values())
            )
        if len(common) > 1:
            several = [everybody[key] for key in sorted(common)]
            return Found(clash=self._several(len(several)), candidates=_some(several))
        record = everybody[common.pop()]
        return self._checked(record, who, [n for n in who.ids if n not in hits and not self._editable(n)])

    def _by_person(self, who: Who) -> Found:
        if not who.by_name:
            return Found()
        found = self._by_name.get(_person(who.first_names, who.last_name, who.born), [])
        if len(found) > 1:
            return Found(clash=self._several(len(found)), candidates=_some(found))
        if not found:
            return Found()
        checked = self._checked(found[0], who, list(who.ids))
        return replace(checked, guessed=True, candidates=(found[0],))

    def _checked(self, record: StoredRecord, who: Who, names: Iterable[str]) -> Found:
        """The record, unless one of these ids is not the one it has."""
        for name in names:
            held = id_of(record, name)
            if held and held not in _forms(who.ids[name]):
                return Found(clash=f"{record.label} has another {self._label(name)}.", candidates=(record,))
        return Found(record)

    def _with_id(self, name: str, ref: str) -> list[StoredRecord]:
        return next((found for form in _forms(ref) if (found := self._by_id.get((name, form)))), [])

    def _several(self, number: int) -> str:
        return f"{number} {self._collection.title.lower()} fit this row. Add a column that tells them apart."

    def _editable(self, name: str) -> bool:
        return self._collection.field(name) is not None

    def _label(self, name: str) -> str:
        return label_of(self._collection, name)


def id_of(record: StoredRecord, name: str) -> str:
    """One of the ids of a record, "" when it has none: a field, or what else the portal showed of it."""
    if name == PORTAL_ID:
        return record.portal_id or ""
    extras = record.base.extras if record.base else {}
    return str(record.document.get(name) or extras.get(name) or "")


def split_name(text: str) -> tuple[str, str]:
    """(last name, first names) of "Ashcombe, Leonie" or "Leonie Ashcombe"."""
    last, comma, first = text.partition(",")
    if comma:
        return last.strip(), first.strip()
    first, _, last = text.strip().rpartition(" ")
    return last.strip(), first.strip()


def _forms(ref: str) -> tuple[str, ...]:
    """An id as pasted, and with the zeros that a spreadsheet takes from the front of a TRN."""
    short = ref.isascii() and ref.isdigit() and len(ref) < _TRN_DIGITS
    return (ref, ref.zfill(_TRN_DIGITS)) if short else (ref,)


def odd_id(name: str, ref: str) -> str:
    """Why an id cannot be one of its kind, and what to do; "" when it can. A portal's own ids are without a rule."""
    if name != "trn" or any(form.isdigit() and len(form) == _TRN_DIGITS for form in _forms(ref)):
        return ""
    return (
        f"{quote(ref)} is not a TRN: it has {_TRN_DIGITS} digits. Look it up at the portal and type it again."
    )


def _person(first_names: Value, last_name: Value, born: Value) -> tuple[str, str, str]:
    """What must be equal for two rows to be one person: the first of the first names, the last name, the birthday."""
    first = str(first_names or "").translate(_NOT_LETTERS).casefold().split()
    last = " ".join(str(last_name or "").translate(_NOT_LETTERS).casefold().split())
    return (first[0] if first else "", last, str(born or ""))


def _some(records: Iterable[StoredRecord]) -> tuple[StoredRecord, ...]:
    return tuple(records)[:10]


def person_of(who: Who) -> tuple[str, str, str] | None:
    """What two new rows of one person share; None when a row does not say."""
    return _person(who.first_names, who.last_name, who.born) if who.by_name else None
