"""What a collection is: fields, children, states, actions, rules, money, as data that the other rooms read.

A new field is one line in a collection's `fields` module; a new collection is one package under
`desktop/collections`. Nothing here knows a portal's wire format: that stops at its adapter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from desktop.model.document import Document, Fields, Value
from desktop.model.finding import Finding, Severity
from desktop.model.retention import Retention

if TYPE_CHECKING:
    from desktop.model.journey import Journey
    from desktop.model.teacher import Advice


NOT_KEPT = "not kept"
"""Stands in the journal for what is asked only to find a person at the portal."""


class Kind(StrEnum):
    """How a field is typed and shown. CODE keeps the code as text; DATE keeps ISO text; INTEGER keeps an int.

    Whatever cannot be read as its kind is kept as typed and a rule says so: nothing typed is ever thrown away.
    """

    TEXT = "text"
    EMAIL = "email"
    DATE = "date"
    CODE = "code"
    INTEGER = "integer"


class Required(StrEnum):
    """ALWAYS and NEVER speak for themselves; SOMETIMES = a rule decides, and `Field.needed` tells the form."""

    ALWAYS = "always"
    SOMETIMES = "sometimes"
    NEVER = "never"


@dataclass(frozen=True)
class Code:
    """One entry of a code list. `retired` = the portal returns it but takes it no more ("" = in use, else since when).

    `canonical` is the code that the portal returns when several codes mean the same to it.
    """

    code: str
    label: str
    name: str = ""
    canonical: str = ""
    retired: str = ""


class CodeLists(Protocol):
    """Code lists of one collection and year."""

    def codes(self, list_name: str) -> Mapping[str, Code]:
        """Code -> entry, in display order. Raises KeyError for an unknown list."""

    def canonical(self, list_name: str, code: str) -> str:
        """The code that the portal would give back for `code`; `code` itself when it is alone or unknown."""

    def find(self, list_name: str, words: str) -> str | None:
        """The code whose label, stored name or other known name is `words`; case and blanks do not count."""


@dataclass(frozen=True)
class Context:
    """All a rule may know beside the document. A rule never reads clock, disk or network.

    today     the London date that counts (London time decides the academic cycle)
    now_year  handy: today.year
    state     our key of the portal's state; "" for a record the portal has not seen
    extras    what else the portal showed of the record (TRN, action dates); {} for a new one
    schools   URNs that exist, None when not known here (then rules answer UNKNOWN)
    partners  UKPRNs (and URNs, where they have one) of training partners that exist, None when not known here
    codes     the code lists in force
    related   other records here that the collection's `related` asks for, so that two can be compared
    base      the document last seen at the portal, None for a new record. What the portal itself returned and
              nobody changed is never an error of ours: a code that we do not know is then newer than this program
    advice    what the Teaching Record System told on a lookup, None when nobody looked. Never the portal's own answer
    """

    today: date
    codes: CodeLists
    state: str = ""
    extras: Mapping[str, Any] = field(default_factory=dict)
    schools: frozenset[str] | None = None
    partners: frozenset[str] | None = None
    base: Document | None = None
    related: tuple[Document, ...] = ()
    advice: Advice | None = None


Check = Callable[[Document, Context], Iterable[Finding]]


@dataclass(frozen=True)
class Rule:
    """One offline rule as published: id, severity, what it demands, where that is written, and the check itself."""

    id: str
    severity: Severity
    demand: str
    source: str
    check: Check


@dataclass(frozen=True)
class Field:
    """One thing a person can answer.

    name      as the domain pack has it; also the name on the command line
    label     on screen, sentence case, no colon
    codes     name of the code list of a CODE field
    unit      merge unit: fields of one unit are decided together in a conflict; "" = the field alone
    money     True when a change of it may change what is paid
    shown     whether the form shows it for this document (None = always); `shown_because` says why it appears
    needed    for Required.SOMETIMES: whether this document needs it
    lookup    True = asked only to find a person at the portal: never in the journal, erased once it has answered
    """

    name: str
    label: str
    kind: Kind
    section: str = ""
    codes: str = ""
    max_length: int = 0
    required: Required = Required.NEVER
    help: str = ""
    unit: str = ""
    money: bool = False
    shown: Callable[[Document], bool] | None = None
    shown_because: str = ""
    needed: Callable[[Document], bool] | None = None
    lookup: bool = False


@dataclass(frozen=True)
class Section:
    """One part of the form. `portal_page` is what the portal calls its page."""

    key: str
    title: str
    portal_page: str = ""


@dataclass(frozen=True)
class ChildKind:
    """A nested list with a portal identity of its own. `label` gives one child's line on screen.

    `shown` = whether the form has the list for this document (None = always); one that holds something is always shown.
    `columns` = the fields that stand in its line, as in a table; of several names, the first that is answered.
    """

    key: str
    title: str
    singular: str
    section: str
    fields: tuple[Field, ...]
    label: Callable[[Fields, CodeLists], str]
    at_most: int = 0
    shown: Callable[[Document], bool] | None = None
    columns: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class State:
    """A state of a record at the portal. `open` = the portal still takes edits of its fields."""

    key: str
    label: str
    open: bool


@dataclass(frozen=True)
class Action:
    """A step that cannot be undone (D23): confirmed by a person, sent last, never merged.

    check     findings about the action's own fields against the record; errors keep it from being queued
    allowed   states from which it is legal;  leads_to: the state it ends in, "" = the record goes from the portal
    warning   what cannot be undone, in one plain sentence, shown before the person confirms
    done      whether the portal's snapshot extras already show this action with these fields (retry after a lost reply)
    by_hand   only a person can do it, on the portal's own website: it waits like any other and is never sent
    """

    name: str
    label: str
    fields: tuple[Field, ...]
    allowed: frozenset[str]
    leads_to: str
    warning: str
    check: Callable[[Document, Fields, Context], Iterable[Finding]]
    done: Callable[[str, Mapping[str, Any], Fields], bool]
    by_hand: bool = False


@dataclass(frozen=True)
class Money:
    """What hangs on a record, in whole pounds. `amounts` has two entries where the source itself is ambiguous."""

    amounts: tuple[int, ...]
    what: str
    cycle: str
    kind: str = ""

    @property
    def at_most(self) -> int:
        return max(self.amounts, default=0)


@dataclass(frozen=True)
class Facet:
    """How a facet is shown in lists: a column, and perhaps a filter.

    field   the field that it shows, whose code list names its values; "" = as it stands
    cell    how its value is written: code, text, date, money, cycle
    width   logical pixels at text size 100 %;  least: as narrow as it may become before the column goes
    drop    orders what goes first when the window is narrow (the highest); shown = False: only when it is asked for
    filter  heading of its filter, "" = none (its field must have a code list); `main` = a chip of its own
    """

    key: str
    title: str
    width: int
    field: str = ""
    cell: str = "code"
    quiet: bool = False
    drop: int = 1
    shown: bool = True
    least: int = 0
    menu_title: str = ""
    filter: str = ""
    main: bool = True


@dataclass(frozen=True)
class Outsider:
    """Somebody outside who is told of records in a list of their own, such as the appropriate body of ECTs.

    name     on the command line;  title: of the list, before their name
    by       field whose answer says who it is
    holds    whether a record stands in their list, by content and state
    columns  heading, and what stands below it: from content, state, code lists, and all records of the collection
    """

    name: str
    title: str
    by: str
    holds: Callable[[Document, str], bool]
    columns: tuple[tuple[str, Callable[[Document, str, CodeLists, Sequence[Document]], str]], ...]


@dataclass(frozen=True)
class Day:
    """A day by which something of a record is to be done. `what` goes with the name: "Leaving of {}: not typed yet"."""

    day: date
    what: str


@dataclass(frozen=True)
class Days:
    """How the days of single records are found: of those with something to send, and of those with these facets.

    of  the days of one; the last argument holds what is asked for with its actions: name -> answers
    """

    of: Callable[[Document, Context, Mapping[str, Fields]], Iterable[Day]]
    also: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Collection:
    """Everything the house knows of one kind of return.

    label      how a record is called in lists: "Ashcombe, Leonie"
    keys       field or extras names by which a REF may name a record (unique per record in practice)
    identity   tuple that the portal would call a duplicate; None while it is incomplete (D15)
    facets     small derived values for list columns and filters: {"cycle": 2026, "route": "12", ...}
    money      what the portal would pay for this document, None = nothing
    deadlines  (day, what) of this collection around `today`
    outsiders  who outside is told of records, each in a list of their own
    days       the same of single records, where a record has days of its own
    own_key    field that carries our correlation key if the provider leaves it free (D12)
    journeys   what a person can do on the portal's own website, page by page
    listed     how facets are shown in lists, in order; a facet that is not named still can get a column
    find_by    what one can search for, for the empty search box
    sends      whether the portal takes records from a program at all; else every change is typed into its website
    related    facet -> values by which other records here are found that rules compare this one with
    looked_up  whether the portal has answered who this is, so that what was asked only for that is erased
    by_website the same where people type into the portal's website, if that asks for less than its API
    retention  how long its records are kept after an end
    counted    what its records are called where all are counted, if some are not what the title says; "" = the title
    about_others  `field` and `kind.field` paths that say who somebody else is
    """

    name: str
    title: str
    singular: str
    portal: str
    portal_short: str
    sections: tuple[Section, ...]
    fields: tuple[Field, ...]
    children: tuple[ChildKind, ...]
    states: tuple[State, ...]
    actions: tuple[Action, ...]
    rules: tuple[Rule, ...]
    code_lists: CodeLists
    keys: tuple[str, ...]
    label: Callable[[Document], str]
    identity: Callable[[Document], tuple[str, ...] | None]
    facets: Callable[[Document], dict[str, str | int | None]]
    money: Callable[[Document], Money | None]
    deadlines: Callable[[date], Sequence[tuple[date, str]]]
    cycle: Callable[[date], int]
    days: Days | None = None
    outsiders: tuple[Outsider, ...] = ()
    own_key: str = ""
    journeys: Sequence[Journey] = ()
    listed: tuple[Facet, ...] = ()
    find_by: str = "Search"
    sends: bool = True
    related: Callable[[Document], Mapping[str, tuple[str, ...]]] | None = None
    looked_up: Callable[[Document], bool] | None = None
    by_website: Callable[[], Collection] | None = None
    retention: tuple[Retention, ...] = ()
    about_others: tuple[str, ...] = ()
    counted: str = ""

    def __post_init__(self) -> None:
        index = {f.name: f for f in self.fields}
        index |= {f"{k.key}.{f.name}": f for k in self.children for f in k.fields}
        object.__setattr__(self, "_index", index)
        object.__setattr__(self, "_states", {s.key: s for s in self.states})
        object.__setattr__(self, "_actions", {a.name: a for a in self.actions})
        object.__setattr__(self, "_places", self._form_order())

    def _form_order(self) -> dict[str, tuple[int, int]]:
        """(section, place in it) of every field and of every `kind.field`, as they stand in the form."""
        sections = {section.key: number for number, section in enumerate(self.sections)}
        last = len(sections)
        places = {f.name: (sections.get(f.section, last), n) for n, f in enumerate(self.fields)}
        for kind in self.children:
            where = sections.get(kind.section, last)
            places[kind.key] = (where, -1)
            places |= {f"{kind.key}.{f.name}": (where, n) for n, f in enumerate(kind.fields)}
        return places

    def place(self, path: str) -> tuple[int, int]:
        """Where a path stands in the form, for sorting: (-1, -1) for the whole record, last for a path unknown here."""
        places: dict[str, tuple[int, int]] = self.__dict__["_places"]
        if not path:
            return (-1, -1)
        parts = path.split(".")
        key = path if len(parts) == 1 else f"{parts[0]}.{parts[-1]}" if len(parts) > 2 else parts[0]
        return places.get(key, (len(self.sections), len(self.fields)))

    def field(self, path: str) -> Field | None:
        """The field at `email`, `degrees.grade` or `degrees.<child id>.grade`; None when there is none."""
        index: dict[str, Field] = self.__dict__["_index"]
        found = index.get(path)
        if found is not None or path.count(".") < 2:
            return found
        return index.get(f"{path.partition('.')[0]}.{path.rpartition('.')[2]}")

    def unit_of(self, path: str) -> str:
        """The merge unit of a path. All of one child is one unit: `degrees.<child id>`."""
        parts = path.split(".")
        if len(parts) > 1:
            return ".".join(parts[:2])
        found = self.field(path)
        return (found.unit if found else "") or path

    def state(self, key: str) -> State | None:
        states: dict[str, State] = self.__dict__["_states"]
        return states.get(key)

    def action(self, name: str) -> Action | None:
        actions: dict[str, Action] = self.__dict__["_actions"]
        return actions.get(name)

    def journey(self, name: str) -> Journey | None:
        return next((j for j in self.journeys if j.name == name), None)

    def by_hand(self, action: str) -> bool:
        """Whether an action can only be done on the portal's website."""
        found = self.action(action)
        return found is not None and found.by_hand

    def tellable(self, path: str, value: Value) -> Value:
        """A value as the journal may keep it for good: what is asked only to find a person never stands there."""
        found = self.field(path)
        return NOT_KEPT if value is not None and found is not None and found.lookup else value

    def without_lookup(self, document: Document) -> Document:
        """A document without what is asked only to find a person; itself when there is nothing of that."""
        held = [f.name for f in self.fields if f.lookup and document.get(f.name) is not None]
        if not held:
            return document
        kept = document.copy()
        kept.fields.update(dict.fromkeys(held))
        return kept

    @property
    def many(self) -> str:
        """What its records are called where all are counted: "trainees"."""
        return self.counted or self.title.lower()

    @property
    def pays(self) -> bool:
        """Whether money can hang on its records at all."""
        return any(f.money for f in self.fields)

    def child_kind(self, key: str) -> ChildKind | None:
        return next((k for k in self.children if k.key == key), None)

    def takes_edits(self, state: str) -> bool:
        """Whether the portal takes edits of a record in this state ("" = not there yet: yes; unknown state: no)."""
        found = self.state(state)
        return found.open if found else not state
