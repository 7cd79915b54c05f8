"""How something is done on a portal's own website: its pages in order, the questions on each, what the portal may answer.

A collection declares its journeys with these (`collections/<name>/sheets.py`). `handover/sheets.py` lays the answers of one
record into a journey; nothing here knows a record by itself, a window or a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from desktop.model.change import ChangeKind
from desktop.model.collection import CodeLists
from desktop.model.document import Child, Document, Fields, Value


class Entry(StrEnum):
    """How an answer is given on the website. DATE has three boxes; SEARCH is typed, then chosen from a list."""

    TYPE = "type"
    CHOOSE = "choose"
    TICK = "tick"
    DATE = "date"
    SEARCH = "search"


@dataclass(frozen=True)
class Other:
    """Another record here that the collection compares this one with.

    there  whether the portal has it;  base: what the portal has of it, as far as is known
    """

    id: str
    document: Document
    there: bool
    base: Document | None = None


@dataclass(frozen=True)
class Told:
    """What is said of a record: answers of it, and children (kind, id, answers).

    id        "" = the record that the sheet is about
    children  an id of "" = a new one;  None for the answers = it is gone
    """

    id: str = ""
    fields: Fields = field(default_factory=dict)
    children: tuple[tuple[str, str, Fields | None], ...] = ()


@dataclass(frozen=True)
class Matter:
    """What a sheet is about: the record as it stands here, and what was asked for.

    base      what the portal showed last; None = it is not there yet
    asked     the answers of an action; {} else
    changed   paths that differ from the base: `email`, `degrees.<id>`, `degrees.<id>.grade`
    child     the degree, placement ... that the page is about; `fate` = "added", "changed" or "removed"
    others    records here that it is compared with
    typed     False = somebody found it there, and when it was typed is not known
    """

    document: Document
    today: date
    codes: CodeLists
    base: Document | None = None
    state: str = ""
    extras: Mapping[str, Any] = field(default_factory=dict)
    asked: Fields = field(default_factory=dict)
    changed: frozenset[str] = frozenset()
    child: Child | None = None
    number: int = 0
    fate: str = ""
    others: tuple[Other, ...] = ()
    typed: bool = True

    def get(self, name: str) -> Value:
        """An answer: of the action if it asks for it, else of the child, else of the record."""
        if name in self.asked:
            return self.asked[name]
        fields = self.child.fields if self.child is not None else self.document.fields
        return fields.get(name)

    def touches(self, *names: str) -> bool:
        """Whether one of these answers differs from what the portal has."""
        return any(name in self.changed for name in names)


Answer = str | tuple[str, ...]
"""In the website's own words; several for boxes to tick. A DATE is ISO text. "" = there is none."""

Test = Callable[[Matter], bool]


def always(_matter: Matter) -> bool:
    """Whatever the matter."""
    return True


def never(_matter: Matter) -> bool:
    """Whatever the matter, no."""
    return False


@dataclass(frozen=True)
class Question:
    """One question of a page.

    label     as on the website
    fields    our answers that it says, bare names (a child's without kind and id)
    needed    whether the website goes on without an answer
    shown     whether it is asked of this matter
    """

    label: str
    entry: Entry
    answer: Callable[[Matter], Answer]
    fields: tuple[str, ...] = ()
    needed: Test = always
    shown: Test = always
    hint: str = ""


@dataclass(frozen=True)
class Instead:
    """What can be done when the portal has a new record already: here it counts as there, and what we know besides as changes.

    label  on the button
    holds  names of the answers that the portal has for certain
    asks   what is asked of other records then
    """

    label: str
    holds: Callable[[Matter], Iterable[str]]
    asks: Callable[[Matter], Iterable[Told]]


@dataclass(frozen=True)
class Outcome:
    """One thing that the portal may show after a page.

    to       key of the page that follows; "" = the next one
    ends     True when nothing can go on: the portal does not take it. `told` then says why, and what to do
    sets     answers of the record that follow from it: field -> value
    instead  another way, where there is one
    """

    key: str
    words: str
    to: str = ""
    ends: bool = False
    told: str = ""
    sets: Mapping[str, Value] = field(default_factory=dict)
    instead: Instead | None = None


@dataclass(frozen=True)
class WebPage:
    """One page of the website.

    heading   as on the website, or what makes it of the matter
    button    what is pressed to go on
    each      kind of child for which the page comes again; "" = once
    note      one sentence for the person, where the page alone does not say it
    outcomes  what the portal may answer, where it decides the way; () = one only goes on
    aside     True for a page that only an outcome leads to
    says      answers of ours that the page tells by itself, without a question
    source    section of the collection's domain pack
    """

    key: str
    heading: str | Callable[[Matter], str]
    questions: tuple[Question, ...] = ()
    button: str = "Continue"
    shown: Test = always
    each: str = ""
    note: str = ""
    outcomes: tuple[Outcome, ...] = ()
    aside: bool = False
    source: str = ""
    says: tuple[str, ...] = ()


@dataclass(frozen=True)
class Journey:
    """One job on the website, from the first click to the page that says that it is done.

    kinds            which changes of a record it carries out; `action` = the action's name, for ChangeKind.ACTION
    begin            where on the website it begins, in a sentence
    ending           what the last page of the website says
    reference        what the portal shows as proof ("Receipt number"); "" = nothing
    session_minutes  after so long without a click the portal forgets who one is; 0 = not known
    read_back        whether what the portal has can be read afterwards. If not, what a person saw is the proof
    fits             which records it is for (None = all);  leads_to: the state after it, "" = as before
    sets             what follows from its end for the record itself; None = nothing does
    types            of the answers that were changed, those that it types; None = all that no other journey types
    leaves           kinds of children of a new record that it does not type, so that they stay to be typed
    waits            why it is not its turn yet, in words; "" = it is
    tells            what the portal has of other records from its end on
    """

    name: str
    label: str
    kinds: frozenset[ChangeKind]
    pages: tuple[WebPage, ...]
    begin: str
    ending: str
    action: str = ""
    reference: str = ""
    session_minutes: int = 0
    read_back: bool = True
    source: str = ""
    fits: Callable[[Document], bool] | None = None
    leads_to: str = ""
    sets: Callable[[Matter], Told] | None = None
    types: Callable[[frozenset[str]], frozenset[str]] | None = None
    leaves: frozenset[str] = frozenset()
    waits: Callable[[Matter], str] | None = None
    tells: Callable[[Matter], Iterable[Told]] | None = None

    def carries(self, kind: ChangeKind, target: str) -> bool:
        """Whether a change is done by this journey."""
        return kind in self.kinds and (kind is not ChangeKind.ACTION or target == self.action)

    def is_for(self, document: Document) -> bool:
        """Whether a record is of those that it is for."""
        return self.fits is None or self.fits(document)
