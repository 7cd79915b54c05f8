"""What the portal said of a file: the answer finds its export, refused rows park their records, the others wait on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from desktop.collections.reading import quote
from desktop.handover import register_csv
from desktop.handover.csv_sheet import Row, read_sheet
from desktop.handover.register_csv import BULK_ADD, Answer, AnswerRow
from desktop.model.change import Change
from desktop.model.errors import UsageError
from desktop.services import wording
from desktop.services.core import Core
from desktop.services.export_plans import digest_of, table
from desktop.services.export_shelf import ANSWERED, KIND, Shelf, names_of
from desktop.store.kept import KeptThing
from desktop.store.records import StoredRecord
from desktop.store.store import Unit
from desktop.sync import by_file


class Answers:
    """Takes in answers, inside units of work of the caller."""

    def __init__(self, core: Core, shelf: Shelf) -> None:
        self._core = core
        self._shelf = shelf

    def match(self, unit: Unit, answer: Answer) -> tuple[KeptThing, dict[int, tuple[int, str]]]:
        """The newest export that the answer is about, and row of the answer -> (file, record)."""
        for kept in self._shelf.all(unit):
            if kept.body["route"] != answer.route:
                continue
            known = self._known_keys(unit, kept)
            found = {row.number: place for row in answer.rows if (place := _place(known, row)) is not None}
            if found:
                _insist_on_all(answer, found, " and ".join(names_of(kept)))
                return kept, found
        raise UsageError(
            "Nobody in this file is in a file that Holdfast made. Look whether it is the right one; nothing was changed."
        )

    def _known_keys(self, unit: Unit, kept: KeptThing) -> dict[str, tuple[int, str]]:
        """What names the rows of an export -> (file, record): digests of whole rows, and identifiers with their heads."""
        route = kept.body["route"]
        found: dict[str, tuple[int, str]] = {}
        sheets: dict[int, tuple[Mapping[str, int | None], tuple[Row, ...]]] = {}
        for number in range(len(names_of(kept))):
            content = self._shelf.content(kept.name, number)
            if content is not None:
                sheet = read_sheet(content)
                heads = register_csv.key_heads(table(), route)
                sheets[number] = {head: sheet.place(head) for head in heads}, sheet.rows
        for number, row_number, record_id, digest in self._shelf.rows(unit, kept.name):
            found[digest] = number, record_id
            if number in sheets:
                places, rows = sheets[number]
                for head, place in places.items():
                    if value := rows[row_number].cell(place):
                        found[f"{head}\x1f{value}"] = number, record_id
        return found

    def take(self, unit: Unit, kept: KeptThing, answer: Answer, found: Mapping[int, tuple[int, str]]) -> None:
        """Park what was refused, and bring back what was not created because of it. `found` as `match` gave it."""
        names, route = names_of(kept), answer.route
        refused = {found[row.number][1]: row for row in answer.rows if row.complaints and row.number in found}
        stopped = {found[row.number][0] for row in answer.rows if row.number in found and row.complaints}
        verdicts: list[list[str]] = []
        answered = {number for number, _ in found.values()}
        for record, changes, number in self._shelf.with_changes(
            unit, route, self._shelf.rows(unit, kept.name)
        ):
            row = refused.get(record.id)
            if row is not None:
                verdicts += self._refuse(unit, record, changes, row, names[number])
            elif route == BULK_ADD and number in stopped:
                others = wording.count(
                    sum(found[r.number][0] == number for r in refused.values()), "other row"
                )
                reason = (
                    f"Not created: Register refused {names[number]} because of {others}. Make a new file."
                )
                self._come_back(unit, record, changes, reason)
        body = {
            **kept.body,
            "state": ANSWERED,
            "answered_at": unit.now.isoformat(),
            "passed": sum(not row.complaints for row in answer.rows if row.number in found),
            "verdicts": [v for v in kept.body.get("verdicts", ()) if v[3] not in {names[n] for n in answered}]
            + verdicts,
        }
        unit.kept.put(KIND, kept.name, body)
        told = {"files": names, "refused": len(refused), "passed": body["passed"]}
        unit.journal.write("file_answered", None, told, actor="")

    def _refuse(
        self, unit: Unit, record: StoredRecord, changes: Iterable[Change], row: AnswerRow, file: str
    ) -> list[list[str]]:
        told = [register_csv.at_child(record.document, complaint) for complaint in row.complaints]
        reason = f"Register refused it in {file}: " + " ".join(f"{c.message}." for c in told)
        refusals = [{"field": c.path, "message": c.message} for c in told]
        for change in changes:
            by_file.refused(unit, record, change, reason, refusals)
        return [[record.id, c.path, c.message, file] for c in told]

    def _come_back(self, unit: Unit, record: StoredRecord, changes: Iterable[Change], reason: str) -> None:
        for change in changes:
            by_file.came_back(
                unit,
                self._core.collection_of(record),
                record,
                change,
                reason=reason,
                today=self._core.today(),
            )


def _place(known: Mapping[str, tuple[int, str]], row: AnswerRow) -> tuple[int, str] | None:
    """Where a row of an answer stood: by its identifiers, the surest first."""
    by_key = (known.get(f"{head}\x1f{value}") for head, value in row.keys.items())
    return next((place for place in by_key if place is not None), None) or known.get(digest_of(row.cells))


def _insist_on_all(answer: Answer, found: Mapping[int, tuple[int, str]], names: str) -> None:
    """Raises UsageError when new trainees were refused who are not known again: their errors would be lost."""
    lost = [row for row in answer.rows if row.complaints and row.number not in found]
    if not lost or answer.route != BULK_ADD:
        return
    first, *more = lost
    ids = ", ".join(f"{head} {quote(value)}" for head, value in first.keys.items()) or "it has no ID"
    told = f" The same goes for {wording.count(len(more), 'more row')}." if more else ""
    raise UsageError(
        f"Row {first.number} has errors, and nobody in {names} fits it ({ids}).{told} Load the file as Register gave it back, "
        "without saving it in a spreadsheet first. Nothing was changed."
    )
