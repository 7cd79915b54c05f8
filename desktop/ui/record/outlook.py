"""What a form says of each answer and each section: marks, notes, counts. Plain data from plain data, no Qt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime

from desktop.model.change import ChangeKind, ChangeState
from desktop.model.collection import Collection, Field
from desktop.model.document import Document, Value, same
from desktop.model.finding import Finding, Severity
from desktop.services.views import QueueItem
from desktop.ui import words
from desktop.ui.fields.making import grouped
from desktop.ui.fields.notes import Mark, Note
from desktop.ui.record.session import FormSession
from desktop.ui.record.sides import sides_of
from desktop.validation.entry import show_value

UNDO, TAKE, FIX = "undo", "take", "fix"
_LONGEST_TITLE = 90
_NOTHING: tuple[Value, ...] = (None, "")
_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.UNKNOWN: 2}


@dataclass(frozen=True)
class FieldLook:
    """Side mark and notes of one row; `tip` says what it was, is here and is at the portal, where they differ."""

    mark: Mark = Mark.NONE
    notes: tuple[Note, ...] = ()
    tip: str = ""


@dataclass(frozen=True)
class SectionLook:
    """Status of a section: icon, its colour, a few words at the right, and the whole for a screen reader."""

    icon: str
    ink: str
    aside: str
    spoken: str


@dataclass(frozen=True)
class Problem:
    """One thing to put right: where, and the beginning of its sentence as the words of a link."""

    path: str
    title: str


@dataclass(frozen=True)
class Outlook:
    """All of it. `fields` has only paths with something to say; children and lists of children by their own path."""

    fields: Mapping[str, FieldLook] = field(default_factory=dict)
    sections: Mapping[str, SectionLook] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    fixes: Mapping[str, Finding] = field(default_factory=dict)
    """Row -> the finding whose suggestion its note offers."""
    open_answers: int = 0
    """Errors that are only unanswered questions of a form that nobody has finished yet."""


def spoken_value(collection: Collection, path: str, value: Value) -> str:
    """A value in words, "no answer" for none."""
    found = collection.field(path)
    if value is None or value == "":
        return "no answer"
    return show_value(found, value, collection.code_lists) if found else str(value)


def heads_of(fields: Sequence[Field]) -> dict[str, str]:
    """Field name -> name of the row that shows it: several numbered fields share the row of the first."""
    return {f.name: group[0].name for group in grouped(fields) for f in group}


def refused_path(change: QueueItem, path: str) -> str:
    """Where in the form the portal's word belongs: in a child, when a child was sent."""
    if change.kind is not ChangeKind.NESTED:
        return path
    if not path:
        return change.target
    return f"{change.target}.{path.rpartition('.')[2]}"


def _where_shown(document: Document, path: str) -> str:
    """The list of children, for a child that is not in the form any more."""
    parts = path.split(".")
    return parts[0] if len(parts) > 1 and document.child(parts[0], parts[1]) is None else path


class Outlooker:
    """Makes the outlook of one form. `insist` = also say what was never answered (an old draft, or after Save)."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._heads = heads_of(collection.fields)
        self._section = {f.name: f.section for f in collection.fields}
        self._section |= {kind.key: kind.section for kind in collection.children}

    def row_of(self, path: str) -> str:
        """The row, child or list in which a finding's field is shown; "" for the whole record."""
        parts = path.split(".")
        if len(parts) == 1:
            return self._heads.get(path, path if path in self._section else "")
        return path if self._collection.field(path) else ".".join(parts[:2])

    def section_of(self, path: str) -> str:
        return self._section.get(path.split(".", maxsplit=1)[0], "")

    def look(
        self, session: FormSession, findings: Iterable[Finding], now: datetime, *, insist: bool
    ) -> Outlook:
        """What to say now of everything in the form."""
        document = session.document()
        ordered = sorted(findings, key=lambda f: _RANK[f.severity])
        loud = [f for f in ordered if insist or self._is_loud(session, f, document)]
        notes: dict[str, list[Note]] = {}
        marks: dict[str, Mark] = {}
        for finding in loud:
            row = self.row_of(finding.field)
            notes.setdefault(row, []).append(_finding_note(finding))
            if finding.severity is Severity.ERROR:
                marks[row] = Mark.ERROR
        refused = self._refusals(session)
        for path, message in refused:
            row = self.row_of(path)
            notes.setdefault(row, []).append(self._refusal_note(message))
            marks[row] = Mark.ERROR
        for path, (mark, note) in self._changes(session, now).items():
            notes.setdefault(path, []).append(note)
            marks.setdefault(path, mark)
        tips = self._tips(session)
        fields = {
            row: FieldLook(marks.get(row, Mark.NONE), tuple(said), tips.get(row, ""))
            for row, said in notes.items()
            if row
        }
        errors = [f for f in loud if f.severity is Severity.ERROR]
        quiet = sum(f.severity is Severity.ERROR for f in ordered) - len(errors)
        problems = tuple(
            Problem(self.row_of(f.field) or self._first_row(), title_of(f.message)) for f in errors
        ) + tuple(
            Problem(self.row_of(path) or self._first_row(), self._refusal_title(path, message))
            for path, message in refused
        )
        said_no = {self.section_of(path) for path, _ in refused}
        fixes = {self.row_of(f.field): f for f in loud if f.suggestion is not None}
        sections = self._sections(document, ordered, loud, marks, said_no)
        return Outlook(fields, sections, problems, fixes, quiet)

    def _is_loud(self, session: FormSession, finding: Finding, document: Document) -> bool:
        """A question that nobody came to yet is not scolded about."""
        if finding.severity is not Severity.ERROR or not finding.field:
            return finding.severity is not Severity.ERROR
        if finding.field in session.visited:
            return True
        parts = finding.field.split(".")
        if len(parts) == 1:
            return document.get(finding.field) is not None
        child = document.child(parts[0], parts[1])
        return child is not None and child.fields.get(parts[-1]) is not None

    # --- what the portal refused

    def _refusals(self, session: FormSession) -> list[tuple[str, str]]:
        """(path, the portal's words) of what it refused and nobody has changed since."""
        changes = session.view.changes if session.view else ()
        found = [
            (refused_path(change, path), message)
            for change in changes
            if change.state is ChangeState.REJECTED
            for path, message in (change.refusals or (("", change.reason),))
        ]
        document = session.document()
        placed = [(_where_shown(document, path), message) for path, message in found]
        return [(path, message) for path, message in placed if path not in session.typed]

    def _refusal_note(self, message: str) -> Note:
        text = f"{self._collection.portal_short} refused this: “{message}”"
        return Note(text, words.REFUSED.icon, words.REFUSED.ink, strong=True)

    def _refusal_title(self, path: str, message: str) -> str:
        field = self._collection.field(path)
        return title_of(
            f"{self._collection.portal_short} refused {field.label.lower() if field else 'it'}: {message}"
        )

    def _first_row(self) -> str:
        return self._collection.fields[0].name

    # --- changes here and there

    def _changes(self, session: FormSession, now: datetime) -> dict[str, tuple[Mark, Note]]:
        found: dict[str, tuple[Mark, Note]] = {}
        for path in self._paths(session.document()):
            note = self._portal_note(session, path)
            if note is not None:
                found[self.row_of(path)] = (Mark.PORTAL, note)
            elif session.changed_here(path):
                found.setdefault(self.row_of(path), (Mark.CHANGED, self._changed_note(session, path, now)))
        for path in session.came:
            found[path] = (Mark.PORTAL, _moved_note("The portal added this while the record was open."))
        for kind in self._collection.children:
            if kind.key in session.went:
                said = f"The portal took a {kind.singular} out while the record was open."
                found[kind.key] = (Mark.PORTAL, _moved_note(said))
        return found

    def _tips(self, session: FormSession) -> dict[str, str]:
        """Row -> its sides in words, for rows in which they differ."""
        found: dict[str, list[str]] = {}
        for path in self._paths(session.document()):
            sides = sides_of(session, path)
            if not sides.differ:
                continue
            lines = found.setdefault(self.row_of(path), [])
            said = ((name, spoken_value(self._collection, path, value)) for name, value in sides.lines)
            lines += [f"{name}: {value}" for name, value in said]
        return {row: "\n".join(lines) for row, lines in found.items()}

    def _paths(self, document: Document) -> Iterable[str]:
        yield from (f.name for f in self._collection.fields)
        for kind in self._collection.children:
            for child in document.children.get(kind.key, ()):
                yield from (f"{kind.key}.{child.id}.{f.name}" for f in kind.fields)

    def _portal_note(self, session: FormSession, path: str) -> Note | None:
        short = "The portal"
        conflict = session.view.conflict if session.view else None
        for row in conflict.fields if conflict else ():
            if row.field == path and not same(session.value(path), row.theirs):
                now = spoken_value(self._collection, path, row.theirs)
                who = conflict.colleague if conflict else ""
                return Note(
                    f"{who or short} changed this to {now}.",
                    "git-compare-arrows",
                    "conflict",
                    True,
                    TAKE,
                    f"Take {who}’s" if who else "Take the portal’s",
                )
        held = session.notes.get(path)
        if held is None:
            return None
        now = spoken_value(self._collection, path, held.now)
        take = "Take the portal’s" if held.kept else "Take it"
        return Note(f"{short} changed this to {now}.", "git-compare-arrows", "conflict", True, TAKE, take)

    def _changed_note(self, session: FormSession, path: str, now: datetime) -> Note:
        at = session.saved_times.get(path)
        when = f" at {words.when(at, now)}" if at and words.same_day(at, now) else ""
        child = path.split(".")
        if (
            len(child) > 1
            and session.view
            and session.view.base
            and not session.view.base.child(child[0], child[1])
        ):
            return Note(
                f"Added here{when}. The portal does not have it yet.", "pencil-line", "link", strong=True
            )
        base = spoken_value(self._collection, path, session.base_value(path))
        text = f"Changed here{when}. The portal still has {base}."
        return Note(text, "pencil-line", "link", True, UNDO, "Undo")

    # --- sections

    def _sections(
        self,
        document: Document,
        ordered: Sequence[Finding],
        loud: Sequence[Finding],
        marks: Mapping[str, Mark],
        refused: Set[str],
    ) -> dict[str, SectionLook]:
        found: dict[str, SectionLook] = {}
        moved = {self.section_of(path) for path, mark in marks.items() if mark == Mark.PORTAL}
        for section in self._collection.sections:
            mine = [f for f in ordered if self.section_of(f.field) == section.key]
            errors = [f for f in mine if f.severity is Severity.ERROR]
            said = sum(f in loud for f in errors)
            kinds = [k for k in self._collection.children if k.section == section.key]
            count = sum(len(document.children.get(k.key, ())) for k in kinds)
            aside = str(count) if kinds and count else ""
            found[section.key] = _section_look(
                section.title,
                errors=said,
                unanswered=len(errors) - said,
                refused=section.key in refused,
                moved=section.key in moved,
                answered=bool(count) or self._is_answered(section.key, document),
                findings=mine,
                aside=aside,
            )
        return found

    def _is_answered(self, section: str, document: Document) -> bool:
        """Whether anything was answered in it."""
        return any(
            f.section == section and document.get(f.name) not in _NOTHING for f in self._collection.fields
        )


def _section_look(
    title: str,
    *,
    errors: int,
    unanswered: int,
    refused: bool,
    moved: bool,
    answered: bool,
    findings: Sequence[Finding],
    aside: str,
) -> SectionLook:
    if errors:
        return SectionLook("circle-x", "refused", f"{errors} to fix", f"{title}, {errors} to fix")
    if refused:
        look = words.REFUSED
        return SectionLook(look.icon, look.ink, look.word, f"{title}, refused by the portal")
    if moved:
        return SectionLook("git-compare-arrows", "conflict", "Changed", f"{title}, changed at the portal")
    if unanswered:
        return SectionLook("pencil-line", "ink3", f"{unanswered} left", f"{title}, {unanswered} to answer")
    count = f", {aside}" if aside else ""
    if any(f.severity is Severity.WARNING for f in findings):
        return SectionLook(
            "triangle-alert", "conflict", aside or "To look at", f"{title}{count}, something to look at"
        )
    if findings:
        return SectionLook("circle-dashed", "check", aside, f"{title}{count}, will be checked by the portal")
    if not answered:
        return SectionLook("minus", "ink3", "", f"{title}, nothing answered, and nothing has to be")
    return SectionLook("check", "confirmed", aside, f"{title}{count}, nothing to put right")


def _moved_note(text: str) -> Note:
    return Note(text, "git-compare-arrows", "conflict", strong=True)


def _finding_note(finding: Finding) -> Note:
    look = words.SEVERITY[finding.severity]
    strong = finding.severity is Severity.ERROR
    if finding.suggestion is None:
        return Note(finding.message, look.icon, look.ink, strong=strong)
    return Note(finding.message, look.icon, look.ink, strong, FIX, f"Use {finding.suggestion.value}")


def title_of(message: str) -> str:
    """The first sentence of a finding, as the words of a link."""
    head, mark, _ = message.partition(". ")
    title = head if mark else message.rstrip(".")
    return title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1].rstrip()}…"
