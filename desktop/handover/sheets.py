"""A sheet to type from: the answers of one record, laid out in the order of a website's pages.

Made anew from the record at each look, so it never shows what has changed since. Plain data in, plain data out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from desktop.collections.reading import day, long_day
from desktop.model.collection import Collection, Field
from desktop.model.document import Child
from desktop.model.journey import Entry, Journey, Matter, Outcome, Question, WebPage

HEADS = ("Page", "On the website", "How", "Answer")
HOW = {
    Entry.TYPE: "Type or paste",
    Entry.CHOOSE: "Choose",
    Entry.TICK: "Tick",
    Entry.DATE: "Day, month, year",
    Entry.SEARCH: "Type, then choose",
}


@dataclass(frozen=True)
class SheetLine:
    """One question with its answer.

    key     finds it again in a later sheet of the same record: page and question
    words   the answer as a person reads it; "" = there is none
    copies  what is copied, one after another: three parts of a date, each box to tick
    paths   our answers that it says: `email`, `degrees.<id>.grade`
    """

    key: str
    label: str
    entry: Entry
    words: str
    copies: tuple[str, ...]
    paths: tuple[str, ...]
    needed: bool
    hint: str = ""

    @property
    def missing(self) -> bool:
        """The website does not go on without it, and there is none."""
        return self.needed and not self.words


@dataclass(frozen=True)
class SheetPage:
    """One page; `which` names the degree or placement where a page comes more than once."""

    key: str
    heading: str
    which: str
    lines: tuple[SheetLine, ...]
    button: str
    note: str
    outcomes: tuple[Outcome, ...]
    aside: bool
    source: str

    def outcome(self, key: str) -> Outcome | None:
        return next((outcome for outcome in self.outcomes if outcome.key == key), None)


@dataclass(frozen=True)
class Sheet:
    """A journey with the answers of one record.

    not_asked  labels of answers that stand here and that the website does not ask for
    """

    journey: Journey
    pages: tuple[SheetPage, ...]
    not_asked: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[SheetLine, ...]:
        """What the website will ask for in any case, and nobody has answered here."""
        return tuple(line for page in self.way for line in page.lines if line.missing)

    @property
    def way(self) -> tuple[SheetPage, ...]:
        """The pages that come in any case; the others come only when the portal answers so."""
        return tuple(page for page in self.pages if not page.aside)

    def page(self, key: str) -> SheetPage | None:
        return next((page for page in self.pages if page.key == key), None)

    def place(self, key: str) -> int:
        """From 1, among the pages that come in any case; a page aside counts as the one before it."""
        before = 0
        for page in self.pages:
            before += not page.aside
            if page.key == key:
                break
        return max(1, before)

    def after(self, key: str, outcome: str = "") -> str:
        """Key of the page that follows; "" = that was the last one, or the portal does not go on.

        What comes after a page aside is the next one, whichever it is.
        """
        page = self.page(key)
        said = page.outcome(outcome) if page is not None else None
        if said is not None and (said.ends or said.to):
            return "" if said.ends else said.to
        keys = [p.key for p in self.pages]
        rest = self.pages[keys.index(key) + 1 :] if key in keys else self.pages
        aside = page is not None and page.aside
        return next((p.key for p in rest if aside or not p.aside), "")

    def answers(self) -> dict[str, str]:
        """Every answer by the key of its line, as words."""
        return {line.key: line.words for page in self.pages for line in page.lines}


def fill(journey: Journey, collection: Collection, matter: Matter) -> Sheet:
    """Lay the answers of a record into a journey."""
    pages = tuple(
        _page(page, key, seen, which)
        for page in journey.pages
        for key, seen, which in _times(page, collection, matter)
        if page.shown(seen)
    )
    told = {path for page in pages for line in page.lines for path in line.paths}
    keys = {page.key for page in pages}
    told |= {name for page in journey.pages if page.key in keys for name in page.says}
    return Sheet(journey, pages, tuple(_not_asked(collection, matter, told)))


def as_rows(sheet: Sheet) -> list[tuple[str, str, str, str]]:
    """The sheet for paper: page, question, how, answer."""
    rows: list[tuple[str, str, str, str]] = []
    for number, page in enumerate(sheet.way, 1):
        head = f"{number}. {page.heading}" + (f" ({page.which})" if page.which else "")
        for line in page.lines:
            rows.append((head, line.label, HOW[line.entry], line.words or _nothing(line)))
            head = ""
        if not page.lines:
            rows.append((head, page.note or f"Press {page.button}", "", ""))
    return rows


def _nothing(line: SheetLine) -> str:
    return "Missing: find it out first" if line.needed else "Leave it empty"


def _times(page: WebPage, collection: Collection, matter: Matter) -> Iterator[tuple[str, Matter, str]]:
    """(key, matter, which one) of each time that the page comes."""
    if not page.each:
        yield page.key, matter, ""
        return
    kind = collection.child_kind(page.each)
    for number, (child, fate) in enumerate(_children(page.each, matter), 1):
        which = kind.label(child.fields, collection.code_lists) if kind is not None else ""
        yield f"{page.key}.{child.id}", _about(matter, page.each, child, number, fate), which


def _children(kind: str, matter: Matter) -> Iterator[tuple[Child, str]]:
    here = matter.document.children.get(kind, ())
    there = {child.id: child for child in (matter.base.children.get(kind, ()) if matter.base else ())}
    for child in here:
        yield child, "changed" if child.id in there else "added"
    for child_id, child in there.items():
        if all(child_id != held.id for held in here):
            yield child, "removed"


def _about(matter: Matter, kind: str, child: Child, number: int, fate: str) -> Matter:
    """The matter of one child: what changed of it goes by bare names; an added one is new in all its answers."""
    prefix = f"{kind}.{child.id}"
    changed = frozenset(p.removeprefix(f"{prefix}.") for p in matter.changed if p.startswith(f"{prefix}."))
    if prefix in matter.changed:
        changed = frozenset(child.fields)
    return replace(matter, child=child, number=number, fate=fate, changed=changed)


def _page(page: WebPage, key: str, matter: Matter, which: str) -> SheetPage:
    heading = page.heading if isinstance(page.heading, str) else page.heading(matter)
    kind = f"{page.each}.{matter.child.id}." if matter.child is not None else ""
    lines = tuple(
        _line(question, f"{key}.{number}", matter, kind)
        for number, question in enumerate(page.questions)
        if question.shown(matter)
    )
    return SheetPage(
        key, heading, which, lines, page.button, page.note, page.outcomes, page.aside, page.source
    )


def _line(question: Question, key: str, matter: Matter, kind: str) -> SheetLine:
    answer = question.answer(matter)
    words, copies = _said(question.entry, answer)
    paths = tuple(f"{kind}{name}" for name in question.fields)
    needed = question.needed(matter)
    return SheetLine(key, question.label, question.entry, words, copies, paths, needed, question.hint)


def _said(entry: Entry, answer: str | tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """An answer as words, and what is copied of it."""
    if isinstance(answer, tuple):
        return ", ".join(answer), answer
    if entry is Entry.DATE:
        found = day(answer)
        return (long_day(found), (str(found.day), str(found.month), str(found.year))) if found else ("", ())
    return answer, (answer,) if answer else ()


def _not_asked(collection: Collection, matter: Matter, told: set[str]) -> Iterator[str]:
    """Labels of what stands here, or was changed, and no page asks for."""
    names = matter.changed if matter.base is not None else _answered(matter)
    if matter.asked:
        names = frozenset(name for name, value in matter.asked.items() if value not in (None, ""))
    seen: dict[str, None] = {}
    for path in sorted(names, key=collection.place):
        field = collection.field(path)
        if field is not None and path not in told and not _whole_child(path, told):
            seen.setdefault(_label(collection, path, field))
    yield from seen


def _answered(matter: Matter) -> frozenset[str]:
    document = matter.document
    names = {name for name, value in document.fields.items() if value not in (None, "")}
    for kind, children in document.children.items():
        for child in children:
            names |= {f"{kind}.{child.id}.{n}" for n, v in child.fields.items() if v not in (None, "")}
    return frozenset(names)


def _whole_child(path: str, told: set[str]) -> bool:
    """A child as a whole is told when one of its answers is."""
    return path.count(".") == 1 and any(one.startswith(f"{path}.") for one in told)


def _label(collection: Collection, path: str, field: Field) -> str:
    kind = collection.child_kind(path.split(".", 1)[0]) if "." in path else None
    return f"{kind.singular.capitalize()}: {field.label}" if kind is not None else field.label


def moved(before: Mapping[str, str], sheet: Sheet) -> Sequence[tuple[SheetLine, str]]:
    """Lines whose answer is another by now, each with what it was; one that is asked only now was ""."""
    lines = (line for page in sheet.pages for line in page.lines)
    return [(line, before.get(line.key, "")) for line in lines if before.get(line.key, "") != line.words]
