"""Register's own export of trainees, as every provider can download it: words in place of codes, one row a trainee.

Each row becomes a `Glimpse`: what the file shows, in our codes. A cell whose words have no code, or more than one, is unread
and named; nothing is guessed. What the file has no column for is not known (`CANNOT_HOLD`). The census and performance
profile files have the same form. Source: domain pack 9.1.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from desktop.collections.reading import day, whole
from desktop.collections.trainees import COLLECTION, website
from desktop.collections.trainees.tables import methods, route_of
from desktop.handover.cells import unguarded
from desktop.handover.reading import open_sheet
from desktop.model.document import Fields, Value
from desktop.model.errors import UsageError
from desktop.model.glimpse import Glimpse, ShownList, ShownSet, Unread

RECORDS, CENSUS, PERFORMANCE = "records", "census", "performance"
"""Which page of the website a file is from, as its name says."""

_ID, _CHANGED, _STATUS = "register_id", "register_record_last_changed_at", "trainee_status"
_NEEDED: Final = (_ID, _CHANGED, _STATUS)
_ID_FORM = re.compile(r"[A-Za-z0-9_-]{1,64}")
_STAMP = re.compile(r"(20\d\d)-(\d\d)-(\d\d)_(\d\d)-(\d\d)[_-](\d\d)")
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_SENTENCES = re.compile(r"no data available|not available", re.IGNORECASE)
_DEGREE = re.compile(r'"([^"]*)"')
_DEGREES = re.compile(r'"[^"]*"(?:(?:, | \| )"[^"]*")*+')
_PARTS = 1 + len(website.DEGREE_PARTS)
"""A degree in the packed column: whether it is from the UK, then its fields."""

_URN = re.compile(r"\d{6}")
_HESA = re.compile(r"\d{13}|\d{17}")
_LONDON = ZoneInfo("Europe/London")
_LONGEST = 1_000
_STATES = frozenset(state.key for state in COLLECTION.states)
_DISABILITIES = tuple(f"disability{n}" for n in range(1, 10))

_TEXTS = {
    "provider_trainee_id": "provider_trainee_id",
    "first_names": "first_names",
    "middle_names": "middle_names",
    "last_names": "last_name",
    "email_address": "email",
}
_DAYS = {
    "date_of_birth": "date_of_birth",
    "itt_start_date": "itt_start_date",
    "expected_end_date": "itt_end_date",
    "trainee_start_date": "trainee_start_date",
}
_CODED = {
    "sex": ("sex", "sex"),
    "course_training_route": ("training_route", "training_route"),
    "course_itt_subject_1": ("course_subject_1", "course_subject"),
    "course_itt_subject_2": ("course_subject_2", "course_subject"),
    "course_itt_subject_3": ("course_subject_3", "course_subject"),
    "course_full_or_part_time": ("study_mode", "study_mode"),
    "training_initiative": ("training_initiative", "training_initiative"),
}
_SCHOOLS = {"training_partner_urn": "training_partner_urn", "employing_school_urn": "employing_school_urn"}
_OTHERS = {
    "hesa_id": ("hesa_id",),
    "apply_id": ("application_id",),
    "nationality": ("nationality",),
    "ethnic_background": ("ethnicity",),
    "disabilities": _DISABILITIES,
    "course_minimum_age": ("course_age_range",),
    "funding_method": ("funding_method",),
}
_EXTRA_DAYS = {
    "award_standards_met_date": "outcome_date",
    "defer_date": "defer_date",
    "return_from_deferral_date": "reinstate_date",
    "withdraw_date": "withdrawal_date",
}
_EXTRA_TIMES = {
    "submitted_for_trn_at": "submitted_for_trn_at",
    "award_given_at": "awarded_at",
    "record_created_at": "created_at",
}
_EXTRA_TEXTS = {
    "trn": "trn",
    "withdrawal_trigger": "withdrawal_trigger",
    "withdrawal_future_interest": "withdrawal_future_interest",
    "ethnic_background_additional": "additional_ethnic_background",
}


def _held() -> frozenset[str]:
    plain = [*_TEXTS.values(), *_DAYS.values(), *_SCHOOLS.values(), *(field for field, _ in _CODED.values())]
    return frozenset([*plain, *(name for names in _OTHERS.values() for name in names)])


CANNOT_HOLD: Final = tuple(field.name for field in COLLECTION.fields if field.name not in _held())
"""Fields of a trainee that no column of the file shows: what is known of them stays as it is."""


@dataclass(frozen=True)
class WebRow(Glimpse):
    """One trainee of the file. `provider` = (name, code) of the organisation; `label` = the name as the file has it."""

    provider: tuple[str, str] = ("", "")
    label: str = ""

    @property
    def register_id(self) -> str:
        return self.portal_id


@dataclass(frozen=True)
class Refused:
    """A row that cannot be taken, and why, in one sentence. `register_id` = "" when nobody can say who it is about."""

    number: int
    label: str
    why: str
    register_id: str = ""


@dataclass(frozen=True)
class WebExport:
    """A whole file.

    purpose   RECORDS, CENSUS or PERFORMANCE as its name says, "" when it was renamed
    taken_at  when the website made it (aware UTC), as its name says; None when it was renamed
    missing   columns that it should have and has not: what they would say is not known
    """

    name: str
    rows: tuple[WebRow, ...]
    refused: tuple[Refused, ...]
    purpose: str
    taken_at: datetime | None
    missing: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def newest(self) -> datetime:
        """The last change that it shows; it was not made before."""
        return max(row.changed_at for row in self.rows)

    @property
    def as_of(self) -> datetime:
        """The time to which it tells how things stood, as well as it says."""
        return max(self.newest, self.taken_at or self.newest)

    @property
    def listed(self) -> frozenset[str]:
        """The ids of everybody in it, of rows that are not taken, too."""
        return frozenset([*(row.portal_id for row in self.rows), *(one.register_id for one in self.refused)])

    @property
    def names_everybody(self) -> bool:
        """Whether it is known of each row whom it is about."""
        return all(one.register_id for one in self.refused)

    @property
    def provider(self) -> tuple[str, str]:
        """(name, code) of the organisation whose trainees these are."""
        return self.rows[0].provider


def is_export(path: Path) -> bool:
    """Whether a file has the headings of the export; False also for what cannot be read."""
    try:
        with open_sheet(path) as sheet:
            _, heads = next(sheet.rows, (0, []))
    except UsageError:
        return False
    return set(_NEEDED) <= {_said(head) for head in heads}


def read_export(path: Path) -> WebExport:
    """The whole file, or nothing. Raises UsageError with one sentence that says what to do."""
    with open_sheet(path) as sheet:
        _, heads = next(sheet.rows, (0, []))
        names = [_said(head) for head in heads]
        _insist(path.name, names)
        found = [(number, cells) for number, cells in sheet.rows if not _says_none(cells)]
        notes = list(sheet.notes)
    if not found:
        raise UsageError(
            f"There is no trainee in {path.name}. Take the filters off the list on Register’s website and export it again."
        )
    _insist_on_end(path.name, found, len(names))
    places = {name: place for place, name in reversed(list(enumerate(names))) if name}
    rows: list[WebRow] = []
    refused: list[Refused] = []
    for number, cells in found:
        row = _Row(number, cells, places).read()
        if isinstance(row, Refused):
            refused.append(row)
        else:
            rows.append(row)
    single, repeated = _without_repeats(rows)
    if not single:
        why = next(one.why for one in (*refused, *repeated))
        raise UsageError(_NOTHING_READ.format(name=path.name, why=why))
    _insist_on_one_provider(path.name, single)
    missing = tuple(name for name in website.columns() if name not in places)
    if missing:
        notes.append(f"The file has no column {', '.join(missing)}. What it would say stays as it is here.")
    told = sorted([*refused, *repeated], key=lambda one: one.number)
    return WebExport(
        path.name, tuple(single), tuple(told), _purpose(path.name), _stamp(path.name), missing, tuple(notes)
    )


_NOTHING_READ = "No row of {name} can be taken. The first: {why} If a spreadsheet saved it, export it again and load it as it came."


# --- the file as a whole


def _said(head: str) -> str:
    return head.strip().lstrip("\ufeff").casefold()


def _says_none(cells: Sequence[str]) -> bool:
    return cells[0].startswith("No trainee data") and not any(cells[1:])


def _insist(name: str, heads: Sequence[str]) -> None:
    missing = [head for head in _NEEDED if head not in heads]
    if missing:
        raise UsageError(
            f"{name} is not Register’s export of trainees: it has no column {', '.join(missing)}. On Register’s website open "
            "Registered trainees and choose Export."
        )


def _insist_on_end(name: str, rows: Sequence[tuple[int, Sequence[str]]], width: int) -> None:
    """Register writes every cell of a row. A last row that alone is short was cut off (a spreadsheet shortens many)."""
    number, last = rows[-1]
    if len(last) < width and all(len(cells) >= width for _, cells in rows[:-1]):
        raise UsageError(
            f"{name} was cut off: row {number} has {len(last)} of {width} cells. Nothing was taken from it. Export it again."
        )


def _insist_on_one_provider(name: str, rows: Sequence[WebRow]) -> None:
    found = Counter(row.provider for row in rows)
    if len(found) > 1:
        raise UsageError(
            f"{name} has trainees of {len(found)} providers ({', '.join(sorted(who for who, _ in found))}). Set the filter for "
            "your own on Register’s website and export it again."
        )


def _without_repeats(rows: Sequence[WebRow]) -> tuple[list[WebRow], list[Refused]]:
    """A trainee stands in one row. Of two rows that say different things nobody can tell which one is right."""
    by_id: dict[str, list[WebRow]] = {}
    for row in rows:
        by_id.setdefault(row.portal_id, []).append(row)
    single: list[WebRow] = []
    refused: list[Refused] = []
    for group in by_id.values():
        if all(_content(row) == _content(group[0]) for row in group[1:]):
            single.append(group[0])
        else:
            numbers = " and ".join(str(row.number) for row in group)
            why = f"The same trainee stands in rows {numbers} with different answers. None of them is taken."
            refused += [Refused(row.number, row.label, why, row.portal_id) for row in group]
    return single, refused


def _content(row: WebRow) -> tuple[Any, ...]:
    return (row.changed_at, row.state, row.answers, row.sets, row.children, row.unread, row.extras, row.also)


def _purpose(name: str) -> str:
    plain = name.casefold()
    if "sign-off" in plain:
        return CENSUS if "new-trainees" in plain else PERFORMANCE
    if "performance" in plain:
        return PERFORMANCE
    return RECORDS if "exported_records" in plain else ""


def _stamp(name: str) -> datetime | None:
    found = _STAMP.search(name)
    if found is None:
        return None
    try:
        year, month, day_, hour, minute, second = map(int, found.groups())
        return datetime(year, month, day_, hour, minute, second, tzinfo=_LONDON).astimezone(UTC)
    except ValueError:
        return None


# --- one row


class _Row:
    """Reads one row. A column that the file has not, and a cell beyond the row's end, say nothing."""

    def __init__(self, number: int, cells: Sequence[str], places: Mapping[str, int]) -> None:
        self._number = number
        self._cells = cells
        self._places = places
        self._answers: Fields = {}
        self._sets: list[ShownSet] = []
        self._unread: list[Unread] = []
        self._also: dict[str, tuple[Value, ...]] = {}
        self._extras: dict[str, Any] = {}
        self._children: dict[str, ShownList] = {}

    def read(self) -> WebRow | Refused:
        """Everything that the row says, or why nothing of it can be taken."""
        names = (self._cell("last_names"), self._cell("first_names"))
        label = ", ".join(name for name in names if name)[:100] or f"Row {self._number}"
        portal_id = self._cell(_ID) or ""
        changed = _moment(self._cell(_CHANGED) or "")
        if not _ID_FORM.fullmatch(portal_id):
            return Refused(self._number, label, "The register_id cannot be read.")
        if changed is None:
            return Refused(
                self._number,
                label,
                "The time of the last change (register_record_last_changed_at) cannot be read.",
            )
        self._plain()
        self._identity()
        self._diversity()
        self._course()
        self._read_degrees()
        self._read_placements()
        self._read_extras()
        return WebRow(
            self._number,
            portal_id,
            changed,
            self._state(),
            self._answers,
            tuple(self._sets),
            self._children,
            tuple(self._unread),
            self._extras,
            self._also,
            provider=(self._cell("provider_name") or "", self._cell("provider_id") or ""),
            label=label,
        )

    def _cell(self, column: str) -> str | None:
        """A cell without blanks around it and without the guard against formulas; None when there is none."""
        place = self._places.get(column)
        if place is None or place >= len(self._cells):
            return None
        return unguarded(self._cells[place].strip()).strip()

    def _cannot(self, column: str, words: str, path: str, choices: tuple[Value, ...] = ()) -> None:
        self._unread.append(Unread(column, words[:200], path, choices))

    # - fields

    def _plain(self) -> None:
        for column, name in _TEXTS.items():
            words = self._cell(column)
            if words is None:
                continue
            if len(words) > _LONGEST or _NOT_TEXT.search(words):
                self._cannot(column, words, name)
            else:
                self._answers[name] = words or None
        for column, name in _DAYS.items():
            self._take(column, name, lambda words: words if day(words) else None)
        for column, name in _SCHOOLS.items():
            self._take(column, name, lambda words: words if _URN.fullmatch(words) else None)
        for column, (name, list_name) in _CODED.items():
            self._take_code(column, name, list_name)

    def _take(self, column: str, name: str, read: Callable[[str], Value]) -> None:
        """A cell that must have a form; sentences that stand for "not available" say nothing at all."""
        words = self._cell(column)
        if words is None or _SENTENCES.search(words):
            return
        value = read(words) if words else None
        if words and value is None:
            self._cannot(column, words, name)
        else:
            self._answers[name] = value

    def _take_code(self, column: str, name: str, list_name: str) -> None:
        words = self._cell(column)
        if words is None:
            return
        if not words or website.means_nothing(list_name, words):
            self._answers[name] = None
            return
        codes = website.codes_of(list_name, words)
        if len(codes) == 1:
            self._answers[name] = codes[0]
        else:
            self._cannot(column, words, name, codes)

    def _identity(self) -> None:
        self._take("apply_id", "application_id", whole)
        words = self._cell("hesa_id")
        if words is not None:
            digits = words.lstrip("'")
            if digits and not _HESA.fullmatch(digits):
                self._cannot("hesa_id", words, "hesa_id")
            else:
                self._answers["hesa_id"] = digits or None
        words = self._cell("nationality")
        if words is None:
            return
        found = [website.codes_of("nationality", part) for part in words.split(",") if part.strip()]
        if (len(found) == 1 and len(found[0]) == 1) or not found:
            self._answers["nationality"] = found[0][0] if found else None
        else:
            self._cannot(
                "nationality", words, "nationality", tuple(code for codes in found for code in codes)
            )

    def _diversity(self) -> None:
        group, words = self._cell("ethnic_group"), self._cell("ethnic_background")
        if words:
            self._take_code("ethnic_background", "ethnicity", "ethnicity")
        elif group is not None and words is not None:
            if group and group != website.ethnic_group(None):
                self._cannot("ethnic_background", group, "ethnicity")
            else:
                self._answers["ethnicity"] = None
        disclosed, words = self._cell("disability_disclosure"), self._cell("disabilities")
        if words is None:
            return
        found = [website.codes_of("disability", part) for part in words.split(",") if part.strip()]
        if any(len(codes) != 1 for codes in found) or len(found) > len(_DISABILITIES):
            # Words of a person's own stand in place of "Other", with commas of their own.
            self._cannot("disabilities", words, "disability1")
        elif found or not disclosed:
            self._sets.append(ShownSet(_DISABILITIES, tuple(codes[0] for codes in found)))
        elif disclosed == website.disclosure("no_disability"):
            self._sets.append(ShownSet(_DISABILITIES, ("95",)))
        elif disclosed == website.disclosure("disability_not_provided"):
            self._sets.append(ShownSet(_DISABILITIES, ("98",)))
        else:
            self._cannot("disabilities", disclosed, "disability1")

    def _course(self) -> None:
        low, high = self._cell("course_minimum_age"), self._cell("course_maximum_age")
        if low is not None and high is not None:
            codes = website.codes_of("course_age_range", f"{low} to {high}")
            if len(codes) == 1 or not (low or high):
                self._answers["course_age_range"] = codes[0] if codes else None
            else:
                self._cannot("course_minimum_age", f"{low} to {high}", "course_age_range", codes)
        words = self._cell("funding_method")
        if words is None or words.casefold() == "not available":
            return
        codes = self._methods(words.casefold()) if words else ()
        if len(codes) == 1 or not words:
            self._answers["funding_method"] = codes[0] if codes else None
            kind = methods()[codes[0]] if codes else None
            if kind is not None and not kind.tier:  # the words tell neither level nor initiative
                alike = (m.code for m in methods().values() if m.type == kind.type and not m.tier)
                self._also["funding_method"] = tuple(alike)
        else:
            self._cannot("funding_method", words, "funding_method", codes)

    def _methods(self, kind: str) -> tuple[str, ...]:
        """The codes of a kind of funding on this route: a bursary has one for each level and tier (pack 5)."""
        wanted = "" if kind == "not funded" else kind
        found = [method for method in methods().values() if method.type == wanted]
        if kind != "bursary":
            return tuple(method.code for method in found)
        tier = self._cell("bursary_tier") or ""
        if tier:
            return tuple(m.code for m in found if m.tier and website.TIERS.get(m.tier) == tier.capitalize())
        route = route_of(self._answers.get("training_route"))
        plain = [m for m in found if not m.tier]
        if route is not None:
            plain = [
                m for m in plain if m.level == ("postgraduate" if route.postgraduate else "undergraduate")
            ]
        veterans = "veteran" in (self._cell("training_initiative") or "").casefold()
        return tuple(m.code for m in plain if bool(m.initiative) == veterans)

    def _state(self) -> str:
        words = self._cell(_STATUS) or ""
        state = re.sub(r"\A(QTS|EYTS)_", "", words)
        if state not in _STATES:
            self._cannot(_STATUS, words, "")
            return ""
        return state

    # - lists

    def _read_degrees(self) -> None:
        many, packed = self._cell("number_of_degrees"), self._cell("degrees")
        if packed is None or many is None:
            return
        parts = _DEGREE.findall(packed) if _DEGREES.fullmatch(packed) else []
        found = [parts[start + 1 : start + _PARTS] for start in range(0, len(parts), _PARTS)]
        first = [self._cell(column) or "" for column in website.DEGREE_1] if found else []
        odd = len(parts) % _PARTS or bool(packed) != bool(parts)
        if odd or str(len(found)) != many or (found and found[0] != first):
            self._cannot("degrees", packed, "degrees")
            return
        self._children["degrees"] = ShownList(tuple(self._degree(values) for values in found))

    def _degree(self, values: Sequence[str]) -> Fields:
        read: Fields = {}
        for (name, list_name), raw in zip(website.DEGREE_PARTS, values, strict=True):
            words = raw.strip()
            if not list_name:
                number = whole(words) if name == "graduation_year" else None
                read[name] = (words or None) if number is None else number
                continue
            codes = website.codes_of(list_name, words) if words else ()
            if len(codes) == 1 or not words:
                read[name] = codes[0] if codes else None
            else:
                self._cannot("degrees", words, f"degrees.{name}", codes)
        return read

    def _read_placements(self) -> None:
        one, two = self._cell("placement_one"), self._cell("placement_two")
        others = self._cell("other_placements")
        if one is None or two is None or others is None:
            return
        places = [words for words in (one, two) if words]
        places += [words for part in others.split(",") if (words := part.strip())]
        children: tuple[Fields, ...] = tuple(
            {"urn": words} if _URN.fullmatch(words) else {"name": words} for words in places
        )
        # Beyond the second, a placement at a place without URN is left out of the file.
        self._children["placements"] = ShownList(children, whole=not two)

    # - the rest

    def _read_extras(self) -> None:
        for column, name in _EXTRA_TEXTS.items():
            words = self._cell(column)
            if words is not None and len(words) <= _LONGEST and not _NOT_TEXT.search(words):
                self._extras[name] = words or None
        for table, valid in ((_EXTRA_DAYS, day), (_EXTRA_TIMES, _moment)):
            for column, name in table.items():
                words = self._cell(column)
                if words is None or _SENTENCES.search(words):
                    continue
                if words and valid(words) is None:
                    self._cannot(column, words, "")
                else:
                    self._extras[name] = words or None
        source = website.source_of(self._cell("record_source") or "")
        if source:
            self._extras["record_source"] = source
        reasons = self._cell("withdraw_reasons")
        if reasons is not None:
            self._extras["withdrawal_reasons"] = self._reasons(reasons)

    def _reasons(self, words: str) -> list[str] | None:
        """Reasons one a line; words that several reasons share are kept as they are."""
        told = [line.strip() for line in words.splitlines() if line.strip()]
        codes = [website.codes_of("withdrawal_reason", line) for line in told]
        return [
            found[0] if len(found) == 1 else line for line, found in zip(told, codes, strict=True)
        ] or None


def _moment(words: str) -> datetime | None:
    """A time with its offset, in UTC and whole seconds."""
    if len(words) < 20 or words[4:5] != "-":
        return None
    try:
        found = datetime.fromisoformat(words)
    except ValueError:
        return None
    return found.astimezone(UTC).replace(microsecond=0) if found.tzinfo is not None else None
