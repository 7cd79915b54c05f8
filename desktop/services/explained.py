"""Findings that a person explained once: told apart from things to do, and back by themselves when what was explained moves.

Only what the portal would take is explained (a warning). An error keeps the record from being sent whatever is said
about it. An explanation speaks of one record, and holds while the answers that the rule looked at are the same; or of a
rule over all records of a collection, and holds while the rule finds the expected number of them. Either may end on a day.

Nothing is stored about whether one holds: findings are computed afresh, and each is laid beside its explanation at the
moment of asking. What was said, by whom and for what, is in the journal for good.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from desktop.model.collection import Collection, Rule
from desktop.model.document import Child, Document, Fields, Value, normalise
from desktop.model.errors import UnknownName, UsageError
from desktop.model.finding import Finding, Severity
from desktop.model.ids import RecordId, new_id
from desktop.services import wording
from desktop.services.core import Core, refuse_unwritable
from desktop.store.kept import KeptThing
from desktop.store.records import StoredRecord
from desktop.store.store import Unit
from desktop.sync import outbox

KIND = "explained"
COUNTED = "checked"
"""Kinds of what is kept: explanations by their id; by collection, how many records each rule was last found in."""

LONGEST = 500
"""Characters of a reason."""

Found = tuple[RecordId, str, Finding]
"""(record, its label, what a rule says of it), as `checks.all` gives it."""


@dataclass(frozen=True)
class Explanation:
    """What was said of a finding.

    record_id  "" = of the rule over all records;  `count` is then the expected number of records, else None
    field      path of the finding without the id of its child;  said = the answer there, in words
    until      last day on which it holds, None = no end
    seen       the answers that the rule looked at
    """

    id: str
    collection: str
    rule: str
    record_id: str
    field: str
    reason: str
    who: str
    at: datetime
    until: date | None
    count: int | None
    said: str
    seen: Mapping[str, Any]


@dataclass(frozen=True)
class Judged:
    """A finding beside its explanation. `back` = why an explanation that there is does not hold, "" otherwise."""

    record_id: RecordId
    label: str
    finding: Finding
    explanation: Explanation | None = None
    back: str = ""

    @property
    def explained(self) -> bool:
        return self.explanation is not None and not self.back

    @property
    def to_do(self) -> bool:
        """Whether a person has something to do about it: what only the portal can tell is none."""
        return not self.explained and self.finding.severity is not Severity.UNKNOWN


def why_not(finding: Finding, portal_short: str) -> str:
    """Why a finding cannot be explained; "" when it can."""
    if finding.severity is Severity.ERROR:
        return (
            f"{portal_short} would refuse this, whatever is said about it here. It has to be put right before the "
            "record is sent."
        )
    if finding.severity is Severity.UNKNOWN:
        return f"Only {portal_short} can tell whether this is right. There is nothing to explain yet."
    return ""


class Explained:
    """Explanations of one workspace. Reads may come from any thread; writes take their turn."""

    def __init__(self, core: Core) -> None:
        self._core = core

    # -- telling apart --------------------------------------------------------------------------------

    def judge(
        self, collection: str, found: Sequence[Found], today: date | None = None, *, whole: bool = True
    ) -> list[Judged]:
        """What the rules found in a collection, each beside its explanation, in the same order.

        `today` = the day on which the rules were asked, when it is another one: then nothing is remembered.
        `whole` = all of its records were looked at; else what is said of a rule goes by the last run that saw all.
        """
        with self._core.store.read() as unit:
            kept = unit.kept.get(COUNTED, collection)
            remembered = kept.body if kept else {}
            counts = counted(found) if whole else remembered
            held = _Held(self.all_in(unit, collection), counts, today or self._core.today())
            wanted = {record_id for record_id, _, _ in found} & held.records
            documents = {i: self._core.record(unit, i).document for i in unit.one_by_one(sorted(wanted))}
        if today is None and remembered != counts:
            with self._core.store.write(durable=False) as unit:
                unit.kept.put(COUNTED, collection, dict(counts))
        return [held.beside(one, documents.get(one[0])) for one in found]

    def judge_record(self, record_id: str, findings: Sequence[Finding]) -> list[Judged]:
        """The findings of one record as it is stored; what is said of a rule counts as the last run of all checks found it."""
        with self._core.store.read() as unit:
            record = self._core.record(unit, record_id)
            kept = unit.kept.get(COUNTED, record.collection)
            explanations = self.all_in(unit, record.collection)
        held = _Held(explanations, kept.body if kept else {}, self._core.today())
        return [held.beside((record.id, record.label, finding), record.document) for finding in findings]

    def all(self, collection: str) -> list[Explanation]:
        """Every explanation that nobody ended, oldest first."""
        with self._core.store.read() as unit:
            return self.all_in(unit, collection)

    @staticmethod
    def all_in(unit: Unit, collection: str) -> list[Explanation]:
        """The same, inside a unit of work."""
        return [_explanation(kept) for kept in unit.kept.all(KIND) if kept.body["collection"] == collection]

    # -- explaining -----------------------------------------------------------------------------------

    def explain(
        self, record_id: str, rule: str, path: str, reason: str, until: date | None = None
    ) -> Explanation:
        """Explain what `rule` says at `path` of one record. Raises UsageError for an error or without a reason."""
        reason = self._reason(reason, until)
        with self._core.store.write() as unit:
            record = self._core.record(unit, record_id)
            collection = self._core.collection_of(record)
            finding = self._finding(unit, collection, record, rule, path)
            said = wording.value_of(collection, path, _answer(record.document, path))
            seen = self._seen(unit, collection, record, rule, path)
            self._replace(unit, collection.name, rule, record.id, seen)
            body = {
                "collection": collection.name,
                "rule": rule,
                "record": record.id,
                "field": _plain(finding.field),
                "reason": reason,
                "said": said,
                "seen": seen,
                "count": None,
            }
            made = self._keep(unit, body, until)
            unit.touched.records.add(record.id)
        return made

    def explain_rule(
        self, collection: str, rule: str, count: int, reason: str, until: date | None = None
    ) -> Explanation:
        """Explain that `rule` is found in `count` records of a collection. Raises UsageError as `explain`."""
        reason = self._reason(reason, until)
        known = self._core.collection(collection)
        _rule(known, rule)
        if count < 1:
            raise UsageError("Say in how many records you expect it: 1 or more.")
        with self._core.store.write() as unit:
            self._replace(unit, collection, rule, "", {})
            body = {
                "collection": collection,
                "rule": rule,
                "record": "",
                "field": "",
                "reason": reason,
                "said": "",
                "seen": {},
                "count": count,
            }
            made = self._keep(unit, body, until)
            unit.touched.records.add("*")
        return made

    def end(self, explanation_id: str) -> None:
        """Make it a thing to do again. Raises UnknownName."""
        with self._core.store.write() as unit:
            kept = unit.kept.get(KIND, explanation_id)
            if kept is None:
                raise UnknownName("This explanation is not there any more.")
            unit.kept.remove(KIND, explanation_id)
            record_id = kept.body["record"] or None
            unit.journal.write("explanation_ended", record_id, _told(kept.body))
            unit.touched.records.add(record_id or "*")

    def _reason(self, reason: str, until: date | None) -> str:
        refuse_unwritable(reason)
        reason = " ".join(reason.split())
        if not reason:
            raise UsageError("Say why it is right as it is, so that others can follow it.")
        if len(reason) > LONGEST:
            raise UsageError(f"Say it in at most {LONGEST} characters.")
        if until is not None and until < self._core.today():
            raise UsageError("That day has passed. Give today or a later day, or none.")
        return reason

    def _finding(
        self, unit: Unit, collection: Collection, record: StoredRecord, rule: str, path: str
    ) -> Finding:
        _rule(collection, rule)
        found = outbox.findings_of(collection, record, self._core.today(), unit)
        finding = next((f for f in found if f.rule == rule and f.field == path), None)
        if finding is None:
            raise UsageError("This is not found any more, so there is nothing to explain.")
        if why := why_not(finding, collection.portal_short):
            raise UsageError(why)
        return finding

    def _seen(
        self, unit: Unit, collection: Collection, record: StoredRecord, rule: str, path: str
    ) -> dict[str, Any]:
        context = outbox.context_of(collection, record, self._core.today(), unit)
        looked = _Looked(record.document)
        for _ in _rule(collection, rule).check(looked.document, context):
            pass
        return looked.seen(path)

    def _replace(
        self, unit: Unit, collection: str, rule: str, record_id: str, seen: Mapping[str, Any]
    ) -> None:
        """What was said before of the same thing gives way; the journal keeps it."""
        for old in self.all_in(unit, collection):
            same_child = old.seen.get("child") == seen.get("child")
            if (old.rule, old.record_id) == (rule, record_id) and same_child:
                unit.kept.remove(KIND, old.id)

    @staticmethod
    def _keep(unit: Unit, body: dict[str, Any], until: date | None) -> Explanation:
        body["until"] = until.isoformat() if until else None
        name = new_id()
        unit.kept.put(KIND, name, body)
        unit.journal.write("explained", body["record"] or None, _told(body))
        kept = unit.kept.get(KIND, name)
        assert kept is not None
        return _explanation(kept)


class _Held:
    """The explanations of a collection, laid beside findings."""

    def __init__(self, explanations: Iterable[Explanation], counts: Mapping[str, int], today: date) -> None:
        self._counts = counts
        self._today = today
        self._of_rule: dict[str, Explanation] = {}
        self._of_record: dict[tuple[str, str, str], list[Explanation]] = {}
        for one in explanations:
            if one.record_id:
                self._of_record.setdefault((one.record_id, one.rule, one.field), []).append(one)
            else:
                self._of_rule[one.rule] = one
        self.records = {record_id for record_id, _, _ in self._of_record}

    def beside(self, found: Found, document: Document | None) -> Judged:
        """A finding beside the explanation that holds for it, else beside one that does not hold any more, with why."""
        record_id, label, finding = found
        if finding.severity is not Severity.WARNING:
            return Judged(record_id, label, finding)
        told = [(one, self._why_back(one, document, finding)) for one in self._candidates(record_id, finding)]
        best = next((pair for pair in told if not pair[1]), told[0] if told else None)
        return Judged(record_id, label, finding, *best) if best else Judged(record_id, label, finding)

    def _candidates(self, record_id: str, finding: Finding) -> Iterator[Explanation]:
        yield from self._of_record.get((record_id, finding.rule, _plain(finding.field)), ())
        if finding.rule in self._of_rule:
            yield self._of_rule[finding.rule]

    def _why_back(self, one: Explanation, document: Document | None, finding: Finding) -> str:
        if one.until is not None and self._today > one.until:
            return "Its day has passed."
        if one.count is not None:
            now = self._counts.get(one.rule, 0)
            return "" if now == one.count else f"Expected in {one.count:,}, found in {now:,}."
        same_answers = document is not None and _as_seen(document, one.seen, finding.field)
        return "" if same_answers else "The answers have changed since."


def counted(found: Iterable[Found]) -> dict[str, int]:
    """Rule -> in how many records it has something that could be explained."""
    pairs = {(finding.rule, rid) for rid, _, finding in found if finding.severity is Severity.WARNING}
    return dict(sorted(Counter(rule for rule, _ in pairs).items()))


# --- what a rule looked at


class _Reading(dict[str, Value]):
    """Answers that remember which of them were asked for."""

    def __init__(self, fields: Fields) -> None:
        super().__init__(fields)
        self.asked: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.asked.add(name)
        return super().get(name, default)

    def __getitem__(self, name: str) -> Value:
        self.asked.add(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self.asked.add(str(name))
        return super().__contains__(name)

    def __iter__(self) -> Iterator[str]:
        self.asked.update(self.keys())
        return super().__iter__()

    def items(self) -> Any:
        self.asked.update(self.keys())
        return super().items()


class _Looked:
    """A copy of a document to run a rule on, which then knows what the rule had to see."""

    def __init__(self, document: Document) -> None:
        self._fields = _Reading(document.fields)
        children = {
            kind: [Child(c.id, _Reading(c.fields), c.portal_id) for c in group]
            for kind, group in document.children.items()
        }
        self.document = Document(self._fields, children)

    def seen(self, path: str) -> dict[str, Any]:
        """The answers that were asked for: of the record, of each kind of child, and of the child of the finding."""
        own, _, rest = path.partition(".")
        asked: dict[str, set[str]] = {own: {rest.rpartition(".")[2]}} if rest else {}
        for kind, group in self.document.children.items():
            for child in group:
                assert isinstance(child.fields, _Reading)
                asked.setdefault(kind, set()).update(child.fields.asked)
        names = sorted(self._fields.asked | ({path} if path and not rest else set()))
        kinds = {kind: sorted(fields) for kind, fields in asked.items() if fields}
        return _picture(self.document, names, kinds, path)


def _picture(
    document: Document, names: Iterable[str], kinds: Mapping[str, Sequence[str]], path: str
) -> dict[str, Any]:
    """These answers of a document in a form that can be kept and compared; ids of children play no part in it."""
    children = {
        kind: sorted(_line(c.fields, fields) for c in document.children.get(kind, ()))
        for kind, fields in kinds.items()
    }
    kind, _, rest = path.partition(".")
    child = document.child(kind, rest.partition(".")[0]) if rest else None
    return {
        "fields": {name: _said(document.fields.get(name)) for name in names},
        "kinds": {kind: [*fields] for kind, fields in kinds.items()},
        "children": children,
        "child": _line(child.fields, kinds.get(kind, ())) if child else None,
    }


def _as_seen(document: Document, seen: Mapping[str, Any], path: str) -> bool:
    return _picture(document, seen["fields"], seen["kinds"], path) == seen


def _line(fields: Fields, names: Iterable[str]) -> str:
    return json.dumps({name: _said(fields.get(name)) for name in names}, sort_keys=True)


def _said(value: Value) -> str:
    """An answer as it is compared (D22): a number equals its digits, nothing is ""."""
    plain = normalise(value)
    return "" if plain is None else str(plain)


def _plain(path: str) -> str:
    """`degrees.<id>.grade` as `degrees.grade`: a child gets another id when it is sent."""
    parts = path.split(".")
    return path if len(parts) < 3 else f"{parts[0]}.{parts[2]}"


def _answer(document: Document, path: str) -> Value:
    kind, _, rest = path.partition(".")
    child_id, _, name = rest.partition(".")
    if not rest:
        return document.get(path)
    child = document.child(kind, child_id)
    return child.fields.get(name) if child else None


def _rule(collection: Collection, rule: str) -> Rule:
    found = next((one for one in collection.rules if one.id == rule), None)
    if found is None:
        raise UnknownName(f'There is no rule "{rule[:80]}".')
    return found


def _told(body: Mapping[str, Any]) -> dict[str, Any]:
    """What the journal keeps of an explanation."""
    names = ("collection", "rule", "field", "reason", "said", "until", "count")
    return {name: body.get(name) for name in names}


def _explanation(kept: KeptThing) -> Explanation:
    body = kept.body
    until = date.fromisoformat(body["until"]) if body["until"] else None
    return Explanation(
        kept.name,
        body["collection"],
        body["rule"],
        body["record"],
        body["field"],
        body["reason"],
        kept.actor,
        kept.at,
        until,
        body["count"],
        body["said"],
        body["seen"],
    )
